//! What the index is told of each record of the catalogue.

use std::borrow::Cow;
use std::collections::HashSet;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::file::Whole;
use crate::geography;
use crate::model::{Domain, GenderedName, Institution, Level, Occupation, Offering, Programme, Question};
use crate::search::{Document, Kind};

/// What offerings have of their programme.
#[derive(Debug, Clone)]
struct Taught {
    title: String,
    keywords: Vec<String>,
    level: Option<String>,
    category: Option<String>,
    domains: Vec<String>,
}

/// Makes documents of records. Offerings come last: they have their name from their programme, and are found by the
/// name of their institution.
#[derive(Debug, Default)]
pub struct Documents {
    /// Institutions where a programme is given, until its document is made.
    given_at: FxHashMap<String, Vec<String>>,
    programmes: FxHashMap<String, Taught>,
    /// Name and commune.
    institutions: FxHashMap<String, [String; 2]>,
    offerings: FxHashSet<Box<str>>,
    /// The document of the last offering. Most documents are of offerings, and a new one each would be as much memory
    /// asked for and given back as all else.
    offering: Option<Document>,
}

impl Documents {
    /// Of a catalogue in which programmes are given at these institutions.
    pub fn with_places(given_at: FxHashMap<String, Vec<String>>) -> Self {
        Self { given_at, ..Self::default() }
    }

    /// The document of a record; none for an offering of which nothing is known but numbers.
    pub fn of(&mut self, whole: Whole) -> Option<Cow<'_, Document>> {
        Some(Cow::Owned(match whole {
            Whole::Occupation(id, occupation) => of_occupation(id, *occupation),
            Whole::Programme(id, programme) => self.of_programme(id, *programme),
            Whole::Question(id, question) => of_question(id, *question),
            Whole::Institution(id, institution) => self.of_institution(id, *institution),
            Whole::Offering(offering) => return self.of_offering(*offering).map(Cow::Borrowed),
        }))
    }

    fn of_programme(&mut self, id: String, programme: Programme) -> Document {
        let kinds = [programme.type_name.clone(), programme.type_acronym.clone()];
        let taught = Taught {
            title: programme.name.clone(),
            keywords: kinds.iter().filter(|kind| !kind.is_empty()).cloned().collect(),
            level: level(programme.level),
            category: said(programme.type_name),
            domains: domains(&programme.domains),
        };
        let mut document = Document::new(id, Kind::Programme, programme.name);
        document.alternates = said(programme.acronym).into_iter().collect();
        document.keywords = taught.keywords.clone();
        document.keywords.extend(words_of_domains(&programme.domains));
        document.keywords.extend(programme.occupations.into_iter().map(|link| link.label));
        document.codes = said(programme.rncp).into_iter().collect();
        document.level.clone_from(&taught.level);
        document.category.clone_from(&taught.category);
        document.domains.clone_from(&taught.domains);
        document.places = self.given_at.remove(&document.id).unwrap_or_default();
        self.programmes.insert(document.id.clone(), taught);
        document
    }

    fn of_institution(&mut self, id: String, institution: Institution) -> Document {
        self.institutions.insert(id.clone(), [institution.name.clone(), institution.commune.clone()]);
        let mut document = Document::new(id, Kind::Institution, institution.name);
        document.alternates = said(institution.acronym).into_iter().collect();
        document.alternates.extend(institution.annexes.into_iter().map(|annex| annex.name));
        let department = geography::department(&institution.department).map(|d| d.name.to_owned());
        let around = [institution.type_name.clone(), institution.commune, institution.postal_code];
        document.keywords = around.into_iter().filter(|word| !word.is_empty()).collect();
        document.keywords.extend(department);
        document.keywords.extend(institution.university.map(|university| university.label));
        document.codes = said(institution.uai).into_iter().collect();
        document.category = said(institution.type_name);
        document.status = said(institution.status);
        document.department = said(institution.department);
        document.academy = said(institution.academy);
        document.position = institution.position;
        document
    }

    fn of_offering(&mut self, offering: Offering) -> Option<&Document> {
        let taught = self.programmes.get(&offering.programme)?;
        let id = self.id_of(&offering);
        self.offerings.insert(id.as_str().into());
        let document = self.offering.get_or_insert_with(|| Document::new("", Kind::Offering, ""));
        document.id = id;
        document.title.clone_from(&taught.title);
        let around = self.institutions.get(&offering.institution).into_iter().flatten();
        let keywords = taught.keywords.iter().chain(around.filter(|word| !word.is_empty()));
        written_over(&mut document.keywords, keywords.chain(&offering.attendance));
        written_over(&mut document.codes, [&offering.id]);
        document.level.clone_from(&taught.level);
        document.category.clone_from(&taught.category);
        document.domains.clone_from(&taught.domains);
        written_over(&mut document.places, [&offering.institution]);
        Some(document)
    }

    /// `AF.n@ENS.n`: the same action stands at several institutions. Where even that is of two programmes, the second
    /// has its programme behind it.
    fn id_of(&self, offering: &Offering) -> String {
        let id = format!("{}@{}", offering.id, offering.institution);
        if self.offerings.contains(id.as_str()) { format!("{id}@{}", offering.programme) } else { id }
    }
}

/// Puts these texts in the place of others, in the memory that those have.
fn written_over<'a>(texts: &mut Vec<String>, by: impl IntoIterator<Item = &'a String>) {
    let mut kept = 0;
    for text in by {
        match texts.get_mut(kept) {
            Some(other) => other.clone_from(text),
            None => texts.push(text.clone()),
        }
        kept += 1;
    }
    texts.truncate(kept);
}

