//! What a command needs to see before it can be decided: the slice of an office that a store loads.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};

use crate::appointment::{Appointment, Status};
use crate::command::{Command, Place};
use crate::enquiry::EnquiryStatus;
use crate::ids::{AppointmentId, ClientId, EnquiryId, WaitingId};
use crate::meetings::Meetings;
use crate::office::{OfficeSettings, instant};
use crate::pins::PinPlace;
use crate::session;
use crate::state::OfficeState;
use crate::waiting::{WaitingEntry, WaitingStatus};

/// What a command needs to see before it can be decided. The store loads this, or more; [`Needs::select`] says it
/// exactly, and a decision over it is the decision over the whole office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// These appointments, each with the enquiry and the entry of the waiting list that it answers.
    pub appointments: Vec<AppointmentId>,
    /// These enquiries. For each enquiry that is loaded, this way or the other, and that was merged: the one that it
    /// was merged into as well, and so on to the one that goes on.
    pub enquiries: Vec<EnquiryId>,
    /// These clients; of each that was merged, the one that it was merged into as well, and so on.
    pub clients: Vec<ClientId>,
    /// All appointments and all enquiries of these clients, and of those that they were merged into.
    pub of_clients: Vec<ClientId>,
    /// These entries of the waiting list, each with its client.
    pub waiting: Vec<WaitingId>,
    /// Everything else that the listed clients, and those of the listed entries, still wait for.
    pub waiting_beside: bool,
    /// All appointments of the office that touch this stretch of time (UTC), and…
    pub window: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// …around the present place of the listed appointments too (a cancelled one that comes back).
    pub window_of_appointments: bool,
    /// All appointments in the state `held` that were made for an enquiry that is loaded: what was proposed to the
    /// same family beside.
    pub proposals: bool,
    /// The enquiries of the proposals that stand in this stretch of time (UTC), and around the listed appointments when
    /// [`Needs::window_of_appointments`] says so: a proposal whose hour has passed ends when somebody takes its place.
    pub holds: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// The enquiries of everybody who is in one group session with the listed appointments.
    pub sessions: bool,
    /// The preparations of the listed appointments.
    pub sheets: bool,
}

/// How far around a meeting others can matter to it: travel, buffers and the same client's day.
const AROUND: Duration = Duration::hours(24);

/// The stretch around a place. Whatever the zone does, the instant lies within a day of the civil time read as UTC.
fn around(place: &Place) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let far = |t: NaiveDateTime, by: Duration| t.checked_add_signed(by).map(|t| t.and_utc());
    let length = Duration::minutes(i64::from(place.minutes));
    // At the ends of the calendar there is nothing to load: such a place is refused.
    Some((far(place.start, -AROUND)?, far(place.start, length + AROUND)?))
}

/// The stretch of a place itself; `None` where the clock skips it, which is refused.
fn stretch(place: &Place) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let start = instant(place.start, place.zone).ok()?;
    Some((start, start.checked_add_signed(Duration::minutes(i64::from(place.minutes)))?))
}

