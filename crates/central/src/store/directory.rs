//! The directory: what everybody may know of every office, and the catchments.

use passerelle_domain::ids::Uai;
use passerelle_domain::routing::Catchment;
use passerelle_protocol::sync::{DIRECTORY, DirectoryOffice, Entity};
use serde::Serialize;

use super::feed::Feed;
use super::{StoreError, Tx, document, put_document};

/// All offices of the directory.
pub type Directory = Vec<DirectoryOffice>;

/// Reads the offices of the directory, in the order of their UAI.
///
/// # Errors
/// [`StoreError`] of the database, or when an entry cannot be read.
pub async fn directory(tx: &mut Tx) -> Result<Directory, StoreError> {
    tx.documents_of(DIRECTORY, Entity::DirectoryOffice.key())
        .await?
        .iter()
        .map(|(id, doc)| {
            serde_json::from_str(doc).map_err(|e| StoreError::document(Entity::DirectoryOffice.key(), id, &e))
        })
        .collect()
}

/// One office of the directory.
///
/// # Errors
/// [`StoreError`] of the database, or when the entry cannot be read.
pub async fn directory_entry(tx: &mut Tx, uai: &Uai) -> Result<Option<DirectoryOffice>, StoreError> {
    Ok(document(tx, DIRECTORY, Entity::DirectoryOffice, uai.as_str()).await?.map(|v| v.doc))
}

/// The catchment of a postal code.
///
/// # Errors
/// [`StoreError`] of the database, or when the rule cannot be read.
pub async fn catchment(tx: &mut Tx, postal_code: &str) -> Result<Option<Catchment>, StoreError> {
    Ok(document(tx, DIRECTORY, Entity::Catchment, postal_code).await?.map(|v| v.doc))
}

/// Writes an entry of the directory if it differs from what is there; whether it did.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn put_directory(
    tx: &mut Tx,
    feed: &mut Feed,
    entity: Entity,
    id: &str,
    doc: &impl Serialize,
) -> Result<bool, StoreError> {
    let wanted = serde_json::to_value(doc).map_err(|e| StoreError::document(entity.key(), id, &e))?;
    let before = document::<serde_json::Value>(tx, DIRECTORY, entity, id).await?;
    if before.is_some_and(|b| b.doc == wanted) {
        return Ok(false);
    }
    put_document(tx, feed, entity, id, &wanted).await?;
    Ok(true)
}

/// Whether any catchment is there.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn has_catchments(tx: &mut Tx) -> Result<bool, StoreError> {
    tx.has_documents(DIRECTORY, Entity::Catchment.key()).await
}
