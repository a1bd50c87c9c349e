//! Leases at central: what a desk may not place because another one holds the half-day, when a holder is asked for one, and
//! when one begins and ends.
//!
//! A lease never ends because its holder is silent: what it promised would not hold then. A holder that can be asked gives
//! back what another desk needs; one that cannot keeps it, and the other desk is told so at once.

mod word;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use passerelle_domain::ids::{AbsenceId, DeskId, PersonId, Uai};
use passerelle_domain::lease::{self, Granule, HalfDay, Lease};
use passerelle_domain::office::{Absence, OfficeSettings};
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::{Event, OfficeState, RefusalCode};
use passerelle_protocol::sync::{CommandResult, Envelope, SyncRequest, Verdict, office_scope};
use uuid::Uuid;

use crate::service::Service;
use crate::store::{self, Desk, Feed, LeaseEnd, LeaseEndRow, StoreError, StoredLease, Tx, again};
use word::Word;

/// After so long without a word a holder is not asked: nobody is to wait for who may be switched off. A desk asks four
/// times a minute when nothing happens.
pub const SILENT: TimeDelta = TimeDelta::seconds(120);
/// A holder that was asked and has not given back within this time is not waited for any longer.
const ANSWERS_WITHIN: TimeDelta = TimeDelta::seconds(300);
/// How exactly it is known when a holder was heard: it is written no more often.
const HEARD_EVERY: TimeDelta = TimeDelta::seconds(20);

/// The leases of an office while something is decided there.
#[derive(Debug, Default)]
pub struct Leases {
    rows: Vec<StoredLease>,
    heard: BTreeMap<DeskId, DateTime<Utc>>,
    /// The office's desks, once they were read.
    desks: Vec<Desk>,
    /// What a holder says of the command that is decided.
    word: Word,
    /// After so long without a word a holder is not asked.
    silent: TimeDelta,
}

/// What stands in the way of a placement.
#[derive(Debug, PartialEq, Eq)]
enum Way {
    Free,
    /// Holders that can be asked: these leases are not asked for yet.
    Asked(Vec<Granule>),
    /// A holder that cannot.
    Silent,
}

