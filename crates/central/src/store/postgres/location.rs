//! Where a database on a server is.

use std::fmt::{self, Debug, Display};
use std::str::FromStr;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

/// A database on a server, as `postgres://USER:PASSWORD@HOST:PORT/DATABASE` names it. It is shown without its password.
#[derive(Clone)]
pub struct Server {
    // On the heap: a location is passed about, and this is fifteen times a path.
    options: Box<PgConnectOptions>,
    shown: String,
    has_password: bool,
}

/// Whether an address carries a password, before its host or among its parameters.
fn has_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
    user.contains(':') || rest.contains("password=")
}

impl Server {
    /// Reads an address; `None` when it is none. What it leaves out comes from the environment, as libpq has it (`PGHOST`,
    /// `PGPASSWORD`, …).
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let options = PgConnectOptions::from_str(url).ok()?;
        let place = match options.get_socket() {
            Some(folder) => folder.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        let database = options.get_database().unwrap_or(options.get_username());
        let shown = format!("{}@{place}/{database}", options.get_username());
        // Statements carry no values, but neither is their text for the log.
        Some(Self {
            options: Box::new(options.disable_statement_logging().application_name("passerelle-central")),
            shown,
            has_password: has_password(url),
        })
    }

    /// Whether the address itself carries a password.
    #[must_use]
    pub const fn has_password(&self) -> bool {
        self.has_password
    }

    /// How to connect.
    pub(in crate::store) fn options(&self) -> &PgConnectOptions {
        &self.options
    }

    /// The name of the database.
    pub(super) fn database(&self) -> &str {
        self.options.get_database().unwrap_or(self.options.get_username())
    }

    /// Who connects.
    pub(super) fn user(&self) -> &str {
        self.options.get_username()
    }

    /// A name for a folder of this database: letters, digits and dashes.
    #[must_use]
    pub fn folder_name(&self) -> String {
        self.shown.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
    }
}

impl Display for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Server({})", self.shown)
    }
}

impl PartialEq for Server {
    fn eq(&self, other: &Self) -> bool {
        self.shown == other.shown
    }
}

impl Eq for Server {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let server =
            Server::parse("postgres://central:s3cret@db.example:5433/passerelle").expect("an address");
        assert_eq!(server.to_string(), "central@db.example:5433/passerelle");
        assert!(!format!("{server:?}").contains("s3cret"), "{server:?}");
        assert_eq!(server.folder_name(), "central-db-example-5433-passerelle");
        assert!(Server::parse("postgres://[half").is_none());
    }

    #[test]
    fn an_address_says_whether_it_has_a_password() {
        let has = |url: &str| Server::parse(url).expect("an address").has_password();
        assert!(
            has("postgres://central:s3cret@db/passerelle") && has("postgres://db/p?user=c&password=s3cret")
        );
        assert!(!has("postgres://central@db:5432/passerelle?sslmode=verify-full") && !has("postgres://db/p"));
    }
}
