//! `POST /v1/sync`: commands up, verdicts and changes down.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use passerelle_protocol::sync::{
    Change, DIRECTORY, MAX_BODY, MAX_CHANGES, MAX_COMMANDS, SyncRequest, SyncResponse, office_scope,
};

use super::problem::ApiError;
use super::{Answer, Shared, bearer, body};
use crate::push::{PushError, push};
use crate::service::Service;
use crate::store::{self, Desk};

/// Longest name of an incarnation.
const INC_MAX: usize = 64;

/// The whole exchange. Each command is durable before its verdict is written here.
pub async fn sync(State(service): Shared, headers: HeaderMap, body: Body) -> Answer {
    let (desk, _) = bearer(&service, &headers).await?;
    let request: SyncRequest = body::json(&headers, body).await?;
    refuse_foreign(&service, &desk, &request)?;
    let pushed = push(&service, &desk, &request.replica.inc, &request.commands).await?;
    let pulled = pull(&service, &desk, &request).await?;
    let response = SyncResponse {
        epoch: service.store.meta.epoch.clone(),
        inc: request.replica.inc,
        server_time: service.now(),
        results: pushed.results,
        expected_next: pushed.expected_next,
        changes: pulled.changes,
        cursors: pulled.cursors,
        has_more: pulled.has_more,
        poll_after_s: service.poll_s,
    };
    body::answer(&headers, StatusCode::OK, &response)
}

/// Nothing is decided for a request that is not this desk's, of this epoch, within the bounds.
fn refuse_foreign(service: &Service, desk: &Desk, request: &SyncRequest) -> Answer<()> {
    if request.replica.desk != desk.id {
        let detail = "Le jeton d’accès appartient à un autre poste que celui qui parle.";
        return Err(ApiError::new(StatusCode::FORBIDDEN, "wrong_desk", detail));
    }
    let inc = &request.replica.inc;
    if inc.is_empty() || inc.len() > INC_MAX || !inc.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(ApiError::bad_request(format!(
            "L’incarnation (replica.inc) doit avoir de 1 à {INC_MAX} caractères ASCII visibles."
        )));
    }
    if request.commands.len() > MAX_COMMANDS {
        let detail = format!("Plus de {MAX_COMMANDS} commandes à la fois ; envoyez-en la moitié.");
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_commands", detail));
    }
    if !request.epoch.is_empty() && request.epoch != service.store.meta.epoch {
        let detail = "Le service a été restauré ou réinstallé : le poste doit revoir ce qu’il lui a confié.";
        return Err(ApiError::new(StatusCode::CONFLICT, "epoch_changed", detail));
    }
    Ok(())
}

impl From<PushError> for ApiError {
    fn from(error: PushError) -> Self {
        match error {
            PushError::Lineage { seq, last } => {
                let detail = format!(
                    "La commande n° {seq} est nouvelle, mais le n° {last} est déjà utilisé : ce poste est la copie \
                     d’un autre. Prenez une nouvelle incarnation, renumérotez et renvoyez."
                );
                Self::new(StatusCode::CONFLICT, "lineage_conflict", detail)
            }
            PushError::NoOffice => Self::new(
                StatusCode::FORBIDDEN,
                "office_unknown",
                "Le CIO de ce poste n’existe plus ; adressez-vous à l’administrateur de l’académie.",
            ),
            PushError::Store(error) => error.into(),
        }
    }
}

struct Pulled {
    changes: Vec<Change>,
    cursors: BTreeMap<String, u64>,
    has_more: bool,
}

/// The next changes of the desk's own office, then of the directory, from one state of the database. Cursors of other
/// scopes are not looked at: nothing of another office ever leaves.
async fn pull(service: &Service, desk: &Desk, request: &SyncRequest) -> Answer<Pulled> {
    let mut tx = service.store.read().await?;
    let mut pulled = Pulled { changes: Vec::new(), cursors: BTreeMap::new(), has_more: false };
    let limit = request.limit.clamp(1, MAX_CHANGES);
    let mut room = MAX_BODY;
    for scope in [office_scope(&desk.office), DIRECTORY.to_owned()] {
        let cursor = request.cursors.get(&scope).copied().unwrap_or(0);
        let left = limit.saturating_sub(u32::try_from(pulled.changes.len()).unwrap_or(limit));
        let Some(page) = store::page(&mut tx, &scope, cursor, left, room).await? else { continue };
        if cursor > page.head {
            let detail =
                "Le poste connaît plus de changements que le service ; il doit tout relire depuis le début.";
            return Err(ApiError::new(StatusCode::GONE, "cursor_expired", detail));
        }
        pulled.has_more |= page.cursor < page.head;
        room = room.saturating_sub(page.bytes);
        pulled.changes.extend(page.changes);
        pulled.cursors.insert(scope, page.cursor);
    }
    Ok(pulled)
}
