//! Hears of what others on the same database have written, other services or the command line: for the desks that listen
//! to this one, and for those that it answers from memory.
//!
//! One question a service, whatever the number of its desks. `NOTIFY` in each booking would be sooner and takes three
//! quarters of the throughput: all commits that notify wait for one lock of the whole server.

use std::sync::Arc;
use std::time::Duration;

use crate::service::Service;
use crate::store::StoreError;

/// Between two questions: how late a desk may hear of a change made through another service.
const ROUND: Duration = Duration::from_millis(500);
/// The same after a question that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Asks until the service stops. A head that was told is not told again.
pub async fn run(service: Arc<Service>) {
    let mut stopping = service.stopping.clone();
    loop {
        let asked = async {
            let mut tx = service.store.read().await?;
            Ok::<_, StoreError>((tx.heads().await?, tx.revoked().await?))
        };
        let pause = match asked.await {
            Ok((heads, revoked)) => {
                service.known.revoked(revoked);
                for (scope, head) in heads {
                    service.hint(&scope, head);
                }
                ROUND
            }
            Err(error) => {
                tracing::warn!(%error, "the heads could not be read");
                AFTER_FAILURE
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}
