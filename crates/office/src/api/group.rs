//! Group sessions as a whole: moved or cancelled with everybody in them.

use passerelle_domain::command::Command;
use passerelle_domain::ids::AppointmentId;
use serde::Deserialize;

use super::act::{self, Subject, id};
use super::booking::{confirm, prepare_move};
use super::dto::{ApiError, Done, MoveDraft};
use crate::desk::Desk;

/// `sessions.move`: everybody who is still expected moves, or nobody. `id` is any meeting of the session.
///
/// # Errors
/// As `appointments.move`; `client_busy` says who of them is expected elsewhere at that time.
pub async fn move_to(desk: &Desk, draft: MoveDraft) -> Result<Done, ApiError> {
    let (to, mut wanted) = prepare_move(desk, &draft).await?;
    // It is about the session, and not about the one by whom it is named.
    wanted.client = None;
    confirm(desk, &wanted, &draft.seen_warnings, draft.override_reason.as_ref()).await?;
    let subject = Subject { appointment: wanted.moving, wanted: Some(wanted), id: None };
    act::run(desk, vec![Command::MoveSession(to)], true, subject).await
}

/// Arguments of `sessions.cancel`.
#[derive(Debug, Clone, Deserialize)]
pub struct CancelArgs {
    /// Id of any meeting of the session.
    pub id: String,
    /// Kept with each meeting; mandatory.
    pub reason: String,
}

/// `sessions.cancel`: everybody's meeting and the session itself, with one reason.
///
/// # Errors
/// `reason_missing`, `no_such_step` once somebody was received; the database's.
pub async fn cancel(desk: &Desk, args: CancelArgs) -> Result<Done, ApiError> {
    let which: AppointmentId = id(&args.id, "appointment")?;
    let subject = Subject { appointment: Some(which), ..Subject::default() };
    let command = Command::CancelSession { id: which, reason: args.reason };
    act::run(desk, vec![command], true, subject).await
}
