//! Sites and openings as rows of the engine. What the engine does not know is worked out here: school holidays become
//! days taken out.

use chrono::{NaiveDate, TimeDelta};
use uuid::Uuid;

use crate::ids::PersonId;
use crate::office::{OfficeSettings, Opening};
use crate::people::Person;
use crate::school_holidays::{known_school_years, school_holidays_between};
use crate::slots::{OpeningOverride, OpeningRow, SiteRow};

pub(super) fn site_rows(settings: &OfficeSettings) -> Vec<SiteRow<Uuid>> {
    settings
        .sites
        .values()
        .map(|s| SiteRow { id: s.id.0, zone: s.zone, holiday_zone: s.holidays, closures: s.closures.clone() })
        .collect()
}

/// The openings that count and that are wanted: of somebody who receives, at a site that is used. `dates`: those that
/// will be asked about, both included; days without school are taken out one by one, and years of them would cost more
/// than all the rest of a short search.
pub(super) fn opening_rows(
    settings: &OfficeSettings,
    dates: Option<(NaiveDate, NaiveDate)>,
    wanted: impl Fn(&Opening) -> bool,
) -> Vec<OpeningRow<Uuid>> {
    let receives = |p: PersonId| settings.people.get(&p).is_some_and(Person::receives);
    let known = |s: &crate::ids::SiteId| settings.sites.contains_key(s);
    let counts = |o: &&Opening| receives(o.counsellor) && known(&o.site) && wanted(o);
    let chosen: Vec<&Opening> = settings.openings.values().filter(counts).collect();
    let off = if chosen.iter().any(|o| o.term_only) { days_off(settings, dates) } else { Vec::new() };
    chosen
        .into_iter()
        .map(|o| OpeningRow {
            counsellor: o.counsellor.0,
            site: o.site.0,
            first_day: o.first_day,
            blocks: o.blocks.clone(),
            recurrence: o.rule.clone(),
            exdates: without_holidays(o, &off),
            overrides: o
                .overrides
                .iter()
                .filter(|d| d.site.is_none_or(|s| known(&s)))
                .map(|d| OpeningOverride {
                    date: d.date,
                    blocks: d.blocks.clone(),
                    site: d.site.map(|s| s.0),
                })
                .collect(),
            works_on_off_days: o.works_on_off_days,
        })
        .collect()
}

/// The days around which the engine looks beyond the dates of a question; twice as many as it does.
const AROUND: TimeDelta = TimeDelta::days(10);

/// Every day without school that is known and can matter to these dates, in order.
fn days_off(settings: &OfficeSettings, dates: Option<(NaiveDate, NaiveDate)>) -> Vec<NaiveDate> {
    let (Some(zone), Some((first, last))) = (settings.office.schools_zone(), known_school_years()) else {
        return Vec::new();
    };
    let (from, to) = dates.map_or((first, last), |(from, to)| {
        let from = from.checked_sub_signed(AROUND).unwrap_or(from);
        (from.max(first), to.checked_add_signed(AROUND).unwrap_or(to).min(last))
    });
    school_holidays_between(from, to, zone)
        .into_iter()
        .flat_map(|h| h.first.iter_days().take_while(move |d| *d <= h.last))
        .collect()
}

/// The days taken out of an opening; in term only, the days without school as well, but for those that somebody set
/// apart by hand.
fn without_holidays(o: &Opening, off: &[NaiveDate]) -> Vec<NaiveDate> {
    let mut days = o.except.clone();
    if o.term_only {
        let last = o.rule.as_ref().and_then(|r| r.until).unwrap_or(NaiveDate::MAX);
        let by_hand = |d: &NaiveDate| o.overrides.iter().any(|c| c.date == *d);
        days.extend(off.iter().filter(|d| **d >= o.first_day && **d <= last && !by_hand(d)));
    }
    days
}
