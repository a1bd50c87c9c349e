//! The interface's own document, held to what really travels: requests and answers of every route have the form that it
//! says, and no field that it does not know.

use std::collections::BTreeSet;

use ed25519_dalek::Signer;
use passerelle_domain::Command;
use passerelle_domain::command::Book;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::office::{
    Central, amiens, book, director, enquiry, enrol_request, hex, now, receptionist, signing_key,
};
use crate::process::{program, stderr};

/// The document, and which of its operations and schemas were held to it.
struct Document {
    all: Value,
    held: BTreeSet<String>,
}

/// A schema in which an object with named fields has no others, unless it says that it may: what is not written down is
/// found.
fn closed(schema: &Value) -> Value {
    match schema {
        Value::Object(fields) => {
            let mut fields: serde_json::Map<String, Value> =
                fields.iter().map(|(k, v)| (k.clone(), closed(v))).collect();
            if fields.contains_key("properties") && fields.get("type") == Some(&json!("object")) {
                fields.entry("additionalProperties").or_insert(json!(false));
            }
            Value::Object(fields)
        }
        Value::Array(items) => Value::Array(items.iter().map(closed).collect()),
        other => other.clone(),
    }
}

impl Document {
    async fn of(central: &Central) -> Self {
        let answer = reqwest::get(central.url("/v1/openapi.json")).await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "application/json");
        Self { all: answer.json().await.expect("JSON"), held: BTreeSet::new() }
    }

    /// Holds a value to a schema.
    fn hold(&self, what: &str, schema: &Value, value: &Value) {
        let wrong = self.wrong(what, schema, value);
        assert!(wrong.is_empty(), "{what}: {wrong:#?}\n{value:#}");
    }

    /// What a value has otherwise than a schema says.
    fn wrong(&self, what: &str, schema: &Value, value: &Value) -> Vec<String> {
        let mut whole = closed(schema);
        whole["components"] = closed(&self.all["components"]);
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&whole)
            .unwrap_or_else(|e| panic!("{what}: the schema itself: {e}"));
        validator.iter_errors(value).map(|e| format!("{} at {}", e, e.instance_path())).collect()
    }

    /// Sends a request to a route and holds both ways to what is written of it; gives the answer.
    async fn ask(
        &mut self,
        central: &Central,
        method: Method,
        (route, path): (&str, &str),
        body: Option<&Value>,
        with: impl FnOnce(RequestBuilder) -> RequestBuilder,
    ) -> Value {
        let what = format!("{method} {route}");
        let operation = self.all["paths"][route][method.as_str().to_lowercase()].clone();
        assert!(operation.is_object(), "{what} is not in the document");
        let mut request = reqwest::Client::new().request(method, central.url(path));
        if let Some(body) = body {
            // What is refused need not have the form.
            self.hold(&what, &operation["requestBody"]["content"]["application/json"]["schema"], body);
            request = request.json(body);
        }
        let answer = with(request).send().await.expect("an answer");
        let status = answer.status().as_u16();
        let written = &operation["responses"][status.to_string()];
        assert!(written.is_object(), "{what}: {status} is not written down");
        let mut kind =
            answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        kind.truncate(kind.find(';').unwrap_or(kind.len()));
        self.held.insert(format!("{what} {status}"));
        let contents = &written["content"];
        if kind.is_empty() {
            assert!(contents.is_null(), "{what} {status}: a body is promised");
            return Value::Null;
        }
        assert!(contents[&kind].is_object(), "{what} {status}: {kind} is not written down");
        if kind == "text/event-stream" {
            // It has no end: the first hint is read.
            let first = first_event(answer).await;
            self.hold(&what, &contents[&kind]["schema"], &first);
            return first;
        }
        if !kind.ends_with("json") {
            return Value::Null;
        }
        let value: Value = answer.json().await.expect("JSON");
        self.hold(&format!("{what} {status}"), &contents[&kind]["schema"], &value);
        value
    }
}

async fn first_event(mut answer: reqwest::Response) -> Value {
    let mut text = String::new();
    loop {
        let part = answer.chunk().await.expect("a stream").expect("a hint");
        text += &String::from_utf8_lossy(&part);
        if let Some(data) =
            text.lines().find_map(|line| line.strip_prefix("data:")).filter(|_| text.contains("\n\n"))
        {
            return serde_json::from_str(data.trim()).expect("JSON");
        }
    }
}

