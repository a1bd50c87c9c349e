//! More than one day of the agenda in one read: a person's week, the load of a month, what was never said of past
//! meetings.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days as Dates, NaiveDate, Timelike, Utc};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::days_to_load;
use passerelle_domain::client::Client;
use passerelle_domain::ids::{ClientId, PersonId, SiteId};
use passerelle_domain::office::SiteKind;
use passerelle_domain::people::Person;
use serde::Deserialize;

use super::NoArgs;
use super::act::id;
use super::day::{self, Day, Days, Drawn};
use super::dto::{
    ApiError, AppointmentView, LoadDay, LoadHalf, LoadPerson, LoadView, PersonRef, WeekDay, WeekView,
};
use super::settings::school_holiday;
use super::views::{Viewer, counsellors_in_order, day_bounds};
use crate::desk::Desk;
use passerelle_domain::session::key_of;

/// Past meetings are missed for so many days; older ones belong to the report.
pub(super) const MISSING_DAYS: u64 = 14;

/// Longest stretch of `agenda.load`, in days: the six weeks that a month's page shows.
const LOAD_DAYS: i64 = 42;

/// What begins before this minute of the day is the morning's.
const NOON: u32 = 13 * 60;

/// Arguments of `agenda.week`.
#[derive(Debug, Clone, Deserialize)]
pub struct WeekArgs {
    /// Any day of the week.
    pub date: NaiveDate,
    /// Person id.
    pub counsellor: String,
}

/// `agenda.week`: the week of one person who receives, read in one go.
///
/// # Errors
/// `not_found` for somebody who does not receive; `bad_date`; the database's.
pub async fn week(desk: &Desk, args: WeekArgs) -> Result<WeekView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let wanted: PersonId = id(&args.counsellor, "person")?;
    let person = *counsellors_in_order(&viewer.settings)
        .iter()
        .find(|p| p.id == wanted)
        .ok_or_else(|| ApiError::not_found("person"))?;
    let bad_date = || ApiError::new("bad_date").with(serde_json::json!({ "value": args.date }));
    let before = u64::from(args.date.weekday().num_days_from_monday());
    let monday = args.date.checked_sub_days(Dates::new(before)).ok_or_else(bad_date)?;
    let sunday = monday.checked_add_days(Dates::new(6)).ok_or_else(bad_date)?;
    let (from, to) = days_to_load(monday, sunday);
    let around = desk.store().appointments_between(from, to).await?;
    let days = Days::new(&viewer, monday, sunday, &around)?;

    let mut drawn: Vec<(Day<'_>, NaiveDate, Vec<Drawn>)> = Vec::new();
    for date in monday.iter_days().take(7) {
        let day = days.day(date)?;
        let mut meetings = day.meetings();
        meetings.retain(|(a, _)| a.is_with(wanted));
        drawn.push((day, date, meetings));
    }
    let clients = clients_of(desk, drawn.iter().flat_map(|(_, _, meetings)| meetings)).await?;
    let mut week: Vec<WeekDay> = Vec::new();
    for (day, date, meetings) in &drawn {
        let one = WeekDay {
            date: *date,
            closed: day.closed(),
            holiday: school_holiday(&viewer.settings, *date),
            column: day.column(person),
            blocks: day::blocks(&viewer, meetings, &clients),
        };
        let something = !one.column.open.is_empty() || !one.blocks.is_empty();
        if date.weekday().num_days_from_monday() < 5 || something {
            week.push(one);
        }
    }
    let (from_min, to_min) = day::hours(week.iter().map(|d| &d.column), week.iter().flat_map(|d| &d.blocks));
    Ok(WeekView {
        counsellor: viewer.person(wanted),
        zone: days.zone().name().to_owned(),
        from_min,
        to_min,
        days: week,
    })
}

