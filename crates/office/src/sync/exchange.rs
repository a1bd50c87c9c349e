//! One exchange: push what waits, pull what changed, until both sides agree.

use chrono::Utc;
use ed25519_dalek::SigningKey;
use passerelle_protocol::sync::{
    DIRECTORY, MAX_CHANGES, MAX_COMMANDS, Replica, SyncRequest, SyncResponse, office_scope,
};
use serde::Serialize;

use super::central::{Bytes, Central, SyncError, unhex};
use crate::desk::Desk;
use crate::store::{Enrolment, StoreError, meta_keys as k};

/// What an exchange did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct SyncReport {
    /// Commands sent.
    pub pushed: u32,
    /// Accepted by central.
    pub accepted: u32,
    /// Refused by central: conflicts now.
    pub refused: u32,
    /// Documents received.
    pub pulled: u32,
    /// Commands that still wait.
    pub pending: u32,
    /// Conflicts to settle.
    pub conflicts: u32,
    /// Bytes of the bodies sent.
    pub bytes_up: u64,
    /// Bytes of the bodies received.
    pub bytes_down: u64,
    /// Seconds after which central wants to be asked again.
    #[serde(skip)]
    pub poll_after_s: u32,
}

/// An exchange that never comes to an end is stopped after so many pages (1,000 changes each).
const MAX_PAGES: u32 = 2_000;

/// One complete exchange. The connection's state is kept and told either way.
///
/// # Errors
/// [`SyncError`]; what was applied before it stays, what waits goes on waiting.
pub async fn once(desk: &Desk) -> Result<SyncReport, SyncError> {
    once_in_pages(desk, MAX_CHANGES).await
}

/// As [`once`], with pages of at most so many changes. For tests of long feeds.
///
/// # Errors
/// As [`once`].
#[doc(hidden)]
pub async fn once_in_pages(desk: &Desk, limit: u32) -> Result<SyncReport, SyncError> {
    let _one_at_a_time = desk.exchange_lock().lock().await;
    // From the database: another process (the command line beside the window) may have taken a new incarnation.
    let enrolment = desk.store().enrolment().await?.ok_or(SyncError::Alone)?;
    let base = enrolment.central.clone().ok_or(SyncError::Alone)?;
    desk.set_connection(|c| c.syncing = true);
    let outcome = pages(desk, enrolment, &base, limit).await;
    let noted = note(desk, &outcome).await;
    let report = outcome?;
    noted?;
    Ok(report)
}

async fn pages(
    desk: &Desk,
    mut enrolment: Enrolment,
    base: &str,
    limit: u32,
) -> Result<SyncReport, SyncError> {
    let key =
        unhex(&enrolment.key).ok_or_else(|| SyncError::NotCentral("the desk's key is unreadable".into()))?;
    let key = SigningKey::from_bytes(&key);
    let central = Central::new(base)?;
    let mut token = central.token(enrolment.desk, &key).await?;
    let mut report = SyncReport::default();
    let mut bytes = Bytes::default();
    let was_offline = desk.connection().online == Some(false);
    let mut most = MAX_COMMANDS;
    // Each of these helps once in a row; a second time would be the same again.
    let (mut renamed, mut renewed, mut reread) = (false, false, false);
    for _ in 0..MAX_PAGES {
        let request = request(desk, &enrolment, most, limit).await?;
        let sent = request.commands.len();
        let answer = match central.sync(&token, &request, &mut bytes).await {
            Ok(answer) => answer,
            // This database is a copy of one that went on elsewhere: it takes a new name, and sends again what waits.
            Err(SyncError::Refused(p)) if p.code == "lineage_conflict" && !renamed => {
                renamed = true;
                desk.store().new_incarnation(&super::enrol::new_incarnation()).await?;
                enrolment = desk.store().enrolment().await?.ok_or(SyncError::Alone)?;
                desk.enrol(enrolment.clone()).await?;
                continue;
            }
            Err(SyncError::Refused(p)) if p.status == 401 && !renewed => {
                renewed = true;
                token = central.token(enrolment.desk, &key).await?;
                continue;
            }
            // Central, or a proxy before it, takes less at a time.
            Err(SyncError::Refused(p)) if p.status == 413 && sent > 1 => {
                most = sent / 2;
                continue;
            }
            Err(other) => return Err(other),
        };
        (renewed, report.pushed) = (false, report.pushed + u32::try_from(answer.results.len()).unwrap_or(0));
        let done = match desk.store().apply(&answer, was_offline, desk.now()).await {
            // Another process applied these changes meanwhile: asked again from where this database stands now.
            Err(StoreError::Gap { .. }) if !reread => {
                reread = true;
                continue;
            }
            done => done?,
        };
        reread = false;
        report.accepted += done.accepted;
        report.refused += done.refused;
        report.pulled += done.pulled;
        report.poll_after_s = answer.poll_after_s;
        tell(desk, &answer, &done.scopes);
        if done.ignored {
            break;
        }
        // Commands are passed over only where central misses earlier ones. Those were acknowledged and are gone from here.
        if let Some(first) = request.commands.first()
            && answer.results.is_empty()
            && !answer.has_more
        {
            return Err(SyncError::SetBack { expected: answer.expected_next, next: first.seq });
        }
        let waits = desk.store().unseen().await? > 0;
        let moved = done.pulled > 0 || (sent > 0 && !answer.results.is_empty());
        if !moved || !(answer.has_more || waits) {
            break;
        }
    }
    report.pending = desk.store().pending().await?;
    report.conflicts = desk.store().conflict_count().await?;
    (report.bytes_up, report.bytes_down) = (bytes.up, bytes.down);
    Ok(report)
}

