//! Taking back: every step remembers the commands that undo it.

use chrono::{DateTime, Utc};
use passerelle_domain::OfficeState;
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::command::{Command, Move, Place, SetStatus};
use passerelle_domain::ids::{AppointmentId, CommandId, PersonId};
use passerelle_domain::session;
use passerelle_domain::settings::Change;
use sqlx::{Sqlite, Transaction};

use super::documents::{parse_doc, to_doc};
use super::error::Result;
use super::execute::{About, ExecuteError, Executed, Step, execute_in};
use super::open::Store;

/// Reason written into the history of a booking that was taken back.
const TAKEN_BACK: &str = "Saisie annulée";

/// How many steps are kept.
const KEPT: i64 = 200;

/// A step that can be taken back.
#[derive(Debug, Clone)]
pub struct UndoRow {
    /// Id of its first command.
    pub id: String,
    /// Kind of its main command.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// About whom.
    pub about: About,
}

/// The commands that undo one; `None` when it cannot be undone (a family has read it).
pub(super) fn inverse_of(
    command: &Command,
    before: &OfficeState,
    after: &OfficeState,
) -> Option<Vec<Command>> {
    let status = |id, status, reason: Option<&str>| {
        let reason = reason.map(str::to_owned);
        Some(vec![Command::SetStatus(SetStatus { id, status, reason, client: None })])
    };
    match command {
        Command::Book(b) | Command::Hold(b) => status(b.id, Status::Cancelled, Some(TAKEN_BACK)),
        Command::Move(m) | Command::MoveSession(m) => {
            let (old, new) = (before.appointments.get(&m.id)?, after.appointments.get(&m.id)?);
            let place = Place {
                counsellor: old.counsellor,
                second: old.second,
                site: old.site,
                room: old.room,
                start: old.start.with_timezone(&old.zone).naive_local(),
                zone: old.zone,
                minutes: u32::try_from(old.minutes()).ok()?,
            };
            let override_reason = old.override_reason.clone();
            let back = Move { id: m.id, place, seen_version: new.version, override_reason };
            Some(vec![match command {
                Command::Move(_) => Command::Move(back),
                _ => Command::MoveSession(back),
            }])
        }
        Command::CancelSession { id, .. } => session_back(*id, before, after),
        Command::SetStatus(s) => match before.appointments.get(&s.id)?.status {
            // There is no way back to a proposal; the booking is taken back instead.
            Status::Held => match s.status {
                Status::Booked => status(s.id, Status::Cancelled, Some(TAKEN_BACK)),
                _ => None,
            },
            Status::Declined | Status::Expired => None,
            was => status(s.id, was, Some(TAKEN_BACK)),
        },
        Command::SetCompanions { id, .. } => {
            let companions = before.appointments.get(id)?.companions.clone();
            Some(vec![Command::SetCompanions { id: *id, companions }])
        }
        Command::ClaimEnquiry { id, .. } => match before.enquiries.get(id)?.owner {
            None => Some(vec![Command::ReleaseEnquiry { id: *id }]),
            Some(_) => None,
        },
        Command::ReleaseEnquiry { id } => Some(vec![Command::ClaimEnquiry { id: *id, take_over: false }]),
        Command::CloseEnquiry { id } | Command::SnoozeEnquiry { id, .. } => {
            Some(vec![Command::ReopenEnquiry { id: *id }])
        }
        Command::ReopenEnquiry { id } => Some(vec![Command::CloseEnquiry { id: *id }]),
        Command::UpdateClient(c) => {
            Some(vec![Command::UpdateClient(Box::new(before.clients.get(&c.id)?.clone()))])
        }
        // Somebody is known now: the record stays when the booking made with it is taken back.
        Command::CreateClient(_) | Command::IdentifyClient { .. } => Some(Vec::new()),
        Command::SaveSettings { changes } => {
            let changed = |c: &&Change| before.settings.document(c.to.key()).as_ref() != Some(&c.to);
            let changes = changes.iter().rev().filter(changed).map(Change::inverse).collect();
            Some(vec![Command::SaveSettings { changes }])
        }
        Command::OpenEnquiry(e) => Some(vec![Command::CloseEnquiry { id: e.id }]),
        Command::AnswerEnquiry(_)
        | Command::NoteEnquiry { .. }
        | Command::MergeEnquiry { .. }
        | Command::AppendMessage { .. }
        | Command::ReceiveEnquiry(_) => None,
    }
}

