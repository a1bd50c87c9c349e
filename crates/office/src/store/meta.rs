//! Facts about this desk: who it is, where it belongs, how far it has come.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{DeskId, PersonId, Uai};
use sqlx::{Sqlite, Transaction};

use super::error::Result;
use super::open::Store;

/// Keys of the `meta` table.
pub mod keys {
    /// Desk id.
    pub const DESK: &str = "desk";
    /// Incarnation of this database.
    pub const INC: &str = "inc";
    /// UAI of the office.
    pub const OFFICE: &str = "office";
    /// Address of central; absent for a desk that stands alone.
    pub const CENTRAL: &str = "central";
    /// Ed25519 private key, hexadecimal.
    pub const KEY: &str = "key";
    /// "1": demonstration data.
    pub const DEMO: &str = "demo";
    /// Central's epoch as last seen.
    pub const EPOCH: &str = "epoch";
    /// Login of the person who acted last.
    pub const USER: &str = "user";
    /// Last complete exchange, RFC 3339.
    pub const LAST_SYNC: &str = "last_sync";
    /// Since when central has not been reached, RFC 3339; absent when it is.
    pub const OFFLINE_SINCE: &str = "offline_since";
    /// Why, a stable code.
    pub const OFFLINE_CODE: &str = "offline_code";
    /// Next attempt, RFC 3339: an outbox that is not empty has its timer armed, across restarts.
    pub const NEXT_TRY: &str = "next_try";
    /// After how many seconds the last failed exchange was tried again: the next pause grows from it.
    pub const PATIENCE: &str = "patience";
    /// When all was last compared with central's sums, RFC 3339, by central's clock.
    pub const COMPARED: &str = "compared";
    /// Public key that signs releases of the catalogue, hexadecimal: the first that central gave.
    pub const CATALOGUE_KEY: &str = "catalogue_key";
    /// Number of the last release of the catalogue that was taken.
    pub const CATALOGUE_NUMBER: &str = "catalogue_number";
    /// `<inc>/<seq>`: what waits up to here was put into quarantine, after this desk was trusted no longer.
    pub const PUT_ASIDE: &str = "put_aside";
    /// Relay: the last number that it gave in the order of the office.
    pub const LAST_NUMBER: &str = "last_number";
    /// The desks of the office as central last said them (JSON), so that they find one another without it.
    pub const COLLEAGUES: &str = "colleagues";
    /// The port on which this desk listens to its colleagues; absent when it does not.
    pub const LISTEN_PORT: &str = "listen_port";
    /// The last `seq` ever given to a command of this incarnation.
    pub const LAST_SEQ: &str = "last_seq";
}

/// What enrolment gives.
#[derive(Debug, Clone)]
pub struct Enrolment {
    /// This desk.
    pub desk: DeskId,
    /// Its office.
    pub office: Uai,
    /// Address of central, if it has one.
    pub central: Option<String>,
    /// Ed25519 private key, 64 hexadecimal digits.
    pub key: String,
    /// Demonstration data.
    pub demo: bool,
    /// Incarnation.
    pub inc: String,
    /// Central's epoch.
    pub epoch: String,
}

pub(super) async fn set(tx: &mut Transaction<'_, Sqlite>, key: &str, value: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value
           WHERE value <> excluded.value",
    )
    .bind(key)
    .bind(value)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl Store {
    /// One fact.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn meta(&self, key: &str) -> Result<Option<String>> {
        Ok(sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(key)
            .fetch_optional(&self.readers)
            .await?)
    }

    /// One instant.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn meta_instant(&self, key: &str) -> Result<Option<DateTime<Utc>>> {
        let text = self.meta(key).await?;
        Ok(text.and_then(|t| DateTime::parse_from_rfc3339(&t).ok()).map(|t| t.with_timezone(&Utc)))
    }

    /// Writes facts together; `None` removes one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_meta(&self, facts: &[(&str, Option<&str>)]) -> Result<()> {
        let mut tx = self.begin().await?;
        for (key, value) in facts {
            match value {
                Some(value) => set(&mut tx, key, value).await?,
                None => {
                    sqlx::query("DELETE FROM meta WHERE key = ?").bind(key).execute(&mut *tx).await?;
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// Who this desk is, once enrolled.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enrolment(&self) -> Result<Option<Enrolment>> {
        // One statement, one state: another process may be taking a new name just now.
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT key, value FROM meta").fetch_all(&self.readers).await?;
        let mut facts: HashMap<String, String> = rows.into_iter().collect();
        let (Some(desk), Some(office), Some(inc), Some(key)) = (
            facts.get(keys::DESK).and_then(|d| d.parse().ok()),
            facts.get(keys::OFFICE).and_then(|o| Uai::parse(o).ok()),
            facts.remove(keys::INC),
            facts.remove(keys::KEY),
        ) else {
            return Ok(None);
        };
        Ok(Some(Enrolment {
            desk,
            office,
            central: facts.remove(keys::CENTRAL),
            key,
            demo: facts.get(keys::DEMO).is_some_and(|demo| demo == "1"),
            inc,
            epoch: facts.remove(keys::EPOCH).unwrap_or_default(),
        }))
    }

    /// Writes down who this desk is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enrol(&self, e: &Enrolment) -> Result<()> {
        self.set_meta(&[
            (keys::DESK, Some(&e.desk.to_string())),
            (keys::OFFICE, Some(e.office.as_str())),
            (keys::CENTRAL, e.central.as_deref()),
            (keys::KEY, Some(&e.key)),
            (keys::DEMO, Some(if e.demo { "1" } else { "0" })),
            (keys::INC, Some(&e.inc)),
            (keys::EPOCH, Some(&e.epoch)),
        ])
        .await
    }

    /// Who acted last, by id.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn last_user(&self) -> Result<Option<PersonId>> {
        Ok(self.meta(keys::USER).await?.and_then(|u| u.parse().ok()))
    }
}
