//! Reading the agenda: one day of everybody, the next free places, single meetings and lists.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::availability::{self, Search};
use passerelle_domain::client::Client;
use passerelle_domain::ids::{ClientId, KindId, PersonId, SiteId};
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::slots::{Mode, Window};
use serde::Deserialize;

use super::IdArgs;
use super::act::{id, optional_id};
use super::dto::{ApiError, AppointmentView, DayTodo, DayView, MissingView, NextQuery, NextSlots, SlotView};
use super::overview::unfinished;
use super::search::{days_ahead, free_slots};
use super::views::{Viewer, day_bounds, kinds_in_order};
use super::{day, waiting_room};
use crate::desk::Desk;
use crate::store::AppointmentScan;

/// Arguments of `agenda.day`.
#[derive(Debug, Clone, Deserialize)]
pub struct DayArgs {
    /// The day.
    pub date: NaiveDate,
}

/// `agenda.day`.
///
/// # Errors
/// `bad_date` outside the years that the agenda knows; the database's.
pub async fn day(desk: &Desk, args: DayArgs) -> Result<DayView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let (from, to) = passerelle_domain::availability::days_to_load(args.date, args.date);
    let around = desk.store().appointments_between(from, to).await?;
    let (mut view, meetings) = day::draw(&viewer, args.date, &around)?;

    let ids: Vec<ClientId> = meetings.iter().map(|(a, _)| a).filter_map(|a| a.client).collect();
    let clients = desk.store().clients_by_ids(&ids).await?;
    let of = |a: &Appointment| a.client.and_then(|c| clients.get(&c));
    view.blocks = day::blocks(&viewer, &meetings, &clients);
    day::widen(&mut view);
    let today = viewer.today();
    if args.date == today {
        (view.waiting, view.received) = waiting_room::arrived(&viewer, &meetings, of);
        view.walk_ins = waiting_room::walk_ins(desk, &viewer).await?;
    }
    view.missing = missing(desk, &viewer, today).await?;
    view.todo = todo(desk, &viewer, today).await?;
    Ok(view)
}

async fn missing(desk: &Desk, viewer: &Viewer, today: NaiveDate) -> Result<Vec<MissingView>, ApiError> {
    let (to, _) = day_bounds(today, viewer.settings.office.zone);
    let meetings = unfinished(desk, viewer, to).await?;
    let views = viewer.appointments(desk, &meetings).await?;
    Ok(views
        .into_iter()
        .map(|a| MissingView {
            appointment: a.id,
            name: a.client.map(|c| c.name).unwrap_or_default(),
            start: a.start,
            counsellor: a.counsellor,
        })
        .collect())
}

async fn todo(desk: &Desk, viewer: &Viewer, today: NaiveDate) -> Result<DayTodo, ApiError> {
    let conflicts = u32::try_from(viewer.open_conflicts.len()).unwrap_or(u32::MAX);
    let closes_min = closing(viewer, today);
    let Some(tomorrow) = next_working_day(viewer, today) else {
        return Ok(DayTodo { conflicts, closes_min, ..DayTodo::default() });
    };
    let (from, to) = day_bounds(tomorrow, viewer.settings.office.zone);
    let scan = AppointmentScan {
        from: Some(from),
        to: Some(to),
        status: Some(Status::Booked.key()),
        limit: LIST_MAX,
        ..AppointmentScan::default()
    };
    let meetings = desk.store().appointments_listed(&scan).await?;
    let ids: Vec<ClientId> = meetings.iter().filter_map(|a| a.client).collect();
    let clients = desk.store().clients_by_ids(&ids).await?;
    let without_mail = |c: &Client| c.mail.is_none() && c.guardians.iter().all(|g| g.mail.is_none());
    let calls = clients.values().filter(|c| without_mail(c)).count();
    let calls_tomorrow = u32::try_from(calls).unwrap_or(u32::MAX);
    Ok(DayTodo { conflicts, calls_tomorrow, tomorrow: Some(tomorrow), closes_min })
}

/// The minute at which office hours end on a day, if there are any.
fn closing(viewer: &Viewer, day: NaiveDate) -> Option<u16> {
    let weekday = day.weekday().num_days_from_monday();
    let hours = viewer.settings.office.hours.iter().filter(|h| u32::from(h.weekday) == weekday);
    let last = hours.map(|h| h.to).max()?;
    u16::try_from(last.hour() * 60 + last.minute()).ok()
}

