//! Booking, proposing, moving, marking, taking back, and settling conflicts.

use chrono::{DateTime, NaiveDateTime, Utc};
use passerelle_domain::appointment::{Appointment, Companion, Status};
use passerelle_domain::availability::{self, Wanted};
use passerelle_domain::client::Client;
use passerelle_domain::command::{Book, Command, Move, Place, SetStatus};
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId, KindId, PersonId, RoomId, SiteId};
use passerelle_domain::office::instant;
use passerelle_domain::people::Person;
use passerelle_domain::waiting::{WaitingEntry, WaitingStatus};
use passerelle_domain::{Refusal, RefusalCode, decide};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::act::{self, Subject, civil, id, optional_id, place};
use super::client_acts;
use super::dto::{
    ApiError, BookingDraft, CheckView, CompanionView, ConflictChoice, Done, MoveDraft, SeatsView, WarningView,
};
use crate::desk::Desk;
use crate::store::Step;

struct Prepared {
    commands: Vec<Command>,
    appointment: AppointmentId,
    wanted: Wanted,
}

fn wanted(
    kind: KindId,
    place: &Place,
    client: Option<ClientId>,
    moving: Option<AppointmentId>,
) -> Result<Wanted, ApiError> {
    let start = start_of(place.start, place)?;
    Ok(Wanted {
        kind,
        counsellor: place.counsellor,
        second: place.second,
        site: place.site,
        start,
        minutes: place.minutes,
        room: place.room,
        client,
        moving,
    })
}

fn start_of(local: NaiveDateTime, place: &Place) -> Result<DateTime<Utc>, ApiError> {
    instant(local, place.zone).map_err(|_| Refusal::new(RefusalCode::SkippedTime).into())
}

/// Companions as typed.
pub(super) fn companions(views: &[CompanionView]) -> Result<Vec<Companion>, ApiError> {
    views
        .iter()
        .map(|c| {
            let guardian = optional_id(c.guardian.as_deref(), "guardian")?;
            Ok(Companion { relation: c.relation, guardian, came: c.came })
        })
        .collect()
}

async fn prepare(desk: &Desk, draft: &BookingDraft, held: bool) -> Result<Prepared, ApiError> {
    let settings = act::settings(desk).await?;
    let kind_id: KindId = id(&draft.kind, "kind")?;
    let kind = settings.kinds.get(&kind_id).ok_or_else(|| ApiError::not_found("kind"))?;
    let counsellor: PersonId = id(&draft.counsellor, "counsellor")?;
    let second: Option<PersonId> = optional_id(draft.second.as_deref(), "counsellor")?;
    let site: Option<SiteId> = optional_id(draft.site.as_deref(), "site")?;
    let room: Option<RoomId> = optional_id(draft.room.as_deref(), "room")?;
    let minutes = draft.minutes.unwrap_or(kind.duration_min);
    let place = place(&settings, (counsellor, second), civil(&draft.start)?, site, room, minutes)?;
    let enquiry: Option<EnquiryId> = optional_id(draft.enquiry.as_deref(), "enquiry")?;
    let mut client: Option<ClientId> = optional_id(draft.client.as_deref(), "client")?;
    let mut commands = Vec::with_capacity(2);
    if let Some(new) = &draft.new_client {
        let made = client_acts::client_of(new, None)?;
        client = Some(made.id);
        commands.push(Command::CreateClient(Box::new(made)));
    }
    if let (None, Some(enquiry)) = (client, enquiry) {
        client = desk.store().enquiry(enquiry).await?.and_then(|e| e.client);
    }
    let waiting = match optional_id(draft.waiting.as_deref(), "waiting")? {
        Some(waiting) => Some(waiting),
        // Somebody who waits for this very kind waits no longer once it is booked, from wherever it was.
        None => match client {
            Some(client) => {
                let waits = |w: &WaitingEntry| w.status == WaitingStatus::Waiting && w.wish.kind == kind_id;
                desk.store().waiting_of_client(client).await?.into_iter().find(waits).map(|w| w.id)
            }
            None => None,
        },
    };
    if let (None, Some(waiting)) = (client, waiting) {
        client = desk.store().waiting(waiting).await?.map(|w| w.client);
    }
    let wanted = wanted(kind_id, &place, client, None)?;
    let appointment = AppointmentId(Uuid::now_v7());
    let book = Book {
        id: appointment,
        kind: kind_id,
        place,
        client,
        companions: companions(&draft.companions)?,
        enquiry,
        waiting,
        held_until: draft.held_until.filter(|_| held),
        override_reason: draft.override_reason.clone(),
    };
    commands.push(if held { Command::Hold(book) } else { Command::Book(book) });
    Ok(Prepared { commands, appointment, wanted })
}

