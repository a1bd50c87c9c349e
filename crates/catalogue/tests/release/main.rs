//! Releases from end to end: packs are made of one folder and installed in another.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use passerelle_catalogue::file::{Catalogue, Folder, InService};
use passerelle_catalogue::import::{Order, import};
use passerelle_catalogue::indexed::Indexed;
use passerelle_catalogue::release::{InstallError, Made, Wanted, install, make};
use passerelle_catalogue::search::Query;
use proptest::prelude::*;
use tempfile::TempDir;

/// A folder of catalogues, and files beside it.
struct Place {
    root: TempDir,
    folder: Folder,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().expect("a folder");
        Self { folder: Folder::new(root.path().join("catalogue")), root }
    }

    /// Imports a collection of questions: identifier, question.
    async fn import(&self, release: &str, collection: &str, questions: &BTreeMap<u8, String>) {
        let mut text = format!(
            "---\npasserelle-faq: 1\ncollection: {collection}\npublisher: Essai\nlicence: Licence Ouverte 2.0\n---\n"
        );
        for (id, question) in questions {
            text += &format!(
                "---\nid: {collection}-{id}\nquestion: {question}\nlinks: FOR.{id}\n---\nLa réponse.\n"
            );
        }
        let file = self.root.path().join(format!("{collection}.md"));
        fs::write(&file, text).expect("a file");
        let order = Order {
            paths: vec![file],
            folder: self.folder.clone(),
            release: release.to_owned(),
            origin: None,
        };
        import(order, |_| (), Arc::default()).await.expect("an import");
    }

    async fn make(&self, release: &str, before: Option<(&str, &[u8])>) -> Made {
        let catalogue = Catalogue::open(&self.folder).await.expect("opens").expect("one is in service");
        make(&catalogue, release, before).await.expect("packs")
    }

    fn pack(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.root.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    async fn install(
        &self,
        release: &str,
        made: &Made,
        packs: Vec<PathBuf>,
    ) -> Result<InService, InstallError> {
        let wanted = Wanted {
            release: release.to_owned(),
            rows: made.rows,
            sum: made.sum.clone(),
            datasets: made.datasets.clone(),
            packs,
        };
        install(&self.folder, &wanted, Arc::new(|_| ()), &Arc::new(AtomicBool::new(false))).await
    }

    fn in_service(&self) -> Option<InService> {
        self.folder.in_service().expect("a pointer")
    }

    async fn titles(&self) -> Vec<String> {
        let indexed = Indexed::open(&self.folder).await.expect("opens").expect("one is in service");
        let all = indexed.index.search(&Query { limit: 1_000, ..Query::new("") });
        let ids: Vec<&str> = all.hits.iter().map(|hit| hit.id.as_str()).collect();
        let cards = indexed.catalogue.cards(&ids).await.expect("cards");
        let mut titles: Vec<String> = cards.into_values().map(|card| card.title).collect();
        titles.sort();
        titles
    }
}

fn questions(of: &[(u8, &str)]) -> BTreeMap<u8, String> {
    of.iter().map(|(id, question)| (*id, (*question).to_owned())).collect()
}

#[tokio::test]
async fn a_delta_makes_what_the_full_pack_makes() {
    let (central, fresh, follower) = (Place::new(), Place::new(), Place::new());
    central.import("r1", "national", &questions(&[(1, "Un ?"), (2, "Deux ?"), (3, "Trois ?")])).await;
    let first = central.make("r1", None).await;
    assert!(first.delta.is_none());
    follower.install("r1", &first, vec![follower.pack("r1", &first.full)]).await.expect("the first release");
    assert_eq!(follower.titles().await, ["Deux ?", "Trois ?", "Un ?"]);

    central
        .import("r2", "national", &questions(&[(1, "Un ?"), (2, "Deux, mais autrement ?"), (4, "Quatre ?")]))
        .await;
    let second = central.make("r2", Some(("r1", &first.full))).await;
    let (delta, changed) = second.delta.as_ref().expect("a delta");
    // Entry and part of the changed one; entry, part and link of the new one; of the one that is gone entry and part.
    assert!((7..=9).contains(changed), "{changed} rows of the delta");
    follower.install("r2", &second, vec![follower.pack("r2", delta)]).await.expect("by the delta");
    fresh.install("r2", &second, vec![fresh.pack("r2", &second.full)]).await.expect("by the full pack");
    let expected = ["Deux, mais autrement ?", "Quatre ?", "Un ?"];
    assert_eq!(follower.titles().await, expected);
    assert_eq!(fresh.titles().await, expected);
    for place in [&follower, &fresh] {
        let again = place.make("r2", None).await;
        assert_eq!((again.rows, &again.sum), (second.rows, &second.sum), "the same rows");
        let catalogue = Catalogue::open(&place.folder).await.expect("opens").expect("in service");
        let gone = catalogue.record("FAQ.national-3").await.expect("reads").expect("still readable");
        assert_eq!(gone.gone_since.as_deref(), Some("r2"));
    }
}

#[tokio::test]
async fn what_a_desk_imported_itself_stays_beside_releases() {
    let (central, desk) = (Place::new(), Place::new());
    central.import("r1", "national", &questions(&[(1, "Un ?")])).await;
    let first = central.make("r1", None).await;
    desk.import("own", "centre", &questions(&[(1, "À nous ?")])).await;
    desk.install("r1", &first, vec![desk.pack("r1", &first.full)]).await.expect("the first release");
    assert_eq!(desk.titles().await, ["Un ?", "À nous ?"]);
    central.import("r2", "national", &questions(&[(1, "Un, autrement ?")])).await;
    let second = central.make("r2", Some(("r1", &first.full))).await;
    let delta = desk.pack("r2", &second.delta.as_ref().expect("a delta").0);
    desk.install("r2", &second, vec![delta]).await.expect("by the delta");
    assert_eq!(desk.titles().await, ["Un, autrement ?", "À nous ?"]);
}

