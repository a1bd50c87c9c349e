//! The database of each story: here a SQLite file. The stories on PostgreSQL have another file of this name.

use std::path::PathBuf;

use passerelle_central::store::Location;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::OnceCell;

/// A connection to it beside the service, for bare SQL.
pub type Bare = SqliteConnection;

/// A database of one story.
pub struct Own {
    pub file: PathBuf,
    // Kept so that the folder lives as long as the story.
    _folder: tempfile::TempDir,
}

/// A filled database, made once: every story begins with a copy.
static FILLED: OnceCell<tempfile::TempDir> = OnceCell::const_new();

/// The file to copy.
pub async fn filled() -> PathBuf {
    let folder = FILLED
        .get_or_init(|| async {
            let folder = tempfile::tempdir().expect("a folder");
            crate::office::fill(&folder.path().join("central.db").into()).await;
            folder
        })
        .await;
    folder.path().join("central.db")
}

impl Own {
    /// A new one with the demonstration data.
    pub async fn filled() -> Self {
        let own = Self::nothing();
        std::fs::copy(filled().await, &own.file).expect("a copy");
        own
    }

    /// One that is not there yet.
    pub async fn empty() -> Self {
        Self::nothing()
    }

    fn nothing() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { file: folder.path().join("central.db"), _folder: folder }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("sqlite:{}", self.file.display())
    }

    pub fn location(&self) -> Location {
        Location::from(self.file.clone())
    }

    pub async fn bare(&self) -> Bare {
        SqliteConnection::connect(&self.url()).await.expect("a connection")
    }
}
