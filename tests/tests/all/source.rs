//! Rules on the files themselves: what lies at the top, how long a file may be, which words a crate may not say.

use std::{collections::BTreeSet, fs};

use crate::workspace::{files, root};

/// All that may lie at the top of the repository.
const TOP: &[&str] = &[
    ".ci",
    ".editorconfig",
    ".gitattributes",
    ".gitignore",
    "ARCHITECTURE.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "dev",
    "docs",
    "migrations",
    "rustfmt.toml",
    "src-tauri",
    "tests",
    "ui",
];

/// Lines that a file with one subject does not pass.
const LONGEST: usize = 500;

/// Written by people and read by people: these have the limit.
const CODE: &[&str] = &["rs", "ts", "tsx", "js", "mjs", "css", "sql", "sh", "py"];

/// Longer files, each with the reason why it is not two.
const LONGER: &[(&str, &str)] = &[(
    "ui/src/shared/backend/generated/types.ts",
    "generated from crates/office/src/api/dto, read by nobody",
)];

/// Names that say nothing of what a thing does.
const EMPTY_NAMES: &[&str] = &["manager", "helper", "helpers", "util", "utils", "misc", "common"];

#[test]
fn the_top_level_holds_only_what_is_planned() {
    let planned: BTreeSet<&str> = TOP.iter().copied().collect();
    let files = files();
    let found: BTreeSet<&str> = files.iter().filter_map(|path| path.split('/').next()).collect();
    let unplanned: Vec<_> = found.difference(&planned).collect();
    assert!(unplanned.is_empty(), "at the top level, and not planned: {unplanned:?}");
}

#[test]
fn no_file_has_two_subjects() {
    let mut too_long = Vec::new();
    let mut seen = 0;
    for path in files() {
        let extension = path.rsplit('.').next().unwrap_or_default();
        if !CODE.contains(&extension) && path != "dev" {
            continue;
        }
        let text = fs::read_to_string(root().join(&path)).expect("code is readable UTF-8");
        seen += 1;
        let lines = text.lines().count();
        if lines > LONGEST && !LONGER.iter().any(|(allowed, _)| *allowed == path) {
            too_long.push(format!("{path}: {lines} lines"));
        }
    }
    assert!(seen > 20, "only {seen} files of code were seen: the listing is wrong");
    assert!(too_long.is_empty(), "past {LONGEST} lines a file has two subjects: {too_long:#?}");
}

#[test]
fn the_longer_files_are_still_longer() {
    for (path, reason) in LONGER {
        let text = fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(text.lines().count() > LONGEST, "{path} is short again: take it off the list ({reason})");
        assert!(!reason.is_empty(), "{path} has no reason to be longer");
    }
}

#[test]
fn names_say_what_a_thing_is() {
    let mut empty = Vec::new();
    for path in files() {
        let file = path.rsplit('/').next().unwrap_or_default();
        let stem = file.split('.').next().unwrap_or_default().to_lowercase();
        if EMPTY_NAMES.contains(&stem.as_str()) {
            empty.push(path);
        }
    }
    assert!(empty.is_empty(), "files whose names say nothing: {empty:?}");
}

/// Rust files under a folder, as (path, text without its test modules and comments).
fn spoken(folder: &str) -> Vec<(String, String)> {
    let code: Vec<(String, String)> = files()
        .into_iter()
        .filter(|path| path.starts_with(folder) && path.ends_with(".rs"))
        .map(|path| {
            let text = fs::read_to_string(root().join(&path)).expect("code is readable UTF-8");
            let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
            let kept: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
            (path, kept.join("\n"))
        })
        .collect();
    assert!(!code.is_empty(), "no Rust file under {folder}: the rule would hold for nothing");
    code
}

/// The places of `folder` where one of the words is said.
fn said(folder: &str, words: &[&str]) -> Vec<String> {
    let mut places = Vec::new();
    for (path, text) in spoken(folder) {
        for word in words.iter().filter(|word| text.contains(**word)) {
            places.push(format!("{path}: {word}"));
        }
    }
    places
}

#[test]
fn the_domain_reads_no_clock_and_does_no_io() {
    let found = said(
        "crates/domain/src/",
        &[
            "Utc::now",
            "Local::now",
            "SystemTime",
            "Instant::now",
            "Uuid::now_v7",
            "Uuid::new_v4",
            "std::fs",
            "std::net",
            "std::env",
            "async fn",
            "println!",
        ],
    );
    assert!(found.is_empty(), "`now` and ids are passed to the domain, and it does no I/O: {found:#?}");
}

/// Where the desk takes its own overlay off and puts it on again within one transaction; a trigger refuses any other
/// deletion (see `profile::the_database_itself_refuses_two_meetings_at_once`).
const REBASE: &str = "crates/office/src/store/documents.rs";

#[test]
fn nothing_deletes_an_appointment() {
    let mut found = Vec::new();
    for folder in ["crates/office/src/", "crates/central/src/"] {
        for (path, text) in spoken(folder) {
            let words = text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ");
            if path == REBASE {
                continue;
            }
            if words.contains("delete from appointment ") || words.contains("delete from appointment\"") {
                found.push(path);
            }
        }
    }
    assert!(found.is_empty(), "an appointment ends by its state, never by a deletion: {found:?}");
}

#[test]
fn no_one_writes_to_the_page_as_markup() {
    let found: Vec<String> = files()
        .into_iter()
        .filter(|path| path.starts_with("ui/src/") && (path.ends_with(".ts") || path.ends_with(".tsx")))
        .filter(|path| {
            let text = fs::read_to_string(root().join(path)).expect("code is readable UTF-8");
            text.contains("dangerouslySetInnerHTML") || text.contains(".innerHTML")
        })
        .collect();
    assert!(found.is_empty(), "what a family wrote is shown as text: {found:?}");
}

#[test]
fn a_migration_ends_its_lines_the_same_way_everywhere() {
    let sql: Vec<String> = files().into_iter().filter(|path| path.ends_with(".sql")).collect();
    for path in &sql {
        let bytes = fs::read(root().join(path)).expect("a migration is readable");
        assert!(!bytes.contains(&b'\r'), "{path} has a carriage return: sqlx hashes the bytes");
    }
    let attributes = fs::read_to_string(root().join(".gitattributes")).expect(".gitattributes is there");
    assert!(
        attributes.lines().any(|line| line == "*.sql text eol=lf"),
        ".gitattributes keeps *.sql as they are"
    );
}
