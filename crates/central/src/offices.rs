//! Offices as the last request has left them, so that the next one need not read again what that one saw: a desk that sends
//! many bookings asks for the same days again and again.
//!
//! Nobody has to be told of anything. All that decisions see of an office is in its feed, and whatever changes it gives the
//! feed a higher head, at this service or at another one, by a command, the intake, a family or an administrator. Who holds
//! the lock of the feed and finds the head where it was knows that nothing has changed; where it was not, all is read anew.
//!
//! It is about people: what nobody has come back to is let go of soon ([`Offices::forget`]).

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::store::Reading;

/// Documents that are remembered at most, of all offices together: some 100 MB. A request sees a few hundred.
const MOST: usize = 50_000;
/// An office has at most this part of them: one that is busy all day does not drive out the others.
const PART: usize = 5;

/// What was read of offices.
#[derive(Debug)]
pub struct Offices {
    most: usize,
    remembered: Mutex<Remembered>,
}

#[derive(Debug, Default)]
struct Remembered {
    offices: HashMap<String, Office>,
    /// Their scopes, the one that was left longest ago first.
    order: BTreeMap<u64, String>,
    documents: usize,
    /// How often something was remembered.
    turns: u64,
}

#[derive(Debug)]
struct Office {
    /// Where its feed stood.
    head: u64,
    reading: Reading,
    documents: usize,
    turn: u64,
    left: Instant,
}

impl Default for Offices {
    fn default() -> Self {
        Self::holding(MOST)
    }
}

impl Offices {
    fn holding(most: usize) -> Self {
        Self { most, remembered: Mutex::default() }
    }

    /// What was read of an office whose feed is locked and stands here. Who takes it gives it back by [`Offices::keep`]
    /// when what it has decided is written; what is given up is read anew.
    pub fn take(&self, scope: &str, head: u64) -> Option<Reading> {
        let office = self.remembered().take(scope)?;
        (office.head == head).then_some(office.reading)
    }

    /// Remembers an office as it stands in the database with this head of its feed. What was left longest ago is forgotten
    /// for it.
    pub fn keep(&self, scope: &str, head: u64, reading: Reading) {
        let documents = reading.size();
        if documents > self.most / PART {
            return;
        }
        // Let go of when nobody waits any more.
        let mut forgotten = Vec::new();
        let mut remembered = self.remembered();
        // Somebody may have been here between the commit and now, and knows of more.
        if remembered.offices.get(scope).is_some_and(|other| other.head > head) {
            return;
        }
        forgotten.extend(remembered.take(scope));
        while remembered.documents + documents > self.most
            && let Some(oldest) = remembered.order.values().next().cloned()
        {
            forgotten.extend(remembered.take(&oldest));
        }
        remembered.put(scope.to_owned(), Office { head, reading, documents, turn: 0, left: Instant::now() });
        drop(remembered);
    }

    /// Lets go of what was left before this.
    pub fn forget(&self, before: Instant) {
        let mut forgotten = Vec::new();
        let mut remembered = self.remembered();
        while let Some(oldest) = remembered.order.values().next().cloned()
            && remembered.offices.get(&oldest).is_some_and(|office| office.left < before)
        {
            forgotten.extend(remembered.take(&oldest));
        }
        drop(remembered);
    }

    fn remembered(&self) -> MutexGuard<'_, Remembered> {
        // A poisoned lock only says that another thread stopped meanwhile; what is remembered is tried by its head.
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Remembered {
    fn take(&mut self, scope: &str) -> Option<Office> {
        let office = self.offices.remove(scope)?;
        self.order.remove(&office.turn);
        self.documents -= office.documents;
        Some(office)
    }

    fn put(&mut self, scope: String, office: Office) {
        self.turns += 1;
        self.documents += office.documents;
        self.order.insert(self.turns, scope.clone());
        self.offices.insert(scope, Office { turn: self.turns, ..office });
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::{DateTime, Utc};
    use chrono_tz::Europe::Paris;

    use super::*;

    /// Of one document: the settings.
    fn reading(scope: &str) -> Reading {
        let demo = passerelle_demo::build_at(DateTime::<Utc>::UNIX_EPOCH, Paris);
        let settings = demo.offices.into_iter().next().expect("an office").settings;
        Reading::of(scope, Arc::new(settings))
    }

    #[test]
    fn an_office_is_known_where_it_was_left_and_only_once() {
        let offices = Offices::default();
        assert!(offices.take("a", 7).is_none(), "nobody was there");
        offices.keep("a", 7, reading("a"));
        assert!(offices.take("b", 7).is_none(), "another office");
        assert!(offices.take("a", 7).is_some(), "nothing has changed");
        assert!(offices.take("a", 7).is_none(), "whoever decides has it");
        offices.keep("a", 7, reading("a"));
        assert!(offices.take("a", 8).is_none(), "somebody else has changed it");
        assert!(offices.take("a", 7).is_none(), "and what is out of date does not come back");
    }

    #[test]
    fn who_comes_late_does_not_put_back_what_was() {
        let offices = Offices::default();
        offices.keep("a", 9, reading("a"));
        offices.keep("a", 8, reading("a"));
        assert!(offices.take("a", 9).is_some());
    }

    #[test]
    fn what_was_left_longest_ago_is_forgotten_first() {
        let offices = Offices::holding(PART);
        for (head, scope) in (1..).zip(["a", "b", "c", "d", "e", "a", "f"]) {
            offices.keep(scope, head, reading(scope));
        }
        assert!(offices.take("b", 2).is_none(), "there is room for five, and b was left first");
        for (head, scope) in [(3, "c"), (4, "d"), (5, "e"), (6, "a"), (7, "f")] {
            assert!(offices.take(scope, head).is_some(), "{scope}");
        }
        let small = Offices::holding(PART - 1);
        small.keep("a", 1, reading("a"));
        assert!(small.take("a", 1).is_none(), "an office larger than its part is not kept");
    }

    #[test]
    fn what_nobody_comes_back_to_is_let_go_of() {
        let offices = Offices::default();
        offices.keep("a", 1, reading("a"));
        let between = Instant::now();
        offices.keep("b", 1, reading("b"));
        offices.forget(between);
        assert!(offices.take("a", 1).is_none());
        assert!(offices.take("b", 1).is_some());
    }
}
