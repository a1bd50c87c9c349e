//! The store in one SQLite file.
//!
//! One connection writes, several read (WAL). A writing transaction begins with `BEGIN IMMEDIATE`: it holds the only
//! write lock from its first statement, so that nothing it has read can change before it commits. A pool of writers
//! with retries was the alternative; SQLite would make them wait for each other all the same.

mod administrators;
mod appointments;
mod commands;
mod desks;
mod documents;
mod error;
mod feeds;
mod intake;
mod joined;
mod keeping;
mod leases;
mod open;
mod pieces;
mod quarantine;
mod releases;
mod whole;

use async_trait::async_trait;
use sqlx::{Sqlite, SqliteConnection, SqlitePool, Transaction};

use super::session::{Session, Tx};
use super::{Database, Pool, StoreError};

pub(super) use error::explain_error;
pub(super) use open::{BUSY, applied, explain, known, open};

/// An open file.
#[derive(Debug)]
struct SqliteFile {
    writer: SqlitePool,
    readers: SqlitePool,
}

/// A transaction on it.
#[derive(Debug)]
struct SqliteSession(Transaction<'static, Sqlite>);

impl SqliteSession {
    fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        sqlx::query(sql).execute(self.conn()).await?;
        Ok(())
    }
}

#[async_trait]
impl Session for SqliteSession {
    async fn savepoint(&mut self) -> Result<(), StoreError> {
        self.run("SAVEPOINT decision").await
    }

    async fn keep(&mut self) -> Result<(), StoreError> {
        self.run("RELEASE decision").await
    }

    async fn back(&mut self) -> Result<(), StoreError> {
        self.run("ROLLBACK TO decision").await?;
        self.run("RELEASE decision").await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}

#[async_trait]
impl Database for SqliteFile {
    async fn write(&self) -> Result<Tx, StoreError> {
        let tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        Ok(Tx(Box::new(SqliteSession(tx))))
    }

    async fn read(&self) -> Result<Tx, StoreError> {
        Ok(Tx(Box::new(SqliteSession(self.readers.begin().await?))))
    }

    fn shared(&self) -> bool {
        false
    }

    fn pools(&self) -> Vec<Pool> {
        vec![Pool::of("writers", &self.writer), Pool::of("readers", &self.readers)]
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}
