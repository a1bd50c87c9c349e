//! The catalogue of a desk: what is in service, held open with its index, and the import that replaces it.
//!
//! Nothing is opened before somebody asks: a command line that books a meeting has no use for it. The window asks at its
//! start, so that the first key typed finds it there.

pub mod fetch;
mod import;
mod near;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use passerelle_catalogue::file::{Folder, OpenError};
use passerelle_catalogue::import::Progress;
use passerelle_catalogue::indexed::{IndexError, Indexed};
use tokio::sync::{Notify, OnceCell};

pub use import::{Busy, Ended, Installed, Running, release_name};
pub use near::{Near, near};

/// How often the folder is looked at for a catalogue that another process put into service.
const LOOK: Duration = Duration::from_secs(5);

/// Folder of the catalogues in a profile.
#[must_use]
pub fn folder(profile: &Path) -> Folder {
    Folder::new(profile.join("catalogue"))
}

/// Why nothing can be searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unready {
    /// Nothing was imported yet.
    None,
    /// The index is being read, or made again.
    Loading,
    /// The file is not what was put into service: it must be imported again. For the log.
    Damaged(String),
}

type Opened = Result<Arc<Indexed>, Unready>;

/// What was opened, and of which file.
#[derive(Debug, Default)]
struct Shelf {
    /// Filled once by whoever is first; all others wait for it.
    cell: Arc<OnceCell<Opened>>,
    looked: Option<Instant>,
}

/// The catalogue of a desk.
#[derive(Debug)]
pub struct DeskCatalogue {
    folder: Folder,
    shelf: RwLock<Shelf>,
    import: Mutex<Option<Running>>,
    ended: Mutex<Option<Arc<Ended>>>,
    asked: Notify,
}

impl DeskCatalogue {
    /// That of this profile; nothing is read yet.
    #[must_use]
    pub fn of(profile: &Path) -> Self {
        Self {
            folder: folder(profile),
            shelf: RwLock::default(),
            import: Mutex::new(None),
            ended: Mutex::new(None),
            asked: Notify::new(),
        }
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Folder {
        &self.folder
    }

    /// What is in service; waits while its index is read, some tenths of a second, or made again, some seconds.
    ///
    /// # Errors
    /// [`Unready`]
    pub async fn ready(&self) -> Opened {
        self.look();
        let cell = self.shelf.read().unwrap_or_else(PoisonError::into_inner).cell.clone();
        cell.get_or_init(|| open(&self.folder)).await.clone()
    }

    /// What is in service, if it is open already or within `patience`; else it goes on opening.
    ///
    /// # Errors
    /// [`Unready`]
    pub async fn ready_within(self: &Arc<Self>, patience: Duration) -> Opened {
        let this = self.clone();
        // A task of its own: what is half opened must not be dropped with the question.
        let opening = tokio::spawn(async move { this.ready().await });
        match tokio::time::timeout(patience, opening).await {
            Ok(Ok(opened)) => opened,
            Ok(Err(error)) => Err(Unready::Damaged(error.to_string())),
            Err(_) => Err(Unready::Loading),
        }
    }

    /// What is in service, if it is open: nothing is begun.
    #[must_use]
    pub fn now(&self) -> Option<Opened> {
        self.shelf.read().unwrap_or_else(PoisonError::into_inner).cell.get().cloned()
    }

    /// Forgets what was opened when the folder names another file by now: the command line may have imported one.
    fn look(&self) {
        let mut shelf = self.shelf.write().unwrap_or_else(PoisonError::into_inner);
        let Some(opened) = shelf.cell.get() else { return };
        if shelf.looked.is_some_and(|looked| looked.elapsed() < LOOK) {
            return;
        }
        let in_service = self.folder.in_service().ok().flatten().map(|pointer| pointer.file);
        let same = match opened {
            Ok(indexed) => in_service.is_none_or(|file| file == indexed.file),
            Err(Unready::None) => in_service.is_none(),
            Err(_) => false,
        };
        shelf.looked = Some(Instant::now());
        if !same {
            shelf.cell = Arc::default();
        }
    }

    /// Forgets what was opened: another is in service.
    fn turn_over(&self) {
        *self.shelf.write().unwrap_or_else(PoisonError::into_inner) = Shelf::default();
    }

    /// How far the import is that is at work.
    #[must_use]
    pub fn importing(&self) -> Option<(Progress, Duration)> {
        let import = self.import.lock().unwrap_or_else(PoisonError::into_inner);
        import.as_ref().map(|running| (running.progress(), running.since.elapsed()))
    }

    /// How the last import of this process ended.
    #[must_use]
    pub fn ended(&self) -> Option<Arc<Ended>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

async fn open(folder: &Folder) -> Opened {
    match Indexed::open(folder).await {
        Ok(Some(indexed)) => Ok(Arc::new(indexed)),
        Ok(None) => Err(Unready::None),
        Err(error) => {
            match &error {
                IndexError::Open(OpenError::Io(_)) => tracing::warn!(%error, "the catalogue cannot be read"),
                _ => tracing::warn!(%error, "the catalogue is not what was imported"),
            }
            Err(Unready::Damaged(error.to_string()))
        }
    }
}
