//! What the academy's administrator does over HTTP, with a key of the command line.

use passerelle_central::administration::{self, By};
use passerelle_domain::ids::Uai;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sqlx::{Connection, Executor};

use crate::office::{Central, Desk, abbeville, amiens, now, problem};
use crate::process::{json, run_beside, stderr};

/// A key of the command line, as it is said there once.
pub async fn key(central: &Central, name: &str) -> String {
    let made = command(central, &["admin", "key", "--name", name]).await;
    made["key"].as_str().expect("a key").to_owned()
}

/// What the program says beside the service.
async fn command(central: &Central, args: &[&str]) -> Value {
    let url = central.database.url();
    let output = run_beside(&[args, &["--database", &url, "--json"]].concat()).await;
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", stderr(&output));
    json(&output)
}

async fn ask(
    central: &Central,
    key: &str,
    method: Method,
    path: &str,
    body: Option<&Value>,
) -> reqwest::Response {
    let mut request = reqwest::Client::new().request(method, central.url(path));
    if !key.is_empty() {
        request = request.bearer_auth(key);
    }
    if let Some(body) = body {
        request = request.json(body);
    }
    request.send().await.expect("an answer")
}

/// An answer that must be of this status.
async fn told(answer: reqwest::Response, status: u16) -> Value {
    let (said, text) = (answer.status().as_u16(), answer.text().await.expect("a text"));
    assert_eq!(said, status, "{text}");
    serde_json::from_str(&text).expect("JSON")
}

async fn get(central: &Central, key: &str, path: &str) -> Value {
    told(ask(central, key, Method::GET, path, None).await, 200).await
}

async fn post(central: &Central, key: &str, path: &str, body: Value, status: u16) -> Value {
    told(ask(central, key, Method::POST, path, Some(&body)).await, status).await
}

fn creil() -> Value {
    json!({
        "uai": "0600001A", "name": "CIO de Creil", "town": "Creil", "address": "1 rue de la République",
        "postal_code": "60100", "phone": "03 44 00 00 00", "mail": "cio.creil@example.fr"
    })
}

fn person(login: &str) -> Value {
    json!({
        "login": login, "title": "mme", "given_name": "Anne", "family_name": "Lenoir", "role": "receptionist"
    })
}

