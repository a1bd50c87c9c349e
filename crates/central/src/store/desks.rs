//! Desks and the codes that enrol them.

use chrono::{DateTime, Utc};
use ed25519_dalek::{Signature, VerifyingKey};
use passerelle_domain::ids::{DeskId, Uai};

use super::StoreError;
use crate::secret;

/// An enrolled workstation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desk {
    /// Its id.
    pub id: DeskId,
    /// Its office.
    pub office: Uai,
    /// "Accueil".
    pub name: String,
    /// Ed25519 public key, hexadecimal.
    pub public_key: String,
    /// No longer trusted.
    pub revoked: bool,
    /// It holds the next days of its office.
    pub reception: bool,
    /// When it was last heard, to some seconds; kept while it holds leases.
    pub heard: Option<DateTime<Utc>>,
    /// The day and the settings for which it was given its leases; nothing when it has none.
    pub granted: Option<String>,
}

impl Desk {
    /// Whether its key has signed these bytes; the signature is hexadecimal.
    #[must_use]
    pub fn signed(&self, bytes: &[u8], signature: &str) -> bool {
        let key = secret::unhex::<32>(&self.public_key).and_then(|k| VerifyingKey::from_bytes(&k).ok());
        let signature = secret::unhex::<64>(signature).map(|s| Signature::from_bytes(&s));
        key.zip(signature).is_some_and(|(key, s)| key.verify_strict(bytes, &s).is_ok())
    }
}

/// Where a desk listens, as it is stored; nothing when it does not.
pub(super) fn listens_text(listens: &[String]) -> Option<String> {
    (!listens.is_empty()).then(|| serde_json::Value::from(listens).to_string())
}

/// The same as it is read.
pub(super) fn listens(desk: &str, text: Option<&str>) -> Result<Vec<String>, StoreError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    serde_json::from_str(text).map_err(|e| StoreError::document("desk", desk, &e))
}

/// What became of an enrolment code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeUse {
    /// It was good, for this office, and is now used.
    Taken(Uai),
    /// It was good for too long ago.
    Expired,
    /// Somebody used it already.
    Used,
    /// There is no such code.
    Unknown,
}
