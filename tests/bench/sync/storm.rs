//! All desks of the country come back after an outage of two days, each with fifty commands: they come within a few
//! seconds, prove themselves, send what they have, and whoever is told to come again comes again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use passerelle_central::administration::{self, By, NewOffice};
use passerelle_central::store::{self, Location};
use passerelle_domain::client::Client;
use passerelle_domain::ids::{ClientId, PersonId, Uai};
use passerelle_domain::people::{Person, Role, Title};
use passerelle_protocol::sync::Verdict;
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::prepared::Prepared;
use crate::served::Central;
use crate::wire::{Desk, Given, Said};

/// Desks of the country.
pub const DESKS: usize = 5_000;
/// What each has done meanwhile.
pub const EACH: usize = 50;
/// All of them come back within so many seconds.
const WITHIN_S: usize = 10;

/// What came of it.
pub struct Drained {
    pub seconds: f64,
    /// Of each exchange that was answered with verdicts, from its sending to its answer.
    pub calls_ms: Vec<f64>,
    /// Answers that told a desk to come again.
    pub again: u64,
    /// Requests that were not answered.
    pub unanswered: u64,
    /// The most memory that central has had, megabytes.
    pub memory_mb: f64,
}

struct Returning {
    desk: Desk,
    actor: PersonId,
    given: Vec<Given>,
}

/// Offices beside that of the planned size, ten desks in each; in all the number that there are in France.
const OFFICES: usize = DESKS / TO_AN_OFFICE - 1;
const TO_AN_OFFICE: usize = 10;

/// The other offices, each with somebody who receives.
pub async fn found(location: &str) -> Vec<(Uai, PersonId)> {
    let location = Location::parse(location).expect("a database");
    let store = store::open(&location, false).await.expect("the database");
    let mut free = (9_000_000_u32..)
        .filter_map(|n| ('A'..='Z').find_map(|letter| Uai::parse(&format!("{n:07}{letter}")).ok()));
    let mut found = Vec::new();
    for n in 0..OFFICES {
        let uai = free.next().expect("a code");
        let office = NewOffice {
            uai: uai.clone(),
            name: format!("CIO n° {n}"),
            town: "Essai".into(),
            address: "1 rue de l’Essai".into(),
            postal_code: "80090".into(),
            phone: None,
            mail: None,
        };
        let by = By::command_line(chrono::Utc::now());
        administration::add_office(&store, office, &by).await.expect("an office");
        let person = Person {
            id: administration::person_id(),
            login: "accueil".into(),
            title: Title::Mme,
            given_name: "Anne".into(),
            family_name: "Essai".into(),
            role: Role::Receptionist,
            usual_place: None,
            active: true,
        };
        administration::add_user(&store, &uai, &person, &by).await.expect("a person");
        found.push((uai, person.id));
    }
    store.close().await;
    found
}

/// The desks as they were before the outage, with all that there was. Those of the office of the planned size have booked,
/// those of the others have taken people down.
pub async fn ready(prepared: &Prepared, central: &Central, offices: &[(Uai, PersonId)]) -> Vec<Ready> {
    let working = Arc::new(Semaphore::new(8));
    let mut enrolling = Vec::new();
    for number in 0..DESKS {
        let own = (number / TO_AN_OFFICE).checked_sub(1).and_then(|n| offices.get(n)).cloned();
        let given = match own {
            None => prepared.bookings[number * EACH..][..EACH].to_vec(),
            Some(_) => people(number, prepared),
        };
        let heads = if own.is_none() { prepared.heads.clone() } else { Vec::new() };
        let (office, actor) = own.unwrap_or((prepared.office.clone(), prepared.reception));
        let (base, working) = (central.url.clone(), Arc::clone(&working));
        enrolling.push(tokio::spawn(async move {
            let _turn = working.acquire_owned().await.expect("a turn");
            let mut desk = Desk::enrol(&base, &office, number as u64 + 1).await;
            desk.cursors.extend(heads);
            while desk.sync(Vec::new(), 0).await.has_more {}
            Ready(Returning { desk, actor, given })
        }));
    }
    let mut all = Vec::new();
    for one in enrolling {
        all.push(one.await.expect("enrolled"));
    }
    all
}

