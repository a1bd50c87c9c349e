//! What the catalogue's own index promises of speed, at the planned size, beside what there is ready made, on the same
//! entries and questions in the same run: SQLite's full-text search, Tantivy, an R-tree, bare inserts. Times are of the
//! processor. Prints one JSON array of measures for `tests/bench/catalogue.bench.mjs`, and what it does to standard
//! error. Nothing is asserted of speed.

#![allow(clippy::expect_used, missing_docs, reason = "a measure that cannot be made is a failure")]

mod clock;
mod desk;
mod flat;
mod import;
mod questions;
mod release;
mod sqlite;
mod tantivy_index;

use std::{
    collections::HashMap,
    fs,
    hint::black_box,
    path::Path,
    process::Command,
    sync::atomic::{AtomicBool, Ordering},
};

use clock::{micros, millis};
use passerelle_catalogue::search::{Document, Facet, Index, Order, Query};
use questions::Question;
use serde::Serialize;

/// One line of the report.
#[derive(Serialize)]
struct Measure {
    what: String,
    unit: &'static str,
    values: Vec<f64>,
    /// What it stands beside.
    beside: Vec<Beside>,
    /// The 99th percentile must not be above.
    #[serde(skip_serializing_if = "Option::is_none")]
    ceiling: Option<f64>,
}

