//! `kill -9` of real processes, the desk between a booking and its exchange and central in the middle of one: nothing that
//! was said to be done is lost, nothing happens twice.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::sync;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::parts::{AMIENS, call, draft, free_slots, reopen, then};

/// The folder of the built programs; builds them first, unless `PASSERELLE_PROGRAMS=built` says that whoever runs the tests
/// has done so: all packages together are built otherwise than three of them, and Cargo would do it over again.
pub fn programs() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let here = std::env::current_exe().expect("this test");
        let folder = here.ancestors().nth(2).expect("the target folder").to_owned();
        if std::env::var_os("PASSERELLE_PROGRAMS").is_some_and(|said| said == "built") {
            return folder;
        }
        let target = folder.parent().expect("the target folder").to_owned();
        let mut build = Command::new(env!("CARGO"));
        // What Cargo says to a test of its package would make the build scripts of others run again.
        for (name, _) in std::env::vars_os() {
            if name.to_str().is_some_and(|n| n.starts_with("CARGO_PKG_") || n.starts_with("CARGO_MANIFEST_"))
            {
                build.env_remove(name);
            }
        }
        let built = build
            .args([
                "build",
                "--quiet",
                "-p",
                "passerelle-central",
                "-p",
                "passerelle-office",
                "-p",
                "passerelle-tests",
                "--bins",
            ])
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .env("CARGO_TARGET_DIR", target)
            .status()
            .expect("cargo runs");
        assert!(built.success(), "the programs are built");
        folder
    })
}

/// A process that is killed, never asked to stop.
struct Victim(Child);

impl Victim {
    fn start(program: &str, args: &[&str]) -> Self {
        let mut command = Command::new(programs().join(program));
        command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("the program starts"))
    }

    fn kill(mut self) {
        self.0.kill().expect("killed");
        self.0.wait().expect("gone");
    }
}

impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr().expect("an address").port()
}

