//! The two fonts of printed pages: which glyph a character has, how wide it is, and where a line breaks.
//!
//! French and the names of people in France need no shaper: every accented letter has a glyph of its own once a text is
//! in its composed form, and pairs come closer by the font's plain table. A shaper would double what a page costs.

use std::collections::HashMap;
use std::sync::OnceLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::raw::TableProvider;
use skrifa::raw::tables::kern::SubtableKind;
use skrifa::{FontRef, MetadataProvider};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::PrintError;
use super::paper::{Span, Style, Text};

const REGULAR: &[u8] = include_bytes!("../../fonts/Inter-Regular.ttf");
const SEMI_BOLD: &[u8] = include_bytes!("../../fonts/Inter-SemiBold.ttf");

/// A character that the fonts do not have and that has no plainer form.
const UNKNOWN: char = '?';

/// Both fonts, read once.
pub struct Fonts {
    regular: Face,
    strong: Face,
}

/// One font.
struct Face {
    font: Font,
    /// Units of an em.
    em: f32,
    glyphs: HashMap<char, (u32, f32)>,
    /// Units by which a pair of glyphs comes closer, or goes apart.
    pairs: HashMap<(u32, u32), f32>,
}

/// Letters of one style on one line, measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The letters, every one of which the font has.
    pub text: String,
    /// Their style, at the size that they are drawn in.
    pub style: Style,
    /// Points.
    pub width: f32,
}

/// A line of a paragraph.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// From left to right.
    pub pieces: Vec<Piece>,
}

impl Line {
    /// Points, without the space at its end.
    #[must_use]
    pub fn width(&self) -> f32 {
        self.pieces.iter().map(|p| p.width).sum()
    }

    /// The largest letters of it, points.
    #[must_use]
    pub fn size(&self) -> f32 {
        self.pieces.iter().map(|p| p.style.size).fold(0.0, f32::max)
    }
}