/// What a measure is compared with: at each of these shares it must be at most so many times as much.
#[derive(Serialize)]
struct Beside {
    what: String,
    values: Vec<f64>,
    targets: Vec<(&'static str, f64, f64)>,
}

fn measure(what: impl Into<String>, unit: &'static str, values: Vec<f64>, beside: Vec<Beside>) -> Measure {
    Measure { what: what.into(), unit, values, beside, ceiling: None }
}

fn beside(what: &str, values: Vec<f64>, targets: &[(&'static str, f64, f64)]) -> Beside {
    Beside { what: what.to_owned(), values, targets: targets.to_vec() }
}

/// How often the indexes are built beside each other; the middle one counts.
const BUILDS: usize = 3;

fn say(what: &str) {
    eprintln!("catalogue: {what}");
}

/// What the office does of a question: the hits, their texts in one query, what is marked in them.
fn ours(index: &Index, rows: &sqlite::Sqlite, question: &Question, facets: bool) -> Vec<String> {
    let filters = question.filters.iter().map(|(facet, value)| (*facet, vec![value.clone()])).collect();
    let order = if question.near.is_some() { Order::Distance } else { Order::Relevance };
    let answer =
        index.search(&Query { filters, near: question.near, order, facets, ..Query::new(&question.text) });
    let codes: Vec<&str> = answer.hits.iter().map(|hit| hit.id.as_str()).collect();
    let mut marking = answer.marker.begin();
    for text in rows.texts(&codes) {
        black_box(marking.snippet(&text, 160));
    }
    answer.hits.into_iter().map(|hit| hit.id).collect()
}

/// Microseconds of each question, asked in turns of each of these, so that what disturbs the machine disturbs all of
/// them; a first turn does not count, so that nothing is paid for the first time.
fn timed<const N: usize>(questions: &[Question], ask: [&dyn Fn(&Question); N]) -> [Vec<f64>; N] {
    let mut taken = [(); N].map(|()| vec![Vec::with_capacity(clock::TIMES); questions.len()]);
    for turn in 0..=clock::TIMES {
        for (number, question) in questions.iter().enumerate() {
            for (ask, taken) in ask.iter().zip(&mut taken) {
                let took = micros(|| ask(question)).0;
                if turn > 0 {
                    taken[number].push(took);
                }
            }
        }
    }
    taken.map(|taken| taken.into_iter().map(clock::middle).collect())
}

/// How many mistyped questions have what was meant in a title among the first three, in percent.
fn right(
    questions: &[Question],
    titles: &HashMap<&str, &str>,
    ask: impl Fn(&Question) -> Vec<String>,
) -> f64 {
    let folded = |text: &str| text.to_lowercase();
    let good = questions.iter().filter(|question| {
        let Some(meant) = question.meant.as_deref().map(folded) else { return false };
        let hits = ask(question);
        hits.iter()
            .take(3)
            .any(|id| titles.get(id.as_str()).is_some_and(|title| folded(title).contains(&meant)))
    });
    100.0 * good.count() as f64 / questions.len() as f64
}

fn size(folder: &Path) -> f64 {
    let entries = fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.and_then(|entry| entry.metadata()).map_or(0.0, |data| data.len() as f64))
        .sum::<f64>()
        / 1e6
}

/// What an import costs, and what it costs others.
fn imports(folder: &Path) -> [Measure; 4] {
    let measured = import::measure(folder);
    let imported = &measured.imported;
    say(&format!("{} records", imported.records));
    [
        measure(
            "T6 whole import: published formats read, rows, index, save",
            "ms",
            vec![imported.milliseconds],
            vec![
                beside(
                    "bare inserts of the same rows, one after the other",
                    vec![measured.bare.plain],
                    &[("p50", 0.5, 5.0)],
                ),
                beside("the quickest bare inserts known", vec![measured.bare.quickest], &[]),
            ],
        ),
        measure("whole import, by the clock on the wall", "ms", vec![imported.wall], vec![]),
        measure("most memory of a process that imports", "MB", vec![imported.megabytes], vec![]),
        measure(
            "T8 a booking kept on the disk while an import runs, by the clock on the wall",
            "µs",
            measured.meanwhile,
            vec![beside("while none runs", measured.quiet, &[])],
        ),
    ]
}

/// What a release of it weighs, and how long a desk takes with it.
fn releases(folder: &Path) -> [Measure; 5] {
    let measured = release::measure(&folder.join("published"), folder);
    say(&format!("{} rows of the release changed", measured.rows));
    let at_most = |what: &str, unit: &'static str, value: f64, most: f64| {
        let mut measure = measure(what, unit, vec![value], vec![]);
        measure.ceiling = Some(most);
        measure
    };
    [
        at_most("the full pack of a release", "MB", measured.full, 20.0),
        at_most("the delta of one offering in a hundred", "MB", measured.delta, 0.3),
        measure(
            "making a full pack and a delta, by the clock on the wall",
            "s",
            vec![measured.making],
            vec![],
        ),
        at_most(
            "a desk makes its catalogue of the full pack, by the clock on the wall",
            "s",
            measured.installing,
            20.0,
        ),
        measure(
            "a desk follows by the delta, by the clock on the wall",
            "s",
            vec![measured.following],
            vec![],
        ),
    ]
}

/// What the window's command costs over the catalogue that was imported.
fn desk(folder: &Path) -> Vec<Measure> {
    let asked = desk::measure(folder);
    let mut measures = vec![
        measure("the desk opens the catalogue", "µs", vec![asked.opening], vec![]),
        measure("the desk's first question after opening", "µs", vec![asked.first], vec![]),
        measure(
            "memory of a desk that searches",
            "MB",
            vec![asked.after],
            vec![beside("before it opened the catalogue", vec![asked.before], &[])],
        ),
    ];
    for (name, taken) in asked.classes {
        let mut command = measure(format!("T5 {name}, by the window's command"), "µs", taken, vec![]);
        command.ceiling = Some(8_000.0);
        measures.push(command);
    }
    measures.push(measure(
        "the window's command at each key while its desk imports, by the clock on the wall",
        "µs",
        asked.meanwhile,
        vec![beside("while nothing is imported", asked.quiet, &[])],
    ));
    measures
}

/// What a process that only searches takes of memory: printed in megabytes.
fn memory(file: &Path) {
    let index = Index::load(file, "1").expect("the same");
    for question in questions::typing() {
        black_box(index.search(&Query { facets: true, ..Query::new(&question.text) }));
    }
    println!("{}", clock::megabytes());
}

/// The same, asked of a process of its own.
fn memory_alone(file: &Path) -> f64 {
    let program = std::env::current_exe().expect("this program");
    let said = Command::new(program).arg("--memory").arg(file).output().expect("it runs").stdout;
    String::from_utf8_lossy(&said).trim().parse().expect("a number")
}

/// What stands after an argument, if so much does.
fn arguments_after(name: &str, count: usize) -> Option<Vec<String>> {
    let after: Vec<String> = std::env::args().skip_while(|a| a != name).skip(1).take(count).collect();
    (after.len() == count).then_some(after)
}

fn main() {
    if let Some(file) = arguments_after("--memory", 1) {
        memory(Path::new(&file[0]));
        return;
    }
    if let Some(folders) = arguments_after("--import", 2) {
        import::alone(Path::new(&folders[0]), Path::new(&folders[1]));
        return;
    }
    if let Some(folders) = arguments_after("--desk", 3) {
        desk::alone(Path::new(&folders[0]), Path::new(&folders[1]), Path::new(&folders[2]));
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    say("making the entries");
    let documents = flat::catalogue();
    let titles: HashMap<&str, &str> = documents.iter().map(|d| (d.id.as_str(), d.title.as_str())).collect();
    let mut measures = Vec::new();

    say("building: rows, full-text index, R-tree, Tantivy, ours");
    let rows = sqlite::Sqlite::create(&path("rows.sqlite"));
    rows.insert(&documents);
    rows.r_tree();
    fs::create_dir(path("tantivy")).expect("a folder");
    let (tantivy_build, tantivy) = millis(|| tantivy_index::Tantivy::create(&path("tantivy"), &documents));
    let file = path("catalogue.index");
    let (mut fts, mut build, mut load) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..BUILDS {
        rows.drop_index();
        fts.push(millis(|| rows.index()).0);
        let (took, built) = millis(|| Index::build(&documents, "1").expect("an index"));
        build.push(took);
        built.save(&file).expect("a file");
        drop(built);
        load.push(millis(|| Index::load(&file, "1").expect("the same")).0);
    }
    let [fts, build, load] = [fts, build, load].map(clock::middle);
    let mut index = Index::load(&file, "1").expect("the same");
    measures.push(measure(
        "T6 index build beside FTS5 with prefixes",
        "ms",
        vec![build],
        vec![
            beside("FTS5 with prefixes", vec![fts], &[("p50", 0.5, 0.3)]),
            beside("Tantivy", vec![tantivy_build], &[]),
        ],
    ));
    measures.push(measure(
        "T7 ready at start",
        "ms",
        vec![load],
        vec![beside("Tantivy's build", vec![tantivy_build], &[("p50", 0.5, 1.0 / 20.0)])],
    ));
    let megabytes = fs::metadata(&file).map_or(f64::NAN, |data| data.len() as f64 / 1e6);
    measures.push(measure(
        "T7 file",
        "MB",
        vec![megabytes],
        vec![beside("Tantivy's", vec![size(&path("tantivy"))], &[("p50", 0.5, 0.2)])],
    ));
    measures.push(measure("memory of a process that searches", "MB", vec![memory_alone(&file)], vec![]));

    let typing = questions::typing();
    let first = micros(|| ours(&index, &rows, &typing[0], true)).0;
    measures.push(measure("first question after opening", "µs", vec![first], vec![]));

    let classes = questions::classes();
    for (name, asked) in &classes {
        say(name);
        let [own, theirs, counted] = timed(
            asked,
            [
                &|question| drop(black_box(ours(&index, &rows, question, false))),
                &|question| drop(black_box(tantivy.search(question))),
                &|question| drop(black_box(ours(&index, &rows, question, true))),
            ],
        );
        let ranked: Vec<f64> =
            asked.iter().map(|question| micros(|| rows.search(question, true)).0).collect();
        let every = [("p50", 0.5, 1.0), ("p95", 0.95, 1.0), ("p99", 0.99, 1.0)];
        let third = [("p50", 0.5, 1.0), ("p95", 0.95, 1.0 / 3.0), ("p99", 0.99, 1.0)];
        let half = [("p50", 0.5, 1.0), ("p95", 0.95, 0.5), ("p99", 0.99, 1.0)];
        let others = match *name {
            "as you type" => {
                let [unranked] = timed(asked, [&|question| drop(black_box(rows.search(question, false)))]);
                vec![
                    beside("T1 FTS5 ranked", ranked, &[("p99", 0.99, 0.01)]),
                    beside("T2 FTS5 unranked", unranked, &[("p99", 0.99, 0.5)]),
                    beside("T3 Tantivy", theirs, &third),
                ]
            }
            // Nothing has all of their words: others give nothing, or rank half of the catalogue.
            "whole messages" => Vec::new(),
            "mistyped" => vec![beside("T4 Tantivy fuzzy", theirs, &half), beside("FTS5 ranked", ranked, &[])],
            "narrowed" => vec![beside("T3 Tantivy", theirs, &every), beside("FTS5 ranked", ranked, &[])],
            _ => vec![beside("T3 Tantivy", theirs, &third), beside("FTS5 ranked", ranked, &[])],
        };
        let mut own = measure(*name, "µs", own, others);
        own.ceiling = (*name == "whole messages").then_some(5_000.0);
        measures.push(own);
        let counted = measure(format!("{name}, with counts of seven properties"), "µs", counted, vec![]);
        measures.push(counted);
    }

    let mistyped = questions::mistyped();
    let codes =
        |hits: Vec<(String, Vec<std::ops::Range<usize>>)>| hits.into_iter().map(|hit| hit.0).collect();
    let hits = right(&mistyped, &titles, |question| ours(&index, &rows, question, false));
    let theirs = right(&mistyped, &titles, |question| codes(tantivy.search(question)));
    measures.push(measure(
        "T4 misses among mistyped questions",
        "%",
        vec![100.0 - hits],
        vec![beside("Tantivy fuzzy", vec![100.0 - theirs], &[("p50", 0.5, 1.0)])],
    ));

    say("nearest twenty");
    let homes = questions::homes(400);
    let categories = ["école", "collège", "lycée", "lycée professionnel"];
    let filters = |n: usize| vec![(Facet::Category, vec![categories[n % 4].to_owned()])];
    let near = |n: usize| index.nearest(homes[n].0, &filters(n), 20);
    let own = (0..homes.len()).map(|n| micros(|| black_box(near(n))).0).collect();
    let theirs =
        (0..homes.len()).map(|n| micros(|| black_box(rows.nearest(homes[n].0, categories[n % 4]))).0);
    measures.push(measure(
        "T9 nearest 20 of 78,600 by type",
        "µs",
        own,
        vec![beside("R-tree", theirs.collect(), &[("p95", 0.95, 1.0 / 20.0)])],
    ));

    say("searching while another index is built");
    let building = AtomicBool::new(true);
    let meanwhile = std::thread::scope(|scope| {
        scope.spawn(|| {
            let built = Index::build(&documents, "2").expect("an index");
            building.store(false, Ordering::Relaxed);
            drop(built);
        });
        let mut taken = Vec::new();
        for question in typing.iter().cycle().take_while(|_| building.load(Ordering::Relaxed)) {
            let begun = std::time::Instant::now();
            black_box(ours(&index, &rows, question, true));
            taken.push(begun.elapsed().as_secs_f64() * 1e6);
        }
        taken
    });
    measures.push(measure(
        "as you type while an import builds its index, by the clock on the wall",
        "µs",
        meanwhile,
        vec![],
    ));

    say("a delta of 2 %");
    let changed: Vec<(usize, Document)> = (0..documents.len())
        .step_by(52)
        .map(|at| {
            let mut document = documents[at].clone();
            document.title += " nouvelle version";
            (at, document)
        })
        .collect();
    let removed: Vec<usize> = (7..documents.len()).step_by(5_200).collect();
    let (fts, ()) = millis(|| rows.change(&changed, &removed));
    let put: Vec<Document> = changed.iter().map(|(_, document)| document.clone()).collect();
    let ids: Vec<String> = removed.iter().map(|at| documents[*at].id.clone()).collect();
    let (own, ()) = millis(|| index.apply(put, &ids).expect("a delta"));
    measures.push(measure(
        "T8 a delta of 2 %",
        "ms",
        vec![own],
        vec![beside("FTS5's own", vec![fts], &[("p50", 0.5, 1.5)])],
    ));
    let [after] = timed(&typing, [&|question| drop(black_box(ours(&index, &rows, question, false)))]);
    measures.push(measure("as you type after the delta", "µs", after, vec![]));

    say("an import of the published formats at the size of the country");
    measures.extend(imports(folder.path()));
    say("the desk with that catalogue");
    measures.extend(desk(folder.path()));
    say("a release of that catalogue");
    measures.extend(releases(folder.path()));
    println!("{}", serde_json::to_string(&measures).expect("measures are numbers and words"));
}
