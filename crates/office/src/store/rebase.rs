//! Applying an answer of central: verdicts, changes, cursors and outbox in one transaction, the overlay rebased on top.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use passerelle_domain::command::Command;
use passerelle_protocol::sync::{Change, Check, CommandResult, DIRECTORY, Entity, SyncResponse, Verdict};
use sqlx::{Sqlite, Transaction};

use super::advance::{Left, advance};
use super::arrival::Arrival;
use super::documents::{get, to_doc};
use super::error::{Result, StoreError};
use super::meta::{keys, set};
use super::open::Store;
use super::overlay::{put_on, take_off};
use super::snapshot::{self, Gone};
use super::writing::Writing;
use super::{colleagues, conflicts, incarnation, refetch};

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
    /// The sums of both sides differ: a scope is read again.
    pub unequal: bool,
    /// All commands that wait were decided again.
    pub decided_again: bool,
    /// What was read again took the place of what was there.
    pub taken_over: bool,
    /// Commands of colleagues left: central has decided them.
    pub freed: bool,
}

/// Whatever a screen shows, when a feed was read anew.
const ALL_SCOPES: [&str; 8] =
    ["agenda", "enquiries", "clients", "waiting", "pins", "leases", "directory", "settings"];

/// Seconds between two comparisons with central's sums.
const COMPARED_EVERY_S: i64 = 600;

/// A person is asked before more than one in so many of the documents here goes because central does not have it.
const SMALLEST_PART: usize = 20;

/// What came of applying an answer.
enum Attempt {
    Done(Rebased),
    /// Nothing was written: what was read again would remove so much that somebody must say yes.
    Asks {
        scope: String,
        gone: Gone,
    },
}

impl Attempt {
    fn asks(scope: String, gone: usize, present: usize) -> Self {
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self::Asks { scope, gone: Gone { gone: number(gone), present: number(present) } }
    }
}

impl Store {
    /// Applies one answer. `inc` is this database's incarnation: an answer meant for another one changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Gap`] when a feed does not continue where this database stands; otherwise the database's. Nothing
    /// is changed then.
    pub async fn apply(&self, answer: &SyncResponse, offline: bool, now: DateTime<Utc>) -> Result<Rebased> {
        loop {
            match self.attempt(answer, offline, now).await? {
                Attempt::Done(done) => return Ok(done),
                // Nothing of it was written. The rest is applied while somebody is asked.
                Attempt::Asks { scope, gone } => self.ask_about(&scope, gone).await?,
            }
        }
    }

