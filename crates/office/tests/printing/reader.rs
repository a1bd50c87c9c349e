//! A PDF as poppler's programs read it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// A PDF.
pub struct Reader {
    file: PathBuf,
}

/// Letters alone: how a line was broken does not matter.
pub fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The hour at the beginning of a line, in minutes.
pub fn hour(line: &str) -> Option<u16> {
    let word = line.split_whitespace().next()?;
    let (hour, minute) = word.split_once(':')?;
    Some(hour.parse::<u16>().ok()? * 60 + minute.parse::<u16>().ok()?)
}

fn run(program: &str, args: &[&str]) -> Option<Vec<u8>> {
    let out = Command::new(program).args(args).output().ok()?;
    assert!(out.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    Some(out.stdout)
}

impl Reader {
    /// Reads a file; nothing where poppler is not installed. `./dev test` installs it, so that CI never passes by.
    pub fn of(file: &Path) -> Option<Self> {
        if Command::new("pdfinfo").arg("-v").output().is_err() {
            assert!(std::env::var_os("CI").is_none_or(|v| v.is_empty()), "poppler-utils is not installed");
            eprintln!("pdfinfo is not installed: the page was made and not read back");
            return None;
        }
        Some(Self { file: file.to_owned() })
    }

    fn run(&self, program: &str, args: &[&str]) -> String {
        let file = self.file.to_string_lossy();
        let all: Vec<&str> = args.iter().copied().chain([file.as_ref(), "-"]).collect();
        // pdfinfo and pdffonts write to standard output anyway.
        let all = if program.starts_with("pdft") { &all[..] } else { &all[..all.len() - 1] };
        String::from_utf8_lossy(&run(program, all).expect("poppler is there")).into_owned()
    }

    /// All letters in the order in which they are drawn, each no-break space an ordinary one.
    pub fn text(&self) -> String {
        self.run("pdftotext", &["-raw"]).replace(['\u{a0}', '\u{202f}'], " ")
    }

    /// The letters of each page.
    pub fn pages(&self) -> Vec<String> {
        self.text().split('\u{c}').filter(|p| !p.trim().is_empty()).map(str::to_owned).collect()
    }

    /// What must hold of every page that is printed.
    pub fn is_sound(&self, pages: u32) {
        let info = self.run("pdfinfo", &[]);
        let said = |key: &str| {
            let line = info.lines().find(|l| l.starts_with(key));
            line.and_then(|l| l.split_once(':')).map(|(_, v)| v.trim().to_owned()).unwrap_or_default()
        };
        assert_eq!(said("Tagged"), "yes", "{info}");
        assert_eq!(said("Pages"), pages.to_string(), "{info}");
        assert!(said("Page size").ends_with("(A4)"), "{info}");
        assert!(!said("Title").is_empty(), "{info}");
        assert!(said("Producer").starts_with("Passerelle"), "{info}");
        self.fonts_are_inside();
        self.has_a_structure();
        self.stays_inside(pages);
        self.has_white_margins(pages);
    }

    fn fonts_are_inside(&self) {
        let fonts = self.run("pdffonts", &[]);
        let rows: Vec<&str> = fonts.lines().skip(2).collect();
        assert!(!rows.is_empty(), "{fonts}");
        for row in rows {
            assert!(row.contains("+Inter-"), "a part of our font: {row}");
            let yes = row.split_whitespace().filter(|w| *w == "yes").count();
            assert_eq!(yes, 3, "embedded, a subset, and with its characters: {row}");
        }
    }

    fn has_a_structure(&self) {
        let structure = self.run("pdfinfo", &["-struct"]);
        for tag in ["Sect", "H1", "Table", "TR", "TH", "TD"] {
            assert!(structure.lines().any(|l| l.trim().starts_with(tag)), "no {tag}: {structure}");
        }
    }

    /// No word beyond the margin that every printer can print in.
    fn stays_inside(&self, pages: u32) {
        let boxes = self.run("pdftotext", &["-bbox"]);
        let edge = 5.0 * 72.0 / 25.4;
        let (mut words, mut seen) = (0, 0);
        for line in boxes.lines().map(str::trim) {
            let value = |key: &str| -> f64 {
                let from = line.find(key).expect(key) + key.len() + 2;
                line[from..].split('"').next().and_then(|v| v.parse().ok()).expect(key)
            };
            if line.starts_with("<page") {
                seen += 1;
                assert!(
                    (value("width") - 595.276).abs() < 0.1 && (value("height") - 841.89).abs() < 0.1,
                    "{line}"
                );
            }
            if line.starts_with("<word") {
                words += 1;
                let inside = value("xMin") >= edge
                    && value("yMin") >= edge
                    && value("xMax") <= 595.276 - edge
                    && value("yMax") <= 841.89 - edge;
                assert!(inside, "beyond the edge: {line}");
            }
        }
        assert_eq!(seen, pages);
        assert!(words > 20, "there are words: {boxes}");
    }

    /// The page as a picture: ink, in greys alone, and white all around.
    fn has_white_margins(&self, pages: u32) {
        let file = self.file.to_string_lossy();
        for page in 1..=pages {
            let page = page.to_string();
            let args = ["-r", "50", "-f", &page, "-l", &page, file.as_ref()];
            let picture = run("pdftoppm", &args).expect("poppler is there");
            let (width, height, pixels) = portable(&picture);
            let dark = |x: usize, y: usize| pixels[3 * (y * width + x)] < 200;
            assert!(pixels.chunks(3).all(|p| p[0] == p[1] && p[1] == p[2]), "black, white and grey alone");
            // 4 mm at 50 dots an inch.
            let edge = 8;
            let mut ink = 0;
            for y in 0..height {
                for x in 0..width {
                    if !dark(x, y) {
                        continue;
                    }
                    ink += 1;
                    let inside = x >= edge && y >= edge && x < width - edge && y < height - edge;
                    assert!(inside, "page {page}: ink at {x}, {y} of {width} × {height}");
                }
            }
            assert!(ink * 200 > width * height, "page {page} is not empty: {ink} dark points");
        }
    }
}

/// Width, height and points of a portable pixmap.
fn portable(picture: &[u8]) -> (usize, usize, &[u8]) {
    let mut ends = picture.iter().enumerate().filter(|(_, b)| b.is_ascii_whitespace()).map(|(n, _)| n);
    let mut words = Vec::new();
    let mut start = 0;
    while words.len() < 4 {
        let end = ends.next().expect("the head of a picture");
        words.push(std::str::from_utf8(&picture[start..end]).expect("the head of a picture"));
        start = end + 1;
    }
    assert_eq!((words[0], words[3]), ("P6", "255"));
    let number = |n: usize| words[n].parse::<usize>().expect("a size");
    (number(1), number(2), &picture[start..])
}
