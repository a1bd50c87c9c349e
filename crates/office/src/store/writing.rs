//! Writing documents with the columns that queries and triggers need: one of them, or a whole feed.
//!
//! What is written together is gathered, and goes to the database many rows to a statement: a desk's first
//! synchronisation writes a hundred thousand documents, and most of what one costs alone is asking.

use std::collections::{BTreeMap, BTreeSet};

use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::{Client, phone_digits};
use passerelle_domain::enquiry::{Author, Enquiry, EnquiryStatus};
use passerelle_domain::session::{self, SessionKey};
use passerelle_protocol::sync::Entity;
use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Sqlite, Transaction};

use super::documents::{parse_doc, remove, to_doc};
use super::error::Result;
use super::text::fold;

type Tx<'t> = Transaction<'t, Sqlite>;
type Values<'s> = Separated<'s, Sqlite, &'static str>;

/// Rows of one statement. SQLite takes 32,766 values in one; beyond a few dozen rows nothing is gained.
const ROWS: usize = 64;

/// Documents that are gathered at most.
const GATHERED: usize = 1_024;

/// Writes one document.
pub(super) async fn put(tx: &mut Tx<'_>, entity: Entity, id: &str, rev: i64, doc: &str) -> Result<()> {
    let mut writing = Writing::default();
    writing.put(tx, entity, id, rev, doc).await?;
    writing.finish(tx).await
}

/// A document with what its row needs beside it. Making that out asks nothing of the database: of many documents it can be
/// done while others are written.
pub(super) enum Prepared {
    Client(Box<ClientRow>),
    Enquiry(Box<EnquiryRow>),
    Appointment(Box<MeetingRow>),
    Other { entity: Entity, id: String, rev: i64, doc: String },
}

impl Prepared {
    /// Makes it out.
    pub fn of(entity: Entity, id: &str, rev: i64, doc: &str) -> Result<Self> {
        Ok(match entity {
            Entity::Client => Self::Client(Box::new(ClientRow::of(rev, doc)?)),
            Entity::Enquiry => Self::Enquiry(Box::new(EnquiryRow::of(rev, doc)?)),
            Entity::Appointment => Self::Appointment(Box::new(MeetingRow::of(rev, doc)?)),
            entity => Self::Other { entity, id: id.to_owned(), rev, doc: doc.to_owned() },
        })
    }
}

/// Documents under way to the database. Meetings arrive there in the order in which they were put: what one of them frees,
/// a later one may take, and the triggers look at each row. [`Writing::finish`] ends it.
#[derive(Default)]
pub(super) struct Writing {
    appointments: Vec<MeetingRow>,
    clients: Vec<ClientRow>,
    enquiries: Vec<EnquiryRow>,
    /// For how many a meeting of each kind is; read when it is needed, and again when a setting has changed.
    capacities: Option<BTreeMap<String, i64>>,
}

impl Writing {
    /// Takes a document in the place of what may be there of it.
    pub async fn put(
        &mut self,
        tx: &mut Tx<'_>,
        entity: Entity,
        id: &str,
        rev: i64,
        doc: &str,
    ) -> Result<()> {
        self.take(tx, Prepared::of(entity, id, rev, doc)?).await
    }

    /// The same of one that is made out already.
    pub async fn take(&mut self, tx: &mut Tx<'_>, document: Prepared) -> Result<()> {
        match document {
            Prepared::Client(row) => self.clients.push(*row),
            Prepared::Enquiry(row) => self.enquiries.push(*row),
            Prepared::Appointment(row) => self.appointments.push(*row),
            Prepared::Other { entity, id, rev, doc } => match entity {
                Entity::WaitingEntry => super::waiting::put(tx, rev, &doc).await?,
                Entity::PreparationSheet => super::preparation::put(tx, rev, &doc).await?,
                Entity::Lease => super::lease::put(tx, &id, rev, &doc).await?,
                _ => {
                    // A meeting is written by the kind that it is of as it stands at that moment.
                    self.flush(tx).await?;
                    self.capacities = None;
                    sqlx::query(
                        "INSERT INTO setting (entity, id, rev, doc) VALUES (?, ?, ?, ?)
                         ON CONFLICT (entity, id) DO UPDATE SET rev = excluded.rev, doc = excluded.doc",
                    )
                    .bind(entity.key())
                    .bind(id)
                    .bind(rev)
                    .bind(doc)
                    .execute(&mut **tx)
                    .await?;
                }
            },
        }
        if self.appointments.len() + self.clients.len() + self.enquiries.len() >= GATHERED {
            self.flush(tx).await?;
        }
        Ok(())
    }

