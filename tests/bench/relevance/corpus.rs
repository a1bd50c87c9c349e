//! What is searched: the demonstration, and the real sheets where they are.

use std::path::PathBuf;
use std::sync::{Arc, atomic::AtomicBool};

use passerelle_catalogue::readers::sources::find;
use passerelle_catalogue::readers::{Item, bounds::Bounded, questions, read};
use passerelle_catalogue::search::{Document, Kind};

use crate::judged::words;

/// An entry: how it is indexed, and by what it is judged.
pub struct Entry {
    /// `FOR`, `MET`, `FAQ`.
    pub kind: &'static str,
    /// Words of its names.
    pub words: Vec<String>,
    /// What the index is told.
    pub document: Document,
}

impl Entry {
    fn new(document: Document) -> Self {
        let kind = match document.kind {
            Kind::Occupation => "MET",
            Kind::Faq => "FAQ",
            _ => "FOR",
        };
        // A question is judged by itself, an occupation by both its names.
        let second = document.alternates.first().filter(|_| kind == "MET");
        let named =
            second.map_or_else(|| document.title.clone(), |name| format!("{} {name}", document.title));
        Self { kind, words: words(&named).collect(), document }
    }
}

/// Occupations, programmes and questions of the demonstration, in the static rank of the catalogue.
pub fn demonstration() -> Vec<Entry> {
    let catalogue = passerelle_demo::catalogue();
    let mut entries = Vec::new();
    for occupation in catalogue.occupations {
        let mut document = Document::new(occupation.id, Kind::Occupation, occupation.masculine);
        document.alternates = vec![occupation.feminine];
        document.keywords = vec![occupation.field, occupation.level];
        entries.push(Entry::new(document));
    }
    for programme in catalogue.programmes {
        let mut document = Document::new(programme.id, Kind::Programme, programme.name);
        document.keywords = vec![programme.programme_type, programme.field, programme.level];
        entries.push(Entry::new(document));
    }
    let written = include_bytes!("../../../crates/demo/content/catalogue/questions.md");
    questions::read(Bounded::new(&written[..], None, Arc::default()), "questions.md", &mut |_, row| {
        for item in row.expect("every question is kept").items {
            entries.extend(entry(item));
        }
        Ok(())
    })
    .expect("the questions are read");
    entries
}

/// The real sheets; none when they are not beside the project.
pub fn real() -> Option<Vec<Entry>> {
    let folder = std::env::var_os("PASSERELLE_SHARED_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let sheets: Vec<PathBuf> = ["metiers-5fe0808a2da6f", "formations-5fe07a9ecc960"]
        .iter()
        .map(|name| folder.join(format!("onisep/ideo-fiches_{name}.zip")))
        .filter(|path| path.exists())
        .collect();
    if sheets.is_empty() {
        return None;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let mut entries = Vec::new();
    for source in find(&sheets, &stop).expect("the sheets are found").sources {
        source
            .with(&stop, |bytes| {
                read(source.format, bytes, &source.name, &mut |_, row| {
                    // The first record is what the sheet is about.
                    if let Ok(row) = row {
                        entries.extend(row.items.into_iter().next().and_then(entry));
                    }
                    Ok(())
                })
            })
            .expect("the sheets are read");
    }
    Some(entries)
}

fn entry(item: Item) -> Option<Entry> {
    Some(Entry::new(match item {
        Item::Occupation(id, occupation) => {
            let mut document = Document::new(id, Kind::Occupation, occupation.name.masculine.clone());
            document.alternates = vec![occupation.name.feminine.clone()];
            for name in &occupation.synonyms {
                document.alternates.extend([name.masculine.clone(), name.feminine.clone()]);
            }
            document.keywords = occupation.sectors.iter().map(|sector| sector.label.clone()).collect();
            document
        }
        Item::Programme(id, programme) => {
            let mut document = Document::new(id, Kind::Programme, programme.name.clone());
            document.alternates = vec![programme.acronym.clone()];
            document.keywords = vec![programme.type_name.clone(), programme.type_acronym.clone()];
            document.keywords.extend(
                programme.domains.iter().map(|domain| format!("{} {}", domain.domain, domain.subdomain)),
            );
            document.keywords.extend(programme.occupations.iter().map(|link| link.label.clone()));
            document
        }
        Item::Question(id, question) => {
            let mut document = Document::new(id, Kind::Faq, question.question);
            document.alternates = question.also;
            document.keywords = question.keywords;
            document
        }
        _ => return None,
    }))
}
