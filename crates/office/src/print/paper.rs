//! What stands on a printed page, in order and in words, before anything is measured. Lengths are millimetres, sizes of
//! letters are points; both are those of a page at its roomiest.

/// A whole document.
#[derive(Debug, Clone, PartialEq)]
pub struct Paper {
    /// The title that a reader of PDF shows; no name of a family.
    pub title: String,
    /// Each begins on a page of its own.
    pub parts: Vec<Part>,
    /// At the foot of every page, on the left.
    pub foot: String,
}

/// What begins on a page of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// Its line in the outline of the document, and at the top of its later pages.
    pub name: String,
    /// White on the left and on the right of the page.
    pub margin: f32,
    /// Ways to say it, the one that says most first: the first that fits on one page is taken, else the one that needs
    /// the fewest pages.
    pub forms: Vec<Form>,
}

/// A way to say a part.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    /// In order.
    pub blocks: Vec<Block>,
    /// How close its lines may come to fit on one page, roomiest first.
    pub densities: &'static [Density],
}

impl Part {
    /// A part that is said in one way.
    #[must_use]
    pub fn of(name: String, margin: f32, blocks: Vec<Block>, densities: &'static [Density]) -> Self {
        Self { name, margin, forms: vec![Form { blocks, densities }] }
    }
}

/// Margin of a sheet that is read at a desk: as wide as a page allows and a hand can hold.
pub const SHEET_MARGIN: f32 = 12.0;
/// Margin of a letter.
pub const LETTER_MARGIN: f32 = 22.0;

/// How close lines come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Density {
    /// Of the size of letters.
    pub letters: f32,
    /// Of the height of rows and of the white between blocks.
    pub height: f32,
}

/// One after the other down the page, but for what has its fixed place.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A heading: level 1 for a part, 2 within it.
    Heading(u8, Text),
    /// A paragraph.
    Paragraph(Text),
    /// Paragraphs at a fixed place, which moves nothing else.
    Fixed(Fixed),
    /// The next block begins at least so far from the top of the page.
    Down(f32),
    /// White.
    Space(f32),
    /// A short line at the very side, so far from the top: where the page is folded.
    Fold(f32),
    /// A table.
    Table(Table),
    /// Lists side by side.
    Lists(Lists),
    /// Empty lines to write on, down to the foot of the page; none where there is no room for three.
    Notes(String),
}

/// Paragraphs at a fixed place.
#[derive(Debug, Clone, PartialEq)]
pub struct Fixed {
    /// From the left side of the page.
    pub left: f32,
    /// From its top.
    pub top: f32,
    /// Lines break at this width.
    pub width: f32,
    /// From one line to the next, points.
    pub leading: f32,
    /// One under the other.
    pub texts: Vec<Text>,
}

/// A table.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// What it is, for who cannot see it.
    pub summary: String,
    /// From left to right. Without any title, no line of titles is drawn.
    pub columns: Vec<Column>,
    /// From top to bottom. Each has one cell a column, or one that spans.
    pub rows: Vec<Row>,
}

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its title.
    pub title: String,
    /// Millimetres.
    pub width: f32,
    /// Its cells name their row.
    pub names_row: bool,
    /// Its title stands over the middle, above boxes to tick.
    pub ticked: bool,
}

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// How it looks in black and white.
    pub look: Look,
    /// At least so high.
    pub height: f32,
    /// From left to right.
    pub cells: Vec<Cell>,
}

/// How a row is told from others without any colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// Black on white.
    Plain,
    /// On light grey.
    Grey,
    /// On slanted lines.
    Hatched,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Paragraphs; over so many columns.
    Texts(Vec<Text>, usize),
    /// A box to tick.
    Tick(Tick),
}

/// A box to tick with a pen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tick {
    /// Nothing is known yet.
    Empty,
    /// It was so when the page was made.
    Ticked,
}

impl Tick {
    /// Ticked where it is so.
    #[must_use]
    pub const fn when(so: bool) -> Self {
        if so { Self::Ticked } else { Self::Empty }
    }
}

/// Lists in columns of equal width: down the first column, then the next.
#[derive(Debug, Clone, PartialEq)]
pub struct Lists {
    /// How many columns.
    pub columns: usize,
    /// Whether a list may go on in the next column to save a page. One that is higher than a column does so anyway.
    pub split: bool,
    /// In the order in which they are read.
    pub lists: Vec<List>,
}

/// A list under a heading of level 2.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    /// What it is, for who cannot see it.
    pub summary: String,
    /// Its heading.
    pub heading: Text,
    /// On the right of the heading where there is room, else under it.
    pub beside: Text,
    /// From top to bottom.
    pub entries: Vec<Entry>,
}

/// A line of a list: a box to tick, an hour, words, and what stands on the right, a phone number.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// How it looks in black and white.
    pub look: Look,
    /// At least so high.
    pub height: f32,
    /// White above it, as between the morning and the afternoon.
    pub apart: bool,
    /// The box.
    pub tick: Option<Tick>,
    /// The hour, and what stands under it.
    pub hour: Vec<Text>,
    /// Paragraphs.
    pub words: Vec<Text>,
    /// The same said shorter, where that needs fewer lines.
    pub shorter: Option<Vec<Text>>,
    /// Go on after the last of the words, each only where that needs no further line.
    pub if_room: Vec<Text>,
    /// Never broken where a line can hold it, and then on a line of its own rather than over the words.
    pub right: Vec<Text>,
}

impl Cell {
    /// One paragraph in one column.
    #[must_use]
    pub fn of(text: Text) -> Self {
        Self::Texts(vec![text], 1)
    }

    /// Room to write.
    #[must_use]
    pub const fn empty() -> Self {
        Self::Texts(Vec::new(), 1)
    }

    /// How many columns it takes.
    #[must_use]
    pub const fn span(&self) -> usize {
        match self {
            Self::Texts(_, span) => *span,
            Self::Tick(_) => 1,
        }
    }
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Text {
    /// Pieces, each in its style.
    pub spans: Vec<Span>,
    /// On which side its lines are even.
    pub right: bool,
}

/// Letters of one style.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The letters.
    pub text: String,
    /// Their style.
    pub style: Style,
}

/// How letters look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Style {
    /// Points.
    pub size: f32,
    /// Semi-bold instead of regular.
    pub strong: bool,
    /// Dark grey instead of black.
    pub soft: bool,
}

impl Style {
    /// Regular black letters.
    #[must_use]
    pub const fn plain(size: f32) -> Self {
        Self { size, strong: false, soft: false }
    }

    /// Semi-bold black letters.
    #[must_use]
    pub const fn strong(size: f32) -> Self {
        Self { size, strong: true, soft: false }
    }

    /// Regular grey letters.
    #[must_use]
    pub const fn soft(size: f32) -> Self {
        Self { size, strong: false, soft: true }
    }
}

impl Text {
    /// One piece.
    #[must_use]
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self { spans: vec![Span { text: text.into(), style }], right: false }
    }

    /// With one piece more.
    #[must_use]
    pub fn and(mut self, text: impl Into<String>, style: Style) -> Self {
        self.spans.push(Span { text: text.into(), style });
        self
    }

    /// Even on the right side.
    #[must_use]
    pub const fn to_the_right(mut self) -> Self {
        self.right = true;
        self
    }
}
