//! The HTTP interface.

mod admin;
mod body;
mod catalogue;
mod colleagues;
mod desks;
mod enquiries;
mod events;
mod family;
mod heads;
mod health;
mod leases;
mod openapi;
mod problem;
mod quarantine;
mod snapshot;
mod sync;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use chrono::{DateTime, Utc};

use crate::metrics::ProblemCode;
use crate::secret;
use crate::service::Service;
use crate::store::Desk;
use problem::ApiError;

/// What a handler returns.
type Answer<T = Response> = Result<T, ApiError>;
/// What a handler is given.
type Shared = State<Arc<Service>>;

/// One route: a method of a path.
struct Route {
    #[cfg_attr(
        not(test),
        expect(dead_code, reason = "what the document is compared with; the handler knows its own")
    )]
    method: Method,
    path: &'static str,
    handler: MethodRouter<Arc<Service>>,
}

/// All routes, in one list: `openapi.json` is compared with it.
fn routes() -> Vec<Route> {
    let got = |path, handler| Route { method: Method::GET, path, handler };
    let posted = |path, handler| Route { method: Method::POST, path, handler };
    vec![
        posted("/v1/sync", post(sync::sync)),
        got("/v1/snapshot", get(snapshot::part)),
        got("/v1/heads", get(heads::heads)),
        got("/v1/events", get(events::events)),
        posted("/v1/leases/revoke", post(leases::revoke)),
        posted("/v1/colleagues", post(colleagues::colleagues)),
        posted("/v1/quarantine", post(quarantine::keep)),
        got("/v1/quarantine", get(quarantine::list)),
        posted("/v1/quarantine/settle", post(quarantine::settle)),
        posted("/v1/desks", post(desks::enrol)),
        posted("/v1/token", post(desks::token)),
        posted("/v1/enquiries", post(enquiries::receive)),
        got("/v1/enquiries/{reference}", get(family::show)),
        got("/v1/enquiries/{reference}/slots", get(family::slots)),
        posted("/v1/enquiries/{reference}/answer", post(family::answer)),
        got("/v1/catalogue/manifest", get(catalogue::manifest)),
        got("/v1/blobs/{sha256}", get(catalogue::blob)),
        got("/v1/admin/offices", get(admin::offices)),
        posted("/v1/admin/offices", post(admin::add_office)),
        got("/v1/admin/offices/{uai}", get(admin::office)),
        got("/v1/admin/offices/{uai}/people", get(admin::people)),
        posted("/v1/admin/offices/{uai}/people", post(admin::add_person)),
        got("/v1/admin/offices/{uai}/desks", get(admin::desks)),
        posted("/v1/admin/offices/{uai}/codes", post(admin::code)),
        posted("/v1/admin/desks/{desk}/reception", post(admin::reception)),
        posted("/v1/admin/desks/{desk}/take-back", post(admin::take_back)),
        posted("/v1/admin/desks/{desk}/revoke", post(admin::revoke)),
        got("/v1/admin/catalogue", get(admin::catalogue)),
        got("/v1/admin/audit", get(admin::audit)),
        got("/v1/openapi.json", get(openapi::openapi)),
        got(ALIVE, get(health::alive)),
        got("/readyz", get(health::ready)),
    ]
}

/// The one route that answers while the service ends.
const ALIVE: &str = "/healthz";

/// The whole interface.
pub fn router(service: Arc<Service>) -> Router {
    let routed = routes().into_iter().fold(Router::new(), |all, route| all.route(route.path, route.handler));
    routed
        .fallback(|| async { ApiError::not_found("/") })
        .method_not_allowed_fallback(|| async {
            let detail = "Cette adresse existe, mais pas avec cette méthode HTTP.";
            ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
        })
        .layer(from_fn_with_state(Arc::clone(&service), around))
        .with_state(service)
}

/// Around each request: none begins while the service ends; each is counted, and has one line in the log. The route's
/// pattern is told, never the address itself (a family's link is a secret).
async fn around(State(service): Shared, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let under_way = service.metrics.begun();
    let response = if *service.stopping.borrow() && route != ALIVE {
        let mut response = ApiError::stopping().into_response();
        // Whoever asks again finds another service by another connection.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    } else {
        next.run(request).await
    };
    drop(under_way);
    let (status, took) = (response.status().as_u16(), begun.elapsed());
    let code = response.extensions().get::<ProblemCode>().map_or("ok", |code| code.0);
    service.metrics.answered(&route, status, code, took);
    let ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
    if status >= 500 {
        tracing::warn!(%method, route, status, code, ms);
    } else {
        tracing::debug!(%method, route, status, code, ms);
    }
    response
}

/// The desk that a request comes from, by its bearer token, and when the token ends.
async fn bearer(service: &Service, headers: &axum::http::HeaderMap) -> Answer<(Desk, DateTime<Utc>)> {
    let Some(token) = presented(headers) else { return Err(ApiError::token_expired()) };
    let mut tx = service.store.read().await?;
    let found = tx.desk_of_token(&secret::hash(token), service.now()).await?;
    let (desk, ends) = found.ok_or_else(ApiError::token_expired)?;
    if desk.revoked {
        return Err(ApiError::desk_revoked());
    }
    Ok((desk, ends))
}

/// The bearer token that a request presents, whatever it is worth.
fn presented(headers: &axum::http::HeaderMap) -> Option<&str> {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
}
