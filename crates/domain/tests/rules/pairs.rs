//! Two counsellors who hold a meeting together, and proposals whose hour has passed.

use chrono::Duration;
use passerelle_domain::appointment::{HistoryFact, Status};
use passerelle_domain::availability::{Search, Wanted, alternatives, free_slots, warnings};
use passerelle_domain::command::{Book, Command, Move, Place};
use passerelle_domain::enquiry::EnquiryStatus;
use passerelle_domain::people::Actor;
use passerelle_domain::{OfficeState, RefusalCode as C};

use crate::small_office::{
    DIRECTOR, DUPONT, GONE, INTERVIEW, MAIN, MARTIN, RECEPTION, SCHOOL, SHORT, appointment_id, at, booking,
    client_id, code, dupont, enquiry_id, give, martin, moved, ok, place, reception, set, state, when,
};

fn now() -> chrono::DateTime<chrono::Utc> {
    when(23, 8, 0)
}

/// An interview on the 24th at 9:00 that Mme Dupont and Mme Martin hold together.
fn together() -> Book {
    Book {
        place: Place { second: Some(MARTIN), ..place(DUPONT, at(24, 9, 0), 45) },
        ..booking(1, DUPONT, at(24, 9, 0))
    }
}

fn with_two() -> OfficeState {
    let mut state = state();
    ok(&mut state, &Command::Book(together()), &reception(), now());
    state
}

#[test]
fn both_are_taken_whichever_of_them_is_asked() {
    let state = with_two();
    let busy = |first, second| {
        let place = Place { second, ..place(first, at(24, 9, 15), 45) };
        let book = Command::Book(Book { place, ..booking(2, first, at(24, 9, 15)) });
        give(&mut state.clone(), &book, &reception(), now()).map(drop).map_err(|r| (r.code, r.with, r.person))
    };
    let taken = |who| Err((C::SlotTaken, Some(appointment_id(1)), Some(who)));
    assert_eq!(busy(DUPONT, None), taken(DUPONT));
    assert_eq!(busy(MARTIN, None), taken(MARTIN), "the second of the other one");
    assert_eq!(busy(DIRECTOR, Some(MARTIN)), taken(MARTIN), "second and second");
    assert_eq!(busy(DIRECTOR, Some(DUPONT)), taken(DUPONT), "second and first");
    assert_eq!(busy(DIRECTOR, None), Ok(()), "a colleague who is free");
}

#[test]
fn who_can_be_the_second() {
    let state = state();
    let ask = |second| {
        let book = Book { place: Place { second: Some(second), ..together().place }, ..together() };
        give(&mut state.clone(), &Command::Book(book), &reception(), now()).map(drop).map_err(|r| r.code)
    };
    assert_eq!(ask(MARTIN), Ok(()));
    for (second, expected) in
        [(DUPONT, C::InvalidFields), (RECEPTION, C::ResourceUnavailable), (GONE, C::ResourceUnavailable)]
    {
        assert_eq!(ask(second), Err(expected), "{second}");
    }
}

#[test]
fn it_is_the_own_meeting_of_both() {
    let mut state = with_two();
    let to =
        Command::Move(moved(&state, 1, Place { second: Some(MARTIN), ..place(DUPONT, at(24, 10, 0), 45) }));
    for actor in [dupont(), martin(), reception()] {
        ok(&mut state.clone(), &to, &actor, now());
    }
    let arrived = Command::SetStatus(set(1, Status::Arrived));
    for actor in [dupont(), martin()] {
        ok(&mut state.clone(), &arrived, &actor, when(24, 8, 30));
    }
    // Once the colleague no longer holds it, it is not theirs any more.
    let alone = Command::Move(moved(&state, 1, place(DUPONT, at(24, 9, 0), 45)));
    ok(&mut state, &alone, &martin(), now());
    assert_eq!(code(&state, &arrived, &martin(), when(24, 8, 30)), C::NotAllowed);
    let a = &state.appointments[&appointment_id(1)];
    assert_eq!((a.counsellor, a.second, a.version), (DUPONT, None, 2));
    let old = a.history.iter().find_map(|h| match h.what {
        HistoryFact::Moved { counsellor, second, .. } => Some((counsellor, second)),
        _ => None,
    });
    assert_eq!(old, Some((DUPONT, Some(MARTIN))), "who held it is remembered");
}

