//! The open desk: its store, its clock, who acts, and the news that screens listen to.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock, RwLock};

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{DeskId, PersonId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::{Actor, Person, Role};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::{Notify, broadcast, oneshot};

use crate::catalogue::DeskCatalogue;
use crate::clock::Clock;
use crate::store::{Enrolment, Store, StoreError};
use crate::sync::{Access, Engine, Heard};

/// Scopes whose queries are stale now. See [`crate::api::CommandSpec::invalidates`].
pub type News = BTreeSet<&'static str>;

/// The state of the connection, as the line in the top bar says it.
#[derive(Debug, Clone, Default)]
pub struct Connection {
    /// The last exchange succeeded; `None` before the first, or without a central.
    pub online: Option<bool>,
    /// Since when not.
    pub offline_since: Option<DateTime<Utc>>,
    /// Why not.
    pub offline_code: Option<String>,
    /// Last complete exchange.
    pub last_sync: Option<DateTime<Utc>>,
    /// One is under way.
    pub syncing: bool,
    /// Next attempt.
    pub next_try: Option<DateTime<Utc>>,
    /// With so many desks of the office, this one among them, the agenda is kept while central is out of reach.
    pub colleagues: Option<u32>,
    /// How far this computer's clock is ahead of central's, seconds, when it is far off. Only shown.
    pub clock_off_s: Option<i32>,
}

/// A desk. Cloning is cheap; all clones are the same desk.
#[derive(Debug, Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

/// Shows a file, or a page of the web by its address, with the program that the computer has for it; says whether that
/// program was started.
pub type Show = fn(&OsStr) -> bool;

/// Asks the person at this desk for files (or folders), with the window's own dialog: what they chose, nothing when they
/// changed their mind.
pub struct ChooseFiles(Box<dyn Fn(bool, oneshot::Sender<Vec<PathBuf>>) + Send + Sync>);

impl ChooseFiles {
    /// `ask` is told whether folders are wanted, and where to send what was chosen.
    pub fn new(ask: impl Fn(bool, oneshot::Sender<Vec<PathBuf>>) + Send + Sync + 'static) -> Self {
        Self(Box::new(ask))
    }
}

impl std::fmt::Debug for ChooseFiles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ChooseFiles")
    }
}

#[derive(Debug)]
struct Inner {
    profile: PathBuf,
    store: Store,
    catalogue: Arc<DeskCatalogue>,
    clock: Clock,
    enrolment: RwLock<Option<Arc<Enrolment>>>,
    user: RwLock<Option<PersonId>>,
    connection: RwLock<Connection>,
    news: broadcast::Sender<News>,
    wake: Notify,
    show: OnceLock<Show>,
    choose: OnceLock<ChooseFiles>,
    /// One exchange at a time.
    engine: tokio::sync::Mutex<Engine>,
    access: Access,
    heard: Heard,
}

/// Why nobody can act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoActor {
    /// The desk belongs to no office yet, or its first synchronisation has not finished.
    NotReady,
    /// Nobody is signed in.
    NobodySignedIn,
}

