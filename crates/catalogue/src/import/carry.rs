//! Takes over from the catalogue in service what the new files do not replace: all of the datasets that are not among
//! them, and, marked as gone, what those that are do not have any more.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::TryStreamExt;

use super::ImportError;
use super::gather::Gathered;
use super::known::{Heading, Known};
use crate::file::{Batch, Catalogue, Gathering, LinkRow, OfferingRow, PartRow, SourceRow, Writer, batches};
use crate::readers::{Fault, FaultKind};

/// The datasets of the new files and what stands for the old ones.
struct Sources {
    /// Old number to new number.
    renumbered: HashMap<i64, i64>,
    /// Old number to its dataset.
    dataset: HashMap<i64, String>,
    /// Datasets that the new files replace, with the numbers of these files.
    replaced: HashMap<String, Vec<i64>>,
}

/// Adds to `gathered` and `writer` what stays.
pub(super) async fn carry(
    old: &Catalogue,
    gathered: &mut Gathered,
    writer: &mut Writer,
    stop: &AtomicBool,
) -> Result<(), ImportError> {
    let Some(release) = gathered.sources.first().map(|s| s.release.clone()) else { return Ok(()) };
    let sources = sources(old, gathered).await?;
    parts(old, gathered, writer, &sources, &release, stop).await?;
    offerings(old, gathered, writer, &sources, &release, stop).await?;
    links(old, writer, &sources, stop).await?;
    domains(old, writer, &sources).await?;
    Ok(())
}

async fn sources(old: &Catalogue, gathered: &mut Gathered) -> Result<Sources, ImportError> {
    let datasets: HashSet<String> = gathered.sources.iter().map(|s| s.dataset.clone()).collect();
    let replaced =
        datasets.into_iter().map(|dataset| (dataset.clone(), gathered.of_dataset(&dataset))).collect();
    type Row = (i64, String, String, String, String, Option<String>, String, String);
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, dataset, title, publisher, licence, published, file, release FROM source ORDER BY id",
    )
    .fetch_all(old.pool())
    .await?;
    let mut sources = Sources { renumbered: HashMap::new(), dataset: HashMap::new(), replaced };
    for (number, dataset, title, publisher, licence, published, file, release) in rows {
        let id = i64::try_from(gathered.sources.len()).unwrap_or(i64::MAX - 1) + 1;
        sources.renumbered.insert(number, id);
        sources.dataset.insert(number, dataset.clone());
        gathered.sources.push(SourceRow { id, dataset, title, publisher, licence, published, file, release });
    }
    Ok(sources)
}

impl Sources {
    fn number(&self, old: i64) -> i64 {
        self.renumbered.get(&old).copied().unwrap_or_default()
    }

    fn dataset(&self, old: i64) -> &str {
        self.dataset.get(&old).map_or("", String::as_str)
    }

    fn is_replaced(&self, old: i64) -> bool {
        self.replaced.contains_key(self.dataset(old))
    }
}

/// Refuses once somebody asked to stop.
pub(super) fn go_on(stop: &AtomicBool) -> Result<(), ImportError> {
    if stop.load(Ordering::Relaxed) {
        return Err(Fault::new(FaultKind::Stopped, "", "l’import a été arrêté").into());
    }
    Ok(())
}

const KINDS: [&str; 4] = ["programme", "institution", "occupation", "faq"];