impl Command {
    /// What must be loaded. See [`Needs`].
    #[must_use]
    pub fn needs(&self) -> Needs {
        let enquiry = |id: EnquiryId| Needs { enquiries: vec![id], ..Needs::default() };
        match self {
            Self::Book(b) | Self::Hold(b) => Needs {
                appointments: vec![b.id],
                enquiries: b.enquiry.into_iter().collect(),
                clients: b.client.into_iter().collect(),
                waiting: b.waiting.into_iter().collect(),
                window: around(&b.place),
                proposals: true,
                holds: stretch(&b.place),
                ..Needs::default()
            },
            Self::Move(m) => Needs {
                appointments: vec![m.id],
                window: around(&m.place),
                proposals: true,
                holds: stretch(&m.place),
                // Who comes from a session leaves it; who is in it then is seen.
                window_of_appointments: true,
                ..Needs::default()
            },
            Self::MoveSession(m) => Needs {
                appointments: vec![m.id],
                window: around(&m.place),
                window_of_appointments: true,
                proposals: true,
                holds: stretch(&m.place),
                ..Needs::default()
            },
            Self::CancelSession { id, .. } => Needs {
                appointments: vec![*id],
                window_of_appointments: true,
                proposals: true,
                sessions: true,
                ..Needs::default()
            },
            Self::SetStatus(s) => Needs {
                appointments: vec![s.id],
                clients: s.client.into_iter().collect(),
                // It may come back, turn out to be for somebody who is busy then, or be a session with people in it.
                window_of_appointments: s.status == Status::Booked
                    || s.client.is_some()
                    || !s.status.blocks(),
                proposals: true,
                ..Needs::default()
            },
            Self::SetCompanions { id, .. } => Needs { appointments: vec![*id], ..Needs::default() },
            Self::ReceiveEnquiry(e) => enquiry(e.id),
            Self::OpenEnquiry(e) => {
                Needs { enquiries: vec![e.id], clients: e.client.into_iter().collect(), ..Needs::default() }
            }
            Self::AnswerEnquiry(a) => {
                Needs { enquiries: vec![a.id], appointments: a.proposed.clone(), ..Needs::default() }
            }
            Self::MergeEnquiry { id, into } => Needs { enquiries: vec![*id, *into], ..Needs::default() },
            Self::IdentifyClient { id, client } => {
                Needs { enquiries: vec![*id], clients: vec![*client], ..Needs::default() }
            }
            Self::AppendMessage { id, .. }
            | Self::ClaimEnquiry { id, .. }
            | Self::ReleaseEnquiry { id }
            | Self::NoteEnquiry { id, .. }
            | Self::CloseEnquiry { id, .. }
            | Self::ReopenEnquiry { id }
            | Self::SnoozeEnquiry { id, .. } => enquiry(*id),
            Self::UnmergeEnquiry { id } | Self::WithdrawMessage { id, .. } => enquiry(*id),
            Self::RestoreEnquiry { id, to, .. } => {
                Needs { enquiries: vec![*id], clients: to.client.into_iter().collect(), ..Needs::default() }
            }
            Self::CreateClient(c) => Needs { clients: vec![c.id], ..Needs::default() },
            Self::UpdateClient(u) => Needs { clients: vec![u.client.id], ..Needs::default() },
            Self::MergeClients(m) => {
                let both = vec![m.id, m.into];
                Needs { clients: both.clone(), of_clients: both, ..Needs::default() }
            }
            Self::UnmergeClient { id } | Self::RemoveClient { id } => {
                Needs { clients: vec![*id], of_clients: vec![*id], ..Needs::default() }
            }
            // The settings are always there.
            Self::SaveSettings { .. } => Needs::default(),
            Self::AddWaiting(w) => Needs {
                clients: vec![w.client],
                waiting: vec![w.id],
                waiting_beside: true,
                ..Needs::default()
            },
            Self::UpdateWaiting { id, .. } | Self::ReopenWaiting { id } => {
                Needs { waiting: vec![*id], waiting_beside: true, ..Needs::default() }
            }
            Self::CallWaiting { id, .. } | Self::UncallWaiting { id, .. } | Self::CloseWaiting { id, .. } => {
                Needs { waiting: vec![*id], ..Needs::default() }
            }
            Self::Pin { on: PinPlace::Enquiry(id), .. } | Self::Unpin { on: PinPlace::Enquiry(id), .. } => {
                enquiry(*id)
            }
            Self::Pin { on: PinPlace::Appointment(id), .. }
            | Self::Unpin { on: PinPlace::Appointment(id), .. } => {
                Needs { appointments: vec![*id], sheets: true, ..Needs::default() }
            }
        }
    }
}

impl Needs {
    /// The enquiries to load beside the appointments that were loaded: those that were named, and those that the loaded
    /// appointments answer, as far as they may change.
    #[must_use]
    pub fn enquiries_with(&self, settings: &OfficeSettings, loaded: &Meetings) -> Vec<EnquiryId> {
        self.enquiries_found(settings, loaded, |_, _| loaded.all_shared().collect())
    }

