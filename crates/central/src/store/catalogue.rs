//! Releases of the catalogue: their manifests, their packs, and the key that signs them.

use chrono::{DateTime, Utc};
use sqlx::{Row, SqliteConnection};

use super::StoreError;

/// Key of the `meta` table: the seed of the Ed25519 key that signs manifests, hexadecimal.
const KEY: &str = "catalogue_key";

/// A published release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Rises with every release.
    pub number: u64,
    /// Its name.
    pub release: String,
    /// The manifest, to the byte.
    pub manifest: String,
    /// Its signature, hexadecimal.
    pub signature: String,
}

/// The newest release.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn newest_release(conn: &mut SqliteConnection) -> Result<Option<Release>, StoreError> {
    let row = sqlx::query(
        "SELECT number, release, manifest, signature FROM catalogue_release ORDER BY number DESC LIMIT 1",
    )
    .fetch_optional(conn)
    .await?;
    row.map(|row| {
        Ok(Release {
            number: u64::try_from(row.try_get::<i64, _>(0)?).unwrap_or_default(),
            release: row.try_get(1)?,
            manifest: row.try_get(2)?,
            signature: row.try_get(3)?,
        })
    })
    .transpose()
}

/// Adds a release.
///
/// # Errors
/// [`StoreError`] of the database: its number or name is taken.
pub async fn add_release(
    conn: &mut SqliteConnection,
    release: &Release,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO catalogue_release (number, release, manifest, signature, published_at) VALUES (?, ?, ?, ?, ?)",
    )
    .bind(i64::try_from(release.number).unwrap_or(i64::MAX))
    .bind(&release.release)
    .bind(&release.manifest)
    .bind(&release.signature)
    .bind(at.to_rfc3339())
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps a pack. The same bytes are kept once; what a bad disk made of them is mended.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn add_blob(conn: &mut SqliteConnection, sha256: &str, bytes: &[u8]) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO blob (sha256, bytes) VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes",
    )
    .bind(sha256)
    .bind(bytes)
    .execute(conn)
    .await?;
    Ok(())
}

/// Bytes of a pack from this one on, and how many it has in all; none if there is no such pack.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn blob(
    conn: &mut SqliteConnection,
    sha256: &str,
    from: u64,
) -> Result<Option<(Vec<u8>, u64)>, StoreError> {
    let row = sqlx::query("SELECT substr(bytes, ?), length(bytes) FROM blob WHERE sha256 = ?")
        .bind(i64::try_from(from).unwrap_or(i64::MAX - 1) + 1)
        .bind(sha256)
        .fetch_optional(conn)
        .await?;
    row.map(|row| {
        let length: i64 = row.try_get(1)?;
        Ok((row.try_get(0)?, u64::try_from(length).unwrap_or_default()))
    })
    .transpose()
}

/// Forgets packs that are not among these.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn forget_blobs(conn: &mut SqliteConnection, kept: &[String]) -> Result<(), StoreError> {
    let kept = serde_json::json!(kept).to_string();
    sqlx::query("DELETE FROM blob WHERE sha256 NOT IN (SELECT value FROM json_each(?))")
        .bind(kept)
        .execute(conn)
        .await?;
    Ok(())
}

/// The seed of the signing key, hexadecimal, if there is one yet.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn catalogue_key(conn: &mut SqliteConnection) -> Result<Option<String>, StoreError> {
    let row = sqlx::query("SELECT value FROM meta WHERE key = ?").bind(KEY).fetch_optional(conn).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}

/// Keeps the seed of the signing key; one that is there stays.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn keep_catalogue_key(conn: &mut SqliteConnection, seed: &str) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT DO NOTHING")
        .bind(KEY)
        .bind(seed)
        .execute(conn)
        .await?;
    Ok(())
}
