//! The main job, start to end, and what may go wrong on the way.

use passerelle_domain::appointment::{HistoryFact, Status};
use passerelle_domain::availability::{Search, free_slots};
use passerelle_domain::command::{Answer, Book, Command, SetStatus};
use passerelle_domain::enquiry::EnquiryStatus;
use passerelle_domain::people::Actor;
use passerelle_domain::{OfficeState, RefusalCode};

use crate::small_office::{
    DUPONT, INTERVIEW, MARTIN, appointment_id, at, booking, client, client_id, code, dupont, enquiry,
    enquiry_id, family_message, martin, message_id, moved, ok, place, reception, set, state, when,
};

/// An enquiry with two proposals that the family has been told of.
fn proposed() -> OfficeState {
    let mut state = state();
    let now = when(23, 9, 0);
    ok(&mut state, &Command::ClaimEnquiry { id: enquiry_id(0), take_over: false }, &dupont(), now);
    for (n, start) in [(1, at(26, 9, 0)), (2, at(27, 9, 0))] {
        let hold = Book { enquiry: Some(enquiry_id(0)), ..booking(n, DUPONT, start) };
        ok(&mut state, &Command::Hold(hold), &dupont(), now);
    }
    let answer = Answer {
        id: enquiry_id(0),
        message: message_id(1),
        text: "Deux créneaux".into(),
        proposed: vec![appointment_id(1), appointment_id(2)],
        expects_reply: true,
    };
    ok(&mut state, &Command::AnswerEnquiry(answer), &dupont(), now);
    assert_eq!(state.enquiries[&enquiry_id(0)].status, EnquiryStatus::WaitingClient);
    state
}

fn status(state: &OfficeState, n: u128) -> Status {
    state.appointments[&appointment_id(n)].status
}

#[test]
fn from_an_online_question_to_a_meeting_held() {
    let mut state = state();
    let asked = enquiry(9);
    ok(&mut state, &Command::ReceiveEnquiry(Box::new(asked)), &Actor::System, when(20, 10, 0));
    let id = enquiry_id(9);
    ok(&mut state, &Command::ClaimEnquiry { id, take_over: false }, &reception(), when(23, 9, 0));
    ok(&mut state, &Command::CreateClient(Box::new(client(9))), &reception(), when(23, 9, 1));
    ok(&mut state, &Command::IdentifyClient { id, client: client_id(9) }, &reception(), when(23, 9, 1));
    // The first free slot of the search is booked, and with it the enquiry converted, in one decision.
    let search = Search::staff(INTERVIEW, at(23, 0, 0).date(), at(27, 0, 0).date());
    let slots = free_slots(&state.settings, state.appointments.values(), &search, when(23, 9, 2), |_| true);
    let slot = slots.first().expect("a free slot").clone();
    let start = slot.start.with_timezone(&crate::small_office::ZONE).naive_local();
    let book = Book {
        client: Some(client_id(9)),
        enquiry: Some(id),
        place: passerelle_domain::command::Place { room: slot.room, ..place(slot.counsellor, start, 45) },
        ..booking(1, slot.counsellor, start)
    };
    let events = ok(&mut state, &Command::Book(book), &reception(), when(23, 9, 2));
    assert_eq!(events.len(), 2, "the meeting and its enquiry: {events:?}");
    let converted = &state.enquiries[&id];
    assert_eq!(
        (converted.status.clone(), converted.appointment),
        (EnquiryStatus::Converted, Some(appointment_id(1)))
    );
    // A colleague with the same slot on the screen is refused.
    let late = Command::Book(booking(2, slot.counsellor, start));
    assert_eq!(code(&state, &late, &martin(), when(23, 9, 3)), RefusalCode::SlotTaken);
    // The family moves it, two days before at the latest, to what the public may have.
    let to = place(DUPONT, at(30, 9, 0), 45);
    let before = state.appointments[&appointment_id(1)].clone();
    let family_move = Command::Move(moved(&state, 1, to));
    let early = before.start - chrono::Duration::days(2) - chrono::Duration::minutes(1);
    assert_eq!(code(&state, &family_move, &Actor::Family, when(23, 9, 5)), RefusalCode::TooLate);
    ok(&mut state, &family_move, &Actor::Family, early);
    let after = &state.appointments[&appointment_id(1)];
    assert_eq!(
        (after.id, after.version, after.minutes()),
        (before.id, 2, 45),
        "one operation on the same meeting"
    );
    assert!(
        after.history.iter().any(|h| h.what
            == HistoryFact::Moved {
                start: before.start,
                end: before.end,
                counsellor: before.counsellor,
                second: None
            }),
        "the old times are in its history: {:?}",
        after.history
    );
    for (to, now) in [(Status::Arrived, when(30, 8, 55)), (Status::Attended, when(30, 9, 50))] {
        ok(&mut state, &Command::SetStatus(set(1, to)), &reception(), now);
    }
    assert_eq!(status(&state, 1), Status::Attended);
    assert_eq!(state.appointments[&appointment_id(1)].arrived_at, Some(when(30, 8, 55)));
}

