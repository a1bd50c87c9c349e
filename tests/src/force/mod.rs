//! Desks and central as real processes, killed (`kill -9`) at random moments from a seed while people book, their logs as a
//! power cut leaves them (`log.rs`), their disks without room (`room.rs`): then all is let come to rest, and what was said
//! to be done is looked for, document by document, at central and at every desk.
//!
//! What is killed when follows from the seed; what the machine does between two kills does not, so that a run shows the
//! same plan again and not the same interleaving. The simulator is what replays to the letter; this is what shows that
//! the real parts are what it simulates.

mod blows;
mod load;
mod log;
mod part;
mod rest;
mod room;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use passerelle_domain::Command;
use serde::Serialize;

use crate::dice::Dice;
use blows::{Parts, Which};
use log::Loss;

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
    /// Processes killed whose log loses what the disk was not asked to keep: a power cut. Nothing may be lost.
    pub torn: u32,
    /// Processes left without room until they have said so.
    pub full: u32,
    /// Processes killed whose log loses also what the disk had said that it has written.
    pub lied_to: u32,
    /// Which those are.
    pub liar: Liar,
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

/// Whose disk says that it has written what it has not. One side at a time: what central has forgotten the desks still
/// know, and what a desk has forgotten central knows, if it ever left the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Liar {
    /// Central's, of what it has done since the desks were enrolled: one that it does not know any more is refused until
    /// somebody enrols it again. Nothing that a desk has acknowledged may be lost.
    Central,
    /// Those of desks. What had not left the desk yet may be lost; what central knew may not, and nothing may happen twice.
    Desks,
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
    /// Kills of central with a power cut.
    pub central_torn: u32,
    /// Kills of desks with a power cut.
    pub desks_torn: u32,
    /// How often central had no room, and said so to a desk.
    pub central_full: u32,
    /// How often a desk had no room, and said so to who booked there.
    pub desks_full: u32,
    /// How often a disk had said that it has written what it had not.
    pub lied_to: u32,
    /// All that desks refused, by code.
    pub refused: BTreeMap<String, usize>,
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
    /// Of the acknowledged, those that a lying disk lost before they had left their desk.
    pub forgotten: usize,
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
    /// Refusals with a code that tells nobody what helps.
    pub meaningless: Vec<String>,
    /// What did not go on when there was room again.
    pub stuck: Vec<String>,
}

impl Figures {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn good(&self) -> bool {
        self.wrong == Wrong::default()
    }
}

/// What is still to be done.
struct Left {
    kills: u32,
    torn: u32,
    full: u32,
    lied_to: u32,
}

enum Blow {
    Kill,
    Torn,
    Full,
    LiedTo,
}

impl Left {
    const fn all(&self) -> u32 {
        self.kills + self.torn + self.full + self.lied_to
    }

    /// One of those that are left, each as likely as there are many of it.
    fn next(&self, dice: &mut Dice) -> Blow {
        let at = u32::try_from(dice.below(self.all() as usize)).unwrap_or(0);
        if at < self.kills {
            Blow::Kill
        } else if at < self.kills + self.torn {
            Blow::Torn
        } else if at < self.kills + self.torn + self.full {
            Blow::Full
        } else {
            Blow::LiedTo
        }
    }
}

/// The meetings that commands book.
fn meetings(commands: &[String]) -> impl Iterator<Item = String> {
    commands.iter().filter_map(|text| match serde_json::from_str(text) {
        Ok(Command::Book(book)) => Some(book.id.to_string()),
        _ => None,
    })
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
    if plan.lied_to > 0 && plan.liar == Liar::Central {
        central.settle().await?;
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
    let mut may_be_lost = BTreeSet::new();
    let mut left = Left { kills: plan.kills, torn: plan.torn, full: plan.full, lied_to: plan.lied_to };
    let all = left.all();
    // Where nothing was to be lost it is tried again elsewhere; a run in which nothing ever is says nothing.
    let mut in_vain = 0;
    let mut parts = Parts { central: &mut central, desks: &mut desks };
    while left.all() > 0 {
        tokio::time::sleep(Duration::from_millis(20) + dice.millis(450)).await;
        match left.next(&mut dice) {
            Blow::Kill => left.kills -= parts.kill_some(left.kills, &mut dice, &mut figures).await?,
            Blow::Torn => {
                let which = parts.one_with_a_file(&mut dice);
                if parts.tear(which, Loss::Unsynced, &mut dice).await?.is_some() {
                    left.torn -= 1;
                    match which {
                        Which::Central => figures.central_torn += 1,
                        Which::Desk(_) => figures.desks_torn += 1,
                    }
                } else {
                    in_vain += 1;
                }
            }
            Blow::Full => {
                let which = parts.one_with_a_file(&mut dice);
                parts.fill(which, &mut dice, &mut figures).await?;
                left.full -= 1;
            }
            Blow::LiedTo => {
                let which = match plan.liar {
                    Liar::Central => Which::Central,
                    Liar::Desks => Which::Desk(dice.below(parts.desks.len())),
                };
                match parts.tear(which, Loss::Synced, &mut dice).await? {
                    Some(known) => {
                        may_be_lost.extend(meetings(&known));
                        figures.lied_to += 1;
                        left.lied_to -= 1;
                    }
                    None => in_vain += 1,
                }
            }
        }
        ensure!(in_vain <= 10 + 4 * all, "nothing is ever to be lost");
        eprint!("\r{} of {all}", all - left.all());
    }
    eprintln!();
    stop.store(true, Ordering::Relaxed);
    let mut told = load::Told { may_be_lost, ..load::Told::default() };
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
