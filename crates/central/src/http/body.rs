//! Reading a body within bounds of size and time, and writing one as the other side can read it.

use std::cell::RefCell;
use std::io::Read;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use passerelle_protocol::sync::MAX_BODY;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use zstd::bulk::Compressor;

use super::Answer;
use super::problem::ApiError;

/// A body that takes longer is given up: nobody may hold a connection open with a byte a second.
const SLOWEST: Duration = Duration::from_secs(30);
/// Answers shorter than this are not worth compressing.
const WORTH_IT: usize = 1024;
/// Level 3 is zstd's own default: most of the gain at little cost.
const LEVEL: i32 = 3;

fn too_large() -> ApiError {
    let detail = format!("Le corps de la requête dépasse {MAX_BODY} octets ; envoyez-en moins à la fois.");
    ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", detail)
}

/// The bytes of a body, decompressed.
async fn bytes(headers: &HeaderMap, body: Body) -> Answer<Vec<u8>> {
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > MAX_BODY as u64) {
        return Err(too_large());
    }
    let Ok(read) = tokio::time::timeout(SLOWEST, to_bytes(body, MAX_BODY + 1)).await else {
        let detail = "Le corps de la requête n’est pas arrivé à temps ; réessayez.";
        return Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "body_too_slow", detail));
    };
    // The only errors are the bound, and a connection that broke, to which nobody listens.
    let raw = read.map_err(|_| too_large())?;
    if raw.len() > MAX_BODY {
        return Err(too_large());
    }
    match headers.get(header::CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(raw.to_vec()),
        Some(b"zstd") => inflate(&raw),
        Some(_) => {
            let detail = "Seul l’encodage zstd est accepté pour le corps d’une requête.";
            Err(ApiError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", detail))
        }
    }
}

/// Decompresses within the same bound: a small body must not become a large one.
fn inflate(raw: &[u8]) -> Answer<Vec<u8>> {
    let unreadable = || ApiError::bad_request("Le corps de la requête n’est pas du zstd lisible.");
    let decoder = zstd::stream::read::Decoder::with_buffer(raw).map_err(|_| unreadable())?;
    let mut inflated = Vec::new();
    let bound = MAX_BODY as u64 + 1;
    decoder.take(bound).read_to_end(&mut inflated).map_err(|_| unreadable())?;
    if inflated.len() > MAX_BODY {
        return Err(too_large());
    }
    Ok(inflated)
}

/// The JSON of a body.
pub async fn json<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Answer<T> {
    let bytes = bytes(headers, body).await?;
    serde_json::from_slice(&bytes).map_err(|e| {
        // Serde's texts may quote values; only the place is told.
        let (line, column) = (e.line(), e.column());
        let what = match e.classify() {
            serde_json::error::Category::Data => "n’a pas les champs attendus",
            _ => "n’est pas du JSON lisible",
        };
        ApiError::bad_request(format!(
            "Le corps de la requête {what} (ligne {line}, colonne {column}). Corrigez-le et renvoyez-le."
        ))
    })
}

/// An answer as JSON, compressed with zstd when it is long and the other side reads it.
pub fn answer(headers: &HeaderMap, status: StatusCode, value: &impl Serialize) -> Answer {
    let (bytes, encoded) = packed(headers, value)?;
    Ok(written(status, bytes, encoded))
}

/// The same with the digest of its bytes as they travel (RFC 9530, section 2).
pub fn digested(headers: &HeaderMap, value: &impl Serialize) -> Answer {
    let (bytes, encoded) = packed(headers, value)?;
    let digest = format!("sha-256=:{}:", BASE64_STANDARD.encode(Sha256::digest(&bytes)));
    let mut response = written(StatusCode::OK, bytes, encoded);
    if let Ok(digest) = HeaderValue::from_str(&digest) {
        response.headers_mut().insert("content-digest", digest);
    }
    Ok(response)
}

/// The bytes of an answer, and whether they are compressed.
fn packed(headers: &HeaderMap, value: &impl Serialize) -> Answer<(Vec<u8>, bool)> {
    let unwritable = |_| ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "Réponse impossible.");
    let text = serde_json::to_vec(value).map_err(unwritable)?;
    let accepted = headers
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(','))
        .any(|coding| coding.split(';').next().is_some_and(|c| c.trim().eq_ignore_ascii_case("zstd")));
    let packed = if accepted && text.len() >= WORTH_IT { compress(&text) } else { None };
    let encoded = packed.is_some();
    Ok((packed.unwrap_or(text), encoded))
}

/// A text compressed; `None` where that does not work, which is no reason not to answer.
fn compress(text: &[u8]) -> Option<Vec<u8>> {
    thread_local! {
        // Its tables are larger than most answers: made once for each thread instead of once for each answer.
        static COMPRESSOR: RefCell<Option<Compressor<'static>>> = RefCell::new(Compressor::new(LEVEL).ok());
    }
    COMPRESSOR.with_borrow_mut(|compressor| compressor.as_mut()?.compress(text).ok())
}

fn written(status: StatusCode, bytes: Vec<u8>, encoded: bool) -> Response {
    let mut response = (status, bytes).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if encoded {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("zstd"));
    }
    response
}
