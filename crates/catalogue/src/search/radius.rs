//! Narrowing to what is within so many kilometres of a point.

use passerelle_domain::office::Position;

use super::{
    document::Kind,
    place::{Grid, Places},
    postings::DocSet,
};

/// The documents at each point, which is the other way round than [`Places`] has it: there are far fewer points than
/// documents, so a circle is a matter of its points alone.
#[derive(Debug, Default, Clone)]
pub(crate) struct Residents {
    /// Where the documents of each point begin in `documents`; one more for the end.
    starts: Vec<u32>,
    documents: Vec<u32>,
    /// The points.
    grid: Grid,
    /// Documents that a circle does not concern: they have no place and are of a kind that has none.
    nowhere: DocSet,
}

/// Whether what is of this kind is somewhere.
fn has_a_place(kind: Kind) -> bool {
    match kind {
        Kind::Programme | Kind::Offering | Kind::Institution => true,
        Kind::Occupation | Kind::Faq => false,
    }
}

impl Residents {
    pub(crate) fn of(places: &Places, kinds: &[Kind]) -> Self {
        let mut starts = vec![0u32; places.points.len() + 1];
        places.of.iter().for_each(|place| starts[*place as usize + 1] += 1);
        for point in 0..places.points.len() {
            starts[point + 1] += starts[point];
        }
        let mut next = starts.clone();
        let mut documents = vec![0; places.of.len()];
        let mut nowhere = DocSet::none(kinds.len());
        for (document, kind) in (0u32..).zip(kinds) {
            let at = places.of_document(document);
            for place in at {
                let next = &mut next[*place as usize];
                documents[*next as usize] = document;
                *next += 1;
            }
            if at.is_empty() && !has_a_place(*kind) {
                nowhere.add(document);
            }
        }
        let grid = Grid::of((0..).zip(places.points.iter().copied()));
        Self { starts, documents, grid, nowhere }
    }

    /// The documents at a point, in order.
    fn at(&self, point: u32) -> &[u32] {
        let point = point as usize;
        &self.documents[self.starts[point] as usize..self.starts[point + 1] as usize]
    }

    /// The documents with a place within so many kilometres, and those that are nowhere by nature.
    pub(crate) fn within(&self, from: Position, km: f64) -> DocSet {
        let mut set = self.nowhere.clone();
        self.grid.within(from, km, |point| self.at(point).iter().for_each(|document| set.add(*document)));
        set
    }

    /// The documents of a set with the nearest places, nearest first.
    pub(crate) fn nearest(&self, of: &DocSet, from: Position, limit: usize) -> Vec<(f32, u32)> {
        self.grid.nearest(from, limit, |nearest, point, chord| {
            for document in self.at(point).iter().filter(|document| of.has(**document)) {
                nearest.offer_again(chord, *document);
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::place, *};

    proptest! {
        #[test]
        fn the_nearest_of_a_set_are_those_that_measuring_each_finds(
            points in prop::collection::vec((47.0f64..51.0, 0.0f64..5.0), 1..40),
            given in prop::collection::vec(prop::collection::vec(0usize..40, 0..6), 1..80),
            from in (46.0f64..52.0, -1.0f64..6.0),
            limit in 0usize..30,
            modulo in 1u32..4,
        ) {
            let mut starts = vec![0];
            let mut of = Vec::new();
            for places in &given {
                of.extend(places.iter().map(|place| (place % points.len()) as u32));
                starts.push(of.len() as u32);
            }
            let points = points.iter().map(|(lat, lon)| place::point(Position { lat: *lat, lon: *lon }));
            let places = Places::from_parts(points.collect(), starts, of).unwrap();
            let kinds = vec![Kind::Programme; given.len()];
            let mut set = DocSet::none(given.len());
            (0..given.len() as u32).filter(|document| document % modulo == 0).for_each(|document| set.add(document));
            let from = Position { lat: from.0, lon: from.1 };
            let here = place::point(from);
            let mut expected: Vec<(f32, u32)> =
                set.iter().filter_map(|document| Some((places.nearest(document, &here)?, document))).collect();
            expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            expected.truncate(limit);
            prop_assert_eq!(Residents::of(&places, &kinds).nearest(&set, from, limit), expected);
        }
    }
}
