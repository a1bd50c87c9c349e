//! Desks and central as real processes, killed (`kill -9`) at random moments from a seed while people book: then all is
//! let come to rest, and what was said to be done is looked for, document by document, at central and at every desk.
//!
//! What is killed when follows from the seed; what the machine does between two kills does not, so that a run shows the
//! same plan again and not the same interleaving. The simulator is what replays to the letter; this is what shows that
//! the real parts are what it simulates.

mod load;
mod part;
mod rest;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Serialize;

use crate::dice::Dice;

pub use part::{Address, Central, DeskProcess, Programs, Said};
pub use rest::Documents;

/// The office that all desks are of.
pub const OFFICE: &str = "0801234G";
/// Longest time until what waits is sent once everything runs again.
const REST: Duration = Duration::from_secs(180);

/// What is done.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Processes killed.
    pub kills: u32,
    /// What is killed when.
    pub seed: u64,
    /// Desks that book.
    pub desks: usize,
    /// Central's database: `sqlite:…` or `postgres://…`; none: a file of the folder.
    pub database: Option<String>,
    /// Where everything is.
    pub folder: PathBuf,
    /// Where the programs are.
    pub programs: Programs,
}

/// What happened, and what was found. Everything under `wrong` must be 0.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Figures {
    /// The seed.
    pub seed: u64,
    /// Seconds of load and kills.
    pub seconds: f64,
    /// Kills of central.
    pub central_killed: u32,
    /// Kills of desks.
    pub desks_killed: u32,
    /// Kills of a desk while somebody waited for its answer.
    pub in_the_middle: u32,
    /// Bookings that a desk said were done.
    pub acknowledged: usize,
    /// Bookings that a desk was killed over: they may be done or not.
    pub unanswered: usize,
    /// Bookings that a desk refused at once, the slot being taken.
    pub refused_at_once: usize,
    /// Of the acknowledged, those that central has.
    pub at_central: usize,
    /// Of the acknowledged, those that central refused and a desk shows as conflicts.
    pub as_conflicts: usize,
    /// Of the unanswered, those that were done.
    pub unanswered_done: usize,
    /// Meetings, clients and enquiries of the office at central.
    pub documents: usize,
    /// Seconds from the last start to rest.
    pub rest_seconds: f64,
    /// What must not be.
    pub wrong: Wrong,
}

/// What must not be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Wrong {
    /// Acknowledged bookings that are neither at central nor shown as refused.
    pub lost: Vec<String>,
    /// People who were put on record twice by one booking, or meetings over others.
    pub doubled: Vec<String>,
    /// Documents that a desk has otherwise than central.
    pub differing: Vec<String>,
    /// What `check` says of a database.
    pub unsound: Vec<String>,
    /// Commands that still wait.
    pub waiting: u64,
}

impl Figures {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn good(&self) -> bool {
        self.wrong == Wrong::default()
    }
}

/// Runs a plan to its end.
///
/// # Errors
/// When a part does not do what it must for the run to say anything: it does not start, or not come to rest. What is wrong
/// with the data is in the figures.
pub async fn run(plan: &Plan) -> Result<Figures> {
    let mut dice = Dice::new(plan.seed);
    let mut central = Central::start(&plan.programs, plan.database.clone(), &plan.folder).await?;
    let mut desks = Vec::new();
    for n in 0..plan.desks {
        let profile = plan.folder.join(format!("desk-{n}"));
        desks.push(DeskProcess::enrol(&plan.programs, &central, &profile).await?);
    }
    let slots = Arc::new(load::slots(&desks[0]).await?);
    let stop = Arc::new(AtomicBool::new(false));
    let loads: Vec<_> = desks
        .iter()
        .enumerate()
        .map(|(n, desk)| {
            let dice = Dice::new(plan.seed ^ ((n as u64 + 1) << 32));
            tokio::spawn(load::book(n, desk.address(), Arc::clone(&slots), dice, Arc::clone(&stop)))
        })
        .collect();
    let mut figures = Figures { seed: plan.seed, ..Figures::default() };
    let begun = Instant::now();
    let mut killed = 0;
    while killed < plan.kills {
        tokio::time::sleep(Duration::from_millis(20) + dice.millis(450)).await;
        // One in three is central; now and then it goes together with a desk.
        let both = dice.below(6) == 0 && killed + 2 <= plan.kills;
        let central_dies = both || dice.below(3) == 0;
        let desk = (both || !central_dies).then(|| dice.below(desks.len()));
        if let Some(n) = desk {
            figures.in_the_middle += u32::from(desks[n].address().is_asked());
            desks[n].kill()?;
            figures.desks_killed += 1;
            killed += 1;
        }
        if central_dies {
            central.kill()?;
            figures.central_killed += 1;
            killed += 1;
        }
        tokio::time::sleep(dice.millis(250)).await;
        if central_dies {
            central.resume().await?;
        }
        if let Some(n) = desk {
            desks[n].resume().await?;
        }
        eprint!("\r{killed} of {} killed", plan.kills);
    }
    eprintln!();
    stop.store(true, Ordering::Relaxed);
    let mut told = load::Told::default();
    for load in loads {
        told.add(load.await.context("a load ended badly")??);
    }
    figures.seconds = begun.elapsed().as_secs_f64();
    let resting = Instant::now();
    rest::come_to_rest(&desks, REST).await?;
    figures.rest_seconds = resting.elapsed().as_secs_f64();
    rest::look(&plan.programs, &central, &mut desks, &told, &mut figures).await?;
    ensure!(figures.acknowledged > 0, "nothing was booked: the run says nothing");
    Ok(figures)
}
