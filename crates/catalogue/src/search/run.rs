//! Looking a question up: which entries have what is asked for, which of them to look at closely, which are best.

use std::collections::HashMap;

use passerelle_domain::office::Position;

use super::{
    narrow::{count, narrow},
    place::{self, Nearest},
    plan::{Plan, Unit},
    postings::DocSet,
    query::{Answer, Hit, How, Order, Query, Reason},
    rank,
    segment::Segment,
    snippet::Marker,
    soft::Weight,
};

/// How many entries are looked at closely, and with how many different names: the rest of what answers equally well
/// follows in the order of the catalogue.
const CLOSELY: usize = 3_000;
const NAMES: usize = 500;
/// Of what is found at all, how much of the question an entry must have when none has all of it.
const ENOUGH: f32 = 0.6;
/// When no entry has all that is asked for, so many things are tried without each other.
const TRIED: usize = 5;

/// A segment as it is searched now.
pub(crate) struct Part<'a> {
    pub segment: &'a Segment,
    /// Documents that a later segment replaces or removes.
    pub gone: Option<&'a DocSet>,
    /// Static ranks, where they are not the documents' numbers.
    pub ranks: Option<&'a [u32]>,
}

impl Part<'_> {
    fn rank(&self, document: u32) -> u32 {
        self.ranks.map_or(document, |ranks| ranks[document as usize])
    }
}

/// The entries of one segment.
struct Found {
    /// All that answer, filters aside.
    matched: DocSet,
    /// In which order to look at them: the best sets first. Whatever is in a set may be in a later one again.
    tiers: Vec<DocSet>,
    /// Of each thing asked for, the documents that have it.
    any: Vec<DocSet>,
}

/// The documents that have one thing asked for: in a name, anywhere.
fn documents(unit: &Unit, of: usize, segment: &Segment, finished: bool) -> (DocSet, DocSet) {
    let (mut strong, mut any) = (DocSet::none(segment.len()), DocSet::none(segment.len()));
    let meaning = &unit.meanings[of];
    for form in &meaning.forms {
        if form.how != How::Beginning {
            segment.unite(form.words.clone(), None, &mut strong, &mut any);
        } else if !finished {
            segment.unite(form.words.clone(), unit.prefix.as_deref(), &mut strong, &mut any);
        }
    }
    for phrase in &meaning.phrases {
        let mut all: Option<(DocSet, DocSet)> = None;
        for part in &phrase.parts {
            let (mut in_names, mut anywhere) = (DocSet::none(segment.len()), DocSet::none(segment.len()));
            for form in part {
                segment.unite(form.words.clone(), None, &mut in_names, &mut anywhere);
            }
            anywhere.unite(&in_names);
            all = Some(match all {
                None => (in_names, anywhere),
                Some((mut names, mut places)) => {
                    names.intersect(&in_names);
                    places.intersect(&anywhere);
                    (names, places)
                }
            });
        }
        if let Some((in_names, anywhere)) = all {
            strong.unite(&in_names);
            any.unite(&anywhere);
        }
    }
    any.unite(&strong);
    (strong, any)
}

/// The documents that are in all of these sets; none if there are no sets.
fn common<'a>(mut sets: impl Iterator<Item = &'a DocSet>) -> Option<DocSet> {
    let mut common = sets.next()?.clone();
    sets.for_each(|set| common.intersect(set));
    Some(common)
}

/// What must be there.
fn required(plan: &Plan, doubtful: bool) -> Vec<usize> {
    let of = |wanted: &[Weight]| -> Vec<usize> {
        (0..plan.units.len()).filter(|n| wanted.contains(&plan.units[*n].weight)).collect()
    };
    let hard = if doubtful { of(&[Weight::Full, Weight::Doubtful]) } else { of(&[Weight::Full]) };
    if !hard.is_empty() {
        return hard;
    }
    let asking = of(&[Weight::Asking, Weight::Doubtful]);
    if asking.is_empty() { of(&[Weight::Stop]) } else { asking }
}

