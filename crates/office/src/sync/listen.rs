//! Listening to central's hints: what happens at another desk is asked for at once instead of at the next poll.
//!
//! Hints are no truth: a line that breaks costs nothing but time, because the desk goes on asking by itself.

use std::time::Duration;

use rand::Rng;

use super::central::{Hint, SyncError};
use crate::desk::Desk;

/// Before a line that broke is opened again, seconds; a little apart for each desk.
const AGAIN_S: std::ops::Range<f64> = 1.0..4.0;

/// Listens until the process ends, while exchanges succeed: a line that is dead is left to the exchange to find again.
pub(super) async fn listen(desk: &Desk) {
    loop {
        if desk.connection().online == Some(true) {
            match follow(desk).await {
                Ok(()) => {}
                Err(SyncError::Alone) => return,
                Err(e) => {
                    // It may be the token that ended.
                    desk.access().forget_token().await;
                    tracing::debug!(code = e.code(), "the line of hints broke");
                }
            }
        }
        let pause = rand::rng().random_range(AGAIN_S);
        tokio::time::sleep(Duration::from_secs_f64(pause)).await;
    }
}

/// One line, from its opening to its end.
async fn follow(desk: &Desk) -> Result<(), SyncError> {
    let enrolment = desk.enrolment().ok_or(SyncError::Alone)?;
    let (central, token) = desk.access().open(&enrolment).await?;
    let mut hints = central.hints(&token).await?;
    while let Some(hint) = hints.next().await? {
        if news(desk, &hint).await? {
            desk.wake();
        }
    }
    Ok(())
}

/// Whether a hint is about something that is not here yet. What this desk itself has just sent comes back with the answer
/// of the exchange under way: that is waited for.
async fn news(desk: &Desk, hint: &Hint) -> Result<bool, SyncError> {
    drop(desk.engine().lock().await);
    let here = desk.store().cursors().await?.get(&hint.scope).copied().unwrap_or(0);
    Ok(hint.head > here)
}
