//! Lines of a CSV file as the publisher's PHP writes them: `;` between cells, a cell in quotes when it holds a space,
//! a quote, a separator or a line end, LF at the end.

use std::io::{self, Write};

/// The byte order mark that begins each CSV file.
pub(super) const BOM: &str = "\u{feff}";

/// Writes one line.
pub(crate) fn write_line<'a>(
    out: &mut impl Write,
    cells: impl IntoIterator<Item = &'a str>,
) -> io::Result<()> {
    let mut first = true;
    for cell in cells {
        if !first {
            out.write_all(b";")?;
        }
        first = false;
        if cell.bytes().any(|b| matches!(b, b' ' | b'"' | b';' | b'\n' | b'\r' | b'\t' | b'\\')) {
            out.write_all(b"\"")?;
            for (rank, part) in cell.split('"').enumerate() {
                if rank > 0 {
                    out.write_all(b"\"\"")?;
                }
                out.write_all(part.as_bytes())?;
            }
            out.write_all(b"\"")?;
        } else {
            out.write_all(cell.as_bytes())?;
        }
    }
    out.write_all(b"\n")
}

/// Writes the mark and the line of heads, given as one text with `;` between them.
pub(crate) fn write_heads(out: &mut impl Write, heads: &str) -> io::Result<()> {
    out.write_all(BOM.as_bytes())?;
    write_line(out, heads.split(';'))
}

/// Text of an XML element.
pub(crate) fn xml(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_needs_it_is_quoted() {
        let mut out = Vec::new();
        write_line(&mut out, ["Lycée", "de la \"Mer\"", "", "a;b", "l'île"]).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "Lycée;\"de la \"\"Mer\"\"\";;\"a;b\";l'île\n");
    }
}
