//! What a reception promises offline holds: nobody else books where it holds the half-day, and what it is asked for it gives
//! back within a moment.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use passerelle_central::administration::{self, By};
use passerelle_office::desk::Desk;
use passerelle_office::sync;
use serde_json::{Value, json};

use crate::parts::{Town, call, draft, free_slots, refused};

async fn id_of(desk: &Desk) -> passerelle_domain::ids::DeskId {
    desk.store().enrolment().await.expect("the database").expect("an enrolment").desk
}

/// A reception that holds the next days, and another desk that knows of it.
async fn reception(town: &Town) -> (Desk, Desk) {
    let (a, b) = (town.desk("accueil").await, town.desk("b").await);
    let service = town.central.as_ref().expect("central runs").service();
    let by = By::command_line(service.now());
    administration::set_reception(&service.store, id_of(&a).await, true, &by).await.expect("a desk");
    for desk in [&a, &b] {
        sync::once(desk).await.expect("an exchange");
        assert!(!desk.store().leases().await.expect("leases").is_empty(), "both know who holds what");
    }
    (a, b)
}

/// Central has not heard this desk for a day.
async fn silent_for_a_day(town: &Town, desk: &Desk) {
    let service = town.central.as_ref().expect("central runs").service();
    let mut tx = service.store.write().await.expect("a writer");
    tx.note_heard(id_of(desk).await, service.now() - TimeDelta::days(1)).await.expect("noted");
    tx.commit().await.expect("committed");
}

fn of(done: &Value) -> passerelle_domain::ids::AppointmentId {
    done["appointment"]["id"].as_str().and_then(|id| id.parse().ok()).expect("a meeting")
}

