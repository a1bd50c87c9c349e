//! The catalogue comes, is replaced, and stays when something goes wrong.

use super::*;

const ONE: &str = "---\npasserelle-faq: 1\ncollection: essai\npublisher: Le centre\nlicence: Licence Ouverte 2.0\n---\n\
                   ---\nid: horaires\nquestion: Quand le centre est-il ouvert ?\n---\nDu lundi au vendredi.\n";

#[tokio::test]
async fn before_the_first_import_it_is_said() {
    let office = Office::bare().await;
    let status: CatalogueStatus = office.ask("catalogue.status", json!({})).await;
    assert_eq!((status.state.as_str(), status.release, status.records), ("none", None, 0));
    assert_eq!(office.refused("catalogue.search", json!({ "text": "bts" })).await.code, "catalogue_none");
    assert_eq!(office.refused("catalogue.import", json!({ "paths": [" "] })).await.code, "no_path");
}

#[tokio::test]
async fn an_import_adds_to_what_is_there_and_is_told() {
    let office = Office::open().await;
    let before = office.search(json!({})).await.total;
    let file = office.folder.path().join("questions du centre.md");
    fs::write(&file, ONE).expect("a file");
    let mut news = office.desk.changes();
    let begun: CatalogueStatus = office.ask("catalogue.import", json!({ "paths": [file] })).await;
    assert_eq!(begun.state, "ready", "the old one answers meanwhile");
    let status = office.settled().await;
    let last = status.last.expect("how it ended");
    assert!(last.failed.is_none(), "{:?}", last.failed);
    assert_eq!((last.read, last.kept, last.rejected), (1, 1, 0));
    let after = office.search(json!({})).await;
    assert_eq!(after.total, before + 1, "what other datasets say stays");
    assert_ne!(after.release, begun.release.expect("a release"));
    let found = office.search(json!({ "text": "centre ouvert", "kinds": ["faq"] })).await;
    assert_eq!(title(&found.groups[0].hits[0]), "Quand le centre est-il ouvert ?");
    let told = news.recv().await.expect("news");
    assert!(told.contains("catalogue"), "{told:?}");
}

#[tokio::test]
async fn what_cannot_be_imported_changes_nothing() {
    let office = Office::open().await;
    let before = office.search(json!({})).await;
    let file = office.folder.path().join("photo.jpg");
    fs::write(&file, [0xff, 0xd8, 0xff, 0xe0]).expect("a file");
    let _: CatalogueStatus = office.ask("catalogue.import", json!({ "paths": [file] })).await;
    let last = office.settled().await.last.expect("how it ended");
    let failed = last.failed.expect("a failure");
    assert_eq!(failed.code, "catalogue_fault");
    assert!(failed.params["file"].as_str().is_some_and(|f| f.ends_with("photo.jpg")), "{failed:?}");
    let after = office.search(json!({})).await;
    assert_eq!((after.total, after.release), (before.total, before.release));
}

#[tokio::test]
async fn an_import_is_stopped_and_leaves_everything_as_it_was() {
    let office = Office::open().await;
    let before = office.search(json!({})).await;
    let folder = office.folder.path().join("national");
    passerelle_demo::national::write(&folder, 0.01, 7).expect("files");
    let _: CatalogueStatus = office.ask("catalogue.import", json!({ "paths": [folder] })).await;
    assert_eq!(office.refused("catalogue.import", json!({ "paths": [folder] })).await.code, "catalogue_busy");
    let _: CatalogueStatus = office.ask("catalogue.stop", json!({})).await;
    let last = office.settled().await.last.expect("how it ended");
    assert_eq!(last.failed.expect("a failure").code, "stopped");
    let after = office.search(json!({})).await;
    assert_eq!((after.total, after.release), (before.total, before.release));
    let left = fs::read_dir(office.desk.catalogue().folder().path()).expect("the folder");
    let files: Vec<_> = left.flatten().filter(|file| file.file_name() != "import.lock").collect();
    assert_eq!(files.len(), 3, "the pointer, the file and its index: {files:?}");
}

#[tokio::test]
async fn an_index_that_is_lost_is_made_again() {
    let office = Office::open().await;
    let before = office.search(json!({ "text": "boulanger" })).await;
    let folder = office.desk.catalogue().folder().path().to_owned();
    let index = fs::read_dir(&folder)
        .expect("the folder")
        .flatten()
        .map(|file| file.path())
        .find(|path| path.extension().is_some_and(|e| e == "index"))
        .expect("an index");
    fs::write(&index, b"PSRINDEX and nothing else").expect("a damaged index");
    let again = passerelle_office::catalogue::DeskCatalogue::of(&office.folder.path().join("profile"));
    let opened = again.ready().await.expect("a catalogue");
    let query =
        passerelle_office::api::dto::CatalogueQuery { text: "boulanger".into(), ..Default::default() };
    let after = passerelle_office::api::catalogue::answer(&opened, &query).await.expect("an answer");
    assert_eq!((after.groups, after.total), (before.groups, before.total));
    assert!(fs::metadata(&index).expect("the index").len() > 1_000, "it was saved again");
}

#[tokio::test]
async fn a_file_that_was_cut_is_said_and_mended_by_an_import() {
    let office = Office::unopened().await;
    let folder = office.desk.catalogue().folder().clone();
    let pointer = folder.in_service().expect("a pointer").expect("one is in service");
    let file = fs::OpenOptions::new().write(true).open(folder.file(&pointer.file)).expect("the file");
    file.set_len(pointer.bytes / 2).expect("a shorter file");
    let status: CatalogueStatus = office.ask("catalogue.status", json!({})).await;
    assert_eq!(status.state, "damaged");
    assert_eq!(office.refused("catalogue.search", json!({})).await.code, "catalogue_damaged");
    let one = office.folder.path().join("questions.md");
    fs::write(&one, ONE).expect("a file");
    let _: CatalogueStatus = office.ask("catalogue.import", json!({ "paths": [one] })).await;
    let status = office.settled().await;
    assert_eq!((status.state.as_str(), status.records), ("ready", 1));
}
