//! Enrolment of a desk and its tokens.

pub mod quarantine;

use passerelle_domain::ids::{DeskId, Uai};
use serde::{Deserialize, Serialize};

/// Body of `POST /v1/desks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// One-time code given by the academy's administrator, valid 15 minutes.
    pub code: String,
    /// What people call this workstation ("Accueil").
    pub name: String,
    /// Ed25519 public key, 64 hexadecimal digits. The private key never leaves the desk.
    pub public_key: String,
}

/// Answer of `POST /v1/desks`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolled {
    /// The new desk.
    pub desk: DeskId,
    /// Its office.
    pub office: Uai,
    /// "CIO d’Amiens".
    pub office_name: String,
    /// Central's epoch.
    pub epoch: String,
    /// Central runs on demonstration data.
    pub demo: bool,
}

/// Body of `POST /v1/token`. Without `nonce` and `signature` central answers with a nonce to sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenRequest {
    /// Who asks.
    pub desk: DeskId,
    /// The nonce that central gave.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// Ed25519 signature of the nonce's text as it was sent (its UTF-8 bytes, not decoded) with the desk's key, 128
    /// hexadecimal digits. No clock is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
}

/// Answer of `POST /v1/token`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum TokenResponse {
    /// Sign this.
    Challenge {
        /// Random, used once.
        nonce: String,
    },
    /// Use this as a bearer.
    Token {
        /// Opaque.
        token: String,
        /// Valid for so many seconds from now.
        expires_in_s: u32,
    },
}
