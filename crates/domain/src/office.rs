//! An office and its settings: sites, rooms, kinds of appointment, openings, absences, closures.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

pub use crate::holidays::HolidayZone;
use crate::ids::{AbsenceId, KindId, OpeningId, PersonId, RoomId, SiteId, Uai};
use crate::people::Person;
pub use crate::school_holidays::SchoolZone;
pub use crate::slots::{CivilBlock, Frequency, NthWeekday, Recurrence};

/// CIO.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Office {
    /// Key.
    pub uai: Uai,
    /// "CIO d’Amiens".
    pub name: String,
    /// Town.
    pub town: String,
    /// Postal address in one line.
    pub address: String,
    /// Postal code.
    pub postal_code: String,
    /// Latitude and longitude (WGS84, degrees), when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Phone of the reception.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Mail of the office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// Time zone of the main site.
    pub zone: Tz,
    /// Hours in which somebody answers, by weekday (0 = Monday): the clock of first answers runs in them only.
    pub hours: Vec<OfficeHours>,
    /// Minutes of office hours within which a first answer is due, by channel.
    pub answer_within_min: AnswerTimes,
    /// Minutes for which a proposed slot is held for a family.
    pub hold_min: u32,
    /// School holidays that the schools around keep; `None` goes by the department ([`Office::schools_zone`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_zone: Option<SchoolZone>,
}

impl Office {
    /// The zone of school holidays: the one that was chosen, else that of the department.
    #[must_use]
    pub fn schools_zone(&self) -> Option<SchoolZone> {
        self.school_zone.or_else(|| SchoolZone::of_postal_code(&self.postal_code))
    }
}

/// A point on the earth, WGS84 degrees.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Position {
    /// Latitude, north positive.
    pub lat: f64,
    /// Longitude, east positive.
    pub lon: f64,
}

/// One stretch of office hours; civil times of the office's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfficeHours {
    /// Day of the week, 0 = Monday … 6 = Sunday.
    pub weekday: u8,
    /// From, included.
    pub from: NaiveTime,
    /// To, excluded.
    pub to: NaiveTime,
}

/// Minutes of office hours for a first answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTimes {
    /// Chat left open by the online service.
    pub chat: u32,
    /// Mail.
    pub mail: u32,
    /// Phone note.
    pub phone: u32,
    /// Somebody at the counter.
    pub walk_in: u32,
}

impl Default for AnswerTimes {
    fn default() -> Self {
        Self { chat: 120, mail: 480, phone: 240, walk_in: 60 }
    }
}

/// A place where the office receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// Stable id.
    pub id: SiteId,
    /// "CIO d’Amiens", "Antenne d’Amiens-Nord", "Lycée Robert-de-Luzarches".
    pub name: String,
    /// What sort of place it is.
    pub kind: SiteKind,
    /// Postal address in one line.
    pub address: String,
    /// Time zone of the site: openings there are civil times of it.
    pub zone: Tz,
    /// Public holidays that the site keeps.
    #[serde(default)]
    pub holidays: HolidayZone,
    /// Days on which the site is closed as a whole.
    #[serde(default)]
    pub closures: Vec<NaiveDate>,
    /// No longer used; what happened there keeps its name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// Sort of site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SiteKind {
    /// The office's own building.
    Main,
    /// Antenne.
    Annexe,
    /// A school in which counsellors hold duty.
    School,
}

