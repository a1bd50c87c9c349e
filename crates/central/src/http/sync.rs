//! `POST /v1/sync`: commands up, verdicts and changes down.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use passerelle_protocol::sync::{MAX_COMMANDS, SyncRequest};

use super::problem::ApiError;
use super::{Answer, Shared, bearer, body};
use crate::exchange::{ExchangeError, exchange};
use crate::gate::Errand;

/// The whole exchange. Each command is durable before its verdict is written here.
pub async fn sync(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let (desk, _) = bearer(&service, &headers).await?;
    let request: SyncRequest = body::json(&headers, body).await?;
    let sends = !request.commands.is_empty() || request.asked.is_some() || request.pending > 0;
    let _turn = service.gate.enter(if sends { Errand::Send } else { Errand::Read }).await?;
    let response = exchange(&service, &desk, &request).await?;
    response.results.iter().for_each(|result| service.metrics.decided(&result.verdict));
    body::answer(&headers, StatusCode::OK, &response)
}

impl From<ExchangeError> for ApiError {
    fn from(error: ExchangeError) -> Self {
        let (status, code) = (error.status(), error.code());
        let refused = |detail: &str| match StatusCode::from_u16(status) {
            Ok(status) => Self::new(status, code, detail),
            Err(_) => Self::new(StatusCode::INTERNAL_SERVER_ERROR, code, detail),
        };
        match error {
            ExchangeError::WrongDesk => {
                refused("Le jeton d’accès appartient à un autre poste que celui qui parle.")
            }
            ExchangeError::BadIncarnation => {
                refused("L’incarnation (replica.inc) doit avoir de 1 à 64 caractères ASCII visibles.")
            }
            ExchangeError::TooMany => {
                refused(&format!("Plus de {MAX_COMMANDS} commandes à la fois ; envoyez-en la moitié."))
            }
            ExchangeError::EpochChanged => refused(
                "Le service a été restauré ou réinstallé : le poste doit revoir ce qu’il lui a confié.",
            ),
            ExchangeError::CursorExpired => refused(
                "Ce poste n’a pas échangé depuis longtemps : ces changements ne sont plus gardés. Il doit reprendre une \
                 copie entière (/v1/snapshot).",
            ),
            ExchangeError::Lineage { seq, last } => refused(&format!(
                "La commande n° {seq} est nouvelle, mais le n° {last} est déjà utilisé : ce poste est la copie \
                 d’un autre. Prenez une nouvelle incarnation, renumérotez et renvoyez."
            )),
            ExchangeError::NoOffice => {
                refused("Le CIO de ce poste n’existe plus ; adressez-vous à l’administrateur de l’académie.")
            }
            ExchangeError::Store(error) => error.into(),
        }
    }
}
