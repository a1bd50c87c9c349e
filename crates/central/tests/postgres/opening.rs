//! Opening a database on a server: an empty one, an earlier form, one that is not ours, a server that is not there.

use passerelle_central::store::{self, Location, OpenError, PostgresError};
use sqlx::migrate::Migrator;
use sqlx::{AssertSqlSafe, Connection};

use crate::database::{Own, running, tell};
use crate::office::amiens;
use crate::process::{json, program, run, stderr};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/central/postgres");
static ON_SQLITE: Migrator = sqlx::migrate!("../../migrations/central/sqlite");

fn refused(opened: Result<store::Store, OpenError>) -> PostgresError {
    match opened {
        Err(OpenError::Postgres(error)) => error,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn both_databases_have_the_same_migrations() {
    let names = |m: &Migrator| m.iter().map(|m| (m.version, m.description.to_string())).collect::<Vec<_>>();
    assert_eq!(names(&MIGRATIONS), names(&ON_SQLITE));
}

#[tokio::test]
async fn what_cannot_be_opened_is_said_and_left_as_it_is() {
    let own = Own::empty().await;
    let empty = refused(store::open(&own.location(), false).await);
    assert!(matches!(empty, PostgresError::Empty(_)), "{empty}");
    let mut conn = own.bare().await;
    sqlx::query("CREATE TABLE recipes (name text)").execute(&mut conn).await.expect("a table");
    let foreign = refused(store::open(&own.location(), true).await);
    assert!(matches!(foreign, PostgresError::Foreign(_)), "{foreign}");
    sqlx::query("DROP TABLE recipes").execute(&mut conn).await.expect("gone");
    store::open(&own.location(), true).await.expect("an empty one is filled").close().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'tomorrow', true, '\\x00', 0)",
    )
    .execute(&mut conn)
    .await
    .expect("a migration of tomorrow");
    conn.close().await.expect("closed");
    let newer = refused(store::open(&own.location(), true).await);
    assert!(matches!(newer, PostgresError::Newer { version: 9999, .. }), "{newer}");
    let at = |url: &str| Location::parse(url).expect("an address");
    let missing = refused(store::open(&at(&running().url("no_such")), true).await);
    assert!(missing.to_string().contains("createdb --owner=passerelle no_such"), "{missing}");
    let nobody = refused(store::open(&at("postgres://central:s3cret@127.0.0.1:1/x"), true).await);
    assert!(matches!(nobody, PostgresError::Unreachable { .. }), "{nobody}");
    assert!(!nobody.to_string().contains("s3cret"), "{nobody}");
    tell("CREATE ROLE guarded LOGIN PASSWORD 'right'".into()).await;
    let url = running().url_of("guarded:wrong", own.name());
    let wrong = refused(store::open(&at(&url), true).await);
    assert!(matches!(wrong, PostgresError::Refused { .. }), "{wrong}");
    assert!(wrong.to_string().contains("« guarded »") && !wrong.to_string().contains("wrong"), "{wrong}");
}

/// Everything of a schema that a form consists of.
async fn schema(own: &Own) -> Vec<String> {
    let mut conn = own.bare().await;
    let rows = sqlx::query_scalar(
        "SELECT format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, coalesce(column_default, ''))
             FROM information_schema.columns WHERE table_schema = 'public'
         UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
             FROM pg_constraint WHERE connamespace = 'public'::regnamespace
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
         UNION ALL SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
         UNION ALL SELECT proname || prosrc FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
             WHERE lanname IN ('plpgsql', 'sql') AND p.pronamespace = 'public'::regnamespace
         ORDER BY 1",
    )
    .fetch_all(&mut conn)
    .await
    .expect("the schema");
    conn.close().await.expect("closed");
    rows
}

/// A database as the version with the first migrations made it, with documents and meetings as that version wrote them.
async fn as_it_was(last: i64) -> Own {
    let own = Own::empty().await;
    let mut conn = own.bare().await;
    let first = MIGRATIONS.iter().filter(|m| m.version <= last).cloned().collect();
    Migrator::with_migrations(first).run(&mut conn).await.expect("the earlier form");
    for sql in [
        "INSERT INTO feed VALUES ('office:X', 5, 2)",
        r#"INSERT INTO document (scope, entity, id, rev, seq, doc) VALUES
            ('office:X', 'waiting_entry', 'w', 1, 1, '{"client":"k","state":"waiting"}'),
            ('office:X', 'kind', 'g', 1, 2, '{"capacity":2}'),
            ('office:X', 'enquiry', 'e', 1, 3, '{"client":"k","subject":"Sage-femme"}')"#,
        r#"INSERT INTO appointment (scope, id, counsellor, room, client, start_s, end_s, status, blocking, overridden,
                session_key, rev, seq, doc) VALUES
            ('office:X', 'a', 'c', 'r', 'k', 0, 3600, 'booked', true, false, 's', 1, 4, '{"kind":"g"}'),
            ('office:X', 'b', 'c', 'r', 'l', 0, 3600, 'booked', true, false, 's', 1, 5, '{"kind":"g"}')"#,
        r#"INSERT INTO change SELECT scope, seq, entity, id, rev, doc FROM document
            UNION ALL SELECT scope, seq, 'appointment', id, rev, doc FROM appointment"#,
    ] {
        sqlx::query(AssertSqlSafe(sql))
            .execute(&mut conn)
            .await
            .unwrap_or_else(|e| panic!("form {last}: {sql}: {e}"));
    }
    conn.close().await.expect("closed");
    own
}

