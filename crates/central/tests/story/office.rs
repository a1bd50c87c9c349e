//! A central service with the demonstration data, and desks that speak to it as real ones do.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use ed25519_dalek::{Signer, SigningKey};
use passerelle_central::store::Location;
use passerelle_central::{Config, Running, spawn};
use passerelle_domain::Command;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::{Search, free_slots};
use passerelle_domain::client::Client;
use passerelle_domain::command::{Book, Place};
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::ids::{AppointmentId, CommandId, DeskId, PersonId, Uai};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::Role;
use passerelle_domain::refusal::FreeSlot;
use passerelle_protocol::enrol::{EnrolRequest, Enrolled, TokenRequest, TokenResponse};
use passerelle_protocol::problem::Problem;
use passerelle_protocol::sync::{
    Change, CommandResult, DIRECTORY, Entity, Envelope, Replica, SyncRequest, SyncResponse, Verdict,
    office_scope,
};
use reqwest::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::database::Own;

/// The instant at which every story begins: Monday 23 November 2026, 10:22 in Paris.
pub const NOW: &str = "2026-11-23T09:22:00Z";

pub fn now() -> DateTime<Utc> {
    NOW.parse().expect("an instant")
}

/// The CIO of Amiens, and that of Abbeville.
pub fn amiens() -> Uai {
    Uai::from_number(801_234)
}

pub fn abbeville() -> Uai {
    Uai::from_number(809_101)
}

/// A central service in this process, on a database of its own.
pub struct Central {
    pub running: Running,
    pub database: Own,
}

/// Fills an empty database with the demonstration.
pub async fn fill(location: &Location) {
    spawn(config(location)).await.expect("a service").shutdown().await;
}

pub fn config(location: &Location) -> Config {
    let listen = "127.0.0.1:0".parse().expect("an address");
    Config {
        database: location.clone(),
        listen,
        demo: true,
        now: Some(now()),
        poll_s: None,
        read_replica: None,
    }
}

impl Central {
    pub async fn start() -> Self {
        let database = Own::filled().await;
        let running = spawn(config(&database.location())).await.expect("a service");
        Self { running, database }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.url())
    }

    pub async fn settings(&self, uai: &Uai) -> Arc<OfficeSettings> {
        let store = &self.running.service().store;
        let mut tx = store.read().await.expect("a reader");
        store.settings(&mut tx, uai).await.expect("settings").expect("the office")
    }

    /// A new desk of an office, enrolled by a one-time code, with a token.
    pub async fn desk(&self, uai: &Uai) -> Desk {
        let store = &self.running.service().store;
        let now = self.running.service().now();
        let code = passerelle_central::administration::desk_code(store, uai, now).await.expect("a code");
        Desk::enrol(&self.running.url(), &code, uai).await
    }

    /// What `check` finds; nothing may be broken.
    pub async fn assert_sound(&self) {
        let mut tx = self.running.service().store.read().await.expect("a reader");
        for finding in tx.inspect().await.expect("an inspection") {
            assert_eq!(finding.broken, 0, "the rule {} is broken", finding.rule);
        }
    }
}

