//! The judged set: questions and what answers them.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::corpus::Entry;

/// What a question is in the set for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Set {
    /// The synonyms were improved with it.
    Developed,
    /// Nothing was developed with it, until it was first measured.
    Held,
    /// Written down before any was tried, when the search was otherwise done.
    Asked,
    /// The message of a family.
    Message,
}

impl Set {
    /// All, in the order in which they are reported.
    pub const ALL: [Self; 4] = [Self::Developed, Self::Held, Self::Asked, Self::Message];

    /// Its name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Developed => "developed with",
            Self::Held => "held out",
            Self::Asked => "asked afterwards",
            Self::Message => "messages",
        }
    }

    /// Among how many hits the answer must be.
    pub fn first(self) -> usize {
        if self == Self::Message { 5 } else { 3 }
    }
}

/// A question with its judgement.
pub struct Question {
    /// As typed.
    pub text: String,
    /// Why it is asked.
    pub set: Set,
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
    let lines = |table: &'static str| table.lines().filter(|line| !line.starts_with('#'));
    let short = lines(include_str!("judged.tsv")).map(|line| {
        let (set, rest) = line.split_once('\t').unwrap_or_else(|| panic!("no set: {line}"));
        let set = match set {
            "dev" => Set::Developed,
            "held" => Set::Held,
            "asked" => Set::Asked,
            _ => panic!("no such set: {line}"),
        };
        question(set, rest)
    });
    let messages = lines(include_str!("messages.tsv")).map(|line| question(Set::Message, line));
    short.chain(messages).collect()
}

fn question(set: Set, cells: &str) -> Question {
    let [text, answers] = cells.split('\t').collect::<Vec<_>>()[..] else {
        panic!("not a question and its answers: {cells}")
    };
    let answers = answers.split('|').map(|one| {
        let (kind, beginnings) = one.split_once(':').unwrap_or_else(|| panic!("no kind: {cells}"));
        (kind.trim().to_owned(), words(beginnings).collect())
    });
    Question { text: text.to_owned(), set, answers: answers.collect() }
}
