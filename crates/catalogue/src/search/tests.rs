//! The index as a whole: what is asked, what is found, what a file of it survives.

use std::path::Path;

use passerelle_domain::office::Position;
use proptest::prelude::*;

use super::{file, place, *};

mod domains;
mod places;
mod questions;

fn named(id: &str, kind: Kind, title: &str) -> Document {
    Document::new(id, kind, title)
}

/// A catalogue of some twenty entries, in which each trap has something to fall over.
fn sample() -> Vec<Document> {
    let mut documents = vec![
        named("MET.1", Kind::Occupation, "infirmier/ère"),
        named("MET.2", Kind::Occupation, "mécanicien/ne automobile"),
        named("MET.3", Kind::Occupation, "coiffeur / coiffeuse"),
        named("MET.4", Kind::Occupation, "ingénieur/e du son"),
        named("MET.5", Kind::Occupation, "vétérinaire"),
        named("FOR.1", Kind::Programme, "diplôme d’État d’infirmier"),
        named("FOR.2", Kind::Programme, "CAP maintenance des véhicules option voitures particulières"),
        named("FOR.3", Kind::Programme, "BTS métiers de l’audiovisuel option métiers du son"),
        named("FOR.4", Kind::Programme, "BTS management commercial opérationnel"),
        named("FOR.5", Kind::Programme, "master mention sociologie"),
        named("FOR.6", Kind::Programme, "licence mention droit"),
        named(
            "FOR.7",
            Kind::Programme,
            "bac techno STMG sciences et technologies du management et de la gestion",
        ),
        named("FOR.8", Kind::Programme, "bac général spécialité sciences économiques et sociales"),
        named("FOR.9", Kind::Programme, "CAP arts du bois option sculpteur ornemaniste"),
        named("FAQ.1", Kind::Faq, "Que faire après un bac général ?"),
        named("ENS.1", Kind::Institution, "Lycée Robert de Luzarches"),
        named("ENS.2", Kind::Institution, "Collège Édouard Lucas"),
        named("ENS.3", Kind::Institution, "Lycée Faidherbe"),
        named("AF.1", Kind::Offering, "BTS management commercial opérationnel"),
        named("AF.2", Kind::Offering, "BTS management commercial opérationnel"),
    ];
    let mut at = |id: &str, change: &dyn Fn(&mut Document)| {
        change(documents.iter_mut().find(|document| document.id == id).unwrap());
    };
    at("MET.1", &|d| d.codes = vec!["J1506".into()]);
    at("FOR.4", &|d| d.alternates = vec!["BTS MCO".into()]);
    at("FOR.5", &|d| {
        d.keywords = vec!["histoire-géographie, psychologie, sociologie".into(), "sciences sociales".into()];
        d.level = Some("REF.410".into());
    });
    for (id, uai, department, lat, lon) in [
        ("ENS.1", "0800009A", "80", 49.883, 2.301),
        ("ENS.2", "0801234X", "80", 49.9, 2.31),
        ("ENS.3", "0590121L", "59", 50.62, 3.07),
    ] {
        at(id, &|d| {
            d.codes = vec![uai.into()];
            d.department = Some(department.into());
            d.academy = Some(if department == "80" { "Amiens".into() } else { "Lille".into() });
            d.position = Some(Position { lat, lon });
            d.status = Some("public".into());
        });
    }
    at("AF.1", &|d| d.places = vec!["ENS.1".into(), "ENS.404".into()]);
    at("AF.2", &|d| d.places = vec!["ENS.3".into()]);
    documents
}

fn index() -> Index {
    Index::build(&sample(), "1").unwrap()
}

fn ids(answer: &Answer) -> Vec<&str> {
    answer.hits.iter().map(|hit| hit.id.as_str()).collect()
}

fn found(index: &Index, text: &str) -> Vec<String> {
    index.search(&Query::new(text)).hits.into_iter().map(|hit| hit.id).collect()
}

