//! Making the index of documents.

use passerelle_domain::office::Position;
use rustc_hash::FxHashMap;

use super::{
    column::Facet,
    document::{Document, Kind},
    gather::{Codes, Values},
    lexicon::Lexicon,
    place::{self, Places, Point},
    postings::Postings,
    segment::{NEXT_NAME, Segment},
    stem::Groups,
    text::each_word,
};

/// Why an index cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// Two documents with one identifier.
    #[error("the catalogue has {0} twice")]
    Twice(String),
    /// More than 65,535 values of a property, or different sets of them.
    #[error("more than 65,535 different values of {0:?}")]
    TooManyValues(Facet),
    /// More than the four thousand million that a number of 32 bits can point to.
    #[error("the catalogue is too large for its index")]
    TooLarge,
}

/// Takes documents one after the other and makes the index of them. Holds words and numbers, not the documents.
#[derive(Default)]
pub struct Builder {
    words: FxHashMap<Box<str>, u32>,
    strong: Vec<Vec<u32>>,
    weak: Vec<Vec<u32>>,
    /// Words of texts seen before: domains, types and titles come thousands of times.
    texts: FxHashMap<Box<str>, (usize, usize)>,
    text_words: Vec<u32>,
    ids: String,
    id_starts: Vec<u32>,
    /// Institutions that are documents, or where one is given, by identifier.
    institutions: FxHashMap<Box<str>, u32>,
    /// The document of each; none while it is only named.
    institution_documents: Vec<Option<u32>>,
    codes: Codes,
    names: FxHashMap<Box<[u32]>, u32>,
    names_of: Vec<u32>,
    name_starts: Vec<u32>,
    name_words: Vec<u32>,
    facets: Vec<Values>,
    points: Vec<Point>,
    known_points: FxHashMap<[u32; 3], u32>,
    own_place: Vec<Option<u32>>,
    /// Numbers of the institutions where documents are given, one after the other, and where those of each end.
    given_at: Vec<u32>,
    given_ends: Vec<usize>,
    /// Memory of the document before.
    spare: (Mould, Vec<u32>),
    spare_names: Vec<u32>,
}

/// What many documents have in common, looked up once: two hundred offerings are of one programme.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mould {
    names: u32,
    strong: Vec<u32>,
    weak: Vec<u32>,
    sets: [u32; Facet::ALL.len()],
}

/// What a document has beside its [`Mould`].
pub(crate) struct Own<'a, C> {
    /// As in [`Document`].
    pub id: &'a str,
    /// Further keywords, as [`Builder::words`] gives them.
    pub words: [&'a [u32]; 2],
    /// As in [`Document`].
    pub codes: &'a [C],
    /// Where it is, as [`Builder::point`] gives it.
    pub place: Option<u32>,
    /// The institutions where it is given, as [`Builder::institution`] gives them.
    pub given_at: &'a [u32],
}

