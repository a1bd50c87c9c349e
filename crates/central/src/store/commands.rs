//! Commands and their verdicts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, DeskId, Uai};
use passerelle_protocol::sync::{Envelope, Verdict};

use super::rows::CommandRow;
use super::{StoreError, Tx};

/// What was decided about a command, and whose it was.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredVerdict {
    /// The desk that sent it.
    pub desk: String,
    /// What it was told.
    pub verdict: Verdict,
}

impl StoredVerdict {
    /// Whether it waits for a build that understands it, and is this desk's.
    #[must_use]
    pub fn waits_for(&self, desk: DeskId) -> bool {
        matches!(self.verdict, Verdict::Held) && self.desk == desk.to_string()
    }
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

/// The stored verdicts of those of these commands that were seen.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn known_among(
    tx: &mut Tx,
    ids: &[CommandId],
) -> Result<BTreeMap<CommandId, StoredVerdict>, StoreError> {
    let mut known = BTreeMap::new();
    for (id, desk, verdict) in tx.verdicts(ids).await? {
        let verdict = serde_json::from_str(&verdict)
            .map_err(|e| StoreError::document("command", &id.to_string(), &e))?;
        known.insert(id, StoredVerdict { desk, verdict });
    }
    Ok(known)
}

/// The verdicts of those of these commands that are decided and of this office's desks: nothing is said of others.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn decided_in(
    tx: &mut Tx,
    office: &Uai,
    ids: &[CommandId],
) -> Result<BTreeMap<CommandId, Verdict>, StoreError> {
    let mut decided = BTreeMap::new();
    for (id, verdict) in tx.verdicts_in(office, ids).await? {
        let verdict = serde_json::from_str(&verdict)
            .map_err(|e| StoreError::document("command", &id.to_string(), &e))?;
        decided.insert(id, verdict);
    }
    Ok(decided)
}

/// Whose commands are kept, and when they came.
#[derive(Debug, Clone, Copy)]
pub struct Decided<'a> {
    /// The desk.
    pub desk: DeskId,
    /// Its incarnation.
    pub inc: &'a str,
    /// Its office.
    pub office: &'a Uai,
    /// When.
    pub at: DateTime<Utc>,
}

impl<'a> Decided<'a> {
    fn row(self, envelope: &'a Envelope, verdict: &Verdict) -> Result<CommandRow<'a>, StoreError> {
        let wrong = |e: serde_json::Error| StoreError::document("command", &envelope.id.to_string(), &e);
        let held = match verdict {
            Verdict::Held => Some(serde_json::to_string(envelope).map_err(wrong)?),
            Verdict::Accepted { .. } | Verdict::Refused { .. } => None,
        };
        Ok(CommandRow {
            id: envelope.id,
            desk: self.desk,
            inc: self.inc,
            seq: envelope.seq,
            office: self.office,
            kind: envelope.command.get("kind").and_then(serde_json::Value::as_str).unwrap_or(""),
            actor: envelope.actor.to_string(),
            at: envelope.at.to_rfc3339(),
            received_at: self.at,
            verdict: serde_json::to_string(verdict).map_err(wrong)?,
            held,
        })
    }
}

/// Keeps commands with their verdicts, for ever the same whenever they are sent again.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn keep_all(
    tx: &mut Tx,
    decided: Decided<'_>,
    commands: &[(&Envelope, Verdict)],
) -> Result<(), StoreError> {
    let rows = commands
        .iter()
        .map(|(envelope, verdict)| decided.row(envelope, verdict))
        .collect::<Result<Vec<_>, _>>()?;
    if rows.is_empty() {
        return Ok(());
    }
    tx.keep_commands(&rows).await
}

/// Keeps a command with its verdict, for ever the same whenever it is sent again.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn keep(
    tx: &mut Tx,
    decided: Decided<'_>,
    envelope: &Envelope,
    verdict: &Verdict,
) -> Result<(), StoreError> {
    tx.keep_command(&decided.row(envelope, verdict)?).await
}

/// Gives a command that was held its verdict, for ever the same from now on.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn settle(tx: &mut Tx, id: CommandId, verdict: &Verdict) -> Result<(), StoreError> {
    let text =
        serde_json::to_string(verdict).map_err(|e| StoreError::document("command", &id.to_string(), &e))?;
    tx.settle_command(id, &text).await
}
