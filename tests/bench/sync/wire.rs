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
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
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
        let desk = self.replica.desk;
        let ask = TokenRequest { desk, nonce: None, signature: None };
        let TokenResponse::Challenge { nonce } = self.posted("/v1/token", &ask).await else {
            panic!("a token without a challenge")
        };
        let signature = Some(hex(&self.key.sign(nonce.as_bytes()).to_bytes()));
        let answer = TokenRequest { desk, nonce: Some(nonce), signature };
        let TokenResponse::Token { token, .. } = self.posted("/v1/token", &answer).await else {
            panic!("a second challenge")
        };
        self.token = token;
    }

    async fn posted<T: DeserializeOwned>(&mut self, path: &str, body: &impl Serialize) -> T {
        let plain = serde_json::to_vec(body).expect("JSON");
        let packed = zstd::encode_all(&*plain, 3).expect("zstd");
        self.up += packed.len() as u64;
        let answer = self
            .http
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .header("content-encoding", "zstd")
            .header("accept-encoding", "zstd")
            .header("authorization", format!("Bearer {}", self.token))
            .body(packed)
            .send()
            .await
            .expect("central answers");
        let status = answer.status();
        let header = |name: &str| answer.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let encoding = header("content-encoding");
        let body = answer.bytes().await.expect("a whole answer");
        self.down += body.len() as u64;
        assert!(status.is_success(), "{path}: {status}: {}", String::from_utf8_lossy(&body));
        let plain = match encoding.as_deref() {
            Some("zstd") => zstd::decode_all(&*body).expect("zstd"),
            _ => body.to_vec(),
        };
        serde_json::from_slice(&plain).expect("an answer of central")
    }

    /// Commands as this desk numbers them.
    pub fn envelopes(&self, given: &[Given], actor: PersonId) -> Vec<Envelope> {
        given
            .iter()
            .zip(self.seq + 1..)
            .map(|(given, seq)| Envelope {
                id: given.id.into(),
                seq,
                v: passerelle_protocol::VERSION,
                actor,
                at: given.at,
                depends: Vec::new(),
                command: given.command.clone(),
            })
            .collect()
    }

    /// One exchange; the cursors move with it.
    pub async fn sync(&mut self, commands: &[Envelope], pending: usize) -> SyncResponse {
        assert!(commands.len() <= MAX_COMMANDS);
        let request = SyncRequest {
            v: passerelle_protocol::VERSION,
            replica: self.replica.clone(),
            epoch: self.epoch.clone(),
            pending: pending as u64,
            commands: commands.to_vec(),
            cursors: self.cursors.clone(),
            limit: MAX_CHANGES,
            asked: None,
        };
        let answer: SyncResponse = self.posted("/v1/sync", &request).await;
        self.cursors.extend(answer.cursors.clone());
        if let Some(last) = answer.results.last() {
            self.seq = last.seq;
        }
        answer
    }
}

/// A command before it is numbered.
#[derive(Debug, Clone)]
pub struct Given {
    pub id: Uuid,
    pub at: chrono::DateTime<chrono::Utc>,
    pub command: Value,
}
