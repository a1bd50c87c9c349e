//! One release after another: what is replaced, what stays, what is gone and can still be read.

use std::fs;

use passerelle_catalogue::file::Record;
use passerelle_catalogue::import::ImportError;
use passerelle_catalogue::indexed::Indexed;
use passerelle_catalogue::search::Query;

use crate::shapes::{DIRECTORY, HIGHER, OFFERINGS, PROGRAMMES, Place, higher, offering, programme};

/// A row of the Annuaire.
fn school(uai: &str, name: &str, onisep: &str, nature: &str) -> String {
    format!(
        "{uai};{name};Lycée;Public;1 rue Haute;;35000 RENNES;35000;35238;Rennes;035;0299000000;;;ce@ac-rennes.fr;;120;{onisep};SANS OBJET;Rennes;Bretagne;48.1;-1.6;2023-06-08;OUVERT;MINISTERE;{nature};LYCEE POLYVALENT\r\n"
    )
}

#[tokio::test]
async fn what_disappears_is_gone_and_can_still_be_read() {
    let place = Place::new();
    let first =
        place.file("a.csv", format!("{PROGRAMMES}{}{}", programme(1, "BTS un"), programme(2, "BTS deux")));
    let report = place.import("r1", &[&first]).await.expect("imported");
    assert_eq!((report.records, report.gone), (2, 0));
    let second = place
        .file("a.csv", format!("{PROGRAMMES}{}{}", programme(1, "BTS un rénové"), programme(3, "BTS trois")));
    let report = place.import("r2", &[&second]).await.expect("imported");
    assert_eq!((report.records, report.gone), (2, 1));
    let catalogue = place.catalogue().await;
    let shown = catalogue.record("FOR.1").await.expect("readable").expect("there");
    assert_eq!((shown.title.as_str(), shown.gone_since.as_deref()), ("BTS un rénové", None));
    let gone = catalogue.record("FOR.2").await.expect("readable").expect("kept for whoever refers to it");
    assert_eq!((gone.title.as_str(), gone.gone_since.as_deref()), ("BTS deux", Some("r2")));
    assert_eq!(gone.sources[0].title, "Idéo-Formations initiales en France");
    // A third import does not change since when; one that has it again takes it back.
    place.import("r3", &[&second]).await.expect("imported");
    let gone = place.catalogue().await.record("FOR.2").await.expect("readable").expect("there");
    assert_eq!(gone.gone_since.as_deref(), Some("r2"));
    let fourth = place.file("a.csv", format!("{PROGRAMMES}{}", programme(2, "BTS deux de retour")));
    place.import("r4", &[&fourth]).await.expect("imported");
    let back = place.catalogue().await.record("FOR.2").await.expect("readable").expect("there");
    assert_eq!((back.title.as_str(), back.gone_since), ("BTS deux de retour", None));
}

#[tokio::test]
async fn a_dataset_replaces_its_own_and_leaves_the_others() {
    let place = Place::new();
    let programmes = place.file("p.csv", format!("{PROGRAMMES}{}", programme(1, "BTS un")));
    let secondary = place.file(
        "l.csv",
        format!("{OFFERINGS}{}{}", offering(1, 1, 7, "seconde"), offering(2, 1, 8, "bac ou équivalent")),
    );
    let university = place.file("s.csv", format!("{OFFERINGS}{}", offering(3, 9, 9, "bac + 5")));
    place.import("r1", &[&programmes, &secondary, &university]).await.expect("imported");
    let fewer = place.file("l.csv", format!("{OFFERINGS}{}", offering(1, 1, 7, "seconde")));
    let report = place.import("r2", &[&fewer]).await.expect("imported");
    assert_eq!(report.by_kind["offering"], 2, "one of the lycées went, the university's stays");
    let catalogue = place.catalogue().await;
    assert_eq!(catalogue.record("FOR.1").await.expect("readable").expect("there").title, "BTS un");
    let gone = catalogue.record("AF.2").await.expect("readable").expect("kept");
    assert_eq!(gone.gone_since.as_deref(), Some("r2"));
    assert_eq!(catalogue.record("AF.3").await.expect("readable").expect("there").gone_since, None);
    let place_gone = catalogue.record("ENS.8").await.expect("readable").expect("kept");
    assert_eq!(place_gone.gone_since.as_deref(), Some("r2"), "nothing names it any more");
    assert_eq!(place_gone.title, "Lieu 8");
}

/// What the import told the index on the way, and what stands in the file.
#[tokio::test]
async fn an_index_made_on_the_way_is_the_one_that_is_made_again_of_the_file() {
    let place = Place::new();
    let programmes =
        place.file("p.csv", format!("{PROGRAMMES}{}{}", programme(1, "BTS un"), programme(2, "BTS deux")));
    let offerings = [
        offering(1, 1, 7, "bac + 2"),
        offering(1, 1, 8, "bac + 2"),
        offering(1, 2, 8, "bac + 2"),
        offering(2, 2, 7, "bac + 2").replace("temps plein", "temps plein| cours du soir"),
    ];
    let higher = place.file("s.csv", format!("{OFFERINGS}{}", offerings.concat()));
    let secondary = place.file("l.csv", format!("{OFFERINGS}{}", offering(3, 1, 9, "seconde")));
    place.import("r1", &[&programmes, &higher]).await.expect("imported");
    // The second takes over what the first had, of which it replaces nothing.
    for (release, files) in [("r2", [&secondary]), ("r3", [&programmes])] {
        place.import(release, &[files[0].as_path()]).await.expect("imported");
        let pointer = place.folder.in_service().expect("readable").expect("one is in service");
        let index = place.folder.file(&format!("{}.index", pointer.file));
        let on_the_way = fs::read(&index).expect("an index");
        fs::remove_file(&index).expect("removed");
        let made_again = Indexed::open(&place.folder).await.expect("opens").expect("one is in service");
        let evening = made_again.index.search(&Query::new("bts deux cours du soir"));
        assert_eq!(evening.hits.first().map(|hit| hit.id.as_str()), Some("AF.2@ENS.7"), "{evening:?}");
        assert!(
            on_the_way == fs::read(&index).expect("saved again"),
            "{release}: the two differ, of {} bytes",
            on_the_way.len()
        );
    }
}

