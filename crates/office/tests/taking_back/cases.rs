//! The table: one case at least for each command that a person gives at a desk.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::Command;
use passerelle_domain::appointment::{Companion, Status};
use passerelle_domain::client::{Client, Relation};
use passerelle_domain::command::{Answer, Book, ClientUpdate, MergeClients, Move, OpenEnquiry, SetStatus};
use passerelle_domain::enquiry::{Author, Channel, Message, Requester};
use passerelle_domain::ids::{AppointmentId, CallId, ClientId, EnquiryId, MessageId, WaitingId};
use passerelle_domain::settings::{Change, Setting};
use passerelle_domain::waiting::{CallOutcome, Called, CloseReason, NewWaiting, Wish};
use uuid::Uuid;

use super::{Office, documents, ids, standing};

mod pins;

/// Central and the family give these, or they are a way back themselves: nobody at a desk takes them back.
const NO_WAY_BACK: [&str; 5] =
    ["enquiry.receive", "enquiry.append", "enquiry.withdraw", "client.remove", "waiting.uncall"];

struct Case {
    name: &'static str,
    /// What comes before.
    prepared: Vec<Command>,
    /// The step that is taken back.
    given: Vec<Command>,
    /// When all of it happens.
    at: DateTime<Utc>,
}

fn status(id: AppointmentId, to: Status) -> Command {
    let reason = (to == Status::Cancelled).then(|| "Grève".to_owned());
    Command::SetStatus(SetStatus { reason, ..SetStatus::to(id, to) })
}

fn message_id() -> MessageId {
    MessageId(Uuid::now_v7())
}

/// Meetings: marks and ends by every step of the machine, moves, proposals and what becomes of them.
fn meetings(office: &Office, n: &mut u32) -> Vec<Case> {
    use Status::{Arrived, Attended, Booked, Cancelled, Declined, Excused, NoShow};
    let mut cases = Vec::new();
    let mut case = |name, prepared, given, at| cases.push(Case { name, prepared, given, at });
    let mut fresh = || {
        *n += 1;
        (*n, office.book(*n))
    };
    let (_, plain) = fresh();
    case("booked", vec![], vec![Command::Book(plain)], office.now());
    let ways: [(&str, &[Status], Status); 17] = [
        ("booked, arrived", &[], Arrived),
        ("booked, attended", &[], Attended),
        ("booked, missing", &[], NoShow),
        ("booked, excused", &[], Excused),
        ("booked, cancelled", &[], Cancelled),
        ("arrived, attended", &[Arrived], Attended),
        ("arrived, not after all", &[Arrived], Booked),
        ("arrived, cancelled", &[Arrived], Cancelled),
        ("excused, back", &[Excused], Booked),
        ("cancelled, back", &[Cancelled], Booked),
        ("missing, booked", &[NoShow], Booked),
        ("attended, booked", &[Attended], Booked),
        ("missing, came", &[NoShow], Arrived),
        ("missing, attended", &[NoShow], Attended),
        ("missing, excused", &[NoShow], Excused),
        ("attended, still there", &[Arrived, Attended], Arrived),
        ("attended, missing", &[Arrived, Attended], NoShow),
    ];
    for (name, before, to) in ways {
        let (day, book) = fresh();
        let id = book.id;
        let mut prepared = vec![Command::Book(book)];
        prepared.extend(before.iter().map(|s| status(id, *s)));
        case(name, prepared, vec![status(id, to)], office.start(day) + Duration::minutes(20));
    }
    let (_, book) = fresh();
    let (id, day) = (book.id, fresh().0);
    let elsewhere = Move {
        id,
        place: passerelle_domain::command::Place { counsellor: office.colleague, ..office.place(day) },
        seen_version: 1,
        override_reason: None,
        seen: None,
    };
    case("moved", vec![Command::Book(book)], vec![Command::Move(elsewhere)], office.now());
    let (_, book) = fresh();
    let mother = Companion { relation: Relation::Mother, guardian: None, came: None };
    let along = Command::SetCompanions { id: book.id, companions: vec![mother], seen: None };
    case("companions", vec![Command::Book(book)], vec![along], office.now());

    let held = |book: Book, enquiry: Option<EnquiryId>| Book {
        client: None,
        enquiry,
        held_until: Some(office.now() + Duration::hours(48)),
        ..book
    };
    let (_, book) = fresh();
    case("proposed", vec![], vec![Command::Hold(held(book, None))], office.now());
    for (name, to) in [("declined", Declined), ("proposal given up", Cancelled)] {
        let (_, book) = fresh();
        let id = book.id;
        case(name, vec![Command::Hold(held(book, None))], vec![status(id, to)], office.now());
    }
    // Two proposals in an answer; the family takes the first.
    let enquiry = office.enquiries[0];
    let (first, second) = (held(fresh().1, Some(enquiry)), held(fresh().1, Some(enquiry)));
    let answer = Command::AnswerEnquiry(Answer {
        id: enquiry,
        message: message_id(),
        text: "Voici deux créneaux.".into(),
        proposed: vec![first.id, second.id],
        expects_reply: true,
    });
    let taken =
        Command::SetStatus(SetStatus { client: Some(office.clients[1]), ..SetStatus::to(first.id, Booked) });
    let offered = vec![Command::Hold(first.clone()), Command::Hold(second.clone()), answer];
    case("a proposal taken, the other one free", offered.clone(), vec![taken], office.now());
    let enquiry = office.enquiries[1];
    let (third, fourth) = (held(fresh().1, Some(enquiry)), held(fresh().1, Some(enquiry)));
    let answer = |proposed: Vec<AppointmentId>| {
        Command::AnswerEnquiry(Answer {
            id: enquiry,
            message: message_id(),
            text: "Voici.".into(),
            proposed,
            expects_reply: true,
        })
    };
    let both =
        vec![Command::Hold(third.clone()), Command::Hold(fourth.clone()), answer(vec![third.id, fourth.id])];
    case("answered with two proposals", vec![], both, office.now());
    let (_, fifth) = fresh();
    let (fifth, booked) = (held(fifth, Some(enquiry)), fresh().1);
    let instead = Book { enquiry: Some(enquiry), client: Some(office.clients[1]), ..booked };
    let offered = vec![Command::Hold(fifth.clone()), answer(vec![fifth.id])];
    case("booked elsewhere than proposed", offered, vec![Command::Book(instead)], office.now());
    cases
}

