//! The HTTP side: requests to central and what their failures mean.

use std::time::Duration;

use ed25519_dalek::{Signer, SigningKey};
use passerelle_domain::ids::{DeskId, PersonId, Uai};
use passerelle_protocol::catalogue::SignedManifest;
use passerelle_protocol::colleagues::{Colleagues, ColleaguesRequest};
use passerelle_protocol::enrol::quarantine::{
    QuarantineList, QuarantineRequest, QuarantineResponse, SettleRequest, Settled,
};
use passerelle_protocol::enrol::{EnrolRequest, Enrolled, TokenRequest, TokenResponse};
use passerelle_protocol::heads::{Heads, same};
use passerelle_protocol::lease::{RevokeRequest, Revoked};
use passerelle_protocol::problem::Problem;
use passerelle_protocol::snapshot::{SnapshotPart, SnapshotQuery};
use passerelle_protocol::sync::{SyncRequest, SyncResponse};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::line::{not_central, unanswered};
use super::packed;
use crate::store::{Enrolment, StoreError};

/// Why an exchange did not happen. Local work is never stopped by it.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// This desk has no central.
    #[error("this desk has no central service")]
    Alone,
    /// No connection came about: cut network, stopped service, wrong address. Nothing was sent.
    #[error("central cannot be reached: {0}")]
    Unreachable(String),
    /// The line ended, or stayed silent, after something was sent: central may have read it.
    #[error("central does not answer: {0}")]
    Unanswered(String),
    /// Something answered that is not central (a proxy, another program at its address).
    #[error("what answers is not central: {0}")]
    NotCentral(String),
    /// A network that wants to be signed in to answered in central's place.
    #[error("the page of a network answers in the place of central: {0}")]
    Portal(String),
    /// Who answers cannot show to be central: an authority that is not trusted here, another name, a broken certificate.
    #[error("who answers cannot show to be central: {0}")]
    Untrusted(String),
    /// Its certificate is not valid at the date of this computer: one of the two is wrong.
    #[error("central's certificate is not valid at this computer's date: {0}")]
    CertificateDate(String),
    /// Central answered with a problem.
    #[error("central refuses: {} ({})", .0.code, .0.status)]
    Refused(Box<Problem>),
    /// Central cannot at the moment (429, 503), and says when to ask again.
    #[error("central is busy: {} ({})", .problem.code, .problem.status)]
    Busy {
        /// What it said.
        problem: Box<Problem>,
        /// `Retry-After`, seconds.
        after_s: Option<u32>,
    },
    /// Central expects commands that it has acknowledged already: it was set back to an older state.
    #[error("central was set back: it expects command {expected}, the next one here is {next}")]
    SetBack {
        /// What central expects.
        expected: u64,
        /// What waits here.
        next: u64,
    },
    /// A code is for another office than the desk that is to be enrolled again with it.
    #[error("the code is for {given}, the desk is of {here}")]
    OtherOffice {
        /// The desk's office.
        here: Uai,
        /// The code's.
        given: Uai,
    },
    /// Central's answer could not be applied.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl SyncError {
    /// Whether central may have read what was sent, and decided it, though this desk was told nothing, or could not write down
    /// what it was told.
    #[must_use]
    pub const fn may_be_decided(&self) -> bool {
        // Of the rest either nothing was sent, or central's own answer says that it decided nothing.
        matches!(self, Self::Unanswered(_) | Self::NotCentral(_) | Self::Portal(_) | Self::Store(_))
    }

    /// Stable code for the connection line.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Alone => "alone",
            Self::Unreachable(_) | Self::Unanswered(_) => "unreachable",
            Self::NotCentral(_) => "not_central",
            Self::Portal(_) => "captive_portal",
            Self::Untrusted(_) => "untrusted_certificate",
            Self::CertificateDate(_) => "certificate_date",
            Self::Refused(p) => match p.code.as_str() {
                "desk_revoked" => "desk_revoked",
                "desk_unknown" => "desk_unknown",
                "epoch_changed" => "epoch_changed",
                "cursor_expired" => "cursor_expired",
                "token_expired" => "token_expired",
                _ => "refused",
            },
            Self::Busy { problem, .. } if problem.code == "disk_full" => "central_full",
            Self::Busy { .. } => "busy",
            Self::SetBack { .. } => "epoch_changed",
            Self::OtherOffice { .. } => "other_office",
            Self::Store(e) => e.code(),
        }
    }
}

