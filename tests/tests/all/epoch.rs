//! When the two sides no longer hold the same: central was restored from a backup, a row at a desk is not what central
//! sent, an answer is meant for another incarnation, the other side is of another version. Nothing acknowledged is lost.

use std::collections::BTreeMap;
use std::time::Duration;

use passerelle_central::exchange::exchange;
use passerelle_central::snapshot;
use passerelle_central::store::{Location, backup};
use passerelle_domain::ids::CommandId;
use passerelle_domain::refusal::RefusalCode;
use passerelle_office::desk::Desk;
use passerelle_office::store::{meta_keys as k, profile_database};
use passerelle_office::sync::{self, Answer, Ask, Engine, Step, SyncError};
use passerelle_protocol::problem::Problem;
use passerelle_protocol::sync::{CommandResult, MAX_ASKED, SyncRequest, SyncResponse, Verdict};
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::parts::{Town, call, draft, free_slots, reopen};
use crate::replicas::{at_central, at_desk};

async fn synchronised(desk: &Desk) -> sync::SyncReport {
    sync::once(desk).await.expect("an exchange")
}

pub async fn engine(desk: &Desk) -> Engine {
    let chance = Box::new(StdRng::seed_from_u64(1));
    Engine::resume(desk.store(), desk.now(), chance).await.expect("an engine")
}

fn refused(status: u16, code: &str, detail: String) -> SyncError {
    SyncError::Refused(Box::new(Problem {
        status,
        code: code.to_owned(),
        title: String::new(),
        detail,
        fields: Vec::new(),
        alternatives: Vec::new(),
    }))
}

/// What central answers to this desk, without the line between them.
pub async fn answer(town: &Town, desk: &Desk, ask: &Ask) -> Result<Answer, SyncError> {
    let service = town.central.as_ref().expect("central runs").service();
    let id = desk.enrolment().expect("enrolled").desk;
    let known = {
        let mut tx = service.store.read().await.expect("a reader");
        tx.desk(id).await.expect("readable").expect("a desk")
    };
    match ask {
        Ask::Exchange(request) => match exchange(service, &known, request).await {
            Ok(answer) => Ok(Answer::Exchange(Box::new(answer))),
            Err(error) => Err(refused(error.status(), error.code(), error.to_string())),
        },
        Ask::Part(wanted) => {
            Ok(Answer::Part(Box::new(snapshot::part(service, &known, wanted).await.expect("a part"))))
        }
        Ask::Look(tag) => panic!("nobody looks here: {tag}"),
    }
}

/// The same as a central of the version before says it: it knows neither the question nor sums nor snapshots.
async fn old_answer(town: &Town, desk: &Desk, ask: &Ask) -> Result<Answer, SyncError> {
    if matches!(ask, Ask::Part(_)) {
        return Err(refused(404, "not_found", String::new()));
    }
    let mut said = answer(town, desk, ask).await?;
    let answer = exchanged(&mut said);
    answer.check.clear();
    answer.unknown = None;
    Ok(said)
}

fn exchanged(answer: &mut Answer) -> &mut SyncResponse {
    let Answer::Exchange(answer) = answer else { panic!("an exchange was asked for") };
    answer
}

fn request(ask: &Ask) -> &SyncRequest {
    let Ask::Exchange(request) = ask else { panic!("an exchange is asked for, got {ask:?}") };
    request
}

async fn beside(desk: &Desk) -> SqliteConnection {
    let file = profile_database(desk.profile());
    SqliteConnectOptions::new().filename(file).connect().await.expect("the file opens")
}

/// A bad disk, or somebody with an editor: a meeting is gone, and a client is another.
async fn spoil(desk: &Desk, meeting: &str) {
    let mut db = beside(desk).await;
    let mut tx = db.begin().await.expect("a transaction");
    // The marker of a rebase: what is written is taken for central's word.
    for (sql, rows) in [
        ("INSERT INTO rebasing (one) VALUES (1)", 1),
        ("DELETE FROM appointment WHERE id = ?", 1),
        (
            "UPDATE client SET rev = rev + 5, doc = json_set(doc, '$.family_name', 'Autre')
               WHERE id = (SELECT min(id) FROM client) AND ? <> ''",
            1,
        ),
        ("DELETE FROM rebasing", 1),
        // As when the next comparison is due.
        ("DELETE FROM meta WHERE key = 'compared'", 1),
    ] {
        let mut query = sqlx::query(sql);
        if sql.contains('?') {
            query = query.bind(meeting);
        }
        assert_eq!(query.execute(&mut *tx).await.expect(sql).rows_affected(), rows, "{sql}");
    }
    tx.commit().await.expect("committed");
    db.close().await.expect("closed");
}