    /// Takes a document away, after those that were put before.
    pub async fn remove(&mut self, tx: &mut Tx<'_>, entity: Entity, id: &str) -> Result<()> {
        self.flush(tx).await?;
        if entity.is_setting() {
            self.capacities = None;
        }
        remove(tx, entity, id).await
    }

    /// Writes what is still on its way.
    pub async fn finish(mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.flush(tx).await
    }

    async fn flush(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        write_found(tx, &std::mem::take(&mut self.clients)).await?;
        write_found(tx, &std::mem::take(&mut self.enquiries)).await?;
        let appointments = std::mem::take(&mut self.appointments);
        if appointments.is_empty() {
            return Ok(());
        }
        let capacities = match self.capacities.take() {
            Some(known) => known,
            None => capacities(tx).await?,
        };
        let rows: Vec<Meeting<'_>> = appointments.iter().map(|row| row.among(&capacities)).collect();
        self.capacities = Some(capacities);
        write_meetings(tx, &rows).await
    }
}

/// One statement for every [`ROWS`] rows.
async fn insert<R>(
    tx: &mut Tx<'_>,
    head: &'static str,
    rows: &[R],
    bind: impl Fn(&mut Values<'_>, &R),
) -> Result<()> {
    for rows in rows.chunks(ROWS) {
        let mut sql = QueryBuilder::new(head);
        sql.push_values(rows, |mut one, row| bind(&mut one, row));
        // Statements of other lengths are seldom the same twice.
        let usual = rows.len() == ROWS || rows.len() == 1;
        sql.build().persistent(usual).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Rows of a table whose rows are found by the words in them.
trait Found {
    /// Ids, as JSON, to the numbers of those that are there.
    const HERE: &'static str;
    /// The highest number.
    const LAST: &'static str;
    /// With the number before [`Found::bind`].
    const INSERT: &'static str;
    /// With [`Found::bind`] and the number after it.
    const UPDATE: &'static str;
    /// Takes the words of these numbers away.
    const FORGET: &'static str;
    /// Writes a number's words.
    const WORDS: &'static str;

    fn id(&self) -> &str;
    fn words(&self) -> &str;
    fn bind(&self, one: &mut Values<'_>);
}

async fn write_found<F: Found>(tx: &mut Tx<'_>, rows: &[F]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let ids: Vec<&str> = rows.iter().map(F::id).collect();
    let here: Vec<(String, i64)> =
        sqlx::query_as(F::HERE).bind(to_doc(&ids, "ids")?).fetch_all(&mut **tx).await?;
    let written: Vec<i64> = here.iter().map(|(_, n)| *n).collect();
    let mut numbers: BTreeMap<String, i64> = here.into_iter().collect();
    let mut last: i64 = sqlx::query_scalar(F::LAST).fetch_one(&mut **tx).await?;
    let (mut fresh, mut changed) = (Vec::new(), Vec::new());
    for row in rows {
        match numbers.get(row.id()) {
            Some(n) => changed.push((*n, row)),
            None => {
                last += 1;
                numbers.insert(row.id().to_owned(), last);
                fresh.push((last, row));
            }
        }
    }
    insert(tx, F::INSERT, &fresh, |one, (n, row)| {
        one.push_bind(*n);
        row.bind(one);
    })
    .await?;
    // In their order: of one that was put twice the last counts.
    for (n, row) in &changed {
        let mut sql = QueryBuilder::new(F::UPDATE);
        row.bind(&mut sql.separated(", "));
        sql.push(") WHERE n = ").push_bind(*n);
        sql.build().execute(&mut **tx).await?;
    }
    if !written.is_empty() {
        sqlx::query(F::FORGET).bind(to_doc(&written, "numbers")?).execute(&mut **tx).await?;
    }
    let words: BTreeMap<i64, &str> = fresh.iter().chain(&changed).map(|(n, row)| (*n, row.words())).collect();
    let words: Vec<(i64, &str)> = words.into_iter().collect();
    insert(tx, F::WORDS, &words, |one, (n, words)| {
        one.push_bind(*n).push_bind((*words).to_owned());
    })
    .await
}

/// A client as a row.
pub(super) struct ClientRow {
    id: String,
    rev: i64,
    sort_name: String,
    birth_date: Option<String>,
    merged: i64,
    doc: String,
    words: String,
}

impl ClientRow {
    fn of(rev: i64, doc: &str) -> Result<Self> {
        let c: Client = parse_doc(doc, "client")?;
        Ok(Self {
            id: c.id.to_string(),
            rev,
            sort_name: fold(&format!("{} {}", c.family_name, c.given_name)),
            birth_date: c.birth_date.map(|d| d.to_string()),
            // Neither shown in lists nor found: the one that goes on is, under its names too.
            merged: i64::from(c.merged_into.is_some() || c.removed),
            doc: doc.to_owned(),
            words: client_text(&c),
        })
    }
}

impl Found for ClientRow {
    const HERE: &'static str = "SELECT t.id, t.n FROM json_each(?) i JOIN client t ON t.id = i.value";
    const LAST: &'static str = "SELECT coalesce(max(n), 0) FROM client";
    const INSERT: &'static str = "INSERT INTO client (n, id, rev, sort_name, birth_date, merged, doc) ";
    const UPDATE: &'static str = "UPDATE client SET (id, rev, sort_name, birth_date, merged, doc) = (";
    const FORGET: &'static str = "DELETE FROM client_text WHERE rowid IN (SELECT value FROM json_each(?))";
    const WORDS: &'static str = "INSERT INTO client_text (rowid, text) ";

    fn id(&self) -> &str {
        &self.id
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn bind(&self, one: &mut Values<'_>) {
        one.push_bind(self.id.clone())
            .push_bind(self.rev)
            .push_bind(self.sort_name.clone())
            .push_bind(self.birth_date.clone())
            .push_bind(self.merged)
            .push_bind(self.doc.clone());
    }
}

/// Everything by which a client is found, folded: names, school, birth date in the forms people type, phone digits.
fn client_text(c: &Client) -> String {
    let mut parts = vec![fold(&c.family_name), fold(&c.given_name)];
    parts.extend(c.school.as_deref().map(fold));
    parts.extend(c.birth_date.map(birth_forms));
    parts.extend(c.phone.as_deref().map(phone_digits));
    parts.extend(c.mail.as_deref().map(fold));
    for g in &c.guardians {
        parts.push(fold(&g.family_name));
        parts.push(fold(&g.given_name));
        parts.extend(g.phone.as_deref().map(phone_digits));
        parts.extend(g.mail.as_deref().map(fold));
    }
    for known in &c.also_known {
        parts.push(fold(&known.family_name));
        parts.push(fold(&known.given_name));
        parts.extend(known.birth_date.map(birth_forms));
        parts.extend(known.phones.iter().map(|p| phone_digits(p)));
        parts.extend(known.mails.iter().map(|m| fold(m)));
    }
    parts.retain(|p| !p.is_empty());
    parts.join(" ")
}

/// A birth date in the runs of digits that people type.
fn birth_forms(born: chrono::NaiveDate) -> String {
    born.format("%d%m%Y %d%m%y %d %m %Y").to_string()
}

/// An enquiry as a row.
pub(super) struct EnquiryRow {
    id: String,
    rev: i64,
    status: &'static str,
    owner: Option<String>,
    client: Option<String>,
    appointment: Option<String>,
    received_s: i64,
    due_s: i64,
    snoozed_s: Option<i64>,
    doc: String,
    words: String,
}

impl EnquiryRow {
    fn of(rev: i64, doc: &str) -> Result<Self> {
        let e: Enquiry = parse_doc(doc, "enquiry")?;
        Ok(Self {
            id: e.id.to_string(),
            rev,
            status: e.status.key(),
            owner: e.owner.map(|o| o.to_string()),
            client: e.client.map(|c| c.to_string()),
            appointment: e.appointment.map(|a| a.to_string()),
            received_s: e.received_at.timestamp(),
            due_s: e.due_at.timestamp(),
            snoozed_s: match e.status {
                EnquiryStatus::Snoozed { until } => Some(until.timestamp()),
                _ => None,
            },
            doc: doc.to_owned(),
            words: enquiry_text(&e),
        })
    }
}

impl Found for EnquiryRow {
    const HERE: &'static str = "SELECT t.id, t.n FROM json_each(?) i JOIN enquiry t ON t.id = i.value";
    const LAST: &'static str = "SELECT coalesce(max(n), 0) FROM enquiry";
    const INSERT: &'static str = "INSERT INTO enquiry (n, id, rev, status, owner, client, appointment, received_s, due_s, snoozed_s, doc) ";
    const UPDATE: &'static str = "UPDATE enquiry SET
           (id, rev, status, owner, client, appointment, received_s, due_s, snoozed_s, doc) = (";
    const FORGET: &'static str = "DELETE FROM enquiry_text WHERE rowid IN (SELECT value FROM json_each(?))";
    const WORDS: &'static str = "INSERT INTO enquiry_text (rowid, text) ";

    fn id(&self) -> &str {
        &self.id
    }

    fn words(&self) -> &str {
        &self.words
    }

    fn bind(&self, one: &mut Values<'_>) {
        one.push_bind(self.id.clone())
            .push_bind(self.rev)
            .push_bind(self.status)
            .push_bind(self.owner.clone())
            .push_bind(self.client.clone())
            .push_bind(self.appointment.clone())
            .push_bind(self.received_s)
            .push_bind(self.due_s)
            .push_bind(self.snoozed_s)
            .push_bind(self.doc.clone());
    }
}

/// Everything by which an enquiry is found, folded.
fn enquiry_text(e: &Enquiry) -> String {
    let mut text = vec![fold(&e.reference), fold(&e.requester.name)];
    text.extend(e.requester.about.as_deref().map(fold));
    text.extend(e.requester.phone.as_deref().map(phone_digits));
    // Neither subject nor text of a sensitive question: who may not read it must not learn of it by searching.
    if !e.sensitive {
        text.push(fold(&e.subject));
        let family = |a: &Author| !matches!(a, Author::Staff { .. });
        text.extend(e.thread.iter().filter(|m| family(&m.author) && !m.internal).map(|m| fold(&m.text)));
    }
    text.join(" ")
}

/// For how many a meeting of each kind is.
async fn capacities(tx: &mut Tx<'_>) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, Option<i64>)> = sqlx::query_as(
        "SELECT id, CAST(json_extract(doc, '$.capacity') AS INTEGER) FROM setting WHERE entity = 'kind'",
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().filter_map(|(id, capacity)| Some((id, capacity?))).collect())
}

/// A meeting as a row, but for what the kind that it is of says.
pub(super) struct MeetingRow {
    is: Appointment,
    rev: i64,
    doc: String,
}

impl MeetingRow {
    fn of(rev: i64, doc: &str) -> Result<Self> {
        Ok(Self { is: parse_doc(doc, "appointment")?, rev, doc: doc.to_owned() })
    }

    fn among(&self, capacities: &BTreeMap<String, i64>) -> Meeting<'_> {
        let capacity = capacities.get(&self.is.kind.to_string()).copied().unwrap_or(1).max(1);
        let session = session::key_of_kind(&self.is, capacity > 1);
        let capacity = if session.is_some() { capacity } else { 1 };
        Meeting { id: self.is.id.to_string(), row: self, session, capacity }
    }
}

/// A meeting as a row.
struct Meeting<'r> {
    id: String,
    row: &'r MeetingRow,
    session: Option<SessionKey>,
    capacity: i64,
}

impl Meeting<'_> {
    fn bind(&self, one: &mut Values<'_>) {
        let a = &self.row.is;
        one.push_bind(self.id.clone())
            .push_bind(self.row.rev)
            .push_bind(a.kind.to_string())
            .push_bind(a.counsellor.to_string())
            .push_bind(a.second.map(|p| p.to_string()))
            .push_bind(a.site.to_string())
            .push_bind(a.room.map(|r| r.to_string()))
            .push_bind(a.client.map(|c| c.to_string()))
            .push_bind(a.enquiry.map(|e| e.to_string()))
            .push_bind(a.start.timestamp())
            .push_bind(a.end.timestamp())
            .push_bind(a.status.key())
            .push_bind(self.session.as_ref().map(|s| s.as_str().to_owned()))
            .push_bind(i64::from(self.session.is_some() && a.takes_seat()))
            .push_bind(self.capacity)
            .push_bind(i64::from(a.override_reason.is_some()))
            .push_bind(self.row.doc.clone());
    }

    /// Not an upsert: its trigger on insert would run for a mere change too, and refuse to mark one of two meetings that
    /// clash since before a rule.
    async fn update(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut sql = QueryBuilder::new(
            "UPDATE appointment SET (id, rev, kind, counsellor, second, site, room, client, enquiry, start_s, end_s,
               status, session, seat, capacity, overridden, doc) = (",
        );
        self.bind(&mut sql.separated(", "));
        sql.push(") WHERE id = ").push_bind(&self.id);
        sql.build().execute(&mut **tx).await?;
        Ok(())
    }
}

async fn write_meetings(tx: &mut Tx<'_>, rows: &[Meeting<'_>]) -> Result<()> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let here: Vec<String> =
        sqlx::query_scalar("SELECT a.id FROM json_each(?) i JOIN appointment a ON a.id = i.value")
            .bind(to_doc(&ids, "ids")?)
            .fetch_all(&mut **tx)
            .await?;
    let mut here: BTreeSet<&str> = here.iter().map(String::as_str).collect();
    let mut from = 0;
    for (n, row) in rows.iter().enumerate() {
        if !here.insert(&row.id) {
            insert_meetings(tx, rows.get(from..n).unwrap_or_default()).await?;
            row.update(tx).await?;
            from = n + 1;
        }
    }
    insert_meetings(tx, rows.get(from..).unwrap_or_default()).await
}

async fn insert_meetings(tx: &mut Tx<'_>, rows: &[Meeting<'_>]) -> Result<()> {
    let head = "INSERT INTO appointment (id, rev, kind, counsellor, second, site, room, client, enquiry, start_s, end_s,
                  status, session, seat, capacity, overridden, doc) ";
    insert(tx, head, rows, |one, row| row.bind(one)).await
}

/// How much of the words of many documents is gathered before it goes to the index, bytes; SQLite's own measure else
/// (<https://sqlite.org/fts5.html>, "The 'hashsize' configuration option" has 1 MiB).
const MUCH: i64 = 16 << 20;
const USUAL: i64 = 1 << 20;

/// Before and after many documents with words.
pub(super) async fn gather_words(tx: &mut Tx<'_>, many: bool) -> Result<()> {
    for sql in [
        "INSERT INTO client_text (client_text, rank) VALUES ('hashsize', ?)",
        "INSERT INTO enquiry_text (enquiry_text, rank) VALUES ('hashsize', ?)",
    ] {
        sqlx::query(sql).bind(if many { MUCH } else { USUAL }).execute(&mut **tx).await?;
    }
    Ok(())
}
