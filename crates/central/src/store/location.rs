//! Where a database is, as an administrator says it.

use std::fmt::{self, Display};
use std::path::PathBuf;

use super::postgres::{self, Server};
use super::sqlite;

/// Where a database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite file.
    Sqlite(PathBuf),
    /// A database on a PostgreSQL server.
    Postgres(Server),
}

/// Not a database that this version knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadLocation {
    /// Neither of the two.
    #[error(
        "« {0} » n’est pas une base que cette version connaît : attendu sqlite:FICHIER ou \
         postgres://UTILISATEUR@SERVEUR/BASE"
    )]
    Unknown(String),
    /// An address of PostgreSQL that cannot be read. It may hold a password: it is not repeated.
    #[error("l’adresse PostgreSQL est mal écrite : attendu postgres://UTILISATEUR@SERVEUR:PORT/BASE")]
    Server,
}

impl Location {
    /// Reads `sqlite:FILE`, `sqlite://FILE` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
    ///
    /// # Errors
    /// [`BadLocation`] for anything else.
    pub fn parse(url: &str) -> Result<Self, BadLocation> {
        if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            return Server::parse(url).map(Self::Postgres).ok_or(BadLocation::Server);
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        match path {
            Some(path) if !path.is_empty() => Ok(Self::Sqlite(PathBuf::from(path))),
            _ => Err(BadLocation::Unknown(url.to_owned())),
        }
    }

    /// The last migration that this build knows for it.
    #[must_use]
    pub fn schema(&self) -> i64 {
        match self {
            Self::Sqlite(_) => sqlite::known(),
            Self::Postgres(_) => postgres::known(),
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
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(server) => write!(f, "postgres://{server}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_said_without_its_password() {
        for url in ["postgres://central:s3cret@[half", "postgresql://central:s3cret@db:port/x"] {
            let said = Location::parse(url).expect_err("no address").to_string();
            assert!(said.contains("PostgreSQL") && !said.contains("s3cret"), "{said}");
        }
        let said = Location::parse("mysql://db").expect_err("not known").to_string();
        assert!(said.contains("mysql") && said.contains("sqlite:") && said.contains("postgres:"), "{said}");
        assert!(
            matches!(Location::parse("sqlite:a.db"), Ok(Location::Sqlite(path)) if path.ends_with("a.db"))
        );
    }
}
