//! What synchronisation promises of speed and size, measured on the real parts: central in a process of its own, on
//! SQLite and on PostgreSQL with every commit flushed, spoken to over HTTP; desks with their own database files. Beside it
//! what the same rows cost in bare SQL, in the same run. Prints one JSON array of measures for
//! `tests/bench/sync.bench.mjs`, and what it does to standard error.

#![allow(clippy::expect_used, missing_docs, reason = "a measure that cannot be made is a failure")]

mod ceiling;
mod desk;
mod idle;
#[path = "../agenda/office.rs"]
mod office;
mod prepared;
mod push;
#[path = "../catalogue/release.rs"]
mod release;
mod served;
#[path = "../../../crates/central/tests/postgres/server.rs"]
mod server;
mod storm;
mod wire;

use std::path::Path;

use passerelle_protocol::sync::{MAX_COMMANDS, office_scope};
use serde::Serialize;

use crate::prepared::{BOOKINGS, Prepared, copied};
use crate::served::Central;

/// As in the programs that are measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Each figure is the middle of so many runs, taken in turns, unless `--runs=N` says otherwise.
const RUNS: usize = 3;
/// Polls that are counted.
const POLLS: u64 = 1_000;

/// One line of the report.
#[derive(Debug, Serialize)]
struct Measure {
    what: String,
    unit: &'static str,
    values: Vec<f64>,
    /// The median must not be above.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    /// The same in bare SQL.
    against: Vec<Against>,
}

/// What it is compared with, and how many times as much it may take.
#[derive(Debug, Serialize)]
struct Against {
    what: String,
    values: Vec<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    most: Option<f64>,
}

fn measure(what: &str, unit: &'static str, values: Vec<f64>, target: Option<f64>) -> Measure {
    Measure { what: what.to_owned(), unit, values, target, against: Vec::new() }
}

/// One run, as it ends: the middle of all is told at the end.
fn took(what: &str, seconds: f64) -> f64 {
    say(&format!("{what}: {seconds:.2} s"));
    seconds
}

fn say(what: &str) {
    eprintln!("sync: {what}");
}

/// Bookings, and their ceilings.
#[derive(Default)]
struct Pushes {
    seconds: Vec<f64>,
    together: Vec<f64>,
    up: Vec<f64>,
    down: Vec<f64>,
    /// A transaction for each booking, and one for each request.
    ceilings: [Vec<f64>; 2],
}

impl Pushes {
    fn measures(self, on: &str, target: f64) -> Vec<Measure> {
        let [each, request] = self.ceilings;
        let mut alone =
            measure(&format!("{BOOKINGS} bookings of one desk, {on}"), "s", self.seconds, Some(target));
        alone.against = vec![
            Against { what: "bare SQL, a commit for each request".into(), values: request, most: Some(2.0) },
            Against { what: "bare SQL, a commit for each booking".into(), values: each, most: None },
        ];
        vec![
            alone,
            measure(
                &format!("eight desks at once, {} each, {on}", BOOKINGS / 8),
                "s",
                self.together,
                Some(4.0),
            ),
            measure("a booking on its way up", "bytes", self.up, Some(250.0)),
            measure("its verdict and what it changed on their way down", "bytes", self.down, None),
        ]
    }
}

async fn pushes(prepared: &Prepared) -> Vec<Measure> {
    let (mut file, mut server) = (Pushes::default(), Pushes::default());
    let scope = office_scope(&prepared.office);
    let head = prepared.heads.iter().find(|(s, _)| *s == scope).map_or(0, |(_, head)| *head);
    for run in 1..=prepared.runs {
        say(&format!("bookings, run {run}: SQLite"));
        let alone = prepared.sqlite("alone");
        note(&mut file, push::push(prepared, &Central::start(&alone, prepared.now, 0).url, 1).await);
        for (ceiling, per) in file.ceilings.iter_mut().zip([1, MAX_COMMANDS]) {
            let before = copied(&prepared.folder.join("filled.db"), &prepared.folder.join("bare.db"));
            ceiling.push(ceiling::sqlite(Path::new(&alone["sqlite:".len()..]), &before, &scope, head, per));
        }
        let central = Central::start(&prepared.sqlite("together"), prepared.now, 0);
        file.together.push(took("eight desks", push::push(prepared, &central.url, 8).await.seconds));
        drop(central);
        say(&format!("bookings, run {run}: PostgreSQL"));
        let alone = prepared.postgres("alone").await;
        note(&mut server, push::push(prepared, &Central::start(&alone, prepared.now, 0).url, 1).await);
        for (ceiling, per) in server.ceilings.iter_mut().zip([1, MAX_COMMANDS]) {
            let before = prepared.postgres("bare").await;
            ceiling.push(ceiling::postgres(&alone, &before, &scope, head, per).await);
        }
        let central = Central::start(&prepared.postgres("together").await, prepared.now, 0);
        server.together.push(took("eight desks", push::push(prepared, &central.url, 8).await.seconds));
    }
    let mut measures = file.measures("SQLite", 4.0);
    measures.extend(server.measures("PostgreSQL", 6.0));
    measures
}