pub fn signing_key() -> SigningKey {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(Uuid::new_v4().as_bytes());
    bytes[16..].copy_from_slice(Uuid::new_v4().as_bytes());
    SigningKey::from_bytes(&bytes)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub fn enrol_request(code: &str, key: &SigningKey) -> EnrolRequest {
    let public_key = hex(key.verifying_key().as_bytes());
    EnrolRequest { code: code.into(), name: "Accueil".into(), public_key }
}

/// A desk: its replica of the documents is what the feed alone has told it.
pub struct Desk {
    pub http: reqwest::Client,
    pub url: String,
    pub id: DeskId,
    pub office: Uai,
    pub key: SigningKey,
    pub token: String,
    pub inc: String,
    pub seq: u64,
    pub epoch: String,
    pub cursors: BTreeMap<String, u64>,
    pub documents: BTreeMap<(String, Entity, String), (u64, Value)>,
}

impl Desk {
    /// A new desk, enrolled by a code, with a token.
    pub async fn enrol(url: &str, code: &str, uai: &Uai) -> Self {
        let key = signing_key();
        let request = enrol_request(code, &key);
        let http = reqwest::Client::new();
        let answer = http.post(format!("{url}/v1/desks")).json(&request).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::CREATED, "the code enrols a desk");
        let enrolled: Enrolled = answer.json().await.expect("an enrolment");
        assert_eq!(&enrolled.office, uai);
        let mut desk = Self {
            http,
            url: url.to_owned(),
            id: enrolled.desk,
            office: enrolled.office,
            key,
            token: String::new(),
            inc: Uuid::new_v4().simple().to_string(),
            seq: 0,
            epoch: String::new(),
            cursors: BTreeMap::new(),
            documents: BTreeMap::new(),
        };
        desk.renew().await;
        desk
    }

    /// Gets a token by signing a nonce.
    pub async fn renew(&mut self) {
        let ask = |nonce, signature| TokenRequest { desk: self.id, nonce, signature };
        let first = self.token_answer(&ask(None, None)).await;
        let TokenResponse::Challenge { nonce } = first else { panic!("expected a nonce, got {first:?}") };
        let signature = hex(&self.key.sign(nonce.as_bytes()).to_bytes());
        let second = self.token_answer(&ask(Some(nonce), Some(signature))).await;
        let TokenResponse::Token { token, expires_in_s } = second else { panic!("expected a token") };
        assert_eq!(expires_in_s, 900, "a token is good for 15 minutes");
        self.token = token;
    }

    async fn token_answer(&self, request: &TokenRequest) -> TokenResponse {
        let url = format!("{}/v1/token", self.url);
        let answer = self.http.post(url).json(request).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json().await.expect("a token answer")
    }

    pub fn scope(&self) -> String {
        office_scope(&self.office)
    }

    /// A command in its envelope, with this desk's next number.
    pub fn envelope(&mut self, actor: PersonId, command: &Command) -> Envelope {
        self.raw(actor, serde_json::to_value(command).expect("a command is JSON"))
    }

    pub fn raw(&mut self, actor: PersonId, command: Value) -> Envelope {
        self.seq += 1;
        Envelope {
            id: CommandId(Uuid::now_v7()),
            seq: self.seq,
            v: 1,
            actor,
            at: now(),
            depends: Vec::new(),
            lease: None,
            command,
            vouch: None,
        }
    }

    pub fn request(&self, commands: &[Envelope], limit: u32) -> SyncRequest {
        SyncRequest {
            v: 1,
            replica: Replica { desk: self.id, inc: self.inc.clone() },
            epoch: self.epoch.clone(),
            pending: commands.len() as u64,
            commands: commands.to_vec(),
            cursors: self.cursors.clone(),
            marks: BTreeMap::new(),
            limit,
            asked: None,
            leases: true,
            colleagues: Vec::new(),
        }
    }

    /// Sends a request and gives back the answer as it is.
    pub async fn post(&self, request: &SyncRequest) -> reqwest::Response {
        let url = format!("{}/v1/sync", self.url);
        self.http.post(url).bearer_auth(&self.token).json(request).send().await.expect("an answer")
    }

    /// One exchange that must succeed; its changes are applied.
    pub async fn exchange(&mut self, commands: &[Envelope], limit: u32) -> SyncResponse {
        let answer = self.post(&self.request(commands, limit)).await;
        let (status, text) = (answer.status(), answer.text().await.expect("a text"));
        assert_eq!(status, StatusCode::OK, "{text}");
        let response: SyncResponse = serde_json::from_str(&text).expect("a sync response");
        assert_eq!(response.inc, self.inc, "an answer is to one incarnation");
        self.epoch.clone_from(&response.epoch);
        for change in &response.changes {
            self.apply(change);
        }
        for (scope, cursor) in &response.cursors {
            assert_eq!(
                self.cursors.get(scope).copied().unwrap_or(0),
                *cursor,
                "the cursor is the last change"
            );
        }
        response
    }

    fn apply(&mut self, change: &Change) {
        assert!(
            change.scope == self.scope() || change.scope == DIRECTORY,
            "{} is no scope of {}",
            change.scope,
            self.office
        );
        let cursor = self.cursors.entry(change.scope.clone()).or_default();
        assert_eq!(change.seq, *cursor + 1, "the feed {} has no gap", change.scope);
        *cursor = change.seq;
        let key = (change.scope.clone(), change.entity, change.id.clone());
        let before = self.documents.get(&key).map_or(0, |(rev, _)| *rev);
        assert_eq!(change.rev, before + 1, "every revision of {key:?} is told");
        match &change.doc {
            Some(doc) => {
                self.documents.insert(key, (change.rev, doc.read().expect("JSON")));
            }
            None => {
                assert_eq!(change.entity, Entity::Lease, "nothing else is taken away in these stories");
                self.documents.remove(&key);
            }
        }
    }

    /// Sends commands and pulls until nothing is left.
    pub async fn sync(&mut self, commands: &[Envelope]) -> Vec<CommandResult> {
        let first = self.exchange(commands, 1000).await;
        let mut more = first.has_more;
        assert!(!more || !first.changes.is_empty(), "a page that promises more brings something");
        while more {
            let page = self.exchange(&[], 1000).await;
            assert!(!page.has_more || !page.changes.is_empty(), "a page that promises more brings something");
            more = page.has_more;
        }
        first.results
    }

    /// One command; its verdict.
    pub async fn give(&mut self, actor: PersonId, command: &Command) -> Verdict {
        let envelope = self.envelope(actor, command);
        let mut results = self.sync(&[envelope]).await;
        assert_eq!(results.len(), 1, "one command, one verdict");
        results.remove(0).verdict
    }

    pub fn document<T: serde::de::DeserializeOwned>(&self, entity: Entity, id: &str) -> Option<T> {
        let key = (self.scope(), entity, id.to_owned());
        let (_, doc) = self.documents.get(&key)?;
        Some(serde_json::from_value(doc.clone()).expect("a document of its type"))
    }

    pub fn all<T: serde::de::DeserializeOwned>(&self, wanted: Entity) -> Vec<T> {
        self.documents
            .iter()
            .filter(|((scope, entity, _), _)| *scope == self.scope() && *entity == wanted)
            .map(|(_, (_, doc))| serde_json::from_value(doc.clone()).expect("a document of its type"))
            .collect()
    }

    pub fn appointments(&self) -> Vec<Appointment> {
        self.all(Entity::Appointment)
    }

    pub fn enquiries(&self) -> Vec<Enquiry> {
        self.all(Entity::Enquiry)
    }

    pub fn clients(&self) -> Vec<Client> {
        self.all(Entity::Client)
    }

    /// Free slots of the first kind in the next fortnight, by what this desk knows.
    pub fn free(&self, settings: &OfficeSettings) -> Vec<FreeSlot> {
        let today = settings.local_date(now());
        let kind = first_kind(settings);
        let search = Search::staff(kind, today, today + Duration::days(14));
        free_slots(settings, &self.appointments(), &search, now(), |_| true)
    }
}

