//! Opening a database: its form is brought up to date, or it is refused with what to do.

use std::path::PathBuf;

use super::{Location, Meta, PostgresError, Store, StoreError, Tx, postgres, sqlite};
use crate::clock::Clock;
use crate::secret::{self, NoRandomness};

/// Why a database cannot be opened. The texts tell the administrator what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No file, and none is to be made.
    #[error("la base {} n’existe pas ; « passerelle-central migrate --database sqlite:{} » la crée", .0.display(), .0.display())]
    Missing(PathBuf),
    /// The file comes from a newer version.
    #[error(
        "la base {} vient d’une version plus récente de Passerelle (schéma {version}, cette version connaît {known}) ; \
         installez cette version-là ou une plus récente. Rien n’a été modifié",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its last migration.
        version: i64,
        /// The last migration of this build.
        known: i64,
    },
    /// The file is damaged or is no database.
    #[error(
        "la base {} est endommagée ou n’est pas une base de Passerelle ({why}) ; restaurez la dernière sauvegarde. \
         Rien n’a été modifié",
        path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        why: String,
    },
    /// No room left on the device.
    #[error("le disque qui porte {} est plein ; libérez de la place et recommencez, rien n’est perdu", .0.display())]
    DiskFull(PathBuf),
    /// Another process keeps it locked.
    #[error("la base {} est verrouillée par un autre programme ; arrêtez-le et recommencez", .0.display())]
    Locked(PathBuf),
    /// The file or its folder cannot be read or written.
    #[error("la base {} ne peut pas être lue ou écrite ({why}) ; vérifiez le chemin et les droits", path.display())]
    Unreachable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// No randomness for the secrets of a new database.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The server, or its database.
    #[error(transparent)]
    Postgres(#[from] PostgresError),
    /// Anything else.
    #[error("la base {} ne s’ouvre pas : {why}", path.display())]
    Other {
        /// The file.
        path: PathBuf,
        /// What was said.
        why: String,
    },
}

/// Opens a database and brings its form up to date; makes a new one when `create` says so.
///
/// # Errors
/// [`OpenError`], with what to do.
pub async fn open(location: &Location, create: bool) -> Result<Store, OpenError> {
    let mut store = Store::of(match location {
        Location::Sqlite(path) => sqlite::open(path, create).await?,
        Location::Postgres(server) => postgres::open(server, create).await?,
    });
    let epoch = secret::random::<8>()?;
    let family = secret::random::<32>()?;
    store.meta =
        meta(&store, &secret::hex(&epoch), &secret::hex(&family)).await.map_err(|e| explain(location, e))?;
    Ok(store)
}

fn explain(location: &Location, error: StoreError) -> OpenError {
    match location {
        Location::Sqlite(path) => sqlite::explain(path, error),
        Location::Postgres(server) => postgres::explain(server, &error),
    }
}

/// Reads the facts about the database, and makes them the first time.
async fn meta(store: &Store, epoch: &str, family: &str) -> Result<Meta, StoreError> {
    let mut tx = store.write().await?;
    tx.keep_fact("epoch", epoch).await?;
    tx.keep_fact("family_secret", family).await?;
    let meta = Meta {
        epoch: tx.fact("epoch").await?.unwrap_or_default(),
        family_secret: tx.fact("family_secret").await?.unwrap_or_default(),
        demo: marked_demo(&mut tx).await?,
        clock_shift_us: tx.fact("clock_shift_us").await?.and_then(|us| us.parse().ok()).unwrap_or(0),
    };
    tx.commit().await?;
    Ok(meta)
}

/// Whether a database holds demonstration data.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn marked_demo(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(tx.fact("demo").await?.as_deref() == Some("1"))
}

impl Store {
    /// Says for ever that this database holds demonstration data.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn mark_demo(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.keep_fact("demo", "1").await?;
        self.meta.demo = true;
        Ok(())
    }

    /// The clock of this demonstration, kept so that the command line agrees with it. On a database that other services
    /// may be using the clock of the first goes on for all: nobody's time jumps because another one starts.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn agree_on_clock(&mut self, wanted: Clock) -> Result<Clock, StoreError> {
        const KEY: &str = "clock_shift_us";
        let own = wanted.shift_us();
        let mut tx = self.write().await?;
        if self.shared() {
            tx.keep_fact(KEY, &own.to_string()).await?;
        } else {
            tx.change_fact(KEY, &own.to_string()).await?;
        }
        let us = tx.fact(KEY).await?.and_then(|us| us.parse().ok()).unwrap_or(own);
        tx.commit().await?;
        self.meta.clock_shift_us = us;
        Ok(Clock::shifted_us(us))
    }
}
