//! Rooms and sites: where a meeting is when nobody said it.

use chrono::{DateTime, Utc};

use super::agenda;
use crate::appointment::Appointment;
use crate::ids::{AppointmentId, PersonId, RoomId, SiteId};
use crate::office::{OfficeSettings, Site, SiteKind};
use crate::slots::{AgendaIndex, Window};
use crate::state::OfficeState;

/// The first room of a kind that is free for the whole time, by rank, then id. Proposals whose hour has passed take none.
#[must_use]
pub fn free_room(
    state: &OfficeState,
    site: SiteId,
    kind: &str,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    moving: Option<AppointmentId>,
    now: DateTime<Utc>,
) -> Option<RoomId> {
    let mut rooms: Vec<_> =
        state.settings.rooms.values().filter(|r| r.site == site && r.kind == kind).collect();
    rooms.sort_by_key(|r| (r.rank, r.id));
    let meanwhile =
        |a: &&Appointment| a.start < end && start < a.end && Some(a.id) != moving && a.takes_time(now);
    // Once for all rooms: there are the meetings of days, and few of this hour.
    let taken: Vec<RoomId> = state.appointments.values().filter(meanwhile).filter_map(|a| a.room).collect();
    rooms.into_iter().map(|r| r.id).find(|r| !taken.contains(r))
}

/// The sites at which a family is received: those of the office itself. Duty hours in a school are for its pupils; they
/// are offered when that site is asked for, or when the meeting in question is there. An office that has nothing else
/// offers what it has.
#[must_use]
pub fn receiving_sites(settings: &OfficeSettings, also: Option<SiteId>) -> Vec<SiteId> {
    let own = |s: &&Site| s.kind != SiteKind::School || Some(s.id) == also;
    let sites: Vec<SiteId> = settings.sites.values().filter(own).map(|s| s.id).collect();
    if sites.is_empty() { settings.sites.keys().copied().collect() } else { sites }
}

/// Where a counsellor is at that time: the site of the opening that holds it, else of an opening that day, else the
/// office's main site.
#[must_use]
pub fn site_at(
    settings: &OfficeSettings,
    counsellor: PersonId,
    local: chrono::NaiveDateTime,
) -> Option<SiteId> {
    let main = settings.main_site().map(|s| s.id);
    let window = Window::new(local.date(), local.date()).ok()?;
    let index = AgendaIndex::build(&agenda(settings, [], DateTime::<Utc>::MIN_UTC), window).ok()?;
    let plan = crate::slots::openings_on(&index, local.date()).ok()?;
    let open = plan.open.iter().filter(|o| o.counsellor == counsellor.0);
    // A permanence says where somebody is as an opening does.
    let duty = super::duty_between(settings, local.date(), local.date());
    let duty = duty.iter().filter(|d| d.counsellor == counsellor);
    let places: Vec<(SiteId, DateTime<Utc>, DateTime<Utc>)> = open
        .map(|o| (SiteId(o.site), o.start, o.end))
        .chain(duty.map(|d| (d.site, d.start, d.end)))
        .collect();
    let holds = |(site, start, end): &&(SiteId, DateTime<Utc>, DateTime<Utc>)| {
        let zone = settings.zone_of(*site);
        let from = start.with_timezone(&zone).naive_local();
        let to = end.with_timezone(&zone).naive_local();
        from <= local && local < to
    };
    let found = places.iter().find(holds).or_else(|| places.first()).map(|(site, ..)| *site);
    found.or(main)
}
