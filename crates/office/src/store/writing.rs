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

/// Documents under way to the database. Meetings arrive there in the order in which they were put: what one of them frees,
/// a later one may take, and the triggers look at each row. [`Writing::finish`] ends it.
#[derive(Default)]
pub(super) struct Writing {
    appointments: Vec<Row<Appointment>>,
    clients: Vec<Row<Client>>,
    enquiries: Vec<Row<Enquiry>>,
    /// How many a meeting of each kind is for; read when it is needed, and again when a setting has changed.
    capacities: Option<BTreeMap<String, i64>>,
}

struct Row<T> {
    is: T,
    rev: i64,
    doc: String,
}

impl<T: serde::de::DeserializeOwned> Row<T> {
    fn read(rev: i64, doc: &str, entity: &'static str) -> Result<Self> {
        Ok(Self { is: parse_doc(doc, entity)?, rev, doc: doc.to_owned() })
    }
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
        match entity {
            Entity::Client => self.clients.push(Row::read(rev, doc, "client")?),
            Entity::Enquiry => self.enquiries.push(Row::read(rev, doc, "enquiry")?),
            Entity::Appointment => self.appointments.push(Row::read(rev, doc, "appointment")?),
            Entity::WaitingEntry => super::waiting::put(tx, rev, doc).await?,
            Entity::PreparationSheet => super::preparation::put(tx, rev, doc).await?,
            Entity::Lease => super::lease::put(tx, id, rev, doc).await?,
            other => {
                self.settings_change(tx).await?;
                sqlx::query(
                    "INSERT INTO setting (entity, id, rev, doc) VALUES (?, ?, ?, ?)
                     ON CONFLICT (entity, id) DO UPDATE SET rev = excluded.rev, doc = excluded.doc",
                )
                .bind(other.key())
                .bind(id)
                .bind(rev)
                .bind(doc)
                .execute(&mut **tx)
                .await?;
            }
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

    /// A meeting is written by the kind that it is of as it stands at that moment.
    async fn settings_change(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.flush(tx).await?;
        self.capacities = None;
        Ok(())
    }

    async fn flush(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        write_clients(tx, &std::mem::take(&mut self.clients)).await?;
        write_enquiries(tx, &std::mem::take(&mut self.enquiries)).await?;
        let appointments = std::mem::take(&mut self.appointments);
        if appointments.is_empty() {
            return Ok(());
        }
        let capacities = match self.capacities.take() {
            Some(known) => known,
            None => capacities(tx).await?,
        };
        let rows: Vec<Meeting<'_>> = appointments.iter().map(|row| Meeting::of(row, &capacities)).collect();
        self.capacities = Some(capacities);
        write_meetings(tx, &rows).await
    }
}

/// One statement for every [`ROWS`] rows.
async fn insert<R>(
    tx: &mut Tx<'_>,
    (head, tail): (&str, &str),
    rows: &[R],
    bind: impl Fn(&mut Separated<'_, Sqlite, &'static str>, &R),
) -> Result<Vec<sqlx::sqlite::SqliteRow>> {
    let mut returned = Vec::new();
    for rows in rows.chunks(ROWS) {
        let mut sql = QueryBuilder::new(head);
        sql.push_values(rows, |mut one, row| bind(&mut one, row));
        sql.push(tail);
        // Statements of other lengths are seldom the same twice.
        let usual = rows.len() == ROWS || rows.len() == 1;
        returned.extend(sql.build().persistent(usual).fetch_all(&mut **tx).await?);
    }
    Ok(returned)
}

/// Numbers of rows by the id that each was written with.
fn numbers(returned: &[sqlx::sqlite::SqliteRow]) -> Result<BTreeMap<String, i64>> {
    use sqlx::Row as _;
    Ok(returned.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect::<sqlx::Result<_>>()?)
}

async fn write_clients(tx: &mut Tx<'_>, rows: &[Row<Client>]) -> Result<()> {
    let around = (
        "INSERT INTO client (id, rev, sort_name, birth_date, merged, doc) ",
        " ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, sort_name = excluded.sort_name,
            birth_date = excluded.birth_date, merged = excluded.merged, doc = excluded.doc
          RETURNING id, n",
    );
    let returned = insert(tx, around, rows, |one, Row { is: c, rev, doc }| {
        one.push_bind(c.id.to_string())
            .push_bind(*rev)
            .push_bind(fold(&format!("{} {}", c.family_name, c.given_name)))
            .push_bind(c.birth_date.map(|d| d.to_string()))
            // Neither shown in lists nor found: the one that goes on is, under its names too.
            .push_bind(i64::from(c.merged_into.is_some() || c.removed))
            .push_bind(doc.clone());
    })
    .await?;
    let numbers = numbers(&returned)?;
    // The last of those that were put twice.
    let texts =
        rows.iter().filter_map(|row| Some((*numbers.get(&row.is.id.to_string())?, client_text(&row.is))));
    write_texts(
        tx,
        "DELETE FROM client_text WHERE rowid IN (SELECT value FROM json_each(?))",
        "INSERT INTO client_text (rowid, text) ",
        texts.collect(),
    )
    .await
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

async fn write_texts(
    tx: &mut Tx<'_>,
    delete: &'static str,
    head: &str,
    texts: BTreeMap<i64, String>,
) -> Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let numbers: Vec<&i64> = texts.keys().collect();
    sqlx::query(delete).bind(to_doc(&numbers, "text")?).execute(&mut **tx).await?;
    let rows: Vec<(i64, String)> = texts.into_iter().collect();
    insert(tx, (head, ""), &rows, |one, (n, text)| {
        one.push_bind(*n).push_bind(text.clone());
    })
    .await?;
    Ok(())
}

async fn write_enquiries(tx: &mut Tx<'_>, rows: &[Row<Enquiry>]) -> Result<()> {
    let around = (
        "INSERT INTO enquiry (id, rev, status, owner, client, appointment, received_s, due_s, snoozed_s, doc) ",
        " ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, status = excluded.status, owner = excluded.owner,
            client = excluded.client, appointment = excluded.appointment, received_s = excluded.received_s,
            due_s = excluded.due_s, snoozed_s = excluded.snoozed_s, doc = excluded.doc
          RETURNING id, n",
    );
    let returned = insert(tx, around, rows, |one, Row { is: e, rev, doc }| {
        let snoozed = match e.status {
            EnquiryStatus::Snoozed { until } => Some(until.timestamp()),
            _ => None,
        };
        one.push_bind(e.id.to_string())
            .push_bind(*rev)
            .push_bind(e.status.key())
            .push_bind(e.owner.map(|o| o.to_string()))
            .push_bind(e.client.map(|c| c.to_string()))
            .push_bind(e.appointment.map(|a| a.to_string()))
            .push_bind(e.received_at.timestamp())
            .push_bind(e.due_at.timestamp())
            .push_bind(snoozed)
            .push_bind(doc.clone());
    })
    .await?;
    let numbers = numbers(&returned)?;
    let texts =
        rows.iter().filter_map(|row| Some((*numbers.get(&row.is.id.to_string())?, enquiry_text(&row.is))));
    write_texts(
        tx,
        "DELETE FROM enquiry_text WHERE rowid IN (SELECT value FROM json_each(?))",
        "INSERT INTO enquiry_text (rowid, text) ",
        texts.collect(),
    )
    .await
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

/// A meeting as a row.
struct Meeting<'r> {
    id: String,
    row: &'r Row<Appointment>,
    session: Option<SessionKey>,
    capacity: i64,
}

impl<'r> Meeting<'r> {
    fn of(row: &'r Row<Appointment>, capacities: &BTreeMap<String, i64>) -> Self {
        let capacity = capacities.get(&row.is.kind.to_string()).copied().unwrap_or(1).max(1);
        let session = session::key_of_kind(&row.is, capacity > 1);
        Self {
            id: row.is.id.to_string(),
            row,
            capacity: if session.is_some() { capacity } else { 1 },
            session,
        }
    }

    fn bind(&self, one: &mut Separated<'_, Sqlite, &'static str>) {
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
    insert(tx, (head, ""), rows, |one, row| row.bind(one)).await?;
    Ok(())
}
