//! Appointments: the only documents with columns of their own, because the database itself refuses overlaps.

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::session::{self, SessionKey};
use passerelle_protocol::sync::Entity;

use super::feed::{Feed, text};
use super::session::{AppointmentRow, Identified};
use super::{StoreError, Tx};

fn read(id: &str, text: &str) -> Result<Appointment, StoreError> {
    serde_json::from_str(text).map_err(|e| StoreError::document(Entity::Appointment.key(), id, &e))
}

fn all(rows: &[Identified]) -> Result<Vec<Appointment>, StoreError> {
    rows.iter().map(|(id, text)| read(id, text)).collect()
}

/// One appointment of a scope.
pub(super) async fn one(
    tx: &mut Tx,
    scope: &str,
    id: AppointmentId,
) -> Result<Option<Appointment>, StoreError> {
    let id = id.to_string();
    tx.appointment_text(scope, &id).await?.map(|text| read(&id, &text)).transpose()
}

/// All appointments of a scope that touch a stretch of time.
pub(super) async fn touching(
    tx: &mut Tx,
    scope: &str,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Appointment>, StoreError> {
    all(&tx.touching(scope, from.timestamp(), to.timestamp()).await?)
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

/// Writes an appointment with the next revision, and its change to the feed.
///
/// An overlap that the rules let through is refused here: [`StoreError::Overlap`].
pub(super) async fn put(
    tx: &mut Tx,
    feed: &mut Feed,
    settings: &OfficeSettings,
    a: &Appointment,
) -> Result<(), StoreError> {
    let id = a.id.to_string();
    let text = text(Entity::Appointment, &id, a)?;
    let rev = tx.appointment_rev(feed.scope(), &id).await?.unwrap_or(0) + 1;
    let seq = feed.append(tx, Entity::Appointment, &id, rev, Some(&text)).await?;
    let session = session::key_of(settings, a);
    let seats = settings.kinds.get(&a.kind).filter(|_| session.is_some()).map_or(1, |k| k.capacity.max(1));
    tx.keep_appointment(&AppointmentRow {
        scope: feed.scope(),
        id: &id,
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
        session_key: session.as_ref().map(SessionKey::as_str),
        seat: session.is_some() && a.takes_seat(),
        capacity: seats.into(),
        held_until_s: a.held_until.filter(|_| a.status == Status::Held).map(|t| t.timestamp()),
        rev,
        seq,
        doc: &text,
    })
    .await
}
