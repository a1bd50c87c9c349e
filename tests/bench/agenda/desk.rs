//! The desk whole: a real database file of the planned sizes, every commit flushed to the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::Days;
use passerelle_domain::command::Command;
use passerelle_domain::ids::AppointmentId;
use passerelle_domain::refusal::FreeSlot;
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::store::Step;
use passerelle_protocol::Document;
use passerelle_protocol::sync::{Change, Entity, SyncResponse, office_scope};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::office::{BigOffice, CLIENTS, ENQUIRIES, FUTURE, PAST, WEEKS, client_id};
use crate::unindexed::Unindexed;
use crate::{Measure, Naive, TIMES, say};

/// Bookings measured each way.
const BOOKINGS: usize = 60;

pub async fn measure(big: &BigOffice) -> Vec<Measure> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("agenda-{}", std::process::id()));
    let desk = fill(&folder.join("desk"), big).await;
    let size = std::fs::metadata(folder.join("desk/passerelle.db")).map_or(0, |m| m.len() / 1_000_000);
    let sizes = format!(
        "{FUTURE} coming and {PAST} past meetings, {CLIENTS} clients, {ENQUIRIES} enquiries, {size} MB, every commit on the disk"
    );
    say("bookings");
    let (from, to) = (big.today + Days::new(90), big.today + Days::new(WEEKS * 7));
    let free = apart(free_slots_of(&desk, big, from, to).await);
    assert!(free.len() > 3 * BOOKINGS, "too few free slots are left: {}", free.len());
    let mut free = free.into_iter();
    let mut taken = || free.by_ref().take(BOOKINGS).collect::<Vec<_>>();
    let commits = commit(&desk, big, &taken()).await;
    let whole = book(&desk, &taken()).await;
    let slots = taken();
    let mut measures = Vec::new();
    let mut plain = Unindexed::copy(&folder).await;
    let (all, scan) =
        (plain.book_by_reading_all(big, &slots[..7]).await, plain.book_by_scanning(big, &slots[7..40]).await);
    measures.push(Measure {
        what: format!("booking commit, {sizes}"),
        unit: "ms",
        values: commits.clone(),
        target: Some(10.0),
        naive: Some(Naive {
            what: "read all meetings of the office, compare each in a loop, insert, commit".to_owned(),
            values: all,
            times: TIMES,
        }),
    });
    measures.push(Measure {
        what: "a commit of the same row, with one query over a table without indexes instead".to_owned(),
        unit: "ms",
        values: scan,
        target: None,
        naive: None,
    });
    measures.push(plainly("the disk alone: 4 KiB appended and flushed", disk(&folder)));
    measures.push(plainly("appointments.book, from the screen's words to its answer", whole));
    measures.extend(reads(&desk, big, &mut plain).await);
    drop(plain);
    desk.store().close().await;
    // What cannot be removed lies in the target folder.
    let _ = std::fs::remove_dir_all(&folder);
    measures
}

/// Slots that leave each other alone, whoever holds them: two that are free today may want the same last room.
fn apart(mut free: Vec<FreeSlot>) -> Vec<FreeSlot> {
    free.sort_by_key(|slot| slot.start);
    let mut kept: Vec<FreeSlot> = Vec::new();
    for slot in free {
        if kept.last().is_none_or(|last| last.end + chrono::TimeDelta::minutes(30) <= slot.start) {
            kept.push(slot);
        }
    }
    kept
}

fn plainly(what: &str, values: Vec<f64>) -> Measure {
    Measure { what: what.to_owned(), unit: "ms", values, target: None, naive: None }
}

fn since(begun: Instant) -> f64 {
    begun.elapsed().as_secs_f64() * 1_000.0
}

/// What the disk takes for the least that a commit needs.
fn disk(folder: &Path) -> Vec<f64> {
    use std::io::Write;
    let mut file = std::fs::File::create(folder.join("flushed")).expect("a file");
    (0..BOOKINGS)
        .map(|_| {
            let begun = Instant::now();
            file.write_all(&[7; 4_096]).and_then(|()| file.sync_data()).expect("the disk takes it");
            since(begun)
        })
        .collect()
}

