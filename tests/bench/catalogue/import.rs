//! What an import costs at the size of the country: the published formats, written by the generator, until a catalogue
//! is in service with its index; beside bare inserts of the very rows that it wrote, and beside bookings in another file at the same time.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, atomic::AtomicBool},
    time::{Duration, Instant},
};

use passerelle_catalogue::{
    file::Folder,
    import::{Order, import},
};
use rusqlite::{Connection, OpenFlags, params_from_iter, types::Value};
use serde::{Deserialize, Serialize};

use crate::clock;

/// The country.
const SCALE: f64 = 1.0;
/// Rows that are read before the clock runs.
const ROWS: usize = 5_000;
/// Between two bookings: nobody books faster.
const PAUSE: Duration = Duration::from_millis(5);
/// Bookings while nothing is imported.
const QUIET: usize = 400;

/// What a process that imports says of itself.
#[derive(Serialize, Deserialize)]
pub struct Imported {
    /// Of the processor, with all threads.
    pub milliseconds: f64,
    /// By the clock on the wall.
    pub wall: f64,
    /// The most memory that it held, MB.
    pub megabytes: f64,
    /// Records in service at the end.
    pub records: u64,
    /// The file of the catalogue.
    pub file: PathBuf,
}

/// Milliseconds of the processor that bare inserts take.
pub struct Bare {
    /// Row after row into tables with their indexes.
    pub plain: f64,
    /// In the quickest way that is known.
    pub quickest: f64,
}

/// What was measured.
pub struct Measured {
    pub imported: Imported,
    pub bare: Bare,
    /// Microseconds of each booking, by the clock on the wall.
    pub meanwhile: Vec<f64>,
    pub quiet: Vec<f64>,
}

/// Imports the files of a folder into another, and prints what it took: the whole of a process of its own.
pub fn alone(files: &Path, folder: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let order = Order {
        paths: vec![files.to_owned()],
        folder: Folder::new(folder),
        release: "1".to_owned(),
        origin: None,
    };
    let begun = Instant::now();
    let (milliseconds, report) = clock::millis(|| {
        runtime.block_on(import(order, |_| (), Arc::new(AtomicBool::new(false)))).expect("an import")
    });
    let wall = begun.elapsed().as_secs_f64() * 1e3;
    let pointer = Folder::new(folder).in_service().expect("a pointer").expect("a catalogue in service");
    let imported = Imported {
        milliseconds,
        wall,
        megabytes: clock::most_megabytes(),
        records: report.records,
        file: folder.join(pointer.file),
    };
    println!("{}", serde_json::to_string(&imported).expect("numbers and words"));
}

/// Everything, in a folder that may be filled.
pub fn measure(folder: &Path) -> Measured {
    let (files, catalogues) = (folder.join("published"), folder.join("catalogues"));
    std::fs::create_dir(&catalogues).expect("a folder");
    passerelle_demo::national::write(&files, SCALE, 1).expect("the published files");
    let bookings = Bookings::at(&folder.join("bookings.sqlite"));
    let quiet = (0..QUIET).map(|_| bookings.one()).collect();
    let program = std::env::current_exe().expect("this program");
    let mut child = Command::new(program)
        .arg("--import")
        .args([&files, &catalogues])
        .stdout(Stdio::piped())
        .spawn()
        .expect("it runs");
    let mut meanwhile = Vec::new();
    while runs(&mut child) {
        meanwhile.push(bookings.one());
    }
    let said = child.wait_with_output().expect("it ends").stdout;
    let imported: Imported = serde_json::from_slice(&said).expect("what it says of itself");
    let bare = bare_inserts(&imported.file, folder);
    Measured { imported, bare, meanwhile, quiet }
}

fn runs(child: &mut Child) -> bool {
    child.try_wait().expect("a child").is_none()
}

/// A database as a desk has one, in which somebody books.
struct Bookings(Connection);

