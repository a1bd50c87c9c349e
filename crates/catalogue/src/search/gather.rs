//! What a [`super::Builder`] gathers of identifiers and properties, and how it puts them in order.

use rustc_hash::FxHashMap;

use super::{column::Column, lexicon::Lexicon, postings::Postings};

/// Identifiers as they are looked up, and the documents of each.
#[derive(Default)]
pub(super) struct Codes {
    text: String,
    /// First eight bytes, where it stands in the text, how long it is, the document.
    entries: Vec<(u64, u32, u32, u32)>,
}

impl Codes {
    pub(super) fn note(&mut self, code: &str, document: u32) {
        let from = self.text.len();
        self.text.extend(code.trim().chars().flat_map(char::to_lowercase));
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(self.text[from..].bytes()) {
            *to = from;
        }
        let length = self.text.len() - from;
        self.entries.push((u64::from_be_bytes(first), from as u32, length as u32, document));
    }

    /// The codes in order, and the documents of each.
    pub(super) fn finish(mut self, documents: usize) -> (Lexicon, Postings) {
        let text = &self.text;
        let code = |entry: &(u64, u32, u32, u32)| &text[entry.1 as usize..(entry.1 + entry.2) as usize];
        self.entries.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| code(a).cmp(code(b))).then_with(|| a.3.cmp(&b.3))
        });
        let runs: Vec<_> = self.entries.chunk_by(|a, b| a.0 == b.0 && code(a) == code(b)).collect();
        let lexicon = Lexicon::of(runs.iter().map(|run| code(&run[0])));
        let mut of_code: Vec<u32> = Vec::with_capacity(self.entries.len());
        let mut ends = Vec::with_capacity(runs.len());
        for run in &runs {
            let from = of_code.len();
            for entry in *run {
                if of_code[from..].last() != Some(&entry.3) {
                    of_code.push(entry.3);
                }
            }
            ends.push((from, of_code.len()));
        }
        let lists = ends.iter().map(|(from, to)| &of_code[*from..*to]);
        (lexicon, Postings::of(documents, lists))
    }
}

/// The values of one property of all documents, numbered as they come.
#[derive(Default, Clone)]
pub(super) struct Values {
    known: FxHashMap<Box<str>, u32>,
    sets: FxHashMap<Vec<u32>, u32>,
    members: Vec<Vec<u32>>,
    set_of: Vec<u32>,
    /// Memory of the set before.
    spare: Vec<u32>,
}

impl Values {
    /// The number of this set of values.
    pub(super) fn number(&mut self, values: &[&str]) -> u32 {
        let mut set = std::mem::take(&mut self.spare);
        set.clear();
        for value in values {
            let next = self.known.len() as u32;
            set.push(match self.known.get(*value) {
                Some(known) => *known,
                None => {
                    self.known.insert((*value).into(), next);
                    next
                }
            });
        }
        let number = self.set(&mut set);
        self.spare = set;
        number
    }

    /// Gives the next document the values of a set.
    pub(super) fn add(&mut self, set: u32) {
        self.set_of.push(set);
    }

    fn set(&mut self, values: &mut Vec<u32>) -> u32 {
        if values.len() > 1 {
            values.sort_unstable();
            values.dedup();
        }
        if let Some(set) = self.sets.get(values.as_slice()) {
            return *set;
        }
        let next = self.members.len() as u32;
        self.members.push(values.clone());
        self.sets.insert(values.clone(), next);
        next
    }

    /// Gives a document without values those of others.
    pub(super) fn inherit(&mut self, document: usize, others: &[usize]) {
        if !self.members[self.set_of[document] as usize].is_empty() {
            return;
        }
        self.set_of[document] = match others {
            [] => return,
            // Nearly all: at one place, with what that has.
            [one] => self.set_of[*one],
            _ => {
                let sets = others.iter().map(|other| self.set_of[*other] as usize);
                let mut theirs: Vec<u32> = sets.flat_map(|set| &self.members[set]).copied().collect();
                self.set(&mut theirs)
            }
        };
    }

    /// The column of them. None if there are more than 65,535 values or different sets of them.
    pub(super) fn finish(self) -> Option<Column> {
        let mut sorted: Vec<(&str, u32)> =
            self.known.iter().map(|(value, number)| (&**value, *number)).collect();
        sorted.sort_unstable();
        let mut renumbered = vec![0u16; sorted.len()];
        for (place, (_, number)) in sorted.iter().enumerate() {
            renumbered[*number as usize] = u16::try_from(place).ok()?;
        }
        let mut starts = vec![0];
        let mut set_values: Vec<u16> = Vec::new();
        for members in &self.members {
            let from = set_values.len();
            set_values.extend(members.iter().map(|value| renumbered[*value as usize]));
            set_values[from..].sort_unstable();
            starts.push(set_values.len() as u32);
        }
        let set_of = self.set_of.iter().map(|set| u16::try_from(*set).ok()).collect::<Option<_>>()?;
        Column::from_parts(Lexicon::of(sorted.iter().map(|(value, _)| *value)), starts, set_values, set_of)
    }
}
