//! Commands that central refused: nothing is lost, each waits here for a person.

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::Refusal;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::command::{Book, Command};
use passerelle_domain::ids::PersonId;
use sqlx::{Sqlite, Transaction};

use super::documents::{parse_doc, to_doc};
use super::error::Result;
use super::execute::{ExecuteError, Executed, Step, execute_in};
use super::open::Store;
use super::rebase::meeting_of;

/// A conflict.
#[derive(Debug, Clone)]
pub struct ConflictRow {
    /// Id of the refused command.
    pub id: String,
    /// When it appeared.
    pub at: DateTime<Utc>,
    /// When the command was given.
    pub given_at: DateTime<Utc>,
    /// By whom.
    pub actor: Option<PersonId>,
    /// It was given without the network.
    pub offline: bool,
    /// Why it was refused.
    pub refusal: Refusal,
    /// What was meant.
    pub command: Command,
    /// The meeting as it stood here.
    pub mine: Option<Appointment>,
    /// A person has settled it.
    pub settled: Option<String>,
}

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).map(|t| t.with_timezone(&Utc)).unwrap_or_default()
}

/// Notes a refusal, as settled when it is moot; false when the command is not (any longer) in the outbox.
pub(super) async fn record(
    tx: &mut Transaction<'_, Sqlite>,
    id: &str,
    refusal: &Refusal,
    offline: bool,
    moot: bool,
    now: DateTime<Utc>,
) -> Result<bool> {
    let row: Option<(String, String, String, String)> =
        sqlx::query_as("SELECT kind, at, actor, command FROM outbox WHERE id = ?")
            .bind(id)
            .fetch_optional(&mut **tx)
            .await?;
    let Some((kind, given_at, actor, command)) = row else { return Ok(false) };
    let parsed: Command = parse_doc(&command, "command")?;
    let mine = match meeting_of(tx, &parsed).await? {
        Some(doc) => Some(doc),
        // It was already off the agenda here (central's feed came first): it is drawn from the command itself.
        None => sketch(&parsed, now).map(|a| to_doc(&a, "appointment")).transpose()?,
    };
    let start = match &mine {
        Some(doc) => Some(parse_doc::<Appointment>(doc, "appointment")?.start.timestamp()),
        None => None,
    };
    sqlx::query(
        "INSERT INTO conflict (id, kind, at, given_at, actor, offline, refusal, command, mine, start_s, state, settled)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
    )
    .bind(id)
    .bind(kind)
    .bind(now.to_rfc3339())
    .bind(&given_at)
    .bind(actor)
    .bind(i64::from(offline || now - instant(&given_at) > Duration::minutes(2)))
    .bind(to_doc(refusal, "refusal")?)
    .bind(command)
    .bind(mine)
    .bind(start)
    .bind(if moot { "settled" } else { "open" })
    .bind(moot.then_some("undone"))
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

/// The meeting that a booking would have made.
fn sketch(command: &Command, now: DateTime<Utc>) -> Option<Appointment> {
    let (b, status): (&Book, _) = match command {
        Command::Book(b) => (b, passerelle_domain::appointment::Status::Booked),
        Command::Hold(b) => (b, passerelle_domain::appointment::Status::Held),
        _ => return None,
    };
    let start = passerelle_domain::office::instant(b.place.start, b.place.zone).ok()?;
    Some(Appointment {
        id: b.id,
        kind: b.kind,
        counsellor: b.place.counsellor,
        second: b.place.second,
        site: b.place.site,
        room: b.place.room,
        start,
        end: start + Duration::minutes(i64::from(b.place.minutes)),
        zone: b.place.zone,
        buffer_after_min: 0,
        status,
        held_until: b.held_until.or(Some(now)).filter(|_| matches!(command, Command::Hold(_))),
        session: None,
        client: b.client,
        companions: b.companions.clone(),
        enquiry: b.enquiry,
        waiting: b.waiting,
        arrived_at: None,
        override_reason: b.override_reason.clone(),
        version: 1,
        history: Vec::new(),
    })
}

type Row = (String, String, String, String, i64, String, String, Option<String>, Option<String>);

fn read(row: Row) -> Result<ConflictRow> {
    let (id, at, given_at, actor, offline, refusal, command, mine, settled) = row;
    Ok(ConflictRow {
        id,
        at: instant(&at),
        given_at: instant(&given_at),
        actor: actor.parse().ok(),
        offline: offline != 0,
        refusal: parse_doc(&refusal, "refusal")?,
        command: parse_doc(&command, "command")?,
        mine: mine.map(|m| parse_doc(&m, "appointment")).transpose()?,
        settled,
    })
}

impl Store {
    /// How many conflicts wait.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn conflict_count(&self) -> Result<u32> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM conflict WHERE state = 'open'")
            .fetch_one(&self.readers)
            .await?)
    }

    /// Conflicts, the nearest meeting first; settled ones newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn conflicts(&self, settled: bool) -> Result<Vec<ConflictRow>> {
        let sql = if settled {
            "SELECT id, at, given_at, actor, offline, refusal, command, mine, settled FROM conflict
             WHERE state = 'settled' ORDER BY at DESC LIMIT 200"
        } else {
            "SELECT id, at, given_at, actor, offline, refusal, command, mine, settled FROM conflict
             WHERE state = 'open' ORDER BY start_s IS NULL, start_s, at"
        };
        let rows: Vec<Row> = sqlx::query_as(sql).fetch_all(&self.readers).await?;
        rows.into_iter().map(read).collect()
    }

    /// One conflict.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn conflict(&self, id: &str) -> Result<Option<ConflictRow>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, at, given_at, actor, offline, refusal, command, mine, settled FROM conflict WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&self.readers)
        .await?;
        row.map(read).transpose()
    }

    /// Settles a conflict with the commands of a step (none: the refusal stands), in one transaction.
    ///
    /// # Errors
    /// As [`Store::execute`]; the conflict stays open then.
    pub async fn settle(&self, id: &str, how: &str, step: &Step) -> Result<Executed, ExecuteError> {
        let mut tx = self.begin().await?;
        let done = execute_in(&mut tx, step, &self.names).await?;
        sqlx::query("UPDATE conflict SET state = 'settled', settled = ? WHERE id = ? AND state = 'open'")
            .bind(how)
            .bind(id)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(done)
    }
}
