//! Enquiries, case by case: who may do what, and where it leads.

use chrono::{DateTime, Utc};
use passerelle_domain::client::{Client, Guardian, NAME_MAX, Relation};
use passerelle_domain::command::{Answer, Book, Command, MergeClients, OpenEnquiry};
use passerelle_domain::enquiry::{Author, Channel, EnquiryStatus, MESSAGE_MAX, Message, SUBJECT_MAX};
use passerelle_domain::ids::GuardianId;
use passerelle_domain::people::Actor;
use passerelle_domain::pins::PinPlace;
use passerelle_domain::waiting::{CallOutcome, CloseReason, Wish};
use passerelle_domain::{OfficeState, RefusalCode as C};
use uuid::Uuid;

use crate::pins::{pin, unpin};
use crate::small_office::{
    DESK, DUPONT, MARTIN, RECEPTION, SHORT, admin, appointment_id, at, booking, call_id, client, client_id,
    code, director, dupont, enquiry, enquiry_id, family_message, give, martin, message_id, ok, reception,
    requester, state, waiting, waiting_id, when,
};
use crate::waiting::{called, wants};

fn now() -> DateTime<Utc> {
    when(23, 9, 0)
}

fn open_enquiry() -> OpenEnquiry {
    OpenEnquiry {
        id: enquiry_id(50),
        reference: "L-ABC234".into(),
        channel: Channel::Phone,
        subject: "Stage de troisième".into(),
        requester: requester(),
        message: family_message(50, now()),
        sensitive: false,
        client: None,
    }
}

fn answer(n: u128, message: u128) -> Answer {
    Answer {
        id: enquiry_id(n),
        message: message_id(message),
        text: "Voici".into(),
        proposed: vec![],
        expects_reply: false,
    }
}

fn update(client: Client) -> Command {
    Command::UpdateClient(Box::new(client.into()))
}

fn merge(n: u128, into: u128) -> Command {
    let (id, into) = (client_id(n), client_id(into));
    Command::MergeClients(MergeClients { id, into, take: Vec::new() })
}

fn claim(n: u128, take_over: bool) -> Command {
    Command::ClaimEnquiry { id: enquiry_id(n), take_over }
}

fn status(state: &OfficeState, n: u128) -> EnquiryStatus {
    state.enquiries[&enquiry_id(n)].status.clone()
}

#[test]
fn each_command_and_who_may_give_it() {
    let staff = [reception(), dupont(), director()];
    let id = enquiry_id(0);
    let message = Message { id: message_id(60), ..family_message(60, now()) };
    let all: Vec<(Command, bool, bool)> = vec![
        (Command::Hold(booking(1, DUPONT, at(26, 9, 0))), false, false),
        (Command::Book(booking(1, DUPONT, at(26, 9, 0))), false, false),
        (Command::ReceiveEnquiry(Box::new(enquiry(70))), false, true),
        (Command::AppendMessage { id, message }, true, true),
        (claim(0, false), false, false),
        (Command::ReleaseEnquiry { id }, false, false),
        (Command::AnswerEnquiry(answer(0, 61)), false, false),
        (Command::NoteEnquiry { id, message: message_id(62), text: "Rappeler".into() }, false, false),
        (Command::CloseEnquiry { id, how: None }, false, false),
        (Command::ReopenEnquiry { id }, false, false),
        (Command::SnoozeEnquiry { id, until: when(25, 9, 0) }, false, false),
        (Command::MergeEnquiry { id, into: enquiry_id(1) }, false, false),
        (Command::IdentifyClient { id, client: client_id(0) }, false, false),
        (Command::OpenEnquiry(Box::new(open_enquiry())), false, false),
        (Command::CreateClient(Box::new(client(50))), false, false),
        (update(Client { family_name: "Durand".into(), ..client(0) }), false, false),
        (merge(1, 2), false, false),
        (Command::RemoveClient { id: client_id(3) }, false, false),
        (Command::SetCompanions { id: appointment_id(9), companions: Vec::new(), seen: None }, false, false),
        (Command::AddWaiting(Box::new(wants(1))), false, false),
        (Command::UpdateWaiting { id: waiting_id(0), wish: Box::new(Wish::any(SHORT)) }, false, false),
        (Command::CallWaiting { id: waiting_id(0), call: called(1, CallOutcome::NoAnswer) }, false, false),
        (Command::UncallWaiting { id: waiting_id(0), call: call_id(1) }, false, false),
        (Command::CloseWaiting { id: waiting_id(0), reason: CloseReason::Elsewhere }, false, false),
        (Command::ReopenWaiting { id: waiting_id(0) }, false, false),
        (pin(PinPlace::Enquiry(id), "FOR.1"), false, false),
        (unpin(PinPlace::Enquiry(id), "FOR.1"), false, false),
    ];
    let mut with_meeting = state();
    ok(&mut with_meeting, &Command::Book(booking(9, DUPONT, at(27, 9, 0))), &reception(), now());
    with_meeting.waiting.insert(waiting_id(0), waiting(0));
    for (command, family, system) in all {
        let may = |actor: &Actor| give(&mut with_meeting.clone(), &command, actor, now()).map_err(|r| r.code);
        for actor in &staff {
            let received = matches!(command, Command::ReceiveEnquiry(_));
            assert_eq!(
                may(actor).err(),
                received.then_some(C::NotAllowed),
                "{} by {actor:?}",
                command.kind()
            );
        }
        assert_eq!(
            may(&Actor::Family).err(),
            (!family).then_some(C::NotAllowed),
            "{} by a family",
            command.kind()
        );
        assert_eq!(
            may(&Actor::System).err(),
            (!system).then_some(C::NotAllowed),
            "{} by the service",
            command.kind()
        );
        assert_eq!(may(&admin()).err(), Some(C::NotAllowed), "{} by the academy", command.kind());
    }
}