/// A question by phone.
pub(crate) fn question(id: EnquiryId, reference: &str, at: DateTime<Utc>) -> Command {
    let requester = Requester {
        name: "Mme Petit".into(),
        relation: Relation::Mother,
        about: None,
        mail: None,
        phone: None,
        category: None,
        class_level: None,
        school: None,
        postal_code: String::new(),
    };
    let message = Message {
        id: message_id(),
        at,
        author: Author::Family { name: requester.name.clone() },
        text: "Elle rappelle.".into(),
        internal: false,
        proposed: Vec::new(),
        withdrawn_at: None,
    };
    Command::OpenEnquiry(Box::new(OpenEnquiry {
        id,
        reference: reference.into(),
        channel: Channel::Phone,
        subject: "Rappel".into(),
        requester,
        message,
        sensitive: false,
        client: None,
    }))
}

fn enquiries(office: &Office) -> Vec<Case> {
    let at = office.now();
    let mut cases = Vec::new();
    let mut case = |name, prepared, given| cases.push(Case { name, prepared, given: vec![given], at });
    let mut left = office.enquiries[2..].iter().copied();
    let mut next = || left.next().expect("one more new enquiry");
    let claim = |id| Command::ClaimEnquiry { id, take_over: false };
    let id = next();
    case("claimed", vec![], claim(id));
    case("released", vec![claim(id)], Command::ReleaseEnquiry { id });
    let id = next();
    case("closed", vec![], Command::CloseEnquiry { id, how: None });
    case("reopened", vec![Command::CloseEnquiry { id, how: None }], Command::ReopenEnquiry { id });
    let id = next();
    let until = |hours| at + Duration::hours(hours);
    case("put off", vec![], Command::SnoozeEnquiry { id, until: until(20) });
    let again = Command::SnoozeEnquiry { id, until: until(40) };
    case("put off again", vec![Command::SnoozeEnquiry { id, until: until(20) }], again);
    let id = next();
    case("identified", vec![], Command::IdentifyClient { id, client: office.clients[2] });
    let other = Command::IdentifyClient { id, client: office.clients[3] };
    case("identified otherwise", vec![Command::IdentifyClient { id, client: office.clients[2] }], other);
    let note = Command::NoteEnquiry { id, message: message_id(), text: "Rappeler jeudi.".into() };
    case("noted", vec![], note);
    let id = next();
    let answer = Command::AnswerEnquiry(Answer {
        id,
        message: message_id(),
        text: "Bonjour".into(),
        proposed: Vec::new(),
        expects_reply: false,
    });
    case("answered", vec![], answer);
    let (id, into) = (next(), next());
    case("merged", vec![], Command::MergeEnquiry { id, into });
    case("taken apart", vec![Command::MergeEnquiry { id, into }], Command::UnmergeEnquiry { id });
    case("a call noted", vec![], question(EnquiryId(Uuid::now_v7()), "L-ESSAI1", at));
    cases
}

