//! What every changing command does: find who acts, give the commands, say what came of it.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::{self, Alternatives, Wanted};
use passerelle_domain::command::{Command, Place};
use passerelle_domain::ids::{AppointmentId, PersonId, SiteId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::{Actor, Person};
use passerelle_domain::{Refusal, RefusalCode};
use serde_json::json;

use super::dto::{ApiError, Done, RefusalView};
use super::views::Viewer;
use crate::desk::{Desk, NoActor};
use crate::store::{ExecuteError, Executed, Step};

/// How many places are offered instead of a refused one: so many with the same person, so many with colleagues.
pub(super) const OFFERED: usize = 3;

/// Who acts.
pub(super) async fn actor(desk: &Desk) -> Result<(Actor, Person), ApiError> {
    desk.actor().await?.map_err(|why| {
        ApiError::new(match why {
            NoActor::NotReady => "not_ready",
            NoActor::NobodySignedIn => "nobody_signed_in",
        })
    })
}

/// The office's settings.
pub(super) async fn settings(desk: &Desk) -> Result<Arc<OfficeSettings>, ApiError> {
    desk.settings().await?.ok_or_else(|| ApiError::new("not_ready"))
}

/// An id given as text.
pub(super) fn id<T: From<uuid::Uuid>>(text: &str, what: &str) -> Result<T, ApiError> {
    uuid::Uuid::parse_str(text).map(T::from).map_err(|_| ApiError::not_found(what))
}

/// An id that may be absent.
pub(super) fn optional_id<T: From<uuid::Uuid>>(
    text: Option<&str>,
    what: &str,
) -> Result<Option<T>, ApiError> {
    text.filter(|t| !t.is_empty()).map(|t| id(t, what)).transpose()
}

/// A civil time as the screen writes it: `2026-11-24T09:00`, seconds allowed.
pub(super) fn civil(text: &str) -> Result<NaiveDateTime, ApiError> {
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|f| NaiveDateTime::parse_from_str(text, f).ok())
        .ok_or_else(|| ApiError::new("bad_time").with(json!({ "value": text })))
}

/// The place meant: the site is where the counsellor is at that time unless it was said.
pub(super) fn place(
    settings: &OfficeSettings,
    (counsellor, second): (PersonId, Option<PersonId>),
    start: NaiveDateTime,
    site: Option<SiteId>,
    room: Option<passerelle_domain::ids::RoomId>,
    minutes: u32,
) -> Result<Place, ApiError> {
    let site = site
        .or_else(|| availability::site_at(settings, counsellor, start))
        .ok_or_else(|| ApiError::not_found("site"))?;
    Ok(Place { counsellor, second, site, room, start, zone: settings.zone_of(site), minutes })
}

/// What a step was about, for refusals and answers.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    /// The appointment to give back afterwards.
    pub appointment: Option<AppointmentId>,
    /// The place wanted, for alternatives.
    pub wanted: Option<Wanted>,
    /// Id to give back.
    pub id: Option<String>,
}

/// Gives commands and says what came of it.
pub(super) async fn run(
    desk: &Desk,
    commands: Vec<Command>,
    undoable: bool,
    subject: Subject,
) -> Result<Done, ApiError> {
    let (actor, _) = actor(desk).await?;
    let step = Step { actor, now: desk.now(), commands, undoable };
    let outcome = desk.store().execute(&step).await;
    finish(desk, outcome, subject).await
}

/// Turns the outcome of a step into the answer or the refusal.
pub(super) async fn finish(
    desk: &Desk,
    outcome: Result<Executed, ExecuteError>,
    subject: Subject,
) -> Result<Done, ApiError> {
    let executed = match outcome {
        Ok(executed) => executed,
        Err(ExecuteError::Refused(refusal)) => {
            return Err(refused(desk, refusal, subject.wanted.as_ref()).await?);
        }
        Err(other) => return Err(other.into()),
    };
    let appointment = match subject.appointment {
        Some(id) => match desk.store().appointment(id).await? {
            Some(a) => Some(shown(desk, &Viewer::load(desk).await?, &a).await?),
            None => None,
        },
        None => None,
    };
    Ok(Done {
        commands: executed.commands.iter().map(ToString::to_string).collect(),
        undoable: executed.undoable,
        id: subject.id.or_else(|| subject.appointment.map(|a| a.to_string())),
        appointment,
        undone: None,
    })
}

/// A refusal with everything that a person needs to go on.
pub(super) async fn refused(
    desk: &Desk,
    refusal: Refusal,
    wanted: Option<&Wanted>,
) -> Result<ApiError, ApiError> {
    let view = refusal_view(desk, &refusal, wanted).await?;
    let params = serde_json::to_value(view).map_err(ApiError::bad_arguments)?;
    Ok(ApiError::new(refusal.code.key()).with(params))
}

/// As [`refused`], as a view.
pub(super) async fn refusal_view(
    desk: &Desk,
    refusal: &Refusal,
    wanted: Option<&Wanted>,
) -> Result<RefusalView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let with = match refusal.with {
        Some(id) => match desk.store().appointment(id).await? {
            Some(a) => Some(shown(desk, &viewer, &a).await?),
            None => None,
        },
        None => None,
    };
    let mut slots = refusal.alternatives.clone();
    if let Some(wanted) = wanted.filter(|_| slots.is_empty() && offers_slots(refusal.code)) {
        let found = alternatives(desk, wanted, OFFERED).await?;
        slots = found.same_person.into_iter().chain(found.colleagues).collect();
    }
    Ok(RefusalView {
        code: refusal.code.key().to_owned(),
        with,
        person: refusal.person.map(|p| viewer.person(p)),
        limit: refusal.limit,
        fields: refusal.fields.clone(),
        alternatives: slots.iter().map(|s| viewer.slot(s)).collect(),
    })
}

fn offers_slots(code: RefusalCode) -> bool {
    code.wants_alternatives()
}

/// Free places around a wanted one.
pub(super) async fn alternatives(desk: &Desk, wanted: &Wanted, n: usize) -> Result<Alternatives, ApiError> {
    let settings = settings(desk).await?;
    let now = desk.now();
    let (from, to) = availability::alternatives_days(&settings, wanted.start, now);
    let (from, to) = availability::days_to_load(from, to);
    let appointments = desk.store().appointments_between(from, to).await?;
    let refs: Vec<&Appointment> = appointments.iter().collect();
    Ok(availability::alternatives(&settings, &refs, wanted, now, n))
}

/// The meetings of the day around an instant.
pub(super) async fn around(
    desk: &Desk,
    start: DateTime<Utc>,
    minutes: u32,
) -> Result<Vec<Appointment>, ApiError> {
    let end = start + Duration::minutes(i64::from(minutes));
    Ok(desk.store().appointments_between(start - Duration::days(1), end + Duration::days(1)).await?)
}

/// A meeting as shown, its client read from the database.
async fn shown(
    desk: &Desk,
    viewer: &Viewer,
    a: &Appointment,
) -> Result<super::dto::AppointmentView, ApiError> {
    let client = match a.client {
        Some(id) => desk.store().client(id).await?,
        None => None,
    };
    Ok(viewer.appointment(a, client.as_ref()))
}
