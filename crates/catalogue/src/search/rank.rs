//! How well one entry answers.

use rustc_hash::FxHashMap;

use super::{
    document::Kind,
    plan::{Form, Meaning, Phrase, Plan, Wish},
    postings::DocSet,
    query::How,
    segment::{NEXT_NAME, Segment},
};

/// What a word in a keyword is worth beside one in a name.
const KEYWORD: f32 = 0.4;
/// What a word in another name is worth beside one in the title.
const ALTERNATE: f32 = 0.94;
/// What a title is worth of which nothing is left unasked.
const WHOLE: f32 = 0.3;
/// What it is worth that a name begins with what is asked.
const FIRST: f32 = 0.05;
/// What it is worth that two words stand beside each other as they were typed.
const BESIDE: f32 = 0.04;
/// What it is worth to be the kind that the question asks for.
const WISHED: f32 = 0.08;

/// What is left of a word of a message in a name of which it says nothing else.
const LEAST_SAID: f32 = 0.3;
/// What a word of a message in a keyword is worth beside one in a name.
const AROUND: f32 = 0.1;

/// The best match of one thing asked for among the words of a name.
fn best_form(forms: &[Form], word: u32) -> Option<&Form> {
    let mut best: Option<&Form> = None;
    for form in forms {
        if form.words.contains(&word) && best.is_none_or(|best| form.quality >= best.quality) {
            best = Some(form);
        }
    }
    best
}

/// The place of a phrase in a name, if all its parts are there.
fn phrase_in(phrase: &Phrase, name: &[u32]) -> Option<usize> {
    let mut first = usize::MAX;
    for part in &phrase.parts {
        let at = name.iter().position(|word| part.iter().any(|form| form.words.contains(word)))?;
        first = first.min(at);
    }
    Some(first)
}

/// What the words of names are to each thing asked for. Five hundred names have three hundred different words.
pub(crate) struct Qualities<'a> {
    meanings: Vec<&'a Meaning>,
    /// Where the qualities of a word stand.
    rows: FxHashMap<u32, usize>,
    /// Of a word, that of the best form for each thing; 0 where there is none.
    of_words: Vec<f32>,
    /// Where those of the words of the name stand that is looked at.
    name: Vec<usize>,
}

impl<'a> Qualities<'a> {
    pub(crate) fn new(plan: &'a Plan, of: usize) -> Self {
        let meanings = plan.units.iter().map(|unit| &unit.meanings[of]).collect();
        Self { meanings, rows: FxHashMap::default(), of_words: Vec::new(), name: Vec::new() }
    }

    fn look_at(&mut self, name: &[u32]) {
        self.name.clear();
        for word in name {
            let row = *self.rows.entry(*word).or_insert_with(|| {
                let row = self.of_words.len();
                let quality =
                    |meaning: &&Meaning| best_form(&meaning.forms, *word).map_or(0.0, |form| form.quality);
                self.of_words.extend(self.meanings.iter().map(quality));
                row
            });
            self.name.push(row);
        }
    }

    /// How well the name looked at has one thing: quality, place, how many words of the name it takes.
    fn in_name(&self, unit: usize, name: &[u32]) -> Option<(f32, usize, usize)> {
        let mut best: Option<(f32, usize, usize)> = None;
        let mut most = 0.0;
        for (place, row) in self.name.iter().enumerate() {
            let quality = self.of_words[row + unit];
            if quality > most {
                most = quality;
                best = Some((quality, place, 1));
            }
        }
        in_phrases(&self.meanings[unit].phrases, name, best)
    }
}

/// What an expression of a thing makes of how well a name has it.
fn in_phrases(
    phrases: &[Phrase],
    name: &[u32],
    mut best: Option<(f32, usize, usize)>,
) -> Option<(f32, usize, usize)> {
    for phrase in phrases {
        if best.is_none_or(|(quality, ..)| phrase.quality > quality)
            && let Some(place) = phrase_in(phrase, name)
        {
            best = Some((phrase.quality, place, phrase.parts.len()));
        }
    }
    best
}

