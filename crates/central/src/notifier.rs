//! Hears of what other services on the same database have written, for the desks that listen to this one.
//!
//! One question a service, whatever the number of its desks. `NOTIFY` in each booking would be sooner and takes three
//! quarters of the throughput: all commits that notify wait for one lock of the whole server.

use std::sync::Arc;
use std::time::Duration;

use crate::service::Service;

/// Between two questions: how late a desk may hear of a change made through another service.
const ROUND: Duration = Duration::from_millis(500);
/// The same after a question that failed.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Asks until the service stops. A head that was told is not told again.
pub async fn run(service: Arc<Service>) {
    let mut stopping = service.stopping.clone();
    loop {
        let heads = async { service.store.read().await?.heads().await };
        let pause = match heads.await {
            Ok(heads) => {
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
