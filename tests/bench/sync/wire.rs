//! A desk as central sees it: enrolled, with a token, sending commands and asking for changes, every body compressed. It
//! stores nothing: what is measured with it is central.

use std::collections::BTreeMap;

use ed25519_dalek::{Signer, SigningKey};
use passerelle_domain::ids::{DeskId, PersonId, Uai};
use passerelle_protocol::enrol::{EnrolRequest, Enrolled, TokenRequest, TokenResponse};
use passerelle_protocol::sync::{Envelope, MAX_CHANGES, MAX_COMMANDS, Replica, SyncRequest, SyncResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// A desk of an office.
pub struct Desk {
    http: reqwest::Client,
    base: String,
    key: SigningKey,
    token: String,
    replica: Replica,
    epoch: String,
    seq: u64,
    pub cursors: BTreeMap<String, u64>,
    /// Bytes of the bodies of its exchanges.
    pub up: u64,
    pub down: u64,
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Desk {
    /// Enrols a desk with a demonstration's code.
    pub async fn enrol(base: &str, office: &Uai, number: u64) -> Self {
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&number.to_le_bytes());
        let key = SigningKey::from_bytes(&secret);
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(std::time::Duration::from_secs(30))
            .build()
            .expect("a client");
        let mut desk = Self {
            http,
            base: base.to_owned(),
            key,
            token: String::new(),
            replica: Replica { desk: DeskId(Uuid::nil()), inc: format!("{number:016x}") },
            epoch: String::new(),
            seq: 0,
            cursors: BTreeMap::new(),
            up: 0,
            down: 0,
        };
        let request = EnrolRequest {
            code: format!("DEMO-{office}"),
            name: format!("Poste {number}"),
            public_key: hex(desk.key.verifying_key().as_bytes()),
        };
        let enrolled: Enrolled = desk.posted("/v1/desks", &request).await;
        (desk.replica.desk, desk.epoch) = (enrolled.desk, enrolled.epoch);
        desk.renew().await;
        desk
    }

    /// Asks for a token.
    pub async fn renew(&mut self) {
        let Said::Yes(()) = self.try_renew().await else { panic!("no token") };
    }

    /// Asks for a token of a central that may have no time.
    pub async fn try_renew(&mut self) -> Said<()> {
        let desk = self.replica.desk;
        let ask = TokenRequest { desk, nonce: None, signature: None };
        let nonce = match self.post("/v1/token", &ask).await {
            Said::Yes(TokenResponse::Challenge { nonce }) => nonce,
            Said::Yes(TokenResponse::Token { .. }) => panic!("a token without a challenge"),
            Said::Again(after_s) => return Said::Again(after_s),
            Said::Nothing => return Said::Nothing,
        };
        let signature = Some(hex(&self.key.sign(nonce.as_bytes()).to_bytes()));
        let answer = TokenRequest { desk, nonce: Some(nonce), signature };
        match self.post("/v1/token", &answer).await {
            Said::Yes(TokenResponse::Token { token, .. }) => {
                self.token = token;
                Said::Yes(())
            }
            Said::Yes(TokenResponse::Challenge { .. }) => panic!("a second challenge"),
            Said::Again(after_s) => Said::Again(after_s),
            Said::Nothing => Said::Nothing,
        }
    }

    async fn posted<T: DeserializeOwned>(&mut self, path: &str, body: &impl Serialize) -> T {
        match self.post(path, body).await {
            Said::Yes(answer) => answer,
            Said::Again(_) => panic!("{path}: central has no time"),
            Said::Nothing => panic!("{path}: no answer"),
        }
    }

    async fn post<T: DeserializeOwned>(&mut self, path: &str, body: &impl Serialize) -> Said<T> {
        let plain = serde_json::to_vec(body).expect("JSON");
        let packed = zstd::bulk::compress(&plain, 3).expect("zstd");
        self.up += packed.len() as u64;
        let sent = self
            .http
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .header("content-encoding", "zstd")
            .header("accept-encoding", "zstd")
            .header("authorization", format!("Bearer {}", self.token))
            .body(packed)
            .send()
            .await;
        let Ok(answer) = sent else { return Said::Nothing };
        let status = answer.status();
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (encoding, after) = (header("content-encoding"), header("retry-after"));
        let Ok(body) = answer.bytes().await else { return Said::Nothing };
        self.down += body.len() as u64;
        if let (503, Some(after_s)) = (status.as_u16(), after.and_then(|after| after.parse().ok())) {
            return Said::Again(after_s);
        }
        assert!(status.is_success(), "{path}: {status}: {}", String::from_utf8_lossy(&body));
        let plain = match encoding.as_deref() {
            Some("zstd") => zstd::decode_all(&*body).expect("zstd"),
            _ => body.to_vec(),
        };
        Said::Yes(serde_json::from_slice(&plain).expect("an answer of central"))
    }

    /// Commands as this desk numbers them.
    pub fn envelopes(&self, given: Vec<Given>, actor: PersonId) -> Vec<Envelope> {
        given
            .into_iter()
            .zip(self.seq + 1..)
            .map(|(given, seq)| Envelope {
                id: given.id.into(),
                seq,
                v: passerelle_protocol::VERSION,
                actor,
                at: given.at,
                depends: Vec::new(),
                lease: None,
                command: given.command,
                vouch: None,
            })
            .collect()
    }

    /// One exchange; the cursors move with it.
    pub async fn sync(&mut self, commands: Vec<Envelope>, pending: usize) -> SyncResponse {
        let Said::Yes(answer) = self.try_sync(commands, pending).await else { panic!("no answer") };
        *answer
    }

    /// The same with a central that may have no time.
    pub async fn try_sync(&mut self, commands: Vec<Envelope>, pending: usize) -> Said<Box<SyncResponse>> {
        assert!(commands.len() <= MAX_COMMANDS);
        let request = SyncRequest {
            v: passerelle_protocol::VERSION,
            replica: self.replica.clone(),
            epoch: self.epoch.clone(),
            pending: pending as u64,
            commands,
            cursors: self.cursors.clone(),
            marks: BTreeMap::new(),
            limit: MAX_CHANGES,
            asked: None,
            leases: true,
            colleagues: Vec::new(),
        };
        let said: Said<Box<SyncResponse>> = self.post("/v1/sync", &request).await;
        if let Said::Yes(answer) = &said {
            self.cursors.extend(answer.cursors.clone());
            if let Some(last) = answer.results.last() {
                self.seq = last.seq;
            }
        }
        said
    }
}

/// What central says.
pub enum Said<T> {
    Yes(T),
    /// Come again after so many seconds.
    Again(u64),
    /// The line broke, or it took too long.
    Nothing,
}

/// A command before it is numbered.
#[derive(Debug, Clone)]
pub struct Given {
    pub id: Uuid,
    pub at: chrono::DateTime<chrono::Utc>,
    pub command: Value,
}
