//! `./dev force`: real desks and a real central, killed at random moments while people book. For tests alone; it is in no
//! package.

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
    /// An empty database on a PostgreSQL server, `postgres://…`, in place of a SQLite file.
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
    let plan = Plan {
        kills: options.kills,
        seed,
        desks: options.desks.max(1),
        database: options.database,
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