async fn answers(url: &str) {
    for _ in 0..600 {
        if reqwest::get(url).await.is_ok_and(|a| a.status().is_success()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("{url} does not answer within half a minute");
}

struct Central {
    port: u16,
    database: String,
    process: Option<Victim>,
}

impl Central {
    async fn start(folder: &Path) -> Self {
        let database = format!("sqlite:{}", folder.join("central.db").display());
        let mut central = Self { port: free_port(), database, process: None };
        central.resume().await;
        central
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    async fn resume(&mut self) {
        let listen = format!("127.0.0.1:{}", self.port);
        let now = then().to_rfc3339();
        let args = ["serve", "--database", &self.database, "--listen", &listen, "--demo", "--now", &now];
        self.process = Some(Victim::start("passerelle-central", &args));
        answers(&format!("{}/readyz", self.url())).await;
    }

    fn kill(&mut self) {
        self.process.take().expect("central runs").kill();
    }

    async fn desk(&self, profile: &Path) -> Desk {
        let code = format!("DEMO-{AMIENS}");
        let desk = sync::enrol(profile, &self.url(), &code, "essai", Clock::starting_at(then()))
            .await
            .expect("enrolled");
        sync::once(&desk).await.expect("the first exchange");
        desk
    }
}

/// Ids of the booked meetings of one desk, from a fixed day on.
async fn booked(desk: &Desk) -> BTreeSet<String> {
    let list = call(desk, "appointments.list", json!({ "from": "2026-11-24", "status": "booked" })).await;
    list.as_array().expect("a list").iter().map(|a| a["id"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_killed_between_booking_and_exchange_loses_and_doubles_nothing() {
    let folder = TempDir::new().expect("a folder");
    let central = Central::start(folder.path()).await;
    let profile = folder.path().join("a");
    let desk = central.desk(&profile).await;
    let before = booked(&desk).await;
    let (kind, slots) = free_slots(&desk, 12).await;
    desk.store().close().await;
    drop(desk);
    let mut done: BTreeSet<String> = BTreeSet::new();
    for (round, slots) in slots.chunks(3).enumerate() {
        let listen = format!("127.0.0.1:{}", free_port());
        let now = then().to_rfc3339();
        let ui = env!("CARGO_MANIFEST_DIR");
        let profile = profile.to_str().expect("a path");
        let bridge = Victim::start(
            "passerelle-bridge",
            &["--profile", profile, "--listen", &listen, "--ui", ui, "--now", &now],
        );
        answers(&format!("http://{listen}/Cargo.toml")).await;
        for (i, slot) in slots.iter().enumerate() {
            let answer = reqwest::Client::new()
                .post(format!("http://{listen}/api/call/appointments.book"))
                .json(&draft(&kind, slot, &format!("Tour {round} {i}")))
                .send()
                .await
                .expect("the bridge answers");
            assert!(answer.status().is_success(), "booked: {:?}", answer.text().await);
            let body: Value = answer.json().await.expect("JSON");
            done.insert(body["appointment"]["id"].as_str().expect("an id").to_owned());
            // The exchange gathers for a moment: some kills fall before it, some into it, some behind it.
            tokio::time::sleep(Duration::from_millis(70 * (round as u64))).await;
        }
        bridge.kill();
    }
    let desk = reopen(&profile).await;
    sync::once(&desk).await.expect("the network is there");
    let report = sync::once(&desk).await.expect("the network is there");
    assert_eq!((report.pushed, report.pending, report.conflicts), (0, 0, 0), "all is said: {report:?}");
    let other = central.desk(&folder.path().join("b")).await;
    let expected: BTreeSet<String> = before.union(&done).cloned().collect();
    assert_eq!(booked(&desk).await, expected, "what was said to be done is there");
    assert_eq!(booked(&other).await, expected, "and central has each of them once");
}

#[tokio::test(flavor = "multi_thread")]
async fn central_killed_in_the_middle_of_an_exchange_loses_and_doubles_nothing() {
    let folder = TempDir::new().expect("a folder");
    let mut central = Central::start(folder.path()).await;
    let desk = central.desk(&folder.path().join("a")).await;
    let before = booked(&desk).await;
    let (kind, slots) = free_slots(&desk, 40).await;
    let mut done = BTreeSet::new();
    let mut cut = 0;
    for (round, slots) in slots.chunks(5).enumerate() {
        for (i, slot) in slots.iter().enumerate() {
            let out =
                call(&desk, "appointments.book", draft(&kind, slot, &format!("Coupure {round} {i}"))).await;
            done.insert(out["appointment"]["id"].as_str().expect("an id").to_owned());
        }
        let exchange = {
            let desk = desk.clone();
            tokio::spawn(async move { sync::once(&desk).await })
        };
        tokio::time::sleep(Duration::from_millis(4 * round as u64)).await;
        central.kill();
        if exchange.await.expect("the exchange ends").is_err() {
            cut += 1;
        }
        central.resume().await;
    }
    assert!(cut > 0, "no exchange was cut: the test proves nothing");
    sync::once(&desk).await.expect("the network is there");
    let report = sync::once(&desk).await.expect("the network is there");
    assert_eq!((report.pushed, report.pending, report.conflicts), (0, 0, 0), "all is said: {report:?}");
    let other = central.desk(&folder.path().join("b")).await;
    let expected: BTreeSet<String> = before.union(&done).cloned().collect();
    assert_eq!(booked(&other).await, expected, "central has each of them once");
    assert_eq!(booked(&desk).await, expected, "and the desk agrees");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_killed_anywhere_leaves_the_old_catalogue_in_service() {
    let folder = TempDir::new().expect("a folder");
    let profile = folder.path().join("a");
    let questions = folder.path().join("questions.md");
    let text = "---\npasserelle-faq: 1\ncollection: essai\npublisher: Essai\nlicence: Licence Ouverte 2.0\n---\n\
                ---\nid: un\nquestion: Quand le centre est-il ouvert ?\n---\nDu lundi au vendredi.\n";
    std::fs::write(&questions, text).expect("a file");
    let run = |path: &Path| {
        let mut command = Command::new(programs().join("passerelle"));
        command.arg("--profile").arg(&profile).args(["--json", "catalogue", "import"]).arg(path);
        command
    };
    assert!(run(&questions).output().expect("it runs").status.success(), "the first import");
    let large = folder.path().join("large");
    passerelle_demo::national::write(&large, 0.004, 1).expect("files");
    let catalogues = passerelle_office::catalogue::folder(&profile);
    let first = catalogues.in_service().expect("a pointer").expect("one is in service");

    // How long it takes here, to kill it everywhere in that time.
    let begun = std::time::Instant::now();
    let trial = folder.path().join("trial");
    let mut command = Command::new(programs().join("passerelle"));
    command.arg("--profile").arg(&trial).args(["catalogue", "import"]).arg(&large);
    assert!(command.output().expect("it runs").status.success(), "the trial");
    let whole = begun.elapsed();

    const KILLS: u32 = 12;
    let mut killed = 0;
    for round in 0..KILLS {
        let mut child = run(&large).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        tokio::time::sleep(whole * round / KILLS).await;
        child.kill().expect("killed");
        if child.wait().expect("gone").success() {
            break;
        }
        killed += 1;
        let now = catalogues.in_service().expect("a pointer").expect("one is in service");
        let opened =
            passerelle_office::catalogue::DeskCatalogue::of(&profile).ready().await.expect("it opens");
        if now != first {
            // It fell between the pointer and the end of the process.
            assert!(opened.catalogue.records() > 1_000, "what is in service is whole");
            break;
        }
        assert_eq!(opened.catalogue.records(), 1, "the old one, whole");
    }
    assert!(killed >= KILLS / 3, "only {killed} imports were cut");
    assert!(run(&large).output().expect("it runs").status.success(), "what was cut stands in nobody's way");
    let now = catalogues.in_service().expect("a pointer").expect("one is in service");
    assert_ne!(now.file, first.file);
    let left: Vec<_> = std::fs::read_dir(catalogues.path()).expect("the folder").flatten().collect();
    assert!(left.len() <= 6, "what was cut was swept: {left:?}");
}
