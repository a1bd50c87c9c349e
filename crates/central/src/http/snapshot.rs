//! `GET /v1/snapshot`: all documents of a scope, part by part.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use passerelle_protocol::snapshot::SnapshotQuery;

use super::problem::ApiError;
use super::{Answer, Shared, bearer, body};
use crate::gate::Errand;
use crate::snapshot::{self, SnapshotError};

/// The part that is asked for.
pub async fn part(
    State(service): Shared,
    headers: HeaderMap,
    wanted: Result<Query<SnapshotQuery>, QueryRejection>,
) -> Answer {
    let (desk, _) = bearer(&service, &headers).await?;
    let wanted = wanted.map_err(|_| {
        let detail =
            "Il faut « scope », et pour la suite d’une copie « seq » et « after » tels qu’ils ont été reçus.";
        ApiError::new(StatusCode::BAD_REQUEST, "malformed_query", detail)
    })?;
    let _turn = service.gate.enter(Errand::Read).await?;
    let part = snapshot::part(&service, &desk, &wanted).await?;
    body::digested(&headers, &part)
}

impl From<SnapshotError> for ApiError {
    fn from(error: SnapshotError) -> Self {
        match error {
            SnapshotError::NotYours => {
                let detail = "Un poste ne reprend que les données de son propre CIO et l’annuaire.";
                Self::new(StatusCode::FORBIDDEN, "wrong_scope", detail)
            }
            SnapshotError::NoSuchPlace => {
                let detail =
                    "Cette suite n’existe pas ; recommencez la copie depuis le début, sans « after ».";
                Self::new(StatusCode::BAD_REQUEST, "malformed_query", detail)
            }
            SnapshotError::Store(error) => error.into(),
        }
    }
}