#[test]
fn a_claim_keeps_others_from_answering_until_it_is_taken_over_or_given_up() {
    let mut state = state();
    ok(&mut state, &claim(0, false), &dupont(), now());
    let claimed = &state.enquiries[&enquiry_id(0)];
    assert_eq!(
        (claimed.owner, claimed.claimed_at_desk, claimed.claimed_at),
        (Some(DUPONT), Some(DESK), Some(now()))
    );
    assert_eq!(ok(&mut state, &claim(0, false), &dupont(), now()), vec![], "claimed twice by the same");
    let refused = give(&mut state, &claim(0, false), &martin(), now()).expect_err("a colleague has it");
    assert_eq!((refused.code, refused.person), (C::EnquiryClaimed, Some(DUPONT)));
    let refused = give(&mut state, &Command::AnswerEnquiry(answer(0, 1)), &martin(), now())
        .expect_err("answered twice");
    assert_eq!((refused.code, refused.person), (C::EnquiryClaimed, Some(DUPONT)));
    ok(&mut state, &claim(0, true), &martin(), now());
    ok(&mut state, &Command::AnswerEnquiry(answer(0, 1)), &martin(), now());
    assert_eq!(
        (status(&state, 0), state.enquiries[&enquiry_id(0)].owner),
        (EnquiryStatus::Answered, Some(MARTIN))
    );
    ok(&mut state, &claim(1, false), &dupont(), now());
    ok(&mut state, &Command::ReleaseEnquiry { id: enquiry_id(1) }, &dupont(), now());
    assert_eq!((status(&state, 1), state.enquiries[&enquiry_id(1)].owner), (EnquiryStatus::New, None));
    ok(&mut state, &claim(1, false), &reception(), now());
    assert_eq!(state.enquiries[&enquiry_id(1)].owner, Some(RECEPTION));
}

