//! All records in a row, for the index and for whoever needs every office.

use futures_util::{Stream, StreamExt, TryStreamExt};

use super::record::{laid_over, parse};
use super::{Catalogue, OpenError};
use crate::model::{Institution, Occupation, Offering, Programme, Question};

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
    /// Its identifier is in it.
    Offering(Box<Offering>),
}

impl Catalogue {
    /// Every entry of this kind that is not gone, in the order of the file.
    pub fn all<'a>(&'a self, kind: &'a str) -> impl Stream<Item = Result<Whole, OpenError>> + 'a {
        type Row = (i64, String, String);
        let rows = sqlx::query_as::<_, Row>(
            "SELECT entry.seq, entry.id, part.body FROM entry CROSS JOIN part ON part.entry = entry.seq
             WHERE entry.kind = ? AND entry.gone_since IS NULL AND part.gone_since IS NULL
             ORDER BY entry.seq, part.rank, part.seq",
        )
        .bind(kind)
        .fetch(&self.pool)
        .map_err(OpenError::from);
        // The parts of one entry stand beside one another.
        let state = (rows, None::<(i64, String, Vec<String>)>, false);
        futures_util::stream::unfold(state, move |(mut rows, mut open, done)| async move {
            if done {
                return None;
            }
            loop {
                match rows.next().await {
                    Some(Ok((seq, id, body))) => match &mut open {
                        Some((known, _, bodies)) if *known == seq => bodies.push(body),
                        _ => {
                            let whole = open.replace((seq, id, vec![body]));
                            if let Some((_, id, bodies)) = whole {
                                return Some((of(kind, id, &bodies), (rows, open, false)));
                            }
                        }
                    },
                    Some(Err(error)) => return Some((Err(error), (rows, None, true))),
                    None => {
                        let (_, id, bodies) = open.take()?;
                        return Some((of(kind, id, &bodies), (rows, None, true)));
                    }
                }
            }
        })
    }

    /// Every offering that is not gone, in the order of the file.
    pub fn all_offerings(&self) -> impl Stream<Item = Result<Offering, OpenError>> + '_ {
        type Row = (String, String);
        sqlx::query_as::<_, Row>("SELECT id, body FROM offering WHERE gone_since IS NULL ORDER BY seq")
            .fetch(&self.pool)
            .map(|row| {
                let (id, body) = row?;
                parse(&id, &body)
            })
    }

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

fn of(kind: &str, id: String, bodies: &[String]) -> Result<Whole, OpenError> {
    let parts = bodies.iter().map(String::as_str);
    Ok(match kind {
        "programme" => Whole::Programme(id.clone(), Box::new(laid_over(&id, parts)?)),
        "occupation" => Whole::Occupation(id.clone(), Box::new(laid_over(&id, parts)?)),
        "faq" => Whole::Question(id.clone(), Box::new(laid_over(&id, parts)?)),
        _ => Whole::Institution(id.clone(), Box::new(laid_over(&id, parts)?)),
    })
}
