//! Bookings and moves, case by case.

use chrono::{Duration, NaiveDate, NaiveDateTime};
use passerelle_domain::appointment::{Companion, HistoryFact, REASON_MAX, Status};
use passerelle_domain::client::Relation;
use passerelle_domain::command::{Book, Command, Move, Place, SetStatus};
use passerelle_domain::ids::{EnquiryId, KindId, RoomId, SiteId};
use passerelle_domain::people::Actor;
use passerelle_domain::{OfficeState, RefusalCode as C};
use uuid::Uuid;

use crate::small_office::{
    DIRECTOR, DUPONT, GONE, HALL, MAIN, MARTIN, RECEPTION, RETIRED, ROOM_A, ROOM_B, SCHOOL, SHORT, WORKSHOP,
    admin, appointment_id, at, booking, client_id, code, director, dupont, give, martin, moved, ok, place,
    reception, set, state, when,
};

fn now() -> chrono::DateTime<chrono::Utc> {
    when(23, 8, 0)
}

fn with_one() -> OfficeState {
    let mut state = state();
    let book = Book { client: Some(client_id(0)), ..booking(1, DUPONT, at(26, 9, 0)) };
    ok(&mut state, &Command::Book(book), &reception(), now());
    state
}

fn refused(state: &OfficeState, book: Book) -> C {
    code(state, &Command::Book(book), &reception(), now())
}

#[test]
fn what_is_impossible_is_refused() {
    let state = with_one();
    let good = booking(2, MARTIN, at(24, 9, 0));
    let nil = Uuid::nil();
    let at_place = |change: fn(&mut Place)| {
        let mut book = good.clone();
        change(&mut book.place);
        book
    };
    let cases: Vec<(&str, Book, C)> = vec![
        ("an id in use", Book { id: appointment_id(1), ..good.clone() }, C::IdInUse),
        ("an unknown kind", Book { kind: KindId(nil), ..good.clone() }, C::ResourceUnavailable),
        ("a retired kind", Book { kind: RETIRED, ..good.clone() }, C::ResourceUnavailable),
        ("an unknown client", Book { client: Some(client_id(99)), ..good.clone() }, C::NotFound),
        ("an unknown enquiry", Book { enquiry: Some(EnquiryId(nil)), ..good.clone() }, C::NotFound),
        ("an unknown site", at_place(|p| p.site = SiteId(Uuid::nil())), C::ResourceUnavailable),
        ("an unknown room", at_place(|p| p.room = Some(RoomId(Uuid::nil()))), C::ResourceUnavailable),
        (
            "a room of another site",
            at_place(|p| (p.site, p.room) = (SCHOOL, Some(ROOM_A))),
            C::ResourceUnavailable,
        ),
        ("somebody of the reception", at_place(|p| p.counsellor = RECEPTION), C::ResourceUnavailable),
        ("somebody who has left", at_place(|p| p.counsellor = GONE), C::ResourceUnavailable),
        ("no length", at_place(|p| p.minutes = 0), C::BadDuration),
        ("more than a day", at_place(|p| p.minutes = 1_441), C::BadDuration),
        ("an endless one", at_place(|p| p.minutes = u32::MAX), C::BadDuration),
        ("a part of a second", at_place(|p| p.start += Duration::milliseconds(1)), C::InvalidFields),
        ("the beginning of time", at_place(|p| p.start = NaiveDateTime::MIN), C::InvalidFields),
        ("the end of time", at_place(|p| p.start = NaiveDateTime::MAX), C::InvalidFields),
        (
            "a time that the clock skips",
            at_place(|p| {
                p.start = NaiveDate::from_ymd_opt(2027, 3, 28)
                    .and_then(|d| d.and_hms_opt(2, 30, 0))
                    .unwrap_or_default()
            }),
            C::SkippedTime,
        ),
        (
            "too long a reason",
            Book { override_reason: Some("é".repeat(REASON_MAX + 1)), ..good.clone() },
            C::InvalidFields,
        ),
        (
            "a coach load",
            Book {
                companions: vec![Companion { relation: Relation::Other, guardian: None, came: None }; 21],
                ..good.clone()
            },
            C::InvalidFields,
        ),
    ];
    for (what, book, expected) in cases {
        assert_eq!(refused(&state, book), expected, "{what}");
    }
    ok(&mut state.clone(), &Command::Book(good), &reception(), now());
}

