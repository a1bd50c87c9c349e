//! The catalogue's own index: from what a person types to the twenty entries that answer it.
//!
//! [`Index`] is made of [`Document`]s in their static rank, saved to one file, and answers a [`Query`] from memory.
//! What is typed becomes things asked for (`plan`): words are folded (`text`), grouped by stem and gender (`stem`),
//! looked up in the table of synonyms (`synonyms`), repaired when nothing knows them (`repair`). Each is a set of
//! documents (`segment`, `postings`); sets meet (`run`), and what is best of them is chosen (`choose`) by looking at it
//! closely (`rank`). Of a whole message, what it says beside what it asks is dropped (`chatter`, `message`), and an entry
//! is found for each thing that it names (`gist`).

mod build;
mod chatter;
mod choose;
mod column;
mod document;
mod file;
mod gather;
mod gender;
mod gist;
mod index;
mod kin;
mod lexicon;
mod message;
mod narrow;
mod place;
mod plan;
mod postings;
mod query;
mod radius;
mod rank;
mod repair;
mod run;
mod segment;
mod snippet;
mod soft;
mod spare;
mod stem;
mod synonyms;
#[cfg(test)]
mod tests;
mod text;

pub use build::{BuildError, Builder};
pub(crate) use build::{Mould, Own};
pub use column::Facet;
pub use document::{Document, Kind};
pub use file::FileError;
pub use index::{Index, Lookup, Near};
pub use query::{Answer, Count, Hit, How, Order, Query, Reason};
pub use snippet::{Marker, Marking, Snippet};
pub use synonyms::{SynonymError, Synonyms};
