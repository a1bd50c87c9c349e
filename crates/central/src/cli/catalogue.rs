//! `catalogue publish`, `catalogue show`.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use passerelle_catalogue::import::ImportError;
use serde_json::json;

use super::{CatalogueSub, Failure, Said, said};
use crate::administration;
use crate::clock::Clock;
use crate::publish::{Publication, PublishError, publish};
use crate::store::{Location, Store};

/// Where the catalogue of a database is built: beside a file; for one on a server, in the current folder. What is lost
/// of it is made again from what was published.
pub(super) fn folder(database: &Location) -> PathBuf {
    let mut name = match database {
        Location::Sqlite(file) => file.as_os_str().to_owned(),
        Location::Postgres(server) => server.folder_name().into(),
    };
    name.push(".catalogue");
    PathBuf::from(name)
}

/// `catalogue …`.
pub(super) async fn run(
    store: &Store,
    folder: PathBuf,
    command: CatalogueSub,
) -> Result<Option<Said>, Failure> {
    match command {
        CatalogueSub::Publish { paths, demo } => publish_files(store, folder, paths, demo).await,
        CatalogueSub::Show => show(store).await,
    }
}

async fn publish_files(
    store: &Store,
    folder: PathBuf,
    paths: Vec<PathBuf>,
    demo: bool,
) -> Result<Option<Said>, Failure> {
    let now = Clock::shifted_us(store.meta.clock_shift_us).now();
    let written = folder.with_extension("demonstration");
    let publication = if demo {
        if !store.meta.demo {
            let message = "cette base n’est pas une démonstration ; publiez de vrais fichiers";
            return Err(Failure::new(1, "real_data", message));
        }
        passerelle_demo::catalogue_files::write(&written, now.date_naive())
            .map_err(|e| Failure::new(3, "disk", e))?;
        Publication {
            paths: vec![written.clone()],
            folder,
            origin: Some(passerelle_demo::catalogue_files::origin()),
        }
    } else {
        Publication { paths, folder, origin: None }
    };
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    let listening = tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            asked.store(true, Ordering::Relaxed);
        }
    });
    let done = publish(store, publication, now, |_| (), stop).await;
    listening.abort();
    // What was written is published now, or of no use.
    let _ = std::fs::remove_dir_all(&written);
    let (report, manifest) = done.map_err(failure)?;
    let last = manifest.deltas.last();
    let mut text = format!(
        "version {} publiée : {} fiches, paquet de {} octets{}",
        manifest.release,
        manifest.records,
        manifest.full.bytes,
        last.map(|d| format!(", différence de {} octets", d.pack.bytes)).unwrap_or_default(),
    );
    for reject in report.rejects.iter().take(20) {
        let line = reject.line.map(|line| format!(", ligne {line}")).unwrap_or_default();
        text += &format!("\n  {}{line} : {}", reject.file, reject.reason);
    }
    said(json!({ "manifest": manifest, "report": report }), text)
}

async fn show(store: &Store) -> Result<Option<Said>, Failure> {
    let Some(manifest) = administration::catalogue(store).await? else {
        return said(json!(null), "aucun catalogue n’a encore été publié");
    };
    let text = format!(
        "version {} du {} : {} fiches, paquet de {} octets, {} différences",
        manifest.release,
        manifest.published_at.format("%d/%m/%Y"),
        manifest.records,
        manifest.full.bytes,
        manifest.deltas.len(),
    );
    said(json!(manifest), text)
}

/// What, why, and what now.
fn failure(error: PublishError) -> Failure {
    let stays = "rien n’a été publié, la version en service reste";
    match error {
        PublishError::Store(error) => error.into(),
        PublishError::Unchanged => Failure::new(1, "unchanged", error),
        PublishError::Overtaken => Failure::new(1, "overtaken", error),
        PublishError::Import(ImportError::Busy) => {
            Failure::new(5, "busy", format!("une autre publication est en cours ; {stays}"))
        }
        PublishError::Import(error) if error.was_stopped() => {
            Failure::new(1, "stopped", format!("arrêté ; {stays}"))
        }
        PublishError::Import(ImportError::Fault(fault)) => {
            Failure::new(3, "unreadable", format!("« {} » : {} ; {stays}", fault.file, fault.reason))
        }
        PublishError::Import(ImportError::Nothing(faults)) => {
            let files: Vec<String> =
                faults.iter().take(5).map(|fault| format!("{} : {}", fault.file, fault.reason)).collect();
            let message =
                format!("aucun de ces fichiers n’est un catalogue ({}) ; {stays}", files.join(" ; "));
            Failure::new(3, "no_catalogue", message)
        }
        other => Failure::new(3, "publish", format!("{other} ; {stays}")),
    }
}
