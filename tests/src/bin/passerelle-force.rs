//! `./dev force`: real desks and a real central, killed at random moments while people book. For tests alone; it is in no
//! package.

#[allow(clippy::expect_used, clippy::panic, reason = "without the server nothing can be shown")]
#[path = "../../../crates/central/tests/postgres/server.rs"]
mod server;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Parser;
use passerelle_tests::force::{self, Plan, Programs};
use serde_json::json;

#[derive(Parser)]
struct Options {
    /// Processes killed.
    #[arg(long, default_value_t = 200)]
    kills: u32,
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
    eprintln!("seed {seed}: {} kills, {} desks", options.kills, options.desks);
    // Every commit waits for the disk, as an administrator leaves it.
    let own = options.postgres.then(|| server::start(&["log_min_messages=error"]));
    let plan = Plan {
        kills: options.kills,
        seed,
        desks: options.desks.max(1),
        database: own.as_ref().map(|server| server.url("postgres")).or(options.database),
        folder: folder.path().to_owned(),
        programs: Programs(programs),
    };
    let figures = force::run(&plan).await;
    match figures {
        Ok(figures) if figures.good() => {
            println!("{:#}", json!(figures));
            Ok(())
        }
        Ok(figures) => {
            println!("{:#}", json!(figures));
            bail!("something is wrong; everything is in {}", folder.keep().display())
        }
        Err(error) => Err(error.context(format!("everything is in {}", folder.keep().display()))),
    }
}
