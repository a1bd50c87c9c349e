//! What a command needs to see before it can be decided: the slice of an office that a store loads.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};

use crate::appointment::Status;
use crate::command::{Command, Place};
use crate::enquiry::EnquiryStatus;
use crate::ids::{AppointmentId, ClientId, EnquiryId};
use crate::state::OfficeState;

/// What a command needs to see before it can be decided. The store loads this, or more; [`Needs::select`] says it
/// exactly, and a decision over it is the decision over the whole office.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    /// These appointments, each with the enquiry that it answers.
    pub appointments: Vec<AppointmentId>,
    /// These enquiries. For each enquiry that is loaded, this way or the other, and that was merged: the one that it
    /// was merged into as well, and so on to the one that goes on.
    pub enquiries: Vec<EnquiryId>,
    /// These clients.
    pub clients: Vec<ClientId>,
    /// All appointments of the office that touch this stretch of time (UTC), and…
    pub window: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// …around the present place of the listed appointments too (a cancelled one that comes back).
    pub window_of_appointments: bool,
    /// All appointments in the state `held` that were made for an enquiry that is loaded: what was proposed to the
    /// same family beside.
    pub proposals: bool,
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
                window: around(&b.place),
                proposals: b.enquiry.is_some(),
                ..Needs::default()
            },
            Self::Move(m) => Needs { appointments: vec![m.id], window: around(&m.place), ..Needs::default() },
            Self::SetStatus(s) => Needs {
                appointments: vec![s.id],
                clients: s.client.into_iter().collect(),
                // It may come back, or turn out to be for somebody who is busy then.
                window_of_appointments: s.status == Status::Booked || s.client.is_some(),
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
            | Self::CloseEnquiry { id }
            | Self::ReopenEnquiry { id }
            | Self::SnoozeEnquiry { id, .. } => enquiry(*id),
            Self::CreateClient(c) | Self::UpdateClient(c) => {
                Needs { clients: vec![c.id], ..Needs::default() }
            }
            // The settings are always there.
            Self::SaveSettings { .. } => Needs::default(),
        }
    }
}

impl Needs {
    /// The slice of a whole office that these needs name.
    #[must_use]
    pub fn select(&self, whole: &OfficeState) -> OfficeState {
        let mut slice = OfficeState::new(Arc::clone(&whole.settings));
        let mut windows: Vec<_> = self.window.into_iter().collect();
        let mut enquiries = self.enquiries.clone();
        for appointment in self.appointments.iter().filter_map(|id| whole.appointments.get(id)) {
            if self.window_of_appointments {
                windows.push((appointment.start, appointment.end));
            }
            enquiries.extend(appointment.enquiry);
            slice.appointments.insert(appointment.id, appointment.clone());
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
        for appointment in whole.appointments.values() {
            let near = windows.iter().any(|(from, to)| appointment.start < *to && *from < appointment.end);
            let proposed = self.proposals
                && appointment.status == Status::Held
                && appointment.enquiry.is_some_and(|e| slice.enquiries.contains_key(&e));
            if near || proposed {
                slice.appointments.insert(appointment.id, appointment.clone());
            }
        }
        for client in self.clients.iter().filter_map(|id| whole.clients.get(id)) {
            slice.clients.insert(client.id, client.clone());
        }
        slice
    }
}
