//! Leases at the desk: which half-days it holds, what it may promise under them, and how sure each meeting is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::command::Command;
use passerelle_domain::ids::{AppointmentId, DeskId};
use passerelle_domain::lease::{self, Lease, Promise};
use passerelle_domain::office::instant;
use passerelle_domain::{Event, OfficeState};
use passerelle_protocol::colleagues::Vouch;
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

/// What this desk may promise of a decision, by what it holds at this moment, for a command that was given at the desk
/// `by`: a colleague's that it was told, or its own where none is said.
pub(super) async fn promise(
    tx: &mut Tx<'_>,
    by: Option<DeskId>,
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
    let promise = lease::promise(before, after, events, now, desk, &leases);
    // Without colleagues nothing of theirs is looked for: this is on the way of every booking.
    if matches!(promise, Promise::Kept(_)) && super::colleagues::any(tx).await? {
        for meeting in lease::placed(before, after, events, now) {
            let by = by.unwrap_or(desk);
            if rests_on_others(tx, by, desk, meeting).await?
                || rests_on_waiting(tx, by, desk, meeting).await?
            {
                return Ok(Promise::Open);
            }
        }
    }
    Ok(promise)
}

/// Whether a meeting stands where one stood, by central's word, that somebody at another desk has moved away: central may
/// hear of this one first.
async fn rests_on_others(tx: &mut Tx<'_>, by: DeskId, own: DeskId, meeting: &Appointment) -> Result<bool> {
    let docs: Vec<String> = sqlx::query_scalar(
        "SELECT o.doc FROM overlay o JOIN trace t ON t.key = 'appointment:' || o.id AND t.wrote IS NOT NULL
         WHERE o.entity = 'appointment' AND o.doc IS NOT NULL
           AND (t.command IN (SELECT id FROM colleague WHERE desk <> ?1)
                OR ?2 AND t.command IN (SELECT id FROM outbox))",
    )
    .bind(by.to_string())
    .bind(by != own)
    .fetch_all(&mut **tx)
    .await?;
    for doc in docs {
        let stood: Appointment = parse_doc(&doc, "appointment")?;
        if stood.status.blocks() && stood.start < meeting.end && stood.end > meeting.start {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The same of a place that central does not know of: a command that waits has given it, and somebody at a third desk has
/// moved that meeting away. Central may hear of the two without what was done between them; what one desk has given and
/// freed itself comes in its order.
async fn rests_on_waiting(tx: &mut Tx<'_>, by: DeskId, own: DeskId, meeting: &Appointment) -> Result<bool> {
    let commands: Vec<String> = sqlx::query_scalar(
        "WITH waits AS (SELECT id, ?2 AS desk, command FROM outbox UNION ALL SELECT id, desk, command FROM colleague)
         SELECT w.command FROM waits w JOIN trace t ON t.command = w.id AND t.wrote IS NOT NULL
         WHERE t.key >= 'appointment:' AND t.key < 'appointment;' AND t.key <> 'appointment:' || ?3
           AND EXISTS (SELECT 1 FROM trace f JOIN waits o ON o.id = f.command
             WHERE f.key = t.key AND f.wrote IS NOT NULL AND o.desk <> ?1 AND o.desk <> w.desk)",
    )
    .bind(by.to_string())
    .bind(own.to_string())
    .bind(meeting.id.to_string())
    .fetch_all(&mut **tx)
    .await?;
    for command in commands {
        // What a later version means nobody here knows; central will.
        let Ok(command) = parse_doc::<Command>(&command, "command") else { continue };
        let (place, client) = match &command {
            Command::Book(book) | Command::Hold(book) => (&book.place, book.client),
            Command::Move(to) => (&to.place, None),
            _ => continue,
        };
        let Ok(start) = instant(place.start, place.zone) else { continue };
        let end = start + TimeDelta::minutes(place.minutes.into());
        let people = [Some(place.counsellor), place.second];
        let shares = people.contains(&Some(meeting.counsellor))
            || meeting.second.is_some_and(|second| people.contains(&Some(second)))
            // Without one that is said the rules take the first that is free.
            || meeting.room.is_some_and(|room| place.room.is_none_or(|other| other == room))
            || client.is_some() && client == meeting.client;
        if shares && start < meeting.end && end > meeting.start {
            return Ok(true);
        }
    }
    Ok(false)
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
        let rows: Vec<(String, Option<String>, Option<String>, bool)> = sqlx::query_as(
            "SELECT t.key, o.lease, iif(o.perhaps_decided, NULL, o.vouch), o.doubtful IS NOT NULL FROM outbox o JOIN trace t ON t.command = o.id
             WHERE o.state IN ('pending', 'held') AND o.places = 1
               AND t.wrote IS NOT NULL AND t.key >= 'appointment:' AND t.key < 'appointment;'
             UNION ALL
             SELECT t.key, iif(c.perhaps_decided, NULL, c.promised), iif(c.perhaps_decided, NULL, c.vouch),
               c.doubtful IS NOT NULL FROM colleague c JOIN trace t ON t.command = c.id
             WHERE c.places = 1 AND t.wrote IS NOT NULL AND t.key >= 'appointment:' AND t.key < 'appointment;'",
        )
        .fetch_all(&self.readers)
        .await?;
        if rows.is_empty() || self.is_alone().await? {
            return Ok(Unsure::default());
        }
        let held = self.held().await?;
        let mut unsure = Unsure::default();
        for (key, lease, vouch, doubtful) in rows {
            let Some(id) = key.strip_prefix("appointment:").and_then(|id| id.parse().ok()) else { continue };
            let sure = !doubtful && held.keep(lease.as_deref(), vouch.as_deref());
            unsure.by_id.entry(id).and_modify(|known| *known &= sure).or_insert(sure);
        }
        Ok(unsure)
    }

    /// The commands of the outbox that place a meeting, and whether this desk's word is enough for it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unsure_commands(&self) -> Result<BTreeMap<String, bool>> {
        let rows: Vec<(String, Option<String>, Option<String>, bool)> = sqlx::query_as(
            "SELECT id, lease, iif(perhaps_decided, NULL, vouch), doubtful IS NOT NULL FROM outbox
             WHERE state IN ('pending', 'held') AND places = 1",
        )
        .fetch_all(&self.readers)
        .await?;
        // A desk without a central confirms by itself.
        if rows.is_empty() || self.is_alone().await? {
            return Ok(BTreeMap::new());
        }
        let held = self.held().await?;
        let sure = |(id, lease, vouch, doubtful): (_, Option<String>, Option<String>, bool)| {
            (id, !doubtful && held.keep(lease.as_deref(), vouch.as_deref()))
        };
        Ok(rows.into_iter().map(sure).collect())
    }

    /// Whether there is no central to say yes.
    async fn is_alone(&self) -> Result<bool> {
        Ok(self.enrolment().await?.is_none_or(|enrolment| enrolment.central.is_none()))
    }

    /// Who holds what in this office.
    async fn held(&self) -> Result<Held> {
        let own: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(keys::DESK)
            .fetch_optional(&self.readers)
            .await?;
        let rows: Vec<(String, String, u32)> =
            sqlx::query_as("SELECT holder, id, term FROM lease").fetch_all(&self.readers).await?;
        Ok(Held { own: own.unwrap_or_default(), all: rows.into_iter().collect() })
    }
}

/// What is held, by holder, half-day and term.
struct Held {
    own: String,
    all: BTreeSet<(String, String, u32)>,
}

impl Held {
    /// Whether all leases that a command names are still their holder's: this desk's, or a colleague's that has given its
    /// word for the command. What was promised under one that was taken back is no longer sure.
    fn keep(&self, lease: Option<&str>, vouch: Option<&str>) -> bool {
        let vouch = vouch.and_then(|vouch| parse_doc::<Vouch>(vouch, "vouch").ok());
        lease.is_some_and(|named| self.has(&self.own, named))
            || vouch.is_some_and(|vouch| self.has(&vouch.by.to_string(), &vouch.leases))
    }

    fn has(&self, holder: &str, named: &str) -> bool {
        let mut any = false;
        lease::references(named).all(|(id, term)| {
            any = true;
            self.all.contains(&(holder.to_owned(), id.to_owned(), term))
        }) && any
    }
}
