//! When the line, the profile or central is not as it was: nothing is lost, nothing happens twice, and it is said.

use std::path::Path;

use passerelle_office::desk::Desk;
use passerelle_office::{store, sync};
use serde_json::{Value, json};

use crate::line::Line;
use crate::parts::{AMIENS, Town, call, draft, free_slots, refused, reopen, then};
use crate::replicas::{at_central, at_desk};

async fn exchange(desk: &Desk) -> sync::SyncReport {
    sync::once(desk).await.expect("an exchange")
}

async fn status(desk: &Desk) -> Value {
    call(desk, "status.get", json!({})).await
}

/// An answer that proposes these slots.
fn proposal(enquiry: &str, kind: &str, slots: &[Value]) -> Value {
    let proposals: Vec<Value> = slots
        .iter()
        .map(|s| json!({ "local": s["local"], "counsellor": s["counsellor"]["id"], "site": s["site"] }))
        .collect();
    json!({ "id": enquiry, "text": "Voici deux créneaux.", "kind": kind, "proposals": proposals })
}

/// An enquiry that nobody has taken yet.
async fn new_enquiry(desk: &Desk) -> String {
    let list = call(desk, "enquiries.list", json!({})).await;
    let rows = list["rows"].as_array().expect("enquiries");
    let row = rows.iter().find(|r| r["status"] == "new").expect("a new enquiry");
    row["id"].as_str().expect("an id").to_owned()
}

