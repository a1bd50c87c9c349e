//! The real files, with the counts that their publishers' files have.

use passerelle_catalogue::file::{Record, Shown};
use passerelle_catalogue::import::Report;

use crate::shapes::{Place, shared};

async fn imported(inside: &str) -> Option<(Place, Report)> {
    let path = shared(inside)?;
    let place = Place::new();
    let report = place.import("2026-11-25", &[&path]).await.unwrap_or_else(|e| panic!("{inside}: {e}"));
    Some((place, report))
}

async fn show(place: &Place, id: &str) -> Shown {
    place.catalogue().await.record(id).await.expect("readable").unwrap_or_else(|| panic!("{id} is not there"))
}

#[tokio::test]
async fn the_sheets_of_programmes() {
    let Some((place, report)) = imported("onisep/ideo-fiches_formations-5fe07a9ecc960.zip").await else {
        return;
    };
    assert_eq!((report.read, report.kept, report.rejected), (2164, 2164, 0), "{:#?}", report.rejects);
    assert_eq!(report.by_kind.get("programme"), Some(&2164));
    let shown = show(&place, "FOR.1000").await;
    let Record::Programme(programme) = &shown.record else { panic!("{shown:?}") };
    assert_eq!(programme.type_acronym, "mastère spé.");
    assert_eq!(programme.certification, "niveau 7");
    assert!(
        shown
            .links
            .occupations
            .iter()
            .any(|o| o.id == "MET.774" && !o.known && o.label.contains("environnement"))
    );
    assert_eq!(shown.sources[0].published.map(|d| d.to_string()).as_deref(), Some("2024-06-25"));
    assert_eq!(shown.sources[0].licence, "ODbL 1.0");
}

#[tokio::test]
async fn the_sheets_of_occupations() {
    let Some((place, report)) = imported("onisep/ideo-fiches_metiers-5fe0808a2da6f.zip").await else {
        return;
    };
    assert_eq!((report.read, report.kept, report.rejected), (928, 928, 0), "{:#?}", report.rejects);
    assert_eq!(report.by_kind.get("occupation"), Some(&928));
    let shown = show(&place, "MET.1").await;
    assert_eq!(shown.title, "contrôleur aérien / contrôleuse aérienne");
    let Record::Occupation(occupation) = &shown.record else { panic!("{shown:?}") };
    assert_eq!(occupation.synonyms.len(), 2);
    assert_eq!(occupation.level.map(|l| l.code()), Some("bac+5"));
    assert!(!occupation.work.is_empty() && !occupation.summary.is_empty() && !occupation.hook.is_empty());
    let json = serde_json::to_string(&shown).expect("JSON");
    assert!(!json.contains("<p>") && !json.contains('\u{a0}'), "neither markup nor blanks that do not break");
}

#[tokio::test]
async fn the_table_of_occupations_repeats_them_by_publication() {
    let Some((place, report)) = imported("onisep/ideo-metiers_onisep-5fa5949243f97.json").await else {
        return;
    };
    assert_eq!((report.read, report.kept, report.rejected), (1325, 1325, 0));
    assert_eq!(report.by_kind.get("occupation"), Some(&928));
    assert!(
        report.notes.iter().any(|n| n.text.contains("date_de_modification")),
        "2024 had no days: {:?}",
        report.notes
    );
    assert!(
        matches!(show(&place, "MET.295").await.record, Record::Occupation(o) if o.name.feminine == "tailleuse de pierre")
    );
}

#[tokio::test]
async fn the_nomenclature() {
    let Some((_, report)) = imported("onisep/ideo-domaines-5fa58d750a60c.json").await else { return };
    assert_eq!((report.read, report.kept, report.rejected), (132, 132, 0));
}

#[tokio::test]
async fn the_options_of_second_year() {
    let path = "onisep/ideo-enseignements_optionnels_de_seconde_generale_et_technologique.csv";
    let Some((place, report)) = imported(path).await else { return };
    assert_eq!((report.read, report.kept, report.rejected), (2682, 2682, 0));
    assert_eq!(report.by_kind.get("offering"), Some(&2682));
    assert_eq!(report.dangling, 2682, "FOR.1152 itself is in another file");
    let shown = show(&place, "ENS.13613").await;
    assert!(shown.named_only);
    assert_eq!(shown.links.offerings[0].programme.id, "FOR.1152");
    let Record::Offering(offering) = show(&place, "AF.76562").await.record else { panic!("an offering") };
    assert_eq!(offering.subjects.iter().filter(|s| s.group == "LV2").count(), 2);
}

#[tokio::test]
async fn the_directory_of_a_departement() {
    let Some((place, report)) = imported("annuaire/fr-en-annuaire-education-35.csv").await else { return };
    assert_eq!((report.read, report.kept, report.rejected), (996, 996, 0), "{:#?}", report.rejects);
    assert_eq!(report.by_kind.get("institution"), Some(&993), "three UAI come twice");
    let offices = place.catalogue().await.offices().await.expect("readable");
    assert_eq!(offices.len(), 5);
    assert!(offices.iter().all(|o| o.position.is_some() && o.mail.starts_with("cio.")), "{offices:#?}");
    let shown = show(&place, "0350852L").await;
    let Record::Institution(college) = &shown.record else { panic!("{shown:?}") };
    assert_eq!(college.name, "Collège Saint-Joseph", "the annex came first in the file");
    assert_eq!(college.annexes.len(), 1);
    assert_eq!((college.department.as_str(), college.academy.as_str()), ("35", "Rennes"));
}

#[tokio::test]
async fn the_six_tables_of_2026() {
    let Some((place, report)) = imported("onisep/excerpt-2026").await else { return };
    assert_eq!((report.read, report.kept, report.rejected), (66, 66, 0), "{:#?}", report.rejects);
    assert_eq!(report.by_kind.get("offering"), Some(&16));
    assert_eq!(report.notes, [], "columns and values of the six tables are all known");
    let shown = show(&place, "ENS.7774").await;
    let Record::Institution(school) = &shown.record else { panic!("{shown:?}") };
    assert_eq!(school.insee, "75106");
    assert_eq!(school.department, "75");
    assert_eq!(shown.links.offerings_total, 1);
    let datasets: Vec<String> =
        place.catalogue().await.datasets().iter().map(|d| d.dataset.clone()).collect();
    assert!(datasets.contains(&"ideo-actions-lycee".to_owned()), "{datasets:?}");
    assert!(datasets.contains(&"ideo-actions-superieur".to_owned()), "{datasets:?}");
    assert_eq!(show(&place, "0753742k").await.id, "ENS.7774", "a UAI in lower case finds its institution");
}

#[tokio::test]
async fn all_of_it_at_once() {
    let (Some(onisep), Some(annuaire)) = (shared("onisep"), shared("annuaire")) else { return };
    let place = Place::new();
    let report = place.import("2026-11-25", &[&onisep, &annuaire]).await.expect("imported");
    assert_eq!(report.read, 2164 + 928 + 1325 + 132 + 2682 + 996 + 66);
    assert_eq!(report.kept, report.read);
    assert_eq!(report.by_kind.get("faq"), None);
    let catalogue = place.catalogue().await;
    assert_eq!(catalogue.records(), report.records);
    let shown = show(&place, "MET.1").await;
    assert_eq!(shown.sources.len(), 2, "the table and the sheet both tell of it");
    assert!(shown.links.programmes.iter().any(|p| p.id == "FOR.2356"));
    eprintln!("{report:?}");
}
