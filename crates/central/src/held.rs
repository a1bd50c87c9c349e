//! Commands that were held and that nobody sends again: their desk was set back to before them, or is gone for good. Central
//! has them, so it decides them itself; whoever sends one after all is told that verdict.
//!
//! Not sooner than it must: a desk that comes back finds the holder of a half-day there, whom central finds silent at night.

use chrono::{DateTime, TimeDelta, Utc};
use passerelle_domain::ids::DeskId;
use passerelle_protocol::sync::{Envelope, MAX_COMMANDS};

use crate::push::{PushError, push};
use crate::service::Service;
use crate::store::StoreError;

/// A desk that speaks in another incarnation since has forgotten what is held, or sends it again far sooner.
const FORGOTTEN_AFTER: TimeDelta = TimeDelta::minutes(10);
/// A desk that has not sent it again within so long is not waited for.
const LEFT_AFTER: TimeDelta = TimeDelta::days(1);
/// Commands that are looked at in one round.
const AT_ONCE: usize = 1_000;

/// Decides what has been held for long, each in its order, by the rules that it would meet if it were sent again; what still
/// waits goes on waiting. Nothing of a desk that was removed: that is its director's to decide.
///
/// # Errors
/// [`StoreError`] of the database; what was decided before stays decided.
pub async fn decide(service: &Service, now: DateTime<Utc>) -> Result<(), StoreError> {
    let left =
        service.store.read().await?.held_before(now - LEFT_AFTER, now - FORGOTTEN_AFTER, AT_ONCE).await?;
    let mut all: Vec<(DeskId, String, Vec<Envelope>)> = Vec::new();
    for (desk, inc, text) in left {
        // One that cannot be read keeps no other waiting.
        let (Ok(desk), Ok(envelope)) = (desk.parse(), serde_json::from_str(&text)) else {
            tracing::warn!(%desk, "a held command cannot be read");
            continue;
        };
        match all.last_mut() {
            Some((d, i, commands)) if *d == desk && *i == inc && commands.len() < MAX_COMMANDS => {
                commands.push(envelope);
            }
            _ => all.push((desk, inc, vec![envelope])),
        }
    }
    for (desk, inc, commands) in all {
        let Some(desk) = service.store.read().await?.desk(desk).await? else { continue };
        match push(service, &desk, &inc, &commands).await {
            Ok(_) => {}
            Err(PushError::Store(error)) => return Err(error),
            Err(error) => tracing::warn!(desk = %desk.id, %error, "held commands cannot be decided"),
        }
    }
    Ok(())
}
