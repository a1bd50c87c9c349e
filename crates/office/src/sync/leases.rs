//! Taking half-days back from the desk that holds them: asked of central at once, for nobody else can say so.

use passerelle_domain::ids::PersonId;
use passerelle_protocol::lease::RevokeRequest;

use super::central::SyncError;
use crate::desk::Desk;

/// How many of these leases (`<id>/<term>`) central took back.
///
/// # Errors
/// [`SyncError`]; [`SyncError::Alone`] at a desk without a central.
pub async fn revoke(desk: &Desk, actor: PersonId, leases: Vec<String>) -> Result<u32, SyncError> {
    let enrolment = desk.store().enrolment().await?.ok_or(SyncError::Alone)?;
    let request = RevokeRequest { actor, leases };
    let (mut central, mut token) = desk.access().open(&enrolment).await?;
    let revoked = match central.revoke(&token, &request).await {
        Err(SyncError::Refused(problem)) if problem.status == 401 => {
            desk.access().forget_token().await;
            (central, token) = desk.access().open(&enrolment).await?;
            central.revoke(&token, &request).await?
        }
        revoked => revoked?,
    };
    Ok(revoked.revoked)
}