impl Fonts {
    /// The fonts that come with the program.
    ///
    /// # Errors
    /// [`PrintError::Font`]: they were damaged when the program was built.
    pub fn get() -> Result<&'static Self, PrintError> {
        static FONTS: OnceLock<Option<Fonts>> = OnceLock::new();
        let read = || Some(Self { regular: Face::read(REGULAR)?, strong: Face::read(SEMI_BOLD)? });
        FONTS.get_or_init(read).as_ref().ok_or(PrintError::Font)
    }

    const fn face(&self, style: Style) -> &Face {
        if style.strong { &self.strong } else { &self.regular }
    }

    /// The font of a style.
    #[must_use]
    pub fn font(&self, style: Style) -> Font {
        self.face(style).font.clone()
    }

    /// The glyphs of letters that [`Fonts::lines`] gave.
    #[must_use]
    pub fn glyphs(&self, piece: &Piece) -> Vec<KrillaGlyph> {
        let face = self.face(piece.style);
        let mut glyphs: Vec<KrillaGlyph> = Vec::with_capacity(piece.text.len());
        for (at, c) in piece.text.char_indices() {
            let Some(&(glyph, width)) = face.glyphs.get(&c) else { continue };
            if let Some(last) = glyphs.last_mut() {
                last.x_advance += face.pair(last.glyph_id.to_u32(), glyph) / face.em;
            }
            let range = at..at + c.len_utf8();
            glyphs.push(KrillaGlyph::new(GlyphId::new(glyph), width / face.em, 0.0, 0.0, 0.0, range, None));
        }
        glyphs
    }

    /// The width of letters, points.
    #[must_use]
    pub fn width(&self, text: &str, style: Style) -> f32 {
        let face = self.face(style);
        let mut units = 0.0;
        let mut before = None;
        for c in text.chars() {
            let Some(&(glyph, width)) = face.glyphs.get(&c) else { continue };
            units += width + before.map_or(0.0, |b| face.pair(b, glyph));
            before = Some(glyph);
        }
        units * style.size / face.em
    }

    /// The lines of a paragraph in a width, letters drawn at `scale` times their size. A line breaks after a space or a
    /// hyphen, within a word only where the word alone is wider than the line. There is always one line.
    #[must_use]
    pub fn lines(&self, text: &Text, width: f32, scale: f32) -> Vec<Line> {
        let mut lines = vec![Line::default()];
        let mut used = 0.0;
        for span in &text.spans {
            let style = Style { size: span.style.size * scale, ..span.style };
            let known = self.known(span);
            for part in known.split('\n').enumerate().flat_map(|(n, part)| {
                let broken = (n > 0).then_some("\n");
                broken.into_iter().chain(words(part))
            }) {
                if part == "\n" {
                    lines.push(Line::default());
                    used = 0.0;
                    continue;
                }
                let bare = self.width(part.trim_end_matches(' '), style);
                if used > 0.0 && used + bare > width {
                    lines.push(Line::default());
                    used = 0.0;
                }
                if bare <= width {
                    used += self.put(&mut lines, part, style);
                    continue;
                }
                for c in part.chars() {
                    let letter = c.to_string();
                    if used > 0.0 && used + self.width(&letter, style) > width {
                        lines.push(Line::default());
                        used = 0.0;
                    }
                    used += self.put(&mut lines, &letter, style);
                }
            }
        }
        for line in &mut lines {
            self.trim(line);
        }
        lines
    }

    /// The widest part of a text that [`Fonts::lines`] does not break where there is room for it, points.
    #[must_use]
    pub fn widest_part(&self, text: &Text, scale: f32) -> f32 {
        let of = |span: &Span| {
            let style = Style { size: span.style.size * scale, ..span.style };
            let known = self.known(span);
            words(&known).into_iter().map(|w| self.width(w.trim_end(), style)).fold(0.0, f32::max)
        };
        text.spans.iter().map(of).fold(0.0, f32::max)
    }

    /// Adds letters to the last line; gives what they widen it by.
    fn put(&self, lines: &mut [Line], letters: &str, style: Style) -> f32 {
        let Some(line) = lines.last_mut() else { return 0.0 };
        if let Some(last) = line.pieces.last_mut().filter(|p| p.style == style) {
            let before = last.width;
            last.text.push_str(letters);
            last.width = self.width(&last.text, style);
            return last.width - before;
        }
        let width = self.width(letters, style);
        line.pieces.push(Piece { text: letters.to_owned(), style, width });
        width
    }

    /// A space at the end of a line stays in the text, where it parts two words, and takes no room.
    fn trim(&self, line: &mut Line) {
        if let Some(last) = line.pieces.last_mut() {
            last.width = self.width(last.text.trim_end_matches(' '), last.style);
        }
    }

    /// The letters of a piece in the form that the font has.
    fn known(&self, span: &Span) -> String {
        let face = self.face(span.style);
        let mut out = String::with_capacity(span.text.len());
        for c in span.text.nfc() {
            match c {
                '\n' => out.push(c),
                c if face.glyphs.contains_key(&c) => out.push(c),
                c if c.is_whitespace() => out.push(' '),
                c if c.is_control() || is_combining_mark(c) || is_invisible(c) => {}
                // "Ǩ" is at least a K.
                c => {
                    let before = out.len();
                    out.extend(c.nfkd().filter(|b| face.glyphs.contains_key(b)));
                    if out.len() == before {
                        out.push(UNKNOWN);
                    }
                }
            }
        }
        out
    }
}

/// Marks of direction and joiners: nothing is seen of them.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{fe00}'..='\u{fe0f}')
}