#[test]
fn what_people_type_finds_what_they_mean() {
    let index = index();
    for (asked, expected) in [
        ("infirmiere", "MET.1"),
        ("INFIRMIÈRES", "MET.1"),
        ("infirm", "MET.1"),
        ("coiffeuse", "MET.3"),
        ("mécanicienne auto", "MET.2"),
        ("garagiste", "MET.2"),
        ("grargiste", "MET.2"),
        ("Quelles formations pour être garagiste ?", "MET.2"),
        ("que faire avec un master de sociologie ?", "FOR.5"),
        ("quelles études après un bac ES ?", "FOR.8"),
        ("bts son", "FOR.3"),
        ("bts mco", "FOR.4"),
        ("stmg", "FOR.7"),
        ("infrimier", "MET.1"),
        ("sociolgie", "FOR.5"),
        ("véto", "MET.5"),
        ("lycee luzarches", "ENS.1"),
        ("licence de droit", "FOR.6"),
        ("l’art du bois", "FOR.9"),
    ] {
        let hits = found(&index, asked);
        assert!(hits.iter().take(3).any(|id| id == expected), "{asked}: {hits:?}");
    }
}

/// Both are two letters away; only one is made of the letters that were typed.
#[test]
fn a_mistyped_word_is_the_one_with_its_letters() {
    let mechanic =
        Document::new("MET.1", Kind::Occupation, "mécanicien automobile / mécanicienne automobile");
    let designer = Document::new("MET.2", Kind::Occupation, "graphiste");
    let index = Index::build(&[designer, mechanic], "1").unwrap();
    assert_eq!(found(&index, "grargiste"), ["MET.1", "MET.2"]);
    assert_eq!(found(&index, "graphsite"), ["MET.2"]);
}

#[test]
fn identifiers_find_exactly_what_they_name() {
    let index = index();
    for (asked, expected) in [
        ("FOR.5", "FOR.5"),
        ("for.5", "FOR.5"),
        ("MET.3", "MET.3"),
        ("ENS.1", "ENS.1"),
        ("0801234X", "ENS.2"),
        ("0801234x", "ENS.2"),
        ("J1506", "MET.1"),
        ("AF.1", "AF.1"),
    ] {
        let answer = index.search(&Query::new(asked));
        assert_eq!(ids(&answer), [expected], "{asked}");
        assert_eq!(answer.hits[0].reasons[0].how, How::Code);
    }
    assert!(found(&index, "FOR.99999").is_empty());
}

#[test]
fn a_hit_says_which_words_led_there() {
    let index = index();
    let answer = index.search(&Query::new("grargiste"));
    let reason = &answer.hits[0].reasons[0];
    assert_eq!((reason.asked.as_str(), reason.how, reason.in_name), ("grargiste", How::Repaired, true));
    let answer = index.search(&Query::new("psychologie"));
    assert_eq!(ids(&answer), ["FOR.5"]);
    assert!(!answer.hits[0].reasons[0].in_name);
    let answer = index.search(&Query::new("zzzzzzzzz"));
    assert_eq!((answer.total, answer.unknown.as_slice()), (0, &["zzzzzzzzz".to_owned()][..]));
}

#[test]
fn places_give_what_an_offering_does_not_say() {
    let index = index();
    let mut query = Query::new("bts management");
    query.filters = vec![(Facet::Department, vec!["80".into()])];
    query.near = Some(Position { lat: 49.894, lon: 2.295 });
    query.facets = true;
    let answer = index.search(&query);
    assert_eq!(ids(&answer), ["AF.1"]);
    assert!(answer.hits[0].distance_km.unwrap() < 2.0);
    // What another choice of département would give is counted too.
    let (_, departments) = answer.facets.iter().find(|(facet, _)| *facet == Facet::Department).unwrap();
    let counts: Vec<(&str, usize)> = departments.iter().map(|c| (c.value.as_str(), c.hits)).collect();
    assert_eq!(counts, [("59", 1), ("80", 1)]);
    query.filters =
        vec![(Facet::Department, vec!["80".into(), "59".into()]), (Facet::Status, vec!["public".into()])];
    query.order = Order::Distance;
    assert_eq!(ids(&index.search(&query)), ["AF.1", "AF.2"]);
    query.filters.clear();
    let answer = index.search(&query);
    assert_eq!(ids(&answer), ["AF.1", "AF.2", "FOR.4"], "what has no place comes last");
}