/// One of them.
pub struct Ready(Returning);

/// People whom a desk has taken down.
fn people(number: usize, prepared: &Prepared) -> Vec<Given> {
    let person = |n: usize| {
        let client = Client {
            id: ClientId(Uuid::now_v7()),
            family_name: format!("Famille {number}"),
            given_name: format!("Enfant {n}"),
            // Somebody of the office of the planned size.
            referent: None,
            ..prepared.somebody.clone()
        };
        let command = json!({ "kind": "client.create", "args": client });
        Given { id: Uuid::now_v7(), at: prepared.now, command }
    };
    (0..EACH).map(person).collect()
}

/// They come back.
pub async fn come_back(central: &Central, ready: Vec<Ready>) -> Drained {
    let begun = Instant::now();
    let returning: Vec<_> = ready
        .into_iter()
        .enumerate()
        .map(|(number, Ready(one))| {
            let wait = Duration::from_millis((number * 7_919 % DESKS * WITHIN_S * 1_000 / DESKS) as u64);
            tokio::spawn(async move {
                tokio::time::sleep(wait).await;
                send(one, number as u64).await
            })
        })
        .collect();
    let mut drained = Drained { seconds: 0.0, calls_ms: Vec::new(), again: 0, unanswered: 0, memory_mb: 0.0 };
    for one in returning {
        let sent = one.await.expect("sent");
        drained.calls_ms.extend(sent.calls_ms);
        drained.again += sent.again;
        drained.unanswered += sent.unanswered;
    }
    drained.seconds = begun.elapsed().as_secs_f64();
    drained.memory_mb = central.most_memory_mb();
    drained
}

struct Sent {
    calls_ms: Vec<f64>,
    again: u64,
    unanswered: u64,
}

/// Until all has its verdict, as a desk does it: a token first, for the one that it had has ended.
async fn send(mut one: Returning, number: u64) -> Sent {
    let mut sent = Sent { calls_ms: Vec::new(), again: 0, unanswered: 0 };
    let mut patience_s = 2.0;
    let (mut has_token, mut pushed) = (false, false);
    let commands = one.desk.envelopes(one.given.clone(), one.actor);
    loop {
        let asked = Instant::now();
        let told: Said<()> = if has_token {
            let (next, left): (&[_], _) = if pushed { (&[], 0) } else { (&commands, EACH) };
            match one.desk.try_sync(next.to_vec(), left).await {
                Said::Yes(answer) => {
                    sent.calls_ms.push(asked.elapsed().as_secs_f64() * 1_000.0);
                    assert_eq!(answer.results.len(), next.len(), "each has its verdict");
                    for result in &answer.results {
                        assert!(matches!(result.verdict, Verdict::Accepted { .. }), "{result:?}");
                    }
                    if !answer.has_more {
                        return sent;
                    }
                    (pushed, patience_s) = (true, 2.0);
                    continue;
                }
                Said::Again(after_s) => Said::Again(after_s),
                Said::Nothing => Said::Nothing,
            }
        } else {
            match one.desk.try_renew().await {
                Said::Yes(()) => {
                    has_token = true;
                    continue;
                }
                other => other,
            }
        };
        // The timer of a desk: decorrelated jitter, and what central asks for before it.
        patience_s = (patience_s * (1.5 + (number % 16) as f64 / 10.0)).min(300.0);
        let wait = match told {
            Said::Again(after_s) => {
                sent.again += 1;
                after_s as f64 + 2.0 + (number % 40) as f64 / 10.0
            }
            _ => {
                sent.unanswered += 1;
                patience_s
            }
        };
        tokio::time::sleep(Duration::from_secs_f64(wait)).await;
    }
}
