//! What the index is told of each entry of the catalogue.

use std::collections::HashSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::offerings::{Offerings, Taught};
use crate::file::{Given, Whole};
use crate::geography;
use crate::model::{Domain, GenderedName, Institution, Level, Occupation, Programme, Question};
use crate::search::{Document, Kind};

/// Makes documents of entries, and remembers what the offerings after them have of these.
#[derive(Debug, Default)]
pub(super) struct Documents {
    /// Institutions where a programme is given, until its document is made.
    given_at: FxHashMap<String, Vec<String>>,
    programmes: FxHashMap<String, Taught>,
    /// Name and commune.
    institutions: FxHashMap<String, [String; 2]>,
}

impl Documents {
    /// Of a catalogue in which this is given.
    pub fn of_given(given: &Given) -> Self {
        let mut places: Vec<Vec<String>> = vec![Vec::new(); given.programmes().len()];
        let mut known: FxHashSet<(usize, usize)> = FxHashSet::default();
        for one in given.iter() {
            if known.insert((one.programme, one.institution)) {
                places[one.programme].push(given.institutions()[one.institution].to_string());
            }
        }
        let programmes = given.programmes().iter().map(|id| id.to_string());
        Self { given_at: programmes.zip(places).collect(), ..Self::default() }
    }

    /// The document of an entry.
    pub fn of(&mut self, whole: Whole) -> Document {
        match whole {
            Whole::Occupation(id, occupation) => of_occupation(id, *occupation),
            Whole::Programme(id, programme) => self.of_programme(id, *programme),
            Whole::Question(id, question) => of_question(id, *question),
            Whole::Institution(id, institution) => self.of_institution(id, *institution),
        }
    }

    /// The documents of these offerings, once all entries have theirs.
    pub fn offerings<'a>(&'a self, given: &'a Given) -> Offerings<'a> {
        Offerings::new(given, &self.programmes, &self.institutions)
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
    fn a_programme_has_the_places_where_it_is_given_once() {
        let mut given = Given::default();
        for (id, institution) in [("AF.1", "ENS.1"), ("AF.2", "ENS.1"), ("AF.2", "ENS.2")] {
            given.add(id, "FOR.1", institution, &[]);
        }
        let mut documents = Documents::of_given(&given);
        let document = documents.of(Whole::Programme("FOR.1".into(), Box::new(programme("BTS tourisme"))));
        assert_eq!(document.places, ["ENS.1", "ENS.2"]);
        assert_eq!(document.domains, ["tourisme/accueil-animation"]);
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