#[test]
fn the_family_takes_one_proposal_and_the_other_is_free() {
    let mut state = proposed();
    let now = when(24, 20, 0);
    ok(&mut state, &Command::SetStatus(set(2, Status::Booked)), &Actor::Family, now);
    assert_eq!((status(&state, 1), status(&state, 2)), (Status::Declined, Status::Booked));
    let enquiry = &state.enquiries[&enquiry_id(0)];
    assert_eq!((&enquiry.status, enquiry.appointment), (&EnquiryStatus::Converted, Some(appointment_id(2))));
    // Its time is free at once.
    ok(&mut state, &Command::Book(booking(3, DUPONT, at(26, 9, 0))), &reception(), now);
    assert_eq!(
        code(&state, &Command::SetStatus(set(1, Status::Booked)), &Actor::Family, now),
        RefusalCode::NoSuchStep
    );
}

#[test]
fn two_proposals_are_never_both_taken() {
    let mut state = proposed();
    let now = when(24, 20, 0);
    // As when an old state of central's comes back: the other proposal is still held.
    let other = state.appointments[&appointment_id(1)].clone();
    ok(&mut state, &Command::SetStatus(set(2, Status::Booked)), &Actor::Family, now);
    state.appointments.insert(other.id, other);
    let refused = crate::small_office::give(
        &mut state,
        &Command::SetStatus(set(1, Status::Booked)),
        &Actor::Family,
        now,
    )
    .expect_err("the enquiry has its meeting");
    assert_eq!((refused.code, refused.with), (RefusalCode::EnquiryAlreadyConverted, Some(appointment_id(2))));
}

#[test]
fn booking_over_ones_own_proposals_frees_them() {
    let mut state = proposed();
    let now = when(24, 10, 0);
    // On the phone the mother prefers the first slot, but fifteen minutes later: it overlaps with what was held for her.
    let book = Book {
        enquiry: Some(enquiry_id(0)),
        client: Some(client_id(0)),
        ..booking(3, DUPONT, at(26, 9, 15))
    };
    ok(&mut state, &Command::Book(book), &reception(), now);
    assert_eq!([1, 2, 3].map(|n| status(&state, n)), [Status::Declined, Status::Declined, Status::Booked]);
}

#[test]
fn nothing_taken_gives_the_enquiry_back_to_its_owner() {
    let end: [fn(&mut OfficeState, u128); 3] = [
        |s, n| drop(ok(s, &Command::SetStatus(set(n, Status::Declined)), &Actor::Family, when(24, 9, 0))),
        |s, n| drop(ok(s, &Command::SetStatus(set(n, Status::Expired)), &Actor::System, when(25, 9, 0))),
        |s, n| {
            let reason = Some("Absence".to_owned());
            drop(ok(
                s,
                &Command::SetStatus(SetStatus { reason, ..set(n, Status::Cancelled) }),
                &dupont(),
                when(24, 9, 0),
            ));
        },
    ];
    for (i, end) in end.iter().enumerate() {
        let mut state = proposed();
        end(&mut state, 1);
        assert_eq!(state.enquiries[&enquiry_id(0)].status, EnquiryStatus::WaitingClient, "{i}: one is left");
        end(&mut state, 2);
        let enquiry = &state.enquiries[&enquiry_id(0)];
        assert_eq!(
            (&enquiry.status, enquiry.owner),
            (&EnquiryStatus::Claimed, Some(DUPONT)),
            "{i}: none is left"
        );
    }
}

