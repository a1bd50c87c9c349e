//! Domains of two levels: the upper one stands for all below it.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

const DOMAINS: [&str; 7] = [
    "santé, social, sport/paramédical",
    "santé, social, sport/sport",
    "santé, social, sport",
    "arts, artisanat/cinéma",
    "arts, artisanat/arts du spectacle/danse",
    "arts, artisanat/",
    "sécurité",
];

/// A domain and what is above it.
fn levels(domain: &str) -> BTreeSet<String> {
    let upper = domain.split('/').next().unwrap();
    let whole = domain.strip_suffix('/').unwrap_or(domain);
    BTreeSet::from([upper.to_owned(), whole.to_owned()])
}

fn counts(answer: &Answer) -> BTreeMap<String, usize> {
    let (_, counts) = answer.facets.iter().find(|(facet, _)| *facet == Facet::Domain).unwrap();
    counts.iter().map(|count| (count.value.clone(), count.hits)).collect()
}

fn asked(values: &[&str]) -> Query<'static> {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Query { filters: vec![(Facet::Domain, values)], facets: true, limit: 100, ..Query::new("") }
}

#[test]
fn a_domain_stands_for_all_below_it_and_counts_each_entry_once() {
    let mut documents = vec![
        named("FOR.1", Kind::Programme, "a"),
        named("FOR.2", Kind::Programme, "b"),
        named("MET.1", Kind::Occupation, "c"),
    ];
    documents[0].domains = vec![DOMAINS[0].into(), DOMAINS[1].into()];
    documents[1].domains = vec![DOMAINS[1].into(), DOMAINS[3].into()];
    let index = Index::build(&documents, "1").unwrap();
    let answer = index.search(&asked(&["santé, social, sport"]));
    assert_eq!(ids(&answer), ["FOR.1", "FOR.2"]);
    let expected = [
        ("arts, artisanat", 1),
        ("arts, artisanat/cinéma", 1),
        ("santé, social, sport", 2),
        ("santé, social, sport/paramédical", 1),
        ("santé, social, sport/sport", 2),
    ];
    assert_eq!(counts(&answer), BTreeMap::from(expected.map(|(value, hits)| (value.to_owned(), hits))));
    assert_eq!(ids(&index.search(&asked(&["santé, social, sport/paramédical"]))), ["FOR.1"]);
    assert!(
        index.search(&asked(&["paramédical"])).hits.is_empty(),
        "a lower one has its upper one before it"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn filters_and_counts_of_domains_are_those_of_going_through_all(
        entries in prop::collection::vec((0usize..24, prop::collection::vec(0usize..DOMAINS.len(), 0..4)), 1..50),
        chosen in prop::collection::vec(prop::sample::select(&[
            "santé, social, sport", "santé, social, sport/sport", "arts, artisanat",
            "arts, artisanat/cinéma", "sécurité", "inconnu",
        ][..]), 0..3),
        one_title in any::<bool>(),
        first in 0usize..50,
    ) {
        let documents: Vec<Document> = entries
            .iter()
            .enumerate()
            .map(|(number, (word, domains))| {
                let title = if one_title { "licence" } else { WORDS[*word] };
                let mut document = named(&format!("FOR.{number}"), Kind::Programme, title);
                document.domains = domains.iter().map(|domain| DOMAINS[*domain].to_owned()).collect();
                document
            })
            .collect();
        let of = |document: &Document| -> BTreeSet<String> { document.domains.iter().flat_map(|d| levels(d)).collect() };
        let mut kept = BTreeSet::new();
        let mut expected: BTreeMap<String, usize> = BTreeMap::new();
        for document in &documents {
            let levels = of(document);
            if chosen.is_empty() || chosen.iter().any(|value| levels.contains(*value)) {
                kept.insert(document.id.clone());
            }
            // Another choice of domain is counted as if none were made.
            levels.into_iter().for_each(|level| *expected.entry(level).or_default() += 1);
        }
        let whole = Index::build(&documents, "1").unwrap();
        let mut changed = Index::build(&documents[..first.min(documents.len())], "1").unwrap();
        changed.apply(documents[first.min(documents.len())..].to_vec(), &[]).unwrap();
        for index in [whole, changed] {
            let answer = index.search(&asked(&chosen));
            prop_assert_eq!(answer.total, kept.len());
            let found: BTreeSet<String> = answer.hits.iter().map(|hit| hit.id.clone()).collect();
            prop_assert_eq!(&found, &kept);
            prop_assert_eq!(counts(&answer), expected.clone());
        }
    }
}
