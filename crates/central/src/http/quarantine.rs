//! `/v1/quarantine`: what a desk had not sent when it was trusted no longer, and what a director says of it.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use passerelle_domain::ids::PersonId;
use passerelle_protocol::enrol::quarantine::{
    MAX_KEPT, MAX_SETTLED, QuarantineList, QuarantineRequest, QuarantineResponse, SettleRequest,
};
use passerelle_protocol::sync::MAX_COMMANDS;
use serde::Deserialize;

use super::desks::{Proof, bad_signature, prove};
use super::problem::ApiError;
use super::{Answer, Shared, bearer, body};
use crate::exchange::ExchangeError;
use crate::gate::Errand;
use crate::quarantine::{self, QuarantineError};
use crate::store::again;

/// `POST /v1/quarantine`: a nonce to sign; or, for a signed one, what waits is kept.
pub async fn keep(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let request: QuarantineRequest = body::json(&headers, body).await?;
    let _turn = service.gate.enter(Errand::Send).await?;
    let mut tx = service.store.write().await?;
    let Some(desk) = tx.desk(request.desk).await? else { return Err(ApiError::desk_unknown()) };
    if !desk.revoked {
        let detail = "Ce poste est autorisé : ce qui y attend s’envoie à /v1/sync.";
        return Err(ApiError::new(StatusCode::CONFLICT, "desk_trusted", detail));
    }
    let proof = prove(&mut tx, &desk, request.nonce, request.signature, service.now()).await?;
    // A nonce is used up whatever it was signed with.
    tx.commit().await?;
    let answer = match proof {
        Proof::Wrong => return Err(bad_signature()),
        Proof::Challenge(nonce) => QuarantineResponse::Challenge { nonce },
        Proof::Signed => {
            let waiting = again(|| quarantine::keep(&service, &desk, &request.commands)).await?;
            QuarantineResponse::Kept { waiting }
        }
    };
    body::answer(&headers, StatusCode::OK, &answer)
}

/// Who asks.
#[derive(Debug, Deserialize)]
pub struct ActorQuery {
    actor: PersonId,
}

/// `GET /v1/quarantine?actor=…`.
pub async fn list(
    State(service): Shared,
    headers: HeaderMap,
    wanted: Result<Query<ActorQuery>, QueryRejection>,
) -> Answer {
    let (desk, _) = bearer(&service, &headers).await?;
    let Query(ActorQuery { actor }) = wanted.map_err(|_| {
        let detail = "Il faut « actor », la personne qui demande.";
        ApiError::new(StatusCode::BAD_REQUEST, "malformed_query", detail)
    })?;
    let _turn = service.gate.enter(Errand::Read).await?;
    let (commands, more) = quarantine::list(&service, &desk, actor).await?;
    body::answer(&headers, StatusCode::OK, &QuarantineList { commands, more })
}

/// `POST /v1/quarantine/settle`.
pub async fn settle(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let (desk, _) = bearer(&service, &headers).await?;
    let request: SettleRequest = body::json(&headers, body).await?;
    let _turn = service.gate.enter(Errand::Send).await?;
    let settled = quarantine::settle(&service, &desk, &request).await?;
    body::answer(&headers, StatusCode::OK, &settled)
}

impl From<QuarantineError> for ApiError {
    fn from(error: QuarantineError) -> Self {
        match error {
            QuarantineError::TooMany => {
                let detail = format!(
                    "Plus de {MAX_COMMANDS} commandes (ou {MAX_SETTLED} décisions) à la fois ; envoyez-en la moitié."
                );
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_commands", detail)
            }
            QuarantineError::Full => {
                let detail = format!(
                    "Plus de {MAX_KEPT} commandes de ce poste ; adressez-vous à l’administrateur de l’académie."
                );
                Self::new(StatusCode::CONFLICT, "quarantine_full", detail)
            }
            QuarantineError::NotAllowed => {
                let detail = "Seule la direction du CIO décide des saisies d’un poste retiré.";
                Self::new(StatusCode::FORBIDDEN, "not_allowed", detail)
            }
            QuarantineError::Push(error) => ExchangeError::from(error).into(),
            QuarantineError::Store(error) => error.into(),
        }
    }
}
