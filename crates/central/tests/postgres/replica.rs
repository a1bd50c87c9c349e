//! Snapshots from a standby: a real one, that follows, lags, breaks off or belongs to somebody else.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use passerelle_central::replica::{MOST_BEHIND, Unfit};
use passerelle_central::store::Server as At;
use passerelle_central::{Config, Running, StartError, spawn};
use passerelle_domain::Command;
use passerelle_protocol::snapshot::SnapshotQuery;
use passerelle_protocol::sync::{DIRECTORY, SyncResponse, Verdict};
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

use crate::database::{Own, tell_server};
use crate::office::{Central, Desk, amiens, book, config, fill, receptionist};
use crate::process::{json, program, run, stderr};
use crate::server::{self, Server};
use crate::snapshots::{Documents, of, part, read, tally};
use crate::standby::{self, Standby};

/// What is written is passed on at once, and kept: a standby asks for it again from where its copy ended, and the copy of
/// another one may have been a checkpoint meanwhile.
const SETTINGS: [&str; 4] = ["fsync=off", "shared_buffers=32MB", "max_connections=200", "wal_keep_size=1GB"];

/// The server that is repeated; one for all of these stories.
fn primary() -> &'static Server {
    static SERVER: OnceLock<Server> = OnceLock::new();
    SERVER.get_or_init(|| server::start(&SETTINGS))
}

/// A database on it with the demonstration.
async fn database(name: &str) -> Own {
    static FILLED: OnceCell<()> = OnceCell::const_new();
    FILLED
        .get_or_init(|| async {
            tell_server(primary(), "CREATE DATABASE filled".into()).await;
            fill(&Own::on(primary(), "filled").location()).await;
        })
        .await;
    // One after the other: nobody may be connected to what is copied.
    static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
    let turn = TURN.lock().await;
    tell_server(primary(), format!("CREATE DATABASE {name} TEMPLATE filled")).await;
    drop(turn);
    Own::on(primary(), name)
}

/// A service on a database, with a replica.
async fn start(database: Own, replica: &str) -> Central {
    let read_replica = Some(At::parse(replica).expect("an address"));
    let running = spawn(Config { read_replica, ..config(&database.location()) }).await.expect("a service");
    Central { running, database }
}

async fn say(conn: &mut PgConnection, sql: &str) {
    sqlx::query(AssertSqlSafe(sql.to_owned())).execute(conn).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
}

async fn number(conn: &mut PgConnection, sql: &str) -> i64 {
    let asked = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
    asked.fetch_one(conn).await.unwrap_or_else(|e| panic!("{sql}: {e}"))
}

/// What the measures say.
struct Measures(String);

impl Measures {
    async fn of(running: &mut Running) -> Self {
        let local = "127.0.0.1:0".parse().expect("an address");
        Self(format!("http://{}/metrics", running.serve_metrics(local).await.expect("another address")))
    }

    async fn value(&self, name: &str) -> u64 {
        let text = reqwest::get(&self.0).await.expect("an answer").text().await.expect("a text");
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0, |value| value.parse().expect("a whole number"))
    }

    /// Parts that were read from the main database and from the replica.
    async fn parts(&self) -> (u64, u64) {
        let from = |from| async move {
            self.value(&format!("passerelle_snapshot_parts_total{{from=\"{from}\"}}")).await
        };
        (from("main").await, from("replica").await)
    }

    async fn passed_over(&self, why: Unfit) -> u64 {
        self.value(&format!("passerelle_replica_passed_over_total{{why=\"{}\"}}", why.key())).await
    }
}

/// How the service says that its replica stands; it is ready whatever that is.
async fn ready(central: &Central) -> Value {
    let answer = reqwest::get(central.url("/readyz")).await.expect("an answer");
    assert_eq!(answer.status().as_u16(), 200, "ready with and without a replica");
    answer.json::<Value>().await.expect("JSON")["replica"].take()
}

/// Waits until something holds.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !holds().await {
        assert!(begun.elapsed() < Duration::from_secs(40), "{what}: not within 40 s");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Waits until a standby has repeated all that was written.
async fn caught_up(database: &Own, there: &mut PgConnection) {
    let mut here = database.bare().await;
    let written: String = sqlx::query_scalar("SELECT pg_current_wal_lsn()::text")
        .fetch_one(&mut here)
        .await
        .expect("a place in the log");
    let sql = format!("SELECT (pg_last_wal_replay_lsn() >= '{written}'::pg_lsn)::int::bigint");
    until("the standby catches up", async || number(there, &sql).await == 1).await;
    here.close().await.expect("closed");
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.expect("a connection")
}

