//! The store on a PostgreSQL server, for several services at once.
//!
//! A writing transaction is `READ COMMITTED` and begins with the lock of a feed's row ([`Feeds::lock_feed`]): from then on
//! nobody else writes to that office, and each statement sees all that was committed before. `SERIALIZABLE` was the
//! alternative: it makes the same transactions fail and begin again where this makes them wait. A reading one is
//! `REPEATABLE READ`: one state.
//!
//! [`Feeds::lock_feed`]: super::session::Feeds::lock_feed

mod administrators;
mod appointments;
mod commands;
mod desks;
mod documents;
mod error;
mod feeds;
mod intake;
mod keeping;
mod leases;
mod location;
mod open;
mod quarantine;
mod releases;
mod standby;
mod whole;

use std::borrow::Cow;

use async_trait::async_trait;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};

use super::session::{Session, Tx};
use super::{Database, Pool, StoreError};

pub(super) use error::explain_error;
pub use location::Server;
pub use open::PostgresError;
pub(super) use open::{
    Applied, MIGRATOR, applied, explain, explain_connection, explain_migration, known, open,
};
pub use standby::{Reached, Standby, Standing};

/// A database on a server. Those who wait for the lock of one office must not keep readers from a connection.
#[derive(Debug)]
struct ServedDatabase {
    writers: PgPool,
    readers: PgPool,
}

/// A transaction on it.
#[derive(Debug)]
struct PostgresSession(Transaction<'static, Postgres>);

impl PostgresSession {
    fn conn(&mut self) -> &mut PgConnection {
        &mut self.0
    }

    async fn run(&mut self, sql: &'static str) -> Result<(), StoreError> {
        sqlx::query(sql).execute(self.conn()).await?;
        Ok(())
    }
}

/// A transaction that was begun beside a service's connections.
pub(super) fn session(tx: Transaction<'static, Postgres>) -> Tx {
    Tx(Box::new(PostgresSession(tx)))
}

/// A text as PostgreSQL can store it: it knows no NUL, which JSON and addresses allow.
fn storable(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { Cow::Borrowed(text) }
}

#[async_trait]
impl Session for PostgresSession {
    async fn savepoint(&mut self) -> Result<(), StoreError> {
        self.run("SAVEPOINT decision").await
    }

    async fn keep(&mut self) -> Result<(), StoreError> {
        self.run("RELEASE SAVEPOINT decision").await
    }

    async fn back(&mut self) -> Result<(), StoreError> {
        self.run("ROLLBACK TO SAVEPOINT decision").await?;
        self.run("RELEASE SAVEPOINT decision").await
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Ok(self.0.commit().await?)
    }
}

#[async_trait]
impl Database for ServedDatabase {
    async fn write(&self) -> Result<Tx, StoreError> {
        Ok(Tx(Box::new(PostgresSession(self.writers.begin().await?))))
    }

    async fn read(&self) -> Result<Tx, StoreError> {
        let tx = self.readers.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        Ok(Tx(Box::new(PostgresSession(tx))))
    }

    fn shared(&self) -> bool {
        true
    }

    fn pools(&self) -> Vec<Pool> {
        vec![Pool::of("writers", &self.writers), Pool::of("readers", &self.readers)]
    }

    async fn close(&self) {
        self.readers.close().await;
        self.writers.close().await;
    }
}