async fn warnings(desk: &Desk, wanted: &Wanted) -> Result<Vec<WarningView>, ApiError> {
    let settings = act::settings(desk).await?;
    let near = act::around(desk, wanted.start, wanted.minutes).await?;
    let refs: Vec<&Appointment> = near.iter().collect();
    Ok(availability::warnings(&settings, &refs, wanted, desk.now())
        .into_iter()
        .map(|w| WarningView {
            code: w.code.to_owned(),
            about: w.about,
            from: w.from,
            to: w.to,
            who: w.who.and_then(|p| settings.people.get(&p)).map(Person::short_name),
        })
        .collect())
}

/// Warnings that the person has not seen stop the booking, once; a reason for an override has seen them all.
pub(super) async fn confirm(
    desk: &Desk,
    wanted: &Wanted,
    seen: &[String],
    reason: Option<&String>,
) -> Result<(), ApiError> {
    if reason.is_some_and(|r| !r.trim().is_empty()) {
        return Ok(());
    }
    let warnings = warnings(desk, wanted).await?;
    if warnings.iter().all(|w| seen.contains(&w.code)) {
        return Ok(());
    }
    Err(ApiError::new("confirm_warnings").with(json!({ "warnings": warnings })))
}

/// What to say instead of asking for a confirmation: the refusal that would follow it, when neither a confirmation nor a
/// reason helps against it (somebody who is in that session already).
async fn in_vain(
    desk: &Desk,
    commands: &[Command],
    wanted: &Wanted,
    doubt: ApiError,
) -> Result<ApiError, ApiError> {
    // A new person is not in the database yet, and stands in nobody's way.
    if doubt.code != "confirm_warnings" || commands.len() > 1 {
        return Ok(doubt);
    }
    match try_out(desk, commands).await? {
        Some(refusal) if !refusal.code.yields_to_a_reason() => {
            act::refused(desk, refusal, Some(wanted)).await
        }
        _ => Ok(doubt),
    }
}

/// `agenda.check`.
///
/// # Errors
/// Unknown ids, or the database's.
pub async fn check(desk: &Desk, draft: BookingDraft) -> Result<CheckView, ApiError> {
    let mut draft = draft;
    // A form that is still being filled in is checked for its place alone.
    draft.new_client = None;
    let mut prepared = prepare(desk, &draft, false).await?;
    let session = session_there(desk, &prepared.wanted).await?;
    // Who it is for is not said yet; to a group session that takes place there, it is somebody who comes.
    if let Some(Command::Book(b)) = prepared.commands.last_mut()
        && session.is_some()
        && b.client.is_none()
        && b.enquiry.is_none()
    {
        b.client = Some(SOMEBODY);
        prepared.wanted.client = Some(SOMEBODY);
    }
    let refusal = try_out(desk, &prepared.commands).await?;
    Ok(CheckView { session, ..view(desk, &prepared.wanted, refusal).await? })
}

/// Stands for a person who is not chosen yet, while a form is checked. Nobody has this id.
const SOMEBODY: ClientId = ClientId(Uuid::nil());

fn somebody() -> Client {
    Client {
        id: SOMEBODY,
        family_name: String::new(),
        given_name: String::new(),
        birth_date: None,
        category: None,
        class_level: None,
        school: None,
        postal_code: None,
        phone: None,
        mail: None,
        guardians: Vec::new(),
        referent: None,
        merged_into: None,
        merge: None,
        also_known: Vec::new(),
        removed: false,
    }
}

/// The seats of the group session of the same kind that takes place there.
async fn session_there(desk: &Desk, wanted: &Wanted) -> Result<Option<SeatsView>, ApiError> {
    let settings = act::settings(desk).await?;
    if settings.kinds.get(&wanted.kind).is_none_or(|k| k.capacity <= 1) {
        return Ok(None);
    }
    let near = act::around(desk, wanted.start, wanted.minutes).await?;
    let of_kind = near.iter().filter(|a| a.kind == wanted.kind);
    let there = availability::sessions(&settings, of_kind, desk.now()).into_iter().find(|s| {
        (s.slot.counsellor, s.slot.site, s.slot.start) == (wanted.counsellor, wanted.site, wanted.start)
    });
    Ok(there.map(|s| SeatsView { left: s.left(), of: s.capacity }))
}

