//! From what was typed to what is looked for.

use std::ops::Range;

use super::{
    chatter,
    kin::kin,
    message,
    query::How,
    repair,
    run::documents,
    segment::{Segment, code},
    soft::{Weight, weight},
    stem::Groups,
    synonyms::{Synonyms, Targets},
    text::each_word,
};

/// What a synonym, and another word of the same trade, are worth beside the word itself.
pub(super) const SYNONYM: f32 = 0.85;
const KIN: f32 = 0.75;
/// And a word of an expression that no entry has whole.
const LOOSE: f32 = 0.7;
/// And what begins with a word that means something else.
const UNLIKELY: f32 = 0.5;
/// What a repaired word loses for each letter that was brought in from nowhere: as much as for a wrong one.
const FOREIGN: f32 = WRONG;
/// What it loses for each letter that is wrong, missing, too many or exchanged.
const WRONG: f32 = 0.1;
/// What "to repair" counts beside the tractor that is repaired.
const ACTION: f32 = 0.6;
/// Of a question longer than this, the rest is passed over: nobody types so much, and some paste whole letters.
const LONGEST: usize = 32;

/// A run of words of a segment that a word of the question may stand for.
#[derive(Debug, Clone)]
pub(crate) struct Form {
    pub words: Range<u32>,
    /// 1 for the word itself, less for what is further away.
    pub quality: f32,
    pub how: How,
}

/// Several words that must all be there.
#[derive(Debug, Clone)]
pub(crate) struct Phrase {
    pub parts: Vec<Vec<Form>>,
    pub quality: f32,
    pub how: How,
    pub text: String,
}

/// What one word of the question, or several that mean one thing together, stand for in a segment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Meaning {
    pub forms: Vec<Form>,
    pub phrases: Vec<Phrase>,
}

/// One thing that is asked for.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    /// As typed.
    pub asked: String,
    pub weight: Weight,
    /// Beginning of words, if the last word may not be finished.
    pub prefix: Option<String>,
    /// In each segment.
    pub meanings: Vec<Meaning>,
    /// Keys of the groups to mark in texts.
    pub keys: Vec<String>,
    /// How much it matters beside others that are as rare; 1 in a question.
    pub emphasis: f32,
}

/// What kind of answer the question asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Wish {
    pub question: bool,
    pub programmes: bool,
    pub occupations: bool,
    pub institutions: bool,
}

/// A question, understood.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub units: Vec<Unit>,
    pub unknown: Vec<String>,
    /// Identifiers in it, as they are looked up.
    pub codes: Vec<String>,
    pub wish: Wish,
    /// Whether it was a message, of which much is passed over.
    pub message: bool,
}

/// A word of the question.
pub(super) struct Typed {
    pub folded: String,
    pub key: String,
    pub range: Range<usize>,
    pub capitals: bool,
}

/// Whether a piece of the question looks like an identifier: `FOR.2255`, `0801234X`, `H1503`.
pub(super) fn looks_like_a_code(piece: &str) -> bool {
    let digits = piece.bytes().filter(u8::is_ascii_digit).count();
    digits >= 1
        && piece.len() >= 4
        && piece.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"./-_:".contains(&byte))
        && (piece.contains('.') || digits >= 4)
}