impl Builder {
    /// Of no documents yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            id_starts: vec![0],
            name_starts: vec![0],
            facets: vec![Values::default(); Facet::ALL.len()],
            ..Self::default()
        }
    }

    /// Adds the next document in static rank. That two have one identifier is said at the end.
    ///
    /// # Errors
    /// When there are too many.
    pub fn add(&mut self, document: &Document) -> Result<(), BuildError> {
        if document.kind == Kind::Institution {
            let number = self.next_number()?;
            let institution = self.institution(&document.id);
            self.institution_documents[institution as usize] = Some(number);
        }
        let (mut mould, mut given_at) = std::mem::take(&mut self.spare);
        self.press(document, &mut mould);
        let place = document.position.and_then(|position| self.point(position));
        given_at.clear();
        if document.kind != Kind::Institution {
            given_at.extend(document.places.iter().map(|id| self.institution(id)));
        }
        let own =
            Own { id: &document.id, words: [&[], &[]], codes: &document.codes, place, given_at: &given_at };
        let added = self.cast(&mould, &own);
        self.spare = (mould, given_at);
        added
    }

    fn next_number(&self) -> Result<u32, BuildError> {
        u32::try_from(self.names_of.len()).map_err(|_| BuildError::TooLarge)
    }

    /// What a document shares with all that have its names, keywords and properties.
    pub(crate) fn mould(&mut self, document: &Document) -> Mould {
        let mut mould = Mould::default();
        self.press(document, &mut mould);
        mould
    }

    /// The same, in the memory of another.
    fn press(&mut self, document: &Document, mould: &mut Mould) {
        mould.strong.clear();
        mould.weak.clear();
        self.spare_names.clear();
        for (place, name) in std::iter::once(&document.title).chain(&document.alternates).enumerate() {
            if place > 0 {
                self.spare_names.push(NEXT_NAME);
            }
            let words = self.words_of(name);
            mould.strong.extend_from_slice(&self.text_words[words.clone()]);
            self.spare_names.extend_from_slice(&self.text_words[words]);
        }
        for text in &document.keywords {
            let words = self.words_of(text);
            mould.weak.extend_from_slice(&self.text_words[words]);
        }
        let names = self.spare_names.as_slice();
        mould.names = match self.names.get(names) {
            Some(named) => *named,
            None => {
                let next = self.names.len() as u32;
                self.name_words.extend_from_slice(names);
                self.name_starts.push(self.name_words.len() as u32);
                self.names.insert(names.into(), next);
                next
            }
        };
        let mut values = Vec::new();
        for ((facet, column), set) in Facet::ALL.into_iter().zip(&mut self.facets).zip(&mut mould.sets) {
            values.clear();
            facet.values(document, &mut values);
            *set = column.number(&values);
        }
    }

    /// Adds the next document, as [`Builder::add`] does, of its mould and what is its own.
    ///
    /// # Errors
    /// When there are too many.
    pub(crate) fn cast<C: AsRef<str>>(&mut self, mould: &Mould, own: &Own<'_, C>) -> Result<(), BuildError> {
        let number = self.next_number()?;
        self.ids.push_str(own.id);
        self.id_starts.push(u32::try_from(self.ids.len()).map_err(|_| BuildError::TooLarge)?);
        for word in &mould.strong {
            note(&mut self.strong[*word as usize], number);
        }
        for word in mould.weak.iter().chain(own.words.into_iter().flatten()) {
            if !mould.strong.contains(word) {
                note(&mut self.weak[*word as usize], number);
            }
        }
        self.names_of.push(mould.names);
        for text in std::iter::once(own.id).chain(own.codes.iter().map(AsRef::as_ref)) {
            self.codes.note(text, number);
        }
        for (column, set) in self.facets.iter_mut().zip(mould.sets) {
            column.add(set);
        }
        self.own_place.push(own.place);
        self.given_at.extend_from_slice(own.given_at);
        self.given_ends.push(self.given_at.len());
        Ok(())
    }

    /// The words of texts.
    pub(crate) fn words<'a>(&mut self, texts: impl IntoIterator<Item = &'a str>) -> Vec<u32> {
        let mut all = Vec::new();
        for text in texts {
            let words = self.words_of(text);
            all.extend_from_slice(&self.text_words[words]);
        }
        all
    }

    /// The number of an institution, whether or not it is a document.
    pub(crate) fn institution(&mut self, id: &str) -> u32 {
        if let Some(number) = self.institutions.get(id) {
            return *number;
        }
        let number = self.institution_documents.len() as u32;
        self.institutions.insert(id.into(), number);
        self.institution_documents.push(None);
        number
    }

    /// The number of a point; none where it is no use to search by.
    pub(crate) fn point(&mut self, position: Position) -> Option<u32> {
        place::usable(position).then(|| {
            let point = place::point(position);
            *self.known_points.entry(point.map(f32::to_bits)).or_insert_with(|| {
                self.points.push(point);
                self.points.len() as u32 - 1
            })
        })
    }

    /// Where the words of a text stand in `text_words`.
    fn words_of(&mut self, text: &str) -> std::ops::Range<usize> {
        if let Some((from, to)) = self.texts.get(text) {
            return *from..*to;
        }
        let from = self.text_words.len();
        each_word(text, |word| {
            let number = match self.words.get(word.folded) {
                Some(number) => *number,
                None => {
                    let number = self.words.len() as u32;
                    self.words.insert(word.folded.into(), number);
                    self.strong.push(Vec::new());
                    self.weak.push(Vec::new());
                    number
                }
            };
            self.text_words.push(number);
        });
        let to = self.text_words.len();
        self.texts.insert(text.into(), (from, to));
        from..to
    }

    /// The index of what was added, of this release of the catalogue.
    ///
    /// # Errors
    /// When a property has too many values.
    pub(crate) fn finish(mut self, catalogue: &str) -> Result<Segment, BuildError> {
        let documents = self.names_of.len();
        drop(std::mem::take(&mut self.texts));
        drop(std::mem::take(&mut self.names));

        // Numbers of words in their order, instead of that in which they came.
        let mut sorted: Vec<(&str, u32)> =
            self.words.iter().map(|(word, number)| (&**word, *number)).collect();
        sorted.sort_unstable();
        let mut renumbered = vec![0u32; sorted.len()];
        for (place, (_, number)) in sorted.iter().enumerate() {
            renumbered[*number as usize] = place as u32;
        }
        for word in self.name_words.iter_mut().filter(|word| **word != NEXT_NAME) {
            *word = renumbered[*word as usize];
        }
        let words = Lexicon::of(sorted.iter().map(|(word, _)| *word));
        let listed = |lists: &[Vec<u32>]| {
            Postings::of(documents, sorted.iter().map(|(_, number)| lists[*number as usize].as_slice()))
        };
        let (strong, weak) = (listed(&self.strong), listed(&self.weak));

        let stemmer = Groups::new();
        let keys: Vec<String> = words.iter().map(|word| stemmer.key(word)).collect();
        let mut distinct: Vec<&str> = keys.iter().map(String::as_str).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let groups = Lexicon::of(distinct.into_iter());
        let group_of = keys.iter().map(|key| groups.find(key).unwrap_or_default()).collect();

        let (codes, coded) = std::mem::take(&mut self.codes).finish(documents);
        if let Some(twice) = twice(&self.ids, &self.id_starts, &coded) {
            return Err(BuildError::Twice(twice));
        }

        let places = self.places();
        let mut columns = Vec::with_capacity(Facet::ALL.len());
        for (facet, values) in Facet::ALL.into_iter().zip(std::mem::take(&mut self.facets)) {
            columns.push(values.finish().ok_or(BuildError::TooManyValues(facet))?);
        }
        let segment = Segment {
            catalogue: catalogue.to_owned(),
            ids: self.ids,
            id_starts: self.id_starts,
            words,
            group_of,
            groups,
            strong,
            weak,
            names_of: self.names_of,
            name_starts: self.name_starts,
            names: self.name_words,
            codes,
            coded,
            columns,
            places,
            ..Segment::default()
        };
        segment.ready().ok_or(BuildError::TooLarge)
    }

    /// The places of each document, its own or those of the institutions where it is given; and from these, what
    /// else it does not say itself.
    fn places(&mut self) -> Places {
        let mut starts = vec![0];
        let mut of = Vec::new();
        let mut at: Vec<usize> = Vec::new();
        let mut begun = 0;
        for (document, end) in self.given_ends.iter().enumerate() {
            let given_at = &self.given_at[std::mem::replace(&mut begun, *end)..*end];
            at.clear();
            let documents = given_at.iter().filter_map(|number| self.institution_documents[*number as usize]);
            at.extend(documents.map(|document| document as usize));
            match self.own_place[document] {
                Some(place) => of.push(place),
                None => of.extend(at.iter().filter_map(|institution| self.own_place[*institution])),
            }
            starts.push(of.len() as u32);
            for facet in Facet::ALL.into_iter().filter(|facet| facet.comes_from_places()) {
                self.facets[facet as usize].inherit(document, &at);
            }
        }
        Places { points: std::mem::take(&mut self.points), starts, of }
    }
}

/// Adds a document to a list, once.
fn note(list: &mut Vec<u32>, document: u32) {
    if list.last() != Some(&document) {
        list.push(document);
    }
}

/// An identifier that two documents have: both are under its code.
fn twice(ids: &str, starts: &[u32], coded: &Postings) -> Option<String> {
    let id = |document: u32| &ids[starts[document as usize] as usize..starts[document as usize + 1] as usize];
    (0..coded.len() as u32).find_map(|code| {
        let mut ids: Vec<&str> = coded.sparse(code).iter().map(|document| id(*document)).collect();
        ids.sort_unstable();
        Some(ids.windows(2).find(|pair| pair[0] == pair[1])?[0].to_owned())
    })
}
