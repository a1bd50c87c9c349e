//! The HTTP interface.

mod body;
mod catalogue;
mod desks;
mod enquiries;
mod events;
mod family;
mod health;
mod problem;
mod sync;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};

use crate::secret;
use crate::service::Service;
use crate::store::Desk;
use problem::ApiError;

/// What a handler returns.
type Answer<T = Response> = Result<T, ApiError>;
/// What a handler is given.
type Shared = State<Arc<Service>>;

/// All routes.
pub fn router(service: Arc<Service>) -> Router {
    Router::new()
        .route("/v1/sync", post(sync::sync))
        .route("/v1/events", get(events::events))
        .route("/v1/desks", post(desks::enrol))
        .route("/v1/token", post(desks::token))
        .route("/v1/enquiries", post(enquiries::receive))
        .route("/v1/enquiries/{reference}", get(family::show))
        .route("/v1/enquiries/{reference}/slots", get(family::slots))
        .route("/v1/enquiries/{reference}/answer", post(family::answer))
        .route("/v1/catalogue/manifest", get(catalogue::manifest))
        .route("/v1/blobs/{sha256}", get(catalogue::blob))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .fallback(|| async { ApiError::not_found("/") })
        .method_not_allowed_fallback(|| async {
            let detail = "Cette adresse existe, mais pas avec cette méthode HTTP.";
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
        })
        .layer(from_fn(log))
        .with_state(service)
}

/// One line a request: the route's pattern, never the address itself (a family's link is a secret).
async fn log(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(%method, route, status, ms);
    } else {
        tracing::debug!(%method, route, status, ms);
    }
    response
}

/// The desk that a request comes from, by its bearer token, and when the token ends.
async fn bearer(service: &Service, headers: &axum::http::HeaderMap) -> Answer<(Desk, DateTime<Utc>)> {
    let token = headers
        .get(axum::http::header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    let Some(token) = token else { return Err(ApiError::token_expired()) };
    let mut tx = service.store.read().await?;
    let found = tx.desk_of_token(&secret::hash(token), service.now()).await?;
    let (desk, ends) = found.ok_or_else(ApiError::token_expired)?;
    if desk.revoked {
        return Err(ApiError::desk_revoked());
    }
    Ok((desk, ends))
}
