//! One person on record twice: nothing is lost when the two records become one, and both are as they were when taken
//! apart; records and messages made by mistake are taken back.

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::{Companion, HistoryFact, Status};
use passerelle_domain::client::{Client, Guardian, Relation};
use passerelle_domain::command::{Book, ClientUpdate, Command, MergeClients};
use passerelle_domain::enquiry::EnquiryStatus;
use passerelle_domain::ids::GuardianId;
use passerelle_domain::merging::ClientField;
use passerelle_domain::people::Actor;
use passerelle_domain::{OfficeState, RefusalCode as C};
use uuid::Uuid;

use crate::small_office::{
    DUPONT, MARTIN, appointment_id, at, booking, client, client_id, code, director, dupont, enquiry_id,
    family_message, martin, message_id, ok, reception, set, state, when,
};

fn now() -> DateTime<Utc> {
    when(23, 10, 0)
}

fn merge(n: u128, into: u128) -> Command {
    let (id, into) = (client_id(n), client_id(into));
    Command::MergeClients(MergeClients { id, into, take: Vec::new() })
}

fn unmerge(n: u128) -> Command {
    Command::UnmergeClient { id: client_id(n) }
}

fn book(n: u128, of: u128, counsellor: passerelle_domain::ids::PersonId, day: u32, hour: u32) -> Book {
    Book { client: Some(client_id(of)), ..booking(n, counsellor, at(day, hour, 0)) }
}

fn mother(n: u128, given_name: &str) -> Guardian {
    Guardian {
        id: GuardianId(Uuid::from_u128(n)),
        relation: Relation::Mother,
        given_name: given_name.into(),
        family_name: "Benali".into(),
        phone: Some("06 12 40 18 55".into()),
        mail: None,
    }
}

/// Client 0 has a meeting, client 1 has two, a question, and the same mother under another id, who comes along.
fn twice() -> OfficeState {
    let mut state = state();
    for (n, id, given) in [(0, 1, "Nadia"), (1, 2, "")] {
        state.clients.get_mut(&client_id(n)).unwrap().guardians.push(mother(id, given));
    }
    ok(&mut state, &Command::Book(book(1, 0, DUPONT, 25, 9)), &reception(), now());
    let along =
        Companion { relation: Relation::Mother, guardian: Some(GuardianId(Uuid::from_u128(2))), came: None };
    let with_her = Book { companions: vec![along], ..book(2, 1, MARTIN, 25, 10) };
    ok(&mut state, &Command::Book(with_her), &reception(), now());
    ok(&mut state, &Command::Book(book(3, 1, MARTIN, 26, 10)), &reception(), now());
    let asks = Command::IdentifyClient { id: enquiry_id(0), client: client_id(1) };
    ok(&mut state, &asks, &reception(), now());
    state
}

/// All but history and versions, which only grow.
fn plain(state: &OfficeState) -> OfficeState {
    let mut plain = state.clone();
    for a in plain.appointments.values_mut() {
        (a.version, a.history) = (0, Vec::new());
    }
    plain
}

#[test]
fn a_merge_moves_everything_and_the_other_record_stays_readable() {
    let mut state = twice();
    let before = plain(&state);
    ok(&mut state, &merge(1, 0), &reception(), now());
    for n in 1..=3 {
        assert_eq!(state.appointments[&appointment_id(n)].client, Some(client_id(0)), "meeting {n}");
    }
    let with_her = &state.appointments[&appointment_id(2)];
    let guardian = with_her.companions[0].guardian;
    assert_eq!(
        guardian,
        Some(GuardianId(Uuid::from_u128(1))),
        "she is the mother on the record that goes on"
    );
    assert!(
        with_her.history.iter().any(|h| h.what == HistoryFact::Client { from: client_id(1) }),
        "the meeting says where it came from"
    );
    assert_eq!(state.enquiries[&enquiry_id(0)].client, Some(client_id(0)));
    let ended = &state.clients[&client_id(1)];
    assert_eq!(ended.merged_into, Some(client_id(0)));
    assert_eq!(ended.family_name, before.clients[&client_id(1)].family_name);
    assert_eq!(state.clients[&client_id(0)].guardians.len(), 1, "one mother");
    assert_eq!(state.client_that_goes_on(client_id(1)).map(|c| c.id), Some(client_id(0)));

    // What was in somebody's hands about the other record reaches the one that goes on.
    ok(&mut state, &Command::Book(book(4, 1, DUPONT, 27, 9)), &reception(), now());
    assert_eq!(state.appointments[&appointment_id(4)].client, Some(client_id(0)));
    let change = Command::UpdateClient(Box::new(state.clients[&client_id(1)].clone().into()));
    assert_eq!(code(&state, &change, &reception(), now()), C::ClientMerged, "said, not lost in silence");
}

