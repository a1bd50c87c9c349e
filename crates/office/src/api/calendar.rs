//! Calendar files, and communes for forms.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use passerelle_calendar::{
    CalendarEvent, Geo, Status as EventStatus, Uid, When, write_agenda, write_appointment,
};
use passerelle_catalogue::geography::{Commune, Geography};
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::client::Client;
use passerelle_domain::ids::{ClientId, PersonId};
use passerelle_domain::session::key_of;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::act::{id, optional_id};
use super::dto::{ApiError, CalendarFile, CalendarRequest, Standing};
use super::files::{self, Form};
use super::views::{Viewer, day_bounds};
use crate::desk::Desk;
use crate::store::AppointmentScan;

/// Days of an agenda when its end was not said.
const AGENDA_DAYS: u64 = 30;
/// Most meetings of one file.
const MEETINGS_MAX: u32 = 20_000;

/// `calendar.export`: one appointment or an agenda as an `.ics` file.
///
/// # Errors
/// `not_found`, `bad_dates`; `file_exists` when something that is no calendar stands there, `file` when it cannot be
/// written; the database's.
pub async fn export(desk: &Desk, request: CalendarRequest) -> Result<CalendarFile, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let (name, text, events) = match request.appointment.as_deref().filter(|a| !a.is_empty()) {
        Some(one) => {
            let missing = || ApiError::not_found("appointment");
            let a = desk.store().appointment(id(one, "appointment")?).await?.ok_or_else(missing)?;
            let meetings = vec![a];
            let events = events(desk, &viewer, &meetings, request.with_names).await?;
            let event = events.first().ok_or_else(missing)?;
            let local = meetings[0].start.with_timezone(&meetings[0].zone);
            let name = format!("rendez-vous-{}.ics", local.format("%Y-%m-%d-%Hh%M"));
            (name, write_appointment(event, viewer.now), 1)
        }
        None => agenda(desk, &viewer, &request).await?,
    };
    let path = files::target(request.out.as_deref(), &files::calendars(desk.profile()), &name);
    let file = files::write(path, text.into_bytes(), Form::Calendar).await?;
    Ok(CalendarFile { events, file: file.display().to_string() })
}

async fn agenda(
    desk: &Desk,
    viewer: &Viewer,
    request: &CalendarRequest,
) -> Result<(String, String, u32), ApiError> {
    let counsellor: Option<PersonId> = optional_id(request.counsellor.as_deref(), "person")?;
    let person = match counsellor {
        Some(p) => {
            let person = viewer.settings.people.get(&p).ok_or_else(|| ApiError::not_found("person"))?;
            Some(person)
        }
        None => None,
    };
    let from = request.from.unwrap_or_else(|| viewer.today());
    let last = from.checked_add_days(chrono::Days::new(AGENDA_DAYS)).unwrap_or(from);
    let to = request.to.unwrap_or(last);
    if to < from {
        return Err(ApiError::new("bad_dates").with(json!({ "from": from, "to": to })));
    }
    let zone = viewer.settings.office.zone;
    let scan = AppointmentScan {
        from: Some(day_bounds(from, zone).0),
        to: Some(day_bounds(to, zone).1),
        counsellor: counsellor.map(|p| p.to_string()),
        status: None,
        limit: MEETINGS_MAX,
    };
    let meetings = desk.store().appointments_listed(&scan).await?;
    let events = events(desk, viewer, &meetings, request.with_names).await?;
    let title = match person {
        Some(p) => format!("Agenda de {}", p.short_name()),
        None => format!("Agenda du {}", viewer.settings.office.name),
    };
    let whose = person.map(|p| format!("{}-", p.login)).unwrap_or_default();
    let name = format!("agenda-{whose}{from}-{to}.ics");
    let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
    Ok((name, write_agenda(&title, &events, viewer.now), count))
}

/// When, and what: the name of a group session, or the id of any other meeting.
type Together = (DateTime<Utc>, String);

/// One event a meeting; a group session is one event, whoever comes to it.
async fn events(
    desk: &Desk,
    viewer: &Viewer,
    meetings: &[Appointment],
    with_names: bool,
) -> Result<Vec<CalendarEvent>, ApiError> {
    let ids: Vec<ClientId> =
        if with_names { meetings.iter().filter_map(|a| a.client).collect() } else { Vec::new() };
    let clients = desk.store().clients_by_ids(&ids).await?;
    // The key of a group session is what its participants share; any other meeting is its own.
    let mut together: BTreeMap<Together, Vec<&Appointment>> = BTreeMap::new();
    for a in meetings {
        let session = key_of(&viewer.settings, a).map(|key| key.to_string());
        let what = session.unwrap_or_else(|| a.id.to_string());
        together.entry((a.start, what)).or_default().push(a);
    }
    let client = |a: &Appointment| a.client.and_then(|c| clients.get(&c));
    Ok(together.values().filter_map(|all| event(viewer, all, client, with_names)).collect())
}

