//! Records of the catalogue pinned to enquiries and to preparations: who may, how often, and what survives.

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::appointment::Status;
use passerelle_domain::command::{Command, MergeClients, SetStatus};
use passerelle_domain::enquiry::EnquiryStatus;
use passerelle_domain::people::Actor;
use passerelle_domain::pins::{
    NOTE_MAX, NewPin, PINS_MAX, Pin, PinPlace, PinnedBefore, RecordKind, TITLE_MAX,
};
use passerelle_domain::{Event, OfficeState, RefusalCode as C};

use crate::small_office::{
    DUPONT, MARTIN, admin, appointment_id, at, booking, client_id, code, director, dupont, enquiry_id,
    martin, moved, ok, place, reception, state, when,
};

fn now() -> DateTime<Utc> {
    when(23, 9, 0)
}

fn new(record: &str) -> NewPin {
    NewPin {
        record: record.into(),
        kind: RecordKind::Programme,
        title: format!("Fiche {record}"),
        subtitle: Some("CAP · 2 ans".into()),
        note: None,
        again: None,
    }
}

pub fn pin(on: PinPlace, record: &str) -> Command {
    Command::Pin { on, pin: Box::new(new(record)) }
}

fn noted(on: PinPlace, record: &str, note: &str) -> Command {
    Command::Pin { on, pin: Box::new(NewPin { note: Some(note.into()), ..new(record) }) }
}

pub fn unpin(on: PinPlace, record: &str) -> Command {
    Command::Unpin { on, record: record.into() }
}

const ENQUIRY: PinPlace = PinPlace::Enquiry(enquiry_id(0));
const MEETING: PinPlace = PinPlace::Appointment(appointment_id(1));

/// A meeting with Dupont, for the client and the enquiry of number 0.
fn with_meeting() -> OfficeState {
    let mut state = state();
    ok(&mut state, &Command::Book(booking(1, DUPONT, at(26, 9, 0))), &reception(), now());
    state
}

fn records(pins: &[Pin]) -> Vec<&str> {
    pins.iter().map(|p| p.record.as_str()).collect()
}

fn of_enquiry(state: &OfficeState, n: u128) -> Vec<&str> {
    records(&state.enquiries[&enquiry_id(n)].pins)
}

fn of_meeting(state: &OfficeState) -> Vec<&str> {
    state.sheets.get(&appointment_id(1)).map_or_else(Vec::new, |s| records(&s.pins))
}

#[test]
fn a_preparation_is_the_counsellors_and_of_who_holds_the_meeting() {
    let mut state = with_meeting();
    for command in [pin(MEETING, "FOR.1"), unpin(MEETING, "FOR.1")] {
        for actor in [reception(), director(), admin(), Actor::Family, Actor::System] {
            assert_eq!(
                code(&state, &command, &actor, now()),
                C::NotAllowed,
                "{} by {actor:?}",
                command.kind()
            );
        }
    }
    let nowhere = PinPlace::Appointment(appointment_id(99));
    assert_eq!(code(&state, &pin(nowhere, "FOR.1"), &dupont(), now()), C::NotFound);
    assert_eq!(code(&state, &pin(nowhere, "FOR.1"), &reception(), now()), C::NotAllowed, "nor what there is");
    ok(&mut state, &pin(MEETING, "FOR.1"), &dupont(), now());
    ok(&mut state, &pin(MEETING, "MET.7"), &martin(), now() + Duration::minutes(1));
    assert_eq!(of_meeting(&state), ["FOR.1", "MET.7"]);
    // A director who receives prepares their own meetings.
    let own = director().person();
    if let Some(a) = state.appointments.get_mut(&appointment_id(1)) {
        a.second = own;
    }
    ok(&mut state, &unpin(MEETING, "MET.7"), &director(), now());
    assert_eq!(code(&state, &unpin(MEETING, "FOR.1"), &reception(), now()), C::NotAllowed);
}

#[test]
fn what_fits_a_sensitive_question_is_as_hidden_as_the_question() {
    let mut state = state();
    ok(&mut state, &pin(ENQUIRY, "FOR.1"), &reception(), now());
    if let Some(e) = state.enquiries.get_mut(&enquiry_id(0)) {
        e.sensitive = true;
    }
    assert_eq!(code(&state, &pin(ENQUIRY, "FOR.2"), &reception(), now()), C::NotAllowed);
    assert_eq!(code(&state, &unpin(ENQUIRY, "FOR.1"), &reception(), now()), C::NotAllowed);
    ok(&mut state, &pin(ENQUIRY, "FOR.2"), &director(), now());
    assert_eq!(of_enquiry(&state, 0), ["FOR.1", "FOR.2"]);
}

