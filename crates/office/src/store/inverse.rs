//! The table of steps back: for every command, the commands that undo it.
//!
//! Nothing is rewritten: what comes back is decided by the rules like any other command, here and by central, and each
//! carries what it expects to find, so that it is refused once somebody has gone on from there. What cannot come back
//! as it was comes back as its like: a proposal that was declined is proposed again under another id.

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::{Appointment, SeenMeeting, Status};
use passerelle_domain::command::{Book, ClientUpdate, Command, MergeClients, Move, Place, SetStatus};
use passerelle_domain::enquiry::{Enquiry, EnquiryFacts, EnquiryStatus};
use passerelle_domain::ids::{AppointmentId, EnquiryId};
use passerelle_domain::pins::{Pin, PinPlace};
use passerelle_domain::session;
use passerelle_domain::settings::Change;
use passerelle_domain::waiting::{CloseReason, WaitingStatus};
use passerelle_domain::{OfficeState, decide};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::execute::Step;

/// Reason written into the history of what was taken back.
const TAKEN_BACK: &str = "Saisie annulée";

/// One command of the way back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Back {
    /// What is done.
    pub command: Command,
    /// A consequence that may no longer be possible without keeping the rest from being taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

impl From<Command> for Back {
    fn from(command: Command) -> Self {
        Self { command, optional: false }
    }
}

/// The way back being laid out: what each command of it will find.
struct Way<'a> {
    work: OfficeState,
    step: &'a Step,
    backs: Vec<Back>,
}

impl Way<'_> {
    /// Adds a command and imagines it done. Whether it is possible is decided when it is given: rights depend on the hour.
    fn then(&mut self, command: Command) {
        if let Ok(events) = decide(&self.work, &command, &self.step.actor, self.step.now) {
            self.work.evolve_all(&events);
        }
        self.backs.push(command.into());
    }

    fn perhaps(&mut self, command: Command) {
        self.backs.push(Back { command, optional: true });
    }

    /// Enquiries stand where they stood. A meeting that is given back leaves its enquiry with its owner, who may not have
    /// been the one before.
    fn enquiries_of(&mut self, before: &OfficeState) {
        let differing: Vec<(EnquiryId, EnquiryFacts, EnquiryFacts)> = before
            .enquiries
            .values()
            .filter_map(|was| {
                let now = self.work.enquiries.get(&was.id)?;
                let merged = |e: &Enquiry| matches!(e.status, EnquiryStatus::Merged { .. });
                let stands = |e: &Enquiry| (e.status.clone(), e.owner, e.client);
                let differs = stands(was) != stands(now) && !merged(was) && !merged(now);
                differs.then(|| (was.id, now.facts(), was.facts()))
            })
            .collect();
        for (id, seen, to) in differing {
            self.then(Command::RestoreEnquiry { id, seen, to });
        }
    }

    /// What was proposed to the same family beside, and fell away with this step, is proposed again.
    fn proposals_of(&mut self, before: &OfficeState, but: AppointmentId) {
        let fallen: Vec<&Appointment> = before
            .appointments
            .values()
            .filter(|a| a.id != but && a.status == Status::Held)
            .filter(|a| self.work.appointments.get(&a.id).is_some_and(|now| now.status == Status::Declined))
            .collect();
        for a in fallen {
            self.perhaps(propose_again(before, a));
        }
    }
}

/// The place of a meeting, in the civil time of its site.
fn place_of(a: &Appointment) -> Place {
    Place {
        counsellor: a.counsellor,
        second: a.second,
        site: a.site,
        room: a.room,
        start: a.start.with_timezone(&a.zone).naive_local(),
        zone: a.zone,
        minutes: u32::try_from(a.minutes()).unwrap_or(0),
    }
}

