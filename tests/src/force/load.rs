//! Somebody at a desk, who books, moves and cancels, and writes down what the desk said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::DeskProcess;
use super::part::{Address, Said};
use crate::dice::Dice;

/// Free slots that are booked from.
const SLOTS: usize = 3_000;

/// What the desks said.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// Meetings that were said to be booked, by the name of their client.
    pub acknowledged: BTreeMap<String, String>,
    /// Clients of bookings that nobody was told the end of.
    pub unanswered: BTreeSet<String>,
    /// Bookings refused at once.
    pub refused: usize,
    /// Meetings that a disk may have lost which had said that it has written them: they had not left their desk.
    pub may_be_lost: BTreeSet<String>,
}

impl Told {
    pub fn add(&mut self, other: Self) {
        self.acknowledged.extend(other.acknowledged);
        self.unanswered.extend(other.unanswered);
        self.refused += other.refused;
        self.may_be_lost.extend(other.may_be_lost);
    }
}

/// Free slots to book, and the kind that they are for.
#[derive(Debug)]
pub(super) struct Slots {
    kind: String,
    free: Vec<Value>,
}

/// Asks a desk for them.
pub(super) async fn slots(desk: &DeskProcess) -> Result<Slots> {
    let desk = desk.address();
    let call = async |name: &str, args: Value| desk.call(name, &args).await.done();
    let session = call("session.get", json!({})).await?;
    let kind = session["office"]["kinds"][0]["id"].as_str().context("a kind")?.to_owned();
    let (mut free, mut from) = (Vec::new(), "2026-11-24".to_owned());
    while free.len() < SLOTS {
        let next =
            call("agenda.next", json!({ "kind": kind, "limit": 500, "from": from, "days": 120 })).await?;
        let day = |slot: &Value| {
            slot["local"].as_str().unwrap_or_default().get(..10).unwrap_or_default().to_owned()
        };
        let found = next["slots"].as_array().context("slots")?.clone();
        let Some(last) = found.last().map(&day) else { break };
        // The last day may be cut off: it is asked for again.
        free.extend(found.into_iter().filter(|slot| day(slot) != last));
        if last == from {
            break;
        }
        from = last;
    }
    ensure!(free.len() > 100, "only {} free slots", free.len());
    Ok(Slots { kind, free })
}

/// Works at a desk until it is told to stop.
pub(super) async fn book(
    n: usize,
    desk: Address,
    slots: Arc<Slots>,
    mut dice: Dice,
    stop: Arc<AtomicBool>,
) -> Result<Told> {
    let mut told = Told::default();
    let mut mine: Vec<String> = Vec::new();
    for round in 0_u32.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        tokio::time::sleep(dice.millis(120)).await;
        let slot = &slots.free[dice.below(slots.free.len())];
        // Each name once: whoever is on record twice was put there by one booking that happened twice.
        let name = format!("Poste {n} tour {round}");
        match dice.below(10) {
            0 if !mine.is_empty() => {
                let id = &mine[dice.below(mine.len())];
                let args = json!({
                    "id": id, "start": slot["local"], "counsellor": slot["counsellor"]["id"], "site": slot["site"],
                });
                // Moved or not, the meeting stays.
                desk.call("appointments.move", &args).await;
            }
            1 if !mine.is_empty() => {
                let id = &mine[dice.below(mine.len())];
                let args = json!({ "id": id, "status": "cancelled", "reason": "Essai" });
                desk.call("appointments.set_status", &args).await;
            }
            _ => {
                let args = json!({
                    "kind": slots.kind, "counsellor": slot["counsellor"]["id"], "start": slot["local"],
                    "site": slot["site"],
                    "new_client": { "family_name": "Essai", "given_name": name, "birth_date": "04/03/2010" },
                });
                match desk.call("appointments.book", &args).await {
                    Said::Done(done) => {
                        let id = done["appointment"]["id"].as_str().context("an id")?.to_owned();
                        mine.push(id.clone());
                        told.acknowledged.insert(name, id);
                    }
                    Said::Refused(_) => told.refused += 1,
                    Said::Cut => {
                        told.unanswered.insert(name);
                    }
                    // It is dead: it is not asked again at once.
                    Said::Away => tokio::time::sleep(Duration::from_millis(60)).await,
                }
            }
        }
    }
    Ok(told)
}
