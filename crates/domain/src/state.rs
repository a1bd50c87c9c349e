//! The part of an office's state that one decision sees, and how events change it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::appointment::{HistoryEntry, HistoryFact, Status};
use crate::client::Client;
use crate::enquiry::{Enquiry, EnquiryMerge, EnquiryStatus};
use crate::event::Event;
use crate::ids::{AppointmentId, ClientId, EnquiryId, PersonId, WaitingId};
use crate::meetings::Meetings;
use crate::office::OfficeSettings;
use crate::pins::{self, Pin, PinPlace, PreparationSheet};
use crate::waiting::{WaitingEntry, WaitingStatus};

/// What [`crate::command::Needs`] asked for. A store loads it, [`crate::decide()`] reads it, [`OfficeState::evolve`] changes it.
#[derive(Debug, Clone, PartialEq)]
pub struct OfficeState {
    /// Settings, shared between decisions.
    pub settings: Arc<OfficeSettings>,
    /// Appointments.
    pub appointments: Meetings,
    /// Enquiries.
    pub enquiries: BTreeMap<EnquiryId, Enquiry>,
    /// Clients.
    pub clients: BTreeMap<ClientId, Client>,
    /// Entries of the waiting list.
    pub waiting: BTreeMap<WaitingId, WaitingEntry>,
    /// Preparations of meetings, by the meeting.
    pub sheets: BTreeMap<AppointmentId, PreparationSheet>,
}

impl OfficeState {
    /// Nothing but settings.
    #[must_use]
    pub fn new(settings: Arc<OfficeSettings>) -> Self {
        Self {
            settings,
            appointments: Meetings::new(),
            enquiries: BTreeMap::new(),
            clients: BTreeMap::new(),
            waiting: BTreeMap::new(),
            sheets: BTreeMap::new(),
        }
    }

    /// The enquiry itself, or the one that goes on when it was merged; `None` when it is not loaded.
    #[must_use]
    pub fn enquiry_that_goes_on(&self, id: EnquiryId) -> Option<&Enquiry> {
        let mut found = self.enquiries.get(&id)?;
        // A merge never closes a circle; documents from elsewhere might.
        for _ in 0..=self.enquiries.len() {
            match found.status {
                EnquiryStatus::Merged { into } => found = self.enquiries.get(&into)?,
                _ => return Some(found),
            }
        }
        None
    }

    /// The record itself, or the one that goes on when it was merged; `None` when it is not loaded or was taken back.
    #[must_use]
    pub fn client_that_goes_on(&self, id: ClientId) -> Option<&Client> {
        let mut found = self.clients.get(&id)?;
        for _ in 0..=self.clients.len() {
            match found.merged_into {
                Some(into) => found = self.clients.get(&into)?,
                None => return Some(found).filter(|c| !c.removed),
            }
        }
        None
    }

