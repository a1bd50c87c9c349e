//! Applying an answer of central: verdicts, changes, cursors and outbox in one transaction, the overlay rebased on top.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_domain::command::Command;
use passerelle_domain::people::Actor;
use passerelle_domain::{Refusal, decide};
use passerelle_protocol::sync::{Change, CommandResult, Entity, SyncResponse, Verdict};
use sqlx::{Acquire, Sqlite, Transaction};

use super::documents::{get, parse_doc, put, remove, to_doc};
use super::error::{Result, StoreError};
use super::execute::write_events;
use super::meta::{keys, set};
use super::open::Store;
use super::slice::load_state;
use super::{conflicts, incarnation, refetch};

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
    /// The answer was meant for another incarnation, or is of another epoch: nothing of it was used.
    pub ignored: bool,
    /// The sums of both sides differ: a feed is read again from its beginning.
    pub unequal: bool,
}

/// Whatever a screen shows, when a feed was read anew.
const ALL_SCOPES: [&str; 7] = ["agenda", "enquiries", "clients", "waiting", "pins", "directory", "settings"];

/// Seconds between two comparisons with central's sums.
const COMPARED_EVERY_S: i64 = 600;

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
        let (inc, epoch): (Option<String>, Option<String>) = sqlx::query_as(
            "SELECT (SELECT value FROM meta WHERE key = ?), (SELECT value FROM meta WHERE key = ?)",
        )
        .bind(keys::INC)
        .bind(keys::EPOCH)
        .fetch_one(&mut *tx)
        .await?;
        let other_epoch = epoch.is_some_and(|known| !known.is_empty() && known != answer.epoch);
        let foreign = inc.as_deref() != Some(answer.inc.as_str()) || other_epoch;
        if foreign && self.protections.incarnation {
            done.ignored = true;
            return Ok(done);
        }
        for result in &answer.results {
            apply_verdict(&mut tx, result, answer.server_time, offline, now, &mut done).await?;
        }
        let again = refetch::under_way(&mut tx).await?;
        let mut cursors = check_feeds(&mut tx, answer, &again).await?;
        let whole: Vec<&String> =
            again.keys().filter(|scope| is_whole(answer, scope, cursors.get(*scope))).collect();
        let compares = comparison_is_due(&mut tx, answer).await?;
        let touches_overlay =
            compares || !answer.changes.is_empty() || !answer.results.is_empty() || !whole.is_empty();
        if touches_overlay {
            take_off(&mut tx).await?;
            for change in &answer.changes {
                if again.contains_key(&change.scope) {
                    done.pulled += 1;
                    refetch::keep(&mut tx, change).await?;
                } else {
                    apply_change(&mut tx, change, &mut done).await?;
                }
            }
            for scope in &whole {
                refetch::swap(&mut tx, scope).await?;
                done.scopes.extend(ALL_SCOPES);
            }
            done.unequal = compare(&mut tx, answer, &cursors, &again, &whole, compares).await?;
            // What is still being read again stands, for everything else, where it stood.
            cursors.retain(|scope, _| !again.contains_key(scope) || whole.contains(&scope));
            sqlx::query("DELETE FROM rebasing").execute(&mut *tx).await?;
            drop_visible(&mut tx, &cursors).await?;
            let acknowledged_first = self.protections.overlay_order;
            put_on(&mut tx, acknowledged_first).await?;
        }
        cursors.retain(|scope, _| !again.contains_key(scope) || whole.contains(&scope));
        for (scope, seq) in &cursors {
            sqlx::query(
                "INSERT INTO cursor (scope, seq) VALUES (?, ?) ON CONFLICT (scope) DO UPDATE SET seq = excluded.seq
                   WHERE seq <> excluded.seq",
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
    server_time: DateTime<Utc>,
    offline: bool,
    now: DateTime<Utc>,
    done: &mut Rebased,
) -> Result<()> {
    let id = result.id.to_string();
    match &result.verdict {
        Verdict::Accepted { at } => {
            incarnation::keep_acknowledged(tx, &id, server_time).await?;
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

/// Each feed must continue exactly where this database stands; one that is read again, where that reading stands.
async fn check_feeds(
    tx: &mut Tx<'_>,
    answer: &SyncResponse,
    again: &BTreeMap<String, u64>,
) -> Result<BTreeMap<String, u64>> {
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT scope, seq FROM cursor").fetch_all(&mut **tx).await?;
    let mut at: BTreeMap<String, u64> =
        rows.into_iter().map(|(scope, seq)| (scope, u64::try_from(seq).unwrap_or(0))).collect();
    at.extend(again.iter().map(|(scope, seq)| (scope.clone(), *seq)));
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

/// Whether a feed that is read again has been read to its end.
fn is_whole(answer: &SyncResponse, scope: &String, at: Option<&u64>) -> bool {
    match answer.check.get(scope) {
        Some(check) => at.is_some_and(|at| *at == check.seq),
        // An older central sends no sums. It names the scope in its cursors when the answer is about it.
        None => answer.cursors.get(scope).is_some_and(|said| at == Some(said)) && !answer.has_more,
    }
}

/// Whether all is to be compared now: not in the middle of an exchange, and seldom, because every row is looked at. The time
/// since is told by central's clock.
async fn comparison_is_due(tx: &mut Tx<'_>, answer: &SyncResponse) -> Result<bool> {
    let (last, waits): (Option<String>, bool) = sqlx::query_as(
        "SELECT (SELECT value FROM meta WHERE key = ?), EXISTS (SELECT 1 FROM outbox WHERE state = 'pending')",
    )
    .bind(keys::COMPARED)
    .fetch_one(&mut **tx)
    .await?;
    let last = last.and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
    let lately = last.is_some_and(|last| {
        (answer.server_time - last.with_timezone(&Utc)).num_seconds().abs() < COMPARED_EVERY_S
    });
    Ok(!lately && !waits && !answer.has_more && !answer.check.is_empty())
}

/// Compares what is here with central's sums, where both stand at the same place: all of it when that is due, and always
/// what has just been read again. True when a feed must be read again, which begins here; what has just been read again is
/// not, and neither is what did not become equal by it.
async fn compare(
    tx: &mut Tx<'_>,
    answer: &SyncResponse,
    cursors: &BTreeMap<String, u64>,
    again: &BTreeMap<String, u64>,
    whole: &[&String],
    all: bool,
) -> Result<bool> {
    let mut unequal = false;
    if all {
        set(tx, keys::COMPARED, &answer.server_time.to_rfc3339()).await?;
    }
    for (scope, check) in &answer.check {
        let fresh = whole.contains(&scope);
        let reading = again.contains_key(scope) && !fresh;
        if reading || !(all || fresh) || cursors.get(scope) != Some(&check.seq) {
            continue;
        }
        if refetch::tally(tx, scope).await? == check.tally {
            continue;
        }
        let sum = format!("{}:{:016x}", check.tally.count, check.tally.sum);
        if fresh {
            tracing::error!(%scope, seq = check.seq, "the sums differ after the feed was read again");
            refetch::note_unequal(tx, scope, &sum).await?;
        } else if refetch::unequal(tx, scope).await?.as_deref() != Some(sum.as_str()) {
            tracing::warn!(%scope, seq = check.seq, "the sums differ: the feed is read again");
            refetch::begin(tx, scope).await?;
            unequal = true;
        }
    }
    Ok(unequal)
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
async fn put_on(tx: &mut Tx<'_>, acknowledged_first: bool) -> Result<()> {
    let Some(settings) = super::settings::load(&mut **tx).await? else { return Ok(()) };
    let mut settings = Arc::new(settings);
    for p in pending(tx, acknowledged_first).await? {
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

async fn pending(tx: &mut Tx<'_>, acknowledged_first: bool) -> Result<Vec<Pending>> {
    let desk: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
        .bind(keys::DESK)
        .fetch_optional(&mut **tx)
        .await?;
    let desk = desk.and_then(|d| d.parse().ok());
    let rows: Vec<(String, String, String, String, String)> = sqlx::query_as(
        "SELECT id, command, actor, role, at FROM outbox ORDER BY (state <> 'acknowledged') = ?, seq",
    )
    .bind(acknowledged_first)
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
