//! One person on record twice, and steps taken back, across two desks and a real central.

use passerelle_office::desk::Desk;
use passerelle_office::sync;
use serde_json::{Value, json};

use crate::parts::{Town, call, draft, free_slots, refused, reopen};
use crate::replicas::{at_central, at_desk};

async fn exchange(desk: &Desk) -> sync::SyncReport {
    sync::once(desk).await.expect("an exchange")
}

/// A new client: its id.
async fn somebody(desk: &Desk, family: &str, given: &str, phone: &str) -> Value {
    let record = json!({ "family_name": family, "given_name": given, "phone": phone, "guardians": [] });
    call(desk, "clients.save", record).await["id"].clone()
}

/// A meeting for somebody who is known: its id.
async fn meeting(desk: &Desk, kind: &str, slot: &Value, client: &Value) -> Value {
    let booking = json!({
        "kind": kind, "counsellor": slot["counsellor"]["id"], "start": slot["local"], "site": slot["site"],
        "client": client, "seen_warnings": ["same_kind_same_day"],
    });
    call(desk, "appointments.book", booking).await["appointment"]["id"].clone()
}

async fn same_everywhere(town: &Town, desks: &[&Desk]) {
    let central = at_central(town).await;
    for desk in desks {
        let here = at_desk(desk).await;
        for (key, document) in &central {
            assert_eq!(here.get(key), Some(document), "{key:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_both_ways_on_two_desks_offline_there_is_one_record_and_nothing_is_lost() {
    let mut town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let (kind, slots) = free_slots(&a, 12).await;
    // Somebody is at one place at a time.
    let later = |s: &&Value| slots[..2].iter().all(|t| s["start"].as_str() >= t["end"].as_str());
    let afterwards = slots.iter().find(later).expect("a slot after the first two");
    let one = somebody(&a, "Zwiller", "Anaëlle", "06 39 98 10 01").await;
    let two = somebody(&a, "Zviler", "Anaelle", "06 39 98 10 02").await;
    let first = meeting(&a, &kind, &slots[0], &one).await;
    let second = meeting(&a, &kind, &slots[1], &two).await;
    // For something that the meetings below do not give her.
    let kinds = call(&a, "session.get", json!({})).await["office"]["kinds"].clone();
    let workshop = kinds.as_array().expect("kinds").iter().find(|k| k["name"] == "Atelier Parcoursup");
    let wish = json!({ "client": one, "kind": workshop.expect("it")["id"], "weekdays": [], "urgent": false });
    call(&a, "waiting.save", wish).await;
    exchange(&a).await;
    exchange(&b).await;
    let port = town.stop().await;
    call(&a, "clients.merge", json!({ "id": one, "into": two })).await;
    call(&b, "clients.merge", json!({ "id": two, "into": one })).await;
    // A meeting for the record that the other desk has just ended.
    let third = meeting(&b, &kind, afterwards, &one).await;
    town.resume(port).await;
    for desk in [&a, &b, &a] {
        let report = exchange(desk).await;
        assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
    }
    same_everywhere(&town, &[&a, &b]).await;
    for desk in [&a, &b] {
        let record = call(desk, "clients.get", json!({ "id": one })).await;
        assert_eq!(record["id"], two, "desk a came first");
        let meetings: Vec<&Value> =
            record["appointments"].as_array().expect("meetings").iter().map(|m| &m["id"]).collect();
        for id in [&first, &second, &third] {
            assert!(meetings.contains(&id), "{id} is hers: {meetings:?}");
        }
        let waits = call(desk, "waiting.list", json!({ "client": two })).await;
        assert_eq!(
            waits["entries"].as_array().map(Vec::len),
            Some(1),
            "waits under the record that goes on: {waits}"
        );
        for typed in ["zwiller", "zviler", "0639981001", "0639981002"] {
            let found = call(desk, "clients.search", json!({ "query": typed })).await;
            let ids: Vec<&Value> = found.as_array().expect("people").iter().map(|c| &c["id"]).collect();
            assert_eq!(ids, [&two], "{typed} finds the one record");
        }
    }
    // Desk b's own merge did nothing at central: what it could take back is said, not done.
    let (code, _) = refused(&b, "undo.step", json!({ "id": merge_of(&b).await })).await;
    assert_eq!(code, "stale_rev");
    call(&a, "undo.step", json!({ "id": merge_of(&a).await })).await;
    for desk in [&a, &b] {
        exchange(desk).await;
    }
    same_everywhere(&town, &[&a, &b]).await;
    let apart = call(&b, "clients.get", json!({ "id": one })).await;
    assert_eq!((&apart["id"], &apart["appointments"][0]["id"]), (&one, &first), "on its own again");
}

/// The step of the desk's merge.
async fn merge_of(desk: &Desk) -> Value {
    let steps = call(desk, "undo.list", json!({})).await;
    let merge = steps.as_array().expect("steps").iter().find(|s| s["kind"] == "client.merge");
    merge.expect("a merge in the history")["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_before_central_refused_it_asks_nothing_of_anybody() {
    let mut town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let (kind, slots) = free_slots(&a, 2).await;
    let known = somebody(&a, "Petit", "Nolan", "06 39 98 20 01").await;
    exchange(&a).await;
    let port = town.stop().await;
    let taken = meeting(&a, &kind, &slots[0], &known).await;
    let kept = meeting(&a, &kind, &slots[1], &known).await;
    let steps = call(&a, "undo.list", json!({})).await;
    assert_eq!(steps[1]["start"], slots[0]["start"], "{steps}");
    let done = call(&a, "undo.step", json!({ "id": steps[1]["id"] })).await;
    assert_eq!(done["undone"]["about"], "Nolan Petit", "{done}");
    // The window is closed and opened again meanwhile.
    let profile = town.profile("a");
    a.store().close().await;
    let a = reopen(&profile).await;
    town.resume(port).await;
    call(&b, "appointments.book", draft(&kind, &slots[0], "Sarah")).await;
    exchange(&b).await;
    let report = exchange(&a).await;
    assert_eq!((report.conflicts, report.pending), (0, 0), "nobody is asked about it: {report:?}");
    let steps = call(&a, "undo.list", json!({})).await;
    assert_eq!((&steps[1]["state"], &steps[0]["state"]), (&json!("void"), &json!("ready")), "{steps}");
    // The step before it can still be taken back, after the refusal.
    call(&a, "undo.last", json!({})).await;
    let seen = call(&a, "appointments.get", json!({ "id": kept })).await;
    assert_eq!(seen["status"], "cancelled");
    assert_eq!(refused(&a, "appointments.get", json!({ "id": taken })).await.0, "not_found", "it never was");
    let report = exchange(&a).await;
    assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
}
