//! Enrolment: the desk makes its key, shows the one-time code, and belongs to an office.

use std::path::Path;

use ed25519_dalek::SigningKey;
use passerelle_protocol::enrol::EnrolRequest;
use rand::RngCore;

use super::central::{Central, SyncError, hex, signing_key};
use crate::clock::Clock;
use crate::desk::Desk;
use crate::store::{Enrolment, StoreError, profile_database};

/// 32 random bytes of the system.
pub(crate) fn random_key() -> [u8; 32] {
    let mut secret = [0; 32];
    rand::rng().fill_bytes(&mut secret);
    secret
}

/// A new incarnation's name.
pub(crate) fn new_incarnation() -> String {
    let mut bytes = [0; 8];
    rand::rng().fill_bytes(&mut bytes);
    hex(&bytes)
}

/// Enrols a new desk: central first, so that a wrong code or a cut network leaves no profile behind. A desk that is there
/// already, and that its central does not know any more, is enrolled again with all that it has.
///
/// # Errors
/// Central's refusal (code used, expired, unknown), no network, or a folder that cannot be written;
/// [`StoreError::ProfileExists`] where there is a desk that its central knows, or one of another central;
/// [`SyncError::OtherOffice`].
pub async fn enrol(
    profile: &Path,
    central: &str,
    code: &str,
    name: &str,
    clock: Clock,
) -> Result<Desk, SyncError> {
    if profile_database(profile).exists() {
        let desk = Desk::open(profile, clock).await?;
        let again = enrol_again(&desk, central, code, name).await;
        if again.is_err() {
            desk.store().close().await;
        }
        return again.map(|()| desk);
    }
    let secret = random_key();
    let key = SigningKey::from_bytes(&secret);
    let enrolled = Central::new(central)?.enrol(&request(code, name, &key)).await?;
    let desk = Desk::create(profile, clock).await?;
    desk.enrol(Enrolment {
        desk: enrolled.desk,
        office: enrolled.office,
        central: Some(central.trim_end_matches('/').to_owned()),
        key: hex(&secret),
        demo: enrolled.demo,
        inc: new_incarnation(),
        epoch: enrolled.epoch,
    })
    .await?;
    Ok(desk)
}

fn request(code: &str, name: &str, key: &SigningKey) -> EnrolRequest {
    EnrolRequest {
        code: code.trim().to_owned(),
        name: name.to_owned(),
        public_key: hex(key.verifying_key().as_bytes()),
    }
}

/// A central that was set back to a time before a desk was enrolled does not know it: with another code the desk gets another
/// number there, and keeps its key and all that it has. Under a new incarnation what waits is numbered anew, and what that
/// central has lost is found out at the next exchange, as at every desk.
async fn enrol_again(desk: &Desk, central: &str, code: &str, name: &str) -> Result<(), SyncError> {
    let exists = || SyncError::from(StoreError::ProfileExists(desk.profile().to_owned()));
    let before = desk.store().enrolment().await?.ok_or_else(exists)?;
    if before.central.as_deref() != Some(central.trim_end_matches('/')) {
        return Err(exists());
    }
    let key = signing_key(&before)?;
    let central = Central::new(central)?;
    match central.token(before.desk, &key).await {
        Ok(_) => return Err(exists()),
        Err(error) if error.code() == "desk_unknown" => {}
        Err(error) => return Err(error),
    }
    let enrolled = central.enrol(&request(code, name, &key)).await?;
    if enrolled.office != before.office {
        return Err(SyncError::OtherOffice { here: before.office, given: enrolled.office });
    }
    let inc = new_incarnation();
    desk.store().take_number(enrolled.desk, &inc).await?;
    desk.know(Enrolment { desk: enrolled.desk, inc, ..before });
    Ok(())
}
