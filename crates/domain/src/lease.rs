//! Leases: half-days of counsellors that one desk alone may fill without asking, so that what it promises holds even
//! when nobody can be asked.
//!
//! A lease keeps a counsellor's time and nothing else. Whoever says that a meeting is guaranteed looks at what else it
//! takes: [`promise`] says when a lease is enough.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::appointment::{Appointment, Status};
use crate::due::is_closed;
use crate::event::{Event, Touched};
use crate::ids::{DeskId, PersonId};
use crate::office::{OfficeSettings, instant};
use crate::state::OfficeState;

/// Working days that a reception desk holds, today included.
pub const DAYS_HELD: usize = 3;
/// Civil days in which they are looked for: an office closed for longer has none.
const DAYS_LOOKED: u64 = 60;
/// The hour that cuts a day in two, civil time of the office.
const NOON: u32 = 13;

/// One half of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum HalfDay {
    /// Until 13:00.
    #[serde(rename = "am")]
    Morning,
    /// From 13:00.
    #[serde(rename = "pm")]
    Afternoon,
}

impl HalfDay {
    /// The name on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Morning => "am",
            Self::Afternoon => "pm",
        }
    }
}

/// What a lease is of: a half-day of a counsellor, in civil time of the office.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Granule {
    /// Whose.
    pub counsellor: PersonId,
    /// The civil date.
    pub date: NaiveDate,
    /// Which half of it.
    pub half: HalfDay,
}

impl fmt::Display for Granule {
    /// The id of the lease of it: there is never more than one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.counsellor, self.date, self.half.key())
    }
}

/// Not the name of a half-day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a half-day of a counsellor")]
pub struct NoGranule;

impl FromStr for Granule {
    type Err = NoGranule;

    fn from_str(text: &str) -> Result<Self, NoGranule> {
        let mut parts = text.split(':');
        let (counsellor, date, half) = match (parts.next(), parts.next(), parts.next(), parts.next()) {
            (Some(counsellor), Some(date), Some(half), None) => (counsellor, date, half),
            _ => return Err(NoGranule),
        };
        Ok(Self {
            counsellor: counsellor.parse().map_err(|_| NoGranule)?,
            date: date.parse().map_err(|_| NoGranule)?,
            half: match half {
                "am" => HalfDay::Morning,
                "pm" => HalfDay::Afternoon,
                _ => return Err(NoGranule),
            },
        })
    }
}

impl Granule {
    /// When it has passed, UTC: 13:00 or the next midnight of the office.
    #[must_use]
    pub fn end(&self, settings: &OfficeSettings) -> DateTime<Utc> {
        let local = match self.half {
            HalfDay::Morning => self.date.and_time(noon()),
            HalfDay::Afternoon => {
                self.date.checked_add_days(Days::new(1)).unwrap_or(self.date).and_time(NaiveTime::MIN)
            }
        };
        // A midnight that the clock skips comes an hour later.
        instant(local, settings.office.zone)
            .or_else(|_| instant(local + TimeDelta::hours(1), settings.office.zone))
            .unwrap_or_else(|_| local.and_utc())
    }
}

fn noon() -> NaiveTime {
    NaiveTime::from_hms_opt(NOON, 0, 0).unwrap_or_default()
}

/// A half-day that one desk holds. A document of the office's feed; gone when it has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lease {
    /// Of what.
    #[serde(flatten)]
    pub granule: Granule,
    /// Who holds it.
    pub holder: DeskId,
    /// What the holder's desk is called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub holder_name: String,
    /// How often this half-day has been given: what was promised under another term was promised under another lease.
    pub term: u32,
    /// Since when, by central's clock, another desk wants to book in it: the holder promises nothing more under it, and it
    /// ends as soon as all that the holder has promised is with central.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_back: Option<DateTime<Utc>>,
}

impl Lease {
    /// How a command names the lease under which it was given: `<id>/<term>`.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}/{}", self.granule, self.term)
    }
}

/// The leases that a command names; several are parted by a blank. What cannot be read is no lease.
pub fn references(text: &str) -> impl Iterator<Item = (&str, u32)> {
    text.split(' ').filter_map(|one| {
        let (id, term) = one.rsplit_once('/')?;
        Some((id, term.parse().ok()?))
    })
}

/// Whether somebody receives: at work here, with hours of reception of their own.
fn receives(settings: &OfficeSettings, person: PersonId) -> bool {
    settings.people.get(&person).is_some_and(|p| p.active)
        && settings.openings.values().any(|o| o.counsellor == person && !o.duty)
}

/// Those who receive, in order of their ids.
pub fn receiving(settings: &OfficeSettings) -> impl Iterator<Item = PersonId> {
    settings.people.keys().copied().filter(|person| receives(settings, *person))
}

/// The next working days of the office, today included: it has hours on that weekday, and its main site is not closed.
#[must_use]
pub fn working_days(settings: &OfficeSettings, today: NaiveDate) -> Vec<NaiveDate> {
    let works = |day: &NaiveDate| {
        let weekday = day.weekday().num_days_from_monday();
        let open = match settings.office.hours.is_empty() {
            true => weekday < 5,
            false => settings.office.hours.iter().any(|h| u32::from(h.weekday) == weekday),
        };
        open && !is_closed(settings, *day)
    };
    (0..DAYS_LOOKED)
        .filter_map(|n| today.checked_add_days(Days::new(n)))
        .filter(works)
        .take(DAYS_HELD)
        .collect()
}

