//! The environment that the web view is started in.
//!
//! WebKitGTK reads two variables when it starts, from the process's own environment. Changing that environment in
//! place is unsafe as soon as a thread exists (GTK and the allocator start some), so the program starts itself once
//! more with the right one instead: the same process, about a millisecond later.

use std::ffi::OsString;

/// Its accelerated renderer shows blank windows on some graphics cards, and takes 90 MB more.
const RENDERER: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

/// With it, any program of the same user can read and drive the window.
const AUTOMATION: &str = "TAURI_WEBVIEW_AUTOMATION";

/// One change to the environment.
#[derive(Debug, PartialEq, Eq)]
enum Change {
    Set(&'static str, &'static str),
    Remove(&'static str),
}

/// What must change in an environment. Nothing remains to change in the environment that results, so that the
/// program never starts itself twice.
fn changes(read: impl Fn(&str) -> Option<OsString>, production: bool) -> Vec<Change> {
    let mut changes = Vec::new();
    if read(RENDERER).is_none() {
        changes.push(Change::Set(RENDERER, "1"));
    }
    if production && read(AUTOMATION).is_some() {
        changes.push(Change::Remove(AUTOMATION));
    }
    changes
}

/// Goes on in the right environment: returns when this is it already, or when the program cannot start itself again.
#[cfg(target_os = "linux")]
pub fn prepare() {
    use std::os::unix::process::CommandExt;

    let changes = changes(|name| std::env::var_os(name), !cfg!(debug_assertions));
    if changes.is_empty() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut command = std::process::Command::new(program);
    command.args(std::env::args_os().skip(1));
    for change in &changes {
        match change {
            Change::Set(name, value) => command.env(name, value),
            Change::Remove(name) => {
                eprintln!("{name} is refused in this build");
                command.env_remove(name)
            }
        };
    }
    let error = command.exec();
    if changes.contains(&Change::Remove(AUTOMATION)) {
        // The window must not open to others: better no window.
        eprintln!("passerelle-desktop cannot restart without {AUTOMATION}: {error}");
        std::process::exit(5);
    }
}

/// Nothing to prepare: WebView2 reads none of these.
#[cfg(not(target_os = "linux"))]
pub fn prepare() {
    let _ = changes;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with<'a>(set: &'a [&'a str]) -> impl Fn(&str) -> Option<OsString> + 'a {
        move |name| set.contains(&name).then(|| OsString::from("true"))
    }

    #[test]
    fn the_renderer_is_set_unless_someone_chose() {
        assert_eq!(changes(with(&[]), false), [Change::Set(RENDERER, "1")]);
        assert_eq!(changes(with(&[RENDERER]), false), []);
    }

    #[test]
    fn production_refuses_automation_and_tests_do_not() {
        assert_eq!(changes(with(&[RENDERER, AUTOMATION]), true), [Change::Remove(AUTOMATION)]);
        assert_eq!(changes(with(&[RENDERER, AUTOMATION]), false), []);
    }

    #[test]
    fn the_second_start_changes_nothing_more() {
        assert_eq!(changes(with(&[RENDERER]), true), [], "else the program would start itself for ever");
    }
}
