//! Where a database is, as an administrator says it.

use std::fmt::{self, Display};
use std::path::PathBuf;

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    Sqlite(PathBuf),
}

/// Not a database that this version knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("« {0} » n’est pas une base que cette version connaît : attendu sqlite:FICHIER")]
pub struct BadLocation(String);

impl Location {
    /// Reads `sqlite:FILE` or `sqlite://FILE`.
    ///
    /// # Errors
    /// [`BadLocation`] for anything else.
    pub fn parse(url: &str) -> Result<Self, BadLocation> {
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        match path {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            _ => Err(BadLocation(url.to_owned())),
        }
    }
}

impl From<PathBuf> for Location {
    fn from(path: PathBuf) -> Self {
        Self::Sqlite(path)
    }
}

impl Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Sqlite(path) = self;
        write!(f, "sqlite:{}", path.display())
    }
}
