//! Half-days that a desk holds: who, until when, and taking them back.

use passerelle_domain::lease::HalfDay;
use passerelle_domain::people::Role;
use serde::Deserialize;
use serde_json::json;

use super::NoArgs;
use super::dto::{ApiError, LeaseView, LeasesView};
use super::views::Viewer;
use crate::desk::Desk;
use crate::sync::{self, SyncError};

/// `leases.list`: what the desks of this office hold, in the order of time. What has passed is left out.
///
/// # Errors
/// Those of [`Viewer::load`]; the database's.
pub async fn list(desk: &Desk, _: NoArgs) -> Result<LeasesView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let own = desk.store().enrolment().await?.map(|e| e.desk);
    let leases = desk.store().leases().await?;
    let leases = leases
        .iter()
        .filter(|l| l.granule.end(&viewer.settings) > viewer.now)
        .map(|l| LeaseView {
            id: l.reference(),
            counsellor: viewer.person(l.granule.counsellor),
            date: l.granule.date,
            morning: l.granule.half == HalfDay::Morning,
            until: l.granule.end(&viewer.settings),
            desk: l.holder.to_string(),
            desk_name: l.holder_name.clone(),
            here: own == Some(l.holder),
            asked_back: l.asked_back.is_some(),
        })
        .collect();
    Ok(LeasesView { leases, may_revoke: viewer.person.role == Role::Director })
}

/// Arguments of `leases.revoke`.
#[derive(Debug, Clone, Deserialize)]
pub struct RevokeArgs {
    /// Those to take back, as `leases.list` names them.
    pub leases: Vec<String>,
}

/// `leases.revoke`: takes half-days back from the desk that holds them, and gives what is left. What that desk promised and
/// has not sent yet may have to be placed elsewhere.
///
/// # Errors
/// `not_allowed` but for the director; `central_needed` with `why` when central cannot be asked; the database's.
pub async fn revoke(desk: &Desk, args: RevokeArgs) -> Result<LeasesView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    if viewer.person.role != Role::Director {
        return Err(ApiError::new("not_allowed"));
    }
    match sync::revoke(desk, viewer.person.id, args.leases).await {
        Ok(_) => {}
        Err(SyncError::Store(error)) => return Err(error.into()),
        Err(SyncError::Refused(problem)) if problem.code == "not_allowed" => {
            return Err(ApiError::new("not_allowed"));
        }
        Err(error) => return Err(ApiError::new("central_needed").with(json!({ "why": error.code() }))),
    }
    // That they are gone comes back as any other change.
    match sync::once(desk).await {
        Ok(_) => {}
        Err(SyncError::Store(error)) => return Err(error.into()),
        Err(error) => tracing::warn!(code = error.code(), "exchange failed"),
    }
    list(desk, NoArgs {}).await
}
