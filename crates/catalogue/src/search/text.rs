//! Texts as words: without accents, without case, without elisions, with both genders of `infirmier/ère`.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::gender;

/// One word of a text.
#[derive(Debug)]
pub(crate) struct Word<'a> {
    /// Folded: small letters without accents, and digits.
    pub folded: &'a str,
    /// Where it stands in the text, in bytes.
    pub range: Range<usize>,
    /// Two letters or more, all capitals: an acronym, where the rest is not.
    pub capitals: bool,
    /// The other gender of the word before it, which the text only hints at (`/ère`).
    pub variant: bool,
}

/// What is written before an apostrophe and says nothing: `l’`, `d’`, `qu’`…
const ELISIONS: [&str; 13] =
    ["l", "d", "j", "n", "s", "m", "t", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu"];

/// Appends the folded form of a character; says whether it is part of a word.
pub(crate) fn fold_into(c: char, folded: &mut String) -> bool {
    if c.is_ascii() {
        let is_word = c.is_ascii_alphanumeric();
        if is_word {
            folded.push(c.to_ascii_lowercase());
        }
        return is_word;
    }
    match c {
        'œ' | 'Œ' => folded.push_str("oe"),
        'æ' | 'Æ' => folded.push_str("ae"),
        'ß' => folded.push_str("ss"),
        // Ordinals (nº, 1ᵉʳ) are signs, not letters that a person types.
        'º' | 'ª' => return false,
        // What French writes, without a table of all scripts.
        'à' | 'â' | 'ä' | 'À' | 'Â' | 'Ä' => folded.push('a'),
        'ç' | 'Ç' => folded.push('c'),
        'é' | 'è' | 'ê' | 'ë' | 'É' | 'È' | 'Ê' | 'Ë' => folded.push('e'),
        'î' | 'ï' | 'Î' | 'Ï' => folded.push('i'),
        'ô' | 'ö' | 'Ô' | 'Ö' => folded.push('o'),
        'ù' | 'û' | 'ü' | 'Ù' | 'Û' | 'Ü' => folded.push('u'),
        '’' => return false,
        c if is_combining_mark(c) => {}
        c if c.is_alphanumeric() => fold_by_table(c, folded),
        _ => return false,
    }
    true
}

/// The same of a letter of any script.
fn fold_by_table(c: char, folded: &mut String) {
    folded.extend(std::iter::once(c).nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase));
}

/// Whether the character elides the word before it.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '`' | '´')
}

/// Whether what follows the character may be the ending of the other gender.
fn opens_an_ending(c: char) -> bool {
    matches!(c, '/' | '(' | '·' | '•')
}

/// Hands over each word of a text, in order.
pub(crate) fn each_word(text: &str, mut hand: impl FnMut(Word<'_>)) {
    let mut word = String::new();
    let mut before = String::new();
    let mut start = 0;
    let mut capitals = true;
    let mut letters = 0;
    // Where the word before ends, and what stands after it.
    let mut previous: Option<(Range<usize>, char)> = None;
    let end = std::iter::once((text.len(), ' '));
    for (at, c) in text.char_indices().chain(end) {
        if word.is_empty() {
            start = at;
        }
        if at < text.len() && fold_into(c, &mut word) {
            if c.is_alphabetic() {
                letters += 1;
                capitals &= c.is_uppercase();
            }
            continue;
        }
        if word.is_empty() {
            continue;
        }
        let here = start..at;
        if is_apostrophe(c) && ELISIONS.contains(&word.as_str()) {
            previous = None;
        } else {
            let feminine = previous
                .as_ref()
                .filter(|(range, sign)| opens_an_ending(*sign) && range.end + sign.len_utf8() == here.start)
                .and_then(|(range, _)| Some((range.start, gender::feminine(&before, &word)?)));
            if let Some((from, feminine)) = feminine {
                hand(Word { folded: &feminine, range: from..here.end, capitals: false, variant: true });
                previous = None;
            } else {
                let capitals = capitals && letters >= 2;
                hand(Word { folded: &word, range: here.clone(), capitals, variant: false });
                before.clone_from(&word);
                previous = Some((here, c));
            }
        }
        word.clear();
        capitals = true;
        letters = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let mut words = Vec::new();
        each_word(text, |word| words.push(word.folded.to_owned()));
        words
    }

    #[test]
    fn accents_case_ligatures_and_hyphens_do_not_matter() {
        assert_eq!(words("Éco-gestion, ŒUVRE d’Art : N° 3"), ["eco", "gestion", "oeuvre", "art", "n", "3"]);
        assert_eq!(words("E\u{301}cole"), ["ecole"]);
        assert_eq!(words("1re générale bac+3"), ["1re", "generale", "bac", "3"]);
    }

    #[test]
    fn letters_of_french_fold_as_the_table_has_it() {
        for c in "àâäÀÂÄçÇéèêëÉÈÊËîïÎÏôöÔÖùûüÙÛÜ".chars() {
            let (mut quick, mut table) = (String::new(), String::new());
            assert!(fold_into(c, &mut quick), "{c} is a letter");
            fold_by_table(c, &mut table);
            assert_eq!(quick, table, "{c}");
        }
    }

    #[test]
    fn elisions_are_dropped_and_other_apostrophes_are_not() {
        assert_eq!(words("l'hôtellerie qu’il lorsqu'on"), ["hotellerie", "il", "on"]);
        assert_eq!(words("aujourd’hui"), ["aujourd", "hui"]);
        assert_eq!(words("BTS A l"), ["bts", "a", "l"]);
    }

    #[test]
    fn both_genders_are_there() {
        assert_eq!(words("infirmier/ère"), ["infirmier", "infirmiere"]);
        assert_eq!(words("contrôleur/euse aérien/ne"), ["controleur", "controleuse", "aerien", "aerienne"]);
        assert_eq!(words("coiffeur / coiffeuse"), ["coiffeur", "coiffeuse"]);
        assert_eq!(words("avocat(e) en droit"), ["avocat", "avocate", "en", "droit"]);
        assert_eq!(words("étudiant·e"), ["etudiant", "etudiante"]);
        assert_eq!(words("son/lumière"), ["son", "lumiere"]);
    }

    #[test]
    fn a_word_knows_its_place_and_its_capitals() {
        let mut seen = Vec::new();
        each_word("Bac ES, été", |word| seen.push((word.range, word.capitals)));
        assert_eq!(seen, [(0..3, false), (4..6, true), (8..13, false)]);
    }
}
