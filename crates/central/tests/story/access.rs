//! Who may speak: codes, keys, tokens, desks, epochs.

use ed25519_dalek::Signer;
use passerelle_central::administration::{By, desk_code, revoke_desk};
use passerelle_domain::Command;
use passerelle_protocol::enrol::{EnrolRequest, TokenRequest, TokenResponse};
use serde_json::{Value, json};

use crate::office::{
    Central, Desk, abbeville, amiens, book, enrol_request, hex, now, problem, receptionist, signing_key,
};
use crate::process::{json, run_beside, stderr};

async fn post(central: &Central, path: &str, body: &Value) -> reqwest::Response {
    reqwest::Client::new().post(central.url(path)).json(body).send().await.expect("an answer")
}

async fn code_of(central: &Central, request: &EnrolRequest) -> (u16, String) {
    let body = serde_json::to_value(request).expect("JSON");
    let answer = post(central, "/v1/desks", &body).await;
    let status = answer.status().as_u16();
    let code = if status == 201 { String::new() } else { problem(answer).await.code };
    (status, code)
}

#[tokio::test]
async fn a_code_enrols_one_desk_within_a_quarter_of_an_hour() {
    let central = Central::start().await;
    let store = &central.running.service().store;
    let code = desk_code(store, &amiens(), &By::command_line(now())).await.expect("a code");
    let typed = code.to_lowercase().replace('-', " ");
    let request = enrol_request(&typed, &signing_key());
    assert_eq!(code_of(&central, &request).await, (201, String::new()), "typed as people do: {typed}");
    assert_eq!(code_of(&central, &request).await, (403, "code_used".into()));
    let before = By::command_line(now() - chrono::Duration::minutes(16));
    let old = desk_code(store, &amiens(), &before).await.expect("a code");
    assert_eq!(code_of(&central, &enrol_request(&old, &signing_key())).await, (403, "code_expired".into()));
    let none = enrol_request("AAAAA-AAAAA", &signing_key());
    assert_eq!(code_of(&central, &none).await, (403, "code_unknown".into()));
    let wrong = enrol_request("DEMO-0801937W", &signing_key());
    assert_eq!(code_of(&central, &wrong).await, (403, "code_unknown".into()), "no such office");
    for _ in 0..2 {
        let demo = enrol_request(&format!("DEMO-{}", amiens()), &signing_key());
        assert_eq!(code_of(&central, &demo).await.0, 201, "the demonstration's code serves again and again");
    }
    let demo = format!("DEMO-{}", amiens());
    let nameless = EnrolRequest { name: "  ".into(), ..enrol_request(&demo, &signing_key()) };
    assert_eq!(code_of(&central, &nameless).await, (422, "invalid_name".into()));
    let keyless = EnrolRequest { public_key: "00".into(), ..enrol_request(&demo, &signing_key()) };
    assert_eq!(code_of(&central, &keyless).await, (422, "invalid_key".into()));
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_token_is_for_whoever_signs_the_nonce_once() {
    let central = Central::start().await;
    let desk = central.desk(&amiens()).await;
    let ask = async |nonce: Option<String>, signature: Option<String>| {
        let body = serde_json::to_value(TokenRequest { desk: desk.id, nonce, signature }).expect("JSON");
        post(&central, "/v1/token", &body).await
    };
    let nonce = async || match ask(None, None).await.json().await.expect("an answer") {
        TokenResponse::Challenge { nonce } => nonce,
        other => panic!("expected a nonce, got {other:?}"),
    };
    let sign =
        |nonce: &str, key: &ed25519_dalek::SigningKey| Some(hex(&key.sign(nonce.as_bytes()).to_bytes()));
    let first = nonce().await;
    let thief = ask(Some(first.clone()), sign(&first, &signing_key())).await;
    assert_eq!(problem(thief).await.code, "bad_signature");
    let late = ask(Some(first.clone()), sign(&first, &desk.key)).await;
    assert_eq!(problem(late).await.code, "bad_signature", "a nonce gets one attempt");
    let second = nonce().await;
    assert_eq!(ask(Some(second.clone()), sign(&second, &desk.key)).await.status().as_u16(), 200);
    let again = ask(Some(second.clone()), sign(&second, &desk.key)).await;
    assert_eq!(problem(again).await.code, "bad_signature", "and serves once");
    assert_eq!(problem(ask(Some(second), None).await).await.code, "malformed_body");
    let stranger = json!({"desk": "0192f000-0000-7000-8000-000000000000"});
    assert_eq!(problem(post(&central, "/v1/token", &stranger).await).await.code, "desk_unknown");
    central.running.shutdown().await;
}

#[tokio::test]
async fn only_a_trusted_desk_speaks_and_only_for_itself() {
    let central = Central::start().await;
    let mut desk = central.desk(&amiens()).await;
    let other = central.desk(&abbeville()).await;
    desk.sync(&[]).await;
    let good = std::mem::take(&mut desk.token);
    for bad in ["", "0000", &good[1..]] {
        desk.token = bad.to_owned();
        let answer = desk.post(&desk.request(&[], 10)).await;
        assert_eq!((answer.status().as_u16(), problem(answer).await.code.as_str()), (401, "token_expired"));
    }
    desk.token.clone_from(&other.token);
    let answer = desk.post(&desk.request(&[], 10)).await;
    assert_eq!((answer.status().as_u16(), problem(answer).await.code.as_str()), (403, "wrong_desk"));
    desk.token = good;

    let mut request = desk.request(&[], 10);
    request.epoch = "autre".into();
    let answer = desk.post(&request).await;
    assert_eq!((answer.status().as_u16(), problem(answer).await.code.as_str()), (409, "epoch_changed"));

    let mut ahead = desk.request(&[], 10);
    ahead.cursors.insert(desk.scope(), 1_000_000);
    let answer = desk.post(&ahead).await;
    let code = (answer.status().as_u16(), problem(answer).await.code);
    assert_eq!(code, (409, "epoch_changed".to_owned()), "whoever knows less than a desk was set back");

    revoke_desk(&central.running.service().store, desk.id, &By::command_line(now())).await.expect("revoked");
    let answer = desk.post(&desk.request(&[], 10)).await;
    assert_eq!((answer.status().as_u16(), problem(answer).await.code.as_str()), (403, "desk_revoked"));
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_broken_machine_is_replaced_and_what_it_had_sent_is_at_the_new_one() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut old = central.desk(&amiens()).await;
    old.sync(&[]).await;
    let slot = old.free(&settings)[0].clone();
    let booking = book(&settings, &slot);
    old.give(receptionist(&settings), &Command::Book(booking.clone())).await;
    let url = central.database.url();
    let replace = async |office: &str, desk: &str| {
        let args = ["desk", "code", "--office", office, "--replaces", desk, "--database", &url, "--json"];
        run_beside(&args).await
    };
    // Not with the code of another office: then nothing changes.
    let other = replace(abbeville().as_str(), &old.id.to_string()).await;
    assert_eq!((other.status.code(), json(&other)["code"].as_str()), (Some(1), Some("not_found")));
    old.sync(&[]).await;
    let given = replace(amiens().as_str(), &old.id.to_string()).await;
    assert_eq!(given.status.code(), Some(0), "{}", stderr(&given));
    let code = json(&given)["code"].as_str().expect("a code").to_owned();
    let answer = old.post(&old.request(&[], 10)).await;
    assert_eq!(problem(answer).await.code, "desk_revoked", "the old one is trusted no longer, at once");
    let mut new = Desk::enrol(&central.running.url(), &code, &amiens()).await;
    new.sync(&[]).await;
    assert!(new.appointments().iter().any(|a| a.id == booking.id), "the new one has all that was sent");
    central.running.shutdown().await;
}
