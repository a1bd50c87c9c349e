//! The waiting list, the waiting room and what a counsellor is told, between two desks and a real central.

use std::time::{Duration, Instant};

use passerelle_office::desk::Desk;
use passerelle_office::sync;
use serde_json::{Value, json};

use crate::parts::{Town, call, draft, refused, reopen};

async fn sync(desk: &Desk) {
    sync::once(desk).await.expect("an exchange");
}

/// Somebody of the staff sits down at a desk.
async fn sit_down(desk: &Desk, login: &str) -> Value {
    let session = call(desk, "session.get", json!({})).await;
    let people = session["people"].as_array().expect("people");
    let person = people.iter().find(|p| p["login"] == login).unwrap_or_else(|| panic!("nobody is {login}"));
    call(desk, "session.use", json!({ "person": person["id"] })).await;
    person["id"].clone()
}

/// The meeting of somebody on the day shown.
async fn meeting(desk: &Desk, name: &str) -> Value {
    let day = call(desk, "agenda.day", json!({ "date": "2026-11-23" })).await;
    let blocks = day["blocks"].as_array().expect("blocks");
    blocks
        .iter()
        .find(|b| b["client"]["name"] == name)
        .unwrap_or_else(|| panic!("no meeting of {name}"))
        .clone()
}

