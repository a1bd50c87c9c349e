//! Group sessions: planned, filled, moved and cancelled as a whole.

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::availability::{Search, Wanted, alternatives, sessions_with_seats, warnings};
use passerelle_domain::command::{Book, Command, Move, Place, SetStatus};
use passerelle_domain::ids::AppointmentId;
use passerelle_domain::session::{key_of, members};
use passerelle_domain::{OfficeState, RefusalCode as C};

use crate::small_office::{
    DIRECTOR, DUPONT, HALL, MAIN, MARTIN, WORKSHOP, appointment_id, at, booking, client_id, code, dupont,
    give, martin, moved, ok, place, reception, set, state, when,
};

fn now() -> DateTime<Utc> {
    when(23, 8, 0)
}

/// A workshop on the 24th at 9:00, an hour, three seats; 0 plans it, others come to it.
fn seat(n: u128, client: Option<u128>) -> Book {
    Book {
        kind: WORKSHOP,
        client: client.map(client_id),
        place: place(DUPONT, at(24, 9, 0), 60),
        ..booking(n, DUPONT, at(24, 9, 0))
    }
}

fn planned(second: bool) -> OfficeState {
    let mut state = state();
    let plan = seat(0, None);
    let place = Place { second: second.then_some(MARTIN), ..plan.place.clone() };
    ok(&mut state, &Command::Book(Book { place, ..plan }), &reception(), now());
    state
}

fn filled() -> OfficeState {
    let mut state = planned(true);
    for n in 1..=3 {
        ok(&mut state, &Command::Book(seat(n, Some(n))), &reception(), now());
    }
    state
}

fn of(state: &OfficeState, n: u128) -> &Appointment {
    &state.appointments[&appointment_id(n)]
}

#[test]
fn a_session_is_planned_before_anybody_comes() {
    let mut state = planned(true);
    let plan = of(&state, 0).clone();
    assert_eq!((plan.room, plan.second, plan.takes_seat()), (Some(HALL), Some(MARTIN), false));
    // It takes counsellors and room.
    let other = |counsellor| Command::Book(booking(9, counsellor, at(24, 9, 30)));
    assert_eq!(code(&state, &other(DUPONT), &reception(), now()), C::SlotTaken);
    assert_eq!(code(&state, &other(MARTIN), &reception(), now()), C::SlotTaken);
    let hall = Place { room: Some(HALL), ..place(DIRECTOR, at(24, 9, 30), 45) };
    let hall = Book { place: hall, ..booking(9, DIRECTOR, at(24, 9, 30)) };
    assert_eq!(code(&state, &Command::Book(hall), &reception(), now()), C::RoomTaken);
    // It is planned once, and takes no seat.
    assert_eq!(code(&state, &Command::Book(seat(8, None)), &reception(), now()), C::Duplicate);
    for n in 1..=3 {
        ok(&mut state, &Command::Book(seat(n, Some(n))), &reception(), now());
        let joined = of(&state, n);
        assert_eq!(
            (joined.second, joined.room, &joined.session),
            (plan.second, plan.room, &plan.session),
            "who joins is where the session is"
        );
    }
    assert_eq!(code(&state, &Command::Book(seat(4, Some(0))), &reception(), now()), C::CapacityFull);
    let over = Book { override_reason: Some("Fratrie".into()), ..seat(4, Some(0)) };
    ok(&mut state, &Command::Book(over), &reception(), now());
    assert_eq!(of(&state, 4).override_reason.as_deref(), Some("Fratrie"), "a chair more, with a reason");
}

#[test]
fn each_has_a_state_and_the_session_none_of_theirs() {
    let mut state = filled();
    ok(&mut state, &Command::SetStatus(set(1, Status::Arrived)), &martin(), when(24, 8, 50));
    ok(&mut state, &Command::SetStatus(set(2, Status::Excused)), &reception(), when(24, 8, 50));
    // The seat is free at once.
    ok(&mut state, &Command::Book(seat(4, Some(0))), &reception(), when(24, 8, 51));
    for status in [Status::Arrived, Status::Attended, Status::NoShow, Status::Excused, Status::Cancelled] {
        let mut step = set(0, status);
        step.reason = Some("Essai".into());
        let refused = code(&state, &Command::SetStatus(step), &reception(), when(24, 9, 30));
        assert_eq!(refused, C::NoSuchStep, "the session itself, {status:?}");
    }
    // With nobody left in it, it may be given up alone.
    let mut empty = planned(false);
    let give_up = SetStatus { reason: Some("Personne".into()), ..set(0, Status::Cancelled) };
    ok(&mut empty, &Command::SetStatus(give_up), &reception(), now());
}

