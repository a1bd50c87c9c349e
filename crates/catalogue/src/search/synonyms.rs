//! What people call things, and what the catalogue calls them.
//!
//! The table is text, one line for each thing that people say:
//!
//! ```text
//! # a comment
//! garagiste<TAB>mécanicien automobile | réparation automobile
//! cpge | classe prépa<TAB>classe préparatoire aux grandes écoles
//! ```
//!
//! Left: one way to say it or several, each of one word or more. Right: what to look for as well, each of one word or
//! more, all of whose words must be there. `|` separates. Accents, case, plurals and gender do not matter. The left
//! itself is always looked for too. A line does not work backwards: write another for that.

use std::{collections::HashMap, sync::LazyLock};

use super::{segment::letters, stem::Groups, text::each_word};

const SHIPPED: &str = include_str!("synonyms.tsv");

/// A line of a table that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the synonyms: {reason}")]
pub struct SynonymError {
    /// From 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: &'static str,
}

/// What one key stands for: several expressions, each of several words.
pub(crate) type Targets = Vec<Vec<String>>;

/// A table of synonyms and acronyms.
#[derive(Debug, Default, Clone)]
pub struct Synonyms {
    /// By the keys of the groups of the words on the left, separated by spaces.
    entries: HashMap<String, Targets>,
    /// Words of the left, folded: what a typing mistake may mean.
    words: Vec<String>,
    /// The letters of each of these words.
    letters: Vec<u32>,
    longest: usize,
}

/// The words of an expression.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    each_word(text, |word| {
        if !word.variant {
            words.push(word.folded.to_owned());
        }
    });
    words
}

impl Synonyms {
    /// The table that comes with the program.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static TABLE: LazyLock<Synonyms> = LazyLock::new(|| Synonyms::parse(SHIPPED).unwrap_or_default());
        &TABLE
    }

    /// Reads a table.
    ///
    /// # Errors
    /// When a line has not exactly one tab, or nothing on one of its sides.
    pub fn parse(table: &str) -> Result<Self, SynonymError> {
        let groups = Groups::new();
        let mut synonyms = Self::default();
        for (number, line) in table.lines().enumerate() {
            let wrong = |reason| SynonymError { line: number + 1, reason };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (left, right) =
                line.split_once('\t').ok_or_else(|| wrong("no tab between key and meaning"))?;
            if right.contains('\t') {
                return Err(wrong("more than one tab"));
            }
            let targets: Targets = right.split('|').map(words).filter(|words| !words.is_empty()).collect();
            if targets.is_empty() {
                return Err(wrong("no meaning"));
            }
            for key in left.split('|') {
                let key = words(key);
                if key.is_empty() {
                    return Err(wrong("an empty key"));
                }
                synonyms.longest = synonyms.longest.max(key.len());
                let stems: Vec<String> = key.iter().map(|word| groups.key(word)).collect();
                let known = synonyms.entries.entry(stems.join(" ")).or_default();
                for target in &targets {
                    if !known.contains(target) {
                        known.push(target.clone());
                    }
                }
                synonyms.words.extend(key);
            }
        }
        synonyms.words.sort_unstable();
        synonyms.words.dedup();
        synonyms.letters = synonyms.words.iter().map(|word| letters(word)).collect();
        Ok(synonyms)
    }

    /// The longest key that begins these words (given by the keys of their groups): how many it takes, and what it
    /// stands for.
    pub(crate) fn longest(&self, stems: &[&str]) -> Option<(usize, &Targets)> {
        let most = self.longest.min(stems.len());
        (1..=most).rev().find_map(|taken| Some((taken, self.entries.get(&stems[..taken].join(" "))?)))
    }

    /// The words of all keys, folded, in order, with the letters of each.
    pub(crate) fn spelled(&self) -> impl Iterator<Item = (&str, u32)> {
        self.words.iter().map(String::as_str).zip(self.letters.iter().copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read() {
        let table = "# comment\n\ngaragistes\tmécanicien automobile | réparation\nclasse prépa | CPGE\tclasse préparatoire\n";
        let synonyms = Synonyms::parse(table).unwrap();
        let (taken, targets) =
            synonyms.longest(&["garag", "x"]).or_else(|| synonyms.longest(&["garagist"])).unwrap();
        assert_eq!((taken, targets.len()), (1, 2));
        let groups = Groups::new();
        let (taken, _) = synonyms.longest(&[&groups.key("classe"), &groups.key("prepas"), "maths"]).unwrap();
        assert_eq!(taken, 2);
        assert!(synonyms.words.contains(&"cpge".to_owned()));
    }

    #[test]
    fn the_shipped_table_is_large_and_no_key_says_only_itself() {
        let synonyms = Synonyms::parse(SHIPPED).unwrap();
        assert!(synonyms.entries.len() > 600, "{} keys", synonyms.entries.len());
        for line in SHIPPED.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (left, right) = line.split_once('\t').unwrap();
            for key in left.split('|').map(words) {
                assert!(right.split('|').map(words).any(|target| target != key), "{key:?} means only itself");
            }
        }
    }

    #[test]
    fn a_bad_line_is_said() {
        for (table, line) in [("a\tb\nc d", 2), ("a\tb\tc", 1), ("a\t | ", 1), ("| a\tb", 1)] {
            assert_eq!(Synonyms::parse(table).unwrap_err().line, line, "{table}");
        }
    }

    #[test]
    fn the_shipped_table_is_right() {
        let synonyms = Synonyms::parse(SHIPPED).unwrap();
        assert!(synonyms.words.len() > 30);
    }
}
