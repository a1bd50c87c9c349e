//! A desk that has nothing to send asks one short question, and exchanges when there is a reason to.

use passerelle_office::desk::Desk;
use passerelle_office::sync;
use serde_json::json;

use crate::line::Line;
use crate::parts::{Town, call, draft, free_slots, then};

/// A desk on a line of its own, with everything that central has.
async fn quiet(town: &Town) -> (Line, Desk) {
    let line = Line::to(&town.url).await;
    let code = format!("DEMO-{}", crate::parts::AMIENS);
    let clock = passerelle_office::clock::Clock::starting_at(then());
    let desk =
        sync::enrol(&town.profile("looks"), &line.url(), &code, "Accueil", clock).await.expect("enrolled");
    sync::once(&desk).await.expect("the first exchange");
    line.asked();
    (line, desk)
}

async fn poll(desk: &Desk) -> sync::SyncReport {
    sync::poll(desk).await.expect("a poll")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poll_to_which_nothing_has_happened_is_one_question() {
    // Nothing of central's own rounds may come between.
    let town = Town::start_with_poll(Some(3_600)).await;
    let (line, desk) = quiet(&town).await;
    for _ in 0..5 {
        let report = poll(&desk).await;
        assert_eq!((report.pulled, report.bytes_up, report.bytes_down), (0, 0, 0), "{report:?}");
        assert_eq!(report.poll_after_s, 3_600, "as central said last");
    }
    assert_eq!(line.asked(), ["GET /v1/heads"; 5]);
    assert_eq!(call(&desk, "status.get", json!({})).await["online"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_elsewhere_is_fetched_and_what_waits_here_is_sent() {
    let town = Town::start_with_poll(Some(3_600)).await;
    let (line, desk) = quiet(&town).await;
    let other = town.desk("other").await;
    let (kind, slots) = free_slots(&other, 2).await;
    let done = call(&other, "appointments.book", draft(&kind, &slots[0], "Ailleurs")).await;
    sync::once(&other).await.expect("sent");
    let report = poll(&desk).await;
    assert!(report.pulled >= 2, "the client and the meeting: {report:?}");
    assert_eq!(line.asked(), ["GET /v1/heads", "POST /v1/sync"]);
    let id = &done["appointment"]["id"];
    assert_eq!(call(&desk, "appointments.get", json!({ "id": id })).await["status"], "booked");

    call(&desk, "appointments.book", draft(&kind, &slots[1], "Ici")).await;
    let report = poll(&desk).await;
    assert_eq!((report.accepted, report.pending), (2, 0), "{report:?}");
    assert_eq!(line.asked(), ["POST /v1/sync"], "nobody looks who has something to say");
    poll(&desk).await;
    assert_eq!(line.asked(), ["GET /v1/heads"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_central_is_asked_as_before() {
    let town = Town::start_with_poll(Some(3_600)).await;
    let (line, desk) = quiet(&town).await;
    line.rename("/v1/heads", "/v1/chefs");
    for _ in 0..2 {
        poll(&desk).await;
    }
    assert_eq!(
        line.asked(),
        ["GET /v1/heads", "POST /v1/sync", "POST /v1/sync"],
        "asked once, then never again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_ended_is_renewed_and_a_stopped_central_noticed() {
    let mut town = Town::start_with_poll(Some(3_600)).await;
    let (line, desk) = quiet(&town).await;
    let database =
        sqlx::SqlitePool::connect(&format!("sqlite:{}", town.folder.path().join("central.db").display()))
            .await
            .expect("central's file");
    // Its memory goes with the service, the tokens with their rows.
    let port = town.stop().await;
    sqlx::query("DELETE FROM token").execute(&database).await.expect("deleted");
    database.close().await;
    let error = sync::poll(&desk).await.expect_err("central is away");
    assert_eq!(error.code(), "unreachable");
    assert_eq!(call(&desk, "status.get", json!({})).await["online"], false);
    town.resume(port).await;
    poll(&desk).await;
    assert_eq!(call(&desk, "status.get", json!({})).await["online"], true);
    line.asked();
    poll(&desk).await;
    assert_eq!(line.asked(), ["GET /v1/heads"], "as before");
}
