//! Making a catalogue of packs that arrived, beside the one in service, and putting it into service when it is whole.

use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::de::DeserializeOwned;
use tokio::sync::mpsc;

use super::lines::{self, Line, Sink, TABLES};
use super::pack::{Head, PackError, Said, Sum, Unpacking};
use crate::file::{
    Batch, Catalogue, EntryRow, Folder, Gathering, InService, LinkRow, OfferingRow, OpenError, PartRow,
    SourceRow, Writer,
};
use crate::import::{Progress, Stage, is_release_name};
use crate::indexed::{self, IndexError};

/// Lines that travel together from the thread that reads a pack, and how many such bundles may wait.
const BUNDLE: usize = 500;
const WAITING: usize = 8;

/// The release that is wanted, and the packs that make it.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Its name.
    pub release: String,
    /// Rows of it.
    pub rows: u64,
    /// Their sum.
    pub sum: String,
    /// Codes of its datasets; others are the desk's own and stay.
    pub datasets: Vec<String>,
    /// The full pack, or deltas one after the other, the first over the release in service.
    pub packs: Vec<PathBuf>,
}

/// Why a release is not put into service. The catalogue in service is as it was.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// A pack cannot be used.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The packs do not follow one another, or not what is in service.
    #[error("the pack makes {made} of {from}; {expected} was in service")]
    Chain {
        /// What it makes.
        made: String,
        /// Of what.
        from: String,
        /// What was there.
        expected: String,
    },
    /// What came out is not the release: a pack was changed, or the catalogue in service was.
    #[error("the rows are not those of the release")]
    NotTheRelease,
    /// Another import is at work in the same folder.
    #[error("another import is at work")]
    Busy,
    /// The catalogue in service cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The disk.
    #[error("the catalogue cannot be written: {0}")]
    Io(#[from] io::Error),
    /// No index can be made.
    #[error("the new catalogue cannot be indexed: {0}")]
    Index(#[from] IndexError),
    /// Somebody asked to stop.
    #[error("it was stopped")]
    Stopped,
}

/// Makes the release of its packs and puts it into service. `progress` is called some times a second; setting `stop` ends
/// it within a moment.
///
/// # Errors
/// [`InstallError`]; then nothing has changed.
pub async fn install(
    folder: &Folder,
    wanted: &Wanted,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
    stop: &Arc<AtomicBool>,
) -> Result<InService, InstallError> {
    // It becomes the name of a file.
    if !is_release_name(&wanted.release) {
        return Err(PackError::Damaged(format!("{:?} is no name of a release", wanted.release)).into());
    }
    let Some(lock) = folder.begin()? else { return Err(InstallError::Busy) };
    let name = folder.free_name(&wanted.release);
    let path = folder.file(&name);
    let done = match build(folder, &path, wanted, &*progress, stop).await {
        Ok(records) => indexed::make(&path, &name, records, wanted.rows, None, progress.clone(), stop)
            .await
            .map_err(|error| match error {
                IndexError::Stopped => InstallError::Stopped,
                other => other.into(),
            })
            .map(|()| records),
        Err(error) => Err(error),
    };
    let done = match done {
        Ok(records) => {
            let bytes = std::fs::metadata(&path)?.len();
            let pointer = InService { file: name, release: wanted.release.clone(), records, bytes };
            folder.put_in_service(&pointer)?;
            Ok(pointer)
        }
        Err(error) => {
            let _ = std::fs::remove_file(&path);
            let _ = std::fs::remove_file(indexed::index_path(&path));
            Err(error)
        }
    };
    drop(lock);
    done
}

/// Writes the new file and says how many records it has.
async fn build(
    folder: &Folder,
    path: &Path,
    wanted: &Wanted,
    progress: &(dyn Fn(Progress) + Send + Sync),
    stop: &AtomicBool,
) -> Result<u64, InstallError> {
    go_on(stop)?;
    let heads: Vec<Head> = wanted.packs.iter().map(|pack| head(pack)).collect::<Result<_, _>>()?;
    let base = match Catalogue::open(folder).await {
        Ok(base) => base,
        // A damaged one has nothing to give: a full pack mends it.
        Err(OpenError::Format { .. } | OpenError::Damaged { .. }) => None,
        Err(OpenError::Io(e)) if e.kind() == io::ErrorKind::InvalidData => None,
        Err(error) => return Err(error.into()),
    };
    let full = chain(&heads, base.as_ref().map_or("", Catalogue::release), &wanted.release)?;
    let datasets: HashSet<String> = wanted.datasets.iter().cloned().collect();
    let mut filling = Filling {
        writer: Writer::create(path).await?,
        progress,
        stop,
        total: wanted.rows,
        rows: 0,
        sum: Sum::default(),
        sources: HashMap::new(),
        entries: HashMap::new(),
        parts: Gathering::new(Batch::Parts),
        rest: Rest::default(),
    };
    if full {
        from_full(&mut filling, &wanted.packs[0]).await?;
        if let Some(base) = &base {
            for table in TABLES {
                lines::of_table(base, table, Some(&datasets), &mut Own(&mut filling)).await?;
            }
        }
    } else if let Some(base) = &base {
        let mut changes = Changes::default();
        for pack in &wanted.packs {
            changes.read(pack, stop)?;
        }
        for table in TABLES {
            lines::of_table(
                base,
                table,
                Some(&datasets),
                &mut Merging { filling: &mut filling, changes: &mut changes },
            )
            .await?;
            for text in changes.left(table) {
                filling.put(&text, true).await?;
            }
        }
    }
    if let Some(base) = base {
        base.close().await;
    }
    if (filling.rows, filling.sum.written()) != (wanted.rows, wanted.sum.clone()) {
        return Err(InstallError::NotTheRelease);
    }
    filling.finish(&wanted.release).await
}

fn head(pack: &Path) -> Result<Head, PackError> {
    let name = pack.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Unpacking::begin(File::open(pack)?, &name)?.head)
}