/// What a reception desk is to hold: every half-day that has not passed of the next working days, of all who receive.
#[must_use]
pub fn due(settings: &OfficeSettings, now: DateTime<Utc>) -> BTreeSet<Granule> {
    let days = working_days(settings, settings.local_date(now));
    let mut due = BTreeSet::new();
    for counsellor in receiving(settings) {
        for date in &days {
            for half in [HalfDay::Morning, HalfDay::Afternoon] {
                let granule = Granule { counsellor, date: *date, half };
                if granule.end(settings) > now {
                    due.insert(granule);
                }
            }
        }
    }
    due
}

/// The half-days that a meeting touches.
#[must_use]
pub fn granules(settings: &OfficeSettings, meeting: &Appointment) -> BTreeSet<Granule> {
    let zone = settings.office.zone;
    let first = meeting.start.with_timezone(&zone).naive_local();
    let last = (meeting.end - TimeDelta::seconds(1)).max(meeting.start).with_timezone(&zone).naive_local();
    let half = |time: NaiveTime| if time < noon() { HalfDay::Morning } else { HalfDay::Afternoon };
    let end = (last.date(), half(last.time()));
    let mut found = BTreeSet::new();
    for counsellor in meeting.counsellors() {
        let mut at = (first.date(), half(first.time()));
        // A meeting lasts a day at most: three halves.
        for _ in 0..4 {
            found.insert(Granule { counsellor, date: at.0, half: at.1 });
            if at >= end {
                break;
            }
            at = match at.1 {
                HalfDay::Morning => (at.0, HalfDay::Afternoon),
                HalfDay::Afternoon => (at.0.checked_add_days(Days::new(1)).unwrap_or(at.0), HalfDay::Morning),
            };
        }
    }
    found
}

/// The meetings that a decision places: they take time that they did not take before it.
pub fn placed<'s>(
    before: &'s OfficeState,
    after: &'s OfficeState,
    events: &'s [Event],
    now: DateTime<Utc>,
) -> impl Iterator<Item = &'s Appointment> {
    let mut touched: Vec<_> = events.iter().flat_map(Event::touches).collect();
    touched.sort_unstable();
    touched.dedup();
    touched.into_iter().filter_map(move |what| {
        let Touched::Appointment(id) = what else { return None };
        let new = after.appointments.get(&id).filter(|a| a.status.blocks())?;
        let place = |a: &Appointment| (a.start, a.end, a.counsellor, a.second);
        let there = before.appointments.get(&id).is_some_and(|a| a.takes_time(now) && place(a) == place(new));
        (!there).then_some(new)
    })
}

/// What a desk can say of a decision by the leases of its office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Promise {
    /// It places no meeting: nothing is to be promised.
    Nothing,
    /// It places a meeting, and somebody else may do so too.
    Open,
    /// It places meetings where nobody else can: under these leases, as a command names them.
    Kept(String),
}

/// Whether a desk can promise what it decides. A lease keeps a counsellor's time; so a meeting that
/// - stands where a proposal has just ended by this desk's clock is not sure: the family may have taken it in time,
/// - takes a room is sure only while this desk holds that half-day of everybody who receives.
#[must_use]
pub fn promise(
    before: &OfficeState,
    after: &OfficeState,
    events: &[Event],
    now: DateTime<Utc>,
    desk: DeskId,
    leases: &[Lease],
) -> Promise {
    let settings = &after.settings;
    let held = |granule: &Granule| {
        leases.iter().find(|l| l.granule == *granule && l.holder == desk && l.asked_back.is_none())
    };
    let mut under: BTreeSet<String> = BTreeSet::new();
    let (mut any, mut sure) = (false, true);
    for meeting in placed(before, after, events, now) {
        any = true;
        for granule in granules(settings, meeting) {
            match held(&granule) {
                Some(lease) => drop(under.insert(lease.reference())),
                None => sure = false,
            }
            sure &= meeting.room.is_none()
                || receiving(settings)
                    .all(|other| held(&Granule { counsellor: other, ..granule.clone() }).is_some());
        }
    }
    let ends_a_proposal =
        |event: &Event| matches!(event, Event::AppointmentStatus { to: Status::Expired, .. });
    if !any {
        return Promise::Nothing;
    }
    if !sure || events.iter().any(ends_a_proposal) {
        return Promise::Open;
    }
    Promise::Kept(under.into_iter().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_day_has_a_name_that_is_read_back() {
        let granule = Granule {
            counsellor: PersonId(uuid::Uuid::from_u128(7)),
            date: NaiveDate::from_ymd_opt(2026, 11, 26).expect("a date"),
            half: HalfDay::Afternoon,
        };
        assert_eq!(granule.to_string().parse(), Ok(granule.clone()));
        for bad in ["", "a:b:c", "2026-11-26:am"] {
            assert_eq!(bad.parse::<Granule>(), Err(NoGranule), "{bad:?}");
        }
        let named = format!("{granule}/4 {granule}/x  {granule}");
        assert_eq!(references(&named).collect::<Vec<_>>(), [(granule.to_string().as_str(), 4)]);
    }
}