#[tokio::test]
async fn a_database_of_any_earlier_form_is_brought_up_to_date_with_all_that_it_held() {
    let fresh = Own::empty().await;
    store::open(&fresh.location(), true).await.expect("a new one").close().await;
    let today = schema(&fresh).await;
    for last in MIGRATIONS.iter().map(|m| m.version) {
        // Rows of a form that has the columns say them themselves; the rules of today are tried on both.
        let own = as_it_was(last).await;
        let store = store::open(&own.location(), false).await.unwrap_or_else(|e| panic!("form {last}: {e}"));
        assert_eq!(schema(&own).await, today, "form {last} has become today's");
        let mut tx = store.read().await.expect("a reader");
        for finding in tx.inspect().await.expect("an inspection") {
            assert_eq!(finding.broken, 0, "form {last}: the rule {} is broken", finding.rule);
        }
        if last < 3 {
            let waits = tx.waiting_of("office:X", "k").await.expect("the list");
            assert_eq!(waits.len(), 1, "form {last}: who waited waits");
            assert_eq!(tx.enquiries_of("office:X", "k").await.expect("enquiries"), ["e"], "form {last}");
        }
        drop(tx);
        let mut conn = own.bare().await;
        if last < 4 {
            let seats: i64 =
                sqlx::query_scalar("SELECT count(*) FROM seat").fetch_one(&mut conn).await.expect("a count");
            assert_eq!(seats, 2, "form {last}: who sat in a session sits in it");
            let full = sqlx::query(
                r#"INSERT INTO appointment (scope, id, counsellor, client, start_s, end_s, status, blocking, overridden,
                       session_key, seat, capacity, rev, seq, doc)
                   VALUES ('office:X', 'd', 'c', 'm', 0, 3600, 'booked', true, false, 's', true, 2, 1, 6, '{}')"#,
            )
            .execute(&mut conn)
            .await
            .expect_err("the session is full");
            assert!(full.to_string().contains("overlap:capacity"), "{full}");
        }
        let taken = sqlx::query(
            "INSERT INTO appointment (scope, id, counsellor, start_s, end_s, status, blocking, overridden, rev, seq, doc)
             VALUES ('office:X', 'e', 'c', 1800, 5400, 'booked', true, false, 1, 6, '{}')",
        )
        .execute(&mut conn)
        .await
        .expect_err("the counsellor is taken");
        assert!(taken.to_string().contains("overlap:counsellor"), "{taken}");
        conn.close().await.expect("closed");
        store.close().await;
    }
}

#[tokio::test]
async fn the_command_line_takes_the_address_from_a_file_or_the_environment_and_no_password_as_an_argument() {
    let own = Own::empty().await;
    let missing = run(&["office", "list", "--database", &own.url(), "--json"]);
    assert_eq!((missing.status.code(), json(&missing)["code"].as_str()), (Some(3), Some("database_missing")));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("address");
    let secret = own.url().replace("passerelle@", "passerelle:s3cret@");
    std::fs::write(&file, format!("{secret}\n")).expect("a file");
    let path = file.to_str().expect("a path");
    let migrated = run(&["migrate", "--database-file", path, "--json"]);
    assert_eq!(migrated.status.code(), Some(0), "{}", stderr(&migrated));
    let newest = MIGRATIONS.iter().map(|m| m.version).max().expect("a migration");
    assert_eq!(json(&migrated)["schema"], newest);
    let uai = amiens();
    let add = [
        "office",
        "add",
        "--uai",
        uai.as_str(),
        "--name",
        "CIO d’Amiens",
        "--town",
        "Amiens",
        "--address",
        "1 rue Lamartine",
        "--postal-code",
        "80000",
        "--json",
    ];
    let added = program(&add).env("PASSERELLE_DATABASE", &secret).output().expect("the program runs");
    assert_eq!(added.status.code(), Some(0), "{}", stderr(&added));
    let shown = run(&["office", "list", "--database", &secret, "--json"]);
    assert_eq!((shown.status.code(), json(&shown)["code"].as_str()), (Some(2), Some("password_shown")));
    assert!(!stderr(&shown).contains("s3cret"), "{}", stderr(&shown));
    let help = program(&["--help"]).env("PASSERELLE_DATABASE", &secret).output().expect("the program runs");
    assert!(!String::from_utf8_lossy(&help.stdout).contains("s3cret"), "not even in the help");
    let check = run(&["check", "--database-file", path, "--json"]);
    assert_eq!((check.status.code(), &json(&check)["good"]), (Some(0), &true.into()), "{}", stderr(&check));
    let both = run(&["check", "--database-file", path, "--database", "sqlite:x.db"]);
    assert_eq!(both.status.code(), Some(2), "{}", stderr(&both));
    let gone = run(&["check", "--database-file", "/no/such/file", "--json"]);
    assert_eq!((gone.status.code(), json(&gone)["code"].as_str()), (Some(3), Some("database_file")));
}
