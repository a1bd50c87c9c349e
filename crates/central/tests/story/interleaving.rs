//! Whatever several desks do, in whatever order, cut and repeated: the feed has no gap, replaying it gives the
//! documents, nobody is booked twice, and every command has one verdict.

use std::collections::BTreeMap;

use passerelle_domain::Command;
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::command::{Move, SetStatus};
use passerelle_domain::ids::{CommandId, MessageId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::refusal::FreeSlot;
use passerelle_protocol::sync::{Envelope, Verdict};
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};
use uuid::Uuid;

use crate::office::{Central, Desk, amiens, book, receptionist};

const DESKS: usize = 3;
/// Few slots and few enquiries, so that desks get in each other's way.
const SLOTS: usize = 6;

#[derive(Debug, Clone)]
enum Act {
    Book { slot: usize, enquiry: Option<usize>, client: Option<usize> },
    Move { meeting: usize, slot: usize },
    Cancel { meeting: usize },
    Reopen { meeting: usize },
    Claim { enquiry: usize },
    Note { enquiry: usize },
    Close { enquiry: usize },
}

#[derive(Debug, Clone)]
enum Step {
    /// A desk does something, offline.
    Does(usize, Act),
    /// It sends what it has; the answer may be lost.
    Sends { desk: usize, lost: bool, pull: u32 },
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..SLOTS, prop::option::of(0..4_usize), prop::option::of(0..2_usize))
            .prop_map(|(slot, enquiry, client)| Act::Book { slot, enquiry, client }),
        2 => (0..8_usize, 0..SLOTS).prop_map(|(meeting, slot)| Act::Move { meeting, slot }),
        2 => (0..8_usize).prop_map(|meeting| Act::Cancel { meeting }),
        1 => (0..8_usize).prop_map(|meeting| Act::Reopen { meeting }),
        1 => (0..4_usize).prop_map(|enquiry| Act::Claim { enquiry }),
        1 => (0..4_usize).prop_map(|enquiry| Act::Note { enquiry }),
        1 => (0..4_usize).prop_map(|enquiry| Act::Close { enquiry }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..DESKS, act()).prop_map(|(desk, act)| Step::Does(desk, act)),
        2 => (0..DESKS, any::<bool>(), 1..40_u32)
            .prop_map(|(desk, lost, pull)| Step::Sends { desk, lost, pull }),
    ]
}

/// A desk with what it has not yet had an answer to.
struct Side {
    desk: Desk,
    outbox: Vec<Envelope>,
    verdicts: BTreeMap<CommandId, Verdict>,
}

impl Side {
    fn command(&self, act: &Act, settings: &OfficeSettings, slots: &[FreeSlot]) -> Option<Command> {
        let mut meetings: Vec<Appointment> = self.desk.appointments();
        meetings.retain(|a| slots.iter().any(|s| s.start == a.start && s.counsellor == a.counsellor));
        let meeting = |i: usize| meetings.get(i % meetings.len().max(1));
        let enquiries = self.desk.enquiries();
        let enquiry = |i: usize| enquiries.get(i).map(|e| e.id);
        let set = |a: &Appointment, status, reason: Option<&str>| {
            let reason = reason.map(Into::into);
            Command::SetStatus(SetStatus { reason, ..SetStatus::to(a.id, status) })
        };
        Some(match act {
            Act::Book { slot, enquiry: e, client } => {
                let mut booking = book(settings, &slots[*slot]);
                booking.client = client.and_then(|i| self.desk.clients().get(i).map(|c| c.id));
                booking.enquiry = e.and_then(enquiry);
                Command::Book(booking)
            }
            Act::Move { meeting: m, slot } => {
                let a = meeting(*m)?;
                let place = book(settings, &slots[*slot]).place;
                Command::Move(Move {
                    id: a.id,
                    place,
                    seen_version: a.version,
                    override_reason: None,
                    seen: None,
                })
            }
            Act::Cancel { meeting: m } => set(meeting(*m)?, Status::Cancelled, Some("Formation")),
            Act::Reopen { meeting: m } => set(meeting(*m)?, Status::Booked, None),
            Act::Claim { enquiry: e } => Command::ClaimEnquiry { id: enquiry(*e)?, take_over: true },
            Act::Note { enquiry: e } => Command::NoteEnquiry {
                id: enquiry(*e)?,
                message: MessageId(Uuid::now_v7()),
                text: "Rappeler lundi".into(),
            },
            Act::Close { enquiry: e } => Command::CloseEnquiry { id: enquiry(*e)?, how: None },
        })
    }

