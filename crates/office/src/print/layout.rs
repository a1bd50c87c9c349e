//! From what stands on a page to where it stands: lines, boxes and text with their places, page by page, and the
//! structure that a screen reader follows. Lengths here are points, from the top left corner of an A4 page.

mod lists;
mod table;

use super::font::{Fonts, Line, Piece};
use super::paper::{Block, Density, Fixed, Form, Paper, Part, Style, Text};

/// A4, points.
pub const PAGE_WIDTH: f32 = 595.276;
/// A4, points.
pub const PAGE_HEIGHT: f32 = 841.89;

/// White above: printers reach no further than 5 mm.
const TOP: f32 = mm(12.0);
/// Nothing but the foot stands below.
const BOTTOM: f32 = PAGE_HEIGHT - mm(16.0);
const FOOT: f32 = PAGE_HEIGHT - mm(9.0);
/// From one line to the next, of the size of its letters.
const LEADING: f32 = 1.24;
/// The name of a part where it goes on, and the white below it.
const AGAIN: Style = Style::strong(11.0);
const AGAIN_BELOW: f32 = mm(2.5);
const NOTES_STEP: f32 = mm(8.5);

/// Points of a length in millimetres.
#[must_use]
pub const fn mm(length: f32) -> f32 {
    length * 72.0 / 25.4
}

/// A document with everything in its place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Laid {
    /// In order.
    pub pages: Vec<Page>,
    /// What is read aloud, and how it hangs together. A node comes after its parent.
    pub nodes: Vec<Node>,
    /// Name of each part and the page that it begins on, from 0.
    pub outline: Vec<(String, usize)>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// In the order in which they are drawn and read.
    pub marks: Vec<Mark>,
}

/// Something drawn as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// What it is part of; nothing but decoration when absent.
    pub node: Option<usize>,
    /// What is read instead of what is seen.
    pub reads_as: Option<&'static str>,
    /// Letters and lines.
    pub items: Vec<Item>,
}

/// What ink there is.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    /// Letters from a point on their base line.
    Letters(f32, f32, Piece),
    /// A surface: left, top, right, bottom, and how light (0 is black).
    Surface([f32; 4], u8),
    /// A line: from, to, how thick and how light.
    Stroke([f32; 4], f32, u8),
    /// An empty box: left, top, right, bottom, and how thick its line is.
    Frame([f32; 4], f32),
}

/// A part of what is read aloud.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is in.
    pub parent: Option<usize>,
    /// What it is.
    pub role: Role,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Role {
    /// A part of the document.
    Section,
    /// A heading: its level and words.
    Heading(u8, String),
    /// A paragraph.
    Paragraph,
    /// A table and what it is.
    Table(String),
    /// The lines of titles.
    Head,
    /// The other lines.
    Body,
    /// A line of a table.
    Row,
    /// A title of a column.
    ColumnTitle,
    /// A title of a row.
    RowTitle,
    /// A cell over so many columns.
    Cell(usize),
}

/// Puts everything in its place.
#[must_use]
pub fn lay_out(paper: &Paper, fonts: &Fonts) -> Laid {
    let mut laid = Laid::default();
    for part in &paper.parts {
        let mut best: Option<Laid> = None;
        let ways = part.forms.iter().flat_map(|form| form.densities.iter().map(move |d| (form, *d)));
        for (form, density) in ways {
            let tried = Hand::new(fonts, part, density).form(form);
            if best.as_ref().is_none_or(|b| tried.pages.len() < b.pages.len()) {
                best = Some(tried);
            }
            if best.as_ref().is_some_and(|b| b.pages.len() == 1) {
                break;
            }
        }
        let Some(mut best) = best else { continue };
        feet(&mut best.pages, &paper.foot, fonts, mm(part.margin));
        let shift = laid.nodes.len();
        for mark in best.pages.iter_mut().flat_map(|p| &mut p.marks) {
            mark.node = mark.node.map(|n| n + shift);
        }
        for node in &mut best.nodes {
            node.parent = node.parent.map(|n| n + shift);
        }
        laid.outline.push((part.name.clone(), laid.pages.len()));
        laid.pages.append(&mut best.pages);
        laid.nodes.append(&mut best.nodes);
    }
    laid
}

/// The foot of each page of a part; pages are numbered where there are several.
fn feet(pages: &mut [Page], words: &str, fonts: &Fonts, left: f32) {
    let right = PAGE_WIDTH - left;
    let style = Style::soft(7.5);
    let count = pages.len();
    for (n, page) in pages.iter_mut().enumerate() {
        let number = if count > 1 { format!("page {} sur {count}", n + 1) } else { String::new() };
        let room = right - left - fonts.width(&number, style) - mm(6.0);
        let mut items = Vec::new();
        let lines = fonts.lines(&Text::new(words, style), room, 1.0);
        let above = lines.len().saturating_sub(1);
        for (n, line) in lines.into_iter().enumerate() {
            let up = (above - n) as f32 * style.size * LEADING;
            put_line(&mut items, line, left, FOOT - up, None);
        }
        for line in fonts.lines(&Text::new(number, style).to_the_right(), mm(40.0), 1.0) {
            put_line(&mut items, line, left, FOOT, Some(right));
        }
        page.marks.push(Mark { node: None, reads_as: None, items });
    }
}

