//! An office small enough to think through: two counsellors and a director who receive, a reception, two sites.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use passerelle_domain::appointment::{Appointment, HistoryEntry, HistoryFact, Status};
use passerelle_domain::client::{Client, Relation};
use passerelle_domain::command::{Book, Command, Move, Place, SetStatus};
use passerelle_domain::decide;
use passerelle_domain::enquiry::{
    Author, Channel, Enquiry, EnquiryStatus, Message, Origin, Requester, Routing, RoutingReason,
};
use passerelle_domain::ids::{
    AppointmentId, CallId, ClientId, DeskId, EnquiryId, KindId, MessageId, OpeningId, PersonId, RoomId,
    SiteId, Uai, WaitingId,
};
use passerelle_domain::office::{
    Absence, AnswerTimes, AppointmentKind, CivilBlock, HolidayZone, KindColour, Office, OfficeHours,
    OfficeSettings, Opening, Recurrence, Room, Site, SiteKind, instant,
};
use passerelle_domain::people::{Actor, Person, Role, Title};
use passerelle_domain::waiting::{WaitingEntry, WaitingStatus, Wish};
use passerelle_domain::{Event, OfficeState, Refusal, RefusalCode};
use uuid::Uuid;

pub const ZONE: chrono_tz::Tz = chrono_tz::Europe::Paris;

pub const fn uuid(family: u128, n: u128) -> Uuid {
    Uuid::from_u128(family << 64 | n)
}

pub const MAIN: SiteId = SiteId(uuid(1, 1));
pub const SCHOOL: SiteId = SiteId(uuid(1, 2));
pub const ROOM_A: RoomId = RoomId(uuid(2, 1));
pub const ROOM_B: RoomId = RoomId(uuid(2, 2));
pub const HALL: RoomId = RoomId(uuid(2, 3));
pub const DUPONT: PersonId = PersonId(uuid(3, 1));
pub const MARTIN: PersonId = PersonId(uuid(3, 2));
pub const DIRECTOR: PersonId = PersonId(uuid(3, 3));
pub const RECEPTION: PersonId = PersonId(uuid(3, 4));
pub const GONE: PersonId = PersonId(uuid(3, 5));
pub const ADMIN: PersonId = PersonId(uuid(3, 6));
/// 45 minutes in an interview room.
pub const INTERVIEW: KindId = KindId(uuid(4, 1));
/// 20 minutes and 10 free after it, anywhere.
pub const SHORT: KindId = KindId(uuid(4, 2));
/// An hour for three, in the hall.
pub const WORKSHOP: KindId = KindId(uuid(4, 3));
pub const RETIRED: KindId = KindId(uuid(4, 4));
pub const DESK: DeskId = DeskId(uuid(5, 1));

pub const fn appointment_id(n: u128) -> AppointmentId {
    AppointmentId(uuid(6, n))
}
pub const fn client_id(n: u128) -> ClientId {
    ClientId(uuid(7, n))
}
pub const fn enquiry_id(n: u128) -> EnquiryId {
    EnquiryId(uuid(8, n))
}
pub const fn message_id(n: u128) -> MessageId {
    MessageId(uuid(9, n))
}

/// A civil time of November 2026, as in "the 24th at 9:30".
pub fn at(day: u32, hour: u32, minute: u32) -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 11, day).and_then(|d| d.and_hms_opt(hour, minute, 0)).expect("a time")
}

/// The same as an instant, at the office.
pub fn when(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    instant(at(day, hour, minute), ZONE).expect("no clock changes in November")
}

pub fn reception() -> Actor {
    staff(RECEPTION, Role::Receptionist)
}
pub fn dupont() -> Actor {
    staff(DUPONT, Role::Counsellor)
}
pub fn martin() -> Actor {
    staff(MARTIN, Role::Counsellor)
}
pub fn director() -> Actor {
    staff(DIRECTOR, Role::Director)
}
pub fn admin() -> Actor {
    staff(ADMIN, Role::AcademyAdmin)
}
fn staff(person: PersonId, role: Role) -> Actor {
    Actor::Staff { person, role, desk: DESK }
}

fn hm(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).expect("a time of day")
}

fn person(id: PersonId, login: &str, role: Role, active: bool) -> Person {
    Person {
        id,
        login: login.into(),
        title: Title::Mme,
        given_name: "Anne".into(),
        family_name: login.to_uppercase(),
        role,
        usual_place: None,
        active,
    }
}

fn kind(
    id: KindId,
    duration_min: u32,
    buffer_after_min: u32,
    room: Option<&str>,
    capacity: u32,
) -> AppointmentKind {
    AppointmentKind {
        id,
        key: format!("kind-{}", id.0.as_u128() as u64),
        name: "Entretien".into(),
        duration_min,
        buffer_after_min,
        min_notice_min: 24 * 60,
        horizon_days: Some(30),
        room_kind: room.map(str::to_owned),
        capacity,
        rank: 0,
        active: id != RETIRED,
        colour: KindColour::default(),
        before: None,
        after: None,
        online: false,
    }
}

