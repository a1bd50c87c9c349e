//! What whoever runs the service can measure of it, in the text format of Prometheus.
//!
//! Numbers and words of this program alone: no name, no address, no identifier, and nothing by office, so that what is
//! collected elsewhere and kept for years says nothing of anybody.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};

use passerelle_protocol::sync::{DIRECTORY, Verdict};
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::replica::{Replica, Use};
use crate::service::Service;
use crate::store::{Pool, Waits};

/// Seconds at which requests are counted apart: an answer from memory, a booking, a page of changes, a slow line.
const REQUEST_S: [f64; 12] = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// A request, as it is counted: the pattern of its route, never its address.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    route: String,
    status: u16,
    /// The code of the problem document; `ok` without one.
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Decided {
    verdict: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Connections {
    pool: &'static str,
    state: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Read {
    from: &'static str,
}

/// The code of the problem document in an answer, for whoever counts answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ProblemCode(pub &'static str);

/// Counters of a running service.
#[derive(Debug)]
pub struct Metrics {
    requests: Family<Answered, Counter>,
    seconds: Family<Route, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    commands: Family<Decided, Counter>,
    parts: Family<Read, Counter>,
}

/// A request under way; it is over when this is dropped, also when its connection broke.
#[derive(Debug)]
pub(crate) struct UnderWay(Gauge);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Metrics {
    /// Nothing counted yet.
    pub(crate) fn new() -> Self {
        let seconds: fn() -> Histogram = || Histogram::new(REQUEST_S);
        Self {
            requests: Family::default(),
            seconds: Family::new_with_constructor(seconds),
            in_flight: Gauge::default(),
            commands: Family::default(),
            parts: Family::default(),
        }
    }

    /// A request has begun.
    pub(crate) fn begun(&self) -> UnderWay {
        self.in_flight.inc();
        UnderWay(self.in_flight.clone())
    }

    /// Requests under way.
    pub(crate) fn under_way(&self) -> i64 {
        self.in_flight.get()
    }

    /// A request was answered.
    pub(crate) fn answered(&self, route: &str, status: u16, code: &'static str, took: Duration) {
        self.requests.get_or_create(&Answered { route: route.to_owned(), status, code }).inc();
        self.seconds.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// A command has its verdict: `accepted`, `held`, or the code of its refusal. One that is sent again is counted again:
    /// this is work done, and not how many commands there are.
    pub(crate) fn decided(&self, verdict: &Verdict) {
        let said = match verdict {
            Verdict::Accepted { .. } => "accepted",
            Verdict::Refused { refusal } => refusal.code.key(),
            Verdict::Held => "held",
        };
        self.commands.get_or_create(&Decided { verdict: said.to_owned() }).inc();
    }

    /// A part of a snapshot was read: from `main`, the database of the service, or from its `replica`.
    pub(crate) fn part_read(&self, from: &'static str) {
        self.parts.get_or_create(&Read { from }).inc();
    }
}

/// Everything as text, OpenMetrics 1.0. What only the database knows is asked once for it; a database that does not answer
/// leaves these out, for that is when the rest is looked at.
pub(crate) async fn render(service: &Service, begun: Instant) -> String {
    let mut registry = Registry::with_prefix("passerelle");
    let m = &service.metrics;
    registry.register("requests", "Answers by route, status and code", m.requests.clone());
    registry.register_with_unit("request", "Time to an answer", Unit::Seconds, m.seconds.clone());
    registry.register("requests_under_way", "Requests not yet answered", m.in_flight.clone());
    registry.register("commands", "Commands of desks by verdict", m.commands.clone());
    registry.register(
        "snapshot_parts",
        "Parts of snapshots by the database that they were read from",
        m.parts.clone(),
    );
    let Waits { begins } = service.store.waits.clone();
    registry.register_with_unit(
        "store_wait",
        "Time until a transaction begins: the queue for a connection, and on SQLite for the one writer",
        Unit::Seconds,
        begins,
    );
    let mut open = service.store.pools();
    open.extend(service.replica.as_ref().map(Replica::connections));
    pools(&mut registry, &open);
    if let Some(replica) = &service.replica {
        standby(&mut registry, replica);
    }
    let listening: Gauge = Gauge::default();
    listening.set(i64::try_from(service.hints.receiver_count()).unwrap_or(i64::MAX));
    registry.register("listeners", "Desks that listen for hints", listening);
    let stopping: Gauge = Gauge::default();
    stopping.set(i64::from(*service.stopping.borrow()));
    registry.register("stopping", "1 while the service ends", stopping);
    heads(&mut registry, service).await;
    process(&mut registry, begun);
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = text::encode(&mut out, &registry);
    out
}

fn pools(registry: &mut Registry, pools: &[Pool]) {
    let family = Family::<Connections, Gauge>::default();
    for pool in pools {
        for (state, count) in [("open", pool.open), ("idle", pool.idle), ("most", pool.most)] {
            family.get_or_create(&Connections { pool: pool.name, state }).set(i64::from(count));
        }
    }
    registry.register("store_connections", "Connections to the database", family);
}

/// How the read replica stands.
fn standby(registry: &mut Registry, replica: &Replica) {
    let help = "Parts of snapshots that could not be read from the replica, by reason";
    registry.register("replica_passed_over", help, replica.passed_over());
    let Use { unfit, behind } = replica.standing();
    let used: Gauge = Gauge::default();
    used.set(i64::from(unfit.is_none()));
    registry.register("replica_used", "1 while snapshots are read from the replica", used);
    if let Some(behind) = behind {
        let gauge: Gauge = Gauge::default();
        gauge.set(i64::try_from(behind).unwrap_or(i64::MAX));
        registry.register(
            "replica_behind_changes",
            "Changes that the replica lacked when it was last asked",
            gauge,
        );
    }
}

/// How much there is: feeds and changes, as sums over all offices.
async fn heads(registry: &mut Registry, service: &Service) {
    let asked = async { service.store.read().await?.heads().await };
    let Ok(heads) = asked.await else { return };
    let (mut offices, mut changes, mut directory) = (0, 0, 0);
    for (scope, head) in heads {
        let head = i64::try_from(head).unwrap_or(i64::MAX);
        if scope == DIRECTORY {
            directory = head;
        } else {
            offices += 1;
            changes += head;
        }
    }
    let all = [
        ("offices", "Offices", offices),
        ("office_changes", "Changes in the feeds of all offices", changes),
        ("directory_changes", "Changes in the directory", directory),
    ];
    for (name, help, value) in all {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        registry.register(name, help, gauge);
    }
}

/// What the system says of this process.
fn process(registry: &mut Registry, begun: Instant) {
    let up: Gauge<f64, AtomicU64> = Gauge::default();
    up.set(begun.elapsed().as_secs_f64());
    registry.register_with_unit("up", "Since the service was started", Unit::Seconds, up);
    if let Some(resident) = resident_bytes() {
        let gauge: Gauge = Gauge::default();
        gauge.set(resident);
        registry.register_with_unit("resident_memory", "Memory in use", Unit::Bytes, gauge);
    }
}

/// `VmRSS` of proc(5), which is in kibibytes. Nothing where there is no such file.
fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

/// Answers `GET /metrics` on an address of its own: what it says is for those who run the service.
pub(crate) fn router(service: Arc<Service>) -> axum::Router {
    use axum::http::header::CONTENT_TYPE;
    const FORM: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    let begun = Instant::now();
    let metrics = axum::routing::get(move || {
        let service = Arc::clone(&service);
        async move { ([(CONTENT_TYPE, FORM)], render(&service, begun).await) }
    });
    axum::Router::new().route("/metrics", metrics)
}
