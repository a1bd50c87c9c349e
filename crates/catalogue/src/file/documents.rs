//! All records in a row, for the index; and every office.
//!
//! Read without the pool: it has a thread for each connection and hands rows from one to another, which costs more than
//! reading them. Whoever reads so does it on a thread of its own.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};
use serde::de::DeserializeOwned;

use super::record::{laid_over, parse};
use super::{Catalogue, Given, OpenError};
use crate::model::{Absorb, Institution, Occupation, Programme, Question};

/// A record of the catalogue in service, all its parts laid over one another.
#[derive(Debug, Clone, PartialEq)]
pub enum Whole {
    /// By its identifier.
    Programme(String, Box<Programme>),
    /// By its identifier.
    Institution(String, Box<Institution>),
    /// By its identifier.
    Occupation(String, Box<Occupation>),
    /// By its identifier.
    Question(String, Box<Question>),
}

const PARTS: &str = "SELECT entry.seq, entry.id, part.body
     FROM entry CROSS JOIN part ON part.entry = entry.seq
     WHERE entry.kind = ? AND entry.gone_since IS NULL AND part.gone_since IS NULL
     ORDER BY entry.seq, part.rank, part.seq";
const OFFERINGS: &str = "SELECT id, programme, institution, coalesce(body ->> '$.attendance', '[]')
     FROM offering WHERE gone_since IS NULL ORDER BY seq";

/// A catalogue that is read from its beginning to its end.
#[derive(Debug)]
pub struct Records(Connection);

impl Records {
    /// Opens a finished file, in service or not.
    ///
    /// # Errors
    /// [`OpenError`]
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Ok(Self(Connection::open_with_flags(path, flags)?))
    }

    /// Gives every entry of this kind that is not gone, in the order of the file.
    ///
    /// # Errors
    /// [`OpenError`], and whatever `each` stops with.
    pub fn entries<E: From<OpenError>>(
        &self,
        kind: &str,
        mut each: impl FnMut(Whole) -> Result<(), E>,
    ) -> Result<(), E> {
        match kind {
            "programme" => self.wholes(kind, |id, whole| each(Whole::Programme(id, Box::new(whole)))),
            "occupation" => self.wholes(kind, |id, whole| each(Whole::Occupation(id, Box::new(whole)))),
            "faq" => self.wholes(kind, |id, whole| each(Whole::Question(id, Box::new(whole)))),
            _ => self.wholes(kind, |id, whole| each(Whole::Institution(id, Box::new(whole)))),
        }
    }

    /// The parts of a record stand beside one another.
    fn wholes<T: Absorb + DeserializeOwned, E: From<OpenError>>(
        &self,
        kind: &str,
        mut each: impl FnMut(String, T) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.0.prepare(PARTS).map_err(OpenError::from)?;
        let mut rows = statement.query([kind]).map_err(OpenError::from)?;
        let mut before: Option<(i64, String, T)> = None;
        while let Some(row) = rows.next().map_err(OpenError::from)? {
            let seq: i64 = row.get(0).map_err(OpenError::from)?;
            let (id, body) = (text(row, 1)?, text(row, 2)?);
            let part: T = parse(id, body)?;
            match &mut before {
                Some((same, _, whole)) if *same == seq => whole.absorb(part),
                other => {
                    if let Some((_, id, whole)) = other.replace((seq, id.to_owned(), part)) {
                        each(id, whole)?;
                    }
                }
            }
        }
        before.map_or(Ok(()), |(_, id, whole)| each(id, whole))
    }

    /// Every offering that is not gone, in the order of the file.
    ///
    /// # Errors
    /// [`OpenError`]
    pub fn given(&self) -> Result<Given, OpenError> {
        let mut given = Given::default();
        let mut statement = self.0.prepare(OFFERINGS)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            given.add_written(text(row, 0)?, text(row, 1)?, text(row, 2)?, text(row, 3)?)?;
        }
        Ok(given)
    }
}

/// A text of a row, where it lies.
fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, OpenError> {
    Ok(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
}

impl Catalogue {
    /// Every centre d'information et d'orientation, by name.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn offices(&self) -> Result<Vec<Institution>, OpenError> {
        type Row = (i64, String, String);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT entry.seq, entry.id, part.body FROM entry JOIN part ON part.entry = entry.seq
             WHERE entry.office = 1 AND entry.gone_since IS NULL AND part.gone_since IS NULL
             ORDER BY entry.title, entry.seq, part.rank, part.seq",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.chunk_by(|a, b| a.0 == b.0)
            .map(|parts| {
                let id = parts.first().map_or("", |(_, id, _)| id.as_str());
                laid_over(id, parts.iter().map(|(.., body)| body.as_str()))
            })
            .collect()
    }
}
