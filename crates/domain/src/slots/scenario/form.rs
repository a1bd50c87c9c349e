//! The fields of a scenario, as written. Dates and times stay text and numbers stay signed here, so that what is
//! wrong with them can be said with the path of the field.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};

/// `null` means the default, as an absent field does.
fn or_default<'de, D: Deserializer<'de>, T: Default + Deserialize<'de>>(input: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(input)?.unwrap_or_default())
}

/// Everything that one search needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Scenario {
    /// A name for reports.
    #[serde(default)]
    pub id: String,
    /// The instant of the search (RFC 3339).
    pub now: String,
    /// Sites by key.
    #[serde(default, deserialize_with = "or_default")]
    pub sites: BTreeMap<String, SiteForm>,
    /// What is to be booked.
    #[serde(default, deserialize_with = "or_default")]
    pub appointment_kind: KindForm,
    /// When counsellors receive.
    #[serde(default, deserialize_with = "or_default")]
    pub openings: Vec<OpeningForm>,
    /// When they are away.
    #[serde(default, deserialize_with = "or_default")]
    pub absences: Vec<AbsenceForm>,
    /// Events of their own calendars.
    #[serde(default, deserialize_with = "or_default")]
    pub external: Vec<ExternalForm>,
    /// Appointments.
    #[serde(default, deserialize_with = "or_default")]
    pub appointments: Vec<AppointmentForm>,
    /// Rooms.
    #[serde(default, deserialize_with = "or_default")]
    pub rooms: Vec<RoomForm>,
    /// Minutes between two sites.
    #[serde(default, deserialize_with = "or_default")]
    pub travel_min: i64,
    /// The question.
    pub query: QueryForm,
}

/// A site.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct SiteForm {
    /// IANA name; `Europe/Paris` when absent.
    #[serde(default)]
    pub tz: Option<String>,
    /// `metropole` (when absent) or `alsace-moselle`.
    #[serde(default)]
    pub holiday_zone: Option<String>,
    /// Dates.
    #[serde(default, deserialize_with = "or_default")]
    pub closures: Vec<String>,
}

/// A kind of appointment.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct KindForm {
    /// 60 when absent.
    #[serde(default)]
    pub duration_min: Option<i64>,
    /// Minutes.
    #[serde(default, deserialize_with = "or_default")]
    pub buffer_after_min: i64,
    /// Minutes.
    #[serde(default, deserialize_with = "or_default")]
    pub min_notice_min: i64,
    /// No limit when absent.
    #[serde(default)]
    pub horizon_days: Option<i64>,
    /// No room when absent.
    #[serde(default)]
    pub room_kind: Option<String>,
}

/// A repetition.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecurrenceForm {
    /// `DAILY`, `WEEKLY` or `MONTHLY`.
    pub freq: String,
    /// 1 when absent.
    #[serde(default)]
    pub interval: Option<i64>,
    /// `MO` to `SU`.
    #[serde(default, deserialize_with = "or_default")]
    pub byday: Vec<String>,
    /// The nth weekday of a month, from its end when negative.
    #[serde(default)]
    pub bynthday: Option<(i64, String)>,
    /// The last date, included.
    #[serde(default)]
    pub until: Option<String>,
}

/// When a counsellor receives.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpeningForm {
    /// Who.
    pub counsellor: String,
    /// Where.
    pub site: String,
    /// The first date.
    pub first_day: String,
    /// Civil times, `24:00` allowed.
    #[serde(default, deserialize_with = "or_default")]
    pub blocks: Vec<[String; 2]>,
    /// How it comes back.
    #[serde(default)]
    pub rrule: Option<RecurrenceForm>,
    /// Dates removed.
    #[serde(default, deserialize_with = "or_default")]
    pub exdates: Vec<String>,
    /// Dates changed.
    #[serde(default, deserialize_with = "or_default")]
    pub overrides: Vec<OverrideForm>,
    /// Open on public holidays too.
    #[serde(default, deserialize_with = "or_default")]
    pub works_on_off_days: bool,
}

/// A date of an opening, changed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OverrideForm {
    /// The date.
    pub date: String,
    /// Its blocks.
    #[serde(default, deserialize_with = "or_default")]
    pub blocks: Vec<[String; 2]>,
    /// Its site, when another one.
    #[serde(default)]
    pub site: Option<String>,
}

/// A counsellor is away; civil time of Europe/Paris.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AbsenceForm {
    /// Who.
    pub counsellor: String,
    /// First moment.
    pub start: String,
    /// Moment after the last.
    pub end: String,
    /// How it comes back.
    #[serde(default)]
    pub rrule: Option<RecurrenceForm>,
    /// Dates removed.
    #[serde(default, deserialize_with = "or_default")]
    pub exdates: Vec<String>,
}

/// An event of a counsellor's own calendar.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExternalForm {
    /// Whose.
    pub counsellor: String,
    /// First moment.
    pub start: String,
    /// Moment after the last; without one the event takes no time.
    #[serde(default)]
    pub end: Option<String>,
    /// `TRANSPARENT` takes no time.
    #[serde(default)]
    pub transp: Option<String>,
    /// `CANCELLED` takes no time.
    #[serde(default)]
    pub status: Option<String>,
}

/// An appointment.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AppointmentForm {
    /// Its key.
    #[serde(default)]
    pub id: String,
    /// With whom.
    pub counsellor: String,
    /// The second counsellor of a meeting held by two.
    #[serde(default)]
    pub second: Option<String>,
    /// Where; nowhere in particular when absent.
    #[serde(default)]
    pub site: Option<String>,
    /// First moment, in the time of its site (Europe/Paris without one), or with an offset.
    pub start: String,
    /// Moment after the last.
    pub end: String,
    /// One of the nine states.
    pub status: String,
    /// Minutes.
    #[serde(default, deserialize_with = "or_default")]
    pub buffer_after_min: i64,
    /// The room it takes.
    #[serde(default)]
    pub room: Option<String>,
}

/// A room.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RoomForm {
    /// Its key.
    pub id: String,
    /// Its site.
    pub site: String,
    /// What it is for.
    pub kind: String,
    /// The lowest is taken first.
    #[serde(default, deserialize_with = "or_default")]
    pub rank: i64,
}

/// A question.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueryForm {
    /// First date.
    pub from: String,
    /// Last date, included.
    pub to: String,
    /// `chained` (when absent) or `grid`.
    #[serde(default)]
    pub mode: Option<String>,
    /// 15 when absent.
    #[serde(default)]
    pub step_min: Option<i64>,
    /// All when absent or empty.
    #[serde(default)]
    pub counsellors: Option<Vec<String>>,
    /// Only when this one is free as well, at the same site.
    #[serde(default)]
    pub together: Option<String>,
    /// All when absent or empty.
    #[serde(default)]
    pub sites: Option<Vec<String>>,
    /// Key of an appointment.
    #[serde(default)]
    pub reschedule_of: Option<String>,
}
