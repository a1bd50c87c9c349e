//! Draws a document whose every part has its place, as a PDF that a screen reader can follow (PDF/UA-1, ISO 14289-1):
//! language, title, headings, tables with their titles, an outline, and everything else marked as decoration.

use std::num::{NonZeroU16, NonZeroU32};

use chrono::{DateTime, Datelike, Timelike, Utc};
use krilla::color::luma;
use krilla::configure::{Accessibility, ConfigurationBuilder, PdfVersion};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::{self, Metadata, TextDirection};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, Node, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use krilla::{Document, SerializeSettings};

use super::PrintError;
use super::font::Fonts;
use super::layout::{Item, Laid, Mark, PAGE_HEIGHT, PAGE_WIDTH, Role};

/// How light soft letters are: grey enough to step back, dark enough for a copy (8:1 on white).
const SOFT: u8 = 85;

/// The bytes of the document. The same document at the same moment has the same bytes.
///
/// # Errors
/// [`PrintError::Pdf`] when the document breaks a rule of PDF/UA.
pub fn draw(laid: &Laid, title: &str, at: DateTime<Utc>, fonts: &Fonts) -> Result<Vec<u8>, PrintError> {
    let failed = |e: &dyn std::fmt::Debug| PrintError::Pdf(format!("{e:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|e| failed(&e))?;
    let mut document =
        Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });

    let mut contents: Vec<Vec<Identifier>> = vec![Vec::new(); laid.nodes.len()];
    for page in &laid.pages {
        let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT);
        let mut drawn = document.start_page_with(size.ok_or_else(|| failed(&"no such page"))?);
        let mut surface = drawn.surface();
        for mark in &page.marks {
            let identifier = surface.start_tagged(tag_of(mark));
            for item in &mark.items {
                ink(&mut surface, item, fonts);
            }
            surface.end_tagged();
            if let Some(content) = mark.node.and_then(|n| contents.get_mut(n)) {
                content.push(identifier);
            }
        }
        surface.finish();
        drawn.finish();
    }

    let mut outline = Outline::new();
    for (name, page) in &laid.outline {
        let top = XyzDestination::new(*page, Point::from_xy(0.0, 0.0));
        outline.push_child(OutlineNode::new(name.clone(), top));
    }
    document.set_outline(outline);
    document.set_tag_tree(structure(laid, contents));
    document.set_metadata(about(title, at));
    document.finish().map_err(|e| failed(&e))
}

fn tag_of(mark: &Mark) -> ContentTag<'_> {
    match mark.node {
        None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
        Some(_) => ContentTag::Span(SpanTag::empty().with_actual_text(mark.reads_as)),
    }
}

/// The tree of what is read aloud.
fn structure(laid: &Laid, contents: Vec<Vec<Identifier>>) -> TagTree {
    let mut children: Vec<Vec<Node>> =
        contents.into_iter().map(|c| c.into_iter().map(Node::from).collect()).collect();
    let mut tree = TagTree::new().with_lang(Some("fr-FR".to_owned()));
    let mut sections = Vec::new();
    // A node comes after its parent: from the last to the first, every node has its own children when it is given away.
    for (n, node) in laid.nodes.iter().enumerate().rev() {
        let mut own = std::mem::take(&mut children[n]);
        // Those of later nodes were put in from the last on.
        let split = own.iter().position(|c| matches!(c, Node::Group(_))).unwrap_or(own.len());
        own[split..].reverse();
        let group = TagGroup::with_children(tag(&node.role), own);
        match node.parent {
            Some(parent) => children[parent].push(group.into()),
            None => sections.push(group),
        }
    }
    for section in sections.into_iter().rev() {
        tree.push(section);
    }
    tree
}

fn tag(role: &Role) -> TagKind {
    let across = |n: &usize| u32::try_from(*n).ok().and_then(NonZeroU32::new).filter(|n| n.get() > 1);
    match role {
        Role::Section => Tag::Section.into(),
        Role::Heading(level, words) => {
            let level = NonZeroU16::new(u16::from(*level)).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(words.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::Table(summary) => Tag::Table.with_summary(Some(summary.clone())).into(),
        Role::Head => Tag::THead.into(),
        Role::Body => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnTitle => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowTitle => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell(span) => Tag::TD.with_col_span(across(span)).into(),
    }
}

fn about(title: &str, at: DateTime<Utc>) -> Metadata {
    let small = |n: u32| u8::try_from(n).unwrap_or(0);
    let date = metadata::DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(title.to_owned())
        .language("fr-FR".to_owned())
        .creator("Passerelle".to_owned())
        .producer(concat!("Passerelle ", env!("CARGO_PKG_VERSION")).to_owned())
        .creation_date(date)
        .text_direction(TextDirection::LeftToRight)
}

fn ink(surface: &mut Surface<'_>, item: &Item, fonts: &Fonts) {
    match item {
        Item::Letters(x, base, piece) => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(if piece.style.soft { SOFT } else { 0 })));
            let glyphs = fonts.glyphs(piece);
            let at = Point::from_xy(*x, *base);
            surface.draw_glyphs(at, &glyphs, fonts.font(piece.style), &piece.text, piece.style.size, false);
        }
        Item::Surface(area, light) => {
            surface.set_stroke(None);
            surface.set_fill(Some(fill(*light)));
            draw_path(surface, rectangle(*area));
        }
        Item::Stroke([x1, y1, x2, y2], thick, light) => {
            surface.set_fill(None);
            surface.set_stroke(Some(stroke(*thick, *light)));
            let mut path = PathBuilder::new();
            path.move_to(*x1, *y1);
            path.line_to(*x2, *y2);
            draw_path(surface, path.finish());
        }
        Item::Frame(area, thick) => {
            surface.set_fill(Some(fill(255)));
            surface.set_stroke(Some(stroke(*thick, 0)));
            draw_path(surface, rectangle(*area));
        }
    }
}

fn draw_path(surface: &mut Surface<'_>, path: Option<Path>) {
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn rectangle([left, top, right, bottom]: [f32; 4]) -> Option<Path> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_ltrb(left, top, right, bottom)?);
    path.finish()
}

fn fill(light: u8) -> Fill {
    Fill { paint: luma::Color::new(light).into(), opacity: NormalizedF32::ONE, ..Fill::default() }
}

fn stroke(thick: f32, light: u8) -> Stroke {
    Stroke { paint: luma::Color::new(light).into(), width: thick, ..Stroke::default() }
}
