//! The central of a run: the real service over its real store, without HTTP.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use passerelle_central::arbitration;
use passerelle_central::clock::Clock;
use passerelle_central::exchange::exchange;
use passerelle_central::held;
use passerelle_central::service::{Protections, Service};
use passerelle_central::snapshot;
use passerelle_central::store::{Desk as EnrolledDesk, Feed, Location, open};
use passerelle_domain::Command;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::ids::Uai;
use passerelle_domain::people::Actor;
use passerelle_office::sync::{Answer, Ask, SyncError};
use passerelle_protocol::heads;
use passerelle_protocol::problem::Problem;
use passerelle_protocol::sync::office_scope;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};
use tokio::sync::watch;

use super::template::TemplateOffice;
use crate::dice::Dice;

/// Desks ask so seldom that a run of days stays short; hints call them before.
const POLL_S: u32 = 14_400;

/// Tables at whose writing central can be cut down, in the middle of a transaction.
const CUT_AT: [&str; 5] = ["command", "change", "appointment", "document", "incarnation"];

/// An open central.
#[derive(Debug)]
pub struct Centre {
    path: PathBuf,
    service: Service,
    /// Some table cannot be written, and soon the power goes.
    is_breaking: bool,
}

impl Centre {
    /// Opens it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn open(path: &Path, now: DateTime<Utc>) -> anyhow::Result<Self> {
        let store = open(&Location::from(path.to_owned()), false).await?;
        // Nobody stops it: it is dropped.
        let (_, stopping) = watch::channel(false);
        let service = Service::new(store, Clock::standing_at(now), Some(POLL_S), stopping);
        Ok(Self { path: path.to_owned(), service, is_breaking: false })
    }

    /// Its file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its epoch.
    #[must_use]
    pub fn epoch(&self) -> &str {
        &self.service.store.meta.epoch
    }

    /// Says what time it is.
    pub fn set(&mut self, now: DateTime<Utc>, protections: Protections) {
        (self.service.clock, self.service.protections) = (Clock::standing_at(now), protections);
    }

    /// It was restored from a backup: it has another epoch, as `restore` gives it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn restored(&mut self, epoch: &str) -> anyhow::Result<()> {
        let mut tx = self.service.store.write().await?;
        tx.change_fact("epoch", epoch).await?;
        tx.commit().await?;
        epoch.clone_into(&mut self.service.store.meta.epoch);
        Ok(())
    }

    /// Closes it.
    pub async fn close(self) {
        self.service.store.close().await;
    }

    /// Answers a desk as it sees it.
    ///
    /// # Errors
    /// What the desk is told instead.
    pub async fn answer(&self, desk: &EnrolledDesk, ask: &Ask) -> Result<Answer, SyncError> {
        Ok(match ask {
            Ask::Exchange(request) => {
                // As its token finds it: whether it is a reception changes.
                let desk = &self.enrolled(desk).await.map_err(|e| problem(503, "busy", &e))?;
                let said = exchange(&self.service, desk, &over_the_wire(&**request)?).await;
                let said = said.map_err(|e| problem(e.status(), e.code(), &e))?;
                Answer::Exchange(Box::new(over_the_wire(&said)?))
            }
            Ask::Part(wanted) => {
                let said = snapshot::part(&self.service, desk, wanted).await;
                let said = said.map_err(|e| problem(503, "busy", &e))?;
                Answer::Part(Box::new(over_the_wire(&said)?))
            }
            // From memory, as over HTTP: what this service has not heard of yet it does not know.
            Ask::Look(tag) => {
                let ends = self.service.ends(&desk.office).await.map_err(|e| problem(503, "busy", &e))?;
                let same = heads::same(tag, &heads::tag(self.epoch(), &desk.office, &ends));
                if same { Answer::Same } else { Answer::Differs }
            }
        })
    }

    /// Decides what it holds and nobody sends again, as it does by itself from time to time.
    pub async fn decide_held(&self) {
        // What cannot be written now is decided later.
        let _ = held::decide(&self.service, self.service.now()).await;
    }

    async fn enrolled(&self, desk: &EnrolledDesk) -> anyhow::Result<EnrolledDesk> {
        let mut tx = self.service.store.read().await?;
        tx.desk(desk.id).await?.context("it is enrolled")
    }

    /// This desk is the reception of its office from now on.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn has_reception(&self, desk: &EnrolledDesk) -> anyhow::Result<()> {
        let mut tx = self.service.store.write().await?;
        tx.set_reception(desk.id, true).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A family asks something of this office.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn receive(&self, office: &TemplateOffice, dice: &mut Dice) -> anyhow::Result<()> {
        let uai = &office.settings.office.uai;
        let mut enquiry: Enquiry = office.question.clone();
        enquiry.id = dice.uuid().into();
        enquiry.reference = format!("SIM-{:08}", dice.below(100_000_000));
        enquiry.received_at = self.service.now();
        for message in &mut enquiry.thread {
            message.id = dice.uuid().into();
        }
        match self.received(uai, enquiry).await {
            // The family is told to come back later.
            Err(_) if self.is_breaking => Ok(()),
            done => done,
        }
    }

    async fn received(&self, uai: &Uai, enquiry: Enquiry) -> anyhow::Result<()> {
        let mut tx = self.service.store.write().await?;
        let Some(mut feed) = Feed::lock(&mut tx, &office_scope(uai)).await? else { return Ok(()) };
        let Some(settings) = self.service.store.settings(&mut tx, uai).await? else { return Ok(()) };
        let command = Command::ReceiveEnquiry(Box::new(enquiry));
        let now = self.service.now();
        let done = arbitration::execute(&mut tx, &mut feed, &settings, &command, &Actor::System, now).await?;
        done.map_err(|refusal| anyhow::anyhow!("a question is refused: {refusal}"))?;
        self.service.commit(tx, &feed).await?;
        Ok(())
    }

    /// From now on a transaction that writes to some table is cut at that row.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn break_down(&mut self, dice: &mut Dice) -> anyhow::Result<()> {
        let table = dice.pick(&CUT_AT).copied().unwrap_or("command");
        self.is_breaking = true;
        cut(&self.path, table).await
    }

    /// What its own `check` finds broken.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn broken(&self) -> anyhow::Result<Vec<String>> {
        let mut tx = self.service.store.read().await?;
        let findings = tx.inspect().await?;
        Ok(findings.iter().filter(|f| f.broken != 0).map(|f| format!("{}: {}", f.rule, f.broken)).collect())
    }
}

