//! How long transactions wait to begin, and for how many connections.

use std::time::Instant;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use sqlx::{Database, Pool as Connections};

/// Seconds at which they are counted apart. Without a queue it is well under a millisecond.
const WAIT_S: [f64; 9] = [0.0005, 0.002, 0.01, 0.05, 0.2, 1.0, 2.5, 10.0, 30.0];

/// What a transaction is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Kind {
    kind: &'static str,
}

/// How long transactions waited to begin.
#[derive(Debug, Clone)]
pub struct Waits {
    /// Seconds, those that were refused included.
    pub begins: Family<Kind, Histogram, fn() -> Histogram>,
}

impl Waits {
    /// Nothing waited yet.
    pub(super) fn new() -> Self {
        let seconds: fn() -> Histogram = || Histogram::new(WAIT_S);
        Self { begins: Family::new_with_constructor(seconds) }
    }

    /// Measures a beginning.
    pub(super) async fn measured<T>(&self, kind: &'static str, beginning: impl Future<Output = T>) -> T {
        let begun = Instant::now();
        let done = beginning.await;
        self.begins.get_or_create(&Kind { kind }).observe(begun.elapsed().as_secs_f64());
        done
    }
}

/// Connections to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pool {
    /// What they are for.
    pub name: &'static str,
    /// How many are open.
    pub open: u32,
    /// How many of these wait for work.
    pub idle: u32,
    /// How many there may be.
    pub most: u32,
}

impl Pool {
    /// As they are at this moment.
    pub(super) fn of<D: Database>(name: &'static str, pool: &Connections<D>) -> Self {
        let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
        Self { name, open: pool.size(), idle, most: pool.options().get_max_connections() }
    }
}
