//! Commands that somebody might give, good and bad, about a few ids, so that they meet.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use passerelle_domain::appointment::{Companion, Status};
use passerelle_domain::client::Relation;
use passerelle_domain::command::{Answer, Book, Command, MergeClients, Move, OpenEnquiry, Place, SetStatus};
use passerelle_domain::enquiry::{Author, Channel, EnquiryFacts, EnquiryStatus, Message};
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId, PersonId, RoomId, SiteId, WaitingId};
use passerelle_domain::merging::ClientField;
use passerelle_domain::office::{Absence, AppointmentKind, Opening, Site};
use passerelle_domain::people::Actor;
use passerelle_domain::pins::{NewPin, PinPlace, PinnedBefore, RecordKind};
use passerelle_domain::settings::{Change, Setting};
use passerelle_domain::waiting::{CallOutcome, Called, CloseReason, NewWaiting, Offered, Wish};
use proptest::prelude::*;
use proptest::sample::select;

use crate::small_office::{
    DIRECTOR, DUPONT, GONE, HALL, INTERVIEW, MAIN, MARTIN, RECEPTION, RETIRED, ROOM_A, ROOM_B, SCHOOL, SHORT,
    WORKSHOP, ZONE, admin, appointment_id, at, call_id, client, client_id, director, dupont, enquiry,
    enquiry_id, family_message, martin, message_id, reception, requester, waiting_id, when,
};

/// One thing that happens: who, what, how many minutes after the thing before.
#[derive(Debug, Clone)]
pub struct Happening {
    pub actor: Actor,
    pub command: Command,
    pub later_min: i64,
    /// The version of a move is the present one, whatever the command says.
    pub up_to_date: bool,
}

fn appointment() -> impl Strategy<Value = AppointmentId> {
    (0u128..10).prop_map(appointment_id)
}

fn client_of() -> impl Strategy<Value = ClientId> {
    // The last one does not exist.
    (0u128..5).prop_map(client_id)
}

fn enquiry_of() -> impl Strategy<Value = EnquiryId> {
    (0u128..5).prop_map(enquiry_id)
}

fn person() -> impl Strategy<Value = PersonId> {
    prop_oneof![6 => Just(DUPONT), 4 => Just(MARTIN), 2 => Just(DIRECTOR), 1 => select(vec![RECEPTION, GONE])]
}

fn site() -> impl Strategy<Value = SiteId> {
    prop_oneof![8 => Just(MAIN), 1 => Just(SCHOOL), 1 => Just(SiteId(uuid::Uuid::nil()))]
}

fn room() -> impl Strategy<Value = Option<RoomId>> {
    prop_oneof![4 => Just(None), 2 => select(vec![Some(ROOM_A), Some(ROOM_B), Some(HALL)])]
}

fn start() -> impl Strategy<Value = NaiveDateTime> {
    // Two days and few hours: commands must meet.
    (24u32..26, 9u32..12, select(vec![0, 15, 30])).prop_map(|(d, h, m)| at(d, h, m))
}

pub fn place() -> BoxedStrategy<Place> {
    let minutes = prop_oneof![6 => Just(45), 3 => Just(60), 3 => Just(20), 1 => select(vec![0, 1_440, 1_441, u32::MAX])];
    let second = prop_oneof![4 => Just(None), 1 => person().prop_map(Some)];
    (person(), second, site(), room(), start(), minutes)
        .prop_map(|(counsellor, second, site, room, start, minutes)| Place {
            counsellor,
            second,
            site,
            room,
            start,
            zone: ZONE,
            minutes,
        })
        .boxed()
}

fn reason() -> impl Strategy<Value = Option<String>> {
    prop_oneof![6 => Just(None), 1 => Just(Some(" ".to_owned())), 2 => Just(Some("Urgence".to_owned()))]
}

fn companions() -> impl Strategy<Value = Vec<Companion>> {
    let one = select(vec![Relation::Mother, Relation::Father, Relation::Own, Relation::Other])
        .prop_map(|relation| Companion { relation, guardian: None, came: None });
    proptest::collection::vec(one, 0..3)
}

fn instant() -> impl Strategy<Value = DateTime<Utc>> {
    (22u32..27, 0u32..24).prop_map(|(d, h)| when(d, h, 0))
}

