//! Where the workspace is, and what cargo and git say of it.

use std::{path::PathBuf, process::Command};

use serde_json::Value;

/// The folder of the workspace.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the tests member lives one level below the workspace").to_path_buf()
}

/// `cargo metadata` of the workspace with these arguments more.
pub fn metadata(arguments: &[&str]) -> Value {
    let cargo = option_env!("CARGO").unwrap_or("cargo");
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1"])
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("cargo must be startable");
    assert!(
        output.status.success(),
        "cargo metadata {arguments:?} failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON")
}

/// The files that git would commit: tracked, or new and not ignored. Paths are relative to the root, with `/`.
pub fn files() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git must be startable");
    assert!(output.status.success(), "git ls-files failed:\n{}", String::from_utf8_lossy(&output.stderr));
    let listing = String::from_utf8(output.stdout).expect("paths of the project are UTF-8");
    let files: Vec<String> = listing
        .split('\0')
        .filter(|path| !path.is_empty() && root().join(path).is_file())
        .map(str::to_owned)
        .collect();
    assert!(files.iter().any(|path| path == "Cargo.toml"), "the listing of git lacks Cargo.toml: {files:?}");
    files
}

/// The text under `key` of a JSON object, or a failure that shows the object.
pub fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_else(|| panic!("no text under {key:?} in {object}"))
}

/// The array under `key` of a JSON object, or a failure that names the key.
pub fn list<'a>(object: &'a Value, key: &str) -> &'a [Value] {
    object[key].as_array().unwrap_or_else(|| panic!("no array under {key:?}"))
}
