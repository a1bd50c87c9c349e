//! What the service does by itself, from time to time: it ends proposals that nobody answered, tells the directory
//! which slots are free next, decides what is held and not sent again, and forgets what is old.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Days, TimeDelta, Utc};
use passerelle_domain::Command;
use passerelle_domain::appointment::Status;
use passerelle_domain::availability::{self, Search};
use passerelle_domain::command::SetStatus;
use passerelle_domain::ids::{AppointmentId, Uai};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::Actor;
use passerelle_protocol::sync::{DIRECTORY, DirectorySlot, Entity, office_scope};

use crate::leases::Leases;
use crate::service::{Service, office_of};
use crate::store::{self, Feed, StoreError, again};
use crate::{arbitration, held, retention};

/// Between two rounds.
const ROUND: Duration = Duration::from_secs(20);
/// The same in a demonstration, where somebody is watching.
const ROUND_DEMO: Duration = Duration::from_secs(4);
/// Between two looks at what is held.
const HELD_EVERY: TimeDelta = TimeDelta::minutes(5);
/// Proposals ended in one round.
const EXPIRED_AT_ONCE: u32 = 200;
/// Slots that the directory shows of each office.
const NEXT_SLOTS: usize = 3;
/// Civil days in which they are looked for.
const NEXT_SLOTS_DAYS: u64 = 30;
/// Idempotency keys are kept so many days.
const KEYS_DAYS: u64 = 30;

/// What was last told of an office: its head then, and until when it is true: the first of its slots begins, or a day has
/// passed, with which another day can be booked.
type Told = HashMap<Uai, (u64, DateTime<Utc>)>;

/// Goes round until the service stops.
pub async fn run(service: Arc<Service>) {
    let mut stopping = service.stopping.clone();
    let mut told = Told::new();
    let mut forget_at = service.now();
    let mut decide_at = service.now();
    let round = if service.store.meta.demo { ROUND_DEMO } else { ROUND };
    loop {
        // A round that fails is tried again at the next one; the requests say loudly enough what is wrong.
        if let Err(error) = expire(&service).await {
            tracing::warn!(%error, "proposals could not be ended");
        }
        if let Err(error) = tell_slots(&service, &mut told).await {
            tracing::warn!(%error, "the directory could not be brought up to date");
        }
        if let Err(error) = forget(&service).await {
            tracing::warn!(%error, "old keys could not be forgotten");
        }
        if service.now() >= decide_at {
            match held::decide(&service, service.now()).await {
                Ok(()) => decide_at = service.now() + HELD_EVERY,
                Err(error) => tracing::warn!(%error, "held commands could not be decided"),
            }
        }
        if service.now() >= forget_at {
            match retention::round(&service, service.now()).await {
                Ok(next) => forget_at = next,
                Err(error) => tracing::warn!(%error, "old changes could not be forgotten"),
            }
        }
        tokio::select! {
            () = tokio::time::sleep(round) => {}
            _ = stopping.wait_for(|stopping| *stopping) => return,
        }
    }
}

/// Ends proposals whose hour has passed: ordinary changes, decided by the same rules.
pub async fn expire(service: &Service) -> Result<(), StoreError> {
    let now = service.now();
    let overdue = {
        let mut tx = service.store.read().await?;
        tx.overdue_holds(now, EXPIRED_AT_ONCE).await?
    };
    for (scope, id) in overdue {
        let (Some(office), Ok(id)) = (office_of(&scope), id.parse()) else { continue };
        again(|| end(service, &scope, &office, id, now)).await?;
    }
    Ok(())
}

/// Ends one proposal.
async fn end(
    service: &Service,
    scope: &str,
    office: &Uai,
    id: AppointmentId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    let Some(mut feed) = Feed::lock(&mut tx, scope).await? else { return Ok(()) };
    let Some(settings) = service.store.settings(&mut tx, office).await? else { return Ok(()) };
    let command = Command::SetStatus(SetStatus::to(id, Status::Expired));
    match arbitration::execute(&mut tx, &mut feed, &settings, &command, &Actor::System, now).await? {
        Ok(()) => {
            service.commit(tx, &feed).await?;
            tracing::info!(%office, appointment = %id, "proposal expired");
        }
        // Somebody answered in between, or another service ended it.
        Err(refusal) => tracing::debug!(%office, appointment = %id, %refusal, "not expired"),
    }
    Ok(())
}