fn book() -> BoxedStrategy<Book> {
    let kind = prop_oneof![5 => Just(INTERVIEW), 3 => Just(SHORT), 6 => Just(WORKSHOP), 1 => Just(RETIRED)];
    (
        appointment(),
        kind,
        place(),
        proptest::option::of(client_of()),
        companions(),
        proptest::option::of(enquiry_of()),
        proptest::option::weighted(0.2, 0u128..2),
        proptest::option::weighted(0.3, instant()),
        reason(),
    )
        .prop_map(|(id, kind, place, client, companions, enquiry, waiting, held_until, override_reason)| {
            // Mostly for the person who waits: anybody else is refused.
            let own = waiting.filter(|_| id.0.as_u128() % 4 != 0).map(client_id);
            let (client, waiting) = (own.or(client), waiting.map(waiting_id));
            Book { id, kind, place, client, companions, enquiry, waiting, held_until, override_reason }
        })
        .boxed()
}

fn message() -> impl Strategy<Value = Message> {
    let author = select(vec![
        Author::Family { name: "Inès".into() },
        Author::Family { name: "Karim".into() },
        Author::OnlineService,
        Author::Staff { person: DUPONT },
    ]);
    let text = select(vec!["Bonjour", "Merci", "Bonsoir", " "]);
    (0u128..40, author, text, prop::bool::weighted(0.1)).prop_map(|(n, author, text, internal)| Message {
        author,
        text: text.into(),
        internal,
        ..family_message(n, when(23, 9, 0))
    })
}

fn meetings() -> BoxedStrategy<Command> {
    let status = prop_oneof![
        3 => Just(Status::Booked),
        2 => Just(Status::Cancelled),
        3 => select(Status::ALL.to_vec()),
    ];
    let set = (appointment(), status, reason(), proptest::option::weighted(0.3, client_of())).prop_map(
        |(id, status, reason, client)| {
            Command::SetStatus(SetStatus { reason, client, ..SetStatus::to(id, status) })
        },
    );
    let moves =
        (appointment(), place(), 1u32..4, reason()).prop_map(|(id, place, seen_version, override_reason)| {
            Command::Move(Move { id, place, seen_version, override_reason, seen: None })
        });
    let whole =
        (appointment(), place(), 1u32..4, reason()).prop_map(|(id, place, seen_version, override_reason)| {
            Command::MoveSession(Move { id, place, seen_version, override_reason, seen: None })
        });
    let end = (appointment(), select(vec!["Grève", "Panne", " "]))
        .prop_map(|(id, reason)| Command::CancelSession { id, reason: reason.to_owned() });
    prop_oneof![
        4 => book().prop_map(Command::Book).boxed(),
        4 => book().prop_map(Command::Hold).boxed(),
        4 => moves.boxed(),
        3 => whole.boxed(),
        3 => end,
        14 => set,
        1 => (appointment(), companions()).prop_map(|(id, companions)| Command::SetCompanions { id, companions, seen: None }),
    ]
    .boxed()
}

fn enquiries() -> BoxedStrategy<Command> {
    let open = (enquiry_of(), message(), proptest::option::of(client_of()), any::<bool>()).prop_map(
        |(id, message, client, sensitive)| {
            Command::OpenEnquiry(Box::new(OpenEnquiry {
                id,
                reference: "L-2".into(),
                channel: Channel::Phone,
                subject: "Stage".into(),
                requester: requester(),
                message,
                sensitive,
                client,
            }))
        },
    );
    let answer = (enquiry_of(), 0u128..40, proptest::collection::vec(appointment(), 0..3), any::<bool>())
        .prop_map(|(id, message, proposed, expects_reply)| {
            let message = message_id(message);
            Command::AnswerEnquiry(Answer { id, message, text: "Voici".into(), proposed, expects_reply })
        });
    prop_oneof![
        1 => (0u128..6).prop_map(|n| Command::ReceiveEnquiry(Box::new(enquiry(n)))),
        1 => open,
        3 => (enquiry_of(), message()).prop_map(|(id, message)| Command::AppendMessage { id, message }),
        2 => (enquiry_of(), any::<bool>()).prop_map(|(id, take_over)| Command::ClaimEnquiry { id, take_over }),
        1 => enquiry_of().prop_map(|id| Command::ReleaseEnquiry { id }),
        4 => answer,
        1 => (enquiry_of(), 0u128..40).prop_map(|(id, message)| {
            Command::NoteEnquiry { id, message: message_id(message), text: "Rappeler".into() }
        }),
        1 => enquiry_of().prop_map(|id| Command::CloseEnquiry { id, how: None }),
        1 => enquiry_of().prop_map(|id| Command::ReopenEnquiry { id }),
        1 => (enquiry_of(), instant()).prop_map(|(id, until)| Command::SnoozeEnquiry { id, until }),
        2 => (enquiry_of(), enquiry_of()).prop_map(|(id, into)| Command::MergeEnquiry { id, into }),
        1 => (enquiry_of(), client_of()).prop_map(|(id, client)| Command::IdentifyClient { id, client }),
    ]
    .boxed()
}

