//! From files to a catalogue in service.
//!
//! The files are read on a thread of their own, which decides what each row is and hands rows of SQLite over in batches;
//! the new file is written meanwhile. A dataset that is read replaces what was known of the same dataset, and leaves
//! alone what others say. What the dataset does not have any more is kept and marked as gone, for an appointment may
//! refer to it. Whatever stops the import, the catalogue in service stays.

mod carry;
mod gather;
mod known;
mod report;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use tokio::sync::mpsc;

use crate::file::{Catalogue, Folder, Given, InService, OpenError, Writer, on_a_thread};
use crate::indexed::{self, IndexError};
use crate::readers::sources::{self, Found};
use crate::readers::{Fault, FaultKind};

pub use report::{Ignored, Note, Progress, Report, Stage};

/// Batches that may wait to be written; what bounds the memory between the two sides.
const WAITING: usize = 8;

/// What is to be imported.
#[derive(Debug, Clone)]
pub struct Order {
    /// Files, archives and folders, in any mix.
    pub paths: Vec<PathBuf>,
    /// The folder of catalogues.
    pub folder: Folder,
    /// Name of the release that is made: letters, digits, `-`. Later releases sort after earlier ones.
    pub release: String,
    /// Who tells all of this, when it is not who publishes files of these formats.
    pub origin: Option<Origin>,
}

/// Who tells what files say, in the place of the publisher of their format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// What the dataset is called.
    pub title: String,
    /// Who publishes it.
    pub publisher: String,
    /// Under which licence.
    pub licence: String,
}

/// Why nothing was imported. The catalogue in service is as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read to its end.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// None of the files is one of a catalogue.
    #[error("none of the {} files is one of a catalogue", .0.len())]
    Nothing(Vec<Fault>),
    /// Another import is at work in the same folder.
    #[error("another import is at work")]
    Busy,
    /// The folder of catalogues cannot be written.
    #[error("the catalogue cannot be written: {0}")]
    Io(#[from] std::io::Error),
    /// The new file cannot be written: the disk may be full.
    #[error("the catalogue cannot be written: {0}")]
    Sql(#[from] sqlx::Error),
    /// The new file is not what was written to it.
    #[error("the new catalogue is not whole")]
    NotWhole,
    /// No index can be made of the new file.
    #[error("the new catalogue cannot be indexed: {0}")]
    Index(IndexError),
    /// The name of the release cannot be one of a file.
    #[error("{0:?} is no name of a release")]
    Release(String),
}

impl ImportError {
    /// Whether somebody asked to stop.
    #[must_use]
    pub fn was_stopped(&self) -> bool {
        matches!(self, Self::Fault(fault) if fault.kind == FaultKind::Stopped)
            || matches!(self, Self::Index(IndexError::Stopped))
    }
}

/// Imports, and puts the result into service. `progress` is called from the reading thread, some ten times a second at
/// most; setting `stop` ends the import within a moment and leaves everything as it was.
///
/// # Errors
/// [`ImportError`]; then nothing has changed.
pub async fn import(
    order: Order,
    progress: impl Fn(Progress) + Send + Sync + 'static,
    stop: Arc<AtomicBool>,
) -> Result<Report, ImportError> {
    let started = Instant::now();
    let Order { paths, folder, release, origin } = order;
    if !is_release_name(&release) {
        return Err(ImportError::Release(release));
    }
    let Some(lock) = folder.begin()? else { return Err(ImportError::Busy) };
    let found = {
        let stop = stop.clone();
        on_a_thread(move || sources::find(&paths, &stop)).await??
    };
    if found.sources.is_empty() {
        return Err(ImportError::Nothing(found.others));
    }
    let name = folder.free_name(&release);
    let path = folder.file(&name);
    let progress: Arc<dyn Fn(Progress) + Send + Sync> = Arc::new(progress);
    let done = match build(&folder, &path, &release, origin, found, progress.clone(), &stop).await {
        Ok((report, given)) => {
            indexed::make(&path, &name, report.records, report.read, Some(given), progress, &stop)
                .await
                .map_err(ImportError::Index)
                .map(|()| report)
        }
        Err(error) => Err(error),
    };
    let done = match done {
        Ok(mut report) => {
            let pointer = InService {
                file: name,
                release,
                records: report.records,
                bytes: std::fs::metadata(&path)?.len(),
            };
            folder.put_in_service(&pointer)?;
            report.seconds = started.elapsed().as_secs_f64();
            Ok(report)
        }
        Err(error) => {
            let _ = std::fs::remove_file(&path);
            let _ = std::fs::remove_file(indexed::index_path(&path));
            Err(error)
        }
    };
    drop(lock);
    done
}

/// Whether it can be the name of a release: letters, digits and `-`, at most sixty.
pub(crate) fn is_release_name(name: &str) -> bool {
    let sound = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !name.is_empty() && name.len() <= 60 && name.chars().all(sound)
}

async fn build(
    folder: &Folder,
    path: &std::path::Path,
    release: &str,
    origin: Option<Origin>,
    found: Found,
    progress: Arc<dyn Fn(Progress) + Send + Sync>,
    stop: &Arc<AtomicBool>,
) -> Result<(Report, Given), ImportError> {
    let mut writer = Writer::create(path).await?;
    let (sender, mut receiver) = mpsc::channel(WAITING);
    let reading = {
        let (release, progress, stop) = (release.to_owned(), progress.clone(), stop.clone());
        tokio::task::spawn_blocking(move || gather::gather(found, &release, sender, &*progress, &stop))
    };
    let mut written = Ok(());
    while let Some(batch) = receiver.recv().await {
        written = writer.write(batch).await;
        if written.is_err() {
            // The reading side sees that nobody listens any more.
            break;
        }
    }
    drop(receiver);
    let gathered = reading.await.map_err(|e| std::io::Error::other(e.to_string()))?;
    written?;
    let mut gathered = gathered?;
    if let Some(origin) = &origin {
        gathered.told_by(origin);
    }

    progress(Progress { stage: Stage::Keeping, ..gathered.progress() });
    match Catalogue::open(folder).await {
        Ok(Some(old)) => {
            carry::carry(&old, &mut gathered, &mut writer, stop).await?;
            old.close().await;
        }
        // One of another format, or a damaged one, has nothing to give; the new one repairs it.
        Ok(None) | Err(OpenError::Format { .. } | OpenError::Damaged { .. }) => {}
        Err(OpenError::Io(e)) if e.kind() == std::io::ErrorKind::InvalidData => {}
        Err(OpenError::Io(e)) => return Err(e.into()),
        Err(OpenError::Sql(e)) => return Err(e.into()),
        Err(OpenError::Rows(e)) => return Err(std::io::Error::other(e).into()),
        Err(OpenError::Record { detail, .. }) => return Err(std::io::Error::other(detail).into()),
    }
    for batch in gathered.known.rows() {
        writer.write(batch).await?;
    }
    for batch in gathered.source_rows() {
        writer.write(batch).await?;
    }
    carry::go_on(stop)?;
    progress(Progress { stage: Stage::Checking, ..gathered.progress() });
    let finished = writer.finish(release).await?;
    if !finished.whole {
        return Err(ImportError::NotWhole);
    }
    let given = std::mem::take(&mut gathered.given);
    Ok((gathered.into_report(release, &finished), given))
}
