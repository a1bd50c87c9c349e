//! The desks of an office that know each other: who they are, what one may say for another, and what became of a
//! colleague's command.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Timelike, Utc};
use ed25519_dalek::Signer;
use passerelle_central::administration::{self, By};
use passerelle_central::clock::Clock;
use passerelle_central::exchange::exchange;
use passerelle_central::service::{Protections, Service};
use passerelle_central::store;
use passerelle_domain::Command;
use passerelle_domain::ids::{CommandId, DeskId};
use passerelle_domain::lease::{self, Granule, HalfDay, Lease};
use passerelle_domain::refusal::{FreeSlot, RefusalCode};
use passerelle_protocol::colleagues::{
    Colleagues, ColleaguesRequest, MAX_ADDRESS, MAX_ADDRESSES, Vouch, vouched,
};
use passerelle_protocol::sync::{Entity, Envelope, MAX_ASKED, SyncRequest, SyncResponse, Verdict};
use serde_json::json;
use tokio::sync::watch;
use uuid::Uuid;

use crate::leases::{Reception, refusal};
use crate::office::{Central, Desk, abbeville, amiens, book, hex, now, problem, receptionist};

async fn ask(desk: &Desk, listens: &[&str]) -> reqwest::Response {
    let body = ColleaguesRequest { listens: listens.iter().map(|&a| a.to_owned()).collect() };
    let url = format!("{}/v1/colleagues", desk.url);
    desk.http.post(url).bearer_auth(&desk.token).json(&body).send().await.expect("an answer")
}

async fn known(desk: &Desk, listens: &[&str]) -> Colleagues {
    ask(desk, listens).await.json().await.expect("colleagues")
}

fn accepted(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Accepted { .. })
}

/// What a desk says with its key of another's command.
fn vouch(by: &Desk, envelope: &Envelope, leases: &str) -> Vouch {
    let signature = hex(&by.key.sign(&vouched(envelope, leases)).to_bytes());
    Vouch { by: by.id, leases: leases.to_owned(), signature }
}

/// The ways in which commands are decided: those of a request together, or one by one.
struct Ways {
    one_by_one: Service,
}

impl Ways {
    async fn of(town: &Reception) -> Self {
        let store = store::open(&town.central.database.location(), false).await.expect("a store");
        let (_, stopping) = watch::channel(false);
        let mut one_by_one = Service::new(store, Clock::standing_at(town.now()), None, stopping);
        one_by_one.protections = Protections { together: false, ..Protections::default() };
        Self { one_by_one }
    }

    /// The verdict of a command of the second desk.
    async fn decide(&self, town: &mut Reception, together: bool, envelope: &Envelope) -> Verdict {
        let commands = std::slice::from_ref(envelope);
        if together {
            return town.b.sync(commands).await.remove(0).verdict;
        }
        let store = &self.one_by_one.store;
        let desk =
            store.read().await.expect("a reader").desk(town.b.id).await.expect("read").expect("a desk");
        let answer = exchange(&self.one_by_one, &desk, &town.b.request(commands, 1000)).await;
        answer.expect("an exchange").results.remove(0).verdict
    }

    async fn close(self) {
        self.one_by_one.store.close().await;
    }
}

impl Reception {
    /// Free places of the next days, each in a half-day of its own that is held, no two at the same time.
    fn places(&self) -> Vec<(FreeSlot, Lease)> {
        let leases = self.leases();
        let today = self.settings.local_date(self.now());
        let days = lease::working_days(&self.settings, today);
        let mut places: Vec<(FreeSlot, Lease)> = Vec::new();
        for slot in self.b.free(&self.settings) {
            let Some(granule) = self.half_day(&slot) else { continue };
            let apart = |(s, l): &(FreeSlot, Lease)| {
                l.granule != granule && (s.end <= slot.start || slot.end <= s.start)
            };
            let held = leases.iter().find(|l| l.granule == granule && days[1..].contains(&l.granule.date));
            if let Some(lease) = held.filter(|_| places.iter().all(apart)) {
                places.push((slot, lease.clone()));
            }
        }
        places
    }

