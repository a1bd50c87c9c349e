//! Short runs of `./dev force`: real desks and a real central, killed while people book, their logs as a power cut leaves
//! them, their disks without room.

use std::process::Command;

use passerelle_tests::force::{self, Figures, Liar, Plan, Programs, Wrong};
use tempfile::TempDir;

use crate::killed::programs;

/// Nobody's desk.
const DESK: &str = "0192f3a0-0000-7000-8000-000000000000";

fn plan(folder: &TempDir) -> Plan {
    Plan {
        kills: 0,
        torn: 0,
        full: 0,
        lied_to: 0,
        liar: Liar::Desks,
        seed: 20_261_126,
        desks: 2,
        database: None,
        folder: folder.path().to_owned(),
        programs: Programs(programs().to_owned()),
    }
}

/// Runs it; nothing may be wrong.
async fn run(plan: Plan) -> Figures {
    let figures = force::run(&plan).await.unwrap_or_else(|e| panic!("seed {}: {e:?}", plan.seed));
    assert_eq!(figures.wrong, Wrong::default(), "{figures:#?}");
    figures
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_under_load_lose_and_double_nothing() {
    let folder = TempDir::new().expect("a folder");
    let figures = run(Plan { kills: 10, ..plan(&folder) }).await;
    let Figures { acknowledged, central_killed, desks_killed, .. } = figures;
    assert!(central_killed > 0 && desks_killed > 0 && acknowledged > 20, "too little happened: {figures:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn power_cuts_and_full_disks_under_load_lose_and_double_nothing() {
    let folder = TempDir::new().expect("a folder");
    let figures = run(Plan { kills: 2, torn: 8, full: 4, ..plan(&folder) }).await;
    let Figures { central_torn, desks_torn, central_full, desks_full, acknowledged, forgotten, .. } = figures;
    assert_eq!((central_torn + desks_torn, central_full + desks_full, forgotten), (8, 4, 0), "{figures:#?}");
    assert!(acknowledged > 10, "too little happened: {figures:#?}");
    assert!(desks_full == 0 || figures.refused["disk_full"] > 0, "{figures:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_lying_disk_of_a_desk_forgets_had_not_left_it_and_nothing_happens_twice() {
    let folder = TempDir::new().expect("a folder");
    let figures = run(Plan { kills: 2, lied_to: 6, liar: Liar::Desks, ..plan(&folder) }).await;
    assert_eq!(figures.lied_to, 6, "{figures:#?}");
}

/// What a program says whose files may be half a kibibyte long; what it says goes through pipes.
fn without_room(program: &str, args: &[&str]) -> (Option<i32>, String) {
    let out = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$@\"", "sh"])
        .arg(programs().join(program))
        .args(args)
        .env("RUST_LOG", "off")
        .output()
        .expect("it runs");
    (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
}

/// Runs a program that must succeed.
fn with_room(program: &str, args: &[&str]) {
    let out = Command::new(programs().join(program)).args(args).output().expect("it runs");
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
}

#[test]
fn a_program_that_is_started_without_room_says_so_and_what_helps() {
    let folder = TempDir::new().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    let database = format!("sqlite:{}", path("central.db"));
    let central = |args: &[&'static str]| [args, &["--database"]].concat();
    with_room("passerelle-central", &[&central(&["migrate"])[..], &[&database]].concat());
    for args in
        [&["serve", "--listen", "127.0.0.1:0"][..], &["migrate"], &["desk", "take-back", "--desk", DESK]]
    {
        let (code, said) = without_room("passerelle-central", &[&central(args)[..], &[&database]].concat());
        assert_eq!(code, Some(5), "{args:?}: {said}");
        assert!(said.contains("plein") && said.contains("libérez de la place"), "{args:?}: {said}");
    }
    with_room("passerelle-central", &[&central(&["check"])[..], &[&database]].concat());
    let profile = path("desk");
    with_room("passerelle", &["--profile", &profile, "init", "--demo"]);
    let (code, said) = without_room("passerelle", &["--profile", &profile, "check"]);
    assert!(
        code != Some(0) && said.contains("plein") && said.contains("Libérez de la place"),
        "{code:?}: {said}"
    );
    with_room("passerelle", &["--profile", &profile, "check"]);
}
