//! All that there is in parts, and what is forgotten of how it came about.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use passerelle_central::retention::{CHANGES_DAYS, VERDICTS_DAYS, round};
use passerelle_central::spawn;
use passerelle_domain::Command;
use passerelle_protocol::snapshot::{SnapshotPart, SnapshotQuery};
use passerelle_protocol::sync::{DIRECTORY, Entity, Tally, Verdict, office_scope};
use reqwest::StatusCode;
use serde_json::Value;
use sqlx::Connection;

use crate::database::Own;
use crate::office::{
    Central, Desk, abbeville, amiens, book, config, enquiry, now, post_enquiry, problem, receptionist,
};

pub type Documents = BTreeMap<(String, Entity, String), (u64, Value)>;

pub async fn ask(desk: &Desk, query: &[(&str, String)]) -> reqwest::Response {
    let url =
        reqwest::Url::parse_with_params(&format!("{}/v1/snapshot", desk.url), query).expect("an address");
    desk.http.get(url).bearer_auth(&desk.token).send().await.expect("an answer")
}

pub async fn part(desk: &Desk, wanted: &SnapshotQuery) -> SnapshotPart {
    let mut query = vec![("scope", wanted.scope.clone())];
    query.extend(wanted.seq.map(|seq| ("seq", seq.to_string())));
    query.extend(wanted.after.clone().map(|after| ("after", after)));
    query.extend(wanted.limit.map(|limit| ("limit", limit.to_string())));
    let answer = ask(desk, &query).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers()["content-digest"].to_str().expect("text").starts_with("sha-256=:"));
    answer.json().await.expect("a part")
}

/// Reads a scope in parts of at most so many; between two of them something may be done.
pub async fn read(
    desk: &Desk,
    scope: &str,
    limit: u32,
    mut between: impl AsyncFnMut(usize),
) -> (Documents, u64) {
    let mut wanted = SnapshotQuery { scope: scope.to_owned(), seq: None, after: None, limit: Some(limit) };
    let mut documents = Documents::new();
    for parts in 1.. {
        let part = part(desk, &wanted).await;
        assert!(part.rows.len() <= limit as usize && (part.next.is_none() || !part.rows.is_empty()));
        assert!(wanted.seq.is_none_or(|seq| seq == part.seq), "all parts count from one position");
        for row in part.rows {
            let before = documents.insert(
                (scope.to_owned(), row.entity, row.id.clone()),
                (row.rev, row.doc.read().expect("JSON")),
            );
            assert!(before.is_none(), "{} comes once", row.id);
        }
        (wanted.seq, wanted.after) = (Some(part.seq), part.next);
        if wanted.after.is_none() {
            break;
        }
        between(parts).await;
    }
    (documents, wanted.seq.expect("a position"))
}

pub fn of(documents: &Documents, scope: &str) -> Documents {
    documents.iter().filter(|((of, ..), _)| of == scope).map(|(k, v)| (k.clone(), v.clone())).collect()
}

pub fn tally(documents: &Documents) -> Tally {
    let mut tally = Tally::default();
    documents.iter().for_each(|((_, _, id), (rev, _))| tally.add(id, *rev));
    tally
}

#[tokio::test]
async fn parts_and_the_feed_after_them_are_what_the_whole_feed_says() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let (mut whole, mut busy) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    busy.sync(&[]).await;
    // While parts are read others work: what is new, what is changed that was told already, what is changed before it is.
    let mut fresh = central.desk(&amiens()).await;
    let scope = fresh.scope();
    let (documents, seq) = read(&fresh, &scope, 9, async |parts| {
        if parts % 3 != 0 {
            return;
        }
        let slot = busy.free(&settings).remove(0);
        let verdict = busy.give(who, &Command::Book(book(&settings, &slot))).await;
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
        let key = format!("k{parts}");
        post_enquiry(&central, &key, &enquiry("80090")).await;
    })
    .await;
    assert!(documents.len() > 50, "the demonstration is no small office");
    whole.sync(&[]).await;
    let head = whole.cursors[&scope];
    assert!(head > seq, "something happened meanwhile");
    // The feed after the first part completes it, whatever a part has seen of it already.
    let mut documents = documents;
    fresh.cursors.insert(scope.clone(), seq);
    let answer: passerelle_protocol::sync::SyncResponse =
        fresh.post(&fresh.request(&[], 1000)).await.json().await.expect("an answer");
    for change in answer.changes.into_iter().filter(|c| c.scope == scope) {
        let doc = change.doc.expect("nothing is taken away here").read().expect("JSON");
        documents.insert((change.scope, change.entity, change.id), (change.rev, doc));
    }
    assert_eq!(documents, of(&whole.documents, &scope));
    assert_eq!(answer.check[&scope].tally, tally(&documents), "central's count and sum");
    // The service changes the directory in rounds of its own: both are read at one place of it.
    let directory = loop {
        whole.sync(&[]).await;
        let (directory, seq) = read(&fresh, DIRECTORY, 1000, async |_| {}).await;
        if seq == whole.cursors[DIRECTORY] {
            break directory;
        }
    };
    assert_eq!(directory, of(&whole.documents, DIRECTORY));
    central.running.shutdown().await;
}

