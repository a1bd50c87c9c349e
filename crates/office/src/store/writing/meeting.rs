//! Meetings as rows.

use std::collections::{BTreeMap, BTreeSet};

use passerelle_domain::appointment::Appointment;
use passerelle_domain::session::{self, SessionKey};
use sqlx::QueryBuilder;

use super::{ROWS, Tx, Values, insert};
use crate::store::documents::{parse_doc, to_doc};
use crate::store::error::Result;

/// For how many a meeting of each kind is.
pub(super) async fn capacities(tx: &mut Tx<'_>) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, Option<i64>)> = sqlx::query_as(
        "SELECT id, CAST(json_extract(doc, '$.capacity') AS INTEGER) FROM setting WHERE entity = 'kind'",
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().filter_map(|(id, capacity)| Some((id, capacity?))).collect())
}

/// A meeting as a row, but for what the kind that it is of says.
pub(in crate::store) struct MeetingRow {
    is: Appointment,
    rev: i64,
    doc: String,
}

impl MeetingRow {
    pub(super) fn of(rev: i64, doc: &str) -> Result<Self> {
        Ok(Self { is: parse_doc(doc, "appointment")?, rev, doc: doc.to_owned() })
    }

    /// With what its kind says of it.
    pub(super) fn among(&self, capacities: &BTreeMap<String, i64>) -> Meeting<'_> {
        let capacity = capacities.get(&self.is.kind.to_string()).copied().unwrap_or(1).max(1);
        let session = session::key_of_kind(&self.is, capacity > 1);
        let capacity = if session.is_some() { capacity } else { 1 };
        Meeting { id: self.is.id.to_string(), row: self, session, capacity }
    }
}

/// A meeting as a row.
pub(super) struct Meeting<'r> {
    id: String,
    row: &'r MeetingRow,
    session: Option<SessionKey>,
    capacity: i64,
}

impl Meeting<'_> {
    fn bind(&self, one: &mut Values<'_>) {
        let a = &self.row.is;
        one.push_bind(self.id.clone())
            .push_bind(self.row.rev)
            .push_bind(a.kind.to_string())
            .push_bind(a.counsellor.to_string())
            .push_bind(a.second.map(|p| p.to_string()))
            .push_bind(a.site.to_string())
            .push_bind(a.room.map(|r| r.to_string()))
            .push_bind(a.client.map(|c| c.to_string()))
            .push_bind(a.enquiry.map(|e| e.to_string()))
            .push_bind(a.start.timestamp())
            .push_bind(a.end.timestamp())
            .push_bind(a.status.key())
            .push_bind(self.session.as_ref().map(|s| s.as_str().to_owned()))
            .push_bind(i64::from(self.session.is_some() && a.takes_seat()))
            .push_bind(self.capacity)
            .push_bind(i64::from(a.override_reason.is_some()))
            .push_bind(self.row.doc.clone());
    }

    /// Not an upsert: its trigger on insert would run for a mere change too, and refuse to mark one of two meetings that
    /// clash since before a rule.
    async fn update(&self, tx: &mut Tx<'_>) -> Result<()> {
        let mut sql = QueryBuilder::new(
            "UPDATE appointment SET (id, rev, kind, counsellor, second, site, room, client, enquiry, start_s, end_s,
               status, session, seat, capacity, overridden, doc) = (",
        );
        self.bind(&mut sql.separated(", "));
        sql.push(") WHERE id = ").push_bind(&self.id);
        sql.build().execute(&mut **tx).await?;
        Ok(())
    }
}

/// Writes meetings in their order: runs of new ones together, each that is here alone.
pub(super) async fn write_meetings(tx: &mut Tx<'_>, rows: &[Meeting<'_>]) -> Result<()> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let here: Vec<String> =
        sqlx::query_scalar("SELECT a.id FROM json_each(?) i JOIN appointment a ON a.id = i.value")
            .bind(to_doc(&ids, "ids")?)
            .fetch_all(&mut **tx)
            .await?;
    let mut here: BTreeSet<&str> = here.iter().map(String::as_str).collect();
    let mut from = 0;
    for (n, row) in rows.iter().enumerate() {
        if !here.insert(&row.id) {
            insert_meetings(tx, rows.get(from..n).unwrap_or_default()).await?;
            row.update(tx).await?;
            from = n + 1;
        }
    }
    insert_meetings(tx, rows.get(from..).unwrap_or_default()).await
}

async fn insert_meetings(tx: &mut Tx<'_>, rows: &[Meeting<'_>]) -> Result<()> {
    let head = "INSERT INTO appointment (id, rev, kind, counsellor, second, site, room, client, enquiry, start_s, end_s,
                  status, session, seat, capacity, overridden, doc) ";
    insert(tx, head, ROWS, rows, |one, row| row.bind(one)).await
}

/// Writes what is said of meetings whose rows stay as they are otherwise: identifier, revision, document.
pub(in crate::store) async fn restate_meetings(
    tx: &mut Tx<'_>,
    meetings: &[(&str, i64, &str)],
) -> Result<()> {
    for some in meetings.chunks(ROWS) {
        let mut sql =
            QueryBuilder::new("UPDATE appointment SET rev = said.column2, doc = said.column3 FROM (");
        sql.push_values(some, |mut one, (id, rev, doc)| {
            one.push_bind(*id).push_bind(*rev).push_bind(*doc);
        });
        sql.push(") AS said WHERE appointment.id = said.column1");
        sql.build().persistent(some.len() == ROWS).execute(&mut **tx).await?;
    }
    Ok(())
}