/// Commands given to the store: decided, written, queued for central, committed.
async fn commit(desk: &Desk, big: &BigOffice, slots: &[FreeSlot]) -> Vec<f64> {
    let (actor, _) = desk.actor().await.expect("the database").expect("somebody is there");
    let mut times = Vec::with_capacity(slots.len());
    for (n, slot) in slots.iter().enumerate() {
        let args = json!({
            "id": Uuid::now_v7(), "kind": big.kind, "counsellor": slot.counsellor, "site": slot.site,
            "start": slot.start.with_timezone(&big.settings.zone_of(slot.site)).naive_local(),
            "zone": big.settings.zone_of(slot.site), "minutes": (slot.end - slot.start).num_minutes(),
            "client": client_id(20_000 + n),
        });
        let command: Command =
            serde_json::from_value(json!({ "kind": "appointment.book", "args": args })).expect("a command");
        let step = Step { actor: actor.clone(), now: desk.now(), commands: vec![command], undoable: true };
        let begun = Instant::now();
        desk.store().execute(&step).await.expect("booked");
        times.push(since(begun));
    }
    times
}

/// The same as the screen does it, with its answer.
async fn book(desk: &Desk, slots: &[FreeSlot]) -> Vec<f64> {
    let zone = desk.settings().await.expect("the database").expect("settings").office.zone;
    let kind = kind_of(desk).await;
    let mut times = Vec::with_capacity(slots.len());
    for (n, slot) in slots.iter().enumerate() {
        let args = json!({
            "kind": kind, "counsellor": slot.counsellor, "site": slot.site, "client": client_id(21_000 + n),
            "start": slot.start.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string(),
        });
        let begun = Instant::now();
        call(desk, "appointments.book", args).await;
        times.push(since(begun));
    }
    times
}

async fn kind_of(desk: &Desk) -> Value {
    call(desk, "session.get", json!({})).await["office"]["kinds"][0]["id"].clone()
}

async fn call(desk: &Desk, name: &str, args: Value) -> Value {
    let answer = passerelle_office::api::call(desk, name, args.clone()).await;
    answer.unwrap_or_else(|e| panic!("{name} {args}: {e} {}", e.params))
}

/// What a screen reads most.
async fn reads(desk: &Desk, big: &BigOffice, plain: &mut Unindexed) -> Vec<Measure> {
    say("reads");
    let kind = kind_of(desk).await;
    // A past and a coming Tuesday.
    let day = |days: i64| json!({ "date": big.today + chrono::TimeDelta::days(days) });
    let next = json!({ "kind": kind, "limit": 6 });
    let late =
        json!({ "kind": kind, "limit": 6, "days": WEEKS * 7, "after_min": 16 * 60 + 30, "weekdays": [2] });
    let mut measures = Vec::new();
    for (what, name, args) in [
        ("agenda.day, tomorrow", "agenda.day", day(1)),
        ("agenda.day, three years ago", "agenda.day", day(-1_092)),
        ("agenda.next, the next six", "agenda.next", next),
        ("agenda.next, six on a Wednesday after 16:30", "agenda.next", late),
    ] {
        measures.push(plainly(what, repeated(desk, name, &args).await));
    }
    let family = big.demo.clients[5].family_name.to_lowercase();
    let typed: Vec<String> = (3..=family.chars().count()).map(|n| family.chars().take(n).collect()).collect();
    let mut values = Vec::new();
    for word in typed.iter().cycle().take(40) {
        let begun = Instant::now();
        call(desk, "clients.search", json!({ "query": word })).await;
        values.push(since(begun));
    }
    measures.push(Measure {
        what: format!("clients.search over {CLIENTS} people while {family:?} is typed"),
        unit: "ms",
        values,
        target: None,
        naive: Some(Naive {
            what: "read all people, fold their names, look into each".to_owned(),
            values: plain.search(&family).await,
            times: TIMES,
        }),
    });
    measures
}

