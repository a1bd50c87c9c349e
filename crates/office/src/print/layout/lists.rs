//! Lists side by side: what each line needs, which column it stands in, and where.

mod pack;

use self::pack::{Chunk, Heights};
use super::table::{hatch, tick_box};
use super::{BOTTOM, Hand, Item, LEADING, Line, Mark, Role, mm, put_line};
use crate::print::paper::{Entry, List, Lists, Look, Style, Text, Tick};

/// White between two columns; a line runs down its middle.
const GUTTER: f32 = mm(6.0);
/// White above a list that does not begin its column, before density.
const BETWEEN: f32 = mm(4.2);
/// White above a line that stands apart, before density.
const APART: f32 = mm(1.6);
/// White above and under the letters of a line, before density.
const PAD_Y: f32 = mm(0.5);
/// White between the parts of a line.
const PAD_X: f32 = mm(1.5);
/// Side of a box, before density: a pen's cross fits in.
const BOX: f32 = mm(3.7);
/// From the side of the column to a box: its line is not wider than the lines around it.
const BOX_IN: f32 = 0.5;
/// What stands on the right takes no more of the room beside the hour: beyond that it has lines of its own.
const RIGHT_AT_MOST: f32 = 0.55;
/// How light the line under an entry is.
const GREY: u8 = 150;

/// An entry, measured.
struct Sized<'l> {
    entry: &'l Entry,
    hour: Vec<Line>,
    words: Vec<Line>,
    /// On the right.
    right: Vec<Line>,
    /// From the base line of the first words to that of what stands on the right.
    down: f32,
    /// White above.
    above: f32,
    /// Height of the letters.
    letters: f32,
    /// With the white above.
    height: f32,
}

/// A list, measured.
struct SizedList<'l> {
    list: &'l List,
    heading: Vec<Line>,
    beside: Vec<Line>,
    /// Both on one line.
    one_line: bool,
    entries: Vec<Sized<'l>>,
}

/// Where a list is read: its table's body.
type Bodies = Vec<Option<usize>>;

