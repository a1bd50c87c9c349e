//! Giving commands: decide, change, and queue for central, in one transaction.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::command::Command;
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{ClientId, CommandId, EnquiryId};
use passerelle_domain::lease::Promise;
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::{Actor, Person};
use passerelle_domain::settings::Setting;
use passerelle_domain::{Event, OfficeState, Refusal, decide};
use passerelle_protocol::sync::Entity;
use serde::{Deserialize, Serialize};
use sqlx::{Sqlite, Transaction};

use super::documents::{get, to_doc, touched_doc};
use super::error::{Result, StoreError};
use super::inverse::{Back, inverse_of};
use super::meta::{keys, set};
use super::open::{Names, Store};
use super::slice::load_state;
use super::trace::{Trace, Written};
use super::writing::put;

/// About whom and what a command is, for the outbox and the history; shown to people, never logged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// "Aminata Diallo".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// Start of the meeting.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<DateTime<Utc>>,
    /// "Mme Dupont".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counsellor: Option<String>,
    /// Zone of the meeting's site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// The state that was noted, by its name on the wire.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// The other record or the other requester, of a merge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// It is about the preparation of a meeting: told to those alone who may read one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preparation: bool,
}

impl About {
    /// Of a step, what its last command was about; who it was for may have been said by an earlier one.
    fn follow(&mut self, next: Self) {
        let who = next.who.clone().or_else(|| self.who.take());
        *self = Self { who, ..next };
    }
}

/// One thing that a person did: commands that stand or fall together, the first being what it is called by.
#[derive(Debug, Clone)]
pub struct Step {
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: DateTime<Utc>,
    /// In order; each later one depends on the earlier.
    pub commands: Vec<Command>,
    /// Whether it goes into the list of what can be taken back.
    pub undoable: bool,
}

/// What was written.
#[derive(Debug, Clone, Default)]
pub struct Executed {
    /// Ids of the commands that changed something.
    pub commands: Vec<CommandId>,
    /// It can be taken back.
    pub undoable: bool,
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// A rule says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The office's settings have not arrived yet.
    #[error("the office's settings have not arrived yet")]
    NotReady,
    /// The database could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for ExecuteError {
    fn from(e: sqlx::Error) -> Self {
        Self::Store(e.into())
    }
}

type Tx<'t> = Transaction<'t, Sqlite>;

impl Store {
    /// Decides and writes a step: all of it or nothing.
    ///
    /// # Errors
    /// [`ExecuteError::Refused`] by a rule; otherwise the database's. Nothing is changed then.
    pub async fn execute(&self, step: &Step) -> Result<Executed, ExecuteError> {
        let mut tx = self.begin().await?;
        let done = execute_in(&mut tx, step, &self.names).await?;
        tx.commit().await?;
        Ok(done)
    }
}

pub(super) async fn execute_in(
    tx: &mut Tx<'_>,
    step: &Step,
    names: &Names,
) -> Result<Executed, ExecuteError> {
    let settings = super::settings::load(&mut **tx).await?.ok_or(ExecuteError::NotReady)?;
    let mut settings = Arc::new(settings);
    let mut given: Vec<CommandId> = Vec::new();
    let mut inverse = Vec::new();
    let mut about = About::default();
    let mut cause: Option<&Command> = None;
    for command in &step.commands {
        let Some(one) = give(tx, &settings, command, step, &given, names).await? else { continue };
        // What a command sets holds for the next one of the same step.
        settings = Arc::clone(&one.after.settings);
        let caused = matches!(command, Command::SaveSettings { .. });
        if caused || cause.is_none() {
            about.follow(one.about);
        }
        cause = cause.or(caused.then_some(command));
        inverse.push(inverse_of(command, &one.before, &one.after, step, !given.is_empty()));
        given.push(one.id);
    }
    // The first command bears the step's name; it is taken back in reverse order.
    let inverse: Option<Vec<Back>> =
        inverse.into_iter().rev().collect::<Option<Vec<Vec<_>>>>().map(|v| v.concat());
    let mut undoable = false;
    if step.undoable
        && let Some(inverse) = inverse.filter(|i| !i.is_empty())
    {
        // A change of the settings with meetings that move because of it is called by its cause.
        let main = cause.or(step.commands.last()).map_or("", Command::kind);
        super::undo::remember(tx, &given, step, main, &about, &inverse).await?;
        undoable = true;
    }
    Ok(Executed { commands: given, undoable })
}

