//! More than one day of the agenda: one person's week, and how full the days are.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::{AppointmentView, DayColumn};
use super::session::PersonRef;

/// `agenda.week`: the days of one person.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct WeekView {
    /// Whose week.
    pub counsellor: PersonRef,
    /// Zone of the main site; all civil minutes below are in it.
    pub zone: String,
    /// First minute since midnight worth drawing, the same for all days.
    pub from_min: u16,
    /// Last minute.
    pub to_min: u16,
    /// Monday to Friday; Saturday and Sunday when there is something on them.
    pub days: Vec<WeekDay>,
}

/// One day of a week.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct WeekDay {
    /// The day.
    pub date: NaiveDate,
    /// The office is closed ("Armistice 1918", "Fermeture").
    pub closed: Option<String>,
    /// School holidays of the office's zone ("Vacances d’hiver · zone B").
    pub holiday: Option<String>,
    /// The person's column, as on the grid of that day.
    pub column: DayColumn,
    /// The person's meetings, all states.
    pub blocks: Vec<AppointmentView>,
}

/// `agenda.load`: how full the days are, for each person and each half of a day.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LoadView {
    /// In the order of the columns of the day grid.
    pub people: Vec<PersonRef>,
    /// Every civil day asked for.
    pub days: Vec<LoadDay>,
}

/// One day.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LoadDay {
    /// The day.
    pub date: NaiveDate,
    /// The office is closed ("Armistice 1918", "Fermeture").
    pub closed: Option<String>,
    /// School holidays of the office's zone ("Vacances d’hiver · zone B").
    pub holiday: Option<String>,
    /// One for each of `people`, in the same order.
    pub people: Vec<LoadPerson>,
}

/// One person's day.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct LoadPerson {
    /// What begins before 13:00.
    pub morning: LoadHalf,
    /// The rest.
    pub afternoon: LoadHalf,
}

/// Half a day of one person. Minutes are counted where they lie; a meeting counts where it begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LoadHalf {
    /// Meetings that take time; a group session counts once.
    pub booked: u32,
    /// Past meetings of which nobody said what became.
    pub missing: u32,
    /// How many meetings of the shortest usual kind still fit.
    pub free: u32,
    /// Minutes in which the person receives families at the office's own places, absences taken off.
    pub open_min: u16,
    /// Minutes of duty at schools, absences taken off: families are not offered them.
    pub school_min: u16,
    /// Minutes of opening that an absence takes.
    pub absent_min: u16,
    /// Minutes that meetings take, inside openings or not.
    pub taken_min: u16,
    /// Where, when it is another place than the main site all along.
    pub site_name: Option<String>,
}
