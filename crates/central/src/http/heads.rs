//! `GET /v1/heads`: has anything happened? Answered from memory, for most desks ask it most of the time.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use passerelle_domain::ids::Uai;
use passerelle_protocol::heads::{Heads, same, tag};

use super::{Answer, Shared, bearer, body, presented};
use crate::secret;
use crate::service::Service;

/// Where the desk's feeds end; nothing but 304 when it has said that it knows.
pub async fn heads(State(service): Shared, headers: HeaderMap) -> Answer {
    let (office, holds) = asker(&service, &headers).await?;
    let ends = service.ends(&office).await?;
    let epoch = &service.store.meta.epoch;
    let now = tag(epoch, &office, &ends);
    // Who holds half-days exchanges each time: that it is there must be known, and a new day brings it new ones.
    let mut said = headers.get_all(header::IF_NONE_MATCH).iter();
    let known = !holds && said.any(|said| said.to_str().is_ok_and(|said| same(said, &now)));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let heads = Heads { epoch: epoch.clone(), ends, poll_after_s: service.poll_s };
        body::answer(&headers, StatusCode::OK, &heads)?
    };
    if let Ok(tag) = HeaderValue::from_str(&now) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// The office of the desk that asks, and whether it holds half-days there, or is to.
async fn asker(service: &Service, headers: &HeaderMap) -> Answer<(Uai, bool)> {
    let hash = presented(headers).map(secret::hash);
    if let Some(office) = hash.as_ref().and_then(|hash| service.known.office(hash, service.now())) {
        return Ok((office, false));
    }
    let age = service.known.age();
    let (desk, ends) = bearer(service, headers).await?;
    let holds = desk.reception || desk.granted.is_some();
    if let Some(hash) = hash.filter(|_| !holds) {
        service.known.keep(age, hash, desk.office.clone(), ends, service.now());
    }
    Ok((desk.office, holds))
}
