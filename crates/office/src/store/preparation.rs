//! Preparations of meetings in the desk's database. Who may read one is asked of
//! [`PreparationSheet::open_to`] by whoever shows it.

use passerelle_domain::OfficeState;
use passerelle_domain::command::Needs;
use passerelle_domain::ids::AppointmentId;
use passerelle_domain::pins::PreparationSheet;
use passerelle_protocol::sync::Entity;
use sqlx::{Sqlite, Transaction};

use super::documents::{get, parse_doc};
use super::error::Result;
use super::open::Store;

/// Writes the preparation of a meeting.
pub(super) async fn put(tx: &mut Transaction<'_, Sqlite>, rev: i64, doc: &str) -> Result<()> {
    let sheet: PreparationSheet = parse_doc(doc, "preparation_sheet")?;
    sqlx::query(
        "INSERT INTO preparation (appointment, rev, doc) VALUES (?, ?, ?)
         ON CONFLICT (appointment) DO UPDATE SET rev = excluded.rev, doc = excluded.doc",
    )
    .bind(sheet.appointment.to_string())
    .bind(rev)
    .bind(doc)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Loads the preparations that a command needs.
pub(super) async fn load(
    tx: &mut Transaction<'_, Sqlite>,
    state: &mut OfficeState,
    needs: &Needs,
) -> Result<()> {
    for id in needs.appointments.iter().filter(|_| needs.sheets) {
        if let Some((_, doc)) = get(tx, Entity::PreparationSheet, &id.to_string()).await? {
            state.sheets.insert(*id, parse_doc(&doc, "preparation_sheet")?);
        }
    }
    Ok(())
}

impl Store {
    /// The preparation of a meeting as it stands here; `None` while there is none.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn preparation(&self, meeting: AppointmentId) -> Result<Option<PreparationSheet>> {
        let doc: Option<String> = sqlx::query_scalar("SELECT doc FROM preparation WHERE appointment = ?")
            .bind(meeting.to_string())
            .fetch_optional(&self.readers)
            .await?;
        doc.map(|d| parse_doc(&d, "preparation_sheet")).transpose()
    }
}