fn opening(n: u128, counsellor: PersonId, site: SiteId, days: &[Weekday]) -> Opening {
    let morning = CivilBlock { from: 9 * 60, to: 12 * 60 };
    let afternoon = CivilBlock { from: 14 * 60, to: 17 * 60 };
    Opening {
        id: OpeningId(uuid(10, n)),
        counsellor,
        site,
        first_day: NaiveDate::from_ymd_opt(2026, 9, 1).expect("a date"),
        blocks: vec![morning, afternoon],
        rule: Some(Recurrence::weekly(days.iter().copied())),
        except: Vec::new(),
        overrides: Vec::new(),
        works_on_off_days: false,
        label: None,
        term_only: false,
        duty: false,
        removed: false,
    }
}

pub fn office() -> Office {
    let hours = |weekday| {
        [(8, 30, 12, 0), (13, 30, 17, 30)].map(|(a, b, c, d)| OfficeHours {
            weekday,
            from: hm(a, b),
            to: hm(c, d),
        })
    };
    Office {
        uai: Uai::from_number(801_234),
        name: "CIO d’Amiens".into(),
        town: "Amiens".into(),
        address: "1 rue du Test".into(),
        postal_code: "80000".into(),
        position: None,
        phone: None,
        mail: None,
        zone: ZONE,
        hours: (0..5).flat_map(hours).collect(),
        answer_within_min: AnswerTimes::default(),
        hold_min: 48 * 60,
        school_zone: None,
    }
}

pub fn settings() -> OfficeSettings {
    use Weekday::{Fri, Mon, Thu, Tue, Wed};
    let mut s = OfficeSettings::new(office());
    s.travel_min = 30;
    for (id, kind) in [(MAIN, SiteKind::Main), (SCHOOL, SiteKind::School)] {
        let site = Site {
            id,
            name: format!("{kind:?}"),
            kind,
            address: String::new(),
            zone: ZONE,
            holidays: HolidayZone::Metropole,
            closures: Vec::new(),
            removed: false,
        };
        s.sites.insert(id, site);
    }
    for (id, kind, rank) in [(ROOM_A, "entretien", 1), (ROOM_B, "entretien", 2), (HALL, "collectif", 1)] {
        s.rooms.insert(
            id,
            Room { id, site: MAIN, name: kind.into(), kind: kind.into(), rank, seats: 4, removed: false },
        );
    }
    for (id, login, role, active) in [
        (DUPONT, "dupont", Role::Counsellor, true),
        (MARTIN, "martin", Role::Counsellor, true),
        (DIRECTOR, "leroy", Role::Director, true),
        (RECEPTION, "accueil", Role::Receptionist, true),
        (GONE, "parti", Role::Counsellor, false),
        (ADMIN, "academie", Role::AcademyAdmin, true),
    ] {
        s.people.insert(id, person(id, login, role, active));
    }
    for k in [
        kind(INTERVIEW, 45, 0, Some("entretien"), 1),
        kind(SHORT, 20, 10, None, 1),
        kind(WORKSHOP, 60, 0, Some("collectif"), 3),
        kind(RETIRED, 30, 0, None, 1),
    ] {
        s.kinds.insert(k.id, k);
    }
    for (i, (who, site, days)) in [
        (DUPONT, MAIN, &[Mon, Tue, Wed, Thu, Fri][..]),
        (MARTIN, MAIN, &[Mon, Tue][..]),
        (MARTIN, SCHOOL, &[Thu][..]),
        (DIRECTOR, MAIN, &[Wed][..]),
        // Somebody at reception with an opening left over from another post is never offered.
        (RECEPTION, MAIN, &[Mon][..]),
        (GONE, MAIN, &[Mon][..]),
    ]
    .into_iter()
    .enumerate()
    {
        let o = opening(i as u128, who, site, days);
        s.openings.insert(o.id, o);
    }
    let absence = Absence {
        id: passerelle_domain::ids::AbsenceId(uuid(11, 1)),
        counsellor: DUPONT,
        start: at(26, 14, 0),
        end: at(26, 17, 0),
        rule: None,
        except: Vec::new(),
        label: "Formation".into(),
        detail: None,
        removed: false,
    };
    s.absences.insert(absence.id, absence);
    s
}

pub fn client(n: u128) -> Client {
    Client {
        id: client_id(n),
        family_name: format!("Benali{n}"),
        given_name: "Inès".into(),
        birth_date: NaiveDate::from_ymd_opt(2009, 5, 3),
        category: None,
        class_level: None,
        school: None,
        postal_code: Some("80000".into()),
        phone: None,
        mail: None,
        guardians: Vec::new(),
        referent: None,
        merged_into: None,
        merge: None,
        also_known: Vec::new(),
        removed: false,
    }
}

