//! What a text may contain once written: the form that every reader gives back unchanged.
//!
//! Programs differ on blanks at the ends (some trim), on control characters (some refuse the file) and on the
//! rarer line separators (some split the line there). Texts are brought to the common ground before writing.

/// Longest run of blanks kept. A longer one is layout, not text, and could fill a folded line with blanks only.
const MAX_BLANKS: usize = 16;

/// One line: line breaks and tabs become a space, control characters go, ends are trimmed.
pub(crate) fn single_line(text: &str) -> String {
    let spaced = text.chars().filter_map(|c| match c {
        c if is_line_break(c) || c == '\t' => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    });
    trimmed(limit_blanks(spaced))
}

/// Several lines, separated by `\n` alone; tabs become a space, control characters go, ends are trimmed.
pub(crate) fn multi_line(text: &str) -> String {
    // CRLF is one line break, not two.
    let unix = text.replace("\r\n", "\n");
    let kept = unix.chars().filter_map(|c| match c {
        c if is_line_break(c) => Some('\n'),
        '\t' => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    });
    trimmed(limit_blanks(kept))
}

/// A URI kept to the characters of RFC 3986, the others percent-encoded; `None` when it has no scheme.
pub(crate) fn uri(text: &str) -> Option<String> {
    let text = text.trim();
    let (scheme, _) = text.split_once(':')?;
    let mut letters = scheme.chars();
    let good_scheme = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if !good_scheme {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    for octet in text.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&octet) {
            out.push(char::from(octet));
        } else {
            out.push('%');
            for nibble in [octet >> 4, octet & 15] {
                out.extend(char::from_digit(u32::from(nibble), 16).map(|c| c.to_ascii_uppercase()));
            }
        }
    }
    Some(out)
}

/// Blank in the widest sense of any reader's `trim`, line breaks left out.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() && c != '\n'
}

fn is_line_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

fn limit_blanks(chars: impl Iterator<Item = char>) -> String {
    let mut run = 0;
    chars
        .filter(|&c| {
            run = if is_blank(c) { run + 1 } else { 0 };
            run <= MAX_BLANKS
        })
        .collect()
}

fn trimmed(text: String) -> String {
    let inner = text.trim();
    if inner.len() == text.len() { text } else { inner.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_stays_one_line() {
        assert_eq!(single_line("  Bilan\r\nd'orientation\u{2028}\u{7}fin\u{0} "), "Bilan  d'orientation fin");
        assert_eq!(single_line("Rendez-vous\u{a0}: 14\u{202f}h"), "Rendez-vous\u{a0}: 14\u{202f}h");
    }

    #[test]
    fn line_breaks_of_every_kind_become_one() {
        assert_eq!(multi_line("a\r\nb\rc\u{2029}d\n\ne\n"), "a\nb\nc\nd\n\ne");
    }

    #[test]
    fn long_runs_of_blanks_are_cut() {
        assert_eq!(single_line(&format!("a{}b", " ".repeat(300))), format!("a{}b", " ".repeat(16)));
    }

    #[test]
    fn uris_are_encoded_and_need_a_scheme() {
        assert_eq!(
            uri("https://example.fr/é a?x=1;2,3").as_deref(),
            Some("https://example.fr/%C3%A9%20a?x=1;2,3")
        );
        assert_eq!(uri("https://a\r\nATTENDEE:b").as_deref(), Some("https://a%0D%0AATTENDEE:b"));
        assert_eq!(uri("pas une adresse"), None);
        assert_eq!(uri("1: non"), None);
    }
}
