//! Many rows as one text. The database runs on a thread of its own and wakes the one that waits for each row that it hands
//! over: an eighth of that thread's time while bookings arrive.
//!
//! A statement joins the columns of a row by `char(31)` and the rows by `char(30)`, documents last; what order a statement
//! joins rows in is SQLite's to choose. Neither character stands
//! in JSON, where a string has them escaped (RFC 8259, sections 2 and 7), nor in an identifier.

use crate::store::StoreError;
use crate::store::feed::unsigned;

/// Between two rows.
const ROW: char = '\u{1e}';
/// Between two columns.
const COLUMN: char = '\u{1f}';

/// The rows of a text; `None` is what joining no rows gives.
pub(super) fn rows<const COLUMNS: usize, T>(
    text: Option<&str>,
    row: impl Fn([&str; COLUMNS]) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    text.split(ROW)
        .map(|one| {
            let mut columns = one.splitn(COLUMNS, COLUMN);
            let mut found = [""; COLUMNS];
            for place in &mut found {
                *place = columns.next().ok_or_else(|| damaged(one))?;
            }
            row(found)
        })
        .collect()
}

/// A number of a column.
pub(super) fn number(text: &str) -> Result<u64, StoreError> {
    text.parse::<i64>().map(unsigned).map_err(|_| damaged(text))
}

/// Nothing of a document is said: it may be about somebody.
fn damaged(text: &str) -> StoreError {
    StoreError::Damaged(format!("a row of {} bytes is not as it was written", text.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_and_rows_are_parted_as_they_were_joined() {
        let pair = |[id, doc]: [&str; 2]| Ok((id.to_owned(), doc.to_owned()));
        let read = rows(Some("a\u{1f}{\"x\":\"\\u001e\"}\u{1e}b\u{1f}"), pair).expect("two rows");
        assert_eq!(read, [("a".into(), "{\"x\":\"\\u001e\"}".into()), ("b".into(), String::new())]);
        assert!(rows(None, pair).expect("no row").is_empty());
    }

    #[test]
    fn a_row_that_lacks_a_column_is_said_to_be_damaged_without_what_is_in_it() {
        let error = rows(Some("Camille"), |[id, _]: [&str; 2]| Ok(id.to_owned())).expect_err("one column");
        assert!(matches!(error, StoreError::Damaged(_)) && !error.to_string().contains("Camille"), "{error}");
        assert!(number("douze").is_err());
    }
}
