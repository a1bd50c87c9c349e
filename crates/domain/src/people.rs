//! People who work at an office, and who is acting.

use serde::{Deserialize, Serialize};

use crate::ids::{DeskId, PersonId};

/// What somebody may do. Checked in Rust for every command; the screen only follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Accueil, secrétariat.
    Receptionist,
    /// Conseiller, Psy-EN.
    Counsellor,
    /// Directeur, directrice de CIO.
    Director,
    /// Administrateur académique: enrols offices and desks, sees no file.
    AcademyAdmin,
}

/// Civil title, as the office writes it before the family name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Title {
    /// Mme
    Mme,
    /// M.
    M,
}

/// A member of the staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Stable id.
    pub id: PersonId,
    /// Short name used on the command line (`--as dupont`), unique in the office, lower case ASCII.
    pub login: String,
    /// Mme or M.
    pub title: Title,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// What this person may do.
    pub role: Role,
    /// Usual room, in words ("Bureau 1"), shown under the name in the agenda.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual_place: Option<String>,
    /// False once the person has left; past appointments keep the name.
    pub active: bool,
}

impl Person {
    /// Whether meetings can be held with this person.
    #[must_use]
    pub const fn receives(&self) -> bool {
        self.active && matches!(self.role, Role::Counsellor | Role::Director)
    }

    /// "Mme Dupont".
    #[must_use]
    pub fn short_name(&self) -> String {
        let title = match self.title {
            Title::Mme => "Mme",
            Title::M => "M.",
        };
        format!("{title} {}", self.family_name)
    }
}

/// Who gives a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Actor {
    /// Somebody of the office, at a desk.
    Staff {
        /// Who.
        person: PersonId,
        /// With which role at that moment.
        role: Role,
        /// At which desk.
        desk: DeskId,
    },
    /// The young person or a parent, by their own link.
    Family,
    /// The service itself: intake, expiry.
    System,
}

impl Actor {
    /// The member of staff, if it is one.
    #[must_use]
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::Staff { person, .. } => Some(*person),
            Self::Family | Self::System => None,
        }
    }

    /// The role, if it is a member of staff.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match self {
            Self::Staff { role, .. } => Some(*role),
            Self::Family | Self::System => None,
        }
    }
}
