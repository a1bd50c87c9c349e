//! Records pinned at two desks that do not hear of each other, and what both read in the end.

use passerelle_domain::Command;
use passerelle_domain::ids::{AppointmentId, EnquiryId};
use passerelle_domain::pins::{NewPin, PINS_MAX, PinPlace, RecordKind};
use passerelle_office::desk::Desk;
use passerelle_office::store::Step;
use passerelle_office::sync;
use serde_json::{Value, json};

use crate::parts::{Town, call, draft, free_slots, refused};

async fn sync(desk: &Desk) {
    sync::once(desk).await.expect("an exchange");
}

/// A counsellor sits down.
async fn counsellor(desk: &Desk) {
    let session = call(desk, "session.get", json!({})).await;
    let people = session["people"].as_array().expect("people");
    let person = people.iter().find(|p| p["role"] == "counsellor").expect("a counsellor");
    call(desk, "session.use", json!({ "person": person["id"] })).await;
}

async fn receptionist(desk: &Desk) {
    let session = call(desk, "session.get", json!({})).await;
    let people = session["people"].as_array().expect("people");
    let person = people.iter().find(|p| p["role"] == "receptionist").expect("somebody at reception");
    call(desk, "session.use", json!({ "person": person["id"] })).await;
}

/// Pins what a desk with a catalogue of its own would.
async fn pin(desk: &Desk, on: PinPlace, record: &str, note: Option<&str>) {
    let pin = NewPin {
        record: record.into(),
        kind: RecordKind::Programme,
        title: format!("Fiche {record}"),
        subtitle: Some("CAP".into()),
        note: note.map(str::to_owned),
        again: None,
    };
    let (actor, _) = desk.actor().await.expect("the database").expect("somebody at the desk");
    let commands = vec![Command::Pin { on, pin: Box::new(pin) }];
    let step = Step { actor, now: desk.now(), commands, undoable: true };
    desk.store().execute(&step).await.expect("pinned");
}

/// What is pinned there, once the desk knows that it has no catalogue: until it does, nothing is said to be absent.
async fn pins(desk: &Desk, to: &Value) -> Value {
    desk.catalogue().ready().await.expect_err("no catalogue");
    call(desk, "catalogue.pins", json!({ "to": to })).await
}

fn records(pins: &Value) -> Vec<&str> {
    pins.as_array().expect("pins").iter().filter_map(|pin| pin["record"].as_str()).collect()
}

/// Two desks of one office with a counsellor at each, and a meeting that was booked at the first.
struct Apart {
    a: Desk,
    b: Desk,
    /// Its id.
    meeting: Value,
    /// Central, until the end of the test.
    _town: Town,
}

impl Apart {
    async fn start() -> Self {
        let town = Town::start().await;
        let (a, b) = (town.desk("a").await, town.desk("b").await);
        counsellor(&a).await;
        counsellor(&b).await;
        let (kind, slots) = free_slots(&a, 1).await;
        let booked = call(&a, "appointments.book", draft(&kind, &slots[0], "Jade")).await;
        let meeting = booked["appointment"]["id"].clone();
        Self { a, b, meeting, _town: town }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_desks_that_pin_apart_read_the_same_in_the_end() {
    let apart = Apart::start().await;
    let (a, b, id) = (&apart.a, &apart.b, apart.meeting.clone());
    let list = call(a, "enquiries.list", json!({})).await;
    let asked =
        list["rows"].as_array().expect("rows").iter().find(|r| r["hidden"] == false).expect("one")["id"]
            .clone();
    sync(a).await;
    sync(b).await;
    let (to, of) = (json!({ "appointment": id }), json!({ "enquiry": asked }));
    let uuid = |value: &Value| value.as_str().expect("an id").parse().expect("an id");
    let (meeting, question) =
        (PinPlace::Appointment(AppointmentId(uuid(&id))), PinPlace::Enquiry(EnquiryId(uuid(&asked))));

    // Nobody hears of the other.
    pin(a, meeting, "FOR.1", Some("à voir avec la mère")).await;
    pin(a, question, "MET.7", None).await;
    pin(b, meeting, "FOR.1", Some("la préférée")).await;
    pin(b, meeting, "FOR.2", None).await;
    pin(b, question, "MET.7", None).await;
    call(b, "catalogue.unpin", json!({ "to": of, "record": "MET.7" })).await;
    assert_eq!(records(&pins(a, &to).await["pins"]), ["FOR.1"], "its own at once");
    for _ in 0..2 {
        sync(a).await;
        sync(b).await;
    }
    let (here, there) = (pins(a, &to).await, pins(b, &to).await);
    assert_eq!(here, there, "the same at both");
    assert_eq!(records(&here["pins"]), ["FOR.1", "FOR.2"], "{here}");
    assert_eq!(here["pins"][0]["note"], "à voir avec la mère\nla préférée", "nobody's word is lost");
    assert_eq!(here["pins"][0]["state"], "absent", "no catalogue here: it says by itself what it is");
    assert_eq!(here["for"], "Jade Essai");
    assert!(records(&pins(a, &of).await["pins"]).is_empty(), "taken off by the one who was heard last");
    for desk in [a, b] {
        assert_eq!(call(desk, "status.get", json!({})).await["conflicts"], 0);
    }

    // What one takes back, the other sees taken back.
    call(b, "undo.last", json!({})).await;
    assert_eq!(records(&pins(b, &of).await["pins"]), ["MET.7"]);
    sync(b).await;
    sync(a).await;
    assert_eq!(records(&pins(a, &of).await["pins"]), ["MET.7"]);

    // The meeting is given up at reception: its preparation stays with it.
    receptionist(a).await;
    let cancel = json!({ "id": id, "status": "cancelled", "reason": "Grève" });
    call(a, "appointments.set_status", cancel).await;
    sync(a).await;
    sync(b).await;
    assert_eq!(pins(b, &to).await["pins"], here["pins"]);
    receptionist(b).await;
    assert_eq!(refused(b, "catalogue.pins", json!({ "to": to })).await.0, "not_allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_too_many_is_refused_by_central_and_taken_off_again() {
    let apart = Apart::start().await;
    let (a, b, id) = (&apart.a, &apart.b, apart.meeting.clone());
    let meeting = PinPlace::Appointment(AppointmentId(id.as_str().expect("an id").parse().expect("an id")));
    let to = json!({ "appointment": id });
    for n in 1..PINS_MAX {
        pin(a, meeting, &format!("FOR.{n}"), None).await;
    }
    sync(a).await;
    sync(b).await;
    pin(a, meeting, "MET.1", None).await;
    pin(b, meeting, "MET.2", None).await;
    sync(a).await;
    sync(b).await;
    let read = pins(b, &to).await;
    assert_eq!(records(&read["pins"]).len(), PINS_MAX);
    assert_eq!(records(&read["pins"]).last(), Some(&"MET.1"), "the first to arrive stays: {read}");
    let conflicts = call(b, "conflicts.list", json!({})).await;
    assert_eq!(
        (&conflicts[0]["code"], &conflicts[0]["kind"]),
        (&json!("too_many_pins"), &json!("catalogue.pin"))
    );
    receptionist(b).await;
    assert_eq!(call(b, "conflicts.list", json!({})).await, json!([]), "reception hears nothing of it");
    assert_eq!(call(b, "status.get", json!({})).await["conflicts"], 0);
}
