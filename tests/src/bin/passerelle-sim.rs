//! Runs the simulator of synchronisation: ./dev sim. For tests alone; it is in no package.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use clap::Parser;
use passerelle_tests::sim::{Failure, Options, Outcome, PROTECTIONS, Protections, run_many};

#[derive(Parser)]
struct Arguments {
    /// How many seeds.
    #[arg(long, default_value_t = 500)]
    seeds: u64,
    /// The first of them; alone, only this one, with all that happens in it.
    #[arg(long)]
    seed: Option<u64>,
    /// How many runs at a time; one for each core unless said.
    #[arg(long)]
    threads: Option<usize>,
    /// Goes on after a failure.
    #[arg(long)]
    keep_going: bool,
    /// Switches one protection off, to see that the simulator notices.
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(PROTECTIONS))]
    ablate: Option<String>,
}

#[derive(Default)]
struct Sum {
    runs: u64,
    all: Outcome,
    failures: Vec<Failure>,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let alone = arguments.seed.is_some() && !std::env::args().any(|a| a.starts_with("--seeds"));
    let first = arguments.seed.unwrap_or(1);
    let seeds = first..first + if alone { 1 } else { arguments.seeds };
    let threads =
        arguments.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let protections = arguments.ablate.as_deref().and_then(Protections::without).unwrap_or_default();
    let options = Options { tell: alone, protections };
    let (begun, sum) = (Instant::now(), Mutex::new(Sum::default()));
    run_many(seeds, threads, options, !arguments.keep_going, |seed, outcome| {
        let mut sum = sum.lock().unwrap_or_else(PoisonError::into_inner);
        sum.add(outcome);
        if let Err(failure) = outcome
            && !alone
        {
            println!("{failure}\n");
        }
        if sum.runs % 20 == 0 {
            eprintln!("{} runs in {} s, last seed {seed}", sum.runs, begun.elapsed().as_secs());
        }
    })?;
    let sum = sum.into_inner().unwrap_or_else(PoisonError::into_inner);
    println!(
        "{} seeds in {:.1} s on {threads} threads: {} faults, {} events, {} requests; of {} commands given {} acknowledged, \
         {} refused, {} promised under a lease and {} by its holder's word, {} lost with every disk that held them",
        sum.runs,
        begun.elapsed().as_secs_f64(),
        sum.all.faults.values().sum::<u64>(),
        sum.all.events,
        sum.all.requests,
        sum.all.given,
        sum.all.acknowledged,
        sum.all.refused,
        sum.all.promised,
        sum.all.vouched,
        sum.all.lost_with_disks,
    );
    println!("{}", faults(&sum.all.faults));
    if alone {
        sum.failures.iter().for_each(|failure| println!("{failure}"));
    }
    Ok(if sum.failures.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Sum {
    fn add(&mut self, outcome: &Result<Outcome, Failure>) {
        self.runs += 1;
        match outcome {
            Ok(one) => {
                self.all.events += one.events;
                self.all.requests += one.requests;
                self.all.given += one.given;
                self.all.acknowledged += one.acknowledged;
                self.all.refused += one.refused;
                self.all.promised += one.promised;
                self.all.vouched += one.vouched;
                self.all.lost_with_disks += one.lost_with_disks;
                for (fault, times) in &one.faults {
                    *self.all.faults.entry(fault.clone()).or_default() += times;
                }
            }
            Err(failure) => self.failures.push(failure.clone()),
        }
    }
}

fn faults(faults: &BTreeMap<String, u64>) -> String {
    faults.iter().map(|(fault, times)| format!("{fault} {times}")).collect::<Vec<_>>().join(" · ")
}
