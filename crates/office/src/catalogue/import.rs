//! What replaces the catalogue of a desk: one job at a time, in the background, seen while it works and stopped when
//! asked.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chrono::{DateTime, Utc};
use passerelle_catalogue::import::{ImportError, Order, Progress, Report, Stage, import};

use super::DeskCatalogue;
use crate::sync::ReleaseError;

/// A job at work.
#[derive(Clone)]
pub struct Running {
    /// When it began.
    pub since: Instant,
    /// Set to stop it.
    pub stop: Arc<AtomicBool>,
    progress: Arc<Mutex<Progress>>,
    told: Arc<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Running {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Running").field("progress", &self.progress()).finish_non_exhaustive()
    }
}

impl Running {
    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the job says how far it is with.
    #[must_use]
    pub fn note(&self) -> Arc<dyn Fn(Progress) + Send + Sync> {
        let (progress, told) = (self.progress.clone(), self.told.clone());
        Arc::new(move |now| {
            *progress.lock().unwrap_or_else(PoisonError::into_inner) = now;
            told();
        })
    }
}

/// How a job ended.
#[derive(Debug)]
pub enum Ended {
    /// An import of files.
    Import(Result<Report, ImportError>),
    /// A release of central's.
    Release(Result<Installed, ReleaseError>),
}

/// A release that was put into service.
#[derive(Debug, Clone, PartialEq)]
pub struct Installed {
    /// Its name.
    pub release: String,
    /// Records that can be found.
    pub records: u64,
    /// Rows of it.
    pub rows: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// Another job is at work in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Busy;

/// The name of a release that is made at this instant: later ones sort after earlier ones.
#[must_use]
pub fn release_name(now: DateTime<Utc>) -> String {
    now.format("%Y%m%d-%H%M%S").to_string()
}

impl DeskCatalogue {
    /// Begins an import. `told` is called whenever there is something new to show, and once when it has ended.
    ///
    /// # Errors
    /// [`Busy`]
    pub fn begin(
        self: &Arc<Self>,
        paths: Vec<PathBuf>,
        release: String,
        told: impl Fn() + Send + Sync + 'static,
    ) -> Result<(), Busy> {
        let running = self.start(told)?;
        let this = self.clone();
        tokio::spawn(async move {
            let order = Order { paths, folder: this.folder.clone(), release, origin: None };
            let note = running.note();
            // In a task of its own: a panic in a reader must not leave an import that never ends.
            let ended = match tokio::spawn(import(order, move |now| note(now), running.stop)).await {
                Ok(ended) => ended,
                Err(error) => Err(ImportError::Io(std::io::Error::other(error.to_string()))),
            };
            this.end(Ended::Import(ended)).await;
        });
        Ok(())
    }

    /// Takes the place of the one job.
    ///
    /// # Errors
    /// [`Busy`]
    pub(crate) fn start(&self, told: impl Fn() + Send + Sync + 'static) -> Result<Running, Busy> {
        let progress = Progress { stage: Stage::Reading, file: String::new(), done: 0, total: 0, rows: 0 };
        let mut place = self.import.lock().unwrap_or_else(PoisonError::into_inner);
        if place.is_some() {
            return Err(Busy);
        }
        let running = Running {
            since: Instant::now(),
            stop: Arc::default(),
            progress: Arc::new(Mutex::new(progress)),
            told: Arc::new(told),
        };
        *place = Some(running.clone());
        Ok(running)
    }

    /// Gives the place up, with what became of the job.
    pub(crate) async fn end(&self, ended: Ended) {
        match &ended {
            Ended::Import(Ok(Report { release, records, seconds, .. }))
            | Ended::Release(Ok(Installed { release, records, seconds, .. })) => {
                tracing::info!(release, records, seconds, "a catalogue is in service");
                self.turn_over();
                // Open before the screens ask again.
                let _ = self.ready().await;
            }
            Ended::Import(Err(error)) => tracing::warn!(%error, "no catalogue was imported"),
            Ended::Release(Err(error)) => tracing::warn!(%error, "no release was taken"),
        }
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(ended));
        let done = self.import.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(done) = done {
            (done.told)();
        }
    }

    /// Keeps why a release that somebody asked for was refused before its job began, for the screens.
    pub(crate) fn refused(&self, error: ReleaseError) {
        let ended = Arc::new(Ended::Release(Err(error)));
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(ended);
    }

    /// Asks the job to stop; it ends within a moment and leaves everything as it was. Says whether one was at work.
    pub fn stop(&self) -> bool {
        let running = self.import.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = running.as_ref() {
            running.stop.store(true, Ordering::Relaxed);
        }
        running.is_some()
    }

    /// Asks for central's newest release now.
    pub fn ask_for_release(&self) {
        self.asked.notify_one();
    }

    /// Waits until somebody asks for central's newest release.
    pub(crate) async fn asked_for(&self) {
        self.asked.notified().await;
    }
}
