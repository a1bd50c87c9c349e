//! The holidays of a year: the public ones, computed, and those of the schools.

use chrono::NaiveDate;
use passerelle_domain::holidays::{HolidayZone, holiday_on, holidays_between};
use passerelle_domain::school_holidays::{SchoolZone, known_school_years, school_holidays_between};
use serde::Deserialize;

use super::super::act;
use super::super::dto::{ApiError, HolidaysView, PublicHolidayView, SchoolHolidayView};
use crate::desk::Desk;

/// Arguments of `settings.holidays`.
#[derive(Debug, Clone, Deserialize)]
pub struct Year {
    /// Civil year.
    pub year: i32,
}

/// `settings.holidays`: open to everybody at the office, they are nobody's secret.
///
/// # Errors
/// `bad_date` for a year that no calendar knows; the database's.
pub async fn holidays(desk: &Desk, args: Year) -> Result<HolidaysView, ApiError> {
    let settings = act::settings(desk).await?;
    let day = |month, day| NaiveDate::from_ymd_opt(args.year, month, day);
    let (Some(from), Some(to)) = (day(1, 1), day(12, 31)) else {
        return Err(ApiError::new("bad_date").with(serde_json::json!({ "value": args.year })));
    };
    let alsace = settings.sites.values().any(|s| s.holidays == HolidayZone::AlsaceMoselle);
    let zone = if alsace { HolidayZone::AlsaceMoselle } else { HolidayZone::Metropole };
    let public = holidays_between(from, to, zone)
        .into_iter()
        .map(|(date, holiday)| PublicHolidayView {
            date,
            name: holiday.french_name().to_owned(),
            alsace_moselle: holiday_on(date, HolidayZone::Metropole).is_none(),
        })
        .collect();
    let schools = settings.office.schools_zone().filter(|z| *z != SchoolZone::Local);
    let school = schools.map(|z| school_holidays_between(from, to, z)).unwrap_or_default();
    Ok(HolidaysView {
        public,
        school: school
            .into_iter()
            .map(|h| SchoolHolidayView { name: h.name.to_owned(), first: h.first, last: h.last })
            .collect(),
        school_zone: schools.map(|z| z.french_name().to_owned()),
        known_until: schools.and(known_school_years()).map(|(_, last)| last),
    })
}
