//! Where entries are: circles, positions and distances, of the release and of what changed since.

use proptest::prelude::*;

use super::*;

const AMIENS: Position = Position { lat: 49.894, lon: 2.295 };

/// The same index made at once, and made of a part with the rest as a delta over it; what is given at a school of the
/// delta belongs to it.
fn whole_and_changed(documents: &[Document], first: usize) -> [Index; 2] {
    let whole = Index::build(documents, "1").unwrap();
    let mut changed = Index::build(&documents[..first], "1").unwrap();
    let (release, mut delta) = (&documents[..first], documents[first..].to_vec());
    let given_there = |document: &&Document| {
        document.places.iter().any(|id| documents[first..].iter().any(|school| school.id == *id))
    };
    delta.extend(release.iter().filter(given_there).cloned());
    changed.apply(delta, &[]).unwrap();
    [whole, changed]
}

/// The sample, with a programme that is given at two schools.
fn given() -> Vec<Document> {
    let mut documents = sample();
    for (id, places) in [("FOR.4", &["ENS.1", "ENS.3", "ENS.404"][..]), ("FOR.6", &["ENS.3"])] {
        let document = documents.iter_mut().find(|document| document.id == id).unwrap();
        document.places = places.iter().map(|id| (*id).to_owned()).collect();
    }
    documents
}

fn within(index: &Index, text: &str, km: f64) -> Answer {
    let query =
        Query { near: Some(AMIENS), within_km: Some(km), limit: 100, facets: true, ..Query::new(text) };
    index.search(&query)
}

fn sorted(answer: &Answer) -> Vec<&str> {
    let mut ids = ids(answer);
    ids.sort_unstable();
    ids
}

#[test]
fn a_circle_keeps_what_is_in_it_and_what_is_nowhere_by_nature() {
    for index in whole_and_changed(&given(), 14) {
        let answer = within(&index, "", 5.0);
        let occupations = ["MET.1", "MET.2", "MET.3", "MET.4", "MET.5"];
        let expected = [&["AF.1", "ENS.1", "ENS.2", "FAQ.1", "FOR.4"][..], &occupations].concat();
        assert_eq!(sorted(&answer), expected);
        assert_eq!(answer.total, expected.len());
        let (_, kinds) = &answer.facets[0];
        let counts: Vec<(&str, usize)> = kinds.iter().map(|c| (c.value.as_str(), c.hits)).collect();
        assert_eq!(
            counts,
            [("occupation", 5), ("institution", 2), ("faq", 1), ("offering", 1), ("programme", 1)]
        );
        // A hundred kilometres reach Lille.
        let wide = within(&index, "bts management commercial", 120.0);
        assert_eq!(sorted(&wide), ["AF.1", "AF.2", "FOR.4"]);
        assert_eq!(
            wide.hits.iter().find(|hit| hit.id == "FOR.4").unwrap().distance_km.map(f64::round),
            Some(1.0)
        );
        assert_eq!(sorted(&within(&index, "licence droit", 120.0)), ["FOR.6"]);
        assert!(within(&index, "licence droit", 20.0).hits.is_empty(), "it is given in Lille alone");
        assert!(within(&index, "master sociologie", 20_100.0).hits.is_empty(), "it is given nowhere");
    }
}

#[test]
fn a_circle_of_nothing_keeps_nothing_and_one_around_nowhere_narrows_nothing() {
    let index = index();
    for km in [-1.0, f64::NAN] {
        let answer = within(&index, "lycée", km);
        assert!(answer.hits.is_empty(), "{km}");
    }
    let all = index.search(&Query::new("lycée")).total;
    let nowhere = [None, Some(Position { lat: f64::NAN, lon: 2.0 }), Some(Position { lat: 400.0, lon: 2.0 })];
    for near in nowhere {
        assert_eq!(index.search(&Query { near, within_km: Some(5.0), ..Query::new("lycée") }).total, all);
    }
}

