//! What a `kill -9` of the real program leaves behind.

use std::time::Duration;

use passerelle_domain::Command;
use passerelle_domain::ids::AppointmentId;
use passerelle_protocol::sync::Verdict;

use crate::database::Own;
use crate::office::{Central, Desk, amiens, book, receptionist};
use crate::process::{Process, json, run, stderr};

#[tokio::test]
async fn what_was_decided_before_a_kill_stays_and_nothing_is_done_twice() {
    let own = Own::filled().await;
    let database = own.url();
    let settings = Central::start().await.settings(&amiens()).await;
    let who = receptionist(&settings);

    let mut process = Process::start(&database);
    let mut desk = Desk::enrol(&process.url, &format!("demo-{}", amiens()), &amiens()).await;
    desk.sync(&[]).await;
    let bookings: Vec<_> = desk.free(&settings).iter().take(60).map(|s| book(&settings, s)).collect();
    let commands: Vec<_> = bookings.iter().map(|b| desk.envelope(who, &Command::Book(b.clone()))).collect();
    let mut decided = Vec::new();
    for wait_ms in [4, 15, 40, 80, 120] {
        let request = desk.request(&commands, 1000);
        // The desk gives up in the middle, and central dies with whatever it was doing.
        let cut = tokio::time::timeout(Duration::from_millis(wait_ms), desk.post(&request)).await;
        drop(cut);
        drop(process);
        process = Process::start(&database);
        desk.url.clone_from(&process.url);
        desk.exchange(&[], 1000).await;
        let made: Vec<AppointmentId> = desk.appointments().iter().map(|a| a.id).collect();
        let count = bookings.iter().filter(|b| made.contains(&b.id)).count();
        assert!(decided.last().is_none_or(|before| *before <= count), "nothing decided is lost: {decided:?}");
        decided.push(count);
    }
    let results = desk.sync(&commands).await;
    assert_eq!(results.len(), commands.len(), "every command has its verdict");
    let meetings = desk.appointments();
    for (result, booking) in results.iter().zip(&bookings) {
        let made = meetings.iter().filter(|a| a.id == booking.id).count();
        let accepted = matches!(result.verdict, Verdict::Accepted { .. });
        assert_eq!(made == 1, accepted, "a meeting exists if and only if it was accepted: {result:?}");
    }
    drop(process);
    let check = run(&["check", "--database", &database, "--json"]);
    assert_eq!(check.status.code(), Some(0), "{}", stderr(&check));
    assert_eq!(json(&check)["good"], true);
}