#[test]
fn a_move_keeps_both_and_never_blocks_itself() {
    let mut state = with_two();
    let later = Place { second: Some(MARTIN), ..place(DUPONT, at(24, 9, 15), 45) };
    let to = Command::Move(moved(&state, 1, later.clone()));
    ok(&mut state, &to, &reception(), now());
    let a = &state.appointments[&appointment_id(1)];
    assert_eq!((a.start, a.minutes(), a.second), (when(24, 9, 15), 45, Some(MARTIN)));
    // The two change places: the same meeting, the same two people.
    let swapped = Place { counsellor: MARTIN, second: Some(DUPONT), ..later };
    let to = Command::Move(moved(&state, 1, swapped));
    ok(&mut state, &to, &reception(), now());
    // The second is taken there: nothing moves.
    ok(&mut state, &Command::Book(booking(2, DUPONT, at(24, 14, 0))), &reception(), now());
    let there = Place { second: Some(DUPONT), ..place(MARTIN, at(24, 14, 0), 45) };
    let refused = give(&mut state.clone(), &Command::Move(moved(&state, 1, there)), &reception(), now());
    let refused = refused.expect_err("Mme Dupont is taken");
    assert_eq!((refused.code, refused.person), (C::SlotTaken, Some(DUPONT)));
    // A family takes both along, or nobody.
    let mut family = moved(&state, 1, place(MARTIN, at(30, 9, 0), 45));
    assert_eq!(code(&state, &Command::Move(family.clone()), &Actor::Family, when(20, 9, 0)), C::NotAllowed);
    family.place.second = Some(DUPONT);
    ok(&mut state, &Command::Move(family), &Actor::Family, when(20, 9, 0));
}

#[test]
fn both_are_warned_of_and_places_are_free_for_both() {
    let state = state();
    let all: Vec<_> = state.appointments.values().collect();
    let wanted = |counsellor, second, start| Wanted {
        kind: SHORT,
        counsellor,
        second: Some(second),
        site: MAIN,
        start,
        minutes: 20,
        room: None,
        client: None,
        moving: None,
    };
    // The 26th is a Thursday: Mme Dupont is away in the afternoon, Mme Martin receives at the school.
    let said = warnings(&state.settings, &all, &wanted(DIRECTOR, DUPONT, when(26, 14, 0)), now());
    let of = |code: &str| said.iter().find(|w| w.code == code).map(|w| w.who);
    assert_eq!(of("absence"), Some(Some(DUPONT)), "{said:?}");
    assert_eq!(of("outside_opening"), Some(None), "the director receives on Wednesdays: {said:?}");
    // Meetings of two take the time of both in the search as well.
    let mut state = state;
    ok(&mut state, &Command::Book(together()), &reception(), now());
    let day = when(24, 9, 0).date_naive();
    let with = |second| Search { second, counsellors: None, ..Search::staff(INTERVIEW, day, day) };
    let found =
        |search: &Search| free_slots(&state.settings, state.appointments.values(), search, now(), |_| true);
    assert!(
        found(&with(None)).iter().all(|s| s.start >= when(24, 9, 45)),
        "Mme Martin is offered while she holds a meeting of two: {:?}",
        found(&with(None))
    );
    for slot in found(&with(Some(MARTIN))) {
        assert_eq!(slot.counsellor, DUPONT, "only who can be with Mme Martin");
        let there = Place {
            second: Some(MARTIN),
            start: slot.start.with_timezone(&crate::small_office::ZONE).naive_local(),
            ..place(DUPONT, at(24, 9, 0), 45)
        };
        ok(
            &mut state.clone(),
            &Command::Book(Book { place: there, ..booking(5, DUPONT, at(24, 9, 0)) }),
            &reception(),
            now(),
        );
    }
    // Instead of a place that one of them does not have: only what both have.
    ok(&mut state, &Command::Book(booking(3, MARTIN, at(24, 10, 0))), &reception(), now());
    let all: Vec<_> = state.appointments.values().collect();
    let given = alternatives(&state.settings, &all, &wanted(DUPONT, MARTIN, when(24, 10, 0)), now(), 3);
    assert_eq!(given.same_person.len(), 3, "{given:?}");
    for slot in &given.same_person {
        for who in [DUPONT, MARTIN] {
            let busy = state
                .appointments
                .values()
                .find(|a| a.is_with(who) && a.start < slot.end && slot.start < a.end);
            assert_eq!(busy, None, "{slot:?} is not free for {who}");
        }
    }
    assert!(given.same_person.iter().all(|s| s.site != SCHOOL));
}

