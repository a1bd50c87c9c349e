//! Two services on one database: whichever a desk or a family speaks to, there is one state; and what one of them writes
//! the listeners of the other hear.

use std::time::Duration;

use passerelle_central::administration::{self, AdminError, By, NewOffice};
use passerelle_central::spawn;
use passerelle_domain::Command;
use passerelle_domain::ids::Uai;
use passerelle_protocol::sync::Verdict;
use reqwest::StatusCode;
use sqlx::Connection;

use crate::database::Own;
use crate::office::{
    Central, amiens, book, config, enquiry, enrol_request, post_enquiry, receptionist, signing_key,
};

/// A second service on the database of the first.
async fn beside(first: &Central) -> Central {
    let running = spawn(config(&first.database.location())).await.expect("a second service");
    // The database belongs to the first; this one only has its address.
    Central { running, database: Own::of(first.database.name()) }
}

#[tokio::test]
async fn a_desk_may_speak_to_either() {
    let first = Central::start().await;
    let second = beside(&first).await;
    let clocks = (first.running.service().clock.shift_us(), second.running.service().clock.shift_us());
    assert_eq!(clocks.0, clocks.1, "both have the clock of the first");
    let settings = first.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desk = first.desk(&amiens()).await;
    desk.sync(&[]).await;
    let slots = desk.free(&settings);
    for (i, slot) in slots.iter().step_by(3).take(6).enumerate() {
        // The token of one is good at the other, and the numbers go on.
        desk.url = if i % 2 == 0 { second.running.url() } else { first.running.url() };
        let verdict = desk.give(who, &Command::Book(book(&settings, slot))).await;
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    }
    // A request that is sent again to the other is answered as it was.
    let taken = desk.free(&settings)[0].clone();
    let envelope = desk.envelope(who, &Command::Book(book(&settings, &taken)));
    let there = desk.sync(std::slice::from_ref(&envelope)).await.remove(0).verdict;
    desk.url = second.running.url();
    let again = desk.sync(&[envelope]).await.remove(0).verdict;
    assert_eq!(there, again, "one command, one verdict, whoever is asked");
    first.assert_sound().await;
    second.running.shutdown().await;
    first.running.shutdown().await;
}

