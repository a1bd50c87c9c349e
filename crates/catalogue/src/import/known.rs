//! What is known of each record while files are read: where it stands, what it is called, who told of it. The records
//! themselves are already on their way to the file.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::file::{Batch, EntryRow, batches};
use crate::model::Dataset;

/// A record.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    pub id: String,
    pub kind: &'static str,
    pub title: String,
    pub subtitle: String,
    pub uai: String,
    /// Of its surest part.
    pub rank: i64,
    /// Of its surest part that is not gone.
    pub live: Option<i64>,
    pub office: bool,
    pub gone_since: Option<String>,
}

/// What a part says of its record as a whole.
#[derive(Debug, Clone, Default)]
pub(super) struct Heading {
    pub kind: &'static str,
    pub title: String,
    pub subtitle: String,
    pub uai: String,
    pub office: bool,
}

/// All records.
#[derive(Debug, Default)]
pub(super) struct Known {
    entries: Vec<Entry>,
    by_id: FxHashMap<String, usize>,
    by_uai: FxHashMap<String, usize>,
    told: FxHashSet<(usize, i64)>,
    offerings: FxHashSet<u64>,
    bodies: FxHashSet<u64>,
}

fn hash(of: impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    of.hash(&mut hasher);
    hasher.finish()
}

impl Known {
    /// Where a record stands: a new one is added. `rank` is how sure the part is that tells of it.
    pub fn entry(&mut self, id: &str, heading: Heading, rank: i64, gone_since: Option<&str>) -> usize {
        let at = match self.by_id.get(id) {
            Some(at) => *at,
            None => {
                let at = self.entries.len();
                self.entries.push(Entry { id: id.to_owned(), rank: i64::MAX, ..Entry::default() });
                self.by_id.insert(id.to_owned(), at);
                at
            }
        };
        if !heading.uai.is_empty() {
            self.by_uai.entry(heading.uai.clone()).or_insert(at);
        }
        let entry = &mut self.entries[at];
        if rank < entry.rank && !heading.title.is_empty() {
            entry.rank = rank;
            entry.kind = heading.kind;
            entry.title = heading.title;
            entry.subtitle = heading.subtitle;
        }
        if entry.uai.is_empty() {
            entry.uai = heading.uai;
        }
        entry.office |= heading.office;
        match gone_since {
            None => entry.live = Some(entry.live.map_or(rank, |known| known.min(rank))),
            Some(release) => {
                if entry.gone_since.as_deref().is_none_or(|known| known < release) {
                    entry.gone_since = Some(release.to_owned());
                }
            }
        }
        at
    }

    /// Number of a record in the file.
    pub fn seq(at: usize) -> i64 {
        i64::try_from(at).unwrap_or(i64::MAX - 1) + 1
    }

    /// The identifier of the record with this UAI.
    pub fn by_uai(&self, uai: &str) -> Option<&str> {
        self.by_uai.get(uai).map(|at| self.entries[*at].id.as_str())
    }

    /// The UAI of a record that is known.
    pub fn uai_of(&self, id: &str) -> Option<&str> {
        self.by_id.get(id).map(|at| self.entries[*at].uai.as_str())
    }

    /// The label of a record that is known.
    pub fn title_of(&self, id: &str) -> Option<&str> {
        self.by_id.get(id).map(|at| self.entries[*at].title.as_str())
    }

    /// Notes that a file told of a record, and says whether the same words were not there yet.
    pub fn tell(&mut self, at: usize, source: i64, body: &str) -> bool {
        self.told.insert((at, source));
        self.bodies.insert(hash((at, body)))
    }

    /// Whether one of these files told of the record.
    pub fn was_told(&self, id: &str, mut sources: impl Iterator<Item = i64>) -> bool {
        self.by_id.get(id).is_some_and(|at| sources.any(|source| self.told.contains(&(*at, source))))
    }

    /// Whether the offering is new: the same three in two rows are one.
    pub fn offer(&mut self, id: &str, programme: &str, institution: &str) -> bool {
        self.offerings.insert(hash((id, programme, institution)))
    }

    /// The rows of `entry`.
    pub fn rows(&mut self) -> impl Iterator<Item = Batch> + use<> {
        let entries = std::mem::take(&mut self.entries);
        let rows = entries.into_iter().enumerate().map(|(at, entry)| EntryRow {
            seq: Self::seq(at),
            id: entry.id,
            kind: entry.kind,
            title: entry.title,
            subtitle: entry.subtitle,
            uai: entry.uai,
            named_only: entry.live.unwrap_or(entry.rank) >= Dataset::STUB,
            office: entry.office,
            gone_since: if entry.live.is_some() { None } else { entry.gone_since },
        });
        batches(rows, Batch::Entries)
    }
}
