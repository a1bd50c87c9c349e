//! What answers a message: not what has all of its words, but what it is about. Each thing that it names is found
//! among the first, before any is found there twice.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    choose::{Chosen, NAMES},
    plan::Plan,
    postings::DocSet,
    rank::{self, Gains},
    run::{Found, Part, documents},
};

/// Of the weightiest thing named, how much another must weigh so that what has only that one answers.
const TELLING: f32 = 0.3;
/// Things that more than one entry in so many has are no way to find any.
const COMMON: usize = 24;
/// Of fewer entries than this, all are looked at.
const SMALL: usize = 1_000;
/// How many entries of one name are looked at.
const ALIKE: usize = 6;
/// What a thing is still worth to an entry after another that has it.
const SERVED: f32 = 0.5;
/// How many entries are chosen with an eye on those before them.
const FIRST: usize = 20;

/// What answers in each part, and what each thing named is worth: 1 for the weightiest.
pub(super) fn find(parts: &[Part<'_>], plan: &Plan) -> (Vec<Found>, Vec<f32>) {
    let total: usize = parts.iter().map(|part| part.segment.len()).sum();
    let mut founds: Vec<Found> = parts
        .iter()
        .enumerate()
        .map(|(of, part)| {
            let sets = plan.units.iter().map(|unit| documents(unit, of, part.segment, true));
            let (named, any): (Vec<DocSet>, Vec<DocSet>) = sets.unzip();
            let named_counts = named.iter().map(DocSet::count).collect();
            let matched = DocSet::none(part.segment.len());
            Found { matched, any, named, named_counts, ..Found::default() }
        })
        .collect();
    let mut worths: Vec<f32> = plan
        .units
        .iter()
        .enumerate()
        .map(|(n, unit)| {
            let frequency: usize = founds.iter().map(|found| found.any[n].count()).sum();
            rank::rarity(total, frequency) * unit.emphasis
        })
        .collect();
    let most = worths.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    worths.iter_mut().for_each(|worth| *worth /= most);
    for (found, part) in founds.iter_mut().zip(parts) {
        for (named, _) in found.named.iter().zip(&worths).filter(|(_, worth)| **worth >= TELLING) {
            found.matched.unite(named);
        }
        if let Some(gone) = part.gone {
            found.matched.subtract(gone);
        }
    }
    // Nothing is called so: what has it among its keywords.
    if founds.iter().all(|found| found.matched.is_empty()) {
        for (found, part) in founds.iter_mut().zip(parts) {
            for (any, _) in found.any.iter().zip(&worths).filter(|(_, worth)| **worth >= TELLING) {
                found.matched.unite(any);
            }
            if let Some(gone) = part.gone {
                found.matched.subtract(gone);
            }
        }
    }
    (founds, worths)
}

/// An entry that was looked at.
struct Seen {
    part: usize,
    document: u32,
    rank: u32,
    /// Which names it has, among those that were looked at.
    names: usize,
    /// What its kind, its keywords and its identifier add.
    beside: f32,
}

/// Of each of the names in a part, whether it is one of those that weigh most.
fn likely(part: &Part<'_>, found: &Found, matched: &DocSet, worths: &[f32]) -> Vec<bool> {
    let segment = part.segment;
    let all = segment.name_starts.len().saturating_sub(1);
    // The last thing that was counted for a name, and the sum of all.
    let mut sums: Vec<(usize, f32)> = vec![(usize::MAX, 0.0); all];
    let mut touched: Vec<u32> = Vec::new();
    let stretch = matched.stretch();
    for rare in [true, false] {
        let things = found.named.iter().zip(&found.named_counts).zip(worths);
        for (n, ((named, count), worth)) in things.enumerate() {
            if rare && segment.len() > SMALL && count * COMMON > segment.len() {
                continue;
            }
            for document in named.iter_in(matched, &stretch) {
                let names = segment.names_of[document as usize];
                let (last, sum) = &mut sums[names as usize];
                if *last != n {
                    if *last == usize::MAX {
                        touched.push(names);
                    }
                    (*last, *sum) = (n, *sum + worth);
                }
            }
        }
        if !touched.is_empty() {
            break;
        }
    }
    let heaviest = |a: &u32, b: &u32| sums[*b as usize].1.total_cmp(&sums[*a as usize].1).then(a.cmp(b));
    if touched.len() > NAMES {
        touched.select_nth_unstable_by(NAMES - 1, heaviest);
        touched.truncate(NAMES);
    }
    let mut likely = vec![false; all];
    touched.into_iter().for_each(|names| likely[names as usize] = true);
    likely
}

/// Everything that is looked at closely: the entries, and what the things named are worth to each of their names.
fn look(
    parts: &[Part<'_>],
    plan: &Plan,
    founds: &[Found],
    matched: &[DocSet],
    worths: &[f32],
    by_code: &[DocSet],
) -> (Vec<Seen>, Vec<Gains>) {
    let (mut seen, mut all): (Vec<Seen>, Vec<Gains>) = (Vec::new(), Vec::new());
    for (number, ((part, found), matched)) in parts.iter().zip(founds).zip(matched).enumerate() {
        let segment = part.segment;
        let likely = likely(part, found, matched, worths);
        let by_code = by_code.get(number).filter(|set| !set.is_empty());
        let mut rarities = FxHashMap::default();
        let mut of_names: FxHashMap<u32, (usize, usize)> = FxHashMap::default();
        for document in matched.iter() {
            let names = segment.names_of[document as usize];
            let coded = by_code.is_some_and(|set| set.has(document));
            if !coded && !likely[names as usize] {
                continue;
            }
            let (names, taken) = of_names.entry(names).or_insert_with(|| {
                all.push(rank::gains(plan, number, worths, segment, document, &mut rarities));
                (all.len() - 1, 0)
            });
            if *taken >= ALIKE && !coded {
                continue;
            }
            *taken += 1;
            let mut beside = rank::score_kind(segment.kind(document), plan.wish);
            for (n, worth) in worths.iter().enumerate() {
                if all[*names].of(n) == 0.0 && found.any[n].has(document) {
                    beside += rank::around(*worth);
                }
            }
            if coded {
                beside += 10.0;
            }
            seen.push(Seen { part: number, document, rank: part.rank(document), names: *names, beside });
        }
    }
    (seen, all)
}

/// What a message is about, each thing of it first, then more of each.
pub(super) fn best(
    parts: &[Part<'_>],
    plan: &Plan,
    founds: &[Found],
    matched: &[DocSet],
    worths: &[f32],
    by_code: &[DocSet],
    wanted: usize,
) -> Vec<Chosen> {
    let (mut seen, gains) = look(parts, plan, founds, matched, worths, by_code);
    let chosen = |seen: &Seen, score: u32| Chosen {
        part: seen.part,
        document: seen.document,
        score,
        rank: seen.rank,
        chord: None,
    };
    let mut given: Vec<Chosen> = Vec::with_capacity(wanted.min(seen.len()));
    let mut left = worths.to_vec();
    let mut last = u32::MAX;
    // Scores fall, so that who sorts by them keeps the order.
    let score = |worth: f32, last: u32| last.min((worth.max(0.0) * 1_000.0) as u32 + 1);
    while given.len() < wanted.min(FIRST) {
        let sums: Vec<f32> = gains.iter().map(|gains| gains.sum(&left)).collect();
        let worth = |seen: &Seen| sums[seen.names] + seen.beside;
        let best = (0..seen.len()).max_by(|a, b| {
            let (a, b) = (&seen[*a], &seen[*b]);
            worth(a).total_cmp(&worth(b)).then(b.rank.cmp(&a.rank))
        });
        let Some(best) = best else { break };
        let best = seen.swap_remove(best);
        last = score(worth(&best), last);
        given.push(chosen(&best, last));
        gains[best.names].of_all().filter(|(_, gain)| *gain > 0.0).for_each(|(n, _)| left[n] *= SERVED);
    }
    let more = wanted.saturating_sub(given.len());
    if more > 0 {
        let sums: Vec<f32> = gains.iter().map(|gains| gains.sum(&left)).collect();
        let worth = |seen: &Seen| sums[seen.names] + seen.beside;
        seen.sort_unstable_by(|a, b| worth(b).total_cmp(&worth(a)).then(a.rank.cmp(&b.rank)));
        given.extend(seen.iter().take(more).map(|seen| chosen(seen, score(worth(seen), last))));
    }
    rest(parts, matched, wanted, &mut given);
    given
}

/// What answers and was not looked at, in the order of the catalogue.
fn rest(parts: &[Part<'_>], matched: &[DocSet], wanted: usize, given: &mut Vec<Chosen>) {
    if given.len() >= wanted {
        return;
    }
    let known: FxHashSet<(usize, u32)> = given.iter().map(|given| (given.part, given.document)).collect();
    let mut more: Vec<Chosen> = Vec::new();
    for (number, (part, matched)) in parts.iter().zip(matched).enumerate() {
        let others = matched.iter().filter(|document| !known.contains(&(number, *document)));
        more.extend(others.take(wanted - given.len()).map(|document| Chosen {
            part: number,
            document,
            score: 0,
            rank: part.rank(document),
            chord: None,
        }));
    }
    more.sort_unstable_by_key(|chosen| chosen.rank);
    more.truncate(wanted - given.len());
    given.extend(more);
}
