//! The loop: an exchange when the engine's timer says so, and when somebody asks for one.

use std::time::Duration;

use super::central::SyncError;
use super::exchange::{once, poll};
use crate::desk::Desk;

/// Commands given close together travel together.
const GATHER: Duration = Duration::from_millis(150);
/// No pause is longer, whatever becomes of the machine's clock meanwhile.
const LONGEST: Duration = Duration::from_secs(3_900);

/// Exchanges and listens until the process ends. Without a central it returns at once.
pub async fn run(desk: Desk) {
    // Whichever says first that there is no central ends both.
    tokio::select! {
        () = exchanges(&desk) => {}
        () = super::listen::listen(&desk) => {}
        () = super::catalogue::follow(&desk) => {}
        () = super::colleagues::run(&desk) => {}
    }
}

async fn exchanges(desk: &Desk) {
    loop {
        let due = desk.engine().lock().await.due();
        // Seen by the clock once: from here on time passes, whatever the clock is set to.
        let pause = due.and_then(|due| (due - desk.now()).to_std().ok()).unwrap_or_default().min(LONGEST);
        desk.set_connection(|c| c.next_try = due);
        if desk.connection().online == Some(false) {
            desk.tell(["status"]);
        }
        let done = tokio::select! {
            () = tokio::time::sleep(pause) => poll(desk).await,
            () = desk.woken() => {
                // Offline, a click must not hammer a dead line; the timer goes on, but what is asked for is tried soon.
                tokio::time::sleep(GATHER).await;
                // Somebody knows of something new: a service that has not heard of it yet is not asked whether it has.
                once(desk).await
            }
        };
        match done {
            Ok(_) => {}
            Err(SyncError::Alone) => return,
            Err(e) => tracing::warn!(code = e.code(), "exchange failed"),
        }
    }
}
