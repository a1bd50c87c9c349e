//! A table of facts: names on the left, values on the right; the first value stands out.

use super::paper::{Cell, Column, Look, Row, Style, Table, Text};

/// The table; `size` is that of the first value, points.
pub fn table(summary: &str, facts: &[(&'static str, String)], size: f32) -> Table {
    let column = |width, names_row| Column { title: String::new(), width, names_row, ticked: false };
    let row = |(n, (name, value)): (usize, &(&'static str, String))| {
        let style = if n == 0 { Style::strong(size) } else { Style::plain(size - 1.0) };
        Row {
            look: Look::Plain,
            height: 8.0,
            cells: vec![
                Cell::of(Text::new(*name, Style::soft(size - 2.0))),
                Cell::of(Text::new(value, style)),
            ],
        }
    };
    Table {
        summary: summary.to_owned(),
        columns: vec![column(26.0, true), column(160.0, false)],
        rows: facts.iter().enumerate().map(row).collect(),
    }
}
