//! Words for one trade that no stem brings together: who sells (vendeur) and to sell (vendre), who solders (soudeur),
//! soldering (soudage) and the solder (soudure), the joiner (menuisier) and the joinery (menuiserie).

/// Endings of one family: a word with one of them is tried with the others.
const FAMILIES: [&[&str]; 4] = [
    &["er", "eur", "age", "ure", "ant"],
    &["er", "ateur", "ation"],
    &["dre", "deur"],
    &["erie", "ier", "er"],
];
/// Shorter beginnings are common to words that have nothing to do with each other.
const SHORTEST: usize = 3;
/// These only look like kin.
const STRANGERS: [(&str, &str); 6] = [
    ("chauffage", "chauffeur"),
    ("chauffer", "chauffeur"),
    ("facture", "facteur"),
    ("lecture", "lecteur"),
    ("structure", "structeur"),
    ("formation", "former"),
];

/// What a folded word may be kin to. Most of it are no words: only what the catalogue has is looked for.
pub(super) fn kin(folded: &str) -> Vec<String> {
    let word = super::gender::masculine(folded);
    let mut kin = Vec::new();
    if !word.is_ascii() {
        return kin;
    }
    for family in FAMILIES {
        for ending in family {
            let Some(root) = word.strip_suffix(ending).filter(|root| root.len() >= SHORTEST) else {
                continue;
            };
            for other in family.iter().filter(|other| *other != ending) {
                let relative = format!("{root}{other}");
                let strangers = |(one, two): &(&str, &str)| {
                    (*one == word && *two == relative) || (*two == word && *one == relative)
                };
                if !STRANGERS.iter().any(strangers) && !kin.contains(&relative) {
                    kin.push(relative);
                }
            }
        }
    }
    kin
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_trade_are_kin_and_strangers_are_not() {
        for (one, other) in [
            ("soigner", "soigneur"),
            ("vendre", "vendeur"),
            ("soudure", "soudage"),
            ("monteuse", "montage"),
            ("dessiner", "dessinateur"),
            ("menuiserie", "menuisier"),
            ("bouchere", "boucherie"),
        ] {
            assert!(kin(one).contains(&other.to_owned()), "{one}: {:?}", kin(one));
        }
        assert!(!kin("chauffage").contains(&"chauffeur".to_owned()));
        assert!(kin("age").is_empty() && kin("mer").is_empty() && kin("çage").is_empty());
    }
}