/// The key with which a desk proves itself.
pub(super) fn signing_key(enrolment: &Enrolment) -> Result<SigningKey, SyncError> {
    unhex(&enrolment.key)
        .map(|key| SigningKey::from_bytes(&key))
        .ok_or_else(|| SyncError::NotCentral("the desk's key is unreadable".into()))
}

/// Whole time of one request: a page of changes on a slow line takes seconds, not minutes.
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// A connection to central.
#[derive(Debug, Clone)]
pub(super) struct Central {
    http: reqwest::Client,
    base: String,
}

/// Sizes of an exchange on the wire, bodies only.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bytes {
    pub up: u64,
    pub down: u64,
}

impl Central {
    pub fn new(base: &str) -> Result<Self, SyncError> {
        let http = reqwest::Client::builder()
            .timeout(TIMEOUT)
            .connect_timeout(CONNECT_TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("passerelle/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| SyncError::Unreachable(e.to_string()))?;
        Ok(Self { http, base: base.trim_end_matches('/').to_owned() })
    }

    async fn post<B: Serialize + Sync, T: DeserializeOwned>(
        &self,
        path: &str,
        token: Option<&str>,
        body: &B,
        bytes: &mut Bytes,
    ) -> Result<T, SyncError> {
        let body = serde_json::to_vec(body).map_err(|e| SyncError::NotCentral(e.to_string()))?;
        let (body, encoding) = packed::pack(body);
        bytes.up += body.len() as u64;
        let mut request = self
            .http
            .post(format!("{}{path}", self.base))
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("accept-encoding", packed::ZSTD)
            .body(body);
        if let Some(encoding) = encoding {
            request = request.header("content-encoding", encoding);
        }
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        answered(request.send().await.map_err(|e| unanswered(&e))?, bytes).await
    }

    pub async fn enrol(&self, request: &EnrolRequest) -> Result<Enrolled, SyncError> {
        self.post("/v1/desks", None, request, &mut Bytes::default()).await
    }

    /// A token, by signing central's nonce: no clock is needed. And for how long it is good.
    pub async fn token(&self, desk: DeskId, key: &SigningKey) -> Result<(String, Duration), SyncError> {
        let mut bytes = Bytes::default();
        let ask = TokenRequest { desk, nonce: None, signature: None };
        let TokenResponse::Challenge { nonce } = self.post("/v1/token", None, &ask, &mut bytes).await? else {
            return Err(SyncError::NotCentral("a token without a challenge".into()));
        };
        let signature = hex(&key.sign(nonce.as_bytes()).to_bytes());
        let answer = TokenRequest { desk, nonce: Some(nonce), signature: Some(signature) };
        match self.post("/v1/token", None, &answer, &mut bytes).await? {
            TokenResponse::Token { token, expires_in_s } => {
                Ok((token, Duration::from_secs(expires_in_s.into())))
            }
            TokenResponse::Challenge { .. } => Err(SyncError::NotCentral("a second challenge".into())),
        }
    }

    pub async fn sync(
        &self,
        token: &str,
        request: &SyncRequest,
        bytes: &mut Bytes,
    ) -> Result<Box<SyncResponse>, SyncError> {
        self.post("/v1/sync", Some(token), request, bytes).await
    }

    /// Whether a desk that has what this tag says has everything.
    pub async fn has_everything(&self, token: &str, tag: &str, bytes: &mut Bytes) -> Result<bool, SyncError> {
        let request = self
            .http
            .get(format!("{}/v1/heads", self.base))
            .header("accept", "application/json")
            .header("if-none-match", tag)
            .bearer_auth(token);
        let answer = request.send().await.map_err(|e| unanswered(&e))?;
        // A tag of its own says that it is central: a proxy that keeps pages does not know it.
        if answer.status() == reqwest::StatusCode::NOT_MODIFIED {
            let has_all = answer
                .headers()
                .get("etag")
                .and_then(|etag| etag.to_str().ok())
                .is_some_and(|now| same(now, tag));
            return if has_all { Ok(true) } else { Err(SyncError::NotCentral("304 without the tag".into())) };
        }
        answered::<Heads>(answer, bytes).await.map(|_| false)
    }

    /// Takes leases back.
    pub async fn revoke(&self, token: &str, request: &RevokeRequest) -> Result<Revoked, SyncError> {
        self.post("/v1/leases/revoke", Some(token), request, &mut Bytes::default()).await
    }

    /// Says where this desk listens, and asks who the others of its office are.
    pub async fn colleagues(
        &self,
        token: &str,
        request: &ColleaguesRequest,
    ) -> Result<Colleagues, SyncError> {
        self.post("/v1/colleagues", Some(token), request, &mut Bytes::default()).await
    }

    /// Puts commands into quarantine, or asks for a nonce to sign first.
    pub async fn put_aside(&self, request: &QuarantineRequest) -> Result<QuarantineResponse, SyncError> {
        self.post("/v1/quarantine", None, request, &mut Bytes::default()).await
    }

    /// What waits in quarantine.
    pub async fn quarantine(&self, token: &str, actor: PersonId) -> Result<QuarantineList, SyncError> {
        let request = self
            .http
            .get(format!("{}/v1/quarantine?actor={actor}", self.base))
            .header("accept", "application/json")
            .header("accept-encoding", packed::ZSTD)
            .bearer_auth(token);
        answered(request.send().await.map_err(|e| unanswered(&e))?, &mut Bytes::default()).await
    }

    /// Says what becomes of it.
    pub async fn settle(&self, token: &str, request: &SettleRequest) -> Result<Settled, SyncError> {
        self.post("/v1/quarantine/settle", Some(token), request, &mut Bytes::default()).await
    }

    /// A part of a snapshot.
    pub async fn part(
        &self,
        token: &str,
        wanted: &SnapshotQuery,
        bytes: &mut Bytes,
    ) -> Result<Box<SnapshotPart>, SyncError> {
        let seq = wanted.seq.map(|seq| ("seq", seq.to_string()));
        let after = wanted.after.clone().map(|after| ("after", after));
        let limit = wanted.limit.map(|limit| ("limit", limit.to_string()));
        let query = [("scope", wanted.scope.clone())].into_iter().chain(seq).chain(after).chain(limit);
        let url = reqwest::Url::parse_with_params(&format!("{}/v1/snapshot", self.base), query)
            .map_err(|e| SyncError::Unreachable(e.to_string()))?;
        let request = self
            .http
            .get(url)
            .header("accept", "application/json")
            .header("accept-encoding", packed::ZSTD)
            .bearer_auth(token);
        answered(request.send().await.map_err(|e| unanswered(&e))?, bytes).await
    }
}

/// What an answer says: its JSON, or why there is none.
async fn answered<T: DeserializeOwned>(answer: reqwest::Response, bytes: &mut Bytes) -> Result<T, SyncError> {
    let status = answer.status();
    let headers = answer.headers().clone();
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    // Seconds; the form with a date would need a clock that agrees, and central does not use it.
    let after_s = header("retry-after").and_then(|v| v.trim().parse::<u32>().ok());
    let body = answer.bytes().await.map_err(|e| unanswered(&e))?;
    bytes.down += body.len() as u64;
    if header("content-digest").is_some_and(|digest| !packed::is_digest_of(digest, &body)) {
        return Err(SyncError::NotCentral("an answer whose digest is another's".into()));
    }
    let body = packed::unpack(body.into(), header("content-encoding"))?;
    if status.is_success() {
        return serde_json::from_slice(&body).map_err(|_| not_central(status.as_u16(), &headers, &body));
    }
    match serde_json::from_slice::<Problem>(&body) {
        Ok(problem) if matches!(status.as_u16(), 429 | 503) => {
            Err(SyncError::Busy { problem: Box::new(problem), after_s })
        }
        Ok(problem) => Err(SyncError::Refused(Box::new(problem))),
        Err(_) => Err(not_central(status.as_u16(), &headers, &body)),
    }
}

impl Central {
    /// The newest release of the catalogue; none when nothing is published, or when it is the one that is known.
    pub async fn manifest(
        &self,
        token: &str,
        known: Option<&str>,
    ) -> Result<Option<SignedManifest>, SyncError> {
        let mut request = self
            .http
            .get(format!("{}/v1/catalogue/manifest", self.base))
            .header("accept", "application/json")
            .bearer_auth(token);
        if let Some(known) = known {
            request = request.header("if-none-match", format!("\"{known}\""));
        }
        let answer = request.send().await.map_err(|e| unanswered(&e))?;
        let status = answer.status();
        if status == reqwest::StatusCode::NOT_MODIFIED {
            return Ok(None);
        }
        let body = answer.bytes().await.map_err(|e| unanswered(&e))?;
        if status.is_success() {
            let signed = serde_json::from_slice(&body);
            return signed.map(Some).map_err(|e| SyncError::NotCentral(e.to_string()));
        }
        match serde_json::from_slice::<Problem>(&body) {
            // An older central knows no catalogue.
            Ok(problem) if matches!(problem.code.as_str(), "no_catalogue" | "not_found") => Ok(None),
            Ok(problem) => Err(SyncError::Refused(Box::new(problem))),
            Err(_) => Err(SyncError::NotCentral(format!("HTTP {status}"))),
        }
    }

    /// A pack from this byte on, or from its beginning where central gives no part; and which it is.
    pub async fn blob(&self, token: &str, sha256: &str, from: u64) -> Result<(Bits, u64), SyncError> {
        // Its own client: a pack on a slow line takes minutes; it is silence that has an end.
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(TIMEOUT)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("passerelle/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| SyncError::Unreachable(e.to_string()))?;
        let mut request = http.get(format!("{}/v1/blobs/{sha256}", self.base)).bearer_auth(token);
        if from > 0 {
            request = request.header("range", format!("bytes={from}-"));
        }
        let answer = request.send().await.map_err(|e| unanswered(&e))?;
        match answer.status() {
            reqwest::StatusCode::PARTIAL_CONTENT => Ok((Bits(answer), from)),
            reqwest::StatusCode::OK => Ok((Bits(answer), 0)),
            status => {
                let body = answer.bytes().await.unwrap_or_default();
                match serde_json::from_slice::<Problem>(&body) {
                    Ok(problem) => Err(SyncError::Refused(Box::new(problem))),
                    Err(_) => Err(SyncError::NotCentral(format!("HTTP {status}"))),
                }
            }
        }
    }
}

/// A pack that is arriving.
pub(super) struct Bits(reqwest::Response);

impl Bits {
    /// What has arrived; nothing at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, SyncError> {
        let bytes = self.0.chunk().await.map_err(|e| unanswered(&e))?;
        Ok(bytes.map(|bytes| bytes.to_vec()))
    }
}

/// Longest silence on the line of hints: central says something every twenty seconds.
const SILENCE: Duration = Duration::from_secs(60);
/// A line of hints is short; what is longer without an end is not central's.
const LONGEST_HINT: usize = 64 * 1024;

/// What central says without being asked: something is new in a feed, up to here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Hint {
    pub scope: String,
    pub head: u64,
}

/// The open line on which central gives its hints.
pub(super) struct Hints {
    answer: reqwest::Response,
    read: Vec<u8>,
}

impl Hints {
    /// The next hint; `None` when the line has ended.
    pub async fn next(&mut self) -> Result<Option<Hint>, SyncError> {
        loop {
            if let Some(end) = self.read.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.read.drain(..=end).collect();
                // Comments keep the line open; other fields say nothing that is needed.
                if let Some(data) = line.strip_prefix(b"data:")
                    && let Ok(hint) = serde_json::from_slice(data)
                {
                    return Ok(Some(hint));
                }
                continue;
            }
            if self.read.len() > LONGEST_HINT {
                return Err(SyncError::NotCentral("a hint without an end".into()));
            }
            match self.answer.chunk().await.map_err(|e| unanswered(&e))? {
                Some(part) => self.read.extend_from_slice(&part),
                None => return Ok(None),
            }
        }
    }
}

impl Central {
    /// Opens the line of hints. Its own client: a line that stays open has no end to be waited for.
    pub async fn hints(&self, token: &str) -> Result<Hints, SyncError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(SILENCE)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent(concat!("passerelle/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|e| SyncError::Unreachable(e.to_string()))?;
        let request = http
            .get(format!("{}/v1/events", self.base))
            .header("accept", "text/event-stream")
            .bearer_auth(token);
        let answer = request.send().await.map_err(|e| unanswered(&e))?;
        if !answer.status().is_success() {
            return Err(SyncError::NotCentral(format!("HTTP {}", answer.status())));
        }
        Ok(Hints { answer, read: Vec::new() })
    }
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The inverse of [`hex`], for a key.
pub(super) fn unhex(text: &str) -> Option<[u8; 32]> {
    let mut out = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (i, byte) in out.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(out)
}