/// `agenda.check_move`.
///
/// # Errors
/// Unknown ids, or the database's.
pub async fn check_move(desk: &Desk, draft: MoveDraft) -> Result<CheckView, ApiError> {
    let (to, wanted) = prepare_move(desk, &draft).await?;
    let refusal = try_out(desk, &[Command::Move(to)]).await?;
    view(desk, &wanted, refusal).await
}

async fn view(desk: &Desk, wanted: &Wanted, refusal: Option<Refusal>) -> Result<CheckView, ApiError> {
    let warnings = warnings(desk, wanted).await?;
    let refusal = match refusal {
        Some(r) => Some(act::refusal_view(desk, &r, Some(wanted)).await?),
        None => None,
    };
    Ok(CheckView { possible: refusal.is_none(), warnings, refusal, session: None })
}

/// Decides without writing.
async fn try_out(desk: &Desk, commands: &[Command]) -> Result<Option<Refusal>, ApiError> {
    let (actor, _) = act::actor(desk).await?;
    for command in commands {
        let mut state = desk.store().state_for(command).await?;
        if matches!(command, Command::Book(b) if b.client == Some(SOMEBODY)) {
            state.clients.insert(SOMEBODY, somebody());
        }
        if let Err(refusal) = decide(&state, command, &actor, desk.now()) {
            return Ok(Some(refusal));
        }
    }
    Ok(None)
}

async fn make(desk: &Desk, draft: BookingDraft, held: bool) -> Result<Done, ApiError> {
    let prepared = prepare(desk, &draft, held).await?;
    if let Err(doubt) =
        confirm(desk, &prepared.wanted, &draft.seen_warnings, draft.override_reason.as_ref()).await
    {
        return Err(in_vain(desk, &prepared.commands, &prepared.wanted, doubt).await?);
    }
    let subject =
        Subject { appointment: Some(prepared.appointment), wanted: Some(prepared.wanted), id: None };
    act::run(desk, prepared.commands, true, subject).await
}

/// `appointments.book`: a new client, the meeting and the conversion of the enquiry are one transaction.
///
/// # Errors
/// `confirm_warnings`, a refusal with alternatives, or the database's. Nothing is written then.
pub async fn book(desk: &Desk, draft: BookingDraft) -> Result<Done, ApiError> {
    make(desk, draft, false).await
}

/// `appointments.hold`.
///
/// # Errors
/// As [`book`].
pub async fn hold(desk: &Desk, draft: BookingDraft) -> Result<Done, ApiError> {
    make(desk, draft, true).await
}

pub(super) async fn prepare_move(desk: &Desk, draft: &MoveDraft) -> Result<(Move, Wanted), ApiError> {
    let settings = act::settings(desk).await?;
    let which: AppointmentId = id(&draft.id, "appointment")?;
    let current = desk.store().appointment(which).await?.ok_or_else(|| ApiError::not_found("appointment"))?;
    let counsellor = optional_id(draft.counsellor.as_deref(), "counsellor")?.unwrap_or(current.counsellor);
    let second = match draft.second.as_deref() {
        Some(said) => optional_id(Some(said), "counsellor")?,
        // Put into the other one's column, it is still held by the same two.
        None if current.second == Some(counsellor) => Some(current.counsellor),
        None => current.second,
    };
    let site = optional_id(draft.site.as_deref(), "site")?;
    let room = optional_id(draft.room.as_deref(), "room")?;
    let minutes = draft.minutes.unwrap_or_else(|| u32::try_from(current.minutes()).unwrap_or(0));
    let place = place(&settings, (counsellor, second), civil(&draft.start)?, site, room, minutes)?;
    let wanted = wanted(current.kind, &place, current.client, Some(which))?;
    let override_reason = draft.override_reason.clone();
    Ok((Move { id: which, place, seen_version: current.version, override_reason, seen: None }, wanted))
}

/// `appointments.move`.
///
/// # Errors
/// As [`book`].
pub async fn move_to(desk: &Desk, draft: MoveDraft) -> Result<Done, ApiError> {
    let (to, wanted) = prepare_move(desk, &draft).await?;
    let commands = vec![Command::Move(to)];
    if let Err(doubt) = confirm(desk, &wanted, &draft.seen_warnings, draft.override_reason.as_ref()).await {
        return Err(in_vain(desk, &commands, &wanted, doubt).await?);
    }
    let subject = Subject { appointment: wanted.moving, wanted: Some(wanted), id: None };
    act::run(desk, commands, true, subject).await
}

/// Arguments of `appointments.set_status`.
#[derive(Debug, Clone, Deserialize)]
pub struct StatusArgs {
    /// Appointment id.
    pub id: String,
    /// New state.
    pub status: Status,
    /// Mandatory for a cancellation.
    #[serde(default)]
    pub reason: Option<String>,
    /// Client id, when a proposal is accepted.
    #[serde(default)]
    pub client: Option<String>,
}

