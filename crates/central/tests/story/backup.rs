//! A backup is taken of a service that works, and a database is made of it: one of another epoch, which says so to every
//! desk, and to which desks give again what it does not know.

use std::path::Path;

use passerelle_central::{Running, spawn};
use passerelle_domain::Command;
use passerelle_domain::command::Book;
use passerelle_protocol::sync::Verdict;
use serde_json::Value;

use crate::database::Own;
use crate::office::{Central, Desk, amiens, book, config, problem, receptionist};
use crate::process::{json, run, stderr};

/// Exit code and what is said as JSON.
fn said(args: &[&str]) -> (Option<i32>, Value) {
    let output = run(&[args, &["--json"]].concat());
    assert!(!output.stdout.is_empty(), "{args:?}: {}", stderr(&output));
    (output.status.code(), json(&output))
}

fn code(args: &[&str]) -> (Option<i32>, String) {
    let (exit, value) = said(args);
    (exit, value["code"].as_str().unwrap_or_default().to_owned())
}

async fn count(own: &Own, sql: &'static str) -> i64 {
    let mut conn = own.bare().await;
    sqlx::query_scalar(sql).fetch_one(&mut conn).await.expect("a number")
}

async fn on(own: &Own) -> Running {
    spawn(config(&own.location())).await.expect("a service")
}

/// What an exchange without commands is answered with, when it is refused.
async fn refused(desk: &Desk) -> (u16, String) {
    let answer = desk.post(&desk.request(&[], 10)).await;
    (answer.status().as_u16(), problem(answer).await.code)
}

#[tokio::test]
async fn what_was_booked_after_the_backup_is_given_again_and_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sauvegarde");
    let path = file.to_str().expect("a path");
    let central = Central::start().await;
    let url = central.database.url();
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let slots = desk.free(&settings);
    let bookings: Vec<Book> = slots.iter().take(3).map(|s| book(&settings, s)).collect();
    let commands: Vec<_> = bookings.iter().map(|b| desk.envelope(who, &Command::Book(b.clone()))).collect();

    let before = desk.sync(&commands[..1]).await;
    // The service runs on meanwhile, and goes on after it.
    let (exit, taken) = said(&["backup", path, "--database", &url]);
    assert_eq!(exit, Some(0), "{taken}");
    assert_eq!(taken["bytes"], std::fs::metadata(&file).expect("the file").len(), "{taken}");
    let after = desk.sync(&commands[1..]).await;
    assert!(
        before.iter().chain(&after).all(|r| matches!(r.verdict, Verdict::Accepted { .. })),
        "free slots: {before:?} {after:?}"
    );
    let old_epoch = desk.epoch.clone();
    central.running.shutdown().await;
    // The machine is gone; another one has the backup.
    let own = Own::empty().await;
    let (exit, restored) = said(&["restore", path, "--database", &own.url()]);
    assert_eq!(exit, Some(0), "{restored}");
    assert_ne!(restored["epoch"], old_epoch.as_str());
    assert_eq!(
        count(&own, "SELECT count(*) FROM token").await,
        0,
        "tokens end with the machine that gave them"
    );
    let running = on(&own).await;
    desk.url = running.url();
    assert_eq!(refused(&desk).await, (401, "token_expired".into()));
    desk.renew().await;
    assert_eq!(refused(&desk).await, (409, "epoch_changed".into()), "the desk is told");

    // It begins again from what this service knows, and sends all that it was ever told was done.
    restored["epoch"].as_str().expect("an epoch").clone_into(&mut desk.epoch);
    desk.cursors.clear();
    desk.documents.clear();
    let again = desk.sync(&commands).await;
    assert_eq!(again.len(), 3);
    assert_eq!(again[0].verdict, before[0].verdict, "the first has its verdict, as it was");
    for (result, booking) in again.iter().zip(&bookings) {
        assert!(matches!(result.verdict, Verdict::Accepted { .. }), "{result:?}");
        let made = desk.appointments().iter().filter(|a| a.id == booking.id).count();
        assert_eq!(made, 1, "booked once");
    }
    let mut other = Desk::enrol(&desk.url, &format!("DEMO-{}", amiens()), &amiens()).await;
    other.sync(&[]).await;
    // The directory goes on telling free slots by itself.
    let own_office = |desk: &Desk| {
        let documents = desk.documents.clone().into_iter();
        documents.filter(|((scope, _, _), _)| *scope == desk.scope()).collect::<Vec<_>>()
    };
    assert!(own_office(&other) == own_office(&desk), "a new desk sees the same");
    running.shutdown().await;
    let (exit, checked) = said(&["check", "--database", &own.url()]);
    assert_eq!((exit, &checked["good"]), (Some(0), &Value::Bool(true)), "{checked}");
    // A second start is the same database still.
    let running = on(&own).await;
    assert_eq!(running.service().store.meta.epoch, restored["epoch"].as_str().expect("an epoch"));
    running.shutdown().await;
}

