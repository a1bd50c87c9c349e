//! One run: a clock that is only moved, a network that loses, doubles and delays, machines that stop; then everything is
//! whole again, and what must hold is looked at.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use passerelle_domain::ids::CommandId;
use passerelle_office::sync::{Answer, Ask, SyncError};
use rand::RngCore as _;
use sqlx::sqlite::SqliteConnection;
use tempfile::TempDir;

use super::acts::{Done, What, act};
use super::central::{Centre, beside, mend};
use super::desk::Post;
use super::faults::Fault;
use super::invariants::{self, Given};
use super::template::Template;
use super::{Options, Outcome};
use crate::dice::Dice;

/// After the storm everything must be at rest within so much time.
const REST_WITHIN_H: i64 = 48;
/// A run in which more happens than this never comes to rest.
const MOST_EVENTS: u32 = 60_000;

/// One run in so many has receptions.
const RECEPTIONS: u64 = 3;
/// In one of so many of these the reception's line comes back last, when its colleagues have been to central with its word.
const COMES_LAST: u64 = 4;

/// Something that happens at its time.
#[derive(Debug)]
pub(super) enum Event {
    /// Somebody does something at a desk.
    Act(usize, What),
    /// A family asks something.
    Question(usize),
    /// The loop of a desk wakes, if it was still to wake then.
    Wake(usize),
    /// A desk that central does not answer speaks with the reception of its office.
    Share(usize),
    /// A hint of central reaches a desk.
    Hint(usize),
    /// A request reaches central.
    Arrive { post: usize, ticket: u64, request: Box<Ask> },
    /// What came of it reaches the desk.
    Return { post: usize, ticket: u64, outcome: Box<Result<Answer, SyncError>> },
    /// It has waited long enough.
    GiveUp { post: usize, ticket: u64 },
    /// Something breaks.
    Fault,
    /// A machine is switched on.
    Start(usize),
    /// Central is started.
    CentralStarts,
    /// The power of a desk that is breaking goes.
    DeskDies(usize),
    /// The same for central.
    CentralDies,
    /// A desk goes on from a copy of its profile.
    Restore(usize),
    /// Central goes on from a backup.
    RestoreCentral,
}

/// The world of one seed.
pub(super) struct World<'t> {
    pub template: &'t Template,
    pub options: Options,
    pub folder: TempDir,
    pub dice: Dice,
    pub now: DateTime<Utc>,
    pub centre: Option<Centre>,
    pub central_file: PathBuf,
    pub central_files: u32,
    pub backups: Vec<PathBuf>,
    pub watch: Option<SqliteConnection>,
    pub posts: Vec<Post>,
    agenda: BTreeMap<(DateTime<Utc>, u64), Event>,
    order: u64,
    pub tickets: u64,
    pub storm: bool,
    /// Desks of an office have spoken with one another: what one waits with may refer to what another has had refused.
    pub has_shared: bool,
    /// How often central went on from a backup.
    pub restorations: u32,
    pub given: BTreeMap<CommandId, Given>,
    /// By office, the desk that is its reception.
    pub receptions: BTreeMap<usize, usize>,
    /// After an outage of an office its reception comes back last.
    pub reception_comes_last: bool,
    pub outcome: Outcome,
    pub log: VecDeque<String>,
}

impl<'t> World<'t> {
    pub async fn new(seed: u64, template: &'t Template, options: Options) -> anyhow::Result<Self> {
        let mut dice = Dice::new(seed);
        let folder = tempfile::Builder::new().prefix("passerelle-sim-").tempdir_in(super::folder())?;
        let central_file = folder.path().join("central-0.db");
        std::fs::write(&central_file, &template.central)?;
        let mut posts = Vec::new();
        // Most runs are small, so that many orders of few things are tried; some have all.
        let (offices, desks) = match dice.below(10) {
            0..6 => (1, 2),
            6..8 => (1, 3),
            8 => (2, 2),
            _ => (dice.below(3) + 2, dice.below(3) + 1),
        };
        for (number, office) in template.offices.iter().enumerate().take(offices) {
            for desk in office.desks.iter().take(desks) {
                let post = Post::new(
                    folder.path(),
                    number,
                    desk,
                    template.begins,
                    &mut dice,
                    options.protections.desk,
                )?;
                posts.push(post);
            }
        }
        let mut world = Self {
            template,
            options,
            folder,
            dice,
            now: template.begins,
            centre: None,
            central_file,
            central_files: 0,
            backups: Vec::new(),
            watch: None,
            posts,
            agenda: BTreeMap::new(),
            order: 0,
            tickets: 0,
            storm: true,
            has_shared: false,
            restorations: 0,
            given: BTreeMap::new(),
            receptions: BTreeMap::new(),
            reception_comes_last: seed.is_multiple_of(RECEPTIONS * COMES_LAST),
            outcome: Outcome::default(),
            log: VecDeque::new(),
        };
        world.start_central().await?;
        // In some runs the first desk of each office holds its next days; the others are as they are without one.
        if seed.is_multiple_of(RECEPTIONS)
            && let Some(centre) = &world.centre
        {
            for (number, post) in world.posts.iter().enumerate() {
                if let Entry::Vacant(none) = world.receptions.entry(post.office) {
                    none.insert(number);
                    centre.has_reception(&post.desk.enrolled).await?;
                }
            }
        }
        for post in 0..world.posts.len() {
            world.start(post).await?;
        }
        Ok(world)
    }