/// Salle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Stable id.
    pub id: RoomId,
    /// Where it is.
    pub site: SiteId,
    /// "Salle A".
    pub name: String,
    /// Kind that appointment kinds ask for ("entretien", "collectif").
    pub kind: String,
    /// Order in which rooms are taken, lowest first.
    #[serde(default)]
    pub rank: i32,
    /// Seats.
    pub seats: u32,
    /// No longer used; what happened there keeps its name.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// Motif.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppointmentKind {
    /// Stable id.
    pub id: KindId,
    /// Short key for the command line ("entretien").
    pub key: String,
    /// "Entretien d’orientation".
    pub name: String,
    /// Minutes.
    pub duration_min: u32,
    /// Minutes kept free after it.
    #[serde(default)]
    pub buffer_after_min: u32,
    /// The public must ask this many minutes before; never binds the staff.
    #[serde(default)]
    pub min_notice_min: u32,
    /// The public sees this many civil days ahead; never binds the staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub horizon_days: Option<u32>,
    /// Kind of room needed, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room_kind: Option<String>,
    /// Seats of a group session; one when it is not a group.
    pub capacity: u32,
    /// Order in lists.
    #[serde(default)]
    pub rank: i32,
    /// False once it is no longer offered.
    pub active: bool,
    /// How it is told apart in lists and grids.
    #[serde(default, skip_serializing_if = "KindColour::is_default")]
    pub colour: KindColour,
    /// What the family is told before ("Apportez vos bulletins").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What the family is told after.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Held by video or telephone: nobody comes, and no room is taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub online: bool,
}

/// Colours of kinds: names of tokens that both themes have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KindColour {
    /// The accent.
    #[default]
    Green,
    /// Blue grey.
    Blue,
    /// Violet grey.
    Violet,
    /// Ochre.
    Ochre,
    /// Brick.
    Brick,
    /// Olive.
    Olive,
    /// Magenta.
    Magenta,
    /// Grey.
    Grey,
}

impl KindColour {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Plage d'ouverture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Stable id.
    pub id: OpeningId,
    /// Whose.
    pub counsellor: PersonId,
    /// Where.
    pub site: SiteId,
    /// Nothing before this day.
    pub first_day: NaiveDate,
    /// Stretches of the day.
    pub blocks: Vec<CivilBlock>,
    /// How it comes back; `None` is that one day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Recurrence>,
    /// Days taken out.
    #[serde(default)]
    pub except: Vec<NaiveDate>,
    /// Days on which other blocks, perhaps at another site, replace the rule's.
    #[serde(default)]
    pub overrides: Vec<OpeningOverride>,
    /// Open on public holidays too.
    #[serde(default)]
    pub works_on_off_days: bool,
    /// What it is when it is not the ordinary reception ("Permanence").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Not in the school holidays of the office's zone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub term_only: bool,
    /// Permanence: who comes without an appointment goes there. It takes the counsellor's time and is never offered.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub duty: bool,
    /// Taken out of the settings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// One day of an opening, otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpeningOverride {
    /// The day.
    pub date: NaiveDate,
    /// Its blocks.
    pub blocks: Vec<CivilBlock>,
    /// Another site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<SiteId>,
}

/// Absence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Stable id.
    pub id: AbsenceId,
    /// Whose.
    pub counsellor: PersonId,
    /// Civil start in the office's zone, included.
    pub start: NaiveDateTime,
    /// Civil end, excluded.
    pub end: NaiveDateTime,
    /// How it comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Recurrence>,
    /// Days taken out.
    #[serde(default)]
    pub except: Vec<NaiveDate>,
    /// "Formation", "Conseil de classe".
    pub label: String,
    /// A second line: where, what for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Taken out of the settings.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// The way between two sites, both directions alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TravelTime {
    /// From or to.
    pub a: SiteId,
    /// To or from.
    pub b: SiteId,
    /// How long it takes.
    pub minutes: u32,
}

/// The office with what else is written in its own document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfficeDocument {
    /// The office.
    #[serde(flatten)]
    pub office: Office,
    /// Minutes between any two sites.
    #[serde(default)]
    pub travel_min: u32,
    /// Between these two, instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub travel: Vec<TravelTime>,
}

