//! Errors of the HTTP interface: problem documents (RFC 9457) with a stable `code`.

use serde::{Deserialize, Serialize};

/// `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code ("token_expired", "lineage_conflict", "invalid_enquiry", …).
    pub code: String,
    /// Short title, French.
    pub title: String,
    /// What is wrong, where, and what to do, French.
    pub detail: String,
    /// Wrong fields, for a body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<passerelle_domain::client::FieldError>,
    /// What is possible instead, for a family's refused answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<crate::intake::FamilySlot>,
}
