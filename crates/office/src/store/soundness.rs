//! Whether what is stored makes sense, beyond SQLite's own check of the file.

use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::enquiry::Enquiry;
use serde::de::DeserializeOwned;

use super::documents::parse_doc;
use super::error::Result;
use super::open::Store;

/// So many complaints are enough.
const SAID: usize = 20;

impl Store {
    /// Complaints about the contents: documents that cannot be read, meetings of one person at once, a rebase that never
    /// ended. None when all is well.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn soundness(&self) -> Result<Vec<String>> {
        let mut found = Vec::new();
        self.unreadable::<Client>("SELECT id, doc FROM client", "client", &mut found).await?;
        self.unreadable::<Enquiry>("SELECT id, doc FROM enquiry", "enquiry", &mut found).await?;
        self.unreadable::<Appointment>("SELECT id, doc FROM appointment", "appointment", &mut found).await?;
        let twice: Vec<(String, String)> = sqlx::query_as(
            "WITH held (id, who, start_s, end_s, session) AS (
               SELECT id, counsellor, start_s, end_s, session FROM appointment WHERE blocking = 1 AND overridden = 0
               UNION ALL SELECT id, second, start_s, end_s, session FROM appointment
                 WHERE blocking = 1 AND overridden = 0 AND second IS NOT NULL)
             SELECT a.id, b.id FROM held a JOIN held b ON a.who = b.who AND a.id < b.id
               AND b.start_s > a.start_s - 86400 AND b.start_s < a.end_s AND a.start_s < b.end_s
             WHERE (a.session IS NULL OR b.session IS NULL OR a.session <> b.session) LIMIT 20",
        )
        .fetch_all(&self.readers)
        .await?;
        found.extend(twice.into_iter().map(|(a, b)| format!("appointments {a} and {b} overlap")));
        let rebasing: i64 =
            sqlx::query_scalar("SELECT count(*) FROM rebasing").fetch_one(&self.readers).await?;
        if rebasing > 0 {
            found.push("a rebase never ended".to_owned());
        }
        found.truncate(SAID);
        Ok(found)
    }

    async fn unreadable<T: DeserializeOwned>(
        &self,
        sql: &'static str,
        entity: &'static str,
        found: &mut Vec<String>,
    ) -> Result<()> {
        let rows: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&self.readers).await?;
        for (id, doc) in rows {
            if let Err(e) = parse_doc::<T>(&doc, entity) {
                found.push(format!("{entity} {id}: {e}"));
            }
        }
        Ok(())
    }
}