/// Whether the packs are one full one; refuses those that do not follow one another.
fn chain(heads: &[Head], in_service: &str, wanted: &str) -> Result<bool, InstallError> {
    let broken = |head: &Head, expected: &str| InstallError::Chain {
        made: head.release.clone(),
        from: head.from.clone().unwrap_or_default(),
        expected: expected.to_owned(),
    };
    let Some(first) = heads.first() else {
        return Err(PackError::Damaged("no pack at all".to_owned()).into());
    };
    let full = first.from.is_none();
    let mut at = if full { "" } else { in_service };
    for head in heads {
        if head.from.as_deref().unwrap_or_default() != at {
            return Err(broken(head, at));
        }
        at = &head.release;
    }
    if at != wanted {
        return Err(broken(first, wanted));
    }
    Ok(full)
}

/// What several deltas change, one after the other.
#[derive(Debug, Default)]
struct Changes {
    /// The last word on each key: a row, or nothing any more.
    by_key: HashMap<String, Option<String>>,
    /// Keys in the order in which they were first put.
    order: Vec<String>,
}

impl Changes {
    fn read(&mut self, pack: &Path, stop: &AtomicBool) -> Result<(), InstallError> {
        let mut reading = Unpacking::begin(File::open(pack)?, "the delta")?;
        while let Some(said) = reading.next()? {
            let (key, text) = match said {
                Said::Put(key, text) => (key, Some(text)),
                Said::Remove(key) => (key, None),
            };
            if self.by_key.insert(key.clone(), text).is_none() {
                self.order.push(key);
            }
            go_on(stop)?;
        }
        Ok(())
    }

    /// Rows of a table that are new, in their order.
    fn left(&mut self, table: char) -> Vec<String> {
        let keys: Vec<String> = self.order.iter().filter(|key| key.starts_with(table)).cloned().collect();
        keys.into_iter().filter_map(|key| self.by_key.remove(&key).flatten()).collect()
    }
}

fn go_on(stop: &AtomicBool) -> Result<(), InstallError> {
    if stop.load(Ordering::Relaxed) { Err(InstallError::Stopped) } else { Ok(()) }
}