    async fn send(&mut self, lost: bool, pull: u32) {
        if lost {
            // Everything is decided, and the answer never comes.
            let answer = self.desk.post(&self.desk.request(&self.outbox, pull)).await;
            assert_eq!(answer.status().as_u16(), 200);
            return;
        }
        let response = self.desk.exchange(&self.outbox, pull).await;
        assert_eq!(response.results.len(), self.outbox.len(), "no gap: all are decided");
        assert_eq!(response.expected_next, self.desk.seq + 1);
        for result in response.results {
            let before = self.verdicts.insert(result.id, result.verdict.clone());
            assert!(before.is_none_or(|b| b == result.verdict), "a verdict never changes");
        }
        self.outbox.clear();
    }
}

async fn run(steps: &[Step]) -> (usize, usize) {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut sides = Vec::new();
    for _ in 0..DESKS {
        let mut desk = central.desk(&amiens()).await;
        desk.sync(&[]).await;
        sides.push(Side { desk, outbox: Vec::new(), verdicts: BTreeMap::new() });
    }
    let slots: Vec<FreeSlot> = sides[0].desk.free(&settings).into_iter().take(SLOTS).collect();
    assert_eq!(slots.len(), SLOTS);
    for step in steps {
        match step {
            Step::Does(i, act) => {
                if let Some(command) = sides[*i].command(act, &settings, &slots) {
                    let envelope = sides[*i].desk.envelope(who, &command);
                    sides[*i].outbox.push(envelope);
                }
            }
            Step::Sends { desk, lost, pull } => sides[*desk].send(*lost, *pull).await,
        }
    }
    // The network heals: everything is sent, everything is read.
    for side in &mut sides {
        side.send(false, 1000).await;
    }
    // A new desk reads all from the beginning: that is the replay. Central itself goes on telling the directory which
    // slots are free next, so that all read until they stand at the same place.
    let mut fresh = central.desk(&amiens()).await;
    for _ in 0..20 {
        fresh.sync(&[]).await;
        for side in &mut sides {
            side.desk.sync(&[]).await;
        }
        if sides.iter().all(|side| side.desk.cursors == fresh.cursors) {
            break;
        }
    }
    for side in &sides {
        assert_eq!(side.desk.documents, fresh.documents, "every replica is the replay of the feed");
    }
    let meetings = fresh.appointments();
    for a in &meetings {
        for b in meetings.iter().filter(|b| b.id > a.id && a.overlaps(b)) {
            let apart = a.counsellor != b.counsellor && (a.client.is_none() || a.client != b.client);
            let group = settings.kinds[&a.kind].capacity > 1 && a.kind == b.kind;
            let reason = a.override_reason.is_some() || b.override_reason.is_some();
            assert!(apart || group || reason, "{} and {} overlap", a.id, b.id);
        }
    }
    let verdicts = || sides.iter().flat_map(|s| s.verdicts.values());
    let accepted = verdicts().filter(|v| matches!(v, Verdict::Accepted { .. })).count();
    let refused = verdicts().filter(|v| matches!(v, Verdict::Refused { .. })).count();
    // The documents are those of the database, and its own rules hold: `check` compares them with the feed.
    central.assert_sound().await;
    central.running.shutdown().await;
    (accepted, refused)
}

#[test]
fn any_interleaving_of_desks_leaves_one_state_and_no_gap() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let runs = Runs { cases: 8, max_shrink_iters: 60, failure_persistence: None, ..Runs::default() };
    let totals = std::cell::Cell::new((0, 0));
    let outcome = TestRunner::new(runs).run(&prop::collection::vec(step(), 10..70), |steps| {
        let (accepted, refused) = runtime.block_on(run(&steps));
        let before = totals.get();
        totals.set((before.0 + accepted, before.1 + refused));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let (accepted, refused) = totals.get();
    println!("{accepted} accepted, {refused} refused");
    assert!(accepted > 25 && refused > 8, "{accepted} and {refused} are too few to prove anything");
}