#[tokio::test]
async fn nobody_reads_another_office_and_a_wrong_question_is_said() {
    let central = Central::start().await;
    let desk = central.desk(&amiens()).await;
    let own = desk.scope();
    let s = |text: &str| text.to_owned();
    for (query, status, code) in [
        (vec![("scope", office_scope(&abbeville()))], 403, "wrong_scope"),
        (vec![("scope", s("office:0000000X"))], 403, "wrong_scope"),
        (vec![], 400, "malformed_query"),
        (vec![("scope", own.clone()), ("seq", s("-1"))], 400, "malformed_query"),
        (vec![("scope", own.clone()), ("after", s("appointment/../x"))], 400, "malformed_query"),
        // As of a database that is behind the one that answered before.
        (vec![("scope", own.clone()), ("seq", s("1000000")), ("after", s("appointment/"))], 503, "busy"),
    ] {
        let answer = ask(&desk, &query).await;
        let said = (answer.status().as_u16(), problem(answer).await.code);
        assert_eq!(said, (status, code.to_owned()), "{query:?}");
    }
    central.running.shutdown().await;
}

#[tokio::test]
async fn changes_are_forgotten_after_their_time_and_whoever_missed_them_reads_everything() {
    let database = Own::filled().await;
    // The service that filled it may have made its round; what is waited for below is that of the one that starts here.
    let mut bare = database.bare().await;
    sqlx::query("DELETE FROM feed_mark").execute(&mut bare).await.expect("no marks");
    bare.close().await.expect("closed");
    let running = spawn(config(&database.location())).await.expect("a service");
    let central = Central { running, database };
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let (mut near, mut far) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    let scope = near.scope();
    far.sync(&[]).await;
    near.sync(&[]).await;
    let service = central.running.service();
    let days = |n: u64| now() + TimeDelta::days(i64::try_from(n).expect("small"));
    // The service makes a round of its own when it starts, and the next a day later.
    let marked = async || {
        let marks = service.store.read().await.expect("a reader").marked(days(1)).await.expect("marks");
        marks.iter().any(|(of, _)| *of == scope)
    };
    let began = std::time::Instant::now();
    while !marked().await {
        assert!(began.elapsed() < std::time::Duration::from_secs(60), "the service never makes its round");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let at = |at: DateTime<Utc>| async move { round(service, at).await.expect("a round") };
    assert_eq!(at(now()).await, days(1), "once a day");
    // What happens after the mark is younger than it, and is kept.
    let slot = near.free(&settings).remove(0);
    near.give(who, &Command::Book(book(&settings, &slot))).await;
    let head = near.cursors[&scope];
    at(days(1)).await;
    at(days(CHANGES_DAYS)).await;
    let early = far.exchange(&[], 1000).await;
    assert!(!early.changes.is_empty() && !early.has_more, "on the last day all is there still");
    far.cursors.insert(scope.clone(), 1);
    at(days(CHANGES_DAYS) + TimeDelta::hours(1)).await;
    let answer = far.post(&far.request(&[], 1000)).await;
    assert_eq!((answer.status().as_u16(), problem(answer).await.code.as_str()), (410, "cursor_expired"));
    let floor = {
        let mut tx = service.store.read().await.expect("a reader");
        tx.floor(&scope).await.expect("a floor").seq
    };
    assert!(floor > 1 && floor < head, "up to the first mark: {floor} of {head}");
    // Who stands at it reads on, and both sides still agree.
    far.documents = near.documents.clone();
    far.cursors.insert(scope.clone(), head);
    let answer = far.exchange(&[], 1000).await;
    assert_eq!(answer.check[&scope].tally, tally(&of(&near.documents, &scope)));
    central.assert_sound().await;
    // A service that starts reckons from what was kept with the floor.
    let database = central.database;
    central.running.shutdown().await;
    let running = spawn(config(&database.location())).await.expect("a service");
    far.url = running.url();
    far.renew().await;
    let answer = far.exchange(&[], 1000).await;
    assert_eq!(answer.check[&scope].tally, tally(&of(&near.documents, &scope)));
    let (documents, _) = read(&far, &scope, 50, async |_| {}).await;
    assert_eq!(documents, of(&near.documents, &scope));
    running.shutdown().await;
}

#[tokio::test]
async fn a_verdict_is_given_again_for_as_long_as_it_is_kept() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let slot = desk.free(&settings).remove(0);
    let booking = desk.envelope(receptionist(&settings), &Command::Book(book(&settings, &slot)));
    let first = desk.sync(std::slice::from_ref(&booking)).await;
    let service = central.running.service();
    let kept = now() + TimeDelta::days(i64::try_from(VERDICTS_DAYS).expect("small"));
    round(service, kept).await.expect("a round");
    assert_eq!(desk.sync(std::slice::from_ref(&booking)).await, first, "the same verdict");
    round(service, kept + TimeDelta::hours(1)).await.expect("a round");
    let answer = desk.post(&desk.request(&[booking], 10)).await;
    let code = (answer.status().as_u16(), problem(answer).await.code);
    assert_eq!(code, (409, "lineage_conflict".to_owned()), "it is not decided a second time");
    central.assert_sound().await;
    central.running.shutdown().await;
}
