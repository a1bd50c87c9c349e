//! Commands and their verdicts.

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, DeskId, Uai};
use passerelle_protocol::sync::{Envelope, Verdict};

use super::session::CommandRow;
use super::{StoreError, Tx};

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
pub async fn known(tx: &mut Tx, id: CommandId) -> Result<Option<StoredVerdict>, StoreError> {
    let Some((desk, verdict)) = tx.verdict(id).await? else { return Ok(None) };
    let verdict =
        serde_json::from_str(&verdict).map_err(|e| StoreError::document("command", &id.to_string(), &e))?;
    Ok(Some(StoredVerdict { desk, verdict }))
}

/// Keeps a command with its verdict, for ever the same whenever it is sent again.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn keep(
    tx: &mut Tx,
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
    tx.keep_command(&CommandRow {
        id: envelope.id,
        desk,
        inc,
        seq: envelope.seq,
        office,
        kind,
        actor: envelope.actor.to_string(),
        at: envelope.at.to_rfc3339(),
        received_at: now,
        verdict: serde_json::to_string(verdict).map_err(wrong)?,
        held,
    })
    .await
}