#[test]
fn a_text_is_marked_and_cut_around_what_was_asked() {
    let answer = index().search(&Query::new("infirmière son"));
    let text = "L’infirmier/ère soigne. Les infirmiers de bloc assistent le chirurgien.";
    let mut marking = answer.marker.begin();
    let marked: Vec<&str> = marking.marks(text).into_iter().map(|range| &text[range]).collect();
    assert_eq!(marked, ["infirmier/ère", "infirmiers"]);
    let long = format!("{} Un infirmier de nuit. {}", "Avant ".repeat(60), "Après ".repeat(60));
    let snippet = marking.snippet(&long, 80);
    assert!(long[snippet.range.clone()].contains("infirmier de nuit") && snippet.range.len() <= 110);
    assert_eq!(&long[snippet.marks[0].clone()], "infirmier");
    assert_eq!(marking.snippet("", 80).range, 0..0);
}

#[test]
fn a_delta_is_found_at_once_and_what_it_removes_is_not() {
    let mut index = index();
    let mut changed = named("FOR.6", Kind::Programme, "licence mention droit européen");
    changed.places = vec!["ENS.3".into()];
    let new = named("MET.9", Kind::Occupation, "xylographe");
    index.apply([changed, new], &["FOR.5".to_owned()]).unwrap();
    assert_eq!(index.len(), 20);
    assert_eq!(found(&index, "licence droit"), ["FOR.6"]);
    assert_eq!(found(&index, "xylograph"), ["MET.9"]);
    assert!(!found(&index, "master sociologie").contains(&"FOR.5".to_owned()));
    let mut query = Query::new("licence");
    query.filters = vec![(Facet::Department, vec!["59".into()])];
    assert_eq!(index.search(&query).total, 1, "it has the département of the school where it is given");
    index.apply([], &["FOR.6".to_owned(), "MET.9".to_owned()]).unwrap();
    assert!(
        found(&index, "licence droit").is_empty()
            || !found(&index, "licence droit").contains(&"FOR.6".into())
    );
    assert_eq!((index.len(), index.kind("MET.9"), index.kind("MET.1")), (18, None, Some(Kind::Occupation)));
}

#[test]
fn a_delta_gives_what_a_new_index_gives() {
    let documents = sample();
    let mut changed = Index::build(&documents[..14], "1").unwrap();
    changed.apply(documents[14..].to_vec(), &[]).unwrap();
    let whole = Index::build(&documents, "1").unwrap();
    for asked in ["", "bts", "lycée", "bac général", "management", "infirmiere", "b"] {
        let mut query = Query::new(asked);
        query.facets = true;
        let (one, other) = (changed.search(&query), whole.search(&query));
        assert_eq!(one.total, other.total, "{asked}");
        assert_eq!(one.facets, other.facets, "{asked}");
        let sorted = |answer: &Answer| {
            let mut ids: Vec<String> = answer.hits.iter().map(|hit| hit.id.clone()).collect();
            ids.sort();
            ids
        };
        assert_eq!(sorted(&one), sorted(&other), "{asked}");
    }
}

#[test]
fn two_documents_with_one_identifier_are_refused() {
    let documents = [named("FOR.1", Kind::Programme, "a"), named("FOR.1", Kind::Programme, "b")];
    assert_eq!(Index::build(&documents, "1").unwrap_err(), BuildError::Twice("FOR.1".into()));
}

#[test]
fn an_index_is_read_back_as_it_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("index");
    let index = index();
    index.save(&path).unwrap();
    let loaded = Index::load(&path, "1").unwrap();
    for asked in ["", "infirmiere", "bts son", "grargiste", "0801234X"] {
        let mut query = Query::new(asked);
        query.facets = true;
        let (one, other) = (index.search(&query), loaded.search(&query));
        assert_eq!((one.total, one.hits, one.facets), (other.total, other.hits, other.facets), "{asked}");
    }
    assert!(matches!(Index::load(&path, "2"), Err(FileError::Other { what: "catalogue", .. })));
    assert!(matches!(Index::load(&folder.path().join("none"), "1"), Err(FileError::Disk { .. })));
}

