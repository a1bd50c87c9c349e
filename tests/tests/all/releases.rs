//! The catalogue from central to a desk, over real HTTP: published, fetched by parts, verified, in service or refused.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use passerelle_central::publish::{Publication, PublishError, publish};
use passerelle_central::store;
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::sync::{self, ReleaseError, Taken, take_release};
use passerelle_protocol::catalogue::Manifest;
use serde_json::{Value, json};

use crate::line::Line;
use crate::parts::{AMIENS, Town, call, refused, then};

impl Town {
    fn database(&self) -> PathBuf {
        self.folder.path().join("central.db")
    }

    /// Publishes questions, beside the running service, as the command line does.
    async fn publish(&self, questions: &BTreeMap<u32, String>) -> Result<Manifest, PublishError> {
        let mut text = String::from(
            "---\npasserelle-faq: 1\ncollection: national\npublisher: Essai\nlicence: Licence Ouverte 2.0\n---\n",
        );
        for (id, question) in questions {
            text += &format!("---\nid: q-{id}\nquestion: {question}\n---\nRéponse {}.\n", id * 7919);
        }
        let file = self.folder.path().join("questions.md");
        std::fs::write(&file, text).expect("a file");
        let store = store::open(&self.database().into(), false).await.expect("the database");
        let publication = Publication {
            paths: vec![file],
            folder: self.folder.path().join("central.catalogue"),
            origin: None,
        };
        let done = publish(&store, publication, then(), |_| (), Arc::default()).await;
        store.close().await;
        done.map(|(_, manifest)| manifest)
    }

    async fn spoil(&self, sql: &'static str) {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(self.database());
        let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("the database");
        sqlx::query(sql).execute(&mut connection).await.expect("a change");
        sqlx::Connection::close(connection).await.expect("closed");
    }

    /// A desk that reaches central by this line.
    async fn desk_by(&self, line: &Line) -> Desk {
        let code = format!("DEMO-{AMIENS}");
        let clock = Clock::starting_at(then());
        let desk = sync::enrol(&self.profile("by-line"), &line.url(), &code, "Accueil", clock)
            .await
            .expect("the desk is enrolled");
        sync::once(&desk).await.expect("the first exchange");
        desk
    }
}

fn many(count: u32) -> BTreeMap<u32, String> {
    (0..count).map(|id| (id, format!("Que faire après la question numéro {} ?", id * 104_729))).collect()
}

async fn status(desk: &Desk) -> Value {
    call(desk, "catalogue.status", json!({})).await
}