/// Tells the directory the next free slots of the offices where something has changed or a slot has passed.
async fn tell_slots(service: &Service, told: &mut Told) -> Result<(), StoreError> {
    let now = service.now();
    let heads = service.store.read().await?.heads().await?;
    for (scope, head) in heads {
        let Some(office) = office_of(&scope) else { continue };
        let fresh = told.get(&office).is_some_and(|(at, until)| *at == head && *until > now);
        if fresh {
            continue;
        }
        let slots = next_slots(service, &office, now).await?;
        let tomorrow = now + TimeDelta::days(1);
        let until = slots.first().map_or(tomorrow, |s| s.start.min(tomorrow));
        put_slots(service, &office, slots).await?;
        told.insert(office, (head, until));
    }
    Ok(())
}

/// The kind that the directory is about: the first in the office's own order.
fn first_kind(settings: &OfficeSettings) -> Option<&passerelle_domain::office::AppointmentKind> {
    settings.kinds.values().filter(|k| k.active).min_by_key(|k| (k.rank, k.id))
}

async fn next_slots(
    service: &Service,
    office: &Uai,
    now: DateTime<Utc>,
) -> Result<Vec<DirectorySlot>, StoreError> {
    let mut tx = service.store.read().await?;
    let Some(settings) = service.store.settings(&mut tx, office).await? else { return Ok(Vec::new()) };
    let Some(kind) = first_kind(&settings) else { return Ok(Vec::new()) };
    let today = settings.local_date(now);
    let last = today.checked_add_days(Days::new(NEXT_SLOTS_DAYS)).unwrap_or(today);
    let (from, to) = availability::days_to_load(today, last);
    let scope = office_scope(office);
    let state = store::agenda_state(&mut tx, &scope, Arc::clone(&settings), from, to).await?;
    let mut search = Search::staff(kind.id, today, last);
    search.sites = Some(availability::receiving_sites(&settings, None));
    search.limit = Some(NEXT_SLOTS);
    // Another office proposes what nobody here has to be asked for.
    let leases = Leases::read(&mut tx, office).await?;
    let open = leases.closed(&settings, None, now);
    let keep = |s: &passerelle_domain::refusal::FreeSlot| !leases.keeps(&settings, None, s, now);
    let free = availability::free_slots(&open, state.appointments.values(), &search, now, keep);
    let name = |s: &passerelle_domain::refusal::FreeSlot| {
        settings.people.get(&s.counsellor).map(|p| p.short_name()).unwrap_or_default()
    };
    Ok(free
        .iter()
        .take(NEXT_SLOTS)
        .map(|s| DirectorySlot { start: s.start, end: s.end, counsellor: name(s) })
        .collect())
}

async fn put_slots(service: &Service, office: &Uai, slots: Vec<DirectorySlot>) -> Result<(), StoreError> {
    // Read first, without the write lock: most rounds change nothing.
    let before = store::directory_entry(&mut service.store.read().await?, office).await?;
    if before.is_none_or(|b| b.next_slots == slots) {
        return Ok(());
    }
    let mut tx = service.store.write().await?;
    let Some(mut feed) = Feed::lock(&mut tx, DIRECTORY).await? else { return Ok(()) };
    let Some(mut entry) = store::directory_entry(&mut tx, office).await? else { return Ok(()) };
    entry.next_slots = slots;
    store::put_directory(&mut tx, &mut feed, Entity::DirectoryOffice, office.as_str(), &entry).await?;
    service.commit(tx, &feed).await
}

async fn forget(service: &Service) -> Result<(), StoreError> {
    let Some(before) = service.now().checked_sub_days(Days::new(KEYS_DAYS)) else { return Ok(()) };
    if !service.store.read().await?.has_old_answers(before).await? {
        return Ok(());
    }
    let mut tx = service.store.write().await?;
    tx.forget_answers(before).await?;
    tx.commit().await?;
    Ok(())
}
