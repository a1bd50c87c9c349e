//! How two sides find out that they hold the same documents without sending them: their number, and a sum over each one's
//! identifier and revision that does not depend on their order.
//!
//! It finds what was lost, doubled or left at an earlier revision by mistake. It is no signature: nobody is kept from
//! making two sets of the same sum on purpose. The sort of a document is not in it, because an older desk cannot name a
//! sort that it does not know.

use serde::{Deserialize, Serialize};

/// Number and sum of documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// Sum of the hashes, modulo 2^64, 16 hexadecimal digits on the wire.
    #[serde(with = "hexadecimal")]
    pub sum: u64,
}

impl Tally {
    /// With this document, which was not in it.
    pub fn add(&mut self, id: &str, rev: u64) {
        self.count = self.count.wrapping_add(1);
        self.sum = self.sum.wrapping_add(hash(id, rev));
    }

    /// Without this document, which was in it.
    pub fn remove(&mut self, id: &str, rev: u64) {
        self.count = self.count.wrapping_sub(1);
        self.sum = self.sum.wrapping_sub(hash(id, rev));
    }
}

/// FNV-1a over identifier and revision (64 bits), then mixed: FNV alone leaves close revisions close together, and sums
/// of neighbours would meet. The mixing is the finaliser of MurmurHash3.
fn hash(id: &str, rev: u64) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in id.bytes().chain([0]).chain(rev.to_le_bytes()) {
        h = (h ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h = (h ^ (h >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    h ^ (h >> 33)
}

mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de};

    pub fn serialize<S: Serializer>(sum: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{sum:016x}"))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        u64::from_str_radix(&text, 16).map_err(|_| de::Error::custom("a sum has 16 hexadecimal digits"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(documents: &[(&str, u64)]) -> Tally {
        let mut tally = Tally::default();
        documents.iter().for_each(|(id, rev)| tally.add(id, *rev));
        tally
    }

    #[test]
    fn the_order_does_not_matter_and_every_difference_does() {
        let all = of(&[("a", 1), ("b", 2), ("c", 3)]);
        assert_eq!(all, of(&[("c", 3), ("a", 1), ("b", 2)]));
        for other in [
            of(&[("a", 1), ("b", 2)]),
            of(&[("a", 1), ("b", 2), ("c", 2)]),
            of(&[("a", 2), ("b", 1), ("c", 3)]),
            of(&[("a", 1), ("b", 2), ("b", 2)]),
            of(&[("a", 1), ("b", 3), ("c", 2)]),
        ] {
            assert_ne!(all, other);
        }
    }

    #[test]
    fn what_is_taken_out_again_leaves_nothing() {
        let mut tally = of(&[("a", 1)]);
        tally.add("b", 7);
        tally.remove("b", 7);
        assert_eq!(tally, of(&[("a", 1)]));
    }

    #[test]
    fn it_travels_as_text() {
        let tally = Tally { count: 2, sum: 0x00ab_0000_0000_0001 };
        let text = serde_json::to_string(&tally).expect("JSON");
        assert_eq!(text, r#"{"count":2,"sum":"00ab000000000001"}"#);
        assert_eq!(serde_json::from_str::<Tally>(&text).expect("a tally"), tally);
    }
}