    /// Applies one event. An event about something that is not loaded changes nothing.
    pub fn evolve(&mut self, event: &Event) {
        match event {
            Event::AppointmentMade(a) => {
                self.appointments.insert(a.id, (**a).clone());
            }
            Event::AppointmentMoved {
                id,
                start,
                end,
                counsellor,
                second,
                site,
                zone,
                room,
                session,
                override_reason,
                by,
                at,
            } => {
                if let Some(a) = self.appointments.get_mut(id) {
                    let old = HistoryFact::Moved {
                        start: a.start,
                        end: a.end,
                        counsellor: a.counsellor,
                        second: a.second,
                    };
                    a.history.push(HistoryEntry { at: *at, by: *by, what: old });
                    if let Some(reason) = override_reason {
                        let what = HistoryFact::Overridden { reason: reason.clone() };
                        a.history.push(HistoryEntry { at: *at, by: *by, what });
                    }
                    (a.start, a.end) = (*start, *end);
                    (a.counsellor, a.second) = (*counsellor, *second);
                    (a.site, a.zone, a.room) = (*site, *zone, *room);
                    a.session.clone_from(session);
                    a.override_reason.clone_from(override_reason);
                    a.version += 1;
                }
            }
            Event::AppointmentStatus { id, to, reason, client, arrived_at, by, at } => {
                if let Some(a) = self.appointments.get_mut(id) {
                    let what = HistoryFact::Status { from: a.status, to: *to, reason: reason.clone() };
                    a.history.push(HistoryEntry { at: *at, by: *by, what });
                    a.arrived_at = match to {
                        Status::Arrived => arrived_at.or(Some(*at)),
                        Status::Attended if arrived_at.is_some() => *arrived_at,
                        Status::Booked | Status::NoShow | Status::Excused => None,
                        _ => a.arrived_at,
                    };
                    if *to != Status::Held {
                        a.held_until = None;
                    }
                    a.client = client.or(a.client);
                    a.status = *to;
                    a.version += 1;
                }
            }
            Event::AppointmentCompanions { id, companions } => {
                if let Some(a) = self.appointments.get_mut(id) {
                    a.companions.clone_from(companions);
                }
            }
            Event::AppointmentClient { id, client, companions, by, at } => {
                if let Some(a) = self.appointments.get_mut(id) {
                    if let Some(from) = a.client {
                        a.history.push(HistoryEntry { at: *at, by: *by, what: HistoryFact::Client { from } });
                    }
                    a.client = Some(*client);
                    a.companions.clone_from(companions);
                }
            }
            Event::EnquiryReceived(e) => {
                self.enquiries.insert(e.id, (**e).clone());
            }
            Event::ClientSaved(c) => {
                self.clients.insert(c.id, (**c).clone());
            }
            Event::SettingSaved(s) => Arc::make_mut(&mut self.settings).put((**s).clone()),
            Event::EnquiryMerged { id, into } => {
                merge_enquiries(&mut self.enquiries, *id, *into);
            }
            Event::EnquirySeparated { id, from } => {
                separate_enquiries(&mut self.enquiries, *id, *from);
            }
            Event::EnquiryMessage { id, .. }
            | Event::EnquiryClaimed { id, .. }
            | Event::EnquiryReleased { id }
            | Event::EnquiryAnswered { id, .. }
            | Event::EnquiryNoted { id, .. }
            | Event::EnquiryConverted { id, .. }
            | Event::EnquiryGivenBack { id }
            | Event::EnquiryClosed { id, .. }
            | Event::EnquiryReopened { id, .. }
            | Event::EnquirySnoozed { id, .. }
            | Event::MessageWithdrawn { id, .. }
            | Event::EnquiryRestored { id, .. }
            | Event::EnquiryIdentified { id, .. } => {
                if let Some(e) = self.enquiries.get_mut(id) {
                    evolve_enquiry(e, event);
                }
            }
            Event::WaitingAdded(w) => {
                self.waiting.insert(w.id, (**w).clone());
            }
            Event::WaitingChanged { id, .. }
            | Event::WaitingCalled { id, .. }
            | Event::WaitingUncalled { id, .. }
            | Event::WaitingBooked { id, .. }
            | Event::WaitingAgain { id }
            | Event::WaitingClosed { id, .. } => {
                if let Some(w) = self.waiting.get_mut(id) {
                    evolve_waiting(w, event);
                }
            }
            Event::Pinned { on, pin, next } => {
                if let Some(pins) = self.pins_of(*on) {
                    pins::put(pins, (**pin).clone(), next.as_deref());
                }
            }
            Event::Unpinned { on, record } => {
                if let Some(pins) = self.pins_of(*on) {
                    pins.retain(|p| p.record != *record);
                }
            }
        }
    }

    fn sheet_of(&mut self, id: AppointmentId) -> &mut PreparationSheet {
        self.sheets.entry(id).or_insert_with(|| PreparationSheet::new(id))
    }

    fn pins_of(&mut self, on: PinPlace) -> Option<&mut Vec<Pin>> {
        match on {
            PinPlace::Enquiry(id) => self.enquiries.get_mut(&id).map(|e| &mut e.pins),
            PinPlace::Appointment(id) => Some(&mut self.sheet_of(id).pins),
        }
    }

    /// Applies several in order.
    pub fn evolve_all(&mut self, events: &[Event]) {
        for event in events {
            self.evolve(event);
        }
    }
}

type Enquiries = BTreeMap<EnquiryId, Enquiry>;

/// A merge keeps both threads and the pins of both: the one that goes on shows all messages in order. What was hidden from reception stays
/// hidden there. The one that ends keeps how both were.
fn merge_enquiries(all: &mut Enquiries, id: EnquiryId, into: EnquiryId) {
    let Some(ended) = all.get(&id).cloned() else { return };
    let Some(target) = all.get_mut(&into) else { return };
    let (target_sensitive, target_client) = (target.sensitive, target.client);
    target.sensitive |= ended.sensitive;
    target.client = target.client.or(ended.client);
    let mut messages = Vec::new();
    for message in &ended.thread {
        if !target.thread.iter().any(|m| m.id == message.id) {
            messages.push(message.id);
            target.thread.push(message.clone());
        }
    }
    target.thread.sort_by_key(|m| (m.at, m.id));
    let mut pins = Vec::new();
    for pin in &ended.pins {
        if !target.pins.iter().any(|p| p.record == pin.record) {
            pins.push(pin.record.clone());
            pins::put(&mut target.pins, pin.clone(), None);
        }
    }
    let merge = EnquiryMerge {
        was: ended.facts(),
        messages,
        pins,
        left: target.thread.len(),
        target_sensitive,
        target_client,
        target_appointment: target.appointment,
    };
    if let Some(ended) = all.get_mut(&id) {
        ended.status = EnquiryStatus::Merged { into };
        ended.merge = Some(Box::new(merge));
    }
}

