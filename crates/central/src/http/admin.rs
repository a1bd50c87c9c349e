//! `/v1/admin/…`: what the command line does for offices, people and desks, with an administrator's key.
//!
//! A key is made on the command line only: whoever has one cannot make others that outlive it.

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use passerelle_domain::client::FieldError;
use passerelle_domain::ids::{DeskId, Uai};
use passerelle_domain::people::{Person, Role, Title};
use serde::Deserialize;
use serde_json::json;

use super::problem::ApiError;
use super::{Answer, Shared, body, presented};
use crate::administration::{self, AdminError, By, CodeGiven, NewOffice};
use crate::gate::{Errand, Turn};
use crate::secret;
use crate::service::Service;
use crate::store::again;

/// The administrator that a request comes from, by the key that it bears, and a turn to work.
async fn admin(service: &Service, headers: &HeaderMap, errand: Errand) -> Answer<(By, Turn)> {
    let unknown = || {
        let detail = "Il faut une clé d’administration (« Authorization: Bearer … ») que ce service connaît ; \
                      « passerelle-central admin key » en fait une.";
        ApiError::new(StatusCode::UNAUTHORIZED, "admin_key_unknown", detail)
    };
    let hash = secret::hash(presented(headers).ok_or_else(unknown)?);
    let key = service.store.read().await?.admin_key(&hash).await?.ok_or_else(unknown)?;
    if key.revoked_at.is_some() {
        let detail =
            "Cette clé d’administration ne vaut plus rien ; demandez-en une autre à qui tient le service.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "admin_key_revoked", detail));
    }
    let turn = service.gate.enter(errand).await?;
    Ok((By::key(key.name, service.now()), turn))
}

/// The office of a path. What is no key of an office is the key of none.
fn office_in(path: &str) -> Answer<Uai> {
    Uai::parse(path).map_err(|_| ApiError::not_found("CIO"))
}

/// The desk of a path.
fn desk_in(path: &str) -> Answer<DeskId> {
    path.parse().map_err(|_| AdminError::NoDesk.into())
}

/// `GET /v1/admin/offices`.
pub async fn offices(State(service): Shared, headers: HeaderMap) -> Answer {
    let (_, _turn) = admin(&service, &headers, Errand::Read).await?;
    let offices = administration::offices(&service.store).await?;
    body::answer(&headers, StatusCode::OK, &json!({ "offices": offices }))
}

/// `GET /v1/admin/offices/{uai}`.
pub async fn office(State(service): Shared, Path(uai): Path<String>, headers: HeaderMap) -> Answer {
    let (_, _turn) = admin(&service, &headers, Errand::Read).await?;
    let office = administration::office(&service.store, &office_in(&uai)?).await?;
    body::answer(&headers, StatusCode::OK, &office)
}

/// A new office as it is sent.
#[derive(Debug, Deserialize)]
struct OfficeBody {
    uai: String,
    name: String,
    town: String,
    address: String,
    postal_code: String,
    phone: Option<String>,
    mail: Option<String>,
}

/// `POST /v1/admin/offices`. One that is there already is said, as it is.
pub async fn add_office(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let (by, _turn) = admin(&service, &headers, Errand::Send).await?;
    let OfficeBody { uai, name, town, address, postal_code, phone, mail } =
        body::json(&headers, body).await?;
    let uai = Uai::parse(&uai).map_err(|e| field("uai", "unreadable", e.to_string()))?;
    let new = NewOffice { uai: uai.clone(), name, town, address, postal_code, phone, mail };
    match again(|| administration::add_office(&service.store, new.clone(), &by)).await {
        Err(AdminError::OfficeExists(_)) => {
            let there = administration::office(&service.store, &uai).await?;
            let detail = format!(
                "Le CIO {uai} existe déjà : « {} », {} ; rien n’a été modifié.",
                there.name, there.town
            );
            Err(ApiError::new(StatusCode::CONFLICT, "exists", detail).existing(json!(there)))
        }
        done => {
            done?;
            let there = administration::office(&service.store, &uai).await?;
            let mut response = body::answer(&headers, StatusCode::CREATED, &there)?;
            if let Ok(place) = HeaderValue::from_str(&format!("/v1/admin/offices/{uai}")) {
                response.headers_mut().insert(header::LOCATION, place);
            }
            Ok(response)
        }
    }
}

/// `GET /v1/admin/offices/{uai}/people`.
pub async fn people(State(service): Shared, Path(uai): Path<String>, headers: HeaderMap) -> Answer {
    let (_, _turn) = admin(&service, &headers, Errand::Read).await?;
    let people = administration::people(&service.store, &office_in(&uai)?).await?;
    body::answer(&headers, StatusCode::OK, &json!({ "people": people }))
}

/// A new member of the staff as they are sent.
#[derive(Debug, Deserialize)]
struct PersonBody {
    login: String,
    title: Title,
    given_name: String,
    family_name: String,
    role: Role,
}

/// `POST /v1/admin/offices/{uai}/people`. A short name that is taken is said, with whose it is.
pub async fn add_person(
    State(service): Shared,
    Path(uai): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let (by, _turn) = admin(&service, &headers, Errand::Send).await?;
    let uai = office_in(&uai)?;
    let PersonBody { login, title, given_name, family_name, role } = body::json(&headers, body).await?;
    let id = administration::person_id();
    let person = Person { id, login, title, given_name, family_name, role, usual_place: None, active: true };
    again(|| administration::add_user(&service.store, &uai, &person, &by)).await?;
    body::answer(&headers, StatusCode::CREATED, &administration::PersonRow::from(&person))
}