async fn clients_of(
    desk: &Desk,
    meetings: impl Iterator<Item = &Drawn>,
) -> Result<std::collections::HashMap<ClientId, Client>, ApiError> {
    let ids: Vec<ClientId> = meetings.filter_map(|(a, _)| a.client).collect();
    Ok(desk.store().clients_by_ids(&ids).await?)
}

/// Arguments of `agenda.load`.
#[derive(Debug, Clone, Deserialize)]
pub struct LoadArgs {
    /// First day.
    pub from: NaiveDate,
    /// Last day, included.
    pub to: NaiveDate,
}

/// `agenda.load`: how full up to six weeks are, by the same engine as the search, in one pass.
///
/// # Errors
/// `bad_dates` when the end comes before the start or more than six weeks after it; the database's.
pub async fn load(desk: &Desk, args: LoadArgs) -> Result<LoadView, ApiError> {
    let LoadArgs { from, to } = args;
    if !(1..=LOAD_DAYS).contains(&((to - from).num_days() + 1)) {
        return Err(ApiError::new("bad_dates").with(serde_json::json!({ "from": from, "to": to })));
    }
    let viewer = Viewer::load(desk).await?;
    let (first, last) = days_to_load(from, to);
    let around = desk.store().appointments_between(first, last).await?;
    let people = counsellors_in_order(&viewer.settings);
    let days = Days::new(&viewer, from, to, &around)?;
    let tally = Tally { viewer: &viewer, days: &days };
    let mut halves: BTreeMap<(NaiveDate, PersonId, bool), LoadHalf> = BTreeMap::new();
    tally.meetings(&around, &mut halves);
    tally.free(&day::usual_slots(&viewer, from, to, &around), &mut halves);
    let mut out = Vec::new();
    for date in from.iter_days().take_while(|d| *d <= to) {
        let day = days.day(date)?;
        tally.openings(&day, date, &mut halves);
        out.push(LoadDay {
            date,
            closed: day.closed(),
            holiday: school_holiday(&viewer.settings, date),
            people: people.iter().map(|p| of_person(&mut halves, date, p)).collect(),
        });
    }
    let people = people.iter().map(|p| PersonRef { id: p.id.to_string(), name: p.short_name() }).collect();
    Ok(LoadView { people, days: out })
}

type Halves = BTreeMap<(NaiveDate, PersonId, bool), LoadHalf>;

fn of_person(halves: &mut Halves, date: NaiveDate, person: &Person) -> LoadPerson {
    let mut half = |afternoon| halves.remove(&(date, person.id, afternoon)).unwrap_or_default();
    LoadPerson { morning: half(false), afternoon: half(true) }
}

/// Counts into halves of days, in the civil time of the main site.
struct Tally<'a> {
    viewer: &'a Viewer,
    days: &'a Days<'a>,
}