#[test]
fn a_new_message_opens_what_was_done() {
    let owned = Some(DUPONT);
    let meeting = |s: &mut OfficeState| {
        let book = Book { enquiry: Some(enquiry_id(0)), ..booking(1, DUPONT, at(26, 9, 0)) };
        ok(s, &Command::Book(book), &dupont(), now());
    };
    let set = |s: &mut OfficeState, status| s.enquiries.get_mut(&enquiry_id(0)).expect("it").status = status;
    type Prepare = Box<dyn Fn(&mut OfficeState)>;
    let cases: Vec<(&str, Prepare, EnquiryStatus, bool)> = vec![
        ("new", Box::new(|_| {}), EnquiryStatus::New, false),
        ("answered", Box::new(move |s| set(s, EnquiryStatus::Answered)), EnquiryStatus::Claimed, true),
        ("closed", Box::new(move |s| set(s, EnquiryStatus::Closed)), EnquiryStatus::Claimed, true),
        ("waiting", Box::new(move |s| set(s, EnquiryStatus::WaitingClient)), EnquiryStatus::Claimed, true),
        (
            "asleep",
            Box::new(move |s| set(s, EnquiryStatus::Snoozed { until: when(30, 9, 0) })),
            EnquiryStatus::Claimed,
            true,
        ),
        ("closed, nobody's", Box::new(move |s| set(s, EnquiryStatus::Closed)), EnquiryStatus::New, false),
        ("with a meeting", Box::new(meeting), EnquiryStatus::Claimed, true),
        ("no question", Box::new(move |s| set(s, EnquiryStatus::Spam)), EnquiryStatus::Spam, true),
    ];
    for (what, prepare, expected, has_owner) in cases {
        let mut state = state();
        prepare(&mut state);
        if has_owner {
            state.enquiries.get_mut(&enquiry_id(0)).expect("it").owner = owned;
        }
        let due = state.enquiries[&enquiry_id(0)].due_at;
        let command = Command::AppendMessage { id: enquiry_id(0), message: family_message(7, now()) };
        ok(&mut state, &command, &Actor::Family, now());
        let after = &state.enquiries[&enquiry_id(0)];
        assert_eq!((&after.status, after.due_at), (&expected, due), "{what}");
        assert_eq!(after.thread.last().map(|m| m.id), Some(message_id(7)), "{what}");
        assert_eq!(
            code(&state, &command, &Actor::Family, now()),
            C::IdInUse,
            "{what}: the same message again"
        );
    }
}

#[test]
fn nobody_writes_in_anothers_name() {
    let state = state();
    let append = |author: Author, internal: bool| {
        let message = Message { author, internal, ..family_message(7, now()) };
        Command::AppendMessage { id: enquiry_id(0), message }
    };
    let staff = || Author::Staff { person: DUPONT };
    for actor in [Actor::Family, Actor::System, reception(), dupont()] {
        assert_eq!(code(&state, &append(staff(), false), &actor, now()), C::NotAllowed, "{actor:?}");
    }
    assert_eq!(code(&state, &append(Author::OnlineService, false), &Actor::Family, now()), C::NotAllowed);
    let family = || Author::Family { name: "Inès".into() };
    assert_eq!(code(&state, &append(family(), true), &Actor::Family, now()), C::NotAllowed, "a hidden note");
    for actor in [Actor::Family, Actor::System, reception()] {
        ok(&mut state.clone(), &append(family(), false), &actor, now());
    }
    let mut open = open_enquiry();
    open.message.author = staff();
    let open = Command::OpenEnquiry(Box::new(open));
    assert_eq!(code(&state, &open, &reception(), now()), C::NotAllowed);
    ok(&mut state.clone(), &open, &dupont(), now());
}

