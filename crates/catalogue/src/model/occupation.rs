//! An occupation, with the sheet that tells of it.

use serde::{Deserialize, Serialize};

use super::{Absorb, Block, Domain, Fill, Level, Link, Publication, union, union_domains};

/// Métier (`MET.n`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Occupation {
    /// Name in both genders.
    pub name: GenderedName,
    /// Other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<GenderedName>,
    /// Groupe formation emploi ("GFE R : santé, social, soins personnels").
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field: String,
    /// Codes of the ROME.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rome: Vec<Rome>,
    /// Domains.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub domains: Vec<Domain>,
    /// Level that it asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// Lines that make curious.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub hook: Vec<Block>,
    /// Short text of the sheet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub summary: Vec<Block>,
    /// What is done.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub work: Vec<Block>,
    /// Where and how.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Block>,
    /// What it takes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Block>,
    /// Studies that lead there, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub access: Vec<Block>,
    /// Pay, the market, a career.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub career: Vec<Block>,
    /// As what one works ("fonctionnaire", "salarié").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub statuses: Vec<Link>,
    /// Sectors.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sectors: Vec<Link>,
    /// Interests ("j'ai le sens du contact").
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interests: Vec<Link>,
    /// Occupations beside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Link>,
    /// Programmes that lead there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub programmes: Vec<Link>,
    /// Publications of Onisep.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub publications: Vec<Publication>,
    /// Other addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Page of Onisep.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// A name in both genders; both forms are the same where the language makes no difference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GenderedName {
    /// As published: "contrôleur/euse aérien/ne", "tailleur / tailleuse de pierre".
    pub written: String,
    /// In full.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub masculine: String,
    /// In full.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub feminine: String,
}

/// A code of the ROME.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rome {
    /// One letter, four digits.
    pub code: String,
    /// Label; empty in the sheets.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}

/// An address with what is found there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Address, as written.
    pub url: String,
    /// What is found there.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

impl Occupation {
    /// Its field without the letter of its group: "GFE F : mécanique" is "mécanique".
    #[must_use]
    pub fn field_in_words(&self) -> String {
        let coded = self.field.strip_prefix("GFE ").and_then(|rest| rest.split_once(" : "));
        coded.map_or(self.field.as_str(), |(_, words)| words).to_owned()
    }
}

impl GenderedName {
    /// Reads "masculine / feminine": what only the feminine has at its end belongs to both
    /// ("administrateur / administratrice de base de données").
    #[must_use]
    pub fn of_pair(written: &str) -> Self {
        let Some((masculine, feminine)) = written.split_once(" / ") else {
            return Self { written: written.to_owned(), ..Self::default() }.in_full();
        };
        let head = masculine.split_whitespace().count();
        let tail: Vec<&str> = feminine.split_whitespace().skip(head).collect();
        let mut masculine = masculine.trim().to_owned();
        for word in tail {
            masculine.push(' ');
            masculine.push_str(word);
        }
        Self { written: written.to_owned(), masculine, feminine: feminine.trim().to_owned() }
    }

    /// With the forms that were given, or the written one where it has no mark of gender.
    #[must_use]
    pub fn in_full(mut self) -> Self {
        if self.masculine.is_empty() && self.feminine.is_empty() && !self.written.contains('/') {
            self.masculine.clone_from(&self.written);
            self.feminine.clone_from(&self.written);
        }
        self
    }

    /// As it is shown: both forms in full where they differ.
    #[must_use]
    pub fn shown(&self) -> String {
        match (self.masculine.as_str(), self.feminine.as_str()) {
            _ if self.written.contains(" / ") => self.written.clone(),
            ("", "") => self.written.clone(),
            (one, "") | ("", one) => one.to_owned(),
            (m, f) if m == f => m.to_owned(),
            (m, f) => format!("{m} / {f}"),
        }
    }
}

impl Absorb for Occupation {
    fn absorb(&mut self, other: Self) {
        if self.name.written.is_empty() {
            self.name = other.name;
        } else if !other.name.masculine.is_empty() {
            // The sheets spell both forms out; a table's are inferred from a pair.
            self.name.masculine = other.name.masculine;
            self.name.feminine = other.name.feminine;
        }
        union(&mut self.synonyms, other.synonyms);
        self.field.fill(other.field);
        for rome in other.rome {
            match self.rome.iter_mut().find(|r| r.code == rome.code) {
                Some(known) => known.label.fill(rome.label),
                None => self.rome.push(rome),
            }
        }
        union_domains(&mut self.domains, other.domains);
        self.level.fill(other.level);
        self.hook.fill(other.hook);
        self.summary.fill(other.summary);
        self.work.fill(other.work);
        self.conditions.fill(other.conditions);
        self.skills.fill(other.skills);
        self.access.fill(other.access);
        self.career.fill(other.career);
        union(&mut self.statuses, other.statuses);
        union(&mut self.sectors, other.sectors);
        union(&mut self.interests, other.interests);
        union(&mut self.related, other.related);
        union(&mut self.programmes, other.programmes);
        for publication in other.publications {
            // The tables and the sheets write the same book in two ways; its ISBN is one.
            let same = |p: &Publication| match publication.isbn.as_str() {
                "" => *p == publication,
                isbn => p.isbn == isbn,
            };
            if !self.publications.iter().any(same) {
                self.publications.push(publication);
            }
        }
        union(&mut self.sources, other.sources);
        self.url.fill(other.url);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_spelled_out_of_a_pair() {
        let name = GenderedName::of_pair("administrateur / administratrice de base de données");
        assert_eq!(name.masculine, "administrateur de base de données");
        assert_eq!(name.feminine, "administratrice de base de données");
        let name = GenderedName::of_pair(
            "éducateur sportif / éducatrice sportive des activités aquatiques et de la natation",
        );
        assert_eq!(name.masculine, "éducateur sportif des activités aquatiques et de la natation");
        let name = GenderedName::of_pair("ascensoriste");
        assert_eq!((name.masculine.as_str(), name.feminine.as_str()), ("ascensoriste", "ascensoriste"));
    }

    #[test]
    fn rows_of_one_occupation_are_one_with_all_its_publications() {
        let row = |title: &str, isbn: &str| Occupation {
            name: GenderedName::of_pair("tailleur / tailleuse de pierre"),
            publications: vec![Publication {
                title: title.into(),
                isbn: isbn.into(),
                ..Publication::default()
            }],
            rome: vec![Rome { code: "F1612".into(), label: String::new() }],
            ..Occupation::default()
        };
        let mut one = row("L’artisanat d’art", "9782273016353");
        one.absorb(row("Le bâtiment", "9782273016354"));
        one.absorb(row("Le bâtiment, réédité", "9782273016354"));
        assert_eq!(one.publications.len(), 2);
        assert_eq!(one.rome.len(), 1);
    }
}
