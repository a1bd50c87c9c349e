//! An extract of a catalogue, written for the demonstration: programmes, institutions, occupations, questions, and
//! their links. Names of diplomas and schools are public; every description is our own.
//!
//! Identifiers have the form of the real ones (`FOR.n`, `ENS.n`, `MET.n`, `AF.n`) in ranges far above those in use,
//! so that importing the real files beside it never replaces one by the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use passerelle_catalogue::geography::{Geography, Position};
use passerelle_catalogue::readers::{Item, bounds::Bounded, questions};

use crate::text::french;

const FIELDS: &str = include_str!("../content/catalogue/fields.txt");
const PROGRAMMES: &str = include_str!("../content/catalogue/programmes.txt");
const INSTITUTIONS: &str = include_str!("../content/catalogue/institutions.txt");
const OCCUPATIONS: &str = include_str!("../content/catalogue/occupations.txt");
pub(crate) const FAQ: &str = include_str!("../content/catalogue/questions.md");

/// First number of the demonstration's identifiers.
const BASE: usize = 9_000_000;

/// Formation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Programme {
    /// `FOR.n`.
    pub id: String,
    /// Kind of diploma: "CAP", "BTS", "Licence".
    pub programme_type: String,
    /// Full name: "BTS électrotechnique".
    pub name: String,
    /// Level reached: "bac + 2", "CAP ou équivalent".
    pub level: String,
    /// "2 ans".
    pub duration: String,
    /// Field, in words.
    pub field: String,
    /// What one learns, in a sentence.
    pub description: String,
    /// Identifiers of the occupations that it leads to.
    pub occupations: Vec<String>,
}

/// Établissement.
#[derive(Debug, Clone, PartialEq)]
pub struct Institution {
    /// `ENS.n`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// "lycée professionnel", "université".
    pub institution_type: String,
    /// "public", "privé sous contrat", "privé".
    pub status: String,
    /// Postal code.
    pub postal_code: String,
    /// Commune.
    pub town: String,
    /// Code of the département.
    pub department: String,
    /// Where its town is.
    pub position: Option<Position>,
}

/// Action de formation: a programme at an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offering {
    /// `AF.n`.
    pub id: String,
    /// The programme.
    pub programme: String,
    /// The institution.
    pub institution: String,
    /// Whether it is an apprenticeship.
    pub apprenticeship: bool,
}

/// Métier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupation {
    /// `MET.n`.
    pub id: String,
    /// Masculine name.
    pub masculine: String,
    /// Feminine name.
    pub feminine: String,
    /// Field, in words.
    pub field: String,
    /// Least level of studies.
    pub level: String,
    /// What one does, in a sentence.
    pub description: String,
    /// Identifiers of the programmes that lead to it.
    pub programmes: Vec<String>,
}

/// Question fréquente.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaqEntry {
    /// `FAQ.` and a name.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answer, in Markdown.
    pub answer: String,
}

/// The extract.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoCatalogue {
    /// Where it comes from, as shown beside a record.
    pub source: String,
    /// Programmes.
    pub programmes: Vec<Programme>,
    /// Institutions.
    pub institutions: Vec<Institution>,
    /// Which programme is offered where.
    pub offerings: Vec<Offering>,
    /// Occupations.
    pub occupations: Vec<Occupation>,
    /// Questions.
    pub faq: Vec<FaqEntry>,
}