impl Plan {
    pub(crate) fn new(text: &str, segments: &[&Segment], synonyms: &Synonyms, groups: &Groups) -> Self {
        if chatter::is_message(text) {
            return message::plan(text, segments, synonyms, groups);
        }
        let mut plan = Self::default();
        let codes = text.split_whitespace().take(LONGEST).filter(|piece| looks_like_a_code(piece)).map(code);
        plan.codes =
            codes.filter(|code| segments.iter().any(|s| !s.codes.beginning_with(code).is_empty())).collect();
        let mut words: Vec<Typed> = Vec::new();
        each_word(text, |word| {
            if !word.variant
                && words.len() < LONGEST
                && !plan.codes.iter().any(|code| in_code(text, &word.range, code))
            {
                words.push(Typed {
                    folded: word.folded.to_owned(),
                    key: groups.key(word.folded),
                    range: word.range,
                    capitals: word.capitals,
                });
            }
        });
        let shouted = words.iter().all(|word| word.capitals || word.folded.len() < 2);
        let open = text.chars().next_back().is_some_and(char::is_alphanumeric);
        let stems: Vec<&str> = words.iter().map(|word| word.key.as_str()).collect();
        let mut at = 0;
        while at < words.len() {
            let known = |most: usize| {
                let taken = synonyms.longest(&stems[at..at + most]);
                // An article alone is no key of the table, whatever the table says.
                taken.filter(|(taken, _)| *taken > 1 || !words[at].is_soft(shouted))
            };
            let understood = |taken: Option<(usize, &Targets)>| {
                let count = taken.map_or(1, |(taken, _)| taken);
                let last = at + count == words.len();
                let mut unit =
                    Unit::of(&words[at..at + count], text, shouted, open && last, segments, groups);
                if let Some((_, targets)) = taken {
                    unit.add_targets(targets, segments, groups, SYNONYM, How::Synonym);
                    unit.is_finished();
                }
                (count, last, unit)
            };
            let (mut count, mut last, mut unit) = understood(known(words.len() - at));
            // The catalogue knows nothing of the expression, but may of its first word.
            if count > 1 && unit.is_unknown() {
                (count, last, unit) = understood(known(1));
            }
            let run = &words[at..at + count];
            plan.wish.note(&run[0].folded);
            if count == 1 && is_a_stage(&words, at) {
                unit.weight = Weight::Asking;
            }
            if count == 1 && is_an_action(&words, at) {
                unit.emphasis = ACTION;
            }
            if count == 1 && unit.weight == Weight::Full {
                unit.add_kin(&run[0].folded, segments, groups);
            }
            // "veut" in a question is no mistake for "vente"; "doit" alone may be one for "droit".
            let soft = words.len() > 1 && matches!(unit.weight, Weight::Stop | Weight::Asking);
            if unit.is_unknown() && count == 1 && !soft {
                unit.repair(&run[0].folded, open && last, segments, synonyms, groups);
            }
            match (unit.is_unknown(), soft) {
                (false, _) => plan.units.push(unit),
                (true, false) => plan.unknown.push(unit.asked.clone()),
                (true, true) => {}
            }
            at += count;
        }
        plan.wish.question |= text.trim_end().ends_with('?');
        plan.loosen(segments, groups);
        plan
    }

    /// Of an expression that no entry has whole, such as the name of a diploma that is given nowhere, most of its words
    /// may still be somewhere.
    fn loosen(&mut self, segments: &[&Segment], groups: &Groups) {
        let vain = |unit: &Unit| {
            unit.meanings.iter().all(|meaning| meaning.forms.is_empty())
                && (segments.iter().enumerate())
                    .all(|(of, segment)| documents(unit, of, segment, true).1.is_empty())
        };
        let mut units = Vec::with_capacity(self.units.len());
        for unit in std::mem::take(&mut self.units) {
            if vain(&unit) && units.len() + unit.keys.len() <= LONGEST {
                units.extend(unit.loosened(segments, groups));
            } else {
                units.push(unit);
            }
        }
        self.units = units;
    }
}

/// Whether the word is the baccalauréat that somebody has or has not ("après le bac", "sans bac"), and not the one that
/// is asked for.
fn is_a_stage(words: &[Typed], at: usize) -> bool {
    let before = |n: usize| at.checked_sub(n).map_or("", |at| words[at].folded.as_str());
    const CONDITIONS: [&str; 7] = ["apres", "avant", "sans", "avec", "post", "niveau", "eu"];
    words[at].folded == "bac"
        && (CONDITIONS.contains(&before(1))
            || (matches!(before(1), "le" | "un" | "mon" | "son" | "ton") && CONDITIONS.contains(&before(2))))
}

