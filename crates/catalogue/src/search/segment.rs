//! The index of one set of documents: what is saved, and what is reckoned from it at start.

use std::collections::HashMap;

use super::{
    column::{Column, Facet},
    document::Kind,
    lexicon::Lexicon,
    place::{Grid, Places},
    postings::{DocSet, Postings},
    radius::Residents,
    soft::{Weight, weight},
};

/// Stands between two names of a document in [`Segment::names`].
pub(crate) const NEXT_NAME: u32 = u32::MAX;
/// Beginnings of words whose documents are more than this are kept as sets.
const HEAVY: usize = 8_000;

/// Everything that the index knows of a set of documents.
#[derive(Debug, Default, Clone)]
pub(crate) struct Segment {
    /// What release of the catalogue it was made from.
    pub(crate) catalogue: String,
    /// The identifiers of the documents one after the other, and where each begins.
    pub(crate) ids: String,
    pub(crate) id_starts: Vec<u32>,
    /// Words as people write them, folded.
    pub(crate) words: Lexicon,
    /// The group of stems of each word.
    pub(crate) group_of: Vec<u32>,
    /// Keys of the groups.
    pub(crate) groups: Lexicon,
    /// Documents with the word in a name.
    pub(crate) strong: Postings,
    /// Documents with the word among their keywords and in no name.
    pub(crate) weak: Postings,
    /// Which names each document has: many have the same.
    pub(crate) names_of: Vec<u32>,
    /// Where the words of names begin in `names`; one more for the end.
    pub(crate) name_starts: Vec<u32>,
    /// Words of a title, [`NEXT_NAME`], words of another name…
    pub(crate) names: Vec<u32>,
    /// Folded identifiers, those of the documents among them.
    pub(crate) codes: Lexicon,
    /// Documents of each code.
    pub(crate) coded: Postings,
    pub(crate) columns: Vec<Column>,
    pub(crate) places: Places,

    /// Words of each group: where they begin, and which.
    pub(super) group_starts: Vec<u32>,
    pub(super) group_words: Vec<u32>,
    /// Whether a word is an article or the like, which no title is about.
    pub(crate) light: Vec<bool>,
    /// The kind of each document.
    pub(super) kinds: Vec<Kind>,
    /// The letters of each word, one bit for each letter, one for digits.
    pub(crate) letters: Vec<u32>,
    /// The words that each three letters stand in.
    pub(crate) trigrams: HashMap<[u8; 3], Vec<u32>>,
    /// Beginnings of one and two letters that stand for many documents: those with such a word in a name, in any place.
    pub(super) heads: HashMap<Vec<u8>, (DocSet, DocSet)>,
    pub(crate) grid: Grid,
    pub(crate) residents: Residents,
}

/// The letters of a word: a bit each.
pub(crate) fn letters(word: &str) -> u32 {
    word.bytes().fold(0, |bits, byte| {
        bits | match byte {
            b'a'..=b'z' => 1 << (byte - b'a'),
            b'0'..=b'9' => 1 << 26,
            _ => 1 << 27,
        }
    })
}

/// The threes of letters of a word with its ends marked.
pub(crate) fn trigrams(word: &str) -> impl Iterator<Item = [u8; 3]> {
    let bytes = word.as_bytes();
    let at = move |n: usize| if n == 0 || n > bytes.len() { b' ' } else { bytes[n - 1] };
    (0..bytes.len()).map(move |n| [at(n), at(n + 1), at(n + 2)])
}

impl Segment {
    pub(crate) fn len(&self) -> usize {
        self.names_of.len()
    }

    pub(crate) fn id(&self, document: u32) -> &str {
        let document = document as usize;
        &self.ids[self.id_starts[document] as usize..self.id_starts[document + 1] as usize]
    }

    /// The document of an identifier, as it is written.
    pub(crate) fn find(&self, id: &str) -> Option<u32> {
        let code = self.codes.find(&code(id))?;
        if let Some(found) = self.coded.sparse(code).iter().find(|document| self.id(**document) == id) {
            return Some(*found);
        }
        let mut documents = DocSet::none(self.len());
        self.coded.unite(code..code + 1, &mut documents);
        documents.iter().find(|document| self.id(*document) == id)
    }

    pub(crate) fn column(&self, facet: Facet) -> &Column {
        &self.columns[facet as usize]
    }

    pub(crate) fn kind(&self, document: u32) -> Kind {
        self.kinds[document as usize]
    }

    /// The words of a document's names.
    pub(crate) fn names(&self, document: u32) -> &[u32] {
        let names = self.names_of[document as usize] as usize;
        &self.names[self.name_starts[names] as usize..self.name_starts[names + 1] as usize]
    }

    /// The words of a group.
    pub(crate) fn group(&self, key: &str) -> &[u32] {
        let Some(group) = self.groups.find(key) else { return &[] };
        let group = group as usize;
        &self.group_words[self.group_starts[group] as usize..self.group_starts[group + 1] as usize]
    }