async fn repeated(desk: &Desk, name: &str, args: &Value) -> Vec<f64> {
    call(desk, name, args.clone()).await;
    let mut values = Vec::new();
    for _ in 0..40 {
        let begun = Instant::now();
        call(desk, name, args.clone()).await;
        values.push(since(begun));
    }
    values
}

async fn free_slots_of(
    desk: &Desk,
    big: &BigOffice,
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
) -> Vec<FreeSlot> {
    use passerelle_domain::availability::{Search, days_to_load, free_slots};
    let (load_from, load_to) = days_to_load(from, to);
    let meetings = desk.store().appointments_between(load_from, load_to).await.expect("the database");
    let settings = desk.settings().await.expect("the database").expect("settings");
    let main = settings.main_site().expect("a site").id;
    let search = Search { sites: Some(vec![main]), ..Search::staff(big.kind, from, to) };
    free_slots(&settings, &meetings, &search, big.now, |_| true)
}

/// A feed of central with everything that makes the demonstration's office large.
struct Feed {
    scope: String,
    seq: u64,
    changes: Vec<Change>,
}

impl Feed {
    fn add(&mut self, entity: Entity, id: impl ToString, doc: &impl Serialize) {
        self.seq += 1;
        let doc = Some(Document::of(doc).expect("a document"));
        let (scope, id) = (self.scope.clone(), id.to_string());
        self.changes.push(Change { scope, seq: self.seq, entity, id, rev: 2, doc });
    }
}

async fn fill(profile: &Path, big: &BigOffice) -> Desk {
    say("filling a database of the planned sizes");
    let uai = &big.settings.office.uai;
    let desk =
        passerelle_office::demo::init(profile, Some(uai), Clock::starting_at(big.now)).await.expect("a desk");
    let scope = office_scope(uai);
    let seq = desk.store().cursors().await.expect("cursors")[&scope];
    let mut feed = Feed { scope, seq, changes: Vec::new() };
    let s = &big.settings;
    s.rooms.values().for_each(|doc| feed.add(Entity::Room, doc.id, doc));
    s.people.values().for_each(|doc| feed.add(Entity::Person, doc.id, doc));
    s.kinds.values().for_each(|doc| feed.add(Entity::Kind, doc.id, doc));
    s.openings.values().for_each(|doc| feed.add(Entity::Opening, doc.id, doc));
    s.absences.values().for_each(|doc| feed.add(Entity::Absence, doc.id, doc));
    big.clients().iter().for_each(|doc| feed.add(Entity::Client, doc.id, doc));
    big.enquiries().iter().for_each(|doc| feed.add(Entity::Enquiry, doc.id, doc));
    let meetings: Vec<_> = big.past().into_iter().chain(big.future(7)).collect();
    meetings.iter().for_each(|doc| feed.add(Entity::Appointment, doc.id, doc));
    assert_eq!(meetings.len(), PAST + FUTURE);
    let enrolment = desk.enrolment().expect("enrolled");
    for changes in feed.changes.chunks(10_000) {
        let answer = SyncResponse {
            epoch: String::new(),
            inc: enrolment.inc.clone(),
            server_time: big.now,
            results: Vec::new(),
            expected_next: 1,
            changes: changes.to_vec(),
            cursors: BTreeMap::new(),
            marks: BTreeMap::new(),
            has_more: false,
            poll_after_s: 0,
            unknown: None,
            check: BTreeMap::new(),
            decided: Vec::new(),
        };
        desk.store().apply(&answer, false, big.now).await.expect("the documents are taken");
    }
    let there = desk.store().appointment(AppointmentId(meetings[PAST].id.0)).await.expect("the database");
    assert!(there.is_some(), "the meetings arrived");
    desk
}
