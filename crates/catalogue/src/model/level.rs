//! Levels of study: what a programme leads to, what an occupation asks for.

use serde::{Deserialize, Serialize};

/// A level, in the order of the years. Written in a catalogue as its [code](Level::code).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Without a diploma.
    NoDiploma,
    /// End of the 3e.
    Third,
    /// Diplôme national du brevet.
    Brevet,
    /// CAP or equal.
    Cap,
    /// CAP and a year.
    CapAnd1,
    /// Classe de seconde.
    Second,
    /// Classe de première.
    First,
    /// Baccalauréat or equal.
    Bac,
    /// That many years (1 to 9) after the baccalauréat; 9 stands for 9 and more.
    BacAnd(u8),
    /// Something else.
    Other,
}

/// Code, label, identifier in Onisep's thesaurus (empty: the sheets do not know it).
const NAMED: &[(Level, &str, &str, &str)] = &[
    (Level::NoDiploma, "sans-diplome", "sans diplôme", "REF.414"),
    (Level::Third, "3e", "3e", "REF.406"),
    (Level::Brevet, "dnb", "DNB", "REF.408"),
    (Level::Cap, "cap", "CAP ou équivalent", "REF.413"),
    (Level::CapAnd1, "cap+1", "CAP + 1", "REF.404"),
    (Level::Second, "2de", "seconde", ""),
    (Level::First, "1re", "1re", ""),
    (Level::Bac, "bac", "bac ou équivalent", "REF.412"),
    (Level::BacAnd(1), "bac+1", "bac + 1", "REF.420"),
    (Level::BacAnd(2), "bac+2", "bac + 2", "REF.411"),
    (Level::BacAnd(3), "bac+3", "bac + 3", "REF.421"),
    (Level::BacAnd(4), "bac+4", "bac + 4", "REF.422"),
    (Level::BacAnd(5), "bac+5", "bac + 5", "REF.410"),
    (Level::BacAnd(6), "bac+6", "bac + 6", "REF.423"),
    (Level::BacAnd(7), "bac+7", "bac + 7", "REF.424"),
    (Level::BacAnd(8), "bac+8", "bac + 8", "REF.425"),
    (Level::BacAnd(9), "bac+9", "bac + 9 et plus", "REF.426"),
    (Level::Other, "autre", "autre", "REF.415"),
];

impl Level {
    /// Every level, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMED.iter().map(|(level, ..)| *level)
    }

    /// What it is called on the command line, in the index and in a catalogue.
    #[must_use]
    pub fn code(self) -> &'static str {
        NAMED.iter().find(|(level, ..)| *level == self).map_or("autre", |(_, code, ..)| code)
    }

    /// What it is called on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        NAMED.iter().find(|(level, ..)| *level == self).map_or("autre", |(_, _, label, _)| label)
    }

    /// From its identifier in Onisep's thesaurus.
    #[must_use]
    pub fn of_reference(reference: &str) -> Option<Self> {
        NAMED.iter().find(|(.., known)| !known.is_empty() && *known == reference).map(|(level, ..)| *level)
    }

    /// From what a file says, whatever its capitals and blanks: "Bac + 5", "bac+5", "CAP ou équivalent", "niveau 6".
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let folded: String = written
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{a0}'))
            .flat_map(char::to_lowercase)
            .collect();
        let folded = folded.replace("ouéquivalent", "").replace("etplus", "").replace("classede", "");
        match folded.as_str() {
            "sansdiplôme" | "sansdiplome" => return Some(Self::NoDiploma),
            "3e" | "troisième" | "findetroisième" => return Some(Self::Third),
            "dnb" | "brevet" => return Some(Self::Brevet),
            "cap" | "bep" | "niveau3" => return Some(Self::Cap),
            "cap+1" => return Some(Self::CapAnd1),
            "seconde" | "2de" | "2nde" => return Some(Self::Second),
            "1re" | "première" => return Some(Self::First),
            "bac" | "niveau4" | "terminale" => return Some(Self::Bac),
            "niveau5" => return Some(Self::BacAnd(2)),
            "niveau6" => return Some(Self::BacAnd(3)),
            "niveau7" => return Some(Self::BacAnd(5)),
            "niveau8" => return Some(Self::BacAnd(8)),
            "autre" => return Some(Self::Other),
            _ => {}
        }
        let years: u8 = folded.strip_prefix("bac+")?.parse().ok()?;
        (years > 0).then(|| Self::BacAnd(years.min(9)))
    }

    /// Whether it is reached before or at the end of lycée.
    #[must_use]
    pub fn is_secondary(self) -> bool {
        self <= Self::Bac
    }
}

impl Serialize for Level {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = String::deserialize(deserializer)?;
        NAMED
            .iter()
            .find(|(_, known, ..)| *known == code)
            .map(|(level, ..)| *level)
            .ok_or_else(|| serde::de::Error::custom(format!("no level is called {code}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_blanks_make_no_other_level() {
        for (written, code) in [
            ("Bac + 5", "bac+5"),
            ("bac + 5", "bac+5"),
            ("bac+3", "bac+3"),
            ("Bac ou équivalent", "bac"),
            ("CAP ou équivalent", "cap"),
            ("seconde", "2de"),
            ("1re", "1re"),
            ("bac + 9 et plus", "bac+9"),
            ("Bac + 11", "bac+9"),
            ("niveau 6", "bac+3"),
        ] {
            assert_eq!(Level::parse(written).map(Level::code), Some(code), "{written}");
        }
        for none in ["", "bac + 0", "bac + beaucoup", "non inscrit au RNCP"] {
            assert_eq!(Level::parse(none), None, "{none}");
        }
    }

    #[test]
    fn every_level_is_found_again_by_code_label_and_reference() {
        for (level, code, label, reference) in NAMED {
            assert_eq!(Level::parse(code), Some(*level), "{code}");
            assert_eq!(Level::parse(label), Some(*level), "{label}");
            assert_eq!(Level::of_reference(reference), (!reference.is_empty()).then_some(*level));
        }
        assert!(Level::all().collect::<Vec<_>>().is_sorted(), "the table is in the order of the years");
    }
}
