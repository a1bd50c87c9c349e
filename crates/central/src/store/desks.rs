//! Desks, the codes that enrol them, the nonces that they sign and the tokens that they get. Secrets come in as
//! hashes.

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{DeskId, Uai};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::StoreError;

/// An enrolled workstation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Its id.
    pub id: DeskId,
    /// Its office.
    pub office: Uai,
    /// "Accueil".
    pub name: String,
    /// Ed25519 public key, hexadecimal.
    pub public_key: String,
    /// No longer trusted.
    pub revoked: bool,
}

fn read(row: &SqliteRow) -> Result<Desk, StoreError> {
    let (id, office): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
    let wrong = |why: String| StoreError::Document { entity: "desk".into(), id: id.to_owned(), why };
    Ok(Desk {
        id: id.parse().map_err(|e: uuid::Error| wrong(e.to_string()))?,
        office: Uai::parse(office).map_err(|e| wrong(e.to_string()))?,
        name: row.try_get(2)?,
        public_key: row.try_get(3)?,
        revoked: row.try_get::<Option<i64>, _>(4)?.is_some(),
    })
}

/// One desk.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn desk(conn: &mut SqliteConnection, id: DeskId) -> Result<Option<Desk>, StoreError> {
    let row = sqlx::query("SELECT id, office, name, public_key, revoked_at FROM desk WHERE id = ?")
        .bind(id.to_string())
        .fetch_optional(conn)
        .await?;
    row.as_ref().map(read).transpose()
}

/// The desks of an office, in the order of their enrolment.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn desks_of(conn: &mut SqliteConnection, office: &Uai) -> Result<Vec<Desk>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, office, name, public_key, revoked_at FROM desk WHERE office = ? ORDER BY enrolled_at, id",
    )
    .bind(office.as_str())
    .fetch_all(conn)
    .await?;
    rows.iter().map(read).collect()
}

/// Enrols a desk.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn add_desk(
    conn: &mut SqliteConnection,
    desk: &Desk,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO desk (id, office, name, public_key, enrolled_at) VALUES (?, ?, ?, ?, ?)")
        .bind(desk.id.to_string())
        .bind(desk.office.as_str())
        .bind(&desk.name)
        .bind(&desk.public_key)
        .bind(now.timestamp())
        .execute(conn)
        .await?;
    Ok(())
}

/// Trusts a desk no longer; its tokens end at once. `false` when there is no such desk.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn revoke(conn: &mut SqliteConnection, id: DeskId, now: DateTime<Utc>) -> Result<bool, StoreError> {
    let done = sqlx::query("UPDATE desk SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?")
        .bind(now.timestamp())
        .bind(id.to_string())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Keeps an enrolment code, by its hash.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn add_code(
    conn: &mut SqliteConnection,
    hash: &str,
    office: &Uai,
    expires: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("INSERT INTO enrol_code (hash, office, expires_at) VALUES (?, ?, ?)")
        .bind(hash)
        .bind(office.as_str())
        .bind(expires.timestamp())
        .execute(conn)
        .await?;
    Ok(())
}

/// What became of an enrolment code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeUse {
    /// It was good, for this office, and is now used.
    Taken(Uai),
    /// It was good for too long ago.
    Expired,
    /// Somebody used it already.
    Used,
    /// There is no such code.
    Unknown,
}

/// Uses an enrolment code.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn take_code(
    conn: &mut SqliteConnection,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<CodeUse, StoreError> {
    let row = sqlx::query("SELECT office, expires_at, used_at FROM enrol_code WHERE hash = ?")
        .bind(hash)
        .fetch_optional(&mut *conn)
        .await?;
    let Some(row) = row else { return Ok(CodeUse::Unknown) };
    if row.try_get::<Option<i64>, _>(2)?.is_some() {
        return Ok(CodeUse::Used);
    }
    if row.try_get::<i64, _>(1)? <= now.timestamp() {
        return Ok(CodeUse::Expired);
    }
    let office: &str = row.try_get(0)?;
    let office = Uai::parse(office).map_err(|e| StoreError::Document {
        entity: "enrol_code".into(),
        id: office.to_owned(),
        why: e.to_string(),
    })?;
    sqlx::query("UPDATE enrol_code SET used_at = ? WHERE hash = ?")
        .bind(now.timestamp())
        .bind(hash)
        .execute(conn)
        .await?;
    Ok(CodeUse::Taken(office))
}

/// Keeps a nonce that a desk is to sign; those that nobody signed in time go.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn add_nonce(
    conn: &mut SqliteConnection,
    hash: &str,
    desk: DeskId,
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM nonce WHERE expires_at <= ?").bind(now.timestamp()).execute(&mut *conn).await?;
    sqlx::query("INSERT INTO nonce (hash, desk, expires_at) VALUES (?, ?, ?)")
        .bind(hash)
        .bind(desk.to_string())
        .bind(expires.timestamp())
        .execute(conn)
        .await?;
    Ok(())
}

/// Uses a nonce: whether this desk was given it and it still holds. It never holds again.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn take_nonce(
    conn: &mut SqliteConnection,
    hash: &str,
    desk: DeskId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let done = sqlx::query("DELETE FROM nonce WHERE hash = ? AND desk = ? AND expires_at > ?")
        .bind(hash)
        .bind(desk.to_string())
        .bind(now.timestamp())
        .execute(conn)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps a token by its hash; those that have ended go.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn add_token(
    conn: &mut SqliteConnection,
    hash: &str,
    desk: DeskId,
    now: DateTime<Utc>,
    expires: DateTime<Utc>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM token WHERE expires_at <= ?").bind(now.timestamp()).execute(&mut *conn).await?;
    sqlx::query("INSERT INTO token (hash, desk, expires_at) VALUES (?, ?, ?)")
        .bind(hash)
        .bind(desk.to_string())
        .bind(expires.timestamp())
        .execute(conn)
        .await?;
    Ok(())
}

/// The desk that holds a token, and when the token ends; `None` when it has ended or never was.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn desk_of_token(
    conn: &mut SqliteConnection,
    hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Desk, DateTime<Utc>)>, StoreError> {
    let row = sqlx::query(
        "SELECT d.id, d.office, d.name, d.public_key, d.revoked_at, t.expires_at
         FROM token t JOIN desk d ON d.id = t.desk WHERE t.hash = ? AND t.expires_at > ?",
    )
    .bind(hash)
    .bind(now.timestamp())
    .fetch_optional(conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let ends = DateTime::from_timestamp(row.try_get(5)?, 0).unwrap_or(now);
    Ok(Some((read(&row)?, ends)))
}
