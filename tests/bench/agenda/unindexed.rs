//! A database as a program without indexes would keep it: the same rows, looked through one by one.

use std::path::{Path, PathBuf};
use std::time::Instant;

use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::refusal::FreeSlot;
use passerelle_office::store::fold;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, SqliteConnection};
use uuid::Uuid;

use crate::office::{BigOffice, client_id};

/// A copy of the desk's database without its indexes and triggers, flushed at every commit as the desk's is.
pub struct Unindexed(SqliteConnection);

impl Unindexed {
    pub async fn copy(folder: &Path) -> Self {
        let path: PathBuf = folder.join("unindexed.db");
        let options = |path: &Path| {
            SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
        };
        let mut db = SqliteConnection::connect_with(&options(&path)).await.expect("a database");
        let desk = folder.join("desk/passerelle.db");
        sqlx::query("ATTACH ? AS desk").bind(desk.to_str()).execute(&mut db).await.expect("attached");
        for sql in [
            "CREATE TABLE appointment AS
             SELECT id, counsellor, room, client, start_s, end_s, status, blocking, doc FROM desk.appointment",
            "CREATE TABLE client AS SELECT id, doc FROM desk.client",
            "DETACH desk",
        ] {
            sqlx::query(sql).execute(&mut db).await.expect("copied");
        }
        Self(db)
    }

    /// Reads every meeting, compares each in a loop, writes.
    pub async fn book_by_reading_all(&mut self, big: &BigOffice, slots: &[FreeSlot]) -> Vec<f64> {
        let mut times = Vec::new();
        for (n, slot) in slots.iter().enumerate() {
            let made = meeting(big, slot, n);
            let begun = Instant::now();
            let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await.expect("a transaction");
            let docs: Vec<String> = sqlx::query_scalar("SELECT doc FROM appointment")
                .fetch_all(&mut *tx)
                .await
                .expect("meetings");
            let clash = docs.iter().any(|doc| {
                let other: Appointment = serde_json::from_str(doc).expect("a meeting");
                let shared = other.counsellor == made.counsellor
                    || (other.room.is_some() && other.room == made.room)
                    || (other.client.is_some() && other.client == made.client);
                shared && other.overlaps(&made)
            });
            assert!(!clash, "the slot is free");
            insert(&mut tx, &made).await;
            tx.commit().await.expect("committed");
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        times
    }

    /// Asks the table in one query, without an index to answer it by.
    pub async fn book_by_scanning(&mut self, big: &BigOffice, slots: &[FreeSlot]) -> Vec<f64> {
        let mut times = Vec::new();
        for (n, slot) in slots.iter().enumerate() {
            let made = meeting(big, slot, 100 + n);
            let begun = Instant::now();
            let mut tx = self.0.begin_with("BEGIN IMMEDIATE").await.expect("a transaction");
            let clash: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM appointment WHERE blocking = 1 AND start_s < ?1 AND ?2 < end_s
                   AND (counsellor = ?3 OR room = ?4 OR client = ?5)",
            )
            .bind(made.end.timestamp())
            .bind(made.start.timestamp())
            .bind(made.counsellor.to_string())
            .bind(made.room.map(|r| r.to_string()))
            .bind(made.client.map(|c| c.to_string()))
            .fetch_one(&mut *tx)
            .await
            .expect("an answer");
            assert_eq!(clash, 0, "the slot is free");
            insert(&mut tx, &made).await;
            tx.commit().await.expect("committed");
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        times
    }

    /// Reads every person and looks for the word in the folded name.
    pub async fn search(&mut self, word: &str) -> Vec<f64> {
        let mut times = Vec::new();
        for _ in 0..5 {
            let begun = Instant::now();
            let docs: Vec<String> =
                sqlx::query_scalar("SELECT doc FROM client").fetch_all(&mut self.0).await.expect("people");
            let mut found: Vec<Client> = docs
                .iter()
                .filter_map(|doc| serde_json::from_str(doc).ok())
                .filter(|c: &Client| fold(&c.full_name()).contains(&fold(word)))
                .collect();
            found.sort_by_key(|c| fold(&c.family_name));
            found.truncate(20);
            assert!(!found.is_empty(), "somebody is called {word}");
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        times
    }
}

fn meeting(big: &BigOffice, slot: &FreeSlot, n: usize) -> Appointment {
    Appointment {
        id: Uuid::now_v7().into(),
        counsellor: slot.counsellor,
        site: slot.site,
        room: slot.room,
        start: slot.start,
        end: slot.end,
        status: passerelle_domain::appointment::Status::Booked,
        client: Some(client_id(22_000 + n)),
        companions: Vec::new(),
        ..big.template.clone()
    }
}

async fn insert(tx: &mut SqliteConnection, made: &Appointment) {
    sqlx::query(
        "INSERT INTO appointment (id, counsellor, room, client, start_s, end_s, status, blocking, doc)
         VALUES (?, ?, ?, ?, ?, ?, 'booked', 1, ?)",
    )
    .bind(made.id.to_string())
    .bind(made.counsellor.to_string())
    .bind(made.room.map(|r| r.to_string()))
    .bind(made.client.map(|c| c.to_string()))
    .bind(made.start.timestamp())
    .bind(made.end.timestamp())
    .bind(serde_json::to_string(made).expect("a document"))
    .execute(tx)
    .await
    .expect("inserted");
}