/// The catalogue extract of the demonstration; always the same.
#[must_use]
pub fn catalogue() -> DemoCatalogue {
    let fields: BTreeMap<&str, String> =
        rows(FIELDS).filter_map(|row| Some((*row.first()?, french(row.get(1)?)))).collect();
    let mut occupations = Vec::new();
    let mut occupation_ids = BTreeMap::new();
    for (number, row) in rows(OCCUPATIONS).enumerate() {
        let [key, masculine, feminine, field, level, description] = row[..] else { continue };
        let id = format!("MET.{}", BASE + number);
        occupation_ids.insert(key, number);
        occupations.push(Occupation {
            id,
            masculine: french(masculine),
            feminine: french(feminine),
            field: fields.get(field).cloned().unwrap_or_default(),
            level: level.to_owned(),
            description: french(description),
            programmes: Vec::new(),
        });
    }

    let written = programmes();
    let mut list = Vec::new();
    for (number, text) in written.iter().enumerate() {
        let id = format!("FOR.{}", BASE + number);
        let mut leads_to = Vec::new();
        for key in &text.occupations {
            let Some(occupation) = occupation_ids.get(key).and_then(|&at: &usize| occupations.get_mut(at))
            else {
                continue;
            };
            occupation.programmes.push(id.clone());
            leads_to.push(occupation.id.clone());
        }
        list.push(Programme {
            id,
            programme_type: text.label.to_owned(),
            name: french(&full_name(text)),
            level: text.level.to_owned(),
            duration: text.duration.to_owned(),
            field: fields.get(text.field).cloned().unwrap_or_default(),
            description: french(text.description),
            occupations: leads_to,
        });
    }

    let mut institutions = Vec::new();
    let mut offerings = Vec::new();
    for (number, row) in rows(INSTITUTIONS).enumerate() {
        let [name, institution_type, status, postal_code, town, offers] = row[..] else { continue };
        let id = format!("ENS.{}", BASE + number);
        for (programme, _) in list.iter().zip(&written).filter(|(_, text)| offered(offers, text)) {
            offerings.push(Offering {
                id: format!("AF.{}", BASE + offerings.len()),
                programme: programme.id.clone(),
                institution: id.clone(),
                apprenticeship: institution_type == "centre de formation d'apprentis",
            });
        }
        let location = Geography::load().locate(postal_code).ok().flatten();
        // Several communes share a postal code: the one that is named, not the middle of them.
        let commune =
            location.as_ref().and_then(|place| place.communes.iter().find(|commune| commune.name == town));
        institutions.push(Institution {
            id,
            name: french(name),
            institution_type: french(institution_type),
            status: status.to_owned(),
            postal_code: postal_code.to_owned(),
            town: french(town),
            department: commune.map_or_else(String::new, |commune| commune.department.to_owned()),
            position: commune.and_then(|commune| commune.position),
        });
    }

    DemoCatalogue {
        source: "Extrait écrit pour la démonstration de Passerelle".into(),
        programmes: list,
        institutions,
        offerings,
        occupations,
        faq: faq(),
    }
}

/// Lines that hold cells, without the remarks and section heads.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']))
        .map(|line| line.split('|').map(str::trim).collect())
}

struct ProgrammeText {
    key: &'static str,
    label: &'static str,
    level: &'static str,
    duration: &'static str,
    name: &'static str,
    field: &'static str,
    description: &'static str,
    occupations: Vec<&'static str>,
}

fn programmes() -> Vec<ProgrammeText> {
    let mut section = [""; 4];
    let mut programmes = Vec::new();
    for line in PROGRAMMES.lines() {
        if let Some(head) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let mut cells = head.split('|').map(str::trim);
            section = std::array::from_fn(|_| cells.next().unwrap_or_default());
            continue;
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (false, [name, field, description, occupations]) = (line.starts_with('#'), &cells[..]) else {
            continue;
        };
        let [key, label, level, duration] = section;
        programmes.push(ProgrammeText {
            key,
            label,
            level,
            duration,
            name,
            field,
            description,
            occupations: occupations.split(',').map(str::trim).filter(|key| !key.is_empty()).collect(),
        });
    }
    programmes
}

/// "BTS électrotechnique"; names that say their own kind keep themselves ("STMG, mercatique", "PASS…").
fn full_name(text: &ProgrammeText) -> String {
    match text.key {
        "bacgen" | "sante" | "titre" => capitalised(text.name),
        "ing" => format!("Diplôme d'ingénieur, {}", text.name),
        "de" | "dec" => {
            let elides = text.name.starts_with(['a', 'e', 'i', 'o', 'u', 'é']);
            format!("Diplôme d'État {}{}", if elides { "d'" } else { "de " }, text.name)
        }
        _ => format!("{} {}", text.label, text.name),
    }
}

fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Whether `bacpro:bois,bat cap:*` names this programme.
fn offered(offers: &str, text: &ProgrammeText) -> bool {
    offers.split_whitespace().any(|offer| {
        let (key, fields) = offer.split_once(':').unwrap_or((offer, "*"));
        key == text.key && (fields == "*" || fields.split(',').any(|field| field == text.field))
    })
}

