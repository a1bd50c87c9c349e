//! `POST /v1/colleagues`: where a desk listens on its office's own network, and who the others of the office are.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use passerelle_protocol::colleagues::{Colleagues, ColleaguesRequest, MAX_ADDRESS, MAX_ADDRESSES};

use super::problem::ApiError;
use super::{Answer, Shared, bearer, body};
use crate::service::Service;
use crate::store::{Desk, StoreError, again};

/// Keeps what the desk says of itself, and tells it of the desks of its office that are trusted.
pub async fn colleagues(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let (desk, _) = bearer(&service, &headers).await?;
    let request: ColleaguesRequest = body::json(&headers, body).await?;
    refuse_unusable(&request.listens)?;
    let mut desks = service.store.read().await?.colleagues(&desk.office).await?;
    let Some(own) = desks.iter_mut().find(|d| d.desk == desk.id) else {
        return Err(ApiError::desk_revoked());
    };
    // It says the same each time, as long as nobody moves it.
    if own.listens != request.listens {
        again(|| keep(&service, &desk, &request.listens)).await?;
        own.listens = request.listens;
    }
    body::answer(&headers, StatusCode::OK, &Colleagues { desks })
}

async fn keep(service: &Service, desk: &Desk, listens: &[String]) -> Result<(), StoreError> {
    let mut tx = service.store.write().await?;
    tx.note_listens(desk.id, listens).await?;
    tx.commit().await
}

/// An address is an IP address and a port: whoever is told it asks no name server, and no other machine answers to it.
fn refuse_unusable(listens: &[String]) -> Answer<()> {
    let refused = |detail: String| ApiError::new(StatusCode::BAD_REQUEST, "bad_address", detail);
    if listens.len() > MAX_ADDRESSES {
        return Err(refused(format!(
            "Ce poste annonce {} adresses, plus que les {MAX_ADDRESSES} admises ; annoncez celles du réseau du CIO.",
            listens.len()
        )));
    }
    // The address itself is not repeated: what is refused is logged elsewhere.
    let usable = |a: &String| a.len() <= MAX_ADDRESS && a.parse::<SocketAddr>().is_ok();
    match listens.iter().position(|address| !usable(address)) {
        Some(at) => Err(refused(format!(
            "L’adresse n° {} de ce poste n’est pas une adresse IP suivie d’un port (par exemple 192.168.1.20:7443) ; \
             corrigez-la et renvoyez la liste. Rien n’a été enregistré.",
            at + 1
        ))),
        None => Ok(()),
    }
}