/// All that changes seldom in one office.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfficeSettings {
    /// The office.
    pub office: Office,
    /// Places.
    pub sites: BTreeMap<SiteId, Site>,
    /// Rooms.
    pub rooms: BTreeMap<RoomId, Room>,
    /// Staff.
    pub people: BTreeMap<PersonId, Person>,
    /// Kinds of appointment.
    pub kinds: BTreeMap<KindId, AppointmentKind>,
    /// Openings.
    pub openings: BTreeMap<OpeningId, Opening>,
    /// Absences.
    pub absences: BTreeMap<AbsenceId, Absence>,
    /// Minutes to go from one site to the other, whichever way.
    #[serde(default)]
    pub travel_min: u32,
    /// Between these two sites, instead.
    #[serde(default)]
    pub travel: Vec<TravelTime>,
    /// What was taken out. The maps above hold only what counts, so that no reader can forget to look.
    #[serde(default)]
    pub withdrawn: Withdrawn,
}

/// Documents that were taken out of the settings: past meetings still name them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Withdrawn {
    /// Places.
    pub sites: BTreeMap<SiteId, Site>,
    /// Rooms.
    pub rooms: BTreeMap<RoomId, Room>,
    /// Openings.
    pub openings: BTreeMap<OpeningId, Opening>,
    /// Absences.
    pub absences: BTreeMap<AbsenceId, Absence>,
}

impl OfficeSettings {
    /// Settings with nothing but the office.
    #[must_use]
    pub fn new(office: Office) -> Self {
        Self {
            office,
            sites: BTreeMap::new(),
            rooms: BTreeMap::new(),
            people: BTreeMap::new(),
            kinds: BTreeMap::new(),
            openings: BTreeMap::new(),
            absences: BTreeMap::new(),
            travel_min: 0,
            travel: Vec::new(),
            withdrawn: Withdrawn::default(),
        }
    }

    /// A site, even one that is no longer used.
    #[must_use]
    pub fn site(&self, id: SiteId) -> Option<&Site> {
        self.sites.get(&id).or_else(|| self.withdrawn.sites.get(&id))
    }

    /// A room, even one that is no longer used.
    #[must_use]
    pub fn room(&self, id: RoomId) -> Option<&Room> {
        self.rooms.get(&id).or_else(|| self.withdrawn.rooms.get(&id))
    }

    /// The zone of a site, else the office's.
    #[must_use]
    pub fn zone_of(&self, site: SiteId) -> Tz {
        self.site(site).map_or(self.office.zone, |s| s.zone)
    }

    /// The civil date of an instant at the office.
    #[must_use]
    pub fn local_date(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.office.zone).date_naive()
    }

    /// The main site: the first of that kind, else the first of all.
    #[must_use]
    pub fn main_site(&self) -> Option<&Site> {
        self.sites.values().find(|s| s.kind == SiteKind::Main).or_else(|| self.sites.values().next())
    }
}

/// A civil time that does not exist in its zone: the night in which the clock goes forward.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("l’heure {0} n’existe pas ce jour-là : l’horloge avance d’une heure dans la nuit")]
pub struct SkippedTime(pub NaiveDateTime);

/// The instant of a civil time that a person typed. A time that comes twice is the first of the two.
///
/// # Errors
/// [`SkippedTime`] when the clock skips it: a meeting cannot be booked at a time that does not exist.
pub fn instant(local: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, SkippedTime> {
    zone.from_local_datetime(&local).earliest().map(|t| t.with_timezone(&Utc)).ok_or(SkippedTime(local))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(y: i32, m: u32, d: u32, h: u32, min: u32) -> NaiveDateTime {
        NaiveDate::from_ymd_opt(y, m, d).and_then(|d| d.and_hms_opt(h, min, 0)).expect("a valid date")
    }

    #[test]
    fn a_skipped_hour_is_refused_and_a_doubled_one_is_the_first() {
        let paris = chrono_tz::Europe::Paris;
        let gap = at(2026, 3, 29, 2, 30);
        assert_eq!(instant(gap, paris), Err(SkippedTime(gap)));
        let doubled = instant(at(2026, 10, 25, 2, 30), paris).expect("a time that exists");
        assert_eq!(doubled.to_rfc3339(), "2026-10-25T00:30:00+00:00", "summer time comes first");
    }
}
