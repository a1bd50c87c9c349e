//! Taking leases back: `POST /v1/leases/revoke`. The leases themselves are documents of the feed.

use passerelle_domain::ids::PersonId;
use serde::{Deserialize, Serialize};

/// Most leases that one request takes back.
pub const MAX_REVOKED: usize = 1_000;

/// Body of `POST /v1/leases/revoke`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevokeRequest {
    /// Who takes them back: a director of the desk's office.
    pub actor: PersonId,
    /// Which, `<id>/<term>`; one that has ended since, or begun anew, is left as it is.
    pub leases: Vec<String>,
}

/// Its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revoked {
    /// How many were taken back.
    pub revoked: u32,
}
