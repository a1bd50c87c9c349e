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
    /// Where the feeds end.
    #[serde(flatten)]
    pub ends: Ends,
    /// Ask again after this many seconds.
    pub poll_after_s: u32,
}

/// How far somebody has come in some feeds, and by which way.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ends {
    /// By scope, the last number.
    pub heads: BTreeMap<String, u64>,
    /// By scope, the mark of that number ([`crate::sync::SyncResponse::marks`]), where there is one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub marks: BTreeMap<String, String>,
}

/// The entity tag (RFC 9110, section 8.8.3) of a state: that of central, or what a desk has taken over of it. A scope that
/// is not there stands at 0.
#[must_use]
pub fn tag(epoch: &str, office: &Uai, ends: &Ends) -> String {
    let visible = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let at = |scope: &str| {
        let number = ends.heads.get(scope).copied().unwrap_or(0);
        ends.marks.get(scope).map_or_else(|| number.to_string(), |mark| format!("{number}.{}", visible(mark)))
    };
    format!("\"{}-{}-{}\"", visible(epoch), at(&office_scope(office)), at(DIRECTORY))
}

/// Whether two tags are of one state. The numbers alone would not do: a central whose log has lost its end comes to the
/// same number again by another way. Where one of both does not know the way, the number has to do.
#[must_use]
pub fn same(one: &str, other: &str) -> bool {
    let (one, other) = (parts(one), parts(other));
    one.len() == other.len()
        && one.iter().zip(&other).all(|((number, mark), (at, way))| {
            number == at && (mark == way || mark.is_empty() || way.is_empty())
        })
}

/// Epoch and numbers, each with the mark behind it.
fn parts(tag: &str) -> Vec<(&str, &str)> {
    tag.trim_matches('"').split('-').map(|part| part.split_once('.').unwrap_or((part, ""))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_the_epoch_and_both_numbers_with_the_ways_to_them() {
        let office = Uai::parse("0801234G").expect("a UAI");
        let mut ends = Ends {
            heads: BTreeMap::from([(office_scope(&office), 18_240), (DIRECTORY.to_owned(), 991)]),
            marks: BTreeMap::from([(office_scope(&office), "00ff".to_owned())]),
        };
        ends.heads.insert("office:0750001".into(), 7);
        assert_eq!(tag("7", &office, &ends), "\"7-18240.00ff-991\"");
        assert_eq!(tag("7\"\n", &office, &Ends::default()), "\"7-0-0\"", "no quote, no line");
        assert_ne!(tag("8", &office, &ends), tag("7", &office, &ends));
    }

    #[test]
    fn the_same_number_by_another_way_is_another_state_where_both_ways_are_known() {
        let now = "\"7-18240.00ff-991.ab\"";
        for said in [now, "\"7-18240-991\"", "\"7-18240.00ff-991\""] {
            assert!(same(said, now) && same(now, said), "{said}");
        }
        for said in [
            "\"7-18240.00fe-991.ab\"",
            "\"8-18240.00ff-991.ab\"",
            "\"7-18241-991\"",
            "\"7-18240.00ff\"",
            "*",
            "",
        ] {
            assert!(!same(said, now) && !same(now, said), "{said}");
        }
    }
}
