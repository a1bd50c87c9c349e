//! Appointments: the only documents with columns of their own, because the database itself refuses overlaps.

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::ids::{ClientId, EnquiryId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::session::{self, SessionKey};
use passerelle_protocol::sync::Entity;

use super::rows::{AppointmentRow, Identified};
use super::{StoreError, Tx};

fn read(id: &str, text: &str) -> Result<Appointment, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::document(Entity::Appointment.key(), id, &e))
}

fn all(rows: &[Identified]) -> Result<Vec<Appointment>, StoreError> {
    rows.iter().map(|(id, text)| read(id, text)).collect()
}

/// All appointments of a scope that touch stretches of time; one that touches two may come twice.
pub(super) async fn touching(
    tx: &mut Tx,
    scope: &str,
    stretches: &[(DateTime<Utc>, DateTime<Utc>)],
) -> Result<Vec<Appointment>, StoreError> {
    let seconds: Vec<(i64, i64)> =
        stretches.iter().map(|(from, to)| (from.timestamp(), to.timestamp())).collect();
    all(&tx.touching(scope, &seconds).await?)
}

/// What is still proposed for an enquiry.
pub(super) async fn proposed(
    tx: &mut Tx,
    scope: &str,
    enquiry: EnquiryId,
) -> Result<Vec<Appointment>, StoreError> {
    all(&tx.proposed(scope, &enquiry.to_string()).await?)
}

/// All meetings of a client, whatever their state.
pub(super) async fn of_client(
    tx: &mut Tx,
    scope: &str,
    client: ClientId,
) -> Result<Vec<Appointment>, StoreError> {
    all(&tx.of_client(scope, &client.to_string()).await?)
}

/// What an appointment's columns say beside its document, as the office's settings are when it is decided.
#[derive(Debug)]
pub(super) struct Columns {
    appointment: Appointment,
    session: Option<SessionKey>,
    seats: u32,
}

impl Columns {
    pub(super) fn of(settings: &OfficeSettings, a: &Appointment) -> Self {
        let session = session::key_of(settings, a);
        let kind = settings.kinds.get(&a.kind).filter(|_| session.is_some());
        Self { appointment: a.clone(), seats: kind.map_or(1, |k| k.capacity.max(1)), session }
    }

    /// The row of that appointment at one of its changes.
    pub(super) fn row<'r>(
        &'r self,
        scope: &'r str,
        id: &'r str,
        rev: u64,
        seq: u64,
        doc: &'r str,
    ) -> AppointmentRow<'r> {
        let a = &self.appointment;
        AppointmentRow {
            scope,
            id,
            counsellor: a.counsellor.to_string(),
            second: a.second.map(|p| p.to_string()),
            room: a.room.map(|r| r.to_string()),
            client: a.client.map(|c| c.to_string()),
            enquiry: a.enquiry.map(|e| e.to_string()),
            start_s: a.start.timestamp(),
            end_s: a.end.timestamp(),
            status: a.status.key(),
            blocking: a.status.blocks(),
            overridden: a.override_reason.is_some(),
            session_key: self.session.as_ref().map(SessionKey::as_str),
            seat: self.session.is_some() && a.takes_seat(),
            capacity: self.seats.into(),
            held_until_s: a.held_until.filter(|_| a.status == Status::Held).map(|t| t.timestamp()),
            rev,
            seq,
            doc,
        }
    }
}
