//! All records in a row, for the index and for whoever needs every office.

use futures_util::{Stream, StreamExt, TryStreamExt};
use rustc_hash::{FxHashMap, FxHashSet};

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

/// Entries, or offerings, in a bundle: most of what reading a row costs is handing it over, so a row is many of them. No
/// more, for a record may have [megabytes](crate::readers::bounds::RECORD).
const AT_ONCE: i64 = 100;

/// Between the records of a bundle, and between the words of one. JSON holds neither, identifiers do not.
const RECORD: char = '\u{1e}';
const WORD: char = '\u{1f}';

const PARTS: &str = "SELECT group_concat(line, char(30)) FROM (
     SELECT entry.seq || char(31) || entry.id || char(31) || part.body AS line
     FROM entry CROSS JOIN part ON part.entry = entry.seq
     WHERE entry.seq > ?1 AND entry.seq <= ?2 AND entry.kind = ?3
       AND entry.gone_since IS NULL AND part.gone_since IS NULL
     ORDER BY entry.seq, part.rank, part.seq)";
const OFFERINGS: &str = "SELECT group_concat(line, char(30)) FROM (
     SELECT id || char(31) || body AS line FROM offering
     WHERE seq > ?1 AND seq <= ?2 AND gone_since IS NULL ORDER BY seq)";
const PLACES: &str = "SELECT group_concat(line, char(30)) FROM (
     SELECT programme || char(31) || institution AS line FROM offering
     WHERE seq > ?1 AND seq <= ?2 AND gone_since IS NULL ORDER BY seq)";

impl Catalogue {
    /// Every entry of this kind that is not gone, in the order of the file.
    pub fn all<'a>(&'a self, kind: &'a str) -> impl Stream<Item = Result<Whole, OpenError>> + 'a {
        self.bundles("SELECT max(seq) FROM entry", PARTS, Some(kind))
            .map_ok(move |bundle| futures_util::stream::iter(wholes(kind, &bundle)))
            .try_flatten()
    }

    /// Every offering that is not gone, in the order of the file.
    pub fn all_offerings(&self) -> impl Stream<Item = Result<Offering, OpenError>> + '_ {
        let offering = |line: &str| {
            let (id, body) = line.split_once(WORD).unwrap_or(("", line));
            parse(id, body)
        };
        self.bundles("SELECT max(seq) FROM offering", OFFERINGS, None)
            .map_ok(move |bundle| {
                let offerings: Vec<_> = bundle.split(RECORD).map(offering).collect();
                futures_util::stream::iter(offerings)
            })
            .try_flatten()
    }

    /// The institutions where each programme is given, each once, in the order of the file.
    ///
    /// # Errors
    /// [`OpenError`]
    pub async fn given_at(&self) -> Result<FxHashMap<String, Vec<String>>, OpenError> {
        // Pairs by number: as words they would be asked for and given back a quarter of a million times.
        let mut programmes: FxHashMap<String, usize> = FxHashMap::default();
        let mut institutions: FxHashMap<Box<str>, usize> = FxHashMap::default();
        let mut known: FxHashSet<(usize, usize)> = FxHashSet::default();
        let mut places: Vec<Vec<String>> = Vec::new();
        let mut bundles = std::pin::pin!(self.bundles("SELECT max(seq) FROM offering", PLACES, None));
        while let Some(bundle) = bundles.try_next().await? {
            for (programme, institution) in bundle.split(RECORD).filter_map(|line| line.split_once(WORD)) {
                let of = programmes.get(programme).copied().unwrap_or_else(|| {
                    programmes.insert(programme.to_owned(), places.len());
                    places.push(Vec::new());
                    places.len() - 1
                });
                let at = institutions.get(institution).copied().unwrap_or_else(|| {
                    institutions.insert(institution.into(), institutions.len());
                    institutions.len() - 1
                });
                if known.insert((of, at)) {
                    places[of].push(institution.to_owned());
                }
            }
        }
        Ok(programmes
            .into_iter()
            .map(|(programme, of)| (programme, std::mem::take(&mut places[of])))
            .collect())
    }

    /// What a statement makes of each stretch of rows, where it makes anything. `last` gives the number of the last row.
    fn bundles<'a>(
        &'a self,
        last: &'static str,
        bundle: &'static str,
        kind: Option<&'a str>,
    ) -> impl Stream<Item = Result<String, OpenError>> + 'a {
        let of = move |from: i64| async move {
            let mut query = sqlx::query_scalar(bundle).bind(from).bind(from + AT_ONCE);
            if let Some(kind) = kind {
                query = query.bind(kind);
            }
            let text: Option<String> = query.fetch_one(&self.pool).await?;
            Ok::<_, OpenError>(text)
        };
        let all = async move {
            let last: Option<i64> = sqlx::query_scalar(last).fetch_one(&self.pool).await?;
            let starts = (0..last.unwrap_or_default()).step_by(AT_ONCE as usize);
            Ok::<_, OpenError>(
                futures_util::stream::iter(starts).then(of).try_filter_map(async |text| Ok(text)),
            )
        };
        futures_util::stream::once(all).try_flatten()
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

/// The records of a bundle of their parts, which stand beside one another.
fn wholes(kind: &str, bundle: &str) -> Vec<Result<Whole, OpenError>> {
    let parts: Vec<[&str; 3]> = bundle
        .split(RECORD)
        .filter_map(|line| {
            let mut words = line.splitn(3, WORD);
            Some([words.next()?, words.next()?, words.next()?])
        })
        .collect();
    parts
        .chunk_by(|a, b| a[0] == b[0])
        .map(|parts| {
            let id = parts.first().map_or("", |part| part[1]);
            of(kind, id, parts.iter().map(|part| part[2]))
        })
        .collect()
}

fn of<'a>(kind: &str, id: &str, parts: impl Iterator<Item = &'a str>) -> Result<Whole, OpenError> {
    let known = id.to_owned();
    Ok(match kind {
        "programme" => Whole::Programme(known, Box::new(laid_over(id, parts)?)),
        "occupation" => Whole::Occupation(known, Box::new(laid_over(id, parts)?)),
        "faq" => Whole::Question(known, Box::new(laid_over(id, parts)?)),
        _ => Whole::Institution(known, Box::new(laid_over(id, parts)?)),
    })
}