#[test]
fn a_cancelled_or_excused_meeting_gives_its_enquiry_back_and_comes_back_as_a_new_booking() {
    for to in [Status::Cancelled, Status::Excused] {
        let mut state = state();
        let now = when(23, 9, 0);
        ok(&mut state, &Command::ClaimEnquiry { id: enquiry_id(0), take_over: false }, &martin(), now);
        let book = Book { enquiry: Some(enquiry_id(0)), ..booking(1, DUPONT, at(26, 9, 0)) };
        ok(&mut state, &Command::Book(book), &reception(), now);
        let step = SetStatus { reason: Some("Grève".into()), ..set(1, to) };
        ok(&mut state, &Command::SetStatus(step), &reception(), now);
        let back = &state.enquiries[&enquiry_id(0)];
        assert_eq!(
            (&back.status, back.owner, back.appointment),
            (&EnquiryStatus::Claimed, Some(MARTIN), None),
            "{to:?}: it is its owner's again"
        );
        // Reopened: the enquiry is converted again. With the time taken meanwhile: refused.
        let reopen = Command::SetStatus(set(1, Status::Booked));
        let mut reopened = state.clone();
        ok(&mut reopened, &reopen, &reception(), now);
        assert_eq!(reopened.enquiries[&enquiry_id(0)].appointment, Some(appointment_id(1)));
        ok(&mut state, &Command::Book(booking(2, DUPONT, at(26, 9, 30))), &reception(), now);
        assert_eq!(code(&state, &reopen, &reception(), now), RefusalCode::SlotTaken);
        // With another meeting for the enquiry it comes back alone, and its end leaves the enquiry with the other.
        let mut state = reopened;
        let step = SetStatus { reason: Some("Grève".into()), ..set(1, to) };
        ok(&mut state, &Command::SetStatus(step.clone()), &reception(), now);
        let other = Book { enquiry: Some(enquiry_id(0)), ..booking(3, DUPONT, at(27, 9, 0)) };
        ok(&mut state, &Command::Book(other), &reception(), now);
        ok(&mut state, &reopen, &reception(), now);
        ok(&mut state, &Command::SetStatus(step), &reception(), now);
        let enquiry = &state.enquiries[&enquiry_id(0)];
        assert_eq!(
            (&enquiry.status, enquiry.appointment),
            (&EnquiryStatus::Converted, Some(appointment_id(3)))
        );
    }
}

#[test]
fn a_proposal_of_a_merged_enquiry_answers_the_one_that_goes_on() {
    let mut state = proposed();
    let now = when(24, 9, 0);
    ok(&mut state, &Command::MergeEnquiry { id: enquiry_id(0), into: enquiry_id(1) }, &reception(), now);
    ok(&mut state, &Command::SetStatus(set(1, Status::Booked)), &Actor::Family, now);
    assert_eq!(state.enquiries[&enquiry_id(1)].appointment, Some(appointment_id(1)));
    assert!(
        matches!(state.enquiries[&enquiry_id(0)].status, EnquiryStatus::Merged { .. }),
        "it stays merged"
    );
    assert_eq!(status(&state, 2), Status::Declined);
    // And the family's next message goes there too.
    let message = family_message(7, now);
    ok(&mut state, &Command::AppendMessage { id: enquiry_id(0), message }, &Actor::Family, now);
    let goes_on = &state.enquiries[&enquiry_id(1)];
    assert!(goes_on.thread.iter().any(|m| m.id == message_id(7)), "{:?}", goes_on.thread);
    assert_ne!(goes_on.status, EnquiryStatus::Converted, "somebody has to read it");
}
