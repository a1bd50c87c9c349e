//! What is asked of the index, and what it answers.

use passerelle_domain::office::Position;
use serde::Serialize;

use super::{column::Facet, document::Kind, snippet::Marker};

/// In which order hits are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// What answers best first.
    #[default]
    Relevance,
    /// The nearest to [`Query::near`] first, what has no place last. As relevance without a point.
    Distance,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Query<'a> {
    /// What was typed so far. Nothing: everything, in the order of the catalogue.
    pub text: &'a str,
    /// What the search is narrowed by: of each property, one of the values. A property with no values narrows nothing.
    pub filters: Vec<(Facet, Vec<String>)>,
    /// From where distances are said.
    pub near: Option<Position>,
    /// Only what has a place within so many kilometres of [`Query::near`], as the crow flies. It narrows programmes,
    /// offerings and institutions, those without a place among them; occupations and questions are nowhere and stay.
    /// Counted like a filter in totals and facets. Without a point, or where the point is none on the globe, it
    /// narrows nothing.
    pub within_km: Option<f64>,
    /// In which order.
    pub order: Order,
    /// How many hits to pass over.
    pub offset: usize,
    /// How many hits to give, at most.
    pub limit: usize,
    /// Whether to count the hits by property too.
    pub facets: bool,
}

impl<'a> Query<'a> {
    /// The first twenty hits of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            filters: Vec::new(),
            near: None,
            within_km: None,
            order: Order::Relevance,
            offset: 0,
            limit: 20,
            facets: false,
        }
    }
}

/// How a word of the question led to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// It is an identifier of the entry.
    Code,
    /// The entry has the word.
    Exact,
    /// The entry has another form of it: plural, other gender.
    Form,
    /// The entry has a word that begins so.
    Beginning,
    /// The entry has what the table of synonyms says for it.
    Synonym,
    /// The word is unknown; the entry has one that differs by a letter or two.
    Repaired,
    /// The word is unknown; the entry has one that looks like it.
    Alike,
}

/// Why an entry is a hit: one word of the question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The words of the question, as typed.
    pub asked: String,
    /// How they led here.
    pub how: How,
    /// Whether to a name of the entry, or only to a keyword.
    pub in_name: bool,
    /// What was found for them, where that is something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

/// One entry that answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Hit {
    /// Its identifier.
    pub id: String,
    /// What it is.
    pub kind: Kind,
    /// How well it answers; only to be compared within one answer.
    pub score: u32,
    /// How far its nearest place is, in kilometres as the crow flies; none without a point or without a place.
    pub distance_km: Option<f64>,
    /// Which words led there.
    pub reasons: Vec<Reason>,
}

/// How many hits have a value of a property.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The value.
    pub value: String,
    /// How many hits have it, narrowed by the other properties only: what choosing it would give.
    pub hits: usize,
}

/// What the index answers.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How many entries answer.
    pub total: usize,
    /// How many of them have all that is asked for; the others have a part of it.
    pub whole: usize,
    /// Those that were asked for.
    pub hits: Vec<Hit>,
    /// The counts of each property, most hits first; empty unless asked for.
    pub facets: Vec<(Facet, Vec<Count>)>,
    /// Words of the question that nothing is known for.
    pub unknown: Vec<String>,
    /// Whether nothing has all the words, so that entries with most of them are given.
    pub relaxed: bool,
    /// Finds the words of the question in the texts of the hits.
    pub marker: Marker,
}