    /// Adds the documents that have one of a run of words to the set of those that have it in a name, and to that of
    /// all that have it.
    pub(crate) fn unite(
        &self,
        words: std::ops::Range<u32>,
        prefix: Option<&str>,
        strong: &mut DocSet,
        any: &mut DocSet,
    ) {
        if let Some((in_names, anywhere)) = prefix.and_then(|prefix| self.heads.get(prefix.as_bytes())) {
            strong.unite(in_names);
            any.unite(anywhere);
            return;
        }
        self.strong.unite(words.clone(), strong);
        self.weak.unite(words, any);
    }

    /// How many documents have one of a run of words at most.
    pub(crate) fn frequency(&self, words: std::ops::Range<u32>) -> usize {
        words.map(|word| self.strong.count(word) + self.weak.count(word)).sum()
    }

    /// Reckons what is not saved. None if the parts do not fit each other.
    pub(crate) fn ready(mut self) -> Option<Self> {
        let (documents, words, groups) = (self.len(), self.words.len(), self.groups.len());
        let fits = self.id_starts.len() == documents + 1
            && self.id_starts.first() == Some(&0)
            && self.id_starts.is_sorted()
            && self.id_starts.last().is_some_and(|end| *end as usize == self.ids.len())
            && self.id_starts.iter().all(|start| self.ids.is_char_boundary(*start as usize))
            && self.group_of.len() == words
            && self.group_of.iter().all(|group| (*group as usize) < groups)
            && self.strong.len() == words
            && self.weak.len() == words
            && self.coded.len() == self.codes.len()
            && self.name_starts.first() == Some(&0)
            && self.name_starts.is_sorted()
            && self.name_starts.last().is_some_and(|end| *end as usize == self.names.len())
            && self.names.iter().all(|word| *word == NEXT_NAME || (*word as usize) < words)
            && self.names_of.iter().all(|names| (*names as usize) + 1 < self.name_starts.len())
            && self.columns.len() == Facet::ALL.len()
            && self.columns.iter().all(|column| column.set_of.len() == documents)
            && self.places.starts.len() == documents + 1;
        if !fits {
            return None;
        }
        self.gather_groups();
        self.light = self.words.iter().map(|word| weight(word, false) == Weight::Stop).collect();
        self.kinds = (0..documents as u32)
            .map(|document| self.column(Facet::Kind).of_document(document).next().and_then(Kind::parse))
            .collect::<Option<_>>()?;
        self.letters = self.words.iter().map(letters).collect();
        for (number, word) in self.words.iter().enumerate() {
            for trigram in trigrams(word) {
                let words = self.trigrams.entry(trigram).or_default();
                if words.last() != Some(&(number as u32)) {
                    words.push(number as u32);
                }
            }
        }
        self.gather_heads();
        let institutions = self.column(Facet::Kind).having(&[Kind::Institution.code().to_owned()]);
        let placed = institutions.iter().filter_map(|document| {
            let place = self.places.of_document(document).first()?;
            Some((document, self.places.points[*place as usize]))
        });
        self.grid = Grid::of(placed);
        self.residents = Residents::of(&self.places, &self.kinds);
        Some(self)
    }

    fn gather_groups(&mut self) {
        let mut starts = vec![0u32; self.groups.len() + 1];
        self.group_of.iter().for_each(|group| starts[*group as usize + 1] += 1);
        for group in 0..self.groups.len() {
            starts[group + 1] += starts[group];
        }
        let mut next = starts.clone();
        self.group_words = vec![0; self.words.len()];
        for (word, group) in self.group_of.iter().enumerate() {
            let at = &mut next[*group as usize];
            self.group_words[*at as usize] = word as u32;
            *at += 1;
        }
        self.group_starts = starts;
    }

    fn gather_heads(&mut self) {
        let mut heads = HashMap::new();
        for length in [1, 2] {
            let mut word = 0;
            while word < self.words.len() {
                let Some(head) = self.words.get(word).as_bytes().get(..length).map(<[u8]>::to_vec) else {
                    word += 1;
                    continue;
                };
                let Ok(prefix) = std::str::from_utf8(&head) else {
                    word += 1;
                    continue;
                };
                let run = self.words.beginning_with(prefix);
                word = (run.end as usize).max(word + 1);
                if self.strong.cost(run.clone()) + self.weak.cost(run.clone()) > HEAVY {
                    let (mut strong, mut any) = (DocSet::none(self.len()), DocSet::none(self.len()));
                    self.unite(run, None, &mut strong, &mut any);
                    any.unite(&strong);
                    heads.insert(head, (strong, any));
                }
            }
        }
        self.heads = heads;
    }
}

/// An identifier as it is looked up: `for.2255`, `0801234x`, `h1503`.
pub(crate) fn code(text: &str) -> String {
    text.trim().to_lowercase()
}
