//! Bookings sent by desks: decided, written, flushed to the disk and answered.

use std::time::Instant;

use passerelle_protocol::sync::{MAX_COMMANDS, Verdict};

use crate::prepared::Prepared;
use crate::wire::{Desk, Given};

/// What one run took.
pub struct Pushed {
    pub seconds: f64,
    /// Bytes of bodies for each booking: its command, and its verdict with what changed.
    pub up: f64,
    pub down: f64,
}

/// All bookings, shared out among so many desks that send them at once.
pub async fn push(prepared: &Prepared, base: &str, desks: usize) -> Pushed {
    let each = prepared.bookings.len() / desks;
    let mut ready = Vec::new();
    for number in 0..desks {
        let mut desk = caught_up(prepared, base, number as u64 + 1).await;
        (desk.up, desk.down) = (0, 0);
        ready.push((desk, prepared.bookings[number * each..][..each].to_vec()));
    }
    let reception = prepared.reception;
    let begun = Instant::now();
    let sending = ready.into_iter().map(|(desk, own)| tokio::spawn(send(desk, own, reception)));
    let (mut up, mut down) = (0, 0);
    for one in sending.collect::<Vec<_>>() {
        let desk = one.await.expect("sent");
        (up, down) = (up + desk.up, down + desk.down);
    }
    let count = (each * desks) as f64;
    Pushed { seconds: begun.elapsed().as_secs_f64(), up: up as f64 / count, down: down as f64 / count }
}

/// A desk that has everything, and has said so: central has been up for a while, and knows the sums of its feeds.
pub async fn caught_up(prepared: &Prepared, base: &str, number: u64) -> Desk {
    let mut desk = Desk::enrol(base, &prepared.office, number).await;
    desk.cursors.extend(prepared.heads.iter().cloned());
    while desk.sync(Vec::new(), 0).await.has_more {}
    desk
}

async fn send(mut desk: Desk, given: Vec<Given>, actor: passerelle_domain::ids::PersonId) -> Desk {
    let mut left = given.len();
    let mut given = given.into_iter();
    while left > 0 {
        let commands = desk.envelopes(given.by_ref().take(MAX_COMMANDS).collect(), actor);
        let sent = commands.len();
        let answer = desk.sync(commands, left).await;
        assert_eq!(answer.results.len(), sent, "each has its verdict");
        for result in &answer.results {
            assert!(matches!(result.verdict, Verdict::Accepted { .. }), "{result:?}");
        }
        left -= sent;
    }
    desk
}
