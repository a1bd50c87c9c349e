//! Whether the service lives, and whether it can work.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

use super::problem::ApiError;
use super::{Answer, Shared};
use crate::store;

/// `GET /healthz`: the process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers too, and the service is not about to stop.
pub async fn ready(State(service): Shared) -> Answer {
    if *service.stopping.borrow() {
        let detail = "Le service s’arrête ; réessayez dans un instant.";
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", detail).retry_after(5));
    }
    let mut tx = service.store.read().await?;
    let offices = store::offices(&mut tx).await?.len();
    let ready = json!({ "ready": true, "offices": offices, "epoch": service.store.meta.epoch });
    Ok(axum::Json(ready).into_response())
}
