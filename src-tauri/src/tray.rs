//! The icon beside the clock: open the window, see how the desk stands, quit.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tauri::{
    AppHandle, Wry,
    image::Image,
    menu::{MenuBuilder, MenuItem, MenuItemBuilder},
    tray::{MouseButton, MouseButtonState, TrayIconBuilder, TrayIconEvent},
};

use crate::window;

const OPEN: &str = "open";
const QUIT: &str = "quit";

/// The line of the menu that says how the desk stands.
pub struct State(MenuItem<Wry>);

impl State {
    /// Says it anew.
    pub fn say(&self, words: &str) {
        if let Err(error) = self.0.set_text(words) {
            tracing::debug!(%error, "the tray could not be told");
        }
    }
}

/// Makes the icon, or says why there is none: the desk works without it.
///
/// On Linux the library that draws it is loaded at run time, and its binding panics where it is missing. That must
/// not end the application, hence the catch.
pub fn open(app: &AppHandle) -> Option<State> {
    match catch_unwind(AssertUnwindSafe(|| build(app))) {
        Ok(Ok(state)) => Some(state),
        Ok(Err(error)) => {
            tracing::warn!(%error, "no icon beside the clock");
            None
        }
        Err(_) => {
            tracing::warn!("no icon beside the clock: its library is not installed");
            None
        }
    }
}

fn build(app: &AppHandle) -> tauri::Result<State> {
    let state = MenuItemBuilder::new("Ouverture du poste…").enabled(false).build(app)?;
    let menu = MenuBuilder::new(app)
        .text(OPEN, "Ouvrir Passerelle")
        .separator()
        .item(&state)
        .separator()
        .text(QUIT, "Quitter")
        .build()?;
    TrayIconBuilder::with_id("tray")
        .icon(Image::from_bytes(include_bytes!("../icons/tray.png"))?)
        .tooltip("Passerelle")
        .menu(&menu)
        .show_menu_on_left_click(false)
        .on_menu_event(|app, event| match event.id().as_ref() {
            OPEN => window::show(app),
            QUIT => app.exit(0),
            _ => {}
        })
        .on_tray_icon_event(|tray, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                window::show(tray.app_handle());
            }
        })
        .build(app)?;
    Ok(State(state))
}
