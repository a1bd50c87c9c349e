//! Texts being written: saved at every key, back after a crash.

use chrono::{DateTime, Utc};

use super::error::Result;
use super::open::Store;

impl Store {
    /// The saved text of a key ("answer:<enquiry>").
    ///
    /// # Errors
    /// Those of the database.
    pub async fn draft(&self, key: &str) -> Result<Option<(String, String)>> {
        Ok(sqlx::query_as("SELECT text, at FROM draft WHERE key = ?")
            .bind(key)
            .fetch_optional(&self.readers)
            .await?)
    }

    /// Saves it; an empty text removes it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn set_draft(&self, key: &str, text: &str, now: DateTime<Utc>) -> Result<()> {
        let query = if text.is_empty() {
            sqlx::query("DELETE FROM draft WHERE key = ?").bind(key)
        } else {
            sqlx::query(
                "INSERT INTO draft (key, text, at) VALUES (?, ?, ?)
                 ON CONFLICT (key) DO UPDATE SET text = excluded.text, at = excluded.at",
            )
            .bind(key)
            .bind(text)
            .bind(now.to_rfc3339())
        };
        let mut tx = self.begin().await?;
        query.execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }
}