/// `GET /v1/admin/offices/{uai}/desks`.
pub async fn desks(State(service): Shared, Path(uai): Path<String>, headers: HeaderMap) -> Answer {
    let (_, _turn) = admin(&service, &headers, Errand::Read).await?;
    let uai = office_in(&uai)?;
    administration::office(&service.store, &uai).await?;
    let desks = administration::desks(&service.store, &uai).await?;
    body::answer(&headers, StatusCode::OK, &json!({ "desks": desks }))
}

/// What is wanted of a code.
#[derive(Debug, Deserialize)]
struct CodeBody {
    replaces: Option<DeskId>,
}

/// `POST /v1/admin/offices/{uai}/codes`. Each request gives another: a code that was not received is of no use to anybody.
pub async fn code(State(service): Shared, Path(uai): Path<String>, headers: HeaderMap, body: Body) -> Answer {
    let (by, _turn) = admin(&service, &headers, Errand::Send).await?;
    let uai = office_in(&uai)?;
    let CodeBody { replaces } = body::json(&headers, body).await?;
    let store = &service.store;
    let code = match replaces {
        Some(old) => again(|| administration::replace_desk(store, &uai, old, &by)).await?,
        None => again(|| administration::desk_code(store, &uai, &by)).await?,
    };
    body::answer(&headers, StatusCode::CREATED, &CodeGiven::new(code, uai, replaces))
}

/// Whether a desk is to be the reception.
#[derive(Debug, Deserialize)]
struct ReceptionBody {
    on: bool,
}

/// `POST /v1/admin/desks/{desk}/reception`.
pub async fn reception(
    State(service): Shared,
    Path(desk): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Answer {
    let (by, _turn) = admin(&service, &headers, Errand::Send).await?;
    let desk = desk_in(&desk)?;
    let ReceptionBody { on } = body::json(&headers, body).await?;
    again(|| administration::set_reception(&service.store, desk, on, &by)).await?;
    body::answer(&headers, StatusCode::OK, &json!({ "desk": desk, "reception": on }))
}

/// `POST /v1/admin/desks/{desk}/take-back`.
pub async fn take_back(State(service): Shared, Path(desk): Path<String>, headers: HeaderMap) -> Answer {
    let (by, _turn) = admin(&service, &headers, Errand::Send).await?;
    let desk = desk_in(&desk)?;
    let taken = again(|| administration::take_back(&service.store, desk, &by)).await?;
    body::answer(&headers, StatusCode::OK, &json!({ "desk": desk, "taken_back": taken }))
}

/// `POST /v1/admin/desks/{desk}/revoke`.
pub async fn revoke(State(service): Shared, Path(desk): Path<String>, headers: HeaderMap) -> Answer {
    let (by, _turn) = admin(&service, &headers, Errand::Send).await?;
    let desk = desk_in(&desk)?;
    again(|| administration::revoke_desk(&service.store, desk, &by)).await?;
    body::answer(&headers, StatusCode::OK, &json!({ "desk": desk, "revoked": true }))
}

/// `GET /v1/admin/catalogue`.
pub async fn catalogue(State(service): Shared, headers: HeaderMap) -> Answer {
    let (_, _turn) = admin(&service, &headers, Errand::Read).await?;
    let Some(manifest) = administration::catalogue(&service.store).await? else {
        return Err(ApiError::no_catalogue());
    };
    body::answer(&headers, StatusCode::OK, &manifest)
}

/// Which part of what was noted.
#[derive(Debug, Deserialize)]
pub struct AuditQuery {
    before: Option<String>,
    limit: Option<usize>,
}

/// `GET /v1/admin/audit`.
pub async fn audit(
    State(service): Shared,
    headers: HeaderMap,
    wanted: Result<Query<AuditQuery>, QueryRejection>,
) -> Answer {
    let (_, _turn) = admin(&service, &headers, Errand::Read).await?;
    let Query(wanted) = wanted.map_err(|_| {
        let detail = "« before » est l’identifiant d’une ligne, « limit » un nombre.";
        ApiError::new(StatusCode::BAD_REQUEST, "malformed_query", detail)
    })?;
    let limit = wanted.limit.unwrap_or(administration::PAGE);
    let noted = administration::audit(&service.store, wanted.before.as_deref(), limit).await?;
    body::answer(&headers, StatusCode::OK, &noted)
}

/// A field that cannot be taken.
fn field(name: &str, code: &str, detail: String) -> ApiError {
    let wrong = FieldError { field: name.into(), code: code.into() };
    ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).fields(vec![wrong])
}

impl From<AdminError> for ApiError {
    fn from(error: AdminError) -> Self {
        // The same texts as on the command line, as sentences.
        let detail = sentence(&error.to_string());
        match error {
            AdminError::Store(error) => error.into(),
            AdminError::NoRandomness(error) => error.into(),
            AdminError::NoOffice(_) => {
                let detail = "Aucun CIO n’a ce code ; « GET /v1/admin/offices » donne la liste.";
                Self::new(StatusCode::NOT_FOUND, "not_found", detail)
            }
            AdminError::NoDesk | AdminError::NoKey(_) => {
                Self::new(StatusCode::NOT_FOUND, "not_found", detail)
            }
            AdminError::LoginTaken(there) => {
                Self::new(StatusCode::CONFLICT, "exists", detail).existing(json!(there))
            }
            AdminError::OfficeExists(_) | AdminError::KeyExists(_) => {
                Self::new(StatusCode::CONFLICT, "exists", detail)
            }
            AdminError::BadLogin(_) => field("login", "unreadable", detail),
            AdminError::UnknownPostalCode(_) => field("postal_code", "postal_code", detail),
            AdminError::Invalid(wrong) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", detail).fields(vec![wrong])
            }
        }
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}