/// What each thing asked for is worth: the rarer the more; together 1.
fn worths(plan: &Plan, any: &[Vec<DocSet>], documents: usize) -> Vec<f32> {
    let mut worths: Vec<f32> = plan
        .units
        .iter()
        .enumerate()
        .map(|(n, unit)| {
            let frequency: usize = any.iter().map(|sets| sets[n].count()).sum();
            let rarity = (1.0 + documents as f32 / (1.0 + frequency as f32)).ln();
            rarity
                * match unit.weight {
                    Weight::Full => 1.0,
                    Weight::Doubtful => 0.6,
                    Weight::Asking => 0.12,
                    Weight::Stop => 0.03,
                }
        })
        .collect();
    let sum: f32 = worths.iter().sum();
    worths.iter_mut().for_each(|worth| *worth /= sum.max(f32::MIN_POSITIVE));
    worths
}

/// Everything that answers, in each part; and whether that is less than all that is asked for.
fn find(parts: &[Part<'_>], plan: &Plan) -> (Vec<Found>, Vec<f32>, bool) {
    let total: usize = parts.iter().map(|part| part.segment.len()).sum();
    let mut strong: Vec<Vec<DocSet>> = Vec::new();
    let mut any: Vec<Vec<DocSet>> = Vec::new();
    for (of, part) in parts.iter().enumerate() {
        let (names, places) = plan.units.iter().map(|unit| documents(unit, of, part.segment, false)).unzip();
        strong.push(names);
        any.push(places);
    }
    let worths = worths(plan, &any, total);
    let matched = |of: usize, wanted: &[usize]| {
        let mut common = common(wanted.iter().map(|n| &any[of][*n]))?;
        if let Some(gone) = parts[of].gone {
            common.subtract(gone);
        }
        Some(common)
    };
    for doubtful in [true, false] {
        let wanted = required(plan, doubtful);
        let sets: Vec<DocSet> = (0..parts.len()).filter_map(|of| matched(of, &wanted)).collect();
        if sets.len() < parts.len() || sets.iter().all(DocSet::is_empty) {
            continue;
        }
        let mut founds = Vec::new();
        for (of, matched) in sets.into_iter().enumerate() {
            let mut tiers = tiers(plan, of, parts[of].segment, &wanted, &strong[of], &any[of]);
            tiers.push(matched.clone());
            founds.push(Found { matched, tiers, any: std::mem::take(&mut any[of]) });
        }
        return (founds, worths, false);
    }
    let founds = relax(parts, plan, &worths, &strong, any);
    (founds, worths, true)
}

/// The sets to look at first, of entries that have all that is asked for.
fn tiers(
    plan: &Plan,
    of: usize,
    segment: &Segment,
    wanted: &[usize],
    strong: &[DocSet],
    any: &[DocSet],
) -> Vec<DocSet> {
    let Some(named) = common(wanted.iter().map(|n| &strong[*n])) else { return Vec::new() };
    let mut tiers = Vec::new();
    // With what is only asked with as well, as long as that leaves any.
    let mut closest = named.clone();
    for n in (0..plan.units.len()).filter(|n| !wanted.contains(n)) {
        let mut closer = closest.clone();
        closer.intersect(&any[n]);
        if !closer.is_empty() {
            closest = closer;
        }
    }
    // The finished word before those that begin with it.
    if let Some((unit, n)) =
        plan.units.last().zip(plan.units.len().checked_sub(1)).filter(|(unit, n)| {
            unit.prefix.is_some() && wanted.contains(n) && unit.meanings[of].forms.len() > 1
        })
    {
        let (mut whole, _) = documents(unit, of, segment, true);
        wanted.iter().filter(|other| **other != n).for_each(|other| whole.intersect(&strong[*other]));
        tiers.push(whole);
    }
    if wanted.len() < plan.units.len() {
        tiers.push(closest);
    }
    tiers.push(named);
    tiers
}

/// Entries that have most of what is asked for, weighed by how rare it is.
fn relax(
    parts: &[Part<'_>],
    plan: &Plan,
    worths: &[f32],
    strong: &[Vec<DocSet>],
    any: Vec<Vec<DocSet>>,
) -> Vec<Found> {
    let mut tried = required(plan, true);
    tried.sort_by(|a, b| worths[*b].total_cmp(&worths[*a]).then(a.cmp(b)));
    tried.truncate(TRIED);
    let worth = |mask: u32| -> f32 {
        tried.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, n)| worths[*n]).sum()
    };
    let mut masks: Vec<(f32, u32)> = (1..1u32 << tried.len()).map(|mask| (worth(mask), mask)).collect();
    masks.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut founds: Vec<Found> = any
        .into_iter()
        .zip(parts)
        .map(|(any, part)| Found { matched: DocSet::none(part.segment.len()), tiers: Vec::new(), any })
        .collect();
    let mut best: Option<f32> = None;
    for (worth, mask) in masks {
        if best.is_some_and(|best| worth < ENOUGH * best) {
            break;
        }
        let units = || tried.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, n)| *n);
        for ((found, part), strong) in founds.iter_mut().zip(parts).zip(strong) {
            let Some(mut with) = common(units().map(|n| &found.any[n])) else { continue };
            if let Some(gone) = part.gone {
                with.subtract(gone);
            }
            if with.is_empty() {
                continue;
            }
            best = best.or(Some(worth));
            found.matched.unite(&with);
            found.tiers.extend(common(units().map(|n| &strong[n])));
            found.tiers.push(with);
        }
    }
    founds
}

