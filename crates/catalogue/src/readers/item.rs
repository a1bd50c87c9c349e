//! What readers yield.

use chrono::NaiveDate;

use crate::model::{Domain, Institution, Occupation, Offering, Programme, Question};

/// A record, or the part of one that a dataset tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// A programme, by its identifier.
    Programme(String, Box<Programme>),
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

/// A row, or why it cannot be kept, in French.
pub type Row = Result<Read, String>;