/// A cancelled group session as it was: the session itself first, then everybody in it. Not when somebody had it proposed
/// only: there is no way back to a proposal, and half a session is none.
fn session_back(id: AppointmentId, before: &OfficeState, after: &OfficeState) -> Option<Vec<Command>> {
    let key = session::key_of(&before.settings, before.appointments.get(&id)?)?;
    let ended = |a: &&Appointment| after.appointments.get(&a.id).is_some_and(|b| b.status != a.status);
    let mut members: Vec<&Appointment> = session::members(before, &key).filter(ended).collect();
    members.sort_by_key(|a| (a.takes_seat(), a.id));
    let mut commands = Vec::new();
    for member in members {
        let steps: &[Status] = match member.status {
            Status::Booked => &[Status::Booked],
            Status::Arrived => &[Status::Booked, Status::Arrived],
            _ => return None,
        };
        commands.extend(steps.iter().map(|&status| {
            let reason = Some(TAKEN_BACK.to_owned());
            Command::SetStatus(SetStatus { id: member.id, status, reason, client: None })
        }));
    }
    Some(commands)
}

pub(super) async fn remember(
    tx: &mut Transaction<'_, Sqlite>,
    id: CommandId,
    step: &Step,
    kind: &str,
    about: &About,
    inverse: &[Command],
) -> Result<()> {
    sqlx::query(
        "INSERT INTO undo (id, at, actor, kind, about, inverse, state) VALUES (?, ?, ?, ?, ?, ?, 'ready')",
    )
    .bind(id.to_string())
    .bind(step.now.to_rfc3339())
    .bind(step.actor.person().map(|p| p.to_string()).unwrap_or_default())
    .bind(kind)
    .bind(to_doc(about, "about")?)
    .bind(to_doc(&inverse, "inverse")?)
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM undo WHERE n <= (SELECT max(n) FROM undo) - ?")
        .bind(KEPT)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

/// A step of which central refused a command can no longer be taken back. It bears the name of its first command; the
/// refused one may be a later one, which depends on it. Called while the command is still in the outbox.
pub(super) async fn forget(tx: &mut Transaction<'_, Sqlite>, id: &str) -> Result<()> {
    sqlx::query(
        "UPDATE undo SET state = 'void' WHERE state = 'ready' AND (id = ?1 OR id IN
           (SELECT d.value FROM outbox o, json_each(o.depends) d WHERE o.id = ?1))",
    )
    .bind(id)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl Store {
    /// What this person can take back, newest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn undoable(&self, person: PersonId, limit: u32) -> Result<Vec<UndoRow>> {
        let rows: Vec<(String, String, String, String)> = sqlx::query_as(
            "SELECT id, kind, at, about FROM undo WHERE actor = ? AND state = 'ready' ORDER BY n DESC LIMIT ?",
        )
        .bind(person.to_string())
        .bind(limit)
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|(id, kind, at, about)| {
                let at = DateTime::parse_from_rfc3339(&at).map(|t| t.with_timezone(&Utc)).unwrap_or_default();
                Ok(UndoRow { id, kind, at, about: parse_doc(&about, "about")? })
            })
            .collect()
    }

    /// Takes back the newest step of the actor; `Ok(None)` when there is none.
    ///
    /// # Errors
    /// As [`Store::execute`]: what happened since may stand in the way.
    pub async fn undo_last(&self, step: &Step) -> Result<Option<Executed>, ExecuteError> {
        let person = step.actor.person().map(|p| p.to_string()).unwrap_or_default();
        let mut tx = self.begin().await?;
        let row: Option<(String, String)> = sqlx::query_as(
            "SELECT id, inverse FROM undo WHERE actor = ? AND state = 'ready' ORDER BY n DESC LIMIT 1",
        )
        .bind(person)
        .fetch_optional(&mut *tx)
        .await?;
        let Some((id, inverse)) = row else { return Ok(None) };
        let mut commands: Vec<Command> = parse_doc(&inverse, "inverse")?;
        refresh_versions(&mut tx, &mut commands).await?;
        let done = execute_in(&mut tx, &Step { commands, undoable: false, ..step.clone() }).await?;
        sqlx::query("UPDATE undo SET state = 'undone' WHERE id = ?").bind(id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(Some(done))
    }
}

/// A meeting that was marked or moved since has another version; the way back is meant for the present one.
async fn refresh_versions(tx: &mut Transaction<'_, Sqlite>, commands: &mut [Command]) -> Result<()> {
    for command in commands {
        if let Command::Move(m) | Command::MoveSession(m) = command
            && let Some((_, doc)) =
                super::documents::get(tx, passerelle_protocol::sync::Entity::Appointment, &m.id.to_string())
                    .await?
        {
            let a: passerelle_domain::appointment::Appointment = parse_doc(&doc, "appointment")?;
            m.seen_version = a.version;
        }
    }
    Ok(())
}
