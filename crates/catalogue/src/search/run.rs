//! Looking a question up: which entries have what is asked for, which of them to look at closely, which are best.

use passerelle_domain::office::Position;

use super::{
    choose::{self, Chosen},
    gist,
    narrow::{count, narrow},
    place,
    plan::{Plan, Unit},
    postings::DocSet,
    query::{Answer, Hit, How, Order, Query, Reason},
    rank,
    segment::Segment,
    snippet::Marker,
    soft::Weight,
};

/// Of what is found at all, how much of the question an entry must have when none has all of it.
const ENOUGH: f32 = 0.6;
/// And how much while few are found.
const LEAST: f32 = 0.3;
/// Fewer entries than this that have all that is asked for may not be what was meant.
const FEW: usize = 5;
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
    pub(super) fn rank(&self, document: u32) -> u32 {
        self.ranks.map_or(document, |ranks| ranks[document as usize])
    }
}

/// The entries of one segment.
#[derive(Default)]
pub(super) struct Found {
    /// All that answer, filters aside.
    pub matched: DocSet,
    /// In which order to look at them: the best sets first. Whatever is in a set may be in a later one again.
    pub tiers: Vec<DocSet>,
    /// Of each thing asked for, the documents that have it.
    pub any: Vec<DocSet>,
    /// Of each thing that a message names, the documents that have it in a name; and how many these are.
    pub named: Vec<DocSet>,
    pub named_counts: Vec<usize>,
    /// Those of `matched` that have all that is asked for, where others are among them.
    pub whole: Option<DocSet>,
}

/// The documents that have one thing asked for: in a name, anywhere.
pub(super) fn documents(unit: &Unit, of: usize, segment: &Segment, finished: bool) -> (DocSet, DocSet) {
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
                * unit.emphasis
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
        let unsure = !is_sure(parts, plan, &wanted, &sets);
        let mut founds = if unsure { relax(parts, plan, &worths, &strong, &any) } else { Vec::new() };
        founds.resize_with(parts.len(), Found::default);
        for (of, (found, matched)) in founds.iter_mut().zip(sets).enumerate() {
            let mut tiers = tiers(plan, of, parts[of].segment, &wanted, &strong[of], &any[of]);
            tiers.push(matched.clone());
            if unsure {
                found.matched.unite(&matched);
                found.whole = Some(matched.clone());
                tiers.append(&mut found.tiers);
            } else {
                found.matched = matched;
            }
            found.tiers = tiers;
            found.any = std::mem::take(&mut any[of]);
        }
        return (founds, worths, false);
    }
    let mut founds = relax(parts, plan, &worths, &strong, &any);
    founds.iter_mut().zip(any).for_each(|(found, any)| found.any = any);
    (founds, worths, true)
}

