//! The one window: made, found again, and kept on its own page.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent};
use tauri_plugin_window_state::{AppHandleExt, StateFlags};

/// The label that the capability names.
pub const LABEL: &str = "main";

/// What is remembered of the window.
pub const REMEMBERED: StateFlags = StateFlags::SIZE.union(StateFlags::POSITION).union(StateFlags::MAXIMIZED);

/// How long the window must be still before its place is written: a drag moves it at every frame.
const STILL: Duration = Duration::from_millis(300);

/// Makes the window. Its place and size are those of the last time (the window-state plugin gives them back);
/// the sizes here are for the first time only.
pub fn open(app: &AppHandle, minimised: bool) -> tauri::Result<WebviewWindow> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Passerelle")
        .inner_size(1360.0, 860.0)
        // Two columns of the grid and the bars; below it the page would only scroll.
        .min_inner_size(640.0, 480.0)
        .center()
        .on_navigation(is_ours)
        // The page has nothing to download: files are written by the desk, where the person said.
        .on_download(|_, _| false)
        .build()?;
    remember(&window);
    if minimised {
        // Minimised, not hidden: where no tray exists a hidden window could not be found again.
        window.minimize()?;
    }
    Ok(window)
}

/// Writes the window's place and size soon after they change, and not only at the end: a power cut has no end.
fn remember(window: &WebviewWindow) {
    let app = window.app_handle().clone();
    let changes = Arc::new(AtomicU64::new(0));
    window.on_window_event(move |event| {
        if !matches!(event, WindowEvent::Moved(_) | WindowEvent::Resized(_)) {
            return;
        }
        let mine = changes.fetch_add(1, Ordering::Relaxed) + 1;
        let (app, changes) = (app.clone(), Arc::clone(&changes));
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(STILL).await;
            if changes.load(Ordering::Relaxed) == mine
                && let Err(error) = app.save_window_state(REMEMBERED)
            {
                tracing::warn!(%error, "the window's place could not be written");
            }
        });
    });
}

/// Brings the window to the front.
pub fn show(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    for step in [window.show(), window.unminimize(), window.set_focus()] {
        if let Err(error) = step {
            tracing::warn!(%error, "the window could not be brought to the front");
        }
    }
}

/// Whether the web view may go there: only the pages inside the binary (and the development server, when the shell
/// is built for it).
fn is_ours(url: &Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) | ("http" | "https", Some("tauri.localhost")) => true,
        ("about", _) => url.path() == "blank",
        ("http", Some("127.0.0.1")) => tauri::is_dev() && url.port() == Some(5173),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_web_view_stays_on_its_page() {
        for ours in
            ["tauri://localhost/", "tauri://localhost/#/agenda", "http://tauri.localhost/", "about:blank"]
        {
            assert!(is_ours(&ours.parse().expect("an address")), "{ours} is ours");
        }
        for foreign in [
            "https://example.org/",
            "file:///etc/passwd",
            "http://127.0.0.1:5173/",
            "tauri://elsewhere/",
            "data:text/html,x",
        ] {
            assert!(!is_ours(&foreign.parse().expect("an address")), "{foreign} is not ours");
        }
    }
}