impl Leases {
    /// The leases of an office; the caller holds the lock of its feed, or only looks.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn read(tx: &mut Tx, office: &Uai) -> Result<Self, StoreError> {
        let rows = store::leases(tx, &office_scope(office)).await?;
        if rows.is_empty() {
            return Ok(Self::default());
        }
        let desks = tx.desks_of(office).await?;
        let heard = desks.iter().filter(|d| !d.revoked).filter_map(|d| Some((d.id, d.heard?))).collect();
        Ok(Self { rows, heard, desks, word: Word::Unheard, silent: SILENT })
    }

    /// For desks that ask every so many seconds when nothing happens: two questions may be missed.
    #[must_use]
    pub fn asked_every(mut self, seconds: u32) -> Self {
        self.silent = SILENT.max(TimeDelta::seconds(2 * i64::from(seconds)));
        self
    }

    /// Whether nobody holds anything.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What others than this desk hold and has not passed; everything for who is no desk.
    fn of_others(
        &self,
        settings: &OfficeSettings,
        desk: Option<DeskId>,
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = &StoredLease> {
        self.rows
            .iter()
            .filter(move |row| Some(row.lease.holder) != desk && row.lease.granule.end(settings) > now)
    }

    /// Whether what a decision places may be placed by this desk.
    fn way(&self, desk: DeskId, before: &OfficeState, events: &[Event], now: DateTime<Utc>) -> Way {
        if self.of_others(&before.settings, Some(desk), now).next().is_none() {
            return Way::Free;
        }
        let mut after = before.clone();
        after.evolve_all(events);
        let wanted: BTreeSet<Granule> = lease::placed(before, &after, events, now)
            .flat_map(|meeting| lease::granules(&after.settings, meeting))
            .collect();
        let mut asks = Vec::new();
        let mut free = true;
        for row in self.of_others(&after.settings, Some(desk), now) {
            if !wanted.contains(&row.lease.granule) || self.word.keeps(&row.lease) {
                continue;
            }
            free = false;
            let heard = self.heard.get(&row.lease.holder);
            let answers = heard.is_some_and(|heard| now - *heard <= self.silent)
                && row.lease.asked_back.is_none_or(|asked| now - asked <= ANSWERS_WITHIN);
            if !answers {
                return Way::Silent;
            }
            if row.lease.asked_back.is_none() {
                asks.push(row.lease.granule.clone());
            }
        }
        if free { Way::Free } else { Way::Asked(asks) }
    }

    /// Whether a desk's decision may be carried out now. `Ok(false)`: its holder is asked, and it waits.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn let_pass(
        &mut self,
        tx: &mut Tx,
        feed: &mut Feed,
        desk: Option<DeskId>,
        before: &OfficeState,
        events: &[Event],
        now: DateTime<Utc>,
    ) -> Result<Result<bool, RefusalCode>, StoreError> {
        let Some(desk) = desk.filter(|_| !self.is_empty()) else { return Ok(Ok(true)) };
        match self.way(desk, before, events, now) {
            Way::Free => Ok(Ok(true)),
            Way::Silent => Ok(Err(RefusalCode::SlotLeased)),
            Way::Asked(granules) => {
                for row in self.rows.iter_mut().filter(|row| granules.contains(&row.lease.granule)) {
                    row.lease.asked_back = Some(now);
                    row.seq = store::put_lease(tx, feed, &row.lease).await?;
                    tracing::info!(scope = feed.scope(), lease = %row.lease.granule, "asked back");
                }
                Ok(Ok(false))
            }
        }
    }

    /// What a refused command is told: that what was promised under a lease could not be kept because it was taken back,
    /// whether its desk promised it or a holder did.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn code(
        &mut self,
        tx: &mut Tx,
        desk: &Desk,
        envelope: &Envelope,
        code: RefusalCode,
    ) -> Result<RefusalCode, StoreError> {
        if !matches!(code, RefusalCode::SlotTaken | RefusalCode::RoomTaken | RefusalCode::CapacityFull) {
            return Ok(code);
        }
        let own = envelope.lease.as_deref().is_some_and(|named| !self.holds(desk.id, named));
        let lost = own
            || match &envelope.vouch {
                Some(vouch) => {
                    self.is_word(tx, desk, envelope, vouch).await? && !self.holds(vouch.by, &vouch.leases)
                }
                None => false,
            };
        Ok(if lost { RefusalCode::LeaseRevoked } else { code })
    }

    /// Whether a desk holds all leases of these names.
    fn holds(&self, desk: DeskId, named: &str) -> bool {
        let holds = |(id, term): (&str, u32)| {
            self.rows.iter().any(|StoredLease { lease, .. }| {
                lease.holder == desk && lease.term == term && lease.granule.to_string() == id
            })
        };
        lease::references(named).all(holds)
    }

    /// The settings of an office in which everybody is away where a lease keeps their time from this desk (from who is no
    /// desk: wherever there is one). What is free for it is searched over these.
    #[must_use]
    pub fn closed(
        &self,
        settings: &Arc<OfficeSettings>,
        desk: Option<DeskId>,
        now: DateTime<Utc>,
    ) -> Arc<OfficeSettings> {
        if self.of_others(settings, desk, now).next().is_none() {
            return Arc::clone(settings);
        }
        let mut closed = OfficeSettings::clone(settings);
        for (n, row) in self.of_others(settings, desk, now).enumerate() {
            let Granule { counsellor, date, half } = row.lease.granule.clone();
            let hour = |hour| date.and_hms_opt(hour, 0, 0).unwrap_or_default();
            let (start, end) = match half {
                HalfDay::Morning => (hour(0), hour(13)),
                HalfDay::Afternoon => (hour(13), hour(0) + TimeDelta::days(1)),
            };
            let id = AbsenceId(Uuid::from_u128(n as u128));
            let absence = Absence {
                id,
                counsellor,
                start,
                end,
                rule: None,
                except: Vec::new(),
                label: String::new(),
                detail: None,
                removed: false,
            };
            closed.absences.insert(id, absence);
        }
        Arc::new(closed)
    }

    /// Whether a free place lies where a lease keeps it from this desk: a seat in a session that takes place there does.
    #[must_use]
    pub fn keeps(
        &self,
        settings: &OfficeSettings,
        desk: Option<DeskId>,
        slot: &FreeSlot,
        now: DateTime<Utc>,
    ) -> bool {
        let local = |at: DateTime<Utc>| at.with_timezone(&settings.office.zone).naive_local();
        self.of_others(settings, desk, now).any(|row| {
            let granule = &row.lease.granule;
            let noon = granule.date.and_hms_opt(13, 0, 0).unwrap_or_default();
            let (from, to) = match granule.half {
                HalfDay::Morning => (granule.date.and_hms_opt(0, 0, 0).unwrap_or_default(), noon),
                HalfDay::Afternoon => (noon, noon + TimeDelta::hours(11)),
            };
            granule.counsellor == slot.counsellor && local(slot.start) < to && local(slot.end) > from
        })
    }
}

/// What an exchange means for the leases of the desk that speaks: what was asked for ends, what has passed ends, and the
/// reception is given the next days. After its commands.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn after_commands(
    service: &Service,
    desk: &Desk,
    request: &SyncRequest,
    results: &[CommandResult],
) -> Result<(), StoreError> {
    // Nothing of this concerns an office without a reception.
    if !desk.reception && desk.granted.is_none() {
        return Ok(());
    }
    again(|| round(service, desk, request, results)).await
}

