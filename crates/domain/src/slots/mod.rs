//! Slot search: which appointments could be booked, and what stands in the way of one.
//!
//! Rows of an agenda ([`Agenda`]) are turned once into an index ([`AgendaIndex`]): openings expanded and united,
//! busy times united, free runs for each counsellor at each site. [`search()`] walks the free runs; [`check()`]
//! answers for one candidate with every reason against it. The day grid, the search, the form, the booking
//! decision, central and the families' links all use these two functions, so that none can disagree.
//!
//! Everything is pure. Keys are of any ordered type: identifiers in the agenda, plain strings in scenarios.
//!
//! All rules are civil time, in the zone of the site (absences: Europe/Paris); all comparisons are made on
//! instants, in whole seconds; all intervals are half-open. The alternatives were a bitmap of five-minute cells
//! (faster still, but appointments that come from elsewhere do not fall on cells) and a table of slots kept up to
//! date (every change of an opening, an absence or a kind would have to rewrite it).

mod check;
mod civil;
mod day;
mod index;
mod opening_dates;
mod recurrence;
mod rows;
pub mod scenario;
mod search;
mod window;

pub use check::{BusyCause, Candidate, Checked, Finding, Overlap, check};
pub use civil::instant_of;
pub use day::{AbsenceSpan, ClosedReason, DayPlan, OpenBlock, openings_on};
pub use index::{AgendaIndex, BuildError};
pub use recurrence::{Frequency, NthWeekday, Recurrence, occurrences};
pub use rows::{
    AbsenceRow, Agenda, AppointmentRow, CivilBlock, ExternalRow, OpeningOverride, OpeningRow, RoomRow,
    SiteRow, Travel,
};
pub use search::{KindRules, Mode, Query, QueryError, Slot, search, search_where};
pub use window::{MAX_WINDOW_DAYS, Window, WindowError};
