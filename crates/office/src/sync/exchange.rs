//! One exchange over HTTP: carries what the engine asks for, and notes how it went.

use chrono::{DateTime, Utc};
use passerelle_protocol::sync::MAX_CHANGES;

use super::central::{Bytes, SyncError};
use super::engine::Engine;
use super::quarantine;
use super::steps::{Answer, Ask, Step, SyncReport};
use crate::desk::Desk;
use crate::store::{Enrolment, StoreError, meta_keys as k};

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
    whole_or_look(desk, limit, false).await
}

/// As [`once`], with no more than a look at central where nothing waits here.
///
/// # Errors
/// As [`once`].
pub async fn poll(desk: &Desk) -> Result<SyncReport, SyncError> {
    whole_or_look(desk, MAX_CHANGES, true).await
}

async fn whole_or_look(desk: &Desk, limit: u32, may_look: bool) -> Result<SyncReport, SyncError> {
    let mut engine = desk.engine().lock().await;
    // From the database: another process (the command line beside the window) may have taken a new incarnation.
    let enrolment = desk.store().enrolment().await?.ok_or(SyncError::Alone)?;
    if enrolment.central.is_none() {
        return Err(SyncError::Alone);
    }
    desk.set_connection(|c| c.syncing = true);
    let outcome = carry(desk, &mut engine, &enrolment, limit, may_look).await;
    if outcome.as_ref().is_err_and(is_of_the_line) {
        desk.access().forget().await;
    }
    // What waits here may still be of use: a director of the office says so. Whatever comes of it, it stays here.
    if outcome.as_ref().is_err_and(quarantine::is_revoked) {
        match quarantine::put_aside(desk, &enrolment).await {
            Ok(0) => {}
            Ok(_) => desk.tell(["status"]),
            Err(error) => tracing::warn!(code = error.code(), "what waits could not be put into quarantine"),
        }
    }
    drop(engine);
    let noted = note(desk, &outcome).await;
    let report = outcome?;
    noted?;
    Ok(report)
}

/// Whether another connection may fare better.
const fn is_of_the_line(error: &SyncError) -> bool {
    !matches!(
        error,
        SyncError::Alone
            | SyncError::Refused(_)
            | SyncError::Busy { .. }
            | SyncError::SetBack { .. }
            | SyncError::OtherOffice { .. }
            | SyncError::Store(_)
    )
}

async fn carry(
    desk: &Desk,
    engine: &mut Engine,
    enrolment: &Enrolment,
    limit: u32,
    may_look: bool,
) -> Result<SyncReport, SyncError> {
    let (central, mut token) = match desk.access().open(enrolment).await {
        Ok(opened) => opened,
        Err(error) => return Err(engine.fail(desk.store(), error, desk.now()).await),
    };
    let mut bytes = Bytes::default();
    let look = if may_look { engine.look(desk.store(), desk.now()).await? } else { None };
    let mut ask = match look {
        Some(look) => look,
        None => engine.begin(desk.store(), limit).await?,
    };
    // The part that probably comes next, fetched while the one before it is stored.
    let mut ahead = None;
    loop {
        let outcome = match &ask {
            Ask::Exchange(request) => central.sync(&token, request, &mut bytes).await.map(Answer::Exchange),
            Ask::Part(wanted) => match ahead.take().filter(|(query, _)| query == wanted.as_ref()) {
                Some((_, part)) => part,
                None => central.part(&token, wanted, &mut bytes).await,
            }
            .map(Answer::Part),
            Ask::Look(tag) => {
                let same = central.has_everything(&token, tag, &mut bytes).await;
                same.map(|same| if same { Answer::Same } else { Answer::Differs })
            }
        };
        if let Ok(Answer::Exchange(answer)) = &outcome {
            let off = clock_off(desk.now(), answer.server_time).filter(|_| !enrolment.demo);
            desk.set_connection(|c| c.clock_off_s = off);
        }
        let following = match (&ask, &outcome) {
            (Ask::Part(wanted), Ok(Answer::Part(part))) => part.following(wanted.limit),
            _ => None,
        };
        let fetched = async {
            let query = following?;
            let part = central.part(&token, &query, &mut bytes).await;
            Some((query, part))
        };
        let (step, fetched) = tokio::join!(engine.take(desk.store(), outcome, desk.now()), fetched);
        ahead = fetched;
        know_the_name(desk).await?;
        let news = engine.news();
        if !news.is_empty() {
            desk.tell(news);
        }
        ask = match step {
            Some(Step::Send(next)) => next,
            Some(Step::Renew(next)) => {
                desk.access().forget_token().await;
                token = match desk.access().open(enrolment).await {
                    Ok((_, token)) => token,
                    Err(error) => return Err(engine.fail(desk.store(), error, desk.now()).await),
                };
                next
            }
            Some(Step::Done(done)) => {
                let mut report = done?;
                (report.bytes_up, report.bytes_down) = (bytes.up, bytes.down);
                return Ok(report);
            }
            None => return Ok(SyncReport::default()),
        };
    }
}

/// Clocks that are less apart are called right: the answer was on its way for some of it, and people do not see it.
const CLOCK_S: i64 = 120;

/// How far a clock is ahead of central's, in seconds, when it is worth saying. A demonstration has a day of its own.
fn clock_off(here: DateTime<Utc>, central: DateTime<Utc>) -> Option<i32> {
    let off = (here - central).num_seconds();
    (off.abs() > CLOCK_S).then(|| i32::try_from(off).unwrap_or(if off > 0 { i32::MAX } else { i32::MIN }))
}

/// The name of this database as the database has it: an exchange, or another process, may have changed it.
async fn know_the_name(desk: &Desk) -> Result<(), StoreError> {
    let known = desk.enrolment().map(|e| e.inc.clone());
    if desk.store().meta(k::INC).await? != known
        && let Some(enrolment) = desk.store().enrolment().await?
    {
        desk.know(enrolment);
    }
    Ok(())
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
            let facts =
                [(k::LAST_SYNC, Some(stamp.as_str())), (k::OFFLINE_SINCE, None), (k::OFFLINE_CODE, None)];
            desk.store().set_meta(&facts).await?;
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