/// How well the names of an entry have what is asked for, each thing at its worth; and which things are in one of them.
pub(crate) fn score_names(
    worth: &[f32],
    any: &[DocSet],
    segment: &Segment,
    document: u32,
    words: &mut Qualities<'_>,
) -> (f32, u32) {
    let mut qualities = [0.0f32; 32];
    let mut shape = 0.0f32;
    for (number, name) in segment.names(document).split(|word| *word == NEXT_NAME).enumerate() {
        let names = if number == 0 { 1.0 } else { ALTERNATE };
        let telling = name.iter().filter(|word| !segment.light[**word as usize]).count().max(1);
        let mut taken = 0.0f32;
        let mut of_shape = 0.0;
        let mut before: Option<usize> = None;
        words.look_at(name);
        for (unit, (any, quality)) in any.iter().zip(&mut qualities).enumerate() {
            // What is nowhere in the entry is in none of its names.
            let found = any.has(document).then(|| words.in_name(unit, name)).flatten();
            let Some((found, place, taking)) = found else {
                before = None;
                continue;
            };
            *quality = quality.max(found * names);
            if !segment.light[name[place] as usize] {
                taken += taking as f32 * found;
            }
            if place == 0 {
                of_shape += FIRST * found;
            }
            if before.is_some_and(|before| before + 1 == place) {
                of_shape += BESIDE;
            }
            before = Some(place);
        }
        of_shape += WHOLE * (taken / telling as f32).min(1.0) * names;
        shape = shape.max(of_shape);
    }
    let mut in_names = 0u32;
    let mut sum = 0.0;
    for (number, (quality, worth)) in qualities.iter().zip(worth).enumerate() {
        if *quality > 0.0 {
            in_names |= 1 << number;
            sum += quality * worth;
        }
    }
    (sum + shape, in_names)
}

/// What the things asked for that are in no name, but among the keywords, add.
pub(crate) fn keyword(worth: f32) -> f32 {
    KEYWORD * worth
}

/// What the things that a message names are worth to an entry, in the one of its names that has most of them.
#[derive(Debug)]
pub(crate) struct Gains(Vec<f32>);

impl Gains {
    /// Of one thing; 0 where the name has it not.
    pub(crate) fn of(&self, unit: usize) -> f32 {
        self.0.get(unit).copied().unwrap_or_default()
    }

    /// Of each thing.
    pub(crate) fn of_all(&self) -> impl Iterator<Item = (usize, f32)> {
        self.0.iter().copied().enumerate()
    }

    /// Of all together, each at its worth.
    pub(crate) fn sum(&self, worths: &[f32]) -> f32 {
        self.0.iter().zip(worths).map(|(gain, worth)| gain * worth).sum()
    }
}

/// How much a thing says that so many of so many entries have.
pub(crate) fn rarity(entries: usize, having: usize) -> f32 {
    (1.0 + entries as f32 / (1.0 + having as f32)).ln()
}

/// What a thing of a message adds that is only among an entry's keywords.
pub(crate) fn around(worth: f32) -> f32 {
    AROUND * worth
}

