//! Writing a new file: rows in batches, one transaction, no journal. A file that is not finished is thrown
//! away, so nothing needs to be taken back in it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor};

use super::{FORMAT, INDEXES, SCHEMA, meta};

/// Rows in one statement. For SQLite a hundred would do; but each statement is handed from thread to thread and back.
pub(crate) const ROWS: usize = 400;

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

/// A file being written.
pub(crate) struct Writer {
    connection: SqliteConnection,
    /// The statements of full batches.
    full: [Option<Arc<str>>; 6],
    written: [u64; 6],
    counted: Counted,
}

/// What was written, counted on the way: asking the file again would be to read all of it.
#[derive(Default)]
struct Counted {
    offerings: i64,
    gone: i64,
    /// Entries that are not gone.
    by_kind: BTreeMap<&'static str, i64>,
}

impl Counted {
    fn note(&mut self, batch: &Batch) {
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

fn insert(table: usize, rows: usize) -> String {
    let (name, columns, width) = TABLES[table];
    let row = format!("({})", vec!["?"; width].join(","));
    format!("INSERT INTO {name} ({columns}) VALUES {}", vec![row; rows].join(","))
}

impl Writer {
    /// A new file at `path`, which must not exist.
    pub(crate) async fn create(path: &Path) -> sqlx::Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .pragma("locking_mode", "EXCLUSIVE")
            .pragma("cache_size", "-32000")
            .pragma("temp_store", "MEMORY")
            .disable_statement_logging();
        let mut connection = options.connect().await?;
        connection.execute(SCHEMA).await?;
        connection.execute("BEGIN").await?;
        Ok(Self { connection, full: [const { None }; 6], written: [0; 6], counted: Counted::default() })
    }

    /// Adds the rows of a batch.
    pub(crate) async fn write(&mut self, batch: Batch) -> sqlx::Result<()> {
        let (table, rows) = match &batch {
            Batch::Sources(rows) => (0, rows.len()),
            Batch::Entries(rows) => (1, rows.len()),
            Batch::Parts(rows) => (2, rows.len()),
            Batch::Offerings(rows) => (3, rows.len()),
            Batch::Links(rows) => (4, rows.len()),
            Batch::Domains(rows) => (5, rows.len()),
        };
        if rows == 0 {
            return Ok(());
        }
        self.counted.note(&batch);
        // One statement is prepared for full batches; the few others are not kept.
        let statement = if rows == ROWS {
            self.full[table].get_or_insert_with(|| insert(table, ROWS).into()).clone()
        } else {
            insert(table, rows).into()
        };
        // Names and question marks only: nothing of a file is in the statement.
        let mut query = sqlx::query(AssertSqlSafe(statement)).persistent(rows == ROWS);
        query = match batch {
            Batch::Sources(rows) => rows.into_iter().fold(query, |q, r| {
                q.bind(r.id)
                    .bind(r.dataset)
                    .bind(r.title)
                    .bind(r.publisher)
                    .bind(r.licence)
                    .bind(r.published)
                    .bind(r.file)
                    .bind(r.release)
            }),
            Batch::Entries(rows) => rows.into_iter().fold(query, |q, r| {
                q.bind(r.seq)
                    .bind(r.id)
                    .bind(r.kind)
                    .bind(r.title)
                    .bind(r.subtitle)
                    .bind(r.uai)
                    .bind(r.named_only)
                    .bind(r.office)
                    .bind(r.gone_since)
            }),
            Batch::Parts(rows) => rows.into_iter().fold(query, |q, r| {
                q.bind(r.entry).bind(r.source).bind(r.rank).bind(r.gone_since).bind(r.body)
            }),
            Batch::Offerings(rows) => rows.into_iter().fold(query, |q, r| {
                q.bind(r.id)
                    .bind(r.programme)
                    .bind(r.institution)
                    .bind(r.source)
                    .bind(r.gone_since)
                    .bind(r.body)
            }),
            Batch::Links(rows) => rows.into_iter().fold(query, |q, r| {
                q.bind(r.source).bind(r.kind).bind(r.origin).bind(r.target).bind(r.label)
            }),
            Batch::Domains(rows) => rows
                .into_iter()
                .fold(query, |q, (source, domain, subdomain)| q.bind(source).bind(domain).bind(subdomain)),
        };
        query.execute(&mut self.connection).await?;
        self.written[table] += rows as u64;
        Ok(())
    }

    /// Makes the indexes, counts, checks the file from end to end and closes it. Gives how many records it has and how
    /// many links lead nowhere.
    pub(crate) async fn finish(mut self, release: &str) -> sqlx::Result<Finished> {
        self.connection.execute(INDEXES).await?;
        let Counted { offerings, gone, by_kind } = self.counted;
        let entries: i64 = by_kind.values().sum();
        let dangling: i64 = sqlx::query_scalar(DANGLING).fetch_one(&mut self.connection).await?;
        let facts = [
            (meta::FORMAT, FORMAT.to_owned()),
            (meta::RELEASE, release.to_owned()),
            (meta::RECORDS, (entries + offerings).to_string()),
            (meta::DANGLING, dangling.to_string()),
        ];
        for (name, value) in facts {
            sqlx::query("INSERT INTO meta (name, value) VALUES (?, ?)")
                .bind(name)
                .bind(value)
                .execute(&mut self.connection)
                .await?;
        }
        self.connection.execute("COMMIT").await?;
        let sound: String =
            sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut self.connection).await?;
        let mut whole = sound == "ok";
        for (table, (name, ..)) in TABLES.iter().enumerate() {
            let count: i64 = sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {name}")))
                .fetch_one(&mut self.connection)
                .await?;
            whole &= u64::try_from(count).is_ok_and(|count| count == self.written[table]);
        }
        self.connection.close().await?;
        Ok(Finished { whole, entries, offerings, dangling, gone, by_kind })
    }
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
