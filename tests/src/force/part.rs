//! The real programs in processes of their own.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use chrono::{DateTime, Utc};
use passerelle_office::store::profile_database;
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use super::{OFFICE, room};

/// Longest time until a program answers.
const START: Duration = Duration::from_secs(60);

/// The folder of the built programs.
#[derive(Debug, Clone)]
pub struct Programs(pub PathBuf);

impl Programs {
    /// A program that says nothing and is asked nothing.
    fn command(&self, name: &str) -> Command {
        let mut command = room::told_by_errors(&self.0.join(name));
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command
            .env_remove("PASSERELLE_DATABASE")
            .env_remove("PASSERELLE_DATABASE_FILE")
            .env_remove("PASSERELLE_READ_REPLICA")
            .env_remove("PASSERELLE_READ_REPLICA_FILE")
            .env_remove("RUST_LOG");
        command
    }

    /// Runs one to its end, for central's on a database; gives its standard output.
    ///
    /// # Errors
    /// When it cannot be run, or ends otherwise.
    pub fn run(&self, name: &str, args: &[&str], database: &str) -> Result<String> {
        let mut command = self.command(name);
        command.args(args).env("PASSERELLE_DATABASE", database);
        let out = command.stdout(Stdio::piped()).stderr(Stdio::piped()).output()?;
        let said = String::from_utf8_lossy(&out.stderr);
        ensure!(out.status.success(), "{name} {args:?} ended with {:?}: {said}", out.status.code());
        Ok(String::from_utf8_lossy(&out.stdout).into_owned())
    }
}

/// A process that is killed, never asked to stop, and never outlives the run.
#[derive(Debug)]
struct Victim(Child);

