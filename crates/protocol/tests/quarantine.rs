//! The messages of the quarantine as they are written today, literally.

#![allow(clippy::expect_used, reason = "a test that cannot go on has failed")]

use std::fmt::Debug;

use passerelle_domain::RefusalCode;
use passerelle_domain::appointment::Status;
use passerelle_protocol::enrol::quarantine::{
    QuarantineRequest, QuarantineResponse, Quarantined, QuarantinedPlace, Released, SettleRequest, Settled,
    Settling, Which,
};
use passerelle_protocol::sync::{Envelope, Verdict};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;

fn uuid<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn id(n: u128) -> String {
    Uuid::from_u128(n).to_string()
}

/// The message is written like this, read back as it was, and read with a field that this build does not know.
fn wire<T: Serialize + DeserializeOwned + PartialEq + Debug>(message: &T, literal: &Value) {
    let written = serde_json::to_value(message).expect("plain data");
    assert_eq!(&written, literal, "written otherwise:\n{written:#}");
    let mut newer = literal.clone();
    newer["of_tomorrow"] = json!({ "a": 1 });
    for known in [literal, &newer] {
        assert_eq!(&serde_json::from_value::<T>(known.clone()).expect("our own message"), message);
    }
}

#[test]
fn what_a_desk_hands_over() {
    let at = "2026-11-23T09:22:00Z";
    let envelope = Envelope {
        id: uuid(3),
        seq: 41,
        v: 1,
        actor: uuid(4),
        at: at.parse().expect("an instant"),
        depends: Vec::new(),
        lease: None,
        command: json!({ "kind": "enquiry.reopen", "args": { "id": id(5) } }),
        vouch: None,
    };
    let ask = QuarantineRequest { desk: uuid(1), nonce: None, signature: None, commands: Vec::new() };
    wire(&ask, &json!({ "desk": id(1) }));
    let signed = QuarantineRequest {
        nonce: Some("ab".into()),
        signature: Some("cd".into()),
        commands: vec![envelope.clone()],
        ..ask
    };
    let literal = json!({
        "desk": id(1), "nonce": "ab", "signature": "cd",
        "commands": [serde_json::to_value(&envelope).expect("plain data")],
    });
    wire(&signed, &literal);
    wire(
        &QuarantineResponse::Challenge { nonce: "ab".into() },
        &json!({ "type": "challenge", "nonce": "ab" }),
    );
    wire(&QuarantineResponse::Kept { waiting: 3 }, &json!({ "type": "kept", "waiting": 3 }));
}

#[test]
fn what_a_director_sees_and_says() {
    let at: chrono::DateTime<chrono::Utc> = "2026-11-23T09:22:00Z".parse().expect("an instant");
    let short = Quarantined {
        id: uuid(3),
        desk: uuid(1),
        desk_name: "Accueil".into(),
        kind: "appointment.book".into(),
        actor: uuid(4),
        at,
        received_at: at,
        status: None,
        appointment: None,
        place: None,
        client: None,
        name: None,
        refusal: None,
    };
    let literal = json!({
        "id": id(3), "desk": id(1), "desk_name": "Accueil", "kind": "appointment.book", "actor": id(4),
        "at": "2026-11-23T09:22:00Z", "received_at": "2026-11-23T09:22:00Z",
    });
    wire(&short, &literal);
    let whole = Quarantined {
        status: Some(Status::Arrived),
        appointment: Some(uuid(6)),
        place: Some(QuarantinedPlace {
            counsellor: uuid(7),
            start: "2026-11-24T14:30:00".parse().expect("a civil time"),
            zone: chrono_tz::Europe::Paris,
        }),
        client: Some(uuid(8)),
        name: Some("Inès Benchekroun".into()),
        refusal: Some(RefusalCode::SlotTaken.into()),
        ..short
    };
    let mut longer = literal;
    for (field, value) in [
        ("status", json!("arrived")),
        ("appointment", json!(id(6))),
        ("place", json!({ "counsellor": id(7), "start": "2026-11-24T14:30:00", "zone": "Europe/Paris" })),
        ("client", json!(id(8))),
        ("name", json!("Inès Benchekroun")),
        ("refusal", json!({ "code": "slot_taken" })),
    ] {
        longer[field] = value;
    }
    wire(&whole, &longer);
    let which = Which { desk: uuid(1), id: uuid(3) };
    wire(
        &SettleRequest { actor: uuid(4), settling: Settling::Release, commands: vec![which] },
        &json!({ "actor": id(4), "settling": "release", "commands": [{ "desk": id(1), "id": id(3) }] }),
    );
    let refused = Verdict::Refused { refusal: RefusalCode::SlotTaken.into() };
    wire(
        &Settled { released: vec![Released { which, verdict: refused }], discarded: 2 },
        &json!({
            "released": [{ "desk": id(1), "id": id(3), "status": "refused", "code": "slot_taken" }],
            "discarded": 2,
        }),
    );
}
