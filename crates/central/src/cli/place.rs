//! Which database the command line is about. A password is no argument: every user of the machine can read the arguments
//! of every process.

use std::path::{Path, PathBuf};

use clap::Args;

use super::Failure;
use crate::store::Location;

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

impl Place {
    /// Where the database is.
    pub fn location(&self) -> Result<Location, Failure> {
        let url = match (&self.database_file, &self.database) {
            (Some(file), _) => read(file)?,
            (None, Some(url)) => url.clone(),
            (None, None) => DEFAULT.to_owned(),
        };
        let location = Location::parse(&url).map_err(|e| Failure::new(2, "usage", e))?;
        let secret = matches!(&location, Location::Postgres(server) if server.has_password());
        // Whatever the option that it came in: what counts is that others can read it.
        if secret && std::env::args().any(|argument| argument.contains(&url)) {
            let message = "un mot de passe sur la ligne de commande se lit dans la liste des processus ; donnez l’adresse \
                           par PASSERELLE_DATABASE ou par un fichier (--database-file), ou le mot de passe par PGPASSFILE";
            return Err(Failure::new(2, "password_shown", message));
        }
        Ok(location)
    }
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
