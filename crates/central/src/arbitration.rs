//! Arbitration: central decides a command with the same function as the desk, inside the transaction that writes it.
//!
//! In order, under the lock of the office's feed, those of one request in one transaction: what two desks ask for at the same
//! moment is decided one after the other, the numbers of the feed have no gap, and a verdict exists if and only if its effect
//! does. Whatever the rules let through by mistake, the database itself refuses; that comes back as an ordinary
//! refusal too.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::{self, Wanted};
use passerelle_domain::client::FieldError;
use passerelle_domain::command::{Book, Move, Needs};
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{DeskId, PersonId};
use passerelle_domain::office::{OfficeSettings, instant};
use passerelle_domain::people::Actor;
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::{Command, OfficeState, Refusal, RefusalCode, decide};
use passerelle_protocol::sync::{Envelope, MAX_COMMAND, Verdict};

use crate::leases::Leases;
use crate::store::{self, Feed, Reading, StoreError, Tx, Writing};

/// How many free places a refusal names.
const ALTERNATIVES: usize = 3;

/// The kinds of command that this build decides; any other is held.
pub const KINDS: [&str; 36] = [
    "appointment.book",
    "appointment.hold",
    "appointment.move",
    "session.move",
    "session.cancel",
    "appointment.set_status",
    "appointment.set_companions",
    "enquiry.receive",
    "enquiry.open",
    "enquiry.append",
    "enquiry.claim",
    "enquiry.release",
    "enquiry.answer",
    "enquiry.note",
    "enquiry.close",
    "enquiry.reopen",
    "enquiry.snooze",
    "enquiry.merge",
    "enquiry.identify",
    "enquiry.unmerge",
    "enquiry.withdraw",
    "enquiry.restore",
    "client.create",
    "client.update",
    "client.merge",
    "client.unmerge",
    "client.remove",
    "settings.save",
    "waiting.add",
    "waiting.update",
    "waiting.call",
    "waiting.uncall",
    "waiting.close",
    "waiting.reopen",
    "catalogue.pin",
    "catalogue.unpin",
];

/// What an envelope holds.
#[derive(Debug)]
pub enum Read {
    /// A command that this build knows.
    Command(Box<Command>),
    /// A newer one: kept until this central understands it.
    Newer,
    /// One that no version could understand.
    Refused(Refusal),
}

/// Reads the command of an envelope.
#[must_use]
pub fn read(envelope: &Envelope) -> Read {
    let refused = |code: &str| {
        let fields = vec![FieldError { field: "args".into(), code: code.into() }];
        Read::Refused(Refusal { fields, ..Refusal::new(RefusalCode::InvalidFields) })
    };
    // Refused, not answered with 413: an error of the whole request would block the queue behind it for ever.
    if length(&envelope.command) > MAX_COMMAND {
        return refused("too_long");
    }
    match envelope.parse() {
        Ok(command) => Read::Command(Box::new(command)),
        Err(_) => {
            let kind = envelope.command.get("kind").and_then(serde_json::Value::as_str);
            match kind {
                Some(kind) if KINDS.contains(&kind) && envelope.v <= passerelle_protocol::VERSION => {
                    refused("malformed")
                }
                Some(_) => Read::Newer,
                None => refused("malformed"),
            }
        }
    }
}

/// Bytes of a value as JSON; more than any bound where it cannot be written.
fn length(value: &serde_json::Value) -> usize {
    struct Count(usize);
    impl std::io::Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut count = Count(0);
    serde_json::to_writer(&mut count, value).map_or(usize::MAX, |()| count.0)
}

/// What an envelope holds once it is known what became of the commands that it depends on.
#[must_use]
pub fn after<'v>(depends: impl IntoIterator<Item = Option<&'v Verdict>>, read: Read) -> Read {
    let mut waits = false;
    for verdict in depends {
        match verdict {
            Some(Verdict::Refused { .. }) => return Read::Refused(RefusalCode::DependencyRefused.into()),
            Some(Verdict::Held) => waits = true,
            // One that was never seen is left to the rules: they look at the state, not at its history.
            Some(Verdict::Accepted { .. }) | None => {}
        }
    }
    match read {
        Read::Command(_) if waits => Read::Newer,
        read => read,
    }
}

/// Who gives the command: an active member of this office's staff, with the role that central knows.
#[must_use]
pub fn staff(settings: &OfficeSettings, person: PersonId, desk: DeskId) -> Option<Actor> {
    let role = settings.people.get(&person).filter(|p| p.active)?.role;
    Some(Actor::Staff { person, role, desk })
}

