//! `GET /v1/catalogue/manifest` and `GET /v1/blobs/{sha256}`: the releases that desks fetch.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use ed25519_dalek::SigningKey;
use passerelle_protocol::catalogue::SignedManifest;

use super::problem::ApiError;
use super::{Answer, Shared, bearer, body};
use crate::secret;
use crate::store;

/// The newest release. A desk that has it already says so by its name in `If-None-Match`.
pub async fn manifest(State(service): Shared, headers: HeaderMap) -> Answer {
    bearer(&service, &headers).await?;
    let mut tx = service.store.read().await?;
    let newest = tx.newest_release().await?;
    let seed = store::catalogue_key(&mut tx).await?.and_then(|seed| secret::unhex::<32>(&seed));
    let (Some(release), Some(seed)) = (newest, seed) else {
        return Err(ApiError::no_catalogue());
    };
    let tag = format!("\"{}\"", release.release);
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok(StatusCode::NOT_MODIFIED.into_response());
    }
    let signed = SignedManifest {
        manifest: release.manifest,
        signature: release.signature,
        key: secret::hex(SigningKey::from_bytes(&seed).verifying_key().as_bytes()),
    };
    let mut response = body::answer(&headers, StatusCode::OK, &signed)?;
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    Ok(response)
}

/// A pack, or what is left of it (`Range: bytes=N-`, RFC 9110 section 14.2; other ranges are answered with the whole, as
/// the section allows).
pub async fn blob(State(service): Shared, Path(sha256): Path<String>, headers: HeaderMap) -> Answer {
    bearer(&service, &headers).await?;
    let range = headers.get(header::RANGE).and_then(|range| range.to_str().ok()).and_then(first_byte);
    let from = range.unwrap_or(0);
    let mut tx = service.store.read().await?;
    let Some((bytes, length)) = tx.blob(&sha256, from).await? else {
        return Err(ApiError::not_found("blob"));
    };
    if range.is_some() && from >= length {
        let mut response = StatusCode::RANGE_NOT_SATISFIABLE.into_response();
        set(&mut response, header::CONTENT_RANGE, &format!("bytes */{length}"));
        return Ok(response);
    }
    let mut response = Response::new(Body::from(bytes));
    set(&mut response, header::CONTENT_TYPE, "application/octet-stream");
    set(&mut response, header::ACCEPT_RANGES, "bytes");
    // Under its hash it never is another.
    set(&mut response, header::CACHE_CONTROL, "private, max-age=31536000, immutable");
    if range.is_some() {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        set(&mut response, header::CONTENT_RANGE, &format!("bytes {from}-{}/{length}", length - 1));
    }
    Ok(response)
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The N of `bytes=N-`.
fn first_byte(range: &str) -> Option<u64> {
    range.trim().strip_prefix("bytes=")?.strip_suffix('-')?.trim().parse().ok()
}