/// The same proposal once more: same place, same family, same hour at which it ends.
fn propose_again(state: &OfficeState, a: &Appointment) -> Command {
    let enquiry = a.enquiry.map(|id| state.enquiry_that_goes_on(id).map_or(id, |e| e.id));
    Command::Hold(Book {
        id: AppointmentId(Uuid::now_v7()),
        kind: a.kind,
        place: place_of(a),
        client: a.client,
        companions: a.companions.clone(),
        enquiry,
        waiting: a.waiting,
        held_until: a.held_until,
        override_reason: a.override_reason.clone(),
    })
}

/// The steps of the machine from one state to another: through `booked` where there is no direct one.
fn steps(from: Status, to: Status) -> Vec<Status> {
    use Status::{Arrived, Attended, Booked, Cancelled, Excused, NoShow};
    let direct = matches!(
        (from, to),
        (Booked, Arrived | Attended | NoShow | Excused | Cancelled)
            | (Arrived, Attended | Booked | Cancelled)
            | (Excused | Cancelled, Booked)
            | (NoShow, Booked | Arrived | Attended | Excused)
            | (Attended, Booked | Arrived | NoShow)
    );
    if direct { vec![to] } else { vec![Booked, to] }
}

/// The commands that undo one, in the order in which they are given. `None`: it is nobody's at a desk to take back (what
/// central or a family gave), or it is itself a way back. `beside`: it was not alone in its step.
pub(super) fn inverse_of(
    command: &Command,
    before: &OfficeState,
    after: &OfficeState,
    step: &Step,
    beside: bool,
) -> Option<Vec<Back>> {
    let mut way = Way { work: after.clone(), step, backs: Vec::new() };
    match command {
        Command::Book(b) | Command::Hold(b) => {
            let made = after.appointments.get(&b.id)?;
            way.then(cancel(made, None));
            way.proposals_of(before, b.id);
            way.enquiries_of(before);
        }
        Command::Move(m) | Command::MoveSession(m) => {
            let (old, new) = (before.appointments.get(&m.id)?, after.appointments.get(&m.id)?);
            let back = Move {
                id: m.id,
                place: place_of(old),
                seen_version: new.version,
                override_reason: old.override_reason.clone(),
                seen: Some(new.seen()),
            };
            way.then(match command {
                Command::Move(_) => Command::Move(back),
                _ => Command::MoveSession(back),
            });
        }
        Command::CancelSession { id, .. } => session_back(&mut way, *id, before, after)?,
        Command::SetStatus(s) => status_back(&mut way, s, before, after)?,
        Command::SetCompanions { id, .. } => {
            let companions = before.appointments.get(id)?.companions.clone();
            let seen = Some(after.appointments.get(id)?.companions.clone());
            way.then(Command::SetCompanions { id: *id, companions, seen });
        }
        Command::ClaimEnquiry { .. }
        | Command::ReleaseEnquiry { .. }
        | Command::CloseEnquiry { .. }
        | Command::ReopenEnquiry { .. }
        | Command::SnoozeEnquiry { .. }
        | Command::IdentifyClient { .. } => way.enquiries_of(before),
        Command::OpenEnquiry(e) => {
            // It stays to be read, as done: nobody has to answer it.
            let seen = after.enquiries.get(&e.id)?.facts();
            let to = EnquiryFacts { status: EnquiryStatus::Closed, ..seen.clone() };
            way.then(Command::RestoreEnquiry { id: e.id, seen, to });
        }
        Command::AnswerEnquiry(a) => {
            way.then(Command::WithdrawMessage { id: a.id, message: a.message });
            way.enquiries_of(before);
        }
        Command::NoteEnquiry { id, message, .. } => {
            way.then(Command::WithdrawMessage { id: *id, message: *message });
        }
        Command::MergeEnquiry { id, .. } => way.then(Command::UnmergeEnquiry { id: *id }),
        Command::UnmergeEnquiry { id } => {
            let EnquiryStatus::Merged { into } = before.enquiries.get(id)?.status else { return None };
            way.then(Command::MergeEnquiry { id: *id, into });
        }
        Command::RestoreEnquiry { id, seen, to } => {
            way.then(Command::RestoreEnquiry { id: *id, seen: to.clone(), to: seen.clone() });
        }
        // With a booking or an enquiry made in the same step: gone too, unless somebody refers to it since.
        Command::CreateClient(c) if beside || step.commands.len() > 1 => {
            way.perhaps(Command::RemoveClient { id: c.id });
        }
        Command::CreateClient(c) => way.then(Command::RemoveClient { id: c.id }),
        Command::UpdateClient(u) => {
            let (old, new) = (before.clients.get(&u.client.id)?, after.clients.get(&u.client.id)?);
            way.then(Command::UpdateClient(Box::new(ClientUpdate {
                client: old.clone(),
                seen: Some(Box::new(new.clone())),
                unless_touched: true,
            })));
        }
        Command::MergeClients(m) => way.then(Command::UnmergeClient { id: m.id }),
        Command::UnmergeClient { id } => {
            let ended = before.clients.get(id)?;
            let (into, take) = (ended.merged_into?, ended.merge.as_ref()?.take.clone());
            way.then(Command::MergeClients(MergeClients { id: *id, into, take }));
        }
        Command::SaveSettings { changes } => {
            let changed = |c: &&Change| before.settings.document(c.to.key()).as_ref() != Some(&c.to);
            let changes = changes.iter().rev().filter(changed).map(Change::inverse).collect();
            way.then(Command::SaveSettings { changes });
        }
        Command::AddWaiting(w) => {
            way.then(Command::CloseWaiting { id: w.id, reason: CloseReason::Mistake });
        }
        Command::UpdateWaiting { id, .. } => {
            let wish = Box::new(before.waiting.get(id)?.wish.clone());
            way.then(Command::UpdateWaiting { id: *id, wish });
        }
        Command::CallWaiting { id, call } => {
            way.then(Command::UncallWaiting { id: *id, call: call.call });
        }
        Command::CloseWaiting { id, .. } => way.then(Command::ReopenWaiting { id: *id }),
        Command::ReopenWaiting { id } => {
            let WaitingStatus::Closed { reason } = before.waiting.get(id)?.status else { return None };
            way.then(Command::CloseWaiting { id: *id, reason });
        }
        Command::Pin { on, pin } => {
            way.then(Command::Unpin { on: *on, record: pin.record.clone() });
            // It was there and only got its note.
            if let Some((old, next)) = pin_of(before, *on, &pin.record) {
                way.then(Command::Pin { on: *on, pin: Box::new(old.again(next)) });
            }
        }
        Command::Unpin { on, record } => {
            let (old, next) = pin_of(before, *on, record)?;
            way.then(Command::Pin { on: *on, pin: Box::new(old.again(next)) });
        }
        Command::UncallWaiting { .. }
        | Command::WithdrawMessage { .. }
        | Command::RemoveClient { .. }
        | Command::AppendMessage { .. }
        | Command::ReceiveEnquiry(_) => return None,
    }
    Some(way.backs)
}

