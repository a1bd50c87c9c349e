//! What a desk had not sent when it was trusted no longer: the director sees it, and says what becomes of it.

use passerelle_domain::people::Role;
use passerelle_domain::slots::instant_of;
use passerelle_protocol::enrol::quarantine::{Quarantined, Settled, Settling, Which};
use passerelle_protocol::sync::Verdict;
use serde::Deserialize;
use serde_json::json;

use super::NoArgs;
use super::dto::{ApiError, QuarantineDone, QuarantineItem, QuarantineView};
use super::views::Viewer;
use crate::desk::Desk;
use crate::sync::{self, SyncError};

/// `quarantine.list`: nothing but for the director, and nothing at a desk without a central.
///
/// # Errors
/// `central_needed` with `why` when central cannot be asked; those of [`Viewer::load`]; the database's.
pub async fn list(desk: &Desk, _: NoArgs) -> Result<QuarantineView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let alone = desk.enrolment().is_none_or(|e| e.central.is_none());
    if viewer.person.role != Role::Director || alone {
        return Ok(QuarantineView { items: Vec::new(), more: false });
    }
    let list = match sync::quarantine(desk, viewer.person.id).await {
        Ok(list) => list,
        // An older central keeps nothing aside.
        Err(SyncError::Refused(problem)) if problem.status == 404 => {
            return Ok(QuarantineView { items: Vec::new(), more: false });
        }
        Err(error) => return Err(unanswered(error)),
    };
    let mut items = Vec::with_capacity(list.commands.len());
    for command in list.commands {
        items.push(item(desk, &viewer, command).await?);
    }
    Ok(QuarantineView { items, more: list.more })
}

/// A command with what this desk knows of whom and what it is about.
async fn item(desk: &Desk, viewer: &Viewer, command: Quarantined) -> Result<QuarantineItem, ApiError> {
    let store = desk.store();
    let meeting = match command.appointment {
        Some(id) => store.appointment(id).await?,
        None => None,
    };
    let client = match command.client.or_else(|| meeting.as_ref().and_then(|m| m.client)) {
        Some(id) => store.client(id).await?,
        None => None,
    };
    let known = client.map(|c| c.full_name());
    let (start, zone, counsellor) = match (&command.place, &meeting) {
        (Some(place), _) => {
            // The rules judge an hour that the clocks leave out when it is decided.
            (Some(instant_of(place.start, place.zone)), Some(place.zone), Some(place.counsellor))
        }
        (None, Some(m)) => (Some(m.start), Some(m.zone), Some(m.counsellor)),
        (None, None) => (None, None, None),
    };
    Ok(QuarantineItem {
        id: format!("{}/{}", command.desk, command.id),
        desk_name: command.desk_name,
        kind: command.kind,
        at: command.at,
        by: viewer.name_of(command.actor),
        about: known.or(command.name),
        start,
        zone: zone.map(|z| z.name().to_owned()),
        counsellor: counsellor.and_then(|id| viewer.name_of(id)),
        status: command.status.map(|s| s.key().to_owned()),
        refused: command.refusal.map(|r| r.code.key().to_owned()),
    })
}

/// Arguments of `quarantine.release` and `quarantine.discard`.
#[derive(Debug, Clone, Deserialize)]
pub struct ItemsArgs {
    /// Which, as `quarantine.list` names them.
    pub items: Vec<String>,
}

/// `quarantine.release`: they are decided as any other, with those on which they depend.
///
/// # Errors
/// `not_allowed` but for the director; `central_needed` with `why`; `bad_arguments`; the database's.
pub async fn release(desk: &Desk, args: ItemsArgs) -> Result<QuarantineDone, ApiError> {
    let settled = settle(desk, Settling::Release, &args).await?;
    // What was carried out comes back as any other change.
    match sync::once(desk).await {
        Ok(_) => {}
        Err(SyncError::Store(error)) => return Err(error.into()),
        Err(error) => tracing::warn!(code = error.code(), "exchange failed"),
    }
    let count = |is: fn(&Verdict) -> bool| {
        u32::try_from(settled.released.iter().filter(|r| is(&r.verdict)).count()).unwrap_or(u32::MAX)
    };
    Ok(QuarantineDone {
        accepted: count(|v| matches!(v, Verdict::Accepted { .. })),
        refused: count(|v| matches!(v, Verdict::Refused { .. })),
        waiting: count(|v| matches!(v, Verdict::Held)),
        left: list(desk, NoArgs {}).await?,
    })
}

/// `quarantine.discard`: nothing becomes of them.
///
/// # Errors
/// As [`release`].
pub async fn discard(desk: &Desk, args: ItemsArgs) -> Result<QuarantineView, ApiError> {
    settle(desk, Settling::Discard, &args).await?;
    list(desk, NoArgs {}).await
}

async fn settle(desk: &Desk, settling: Settling, args: &ItemsArgs) -> Result<Settled, ApiError> {
    let viewer = Viewer::load(desk).await?;
    if viewer.person.role != Role::Director {
        return Err(ApiError::new("not_allowed"));
    }
    let which = |item: &String| {
        let (desk, id) = item.split_once('/')?;
        Some(Which { desk: desk.parse().ok()?, id: id.parse().ok()? })
    };
    let commands: Vec<Which> =
        args.items.iter().map(which).collect::<Option<_>>().ok_or_else(|| ApiError::not_found("items"))?;
    let mut all = Settled { released: Vec::new(), discarded: 0 };
    for some in commands.chunks(passerelle_protocol::enrol::quarantine::MAX_SETTLED) {
        let settled =
            sync::settle(desk, viewer.person.id, settling, some.to_vec()).await.map_err(unanswered)?;
        all.released.extend(settled.released);
        all.discarded += settled.discarded;
    }
    Ok(all)
}

/// What the screen is told when central has not done it.
fn unanswered(error: SyncError) -> ApiError {
    match error {
        SyncError::Store(error) => error.into(),
        SyncError::Refused(problem) if problem.code == "not_allowed" => ApiError::new("not_allowed"),
        error => ApiError::new("central_needed").with(json!({ "why": error.code() })),
    }
}