async fn round(
    service: &Service,
    desk: &Desk,
    request: &SyncRequest,
    results: &[CommandResult],
) -> Result<(), StoreError> {
    let scope = office_scope(&desk.office);
    let now = service.now();
    let unheard = desk.heard.is_none_or(|heard| (now - heard).abs() >= HEARD_EVERY);
    // Looked at without the lock first: most exchanges change nothing.
    let mut tx = service.store.read().await?;
    let Some(settings) = service.store.settings(&mut tx, &desk.office).await? else { return Ok(()) };
    let rows = store::leases(&mut tx, &scope).await?;
    let numbers = tx.feed(&scope).await?;
    drop(tx);
    let wanted = numbers.map(|n| format!("{}/{}", settings.local_date(now), n.settings));
    let grants = desk.reception && desk.granted != wanted;
    let none_left = !desk.reception && rows.iter().all(|row| row.lease.holder != desk.id);
    let any_ends = rows.iter().any(|row| ends(row, desk, &settings, request, results, now).is_some());
    if !(unheard || grants || none_left || any_ends) {
        return Ok(());
    }
    let mut tx = service.store.write().await?;
    let Some(mut feed) = Feed::lock(&mut tx, &scope).await? else { return Ok(()) };
    let Some(settings) = service.store.settings_at(&mut tx, &desk.office, &feed).await? else {
        return Ok(());
    };
    if unheard {
        tx.note_heard(desk.id, now).await?;
    }
    let mut held: BTreeSet<Granule> = BTreeSet::new();
    for row in store::leases(&mut tx, &scope).await? {
        match ends(&row, desk, &settings, request, results, now) {
            Some(why) => end(&mut tx, &mut feed, &row.lease, why, None, now).await?,
            None => drop(held.insert(row.lease.granule)),
        }
    }
    if grants {
        grant(&mut tx, &mut feed, desk, &settings, &held, now).await?;
        // The settings that were looked at under the lock.
        let granted = format!("{}/{}", settings.local_date(now), feed.settings());
        tx.note_granted(desk.id, Some(&granted)).await?;
    } else if none_left {
        tx.note_granted(desk.id, None).await?;
    }
    service.commit(tx, &feed).await
}

/// Whether a lease ends with this request, and what is noted of it: nothing when its time has passed.
#[allow(clippy::option_option)]
fn ends(
    row: &StoredLease,
    desk: &Desk,
    settings: &OfficeSettings,
    request: &SyncRequest,
    results: &[CommandResult],
    now: DateTime<Utc>,
) -> Option<Option<LeaseEnd>> {
    if row.lease.holder != desk.id {
        return None;
    }
    if row.lease.granule.end(settings) <= now {
        return Some(None);
    }
    row.lease.asked_back?;
    // The holder has read that it is asked, and promises nothing since; all that it promised before is in this request.
    let cursor = request.cursors.get(&office_scope(&desk.office)).copied().unwrap_or(0);
    let all = request.pending == request.commands.len() as u64 && results.len() == request.commands.len();
    let id = row.lease.granule.to_string();
    let still_waits = request.commands.iter().zip(results).any(|(envelope, result)| {
        result.verdict == Verdict::Held
            && envelope.lease.as_deref().is_some_and(|named| lease::references(named).any(|(of, _)| of == id))
    });
    (cursor >= row.seq && all && !still_waits).then_some(Some(LeaseEnd::Returned))
}

async fn end(
    tx: &mut Tx,
    feed: &mut Feed,
    lease: &Lease,
    why: Option<LeaseEnd>,
    actor: Option<PersonId>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    store::drop_lease(tx, feed, lease).await?;
    if let Some(why) = why {
        let (scope, id) = (feed.scope().to_owned(), lease.granule.to_string());
        let row =
            LeaseEndRow { scope: &scope, id: &id, term: lease.term, why, desk: lease.holder, actor, at: now };
        tx.keep_lease_end(&row).await?;
        tracing::info!(scope, lease = id, term = lease.term, why = why.key(), "lease ended");
    }
    Ok(())
}

/// Gives a reception desk what it is to hold and nobody holds. What somebody took back is not given again.
async fn grant(
    tx: &mut Tx,
    feed: &mut Feed,
    desk: &Desk,
    settings: &OfficeSettings,
    held: &BTreeSet<Granule>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let ended = store::lease_ends(tx, feed.scope()).await?;
    for granule in lease::due(settings, now).difference(held) {
        let (last, revoked) = ended.get(&granule.to_string()).copied().unwrap_or_default();
        if revoked {
            continue;
        }
        let lease = Lease {
            granule: granule.clone(),
            holder: desk.id,
            holder_name: desk.name.clone(),
            term: last.saturating_add(1),
            asked_back: None,
        };
        store::put_lease(tx, feed, &lease).await?;
    }
    Ok(())
}

/// Takes leases back, whether or not their holder knows: those of these names, all of the desk when none is said. How many
/// there were. What the holder promised under them since it was last heard may have to be placed elsewhere.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn take_back(
    tx: &mut Tx,
    feed: &mut Feed,
    which: impl Fn(&Lease) -> bool,
    actor: Option<PersonId>,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let mut taken = 0;
    for row in store::leases(tx, feed.scope()).await?.iter().filter(|row| which(&row.lease)) {
        end(tx, feed, &row.lease, Some(LeaseEnd::Revoked), actor, now).await?;
        taken += 1;
    }
    Ok(taken)
}

/// What a desk that does not know leases is told instead.
#[must_use]
pub const fn known_code(code: RefusalCode) -> RefusalCode {
    match code {
        RefusalCode::SlotLeased | RefusalCode::LeaseRevoked => RefusalCode::SlotTaken,
        code => code,
    }
}