#[test]
fn who_may_book_at_all() {
    let state = state();
    let book = Command::Book(booking(1, DUPONT, at(26, 9, 0)));
    for actor in [reception(), dupont(), director()] {
        ok(&mut state.clone(), &book, &actor, now());
    }
    for actor in [admin(), Actor::Family, Actor::System] {
        assert_eq!(code(&state, &book, &actor, now()), C::NotAllowed, "{actor:?}");
    }
}

#[test]
fn clashes_are_said_in_order_and_touching_is_none() {
    let state = with_one();
    let near = |minute| booking(2, DUPONT, at(26, 9, 0) + Duration::minutes(minute));
    for minute in [-44, -1, 0, 1, 44] {
        assert_eq!(refused(&state, near(minute)), C::SlotTaken, "{minute} minutes beside");
    }
    for minute in [-45, 45] {
        ok(&mut state.clone(), &Command::Book(near(minute)), &reception(), now());
    }
    let same_client = |counsellor, minute| Book {
        client: Some(client_id(0)),
        ..booking(2, counsellor, at(26, 9, 0) + Duration::minutes(minute))
    };
    assert_eq!(refused(&state, same_client(MARTIN, 0)), C::ClientBusy);
    assert_eq!(refused(&state, same_client(DUPONT, 0)), C::Duplicate);
    let room = Book { place: Place { room: Some(ROOM_A), ..place(MARTIN, at(26, 9, 30), 45) }, ..near(0) };
    assert_eq!(refused(&state, room), C::RoomTaken);
}

#[test]
fn a_reason_sets_a_clash_aside_and_is_kept_but_never_a_duplicate() {
    let mut state = with_one();
    let reason = Some("  Urgence sociale ".to_owned());
    let twice = Book {
        client: Some(client_id(0)),
        override_reason: reason.clone(),
        ..booking(2, DUPONT, at(26, 9, 0))
    };
    let over = Book { client: None, ..twice.clone() };
    ok(&mut state, &Command::Book(over), &reception(), now());
    let kept = &state.appointments[&appointment_id(2)];
    assert_eq!(kept.override_reason.as_deref(), Some("Urgence sociale"));
    let entry = HistoryFact::Overridden { reason: "Urgence sociale".into() };
    assert!(kept.history.iter().any(|h| h.what == entry && h.by == Some(RECEPTION)), "{:?}", kept.history);
    // Also when something else of the same client comes first in order.
    let other = Book { id: appointment_id(0), override_reason: reason.clone(), ..twice.clone() };
    let other = Book { place: place(MARTIN, at(26, 9, 15), 20), kind: SHORT, ..other };
    ok(&mut state, &Command::Book(other), &reception(), now());
    assert_eq!(refused(&state, Book { id: appointment_id(3), ..twice }), C::Duplicate);
    let blank = Book { override_reason: Some("  ".into()), ..booking(4, DUPONT, at(26, 9, 0)) };
    assert_eq!(refused(&state, blank), C::SlotTaken, "a blank reason is none");
}

