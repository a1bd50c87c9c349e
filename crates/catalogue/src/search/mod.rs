//! The catalogue's own index: from what a person types to the twenty entries that answer it.

mod document;

pub use document::{Document, Kind};