fn facts() -> impl Strategy<Value = EnquiryFacts> {
    let status = select(vec![
        EnquiryStatus::New,
        EnquiryStatus::Claimed,
        EnquiryStatus::WaitingClient,
        EnquiryStatus::Converted,
        EnquiryStatus::Closed,
        EnquiryStatus::Merged { into: enquiry_id(1) },
    ]);
    (status, proptest::option::of(person()), proptest::option::of(client_of())).prop_map(
        |(status, owner, client)| EnquiryFacts {
            status,
            owner,
            claimed_at_desk: None,
            claimed_at: None,
            client,
        },
    )
}

/// Steps back, and records made one and two again.
fn backs() -> impl Strategy<Value = Command> {
    let take = proptest::collection::vec(select(vec![ClientField::FamilyName, ClientField::Phone]), 0..2);
    prop_oneof![
        2 => enquiry_of().prop_map(|id| Command::UnmergeEnquiry { id }),
        2 => (enquiry_of(), 0u128..40)
            .prop_map(|(id, n)| Command::WithdrawMessage { id, message: message_id(n) }),
        1 => (enquiry_of(), facts(), facts())
            .prop_map(|(id, seen, to)| Command::RestoreEnquiry { id, seen, to }),
        3 => (client_of(), client_of(), take)
            .prop_map(|(id, into, take)| Command::MergeClients(MergeClients { id, into, take })),
        2 => client_of().prop_map(|id| Command::UnmergeClient { id }),
        1 => (0u128..6).prop_map(|n| Command::RemoveClient { id: client_id(n) }),
    ]
}

fn clients() -> impl Strategy<Value = Command> {
    (0u128..6, select(vec!["Benali", "", "Durand"]), any::<bool>()).prop_map(|(n, family_name, new)| {
        let changed =
            Box::new(passerelle_domain::client::Client { family_name: family_name.into(), ..client(n) });
        if new { Command::CreateClient(changed) } else { Command::UpdateClient(Box::new((*changed).into())) }
    })
}

/// Absences, and what must not be: a group that stops being one, a site that is still needed.
fn settings_saved() -> impl Strategy<Value = Command> {
    let whole = crate::small_office::settings();
    (0u8..5, person(), 9u32..12, any::<bool>()).prop_map(move |(what, counsellor, hour, removed)| {
        let absence = whole.absences.values().next().cloned().expect("an absence");
        let opening = whole.openings.values().next().cloned().expect("an opening");
        let to = match what {
            0 | 1 => Setting::Absence(Absence {
                counsellor,
                start: at(24, hour, 0),
                end: at(24, hour + 1, 0),
                removed,
                ..absence
            }),
            2 => Setting::Opening(Opening { term_only: removed, removed, ..opening }),
            3 => Setting::Kind(AppointmentKind {
                capacity: if removed { 1 } else { 3 },
                duration_min: 60 + hour,
                ..whole.kinds[&WORKSHOP].clone()
            }),
            _ => Setting::Site(Site { removed, ..whole.sites[&SCHOOL].clone() }),
        };
        Command::SaveSettings { changes: vec![Change { seen: None, to }] }
    })
}

fn waiting_of() -> impl Strategy<Value = WaitingId> {
    (0u128..2).prop_map(waiting_id)
}

pub fn wish() -> BoxedStrategy<Wish> {
    let kind = prop_oneof![6 => Just(INTERVIEW), 3 => Just(SHORT), 1 => Just(WORKSHOP), 1 => Just(RETIRED)];
    (
        kind,
        proptest::option::weighted(0.3, person()),
        proptest::option::weighted(0.2, site()),
        proptest::collection::vec(prop_oneof![20 => 0u8..7, 1 => Just(7)], 0..3),
        proptest::option::weighted(
            0.3,
            prop_oneof![12 => select(vec![0u16, 540, 600, 990]), 1 => Just(1_440)],
        ),
        proptest::option::weighted(0.2, select(vec![0u16, 630, 720, 1_440])),
        proptest::option::weighted(0.3, start().prop_map(|t| t.date())),
        any::<bool>(),
    )
        .prop_map(|(kind, counsellor, site, weekdays, after_min, before_min, until, urgent)| Wish {
            kind,
            counsellor,
            site,
            weekdays,
            after_min,
            before_min,
            until,
            urgent,
            note: String::new(),
        })
        .boxed()
}