/// What a desk has that has read a snapshot from some position and then the feed to its end, with the sum that it must have.
async fn completed(desk: &mut Desk, mut documents: Documents, seq: u64) -> Documents {
    let scope = desk.scope();
    desk.cursors.insert(scope.clone(), seq);
    loop {
        let answer = desk.post(&desk.request(&[], 1000)).await;
        assert_eq!(answer.status().as_u16(), 200, "the feed goes on where the snapshot began");
        let answer: SyncResponse = answer.json().await.expect("an answer");
        for change in answer.changes.into_iter().filter(|c| c.scope == scope) {
            let doc = change.doc.expect("nothing is taken away here").read().expect("JSON");
            documents.insert((change.scope, change.entity, change.id), (change.rev, doc));
        }
        desk.cursors.extend(answer.cursors);
        if !answer.has_more {
            assert_eq!(answer.check[&scope].tally, tally(&documents), "central's count and sum");
            return documents;
        }
    }
}

#[tokio::test]
async fn a_whole_snapshot_is_read_from_the_standby_and_is_what_the_main_database_has() {
    let database = database("whole").await;
    let standby: Standby = standby::of(primary(), &SETTINGS);
    let mut central = start(database, &standby.url("whole")).await;
    let measures = Measures::of(&mut central.running).await;
    let (desk, mut whole) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    whole.sync(&[]).await;
    let mut there = connect(&standby.url("whole")).await;
    caught_up(&central.database, &mut there).await;
    until("it is used", async || ready(&central).await["used"] == true).await;
    // What has just been written to it is seen there; then nothing more comes, and from the main database nobody can
    // read a document: a lock is passed on as well, but is not repeated there any more.
    say(&mut there, "SELECT pg_wal_replay_pause()").await;
    until("it pauses", async || {
        number(&mut there, "SELECT (pg_get_wal_replay_pause_state() = 'paused')::int::bigint").await == 1
    })
    .await;
    let mut locking = central.database.bare().await;
    say(&mut locking, "BEGIN").await;
    say(&mut locking, "LOCK TABLE document, appointment IN ACCESS EXCLUSIVE MODE").await;
    let scope = desk.scope();
    let (documents, seq) = read(&desk, &scope, 40, async |_| {}).await;
    say(&mut locking, "ROLLBACK").await;
    let parts = documents.len().div_ceil(40) as u64;
    assert_eq!(measures.parts().await, (0, parts), "all of them from the replica");
    assert_eq!(seq, whole.cursors[&scope]);
    assert_eq!(documents, of(&whole.documents, &scope), "the same documents");
    // The directory, which the service changes in rounds of its own.
    say(&mut there, "SELECT pg_wal_replay_resume()").await;
    let directory = loop {
        whole.sync(&[]).await;
        let (directory, seq) = read(&desk, DIRECTORY, 1000, async |_| {}).await;
        if seq == whole.cursors[DIRECTORY] {
            break directory;
        }
    };
    assert_eq!(directory, of(&whole.documents, DIRECTORY));
    let stands = ready(&central).await;
    assert_eq!((&stands["used"], &stands["why"]), (&json!(true), &Value::Null));
    assert_eq!(measures.value("passerelle_replica_used").await, 1);
    there.close().await.expect("closed");
    central.running.shutdown().await;
}

/// So many changes of one document, as central writes them.
async fn change_often(database: &Own, scope: &str, times: u64) {
    let mut here = database.bare().await;
    say(&mut here, "BEGIN").await;
    for sql in [
        format!(
            "INSERT INTO change (scope, seq, entity, id, rev, doc, mark)
             SELECT d.scope, f.head + n, d.entity, d.id, d.rev + n, d.doc, n
             FROM feed f, generate_series(1, {times}) n,
                  (SELECT * FROM document WHERE scope = '{scope}' AND entity = 'client' ORDER BY id LIMIT 1) d
             WHERE f.scope = '{scope}'"
        ),
        format!("UPDATE feed SET head = head + {times} WHERE scope = '{scope}'"),
        format!(
            "UPDATE document d SET rev = c.rev, seq = c.seq FROM change c, feed f
             WHERE f.scope = '{scope}' AND c.scope = f.scope AND c.seq = f.head
               AND d.scope = c.scope AND d.entity = c.entity AND d.id = c.id"
        ),
        "COMMIT".to_owned(),
    ] {
        say(&mut here, &sql).await;
    }
    here.close().await.expect("closed");
}