    /// The half-day in which a place lies whole.
    fn half_day(&self, slot: &FreeSlot) -> Option<Granule> {
        let half = |at: DateTime<Utc>| {
            let local = at.with_timezone(&self.settings.office.zone).naive_local();
            (local.date(), if local.hour() < 13 { HalfDay::Morning } else { HalfDay::Afternoon })
        };
        let (date, half_day) = half(slot.start);
        let whole = half(slot.end - TimeDelta::seconds(1)) == (date, half_day);
        whole.then_some(Granule { counsellor: slot.counsellor, date, half: half_day })
    }

    /// A booking of the second desk.
    fn booking(&mut self, slot: &FreeSlot) -> Envelope {
        self.b.envelope(self.who, &Command::Book(book(&self.settings, slot)))
    }

    /// The same with the holder's word under this lease.
    fn vouched(&mut self, slot: &FreeSlot, lease: &Lease) -> Envelope {
        let mut envelope = self.booking(slot);
        envelope.vouch = Some(vouch(&self.a, &envelope, &lease.reference()));
        envelope
    }
}

#[tokio::test]
async fn colleagues_are_told_with_address_and_key_and_nobody_who_is_no_colleague() {
    let central = Central::start().await;
    let (a, b) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    let (gone, foreign) = (central.desk(&amiens()).await, central.desk(&abbeville()).await);
    let store = &central.running.service().store;
    administration::set_reception(store, a.id, true, &By::command_line(now())).await.expect("a desk");
    known(&gone, &["10.0.0.4:7443"]).await;
    known(&foreign, &["10.0.0.5:7443"]).await;
    administration::revoke_desk(store, gone.id, &By::command_line(now())).await.expect("removed");
    let refused = problem(ask(&gone, &["10.0.0.4:7443"]).await).await;
    assert!(["desk_revoked", "token_expired"].contains(&refused.code.as_str()), "{refused:?}");
    let own = ["192.168.1.20:7443", "[fd00::20]:7443"];
    for _ in 0..2 {
        let told = known(&a, &own).await.desks;
        let ids: Vec<DeskId> = told.iter().map(|d| d.desk).collect();
        assert_eq!(ids, [a.id, b.id], "the asking desk among them");
        assert_eq!(told[0].listens, own, "what was just said is told");
    }
    let told = known(&b, &[]).await.desks;
    assert_eq!((told[0].reception, told[1].reception), (true, false));
    assert_eq!(told[0].listens, own);
    assert!(told[1].listens.is_empty(), "it does not listen");
    assert_eq!(told[0].public_key, hex(a.key.verifying_key().as_bytes()));
    assert_eq!(told[0].name, "Accueil");
    // It listens no longer.
    known(&a, &[]).await;
    assert!(known(&b, &[]).await.desks[0].listens.is_empty());
    let told = known(&foreign, &["10.0.0.5:7443"]).await.desks;
    assert_eq!(told.iter().map(|d| d.desk).collect::<Vec<_>>(), [foreign.id], "an office for itself");
    let nobody = reqwest::Client::new().post(central.url("/v1/colleagues")).json(&json!({ "listens": [] }));
    let refused = problem(nobody.send().await.expect("an answer")).await;
    assert_eq!((refused.status, refused.code.as_str()), (401, "token_expired"));
    central.running.shutdown().await;
}

#[tokio::test]
async fn an_address_that_nobody_can_use_is_refused_and_nothing_of_the_list_is_kept() {
    let central = Central::start().await;
    let desk = central.desk(&amiens()).await;
    let good = "192.168.1.20:7443";
    known(&desk, &[good]).await;
    let long = format!("[fe80::1%{}]:7443", "1".repeat(MAX_ADDRESS));
    let other = "10.0.0.1:7443";
    for bad in ["", "accueil:7443", "192.168.1.20", "192.168.1.20:70000", "192.168.1.20:7443/x", &long] {
        let refused = problem(ask(&desk, &[other, bad]).await).await;
        assert_eq!((refused.status, refused.code.as_str()), (400, "bad_address"), "{bad:?}");
        assert!(refused.detail.contains("n° 2"), "which one: {}", refused.detail);
        assert!(bad.is_empty() || !refused.detail.contains(&format!("« {bad}")), "{}", refused.detail);
    }
    let refused = problem(ask(&desk, &[other; MAX_ADDRESSES + 1]).await).await;
    assert_eq!((refused.status, refused.code.as_str()), (400, "bad_address"));
    let beside = central.desk(&amiens()).await;
    assert_eq!(known(&beside, &[]).await.desks[0].listens, [good], "as it was");
    known(&desk, &[other; MAX_ADDRESSES]).await;
    assert_eq!(known(&beside, &[]).await.desks[0].listens.len(), MAX_ADDRESSES);
    central.running.shutdown().await;
}

