//! What waits at a desk that is trusted no longer, and what a director says of it: asked of central at once, for nobody else
//! can say so.

use ed25519_dalek::Signer;
use passerelle_domain::ids::PersonId;
use passerelle_protocol::enrol::quarantine::{
    QuarantineList, QuarantineRequest, QuarantineResponse, SettleRequest, Settled, Settling, Which,
};
use passerelle_protocol::sync::MAX_COMMANDS;

use super::central::{Central, SyncError, hex, signing_key};
use crate::desk::Desk;
use crate::store::Enrolment;

/// Whether central says that this desk is trusted no longer.
pub(super) fn is_revoked(error: &SyncError) -> bool {
    matches!(error, SyncError::Refused(problem) if problem.code == "desk_revoked")
}

/// Puts what waits here and is not there yet into quarantine; how many commands. It stays here too: what a director makes of it
/// this desk never hears.
///
/// # Errors
/// [`SyncError`]; what was put there stays there, and is not sent again.
pub(super) async fn put_aside(desk: &Desk, enrolment: &Enrolment) -> Result<u32, SyncError> {
    let base = enrolment.central.as_deref().ok_or(SyncError::Alone)?;
    let key = signing_key(enrolment)?;
    let central = Central::new(base)?;
    let mut most = MAX_COMMANDS;
    let mut put = 0;
    loop {
        let commands = desk.store().to_put_aside(most).await?;
        let Some(last) = commands.last().map(|envelope| envelope.seq) else { return Ok(put) };
        let count = commands.len();
        let ask =
            QuarantineRequest { desk: enrolment.desk, nonce: None, signature: None, commands: Vec::new() };
        let QuarantineResponse::Challenge { nonce } = central.put_aside(&ask).await? else {
            return Err(SyncError::NotCentral("a quarantine without a challenge".into()));
        };
        let signature = Some(hex(&key.sign(nonce.as_bytes()).to_bytes()));
        match central.put_aside(&QuarantineRequest { nonce: Some(nonce), signature, commands, ..ask }).await {
            Ok(QuarantineResponse::Kept { .. }) => {}
            Ok(QuarantineResponse::Challenge { .. }) => {
                return Err(SyncError::NotCentral("a second challenge".into()));
            }
            // Central, or a proxy before it, takes less at a time.
            Err(SyncError::Refused(problem)) if problem.status == 413 && count > 1 => {
                most = count / 2;
                continue;
            }
            Err(error) => return Err(error),
        }
        desk.store().note_put_aside(&enrolment.inc, last).await?;
        put += u32::try_from(count).unwrap_or(u32::MAX);
    }
}

/// What waits in the quarantine of this office.
///
/// # Errors
/// [`SyncError`]; [`SyncError::Alone`] at a desk without a central.
pub async fn quarantine(desk: &Desk, actor: PersonId) -> Result<QuarantineList, SyncError> {
    let enrolment = desk.store().enrolment().await?.ok_or(SyncError::Alone)?;
    let (mut central, mut token) = desk.access().open(&enrolment).await?;
    match central.quarantine(&token, actor).await {
        Err(SyncError::Refused(problem)) if problem.status == 401 => {
            desk.access().forget_token().await;
            (central, token) = desk.access().open(&enrolment).await?;
            central.quarantine(&token, actor).await
        }
        list => list,
    }
}

/// Says what becomes of commands of the quarantine.
///
/// # Errors
/// [`SyncError`]; [`SyncError::Alone`] at a desk without a central.
pub async fn settle(
    desk: &Desk,
    actor: PersonId,
    settling: Settling,
    commands: Vec<Which>,
) -> Result<Settled, SyncError> {
    let enrolment = desk.store().enrolment().await?.ok_or(SyncError::Alone)?;
    let request = SettleRequest { actor, settling, commands };
    let (mut central, mut token) = desk.access().open(&enrolment).await?;
    match central.settle(&token, &request).await {
        Err(SyncError::Refused(problem)) if problem.status == 401 => {
            desk.access().forget_token().await;
            (central, token) = desk.access().open(&enrolment).await?;
            central.settle(&token, &request).await
        }
        settled => settled,
    }
}