/// What the catalogue's own reader keeps of the file; a test holds that it keeps everything.
fn faq() -> Vec<FaqEntry> {
    let mut entries = Vec::new();
    let source = Bounded::new(FAQ.as_bytes(), None, Arc::default());
    let _ = questions::read(source, "questions.md", &mut |_, row| {
        for item in row.into_iter().flat_map(|row| row.items) {
            if let Item::Question(id, question) = item {
                // The reader makes one blank of any: those that do not break come back.
                let (asked, answer) = (french(&question.question), question.markdown);
                entries.push(FaqEntry { id, question: asked, answer });
            }
        }
        Ok(())
    });
    entries
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn counts() {
        let catalogue = catalogue();
        assert_eq!(catalogue.programmes.len(), 300);
        assert_eq!(catalogue.institutions.len(), 150);
        assert_eq!(catalogue.occupations.len(), 60);
        assert_eq!(catalogue.faq.len(), 123);
        assert!(catalogue.offerings.len() > 1_000, "{} offerings", catalogue.offerings.len());
        assert_eq!(catalogue, super::catalogue());
    }

    #[test]
    fn every_link_resolves_and_nothing_stands_alone() {
        let catalogue = catalogue();
        let programmes: BTreeSet<&String> = catalogue.programmes.iter().map(|p| &p.id).collect();
        let institutions: BTreeSet<&String> = catalogue.institutions.iter().map(|i| &i.id).collect();
        let occupations: BTreeSet<&String> = catalogue.occupations.iter().map(|o| &o.id).collect();
        let keys: BTreeSet<&str> = rows(OCCUPATIONS).map(|row| row[0]).collect();
        for text in super::programmes() {
            for key in &text.occupations {
                assert!(keys.contains(key), "{} leads to {key}, which is unknown", text.name);
            }
        }
        for programme in &catalogue.programmes {
            assert!(programme.occupations.iter().all(|id| occupations.contains(id)), "{}", programme.name);
        }
        for occupation in &catalogue.occupations {
            assert!(!occupation.programmes.is_empty(), "nothing leads to {}", occupation.masculine);
        }
        let mut places = BTreeSet::new();
        for offering in &catalogue.offerings {
            assert!(programmes.contains(&offering.programme) && institutions.contains(&offering.institution));
            places.insert(&offering.programme);
        }
        // Four schools of people in uniform have no place in the académie.
        assert_eq!(catalogue.programmes.len() - places.len(), 4);
        for row in rows(INSTITUTIONS) {
            for offer in row[5].split_whitespace() {
                let (key, fields) = offer.split_once(':').unwrap_or((offer, "*"));
                for field in fields.split(',') {
                    let one = format!("{key}:{field}");
                    assert!(
                        super::programmes().iter().any(|text| offered(&one, text)),
                        "{}: nothing is {one}",
                        row[0]
                    );
                }
            }
        }
    }

    #[test]
    fn names_and_identifiers_are_distinct_and_places_known() {
        let catalogue = catalogue();
        let distinct = |names: Vec<&String>| names.iter().collect::<BTreeSet<_>>().len();
        assert_eq!(distinct(catalogue.programmes.iter().map(|p| &p.name).collect()), 300);
        assert_eq!(distinct(catalogue.institutions.iter().map(|i| &i.name).collect()), 150);
        assert_eq!(distinct(catalogue.occupations.iter().map(|o| &o.masculine).collect()), 60);
        for institution in &catalogue.institutions {
            assert!(
                institution.position.is_some(),
                "{} is in no known {}",
                institution.name,
                institution.town
            );
            assert!(["02", "60", "80"].contains(&institution.department.as_str()), "{}", institution.name);
        }
    }

    #[test]
    fn texts_are_clean() {
        let catalogue = catalogue();
        let texts = (catalogue.programmes.iter().flat_map(|p| [&p.name, &p.field, &p.description, &p.level]))
            .chain(catalogue.institutions.iter().flat_map(|i| [&i.name, &i.town, &i.institution_type]))
            .chain(
                catalogue
                    .occupations
                    .iter()
                    .flat_map(|o| [&o.masculine, &o.feminine, &o.field, &o.description]),
            )
            .chain(catalogue.faq.iter().flat_map(|f| [&f.question, &f.answer]));
        for text in texts {
            assert!(!text.is_empty() && text.trim() == text, "{text:?}");
            assert!(!text.contains("  ") && !text.contains(['\'', '|', '{']), "{text}");
        }
        for entry in &catalogue.faq {
            assert!(entry.question.ends_with("\u{202f}?"), "{}", entry.question);
            assert!(entry.answer.ends_with('.'), "{}", entry.answer);
        }
    }

    #[test]
    fn names_read_well() {
        let catalogue = catalogue();
        let named = |name: &str| catalogue.programmes.iter().any(|programme| programme.name == name);
        for name in [
            "BTS électrotechnique",
            "CAP boulanger",
            "Diplôme d’État d’infirmier",
            "Diplôme d’État de psychomotricien",
            "Diplôme d’ingénieur, génie mécanique",
            "2de générale et technologique",
            "PASS, parcours d’accès spécifique santé",
            "BUT génie biologique, biologie médicale et biotechnologie",
        ] {
            assert!(named(name), "no programme is called {name}");
        }
    }
}