impl Tally<'_> {
    fn half_of(&self, at: DateTime<Utc>) -> (NaiveDate, bool) {
        let local = at.with_timezone(&self.days.zone());
        (local.date_naive(), local.hour() * 60 + local.minute() >= NOON)
    }

    fn noon(&self, date: NaiveDate) -> DateTime<Utc> {
        let civil = date.and_hms_opt(NOON / 60, NOON % 60, 0).unwrap_or_default();
        passerelle_domain::office::instant(civil, self.days.zone()).unwrap_or_else(|_| civil.and_utc())
    }

    /// The minutes of a span that lie in each half of a date.
    fn parts(&self, date: NaiveDate, start: DateTime<Utc>, end: DateTime<Utc>) -> [(bool, u16); 2] {
        let (first, last) = day_bounds(date, self.days.zone());
        let noon = self.noon(date);
        let within = |from: DateTime<Utc>, to: DateTime<Utc>| {
            u16::try_from((end.min(to) - start.max(from)).num_minutes().max(0)).unwrap_or(u16::MAX)
        };
        [(false, within(first, noon)), (true, within(noon, last))]
    }

    fn meetings(&self, meetings: &[Appointment], halves: &mut Halves) {
        let mut sessions = BTreeSet::new();
        for a in meetings.iter().filter(|a| a.takes_time(self.viewer.now)) {
            let (date, afternoon) = self.half_of(a.start);
            let missing = u32::from(self.viewer.status_missing(a));
            // A session counts once, for each of those who hold it.
            let again = key_of(&self.viewer.settings, a).is_some_and(|key| !sessions.insert(key));
            for who in a.counsellors() {
                let half = halves.entry((date, who, afternoon)).or_default();
                half.missing += missing;
                half.booked += u32::from(!again);
                for (afternoon, minutes) in self.parts(date, a.start, a.end).into_iter().filter(|_| !again) {
                    let half = halves.entry((date, who, afternoon)).or_default();
                    half.taken_min = half.taken_min.saturating_add(minutes);
                }
            }
        }
    }

    fn free(&self, slots: &[passerelle_domain::refusal::FreeSlot], halves: &mut Halves) {
        for slot in slots {
            let (date, afternoon) = self.half_of(slot.start);
            halves.entry((date, slot.counsellor, afternoon)).or_default().free += 1;
        }
    }

    fn openings(&self, day: &Day<'_>, date: NaiveDate, halves: &mut Halves) {
        let settings = &self.viewer.settings;
        let main = settings.main_site().map(|s| s.id);
        let mut sites: BTreeMap<(PersonId, bool), BTreeSet<SiteId>> = BTreeMap::new();
        for open in &day.plan.open {
            let (who, site) = (PersonId(open.counsellor), SiteId(open.site));
            for (afternoon, minutes) in self.parts(date, open.start, open.end) {
                if minutes == 0 {
                    continue;
                }
                let away: u16 = day
                    .plan
                    .absent
                    .iter()
                    .filter(|absent| absent.counsellor == open.counsellor)
                    .map(|absent| {
                        let (start, end) = (absent.start.max(open.start), absent.end.min(open.end));
                        let [morning, later] = self.parts(date, start, end.max(start));
                        if afternoon { later.1 } else { morning.1 }
                    })
                    .sum();
                let away = away.min(minutes);
                let half = halves.entry((date, who, afternoon)).or_default();
                let at_school = settings.sites.get(&site).is_some_and(|s| s.kind == SiteKind::School);
                let stretch = if at_school { &mut half.school_min } else { &mut half.open_min };
                *stretch = stretch.saturating_add(minutes - away);
                half.absent_min = half.absent_min.saturating_add(away);
                sites.entry((who, afternoon)).or_default().insert(site);
            }
        }
        for ((who, afternoon), at) in sites {
            let mut at = at.into_iter();
            if let (Some(only), None) = (at.next(), at.next())
                && Some(only) != main
            {
                halves.entry((date, who, afternoon)).or_default().site_name = self.viewer.site_name(only);
            }
        }
    }
}

/// `agenda.missing`: meetings of the last two weeks, today's included, that are over and of which nobody said what
/// became, oldest first.
///
/// # Errors
/// The database's.
pub async fn missing(desk: &Desk, _: NoArgs) -> Result<Vec<AppointmentView>, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let meetings = unfinished(desk, &viewer, viewer.now).await?;
    viewer.appointments(desk, &meetings).await
}

/// Meetings without a final state that began before an instant and are over, oldest first.
pub(super) async fn unfinished(
    desk: &Desk,
    viewer: &Viewer,
    before: DateTime<Utc>,
) -> Result<Vec<Appointment>, ApiError> {
    let today = viewer.today();
    let first = today.checked_sub_days(Dates::new(MISSING_DAYS)).unwrap_or(today);
    let (from, _) = day_bounds(first, viewer.settings.office.zone);
    let mut meetings = desk.store().appointments_unfinished(from, before).await?;
    meetings.retain(|a| viewer.status_missing(a));
    Ok(meetings)
}
