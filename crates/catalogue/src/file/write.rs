//! Writing a new file: one transaction, no journal. A file that is not finished is thrown
//! away, so nothing needs to be taken back in it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use super::{FORMAT, INDEXES, SCHEMA, meta};

/// Rows that are handed over at once.
pub(crate) const ROWS: usize = 400;

/// Bytes of a page. The file is written once and read in stretches: with four times the usual size it is 4 %
/// smaller, and a quarter as many pages are asked for.
const PAGE: u32 = 16_384;

/// A row of `source`.
#[derive(Debug, Clone)]
pub(crate) struct SourceRow {
    pub id: i64,
    pub dataset: String,
    pub title: String,
    pub publisher: String,
    pub licence: String,
    pub published: Option<String>,
    pub file: String,
    pub release: String,
}

/// A row of `entry`.
#[derive(Debug, Clone)]
pub(crate) struct EntryRow {
    pub seq: i64,
    pub id: String,
    pub kind: &'static str,
    pub title: String,
    pub subtitle: String,
    pub uai: String,
    pub named_only: bool,
    pub office: bool,
    pub gone_since: Option<String>,
}

/// A row of `part`.
#[derive(Debug, Clone)]
pub(crate) struct PartRow {
    pub entry: i64,
    pub source: i64,
    pub rank: i64,
    pub gone_since: Option<String>,
    pub body: String,
}

/// A row of `offering`.
#[derive(Debug, Clone)]
pub(crate) struct OfferingRow {
    pub id: String,
    pub programme: String,
    pub institution: String,
    pub source: i64,
    pub gone_since: Option<String>,
    pub body: String,
}

/// A row of `link`.
#[derive(Debug, Clone)]
pub(crate) struct LinkRow {
    pub source: i64,
    pub kind: &'static str,
    pub origin: String,
    pub target: String,
    pub label: String,
}

/// Rows of one table, at most [`ROWS`].
#[derive(Debug)]
pub(crate) enum Batch {
    /// `source`.
    Sources(Vec<SourceRow>),
    /// `entry`.
    Entries(Vec<EntryRow>),
    /// `part`.
    Parts(Vec<PartRow>),
    /// `offering`.
    Offerings(Vec<OfferingRow>),
    /// `link`.
    Links(Vec<LinkRow>),
    /// `domain`: source, domaine, sous-domaine.
    Domains(Vec<(i64, String, String)>),
}

impl Batch {
    /// Which table, as [`TABLES`] has them.
    fn table(&self) -> usize {
        match self {
            Self::Sources(_) => 0,
            Self::Entries(_) => 1,
            Self::Parts(_) => 2,
            Self::Offerings(_) => 3,
            Self::Links(_) => 4,
            Self::Domains(_) => 5,
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Sources(rows) => rows.len(),
            Self::Entries(rows) => rows.len(),
            Self::Parts(rows) => rows.len(),
            Self::Offerings(rows) => rows.len(),
            Self::Links(rows) => rows.len(),
            Self::Domains(rows) => rows.len(),
        }
    }
}

/// Rows of one table that wait until there are enough for a statement.
pub(crate) struct Gathering<T> {
    rows: Vec<T>,
    batch: fn(Vec<T>) -> Batch,
}

impl<T> Gathering<T> {
    /// Rows that become such batches.
    pub(crate) const fn new(batch: fn(Vec<T>) -> Batch) -> Self {
        Self { rows: Vec::new(), batch }
    }

    /// Adds a row. Gives a batch when that fills one.
    pub(crate) fn push(&mut self, row: T) -> Option<Batch> {
        if self.rows.is_empty() {
            self.rows.reserve_exact(ROWS);
        }
        self.rows.push(row);
        (self.rows.len() == ROWS).then(|| self.rest())
    }

    /// What is left; it may be nothing.
    pub(crate) fn rest(&mut self) -> Batch {
        (self.batch)(std::mem::take(&mut self.rows))
    }
}

/// Rows that are all there, in batches.
pub(crate) fn batches<T>(
    rows: impl IntoIterator<Item = T>,
    batch: fn(Vec<T>) -> Batch,
) -> impl Iterator<Item = Batch> {
    let mut rows = rows.into_iter();
    std::iter::from_fn(move || {
        let next: Vec<T> = rows.by_ref().take(ROWS).collect();
        (!next.is_empty()).then(|| batch(next))
    })
}

/// A file being written, by a thread of its own. It is SQLite without the pool of the desk: that binds every value as a
/// piece of memory of its own and hands statements from thread to thread, which together cost as much as the rows.
pub(crate) struct Writer {
    batches: mpsc::Sender<Batch>,
    written: JoinHandle<io::Result<File>>,
}

