//! Every message of the wire as it is written today, literally: a change that an older desk or central could not read
//! shows here first.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::fmt::Debug;

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::Status;
use passerelle_domain::client::{ClientCategory, FieldError, Relation};
use passerelle_domain::enquiry::Channel;
use passerelle_domain::ids::{AppointmentId, Uai};
use passerelle_domain::office::Position;
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::{Command, Refusal, RefusalCode};
use passerelle_protocol::Document;
use passerelle_protocol::enrol::{EnrolRequest, Enrolled, TokenRequest, TokenResponse};
use passerelle_protocol::intake::{
    EnquiryReceipt, FamilyAnswer, FamilyAppointment, FamilyOffice, FamilyPlace, FamilySlot, FamilySlots,
    FamilyStatus, FamilyView, NewAuthor, NewEnquiry, NewMessage, NewRequester,
};
use passerelle_protocol::problem::Problem;
use passerelle_protocol::sync::{
    Change, Check, CommandResult, DirectoryOffice, DirectorySlot, Entity, Envelope, Replica, SyncRequest,
    SyncResponse, Tally, Verdict, office_scope,
};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

fn document(value: &serde_json::Value) -> Document {
    Document::of(value).expect("a document")
}

fn uuid<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn when(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn uai() -> Uai {
    Uai::from_number(801_234)
}

/// The message is written like this, read back as it was, and read with fields that this build does not know.
fn wire<T: Serialize + DeserializeOwned + PartialEq + Debug>(message: &T, literal: &Value) {
    let written = serde_json::to_value(message).expect("plain data");
    assert_eq!(&written, literal, "written otherwise:\n{written:#}");
    assert_eq!(&serde_json::from_value::<T>(literal.clone()).expect("our own message"), message);
    let newer = with_unknown_fields(literal);
    match serde_json::from_value::<T>(newer.clone()) {
        Ok(read) => assert_eq!(&read, message, "unknown fields changed what was read"),
        Err(error) => panic!("a newer message cannot be read: {error}\n{newer:#}"),
    }
}

/// Objects whose keys are data: nothing may be added to them, but to what is under each key.
const KEYED: [&str; 3] = ["at", "cursors", "check"];
/// Objects that are kept whole.
const WHOLE: [&str; 2] = ["doc", "args"];

fn with_unknown_fields(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(with_unknown_fields).collect(),
        Value::Object(fields) => {
            // An envelope keeps what it does not know beside the command: it is told apart by its arguments.
            let mut wider: serde_json::Map<String, Value> = fields
                .iter()
                .map(|(k, v)| {
                    let v = match v {
                        v if WHOLE.contains(&k.as_str()) => v.clone(),
                        Value::Object(under) if KEYED.contains(&k.as_str()) => {
                            under.iter().map(|(k, v)| (k.clone(), with_unknown_fields(v))).collect()
                        }
                        v => with_unknown_fields(v),
                    };
                    (k.clone(), v)
                })
                .collect();
            if !fields.contains_key("args") {
                wider.insert("added_later".into(), json!({"some": ["thing"]}));
            }
            Value::Object(wider)
        }
        plain => plain.clone(),
    }
}

#[test]
fn enrolment() {
    let request =
        EnrolRequest { code: "ABCD-2345".into(), name: "Accueil".into(), public_key: "00ff".into() };
    wire(&request, &json!({"code": "ABCD-2345", "name": "Accueil", "public_key": "00ff"}));
    let enrolled = Enrolled {
        desk: uuid(1),
        office: uai(),
        office_name: "CIO d’Amiens".into(),
        epoch: "7".into(),
        demo: true,
    };
    let literal = json!({
        "desk": "00000000-0000-0000-0000-000000000001", "office": uai().as_str(), "office_name": "CIO d’Amiens",
        "epoch": "7", "demo": true
    });
    wire(&enrolled, &literal);
}

#[test]
fn tokens() {
    let ask = TokenRequest { desk: uuid(1), nonce: None, signature: None };
    wire(&ask, &json!({"desk": "00000000-0000-0000-0000-000000000001"}));
    let sign = TokenRequest { nonce: Some("n0".into()), signature: Some("5a".into()), ..ask };
    wire(&sign, &json!({"desk": "00000000-0000-0000-0000-000000000001", "nonce": "n0", "signature": "5a"}));
    wire(&TokenResponse::Challenge { nonce: "n0".into() }, &json!({"type": "challenge", "nonce": "n0"}));
    let token = TokenResponse::Token { token: "t".into(), expires_in_s: 900 };
    wire(&token, &json!({"type": "token", "token": "t", "expires_in_s": 900}));
}