#[tokio::test]
async fn an_office_is_set_up_from_afar_and_all_of_it_is_noted() {
    let central = Central::start().await;
    let key = key(&central, "Rectorat, Mme Martin").await;
    let key = &*key;
    let uai = Uai::from_number(600_001);
    let mut new = creil();
    new["uai"] = json!(uai);
    let path = format!("/v1/admin/offices/{uai}");

    let before = get(&central, key, "/v1/admin/offices").await["offices"].as_array().map_or(0, Vec::len);
    let added = post(&central, key, "/v1/admin/offices", new.clone(), 201).await;
    assert_eq!(added, json!({ "uai": uai, "name": "CIO de Creil", "town": "Creil", "desks": 0 }));
    let mut other = new.clone();
    other["name"] = json!("Un autre CIO");
    let again = ask(&central, key, Method::POST, "/v1/admin/offices", Some(&other)).await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    let again: Value = again.json().await.expect("JSON");
    assert_eq!((&again["code"], &again["existing"]), (&json!("exists"), &added), "what is there is said");
    let offices = get(&central, key, "/v1/admin/offices").await;
    assert_eq!(offices["offices"].as_array().map(Vec::len), Some(before + 1));
    assert_eq!(
        command(&central, &["office", "list"]).await,
        offices["offices"],
        "the command line says the same"
    );

    let made = post(&central, key, &format!("{path}/people"), person("lenoir"), 201).await;
    let taken = post(&central, key, &format!("{path}/people"), person("lenoir"), 409).await;
    assert_eq!(taken["existing"]["person"], made["person"]);
    let people = get(&central, key, &format!("{path}/people")).await;
    assert_eq!(people["people"], json!([made]));
    assert_eq!(command(&central, &["user", "list", "--office", uai.as_str()]).await, people["people"]);

    // A real desk is enrolled with the code, made the reception, and works.
    let code = post(&central, key, &format!("{path}/codes"), json!({}), 201).await;
    assert_eq!((&code["expires_in_s"], &code["replaces"]), (&json!(900), &Value::Null));
    let mut desk = Desk::enrol(&central.running.url(), code["code"].as_str().expect("a code"), &uai).await;
    let desks = get(&central, key, &format!("{path}/desks")).await;
    assert_eq!(desks["desks"], json!([{ "desk": desk.id, "name": "Accueil", "revoked": false }]));
    let at_desk = |act: &str| format!("/v1/admin/desks/{}/{act}", desk.id);
    let (reception, take_back, revoke) = (at_desk("reception"), at_desk("take-back"), at_desk("revoke"));
    for _ in 0..2 {
        let said = post(&central, key, &reception, json!({ "on": true }), 200).await;
        assert_eq!(said["reception"], true);
    }
    desk.sync(&[]).await;
    let nobody_receives = post(&central, key, &take_back, json!(null), 200).await;
    assert_eq!(nobody_receives["taken_back"], 0, "there is no counsellor yet");
    assert_eq!(get(&central, key, &path).await["desks"], 1);

    // Another machine in its place.
    let code = post(&central, key, &format!("{path}/codes"), json!({ "replaces": desk.id }), 201).await;
    assert_eq!(code["replaces"], json!(desk.id));
    let refused = desk.post(&desk.request(&[], 10)).await;
    assert_eq!(problem(refused).await.code, "desk_revoked");
    let second = Desk::enrol(&central.running.url(), code["code"].as_str().expect("a code"), &uai).await;
    for _ in 0..2 {
        let revoke = revoke.replace(&desk.id.to_string(), &second.id.to_string());
        assert_eq!(told(ask(&central, key, Method::POST, &revoke, None).await, 200).await["revoked"], true);
    }
    let refused = second.post(&second.request(&[], 10)).await;
    assert_eq!(problem(refused).await.code, "desk_revoked");

    // Who did what, and when: each act once, a repeated one that changed nothing not again.
    let audit = get(&central, key, "/v1/admin/audit").await;
    assert_eq!(audit["more"], false);
    let entries = audit["entries"].as_array().expect("entries");
    let acts: Vec<&str> = entries.iter().rev().filter_map(|e| e["action"].as_str()).collect();
    assert_eq!(
        acts,
        [
            "key.make",
            "office.add",
            "person.add",
            "desk.code",
            "desk.reception",
            "desk.take_back",
            "desk.revoke",
            "desk.code",
            "desk.revoke"
        ]
    );
    assert_eq!((&entries[8]["via"], &entries[8]["who"]), (&json!("command_line"), &Value::Null));
    for entry in &entries[..8] {
        assert_eq!((&entry["via"], &entry["who"]), (&json!("key"), &json!("Rectorat, Mme Martin")));
        assert_eq!(entry["office"], json!(uai));
    }
    assert_eq!(entries[0]["subject"], json!(second.id));
    let page = get(&central, key, "/v1/admin/audit?limit=3").await;
    assert_eq!((&page["entries"], &page["more"]), (&json!(entries[..3]), &json!(true)));
    let next = format!("/v1/admin/audit?limit=200&before={}", entries[2]["id"].as_str().expect("an id"));
    assert_eq!(get(&central, key, &next).await["entries"], json!(entries[3..]));
    central.assert_sound().await;
    central.running.shutdown().await;
}

