//! Opening a database on a server: its form is brought up to date, or it is refused with what to do.

use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgPoolOptions;
use sqlx::{Connection, PgConnection};

use super::{ServedDatabase, Server};
use crate::store::{Database, OpenError, StoreError};

/// The migrations of this build.
pub(in crate::store) static MIGRATOR: Migrator = sqlx::migrate!("../../migrations/central/postgres");

/// Connections of one service: more than the server's cores keep busy only wait there.
const WRITERS: u32 = 12;
const READERS: u32 = 8;
/// What the server ends by itself, so that a service that hangs, or a line that is gone, holds no office's lock for ever.
/// The first is how long a lock is waited for.
const BOUNDS: [(&str, &str); 3] =
    [("lock_timeout", "5s"), ("statement_timeout", "60s"), ("idle_in_transaction_session_timeout", "60s")];
/// How long a request waits for one of them.
const WAIT: Duration = Duration::from_secs(10);
/// How long a connection that has answered counts as one that is there.
const FRESH: Duration = Duration::from_secs(1);
/// How long the server is waited for at the start.
const CONNECT: Duration = Duration::from_secs(10);

/// Why a database on a server cannot be opened. The texts tell the administrator what to do; none has the password.
#[derive(Debug, thiserror::Error)]
pub enum PostgresError {
    /// Nothing answers.
    #[error(
        "le serveur PostgreSQL de {server} ne répond pas ({why}) ; vérifiez qu’il est démarré, son adresse et son port"
    )]
    Unreachable {
        /// Where.
        server: String,
        /// What the system says.
        why: String,
    },
    /// The server does not let this user in.
    #[error(
        "le serveur PostgreSQL refuse l’utilisateur « {user} » pour {server} ; vérifiez le mot de passe (PGPASSWORD ou \
         l’adresse) et le fichier pg_hba.conf du serveur"
    )]
    Refused {
        /// Where.
        server: String,
        /// Who.
        user: String,
    },
    /// There is no such database.
    #[error(
        "la base {server} n’existe pas ; l’administrateur du serveur la crée par « createdb --owner={user} {database} »"
    )]
    NoDatabase {
        /// Where.
        server: String,
        /// Its name.
        database: String,
        /// Who should own it.
        user: String,
    },
    /// Nothing is in it, and nothing is to be made.
    #[error("la base {0} est vide ; « passerelle-central migrate » y crée ce qu’il faut")]
    Empty(String),
    /// It comes from a newer version.
    #[error(
        "la base {server} vient d’une version plus récente de Passerelle (schéma {version}, cette version connaît {known}) ; \
         installez cette version-là ou une plus récente. Rien n’a été modifié"
    )]
    Newer {
        /// Where.
        server: String,
        /// Its last migration.
        version: i64,
        /// The last migration of this build.
        known: i64,
    },
    /// Other data are there.
    #[error(
        "la base {0} contient d’autres données que celles de Passerelle ; donnez-en une vide. Rien n’a été modifié"
    )]
    Foreign(String),
    /// The extension cannot be made.
    #[error(
        "l’extension btree_gist manque dans la base {server} et ne peut pas y être créée ({why}) ; l’administrateur du \
         serveur l’installe (elle vient avec le paquet postgresql) et la crée par « CREATE EXTENSION btree_gist »"
    )]
    NoExtension {
        /// Where.
        server: String,
        /// What the server says.
        why: String,
    },
}

/// What an error of an open database says of the database.
pub(in crate::store) fn explain(server: &Server, error: &StoreError) -> OpenError {
    PostgresError::Unreachable { server: server.to_string(), why: error.to_string() }.into()
}

pub(in crate::store) fn explain_connection(server: &Server, error: sqlx::Error) -> OpenError {
    let shown = server.to_string();
    let code = error.as_database_error().and_then(|e| e.code().map(|c| c.into_owned()));
    let (user, database) = (server.user().to_owned(), server.database().to_owned());
    match code.as_deref() {
        Some("28P01" | "28000") => PostgresError::Refused { server: shown, user },
        Some("3D000") => PostgresError::NoDatabase { server: shown, database, user },
        _ => PostgresError::Unreachable { server: shown, why: error.to_string() },
    }
    .into()
}

