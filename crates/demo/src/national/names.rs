//! Lists of names from `content/national`: fields, work, people, streets.

use std::io;

use super::line::write_heads;
use super::{Making, finish};
use crate::random::Random;

const DOMAINS: &str = include_str!("../../content/national/domains.txt");
const WORK: &str = include_str!("../../content/national/work.txt");
const PEOPLE: &str = include_str!("../../content/national/people.txt");

/// A field of work and studies, with the domain that the files name.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) key: &'static str,
    pub(super) domain: &'static str,
    pub(super) parts: Vec<&'static str>,
    /// What one does.
    pub(super) acts: Vec<&'static str>,
    /// Where.
    pub(super) place: &'static str,
    /// What it takes.
    pub(super) takes: &'static str,
}

/// All fields.
#[derive(Debug)]
pub(super) struct Fields(pub(super) Vec<Field>);

impl Fields {
    pub(super) fn load() -> Fields {
        let work: Vec<Vec<&str>> = rows(WORK).collect();
        let fields = rows(DOMAINS).filter_map(|row| {
            let [key, domain, parts] = row[..] else { return None };
            let row = work.iter().find(|row| row.first() == Some(&key))?;
            let [_, acts, place, takes] = row[..] else { return None };
            Some(Field { key, domain, parts: split(parts, ';'), acts: split(acts, ';'), place, takes })
        });
        Fields(fields.collect())
    }

    /// The number of a field by its key.
    pub(super) fn number(&self, key: &str) -> Option<usize> {
        self.0.iter().position(|field| field.key == key)
    }

    /// One to three sub-domains of a field in the form `domain/part`, the same for the same name.
    pub(super) fn domains(&self, field: usize, name: &str, separator: &str) -> String {
        let Some(field) = self.0.get(field) else { return String::new() };
        let mut random = Random::new(name);
        let mut parts = field.parts.clone();
        random.shuffle(&mut parts);
        let taken = 1 + random.below(3);
        let pairs: Vec<String> =
            parts.iter().take(taken).map(|part| format!("{}/{part}", field.domain)).collect();
        pairs.join(separator)
    }

    /// Every pair, numbered as the thesaurus numbers them.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'static str, &'static str)> + '_ {
        self.0.iter().flat_map(|field| field.parts.iter().map(|part| (field.domain, *part)))
    }
}

/// Names of people, of saints, of small schools, and of streets.
#[derive(Debug)]
pub(super) struct Called {
    pub(super) people: Vec<&'static str>,
    pub(super) saints: Vec<&'static str>,
    pub(super) small: Vec<&'static str>,
    pub(super) streets: Vec<&'static str>,
}

impl Called {
    pub(super) fn load() -> Called {
        let mut lists = PEOPLE.lines().map(|line| split(line, '|'));
        let mut next = || lists.next().unwrap_or_default();
        Called { people: next(), saints: next(), small: next(), streets: next() }
    }

    /// "12 rue des Écoles"; some addresses have no number.
    pub(super) fn address(&self, random: &mut Random) -> String {
        let street = random.pick(&self.streets);
        match random.below(20) {
            0 => street.to_owned(),
            1 => format!("{} bis {street}", random.between(1, 90)),
            _ => format!("{} {street}", random.between(1, 180)),
        }
    }
}

/// Lines that hold cells.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with(['#', '[']))
        .map(|line| split(line, '|'))
}

pub(super) fn split(text: &'static str, separator: char) -> Vec<&'static str> {
    text.split(separator).map(str::trim).collect()
}

/// A page of an invented site, from a name: `saint-joseph-niort`.
pub(super) fn web(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => out.push(c),
            'é' | 'è' | 'ê' | 'ë' => out.push('e'),
            'à' | 'â' | 'ä' => out.push('a'),
            'ô' | 'ö' => out.push('o'),
            'î' | 'ï' => out.push('i'),
            'û' | 'ù' | 'ü' => out.push('u'),
            'ç' => out.push('c'),
            'œ' => out.push_str("oe"),
            _ if !out.ends_with('-') && !out.is_empty() => out.push('-'),
            _ => {}
        }
    }
    out.trim_end_matches('-').to_owned()
}

/// Writes the nomenclature of domains.
pub(super) fn write_domains(making: &Making<'_>) -> io::Result<()> {
    let mut file = making.file("ideo-domaines.csv")?;
    write_heads(&mut file, "domaine Onisep;sous-domaine Onisep")?;
    for (domain, part) in making.fields.pairs() {
        super::line::write_line(&mut file, [domain, part])?;
    }
    finish(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_its_work() {
        let fields = Fields::load();
        assert_eq!(fields.0.len(), rows(DOMAINS).count());
        for field in &fields.0 {
            assert!(field.acts.len() >= 4 && !field.place.is_empty() && !field.takes.is_empty(), "{field:?}");
        }
        for (domain, part) in fields.pairs() {
            assert!(!domain.contains(['/', '|']) && !part.contains(['/', '|']) && !part.is_empty());
        }
        let called = Called::load();
        assert!(called.people.len() > 100 && called.saints.len() > 20);
        assert!(called.small.len() > 20 && called.streets.len() > 30);
    }

    #[test]
    fn pages_are_ascii() {
        assert_eq!(web("Lycée d'Île-de-Ré"), "lycee-d-ile-de-re");
    }
}
