//! Which database the command line is about. A password is no argument: every user of the machine can read the arguments
//! of every process.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use crate::replica::BadReplica;
use crate::store::{Location, Server};

/// The database when nothing is said.
const DEFAULT: &str = "sqlite:central.db";

/// The options that name the database.
#[derive(Debug, Args)]
pub(super) struct Place {
    /// La base : sqlite:FICHIER, ou postgres://UTILISATEUR@SERVEUR/BASE (sans mot de passe) [défaut : sqlite:central.db]
    #[arg(long, global = true, env = "PASSERELLE_DATABASE", hide_env_values = true, value_name = "URL")]
    database: Option<String>,
    /// Un fichier qui contient l’adresse de la base, mot de passe compris
    #[arg(
        long,
        global = true,
        env = "PASSERELLE_DATABASE_FILE",
        conflicts_with = "database",
        value_name = "FICHIER"
    )]
    database_file: Option<PathBuf>,
}

/// The options that name a standby of it.
#[derive(Debug, Args)]
pub(super) struct ReplicaPlace {
    /// Un serveur PostgreSQL qui réplique celui de la base (« hot standby ») : les copies pour les postes neufs y sont lues
    /// tant qu’il suit, et dans la base sinon ; postgres://UTILISATEUR@SERVEUR/BASE (sans mot de passe)
    #[arg(long, env = "PASSERELLE_READ_REPLICA", hide_env_values = true, value_name = "URL")]
    read_replica: Option<String>,
    /// Un fichier qui contient l’adresse de la réplique, mot de passe compris
    #[arg(
        long,
        env = "PASSERELLE_READ_REPLICA_FILE",
        conflicts_with = "read_replica",
        value_name = "FICHIER"
    )]
    read_replica_file: Option<PathBuf>,
}

impl Place {
    /// Where the database is.
    pub fn location(&self) -> Result<Location, Failure> {
        let url = said(self.database.as_deref(), self.database_file.as_deref())?;
        address(
            &url.unwrap_or_else(|| DEFAULT.to_owned()),
            "PASSERELLE_DATABASE ou par un fichier (--database-file)",
        )
    }
}

impl ReplicaPlace {
    /// Where the standby is, when there is to be one.
    pub fn server(&self) -> Result<Option<Server>, Failure> {
        let Some(url) = said(self.read_replica.as_deref(), self.read_replica_file.as_deref())? else {
            return Ok(None);
        };
        match address(&url, "PASSERELLE_READ_REPLICA ou par un fichier (--read-replica-file)")? {
            Location::Postgres(server) => Ok(Some(server)),
            Location::Sqlite(_) => Err(Failure::new(2, "usage", BadReplica::AFile)),
        }
    }
}

/// What an option says, or the file that another one names.
fn said(url: Option<&str>, file: Option<&Path>) -> Result<Option<String>, Failure> {
    match (file, url) {
        (Some(file), _) => read(file).map(Some),
        (None, url) => Ok(url.map(str::to_owned)),
    }
}

/// Reads an address; `elsewhere` is where one with a password is given.
fn address(url: &str, elsewhere: &str) -> Result<Location, Failure> {
    let location = Location::parse(url).map_err(|e| Failure::new(2, "usage", e))?;
    let secret = matches!(&location, Location::Postgres(server) if server.has_password());
    // Whatever the option that it came in: what counts is that others can read it.
    if secret && std::env::args().any(|argument| argument.contains(url)) {
        let message = format!(
            "un mot de passe sur la ligne de commande se lit dans la liste des processus ; donnez l’adresse par \
             {elsewhere}, ou le mot de passe par PGPASSFILE"
        );
        return Err(Failure::new(2, "password_shown", message));
    }
    Ok(location)
}

fn read(file: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(file).map_err(|e| {
        let message = format!(
            "le fichier {} ne peut pas être lu ({e}) ; vérifiez le chemin et les droits",
            file.display()
        );
        Failure::new(3, "database_file", message)
    })?;
    Ok(text.trim().to_owned())
}