/// `appointments.set_status`.
///
/// # Errors
/// A refusal, or the database's.
pub async fn set_status(desk: &Desk, args: StatusArgs) -> Result<Done, ApiError> {
    let which: AppointmentId = id(&args.id, "appointment")?;
    let client = optional_id(args.client.as_deref(), "client")?;
    let wanted = desk.store().appointment(which).await?.map(|a| Wanted {
        kind: a.kind,
        counsellor: a.counsellor,
        second: a.second,
        site: a.site,
        start: a.start,
        minutes: u32::try_from(a.minutes()).unwrap_or(0),
        room: a.room,
        client: a.client,
        moving: Some(a.id),
    });
    let set = SetStatus { reason: args.reason, client, ..SetStatus::to(which, args.status) };
    let subject = Subject { appointment: Some(which), wanted, id: None };
    act::run(desk, vec![Command::SetStatus(set)], true, subject).await
}

/// `conflicts.resolve`.
///
/// # Errors
/// A refusal (the place was taken meanwhile), a missing reason, or the database's; the conflict stays open then.
pub async fn resolve(desk: &Desk, choice: ConflictChoice) -> Result<Done, ApiError> {
    let conflict = desk.store().conflict(&choice.id).await?.ok_or_else(|| ApiError::not_found("conflict"))?;
    if conflict.settled.is_some() {
        return Err(ApiError::new("conflict_settled"));
    }
    let (actor, _) = act::actor(desk).await?;
    let mut subject = Subject { id: Some(choice.id.clone()), ..Subject::default() };
    let commands = match choice.take.as_str() {
        "theirs" => Vec::new(),
        "mine" => {
            let reason = choice.reason.as_ref().filter(|r| !r.trim().is_empty());
            let reason = reason.ok_or_else(|| ApiError::from(Refusal::new(RefusalCode::ReasonMissing)))?;
            again(desk, &conflict.command, None, Some(reason.clone()), &mut subject).await?
        }
        "slot" => {
            let slot = choice.slot.as_ref().ok_or_else(|| ApiError::bad_arguments("slot is missing"))?;
            again(desk, &conflict.command, Some(slot), None, &mut subject).await?
        }
        other => return Err(ApiError::bad_arguments(format!("take: {other:?}"))),
    };
    let step = Step { actor, now: desk.now(), commands, undoable: choice.take != "theirs" };
    let outcome = desk.store().settle(&choice.id, &choice.take, &step).await;
    act::finish(desk, outcome, subject).await
}

/// The refused command, given again for another place or with a reason.
async fn again(
    desk: &Desk,
    command: &Command,
    slot: Option<&super::dto::SlotChoice>,
    reason: Option<String>,
    subject: &mut Subject,
) -> Result<Vec<Command>, ApiError> {
    let settings = act::settings(desk).await?;
    let elsewhere = |old: &Place| -> Result<Place, ApiError> {
        let Some(slot) = slot else { return Ok(old.clone()) };
        let (counsellor, site) = (id(&slot.counsellor, "counsellor")?, Some(id(&slot.site, "site")?));
        let second = old.second.filter(|second| *second != counsellor);
        place(&settings, (counsellor, second), civil(&slot.local)?, site, None, old.minutes)
    };
    Ok(match command {
        Command::Book(b) | Command::Hold(b) => {
            let place = elsewhere(&b.place)?;
            subject.wanted = Some(wanted(b.kind, &place, b.client, None)?);
            subject.appointment = Some(b.id);
            let now = desk.now();
            let held_until = b.held_until.filter(|until| *until > now);
            let book = Book { place, override_reason: reason, held_until, ..b.clone() };
            vec![if matches!(command, Command::Hold(_)) { Command::Hold(book) } else { Command::Book(book) }]
        }
        Command::Move(m) | Command::MoveSession(m) => {
            let place = elsewhere(&m.place)?;
            let current =
                desk.store().appointment(m.id).await?.ok_or_else(|| ApiError::not_found("appointment"))?;
            subject.wanted = Some(wanted(current.kind, &place, current.client, Some(m.id))?);
            subject.appointment = Some(m.id);
            let moved = Move { place, seen_version: current.version, override_reason: reason, ..m.clone() };
            vec![match command {
                Command::Move(_) => Command::Move(moved),
                _ => Command::MoveSession(moved),
            }]
        }
        other if slot.is_none() => vec![other.clone()],
        _ => return Err(ApiError::bad_arguments("this conflict has no place")),
    })
}