#[test]
fn texts_have_their_limits() {
    let state = state();
    let fields = |command: Command| {
        let refused = give(&mut state.clone(), &command, &reception(), now()).expect_err("wrong fields");
        assert_eq!(refused.code, C::InvalidFields, "{command:?}");
        refused.fields.into_iter().map(|f| format!("{}:{}", f.field, f.code)).collect::<Vec<_>>()
    };
    let open = |change: fn(&mut OpenEnquiry)| {
        let mut o = open_enquiry();
        change(&mut o);
        Command::OpenEnquiry(Box::new(o))
    };
    assert_eq!(fields(open(|o| o.subject = "  ".into())), ["subject:required"]);
    assert_eq!(fields(open(|o| o.subject = "é".repeat(SUBJECT_MAX + 1))), ["subject:too_long"]);
    assert_eq!(fields(open(|o| o.message.text = "é".repeat(MESSAGE_MAX + 1))), ["message:too_long"]);
    assert_eq!(fields(open(|o| o.requester.name.clear())), ["requester.name:required"]);
    assert_eq!(
        fields(open(|o| o.requester.school = Some("é".repeat(NAME_MAX + 1)))),
        ["requester.school:too_long"]
    );
    assert_eq!(fields(open(|o| o.requester.phone = Some("12".into()))), ["requester.phone:phone"]);
    assert_eq!(fields(open(|o| o.requester.mail = Some("@".into()))), ["requester.mail:mail"]);
    assert_eq!(
        fields(open(|o| o.requester.postal_code = "8000".into())),
        ["requester.postal_code:postal_code"]
    );
    assert_eq!(fields(open(|o| o.reference.clear())), ["reference:required"]);
    // The longest that is allowed, and a home that nobody asked for at the counter.
    let longest = open(|o| {
        o.subject = "é".repeat(SUBJECT_MAX);
        o.message.text = "é".repeat(MESSAGE_MAX);
        o.requester.postal_code.clear();
    });
    ok(&mut state.clone(), &longest, &reception(), now());
    let long = || "é".repeat(MESSAGE_MAX + 1);
    assert_eq!(fields(Command::AnswerEnquiry(Answer { text: long(), ..answer(0, 1) })), ["text:too_long"]);
    assert_eq!(
        fields(Command::NoteEnquiry { id: enquiry_id(0), message: message_id(1), text: " ".into() }),
        ["text:required"]
    );
    let guardian = |n: u128, name: &str| Guardian {
        id: GuardianId(Uuid::from_u128(n)),
        relation: Relation::Mother,
        given_name: String::new(),
        family_name: name.into(),
        phone: None,
        mail: None,
    };
    let saved = |change: &dyn Fn(&mut Client)| {
        let mut c = client(50);
        change(&mut c);
        Command::CreateClient(Box::new(c))
    };
    assert_eq!(fields(saved(&|c| c.given_name.clear())), ["given_name:required"]);
    assert_eq!(
        fields(saved(&|c| c.birth_date = now().date_naive().succ_opt())),
        ["birth_date:in_the_future"]
    );
    assert_eq!(fields(saved(&|c| c.birth_date = "1900-01-01".parse().ok())), ["birth_date:too_old"]);
    assert_eq!(fields(saved(&|c| c.class_level = Some("é".repeat(NAME_MAX + 1)))), ["class_level:too_long"]);
    assert_eq!(
        fields(saved(&|c| c.guardians = vec![guardian(1, " ")])),
        ["guardians.0.family_name:required"]
    );
    assert_eq!(
        fields(saved(&|c| c.guardians = vec![guardian(1, "A"), guardian(1, "B")])),
        ["guardians.1.id:in_use"]
    );
    assert_eq!(
        fields(saved(&|c| c.guardians = (0..21).map(|n| guardian(n, "A")).collect())),
        ["guardians:too_many"]
    );
    ok(
        &mut state.clone(),
        &saved(&|c| c.guardians = vec![guardian(1, "A"), guardian(2, "A")]),
        &reception(),
        now(),
    );
}

#[test]
fn ids_are_used_once() {
    let state = state();
    let open = Command::OpenEnquiry(Box::new(OpenEnquiry { id: enquiry_id(0), ..open_enquiry() }));
    assert_eq!(code(&state, &open, &reception(), now()), C::IdInUse);
    assert_eq!(
        code(&state, &Command::ReceiveEnquiry(Box::new(enquiry(0))), &Actor::System, now()),
        C::IdInUse
    );
    assert_eq!(code(&state, &Command::CreateClient(Box::new(client(0))), &reception(), now()), C::IdInUse);
    assert_eq!(code(&state, &update(client(50)), &reception(), now()), C::NotFound);
    // The message with which the enquiry came.
    assert_eq!(code(&state, &Command::AnswerEnquiry(answer(0, 1_000)), &reception(), now()), C::IdInUse);
    let note = Command::NoteEnquiry { id: enquiry_id(0), message: message_id(1_000), text: "Vu".into() };
    assert_eq!(code(&state, &note, &reception(), now()), C::IdInUse);
}

