//! The index as the rest of the program sees it: made or loaded once, searched by many, changed by deltas.

use std::{collections::BTreeMap, path::Path};

use passerelle_domain::office::Position;

use super::{
    build::{BuildError, Builder},
    column::Facet,
    document::{Document, Kind},
    file::{self, FileError},
    place,
    plan::Plan,
    postings::DocSet,
    query::{Answer, Query},
    run::{self, LookedUp, Part},
    segment::Segment,
    stem::Groups,
    synonyms::Synonyms,
};

/// An entry near a point.
#[derive(Debug, Clone, PartialEq)]
pub struct Near {
    /// Its identifier.
    pub id: String,
    /// Kilometres as the crow flies.
    pub distance_km: f64,
}

/// The index of one release of the catalogue, and what changed since.
#[derive(Debug, Clone)]
pub struct Index {
    base: Segment,
    synonyms: Synonyms,
    /// Changed and added documents by identifier, with their static rank.
    changed: BTreeMap<String, (u32, Document)>,
    overlay: Option<Overlay>,
    /// Documents of the base that are removed or replaced.
    gone: DocSet,
    /// The rank of the next document that is added.
    next: u32,
}

/// A question that is understood and looked up: what answers it is known, and only narrowed and chosen from for each
/// answer. A screen that shows five of each kind with counts asks for six answers of one question.
pub struct Lookup<'a> {
    parts: Vec<Part<'a>>,
    plan: Plan,
    looked_up: LookedUp,
}

impl Lookup<'_> {
    /// What this query wants of it: its filters, order, offset, limit and counts may be others each time, its text,
    /// place and kilometres are those of the query that was looked up.
    #[must_use]
    pub fn answer(&self, query: &Query<'_>) -> Answer {
        run::answer(&self.parts, &self.plan, &self.looked_up, query)
    }
}

impl std::fmt::Debug for Lookup<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lookup")
    }
}

#[derive(Debug, Clone)]
struct Overlay {
    segment: Segment,
    ranks: Vec<u32>,
    /// Institutions of the base that changed documents are given at: they lend their places and are no entries.
    lenders: DocSet,
}

impl Builder {
    /// The index of what was added, of this release of the catalogue, with the synonyms that come with the program.
    ///
    /// # Errors
    /// When a property has too many values.
    pub fn build(self, catalogue: &str) -> Result<Index, BuildError> {
        Ok(Index::of(self.finish(catalogue)?))
    }
}

impl Index {
    fn of(base: Segment) -> Self {
        let documents = base.len();
        Self {
            gone: DocSet::none(documents),
            next: documents as u32,
            base,
            synonyms: Synonyms::shipped().clone(),
            changed: BTreeMap::new(),
            overlay: None,
        }
    }

