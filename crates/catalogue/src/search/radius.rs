//! Narrowing to what is within so many kilometres of a point.

use passerelle_domain::office::Position;

use super::{
    document::Kind,
    place::{self, Places},
    postings::DocSet,
};

/// The documents at each point, which is the other way round than [`Places`] has it: there are far fewer points than
/// documents, so a circle is a matter of its points alone.
#[derive(Debug, Default, Clone)]
pub(crate) struct Residents {
    /// Where the documents of each point begin in `documents`; one more for the end.
    starts: Vec<u32>,
    documents: Vec<u32>,
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
        Self { starts, documents, nowhere }
    }

    /// The documents at a point, in order.
    fn at(&self, point: usize) -> &[u32] {
        &self.documents[self.starts[point] as usize..self.starts[point + 1] as usize]
    }

    /// The documents with a place within so many kilometres, and those that are nowhere by nature.
    pub(crate) fn within(&self, places: &Places, from: Position, km: f64) -> DocSet {
        let mut set = self.nowhere.clone();
        let here = place::point(from);
        let most = place::chord_of_kilometres(km);
        for (number, point) in places.points.iter().enumerate() {
            if place::chord(point, &here) <= most {
                self.at(number).iter().for_each(|document| set.add(*document));
            }
        }
        set
    }
}
