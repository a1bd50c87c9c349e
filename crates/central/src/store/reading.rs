//! The part of an office that decisions see, read as far as they ask for it, and each thing once.
//!
//! Under the lock of the office's feed nobody else changes what was read. What was seen counts from then on: a decision
//! changes it here before it is written, and what the database still says of it is passed over.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::OfficeState;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::command::Needs;
use passerelle_domain::enquiry::{Enquiry, EnquiryStatus};
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId, WaitingId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::pins::PreparationSheet;
use passerelle_domain::waiting::WaitingEntry;
use passerelle_protocol::sync::Entity;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::rows::Stored;
use super::{StoreError, Tx, appointments};

/// How far around a meeting that comes back others can matter to it.
const AROUND: Duration = Duration::hours(24);

type Stretch = (DateTime<Utc>, DateTime<Utc>);

/// An office as far as it was read.
#[derive(Debug)]
pub struct Reading {
    scope: String,
    /// All that was read, as the decisions since have left it.
    pub(super) whole: OfficeState,
    /// Its meetings in the order in which they begin.
    starts: BTreeMap<(DateTime<Utc>, AppointmentId), Arc<Appointment>>,
    /// When each of them begins.
    begins: BTreeMap<AppointmentId, DateTime<Utc>>,
    /// The longest of them.
    longest: Duration,
    seen: Seen,
    /// Meetings that were looked for, were not there, and were not made since.
    absent: BTreeSet<AppointmentId>,
}

/// What was looked for, whether or not it was there.
#[derive(Debug, Default)]
struct Seen {
    appointments: BTreeSet<AppointmentId>,
    sheets: BTreeSet<AppointmentId>,
    clients: BTreeSet<ClientId>,
    enquiries: BTreeSet<EnquiryId>,
    waiting: BTreeSet<WaitingId>,
    /// All meetings and enquiries of these.
    of_clients: BTreeSet<ClientId>,
    /// All that these still wait for.
    waits_of: BTreeSet<ClientId>,
    /// All that is proposed for these.
    proposals: BTreeSet<EnquiryId>,
    /// What meetings answer of the waiting list and was not looked at yet.
    answered: Vec<WaitingId>,
    /// All meetings in these stretches, which do not touch.
    stretches: BTreeMap<DateTime<Utc>, DateTime<Utc>>,
}

impl Seen {
    /// What of a stretch was not looked at yet; it is from now on.
    fn missing(&mut self, (from, to): Stretch) -> Vec<Stretch> {
        let mut missing = Vec::new();
        let (mut at, mut begin, mut end) = (from, from, to);
        let touched: Vec<Stretch> = self
            .stretches
            .range(..=to)
            .filter(|(_, until)| **until >= from)
            .map(|(from, until)| (*from, *until))
            .collect();
        for (known_from, known_to) in touched {
            if known_from > at {
                missing.push((at, known_from));
            }
            at = at.max(known_to);
            begin = begin.min(known_from);
            end = end.max(known_to);
            self.stretches.remove(&known_from);
        }
        if at < to {
            missing.push((at, to));
        }
        if begin < end {
            self.stretches.insert(begin, end);
        }
        missing
    }
}

/// Those that were not seen yet; they are from now on.
fn unseen<Id: Ord + Copy>(seen: &mut BTreeSet<Id>, wanted: impl IntoIterator<Item = Id>) -> Vec<Id> {
    wanted.into_iter().filter(|id| seen.insert(*id)).collect()
}

fn read<T: DeserializeOwned>(entity: Entity, rows: &[Stored]) -> Result<Vec<T>, StoreError> {
    let one = |(id, _, text): &Stored| {
        serde_json::from_str(text).map_err(|e| StoreError::document(entity.key(), id, &e))
    };
    rows.iter().map(one).collect()
}

impl Reading {
    /// Nothing but settings.
    #[must_use]
    pub fn of(scope: &str, settings: Arc<OfficeSettings>) -> Self {
        Self {
            scope: scope.to_owned(),
            whole: OfficeState::new(settings),
            starts: BTreeMap::new(),
            begins: BTreeMap::new(),
            longest: Duration::zero(),
            seen: Seen::default(),
            absent: BTreeSet::new(),
        }
    }

    /// Its settings, as the decisions since have left them.
    #[must_use]
    pub fn settings(&self) -> &Arc<OfficeSettings> {
        &self.whole.settings
    }

    /// What these needs name of what was read.
    #[must_use]
    pub fn slice(&self, needs: &Needs) -> OfficeState {
        needs.select_found(&self.whole, |from, to| self.near(from, to))
    }