async fn parts(
    old: &Catalogue,
    gathered: &mut Gathered,
    writer: &mut Writer,
    sources: &Sources,
    release: &str,
    stop: &AtomicBool,
) -> Result<(), ImportError> {
    type Row = (String, String, String, String, String, bool, i64, i64, Option<String>, String);
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT entry.id, entry.kind, entry.title, entry.subtitle, entry.uai, entry.office,
                part.source, part.rank, part.gone_since, part.body
         FROM part JOIN entry ON entry.seq = part.entry
         ORDER BY part.seq",
    )
    .fetch(old.pool());
    let mut kept = Gathering::new(Batch::Parts);
    while let Some((id, kind, title, subtitle, uai, office, source, rank, gone, body)) =
        rows.try_next().await?
    {
        // What was only known by its UAI may have an identifier of Onisep now.
        let id = match gathered.known.by_uai(&uai) {
            Some(known) if id == uai => known.to_owned(),
            _ => id,
        };
        let replaced = sources.is_replaced(source);
        let files = sources.replaced.get(sources.dataset(source));
        if files.is_some_and(|files| gathered.known.was_told(&id, files.iter().copied())) {
            continue;
        }
        let gone = gone.or_else(|| replaced.then(|| release.to_owned()));
        let kind = KINDS.into_iter().find(|k| *k == kind).unwrap_or("institution");
        let heading = Heading { kind, title, subtitle, uai, office };
        let at = gathered.known.entry(&id, heading, rank, gone.as_deref());
        if !gathered.known.tell(at, 0, &body) {
            continue;
        }
        let source = sources.number(source);
        let row = PartRow { entry: Known::seq(at), source, rank, gone_since: gone, body };
        if let Some(full) = kept.push(row) {
            go_on(stop)?;
            writer.write(full).await?;
        }
    }
    writer.write(kept.rest()).await?;
    Ok(())
}

async fn offerings(
    old: &Catalogue,
    gathered: &mut Gathered,
    writer: &mut Writer,
    sources: &Sources,
    release: &str,
    stop: &AtomicBool,
) -> Result<(), ImportError> {
    type Row = (String, String, String, i64, Option<String>, String);
    let mut rows = sqlx::query_as::<_, Row>(
        "SELECT id, programme, institution, source, gone_since, body FROM offering ORDER BY seq",
    )
    .fetch(old.pool());
    let mut kept = Gathering::new(Batch::Offerings);
    while let Some((id, programme, institution, source, gone, body)) = rows.try_next().await? {
        if !gathered.known.offer(&id, &programme, &institution) {
            continue;
        }
        let gone_since = gone.or_else(|| sources.is_replaced(source).then(|| release.to_owned()));
        if gone_since.is_none() {
            let kept = gathered.given.add_kept(&id, &programme, &institution, &body);
            kept.map_err(|error| ImportError::Index(error.into()))?;
        }
        let source = sources.number(source);
        let row = OfferingRow { id, programme, institution, source, gone_since, body };
        if let Some(full) = kept.push(row) {
            go_on(stop)?;
            writer.write(full).await?;
        }
    }
    writer.write(kept.rest()).await?;
    Ok(())
}

/// Links of datasets that are replaced are those of the new files; a record that is gone still names its own.
async fn links(
    old: &Catalogue,
    writer: &mut Writer,
    sources: &Sources,
    stop: &AtomicBool,
) -> Result<(), ImportError> {
    type Row = (i64, String, String, String, String);
    let mut rows =
        sqlx::query_as::<_, Row>("SELECT source, kind, origin, target, label FROM link ORDER BY seq")
            .fetch(old.pool());
    let mut kept = Gathering::new(Batch::Links);
    while let Some((source, kind, origin, target, label)) = rows.try_next().await? {
        if sources.is_replaced(source) {
            continue;
        }
        let known = ["occupation", "programme", "related", "university", "about"];
        let Some(kind) = known.into_iter().find(|k| *k == kind) else { continue };
        let row = LinkRow { source: sources.number(source), kind, origin, target, label };
        if let Some(full) = kept.push(row) {
            go_on(stop)?;
            writer.write(full).await?;
        }
    }
    writer.write(kept.rest()).await?;
    Ok(())
}

async fn domains(old: &Catalogue, writer: &mut Writer, sources: &Sources) -> Result<(), ImportError> {
    let rows: Vec<(i64, String, String)> =
        sqlx::query_as("SELECT source, domain, subdomain FROM domain ORDER BY seq")
            .fetch_all(old.pool())
            .await?;
    let kept = rows
        .into_iter()
        .filter(|(source, ..)| !sources.is_replaced(*source))
        .map(|(source, domain, subdomain)| (sources.number(source), domain, subdomain));
    for batch in batches(kept, Batch::Domains) {
        writer.write(batch).await?;
    }
    Ok(())
}
