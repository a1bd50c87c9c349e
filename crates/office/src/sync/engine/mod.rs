//! What an exchange decides, without doing it: which request comes next, what an answer means, when to try again. It takes
//! answers, the store and the time, and gives requests; whatever carries them is `exchange.rs`, or a simulation.

mod epoch;
mod look;
mod refusal;

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use passerelle_domain::ids::CommandId;
use passerelle_protocol::snapshot::{SnapshotPart, SnapshotQuery};
use passerelle_protocol::sync::{
    DIRECTORY, MAX_CHANGES, MAX_COMMANDS, Replica, SyncRequest, SyncResponse, office_scope,
};
use rand::{Rng, RngCore};

use super::central::{SyncError, hex};
use super::steps::{Answer, Ask, Step, SyncReport};
use super::timer::Timer;
use crate::store::{Enrolment, Kept, Store, StoreError, meta_keys as k};
use look::Looks;

/// An exchange that never comes to an end is stopped after so many pages (1,000 changes each).
const MAX_PAGES: u32 = 2_000;

/// How often in a row an answer is asked for again because another process, or an answer that came late, was quicker.
const REREADS: u32 = 5;

/// For so many exchanges in a row a command waits for those of colleagues that come before it: desks that were cut off
/// together do not come back at the same moment, and one of them may have been switched off.
const MOST_BEHIND: u32 = 10;

/// The engine of one desk.
pub struct Engine {
    chance: Box<dyn RngCore + Send>,
    timer: Timer,
    looks: Looks,
    /// After so many exchanges in a row something still waited for a colleague's command.
    behind: u32,
    exchange: Option<Exchange>,
    news: BTreeSet<&'static str>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("timer", &self.timer).field("exchange", &self.exchange).finish()
    }
}

/// An exchange under way.
#[derive(Debug)]
struct Exchange {
    enrolment: Enrolment,
    report: SyncReport,
    phase: Phase,
    /// Most commands in the next request.
    most: usize,
    /// Most changes in an answer.
    limit: u32,
    pages_left: u32,
    /// How many commands are on their way, and the number of the first.
    sent: usize,
    first: Option<u64>,
    /// Those of them that go without a colleague's word.
    bare: Vec<CommandId>,
    /// Central did not answer the last time: meanwhile a colleague may be asked for its word.
    cut_off: bool,
    /// What is on its way and was noted as perhaps decided only because of that.
    noted: Vec<CommandId>,
    /// The part of a snapshot that is on its way.
    part: Option<SnapshotQuery>,
    /// What comes after a colleague's command in the order of the office waits until central has that.
    in_order: bool,
    /// It was only asked whether anything has happened, so far.
    looked: bool,
    // Each of these helps once in a row; a second time would be the same again.
    renamed: bool,
    renewed: bool,
    rereads: u32,
    asked: bool,
    expired: bool,
}

#[derive(Debug)]
enum Phase {
    /// Commands up, verdicts and changes down.
    Ordinary,
    /// Central may have gone back to an earlier state: it is asked what it still knows.
    Asking {
        /// Of so many it has said it, before the question that is on its way.
        told: usize,
        /// So many are in that question.
        now: usize,
        /// What it has said not to know.
        unknown: Vec<CommandId>,
        /// The epoch in which it said so.
        epoch: Option<String>,
        /// Everything begins anew, even if it knows them all.
        whole: bool,
    },
}

