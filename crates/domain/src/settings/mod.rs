//! What a director sets: documents of an office that change seldom, and how a change of them is judged.
//!
//! A change carries what the person saw beside what is wanted: it is refused when the document has changed since, so
//! that two directors never overwrite one another. Nothing is deleted: what is no longer wanted is marked `removed`.

mod check;
mod check_repeats;
pub mod occurrences;
mod put;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use self::check::{check, check_office};
pub use self::occurrences::{Occurrence, Suppressed};
use crate::ids::{AbsenceId, KindId, OpeningId, PersonId, RoomId, SiteId};
use crate::office::{Absence, AppointmentKind, OfficeDocument, OfficeSettings, Opening, Room, Site};

/// One document of the settings, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "entity", content = "doc", rename_all = "snake_case")]
pub enum Setting {
    /// The office, with its travel times.
    Office(Box<OfficeDocument>),
    /// A place.
    Site(Site),
    /// A room.
    Room(Room),
    /// A kind of appointment.
    Kind(AppointmentKind),
    /// An opening.
    Opening(Opening),
    /// An absence.
    Absence(Absence),
}

/// Which document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettingKey {
    /// The office.
    Office,
    /// A place.
    Site(SiteId),
    /// A room.
    Room(RoomId),
    /// A kind of appointment.
    Kind(KindId),
    /// An opening.
    Opening(OpeningId),
    /// An absence.
    Absence(AbsenceId),
}

impl SettingKey {
    /// The name of its sort on the wire and in the stores.
    #[must_use]
    pub const fn entity(self) -> &'static str {
        match self {
            Self::Office => "office",
            Self::Site(_) => "site",
            Self::Room(_) => "room",
            Self::Kind(_) => "kind",
            Self::Opening(_) => "opening",
            Self::Absence(_) => "absence",
        }
    }
}

impl fmt::Display for SettingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Office => f.write_str("office"),
            Self::Site(id) => id.fmt(f),
            Self::Room(id) => id.fmt(f),
            Self::Kind(id) => id.fmt(f),
            Self::Opening(id) => id.fmt(f),
            Self::Absence(id) => id.fmt(f),
        }
    }
}

/// One wanted change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// The document as the person saw it; `None` when it is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Setting>,
    /// What it is to be.
    pub to: Setting,
}

/// Most documents that one command changes: the absences of a whole staff.
pub const CHANGES_MAX: usize = 200;

impl Setting {
    /// Which document it is.
    #[must_use]
    pub const fn key(&self) -> SettingKey {
        match self {
            Self::Office(_) => SettingKey::Office,
            Self::Site(s) => SettingKey::Site(s.id),
            Self::Room(r) => SettingKey::Room(r.id),
            Self::Kind(k) => SettingKey::Kind(k.id),
            Self::Opening(o) => SettingKey::Opening(o.id),
            Self::Absence(a) => SettingKey::Absence(a.id),
        }
    }

    /// Whose it is, when it is somebody's.
    #[must_use]
    pub const fn of(&self) -> Option<PersonId> {
        match self {
            Self::Opening(o) => Some(o.counsellor),
            Self::Absence(a) => Some(a.counsellor),
            Self::Office(_) | Self::Site(_) | Self::Room(_) | Self::Kind(_) => None,
        }
    }

    /// The same document, no longer wanted; an office stays as it is.
    #[must_use]
    pub fn withdrawn(mut self) -> Self {
        match &mut self {
            Self::Office(_) => {}
            Self::Site(s) => s.removed = true,
            Self::Room(r) => r.removed = true,
            Self::Kind(k) => k.active = false,
            Self::Opening(o) => o.removed = true,
            Self::Absence(a) => a.removed = true,
        }
        self
    }

    /// Its JSON, as it is kept in the stores (the document alone).
    ///
    /// # Errors
    /// As the serializer.
    pub fn serialize_document<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Office(d) => d.serialize(serializer),
            Self::Site(d) => d.serialize(serializer),
            Self::Room(d) => d.serialize(serializer),
            Self::Kind(d) => d.serialize(serializer),
            Self::Opening(d) => d.serialize(serializer),
            Self::Absence(d) => d.serialize(serializer),
        }
    }
}

impl Change {
    /// What takes this change back.
    #[must_use]
    pub fn inverse(&self) -> Self {
        let to = self.seen.clone().unwrap_or_else(|| self.to.clone().withdrawn());
        Self { seen: Some(self.to.clone()), to }
    }
}

impl OfficeSettings {
    /// The office's own document.
    #[must_use]
    pub fn office_document(&self) -> OfficeDocument {
        OfficeDocument {
            office: self.office.clone(),
            travel_min: self.travel_min,
            travel: self.travel.clone(),
        }
    }

    /// The id under which a document is kept.
    #[must_use]
    pub fn document_id(&self, key: SettingKey) -> String {
        match key {
            SettingKey::Office => self.office.uai.to_string(),
            other => other.to_string(),
        }
    }

    /// A document as it stands, wanted or withdrawn.
    #[must_use]
    pub fn document(&self, key: SettingKey) -> Option<Setting> {
        let gone = &self.withdrawn;
        match key {
            SettingKey::Office => Some(Setting::Office(Box::new(self.office_document()))),
            SettingKey::Site(id) => self.site(id).cloned().map(Setting::Site),
            SettingKey::Room(id) => self.room(id).cloned().map(Setting::Room),
            SettingKey::Kind(id) => self.kinds.get(&id).cloned().map(Setting::Kind),
            SettingKey::Opening(id) => {
                self.openings.get(&id).or_else(|| gone.openings.get(&id)).cloned().map(Setting::Opening)
            }
            SettingKey::Absence(id) => {
                self.absences.get(&id).or_else(|| gone.absences.get(&id)).cloned().map(Setting::Absence)
            }
        }
    }

    /// All documents but people, wanted and withdrawn, in the order in which a desk can take them in.
    #[must_use]
    pub fn documents(&self) -> Vec<Setting> {
        let gone = &self.withdrawn;
        let mut all = vec![Setting::Office(Box::new(self.office_document()))];
        all.extend(self.sites.values().chain(gone.sites.values()).cloned().map(Setting::Site));
        all.extend(self.rooms.values().chain(gone.rooms.values()).cloned().map(Setting::Room));
        all.extend(self.kinds.values().cloned().map(Setting::Kind));
        all.extend(self.openings.values().chain(gone.openings.values()).cloned().map(Setting::Opening));
        all.extend(self.absences.values().chain(gone.absences.values()).cloned().map(Setting::Absence));
        all
    }
}
