//! The dependency rule: which crate of the workspace may use which. ARCHITECTURE.md gives the reasons.

use std::collections::BTreeSet;

use crate::workspace::{list, metadata, text};

/// A crate and the crates of ours that it may use. What is not here is not allowed.
const ALLOWED: &[(&str, &[&str])] = &[
    ("passerelle-domain", &[]),
    ("passerelle-protocol", &["passerelle-domain"]),
    ("passerelle-catalogue", &["passerelle-domain"]),
    ("passerelle-calendar", &["passerelle-domain"]),
    ("passerelle-demo", &["passerelle-domain", "passerelle-catalogue"]),
    (
        "passerelle-office",
        &[
            "passerelle-domain",
            "passerelle-protocol",
            "passerelle-catalogue",
            "passerelle-calendar",
            "passerelle-demo",
        ],
    ),
    (
        "passerelle-central",
        &[
            "passerelle-domain",
            "passerelle-protocol",
            "passerelle-catalogue",
            "passerelle-calendar",
            "passerelle-demo",
        ],
    ),
    ("passerelle-desktop", &["passerelle-office"]),
    // The tests see both sides, and the words that travel between them.
    (
        "passerelle-tests",
        &[
            "passerelle-domain",
            "passerelle-protocol",
            "passerelle-catalogue",
            "passerelle-calendar",
            "passerelle-demo",
            "passerelle-office",
            "passerelle-central",
        ],
    ),
];

/// All that the rules of the trade may take from outside. None of them does I/O for us or reads a clock
/// (chrono's `clock` feature is unified into the build by others; `domain_reads_no_clock` keeps us from calling it).
const DOMAIN_OUTSIDE: &[&str] = &["chrono", "chrono-tz", "serde", "thiserror", "uuid"];

/// What must never reach the shell directly: SQL, network and the trade are the office's.
const NOT_IN_THE_SHELL: &[&str] =
    &["sqlx", "rusqlite", "libsqlite3-sys", "reqwest", "hyper", "axum", "tempfile"];

/// The dependencies of one package: name, and whether it is only for its tests.
fn dependencies(package: &serde_json::Value) -> Vec<(String, bool)> {
    list(package, "dependencies")
        .iter()
        .map(|dependency| (text(dependency, "name").to_owned(), dependency["kind"].as_str() == Some("dev")))
        .collect()
}

#[test]
fn crates_use_only_what_the_table_allows() {
    let metadata = metadata(&["--no-deps"]);
    let packages = list(&metadata, "packages");
    let ours: BTreeSet<&str> = packages.iter().map(|package| text(package, "name")).collect();
    let in_the_table: BTreeSet<&str> = ALLOWED.iter().map(|(name, _)| *name).collect();
    assert_eq!(ours, in_the_table, "every member of the workspace has its line in the table, and no other");

    let mut forbidden = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let (_, allowed) = ALLOWED.iter().find(|(other, _)| *other == name).expect("compared above");
        for (dependency, _) in dependencies(package) {
            if ours.contains(dependency.as_str()) && !allowed.contains(&dependency.as_str()) {
                forbidden.push(format!("{name} uses {dependency}"));
            }
        }
    }
    assert!(forbidden.is_empty(), "edges that ARCHITECTURE.md does not allow: {forbidden:#?}");
}

#[test]
fn the_domain_is_pure() {
    let metadata = metadata(&["--no-deps"]);
    let domain = list(&metadata, "packages")
        .iter()
        .find(|package| text(package, "name") == "passerelle-domain")
        .expect("the domain crate is a member");
    let outside: Vec<String> = dependencies(domain)
        .into_iter()
        .filter(|(name, only_tests)| !only_tests && !DOMAIN_OUTSIDE.contains(&name.as_str()))
        .map(|(name, _)| name)
        .collect();
    assert!(outside.is_empty(), "the domain may use only {DOMAIN_OUTSIDE:?}, yet it uses {outside:?}");
}

#[test]
fn the_shell_is_thin() {
    let metadata = metadata(&["--no-deps"]);
    let shell = list(&metadata, "packages")
        .iter()
        .find(|package| text(package, "name") == "passerelle-desktop")
        .expect("the shell is a member");
    let found: Vec<String> = dependencies(shell)
        .into_iter()
        .map(|(name, _)| name)
        .filter(|name| NOT_IN_THE_SHELL.contains(&name.as_str()))
        .collect();
    assert!(found.is_empty(), "the shell holds no SQL and no network code, yet it uses {found:?}");
}

#[test]
fn the_shell_is_no_default_member() {
    let metadata = metadata(&["--no-deps"]);
    let members = list(&metadata, "workspace_default_members");
    assert!(members.len() > 5, "default members are missing: {members:?}");
    let shell = members.iter().filter_map(|id| id.as_str()).find(|id| id.contains("src-tauri"));
    assert_eq!(shell, None, "a plain `cargo test` must not need WebKit");
}
