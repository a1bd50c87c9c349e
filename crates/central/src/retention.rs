//! What central forgets: changes and verdicts that no desk needs any more.
//!
//! A change has no date of its own. Once a day each feed's head is marked; what lies under a mark that is old enough is
//! old enough. A desk that stands before what was forgotten takes a snapshot ([`crate::snapshot`]).

use chrono::{DateTime, Days, TimeDelta, Utc};

use crate::service::Service;
use crate::store::{Feed, StoreError, again};
use crate::tally;

/// For so many days a feed keeps its changes.
pub const CHANGES_DAYS: u64 = 180;
/// For so many days a command keeps its verdict. A desk that was away for longer and sends again what was decided before
/// is told that its numbers are used.
pub const VERDICTS_DAYS: u64 = 400;
/// For so many days it is known what administrators did.
pub const AUDIT_DAYS: u64 = 366;
/// Verdicts that are forgotten at once: others want to write meanwhile.
const AT_ONCE: usize = 1_000;

/// Marks, and forgets what is old enough; gives when to come again.
///
/// # Errors
/// [`StoreError`] of the database; what was forgotten before stays forgotten.
pub async fn round(service: &Service, now: DateTime<Utc>) -> Result<DateTime<Utc>, StoreError> {
    let days_ago = |days| now.checked_sub_days(Days::new(days)).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let (moved, marked) = {
        let mut tx = service.store.read().await?;
        (tx.has_moved().await?, tx.marked(days_ago(CHANGES_DAYS)).await?)
    };
    if moved {
        let mut tx = service.store.write().await?;
        tx.mark_feeds(now).await?;
        tx.commit().await?;
    }
    for (scope, head) in marked {
        again(|| forget_changes(service, &scope, head)).await?;
    }
    loop {
        let old = service.store.read().await?.decided_before(days_ago(VERDICTS_DAYS), AT_ONCE).await?;
        if old.is_empty() {
            break;
        }
        let mut tx = service.store.write().await?;
        tx.forget_commands(&old).await?;
        tx.commit().await?;
        tracing::info!(verdicts = old.len(), "forgotten");
    }
    let mut tx = service.store.write().await?;
    tx.forget_lease_ends(days_ago(VERDICTS_DAYS)).await?;
    tx.forget_quarantined(days_ago(VERDICTS_DAYS)).await?;
    tx.forget_notes(days_ago(AUDIT_DAYS)).await?;
    tx.commit().await?;
    Ok(now + TimeDelta::days(1))
}

/// Forgets the changes of a feed up to a number.
async fn forget_changes(service: &Service, scope: &str, upto: u64) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    if Feed::lock(&mut tx, scope).await?.is_none() {
        return Ok(());
    }
    // Reckoned from the floor: what this service has in memory may have passed the number long ago.
    let mut floor = tx.floor(scope).await?;
    let from = floor.seq;
    if !tally::advance(&mut floor, &mut tx, scope, upto).await? || floor.seq == from {
        return Ok(());
    }
    tx.forget_changes(scope, &floor).await?;
    tx.commit().await?;
    tracing::info!(%scope, from, to = floor.seq, "changes forgotten");
    Ok(())
}