#[test]
fn problems() {
    let problem = Problem {
        status: 422,
        code: "invalid_enquiry".into(),
        title: "Demande incomplète".into(),
        detail: "Le code postal doit avoir cinq chiffres.".into(),
        fields: vec![FieldError { field: "requester.postal_code".into(), code: "postal_code".into() }],
        alternatives: Vec::new(),
    };
    let literal = json!({
        "status": 422, "code": "invalid_enquiry", "title": "Demande incomplète",
        "detail": "Le code postal doit avoir cinq chiffres.",
        "fields": [{"field": "requester.postal_code", "code": "postal_code"}]
    });
    wire(&problem, &literal);
    let short = Problem { fields: Vec::new(), ..problem };
    let plain = json!({
        "status": 422, "code": "invalid_enquiry", "title": "Demande incomplète",
        "detail": "Le code postal doit avoir cinq chiffres."
    });
    wire(&short, &plain);
}

#[test]
fn intake() {
    let new = NewEnquiry {
        channel: Channel::Chat,
        subject: None,
        requester: NewRequester {
            name: "Nadia Benali".into(),
            relation: Relation::Mother,
            about: Some("Inès".into()),
            mail: Some("nadia@example.fr".into()),
            phone: None,
            category: Some(ClientCategory::HighSchool),
            class_level: Some("Seconde".into()),
            school: None,
            postal_code: "80000".into(),
        },
        messages: vec![NewMessage { from: NewAuthor::OnlineService, at: None, text: "Bonjour".into() }],
        consent: true,
        sensitive: false,
    };
    let literal = json!({
        "channel": "chat", "subject": null, "consent": true, "sensitive": false,
        "requester": {
            "name": "Nadia Benali", "relation": "mother", "about": "Inès", "mail": "nadia@example.fr", "phone": null,
            "category": "high_school", "class_level": "Seconde", "school": null, "postal_code": "80000"
        },
        "messages": [{"from": "online_service", "at": null, "text": "Bonjour"}]
    });
    wire(&new, &literal);
    // The least that a form may send.
    let least = json!({
        "channel": "mail", "consent": true,
        "requester": {"name": "Inès", "relation": "self", "postal_code": "80000"},
        "messages": [{"from": "family", "text": "Bonjour"}]
    });
    let read: NewEnquiry = serde_json::from_value(least).expect("the least");
    assert_eq!((read.requester.relation, read.messages[0].from), (Relation::Own, NewAuthor::Family));
    let receipt = EnquiryReceipt {
        id: uuid(2),
        reference: "AMI-7F3K2".into(),
        office: uai(),
        office_name: "CIO d’Amiens".into(),
        distance_km: Some(1.5),
        due_at: when("2026-11-24T09:00:00Z"),
        link: "/v1/enquiries/AMI-7F3K2-X".into(),
    };
    let literal = json!({
        "id": "00000000-0000-0000-0000-000000000002", "reference": "AMI-7F3K2", "office": uai().as_str(),
        "office_name": "CIO d’Amiens", "distance_km": 1.5, "due_at": "2026-11-24T09:00:00Z",
        "link": "/v1/enquiries/AMI-7F3K2-X"
    });
    wire(&receipt, &literal);
}

#[test]
fn what_a_family_can_choose_and_what_it_answers() {
    let place = FamilyPlace { start: when("2026-11-26T08:00:00Z"), counsellor: uuid(1), site: uuid(2) };
    let choice = json!({
        "start": "2026-11-26T08:00:00Z", "counsellor": "00000000-0000-0000-0000-000000000001",
        "site": "00000000-0000-0000-0000-000000000002"
    });
    let slots = FamilySlots {
        slots: vec![FamilySlot {
            place: place.clone(),
            end: when("2026-11-26T08:45:00Z"),
            zone: chrono_tz::Europe::Paris,
            with: "Mme Dupont".into(),
            site_name: "CIO".into(),
            address: "1 rue".into(),
        }],
        until: Some(when("2026-11-24T08:00:00Z")),
    };
    let mut slot = choice.clone();
    for (key, value) in [
        ("end", "2026-11-26T08:45:00Z"),
        ("zone", "Europe/Paris"),
        ("with", "Mme Dupont"),
        ("site_name", "CIO"),
        ("address", "1 rue"),
    ] {
        slot[key] = json!(value);
    }
    wire(&slots, &json!({"slots": [slot], "until": "2026-11-24T08:00:00Z"}));
    wire(&FamilySlots { slots: Vec::new(), until: None }, &json!({"slots": []}));
    let mut moved = choice;
    moved["action"] = json!("move");
    wire(&FamilyAnswer::Move(place), &moved);
    let proposal: AppointmentId = uuid(3);
    let named = "00000000-0000-0000-0000-000000000003";
    wire(&FamilyAnswer::Accept { proposal }, &json!({"action": "accept", "proposal": named}));
    wire(&FamilyAnswer::Decline { proposal }, &json!({"action": "decline", "proposal": named}));
    wire(&FamilyAnswer::Excuse, &json!({"action": "excuse"}));
}

