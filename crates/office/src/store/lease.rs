//! Leases at the desk: which half-days it holds, what it may promise under them, and how sure each meeting is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use passerelle_domain::ids::AppointmentId;
use passerelle_domain::lease::{self, Lease, Promise};
use passerelle_domain::{Event, OfficeState};
use sqlx::{Sqlite, Transaction};

use super::documents::parse_doc;
use super::error::Result;
use super::meta::keys;
use super::open::Store;

type Tx<'t> = Transaction<'t, Sqlite>;

/// Writes a lease as central says it.
pub(super) async fn put(tx: &mut Tx<'_>, id: &str, rev: i64, doc: &str) -> Result<()> {
    let lease: Lease = parse_doc(doc, "lease")?;
    sqlx::query(
        "INSERT INTO lease (id, rev, holder, term, doc) VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
           rev = excluded.rev, holder = excluded.holder, term = excluded.term, doc = excluded.doc",
    )
    .bind(id)
    .bind(rev)
    .bind(lease.holder.to_string())
    .bind(lease.term)
    .bind(doc)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// What this desk may promise of a decision, by what it holds at this moment.
pub(super) async fn promise(
    tx: &mut Tx<'_>,
    before: &OfficeState,
    after: &OfficeState,
    events: &[Event],
    now: DateTime<Utc>,
) -> Result<Promise> {
    if lease::placed(before, after, events, now).next().is_none() {
        return Ok(Promise::Nothing);
    }
    let desk: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
        .bind(keys::DESK)
        .fetch_optional(&mut **tx)
        .await?;
    let Some(desk) = desk.and_then(|desk| desk.parse().ok()) else { return Ok(Promise::Open) };
    let docs: Vec<String> = sqlx::query_scalar("SELECT doc FROM lease WHERE holder = ?")
        .bind(format!("{desk}"))
        .fetch_all(&mut **tx)
        .await?;
    let leases = docs.iter().map(|doc| parse_doc(doc, "lease")).collect::<Result<Vec<Lease>>>()?;
    Ok(lease::promise(before, after, events, now, desk, &leases))
}

/// Meetings of which central has not said yes, and whether this desk's word is enough: each is placed by a command that
/// waits.
#[derive(Debug, Clone, Default)]
pub struct Unsure {
    by_id: HashMap<AppointmentId, bool>,
}

impl Unsure {
    /// Whether a meeting waits for central's word; `Some(true)` when this desk holds its place.
    #[must_use]
    pub fn of(&self, id: AppointmentId) -> Option<bool> {
        self.by_id.get(&id).copied()
    }
}

impl Store {
    /// The leases of this office, in the order of their half-days.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn leases(&self) -> Result<Vec<Lease>> {
        let docs: Vec<String> =
            sqlx::query_scalar("SELECT doc FROM lease ORDER BY id").fetch_all(&self.readers).await?;
        let mut leases = docs.iter().map(|doc| parse_doc(doc, "lease")).collect::<Result<Vec<Lease>>>()?;
        leases.sort_by(|a, b| {
            let key = |l: &Lease| (l.granule.date, l.granule.half, l.granule.counsellor);
            key(a).cmp(&key(b))
        });
        Ok(leases)
    }

    /// The meetings that wait for central's word. One that several commands place is as sure as the least of them.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unsure(&self) -> Result<Unsure> {
        let rows: Vec<(String, Option<String>, bool)> = sqlx::query_as(
            "SELECT t.key, o.lease, o.doubtful IS NOT NULL FROM outbox o JOIN trace t ON t.command = o.id
             WHERE o.state IN ('pending', 'held') AND o.places = 1
               AND t.wrote IS NOT NULL AND t.key >= 'appointment:' AND t.key < 'appointment;'",
        )
        .fetch_all(&self.readers)
        .await?;
        if rows.is_empty() || self.is_alone().await? {
            return Ok(Unsure::default());
        }
        let held = self.held().await?;
        let mut unsure = Unsure::default();
        for (key, lease, doubtful) in rows {
            let Some(id) = key.strip_prefix("appointment:").and_then(|id| id.parse().ok()) else { continue };
            let sure = !doubtful && lease.is_some_and(|named| all_held(&held, &named));
            unsure.by_id.entry(id).and_modify(|known| *known &= sure).or_insert(sure);
        }
        Ok(unsure)
    }

    /// The commands of the outbox that place a meeting, and whether this desk's word is enough for it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unsure_commands(&self) -> Result<BTreeMap<String, bool>> {
        let rows: Vec<(String, Option<String>, bool)> = sqlx::query_as(
            "SELECT id, lease, doubtful IS NOT NULL FROM outbox WHERE state IN ('pending', 'held') AND places = 1",
        )
        .fetch_all(&self.readers)
        .await?;
        // A desk without a central confirms by itself.
        if rows.is_empty() || self.is_alone().await? {
            return Ok(BTreeMap::new());
        }
        let held = self.held().await?;
        let sure = |lease: Option<String>| lease.is_some_and(|named| all_held(&held, &named));
        Ok(rows.into_iter().map(|(id, lease, doubtful)| (id, !doubtful && sure(lease))).collect())
    }

    /// Whether there is no central to say yes.
    async fn is_alone(&self) -> Result<bool> {
        Ok(self.enrolment().await?.is_none_or(|enrolment| enrolment.central.is_none()))
    }

    /// What this desk holds, by half-day and term.
    async fn held(&self) -> Result<BTreeSet<(String, u32)>> {
        let rows: Vec<(String, u32)> = sqlx::query_as(
            "SELECT id, term FROM lease WHERE holder = (SELECT value FROM meta WHERE key = ?)",
        )
        .bind(keys::DESK)
        .fetch_all(&self.readers)
        .await?;
        Ok(rows.into_iter().collect())
    }
}

/// Whether all leases that a command names are still this desk's: what was promised under one that was taken back is no
/// longer sure.
fn all_held(held: &BTreeSet<(String, u32)>, named: &str) -> bool {
    let mut any = false;
    lease::references(named).all(|(id, term)| {
        any = true;
        held.contains(&(id.to_owned(), term))
    }) && any
}
