//! Reading meetings and enquiries as the screens need them: lists with filters, what was forgotten, what is under way.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::ids::{ClientId, EnquiryId, KindId};

use super::documents::parse_doc;
use super::error::Result;
use super::open::Store;

/// Which meetings to list; parts that are absent do not bind.
#[derive(Debug, Clone, Default)]
pub struct AppointmentScan {
    /// Starting at or after.
    pub from: Option<DateTime<Utc>>,
    /// Starting before.
    pub to: Option<DateTime<Utc>>,
    /// Counsellor id: the first or the second of a meeting.
    pub counsellor: Option<String>,
    /// State.
    pub status: Option<&'static str>,
    /// At most.
    pub limit: u32,
}

impl Store {
    /// Meetings of a scan, in order of start.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn appointments_listed(&self, scan: &AppointmentScan) -> Result<Vec<Appointment>> {
        let docs: Vec<String> = sqlx::query_scalar(
            "SELECT doc FROM appointment WHERE start_s >= ?1 AND start_s < ?2
               AND (?3 IS NULL OR counsellor = ?3 OR second = ?3) AND (?4 IS NULL OR status = ?4)
             ORDER BY start_s, id LIMIT ?5",
        )
        .bind(scan.from.map_or(i64::MIN, |t| t.timestamp()))
        .bind(scan.to.map_or(i64::MAX, |t| t.timestamp()))
        .bind(&scan.counsellor)
        .bind(scan.status)
        .bind(scan.limit)
        .fetch_all(&self.readers)
        .await?;
        docs.iter().map(|d| parse_doc(d, "appointment")).collect()
    }

    /// Meetings of a kind of group sessions between two instants, whatever their state, in order of start.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn sessions_between(
        &self,
        kind: KindId,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Appointment>> {
        let docs: Vec<String> = sqlx::query_scalar(
            "SELECT doc FROM appointment WHERE session IS NOT NULL AND kind = ? AND start_s >= ? AND start_s < ?
             ORDER BY start_s, id",
        )
        .bind(kind.to_string())
        .bind(from.timestamp())
        .bind(to.timestamp())
        .fetch_all(&self.readers)
        .await?;
        docs.iter().map(|d| parse_doc(d, "appointment")).collect()
    }

    /// Meetings between two instants of which nobody has said what became, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn appointments_unfinished(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Appointment>> {
        let docs: Vec<String> = sqlx::query_scalar(
            "SELECT doc FROM appointment WHERE start_s >= ? AND start_s < ? AND status IN ('booked', 'arrived')
               AND (session IS NULL OR seat = 1)
             ORDER BY start_s, id",
        )
        .bind(from.timestamp())
        .bind(to.timestamp())
        .fetch_all(&self.readers)
        .await?;
        docs.iter().map(|d| parse_doc(d, "appointment")).collect()
    }

    /// How many meetings that take time start between two instants; group sessions count each participant.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn meetings_between(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> Result<u32> {
        Ok(sqlx::query_scalar(
            "SELECT count(*) FROM appointment WHERE start_s >= ? AND start_s < ? AND blocking = 1",
        )
        .bind(from.timestamp())
        .bind(to.timestamp())
        .fetch_one(&self.readers)
        .await?)
    }

    /// Enquiries of one client, newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enquiries_of_client(&self, client: ClientId, limit: u32) -> Result<Vec<Enquiry>> {
        let docs: Vec<String> = sqlx::query_scalar(
            "SELECT doc FROM enquiry WHERE client = ? ORDER BY received_s DESC, id LIMIT ?",
        )
        .bind(client.to_string())
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        docs.iter().map(|d| parse_doc(d, "enquiry")).collect()
    }

    /// Enquiries received between two instants that nobody has answered or closed, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn enquiries_unanswered_between(
        &self,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Vec<Enquiry>> {
        let docs: Vec<String> = sqlx::query_scalar(
            "SELECT doc FROM enquiry WHERE status IN ('new', 'claimed', 'waiting_internal')
               AND received_s >= ? AND received_s < ? ORDER BY received_s, id",
        )
        .bind(from.timestamp())
        .bind(to.timestamp())
        .fetch_all(&self.readers)
        .await?;
        docs.iter().map(|d| parse_doc(d, "enquiry")).collect()
    }

    /// How many snoozed enquiries are to be treated again at this instant.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn woken_enquiries(&self, now: DateTime<Utc>) -> Result<u32> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM enquiry WHERE status = 'snoozed' AND snoozed_s <= ?")
            .bind(now.timestamp())
            .fetch_one(&self.readers)
            .await?)
    }

    /// Whether central has yet to hear that somebody here answers this enquiry.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn claim_unsent(&self, enquiry: EnquiryId) -> Result<bool> {
        Ok(sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE state <> 'acknowledged' AND kind = 'enquiry.claim'
               AND json_extract(command, '$.args.id') = ?)",
        )
        .bind(enquiry.to_string())
        .fetch_one(&self.readers)
        .await?)
    }

    /// Ids of the documents that a command not yet acknowledged names as its own.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn unsent(&self) -> Result<HashSet<String>> {
        let ids: Vec<Option<String>> = sqlx::query_scalar(
            "SELECT json_extract(command, '$.args.id') FROM outbox WHERE state <> 'acknowledged'",
        )
        .fetch_all(&self.readers)
        .await?;
        Ok(ids.into_iter().flatten().collect())
    }
}
