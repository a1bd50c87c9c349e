//! The real program: its exit codes and its messages.

use std::path::Path;
use std::process::Command as Program;
use std::time::Duration;

use crate::database::filled;
use crate::office::{Desk, NOW, amiens};
use crate::process::{Process, json, run, stderr};

#[test]
fn administration_from_an_empty_database() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = format!("sqlite:{}", folder.path().join("central.db").display());
    let db = ["--database", &database, "--json"];
    let with = |args: &[&str]| run(&[args, &db].concat());

    let missing = with(&["office", "list"]);
    assert_eq!(missing.status.code(), Some(3), "no database yet: {}", stderr(&missing));
    assert_eq!(json(&missing)["code"], "database_missing");
    assert_eq!(with(&["migrate"]).status.code(), Some(0));
    let add = [
        "office",
        "add",
        "--uai",
        "0801234G",
        "--name",
        "CIO d’Amiens",
        "--town",
        "Amiens",
        "--address",
        "12 rue de la Passerelle, 80090 Amiens",
        "--postal-code",
        "80090",
    ];
    assert_eq!(with(&add).status.code(), Some(0));
    let again = with(&add);
    assert_eq!((again.status.code(), json(&again)["code"].as_str()), (Some(1), Some("exists")));
    let user = [
        "user",
        "add",
        "--office",
        "0801234G",
        "--login",
        "dupont",
        "--title",
        "mme",
        "--given-name",
        "Claire",
        "--family-name",
        "Dupont",
        "--role",
        "counsellor",
    ];
    assert_eq!(with(&user).status.code(), Some(0));
    assert_eq!(with(&user).status.code(), Some(1), "the short name is taken");
    let code = with(&["desk", "code", "--office", "0801234G"]);
    assert_eq!(json(&code)["code"].as_str().map(str::len), Some(11), "five signs, a dash, five signs");
    let unknown = with(&["desk", "code", "--office", "0809101H"]);
    assert_eq!((unknown.status.code(), json(&unknown)["code"].as_str()), (Some(1), Some("not_found")));
    let list = with(&["office", "list"]);
    assert_eq!(json(&list)[0]["uai"], "0801234G");
    assert_eq!(with(&["check"]).status.code(), Some(0));

    for demo in [&["serve", "--listen", "127.0.0.1:0", "--demo"][..], &["load", "--offices", "1"]] {
        let real = with(demo);
        assert_eq!((real.status.code(), json(&real)["code"].as_str()), (Some(1), Some("real_data")));
    }
}

#[test]
fn a_database_for_trying_is_filled_the_same_for_the_same_seed() {
    let folder = tempfile::tempdir().expect("a folder");
    let make = |name: &str, seed: &str| {
        let database = format!("sqlite:{}", folder.path().join(name).display());
        let wanted = ["--offices", "13", "--desks", "30", "--enquiries", "100", "--seed", seed];
        let made = run(&[&["load", "--database", &database, "--json"][..], &wanted].concat());
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
        let mut made = json(&made);
        made["seconds"].take();
        let with = |args: &[&str]| json(&run(&[args, &["--database", &database, "--json"]].concat()));
        (made, with(&["office", "list"]), with(&["check"]))
    };
    let (made, offices, check) = make("one.db", "7");
    assert_eq!(made, serde_json::json!({ "offices": 13, "desks": 30, "enquiries": 100, "seconds": null }));
    assert_eq!(offices.as_array().map(Vec::len), Some(12 + 13));
    let desks: Vec<u64> = offices
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|o| o["desks"].as_u64())
        .filter(|n| *n > 0)
        .collect();
    assert_eq!((desks.len(), desks.iter().sum::<u64>()), (13, 30), "shared out among the new ones");
    assert_eq!(check["good"], true, "{check}");
    assert_eq!(make("two.db", "7"), (made, offices, check), "elsewhere the same");
    let (again, ..) = make("two.db", "7");
    assert_eq!(again["offices"], 0, "what is there is not made again");
}

#[test]
fn wrong_usage_is_exit_2() {
    for args in [
        &["serve", "--database", "mysql://x"][..],
        &["serve", "--now", NOW],
        &["desk", "code", "--office", "0801234A"],
        &["dance"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn a_port_in_use_is_said_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("central.db");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let database = format!("sqlite:{}", file.display());
    let output = run(&["serve", "--database", &database, "--listen", &address]);
    assert_eq!(output.status.code(), Some(5));
    assert!(stderr(&output).contains("déjà pris"), "{}", stderr(&output));
    assert!(!file.exists(), "no database was made");
}

/// Exit code and message of `serve` on a file.
fn refused(file: &Path) -> (Option<i32>, String) {
    let database = format!("sqlite:{}", file.display());
    let output = run(&["serve", "--database", &database, "--listen", "127.0.0.1:0"]);
    (output.status.code(), stderr(&output))
}

#[tokio::test]
async fn a_database_that_cannot_be_used_is_said_and_left_as_it_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("central.db");
    let whole = std::fs::read(filled().await).expect("a database");

    std::fs::write(&file, "ceci n’est pas une base").expect("a file");
    let (code, message) = refused(&file);
    assert_eq!(code, Some(3), "{message}");
    assert!(message.contains("endommagée"), "{message}");

    // A hole in the middle of the file, such as a failing disk makes.
    let mut holed = whole.clone();
    let middle = holed.len() / 2;
    holed[middle..middle + 65_536].fill(0xA5);
    std::fs::write(&file, &holed).expect("a file");
    let (code, message) = refused(&file);
    assert_eq!(code, Some(3), "{message}");
    assert!(message.contains("endommagée") && message.contains("sauvegarde"), "{message}");
    assert_eq!(std::fs::read(&file).expect("the file"), holed, "nothing was written to it");

    std::fs::write(&file, &whole).expect("a file");
    {
        use sqlx::Connection;
        let url = format!("sqlite:{}", file.display());
        let mut conn = sqlx::SqliteConnection::connect(&url).await.expect("a connection");
        sqlx::query(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             VALUES (9999, 'tomorrow', 1, x'00', 0)",
        )
        .execute(&mut conn)
        .await
        .expect("a migration of tomorrow");
        conn.close().await.expect("closed");
    }
    let (code, message) = refused(&file);
    assert_eq!(code, Some(3), "{message}");
    assert!(message.contains("plus récente"), "{message}");
}

#[cfg(unix)]
#[tokio::test]
async fn it_ends_in_order_when_it_is_told_to() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("central.db");
    std::fs::copy(filled().await, &file).expect("a copy");
    let mut process = Process::start(&format!("sqlite:{}", file.display()));
    let desk = Desk::enrol(&process.url, &format!("DEMO-{}", amiens()), &amiens()).await;
    // A listener must not keep it from ending.
    let events = format!("{}/v1/events", process.url);
    let listening = desk.http.get(events).bearer_auth(&desk.token).send().await.expect("a stream");
    assert_eq!(listening.status().as_u16(), 200);
    let told = Program::new("kill").args(["-TERM", &process.child.id().to_string()]).status().expect("kill");
    assert!(told.success());
    let mut waited = 0;
    let status = loop {
        if let Some(status) = process.child.try_wait().expect("a status") {
            break status;
        }
        assert!(waited < 80, "it did not end within 8 s");
        waited += 1;
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    assert_eq!(status.code(), Some(0));
    assert!(!file.with_extension("db-wal").exists(), "the log was folded in");
}