#[test]
fn a_session_moves_with_everybody_in_it() {
    let mut state = filled();
    let excused = SetStatus { reason: None, ..set(3, Status::Excused) };
    ok(&mut state, &Command::SetStatus(excused), &reception(), now());
    // A quarter of an hour later: it overlaps itself, and that is nobody's business.
    let to = Place { second: Some(MARTIN), ..place(DUPONT, at(24, 9, 15), 60) };
    let by_somebody = Move { id: appointment_id(2), ..moved(&state, 2, to) };
    let events = ok(&mut state, &Command::MoveSession(by_somebody.clone()), &dupont(), now());
    assert_eq!(events.len(), 3, "the session and two who are expected: {events:?}");
    for n in 0..=2 {
        let a = of(&state, n);
        assert_eq!((a.start, a.minutes(), a.room, a.version), (when(24, 9, 15), 60, Some(HALL), 2), "{n}");
    }
    assert_eq!(of(&state, 3).start, when(24, 9, 0), "who has excused themselves stays in the past");
    let key = key_of(&state.settings, of(&state, 0)).expect("a session");
    assert_eq!(members(&state, &key).filter(|a| a.status.blocks()).count(), 3, "one session still");
    assert_eq!(code(&state, &Command::MoveSession(by_somebody), &dupont(), now()), C::StaleRev);
    // There already: nobody is told.
    let again = Command::MoveSession(moved(
        &state,
        0,
        Place { second: Some(MARTIN), ..place(DUPONT, at(24, 9, 15), 60) },
    ));
    assert_eq!(ok(&mut state, &again, &reception(), now()), vec![]);
    // To colleagues, without the second one.
    let away = Command::MoveSession(moved(&state, 0, place(DIRECTOR, at(25, 10, 0), 60)));
    assert_eq!(code(&state, &away, &crate::small_office::admin(), now()), C::NotAllowed);
    ok(&mut state, &away, &martin(), now());
    assert!((0..=2).all(|n| (of(&state, n).counsellor, of(&state, n).second) == (DIRECTOR, None)));
    let not_theirs = Command::MoveSession(moved(&state, 0, place(DUPONT, at(25, 14, 0), 60)));
    assert_eq!(code(&state, &not_theirs, &dupont(), now()), C::NotAllowed);
}

#[test]
fn all_of_a_session_moves_or_nothing() {
    let mut state = filled();
    // One of them is expected elsewhere at that time.
    let elsewhere = Book { client: Some(client_id(2)), ..booking(7, DIRECTOR, at(25, 10, 0)) };
    ok(&mut state, &Command::Book(elsewhere), &reception(), now());
    let to = Place { second: Some(MARTIN), ..place(DUPONT, at(25, 10, 0), 60) };
    let whole = moved(&state, 0, to);
    let before = state.clone();
    let refused = give(&mut state, &Command::MoveSession(whole.clone()), &reception(), now());
    let refused = refused.expect_err("somebody is busy");
    assert_eq!((refused.code, refused.with), (C::ClientBusy, Some(appointment_id(7))));
    assert_eq!(state, before);
    let forced = Move { override_reason: Some("Les parents le savent".into()), ..whole };
    ok(&mut state, &Command::MoveSession(forced), &reception(), now());
    assert!((0..=3).all(|n| of(&state, n).override_reason.is_some()), "the reason is kept with each");
    // Not from under those who come to it, and not once somebody is there.
    let alone = Command::Move(moved(&state, 0, place(DUPONT, at(27, 10, 0), 60)));
    assert_eq!(code(&state, &alone, &reception(), now()), C::NoSuchStep);
    ok(&mut state, &Command::SetStatus(set(1, Status::Arrived)), &reception(), when(25, 9, 50));
    let late = Command::MoveSession(moved(&state, 0, place(DUPONT, at(27, 10, 0), 60)));
    assert_eq!(code(&state, &late, &reception(), when(25, 9, 55)), C::NoSuchStep);
    let no_session = Command::MoveSession(moved(&state, 7, place(DIRECTOR, at(27, 10, 0), 45)));
    assert_eq!(code(&state, &no_session, &reception(), now()), C::NoSuchStep, "an interview is no session");
}

#[test]
fn one_of_them_moves_alone_into_another_session() {
    let mut state = filled();
    let next = Book { id: appointment_id(10), place: place(DUPONT, at(25, 9, 0), 60), ..seat(10, None) };
    ok(&mut state, &Command::Book(next), &reception(), now());
    let to = Command::Move(moved(&state, 1, place(DUPONT, at(25, 9, 0), 60)));
    ok(&mut state, &to, &reception(), now());
    assert_eq!(of(&state, 1).session, of(&state, 10).session, "joined");
    assert_ne!(of(&state, 1).session, of(&state, 0).session);
    // The first one of a session that nobody planned goes, and the others stay together.
    let mut state = crate::small_office::state();
    for n in 1..=2 {
        ok(&mut state, &Command::Book(seat(n, Some(n))), &reception(), now());
    }
    let to = Command::Move(moved(&state, 1, place(DUPONT, at(25, 9, 0), 60)));
    ok(&mut state, &to, &reception(), now());
    let keys: Vec<_> = [1, 2].map(|n| key_of(&state.settings, of(&state, n))).into();
    assert!(keys[0] != keys[1], "another session: {keys:?}");
    ok(&mut state, &Command::Book(seat(3, Some(3))), &reception(), now());
    assert_eq!(of(&state, 3).session, of(&state, 2).session);
}