    /// The meetings that were read and touch a stretch of time, and some beside.
    fn near(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<&Arc<Appointment>> {
        let first: AppointmentId = Uuid::nil().into();
        let from = from.checked_sub_signed(self.longest).unwrap_or(DateTime::<Utc>::MIN_UTC);
        self.starts.range((from, first)..(to, first)).map(|(_, a)| a).collect()
    }

    /// Reads what a decision needs to see, as far as it was not read before.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a document cannot be read.
    pub async fn load(&mut self, tx: &mut Tx, needs: &Needs) -> Result<(), StoreError> {
        self.load_all(tx, std::slice::from_ref(needs)).await
    }

    /// The same for several decisions, in as few questions as if they were one.
    ///
    /// # Errors
    /// As [`Reading::load`].
    pub async fn load_all(&mut self, tx: &mut Tx, all: &[Needs]) -> Result<(), StoreError> {
        let listed: Vec<AppointmentId> = all.iter().flat_map(|n| n.appointments.iter().copied()).collect();
        self.appointments(tx, &listed).await?;
        let sheets = all.iter().filter(|n| n.sheets).flat_map(|n| n.appointments.iter().copied());
        self.sheets(tx, sheets.collect()).await?;
        let mut windows: Vec<Stretch> = all.iter().filter_map(|n| n.window).collect();
        for id in all.iter().filter(|n| n.window_of_appointments).flat_map(|n| &n.appointments) {
            windows.extend(self.whole.appointments.get(id).map(|a| (a.start - AROUND, a.end + AROUND)));
        }
        windows.sort_unstable();
        // Those that overlap are asked for together.
        let mut together: Vec<Stretch> = Vec::new();
        for (from, to) in windows {
            match together.last_mut() {
                Some((_, until)) if from <= *until => *until = to.max(*until),
                _ => together.push((from, to)),
            }
        }
        self.stretches(tx, &together).await?;
        let owners: Vec<ClientId> = all.iter().flat_map(|n| n.of_clients.iter().copied()).collect();
        let clients = all.iter().flat_map(|n| n.clients.iter().copied()).chain(owners.iter().copied());
        self.clients(tx, clients.collect()).await?;
        self.of_clients(tx, &owners).await?;
        let enquiries: Vec<EnquiryId> = all
            .iter()
            .flat_map(|n| {
                let (settings, loaded) = (&self.whole.settings, &self.whole.appointments);
                n.enquiries_found(settings, loaded, |from, to| self.near(from, to))
            })
            .collect();
        let enquiries = self.enquiries(tx, enquiries).await?;
        if all.iter().any(|n| n.proposals) {
            self.proposals(tx, enquiries).await?;
        }
        self.waiting(tx, all).await
    }

    fn add(&mut self, a: Appointment) {
        if self.seen.appointments.insert(a.id) {
            self.keep(a);
        }
    }

    fn keep(&mut self, a: Appointment) {
        let id = a.id;
        self.whole.appointments.insert(id, a);
        self.find(id);
    }

    fn find(&mut self, id: AppointmentId) {
        if let Some(a) = self.whole.appointments.shared(&id) {
            if let Some(before) = self.begins.insert(id, a.start).filter(|before| *before != a.start) {
                self.starts.remove(&(before, id));
            }
            self.starts.insert((a.start, id), Arc::clone(a));
            self.longest = self.longest.max(a.end - a.start);
            self.seen.answered.extend(a.waiting);
        }
    }

    async fn appointments(&mut self, tx: &mut Tx, wanted: &[AppointmentId]) -> Result<(), StoreError> {
        let ids = unseen(&mut self.seen.appointments, wanted.iter().copied());
        if ids.is_empty() {
            return Ok(());
        }
        self.absent.extend(&ids);
        let ids: Vec<String> = ids.iter().map(AppointmentId::to_string).collect();
        let rows = tx.appointments_among(&self.scope, &ids).await?;
        for a in read::<Appointment>(Entity::Appointment, &rows)? {
            self.absent.remove(&a.id);
            self.keep(a);
        }
        Ok(())
    }

    async fn stretches(&mut self, tx: &mut Tx, wanted: &[Stretch]) -> Result<(), StoreError> {
        let missing: Vec<Stretch> = wanted.iter().flat_map(|one| self.seen.missing(*one)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        for a in appointments::touching(tx, &self.scope, &missing).await? {
            self.add(a);
        }
        Ok(())
    }

    async fn documents<T: DeserializeOwned>(
        &self,
        tx: &mut Tx,
        entity: Entity,
        ids: Vec<String>,
    ) -> Result<Vec<T>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        read(entity, &tx.documents_among(&self.scope, entity.key(), &ids).await?)
    }

    async fn sheets(&mut self, tx: &mut Tx, wanted: Vec<AppointmentId>) -> Result<(), StoreError> {
        let ids = unseen(&mut self.seen.sheets, wanted).iter().map(AppointmentId::to_string).collect();
        for sheet in self.documents::<PreparationSheet>(tx, Entity::PreparationSheet, ids).await? {
            self.whole.sheets.insert(sheet.appointment, sheet);
        }
        Ok(())
    }

    /// These clients; records that were merged stand for the one that goes on.
    async fn clients(&mut self, tx: &mut Tx, mut wanted: Vec<ClientId>) -> Result<(), StoreError> {
        while !wanted.is_empty() {
            let ids = unseen(&mut self.seen.clients, wanted.iter().copied());
            let ids = ids.iter().map(ClientId::to_string).collect();
            for client in self.documents::<Client>(tx, Entity::Client, ids).await? {
                self.whole.clients.insert(client.id, client);
            }
            let into = wanted.iter().filter_map(|id| self.whole.clients.get(id)?.merged_into);
            wanted = into.filter(|id| !self.seen.clients.contains(id)).collect();
        }
        Ok(())
    }

    /// All meetings and enquiries of these clients, and of those that they were merged into.
    async fn of_clients(&mut self, tx: &mut Tx, owners: &[ClientId]) -> Result<(), StoreError> {
        let mut owners = owners.to_vec();
        let mut followed = BTreeSet::new();
        while let Some(owner) = owners.pop() {
            if !followed.insert(owner) {
                continue;
            }
            // Every time: into which record it goes may have been decided since.
            owners.extend(self.whole.clients.get(&owner).and_then(|c| c.merged_into));
            if !self.seen.of_clients.insert(owner) {
                continue;
            }
            for a in appointments::of_client(tx, &self.scope, owner).await? {
                self.add(a);
            }
            let ids = tx.enquiries_of(&self.scope, &owner.to_string()).await?;
            self.enquiries(tx, ids.iter().filter_map(|id| id.parse().ok()).collect()).await?;
        }
        Ok(())
    }

    /// These enquiries, and those that they were merged into: what is said of a merged one goes to the one that goes on.
    /// All of them.
    async fn enquiries(
        &mut self,
        tx: &mut Tx,
        mut wanted: Vec<EnquiryId>,
    ) -> Result<BTreeSet<EnquiryId>, StoreError> {
        let mut all = BTreeSet::new();
        while !wanted.is_empty() {
            let ids = unseen(&mut self.seen.enquiries, wanted.iter().copied());
            let ids = ids.iter().map(EnquiryId::to_string).collect();
            for enquiry in self.documents::<Enquiry>(tx, Entity::Enquiry, ids).await? {
                self.whole.enquiries.insert(enquiry.id, enquiry);
            }
            all.extend(wanted.iter().copied());
            let into = wanted.iter().filter_map(|id| match self.whole.enquiries.get(id)?.status {
                EnquiryStatus::Merged { into } => Some(into),
                _ => None,
            });
            wanted = into.filter(|id| !all.contains(id)).collect();
        }
        Ok(all)
    }

    async fn proposals(&mut self, tx: &mut Tx, enquiries: BTreeSet<EnquiryId>) -> Result<(), StoreError> {
        for enquiry in unseen(&mut self.seen.proposals, enquiries) {
            for a in appointments::proposed(tx, &self.scope, enquiry).await? {
                self.add(a);
            }
        }
        Ok(())
    }

    /// Entries of the waiting list: what happens to a meeting takes somebody off it or puts them on it again.
    async fn waiting(&mut self, tx: &mut Tx, all: &[Needs]) -> Result<(), StoreError> {
        let of_meetings = std::mem::take(&mut self.seen.answered);
        let listed = all.iter().flat_map(|n| n.waiting.iter().copied());
        let ids = unseen(&mut self.seen.waiting, listed.chain(of_meetings).collect::<Vec<_>>());
        let ids = ids.iter().map(WaitingId::to_string).collect();
        let mut clients = Vec::new();
        for entry in self.documents::<WaitingEntry>(tx, Entity::WaitingEntry, ids).await? {
            clients.push(entry.client);
            self.whole.waiting.insert(entry.id, entry);
        }
        if all.iter().any(|n| n.waiting_beside) {
            let mut waits: Vec<ClientId> = Vec::new();
            for needs in all.iter().filter(|n| n.waiting_beside) {
                waits.extend(&needs.clients);
                waits.extend(needs.waiting.iter().filter_map(|id| Some(self.whole.waiting.get(id)?.client)));
            }
            for client in unseen(&mut self.seen.waits_of, waits) {
                for (id, doc) in tx.waiting_of(&self.scope, &client.to_string()).await? {
                    let entry: WaitingEntry = serde_json::from_str(&doc)
                        .map_err(|e| StoreError::document(Entity::WaitingEntry.key(), &id, &e))?;
                    if self.seen.waiting.insert(entry.id) {
                        self.whole.waiting.insert(entry.id, entry);
                    }
                }
            }
        }
        let ids = unseen(&mut self.seen.clients, clients).iter().map(ClientId::to_string).collect();
        for client in self.documents::<Client>(tx, Entity::Client, ids).await? {
            self.whole.clients.insert(client.id, client);
        }
        Ok(())
    }

    /// What was made here is known as it was made; whether it is certainly new to the database.
    pub(super) fn made(&mut self, what: Touched) -> bool {
        match what {
            Touched::Appointment(id) => {
                self.find(id);
                self.seen.appointments.insert(id);
                return self.absent.remove(&id);
            }
            Touched::Enquiry(id) => drop(self.seen.enquiries.insert(id)),
            Touched::Client(id) => drop(self.seen.clients.insert(id)),
            Touched::Waiting(id) => drop(self.seen.waiting.insert(id)),
            Touched::Preparation(id) => drop(self.seen.sheets.insert(id)),
            Touched::Setting(_) => {}
        }
        false
    }
}