    /// The storm, and what follows it.
    pub async fn run(&mut self) -> anyhow::Result<()> {
        let hours = self.dice.from_to(2, 40);
        let until = self.now + TimeDelta::hours(hours);
        let span = hours * 3600;
        for _ in 0..self.dice.from_to(6, 20) {
            let post = self.dice.below(self.posts.len());
            let at = self.dice.from_to(0, span);
            // People do several things in a row, and often two of them at once; what one wants, another may want too.
            let wanted = What::Wanted(self.dice.next_u64());
            self.at(at, Event::Act(post, wanted));
            for _ in 0..self.dice.below(3) {
                let (other, soon) = (self.dice.below(self.posts.len()), at + self.dice.from_to(0, 3));
                let what = if self.dice.permille(500) { wanted } else { What::Anything };
                self.at(soon, Event::Act(other, what));
            }
            for _ in 0..self.dice.below(3) {
                let soon = at + self.dice.from_to(0, 4);
                self.at(soon, Event::Act(post, What::TheSame));
            }
        }
        for _ in 0..self.dice.below(6) {
            let (office, at) = (self.dice.below(self.posts.len()), self.dice.from_to(0, span));
            let office = self.posts[office].office;
            self.at(at, Event::Question(office));
        }
        for _ in 0..self.dice.below(10) {
            let at = self.dice.from_to(0, span);
            self.at(at, Event::Fault);
        }
        while let Some(entry) = self.agenda.first_entry() {
            let (at, _) = *entry.key();
            if at > until {
                break;
            }
            let event = entry.remove();
            self.now = self.now.max(at);
            self.happens(event).await?;
        }
        self.now = self.now.max(until);
        self.heal().await?;
        let last = self.now + TimeDelta::hours(REST_WITHIN_H);
        // Only an answer brings anybody further.
        let mut answered = true;
        while self.is_under_way() || !answered || !self.is_at_rest().await? {
            let Some(entry) = self.agenda.first_entry() else { break };
            let (at, _) = *entry.key();
            if at > last {
                break;
            }
            let event = entry.remove();
            answered = matches!(event, Event::Return { .. } | Event::GiveUp { .. });
            self.now = self.now.max(at);
            self.happens(event).await?;
        }
        for (number, post) in self.posts.iter().enumerate() {
            let store = post.store.as_ref().context("every desk is on")?;
            let waits = store.pending().await?;
            ensure!(waits == 0, "{waits} commands of desk {number} still wait {REST_WITHIN_H} hours later");
        }
        ensure!(self.is_at_rest().await?, "not everybody has heard everything {REST_WITHIN_H} hours later");
        let centre = self.centre.as_ref().context("central is on")?;
        invariants::at_rest(&self.posts, centre, &self.given).await?;
        // A restored central has forgotten what it gave since the copy.
        if self.restorations == 0 {
            invariants::promises(&self.posts, centre, &self.given, self.now).await
        } else {
            Ok(())
        }
    }