#[test]
fn rooms_are_taken_by_rank_and_lent_where_there_are_none() {
    let mut state = state();
    let mut room = |n, counsellor, site| {
        let place = Place { site, ..place(counsellor, at(26, 9, 0), 45) };
        ok(
            &mut state,
            &Command::Book(Book { place, ..booking(n, counsellor, at(26, 9, 0)) }),
            &reception(),
            now(),
        );
        state.appointments[&appointment_id(n)].room
    };
    assert_eq!(room(1, DUPONT, MAIN), Some(ROOM_A));
    assert_eq!(room(2, DIRECTOR, MAIN), Some(ROOM_B));
    assert_eq!(room(3, MARTIN, SCHOOL), None, "a school lends what it has");
    let mut third = booking(4, MARTIN, at(26, 9, 30));
    state.appointments.remove(&appointment_id(3));
    assert_eq!(refused(&state, third.clone()), C::RoomTaken, "no room of the kind is free");
    third.override_reason = Some("Dans le couloir".into());
    ok(&mut state, &Command::Book(third), &reception(), now());
    assert_eq!(state.appointments[&appointment_id(4)].room, None);
}

#[test]
fn a_group_has_its_seats() {
    let mut state = state();
    let seat = |n: u128, client: Option<u128>| Book {
        kind: WORKSHOP,
        client: client.map(client_id),
        place: place(DUPONT, at(26, 9, 0), 60),
        ..booking(n, DUPONT, at(26, 9, 0))
    };
    for n in 0..3 {
        ok(&mut state, &Command::Book(seat(n, Some(n))), &reception(), now());
        assert_eq!(state.appointments[&appointment_id(n)].room, Some(HALL), "all in the same hall");
    }
    assert_eq!(refused(&state, seat(3, Some(3))), C::CapacityFull);
    assert_eq!(refused(&state, seat(3, Some(0))), C::Duplicate, "nobody sits twice");
    // Another length or another site is another session: the counsellor is taken.
    let longer = Book { place: place(DUPONT, at(26, 9, 0), 90), ..seat(3, None) };
    assert_eq!(refused(&state, longer), C::SlotTaken);
    let elsewhere =
        Book { place: Place { site: SCHOOL, ..place(DUPONT, at(26, 9, 0), 60) }, ..seat(3, None) };
    assert_eq!(refused(&state, elsewhere), C::SlotTaken);
    // A seat that is given back is free at once; each participant has a state.
    let mut leave = set(1, Status::Excused);
    leave.reason = Some("Malade".into());
    ok(&mut state, &Command::SetStatus(leave), &reception(), now());
    ok(&mut state, &Command::Book(seat(3, Some(3))), &reception(), now());
    assert_eq!(
        code(&state, &Command::SetStatus(set(1, Status::Booked)), &reception(), now()),
        C::CapacityFull
    );
}

#[test]
fn a_proposal_ends_before_its_meeting_begins() {
    let mut state = state();
    let hold = |n, held_until| Book { held_until, ..booking(n, DUPONT, at(24, 9, 0)) };
    ok(&mut state, &Command::Hold(hold(1, None)), &reception(), now());
    assert_eq!(
        state.appointments[&appointment_id(1)].held_until,
        Some(when(24, 9, 0)),
        "two days would be too long"
    );
    for past in [now(), now() - Duration::minutes(1)] {
        let late = Command::Hold(Book { held_until: Some(past), ..booking(2, MARTIN, at(24, 9, 0)) });
        assert_eq!(code(&state, &late, &reception(), now()), C::TooLate, "{past}");
    }
    let begun = Command::Hold(booking(2, MARTIN, at(23, 7, 0)));
    assert_eq!(code(&state, &begun, &reception(), now()), C::TooLate, "a proposal for this morning");
    assert_eq!(refused(&state, booking(2, DUPONT, at(24, 9, 15))), C::SlotTaken, "a proposal takes its time");
}

