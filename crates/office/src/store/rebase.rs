//! Applying an answer of central: verdicts, changes, cursors and outbox in one transaction, the overlay rebased on top.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_domain::command::Command;
use passerelle_domain::people::Actor;
use passerelle_domain::{Refusal, decide};
use passerelle_protocol::sync::{Change, CommandResult, Entity, SyncResponse, Verdict};
use sqlx::{Acquire, Sqlite, Transaction};

use super::conflicts;
use super::documents::{get, parse_doc, put, remove, to_doc};
use super::error::{Result, StoreError};
use super::execute::write_events;
use super::meta::{keys, set};
use super::open::Store;
use super::slice::load_state;

type Tx<'t> = Transaction<'t, Sqlite>;

/// What applying an answer did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebased {
    /// Commands accepted.
    pub accepted: u32,
    /// Commands refused: each is a conflict now.
    pub refused: u32,
    /// Documents changed.
    pub pulled: u32,
    /// Sorts of documents that changed, for the screen.
    pub scopes: BTreeSet<&'static str>,
    /// The answer was meant for another incarnation: nothing of it was used.
    pub ignored: bool,
}

struct Pending {
    id: String,
    command: Command,
    actor: Actor,
    at: DateTime<Utc>,
}

impl Store {
    /// Applies one answer. `inc` is this database's incarnation: an answer meant for another one changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Gap`] when a feed does not continue where this database stands; otherwise the database's. Nothing
    /// is changed then.
    pub async fn apply(&self, answer: &SyncResponse, offline: bool, now: DateTime<Utc>) -> Result<Rebased> {
        let mut tx = self.begin().await?;
        let mut done = Rebased::default();
        let inc: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(keys::INC)
            .fetch_optional(&mut *tx)
            .await?;
        if inc.as_deref() != Some(answer.inc.as_str()) {
            done.ignored = true;
            return Ok(done);
        }
        for result in &answer.results {
            apply_verdict(&mut tx, result, offline, now, &mut done).await?;
        }
        let cursors = check_feeds(&mut tx, answer).await?;
        let touches_overlay = !answer.changes.is_empty() || !answer.results.is_empty();
        if touches_overlay {
            take_off(&mut tx).await?;
            for change in &answer.changes {
                apply_change(&mut tx, change, &mut done).await?;
            }
            sqlx::query("DELETE FROM rebasing").execute(&mut *tx).await?;
            drop_visible(&mut tx, &cursors).await?;
            put_on(&mut tx).await?;
        }
        for (scope, seq) in &cursors {
            sqlx::query(
                "INSERT INTO cursor (scope, seq) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET seq = excluded.seq",
            )
            .bind(scope)
            .bind(i64::try_from(*seq).unwrap_or(i64::MAX))
            .execute(&mut *tx)
            .await?;
        }
        set(&mut tx, keys::EPOCH, &answer.epoch).await?;
        tx.commit().await?;
        Ok(done)
    }

    /// Where this database stands in each feed.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn cursors(&self) -> Result<BTreeMap<String, u64>> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT scope, seq FROM cursor").fetch_all(&self.readers).await?;
        Ok(rows.into_iter().map(|(scope, seq)| (scope, u64::try_from(seq).unwrap_or(0))).collect())
    }
}