    /// Everything is whole again.
    async fn heal(&mut self) -> anyhow::Result<()> {
        self.storm = false;
        self.note("the storm is over".to_owned());
        if self.centre.is_some() {
            self.central_off().await?;
        }
        self.start_central().await?;
        for post in 0..self.posts.len() {
            self.posts[post].cut_off_until = self.now;
            self.posts[post].has_exchanged = false;
            // What was about to break is switched off and on.
            if self.posts[post].is_breaking {
                self.posts[post].power_cut().await?;
            }
            if self.posts[post].store.is_none() {
                self.start(post).await?;
            }
            // A machine that slept through an outage wakes.
            if self.posts[post].ticket.is_none() {
                self.set_alarm(post);
            }
        }
        Ok(())
    }

    /// Whether something is on the line, perhaps from long ago.
    fn is_under_way(&self) -> bool {
        self.agenda.values().any(|event| matches!(event, Event::Arrive { .. } | Event::Return { .. }))
    }

    /// Whether nothing is on its way and everybody stands where central stands.
    async fn is_at_rest(&mut self) -> anyhow::Result<bool> {
        let Some(watch) = &mut self.watch else { return Ok(false) };
        if self.posts.iter().any(|post| post.store.is_none() || post.ticket.is_some()) {
            return Ok(false);
        }
        // The same number may have been reached by another way: that is found at the next exchange.
        if self.posts.iter().any(|post| !post.has_exchanged) {
            return Ok(false);
        }
        let held: i64 = sqlx::query_scalar("SELECT count(*) FROM command WHERE held IS NOT NULL")
            .fetch_one(&mut *watch)
            .await?;
        if held > 0 {
            return Ok(false);
        }
        for post in &self.posts {
            let Some(store) = &post.store else { return Ok(false) };
            let waits = store.pending().await? > 0 || !store.of_colleagues().await?.is_empty();
            if waits || !store.refetching().await?.is_empty() {
                return Ok(false);
            }
            let epoch = self.centre.as_ref().map(Centre::epoch);
            if store.enrolment().await?.as_ref().map(|e| e.epoch.as_str()) != epoch {
                return Ok(false);
            }
            for (scope, cursor) in store.cursors().await? {
                let head: Option<i64> = sqlx::query_scalar("SELECT head FROM feed WHERE scope = ?")
                    .bind(&scope)
                    .fetch_optional(&mut *watch)
                    .await?;
                if head.and_then(|h| u64::try_from(h).ok()) != Some(cursor) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    async fn happens(&mut self, event: Event) -> anyhow::Result<()> {
        self.outcome.events += 1;
        ensure!(self.outcome.events < MOST_EVENTS, "it never comes to rest");
        match event {
            Event::Act(post, what) => self.somebody_acts(post, what, false).await?,
            Event::Question(office) => self.question(office).await?,
            Event::Wake(post) => {
                // As often as anybody asks, central does what it does by itself.
                if let Some(centre) = &mut self.centre {
                    centre.set(self.now, self.options.protections.central);
                    centre.decide_held().await;
                }
                if self.posts[post].wakes == Some(self.now) {
                    self.begin(post).await?;
                }
            }
            Event::Share(post) => self.shares(post).await?,
            Event::Hint(post) => self.call(post),
            Event::Arrive { post, ticket, request } => {
                let mut together = vec![(post, ticket, request)];
                while let Some((post, ticket, request)) = self.at_the_same_moment() {
                    together.push((post, ticket, request));
                }
                self.arrive(together).await?;
            }
            Event::Return { post, ticket, outcome } => self.returns(post, ticket, *outcome).await?,
            Event::GiveUp { post, ticket } => {
                if self.posts[post].ticket == Some(ticket) {
                    let silence = match self.posts[post].never_left {
                        true => SyncError::Unreachable("no network".to_owned()),
                        false => SyncError::Unanswered("no answer".to_owned()),
                    };
                    self.returns(post, ticket, Err(silence)).await?;
                }
            }
            Event::Fault => {
                if self.storm {
                    self.something_breaks().await?;
                }
            }
            Event::Start(post) => {
                if self.posts[post].store.is_none() {
                    self.start(post).await?;
                }
            }
            Event::DeskDies(post) => self.desk_off(post).await?,
            Event::CentralDies => self.central_off().await?,
            Event::Restore(post) if self.storm => self.breaks_at(Fault::DeskRestored, post).await?,
            Event::RestoreCentral if self.storm => self.breaks(Fault::CentralRestored).await?,
            Event::Restore(_) | Event::RestoreCentral => {}
            Event::CentralStarts => {
                if self.centre.is_none() {
                    self.start_central().await?;
                }
            }
        }
        Ok(())
    }

    /// The next request, if it arrives now: those that do are answered together.
    fn at_the_same_moment(&mut self) -> Option<(usize, u64, Box<Ask>)> {
        let entry = self.agenda.first_entry()?;
        if entry.key().0 > self.now || !matches!(entry.get(), Event::Arrive { .. }) {
            return None;
        }
        match entry.remove() {
            Event::Arrive { post, ticket, request } => Some((post, ticket, request)),
            _ => None,
        }
    }

    /// Puts something on the agenda, so many seconds from now.
    pub fn at(&mut self, seconds: i64, event: Event) {
        self.order += 1;
        self.agenda.insert((self.now + TimeDelta::seconds(seconds), self.order), event);
    }

    pub fn note(&mut self, what: String) {
        self.outcome.mix(&what);
        let line = format!("{} {what}", self.now.format("%d %H:%M:%S"));
        if self.options.tell {
            println!("{line}");
        }
        if self.log.len() == 60 {
            self.log.pop_front();
        }
        self.log.push_back(line);
    }

    /// The alarm of a desk goes onto the agenda.
    pub fn set_alarm(&mut self, post: usize) {
        self.posts[post].set_alarm(self.now);
        if let Some(at) = self.posts[post].wakes {
            self.wake_at(post, at);
        }
    }

    pub(super) fn wake_at(&mut self, post: usize, at: DateTime<Utc>) {
        self.posts[post].wakes = Some(at);
        self.order += 1;
        self.agenda.insert((at, self.order), Event::Wake(post));
    }

    pub async fn start(&mut self, post: usize) -> anyhow::Result<()> {
        self.posts[post].start(self.now, &mut self.dice).await?;
        self.set_alarm(post);
        Ok(())
    }

    fn call(&mut self, post: usize) {
        let desk = &mut self.posts[post];
        let clock = desk.clock(self.now);
        if let Some(engine) = &mut desk.engine {
            engine.call(clock);
            self.set_alarm(post);
        }
    }

    /// Somebody does something; perhaps the machine stops in the middle of it.
    pub async fn somebody_acts(&mut self, post: usize, what: What, cut: bool) -> anyhow::Result<()> {
        let desk = &self.posts[post];
        if desk.store.is_none() {
            return Ok(());
        }
        let office = &self.template.offices[desk.office];
        let cut = cut || desk.is_breaking;
        let done = act(desk, office, what, self.now, cut, &mut self.dice).await?;
        if let Done::Given(commands) = done {
            for (id, command) in commands {
                self.note(format!("desk {post} gives {} {id}", command.kind()));
                self.outcome.given += 1;
                let promised = self.posts[post].promised(&id).await?;
                self.outcome.promised += u64::from(promised);
                self.given.insert(id, Given { post, command, promised, vouched: false });
            }
            if !cut {
                self.call(post);
            }
        }
        self.check_desk(post).await
    }

    async fn question(&mut self, office: usize) -> anyhow::Result<()> {
        let Some(centre) = &mut self.centre else { return Ok(()) };
        centre.set(self.now, self.options.protections.central);
        centre.receive(&self.template.offices[office], &mut self.dice).await?;
        self.hint(office, None);
        Ok(())
    }

    pub(super) async fn check_desk(&mut self, post: usize) -> anyhow::Result<()> {
        let Some(store) = &self.posts[post].store else { return Ok(()) };
        invariants::at_a_desk(store, self.restorations > 0 || self.has_shared)
            .await
            .with_context(|| format!("at desk {post}"))
    }

    pub async fn start_central(&mut self) -> anyhow::Result<()> {
        mend(&self.central_file).await?;
        self.centre = Some(Centre::open(&self.central_file, self.now).await?);
        self.watch = Some(beside(&self.central_file).await?);
        Ok(())
    }

    pub async fn stop_central(&mut self) {
        self.watch = None;
        if let Some(centre) = self.centre.take() {
            centre.close().await;
        }
    }

    /// All is closed before its files go.
    pub async fn end(mut self) {
        for post in &mut self.posts {
            post.stop().await;
        }
        self.stop_central().await;
    }

    /// Takes what no disk holds any more off the list of what must be kept: both were lost.
    pub async fn strike_lost(&mut self, held: &BTreeSet<CommandId>) {
        let before = self.given.len();
        self.given.retain(|id, _| held.contains(id));
        let struck = before - self.given.len();
        self.outcome.lost_with_disks += struck as u64;
    }
}