pub fn family_message(n: u128, at: DateTime<Utc>) -> Message {
    let author = Author::Family { name: "Inès B.".into() };
    Message {
        id: message_id(n),
        at,
        author,
        text: "Bonjour".into(),
        internal: false,
        proposed: Vec::new(),
        withdrawn_at: None,
    }
}

pub fn requester() -> Requester {
    Requester {
        name: "Inès Benali".into(),
        relation: Relation::Own,
        about: None,
        mail: Some("ines@example.fr".into()),
        phone: None,
        category: None,
        class_level: None,
        school: None,
        postal_code: "80000".into(),
    }
}

pub fn enquiry(n: u128) -> Enquiry {
    let received_at = when(20, 10, 0);
    Enquiry {
        id: enquiry_id(n),
        reference: format!("AMI-{n}"),
        channel: Channel::Mail,
        origin: Origin::Online,
        received_at,
        subject: "Après la seconde".into(),
        requester: requester(),
        consent: true,
        sensitive: false,
        thread: vec![family_message(1_000 + n, received_at)],
        status: EnquiryStatus::New,
        owner: None,
        claimed_at_desk: None,
        claimed_at: None,
        due_at: when(24, 10, 0),
        client: None,
        appointment: None,
        closing: None,
        pins: Vec::new(),
        routing: Routing {
            office: Uai::from_number(801_234),
            distance_km: Some(1.5),
            reason: RoutingReason::Nearest,
        },
        merge: None,
    }
}

pub const fn waiting_id(n: u128) -> WaitingId {
    WaitingId(uuid(12, n))
}
pub const fn call_id(n: u128) -> CallId {
    CallId(uuid(13, n))
}

/// A client waits for any interview since the 20th.
pub fn waiting(n: u128) -> WaitingEntry {
    WaitingEntry {
        id: waiting_id(n),
        client: client_id(n),
        wish: Wish::any(INTERVIEW),
        since: when(20, 9, 0),
        calls: Vec::new(),
        status: WaitingStatus::Waiting,
    }
}

/// Four clients and four enquiries, no meeting.
pub fn state() -> OfficeState {
    let mut state = OfficeState::new(Arc::new(settings()));
    for n in 0..4 {
        state.clients.insert(client_id(n), client(n));
        state.enquiries.insert(enquiry_id(n), enquiry(n));
    }
    state
}

pub fn place(counsellor: PersonId, start: NaiveDateTime, minutes: u32) -> Place {
    Place { counsellor, second: None, site: MAIN, room: None, start, zone: ZONE, minutes }
}

/// An interview of 45 minutes for nobody in particular.
pub fn booking(n: u128, counsellor: PersonId, start: NaiveDateTime) -> Book {
    Book {
        id: appointment_id(n),
        kind: INTERVIEW,
        place: place(counsellor, start, 45),
        client: None,
        companions: Vec::new(),
        enquiry: None,
        waiting: None,
        held_until: None,
        override_reason: None,
    }
}

pub fn set(n: u128, status: Status) -> SetStatus {
    SetStatus::to(appointment_id(n), status)
}

pub fn moved(state: &OfficeState, n: u128, place: Place) -> Move {
    let seen_version = state.appointments[&appointment_id(n)].version;
    Move { id: appointment_id(n), place, seen_version, override_reason: None, seen: None }
}

/// A meeting of one hour on the 24th at 14:00 in a state, as it stood there since `since`.
pub fn meeting(n: u128, status: Status, since: DateTime<Utc>, held_until: DateTime<Utc>) -> Appointment {
    let what = HistoryFact::Status { from: Status::Booked, to: status, reason: None };
    Appointment {
        id: appointment_id(n),
        kind: SHORT,
        counsellor: DUPONT,
        second: None,
        site: MAIN,
        room: None,
        start: when(24, 14, 0),
        end: when(24, 15, 0),
        zone: ZONE,
        buffer_after_min: 0,
        status,
        held_until: (status == Status::Held).then_some(held_until),
        session: None,
        client: None,
        companions: Vec::new(),
        enquiry: None,
        waiting: None,
        arrived_at: None,
        override_reason: None,
        version: 3,
        history: vec![HistoryEntry { at: since, by: None, what }],
    }
}

/// Decides over what the command needs, as a store does, and applies it to the whole.
pub fn give(
    state: &mut OfficeState,
    command: &Command,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let events = decide(&command.needs().select(state), command, actor, now)?;
    state.evolve_all(&events);
    Ok(events)
}

pub fn ok(state: &mut OfficeState, command: &Command, actor: &Actor, now: DateTime<Utc>) -> Vec<Event> {
    give(state, command, actor, now).unwrap_or_else(|r| panic!("{command:?} was refused: {r:?}"))
}

pub fn code(state: &OfficeState, command: &Command, actor: &Actor, now: DateTime<Utc>) -> RefusalCode {
    match give(&mut state.clone(), command, actor, now) {
        Ok(events) => panic!("{command:?} was accepted: {events:?}"),
        Err(refusal) => refusal.code,
    }
}
