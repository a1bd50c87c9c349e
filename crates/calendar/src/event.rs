//! The neutral event: what a calendar file says about one meeting, whoever wrote it.

use chrono::{DateTime, Datelike, NaiveDate, SubsecRound, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::text;
use crate::vtimezone::french_zone;

/// Summary of an appointment when nothing was asked: it names neither the person nor the motive, because
/// `CLASS:PRIVATE` is only advice to the program that shows the calendar.
pub const PRIVATE_SUMMARY: &str = "Rendez-vous CIO";

/// Years that an event may touch; outside them dates have no eight-digit form that programs agree on.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=9998;

/// Name of an event, the same for its whole life in file, mail, feed and CalDAV. Opaque: no name, no date in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uid(String);

impl Uid {
    /// The identity of one of our own objects.
    pub fn own(id: Uuid) -> Self {
        Self(format!("{}@passerelle.cio", id.hyphenated()))
    }

    /// An identity read from a file; `None` when nothing is left of it once control characters are gone.
    pub fn foreign(text: &str) -> Option<Self> {
        let clean = text::single_line(text);
        (!clean.is_empty()).then_some(Self(clean))
    }

    /// The identity given to an event that came without one.
    pub(crate) fn imported(id: Uuid) -> Self {
        Self(format!("{}@import.passerelle.cio", id.hyphenated()))
    }

    /// Our own object's id, or `None` for an event that others wrote.
    pub fn own_id(&self) -> Option<Uuid> {
        Uuid::parse_str(self.0.strip_suffix("@passerelle.cio")?).ok()
    }

    /// The text, as in the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// When an event takes place. The constructors keep the end after the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Between two instants, to the second.
    Timed {
        /// First instant.
        start: DateTime<Utc>,
        /// First instant after the event; later than `start`.
        end: DateTime<Utc>,
        /// Zone that the times are shown and written in. `Tz::UTC` writes them in UTC, without a VTIMEZONE.
        zone: Tz,
    },
    /// Whole days, without a zone.
    Days {
        /// First day.
        first: NaiveDate,
        /// Last day, not before `first` (a file says the day after it).
        last: NaiveDate,
    },
}

impl When {
    /// Between two instants; fractions of a second are dropped. `None` unless `end` is after `start` and both
    /// are in years 1900 to 9998.
    pub fn timed(start: DateTime<Utc>, end: DateTime<Utc>, zone: Tz) -> Option<Self> {
        let (start, end) = (start.trunc_subsecs(0), end.trunc_subsecs(0));
        (start < end && YEARS.contains(&start.year()) && YEARS.contains(&end.year())).then_some(Self::Timed {
            start,
            end,
            zone,
        })
    }

    /// Whole days, both included. `None` unless `last` is `first` or later and both are in years 1900 to 9998.
    pub fn days(first: NaiveDate, last: NaiveDate) -> Option<Self> {
        (first <= last && YEARS.contains(&first.year()) && YEARS.contains(&last.year()))
            .then_some(Self::Days { first, last })
    }

    /// The zone in which a file carries the times: UTC when a compact VTIMEZONE cannot say them, because we have
    /// none for the zone, or the year is outside its range, or the hour is the one that October repeats.
    fn as_written(self) -> Self {
        match self {
            Self::Timed { start, end, zone } => {
                let said = french_zone(zone).is_some_and(|z| z.can_say(start) && z.can_say(end));
                Self::Timed { start, end, zone: if said { zone } else { Tz::UTC } }
            }
            days => days,
        }
    }
}

/// `STATUS` of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// Proposed, not yet sure.
    Tentative,
    /// Will take place.
    #[default]
    Confirmed,
    /// Will not take place; kept in files so that calendars which have it learn so.
    Cancelled,
}

/// `CLASS` of an event. An unknown class is read as private (RFC 5545 section 3.8.1.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Class {
    /// Details for everybody.
    Public,
    /// Details for the owner of the calendar.
    #[default]
    Private,
    /// Not even the owner's delegates.
    Confidential,
}

/// `TRANSP`: whether the time counts as busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transparency {
    /// Busy.
    #[default]
    Opaque,
    /// Free.
    Transparent,
}

/// A place on earth, to the millionth of a degree (a decimetre).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geo {
    latitude_e6: i32,
    longitude_e6: i32,
}

impl Geo {
    /// From degrees, north and east positive. `None` outside the earth.
    pub fn new(latitude: f64, longitude: f64) -> Option<Self> {
        // `contains` is false for NaN. The casts cannot overflow: 180 million fits.
        ((-90.0..=90.0).contains(&latitude) && (-180.0..=180.0).contains(&longitude)).then(|| Self {
            latitude_e6: (latitude * 1e6).round() as i32,
            longitude_e6: (longitude * 1e6).round() as i32,
        })
    }

    /// Degrees north.
    pub fn latitude(self) -> f64 {
        f64::from(self.latitude_e6) / 1e6
    }