/// Whether the word is a verb with its object after it: "réparer des tracteurs".
fn is_an_action(words: &[Typed], at: usize) -> bool {
    const ARTICLES: [&str; 7] = ["un", "une", "des", "les", "la", "le", "du"];
    let verb = ["er", "ir", "re"].iter().any(|ending| words[at].folded.ends_with(ending));
    verb && words.get(at + 1).is_some_and(|next| ARTICLES.contains(&next.folded.as_str()))
        && at + 2 < words.len()
}

/// Whether a word is a piece of an identifier.
fn in_code(text: &str, range: &Range<usize>, wanted: &str) -> bool {
    let from = text[..range.start].rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let to = text[range.end..].find(char::is_whitespace).map_or(text.len(), |at| range.end + at);
    text.get(from..to).is_some_and(|piece| code(piece) == wanted)
}

impl Typed {
    fn is_soft(&self, shouted: bool) -> bool {
        matches!(weight(&self.folded, self.capitals && !shouted), Weight::Stop | Weight::Asking)
    }
}

impl Wish {
    pub(super) fn note(&mut self, folded: &str) {
        match folded {
            "formation" | "formations" | "etude" | "etudes" | "diplome" | "diplomes" => {
                self.programmes = true
            }
            "metier" | "metiers" | "debouche" | "debouches" | "devenir" | "travailler" => {
                self.occupations = true
            }
            "ou" | "ecole" | "ecoles" | "lycee" | "lycees" | "college" | "etablissement"
            | "etablissements" => {
                self.institutions = true;
            }
            "quel" | "quelle" | "quels" | "quelles" | "comment" | "pourquoi" | "quoi" | "que" => {
                self.question = true;
            }
            _ => {}
        }
    }
}

/// What a folded word stands for: itself and its group.
fn forms(segment: &Segment, folded: &str, groups: &Groups, quality: f32, how: Option<How>) -> Vec<Form> {
    let mut forms = Vec::new();
    let exact = segment.words.find(folded);
    if let Some(word) = exact {
        forms.push(Form { words: word..word + 1, quality, how: how.unwrap_or(How::Exact) });
    }
    for word in segment.group(&groups.key(folded)).iter().filter(|word| Some(**word) != exact) {
        forms.push(Form { words: *word..word + 1, quality: quality * 0.95, how: how.unwrap_or(How::Form) });
    }
    forms
}

impl Unit {
    pub(super) fn of(
        run: &[Typed],
        text: &str,
        shouted: bool,
        open: bool,
        segments: &[&Segment],
        groups: &Groups,
    ) -> Self {
        let asked = match (run.first(), run.last()) {
            (Some(first), Some(last)) => text[first.range.start..last.range.end].to_owned(),
            _ => String::new(),
        };
        let mut prefix = None;
        let meanings = segments.iter().map(|segment| {
            let mut parts: Vec<Vec<Form>> =
                run.iter().map(|word| forms(segment, &word.folded, groups, 1.0, None)).collect();
            if let Some((word, part)) = run.last().zip(parts.last_mut()).filter(|_| open) {
                let words = segment.words.beginning_with(&word.folded);
                if !words.is_empty() {
                    part.push(Form { words, quality: 0.7, how: How::Beginning });
                }
                prefix = Some(word.folded.clone());
            }
            match <[Vec<Form>; 1]>::try_from(parts) {
                Ok([forms]) => Meaning { forms, phrases: Vec::new() },
                Err(parts) if parts.iter().any(Vec::is_empty) => Meaning::default(),
                Err(parts) => {
                    let phrase = Phrase { parts, quality: 1.0, how: How::Exact, text: asked.clone() };
                    Meaning { forms: Vec::new(), phrases: vec![phrase] }
                }
            }
        });
        let meanings = meanings.collect();
        let weight = match run {
            [word] => weight(&word.folded, word.capitals && !shouted),
            _ => Weight::Full,
        };
        let keys = run.iter().map(|word| word.key.clone()).collect();
        Self { asked, weight, prefix, meanings, keys, emphasis: 1.0 }
    }

