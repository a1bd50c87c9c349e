//! Many at once on the same slots, through two services on one database: one has each slot, the others are refused, the
//! feed has no gap, and the server never finds a deadlock.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use passerelle_central::spawn;
use passerelle_central::store::{self, AppointmentRow, Feed, StoreError, again};
use passerelle_domain::Command;
use passerelle_domain::refusal::{FreeSlot, RefusalCode};
use passerelle_protocol::sync::{Verdict, office_scope};
use sqlx::Connection;
use tokio::task::JoinSet;

use crate::database::Own;
use crate::office::{Central, Desk, abbeville, amiens, book, config, receptionist};

const DESKS: usize = 8;
const SLOTS: usize = 30;

/// Deadlocks that the server has found in this database. What it counts is written down a little later.
async fn deadlocks(own: &Own) -> i64 {
    tokio::time::sleep(std::time::Duration::from_millis(1500)).await;
    let mut conn = own.bare().await;
    let count =
        sqlx::query_scalar("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            .fetch_one(&mut conn)
            .await
            .expect("a count");
    conn.close().await.expect("closed");
    count
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_all_who_want_a_slot_one_has_it() {
    let central = Central::start().await;
    let other = spawn(config(&central.database.location())).await.expect("a second service");
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desks = Vec::new();
    for i in 0..DESKS {
        let mut desk = central.desk(&amiens()).await;
        if i % 2 == 1 {
            desk.url = other.url();
        }
        desk.sync(&[]).await;
        desks.push(desk);
    }
    let slots: Vec<FreeSlot> = desks[0].free(&settings).into_iter().take(SLOTS).collect();
    assert_eq!(slots.len(), SLOTS);
    let before = desks[0].cursors[&desks[0].scope()];
    let slots = Arc::new(slots);
    let mut tasks = JoinSet::new();
    for (i, mut desk) in desks.into_iter().enumerate() {
        let (slots, settings) = (Arc::clone(&slots), Arc::clone(&settings));
        tasks.spawn(async move {
            let mut verdicts = Vec::new();
            for n in 0..SLOTS {
                // Each begins elsewhere and goes its own way round, so that they meet from both sides.
                let step = if i % 2 == 0 { n } else { SLOTS - 1 - n };
                let slot = &slots[(step + i * SLOTS / DESKS) % SLOTS];
                let verdict = desk.give(who, &Command::Book(book(&settings, slot))).await;
                verdicts.push(((slot.start, slot.counsellor), verdict));
            }
            (desk, verdicts)
        });
    }
    let (mut desks, mut winners, mut refusals) = (Vec::<Desk>::new(), BTreeMap::<_, usize>::new(), 0);
    for (desk, verdicts) in tasks.join_all().await {
        for (place, verdict) in verdicts {
            match verdict {
                Verdict::Accepted { .. } => *winners.entry(place).or_default() += 1,
                Verdict::Refused { refusal } => {
                    // Whoever is refused after others have filled the day may be told that of the room first.
                    assert!(
                        matches!(refusal.code, RefusalCode::SlotTaken | RefusalCode::RoomTaken),
                        "refused for the right reason: {refusal:?}"
                    );
                    refusals += 1;
                }
                Verdict::Held => panic!("this central knows the command"),
            }
        }
        desks.push(desk);
    }
    assert_eq!(winners.len() + refusals, DESKS * SLOTS, "one verdict each");
    assert!(winners.values().all(|n| *n == 1), "nobody is booked twice: {winners:?}");
    assert!(winners.len() >= SLOTS / 2, "only {} of {SLOTS} slots were booked", winners.len());
    for desk in &mut desks {
        desk.sync(&[]).await;
    }
    // Each desk has checked that every number followed the one before it.
    let head = desks[0].cursors[&desks[0].scope()];
    assert!(head >= before + winners.len() as u64, "{head} after {before}");
    for desk in &desks {
        assert_eq!(desk.cursors[&desk.scope()], head);
        let own = |d: &Desk| d.appointments();
        assert_eq!(own(desk).len(), own(&desks[0]).len(), "every desk has the same meetings");
    }
    central.assert_sound().await;
    other.shutdown().await;
    central.running.shutdown().await;
    assert_eq!(
        deadlocks(&central.database).await,
        0,
        "the office's lock leaves nothing to wait for in a circle"
    );
}

/// A meeting of a counsellor at an hour, of no kind that the rules would know.
fn meeting<'a>(scope: &'a str, id: &'a str, counsellor: &str, start_s: i64, seq: u64) -> AppointmentRow<'a> {
    AppointmentRow {
        scope,
        id,
        counsellor: counsellor.to_owned(),
        second: None,
        room: None,
        client: None,
        enquiry: None,
        start_s,
        end_s: start_s + 3600,
        status: "booked",
        blocking: true,
        overridden: false,
        session_key: None,
        seat: false,
        capacity: 1,
        held_until_s: None,
        rev: 1,
        seq,
        doc: "{}",
    }
}

/// Two offices share their counsellors: the lock of one office says nothing of the other, so that only the database
/// stands between them, and whoever waits in a circle begins again.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_two_offices_share_is_given_once_and_circles_are_undone() {
    const HOURS: i64 = 12;
    let own = Own::filled().await;
    let store = Arc::new(store::open(&own.location(), false).await.expect("a store"));
    let (won, lost) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    for (office, forward) in [(amiens(), true), (abbeville(), false)] {
        for hour in 0..HOURS {
            let (store, won, lost) = (Arc::clone(&store), Arc::clone(&won), Arc::clone(&lost));
            let scope = office_scope(&office);
            tasks.spawn(async move {
                let attempt = || async {
                    let mut tx = store.write().await?;
                    let feed = Feed::lock(&mut tx, &scope).await?.expect("the office");
                    // One transaction with both, in opposite orders at the two offices.
                    let mut both = ["shared-a", "shared-b"];
                    if !forward {
                        both.reverse();
                    }
                    for who in both {
                        let id = format!("{who}-{hour}");
                        let row = meeting(&scope, &id, who, hour * 3600, feed.head() + 1);
                        tx.keep_appointment(&row).await?;
                        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                    }
                    tx.commit().await
                };
                match again(attempt).await {
                    Ok(()) => won.fetch_add(1, Ordering::Relaxed),
                    Err(StoreError::Overlap(_)) => lost.fetch_add(1, Ordering::Relaxed),
                    Err(other) => panic!("hour {hour}: {other}"),
                };
            });
        }
    }
    tasks.join_all().await;
    let hours = usize::try_from(HOURS).expect("a count");
    assert_eq!(
        (won.load(Ordering::Relaxed), lost.load(Ordering::Relaxed)),
        (hours, hours),
        "each hour is given once"
    );
    let mut conn = own.bare().await;
    let shared = "SELECT count(*) FROM taken JOIN appointment USING (scope, id)
                  WHERE counsellor IN ('shared-a', 'shared-b')";
    let rows: i64 = sqlx::query_scalar(shared).fetch_one(&mut conn).await.expect("a count");
    assert_eq!(rows, 2 * HOURS, "both meetings of whoever won, and nothing of whoever lost");
    conn.close().await.expect("closed");
    store.close().await;
}
