//! Openings and absences day by day, for the week editor, and the change of one of those days.

use chrono::{NaiveDate, Timelike};
use passerelle_domain::due;
use passerelle_domain::holidays::holiday_on;
use passerelle_domain::ids::{OpeningId, SiteId};
use passerelle_domain::office::{Absence, CivilBlock, OfficeSettings, Opening};
use passerelle_domain::people::Role;
use passerelle_domain::school_holidays::school_holiday_on;
use passerelle_domain::settings::occurrences::{NewPlace, change_following, change_one};
use passerelle_domain::settings::{Change, Setting, Suppressed, occurrences as days};
use serde::Deserialize;
use uuid::Uuid;

use super::super::act::{id, optional_id};
use super::super::dto::{
    ApiError, BlockView, DayNote, OccurrenceDraft, OccurrencePlan, OccurrenceView, OccurrencesView,
};
use super::super::views::Viewer;
use super::{may, preview};
use crate::desk::Desk;

/// Arguments of `settings.occurrences`.
#[derive(Debug, Clone, Deserialize)]
pub struct Between {
    /// First day.
    pub from: NaiveDate,
    /// Last day, included.
    pub to: NaiveDate,
}

/// Most days at once: a school year.
const DAYS_MAX: i64 = 400;

/// `settings.occurrences`.
///
/// # Errors
/// `bad_dates` when they are reversed or too far apart; `not_allowed`; the database's.
pub async fn occurrences(desk: &Desk, args: Between) -> Result<OccurrencesView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let all = may(&viewer)? == "all";
    let (from, to) = (args.from, args.to);
    if !(0..DAYS_MAX).contains(&(to - from).num_days()) {
        return Err(ApiError::new("bad_dates").with(serde_json::json!({ "from": from, "to": to })));
    }
    let s = &viewer.settings;
    let mine = |person| all || person == viewer.person.id;
    let openings =
        s.openings.values().filter(|o| mine(o.counsellor)).flat_map(|o| of_opening(&viewer, s, o, from, to));
    let absences =
        s.absences.values().filter(|a| mine(a.counsellor)).flat_map(|a| of_absence(&viewer, a, from, to));
    let mut occurrences: Vec<OccurrenceView> = openings.chain(absences).collect();
    let first = |o: &OccurrenceView| o.blocks.first().map(|b| b.from);
    occurrences.sort_by(|a, b| (a.date, first(a), &a.id).cmp(&(b.date, first(b), &b.id)));
    let days = from.iter_days().take_while(|d| *d <= to).map(|date| note(s, date)).collect();
    Ok(OccurrencesView { days, occurrences })
}

/// What is to be known of a day.
fn note(settings: &OfficeSettings, date: NaiveDate) -> DayNote {
    let main = settings.main_site();
    let closed = match main.and_then(|s| holiday_on(date, s.holidays)) {
        Some(holiday) => Some(holiday.french_name().to_owned()),
        None => due::is_closed(settings, date).then(|| "Fermeture".to_owned()),
    };
    DayNote { date, closed, holiday: school_holiday(settings, date) }
}

/// "Vacances d’hiver · zone B".
pub(in super::super) fn school_holiday(settings: &OfficeSettings, date: NaiveDate) -> Option<String> {
    let zone = settings.office.schools_zone()?;
    Some(format!("{} · {}", school_holiday_on(date, zone)?.name, zone.french_name()))
}

fn block(b: &CivilBlock) -> BlockView {
    BlockView { from: b.from, to: b.to }
}

