//! What holds after any sequence of commands, given by anybody.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::appointment::{Appointment, HistoryFact, Status};
use passerelle_domain::command::Command;
use passerelle_domain::enquiry::{Author, Enquiry, EnquiryStatus};
use passerelle_domain::event::Touched;
use passerelle_domain::pins::PinPlace;
use passerelle_domain::session::key_of;
use passerelle_domain::waiting::{WaitingEntry, WaitingStatus};
use passerelle_domain::{Event, OfficeState, decide};
use proptest::prelude::*;

use crate::random::{Happening, first, happening};
use crate::small_office::state;

/// A command as the desk gives it: a move and a step back name what is on the screen.
pub fn brought_up_to_date(state: &OfficeState, happening: &Happening) -> Command {
    let mut command = happening.command.clone();
    if let Command::Move(m) | Command::MoveSession(m) = &mut command
        && happening.up_to_date
        && let Some(a) = state.appointments.get(&m.id)
    {
        m.seen_version = a.version;
    }
    if let Command::SaveSettings { changes } = &mut command
        && happening.up_to_date
    {
        for change in changes {
            change.seen = state.settings.document(change.to.key());
        }
    }
    if let Command::Unpin { on, record } = &mut command
        && happening.up_to_date
    {
        let pins = match on {
            PinPlace::Enquiry(id) => state.enquiries.get(id).map(|e| &e.pins),
            PinPlace::Appointment(id) => state.sheets.get(id).map(|s| &s.pins),
        };
        if let Some(there) = pins.and_then(|p| p.first()) {
            record.clone_from(&there.record);
        }
    }
    if let Command::RestoreEnquiry { id, seen, .. } = &mut command
        && happening.up_to_date
        && let Some(e) = state.enquiries.get(id)
    {
        *seen = e.facts();
    }
    if let Command::WithdrawMessage { id, message } = &mut command
        && happening.up_to_date
        && let Some(e) = state.enquiries.get(id)
        && let Some(own) = e.thread.iter().rev().find(|m| matches!(m.author, Author::Staff { .. }))
    {
        *message = own.id;
    }
    command
}

/// Rule 1, as the databases keep it: nobody and no room is in two places, unless a person gave a reason. A proposal
/// whose hour has passed is in nobody's way.
fn nobody_is_in_two_places(state: &OfficeState, now: DateTime<Utc>) -> Result<(), TestCaseError> {
    let plain: Vec<_> =
        state.appointments.values().filter(|a| a.override_reason.is_none() && a.status.blocks()).collect();
    for (i, a) in plain.iter().enumerate() {
        let key = key_of(&state.settings, a);
        let session = |b: &Appointment| key.is_some() && key_of(&state.settings, b) == key;
        for b in plain[i + 1..].iter().filter(|b| a.overlaps(b)) {
            let (both, apart) = (a.counsellor_shared_with(b), !session(b));
            prop_assert!(!apart || both.is_none(), "one counsellor twice: {a:?}\n{b:?}");
            prop_assert!(!apart || a.room.is_none() || a.room != b.room, "one room twice: {a:?}\n{b:?}");
            prop_assert!(a.client.is_none() || a.client != b.client, "one client twice: {a:?}\n{b:?}");
        }
        let seats = plain.iter().filter(|b| session(b) && b.takes_seat() && b.takes_time(now)).count();
        prop_assert!(seats <= 3, "{seats} in a session of three: {a:?}");
        let planned = plain.iter().filter(|b| session(b) && !b.takes_seat()).count();
        prop_assert!(planned <= 1, "planned {planned} times: {a:?}");
        // Who is in one session is together.
        for b in plain.iter().filter(|b| session(b)) {
            let place = |a: &Appointment| (a.kind, a.counsellor, a.second, a.site, a.room, a.start, a.end);
            prop_assert_eq!(place(a), place(b), "one session in two places");
        }
    }
    Ok(())
}

/// Whatever was pinned, merged, separated and taken back: each record once, in the order of pinning, of nobody unknown,
/// and a preparation belongs to a meeting.
fn pins_are_in_order(state: &OfficeState, now: DateTime<Utc>) -> Result<(), TestCaseError> {
    for sheet in state.sheets.values() {
        prop_assert!(state.appointments.contains_key(&sheet.appointment), "of no meeting: {sheet:?}");
    }
    let lists = state.enquiries.values().map(|e| &e.pins).chain(state.sheets.values().map(|s| &s.pins));
    for pins in lists {
        let records: BTreeSet<_> = pins.iter().map(|p| &p.record).collect();
        prop_assert_eq!(records.len(), pins.len(), "one record twice: {:?}", pins);
        prop_assert!(pins.iter().all(|p| p.at <= now), "pinned in the future: {pins:?}");
        prop_assert!(pins.iter().all(|p| p.by.is_some_and(|b| state.settings.people.contains_key(&b))));
    }
    Ok(())
}