    async fn attempt(&self, answer: &SyncResponse, offline: bool, now: DateTime<Utc>) -> Result<Attempt> {
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
            return Ok(Attempt::Done(done));
        }
        // What the relay doubted is central's to say from here on.
        sqlx::query("UPDATE outbox SET relay_doubt = NULL WHERE relay_doubt IS NOT NULL")
            .execute(&mut *tx)
            .await?;
        let mut left = Left::default();
        left.refused(&mut tx, &answer.results).await?;
        let again = refetch::under_way(&mut tx).await?;
        let mut cursors = check_feeds(&mut tx, answer, &again).await?;
        // Where a feed is read again it is not known yet how far what is shown will stand.
        let stands = again.is_empty().then_some(&cursors);
        let acknowledged = acknowledge(&mut tx, answer, stands, &mut left, &mut done).await?;
        for result in &answer.results {
            apply_verdict(&mut tx, result, offline, now, &mut done).await?;
        }
        let asked = snapshot::asked_about(&mut tx).await?;
        let allowed = snapshot::let_go_of(&mut tx).await?;
        let read: Vec<&String> = again
            .keys()
            .filter(|scope| !asked.contains(*scope) && is_whole(answer, scope, cursors.get(*scope)))
            .collect();
        let compares = comparison_is_due(&mut tx, answer).await?;
        let compared = cursors.clone();
        let mut changes = Vec::with_capacity(answer.changes.len());
        for change in &answer.changes {
            done.pulled += 1;
            if again.contains_key(&change.scope) {
                refetch::keep(&mut tx, change).await?;
            } else {
                done.scopes.insert(scope_of(change.entity));
                changes.push(change);
            }
        }
        let mut whole: Vec<&String> = Vec::new();
        let mut arrivals = Vec::new();
        let mut seen = Vec::new();
        for scope in read {
            let arrival = Arrival::of(&mut tx, scope).await?;
            if !is_right(&mut tx, answer, scope, &arrival).await? {
                done.unequal = true;
                continue;
            }
            if scope != DIRECTORY {
                seen.push((scope.clone(), refetch::seen(&mut tx, scope).await?));
            }
            whole.push(scope);
            arrivals.push(arrival);
        }
        // What is still being read again stands, for everything else, where it stood.
        cursors.retain(|scope, _| !again.contains_key(scope) || whole.contains(&scope));
        // The short way knows only what this desk has given itself.
        let shared = colleagues::any(&mut tx).await?;
        let freed = shared && colleagues::decided(&mut tx, answer, !again.is_empty()).await? > 0;
        if freed {
            done.scopes.extend(ALL_SCOPES);
        }
        done.freed = freed;
        if !changes.is_empty() || !answer.results.is_empty() || !whole.is_empty() || freed {
            left.visible(&mut tx, &cursors).await?;
            let short = self.protections.keep_untouched
                && self.protections.overlay_order
                && whole.is_empty()
                && !shared
                && !acknowledged.doubted;
            if !(short && advance(&mut tx, &changes, &left, acknowledged.last).await?) {
                done.decided_again = true;
                take_off(&mut tx).await?;
                let mut writing = Writing::default();
                for change in changes {
                    apply_change(&mut tx, &mut writing, change).await?;
                }
                writing.finish(&mut tx).await?;
                for (scope, arrival) in whole.iter().zip(&arrivals) {
                    refetch::swap(&mut tx, scope, arrival).await?;
                    done.scopes.extend(ALL_SCOPES);
                    done.taken_over = true;
                }
                sqlx::query("DELETE FROM rebasing").execute(&mut *tx).await?;
                put_on(&mut tx, self.protections).await?;
            }
        }
        // A desk that has nothing yet loses nothing.
        for (scope, before) in seen.into_iter().filter(|(_, before)| !before.is_empty()) {
            let gone = before.difference(&refetch::seen(&mut tx, &scope).await?).count();
            if gone * SMALLEST_PART > before.len() && !allowed.contains(&scope) {
                return Ok(Attempt::asks(scope, gone, before.len()));
            }
        }
        if compares || !whole.is_empty() {
            done.unequal |= compare(&mut tx, answer, &compared, &again, &whole, compares).await?;
        }
        for (scope, seq) in &cursors {
            let said = answer.marks.get(scope).filter(|_| answer.cursors.get(scope) == Some(seq));
            sqlx::query(
                "INSERT INTO cursor (scope, seq, mark) VALUES (?, ?, ?)
                 ON CONFLICT (scope) DO UPDATE SET seq = excluded.seq, mark = excluded.mark
                   WHERE seq <> excluded.seq OR (? AND mark IS NOT excluded.mark)",
            )
            .bind(scope)
            .bind(i64::try_from(*seq).unwrap_or(i64::MAX))
            .bind(said)
            // What was read whole may stand at the same number by another way; and marks came later than cursors.
            .bind(whole.contains(&scope) || said.is_some())
            .execute(&mut *tx)
            .await?;
        }
        set(&mut tx, keys::EPOCH, &answer.epoch).await?;
        tx.commit().await?;
        if done.taken_over {
            self.forget_pages().await?;
        }
        Ok(Attempt::Done(done))
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

impl Store {
    /// What central said of the way to each cursor, where it did.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn marks(&self) -> Result<BTreeMap<String, String>> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT scope, mark FROM cursor WHERE mark IS NOT NULL")
                .fetch_all(&self.readers)
                .await?;
        Ok(rows.into_iter().collect())
    }
}

/// What central has accepted and has not arrived whole.
#[derive(Debug, Default)]
struct Acknowledged {
    /// The number of the last command that was not accepted before.
    last: Option<i64>,
    /// One of those did not hold here: whether it does now is decided again.
    doubted: bool,
}

