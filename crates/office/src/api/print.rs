//! Printed pages: what of the desk's data goes on them, and where they are written.
//!
//! The web view can neither print nor download. A page is a file in the profile, which the window has the computer's own
//! program show: it prints on any printer that this program knows, and shows first what will be printed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use passerelle_catalogue::geography::{Geography, PostalCode};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::{self, Search};
use passerelle_domain::ids::{ClientId, PersonId};
use passerelle_domain::session::key_of;
use serde_json::json;

use super::act::{id, optional_id};
use super::agenda::{self, DayArgs};
use super::dto::{ApiError, ContactView, DaySheetRequest, PrintRequest, PrintedFile};
use super::files::{self, Form};
use super::views::{Viewer, contact, is_usual, kinds_in_order, minutes_of_day};
use crate::desk::Desk;
use crate::print::day_sheet::{DaySheet, FreeLine, Source, by_counsellor, for_the_desk};
use crate::print::letter::{self, Letter, Requester};
use crate::print::paper::Paper;
use crate::print::sign_in::{self, Participant, SignIn};
use crate::print::{PrintError, Printed, draw};

/// How long a page stays in the profile: long enough to print it again, no longer than the agenda itself is looked at.
pub const KEPT: Duration = Duration::from_secs(7 * 86_400);

/// The folder of printed pages in a profile.
#[must_use]
pub fn folder(profile: &Path) -> PathBuf {
    profile.join("prints")
}

impl From<PrintError> for ApiError {
    fn from(e: PrintError) -> Self {
        Self { detail: Some(e.to_string()), ..Self::new("print") }
    }
}

/// `print.day_sheet`.
///
/// # Errors
/// `bad_date`; `not_found` for an unknown counsellor; those of the file; the database's.
pub async fn day_sheet(desk: &Desk, request: DaySheetRequest) -> Result<PrintedFile, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let today = viewer.today();
    let date = request
        .date
        .or_else(|| agenda::next_working_day(&viewer, today))
        .or_else(|| today.succ_opt())
        .unwrap_or(today);
    let wanted: Option<PersonId> = optional_id(request.counsellor.as_deref(), "person")?;
    let view = agenda::day(desk, DayArgs { date }).await?;
    let place = wanted.map(|p| view.columns.iter().position(|c| c.id == p.to_string()));
    if place == Some(None) {
        return Err(ApiError::not_found("person"));
    }

    let (from, to) = availability::days_to_load(date, date);
    let around = desk.store().appointments_between(from, to).await?;
    let free = free_lines(&viewer, date, &around);
    let ids: Vec<ClientId> = around.iter().filter_map(|a| a.client).collect();
    let clients = desk.store().clients_by_ids(&ids).await?;
    let contacts: BTreeMap<String, ContactView> =
        clients.values().filter_map(|c| Some((c.id.to_string(), contact(c)?))).collect();
    let counsellor = wanted.map(|p| p.to_string());
    let sheet = DaySheet::new(Source {
        view: &view,
        office: &viewer.settings.office,
        contacts: &contacts,
        free: &free,
        counsellor: counsellor.as_deref(),
        made: viewer.now.with_timezone(&viewer.settings.office.zone),
    });
    let (paper, name) = if request.desk {
        (for_the_desk(&sheet), format!("feuille-accueil-{date}.pdf"))
    } else {
        // A file's name is seen by more people than the file: the place in the row of columns stands for the person.
        let which = place.flatten().map(|n| format!("-conseiller-{}", n + 1)).unwrap_or_default();
        (by_counsellor(&sheet), format!("feuille-du-jour-{date}{which}.pdf"))
    };
    write(desk, paper, name, request.out.as_deref(), date, viewer.now).await
}

/// Where somebody may still come, as the engine says it: places of the usual kind, and of the shortest one in what those
/// leave.
fn free_lines(viewer: &Viewer, date: NaiveDate, around: &[Appointment]) -> Vec<FreeLine> {
    let settings = &viewer.settings;
    let kinds: Vec<_> = kinds_in_order(settings).into_iter().filter(|k| is_usual(k)).collect();
    let shortest = kinds.iter().min_by_key(|k| (k.duration_min, k.rank));
    let receiving = availability::receiving_sites(settings, None);
    let mut lines: Vec<FreeLine> = Vec::new();
    for kind in kinds.first().into_iter().chain(shortest) {
        let search = Search::staff(kind.id, date, date);
        for slot in availability::free_slots(settings, around, &search, viewer.now, |_| true) {
            let (from_min, to_min) = minutes_of_day(slot.start, slot.end, settings.zone_of(slot.site));
            let counsellor = slot.counsellor.to_string();
            let taken =
                |l: &FreeLine| l.counsellor == counsellor && l.from_min < to_min && from_min < l.to_min;
            if !lines.iter().any(taken) {
                lines.push(FreeLine {
                    counsellor,
                    from_min,
                    to_min,
                    at_office: receiving.contains(&slot.site),
                });
            }
        }
    }
    lines
}