/// Letters of a line from a point on, or up to one.
fn put_line(items: &mut Vec<Item>, line: Line, left: f32, base: f32, right: Option<f32>) {
    let mut x = right.map_or(left, |r| r - line.width());
    for piece in line.pieces {
        let width = piece.width;
        if !piece.text.is_empty() {
            items.push(Item::Letters(x, base, piece));
        }
        x += width;
    }
}

/// Puts one part in its place at one density.
struct Hand<'p> {
    fonts: &'p Fonts,
    part: &'p Part,
    density: Density,
    laid: Laid,
    page: Page,
    /// The highest free place of the page.
    y: f32,
    left: f32,
    right: f32,
    section: usize,
}

impl<'p> Hand<'p> {
    fn new(fonts: &'p Fonts, part: &'p Part, density: Density) -> Self {
        let left = mm(part.margin);
        let mut hand = Self {
            fonts,
            part,
            density,
            laid: Laid::default(),
            page: Page::default(),
            y: TOP,
            left,
            right: PAGE_WIDTH - left,
            section: 0,
        };
        hand.section = hand.node(None, Role::Section);
        hand
    }

    fn form(mut self, form: &Form) -> Laid {
        for block in &form.blocks {
            match block {
                Block::Heading(level, text) => {
                    let words = text.spans.iter().map(|s| s.text.as_str()).collect();
                    self.paragraph(text, Role::Heading(*level, words));
                }
                Block::Paragraph(text) => self.paragraph(text, Role::Paragraph),
                Block::Fixed(fixed) => self.fixed(fixed),
                Block::Down(to) => self.y = self.y.max(mm(*to)),
                Block::Space(height) => self.y += mm(*height) * self.density.height,
                Block::Fold(from_top) => {
                    let y = mm(*from_top);
                    let items = vec![Item::Stroke([mm(5.0), y, mm(9.0), y], 0.4, 150)];
                    self.page.marks.push(Mark { node: None, reads_as: None, items });
                }
                Block::Table(table) => self.table(table),
                Block::Lists(lists) => self.lists(lists),
                Block::Notes(title) => self.notes(title),
            }
        }
        self.laid.pages.push(self.page);
        self.laid
    }

    fn node(&mut self, parent: Option<usize>, role: Role) -> usize {
        self.laid.nodes.push(Node { parent, role });
        self.laid.nodes.len() - 1
    }

    fn paragraph(&mut self, text: &Text, role: Role) {
        let node = self.node(Some(self.section), role);
        for line in self.fonts.lines(text, self.right - self.left, self.density.letters) {
            let size = line.size();
            if self.y + size * LEADING > BOTTOM {
                self.turn();
            }
            let mut items = Vec::new();
            put_line(&mut items, line, self.left, self.y + size, text.right.then_some(self.right));
            self.page.marks.push(Mark { node: Some(node), reads_as: None, items });
            self.y += size * LEADING;
        }
    }

    fn fixed(&mut self, fixed: &Fixed) {
        let (left, right) = (mm(fixed.left), mm(fixed.left + fixed.width));
        let mut y = mm(fixed.top);
        for text in &fixed.texts {
            let node = self.node(Some(self.section), Role::Paragraph);
            for line in self.fonts.lines(text, right - left, 1.0) {
                let base = y + line.size();
                let line_height = line.size() * LEADING;
                let mut items = Vec::new();
                put_line(&mut items, line, left, base, text.right.then_some(right));
                self.page.marks.push(Mark { node: Some(node), reads_as: None, items });
                y += fixed.leading.max(line_height);
            }
        }
    }

    /// Ends the page. The next one begins with the name of the part, which is read aloud only once.
    fn turn(&mut self) {
        let page = std::mem::take(&mut self.page);
        self.laid.pages.push(page);
        self.y = TOP;
        let name = Text::new(format!("{} (suite)", self.part.name), AGAIN);
        let mut items = Vec::new();
        for line in self.fonts.lines(&name, self.right - self.left, 1.0) {
            let size = line.size();
            put_line(&mut items, line, self.left, self.y + size, None);
            self.y += size * LEADING;
        }
        self.page.marks.push(Mark { node: None, reads_as: None, items });
        self.y += AGAIN_BELOW;
    }

    /// Where a page begins that a part goes on on, its name on one line.
    const fn turned() -> f32 {
        TOP + AGAIN.size * LEADING + AGAIN_BELOW
    }

    fn notes(&mut self, title: &str) {
        let first = self.y + mm(6.0);
        let lines = ((BOTTOM - first) / NOTES_STEP).floor();
        if lines < 3.0 {
            return;
        }
        self.y += mm(2.0);
        self.paragraph(&Text::new(title, Style::soft(9.0)), Role::Paragraph);
        let mut items = Vec::new();
        let mut y = first + NOTES_STEP;
        while y <= BOTTOM {
            items.push(Item::Stroke([self.left, y, self.right, y], 0.4, 150));
            y += NOTES_STEP;
        }
        self.page.marks.push(Mark { node: None, reads_as: None, items });
        self.y = BOTTOM;
    }
}
