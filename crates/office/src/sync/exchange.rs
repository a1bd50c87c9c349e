//! One exchange: push what waits, pull what changed, until both sides agree.

use std::sync::Arc;

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
    let enrolment = desk.enrolment().ok_or(SyncError::Alone)?;
    let base = enrolment.central.clone().ok_or(SyncError::Alone)?;
    let _one_at_a_time = desk.exchange_lock().lock().await;
    desk.set_connection(|c| c.syncing = true);
    let outcome = pages(desk, &enrolment, &base).await;
    let noted = note(desk, &outcome).await;
    let report = outcome?;
    noted?;
    Ok(report)
}

async fn pages(desk: &Desk, enrolment: &Arc<Enrolment>, base: &str) -> Result<SyncReport, SyncError> {
    let key =
        unhex(&enrolment.key).ok_or_else(|| SyncError::NotCentral("the desk's key is unreadable".into()))?;
    let central = Central::new(base)?;
    let token = central.token(enrolment.desk, &SigningKey::from_bytes(&key)).await?;
    let mut report = SyncReport::default();
    let mut bytes = Bytes::default();
    let was_offline = desk.connection().online == Some(false);
    let mut inc = enrolment.inc.clone();
    for page in 0..MAX_PAGES {
        let request = request(desk, enrolment, &inc).await?;
        let sent = request.commands.len();
        let answer = match central.sync(&token, &request, &mut bytes).await {
            Ok(answer) => answer,
            // This database is a copy of one that went on elsewhere: it takes a new name, and sends again what waits.
            Err(SyncError::Refused(p)) if p.code == "lineage_conflict" && page == 0 => {
                inc = super::enrol::new_incarnation();
                desk.store().new_incarnation(&inc).await?;
                desk.enrol(Enrolment { inc: inc.clone(), ..(**enrolment).clone() }).await?;
                continue;
            }
            Err(other) => return Err(other),
        };
        report.pushed += u32::try_from(answer.results.len()).unwrap_or(0);
        let done = desk.store().apply(&answer, was_offline, desk.now()).await?;
        report.accepted += done.accepted;
        report.refused += done.refused;
        report.pulled += done.pulled;
        report.poll_after_s = answer.poll_after_s;
        tell(desk, &answer, &done.scopes);
        let waiting = desk.store().pending().await?;
        let stuck = sent > 0 && answer.results.is_empty();
        if !answer.has_more && (waiting == 0 || stuck || sent == 0) {
            break;
        }
    }
    report.pending = desk.store().pending().await?;
    report.conflicts = desk.store().conflict_count().await?;
    (report.bytes_up, report.bytes_down) = (bytes.up, bytes.down);
    Ok(report)
}

async fn request(desk: &Desk, enrolment: &Enrolment, inc: &str) -> Result<SyncRequest, StoreError> {
    let mut cursors = desk.store().cursors().await?;
    for scope in [office_scope(&enrolment.office), DIRECTORY.to_owned()] {
        cursors.entry(scope).or_insert(0);
    }
    Ok(SyncRequest {
        v: passerelle_protocol::VERSION,
        replica: Replica { desk: enrolment.desk, inc: inc.to_owned() },
        epoch: desk.store().meta(k::EPOCH).await?.unwrap_or_default(),
        pending: u64::from(desk.store().pending().await?),
        commands: desk.store().to_send(MAX_COMMANDS).await?,
        cursors,
        limit: MAX_CHANGES,
    })
}

fn tell(desk: &Desk, answer: &SyncResponse, scopes: &std::collections::BTreeSet<&'static str>) {
    if answer.results.is_empty() && scopes.is_empty() {
        return;
    }
    let mut news: Vec<&'static str> = vec!["status", "outbox"];
    for scope in scopes {
        match *scope {
            "settings" => news.extend(["session", "agenda", "enquiries"]),
            "directory" => news.push("enquiries"),
            // A meeting shows its client and its conflict; an inbox line its appointment.
            "clients" | "conflicts" => news.extend([*scope, "agenda", "enquiries"]),
            other => news.push(other),
        }
    }
    if !answer.results.is_empty() {
        news.extend(["agenda", "enquiries", "clients"]);
    }
    desk.tell(news);
}

/// Writes down how it went; the line in the top bar and the next start read it.
async fn note(desk: &Desk, outcome: &Result<SyncReport, SyncError>) -> Result<(), StoreError> {
    let before = desk.connection();
    // The machine's own clock: "hors ligne depuis" is about this room, not about a demonstration's day.
    let now = if desk.clock().is_shifted() { desk.now() } else { Utc::now() };
    match outcome {
        Ok(_) => {
            let stamp = now.to_rfc3339();
            desk.store()
                .set_meta(&[
                    (k::LAST_SYNC, Some(&stamp)),
                    (k::OFFLINE_SINCE, None),
                    (k::OFFLINE_CODE, None),
                    (k::NEXT_TRY, None),
                ])
                .await?;
            desk.set_connection(|c| {
                (c.online, c.offline_since, c.offline_code) = (Some(true), None, None);
                (c.last_sync, c.next_try, c.syncing) = (Some(now), None, false);
            });
        }
        Err(e) => {
            let since = before.offline_since.unwrap_or(now);
            desk.set_connection(|c| {
                (c.online, c.offline_since, c.offline_code) = (Some(false), Some(since), Some(e.code()));
                c.syncing = false;
            });
            let stamp = since.to_rfc3339();
            desk.store()
                .set_meta(&[(k::OFFLINE_SINCE, Some(&stamp)), (k::OFFLINE_CODE, Some(e.code()))])
                .await?;
        }
    }
    if before.online != desk.connection().online {
        desk.tell(["status"]);
    }
    Ok(())
}