impl Engine {
    /// The engine of a desk that starts; the timer is taken up where it was.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn resume(
        store: &Store,
        now: DateTime<Utc>,
        chance: Box<dyn RngCore + Send>,
    ) -> Result<Self, StoreError> {
        let timer = Timer::taken_up(store, now).await?;
        unless_written(store.all_may_be_decided().await);
        Ok(Self { chance, timer, looks: Looks::default(), behind: 0, exchange: None, news: BTreeSet::new() })
    }

    /// When the next exchange is due; `None` while one is under way.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        self.timer.due().filter(|_| self.exchange.is_none())
    }

    /// Something waits to be sent, or central has something new: the next exchange is due now.
    pub fn call(&mut self, now: DateTime<Utc>) {
        self.timer.call(now);
    }

    /// Whether the last exchange failed.
    #[must_use]
    pub fn is_failing(&self) -> bool {
        self.timer.is_failing()
    }

    /// What screens show and is stale since the last call.
    pub fn news(&mut self) -> BTreeSet<&'static str> {
        std::mem::take(&mut self.news)
    }

    /// Begins an exchange: what is asked first. One that was under way is given up.
    ///
    /// # Errors
    /// [`SyncError::Alone`] without a central; those of the database.
    pub async fn begin(&mut self, store: &Store, limit: u32) -> Result<Ask, SyncError> {
        let enrolment = store.enrolment().await?.ok_or(SyncError::Alone)?;
        if let Some(given_up) = self.exchange.take() {
            given_up.may_be_decided(store).await;
        }
        let mut exchange = Exchange::of(enrolment, limit);
        exchange.in_order = self.behind < MOST_BEHIND;
        exchange.cut_off = self.timer.is_failing();
        // A desk that has nothing yet reads what there is, not how it came about; what has arrived of it before stays.
        if store.cursors().await?.is_empty() && store.catching_up().await?.is_none() {
            store.read_again(&exchange.scopes()).await?;
        }
        let ask = exchange.ask(store).await?;
        self.exchange = Some(exchange);
        Ok(ask)
    }

    /// Takes what came of the last request, and says what follows. An answer that nobody waits for any more is applied as
    /// far as it holds, and nothing follows from it: `None`.
    pub async fn take(
        &mut self,
        store: &Store,
        outcome: Result<Answer, SyncError>,
        now: DateTime<Utc>,
    ) -> Option<Step> {
        let Some(mut exchange) = self.exchange.take() else {
            if let Ok(Answer::Exchange(answer)) = outcome
                && let Ok(done) = store.apply(&answer, false, now).await
            {
                tell(&mut self.news, &answer, &done.scopes);
            }
            return None;
        };
        let step = match exchange.next(self, store, outcome, now).await {
            Ok(Some(step)) => {
                self.exchange = Some(exchange);
                return Some(step);
            }
            Ok(None) => exchange.end(self, store).await,
            Err(error) => {
                if error.may_be_decided() {
                    exchange.may_be_decided(store).await;
                } else {
                    exchange.rest_is_undecided(store).await;
                }
                Err(error)
            }
        };
        if let Ok(report) = &step {
            self.looks.note(&exchange, report, now);
        }
        let set = self.timer.set(store, step.as_ref(), now, &mut *self.chance).await;
        // The timer holds in memory whatever the disk says; a success that could not be written down is told as it is.
        Some(Step::Done(match (step, set) {
            (Ok(_), Err(error)) => Err(error.into()),
            (step, _) => step,
        }))
    }

    /// The exchange is given up with no request of it on its way: the line to central does not come about, or no new token.
    pub async fn fail(&mut self, store: &Store, error: SyncError, now: DateTime<Utc>) -> SyncError {
        if let Some(mut exchange) = self.exchange.take() {
            exchange.rest_is_undecided(store).await;
        }
        if let Err(unwritten) = self.timer.set(store, Err(&error), now, &mut *self.chance).await {
            tracing::warn!(code = unwritten.code(), "the timer could not be written");
        }
        error
    }

    fn new_incarnation(&mut self) -> String {
        let mut bytes = [0; 8];
        self.chance.fill_bytes(&mut bytes);
        hex(&bytes)
    }
}

impl Exchange {
    fn of(enrolment: Enrolment, limit: u32) -> Self {
        Self {
            enrolment,
            report: SyncReport::default(),
            phase: Phase::Ordinary,
            most: MAX_COMMANDS,
            limit: limit.clamp(1, MAX_CHANGES),
            pages_left: MAX_PAGES,
            sent: 0,
            first: None,
            bare: Vec::new(),
            cut_off: false,
            noted: Vec::new(),
            part: None,
            in_order: true,
            looked: false,
            renamed: false,
            renewed: false,
            rereads: 0,
            asked: false,
            expired: false,
        }
    }

