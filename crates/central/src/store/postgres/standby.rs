//! A server that repeats another ("hot standby"), read and never written: what it says of itself, and transactions on it.

use std::time::Duration;

use sqlx::postgres::{PgPool, PgPoolOptions};

use super::{PostgresSession, Server};
use crate::store::feed::unsigned;
use crate::store::session::Tx;
use crate::store::{Pool, StoreError};

/// Connections of one service: what is read here are whole parts, and no more of them at once than the server has cores.
const CONNECTIONS: u32 = 8;
/// How long a connection is waited for. Whoever waits could have been answered by the main database.
const WAIT: Duration = Duration::from_secs(2);
/// What the server ends by itself: what was begun here and given up must not go on there.
const BOUNDS: [(&str, &str); 3] =
    [("lock_timeout", "2s"), ("statement_timeout", "5s"), ("idle_in_transaction_session_timeout", "10s")];

/// Such a server.
#[derive(Debug)]
pub struct Standby {
    server: Server,
    pool: PgPool,
}

/// What a server says of itself and of the database on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// It repeats another, and writes nothing of its own.
    pub repeats: bool,
    /// The database's epoch.
    pub epoch: Option<String>,
    /// The database's last migration.
    pub form: Option<i64>,
    /// The sum of the heads of all feeds.
    pub heads: u64,
}

/// Where one feed stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reached {
    /// Its last number.
    pub head: u64,
    /// The mark of the change of that number.
    pub mark: Option<i64>,
}

/// What is asked whatever else is.
const STANDING: &str = "SELECT pg_is_in_recovery(), (SELECT value FROM meta WHERE key = 'epoch'),
        (SELECT max(version) FROM _sqlx_migrations WHERE success),
        (SELECT coalesce(sum(head), 0)::bigint FROM feed)";

type StandingRow = (bool, Option<String>, Option<i64>, i64);

fn standing((repeats, epoch, form, heads): StandingRow) -> Standing {
    Standing { repeats, epoch, form, heads: unsigned(heads) }
}

impl Standby {
    /// Nothing is connected to before something is read.
    pub(crate) fn of(server: &Server) -> Self {
        let options = server.options().clone().options(BOUNDS);
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(WAIT);
        Self { server: server.clone(), pool: pool.connect_lazy_with(options) }
    }

    /// Where it is.
    pub(crate) const fn server(&self) -> &Server {
        &self.server
    }

    /// What it says of itself.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub(crate) async fn standing(&self) -> Result<Standing, StoreError> {
        Ok(standing(sqlx::query_as(STANDING).fetch_one(&self.pool).await?))
    }

    /// Begins to read: one consistent state, with what the server says of itself and where a feed is in that state; no
    /// feed of this name, no place.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub(crate) async fn read(&self, scope: &str) -> Result<(Tx, Standing, Option<Reached>), StoreError> {
        let mut tx = self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let said = standing(sqlx::query_as(STANDING).fetch_one(&mut *tx).await?);
        let reached: Option<(i64, Option<i64>)> = sqlx::query_as(
            "SELECT f.head, c.mark FROM feed f LEFT JOIN change c ON c.scope = f.scope AND c.seq = f.head
             WHERE f.scope = $1",
        )
        .bind(scope)
        .fetch_optional(&mut *tx)
        .await?;
        let reached = reached.map(|(head, mark)| Reached { head: unsigned(head), mark });
        Ok((Tx(Box::new(PostgresSession(tx))), said, reached))
    }

    /// Its connections, as they are at this moment.
    pub(crate) fn connections(&self) -> Pool {
        Pool::of("replica", &self.pool)
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        self.pool.close().await;
    }
}