fn as_it_is(request: RequestBuilder) -> RequestBuilder {
    request
}

#[tokio::test]
async fn what_travels_has_the_form_that_is_written_down() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut document = Document::of(&central).await;
    let document = &mut document;
    let at = |path: &'static str| (path, path);
    for path in ["/healthz", "/readyz", "/v1/openapi.json"] {
        document.ask(&central, Method::GET, at(path), None, as_it_is).await;
    }

    // It sees what is not written down.
    let hint = json!({ "$ref": "#/components/schemas/Hint" });
    assert_eq!(document.wrong("a hint", &hint, &json!({ "scope": "dir", "head": 3 })), [""; 0]);
    for other in [
        json!({ "scope": "dir", "head": 3, "why": "" }),
        json!({ "scope": "dir" }),
        json!({ "scope": 1, "head": 3 }),
    ] {
        assert!(!document.wrong("a hint", &hint, &other).is_empty(), "{other}");
    }

    // Desks.
    let demo = format!("DEMO-{}", amiens());
    let enrol = serde_json::to_value(enrol_request(&demo, &signing_key())).expect("JSON");
    document.ask(&central, Method::POST, at("/v1/desks"), Some(&enrol), as_it_is).await;
    let unknown = serde_json::to_value(enrol_request("AAAAA-AAAAA", &signing_key())).expect("JSON");
    document.ask(&central, Method::POST, at("/v1/desks"), Some(&unknown), as_it_is).await;
    let mut desk = central.desk(&amiens()).await;
    let token = json!({ "desk": desk.id });
    let challenge = document.ask(&central, Method::POST, at("/v1/token"), Some(&token), as_it_is).await;
    let nonce = challenge["nonce"].as_str().expect("a nonce");
    let signature = hex(&desk.key.sign(nonce.as_bytes()).to_bytes());
    let signed = json!({ "desk": desk.id, "nonce": nonce, "signature": signature });
    for _ in 0..2 {
        document.ask(&central, Method::POST, at("/v1/token"), Some(&signed), as_it_is).await;
    }

    desk.sync(&[]).await;
    let who = receptionist(&settings);
    let slot = desk.free(&settings)[0].clone();
    let mut commands = vec![
        desk.envelope(who, &Command::Book(book(&settings, &slot))),
        desk.envelope(who, &Command::Book(book(&settings, &slot))),
        desk.raw(who, json!({ "kind": "appointment.dream", "of": { "what": 3 } })),
    ];
    // A word of nobody's is not looked at where nobody holds anything.
    commands[0].vouch = Some(passerelle_protocol::colleagues::Vouch {
        by: desk.id,
        leases: "a/1".into(),
        signature: "00".repeat(64),
    });
    let bearer = desk.token.clone();
    let as_desk = |request: RequestBuilder| request.bearer_auth(&bearer);
    let mut sync = desk.request(&commands, 1000);
    sync.colleagues = vec![commands[0].id, commands[2].id];
    let send = |sync: &passerelle_protocol::sync::SyncRequest| serde_json::to_value(sync).expect("JSON");
    let answer = document.ask(&central, Method::POST, at("/v1/sync"), Some(&send(&sync)), as_desk).await;
    let said: Vec<&str> =
        answer["results"].as_array().expect("results").iter().filter_map(|r| r["status"].as_str()).collect();
    assert_eq!(said, ["accepted", "refused", "held"], "all three: {answer}");
    assert_eq!(answer["decided"], json!([commands[0].id]), "{answer}");
    // From the beginning, in pages: documents of every sort.
    sync.commands.clear();
    sync.cursors.clear();
    let page = document.ask(&central, Method::POST, at("/v1/sync"), Some(&send(&sync)), as_desk).await;
    assert!(page["changes"].as_array().map_or(0, Vec::len) > 100, "a page of changes");
    document.ask(&central, Method::POST, at("/v1/sync"), Some(&send(&sync)), as_it_is).await;
    // As after a restoration: the commands that are known, and one that is not.
    sync.epoch.clear();
    sync.asked = Some(vec![commands[0].id, passerelle_domain::ids::CommandId(uuid::Uuid::now_v7())]);
    let answer = document.ask(&central, Method::POST, at("/v1/sync"), Some(&send(&sync)), as_desk).await;
    assert_eq!(answer["unknown"].as_array().map(Vec::len), Some(1), "{answer}");
    sync.asked = None;
    sync.epoch = "autre".into();
    document.ask(&central, Method::POST, at("/v1/sync"), Some(&send(&sync)), as_desk).await;
    sync.epoch.clear();
    sync.cursors.insert(desk.scope(), 1_000_000);
    document.ask(&central, Method::POST, at("/v1/sync"), Some(&send(&sync)), as_desk).await;
    let snapshot = "/v1/snapshot";
    let own = format!("{snapshot}?scope={}", desk.scope());
    let part = document.ask(&central, Method::GET, (snapshot, &own), None, as_desk).await;
    assert!(part["rows"].as_array().map_or(0, Vec::len) > 50, "a part");
    let short = format!("{own}&limit=3");
    let part = document.ask(&central, Method::GET, (snapshot, &short), None, as_desk).await;
    assert!(part["next"].is_string(), "{part}");
    document.ask(&central, Method::GET, (snapshot, &own), None, as_it_is).await;
    document.ask(&central, Method::GET, (snapshot, snapshot), None, as_desk).await;
    let other = format!("{snapshot}?scope=office:0809101N");
    document.ask(&central, Method::GET, (snapshot, &other), None, as_desk).await;
    let heads = document.ask(&central, Method::GET, at("/v1/heads"), None, as_desk).await;
    assert_eq!(heads["heads"].as_object().map(serde_json::Map::len), Some(2), "{heads}");
    let ends: passerelle_protocol::heads::Heads = serde_json::from_value(heads).expect("heads");
    let all = passerelle_protocol::heads::tag(&ends.epoch, &amiens(), &ends.ends);
    let has_all = |request: RequestBuilder| as_desk(request).header("If-None-Match", &all);
    document.ask(&central, Method::GET, at("/v1/heads"), None, has_all).await;
    document.ask(&central, Method::GET, at("/v1/heads"), None, as_it_is).await;
    document.ask(&central, Method::GET, at("/v1/events"), None, as_desk).await;
    document.ask(&central, Method::GET, at("/v1/events"), None, as_it_is).await;

    // The catalogue: none, then one.
    document.ask(&central, Method::GET, at("/v1/catalogue/manifest"), None, as_desk).await;
    // For a database on a server it is built in the current folder.
    let folder = tempfile::tempdir().expect("a folder");
    let url = central.database.url();
    let publish = ["catalogue", "publish", "--demo", "--database", &url];
    let published = program(&publish).current_dir(folder.path()).output().expect("the program runs");
    assert!(published.status.success(), "{}", stderr(&published));
    let signed = document.ask(&central, Method::GET, at("/v1/catalogue/manifest"), None, as_desk).await;
    let manifest: Value = serde_json::from_str(signed["manifest"].as_str().expect("a text")).expect("JSON");
    document.hold("the manifest", &json!({ "$ref": "#/components/schemas/Manifest" }), &manifest);
    let tag = format!("\"{}\"", manifest["release"].as_str().expect("a name"));
    let known = |request: RequestBuilder| as_desk(request).header("If-None-Match", &tag);
    document.ask(&central, Method::GET, at("/v1/catalogue/manifest"), None, known).await;
    let blob = format!("/v1/blobs/{}", manifest["full"]["sha256"].as_str().expect("a hash"));
    for (path, range) in
        [(&*blob, ""), (&*blob, "bytes=5-"), (&*blob, "bytes=99999999-"), ("/v1/blobs/00", "")]
    {
        let part = |request: RequestBuilder| {
            if range.is_empty() { as_desk(request) } else { as_desk(request).header("Range", range) }
        };
        document.ask(&central, Method::GET, ("/v1/blobs/{sha256}", path), None, part).await;
    }

    // Families.
    let keyed = |request: RequestBuilder| request.header("Idempotency-Key", "a");
    let new = enquiry("80090");
    let receipt = document.ask(&central, Method::POST, at("/v1/enquiries"), Some(&new), keyed).await;
    document.ask(&central, Method::POST, at("/v1/enquiries"), Some(&new), keyed).await;
    document.ask(&central, Method::POST, at("/v1/enquiries"), Some(&new), as_it_is).await;
    let other = enquiry("99999");
    let other_key = |request: RequestBuilder| request.header("Idempotency-Key", "b");
    document.ask(&central, Method::POST, at("/v1/enquiries"), Some(&other), other_key).await;
    document.ask(&central, Method::POST, at("/v1/enquiries"), Some(&other), keyed).await;
    let take_back = ("/v1/leases/revoke", "/v1/leases/revoke");
    for actor in [who, director(&settings)] {
        let body = json!({ "actor": actor, "leases": [] });
        let token = desk.token.clone();
        document.ask(&central, Method::POST, take_back, Some(&body), |r| r.bearer_auth(token)).await;
    }
    let listens = [json!({ "listens": ["192.168.1.20:7443"] }), json!({ "listens": ["accueil:7443"] })];
    for body in &listens {
        document.ask(&central, Method::POST, at("/v1/colleagues"), Some(body), as_desk).await;
    }
    document.ask(&central, Method::POST, at("/v1/colleagues"), Some(&listens[0]), as_it_is).await;
    let link = receipt["link"].as_str().expect("a path").to_owned();
    let view = "/v1/enquiries/{reference}";
    document.ask(&central, Method::GET, (view, &link), None, as_it_is).await;
    document.ask(&central, Method::GET, (view, "/v1/enquiries/AMI-00000"), None, as_it_is).await;
    let slots_path = format!("{link}/slots");
    let slots = ("/v1/enquiries/{reference}/slots", &*slots_path);
    document.ask(&central, Method::GET, slots, None, as_it_is).await;
    let excuse = json!({ "action": "excuse" });
    let answer_path = format!("{link}/answer");
    let answer = ("/v1/enquiries/{reference}/answer", &*answer_path);
    document.ask(&central, Method::POST, answer, Some(&excuse), as_it_is).await;
    // The office proposes, the family takes it, moves it and excuses itself.
    desk.sync(&[]).await;
    let late = desk.free(&settings).into_iter().find(|s| s.start > now() + chrono::Duration::days(5));
    let hold = Book {
        enquiry: receipt["id"].as_str().expect("an id").parse().ok(),
        ..book(&settings, &late.expect("a free slot"))
    };
    let proposal = hold.id;
    desk.give(who, &Command::Hold(hold)).await;
    document.ask(&central, Method::GET, (view, &link), None, as_it_is).await;
    let accept = json!({ "action": "accept", "proposal": proposal });
    document.ask(&central, Method::POST, answer, Some(&accept), as_it_is).await;
    let found = document.ask(&central, Method::GET, slots, None, as_it_is).await;
    let first = &found["slots"][0];
    let elsewhere = json!({
        "action": "move", "start": first["start"], "counsellor": first["counsellor"], "site": first["site"],
    });
    document.ask(&central, Method::POST, answer, Some(&elsewhere), as_it_is).await;
    let decline = json!({ "action": "decline", "proposal": proposal });
    document.ask(&central, Method::POST, answer, Some(&decline), as_it_is).await;
    document.ask(&central, Method::POST, answer, Some(&excuse), as_it_is).await;

    // Administration.
    let key = crate::administration::key(&central, "Rectorat").await;
    let admin = |request: RequestBuilder| request.bearer_auth(&key);
    let offices = "/v1/admin/offices";
    let uai = passerelle_domain::ids::Uai::from_number(600_001);
    let new = json!({
        "uai": uai, "name": "CIO de Creil", "town": "Creil", "address": "1 rue Gambetta", "postal_code": "60100",
    });
    let unplaced = json!({ "uai": uai, "name": "", "town": "Creil", "address": "-", "postal_code": "60100" });
    let person = json!({
        "login": "lenoir", "title": "m", "given_name": "Paul", "family_name": "Lenoir", "role": "director",
    });
    document.ask(&central, Method::GET, at(offices), None, as_it_is).await;
    document.ask(&central, Method::POST, at(offices), Some(&unplaced), admin).await;
    for _ in 0..2 {
        document.ask(&central, Method::POST, at(offices), Some(&new), admin).await;
    }
    document.ask(&central, Method::GET, at(offices), None, admin).await;
    let own = format!("{offices}/{uai}");
    let (people, desks, codes) = (format!("{own}/people"), format!("{own}/desks"), format!("{own}/codes"));
    let one = "/v1/admin/offices/{uai}";
    document.ask(&central, Method::GET, (one, &own), None, admin).await;
    document.ask(&central, Method::GET, (one, "/v1/admin/offices/x"), None, admin).await;
    for _ in 0..2 {
        let path = ("/v1/admin/offices/{uai}/people", &*people);
        document.ask(&central, Method::POST, path, Some(&person), admin).await;
        document.ask(&central, Method::GET, path, None, admin).await;
    }
    let code = ("/v1/admin/offices/{uai}/codes", &*codes);
    let given = document.ask(&central, Method::POST, code, Some(&json!({})), admin).await;
    let enrolled =
        serde_json::to_value(enrol_request(given["code"].as_str().expect("a code"), &signing_key()));
    let enrolled = enrolled.expect("JSON");
    let enrolled = document.ask(&central, Method::POST, at("/v1/desks"), Some(&enrolled), as_it_is).await;
    let id = enrolled["desk"].as_str().expect("a desk").to_owned();
    let acts = [("reception", Some(json!({ "on": true }))), ("take-back", None), ("revoke", None)];
    for (act, body) in acts {
        let (route, path) =
            (format!("/v1/admin/desks/{{desk}}/{act}"), format!("/v1/admin/desks/{id}/{act}"));
        document.ask(&central, Method::POST, (&route, &path), body.as_ref(), admin).await;
        if act == "reception" {
            let path = ("/v1/admin/offices/{uai}/desks", &*desks);
            document.ask(&central, Method::GET, path, None, admin).await;
        }
    }
    document.ask(&central, Method::POST, code, Some(&json!({ "replaces": id })), admin).await;
    document.ask(&central, Method::GET, at("/v1/admin/catalogue"), None, admin).await;
    document.ask(&central, Method::GET, at("/v1/admin/audit"), None, admin).await;

    // Quarantine.
    let by = passerelle_central::administration::By::command_line(now());
    let mut gone = central.desk(&amiens()).await;
    gone.sync(&[]).await;
    let slot = gone.free(&settings)[0].clone();
    let waits = gone.envelope(who, &Command::Book(book(&settings, &slot)));
    let path = at("/v1/quarantine");
    let ask = json!({ "desk": gone.id });
    document.ask(&central, Method::POST, path, Some(&ask), as_it_is).await;
    let store = &central.running.service().store;
    passerelle_central::administration::revoke_desk(store, gone.id, &by).await.expect("revoked");
    let challenge = document.ask(&central, Method::POST, path, Some(&ask), as_it_is).await;
    let nonce = challenge["nonce"].as_str().expect("a nonce");
    let signature = hex(&gone.key.sign(nonce.as_bytes()).to_bytes());
    let put = json!({ "desk": gone.id, "nonce": nonce, "signature": signature, "commands": [waits] });
    for _ in 0..2 {
        document.ask(&central, Method::POST, path, Some(&put), as_it_is).await;
    }
    let as_desk = |request: RequestBuilder| request.bearer_auth(&bearer);
    for actor in [who, director(&settings)] {
        let own = format!("/v1/quarantine?actor={actor}");
        document.ask(&central, Method::GET, ("/v1/quarantine", &own), None, as_desk).await;
        let settle = json!({
            "actor": actor, "settling": "release", "commands": [{ "desk": gone.id, "id": waits.id }],
        });
        document.ask(&central, Method::POST, at("/v1/quarantine/settle"), Some(&settle), as_desk).await;
    }
    document.ask(&central, Method::GET, path, None, as_desk).await;

    // Every operation was asked; and what nobody could be asked for here is a short list.
    let operations: BTreeSet<String> =
        document.held.iter().filter_map(|h| h.rsplit_once(' ')).map(|(o, _)| o.to_owned()).collect();
    let paths = document.all["paths"].as_object().expect("paths");
    for (path, item) in paths {
        for method in item.as_object().expect("an item").keys().filter(|k| *k != "parameters") {
            let operation = format!("{} {path}", method.to_uppercase());
            assert!(operations.contains(&operation), "{operation} was never asked");
        }
    }
    assert!(document.held.len() >= 30, "{:?}", document.held);
    central.running.shutdown().await;
}
