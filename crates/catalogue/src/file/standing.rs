//! Whether records are still in the catalogue: for what refers to them from outside and says the rest by itself.

use std::collections::HashMap;

use super::{Catalogue, OpenError};

/// What has become of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is in the release.
    Current,
    /// No dataset has had it since this release; it is still shown.
    Gone(String),
}

impl Catalogue {
    /// What has become of these records, by identifier as [`Catalogue::record`] gives it. One that no release ever had here
    /// has no standing. Two questions to the file, whatever the number.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn standing(&self, ids: &[&str]) -> Result<HashMap<String, Standing>, OpenError> {
        let asked = serde_json::Value::from(ids).to_string();
        let mut rows: Vec<(String, Option<String>)> = sqlx::query_as(
            "SELECT entry.id, entry.gone_since FROM json_each(?) AS asked JOIN entry ON entry.id = asked.value",
        )
        .bind(&asked)
        .fetch_all(&self.pool)
        .await?;
        if ids.iter().any(|id| id.starts_with("AF.")) {
            // One identifier may be that of several; what is still given anywhere under it is asked for last and stays.
            let offered: Vec<(String, Option<String>)> = sqlx::query_as(
                "SELECT asked.value, offering.gone_since
                 FROM json_each(?) AS asked
                      JOIN offering ON offering.id = substr(asked.value, 1, instr(asked.value || '@', '@') - 1)
                           AND (asked.value = offering.id OR asked.value = offering.id || '@' || offering.institution
                                OR asked.value = offering.id || '@' || offering.institution || '@' || offering.programme)
                 ORDER BY offering.gone_since IS NULL",
            )
            .bind(&asked)
            .fetch_all(&self.pool)
            .await?;
            rows.extend(offered);
        }
        Ok(rows.into_iter().map(|(id, gone)| (id, gone.map_or(Standing::Current, Standing::Gone))).collect())
    }
}
