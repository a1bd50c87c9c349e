//! What people at the desks do: mostly bookings, at few places, so that they get into each other's way.

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use passerelle_domain::Command;
use passerelle_domain::appointment::Status;
use passerelle_domain::client::Client;
use passerelle_domain::command::{Book, Move, Place, SetStatus};
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId};
use passerelle_domain::refusal::FreeSlot;
use passerelle_office::store::{ExecuteError, Executed, Step, Store};

use super::desk::Post;
use super::template::{TemplateOffice, TemplatePlace, civil};
use crate::dice::Dice;

/// What was done.
#[derive(Debug)]
pub enum Done {
    /// These commands were given, and are on the disk.
    Given(Vec<(passerelle_domain::ids::CommandId, Command)>),
    /// The rules said no.
    Refused,
    /// The machine stopped in the middle.
    Cut,
}

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Anything.
    Anything,
    /// What somebody else wants too, at another desk and at the same moment: what is chosen is a matter of this seed.
    Wanted(u64),
    /// Something about what was done last here, perhaps before central has heard of it: a meeting that was just made is
    /// moved or cancelled, a place that was just freed is given again, or it is taken back.
    TheSame,
}

/// One thing that somebody does at a desk.
///
/// # Errors
/// Those of the database that no fault explains.
pub async fn act(
    post: &Post,
    office: &TemplateOffice,
    what: What,
    now: DateTime<Utc>,
    cut: bool,
    dice: &mut Dice,
) -> anyhow::Result<Done> {
    let store = post.store.as_ref().context("the desk is on")?;
    let now = DateTime::from_timestamp(post.clock(now).timestamp(), 0).unwrap_or(now);
    let mut step =
        Step { actor: post.desk.actor.clone(), now, commands: Vec::new(), undoable: dice.permille(800) };
    let done = if what == What::TheSame && dice.permille(250) {
        store.undo(&step, None).await.map(|done| done.map_or_else(Executed::default, |(done, _)| done))
    } else {
        step.commands = match what {
            What::Anything => choose(store, office, &mut dice.fork(), dice).await?,
            What::Wanted(seed) => choose(store, office, &mut Dice::new(seed), dice).await?,
            What::TheSame => go_on(store, office, dice).await?,
        };
        store.execute(&step).await
    };
    match done {
        Ok(done) => {
            // Which of them changed something is not told, nor what an undo has made of it: it is read back.
            let sent = store.to_send(usize::from(u16::MAX), None).await?;
            let found = sent.iter().filter(|e| done.commands.contains(&e.id));
            Ok(Done::Given(found.map(|e| Ok((e.id, e.parse()?))).collect::<anyhow::Result<_>>()?))
        }
        Err(ExecuteError::Refused(_)) => Ok(Done::Refused),
        Err(_) if cut => Ok(Done::Cut),
        Err(error) => Err(error.into()),
    }
}

/// What is done is a matter of `dice`; new names are of `names`.
async fn choose(
    store: &Store,
    office: &TemplateOffice,
    dice: &mut Dice,
    names: &mut Dice,
) -> anyhow::Result<Vec<Command>> {
    Ok(match dice.below(20) {
        0..9 => book(store, office, None, None, dice, names).await?,
        9..11 => {
            let Some(id) = any::<AppointmentId>(store, BOOKED, dice).await? else { return Ok(Vec::new()) };
            moved(store, office, id, dice).await?
        }
        11..14 => any::<AppointmentId>(store, BOOKED, dice).await?.map(cancelled).into_iter().collect(),
        14 => {
            let Some(id) = any::<ClientId>(store, CLIENTS, dice).await? else { return Ok(Vec::new()) };
            let Some(seen) = store.client(id).await? else { return Ok(Vec::new()) };
            let phone = Some(format!("03 22 {:02} {:02} 00", dice.below(100), dice.below(100)));
            let update = passerelle_domain::command::ClientUpdate {
                client: Client { phone, ..seen.clone() },
                seen: Some(Box::new(seen)),
                unless_touched: false,
            };
            vec![Command::UpdateClient(Box::new(update))]
        }
        15 => {
            let enquiry = any::<EnquiryId>(store, OPEN, dice).await?;
            if enquiry.is_none() {
                Vec::new()
            } else {
                book(store, office, enquiry, None, dice, names).await?
            }
        }
        _ => {
            let Some(id) = any::<EnquiryId>(store, OPEN, dice).await? else { return Ok(Vec::new()) };
            vec![match dice.below(4) {
                0 => Command::ClaimEnquiry { id, take_over: dice.permille(300) },
                1 => Command::CloseEnquiry { id, how: None },
                _ => Command::NoteEnquiry { id, message: names.uuid().into(), text: "simulation".to_owned() },
            }]
        }
    })
}

