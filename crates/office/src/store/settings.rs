//! The office's settings, read once and shared until central changes one of them.

use std::sync::Arc;

use passerelle_domain::office::{Absence, AppointmentKind, Office, OfficeSettings, Opening, Room, Site};
use passerelle_domain::people::Person;
use passerelle_domain::routing::Catchment;
use passerelle_protocol::sync::{DirectoryOffice, Entity};
use serde::de::DeserializeOwned;
use sqlx::{Executor, Sqlite};

use super::documents::parse_doc;
use super::error::{Result, StoreError};
use super::open::Store;

/// How many setting documents there are and the sum of their revisions: another process (the command line beside the
/// window) may have synchronised, and a change of any document changes one of the two.
type Fingerprint = (i64, i64);

/// The settings as they were read, and of what.
pub(super) type Read = (Fingerprint, Arc<OfficeSettings>);

impl Store {
    /// The settings; `None` until the office's own document has arrived.
    ///
    /// # Errors
    /// Those of the database, or a document that this version cannot read.
    pub async fn settings(&self) -> Result<Option<Arc<OfficeSettings>>> {
        let now: Fingerprint = sqlx::query_as("SELECT count(*), coalesce(sum(rev), 0) FROM setting")
            .fetch_one(&self.readers)
            .await?;
        let cached = self.settings.read().map(|s| s.clone()).unwrap_or_default();
        if let Some((then, settings)) = cached
            && then == now
        {
            return Ok(Some(settings));
        }
        let fresh = load(&self.readers).await?.map(Arc::new);
        if let Ok(mut slot) = self.settings.write() {
            *slot = fresh.clone().map(|settings| (now, settings));
        }
        Ok(fresh)
    }

    /// Offices of the directory.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn directory(&self) -> Result<Vec<DirectoryOffice>> {
        all(&self.readers, Entity::DirectoryOffice, "directory_office").await
    }

    /// Catchment rules.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn catchments(&self) -> Result<Vec<Catchment>> {
        all(&self.readers, Entity::Catchment, "catchment").await
    }
}

async fn all<'e, T: DeserializeOwned>(
    db: impl Executor<'e, Database = Sqlite>,
    entity: Entity,
    name: &'static str,
) -> Result<Vec<T>> {
    let docs: Vec<String> = sqlx::query_scalar("SELECT doc FROM setting WHERE entity = ? ORDER BY id")
        .bind(entity.key())
        .fetch_all(db)
        .await?;
    docs.iter().map(|d| parse_doc(d, name)).collect()
}

/// Reads all settings; used inside transactions too, where the shared copy may be stale.
pub(super) async fn load<'e>(db: impl Executor<'e, Database = Sqlite>) -> Result<Option<OfficeSettings>> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT entity, doc FROM setting WHERE entity IN
         ('office', 'site', 'room', 'person', 'kind', 'opening', 'absence') ORDER BY entity, id",
    )
    .fetch_all(db)
    .await?;
    let office: Option<Result<Office>> =
        rows.iter().find(|(e, _)| e == "office").map(|(_, d)| parse_doc(d, "office"));
    let Some(office) = office.transpose()? else { return Ok(None) };
    let mut settings = OfficeSettings::new(office);
    for (entity, doc) in &rows {
        add(&mut settings, entity, doc)?;
    }
    Ok(Some(settings))
}

fn add(settings: &mut OfficeSettings, entity: &str, doc: &str) -> Result<(), StoreError> {
    macro_rules! put {
        ($map:ident, $type:ty, $name:literal) => {{
            let value: $type = parse_doc(doc, $name)?;
            settings.$map.insert(value.id, value);
        }};
    }
    match entity {
        "office" => {
            let beside: serde_json::Value = parse_doc(doc, "office")?;
            settings.travel_min = beside
                .get("travel_min")
                .and_then(serde_json::Value::as_u64)
                .and_then(|m| m.try_into().ok())
                .unwrap_or(0);
        }
        "site" => put!(sites, Site, "site"),
        "room" => put!(rooms, Room, "room"),
        "person" => put!(people, Person, "person"),
        "kind" => put!(kinds, AppointmentKind, "kind"),
        "opening" => put!(openings, Opening, "opening"),
        "absence" => put!(absences, Absence, "absence"),
        _ => {}
    }
    Ok(())
}
