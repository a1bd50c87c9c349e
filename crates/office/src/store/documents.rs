//! Reading documents, and taking them away. What writes them is [`super::writing`].

use chrono::{DateTime, Utc};
use passerelle_domain::OfficeState;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId};
use passerelle_domain::settings::Setting;
use passerelle_protocol::sync::Entity;
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, Transaction};

use super::error::{Result, StoreError};
use super::open::Store;

/// Reads a stored document.
///
/// # Errors
/// [`StoreError::Document`] when this version cannot.
pub fn parse_doc<T: DeserializeOwned>(doc: &str, entity: &'static str) -> Result<T> {
    serde_json::from_str(doc).map_err(|source| StoreError::Document { entity, source })
}

pub(super) fn to_doc<T: serde::Serialize>(value: &T, entity: &'static str) -> Result<String> {
    serde_json::to_string(value).map_err(|source| StoreError::Document { entity, source })
}

/// Longest meeting, seconds: overlapping rows start at most so long before.
const LONGEST_S: i64 = 86_400;

type Tx<'t> = Transaction<'t, Sqlite>;

/// The present document and its revision.
pub(super) async fn get(tx: &mut Tx<'_>, entity: Entity, id: &str) -> Result<Option<(i64, String)>> {
    let sql = match entity {
        Entity::Client => "SELECT rev, doc FROM client WHERE id = ?",
        Entity::Enquiry => "SELECT rev, doc FROM enquiry WHERE id = ?",
        Entity::Appointment => "SELECT rev, doc FROM appointment WHERE id = ?",
        Entity::WaitingEntry => "SELECT rev, doc FROM waiting WHERE id = ?",
        Entity::PreparationSheet => "SELECT rev, doc FROM preparation WHERE appointment = ?",
        Entity::Lease => "SELECT rev, doc FROM lease WHERE id = ?",
        other => {
            return Ok(sqlx::query_as("SELECT rev, doc FROM setting WHERE entity = ? AND id = ?")
                .bind(other.key())
                .bind(id)
                .fetch_optional(&mut **tx)
                .await?);
        }
    };
    Ok(sqlx::query_as(sql).bind(id).fetch_optional(&mut **tx).await?)
}

