//! Commands and their verdicts, and how far each incarnation of a desk has come.

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, DeskId, Uai};
use passerelle_protocol::sync::{Envelope, Verdict};
use sqlx::{Row, SqliteConnection};

use super::StoreError;
use super::feed::{signed, unsigned};

/// What was decided about a command, and whose it was.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredVerdict {
    /// The desk that sent it.
    pub desk: String,
    /// What it was told.
    pub verdict: Verdict,
}

/// The stored verdict of a command; `None` when it was never seen.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn known(conn: &mut SqliteConnection, id: CommandId) -> Result<Option<StoredVerdict>, StoreError> {
    let row = sqlx::query("SELECT desk, verdict FROM command WHERE id = ?")
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let verdict = serde_json::from_str(row.try_get::<&str, _>(1)?)
        .map_err(|e| StoreError::document("command", &id.to_string(), &e))?;
    Ok(Some(StoredVerdict { desk: row.try_get(0)?, verdict }))
}

/// The last `seq` that this incarnation has used; 0 when it is new.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn last_seq(conn: &mut SqliteConnection, desk: DeskId, inc: &str) -> Result<u64, StoreError> {
    let row = sqlx::query("SELECT last FROM incarnation WHERE desk = ? AND inc = ?")
        .bind(desk.to_string())
        .bind(inc)
        .fetch_optional(conn)
        .await?;
    Ok(row.map(|r| r.try_get(0).map(unsigned)).transpose()?.unwrap_or(0))
}

/// Says that this incarnation has used `seq`.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn advance(
    conn: &mut SqliteConnection,
    desk: DeskId,
    inc: &str,
    seq: u64,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO incarnation (desk, inc, last) VALUES (?, ?, ?)
         ON CONFLICT (desk, inc) DO UPDATE SET last = excluded.last",
    )
    .bind(desk.to_string())
    .bind(inc)
    .bind(signed(seq))
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps a command with its verdict, for ever the same whenever it is sent again.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn keep(
    conn: &mut SqliteConnection,
    desk: DeskId,
    inc: &str,
    office: &Uai,
    envelope: &Envelope,
    verdict: &Verdict,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = envelope.id.to_string();
    let wrong = |e: serde_json::Error| StoreError::document("command", &id, &e);
    let held = match verdict {
        Verdict::Held => Some(serde_json::to_string(envelope).map_err(wrong)?),
        Verdict::Accepted { .. } | Verdict::Refused { .. } => None,
    };
    let kind = envelope.command.get("kind").and_then(serde_json::Value::as_str).unwrap_or("");
    sqlx::query(
        "INSERT INTO command (id, desk, inc, seq, office, kind, actor, at, received_at, verdict, held)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(&id)
    .bind(desk.to_string())
    .bind(inc)
    .bind(signed(envelope.seq))
    .bind(office.as_str())
    .bind(kind)
    .bind(envelope.actor.to_string())
    .bind(envelope.at.to_rfc3339())
    .bind(now.timestamp())
    .bind(serde_json::to_string(verdict).map_err(wrong)?)
    .bind(held)
    .execute(conn)
    .await?;
    Ok(())
}