impl Desk {
    /// Opens the profile in a folder.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub async fn open(profile: &Path, clock: Clock) -> Result<Self, StoreError> {
        Self::around(profile, Store::open(profile).await?, clock).await
    }

    /// Makes a new profile.
    ///
    /// # Errors
    /// See [`Store::create`].
    pub async fn create(profile: &Path, clock: Clock) -> Result<Self, StoreError> {
        Self::around(profile, Store::create(profile).await?, clock).await
    }

    async fn around(profile: &Path, store: Store, clock: Clock) -> Result<Self, StoreError> {
        use crate::store::meta_keys as k;
        let enrolment = store.enrolment().await?.map(Arc::new);
        let user = store.last_user().await?;
        let offline_since = store.meta_instant(k::OFFLINE_SINCE).await?;
        let has_central = enrolment.as_ref().is_some_and(|e| e.central.is_some());
        let connection = Connection {
            online: (has_central && offline_since.is_some()).then_some(false),
            offline_since,
            offline_code: store.meta(k::OFFLINE_CODE).await?,
            last_sync: store.meta_instant(k::LAST_SYNC).await?,
            next_try: store.meta_instant(k::NEXT_TRY).await?,
            ..Connection::default()
        };
        let engine = Engine::resume(&store, clock.now(), Box::new(StdRng::from_os_rng())).await?;
        let (news, _) = broadcast::channel(64);
        Ok(Self {
            inner: Arc::new(Inner {
                profile: profile.to_owned(),
                store,
                catalogue: Arc::new(DeskCatalogue::of(profile)),
                clock,
                enrolment: RwLock::new(enrolment),
                user: RwLock::new(user),
                connection: RwLock::new(connection),
                news,
                wake: Notify::new(),
                show: OnceLock::new(),
                choose: OnceLock::new(),
                engine: tokio::sync::Mutex::new(engine),
                access: Access::default(),
                heard: Heard::default(),
            }),
        })
    }

    /// The profile's folder.
    #[must_use]
    pub fn profile(&self) -> &Path {
        &self.inner.profile
    }

    /// The database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// The catalogue.
    #[must_use]
    pub fn catalogue(&self) -> &Arc<DeskCatalogue> {
        &self.inner.catalogue
    }

    /// Now, UTC.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.inner.clock.now()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.inner.clock
    }

    /// Who this desk is, once enrolled.
    #[must_use]
    pub fn enrolment(&self) -> Option<Arc<Enrolment>> {
        self.inner.enrolment.read().ok().and_then(|e| e.clone())
    }

    /// Writes down an enrolment.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enrol(&self, enrolment: Enrolment) -> Result<(), StoreError> {
        self.inner.store.enrol(&enrolment).await?;
        self.know(enrolment);
        Ok(())
    }

    /// As the database has it already.
    pub(crate) fn know(&self, enrolment: Enrolment) {
        if let Ok(mut slot) = self.inner.enrolment.write() {
            *slot = Some(Arc::new(enrolment));
        }
    }

    /// The office's settings, once they have arrived.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn settings(&self) -> Result<Option<Arc<OfficeSettings>>, StoreError> {
        self.inner.store.settings().await
    }

    /// Who acts: the one signed in, else the first receptionist, else anybody of the office.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn user(&self) -> Result<Option<Person>, StoreError> {
        let Some(settings) = self.settings().await? else { return Ok(None) };
        let chosen = self.inner.user.read().ok().and_then(|u| *u);
        let by_choice = chosen.and_then(|id| settings.people.get(&id)).filter(|p| p.active);
        if let Some(person) = by_choice {
            return Ok(Some(person.clone()));
        }
        let demo = self.enrolment().is_some_and(|e| e.demo);
        if !demo {
            return Ok(None);
        }
        // A demonstration opens at the counter.
        let first = |role| {
            settings
                .people
                .values()
                .filter(|p| p.active && p.role == role)
                .min_by(|a, b| a.login.cmp(&b.login))
        };
        let order = [Role::Receptionist, Role::Director, Role::Counsellor];
        Ok(order.into_iter().find_map(first).cloned())
    }

    /// Signs somebody in at this desk.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sign_in(&self, person: PersonId) -> Result<(), StoreError> {
        let key = crate::store::meta_keys::USER;
        self.inner.store.set_meta(&[(key, Some(&person.to_string()))]).await?;
        self.act_as(person);
        Ok(())
    }

    /// As [`Desk::sign_in`], for this process alone.
    pub fn act_as(&self, person: PersonId) {
        if let Ok(mut slot) = self.inner.user.write() {
            *slot = Some(person);
        }
    }

    /// The acting person as the rules know them.
    ///
    /// # Errors
    /// `Ok(Err)` when nobody can act; `Err` of the database.
    pub async fn actor(&self) -> Result<Result<(Actor, Person), NoActor>, StoreError> {
        let (Some(enrolment), Some(_)) = (self.enrolment(), self.settings().await?) else {
            return Ok(Err(NoActor::NotReady));
        };
        let Some(person) = self.user().await? else { return Ok(Err(NoActor::NobodySignedIn)) };
        let actor = Actor::Staff { person: person.id, role: person.role, desk: enrolment.desk };
        Ok(Ok((actor, person)))
    }

    /// This desk's id, once enrolled.
    #[must_use]
    pub fn desk_id(&self) -> Option<DeskId> {
        self.enrolment().map(|e| e.desk)
    }

    /// The connection as last known.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.inner.connection.read().map(|c| c.clone()).unwrap_or_default()
    }

    /// Changes what is known of the connection.
    pub fn set_connection(&self, change: impl FnOnce(&mut Connection)) {
        if let Ok(mut slot) = self.inner.connection.write() {
            change(&mut slot);
        }
    }

    /// Says how files and pages are shown at this desk. Where nobody says it (command line, tests) they are not: files
    /// are written, addresses said.
    pub fn show_with(&self, show: Show) {
        // Said once, by the window that opens the desk.
        let _ = self.inner.show.set(show);
    }

    /// Shows a file, if this desk can; says whether it was. Off the thread that answers: the program that shows files
    /// may take its time to say that it cannot.
    pub async fn show(&self, file: &Path) -> bool {
        self.shown(file.as_os_str().to_owned()).await
    }

    /// Shows a page of the web in the browser of the computer, as [`Desk::show`]. The address is one that a record of the
    /// catalogue says, never one that a page of the window made up: nothing of a family can be in it.
    pub async fn show_page(&self, address: &str) -> bool {
        self.shown(address.into()).await
    }

    async fn shown(&self, what: OsString) -> bool {
        let Some(show) = self.inner.show.get().copied() else { return false };
        tokio::task::spawn_blocking(move || show(&what)).await.unwrap_or(false)
    }

    /// Says how files are chosen at this desk. Where nobody says it, their paths are typed.
    pub fn choose_files_with(&self, choose: ChooseFiles) {
        // Said once, by the window that opens the desk.
        let _ = self.inner.choose.set(choose);
    }

    /// Asks for files, or for folders. None where this desk has no dialog.
    pub async fn choose_files(&self, folders: bool) -> Option<Vec<PathBuf>> {
        let choose = self.inner.choose.get()?;
        let (send, chosen) = oneshot::channel();
        (choose.0)(folders, send);
        // A dialog that went away without a word chose nothing.
        Some(chosen.await.unwrap_or_default())
    }

    /// Listens to news.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<News> {
        self.inner.news.subscribe()
    }

    /// Tells screens what is stale. Nobody listening is not an error.
    pub fn tell(&self, scopes: impl IntoIterator<Item = &'static str>) {
        let _ = self.inner.news.send(scopes.into_iter().collect());
    }

    /// Wakes the synchronisation: there is something to send.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// Waits until [`Desk::wake`].
    pub async fn woken(&self) {
        self.inner.wake.notified().await;
    }

    /// The engine of the exchanges with central; held during one, so that there is one at a time.
    #[must_use]
    pub fn engine(&self) -> &tokio::sync::Mutex<Engine> {
        &self.inner.engine
    }

    /// The colleagues that this desk has heard on the office's own network.
    #[must_use]
    pub fn colleagues_heard(&self) -> &Heard {
        &self.inner.heard
    }

    /// The way to central, as it was last opened.
    #[must_use]
    pub fn access(&self) -> &Access {
        &self.inner.access
    }
}
