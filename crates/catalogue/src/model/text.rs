//! Texts: what was HTML or Markdown becomes a few kinds of blocks that hold plain words, so that nothing a file says can
//! become markup on a screen.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde::{Deserialize, Serialize};

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "block", rename_all = "lowercase")]
pub enum Block {
    /// A heading within the text; 3 is the highest, 5 the lowest.
    Heading {
        /// 3 to 5.
        level: u8,
        /// Its words.
        text: String,
    },
    /// A paragraph.
    Paragraph {
        /// Its words.
        text: String,
    },
    /// A list.
    List {
        /// The words of each item.
        items: Vec<String>,
    },
}

/// One blank for any run of blanks, those that do not break among them, and none around.
#[must_use]
pub fn clean(text: &str) -> String {
    if is_clean(text) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}')) {
        if word.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.extend(word.chars().filter(|c| !c.is_control()));
    }
    out
}

/// Whether [`clean`] would surely change nothing, as in nearly every cell: by its bytes, which says no of a few texts
/// that are clean.
fn is_clean(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        match byte {
            b' ' if before == b' ' => return false,
            // Controls, and how blanks that are not ASCII begin: U+0085, U+00A0, U+1680, U+2000 and on, U+3000, U+FEFF.
            0..b' ' | 0x7f | 0xc2 | 0xe1..=0xe3 | 0xef => return false,
            _ => before = byte,
        }
    }
    before != b' ' || text.is_empty()
}

/// The words alone, one block a line.
#[must_use]
pub fn plain(blocks: &[Block]) -> String {
    let mut lines = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Heading { text, .. } | Block::Paragraph { text } => lines.push(text.as_str()),
            Block::List { items } => lines.extend(items.iter().map(String::as_str)),
        }
    }
    lines.join("\n")
}

/// Gathers blocks from either language.
#[derive(Default)]
struct Gather {
    blocks: Vec<Block>,
    items: Vec<String>,
    words: String,
    list: usize,
}

impl Gather {
    fn end(&mut self, heading: Option<u8>) {
        let text = clean(&std::mem::take(&mut self.words));
        if text.is_empty() {
            return;
        }
        if self.list > 0 {
            self.items.push(text);
            return;
        }
        self.blocks.push(match heading {
            Some(level) => Block::Heading { level, text },
            None => Block::Paragraph { text },
        });
    }

    fn open_list(&mut self) {
        self.end(None);
        self.list += 1;
    }

    fn close_list(&mut self) {
        self.end(None);
        self.list = self.list.saturating_sub(1);
        if self.list == 0 && !self.items.is_empty() {
            self.blocks.push(Block::List { items: std::mem::take(&mut self.items) });
        }
    }

    fn finish(mut self) -> Vec<Block> {
        self.end(None);
        self.list = self.list.min(1);
        self.close_list();
        self.blocks
    }
}

/// Reads the HTML of the sheets: `p`, `h3`, `h4`, `h5`, `ul`, `li`. Of any other element the words are kept, of scripts
/// and styles nothing. Never fails: what is not closed ends with the text.
#[must_use]
pub fn of_html(html: &str) -> Vec<Block> {
    let mut gather = Gather::default();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        push_decoded(&mut gather.words, &rest[..open]);
        let after = &rest[open..];
        if let Some(comment) = after.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let is_tag =
            after[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        if !is_tag {
            // "< 18 ans" is text.
            gather.words.push('<');
            rest = &after[1..];
            continue;
        }
        let Some(close) = after.find('>') else {
            rest = "";
            break;
        };
        let tag = &after[1..close];
        rest = &after[close + 1..];
        let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |name| (true, name));
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
        match (name.to_ascii_lowercase().as_str(), closing) {
            ("script" | "style", false) => {
                let end = format!("</{}", name.to_ascii_lowercase());
                let lower = rest.to_ascii_lowercase();
                rest = lower.find(&end).map_or("", |at| &rest[at..]);
            }
            ("h1" | "h2" | "h3", true) => gather.end(Some(3)),
            ("h4", true) => gather.end(Some(4)),
            ("h5" | "h6", true) => gather.end(Some(5)),
            ("ul" | "ol", false) => gather.open_list(),
            ("ul" | "ol", true) => gather.close_list(),
            ("br" | "td" | "th" | "span" | "a", _) => gather.words.push(' '),
            ("p" | "li" | "div" | "tr" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6", _) => {
                gather.end(None)
            }
            _ => {}
        }
    }
    push_decoded(&mut gather.words, rest);
    gather.finish()
}

