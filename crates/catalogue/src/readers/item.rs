//! What readers yield.

use chrono::NaiveDate;
use rustc_hash::FxHashMap;

use super::cells::Cells;
use crate::model::{Domain, Institution, Level, Occupation, Offering, Programme, Question};

/// A record, or the part of one that a dataset tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A programme, by its identifier.
    Programme(String, Box<Programme>),
    /// A programme in the very words of a row before it: what it leads to is counted once more, and nothing else.
    ProgrammeAgain(Option<Level>),
    /// An institution, by its identifier.
    Institution(String, Box<Institution>),
    /// An institution of the Annuaire, known by its UAI; the identifier is the one that its address on Onisep's site
    /// ends with.
    Directory(Option<String>, Box<Institution>),
    /// An occupation, by its identifier.
    Occupation(String, Box<Occupation>),
    /// A question, by its identifier.
    Question(String, Box<Question>),
    /// An offering.
    Offering(Box<Offering>),
    /// A line of the nomenclature.
    Domain(Domain),
}

/// What a row gave.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Read {
    /// Its records. The first is what the row is about; others are named by it.
    pub items: Vec<Item>,
    /// Day of its last change.
    pub changed: Option<NaiveDate>,
    /// Things in it that are wrong and were left out, in French; counted by text.
    pub left_out: Vec<&'static str>,
}

impl Read {
    /// One record.
    #[must_use]
    pub fn one(item: Item, changed: Option<NaiveDate>) -> Self {
        Self { items: vec![item], changed, left_out: Vec::new() }
    }
}

/// What the rows of one file said of records that they are not about. A programme at two hundred places is described two
/// hundred times; it is read once.
#[derive(Debug, Default)]
pub struct Told {
    /// Programmes, with their level.
    pub(super) programmes: ToldInWords<Option<Level>>,
    /// Institutions, with what was left out of them.
    pub(super) institutions: ToldInWords<Option<&'static str>>,
}

/// What was told in the words of a few columns.
#[derive(Debug, Default)]
pub(super) struct ToldInWords<T> {
    /// Where the columns stand, and of how many when they were looked for: objects may bring further ones.
    places: (usize, Vec<usize>),
    known: FxHashMap<u64, T>,
}

impl<T> ToldInWords<T> {
    /// The number under which what a row says in these columns is known.
    pub(super) fn number(&mut self, cells: &Cells<'_>, columns: &[&str]) -> u64 {
        let all = cells.columns();
        if self.places.0 != all.len() {
            self.places = (all.len(), columns.iter().filter_map(|slug| all.get(slug)).collect());
        }
        cells.same(&self.places.1)
    }

    pub(super) fn get(&self, number: u64) -> Option<&T> {
        self.known.get(&number)
    }

    pub(super) fn insert(&mut self, number: u64, told: T) {
        self.known.insert(number, told);
    }
}

/// A row, or why it cannot be kept, in French.
pub type Row = Result<Read, String>;
