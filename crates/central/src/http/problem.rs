//! Errors as problem documents (RFC 9457) with a stable code and a French text that says what to do.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use passerelle_domain::client::FieldError;
use passerelle_protocol::intake::FamilySlot;
use passerelle_protocol::problem::Problem;
use serde::Serialize;

use crate::gate::Overloaded;
use crate::metrics::ProblemCode;
use crate::secret::NoRandomness;
use crate::store::StoreError;

/// An error of the interface.
#[derive(Debug)]
pub struct ApiError {
    status: StatusCode,
    code: &'static str,
    detail: String,
    fields: Vec<FieldError>,
    alternatives: Vec<FamilySlot>,
    existing: Option<Box<serde_json::Value>>,
    retry_after_s: Option<u32>,
}

/// A problem document with what only an administrator is told.
#[derive(Debug, Serialize)]
struct Written {
    #[serde(flatten)]
    problem: Problem,
    #[serde(skip_serializing_if = "Option::is_none")]
    existing: Option<Box<serde_json::Value>>,
}

impl ApiError {
    /// An error with its status, code and text.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            status,
            code,
            detail: detail.into(),
            fields: Vec::new(),
            alternatives: Vec::new(),
            existing: None,
            retry_after_s: None,
        }
    }

    /// The wrong fields.
    pub fn fields(mut self, fields: Vec<FieldError>) -> Self {
        self.fields = fields;
        self
    }

    /// What is possible instead.
    pub fn alternatives(mut self, alternatives: Vec<FamilySlot>) -> Self {
        self.alternatives = alternatives;
        self
    }

    /// What is there already under the name that was asked for.
    pub fn existing(mut self, existing: serde_json::Value) -> Self {
        self.existing = Some(Box::new(existing));
        self
    }

    /// When to try again.
    pub const fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    pub fn not_found(what: &str) -> Self {
        let detail = format!("Rien ne se trouve à cette adresse ({what}).");
        Self::new(StatusCode::NOT_FOUND, "not_found", detail)
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed_body", detail)
    }

    pub fn token_expired() -> Self {
        let detail = "Le jeton d’accès manque ou n’est plus valable ; demandez-en un autre à /v1/token.";
        Self::new(StatusCode::UNAUTHORIZED, "token_expired", detail)
    }

    pub fn desk_unknown() -> Self {
        let detail = "Ce poste n’est pas enrôlé ici ; enrôlez-le avec un code.";
        Self::new(StatusCode::FORBIDDEN, "desk_unknown", detail)
    }

    pub fn desk_revoked() -> Self {
        let detail = "Ce poste n’est plus autorisé ; adressez-vous à l’administrateur de l’académie.";
        Self::new(StatusCode::FORBIDDEN, "desk_revoked", detail)
    }

    pub fn no_catalogue() -> Self {
        let detail = "Aucun catalogue n’a encore été publié ici.";
        Self::new(StatusCode::NOT_FOUND, "no_catalogue", detail)
    }

    /// The service ends: another one answers, or this one again in a moment.
    pub fn stopping() -> Self {
        let detail = "Le service s’arrête ; réessayez dans un instant.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", detail).retry_after(5)
    }

    fn title(&self) -> &'static str {
        match self.status.as_u16() {
            400 => "Requête illisible",
            401 if self.code == "admin_key_unknown" => "Clé non reconnue",
            401 => "Jeton à renouveler",
            403 => "Accès refusé",
            404 => "Introuvable",
            408 => "Requête trop lente",
            409 => "Conflit",
            410 => "Trop ancien",
            413 => "Requête trop grande",
            415 => "Forme non acceptée",
            422 => "Données refusées",
            503 => "Service momentanément indisponible",
            500 => "Erreur du service",
            _ => "Requête refusée",
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        let unavailable = |code, detail: &str, after| {
            Self::new(StatusCode::SERVICE_UNAVAILABLE, code, detail).retry_after(after)
        };
        match &error {
            StoreError::Busy => {
                unavailable("busy", "Le service est très occupé ; réessayez dans quelques secondes.", 5)
            }
            StoreError::DiskFull => {
                tracing::error!("the disk is full");
                let detail = "Le service ne peut plus rien enregistrer : son disque est plein. Rien n’est perdu ; \
                              l’envoi reprendra dès que l’administrateur aura libéré de la place.";
                unavailable("disk_full", detail, 60)
            }
            StoreError::Unreachable(why) => {
                tracing::error!(%why, "the database does not answer");
                let detail = "Le service n’atteint pas sa base de données ; rien n’a été enregistré. L’envoi reprendra \
                              de lui-même.";
                unavailable("database_unreachable", detail, 15)
            }
            other => {
                // The text names tables and ids, never contents.
                tracing::error!(error = %other, "the store failed");
                let detail =
                    "Le service a rencontré une erreur ; rien n’a été enregistré. Réessayez plus tard.";
                Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", detail).retry_after(60)
            }
        }
    }
}

impl From<Overloaded> for ApiError {
    fn from(overloaded: Overloaded) -> Self {
        let detail = "Beaucoup de postes s’adressent au service en même temps ; rien n’est perdu, réessayez plus tard.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "overloaded", detail).retry_after(overloaded.retry_after_s)
    }
}

impl From<NoRandomness> for ApiError {
    fn from(error: NoRandomness) -> Self {
        tracing::error!("no randomness");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "no_randomness", error.to_string()).retry_after(60)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let problem = Problem {
            status: self.status.as_u16(),
            code: self.code.to_owned(),
            title: self.title().to_owned(),
            detail: self.detail,
            fields: self.fields,
            alternatives: self.alternatives,
        };
        let mut response =
            (self.status, axum::Json(Written { problem, existing: self.existing })).into_response();
        response.extensions_mut().insert(ProblemCode(self.code));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