#[test]
fn the_familys_view() {
    let view = FamilyView {
        reference: "AMI-7F3K2".into(),
        status: FamilyStatus::Appointment,
        received_at: when("2026-11-23T08:00:00Z"),
        due_at: when("2026-11-24T09:00:00Z"),
        office: FamilyOffice { uai: uai(), name: "CIO".into(), address: "1 rue".into(), phone: None },
        appointment: Some(FamilyAppointment {
            status: Status::Booked,
            start: when("2026-11-26T08:00:00Z"),
            end: when("2026-11-26T08:45:00Z"),
            zone: chrono_tz::Europe::Paris,
            site: "CIO".into(),
            address: "1 rue".into(),
        }),
        proposals: Vec::new(),
    };
    let literal = json!({
        "reference": "AMI-7F3K2", "status": "appointment", "received_at": "2026-11-23T08:00:00Z",
        "due_at": "2026-11-24T09:00:00Z",
        "office": {"uai": uai().as_str(), "name": "CIO", "address": "1 rue"},
        "appointment": {
            "status": "booked", "start": "2026-11-26T08:00:00Z", "end": "2026-11-26T08:45:00Z",
            "zone": "Europe/Paris", "site": "CIO", "address": "1 rue"
        }
    });
    wire(&view, &literal);
    let names = [
        (FamilyStatus::Received, "received"),
        (FamilyStatus::InProgress, "in_progress"),
        (FamilyStatus::WaitingForYou, "waiting_for_you"),
        (FamilyStatus::Appointment, "appointment"),
        (FamilyStatus::Answered, "answered"),
        (FamilyStatus::Closed, "closed"),
    ];
    for (status, name) in names {
        wire(&status, &json!(name));
    }
}

fn envelope() -> (Envelope, Value) {
    let literal = json!({
        "id": "00000000-0000-0000-0000-000000000003", "seq": 41, "v": 1,
        "actor": "00000000-0000-0000-0000-000000000004", "at": "2026-11-23T08:00:00Z",
        "depends": ["00000000-0000-0000-0000-000000000005"],
        "kind": "enquiry.claim", "args": {"id": "00000000-0000-0000-0000-000000000006"}
    });
    let envelope = Envelope {
        id: uuid(3),
        seq: 41,
        v: 1,
        actor: uuid(4),
        at: when("2026-11-23T08:00:00Z"),
        depends: vec![uuid(5)],
        lease: None,
        command: json!({"kind": "enquiry.claim", "args": {"id": "00000000-0000-0000-0000-000000000006"}}),
        vouch: None,
    };
    (envelope, literal)
}

#[test]
fn sync_request() {
    let (envelope, command) = envelope();
    assert_eq!(envelope.parse().expect("a command"), Command::ClaimEnquiry { id: uuid(6), take_over: false });
    let scope = office_scope(&uai());
    let request = SyncRequest {
        v: 1,
        replica: Replica { desk: uuid(1), inc: "9f3c".into() },
        epoch: "7".into(),
        pending: 12,
        commands: vec![envelope],
        cursors: BTreeMap::from([(scope.clone(), 18_233), ("dir".into(), 991)]),
        marks: BTreeMap::new(),
        limit: 1_000,
        asked: None,
        leases: false,
        colleagues: Vec::new(),
    };
    let literal = json!({
        "v": 1, "replica": {"desk": "00000000-0000-0000-0000-000000000001", "inc": "9f3c"}, "epoch": "7",
        "pending": 12, "commands": [command], "cursors": {scope: 18_233, "dir": 991}, "limit": 1_000
    });
    wire(&request, &literal);
}