/// One command that was given.
pub(super) struct Given {
    pub id: CommandId,
    pub before: OfficeState,
    pub after: OfficeState,
    pub about: About,
}

/// Decides one command, writes what follows and queues it; `None` when nothing follows.
pub(super) async fn give(
    tx: &mut Tx<'_>,
    settings: &Arc<OfficeSettings>,
    command: &Command,
    step: &Step,
    depends: &[CommandId],
    names: &Names,
) -> Result<Option<Given>, ExecuteError> {
    let needs = command.needs();
    let before = load_state(tx, Arc::clone(settings), &needs).await?;
    let events = decide(&before, command, &step.actor, step.now)?;
    if events.is_empty() {
        return Ok(None);
    }
    let mut after = before.clone();
    after.evolve_all(&events);
    let documents = touched_docs(&after, &events)?;
    write_docs(tx, &documents).await.map_err(overlap_is_refused)?;
    let id = CommandId(names.next());
    let about = describe(tx, command, &after, &events).await?;
    let promise = super::lease::promise(tx, None, &before, &after, &events, step.now).await?;
    enqueue(tx, id, command, step, depends, &about, &promise).await?;
    let mut trace = Trace::of(&needs, &before);
    trace.wrote(&documents)?;
    trace.keep(tx, &id.to_string()).await?;
    Ok(Some(Given { id, before, after, about }))
}

/// The trigger is the last guard: what it refuses is a refusal like the rules' own.
fn overlap_is_refused(error: StoreError) -> ExecuteError {
    use passerelle_domain::RefusalCode as C;
    match error {
        StoreError::Overlap(what) => Refusal::new(match what.as_str() {
            "room" => C::RoomTaken,
            "client" => C::ClientBusy,
            "capacity" => C::CapacityFull,
            _ => C::SlotTaken,
        })
        .into(),
        other => ExecuteError::Store(other),
    }
}

/// Every document that the events touch, as they leave it.
pub(super) fn touched_docs(after: &OfficeState, events: &[Event]) -> Result<Vec<Written>> {
    // In the order of the events: what one of them frees, a later one may take, and the triggers look at each row.
    let mut touched: Vec<Touched> = Vec::new();
    for what in events.iter().flat_map(Event::touches) {
        if !touched.contains(&what) {
            touched.push(what);
        }
    }
    touched.into_iter().filter_map(|what| touched_doc(after, what).transpose()).collect()
}

/// Writes documents of a command, keeping central's version of each the first time.
pub(super) async fn write_docs(tx: &mut Tx<'_>, documents: &[Written]) -> Result<()> {
    for (entity, id, doc) in documents {
        let base = get(tx, *entity, id).await?;
        let rev = base.as_ref().map_or(0, |(rev, _)| *rev);
        sqlx::query(
            "INSERT INTO overlay (entity, id, rev, doc) VALUES (?, ?, ?, ?) ON CONFLICT (entity, id) DO NOTHING",
        )
        .bind(entity.key())
        .bind(id)
        .bind(rev)
        .bind(base.map(|(_, doc)| doc))
        .execute(&mut **tx)
        .await?;
        put(tx, *entity, id, rev, doc).await?;
    }
    Ok(())
}