#[test]
fn pinning_twice_is_once_and_loses_no_word() {
    for on in [ENQUIRY, MEETING] {
        let mut state = with_meeting();
        ok(&mut state, &pin(on, "FOR.1"), &dupont(), now());
        assert!(ok(&mut state, &pin(on, "FOR.1"), &martin(), now()).is_empty(), "{on:?}");
        let said = noted(on, "FOR.1", " à voir avec la mère ");
        assert_eq!(ok(&mut state, &said, &martin(), now()).len(), 1, "a reason is added");
        assert!(ok(&mut state, &said, &dupont(), now()).is_empty(), "said twice");
        assert!(ok(&mut state, &pin(on, "FOR.1"), &dupont(), now()).is_empty(), "no reason takes none away");
        ok(&mut state, &noted(on, "FOR.1", "avec le père"), &dupont(), now());
        assert!(ok(&mut state, &said, &martin(), now()).is_empty(), "one of two notes, said again");
        let pins = match on {
            PinPlace::Enquiry(id) => &state.enquiries[&id].pins,
            PinPlace::Appointment(id) => &state.sheets[&id].pins,
        };
        assert_eq!(
            pins[0].note.as_deref(),
            Some("à voir avec la mère\navec le père"),
            "nobody's word is lost"
        );
        let long = noted(on, "FOR.1", &"é".repeat(NOTE_MAX - 5));
        assert_eq!(
            code(&state, &long, &dupont(), now()),
            C::InvalidFields,
            "no room for it beside the others"
        );
        ok(&mut state, &unpin(on, "FOR.1"), &martin(), now());
        assert!(ok(&mut state, &unpin(on, "FOR.1"), &martin(), now()).is_empty(), "gone is gone");
    }
}

#[test]
fn a_place_takes_forty_and_says_so() {
    for on in [ENQUIRY, MEETING] {
        let mut state = with_meeting();
        for n in 0..PINS_MAX {
            ok(&mut state, &pin(on, &format!("FOR.{n}")), &dupont(), now());
        }
        assert_eq!(code(&state, &pin(on, "FOR.900"), &dupont(), now()), C::TooManyPins);
        assert!(ok(&mut state, &pin(on, "FOR.1"), &dupont(), now()).is_empty(), "what is there stays there");
        ok(&mut state, &unpin(on, "FOR.3"), &dupont(), now());
        ok(&mut state, &pin(on, "FOR.900"), &dupont(), now());
    }
}

#[test]
fn fields_are_bounded() {
    let state = state();
    let long = |n: usize| "é".repeat(n);
    let wrong = [
        (NewPin { record: String::new(), ..new("x") }, "record", "required"),
        (NewPin { record: "FOR 1".into(), ..new("x") }, "record", "malformed"),
        (NewPin { record: long(81), ..new("x") }, "record", "too_long"),
        (NewPin { title: " ".into(), ..new("x") }, "title", "required"),
        (NewPin { title: long(TITLE_MAX + 1), ..new("x") }, "title", "too_long"),
        (NewPin { subtitle: Some(long(TITLE_MAX + 1)), ..new("x") }, "subtitle", "too_long"),
        (NewPin { note: Some(long(NOTE_MAX + 1)), ..new("x") }, "note", "too_long"),
    ];
    for (pin, field, said) in wrong {
        let command = Command::Pin { on: ENQUIRY, pin: Box::new(pin) };
        let refusal = passerelle_domain::decide(&state, &command, &dupont(), now()).expect_err(field);
        assert_eq!(refusal.code, C::InvalidFields);
        assert_eq!((refusal.fields[0].field.as_str(), refusal.fields[0].code.as_str()), (field, said));
    }
    let most = NewPin { title: long(TITLE_MAX), note: Some(long(NOTE_MAX)), ..new("x") };
    assert!(most.check().is_empty());
}

#[test]
fn a_pin_that_comes_back_stands_where_it_stood() {
    let mut state = state();
    for (n, record) in ["FOR.1", "FOR.2", "FOR.3"].into_iter().enumerate() {
        let later = now() + Duration::minutes(i64::try_from(n).expect("small"));
        ok(&mut state, &pin(ENQUIRY, record), &dupont(), later);
    }
    let whole = state.enquiries[&enquiry_id(0)].pins.clone();
    let later = now() + Duration::hours(1);
    ok(&mut state, &unpin(ENQUIRY, "FOR.2"), &martin(), later);
    let back = Command::Pin { on: ENQUIRY, pin: Box::new(whole[1].again(Some("FOR.3"))) };
    ok(&mut state, &back, &martin(), later);
    assert_eq!(state.enquiries[&enquiry_id(0)].pins, whole, "by the same person, at the same hour");
    let lie = PinnedBefore { by: Some(MARTIN), at: now() + Duration::days(9), next: None };
    let command = Command::Pin { on: ENQUIRY, pin: Box::new(NewPin { again: Some(lie), ..new("FOR.9") }) };
    ok(&mut state, &command, &dupont(), later);
    assert_eq!(state.enquiries[&enquiry_id(0)].pins[3].at, later, "nothing was pinned in the future");
}

