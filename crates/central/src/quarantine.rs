//! What a desk had not sent when it was trusted no longer.
//!
//! It is kept as it came, and decides nothing: what a lost machine sends may have been typed by whoever found it. A director of
//! its office sees what it would be, and releases it: then it is decided in the ordinary way, as a command of its author at
//! that desk, under an incarnation of its own ([`INCARNATION`]), so that gaps in what is released do not matter. Or
//! discards it.

pub mod kept;

use std::collections::{BTreeMap, BTreeSet};

use passerelle_domain::Command;
use passerelle_domain::ids::{ClientId, CommandId, DeskId, PersonId};
use passerelle_domain::people::Role;
use passerelle_protocol::enrol::quarantine::{
    MAX_KEPT, MAX_SETTLED, Quarantined, QuarantinedPlace, Released, SettleRequest, Settled, Settling, Which,
};
use passerelle_protocol::sync::{Envelope, MAX_COMMANDS, Verdict};

use crate::administration::{Action, By, note};
use crate::push::{PushError, push};
use crate::service::Service;
use crate::store::{Desk, Passing, StoreError, Tx, again};
use kept::{QuarantineRow, SettledRow, Stands};

/// Under which incarnation of its desk a released command is decided.
pub const INCARNATION: &str = "quarantine";
/// Most commands that a list tells.
pub const MOST: usize = 1_000;
/// How often numbers are looked up anew, when two directors release at the same moment.
const ATTEMPTS: usize = 5;

