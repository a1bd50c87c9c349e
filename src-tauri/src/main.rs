//! The window of Passerelle: a thin shell over `passerelle-office`. It holds no SQL, no rules and no network code; it
//! gives the page one command, `call`, and one event, `changed`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod arguments;
mod desk;
mod environment;
mod tray;
mod window;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Parser;
use tauri::{Manager, RunEvent};

use crate::arguments::Arguments;

/// What an exchange costs is for a good part the small pieces of memory that its commands and rows are read into
/// (decision 27).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    environment::prepare();
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("PASSERELLE_LOG").unwrap_or_else(|_| "warn".into()),
        )
        .init();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("passerelle-desktop: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    #[cfg(target_os = "linux")]
    anyhow::ensure!(
        ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some()),
        "no display: neither DISPLAY nor WAYLAND_DISPLAY is set (the command line `passerelle` needs none)"
    );
    let profile = profile(&arguments)?;

    // The desk opens on its own thread while the web view starts: the page's first calls wait for it.
    let opening = desk::Opening::start(profile.clone());

    let app = tauri::Builder::default()
        // First, so that a second start ends before it makes anything.
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .dbus_id(bus_name(&profile))
                .callback(|app, _, _| window::show(app))
                .build(),
        )
        .plugin(
            tauri_plugin_window_state::Builder::new()
                .with_state_flags(window::REMEMBERED)
                // Beside the data: two profiles are two windows.
                .with_filename(profile.join("window.json").to_string_lossy())
                .build(),
        )
        // Asked by the desk alone: the page has no permission to open a dialog.
        .plugin(tauri_plugin_dialog::init())
        .manage(opening)
        .invoke_handler(tauri::generate_handler![desk::call])
        .setup(move |app| {
            window::open(app.handle(), arguments.minimised)?;
            let state = tray::open(app.handle());
            desk::follow(app.handle().clone(), state);
            Ok(())
        })
        .build(tauri::generate_context!())?;
    app.run(|app, event| {
        if let RunEvent::Exit = event {
            app.state::<desk::Opening>().close();
        }
    });
    Ok(())
}

/// The desk's folder, absolute: it names the instance too.
fn profile(arguments: &Arguments) -> anyhow::Result<PathBuf> {
    let folder = match &arguments.profile {
        Some(folder) => folder.clone(),
        None => passerelle_office::profile::default_profile()?,
    };
    Ok(std::path::absolute(folder)?)
}

/// One instance a profile: the name under which the first one is found.
fn bus_name(profile: &Path) -> String {
    let mut hasher = DefaultHasher::new();
    profile.hash(&mut hasher);
    format!("fr.passerelle.desktop.p{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_is_its_own_instance() {
        let (a, b) = (bus_name(Path::new("/profiles/a")), bus_name(Path::new("/profiles/b")));
        assert_ne!(a, b, "two profiles may be open together");
        assert_eq!(a, bus_name(Path::new("/profiles/a")), "the second start finds the first");
    }
}