/// `print.letter`.
///
/// # Errors
/// `not_found`; `nobody_expected` when the meeting does not take place or is for no one; those of the file; the database's.
pub async fn letter(desk: &Desk, request: PrintRequest) -> Result<PrintedFile, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let settings = &viewer.settings;
    let a = appointment(desk, &request.id).await?;
    let client = match a.client {
        Some(client) => desk.store().client(client).await?,
        None => None,
    };
    let enquiry = match a.enquiry {
        Some(enquiry) => desk.store().enquiry(enquiry).await?,
        None => None,
    };
    let missing = |what| move || ApiError::not_found(what);
    let postal_code = client
        .as_ref()
        .and_then(|c| c.postal_code.as_deref())
        .or_else(|| enquiry.as_ref().map(|e| e.requester.postal_code.as_str()));
    let letter = Letter::new(letter::Source {
        office: &settings.office,
        site: settings.sites.get(&a.site).ok_or_else(missing("site"))?,
        appointment: &a,
        kind: settings.kinds.get(&a.kind).ok_or_else(missing("kind"))?,
        counsellor: settings.people.get(&a.counsellor).ok_or_else(missing("person"))?,
        second: a.second.and_then(|p| settings.people.get(&p)),
        room: a.room.and_then(|r| settings.rooms.get(&r)),
        client: client.as_ref(),
        requester: enquiry
            .as_ref()
            .map(|e| Requester { name: &e.requester.name, postal_code: &e.requester.postal_code }),
        town: postal_code.and_then(town),
        sensitive: enquiry.as_ref().is_some_and(|e| e.sensitive),
        made: viewer.now.with_timezone(&settings.office.zone),
    });
    let letter =
        letter.ok_or_else(|| ApiError::new("nobody_expected").with(json!({ "status": a.status.key() })))?;
    let name = named("convocation", &a);
    let date = a.start.with_timezone(&a.zone).date_naive();
    write(desk, letter::paper(&letter), name, request.out.as_deref(), date, viewer.now).await
}

/// `print.sign_in`.
///
/// # Errors
/// `not_found`; `no_session` when the appointment is of one person; those of the file; the database's.
pub async fn sign_in(desk: &Desk, request: PrintRequest) -> Result<PrintedFile, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let a = appointment(desk, &request.id).await?;
    let kind = viewer.kind(a.kind);
    let session = key_of(&viewer.settings, &a).ok_or_else(|| ApiError::new("no_session"))?;
    let mut together = desk.store().appointments_between(a.start, a.end).await?;
    together.retain(|b| key_of(&viewer.settings, b).as_ref() == Some(&session) && b.takes_time(viewer.now));
    let ids: Vec<ClientId> = together.iter().filter_map(|b| b.client).collect();
    let clients = desk.store().clients_by_ids(&ids).await?;
    let expected = ids.iter().filter_map(|c| clients.get(c)).map(|c| Participant {
        family_name: c.family_name.clone(),
        given_name: c.given_name.clone(),
        class_level: c.class_level.clone(),
    });
    let (from_min, to_min) = minutes_of_day(a.start, a.end, a.zone);
    let date = a.start.with_timezone(&a.zone).date_naive();
    let site = viewer.settings.sites.get(&a.site).map(|s| s.name.clone());
    let room = a.room.and_then(|r| viewer.settings.rooms.get(&r)).map(|r| r.name.clone());
    let sheet = SignIn {
        office: viewer.settings.office.name.clone(),
        kind: kind.name,
        date,
        from_min,
        to_min,
        counsellor: a.counsellors().map(|p| viewer.person(p).name).collect::<Vec<_>>().join(" et "),
        place: room.into_iter().chain(site).collect::<Vec<_>>().join(", "),
        expected: expected.collect(),
        capacity: kind.capacity,
        made: viewer.now.with_timezone(&viewer.settings.office.zone),
    };
    let name = named("emargement", &a);
    write(desk, sign_in::paper(&sheet), name, request.out.as_deref(), date, viewer.now).await
}

async fn appointment(desk: &Desk, text: &str) -> Result<Appointment, ApiError> {
    let found = desk.store().appointment(id(text, "appointment")?).await?;
    found.ok_or_else(|| ApiError::not_found("appointment"))
}

/// "convocation-2026-11-24-14h30-3fa9.pdf": no name of a person, and another one for each meeting.
fn named(what: &str, a: &Appointment) -> String {
    let local = a.start.with_timezone(&a.zone);
    let id = a.id.to_string();
    let tail = id.get(id.len().saturating_sub(4)..).unwrap_or_default();
    format!("{what}-{}-{tail}.pdf", local.format("%Y-%m-%d-%Hh%M"))
}

/// The town of a postal code that only one has.
fn town(postal_code: &str) -> Option<&'static str> {
    let code: PostalCode = postal_code.parse().ok()?;
    match Geography::load().by_postal_code(code).as_slice() {
        [only] => Some(only.name),
        _ => None,
    }
}

/// Draws and writes off the thread that answers, and shows what nobody asked to be written elsewhere.
async fn write(
    desk: &Desk,
    paper: Paper,
    name: String,
    out: Option<&str>,
    date: NaiveDate,
    at: DateTime<Utc>,
) -> Result<PrintedFile, ApiError> {
    let drawn = tokio::task::spawn_blocking(move || draw(&paper, at));
    let Printed { bytes, pages } =
        drawn.await.map_err(|e| ApiError { detail: Some(e.to_string()), ..ApiError::new("internal") })??;
    let elsewhere = out.is_some_and(|o| !o.trim().is_empty());
    let folder = folder(desk.profile());
    let file = if elsewhere {
        files::write(files::target(out, &folder, &name), bytes, Form::Pdf).await?
    } else {
        files::write_for_a_while(folder, name, bytes, KEPT).await?
    };
    let shown = !elsewhere && desk.show(&file).await;
    let pages = u32::try_from(pages).unwrap_or(u32::MAX);
    Ok(PrintedFile { file: file.display().to_string(), pages, shown, date })
}