#[tokio::test]
async fn an_institution_of_the_annuaire_takes_the_identifier_of_onisep_when_it_has_one() {
    let place = Place::new();
    let annuaire =
        place.file("a.csv", format!("{DIRECTORY}{}", school("0753742K", "EHESS de l'annuaire", "", "300")));
    place.import("r1", &[&annuaire]).await.expect("imported");
    assert_eq!(
        place.catalogue().await.record("0753742K").await.expect("readable").expect("there").id,
        "0753742K"
    );
    let onisep = place.file("s.csv", format!("{HIGHER}{}", higher(7774, "0753742k", "École")));
    let report = place.import("r2", &[&onisep]).await.expect("imported");
    assert_eq!(report.by_kind["institution"], 1, "one institution, not two");
    let shown = place.catalogue().await.record("0753742K").await.expect("readable").expect("there");
    assert_eq!(shown.id, "ENS.7774");
    let Record::Institution(one) = &shown.record else { panic!("{shown:?}") };
    assert_eq!(
        (one.name.as_str(), one.mail.as_str()),
        ("École", "ce@ac-rennes.fr"),
        "each dataset gives what it knows"
    );
    assert_eq!(shown.sources.len(), 2);
}

#[tokio::test]
async fn offices_are_known_by_either_prefix_and_never_by_a_name_of_another() {
    let place = Place::new();
    let address =
        |id: &str| format!("https://www.onisep.fr/http/redirection/organisme_information/slug/{id}");
    let rows = [
        school("0350122T", "Centre d'information et d'orientation de Vitré", &address("INFO.1081"), "841"),
        school("0350165P", "CIO de Saint-Malo", &address("ENS.311"), "841"),
        school("0350192U", "Lycée d'à côté", &address("ENS.311"), "302"),
    ];
    let path = place.file("a.csv", format!("{DIRECTORY}{}", rows.concat()));
    let report = place.import("r1", &[&path]).await.expect("imported");
    assert_eq!(report.by_kind["institution"], 3);
    let catalogue = place.catalogue().await;
    let names: Vec<String> =
        catalogue.offices().await.expect("readable").into_iter().map(|o| o.name).collect();
    assert_eq!(names, ["CIO de Saint-Malo", "Centre d'information et d'orientation de Vitré"]);
    for (id, uai) in [("INFO.1081", "0350122T"), ("ENS.311", "0350165P"), ("0350192U", "0350192U")] {
        let Record::Institution(one) = catalogue.record(id).await.expect("readable").expect(id).record else {
            panic!("{id}")
        };
        assert_eq!(one.uai, uai);
    }
}

#[tokio::test]
async fn a_table_of_which_nothing_can_be_kept_is_no_empty_release() {
    let place = Place::new();
    let first = place.file("a.csv", format!("{PROGRAMMES}{}", programme(1, "BTS un")));
    place.import("r1", &[&first]).await.expect("imported");
    for bad in [PROGRAMMES.to_owned(), format!("{PROGRAMMES}a;b;c\n")] {
        let path = place.file("b.csv", bad);
        assert!(matches!(place.import("r2", &[&path]).await, Err(ImportError::Fault(_))));
    }
    assert_eq!(place.catalogue().await.records(), 1);
}

#[tokio::test]
async fn questions_are_replaced_by_collection() {
    let place = Place::new();
    let faq = |collection: &str, id: &str| {
        format!(
            "---\npasserelle-faq: 1\ncollection: {collection}\npublisher: Académie\nlicence: CC0\n---\n---\nid: {id}\nquestion: Qui ?\nlinks: FOR.1\n---\nNous.\n"
        )
    };
    let (one, other) = (place.file("1.md", faq("un", "a")), place.file("2.md", faq("deux", "b")));
    let report = place.import("r1", &[&one, &other]).await.expect("imported");
    assert_eq!(report.by_kind["faq"], 2);
    assert_eq!(report.dangling, 2);
    let changed = place.file("1.md", faq("un", "c"));
    place.import("r2", &[&changed]).await.expect("imported");
    let catalogue = place.catalogue().await;
    for (id, gone) in [("FAQ.a", true), ("FAQ.b", false), ("FAQ.c", false)] {
        let shown = catalogue.record(id).await.expect("readable").expect(id);
        assert_eq!(shown.gone_since.is_some(), gone, "{id}");
        assert_eq!(shown.sources[0].publisher, "Académie");
    }
}

#[tokio::test]
async fn whoever_reads_goes_on_reading_while_another_release_comes() {
    let place = Place::new();
    let first = place.file("a.csv", format!("{PROGRAMMES}{}", programme(1, "BTS un")));
    place.import("r1", &[&first]).await.expect("imported");
    let open = place.catalogue().await;
    let second = place.file("a.csv", format!("{PROGRAMMES}{}", programme(1, "BTS un rénové")));
    place.import("r2", &[&second]).await.expect("imported");
    assert_eq!(open.record("FOR.1").await.expect("readable").expect("there").title, "BTS un");
    assert_eq!(
        place.catalogue().await.record("FOR.1").await.expect("readable").expect("there").title,
        "BTS un rénové"
    );
}