/// Takes a document away: only while the overlay is rebased, or when it has left this office's scope.
pub(super) async fn remove(tx: &mut Tx<'_>, entity: Entity, id: &str) -> Result<()> {
    let statements: &[&'static str] = match entity {
        Entity::Client => &[
            "DELETE FROM client_text WHERE rowid IN (SELECT n FROM client WHERE id = ?)",
            "DELETE FROM client WHERE id = ?",
        ],
        Entity::Enquiry => &[
            "DELETE FROM enquiry_text WHERE rowid IN (SELECT n FROM enquiry WHERE id = ?)",
            "DELETE FROM enquiry WHERE id = ?",
        ],
        Entity::Appointment => &["DELETE FROM appointment WHERE id = ?"],
        Entity::WaitingEntry => &["DELETE FROM waiting WHERE id = ?"],
        Entity::PreparationSheet => &["DELETE FROM preparation WHERE appointment = ?"],
        Entity::Lease => &["DELETE FROM lease WHERE id = ?"],
        other => {
            sqlx::query("DELETE FROM setting WHERE entity = ? AND id = ?")
                .bind(other.key())
                .bind(id)
                .execute(&mut **tx)
                .await?;
            return Ok(());
        }
    };
    for sql in statements {
        sqlx::query(*sql).bind(id).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Writes the revision that central has given a document, and nothing else of it.
pub(super) async fn set_rev(tx: &mut Tx<'_>, entity: Entity, id: &str, rev: i64) -> Result<()> {
    let sql = match entity {
        Entity::Client => "UPDATE client SET rev = ?1 WHERE id = ?2",
        Entity::Enquiry => "UPDATE enquiry SET rev = ?1 WHERE id = ?2",
        Entity::Appointment => "UPDATE appointment SET rev = ?1 WHERE id = ?2",
        Entity::WaitingEntry => "UPDATE waiting SET rev = ?1 WHERE id = ?2",
        Entity::PreparationSheet => "UPDATE preparation SET rev = ?1 WHERE appointment = ?2",
        Entity::Lease => "UPDATE lease SET rev = ?1 WHERE id = ?2",
        _ => "UPDATE setting SET rev = ?1 WHERE id = ?2 AND entity = ?3",
    };
    sqlx::query(sql).bind(rev).bind(id).bind(entity.key()).execute(&mut **tx).await?;
    Ok(())
}

/// Entity, id and document of what an event touched.
pub(super) fn touched_doc(state: &OfficeState, what: Touched) -> Result<Option<(Entity, String, String)>> {
    Ok(match what {
        Touched::Appointment(id) => match state.appointments.get(&id) {
            Some(a) => Some((Entity::Appointment, id.to_string(), to_doc(a, "appointment")?)),
            None => None,
        },
        Touched::Enquiry(id) => match state.enquiries.get(&id) {
            Some(e) => Some((Entity::Enquiry, id.to_string(), to_doc(e, "enquiry")?)),
            None => None,
        },
        Touched::Waiting(id) => match state.waiting.get(&id) {
            Some(w) => Some((Entity::WaitingEntry, id.to_string(), to_doc(w, "waiting_entry")?)),
            None => None,
        },
        Touched::Preparation(id) => match state.sheets.get(&id) {
            Some(s) => Some((Entity::PreparationSheet, id.to_string(), to_doc(s, "preparation_sheet")?)),
            None => None,
        },
        Touched::Client(id) => match state.clients.get(&id) {
            Some(c) => Some((Entity::Client, id.to_string(), to_doc(c, "client")?)),
            None => None,
        },
        Touched::Setting(key) => match state.settings.document(key) {
            Some(setting) => {
                let id = state.settings.document_id(key);
                Some((Entity::of_setting(key), id, to_doc(&Document(&setting), key.entity())?))
            }
            None => None,
        },
    })
}

/// A document of the settings as it is stored: alone, without the name of its sort.
struct Document<'s>(&'s Setting);

impl serde::Serialize for Document<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.serialize_document(serializer)
    }
}

