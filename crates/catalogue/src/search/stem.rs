//! Groups of words that mean the same thing to a search: plural and singular, both genders, the forms of a verb.

use frostem::{Algorithm, Stemmer};

use super::gender;

/// Changes whenever the same word may get another stem, so that an index saved before is built again: the release of
/// the stemmer and, after the dash, that of the rules of gender and of folding here.
pub(crate) const VERSION: &str = "frostem-2.20261016.1-1";

/// Makes the key of a word's group.
pub(crate) struct Groups(Stemmer);

impl Groups {
    pub(crate) fn new() -> Self {
        Self(Stemmer::new(Algorithm::French))
    }

    /// The key of the group of a folded word. Accents are folded before, on both sides: Snowball would stem 33 of 155
    /// accented words otherwise than the same word typed without.
    pub(crate) fn key(&self, folded: &str) -> String {
        // Numbers, codes, classes (1re) have no grammar.
        if folded.len() < 4 || !folded.is_ascii() || folded.bytes().any(|byte| byte.is_ascii_digit()) {
            return folded.to_owned();
        }
        self.0.stem(&gender::masculine(folded)).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_key() {
        let groups = Groups::new();
        for (one, other) in [
            ("infirmiere", "infirmiers"),
            ("coiffeuses", "coiffeur"),
            ("mecaniciennes", "mecanicien"),
            ("commerciaux", "commercial"),
            ("sociologie", "sociologies"),
            ("electricienne", "electriciens"),
        ] {
            assert_eq!(groups.key(one), groups.key(other), "{one} and {other}");
        }
    }

    #[test]
    fn different_words_keep_apart() {
        let groups = Groups::new();
        for (one, other) in [("droit", "droguerie"), ("bts", "but"), ("1re", "1er"), ("cuisine", "commerce")]
        {
            assert_ne!(groups.key(one), groups.key(other), "{one} and {other}");
        }
    }

    #[test]
    fn the_version_names_the_stemmer_that_is_built_in() {
        let lock = include_str!("../../../../Cargo.lock");
        let (release, _) = VERSION.rsplit_once('-').unwrap();
        let built_in = format!("name = \"frostem\"\nversion = \"{}\"", release.replace("frostem-", ""));
        assert!(lock.contains(&built_in), "the index says {VERSION}, and that is not what is built in");
    }
}
