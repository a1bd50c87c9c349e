//! The short way of an answer under the overlay ends with what the long way ends with: every answer is applied twice, once
//! to a desk and once to a copy of it that decides everything again, and both files are compared table by table.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_central::exchange::exchange;
use passerelle_office::desk::Desk;
use passerelle_office::store::{Protections, Rebased, Store, profile_database};
use passerelle_office::sync::{Ask, Engine};
use passerelle_protocol::sync::{SyncRequest, SyncResponse};
use passerelle_tests::dice::Dice;
use rand::SeedableRng;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use crate::parts::{Town, call, draft, free_slots};
use crate::replicas::something;

/// Every table that an answer changes, a text for each row, without what names a row only inside of the file.
const TABLES: [(&str, &str); 12] = [
    ("client", "SELECT json_array('client', id, rev, sort_name, birth_date, merged, json(doc)) FROM client"),
    (
        "enquiry",
        "SELECT json_array('enquiry', id, rev, status, owner, client, appointment, received_s, due_s, snoozed_s,
           json(doc)) FROM enquiry",
    ),
    (
        "appointment",
        "SELECT json_array('appointment', id, rev, counsellor, second, room, client, enquiry, start_s, end_s, status,
           session, seat, capacity, overridden, json(doc)) FROM appointment",
    ),
    ("waiting", "SELECT json_array('waiting_entry', id, rev, client, status, appointment, json(doc)) FROM waiting"),
    ("preparation", "SELECT json_array('preparation_sheet', appointment, rev, json(doc)) FROM preparation"),
    ("setting", "SELECT json_array(entity, id, rev, json(doc)) FROM setting"),
    ("overlay", "SELECT json_array('overlay', entity, id, rev, json(doc)) FROM overlay"),
    ("outbox", "SELECT json_array('outbox', seq, id, state, json(visible_at), doubtful, traced) FROM outbox"),
    ("trace", "SELECT json_array('trace', key, command, wrote) FROM trace"),
    ("trace_time", "SELECT json_array('trace_time', command, from_s, to_s) FROM trace_time"),
    ("cursor", "SELECT json_array('cursor', scope, seq) FROM cursor"),
    ("conflict", "SELECT json_array('conflict', id, state, json(refusal), json(mine)) FROM conflict"),
];

async fn opened(profile: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(profile_database(profile)).connect().await.expect("the file opens")
}

/// What a file holds. Of documents that a waiting command has written, the moments noted in them are left out.
async fn held(profile: &Path) -> BTreeSet<String> {
    let mut db = opened(profile).await;
    let covered: Vec<(String, String)> =
        sqlx::query_as("SELECT entity, id FROM overlay").fetch_all(&mut db).await.expect("the overlay");
    let covered: BTreeSet<(String, String)> = covered.into_iter().collect();
    let mut rows = BTreeSet::new();
    for (table, sql) in TABLES {
        let texts: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut db).await.expect(table);
        for text in texts {
            let mut row: Value = serde_json::from_str(&text).expect("JSON");
            let text = |at: usize| row[at].as_str().unwrap_or_default().to_owned();
            if covered.contains(&(text(0), text(1))) {
                forget(&mut row);
            }
            rows.insert(row.to_string());
        }
    }
    db.close().await.expect("closed");
    rows
}

/// Instants, whatever they are called.
fn forget(value: &mut Value) {
    match value {
        Value::String(text) if DateTime::parse_from_rfc3339(text).is_ok() => *value = json!("a moment"),
        Value::Array(items) => items.iter_mut().for_each(forget),
        Value::Object(fields) => fields.values_mut().for_each(forget),
        // `received_s` and `due_s` of an enquiry.
        Value::Number(number) if number.as_i64().is_some_and(|n| n > 1_000_000_000) => *value = json!(0),
        _ => {}
    }
}

/// A copy of a desk's file whose store takes the long way.
async fn twin(desk: &Desk, folder: &Path) -> Store {
    let _ = std::fs::remove_dir_all(folder);
    std::fs::create_dir_all(folder).expect("a folder");
    let mut db = opened(desk.profile()).await;
    sqlx::query("VACUUM INTO ?")
        .bind(profile_database(folder).to_string_lossy())
        .execute(&mut db)
        .await
        .expect("copied");
    db.close().await.expect("closed");
    let long = Protections { keep_untouched: false, ..Protections::default() };
    Store::open(folder).await.expect("it opens").simulated(long, Arc::new(uuid::Uuid::now_v7))
}

