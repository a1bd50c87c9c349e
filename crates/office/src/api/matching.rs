//! Which parts of a shown name answer what was typed.

use crate::store::fold;

/// Character ranges `[from, to)` of `title` that begin a word with one of the typed words, accents and case ignored; in
/// order, without overlap.
#[must_use]
pub fn ranges(title: &str, typed: &str) -> Vec<(u16, u16)> {
    let folded = fold(typed);
    let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).collect();
    // A combining mark folds to nothing and belongs to the letter before it.
    let letters: Vec<String> = title.chars().map(|c| fold(&c.to_string())).collect();
    let is_mark = |i: usize| title.chars().nth(i).is_some_and(unicode_normalization::char::is_combining_mark);
    let mut out: Vec<(u16, u16)> = Vec::new();
    let mut start = 0;
    while start < letters.len() {
        let inside = start > 0 && (!letters[start - 1].is_empty() || is_mark(start - 1));
        if letters[start].is_empty() || inside {
            start += 1;
            continue;
        }
        let mut end =
            words.iter().filter_map(|w| prefix_end(&letters, start, w, is_mark)).max().unwrap_or(start);
        while end > start && end < letters.len() && is_mark(end) {
            end += 1;
        }
        if end > start {
            out.push((short(start), short(end)));
        }
        start = end.max(start + 1);
    }
    out
}

fn short(i: usize) -> u16 {
    u16::try_from(i).unwrap_or(u16::MAX)
}

/// Where the letters from `start` have said all of `word`.
fn prefix_end(
    letters: &[String],
    start: usize,
    word: &str,
    is_mark: impl Fn(usize) -> bool,
) -> Option<usize> {
    let mut left = word;
    for (i, letter) in letters.iter().enumerate().skip(start) {
        if letter.is_empty() {
            if is_mark(i) {
                continue;
            }
            return None;
        }
        left = match left.strip_prefix(letter.as_str()) {
            Some(rest) => rest,
            // The last letter typed may be half of a ligature.
            None => return letter.starts_with(left).then_some(i + 1),
        };
        if left.is_empty() {
            return Some(i + 1);
        }
    }
    None
}

/// Whether each typed word begins a word of the text.
#[must_use]
pub fn answers(text: &str, typed: &str) -> bool {
    let (text, typed) = (fold(text), fold(typed));
    typed.split(' ').filter(|w| !w.is_empty()).all(|w| text.split(' ').any(|t| t.starts_with(w)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(title: &str, typed: &str) -> Vec<String> {
        let letters: Vec<char> = title.chars().collect();
        ranges(title, typed)
            .into_iter()
            .map(|(from, to)| letters[usize::from(from)..usize::from(to)].iter().collect())
            .collect()
    }

    #[test]
    fn accents_hyphens_and_ligatures_are_marked_as_they_are_shown() {
        assert_eq!(marked("Bénaïssa, Yasmine", "benai"), ["Bénaï"]);
        assert_eq!(marked("Martineau-Duquesnoy, Jean-Baptiste", "duq jean"), ["Duq", "Jean"]);
        assert_eq!(marked("Œdipe, Zoé", "oed"), ["Œd"]);
        assert_eq!(marked("Œdipe, Zoé", "o"), ["Œ"]);
        assert_eq!(marked("Be\u{301}naissa, A", "ben"), ["Be\u{301}n"], "decomposed letters");
        assert_eq!(marked("Martin, Anne", "artin"), Vec::<String>::new(), "only beginnings of words");
        assert_eq!(marked("Martin, Marie", "mar mart"), ["Mart", "Mar"]);
        assert_eq!(marked("", "x"), Vec::<String>::new());
    }

    #[test]
    fn every_typed_word_must_be_answered() {
        assert!(answers("M. Haddad", "hadd"));
        assert!(!answers("M. Haddad", "hadd karim"));
        assert!(answers("anything", ""));
    }
}