/// The next day on which the office has hours and is not closed.
pub(super) fn next_working_day(viewer: &Viewer, after: NaiveDate) -> Option<NaiveDate> {
    let hours: BTreeSet<u32> = viewer.settings.office.hours.iter().map(|h| u32::from(h.weekday)).collect();
    let works = |d: &NaiveDate| {
        let weekday = d.weekday().num_days_from_monday();
        let usual = if hours.is_empty() { weekday < 5 } else { hours.contains(&weekday) };
        usual && !passerelle_domain::due::is_closed(&viewer.settings, *d)
    };
    after.iter_days().skip(1).take(60).find(works)
}

/// Slots given when no number was asked for.
const NEXT_LIMIT: u16 = 6;
/// Days ahead when none were asked for.
const NEXT_DAYS: u16 = 60;

/// `agenda.next`.
///
/// # Errors
/// `not_found` for an unknown kind; the database's.
pub async fn next(desk: &Desk, query: NextQuery) -> Result<NextSlots, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let kind = match optional_id(query.kind.as_deref(), "kind")? {
        Some(kind) if viewer.settings.kinds.contains_key(&kind) => kind,
        Some(_) => return Err(ApiError::not_found("kind")),
        None => match kinds_in_order(&viewer.settings).first() {
            Some(kind) => kind.id,
            None => return Ok(NextSlots { slots: Vec::new(), referent: None }),
        },
    };
    let counsellor: Option<PersonId> = optional_id(query.counsellor.as_deref(), "person")?;
    let from = query.from.unwrap_or_else(|| viewer.today());
    let mut search = Search::staff(kind, from, days_ahead(from, query.days.unwrap_or(NEXT_DAYS)));
    search.counsellors = counsellor.map(|c| vec![c]);
    search.second = optional_id(query.second.as_deref(), "person")?;
    search.sites = Some(match optional_id::<SiteId>(query.site.as_deref(), "site")? {
        Some(site) => vec![site],
        None => availability::receiving_sites(&viewer.settings, None),
    });
    let limit = usize::from(query.limit.unwrap_or(NEXT_LIMIT)).clamp(1, 500);
    search.limit = Some(limit);
    let wanted = |slot: &FreeSlot| {
        let local = slot.start.with_timezone(&viewer.settings.zone_of(slot.site));
        let weekday = u8::try_from(local.weekday().num_days_from_monday()).unwrap_or(0);
        let minute = local.hour() * 60 + local.minute();
        (query.weekdays.is_empty() || query.weekdays.contains(&weekday))
            && query.after_min.is_none_or(|after| minute >= u32::from(after))
    };
    let mut slots: Vec<SlotView> = Vec::new();
    if viewer.settings.kinds.get(&kind).is_some_and(|k| k.capacity > 1) {
        let (from, to) = availability::days_to_load(search.from, search.to);
        let meetings = desk.store().sessions_between(kind, from, to).await?;
        let planned =
            availability::sessions_with_seats(&viewer.settings, &meetings, &search, viewer.now, wanted);
        slots.extend(planned.iter().map(|s| viewer.session(s)));
    }
    let referent = match optional_id::<ClientId>(query.client.as_deref(), "client")? {
        Some(client) => desk.store().client(client).await?.and_then(|c| c.referent),
        None => None,
    };
    let left = limit.saturating_sub(slots.len());
    let mut first = Vec::new();
    // Half of the lines, and no more: somebody in a hurry must see the nearest ones too.
    if let Some(referent) = referent.filter(|r| left > 0 && counsellor.is_none_or(|c| c == *r)) {
        let own =
            Search { counsellors: Some(vec![referent]), limit: Some(left.div_ceil(2)), ..search.clone() };
        first = free_slots(desk, &viewer, &own, wanted).await?;
    }
    search.limit = Some(left.saturating_sub(first.len()));
    let mut free = first.clone();
    if search.limit != Some(0) {
        let others = |slot: &FreeSlot| wanted(slot) && !first.contains(slot);
        free.extend(free_slots(desk, &viewer, &search, others).await?);
    }
    let second = search.second.map(|p| viewer.person(p));
    slots.extend(free.iter().map(|s| SlotView { second: second.clone(), ..viewer.slot(s) }));
    Ok(NextSlots { slots, referent: referent.map(|r| viewer.person(r)) })
}

/// A search of the command line and of scripts: all slots of a window.
#[derive(Debug, Clone)]
pub struct SlotSearch {
    /// Kind.
    pub kind: KindId,
    /// First civil day.
    pub from: NaiveDate,
    /// Last civil day, included.
    pub to: NaiveDate,
    /// Only this counsellor.
    pub counsellor: Option<PersonId>,
    /// Only at this site; where families are received when absent.
    pub site: Option<SiteId>,
    /// Every so many minutes of the wall clock instead of one slot after the other.
    pub grid_min: Option<u32>,
}

