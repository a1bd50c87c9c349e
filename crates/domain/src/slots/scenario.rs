//! The written form of a search: everything that it needs in one document, with plain strings as keys.