/// Whether what has all that is asked for is what was meant: it is enough, or something of it is called so. One entry
/// that happens to have the words among its keywords, or what the table of synonyms says for them, shuts out nothing.
fn is_sure(parts: &[Part<'_>], plan: &Plan, wanted: &[usize], sets: &[DocSet]) -> bool {
    if sets.iter().map(DocSet::count).sum::<usize>() >= FEW {
        return true;
    }
    let called = |of: usize, document: u32| {
        wanted.iter().all(|n| {
            let meaning = &plan.units[*n].meanings[of];
            let how = rank::explain(meaning, parts[of].segment, document);
            how.is_some_and(|(how, in_name, _)| {
                in_name && matches!(how, How::Exact | How::Form | How::Beginning)
            })
        })
    };
    sets.iter().enumerate().any(|(of, set)| set.iter().any(|document| called(of, document)))
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
    any: &[Vec<DocSet>],
) -> Vec<Found> {
    let mut tried = required(plan, true);
    tried.sort_by(|a, b| worths[*b].total_cmp(&worths[*a]).then(a.cmp(b)));
    tried.truncate(TRIED);
    let worth = |mask: u32| -> f32 {
        tried.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, n)| worths[*n]).sum()
    };
    let mut masks: Vec<(f32, u32)> = (1..1u32 << tried.len()).map(|mask| (worth(mask), mask)).collect();
    masks.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let none = |part: &Part<'_>| Found { matched: DocSet::none(part.segment.len()), ..Found::default() };
    let mut founds: Vec<Found> = parts.iter().map(none).collect();
    let mut best: Option<f32> = None;
    for (worth, mask) in masks {
        let found = || founds.iter().map(|found| found.matched.count()).sum::<usize>();
        if best.is_some_and(|best| worth < LEAST * best || (worth < ENOUGH * best && found() >= FEW)) {
            break;
        }
        let units = || tried.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, n)| *n);
        for (((found, part), strong), any) in founds.iter_mut().zip(parts).zip(strong).zip(any) {
            let sets: Vec<&DocSet> = units().map(|n| &any[n]).collect();
            if !DocSet::meet(&sets) {
                continue;
            }
            let Some(mut with) = common(sets.into_iter()) else { continue };
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

/// What has what is asked for, before anything narrows it.
pub(crate) struct LookedUp {
    /// In each part.
    founds: Vec<Found>,
    /// What each thing asked for is worth.
    worths: Vec<f32>,
    /// Whether nothing has all that is asked for.
    relaxed: bool,
    /// What is known by the identifiers in the question, in each part; nothing when there are none.
    by_code: Vec<DocSet>,
}

/// Looks a question up that is understood: of the query, its text and the stretch around its place.
pub(crate) fn look_up(parts: &[Part<'_>], plan: &Plan, query: &Query<'_>) -> LookedUp {
    let (mut founds, worths, relaxed) = if plan.units.is_empty() {
        let everything = query.text.trim().is_empty();
        let all = parts.iter().map(|part| {
            let documents = part.segment.len();
            let mut matched = if everything { DocSet::all(documents) } else { DocSet::none(documents) };
            if let Some(gone) = part.gone {
                matched.subtract(gone);
            }
            Found { matched, ..Found::default() }
        });
        (all.collect(), Vec::new(), false)
    } else if plan.message {
        let (founds, worths) = gist::find(parts, plan);
        (founds, worths, true)
    } else {
        find(parts, plan)
    };
    let mut by_code: Vec<DocSet> = Vec::new();
    if !plan.codes.is_empty() {
        for (found, part) in founds.iter_mut().zip(parts) {
            let set = coded(part, &plan.codes);
            found.matched.unite(&set);
            if let Some(whole) = &mut found.whole {
                whole.unite(&set);
            }
            found.tiers.insert(0, set.clone());
            by_code.push(set);
        }
    }
    if let Some((near, km)) = usable(query.near).zip(query.within_km) {
        for (found, part) in founds.iter_mut().zip(parts) {
            found.matched.intersect(&part.segment.residents.within(near, km));
        }
    }
    LookedUp { founds, worths, relaxed, by_code }
}

fn usable(near: Option<Position>) -> Option<Position> {
    near.filter(|near| place::usable(*near))
}

/// What the query wants of what was looked up for it.
pub(crate) fn answer(parts: &[Part<'_>], plan: &Plan, looked_up: &LookedUp, query: &Query<'_>) -> Answer {
    let LookedUp { founds, worths, relaxed, by_code } = looked_up;
    let near = usable(query.near);
    let every: Vec<&DocSet> = founds.iter().map(|found| &found.matched).collect();
    let matched: Vec<DocSet> = founds
        .iter()
        .zip(parts)
        .map(|(found, part)| narrow(&found.matched, part.segment, &query.filters, None))
        .collect();
    let total = matched.iter().map(DocSet::count).sum();
    // What was found beside those that have all of it is counted apart.
    let apart = founds.iter().zip(parts).filter_map(|(found, part)| {
        let whole = narrow(found.whole.as_ref()?, part.segment, &query.filters, None);
        Some((whole, &found.matched))
    });
    let apart: Vec<usize> = apart
        .map(|(mut whole, matched)| {
            whole.intersect(matched);
            whole.count()
        })
        .collect();
    let whole = match (relaxed, apart.is_empty()) {
        (true, _) => 0,
        (false, true) => total,
        (false, false) => apart.into_iter().sum(),
    };
    // Who only counts has nothing chosen.
    let wanted = if query.limit == 0 { 0 } else { query.offset.saturating_add(query.limit) };
    let by_distance = near.filter(|_| query.order == Order::Distance);
    let chosen = match by_distance {
        _ if wanted == 0 || total == 0 => Vec::new(),
        Some(near) => choose::nearest(parts, &matched, near, wanted),
        None if plan.message => gist::best(parts, plan, founds, &matched, worths, by_code, wanted),
        None => choose::best(parts, plan, founds, &matched, worths, by_code, wanted),
    };
    let here = near.map(place::point);
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
            reasons: reasons(plan, &chosen, part.segment, &founds[chosen.part].any, by_code),
        }
    });
    Answer {
        total,
        whole,
        hits: hits.collect(),
        facets: if query.facets { count(parts, &every, &matched, &query.filters) } else { Vec::new() },
        unknown: plan.unknown.clone(),
        relaxed: *relaxed,
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
