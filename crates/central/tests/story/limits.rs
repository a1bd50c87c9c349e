//! Bodies that are too large, unreadable, or packed.

use std::collections::BTreeMap;

use passerelle_domain::ids::CommandId;
use passerelle_domain::refusal::RefusalCode;
use passerelle_protocol::sync::{MAX_BODY, MAX_COMMAND, MAX_COMMANDS, SyncResponse, Verdict};
use serde_json::json;
use uuid::Uuid;

use crate::office::{Central, Desk, amiens, problem, receptionist};

async fn raw(desk: &Desk, headers: &[(&str, &str)], body: Vec<u8>) -> reqwest::Response {
    let mut request = desk.http.post(format!("{}/v1/sync", desk.url)).bearer_auth(&desk.token).body(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

#[tokio::test]
async fn bodies_within_bounds_in_a_form_that_is_read() {
    let central = Central::start().await;
    let desk = central.desk(&amiens()).await;
    let good = serde_json::to_vec(&desk.request(&[], 5)).expect("JSON");
    let bomb = zstd::encode_all(&vec![b' '; MAX_BODY * 4][..], 3).expect("packed");
    assert!(bomb.len() < 10_000, "a small body that becomes a large one");
    for (what, headers, body, status, code) in [
        ("not JSON", &[][..], b"{".to_vec(), 400, "malformed_body"),
        ("no fields", &[], b"{}".to_vec(), 400, "malformed_body"),
        ("not UTF-8", &[], vec![b'"', 0xff, b'"'], 400, "malformed_body"),
        ("too large", &[], vec![b' '; MAX_BODY + 1], 413, "body_too_large"),
        ("bomb", &[("content-encoding", "zstd")], bomb, 413, "body_too_large"),
        ("not zstd", &[("content-encoding", "zstd")], good.clone(), 400, "malformed_body"),
        ("gzip", &[("content-encoding", "gzip")], good.clone(), 415, "unsupported_encoding"),
    ] {
        let answer = raw(&desk, headers, body).await;
        let found = (answer.status().as_u16(), problem(answer).await.code);
        assert_eq!(found, (status, code.to_owned()), "{what}");
    }
    let packed = zstd::encode_all(&good[..], 3).expect("packed");
    let headers = [("content-encoding", "zstd"), ("accept-encoding", "gzip, zstd;q=0.9")];
    let answer = raw(&desk, &headers, packed).await;
    assert_eq!(answer.headers().get("content-encoding").map(|v| v.as_bytes()), Some(&b"zstd"[..]));
    let bytes = answer.bytes().await.expect("bytes");
    let response: SyncResponse =
        serde_json::from_slice(&zstd::decode_all(&bytes[..]).expect("zstd")).expect("a response");
    assert_eq!(response.changes.len(), 5, "the same exchange, packed");
    central.running.shutdown().await;
}

#[tokio::test]
async fn too_many_commands_are_halved_and_one_too_long_is_refused_alone() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desk = central.desk(&amiens()).await;
    let mut one = desk.raw(who, json!({"kind": "enquiry.close", "args": {"id": Uuid::nil()}}));
    let many: Vec<_> = (1..=MAX_COMMANDS as u64 + 1)
        .map(|seq| {
            (one.id, one.seq) = (CommandId(Uuid::now_v7()), seq);
            one.clone()
        })
        .collect();
    let answer = desk.post(&desk.request(&many, 10)).await;
    assert_eq!((answer.status().as_u16(), problem(answer).await.code.as_str()), (413, "too_many_commands"));
    let half = desk.sync(&many[..MAX_COMMANDS]).await;
    assert_eq!(half.len(), MAX_COMMANDS);
    let text = "x".repeat(MAX_COMMAND);
    let args = json!({"id": Uuid::nil(), "message": Uuid::nil(), "text": text});
    desk.seq = MAX_COMMANDS as u64;
    let long = desk.raw(who, json!({"kind": "enquiry.note", "args": args}));
    let results = desk.sync(&[long]).await;
    assert!(
        matches!(&results[0].verdict, Verdict::Refused { refusal } if refusal.code == RefusalCode::InvalidFields),
        "{results:?}"
    );
    central.running.shutdown().await;
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_document_too() {
    let central = Central::start().await;
    let http = reqwest::Client::new();
    let found: BTreeMap<&str, u16> = BTreeMap::from([("/", 404), ("/v2/sync", 404), ("/v1/sync", 405)]);
    for (path, status) in found {
        let answer = http.get(central.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "GET {path}");
        problem(answer).await;
    }
    for path in ["/healthz", "/readyz"] {
        let answer = http.get(central.url(path)).send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "GET {path}");
    }
    central.running.shutdown().await;
}
