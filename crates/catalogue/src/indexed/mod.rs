//! A catalogue with the index that finds things in it: what a desk holds while it is open.
//!
//! The index lies beside the file that it was made of, under the same name. It is only ever a copy: when it is missing,
//! damaged or of another version of the program it is made again from the file.

mod documents;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{Stream, StreamExt, TryStreamExt};

pub use documents::Documents;

use crate::file::{Catalogue, Folder, OpenError, Whole};
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
    Thread(String),
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
                let index = build(&catalogue, &pointer.file, &AtomicBool::new(false), |_| ()).await?;
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

/// Everything that can be found, in its static rank.
pub fn records(catalogue: &Catalogue) -> impl Stream<Item = Result<Whole, OpenError>> + '_ {
    let entries = futures_util::stream::iter(KINDS).flat_map(|kind| catalogue.all(kind).boxed());
    let offerings = catalogue.all_offerings().map_ok(|offering| Whole::Offering(Box::new(offering)));
    entries.chain(offerings)
}

/// Makes the index of a finished file and lays it beside it: the first search must not wait for it. `rows` is what the
/// progress says of the rows read before.
pub(crate) async fn make(
    path: &Path,
    name: &str,
    records: u64,
    rows: u64,
    progress: &(dyn Fn(Progress) + Send + Sync),
    stop: &AtomicBool,
) -> Result<(), IndexError> {
    let said = |done| {
        progress(Progress { stage: Stage::Indexing, file: String::new(), done, total: records, rows });
    };
    said(0);
    let catalogue = Catalogue::open_file(path).await?;
    let made = build(&catalogue, name, stop, said).await;
    catalogue.close().await;
    made?.save(&index_path(path))?;
    Ok(())
}

/// Makes the index of a catalogue under this name. `progress` is told how many records are in it, every thousand.
pub(crate) async fn build(
    catalogue: &Catalogue,
    name: &str,
    stop: &AtomicBool,
    progress: impl Fn(u64),
) -> Result<Index, IndexError> {
    let mut documents = Documents::with_places(catalogue.given_at().await?);
    let mut builder = Builder::new();
    let mut done = 0;
    {
        let mut records = std::pin::pin!(records(catalogue));
        while let Some(whole) = records.try_next().await? {
            if let Some(document) = documents.of(whole) {
                builder.add(&document)?;
            }
            done += 1;
            if done % 1_000 == 0 {
                progress(done);
                if stop.load(Ordering::Relaxed) {
                    return Err(IndexError::Stopped);
                }
                // Records come from memory most of the time: others have their turn.
                tokio::task::yield_now().await;
            }
        }
    }
    drop(documents);
    let name = name.to_owned();
    Ok(on_a_thread(move || builder.build(&name)).await??)
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, IndexError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| IndexError::Thread(e.to_string()))
}