/// The documents under the identifiers in the question.
fn coded(part: &Part<'_>, codes: &[String]) -> DocSet {
    let segment = part.segment;
    let mut set = DocSet::none(segment.len());
    for code in codes {
        let codes = match segment.codes.find(code) {
            Some(exact) => exact..exact + 1,
            None => segment.codes.beginning_with(code),
        };
        segment.coded.unite(codes, &mut set);
    }
    if let Some(gone) = part.gone {
        set.subtract(gone);
    }
    set
}

/// An entry to give.
struct Chosen {
    part: usize,
    document: u32,
    score: u32,
    rank: u32,
    chord: Option<f32>,
}

/// Answers a question that is understood.
pub(crate) fn answer(parts: &[Part<'_>], plan: &Plan, query: &Query<'_>) -> Answer {
    let blank = plan.units.is_empty();
    let (mut founds, worths, relaxed) = if blank {
        let everything = query.text.trim().is_empty();
        let all = parts.iter().map(|part| {
            let documents = part.segment.len();
            let mut matched = if everything { DocSet::all(documents) } else { DocSet::none(documents) };
            if let Some(gone) = part.gone {
                matched.subtract(gone);
            }
            Found { matched, tiers: Vec::new(), any: Vec::new() }
        });
        (all.collect(), Vec::new(), false)
    } else {
        find(parts, plan)
    };
    let mut by_code: Vec<DocSet> = Vec::new();
    if !plan.codes.is_empty() {
        for (found, part) in founds.iter_mut().zip(parts) {
            let set = coded(part, &plan.codes);
            found.matched.unite(&set);
            found.tiers.insert(0, set.clone());
            by_code.push(set);
        }
    }
    if let Some((near, km)) = query.near.filter(|near| place::usable(*near)).zip(query.within_km) {
        for (found, part) in founds.iter_mut().zip(parts) {
            found.matched.intersect(&part.segment.residents.within(&part.segment.places, near, km));
        }
    }
    let every: Vec<&DocSet> = founds.iter().map(|found| &found.matched).collect();
    let matched: Vec<DocSet> = founds
        .iter()
        .zip(parts)
        .map(|(found, part)| narrow(&found.matched, part.segment, &query.filters, None))
        .collect();
    let wanted = query.offset.saturating_add(query.limit);
    let by_distance = query.near.filter(|_| query.order == Order::Distance);
    let chosen = match by_distance {
        Some(near) => nearest(parts, &matched, near, wanted),
        None => best(parts, plan, &founds, &matched, &worths, &by_code, wanted),
    };
    let here = query.near.map(place::point);
    let hits = chosen.into_iter().skip(query.offset).take(query.limit).map(|chosen| {
        let part = &parts[chosen.part];
        let chord = chosen
            .chord
            .or_else(|| here.as_ref().and_then(|here| part.segment.places.nearest(chosen.document, here)));
        Hit {
            id: part.segment.id(chosen.document).to_owned(),
            kind: part.segment.kind(chosen.document),
            score: chosen.score,
            distance_km: chord.map(place::kilometres),
            reasons: reasons(plan, &chosen, part.segment, &founds[chosen.part].any, &by_code),
        }
    });
    Answer {
        total: matched.iter().map(DocSet::count).sum(),
        hits: hits.collect(),
        facets: if query.facets { count(parts, &every, &matched, &query.filters) } else { Vec::new() },
        unknown: plan.unknown.clone(),
        relaxed,
        marker: Marker::of(plan),
    }
}

fn reasons(
    plan: &Plan,
    chosen: &Chosen,
    segment: &Segment,
    any: &[DocSet],
    by_code: &[DocSet],
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if by_code.get(chosen.part).is_some_and(|set| set.has(chosen.document)) {
        let asked = plan.codes.join(" ");
        reasons.push(Reason { asked, how: How::Code, in_name: false, found: None });
    }
    let telling = plan.units.iter().any(|unit| unit.weight != Weight::Stop);
    for (unit, any) in plan.units.iter().zip(any).filter(|(unit, _)| !telling || unit.weight != Weight::Stop)
    {
        if any.has(chosen.document)
            && let Some((how, in_name, found)) =
                rank::explain(&unit.meanings[chosen.part], segment, chosen.document)
        {
            reasons.push(Reason { asked: unit.asked.clone(), how, in_name, found });
        }
    }
    reasons
}

/// The nearest first; then what has no place, in the order of the catalogue.
fn nearest(parts: &[Part<'_>], matched: &[DocSet], near: Position, wanted: usize) -> Vec<Chosen> {
    let here = place::point(near);
    let mut chosen = Vec::new();
    let mut placeless = Vec::new();
    for (number, (part, matched)) in parts.iter().zip(matched).enumerate() {
        let places = &part.segment.places;
        let mut nearest = Nearest::new(wanted);
        // Many hits share their places, so measure these first.
        let chords = (matched.count() > places.points.len()).then(|| places.chords(&here));
        let mut without = 0;
        for document in matched.iter() {
            let chord = match &chords {
                Some(chords) => places
                    .of_document(document)
                    .iter()
                    .map(|place| chords[*place as usize])
                    .min_by(f32::total_cmp),
                None => places.nearest(document, &here),
            };
            let choose =
                |chord| Chosen { part: number, document, score: 0, rank: part.rank(document), chord };
            match chord {
                Some(chord) => nearest.offer(chord, document),
                None if without < wanted => {
                    without += 1;
                    placeless.push(choose(None));
                }
                None => {}
            }
        }
        chosen.extend(nearest.into_sorted().into_iter().map(|(chord, document)| Chosen {
            part: number,
            document,
            score: 0,
            rank: part.rank(document),
            chord: Some(chord),
        }));
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

/// The best first.
fn best(
    parts: &[Part<'_>],
    plan: &Plan,
    founds: &[Found],
    matched: &[DocSet],
    worths: &[f32],
    by_code: &[DocSet],
    wanted: usize,
) -> Vec<Chosen> {
    let mut chosen = Vec::new();
    for (number, ((part, found), matched)) in parts.iter().zip(founds).zip(matched).enumerate() {
        let segment = part.segment;
        let mut left = matched.clone();
        let mut looked_at = 0usize;
        let mut scores: HashMap<u32, (f32, u32)> = HashMap::with_capacity(NAMES);
        'tiers: for tier in &found.tiers {
            let mut set = tier.clone();
            set.intersect(&left);
            for document in set.iter() {
                if looked_at >= CLOSELY.max(wanted) || scores.len() >= NAMES.max(wanted) {
                    break 'tiers;
                }
                looked_at += 1;
                left.remove(document);
                let (mut score, in_names) = *scores
                    .entry(segment.names_of[document as usize])
                    .or_insert_with(|| rank::score_names(plan, number, worths, segment, document));
                for (n, any) in found.any.iter().enumerate() {
                    if in_names >> n & 1 == 0 && any.has(document) {
                        score += rank::keyword(worths[n]);
                    }
                }
                score += rank::score_kind(segment.kind(document), plan.wish);
                if by_code.get(number).is_some_and(|set| set.has(document)) {
                    score += 10.0;
                }
                let score = (score.max(0.0) * 1_000.0) as u32 + 1;
                chosen.push(Chosen { part: number, document, score, rank: part.rank(document), chord: None });
            }
        }
        // The rest in the order of the catalogue.
        let rest = left.iter().take(wanted.saturating_sub(looked_at));
        chosen.extend(rest.map(|document| Chosen {
            part: number,
            document,
            score: 0,
            rank: part.rank(document),
            chord: None,
        }));
    }
    let order = |chosen: &Chosen| (std::cmp::Reverse(chosen.score), chosen.rank);
    if chosen.len() > wanted && wanted > 0 {
        chosen.select_nth_unstable_by_key(wanted - 1, order);
        chosen.truncate(wanted);
    }
    chosen.sort_unstable_by_key(order);
    chosen
}
