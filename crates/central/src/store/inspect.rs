//! What `check` finds.

/// One rule and how many rows break it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// Stable name of the rule.
    pub rule: &'static str,
    /// Rows that break it; 0 is good.
    pub broken: i64,
}
