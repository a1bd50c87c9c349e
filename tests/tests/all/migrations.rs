//! Databases of every earlier form: brought up to date at the first start, with all that they held, and as strict after
//! it as new ones.

use std::path::Path;

use passerelle_central::server::{Config, spawn};
use passerelle_domain::Command;
use passerelle_domain::pins::{NewPin, PinPlace, RecordKind};
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::store::{Step, Store, profile_database};
use serde_json::json;
use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use tempfile::TempDir;

use crate::parts::{AMIENS, call, draft, free_slots, reopen, then};

static DESK: Migrator = sqlx::migrate!("../migrations/local");
static CENTRAL: Migrator = sqlx::migrate!("../migrations/central/sqlite");

/// What a migration must never lose, and by what its rows are told apart.
const KEPT_AT_DESK: [&str; 8] =
    ["appointment", "client", "enquiry", "setting", "outbox", "overlay", "undo", "cursor"];
const KEPT_AT_CENTRAL: [&str; 3] = ["appointment", "document", "feed"];

async fn connect(path: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.expect("the file opens")
}

/// A database as the version with these first migrations made it, filled with what a database of today holds, as far
/// as that version had room for it.
async fn as_it_was(old: &Path, migrations: &Migrator, last: i64, today: &Path) {
    let mut db = connect(old).await;
    let first = migrations.iter().filter(|m| m.version <= last).cloned().collect();
    Migrator::with_migrations(first).run(&mut db).await.expect("the earlier form");
    sqlx::query("ATTACH ? AS today").bind(today.to_string_lossy()).execute(&mut db).await.expect("attached");
    sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut db).await.expect("in any order");
    // Tables that SQLite keeps for a full-text index are filled through the index itself.
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM main.sqlite_schema t WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
           AND name <> '_sqlx_migrations' AND EXISTS (SELECT 1 FROM today.sqlite_schema n WHERE n.name = t.name)
           AND NOT EXISTS (SELECT 1 FROM main.sqlite_schema v WHERE v.sql LIKE 'CREATE VIRTUAL%'
             AND t.name LIKE v.name || '_%' AND t.name <> v.name)",
    )
    .fetch_all(&mut db)
    .await
    .expect("the tables");
    for table in tables {
        let columns: Vec<String> = sqlx::query_scalar(
            "SELECT o.name FROM pragma_table_xinfo(?1, 'main') o JOIN pragma_table_xinfo(?1, 'today') n
               ON n.name = o.name WHERE o.hidden = 0",
        )
        .bind(&table)
        .fetch_all(&mut db)
        .await
        .expect("the columns");
        let full_text: bool = sqlx::query_scalar(
            "SELECT count(*) FROM main.sqlite_schema WHERE name = ? AND sql LIKE 'CREATE VIRTUAL%'",
        )
        .bind(&table)
        .fetch_one(&mut db)
        .await
        .expect("a table");
        let columns = format!("{}{}", if full_text { "rowid, " } else { "" }, columns.join(", "));
        let copy =
            format!("INSERT OR REPLACE INTO main.{table} ({columns}) SELECT {columns} FROM today.{table}");
        if let Err(e) = sqlx::query(sqlx::AssertSqlSafe(copy)).execute(&mut db).await {
            panic!("{table} of form {last}: {e}");
        }
    }
    db.close().await.expect("closed");
}

/// All documents of a table, in a fixed order.
async fn documents(path: &Path, table: &str) -> Vec<String> {
    let mut db = connect(path).await;
    let columns: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info(?)")
        .bind(table)
        .fetch_all(&mut db)
        .await
        .expect("the columns");
    let told =
        ["scope", "entity", "id", "kind", "state", "status", "seq", "rev", "doc", "command", "inverse"];
    let kept: Vec<&str> = told.into_iter().filter(|c| columns.iter().any(|there| there == c)).collect();
    let sql = format!("SELECT json_array({}) FROM {table} ORDER BY 1", kept.join(", "));
    sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&mut db).await.expect("the rows")
}

async fn schema(path: &Path) -> Vec<(String, String)> {
    let mut db = connect(path).await;
    sqlx::query_as("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name, sql")
        .fetch_all(&mut db)
        .await
        .expect("the schema")
}

