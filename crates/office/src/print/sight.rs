//! What the tests of pages look for: nothing beyond the edge, nothing over something else, nothing lost.

use chrono::{DateTime, Utc};

use super::font::Fonts;
use super::layout::{Item, Laid, PAGE_HEIGHT, PAGE_WIDTH, lay_out};
use super::paper::Paper;

/// A moment that documents of tests are made at.
pub fn moment() -> DateTime<Utc> {
    "2026-11-23T09:22:00Z".parse().expect("an instant")
}

/// Puts a document in its place and checks what must hold of each.
pub fn laid(paper: &Paper) -> Laid {
    let fonts = Fonts::get().expect("the fonts");
    let laid = lay_out(paper, fonts);
    // Printers leave 5 mm white.
    let edge = 5.0 * 72.0 / 25.4 - 0.01;
    for (n, page) in laid.pages.iter().enumerate() {
        let mut letters: Vec<[f32; 4]> = Vec::new();
        let mut boxes: Vec<[f32; 4]> = Vec::new();
        for item in page.marks.iter().flat_map(|m| &m.items) {
            let area = match item {
                Item::Letters(x, base, piece) => {
                    let area =
                        [*x, base - piece.style.size * 0.75, x + piece.width, base + piece.style.size * 0.2];
                    letters.push(area);
                    area
                }
                Item::Frame(area, _) => {
                    boxes.push(*area);
                    *area
                }
                Item::Surface(area, _) | Item::Stroke(area, ..) => *area,
            };
            let inside = area[0].min(area[2]) >= edge
                && area[0].max(area[2]) <= PAGE_WIDTH - edge
                && area[1].min(area[3]) >= edge
                && area[1].max(area[3]) <= PAGE_HEIGHT - edge;
            assert!(inside, "page {}: {item:?} is beyond the edge", n + 1);
        }
        for (at, one) in letters.iter().enumerate() {
            for other in &letters[at + 1..] {
                assert!(apart(one, other), "page {}: letters over letters at {one:?} and {other:?}", n + 1);
            }
        }
        for (at, one) in boxes.iter().enumerate() {
            for other in boxes[at + 1..].iter().chain(&letters) {
                assert!(apart(one, other), "page {}: a box at {one:?} is over {other:?}", n + 1);
            }
        }
    }
    laid
}

fn apart(one: &[f32; 4], other: &[f32; 4]) -> bool {
    one[2] <= other[0] + 0.1
        || other[2] <= one[0] + 0.1
        || one[3] <= other[1] + 0.1
        || other[3] <= one[1] + 0.1
}

/// The letters of a page in the order in which they are drawn, each no-break space an ordinary one.
pub fn text(laid: &Laid, page: usize) -> String {
    let marks = laid.pages[page].marks.iter();
    let lines = marks.map(|m| {
        let of = |i: &Item| match i {
            Item::Letters(_, _, piece) => piece.text.clone(),
            _ => String::new(),
        };
        m.items.iter().map(of).collect::<String>()
    });
    lines.collect::<Vec<_>>().join("|").replace(['\u{a0}', '\u{202f}'], " ")
}