fn meeting(booked: &Value) -> String {
    booked["appointment"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_to_another_incarnation_is_ignored() {
    let town = Town::start().await;
    let a = town.desk("a").await;
    let (kind, slots) = free_slots(&a, 1).await;
    call(&a, "appointments.book", draft(&kind, &slots[0], "En attente")).await;
    let before = at_desk(&a).await;
    let mut engine = engine(&a).await;
    let ask = engine.begin(a.store(), 1000).await.expect("a request");
    let request = request(&ask);
    let cursors = a.store().cursors().await.expect("cursors");
    // It says the worst: all refused, and another state of a meeting.
    let mut said = answer(&town, &a, &ask).await.expect("an answer");
    let wrong = exchanged(&mut said);
    wrong.inc = "another".to_owned();
    let refused = Verdict::Refused { refusal: RefusalCode::SlotTaken.into() };
    wrong.results = request
        .commands
        .iter()
        .map(|c| CommandResult { id: c.id, seq: c.seq, verdict: refused.clone() })
        .collect();
    let done = a.store().apply(wrong, false, a.now()).await.expect("it is looked at");
    assert!(done.ignored && done.refused == 0, "{done:?}");
    // So it is with one of an epoch that this database has not entered.
    wrong.inc.clone_from(&request.replica.inc);
    wrong.epoch = "another".to_owned();
    let done = a.store().apply(wrong, false, a.now()).await.expect("it is looked at");
    assert!(done.ignored && done.refused == 0, "{done:?}");
    assert_eq!(at_desk(&a).await, before, "nothing has changed");
    assert_eq!(a.store().cursors().await.expect("cursors"), cursors);
    assert_eq!(a.store().pending().await.expect("a number"), 2, "what waited waits");
    // The engine asks again under the name that the database has taken meanwhile.
    a.store().new_incarnation("renamed").await.expect("another name");
    let good = answer(&town, &a, &ask).await;
    let step = engine.take(a.store(), good, a.now()).await;
    let Some(Step::Send(Ask::Exchange(next))) = step else {
        panic!("expected another request, got {step:?}")
    };
    assert_eq!(next.replica.inc, "renamed");
    assert_eq!(
        next.commands.iter().map(|c| c.seq).collect::<Vec<_>>(),
        [1, 2],
        "numbered from the beginning"
    );
    assert_eq!(a.store().pending().await.expect("a number"), 2);
    let report = synchronised(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (2, 0, 0), "{report:?}");
    assert_eq!(at_desk(&a).await, at_central(&town).await);
}

/// Takes a backup of central while it works.
async fn backed_up(town: &Town) -> std::path::PathBuf {
    let file = town.folder.path().join("central.backup");
    let database = Location::from(town.folder.path().join("central.db"));
    backup::backup(&database, &file).await.expect("a backup");
    file
}

/// Stops central, makes its database of the backup, and starts it again.
async fn restore(town: &mut Town, backup: &std::path::Path) {
    let database = town.folder.path().join("central.db");
    let port = town.stop().await;
    std::fs::remove_file(&database).expect("the disk broke");
    backup::restore(&Location::from(database), backup).await.expect("restored");
    town.resume(port).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restoration_of_central_whatever_it_had_acknowledged_is_there_again_or_shown() {
    let mut town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let (kind, slots) = free_slots(&a, 9).await;
    let mut booked = BTreeMap::new();
    for (slot, name) in [(0, "Avant a"), (1, "Avant b")] {
        let desk = if name.ends_with('a') { &a } else { &b };
        let done = call(desk, "appointments.book", draft(&kind, &slots[slot], name)).await;
        booked.insert(name, meeting(&done));
        synchronised(desk).await;
    }
    let backup = backed_up(&town).await;
    for (slot, name) in [(2, "Après a"), (3, "Après b"), (4, "Ensuite a")] {
        let desk = if name.ends_with('a') { &a } else { &b };
        let done = call(desk, "appointments.book", draft(&kind, &slots[slot], name)).await;
        booked.insert(name, meeting(&done));
        synchronised(desk).await;
    }
    let moved = json!({ "id": booked["Avant a"], "start": slots[5]["local"], "counsellor": slots[5]["counsellor"]["id"],
        "site": slots[5]["site"] });
    call(&b, "appointments.move", {
        synchronised(&b).await;
        moved
    })
    .await;
    synchronised(&b).await;
    synchronised(&a).await;
    let before = at_central(&town).await;
    assert_eq!(at_desk(&a).await, before);

    restore(&mut town, &backup).await;
    assert!(at_central(&town).await.len() < before.len(), "the backup lacks something");
    // Not acknowledged yet: it goes after what was.
    let done = call(&a, "appointments.book", draft(&kind, &slots[6], "En attente")).await;
    booked.insert("En attente", meeting(&done));
    // Somebody enrolled since then takes a place that was given already.
    let c = town.desk("c").await;
    let (kind, free) = free_slots(&c, 9).await;
    let same = |s: &&Value| s["local"] == slots[4]["local"] && s["counsellor"] == slots[4]["counsellor"];
    let taken = free.iter().find(same).expect("it is free again");
    call(&c, "appointments.book", draft(&kind, taken, "Entre-temps")).await;
    synchronised(&c).await;

    let report = synchronised(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (5, 1, 0), "{report:?}");
    let report = synchronised(&b).await;
    assert_eq!((report.accepted, report.refused, report.pending), (3, 0, 0), "{report:?}");
    let lost = booked.remove("Ensuite a").expect("it was booked");
    let conflicts = call(&a, "conflicts.list", json!({})).await;
    assert_eq!(conflicts.as_array().map(Vec::len), Some(1), "{conflicts}");
    assert_eq!(conflicts[0]["code"], "slot_taken", "{conflicts}");
    assert!(conflicts[0].to_string().contains(&lost), "it is told which: {conflicts}");
    for desk in [&a, &b, &c] {
        synchronised(desk).await;
    }
    let central = at_central(&town).await;
    for desk in [&a, &b, &c] {
        assert_eq!(at_desk(desk).await, central);
    }
    for (name, id) in &booked {
        assert_eq!(central.keys().filter(|(_, d)| d == id).count(), 1, "{name} is there once");
    }
    let place = &central[&("appointment".to_owned(), booked["Avant a"].clone())];
    assert_eq!(place.0, 2, "moved once: {place:?}");
    // Nothing is asked or sent a second time.
    let report = synchronised(&a).await;
    assert_eq!((report.pushed, report.pulled), (0, 0), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_sums_differ_the_feed_is_read_again_and_what_waits_is_kept() {
    let mut town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let (kind, slots) = free_slots(&a, 4).await;
    let first = call(&a, "appointments.book", draft(&kind, &slots[0], "Disparue")).await;
    synchronised(&a).await;
    synchronised(&b).await;
    spoil(&a, &meeting(&first)).await;
    assert_ne!(at_desk(&a).await, at_central(&town).await);

    // It is read page by page; what is given meanwhile waits, and is on the screen all the time.
    let going = tokio::spawn({
        let a = a.clone();
        async move { sync::once_in_pages(&a, 7).await }
    });
    let began = std::time::Instant::now();
    while a.store().catching_up().await.expect("readable").is_none_or(|far| far.got < 20) {
        assert!(began.elapsed() < Duration::from_secs(30), "the difference is not found");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let held = call(&a, "appointments.book", draft(&kind, &slots[1], "Pendant")).await;
    assert!(a.store().catching_up().await.expect("readable").is_some(), "it is still being read");
    assert_eq!(a.store().pending().await.expect("a number"), 2);
    let seen = call(&a, "appointments.get", json!({ "id": meeting(&held) })).await;
    assert_eq!((&seen["status"], &seen["sync"]), (&json!("booked"), &json!("local")));
    let report = going.await.expect("it ends").expect("an exchange");
    assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
    assert!(report.pulled > 100, "all was read: {report:?}");
    let seen = call(&a, "appointments.get", json!({ "id": meeting(&held) })).await;
    assert_eq!((&seen["status"], &seen["sync"]), (&json!("booked"), &json!("acknowledged")));
    assert_eq!(at_desk(&a).await, at_central(&town).await);
    synchronised(&b).await;
    assert_eq!(at_desk(&b).await, at_central(&town).await);
    assert_eq!(synchronised(&a).await.pulled, 0, "it is not read a third time");

    // Offline in the middle of such a reading: after a restart it goes on, with what waited.
    spoil(&a, &meeting(&first)).await;
    let mut engine = engine(&a).await;
    let request = engine.begin(a.store(), 1000).await.expect("a request");
    let said = answer(&town, &a, &request).await;
    assert!(matches!(engine.take(a.store(), said, a.now()).await, Some(Step::Send(_))), "it reads again");
    let port = town.stop().await;
    call(&a, "appointments.book", draft(&kind, &slots[2], "Hors ligne")).await;
    sync::once(&a).await.expect_err("central is away");
    a.store().close().await;
    let a = reopen(&town.profile("a")).await;
    assert!(a.store().next_part().await.expect("readable").is_some(), "the reading is still to be made");
    town.resume(port).await;
    let report = synchronised(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (2, 0, 0), "{report:?}");
    assert_eq!(at_desk(&a).await, at_central(&town).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_timer_of_a_failed_exchange_outlives_the_process_and_sends_by_itself() {
    let mut town = Town::start().await;
    let a = town.desk("a").await;
    let (kind, slots) = free_slots(&a, 1).await;
    let port = town.stop().await;
    let done = call(&a, "appointments.book", draft(&kind, &slots[0], "En attente")).await;
    for _ in 0..3 {
        sync::once(&a).await.expect_err("central is away");
    }
    let (due, patience) = (
        a.store().meta_instant(k::NEXT_TRY).await.expect("readable").expect("the timer is armed"),
        a.store().meta(k::PATIENCE).await.expect("readable").expect("and has waited"),
    );
    a.store().close().await;
    let a = reopen(&town.profile("a")).await;
    let taken_up = engine(&a).await;
    assert_eq!(taken_up.due(), Some(due.max(a.now())), "not earlier, not later");
    assert_eq!(a.store().meta(k::PATIENCE).await.expect("readable"), Some(patience));
    // An instant that a wrong clock wrote keeps nobody waiting.
    let far = "2031-01-01T00:00:00+00:00";
    a.store().set_meta(&[(k::NEXT_TRY, Some(far))]).await.expect("written");
    let wrong = engine(&a).await.due().expect("armed");
    assert!(wrong <= a.now() + chrono::TimeDelta::seconds(301), "{wrong}");
    // Nobody touches anything any more: the loop alone sends what waits.
    let soon = (a.now() + chrono::TimeDelta::seconds(2)).to_rfc3339();
    a.store().set_meta(&[(k::NEXT_TRY, Some(&soon))]).await.expect("written");
    a.store().close().await;
    let a = reopen(&town.profile("a")).await;
    town.resume(port).await;
    let started = std::time::Instant::now();
    let going = tokio::spawn(sync::run(a.clone()));
    while a.store().pending().await.expect("a number") > 0 {
        assert!(started.elapsed() < Duration::from_secs(30), "it is never sent");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(started.elapsed() > Duration::from_millis(900), "it was sent before its time");
    while a.store().meta(k::NEXT_TRY).await.expect("readable").is_some() {
        assert!(started.elapsed() < Duration::from_secs(30), "a success takes the timer off the disk");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    going.abort();
    let id = meeting(&done);
    assert_eq!(at_central(&town).await.keys().filter(|(_, d)| *d == id).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_central_of_the_version_before_serves_this_desk() {
    let mut town = Town::start().await;
    let a = town.desk("a").await;
    let (kind, slots) = free_slots(&a, 2).await;
    call(&a, "appointments.book", draft(&kind, &slots[0], "Ancienne version")).await;
    let mut engine = engine(&a).await;
    let mut request = engine.begin(a.store(), 1000).await.expect("a request");
    let report = loop {
        let said = old_answer(&town, &a, &request).await;
        match engine.take(a.store(), said, a.now()).await {
            Some(Step::Send(next) | Step::Renew(next)) => request = next,
            Some(Step::Done(done)) => break done.expect("an exchange"),
            None => panic!("nobody waits for this answer"),
        }
    };
    assert_eq!((report.accepted, report.refused, report.pending), (2, 0, 0), "{report:?}");
    assert_eq!(at_desk(&a).await, at_central(&town).await);
    // Restored, it cannot say what it lost: that is told to people, and nothing that waits or was accepted is given up.
    let backup = backed_up(&town).await;
    restore(&mut town, &backup).await;
    call(&a, "appointments.book", draft(&kind, &slots[1], "Après")).await;
    let before = at_desk(&a).await;
    let mut request = engine.begin(a.store(), 1000).await.expect("a request");
    let error = loop {
        let said = old_answer(&town, &a, &request).await;
        match engine.take(a.store(), said, a.now()).await {
            Some(Step::Send(next) | Step::Renew(next)) => request = next,
            Some(Step::Done(done)) => break done.expect_err("it cannot be asked"),
            None => panic!("nobody waits for this answer"),
        }
    };
    assert_eq!(error.code(), "epoch_changed", "{error}");
    assert_eq!(a.store().pending().await.expect("a number"), 2);
    assert_eq!(at_desk(&a).await, before);
    // Brought up to date it is asked, and all goes on.
    let report = synchronised(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (2, 0, 0), "{report:?}");
    assert_eq!(at_desk(&a).await, at_central(&town).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_is_asked_after_than_one_question_holds() {
    let town = Town::start().await;
    let a = town.desk("a").await;
    let mut db = beside(&a).await;
    // Of most desks it is a few hundred; an import of a year's list at one desk is more than a question holds.
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
         INSERT INTO acknowledged (id, kind, at, actor, role, depends, command, about, until_s)
         SELECT printf('01920000-0000-7000-8000-%012x', i), 'x', '', '', '', '[]', '{}', '{}', 0 FROM n",
    )
    .bind(i64::try_from(MAX_ASKED + 3).expect("small"))
    .execute(&mut db)
    .await
    .expect("many");
    db.close().await.expect("closed");
    let mut engine = engine(&a).await;
    let first = engine.begin(a.store(), 1000).await.expect("a request");
    let changed = refused(409, "epoch_changed", String::new());
    let step = engine.take(a.store(), Err(changed), a.now()).await;
    let Some(Step::Send(Ask::Exchange(question))) = step else { panic!("expected a question, got {step:?}") };
    let asked = question.asked.clone().expect("it asks");
    assert_eq!(asked.len(), MAX_ASKED);
    let says = |epoch: &str, unknown: Vec<CommandId>| SyncResponse {
        epoch: epoch.to_owned(),
        inc: request(&first).replica.inc.clone(),
        server_time: a.now(),
        results: Vec::new(),
        expected_next: 1,
        changes: Vec::new(),
        cursors: BTreeMap::new(),
        marks: BTreeMap::new(),
        has_more: false,
        poll_after_s: 2,
        unknown: Some(unknown),
        check: BTreeMap::new(),
        decided: Vec::new(),
    };
    let step =
        engine.take(a.store(), Ok(Answer::Exchange(Box::new(says("next", vec![asked[1]])))), a.now()).await;
    let Some(Step::Send(Ask::Exchange(question))) = step else {
        panic!("expected a second question, got {step:?}")
    };
    let rest = question.asked.clone().expect("it asks");
    assert_eq!(rest.len(), 3, "the rest");
    assert!(rest.iter().all(|id| !asked.contains(id)), "each once");
    let step =
        engine.take(a.store(), Ok(Answer::Exchange(Box::new(says("next", vec![rest[2]])))), a.now()).await;
    assert!(matches!(step, Some(Step::Send(_))), "{step:?}");
    let mut db = beside(&a).await;
    let again: Vec<String> =
        sqlx::query_scalar("SELECT id FROM outbox ORDER BY seq").fetch_all(&mut db).await.expect("read");
    assert_eq!(again, [asked[1].to_string(), rest[2].to_string()], "what either answer named, in order");
    assert_eq!(a.store().meta(k::EPOCH).await.expect("readable").as_deref(), Some("next"));
}
