//! A short run of `./dev force`: real desks and a real central, killed while people book.

use passerelle_tests::force::{self, Figures, Plan, Programs, Wrong};
use tempfile::TempDir;

use crate::killed::programs;

#[tokio::test(flavor = "multi_thread")]
async fn ten_kills_under_load_lose_and_double_nothing() {
    let folder = TempDir::new().expect("a folder");
    let plan = Plan {
        kills: 10,
        seed: 20_261_126,
        desks: 2,
        database: None,
        folder: folder.path().to_owned(),
        programs: Programs(programs().to_owned()),
    };
    let figures = force::run(&plan).await.unwrap_or_else(|e| panic!("seed {}: {e:?}", plan.seed));
    let Figures { acknowledged, central_killed, desks_killed, .. } = figures;
    assert!(central_killed > 0 && desks_killed > 0 && acknowledged > 20, "too little happened: {figures:#?}");
    assert_eq!(figures.wrong, Wrong::default(), "{figures:#?}");
}