#[tokio::test]
async fn what_the_standby_has_not_repeated_comes_from_the_main_database_and_nothing_lacks() {
    let database = database("late").await;
    let standby = standby::of(primary(), &SETTINGS);
    let mut central = start(database, &standby.url("late")).await;
    let measures = Measures::of(&mut central.running).await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let (mut desk, mut busy) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    let scope = desk.scope();
    busy.sync(&[]).await;
    let mut there = connect(&standby.url("late")).await;
    caught_up(&central.database, &mut there).await;
    until("it is used", async || ready(&central).await["used"] == true).await;
    say(&mut there, "SELECT pg_wal_replay_pause()").await;
    let mut booked = async || {
        let slot = busy.free(&settings).remove(0);
        let verdict = busy.give(who, &Command::Book(book(&settings, &slot))).await;
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
        busy.cursors[&scope]
    };
    // A little late: the reading begins where the standby is, and the feed brings the rest.
    let head = booked().await;
    let (early, seq) = read(&desk, &scope, 40, async |_| {}).await;
    assert!(seq < head, "at {seq}, and the main database at {head}");
    let parts = early.len().div_ceil(40) as u64;
    assert_eq!(measures.parts().await, (0, parts));
    let early = completed(&mut desk, early, seq).await;
    // A reading that began at the main database goes on there.
    let wanted = SnapshotQuery {
        scope: scope.clone(),
        seq: Some(head),
        after: Some("appointment/".into()),
        limit: None,
    };
    part(&desk, &wanted).await;
    assert_eq!(measures.parts().await, (1, parts), "the standby is behind where it began");
    assert_eq!(measures.passed_over(Unfit::Behind).await, 1);
    // Too late by more than a page: it begins at the main database too, and never with 503.
    change_often(&central.database, &scope, MOST_BEHIND).await;
    let head = head + MOST_BEHIND;
    let (late, seq) = read(&desk, &scope, 200, async |parts| {
        // The standby comes back to it in the middle of the reading.
        if parts == 1 {
            say(&mut there, "SELECT pg_wal_replay_resume()").await;
            caught_up(&central.database, &mut there).await;
        }
    })
    .await;
    assert_eq!(seq, head, "where the main database is");
    let more = late.len().div_ceil(200) as u64 - 1;
    assert!(more > 0, "one part would show nothing");
    assert_eq!(measures.parts().await, (2, parts + more), "the first from the main database");
    let late = completed(&mut desk, late, seq).await;
    assert_eq!(late.len(), early.len(), "no new documents");
    // Both are what the main database has.
    let plain = spawn(config(&central.database.location())).await.expect("a service without a replica");
    let url = std::mem::replace(&mut desk.url, plain.url());
    let (all, at) = read(&desk, &scope, 200, async |_| {}).await;
    desk.url = url;
    assert_eq!((at, &all), (head, &late));
    plain.shutdown().await;
    until("how far it is behind is said", async || {
        measures.value("passerelle_replica_behind_changes").await == 0 && ready(&central).await["behind"] == 0
    })
    .await;
    central.assert_sound().await;
    there.close().await.expect("closed");
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_standby_that_breaks_off_in_the_middle_is_left_alone_and_nobody_waits_for_it() {
    let database = database("broken").await;
    let standby = standby::of(primary(), &SETTINGS);
    let mut central = start(database, &standby.url("broken")).await;
    let measures = Measures::of(&mut central.running).await;
    let (desk, mut whole) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    let scope = desk.scope();
    whole.sync(&[]).await;
    until("it is used", async || ready(&central).await["used"] == true).await;
    let mut standby = Some(standby);
    let (documents, seq) = read(&desk, &scope, 40, async |parts| {
        if parts == 2 {
            standby.take().expect("once").end();
        }
    })
    .await;
    assert_eq!((seq, &documents), (whole.cursors[&scope], &of(&whole.documents, &scope)));
    let parts = documents.len().div_ceil(40) as u64;
    assert!(parts > 4, "{parts} parts");
    assert_eq!(measures.parts().await, (parts - 2, 2));
    // One has met with it; those after did not try.
    let (away, resting) =
        (measures.passed_over(Unfit::Away).await, measures.passed_over(Unfit::Resting).await);
    assert_eq!(away + resting, parts - 2);
    assert!(away <= 1, "{away} tried");
    read(&desk, &scope, 1000, async |_| {}).await;
    assert_eq!(measures.passed_over(Unfit::Away).await, away, "nobody waits for it");
    let stands = ready(&central).await;
    assert_eq!((&stands["used"], &stands["why"]), (&json!(false), &json!("away")), "{stands}");
    assert_eq!(measures.value("passerelle_replica_used").await, 0);
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_database_of_another_epoch_or_form_is_not_read_and_is_when_it_follows_again() {
    let own = database("restored").await;
    let standby = standby::of(primary(), &SETTINGS);
    let url = standby.url("restored");
    let mut there = connect(&url).await;
    let mut here = own.bare().await;
    let before: String = sqlx::query_scalar("SELECT value FROM meta WHERE key = 'epoch'")
        .fetch_one(&mut there)
        .await
        .expect("epoch");
    say(&mut there, "SELECT pg_wal_replay_pause()").await;
    // As `epoch --new` gives it after a recovery; the standby has not heard of it.
    say(&mut here, "UPDATE meta SET value = value || 'x' WHERE key = 'epoch'").await;
    let mut central = start(own, &url).await;
    let measures = Measures::of(&mut central.running).await;
    let desk = central.desk(&amiens()).await;
    let scope = desk.scope();
    assert_eq!(ready(&central).await["why"], "other_epoch");
    let first = SnapshotQuery { scope: scope.clone(), seq: None, after: None, limit: Some(5) };
    let read_one = part(&desk, &first).await;
    assert_eq!(read_one.epoch, format!("{before}x"), "of the main database");
    assert_eq!((measures.parts().await, measures.passed_over(Unfit::OtherEpoch).await), ((1, 0), 1));
    say(&mut there, "SELECT pg_wal_replay_resume()").await;
    until("it is used", async || ready(&central).await["used"] == true).await;
    part(&desk, &first).await;
    assert_eq!(measures.parts().await, (1, 1));
    // A service of tomorrow has given the database another form: what that means this one cannot know.
    say(
        &mut here,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'tomorrow', true, '\\x00', 0)",
    )
    .await;
    caught_up(&central.database, &mut there).await;
    part(&desk, &first).await;
    assert_eq!((measures.parts().await, measures.passed_over(Unfit::OtherForm).await), ((2, 1), 1));
    say(&mut here, "DELETE FROM _sqlx_migrations WHERE version = 9999").await;
    // One that has the same number of changes, and came to it by another way.
    caught_up(&central.database, &mut there).await;
    until("it is used", async || ready(&central).await["used"] == true).await;
    say(&mut there, "SELECT pg_wal_replay_pause()").await;
    let mark = format!(
        "UPDATE change c SET mark = coalesce(c.mark, 0) + 1 FROM feed f
         WHERE f.scope = '{scope}' AND c.scope = f.scope AND c.seq = f.head"
    );
    say(&mut here, &mark).await;
    part(&desk, &first).await;
    assert_eq!((measures.parts().await, measures.passed_over(Unfit::OtherWay).await), ((3, 1), 1));
    for conn in [here, there] {
        conn.close().await.expect("closed");
    }
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_server_that_repeats_nobody_is_said_and_not_read() {
    let own = database("mistaken").await;
    // The same address is a mistake whatever the state of the servers.
    let itself = Config { read_replica: At::parse(&own.url()), ..config(&own.location()) };
    let refused = spawn(itself).await.map(drop).expect_err("the database itself");
    assert!(matches!(refused, StartError::Replica(_)), "{refused}");
    // Another database on the main server, or a standby that has taken over: it is said, and not read.
    let central = start(own, &primary().url("filled")).await;
    let stands = ready(&central).await;
    assert_eq!((&stands["used"], &stands["why"]), (&json!(false), &json!("not_a_standby")), "{stands}");
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_server_that_never_answers_keeps_nobody_waiting() {
    let own = database("silent").await;
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let keeping = tokio::spawn(async move {
        let mut all = Vec::new();
        while let Ok((line, _)) = silent.accept().await {
            all.push(line);
        }
    });
    let begun = Instant::now();
    let mut central = start(own, &format!("postgres://passerelle@127.0.0.1:{port}/x?sslmode=disable")).await;
    assert!(begun.elapsed() < Duration::from_secs(12), "it starts all the same: {:?}", begun.elapsed());
    let measures = Measures::of(&mut central.running).await;
    let desk = central.desk(&amiens()).await;
    for _ in 0..5 {
        read(&desk, &desk.scope(), 1000, async |_| {}).await;
    }
    assert_eq!(measures.passed_over(Unfit::Away).await, 0, "none of them waited for it");
    assert_eq!(ready(&central).await["used"], false);
    keeping.abort();
    central.running.shutdown().await;
}

#[tokio::test]
async fn the_command_line_takes_its_address_from_a_file_or_the_environment_and_no_password_as_an_argument() {
    let own = database("spoken").await;
    let (url, folder) = (own.url(), tempfile::tempdir().expect("a folder"));
    let serve = ["serve", "--listen", "127.0.0.1:0", "--json", "--database", &url];
    let secret = primary().url("filled").replace("passerelle@", "passerelle:s3cret@");
    let shown = run(&[&serve[..], &["--read-replica", &secret]].concat());
    assert_eq!((shown.status.code(), json(&shown)["code"].as_str()), (Some(2), Some("password_shown")));
    let said = stderr(&shown);
    assert!(said.contains("PASSERELLE_READ_REPLICA") && !said.contains("s3cret"), "{said}");
    let itself = run(&[&serve[..], &["--read-replica", &url]].concat());
    assert_eq!((itself.status.code(), json(&itself)["code"].as_str()), (Some(2), Some("usage")));
    assert!(stderr(&itself).contains("la base principale elle-même"), "{}", stderr(&itself));
    let a_file = run(&[&serve[..], &["--read-replica", "sqlite:x.db"]].concat());
    assert_eq!(a_file.status.code(), Some(2), "{}", stderr(&a_file));
    let of_a_file =
        run(&["serve", "--database", "sqlite:/no/x.db", "--read-replica", &url, "--listen", "127.0.0.1:0"]);
    assert_eq!(of_a_file.status.code(), Some(2), "{}", stderr(&of_a_file));
    let gone = run(&[&serve[..], &["--read-replica-file", "/no/such/file"]].concat());
    assert_eq!((gone.status.code(), json(&gone)["code"].as_str()), (Some(3), Some("database_file")));
    let file = folder.path().join("address");
    std::fs::write(&file, format!("{url}\n")).expect("a file");
    let from_file = run(&[&serve[..], &["--read-replica-file", file.to_str().expect("a path")]].concat());
    assert!(stderr(&from_file).contains("la base principale elle-même"), "{}", stderr(&from_file));
    let from_environment =
        program(&serve).env("PASSERELLE_READ_REPLICA", &url).output().expect("the program runs");
    assert_eq!(json(&from_environment)["code"], "usage", "{}", stderr(&from_environment));
    let help = program(&["serve", "--help"]).env("PASSERELLE_READ_REPLICA", &secret).output();
    let help = String::from_utf8_lossy(&help.expect("the program runs").stdout).into_owned();
    assert!(help.contains("--read-replica") && help.contains("hot standby"), "{help}");
    assert!(!help.contains("s3cret"), "not even in the help: {help}");
}

#[tokio::test]
async fn the_program_says_at_its_start_whether_the_standby_is_used() {
    let own = database("program").await;
    let standby = standby::of(primary(), &SETTINGS);
    for (replica, said) in [
        (standby.url("program"), "les copies pour les postes sont lues sur la réplique"),
        (primary().url("filled"), "pg_is_in_recovery() dit faux"),
    ] {
        let lines = spoken(&own.url(), &replica);
        assert!(lines.iter().any(|line| line.contains(said)), "{said}: {lines:#?}");
    }
}

/// What a service says until it listens.
fn spoken(database: &str, replica: &str) -> Vec<String> {
    use std::io::{BufRead, BufReader};
    let mut child =
        program(&["serve", "--listen", "127.0.0.1:0", "--database", database, "--read-replica", replica])
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the program runs");
    let mut lines = Vec::new();
    for line in BufReader::new(child.stderr.take().expect("its errors")).lines().map_while(Result::ok) {
        let listens = line.contains("à l’écoute");
        lines.push(line);
        if listens {
            break;
        }
    }
    child.kill().and_then(|()| child.wait()).expect("it ends");
    lines
}
