//! What a message says beside what it asks: who writes, to whom, when to call back. A question has a few words, most
//! of which matter; a message has a hundred, of which five do.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use super::{
    soft::{Weight, weight},
    stem::Groups,
    text::each_word,
};

/// Every form of a word's group is meant, and nothing that a title of the catalogue is about may stand there.
const LIST: &str = include_str!("chatter.txt");

/// A text of more words than this is a message.
pub(crate) const LONGEST_QUESTION: usize = 20;
/// What is read of a message, in words: beyond, somebody pasted a book.
pub(crate) const LONGEST_MESSAGE: usize = 600;

/// Words after which people say what they want.
const WISHES: [&str; 34] = [
    "devenir",
    "veut",
    "veux",
    "voudrait",
    "voudrais",
    "aimerait",
    "aimerais",
    "souhaite",
    "souhaiterait",
    "souhaiterais",
    "reve",
    "envie",
    "interesse",
    "interessee",
    "passionne",
    "passionnee",
    "attire",
    "attiree",
    "metier",
    "formation",
    "formations",
    "etudes",
    "hesite",
    "aime",
    "adore",
    "specialiser",
    "apprendre",
    "travailler",
    "cherche",
    "rejoindre",
    "exercer",
    "metiers",
    "projet",
    "integrer",
];
/// How many words after it a wish is about, within its sentence.
const WISHED: usize = 7;
/// What stands before the name of a person.
const TITLES: [&str; 8] = ["m", "mr", "mme", "mlle", "madame", "monsieur", "mademoiselle", "dr"];
/// What stands before somebody whom the writer knows: "son professeur", "mon patron".
const POSSESSIVES: [&str; 15] = [
    "mon", "ma", "mes", "son", "sa", "ses", "notre", "nos", "votre", "vos", "leur", "leurs", "ton", "ta",
    "tes",
];
/// Whom a writer knows so, and does not ask about.
const KNOWN: [&str; 16] = [
    "professeur",
    "professeure",
    "professeurs",
    "prof",
    "profs",
    "enseignant",
    "enseignante",
    "enseignants",
    "enseignantes",
    "patron",
    "patronne",
    "medecin",
    "docteur",
    "entraineur",
    "chef",
    "directeur",
];
/// Where one stands and what it may cost, which most messages say and few are about.
const STAGES: [&str; 27] = [
    "bac",
    "brevet",
    "stage",
    "stages",
    "lycee",
    "college",
    "terminale",
    "tle",
    "seconde",
    "2de",
    "2nde",
    "premiere",
    "1re",
    "1ere",
    "troisieme",
    "3e",
    "3eme",
    "parcoursup",
    "orientation",
    "cher",
    "chers",
    "chere",
    "cheres",
    "prix",
    "tarif",
    "gratuit",
    "payant",
];

static CHATTER: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let groups = Groups::new();
    let mut keys = HashSet::new();
    for line in LIST.lines().filter(|line| !line.starts_with('#')) {
        each_word(line, |word| {
            keys.insert(groups.key(word.folded));
        });
    }
    keys
});

/// A word of a message, and how much it says of what is asked: 0 for nothing, 1 for a word like any other.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    pub folded: String,
    pub key: String,
    pub range: Range<usize>,
    pub capitals: bool,
    pub emphasis: f32,
}

/// Whether a text is a message, and not a question.
pub(crate) fn is_message(text: &str) -> bool {
    text.split_whitespace().nth(LONGEST_QUESTION).is_some()
}

/// The words of a message.
pub(crate) fn said(text: &str, groups: &Groups) -> Vec<Said> {
    let mut words: Vec<Said> = Vec::new();
    each_word(text, |word| {
        if !word.variant && words.len() < LONGEST_MESSAGE {
            words.push(Said {
                folded: word.folded.to_owned(),
                key: groups.key(word.folded),
                range: word.range,
                capitals: word.capitals,
                emphasis: 1.0,
            });
        }
    });
    // Who writes all in capitals gives no name away by them.
    let shouted = words.iter().filter(|word| word.capitals).count() * 2 > words.len();
    let mut wished = 0usize;
    let mut named = false;
    for at in 0..words.len() {
        let (before, rest) = words.split_at(at);
        let last = before.last();
        let between = last.map_or("", |last| &text[last.range.end..rest[0].range.start]);
        let titled = last.is_some_and(|last| TITLES.contains(&last.folded.as_str()));
        let opens = last.is_none() || (between.contains(['.', '!', '?', '\n', ':', ';', '-']) && !titled);
        let capital = text[rest[0].range.clone()].starts_with(char::is_uppercase) && !shouted;
        // The names of a person follow each other.
        named = capital && (titled || (named && !opens));
        if opens {
            wished = 0;
        }
        let known = KNOWN.contains(&rest[0].folded.as_str())
            && last.is_some_and(|last| POSSESSIVES.contains(&last.folded.as_str()));
        let word = &mut words[at];
        let acronym = word.capitals && !shouted;
        word.emphasis = if named || known || says_nothing(word, acronym) {
            0.0
        } else if capital && !acronym && !opens {
            // A place, a school, a first name; perhaps a word that somebody honours with a capital.
            0.35
        } else if STAGES.contains(&word.folded.as_str()) {
            0.4
        } else if wished > 0 {
            1.6
        } else {
            1.0
        };
        wished = if WISHES.contains(&word.folded.as_str()) { WISHED } else { wished.saturating_sub(1) };
    }
    words
}

fn says_nothing(word: &Said, acronym: bool) -> bool {
    let soft = weight(&word.folded, acronym) != Weight::Full;
    let number = word.folded.bytes().all(|byte| byte.is_ascii_digit());
    let short = word.folded.len() < 3 && !acronym;
    soft || number || short || (!acronym && CHATTER.contains(&word.key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn emphasis(text: &str) -> Vec<(String, f32)> {
        let words = said(text, &Groups::new());
        words
            .into_iter()
            .filter(|word| word.emphasis > 0.0)
            .map(|word| (word.folded, word.emphasis))
            .collect()
    }

    #[test]
    fn what_is_asked_remains_of_a_message() {
        let text = "Bonjour Madame, mon fils Théo, 15 ans, aimerait être menuisier. Il a fait un stage à Amiens \
                    et son professeur est content. Merci de me rappeler au 06 12 34 56 78. M. Olivier Boulanger";
        let left = emphasis(text);
        assert_eq!(
            left,
            [
                ("theo".into(), 0.35),
                ("menuisier".into(), 1.6),
                ("stage".into(), 0.4),
                ("amiens".into(), 0.35)
            ]
        );
    }

    #[test]
    fn a_message_has_more_words_than_a_question() {
        assert!(!is_message("quelles formations pour travailler avec les animaux sans le bac ?"));
        assert!(is_message(&"mot ".repeat(21)));
    }

    #[test]
    fn what_titles_are_about_is_no_chatter() {
        let groups = Groups::new();
        for word in [
            "conseiller",
            "gardien",
            "serveur",
            "service",
            "soin",
            "enfance",
            "aide",
            "cours",
            "droit",
            "art",
        ] {
            assert!(!CHATTER.contains(&groups.key(word)), "{word}");
        }
        for word in ["Bonjour", "habitons", "remercions", "MERCI"] {
            assert!(emphasis(word).is_empty(), "{word}");
        }
    }
}
