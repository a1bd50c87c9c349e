//! How the command line ends when it does not succeed.

use crate::administration::AdminError;
use crate::demo::DemoError;
use crate::load::LoadError;
use crate::server::StartError;
use crate::store::backup::BackupError;
use crate::store::{OpenError, PostgresError, StoreError};

/// An end that is not success: exit code, stable code, text for a person.
pub(super) struct Failure {
    /// Exit code of the process.
    pub exit: u8,
    /// Stable code.
    pub code: &'static str,
    /// For a person.
    pub message: String,
}

impl Failure {
    /// A failure with its text.
    pub fn new(exit: u8, code: &'static str, message: impl ToString) -> Self {
        Self { exit, code, message: message.to_string() }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let (exit, code) = match &error {
            OpenError::Missing(_) => (3, "database_missing"),
            OpenError::Newer { .. } => (3, "database_newer"),
            OpenError::Damaged { .. } => (3, "database_damaged"),
            OpenError::DiskFull(_) => (5, "disk_full"),
            OpenError::Locked(_) => (5, "database_locked"),
            OpenError::Unreachable { .. } => (5, "database_unreachable"),
            OpenError::Postgres(error) => match error {
                PostgresError::Unreachable { .. } => (5, "database_unreachable"),
                PostgresError::Refused { .. } => (5, "database_refused"),
                PostgresError::NoDatabase { .. } | PostgresError::Empty(_) => (3, "database_missing"),
                PostgresError::Newer { .. } => (3, "database_newer"),
                PostgresError::Foreign(_) => (3, "database_foreign"),
                PostgresError::NoExtension { .. } => (5, "no_extension"),
            },
            OpenError::NoRandomness(_) | OpenError::Other { .. } => (3, "database_error"),
        };
        Self::new(exit, code, error)
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Demo(DemoError::RealData) => {
                let message = "cette base contient de vraies données : load ne s’emploie que sur une base neuve ou de \
                               démonstration";
                Self::new(1, "real_data", message)
            }
            LoadError::Demo(DemoError::Store(error)) | LoadError::Store(error) => error.into(),
            LoadError::Copy(_) => Self::new(3, "load_failed", error),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => {
                Self::new(5, "database_locked", "la base est verrouillée par un autre programme")
            }
            StoreError::Unreachable(why) => {
                let message = format!("la base ne répond pas ({why}) ; rien n’a été enregistré, recommencez");
                Self::new(5, "database_unreachable", message)
            }
            StoreError::DiskFull => {
                let message = "le disque est plein ; libérez de la place et recommencez, rien n’est perdu";
                Self::new(5, "disk_full", message)
            }
            StoreError::Damaged(why) => {
                let message = format!("la base est endommagée ({why}) ; restaurez la dernière sauvegarde");
                Self::new(3, "database_damaged", message)
            }
            other => Self::new(3, "database_error", other),
        }
    }
}

impl From<AdminError> for Failure {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Store(error) => error.into(),
            AdminError::NoOffice(_) | AdminError::NoDesk | AdminError::NoKey(_) => {
                Self::new(1, "not_found", error)
            }
            AdminError::OfficeExists(_) | AdminError::LoginTaken(_) | AdminError::KeyExists(_) => {
                Self::new(1, "exists", error)
            }
            AdminError::UnknownPostalCode(_) => Self::new(3, "unknown_postal_code", error),
            AdminError::Invalid(_) => Self::new(3, "invalid", error),
            AdminError::BadLogin(_) => Self::new(3, "bad_login", error),
            AdminError::NoRandomness(_) => Self::new(5, "no_randomness", error),
        }
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Open(error) => error.into(),
            StartError::Demo(DemoError::Store(error)) => error.into(),
            StartError::Demo(DemoError::RealData) => Self::new(1, "real_data", error),
            StartError::PortInUse(_) => Self::new(5, "port_in_use", error),
            StartError::Listen { .. } => Self::new(5, "cannot_listen", error),
            StartError::ShiftedClock | StartError::Replica(_) => Self::new(2, "usage", error),
        }
    }
}

impl From<BackupError> for Failure {
    fn from(error: BackupError) -> Self {
        let (exit, code) = match error {
            BackupError::Open(error) => return error.into(),
            BackupError::Store(error) => return error.into(),
            BackupError::Exists(_) => (1, "exists"),
            BackupError::NotEmpty(_) => (1, "not_empty"),
            BackupError::NotWhole { .. } => (3, "not_a_backup"),
            BackupError::OtherDatabase { .. } => (3, "other_database"),
            BackupError::Newer { .. } => (3, "database_newer"),
            BackupError::File { .. } => (3, "file"),
            BackupError::DiskFull(_) => (5, "disk_full"),
            BackupError::NoRandomness(_) => (5, "no_randomness"),
        };
        Self::new(exit, code, error)
    }
}
