//! Settings over real parts: made at one desk, perhaps without a network, they hold there at once and at the others after
//! central has decided; what they hit is never passed over without a word.

use passerelle_domain::people::Role;
use passerelle_office::desk::Desk;
use passerelle_office::sync;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::parts::{Town, call, draft, free_slots, refused, reopen};

async fn sync(desk: &Desk) -> sync::SyncReport {
    sync::once(desk).await.expect("an exchange")
}

/// Somebody of that role sits down.
async fn act_as(desk: &Desk, role: Role) {
    let settings = desk.settings().await.expect("settings").expect("an office");
    let person = settings.people.values().find(|p| p.role == role).expect("somebody of that role");
    desk.act_as(person.id);
}

async fn director(town: &Town, name: &str) -> Desk {
    let desk = town.desk(name).await;
    act_as(&desk, Role::Director).await;
    desk
}

async fn settings(desk: &Desk) -> Value {
    call(desk, "settings.get", json!({})).await
}

fn named<'v>(list: &'v Value, key: &str, value: &str) -> &'v Value {
    let all = list.as_array().expect("a list");
    all.iter().find(|v| v[key] == value).unwrap_or_else(|| panic!("{key} {value}"))
}

fn changed(entity: &str, seen: &Value, field: &str, value: Value) -> Value {
    let mut to = seen.clone();
    to[field] = value;
    json!({ "seen": { "entity": entity, "doc": seen }, "to": { "entity": entity, "doc": to } })
}