/// The place of a meeting, as a screen names it.
fn place_of(meeting: &Value) -> Value {
    let start = meeting["from_min"].as_u64().expect("minutes");
    let minutes = meeting["to_min"].as_u64().expect("minutes") - start;
    json!({
        "kind": meeting["kind"]["id"], "counsellor": meeting["counsellor"]["id"], "site": meeting["site"],
        "start": format!("{}T{:02}:{:02}", meeting["date"].as_str().expect("a date"), start / 60, start % 60),
        "minutes": minutes,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_that_becomes_free_is_called_for_booked_and_given_back_at_every_desk() {
    let town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let listed = call(&a, "waiting.list", json!({})).await;
    assert_eq!(listed["entries"].as_array().map(Vec::len), Some(6), "the demonstration's list: {listed}");
    assert_eq!(call(&a, "status.get", json!({})).await["waiting"], 6);
    let there = meeting(&a, "Nora Slimani").await;
    let place = place_of(&there);
    let taken = call(&a, "waiting.calls", place.clone()).await;
    assert_eq!(taken["free"], false, "somebody has it still");
    let excused = json!({ "id": there["id"], "status": "excused" });
    call(&a, "appointments.set_status", excused).await;

    let calls = call(&a, "waiting.calls", place.clone()).await;
    assert_eq!(calls["free"], true);
    let lines = calls["lines"].as_array().expect("lines").clone();
    let names: Vec<&str> =
        lines.iter().filter_map(|l| l["entry"]["client"]["family_name"].as_str()).collect();
    // Nora's counsellor is the one that Awa Traoré asks for; Kévin Tassart is urgent; Omar Saïdi comes after 16 h 30 and
    // Sarah Amrani on Wednesdays only.
    assert_eq!(names, ["Tassart", "Traoré", "Boulanger", "Hennion"], "{calls}");
    assert_eq!(lines[0]["reasons"], json!(["urgent", "exact_kind"]));
    assert_eq!(lines[1]["reasons"], json!(["wanted_counsellor", "exact_kind"]));
    assert_eq!(lines[3]["reasons"], json!(["other_kind"]));
    let freed = call(&a, "waiting.freed", json!({})).await;
    let mine = |list: &Value| {
        list["places"].as_array().is_some_and(|p| p.iter().any(|p| p["slot"]["local"] == place["start"]))
    };
    assert!(mine(&freed), "it is among the places that became free: {freed}");

    let outcome = |line: &Value, outcome: &str| {
        json!({ "id": line["entry"]["id"], "outcome": outcome,
                "counsellor": place["counsellor"], "start": place["start"] })
    };
    call(&a, "waiting.call", outcome(&lines[0], "no_answer")).await;
    call(&a, "waiting.call", outcome(&lines[1], "declined")).await;
    let calls = call(&a, "waiting.calls", place.clone()).await;
    let names: Vec<&str> = calls["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .filter_map(|l| l["entry"]["client"]["family_name"].as_str())
        .collect();
    assert_eq!(names, ["Boulanger", "Hennion", "Tassart", "Traoré"], "called, and said no, come later");

    let entry = &lines[2]["entry"];
    let mut booking = json!({ "client": entry["client"]["id"], "waiting": entry["id"], "seen_warnings": ["same_kind_same_day"] });
    for (field, value) in place.as_object().expect("fields") {
        booking[field] = value.clone();
    }
    let done = call(&a, "appointments.book", booking.clone()).await;
    let booked = done["appointment"]["id"].clone();
    let of = |list: &Value| list["entries"][0].clone();
    let own = json!({ "client": entry["client"]["id"] });
    assert_eq!(
        of(&call(&a, "waiting.list", own.clone()).await)["state"],
        "booked",
        "in the same transaction"
    );
    let (code, _) = refused(&a, "appointments.book", booking).await;
    assert_eq!(code, "not_waiting");

    sync(&a).await;
    sync(&b).await;
    let there = of(&call(&b, "waiting.list", own.clone()).await);
    assert_eq!(
        (&there["state"], &there["appointment"]),
        (&json!("booked"), &booked),
        "at the other desk: {there}"
    );
    let tassart = json!({ "client": lines[0]["entry"]["client"]["id"] });
    let called = of(&call(&b, "waiting.list", tassart).await);
    assert_eq!(called["calls"][0]["outcome"], "no_answer", "calls travel: {called}");

    let cancel = json!({ "id": booked, "status": "cancelled", "reason": "Conseiller absent" });
    call(&b, "appointments.set_status", cancel).await;
    let again = of(&call(&b, "waiting.list", own.clone()).await);
    assert_eq!(
        (&again["state"], &again["since"]),
        (&json!("waiting"), &entry["since"]),
        "with the time waited"
    );
    sync(&b).await;
    sync(&a).await;
    assert_eq!(of(&call(&a, "waiting.list", own).await)["state"], "waiting", "and at the first desk");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_desks_that_book_the_same_person_apart_make_one_meeting_and_one_task() {
    let town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let entry = call(&a, "waiting.list", json!({})).await["entries"][0].clone();
    let kind = entry["kind"]["id"].clone();
    let next = call(&a, "agenda.next", json!({ "kind": kind, "limit": 2, "from": "2026-11-25" })).await;
    for (desk, slot) in [(&a, &next["slots"][0]), (&b, &next["slots"][1])] {
        let booking = json!({
            "kind": kind, "counsellor": slot["counsellor"]["id"], "start": slot["local"], "site": slot["site"],
            "client": entry["client"]["id"], "waiting": entry["id"], "seen_warnings": ["same_kind_same_day"],
        });
        call(desk, "appointments.book", booking).await;
    }
    sync(&a).await;
    sync(&b).await;
    let conflicts = call(&b, "conflicts.list", json!({})).await;
    assert_eq!(
        conflicts[0]["code"], "not_waiting",
        "the second is a task, not a second meeting: {conflicts}"
    );
    sync(&a).await;
    let own = json!({ "client": entry["client"]["id"] });
    for desk in [&a, &b] {
        let now = call(desk, "waiting.list", own.clone()).await["entries"][0].clone();
        assert_eq!(now["state"], "booked", "{now}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn undoing_takes_each_step_of_the_list_back() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    let session = call(&desk, "session.get", json!({})).await;
    let kind = session["office"]["kinds"][0]["id"].clone();
    let new = json!({ "family_name": "Attente", "given_name": "Nouvelle", "phone": "06 39 98 70 01" });
    let done = call(&desk, "waiting.save", json!({ "kind": kind, "new_client": new })).await;
    let id = done["id"].clone();
    let entry = |list: &Value| {
        let all = list["entries"].as_array().expect("entries");
        all.iter().find(|e| e["id"] == id).cloned()
    };
    let made =
        entry(&call(&desk, "waiting.list", json!({})).await).expect("the person and the entry at once");
    assert_eq!(made["contacts"][0]["phone"], "06 39 98 70 01");
    let twice = json!({ "kind": kind, "client": made["client"]["id"] });
    assert_eq!(refused(&desk, "waiting.save", twice).await.0, "waits_already");
    let wish = json!({ "id": id, "kind": kind, "weekdays": [2], "urgent": true });
    call(&desk, "waiting.save", wish).await;
    call(&desk, "waiting.call", json!({ "id": id, "outcome": "left_message" })).await;
    call(&desk, "waiting.close", json!({ "id": id, "reason": "elsewhere" })).await;
    let own = json!({ "client": made["client"]["id"] });
    let state = |list: &Value| {
        let e = entry(list).expect("the entry");
        (e["state"].clone(), e["calls"].as_array().map_or(0, Vec::len), e["urgent"].clone())
    };
    let seen = [
        (json!("closed"), 1, json!(true)),
        (json!("waiting"), 1, json!(true)),
        (json!("waiting"), 0, json!(true)),
        (json!("waiting"), 0, json!(false)),
        (json!("closed"), 0, json!(false)),
    ];
    for (step, expected) in seen.iter().enumerate() {
        let list = call(&desk, "waiting.list", own.clone()).await;
        assert_eq!(&state(&list), expected, "after {step} steps back: {list}");
        if step + 1 < seen.len() {
            call(&desk, "undo.last", json!({})).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stands_at_the_counter_waits_is_received_or_leaves_and_a_delicate_question_stays_hidden() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    sit_down(&desk, "riviere").await;
    let open = |name: &str, subject: &str, sensitive: bool| {
        json!({ "channel": "walk_in", "subject": subject, "text": subject, "name": name, "relation": "self",
                "postal_code": "", "sensitive": sensitive })
    };
    let before = call(&desk, "agenda.day", json!({ "date": "2026-11-23" })).await;
    let there = before["walk_ins"].as_array().map_or(0, Vec::len);
    let ids: Vec<Value> = [
        call(&desk, "enquiries.open", open("Mme Caron", "Inscription au CNED", false)).await["id"].clone(),
        call(&desk, "enquiries.open", open("Léo Martin", "Harcèlement", true)).await["id"].clone(),
    ]
    .into();
    let day = call(&desk, "agenda.day", json!({ "date": "2026-11-23" })).await;
    let walk_ins = day["walk_ins"].as_array().expect("walk-ins").clone();
    assert_eq!(walk_ins.len(), there + 2, "{walk_ins:?}");
    let find =
        |all: &[Value], id: &Value| all.iter().find(|w| w["enquiry"] == *id).cloned().expect("one of them");
    assert_eq!(find(&walk_ins, &ids[0])["subject"], "Inscription au CNED");
    let hidden = find(&walk_ins, &ids[1]);
    assert_eq!((&hidden["subject"], &hidden["hidden"]), (&json!(""), &json!(true)), "not said to reception");
    sit_down(&desk, "dupont").await;
    let day = call(&desk, "agenda.day", json!({ "date": "2026-11-23" })).await;
    assert_eq!(find(day["walk_ins"].as_array().expect("walk-ins"), &ids[1])["subject"], "Harcèlement");
    sit_down(&desk, "riviere").await;
    call(&desk, "enquiries.close", json!({ "id": ids[0], "how": "received" })).await;
    call(&desk, "enquiries.close", json!({ "id": ids[1], "how": "left" })).await;
    let day = call(&desk, "agenda.day", json!({ "date": "2026-11-23" })).await;
    assert_eq!(day["walk_ins"].as_array().map_or(0, Vec::len), there, "neither waits any more");
    call(&desk, "undo.last", json!({})).await;
    let day = call(&desk, "agenda.day", json!({ "date": "2026-11-23" })).await;
    find(day["walk_ins"].as_array().expect("walk-ins"), &ids[1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counsellor_at_another_desk_is_called_when_somebody_arrives_and_it_outlasts_a_restart() {
    // Nobody asks by himself within this test: only a hint brings the word.
    let town = Town::start_with_poll(Some(300)).await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    sit_down(&b, "haddad").await;
    let there = call(&b, "status.get", json!({})).await["arrivals"].as_array().map_or(0, Vec::len);
    let working = [a.clone(), b.clone()].map(|desk| tokio::spawn(sync::run(desk)));
    // Both are online and listen: the first exchange, then the line of hints.
    let mut news = b.changes();
    tokio::time::sleep(Duration::from_secs(6)).await;
    while news.try_recv().is_ok() {}
    let mut slowest = Duration::ZERO;
    for name in ["Camille Lefèvre", "Mehdi Benali"] {
        let one = meeting(&a, name).await;
        let status = if one["status"] == "arrived" { "booked" } else { "arrived" };
        let count = |v: &Value| v["arrivals"].as_array().map_or(0, Vec::len);
        let before = count(&call(&b, "status.get", json!({})).await);
        let from = Instant::now();
        call(&a, "appointments.set_status", json!({ "id": one["id"], "status": status })).await;
        while count(&call(&b, "status.get", json!({})).await) == before {
            assert!(from.elapsed() < Duration::from_secs(60), "{name} never arrived at the other desk");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        slowest = slowest.max(from.elapsed());
    }
    println!("the slowest of two took {} ms", slowest.as_millis());
    for one in working {
        one.abort();
    }
    let arrivals = call(&b, "status.get", json!({})).await["arrivals"].clone();
    let camille = arrivals.as_array().and_then(|all| all.iter().find(|x| x["name"] == "Camille L.")).cloned();
    let camille =
        camille.unwrap_or_else(|| panic!("Camille waits, by her given name and an initial: {arrivals}"));
    assert!(there <= 1, "Mehdi alone waited before: {there}");
    let profile = b.profile().to_owned();
    drop(b);
    let again = reopen(&profile).await;
    sit_down(&again, "haddad").await;
    let after = call(&again, "status.get", json!({})).await["arrivals"].clone();
    let same = after.as_array().is_some_and(|all| all.contains(&camille));
    assert!(same, "the time of arrival outlasts a restart: {camille} in {after}");
    sit_down(&again, "riviere").await;
    assert_eq!(
        call(&again, "status.get", json!({})).await["arrivals"],
        json!([]),
        "reception sees them in the room"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_counsellor_who_follows_somebody_comes_first_and_sites_and_distance_narrow() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    let found = call(&desk, "clients.search", json!({ "query": "marchetti" })).await;
    let client = &found[0];
    assert_eq!(client["referent"]["name"], "Mme Dupont", "{client}");
    let session = call(&desk, "session.get", json!({})).await;
    let kind = session["office"]["kinds"][0]["id"].clone();
    let query = json!({ "kind": kind, "client": client["id"], "limit": 6, "from": "2026-11-24" });
    let next = call(&desk, "agenda.next", query).await;
    let slots = next["slots"].as_array().expect("slots");
    let who: Vec<&str> = slots.iter().filter_map(|s| s["counsellor"]["name"].as_str()).collect();
    assert_eq!(who[..3], ["Mme Dupont"; 3], "hers first: {who:?}");
    assert_eq!(next["referent"]["name"], "Mme Dupont");
    let distinct: std::collections::BTreeSet<String> =
        slots.iter().map(|s| format!("{} {}", s["local"], s["counsellor"]["id"])).collect();
    assert_eq!(distinct.len(), slots.len(), "none twice: {next}");
    let sites = session["office"]["sites"].as_array().expect("sites");
    for site in sites {
        let query = json!({ "kind": kind, "site": site["id"], "limit": 4 });
        let next = call(&desk, "agenda.next", query).await;
        assert!(next["slots"].as_array().expect("slots").iter().all(|s| s["site"] == site["id"]), "{next}");
    }
    let near = call(&desk, "offices.nearest", json!({ "postal_code": "80000", "limit": 20 })).await;
    let centres = near["centres"].as_array().expect("centres");
    assert_eq!(centres.len(), 12, "all offices of the demonstration, fewer than twenty");
    assert_eq!(centres[0]["own"], true, "Amiens is nearest to Amiens: {near}");
    let km: Vec<f64> = centres.iter().filter_map(|c| c["distance_km"].as_f64()).collect();
    assert!(km.len() > 6 && km.windows(2).skip(1).all(|w| w[0] <= w[1]), "nearest first: {km:?}");
    assert!(near["as_of"].is_string(), "as of when: {near}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_that_becomes_free_in_a_full_session_is_called_for() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    let session = call(&desk, "session.get", json!({})).await;
    let kinds = session["office"]["kinds"].as_array().expect("kinds");
    let workshop = kinds.iter().find(|k| k["name"] == "Atelier Parcoursup").expect("the workshop");
    let kind = workshop["id"].clone();
    let next = call(&desk, "agenda.next", json!({ "kind": kind, "limit": 20, "from": "2026-11-30" })).await;
    let slots = next["slots"].as_array().expect("slots");
    let slot = slots.iter().find(|s| s["seats"].is_null()).unwrap_or_else(|| panic!("no free hour: {next}"));
    let mut seats = Vec::new();
    for n in 0..12 {
        let mut seat = draft(kind.as_str().expect("an id"), slot, &format!("Numéro {n}"));
        seat["new_client"]["birth_date"] = json!(format!("{:02}/03/2010", n + 1));
        let done = call(&desk, "appointments.book", seat).await;
        seats.push(done["appointment"]["id"].clone());
    }
    let found = call(&desk, "clients.search", json!({ "query": "verhaeghe" })).await;
    let waiter = found[0]["id"].clone();
    let wish = json!({ "client": waiter, "kind": kind, "weekdays": [], "urgent": false });
    call(&desk, "waiting.save", wish).await;
    let place = json!({
        "kind": kind, "counsellor": slot["counsellor"]["id"], "site": slot["site"], "start": slot["local"],
    });
    assert_eq!(
        call(&desk, "waiting.calls", place.clone()).await["free"],
        false,
        "all twelve seats are given"
    );
    let excused = json!({ "id": seats[4], "status": "excused" });
    call(&desk, "appointments.set_status", excused).await;
    let freed = call(&desk, "waiting.freed", json!({})).await;
    let there = freed["places"].as_array().expect("places");
    assert!(
        there
            .iter()
            .any(|p| p["slot"]["local"] == slot["local"] && p["kind"]["id"] == kind && p["count"] == 1),
        "the seat is among the places that became free: {freed}"
    );
    let calls = call(&desk, "waiting.calls", place.clone()).await;
    assert_eq!((&calls["free"], &calls["lines"][0]["callable"]), (&json!(true), &json!(true)), "{calls}");
    let mut booking = place.clone();
    booking["client"] = waiter;
    booking["waiting"] = calls["lines"][0]["entry"]["id"].clone();
    call(&desk, "appointments.book", booking).await;
    assert_eq!(call(&desk, "waiting.calls", place).await["free"], false, "the last seat is given again");
    let freed = call(&desk, "waiting.freed", json!({})).await;
    let again =
        freed["places"].as_array().expect("places").iter().any(|p| p["slot"]["local"] == slot["local"]);
    assert!(!again, "{freed}");
}
