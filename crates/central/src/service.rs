//! What all requests share: the store, the clock, the hints that go out to desks.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use passerelle_domain::ids::Uai;
use passerelle_protocol::heads::Ends;
use passerelle_protocol::sync::{DIRECTORY, office_scope};
use serde::Serialize;
use tokio::sync::{broadcast, watch};

use crate::clock::Clock;
use crate::gate::Gate;
use crate::known::Known;
use crate::metrics::Metrics;
use crate::replica::Replica;
use crate::store::{self, Feed, Store, StoreError, Tx};
use crate::tally::Tallies;

/// Seconds between two polls of a desk to which nothing happens.
const POLL_S: u32 = 15;
/// The same in a demonstration, where somebody is watching.
const POLL_DEMO_S: u32 = 2;
/// Hints that may wait for a slow listener; one that misses some is told the heads again.
const HINTS: usize = 1024;

/// "Something is new in this feed, up to here." It carries nothing else: who is told must ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hint {
    /// Which feed.
    pub scope: String,
    /// Its last number.
    pub head: u64,
}

/// The running service.
#[derive(Debug)]
pub struct Service {
    /// Where everything is kept.
    pub store: Store,
    /// Where snapshots are read before they are read there.
    pub replica: Option<Replica>,
    /// What time it is.
    pub clock: Clock,
    /// Hints to those who listen.
    pub hints: broadcast::Sender<Hint>,
    /// Where each feed ends, as it was last told.
    told: Mutex<HashMap<String, End>>,
    /// After how many seconds a desk asks again when nothing has called it before.
    pub poll_s: u32,
    /// What is counted.
    pub metrics: Metrics,
    /// Who may work at the same time.
    pub gate: Gate,
    /// Tokens that were looked up.
    pub known: Known,
    /// Becomes true when the service stops.
    pub stopping: watch::Receiver<bool>,
    /// What a whole replica of each feed holds.
    pub(crate) tallies: Tallies,
    /// What keeps commands from being lost or doubled; all of it but in the simulator's own tests.
    #[doc(hidden)]
    pub protections: Protections,
}

/// Which protections hold, so that a test can switch one off and see that it was needed.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protections {
    /// Commands are known by their identifiers, not by their numbers alone.
    pub id_check: bool,
    /// What a command is decided on is read under the lock of the office's feed.
    pub office_lock: bool,
    /// The word of a desk that holds a half-day counts for the command of a colleague.
    pub holder_word: bool,
    /// The commands of a request are decided together. Nothing is protected by it: either way must hold alone.
    pub together: bool,
}

impl Default for Protections {
    fn default() -> Self {
        Self { id_check: true, office_lock: true, holder_word: true, together: true }
    }
}

impl Service {
    /// A service on a store.
    #[must_use]
    pub fn new(store: Store, clock: Clock, poll_s: Option<u32>, stopping: watch::Receiver<bool>) -> Self {
        let poll_s = poll_s.unwrap_or(if store.meta.demo { POLL_DEMO_S } else { POLL_S });
        Self {
            store,
            replica: None,
            clock,
            hints: broadcast::Sender::new(HINTS),
            told: Mutex::default(),
            poll_s,
            metrics: Metrics::new(),
            gate: Gate::default(),
            known: Known::default(),
            stopping,
            tallies: Tallies::default(),
            protections: Protections::default(),
        }
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Saves the feed, commits, and only then tells those who listen.
    ///
    /// # Errors
    /// [`StoreError`] of the database; then nothing was written.
    pub async fn commit(&self, mut tx: Tx, feed: &Feed) -> Result<(), StoreError> {
        feed.save(&mut tx).await?;
        tx.commit().await?;
        if feed.touched() {
            self.hint(feed.scope(), feed.head());
        }
        Ok(())
    }

    /// Tells those who listen, unless they were told; nobody listening is no error.
    pub fn hint(&self, scope: &str, head: u64) {
        if self.learn(scope, head) {
            let _ = self.hints.send(Hint { scope: scope.to_owned(), head });
        }
    }

    /// Remembers where a feed ends; whether that is news.
    pub fn learn(&self, scope: &str, head: u64) -> bool {
        let mut told = self.told();
        match told.get_mut(scope) {
            Some(before) if before.head >= head => return false,
            Some(before) => *before = End { head, mark: None },
            None => drop(told.insert(scope.to_owned(), End { head, mark: None })),
        }
        true
    }

    /// Remembers by which way a feed came to its end, unless it has gone on meanwhile.
    fn learn_way(&self, scope: &str, head: u64, mark: Option<String>) {
        self.learn(scope, head);
        if let Some(end) = self.told().get_mut(scope).filter(|end| end.head == head) {
            end.mark = Some(mark);
        }
    }

    /// Where a feed ends, as far as is known: what another service wrote may not be heard of for half a second.
    #[must_use]
    pub fn head(&self, scope: &str) -> Option<u64> {
        self.told().get(scope).map(|end| end.head)
    }

    /// Where the feeds end that a desk of this office reads; from the database only what was not heard of yet: after a
    /// change, whoever asks first reads by which way the feed came there, and all others are answered from memory.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn ends(&self, office: &Uai) -> Result<Ends, StoreError> {
        let mut ends = Ends::default();
        for scope in [office_scope(office), DIRECTORY.to_owned()] {
            let told = self.told().get(&scope).cloned();
            let (head, mark) = if let Some(End { head, mark: Some(mark) }) = told {
                (head, mark)
            } else {
                let Some((head, mark)) = store::end(&mut self.store.read().await?, &scope).await? else {
                    continue;
                };
                self.learn_way(&scope, head, mark.clone());
                (head, mark)
            };
            ends.heads.insert(scope.clone(), head);
            ends.marks.extend(mark.map(|mark| (scope, mark)));
        }
        Ok(ends)
    }

    fn told(&self) -> MutexGuard<'_, HashMap<String, End>> {
        // A poisoned lock only says that another thread stopped while it held a map that is always whole.
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where a feed ends.
#[derive(Debug, Clone)]
struct End {
    head: u64,
    /// By which way it came there, once that was asked; inside, `None` when no mark is kept of it.
    mark: Option<Option<String>>,
}

/// The office that a scope belongs to.
#[must_use]
pub fn office_of(scope: &str) -> Option<Uai> {
    let uai = Uai::parse(scope.rsplit(':').next()?).ok()?;
    (office_scope(&uai) == scope).then_some(uai)
}