#[test]
fn a_move_is_one_operation_on_the_same_meeting() {
    let mut state = with_one();
    let first = state.appointments[&appointment_id(1)].clone();
    // It never blocks itself.
    let quarter = Command::Move(moved(&state, 1, place(DUPONT, at(26, 9, 15), 45)));
    let late = quarter.clone();
    ok(&mut state, &quarter, &dupont(), now());
    let second = state.appointments[&appointment_id(1)].clone();
    assert_eq!((second.id, second.version, second.minutes()), (first.id, first.version + 1, first.minutes()));
    assert_eq!(second.room, first.room, "it keeps its room");
    assert_eq!(code(&state, &late, &dupont(), now()), C::StaleRev, "somebody moved it since");
    // There already: nothing happens, nobody is told.
    let same = Command::Move(moved(&state, 1, place(DUPONT, at(26, 9, 15), 45)));
    assert_eq!(ok(&mut state, &same, &dupont(), now()), vec![]);
    // Its room is taken there: another one.
    let other = Book {
        place: Place { room: Some(ROOM_A), ..place(DIRECTOR, at(26, 11, 0), 45) },
        ..booking(2, DIRECTOR, at(26, 11, 0))
    };
    ok(&mut state, &Command::Book(other), &reception(), now());
    let there = Command::Move(moved(&state, 1, place(DUPONT, at(26, 11, 0), 45)));
    ok(&mut state, &there, &reception(), now());
    assert_eq!(state.appointments[&appointment_id(1)].room, Some(ROOM_B));
    // Into a taken time: refused; with a reason, done and kept; moved away again, the reason is over.
    ok(&mut state, &Command::Book(booking(3, DUPONT, at(26, 14, 0))), &reception(), now());
    let over = moved(&state, 1, place(DUPONT, at(26, 14, 0), 45));
    assert_eq!(code(&state, &Command::Move(over.clone()), &reception(), now()), C::SlotTaken);
    let over = Move { override_reason: Some("Fratrie".into()), ..over };
    ok(&mut state, &Command::Move(over), &reception(), now());
    assert_eq!(state.appointments[&appointment_id(1)].override_reason.as_deref(), Some("Fratrie"));
    let away = Command::Move(moved(&state, 1, place(DUPONT, at(27, 14, 0), 45)));
    ok(&mut state, &away, &reception(), now());
    let last = &state.appointments[&appointment_id(1)];
    assert_eq!((last.override_reason.as_deref(), last.version), (None, 5));
    let moves = last.history.iter().filter(|h| matches!(h.what, HistoryFact::Moved { .. })).count();
    assert_eq!(moves, 4, "each move is remembered");
}

#[test]
fn who_may_move_and_what_can_be_moved() {
    let state = with_one();
    let to = Command::Move(moved(&state, 1, place(DUPONT, at(27, 9, 0), 45)));
    for actor in [reception(), dupont(), director()] {
        ok(&mut state.clone(), &to, &actor, now());
    }
    for actor in [martin(), admin(), Actor::System] {
        assert_eq!(code(&state, &to, &actor, now()), C::NotAllowed, "{actor:?}");
    }
    for status in Status::ALL {
        let mut state = state.clone();
        state.appointments.get_mut(&appointment_id(1)).expect("the meeting").status = status;
        let done = give(&mut state, &to, &director(), now());
        let movable = matches!(status, Status::Held | Status::Booked);
        assert_eq!(done.map_err(|r| r.code).err(), (!movable).then_some(C::NoSuchStep), "{status:?}");
    }
}