/// The slots of a window, by the same engine as everything else.
///
/// # Errors
/// `bad_dates` when the end comes before the start or the window is longer than the engine takes; the database's.
pub async fn slots(desk: &Desk, wanted: SlotSearch) -> Result<Vec<SlotView>, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let (from, to) = (wanted.from, wanted.to);
    Window::new(from, to)
        .map_err(|_| ApiError::new("bad_dates").with(serde_json::json!({ "from": from, "to": to })))?;
    let mut search = Search::staff(wanted.kind, from, to);
    search.counsellors = wanted.counsellor.map(|c| vec![c]);
    search.sites = match wanted.site {
        Some(site) => Some(vec![site]),
        None => Some(availability::receiving_sites(&viewer.settings, None)),
    };
    search.mode = wanted.grid_min.map_or(Mode::Chained, |step_min| Mode::Grid { step_min });
    let found = free_slots(desk, &viewer, &search, |_| true).await?;
    Ok(found.iter().map(|s| viewer.slot(s)).collect())
}

/// `appointments.get`.
///
/// # Errors
/// `not_found`; the database's.
pub async fn appointments_get(desk: &Desk, args: IdArgs) -> Result<AppointmentView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let wanted = id(&args.id, "appointment")?;
    if let Some(a) = desk.store().appointment(wanted).await? {
        let client = match a.client {
            Some(client) => desk.store().client(client).await?,
            None => None,
        };
        return Ok(viewer.appointment_with_history(&a, client.as_ref()));
    }
    // A booking that central refused is no meeting, but it is drawn, and can be asked for.
    let refused = viewer.open_conflicts.iter().find_map(|c| {
        let mine = c.mine.as_ref().filter(|m| m.id == wanted)?;
        Some((c.id.clone(), mine.clone()))
    });
    let Some((conflict, mine)) = refused else { return Err(ApiError::not_found("appointment")) };
    let client = match mine.client {
        Some(client) => desk.store().client(client).await?,
        None => None,
    };
    Ok(viewer.refused(&mine, &conflict, client.as_ref()))
}

/// Arguments of `appointments.list`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ListArgs {
    /// First civil day at the office; today when neither day is said.
    pub from: Option<NaiveDate>,
    /// Last civil day, included.
    pub to: Option<NaiveDate>,
    /// Counsellor id.
    pub counsellor: Option<String>,
    /// State.
    pub status: Option<String>,
}

/// Longest list.
const LIST_MAX: u32 = 5_000;

/// `appointments.list`. What central refused and nobody settled yet is in it as on the day, unless a state is asked for:
/// a refused booking has none.
///
/// # Errors
/// `bad_status`; the database's.
pub async fn appointments_list(desk: &Desk, args: ListArgs) -> Result<Vec<AppointmentView>, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let status = args.status.as_deref().map(|key| {
        Status::from_key(key)
            .ok_or_else(|| ApiError::new("bad_status").with(serde_json::json!({ "value": key })))
    });
    let zone = viewer.settings.office.zone;
    let start = |d: NaiveDate| -> DateTime<Utc> { day_bounds(d, zone).0 };
    let from = args.from.or_else(|| args.to.is_none().then(|| viewer.today()));
    let scan = AppointmentScan {
        from: from.map(start),
        to: args.to.map(|d| day_bounds(d, zone).1),
        counsellor: optional_id::<PersonId>(args.counsellor.as_deref(), "person")?.map(|p| p.to_string()),
        status: status.transpose()?.map(Status::key),
        limit: LIST_MAX,
    };
    let meetings = desk.store().appointments_listed(&scan).await?;
    let mut drawn: Vec<day::Drawn> = meetings.into_iter().map(|a| (a, None)).collect();
    if scan.status.is_none() {
        let asked = |a: &Appointment| {
            let held_by = |who: PersonId| scan.counsellor.as_deref() == Some(who.to_string().as_str());
            scan.from.is_none_or(|from| a.start >= from)
                && scan.to.is_none_or(|to| a.start < to)
                && (scan.counsellor.is_none() || held_by(a.counsellor) || a.second.is_some_and(held_by))
        };
        for conflict in &viewer.open_conflicts {
            // A meeting whose move was refused is there already, where it stands, and marked.
            if let Some(mine) = conflict.mine.as_ref().filter(|mine| asked(mine))
                && !drawn.iter().any(|(a, _)| a.id == mine.id)
            {
                drawn.push((mine.clone(), Some(conflict.id.clone())));
            }
        }
        drawn.sort_by_key(|(a, _)| (a.start, a.id));
    }
    let ids: Vec<ClientId> = drawn.iter().filter_map(|(a, _)| a.client).collect();
    let clients = desk.store().clients_by_ids(&ids).await?;
    Ok(day::blocks(&viewer, &drawn, &clients))
}
