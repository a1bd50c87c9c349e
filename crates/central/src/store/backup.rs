//! A copy of the whole database in one file, taken while services work on it, and a database made of such a file.
//!
//! **A backup has no epoch.** Whoever makes a database of it, with `restore` or by laying the file where the database was,
//! makes one of another epoch: the desks ask it which of their acknowledged commands it still knows, and send the others
//! again. Codes, nonces, tokens and administrators' keys are not in it either: what gives access ends with the machine
//! that gave it, and a key that was revoked since does not come back.
//!
//! On SQLite it is a database file, written by `VACUUM INTO` in one reading transaction: the service goes on writing
//! beside it (the online backup interface begins again at each write of another process). On PostgreSQL it is the rows,
//! by `COPY` in one `REPEATABLE READ` transaction ([`archive`]). `pg_dump` was the alternative: it needs the programs of
//! the server's version on the machine of the service, hands them the password, and cannot leave out single rows, so that
//! a restored database would bear its old epoch until something else changed it.

mod archive;
mod partial;
mod postgres;
mod sqlite;

use std::path::{Path, PathBuf};

use super::{Location, OpenError, StoreError, Tx};
use crate::secret::{self, NoRandomness};

/// Why there is no backup, or no database made of one. The texts tell the administrator what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file of that name is there: it is never written over.
    #[error("{} existe déjà ; donnez un autre nom ou déplacez ce fichier. Rien n’a été écrit", .0.display())]
    Exists(PathBuf),
    /// The database to be made is there already.
    #[error(
        "la base {0} n’est pas vide ; une sauvegarde se restaure dans une base neuve : déplacez l’ancienne (avec ses \
         fichiers -wal et -shm), ou créez-en une autre par « createdb ». Rien n’a été modifié"
    )]
    NotEmpty(String),
    /// Something is there that is no backup, or half of one.
    #[error("{} n’est pas une sauvegarde entière de Passerelle ({why}) ; prenez-en une autre. Rien n’a été modifié", path.display())]
    NotWhole {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// It was taken of the other database.
    #[error(
        "{} est une sauvegarde de {of} ; restaurez-la par --database {scheme}…",
        path.display()
    )]
    OtherDatabase {
        /// The file.
        path: PathBuf,
        /// What it is of.
        of: &'static str,
        /// How an address of that begins.
        scheme: &'static str,
    },
    /// It comes from a newer version.
    #[error(
        "{} vient d’une version plus récente de Passerelle (schéma {version}, cette version connaît {known}) ; installez \
         cette version-là ou une plus récente. Rien n’a été modifié",
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
    /// No room left on the device.
    #[error("le disque qui porte {} est plein ; libérez de la place et recommencez", .0.display())]
    DiskFull(PathBuf),
    /// The file cannot be read or written.
    #[error("{} ne peut pas être lu ou écrit ({why}) ; vérifiez le chemin et les droits", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The database that it is taken of, or made in.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The same, later.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// No randomness for a new epoch.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

impl BackupError {
    /// What an error of a file means.
    fn of_file(path: &Path, error: &std::io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            std::io::ErrorKind::AlreadyExists => Self::Exists(path),
            // A bound on the size of files (`ulimit -f`) is met as a full disk is.
            std::io::ErrorKind::StorageFull
            | std::io::ErrorKind::FileTooLarge
            | std::io::ErrorKind::QuotaExceeded => Self::DiskFull(path),
            _ => Self::File { path, why: error.to_string() },
        }
    }

    fn not_whole(path: &Path, why: impl ToString) -> Self {
        Self::NotWhole { path: path.to_owned(), why: why.to_string() }
    }
}

/// A backup that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backup {
    /// Size of its file.
    pub bytes: u64,
    /// The last migration of the database that it was taken of.
    pub schema: i64,
}

/// Takes a backup, while services may work on the database. It is in `file` once it is whole and on the disk; only the
/// owner of the file may read it.
///
/// # Errors
/// [`BackupError`]; then there is no file.
pub async fn backup(location: &Location, file: &Path) -> Result<Backup, BackupError> {
    match location {
        Location::Sqlite(database) => sqlite::backup(database, file).await,
        Location::Postgres(server) => postgres::backup(server, file).await,
    }
}

/// Makes a database of a backup, of today's form and of a new epoch, which is given back. There must be none: nothing is
/// written over.
///
/// # Errors
/// [`BackupError`]; then there is no database.
pub async fn restore(location: &Location, file: &Path) -> Result<String, BackupError> {
    match location {
        Location::Sqlite(database) => sqlite::restore(database, file).await,
        Location::Postgres(server) => postgres::restore(server, file).await,
    }
}

/// Which database a backup is of, by its first bytes.
fn kind(file: &Path) -> Result<Kind, BackupError> {
    use std::io::Read;
    let fail = |e: std::io::Error| BackupError::of_file(file, &e);
    let mut first = Vec::new();
    std::fs::File::open(file).map_err(fail)?.take(16).read_to_end(&mut first).map_err(fail)?;
    match &*first {
        // https://sqlite.org/fileformat.html#magic_header_string
        b"SQLite format 3\0" => Ok(Kind::Sqlite),
        // RFC 8878, section 3.1.1
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Ok(Kind::Postgres),
        _ => Err(BackupError::not_whole(file, "ce n’en est pas le début")),
    }
}

/// Of which database a backup is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sqlite,
    Postgres,
}

impl Kind {
    /// Refuses a backup of the other database.
    fn expect(self, file: &Path) -> Result<(), BackupError> {
        if kind(file)? == self {
            return Ok(());
        }
        let (of, scheme) = match self {
            Self::Sqlite => ("PostgreSQL", "postgres://"),
            Self::Postgres => ("SQLite", "sqlite:"),
        };
        Err(BackupError::OtherDatabase { path: file.to_owned(), of, scheme })
    }
}

/// Gives a restored database its new epoch, if it keeps its own rules. Also a plain copy of a database has an end here to
/// the epoch that it bears.
async fn renew(file: &Path, mut tx: Tx) -> Result<String, BackupError> {
    if let Some(finding) = tx.inspect().await?.into_iter().find(|f| f.broken > 0) {
        return Err(BackupError::not_whole(file, format!("{} : {}", finding.rule, finding.broken)));
    }
    new_epoch(tx).await
}

/// Gives a database that was brought to an older state another epoch; services on it must be started after that.
///
/// # Errors
/// [`BackupError`] of the database; then it has its old one.
pub async fn new_epoch(mut tx: Tx) -> Result<String, BackupError> {
    let epoch = secret::hex(&secret::random::<8>()?);
    tx.change_fact("epoch", &epoch).await?;
    tx.commit().await?;
    Ok(epoch)
}