/// A second meeting of the same counsellor in the middle of an existing one, by bare SQL.
async fn overlap_is_refused(path: &Path, key: &str, what: &str) {
    let mut db = connect(path).await;
    let columns: Vec<String> =
        sqlx::query_scalar("SELECT name FROM pragma_table_xinfo('appointment') WHERE hidden = 0")
            .fetch_all(&mut db)
            .await
            .expect("the columns");
    let values: Vec<&str> =
        columns.iter().map(|c| if c == "id" { "'another'" } else { c.as_str() }).collect();
    let copy = format!(
        "INSERT INTO appointment ({}) SELECT {} FROM appointment WHERE status = 'booked' AND overridden = 0
           AND {key} IS NULL LIMIT 1",
        columns.join(", "),
        values.join(", ")
    );
    let said = match sqlx::query(sqlx::AssertSqlSafe(copy)).execute(&mut db).await {
        Ok(done) => panic!("{what}: {} rows were written over another meeting", done.rows_affected()),
        Err(e) => e.to_string(),
    };
    assert!(said.contains("overlap:"), "{what}: the database refuses by its own rule, not with: {said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_of_any_earlier_form_opens_with_all_that_it_held() {
    let folder = TempDir::new().expect("a folder");
    let now = folder.path().join("today");
    let desk =
        passerelle_office::demo::init(&now, None, Clock::starting_at(then())).await.expect("a demonstration");
    let (kind, slots) = free_slots(&desk, 2).await;
    call(&desk, "appointments.book", draft(&kind, &slots[0], "Avant")).await;
    desk.store().close().await;
    let today = profile_database(&now);
    let newest = DESK.iter().map(|m| m.version).max().expect("a migration");
    for last in DESK.iter().map(|m| m.version) {
        let profile = folder.path().join(format!("form-{last}"));
        std::fs::create_dir_all(&profile).expect("a folder");
        let path = profile_database(&profile);
        as_it_was(&path, &DESK, last, &today).await;
        let mut before = Vec::new();
        for table in KEPT_AT_DESK {
            before.push((table, documents(&path, table).await));
        }
        assert!(before[0].1.len() > 50, "form {last} holds the demonstration's meetings");
        let desk: Desk = reopen(&profile).await;
        let (damage, nonsense) = (desk.store().integrity().await, desk.store().soundness().await);
        assert_eq!(damage.expect("a look at the file"), Vec::<String>::new(), "from form {last} to {newest}");
        assert_eq!(nonsense.expect("a look inside"), Vec::<String>::new(), "from form {last} to {newest}");
        for (table, rows) in before {
            assert_eq!(documents(&path, table).await, rows, "{table}, from form {last} to {newest}");
        }
        let undo = call(&desk, "undo.list", json!({})).await;
        assert!(!undo.as_array().expect("a list").is_empty(), "what was done before can still be taken back");
        call(&desk, "appointments.book", draft(&kind, &slots[1], "Après")).await;
        desk.store().close().await;
        assert_eq!(schema(&path).await, schema(&today).await, "form {last} ends as a new profile begins");
        overlap_is_refused(&path, "session", &format!("a profile that was of form {last}")).await;
        Store::open(&profile).await.expect("and it opens again").close().await;
    }
}

/// The last form without a table of preparations.
const BEFORE_PREPARATIONS: i64 = 6;

#[tokio::test(flavor = "multi_thread")]
async fn a_preparation_that_was_kept_as_an_unknown_document_becomes_one() {
    let folder = TempDir::new().expect("a folder");
    let now = folder.path().join("today");
    let desk =
        passerelle_office::demo::init(&now, None, Clock::starting_at(then())).await.expect("a demonstration");
    let people = call(&desk, "session.get", json!({})).await["people"].clone();
    let counsellor = people.as_array().expect("people").iter().find(|p| p["role"] == "counsellor");
    call(&desk, "session.use", json!({ "person": counsellor.expect("a counsellor")["id"] })).await;
    let places = call(&desk, "catalogue.pin_places", json!({ "text": "" })).await;
    let place = places.as_array().expect("places").iter().find(|p| p["to"]["appointment"].is_string());
    let to = place.expect("a meeting")["to"].clone();
    let meeting = serde_json::from_value(to["appointment"].clone()).expect("an identifier");
    let pin = NewPin {
        record: "FOR.1".into(),
        kind: RecordKind::Programme,
        title: "CAP cuisine".into(),
        subtitle: None,
        note: Some("à voir avec la mère".into()),
        again: None,
    };
    let (actor, _) = desk.actor().await.expect("the database").expect("somebody at the desk");
    let commands = vec![Command::Pin { on: PinPlace::Appointment(meeting), pin: Box::new(pin) }];
    desk.store().execute(&Step { actor, now: desk.now(), commands, undoable: true }).await.expect("pinned");
    desk.store().close().await;
    let today = profile_database(&now);

    let profile = folder.path().join("earlier");
    std::fs::create_dir_all(&profile).expect("a folder");
    let path = profile_database(&profile);
    as_it_was(&path, &DESK, BEFORE_PREPARATIONS, &today).await;
    let mut db = connect(&path).await;
    sqlx::query("ATTACH ? AS today").bind(today.to_string_lossy()).execute(&mut db).await.expect("attached");
    // What a desk of that form wrote of the documents that it was sent and did not know: of these, and of later ones.
    for kept in [
        "INSERT INTO setting SELECT 'unknown', appointment, rev, doc FROM today.preparation",
        r#"INSERT INTO setting VALUES ('unknown', 'other', 7, '{"appointment":"another","text":"kept"}')"#,
        r#"INSERT INTO setting VALUES ('unknown', 'later', 8, '{"of":"a later version"}')"#,
    ] {
        let done = sqlx::query(kept).execute(&mut db).await.expect(kept);
        assert_eq!(done.rows_affected(), 1, "{kept}");
    }
    db.close().await.expect("closed");

    let desk: Desk = reopen(&profile).await;
    assert_eq!(documents(&path, "preparation").await, documents(&today, "preparation").await);
    let unknown: Vec<String> = documents(&path, "setting").await;
    let unknown: Vec<&String> = unknown.iter().filter(|row| row.contains("\"unknown\"")).collect();
    assert_eq!(unknown.len(), 2, "the others stay what they were: {unknown:?}");
    assert_eq!(desk.store().soundness().await.expect("a look inside"), Vec::<String>::new());
    let read = call(&desk, "catalogue.pins", json!({ "to": to })).await;
    let pin = &read["pins"][0];
    assert_eq!(
        (pin["record"].as_str(), pin["note"].as_str()),
        (Some("FOR.1"), Some("à voir avec la mère")),
        "{read}"
    );
    desk.store().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_central_of_any_earlier_form_serves_with_all_that_it_held() {
    let folder = TempDir::new().expect("a folder");
    let today = folder.path().join("today.db");
    let start = async |database: &Path| {
        let listen = ([127, 0, 0, 1], 0).into();
        let config = Config {
            database: database.to_owned().into(),
            listen,
            demo: true,
            now: Some(then()),
            poll_s: None,
            read_replica: None,
        };
        spawn(config).await.expect("central starts")
    };
    start(&today).await.shutdown().await;
    let newest = CENTRAL.iter().map(|m| m.version).max().expect("a migration");
    for last in CENTRAL.iter().map(|m| m.version) {
        let path = folder.path().join(format!("form-{last}.db"));
        as_it_was(&path, &CENTRAL, last, &today).await;
        let meetings = documents(&path, "appointment").await;
        assert!(meetings.len() > 50, "form {last} holds the demonstration's meetings");
        passerelle_central::store::open(&path.clone().into(), false).await.expect("it opens");
        for table in KEPT_AT_CENTRAL {
            let (was, is) = (documents(&today, table).await, documents(&path, table).await);
            assert_eq!(is, was, "{table}, from form {last} to {newest}");
        }
        assert_eq!(schema(&path).await, schema(&today).await, "form {last} ends as a new database begins");
        overlap_is_refused(&path, "session_key", &format!("a central that was of form {last}")).await;
        let central = start(&path).await;
        let url = format!("http://{}", central.addr);
        let profile = folder.path().join(format!("desk-{last}"));
        let clock = Clock::starting_at(then());
        let desk = passerelle_office::sync::enrol(&profile, &url, &format!("DEMO-{AMIENS}"), "poste", clock)
            .await
            .expect("a desk joins");
        passerelle_office::sync::once(&desk).await.expect("the first exchange");
        let (kind, slots) = free_slots(&desk, 1).await;
        call(&desk, "appointments.book", draft(&kind, &slots[0], "Léa")).await;
        let done = passerelle_office::sync::once(&desk).await.expect("the second exchange");
        assert_eq!((done.accepted, done.refused), (2, 0), "central decides as before, from form {last}");
        central.shutdown().await;
    }
}