/// Reads a full pack on a thread of its own and writes its rows.
async fn from_full(filling: &mut Filling<'_>, pack: &Path) -> Result<(), InstallError> {
    let (send, mut receive) = mpsc::channel::<Vec<String>>(WAITING);
    let file = File::open(pack)?;
    let reading = tokio::task::spawn_blocking(move || -> Result<(), PackError> {
        let mut reading = Unpacking::begin(file, "the pack")?;
        let mut bundle = Vec::with_capacity(BUNDLE);
        loop {
            match reading.next()? {
                Some(Said::Put(_, text)) => bundle.push(text),
                Some(Said::Remove(key)) => {
                    return Err(PackError::Damaged(format!("a full pack removes {key}")));
                }
                None => break,
            }
            // Nobody listens any more when writing has failed.
            if bundle.len() == BUNDLE && send.blocking_send(std::mem::take(&mut bundle)).is_err() {
                return Ok(());
            }
        }
        let _ = send.blocking_send(bundle);
        Ok(())
    });
    let mut written = Ok(());
    'rows: while let Some(bundle) = receive.recv().await {
        for text in bundle {
            written = filling.put(&text, true).await;
            if written.is_err() {
                break 'rows;
            }
        }
    }
    drop(receive);
    let read = reading.await.map_err(|e| io::Error::other(e.to_string()))?;
    written?;
    Ok(read?)
}

/// Takes the desk's own rows and passes over those of the release.
struct Own<'a, 'b>(&'a mut Filling<'b>);

impl Sink for Own<'_, '_> {
    type Error = InstallError;

    async fn take(&mut self, line: Line) -> Result<(), InstallError> {
        if line.own { self.0.put(&line.text, false).await } else { Ok(()) }
    }
}

/// Takes rows of the catalogue in service as the deltas leave them.
struct Merging<'a, 'b> {
    filling: &'a mut Filling<'b>,
    changes: &'a mut Changes,
}

impl Sink for Merging<'_, '_> {
    type Error = InstallError;

    async fn take(&mut self, line: Line) -> Result<(), InstallError> {
        if line.own {
            return self.filling.put(&line.text, false).await;
        }
        match self.changes.by_key.remove(&line.key) {
            None => self.filling.put(&line.text, true).await,
            Some(Some(text)) => self.filling.put(&text, true).await,
            Some(None) => Ok(()),
        }
    }
}

/// Rows of tables without much in them, on their way to the file.
struct Rest {
    sources: Gathering<SourceRow>,
    entries: Gathering<EntryRow>,
    offerings: Gathering<OfferingRow>,
    links: Gathering<LinkRow>,
    domains: Gathering<(i64, String, String)>,
}

impl Default for Rest {
    fn default() -> Self {
        Self {
            sources: Gathering::new(Batch::Sources),
            entries: Gathering::new(Batch::Entries),
            offerings: Gathering::new(Batch::Offerings),
            links: Gathering::new(Batch::Links),
            domains: Gathering::new(Batch::Domains),
        }
    }
}

/// A file being filled with rows.
struct Filling<'a> {
    writer: Writer,
    progress: &'a (dyn Fn(Progress) + Send + Sync),
    stop: &'a AtomicBool,
    total: u64,
    rows: u64,
    sum: Sum,
    sources: HashMap<String, i64>,
    entries: HashMap<String, i64>,
    parts: Gathering<PartRow>,
    rest: Rest,
}

/// Kinds of entries and of links, as the tables have them.
const KINDS: [&str; 4] = ["programme", "institution", "occupation", "faq"];
const LINKS: [&str; 5] = ["occupation", "programme", "related", "university", "about"];

fn read<T: DeserializeOwned>(text: &str) -> Result<T, InstallError> {
    serde_json::from_str(text).map_err(|e| PackError::Damaged(format!("a row is none: {e}")).into())
}

fn one_of(known: &'static [&'static str], word: &str) -> Result<&'static str, InstallError> {
    let found = known.iter().find(|known| **known == word).copied();
    found.ok_or_else(|| PackError::Damaged(format!("{word:?} is no kind")).into())
}

