//! Many rows in few statements.

/// Rows of one statement, the most first. Few sizes, so that each statement is prepared once and found again.
const SIZES: [usize; 4] = [200, 50, 10, 1];

/// Cuts rows into pieces of those sizes, in order.
pub(super) fn pieces<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rows.len())?;
        let (piece, rest) = rows.split_at(size);
        rows = rest;
        Some(piece)
    })
}

/// Ids as a statement can take any number of them.
pub(super) fn list(ids: &[String]) -> String {
    serde_json::Value::from(ids).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_in_one_piece_in_order() {
        for count in [0, 1, 9, 10, 61, 200] {
            let rows: Vec<usize> = (0..count).collect();
            let together: Vec<usize> = pieces(&rows).flatten().copied().collect();
            assert_eq!(together, rows);
            assert!(pieces(&rows).all(|piece| SIZES.contains(&piece.len())));
        }
    }
}