#[test]
fn a_damaged_file_is_refused_wherever_it_is_damaged() {
    let segment = {
        let mut builder = Builder::new();
        sample().iter().for_each(|document| builder.add(document).unwrap());
        builder.finish("1").unwrap()
    };
    let bytes = file::bytes(&segment).unwrap();
    let read = |bytes: &[u8]| file::read(bytes, Path::new("index"), "1").map(|segment| segment.len());
    assert_eq!(read(&bytes).unwrap(), 20);
    for length in 0..bytes.len() {
        assert!(read(&bytes[..length]).is_err(), "cut at {length}");
    }
    let mut flipped = bytes.clone();
    for at in 0..bytes.len() {
        flipped[at] ^= 1 << (at % 8);
        assert!(read(&flipped).is_err(), "flipped at {at}");
        flipped[at] = bytes[at];
    }
    // With a sum that is right, what does not fit is still refused or harmless.
    for at in 0..bytes.len() - 4 {
        flipped[at] ^= 0x11;
        let sum = crc32fast::hash(&flipped[..bytes.len() - 4]).to_le_bytes();
        flipped[bytes.len() - 4..].copy_from_slice(&sum);
        let _ = read(&flipped);
        flipped[at] = bytes[at];
    }
}

const WORDS: [&str; 24] = [
    "boulanger",
    "pâtisserie",
    "lycée",
    "Amiens",
    "mécanique",
    "droit",
    "santé",
    "électricité",
    "vente",
    "accueil",
    "tourisme",
    "cinéma",
    "philosophie",
    "chimie",
    "biologie",
    "agriculture",
    "élevage",
    "forêt",
    "transport",
    "logistique",
    "sécurité",
    "gestion",
    "économie",
    "langues",
];

fn title() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&WORDS[..]), 1..5).prop_map(|words| words.join(" "))
}