fn event<'c>(
    viewer: &Viewer,
    all: &[&Appointment],
    client: impl Fn(&Appointment) -> Option<&'c Client>,
    with_names: bool,
) -> Option<CalendarEvent> {
    // The oldest is never deleted, so the identity of a session stays when somebody joins or leaves.
    let first = *all.iter().min_by_key(|a| a.id)?;
    let when = When::timed(first.start, first.end, first.zone)?;
    let mut event = CalendarEvent::new(Uid::own(first.id.0), when);
    event.sequence = all.iter().map(|a| a.version).max().unwrap_or(0);
    event.created = all.iter().filter_map(|a| a.history.first()).map(|h| h.at).min();
    event.last_modified = all.iter().filter_map(|a| a.history.last()).map(|h| h.at).max();
    // A meeting that central has not confirmed and this desk does not hold is no more than meant.
    let status = |a: &&Appointment| match (event_status(a.status), viewer.standing(a)) {
        (EventStatus::Confirmed, Standing::Reserved | Standing::ToReplace) => EventStatus::Tentative,
        (status, _) => status,
    };
    event.status = all.iter().map(status).min_by_key(|s| rank(*s))?;
    let reserved = event.status == EventStatus::Tentative
        && all.iter().any(|a| viewer.standing(a) == Standing::Reserved);
    if let Some(site) = viewer.settings.site(first.site) {
        event.location = if site.address.contains(&site.name) {
            site.address.clone()
        } else {
            format!("{}, {}", site.name, site.address)
        };
        let main = viewer.settings.main_site().map(|s| s.id) == Some(site.id);
        event.geo = viewer.settings.office.position.filter(|_| main).and_then(|p| Geo::new(p.lat, p.lon));
    }
    if with_names {
        let kind = viewer.kind(first.kind);
        let coming = all.iter().filter(|a| a.takes_time(viewer.now) && a.takes_seat()).count();
        event.summary = match client(first) {
            _ if kind.capacity > 1 => format!("{} ({coming} sur {})", kind.name, kind.capacity),
            Some(client) => format!("{}, {}", client.full_name(), kind.name),
            None => kind.name,
        };
        let with: Vec<String> = first.counsellors().map(|p| viewer.person(p).name).collect();
        event.description = format!("Avec {}", with.join(" et "));
    }
    if reserved {
        event.summary = format!("{} (sous réserve)", event.summary);
    }
    Some(event)
}

fn event_status(status: Status) -> EventStatus {
    match status {
        Status::Held => EventStatus::Tentative,
        Status::Booked | Status::Arrived | Status::Attended | Status::NoShow => EventStatus::Confirmed,
        Status::Excused | Status::Cancelled | Status::Declined | Status::Expired => EventStatus::Cancelled,
    }
}

/// A session takes place as long as one participant is in it.
fn rank(status: EventStatus) -> u8 {
    match status {
        EventStatus::Confirmed => 0,
        EventStatus::Tentative => 1,
        EventStatus::Cancelled => 2,
    }
}

/// Arguments of `places.communes`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct CommunesArgs {
    /// The beginning of a postal code or of a name.
    pub query: String,
}

/// A commune under one of its postal codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommuneView {
    /// Five digits.
    pub postal_code: String,
    /// Its name.
    pub name: String,
}

const COMMUNES: usize = 20;

/// `places.communes`: by the beginning of a postal code or of a name, the most populous first.
///
/// # Errors
/// None; the form is that of every command.
pub async fn communes(_: &Desk, args: CommunesArgs) -> Result<Vec<CommuneView>, ApiError> {
    Ok(communes_of(args.query.trim()))
}

fn communes_of(typed: &str) -> Vec<CommuneView> {
    let view = |commune: &Commune, code: &str| CommuneView {
        postal_code: code.to_owned(),
        name: commune.name.to_owned(),
    };
    let geography = Geography::load();
    let digits: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        // One or two digits are half of France.
        if digits.len() < 3 {
            return Vec::new();
        }
        let mut found: Vec<(&Commune, &'static str)> = geography
            .communes()
            .iter()
            .flat_map(|c| c.postal_codes().map(move |code| (c, code)))
            .filter(|(_, code)| code.starts_with(&digits))
            .collect();
        found.sort_by_key(|(c, code)| (std::cmp::Reverse(c.population), c.insee, *code));
        return found.into_iter().take(COMMUNES).map(|(c, code)| view(c, code)).collect();
    }
    geography
        .search(typed, COMMUNES)
        .into_iter()
        .flat_map(|c| c.postal_codes().map(move |code| view(c, code)))
        .take(COMMUNES)
        .collect()
}
