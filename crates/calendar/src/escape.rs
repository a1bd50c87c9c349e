//! Escaping of TEXT values, RFC 5545 section 3.3.11: `\\`, `\;`, `\,`, `\n`, and nothing else.

/// Appends `text` escaped. The text must be clean already (no control character but `\n`).
pub(crate) fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    // The four are ASCII, so the index is a character boundary; what is between them goes in one piece.
    while let Some(at) = rest.bytes().position(|b| matches!(b, b'\\' | b';' | b',' | b'\n')) {
        out.push_str(&rest[..at]);
        out.push('\\');
        out.push_str(if rest.as_bytes()[at] == b'\n' { "n" } else { &rest[at..=at] });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Undoes the escaping from left to right, so that `C:\\new` gives `C:\new`. A backslash before any other
/// character is kept: it is a mistake of the writer, and nothing tells what was meant.
pub(crate) fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(c @ ('\\' | ';' | ',')) => out.push(c),
            Some(c) => {
                out.push('\\');
                out.push(c);
            }
            None => out.push('\\'),
        }
    }
    out
}

/// Splits a list of TEXT values at the commas that are not escaped, and unescapes each.
pub(crate) fn unescape_list(value: &str) -> Vec<String> {
    let mut items = Vec::new();
    let mut start = 0;
    let mut escaped = false;
    for (at, c) in value.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ',' => {
                items.push(unescape(&value[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(unescape(&value[start..]));
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_the_four_and_no_other() {
        let mut out = String::new();
        escape_into(&mut out, "a\\b;c,d\ne:\"f\"'é");
        assert_eq!(out, "a\\\\b\\;c\\,d\\ne:\"f\"'é");
    }

    #[test]
    fn unescapes_from_left_to_right() {
        assert_eq!(unescape(r"C:\\new"), r"C:\new");
        assert_eq!(unescape(r"a\Nb\,c\;d\x\"), "a\nb,c;d\\x\\");
    }

    #[test]
    fn splits_lists_at_bare_commas() {
        assert_eq!(unescape_list(r"a\,b,c\\,d"), ["a,b", "c\\", "d"]);
    }
}
