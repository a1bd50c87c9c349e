//! Taking back: every step remembers the commands that undo it (`inverse.rs`), and what became of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_domain::command::Command;
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{CommandId, PersonId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::{OfficeState, Refusal, decide};
use serde::Deserialize;
use sqlx::{Acquire, Sqlite, Transaction};

use super::documents::{parse_doc, to_doc};
use super::error::Result;
use super::execute::{About, ExecuteError, Executed, Step, give};
use super::inverse::{Back, current};
use super::open::Store;
use super::slice::load_state;

/// How many steps are kept.
const KEPT: i64 = 200;

/// What can be said of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UndoState {
    /// It can be taken back.
    Ready,
    /// It was.
    Undone,
    /// Central refused it: there is nothing to take back.
    Void,
    /// Something later stands in the way.
    Blocked(Refusal),
}

/// A step, for the history.
#[derive(Debug, Clone)]
pub struct UndoRow {
    /// Id of its first command.
    pub id: String,
    /// Kind of its main command.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: Option<PersonId>,
    /// About whom.
    pub about: About,
    /// Whether it can be taken back.
    pub state: UndoState,
}

type Tx<'t> = Transaction<'t, Sqlite>;

/// The way back as stored; before it could have parts that may fail, it was commands alone.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stored {
    Back(Back),
    Plain(Command),
}

fn way_back(doc: &str) -> Result<Vec<Back>> {
    let stored: Vec<Stored> = parse_doc(doc, "inverse")?;
    Ok(stored
        .into_iter()
        .map(|s| match s {
            Stored::Back(back) => back,
            Stored::Plain(command) => command.into(),
        })
        .collect())
}

/// Keeps a step that was given.
pub(super) async fn remember(
    tx: &mut Tx<'_>,
    commands: &[CommandId],
    step: &Step,
    kind: &str,
    about: &About,
    inverse: &[Back],
) -> Result<()> {
    let Some(first) = commands.first() else { return Ok(()) };
    sqlx::query(
        "INSERT INTO undo (id, at, actor, kind, about, inverse, commands, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, 'ready')",
    )
    .bind(first.to_string())
    .bind(step.now.to_rfc3339())
    .bind(step.actor.person().map(|p| p.to_string()).unwrap_or_default())
    .bind(kind)
    .bind(to_doc(about, "about")?)
    .bind(to_doc(&inverse, "inverse")?)
    .bind(to_doc(&commands, "commands")?)
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM undo WHERE n <= (SELECT max(n) FROM undo) - ?")
        .bind(KEPT)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// Central refused a command. A step of which it was part can no longer be taken back; a step that it was to take back
/// is not. True when the refusal asks nothing of anybody: the step was taken back here before central heard of it.
/// Called while the command is still in the outbox.
pub(super) async fn refused(tx: &mut Tx<'_>, id: &str) -> Result<bool> {
    let rows: Vec<(i64, String, bool)> = sqlx::query_as(
        "SELECT n, state, EXISTS (SELECT 1 FROM json_each(coalesce(commands, '[]')) c WHERE c.value = ?1)
                OR id = ?1 OR id IN (SELECT d.value FROM outbox o, json_each(o.depends) d WHERE o.id = ?1)
         FROM undo
         WHERE id = ?1 OR EXISTS (SELECT 1 FROM json_each(coalesce(commands, '[]')) c WHERE c.value = ?1)
            OR EXISTS (SELECT 1 FROM json_each(coalesce(undone_by, '[]')) c WHERE c.value = ?1)
            OR (commands IS NULL AND id IN
                 (SELECT d.value FROM outbox o, json_each(o.depends) d WHERE o.id = ?1))",
    )
    .bind(id)
    .fetch_all(&mut **tx)
    .await?;
    let mut moot = false;
    for (n, state, own) in rows {
        // A part of the step itself, or of its way back.
        moot |= state == if own { "undone" } else { "void" };
        let next = match (own, state.as_str()) {
            (true, _) | (false, "void") => "void",
            (false, _) => "ready",
        };
        sqlx::query("UPDATE undo SET state = ?, undone_at = NULL WHERE n = ?")
            .bind(next)
            .bind(n)
            .execute(&mut **tx)
            .await?;
    }
    Ok(moot)
}

fn instant(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).map(|t| t.with_timezone(&Utc)).unwrap_or_default()
}

type Row = (String, String, String, String, String, String, String);

const COLUMNS: &str = "id, kind, at, actor, about, inverse, state";

