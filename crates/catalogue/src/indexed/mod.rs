//! A catalogue with the index that finds things in it: what a desk holds while it is open.
//!
//! The index lies beside the file that it was made of, under the same name. It is only ever a copy: when it is missing,
//! damaged or of another version of the program it is made again from the file.

mod documents;
mod offerings;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use documents::Documents;

use crate::file::{Catalogue, Folder, Given, OpenError, Records, on_a_thread};
use crate::import::{Progress, Stage};
use crate::search::{BuildError, Builder, FileError, Index};

/// Kinds of entries in their static rank: of two that answer a question equally well the earlier is shown first.
const KINDS: [&str; 4] = ["occupation", "programme", "faq", "institution"];

/// A catalogue that can be searched.
#[derive(Debug)]
pub struct Indexed {
    /// Its records.
    pub catalogue: Catalogue,
    /// What finds them.
    pub index: Index,
    /// Name of its file in the folder.
    pub file: String,
}

/// Why no index can be made of a catalogue.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The catalogue cannot be read.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// It is not one that can be indexed.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The index cannot be saved.
    #[error(transparent)]
    File(#[from] FileError),
    /// The thread that was to work did not.
    #[error("the index was not made: {0}")]
    Thread(#[from] std::io::Error),
    /// Somebody asked to stop.
    #[error("it was stopped")]
    Stopped,
}

impl Indexed {
    /// Opens what is in service; nothing before the first import. The index is read, or made again and saved, which
    /// takes some seconds.
    ///
    /// # Errors
    /// [`IndexError`]; an index that cannot be saved is none.
    pub async fn open(folder: &Folder) -> Result<Option<Self>, IndexError> {
        let Some(pointer) = folder.in_service().map_err(OpenError::from)? else { return Ok(None) };
        let Some(catalogue) = Catalogue::open(folder).await? else { return Ok(None) };
        let path = index_path(&folder.file(&pointer.file));
        let name = pointer.file.clone();
        let read = on_a_thread(move || Index::load(&path, &name)).await?;
        let index = match read {
            Ok(index) => index,
            Err(error) => {
                tracing::info!(%error, "the index of the catalogue is made again");
                let (path, name) = (folder.file(&pointer.file), pointer.file.clone());
                let index =
                    on_a_thread(move || build(&path, &name, None, &AtomicBool::new(false), |_| ())).await??;
                let path = index_path(&folder.file(&pointer.file));
                if let Err(error) = index.save(&path) {
                    // It works from memory; the next start makes it again.
                    tracing::warn!(%error, "the index of the catalogue cannot be saved");
                }
                index
            }
        };
        Ok(Some(Self { catalogue, index, file: pointer.file }))
    }
}

/// Where the index of a file lies.
pub(crate) fn index_path(file: &Path) -> PathBuf {
    let mut path = file.as_os_str().to_owned();
    path.push(".index");
    PathBuf::from(path)
}

/// Makes the index of a finished file and lays it beside it: the first search must not wait for it. `rows` is what the
/// progress says of the rows read before. Who has just written the file knows what is `given`.
pub(crate) async fn make(
    path: &Path,
    name: &str,
    records: u64,
    rows: u64,
    given: Option<Given>,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
    stop: &Arc<AtomicBool>,
) -> Result<(), IndexError> {
    let (path, name, stop) = (path.to_owned(), name.to_owned(), stop.clone());
    on_a_thread(move || {
        let said = |done| {
            progress(Progress { stage: Stage::Indexing, file: String::new(), done, total: records, rows });
        };
        said(0);
        build(&path, &name, given, &stop, said)?.save(&index_path(&path))?;
        Ok(())
    })
    .await?
}

/// Makes the index of a file under this name. `progress` is told how many records are in it, every thousand.
fn build(
    path: &Path,
    name: &str,
    given: Option<Given>,
    stop: &AtomicBool,
    progress: impl Fn(u64),
) -> Result<Index, IndexError> {
    let records = Records::open(path)?;
    let given = given.map_or_else(|| records.given(), Ok)?;
    let mut documents = Documents::of_given(&given);
    let mut builder = Builder::new();
    let mut done = 0;
    let mut one_more = || {
        done += 1;
        if done % 1_000 == 0 {
            progress(done);
            if stop.load(Ordering::Relaxed) {
                return Err(IndexError::Stopped);
            }
        }
        Ok(())
    };
    for kind in KINDS {
        records.entries(kind, |whole| {
            builder.add(&documents.of(whole))?;
            one_more()
        })?;
    }
    let mut offerings = documents.offerings(&given);
    for offering in given.iter() {
        offerings.add(&offering, &mut builder)?;
        one_more()?;
    }
    // What is left of this is as large as the index.
    drop(offerings);
    drop((documents, given, records));
    Ok(builder.build(name)?)
}
