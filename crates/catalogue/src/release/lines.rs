//! A catalogue as lines: one for each row, a JSON array that begins with its key.
//!
//! The first letter of a key is the table, and tables follow one another in this order: `s` source, `e` entry, `p` part,
//! `o` offering, `l` link, `d` domain. A source is known by its dataset and its rank among the sources of it, because
//! file names and dates change with each release and nothing else may change with them.

use std::collections::{BTreeMap, HashMap, HashSet};

use futures_util::TryStreamExt;
use serde_json::json;

use crate::file::{Catalogue, OpenError};

/// Tables, in the order in which they stand in a pack.
pub(super) const TABLES: [char; 6] = ['s', 'e', 'p', 'o', 'l', 'd'];

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// What it is known by.
    pub key: String,
    /// The whole of it, key included, without the end of the line.
    pub text: String,
    /// It is the desk's own and belongs to no release.
    pub own: bool,
}

/// Where lines go; the error is what stops the whole.
pub(super) trait Sink {
    /// Why it cannot go on.
    type Error: From<OpenError>;
    /// Takes a line.
    async fn take(&mut self, line: Line) -> Result<(), Self::Error>;
}

/// What is known of the sources of a catalogue.
struct Sources {
    /// Key by number.
    key: HashMap<i64, String>,
    /// Numbers of those that are no part of a release.
    own: HashSet<i64>,
}

impl Sources {
    fn key(&self, number: i64) -> &str {
        self.key.get(&number).map_or("", String::as_str)
    }

    fn is_own(&self, number: i64) -> bool {
        self.own.contains(&number)
    }
}

fn line(key: String, mut values: serde_json::Value, own: bool) -> Line {
    if let Some(values) = values.as_array_mut() {
        values.insert(0, json!(key));
    }
    Line { text: values.to_string(), key, own }
}

/// Gives the lines of one table of a catalogue, in the order of the file. `datasets` are those of the release; all others
/// are the desk's own. None: everything belongs to the release.
pub(super) async fn of_table<S: Sink>(
    catalogue: &Catalogue,
    table: char,
    datasets: Option<&HashSet<String>>,
    sink: &mut S,
) -> Result<(), S::Error> {
    let sources = sources(catalogue, datasets).await?;
    match table {
        's' => of_sources(catalogue, &sources, sink).await,
        'e' => of_entries(catalogue, &sources, sink).await,
        'p' => of_parts(catalogue, &sources, sink).await,
        'o' => of_offerings(catalogue, &sources, sink).await,
        'l' => of_links(catalogue, &sources, sink).await,
        _ => of_domains(catalogue, &sources, sink).await,
    }
}

async fn sources(catalogue: &Catalogue, datasets: Option<&HashSet<String>>) -> Result<Sources, OpenError> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT id, dataset FROM source ORDER BY id").fetch_all(catalogue.pool()).await?;
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut sources = Sources { key: HashMap::new(), own: HashSet::new() };
    for (id, dataset) in rows {
        if datasets.is_some_and(|datasets| !datasets.contains(&dataset)) {
            sources.own.insert(id);
        }
        let rank = seen.entry(dataset.clone()).or_default();
        sources.key.insert(id, format!("{dataset}#{rank}"));
        *rank += 1;
    }
    Ok(sources)
}

async fn of_sources<S: Sink>(catalogue: &Catalogue, sources: &Sources, sink: &mut S) -> Result<(), S::Error> {
    type Row = (i64, String, String, String, String, Option<String>, String, String);
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT id, dataset, title, publisher, licence, published, file, release FROM source ORDER BY id",
    )
    .fetch(catalogue.pool());
    while let Some((id, dataset, title, publisher, licence, published, file, release)) =
        rows.try_next().await.map_err(OpenError::from)?
    {
        let key = format!("s {}", sources.key(id));
        let values = json!([dataset, title, publisher, licence, published, file, release]);
        sink.take(line(key, values, sources.is_own(id))).await?;
    }
    Ok(())
}