impl Store {
    /// What was done at this desk, newest first, each with whether this step's actor could take it back now.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn undoable(&self, step: &Step, limit: u32) -> Result<Vec<UndoRow>, ExecuteError> {
        let settings = self.settings().await?.ok_or(ExecuteError::NotReady)?;
        let mut tx = self.readers.begin().await?;
        let sql = format!("SELECT {COLUMNS} FROM undo ORDER BY n DESC LIMIT ?");
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(limit).fetch_all(&mut *tx).await?;
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            let state = match row.6.as_str() {
                "ready" => match in_the_way(&mut tx, &settings, &way_back(&row.5)?, step).await? {
                    None => UndoState::Ready,
                    Some(refusal) => UndoState::Blocked(refusal),
                },
                "undone" => UndoState::Undone,
                _ => UndoState::Void,
            };
            out.push(read(row, state)?);
        }
        Ok(out)
    }

    /// Takes back a step, or the newest one of the actor that was not taken back yet; `Ok(None)` when there is none.
    ///
    /// # Errors
    /// As [`Store::execute`]: what happened since may stand in the way; then nothing is changed.
    pub async fn undo(
        &self,
        step: &Step,
        which: Option<&str>,
    ) -> Result<Option<(Executed, UndoRow)>, ExecuteError> {
        let person = step.actor.person().map(|p| p.to_string()).unwrap_or_default();
        let mut tx = self.begin().await?;
        let row: Option<Row> = match which {
            Some(id) => {
                let sql = format!("SELECT {COLUMNS} FROM undo WHERE id = ? AND state = 'ready'");
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(&mut *tx).await?
            }
            None => {
                let sql = format!(
                    "SELECT {COLUMNS} FROM undo WHERE actor = ? AND state = 'ready' ORDER BY n DESC LIMIT 1"
                );
                sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(person).fetch_optional(&mut *tx).await?
            }
        };
        let Some(row) = row else { return Ok(None) };
        let settings = super::settings::load(&mut *tx).await?.ok_or(ExecuteError::NotReady)?;
        let mut settings = Arc::new(settings);
        let mut given: Vec<CommandId> = Vec::new();
        for back in way_back(&row.5)? {
            let state = load_state(&mut tx, Arc::clone(&settings), &back.command.needs()).await?;
            let Some(command) = current(&back, &state, step.now) else { continue };
            // A savepoint: what need not come back must leave nothing behind when it cannot.
            let mut one = tx.begin().await?;
            match give(&mut one, &settings, &command, step, &given, &self.names).await {
                Ok(done) => {
                    one.commit().await?;
                    if let Some(done) = done {
                        settings = done.after.settings;
                        given.push(done.id);
                    }
                }
                Err(ExecuteError::Refused(_)) if back.optional => one.rollback().await?,
                Err(other) => return Err(other),
            }
        }
        sqlx::query("UPDATE undo SET state = 'undone', undone_at = ?, undone_by = ? WHERE id = ?")
            .bind(step.now.to_rfc3339())
            .bind(to_doc(&given, "commands")?)
            .bind(&row.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        let done = Executed { commands: given, undoable: false };
        Ok(Some((done, read(row, UndoState::Undone)?)))
    }
}

fn read(row: Row, state: UndoState) -> Result<UndoRow> {
    let (id, kind, at, actor, about, ..) = row;
    let about = parse_doc(&about, "about")?;
    Ok(UndoRow { id, kind, at: instant(&at), actor: actor.parse().ok(), about, state })
}

/// Why a way back is closed, without writing anything: each command is decided over what the ones before it would
/// leave.
async fn in_the_way(
    tx: &mut Tx<'_>,
    settings: &Arc<OfficeSettings>,
    backs: &[Back],
    step: &Step,
) -> Result<Option<Refusal>> {
    let mut imagined = OfficeState::new(Arc::clone(settings));
    for back in backs.iter().filter(|b| !b.optional) {
        let mut state = load_state(tx, Arc::clone(&imagined.settings), &back.command.needs()).await?;
        lay_over(&mut state, &imagined);
        let Some(command) = current(back, &state, step.now) else { continue };
        match decide(&state, &command, &step.actor, step.now) {
            Ok(events) => {
                state.evolve_all(&events);
                for touched in events.iter().flat_map(passerelle_domain::Event::touches) {
                    keep(&mut imagined, &state, touched);
                }
            }
            Err(refusal) => return Ok(Some(refusal)),
        }
    }
    Ok(None)
}

fn lay_over(state: &mut OfficeState, imagined: &OfficeState) {
    state.appointments.extend(imagined.appointments.clone());
    state.enquiries.extend(imagined.enquiries.clone());
    state.clients.extend(imagined.clients.clone());
    state.waiting.extend(imagined.waiting.clone());
    state.sheets.extend(imagined.sheets.clone());
}

fn keep(imagined: &mut OfficeState, state: &OfficeState, touched: Touched) {
    match touched {
        Touched::Appointment(id) => {
            imagined.appointments.extend(state.appointments.get(&id).map(|a| (id, a.clone())));
        }
        Touched::Enquiry(id) => imagined.enquiries.extend(state.enquiries.get(&id).map(|e| (id, e.clone()))),
        Touched::Setting(_) => imagined.settings = Arc::clone(&state.settings),
        Touched::Waiting(id) => imagined.waiting.extend(state.waiting.get(&id).map(|w| (id, w.clone()))),
        Touched::Preparation(id) => imagined.sheets.extend(state.sheets.get(&id).map(|s| (id, s.clone()))),
        Touched::Client(id) => imagined.clients.extend(state.clients.get(&id).map(|c| (id, c.clone()))),
    }
}
