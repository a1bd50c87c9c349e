//! What the intake keeps.

/// An answer given before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// Hash of the content that it answered.
    pub body_hash: String,
    /// The answer, JSON.
    pub response: String,
}