#[tokio::test]
async fn only_a_key_that_holds_opens_it() {
    let central = Central::start().await;
    let desk = central.desk(&amiens()).await;
    let good = key(&central, "Rectorat").await;
    let lists = ["/v1/admin/offices", "/v1/admin/audit", "/v1/admin/catalogue"];
    for wrong in ["", "0000", &good[1..], &desk.token, &good.to_uppercase()] {
        for path in lists {
            let answer = ask(&central, wrong, Method::GET, path, None).await;
            assert_eq!(answer.headers()["www-authenticate"], "Bearer");
            let problem = problem(answer).await;
            assert_eq!((problem.status, problem.code.as_str()), (401, "admin_key_unknown"), "{wrong:?}");
        }
        let answer = ask(&central, wrong, Method::POST, "/v1/admin/offices", Some(&creil())).await;
        assert_eq!(problem(answer).await.code, "admin_key_unknown");
    }
    // An administrator's key is no desk's.
    let mut thief = central.desk(&amiens()).await;
    thief.token.clone_from(&good);
    assert_eq!(problem(thief.post(&thief.request(&[], 10)).await).await.code, "token_expired");

    let keys = command(&central, &["admin", "list"]).await;
    assert_eq!((&keys[0]["name"], &keys[0]["revoked_at"]), (&json!("Rectorat"), &Value::Null));
    assert!(!keys.to_string().contains(&good), "a key is said once");
    let url = central.database.url();
    let again = run_beside(&["admin", "key", "--name", "Rectorat", "--database", &url, "--json"]).await;
    assert_eq!((again.status.code(), json(&again)["code"].as_str()), (Some(1), Some("exists")));
    let none = run_beside(&["admin", "revoke", "--name", "Personne", "--database", &url, "--json"]).await;
    assert_eq!((none.status.code(), json(&none)["code"].as_str()), (Some(1), Some("not_found")));

    get(&central, &good, lists[0]).await;
    command(&central, &["admin", "revoke", "--name", "Rectorat"]).await;
    for path in lists {
        let problem = problem(ask(&central, &good, Method::GET, path, None).await).await;
        assert_eq!((problem.status, problem.code.as_str()), (403, "admin_key_revoked"));
    }
    let refused = ask(&central, &good, Method::POST, "/v1/admin/offices", Some(&creil())).await;
    assert_eq!(problem(refused).await.code, "admin_key_revoked");
    assert!(command(&central, &["admin", "list"]).await[0]["revoked_at"].is_string());
    // What is kept does not give the key away.
    let kept: Vec<String> = {
        let mut conn = central.database.bare().await;
        let kept = sqlx::query_scalar("SELECT hash FROM admin_key").fetch_all(&mut conn).await;
        conn.close().await.expect("closed");
        kept.expect("hashes")
    };
    assert!(kept.iter().all(|hash| hash.len() == 64 && !good.contains(hash.as_str())));
    central.running.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_taken_is_said_and_changes_nothing() {
    let central = Central::start().await;
    let key = key(&central, "Rectorat").await;
    let with = |field: &str, value: Value| {
        let mut body = creil();
        body["uai"] = json!(Uai::from_number(600_001));
        body[field] = value;
        body
    };
    let path = "/v1/admin/offices";
    for (field, value, code) in [
        ("uai", json!("0600001Z"), "unreadable"),
        ("uai", json!("Creil"), "unreadable"),
        ("name", json!("  "), "required"),
        ("name", json!("n".repeat(121)), "too_long"),
        ("address", json!("1 rue\u{7} X"), "out_of_range"),
        ("postal_code", json!("99999"), "postal_code"),
        ("postal_code", json!("ici"), "postal_code"),
        ("phone", json!("12"), "phone"),
        ("mail", json!("ici"), "mail"),
    ] {
        let answer = ask(&central, &key, Method::POST, path, Some(&with(field, value.clone()))).await;
        let problem = problem(answer).await;
        assert_eq!((problem.status, problem.code.as_str()), (422, "invalid"), "{field} {value}");
        assert_eq!((&*problem.fields[0].field, &*problem.fields[0].code), (field, code), "{value}");
    }
    for body in [json!({}), json!({ "uai": 3 }), json!([])] {
        let answer = ask(&central, &key, Method::POST, path, Some(&body)).await;
        assert_eq!(problem(answer).await.code, "malformed_body");
    }
    let people = format!("{path}/{}/people", amiens());
    let dragon =
        json!({ "login": "a", "title": "mme", "given_name": "A", "family_name": "B", "role": "dragon" });
    let answer = ask(&central, &key, Method::POST, &people, Some(&dragon)).await;
    assert_eq!(problem(answer).await.code, "malformed_body");
    for login in ["", "Dupont", "é", &"a".repeat(41)] {
        let answer = ask(&central, &key, Method::POST, &people, Some(&person(login))).await;
        let problem = problem(answer).await;
        assert_eq!((problem.status, &*problem.fields[0].field), (422, "login"), "{login:?}");
    }
    let none = Uai::from_number(600_002);
    let nobody = uuid::Uuid::now_v7();
    for (method, path, body) in [
        (Method::GET, format!("{path}/{none}"), None),
        (Method::GET, format!("{path}/x"), None),
        (Method::GET, format!("{path}/{none}/people"), None),
        (Method::GET, format!("{path}/{none}/desks"), None),
        (Method::POST, format!("{path}/{none}/people"), Some(person("lenoir"))),
        (Method::POST, format!("{path}/{none}/codes"), Some(json!({}))),
        (Method::POST, format!("{path}/{}/codes", amiens()), Some(json!({ "replaces": nobody }))),
        (Method::POST, format!("/v1/admin/desks/{nobody}/revoke"), None),
        (Method::POST, format!("/v1/admin/desks/{nobody}/take-back"), None),
        (Method::POST, "/v1/admin/desks/x/reception".into(), Some(json!({ "on": true }))),
    ] {
        let answer = ask(&central, &key, method, &path, body.as_ref()).await;
        let problem = problem(answer).await;
        assert_eq!((problem.status, problem.code.as_str()), (404, "not_found"), "{path}");
    }
    // A desk is replaced in its own office only.
    let desk = central.desk(&amiens()).await;
    let elsewhere = format!("{path}/{}/codes", abbeville());
    post(&central, &key, &elsewhere, json!({ "replaces": desk.id }), 404).await;
    assert_eq!(desk.post(&desk.request(&[], 10)).await.status(), StatusCode::OK, "it is trusted still");
    let audit = get(&central, &key, "/v1/admin/audit").await;
    let acts: Vec<&str> =
        audit["entries"].as_array().into_iter().flatten().filter_map(|e| e["action"].as_str()).collect();
    assert_eq!(acts, ["desk.code", "key.make"], "what was refused is not noted as done");
    central.running.shutdown().await;
}

#[tokio::test]
async fn what_was_noted_is_never_changed_and_kept_for_a_year() {
    let central = Central::start().await;
    let store = &central.running.service().store;
    let old = now() - chrono::Duration::days(500);
    for (name, at) in [("il y a longtemps", old), ("hier", now()), ("demain", now())] {
        administration::make_key(store, name, &By::command_line(at)).await.expect("a key");
    }
    {
        let mut conn = central.database.bare().await;
        for (sql, why) in [
            ("UPDATE audit SET subject = 'x'", "audit:update"),
            ("DELETE FROM audit WHERE subject = 'hier'", "audit:delete"),
            ("DELETE FROM audit", "audit:delete"),
        ] {
            let refused = conn.execute(sql).await.expect_err(sql).to_string();
            assert!(refused.contains(why), "{sql}: {refused}");
        }
        conn.close().await.expect("closed");
    }
    passerelle_central::retention::round(central.running.service(), now()).await.expect("a round");
    let left = administration::audit(store, None, 200).await.expect("the audit");
    let names: Vec<&str> = left.entries.iter().filter_map(|e| e.subject.as_deref()).collect();
    assert_eq!(names, ["demain", "hier"]);
    central.running.shutdown().await;
}
