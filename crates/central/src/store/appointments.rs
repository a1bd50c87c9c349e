//! Appointments: the only documents with columns of their own, because the database itself refuses overlaps.

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::session::{self, SessionKey};
use passerelle_protocol::sync::Entity;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::StoreError;
use super::feed::{Feed, signed, text, unsigned};

fn read(row: &SqliteRow) -> Result<Appointment, StoreError> {
    let (id, doc): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
    serde_json::from_str(doc).map_err(|e| StoreError::document(Entity::Appointment.key(), id, &e))
}

/// One appointment of a scope.
pub(super) async fn one(
    conn: &mut SqliteConnection,
    scope: &str,
    id: AppointmentId,
) -> Result<Option<Appointment>, StoreError> {
    let row = sqlx::query("SELECT id, doc FROM appointment WHERE scope = ? AND id = ?")
        .bind(scope)
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(read).transpose()
}

/// All appointments of a scope that touch a stretch of time.
pub(super) async fn touching(
    conn: &mut SqliteConnection,
    scope: &str,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Appointment>, StoreError> {
    // No meeting is longer than a day, so the index on the start bounds the search on both sides.
    let rows = sqlx::query(
        "SELECT id, doc FROM appointment WHERE scope = ? AND start_s > ? - 86400 AND start_s < ? AND end_s > ?",
    )
    .bind(scope)
    .bind(from.timestamp())
    .bind(to.timestamp())
    .bind(from.timestamp())
    .fetch_all(conn)
    .await?;
    rows.iter().map(read).collect()
}

/// What is still proposed for an enquiry. The index on open proposals bounds the search: there are few at a time.
pub(super) async fn proposed(
    conn: &mut SqliteConnection,
    scope: &str,
    enquiry: EnquiryId,
) -> Result<Vec<Appointment>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, doc FROM appointment WHERE status = 'held' AND held_until_s IS NOT NULL AND scope = ?
             AND json_extract(doc, '$.enquiry') = ?",
    )
    .bind(scope)
    .bind(enquiry.to_string())
    .fetch_all(conn)
    .await?;
    rows.iter().map(read).collect()
}

/// All meetings of a client, whatever their state.
pub(super) async fn of_client(
    conn: &mut SqliteConnection,
    scope: &str,
    client: ClientId,
) -> Result<Vec<Appointment>, StoreError> {
    let rows = sqlx::query("SELECT id, doc FROM appointment WHERE scope = ? AND client = ? ORDER BY id")
        .bind(scope)
        .bind(client.to_string())
        .fetch_all(conn)
        .await?;
    rows.iter().map(read).collect()
}

/// Proposals whose hour has passed: scope and id, oldest first, at most so many.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn overdue_holds(
    conn: &mut SqliteConnection,
    now: DateTime<Utc>,
    most: u32,
) -> Result<Vec<(String, String)>, StoreError> {
    let rows = sqlx::query(
        "SELECT scope, id FROM appointment
         WHERE status = 'held' AND held_until_s IS NOT NULL AND held_until_s <= ? ORDER BY held_until_s LIMIT ?",
    )
    .bind(now.timestamp())
    .bind(most)
    .fetch_all(conn)
    .await?;
    rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).collect()
}

/// Writes an appointment with the next revision, and its change to the feed.
///
/// An overlap that the rules let through is refused here: [`StoreError::Overlap`].
pub(super) async fn put(
    conn: &mut SqliteConnection,
    feed: &mut Feed,
    settings: &OfficeSettings,
    a: &Appointment,
) -> Result<(), StoreError> {
    let id = a.id.to_string();
    let text = text(Entity::Appointment, &id, a)?;
    let before = sqlx::query("SELECT rev FROM appointment WHERE scope = ? AND id = ?")
        .bind(feed.scope())
        .bind(&id)
        .fetch_optional(&mut *conn)
        .await?;
    let rev = before.map(|r| r.try_get(0).map(unsigned)).transpose()?.unwrap_or(0) + 1;
    let seq = feed.append(conn, Entity::Appointment, &id, rev, Some(&text)).await?;
    let session = session::key_of(settings, a);
    let seats = settings.kinds.get(&a.kind).filter(|_| session.is_some()).map_or(1, |k| k.capacity.max(1));
    let statement = if rev == 1 {
        sqlx::query(
            "INSERT INTO appointment (counsellor, second, room, client, start_s, end_s, status, blocking, overridden,
                 session_key, seat, capacity, held_until_s, rev, seq, doc, scope, id)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
    } else {
        sqlx::query(
            "UPDATE appointment SET counsellor = ?, second = ?, room = ?, client = ?, start_s = ?, end_s = ?, status = ?,
                 blocking = ?, overridden = ?, session_key = ?, seat = ?, capacity = ?, held_until_s = ?, rev = ?,
                 seq = ?, doc = ?
             WHERE scope = ? AND id = ?",
        )
    };
    statement
        .bind(a.counsellor.to_string())
        .bind(a.second.map(|p| p.to_string()))
        .bind(a.room.map(|r| r.to_string()))
        .bind(a.client.map(|c| c.to_string()))
        .bind(a.start.timestamp())
        .bind(a.end.timestamp())
        .bind(a.status.key())
        .bind(a.status.blocks())
        .bind(a.override_reason.is_some())
        .bind(session.as_ref().map(SessionKey::as_str))
        .bind(session.is_some() && a.takes_seat())
        .bind(seats)
        .bind(a.held_until.filter(|_| a.status == Status::Held).map(|t| t.timestamp()))
        .bind(signed(rev))
        .bind(signed(seq))
        .bind(&text)
        .bind(feed.scope())
        .bind(&id)
        .execute(conn)
        .await?;
    Ok(())
}
