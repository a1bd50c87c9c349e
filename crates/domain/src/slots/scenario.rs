//! The written form of a search: everything that it needs in one document, with plain strings as keys.
//!
//! Used by the command line and by tests. Whatever is wrong in a document is said with the path of the field;
//! fields that the form does not know are ignored.

mod form;
mod read;

use chrono::{DateTime, Datelike, SecondsFormat, Utc};
use chrono_tz::Tz;
use thiserror::Error;

pub use form::{
    AbsenceForm, AppointmentForm, ExternalForm, KindForm, OpeningForm, OverrideForm, QueryForm,
    RecurrenceForm, RoomForm, Scenario, SiteForm,
};

use super::index::AgendaIndex;
use super::rows::Agenda;
use super::search::{KindRules, Query, QueryError, Slot, search};

/// The most slots that a scenario may give: a mistake in it should be an error, not a full disk.
pub const MAX_SLOTS: usize = 1_000_000;

/// What is wrong in a scenario, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{field}: {problem}")]
pub struct ScenarioError {
    /// Path of the field: `openings[0].blocks[1]`.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

impl ScenarioError {
    pub(crate) fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into() }
    }
}

/// A scenario whose every field was understood.
#[derive(Debug)]
pub struct Prepared {
    /// The rows.
    pub agenda: Agenda<String>,
    /// The same, indexed for the dates of the question.
    pub index: AgendaIndex<String>,
    /// The kind of appointment.
    pub kind: KindRules,
    /// The question.
    pub query: Query<String>,
    /// The instant of the search.
    pub now: DateTime<Utc>,
}

impl Scenario {
    /// The slots, as `2026-09-08T09:00+02:00 A@P[ ROOM]`, in order.
    ///
    /// # Errors
    /// When a field of the scenario is wrong; the error names it.
    pub fn run(&self) -> Result<Vec<String>, ScenarioError> {
        let prepared = self.prepare()?;
        let slots = prepared.search()?;
        Ok(slots
            .iter()
            .map(|slot| slot_text(slot, prepared.index.zone_of(&slot.site).unwrap_or(Tz::UTC)))
            .collect())
    }

    /// Reads and indexes the scenario without searching.
    ///
    /// # Errors
    /// As [`Scenario::run`].
    pub fn prepare(&self) -> Result<Prepared, ScenarioError> {
        read::prepare(self)
    }
}

impl Prepared {
    /// The slots.
    ///
    /// # Errors
    /// When the question makes no sense, or has too many answers.
    pub fn search(&self) -> Result<Vec<Slot<String>>, ScenarioError> {
        let query = Query { limit: Some(MAX_SLOTS + 1), ..self.query.clone() };
        let slots = search(&self.index, &self.kind, &query, self.now).map_err(|error| {
            let field = match error {
                QueryError::EndsBeforeStart | QueryError::OutsideWindow => "query.to",
                QueryError::NoLength if query.reschedule_of.is_some() => "query.reschedule_of",
                QueryError::NoLength => "appointment_kind.duration_min",
                QueryError::BufferTooLong => "appointment_kind.buffer_after_min",
                QueryError::BadStep => "query.step_min",
                QueryError::UnknownAppointment => "query.reschedule_of",
            };
            ScenarioError::new(field, error.to_string())
        })?;
        if slots.len() > MAX_SLOTS {
            return Err(ScenarioError::new("query", format!("gives more than {MAX_SLOTS} slots")));
        }
        Ok(slots)
    }
}

/// A slot in the time of its site. Seconds are written only when there are some.
#[must_use]
pub fn slot_text(slot: &Slot<String>, zone: Tz) -> String {
    let start = slot.start.with_timezone(&zone);
    let start = if slot.start.timestamp() % 60 == 0 && (0..=9_999).contains(&start.year()) {
        start.format("%Y-%m-%dT%H:%M%:z").to_string()
    } else {
        start.to_rfc3339_opts(SecondsFormat::Secs, false)
    };
    let room = slot.room.as_ref().map(|room| format!(" {room}")).unwrap_or_default();
    format!("{start} {}@{}{room}", slot.counsellor, slot.site)
}

#[cfg(test)]
mod tests;
