//! Prepares the shell: the permissions of its one command, and a page to embed when the UI is not built yet.

use std::{fs, io, path::Path};

/// What the window says when the shell was compiled before the UI.
const PLACEHOLDER: &str = "<!doctype html>\n<html lang=\"fr\">\n<meta charset=\"utf-8\">\n\
    <title>Passerelle</title>\n<p>L’interface n’est pas construite. Lancez ./dev run.</p>\n</html>\n";

fn main() -> io::Result<()> {
    let page = Path::new("../ui/dist/index.html");
    if !page.exists() {
        fs::create_dir_all("../ui/dist")?;
        fs::write(page, PLACEHOLDER)?;
    }
    // The page is embedded: a newly built one makes the shell anew.
    println!("cargo:rerun-if-changed=../ui/dist");
    // Only the commands named here can be granted by a capability: any other is refused before it is looked up.
    let commands = tauri_build::AppManifest::new().commands(&["call"]);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands))
        .map_err(|error| io::Error::other(format!("{error:#}")))
}