impl Filling<'_> {
    /// Writes a row; `counted` when it belongs to the release.
    async fn put(&mut self, text: &str, counted: bool) -> Result<(), InstallError> {
        if counted {
            self.rows += 1;
            self.sum.add(text);
        }
        if self.rows.is_multiple_of(2_000) {
            go_on(self.stop)?;
            let (done, total) = (self.rows, self.total);
            (self.progress)(Progress { stage: Stage::Keeping, file: String::new(), done, total, rows: done });
        }
        let batch = match text.as_bytes().get(2) {
            Some(b's') => self.source(text)?,
            Some(b'e') => self.entry(text)?,
            Some(b'p') => self.part(text)?,
            Some(b'o') => self.offering(text)?,
            Some(b'l') => self.link(text)?,
            Some(b'd') => self.domain(text)?,
            _ => return Err(PackError::Damaged("a row of no table".to_owned()).into()),
        };
        if let Some(batch) = batch {
            self.writer.write(batch).await?;
        }
        Ok(())
    }

    fn source(&mut self, text: &str) -> Result<Option<Batch>, InstallError> {
        type Row = (String, String, String, String, String, Option<String>, String, String);
        let (key, dataset, title, publisher, licence, published, file, release): Row = read(text)?;
        let id = i64::try_from(self.sources.len()).unwrap_or(i64::MAX - 1) + 1;
        self.sources.insert(key.get(2..).unwrap_or_default().to_owned(), id);
        let row = SourceRow { id, dataset, title, publisher, licence, published, file, release };
        Ok(self.rest.sources.push(row))
    }

    fn of_source(&self, key: &str) -> Result<i64, InstallError> {
        let known = self.sources.get(key).copied();
        known.ok_or_else(|| PackError::Damaged(format!("a row of {key:?}, which is not in it")).into())
    }

    fn entry(&mut self, text: &str) -> Result<Option<Batch>, InstallError> {
        type Row = (String, String, String, String, String, String, bool, bool, Option<String>);
        let (_, id, kind, title, subtitle, uai, named_only, office, gone_since): Row = read(text)?;
        let seq = i64::try_from(self.entries.len()).unwrap_or(i64::MAX - 1) + 1;
        // The desk's own row of what the release tells of since.
        if self.entries.contains_key(&id) {
            return Ok(None);
        }
        self.entries.insert(id.clone(), seq);
        let kind = one_of(&KINDS, &kind)?;
        let row = EntryRow { seq, id, kind, title, subtitle, uai, named_only, office, gone_since };
        Ok(self.rest.entries.push(row))
    }

    fn part(&mut self, text: &str) -> Result<Option<Batch>, InstallError> {
        type Row = (String, String, String, i64, Option<String>, String);
        let (_, id, source, rank, gone_since, body): Row = read(text)?;
        let source = self.of_source(&source)?;
        // What the desk added to a record that the release has no more goes with it.
        let Some(entry) = self.entries.get(&id).copied() else { return Ok(None) };
        Ok(self.parts.push(PartRow { entry, source, rank, gone_since, body }))
    }

    fn offering(&mut self, text: &str) -> Result<Option<Batch>, InstallError> {
        type Row = (String, String, String, String, String, Option<String>, String);
        let (_, id, programme, institution, source, gone_since, body): Row = read(text)?;
        let source = self.of_source(&source)?;
        let row = OfferingRow { id, programme, institution, source, gone_since, body };
        Ok(self.rest.offerings.push(row))
    }

    fn link(&mut self, text: &str) -> Result<Option<Batch>, InstallError> {
        type Row = (String, String, String, String, String, String);
        let (_, source, kind, origin, target, label): Row = read(text)?;
        let source = self.of_source(&source)?;
        let kind = one_of(&LINKS, &kind)?;
        Ok(self.rest.links.push(LinkRow { source, kind, origin, target, label }))
    }

    fn domain(&mut self, text: &str) -> Result<Option<Batch>, InstallError> {
        let (_, source, domain, subdomain): (String, String, String, String) = read(text)?;
        let source = self.of_source(&source)?;
        Ok(self.rest.domains.push((source, domain, subdomain)))
    }

    /// Ends the file and says how many records it has.
    async fn finish(mut self, release: &str) -> Result<u64, InstallError> {
        let left = [
            self.rest.sources.rest(),
            self.rest.entries.rest(),
            self.parts.rest(),
            self.rest.offerings.rest(),
            self.rest.links.rest(),
            self.rest.domains.rest(),
        ];
        for batch in left {
            self.writer.write(batch).await?;
        }
        let finished = self.writer.finish(release).await?;
        if !finished.whole {
            return Err(InstallError::NotTheRelease);
        }
        Ok(u64::try_from(finished.entries + finished.offerings).unwrap_or_default())
    }
}