#[tokio::test]
async fn what_the_holder_vouches_for_is_accepted_at_once_though_the_holder_is_silent() {
    let mut town = Reception::new().await;
    let ways = Ways::of(&town).await;
    let places = town.places();
    assert!(places.len() >= 4, "{} places", places.len());
    town.falls_silent().await;
    for (together, (slot, lease)) in [true, false].into_iter().zip(&places) {
        let without = town.booking(slot);
        let verdict = ways.decide(&mut town, together, &without).await;
        assert_eq!(refusal(&verdict).code, RefusalCode::SlotLeased);
        let with = town.vouched(slot, lease);
        let verdict = ways.decide(&mut town, together, &with).await;
        assert!(accepted(&verdict), "{together}: {verdict:?}");
        // The word was about that command: the next one is told what it would be told alone.
        let (other, _) = &places[3];
        let next = town.booking(other);
        assert_eq!(refusal(&ways.decide(&mut town, together, &next).await).code, RefusalCode::SlotLeased);
    }
    // In one request: only the one that is vouched for.
    let ((first, held), (second, _)) = (&places[2], &places[3]);
    let both = [town.vouched(first, held), town.booking(second)];
    let done = town.b.sync(&both).await;
    assert!(accepted(&done[0].verdict), "{done:?}");
    assert_eq!(refusal(&done[1].verdict).code, RefusalCode::SlotLeased);
    ways.close().await;
    town.end().await;
}

#[tokio::test]
async fn a_holder_that_has_vouched_is_not_asked_and_what_waited_without_its_word_waits_no_longer() {
    let mut town = Reception::new().await;
    let ways = Ways::of(&town).await;
    let places = town.places();
    let asked = |town: &Reception| town.leases().iter().filter(|l| l.asked_back.is_some()).count();
    for (together, (slot, lease)) in [true, false].into_iter().zip(&places) {
        let with = town.vouched(slot, lease);
        assert!(accepted(&ways.decide(&mut town, together, &with).await));
        town.b.sync(&[]).await;
        assert_eq!(asked(&town), usize::from(!together), "nobody is asked");
        let (slot, lease) = &places[if together { 2 } else { 3 }];
        let mut envelope = town.booking(slot);
        assert_eq!(ways.decide(&mut town, together, &envelope).await, Verdict::Held);
        envelope.vouch = Some(vouch(&town.a, &envelope, &lease.reference()));
        let verdict = ways.decide(&mut town, together, &envelope).await;
        assert!(accepted(&verdict), "the holder was asked, and has said it by another way: {verdict:?}");
        town.b.sync(&[]).await;
    }
    ways.close().await;
    town.end().await;
}