#[tokio::test]
async fn two_databases_of_one_backup_are_two() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sauvegarde");
    let path = file.to_str().expect("a path");
    let own = Own::filled().await;
    assert_eq!(said(&["backup", path, "--database", &own.url()]).0, Some(0));
    let mut epochs = Vec::new();
    for _ in 0..2 {
        let own = Own::empty().await;
        epochs.push(said(&["restore", path, "--database", &own.url()]).1["epoch"].clone());
        let same = "SELECT count(*) FROM feed f WHERE f.head <> (SELECT count(*) FROM change c WHERE c.scope = f.scope)";
        assert_eq!(count(&own, same).await, 0);
        assert!(count(&own, "SELECT count(*) FROM appointment").await > 100, "the whole demonstration");
    }
    assert!(epochs[0].is_string() && epochs[0] != epochs[1], "{epochs:?}");
    // Brought back by other means, it is said by hand.
    let epoch =
        |args: &[&str]| said(&[&["epoch", "--database", &own.url()], args].concat()).1["epoch"].clone();
    let before = epoch(&[]);
    assert_eq!(epoch(&[]), before, "asking changes nothing");
    let renewed = epoch(&["--new"]);
    assert!(renewed.is_string() && renewed != before, "{renewed}");
    assert_eq!(epoch(&[]), renewed);
}

#[tokio::test]
async fn nothing_is_written_over_and_half_a_backup_makes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("sauvegarde");
    let path = file.to_str().expect("a path");
    let own = Own::filled().await;
    let url = own.url();
    assert_eq!(said(&["backup", path, "--database", &url]).0, Some(0));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "it holds what families wrote: nobody else reads it");
    }
    assert_eq!(code(&["backup", path, "--database", &url]), (Some(1), "exists".into()));
    assert_eq!(code(&["restore", path, "--database", &url]), (Some(1), "not_empty".into()));

    let whole = std::fs::read(&file).expect("the backup");
    let target = Own::empty().await;
    let bad = folder.path().join("coupée");
    let bad_path = bad.to_str().expect("a path");
    let mut holed = whole.clone();
    let middle = holed.len() / 2;
    holed[middle..middle + 8_192].fill(0xA5);
    for broken in [
        &whole[..whole.len() * 2 / 3],
        &whole[..whole.len() - 4_097],
        &holed,
        b"ceci n\xE2\x80\x99en est pas une",
        b"",
    ] {
        std::fs::write(&bad, broken).expect("a file");
        let refused = code(&["restore", bad_path, "--database", &target.url()]);
        assert_eq!(refused, (Some(3), "not_a_backup".into()), "{} bytes", broken.len());
    }
    let missing = code(&["restore", "/nulle/part", "--database", &target.url()]);
    assert_eq!(missing, (Some(3), "file".into()));
    // Nothing of them stayed: the whole one finds its place empty.
    assert_eq!(said(&["restore", path, "--database", &target.url()]).0, Some(0));
    let nowhere = folder.path().join("rien").join("s");
    let nowhere = code(&["backup", nowhere.to_str().expect("a path"), "--database", &url]);
    assert_eq!(nowhere, (Some(3), "file".into()));
    let left: Vec<_> = std::fs::read_dir(folder.path()).expect("a folder").flatten().collect();
    assert_eq!(left.len(), 2, "nothing half is left: {left:?}");
}

#[tokio::test]
async fn a_backup_of_the_other_database_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let own = Own::filled().await;
    let file = folder.path().join("s");
    let path = file.to_str().expect("a path");
    assert_eq!(said(&["backup", path, "--database", &own.url()]).0, Some(0));
    // The address is not looked at before the file is.
    let other = if own.url().starts_with("sqlite:") {
        "postgres://nobody@127.0.0.1:1/x".to_owned()
    } else {
        format!("sqlite:{}", folder.path().join("x.db").display())
    };
    assert_eq!(code(&["restore", path, "--database", &other]), (Some(3), "other_database".into()));
    assert!(!Path::new(folder.path()).join("x.db").exists());
}
