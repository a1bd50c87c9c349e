//! One desk of a run: the real store and the real engine, and what can happen to the machine that they are on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use passerelle_domain::ids::CommandId;
use passerelle_office::store::{Protections, Store, profile_database};
use passerelle_office::sync::Engine;

use super::central::{cut, mend};
use super::template::{TemplateDesk, copy_profile};
use super::torn::tear;
use crate::dice::Dice;

/// Tables at whose writing a desk can be cut down, in the middle of a transaction.
const CUT_AT: [&str; 10] = [
    "outbox",
    "overlay",
    "cursor",
    "acknowledged",
    "appointment",
    "conflict",
    "rebasing",
    "refetched",
    "arrived",
    "colleague",
];

/// A desk.
#[derive(Debug)]
pub struct Post {
    /// Which office.
    pub office: usize,
    /// As it was enrolled.
    pub desk: TemplateDesk,
    /// Its files.
    profile: PathBuf,
    /// So many folders have been its profile.
    generation: u32,
    /// Open, unless the machine is off.
    pub store: Option<Store>,
    /// Runs, unless the machine is off.
    pub engine: Option<Engine>,
    /// The request that it waits for.
    pub ticket: Option<u64>,
    /// When the loop of this desk wakes, by the true clock.
    pub wakes: Option<DateTime<Utc>>,
    /// Nothing passes on its line until then.
    pub cut_off_until: DateTime<Utc>,
    /// How often it has tried since then.
    pub attempts: u32,
    /// How far its clock is wrong.
    pub skew: TimeDelta,
    /// Copies of the profile that somebody made.
    pub images: Vec<PathBuf>,
    /// It has gone on from a copy, or without what it wrote last.
    pub was_restored: bool,
    /// What a restored profile does not know any more.
    pub forgotten: BTreeSet<CommandId>,
    /// Some table cannot be written, and soon the power goes.
    pub is_breaking: bool,
    /// It speaks with the reception of its office, since central does not answer; and how often it has.
    pub asks_relay: bool,
    pub asked_relay: u32,
    /// It has exchanged with central since the storm was over, and not only looked.
    pub has_exchanged: bool,
    /// The request on its way met a line that was cut: no connection came about.
    pub never_left: bool,
    names: Arc<Mutex<Dice>>,
    protections: Protections,
}

impl Post {
    /// A desk as it was enrolled, in a folder of its own.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn new(
        folder: &Path,
        office: usize,
        desk: &TemplateDesk,
        begins: DateTime<Utc>,
        dice: &mut Dice,
        protections: Protections,
    ) -> anyhow::Result<Self> {
        let profile = folder.join(format!("{}-0", desk.enrolled.id));
        std::fs::create_dir_all(&profile)?;
        std::fs::write(profile_database(&profile), &*desk.profile)?;
        Ok(Self {
            office,
            desk: desk.clone(),
            profile,
            generation: 0,
            store: None,
            engine: None,
            ticket: None,
            wakes: None,
            cut_off_until: begins,
            attempts: 0,
            skew: TimeDelta::zero(),
            images: Vec::new(),
            was_restored: false,
            forgotten: BTreeSet::new(),
            is_breaking: false,
            asks_relay: false,
            asked_relay: 0,
            has_exchanged: false,
            never_left: false,
            names: Arc::new(Mutex::new(dice.fork())),
            protections,
        })
    }

    /// The machine is switched on: the profile is opened and the timer taken up.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn start(&mut self, now: DateTime<Utc>, dice: &mut Dice) -> anyhow::Result<()> {
        let names = Arc::clone(&self.names);
        let name = move || names.lock().unwrap_or_else(PoisonError::into_inner).uuid();
        let store = Store::open(&self.profile).await?.simulated(self.protections, Arc::new(name));
        let engine = Engine::resume(&store, now + self.skew, Box::new(dice.fork())).await?;
        (self.store, self.engine, self.ticket) = (Some(store), Some(engine), None);
        self.set_alarm(now);
        Ok(())
    }

    /// As the loop does: the pause is reckoned once, from then on time passes whatever the clock says.
    pub fn set_alarm(&mut self, now: DateTime<Utc>) {
        let due = self.engine.as_ref().and_then(Engine::due);
        self.wakes = due.map(|due| (due - self.skew).max(now));
    }

    /// The commands that this profile holds.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn held(&self) -> anyhow::Result<BTreeSet<CommandId>> {
        let Some(store) = &self.store else { return Ok(BTreeSet::new()) };
        let sql = "SELECT id FROM outbox UNION SELECT id FROM acknowledged UNION SELECT id FROM conflict";
        let ids: Vec<String> = sqlx::query_scalar(sql).fetch_all(store.readers()).await?;
        Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
    }

    /// Whether a command that waits here was given under a lease.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn promised(&self, id: &CommandId) -> anyhow::Result<bool> {
        let Some(store) = &self.store else { return Ok(false) };
        let lease: Option<Option<String>> = sqlx::query_scalar("SELECT lease FROM outbox WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(store.readers())
            .await?;
        Ok(lease.flatten().is_some())
    }

    /// Whether this profile has ever held a command that was given here.
    #[must_use]
    pub fn remembers(&self, id: &CommandId) -> bool {
        !self.forgotten.contains(id)
    }

    /// What its own clock says.
    #[must_use]
    pub fn clock(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + self.skew
    }

    /// The power goes: what was not committed is gone. The files are those that were there at that moment.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn power_cut(&mut self) -> anyhow::Result<()> {
        let next = self.next_profile();
        copy_profile(&self.profile, &next)?;
        self.stop().await;
        self.profile = next;
        self.is_breaking = false;
        mend(&profile_database(&self.profile)).await
    }

    /// The power goes, and the disk had not written the end of the log; whether there was something to lose.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn torn(&mut self, dice: &mut Dice) -> anyhow::Result<bool> {
        let next = self.next_profile();
        copy_profile(&self.profile, &next)?;
        let torn = tear(&profile_database(&self.profile), &profile_database(&next), dice)?;
        self.stop().await;
        self.profile = next;
        self.is_breaking = false;
        self.was_restored |= torn;
        mend(&profile_database(&self.profile)).await?;
        Ok(torn)
    }

    /// Somebody makes a copy of the profile.
    ///
    /// # Errors
    /// Those of the disk.
    pub fn make_image(&mut self) -> anyhow::Result<()> {
        let image = self.profile.with_extension(format!("image{}", self.images.len()));
        copy_profile(&self.profile, &image)?;
        self.images.push(image);
        Ok(())
    }

    /// The disk broke: the desk goes on from a copy.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn restore(&mut self, image: &Path) -> anyhow::Result<()> {
        self.stop().await;
        let next = self.next_profile();
        copy_profile(image, &next)?;
        self.profile = next;
        self.was_restored = true;
        Ok(())
    }

    /// From now on a transaction that writes to some table is cut at that row.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn break_down(&self, dice: &mut Dice) -> anyhow::Result<()> {
        let table = dice.pick(&CUT_AT).copied().unwrap_or("outbox");
        cut(&profile_database(&self.profile), table).await
    }

    /// The machine is switched off.
    pub async fn stop(&mut self) {
        (self.engine, self.ticket, self.wakes) = (None, None, None);
        if let Some(store) = self.store.take() {
            store.close().await;
        }
    }

    fn next_profile(&mut self) -> PathBuf {
        self.generation += 1;
        self.profile.with_file_name(format!("{}-{}", self.desk.enrolled.id, self.generation))
    }
}