#[tokio::test]
async fn a_word_that_is_not_the_holders_about_this_command_and_half_day_is_as_none() {
    let mut town = Reception::new().await;
    let ways = Ways::of(&town).await;
    let places = town.places();
    let ((slot, held), (elsewhere, other)) = (&places[0], &places[1]);
    let named = held.reference();
    let (same_office, foreign) = (town.central.desk(&amiens()).await, town.central.desk(&abbeville()).await);
    town.falls_silent().await;
    for together in [true, false] {
        let arguments = town.booking(elsewhere).command;
        let mut wrong: Vec<(&str, Envelope)> = Vec::new();
        for what in 0..9 {
            let mut envelope = town.booking(slot);
            let good = vouch(&town.a, &envelope, &named);
            let (what, said) = match what {
                0 => ("another's key", Vouch { by: town.a.id, ..vouch(&town.b, &envelope, &named) }),
                1 => ("no signature", Vouch { signature: "00".into(), ..good }),
                2 => {
                    let told = Envelope { command: arguments.clone(), ..envelope.clone() };
                    ("other arguments", vouch(&town.a, &told, &named))
                }
                3 => {
                    let told = Envelope { id: CommandId(Uuid::now_v7()), ..envelope.clone() };
                    ("another command", vouch(&town.a, &told, &named))
                }
                4 => ("another half-day", vouch(&town.a, &envelope, &other.reference())),
                5 => ("another term", vouch(&town.a, &envelope, &format!("{}/2", held.granule))),
                6 => ("leases that were not signed", Vouch { leases: format!("{named} x/1"), ..good }),
                7 => ("a desk that holds nothing", vouch(&same_office, &envelope, &named)),
                _ => ("a desk of another office", vouch(&foreign, &envelope, &named)),
            };
            envelope.vouch = Some(said);
            wrong.push((what, envelope));
        }
        let mut own = town.booking(slot);
        own.vouch = Some(vouch(&town.b, &own, &named));
        wrong.push(("the desk itself", own));
        // The numbers are used in the order in which they were given: the arguments' own among them.
        town.b.seq -= 11;
        for (what, mut envelope) in wrong {
            town.b.seq += 1;
            envelope.seq = town.b.seq;
            let verdict = ways.decide(&mut town, together, &envelope).await;
            assert_eq!(refusal(&verdict).code, RefusalCode::SlotLeased, "{what}, {together}");
        }
    }
    // A holder that can be asked is asked.
    town.a.sync(&[]).await;
    let mut forged = town.booking(slot);
    forged.vouch = Some(Vouch { by: town.a.id, ..vouch(&town.b, &forged, &named) });
    assert_eq!(town.b.sync(std::slice::from_ref(&forged)).await[0].verdict, Verdict::Held);
    // Its trust has ended, and its leases not yet.
    let mut late = town.vouched(elsewhere, other);
    let store = &town.central.running.service().store;
    let mut tx = store.write().await.expect("a writer");
    tx.revoke(town.a.id, now()).await.expect("revoked");
    tx.commit().await.expect("committed");
    for together in [true, false] {
        let verdict = ways.decide(&mut town, together, &late).await;
        assert_eq!(refusal(&verdict).code, RefusalCode::SlotLeased, "{together}");
        late = town.vouched(elsewhere, other);
    }
    ways.close().await;
    town.central.assert_sound().await;
    town.central.running.shutdown().await;
}

#[tokio::test]
async fn what_was_vouched_for_under_a_lease_that_was_taken_back_and_given_away_is_told_so() {
    let mut town = Reception::new().await;
    let ways = Ways::of(&town).await;
    let places = town.places();
    let ((given, of_given), (free, of_free)) = (&places[0], &places[1]);
    // The holder has given a place away by itself: its lease stands, the place is taken.
    let (broken, of_broken) = &places[2];
    assert!(accepted(&town.a.give(town.who, &Command::Book(book(&town.settings, broken))).await));
    for together in [true, false] {
        let envelope = town.vouched(broken, of_broken);
        let verdict = ways.decide(&mut town, together, &envelope).await;
        assert_eq!(refusal(&verdict).code, RefusalCode::SlotTaken, "{together}");
    }
    let store = &town.central.running.service().store;
    administration::take_back(store, town.a.id, &By::command_line(now())).await.expect("a desk");
    let mut other = town.central.desk(&amiens()).await;
    other.sync(&[]).await;
    assert!(accepted(&other.give(town.who, &Command::Book(book(&town.settings, given))).await));
    for together in [true, false] {
        let envelope = town.vouched(given, of_given);
        let verdict = ways.decide(&mut town, together, &envelope).await;
        let refused = refusal(&verdict);
        assert_eq!(refused.code, RefusalCode::LeaseRevoked, "{together}");
        assert_eq!(refused.alternatives.len(), 3, "{refused:?}");
        // Who was promised nothing is told that the place is taken.
        let mut forged = town.booking(given);
        forged.vouch = Some(Vouch { by: town.a.id, ..vouch(&town.b, &forged, &of_given.reference()) });
        let verdict = ways.decide(&mut town, together, &forged).await;
        assert_eq!(refusal(&verdict).code, RefusalCode::SlotTaken, "{together}");
    }
    let envelope = town.vouched(free, of_free);
    assert!(accepted(&ways.decide(&mut town, true, &envelope).await), "nobody has it");
    ways.close().await;
    town.end().await;
}

