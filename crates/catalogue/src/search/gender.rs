//! Both genders of a name of occupation. Snowball's French stems do not bring them together (infirmier, infirmière),
//! so titles are indexed under both, and the groups of stems are made of masculine forms.

/// The endings that stand after a slash or in brackets, folded.
const ENDINGS: [&str; 26] = [
    "e", "ere", "iere", "euse", "se", "trice", "ice", "rice", "ne", "enne", "ienne", "onne", "le", "elle",
    "ale", "te", "ette", "ve", "ive", "esse", "eresse", "ante", "ente", "ee", "aine", "que",
];

/// The feminine that `word/ending` hints at, both folded; none if `ending` is no ending.
pub(super) fn feminine(word: &str, ending: &str) -> Option<String> {
    if !ENDINGS.contains(&ending) || word.len() < 3 || !word.is_ascii() {
        return None;
    }
    let append = || Some(format!("{word}{ending}"));
    match ending {
        "e" | "ne" | "le" | "te" | "ee" => append(),
        // vendeur/se, heureux/se
        "se" => Some(format!("{}se", &word[..word.len() - 1])),
        "ve" => Some(format!("{}ve", word.strip_suffix('f')?)),
        // facteur/rice: the ending repeats no letter of its own.
        "rice" => Some(format!("{}rice", word.strip_suffix("eur")?)),
        "ice" => Some(format!("{}rice", word.strip_suffix("eur")?)),
        "que" => Some(format!("{}que", word.strip_suffix('c')?)),
        "iere" if word.ends_with("er") && !word.ends_with("ier") => {
            Some(format!("{}iere", word.strip_suffix("er")?))
        }
        _ => {
            // The ending begins with a letter of the word's own ending: infirmi(er) + ere.
            let first = ending.as_bytes()[0];
            let tail = word.len().saturating_sub(5);
            let at = word.bytes().rposition(|byte| byte == first).filter(|at| *at >= tail)?;
            Some(format!("{}{ending}", &word[..at]))
        }
    }
}

/// The folded word without its plural, and in the masculine where its ending says that it is feminine. Not always a
/// word of French: it is only compared with others made in the same way.
pub(super) fn masculine(word: &str) -> String {
    const ENDINGS: [(&str, &str); 6] = [
        ("trice", "teur"),
        ("euse", "eur"),
        ("iere", "ier"),
        ("ienne", "ien"),
        ("onne", "on"),
        ("ere", "er"),
    ];
    let singular = match word.strip_suffix('s') {
        Some(singular) if singular.len() >= 3 => singular,
        _ => word,
    };
    for (feminine, masculine) in ENDINGS {
        if let Some(root) = singular.strip_suffix(feminine).filter(|root| root.len() >= 2) {
            return format!("{root}{masculine}");
        }
    }
    singular.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feminine_is_made_of_its_hint() {
        for (word, ending, expected) in [
            ("infirmier", "ere", "infirmiere"),
            ("boulanger", "ere", "boulangere"),
            ("ouvrier", "iere", "ouvriere"),
            ("coiffeur", "euse", "coiffeuse"),
            ("vendeur", "se", "vendeuse"),
            ("directeur", "trice", "directrice"),
            ("facteur", "rice", "factrice"),
            ("aerien", "ne", "aerienne"),
            ("musicien", "ienne", "musicienne"),
            ("commercial", "e", "commerciale"),
            ("professionnel", "le", "professionnelle"),
            ("sportif", "ive", "sportive"),
            ("sportif", "ve", "sportive"),
            ("maitre", "esse", "maitresse"),
            ("assistant", "e", "assistante"),
        ] {
            assert_eq!(feminine(word, ending).as_deref(), Some(expected), "{word}/{ending}");
        }
        assert_eq!(feminine("son", "lumiere"), None);
        assert_eq!(feminine("xy", "e"), None);
    }

    #[test]
    fn both_genders_and_the_plural_meet() {
        for (one, other) in [
            ("infirmieres", "infirmier"),
            ("coiffeuse", "coiffeur"),
            ("directrices", "directeur"),
            ("musicienne", "musicien"),
            ("boulangere", "boulangers"),
            ("patronne", "patron"),
        ] {
            assert_eq!(masculine(one), masculine(other));
        }
        assert_eq!(masculine("bts"), "bts");
    }
}
