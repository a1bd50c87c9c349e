//! Folding of what people type: accents, case, ligatures, apostrophes and hyphens do not matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents; everything that is neither letter nor digit becomes one space.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut space = true;
    for c in text.nfd().filter(|c| !is_combining_mark(*c)) {
        match c {
            'œ' | 'Œ' => out.push_str("oe"),
            'æ' | 'Æ' => out.push_str("ae"),
            'ß' => out.push_str("ss"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            c if c.is_alphanumeric() => out.extend(c.to_lowercase()),
            _ => {
                if !space {
                    out.push(' ');
                }
                space = true;
                continue;
            }
        }
        space = false;
    }
    while out.ends_with(' ') {
        out.pop();
    }
    out
}

/// The FTS5 expression that finds every row whose words begin with each of the typed words; `None` for no word.
///
/// Digits written in groups ("06 12", "04/03/2009") also match the same digits in one run, because the stored text holds
/// both forms.
#[must_use]
pub fn search_expression(typed: &str) -> Option<String> {
    let folded = fold(typed);
    let words: Vec<&str> = folded.split(' ').filter(|w| !w.is_empty()).take(8).collect();
    if words.is_empty() {
        return None;
    }
    // Digits in groups are one number, with words before or after it too: "martin 06 12".
    let digits = |w: &str| w.bytes().all(|b| b.is_ascii_digit());
    let mut terms: Vec<(String, bool)> = Vec::new();
    for word in words {
        match terms.last_mut() {
            Some((number, true)) if digits(word) => number.push_str(word),
            _ => terms.push((word.to_owned(), digits(word))),
        }
    }
    Some(terms.iter().map(|(w, _)| format!("\"{w}\"*")).collect::<Vec<_>>().join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_punctuation_fold_away() {
        assert_eq!(fold("Bénaïssa-Lefèvre, Œdipe"), "benaissa lefevre oedipe");
        assert_eq!(fold("  L’Abergement  "), "l abergement");
        assert_eq!(fold("Đoàn Straße"), "đoan strasse");
    }

    #[test]
    fn an_expression_is_quoted_so_that_nothing_typed_is_syntax() {
        assert_eq!(search_expression("benai"), Some("\"benai\"*".into()));
        assert_eq!(search_expression("a\" OR b*"), Some("\"a\"* AND \"or\"* AND \"b\"*".into()));
        assert_eq!(search_expression("06 39 98"), Some("\"063998\"*".into()));
        assert_eq!(search_expression("martin 06-39"), Some("\"martin\"* AND \"0639\"*".into()));
        assert_eq!(search_expression(" ,; "), None);
    }
}