/// Notes what central has accepted. What has arrived whole with this answer, by where the feeds stand after it, leaves the
/// outbox at once; what became of the rest.
async fn acknowledge(
    tx: &mut Tx<'_>,
    answer: &SyncResponse,
    stands: Option<&BTreeMap<String, u64>>,
    left: &mut Left,
    done: &mut Rebased,
) -> Result<Acknowledged> {
    let accepted: Vec<(String, &BTreeMap<String, u64>)> = answer
        .results
        .iter()
        .filter_map(|result| match &result.verdict {
            Verdict::Accepted { at } => Some((result.id.to_string(), at)),
            Verdict::Refused { .. } | Verdict::Held => None,
        })
        .collect();
    if accepted.is_empty() {
        return Ok(Acknowledged::default());
    }
    incarnation::keep_acknowledged(tx, &to_doc(&accepted, "verdict")?, answer.server_time).await?;
    let is_here = |at: &BTreeMap<String, u64>| {
        stands.is_some_and(|stands| {
            at.iter().all(|(scope, seq)| stands.get(scope).is_some_and(|here| here >= seq))
        })
    };
    let (here, later): (Vec<_>, Vec<_>) = accepted.into_iter().partition(|(_, at)| is_here(at));
    if !here.is_empty() {
        let ids: Vec<&String> = here.iter().map(|(id, _)| id).collect();
        done.accepted += left.arrived(tx, &to_doc(&ids, "commands")?).await?;
    }
    if later.is_empty() {
        return Ok(Acknowledged::default());
    }
    let accepted = to_doc(&later, "verdict")?;
    let doubted: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM json_each(?) a JOIN outbox o ON o.id = json_extract(a.value, '$[0]')
                        WHERE o.state <> 'acknowledged' AND o.doubtful IS NOT NULL)",
    )
    .bind(&accepted)
    .fetch_one(&mut **tx)
    .await?;
    let numbers: Vec<i64> = sqlx::query_scalar(
        "UPDATE outbox SET state = 'acknowledged', visible_at = json_extract(a.value, '$[1]'), doubtful = NULL
         FROM json_each(?) a
         WHERE outbox.id = json_extract(a.value, '$[0]') AND outbox.state <> 'acknowledged' RETURNING seq",
    )
    .bind(&accepted)
    .fetch_all(&mut **tx)
    .await?;
    done.accepted += u32::try_from(numbers.len()).unwrap_or(0);
    Ok(Acknowledged { last: numbers.into_iter().max(), doubted })
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
        Verdict::Accepted { .. } => {}
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
            sqlx::query(
                "UPDATE outbox SET state = 'held', perhaps_decided = (vouch IS NULL)
                 WHERE id = ? AND state = 'pending'",
            )
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
        let sum = sum_text(check);
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

/// Whether what was read again has central's count and sum; if not it is read once more. What comes to the same sum a second
/// time is taken all the same: central's own reckoning may be what is wrong.
async fn is_right(tx: &mut Tx<'_>, answer: &SyncResponse, scope: &str, arrival: &Arrival) -> Result<bool> {
    let Some(check) = answer.check.get(scope) else { return Ok(true) };
    if arrival.tally() == check.tally {
        return Ok(true);
    }
    let sum = sum_text(check);
    if refetch::unequal(tx, scope).await?.as_deref() == Some(sum.as_str()) {
        return Ok(true);
    }
    tracing::warn!(%scope, seq = check.seq, "what was read is not what central has: it is read once more");
    refetch::note_unequal(tx, scope, &sum).await?;
    refetch::begin(tx, scope).await?;
    Ok(false)
}

fn sum_text(check: &Check) -> String {
    format!("{}:{:016x}", check.tally.count, check.tally.sum)
}

/// What a screen shows of it.
const fn scope_of(entity: Entity) -> &'static str {
    match entity {
        Entity::Appointment => "agenda",
        Entity::Enquiry => "enquiries",
        Entity::Client => "clients",
        Entity::WaitingEntry => "waiting",
        Entity::PreparationSheet => "pins",
        Entity::Lease => "leases",
        Entity::DirectoryOffice | Entity::Catchment | Entity::Unknown => "directory",
        _ => "settings",
    }
}

async fn apply_change(tx: &mut Tx<'_>, writing: &mut Writing, change: &Change) -> Result<()> {
    let rev = i64::try_from(change.rev).unwrap_or(i64::MAX);
    match &change.doc {
        Some(doc) => writing.put(tx, change.entity, &change.id, rev, doc.text()).await,
        None => writing.remove(tx, change.entity, &change.id).await,
    }
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
