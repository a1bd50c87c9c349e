//! Rows of a CSV file: `;`, `,` or tabs, quotes doubled, lines ended by LF or CRLF, a mark of byte order or none.

use std::io::{BufRead, BufReader, Read};

use super::bounds::{Bounded, skip_bom};
use super::cells::{Cells, Columns, date};
use super::fault::{Fault, FaultKind};
use super::item::{Row, Told};
use super::tables::Table;

/// The separator of a header: the one that occurs most in it.
#[must_use]
pub fn separator(header: &str) -> u8 {
    let count = |separator: u8| header.bytes().filter(|b| *b == separator).count();
    [b';', b',', b'\t'].into_iter().rev().max_by_key(|s| count(*s)).unwrap_or(b';')
}

/// Reads every row of `source` as a row of `table` and gives it to `each` with its line. A row that is wrong is given as
/// its reason; a file that ends in the middle of a row is a fault, for what it lacks would look as if it were gone.
pub fn read<R: Read>(
    source: Bounded<R>,
    file: &str,
    table: Table,
    each: &mut dyn FnMut(u64, Row) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let gauge = source.gauge();
    let mut reader = BufReader::with_capacity(64 << 10, source);
    // An error of csv does not say what it comes from.
    let unreadable = |e: csv::Error| match e.kind() {
        csv::ErrorKind::Io(io) => Fault::of(io, file, FaultKind::Unreadable),
        _ => Fault::of(&e, file, FaultKind::Malformed),
    };
    let begins = |e: &std::io::Error| Fault::of(e, file, FaultKind::Unreadable);
    skip_bom(&mut reader).map_err(|e| begins(&e))?;
    let first = String::from_utf8_lossy(reader.fill_buf().map_err(|e| begins(&e))?).into_owned();
    let separator = separator(first.lines().next().unwrap_or_default());
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).has_headers(false).from_reader(reader);

    let mut bytes = csv::ByteRecord::new();
    if !reader.read_byte_record(&mut bytes).map_err(unreadable)? {
        return Err(Fault::new(FaultKind::Cut, file, "le fichier est vide"));
    }
    let header = csv::StringRecord::from_byte_record(bytes.clone())
        .map_err(|_| Fault::new(FaultKind::Encoding, file, super::recognise::NOT_UTF8).at(1))?;
    let columns = Columns::new(header.iter());
    let width = header.len();
    let mut told = Told::default();

    let mut next = csv::ByteRecord::new();
    let mut more = reader.read_byte_record(&mut bytes).map_err(unreadable)?;
    while more {
        gauge.next_record();
        more = reader.read_byte_record(&mut next).map_err(unreadable)?;
        let line = bytes.position().map_or(0, csv::Position::line);
        let quotes = gauge.quotes_are_closed();
        let ends_well = quotes && gauge.ends_with_a_line();
        if !more && !ends_well && is_cut(&bytes, width, quotes, table) {
            let reason = "le fichier est coupé au milieu d’une ligne : téléchargez-le à nouveau";
            return Err(Fault::new(FaultKind::Cut, file, reason).at(line));
        }
        let row = match csv::StringRecord::from_byte_record(std::mem::take(&mut bytes)) {
            Err(error) => {
                bytes = error.into_byte_record();
                Err("la ligne n’est pas en UTF-8".to_owned())
            }
            Ok(record) => {
                let row = if record.len() == width {
                    table.read(&Cells::of_csv(&columns, &record), &mut told)
                } else {
                    Err(format!("{} colonnes au lieu de {width}", record.len()))
                };
                bytes = record.into_byte_record();
                row
            }
        };
        each(line, row)?;
        std::mem::swap(&mut bytes, &mut next);
    }
    Ok(())
}

/// Whether the last row, which no line break ends, is only the beginning of one: open quotes, columns missing, or a day
/// that stops half-way.
fn is_cut(row: &csv::ByteRecord, width: usize, quotes_closed: bool, table: Table) -> bool {
    if !quotes_closed || row.len() < width {
        return true;
    }
    let last = row.get(width.saturating_sub(1)).map(String::from_utf8_lossy).unwrap_or_default();
    let ends_with_a_day = table.columns().last().is_some_and(|c| c.ends_with("date_de_modification"));
    ends_with_a_day && !last.is_empty() && date(&last).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_separator_is_the_one_of_the_header() {
        assert_eq!(separator("a;b;c"), b';');
        assert_eq!(separator("a,b,c;d"), b',');
        assert_eq!(separator("a\tb"), b'\t');
        assert_eq!(separator("seule"), b';');
    }
}
