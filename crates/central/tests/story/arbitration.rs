//! Order, gaps, copies, dependencies, and commands of tomorrow.

use passerelle_domain::Command;
use passerelle_domain::refusal::RefusalCode;
use passerelle_protocol::sync::{CommandResult, Verdict};
use serde_json::json;
use uuid::Uuid;

use crate::office::{Central, abbeville, amiens, book, problem, receptionist};

fn refused(result: &CommandResult) -> Option<RefusalCode> {
    match &result.verdict {
        Verdict::Refused { refusal } => Some(refusal.code),
        Verdict::Accepted { .. } | Verdict::Held => None,
    }
}

#[tokio::test]
async fn a_gap_stops_the_queue_and_says_where_to_go_on() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let commands: Vec<_> = desk.free(&settings)[..3]
        .iter()
        .map(|s| Command::Book(book(&settings, s)))
        .collect::<Vec<_>>()
        .iter()
        .map(|c| desk.envelope(who, c))
        .collect();
    let head = desk.cursors[&desk.scope()];
    let answer = desk.exchange(&[commands[0].clone(), commands[2].clone()], 1000).await;
    assert_eq!(answer.results.len(), 1, "the first is decided, the third is not");
    assert_eq!(answer.expected_next, 2, "the second is missing");
    assert!(desk.cursors[&desk.scope()] > head, "the first took effect");
    let rest = desk.exchange(&commands[1..], 1000).await;
    assert_eq!((rest.results.len(), rest.expected_next), (2, 4), "sent again from there, all are decided");
    central.assert_sound().await;
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_copy_of_a_desk_is_found_out_and_goes_on_under_a_new_incarnation() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let free = desk.free(&settings);
    let first = desk.envelope(who, &Command::Book(book(&settings, &free[0])));
    let told = desk.sync(std::slice::from_ref(&first)).await;
    // Restored from an image of before: it gives number 1 to something new.
    desk.seq = 0;
    let mut new = desk.envelope(who, &Command::Book(book(&settings, free.last().expect("a slot"))));
    let answer = desk.post(&desk.request(std::slice::from_ref(&new), 1000)).await;
    assert_eq!(answer.status().as_u16(), 409);
    assert_eq!(problem(answer).await.code, "lineage_conflict");
    // New incarnation, renumbered; a command that was decided before is among them.
    desk.inc = Uuid::new_v4().simple().to_string();
    let mut again = first.clone();
    (again.seq, new.seq) = (1, 2);
    let results = desk.sync(&[again, new]).await;
    assert_eq!(results[0].verdict, told[0].verdict, "the known one has its verdict");
    assert!(matches!(results[1].verdict, Verdict::Accepted { .. }), "the new one is decided: {results:?}");
    central.running.shutdown().await;
}

#[tokio::test]
async fn another_offices_command_tells_nothing() {
    let central = Central::start().await;
    let (here, there) = (central.settings(&amiens()).await, central.settings(&abbeville()).await);
    let (mut a, mut b) = (central.desk(&amiens()).await, central.desk(&abbeville()).await);
    a.sync(&[]).await;
    let slot = a.free(&here).remove(0);
    let secret = a.envelope(receptionist(&here), &Command::Book(book(&here, &slot)));
    a.sync(std::slice::from_ref(&secret)).await;
    let mut stolen = secret;
    stolen.actor = receptionist(&there);
    let results = b.sync(&[stolen]).await;
    assert_eq!(refused(&results[0]), Some(RefusalCode::IdInUse), "{results:?}");
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_refusal_uses_its_number_and_takes_what_depends_on_it_along() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let free = desk.free(&settings);
    let mut bad = book(&settings, &free[0]);
    bad.place.minutes = 0;
    let refused_one = desk.envelope(who, &Command::Book(bad));
    let mut after = desk.envelope(who, &Command::Book(book(&settings, &free[0])));
    after.depends = vec![refused_one.id];
    let nobody = desk.envelope(Uuid::now_v7().into(), &Command::Book(book(&settings, &free[0])));
    let good = desk.envelope(who, &Command::Book(book(&settings, &free[0])));
    let results = desk.sync(&[refused_one, after, nobody, good]).await;
    let codes: Vec<_> = results.iter().map(refused).collect();
    assert_eq!(
        codes,
        [
            Some(RefusalCode::BadDuration),
            Some(RefusalCode::DependencyRefused),
            Some(RefusalCode::NotAllowed),
            None
        ],
        "refused, dependent, by nobody of this office, good"
    );
    assert!(matches!(results[3].verdict, Verdict::Accepted { .. }));
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_command_of_tomorrow_is_held_with_what_depends_on_it_and_blocks_nothing() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let free = desk.free(&settings);
    let newer =
        desk.raw(who, json!({"kind": "appointment.teleport", "args": {"to": "demain"}, "lease": "x/4"}));
    let mut after = desk.envelope(who, &Command::Book(book(&settings, &free[0])));
    after.depends = vec![newer.id];
    let malformed = desk.raw(who, json!({"kind": "enquiry.close", "args": {"id": 7}}));
    // Only central receives from outside; a desk may not pretend.
    let enquiry = desk.enquiries().remove(0);
    let forged = desk.envelope(who, &Command::ReceiveEnquiry(Box::new(enquiry)));
    let good = desk.envelope(who, &Command::Book(book(&settings, &free[0])));
    let results = desk.sync(&[newer, after, malformed, forged, good]).await;
    assert_eq!(results[0].verdict, Verdict::Held);
    assert_eq!(results[1].verdict, Verdict::Held, "what depends on it waits with it");
    assert_eq!(refused(&results[2]), Some(RefusalCode::InvalidFields));
    assert_eq!(refused(&results[3]), Some(RefusalCode::NotAllowed));
    assert!(matches!(results[4].verdict, Verdict::Accepted { .. }), "the queue goes on");
    central.assert_sound().await;
    central.running.shutdown().await;
}
