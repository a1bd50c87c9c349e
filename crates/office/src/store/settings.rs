//! The office's settings, read once and shared until central changes one of them.

use std::sync::Arc;

use passerelle_domain::office::{
    Absence, AppointmentKind, OfficeDocument, OfficeSettings, Opening, Room, Site,
};
use passerelle_domain::people::Person;
use passerelle_domain::routing::Catchment;
use passerelle_domain::settings::Setting;
use passerelle_protocol::sync::{DirectoryOffice, Entity};
use serde::de::DeserializeOwned;
use sqlx::{Executor, Sqlite};

use super::documents::parse_doc;
use super::error::{Result, StoreError};
use super::open::Store;

/// A number that the database itself raises at each change of a setting: another process (the command line beside the
/// window) may have synchronised, and a change made here has no revision of central's yet.
type Fingerprint = i64;

/// The settings as they were read, and of what.
pub(super) type Read = (Fingerprint, Arc<OfficeSettings>);

impl Store {
    /// The settings; `None` until the office's own document has arrived.
    ///
    /// # Errors
    /// Those of the database, or a document that this version cannot read.
    pub async fn settings(&self) -> Result<Option<Arc<OfficeSettings>>> {
        let now: Fingerprint =
            sqlx::query_scalar("SELECT n FROM setting_changes").fetch_one(&self.readers).await?;
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
    let office: Option<Result<OfficeDocument>> =
        rows.iter().find(|(e, _)| e == "office").map(|(_, d)| parse_doc(d, "office"));
    let Some(office) = office.transpose()? else { return Ok(None) };
    let mut settings = OfficeSettings::new(office.office.clone());
    settings.put(Setting::Office(Box::new(office)));
    for (entity, doc) in &rows {
        add(&mut settings, entity, doc)?;
    }
    Ok(Some(settings))
}

fn add(settings: &mut OfficeSettings, entity: &str, doc: &str) -> Result<(), StoreError> {
    match entity {
        "site" => settings.put(Setting::Site(parse_doc::<Site>(doc, "site")?)),
        "room" => settings.put(Setting::Room(parse_doc::<Room>(doc, "room")?)),
        "kind" => settings.put(Setting::Kind(parse_doc::<AppointmentKind>(doc, "kind")?)),
        "opening" => settings.put(Setting::Opening(parse_doc::<Opening>(doc, "opening")?)),
        "absence" => settings.put(Setting::Absence(parse_doc::<Absence>(doc, "absence")?)),
        "person" => {
            let person: Person = parse_doc(doc, "person")?;
            settings.people.insert(person.id, person);
        }
        _ => {}
    }
    Ok(())
}