/// The pin of a record and the record behind it, in the enquiry that goes on when that one was merged.
fn pin_of<'s>(state: &'s OfficeState, on: PinPlace, record: &str) -> Option<(&'s Pin, Option<&'s str>)> {
    let pins = match on {
        PinPlace::Enquiry(id) => &state.enquiry_that_goes_on(id)?.pins,
        PinPlace::Appointment(id) => &state.sheets.get(&id)?.pins,
    };
    let at = pins.iter().position(|p| p.record == record)?;
    Some((pins.get(at)?, pins.get(at + 1).map(|p| p.record.as_str())))
}

fn cancel(a: &Appointment, seen: Option<SeenMeeting>) -> Command {
    let reason = Some(TAKEN_BACK.to_owned());
    let seen = Some(seen.unwrap_or_else(|| a.seen()));
    Command::SetStatus(SetStatus { reason, seen, ..SetStatus::to(a.id, Status::Cancelled) })
}

/// The way back of a mark, of an acceptance, of an end.
fn status_back(way: &mut Way<'_>, s: &SetStatus, before: &OfficeState, after: &OfficeState) -> Option<()> {
    let (old, new) = (before.appointments.get(&s.id)?, after.appointments.get(&s.id)?);
    if old.status == Status::Held {
        // A proposal does not come back to life; the same place is proposed again.
        if new.status == Status::Booked {
            way.then(cancel(new, None));
            way.proposals_of(before, s.id);
            way.perhaps(propose_again(before, old));
        } else {
            way.backs.push(propose_again(before, old).into());
        }
    } else {
        let mut seen = new.seen();
        for to in steps(new.status, old.status) {
            let came = old.arrived_at.filter(|_| matches!(to, Status::Arrived | Status::Attended));
            way.then(Command::SetStatus(SetStatus {
                reason: Some(TAKEN_BACK.to_owned()),
                seen: Some(seen.clone()),
                arrived_at: came,
                ..SetStatus::to(s.id, to)
            }));
            seen.status = to;
        }
        way.proposals_of(before, s.id);
    }
    way.enquiries_of(before);
    Some(())
}

