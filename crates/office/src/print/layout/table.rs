//! Tables: rows that stay whole, titles that come again on each page.

use super::{BOTTOM, Hand, Item, LEADING, Line, Mark, Role, mm, put_line};
use crate::print::paper::{Cell, Column, Look, Row, Style, Table, Text, Tick};

/// White between the line around a cell and its letters.
const PAD_X: f32 = mm(1.6);
const PAD_Y: f32 = mm(1.1);
/// Side of a box to tick: a pen's cross fits in.
const BOX: f32 = mm(4.6);
/// Between two slanted lines.
const HATCH: f32 = mm(2.2);
const THIN: f32 = 0.5;
/// How light the line under a row is: seen on a copy of a copy.
const GREY: u8 = 110;

/// Lines of one paragraph, and whether they are even on the right.
type Measured = Vec<(Vec<Line>, bool)>;

impl Hand<'_> {
    pub(super) fn table(&mut self, table: &Table) {
        let node = self.node(Some(self.section), Role::Table(table.summary.clone()));
        let sides = sides(&table.columns, self.left, self.right);
        let titled = table.columns.iter().any(|c| !c.title.is_empty());
        if titled {
            // A page must not end with titles and none of their rows.
            let first = table.rows.first().map_or(0.0, |r| self.height(r, &sides));
            if self.y + self.titles_height(&table.columns, &sides) + first > BOTTOM {
                self.turn();
            }
            let head = self.node(Some(node), Role::Head);
            self.titles(&table.columns, &sides, Some(head));
        }
        let body = self.node(Some(node), Role::Body);
        for row in &table.rows {
            let height = self.height(row, &sides);
            if self.y + height > BOTTOM {
                self.turn();
                if titled {
                    self.titles(&table.columns, &sides, None);
                }
            }
            self.row(row, &table.columns, &sides, height, body);
        }
    }

    fn measured(&self, texts: &[Text], width: f32) -> Measured {
        let lines = |t: &Text| (self.fonts.lines(t, width - 2.0 * PAD_X, self.density.letters), t.right);
        texts.iter().map(lines).collect()
    }

    fn height(&self, row: &Row, sides: &[f32]) -> f32 {
        let mut column = 0;
        let mut highest = mm(row.height) * self.density.height;
        for cell in &row.cells {
            let (left, right) = span(sides, column, cell.span());
            if let Cell::Texts(texts, _) = cell {
                highest = highest.max(high(&self.measured(texts, right - left)) + 2.0 * PAD_Y);
            }
            column += cell.span();
        }
        highest
    }

    fn titles_height(&self, columns: &[Column], sides: &[f32]) -> f32 {
        let of = |(n, c): (usize, &Column)| {
            let (left, right) = title_span(sides, n, c);
            high(&self.measured(&[title(c)], right - left))
        };
        columns.iter().enumerate().map(of).fold(0.0, f32::max) + 2.0 * PAD_Y
    }

    /// The line of titles; read aloud where it has a node, decoration where it only comes again.
    fn titles(&mut self, columns: &[Column], sides: &[f32], head: Option<usize>) {
        let height = self.titles_height(columns, sides);
        let row = head.map(|h| self.node(Some(h), Role::Row));
        let under = self.y + height;
        for (n, column) in columns.iter().enumerate() {
            let (mut left, right) = title_span(sides, n, column);
            let node = row.map(|r| self.node(Some(r), Role::ColumnTitle));
            let measured = self.measured(&[title(column)], right - left);
            if column.ticked {
                left += (right - left - wide(&measured)) / 2.0 - PAD_X;
            }
            // Titles stand on the line under them.
            let top = under - PAD_Y - high(&measured);
            self.letters(measured, left, right, top, node);
        }
        let items = vec![Item::Stroke([self.left, under, self.right, under], 1.0, 0)];
        self.page.marks.push(Mark { node: None, reads_as: None, items });
        self.y = under;
    }

    fn row(&mut self, row: &Row, columns: &[Column], sides: &[f32], height: f32, body: usize) {
        let (top, under) = (self.y, self.y + height);
        let mut items = Vec::new();
        match row.look {
            Look::Plain => {}
            Look::Grey => items.push(Item::Surface([self.left, top, self.right, under], 235)),
            Look::Hatched => hatch(&mut items, [self.left, top, self.right, under]),
        }
        items.push(Item::Stroke([self.left, under, self.right, under], THIN, GREY));
        self.page.marks.push(Mark { node: None, reads_as: None, items });

        let node = self.node(Some(body), Role::Row);
        let mut column = 0;
        for cell in &row.cells {
            let (left, right) = span(sides, column, cell.span());
            let names_row = columns.get(column).is_some_and(|c| c.names_row) && cell.span() == 1;
            let role = if names_row { Role::RowTitle } else { Role::Cell(cell.span()) };
            let cell_node = self.node(Some(node), role);
            match cell {
                Cell::Texts(texts, _) => {
                    let measured = self.measured(texts, right - left);
                    let spare = height - 2.0 * PAD_Y - high(&measured);
                    // On slanted lines letters have white under them.
                    if row.look == Look::Hatched {
                        self.white(&measured, left, top + PAD_Y + spare / 2.0);
                    }
                    self.letters(measured, left, right, top + PAD_Y + spare / 2.0, Some(cell_node));
                }
                Cell::Tick(tick) => {
                    let (x, y) = ((left + right - BOX) / 2.0, (top + under - BOX) / 2.0);
                    self.page.marks.push(tick_box(*tick, x, y, BOX, cell_node));
                }
            }
            column += cell.span();
        }
        self.y = under;
    }

    /// Paragraphs of a cell. A cell without letters has a mark all the same: else the row would lack a cell when read.
    fn letters(&mut self, texts: Measured, left: f32, right: f32, top: f32, node: Option<usize>) {
        let mut y = top;
        let mut items = Vec::new();
        for (lines, even_right) in texts {
            for line in lines {
                let size = line.size();
                put_line(&mut items, line, left + PAD_X, y + size, even_right.then_some(right - PAD_X));
                y += size * LEADING;
            }
        }
        self.page.marks.push(Mark { node, reads_as: None, items });
    }

    fn white(&mut self, texts: &Measured, left: f32, top: f32) {
        let widest = wide(texts);
        if widest > 0.0 {
            let area = [left, top, left + widest + 2.0 * PAD_X, top + high(texts)];
            let items = vec![Item::Surface(area, 255)];
            self.page.marks.push(Mark { node: None, reads_as: None, items });
        }
    }
}

