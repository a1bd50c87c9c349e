//! Two processes want the same slot at the same moment, a thousand times: one has it, the other is told what is free
//! instead, and there are never two rows.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::store::profile_database;
use serde_json::{Value, json};
use sqlx::Connection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use tempfile::TempDir;

use crate::parts::{Town, call, draft, then};

/// A desk in a process of its own.
struct Rival {
    process: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Rival {
    fn start(profile: &Path) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_passerelle-rival"))
            .args(["--profile", profile.to_str().expect("a path"), "--now", &then().to_rfc3339()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the rival starts");
        let (orders, answers) =
            (process.stdin.take().expect("stdin"), process.stdout.take().expect("stdout"));
        let mut rival = Self { process, orders, answers: BufReader::new(answers) };
        assert_eq!(rival.answer(), json!({ "ready": true }));
        rival
    }

    fn order(&mut self, order: &Value) {
        writeln!(self.orders, "{order}").and_then(|()| self.orders.flush()).expect("the rival listens");
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the rival answers");
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("the rival said {line:?}: {e}"))
    }

    /// Ends by itself once there are no more orders.
    fn end(mut self) {
        drop(self.orders);
        assert!(self.process.wait().expect("it ends").success(), "the rival ended well");
    }
}

/// Both do theirs at the same instant, a little from now.
fn at_once(rivals: &mut [Rival; 2], mut orders: [Value; 2]) -> [Value; 2] {
    let soon = SystemTime::now() + Duration::from_micros(1_500);
    let at_us = soon.duration_since(UNIX_EPOCH).expect("after 1970").as_micros();
    for (rival, order) in rivals.iter_mut().zip(&mut orders) {
        order["at_us"] = json!(u64::try_from(at_us).expect("a time"));
        rival.order(order);
    }
    rivals.each_mut().map(Rival::answer)
}

/// Free slots of the first kind, as many as it takes, and that kind's id.
async fn slots(desk: &Desk, count: usize) -> (String, Vec<Value>) {
    let session = call(desk, "session.get", json!({})).await;
    let kind = session["office"]["kinds"][0]["id"].as_str().expect("a kind").to_owned();
    let mut found: Vec<Value> = Vec::new();
    let mut from = "2026-11-25".to_owned();
    while found.len() < count {
        let query = json!({ "kind": kind, "limit": 500, "from": from, "days": 120 });
        let next = call(desk, "agenda.next", query).await;
        let day = |slot: &Value| slot["local"].as_str().expect("a time")[..10].to_owned();
        let slots = next["slots"].as_array().expect("slots").clone();
        let last = day(slots.last().expect("the agenda has more free slots"));
        // The last day may be cut off: it is asked for again.
        found.extend(slots.into_iter().filter(|s| day(s) != last));
        assert!(from != last, "a day of 500 slots");
        from = last;
    }
    found.truncate(count);
    (kind, found)
}

fn booking(kind: &str, slot: &Value, who: &str) -> Value {
    json!({ "call": "appointments.book", "args": draft(kind, slot, who) })
}

async fn connect(profile: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(profile_database(profile)).read_only(true);
    SqliteConnection::connect_with(&options).await.expect("the file opens")
}

/// Pairs of meetings that should be impossible.
const OVERLAPS: &str = "SELECT count(*) FROM appointment a JOIN appointment b ON a.id < b.id
    AND a.counsellor = b.counsellor AND a.start_s < b.end_s AND b.start_s < a.end_s
    AND a.blocking = 1 AND b.blocking = 1 AND a.overridden = 0 AND b.overridden = 0
    AND (a.session IS NULL OR b.session IS NULL OR a.session <> b.session)";

async fn count(db: &mut SqliteConnection, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(db).await.expect("a number")
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_that_book_the_same_slot_a_thousand_times() {
    const ROUNDS: usize = 1_000;
    let folder = TempDir::new().expect("a folder");
    let profile = folder.path().join("p");
    let desk =
        passerelle_office::demo::init(&profile, None, Clock::starting_at(then())).await.expect("a desk");
    let (kind, slots) = slots(&desk, ROUNDS).await;
    desk.store().close().await;
    let mut db = connect(&profile).await;
    let rows = "SELECT count(*) FROM appointment WHERE blocking = 1";
    let people = "SELECT count(*) FROM client";
    let (rows_before, people_before) = (count(&mut db, rows).await, count(&mut db, people).await);
    let mut rivals = [Rival::start(&profile), Rival::start(&profile)];
    let mut won = [0; 2];
    for (round, slot) in slots.iter().enumerate() {
        let orders = ["Ana", "Bao"].map(|who| booking(&kind, slot, &format!("{who} {round}")));
        let answers = at_once(&mut rivals, orders);
        let [done, refused] = if answers[0].get("done").is_some() {
            won[0] += 1;
            [&answers[0], &answers[1]]
        } else {
            won[1] += 1;
            [&answers[1], &answers[0]]
        };
        assert_eq!(
            done["done"]["appointment"]["start"], slot["start"],
            "round {round}: one has it: {answers:?}"
        );
        assert_eq!(refused["refused"], "slot_taken", "round {round}: the other has not: {answers:?}");
        let instead = refused["params"]["alternatives"].as_array().map_or(0, Vec::len);
        assert!(instead >= 3, "round {round}: the other is told what is free instead: {refused}");
    }
    let [a, b] = rivals;
    a.end();
    b.end();
    let rounds = i64::try_from(ROUNDS).expect("a number");
    assert_eq!(count(&mut db, rows).await - rows_before, rounds, "one meeting for each slot");
    assert_eq!(count(&mut db, OVERLAPS).await, 0, "and none over another");
    // The refused booking would have put a new person on record as well.
    assert_eq!(
        count(&mut db, people).await - people_before,
        rounds,
        "a refused step leaves nothing of itself"
    );
    let queued = "SELECT count(*) FROM outbox WHERE kind = 'appointment.book'";
    assert_eq!(count(&mut db, queued).await, rounds, "nothing that was refused waits for central");
    assert!(won.iter().all(|n| *n > 0), "both were first sometimes, else they never met: {won:?}");
}

/// Two desks of one office, each with its own database: both may book, central decides.
#[tokio::test(flavor = "multi_thread")]
async fn two_desks_that_book_the_same_slot_through_central() {
    const ROUNDS: usize = 25;
    let town = Town::start().await;
    let mut profiles = Vec::new();
    let mut free = None;
    for name in ["a", "b"] {
        let desk = town.desk(name).await;
        if free.is_none() {
            free = Some(slots(&desk, ROUNDS).await);
        }
        desk.store().close().await;
        profiles.push(town.profile(name));
    }
    let (kind, slots) = free.expect("slots");
    let mut rivals = [Rival::start(&profiles[0]), Rival::start(&profiles[1])];
    let mut won = [0; 2];
    for (round, slot) in slots.iter().enumerate() {
        let orders = ["Ana", "Bao"].map(|who| booking(&kind, slot, &format!("{who} {round}")));
        let booked = at_once(&mut rivals, orders);
        assert!(
            booked.iter().all(|b| b.get("done").is_some()),
            "round {round}: each has its own agenda: {booked:?}"
        );
        let said = at_once(&mut rivals, [json!({}), json!({})]);
        let refused: Vec<u64> =
            said.iter().map(|s| s["done"]["refused"].as_u64().expect("a number")).collect();
        assert_eq!(refused.iter().sum::<u64>(), 1, "round {round}: one of the two is refused: {said:?}");
        let loser = usize::from(refused[1] == 1);
        won[1 - loser] += 1;
        rivals[loser].order(&json!({ "call": "conflicts.list", "args": {} }));
        let conflicts = rivals[loser].answer();
        let open = conflicts["done"].as_array().expect("a list");
        let mine = open.iter().find(|c| c["mine"]["appointment"]["start"] == slot["start"]);
        let mine = mine.unwrap_or_else(|| panic!("round {round}: a conflict about this slot: {conflicts}"));
        assert_eq!(mine["code"], "slot_taken", "round {round}");
        for offered in ["same_person", "colleagues"] {
            assert!(
                !mine[offered].as_array().expect("a list").is_empty(),
                "round {round}: {offered}: {mine}"
            );
        }
    }
    // Once more, so that each has what the other was given.
    at_once(&mut rivals, [json!({}), json!({})]);
    let [a, b] = rivals;
    a.end();
    b.end();
    let mut agendas = Vec::new();
    for profile in &profiles {
        let mut db = connect(profile).await;
        assert_eq!(count(&mut db, OVERLAPS).await, 0, "no meeting over another");
        let rows: Vec<(String, String, i64)> =
            sqlx::query_as("SELECT id, counsellor, start_s FROM appointment WHERE blocking = 1 ORDER BY id")
                .fetch_all(&mut db)
                .await
                .expect("the agenda");
        let mut at: BTreeMap<(String, i64), usize> = BTreeMap::new();
        rows.iter().for_each(|(_, who, start)| *at.entry((who.clone(), *start)).or_default() += 1);
        for slot in &slots {
            let start = slot["start"].as_str().and_then(|s| s.parse::<chrono::DateTime<chrono::Utc>>().ok());
            let who = slot["counsellor"]["id"].as_str().expect("an id").to_owned();
            assert_eq!(
                at.get(&(who, start.expect("an instant").timestamp())),
                Some(&1),
                "one meeting: {slot}"
            );
        }
        agendas.push(rows);
    }
    assert_eq!(agendas[0], agendas[1], "both desks see the same agenda");
}