/// The parts between which a line may break, each with the space or hyphen at its end.
fn words(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, c)| *c);
        let after = at + c.len_utf8();
        let breaks = match c {
            ' ' => next != Some(' '),
            // Not before the end of a word, nor in a number.
            '-' | '–' => next.is_some_and(char::is_alphabetic) && after > start + c.len_utf8(),
            '/' => next.is_some_and(char::is_alphanumeric),
            _ => false,
        };
        if breaks {
            parts.push(&text[start..after]);
            start = after;
        }
    }
    if start < text.len() {
        parts.push(&text[start..]);
    }
    parts
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.into(), 0)?;
        let read = FontRef::new(bytes).ok()?;
        let widths =
            read.glyph_metrics(skrifa::instance::Size::unscaled(), skrifa::instance::LocationRef::default());
        let glyphs: HashMap<char, (u32, f32)> = read
            .charmap()
            .mappings()
            .filter_map(|(code, glyph)| {
                Some((char::from_u32(code)?, (glyph.to_u32(), widths.advance_width(glyph)?)))
            })
            .collect();
        let mut pairs = HashMap::new();
        for table in read.kern().ok()?.subtables().flatten() {
            if let Ok(SubtableKind::Format0(table)) = table.kind() {
                pairs.extend(
                    table
                        .pairs()
                        .iter()
                        .map(|p| ((p.left.get().to_u32(), p.right.get().to_u32()), f32::from(p.value.get()))),
                );
            }
        }
        Some(Self { em: font.units_per_em(), font, glyphs, pairs })
    }

    fn pair(&self, left: u32, right: u32) -> f32 {
        self.pairs.get(&(left, right)).copied().unwrap_or(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fonts() -> &'static Fonts {
        Fonts::get().expect("the fonts that come with the program")
    }

    fn broken(text: &str, width: f32) -> Vec<String> {
        let lines = fonts().lines(&Text::new(text, Style::plain(10.0)), width, 1.0);
        lines.iter().map(|l| l.pieces.iter().map(|p| p.text.as_str()).collect()).collect()
    }

    #[test]
    fn french_has_all_its_letters() {
        let text =
            "ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆ àâäçéèêëîïôöùûüÿœæ ’ « » – — … € ñ ł ş ğ İ ı č ř ở Nguyễn\u{a0}\u{202f}!";
        for style in [Style::plain(10.0), Style::strong(10.0)] {
            let lines = fonts().lines(&Text::new(text, style), 5_000.0, 1.0);
            assert_eq!(lines[0].pieces[0].text, text);
            assert_eq!(fonts().glyphs(&lines[0].pieces[0]).len(), text.chars().count());
        }
    }

    #[test]
    fn what_the_fonts_lack_becomes_plainer_and_never_a_hole() {
        for (typed, drawn) in [
            ("E\u{301}lodie", "Élodie"),
            ("Ǩarim", "Karim"),
            ("\u{200e}Léa\u{feff}", "Léa"),
            ("Léa\tR.", "Léa R."),
            ("Мария", "?????"),
            ("ﬁlle", "fille"),
        ] {
            assert_eq!(broken(typed, 500.0), [drawn], "{typed:?}");
        }
    }

    #[test]
    fn lines_break_between_words_and_after_hyphens() {
        assert_eq!(broken("Marie Antoinette", 50.0), ["Marie ", "Antoinette"]);
        assert_eq!(broken("Vandenbussche-Ramanantsoa", 85.0), ["Vandenbussche-", "Ramanantsoa"]);
        assert_eq!(broken("06\u{a0}12\u{a0}40", 30.0).concat(), "06\u{a0}12\u{a0}40", "nothing is lost");
        assert_eq!(broken("", 30.0), [""], "there is always a line");
        assert_eq!(broken("un\ndeux", 300.0), ["un", "deux"]);
        for width in [12.0, 20.0, 45.0, 90.0] {
            let text = Text::new(
                "Établissement Wolfeschlegelsteinhausenbergerdorff de la Somme",
                Style::plain(10.0),
            );
            let lines = fonts().lines(&text, width, 1.0);
            assert!(lines.iter().all(|l| l.width() <= width + 0.01), "no line is wider than {width}");
        }
    }

    #[test]
    fn figures_have_one_width_and_pairs_come_closer() {
        let width = |text: &str| fonts().width(text, Style::plain(10.0));
        let figures: Vec<f32> = ('0'..='9').map(|c| width(&c.to_string())).collect();
        assert!(
            figures.iter().all(|w| (w - figures[0]).abs() < 0.001),
            "times stand in columns: {figures:?}"
        );
        assert!(width("To") < width("T") + width("o"), "the table of pairs is used");
        assert!(width("\u{202f}") < width(" "), "the narrow space is narrow");
    }
}
