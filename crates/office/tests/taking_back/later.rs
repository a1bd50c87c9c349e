//! Steps that are no longer the last: taken back while nothing stands on them, refused with why otherwise; after a
//! restart too.

use chrono::Duration;
use passerelle_domain::appointment::Status;
use passerelle_domain::command::{Command, Move, SetStatus};
use passerelle_domain::{Refusal, RefusalCode as C};
use passerelle_office::store::{ExecuteError, UndoState};

use super::Office;

fn refused(outcome: Result<bool, ExecuteError>) -> Refusal {
    match outcome {
        Err(ExecuteError::Refused(refusal)) => refusal,
        other => panic!("should be refused: {other:?}"),
    }
}

#[tokio::test]
async fn an_older_step_is_taken_back_while_nothing_stands_on_it() {
    let office = Office::open().await;
    let now = office.now();
    let (one, two) = (office.book(1), office.book(2));
    let first = office.give(vec![Command::Book(one.clone())], now).await.commands[0].to_string();
    let second = office.give(vec![Command::Book(two)], now).await.commands[0].to_string();
    assert!(
        office.undo(Some(&first), now).await.expect("taken back"),
        "the second booking is none of its business"
    );
    let states: Vec<_> = office.history(now).await.into_iter().map(|r| (r.id, r.state)).collect();
    assert_eq!(states, [(second, UndoState::Ready), (first, UndoState::Undone)]);
    let meeting = office.desk.store().appointment(one.id).await.expect("the database").expect("it stays");
    assert_eq!(meeting.status, Status::Cancelled);
}

#[tokio::test]
async fn what_came_later_stands_in_the_way_and_is_said() {
    let office = Office::open().await;
    let now = office.now();
    let book = office.book(1);
    let id = book.id;
    let booked = office.give(vec![Command::Book(book)], now).await.commands[0].to_string();
    let elsewhere = Move { id, place: office.place(2), seen_version: 1, override_reason: None, seen: None };
    let moved = office.give(vec![Command::Move(elsewhere)], now).await.commands[0].to_string();
    let refusal = refused(office.undo(Some(&booked), now).await);
    assert_eq!((refusal.code, refusal.with), (C::StaleRev, Some(id)), "it was moved since");
    let history = office.history(now).await;
    assert!(matches!(&history[1].state, UndoState::Blocked(r) if r.code == C::StaleRev), "{history:?}");
    // One after the other, the last first, all can be taken back.
    assert!(office.undo(Some(&moved), now).await.expect("the move"));
    assert!(office.undo(Some(&booked), now).await.expect("then the booking"));
}

#[tokio::test]
async fn a_place_that_somebody_else_took_does_not_come_back() {
    let office = Office::open().await;
    let now = office.now();
    let (book, taker) = (office.book(1), office.book(1));
    let id = book.id;
    office.give(vec![Command::Book(book)], now).await;
    let cancel = SetStatus { reason: Some("Grève".into()), ..SetStatus::to(id, Status::Cancelled) };
    let cancelled = office.give(vec![Command::SetStatus(cancel)], now).await.commands[0].to_string();
    let taker = passerelle_domain::command::Book { client: Some(office.clients[5]), ..taker };
    office.give(vec![Command::Book(taker)], now).await;
    let refusal = refused(office.undo(Some(&cancelled), now).await);
    assert_eq!(refusal.code, C::SlotTaken);
    let states: Vec<_> = office.history(now).await.into_iter().map(|r| r.state).collect();
    assert!(matches!(&states[1], UndoState::Blocked(r) if r.code == C::SlotTaken), "{states:?}");
}

#[tokio::test]
async fn a_proposal_that_has_run_out_does_not_come_back() {
    let office = Office::open().await;
    let now = office.now();
    let until = now + Duration::hours(2);
    let held = passerelle_domain::command::Book { held_until: Some(until), ..office.book(1) };
    let id = held.id;
    office.give(vec![Command::Hold(held)], now).await;
    office.give(vec![Command::SetStatus(SetStatus::to(id, Status::Declined))], now).await;
    let refusal = refused(office.undo(None, until + Duration::minutes(1)).await);
    assert_eq!(refusal.code, C::TooLate);
    assert!(office.undo(None, now).await.expect("while its hour is ahead"));
}

#[tokio::test]
async fn the_history_survives_a_restart() {
    let office = Office::open().await;
    let now = office.now();
    let book = office.book(1);
    let id = book.id;
    office.give(vec![Command::Book(book)], now).await;
    let profile = office.desk.profile().to_owned();
    office.desk.store().close().await;
    let clock = passerelle_office::clock::Clock::starting_at(now);
    let again = passerelle_office::desk::Desk::open(&profile, clock).await.expect("the profile opens");
    let step = passerelle_office::store::Step {
        actor: office.actor.clone(),
        now,
        commands: Vec::new(),
        undoable: false,
    };
    let (_, row) = again.store().undo(&step, None).await.expect("no refusal").expect("a step");
    assert_eq!((row.kind.as_str(), row.about.start), ("appointment.book", Some(office.start(1))));
    assert!(row.about.who.is_some() && row.about.counsellor.is_some(), "its label: {:?}", row.about);
    let meeting = again.store().appointment(id).await.expect("the database").expect("it stays");
    assert_eq!(meeting.status, Status::Cancelled);
}
