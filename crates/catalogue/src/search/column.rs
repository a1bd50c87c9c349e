//! The properties that a search is narrowed by, and how many hits have each.

use serde::{Deserialize, Serialize};

use super::{
    document::Document,
    lexicon::Lexicon,
    postings::{DocSet, Postings},
};

/// A property to narrow a search by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Facet {
    /// What kind of entry it is, by [`super::Kind::code`].
    Kind,
    /// Code of the level.
    Level,
    /// Domain; an entry may have several. Of a domain within another (`arts, artisanat/cinéma`), an entry has the outer
    /// one too, so that each is counted, and chosen, with all that is in it.
    Domain,
    /// Type of school or of diploma.
    Category,
    /// Public, private…
    Status,
    /// Code of the département; an entry has those of all its places.
    Department,
    /// Académie; an entry has those of all its places.
    Academy,
}

impl Facet {
    /// All properties, in the order in which the index keeps them.
    pub const ALL: [Self; 7] = [
        Self::Kind,
        Self::Level,
        Self::Domain,
        Self::Category,
        Self::Status,
        Self::Department,
        Self::Academy,
    ];

    /// Adds the values that a document says of itself.
    pub(crate) fn values<'a>(self, document: &'a Document, values: &mut Vec<&'a str>) {
        let one = match self {
            Self::Kind => Some(document.kind.code()),
            Self::Domain => {
                values.extend(document.domains.iter().flat_map(|domain| levels(domain)));
                None
            }
            Self::Level => document.level.as_deref(),
            Self::Category => document.category.as_deref(),
            Self::Status => document.status.as_deref(),
            Self::Department => document.department.as_deref(),
            Self::Academy => document.academy.as_deref(),
        };
        values.extend(one);
    }

    /// Whether a document without the property has that of the places where it is given.
    pub(crate) fn comes_from_places(self) -> bool {
        matches!(self, Self::Status | Self::Department | Self::Academy)
    }
}

/// A domain, and the domain above it: `arts, artisanat` above `arts, artisanat/cinéma`.
fn levels(domain: &str) -> impl Iterator<Item = &str> {
    let whole = domain.trim_end_matches('/');
    let upper = whole.split('/').next().filter(|upper| *upper != whole);
    upper.into_iter().chain([whole])
}

/// One property of all documents. Most documents share their set of values with thousands, so a document has the
/// number of a set.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Column {
    pub(crate) values: Lexicon,
    /// Where the values of each set begin in `set_values`; one more for the end.
    pub(crate) set_starts: Vec<u32>,
    pub(crate) set_values: Vec<u16>,
    pub(crate) set_of: Vec<u16>,
    /// The documents that have each value.
    documents: Postings,
}

impl Column {
    /// Of its saved parts; none if they do not fit each other.
    pub(crate) fn from_parts(
        values: Lexicon,
        set_starts: Vec<u32>,
        set_values: Vec<u16>,
        set_of: Vec<u16>,
    ) -> Option<Self> {
        let fits = set_starts.first() == Some(&0)
            && set_starts.is_sorted()
            && set_starts.last().is_some_and(|end| *end as usize == set_values.len())
            && set_values.iter().all(|value| (*value as usize) < values.len())
            && set_of.iter().all(|set| (*set as usize) < set_starts.len() - 1);
        let mut column = Self { values, set_starts, set_values, set_of, documents: Postings::default() };
        fits.then(|| {
            column.list();
            column
        })
    }

    /// Lists the documents of each value.
    fn list(&mut self) {
        let mut lists = vec![Vec::new(); self.values.len()];
        for (document, set) in self.set_of.iter().enumerate() {
            for value in self.set(*set) {
                lists[*value as usize].push(document as u32);
            }
        }
        self.documents = Postings::of(self.set_of.len(), lists.iter().map(Vec::as_slice));
    }

    fn set(&self, set: u16) -> &[u16] {
        let set = set as usize;
        &self.set_values[self.set_starts[set] as usize..self.set_starts[set + 1] as usize]
    }

    /// The values of one document.
    pub(crate) fn of_document(&self, document: u32) -> impl Iterator<Item = &str> {
        self.set(self.set_of[document as usize]).iter().map(|value| self.values.get(*value as usize))
    }

    /// The documents that have any of these values.
    pub(crate) fn having(&self, values: &[String]) -> DocSet {
        let mut set = DocSet::none(self.set_of.len());
        for value in values.iter().filter_map(|value| self.values.find(value)) {
            self.documents.unite(value..value + 1, &mut set);
        }
        set
    }

    /// Of each set, whether any of these values is in it: to test a few documents without a set of all.
    pub(crate) fn passing(&self, values: &[String]) -> Vec<bool> {
        let wanted: Vec<u16> =
            values.iter().filter_map(|value| self.values.find(value)).map(|value| value as u16).collect();
        (0..self.set_starts.len() - 1)
            .map(|set| self.set(set as u16).iter().any(|value| wanted.contains(value)))
            .collect()
    }

    /// How many of the documents have each value, by value.
    pub(crate) fn count(&self, of: &DocSet) -> Vec<u32> {
        let mut sets = vec![0u32; self.set_starts.len() - 1];
        of.iter().for_each(|document| sets[self.set_of[document as usize] as usize] += 1);
        let mut counts = vec![0u32; self.values.len()];
        for (set, count) in sets.iter().enumerate().filter(|(_, count)| **count > 0) {
            self.set(set as u16).iter().for_each(|value| counts[*value as usize] += count);
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::{super::gather::Values, *};

    fn column(documents: &[&[&str]]) -> Column {
        let mut values = Values::default();
        for document in documents {
            let set = values.number(document);
            values.add(set);
        }
        values.finish().unwrap()
    }

    #[test]
    fn documents_are_counted_and_narrowed_by_value() {
        let column = column(&[&["80"], &["02", "80"], &[], &["60"], &["80", "02"]]);
        let counts = column.count(&DocSet::all(5));
        assert_eq!(column.values.iter().zip(counts).collect::<Vec<_>>(), [("02", 2), ("60", 1), ("80", 3)]);
        let wanted = ["02".to_owned(), "60".to_owned(), "99".to_owned()];
        assert_eq!(column.having(&wanted).iter().collect::<Vec<_>>(), [1, 3, 4]);
        let passing = column.passing(&wanted);
        let passed: Vec<u32> = (0..5).filter(|n| passing[column.set_of[*n as usize] as usize]).collect();
        assert_eq!(passed, [1, 3, 4]);
        assert_eq!(column.of_document(4).collect::<Vec<_>>(), ["02", "80"]);
    }
}
