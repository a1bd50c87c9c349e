//! The datasets that are read, who publishes them and under which licence.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a record, or a part of it, comes from. Shown beside it, as the licences ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// What the dataset is called here ([`Dataset::code`], or `faq/` and the name of a collection).
    pub dataset: String,
    /// Its name as published.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Licence, as named by the publisher.
    pub licence: String,
    /// Day of its release: that of the file's name where it has one, else the latest change of a row.
    pub published: Option<NaiveDate>,
}

/// A dataset whose format is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dataset {
    /// Nomenclature of domaines and sous-domaines.
    Domains,
    /// Idéo-Formations initiales en France.
    Programmes,
    /// The XML sheets of programmes.
    ProgrammeSheets,
    /// Idéo-Métiers.
    Occupations,
    /// The XML sheets of occupations.
    OccupationSheets,
    /// Structures d'enseignement secondaire.
    SecondaryInstitutions,
    /// Structures d'enseignement supérieur.
    HigherInstitutions,
    /// Actions de formation, univers lycée.
    SecondaryOfferings,
    /// Actions de formation, univers enseignement supérieur.
    HigherOfferings,
    /// Enseignements optionnels de 2de générale et technologique.
    SecondYearSubjects,
    /// Spécialités de 1re générale.
    FirstYearSubjects,
    /// Annuaire de l'éducation.
    Directory,
    /// Questions and answers.
    Questions,
}

impl Dataset {
    /// What it is called in a catalogue's file.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Domains => "ideo-domaines",
            Self::Programmes => "ideo-formations",
            Self::ProgrammeSheets => "ideo-fiches-formations",
            Self::Occupations => "ideo-metiers",
            Self::OccupationSheets => "ideo-fiches-metiers",
            Self::SecondaryInstitutions => "ideo-structures-secondaire",
            Self::HigherInstitutions => "ideo-structures-superieur",
            Self::SecondaryOfferings => "ideo-actions-lycee",
            Self::HigherOfferings => "ideo-actions-superieur",
            Self::SecondYearSubjects => "ideo-enseignements-2de",
            Self::FirstYearSubjects => "ideo-specialites-1re",
            Self::Directory => "annuaire-education",
            Self::Questions => "faq",
        }
    }

    /// Its name as published.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Domains => "Nomenclature des domaines et sous-domaines",
            Self::Programmes => "Idéo-Formations initiales en France",
            Self::ProgrammeSheets => "Idéo-Fiches formations",
            Self::Occupations => "Idéo-Métiers Onisep",
            Self::OccupationSheets => "Idéo-Fiches métiers",
            Self::SecondaryInstitutions => "Idéo-Structures d’enseignement secondaire",
            Self::HigherInstitutions => "Idéo-Structures d’enseignement supérieur",
            Self::SecondaryOfferings => "Idéo-Actions de formation initiale, univers lycée",
            Self::HigherOfferings => "Idéo-Actions de formation initiale, univers enseignement supérieur",
            Self::SecondYearSubjects => "Idéo-Enseignements optionnels de 2de générale et technologique",
            Self::FirstYearSubjects => "Idéo-Enseignements de spécialité de 1re générale",
            Self::Directory => "Annuaire de l’éducation",
            Self::Questions => "Questions fréquentes",
        }
    }

    /// Who publishes it. A collection of questions says its own.
    #[must_use]
    pub const fn publisher(self) -> &'static str {
        match self {
            Self::Directory => "Ministère de l’Éducation nationale",
            Self::Questions => "",
            _ => "Onisep",
        }
    }

    /// Its licence. A collection of questions says its own.
    #[must_use]
    pub const fn licence(self) -> &'static str {
        match self {
            Self::Directory => "Licence Ouverte 2.0",
            Self::Questions => "",
            _ => "ODbL 1.0",
        }
    }

    /// How sure it is of what it says, beside other datasets that tell of the same record: less is surer. A record of
    /// which only a rank of [`Self::STUB`] or more is known is only named by something else.
    #[must_use]
    pub const fn rank(self) -> i64 {
        match self {
            Self::ProgrammeSheets | Self::OccupationSheets => 1,
            Self::Directory => 2,
            Self::SecondaryOfferings | Self::HigherOfferings => Self::STUB,
            Self::SecondYearSubjects | Self::FirstYearSubjects => Self::STUB + 1,
            _ => 0,
        }
    }

    /// See [`Self::rank`].
    pub const STUB: i64 = 5;
}