/// Batches that may wait to be written; what bounds the memory between the two sides.
const WAITING: usize = 4;

impl Writer {
    /// A new file at `path`, which must not exist.
    pub(crate) async fn create(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        let mut file = on_a_thread(move || File::create(&path)).await??;
        let (batches, mut waiting) = mpsc::channel::<Batch>(WAITING);
        let written = spawn_blocking(move || {
            while let Some(batch) = waiting.blocking_recv() {
                file.write(&batch)?;
            }
            Ok(file)
        });
        Ok(Self { batches, written })
    }

    /// Adds the rows of a batch. What goes wrong with them may be said by the next call only, and by
    /// [`Writer::finish`] at the latest.
    pub(crate) async fn write(&mut self, batch: Batch) -> io::Result<()> {
        if self.batches.send(batch).await.is_ok() {
            return Ok(());
        }
        // Its thread has ended, which it does when it cannot write.
        match (&mut self.written).await.map_err(io::Error::other)? {
            Err(error) => Err(error),
            Ok(_) => Err(io::Error::other("the file was ended before its last row")),
        }
    }

    /// Makes the indexes, counts, checks the file from end to end and closes it. Gives how many records it has and how
    /// many links lead nowhere.
    pub(crate) async fn finish(self, release: &str) -> io::Result<Finished> {
        drop(self.batches);
        let file = self.written.await.map_err(io::Error::other)??;
        let release = release.to_owned();
        on_a_thread(move || file.finish(&release)).await?
    }
}

/// Work that takes long, on a thread where it holds up nobody.
pub(crate) async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.map_err(io::Error::other)
}

/// The same on its thread.
struct File {
    connection: Connection,
    counted: Counted,
}

/// What was written, counted on the way: asking the file again would be to read all of it.
#[derive(Default)]
struct Counted {
    /// Rows of each table, in the order of [`Batch`].
    rows: [u64; 6],
    offerings: i64,
    gone: i64,
    /// Entries that are not gone.
    by_kind: BTreeMap<&'static str, i64>,
}

impl Counted {
    fn note(&mut self, batch: &Batch) {
        self.rows[batch.table()] += batch.len() as u64;
        match batch {
            Batch::Entries(rows) => {
                for row in rows {
                    match row.gone_since {
                        None => *self.by_kind.entry(row.kind).or_default() += 1,
                        Some(_) => self.gone += 1,
                    }
                }
            }
            Batch::Offerings(rows) => {
                for row in rows {
                    match row.gone_since {
                        None => self.offerings += 1,
                        Some(_) => self.gone += 1,
                    }
                }
            }
            _ => {}
        }
    }
}

/// Table and columns, in the order of [`Batch`].
const TABLES: [(&str, &str, usize); 6] = [
    ("source", "id, dataset, title, publisher, licence, published, file, release", 8),
    ("entry", "seq, id, kind, title, subtitle, uai, named_only, office, gone_since", 9),
    ("part", "entry, source, rank, gone_since, body", 5),
    ("offering", "id, programme, institution, source, gone_since, body", 6),
    ("link", "source, kind, origin, target, label", 5),
    ("domain", "source, domain, subdomain", 3),
];

/// Links, and ends of offerings that are not gone, that are no entry. Of each identifier once whether it is one: the
/// indexes have them in order, and offerings name the same few thousand again and again.
const DANGLING: &str = "
    WITH programmes AS (SELECT DISTINCT programme AS id FROM offering),
         institutions AS (SELECT DISTINCT institution AS id FROM offering),
         targets AS (SELECT DISTINCT target AS id FROM link)
    SELECT
      (SELECT count(*) FROM link WHERE target IN
        (SELECT id FROM targets WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.id = targets.id)))
    + (SELECT count(*) FROM offering WHERE gone_since IS NULL AND programme IN
        (SELECT id FROM programmes WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.id = programmes.id)))
    + (SELECT count(*) FROM offering WHERE gone_since IS NULL AND institution IN
        (SELECT id FROM institutions WHERE NOT EXISTS (SELECT 1 FROM entry WHERE entry.id = institutions.id)))";