async fn request(
    desk: &Desk,
    enrolment: &Enrolment,
    most: usize,
    limit: u32,
) -> Result<SyncRequest, StoreError> {
    let mut cursors = desk.store().cursors().await?;
    for scope in [office_scope(&enrolment.office), DIRECTORY.to_owned()] {
        cursors.entry(scope).or_insert(0);
    }
    Ok(SyncRequest {
        v: passerelle_protocol::VERSION,
        replica: Replica { desk: enrolment.desk, inc: enrolment.inc.clone() },
        epoch: desk.store().meta(k::EPOCH).await?.unwrap_or_default(),
        pending: u64::from(desk.store().pending().await?),
        commands: desk.store().to_send(most).await?,
        cursors,
        limit,
    })
}

fn tell(desk: &Desk, answer: &SyncResponse, scopes: &std::collections::BTreeSet<&'static str>) {
    if answer.results.is_empty() && scopes.is_empty() {
        return;
    }
    let mut news: Vec<&'static str> = vec!["status", "outbox"];
    for scope in scopes {
        match *scope {
            "settings" => news.extend(["settings", "session", "agenda", "enquiries"]),
            "directory" => news.extend(["enquiries", "directory"]),
            // A meeting shows its client and its conflict; an inbox line its appointment.
            "clients" | "conflicts" => news.extend([*scope, "agenda", "enquiries", "waiting"]),
            other => news.push(other),
        }
    }
    if !answer.results.is_empty() {
        news.extend(["agenda", "enquiries", "clients", "settings", "waiting"]);
    }
    desk.tell(news);
}

/// Writes down how it went; the line in the top bar and the next start read it.
async fn note(desk: &Desk, outcome: &Result<SyncReport, SyncError>) -> Result<(), StoreError> {
    let before = desk.connection();
    // The machine's own clock: "hors ligne depuis" is about this room, not about a demonstration's day.
    let now = if desk.clock().is_shifted() { desk.now() } else { Utc::now() };
    let after = match outcome {
        Ok(_) => (Some(true), None),
        Err(e) => (Some(false), Some(e.code())),
    };
    let told = (before.online, before.offline_code.as_deref()) != after;
    match outcome {
        Ok(_) => {
            // In memory first: whatever the database says, the exchange is over.
            desk.set_connection(|c| {
                (c.online, c.offline_since, c.offline_code) = (Some(true), None, None);
                (c.last_sync, c.next_try, c.syncing) = (Some(now), None, false);
            });
            if told {
                desk.tell(["status"]);
            }
            let stamp = now.to_rfc3339();
            desk.store()
                .set_meta(&[
                    (k::LAST_SYNC, Some(&stamp)),
                    (k::OFFLINE_SINCE, None),
                    (k::OFFLINE_CODE, None),
                    (k::NEXT_TRY, None),
                ])
                .await?;
        }
        Err(e) => {
            let since = before.offline_since.unwrap_or(now);
            desk.set_connection(|c| {
                (c.online, c.offline_since, c.offline_code) =
                    (Some(false), Some(since), Some(e.code().to_owned()));
                c.syncing = false;
            });
            if told {
                desk.tell(["status"]);
            }
            let stamp = since.to_rfc3339();
            desk.store()
                .set_meta(&[(k::OFFLINE_SINCE, Some(&stamp)), (k::OFFLINE_CODE, Some(e.code()))])
                .await?;
        }
    }
    Ok(())
}
