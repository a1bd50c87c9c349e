//! Desks and the codes that enrol them.

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{DeskId, Uai};

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
