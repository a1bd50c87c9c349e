//! What the agenda promises of speed, measured on the real parts and beside what a program without an index would
//! take, in the same run. Prints one JSON array of measures for `tests/bench/agenda.bench.mjs`, and what it does to
//! standard error. Nothing is asserted of speed: a busy machine is no failure. That a baseline gives the same answer
//! as what it stands beside is asserted.

#![allow(clippy::expect_used, missing_docs, reason = "a measure that cannot be made is a failure")]

mod desk;
mod naive;
mod office;
mod slots;
mod unindexed;

use std::time::Instant;

use serde::Serialize;

/// One line of the report.
#[derive(Serialize)]
struct Measure {
    what: String,
    unit: &'static str,
    values: Vec<f64>,
    /// The median must not be above.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    naive: Option<Naive>,
}

/// What it is compared with.
#[derive(Serialize)]
struct Naive {
    what: String,
    values: Vec<f64>,
    /// The median must be so many times lower than the baseline's.
    times: f64,
}

/// How many times faster than the baseline the project promises to be.
const TIMES: f64 = 20.0;

/// Milliseconds of each of `count` runs; one before them warms up.
fn timed<T>(count: usize, mut run: impl FnMut() -> T) -> Vec<f64> {
    std::hint::black_box(run());
    let one = |_| {
        let begun = Instant::now();
        std::hint::black_box(run());
        begun.elapsed().as_secs_f64() * 1_000.0
    };
    (0..count).map(one).collect()
}

fn say(what: &str) {
    eprintln!("agenda: {what}");
}

fn main() {
    // `cargo test --all-targets` runs this too: there is nothing to test here.
    if !std::env::args().any(|a| a == "--bench") {
        return;
    }
    // A Monday before the office opens.
    let now = "2026-11-23T05:00:00Z".parse().expect("an instant");
    say("making an office of the planned size");
    let big = office::BigOffice::build(now);
    let mut measures = slots::measure(&big);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    measures.extend(runtime.block_on(desk::measure(&big)));
    println!("{}", serde_json::to_string(&measures).expect("measures are numbers and words"));
}
