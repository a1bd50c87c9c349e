//! Where a programme is given, and what an institution gives: all of it in numbers, the few that are shown in words.

use serde_json::Value;

use super::record::{OfferingRow, offering_link, parse};
use super::{Catalogue, OfferingLink, OpenError};
use crate::model::Offering;

/// An offering by its numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its row in the file.
    seq: i64,
    /// The institution.
    pub institution: String,
    /// Whether no dataset has it any more.
    pub gone: bool,
}

impl Catalogue {
    /// Every place where a programme is given, or everything that an institution gives: by the name of the other end,
    /// what is gone last. 2de générale et technologique is given at 2,700 places.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn places(&self, id: &str, kind: &str) -> Result<Vec<Place>, OpenError> {
        let all = match kind {
            "programme" => {
                "SELECT offering.seq, offering.institution, offering.gone_since IS NOT NULL
                 FROM offering LEFT JOIN entry ON entry.id = offering.institution
                 WHERE offering.programme = ? ORDER BY offering.gone_since IS NOT NULL, entry.title, offering.seq"
            }
            "institution" => {
                "SELECT offering.seq, offering.institution, offering.gone_since IS NOT NULL
                 FROM offering LEFT JOIN entry ON entry.id = offering.programme
                 WHERE offering.institution = ? ORDER BY offering.gone_since IS NOT NULL, entry.title, offering.seq"
            }
            _ => return Ok(Vec::new()),
        };
        let rows: Vec<(i64, String, bool)> = sqlx::query_as(all).bind(id).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|(seq, institution, gone)| Place { seq, institution, gone }).collect())
    }

    /// These places in words, in the order in which they are given.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn shown_places(&self, places: &[&Place]) -> Result<Vec<(OfferingLink, Offering)>, OpenError> {
        let seqs = Value::from_iter(places.iter().map(|place| place.seq)).to_string();
        let rows: Vec<(OfferingRow, String)> = {
            type Row = (
                String,
                String,
                Option<String>,
                String,
                Option<String>,
                Option<String>,
                Option<String>,
                String,
            );
            let rows: Vec<Row> = sqlx::query_as(
                "SELECT offering.id, offering.programme, p.title, offering.institution, i.title, i.subtitle,
                        offering.gone_since, offering.body
                 FROM json_each(?) AS asked JOIN offering ON offering.seq = asked.value
                      LEFT JOIN entry p ON p.id = offering.programme LEFT JOIN entry i ON i.id = offering.institution
                 ORDER BY asked.key",
            )
            .bind(seqs)
            .fetch_all(&self.pool)
            .await?;
            rows.into_iter().map(|(a, b, c, d, e, f, g, body)| ((a, b, c, d, e, f, g), body)).collect()
        };
        rows.into_iter()
            .map(|(row, body)| {
                let link = offering_link(row);
                let offering = parse(&link.id, &body)?;
                Ok((link, offering))
            })
            .collect()
    }

    /// The institutions with these identifiers, as their open days and addresses are wanted; those that are in no
    /// file are not among them.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn institutions(
        &self,
        ids: &[&str],
    ) -> Result<Vec<(String, crate::model::Institution)>, OpenError> {
        let asked = Value::from_iter(ids.iter().copied()).to_string();
        let rows: Vec<(String, String)> = sqlx::query_as(
            "SELECT entry.id, part.body FROM json_each(?) AS asked JOIN entry ON entry.id = asked.value
                  JOIN part ON part.entry = entry.seq
             WHERE part.gone_since IS NULL
             ORDER BY asked.key, part.rank, part.seq",
        )
        .bind(asked)
        .fetch_all(&self.pool)
        .await?;
        rows.chunk_by(|a, b| a.0 == b.0)
            .map(|parts| {
                let id = parts.first().map(|(id, _)| id.clone()).unwrap_or_default();
                let whole = super::record::laid_over(&id, parts.iter().map(|(_, body)| body.as_str()))?;
                Ok((id, whole))
            })
            .collect()
    }
}