fn note(pushes: &mut Pushes, one: push::Pushed) {
    pushes.seconds.push(took("one desk", one.seconds));
    pushes.up.push(one.up);
    pushes.down.push(one.down);
}

/// What a desk takes in, the first time and later.
async fn pulls(prepared: &Prepared) -> Vec<Measure> {
    let central = Central::start(&prepared.sqlite("pulled"), prepared.now, 0);
    push::caught_up(prepared, &central.url, 99).await;
    let (mut first, mut first_bytes) = (Vec::new(), Vec::new());
    let (mut later, mut later_bytes) = (Vec::new(), Vec::new());
    let mut desks = Vec::new();
    for run in 1..=prepared.runs {
        say(&format!("first synchronisation, run {run}"));
        let desk = desk::enrolled(prepared, &central.url, &format!("desk{run}")).await;
        let taken = desk::exchange(&desk).await;
        first.push(took("whole office", taken.seconds));
        first_bytes.push(taken.report.bytes_down as f64 / 1e6);
        desks.push(desk);
    }
    let documents: u64 = prepared.heads.iter().map(|(_, head)| head).sum();
    say("changes of others");
    push::push(prepared, &central.url, 1).await;
    for desk in &desks {
        let taken = desk::exchange(desk).await;
        assert_eq!(taken.report.pulled as usize, BOOKINGS, "all of them");
        later.push(took("changes", taken.seconds));
        later_bytes.push(taken.report.bytes_down as f64 / 1e6);
    }
    for desk in desks {
        desk.store().close().await;
    }
    let whole = format!("an office of the planned sizes on a new desk, {documents} changes");
    vec![
        measure(&whole, "s", first, Some(10.0)),
        measure("the same on the wire", "MB", first_bytes, None),
        measure(&format!("{BOOKINGS} changes of others pulled and stored"), "s", later, Some(1.5)),
        measure("the same on the wire", "MB", later_bytes, Some(1.0)),
    ]
}

/// A desk with everything still to be sent.
async fn waiting(prepared: &Prepared) -> Vec<Measure> {
    say(&format!("a desk books {BOOKINGS} times without central"));
    let waiting = desk::Waiting::make(prepared).await;
    let mut seconds = Vec::new();
    for run in 1..=prepared.runs {
        say(&format!("it comes back, run {run}"));
        seconds.push(took("converged", waiting.converge(prepared, &prepared.office).await.seconds));
    }
    vec![measure(&format!("a desk with {BOOKINGS} pending changes converges"), "s", seconds, Some(5.0))]
}

/// A desk to which nothing happens.
async fn idle(prepared: &Prepared) -> Vec<Measure> {
    say("polls to which nothing has happened");
    let address = prepared.postgres("idle").await;
    let central = Central::start(&address, prepared.now, 0);
    let line = idle::Line::to(&central.url).await;
    let desk = desk::enrolled(prepared, &line.url, "idle").await;
    desk::exchange(&desk).await;
    line.counted();
    let mut database = idle::Transactions::of(&address).await;
    let before = database.quiet().await;
    for _ in 0..POLLS {
        passerelle_office::sync::poll(&desk).await.expect("a poll");
    }
    let after = database.quiet().await;
    let (bytes, requests) = line.counted();
    desk.store().close().await;
    let each = |count: f64| vec![count / POLLS as f64];
    vec![
        measure("requests of an idle poll", "requests", each(requests as f64), Some(1.0)),
        measure("an idle poll on the wire, headers and all", "bytes", each(bytes as f64), Some(600.0)),
        // What the service asks by itself meanwhile is in it: a tenth of a question is none.
        measure(
            "transactions of the database for an idle poll",
            "transactions",
            each(after - before),
            Some(0.1),
        ),
    ]
}

