//! Words of a question that are not what is asked for.

/// Articles, prepositions, pronouns: never required.
const STOP: [&str; 83] = [
    "a", "ai", "ait", "alors", "as", "au", "aux", "avec", "ca", "ce", "ces", "cet", "cette", "chez", "comme",
    "d", "dans", "de", "des", "donc", "du", "elle", "elles", "en", "es", "est", "et", "etre", "eu", "il",
    "ils", "j", "je", "l", "la", "le", "les", "leur", "leurs", "lui", "ma", "mais", "me", "mes", "moi",
    "mon", "n", "ne", "ni", "nos", "notre", "nous", "on", "ont", "ou", "par", "pas", "pour", "qu", "que",
    "qui", "s", "sa", "sans", "se", "ses", "si", "sont", "suis", "sur", "ta", "te", "tes", "toi", "ton",
    "tu", "un", "une", "vos", "votre", "vous", "y", "m",
];

/// What people ask with. They say which kind of answer is wanted, and are found in thousands of titles.
const ASKING: [&str; 82] = [
    "bonjour",
    "bonsoir",
    "salut",
    "bjr",
    "slt",
    "merci",
    "svp",
    "stp",
    "cordialement",
    "madame",
    "monsieur",
    "renseignement",
    "renseignements",
    "renseigner",
    "veut",
    "aime",
    "voudrait",
    "aimerait",
    "envie",
    "souhaite",
    "quel",
    "quels",
    "quelle",
    "quelles",
    "quoi",
    "comment",
    "combien",
    "ou",
    "quand",
    "pourquoi",
    "faire",
    "fait",
    "faut",
    "veux",
    "voudrais",
    "aimerais",
    "peut",
    "peux",
    "puis",
    "dois",
    "doit",
    "devenir",
    "travailler",
    "etudier",
    "suivre",
    "trouver",
    "chercher",
    "cherche",
    "choisir",
    "integrer",
    "entrer",
    "aller",
    "apres",
    "avant",
    "etude",
    "etudes",
    "formation",
    "formations",
    "metier",
    "metiers",
    "ecole",
    "ecoles",
    "diplome",
    "diplomes",
    "debouche",
    "debouches",
    "poursuite",
    "poursuites",
    "existe",
    "exister",
    "sortie",
    "obtenir",
    "avoir",
    "fille",
    "fils",
    "enfant",
    "interesse",
    "plait",
    "passer",
    "possible",
    "meilleur",
    "meilleure",
];

/// Words as well as articles or verbs: required, unless nothing is found with them ("bts son").
const BOTH: [&str; 13] =
    ["son", "art", "force", "sous", "entre", "bois", "bon", "cours", "place", "vers", "plus", "tout", "car"];

/// How much a word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    /// What is asked for.
    Full,
    /// Required unless nothing is found.
    Doubtful,
    /// Says what kind of answer is wanted.
    Asking,
    /// Says nothing.
    Stop,
}

/// How much a folded word counts. Written in capitals where the rest is not, it is an acronym ("après un bac ES").
pub(crate) fn weight(folded: &str, acronym: bool) -> Weight {
    if acronym {
        Weight::Full
    } else if BOTH.contains(&folded) {
        Weight::Doubtful
    } else if STOP.contains(&folded) {
        Weight::Stop
    } else if ASKING.contains(&folded) {
        Weight::Asking
    } else {
        Weight::Full
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_questions_are_soft_and_acronyms_are_not() {
        assert_eq!(weight("les", false), Weight::Stop);
        assert_eq!(weight("es", true), Weight::Full);
        assert_eq!(weight("formations", false), Weight::Asking);
        for word in ["son", "art", "force"] {
            assert_eq!(weight(word, false), Weight::Doubtful, "{word} is a word as well");
        }
        assert_eq!(weight("sociologie", false), Weight::Full);
    }
}