/// A copy of a profile that is not open.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    std::fs::copy(store::profile_database(from), store::profile_database(to)).expect("a copy");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_whose_verdict_was_lost_on_the_way_acts_once() {
    let mut town = Town::start().await;
    let line = Line::to(&town.url).await;
    town.url = line.url();
    let a = town.desk("a").await;
    let (kind, slots) = free_slots(&a, 1).await;
    let before = at_central(&town).await;
    let done = call(&a, "appointments.book", draft(&kind, &slots[0], "Perdue")).await;
    line.lose_answers(true);
    let error = sync::once(&a).await.expect_err("the answer is lost");
    assert_eq!(error.code(), "unreachable", "{error}");
    let between = at_central(&town).await;
    assert_eq!(between.len(), before.len() + 2, "central has made the client and the meeting");
    assert_eq!(status(&a).await["pending"], 2, "the desk does not know: both wait");
    line.lose_answers(false);
    let report = exchange(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (2, 0, 0), "{report:?}");
    assert_eq!(at_central(&town).await, between, "the second sending changed nothing");
    assert_eq!(at_desk(&a).await, between, "and the desk has what central has");
    let seen = call(&a, "appointments.get", json!({ "id": done["appointment"]["id"] })).await;
    assert_eq!((&seen["status"], &seen["sync"]), (&json!("booked"), &json!("acknowledged")));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_copies_of_one_profile_go_on_as_two_desks() {
    let town = Town::start().await;
    let first = town.desk("a").await;
    let (kind, slots) = free_slots(&first, 4).await;
    // Something waits at the moment of the copy: both copies will send it.
    let common = call(&first, "appointments.book", draft(&kind, &slots[0], "Commune")).await;
    first.store().close().await;
    copy(&town.profile("a"), &town.profile("copy"));
    let (a, copy) = (reopen(&town.profile("a")).await, reopen(&town.profile("copy")).await);
    call(&a, "appointments.book", draft(&kind, &slots[1], "Originale")).await;
    call(&copy, "appointments.book", draft(&kind, &slots[2], "Copie")).await;
    let named = a.store().enrolment().await.expect("readable").expect("enrolled").inc;
    let report = exchange(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (4, 0, 0), "{report:?}");
    let report = exchange(&copy).await;
    assert_eq!((report.accepted, report.refused, report.pending), (4, 0, 0), "{report:?}");
    let renamed = copy.store().enrolment().await.expect("readable").expect("enrolled").inc;
    assert_ne!(renamed, named, "the copy goes by another name");
    assert_eq!(copy.enrolment().map(|e| e.inc.clone()), Some(renamed), "in memory as in the database");
    // Both go on, each under its own name, across a restart.
    copy.store().close().await;
    let copy = reopen(&town.profile("copy")).await;
    call(&copy, "appointments.book", draft(&kind, &slots[3], "Ensuite")).await;
    let report = exchange(&copy).await;
    assert_eq!((report.accepted, report.refused, report.pending), (2, 0, 0), "{report:?}");
    exchange(&a).await;
    let central = at_central(&town).await;
    assert_eq!(at_desk(&a).await, central);
    assert_eq!(at_desk(&copy).await, central);
    let id = common["appointment"]["id"].as_str().expect("an id");
    assert_eq!(central.iter().filter(|(key, _)| key.1 == id).count(), 1, "booked once");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rests_on_a_refused_command_falls_with_it_and_both_are_shown() {
    let mut town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let (kind, slots) = free_slots(&a, 2).await;
    let enquiry = new_enquiry(&a).await;
    let port = town.stop().await;
    call(&a, "enquiries.answer", proposal(&enquiry, &kind, &slots)).await;
    town.resume(port).await;
    call(&b, "appointments.book", draft(&kind, &slots[1], "Avant")).await;
    exchange(&b).await;
    let report = exchange(&a).await;
    // The first slot is held; the second is taken; the answer names both, and is not sent with one that is not there.
    assert_eq!((report.accepted, report.refused, report.pending), (1, 2, 0), "{report:?}");
    let conflicts = call(&a, "conflicts.list", json!({})).await;
    let mut codes: Vec<&str> =
        conflicts.as_array().expect("a list").iter().filter_map(|c| c["code"].as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["dependency_refused", "slot_taken"], "{conflicts}");
    exchange(&b).await;
    let central = at_central(&town).await;
    assert_eq!(at_desk(&a).await, central, "what was refused has left the desk's own view");
    assert_eq!(at_desk(&b).await, central);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_booking_does_not_stand_in_the_way_of_taking_back_older_things() {
    let mut town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let (kind, slots) = free_slots(&a, 2).await;
    let older = call(&a, "appointments.book", draft(&kind, &slots[0], "Ancienne")).await;
    exchange(&a).await;
    let port = town.stop().await;
    call(&a, "appointments.book", draft(&kind, &slots[1], "Refusée")).await;
    town.resume(port).await;
    call(&b, "appointments.book", draft(&kind, &slots[1], "Prise")).await;
    exchange(&b).await;
    assert_eq!(exchange(&a).await.refused, 1, "the second booking is refused, its client is made");
    let list = call(&a, "undo.list", json!({})).await;
    let states: Vec<_> =
        list.as_array().expect("a list").iter().map(|s| (&s["about"], &s["state"])).collect();
    let expected = [("Refusée Essai", "void"), ("Ancienne Essai", "ready")];
    assert_eq!(states.len(), 2, "the history tells both: {list}");
    for ((about, state), (who, can)) in states.into_iter().zip(expected) {
        assert_eq!((about, state), (&json!(who), &json!(can)), "only what stands can be taken back: {list}");
    }
    call(&a, "undo.last", json!({})).await;
    let seen = call(&a, "appointments.get", json!({ "id": older["appointment"]["id"] })).await;
    assert_eq!(seen["status"], "cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_feed_comes_in_pages_with_work_waiting() {
    let town = Town::start().await;
    let clock = passerelle_office::clock::Clock::starting_at(then());
    let code = format!("DEMO-{AMIENS}");
    let desk = sync::enrol(&town.profile("a"), &town.url, &code, "a", clock).await.expect("enrolled");
    let report = sync::once_in_pages(&desk, 7).await.expect("an exchange");
    assert!(report.pulled > 70, "more than ten pages, got {} documents", report.pulled);
    let central = at_central(&town).await;
    assert_eq!(at_desk(&desk).await, central);
    let b = town.desk("b").await;
    let (kind, slots) = free_slots(&desk, 8).await;
    for (i, slot) in slots.iter().enumerate() {
        let who = if i % 2 == 0 { &desk } else { &b };
        call(who, "appointments.book", draft(&kind, slot, &format!("Page {i}"))).await;
    }
    exchange(&b).await;
    // One change a page: between two pages a booking is acknowledged and not yet all here, and never leaves the agenda.
    let report = sync::once_in_pages(&desk, 1).await.expect("an exchange");
    assert_eq!((report.accepted, report.refused, report.pending), (8, 0, 0), "{report:?}");
    exchange(&b).await;
    let central = at_central(&town).await;
    assert_eq!(at_desk(&desk).await, central);
    assert_eq!(at_desk(&b).await, central);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_central_that_was_set_back_without_a_word_is_told_again_what_it_has_forgotten() {
    let mut town = Town::start().await;
    let a = town.desk("a").await;
    let file = town.folder.path().join("central.db");
    let (kind, slots) = free_slots(&a, 8).await;
    let port = town.stop().await;
    let old = std::fs::read(&file).expect("the database");
    town.resume(port).await;
    // An old file laid in its place, with the epoch that it always had: once a desk finds it knowing less than itself; once
    // others have brought its feed past what this desk has seen.
    for overtaken in [false, true] {
        let before =
            call(&a, "appointments.book", draft(&kind, &slots[usize::from(overtaken) * 2], "Avant")).await;
        exchange(&a).await;
        town.stop().await;
        std::fs::write(&file, &old).expect("set back");
        town.resume(port).await;
        let name = format!("Après {overtaken}");
        let after =
            call(&a, "appointments.book", draft(&kind, &slots[usize::from(overtaken) * 2 + 1], &name)).await;
        if overtaken {
            let b = town.desk("b").await;
            for (i, slot) in slots.iter().skip(4).enumerate() {
                call(&b, "appointments.book", draft(&kind, slot, &format!("Autre {i}"))).await;
            }
            exchange(&b).await;
        }
        let report = exchange(&a).await;
        assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
        let central = at_central(&town).await;
        assert_eq!(at_desk(&a).await, central);
        for booked in [&before, &after] {
            let id = booked["appointment"]["id"].as_str().expect("an id");
            assert_eq!(
                central.keys().filter(|(_, d)| d == id).count(),
                1,
                "{overtaken}: {id} is at central, once"
            );
        }
        let said = status(&a).await;
        assert_eq!((&said["online"], &said["conflicts"]), (&json!(true), &json!(0)), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn when_central_has_its_newer_state_again_what_waited_is_sent_once() {
    let mut town = Town::start().await;
    let a = town.desk("a").await;
    let file = town.folder.path().join("central.db");
    let (kind, slots) = free_slots(&a, 2).await;
    let port = town.stop().await;
    let old = std::fs::read(&file).expect("the database");
    town.resume(port).await;
    call(&a, "appointments.book", draft(&kind, &slots[0], "Avant")).await;
    exchange(&a).await;
    town.stop().await;
    let new = std::fs::read(&file).expect("the database");
    std::fs::write(&file, &old).expect("set back");
    town.resume(port).await;
    call(&a, "appointments.book", draft(&kind, &slots[1], "Après")).await;
    let report = exchange(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (4, 0, 0), "told again: {report:?}");
    // The newer state knows half of it, and nothing of the name under which it was told again.
    town.stop().await;
    std::fs::write(&file, &new).expect("the newer state");
    town.resume(port).await;
    let report = exchange(&a).await;
    assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
    assert_eq!(at_desk(&a).await, at_central(&town).await);
    assert_eq!(status(&a).await["offline_code"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_central_does_not_know_yet_waits_and_stops_nothing() {
    let mut town = Town::start().await;
    let line = Line::to(&town.url).await;
    town.url = line.url();
    let a = town.desk("a").await;
    let enquiry = new_enquiry(&a).await;
    // To this central the desk is newer: it does not know the kind.
    line.rename("enquiry.note", "enquiry.nota");
    call(&a, "enquiries.note", json!({ "id": enquiry, "text": "Rappeler lundi." })).await;
    let report = exchange(&a).await;
    assert_eq!((report.pushed, report.accepted, report.pending), (1, 0, 1), "asked once: {report:?}");
    assert_eq!(exchange(&a).await.pushed, 1, "asked again, once");
    assert_eq!(status(&a).await["pending"], 1, "it is shown as waiting");
    let seen = call(&a, "enquiries.get", json!({ "id": enquiry })).await;
    assert!(seen.to_string().contains("Rappeler lundi."), "and stays where it was written");
    // Brought up to date, central decides it, after what was given since.
    line.rename("enquiry.nota", "enquiry.nota");
    let (kind, slots) = free_slots(&a, 1).await;
    call(&a, "appointments.book", draft(&kind, &slots[0], "Ensuite")).await;
    let report = exchange(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (3, 0, 0), "{report:?}");
    assert_eq!(at_desk(&a).await, at_central(&town).await);
    let b = town.desk("b").await;
    let seen = call(&b, "enquiries.get", json!({ "id": enquiry })).await;
    assert!(seen.to_string().contains("Rappeler lundi."), "and others see it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_central_and_what_is_too_busy_are_told_apart() {
    let mut town = Town::start().await;
    let line = Line::to(&town.url).await;
    town.url = line.url();
    let a = town.desk("a").await;
    let html = "<html><body>Connectez-vous au réseau de l’établissement</body></html>";
    let problem = json!({ "status": 503, "code": "busy", "title": "", "detail": "" }).to_string();
    let answer = |status: &str, body: &str| {
        format!(
            "HTTP/1.1 {status}\r\ncontent-length: {}\r\nretry-after: 40\r\nconnection: close\r\n\r\n{body}",
            body.len()
        )
    };
    for (said, code) in [
        (answer("200 OK", html), "captive_portal"),
        (answer("302 Found\r\nlocation: http://portail.invalid/", html), "captive_portal"),
        (answer("200 OK", "{}"), "not_central"),
        (answer("502 Bad Gateway", html), "not_central"),
        (answer("503 Service Unavailable", &problem), "busy"),
    ] {
        line.answer_with(Some(said));
        let error = sync::once(&a).await.expect_err("no exchange");
        assert_eq!(error.code(), code, "{error}");
        if let sync::SyncError::Busy { after_s, .. } = error {
            assert_eq!(after_s, Some(40), "central says when");
        }
        assert_eq!(status(&a).await["offline_code"], code);
    }
    line.answer_with(None);
    exchange(&a).await;
    assert_eq!(status(&a).await["online"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_slot_is_refused_at_the_copy_too() {
    let town = Town::start().await;
    let a = town.desk("a").await;
    let (kind, slots) = free_slots(&a, 1).await;
    call(&a, "appointments.book", draft(&kind, &slots[0], "Première")).await;
    a.store().close().await;
    copy(&town.profile("a"), &town.profile("copy"));
    let copied = reopen(&town.profile("copy")).await;
    let (code, _) = refused(&copied, "appointments.book", draft(&kind, &slots[0], "Seconde")).await;
    assert_eq!(code, "slot_taken", "what waits in the copy blocks there as well");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_full_disk_the_same_desk_writes_again() {
    let town = Town::start().await;
    let a = town.desk("a").await;
    a.store().limit_pages(1).await.expect("a limit");
    // Longer than SQLite's cache: it rolls the transaction back by itself.
    let long = "x".repeat(8_000_000);
    let full = a.store().set_draft("answer:x", &long, then()).await;
    assert!(matches!(full, Err(store::StoreError::DiskFull)), "{full:?}");
    a.store().limit_pages(i64::from(u32::MAX) - 1).await.expect("no limit");
    a.store().set_draft("answer:x", &long, then()).await.expect("room again");
    let (kind, slots) = free_slots(&a, 1).await;
    call(&a, "appointments.book", draft(&kind, &slots[0], "Encore")).await;
    assert_eq!(exchange(&a).await.accepted, 2);
}