fn somebody(given: &str) -> Client {
    Client {
        id: ClientId(Uuid::now_v7()),
        family_name: "Zwiller".into(),
        given_name: given.into(),
        birth_date: None,
        category: None,
        class_level: None,
        school: None,
        postal_code: None,
        phone: Some("06 39 98 44 55".into()),
        mail: None,
        guardians: Vec::new(),
        referent: None,
        merged_into: None,
        merge: None,
        also_known: Vec::new(),
        removed: false,
    }
}

fn people(office: &Office, n: &mut u32) -> Vec<Case> {
    let at = office.now();
    let mut cases = Vec::new();
    let mut case = |name, prepared, given| cases.push(Case { name, prepared, given, at });
    let create = |c: &Client| Command::CreateClient(Box::new(c.clone()));
    let alone = somebody("Anaëlle");
    case("on record", vec![], vec![create(&alone)]);
    *n += 1;
    let known = somebody("Irène");
    let booked = Book { client: Some(known.id), enquiry: Some(office.enquiries[30]), ..office.book(*n) };
    case("on record and booked", vec![], vec![create(&known), Command::Book(booked)]);
    let before = somebody("Marc");
    let after = Client { school: Some("Lycée".into()), phone: None, ..before.clone() };
    let update = ClientUpdate { client: after, seen: Some(Box::new(before.clone())), unless_touched: false };
    case("changed", vec![create(&before)], vec![Command::UpdateClient(Box::new(update))]);
    let (one, mut two) = (somebody("Noé"), somebody("Noe"));
    two.family_name = "Zviller".into();
    two.birth_date = chrono::NaiveDate::from_ymd_opt(2010, 5, 1);
    *n += 1;
    let meeting = Book { client: Some(two.id), ..office.book(*n) };
    let asks = Command::IdentifyClient { id: office.enquiries[31], client: two.id };
    let apart = vec![create(&one), create(&two), Command::Book(meeting), asks];
    let merge = Command::MergeClients(MergeClients { id: two.id, into: one.id, take: Vec::new() });
    case("two records made one", apart, vec![merge.clone()]);
    case("two again", vec![merge], vec![Command::UnmergeClient { id: two.id }]);
    cases
}

/// A planned workshop with two people in it, moved and cancelled as a whole.
fn sessions(office: &Office, n: &mut u32) -> Vec<Case> {
    let group = office.settings.kinds.values().find(|k| k.active && k.capacity > 1).expect("a workshop").id;
    let mut cases = Vec::new();
    for name in ["a session moved", "a session cancelled"] {
        *n += 2;
        let seat = |client| Book { kind: group, client, ..office.book(*n) };
        let planned = seat(None);
        let id = planned.id;
        let people = [office.clients[6], office.clients[7]].map(|c| Command::Book(seat(Some(c))));
        let prepared = std::iter::once(Command::Book(planned)).chain(people).collect();
        let given = if name == "a session moved" {
            let place = office.place(*n + 1);
            Command::MoveSession(Move { id, place, seen_version: 1, override_reason: None, seen: None })
        } else {
            Command::CancelSession { id, reason: "Grève".into() }
        };
        cases.push(Case { name, prepared, given: vec![given], at: office.now() });
        *n += 1;
    }
    cases
}

/// The waiting list: put on it, changed, called, taken off and put back, and booked from it.
fn waiting(office: &Office, n: &mut u32) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case = |name, prepared, given| cases.push(Case { name, prepared, given, at: office.now() });
    let mut people = office.clients[8..].iter();
    let mut entry = || {
        let (id, client) = (WaitingId(Uuid::now_v7()), *people.next().expect("a client"));
        (id, client, Command::AddWaiting(Box::new(NewWaiting { id, client, wish: Wish::any(office.kind) })))
    };
    let (_, _, add) = entry();
    case("put on the waiting list", vec![], vec![add]);
    let (id, _, add) = entry();
    let wish = Wish { after_min: Some(990), note: "Après le lycée".into(), ..Wish::any(office.kind) };
    case("a wish changed", vec![add], vec![Command::UpdateWaiting { id, wish: Box::new(wish) }]);
    let (id, _, add) = entry();
    let call = Called { call: CallId(Uuid::now_v7()), outcome: CallOutcome::NoAnswer, offered: None };
    case("called", vec![add], vec![Command::CallWaiting { id, call }]);
    let (id, _, add) = entry();
    let close = Command::CloseWaiting { id, reason: CloseReason::Elsewhere };
    case("taken off the waiting list", vec![add], vec![close]);
    let (id, _, add) = entry();
    let close = Command::CloseWaiting { id, reason: CloseReason::Unreachable };
    case("put back on it", vec![add, close], vec![Command::ReopenWaiting { id }]);
    let (id, client, add) = entry();
    *n += 1;
    let book = Book { client: Some(client), waiting: Some(id), ..office.book(*n) };
    case("booked from the waiting list", vec![add], vec![Command::Book(book)]);
    cases
}