/// How well the names of an entry have what a message names. A name counts by how much of it the message says: of a
/// long name with one word of the message, little is meant.
pub(crate) fn gains(
    plan: &Plan,
    of: usize,
    worths: &[f32],
    segment: &Segment,
    document: u32,
    rarities: &mut FxHashMap<u32, f32>,
) -> Gains {
    let mut best = (0.0, Gains(Vec::new()));
    for (number, name) in segment.names(document).split(|word| *word == NEXT_NAME).enumerate() {
        let mut qualities = vec![0.0f32; plan.units.len()];
        let mut said = vec![0.0f32; name.len()];
        for (unit, quality) in plan.units.iter().zip(&mut qualities) {
            let meaning = &unit.meanings[of];
            for (word, said) in name.iter().zip(&mut said) {
                if let Some(form) = best_form(&meaning.forms, *word) {
                    *quality = quality.max(form.quality);
                    *said = said.max(form.quality);
                }
            }
            for phrase in meaning.phrases.iter().filter(|phrase| phrase_in(phrase, name).is_some()) {
                *quality = quality.max(phrase.quality);
                let here = |word: &u32| phrase.parts.iter().flatten().any(|form| form.words.contains(word));
                for (_, said) in name.iter().zip(&mut said).filter(|(word, _)| here(word)) {
                    *said = said.max(phrase.quality);
                }
            }
        }
        let (mut whole, mut part) = (0.0, 0.0);
        for (word, said) in name.iter().zip(&said).filter(|(word, _)| !segment.light[**word as usize]) {
            let rarity =
                *rarities.entry(*word).or_insert_with(|| rarity(segment.len(), segment.strong.count(*word)));
            whole += rarity;
            part += rarity * said;
        }
        let share = LEAST_SAID + (1.0 - LEAST_SAID) * part / f32::max(whole, f32::MIN_POSITIVE);
        let share = share * if number == 0 { 1.0 } else { ALTERNATE };
        qualities.iter_mut().for_each(|quality| *quality *= share);
        let gains = Gains(qualities);
        let sum = gains.sum(worths);
        if sum > best.0 {
            best = (sum, gains);
        }
    }
    best.1
}

/// What a kind adds.
pub(crate) fn score_kind(kind: Kind, wish: Wish) -> f32 {
    let usual = match kind {
        Kind::Occupation | Kind::Programme => 0.03,
        Kind::Faq if wish.question => 0.05,
        Kind::Faq | Kind::Institution => 0.0,
        Kind::Offering => -0.02,
    };
    let wished = match kind {
        Kind::Programme | Kind::Offering => wish.programmes,
        Kind::Occupation => wish.occupations,
        Kind::Institution => wish.institutions,
        Kind::Faq => false,
    };
    usual + if wished { WISHED } else { 0.0 }
}

/// How one thing asked for led to a document: how, whether to a name, what was found there.
pub(crate) fn explain(
    meaning: &Meaning,
    segment: &Segment,
    document: u32,
) -> Option<(How, bool, Option<String>)> {
    let mut best: Option<(f32, How, Option<String>)> = None;
    for name in segment.names(document).split(|word| *word == NEXT_NAME) {
        for word in name {
            if let Some(form) = best_form(&meaning.forms, *word)
                && best.as_ref().is_none_or(|(quality, ..)| form.quality > *quality)
            {
                let found = (form.how != How::Exact).then(|| segment.words.get(*word as usize).to_owned());
                best = Some((form.quality, form.how, found));
            }
        }
        for phrase in &meaning.phrases {
            if best.as_ref().is_none_or(|(quality, ..)| phrase.quality > *quality)
                && phrase_in(phrase, name).is_some()
            {
                let found = (phrase.how != How::Exact).then(|| phrase.text.clone());
                best = Some((phrase.quality, phrase.how, found));
            }
        }
    }
    if let Some((_, how, found)) = best {
        return Some((how, true, found));
    }
    let here = |word: u32| segment.weak.has(word, document) || segment.strong.has(word, document);
    for form in &meaning.forms {
        if let Some(word) = form.words.clone().find(|word| here(*word)) {
            let found = (form.how != How::Exact).then(|| segment.words.get(word as usize).to_owned());
            return Some((form.how, false, found));
        }
    }
    let phrase = meaning.phrases.iter().find(|phrase| {
        phrase.parts.iter().all(|part| part.iter().any(|form| form.words.clone().any(here)))
    })?;
    Some((phrase.how, false, (phrase.how != How::Exact).then(|| phrase.text.clone())))
}