impl Bookings {
    fn at(path: &Path) -> Self {
        let connection = Connection::open(path).expect("a database");
        connection
            .execute_batch(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 CREATE TABLE appointment (id INTEGER PRIMARY KEY, body TEXT);
                 CREATE TABLE outbox (id INTEGER PRIMARY KEY, body TEXT);",
            )
            .expect("tables");
        Self(connection)
    }

    /// The microseconds of one, kept on the disk.
    fn one(&self) -> f64 {
        std::thread::sleep(PAUSE);
        let body = "an appointment, as a command and as a row: ".repeat(8);
        let begun = Instant::now();
        let transaction = self.0.unchecked_transaction().expect("a transaction");
        for table in ["appointment", "outbox"] {
            let insert = format!("INSERT INTO {table} (body) VALUES (?)");
            transaction.prepare_cached(&insert).and_then(|mut row| row.execute([&body])).expect("a row");
        }
        transaction.commit().expect("kept");
        begun.elapsed().as_secs_f64() * 1e6
    }
}

/// What it takes to insert the rows of one catalogue into an empty one: as anybody would, row after row into tables that
/// have their indexes; and in the quickest way that is known, without a journal and with the indexes last. Either in one
/// transaction, with a statement that is prepared once.
fn bare_inserts(from: &Path, folder: &Path) -> Bare {
    const SCHEMA: &str = include_str!("../../../migrations/catalogue/schema.sql");
    const INDEXES: &str = include_str!("../../../migrations/catalogue/indexes.sql");
    let plain = Inserts::into(&folder.join("plain.sqlite"), "", &[SCHEMA, INDEXES]).of(from, "");
    let quick = "PRAGMA page_size = 16384; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
                 PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32000; PRAGMA temp_store = MEMORY;";
    let quickest = Inserts::into(&folder.join("quick.sqlite"), quick, &[SCHEMA]).of(from, INDEXES);
    Bare { plain, quickest }
}

/// A database that rows are inserted into.
struct Inserts {
    write: Connection,
    milliseconds: f64,
}

impl Inserts {
    fn into(path: &Path, settings: &str, tables: &[&str]) -> Self {
        let write = Connection::open(path).expect("a database");
        write.execute_batch(settings).expect("settings");
        for sql in tables {
            write.execute_batch(sql).expect("tables");
        }
        Self { write, milliseconds: 0.0 }
    }

    fn timed(&mut self, sql: &str) {
        self.milliseconds += clock::millis(|| self.write.execute_batch(sql).expect("done")).0;
    }

    /// Milliseconds of the processor for all rows of a catalogue. Reading them is not counted.
    fn of(mut self, from: &Path, at_the_end: &str) -> f64 {
        let read = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY).expect("a catalogue");
        self.timed("BEGIN");
        for table in ["source", "entry", "part", "offering", "link", "domain"] {
            let mut rows = read.prepare(&format!("SELECT * FROM {table}")).expect("a table");
            let width = rows.column_count();
            let insert = format!("INSERT INTO {table} VALUES ({})", vec!["?"; width].join(","));
            let mut rows = rows.query([]).expect("rows");
            let mut waiting: Vec<Vec<Value>> = Vec::with_capacity(ROWS);
            let mut more = true;
            while more {
                waiting.clear();
                while waiting.len() < ROWS
                    && let Some(row) = rows.next().expect("a row")
                {
                    waiting.push(
                        (0..width).map(|column| row.get::<_, Value>(column).expect("a value")).collect(),
                    );
                }
                more = waiting.len() == ROWS;
                let write = &self.write;
                self.milliseconds += clock::millis(|| {
                    let mut statement = write.prepare_cached(&insert).expect("a statement");
                    for row in &waiting {
                        statement.execute(params_from_iter(row)).expect("a row");
                    }
                })
                .0;
            }
        }
        self.timed(at_the_end);
        self.timed("COMMIT");
        self.milliseconds
    }
}
