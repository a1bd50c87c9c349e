//! The command line that writes pages.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

const NOW: &str = "2026-11-23T09:22:00Z";

fn passerelle(profile: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_passerelle"))
        .args(args)
        .args(["--json", "--now", NOW])
        .env("PASSERELLE_PROFILE", profile)
        .output()
        .expect("the command line runs")
}

fn json(out: &Output) -> Value {
    serde_json::from_slice(&out.stdout).expect("JSON alone on standard output")
}

#[test]
fn pages_are_written_where_they_were_asked_for_and_nothing_else_is_touched() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("profile");
    assert!(passerelle(&profile, &["init", "--demo"]).status.success());
    let sheet = folder.path().join("feuille.pdf");
    let path = sheet.to_string_lossy().into_owned();
    let out =
        passerelle(&profile, &["daysheet", "--date", "2026-11-24", "--counsellor", "dupont", "--out", &path]);
    assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
    let said = json(&out);
    assert_eq!(said["pages"], 1);
    assert!(said["file"].as_str().is_some_and(|f| f.ends_with("feuille.pdf")), "{said}");
    let first = std::fs::read(&sheet).expect("the sheet");
    assert!(first.starts_with(b"%PDF-1.7"));

    let meetings =
        json(&passerelle(&profile, &["appointments", "list", "--from", "2026-11-24", "--status", "booked"]));
    let all = meetings.as_array().expect("a list");
    let meeting = all.iter().find(|m| !m["client"].is_null()).expect("somebody is expected");
    let letter = folder.path().join("lettre.pdf");
    let out = passerelle(
        &profile,
        &["letter", meeting["id"].as_str().expect("an id"), "--out", &letter.to_string_lossy()],
    );
    assert_eq!((out.status.code(), json(&out)["pages"].as_u64()), (Some(0), Some(1)));

    let mut closed = std::fs::metadata(&sheet).expect("the sheet").permissions();
    closed.set_readonly(true);
    std::fs::set_permissions(&sheet, closed).expect("a closed file");
    let out = passerelle(&profile, &["daysheet", "--date", "2026-11-24", "--out", &path]);
    let said = json(&out);
    assert_eq!((out.status.code(), said["code"].as_str()), (Some(3), Some("file_read_only")));
    let message = said["message"].as_str().expect("a message");
    assert!(message.contains("feuille.pdf existe et est protégé"), "{message}");
    assert_eq!(std::fs::read(&sheet).expect("the sheet"), first, "it was not touched");

    let notes = folder.path().join("notes.txt");
    std::fs::write(&notes, "à garder").expect("a file");
    let out = passerelle(&profile, &["daysheet", "--out", &notes.to_string_lossy()]);
    assert_eq!((out.status.code(), json(&out)["code"].as_str()), (Some(3), Some("file_exists")));
    assert!(json(&out)["message"].as_str().is_some_and(|m| m.contains("n’est pas un PDF")));
    assert_eq!(std::fs::read_to_string(&notes).expect("the notes"), "à garder");

    let nowhere = notes.join("feuille.pdf");
    let out = passerelle(&profile, &["daysheet", "--out", &nowhere.to_string_lossy()]);
    assert_eq!((out.status.code(), json(&out)["code"].as_str()), (Some(3), Some("file")));
    let out = passerelle(&profile, &["daysheet", "--date", "demain"]);
    assert_eq!((out.status.code(), json(&out)["code"].as_str()), (Some(3), Some("bad_date")));
}