fn catalogue(titles: &[String]) -> Vec<Document> {
    let one = |(number, title): (usize, &String)| {
        let mut document = Document::new(format!("FOR.{number}"), Kind::ALL[number % 5], title.as_str());
        document.department = Some(format!("{:02}", number % 7));
        document.status = (number % 3 > 0).then(|| format!("s{}", number % 3));
        document.domains = vec![format!("d{}", number % 4), format!("d{}", number % 5)];
        let spread = number as f64 / 50.0;
        document.position =
            (number % 4 > 0).then_some(Position { lat: 48.0 + spread, lon: 2.0 - spread * 1.7 });
        document
    };
    titles.iter().enumerate().map(one).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_document_is_found_by_its_title_and_by_what_its_words_begin_with(
        titles in prop::collection::vec(title(), 1..40),
        letters in 2usize..5,
    ) {
        let documents = catalogue(&titles);
        let index = Index::build(&documents, "1").unwrap();
        for (document, title) in documents.iter().zip(&titles) {
            let answer = index.search(&Query { limit: 100, ..Query::new(title) });
            let best = answer.hits[0].score;
            let place = answer.hits.iter().position(|hit| hit.id == document.id).unwrap();
            // As good as the best, but for what kinds are worth.
            prop_assert!(answer.hits[place].score + 131 >= best, "{} at {}", title, place);
            for word in title.split(' ') {
                let prefix: String = word.chars().take(letters).collect();
                let answer = index.search(&Query { limit: 100, ..Query::new(&prefix) });
                prop_assert!(ids(&answer).contains(&document.id.as_str()), "{} for {}", prefix, title);
            }
        }
    }

    #[test]
    fn one_wrong_letter_is_forgiven(word in prop::sample::select(&WORDS[..]), at in 1usize..20, kind in 0usize..3) {
        let documents = catalogue(&WORDS.map(str::to_owned));
        let index = Index::build(&documents, "1").unwrap();
        let mut letters: Vec<char> = word.chars().collect();
        prop_assume!(letters.len() >= 5);
        let at = 1 + at % (letters.len() - 2);
        match kind {
            0 => { letters.remove(at); }
            1 => letters.insert(at, 'x'),
            _ => letters.swap(at, at + 1),
        }
        let typed: String = letters.into_iter().collect();
        let expected = &documents[WORDS.iter().position(|other| *other == word).unwrap()].id;
        let hits = found(&index, &typed);
        prop_assert!(hits.iter().take(3).any(|id| id == expected), "{} gave {:?}", typed, hits);
    }

    #[test]
    fn counts_agree_with_the_hits_and_not_with_the_order_of_documents(
        titles in prop::collection::vec(title(), 1..40),
        asked in prop::sample::select(&WORDS[..]),
        department in 0usize..7,
    ) {
        let documents = catalogue(&titles);
        let mut turned = documents.clone();
        turned.reverse();
        let (one, other) = (Index::build(&documents, "1").unwrap(), Index::build(&turned, "1").unwrap());
        for filters in [vec![], vec![(Facet::Department, vec![format!("{department:02}")])]] {
            let query = Query { facets: true, limit: 100, filters: filters.clone(), ..Query::new(asked) };
            let (a, b) = (one.search(&query), other.search(&query));
            prop_assert_eq!(a.total, b.total);
            prop_assert_eq!(&a.facets, &b.facets);
            prop_assert_eq!(a.total, a.hits.len());
            // Each has one kind, so the kinds add up to all.
            let kinds: usize = a.facets[0].1.iter().map(|count| count.hits).sum();
            prop_assert_eq!(kinds, a.total);
            for (facet, counts) in &a.facets {
                for count in counts {
                    let mut narrowed: Vec<(Facet, Vec<String>)> =
                        filters.iter().filter(|(other, _)| other != facet).cloned().collect();
                    narrowed.push((*facet, vec![count.value.clone()]));
                    let narrowed = one.search(&Query { filters: narrowed, ..Query::new(asked) });
                    prop_assert_eq!(narrowed.total, count.hits, "{:?} {}", facet, &count.value);
                }
            }
        }
    }

    #[test]
    fn the_nearest_come_first(titles in prop::collection::vec(title(), 1..60), lat in 47.0f64..50.0, lon in 0.0f64..4.0) {
        let documents = catalogue(&titles);
        let index = Index::build(&documents, "1").unwrap();
        let from = Position { lat, lon };
        let query = Query { near: Some(from), order: Order::Distance, limit: 100, ..Query::new("") };
        let mut expected: Vec<(f32, usize)> = documents
            .iter()
            .enumerate()
            .map(|(number, document)| {
                let at = |position| place::chord(&place::point(position), &place::point(from));
                (document.position.map_or(f32::INFINITY, at), number)
            })
            .collect();
        expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let expected: Vec<&str> = expected.iter().map(|(_, number)| documents[*number].id.as_str()).collect();
        let answer = index.search(&query);
        prop_assert_eq!(ids(&answer), expected);
        let filters = vec![(Facet::Status, vec!["s1".to_owned()])];
        let schools: Vec<String> = index
            .search(&Query { filters: [filters.clone(), vec![(Facet::Kind, vec!["institution".into()])]].concat(), ..query })
            .hits
            .into_iter()
            .filter(|hit| hit.distance_km.is_some())
            .map(|hit| hit.id)
            .collect();
        let near: Vec<String> = index.nearest(from, &filters, 100).into_iter().map(|near| near.id).collect();
        prop_assert_eq!(near, schools);
    }

    #[test]
    fn no_question_is_too_strange(asked in "\\PC{0,60}", length in 0usize..40) {
        let answer = index().search(&Query { facets: true, near: Some(Position { lat: 49.0, lon: 2.0 }), ..Query::new(&asked) });
        let snippet = answer.marker.begin().snippet(&asked, length);
        prop_assert!(asked.get(snippet.range).is_some());
        prop_assert!(snippet.marks.iter().all(|mark| asked.get(mark.clone()).is_some()));
    }
}
