//! Reading and writing documents with the columns that queries and triggers need.

use chrono::{DateTime, Utc};
use passerelle_domain::OfficeState;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::{Client, phone_digits};
use passerelle_domain::enquiry::{Author, Enquiry, EnquiryStatus};
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId};
use passerelle_domain::session::{self, SessionKey};
use passerelle_domain::settings::Setting;
use passerelle_protocol::sync::Entity;
use serde::de::DeserializeOwned;
use sqlx::{AssertSqlSafe, Sqlite, SqliteConnection, Transaction};

use super::error::{Result, StoreError};
use super::open::Store;
use super::text::fold;

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

/// Writes a document with its columns.
pub(super) async fn put(tx: &mut Tx<'_>, entity: Entity, id: &str, rev: i64, doc: &str) -> Result<()> {
    match entity {
        Entity::Client => put_client(tx, rev, doc).await,
        Entity::Enquiry => put_enquiry(tx, rev, doc).await,
        Entity::Appointment => put_appointment(tx, rev, doc).await,
        Entity::WaitingEntry => super::waiting::put(tx, rev, doc).await,
        Entity::PreparationSheet => super::preparation::put(tx, rev, doc).await,
        Entity::Lease => super::lease::put(tx, id, rev, doc).await,
        other => {
            sqlx::query(
                "INSERT INTO setting (entity, id, rev, doc) VALUES (?, ?, ?, ?)
                 ON CONFLICT (entity, id) DO UPDATE SET rev = excluded.rev, doc = excluded.doc",
            )
            .bind(other.key())
            .bind(id)
            .bind(rev)
            .bind(doc)
            .execute(&mut **tx)
            .await?;
            Ok(())
        }
    }
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

async fn put_client(tx: &mut Tx<'_>, rev: i64, doc: &str) -> Result<()> {
    let c: Client = parse_doc(doc, "client")?;
    let n: i64 = sqlx::query_scalar(
        "INSERT INTO client (id, rev, sort_name, birth_date, merged, doc) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, sort_name = excluded.sort_name,
           birth_date = excluded.birth_date, merged = excluded.merged, doc = excluded.doc
         RETURNING n",
    )
    .bind(c.id.to_string())
    .bind(rev)
    .bind(fold(&format!("{} {}", c.family_name, c.given_name)))
    .bind(c.birth_date.map(|d| d.to_string()))
    // Neither shown in lists nor found: the one that goes on is, under its names too.
    .bind(i64::from(c.merged_into.is_some() || c.removed))
    .bind(doc)
    .fetch_one(&mut **tx)
    .await?;
    put_text(tx, "client_text", n, &client_text(&c)).await
}

/// Everything by which a client is found, folded: names, school, birth date in the forms people type, phone digits.
fn client_text(c: &Client) -> String {
    let mut parts = vec![fold(&c.family_name), fold(&c.given_name)];
    parts.extend(c.school.as_deref().map(fold));
    parts.extend(c.birth_date.map(birth_forms));
    parts.extend(c.phone.as_deref().map(phone_digits));
    parts.extend(c.mail.as_deref().map(fold));
    for g in &c.guardians {
        parts.push(fold(&g.family_name));
        parts.push(fold(&g.given_name));
        parts.extend(g.phone.as_deref().map(phone_digits));
        parts.extend(g.mail.as_deref().map(fold));
    }
    for known in &c.also_known {
        parts.push(fold(&known.family_name));
        parts.push(fold(&known.given_name));
        parts.extend(known.birth_date.map(birth_forms));
        parts.extend(known.phones.iter().map(|p| phone_digits(p)));
        parts.extend(known.mails.iter().map(|m| fold(m)));
    }
    parts.retain(|p| !p.is_empty());
    parts.join(" ")
}

/// A birth date in the runs of digits that people type.
fn birth_forms(born: chrono::NaiveDate) -> String {
    born.format("%d%m%Y %d%m%y %d %m %Y").to_string()
}

async fn put_text(tx: &mut Tx<'_>, table: &'static str, n: i64, text: &str) -> Result<()> {
    let (delete, insert) = match table {
        "client_text" => {
            ("DELETE FROM client_text WHERE rowid = ?", "INSERT INTO client_text (rowid, text) VALUES (?, ?)")
        }
        _ => (
            "DELETE FROM enquiry_text WHERE rowid = ?",
            "INSERT INTO enquiry_text (rowid, text) VALUES (?, ?)",
        ),
    };
    sqlx::query(delete).bind(n).execute(&mut **tx).await?;
    sqlx::query(insert).bind(n).bind(text).execute(&mut **tx).await?;
    Ok(())
}

async fn put_enquiry(tx: &mut Tx<'_>, rev: i64, doc: &str) -> Result<()> {
    let e: Enquiry = parse_doc(doc, "enquiry")?;
    let snoozed = match e.status {
        EnquiryStatus::Snoozed { until } => Some(until.timestamp()),
        _ => None,
    };
    let n: i64 = sqlx::query_scalar(
        "INSERT INTO enquiry (id, rev, status, owner, client, appointment, received_s, due_s, snoozed_s, doc)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, status = excluded.status, owner = excluded.owner,
           client = excluded.client, appointment = excluded.appointment, received_s = excluded.received_s,
           due_s = excluded.due_s, snoozed_s = excluded.snoozed_s, doc = excluded.doc
         RETURNING n",
    )
    .bind(e.id.to_string())
    .bind(rev)
    .bind(e.status.key())
    .bind(e.owner.map(|o| o.to_string()))
    .bind(e.client.map(|c| c.to_string()))
    .bind(e.appointment.map(|a| a.to_string()))
    .bind(e.received_at.timestamp())
    .bind(e.due_at.timestamp())
    .bind(snoozed)
    .bind(doc)
    .fetch_one(&mut **tx)
    .await?;
    let mut text = vec![fold(&e.reference), fold(&e.requester.name)];
    text.extend(e.requester.about.as_deref().map(fold));
    text.extend(e.requester.phone.as_deref().map(phone_digits));
    // Neither subject nor text of a sensitive question: who may not read it must not learn of it by searching.
    if !e.sensitive {
        text.push(fold(&e.subject));
        let family = |a: &Author| !matches!(a, Author::Staff { .. });
        text.extend(e.thread.iter().filter(|m| family(&m.author) && !m.internal).map(|m| fold(&m.text)));
    }
    put_text(tx, "enquiry_text", n, &text.join(" ")).await
}

async fn put_appointment(tx: &mut Tx<'_>, rev: i64, doc: &str) -> Result<()> {
    let a: Appointment = parse_doc(doc, "appointment")?;
    let capacity: Option<i64> = sqlx::query_scalar(
        "SELECT json_extract(doc, '$.capacity') FROM setting WHERE entity = 'kind' AND id = ?",
    )
    .bind(a.kind.to_string())
    .fetch_optional(&mut **tx)
    .await?
    .flatten();
    let capacity = capacity.unwrap_or(1).max(1);
    let session = session::key_of_kind(&a, capacity > 1);
    // Not an upsert: its trigger on insert would run for a mere change too, and refuse to mark one of two meetings that
    // clash since before a rule.
    let update =
        "UPDATE appointment SET rev = ?2, kind = ?3, counsellor = ?4, second = ?5, site = ?6, room = ?7,
           client = ?8, enquiry = ?9, start_s = ?10, end_s = ?11, status = ?12, session = ?13, seat = ?14,
           capacity = ?15, overridden = ?16, doc = ?17 WHERE id = ?1";
    let insert = "INSERT INTO appointment (id, rev, kind, counsellor, second, site, room, client, enquiry, start_s, end_s,
           status, session, seat, capacity, overridden, doc)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)";
    for sql in [update, insert] {
        let done = sqlx::query(sql)
            .bind(a.id.to_string())
            .bind(rev)
            .bind(a.kind.to_string())
            .bind(a.counsellor.to_string())
            .bind(a.second.map(|p| p.to_string()))
            .bind(a.site.to_string())
            .bind(a.room.map(|r| r.to_string()))
            .bind(a.client.map(|c| c.to_string()))
            .bind(a.enquiry.map(|e| e.to_string()))
            .bind(a.start.timestamp())
            .bind(a.end.timestamp())
            .bind(a.status.key())
            .bind(session.as_ref().map(SessionKey::as_str))
            .bind(i64::from(session.is_some() && a.takes_seat()))
            .bind(if session.is_some() { capacity } else { 1 })
            .bind(i64::from(a.override_reason.is_some()))
            .bind(doc)
            .execute(&mut **tx)
            .await?;
        if done.rows_affected() > 0 {
            break;
        }
    }
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
