//! From a message to what it names: the words that say something, weighed by how they are said.

use rustc_hash::FxHashMap;

use super::{
    chatter::{self, Said},
    plan::{Plan, SYNONYM, Typed, Unit, looks_like_a_code},
    query::How,
    rank,
    segment::{Segment, code},
    stem::Groups,
    synonyms::Synonyms,
};

/// How many things of a message are looked for.
const MOST: usize = 32;
/// How many unknown words are taken for mistyped ones. Most of them are names, and a repair is what costs most.
const REPAIRED: usize = 3;
/// A shorter unknown word is a name or an abbreviation of somebody's own.
const MISTYPED: usize = 7;
/// What a thing gains that is said again, and how often that counts.
const AGAIN: f32 = 0.25;
const TIMES: usize = 4;
/// What an expression of several words gains: whoever uses one means it.
const EXPRESSION: f32 = 1.4;

/// What a message is about.
pub(super) fn plan(text: &str, segments: &[&Segment], synonyms: &Synonyms, groups: &Groups) -> Plan {
    let said = chatter::said(text, groups);
    let mut plan = Plan { message: true, codes: codes(text, segments), ..Plan::default() };
    let stems: Vec<&str> = said.iter().map(|word| word.key.as_str()).collect();
    // Each thing once, and how often it is said.
    let mut known: FxHashMap<String, (usize, usize)> = FxHashMap::default();
    let mut repaired = 0;
    let mut at = 0;
    while at < said.len() {
        plan.wish.note(&said[at].folded);
        let taken = synonyms.longest(&stems[at..]).map(|(taken, _)| taken).filter(|taken| *taken > 1);
        let lengths = taken.into_iter().chain([1]);
        let unit = lengths.filter_map(|count| {
            let run = &said[at..at + count];
            let emphasis = run.iter().map(|word| word.emphasis).fold(0.0, f32::max);
            if emphasis == 0.0 {
                return None;
            }
            let mut unit = unit(run, text, segments, synonyms, groups);
            if unit.is_unknown() && count == 1 && repaired < REPAIRED && may_be_mistyped(&run[0]) {
                repaired += 1;
                unit.repair(&run[0].folded, false, segments, synonyms, groups);
            }
            unit.emphasis = emphasis * if count > 1 { EXPRESSION } else { 1.0 };
            (!unit.is_unknown()).then_some((count, unit))
        });
        let Some((count, unit)) = { unit }.next() else {
            at += 1;
            continue;
        };
        let key = stems[at..at + count].join(" ");
        match known.get_mut(&key) {
            Some((place, times)) => {
                *times += 1;
                let emphasis = plan.units[*place].emphasis.max(unit.emphasis);
                plan.units[*place].emphasis = emphasis;
            }
            None => {
                known.insert(key, (plan.units.len(), 0));
                plan.units.push(unit);
            }
        }
        at += count;
    }
    for (place, times) in known.into_values() {
        plan.units[place].emphasis *= 1.0 + AGAIN * times.min(TIMES) as f32;
    }
    weightiest(&mut plan, segments);
    plan.wish.question = false;
    plan
}

/// Keeps the things that weigh most, in the order in which they are said.
fn weightiest(plan: &mut Plan, segments: &[&Segment]) {
    if plan.units.len() <= MOST {
        return;
    }
    let entries: usize = segments.iter().map(|segment| segment.len()).sum();
    let weigh = |unit: &Unit| {
        let having = unit.meanings.iter().zip(segments).map(|(meaning, segment)| {
            let forms = meaning.forms.iter().map(|form| segment.frequency(form.words.clone()));
            forms.sum::<usize>()
        });
        rank::rarity(entries, having.sum()) * unit.emphasis
    };
    let mut weights: Vec<(usize, f32)> = plan.units.iter().map(weigh).enumerate().collect();
    weights.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut kept = vec![false; plan.units.len()];
    weights.iter().take(MOST).for_each(|(at, _)| kept[*at] = true);
    let mut kept = kept.into_iter();
    plan.units.retain(|_| kept.next().unwrap_or_default());
}

/// Identifiers that are written whole: a telephone number begins like some.
fn codes(text: &str, segments: &[&Segment]) -> Vec<String> {
    let pieces = text.split_whitespace().take(chatter::LONGEST_MESSAGE);
    let pieces = pieces.map(|piece| piece.trim_end_matches([',', ';', '.', ')', '?', '!']));
    let codes = pieces.filter(|piece| looks_like_a_code(piece)).map(code);
    codes.filter(|code| segments.iter().any(|segment| segment.codes.find(code).is_some())).collect()
}

fn may_be_mistyped(word: &Said) -> bool {
    word.emphasis >= 1.0 && word.folded.len() >= MISTYPED
}

fn unit(run: &[Said], text: &str, segments: &[&Segment], synonyms: &Synonyms, groups: &Groups) -> Unit {
    let typed: Vec<Typed> = run
        .iter()
        .map(|word| Typed {
            folded: word.folded.clone(),
            key: word.key.clone(),
            range: word.range.clone(),
            capitals: word.capitals,
        })
        .collect();
    let stems: Vec<&str> = run.iter().map(|word| word.key.as_str()).collect();
    let mut unit = Unit::of(&typed, text, false, false, segments, groups);
    if let Some((_, targets)) = synonyms.longest(&stems).filter(|(taken, _)| *taken == run.len()) {
        unit.add_targets(targets, segments, groups, SYNONYM, How::Synonym);
    }
    if let [word] = run {
        unit.add_kin(&word.folded, segments, groups);
    }
    unit
}