/// Each has its own messages again; what came since stays with the one that went on.
fn separate_enquiries(all: &mut Enquiries, id: EnquiryId, from: EnquiryId) {
    let Some(merge) = all.get(&id).and_then(|e| e.merge.clone()) else { return };
    let (mut back, mut pinned) = (Vec::new(), Vec::new());
    if let Some(target) = all.get_mut(&from) {
        // Whether it was hidden only because of the other is known while nothing else has come to it.
        if target.thread.len() == merge.left {
            target.sensitive = merge.target_sensitive;
        }
        if target.client == merge.was.client {
            target.client = merge.target_client;
        }
        let (theirs, own): (Vec<_>, Vec<_>) =
            std::mem::take(&mut target.thread).into_iter().partition(|m| merge.messages.contains(&m.id));
        target.thread = own;
        back = theirs;
        let (theirs, own): (Vec<_>, Vec<_>) =
            std::mem::take(&mut target.pins).into_iter().partition(|p| merge.pins.contains(&p.record));
        target.pins = own;
        pinned = theirs;
    }
    if let Some(ended) = all.get_mut(&id) {
        for message in &mut ended.thread {
            // One that was taken back meanwhile stays taken back.
            if let Some(now) = back.iter().find(|m| m.id == message.id) {
                message.clone_from(now);
            }
        }
        // What was taken off meanwhile stays off, and what was added to a pin stays said.
        ended.pins.retain(|p| !merge.pins.contains(&p.record));
        for pin in pinned {
            pins::put(&mut ended.pins, pin, None);
        }
        ended.stand(merge.was);
        ended.merge = None;
    }
}

fn evolve_enquiry(e: &mut Enquiry, event: &Event) {
    match event {
        Event::EnquiryMessage { message, reopens, .. } => {
            e.thread.push(message.clone());
            if *reopens {
                e.status = owned_or_new(e.owner);
            }
        }
        Event::EnquiryClaimed { by, desk, at, .. } => {
            e.owner = Some(*by);
            e.claimed_at_desk = Some(*desk);
            e.claimed_at = Some(*at);
            e.status = EnquiryStatus::Claimed;
        }
        Event::EnquiryReleased { .. } => {
            e.owner = None;
            e.claimed_at_desk = None;
            e.claimed_at = None;
            e.status = EnquiryStatus::New;
        }
        Event::EnquiryAnswered { message, expects_reply, by, .. } => {
            e.thread.push(message.clone());
            e.owner = Some(*by);
            e.status = if *expects_reply { EnquiryStatus::WaitingClient } else { EnquiryStatus::Answered };
        }
        Event::EnquiryNoted { message, .. } => e.thread.push(message.clone()),
        Event::EnquiryConverted { appointment, client, by, .. } => {
            e.appointment = Some(*appointment);
            e.client = client.or(e.client);
            e.owner = e.owner.or(*by);
            e.status = EnquiryStatus::Converted;
        }
        Event::EnquiryGivenBack { .. } => {
            e.appointment = None;
            e.status = owned_or_new(e.owner);
        }
        Event::EnquiryReopened { by, .. } => {
            e.owner = by.or(e.owner);
            e.status = owned_or_new(e.owner);
            e.closing = None;
        }
        Event::EnquiryClosed { how, .. } => {
            e.status = EnquiryStatus::Closed;
            e.closing = *how;
        }
        Event::EnquirySnoozed { until, .. } => e.status = EnquiryStatus::Snoozed { until: *until },
        Event::EnquiryIdentified { client, .. } => e.client = Some(*client),
        Event::EnquiryRestored { to, .. } => {
            e.stand(to.clone());
            if e.status != EnquiryStatus::Closed {
                e.closing = None;
            }
        }
        Event::MessageWithdrawn { message, at, .. } => {
            if let Some(message) = e.thread.iter_mut().find(|m| m.id == *message) {
                message.withdrawn_at = Some(*at);
            }
        }
        _ => {}
    }
}

fn owned_or_new(owner: Option<PersonId>) -> EnquiryStatus {
    if owner.is_some() { EnquiryStatus::Claimed } else { EnquiryStatus::New }
}

fn evolve_waiting(w: &mut WaitingEntry, event: &Event) {
    match event {
        Event::WaitingChanged { wish, .. } => w.wish = (**wish).clone(),
        Event::WaitingCalled { call, .. } => w.calls.push(call.clone()),
        Event::WaitingUncalled { call, .. } => w.calls.retain(|c| c.id != *call),
        Event::WaitingBooked { appointment, .. } => {
            w.status = WaitingStatus::Booked { appointment: *appointment };
        }
        Event::WaitingAgain { .. } => w.status = WaitingStatus::Waiting,
        Event::WaitingClosed { reason, .. } => w.status = WaitingStatus::Closed { reason: *reason },
        _ => {}
    }
}