#[test]
fn taken_apart_both_are_as_they_were_and_what_came_since_stays() {
    let mut state = twice();
    let before = plain(&state);
    ok(&mut state, &merge(1, 0), &reception(), now());
    let mut undone = state.clone();
    ok(&mut undone, &unmerge(1), &reception(), now());
    assert_eq!(plain(&undone), before);
    assert_eq!(
        code(&undone, &unmerge(1), &reception(), now()),
        C::StaleRev,
        "there is nothing to take apart"
    );

    ok(&mut state, &Command::Book(book(4, 0, DUPONT, 27, 9)), &reception(), now());
    let changed = Client { school: Some("Lycée".into()), ..state.clients[&client_id(0)].clone() };
    ok(&mut state, &Command::UpdateClient(Box::new(changed.into())), &reception(), now());
    ok(&mut state, &unmerge(1), &reception(), now());
    assert_eq!(
        state.appointments[&appointment_id(4)].client,
        Some(client_id(0)),
        "booked for the one in view"
    );
    assert_eq!(state.clients[&client_id(0)].school.as_deref(), Some("Lycée"));
    assert_eq!(state.appointments[&appointment_id(2)].client, Some(client_id(1)));
}

#[test]
fn the_fields_of_the_other_record_are_taken_when_chosen() {
    let mut state = twice();
    state.clients.get_mut(&client_id(1)).unwrap().family_name = "Ben Ali".into();
    let chosen = Command::MergeClients(MergeClients {
        id: client_id(1),
        into: client_id(0),
        take: vec![ClientField::FamilyName],
    });
    ok(&mut state, &chosen, &dupont(), now());
    let kept = &state.clients[&client_id(0)];
    assert_eq!(kept.family_name, "Ben Ali");
    assert!(kept.also_known.iter().any(|k| k.family_name == client(0).family_name), "{:?}", kept.also_known);
}

#[test]
fn two_meetings_at_one_time_refuse_the_merge_until_one_of_them_moves() {
    let mut state = twice();
    ok(&mut state, &Command::Book(book(5, 0, DUPONT, 25, 10)), &reception(), now());
    let before = state.clone();
    let refusal = passerelle_domain::decide(&state, &merge(1, 0), &reception(), now()).unwrap_err();
    assert_eq!((refusal.code, refusal.with), (C::MergeOverlap, Some(appointment_id(5))));
    assert_eq!(state, before);
    let mut cancel = set(5, Status::Cancelled);
    cancel.reason = Some("Erreur".into());
    ok(&mut state, &Command::SetStatus(cancel), &reception(), now());
    ok(&mut state, &merge(1, 0), &reception(), now());
}

#[test]
fn merged_both_ways_there_is_no_circle_and_a_chain_comes_apart_from_its_end() {
    let mut state = twice();
    ok(&mut state, &merge(1, 0), &reception(), now());
    assert_eq!(ok(&mut state, &merge(0, 1), &reception(), now()), vec![], "they are one already");
    assert_eq!(ok(&mut state, &merge(1, 0), &reception(), now()), vec![]);
    ok(&mut state, &merge(0, 2), &reception(), now());
    assert_eq!(state.appointments[&appointment_id(3)].client, Some(client_id(2)));
    assert_eq!(code(&state, &unmerge(1), &reception(), now()), C::ClientMerged, "the later one first");
    assert_eq!(code(&state, &merge(1, 3), &reception(), now()), C::ClientMerged, "it has ended already");
    let third = ok(&mut state, &merge(3, 1), &reception(), now());
    assert!(
        !third.is_empty() && state.clients[&client_id(3)].merged_into == Some(client_id(2)),
        "into its end"
    );
    ok(&mut state, &unmerge(3), &reception(), now());
    ok(&mut state, &unmerge(0), &reception(), now());
    ok(&mut state, &unmerge(1), &reception(), now());
    assert_eq!(plain(&state), plain(&twice()));
}

#[test]
fn a_record_made_by_mistake_is_taken_back_while_nothing_refers_to_it() {
    let mut state = twice();
    let remove = |n| Command::RemoveClient { id: client_id(n) };
    assert_eq!(code(&state, &remove(0), &reception(), now()), C::ClientInUse, "it has a meeting");
    ok(&mut state, &remove(3), &reception(), now());
    assert_eq!(code(&state, &Command::Book(book(9, 3, DUPONT, 27, 9)), &reception(), now()), C::NotFound);
    assert_eq!(code(&state, &merge(3, 0), &reception(), now()), C::NotFound);
    assert_eq!(ok(&mut state, &remove(3), &reception(), now()), vec![], "said twice");
}

