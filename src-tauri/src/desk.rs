//! The desk behind the window: opened while the web view starts, asked by the one command, followed by the one event.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    time::Duration,
};

use passerelle_office::{
    api::{
        self,
        dto::{ApiError, StatusView},
    },
    clock::Clock,
    desk::{ChooseFiles, Desk},
    store::StoreError,
};
use serde_json::{Value, json};
use tauri::{AppHandle, Emitter, Manager, State};
use tauri_plugin_dialog::{DialogExt, FilePath};
use tokio::sync::{broadcast::error::RecvError, watch};

use crate::tray;

/// The event that tells the page which scopes to read again.
const CHANGED: &str = "changed";

/// How long the end of the application waits for the database to be closed. Nothing is lost beyond it: what was
/// committed is in the write-ahead log.
const CLOSING: Duration = Duration::from_secs(3);

/// The desk, as soon as it is open, or why it is not.
pub struct Opening(watch::Receiver<Option<Result<Desk, ApiError>>>);

impl Opening {
    /// Begins to open the desk of a profile.
    pub fn start(profile: PathBuf) -> Self {
        let (tell, opening) = watch::channel(None);
        tauri::async_runtime::spawn(async move {
            let opened = open(&profile).await.map_err(|error| {
                tracing::error!(%error, profile = %profile.display(), "the desk could not be opened");
                ApiError::from(error)
            });
            // The receiver lives as long as the application.
            let _ = tell.send(Some(opened));
        });
        Self(opening)
    }

    /// Waits for the desk.
    async fn desk(&self) -> Result<Desk, ApiError> {
        let mut opening = self.0.clone();
        match opening.wait_for(Option::is_some).await {
            Ok(opened) => opened.clone().unwrap_or_else(|| Err(ApiError::new("not_ready"))),
            // The task that opens it ended without a word: it panicked.
            Err(_) => Err(ApiError::new("internal")),
        }
    }

    /// Closes the desk, if it is open.
    pub fn close(&self) {
        let opened = self.0.borrow().clone();
        if let Some(Ok(desk)) = opened {
            // Made inside: a timer needs the runtime.
            let closed = tauri::async_runtime::block_on(async {
                tokio::time::timeout(CLOSING, desk.store().close()).await
            });
            if closed.is_err() {
                tracing::warn!("the database was still in use at the end");
            }
        }
    }
}

/// Opens the profile, or makes it: a first start shows a desk that belongs to no office yet.
async fn open(profile: &Path) -> Result<Desk, StoreError> {
    let clock = Clock::default();
    let desk = match Desk::open(profile, clock).await {
        Err(StoreError::NoProfile(_)) => Desk::create(profile, clock).await,
        opened => opened,
    }?;
    desk.show_with(show);
    Ok(desk)
}

/// How long a program that is to show something may take to say that it cannot. It says so at once, or never.
const SHOWING: Duration = Duration::from_millis(800);

/// Has the program that the computer has for such files, or its browser, show one, without waiting for it to end. That it could be started
/// is not enough: on a computer without a program for folders `xdg-open` starts, and fails a moment later.
fn show(what: &OsStr) -> bool {
    // Windows asks the shell itself, which answers whether it could; the status of its explorer says nothing.
    let shown = if cfg!(windows) {
        ::open::that_detached(what)
    } else {
        ::open::that_detached_with_timeout(what, SHOWING)
    };
    shown.inspect_err(|error| tracing::warn!(%error, "no program could be asked to show it")).is_ok()
}

/// The dialog of the system in which files are chosen.
fn choose(app: AppHandle) -> ChooseFiles {
    ChooseFiles::new(move |folders, send| {
        let dialog = app.dialog().file().set_title("Fichiers du catalogue");
        let said = move |chosen: Option<Vec<FilePath>>| {
            let paths = chosen.unwrap_or_default().into_iter().filter_map(|path| path.into_path().ok());
            // The page that asked may be gone.
            let _ = send.send(paths.collect());
        };
        if folders {
            dialog.pick_folders(said);
        } else {
            dialog.pick_files(said);
        }
    })
}