impl Victim {
    fn kill(mut self) -> Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> Result<u16> {
    Ok(std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

async fn answers(victim: &mut Victim, url: &str) -> Result<()> {
    let begun = Instant::now();
    while begun.elapsed() < START {
        if reqwest::get(url).await.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(());
        }
        if let Some(status) = victim.0.try_wait()? {
            bail!("what should answer at {url} ended by itself: {status}");
        }
        tokio::time::sleep(Duration::from_millis(15)).await;
    }
    bail!("{url} does not answer within {START:?}")
}

/// The demonstration's day, with the time that has passed since the run began.
#[derive(Debug, Clone, Copy)]
struct Day(Instant);

impl Day {
    fn now(self) -> String {
        // Monday 23 November 2026, 10:22 in Paris: the moment that the demonstration is written for.
        let then: DateTime<Utc> = DateTime::from_timestamp(1_795_425_720, 0).unwrap_or_default();
        (then + self.0.elapsed()).to_rfc3339()
    }
}

/// Central.
#[derive(Debug)]
pub struct Central {
    programs: Programs,
    port: u16,
    /// Its database.
    pub database: String,
    day: Day,
    process: Option<Victim>,
}

impl Central {
    /// Starts it on a database; on a file of this folder without one.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn start(programs: &Programs, database: Option<String>, folder: &Path) -> Result<Self> {
        let own = || format!("sqlite:{}", folder.join("central.db").display());
        let database = database.unwrap_or_else(own);
        let day = Day(Instant::now());
        let mut central =
            Self { programs: programs.clone(), port: free_port()?, database, day, process: None };
        central.resume().await?;
        Ok(central)
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it again, where it was.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn resume(&mut self) -> Result<()> {
        let listen = format!("127.0.0.1:{}", self.port);
        let mut command = self.programs.command("passerelle-central");
        command.args(["serve", "--listen", &listen, "--demo", "--now", &self.day.now()]);
        // By the environment: an address may have a password.
        command.env("PASSERELLE_DATABASE", &self.database);
        let mut victim = Victim(command.spawn().context("central starts")?);
        answers(&mut victim, &format!("{}/readyz", self.url())).await?;
        self.process = Some(victim);
        Ok(())
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When there is none.
    pub fn kill(&mut self) -> Result<()> {
        self.process.take().context("central runs")?.kill()
    }

    /// Has all that it holds so far taken over from the log into the file, where no lying disk of a run reaches it.
    ///
    /// # Errors
    /// When somebody keeps it from that.
    pub(super) async fn settle(&self) -> Result<()> {
        let Some(file) = self.file() else { return Ok(()) };
        let pool = SqlitePool::connect_with(SqliteConnectOptions::new().filename(file)).await?;
        let begun = Instant::now();
        loop {
            let (busy, log, there): (i64, i64, i64) =
                sqlx::query_as("PRAGMA wal_checkpoint(PASSIVE)").fetch_one(&pool).await?;
            if busy == 0 && log == there {
                break;
            }
            ensure!(begun.elapsed() < START, "{there} of {log} pages are in the file");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        pool.close().await;
        Ok(())
    }

    /// The file of its database; none on a server.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        self.database.strip_prefix("sqlite:").map(PathBuf::from)
    }

    /// Its process.
    pub(super) fn process(&self) -> Result<u32> {
        Ok(self.process.as_ref().context("central runs")?.0.id())
    }
}

/// Where a desk is reached.
#[derive(Debug, Clone)]
pub struct Address {
    url: String,
    http: reqwest::Client,
    asked: Arc<AtomicBool>,
    heard: Arc<Heard>,
}

/// What a desk has said to all commands that it was given.
#[derive(Debug, Default)]
pub(super) struct Heard {
    /// So many were done.
    pub done: AtomicUsize,
    /// So many were refused, by the code that was given.
    refused: Mutex<BTreeMap<String, usize>>,
    /// The last refusal of each code, as it was said.
    last: Mutex<BTreeMap<String, Value>>,
}

/// The code of a disk without room.
pub(super) const FULL: &str = "disk_full";

impl Heard {
    fn hear(&self, said: &Said) {
        match said {
            Said::Done(_) => drop(self.done.fetch_add(1, Ordering::Relaxed)),
            Said::Refused(why) => {
                let code = why["code"].as_str().unwrap_or("none").to_owned();
                let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
                *refused.entry(code.clone()).or_default() += 1;
                drop(refused);
                self.last.lock().unwrap_or_else(PoisonError::into_inner).insert(code, why.clone());
            }
            Said::Cut | Said::Away => {}
        }
    }

    /// How often something was refused, by the code that was given.
    pub fn refused(&self) -> BTreeMap<String, usize> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last refusal of a code, as it was said.
    pub fn last(&self, code: &str) -> Value {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).get(code).cloned().unwrap_or_default()
    }

    /// How often it was said that there is no room.
    pub fn full(&self) -> usize {
        self.refused().get(FULL).copied().unwrap_or(0)
    }
}

impl Address {
    /// Whether somebody waits for an answer.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    /// What it has said so far.
    pub(super) fn heard(&self) -> &Heard {
        &self.heard
    }

    /// Gives a command of the one list.
    pub async fn call(&self, name: &str, args: &Value) -> Said {
        self.asked.store(true, Ordering::Relaxed);
        let said = self.ask(name, args).await;
        self.asked.store(false, Ordering::Relaxed);
        match said {
            Ok(said) => {
                self.heard.hear(&said);
                said
            }
            Err(error) if error.is_connect() => Said::Away,
            Err(_) => Said::Cut,
        }
    }

    /// The same beside what people do: it is not counted with what they heard.
    pub(super) async fn call_aside(&self, name: &str, args: &Value) -> Said {
        match self.ask(name, args).await {
            Ok(said) => said,
            Err(error) if error.is_connect() => Said::Away,
            Err(_) => Said::Cut,
        }
    }

    async fn ask(&self, name: &str, args: &Value) -> reqwest::Result<Said> {
        let answer = self.http.post(format!("{}/api/call/{name}", self.url)).json(args).send().await?;
        let done = answer.status().is_success();
        let body = answer.json().await?;
        Ok(if done { Said::Done(body) } else { Said::Refused(body) })
    }
}

/// What a desk says to a command.
#[derive(Debug)]
pub enum Said {
    /// Done.
    Done(Value),
    /// Not done, and why.
    Refused(Value),
    /// It was asked and did not answer to the end: nobody knows.
    Cut,
    /// It was not there to be asked.
    Away,
}

impl Said {
    /// What was done.
    ///
    /// # Errors
    /// When it was not.
    pub fn done(self) -> Result<Value> {
        match self {
            Self::Done(value) => Ok(value),
            other => bail!("the desk says {other:?}"),
        }
    }
}

/// A desk.
#[derive(Debug)]
pub struct DeskProcess {
    programs: Programs,
    /// Its profile.
    pub profile: PathBuf,
    port: u16,
    day: Day,
    address: Address,
    process: Option<Victim>,
}

impl DeskProcess {
    /// Enrols it and starts it.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn enrol(programs: &Programs, central: &Central, profile: &Path) -> Result<Self> {
        let path = profile.to_str().context("a path in UTF-8")?;
        let (url, code) = (central.url(), format!("DEMO-{OFFICE}"));
        let args =
            ["--profile", path, "--now", &central.day.now(), "enrol", "--central", &url, "--code", &code];
        programs.run("passerelle", &args, "")?;
        let port = free_port()?;
        let address = Address {
            url: format!("http://127.0.0.1:{port}"),
            http: reqwest::Client::builder().timeout(Duration::from_secs(20)).build()?,
            asked: Arc::default(),
            heard: Arc::default(),
        };
        let mut desk = Self {
            programs: programs.clone(),
            profile: profile.to_owned(),
            port,
            day: central.day,
            address,
            process: None,
        };
        desk.resume().await?;
        Ok(desk)
    }

    /// Where it is reached, whether it runs or not.
    #[must_use]
    pub fn address(&self) -> Address {
        self.address.clone()
    }

    /// Starts it again.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn resume(&mut self) -> Result<()> {
        // It has no page to show: any file there is answers for it.
        let page = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut command = self.programs.command("passerelle-bridge");
        command.arg("--profile").arg(&self.profile).arg("--ui").arg(page);
        command.args(["--listen", &format!("127.0.0.1:{}", self.port), "--now", &self.day.now()]);
        let mut victim = Victim(command.spawn().context("a desk starts")?);
        answers(&mut victim, &format!("{}/Cargo.toml", self.address.url)).await?;
        self.process = Some(victim);
        Ok(())
    }

    /// `kill -9`.
    ///
    /// # Errors
    /// When there is none.
    pub fn kill(&mut self) -> Result<()> {
        self.process.take().context("the desk runs")?.kill()
    }

    /// The file of its database.
    #[must_use]
    pub fn file(&self) -> PathBuf {
        profile_database(&self.profile)
    }

    /// Its process.
    pub(super) fn process(&self) -> Result<u32> {
        Ok(self.process.as_ref().context("the desk runs")?.0.id())
    }
}