#[test]
fn a_change_is_taken_back_only_while_nobody_has_changed_the_same() {
    let mut state = state();
    let seen = state.clients[&client_id(0)].clone();
    let changed = Client { phone: Some("06 00 00 00 09".into()), ..seen.clone() };
    let give = |client: &Client, seen: &Client, unless_touched| {
        let (client, seen) = (client.clone(), Some(Box::new(seen.clone())));
        Command::UpdateClient(Box::new(ClientUpdate { client, seen, unless_touched }))
    };
    ok(&mut state, &give(&changed, &seen, false), &reception(), now());
    // Somebody who had the old record open changes something else: both changes hold.
    let elsewhere = Client { school: Some("Collège".into()), ..seen.clone() };
    ok(&mut state, &give(&elsewhere, &seen, false), &dupont(), now());
    let both = &state.clients[&client_id(0)];
    assert_eq!((both.phone.clone(), both.school.clone()), (changed.phone.clone(), elsewhere.school.clone()));
    let mut undone = state.clone();
    ok(&mut undone, &give(&seen, &changed, true), &reception(), now());
    assert_eq!(undone.clients[&client_id(0)].school.as_deref(), Some("Collège"), "the other change stays");
    assert_eq!(undone.clients[&client_id(0)].phone, seen.phone);
    let newer = Client { phone: Some("06 00 00 00 10".into()), ..both.clone() };
    ok(&mut state, &Command::UpdateClient(Box::new(newer.into())), &dupont(), now());
    assert_eq!(code(&state, &give(&seen, &changed, true), &reception(), now()), C::StaleRev);
}

#[test]
fn a_message_is_taken_back_by_its_author_until_the_family_writes() {
    let mut state = state();
    let id = enquiry_id(0);
    ok(&mut state, &Command::ClaimEnquiry { id, take_over: false }, &dupont(), now());
    let note = Command::NoteEnquiry { id, message: message_id(50), text: "Rappeler".into() };
    ok(&mut state, &note, &martin(), now());
    let answer = passerelle_domain::command::Answer {
        id,
        message: message_id(51),
        text: "Bonjour".into(),
        proposed: Vec::new(),
        expects_reply: true,
    };
    ok(&mut state, &Command::AnswerEnquiry(answer), &dupont(), now());
    let withdraw = |n| Command::WithdrawMessage { id, message: message_id(n) };
    assert_eq!(code(&state, &withdraw(50), &dupont(), now()), C::NotAllowed, "a colleague's");
    assert_eq!(code(&state, &withdraw(50), &Actor::Family, now()), C::NotAllowed);
    let mut early = state.clone();
    ok(&mut early, &withdraw(51), &dupont(), now());
    let gone = early.enquiries[&id].thread.iter().find(|m| m.id == message_id(51)).unwrap();
    assert_eq!(gone.withdrawn_at, Some(now()), "it stays to be seen as taken back");
    let message = family_message(52, now());
    ok(&mut state, &Command::AppendMessage { id, message }, &Actor::System, now());
    assert_eq!(code(&state, &withdraw(51), &dupont(), now()), C::AnsweredSince);
    ok(&mut state, &withdraw(50), &director(), now());
    assert_eq!(code(&state, &withdraw(52), &director(), now()), C::NotAllowed, "a family's words are theirs");
}

#[test]
fn enquiries_that_were_merged_come_apart_with_their_messages_and_their_secret() {
    let mut state = state();
    let (id, into) = (enquiry_id(0), enquiry_id(1));
    state.enquiries.get_mut(&id).unwrap().sensitive = true;
    let before = state.clone();
    ok(&mut state, &Command::MergeEnquiry { id, into }, &reception(), now());
    assert!(state.enquiries[&into].sensitive);
    let mut undone = state.clone();
    ok(&mut undone, &Command::UnmergeEnquiry { id }, &reception(), now());
    assert_eq!(undone, before);
    // The family goes on writing to the one that it knows.
    let message = family_message(60, now());
    ok(&mut state, &Command::AppendMessage { id, message }, &Actor::System, now());
    ok(&mut state, &Command::UnmergeEnquiry { id }, &reception(), now());
    assert!(state.enquiries[&into].thread.iter().any(|m| m.id == message_id(60)), "what came since stays");
    assert!(state.enquiries[&into].sensitive, "and stays hidden: it may be about the same");

    let mut booked = before;
    ok(&mut booked, &Command::MergeEnquiry { id, into }, &reception(), now());
    let answers = Book { enquiry: Some(into), ..book(7, 0, DUPONT, 27, 9) };
    ok(&mut booked, &Command::Book(answers), &reception(), now());
    assert_eq!(booked.enquiries[&into].status, EnquiryStatus::Converted);
    let refused = code(&booked, &Command::UnmergeEnquiry { id }, &reception(), now());
    assert_eq!(refused, C::EnquiryAlreadyConverted, "the meeting answers both");
}