/// The one command of the page. What `name` may be, who may give it and what it answers is the list in
/// [`passerelle_office::api`].
#[tauri::command]
pub async fn call(name: String, args: Value, opening: State<'_, Opening>) -> Result<Value, ApiError> {
    let desk = opening.desk().await?;
    api::call(&desk, &name, args).await
}

/// Keeps page and tray at what the desk says, and desk and central in exchange, until the application ends.
pub fn follow(app: AppHandle, tray: Option<tray::State>) {
    tauri::async_runtime::spawn(async move {
        let desk = match app.state::<Opening>().desk().await {
            Ok(desk) => desk,
            Err(_) => {
                if let Some(tray) = &tray {
                    tray.say("Le poste n’a pas pu s’ouvrir");
                }
                return;
            }
        };
        desk.choose_files_with(choose(app.clone()));
        // The first key typed into the search finds its index there.
        let catalogue = desk.catalogue().clone();
        tauri::async_runtime::spawn(async move { catalogue.ready().await.map(drop) });
        let mut changes = desk.changes();
        let mut exchange = tauri::async_runtime::spawn(passerelle_office::sync::run(desk.clone()));
        loop {
            if let Some(tray) = &tray {
                tray.say(&standing(&desk).await);
            }
            let scopes = match changes.recv().await {
                Ok(scopes) => {
                    // The exchange ends by itself while the desk belongs to no office; it may belong to one now.
                    if scopes.contains("session") && exchange.inner().is_finished() {
                        exchange = tauri::async_runtime::spawn(passerelle_office::sync::run(desk.clone()));
                    }
                    json!(scopes)
                }
                // Too much happened to be told one by one.
                Err(RecvError::Lagged(_)) => json!(["*"]),
                Err(RecvError::Closed) => return,
            };
            if let Err(error) = app.emit(CHANGED, scopes) {
                tracing::warn!(%error, "the page could not be told");
            }
        }
    });
}

/// How the desk stands, in the words of the connection line.
async fn standing(desk: &Desk) -> String {
    let status = api::call(desk, "status.get", json!({})).await.ok();
    match status.and_then(|status| serde_json::from_value::<StatusView>(status).ok()) {
        Some(status) => words(&status),
        None => "Poste sans CIO".to_owned(),
    }
}

fn words(status: &StatusView) -> String {
    // Nothing that is done here reaches the office's agenda any more.
    if status.offline_code.as_deref() == Some("desk_revoked") {
        return match status.put_aside {
            0 => "Poste retiré".to_owned(),
            1 => "Poste retiré · 1 saisie à la direction".to_owned(),
            count => format!("Poste retiré · {count} saisies à la direction"),
        };
    }
    let line = match status.online {
        None => "Poste seul",
        Some(true) => "En ligne",
        Some(false) => "Hors ligne",
    };
    match status.pending {
        0 if status.online == Some(true) => format!("{line} · à jour"),
        0 => line.to_owned(),
        pending => format!("{line} · {pending} à envoyer"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(online: Option<bool>, pending: u32) -> StatusView {
        serde_json::from_value(json!({
            "online": online, "offline_since": null, "last_sync": null, "syncing": false, "pending": pending,
            "conflicts": 0, "enquiries_todo": 0, "waiting": 0, "arrivals": [], "next_try_at": null, "offline_code": null,
            "put_aside": 0,
        }))
        .expect("a status as the desk says it")
    }

    #[test]
    fn the_tray_says_what_the_connection_line_says() {
        assert_eq!(words(&status(Some(true), 0)), "En ligne · à jour");
        assert_eq!(words(&status(Some(true), 2)), "En ligne · 2 à envoyer");
        assert_eq!(words(&status(Some(false), 3)), "Hors ligne · 3 à envoyer");
        assert_eq!(words(&status(Some(false), 0)), "Hors ligne");
        assert_eq!(words(&status(None, 0)), "Poste seul");
        let revoked = |put_aside| StatusView {
            offline_code: Some("desk_revoked".into()),
            put_aside,
            ..status(Some(false), 3)
        };
        assert_eq!(words(&revoked(0)), "Poste retiré");
        assert_eq!(words(&revoked(1)), "Poste retiré · 1 saisie à la direction");
        assert_eq!(words(&revoked(3)), "Poste retiré · 3 saisies à la direction");
    }
}