/// Something about what the newest command here was about.
async fn go_on(store: &Store, office: &TemplateOffice, dice: &mut Dice) -> anyhow::Result<Vec<Command>> {
    let newest = store.to_send(usize::from(u16::MAX), None).await?.pop();
    let Some(newest) = newest.map(|envelope| envelope.parse()).transpose()? else { return Ok(Vec::new()) };
    let (id, freed) = match newest {
        Command::Book(booking) => (booking.id, false),
        Command::Move(moving) => (moving.id, false),
        Command::SetStatus(change) => (change.id, true),
        _ => return Ok(Vec::new()),
    };
    let Some(meeting) = store.appointment(id).await? else { return Ok(Vec::new()) };
    if freed {
        let same = |p: &&TemplatePlace| {
            p.slot.counsellor == meeting.counsellor && p.slot.start == meeting.start && p.kind == meeting.kind
        };
        let place = office.places.iter().find(same).cloned();
        return book(store, office, None, place, &mut dice.fork(), dice).await;
    }
    if dice.permille(500) { moved(store, office, id, dice).await } else { Ok(vec![cancelled(id)]) }
}

fn cancelled(id: AppointmentId) -> Command {
    let reason = Some("simulation".to_owned());
    Command::SetStatus(SetStatus { reason, ..SetStatus::to(id, Status::Cancelled) })
}

async fn moved(
    store: &Store,
    office: &TemplateOffice,
    id: AppointmentId,
    dice: &mut Dice,
) -> anyhow::Result<Vec<Command>> {
    let Some(meeting) = store.appointment(id).await? else { return Ok(Vec::new()) };
    // A meeting stays of its kind wherever it is moved to.
    let places: Vec<_> = office.places.iter().filter(|p| p.kind == meeting.kind).collect();
    let place = place(office, &dice.pick(&places).context("places")?.slot);
    let seen_version = meeting.version;
    Ok(vec![Command::Move(Move { id, place, seen_version, override_reason: None, seen: None })])
}

const BOOKED: &str = "SELECT id FROM appointment WHERE status = 'booked' ORDER BY id";
const CLIENTS: &str = "SELECT id FROM client ORDER BY id";
const OPEN: &str = "SELECT id FROM enquiry WHERE status <> 'closed' ORDER BY id";

async fn any<T: std::str::FromStr>(
    store: &Store,
    sql: &'static str,
    dice: &mut Dice,
) -> anyhow::Result<Option<T>> {
    let ids: Vec<String> = sqlx::query_scalar(sql).fetch_all(store.readers()).await?;
    Ok(dice.pick(&ids).and_then(|id| id.parse().ok()))
}

fn place(office: &TemplateOffice, slot: &FreeSlot) -> Place {
    let zone = office.settings.sites.get(&slot.site).map_or(chrono_tz::Europe::Paris, |s| s.zone);
    let minutes = u32::try_from((slot.end - slot.start).num_minutes()).unwrap_or(30);
    Place {
        counsellor: slot.counsellor,
        second: None,
        site: slot.site,
        room: slot.room,
        start: civil(&office.settings, slot),
        zone,
        minutes,
    }
}

/// A place that is free as far as this desk knows, when there is one; now and then any: the rules must see it.
async fn free(store: &Store, office: &TemplateOffice, dice: &mut Dice) -> anyhow::Result<TemplatePlace> {
    let mut places: Vec<&TemplatePlace> = office.places.iter().collect();
    if dice.permille(850) {
        let taken: Vec<(String, i64, i64)> =
            sqlx::query_as("SELECT counsellor, start_s, end_s FROM appointment WHERE blocking = 1")
                .fetch_all(store.readers())
                .await?;
        let is_free = |place: &&TemplatePlace| {
            let (from, to) = (place.slot.start.timestamp(), place.slot.end.timestamp());
            let counsellor = place.slot.counsellor.to_string();
            !taken.iter().any(|(who, start, end)| *who == counsellor && *start < to && from < *end)
        };
        if places.iter().any(&is_free) {
            places.retain(is_free);
        }
    }
    Ok((*dice.pick(&places).context("places")?).clone())
}

/// A booking, for somebody new or for somebody who is known.
async fn book(
    store: &Store,
    office: &TemplateOffice,
    enquiry: Option<EnquiryId>,
    wanted: Option<TemplatePlace>,
    dice: &mut Dice,
    names: &mut Dice,
) -> anyhow::Result<Vec<Command>> {
    let wanted = match wanted {
        Some(wanted) => wanted,
        None => free(store, office, dice).await?,
    };
    let known = if dice.permille(400) { self::any::<ClientId>(store, CLIENTS, dice).await? } else { None };
    let id: ClientId = known.unwrap_or_else(|| names.uuid().into());
    let booking = Command::Book(Book {
        id: names.uuid().into(),
        kind: wanted.kind,
        place: place(office, &wanted.slot),
        client: Some(id),
        companions: Vec::new(),
        enquiry,
        waiting: None,
        held_until: None,
        override_reason: None,
    });
    if known.is_some() {
        return Ok(vec![booking]);
    }
    let client = Client {
        id,
        family_name: "Essai".to_owned(),
        given_name: format!("Numéro {}", dice.below(1000)),
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
    };
    Ok(vec![Command::CreateClient(Box::new(client)), booking])
}