/// The days of an opening as shown.
pub(super) fn of_opening(
    viewer: &Viewer,
    settings: &OfficeSettings,
    opening: &Opening,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<OccurrenceView> {
    days::of_opening(settings, opening, from, to)
        .into_iter()
        .map(|o| {
            let (suppressed, suppressed_name) = match o.suppressed {
                None => (None, None),
                Some(Suppressed::Closure) => (Some("closure"), None),
                Some(Suppressed::PublicHoliday(name)) => (Some("public_holiday"), Some(name)),
                Some(Suppressed::SchoolHoliday(name)) => (Some("school_holiday"), Some(name)),
            };
            OccurrenceView {
                entity: "opening".to_owned(),
                id: opening.id.to_string(),
                counsellor: viewer.person(opening.counsellor),
                date: o.date,
                last_date: o.date,
                blocks: o.blocks.iter().map(block).collect(),
                site: Some(o.site.to_string()),
                site_name: settings.site(o.site).map(|s| s.name.clone()),
                label: opening.label.clone(),
                duty: opening.duty,
                repeats: opening.rule.is_some(),
                changed: o.changed,
                suppressed: suppressed.map(str::to_owned),
                suppressed_name,
            }
        })
        .collect()
}

/// The days of an absence as shown.
pub(super) fn of_absence(
    viewer: &Viewer,
    absence: &Absence,
    from: NaiveDate,
    to: NaiveDate,
) -> Vec<OccurrenceView> {
    let minute = |t: chrono::NaiveDateTime| u16::try_from(t.hour() * 60 + t.minute()).unwrap_or(0);
    days::of_absence(absence, from, to)
        .into_iter()
        .map(|(start, end)| {
            // An end at midnight is the end of the day before.
            let whole = minute(end) == 0 && end.date() > start.date();
            let last_date = if whole { end.date().pred_opt().unwrap_or(end.date()) } else { end.date() };
            let last = if whole { 24 * 60 } else { minute(end) };
            OccurrenceView {
                entity: "absence".to_owned(),
                id: absence.id.to_string(),
                counsellor: viewer.person(absence.counsellor),
                date: start.date(),
                last_date,
                blocks: vec![BlockView { from: minute(start), to: last }],
                site: None,
                site_name: None,
                label: Some(absence.label.clone()),
                duty: false,
                repeats: absence.rule.is_some(),
                changed: false,
                suppressed: None,
                suppressed_name: None,
            }
        })
        .collect()
}

/// `settings.plan_occurrence`: the changes that would make one day (or the series from it on) otherwise; nothing is
/// written yet.
///
/// # Errors
/// `not_found`; `cannot_change` when the opening has nothing on that day, or the new day lies before the series begins or
/// has the same opening at another site; `not_allowed`; the database's.
pub async fn plan_occurrence(desk: &Desk, draft: OccurrenceDraft) -> Result<OccurrencePlan, ApiError> {
    let viewer = Viewer::load(desk).await?;
    may(&viewer)?;
    if viewer.person.role != Role::Director {
        return Err(passerelle_domain::Refusal::new(passerelle_domain::RefusalCode::NotAllowed).into());
    }
    let which: OpeningId = id(&draft.opening, "opening")?;
    let opening = viewer.settings.openings.get(&which).ok_or_else(|| ApiError::not_found("opening"))?;
    let to = match &draft.to {
        None => None,
        Some(to) => Some(NewPlace {
            date: to.date,
            blocks: to.blocks.iter().map(|b| CivilBlock { from: b.from, to: b.to }).collect(),
            site: optional_id::<SiteId>(to.site.as_deref(), "site")?,
        }),
    };
    let made = match draft.scope.as_str() {
        "one" => change_one(opening, draft.date, to.as_ref()).map(|o| vec![o]),
        "following" => {
            let ids = [Uuid::now_v7().into(), Uuid::now_v7().into()];
            change_following(opening, draft.date, to.as_ref(), &ids)
        }
        other => return Err(ApiError::bad_arguments(format!("scope: {other:?}"))),
    };
    let made = made.ok_or_else(|| ApiError::new("cannot_change"))?;
    let changes: Vec<Change> = made
        .into_iter()
        .map(|o| Change {
            seen: (o.id == which).then(|| Setting::Opening(opening.clone())),
            to: Setting::Opening(o),
        })
        .collect();
    let preview = preview::of(desk, &viewer, &changes).await?;
    Ok(OccurrencePlan { changes, preview })
}