#[tokio::test]
async fn a_desk_is_told_which_commands_of_its_colleagues_are_decided_and_of_nobody_elses() {
    let mut town = Reception::new().await;
    let (held, later) = town.slots();
    let mut foreign = town.central.desk(&abbeville()).await;
    foreign.sync(&[]).await;
    let there = town.central.settings(&abbeville()).await;
    let place = foreign.free(&there)[0].clone();
    let theirs = foreign.envelope(receptionist(&there), &Command::Book(book(&there, &place)));
    assert!(accepted(&foreign.sync(std::slice::from_ref(&theirs)).await[0].verdict));
    let sent = [town.booking(&later), town.booking(&later), town.booking(&held)];
    let done = town.b.sync(&sent).await;
    assert!(accepted(&done[0].verdict));
    assert_eq!(refusal(&done[1].verdict).code, RefusalCode::SlotTaken);
    assert_eq!(done[2].verdict, Verdict::Held);
    let unknown = CommandId(Uuid::now_v7());
    let [accepted_one, refused_one, held_one] = [sent[0].id, sent[1].id, sent[2].id];
    let asked = vec![theirs.id, accepted_one, unknown, held_one, refused_one];
    let answer = async |request: &SyncRequest| -> SyncResponse {
        town.a.post(request).await.json().await.expect("an answer")
    };
    let request = town.a.request(&[], 1000);
    assert!(answer(&request).await.decided.is_empty(), "nothing was asked");
    let request = SyncRequest { colleagues: asked, ..request };
    let told = answer(&request).await;
    assert_eq!(told.decided, [accepted_one, refused_one]);
    let changed: BTreeSet<(Entity, &str)> = told.changes.iter().map(|c| (c.entity, c.id.as_str())).collect();
    let Command::Book(booked) = sent[0].parse().expect("a command") else { panic!("a booking") };
    assert!(changed.contains(&(Entity::Appointment, &*booked.id.to_string())), "with what it changed");
    // What an accepted one changed comes with a later page.
    let short = SyncRequest { limit: 0, ..request.clone() };
    assert_eq!(answer(&short).await.decided, [refused_one]);
    let many = SyncRequest { colleagues: vec![unknown; MAX_ASKED + 1], ..request };
    let refused = problem(town.a.post(&many).await).await;
    assert_eq!((refused.status, refused.code.as_str()), (413, "too_many_commands"));
    town.end().await;
}

#[tokio::test]
async fn a_half_day_is_not_given_back_while_its_holder_vouches_for_what_central_has_not_seen() {
    let mut town = Reception::new().await;
    let places = town.places();
    let ((slot, lease), (elsewhere, _)) = (&places[0], &places[1]);
    // A colleague that central has not heard was promised a place there, and another one asks for the half-day.
    let promised = town.vouched(slot, lease);
    let mut other = town.central.desk(&amiens()).await;
    other.sync(&[]).await;
    let near = |s: &&FreeSlot| {
        (s.start >= slot.end || s.end <= slot.start) && town.half_day(s).as_ref() == Some(&lease.granule)
    };
    let free = other.free(&town.settings);
    let wanted = free.iter().find(near).expect("another place of that half-day");
    let waits = other.envelope(town.who, &Command::Book(book(&town.settings, wanted)));
    assert_eq!(other.sync(std::slice::from_ref(&waits)).await[0].verdict, Verdict::Held);
    town.a.sync(&[]).await;
    let before = town.a.all::<Lease>(Entity::Lease).len();
    assert!(town.a.all::<Lease>(Entity::Lease).iter().any(|l| l.asked_back.is_some()));
    // Nothing of its own waits, or one command; what it has vouched for waits beside it.
    let own = town.a.envelope(town.who, &Command::Book(book(&town.settings, elsewhere)));
    for commands in [vec![], vec![own]] {
        let mut request = town.a.request(&commands, 1000);
        request.pending += 1;
        let answer: SyncResponse = town.a.post(&request).await.json().await.expect("an answer");
        assert_eq!(answer.results.len(), commands.len());
        town.b.sync(&[]).await;
        assert_eq!(town.leases().len(), before, "it is kept");
    }
    assert!(accepted(&town.b.sync(std::slice::from_ref(&promised)).await[0].verdict));
    // Once central has that, the half-day is given back.
    town.a.sync(&[]).await;
    assert_eq!(town.a.all::<Lease>(Entity::Lease).len(), before - 1);
    let verdict = &other.sync(std::slice::from_ref(&waits)).await[0].verdict;
    assert!(accepted(verdict), "{verdict:?}");
    town.end().await;
}
