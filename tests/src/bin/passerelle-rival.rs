//! A desk that does what the lines on its standard input tell it, each at the instant that the line says: so that two
//! processes do the same thing at the same moment, again and again. For tests alone; it is in no package.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use chrono::{DateTime, Utc};
use clap::Parser;
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::{api, sync};
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Parser)]
struct Options {
    /// The desk's profile.
    #[arg(long)]
    profile: PathBuf,
    /// The instant that the desk's clock starts at.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
}

/// One line.
#[derive(Deserialize)]
struct Order {
    /// Microseconds since 1970 of the machine's clock; past or absent: at once.
    #[serde(default)]
    at_us: u64,
    /// A command of the one list; none: an exchange with central.
    call: Option<String>,
    #[serde(default)]
    args: Value,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let clock = options.now.map(Clock::starting_at).unwrap_or_default();
    let desk = Desk::open(&options.profile, clock).await.context("the profile opens")?;
    let (mut orders, mut answers) = (std::io::stdin().lock(), std::io::stdout().lock());
    writeln!(answers, "{}", json!({ "ready": true }))?;
    answers.flush()?;
    let mut line = String::new();
    while orders.read_line(&mut line)? > 0 {
        let order: Order = serde_json::from_str(&line).with_context(|| format!("not an order: {line}"))?;
        wait_for(order.at_us);
        let answer = match &order.call {
            Some(name) => match api::call(&desk, name, order.args).await {
                Ok(done) => json!({ "done": done }),
                Err(e) => json!({ "refused": e.code, "params": e.params, "detail": e.to_string() }),
            },
            None => match sync::once(&desk).await {
                Ok(report) => json!({ "done": { "accepted": report.accepted, "refused": report.refused } }),
                Err(e) => bail!("the exchange failed: {e}"),
            },
        };
        writeln!(answers, "{answer}")?;
        answers.flush()?;
        line.clear();
    }
    desk.store().close().await;
    Ok(())
}

/// Sleeping ends too late to meet anybody: the last stretch is waited out awake.
fn wait_for(at_us: u64) {
    let left = || {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Duration::from_micros(at_us).saturating_sub(now)
    };
    let first = left();
    if first > Duration::from_millis(2) {
        std::thread::sleep(first - Duration::from_millis(2));
    }
    while !left().is_zero() {
        std::hint::spin_loop();
    }
}
