//! `POST /v1/enquiries`: the intake.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use passerelle_domain::client::FieldError;
use serde_json::Value;

use super::problem::ApiError;
use super::{Answer, Shared, body};
use crate::intake::{self, IntakeError, checked, explained};

/// The header that makes a repeated request harmless.
const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Longest such key.
const KEY_MAX: usize = 200;

/// Receives an enquiry: 201 the first time, 200 with the same receipt when it is sent again with the same key.
pub async fn receive(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let key = idempotency_key(&headers)?;
    let value: Value = body::json(&headers, body).await?;
    let new = checked(&value).map_err(|fields| {
        let detail = explained(&fields);
        ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_enquiry", detail).fields(fields)
    })?;
    let received = intake::receive(&service, key, &new).await?;
    let status = if received.new { StatusCode::CREATED } else { StatusCode::OK };
    body::answer(&headers, status, &received.receipt)
}

fn idempotency_key(headers: &HeaderMap) -> Answer<&str> {
    let key = headers.get(IDEMPOTENCY_KEY).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if key.is_empty() || key.len() > KEY_MAX || !key.bytes().all(|b| b.is_ascii_graphic()) {
        let detail = format!(
            "L’en-tête Idempotency-Key est obligatoire : de 1 à {KEY_MAX} caractères ASCII visibles, le même à chaque \
             nouvel essai de la même demande."
        );
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "idempotency_key_required", detail));
    }
    Ok(key)
}

impl From<IntakeError> for ApiError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::KeyInUse => Self::new(
                StatusCode::CONFLICT,
                "idempotency_key_in_use",
                "Cette clé Idempotency-Key a déjà servi pour une autre demande ; prenez-en une nouvelle.",
            ),
            IntakeError::UnknownPostalCode => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "unknown_postal_code",
                "Ce code postal n’existe pas en France : la demande n’a pas été enregistrée, car aucun CIO ne peut être \
                 trouvé. Vérifiez les cinq chiffres du code postal du domicile et renvoyez la demande.",
            )
            .fields(vec![FieldError { field: "requester.postal_code".into(), code: "unknown".into() }]),
            IntakeError::NoOffice => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "no_office",
                "Aucun CIO ne reçoit encore de demandes ; réessayez plus tard.",
            )
            .retry_after(300),
            IntakeError::Refused(refusal) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "invalid_enquiry",
                "La demande a été refusée par les règles du CIO.",
            )
            .fields(refusal.fields),
            IntakeError::NoRandomness(error) => error.into(),
            IntakeError::Store(error) => error.into(),
        }
    }
}