/// Text with the few entities that occur; one that is not known stays as it is written.
fn push_decoded(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|b| b == b';');
        let decoded = end.and_then(|end| match &rest[1..end] {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" | "rsquo" => Some('’'),
            "nbsp" => Some('\u{a0}'),
            number => {
                let digits = number.strip_prefix('#')?;
                let code = match digits.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => digits.parse().ok()?,
                };
                char::from_u32(code)
            }
        });
        match (decoded, end) {
            (Some(c), Some(end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            _ => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}

/// Reads Markdown: headings, paragraphs and lists; of a link the words and then the address, of HTML nothing.
#[must_use]
pub fn of_markdown(markdown: &str) -> Vec<Block> {
    let mut gather = Gather::default();
    let mut address = Vec::new();
    for event in Parser::new_ext(markdown, Options::empty()) {
        match event {
            Event::Start(Tag::List(_)) => gather.open_list(),
            Event::End(TagEnd::List(_)) => gather.close_list(),
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                address.push((dest_url.to_string(), gather.words.len()));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if let Some((url, from)) = address.pop() {
                    let said = gather.words.get(from..).is_some_and(|words| words.contains(&url));
                    if !said && !url.is_empty() {
                        gather.words.push_str(&format!(" ({url})"));
                    }
                }
            }
            Event::End(TagEnd::Heading(level)) => gather.end(Some((level as u8).clamp(3, 5))),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::BlockQuote(_)) => {
                gather.end(None);
            }
            Event::Text(text) | Event::Code(text) => gather.words.push_str(&text),
            Event::SoftBreak | Event::HardBreak => gather.words.push(' '),
            _ => {}
        }
    }
    gather.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Block {
        Block::Paragraph { text: text.into() }
    }

    #[test]
    fn the_six_elements_become_blocks() {
        let blocks = of_html(
            "\n  <h3>Salaire</h3><h5>Du débutant</h5><p>1\u{a0}800 euros R&amp;D</p><ul>\n<li>un</li><li>deux <b>gras</b></li></ul>",
        );
        assert_eq!(
            blocks,
            [
                Block::Heading { level: 3, text: "Salaire".into() },
                Block::Heading { level: 5, text: "Du débutant".into() },
                paragraph("1 800 euros R&D"),
                Block::List { items: vec!["un".into(), "deux gras".into()] },
            ]
        );
    }

    #[test]
    fn nothing_active_is_left_of_hostile_html() {
        let blocks = of_html(
            "<p onclick=alert(1)>Bonjour<script>alert('p')</script> <img src=x onerror=alert(1)>&lt;b&gt;</p><style>p{}</style><iframe src='//x'>",
        );
        assert_eq!(blocks, [paragraph("Bonjour <b>")], "what looks like an element is words");
        assert_eq!(of_html("moins de < 18 ans"), [paragraph("moins de < 18 ans")]);
        assert_eq!(
            of_html("<p>coupé <ul><li>ici"),
            [paragraph("coupé"), Block::List { items: vec!["ici".into()] }]
        );
        assert_eq!(of_html("<script>"), []);
        assert_eq!(
            of_html("&inconnu; &#233;t&#xe9; &#xffffffff; é&"),
            [paragraph("&inconnu; été &#xffffffff; é&")]
        );
    }

    #[test]
    fn markdown_says_the_address_of_a_link() {
        let blocks = of_markdown(
            "## Où ?\n\nSur [le site](https://exemple.fr), **avant** mars.\n\n- un\n- deux\n\n<script>x</script>\n",
        );
        assert_eq!(
            blocks,
            [
                Block::Heading { level: 3, text: "Où ?".into() },
                paragraph("Sur le site (https://exemple.fr), avant mars."),
                Block::List { items: vec!["un".into(), "deux".into()] },
            ]
        );
    }

    #[test]
    fn what_is_clean_is_told_from_what_is_not() {
        for clean in ["", "a", "Lycée d'Amiens", "à é"] {
            assert!(is_clean(clean), "{clean:?}");
        }
        for c in (0..=0xffff).filter_map(char::from_u32) {
            for text in [format!("é{c}a"), format!("{c}a"), format!("a{c}"), format!("a {c}a")] {
                let words = text.split(|c: char| c.is_whitespace() || matches!(c, '\u{200b}' | '\u{feff}'));
                let words: Vec<String> = words
                    .filter(|word| !word.is_empty())
                    .map(|word| word.chars().filter(|c| !c.is_control()).collect())
                    .collect();
                assert!(!is_clean(&text) || words.join(" ") == text, "{text:?}");
            }
        }
    }

    #[test]
    fn blanks_of_all_kinds_are_one() {
        assert_eq!(clean(" a\u{a0}\u{202f}b\t\r\nc\u{feff} "), "a b c");
    }
}