/// A connection beside the program's own.
///
/// # Errors
/// Those of the database.
pub async fn beside(path: &Path) -> anyhow::Result<SqliteConnection> {
    Ok(SqliteConnectOptions::new().filename(path).connect().await?)
}

/// Makes the database break off at the next row of this table.
///
/// # Errors
/// Those of the database.
pub async fn cut(path: &Path, table: &str) -> anyhow::Result<()> {
    let mut db = beside(path).await?;
    let sql = format!(
        "CREATE TRIGGER IF NOT EXISTS simulated_cut BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'cut'); END"
    );
    sqlx::query(AssertSqlSafe(sql)).execute(&mut db).await?;
    db.close().await?;
    Ok(())
}

/// Makes it whole again.
///
/// # Errors
/// Those of the database.
pub async fn mend(path: &Path) -> anyhow::Result<()> {
    let mut db = beside(path).await?;
    sqlx::query("DROP TRIGGER IF EXISTS simulated_cut").execute(&mut db).await?;
    db.close().await?;
    Ok(())
}

/// What is not said on the wire does not arrive here either.
fn over_the_wire<T: Serialize + DeserializeOwned>(said: &T) -> Result<T, SyncError> {
    let unread = |e: serde_json::Error| SyncError::NotCentral(e.to_string());
    serde_json::from_slice(&serde_json::to_vec(said).map_err(unread)?).map_err(unread)
}

fn problem(status: u16, code: &str, why: &impl Display) -> SyncError {
    let problem = Box::new(Problem {
        status,
        code: code.to_owned(),
        title: String::new(),
        detail: why.to_string(),
        fields: Vec::new(),
        alternatives: Vec::new(),
    });
    match problem.status {
        429 | 503 => SyncError::Busy { problem, after_s: Some(5) },
        _ => SyncError::Refused(problem),
    }
}
