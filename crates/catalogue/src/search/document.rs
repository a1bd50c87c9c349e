//! What the index is told of one entry of the catalogue, whatever kind it is.

use passerelle_domain::office::Position;
use serde::{Deserialize, Serialize};

/// The kinds of entries that the one search box finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A programme, wherever it is given (`FOR.n`).
    Programme,
    /// A programme at one place (`AF.n` at an `ENS.n`).
    Offering,
    /// A school, a university, an office (`ENS.n`, `INFO.n`).
    Institution,
    /// An occupation (`MET.n`).
    Occupation,
    /// A question that families ask often, with its answer.
    Faq,
}

impl Kind {
    /// All kinds, in the order in which they are numbered in the index.
    pub const ALL: [Self; 5] =
        [Self::Programme, Self::Offering, Self::Institution, Self::Occupation, Self::Faq];

    /// The word for it on the command line and in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Programme => "programme",
            Self::Offering => "offering",
            Self::Institution => "institution",
            Self::Occupation => "occupation",
            Self::Faq => "faq",
        }
    }

    /// The kind of this word; none if there is no such kind.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// One entry, as the index reads it. Documents are given to the index in their static rank: of two that answer a
/// question equally well, the earlier is shown first. So give what people mean most often first (occupations,
/// programmes, answers, institutions), and what there are thousands of last (offerings).
///
/// Texts are as people read them, accents and all: the index folds, splits and stems them itself, and makes both
/// genders of `infirmier/ère`.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What the record is known by in the catalogue; one document for each.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// Its name, as it is shown.
    pub title: String,
    /// Other names of the same thing, as strong as the title: the feminine, the short name, synonyms of the sheet.
    pub alternates: Vec<String>,
    /// Words around it, weaker than names: domains, type of diploma, what is taught, the commune, the school's name.
    pub keywords: Vec<String>,
    /// Other identifiers under which it is found exactly: UAI, ROME, RNCP, the `AF.n` of an offering. Not `id`, which
    /// always is. Case does not matter.
    pub codes: Vec<String>,
    /// Code of the level that it leads to, or that it asks for.
    pub level: Option<String>,
    /// Its domains; any number. One within another is written after it: `arts, artisanat/cinéma`.
    pub domains: Vec<String>,
    /// What sort of its kind: the type of school, the type of diploma.
    pub category: Option<String>,
    /// Public, private…
    pub status: Option<String>,
    /// Code of its département (`80`, `2A`, `974`).
    pub department: Option<String>,
    /// Its académie.
    pub academy: Option<String>,
    /// Where it is.
    pub position: Option<Position>,
    /// Identifiers of the institutions where it is given. Where the document itself has no position, département,
    /// académie or status, it has all of theirs: its distance is that of the nearest. One that is not in the
    /// catalogue is passed over. An institution is given nowhere: of its own list nothing is taken.
    pub places: Vec<String>,
}

impl Document {
    /// A document with a name and nothing else.
    pub fn new(id: impl Into<String>, kind: Kind, title: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            kind,
            title: title.into(),
            alternates: Vec::new(),
            keywords: Vec::new(),
            codes: Vec::new(),
            level: None,
            domains: Vec::new(),
            category: None,
            status: None,
            department: None,
            academy: None,
            position: None,
            places: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    #[test]
    fn every_kind_is_found_again_by_its_word() {
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(Kind::parse(kind.code()), Some(kind));
            assert_eq!(kind as usize, number, "the index numbers kinds in this order");
        }
        assert_eq!(Kind::parse("Programme"), None);
    }
}
