//! Where the words of a question stand in a text that is shown.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::{plan::Plan, soft::Weight, stem::Groups, text::each_word};

/// The words of a question, to be found in texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marker {
    /// Of each thing asked for: keys of groups, and the beginning of a word not finished.
    units: Vec<(Vec<String>, Option<String>)>,
}

/// A piece of a text with the words of the question in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snippet {
    /// Which bytes of the text.
    pub range: Range<usize>,
    /// Which bytes of the text are words of the question: inside `range`, in order, apart from each other.
    pub marks: Vec<Range<usize>>,
}

/// How many letters at its end the key of a group may have that a word of it has not: `directeur` of `directrice`.
const ENDING: usize = 4;

/// A marked word: where, and which thing asked for.
type Mark = (Range<usize>, usize);

/// Whether a word may be of the group of this key: a key begins as its words do, but for an ending.
fn may_have(word: &str, key: &str) -> bool {
    let same = word.bytes().zip(key.bytes()).take_while(|(a, b)| a == b).count();
    same + ENDING >= key.len() && same > 0
}

impl Marker {
    pub(crate) fn of(plan: &Plan) -> Self {
        let told = plan.units.iter().any(|unit| !matches!(unit.weight, Weight::Stop | Weight::Asking));
        let units =
            plan.units.iter().filter(|unit| !told || !matches!(unit.weight, Weight::Stop | Weight::Asking));
        Self { units: units.map(|unit| (unit.keys.clone(), unit.prefix.clone())).collect() }
    }

    /// Begins to mark the texts of one answer.
    #[must_use]
    pub fn begin(&self) -> Marking<'_> {
        Marking { marker: self, groups: Groups::new(), known: FxHashMap::default() }
    }

    /// Which thing asked for a word is, if it is any.
    fn asked(&self, folded: &str, groups: &Groups) -> Option<usize> {
        // Most words are none, and stemming them is dear.
        let likely = self.units.iter().any(|(keys, _)| keys.iter().any(|key| may_have(folded, key)));
        let key = likely.then(|| groups.key(folded));
        self.units.iter().position(|(keys, prefix)| {
            key.as_ref().is_some_and(|key| keys.contains(key))
                || prefix.as_ref().is_some_and(|prefix| folded.starts_with(prefix.as_str()))
        })
    }
}

/// Marks the texts of one answer: what is known of a word of one text is known in the next, and the titles of twenty
/// hits have few different words.
pub struct Marking<'a> {
    marker: &'a Marker,
    groups: Groups,
    /// Of each word seen, which thing asked for it is.
    known: FxHashMap<Box<str>, Option<usize>>,
}

impl Marking<'_> {
    /// Words of the text and which of them were asked for.
    fn words(&mut self, text: &str) -> (Vec<Range<usize>>, Vec<Mark>) {
        let mut words = Vec::new();
        let mut marks: Vec<Mark> = Vec::new();
        each_word(text, |word| {
            let asked = match self.known.get(word.folded) {
                Some(asked) => *asked,
                None => {
                    let asked = self.marker.asked(word.folded, &self.groups);
                    self.known.insert(word.folded.into(), asked);
                    asked
                }
            };
            // What is typed of an unfinished word is marked whole: half a word marked flickers while typing.
            if let Some(unit) = asked {
                match marks.last_mut() {
                    // The other gender of a word that is already marked.
                    Some((last, _)) if word.range.start < last.end => last.end = word.range.end,
                    _ => marks.push((word.range.clone(), unit)),
                }
            }
            words.push(word.range);
        });
        (words, marks)
    }

    /// Which bytes of the text are words of the question, in order.
    #[must_use]
    pub fn marks(&mut self, text: &str) -> Vec<Range<usize>> {
        self.words(text).1.into_iter().map(|(range, _)| range).collect()
    }

    /// The piece of a text, of about so many bytes, with most of the question in it; the beginning if nothing of it
    /// is. Begins and ends with whole words.
    #[must_use]
    pub fn snippet(&mut self, text: &str, length: usize) -> Snippet {
        let (words, marks) = self.words(text);
        let Some(last) = words.last() else { return Snippet { range: 0..0, marks: Vec::new() } };
        // The window that begins at a mark and has most different things asked for, then most marks.
        let best = (0..marks.len()).max_by_key(|first| {
            let inside =
                marks[*first..].iter().take_while(|(range, _)| range.end <= marks[*first].0.start + length);
            let mut units: Vec<usize> = inside.map(|(_, unit)| *unit).collect();
            let count = units.len();
            units.sort_unstable();
            units.dedup();
            (units.len(), count, std::cmp::Reverse(*first))
        });
        let from = best.map_or(0, |first| {
            // A few words before the first mark say what it is about.
            let start = marks[first].0.start;
            let enough = start.saturating_sub(length / 4);
            let word = words.partition_point(|word| word.start < enough);
            if word == 0 { 0 } else { words[word].start }
        });
        let end = words
            .iter()
            .take_while(|word| word.end <= from + length)
            .last()
            .map_or(last.end, |word| word.end);
        let end = if end >= last.end { text.len() } else { end.max(from) };
        let marks =
            marks.into_iter().map(|(range, _)| range).filter(|mark| mark.start >= from && mark.end <= end);
        Snippet { range: from..end, marks: marks.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::synonyms::Synonyms, *};

    #[test]
    fn a_word_may_be_of_its_own_group() {
        let groups = Groups::new();
        let feminine = ["directrice", "coiffeuses", "infirmieres", "chevaux", "travaux", "sportives", "yeux"];
        let table = Synonyms::shipped();
        let words = table.spelled().map(|(word, _)| word).chain(feminine);
        for word in words {
            assert!(may_have(word, &groups.key(word)), "{word}: {}", groups.key(word));
        }
        assert!(!may_have("infirmier", "mecanicien"));
    }
}
