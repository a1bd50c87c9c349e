//! Records of an XML file: the children of its root, each as a small tree, read one after another. Names repeat inside
//! records, so what counts is the depth.

use std::io::{BufReader, Read};

use quick_xml::Reader;
use quick_xml::events::Event;

use super::bounds::{Bounded, skip_bom};
use super::fault::{Fault, FaultKind};
use super::item::Row;

/// Elements within elements; real sheets have seven.
const DEPTH: usize = 24;

/// An element with its words and its children.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Node {
    /// Name.
    pub name: String,
    /// Its own words, CDATA included, as written.
    pub text: String,
    /// Elements in it.
    pub children: Vec<Node>,
}

impl Node {
    /// The first child of this name.
    #[must_use]
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|c| c.name == name)
    }

    /// The words of the first child of this name; empty where there is none.
    #[must_use]
    pub fn text_of(&self, name: &str) -> &str {
        self.child(name).map_or("", |c| c.text.trim())
    }

    /// The children `item` of the child `group`.
    pub fn each<'a>(&'a self, group: &str, item: &'a str) -> impl Iterator<Item = &'a Self> {
        self.child(group).into_iter().flat_map(|g| &g.children).filter(move |c| c.name == item)
    }
}

/// Reads every child of the root and gives what `read` makes of it to `each`, with its rank, from 1.
pub fn read<R: Read>(
    source: Bounded<R>,
    file: &str,
    read: fn(&Node) -> Row,
    each: &mut dyn FnMut(u64, Row) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let gauge = source.gauge();
    let mut reader = BufReader::with_capacity(64 << 10, source);
    skip_bom(&mut reader).map_err(|e| Fault::of(&e, file, FaultKind::Unreadable))?;
    let mut xml = Reader::from_reader(reader);
    let mut buffer = Vec::new();
    let mut open: Vec<Node> = Vec::new();
    let mut seen_root = false;
    let mut count: u64 = 0;
    let fault = |kind, reason: &str| Fault::new(kind, file, reason);
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer);
        let event = event.map_err(|error| {
            if let quick_xml::Error::Io(io) = &error {
                return Fault::of(&**io, file, FaultKind::Unreadable).at(count + 1);
            }
            let cut = matches!(
                &error,
                quick_xml::Error::Syntax(_)
                    | quick_xml::Error::IllFormed(quick_xml::errors::IllFormedError::MissingEndTag(_))
            );
            if matches!(error, quick_xml::Error::Encoding(_)) {
                return fault(FaultKind::Encoding, super::recognise::NOT_UTF8).at(count + 1);
            }
            Fault::of(&error, file, if cut { FaultKind::Cut } else { FaultKind::Malformed }).at(count + 1)
        })?;
        match event {
            Event::Decl(declaration) => {
                let encoding = declaration.encoding().and_then(Result::ok);
                if encoding.is_some_and(|e| !e.eq_ignore_ascii_case("utf-8")) {
                    return Err(fault(FaultKind::Encoding, super::recognise::NOT_UTF8).at(1));
                }
            }
            Event::DocType(_) => {
                return Err(fault(
                    FaultKind::Entities,
                    "le fichier déclare un type de document (DTD) : aucun fichier d’Onisep n’en a, il est refusé par prudence",
                ));
            }
            Event::GeneralRef(reference) => {
                let decoded = match &*reference.xml10_content() {
                    "amp" => Some('&'),
                    "lt" => Some('<'),
                    "gt" => Some('>'),
                    "quot" => Some('"'),
                    "apos" => Some('\''),
                    _ => reference.resolve_char_ref().ok().flatten(),
                };
                let Some(c) = decoded else {
                    return Err(fault(
                        FaultKind::Entities,
                        "le fichier emploie des entités XML : aucun fichier d’Onisep n’en a, il est refusé par prudence",
                    )
                    .at(count + 1));
                };
                if let Some(node) = open.last_mut() {
                    node.text.push(c);
                }
            }
            Event::Start(start) => {
                if open.len() >= DEPTH {
                    return Err(fault(FaultKind::Malformed, "trop d’éléments sont imbriqués").at(count + 1));
                }
                if open.is_empty() && seen_root {
                    return Err(fault(FaultKind::Malformed, "le fichier a deux racines"));
                }
                seen_root = true;
                open.push(Node { name: start.name().as_ref().to_owned(), ..Node::default() });
            }
            Event::Empty(start) => {
                let node = Node { name: start.name().as_ref().to_owned(), ..Node::default() };
                match open.len() {
                    0 => seen_root = true,
                    1 => {
                        count += 1;
                        each(count, read(&node))?;
                    }
                    _ => open.last_mut().into_iter().for_each(|parent| parent.children.push(node.clone())),
                }
            }
            Event::End(_) => {
                if let Some(node) = open.pop() {
                    match open.len() {
                        0 => {}
                        1 => {
                            count += 1;
                            gauge.next_record();
                            each(count, read(&node))?;
                        }
                        _ => {
                            if let Some(parent) = open.last_mut() {
                                parent.children.push(node);
                            }
                        }
                    }
                }
            }
            Event::Text(text) => {
                if let Some(node) = open.last_mut() {
                    node.text.push_str(&text.xml10_content());
                }
            }
            Event::CData(text) => {
                if let Some(node) = open.last_mut() {
                    node.text.push_str(&text.xml10_content());
                }
            }
            Event::Eof if !open.is_empty() || !seen_root => {
                return Err(fault(
                    FaultKind::Cut,
                    "le fichier est coupé : sa fin manque. Téléchargez-le à nouveau",
                )
                .at(count + 1));
            }
            Event::Eof => return Ok(()),
            Event::Comment(_) | Event::PI(_) => {}
        }
    }
}
