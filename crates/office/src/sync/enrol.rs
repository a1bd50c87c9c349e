//! Enrolment: the desk makes its key, shows the one-time code, and belongs to an office.

use std::path::Path;

use ed25519_dalek::SigningKey;
use passerelle_protocol::enrol::EnrolRequest;
use rand::RngCore;

use super::central::{Central, SyncError, hex};
use crate::clock::Clock;
use crate::desk::Desk;
use crate::store::Enrolment;

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

/// Enrols a new desk: central first, so that a wrong code or a cut network leaves no profile behind.
///
/// # Errors
/// Central's refusal (code used, expired, unknown), no network, or a folder that cannot be written.
pub async fn enrol(
    profile: &Path,
    central: &str,
    code: &str,
    name: &str,
    clock: Clock,
) -> Result<Desk, SyncError> {
    if crate::store::profile_database(profile).exists() {
        return Err(crate::store::StoreError::ProfileExists(profile.to_owned()).into());
    }
    let secret = random_key();
    let key = SigningKey::from_bytes(&secret);
    let request = EnrolRequest {
        code: code.trim().to_owned(),
        name: name.to_owned(),
        public_key: hex(key.verifying_key().as_bytes()),
    };
    let enrolled = Central::new(central)?.enrol(&request).await?;
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
