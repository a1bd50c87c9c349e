//! From octets to content lines: encodings, line ends, folds, and the split into name, parameters and value.
//!
//! Unfolding comes before decoding (RFC 5545 section 3.1 allows a fold inside a character), and nothing is
//! trimmed: a blank beside a fold belongs to the text.

use std::borrow::Cow;

/// One unfolded line that has the form of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ContentLine {
    /// Line of the file where it begins, from 1.
    pub number: usize,
    /// Upper-case.
    pub name: String,
    /// Upper-case names with their values, quotes removed.
    pub parameters: Vec<(String, Vec<String>)>,
    /// Everything after the colon.
    pub value: String,
}

/// The file in an encoding that has ASCII in it, its mark of byte order gone.
pub(super) fn plain(file: &[u8]) -> Cow<'_, [u8]> {
    match file {
        [0xef, 0xbb, 0xbf, rest @ ..] => Cow::Borrowed(rest),
        [0xff, 0xfe, rest @ ..] => Cow::Owned(from_utf16(rest, u16::from_le_bytes).into_bytes()),
        [0xfe, 0xff, rest @ ..] => Cow::Owned(from_utf16(rest, u16::from_be_bytes).into_bytes()),
        plain => Cow::Borrowed(plain),
    }
}

/// The content lines of a file in order; `None` for a line that has no such form.
pub(super) fn content_lines(plain: &[u8]) -> impl Iterator<Item = Option<ContentLine>> {
    Unfolded { rest: plain, number: 0 }.map(|(number, octets)| split(number, decode(octets)))
}

fn from_utf16(octets: &[u8], join: fn([u8; 2]) -> u16) -> String {
    let units = octets.chunks_exact(2).map(|pair| join([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Lines ended by CRLF, LF or CR, with their continuations joined and empty lines left out.
struct Unfolded<'f> {
    rest: &'f [u8],
    /// How many lines are behind.
    number: usize,
}

impl<'f> Unfolded<'f> {
    fn next_physical(&mut self) -> &'f [u8] {
        let end = self.rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(self.rest.len());
        let (line, after) = self.rest.split_at(end);
        self.rest = match after {
            [b'\r', b'\n', after @ ..] | [_, after @ ..] => after,
            [] => &[],
        };
        self.number += 1;
        line
    }
}

impl Iterator for Unfolded<'_> {
    type Item = (usize, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        while line.is_empty() && !self.rest.is_empty() {
            line.extend_from_slice(self.next_physical());
        }
        let number = self.number;
        // An empty line between a line and its continuation separates nothing.
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.rest.first() {
            line.extend_from_slice(self.next_physical().get(1..).unwrap_or_default());
        }
        (!line.is_empty()).then_some((number, line))
    }
}

/// UTF-8, or Windows-1252 when the line is not: calendars of older programs mix the two in one file.
fn decode(octets: Vec<u8>) -> String {
    /// Octets 0x80 to 0x9f of Windows-1252; the five that it leaves free stay C1 controls.
    const HIGH: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    String::from_utf8(octets).unwrap_or_else(|error| {
        let character = |octet: &u8| match octet {
            0x80..=0x9f => HIGH[usize::from(octet - 0x80)],
            octet => char::from(*octet),
        };
        error.as_bytes().iter().map(character).collect()
    })
}

fn split(number: usize, line: String) -> Option<ContentLine> {
    let name_end = line.find([':', ';'])?;
    let name = line[..name_end].trim();
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || !name.chars().all(good) {
        return None;
    }
    let name = name.to_ascii_uppercase();
    let mut parameters = Vec::new();
    let mut rest = &line[name_end..];
    while let Some(after) = rest.strip_prefix(';') {
        let (parameter, after) = split_parameter(after)?;
        parameters.extend(parameter);
        rest = after;
    }
    let value = rest.strip_prefix(':')?.to_owned();
    Some(ContentLine { number, name, parameters, value })
}

/// A name and its values.
type Parameter = (String, Vec<String>);

/// One parameter and what follows it, from `;` or `:` on. The parameter is `None` when it has no `=` (vCalendar
/// writes `;QUOTED-PRINTABLE` alone). The whole is `None` when no colon is left: the line has no value.
fn split_parameter(text: &str) -> Option<(Option<Parameter>, &str)> {
    let name_end = text.find(['=', ';', ':'])?;
    let (name, mut rest) = text.split_at(name_end);
    if !rest.starts_with('=') {
        return Some((None, rest));
    }
    let mut values = Vec::new();
    loop {
        // The first character is `=` or the comma before the next value.
        rest = &rest[1..];
        let mut value = String::new();
        // A quote opens at the start of a value only; one in the middle, or without an end, is a character.
        if let Some((quoted, after)) = rest.strip_prefix('"').and_then(|r| r.split_once('"')) {
            value.push_str(quoted);
            rest = after;
        }
        let (more, after) = rest.split_at(rest.find([',', ';', ':'])?);
        value.push_str(more);
        rest = after;
        values.push(value);
        if !rest.starts_with(',') {
            break;
        }
    }
    let name = name.trim().to_ascii_uppercase();
    let good =
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    Some((good.then_some((name, values)), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(file: &[u8]) -> Vec<(usize, String, String)> {
        content_lines(&plain(file)).flatten().map(|l| (l.number, l.name, l.value)).collect()
    }

    #[test]
    fn every_line_end_and_fold_is_read() {
        let expected =
            [(1, "SUMMARY".to_owned(), "carnet de correspondance".to_owned()), (4, "X".into(), "1".into())];
        assert_eq!(values(b"summary:carnet\r\n  de\r\n\t correspondance\r\nX:1"), expected);
        assert_eq!(values(b"SUMMARY:carnet\n  de\n\t correspondance\nX:1\n"), expected);
        assert_eq!(values(b"\xef\xbb\xbfSUMMARY:carnet\r  de\r\t correspondance\rX:1\r\r"), expected);
    }

    #[test]
    fn a_character_split_by_a_fold_is_joined() {
        assert_eq!(values(b"X:\xc3\r\n \xa9t\xc3\xa9"), [(1, "X".into(), "été".into())]);
    }

    #[test]
    fn other_encodings_are_read() {
        assert_eq!(
            values(b"X:\xe9t\xe9 \x80\nY:\xc3\xa9"),
            [(1, "X".into(), "été €".into()), (2, "Y".into(), "é".into())]
        );
        let utf16: Vec<u8> = "\u{feff}X:été\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(values(&utf16), [(1, "X".into(), "été".into())]);
        let utf16: Vec<u8> = "\u{feff}X:été\r\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(values(&utf16), [(1, "X".into(), "été".into())]);
    }

    #[test]
    fn parameters_keep_what_quotes_protect() {
        let all: Vec<_> =
            content_lines(b"A;CN=\"D;u:p,\";x=1,\"2,3\",:v:w\nB;ENC:v\nC;X=\"open:v\nbad\n:v\nD;X").collect();
        let lines: Vec<_> = all.iter().flatten().collect();
        assert_eq!(all.len() - lines.len(), 3);
        assert_eq!(
            lines[0].parameters,
            [
                ("CN".to_owned(), vec!["D;u:p,".to_owned()]),
                ("X".to_owned(), vec!["1".to_owned(), "2,3".to_owned(), String::new()]),
            ]
        );
        assert_eq!(lines[0].value, "v:w");
        assert_eq!((lines[1].parameters.len(), lines[1].value.as_str()), (0, "v"));
        assert_eq!((lines[2].parameters[0].1[0].as_str(), lines[2].value.as_str()), ("\"open", "v"));
    }
}
