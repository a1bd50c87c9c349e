//! Making the packs of a release: the full one, and what changed since the release before.

use std::collections::HashMap;
use std::io;

use super::lines::{self, Line, Sink, TABLES};
use super::pack::{Head, PackError, Packing, Said, Sum, Unpacking};
use crate::file::{Catalogue, OpenError};

/// The packs of a release.
#[derive(Debug)]
pub struct Made {
    /// Rows of the release.
    pub rows: u64,
    /// Their sum.
    pub sum: String,
    /// Codes of its datasets.
    pub datasets: Vec<String>,
    /// All of it.
    pub full: Vec<u8>,
    /// What changed since the release before, and how many rows that is, those aside that only tell which files were
    /// read; none for the first.
    pub delta: Option<(Vec<u8>, u64)>,
}

/// Why no packs are made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// The catalogue cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The pack of the release before cannot be read.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// A pack cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What is written while the rows go by.
struct Making {
    full: Packing<Vec<u8>>,
    delta: Option<Packing<Vec<u8>>>,
    /// Rows of the release before that have not come by yet.
    before: HashMap<String, Sum>,
    changed: u64,
    rows: u64,
    sum: Sum,
}

impl Sink for Making {
    type Error = MakeError;

    async fn take(&mut self, line: Line) -> Result<(), MakeError> {
        self.rows += 1;
        self.sum.add(&line.text);
        self.full.put(&line.text)?;
        if let Some(delta) = &mut self.delta
            && self.before.remove(&line.key) != Some(Sum::of(&line.text))
        {
            self.changed += u64::from(!line.key.starts_with('s'));
            delta.put(&line.text)?;
        }
        Ok(())
    }
}

/// The packs of this catalogue as a release of this name; `before` is the name and the full pack of the one before.
///
/// # Errors
/// [`MakeError`]
pub async fn make(
    catalogue: &Catalogue,
    release: &str,
    before: Option<(&str, &[u8])>,
) -> Result<Made, MakeError> {
    let mut known = HashMap::new();
    if let Some((_, pack)) = before {
        let mut reading = Unpacking::begin(pack, "the pack of the release before")?;
        while let Some(said) = reading.next()? {
            if let Said::Put(key, text) = said {
                known.insert(key, Sum::of(&text));
            }
        }
    }
    let delta = match before {
        Some((from, _)) => Some(Packing::begin(Vec::new(), &Head::new(release, Some(from)))?),
        None => None,
    };
    let mut making = Making {
        full: Packing::begin(Vec::new(), &Head::new(release, None))?,
        delta,
        before: known,
        changed: 0,
        rows: 0,
        sum: Sum::default(),
    };
    for table in TABLES {
        lines::of_table(catalogue, table, None, &mut making).await?;
    }
    let Making { full, delta, before: gone, mut changed, rows, sum } = making;
    let delta = match delta {
        Some(mut delta) => {
            let mut gone: Vec<String> = gone.into_keys().collect();
            gone.sort_unstable();
            for key in &gone {
                changed += u64::from(!key.starts_with('s'));
                delta.remove(key)?;
            }
            Some((delta.end()?, changed))
        }
        None => None,
    };
    let datasets = catalogue.datasets().into_iter().map(|source| source.dataset.clone()).collect();
    Ok(Made { rows, sum: sum.written(), datasets, full: full.end()?, delta })
}
