//! What an import says while it works and when it is done.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::readers::Reject;

/// Rejects that are told one by one; all are counted.
pub(super) const DETAILED: usize = 1_000;

/// What an import did.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// The release that is in service now.
    pub release: String,
    /// Rows read.
    pub read: u64,
    /// Rows kept. Several may tell of one record.
    pub kept: u64,
    /// Rows rejected.
    pub rejected: u64,
    /// Records of each kind in the catalogue now, those that are gone aside.
    pub by_kind: BTreeMap<String, u64>,
    /// All of them together.
    pub records: u64,
    /// Why rows were rejected, the first thousand.
    pub rejects: Vec<Reject>,
    /// Files that are no catalogue, and why they were passed over.
    pub ignored: Vec<Ignored>,
    /// What was noticed in files that were read: columns missing, values left out.
    pub notes: Vec<Note>,
    /// Links whose other end is in no file.
    pub dangling: u64,
    /// Records that no dataset has any more, kept for whoever refers to them.
    pub gone: u64,
    /// How long it took.
    pub seconds: f64,
}

/// A file that was passed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ignored {
    /// The file, with the archive that it lies in.
    pub file: String,
    /// Why, in French.
    pub reason: String,
}

/// Something noticed in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// The file, with the archive that it lies in.
    pub file: String,
    /// What, in French.
    pub text: String,
    /// How many times.
    pub count: u64,
}

/// What an import is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Fetches files from elsewhere.
    Downloading,
    /// Reads the files.
    Reading,
    /// Takes over what other datasets said.
    Keeping,
    /// Makes sure of the new file.
    Checking,
    /// Makes the index that finds things in it.
    Indexing,
}

/// How far it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// What it is at.
    pub stage: Stage,
    /// The file that is read.
    pub file: String,
    /// Bytes read of all files, unpacked; while indexing, records.
    pub done: u64,
    /// Bytes of all files, as far as they are known; while indexing, records.
    pub total: u64,
    /// Rows read.
    pub rows: u64,
}