async fn titles(desk: &Desk, text: &str) -> Vec<String> {
    let answer = call(desk, "catalogue.search", json!({ "text": text, "together": true })).await;
    let hits = answer["groups"][0]["hits"].as_array().expect("hits").clone();
    let title = |hit: &Value| {
        let pieces = hit["title"].as_array().expect("pieces").iter();
        pieces.map(|piece| piece["text"].as_str().expect("a text")).collect()
    };
    hits.iter().map(title).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_reaches_a_desk_and_the_next_one_by_its_delta() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    assert_eq!(take_release(&desk, false).await.expect("an answer"), Taken::UpToDate, "nothing is published");
    let first = town.publish(&many(400)).await.expect("published");
    let taken = take_release(&desk, false).await.expect("taken");
    assert_eq!(taken, Taken::InService(first.release.clone()));
    assert_eq!(status(&desk).await["records"], 400);
    assert_eq!(take_release(&desk, false).await.expect("an answer"), Taken::UpToDate);

    let again = town.publish(&many(400)).await;
    assert!(matches!(again, Err(PublishError::Unchanged)), "{again:?}");
    let mut next = many(400);
    next.insert(3, "Comment devenir glaciologue ?".into());
    next.remove(&5);
    let second = town.publish(&next).await.expect("published");
    assert_eq!(second.deltas.len(), 1);
    let delta = &second.deltas[0].pack;
    assert!(delta.bytes * 5 < second.full.bytes, "{} of {} bytes", delta.bytes, second.full.bytes);
    // The full pack cannot be fetched any more: only the delta is.
    town.spoil("UPDATE blob SET bytes = x'00' WHERE length(bytes) = (SELECT max(length(bytes)) FROM blob)")
        .await;
    let taken = take_release(&desk, false).await.expect("taken by the delta");
    assert_eq!(taken, Taken::InService(second.release));
    assert_eq!(titles(&desk, "glaciologue").await, ["Comment devenir glaciologue ?"]);
    assert_eq!(status(&desk).await["records"], 399, "one is gone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_is_fetched_on_from_where_the_line_broke() {
    let town = Town::start().await;
    let manifest = town.publish(&many(3_000)).await.expect("published");
    let line = Line::to(&town.url).await;
    let desk = town.desk_by(&line).await;
    let incoming = desk.catalogue().folder().path().join("incoming");
    let part = incoming.join(format!("{}.part", manifest.full.sha256));
    let half = manifest.full.bytes / 2;
    line.cut_blobs_after(Some(usize::try_from(half).expect("a size")));
    let broken = take_release(&desk, false).await;
    assert!(broken.is_err(), "{broken:?}");
    let kept = std::fs::metadata(&part).expect("what was fetched is kept").len();
    assert!(kept > 0 && kept < manifest.full.bytes, "{kept} of {} bytes", manifest.full.bytes);
    assert_eq!(refused(&desk, "catalogue.search", json!({})).await.0, "catalogue_none");

    line.cut_blobs_after(None);
    take_release(&desk, false).await.expect("taken");
    let carried = line.blob_bytes();
    assert!(
        carried < manifest.full.bytes as usize + half as usize,
        "{carried} bytes: the first half came once"
    );
    assert_eq!(status(&desk).await["records"], 3_000);
    assert!(!incoming.exists(), "nothing is left beside the catalogue");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_what_was_signed_is_refused_and_the_old_one_stays() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    town.publish(&many(50)).await.expect("published");
    take_release(&desk, false).await.expect("taken");
    let before = status(&desk).await;
    let mut next = many(50);
    next.insert(1, "Comment devenir glaciologue ?".into());
    town.publish(&next).await.expect("published");

    // A byte of every pack changes.
    town.spoil("UPDATE blob SET bytes = CAST(substr(bytes, 1, 40) || x'5A' || substr(bytes, 42) AS BLOB)")
        .await;
    let corrupt = take_release(&desk, true).await;
    assert!(corrupt.is_err(), "{corrupt:?}");
    let after = status(&desk).await;
    assert_eq!(after["last"]["failed"]["code"], "catalogue_corrupt", "{after}");
    assert_eq!((&after["state"], &after["release"]), (&before["state"], &before["release"]));
    assert!(titles(&desk, "glaciologue").await.is_empty());

    // A word of the manifest changes.
    town.spoil(
        "UPDATE catalogue_release SET manifest = replace(manifest, '\"records\":50', '\"records\":51')",
    )
    .await;
    let forged = take_release(&desk, true).await;
    assert!(matches!(forged, Err(ReleaseError::Signature)), "{forged:?}");
    // Who asks for it at the screen is told so.
    let running = tokio::spawn(sync::run(desk.clone()));
    call(&desk, "catalogue.update", json!({})).await;
    let told = async {
        while status(&desk).await["last"]["failed"]["code"] != "catalogue_signature" {
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), told).await.expect("the reason is told");
    running.abort();

    // Somebody else signs it, as they should, with a key of their own.
    town.spoil("UPDATE meta SET value = hex(randomblob(32)) WHERE key = 'catalogue_key'").await;
    town.spoil("DELETE FROM catalogue_release").await;
    town.publish(&many(50)).await.expect("published by somebody else");
    town.publish(&next).await.expect("published by somebody else");
    let foreign = take_release(&desk, true).await;
    assert!(matches!(foreign, Err(ReleaseError::Signature)), "{foreign:?}");
    assert_eq!(status(&desk).await["release"], before["release"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_is_never_taken_back_to_an_older_release() {
    let mut town = Town::start().await;
    let desk = town.desk("a").await;
    town.publish(&many(20)).await.expect("published");
    let port = town.stop().await;
    std::fs::copy(town.database(), town.folder.path().join("old.db")).expect("a copy");
    town.resume(port).await;
    town.publish(&many(30)).await.expect("published");
    take_release(&desk, false).await.expect("taken");
    // Central is restored from its backup.
    town.stop().await;
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(town.folder.path().join(format!("central.db{suffix}")));
    }
    std::fs::copy(town.folder.path().join("old.db"), town.database()).expect("the backup");
    town.resume(port).await;
    let older = take_release(&desk, true).await;
    assert!(matches!(older, Err(ReleaseError::Older(_))), "{older:?}");
    assert_eq!(status(&desk).await["records"], 30);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_folder_of_central_is_made_again_from_its_pack() {
    let town = Town::start().await;
    let desk = town.desk("a").await;
    town.publish(&many(60)).await.expect("published");
    take_release(&desk, false).await.expect("taken");
    std::fs::remove_dir_all(town.folder.path().join("central.catalogue")).expect("removed");
    let mut next = many(60);
    next.insert(1, "Comment devenir glaciologue ?".into());
    let second = town.publish(&next).await.expect("published");
    assert_eq!(take_release(&desk, false).await.expect("taken"), Taken::InService(second.release));
    assert_eq!(titles(&desk, "glaciologue").await, ["Comment devenir glaciologue ?"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_the_catalogue_in_service_answers() {
    let mut town = Town::start().await;
    let desk = town.desk("a").await;
    town.publish(&many(20)).await.expect("published");
    take_release(&desk, false).await.expect("taken");
    town.stop().await;
    let offline = take_release(&desk, true).await;
    assert!(matches!(offline, Err(ReleaseError::Sync(_))), "{offline:?}");
    assert_eq!(titles(&desk, "question").await.len(), 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn official_files_are_fetched_and_what_is_missing_is_said() {
    use axum::Router;
    use axum::extract::Path as Segment;
    use axum::http::StatusCode;
    use axum::routing::get;

    let folder = tempfile::tempdir().expect("a folder");
    let files = folder.path().join("files");
    passerelle_demo::national::write(&files, 0.001, 3).expect("files");
    let served = files.clone();
    let give = move |Segment((_, name)): Segment<(String, String)>| {
        let served = served.clone();
        async move {
            let file = match name.as_str() {
                "5fa591127f501.csv" => "ideo-formations.csv",
                "5fa5949243f97.csv" => "ideo-metiers.csv",
                _ => return Err(StatusCode::NOT_FOUND),
            };
            let found =
                std::fs::read_dir(&served).expect("the folder").flatten().map(|f| f.path()).find(|p| {
                    let name = p.file_name().expect("a name").to_string_lossy().into_owned();
                    name.contains(file.trim_start_matches("ideo-").trim_end_matches(".csv"))
                        && name.ends_with(".csv")
                });
            found.map(|path| std::fs::read(path).expect("a file")).ok_or(StatusCode::NOT_FOUND)
        }
    };
    let app = Router::new().route("/downloads/{id}/{name}", get(give));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let base = format!("http://{}/downloads", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });

    let wanted = passerelle_office::catalogue::fetch::official(&base, &format!("{base}/annuaire/x.csv"));
    let into = folder.path().join("into");
    let (got, missed) = passerelle_office::catalogue::fetch::fetch(&wanted, &into, &|_| (), &Arc::default())
        .await
        .expect("a disk");
    let names: Vec<String> =
        got.iter().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["formations.csv", "metiers.csv"]);
    assert_eq!(missed.len(), 10);
    assert!(missed.iter().all(|file| file.reason.contains("404")), "{missed:?}");
    let nobody =
        passerelle_office::catalogue::fetch::official("http://127.0.0.1:9", "http://127.0.0.1:9/a.csv");
    let (none, missed) =
        passerelle_office::catalogue::fetch::fetch(&nobody[..1], &into, &|_| (), &Arc::default())
            .await
            .expect("a disk");
    assert!(none.is_empty() && missed.len() == 1, "{none:?} {missed:?}");
}