    /// [`Needs::enquiries_with`] where meetings are found by their time: `near` gives at least those of the loaded that
    /// touch a stretch of time (UTC).
    #[must_use]
    pub fn enquiries_found<'w>(
        &self,
        settings: &OfficeSettings,
        loaded: &'w Meetings,
        near: impl Fn(DateTime<Utc>, DateTime<Utc>) -> Vec<&'w Arc<Appointment>>,
    ) -> Vec<EnquiryId> {
        let mut wanted = self.enquiries.clone();
        let mut stretches: Vec<_> = self.holds.into_iter().collect();
        for listed in self.appointments.iter().filter_map(|id| loaded.get(id)) {
            wanted.extend(listed.enquiry);
            if self.window_of_appointments {
                stretches.push((listed.start, listed.end));
            }
            // Those of one session begin and end together, but for one that is being moved.
            if let Some(key) = session::key_of(settings, listed).filter(|_| self.sessions) {
                let beside = near(listed.start - AROUND, listed.end + AROUND).into_iter();
                let beside = beside.filter(|a| a.enquiry.is_some());
                let beside = beside.filter(|a| session::key_of(settings, a).as_ref() == Some(&key));
                wanted.extend(beside.filter_map(|a| a.enquiry));
            }
        }
        for (from, to) in stretches {
            let held = near(from, to).into_iter().filter(|a| a.status == Status::Held);
            wanted.extend(held.filter(|a| a.start < to && from < a.end).filter_map(|a| a.enquiry));
        }
        wanted
    }

    /// The slice of a whole office that these needs name.
    #[must_use]
    pub fn select(&self, whole: &OfficeState) -> OfficeState {
        self.select_found(whole, |_, _| whole.appointments.all_shared().collect())
    }

    /// [`Needs::select`] over a whole in which meetings are found by their time, so that not all are looked at for each
    /// of many decisions: `near` gives at least those that touch a stretch of time (UTC).
    #[must_use]
    pub fn select_found<'w>(
        &self,
        whole: &'w OfficeState,
        near: impl Fn(DateTime<Utc>, DateTime<Utc>) -> Vec<&'w Arc<Appointment>>,
    ) -> OfficeState {
        let mut slice = OfficeState::new(Arc::clone(&whole.settings));
        let mut windows: Vec<_> = self.window.into_iter().collect();
        let mut waiting = self.waiting.clone();
        for appointment in self.appointments.iter().filter_map(|id| whole.appointments.shared(id)) {
            if self.window_of_appointments {
                windows.push((appointment.start, appointment.end));
            }
            slice.appointments.insert_new(Arc::clone(appointment));
        }
        if self.sheets {
            let theirs = self.appointments.iter().filter_map(|id| whole.sheets.get(id));
            slice.sheets.extend(theirs.map(|s| (s.appointment, s.clone())));
        }
        for (from, to) in windows {
            let meanwhile = near(from, to).into_iter().filter(|a| a.start < to && from < a.end);
            slice.appointments.add_shared(meanwhile);
        }
        let mut clients = self.clients.clone();
        while let Some(id) = clients.pop() {
            let Some(client) = whole.clients.get(&id) else { continue };
            if slice.clients.insert(id, client.clone()).is_none() {
                clients.extend(client.merged_into);
            }
        }
        let mut owners = self.of_clients.clone();
        let mut of_clients = std::collections::BTreeSet::new();
        while let Some(id) = owners.pop() {
            if of_clients.insert(id) {
                owners.extend(whole.clients.get(&id).and_then(|c| c.merged_into));
            }
        }
        let theirs = |client: Option<ClientId>| client.is_some_and(|c| of_clients.contains(&c));
        if !of_clients.is_empty() {
            for appointment in whole.appointments.all_shared().filter(|a| theirs(a.client)) {
                slice.appointments.insert_new(Arc::clone(appointment));
            }
        }
        let mut enquiries = self.enquiries_with(&whole.settings, &slice.appointments);
        if !of_clients.is_empty() {
            enquiries.extend(whole.enquiries.values().filter(|e| theirs(e.client)).map(|e| e.id));
        }
        while let Some(id) = enquiries.pop() {
            let Some(enquiry) = whole.enquiries.get(&id).filter(|_| !slice.enquiries.contains_key(&id))
            else {
                continue;
            };
            if let EnquiryStatus::Merged { into } = enquiry.status {
                enquiries.push(into);
            }
            slice.enquiries.insert(id, enquiry.clone());
        }
        if self.proposals && !slice.enquiries.is_empty() {
            let proposed = |a: &Appointment| {
                a.status == Status::Held && a.enquiry.is_some_and(|e| slice.enquiries.contains_key(&e))
            };
            for appointment in whole.appointments.all_shared().filter(|a| proposed(a)) {
                slice.appointments.insert_new(Arc::clone(appointment));
            }
        }
        waiting.extend(slice.appointments.values().filter_map(|a| a.waiting));
        let mut waits = self.clients.clone();
        for entry in waiting.iter().filter_map(|id| whole.waiting.get(id)) {
            waits.push(entry.client);
            slice.waiting.insert(entry.id, entry.clone());
        }
        if self.waiting_beside {
            let beside = |w: &&WaitingEntry| waits.contains(&w.client) && w.status == WaitingStatus::Waiting;
            slice.waiting.extend(whole.waiting.values().filter(beside).map(|w| (w.id, w.clone())));
        }
        for client in waits.iter().filter_map(|id| whole.clients.get(id)) {
            slice.clients.insert(client.id, client.clone());
        }
        slice
    }
}