/// The last migration of this build.
pub(in crate::store) fn known() -> i64 {
    MIGRATOR.iter().map(|m| m.version).max().unwrap_or(0)
}

pub(in crate::store) fn explain_migration(server: &Server, error: MigrateError) -> OpenError {
    let shown = server.to_string();
    match error {
        MigrateError::VersionMissing(version) => {
            PostgresError::Newer { server: shown, version, known: known() }.into()
        }
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => {
            let code = e.as_database_error().and_then(|e| e.code().map(|c| c.into_owned()));
            match (code.as_deref(), e.to_string()) {
                // The file of the extension lacks, or this user may not create it.
                (Some("0A000" | "58P01" | "42501"), why) if why.contains("extension") => {
                    PostgresError::NoExtension { server: shown, why }.into()
                }
                (_, why) => PostgresError::Unreachable { server: shown, why }.into(),
            }
        }
        other => PostgresError::Unreachable { server: shown, why: other.to_string() }.into(),
    }
}

/// Opens a database on a server and brings its form up to date; fills an empty one when `create` says so.
///
/// # Errors
/// [`OpenError`], with what to do.
pub(in crate::store) async fn open(server: &Server, create: bool) -> Result<Box<dyn Database>, OpenError> {
    let fail = |e: sqlx::Error| explain_connection(server, e);
    let connecting = PgConnection::connect_with(server.options());
    let mut conn = tokio::time::timeout(CONNECT, connecting)
        .await
        .map_err(|_| fail(sqlx::Error::PoolTimedOut))?
        .map_err(fail)?;
    let looked = applied(&mut conn).await.map_err(fail)?;
    match looked {
        Applied::Nothing if !create => return Err(PostgresError::Empty(server.to_string()).into()),
        Applied::Foreign => return Err(PostgresError::Foreign(server.to_string()).into()),
        Applied::Version(version) if version > known() => {
            return Err(PostgresError::Newer { server: server.to_string(), version, known: known() }.into());
        }
        Applied::Nothing | Applied::Version(_) => {}
    }
    // sqlx takes an advisory lock: of two services that start at once one migrates and the other waits, without bounds.
    MIGRATOR.run(&mut conn).await.map_err(|e| explain_migration(server, e))?;
    conn.close().await.map_err(fail)?;
    let options = server.options().clone().options(BOUNDS);
    let pool = async |connections| {
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(WAIT)
            // One that has just answered is not asked whether it is there: that costs as much as what is asked next.
            .test_before_acquire(false)
            .before_acquire(|conn, meta| {
                Box::pin(async move {
                    if meta.idle_for > FRESH {
                        conn.ping().await?;
                    }
                    Ok(true)
                })
            });
        pool.connect_with(options.clone()).await.map_err(fail)
    };
    Ok(Box::new(ServedDatabase { writers: pool(WRITERS).await?, readers: pool(READERS).await? }))
}

/// What a database holds.
pub(in crate::store) enum Applied {
    /// No table.
    Nothing,
    /// Tables of others.
    Foreign,
    /// Ours, after this migration.
    Version(i64),
}

/// Looks at a database without writing to it.
pub(in crate::store) async fn applied(conn: &mut PgConnection) -> Result<Applied, sqlx::Error> {
    // One statement, one state: another service may be filling it just now, and it makes its own table first.
    let (tables, ours): (i64, bool) = sqlx::query_as(
        "SELECT count(*), coalesce(bool_or(tablename = '_sqlx_migrations'), false)
         FROM pg_tables WHERE schemaname = current_schema()",
    )
    .fetch_one(&mut *conn)
    .await?;
    if !ours {
        return Ok(if tables == 0 { Applied::Nothing } else { Applied::Foreign });
    }
    let version: Option<i64> =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(conn).await?;
    Ok(version.map_or(Applied::Nothing, Applied::Version))
}