    /// The step after an outcome; `None` at the end.
    async fn next(
        &mut self,
        engine: &mut Engine,
        store: &Store,
        outcome: Result<Answer, SyncError>,
        now: DateTime<Utc>,
    ) -> Result<Option<Step>, SyncError> {
        let answer = match outcome {
            Ok(Answer::Exchange(answer)) => *answer,
            Ok(Answer::Part(part)) => return self.take_part(engine, store, &part).await,
            Ok(Answer::Same) => return Ok(self.all_is_here(&engine.looks)),
            Ok(Answer::Differs) => return self.send(store).await,
            Err(error) => return self.after_refusal(engine, store, error).await,
        };
        self.renewed = false;
        if matches!(self.phase, Phase::Asking { .. }) {
            return self.enter_epoch(engine, store, answer).await;
        }
        self.report.pushed += u32::try_from(answer.results.len()).unwrap_or(0);
        let done = match store.apply(&answer, engine.is_failing(), now).await {
            // Another process applied these changes meanwhile: asked again from where this database stands now.
            Err(StoreError::Gap { .. }) if self.rereads < REREADS => {
                self.noted.clear();
                self.rereads += 1;
                return self.send(store).await;
            }
            done => done?,
        };
        if done.ignored {
            // Another process has taken a new name meanwhile. What central has decided is not known here yet.
            self.noted.clear();
            if self.rereads == REREADS {
                return Ok(None);
            }
            self.rereads += 1;
            return self.send(store).await;
        }
        self.rereads = 0;
        self.rest_is_undecided(store).await;
        self.report.accepted += done.accepted;
        self.report.refused += done.refused;
        self.report.pulled += done.pulled;
        self.report.poll_after_s = answer.poll_after_s;
        tell(&mut engine.news, &answer, &done.scopes);
        // Commands are passed over only where central misses earlier ones. Those were acknowledged and are gone from here.
        if let Some(first) = self.first
            && answer.results.is_empty()
            && !answer.has_more
        {
            if self.asked {
                return Err(SyncError::SetBack { expected: answer.expected_next, next: first });
            }
            return self.ask_what_is_known(store, true).await;
        }
        // Whoever has lost documents may have lost commands.
        if done.unequal && !self.asked {
            return self.ask_what_is_known(store, false).await;
        }
        let waits = store.any_unseen().await?
            || !store.refetching().await?.is_empty()
            || store.next_part().await?.is_some();
        // Another desk waits for a half-day that this one holds: that it knows so is said at once.
        if answer.changes.iter().any(|change| change.asks_back(self.enrolment.desk)) {
            return self.send(store).await;
        }
        let moved = done.pulled > 0
            || done.unequal
            || done.taken_over
            || done.freed
            || (self.sent > 0 && !answer.results.is_empty());
        if moved && (answer.has_more || waits) { self.send(store).await } else { Ok(None) }
    }

    async fn send(&mut self, store: &Store) -> Result<Option<Step>, SyncError> {
        self.pages_left = self.pages_left.saturating_sub(1);
        if self.pages_left == 0 {
            return Ok(None);
        }
        // Read again each time: another process, or this exchange, may have taken a new name.
        self.enrolment = store.enrolment().await?.ok_or(SyncError::Alone)?;
        Ok(Some(Step::Send(self.ask(store).await?)))
    }

    /// What comes next: the parts of a snapshot as long as one is read, then the exchange.
    async fn ask(&mut self, store: &Store) -> Result<Ask, StoreError> {
        self.looked = false;
        self.part = store.next_part().await?;
        if let Some(part) = &mut self.part {
            part.limit = (self.limit < MAX_CHANGES).then_some(self.limit);
            (self.sent, self.first) = (0, None);
            self.bare.clear();
            return Ok(Ask::Part(Box::new(part.clone())));
        }
        Ok(Ask::Exchange(Box::new(self.request(store).await?)))
    }

    /// A part of a snapshot is here.
    async fn take_part(
        &mut self,
        engine: &mut Engine,
        store: &Store,
        part: &SnapshotPart,
    ) -> Result<Option<Step>, SyncError> {
        self.renewed = false;
        let Some(asked) = self.part.take() else { return self.send(store).await };
        match store.keep_part(&asked, part).await? {
            // Another process reads the same: on from where the database stands.
            Kept::Here | Kept::NotTheNext => {
                self.report.pulled += u32::try_from(part.rows.len()).unwrap_or(0);
                engine.news.insert("status");
                self.send(store).await
            }
            Kept::OtherEpoch if !self.asked => self.ask_what_is_known(store, true).await,
            Kept::OtherEpoch => Err(SyncError::SetBack { expected: 0, next: 0 }),
        }
    }

    /// Notes that central may have decided what is on its way.
    async fn may_be_decided(&self, store: &Store) {
        if !self.bare.is_empty() {
            unless_written(store.may_be_decided(&self.bare).await);
        }
    }

