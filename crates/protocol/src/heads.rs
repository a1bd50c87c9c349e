//! `GET /v1/heads`: has anything happened? The question of a desk that has nothing to send, answered from memory.

use std::collections::BTreeMap;

use passerelle_domain::ids::Uai;
use serde::{Deserialize, Serialize};

use crate::sync::{DIRECTORY, office_scope};

/// Answer of `GET /v1/heads`: where the feeds of the desk that asks end. With `If-None-Match` and the [`tag`] of what the
/// desk has, the answer is 304 without a body as long as nothing has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heads {
    /// Central's epoch.
    pub epoch: String,
    /// By scope, its last number.
    pub heads: BTreeMap<String, u64>,
    /// Ask again after this many seconds.
    pub poll_after_s: u32,
}

/// The entity tag (RFC 9110, section 8.8.3) of a state: that of central, or what a desk has taken over of it. They are
/// the same where the desk has everything. A scope that is not there stands at 0.
#[must_use]
pub fn tag(epoch: &str, office: &Uai, numbers: &BTreeMap<String, u64>) -> String {
    let at = |scope: &str| numbers.get(scope).copied().unwrap_or(0);
    let visible: String = epoch.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("\"{visible}-{}-{}\"", at(&office_scope(office)), at(DIRECTORY))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_epoch_and_both_numbers() {
        let office = Uai::parse("0801234G").expect("a UAI");
        let mut numbers = BTreeMap::from([(office_scope(&office), 18_240), (DIRECTORY.to_owned(), 991)]);
        numbers.insert("office:0750001".into(), 7);
        assert_eq!(tag("7", &office, &numbers), "\"7-18240-991\"");
        assert_eq!(tag("7\"\n", &office, &BTreeMap::new()), "\"7-0-0\"", "no quote, no line");
        assert_ne!(tag("8", &office, &numbers), tag("7", &office, &numbers));
    }
}