#[test]
fn sync_response() {
    let scope = office_scope(&uai());
    let refusal = Refusal {
        alternatives: vec![FreeSlot {
            start: when("2026-11-26T08:00:00Z"),
            end: when("2026-11-26T08:45:00Z"),
            counsellor: uuid(7),
            site: uuid(8),
            room: None,
        }],
        ..Refusal::new(RefusalCode::SlotTaken).with(uuid(9))
    };
    let result = |seq, verdict| CommandResult { id: uuid(3), seq, verdict };
    let change =
        |seq, doc| Change { scope: scope.clone(), seq, entity: Entity::Client, id: "c".into(), rev: 3, doc };
    let response = SyncResponse {
        epoch: "7".into(),
        inc: "9f3c".into(),
        server_time: when("2026-11-23T08:00:00Z"),
        results: vec![
            result(41, Verdict::Accepted { at: BTreeMap::from([(scope.clone(), 18_240)]) }),
            result(42, Verdict::Refused { refusal }),
            result(43, Verdict::Held),
        ],
        expected_next: 44,
        changes: vec![change(18_234, Some(document(&json!({"id": "c"})))), change(18_235, None)],
        cursors: BTreeMap::from([(scope.clone(), 18_240)]),
        marks: BTreeMap::new(),
        has_more: false,
        poll_after_s: 37,
        unknown: Some(vec![uuid(5)]),
        check: BTreeMap::from([(
            scope.clone(),
            Check { seq: 18_240, tally: Tally { count: 5_321, sum: 1 } },
        )]),
        decided: Vec::new(),
    };
    let id = "00000000-0000-0000-0000-000000000003";
    let literal = json!({
        "epoch": "7", "inc": "9f3c", "server_time": "2026-11-23T08:00:00Z",
        "results": [
            {"id": id, "seq": 41, "status": "accepted", "at": {scope.clone(): 18_240}},
            {
                "id": id, "seq": 42, "status": "refused", "code": "slot_taken",
                "with": "00000000-0000-0000-0000-000000000009",
                "alternatives": [{
                    "start": "2026-11-26T08:00:00Z", "end": "2026-11-26T08:45:00Z",
                    "counsellor": "00000000-0000-0000-0000-000000000007",
                    "site": "00000000-0000-0000-0000-000000000008"
                }]
            },
            {"id": id, "seq": 43, "status": "held"}
        ],
        "expected_next": 44,
        "changes": [
            {"scope": scope.clone(), "seq": 18_234, "entity": "client", "id": "c", "rev": 3, "doc": {"id": "c"}},
            {"scope": scope.clone(), "seq": 18_235, "entity": "client", "id": "c", "rev": 3, "doc": null}
        ],
        "cursors": {scope.clone(): 18_240}, "has_more": false, "poll_after_s": 37,
        "unknown": ["00000000-0000-0000-0000-000000000005"],
        "check": {scope: {"seq": 18_240, "count": 5_321, "sum": "0000000000000001"}}
    });
    wire(&response, &literal);
}

#[test]
fn directory() {
    let office = DirectoryOffice {
        uai: uai(),
        name: "CIO d’Amiens".into(),
        town: "Amiens".into(),
        phone: None,
        position: Some(Position { lat: 49.9, lon: 2.3 }),
        next_slots: vec![DirectorySlot {
            start: when("2026-11-26T08:00:00Z"),
            end: when("2026-11-26T08:45:00Z"),
            counsellor: "Mme Leroy".into(),
        }],
    };
    let literal = json!({
        "uai": uai().as_str(), "name": "CIO d’Amiens", "town": "Amiens", "position": {"lat": 49.9, "lon": 2.3},
        "next_slots": [
            {"start": "2026-11-26T08:00:00Z", "end": "2026-11-26T08:45:00Z", "counsellor": "Mme Leroy"}
        ]
    });
    wire(&office, &literal);
}

#[test]
fn every_sort_of_document_has_its_name_and_a_newer_one_is_kept() {
    use Entity as E;
    let known = [
        E::Office,
        E::Site,
        E::Room,
        E::Person,
        E::Kind,
        E::Opening,
        E::Absence,
        E::Client,
        E::Enquiry,
        E::Appointment,
        E::WaitingEntry,
        E::PreparationSheet,
        E::DirectoryOffice,
        E::Catchment,
    ];
    for entity in known {
        wire(&entity, &json!(entity.key()));
        assert_eq!(E::from_key(entity.key()), entity, "as the overlay of a desk names it");
    }
    let newer =
        json!({"scope": "dir", "seq": 5, "entity": "waiting_list", "id": "w", "rev": 1, "doc": {"a": 1}});
    let change: Change = serde_json::from_value(newer).expect("a newer sort of document");
    assert_eq!((change.entity, change.doc), (Entity::Unknown, Some(document(&json!({"a": 1})))));
}

#[test]
fn a_newer_kind_of_command_is_carried_whole() {
    let newer = json!({
        "id": "00000000-0000-0000-0000-000000000003", "seq": 1, "v": 2,
        "actor": "00000000-0000-0000-0000-000000000004", "at": "2026-11-23T08:00:00Z",
        "kind": "appointment.remind", "args": {"id": 5}, "lease": "x/4"
    });
    let envelope: Envelope = serde_json::from_value(newer.clone()).expect("an envelope");
    assert!(envelope.parse().is_err(), "this build does not know the kind");
    assert_eq!(serde_json::to_value(&envelope).expect("plain data"), newer, "nothing of it is lost");
}

#[test]
fn a_verdict_of_a_newer_central_keeps_the_command() {
    let newer =
        json!({"id": "00000000-0000-0000-0000-000000000003", "seq": 1, "status": "queued", "place": 4});
    let result: CommandResult = serde_json::from_value(newer).expect("a result");
    assert_eq!(result.verdict, Verdict::Held, "what is neither accepted nor refused waits");
}
