//! A standby of the database's server, from which parts of snapshots are read ([`crate::snapshot`]), so that a hundred
//! desks that come anew do not keep the main database from booking.
//!
//! It is a convenience and never a condition: whatever it lacks, it is passed over, the part comes from the main database,
//! and nobody is told to come again because of it. What it gives must be a state that the main database has been in, and
//! one that the feed completes ([`fit`], [`reaches`]): it repeats, it has the same epoch and form, its feed ends where the
//! main one has been, by the mark of that change, and not before the reading began.
//!
//! How far it may be behind when a reading begins is counted in changes, not in seconds: a desk reads those that come after
//! from the main database, so they are what a late beginning costs. Seconds would need its clock, and after a quiet night
//! the last thing that it has repeated is hours old though nothing lacks.

mod rules;

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use tokio::time::{Instant, timeout};

use crate::service::Service;
use crate::store::{Server, Standby, Standing, StoreError, Tx};

pub use rules::{BadReplica, MOST_BEHIND, Unfit, fit, of_another, reaches, rest};

/// Between two looks at it.
const LOOK: Duration = Duration::from_secs(5);
/// How long an answer to a look may take, a connection included.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the reading of a part may take, its beginning included. A desk waits thirty seconds for both attempts.
const READING: Duration = Duration::from_secs(6);

/// A reason, as it is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Why {
    why: &'static str,
}

/// What is known of it.
#[derive(Debug, Clone, Copy)]
struct State {
    /// Nothing: it is read from.
    unfit: Option<Unfit>,
    /// Since a part was last read from it.
    failures: u32,
    /// When it is looked at next.
    look_at: Instant,
    /// How many changes it lacked when it was last looked at, over all feeds.
    behind: Option<u64>,
}

/// How it stands, for those who run the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// Why nothing is read from it; nothing: it is read from.
    pub unfit: Option<Unfit>,
    /// How many changes it lacked when it last answered, over all feeds.
    pub behind: Option<u64>,
}

/// The standby of a service.
#[derive(Debug)]
pub struct Replica {
    standby: Standby,
    form: i64,
    state: Mutex<State>,
    passed_over: Family<Why, Counter>,
}

/// A reading on it that has begun: a state of the database that will do.
#[derive(Debug)]
pub struct Begun {
    /// The state.
    pub tx: Tx,
    /// Where the feed ends in it.
    pub head: u64,
    /// When it must have ended.
    last: Instant,
}

impl Replica {
    /// A standby that was not looked at yet; `form` is the last migration of the main database.
    pub(crate) fn of(server: &Server, form: i64) -> Self {
        let look_at = Instant::now();
        let state = State { unfit: Some(Unfit::Resting), failures: 0, look_at, behind: None };
        Self { standby: Standby::of(server), form, state: Mutex::new(state), passed_over: Family::default() }
    }

    /// Where it is.
    #[must_use]
    pub const fn server(&self) -> &Server {
        self.standby.server()
    }

    /// How it stands.
    #[must_use]
    pub fn standing(&self) -> Use {
        let State { unfit, behind, .. } = *self.state();
        Use { unfit, behind }
    }

    /// How often a part was not read from it, by reason.
    pub(crate) fn passed_over(&self) -> Family<Why, Counter> {
        self.passed_over.clone()
    }

    /// Its connections.
    pub(crate) fn connections(&self) -> crate::store::Pool {
        self.standby.connections()
    }

    /// Looks at it once, and remembers what was seen.
    pub(crate) async fn look(&self, service: &Service) {
        let looked = timeout(PATIENCE, self.standby.standing()).await;
        let found = match &looked {
            Ok(Ok(said)) => fit(said, &service.store.meta.epoch, self.form),
            Ok(Err(error)) => {
                tracing::debug!(%error, "the read replica");
                Err(Unfit::Away)
            }
            Err(_) => Err(Unfit::Slow),
        };
        let behind = match looked {
            Ok(Ok(said)) => lacks(service, &said).await,
            _ => None,
        };
        self.seen(found, behind);
    }

    fn seen(&self, found: Result<(), Unfit>, behind: Option<u64>) {
        let mut state = self.state();
        state.behind = behind;
        let pause = match found {
            Err(Unfit::Away | Unfit::Slow) => {
                state.failures = state.failures.saturating_add(1);
                rest(state.failures)
            }
            Ok(()) | Err(_) => LOOK,
        };
        state.look_at = Instant::now() + pause;
        self.turn(&mut state, found.err());
    }

    /// Says once what has become of it.
    fn turn(&self, state: &mut State, unfit: Option<Unfit>) {
        let before = std::mem::replace(&mut state.unfit, unfit);
        match unfit {
            None if before.is_some() => {
                tracing::info!(replica = %self.server(), "snapshots are read from the replica");
            }
            Some(why) if before != unfit => {
                let why = why.key();
                tracing::warn!(replica = %self.server(), why, "the read replica is passed over: snapshots are read from the main database");
            }
            _ => {}
        }
    }