/// All appointments that touch a stretch of time, whatever their state.
pub(super) async fn overlapping(
    db: &mut SqliteConnection,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<Appointment>> {
    let docs: Vec<String> = sqlx::query_scalar(
        "SELECT doc FROM appointment WHERE start_s < ?1 AND start_s > ?2 AND end_s > ?3 ORDER BY start_s, id",
    )
    .bind(to.timestamp())
    .bind(from.timestamp() - LONGEST_S)
    .bind(from.timestamp())
    .fetch_all(db)
    .await?;
    docs.iter().map(|d| parse_doc(d, "appointment")).collect()
}

/// Which enquiries to read.
#[derive(Debug, Clone, Default)]
pub struct EnquiryScan {
    /// States ("new", …); empty for all.
    pub statuses: Vec<&'static str>,
    /// Only of this owner.
    pub owner: Option<String>,
    /// Words, typed.
    pub query: Option<String>,
    /// Snoozed ones whose hour has come count as `claimed` for the list of things to do.
    pub woken_at: Option<DateTime<Utc>>,
    /// Newest first instead of oldest due first.
    pub newest_first: bool,
    /// At most.
    pub limit: u32,
}

impl Store {
    /// One appointment as it stands here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn appointment(&self, id: AppointmentId) -> Result<Option<Appointment>> {
        self.one("SELECT doc FROM appointment WHERE id = ?", &id.to_string(), "appointment").await
    }

    /// One enquiry as it stands here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enquiry(&self, id: EnquiryId) -> Result<Option<Enquiry>> {
        self.one("SELECT doc FROM enquiry WHERE id = ?", &id.to_string(), "enquiry").await
    }

    /// One client as it stands here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn client(&self, id: ClientId) -> Result<Option<Client>> {
        self.one("SELECT doc FROM client WHERE id = ?", &id.to_string(), "client").await
    }

    async fn one<T: DeserializeOwned>(
        &self,
        sql: &'static str,
        id: &str,
        entity: &'static str,
    ) -> Result<Option<T>> {
        let doc: Option<String> = sqlx::query_scalar(sql).bind(id).fetch_optional(&self.readers).await?;
        doc.map(|d| parse_doc(&d, entity)).transpose()
    }

    /// Appointments that touch a stretch of time, in order of start.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn appointments_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Appointment>> {
        let mut db = self.readers.acquire().await?;
        overlapping(&mut db, from, to).await
    }

    /// Appointments of one client, newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn appointments_of_client(&self, client: ClientId, limit: u32) -> Result<Vec<Appointment>> {
        let docs: Vec<String> =
            sqlx::query_scalar("SELECT doc FROM appointment WHERE client = ? ORDER BY start_s DESC LIMIT ?")
                .bind(client.to_string())
                .bind(limit)
                .fetch_all(&self.readers)
                .await?;
        docs.iter().map(|d| parse_doc(d, "appointment")).collect()
    }

    /// Appointments made for one enquiry, in order of start.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn appointments_of_enquiry(&self, enquiry: EnquiryId) -> Result<Vec<Appointment>> {
        let docs: Vec<String> =
            sqlx::query_scalar("SELECT doc FROM appointment WHERE enquiry = ? ORDER BY start_s, id")
                .bind(enquiry.to_string())
                .fetch_all(&self.readers)
                .await?;
        docs.iter().map(|d| parse_doc(d, "appointment")).collect()
    }

    /// Enquiries of a scan.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enquiries(&self, scan: &EnquiryScan) -> Result<Vec<Enquiry>> {
        let statuses = to_doc(&scan.statuses, "scan")?;
        let expression = scan.query.as_deref().and_then(super::text::search_expression);
        // Each condition only where it is asked for: one that might be empty keeps the index of the others from use.
        let states = match (scan.statuses.is_empty(), scan.woken_at) {
            (true, _) => "",
            (false, None) => " AND status IN (SELECT value FROM json_each(?1))",
            (false, Some(_)) => {
                " AND (status IN (SELECT value FROM json_each(?1)) OR (status = 'snoozed' AND snoozed_s <= ?2))"
            }
        };
        let owner = if scan.owner.is_some() { " AND owner = ?3" } else { "" };
        let words = if expression.is_some() {
            " AND n IN (SELECT rowid FROM enquiry_text WHERE enquiry_text MATCH ?4)"
        } else {
            ""
        };
        let order = if scan.newest_first { "received_s DESC, id" } else { "due_s, id" };
        let sql =
            format!("SELECT doc FROM enquiry WHERE TRUE{states}{owner}{words} ORDER BY {order} LIMIT ?5");
        let docs: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .bind(statuses)
            .bind(scan.woken_at.map_or(i64::MIN, |t| t.timestamp()))
            .bind(&scan.owner)
            .bind(expression)
            .bind(scan.limit)
            .fetch_all(&self.readers)
            .await?;
        docs.iter().map(|d| parse_doc(d, "enquiry")).collect()
    }

    /// How many enquiries are in each state.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enquiry_counts(&self) -> Result<Vec<(String, u32)>> {
        Ok(sqlx::query_as("SELECT status, count(*) FROM enquiry GROUP BY status")
            .fetch_all(&self.readers)
            .await?)
    }

    /// Ids of the documents that wait to be sent or to come back, of one sort.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unconfirmed(&self, entity: Entity) -> Result<std::collections::HashSet<String>> {
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM overlay WHERE entity = ?")
            .bind(entity.key())
            .fetch_all(&self.readers)
            .await?;
        Ok(ids.into_iter().collect())
    }
}