#[test]
fn pins_of_one_second_come_back_where_they_stood_too() {
    let mut state = state();
    for record in ["FOR.3", "FOR.1", "FOR.2"] {
        ok(&mut state, &pin(ENQUIRY, record), &dupont(), now());
    }
    let first = state.enquiries[&enquiry_id(0)].pins[0].clone();
    ok(&mut state, &unpin(ENQUIRY, "FOR.3"), &dupont(), now());
    let back = |next| Command::Pin { on: ENQUIRY, pin: Box::new(first.again(next)) };
    let mut alone = state.clone();
    ok(&mut state, &back(Some("FOR.1")), &dupont(), now());
    assert_eq!(of_enquiry(&state, 0), ["FOR.3", "FOR.1", "FOR.2"]);
    // The one behind it was taken off meanwhile.
    ok(&mut alone, &unpin(ENQUIRY, "FOR.1"), &dupont(), now());
    ok(&mut alone, &back(Some("FOR.1")), &dupont(), now());
    assert_eq!(of_enquiry(&alone, 0), ["FOR.2", "FOR.3"]);
}

#[test]
fn a_merge_keeps_the_pins_of_both_and_a_separation_gives_each_its_own() {
    let mut state = state();
    let other = PinPlace::Enquiry(enquiry_id(1));
    ok(&mut state, &pin(ENQUIRY, "FOR.1"), &dupont(), now());
    ok(&mut state, &pin(other, "FOR.2"), &dupont(), now() + Duration::minutes(1));
    ok(&mut state, &pin(ENQUIRY, "FOR.3"), &dupont(), now() + Duration::minutes(2));
    ok(&mut state, &pin(other, "FOR.3"), &dupont(), now() + Duration::minutes(3));
    let later = now() + Duration::minutes(10);
    ok(&mut state, &Command::MergeEnquiry { id: enquiry_id(0), into: enquiry_id(1) }, &dupont(), later);
    assert_eq!(of_enquiry(&state, 1), ["FOR.1", "FOR.2", "FOR.3"]);
    // What is said of the one that ended is said of the one that goes on.
    let events = ok(&mut state, &pin(ENQUIRY, "FOR.4"), &dupont(), later);
    assert!(matches!(&events[..], [Event::Pinned { on, .. }] if *on == other), "{events:?}");
    ok(&mut state, &noted(other, "FOR.1", "la préférée"), &dupont(), later);
    ok(&mut state, &Command::UnmergeEnquiry { id: enquiry_id(0) }, &dupont(), later);
    assert_eq!(of_enquiry(&state, 0), ["FOR.1", "FOR.3"]);
    assert_eq!(of_enquiry(&state, 1), ["FOR.2", "FOR.3", "FOR.4"]);
    assert_eq!(state.enquiries[&enquiry_id(0)].pins[0].note.as_deref(), Some("la préférée"));
    assert_ne!(state.enquiries[&enquiry_id(0)].status, EnquiryStatus::Merged { into: enquiry_id(1) });
    // What was taken off while they were one stays off.
    ok(&mut state, &Command::MergeEnquiry { id: enquiry_id(0), into: enquiry_id(1) }, &dupont(), later);
    ok(&mut state, &unpin(other, "FOR.1"), &dupont(), later);
    ok(&mut state, &Command::UnmergeEnquiry { id: enquiry_id(0) }, &dupont(), later);
    assert_eq!(of_enquiry(&state, 0), ["FOR.3"]);
}

#[test]
fn a_preparation_stays_with_its_meeting_whatever_becomes_of_it() {
    let mut state = with_meeting();
    ok(&mut state, &pin(MEETING, "FOR.1"), &dupont(), now());
    let elsewhere = moved(&state, 1, place(MARTIN, at(27, 10, 0), 45));
    ok(&mut state, &Command::Move(elsewhere), &reception(), now());
    assert_eq!(of_meeting(&state), ["FOR.1"], "moved");
    let cancel =
        SetStatus { reason: Some("Fermeture".into()), ..SetStatus::to(appointment_id(1), Status::Cancelled) };
    ok(&mut state, &Command::SetStatus(cancel), &reception(), now());
    ok(&mut state, &pin(MEETING, "FOR.2"), &martin(), now());
    assert_eq!(of_meeting(&state), ["FOR.1", "FOR.2"], "cancelled");
    let (id, into) = (client_id(0), client_id(1));
    ok(&mut state, &Command::MergeClients(MergeClients { id, into, take: Vec::new() }), &reception(), now());
    assert_eq!(of_meeting(&state), ["FOR.1", "FOR.2"], "its client is another record");
}
