//! Distribution of the catalogue: a signed manifest, and packs under their SHA-256.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Deltas that a manifest offers at most: a desk that is further behind takes the full pack.
pub const MAX_DELTAS: usize = 8;

/// Answer of `GET /v1/catalogue/manifest`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedManifest {
    /// The text of a [`Manifest`], to the byte as it was signed.
    pub manifest: String,
    /// Ed25519 signature of these bytes, 128 hexadecimal digits.
    pub signature: String,
    /// The public key, 64 hexadecimal digits. A desk keeps the first that it is given, and believes no other.
    pub key: String,
}

/// A release of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its name: letters, digits, `-`.
    pub release: String,
    /// Higher than that of every release before it: a desk takes none that is lower than its own.
    pub number: u64,
    /// When it was published, UTC.
    pub published_at: DateTime<Utc>,
    /// Records that can be found.
    pub records: u64,
    /// Rows of all tables.
    pub rows: u64,
    /// Their sum, whatever their order.
    pub sum: String,
    /// Codes of the datasets that it is made of; others are the desk's own.
    pub datasets: Vec<String>,
    /// All of it.
    pub full: Pack,
    /// From release to release, the last one to this one; at most [`MAX_DELTAS`].
    pub deltas: Vec<Delta>,
}

/// A pack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// SHA-256, 64 hexadecimal digits: its address is `/v1/blobs/{sha256}`.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
}

/// A pack of what changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// Over which release.
    pub from: String,
    /// To which.
    pub to: String,
    /// The pack.
    #[serde(flatten)]
    pub pack: Pack,
}

impl Manifest {
    /// The packs that bring a desk from its release to this one: the deltas as long as they are under six tenths of the
    /// full pack, else that one.
    #[must_use]
    pub fn packs_from(&self, in_service: Option<&str>) -> Vec<&Pack> {
        let chain = in_service.and_then(|release| self.chain_from(release)).filter(|chain| {
            let bytes: u64 = chain.iter().map(|pack| pack.bytes).sum();
            bytes * 10 < self.full.bytes * 6
        });
        chain.unwrap_or_else(|| vec![&self.full])
    }

    fn chain_from(&self, release: &str) -> Option<Vec<&Pack>> {
        let first = self.deltas.iter().position(|delta| delta.from == release)?;
        let deltas = self.deltas.get(first..)?;
        let follows = deltas.windows(2).all(|pair| pair[0].to == pair[1].from);
        let ends = deltas.last().is_some_and(|last| last.to == self.release);
        (follows && ends).then(|| deltas.iter().map(|delta| &delta.pack).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pack(name: &str, bytes: u64) -> Pack {
        Pack { sha256: name.to_owned(), bytes }
    }

    fn manifest(deltas: &[(&str, &str, u64)]) -> Manifest {
        let delta = |(from, to, bytes): &(&str, &str, u64)| Delta {
            from: (*from).to_owned(),
            to: (*to).to_owned(),
            pack: pack(&format!("{from}-{to}"), *bytes),
        };
        Manifest {
            release: "r4".into(),
            number: 4,
            published_at: DateTime::UNIX_EPOCH,
            records: 1,
            rows: 1,
            sum: String::new(),
            datasets: Vec::new(),
            full: pack("full", 100),
            deltas: deltas.iter().map(delta).collect(),
        }
    }

    fn names(packs: Vec<&Pack>) -> Vec<&str> {
        packs.into_iter().map(|pack| pack.sha256.as_str()).collect()
    }

    #[test]
    fn deltas_are_taken_while_they_are_worth_it() {
        let all = manifest(&[("r1", "r2", 30), ("r2", "r3", 20), ("r3", "r4", 15)]);
        assert_eq!(names(all.packs_from(Some("r3"))), ["r3-r4"]);
        assert_eq!(names(all.packs_from(Some("r2"))), ["r2-r3", "r3-r4"]);
        assert_eq!(names(all.packs_from(Some("r1"))), ["full"], "65 of 100 bytes");
        assert_eq!(names(all.packs_from(Some("r0"))), ["full"], "too far behind");
        assert_eq!(names(all.packs_from(None)), ["full"]);
    }

    #[test]
    fn a_chain_with_a_gap_is_none() {
        let gap = manifest(&[("r1", "r2", 1), ("r3", "r4", 1)]);
        assert_eq!(names(gap.packs_from(Some("r1"))), ["full"]);
        let short = manifest(&[("r1", "r2", 1)]);
        assert_eq!(names(short.packs_from(Some("r1"))), ["full"], "it ends before the release");
    }
}
