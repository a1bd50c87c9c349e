//! The judged set: questions and what answers them.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::corpus::Entry;

/// A question with its judgement.
pub struct Question {
    /// As typed.
    pub text: String,
    /// Whether it is of the part that nothing was developed with.
    pub held: bool,
    /// Alternatives: kind, and how words of the title begin.
    answers: Vec<(String, Vec<String>)>,
}

impl Question {
    /// Whether an entry answers it.
    pub fn answered_by(&self, entry: &Entry) -> bool {
        self.answers.iter().any(|(kind, beginnings)| {
            *kind == entry.kind
                && beginnings.iter().all(|one| entry.words.iter().any(|word| word.starts_with(one.as_str())))
        })
    }
}

/// Words, lower case, without accents.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let folded: String = text.to_lowercase().nfd().filter(|c| !is_combining_mark(*c)).collect();
    let folded = folded.replace('œ', "oe");
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect::<Vec<_>>()
        .into_iter()
}

/// The whole set.
pub fn load() -> Vec<Question> {
    let lines = include_str!("judged.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let [set, text, answers] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("not three cells: {line}")
            };
            let answers = answers.split('|').map(|one| {
                let (kind, beginnings) = one.split_once(':').unwrap_or_else(|| panic!("no kind: {line}"));
                (kind.trim().to_owned(), words(beginnings).collect())
            });
            Question { text: text.to_owned(), held: set == "held", answers: answers.collect() }
        })
        .collect()
}
