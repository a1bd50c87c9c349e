//! `GET /v1/openapi.json`: what this interface is, for whoever writes the other side.
//!
//! The document is written by hand, in `openapi.json`. Deriving it from the types was the alternative: most of what
//! travels is documents of the domain, which uses nothing that could describe it. What keeps the document true are tests:
//! each route of the router is in it and no other (below), and real requests and answers of every route have the form that
//! it says, without a field that it does not know (`tests/story/openapi.rs`).

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

/// The document.
const DOCUMENT: &str = include_str!("openapi.json");

/// The document, as it was built in.
pub async fn openapi() -> Response {
    let mut response = DOCUMENT.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_route_is_in_the_document_and_no_other() {
        let document: serde_json::Value = serde_json::from_str(DOCUMENT).expect("JSON");
        let paths = document["paths"].as_object().expect("paths");
        let written: BTreeSet<(String, String)> = paths
            .iter()
            .flat_map(|(path, item)| {
                let methods = item.as_object().expect("an item").keys().filter(|key| *key != "parameters");
                methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
            })
            .collect();
        let routes = super::super::routes();
        let routed: BTreeSet<(String, String)> =
            routes.iter().map(|r| (r.method.to_string(), r.path.to_owned())).collect();
        assert_eq!(written, routed);
        assert_eq!(routes.len(), routed.len(), "no route twice");
    }
}
