//! The waiting list in the desk's database.

use chrono::{DateTime, Utc};
use passerelle_domain::OfficeState;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::command::Needs;
use passerelle_domain::ids::{ClientId, WaitingId};
use passerelle_domain::waiting::{WaitingEntry, WaitingStatus};
use passerelle_protocol::sync::Entity;
use sqlx::{Sqlite, Transaction};

use super::documents::{get, parse_doc};
use super::error::Result;
use super::open::Store;

/// Future meetings that are looked through for places that became free.
const FREED_MAX: i64 = 2_000;

/// Writes an entry with its columns.
pub(super) async fn put(tx: &mut Transaction<'_, Sqlite>, rev: i64, doc: &str) -> Result<()> {
    let w: WaitingEntry = parse_doc(doc, "waiting_entry")?;
    let appointment = match w.status {
        WaitingStatus::Booked { appointment } => Some(appointment.to_string()),
        WaitingStatus::Waiting | WaitingStatus::Closed { .. } => None,
    };
    sqlx::query(
        "INSERT INTO waiting (id, rev, client, kind, status, appointment, since_s, doc) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, client = excluded.client, kind = excluded.kind,
           status = excluded.status, appointment = excluded.appointment, since_s = excluded.since_s,
           doc = excluded.doc",
    )
    .bind(w.id.to_string())
    .bind(rev)
    .bind(w.client.to_string())
    .bind(w.wish.kind.to_string())
    .bind(w.status.key())
    .bind(appointment)
    .bind(w.since.timestamp())
    .bind(doc)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Loads what a command needs of the list: the entries named, those of the appointments loaded, each with its client.
pub(super) async fn load(
    tx: &mut Transaction<'_, Sqlite>,
    state: &mut OfficeState,
    needs: &Needs,
    linked: Vec<WaitingId>,
) -> Result<()> {
    let mut clients = needs.clients.clone();
    for id in linked.into_iter().chain(needs.waiting.iter().copied()) {
        let Some((_, doc)) = get(tx, Entity::WaitingEntry, &id.to_string()).await? else { continue };
        let w: WaitingEntry = parse_doc(&doc, "waiting_entry")?;
        if let Some((_, doc)) = get(tx, Entity::Client, &w.client.to_string()).await? {
            let c: Client = parse_doc(&doc, "client")?;
            state.clients.insert(c.id, c);
        }
        clients.push(w.client);
        state.waiting.insert(id, w);
    }
    for client in clients.iter().filter(|_| needs.waiting_beside) {
        let docs: Vec<String> =
            sqlx::query_scalar("SELECT doc FROM waiting WHERE client = ? AND status = 'waiting'")
                .bind(client.to_string())
                .fetch_all(&mut **tx)
                .await?;
        for doc in docs {
            let w: WaitingEntry = parse_doc(&doc, "waiting_entry")?;
            state.waiting.insert(w.id, w);
        }
    }
    Ok(())
}

impl Store {
    /// One entry as it stands here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn waiting(&self, id: WaitingId) -> Result<Option<WaitingEntry>> {
        let doc: Option<String> = sqlx::query_scalar("SELECT doc FROM waiting WHERE id = ?")
            .bind(id.to_string())
            .fetch_optional(&self.readers)
            .await?;
        doc.map(|d| parse_doc(&d, "waiting_entry")).transpose()
    }

    /// Everybody who waits, longest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn waiting_list(&self) -> Result<Vec<WaitingEntry>> {
        let docs: Vec<String> =
            sqlx::query_scalar("SELECT doc FROM waiting WHERE status = 'waiting' ORDER BY since_s, id")
                .fetch_all(&self.readers)
                .await?;
        docs.iter().map(|d| parse_doc(d, "waiting_entry")).collect()
    }

    /// All entries of one person, and those under which somebody still waits of a record that was merged into this one;
    /// newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn waiting_of_client(&self, client: ClientId) -> Result<Vec<WaitingEntry>> {
        let docs: Vec<String> = sqlx::query_scalar(
            "SELECT doc, since_s, id FROM waiting WHERE client = ?1
                 UNION ALL
                 SELECT w.doc, w.since_s, w.id FROM waiting w JOIN client c ON c.id = w.client
                  WHERE w.status = 'waiting' AND json_extract(c.doc, '$.merged_into') = ?1
                 ORDER BY since_s DESC, id",
        )
        .bind(client.to_string())
        .fetch_all(&self.readers)
        .await?;
        docs.iter().map(|d| parse_doc(d, "waiting_entry")).collect()
    }

    /// How many wait.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn waiting_count(&self) -> Result<u32> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM waiting WHERE status = 'waiting'")
            .fetch_one(&self.readers)
            .await?)
    }

    /// Meetings to come that left a place behind: ended before their hour, or changed since they were made.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn appointments_left(&self, after: DateTime<Utc>) -> Result<Vec<Appointment>> {
        let docs: Vec<String> = sqlx::query_scalar(
            "SELECT doc FROM appointment WHERE start_s > ?
               AND (blocking = 0 OR json_extract(doc, '$.version') > 1) ORDER BY start_s, id LIMIT ?",
        )
        .bind(after.timestamp())
        .bind(FREED_MAX)
        .fetch_all(&self.readers)
        .await?;
        docs.iter().map(|d| parse_doc(d, "appointment")).collect()
    }
}