    /// Begins to read a part of a scope there; nothing when it must come from the main database.
    ///
    /// It is never waited for twice: after a failure nobody asks it before it has been looked at again.
    pub(crate) async fn begin(&self, service: &Service, scope: &str, begun: Option<u64>) -> Option<Begun> {
        let last = Instant::now() + READING;
        let unfit = self.state().unfit;
        let begun = match unfit {
            // What failed a moment ago is not asked; what it was is in the log.
            Some(Unfit::Away | Unfit::Slow) => Err(Unfit::Resting),
            Some(why) => Err(why),
            None => match tokio::time::timeout_at(last, self.try_begin(service, scope, begun, last)).await {
                Ok(begun) => begun,
                Err(_) => Err(Unfit::Slow),
            },
        };
        begun.map_err(|why| self.pass_over(why)).ok()
    }

    async fn try_begin(
        &self,
        service: &Service,
        scope: &str,
        begun: Option<u64>,
        last: Instant,
    ) -> Result<Begun, Unfit> {
        let read = self.standby.read(scope).await;
        // Also when no connection was had: a server that refuses them is asked again until there is no time left.
        let (tx, said, reached) = read.map_err(|_| Unfit::Away)?;
        fit(&said, &service.store.meta.epoch, self.form)?;
        let there = reached.ok_or(Unfit::Behind)?;
        // Looked at after it: what is there has been here before.
        let asked = async {
            let mut main = service.store.read().await?;
            let here = main.feed(scope).await?;
            Ok::<_, StoreError>((here, main.mark(scope, there.head).await?))
        };
        // When the main database fails, it says so itself to the one who asks.
        let Ok((Some(here), mark)) = asked.await else { return Err(Unfit::Behind) };
        reaches(there, here, mark, begun)?;
        Ok(Begun { tx, head: there.head, last })
    }

    /// Reads to the end what was begun; nothing when it must be read from the main database after all.
    pub(crate) async fn finish<T>(
        &self,
        last: Instant,
        reading: impl Future<Output = Result<T, StoreError>>,
    ) -> Option<T> {
        let why = match tokio::time::timeout_at(last, reading).await {
            Ok(Ok(read)) => {
                self.state().failures = 0;
                return Some(read);
            }
            // What it repeats takes away what was being read: that passes, and says nothing of the next part.
            Ok(Err(StoreError::Busy)) => Unfit::InTheWay,
            Ok(Err(error)) => {
                tracing::debug!(%error, "the read replica");
                Unfit::Away
            }
            Err(_) => Unfit::Slow,
        };
        self.pass_over(why);
        None
    }

    /// Counts a part that must come from the main database, and leaves a standby alone that has failed.
    fn pass_over(&self, why: Unfit) {
        self.passed_over.get_or_create(&Why { why: why.key() }).inc();
        let mut state = self.state();
        // Of several that were under way the first says it.
        if state.unfit.is_some() {
            return;
        }
        match why {
            Unfit::Away | Unfit::Slow => {
                state.failures = state.failures.saturating_add(1);
                state.look_at = Instant::now() + rest(state.failures);
                self.turn(&mut state, Some(why));
            }
            Unfit::NotAStandby | Unfit::OtherEpoch | Unfit::OtherForm => self.turn(&mut state, Some(why)),
            Unfit::Resting | Unfit::Behind | Unfit::Ahead | Unfit::OtherWay | Unfit::InTheWay => {}
        }
    }

    /// Closes its connections.
    pub(crate) async fn close(&self) {
        self.standby.close().await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A poisoned lock only says that another thread stopped while it held a state that is always whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Begun {
    /// When the reading must have ended.
    #[must_use]
    pub const fn last(&self) -> Instant {
        self.last
    }
}

/// How many changes it lacks over all feeds; nothing when the main database does not say.
async fn lacks(service: &Service, said: &Standing) -> Option<u64> {
    // Asked after it, so that it never lacks less than nothing.
    let heads = async { service.store.read().await?.heads().await };
    let here: u64 = heads.await.ok()?.iter().map(|(_, head)| head).sum();
    Some(here.saturating_sub(said.heads))
}

/// Looks at it from time to time until the service stops.
pub(crate) async fn run(service: std::sync::Arc<Service>) {
    let Some(replica) = &service.replica else { return };
    let mut stopping = service.stopping.clone();
    loop {
        let look_at = replica.state().look_at;
        tokio::select! {
            () = tokio::time::sleep_until(look_at) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
        // Whoever was failed meanwhile has put it off.
        if replica.state().look_at <= Instant::now() {
            replica.look(&service).await;
        }
    }
}
