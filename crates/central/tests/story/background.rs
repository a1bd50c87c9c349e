//! What central does by itself, and the hints by which desks learn of it.

use std::time::Duration;

use passerelle_domain::Command;
use passerelle_domain::appointment::Status;
use passerelle_protocol::sync::{DIRECTORY, DirectoryOffice, Entity, Verdict};

use crate::office::{Central, Desk, abbeville, amiens, book, enquiry, now, post_enquiry, receptionist};

/// Pulls until something holds; fails after some seconds.
async fn eventually(desk: &mut Desk, what: &str, mut holds: impl FnMut(&Desk) -> bool) {
    for _ in 0..150 {
        desk.sync(&[]).await;
        if holds(desk) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never came: {what}");
}

#[tokio::test]
async fn a_proposal_that_nobody_answers_ends_and_frees_its_time() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let slot = desk.free(&settings).remove(0);
    let mut hold = book(&settings, &slot);
    hold.held_until = Some(central.running.service().now() + chrono::Duration::seconds(2));
    let id = hold.id;
    let verdict = desk.give(receptionist(&settings), &Command::Hold(hold)).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    assert!(!desk.free(&settings).contains(&slot), "a proposal takes its time");
    let status = |desk: &Desk| desk.appointments().iter().find(|a| a.id == id).map(|a| a.status);
    eventually(&mut desk, "the end of the proposal", |d| status(d) == Some(Status::Expired)).await;
    assert!(desk.free(&settings).contains(&slot), "its time is free again");
    central.assert_sound().await;
    central.running.shutdown().await;
}

#[tokio::test]
async fn the_directory_shows_the_next_free_slots_and_follows_bookings() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let (mut here, mut there) = (central.desk(&amiens()).await, central.desk(&abbeville()).await);
    let entry = |desk: &Desk| -> DirectoryOffice {
        let key = (DIRECTORY.to_owned(), Entity::DirectoryOffice, amiens().to_string());
        let (_, doc) = desk.documents.get(&key).expect("an entry");
        serde_json::from_value(doc.clone()).expect("an office")
    };
    eventually(&mut there, "the next slots of Amiens", |d| entry(d).next_slots.len() == 3).await;
    let first = entry(&there).next_slots.remove(0);
    assert!(first.start > now(), "{first:?} is ahead");
    here.sync(&[]).await;
    // All that begin then, whoever has them.
    let taken: Vec<_> = here.free(&settings).into_iter().filter(|s| s.start == first.start).collect();
    assert!(!taken.is_empty(), "the office's own desk sees the slot too");
    for slot in &taken {
        here.give(receptionist(&settings), &Command::Book(book(&settings, slot))).await;
    }
    eventually(&mut there, "other slots", |d| entry(d).next_slots.iter().all(|s| s.start != first.start))
        .await;
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_listener_hears_of_its_own_feeds() {
    let central = Central::start().await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let url = central.url("/v1/events");
    let refused = desk.http.get(&url).send().await.expect("an answer");
    assert_eq!(refused.status().as_u16(), 401);
    let mut stream = desk.http.get(&url).bearer_auth(&desk.token).send().await.expect("a stream");
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    let mut heard = String::new();
    let mut listen = async |until: &str| {
        tokio::time::timeout(Duration::from_secs(10), async {
            while !heard.contains(until) {
                let chunk = stream.chunk().await.expect("a chunk").expect("the stream goes on");
                heard.push_str(&String::from_utf8_lossy(&chunk));
            }
            heard.clone()
        })
        .await
        .unwrap_or_else(|_| panic!("{until} was not heard"))
    };
    let head = desk.cursors[&desk.scope()];
    let hint = |head: u64| format!("event: hint\ndata: {{\"scope\":\"{}\",\"head\":{head}}}", desk.scope());
    listen(&hint(head)).await;
    post_enquiry(&central, "elsewhere", &enquiry("80100")).await;
    post_enquiry(&central, "here", &enquiry("80090")).await;
    let all = listen(&hint(head + 1)).await;
    assert!(!all.contains(abbeville().as_str()), "nothing of another office: {all}");
    central.running.shutdown().await;
}
