//! The database of each story on PostgreSQL: one server for all, a database for each.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use passerelle_central::store::Location;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

use crate::server::{self, Server};

/// It does not wait for its disk: nothing here outlives it.
const SETTINGS: [&str; 7] = [
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=400",
    "shared_buffers=64MB",
    "max_wal_size=256MB",
    "deadlock_timeout=200ms",
];

/// The server of this process, started at the first call.
pub fn running() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| server::start(&SETTINGS))
}

/// A connection to it beside the service, for bare SQL.
pub type Bare = PgConnection;

/// A database of one story.
pub struct Own {
    server: &'static Server,
    name: String,
}

/// A filled database, made once: every story begins with a copy.
static FILLED: OnceCell<Own> = OnceCell::const_new();
static COUNT: AtomicU32 = AtomicU32::new(0);

/// Says something to the server.
pub async fn tell(sql: String) {
    tell_server(running(), sql).await;
}

/// Says something to another server.
pub async fn tell_server(server: &Server, sql: String) {
    let mut conn = connect(server, "postgres").await;
    sqlx::query(AssertSqlSafe(sql.clone())).execute(&mut conn).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
    conn.close().await.expect("closed");
}

async fn connect(server: &Server, name: &str) -> Bare {
    PgConnection::connect(&server.url(name)).await.expect("a connection")
}

impl Own {
    /// The one of this name.
    pub fn of(name: &str) -> Self {
        Self { server: running(), name: name.to_owned() }
    }

    /// The one of this name on another server.
    pub fn on(server: &'static Server, name: &str) -> Self {
        Self { server, name: name.to_owned() }
    }

    /// A new one with nothing in it.
    pub async fn empty() -> Self {
        Self::like("template1").await
    }

    /// A new one with the demonstration data.
    pub async fn filled() -> Self {
        let template = FILLED
            .get_or_init(|| async {
                let own = Self::empty().await;
                crate::office::fill(&own.location()).await;
                // Each story begins its own clock: on a server the first start's clock goes on for those after it.
                let mut conn = own.bare().await;
                let forget = sqlx::query("DELETE FROM meta WHERE key = 'clock_shift_us'");
                forget.execute(&mut conn).await.expect("forgotten");
                conn.close().await.expect("closed");
                own
            })
            .await;
        Self::like(&template.name).await
    }

    /// A new one with what another holds, to which nobody may be connected.
    pub async fn copy_of(other: &Self) -> Self {
        Self::like(&other.name).await
    }

    async fn like(template: &str) -> Self {
        let name = format!("story_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        tell(format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Self::of(&name)
    }

    /// Its address.
    pub fn url(&self) -> String {
        self.server.url(&self.name)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn location(&self) -> Location {
        Location::parse(&self.url()).expect("an address")
    }

    pub async fn bare(&self) -> Bare {
        connect(self.server, &self.name).await
    }
}
