//! What the intake keeps: its answers by idempotency key, and the references of enquiries.

use chrono::{DateTime, Utc};
use sqlx::{Row, SqliteConnection};

use super::StoreError;

/// An answer given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Hash of the content that it answered.
    pub body_hash: String,
    /// The answer, JSON.
    pub response: String,
}

/// The answer that a key was given before.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn answered(conn: &mut SqliteConnection, key: &str) -> Result<Option<Answered>, StoreError> {
    let row = sqlx::query("SELECT body_hash, response FROM idempotency WHERE key = ?")
        .bind(key)
        .fetch_optional(conn)
        .await?;
    row.map(|r| Ok(Answered { body_hash: r.try_get(0)?, response: r.try_get(1)? })).transpose()
}

/// Keeps an answer under its key.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn keep_answer(
    conn: &mut SqliteConnection,
    key: &str,
    answer: &Answered,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO idempotency (key, body_hash, response, at) VALUES (?, ?, ?, ?)")
        .bind(key)
        .bind(&answer.body_hash)
        .bind(&answer.response)
        .bind(now.timestamp())
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets answers older than an instant; gives their number.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn forget_answers(conn: &mut SqliteConnection, before: DateTime<Utc>) -> Result<u64, StoreError> {
    let done =
        sqlx::query("DELETE FROM idempotency WHERE at < ?").bind(before.timestamp()).execute(conn).await?;
    Ok(done.rows_affected())
}

/// Whether nobody has this reference yet.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn reference_is_free(conn: &mut SqliteConnection, reference: &str) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT 1 FROM reference WHERE reference = ?")
        .bind(reference)
        .fetch_optional(conn)
        .await?;
    Ok(row.is_none())
}

/// Scope and id of the enquiry with this reference.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn enquiry_by_reference(
    conn: &mut SqliteConnection,
    reference: &str,
) -> Result<Option<(String, String)>, StoreError> {
    let row = sqlx::query("SELECT scope, enquiry FROM reference WHERE reference = ?")
        .bind(reference)
        .fetch_optional(conn)
        .await?;
    row.map(|r| Ok((r.try_get(0)?, r.try_get(1)?))).transpose()
}

/// Whether any answer is older than an instant: asked before the write lock is taken for nothing.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn has_old_answers(conn: &mut SqliteConnection, before: DateTime<Utc>) -> Result<bool, StoreError> {
    let row = sqlx::query("SELECT 1 FROM idempotency WHERE at < ? LIMIT 1")
        .bind(before.timestamp())
        .fetch_optional(conn)
        .await?;
    Ok(row.is_some())
}
