//! Many rows as one text. SQLite runs on a thread of its own and wakes the one that waits for each row that it hands over:
//! for two hundred rows that takes longer than to find them. From PostgreSQL each column of each row comes as a message's
//! part of its own, looked up by its name.
//!
//! A statement joins the columns of a row by `char(31)` and the rows by `char(30)`, documents last; in what order it joins
//! the rows is the database's to choose. Neither character stands in JSON, where a string has them escaped (RFC 8259,
//! sections 2 and 7), nor in an identifier.

use super::StoreError;
use super::feed::unsigned;
use super::session::{ChangeRow, RevisionRow};

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

/// Changes of a feed in their order, from `seq`, `entity`, `id`, `rev` and the document, empty for one that was taken away.
pub(super) fn changes(text: Option<&str>) -> Result<Vec<ChangeRow>, StoreError> {
    let mut changes = rows(text, |[seq, entity, id, rev, doc]| {
        Ok(ChangeRow {
            seq: number(seq)?,
            entity: entity.to_owned(),
            id: id.to_owned(),
            rev: number(rev)?,
            doc: (!doc.is_empty()).then(|| doc.to_owned()),
        })
    })?;
    changes.sort_unstable_by_key(|change| change.seq);
    Ok(changes)
}

/// The same without documents, from `seq`, `id`, `rev` and whether the document was taken away: 1 or 0.
pub(super) fn revisions(text: Option<&str>) -> Result<Vec<RevisionRow>, StoreError> {
    let mut revisions = rows(text, |[seq, id, rev, gone]| {
        Ok(RevisionRow { seq: number(seq)?, id: id.to_owned(), rev: number(rev)?, gone: gone == "1" })
    })?;
    revisions.sort_unstable_by_key(|revision| revision.seq);
    Ok(revisions)
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