async fn apply_verdict(
    tx: &mut Tx<'_>,
    result: &CommandResult,
    offline: bool,
    now: DateTime<Utc>,
    done: &mut Rebased,
) -> Result<()> {
    let id = result.id.to_string();
    match &result.verdict {
        Verdict::Accepted { at } => {
            let updated = sqlx::query(
                "UPDATE outbox SET state = 'acknowledged', visible_at = ?, doubtful = NULL
                 WHERE id = ? AND state <> 'acknowledged'",
            )
            .bind(to_doc(at, "verdict")?)
            .bind(&id)
            .execute(&mut **tx)
            .await?;
            done.accepted += u32::try_from(updated.rows_affected()).unwrap_or(0);
        }
        Verdict::Refused { refusal } => {
            // What its author has taken back since asks nothing of anybody.
            let moot = super::undo::refused(tx, &id).await?;
            if conflicts::record(tx, &id, refusal, offline, moot, now).await? && !moot {
                done.refused += 1;
                done.scopes.insert("conflicts");
            }
            done.scopes.insert("undo");
            sqlx::query("DELETE FROM outbox WHERE id = ?").bind(&id).execute(&mut **tx).await?;
        }
        // Central keeps it until it understands it; so do we, and ask again after what it has not seen yet.
        Verdict::Held => {
            sqlx::query("UPDATE outbox SET state = 'held' WHERE id = ? AND state = 'pending'")
                .bind(&id)
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}

/// Each feed must continue exactly where this database stands.
async fn check_feeds(tx: &mut Tx<'_>, answer: &SyncResponse) -> Result<BTreeMap<String, u64>> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT scope, seq FROM cursor").fetch_all(&mut **tx).await?;
    let mut at: BTreeMap<String, u64> =
        rows.into_iter().map(|(scope, seq)| (scope, u64::try_from(seq).unwrap_or(0))).collect();
    for change in &answer.changes {
        let stand = at.entry(change.scope.clone()).or_insert(0);
        if change.seq != *stand + 1 {
            return Err(StoreError::Gap {
                scope: change.scope.clone(),
                found: change.seq,
                expected: *stand + 1,
            });
        }
        *stand = change.seq;
    }
    Ok(at)
}

/// Takes the overlay off: every covered document is as central last said. From here until the marker is removed what is
/// written is central's word.
async fn take_off(tx: &mut Tx<'_>) -> Result<()> {
    sqlx::query("INSERT INTO rebasing (one) VALUES (1)").execute(&mut **tx).await?;
    let covered: Vec<(String, String, i64, Option<String>)> =
        sqlx::query_as("SELECT entity, id, rev, doc FROM overlay").fetch_all(&mut **tx).await?;
    let (settings, others): (Vec<_>, Vec<_>) =
        covered.into_iter().partition(|(entity, ..)| entity_of(entity).is_setting());
    // A meeting is written by the kind that it is of: settings are there at every moment, and first.
    for (entity, id, rev, doc) in &settings {
        match doc {
            Some(doc) => put(tx, entity_of(entity), id, *rev, doc).await?,
            None => remove(tx, entity_of(entity), id).await?,
        }
    }
    for (entity, id, ..) in &others {
        remove(tx, entity_of(entity), id).await?;
    }
    for (entity, id, rev, doc) in &others {
        if let Some(doc) = doc {
            put(tx, entity_of(entity), id, *rev, doc).await?;
        }
    }
    sqlx::query("DELETE FROM overlay").execute(&mut **tx).await?;
    Ok(())
}

fn entity_of(key: &str) -> Entity {
    Entity::from_key(key)
}

async fn apply_change(tx: &mut Tx<'_>, change: &Change, done: &mut Rebased) -> Result<()> {
    done.pulled += 1;
    done.scopes.insert(match change.entity {
        Entity::Appointment => "agenda",
        Entity::Enquiry => "enquiries",
        Entity::Client => "clients",
        Entity::WaitingEntry => "waiting",
        Entity::PreparationSheet => "pins",
        Entity::DirectoryOffice | Entity::Catchment | Entity::Unknown => "directory",
        _ => "settings",
    });
    let rev = i64::try_from(change.rev).unwrap_or(i64::MAX);
    match &change.doc {
        Some(doc) => put(tx, change.entity, &change.id, rev, &to_doc(doc, "change")?).await,
        None => remove(tx, change.entity, &change.id).await,
    }
}

/// An acknowledged command leaves once all that it changed has arrived.
async fn drop_visible(tx: &mut Tx<'_>, cursors: &BTreeMap<String, u64>) -> Result<()> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT id, visible_at FROM outbox WHERE state = 'acknowledged'")
            .fetch_all(&mut **tx)
            .await?;
    for (id, visible_at) in rows {
        let at: BTreeMap<String, u64> = parse_doc(&visible_at, "verdict")?;
        if at.iter().all(|(scope, seq)| cursors.get(scope).is_some_and(|here| here >= seq)) {
            sqlx::query("DELETE FROM outbox WHERE id = ?").bind(id).execute(&mut **tx).await?;
        }
    }
    Ok(())
}

/// Puts the overlay on again: acknowledged commands first, then pending ones, each decided anew over what central says.
async fn put_on(tx: &mut Tx<'_>) -> Result<()> {
    let Some(settings) = super::settings::load(&mut **tx).await? else { return Ok(()) };
    let mut settings = Arc::new(settings);
    for p in pending(tx).await? {
        let state = load_state(tx, settings.clone(), &p.command.needs()).await?;
        match decide(&state, &p.command, &p.actor, p.at) {
            Ok(events) => {
                let mut after = state;
                after.evolve_all(&events);
                // A savepoint: when the trigger refuses the second of two documents, the first must go too.
                let mut one = tx.begin().await?;
                match write_events(&mut one, &after, &events).await {
                    Ok(()) => {
                        one.commit().await?;
                        // What a command sets holds for those that were given after it.
                        settings = Arc::clone(&after.settings);
                        mark_doubtful(tx, &p.id, None).await?;
                    }
                    Err(StoreError::Overlap(_)) => {
                        one.rollback().await?;
                        mark_doubtful(tx, &p.id, Some("slot_taken")).await?;
                    }
                    Err(other) => return Err(other),
                }
            }
            // Central has the last word: it is sent all the same, and its refusal becomes a conflict with alternatives.
            Err(Refusal { code, .. }) => mark_doubtful(tx, &p.id, Some(code.key())).await?,
        }
    }
    Ok(())
}

async fn mark_doubtful(tx: &mut Tx<'_>, id: &str, code: Option<&str>) -> Result<()> {
    sqlx::query("UPDATE outbox SET doubtful = ?1 WHERE id = ?2 AND doubtful IS NOT ?1")
        .bind(code)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn pending(tx: &mut Tx<'_>) -> Result<Vec<Pending>> {
    let desk: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
        .bind(keys::DESK)
        .fetch_optional(&mut **tx)
        .await?;
    let desk = desk.and_then(|d| d.parse().ok());
    let rows: Vec<(String, String, String, String, String)> = sqlx::query_as(
        "SELECT id, command, actor, role, at FROM outbox ORDER BY state <> 'acknowledged', seq",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, command, actor, role, at) in rows {
        let command: Command = parse_doc(&command, "command")?;
        let at = DateTime::parse_from_rfc3339(&at).map(|t| t.with_timezone(&Utc)).unwrap_or_default();
        let actor = match (actor.parse().ok(), desk) {
            (Some(person), Some(desk)) => Actor::Staff { person, role: parse_doc(&role, "role")?, desk },
            _ => Actor::System,
        };
        out.push(Pending { id, command, actor, at });
    }
    Ok(out)
}

/// The meeting as it stands here, for a conflict.
pub(super) async fn meeting_of(tx: &mut Tx<'_>, command: &Command) -> Result<Option<String>> {
    let id = match command {
        Command::Book(b) | Command::Hold(b) => b.id,
        Command::Move(m) | Command::MoveSession(m) => m.id,
        Command::CancelSession { id, .. } => *id,
        Command::SetStatus(s) => s.id,
        Command::SetCompanions { id, .. } => *id,
        _ => return Ok(None),
    };
    Ok(get(tx, Entity::Appointment, &id.to_string()).await?.map(|(_, doc)| doc))
}
