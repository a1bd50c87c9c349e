//! What a service remembers of desks' tokens, so that a desk to which nothing has happened is answered without the
//! database. It is asked of nothing but that: whoever sends or reads anything has its token looked up.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use passerelle_domain::ids::Uai;

/// Beyond so many the ended ones are thrown out, and when none has ended, all: desks have two at most.
const MOST: usize = 50_000;

/// Tokens that were looked up, by their hashes.
#[derive(Debug, Default)]
pub struct Known(Mutex<Tokens>);

#[derive(Debug, Default)]
struct Tokens {
    desks: HashMap<String, Seen>,
    /// How many desks were revoked when it was last asked; nothing is remembered before that is known.
    revoked: Option<u64>,
    /// Changes whenever all is forgotten.
    age: u64,
}

#[derive(Debug, Clone)]
struct Seen {
    office: Uai,
    ends: DateTime<Utc>,
}

/// A moment of this memory: what was looked up before a desk was revoked is not remembered after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age(u64);

impl Known {
    /// The office of the desk whose token has this hash; `None` when it is not remembered, or has ended.
    #[must_use]
    pub fn office(&self, hash: &str, now: DateTime<Utc>) -> Option<Uai> {
        self.tokens().desks.get(hash).filter(|seen| now < seen.ends).map(|seen| seen.office.clone())
    }

    /// To be asked before a token is looked up.
    #[must_use]
    pub fn age(&self) -> Age {
        Age(self.tokens().age)
    }

    /// Remembers a token that was looked up and is good until then.
    pub fn keep(&self, age: Age, hash: String, office: Uai, ends: DateTime<Utc>, now: DateTime<Utc>) {
        let mut tokens = self.tokens();
        if tokens.revoked.is_none() || tokens.age != age.0 {
            return;
        }
        if tokens.desks.len() >= MOST {
            tokens.desks.retain(|_, seen| now < seen.ends);
        }
        if tokens.desks.len() >= MOST {
            tokens.desks.clear();
        }
        tokens.desks.insert(hash, Seen { office, ends });
    }

    /// So many desks are revoked. When there were fewer before, all tokens are forgotten.
    pub fn revoked(&self, count: u64) {
        let mut tokens = self.tokens();
        if tokens.revoked != Some(count) {
            tokens.desks.clear();
            tokens.revoked = Some(count);
            tokens.age += 1;
        }
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        // A poisoned lock only says that another thread stopped while it held a map that is always whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_token_is_known_until_it_ends_or_a_desk_is_revoked() {
        let known = Known::default();
        let office = Uai::parse("0801234G").expect("a UAI");
        let now = DateTime::UNIX_EPOCH;
        let ends = now + TimeDelta::minutes(15);
        let keep = |age| known.keep(age, "hash".into(), office.clone(), ends, now);
        keep(known.age());
        assert_eq!(known.office("hash", now), None, "nobody has said yet who is revoked");
        known.revoked(0);
        keep(known.age());
        assert_eq!(known.office("hash", now), Some(office.clone()));
        assert_eq!(known.office("hash", ends), None, "it has ended");
        assert_eq!(known.office("other", now), None);
        known.revoked(0);
        assert_eq!(known.office("hash", now), Some(office.clone()), "nobody was revoked");
        let before = known.age();
        known.revoked(1);
        assert_eq!(known.office("hash", now), None, "somebody was");
        keep(before);
        assert_eq!(known.office("hash", now), None, "it was looked up before that");
    }
}