/// A cancelled group session as it was: the session itself first, then everybody in it; what was proposed in it is
/// proposed again.
fn session_back(
    way: &mut Way<'_>,
    id: AppointmentId,
    before: &OfficeState,
    after: &OfficeState,
) -> Option<()> {
    let key = session::key_of(&before.settings, before.appointments.get(&id)?)?;
    let ended = |a: &&Appointment| after.appointments.get(&a.id).is_some_and(|b| b.status != a.status);
    let mut members: Vec<&Appointment> = session::members(before, &key).filter(ended).collect();
    members.sort_by_key(|a| (a.takes_seat(), a.id));
    for old in members {
        if old.status == Status::Held {
            way.perhaps(propose_again(before, old));
            continue;
        }
        let mut seen = after.appointments.get(&old.id)?.seen();
        for to in steps(seen.status, old.status) {
            way.then(Command::SetStatus(SetStatus {
                reason: Some(TAKEN_BACK.to_owned()),
                seen: Some(seen.clone()),
                arrived_at: old.arrived_at.filter(|_| to == Status::Arrived),
                ..SetStatus::to(old.id, to)
            }));
            seen.status = to;
        }
    }
    way.enquiries_of(before);
    Some(())
}

/// Makes the commands of a way back current: new ids for what is proposed again, the present version of what is moved.
/// `None` for a proposal that has run out meanwhile and need not come back.
pub(super) fn current(back: &Back, state: &OfficeState, now: DateTime<Utc>) -> Option<Command> {
    let mut command = back.command.clone();
    match &mut command {
        Command::Move(m) | Command::MoveSession(m) => {
            if let Some(a) = state.appointments.get(&m.id) {
                m.seen_version = a.version;
            }
        }
        Command::Hold(b) => {
            if back.optional && b.held_until.is_some_and(|until| until <= now) {
                return None;
            }
            b.id = AppointmentId(Uuid::now_v7());
        }
        _ => {}
    }
    Some(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_of_the_machine_has_its_way_back() {
        use Status::{Arrived, Attended, Booked, Cancelled, Excused, NoShow};
        let there = [
            (Booked, Arrived),
            (Booked, Attended),
            (Booked, NoShow),
            (Booked, Excused),
            (Booked, Cancelled),
            (Arrived, Attended),
            (Arrived, Booked),
            (Arrived, Cancelled),
            (Excused, Booked),
            (Cancelled, Booked),
            (NoShow, Booked),
            (Attended, Booked),
            (NoShow, Arrived),
            (NoShow, Attended),
            (NoShow, Excused),
            (Attended, Arrived),
            (Attended, NoShow),
        ];
        for (from, to) in there {
            let way = steps(to, from);
            assert_eq!(way.last(), Some(&from), "{to:?} back to {from:?}");
            let mut at = to;
            for next in way {
                assert!(there.contains(&(at, next)), "{at:?} to {next:?} is no step of the machine");
                at = next;
            }
        }
    }
}
