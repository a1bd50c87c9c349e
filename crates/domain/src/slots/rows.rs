//! What an agenda is made of, as rows: the input of the index. `K` is the type of the keys.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::recurrence::Recurrence;
use crate::holidays::HolidayZone;

/// A part of a civil day, in minutes from midnight, half-open. An end at 1,440 is the next midnight ("24:00");
/// a block that does not end after it starts is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CivilBlock {
    /// First minute.
    pub from: u16,
    /// Minute after the last.
    pub to: u16,
}

/// A place where counsellors receive.
#[derive(Clone, Debug)]
pub struct SiteRow<K> {
    /// Its key.
    pub id: K,
    /// Zone in which its openings are written.
    pub zone: Tz,
    /// Which public holidays it keeps.
    pub holiday_zone: HolidayZone,
    /// Dates on which nobody receives there.
    pub closures: Vec<NaiveDate>,
}

/// When a counsellor receives at a site, and how that comes back.
#[derive(Clone, Debug)]
pub struct OpeningRow<K> {
    /// Who.
    pub counsellor: K,
    /// Where.
    pub site: K,
    /// The first possible date: nothing happens before it, an override neither.
    pub first_day: NaiveDate,
    /// Parts of the day, in any order.
    pub blocks: Vec<CivilBlock>,
    /// How it comes back; none: on `first_day` alone.
    pub recurrence: Option<Recurrence>,
    /// Dates removed.
    pub exdates: Vec<NaiveDate>,
    /// Dates changed.
    pub overrides: Vec<OpeningOverride<K>>,
    /// Open on public holidays as well. A closure of the site still closes it.
    pub works_on_off_days: bool,
}

/// One date of an opening, changed.
#[derive(Clone, Debug)]
pub struct OpeningOverride<K> {
    /// The date.
    pub date: NaiveDate,
    /// Its blocks, instead of the rule's; none: closed.
    pub blocks: Vec<CivilBlock>,
    /// Another site for that date.
    pub site: Option<K>,
}

/// A counsellor is not there; civil time, half-open. Both ends are converted to instants for themselves, as those of
/// an opening.
#[derive(Clone, Debug)]
pub struct AbsenceRow<K> {
    /// Who.
    pub counsellor: K,
    /// Zone in which it is written: the office's, since an absence has no site (Europe/Paris in scenarios).
    pub zone: Tz,
    /// First moment of the first occurrence.
    pub start: NaiveDateTime,
    /// Moment after its last.
    pub end: NaiveDateTime,
    /// How it comes back, by the date of its start.
    pub recurrence: Option<Recurrence>,
    /// Dates of start removed.
    pub exdates: Vec<NaiveDate>,
}

/// A busy time that a counsellor's own calendar tells. Transparent or cancelled events and those without an end
/// are not to be given.
#[derive(Clone, Debug)]
pub struct ExternalRow<K> {
    /// Whose calendar.
    pub counsellor: K,
    /// First instant.
    pub start: DateTime<Utc>,
    /// Instant after the last.
    pub end: DateTime<Utc>,
}

/// An appointment. Those that do not block may be given: a cancelled one can be rescheduled.
#[derive(Clone, Debug)]
pub struct AppointmentRow<K> {
    /// Its key.
    pub id: K,
    /// With whom.
    pub counsellor: K,
    /// The second counsellor of a meeting held by two; it takes the time of both alike.
    pub second: Option<K>,
    /// Where; none: nowhere in particular (telephone), which needs no travel.
    pub site: Option<K>,
    /// First instant.
    pub start: DateTime<Utc>,
    /// Instant after the last, its buffer apart.
    pub end: DateTime<Utc>,
    /// Whether its state takes the time (`held`, `booked`, `arrived`, `attended`, `no_show`).
    pub blocking: bool,
    /// Minutes kept free after it.
    pub buffer_after_min: u32,
    /// The room it takes.
    pub room: Option<K>,
}

/// A room of a site.
#[derive(Clone, Debug)]
pub struct RoomRow<K> {
    /// Its key.
    pub id: K,
    /// Its site.
    pub site: K,
    /// What it is for; a kind of appointment names it.
    pub kind: String,
    /// Order of preference, the lowest first.
    pub rank: i32,
}

/// Minutes on the way between two sites, the same in both directions.
#[derive(Clone, Debug)]
pub struct Travel<K> {
    /// Between any two sites.
    pub default_min: u32,
    /// Between these two, instead.
    pub pairs: Vec<(K, K, u32)>,
}

impl<K> Default for Travel<K> {
    fn default() -> Self {
        Self { default_min: 0, pairs: Vec::new() }
    }
}

/// All rows of an agenda; their order never matters.
#[derive(Clone, Debug)]
pub struct Agenda<K> {
    /// Sites.
    pub sites: Vec<SiteRow<K>>,
    /// Openings.
    pub openings: Vec<OpeningRow<K>>,
    /// Absences.
    pub absences: Vec<AbsenceRow<K>>,
    /// Busy times from elsewhere.
    pub external: Vec<ExternalRow<K>>,
    /// Appointments.
    pub appointments: Vec<AppointmentRow<K>>,
    /// Rooms.
    pub rooms: Vec<RoomRow<K>>,
    /// Travel between sites.
    pub travel: Travel<K>,
}

impl<K> Default for Agenda<K> {
    fn default() -> Self {
        Self {
            sites: Vec::new(),
            openings: Vec::new(),
            absences: Vec::new(),
            external: Vec::new(),
            appointments: Vec::new(),
            rooms: Vec::new(),
            travel: Travel::default(),
        }
    }
}