async fn of_entries<S: Sink>(catalogue: &Catalogue, sources: &Sources, sink: &mut S) -> Result<(), S::Error> {
    // An entry is the desk's own when nothing but the desk's own datasets tells of it.
    let mut told: HashSet<i64> = HashSet::new();
    if !sources.own.is_empty() {
        let mut parts =
            sqlx::query_as::<_, (i64, i64)>("SELECT entry, source FROM part").fetch(catalogue.pool());
        while let Some((entry, source)) = parts.try_next().await.map_err(OpenError::from)? {
            if !sources.is_own(source) {
                told.insert(entry);
            }
        }
    }
    type Row = (i64, String, String, String, String, String, bool, bool, Option<String>);
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT seq, id, kind, title, subtitle, uai, named_only, office, gone_since FROM entry ORDER BY seq",
    )
    .fetch(catalogue.pool());
    while let Some((seq, id, kind, title, subtitle, uai, named_only, office, gone)) =
        rows.try_next().await.map_err(OpenError::from)?
    {
        let own = !sources.own.is_empty() && !told.contains(&seq);
        let key = format!("e {id}");
        let values = json!([id, kind, title, subtitle, uai, named_only, office, gone]);
        sink.take(line(key, values, own)).await?;
    }
    Ok(())
}

async fn of_parts<S: Sink>(catalogue: &Catalogue, sources: &Sources, sink: &mut S) -> Result<(), S::Error> {
    type Row = (String, i64, i64, Option<String>, String);
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT entry.id, part.source, part.rank, part.gone_since, part.body
         FROM entry CROSS JOIN part ON part.entry = entry.seq ORDER BY entry.seq, part.rank, part.seq",
    )
    .fetch(catalogue.pool());
    let mut of = (String::new(), 0);
    while let Some((id, source, rank, gone, body)) = rows.try_next().await.map_err(OpenError::from)? {
        let own = sources.is_own(source);
        if of.0 != id {
            of = (id.clone(), 0);
        }
        // The desk's own parts take no number of a release's.
        let key = if own { format!("p {id} own") } else { format!("p {id} {}", of.1) };
        of.1 += u32::from(!own);
        let values = json!([id, sources.key(source), rank, gone, body]);
        sink.take(line(key, values, own)).await?;
    }
    Ok(())
}

async fn of_offerings<S: Sink>(
    catalogue: &Catalogue,
    sources: &Sources,
    sink: &mut S,
) -> Result<(), S::Error> {
    type Row = (String, String, String, i64, Option<String>, String);
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT id, programme, institution, source, gone_since, body FROM offering ORDER BY seq",
    )
    .fetch(catalogue.pool());
    while let Some((id, programme, institution, source, gone, body)) =
        rows.try_next().await.map_err(OpenError::from)?
    {
        let key = format!("o {id} {institution} {programme}");
        let values = json!([id, programme, institution, sources.key(source), gone, body]);
        sink.take(line(key, values, sources.is_own(source))).await?;
    }
    Ok(())
}

async fn of_links<S: Sink>(catalogue: &Catalogue, sources: &Sources, sink: &mut S) -> Result<(), S::Error> {
    type Row = (i64, String, String, String, String);
    // The same link told twice by one dataset is one.
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT source, kind, origin, target, label FROM link
         WHERE seq IN (SELECT min(seq) FROM link GROUP BY source, kind, origin, target) ORDER BY seq",
    )
    .fetch(catalogue.pool());
    while let Some((source, kind, origin, target, label)) = rows.try_next().await.map_err(OpenError::from)? {
        let of = sources.key(source);
        let key = format!("l {of} {kind} {origin} {target}");
        let values = json!([of, kind, origin, target, label]);
        sink.take(line(key, values, sources.is_own(source))).await?;
    }
    Ok(())
}

async fn of_domains<S: Sink>(catalogue: &Catalogue, sources: &Sources, sink: &mut S) -> Result<(), S::Error> {
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT DISTINCT source, domain, subdomain FROM domain ORDER BY seq")
            .fetch_all(catalogue.pool())
            .await
            .map_err(OpenError::from)?;
    for (source, domain, subdomain) in rows {
        let of = sources.key(source);
        let key = format!("d {of} {domain}/{subdomain}");
        let values = json!([of, domain, subdomain]);
        sink.take(line(key, values, sources.is_own(source))).await?;
    }
    Ok(())
}