#[tokio::test]
async fn deltas_that_do_not_follow_what_is_there_are_refused() {
    let (central, desk) = (Place::new(), Place::new());
    central.import("r1", "national", &questions(&[(1, "Un ?")])).await;
    let first = central.make("r1", None).await;
    central.import("r2", "national", &questions(&[(1, "Un, autrement ?")])).await;
    let second = central.make("r2", Some(("r1", &first.full))).await;
    let delta = desk.pack("r2", &second.delta.as_ref().expect("a delta").0);
    let refused = desk.install("r2", &second, vec![delta.clone()]).await;
    assert!(matches!(refused, Err(InstallError::Chain { .. })), "{refused:?}");
    assert_eq!(desk.in_service(), None);

    // A desk whose file is not quite the release before: the sum says so.
    desk.install("r1", &first, vec![desk.pack("r1", &first.full)]).await.expect("the first release");
    let before = desk.in_service();
    let file = desk.folder.file(&before.as_ref().expect("in service").file);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&file);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("the file");
    sqlx::query("UPDATE link SET label = 'autre'").execute(&mut connection).await.expect("a change");
    sqlx::Connection::close(connection).await.expect("closed");
    let refused = desk.install("r2", &second, vec![delta]).await;
    assert!(matches!(refused, Err(InstallError::NotTheRelease)), "{refused:?}");
    assert_eq!(desk.in_service(), before, "the old one stays in service");
    desk.install("r2", &second, vec![desk.pack("full", &second.full)]).await.expect("the full pack mends it");
}

#[tokio::test]
async fn a_damaged_pack_is_refused_and_leaves_nothing() {
    let (central, desk) = (Place::new(), Place::new());
    central.import("r1", "national", &questions(&[(1, "Un ?"), (2, "Deux ?")])).await;
    let made = central.make("r1", None).await;
    let before = made.full.clone();
    for at in (0..before.len()).step_by(7) {
        let mut bytes = before.clone();
        bytes[at] ^= 0x20;
        let refused = desk.install("r1", &made, vec![desk.pack("bad", &bytes)]).await;
        assert!(refused.is_err(), "byte {at} of {} was changed", bytes.len());
        let refused = desk.install("r1", &made, vec![desk.pack("cut", &before[..at])]).await;
        assert!(refused.is_err(), "cut at {at}");
    }
    assert_eq!(desk.in_service(), None);
    let left: Vec<_> = fs::read_dir(desk.folder.path()).expect("the folder").flatten().collect();
    assert!(left.iter().all(|file| file.file_name() == "import.lock"), "{left:?}");
}

#[tokio::test]
async fn the_name_of_a_release_leads_nowhere_else() {
    let (central, desk) = (Place::new(), Place::new());
    central.import("r1", "national", &questions(&[(1, "Un ?")])).await;
    let made = central.make("r1", None).await;
    for name in ["", "../r1", "r1/../../x", "C:r1", &"r".repeat(61)] {
        let refused = desk.install(name, &made, vec![desk.pack("r1", &made.full)]).await;
        assert!(matches!(refused, Err(InstallError::Pack(_))), "{name:?}: {refused:?}");
    }
    assert!(!desk.folder.path().exists(), "nothing was begun");
}

#[tokio::test]
async fn an_installation_is_stopped() {
    let (central, desk) = (Place::new(), Place::new());
    central.import("r1", "national", &questions(&[(1, "Un ?")])).await;
    let made = central.make("r1", None).await;
    let wanted = Wanted {
        release: "r1".into(),
        rows: made.rows,
        sum: made.sum.clone(),
        datasets: made.datasets.clone(),
        packs: vec![desk.pack("r1", &made.full)],
    };
    let stop = Arc::new(AtomicBool::new(true));
    let refused = install(&desk.folder, &wanted, Arc::new(|_| ()), &stop).await;
    assert!(matches!(refused, Err(InstallError::Stopped)), "{refused:?}");
    assert_eq!(desk.in_service(), None);
}

fn some_questions() -> impl Strategy<Value = BTreeMap<u8, String>> {
    prop::collection::btree_map(0..12u8, "[a-e]{1,3}", 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Whatever changes from release to release: a desk that took every delta at once, and one that took the last full
    /// pack, hold the same rows.
    #[test]
    fn a_chain_of_deltas_makes_the_last_release(releases in prop::collection::vec(some_questions(), 2..5)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (central, follower) = (Place::new(), Place::new());
            let mut made: Vec<Made> = Vec::new();
            for (number, questions) in releases.iter().enumerate() {
                let name = format!("r{number}");
                central.import(&name, "national", questions).await;
                let last = number.checked_sub(1).map(|before| (format!("r{before}"), made[before].full.clone()));
                let before = last.as_ref().map(|(name, pack)| (name.as_str(), pack.as_slice()));
                made.push(central.make(&name, before).await);
            }
            let first = follower.pack("first", &made[0].full);
            follower.install("r0", &made[0], vec![first]).await.expect("the first release");
            let packs = made.iter().enumerate().skip(1).map(|(number, made)| {
                follower.pack(&format!("d{number}"), &made.delta.as_ref().expect("a delta").0)
            });
            let last = made.last().expect("a release");
            let name = format!("r{}", made.len() - 1);
            follower.install(&name, last, packs.collect()).await.expect("the last release");
            let again = follower.make(&name, None).await;
            assert_eq!((again.rows, &again.sum), (last.rows, &last.sum));
            assert_eq!(follower.titles().await, central.titles().await);
        });
    }
}
