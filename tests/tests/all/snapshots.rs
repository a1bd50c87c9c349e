//! What a desk does with all that central has: at its first exchange, after a long absence, and when central has lost more
//! than a desk may follow it in by itself.

use chrono::TimeDelta;
use passerelle_central::retention::{CHANGES_DAYS, round};
use passerelle_office::desk::Desk;
use passerelle_office::store::Kept;
use passerelle_office::sync::{self, Answer, Ask, Step};
use serde_json::{Value, json};

use crate::epoch::{answer, engine};
use crate::parts::{AMIENS, Town, call, draft, free_slots, refused, reopen, then};
use crate::replicas::{at_central, at_desk};

async fn status(desk: &Desk) -> Value {
    call(desk, "status.get", json!({})).await
}

async fn enrolled(town: &Town, name: &str) -> Desk {
    let clock = passerelle_office::clock::Clock::starting_at(then());
    let code = format!("DEMO-{AMIENS}");
    sync::enrol(&town.profile(name), &town.url, &code, name, clock).await.expect("enrolled")
}

/// More than one in twenty of what the demonstration has.
const LOST: u32 = 70;

async fn sit_down(desk: &Desk, role: &str) {
    let session = call(desk, "session.get", json!({})).await;
    let people = session["people"].as_array().expect("people");
    let who = people.iter().find(|p| p["role"] == role).unwrap_or_else(|| panic!("no {role}"));
    call(desk, "session.use", json!({ "person": who["id"] })).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_exchange_that_is_cut_goes_on_where_it_was() {
    let town = Town::start().await;
    let a = enrolled(&town, "a").await;
    assert_eq!(call(&a, "session.get", json!({})).await["state"], "joining");
    let mut engine = engine(&a).await;
    let mut ask = engine.begin(a.store(), 9).await.expect("a first question");
    for _ in 0..4 {
        assert!(matches!(ask, Ask::Part(_)), "a new desk reads what there is: {ask:?}");
        let said = answer(&town, &a, &ask).await;
        let step = engine.take(a.store(), said, a.now()).await;
        let Some(Step::Send(next)) = step else { panic!("expected another part, got {step:?}") };
        ask = next;
    }
    let said = status(&a).await;
    assert_eq!(said["reading"]["got"], 36, "four parts of nine: {said}");
    assert!(said["reading"]["total"].as_u64().is_some_and(|n| n > 100), "of all that there are: {said}");
    // A part that comes a second time is nothing new.
    let Ask::Part(fifth) = &ask else { panic!("expected a part, got {ask:?}") };
    let Answer::Part(part) = answer(&town, &a, &ask).await.expect("a part") else { panic!("no part") };
    assert_eq!(a.store().keep_part(fifth, &part).await.expect("kept"), Kept::Here);
    assert_eq!(a.store().keep_part(fifth, &part).await.expect("looked at"), Kept::NotTheNext);
    // The power goes; what has arrived is still there, and nothing is asked for twice.
    drop(engine);
    a.store().close().await;
    let a = reopen(&town.profile("a")).await;
    assert_eq!(call(&a, "session.get", json!({})).await["state"], "joining");
    let mut engine = crate::epoch::engine(&a).await;
    let ask = engine.begin(a.store(), 9).await.expect("a question");
    let Ask::Part(next) = ask else { panic!("expected the next part, got {ask:?}") };
    assert_eq!((next.seq, &next.after), (Some(part.seq), &part.next), "after the fifth part");
    assert_eq!(status(&a).await["reading"]["got"], 45);
    sync::once(&a).await.expect("an exchange");
    assert_eq!(call(&a, "session.get", json!({})).await["state"], "ready");
    assert_eq!(at_desk(&a).await, at_central(&town).await);
    assert_eq!(status(&a).await["reading"], Value::Null);
    assert_eq!(sync::once(&a).await.expect("an exchange").pulled, 0, "nothing is missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_missed_half_a_year_takes_everything_over_and_keeps_what_waited() {
    let town = Town::start().await;
    let (a, b) = (town.desk("a").await, town.desk("b").await);
    let (kind, slots) = free_slots(&a, 3).await;
    // Offline it has booked, and put somebody where another has been since.
    call(&a, "appointments.book", draft(&kind, &slots[0], "Attend")).await;
    call(&a, "appointments.book", draft(&kind, &slots[1], "Trop tard")).await;
    call(&b, "appointments.book", draft(&kind, &slots[1], "Avant lui")).await;
    sync::once(&b).await.expect("an exchange");
    let service = town.central.as_ref().expect("central runs").service();
    // The service makes a round of its own when it starts, and the next a day later.
    let marked = async || {
        let mut tx = service.store.read().await.expect("a reader");
        tx.marked(then() + TimeDelta::days(1)).await.expect("marks").len()
    };
    let began = std::time::Instant::now();
    while marked().await == 0 {
        assert!(began.elapsed() < std::time::Duration::from_secs(60), "the service never makes its round");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    round(service, then() + TimeDelta::hours(1)).await.expect("a round");
    call(&b, "appointments.book", draft(&kind, &slots[2], "Après la marque")).await;
    sync::once(&b).await.expect("an exchange");
    let days = i64::try_from(CHANGES_DAYS).expect("small");
    round(service, then() + TimeDelta::days(days + 1)).await.expect("a round");
    let before = at_desk(&a).await;
    let report = sync::once(&a).await.expect("an exchange");
    assert_eq!((report.accepted, report.refused, report.pending), (3, 1, 0), "{report:?}");
    assert!(report.pulled > 100, "all of it was read: {report:?}");
    assert_ne!(at_desk(&a).await, before);
    assert_eq!(at_desk(&a).await, at_central(&town).await);
    let said = status(&a).await;
    assert_eq!((&said["online"], &said["conflicts"], &said["gone"]), (&json!(true), &json!(1), &Value::Null));
    // One that has never been here has the same, although the feed does not reach back any more.
    let c = town.desk("c").await;
    assert_eq!(at_desk(&c).await, at_central(&town).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_central_has_lost_goes_from_a_desk_only_when_the_director_says_so() {
    let mut town = Town::start().await;
    let a = town.desk("a").await;
    let file = town.folder.path().join("central.db");
    let (kind, slots) = free_slots(&a, 1).await;
    let port = town.stop().await;
    let old = std::fs::read(&file).expect("the database");
    town.resume(port).await;
    // Questions of families: no desk has sent them, none can send them again.
    let http = reqwest::Client::new();
    for n in 0..LOST {
        let body = json!({
            "channel": "mail",
            "requester": { "name": format!("Essai {n}"), "relation": "self", "mail": format!("e{n}@example.fr"),
                           "category": "high_school", "class_level": "Tle G", "postal_code": "80090" },
            "messages": [{ "from": "family", "text": "Bonjour, une question." }], "consent": true
        });
        let sent = http.post(format!("{}/v1/enquiries", town.url)).header("Idempotency-Key", format!("k{n}"));
        assert_eq!(sent.json(&body).send().await.expect("an answer").status().as_u16(), 201);
    }
    sync::once(&a).await.expect("an exchange");
    let whole = at_desk(&a).await;
    town.stop().await;
    std::fs::write(&file, &old).expect("set back");
    town.resume(port).await;
    let booked = call(&a, "appointments.book", draft(&kind, &slots[0], "En attente")).await;
    for _ in 0..2 {
        sync::once(&a).await.expect("an exchange");
        let said = status(&a).await;
        assert_eq!(said["gone"]["gone"], LOST, "{said}");
        assert_eq!(
            (&said["pending"], &said["reading"]),
            (&json!(2), &Value::Null),
            "nothing is sent: {said}"
        );
        assert!(at_desk(&a).await.len() > whole.len(), "and nothing has gone here");
    }
    // The question outlives the program.
    a.store().close().await;
    let a = reopen(&town.profile("a")).await;
    assert_eq!(status(&a).await["gone"]["gone"], LOST);
    for role in ["receptionist", "counsellor"] {
        sit_down(&a, role).await;
        assert_eq!(refused(&a, "sync.take_over", json!({})).await.0, "not_allowed", "{role}");
    }
    sit_down(&a, "director").await;
    let said = call(&a, "sync.take_over", json!({})).await;
    assert_eq!(
        (&said["gone"], &said["pending"], &said["conflicts"]),
        (&Value::Null, &json!(0), &json!(0)),
        "{said}"
    );
    assert_eq!(at_desk(&a).await, at_central(&town).await);
    let id = booked["appointment"]["id"].as_str().expect("an id");
    assert!(at_central(&town).await.keys().any(|(_, d)| d == id), "what waited was sent then");
}
