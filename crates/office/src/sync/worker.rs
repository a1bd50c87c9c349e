//! The loop: an exchange when something waits, when central asked for one, and after a failure with growing patience.

use std::time::Duration;

use chrono::TimeDelta;
use rand::Rng;

use super::central::SyncError;
use super::exchange::once;
use crate::desk::Desk;

/// Decorrelated jitter between these bounds, so that desks coming back together do not stay together.
const FIRST_S: f64 = 2.0;
const LONGEST_S: f64 = 300.0;
/// A `Retry-After` beyond this is not believed.
const LONGEST_BUSY_S: u32 = 3_600;
/// Commands given close together travel together.
const GATHER: Duration = Duration::from_millis(150);

/// Exchanges and listens until the process ends. Without a central it returns at once.
pub async fn run(desk: Desk) {
    // Whichever says first that there is no central ends both.
    tokio::select! {
        () = exchanges(&desk) => {}
        () = super::listen::listen(&desk) => {}
        () = super::catalogue::follow(&desk) => {}
    }
}

async fn exchanges(desk: &Desk) {
    let mut patience = FIRST_S;
    loop {
        let pause = match once(desk).await {
            Ok(report) => {
                patience = FIRST_S;
                Duration::from_secs(u64::from(report.poll_after_s.max(1)))
            }
            Err(SyncError::Alone) => return,
            Err(e) => {
                tracing::warn!(code = e.code(), "exchange failed");
                let next =
                    rand::rng().random_range(FIRST_S..=(patience * 3.0).clamp(FIRST_S + 0.1, LONGEST_S));
                patience = next;
                match e {
                    // Central knows better when; the jitter keeps desks apart that were told the same.
                    SyncError::Busy { after_s: Some(after), .. } => {
                        Duration::from_secs_f64(f64::from(after.min(LONGEST_BUSY_S)) + next)
                    }
                    _ => Duration::from_secs_f64(next),
                }
            }
        };
        arm(desk, pause).await;
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = desk.woken() => {
                // Offline, a click must not hammer a dead line; the timer goes on, but what is asked for is tried soon.
                tokio::time::sleep(GATHER).await;
            }
        }
    }
}

/// The timer is a state: written down, so that a restart takes it up.
async fn arm(desk: &Desk, pause: Duration) {
    let at = desk.now() + TimeDelta::from_std(pause).unwrap_or_default();
    desk.set_connection(|c| c.next_try = Some(at));
    if desk.connection().online == Some(false) {
        let stamp = at.to_rfc3339();
        if let Err(e) = desk.store().set_meta(&[(crate::store::meta_keys::NEXT_TRY, Some(&stamp))]).await {
            tracing::warn!(code = e.code(), "the timer could not be written");
        }
        desk.tell(["status"]);
    }
}