    /// The index of these documents, in their static rank.
    ///
    /// # Errors
    /// When two have one identifier, or a property has too many values.
    pub fn build<'a>(
        documents: impl IntoIterator<Item = &'a Document>,
        catalogue: &str,
    ) -> Result<Self, BuildError> {
        let mut builder = Builder::new();
        for document in documents {
            builder.add(document)?;
        }
        builder.build(catalogue)
    }

    /// Reads the index saved for this release of the catalogue.
    ///
    /// # Errors
    /// When there is none, when it is damaged, or when it was made by another release of the program or of another
    /// release of the catalogue. In each case build it again.
    pub fn load(path: &Path, catalogue: &str) -> Result<Self, FileError> {
        Ok(Self::of(file::load(path, catalogue)?))
    }

    /// Saves the index of the release. What changed since is not in it: it is a matter of hours until the next.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn save(&self, path: &Path) -> Result<(), FileError> {
        file::save(&self.base, path)
    }

    /// The same with other synonyms.
    #[must_use]
    pub fn with_synonyms(mut self, synonyms: Synonyms) -> Self {
        self.synonyms = synonyms;
        self
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.base.len() - self.gone.count() + self.changed.len()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The release of the catalogue that it was made from.
    #[must_use]
    pub fn catalogue(&self) -> &str {
        &self.base.catalogue
    }

    /// Puts documents in the place of those with the same identifier, or after all others, and removes others. A
    /// replaced document keeps its static rank. Meant for some thousands of a release's delta, all at once. Where an
    /// institution moves, put what is given there too: a document has the places its institutions had when it was put.
    ///
    /// # Errors
    /// When a property has too many values; then nothing is changed.
    pub fn apply(
        &mut self,
        put: impl IntoIterator<Item = Document>,
        remove: &[String],
    ) -> Result<(), BuildError> {
        let mut changed = self.changed.clone();
        let mut gone = self.gone.clone();
        let mut next = self.next;
        for id in remove {
            changed.remove(id);
            if let Some(document) = self.base.find(id) {
                gone.add(document);
            }
        }
        for document in put {
            let in_base = self.base.find(&document.id);
            if let Some(document) = in_base {
                gone.add(document);
            }
            let rank =
                in_base.or_else(|| changed.get(&document.id).map(|(rank, _)| *rank)).unwrap_or_else(|| {
                    next += 1;
                    next - 1
                });
            changed.insert(document.id.clone(), (rank, document));
        }
        let mut sorted: Vec<&(u32, Document)> = changed.values().collect();
        sorted.sort_by_key(|(rank, _)| *rank);
        let mut builder = Builder::new();
        for (_, document) in &sorted {
            builder.add(document)?;
        }
        let mut ranks: Vec<u32> = sorted.iter().map(|(rank, _)| *rank).collect();
        for lender in self.lenders(&sorted, &changed, &gone) {
            builder.add(&lender)?;
            ranks.push(u32::MAX);
        }
        let segment = builder.finish("")?;
        let mut lenders = DocSet::none(segment.len());
        (sorted.len()..segment.len()).for_each(|lender| lenders.add(lender as u32));
        let overlay = Overlay { segment, ranks, lenders };
        self.overlay = (!changed.is_empty()).then_some(overlay);
        self.changed = changed;
        self.gone = gone;
        self.next = next;
        Ok(())
    }

    /// The institutions of the base that did not change and where changed documents are given: without a name, with
    /// what documents have of their institutions.
    fn lenders(
        &self,
        sorted: &[&(u32, Document)],
        changed: &BTreeMap<String, (u32, Document)>,
        gone: &DocSet,
    ) -> Vec<Document> {
        let mut ids: Vec<&str> =
            sorted.iter().flat_map(|(_, document)| &document.places).map(String::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let lender = |id: &str| {
            let place = self.base.find(id).filter(|place| !gone.has(*place) && !changed.contains_key(id))?;
            if self.base.kind(place) != Kind::Institution {
                return None;
            }
            let first = |facet: Facet| self.base.column(facet).of_document(place).next().map(str::to_owned);
            let mut document = Document::new(id, Kind::Institution, "");
            document.position = self.base.places.lone(place);
            document.status = first(Facet::Status);
            document.department = first(Facet::Department);
            document.academy = first(Facet::Academy);
            Some(document)
        };
        ids.into_iter().filter_map(lender).collect()
    }

    fn parts(&self) -> Vec<Part<'_>> {
        let gone = Some(&self.gone).filter(|gone| !gone.is_empty());
        let mut parts = vec![Part { segment: &self.base, gone, ranks: None }];
        if let Some(overlay) = &self.overlay {
            let (segment, gone) =
                (&overlay.segment, Some(&overlay.lenders).filter(|lenders| !lenders.is_empty()));
            parts.push(Part { segment, gone, ranks: Some(&overlay.ranks) });
        }
        parts
    }

    /// Answers a question.
    #[must_use]
    pub fn search(&self, query: &Query<'_>) -> Answer {
        self.look_up(query).answer(query)
    }

    /// Understands a question and looks it up, to be answered in several ways.
    #[must_use]
    pub fn look_up(&self, query: &Query<'_>) -> Lookup<'_> {
        let parts = self.parts();
        let segments: Vec<&Segment> = parts.iter().map(|part| part.segment).collect();
        let plan = Plan::new(query.text, &segments, &self.synonyms, &Groups::new());
        let looked_up = run::look_up(&parts, &plan, query);
        Lookup { parts, plan, looked_up }
    }

    /// The institutions nearest to a point that pass the filters, nearest first; of equally near ones the first in
    /// the catalogue. Those without a position are not among them.
    #[must_use]
    pub fn nearest(&self, from: Position, filters: &[(Facet, Vec<String>)], limit: usize) -> Vec<Near> {
        if !place::usable(from) {
            return Vec::new();
        }
        let mut found: Vec<(f32, u32, &str)> = Vec::new();
        for part in self.parts() {
            let segment = part.segment;
            let tests: Vec<_> = filters
                .iter()
                .filter(|(_, values)| !values.is_empty())
                .map(|(facet, values)| (segment.column(*facet), segment.column(*facet).passing(values)))
                .collect();
            let passes = |document: u32| {
                part.gone.is_none_or(|gone| !gone.has(document))
                    && tests
                        .iter()
                        .all(|(column, passing)| passing[column.set_of[document as usize] as usize])
            };
            let nearest = segment.grid.nearest(from, limit, |nearest, document, chord| {
                if passes(document) {
                    nearest.offer(chord, document);
                }
            });
            found.extend(nearest.into_iter().map(|(chord, document)| {
                (chord, part.ranks.map_or(document, |ranks| ranks[document as usize]), segment.id(document))
            }));
        }
        found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        found.truncate(limit);
        let near = |(chord, _, id): (f32, u32, &str)| Near {
            id: id.to_owned(),
            distance_km: place::kilometres(chord),
        };
        found.into_iter().map(near).collect()
    }

    /// The entry of an identifier, in the segment that has its last state.
    fn entry(&self, id: &str) -> Option<(&Segment, u32)> {
        self.parts().into_iter().find_map(|part| {
            let document = part.segment.find(id)?;
            part.gone.is_none_or(|gone| !gone.has(document)).then_some((part.segment, document))
        })
    }

    /// What kind of entry this identifier is of; none if there is none.
    #[must_use]
    pub fn kind(&self, id: &str) -> Option<Kind> {
        self.entry(id).map(|(segment, document)| segment.kind(document))
    }

    /// Where an institution is, or what is given at a single one; good to a metre. None if there is no such entry, or
    /// if it is nowhere or in several places.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<Position> {
        self.entry(id).and_then(|(segment, document)| segment.places.lone(document))
    }

    /// How far the nearest place of an entry is from a point, in kilometres as the crow flies. None if there is no such
    /// entry, if it has no place, or if the point is none on the globe.
    #[must_use]
    pub fn distance_km(&self, id: &str, from: Position) -> Option<f64> {
        let (segment, document) = self.entry(id).filter(|_| place::usable(from))?;
        segment.places.nearest(document, &place::point(from)).map(place::kilometres)
    }
}