fn absence(counsellor: &Value, day: &str, from: &str, to: &str) -> Value {
    json!({ "to": { "entity": "absence", "doc": {
        "id": Uuid::now_v7().to_string(), "counsellor": counsellor, "label": "Formation",
        "start": format!("{day}T{from}:00"), "end": format!("{day}T{to}:00"), "except": [],
    } } })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_director_sets_without_a_network_holds_at_once_and_reaches_the_other_desk() {
    let mut town = Town::start().await;
    let (a, b) = (director(&town, "a").await, director(&town, "b").await);
    let port = town.stop().await;
    let before = settings(&a).await;
    let kind = named(&before["kinds"], "key", "court");
    let change = changed("kind", kind, "duration_min", json!(25));
    call(&a, "settings.save", json!({ "changes": [change] })).await;
    let now = settings(&a).await;
    assert_eq!(named(&now["kinds"], "key", "court")["duration_min"], 25, "at once, and not from memory");
    let day = call(&a, "agenda.next", json!({ "kind": kind["id"], "limit": 1, "from": "2026-11-30" })).await;
    let slot = &day["slots"][0];
    let minutes = |s: &Value, k: &str| {
        s[k].as_str().and_then(|t| t.parse::<chrono::DateTime<chrono::Utc>>().ok()).expect("an instant")
    };
    assert_eq!((minutes(slot, "end") - minutes(slot, "start")).num_minutes(), 25, "the search goes by it");
    // A restart keeps it.
    a.store().close().await;
    let a = reopen(&town.profile("a")).await;
    act_as(&a, Role::Director).await;
    assert_eq!(named(&settings(&a).await["kinds"], "key", "court")["duration_min"], 25);
    town.resume(port).await;
    let report = sync(&a).await;
    assert_eq!((report.accepted, report.refused, report.pending), (1, 0, 0), "{report:?}");
    assert_eq!(named(&settings(&b).await["kinds"], "key", "court")["duration_min"], 30, "not yet");
    sync(&b).await;
    assert_eq!(named(&settings(&b).await["kinds"], "key", "court")["duration_min"], 25);
    assert_eq!(settings(&a).await, settings(&b).await, "both desks are set alike");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_directors_who_change_the_same_thing_the_second_is_told() {
    let town = Town::start().await;
    let (a, b) = (director(&town, "a").await, director(&town, "b").await);
    let seen = settings(&a).await;
    let kind = named(&seen["kinds"], "key", "court");
    let room = &seen["rooms"][0];
    call(&a, "settings.save", json!({ "changes": [changed("kind", kind, "duration_min", json!(20))] })).await;
    call(&b, "settings.save", json!({ "changes": [changed("kind", kind, "duration_min", json!(40))] })).await;
    call(&b, "settings.save", json!({ "changes": [changed("room", room, "seats", json!(30))] })).await;
    sync(&a).await;
    let report = sync(&b).await;
    assert_eq!(
        (report.accepted, report.refused),
        (1, 1),
        "another document is nobody's conflict: {report:?}"
    );
    let now = settings(&b).await;
    assert_eq!(named(&now["kinds"], "key", "court")["duration_min"], 20, "the first one's holds");
    assert_eq!(now["rooms"][0]["seats"], 30);
    let conflicts = call(&b, "conflicts.list", json!({})).await;
    assert_eq!(
        (&conflicts[0]["code"], &conflicts[0]["kind"]),
        (&json!("stale_rev"), &json!("settings.save"))
    );
    // A form that was open all the while is told at the desk itself.
    let stale = changed("kind", kind, "duration_min", json!(45));
    let (code, _) = refused(&b, "settings.save", json!({ "changes": [stale] })).await;
    assert_eq!(code, "stale_rev");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_booked_while_the_opening_was_taken_out_stays_and_is_shown_as_outside() {
    let mut town = Town::start().await;
    let (a, b) = (director(&town, "a").await, town.desk("b").await);
    let (kind, slots) = free_slots(&b, 1).await;
    let port = town.stop().await;
    let who = &slots[0]["counsellor"]["id"];
    let date = &slots[0]["local"].as_str().expect("a time")[..10];
    let seen = call(&a, "settings.occurrences", json!({ "from": date, "to": date })).await;
    let there: Vec<&Value> = seen["occurrences"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|o| o["counsellor"]["id"] == *who && o["entity"] == "opening")
        .collect();
    assert!(!there.is_empty(), "{seen}");
    for occurrence in there {
        let draft = json!({ "opening": occurrence["id"], "date": date, "to": null, "scope": "one" });
        let plan = call(&a, "settings.plan_occurrence", draft).await;
        assert_eq!(plan["preview"]["fields"], json!([]), "{plan}");
        call(&a, "settings.save", json!({ "changes": plan["changes"], "accept_hits": true })).await;
    }
    let booked = call(&b, "appointments.book", draft(&kind, &slots[0], "Nina")).await;
    town.resume(port).await;
    sync(&a).await;
    let report = sync(&b).await;
    assert_eq!((report.refused, report.pending), (0, 0), "a warning is no refusal: {report:?}");
    sync(&a).await;
    for desk in [&a, &b] {
        let seen = call(desk, "appointments.get", json!({ "id": booked["appointment"]["id"] })).await;
        assert_eq!(seen["status"], "booked", "nothing is cancelled without a word");
        let next =
            call(desk, "agenda.next", json!({ "kind": kind, "counsellor": who, "from": date, "days": 0 }))
                .await;
        assert_eq!(next["slots"], json!([]), "and nothing more is offered there that day");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_absence_over_meetings_asks_for_each_of_them_and_is_taken_back_as_one_step() {
    let town = Town::start().await;
    let (a, b) = (director(&town, "a").await, director(&town, "b").await);
    let (kind, slots) = free_slots(&a, 12).await;
    let who = slots[0]["counsellor"]["id"].clone();
    let date = slots[0]["local"].as_str().expect("a time")[..10].to_owned();
    call(&a, "appointments.book", draft(&kind, &slots[0], "Léa")).await;
    let change = absence(&who, &date, "08:00", "19:00");
    let (code, params) =
        refused(&a, "settings.save", json!({ "changes": [change], "accept_hits": true })).await;
    assert_eq!(code, "meetings_hit");
    let preview = call(&a, "settings.preview", json!({ "changes": [change] })).await;
    let hits = preview["hits"].as_array().expect("the meetings hit").clone();
    assert_eq!(params["count"], hits.len());
    assert!(hits.iter().all(|h| h["must_decide"] == true && h["why"] == json!(["absence"])), "{hits:?}");
    assert!(hits.len() >= 2, "the demonstration has others that day: {}", hits.len());
    assert_eq!(preview["next"][0]["dates"][0]["date"], date.as_str(), "{preview}");
    let lea = hits
        .iter()
        .find(|h| h["appointment"]["client"]["given_name"] == "Léa")
        .expect("her meeting is among them");
    assert_eq!(lea["colleagues"].as_array().map(Vec::len), Some(3), "three with colleagues: {lea}");
    assert_eq!(lea["same_person"].as_array().map(Vec::len), Some(3), "three with the same person");
    for slot in lea["same_person"].as_array().expect("slots") {
        assert!(!slot["local"].as_str().expect("a time").starts_with(&date), "{slot} is in the absence");
    }
    let slot = &lea["colleagues"][0];
    let place =
        json!({ "local": slot["local"], "counsellor": slot["counsellor"]["id"], "site": slot["site"] });
    let decide = |skip: Option<&Value>| -> Vec<Value> {
        hits.iter()
            .map(|h| &h["appointment"]["id"])
            .filter(|id| Some(*id) != skip)
            .enumerate()
            .map(|(i, id)| {
                if *id == lea["appointment"]["id"] {
                    json!({ "appointment": id, "take": "move", "slot": place })
                } else if i % 2 == 0 {
                    json!({ "appointment": id, "take": "cancel", "reason": "Formation du conseiller" })
                } else {
                    json!({ "appointment": id, "take": "keep", "reason": "Reçu par la directrice" })
                }
            })
            .collect()
    };
    let one = &hits[0]["appointment"]["id"];
    let (code, params) =
        refused(&a, "settings.replan", json!({ "changes": [change], "decisions": decide(Some(one)) })).await;
    assert_eq!((code.as_str(), &params["appointments"]), ("decisions_missing", &json!([one])));
    let mut unreasoned = decide(None);
    for d in &mut unreasoned {
        d["reason"] = json!(" ");
    }
    let (code, _) =
        refused(&a, "settings.replan", json!({ "changes": [change], "decisions": unreasoned })).await;
    assert_eq!(code, "reason_missing");
    let get = async |desk: &Desk, id: &Value| call(desk, "appointments.get", json!({ "id": id })).await;
    assert_eq!(
        get(&a, &lea["appointment"]["id"]).await["start"],
        lea["appointment"]["start"],
        "nothing was written"
    );

    let done = call(&a, "settings.replan", json!({ "changes": [change], "decisions": decide(None) })).await;
    assert_eq!(done["undoable"], true);
    assert_eq!(done["commands"].as_array().map(Vec::len), Some(hits.len() + 1));
    let undo = call(&a, "undo.list", json!({})).await;
    assert_eq!(undo[0]["kind"], "settings.save", "called by its cause: {undo}");
    let report = sync(&a).await;
    assert_eq!((report.refused, report.pending), (0, 0), "{report:?}");
    sync(&b).await;
    for desk in [&a, &b] {
        assert_eq!(get(desk, &lea["appointment"]["id"]).await["start"], slot["start"]);
        let after = call(desk, "settings.preview", json!({ "changes": [change] })).await;
        assert_eq!(after["stale"], false, "the same change again is no change");
    }
    call(&a, "undo.last", json!({})).await;
    let report = sync(&a).await;
    assert_eq!((report.refused, report.pending), (0, 0), "all is taken back: {report:?}");
    sync(&b).await;
    for desk in [&a, &b] {
        for hit in &hits {
            let now = get(desk, &hit["appointment"]["id"]).await;
            assert_eq!(
                (&now["start"], &now["status"]),
                (&hit["appointment"]["start"], &hit["appointment"]["status"])
            );
        }
        let all = settings(desk).await;
        let labels = all["absences"].as_array().expect("a list").iter();
        assert!(!labels.clone().any(|x| x["id"] == change["to"]["doc"]["id"]), "the absence is gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn reception_may_not_look_and_a_counsellor_sees_their_own() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    act_as(&desk, Role::Receptionist).await;
    for (name, args) in [
        ("settings.get", json!({})),
        ("settings.save", json!({ "changes": [] })),
        ("settings.preview", json!({ "changes": [] })),
        ("settings.occurrences", json!({ "from": "2026-11-23", "to": "2026-11-29" })),
        ("settings.replan", json!({ "changes": [], "decisions": [] })),
        (
            "settings.plan_occurrence",
            json!({ "opening": "x", "date": "2026-11-23", "to": null, "scope": "one" }),
        ),
    ] {
        assert_eq!(refused(&desk, name, args).await.0, "not_allowed", "{name}");
    }
    let year = call(&desk, "settings.holidays", json!({ "year": 2027 })).await;
    assert_eq!(year["school_zone"], "zone B", "Amiens");
    assert_eq!(named(&year["public"], "name", "Lundi de Pâques")["date"], "2027-03-29");
    assert_eq!(named(&year["school"], "name", "Vacances d’hiver")["first"], "2027-02-20");

    act_as(&desk, Role::Counsellor).await;
    let me = call(&desk, "session.get", json!({})).await["user"]["id"].clone();
    let mine = settings(&desk).await;
    assert_eq!(mine["may"], "own_absences");
    for list in ["openings", "absences"] {
        let all = mine[list].as_array().expect("a list");
        assert!(all.iter().all(|d| d["counsellor"] == me), "{list}: only their own");
    }
    call(&desk, "settings.save", json!({ "changes": [absence(&me, "2027-05-20", "13:00", "14:00")] })).await;
    let staff = desk.settings().await.expect("settings").expect("an office");
    let other =
        staff.people.values().find(|p| p.receives() && json!(p.id.to_string()) != me).expect("a colleague");
    let theirs = absence(&json!(other.id.to_string()), "2027-05-20", "13:00", "14:00");
    assert_eq!(refused(&desk, "settings.save", json!({ "changes": [theirs] })).await.0, "not_allowed");
    let report = sync(&desk).await;
    assert_eq!((report.accepted, report.refused), (1, 0), "central agrees: {report:?}");
}