pub fn call() -> BoxedStrategy<Called> {
    let outcome = select(vec![CallOutcome::NoAnswer, CallOutcome::Declined, CallOutcome::LeftMessage]);
    let offered = (person(), start()).prop_map(|(counsellor, start)| Offered { counsellor, start });
    (0u128..2, outcome, proptest::option::of(offered))
        .prop_map(|(n, outcome, offered)| Called { call: call_id(n), outcome, offered })
        .boxed()
}

fn waiting_list() -> BoxedStrategy<Command> {
    let reason = select(vec![CloseReason::NoLongerWanted, CloseReason::Elsewhere, CloseReason::Unreachable]);
    prop_oneof![
        // Mostly the client of that number, so that a booking for the entry is for the same person.
        4 => (0u128..2, client_of(), prop::bool::weighted(0.8), wish()).prop_map(|(n, other, own, wish)| {
            let client = if own { client_id(n) } else { other };
            Command::AddWaiting(Box::new(NewWaiting { id: waiting_id(n), client, wish }))
        }),
        2 => (waiting_of(), wish()).prop_map(|(id, wish)| Command::UpdateWaiting { id, wish: Box::new(wish) }),
        4 => (waiting_of(), call()).prop_map(|(id, call)| Command::CallWaiting { id, call }),
        4 => (waiting_of(), 0u128..2).prop_map(|(id, n)| Command::UncallWaiting { id, call: call_id(n) }),
        1 => (waiting_of(), reason).prop_map(|(id, reason)| Command::CloseWaiting { id, reason }),
        6 => waiting_of().prop_map(|id| Command::ReopenWaiting { id }),
    ]
    .boxed()
}

fn pinned() -> BoxedStrategy<Command> {
    let on =
        prop_oneof![enquiry_of().prop_map(PinPlace::Enquiry), appointment().prop_map(PinPlace::Appointment),]
            .boxed();
    let record = select(vec!["FOR.1", "MET.7", "AF.91@ENS.8", "0801234A", "FAQ 3"]);
    let note = proptest::option::of(select(vec!["à voir avec la mère", " "]).prop_map(str::to_owned));
    let before =
        (proptest::option::of(person()), instant()).prop_map(|(by, at)| PinnedBefore { by, at, next: None });
    prop_oneof![
        4 => (on.clone(), record.clone(), note, proptest::option::weighted(0.3, before)).prop_map(
            |(on, record, note, again)| {
                let (record, title) = (record.to_owned(), "Une fiche".to_owned());
                let pin = NewPin { record, kind: RecordKind::Programme, title, subtitle: None, note, again };
                Command::Pin { on, pin: Box::new(pin) }
            }
        ),
        2 => (on, record).prop_map(|(on, record)| Command::Unpin { on, record: record.to_owned() }),
    ]
    .boxed()
}

pub fn command() -> impl Strategy<Value = Command> {
    // Boxed: what proptest keeps of each alternative would otherwise stand on the stack of the test.
    prop_oneof![
        16 => meetings().boxed(),
        7 => enquiries().boxed(),
        1 => clients().boxed(),
        2 => backs().boxed(),
        1 => settings_saved().boxed(),
        6 => waiting_list(),
        2 => pinned(),
    ]
}

pub fn actor() -> impl Strategy<Value = Actor> {
    prop_oneof![
        5 => Just(reception()),
        4 => Just(dupont()),
        2 => Just(martin()),
        3 => Just(director()),
        3 => Just(Actor::Family),
        2 => Just(Actor::System),
        1 => Just(admin()),
    ]
}

pub fn happening() -> impl Strategy<Value = Happening> {
    let later = prop_oneof![6 => 0i64..30, 2 => 60i64..300, 1 => 600i64..1_500];
    (actor(), command(), later, prop::bool::weighted(0.8)).prop_map(
        |(actor, command, later_min, up_to_date)| Happening { actor, command, later_min, up_to_date },
    )
}

/// When the first thing happens.
pub fn first() -> DateTime<Utc> {
    when(21, 12, 0) - Duration::hours(4)
}