#[test]
fn a_family_moves_as_the_public_books() {
    // The 30th is a Monday: Mme Dupont and Mme Martin receive at the office.
    let mut state = with_one();
    ok(&mut state, &Command::Book(booking(2, DUPONT, at(30, 10, 0))), &reception(), now());
    let family = |place: Place| Command::Move(moved(&state, 1, place));
    let at_office = |day, hour, minute| place(DUPONT, at(day, hour, minute), 45);
    let refuse = |place: Place, expected: C, why: &str| {
        assert_eq!(code(&state, &family(place), &Actor::Family, now()), expected, "{why}");
    };
    refuse(at_office(30, 10, 15), C::SlotTaken, "a taken time");
    refuse(at_office(30, 12, 0), C::SlotTaken, "lunch");
    refuse(at_office(29, 9, 0), C::SlotTaken, "a Sunday");
    refuse(at_office(26, 14, 0), C::SlotTaken, "an absence");
    refuse(at_office(23, 14, 0), C::TooLate, "less than a day's notice");
    refuse(at_office(20, 9, 0), C::TooLate, "the past");
    let far = NaiveDate::from_ymd_opt(2027, 1, 4).and_then(|d| d.and_hms_opt(9, 0, 0)).expect("a time");
    refuse(place(DUPONT, far, 45), C::TooEarly, "beyond the horizon");
    refuse(place(DUPONT, at(30, 9, 0), 60), C::NotAllowed, "another length");
    let Command::Move(m) = family(at_office(30, 10, 15)) else { unreachable!("a move") };
    let forced = Command::Move(Move { override_reason: Some("Je préfère".into()), ..m });
    assert_eq!(code(&state, &forced, &Actor::Family, now()), C::NotAllowed, "a rule set aside");
    ok(&mut state.clone(), &family(at_office(30, 9, 0)), &Actor::Family, now());
    ok(&mut state.clone(), &family(place(MARTIN, at(30, 9, 0), 45)), &Actor::Family, now());
    // Two days before to the minute.
    let go = family(at_office(30, 9, 0));
    ok(&mut state.clone(), &go, &Actor::Family, when(24, 9, 0));
    let late = give(&mut state.clone(), &go, &Actor::Family, when(24, 9, 1)).expect_err("too late");
    assert_eq!((late.code, late.limit), (C::TooLate, Some(when(24, 9, 0))));
}

#[test]
fn a_step_names_a_client_only_where_none_was_known() {
    let mut state = state();
    let hold = Book { held_until: Some(when(24, 9, 0)), ..booking(1, DUPONT, at(26, 9, 0)) };
    ok(&mut state, &Command::Hold(hold), &reception(), now());
    let busy = Book { client: Some(client_id(1)), ..booking(2, MARTIN, at(26, 9, 0)) };
    ok(&mut state, &Command::Book(busy), &reception(), now());
    let accept = |n| Command::SetStatus(SetStatus { client: Some(client_id(n)), ..set(1, Status::Booked) });
    assert_eq!(code(&state, &accept(1), &reception(), now()), C::ClientBusy);
    assert_eq!(code(&state, &accept(9), &reception(), now()), C::NotFound);
    assert_eq!(
        code(&state, &accept(0), &Actor::Family, now()),
        C::NotAllowed,
        "a family does not choose a file"
    );
    ok(&mut state, &accept(0), &reception(), now());
    assert_eq!(state.appointments[&appointment_id(1)].client, Some(client_id(0)));
    let other = SetStatus { client: Some(client_id(2)), ..set(1, Status::Excused) };
    assert_eq!(code(&state, &Command::SetStatus(other), &reception(), now()), C::InvalidFields);
}

#[test]
fn an_old_override_does_not_bring_a_meeting_back_over_a_new_one() {
    let mut state = state();
    let forced = Book { override_reason: Some("Urgence".into()), ..booking(1, DUPONT, at(26, 9, 0)) };
    ok(&mut state, &Command::Book(forced), &reception(), now());
    let cancel = SetStatus { reason: Some("Erreur".into()), ..set(1, Status::Cancelled) };
    ok(&mut state, &Command::SetStatus(cancel), &reception(), now());
    ok(&mut state, &Command::Book(booking(2, DUPONT, at(26, 9, 0))), &reception(), now());
    assert_eq!(code(&state, &Command::SetStatus(set(1, Status::Booked)), &reception(), now()), C::SlotTaken);
}

#[test]
fn said_twice_is_done_once() {
    let mut state = with_one();
    let cancel = SetStatus { reason: Some("Erreur".into()), ..set(1, Status::Cancelled) };
    ok(&mut state, &Command::SetStatus(cancel.clone()), &reception(), now());
    assert_eq!(ok(&mut state, &Command::SetStatus(cancel), &reception(), now()), vec![]);
    let who = Command::SetCompanions { id: appointment_id(1), companions: Vec::new(), seen: None };
    assert_eq!(ok(&mut state, &who, &reception(), now()), vec![]);
}