    /// A word that the table of synonyms has is hardly the beginning of another.
    fn is_finished(&mut self) {
        let forms = self.meanings.iter_mut().flat_map(|meaning| &mut meaning.forms);
        forms.filter(|form| form.how == How::Beginning).for_each(|form| form.quality = UNLIKELY);
    }

    /// The words of its expressions, each on its own.
    fn loosened(self, segments: &[&Segment], groups: &Groups) -> impl Iterator<Item = Self> {
        let mut words: Vec<&str> = Vec::new();
        for phrase in self.meanings.iter().flat_map(|meaning| &meaning.phrases) {
            words.extend(phrase.text.split(' ').filter(|word| weight(word, false) == Weight::Full));
        }
        let mut known: Vec<&str> = Vec::new();
        words.retain(|word| {
            let new = !known.contains(word);
            known.push(word);
            new
        });
        let of_word = |word: &str| {
            let mut unit = Self {
                asked: self.asked.clone(),
                weight: Weight::Full,
                prefix: None,
                meanings: vec![Meaning::default(); segments.len()],
                keys: Vec::new(),
                emphasis: self.emphasis,
            };
            unit.add_forms(word, segments, groups, LOOSE, How::Synonym);
            unit
        };
        let units: Vec<Self> = words.into_iter().map(of_word).collect();
        units.into_iter()
    }

    pub(super) fn is_unknown(&self) -> bool {
        self.meanings.iter().all(|meaning| meaning.forms.is_empty() && meaning.phrases.is_empty())
    }

    pub(super) fn add_targets(
        &mut self,
        targets: &[Vec<String>],
        segments: &[&Segment],
        groups: &Groups,
        quality: f32,
        how: How,
    ) {
        for target in targets {
            // Articles of an expression need not be there.
            let mut words: Vec<&String> =
                target.iter().filter(|word| weight(word, false) != Weight::Stop).collect();
            if words.is_empty() {
                words = target.iter().collect();
            }
            for (meaning, segment) in self.meanings.iter_mut().zip(segments) {
                let parts: Vec<Vec<Form>> =
                    words.iter().map(|word| forms(segment, word, groups, 1.0, None)).collect();
                if parts.iter().all(|part| !part.is_empty()) {
                    meaning.phrases.push(Phrase { parts, quality, how, text: target.join(" ") });
                }
            }
            self.keys.extend(words.iter().map(|word| groups.key(word)));
        }
    }

    pub(super) fn repair(
        &mut self,
        word: &str,
        open: bool,
        segments: &[&Segment],
        synonyms: &Synonyms,
        groups: &Groups,
    ) {
        for meant in repair::meant(word, segments, synonyms, open) {
            let quality = 0.85 - WRONG * meant.distance as f32 - FOREIGN * meant.foreign.min(3) as f32;
            self.add_forms(&meant.word, segments, groups, quality, How::Repaired);
            if let Some((_, targets)) = synonyms.longest(&[&groups.key(&meant.word)]) {
                self.add_targets(targets, segments, groups, quality - 0.1, How::Repaired);
            }
        }
        if self.is_unknown() {
            for other in repair::alike(word, segments) {
                self.add_forms(&other, segments, groups, 0.5, How::Alike);
            }
        }
    }

    /// What is called otherwise because it is another word for the same trade.
    pub(super) fn add_kin(&mut self, word: &str, segments: &[&Segment], groups: &Groups) {
        let known = |word: &String| segments.iter().any(|segment| segment.words.find(word).is_some());
        for relative in kin(word).iter().filter(|relative| known(relative)) {
            self.add_forms(relative, segments, groups, KIN, How::Form);
        }
    }

    fn add_forms(&mut self, word: &str, segments: &[&Segment], groups: &Groups, quality: f32, how: How) {
        let mut known = false;
        for (meaning, segment) in self.meanings.iter_mut().zip(segments) {
            for form in forms(segment, word, groups, quality, Some(how)) {
                known = true;
                if !meaning.forms.iter().any(|known| known.words == form.words) {
                    meaning.forms.push(form);
                }
            }
        }
        if known {
            self.keys.push(groups.key(word));
        }
    }
}