/// The next request of a desk, and central's answer.
async fn answered(town: &Town, desk: &Desk, limit: u32, cut: impl FnOnce(&mut SyncRequest)) -> SyncResponse {
    let chance = Box::new(StdRng::seed_from_u64(1));
    let mut engine = Engine::resume(desk.store(), desk.now(), chance).await.expect("an engine");
    let ask = engine.begin(desk.store(), limit).await.expect("a request");
    let Ask::Exchange(mut request) = ask else { panic!("the desk has what there is, and asks for {ask:?}") };
    cut(&mut request);
    let service = town.central.as_ref().expect("central runs").service();
    let known = {
        let mut tx = service.store.read().await.expect("a reader");
        let id = desk.enrolment().expect("enrolled").desk;
        tx.desk(id).await.expect("readable").expect("a desk")
    };
    exchange(service, &known, &request).await.expect("an answer")
}

/// Applies an answer both ways.
async fn both(town: &Town, desk: &Desk, answer: &SyncResponse, now: DateTime<Utc>, what: &str) -> Rebased {
    let folder = town.profile("twin");
    let copy = twin(desk, &folder).await;
    let long = copy.apply(answer, false, now).await.expect("applied the long way");
    copy.close().await;
    let short = desk.store().apply(answer, false, now).await.expect("applied");
    assert!(long.decided_again || !short.decided_again, "{what}: the copy takes the long way");
    assert_eq!(
        (short.accepted, short.refused, short.pulled),
        (long.accepted, long.refused, long.pulled),
        "{what}"
    );
    let (here, there) = (held(desk.profile()).await, held(&folder).await);
    let (more, less): (Vec<_>, Vec<_>) =
        (here.difference(&there).collect(), there.difference(&here).collect());
    assert!(
        more.is_empty() && less.is_empty(),
        "{what}: the short way has {more:#?}, the long way {less:#?}"
    );
    short
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_answer_does_not_concern_stays_as_deciding_it_again_would_leave_it() {
    let town = Town::start().await;
    let desks = [town.desk("a").await, town.desk("b").await];
    let (mut short, mut long, mut refused) = (0, 0, 0);
    for seed in 1..=4_u64 {
        let mut dice = Dice::new(seed);
        // Places on several days, so that some commands are far from one another.
        let (kind, slots) = free_slots(&desks[0], 60).await;
        let slots: Vec<Value> = slots.into_iter().step_by(6).collect();
        let list = call(&desks[0], "enquiries.list", json!({ "view": "all" })).await;
        let rows = list["rows"].as_array().expect("enquiries");
        let enquiries: Vec<Value> = rows.iter().take(6).map(|r| r["id"].clone()).collect();
        let mut made = Vec::new();
        for step in 0..70 {
            let desk = &desks[dice.below(2)];
            if dice.below(3) > 0 {
                something(desk, &mut dice, &kind, &slots, &enquiries, &mut made).await;
                continue;
            }
            // Some commands, and some of what central has to say.
            let (most, limit) = ([1, 1, 2, 200][dice.below(4)], [1, 5, 1000, 1000][dice.below(4)]);
            let answer = answered(&town, desk, limit, |request| request.commands.truncate(most)).await;
            let what = format!("seed {seed}, step {step}");
            let waits = desk.store().pending().await.expect("the outbox") as usize > answer.results.len();
            let done = both(&town, desk, &answer, desk.now(), &what).await;
            refused += done.refused;
            if waits && done.decided_again {
                long += 1;
            } else if waits {
                short += 1;
            }
        }
        for desk in desks.iter().chain(&desks) {
            passerelle_office::sync::once(desk).await.expect("an exchange");
        }
    }
    assert!(short >= 6 && long >= 6 && refused >= 3, "{short} short, {long} long, {refused} refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_back_of_a_long_outbox_is_not_decided_again() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    let (kind, slots) = free_slots(&desk, 12).await;
    for slot in &slots {
        // All at one place of the day of their own, or refused here: either is as good.
        let _ =
            passerelle_office::api::call(&desk, "appointments.book", draft(&kind, slot, "En attente")).await;
    }
    let mut waits = desk.store().pending().await.expect("the outbox");
    assert!(waits >= 12, "enough waits: {waits}");
    while waits > 0 {
        let answer = answered(&town, &desk, 1000, |request| request.commands.truncate(4)).await;
        let done = both(&town, &desk, &answer, desk.now(), &format!("{waits} wait")).await;
        assert!(!done.decided_again || waits <= 4, "with {waits} waiting: {done:?}");
        assert_eq!(done.refused, 0, "{done:?}");
        waits = desk.store().pending().await.expect("the outbox");
    }
}
