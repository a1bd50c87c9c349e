//! The simulator of synchronisation: offices, desks and central with their real stores, the real engine and the real
//! arbitration, on a network and on machines that do whatever a seed says, at a time that is only moved. The same seed is
//! the same run.

mod acts;
mod central;
mod colleagues;
mod cores;
mod desk;
mod faults;
mod invariants;
mod network;
mod template;
mod torn;
mod world;

use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

pub use template::Template;

/// Which protections hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Protections {
    /// At the desks.
    pub desk: passerelle_office::store::Protections,
    /// At central.
    pub central: passerelle_central::service::Protections,
}

/// One protection, by the name of what it keeps from happening.
pub const PROTECTIONS: [&str; 8] = [
    "id-check",
    "overlay-order",
    "incarnation",
    "epoch-question",
    "office-lock",
    "durable-timer",
    "office-order",
    "holder-word",
];

impl Protections {
    /// All but this one; `None` for a name that is none of [`PROTECTIONS`].
    #[must_use]
    pub fn without(name: &str) -> Option<Self> {
        let mut all = Self::default();
        match name {
            "id-check" => all.central.id_check = false,
            "overlay-order" => all.desk.overlay_order = false,
            "incarnation" => all.desk.incarnation = false,
            "epoch-question" => all.desk.epoch_question = false,
            "office-lock" => all.central.office_lock = false,
            "durable-timer" => all.desk.durable_timer = false,
            "office-order" => all.desk.office_order = false,
            "holder-word" => all.central.holder_word = false,
            _ => return None,
        }
        Some(all)
    }

    /// The name of the one that is switched off.
    fn missing(self) -> Option<&'static str> {
        PROTECTIONS.into_iter().find(|name| Self::without(name) == Some(self))
    }
}

/// How runs are made.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Which protections hold.
    pub protections: Protections,
    /// Says what happens while it does.
    pub tell: bool,
}

/// What happened in a run.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Things that happened.
    pub events: u32,
    /// Commands that somebody gave.
    pub given: u64,
    /// Requests that central answered.
    pub requests: u64,
    /// Commands of which a desk was told that central has accepted them.
    pub acknowledged: u64,
    /// Commands of which a desk was told that central has refused them.
    pub refused: u64,
    /// Commands that were given under a lease.
    pub promised: u64,
    /// Commands for which the reception has given its word by the office's own network.
    pub vouched: u64,
    /// Commands that were on no disk any more after a restoration.
    pub lost_with_disks: u64,
    /// What broke, and how often.
    pub faults: BTreeMap<String, u64>,
    /// A hash of all that happened: the same seed has the same.
    pub trace: u64,
}

impl Outcome {
    fn mix(&mut self, what: &str) {
        for byte in what.bytes() {
            self.trace = (self.trace ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

/// A run in which something did not hold.
#[derive(Debug, Clone)]
pub struct Failure {
    /// Its seed: with it, it happens again.
    pub seed: u64,
    /// What did not hold.
    pub why: String,
    /// What happened last before.
    pub last: Vec<String>,
    /// The protection that was switched off.
    pub without: Option<&'static str>,
}

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "seed {} failed: {}", self.seed, self.why)?;
        self.last.iter().try_for_each(|line| writeln!(f, "    {line}"))?;
        write!(f, "again: ./dev sim --seed {}", self.seed)?;
        self.without.map_or(Ok(()), |name| write!(f, " --ablate {name}"))
    }
}

/// Where runs have their files: in memory where there is such a place.
pub(crate) fn folder() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { memory } else { std::env::temp_dir() }
}

/// One run.
///
/// # Errors
/// What did not hold, with what happened last.
pub async fn run(seed: u64, template: &Template, options: Options) -> Result<Outcome, Failure> {
    let without = options.protections.missing();
    let failed = |why: String, last| Failure { seed, why, last, without };
    let mut world = world::World::new(seed, template, options)
        .await
        .map_err(|e| failed(format!("the world does not begin: {e:#}"), Vec::new()))?;
    let done = world.run().await;
    let last = world.log.iter().cloned().collect();
    let outcome = world.outcome.clone();
    world.end().await;
    match done {
        Ok(()) => Ok(outcome),
        Err(why) => Err(failed(format!("{why:#}"), last)),
    }
}

fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

/// What every run of this process begins with, made at the first call.
fn template() -> anyhow::Result<Arc<Template>> {
    static MADE: Mutex<Option<Arc<Template>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(template) = &*made {
        return Ok(Arc::clone(template));
    }
    let folder = tempfile::Builder::new().prefix("passerelle-sim-").tempdir_in(folder())?;
    let template = Arc::new(runtime()?.block_on(Template::make(folder.path()))?);
    *made = Some(Arc::clone(&template));
    Ok(template)
}

/// Many runs, on so many threads; stops at the first failure when asked to.
///
/// # Errors
/// When the template cannot be made, or a thread cannot work.
pub fn run_many(
    seeds: std::ops::Range<u64>,
    threads: usize,
    options: Options,
    stop_at_first: bool,
    done: impl Fn(u64, &Result<Outcome, Failure>) + Sync,
) -> anyhow::Result<()> {
    let template = template()?;
    let next = AtomicU64::new(seeds.start);
    let stopped = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                cores::stay_on_one();
                let worked = runtime().map(|runtime| {
                    loop {
                        let seed = next.fetch_add(1, Ordering::Relaxed);
                        if seed >= seeds.end {
                            break;
                        }
                        let outcome = runtime.block_on(run(seed, &template, options));
                        if outcome.is_err() && stop_at_first {
                            next.store(seeds.end, Ordering::Relaxed);
                        }
                        done(seed, &outcome);
                    }
                });
                if let Err(error) = worked {
                    *stopped.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                }
            });
        }
    });
    match stopped.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}
