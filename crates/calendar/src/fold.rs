//! Folding of content lines, RFC 5545 section 3.1: at most 75 octets a line, counted with the space that opens
//! a continuation and without the CRLF.
//!
//! Three things beyond the standard, each because a program in use gets it wrong: a character is never split
//! (some readers decode line by line), a break avoids the neighbourhood of a blank (some trim each line), and a
//! break never stands between a backslash and what it escapes.

use crate::text::is_blank;

/// Longest line in octets.
const LIMIT: usize = 75;
/// How far back, in octets, a better place for the break is looked for.
const REACH: usize = 50;

/// Appends `line` folded and ended by CRLF.
pub(crate) fn fold_into(out: &mut String, line: &str) {
    let mut rest = line;
    let mut room = LIMIT;
    while rest.len() > room {
        let (head, tail) = rest.split_at(break_at(rest, room));
        out.push_str(head);
        out.push_str("\r\n ");
        rest = tail;
        room = LIMIT - 1;
    }
    out.push_str(rest);
    out.push_str("\r\n");
}

/// Where to break `text`, which is longer than `room` octets: a character boundary, never 0.
fn break_at(text: &str, room: usize) -> usize {
    let last = text.floor_char_boundary(room);
    let floor = last.saturating_sub(REACH).max(1);
    let mut second_best = None;
    let mut at = last;
    while at >= floor {
        let before = text[..at].chars().next_back();
        let after = text[at..].chars().next();
        // An even number of backslashes before the break is complete pairs.
        let splits_escape = text[..at].bytes().rev().take_while(|&b| b == b'\\').count() % 2 == 1;
        if !splits_escape && !before.is_some_and(is_blank) {
            if !after.is_some_and(is_blank) {
                return at;
            }
            second_best = second_best.or(Some(at));
        }
        at = text.floor_char_boundary(at - 1);
    }
    second_best.unwrap_or(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn folded(line: &str) -> String {
        let mut out = String::new();
        fold_into(&mut out, line);
        out
    }

    #[test]
    fn seventy_five_octets_stay_whole() {
        let line = "x".repeat(75);
        assert_eq!(folded(&line), format!("{line}\r\n"));
        assert_eq!(folded(&"x".repeat(76)), format!("{line}\r\n x\r\n"));
    }

    #[test]
    fn breaks_away_from_blanks_and_escapes() {
        let line = format!("{} carnet de correspondance", "x".repeat(74));
        assert_eq!(folded(&line), format!("{}\r\n x carnet de correspondance\r\n", "x".repeat(73)));
        let line = format!("{}\\\\\\n{}", "x".repeat(72), "y".repeat(9));
        assert_eq!(folded(&line), format!("{}\\\\\r\n \\n{}\r\n", "x".repeat(72), "y".repeat(9)));
    }

    proptest! {
        #[test]
        fn lines_are_short_whole_and_give_back_the_text(text in "(\\PC|é| |🙂|\\\\|;){0,400}") {
            let out = folded(&text);
            let lines: Vec<&str> = out.strip_suffix("\r\n").unwrap().split("\r\n").collect();
            for line in &lines {
                prop_assert!(line.len() <= 75, "{} octets: {line:?}", line.len());
            }
            for line in &lines[1..] {
                prop_assert!(line.starts_with(' ') && line.len() > 1, "{line:?}");
            }
            prop_assert_eq!(out.replace("\r\n ", ""), format!("{text}\r\n"));
        }
    }
}