#[test]
fn a_session_is_cancelled_with_one_reason_for_all() {
    let mut state = filled();
    let cancel = |id: AppointmentId, reason: &str| Command::CancelSession { id, reason: reason.into() };
    assert_eq!(code(&state, &cancel(appointment_id(2), "  "), &reception(), now()), C::ReasonMissing);
    ok(&mut state, &cancel(appointment_id(2), "Grève des transports"), &reception(), now());
    for n in 0..=3 {
        assert_eq!(of(&state, n).status, Status::Cancelled, "{n}");
    }
    ok(&mut state, &Command::Book(booking(9, MARTIN, at(24, 9, 0))), &reception(), now());
    let mut state = filled();
    ok(&mut state, &Command::SetStatus(set(1, Status::Attended)), &reception(), when(24, 9, 50));
    assert_eq!(
        code(&state, &cancel(appointment_id(0), "Panne"), &reception(), when(24, 9, 55)),
        C::NoSuchStep
    );
}

#[test]
fn sessions_made_before_they_had_a_name_are_still_sessions() {
    let mut state = filled();
    for a in state.appointments.values_mut() {
        a.session = None;
    }
    let key = key_of(&state.settings, of(&state, 0)).expect("by its place");
    assert_eq!(members(&state, &key).count(), 4);
    assert_eq!(code(&state, &Command::Book(seat(5, Some(0))), &reception(), now()), C::CapacityFull);
    let to = Place { second: Some(MARTIN), ..place(DUPONT, at(24, 9, 30), 60) };
    let to = Command::MoveSession(moved(&state, 1, to));
    ok(&mut state, &to, &reception(), now());
    assert!((0..=3).all(|n| of(&state, n).session.as_ref() == Some(&key)), "named by its first place");
}

#[test]
fn seats_are_offered_before_a_session_of_ones_own() {
    let mut state = planned(true);
    ok(&mut state, &Command::Book(seat(1, Some(1))), &reception(), now());
    let search = Search::staff(WORKSHOP, when(23, 8, 0).date_naive(), when(27, 8, 0).date_naive());
    let offered = |state: &OfficeState, search: &Search| {
        sessions_with_seats(&state.settings, state.appointments.values(), search, now(), |_| true)
    };
    let found = offered(&state, &search);
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].left(), found[0].capacity, found[0].second), (2, 3, Some(MARTIN)));
    let with = |who| Search { counsellors: Some(vec![who]), ..search.clone() };
    assert_eq!(offered(&state, &with(MARTIN)).len(), 1, "the second holds it too");
    assert_eq!(offered(&state, &with(DIRECTOR)), vec![]);
    // Instead of a session that is full or a place that is taken: the session that has a seat, first.
    let wanted = Wanted {
        kind: WORKSHOP,
        counsellor: DUPONT,
        second: None,
        site: MAIN,
        start: when(26, 9, 0),
        minutes: 60,
        room: None,
        client: Some(client_id(3)),
        moving: None,
    };
    let all: Vec<_> = state.appointments.values().collect();
    let given = alternatives(&state.settings, &all, &wanted, now(), 1);
    assert_eq!(given.same_person[0].start, when(24, 9, 0), "{given:?}");
    let own = Wanted { client: Some(client_id(1)), ..wanted };
    let given = alternatives(&state.settings, &all, &own, now(), 1);
    assert_ne!(given.same_person[0].start, when(24, 9, 0), "not to who is in it already");
    for n in 2..=3 {
        ok(&mut state, &Command::Book(seat(n, Some(n))), &reception(), now());
    }
    assert_eq!(offered(&state, &search), vec![], "full");
}

#[test]
fn a_room_with_too_few_seats_is_warned_of() {
    let mut state = state();
    let mut settings = (*state.settings).clone();
    settings.rooms.get_mut(&HALL).expect("the hall").seats = 2;
    state.settings = std::sync::Arc::new(settings);
    let wanted = Wanted {
        kind: WORKSHOP,
        counsellor: DUPONT,
        second: None,
        site: MAIN,
        start: when(24, 9, 0),
        minutes: 60,
        room: None,
        client: None,
        moving: None,
    };
    let warned = |state: &OfficeState| {
        let all: Vec<_> = state.appointments.values().collect();
        let found =
            warnings(&state.settings, &all, &wanted, now()).into_iter().find(|w| w.code == "room_seats");
        found.and_then(|w| w.about)
    };
    assert_eq!(warned(&state).as_deref(), Some("collectif, 2 places"), "three seats in a room of two");
    ok(&mut state, &Command::Book(seat(0, None)), &reception(), now());
    for n in 1..=2 {
        assert_eq!(warned(&state), None, "number {n} still sits");
        ok(&mut state, &Command::Book(seat(n, Some(n))), &reception(), now());
    }
    assert!(warned(&state).is_some(), "the third stands");
}
