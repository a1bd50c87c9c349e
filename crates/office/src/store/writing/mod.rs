//! Writing documents with the columns that queries and triggers need: one of them, or a whole feed.
//!
//! What is written together is gathered, and goes to the database many rows to a statement: a desk's first
//! synchronisation writes a hundred thousand documents, and each statement goes to another thread and back.

mod found;
mod meeting;

use std::collections::BTreeMap;

use passerelle_protocol::sync::Entity;
use sqlx::query_builder::Separated;
use sqlx::{QueryBuilder, Sqlite, Transaction};

use super::documents::remove;
use super::error::Result;
use found::{ClientRow, EnquiryRow, Words, write_found};
use meeting::{Meeting, MeetingRow, capacities, write_meetings};

pub(super) use found::gather_words;
pub(super) use meeting::restate_meetings;

type Tx<'t> = Transaction<'t, Sqlite>;
type Values<'s> = Separated<'s, Sqlite, &'static str>;

/// Rows of one statement; SQLite takes 32,766 values in one.
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
pub(super) struct Writing {
    appointments: Vec<MeetingRow>,
    clients: Vec<ClientRow>,
    enquiries: Vec<EnquiryRow>,
    /// What clients and enquiries that are written are found by.
    words: [Words; 2],
    /// For how many a meeting of each kind is; read when it is needed, and again when a setting has changed.
    capacities: Option<BTreeMap<String, i64>>,
}

impl Default for Writing {
    fn default() -> Self {
        Self {
            appointments: Vec::new(),
            clients: Vec::new(),
            enquiries: Vec::new(),
            words: [Words::of::<ClientRow>(), Words::of::<EnquiryRow>()],
            capacities: None,
        }
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
        self.write_words(tx).await?;
        if entity.is_setting() {
            self.capacities = None;
        }
        remove(tx, entity, id).await
    }

    /// Writes what is still on its way.
    pub async fn finish(mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.flush(tx).await?;
        self.write_words(tx).await
    }

    async fn write_words(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        for words in &mut self.words {
            words.write(tx).await?;
        }
        Ok(())
    }

    /// Writes the rows. Words are held back until they are many.
    async fn flush(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let [of_clients, of_enquiries] = &mut self.words;
        write_found(tx, &std::mem::take(&mut self.clients), of_clients).await?;
        of_clients.write_many(tx).await?;
        write_found(tx, &std::mem::take(&mut self.enquiries), of_enquiries).await?;
        of_enquiries.write_many(tx).await?;
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

/// One statement for every so many rows.
async fn insert<R>(
    tx: &mut Tx<'_>,
    head: &'static str,
    at_once: usize,
    rows: &[R],
    bind: impl Fn(&mut Values<'_>, &R),
) -> Result<()> {
    for rows in rows.chunks(at_once) {
        let mut sql = QueryBuilder::new(head);
        sql.push_values(rows, |mut one, row| bind(&mut one, row));
        // Statements of other lengths are seldom the same twice.
        let usual = rows.len() == at_once || rows.len() == 1;
        sql.build().persistent(usual).execute(&mut **tx).await?;
    }
    Ok(())
}
