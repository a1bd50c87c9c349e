//! `POST /v1/leases/revoke`: a director takes half-days back from the desk that holds them.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use passerelle_domain::lease::Lease;
use passerelle_domain::people::Role;
use passerelle_protocol::lease::{MAX_REVOKED, RevokeRequest, Revoked};
use passerelle_protocol::sync::office_scope;

use super::problem::ApiError;
use super::{Answer, Shared, bearer, body};
use crate::leases;
use crate::service::Service;
use crate::store::{Desk, Feed, StoreError, again};

/// Takes them back; what was promised under them may have to be placed elsewhere.
pub async fn revoke(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let (desk, _) = bearer(&service, &headers).await?;
    let request: RevokeRequest = body::json(&headers, body).await?;
    if request.leases.len() > MAX_REVOKED {
        let detail = format!("Plus de {MAX_REVOKED} demi-journées à la fois ; reprenez-en moins.");
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_leases", detail));
    }
    let Some(taken) = again(|| once(&service, &desk, &request)).await? else {
        let detail = "Seule la direction du CIO reprend des demi-journées à un poste.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "not_allowed", detail));
    };
    let revoked = u32::try_from(taken).unwrap_or(u32::MAX);
    body::answer(&headers, StatusCode::OK, &Revoked { revoked })
}

/// One attempt; `None` when the actor is no director of the office.
async fn once(service: &Service, desk: &Desk, request: &RevokeRequest) -> Result<Option<usize>, StoreError> {
    let wanted: BTreeSet<&String> = request.leases.iter().collect();
    let mut tx = service.store.write().await?;
    let Some(mut feed) = Feed::lock(&mut tx, &office_scope(&desk.office)).await? else { return Ok(None) };
    let settings = service.store.settings_at(&mut tx, &desk.office, &feed).await?;
    let person = settings.as_ref().and_then(|s| s.people.get(&request.actor));
    if !person.is_some_and(|p| p.active && p.role == Role::Director) {
        return Ok(None);
    }
    let which = |lease: &Lease| wanted.contains(&lease.reference());
    let taken = leases::take_back(&mut tx, &mut feed, which, Some(request.actor), service.now()).await?;
    service.commit(tx, &feed).await?;
    Ok(Some(taken))
}