/// All desks of the country, after an outage.
async fn storm(prepared: &Prepared) -> Vec<Measure> {
    let mut measures = Vec::new();
    for on in ["SQLite", "PostgreSQL"] {
        say(&format!("{} desks are enrolled, {on}", storm::DESKS));
        let address =
            if on == "SQLite" { prepared.sqlite("storm") } else { prepared.postgres("storm").await };
        let offices = storm::found(&address).await;
        let central = Central::start(&address, prepared.now, 0);
        let ready = storm::ready(prepared, &central, &offices).await;
        say("they come back");
        let drained = storm::come_back(&central, ready).await;
        took("all is sent", drained.seconds);
        let what = format!("{} desks come back with {} commands each, {on}", storm::DESKS, storm::EACH);
        let of = |what: &str, unit, value: f64| measure(&format!("{what}, {on}"), unit, vec![value], None);
        measures.extend([
            measure(&what, "s", vec![drained.seconds], None),
            measure(&format!("an exchange that was answered, {on}"), "ms", drained.calls_ms, None),
            of("told to come again", "times", drained.again as f64),
            of("not answered", "times", drained.unanswered as f64),
            of("most memory of central", "MB", drained.memory_mb),
        ]);
    }
    measures
}

/// The catalogue of the country at a desk: the whole, and what the next release changes of it.
fn catalogue(folder: &Path) -> Vec<Measure> {
    say("the catalogue of the country is published");
    let files = folder.join("published");
    passerelle_demo::national::write(&files, 1.0, 1).expect("the published files");
    let measured = release::measure(&files, folder);
    say(&format!("{} rows changed, both packs made in {:.1} s", measured.rows, measured.making));
    let one = |what: &str, unit, value, target| measure(what, unit, vec![value], target);
    vec![
        one("a desk makes its catalogue of the full pack", "s", measured.installing, Some(20.0)),
        one("the full pack", "MB", measured.full, Some(20.0)),
        one("the delta of one offering in a hundred", "MB", measured.delta, Some(0.3)),
        one("a desk follows by the delta", "s", measured.following, None),
    ]
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [mode, database, now, port] = arguments.as_slice()
        && mode == "--serve"
    {
        served::alone(database, now, port);
        return;
    }
    // Some of them alone, while one works on them.
    let (options, names): (Vec<_>, Vec<_>) = arguments.iter().partition(|a| a.starts_with("--"));
    let wanted = |name: &str| names.is_empty() || names.iter().any(|a| *a == name);
    let runs = options.iter().find_map(|o| o.strip_prefix("--runs=")?.parse().ok()).unwrap_or(RUNS);
    // Beside this program: a temporary folder may lie in memory, which has nothing to flush.
    let program = std::env::current_exe().expect("this program");
    let beside = program.parent().expect("its folder");
    let folder = tempfile::Builder::new().prefix("sync-").tempdir_in(beside).expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let mut measures = runtime.block_on(async {
        let prepared =
            Prepared::make(folder.path(), runs, ["push", "idle", "storm"].iter().any(|name| wanted(name)))
                .await;
        let mut measures = Vec::new();
        if wanted("push") {
            measures.extend(pushes(&prepared).await);
        }
        if wanted("pull") {
            measures.extend(pulls(&prepared).await);
        }
        if wanted("pending") {
            measures.extend(waiting(&prepared).await);
        }
        if wanted("idle") {
            measures.extend(idle(&prepared).await);
        }
        if wanted("storm") {
            measures.extend(storm(&prepared).await);
        }
        measures
    });
    // It has a runtime of its own, as an import has.
    if wanted("catalogue") {
        measures.extend(catalogue(folder.path()));
    }
    println!("{}", serde_json::to_string(&measures).expect("measures are numbers and words"));
}