impl File {
    fn create(path: &Path) -> io::Result<Self> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(of_disk)?;
        let begin = format!(
            "PRAGMA page_size = {PAGE}; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
             PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;
             {SCHEMA};
             BEGIN"
        );
        connection.execute_batch(&begin).map_err(of_disk)?;
        Ok(Self { connection, counted: Counted::default() })
    }

    fn write(&mut self, batch: &Batch) -> io::Result<()> {
        self.counted.note(batch);
        self.insert(batch).map_err(of_disk)
    }

    fn insert(&self, batch: &Batch) -> rusqlite::Result<()> {
        let table = batch.table();
        let mut row = self.connection.prepare_cached(&insert(table))?;
        match batch {
            Batch::Sources(rows) => rows.iter().try_for_each(|r| {
                row.execute(params![
                    r.id,
                    r.dataset,
                    r.title,
                    r.publisher,
                    r.licence,
                    r.published,
                    r.file,
                    r.release
                ])
                .map(drop)
            }),
            Batch::Entries(rows) => rows.iter().try_for_each(|r| {
                row.execute(params![
                    r.seq,
                    r.id,
                    r.kind,
                    r.title,
                    r.subtitle,
                    r.uai,
                    r.named_only,
                    r.office,
                    r.gone_since
                ])
                .map(drop)
            }),
            Batch::Parts(rows) => rows.iter().try_for_each(|r| {
                row.execute(params![r.entry, r.source, r.rank, r.gone_since, r.body]).map(drop)
            }),
            Batch::Offerings(rows) => rows.iter().try_for_each(|r| {
                row.execute(params![r.id, r.programme, r.institution, r.source, r.gone_since, r.body])
                    .map(drop)
            }),
            Batch::Links(rows) => rows.iter().try_for_each(|r| {
                row.execute(params![r.source, r.kind, r.origin, r.target, r.label]).map(drop)
            }),
            Batch::Domains(rows) => rows.iter().try_for_each(|(source, domain, subdomain)| {
                row.execute(params![source, domain, subdomain]).map(drop)
            }),
        }
    }

    fn finish(self, release: &str) -> io::Result<Finished> {
        let finished = self.finished(release).map_err(of_disk)?;
        self.connection.close().map_err(|(_, error)| of_disk(error))?;
        Ok(finished)
    }

    fn finished(&self, release: &str) -> rusqlite::Result<Finished> {
        self.connection.execute_batch(INDEXES)?;
        let Counted { rows, offerings, gone, by_kind } = &self.counted;
        let entries: i64 = by_kind.values().sum();
        let one = |sql: &str| self.connection.query_row(sql, [], |row| row.get::<_, i64>(0));
        let dangling = one(DANGLING)?;
        let facts = [
            (meta::FORMAT, FORMAT.to_owned()),
            (meta::RELEASE, release.to_owned()),
            (meta::RECORDS, (entries + offerings).to_string()),
            (meta::DANGLING, dangling.to_string()),
        ];
        for (name, value) in facts {
            self.connection.execute("INSERT INTO meta (name, value) VALUES (?, ?)", [name, &value])?;
        }
        self.connection.execute_batch("COMMIT")?;
        let sound: String = self.connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        let mut whole = sound == "ok";
        for ((name, ..), written) in TABLES.iter().zip(rows) {
            let count = one(&format!("SELECT count(*) FROM {name}"))?;
            whole &= u64::try_from(count).is_ok_and(|count| count == *written);
        }
        let (offerings, gone, by_kind) = (*offerings, *gone, by_kind.clone());
        Ok(Finished { whole, entries, offerings, dangling, gone, by_kind })
    }
}

fn insert(table: usize) -> String {
    let (name, columns, width) = TABLES[table];
    format!("INSERT INTO {name} ({columns}) VALUES ({})", vec!["?"; width].join(","))
}

/// What SQLite says of the disk, as the disk itself would: that it is full is another matter than that it is broken.
fn of_disk(error: rusqlite::Error) -> io::Error {
    let full = error.sqlite_error_code() == Some(ErrorCode::DiskFull);
    io::Error::new(if full { io::ErrorKind::StorageFull } else { io::ErrorKind::Other }, error)
}

/// What a finished file holds.
#[derive(Debug)]
pub(crate) struct Finished {
    /// Whether all rows that were sent are in it, and it is sound.
    pub whole: bool,
    /// Entries that are not gone.
    pub entries: i64,
    /// Offerings that are not gone.
    pub offerings: i64,
    /// Links whose end is in no file.
    pub dangling: i64,
    /// Entries and offerings that are gone.
    pub gone: i64,
    /// Entries of each kind that are not gone.
    pub by_kind: BTreeMap<&'static str, i64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_said_as_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut file = File::create(&folder.path().join("new.sqlite")).expect("a file");
        // SQLite says the same of a file that may not grow as of a disk that is full.
        file.connection.pragma_update(None, "max_page_count", 12).expect("a bound");
        let body = "x".repeat(10_000);
        let rows =
            (0..100).map(|entry| PartRow { entry, source: 1, rank: 1, gone_since: None, body: body.clone() });
        let error = file.write(&Batch::Parts(rows.collect())).expect_err("it does not fit");
        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{error}");
    }
}
