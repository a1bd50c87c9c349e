//! `./dev force`: real desks and a real central, killed at random moments while people book, their logs as a power cut leaves
//! them, their disks without room. For tests alone; it is in no package.

#[allow(clippy::expect_used, clippy::panic, reason = "without the server nothing can be shown")]
#[path = "../../../crates/central/tests/postgres/server.rs"]
mod server;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use passerelle_tests::force::{self, Liar, Plan, Programs};
use serde_json::json;

#[derive(Parser)]
struct Options {
    /// Processes killed.
    #[arg(long, default_value_t = 200)]
    kills: u32,
    /// Of the databases in files: killed, and what the disk was not asked to keep taken from their logs.
    #[arg(long, default_value_t = 30)]
    torn: u32,
    /// Of the databases in files: left without room until that was said.
    #[arg(long, default_value_t = 12)]
    full: u32,
    /// In a run of its own: desks killed, and what the disk had said that it has written taken from their logs. Only what had
    /// not left its desk may be lost by that.
    #[arg(long, default_value_t = 10)]
    lied_to: u32,
    /// What is killed when; another at each run when it is not said.
    #[arg(long)]
    seed: Option<u64>,
    /// Desks that book.
    #[arg(long, default_value_t = 3)]
    desks: usize,
    /// Central on a PostgreSQL server of this run's own, in place of a SQLite file.
    #[arg(long, conflicts_with = "database")]
    postgres: bool,
    /// An empty database on another PostgreSQL server, `postgres://…`.
    #[arg(long, env = "PASSERELLE_FORCE_DATABASE", hide_env_values = true)]
    database: Option<String>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let seed = options.seed.unwrap_or_else(|| u64::from(uuid::Uuid::new_v4().as_fields().0));
    let folder = tempfile::Builder::new().prefix("passerelle-force-").tempdir()?;
    let here = std::env::current_exe()?;
    let programs: PathBuf = here.parent().context("the folder of the programs")?.to_owned();
    let Options { kills, torn, full, lied_to, .. } = options;
    let desks = options.desks.max(1);
    // Every commit waits for the disk, as an administrator leaves it.
    let own = options.postgres.then(|| server::start(&["log_min_messages=error"]));
    let database = own.as_ref().map(|server| server.url("postgres")).or(options.database);
    let plan = |name: &str, liar| -> Result<Plan> {
        let folder = folder.path().join(name);
        std::fs::create_dir(&folder)?;
        let programs = Programs(programs.clone());
        Ok(Plan { kills: 0, torn: 0, full: 0, lied_to, liar, seed, desks, database: None, folder, programs })
    };
    let mut plans = Vec::new();
    if kills + torn + full > 0 {
        let plan = plan("power", Liar::Desks)?;
        plans.push(("power", Plan { kills, torn, full, lied_to: 0, database, ..plan }));
    }
    if lied_to > 0 {
        plans.push(("lying disks of desks", plan("desks", Liar::Desks)?));
    }
    let mut good = true;
    for (name, plan) in plans {
        eprintln!(
            "{name}: seed {seed}, {} kills, {} torn logs, {} full disks, {} lying disks, {desks} desks",
            plan.kills, plan.torn, plan.full, plan.lied_to
        );
        match force::run(&plan).await {
            Ok(figures) => {
                println!("{:#}", json!({ "run": name, "figures": figures }));
                good &= figures.good();
            }
            Err(error) => return Err(error.context(format!("everything is in {}", folder.keep().display()))),
        }
    }
    ensure!(good, "something is wrong; everything is in {}", folder.keep().display());
    Ok(())
}
