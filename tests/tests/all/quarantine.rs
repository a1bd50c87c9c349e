//! A desk that is trusted no longer hands over what it had not sent, loses nothing of it, and the director says what becomes
//! of it.

use passerelle_central::administration::{self, By};
use passerelle_office::desk::Desk;
use passerelle_office::sync;
use serde_json::{Value, json};

use crate::parts::{Town, call, draft, free_slots, refused, reopen};

/// The director sits down at a desk.
async fn director(desk: &Desk) {
    let session = call(desk, "session.get", json!({})).await;
    let people = session["people"].as_array().expect("people");
    let director = people.iter().find(|p| p["role"] == "director").expect("a director");
    call(desk, "session.use", json!({ "person": director["id"] })).await;
}

async fn revoke(town: &Town, desk: &Desk) {
    let service = town.central.as_ref().expect("central runs").service();
    let id = desk.store().enrolment().await.expect("the database").expect("an enrolment").desk;
    let by = By::command_line(service.now());
    administration::revoke_desk(&service.store, id, &by).await.expect("revoked");
}

fn items(list: &Value) -> &Vec<Value> {
    list["items"].as_array().expect("items")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_desk_had_not_sent_is_handed_over_once_and_applied_by_the_director() {
    let town = Town::start().await;
    let (lost, here) = (town.desk("perdu").await, town.desk("ici").await);
    let (kind, slots) = free_slots(&lost, 3).await;
    for (slot, name) in slots.iter().zip(["Anaïs", "Bilal"]) {
        call(&lost, "appointments.book", draft(&kind, slot, name)).await;
    }
    let pending = lost.store().pending().await.expect("the outbox");
    revoke(&town, &lost).await;
    let error = sync::once(&lost).await.expect_err("it is trusted no longer");
    assert_eq!(error.code(), "desk_revoked");
    let status = call(&lost, "status.get", json!({})).await;
    assert_eq!((&status["offline_code"], &status["put_aside"]), (&json!("desk_revoked"), &json!(pending)));
    assert_eq!(status["pending"], json!(pending), "nothing is lost here");
    drop(lost);
    // Again, after a restart, and with something more: only that is added.
    let lost = reopen(&town.profile("perdu")).await;
    call(&lost, "appointments.book", draft(&kind, &slots[2], "Chloé")).await;
    for _ in 0..2 {
        sync::once(&lost).await.expect_err("still not");
    }
    let after = call(&lost, "status.get", json!({})).await;
    assert_eq!(after["put_aside"], after["pending"]);
    assert!(after["pending"].as_u64() > Some(u64::from(pending)));

    // Whoever is no director sees nothing, and does nothing.
    assert!(items(&call(&here, "quarantine.list", json!({})).await).is_empty());
    let (code, _) = refused(&here, "quarantine.release", json!({ "items": [] })).await;
    assert_eq!(code, "not_allowed");
    director(&here).await;
    let list = call(&here, "quarantine.list", json!({})).await;
    assert_eq!(json!(items(&list).len()), after["pending"]);
    let meetings: Vec<&Value> = items(&list).iter().filter(|i| i["kind"] == "appointment.book").collect();
    let about: Vec<&str> = meetings.iter().filter_map(|i| i["about"].as_str()).collect();
    assert_eq!(about, ["Anaïs Essai", "Bilal Essai", "Chloé Essai"], "{list:#}");
    assert!(
        meetings.iter().all(|i| i["desk_name"] == "perdu" && i["by"].is_string() && i["start"].is_string())
    );

    // The place of the second one is given away before it is applied.
    call(&here, "appointments.book", draft(&kind, &slots[1], "Entre-temps")).await;
    sync::once(&here).await.expect("an exchange");
    let wanted: Vec<&Value> = meetings[..2].iter().map(|i| &i["id"]).collect();
    let done = call(&here, "quarantine.release", json!({ "items": wanted })).await;
    assert_eq!((&done["refused"], &done["waiting"]), (&json!(1), &json!(0)), "{done:#}");
    let left = items(&done["left"]);
    let refused: Vec<&Value> = left.iter().filter(|i| i["refused"] == "slot_taken").collect();
    assert_eq!((refused.len(), refused[0]["about"].as_str()), (1, Some("Bilal Essai")), "{done:#}");
    let found = call(&here, "clients.search", json!({ "query": "Anaïs Essai" })).await;
    assert!(found.to_string().contains("Anaïs"), "the family is known here now: {found}");
    let all: Vec<&Value> = left.iter().map(|i| &i["id"]).collect();
    let rest = call(&here, "quarantine.discard", json!({ "items": all })).await;
    assert!(items(&rest).is_empty(), "{rest:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_central_the_director_is_told_so_and_nothing_is_decided() {
    let mut town = Town::start().await;
    let here = town.desk("ici").await;
    director(&here).await;
    assert!(items(&call(&here, "quarantine.list", json!({})).await).is_empty());
    town.stop().await;
    for (name, args) in [
        ("quarantine.list", json!({})),
        (
            "quarantine.discard",
            json!({ "items": ["0192f000-0000-7000-8000-000000000000/0192f000-0000-7000-8000-000000000001"] }),
        ),
    ] {
        let (code, params) = refused(&here, name, args).await;
        assert_eq!((code.as_str(), &params["why"]), ("central_needed", &json!("unreachable")));
    }
    let (code, _) = refused(&here, "quarantine.release", json!({ "items": ["x"] })).await;
    assert_eq!(code, "not_found");
}
