//! A small generator of numbers that look random and are the same on every machine and in every version: the
//! demonstration must not change because a library did.

/// SplitMix64, seeded by a text.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// A sequence of its own for each purpose, so that adding a draw in one place moves nothing in another.
    pub(crate) fn new(purpose: &str) -> Self {
        // FNV-1a: enough to tell purposes apart.
        let hash = purpose
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3));
        Self(hash)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `bound`; 0 when the bound is 0.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.next() % bound as u64) as usize }
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True so many times out of a hundred.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of them; the default of the type when there is none.
    pub(crate) fn pick<T: Clone + Default>(&mut self, items: &[T]) -> T {
        items.get(self.below(items.len())).cloned().unwrap_or_default()
    }

    /// One of them, or `otherwise` when there is none.
    pub(crate) fn pick_or<T: Copy>(&mut self, items: &[T], otherwise: T) -> T {
        items.get(self.below(items.len())).copied().unwrap_or(otherwise)
    }

    /// Another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sequence_is_fixed_and_differs_by_purpose() {
        let draw = |purpose: &str| {
            (0..4).map(|_| 0).scan(Random::new(purpose), |r, _: i32| Some(r.next())).collect()
        };
        let first: Vec<u64> = draw("clients");
        assert_eq!(first, draw("clients"));
        assert_ne!(first, draw("enquiries"));
    }

    #[test]
    fn draws_stay_in_their_bounds() {
        let mut random = Random::new("bounds");
        let drawn: Vec<i64> = (0..500).map(|_| random.between(-2, 3)).collect();
        assert!(drawn.iter().all(|n| (-2..=3).contains(n)));
        for n in -2..=3 {
            assert!(drawn.contains(&n), "{n} never came");
        }
        let mut order: Vec<u8> = (0..50).collect();
        random.shuffle(&mut order);
        assert_ne!(order, (0..50).collect::<Vec<u8>>());
        order.sort_unstable();
        assert_eq!(order, (0..50).collect::<Vec<u8>>());
    }
}