pub fn first_kind(settings: &OfficeSettings) -> passerelle_domain::ids::KindId {
    settings.kinds.values().min_by_key(|k| k.rank).expect("a kind").id
}

pub fn receptionist(settings: &OfficeSettings) -> PersonId {
    settings.people.values().find(|p| p.role == Role::Receptionist).expect("a receptionist").id
}

pub fn director(settings: &OfficeSettings) -> PersonId {
    settings.people.values().find(|p| p.role == Role::Director).expect("a director").id
}

/// Booking a free slot.
pub fn book(settings: &OfficeSettings, slot: &FreeSlot) -> Book {
    let zone = settings.zone_of(slot.site);
    Book {
        id: AppointmentId(Uuid::now_v7()),
        kind: first_kind(settings),
        place: Place {
            counsellor: slot.counsellor,
            second: None,
            site: slot.site,
            room: slot.room,
            start: slot.start.with_timezone(&zone).naive_local(),
            zone,
            minutes: u32::try_from((slot.end - slot.start).num_minutes()).expect("a short meeting"),
        },
        client: None,
        companions: Vec::new(),
        enquiry: None,
        waiting: None,
        held_until: None,
        override_reason: None,
    }
}

/// A well-formed enquiry from this postal code.
pub fn enquiry(postal_code: &str) -> Value {
    json!({
        "channel": "mail",
        "requester": {
            "name": "Inès B.", "relation": "self", "mail": "ines.b@example.fr",
            "category": "high_school", "class_level": "Tle G", "postal_code": postal_code
        },
        "messages": [{"from": "family", "text": "Bonjour,\nComment devenir sage-femme ?"}],
        "consent": true
    })
}

/// Posts an enquiry with a key.
pub async fn post_enquiry(central: &Central, key: &str, body: &Value) -> (StatusCode, Value) {
    let http = reqwest::Client::new();
    let request = http.post(central.url("/v1/enquiries")).header("Idempotency-Key", key).json(body);
    let answer = request.send().await.expect("an answer");
    (answer.status(), answer.json().await.expect("JSON"))
}

/// The problem document of a refused request.
pub async fn problem(answer: reqwest::Response) -> Problem {
    let status = answer.status().as_u16();
    let kind = answer.headers().get("content-type").and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let text = answer.text().await.expect("a text");
    assert_eq!(kind, "application/problem+json", "{text}");
    let problem: Problem = serde_json::from_str(&text).expect("a problem document");
    assert_eq!(problem.status, status, "the document says the status");
    assert!(!problem.detail.is_empty() && !problem.code.is_empty(), "{text} says what is wrong");
    problem
}
