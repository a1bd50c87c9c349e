//! Whether the service lives, and whether it can work.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use serde_json::json;

use super::problem::ApiError;
use super::{Answer, Shared};
use crate::replica::{Unfit, Use};
use crate::store;

/// A database that takes longer to say how many offices there are lets nobody book: requests should go elsewhere.
const PATIENCE: Duration = Duration::from_secs(3);

/// `GET /healthz`: the process answers, whatever its database does: a service is not begun again because a server is away.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: the database answers too. A service that ends says 503 here as everywhere.
pub async fn ready(State(service): Shared) -> Answer {
    let asked = async {
        let mut tx = service.store.read().await?;
        store::offices(&mut tx).await
    };
    let Ok(offices) = tokio::time::timeout(PATIENCE, asked).await else {
        let detail = "La base ne répond pas à temps ; réessayez dans quelques secondes.";
        return Err(ApiError::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail).retry_after(5));
    };
    let offices = offices?.len();
    let mut ready = json!({ "ready": true, "offices": offices, "epoch": service.store.meta.epoch });
    // For who looks; a service is ready without it.
    if let Some(replica) = &service.replica {
        let Use { unfit, behind } = replica.standing();
        ready["replica"] = json!({ "used": unfit.is_none(), "why": unfit.map(Unfit::key), "behind": behind });
    }
    Ok(axum::Json(ready).into_response())
}