    /// Degrees east.
    pub fn longitude(self) -> f64 {
        f64::from(self.longitude_e6) / 1e6
    }
}

/// A reminder shown before the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Alarm {
    /// Minutes before the start.
    pub minutes_before: u32,
}

/// One event of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEvent {
    /// Stable identity.
    pub uid: Uid,
    /// Version: raised by each change of time, place or status.
    pub sequence: u32,
    /// When the event was first recorded.
    pub created: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub last_modified: Option<DateTime<Utc>>,
    /// When it takes place.
    pub when: When,
    /// Title, one line. Empty is written as [`PRIVATE_SUMMARY`].
    pub summary: String,
    /// Details; may have several lines. Empty is not written.
    pub description: String,
    /// Postal address or room, one line. Empty is not written.
    pub location: String,
    /// Where that is.
    pub geo: Option<Geo>,
    /// A single address with its scheme.
    pub url: Option<String>,
    /// Whether it will take place.
    pub status: Status,
    /// Who may see the details.
    pub class: Class,
    /// Whether the time is busy.
    pub transparency: Transparency,
    /// Reminder.
    pub alarm: Option<Alarm>,
    /// Labels, one line each. A comma in one is written as a space, since several programs split there.
    pub categories: Vec<String>,
}

impl CalendarEvent {
    /// A private, confirmed event that names nobody. Timed events are busy, whole days are free.
    pub fn new(uid: Uid, when: When) -> Self {
        Self {
            uid,
            sequence: 0,
            created: None,
            last_modified: None,
            when,
            summary: PRIVATE_SUMMARY.to_owned(),
            description: String::new(),
            location: String::new(),
            geo: None,
            url: None,
            status: Status::Confirmed,
            class: Class::Private,
            transparency: match when {
                When::Timed { .. } => Transparency::Opaque,
                When::Days { .. } => Transparency::Transparent,
            },
            alarm: None,
            categories: Vec::new(),
        }
    }

    /// The event as a file carries it: what the reader gives back after the writer. Texts are freed of control
    /// characters and of blanks at their ends, one-line texts are made one line, stamps lose their fractions, and
    /// the zone is UTC where the file says the times in UTC. Idempotent.
    pub fn as_written(&self) -> Self {
        let mut summary = text::single_line(&self.summary);
        if summary.is_empty() {
            PRIVATE_SUMMARY.clone_into(&mut summary);
        }
        let categories =
            self.categories.iter().map(|c| text::single_line(&c.replace(", ", " ").replace(',', " ")));
        Self {
            uid: self.uid.clone(),
            // RFC 5545 section 3.3.8: an INTEGER ends at 2147483647.
            sequence: self.sequence.min(i32::MAX.unsigned_abs()),
            created: self.created.and_then(stamp_as_written),
            last_modified: self.last_modified.and_then(stamp_as_written),
            when: self.when.as_written(),
            summary,
            description: text::multi_line(&self.description),
            location: text::single_line(&self.location),
            geo: self.geo,
            url: self.url.as_deref().and_then(text::uri),
            status: self.status,
            class: self.class,
            transparency: self.transparency,
            alarm: self.alarm,
            categories: categories.filter(|c| !c.is_empty()).collect(),
        }
    }
}

/// A stamp to the second; one outside the years that have a common form is not written.
fn stamp_as_written(stamp: DateTime<Utc>) -> Option<DateTime<Utc>> {
    YEARS.contains(&stamp.year()).then(|| stamp.trunc_subsecs(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn own_uids_are_known_again() {
        let id = Uuid::from_u128(7);
        let uid = Uid::own(id);
        assert_eq!(uid.as_str(), "00000000-0000-0000-0000-000000000007@passerelle.cio");
        assert_eq!(uid.own_id(), Some(id));
        assert_eq!(Uid::foreign("x@passerelle.cio").unwrap().own_id(), None);
        assert_eq!(Uid::foreign(" \r\n\u{0}"), None);
    }

    #[test]
    fn an_event_ends_after_its_start() {
        let at = |h| Utc.with_ymd_and_hms(2026, 11, 23, h, 0, 0).unwrap();
        assert!(When::timed(at(9), at(10), Tz::Europe__Paris).is_some());
        assert!(When::timed(at(9), at(9), Tz::Europe__Paris).is_none());
        let day = |d| NaiveDate::from_ymd_opt(2026, 11, d).unwrap();
        assert!(When::days(day(3), day(3)).is_some());
        assert!(When::days(day(3), day(2)).is_none());
    }

    #[test]
    fn places_are_on_earth() {
        assert_eq!(Geo::new(49.894067, 2.295753).map(|g| g.latitude()), Some(49.894067));
        assert_eq!(Geo::new(f64::NAN, 0.0), None);
        assert_eq!(Geo::new(91.0, 0.0), None);
        assert_eq!(Geo::new(0.0, f64::INFINITY), None);
    }
}