fn changed(before: &OfficeState, after: &OfficeState) -> BTreeSet<Touched> {
    fn differing<K: Ord + Copy, V: PartialEq>(a: &BTreeMap<K, V>, b: &BTreeMap<K, V>) -> Vec<K> {
        let gone = a.keys().filter(|k| !b.contains_key(*k));
        b.iter().filter(|(k, v)| a.get(*k) != Some(*v)).map(|(k, _)| k).chain(gone).copied().collect()
    }
    let mut all = BTreeSet::new();
    let meetings = |of: &OfficeState| of.appointments.iter().map(|(id, a)| (*id, a.clone())).collect();
    all.extend(differing(&meetings(before), &meetings(after)).into_iter().map(Touched::Appointment));
    all.extend(differing(&before.enquiries, &after.enquiries).into_iter().map(Touched::Enquiry));
    all.extend(differing(&before.clients, &after.clients).into_iter().map(Touched::Client));
    all.extend(differing(&before.waiting, &after.waiting).into_iter().map(Touched::Waiting));
    all.extend(differing(&before.sheets, &after.sheets).into_iter().map(Touched::Preparation));
    all
}

fn a_meeting_only_grows(
    before: &Appointment,
    after: &Appointment,
    events: &[Event],
) -> Result<(), TestCaseError> {
    prop_assert_eq!((before.id, before.kind, before.enquiry), (after.id, after.kind, after.enquiry));
    prop_assert_eq!(before.waiting, after.waiting, "the entry that it answers has changed");
    prop_assert_eq!(&after.history[..before.history.len()], &before.history[..], "the past is rewritten");
    let steps = events
        .iter()
        .filter(|e| match e {
            Event::AppointmentMoved { id, .. } | Event::AppointmentStatus { id, .. } => *id == after.id,
            _ => false,
        })
        .count();
    prop_assert_eq!(
        after.version as usize,
        before.version as usize + steps,
        "each move and step is one version"
    );
    if steps > 0 {
        prop_assert!(after.history.len() > before.history.len(), "a change without history: {after:?}");
    }
    let cancelled =
        after.history.iter().filter(|h| matches!(h.what, HistoryFact::Status { to: Status::Cancelled, .. }));
    for entry in cancelled {
        prop_assert!(
            matches!(&entry.what, HistoryFact::Status { reason: Some(r), .. } if !r.trim().is_empty()),
            "cancelled without a reason"
        );
    }
    Ok(())
}

fn what_happened(before: &OfficeState, after: &OfficeState, events: &[Event]) -> Result<(), TestCaseError> {
    let touched: BTreeSet<Touched> = events.iter().flat_map(Event::touches).collect();
    let changed = changed(before, after);
    prop_assert!(changed.is_subset(&touched), "changed {changed:?}, said {touched:?} by {events:?}");
    for (id, a) in before.appointments.iter() {
        a_meeting_only_grows(a, &after.appointments[id], events)?;
    }
    for (id, e) in &before.enquiries {
        let now = &after.enquiries[id];
        prop_assert_eq!(now.due_at, e.due_at, "a due time has changed");
        let apart = events.iter().find_map(|event| match event {
            Event::EnquirySeparated { id, from } if *from == e.id => Some(after.enquiries[id].sensitive),
            _ => None,
        });
        // What it hid for the sake of the other may be shown once that one is hidden by itself.
        prop_assert!(now.sensitive || !e.sensitive || apart == Some(true), "a hidden question is shown");
        for message in &e.thread {
            let there = |e: &Enquiry| e.thread.iter().any(|m| m.id == message.id && m.text == message.text);
            let given_back = apart.is_some() && after.enquiries.values().any(there);
            prop_assert!(there(now) || given_back, "a message is lost");
        }
    }
    for c in after.clients.values() {
        // A circle of merges would have no record that goes on.
        let end = after.client_that_goes_on(c.id);
        prop_assert!(end.is_some() || c.removed, "merged into nothing: {c:?}");
        if c.merged_into.is_some() {
            let still = after.appointments.values().any(|a| a.client == Some(c.id));
            prop_assert!(!still, "a meeting is left with a record that ended: {c:?}");
        }
    }
    for w in before.waiting.values() {
        let now = after.waiting.get(&w.id);
        prop_assert_eq!(
            now.map(|n| (n.client, n.since)),
            Some((w.client, w.since)),
            "lost, or set back: {:?}",
            w
        );
    }
    for w in after.waiting.values() {
        if let WaitingStatus::Booked { appointment } = w.status {
            let meeting = &after.appointments[&appointment];
            prop_assert!(
                meeting.status.blocks() && meeting.status != Status::Held && meeting.waiting == Some(w.id),
                "off the list for a meeting that will not take place: {w:?} {meeting:?}"
            );
        }
    }
    for e in after.enquiries.values() {
        let ids: BTreeSet<_> = e.thread.iter().map(|m| m.id).collect();
        prop_assert_eq!(ids.len(), e.thread.len(), "a message twice");
        if let EnquiryStatus::Merged { .. } = e.status {
            prop_assert!(after.enquiry_that_goes_on(e.id).is_some(), "merged into nothing: {e:?}");
        }
        if e.status == EnquiryStatus::Converted {
            prop_assert!(e.appointment.is_some(), "converted into nothing: {e:?}");
        }
        if let Some(meeting) = e.appointment {
            let meeting = &after.appointments[&meeting];
            prop_assert!(
                meeting.status.blocks() && meeting.status != Status::Held,
                "its meeting will not take place: {e:?} {meeting:?}"
            );
        }
    }
    Ok(())
}

