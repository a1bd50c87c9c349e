//! Narrowing what answers by its properties, and counting what each choice would give.

use std::collections::BTreeMap;

use super::{column::Facet, postings::DocSet, query::Count, run::Part, segment::Segment};

/// What passes all filters but one.
pub(super) fn narrow(
    set: &DocSet,
    segment: &Segment,
    filters: &[(Facet, Vec<String>)],
    but: Option<Facet>,
) -> DocSet {
    let mut narrowed = set.clone();
    for (facet, values) in filters.iter().filter(|(facet, values)| Some(*facet) != but && !values.is_empty())
    {
        narrowed.intersect(&segment.column(*facet).having(values));
    }
    narrowed
}

/// How many of the hits have each value of each property, most hits first. What is narrowed by a property is counted
/// for it as if it were not: that is what another choice would give.
pub(super) fn count(
    parts: &[Part<'_>],
    every: &[&DocSet],
    matched: &[DocSet],
    filters: &[(Facet, Vec<String>)],
) -> Vec<(Facet, Vec<Count>)> {
    let of_facet = |facet: Facet| {
        let narrowed_by = filters.iter().any(|(other, values)| *other == facet && !values.is_empty());
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for ((part, every), matched) in parts.iter().zip(every).zip(matched) {
            let column = part.segment.column(facet);
            let counted = if narrowed_by {
                column.count(&narrow(every, part.segment, filters, Some(facet)))
            } else {
                column.count(matched)
            };
            for (value, count) in column.values.iter().zip(counted).filter(|(_, count)| *count > 0) {
                *counts.entry(value).or_default() += count as usize;
            }
        }
        let mut counts: Vec<Count> =
            counts.into_iter().map(|(value, hits)| Count { value: value.to_owned(), hits }).collect();
        counts.sort_by(|a, b| b.hits.cmp(&a.hits).then_with(|| a.value.cmp(&b.value)));
        (facet, counts)
    };
    Facet::ALL.into_iter().map(of_facet).collect()
}
