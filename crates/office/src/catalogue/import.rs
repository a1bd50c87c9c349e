//! The import of a desk: one at a time, in the background, seen while it works and stopped when asked.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use chrono::{DateTime, Utc};
use passerelle_catalogue::import::{ImportError, Order, Progress, Report, Stage, import};

use super::DeskCatalogue;

/// An import at work.
#[derive(Debug)]
pub struct Running {
    /// When it began.
    pub since: Instant,
    stop: Arc<AtomicBool>,
    progress: Arc<Mutex<Progress>>,
}

impl Running {
    /// How far it is.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How an import ended.
pub type Ended = Result<Report, ImportError>;

/// Another import is at work in this process.
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
        let stop = Arc::new(AtomicBool::new(false));
        let progress = Arc::new(Mutex::new(Progress {
            stage: Stage::Reading,
            file: String::new(),
            done: 0,
            total: 0,
            rows: 0,
        }));
        {
            let mut running = self.import.lock().unwrap_or_else(PoisonError::into_inner);
            if running.is_some() {
                return Err(Busy);
            }
            *running =
                Some(Running { since: Instant::now(), stop: stop.clone(), progress: progress.clone() });
        }
        let this = self.clone();
        let told = Arc::new(told);
        tokio::spawn(async move {
            let order = Order { paths, folder: this.folder.clone(), release, origin: None };
            let say = told.clone();
            let note = move |now: Progress| {
                *progress.lock().unwrap_or_else(PoisonError::into_inner) = now;
                say();
            };
            // In a task of its own: a panic in a reader must not leave an import that never ends.
            let ended = match tokio::spawn(import(order, note, stop)).await {
                Ok(ended) => ended,
                Err(error) => Err(ImportError::Io(std::io::Error::other(error.to_string()))),
            };
            match &ended {
                Ok(report) => {
                    tracing::info!(
                        records = report.records,
                        seconds = report.seconds,
                        "a catalogue is in service"
                    );
                    this.turn_over();
                    // Open before the screens ask again.
                    let _ = this.ready().await;
                }
                Err(error) => tracing::warn!(%error, "no catalogue was imported"),
            }
            *this.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(ended));
            *this.import.lock().unwrap_or_else(PoisonError::into_inner) = None;
            told();
        });
        Ok(())
    }

    /// Asks the import to stop; it ends within a moment and leaves everything as it was. Says whether one was at work.
    pub fn stop(&self) -> bool {
        let running = self.import.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = running.as_ref() {
            running.stop.store(true, Ordering::Relaxed);
        }
        running.is_some()
    }
}