/// A meeting as a calendar file.
async fn calendar(desk: &Desk, done: &Value) -> String {
    let wanted = json!({ "appointment": done["appointment"]["id"] });
    let file = call(desk, "calendar.export", wanted).await["file"].clone();
    std::fs::read_to_string(file.as_str().expect("a file")).expect("a calendar").replace("\r\n ", "")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_reception_promises_during_a_day_offline_is_all_accepted() {
    let town = Town::start().await;
    let (a, b) = reception(&town).await;
    let (kind, slots) = free_slots(&a, 8).await;
    silent_for_a_day(&town, &a).await;
    let mut promised = Vec::new();
    for (n, slot) in slots.iter().enumerate() {
        // Whoever is first at a place: the other desk tries it all day, and each time at once.
        if n % 2 == 0 {
            call(&b, "appointments.book", draft(&kind, slot, &format!("Autre {n}"))).await;
            sync::once(&b).await.expect("an exchange");
        }
        let mine = call(&a, "appointments.book", draft(&kind, slot, &format!("Accueil {n}"))).await;
        let unsure = a.store().unsure().await.expect("the outbox");
        assert_eq!(unsure.of(of(&mine)), Some(true), "this desk's word is enough");
        assert_eq!(mine["appointment"]["standing"], "guaranteed");
        promised.push(mine["appointment"]["id"].clone());
        if n % 2 == 1 {
            let tried = call(&b, "appointments.book", draft(&kind, slot, &format!("Autre {n}"))).await;
            let unsure = b.store().unsure().await.expect("the outbox");
            assert_eq!(unsure.of(of(&tried)), Some(false), "another's is not");
            assert_eq!(tried["appointment"]["standing"], "reserved");
            let (kept, open) = (calendar(&a, &mine).await, calendar(&b, &tried).await);
            assert!(kept.contains("STATUS:CONFIRMED") && !kept.contains("réserve"), "{kept}");
            assert!(open.contains("STATUS:TENTATIVE") && open.contains("(sous réserve)"), "{open}");
            sync::once(&b).await.expect("an exchange");
        }
    }
    let conflicts = call(&b, "conflicts.list", json!({})).await;
    let conflicts = conflicts.as_array().expect("a list");
    assert_eq!(conflicts.len(), slots.len(), "every attempt was refused, and is shown");
    assert!(conflicts.iter().all(|c| c["code"] == "slot_leased"), "{conflicts:#?}");
    let standing = |c: &Value| c["mine"]["appointment"]["standing"].clone();
    assert!(conflicts.iter().all(|c| standing(c) == "to_replace"), "{conflicts:#?}");
    let waiting = call(&a, "outbox.list", json!({})).await;
    let of_meetings: Vec<&Value> =
        waiting.as_array().expect("a list").iter().filter(|i| i["kind"] == "appointment.book").collect();
    assert_eq!(of_meetings.len(), slots.len());
    assert!(of_meetings.iter().all(|i| i["standing"] == "guaranteed"), "{waiting:#}");
    let report = sync::once(&a).await.expect("the reception is back");
    assert_eq!((report.refused, report.conflicts, report.pending), (0, 0, 0), "{report:?}");
    sync::once(&b).await.expect("an exchange");
    for id in promised {
        for desk in [&a, &b] {
            let seen = call(desk, "appointments.get", json!({ "id": id })).await;
            assert_eq!((&seen["status"], &seen["sync"]), (&json!("booked"), &json!("acknowledged")));
            assert_eq!(seen["standing"], "confirmed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reception_that_is_there_gives_back_what_another_desk_wants_within_a_moment() {
    let town = Town::start_with_poll(Some(60)).await;
    let (a, b) = reception(&town).await;
    let (kind, slots) = free_slots(&a, 1).await;
    let workers = [tokio::spawn(sync::run(a.clone())), tokio::spawn(sync::run(b.clone()))];
    // Both lines of hints are open.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let begun = Instant::now();
    let mine = call(&b, "appointments.book", draft(&kind, &slots[0], "Comptoir")).await;
    let id = mine["appointment"]["id"].clone();
    while call(&b, "appointments.get", json!({ "id": id })).await["sync"] != "acknowledged" {
        assert!(begun.elapsed() < Duration::from_secs(20), "the holder answers");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    println!("given back and booked after {:?}", begun.elapsed());
    assert_eq!(call(&b, "conflicts.list", json!({})).await, json!([]));
    workers.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_has_been_asked_promises_nothing_more_there() {
    let town = Town::start().await;
    let (a, b) = reception(&town).await;
    let (kind, slots) = free_slots(&a, 2).await;
    let before = a.store().leases().await.expect("leases").len();
    call(&b, "appointments.book", draft(&kind, &slots[0], "Autre")).await;
    let report = sync::once(&b).await.expect("an exchange");
    assert_eq!(
        (report.refused, report.pending),
        (0, 1),
        "the meeting waits for the reception's answer: {report:?}"
    );
    // Offline, the reception goes on promising: it has not heard that it is asked. All of it goes before the answer.
    let mine = call(&a, "appointments.book", draft(&kind, &slots[0], "Accueil")).await;
    assert_eq!(a.store().unsure().await.expect("the outbox").of(of(&mine)), Some(true));
    let report = sync::once(&a).await.expect("an exchange");
    assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
    assert_eq!(
        a.store().leases().await.expect("leases").len(),
        before - 1,
        "given back in the same exchange"
    );
    let report = sync::once(&b).await.expect("an exchange");
    assert_eq!((report.refused, report.conflicts), (1, 1), "the place was promised before: {report:?}");

    let lease = a.store().leases().await.expect("leases");
    let gone = |slot: &Value| {
        let day = slot["local"].as_str().expect("a start")[..10].to_owned();
        let half = if slot["local"].as_str().expect("a start")[11..13] < *"13" { "am" } else { "pm" };
        let name = format!("{}:{day}:{half}", slot["counsellor"]["id"].as_str().expect("an id"));
        lease.iter().all(|l| l.granule.to_string() != name)
    };
    assert!(gone(&slots[0]), "its half-day is nobody’s");
    if gone(&slots[1]) {
        let open = call(&a, "appointments.book", draft(&kind, &slots[1], "Encore")).await;
        assert_eq!(a.store().unsure().await.expect("the outbox").of(of(&open)), Some(false), "not promised");
    }
}

/// Says who acts at a desk.
async fn acts(desk: &Desk, role: &str) {
    let people = call(desk, "session.get", json!({})).await["people"].clone();
    let person = people.as_array().expect("people").iter().find(|p| p["role"] == role).expect("one");
    call(desk, "session.use", json!({ "person": person["id"] })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_director_takes_back_what_a_silent_desk_holds_and_what_it_promised_is_to_be_replaced() {
    let mut town = Town::start().await;
    let (a, b) = reception(&town).await;
    let (kind, slots) = free_slots(&a, 2).await;
    silent_for_a_day(&town, &a).await;
    let lost = call(&a, "appointments.book", draft(&kind, &slots[0], "Promis")).await;
    acts(&b, "receptionist").await;
    let held = call(&b, "leases.list", json!({})).await;
    assert_eq!(held["may_revoke"], false);
    let all: Vec<Value> =
        held["leases"].as_array().expect("a list").iter().map(|l| l["id"].clone()).collect();
    assert!(
        !all.is_empty() && held["leases"][0]["desk_name"] == "accueil" && held["leases"][0]["here"] == false
    );
    let (code, _) = refused(&b, "leases.revoke", json!({ "leases": all })).await;
    assert_eq!(code, "not_allowed");
    acts(&b, "director").await;
    let port = town.stop().await;
    let (code, _) = refused(&b, "leases.revoke", json!({ "leases": all })).await;
    assert_eq!(code, "central_needed", "nobody else can say so");
    town.resume(port).await;
    let left = call(&b, "leases.revoke", json!({ "leases": all })).await;
    assert_eq!(left["leases"], json!([]), "all were the reception's");
    let mine = call(&b, "appointments.book", draft(&kind, &slots[0], "Repris")).await;
    sync::once(&b).await.expect("an exchange");
    let seen = call(&b, "appointments.get", json!({ "id": mine["appointment"]["id"] })).await;
    assert_eq!(seen["standing"], "confirmed", "{seen:#}");
    let report = sync::once(&a).await.expect("the reception is back");
    assert_eq!((report.refused, report.conflicts), (1, 1), "{report:?}");
    let conflict = &call(&a, "conflicts.list", json!({})).await[0];
    assert_eq!(conflict["code"], "lease_revoked");
    assert_eq!(conflict["mine"]["appointment"]["id"], lost["appointment"]["id"]);
    assert_eq!(conflict["same_person"].as_array().map(Vec::len), Some(3), "{conflict:#}");
}