fn one_step(
    state: &mut OfficeState,
    happening: &Happening,
    now: DateTime<Utc>,
) -> Result<bool, TestCaseError> {
    let command = brought_up_to_date(state, happening);
    let decided = decide(state, &command, &happening.actor, now);
    prop_assert_eq!(&decide(state, &command, &happening.actor, now), &decided, "decided twice, differently");
    let mut slice = command.needs().select(state);
    let narrow = decide(&slice, &command, &happening.actor, now);
    prop_assert_eq!(&narrow, &decided, "what it needs is not enough: {:?}\n{:?}", command, command.needs());
    let Ok(events) = decided else { return Ok(false) };
    let before = state.clone();
    state.evolve_all(&events);
    what_happened(&before, state, &events)?;
    nobody_is_in_two_places(state, now)?;
    pins_are_in_order(state, now)?;
    // A store changes the documents of the slice and writes those.
    slice.evolve_all(&events);
    for touched in events.iter().flat_map(Event::touches) {
        let same = match touched {
            Touched::Appointment(id) => slice.appointments.get(&id) == state.appointments.get(&id),
            Touched::Enquiry(id) => slice.enquiries.get(&id) == state.enquiries.get(&id),
            Touched::Client(id) => slice.clients.get(&id) == state.clients.get(&id),
            Touched::Setting(key) => slice.settings.document(key) == state.settings.document(key),
            Touched::Waiting(id) => slice.waiting.get(&id) == state.waiting.get(&id),
            Touched::Preparation(id) => slice.sheets.get(&id) == state.sheets.get(&id),
        };
        prop_assert!(same, "{touched:?} of {command:?} would be written otherwise than it is");
    }
    Ok(!events.is_empty())
}

/// Runs a sequence; how many of its commands changed something.
pub fn run(happenings: &[Happening]) -> Result<(OfficeState, DateTime<Utc>, usize), TestCaseError> {
    let (mut state, mut now, mut done) = (state(), first(), 0);
    for happening in happenings {
        now += Duration::minutes(happening.later_min);
        done += usize::from(one_step(&mut state, happening, now)?);
    }
    Ok((state, now, done))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_rules_hold_after_any_sequence(happenings in proptest::collection::vec(happening(), 1..60)) {
        run(&happenings)?;
    }
}

/// The sequences must not consist of refusals: a property over nothing holds.
#[test]
fn the_sequences_do_something() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    let mut statuses: BTreeSet<Status> = BTreeSet::new();
    let mut off_the_list = 0;
    let all = proptest::collection::vec(happening(), 40..60);
    for _ in 0..500 {
        let happenings = all.new_tree(&mut runner).expect("a sequence").current();
        let (mut state, mut now) = (state(), first());
        for h in &happenings {
            now += Duration::minutes(h.later_min);
            let command = brought_up_to_date(&state, h);
            if let Ok(events) = decide(&state, &command, &h.actor, now)
                && !events.is_empty()
            {
                state.evolve_all(&events);
                *kinds.entry(command.kind()).or_default() += 1;
                statuses.extend(state.appointments.values().map(|a| a.status));
            }
        }
        let booked = |w: &&WaitingEntry| matches!(w.status, WaitingStatus::Booked { .. });
        off_the_list += state.waiting.values().filter(booked).count();
    }
    assert_eq!(kinds.len(), 36, "kinds of command that were ever accepted: {kinds:?}");
    assert!(off_the_list >= 3, "entries of the waiting list that a meeting answers: {off_the_list}");
    assert!(statuses.len() >= 8, "states that meetings ever were in: {statuses:?}");
}
