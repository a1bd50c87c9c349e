//! `POST /v1/desks` and `POST /v1/token`: a desk is enrolled once by a code, then proves itself with its key.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Duration, Utc};
use ed25519_dalek::VerifyingKey;
use passerelle_domain::ids::{DeskId, Uai};
use passerelle_protocol::enrol::{EnrolRequest, Enrolled, TokenRequest, TokenResponse};
use passerelle_protocol::sync::office_scope;

use super::problem::ApiError;
use super::{Answer, Shared, body};
use crate::administration::normal_code;
use crate::gate::Errand;
use crate::secret;
use crate::service::Service;
use crate::store::{CodeUse, Desk, Tx};

/// How long a desk may take to sign a nonce.
const NONCE_MIN: i64 = 2;
/// How long a token is good.
const TOKEN_MIN: i64 = 15;
/// Longest name of a workstation, in characters.
const NAME_MAX: usize = 80;
/// Codes that begin so enrol any number of desks, in a demonstration only.
const DEMO_CODE: &str = "DEMO-";

/// Enrols a desk.
pub async fn enrol(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let request: EnrolRequest = body::json(&headers, body).await?;
    let name = request.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        let detail = format!("Le nom du poste doit avoir de 1 à {NAME_MAX} caractères.");
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_name", detail));
    }
    let key = secret::unhex::<32>(&request.public_key).and_then(|k| VerifyingKey::from_bytes(&k).ok());
    let Some(key) = key else {
        let detail = "La clé publique doit être une clé Ed25519 de 64 chiffres hexadécimaux.";
        return Err(ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_key", detail));
    };
    let mut tx = service.store.write().await?;
    let office = office_of_code(&service, &mut tx, &request.code).await?;
    let Some(settings) = service.store.settings(&mut tx, &office).await? else {
        let detail = "Le CIO de ce code n’existe plus ; demandez un autre code.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "office_unknown", detail));
    };
    let desk = Desk {
        id: DeskId(uuid::Uuid::now_v7()),
        office: office.clone(),
        name: name.to_owned(),
        public_key: secret::hex(key.as_bytes()),
        revoked: false,
        reception: false,
        heard: None,
        granted: None,
    };
    tx.add_desk(&desk, service.now()).await?;
    tx.commit().await?;
    tracing::info!(%office, desk = %desk.id, "desk enrolled");
    let enrolled = Enrolled {
        desk: desk.id,
        office,
        office_name: settings.office.name.clone(),
        epoch: service.store.meta.epoch.clone(),
        demo: service.store.meta.demo,
    };
    body::answer(&headers, StatusCode::CREATED, &enrolled)
}

/// The office that a code enrols for; a one-time code is used up in this transaction.
async fn office_of_code(service: &Service, tx: &mut Tx, code: &str) -> Answer<Uai> {
    let refuse = |code, detail: &str| Err(ApiError::new(StatusCode::FORBIDDEN, code, detail));
    let normal = normal_code(code);
    if service.store.meta.demo
        && let Some(uai) = code.trim().to_ascii_uppercase().strip_prefix(DEMO_CODE)
        && let Ok(uai) = Uai::parse(uai)
        && tx.feed(&office_scope(&uai)).await?.is_some()
    {
        return Ok(uai);
    }
    match tx.take_code(&secret::hash(&normal), service.now()).await? {
        CodeUse::Taken(office) => Ok(office),
        CodeUse::Expired => refuse("code_expired", "Ce code a expiré (15 minutes) ; demandez-en un autre."),
        CodeUse::Used => refuse("code_used", "Ce code a déjà servi ; demandez-en un autre."),
        CodeUse::Unknown => refuse("code_unknown", "Ce code n’existe pas ; vérifiez-le, lettre par lettre."),
    }
}

/// Gives a nonce to sign, or a token for a signed one.
pub async fn token(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let request: TokenRequest = body::json(&headers, body).await?;
    let _turn = service.gate.enter(Errand::Send).await?;
    let now = service.now();
    let mut tx = service.store.write().await?;
    let Some(desk) = tx.desk(request.desk).await? else { return Err(ApiError::desk_unknown()) };
    if desk.revoked {
        return Err(ApiError::desk_revoked());
    }
    let response = match prove(&mut tx, &desk, request.nonce, request.signature, now).await? {
        Proof::Wrong => {
            // The nonce is used up all the same: each gets one attempt.
            tx.commit().await?;
            return Err(bad_signature());
        }
        Proof::Signed => {
            let token = secret::hex(&secret::random::<32>()?);
            let ends = now + Duration::minutes(TOKEN_MIN);
            tx.add_token(&secret::hash(&token), desk.id, now, ends).await?;
            TokenResponse::Token { token, expires_in_s: 60 * u32::try_from(TOKEN_MIN).unwrap_or(0) }
        }
        Proof::Challenge(nonce) => TokenResponse::Challenge { nonce },
    };
    tx.commit().await?;
    body::answer(&headers, StatusCode::OK, &response)
}

/// How far a desk has proven itself.
#[derive(Debug)]
pub enum Proof {
    /// It is to sign this.
    Challenge(String),
    /// It has signed what it was given.
    Signed,
    /// It has not, or too late.
    Wrong,
}

/// Gives a desk a nonce to sign, or looks whether it has signed the one that it was given: that one is used up, when the caller
/// commits.
pub async fn prove(
    tx: &mut Tx,
    desk: &Desk,
    nonce: Option<String>,
    signature: Option<String>,
    now: DateTime<Utc>,
) -> Answer<Proof> {
    match (nonce, signature) {
        (Some(nonce), Some(signature)) => {
            let good = tx.take_nonce(&secret::hash(&nonce), desk.id, now).await?;
            Ok(if good && desk.signed(nonce.as_bytes(), &signature) { Proof::Signed } else { Proof::Wrong })
        }
        (None, None) => {
            let nonce = secret::hex(&secret::random::<32>()?);
            let ends = now + Duration::minutes(NONCE_MIN);
            tx.add_nonce(&secret::hash(&nonce), desk.id, now, ends).await?;
            Ok(Proof::Challenge(nonce))
        }
        _ => Err(ApiError::bad_request("Le défi (nonce) et sa signature vont ensemble.")),
    }
}

/// What a desk is told that has not signed.
pub fn bad_signature() -> ApiError {
    let detail = "La signature ne correspond pas à la clé du poste, ou le défi a expiré ; recommencez.";
    ApiError::new(StatusCode::UNAUTHORIZED, "bad_signature", detail)
}
