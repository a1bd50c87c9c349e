//! What can be wrong: with a row, which then is left out, or with a whole file, which then stops the import.

use std::fmt;

use serde::Serialize;

use super::bounds::{self, Beyond};

/// A row that could not be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// The file, with the archive that it lies in.
    pub file: String,
    /// Line in the file, from 1; the rank of the record where the file is one long line (JSON). None when it is about
    /// the whole file.
    pub line: Option<u64>,
    /// Why, in French.
    pub reason: String,
}

/// Why a file cannot be read at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// The disk, or the rights.
    Unreadable,
    /// Ends in the middle of a record.
    Cut,
    /// Not UTF-8.
    Encoding,
    /// A record beyond the bound, a 2 GB line.
    RecordTooLong,
    /// A file beyond the bound.
    FileTooLong,
    /// An archive that unpacks to far more than it holds.
    Bomb,
    /// An archive that cannot be read, encrypted or packed otherwise.
    Archive,
    /// XML with a document type or entities.
    Entities,
    /// Not well formed.
    Malformed,
    /// A column or key that nothing goes without.
    MissingColumn,
    /// A format that is known and not read.
    Unsupported,
    /// A format that is not known.
    Unknown,
    /// Too many files, too many folders.
    TooMany,
    /// Somebody asked to stop.
    Stopped,
}

/// A file that cannot be read, and where it went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.in_words())]
pub struct Fault {
    /// Which kind, for programs.
    pub kind: FaultKind,
    /// The file, with the archive that it lies in.
    pub file: String,
    /// Line, or rank of the record, where it is known.
    pub line: Option<u64>,
    /// Why and what can be done, in French.
    pub reason: String,
}

impl Fault {
    /// About the whole file.
    pub fn new(kind: FaultKind, file: &str, reason: impl Into<String>) -> Self {
        Self { kind, file: file.to_owned(), line: None, reason: reason.into() }
    }

    /// About a place in it.
    #[must_use]
    pub fn at(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }

    /// Out of an error of reading, or of a parser that met one.
    #[must_use]
    pub fn of(error: &(dyn std::error::Error + 'static), file: &str, otherwise: FaultKind) -> Self {
        let (kind, reason) = match Beyond::of(error) {
            Some(Beyond::Record) => (
                FaultKind::RecordTooLong,
                format!(
                    "un enregistrement dépasse {} Mo : ce n’est pas un fichier de ce format, ou il est abîmé",
                    bounds::RECORD >> 20
                ),
            ),
            Some(Beyond::File) => {
                (FaultKind::FileTooLong, format!("le fichier dépasse {} Go", bounds::FILE >> 30))
            }
            Some(Beyond::Ratio) => (
                FaultKind::Bomb,
                format!(
                    "l’archive se déplie à plus de {} fois sa taille : elle est refusée, par prudence",
                    bounds::RATIO
                ),
            ),
            Some(Beyond::Stopped) => (FaultKind::Stopped, "l’import a été arrêté".to_owned()),
            None => (otherwise, otherwise.words(error)),
        };
        Self::new(kind, file, reason)
    }

    /// File, place and reason, in French.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self.line {
            Some(line) => format!("{}, ligne {line} : {}", self.file, self.reason),
            None => format!("{} : {}", self.file, self.reason),
        }
    }
}

impl FaultKind {
    fn words(self, error: &dyn fmt::Display) -> String {
        match self {
            Self::Cut => "le fichier est coupé : sa fin manque. Téléchargez-le à nouveau".to_owned(),
            Self::Malformed => format!("le fichier est mal formé ou coupé ({error})"),
            Self::Archive => format!("l’archive n’est pas lisible ou est coupée ({error})"),
            _ => format!("le fichier n’a pas pu être lu ({error})"),
        }
    }
}