/// Decides one command and writes what it changes. The caller holds the feed's lock, saves the feed and commits.
///
/// A refusal leaves nothing behind, whether the rules or the database said it.
///
/// # Errors
/// [`StoreError`] when the database cannot do its work; then nothing may be committed.
pub async fn execute(
    conn: &mut Tx,
    feed: &mut Feed,
    settings: &Arc<OfficeSettings>,
    command: &Command,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Result<(), Refusal>, StoreError> {
    let state = store::load_state(conn, feed.scope(), Arc::clone(settings), &command.needs()).await?;
    // Not a desk's: it asks nobody, and is offered nothing that a desk holds.
    Ok(match execute_over(conn, feed, state, command, actor, &mut Leases::default(), now).await? {
        Done::Accepted => Ok(()),
        Done::Refused(refusal) => Err(refusal),
        Done::Waits => Err(RefusalCode::SlotLeased.into()),
    })
}

/// What became of a desk's command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// Carried out.
    Accepted,
    /// Not done.
    Refused(Refusal),
    /// Another desk holds the half-day, and is asked for it: decided when it has answered.
    Waits,
}

/// The desk that a command comes from.
const fn desk_of(actor: &Actor) -> Option<DeskId> {
    match actor {
        Actor::Staff { desk, .. } => Some(*desk),
        Actor::Family | Actor::System => None,
    }
}

/// As [`execute`], over a state that was loaded before: what the simulator shows to be wrong when the lock came later.
pub(crate) async fn execute_over(
    conn: &mut Tx,
    feed: &mut Feed,
    mut state: OfficeState,
    command: &Command,
    actor: &Actor,
    leases: &mut Leases,
    now: DateTime<Utc>,
) -> Result<Done, StoreError> {
    let desk = desk_of(actor);
    let refused = match decide(&state, command, actor, now) {
        Ok(events) => match leases.let_pass(conn, feed, desk, &state, &events, now).await? {
            Ok(true) => Ok(events),
            Ok(false) => return Ok(Done::Waits),
            Err(code) => Err(code.into()),
        },
        Err(refusal) => Err(refusal),
    };
    let events = match refused {
        Ok(events) => events,
        Err(refusal) => {
            let refusal =
                with_alternatives(conn, feed, &state, command, refusal, (leases, desk), now).await?;
            return Ok(Done::Refused(refusal));
        }
    };
    let mut touched: Vec<Touched> = Vec::new();
    for event in &events {
        for one in event.touches() {
            if !touched.contains(&one) {
                touched.push(one);
            }
        }
        state.evolve(event);
    }
    let before = (feed.head(), feed.settings(), feed.touched());
    // A savepoint: when a trigger refuses the second of two documents, the first must go too, but not the verdict.
    conn.savepoint().await?;
    match store::write_touched(conn, feed, &state, &touched).await {
        Ok(()) => {
            conn.keep().await?;
            Ok(Done::Accepted)
        }
        Err(StoreError::Overlap(overlap)) => {
            conn.back().await?;
            feed.rewind(before.0, before.1, before.2);
            let refusal = Refusal::new(overlap.code());
            let refusal =
                with_alternatives(conn, feed, &state, command, refusal, (leases, desk), now).await?;
            Ok(Done::Refused(refusal))
        }
        Err(error) => Err(error),
    }
}

/// Decides one command over what was read of its office, and holds back what it changes. The caller holds the feed's lock,
/// writes what is held back, saves the feed and commits.
///
/// # Errors
/// [`StoreError`] when the database cannot do its work; then nothing may be committed.
pub async fn hold_back(
    tx: &mut Tx,
    reading: &mut Reading,
    writing: &mut Writing,
    feed: &mut Feed,
    (command, actor): (&Command, &Actor),
    leases: &mut Leases,
    now: DateTime<Utc>,
) -> Result<Done, StoreError> {
    let needs = command.needs();
    reading.load(tx, &needs).await?;
    let state = reading.slice(&needs);
    let desk = desk_of(actor);
    let mut refusal = match decide(&state, command, actor, now) {
        Ok(events) => match leases.let_pass(tx, feed, desk, &state, &events, now).await? {
            Ok(true) => {
                writing.take(reading, feed, &events)?;
                return Ok(Done::Accepted);
            }
            Ok(false) => return Ok(Done::Waits),
            Err(code) => code.into(),
        },
        Err(refusal) => refusal,
    };
    if refusal.code.wants_alternatives()
        && let Some(wanted) = wanted(&state, command)
    {
        let (first, last) = availability::alternatives_days(&state.settings, wanted.start, now);
        let window = availability::days_to_load(first, last);
        let near = Needs { window: Some(window), ..Needs::default() };
        reading.load(tx, &near).await?;
        let state = reading.slice(&near);
        let appointments: Vec<_> = state.appointments.values().collect();
        refusal.alternatives = free_instead(&state.settings, &appointments, &wanted, (leases, desk), now);
    }
    Ok(Done::Refused(refusal))
}

/// What is free instead for this desk: nothing that another one holds.
fn free_instead(
    settings: &Arc<OfficeSettings>,
    appointments: &[&Appointment],
    wanted: &Wanted,
    (leases, desk): (&Leases, Option<DeskId>),
    now: DateTime<Utc>,
) -> Vec<FreeSlot> {
    let closed = leases.closed(settings, desk, now);
    let mut free =
        availability::alternatives(&closed, appointments, wanted, now, ALTERNATIVES).first(2 * ALTERNATIVES);
    free.retain(|slot| !leases.keeps(settings, desk, slot, now));
    free.truncate(ALTERNATIVES);
    free
}