fn settings(office: &Office) -> Vec<Case> {
    let seen = office.settings.absences.values().next().cloned().expect("an absence");
    let to = passerelle_domain::office::Absence { label: "Formation".into(), ..seen.clone() };
    let change = Change { seen: Some(Setting::Absence(seen)), to: Setting::Absence(to) };
    let given = vec![Command::SaveSettings { changes: vec![change] }];
    vec![Case { name: "an absence changed", prepared: vec![], given, at: office.now() }]
}

/// The kinds of command that this build knows, from the names that serde expects.
fn kinds() -> BTreeSet<String> {
    let unknown = serde_json::json!({ "kind": "?", "args": {} });
    let said = serde_json::from_value::<Command>(unknown).expect_err("an unknown kind").to_string();
    said.split('`').skip(3).step_by(2).map(str::to_owned).collect()
}

#[tokio::test]
async fn whatever_is_done_is_undone_and_all_stands_as_before() {
    let office = Office::open().await;
    let mut n = 0;
    let mut cases = meetings(&office, &mut n);
    cases.extend(enquiries(&office));
    cases.extend(people(&office, &mut n));
    cases.extend(settings(&office));
    cases.extend(sessions(&office, &mut n));
    cases.extend(waiting(&office, &mut n));
    cases.extend(pins::cases(&office, &mut n));
    let mut covered: BTreeSet<String> = NO_WAY_BACK.iter().map(|k| (*k).to_owned()).collect();
    // A way back is covered by each of its uses.
    covered.insert("enquiry.restore".into());
    for case in cases {
        let name = case.name;
        for command in case.prepared {
            office.give(vec![command], case.at).await;
        }
        let known = ids(&office.desk).await;
        let held = proposals(&office).await;
        let before = standing(&office.desk, &known).await;
        covered.extend(case.given.iter().map(|c| c.kind().to_owned()));
        let done = office.give(case.given, case.at).await;
        assert!(done.undoable, "{name}: it can be taken back");
        assert_ne!(standing(&office.desk, &known).await, before, "{name}: it does something");
        let newest = office.history(case.at).await.remove(0);
        assert_eq!(newest.state, passerelle_office::store::UndoState::Ready, "{name}: the history says so");
        assert!(office.undo(None, case.at).await.unwrap_or_else(|e| panic!("{name}: {e:?}")), "{name}");
        // A proposal that had ended comes back under another id: what is left of the old one is its history.
        let ended = |text: &String| {
            held.iter().any(|id| text.contains(id.as_str()) && text.starts_with("appointment"))
        };
        let mut after = standing(&office.desk, &known).await;
        after.retain(|text| !ended(text));
        let mut expected = before.clone();
        expected.retain(|text| !ended(text));
        assert_eq!(after, expected, "{name}: as before");
        let first = done.commands[0].to_string();
        assert!(!office.undo(Some(&first), case.at).await.expect("no refusal"), "{name}: never twice");
    }
    assert_eq!(covered, kinds(), "every command has its way back, or a reason for having none");
}

/// Ids of what is proposed.
async fn proposals(office: &Office) -> BTreeSet<String> {
    let all = documents(&office.desk).await;
    let held = all.iter().filter(|(sort, d)| sort == "appointment" && d["status"] == "held");
    held.filter_map(|(_, d)| d["id"].as_str().map(|id| format!("\"id\":\"{id}\""))).collect()
}

#[tokio::test]
async fn the_table_is_about_different_things() {
    let office = Office::open().await;
    let mut n = 0;
    let mut names: BTreeMap<&str, u32> = BTreeMap::new();
    for case in meetings(&office, &mut n) {
        *names.entry(case.name).or_default() += 1;
    }
    assert!(names.values().all(|n| *n == 1), "each case once: {names:?}");
    assert!(office.enquiries.len() > 32, "enough new enquiries: {}", office.enquiries.len());
}