#[tokio::test]
async fn what_one_writes_the_listeners_of_the_other_hear() {
    let first = Central::start().await;
    let second = beside(&first).await;
    let settings = first.settings(&amiens()).await;
    let mut desk = first.desk(&amiens()).await;
    desk.sync(&[]).await;
    let request = desk.http.get(second.url("/v1/events")).bearer_auth(&desk.token);
    let mut stream = request.send().await.expect("a stream");
    let head = desk.cursors[&desk.scope()] + 1;
    let slot = desk.free(&settings).remove(0);
    let verdict = desk.give(receptionist(&settings), &Command::Book(book(&settings, &slot))).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    let hint = format!("data: {{\"scope\":\"{}\",\"head\":{head}}}", desk.scope());
    let mut heard = String::new();
    let listening = tokio::time::timeout(Duration::from_secs(5), async {
        while !heard.contains(&hint) {
            let chunk = stream.chunk().await.expect("a chunk").expect("the stream goes on");
            heard.push_str(&String::from_utf8_lossy(&chunk));
        }
    })
    .await;
    assert!(listening.is_ok(), "{hint} was not heard, only: {heard}");
    // And once only: what was told is not told again.
    tokio::time::sleep(Duration::from_millis(1200)).await;
    let more = tokio::time::timeout(Duration::from_millis(50), stream.chunk()).await;
    if let Ok(Ok(Some(more))) = more {
        heard.push_str(&String::from_utf8_lossy(&more));
    }
    assert_eq!(heard.matches(&hint).count(), 1, "{heard}");
    second.running.shutdown().await;
    first.running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_sent_to_both_at_the_same_moment_is_done_once() {
    let first = Central::start().await;
    let second = beside(&first).await;
    let mut desk = first.desk(&amiens()).await;
    desk.sync(&[]).await;
    let before = desk.enquiries().len();
    let body = enquiry("80090");
    for round in 0..10 {
        let key = format!("round-{round}");
        let (a, b) = tokio::join!(post_enquiry(&first, &key, &body), post_enquiry(&second, &key, &body));
        assert_eq!(a.1["reference"], b.1["reference"], "one enquiry, one reference: {a:?} {b:?}");
        let new = [a.0, b.0].iter().filter(|s| **s == StatusCode::CREATED).count();
        assert_eq!(new, 1, "one of them received it: {a:?} {b:?}");
    }
    // One key for two homes, at two offices whose locks know nothing of each other.
    let elsewhere = enquiry("80100");
    for round in 0..10 {
        let key = format!("torn-{round}");
        let (a, b) = tokio::join!(post_enquiry(&first, &key, &body), post_enquiry(&second, &key, &elsewhere));
        let codes = [a.0.as_u16(), b.0.as_u16()];
        assert!(codes.contains(&201) && codes.iter().any(|c| *c >= 400 && *c < 500), "{a:?} {b:?}");
    }
    desk.sync(&[]).await;
    let received = desk.enquiries().len() - before;
    assert!(
        (10..=20).contains(&received),
        "{received} enquiries of 20 keys, ten of them for this office alone"
    );
    // A code for one desk, used at both.
    let store = &first.running.service().store;
    let now = first.running.service().now();
    for _ in 0..5 {
        let code = administration::desk_code(store, &amiens(), &By::command_line(now)).await.expect("a code");
        let enrol = async |central: &Central| {
            let request = enrol_request(&code, &signing_key());
            let http = reqwest::Client::new();
            http.post(central.url("/v1/desks"))
                .json(&request)
                .send()
                .await
                .expect("an answer")
                .status()
                .as_u16()
        };
        let mut codes: [u16; 2] = tokio::join!(enrol(&first), enrol(&second)).into();
        codes.sort_unstable();
        assert_eq!(codes, [201, 403], "a code enrols one desk");
    }
    // An office that two administrators add.
    let new = || NewOffice {
        uai: Uai::from_number(600_001),
        name: "CIO de Creil".into(),
        town: "Creil".into(),
        address: "1 rue de la République".into(),
        postal_code: "60100".into(),
        phone: None,
        mail: None,
    };
    let others = &second.running.service().store;
    let by = By::command_line(now);
    let (a, b) = tokio::join!(
        administration::add_office(store, new(), &by),
        administration::add_office(others, new(), &by)
    );
    let exists = |r: &Result<(), AdminError>| matches!(r, Err(AdminError::OfficeExists(_)));
    assert!((a.is_ok() && exists(&b)) || (b.is_ok() && exists(&a)), "one adds it: {a:?} {b:?}");
    first.assert_sound().await;
    second.running.shutdown().await;
    first.running.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_that_start_on_an_empty_database_fill_it_once() {
    let own = Own::empty().await;
    let (a, b) = tokio::join!(spawn(config(&own.location())), spawn(config(&own.location())));
    let (a, b) = (a.expect("one"), b.expect("the other"));
    let (one, two) = (&a.service().store, &b.service().store);
    assert_eq!(one.meta.epoch, two.meta.epoch, "one database, one epoch");
    assert_eq!(one.meta.family_secret, two.meta.family_secret);
    let offices = administration::offices(one).await.expect("the offices");
    assert_eq!(offices.len(), passerelle_demo::offices(chrono_tz::Europe::Paris).len());
    let mut tx = two.read().await.expect("a reader");
    for finding in tx.inspect().await.expect("an inspection") {
        assert_eq!(finding.broken, 0, "the rule {} is broken", finding.rule);
    }
    drop(tx);
    a.shutdown().await;
    b.shutdown().await;
}

#[tokio::test]
async fn a_line_that_is_cut_is_taken_up_again() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let mut bare = central.database.bare().await;
    for round in 0..3 {
        let cut: i64 = sqlx::query_scalar(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()",
        )
        .fetch_one(&mut bare)
        .await
        .expect("they are cut");
        assert!(cut > 0, "the service had connections");
        let slot = desk.free(&settings).remove(0);
        let envelope = desk.envelope(who, &Command::Book(book(&settings, &slot)));
        let mut answers = Vec::new();
        let verdict = loop {
            let answer = desk.post(&desk.request(std::slice::from_ref(&envelope), 1)).await;
            answers.push(answer.status());
            if answer.status() == StatusCode::OK {
                break desk.sync(&[envelope]).await.remove(0).verdict;
            }
            assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "what passes is said to pass");
            assert!(answers.len() < 20, "round {round}: it never came back: {answers:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        };
        assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    }
    bare.close().await.expect("closed");
    central.assert_sound().await;
    central.running.shutdown().await;
}
