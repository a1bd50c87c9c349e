//! The records of the catalogue, whatever file they came from.
//!
//! A record is known by the identifier that its publisher gave it: `FOR.n` a programme, `MET.n` an occupation, `ENS.n`
//! or `INFO.n` an institution (its UAI where Onisep has none), `AF.n` at an `ENS.n` for a `FOR.n` an offering. Several
//! datasets tell of the same record, each its part: [`Absorb`] lays them over one another, the best first. A link is
//! an identifier and the label that stood beside it; it is kept where its end is in no file, for the label still says
//! something to a family.

mod datasets;
mod institution;
mod level;
mod occupation;
mod offering;
mod open_day;
mod programme;
mod question;
mod text;

pub use datasets::{Dataset, Provenance};
pub use institution::{Annex, Institution};
pub use level::Level;
pub use occupation::{GenderedName, Occupation, Rome, Source};
pub use offering::{Offering, Subject};
pub use open_day::{OpenDay, open_days};
pub use programme::{FurtherStudies, Programme};
pub use question::Question;
pub use text::{Block, clean, of_html, of_markdown, plain};

use serde::{Deserialize, Serialize};

/// One end of a link: what it is called there, whether or not the catalogue holds it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Identifier of the other end; empty when only a name is known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Its name where the link was written.
    pub label: String,
}

/// Domaine and sous-domaine of Onisep.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Domain {
    /// Domaine ("santé, social, sport"); empty when the dataset names the sous-domaine alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub domain: String,
    /// Sous-domaine ("travail social").
    pub subdomain: String,
    /// `T-IDEO2.n` in the thesaurus; empty in the tables, which do not say it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub id: String,
}

/// A publication of Onisep.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Title.
    pub title: String,
    /// Collection ("Parcours").
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub collection: String,
    /// Year, as written.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub year: String,
    /// ISBN-13.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub isbn: String,
}

/// Two parts of one record.
pub trait Absorb {
    /// Takes from `other`, which is less sure of what both say, all that is not known yet.
    fn absorb(&mut self, other: Self);
}

/// Something that may not be known.
trait Fill {
    fn fill(&mut self, other: Self);
}

impl Fill for String {
    fn fill(&mut self, other: Self) {
        if self.is_empty() {
            *self = other;
        }
    }
}

impl<T> Fill for Vec<T> {
    fn fill(&mut self, other: Self) {
        if self.is_empty() {
            *self = other;
        }
    }
}

impl<T> Fill for Option<T> {
    fn fill(&mut self, other: Self) {
        if self.is_none() {
            *self = other;
        }
    }
}

/// Adds what is not there yet.
fn union<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// Domains are the same by their sous-domaine: the tables know the domaine, the sheets the identifier.
fn union_domains(all: &mut Vec<Domain>, more: Vec<Domain>) {
    for one in more {
        match all.iter_mut().find(|d| d.subdomain == one.subdomain) {
            Some(known) => {
                known.domain.fill(one.domain);
                known.id.fill(one.id);
            }
            None => all.push(one),
        }
    }
}
