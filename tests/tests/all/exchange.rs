//! Desk and central over real HTTP: what is done here arrives there, once, and a clash becomes a visible task.

use passerelle_office::sync;
use serde_json::{Value, json};

use crate::parts::{Town, call, draft, free_slots, refused, reopen};

async fn sync(desk: &passerelle_office::desk::Desk) -> sync::SyncReport {
    sync::once(desk).await.expect("an exchange")
}

/// An enquiry as the public site posts it.
fn question(name: &str, postal_code: &str) -> Value {
    json!({
        "channel": "chat",
        "requester": {
            "name": name, "relation": "self", "mail": "ines@example.fr", "class_level": "Tle G",
            "postal_code": postal_code,
        },
        "messages": [{ "from": "family", "text": "Je ne sais pas quoi mettre en vœux, j’aime la biologie." }],
        "consent": true,
    })
}

async fn post(town: &Town, body: &Value, key: &str) -> (u16, Value) {
    let answer = reqwest::Client::new()
        .post(format!("{}/v1/enquiries", town.url))
        .header("idempotency-key", key)
        .json(body)
        .send()
        .await
        .expect("central answers");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enquiry_reaches_both_desks_one_books_it_and_the_other_sees_it() {
    let town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let (status, receipt) = post(&town, &question("Inès Benchekroun", "80090"), "essai-1").await;
    assert_eq!(status, 201, "the enquiry is taken: {receipt}");
    assert_eq!(receipt["office"], crate::parts::AMIENS, "80090 is Amiens: {receipt}");
    let id = receipt["id"].clone();
    sync(&a).await;
    sync(&b).await;
    for desk in [&a, &b] {
        let seen = call(desk, "enquiries.get", json!({ "id": id })).await;
        assert_eq!(seen["name"], "Inès Benchekroun");
        assert_eq!(seen["status"], "new");
    }
    let (kind, slots) = free_slots(&a, 1).await;
    let mut booking = draft(&kind, &slots[0], "Inès");
    booking["enquiry"] = id.clone();
    let done = call(&a, "appointments.book", booking).await;
    assert_eq!(done["appointment"]["sync"], "local", "not sent yet");
    assert_eq!(
        call(&a, "enquiries.get", json!({ "id": id })).await["status"],
        "converted",
        "in the same transaction"
    );
    let report = sync(&a).await;
    assert_eq!((report.pushed, report.accepted, report.refused, report.pending), (2, 2, 0, 0), "{report:?}");
    sync(&b).await;
    let appointment = done["appointment"]["id"].clone();
    for desk in [&a, &b] {
        let seen = call(desk, "appointments.get", json!({ "id": appointment })).await;
        assert_eq!((&seen["status"], &seen["sync"]), (&json!("booked"), &json!("acknowledged")));
        assert_eq!(seen["client"]["given_name"], "Inès");
        assert_eq!(call(desk, "enquiries.get", json!({ "id": id })).await["status"], "converted");
    }
    let (code, params) = refused(&b, "appointments.book", draft(&kind, &slots[0], "Autre")).await;
    assert_eq!(code, "slot_taken");
    let others = params["alternatives"].as_array().expect("alternatives");
    assert!(others.len() >= 3, "at least three places instead, got {}", others.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn work_goes_on_without_central_and_is_sent_once() {
    let mut town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let port = town.stop().await;
    let error = sync::once(&a).await.expect_err("central is away");
    assert_eq!(error.code(), "unreachable");
    let status = call(&a, "status.get", json!({})).await;
    assert_eq!(status["online"], false);
    assert!(status["offline_since"].is_string(), "says since when: {status}");
    let (kind, slots) = free_slots(&a, 3).await;
    let mut booked = Vec::new();
    for (i, slot) in slots.iter().enumerate() {
        let done = call(&a, "appointments.book", draft(&kind, slot, &format!("Hors ligne {i}"))).await;
        booked.push(done["appointment"]["id"].clone());
    }
    assert_eq!(
        call(&a, "status.get", json!({})).await["pending"],
        6,
        "three clients and three meetings wait"
    );
    let outbox = call(&a, "outbox.list", json!({})).await;
    assert_eq!(outbox.as_array().map(Vec::len), Some(6));
    // A restart keeps everything.
    let profile = town.profile("a");
    a.store().close().await;
    let a = reopen(&profile).await;
    assert_eq!(call(&a, "status.get", json!({})).await["pending"], 6);
    town.resume(port).await;
    let report = sync(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (6, 0, 0), "{report:?}");
    assert_eq!(sync(&a).await.pushed, 0, "nothing is sent twice");
    sync(&b).await;
    for id in booked {
        let (there, here) = (
            call(&b, "appointments.get", json!({ "id": id })).await,
            call(&a, "appointments.get", json!({ "id": id })).await,
        );
        assert_eq!(there["start"], here["start"]);
        assert_eq!(there["status"], "booked");
    }
    assert_eq!(call(&a, "status.get", json!({})).await["online"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_given_to_somebody_else_meanwhile_is_a_conflict_with_alternatives() {
    let mut town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let (kind, slots) = free_slots(&a, 1).await;
    let port = town.stop().await;
    let mine = call(&a, "appointments.book", draft(&kind, &slots[0], "Nolan")).await;
    town.resume(port).await;
    call(&b, "appointments.book", draft(&kind, &slots[0], "Sarah")).await;
    sync(&b).await;
    let report = sync(&a).await;
    assert_eq!(
        (report.accepted, report.refused, report.conflicts),
        (1, 1, 1),
        "the client is kept: {report:?}"
    );
    let conflicts = call(&a, "conflicts.list", json!({})).await;
    let card = &conflicts[0];
    assert_eq!(card["code"], "slot_taken");
    assert_eq!(card["mine"]["appointment"]["client"]["given_name"], "Nolan", "{card}");
    assert_eq!(card["theirs"]["appointment"]["client"]["given_name"], "Sarah", "{card}");
    assert_eq!(card["same_person"].as_array().map(Vec::len), Some(3), "three with the same person");
    assert_eq!(card["colleagues"].as_array().map(Vec::len), Some(3), "three with colleagues");
    // One choice settles it.
    let slot = &card["same_person"][0];
    let choice = json!({
        "id": card["id"], "take": "slot",
        "slot": { "local": slot["local"], "counsellor": slot["counsellor"]["id"], "site": slot["site"] },
    });
    let done = call(&a, "conflicts.resolve", choice).await;
    assert_eq!(done["appointment"]["id"], mine["appointment"]["id"], "the same meeting, elsewhere");
    let report = sync(&a).await;
    assert_eq!((report.accepted, report.refused, report.conflicts), (1, 0, 0), "{report:?}");
    sync(&b).await;
    let seen = call(&b, "appointments.get", json!({ "id": mine["appointment"]["id"] })).await;
    assert_eq!(seen["start"], slot["start"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_takes_back_a_booking_a_move_and_a_mark() {
    let town = Town::start().await;
    let a = town.desk("a").await;
    let (kind, slots) = free_slots(&a, 2).await;
    let done = call(&a, "appointments.book", draft(&kind, &slots[0], "Zoé")).await;
    let id = done["appointment"]["id"].clone();
    let get = async || call(&a, "appointments.get", json!({ "id": id })).await;
    call(&a, "appointments.move", json!({
        "id": id, "start": slots[1]["local"], "counsellor": slots[1]["counsellor"]["id"], "site": slots[1]["site"],
    }))
    .await;
    assert_eq!(get().await["start"], slots[1]["start"]);
    call(&a, "undo.last", json!({})).await;
    assert_eq!(get().await["start"], slots[0]["start"], "the move is taken back");
    sync(&a).await;
    call(&a, "undo.last", json!({})).await;
    let seen = get().await;
    assert_eq!(seen["status"], "cancelled", "the booking is taken back, and stays in the history");
    let again = refused(&a, "undo.last", json!({})).await;
    assert_eq!(again.0, "nothing_to_undo");
    let report = sync(&a).await;
    assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
}
