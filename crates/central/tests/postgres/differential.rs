//! SQLite against PostgreSQL: whatever is asked of both, both answer the same and hold the same.

use std::sync::Arc;

use chrono::Duration;
use passerelle_central::arbitration;
use passerelle_central::store::{self, AppointmentRow, Feed, Location, Overlap, Page, Store, StoreError};
use passerelle_domain::appointment::Status;
use passerelle_domain::availability::{Search, free_slots};
use passerelle_domain::command::{Book, MergeClients, Move, SetStatus};
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{AppointmentId, ClientId, DeskId, EnquiryId, KindId, MessageId, WaitingId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::{Actor, Role};
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::waiting::{CloseReason, NewWaiting, Wish};
use passerelle_domain::{Command, OfficeState, Refusal};
use passerelle_protocol::sync::office_scope;
use proptest::prelude::*;
use proptest::test_runner::{Config as Runs, TestRunner};
use tokio::sync::OnceCell;
use uuid::Uuid;

use crate::database::Own;
use crate::office::{book, now};

/// Few of everything, so that commands get in each other's way.
const SLOTS: usize = 5;
const FEW: usize = 4;
/// Meetings that one run can name.
const MEETINGS: usize = 10;

#[derive(Debug, Clone)]
pub struct Where {
    kind: usize,
    slot: usize,
    room: bool,
    reason: bool,
}

#[derive(Debug, Clone)]
pub enum Act {
    Book { place: Where, client: Option<usize>, enquiry: Option<usize>, waiting: Option<usize> },
    Hold { place: Where, enquiry: usize },
    Move { meeting: usize, place: Where },
    Status { meeting: usize, status: usize },
    Claim { enquiry: usize },
    Note { enquiry: usize },
    Close { enquiry: usize },
    Reopen { enquiry: usize },
    Identify { enquiry: usize, client: usize },
    Wait { client: usize, kind: usize },
    EndWait { waiting: usize },
    Merge { from: usize, into: usize },
    Unmerge { client: usize },
}

fn place() -> impl Strategy<Value = Where> {
    (0..3_usize, 0..SLOTS, any::<bool>(), prop::bool::weighted(0.15))
        .prop_map(|(kind, slot, room, reason)| Where { kind, slot, room, reason })
}

pub fn act() -> impl Strategy<Value = Act> {
    let one = || 0..FEW;
    prop_oneof![
        5 => (place(), prop::option::of(one()), prop::option::of(one()), prop::option::weighted(0.2, one()))
            .prop_map(|(place, client, enquiry, waiting)| Act::Book { place, client, enquiry, waiting }),
        1 => (place(), one()).prop_map(|(place, enquiry)| Act::Hold { place, enquiry }),
        3 => (0..MEETINGS, place()).prop_map(|(meeting, place)| Act::Move { meeting, place }),
        3 => (0..MEETINGS, 0..Status::ALL.len()).prop_map(|(meeting, status)| Act::Status { meeting, status }),
        1 => one().prop_map(|enquiry| Act::Claim { enquiry }),
        1 => one().prop_map(|enquiry| Act::Note { enquiry }),
        1 => one().prop_map(|enquiry| Act::Close { enquiry }),
        1 => one().prop_map(|enquiry| Act::Reopen { enquiry }),
        1 => (one(), one()).prop_map(|(enquiry, client)| Act::Identify { enquiry, client }),
        1 => (one(), 0..3_usize).prop_map(|(client, kind)| Act::Wait { client, kind }),
        1 => one().prop_map(|waiting| Act::EndWait { waiting }),
        1 => (one(), one()).prop_map(|(from, into)| Act::Merge { from, into }),
        1 => one().prop_map(|client| Act::Unmerge { client }),
    ]
}

/// What a run may name.
pub struct Names {
    pub settings: Arc<OfficeSettings>,
    kinds: Vec<(KindId, Vec<FreeSlot>)>,
    clients: Vec<ClientId>,
    enquiries: Vec<EnquiryId>,
    pub actor: Actor,
}

impl Names {
    pub fn of(state: &OfficeState) -> Self {
        let settings = Arc::clone(&state.settings);
        let today = settings.local_date(now());
        let mut kinds: Vec<_> = settings.kinds.values().filter(|k| k.active).collect();
        // Group sessions among them: their seats are counted too.
        kinds.sort_by_key(|k| (std::cmp::Reverse(k.capacity > 1), k.rank, k.id));
        let slots = |kind| {
            let search = Search::staff(kind, today, today + Duration::days(21));
            let free = free_slots(&settings, state.appointments.values(), &search, now(), |_| true);
            free.into_iter().take(SLOTS).collect::<Vec<_>>()
        };
        let kinds: Vec<_> =
            kinds.iter().map(|k| (k.id, slots(k.id))).filter(|(_, s)| !s.is_empty()).take(3).collect();
        assert!(!kinds.is_empty(), "there is something to book");
        let person = settings.people.values().find(|p| p.role == Role::Director).expect("a director");
        let actor = Actor::Staff { person: person.id, role: person.role, desk: DeskId(Uuid::from_u128(1)) };
        Self {
            clients: state.clients.keys().take(FEW).copied().collect(),
            enquiries: state.enquiries.values().filter(|e| e.status.open()).take(FEW).map(|e| e.id).collect(),
            settings,
            kinds,
            actor,
        }
    }

    fn booking(&self, place: &Where, n: usize) -> Book {
        let (kind, slots) = &self.kinds[place.kind % self.kinds.len()];
        let slot = &slots[place.slot % slots.len()];
        let mut booking = book(&self.settings, slot);
        booking.id = meeting(n);
        booking.kind = *kind;
        booking.place.room = slot.room.filter(|_| place.room);
        booking.override_reason = place.reason.then(|| "Demande du chef d’établissement".to_owned());
        booking
    }

    pub fn command(&self, act: &Act, n: usize) -> Command {
        let client = |i: usize| self.clients[i % self.clients.len()];
        let enquiry = |i: usize| self.enquiries[i % self.enquiries.len()];
        match act {
            Act::Book { place, client: c, enquiry: e, waiting } => Command::Book(Book {
                client: c.map(client),
                enquiry: e.map(enquiry),
                waiting: waiting.map(waits),
                ..self.booking(place, n)
            }),
            Act::Hold { place, enquiry: e } => Command::Hold(Book {
                enquiry: Some(enquiry(*e)),
                held_until: Some(now() + Duration::hours(20)),
                ..self.booking(place, n)
            }),
            Act::Move { meeting: m, place } => {
                let Book { place, override_reason, .. } = self.booking(place, *m);
                // The version that everybody has seen at first: later moves are refused as stale, unless said.
                Command::Move(Move { id: meeting(*m), place, seen_version: 1, override_reason, seen: None })
            }
            Act::Status { meeting: m, status } => Command::SetStatus(SetStatus {
                reason: Some("Formation".into()),
                ..SetStatus::to(meeting(*m), Status::ALL[*status])
            }),
            Act::Claim { enquiry: e } => Command::ClaimEnquiry { id: enquiry(*e), take_over: true },
            Act::Note { enquiry: e } => Command::NoteEnquiry {
                id: enquiry(*e),
                message: MessageId(Uuid::from_u128(0x3000 + n as u128)),
                text: "Rappeler lundi ; « zéro » : \0".into(),
            },
            Act::Close { enquiry: e } => Command::CloseEnquiry { id: enquiry(*e), how: None },
            Act::Reopen { enquiry: e } => Command::ReopenEnquiry { id: enquiry(*e) },
            Act::Identify { enquiry: e, client: c } => {
                Command::IdentifyClient { id: enquiry(*e), client: client(*c) }
            }
            Act::Wait { client: c, kind } => Command::AddWaiting(Box::new(NewWaiting {
                id: waits(n),
                client: client(*c),
                wish: Wish::any(self.kinds[kind % self.kinds.len()].0),
            })),
            Act::EndWait { waiting } => {
                Command::CloseWaiting { id: waits(*waiting), reason: CloseReason::NoLongerWanted }
            }
            Act::Merge { from, into } => Command::MergeClients(MergeClients {
                id: client(*from),
                into: client(*into),
                take: Vec::new(),
            }),
            Act::Unmerge { client: c } => Command::UnmergeClient { id: client(*c) },
        }
    }
}

fn meeting(n: usize) -> AppointmentId {
    AppointmentId(Uuid::from_u128(0x1000 + (n % MEETINGS) as u128))
}

fn waits(n: usize) -> WaitingId {
    WaitingId(Uuid::from_u128(0x2000 + (n % FEW) as u128))
}

/// The office of the demonstration that all runs begin with.
pub fn office() -> OfficeState {
    let office = passerelle_demo::build_at(now(), chrono_tz::Europe::Paris).offices.remove(0);
    OfficeState {
        appointments: office.appointments.into_iter().map(|a| (a.id, a)).collect(),
        enquiries: office.enquiries.into_iter().map(|e| (e.id, e)).collect(),
        clients: office.clients.into_iter().map(|c| (c.id, c)).collect(),
        waiting: office.waiting.into_iter().map(|w| (w.id, w)).collect(),
        ..OfficeState::new(Arc::new(office.settings))
    }
}

async fn fill(store: &Store, office: &OfficeState) -> Result<(), StoreError> {
    let scope = office_scope(&office.settings.office.uai);
    let mut tx = store.write().await?;
    tx.create_feed(&scope).await?;
    let mut feed = Feed::lock(&mut tx, &scope).await?.expect("the feed");
    for (entity, id, doc) in store::settings_documents(&office.settings)? {
        store::put_document(&mut tx, &mut feed, entity, &id, &doc).await?;
    }
    let mut touched: Vec<Touched> = office.clients.keys().map(|id| Touched::Client(*id)).collect();
    touched.extend(office.enquiries.keys().map(|id| Touched::Enquiry(*id)));
    touched.extend(office.appointments.keys().map(|id| Touched::Appointment(*id)));
    touched.extend(office.waiting.keys().map(|id| Touched::Waiting(*id)));
    store::write_touched(&mut tx, &mut feed, office, &touched).await?;
    feed.save(&mut tx).await?;
    tx.commit().await
}

/// Both databases, filled alike once; every run begins with a copy of each.
struct Both {
    sqlite: tempfile::TempDir,
    postgres: Own,
}

static FILLED: OnceCell<Both> = OnceCell::const_new();

async fn open(location: &Location, create: bool) -> Store {
    store::open(location, create).await.expect("a store")
}

pub async fn both() -> (tempfile::TempDir, [Store; 2]) {
    let filled = FILLED
        .get_or_init(|| async {
            let (sqlite, postgres) = (tempfile::tempdir().expect("a folder"), Own::empty().await);
            for location in [sqlite.path().join("central.db").into(), postgres.location()] {
                let store = open(&location, true).await;
                fill(&store, &office()).await.expect("filled");
                store.close().await;
            }
            Both { sqlite, postgres }
        })
        .await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("central.db");
    std::fs::copy(filled.sqlite.path().join("central.db"), &file).expect("a copy");
    let own = Own::copy_of(&filled.postgres).await;
    let stores = [open(&file.into(), false).await, open(&own.location(), false).await];
    (folder, stores)
}

pub async fn decide(
    store: &Store,
    names: &Names,
    command: &Command,
) -> Result<Result<(), Refusal>, StoreError> {
    let uai = &names.settings.office.uai;
    let mut tx = store.write().await?;
    let mut feed = Feed::lock(&mut tx, &office_scope(uai)).await?.expect("the office");
    let settings = store.settings(&mut tx, uai).await?.expect("the settings");
    let done = arbitration::execute(&mut tx, &mut feed, &settings, command, &names.actor, now()).await?;
    feed.save(&mut tx).await?;
    tx.commit().await?;
    Ok(done)
}

/// A feed but for its marks, which are drawn.
pub async fn feed(store: &Store, scope: &str) -> Page {
    let mut tx = store.read().await.expect("a reader");
    let page = store::page(&mut tx, scope, 0, 100_000, usize::MAX, Vec::new()).await.expect("a page");
    Page { here: None, there: None, ..page.expect("the feed") }
}

pub async fn assert_sound(store: &Store) {
    let mut tx = store.read().await.expect("a reader");
    for finding in tx.inspect().await.expect("an inspection") {
        assert_eq!(finding.broken, 0, "the rule {} is broken", finding.rule);
    }
}

async fn run(acts: &[Act]) -> (usize, usize) {
    let (_folder, [sqlite, postgres]) = both().await;
    let names = Names::of(&office());
    let scope = office_scope(&names.settings.office.uai);
    let mut counts = (0, 0);
    for (n, act) in acts.iter().enumerate() {
        let command = names.command(act, n);
        let one = decide(&sqlite, &names, &command).await.expect("SQLite decides");
        let two = decide(&postgres, &names, &command).await.expect("PostgreSQL decides");
        assert_eq!(one, two, "{command:?}");
        if one.is_ok() {
            counts.0 += 1;
        } else {
            counts.1 += 1;
        }
    }
    let (one, two) = (feed(&sqlite, &scope).await, feed(&postgres, &scope).await);
    assert_eq!(one.head, one.cursor, "the whole feed was read");
    assert_eq!(one, two, "the same changes in the same order");
    for store in [&sqlite, &postgres] {
        assert_sound(store).await;
        store.close().await;
    }
    counts
}

pub fn runs(cases: u32) -> Runs {
    Runs { cases, max_shrink_iters: 80, failure_persistence: None, ..Runs::default() }
}

#[test]
fn whatever_is_commanded_both_decide_and_write_the_same() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let totals = std::cell::Cell::new((0, 0));
    let outcome = TestRunner::new(runs(24)).run(&prop::collection::vec(act(), 10..50), |acts| {
        let (accepted, refused) = runtime.block_on(run(&acts));
        let before = totals.get();
        totals.set((before.0 + accepted, before.1 + refused));
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let (accepted, refused) = totals.get();
    println!("{accepted} accepted, {refused} refused, on both");
    assert!(accepted > 100 && refused > 60, "{accepted} and {refused} are too few to prove anything");
}

/// A meeting as no rule has looked at it.
#[derive(Debug, Clone)]
struct Row {
    id: usize,
    counsellors: (usize, Option<usize>),
    room: Option<usize>,
    client: Option<usize>,
    start: i64,
    length: i64,
    blocking: bool,
    overridden: bool,
    session: Option<usize>,
    seat: bool,
}

fn row() -> impl Strategy<Value = Row> {
    let some = |n: usize| prop::option::weighted(0.4, 0..n);
    let when = (0..6_i64, 1..4_i64);
    let how = (prop::bool::weighted(0.8), prop::bool::weighted(0.15), some(2), any::<bool>());
    (0..8_usize, (0..3_usize, prop::option::weighted(0.2, 3..5_usize)), some(2), some(3), when, how).prop_map(
        |(id, counsellors, room, client, (start, length), (blocking, overridden, session, seat))| Row {
            id,
            counsellors,
            room,
            client,
            start,
            length,
            blocking,
            overridden,
            session,
            seat,
        },
    )
}

/// Writes a row as it is; what the database says. A row of an id that is there is changed.
async fn write(store: &Store, scope: &str, row: &Row) -> Result<Result<(), Overlap>, StoreError> {
    let id = format!("row-{}", row.id);
    let mut tx = store.write().await?;
    let rev = tx.appointment_rev(scope, &id).await?.unwrap_or(0) + 1;
    let session = row.session.map(|s| format!("session-{s}"));
    let kept = tx
        .keep_appointment(&AppointmentRow {
            scope,
            id: &id,
            counsellor: format!("counsellor-{}", row.counsellors.0),
            second: row
                .counsellors
                .1
                .map(|c| format!("counsellor-{}", c % 3))
                .filter(|_| row.counsellors.0 != 0),
            room: row.room.map(|r| format!("room-{r}")),
            client: row.client.map(|c| format!("client-{c}")),
            enquiry: None,
            start_s: row.start * 600,
            end_s: (row.start + row.length) * 600,
            status: "booked",
            blocking: row.blocking,
            overridden: row.overridden,
            session_key: session.as_deref(),
            seat: row.seat && session.is_some(),
            capacity: 2,
            held_until_s: None,
            rev,
            seq: 1,
            doc: "{}",
        })
        .await;
    match kept {
        Ok(()) => tx.commit().await.map(Ok),
        Err(StoreError::Overlap(overlap)) => Ok(Err(overlap)),
        Err(other) => Err(other),
    }
}

async fn run_rows(rows: &[Row]) -> [usize; 2] {
    let (_folder, stores) = both().await;
    let scope = office_scope(&office().settings.office.uai);
    let mut counts = [0, 0];
    for row in rows {
        let mut said = Vec::new();
        for store in &stores {
            said.push(write(store, &scope, row).await.expect("an answer of the database itself"));
        }
        assert_eq!(said[0], said[1], "{row:?}");
        counts[usize::from(said[0].is_err())] += 1;
    }
    for store in &stores {
        let mut tx = store.read().await.expect("a reader");
        let findings = tx.inspect().await.expect("an inspection");
        let broken = |rule: &str| findings.iter().find(|f| f.rule == rule).map(|f| f.broken);
        assert_eq!(broken("no_double_booking"), Some(0));
        assert!(matches!(broken("what_is_taken_is_what_meetings_take"), None | Some(0)), "{findings:?}");
        drop(tx);
        store.close().await;
    }
    counts
}

#[test]
fn both_databases_refuse_the_same_rows_of_themselves() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let totals = std::cell::Cell::new([0, 0]);
    let outcome = TestRunner::new(runs(24)).run(&prop::collection::vec(row(), 5..60), |rows| {
        let [kept, refused] = runtime.block_on(run_rows(&rows));
        let before = totals.get();
        totals.set([before[0] + kept, before[1] + refused]);
        Ok(())
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
    let [kept, refused] = totals.get();
    println!("{kept} kept, {refused} refused, on both");
    assert!(kept > 100 && refused > 100, "{kept} and {refused} are too few to prove anything");
}
