//! Records of the catalogue that are pinned to an enquiry or to a meeting's preparation.
//!
//! A pin says by itself what was pinned: the catalogue of the desk that reads it may be older, newer or absent.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::appointment::Appointment;
use crate::client::FieldError;
use crate::ids::{AppointmentId, EnquiryId, PersonId};
use crate::people::Role;

/// Most pins of one enquiry or of one meeting. A merge of enquiries may leave more; then nothing more is pinned.
pub const PINS_MAX: usize = 40;
/// Longest id of a record, in characters.
pub const RECORD_MAX: usize = 80;
/// Longest title or subtitle that is kept, in characters: what is longer is cut where the pin is made.
pub const TITLE_MAX: usize = 300;
/// Longest note, in characters.
pub const NOTE_MAX: usize = 300;

/// Sorts of records of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecordKind {
    /// What is taught, wherever it is.
    Programme,
    /// A programme at an institution.
    Offering,
    /// A school, a training centre, an office.
    Institution,
    /// A job sheet.
    Occupation,
    /// A question with its answer.
    Faq,
    /// A sort that a newer desk knows; its pin is read all the same.
    #[serde(other)]
    Other,
}

impl RecordKind {
    /// The sort of that name; [`Self::Other`] for one that is not known here.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        let known = [Self::Programme, Self::Offering, Self::Institution, Self::Occupation, Self::Faq];
        known.into_iter().find(|kind| kind.key() == key).unwrap_or(Self::Other)
    }

    /// The name on the wire.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Programme => "programme",
            Self::Offering => "offering",
            Self::Institution => "institution",
            Self::Occupation => "occupation",
            Self::Faq => "faq",
            Self::Other => "other",
        }
    }
}

/// To what a record is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PinPlace {
    /// An enquiry; whoever may read its question sees its pins.
    Enquiry(EnquiryId),
    /// The preparation of a meeting; see [`PreparationSheet::open_to`].
    Appointment(AppointmentId),
}

/// What is pinned, as `catalogue.pin` says it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPin {
    /// Id of the record in the catalogue: `FOR.494`, `ENS.8134`, a UAI, `MET.7`, `AF.91@ENS.8134`.
    pub record: String,
    /// What it is.
    pub kind: RecordKind,
    /// Its title at that moment.
    pub title: String,
    /// What stood under its title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Why it was pinned: "à voir avec la mère".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// A step back: it stands where it stood before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again: Option<PinnedBefore>,
}

/// Who had pinned it, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinnedBefore {
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// The record that stood behind it; hours are whole seconds, and two may have been pinned in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl NewPin {
    /// Checks the fields.
    #[must_use]
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut add =
            |field: &str, code: &str| errors.push(FieldError { field: field.into(), code: code.into() });
        let unfit = |c: char| c.is_whitespace() || c.is_control();
        if self.record.is_empty() {
            add("record", "required");
        } else if self.record.chars().count() > RECORD_MAX {
            add("record", "too_long");
        } else if self.record.contains(unfit) {
            add("record", "malformed");
        }
        if self.title.trim().is_empty() {
            add("title", "required");
        }
        let texts = [
            ("title", Some(&self.title), TITLE_MAX),
            ("subtitle", self.subtitle.as_ref(), TITLE_MAX),
            ("note", self.note.as_ref(), NOTE_MAX),
        ];
        for (field, text, most) in texts {
            if text.is_some_and(|t| t.chars().count() > most) {
                add(field, "too_long");
            }
        }
        errors
    }
}

/// A record that is pinned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// Id of the record in the catalogue; once in each place.
    pub record: String,
    /// What it is.
    pub kind: RecordKind,
    /// Its title when it was pinned.
    pub title: String,
    /// What stood under its title then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Why it was pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Who pinned it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// When, UTC.
    pub at: DateTime<Utc>,
}

impl Pin {
    /// What pins it again as it is, before `next` while that one is there.
    #[must_use]
    pub fn again(&self, next: Option<&str>) -> NewPin {
        NewPin {
            record: self.record.clone(),
            kind: self.kind,
            title: self.title.clone(),
            subtitle: self.subtitle.clone(),
            note: self.note.clone(),
            again: Some(PinnedBefore { by: self.by, at: self.at, next: next.map(str::to_owned) }),
        }
    }
}

/// Puts a pin into a list: in the place of the one of the same record, else before `next`, else in the order of pinning.
pub(crate) fn put(pins: &mut Vec<Pin>, pin: Pin, next: Option<&str>) {
    if let Some(same) = pins.iter_mut().find(|p| p.record == pin.record) {
        *same = pin;
        return;
    }
    let before = next.and_then(|next| pins.iter().position(|p| p.record == next));
    let at = before.or_else(|| pins.iter().position(|p| p.at > pin.at)).unwrap_or(pins.len());
    pins.insert(at, pin);
}

/// What is prepared for one meeting: class B of the office's data. Made by the first thing that is put into it; it stays
/// with the meeting, whatever becomes of that one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreparationSheet {
    /// The meeting; there is one sheet for each.
    pub appointment: AppointmentId,
    /// Records of the catalogue, in the order of pinning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
}

impl PreparationSheet {
    /// An empty one.
    #[must_use]
    pub const fn new(appointment: AppointmentId) -> Self {
        Self { appointment, pins: Vec::new() }
    }

    /// Whether a role reads preparations at all. At reception nobody does.
    #[must_use]
    pub const fn read_by(role: Role) -> bool {
        matches!(role, Role::Counsellor | Role::Director)
    }

    /// Whether somebody may read and change the preparation of a meeting: every counsellor of the office, and the director
    /// when they hold the meeting themselves. Nobody can share a preparation with them otherwise.
    #[must_use]
    pub fn open_to(appointment: &Appointment, person: PersonId, role: Role) -> bool {
        Self::read_by(role) && (role == Role::Counsellor || appointment.is_with(person))
    }
}
