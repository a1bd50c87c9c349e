//! Which of what answers is given, and in which order.

use passerelle_domain::office::Position;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{
    place::{self, Nearest},
    plan::Plan,
    postings::DocSet,
    rank,
    run::{Found, Part},
};

/// How many entries are looked at closely, and with how many different names: the rest of what answers equally well
/// follows in the order of the catalogue.
const CLOSELY: usize = 2_000;
pub(super) const NAMES: usize = 500;
/// So many entries ahead their names are looked up: one after the other, each would be waited for.
const AHEAD: usize = 64;
/// Of more hits than this, the nearest are looked for around the point; of fewer, each is measured.
const MEASURED: usize = 2_000;

/// An entry to give.
pub(super) struct Chosen {
    pub part: usize,
    pub document: u32,
    pub score: u32,
    pub rank: u32,
    pub chord: Option<f32>,
}

/// The nearest first; then what has no place, in the order of the catalogue.
pub(super) fn nearest(parts: &[Part<'_>], matched: &[DocSet], near: Position, wanted: usize) -> Vec<Chosen> {
    let mut chosen = Vec::new();
    let mut placeless = Vec::new();
    for (number, (part, matched)) in parts.iter().zip(matched).enumerate() {
        let choose =
            |document, chord| Chosen { part: number, document, score: 0, rank: part.rank(document), chord };
        let places = &part.segment.places;
        let nearest = if matched.count() > MEASURED {
            part.segment.residents.nearest(matched, near, wanted)
        } else {
            let here = place::point(near);
            let mut nearest = Nearest::new(wanted);
            for document in matched.iter() {
                if let Some(chord) = places.nearest(document, &here) {
                    nearest.offer(chord, document);
                }
            }
            nearest.into_sorted()
        };
        if nearest.len() < wanted {
            let without = matched.iter().filter(|document| places.of_document(*document).is_empty());
            placeless.extend(without.take(wanted - nearest.len()).map(|document| choose(document, None)));
        }
        chosen.extend(nearest.into_iter().map(|(chord, document)| choose(document, Some(chord))));
    }
    chosen.sort_by(|a, b| {
        let far = |chosen: &Chosen| chosen.chord.unwrap_or(f32::INFINITY);
        far(a).total_cmp(&far(b)).then(a.rank.cmp(&b.rank))
    });
    placeless.sort_by_key(|chosen| chosen.rank);
    chosen.extend(placeless);
    chosen.truncate(wanted);
    chosen
}

/// Keeps the best so many of what it is offered: those that score most, of equals those that rank first.
struct Best {
    kept: Vec<Chosen>,
    limit: usize,
    /// What scores less is not among them.
    least: u32,
}

impl Best {
    fn new(limit: usize) -> Self {
        Self { kept: Vec::new(), limit, least: 0 }
    }

    fn order(chosen: &Chosen) -> (std::cmp::Reverse<u32>, u32) {
        (std::cmp::Reverse(chosen.score), chosen.rank)
    }

    fn offer(&mut self, chosen: Chosen) {
        if chosen.score < self.least {
            return;
        }
        self.kept.push(chosen);
        if self.kept.len() >= 256 + 4 * self.limit {
            self.cut();
        }
    }

    fn cut(&mut self) {
        if self.limit == 0 {
            self.kept.clear();
        } else if self.kept.len() > self.limit {
            let (_, last, _) = self.kept.select_nth_unstable_by_key(self.limit - 1, Self::order);
            self.least = last.score;
            self.kept.truncate(self.limit);
        }
    }

    fn into_sorted(mut self) -> Vec<Chosen> {
        self.cut();
        self.kept.sort_unstable_by_key(Self::order);
        self.kept
    }
}

/// The best first.
pub(super) fn best(
    parts: &[Part<'_>],
    plan: &Plan,
    founds: &[Found],
    matched: &[DocSet],
    worths: &[f32],
    by_code: &[DocSet],
    wanted: usize,
) -> Vec<Chosen> {
    let mut best = Best::new(wanted);
    for (number, ((part, found), matched)) in parts.iter().zip(founds).zip(matched).enumerate() {
        let segment = part.segment;
        let by_code = by_code.get(number).filter(|set| !set.is_empty());
        let mut left = matched.clone();
        let mut looked_at = 0usize;
        let mut scores = FxHashMap::with_capacity_and_hasher(2 * NAMES, FxBuildHasher);
        let mut words = rank::Qualities::new(plan, number);
        let stretch = matched.stretch();
        let mut of_tiers = found.tiers.iter().map(|tier| tier.iter_in(matched, &stretch));
        let mut tier = of_tiers.next();
        let (mut ahead, mut names) = (Vec::with_capacity(AHEAD), Vec::with_capacity(AHEAD));
        'tiers: while let Some(documents) = &mut tier {
            ahead.clear();
            ahead.extend(documents.filter(|document| left.has(*document)).take(AHEAD));
            if ahead.is_empty() {
                tier = of_tiers.next();
                continue;
            }
            names.clear();
            names.extend(ahead.iter().map(|document| segment.names_of[*document as usize]));
            for (document, names) in ahead.iter().copied().zip(names.iter().copied()) {
                if looked_at >= CLOSELY.max(wanted) || scores.len() >= NAMES.max(wanted) {
                    break 'tiers;
                }
                looked_at += 1;
                left.remove(document);
                let (mut score, in_names): (f32, u32) = *scores
                    .entry(names)
                    .or_insert_with(|| rank::score_names(worths, &found.any, segment, document, &mut words));
                for (n, any) in found.any.iter().enumerate() {
                    if in_names >> n & 1 == 0 && any.has(document) {
                        score += rank::keyword(worths[n]);
                    }
                }
                score += rank::score_kind(segment.kind(document), plan.wish);
                if by_code.is_some_and(|set| set.has(document)) {
                    score += 10.0;
                }
                let score = (score.max(0.0) * 1_000.0) as u32 + 1;
                best.offer(Chosen { part: number, document, score, rank: part.rank(document), chord: None });
            }
        }
        // The rest in the order of the catalogue.
        for document in left.iter().take(wanted.saturating_sub(looked_at)) {
            best.offer(Chosen { part: number, document, score: 0, rank: part.rank(document), chord: None });
        }
    }
    best.into_sorted()
}