    /// Takes back what was noted before it left: central has answered, and has not decided the rest, or nothing has left.
    async fn rest_is_undecided(&mut self, store: &Store) {
        let noted = std::mem::take(&mut self.noted);
        if !noted.is_empty() {
            unless_written(store.are_undecided(&noted).await);
        }
    }

    fn scopes(&self) -> [String; 2] {
        [office_scope(&self.enrolment.office), DIRECTORY.to_owned()]
    }

    async fn request(&mut self, store: &Store) -> Result<SyncRequest, StoreError> {
        let mut cursors = store.cursors().await?;
        let again = store.refetching().await?;
        // Colleagues send their own: what was decided here over theirs is to find them there.
        let behind = if self.in_order { store.behind_a_colleague().await? } else { None };
        // While central's word is read again nothing is sent: it would be decided here over what no longer holds.
        let commands = if again.is_empty() { store.to_send(self.most, behind).await? } else { Vec::new() };
        // Of what is read again only the position counts.
        let mut marks = store.marks().await?;
        marks.retain(|scope, _| !again.contains_key(scope));
        cursors.extend(again);
        for scope in self.scopes() {
            cursors.entry(scope).or_insert(0);
        }
        (self.sent, self.first) = (commands.len(), commands.first().map(|c| c.seq));
        self.bare = commands.iter().filter(|c| c.vouch.is_none()).map(|c| c.id).collect();
        // Noted before it leaves: the relay may be asked, and answer, while central decides.
        if self.cut_off && !self.bare.is_empty() {
            match store.may_be_decided(&self.bare).await {
                Ok(noted) => self.noted.extend(noted),
                unwritten => unless_written(unwritten),
            }
        }
        Ok(SyncRequest {
            v: passerelle_protocol::VERSION,
            replica: self.replica(),
            epoch: store.meta(k::EPOCH).await?.unwrap_or_default(),
            // Half-days in which this desk keeps the place of a colleague's command are not given back before it is decided.
            pending: u64::from(store.pending().await?) + u64::from(store.vouched_for().await?),
            commands,
            cursors,
            marks,
            limit: self.limit,
            asked: None,
            leases: true,
            colleagues: store.of_colleagues().await?,
        })
    }

    fn replica(&self) -> Replica {
        Replica { desk: self.enrolment.desk, inc: self.enrolment.inc.clone() }
    }

    async fn end(&self, engine: &mut Engine, store: &Store) -> Result<SyncReport, SyncError> {
        let mut report = self.report;
        engine.behind = match store.behind_a_colleague().await? {
            Some(_) => engine.behind.saturating_add(1),
            None => 0,
        };
        report.pending = store.pending().await?;
        report.conflicts = store.conflict_count().await?;
        Ok(report)
    }
}

/// A disk that does not take the note stops neither the desk nor the exchange: what is done here meanwhile is refused by it too.
fn unless_written<T>(noted: Result<T, StoreError>) {
    if let Err(unwritten) = noted {
        tracing::warn!(code = unwritten.code(), "it could not be noted what central may have decided");
    }
}

fn tell(news: &mut BTreeSet<&'static str>, answer: &SyncResponse, scopes: &BTreeSet<&'static str>) {
    if answer.results.is_empty() && scopes.is_empty() {
        return;
    }
    news.extend(["status", "outbox"]);
    for scope in scopes {
        match *scope {
            "settings" => news.extend(["settings", "session", "agenda", "enquiries"]),
            // Whose a half-day is says how sure its meetings are.
            "leases" => news.extend(["leases", "agenda"]),
            "directory" => news.extend(["enquiries", "directory"]),
            // A meeting shows its client and its conflict; an inbox line its appointment.
            "clients" | "conflicts" => news.extend([*scope, "agenda", "enquiries", "waiting"]),
            other => {
                news.insert(other);
            }
        }
    }
    if !answer.results.is_empty() {
        news.extend(["agenda", "enquiries", "clients", "settings", "waiting"]);
    }
}

/// A number of seconds between two bounds.
pub(super) fn between(chance: &mut (dyn RngCore + Send), from: f64, to: f64) -> f64 {
    chance.random_range(from..=to)
}

/// The instant so many seconds after another.
pub(super) fn after(now: DateTime<Utc>, seconds: f64) -> DateTime<Utc> {
    // Bounded by the callers: an hour and five minutes at most.
    #[allow(clippy::cast_possible_truncation)]
    let milliseconds = (seconds * 1000.0) as i64;
    now + TimeDelta::milliseconds(milliseconds)
}
