//! The directory: what everybody may know of every office, and the catchments.

use passerelle_domain::ids::Uai;
use passerelle_domain::routing::Catchment;
use passerelle_protocol::sync::{DIRECTORY, DirectoryOffice, Entity};
use serde::Serialize;
use sqlx::{Row, SqliteConnection};

use super::feed::Feed;
use super::{StoreError, document, put_document};

/// All offices of the directory.
pub type Directory = Vec<DirectoryOffice>;

/// Reads the offices of the directory, in the order of their UAI.
///
/// # Errors
/// [`StoreError`] of the database, or when an entry cannot be read.
pub async fn directory(conn: &mut SqliteConnection) -> Result<Directory, StoreError> {
    let rows = sqlx::query("SELECT id, doc FROM document WHERE scope = ? AND entity = ? ORDER BY id")
        .bind(DIRECTORY)
        .bind(Entity::DirectoryOffice.key())
        .fetch_all(conn)
        .await?;
    rows.iter()
        .map(|r| {
            let (id, doc): (&str, &str) = (r.try_get(0)?, r.try_get(1)?);
            serde_json::from_str(doc).map_err(|e| StoreError::document(Entity::DirectoryOffice.key(), id, &e))
        })
        .collect()
}

/// One office of the directory.
///
/// # Errors
/// [`StoreError`] of the database, or when the entry cannot be read.
pub async fn directory_entry(
    conn: &mut SqliteConnection,
    uai: &Uai,
) -> Result<Option<DirectoryOffice>, StoreError> {
    Ok(document(conn, DIRECTORY, Entity::DirectoryOffice, uai.as_str()).await?.map(|v| v.doc))
}

/// The catchment of a postal code.
///
/// # Errors
/// [`StoreError`] of the database, or when the rule cannot be read.
pub async fn catchment(
    conn: &mut SqliteConnection,
    postal_code: &str,
) -> Result<Option<Catchment>, StoreError> {
    Ok(document(conn, DIRECTORY, Entity::Catchment, postal_code).await?.map(|v| v.doc))
}

/// Writes an entry of the directory if it differs from what is there; whether it did.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn put_directory(
    conn: &mut SqliteConnection,
    feed: &mut Feed,
    entity: Entity,
    id: &str,
    doc: &impl Serialize,
) -> Result<bool, StoreError> {
    let wanted = serde_json::to_value(doc).map_err(|e| StoreError::document(entity.key(), id, &e))?;
    let before = document::<serde_json::Value>(conn, DIRECTORY, entity, id).await?;
    if before.is_some_and(|b| b.doc == wanted) {
        return Ok(false);
    }
    put_document(conn, feed, entity, id, &wanted).await?;
    Ok(true)
}

/// Whether any catchment is there.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn has_catchments(conn: &mut SqliteConnection) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT 1 FROM document WHERE scope = ? AND entity = ? LIMIT 1")
        .bind(DIRECTORY)
        .bind(Entity::Catchment.key())
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}