async fn enqueue(
    tx: &mut Tx<'_>,
    id: CommandId,
    command: &Command,
    step: &Step,
    depends: &[CommandId],
    about: &About,
    promise: &Promise,
) -> Result<()> {
    let last: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
        .bind(keys::LAST_SEQ)
        .fetch_optional(&mut **tx)
        .await?;
    let seq = last.and_then(|l| l.parse::<i64>().ok()).unwrap_or(0) + 1;
    set(tx, keys::LAST_SEQ, &seq.to_string()).await?;
    let (actor, role) = match &step.actor {
        Actor::Staff { person, role, .. } => (person.to_string(), to_doc(role, "role")?),
        Actor::Family | Actor::System => (String::new(), "\"system\"".to_owned()),
    };
    sqlx::query(
        "INSERT INTO outbox (seq, id, kind, at, actor, role, depends, command, about, places, lease, state)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending')",
    )
    .bind(seq)
    .bind(id.to_string())
    .bind(command.kind())
    .bind(step.now.to_rfc3339())
    .bind(actor)
    .bind(role)
    .bind(to_doc(&depends, "depends")?)
    .bind(to_doc(command, "command")?)
    .bind(to_doc(about, "about")?)
    .bind(i64::from(*promise != Promise::Nothing))
    .bind(match promise {
        Promise::Kept(leases) => Some(leases),
        Promise::Nothing | Promise::Open => None,
    })
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Who and what the events are about, in words.
async fn describe(
    tx: &mut Tx<'_>,
    command: &Command,
    after: &OfficeState,
    events: &[Event],
) -> Result<About> {
    let client = |id: &ClientId| after.clients.get(id).map(Client::full_name);
    let asked = |id: &EnquiryId| after.enquiries.get(id).map(|e| e.requester.name.clone());
    // Of a merge, both are named; what moves along is not what it is about.
    match command {
        Command::MergeClients(m) => {
            let who = after.client_that_goes_on(m.into).map(Client::full_name);
            return Ok(About { who, other: client(&m.id), ..About::default() });
        }
        Command::UnmergeClient { id } => return Ok(About { who: client(id), ..About::default() }),
        Command::MergeEnquiry { id, into } => {
            return Ok(About { who: asked(into), other: asked(id), ..About::default() });
        }
        Command::UnmergeEnquiry { id } => return Ok(About { who: asked(id), ..About::default() }),
        _ => {}
    }
    let status = match command {
        Command::SetStatus(s) => Some(s.status.key().to_owned()),
        _ => None,
    };
    let mut about = About { status, ..About::default() };
    for what in events.iter().flat_map(Event::touches) {
        match what {
            Touched::Appointment(id) => {
                let Some(a) = after.appointments.get(&id) else { continue };
                of_meeting(tx, after, a, &mut about).await?;
            }
            Touched::Enquiry(id) => {
                if let Some(e) = after.enquiries.get(&id) {
                    about.who.get_or_insert_with(|| e.requester.name.clone());
                }
            }
            Touched::Preparation(id) => {
                about.preparation = true;
                if let Some(a) = after.appointments.get(&id) {
                    of_meeting(tx, after, a, &mut about).await?;
                }
            }
            Touched::Client(id) => {
                if let Some(c) = after.clients.get(&id) {
                    about.who = Some(c.full_name());
                }
            }
            Touched::Setting(key) => {
                if let Some(setting) = after.settings.document(key) {
                    about.who.get_or_insert_with(|| name_of(&after.settings, &setting));
                }
            }
            Touched::Waiting(id) => {
                let client = after.waiting.get(&id).and_then(|w| after.clients.get(&w.client));
                if let Some(c) = client {
                    about.who.get_or_insert_with(|| c.full_name());
                }
            }
        }
    }
    Ok(about)
}

/// Says which meeting it is about, and whose.
async fn of_meeting(tx: &mut Tx<'_>, after: &OfficeState, a: &Appointment, about: &mut About) -> Result<()> {
    about.start = Some(a.start);
    about.zone = Some(a.zone.name().to_owned());
    about.counsellor = after.settings.people.get(&a.counsellor).map(Person::short_name);
    if let Some(client) = a.client
        && let Some((_, doc)) = get(tx, Entity::Client, &client.to_string()).await?
    {
        let c: Client = super::documents::parse_doc(&doc, "client")?;
        about.who = Some(c.full_name());
    }
    Ok(())
}

/// What a document of the settings is called: whose it is, or its own name.
fn name_of(settings: &OfficeSettings, setting: &Setting) -> String {
    let person = |id| settings.people.get(&id).map(Person::short_name).unwrap_or_default();
    match setting {
        Setting::Office(d) => d.office.name.clone(),
        Setting::Site(s) => s.name.clone(),
        Setting::Room(r) => r.name.clone(),
        Setting::Kind(k) => k.name.clone(),
        Setting::Opening(o) => person(o.counsellor),
        Setting::Absence(a) => format!("{} · {}", person(a.counsellor), a.label),
    }
}

impl Store {
    /// What a command would see; to try it out without writing.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn state_for(&self, command: &Command) -> Result<OfficeState, ExecuteError> {
        let settings = self.settings().await?.ok_or(ExecuteError::NotReady)?;
        let mut tx = self.readers.begin().await?;
        Ok(load_state(&mut tx, settings, &command.needs()).await?)
    }
}
