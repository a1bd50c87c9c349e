//! The documents of offerings. They have their name from their programme and are found by the name of their institution
//! too; what hundreds of them share is looked up once.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::file::{Given, GivenAt};
use crate::search::{BuildError, Builder, Document, Kind, Mould, Own};

/// What offerings have of their programme.
#[derive(Debug, Clone, Default)]
pub(super) struct Taught {
    pub title: String,
    pub keywords: Vec<String>,
    pub level: Option<String>,
    pub category: Option<String>,
    pub domains: Vec<String>,
}

impl Taught {
    fn mould(&self, builder: &mut Builder) -> Mould {
        let mut document = Document::new("", Kind::Offering, self.title.clone());
        document.keywords.clone_from(&self.keywords);
        document.level.clone_from(&self.level);
        document.category.clone_from(&self.category);
        document.domains.clone_from(&self.domains);
        builder.mould(&document)
    }
}

/// An institution as the index numbers it, with the words of its name and commune.
struct Place {
    number: u32,
    words: Vec<u32>,
}

/// Documents of offerings, one after the other.
pub(super) struct Offerings<'a> {
    given: &'a Given,
    programmes: &'a FxHashMap<String, Taught>,
    institutions: &'a FxHashMap<String, [String; 2]>,
    moulds: Vec<Option<Mould>>,
    places: Vec<Option<Place>>,
    attendances: Vec<Option<Vec<u32>>>,
    seen: FxHashSet<u64>,
    id: String,
}

impl<'a> Offerings<'a> {
    /// Of these offerings, with what entries said of their ends.
    pub fn new(
        given: &'a Given,
        programmes: &'a FxHashMap<String, Taught>,
        institutions: &'a FxHashMap<String, [String; 2]>,
    ) -> Self {
        Self {
            given,
            programmes,
            institutions,
            moulds: vec![None; given.programmes().len()],
            places: given.institutions().iter().map(|_| None).collect(),
            attendances: vec![None; given.attendances().len()],
            seen: FxHashSet::default(),
            id: String::new(),
        }
    }

    /// Adds the document of one. There is none for an offering of which nothing is known but numbers.
    pub fn add(&mut self, offering: &GivenAt<'_>, builder: &mut Builder) -> Result<(), BuildError> {
        let mould = match &mut self.moulds[offering.programme] {
            Some(mould) => mould,
            none => {
                let programme = &self.given.programmes()[offering.programme];
                let Some(taught) = self.programmes.get(&**programme) else { return Ok(()) };
                none.insert(taught.mould(builder))
            }
        };
        let place = self.places[offering.institution].get_or_insert_with(|| {
            let institution = &self.given.institutions()[offering.institution];
            let named = self.institutions.get(&**institution).into_iter().flatten();
            Place {
                number: builder.institution(institution),
                words: builder.words(named.map(String::as_str)),
            }
        });
        let attended = self.attendances[offering.attendance].get_or_insert_with(|| {
            builder.words(self.given.attendances()[offering.attendance].iter().map(String::as_str))
        });
        self.id.clear();
        self.id.extend([offering.id, "@", &self.given.institutions()[offering.institution]]);
        // The same action stands at several institutions. Where even that is of two programmes, the second has its
        // programme behind it; that a third is taken for a second would only make its identifier longer.
        if !self.seen.insert(hash(&self.id)) {
            self.id.extend(["@", &self.given.programmes()[offering.programme]]);
        }
        builder.cast(
            mould,
            &Own {
                id: &self.id,
                words: [&place.words, attended],
                codes: &[offering.id],
                place: None,
                given_at: &[place.number],
            },
        )
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    text.hash(&mut hasher);
    hasher.finish()
}