/// Adds what is free instead, when that is the right thing to offer.
async fn with_alternatives(
    conn: &mut Tx,
    feed: &Feed,
    state: &OfficeState,
    command: &Command,
    mut refusal: Refusal,
    leases: (&Leases, Option<DeskId>),
    now: DateTime<Utc>,
) -> Result<Refusal, StoreError> {
    if refusal.code.wants_alternatives()
        && let Some(wanted) = wanted(state, command)
    {
        refusal.alternatives =
            alternatives(conn, feed.scope(), &state.settings, &wanted, leases, now).await?;
    }
    Ok(refusal)
}

/// The place that a command asks for; `None` when it asks for none.
fn wanted(state: &OfficeState, command: &Command) -> Option<Wanted> {
    match command {
        Command::Book(Book { kind, place, client, .. }) | Command::Hold(Book { kind, place, client, .. }) => {
            Some(Wanted {
                kind: *kind,
                counsellor: place.counsellor,
                second: place.second,
                site: place.site,
                start: nearby_instant(place.start, place.zone),
                minutes: place.minutes,
                room: place.room,
                client: *client,
                moving: None,
            })
        }
        Command::Move(Move { id, place, .. }) | Command::MoveSession(Move { id, place, .. }) => {
            let current = state.appointments.get(id)?;
            Some(Wanted {
                kind: current.kind,
                counsellor: place.counsellor,
                second: place.second,
                site: place.site,
                start: nearby_instant(place.start, place.zone),
                minutes: place.minutes,
                room: place.room,
                client: current.client,
                moving: Some(*id),
            })
        }
        Command::SetStatus(s) => {
            let current = state.appointments.get(&s.id)?;
            Some(Wanted {
                kind: current.kind,
                counsellor: current.counsellor,
                second: current.second,
                site: current.site,
                start: current.start,
                minutes: u32::try_from(current.minutes()).ok()?,
                room: current.room,
                client: s.client.or(current.client),
                moving: Some(s.id),
            })
        }
        _ => None,
    }
}

/// The instant of a civil time; when the clock skips it, an hour later.
fn nearby_instant(start: chrono::NaiveDateTime, zone: chrono_tz::Tz) -> DateTime<Utc> {
    instant(start, zone)
        .or_else(|_| instant(start + Duration::hours(1), zone))
        .unwrap_or_else(|_| start.and_utc())
}

async fn alternatives(
    conn: &mut Tx,
    scope: &str,
    settings: &Arc<OfficeSettings>,
    wanted: &Wanted,
    leases: (&Leases, Option<DeskId>),
    now: DateTime<Utc>,
) -> Result<Vec<FreeSlot>, StoreError> {
    let (first, last) = availability::alternatives_days(settings, wanted.start, now);
    let (from, to) = availability::days_to_load(first, last);
    let wide = store::agenda_state(conn, scope, Arc::clone(settings), from, to).await?;
    let appointments: Vec<_> = wide.appointments.values().collect();
    Ok(free_instead(settings, &appointments, wanted, leases, now))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn envelope(command: serde_json::Value, v: u32) -> Envelope {
        let id = uuid::Uuid::from_u128(1);
        Envelope {
            id: id.into(),
            seq: 1,
            v,
            actor: id.into(),
            at: DateTime::UNIX_EPOCH,
            depends: Vec::new(),
            lease: None,
            command,
            vouch: None,
        }
    }

    #[test]
    fn the_list_of_kinds_is_that_of_the_commands() {
        let unknown = serde_json::from_value::<Command>(json!({"kind": "?", "args": {}}));
        let said = unknown.expect_err("an unknown kind").to_string();
        let known: Vec<&str> = said.split('`').skip(3).step_by(2).collect();
        assert_eq!(known, KINDS, "serde names the kinds that it expected: {said}");
    }

    #[test]
    fn a_newer_command_is_held_and_a_malformed_one_refused() {
        let newer = read(&envelope(json!({"kind": "appointment.teleport", "args": {}}), 1));
        assert!(matches!(newer, Read::Newer), "{newer:?}");
        let newer = read(&envelope(json!({"kind": "enquiry.close", "args": {"ids": []}}), 2));
        assert!(matches!(newer, Read::Newer), "a newer form of a known kind: {newer:?}");
        for bad in [
            json!({"kind": "enquiry.close", "args": {"ids": []}}),
            json!({"args": {}}),
            json!({"kind": "enquiry.note", "args": {"text": "x".repeat(MAX_COMMAND)}}),
        ] {
            let read = read(&envelope(bad, 1));
            assert!(
                matches!(&read, Read::Refused(r) if r.code == RefusalCode::InvalidFields),
                "expected a refusal, got {read:?}"
            );
        }
    }
}