impl Hand<'_> {
    pub(super) fn lists(&mut self, lists: &Lists) {
        let count = lists.columns.max(1);
        let width = (self.right - self.left - GUTTER * (count - 1) as f32) / count as f32;
        let hour = self.hour_width(lists);
        let sized: Vec<SizedList<'_>> = lists.lists.iter().map(|l| self.sized(l, width, hour)).collect();
        let heights: Vec<Heights> = sized
            .iter()
            .map(|l| Heights {
                head: self.head_height(l),
                rows: l.entries.iter().map(|e| e.height).collect(),
            })
            .collect();
        let between = BETWEEN * self.density.height;
        let room =
            pack::Room { columns: count, first: BOTTOM - self.y, later: BOTTOM - Self::turned(), between };
        let columns = pack::pack(&heights, &room, lists.split);
        let mut bodies: Bodies = vec![None; sized.len()];
        for (n, page) in columns.chunks(count).enumerate() {
            if n > 0 {
                self.turn();
            }
            let top = self.y;
            let mut lowest = top;
            for (n, column) in page.iter().enumerate() {
                let left = self.left + (width + GUTTER) * n as f32;
                let place = [left, left + width];
                self.y = top;
                for (n, chunk) in column.iter().enumerate() {
                    if n > 0 {
                        self.y += between;
                    }
                    if let Some(list) = sized.get(chunk.list) {
                        self.chunk(list, chunk, place, hour, &mut bodies);
                    }
                }
                lowest = lowest.max(self.y);
            }
            let between = (1..count).map(|n| self.left + (width + GUTTER) * n as f32 - GUTTER / 2.0);
            let items = between.map(|x| Item::Stroke([x, top, x, lowest], 0.4, 190)).collect();
            self.page.marks.push(Mark { node: None, reads_as: None, items });
            self.y = lowest;
        }
    }

    fn scaled(&self, texts: &[Text], width: f32) -> Vec<Line> {
        texts.iter().flat_map(|t| self.fonts.lines(t, width, self.density.letters)).collect()
    }

    fn box_side(&self) -> f32 {
        BOX * self.density.letters
    }

    /// Hours stand in one column through all lists: the eye that looks for 10:30 runs down figures.
    fn hour_width(&self, lists: &Lists) -> f32 {
        let hours = lists.lists.iter().flat_map(|l| &l.entries).flat_map(|e| &e.hour);
        let widths = hours.flat_map(|t| self.fonts.lines(t, f32::MAX, self.density.letters));
        widths.map(|l| l.width()).fold(0.0, f32::max)
    }

    fn sized<'l>(&self, list: &'l List, width: f32, hour: f32) -> SizedList<'l> {
        let heading = self.scaled(std::slice::from_ref(&list.heading), width);
        let beside = self.scaled(std::slice::from_ref(&list.beside), width);
        let one_line = heading.len() == 1 && wide(&heading) + 2.0 * PAD_X + wide(&beside) <= width;
        let before = self.box_side() + PAD_X + hour + PAD_X;
        let entries = list.entries.iter().map(|e| self.entry(e, width - before)).collect();
        SizedList { list, heading, beside, one_line, entries }
    }

    fn entry<'l>(&self, entry: &'l Entry, room: f32) -> Sized<'l> {
        let right = self.scaled(&entry.right, room);
        let beside = if right.is_empty() { room } else { room - wide(&right) - PAD_X };
        let part = entry.words.iter().map(|t| self.fonts.widest_part(t, self.density.letters));
        let part = part.fold(0.0, f32::max);
        // A number is read whole and so is a name: where one is too wide to share a line it has its own.
        let right_is_under =
            !right.is_empty() && (wide(&right) > room * RIGHT_AT_MOST || (part > beside && part <= room));
        let next_to = if right_is_under { 0 } else { right.len() };
        let mut words = self.with_room(entry, &entry.if_room, [beside, room], next_to);
        let mut down = 0.0;
        if right_is_under {
            let bare = self.with_room(entry, &[], [beside, room], next_to);
            if bare.last().is_some_and(|last| last.width() <= beside) {
                down = high(bare.get(1..).unwrap_or_default());
                words = bare;
            } else {
                down = high(&words);
            }
        }
        let hour = self.scaled(&entry.hour, f32::MAX);
        let letters = high(&words).max(high(&right) + down).max(high(&hour));
        let above = if entry.apart { APART * self.density.height } else { 0.0 };
        let height =
            (mm(entry.height) * self.density.height).max(letters + 2.0 * PAD_Y * self.density.height) + above;
        Sized { entry, hour, words, right, down, above, letters, height }
    }

    /// The words, with what still fits after the last of them. A paragraph has the narrow width beside so many lines on
    /// the right, and the wide one under them.
    fn with_room(
        &self,
        entry: &Entry,
        if_room: &[Text],
        [narrow, wide]: [f32; 2],
        next_to: usize,
    ) -> Vec<Line> {
        let lines = |texts: &[Text]| {
            let mut lines: Vec<Line> = Vec::new();
            for text in texts {
                let width = if lines.len() < next_to { narrow } else { wide };
                lines.extend(self.fonts.lines(text, width, self.density.letters));
            }
            lines
        };
        let mut texts = entry.words.clone();
        let mut so_far = lines(&texts);
        if let Some(shorter) = &entry.shorter {
            let tried = lines(shorter);
            if tried.len() < so_far.len() {
                (texts, so_far) = (shorter.clone(), tried);
            }
        }
        for more in if_room {
            let mut longer = texts.clone();
            match longer.last_mut() {
                Some(last) => last.spans.extend(more.spans.iter().cloned()),
                None => longer.push(more.clone()),
            }
            let tried = lines(&longer);
            if tried.len() <= so_far.len().max(1) {
                (texts, so_far) = (longer, tried);
            }
        }
        so_far
    }

    fn head_height(&self, list: &SizedList<'_>) -> f32 {
        let beside = if list.one_line { 0.0 } else { high(&list.beside) };
        high(&list.heading) + beside + 2.0 * PAD_Y * self.density.height
    }

    fn chunk(
        &mut self,
        list: &SizedList<'_>,
        chunk: &Chunk,
        place: [f32; 2],
        hour: f32,
        bodies: &mut Bodies,
    ) {
        let known = bodies.get(chunk.list).copied().flatten();
        let (node, body) = match known {
            Some(body) => (None, body),
            None => {
                let words = list.list.heading.spans.iter().map(|s| s.text.as_str()).collect();
                let heading = self.node(Some(self.section), Role::Heading(2, words));
                let table = self.node(Some(self.section), Role::Table(list.list.summary.clone()));
                (Some(heading), self.node(Some(table), Role::Body))
            }
        };
        if let Some(kept) = bodies.get_mut(chunk.list) {
            *kept = Some(body);
        }
        self.head(list, place, node);
        for entry in list.entries.iter().take(chunk.to).skip(chunk.from) {
            self.put(entry, place, hour, body);
        }
    }

    /// The heading over its line. Where a list goes on, the heading comes again as decoration, with a word that says so.
    fn head(&mut self, list: &SizedList<'_>, [left, right]: [f32; 2], node: Option<usize>) {
        let mut heading = list.heading.clone();
        let again = Text::new(" (suite)", Style::soft(8.0));
        if let (None, Some(last)) = (node, heading.last_mut()) {
            let more = self.scaled(&[again], f32::MAX).into_iter().flat_map(|l| l.pieces);
            last.pieces.extend(more);
        }
        let first = heading.first().map_or(0.0, Line::size);
        let mut items = Vec::new();
        let mut y = self.y;
        for line in heading {
            let size = line.size();
            put_line(&mut items, line, left, y + size, None);
            y += size * LEADING;
        }
        if list.one_line {
            if node.is_some() {
                for line in list.beside.clone() {
                    put_line(&mut items, line, left, self.y + first, Some(right));
                }
            }
        } else {
            for line in list.beside.clone() {
                let size = line.size();
                put_line(&mut items, line, left, y + size, None);
                y += size * LEADING;
            }
        }
        self.page.marks.push(Mark { node, reads_as: None, items });
        let under = self.y + self.head_height(list);
        let items = vec![Item::Stroke([left, under, right, under], 1.1, 0)];
        self.page.marks.push(Mark { node: None, reads_as: None, items });
        self.y = under;
    }

    fn put(&mut self, sized: &Sized<'_>, [left, right]: [f32; 2], hour: f32, body: usize) {
        let (top, under) = (self.y + sized.above, self.y + sized.height);
        let area = [left, top, right, under];
        let mut items = Vec::new();
        match sized.entry.look {
            Look::Plain => {}
            Look::Grey => items.push(Item::Surface(area, 232)),
            Look::Hatched => hatch(&mut items, area),
        }
        items.push(Item::Stroke([left, under, right, under], 0.4, GREY));
        self.page.marks.push(Mark { node: None, reads_as: None, items });

        let row = self.node(Some(body), Role::Row);
        let tick = self.node(Some(row), Role::Cell(1));
        let side = self.box_side();
        match sized.entry.tick {
            Some(state) => self.tick(state, left + BOX_IN, (top + under - side) / 2.0, side, tick),
            None => self.column(&[], 0.0, 0.0, None, tick),
        }
        let at = left + side + PAD_X;
        let words_at = at + hour + PAD_X;
        // First lines stand on one base line, whatever the size of their letters.
        let parts = [&sized.hour, &sized.words, &sized.right];
        let first = parts.iter().filter_map(|l| l.first()).map(Line::size).fold(0.0, f32::max);
        let base = top + (under - top - sized.letters) / 2.0 + first;
        if sized.entry.look == Look::Hatched {
            // On slanted lines letters have white under them.
            for (x, part) in [(at, &sized.hour), (words_at, &sized.words)] {
                let white = [x - 1.5, base - first - 0.5, x + wide(part) + 1.5, base - first + high(part)];
                if !part.is_empty() {
                    let items = vec![Item::Surface(white, 255)];
                    self.page.marks.push(Mark { node: None, reads_as: None, items });
                }
            }
        }
        let node = self.node(Some(row), Role::RowTitle);
        self.column(&sized.hour, at, base, None, node);
        let node = self.node(Some(row), Role::Cell(1));
        self.column(&sized.words, words_at, base, None, node);
        let node = self.node(Some(row), Role::Cell(1));
        self.column(&sized.right, words_at, base + sized.down, Some(right), node);
        self.y = under;
    }

    fn tick(&mut self, state: Tick, x: f32, y: f32, side: f32, node: usize) {
        self.page.marks.push(tick_box(state, x, y, side, node));
    }

    /// Lines of a cell from a base line on. One without letters has a mark all the same: else the row would lack a cell
    /// when read.
    fn column(&mut self, lines: &[Line], left: f32, base: f32, right: Option<f32>, node: usize) {
        let mut items = Vec::new();
        let mut base = base;
        for (n, line) in lines.iter().enumerate() {
            if n > 0 {
                base += line.size() * LEADING;
            }
            put_line(&mut items, line.clone(), left, base, right);
        }
        self.page.marks.push(Mark { node: Some(node), reads_as: None, items });
    }
}

fn wide(lines: &[Line]) -> f32 {
    lines.iter().map(Line::width).fold(0.0, f32::max)
}

fn high(lines: &[Line]) -> f32 {
    lines.iter().map(|l| l.size() * LEADING).sum()
}