#[test]
fn a_merge_keeps_both_threads_and_hides_what_was_hidden() {
    let mut state = state();
    let first = state.enquiries.get_mut(&enquiry_id(0)).expect("it");
    (first.sensitive, first.client) = (true, Some(client_id(0)));
    let merge = |id, into| Command::MergeEnquiry { id: enquiry_id(id), into: enquiry_id(into) };
    assert_eq!(code(&state, &merge(0, 0), &reception(), now()), C::EnquiryNotOpen, "into itself");
    assert_eq!(code(&state, &merge(0, 99), &reception(), now()), C::NotFound);
    ok(&mut state, &merge(0, 1), &reception(), now());
    let target = &state.enquiries[&enquiry_id(1)];
    let ids: Vec<_> = target.thread.iter().map(|m| m.id).collect();
    assert_eq!(ids, [message_id(1_000), message_id(1_001)]);
    assert_eq!((target.sensitive, target.client), (true, Some(client_id(0))));
    assert_eq!(status(&state, 0), EnquiryStatus::Merged { into: enquiry_id(1) });
    assert_eq!(state.enquiries[&enquiry_id(0)].thread.len(), 1, "the ended one keeps its own");
    assert_eq!(code(&state, &merge(1, 0), &reception(), now()), C::EnquiryNotOpen, "no circle");
    assert_eq!(code(&state, &merge(0, 2), &reception(), now()), C::EnquiryNotOpen, "merged already");
    for command in [
        claim(0, true),
        Command::CloseEnquiry { id: enquiry_id(0), how: None },
        Command::ReopenEnquiry { id: enquiry_id(0) },
        Command::AnswerEnquiry(answer(0, 1)),
        Command::Book(Book { enquiry: Some(enquiry_id(0)), ..booking(1, DUPONT, at(26, 9, 0)) }),
    ] {
        assert_eq!(code(&state, &command, &reception(), now()), C::EnquiryNotOpen, "{command:?}");
    }
    // Twice merged: what is said of the first goes to the last.
    ok(&mut state, &merge(1, 2), &reception(), now());
    let late = Command::AppendMessage { id: enquiry_id(0), message: family_message(7, now()) };
    ok(&mut state, &late, &Actor::Family, now());
    assert_eq!(state.enquiries[&enquiry_id(2)].thread.len(), 4);
    // The one with a meeting goes on; it does not end in another one.
    let book = Book { enquiry: Some(enquiry_id(3)), ..booking(1, DUPONT, at(26, 9, 0)) };
    ok(&mut state, &Command::Book(book), &reception(), now());
    let reopened = Command::AppendMessage { id: enquiry_id(3), message: family_message(8, now()) };
    ok(&mut state, &reopened, &Actor::Family, now());
    assert_eq!(code(&state, &merge(3, 2), &reception(), now()), C::EnquiryAlreadyConverted);
    ok(&mut state, &merge(2, 3), &reception(), now());
}

#[test]
fn an_enquiry_sleeps_until_a_time_to_come() {
    let mut state = state();
    let snooze = |until| Command::SnoozeEnquiry { id: enquiry_id(0), until };
    assert_eq!(code(&state, &snooze(now()), &reception(), now()), C::TooLate);
    ok(&mut state, &snooze(when(25, 9, 0)), &reception(), now());
    assert_eq!(status(&state, 0), EnquiryStatus::Snoozed { until: when(25, 9, 0) });
    // Asleep is still open: it can be claimed, answered and booked.
    ok(&mut state.clone(), &claim(0, false), &dupont(), now());
    let book = Book { enquiry: Some(enquiry_id(0)), ..booking(1, DUPONT, at(26, 9, 0)) };
    ok(&mut state, &Command::Book(book), &reception(), now());
    let again = Book { enquiry: Some(enquiry_id(0)), ..booking(2, DUPONT, at(27, 9, 0)) };
    for command in
        [Command::Book(again.clone()), Command::Hold(again), snooze(when(25, 9, 0)), claim(0, true)]
    {
        let refused = give(&mut state, &command, &reception(), now()).expect_err("it has its meeting");
        assert_eq!(
            (refused.code, refused.with),
            (C::EnquiryAlreadyConverted, Some(appointment_id(1))),
            "{command:?}"
        );
    }
}

#[test]
fn only_what_is_held_for_a_family_is_proposed_to_it() {
    let mut state = state();
    let hold = |n, enquiry| Book {
        enquiry: Some(enquiry_id(enquiry)),
        ..booking(n, DUPONT, at(24 + n as u32, 9, 0))
    };
    ok(&mut state, &Command::Hold(hold(1, 0)), &reception(), now());
    ok(&mut state, &Command::Hold(hold(2, 1)), &reception(), now());
    let with = |proposed: u128| {
        Command::AnswerEnquiry(Answer { proposed: vec![appointment_id(proposed)], ..answer(0, 1) })
    };
    assert_eq!(code(&state, &with(9), &reception(), now()), C::NotFound, "no such meeting");
    assert_eq!(code(&state, &with(2), &reception(), now()), C::NotFound, "held for somebody else");
    let mut declined = state.clone();
    let step = crate::small_office::set(1, passerelle_domain::appointment::Status::Declined);
    ok(&mut declined, &Command::SetStatus(step), &reception(), now());
    assert_eq!(code(&declined, &with(1), &reception(), now()), C::NoSuchStep, "no longer held");
    ok(&mut state, &with(1), &reception(), now());
}