#[test]
fn a_proposal_past_its_hour_gives_way_and_ends_with_what_takes_its_place() {
    let mut state = state();
    let hold = Book {
        held_until: Some(when(23, 18, 0)),
        enquiry: Some(enquiry_id(1)),
        ..booking(1, DUPONT, at(24, 9, 0))
    };
    ok(&mut state, &Command::Hold(hold), &reception(), now());
    let answer = passerelle_domain::command::Answer {
        id: enquiry_id(1),
        message: crate::small_office::message_id(50),
        text: "Voici".into(),
        proposed: vec![appointment_id(1)],
        expects_reply: true,
    };
    ok(&mut state, &Command::AnswerEnquiry(answer), &reception(), now());
    let other = Command::Book(Book { client: Some(client_id(2)), ..booking(2, DUPONT, at(24, 9, 0)) });
    let before = when(23, 18, 0) - Duration::seconds(1);
    assert_eq!(code(&state, &other, &reception(), before), C::SlotTaken, "until the hour it is kept");
    let day = when(24, 9, 0).date_naive();
    let search = Search { counsellors: Some(vec![DUPONT]), ..Search::staff(INTERVIEW, day, day) };
    let first =
        |now| free_slots(&state.settings, state.appointments.values(), &search, now, |_| true)[0].start;
    assert_eq!(first(before), when(24, 9, 45));
    assert_eq!(first(when(23, 18, 0)), when(24, 9, 0), "from then on it is offered");
    ok(&mut state, &other, &reception(), when(23, 18, 0));
    let ended = &state.appointments[&appointment_id(1)];
    assert_eq!((ended.status, ended.history.last().and_then(|h| h.by)), (Status::Expired, None));
    let enquiry = &state.enquiries[&enquiry_id(1)];
    assert_ne!(enquiry.status, EnquiryStatus::WaitingClient, "nothing is proposed any more: {enquiry:?}");
    // Said afterwards by whoever reaches it: nothing more happens.
    ok(&mut state, &Command::SetStatus(set(1, Status::Expired)), &Actor::System, when(23, 18, 1));
    // Whoever moves there, or comes back there, ends it as well.
    let mut state = with_two();
    let hold = Book { held_until: Some(when(23, 18, 0)), ..booking(3, MARTIN, at(24, 14, 0)) };
    ok(&mut state, &Command::Hold(hold), &reception(), now());
    let there = Place { second: Some(MARTIN), ..place(DUPONT, at(24, 14, 15), 45) };
    let to = Command::Move(Move { ..moved(&state, 1, there) });
    assert_eq!(code(&state, &to, &reception(), now()), C::SlotTaken);
    ok(&mut state, &to, &reception(), when(23, 18, 30));
    assert_eq!(state.appointments[&appointment_id(3)].status, Status::Expired);
}