/// A box, from its top left corner.
pub(super) fn tick_box(tick: Tick, x: f32, y: f32, side: f32, node: usize) -> Mark {
    let mut items = vec![Item::Frame([x, y, x + side, y + side], 0.9)];
    if tick == Tick::Ticked {
        let at = |across: f32, down: f32| [x + across * side, y + down * side];
        let ([x1, y1], [x2, y2], [x3, y3]) = (at(0.16, 0.52), at(0.42, 0.8), at(0.86, 0.18));
        items.push(Item::Stroke([x1, y1, x2, y2], 1.4, 0));
        items.push(Item::Stroke([x2, y2, x3, y3], 1.4, 0));
    }
    let reads_as = Some(if tick == Tick::Ticked { "☑" } else { "☐" });
    Mark { node: Some(node), reads_as, items }
}

fn title(column: &Column) -> Text {
    Text::new(column.title.clone(), Style { size: 7.5, strong: true, soft: true })
}

/// Where columns begin, and where the last one ends: in proportion, from side to side of the page.
fn sides(columns: &[Column], left: f32, right: f32) -> Vec<f32> {
    let all: f32 = columns.iter().map(|c| c.width).sum();
    let mut sides = vec![left];
    let mut used = 0.0;
    for column in columns {
        used += column.width;
        sides.push(left + (right - left) * used / all.max(1.0));
    }
    sides
}

fn span(sides: &[f32], column: usize, columns: usize) -> (f32, f32) {
    let last = sides.last().copied().unwrap_or_default();
    let at = |n: usize| sides.get(n).copied().unwrap_or(last);
    (at(column), at(column + columns))
}

/// A title over boxes has the whole of its column, white included.
fn title_span(sides: &[f32], n: usize, column: &Column) -> (f32, f32) {
    let (left, right) = span(sides, n, 1);
    if column.ticked { (left - PAD_X, right + PAD_X) } else { (left, right) }
}

fn wide(texts: &Measured) -> f32 {
    texts.iter().flat_map(|(lines, _)| lines).map(Line::width).fold(0.0, f32::max)
}

fn high(texts: &Measured) -> f32 {
    texts.iter().flat_map(|(lines, _)| lines).map(|l| l.size() * LEADING).sum()
}

/// Lines at 45 degrees within an area.
pub(super) fn hatch(items: &mut Vec<Item>, [left, top, right, bottom]: [f32; 4]) {
    let height = bottom - top;
    let mut foot = left;
    while foot < right + height {
        // From the foot up to the left, cut at both sides.
        let (x1, y1) = (foot.min(right), bottom - (foot - foot.min(right)));
        let (x2, y2) = ((foot - height).max(left), top.max(bottom - (foot - left)));
        if y2 < y1 {
            items.push(Item::Stroke([x1, y1, x2, y2], 0.35, 170));
        }
        foot += HATCH;
    }
}
