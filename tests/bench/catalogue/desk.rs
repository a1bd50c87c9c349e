//! The desk whole: the command that the window sends at each key (`catalogue.search`: groups, counts, twenty texts with
//! what is marked in them, from JSON to JSON) over an imported catalogue of the size of the country; the first question
//! after opening; what a desk holds of memory; and the same command while the desk imports. A process of its own.

use std::{
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use passerelle_office::{
    api::dto::{CatalogueAnswer, CatalogueStatus},
    api::{call, catalogue},
    clock::Clock,
    demo,
    desk::Desk,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{clock, questions, questions::Question};

/// Between two keys of somebody who types fast.
const KEY: Duration = Duration::from_millis(60);

/// What the process says of itself. Times are microseconds of the processor, with all threads, unless it is said.
#[derive(Serialize, Deserialize)]
pub struct Asked {
    /// Opening the catalogue that is in service.
    pub opening: f64,
    /// The first question after it.
    pub first: f64,
    /// Name of the class, each question of it.
    pub classes: Vec<(String, Vec<f64>)>,
    /// Megabytes that the desk held before the catalogue was opened, and after all questions.
    pub before: f64,
    pub after: f64,
    /// Each key while an import runs, by the clock on the wall, and while none does.
    pub meanwhile: Vec<f64>,
    pub quiet: Vec<f64>,
}

/// Puts the imported catalogue into a new desk, asks everything, imports the same files again and asks meanwhile; prints
/// what it took.
pub fn alone(catalogues: &Path, files: &Path, profile: &Path) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    let asked = runtime.block_on(async {
        let desk = demo::init(profile, None, Clock::starting_at(chrono::Utc::now())).await.expect("a desk");
        put(catalogues, desk.catalogue().folder().path());
        ask_all(&desk, files).await
    });
    println!("{}", serde_json::to_string(&asked).expect("numbers and words"));
}

/// Links the files of one folder into another.
fn put(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for file in std::fs::read_dir(from).expect("a folder").flatten() {
        std::fs::hard_link(file.path(), to.join(file.file_name())).expect("a link");
    }
}

async fn ask_all(desk: &Desk, files: &Path) -> Asked {
    let before = clock::megabytes();
    let started = clock::of_all_threads();
    desk.catalogue().ready().await.expect("a catalogue");
    let opened = clock::of_all_threads();
    let answer = ask(desk, words(&questions::typing()[0])).await;
    let first = (clock::of_all_threads() - opened) * 1e6;
    check(answer);
    let mut classes = Vec::new();
    for (name, asked) in questions::classes() {
        let mut taken = vec![Vec::with_capacity(clock::TIMES); asked.len()];
        // Once before, so that nothing is paid for the first time.
        for turn in 0..=clock::TIMES {
            for (question, taken) in asked.iter().zip(&mut taken) {
                let args = words(question);
                let begun = clock::of_all_threads();
                let answer = ask(desk, args).await;
                let took = (clock::of_all_threads() - begun) * 1e6;
                check(answer);
                if turn > 0 {
                    taken.push(took);
                }
            }
        }
        classes.push((name.to_owned(), taken.into_iter().map(clock::middle).collect()));
    }
    let after = clock::megabytes();
    let typed = questions::typing();
    let mut quiet = Vec::new();
    for question in typed.iter().take(200) {
        quiet.push(key(desk, question).await);
    }
    let request = json!({ "paths": [files] });
    call(desk, "catalogue.import", request).await.expect("an import begins");
    let mut meanwhile = Vec::new();
    for question in typed.iter().cycle() {
        meanwhile.push(key(desk, question).await);
        let status = call(desk, "catalogue.status", json!({})).await.expect("a status");
        let status: CatalogueStatus = serde_json::from_value(status).expect("the form of a status");
        if status.import.is_none() {
            break;
        }
    }
    Asked { opening: (opened - started) * 1e6, first, classes, before, after, meanwhile, quiet }
}

/// The microseconds that a key takes, by the clock on the wall.
async fn key(desk: &Desk, question: &Question) -> f64 {
    tokio::time::sleep(KEY).await;
    let args = words(question);
    let begun = Instant::now();
    let answer = ask(desk, args).await;
    let took = begun.elapsed().as_secs_f64() * 1e6;
    check(answer);
    took
}

/// The question as the window words it.
fn words(question: &Question) -> Value {
    let mut words = json!({ "text": question.text });
    for (facet, value) in &question.filters {
        words[catalogue::property(*facet)] = json!([value]);
    }
    if let Some(near) = &question.from {
        words["near"] = json!(near);
        words["order"] = json!("distance");
    }
    words
}

async fn ask(desk: &Desk, args: Value) -> Value {
    call(desk, "catalogue.search", args).await.expect("an answer")
}

/// An answer that nothing is found in would measure nothing: its form is looked at.
fn check(answer: Value) {
    let answer: CatalogueAnswer = serde_json::from_value(answer).expect("the form of an answer");
    std::hint::black_box(answer);
}

/// All of it, in a process of its own.
pub fn measure(folder: &Path) -> Asked {
    let program = std::env::current_exe().expect("this program");
    let said = Command::new(program)
        .arg("--desk")
        .args(["catalogues", "published", "desk"].map(|name| folder.join(name)))
        .stdout(Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .expect("it runs");
    serde_json::from_slice(&said.stdout).expect("what it says of itself")
}