fn of_occupation(id: String, occupation: Occupation) -> Document {
    let forms = |name: GenderedName| [name.masculine, name.feminine, name.written];
    let title = occupation.name.shown();
    let mut document = Document::new(id, Kind::Occupation, title.clone());
    let names = std::iter::once(occupation.name).chain(occupation.synonyms).flat_map(forms);
    let mut seen = HashSet::from([title]);
    document.alternates = names.filter(|name| !name.is_empty() && seen.insert(name.clone())).collect();
    document.keywords = said(occupation.field).into_iter().collect();
    document.keywords.extend(words_of_domains(&occupation.domains));
    document.keywords.extend(occupation.sectors.into_iter().map(|sector| sector.label));
    document.codes = occupation.rome.into_iter().map(|rome| rome.code).collect();
    document.level = level(occupation.level);
    document.domains = domains(&occupation.domains);
    document
}

fn of_question(id: String, question: Question) -> Document {
    let mut document = Document::new(id, Kind::Faq, question.question);
    document.alternates = question.also;
    document.keywords = question.keywords;
    document.keywords.extend(words_of_domains(&question.domains));
    document.level = level(question.level);
    document.domains = domains(&question.domains);
    document
}

fn said(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn level(level: Option<Level>) -> Option<String> {
    level.map(|level| level.code().to_owned())
}

fn words_of_domains(domains: &[Domain]) -> impl Iterator<Item = String> {
    domains.iter().map(|domain| format!("{} {}", domain.domain, domain.subdomain))
}

/// "domaine/sous-domaine"; a name never holds a slash of its own, for that would be another level.
fn domains(domains: &[Domain]) -> Vec<String> {
    let name = |text: &str| text.replace('/', "-");
    let mut values: Vec<String> = domains
        .iter()
        .map(|domain| match (domain.domain.as_str(), domain.subdomain.as_str()) {
            ("", one) | (one, "") => name(one),
            (domain, sub) => format!("{}/{}", name(domain), name(sub)),
        })
        .filter(|value| !value.is_empty())
        .collect();
    values.sort_unstable();
    values.dedup();
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn programme(name: &str) -> Programme {
        Programme {
            name: name.into(),
            type_name: "brevet de technicien supérieur".into(),
            type_acronym: "BTS".into(),
            level: Some(Level::BacAnd(2)),
            domains: vec![Domain {
                domain: "tourisme".into(),
                subdomain: "accueil/animation".into(),
                id: String::new(),
            }],
            ..Programme::default()
        }
    }

    #[test]
    fn an_offering_is_found_by_its_programme_and_by_its_school() {
        let mut documents =
            Documents::with_places(FxHashMap::from_iter([("FOR.1".to_owned(), vec!["ENS.1".to_owned()])]));
        let whole = Whole::Programme("FOR.1".into(), Box::new(programme("BTS tourisme")));
        assert_eq!(documents.of(whole).expect("a document").places, ["ENS.1"]);
        let school = Institution {
            name: "Lycée Édouard Gand".into(),
            commune: "Amiens".into(),
            ..Institution::default()
        };
        documents.of(Whole::Institution("ENS.1".into(), Box::new(school)));
        let offering = Offering {
            id: "AF.1".into(),
            programme: "FOR.1".into(),
            institution: "ENS.1".into(),
            ..Offering::default()
        };
        let document =
            documents.of(Whole::Offering(Box::new(offering.clone()))).expect("a document").into_owned();
        assert_eq!((document.id.as_str(), document.title.as_str()), ("AF.1@ENS.1", "BTS tourisme"));
        assert_eq!(document.keywords[1..], ["BTS", "Lycée Édouard Gand", "Amiens"]);
        assert_eq!(document.level.as_deref(), Some("bac+2"));
        assert_eq!(document.domains, ["tourisme/accueil-animation"]);
        let twice = documents.of(Whole::Offering(Box::new(offering.clone()))).expect("a document");
        assert_eq!(twice.id, "AF.1@ENS.1@FOR.1", "no two documents have one identifier");
        let with_more =
            Offering { attendance: vec!["à distance".into(), "le soir".into()], ..offering.clone() };
        let more = documents.of(Whole::Offering(Box::new(with_more))).expect("a document");
        assert_eq!(more.keywords[3..], ["Amiens", "à distance", "le soir"]);
        let again = documents.of(Whole::Offering(Box::new(offering.clone()))).expect("a document");
        assert_eq!(again.keywords[1..], document.keywords[1..], "nothing is left of the one before it");
        let of_nothing = Offering { programme: "FOR.2".into(), ..offering };
        assert_eq!(documents.of(Whole::Offering(Box::new(of_nothing))), None);
    }

    #[test]
    fn an_occupation_has_both_its_names_once() {
        let occupation = Occupation {
            name: GenderedName::of_pair("boulanger / boulangère"),
            synonyms: vec![GenderedName::of_pair("artisan boulanger / artisane boulangère")],
            ..Occupation::default()
        };
        let document = of_occupation("MET.1".into(), occupation);
        assert_eq!(document.title, "boulanger / boulangère");
        assert_eq!(
            document.alternates,
            [
                "boulanger",
                "boulangère",
                "artisan boulanger",
                "artisane boulangère",
                "artisan boulanger / artisane boulangère"
            ]
        );
    }
}