#[test]
fn where_an_entry_is_comes_from_its_last_state() {
    let mut documents = given();
    for mut index in whole_and_changed(&documents.clone(), 14) {
        let close = |id: &str, lat: f64, lon: f64| {
            let found = index.position(id).unwrap();
            assert!((found.lat - lat).abs() < 1e-5 && (found.lon - lon).abs() < 1e-5, "{id}: {found:?}");
        };
        close("ENS.1", 49.883, 2.301);
        close("AF.1", 49.883, 2.301);
        close("FOR.6", 50.62, 3.07);
        assert_eq!(index.position("FOR.4"), None, "it is in two places");
        assert!(index.distance_km("FOR.4", AMIENS).unwrap() < 2.0, "the nearer of them");
        for id in ["MET.1", "FOR.5", "ENS.404"] {
            assert_eq!((index.position(id), index.distance_km(id, AMIENS)), (None, None), "{id}");
        }
        assert_eq!(index.distance_km("ENS.1", Position { lat: f64::INFINITY, lon: 0.0 }), None);
        // The school moves, and another is gone.
        let school = documents.iter_mut().find(|document| document.id == "ENS.1").unwrap();
        school.position = Some(Position { lat: 48.85, lon: 2.35 });
        index.apply([school.clone()], &["ENS.2".to_owned()]).unwrap();
        assert!((index.position("ENS.1").unwrap().lat - 48.85).abs() < 1e-5);
        assert!(index.distance_km("ENS.1", AMIENS).unwrap() > 100.0);
        assert_eq!((index.position("ENS.2"), index.kind("ENS.2")), (None, None));
    }
}

#[test]
fn a_school_that_lends_its_place_to_a_delta_is_no_entry_of_it() {
    let documents = given();
    let mut index = Index::build(&documents, "1").unwrap();
    let programme = documents.iter().find(|document| document.id == "FOR.4").unwrap();
    index.apply([programme.clone()], &[]).unwrap();
    assert_eq!(index.len(), documents.len());
    assert_eq!(found(&index, "ENS.3"), ["ENS.3"]);
    let whole = Index::build(&documents, "1").unwrap();
    let every = Query { facets: true, limit: 100, ..Query::new("") };
    let (one, other) = (index.search(&every), whole.search(&every));
    assert_eq!((one.total, &one.facets, sorted(&one)), (other.total, &other.facets, sorted(&other)));
    let near = |index: &Index| index.nearest(AMIENS, &[], 10).into_iter().map(|n| n.id).collect::<Vec<_>>();
    assert_eq!(near(&index), near(&whole));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_circle_keeps_what_measuring_each_keeps(
        titles in prop::collection::vec(title(), 1..60),
        given in prop::collection::vec(prop::collection::vec(0usize..60, 0..4), 60),
        first in 0usize..60,
        lat in 47.5f64..49.5,
        lon in 0.0f64..3.0,
        km in 0.0f64..200.0,
    ) {
        let mut documents = catalogue(&titles);
        let here = Position { lat, lon };
        let chord = |at: Position| place::chord(&place::point(at), &place::point(here));
        let positions: Vec<Option<Position>> = documents.iter().map(|document| document.position).collect();
        let school = |at: usize| (at < titles.len() && Kind::ALL[at % 5] == Kind::Institution).then_some(at);
        let mut expected = Vec::new();
        for (number, document) in documents.iter_mut().enumerate() {
            let at = given[number].iter().filter_map(|at| school(*at));
            let theirs: Vec<Position> = match document.position {
                Some(own) => vec![own],
                None if document.kind == Kind::Institution => Vec::new(),
                None => at.clone().filter_map(|at| positions[at]).collect(),
            };
            document.places = given[number].iter().map(|at| format!("FOR.{at}")).collect();
            let inside = theirs.iter().any(|at| chord(*at) <= place::chord_of_kilometres(km));
            let nowhere = theirs.is_empty() && matches!(document.kind, Kind::Occupation | Kind::Faq);
            if inside || nowhere {
                expected.push(document.id.clone());
            }
        }
        expected.sort();
        for index in whole_and_changed(&documents, first.min(titles.len())) {
            let query = Query { near: Some(here), within_km: Some(km), limit: 100, facets: true, ..Query::new("") };
            let answer = index.search(&query);
            let kept = sorted(&answer);
            prop_assert_eq!(&kept, &expected);
            prop_assert_eq!(answer.total, expected.len());
            prop_assert_eq!(answer.facets[0].1.iter().map(|count| count.hits).sum::<usize>(), expected.len());
            for hit in answer.hits.iter().filter(|hit| hit.distance_km.is_some()) {
                prop_assert!(hit.distance_km.unwrap() <= km + 0.01, "{:?}", hit);
                prop_assert_eq!(index.distance_km(&hit.id, here), hit.distance_km);
            }
        }
    }
}
