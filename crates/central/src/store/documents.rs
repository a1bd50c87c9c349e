//! Documents other than appointments, and the settings of an office, which are made of them.

use std::sync::Arc;

use passerelle_domain::ids::Uai;
use passerelle_domain::office::{OfficeDocument, OfficeSettings};
use passerelle_domain::people::Person;
use passerelle_domain::settings::Setting;
use passerelle_protocol::sync::{Entity, office_scope};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::feed::{Feed, text, value};
use super::rows::DocumentRow;
use super::{Store, StoreError, Tx};

/// A document and how often it has changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Versioned<T> {
    /// What it says.
    pub doc: T,
    /// How often it has changed, from 1.
    pub rev: u64,
}

/// One document; `None` when this scope has none of this id.
///
/// # Errors
/// [`StoreError`] of the database, or when the document cannot be read.
pub async fn document<T: DeserializeOwned>(
    tx: &mut Tx,
    scope: &str,
    entity: Entity,
    id: &str,
) -> Result<Option<Versioned<T>>, StoreError> {
    let Some((rev, text)) = tx.document_text(scope, entity.key(), id).await? else { return Ok(None) };
    let doc = serde_json::from_str(&text).map_err(|e| StoreError::document(entity.key(), id, &e))?;
    Ok(Some(Versioned { doc, rev }))
}

/// Writes a document with the next revision, and its change to the feed.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn put_document(
    tx: &mut Tx,
    feed: &mut Feed,
    entity: Entity,
    id: &str,
    doc: &impl Serialize,
) -> Result<(), StoreError> {
    let text = text(entity, id, doc)?;
    let before = tx.document_rev(feed.scope(), entity.key(), id).await?;
    let rev = before.unwrap_or(0) + 1;
    let seq = feed.append(tx, entity, id, rev, Some(&text)).await?;
    tx.keep_document(&DocumentRow { scope: feed.scope(), entity: entity.key(), id, rev, seq, doc: &text })
        .await
}

/// The documents that an office's settings are made of, in the order in which a desk can take them in.
///
/// # Errors
/// [`StoreError`] when a document cannot be written as JSON.
pub fn settings_documents(settings: &OfficeSettings) -> Result<Vec<(Entity, String, Value)>, StoreError> {
    let mut documents = Vec::new();
    let mut add = |entity: Entity, id: String, doc: Result<Value, serde_json::Error>| {
        let doc = doc.map_err(|e| StoreError::document(entity.key(), &id, &e))?;
        documents.push((entity, id, doc));
        Ok::<_, StoreError>(())
    };
    for setting in settings.documents() {
        let (entity, id) = (Entity::of_setting(setting.key()), settings.document_id(setting.key()));
        add(entity, id, setting.serialize_document(serde_json::value::Serializer))?;
    }
    for (id, person) in &settings.people {
        add(Entity::Person, id.to_string(), serde_json::to_value(person))?;
    }
    Ok(documents)
}

impl Store {
    /// The settings of an office, read once for each of their changes; `None` when there is no such office.
    ///
    /// # Errors
    /// [`StoreError`] of the database, or when a document cannot be read.
    pub async fn settings(&self, tx: &mut Tx, uai: &Uai) -> Result<Option<Arc<OfficeSettings>>, StoreError> {
        let Some(at) = tx.feed(&office_scope(uai)).await?.map(|f| f.settings) else { return Ok(None) };
        self.settings_of(tx, uai, at).await
    }

    /// The same, for who has the lock of the office's feed.
    ///
    /// # Errors
    /// As [`Store::settings`].
    pub async fn settings_at(
        &self,
        tx: &mut Tx,
        uai: &Uai,
        feed: &Feed,
    ) -> Result<Option<Arc<OfficeSettings>>, StoreError> {
        self.settings_of(tx, uai, feed.settings()).await
    }

    async fn settings_of(
        &self,
        tx: &mut Tx,
        uai: &Uai,
        at: u64,
    ) -> Result<Option<Arc<OfficeSettings>>, StoreError> {
        // A poisoned lock only says that another thread stopped while it held a map that is always whole.
        let cache = || self.settings.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((cached, settings)) = cache().get(uai)
            && *cached == at
        {
            return Ok(Some(Arc::clone(settings)));
        }
        let Some(settings) = read_settings(tx, uai, &office_scope(uai)).await? else { return Ok(None) };
        let settings = Arc::new(settings);
        cache().insert(uai.clone(), (at, Arc::clone(&settings)));
        Ok(Some(settings))
    }
}

async fn read_settings(tx: &mut Tx, uai: &Uai, scope: &str) -> Result<Option<OfficeSettings>, StoreError> {
    let Some(office) = document::<Value>(tx, scope, Entity::Office, uai.as_str()).await? else {
        return Ok(None);
    };
    let office: OfficeDocument = serde_json::from_value(office.doc)
        .map_err(|e| StoreError::document(Entity::Office.key(), uai.as_str(), &e))?;
    let mut settings = OfficeSettings::new(office.office.clone());
    settings.put(Setting::Office(Box::new(office)));
    for (entity, id, text) in tx.settings_texts(scope).await? {
        let (entity, id) = (entity.as_str(), id.as_str());
        let doc = value(entity, id, &text)?;
        let read = |e: serde_json::Error| StoreError::document(entity, id, &e);
        match entity {
            "site" => settings.put(Setting::Site(serde_json::from_value(doc).map_err(read)?)),
            "room" => settings.put(Setting::Room(serde_json::from_value(doc).map_err(read)?)),
            "kind" => settings.put(Setting::Kind(serde_json::from_value(doc).map_err(read)?)),
            "opening" => settings.put(Setting::Opening(serde_json::from_value(doc).map_err(read)?)),
            "absence" => settings.put(Setting::Absence(serde_json::from_value(doc).map_err(read)?)),
            _ => {
                let person: Person = serde_json::from_value(doc).map_err(read)?;
                settings.people.insert(person.id, person);
            }
        }
    }
    Ok(Some(settings))
}