/// Why the quarantine does not do what is asked.
#[derive(Debug, thiserror::Error)]
pub enum QuarantineError {
    /// More at once than a request may have.
    #[error("too many commands at once")]
    TooMany,
    /// More than are kept of one desk.
    #[error("more than {MAX_KEPT} commands of one desk")]
    Full,
    /// The actor is no director of the office.
    #[error("only a director of the office says what becomes of it")]
    NotAllowed,
    /// Released commands could not be decided.
    #[error(transparent)]
    Push(#[from] PushError),
    /// The store could not do its work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Passing for QuarantineError {
    fn passes(&self) -> bool {
        matches!(self, Self::Store(error) if error.passes())
    }
}

/// Keeps what a desk that is trusted no longer had not sent, each command once; how many wait for a director.
///
/// # Errors
/// [`QuarantineError`]; then nothing of this request was kept.
pub async fn keep(service: &Service, desk: &Desk, commands: &[Envelope]) -> Result<u32, QuarantineError> {
    if commands.len() > MAX_COMMANDS {
        return Err(QuarantineError::TooMany);
    }
    let mut tx = service.store.write().await?;
    // Of two requests of one desk the second waits for the first: they number what they keep.
    crate::store::Feed::lock(&mut tx, &passerelle_protocol::sync::office_scope(&desk.office)).await?;
    let ids: Vec<CommandId> = commands.iter().map(|envelope| envelope.id).collect();
    let known = crate::store::known_among(&mut tx, &ids).await?;
    for envelope in commands {
        // The desk did not hear what was decided of it: that is so already.
        if known.get(&envelope.id).is_some_and(|stored| !stored.waits_for(desk.id)) {
            continue;
        }
        let text = serde_json::to_string(envelope)
            .map_err(|e| StoreError::document("quarantine", &envelope.id.to_string(), &e))?;
        tx.put_aside(desk.id, &desk.office, envelope.id, &text, service.now()).await?;
    }
    let (kept, waiting) = tx.put_aside_of(desk.id).await?;
    if kept > MAX_KEPT as u64 {
        return Err(QuarantineError::Full);
    }
    tx.commit().await?;
    tracing::info!(office = %desk.office, desk = %desk.id, sent = commands.len(), waiting, "kept in quarantine");
    Ok(u32::try_from(waiting).unwrap_or(u32::MAX))
}

/// Whether this person is a director of the desk's office.
async fn directs(
    service: &Service,
    tx: &mut Tx,
    desk: &Desk,
    person: PersonId,
) -> Result<(), QuarantineError> {
    let settings = service.store.settings(tx, &desk.office).await?;
    let person = settings.as_ref().and_then(|s| s.people.get(&person));
    match person.is_some_and(|p| p.active && p.role == Role::Director) {
        true => Ok(()),
        false => Err(QuarantineError::NotAllowed),
    }
}

/// A command with what is known of it.
struct Kept {
    row: QuarantineRow,
    envelope: Envelope,
}

impl Kept {
    const fn which(&self) -> Which {
        Which { desk: self.row.desk, id: self.envelope.id }
    }
}

/// What waits in an office, and what was refused.
async fn kept(tx: &mut Tx, desk: &Desk, most: usize) -> Result<Vec<Kept>, StoreError> {
    let read = |row: QuarantineRow| {
        let envelope = serde_json::from_str(&row.envelope)
            .map_err(|e| StoreError::document("quarantine", &row.desk.to_string(), &e))?;
        Ok(Kept { row, envelope })
    };
    tx.quarantined(&desk.office, most).await?.into_iter().map(read).collect()
}

/// What a director of this desk's office sees, and whether there is more.
///
/// # Errors
/// [`QuarantineError`].
pub async fn list(
    service: &Service,
    desk: &Desk,
    actor: PersonId,
) -> Result<(Vec<Quarantined>, bool), QuarantineError> {
    let mut tx = service.store.read().await?;
    directs(service, &mut tx, desk, actor).await?;
    let mut kept = kept(&mut tx, desk, MOST + 1).await?;
    let more = kept.len() > MOST;
    kept.truncate(MOST);
    let names: BTreeMap<DeskId, String> =
        tx.desks_of(&desk.office).await?.into_iter().map(|d| (d.id, d.name)).collect();
    let clients: BTreeMap<ClientId, String> = kept
        .iter()
        .filter_map(|k| match k.envelope.parse() {
            Ok(Command::CreateClient(client)) => Some((client.id, client.full_name())),
            _ => None,
        })
        .collect();
    let commands = kept.iter().map(|k| told(k, &names, &clients)).collect::<Result<_, _>>()?;
    Ok((commands, more))
}

/// What is told of a command: enough to know what it would do, and nothing of what anybody wrote.
fn told(
    kept: &Kept,
    names: &BTreeMap<DeskId, String>,
    clients: &BTreeMap<ClientId, String>,
) -> Result<Quarantined, StoreError> {
    let Kept { row, envelope } = kept;
    let refusal = match &row.refusal {
        Some(text) => Some(
            serde_json::from_str(text)
                .map_err(|e| StoreError::document("quarantine", &envelope.id.to_string(), &e))?,
        ),
        None => None,
    };
    let kind = envelope.command.get("kind").and_then(serde_json::Value::as_str).unwrap_or("").to_owned();
    let mut told = Quarantined {
        id: envelope.id,
        desk: row.desk,
        desk_name: names.get(&row.desk).cloned().unwrap_or_default(),
        kind,
        actor: envelope.actor,
        at: envelope.at,
        received_at: row.received_at,
        status: None,
        appointment: None,
        place: None,
        client: None,
        name: None,
        refusal,
    };
    let place = |place: &passerelle_domain::command::Place| {
        Some(QuarantinedPlace { counsellor: place.counsellor, start: place.start, zone: place.zone })
    };
    // What this version does not understand says nothing but its kind.
    match envelope.parse() {
        Ok(Command::Book(book) | Command::Hold(book)) => {
            (told.appointment, told.place, told.client) = (Some(book.id), place(&book.place), book.client);
        }
        Ok(Command::Move(to) | Command::MoveSession(to)) => {
            (told.appointment, told.place) = (Some(to.id), place(&to.place));
        }
        Ok(Command::SetStatus(step)) => {
            (told.appointment, told.status, told.client) = (Some(step.id), Some(step.status), step.client);
        }
        Ok(Command::CancelSession { id, .. } | Command::SetCompanions { id, .. }) => {
            told.appointment = Some(id);
        }
        Ok(Command::CreateClient(client)) => told.client = Some(client.id),
        Ok(Command::UpdateClient(update)) => told.client = Some(update.client.id),
        Ok(Command::MergeClients(merge)) => told.client = Some(merge.into),
        Ok(Command::UnmergeClient { id } | Command::RemoveClient { id }) => told.client = Some(id),
        Ok(Command::OpenEnquiry(open)) => told.client = open.client,
        Ok(Command::IdentifyClient { client, .. }) => told.client = Some(client),
        _ => {}
    }
    told.name = told.client.and_then(|client| clients.get(&client).cloned());
    Ok(told)
}

/// Does what a director says with commands of the quarantine of this desk's office. What was settled before, or is of another
/// office, is left as it is.
///
/// # Errors
/// [`QuarantineError`]; what was decided before stays decided, and is told when it is asked again.
pub async fn settle(
    service: &Service,
    desk: &Desk,
    request: &SettleRequest,
) -> Result<Settled, QuarantineError> {
    if request.commands.len() > MAX_SETTLED {
        return Err(QuarantineError::TooMany);
    }
    let wanted: BTreeSet<Which> = request.commands.iter().copied().collect();
    let mut tx = service.store.read().await?;
    directs(service, &mut tx, desk, request.actor).await?;
    let kept = kept(&mut tx, desk, usize::MAX).await?;
    drop(tx);
    match request.settling {
        Settling::Discard => {
            let wanted: Vec<Which> = kept.iter().map(Kept::which).filter(|w| wanted.contains(w)).collect();
            let discarded = again(|| discard(service, desk, request.actor, &wanted)).await?;
            Ok(Settled { released: Vec::new(), discarded })
        }
        Settling::Release => {
            let wanted = with_dependencies(&kept, wanted);
            let mut by_desk: BTreeMap<DeskId, Vec<Envelope>> = BTreeMap::new();
            for k in kept.into_iter().filter(|k| k.row.refusal.is_none() && wanted.contains(&k.which())) {
                by_desk.entry(k.row.desk).or_default().push(k.envelope);
            }
            let mut released = Vec::new();
            for (from, mut envelopes) in by_desk {
                for some in envelopes.chunks_mut(MAX_COMMANDS) {
                    released.extend(release(service, desk, request.actor, from, some).await?);
                }
            }
            Ok(Settled { released, discarded: 0 })
        }
    }
}

/// What is wanted with what it depends on and waits too: a booking is of no use without the record of its client.
fn with_dependencies(kept: &[Kept], mut wanted: BTreeSet<Which>) -> BTreeSet<Which> {
    // Later ones depend on earlier ones of their desk.
    for k in kept.iter().rev() {
        if wanted.contains(&k.which()) {
            wanted.extend(k.envelope.depends.iter().map(|id| Which { desk: k.row.desk, id: *id }));
        }
    }
    wanted
}

async fn discard(
    service: &Service,
    desk: &Desk,
    actor: PersonId,
    wanted: &[Which],
) -> Result<u32, QuarantineError> {
    let by = By::person(actor, service.now());
    let mut tx = service.store.write().await?;
    let mut discarded = 0;
    for which in wanted {
        let row = SettledRow {
            desk: which.desk,
            id: which.id,
            stands: Stands::Discarded,
            refusal: None,
            by: actor,
            at: by.at,
        };
        if tx.settle_quarantined(&row).await? {
            discarded += 1;
            note(&mut tx, &by, Action::Discard, Some(&desk.office), Some(which.id.to_string())).await?;
        }
    }
    tx.commit().await?;
    Ok(discarded)
}

/// Decides commands of one desk, in order, and keeps what was decided with them. What ends between the two is decided once
/// all the same: released again, a known command has its verdict.
async fn release(
    service: &Service,
    desk: &Desk,
    actor: PersonId,
    from: DeskId,
    envelopes: &mut [Envelope],
) -> Result<Vec<Released>, QuarantineError> {
    let Some(author) = service.store.read().await?.desk(from).await? else { return Ok(Vec::new()) };
    let mut attempts = 0;
    let pushed = loop {
        let last = service.store.read().await?.last_seq(from, INCARNATION).await?;
        for (envelope, seq) in envelopes.iter_mut().zip(last + 1..) {
            envelope.seq = seq;
        }
        attempts += 1;
        match push(service, &author, INCARNATION, envelopes).await {
            // Another director has used these numbers in the same moment.
            Err(PushError::Lineage { .. }) if attempts < ATTEMPTS => {}
            pushed => break pushed?,
        }
    };
    let verdicts: Vec<(CommandId, Verdict)> =
        pushed.results.into_iter().map(|result| (result.id, result.verdict)).collect();
    again(|| keep_verdicts(service, desk, actor, from, &verdicts)).await?;
    let which = |id| Which { desk: from, id };
    Ok(verdicts.into_iter().map(|(id, verdict)| Released { which: which(id), verdict }).collect())
}

async fn keep_verdicts(
    service: &Service,
    desk: &Desk,
    actor: PersonId,
    from: DeskId,
    verdicts: &[(CommandId, Verdict)],
) -> Result<(), QuarantineError> {
    let by = By::person(actor, service.now());
    let mut tx = service.store.write().await?;
    for (id, verdict) in verdicts {
        service.metrics.decided(verdict);
        let (stands, refusal) = match verdict {
            Verdict::Accepted { .. } => (Stands::Accepted, None),
            Verdict::Refused { refusal } => {
                let text = serde_json::to_string(refusal)
                    .map_err(|e| StoreError::document("quarantine", &id.to_string(), &e))?;
                (Stands::Refused, Some(text))
            }
            // It waits for another desk's answer, or for a version that understands it.
            Verdict::Held => continue,
        };
        let refusal = refusal.as_deref();
        let row = SettledRow { desk: from, id: *id, stands, refusal, by: actor, at: by.at };
        if tx.settle_quarantined(&row).await? {
            note(&mut tx, &by, Action::Release, Some(&desk.office), Some(id.to_string())).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
