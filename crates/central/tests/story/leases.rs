//! Leases: the reception holds the next days, and nobody books there without it.

use chrono::{DateTime, TimeDelta, Utc};
use passerelle_central::administration::{self, By};
use passerelle_central::held::decide;
use passerelle_central::store;
use passerelle_domain::Command;
use passerelle_domain::appointment::Status;
use passerelle_domain::command::{Move, SetStatus};
use passerelle_domain::ids::{DeskId, PersonId};
use passerelle_domain::lease::{self, Lease};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::refusal::{FreeSlot, RefusalCode};
use passerelle_protocol::lease::{RevokeRequest, Revoked};
use passerelle_protocol::sync::{Entity, Verdict, office_scope};
use sqlx::Connection;

use crate::office::{Central, Desk, amiens, book, director, now, problem, receptionist};

/// An office with a reception that holds what it is to hold, and another desk.
pub struct Reception {
    pub central: Central,
    pub settings: std::sync::Arc<OfficeSettings>,
    pub who: PersonId,
    pub a: Desk,
    pub b: Desk,
}

impl Reception {
    pub async fn new() -> Self {
        let central = Central::start().await;
        let settings = central.settings(&amiens()).await;
        let who = receptionist(&settings);
        let (mut a, mut b) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
        administration::set_reception(&central.running.service().store, a.id, true, &By::command_line(now()))
            .await
            .expect("a desk");
        a.sync(&[]).await;
        b.sync(&[]).await;
        Self { central, settings, who, a, b }
    }

    /// The desk was last heard at this instant.
    async fn heard(&self, desk: DeskId, at: DateTime<Utc>) {
        let store = &self.central.running.service().store;
        let mut tx = store.write().await.expect("a writer");
        tx.note_heard(desk, at).await.expect("noted");
        tx.commit().await.expect("committed");
    }

    pub async fn falls_silent(&self) {
        self.heard(self.a.id, self.now() - TimeDelta::hours(1)).await;
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.central.running.service().now()
    }

    pub fn leases(&self) -> Vec<Lease> {
        self.b.all(Entity::Lease)
    }

    /// A free slot in the days that are held, and one after them.
    pub fn slots(&self) -> (FreeSlot, FreeSlot) {
        let days = lease::working_days(&self.settings, self.settings.local_date(self.now()));
        let last = *days.last().expect("days");
        let free = self.b.free(&self.settings);
        let day = |s: &FreeSlot| self.settings.local_date(s.start);
        let within = free.iter().find(|s| days[1..].contains(&day(s))).expect("a free slot tomorrow");
        let after = free.iter().find(|s| day(s) > last).expect("a free slot later");
        (within.clone(), after.clone())
    }

    fn held(&self, slot: &FreeSlot) -> bool {
        let day = self.settings.local_date(slot.start);
        self.leases().iter().any(|l| l.granule.counsellor == slot.counsellor && l.granule.date == day)
    }

    pub async fn end(self) {
        let mut fresh = self.central.desk(&amiens()).await;
        let (mut a, mut b) = (self.a, self.b);
        for desk in [&mut a, &mut b, &mut fresh] {
            desk.sync(&[]).await;
        }
        assert_eq!(a.documents, b.documents, "both desks know the same");
        assert_eq!(b.documents, fresh.documents, "and so does who begins now");
        // Count and sum of a feed from which documents have gone.
        let check = fresh.exchange(&[], 1000).await.check.remove(&fresh.scope()).expect("a sum");
        let own = fresh.documents.keys().filter(|(scope, ..)| *scope == fresh.scope()).count();
        assert_eq!(check.tally.count, own as u64, "central counts what a replica holds");
        self.central.assert_sound().await;
        self.central.running.shutdown().await;
    }
}

pub fn refusal(verdict: &Verdict) -> &passerelle_domain::Refusal {
    let Verdict::Refused { refusal } = verdict else { panic!("expected a refusal, got {verdict:?}") };
    refusal
}

#[tokio::test]
async fn an_office_without_a_reception_has_no_leases_and_one_with_it_three_days() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut a = central.desk(&amiens()).await;
    a.sync(&[]).await;
    assert!(a.all::<Lease>(Entity::Lease).is_empty(), "nobody holds anything by itself");
    let store = &central.running.service().store;
    administration::set_reception(store, a.id, true, &By::command_line(now())).await.expect("a desk");
    a.sync(&[]).await;
    let leases: Vec<Lease> = a.all(Entity::Lease);
    let due = lease::due(&settings, central.running.service().now());
    assert_eq!(leases.len(), due.len(), "each half-day that is due is held");
    assert!(leases.iter().all(|l| due.contains(&l.granule) && l.holder == a.id && l.term == 1));
    assert!(
        leases.len() > 12,
        "{} half-days of {} who receive",
        leases.len(),
        lease::receiving(&settings).count()
    );
    let head = a.cursors[&a.scope()];
    a.sync(&[]).await;
    assert_eq!(a.cursors[&a.scope()], head, "asked anew only when the day or the settings change");
    central.running.shutdown().await;
}

#[tokio::test]
async fn what_another_desk_wants_waits_until_the_holder_has_given_it_back() {
    let mut town = Reception::new().await;
    let (slot, later) = town.slots();
    assert!(town.held(&slot) && !town.held(&later));
    let wanted = book(&town.settings, &slot);
    let envelope = town.b.envelope(town.who, &Command::Book(wanted.clone()));
    let held = town.b.sync(std::slice::from_ref(&envelope)).await;
    assert_eq!(held[0].verdict, Verdict::Held, "the holder is asked first");
    let again = town.b.sync(std::slice::from_ref(&envelope)).await;
    assert_eq!(again[0].verdict, Verdict::Held, "and it has not answered yet");
    // The holder has promised something else there, and learns only now that it is asked.
    let free = town.a.free(&town.settings);
    let near = |s: &&FreeSlot| {
        s.counsellor == slot.counsellor
            && town.settings.local_date(s.start) == town.settings.local_date(slot.start)
            && (s.start >= slot.end || s.end <= slot.start)
    };
    let promised = free.iter().find(near).cloned();
    let asked =
        |desk: &Desk| desk.all::<Lease>(Entity::Lease).iter().filter(|l| l.asked_back.is_some()).count();
    town.a.sync(&[]).await;
    assert_eq!(asked(&town.a), 1, "one half-day is asked for");
    let mine = promised.map(|slot| book(&town.settings, &slot));
    let envelopes: Vec<_> =
        mine.iter().map(|m| town.a.envelope(town.who, &Command::Book(m.clone()))).collect();
    let before = town.a.all::<Lease>(Entity::Lease).len();
    let done = town.a.sync(&envelopes).await;
    assert!(done.iter().all(|r| matches!(r.verdict, Verdict::Accepted { .. })), "{done:?}");
    assert_eq!(town.a.all::<Lease>(Entity::Lease).len(), before - 1, "its lease has ended in that request");
    let decided = town.b.sync(std::slice::from_ref(&envelope)).await;
    assert!(matches!(decided[0].verdict, Verdict::Accepted { .. }), "decided as any other: {decided:?}");
    assert!(town.b.appointments().iter().any(|a| a.id == wanted.id));
    town.end().await;
}

#[tokio::test]
async fn a_silent_holder_keeps_what_it_holds_and_others_are_told_at_once_what_is_free() {
    let mut town = Reception::new().await;
    let (slot, later) = town.slots();
    town.falls_silent().await;
    for _ in 0..3 {
        let wanted = Command::Book(book(&town.settings, &slot));
        let verdict = town.b.give(town.who, &wanted).await;
        let refused = refusal(&verdict);
        assert_eq!(refused.code, RefusalCode::SlotLeased);
        assert_eq!(refused.alternatives.len(), 3, "{refused:?}");
        for other in &refused.alternatives {
            assert!(!town.held(other), "{other:?} is held too");
        }
    }
    // An older desk does not know the word.
    let wanted = Command::Book(book(&town.settings, &slot));
    let envelope = town.b.envelope(town.who, &wanted);
    let mut request = town.b.request(std::slice::from_ref(&envelope), 1000);
    request.leases = false;
    let answer: passerelle_protocol::sync::SyncResponse =
        town.b.post(&request).await.json().await.expect("an answer");
    assert_eq!(refusal(&answer.results[0].verdict).code, RefusalCode::SlotTaken);
    let outside = book(&town.settings, &later);
    let verdict = town.b.give(town.who, &Command::Book(outside.clone())).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "what nobody holds is anybody's: {verdict:?}");
    // To move into it, or to come back there, is to place a meeting there too; to leave it, or to end, is not.
    let into = Command::Move(Move {
        id: outside.id,
        place: book(&town.settings, &slot).place,
        seen_version: 1,
        override_reason: None,
        seen: None,
    });
    assert_eq!(refusal(&town.b.give(town.who, &into).await).code, RefusalCode::SlotLeased);
    let there = town.b.appointments().into_iter().find(|a| {
        a.status == Status::Booked
            && a.start > town.now()
            && lease::granules(&town.settings, a)
                .iter()
                .any(|g| town.leases().iter().any(|l| l.granule == *g))
    });
    let there = there.expect("a meeting in the days that are held").id;
    let cancel = SetStatus { reason: Some("malade".into()), ..SetStatus::to(there, Status::Cancelled) };
    let verdict = town.b.give(town.who, &Command::SetStatus(cancel)).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    let back = Command::SetStatus(SetStatus::to(there, Status::Booked));
    assert_eq!(refusal(&town.b.give(town.who, &back).await).code, RefusalCode::SlotLeased);
    // The holder itself books there all the while.
    let verdict = town.a.give(town.who, &Command::Book(book(&town.settings, &slot))).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    town.end().await;
}

#[tokio::test]
async fn a_command_is_not_held_for_ever() {
    let mut town = Reception::new().await;
    let (slot, _) = town.slots();
    let envelope = town.b.envelope(town.who, &Command::Book(book(&town.settings, &slot)));
    assert_eq!(town.b.sync(std::slice::from_ref(&envelope)).await[0].verdict, Verdict::Held);
    town.falls_silent().await;
    let decided = town.b.sync(std::slice::from_ref(&envelope)).await;
    assert_eq!(refusal(&decided[0].verdict).code, RefusalCode::SlotLeased);
    // The holder still gives back what it was asked for: whoever asks again finds it free.
    town.a.sync(&[]).await;
    town.a.sync(&[]).await;
    let verdict = town.b.give(town.who, &Command::Book(book(&town.settings, &slot))).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    town.end().await;
}

/// How many commands have no verdict after a round so much later.
async fn held(central: &Central, after: TimeDelta) -> i64 {
    let service = central.running.service();
    decide(service, service.now() + after).await.expect("a round");
    let mut bare = central.database.bare().await;
    let count = sqlx::query_scalar("SELECT count(*) FROM command WHERE held IS NOT NULL");
    let count = count.fetch_one(&mut bare).await.expect("a count");
    bare.close().await.expect("closed");
    count
}

#[tokio::test]
async fn what_a_desk_has_forgotten_or_never_sends_again_is_decided_by_central() {
    let mut town = Reception::new().await;
    let free = town.b.free(&town.settings);
    let slots: Vec<FreeSlot> = free.iter().filter(|slot| town.held(slot)).cloned().collect();
    // A half-day for the desk that forgets, one for that which is gone, one for that which is removed.
    let mut places: Vec<FreeSlot> = Vec::new();
    for slot in slots {
        let day = town.settings.local_date(slot.start);
        if places.iter().all(|s| s.counsellor != slot.counsellor && town.settings.local_date(s.start) == day)
        {
            places.push(slot);
        }
    }
    let wanted = [0, 1, 2].map(|at| book(&town.settings, &places[at]));
    let (mut gone, mut removed) = (town.central.desk(&amiens()).await, town.central.desk(&amiens()).await);
    for (desk, wanted) in [&mut town.b, &mut gone, &mut removed].into_iter().zip(&wanted) {
        let envelope = desk.envelope(town.who, &Command::Book(wanted.clone()));
        assert_eq!(desk.sync(&[envelope]).await[0].verdict, Verdict::Held, "the holder is asked first");
    }
    assert_eq!(held(&town.central, TimeDelta::hours(23)).await, 3, "whoever is there sends it again");
    let store = &town.central.running.service().store;
    administration::revoke_desk(store, removed.id, &By::command_line(now())).await.expect("removed");
    // The holder gives back what it is asked for.
    town.a.sync(&[]).await;
    town.a.sync(&[]).await;
    assert_eq!(held(&town.central, TimeDelta::hours(23)).await, 3);
    // This one was set back to before it, and goes on as another incarnation.
    town.b.inc = "after".to_owned();
    town.b.seq = 0;
    let (_, later) = town.slots();
    let verdict = town.b.give(town.who, &Command::Book(book(&town.settings, &later))).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
    assert_eq!(held(&town.central, TimeDelta::minutes(5)).await, 3, "it may send it yet");
    assert_eq!(held(&town.central, TimeDelta::minutes(11)).await, 2);
    assert_eq!(
        held(&town.central, TimeDelta::hours(25)).await,
        1,
        "that of the removed desk is its director's"
    );
    town.b.sync(&[]).await;
    let booked = wanted.map(|w| town.b.appointments().iter().any(|a| a.id == w.id));
    assert_eq!(booked, [true, true, false]);
    town.end().await;
}

#[tokio::test]
async fn what_was_promised_under_a_lease_that_was_taken_back_holds_while_the_place_is_free() {
    let mut town = Reception::new().await;
    let free = town.a.free(&town.settings);
    let days = lease::working_days(&town.settings, town.settings.local_date(town.now()));
    let within: Vec<FreeSlot> =
        free.into_iter().filter(|s| days[1..].contains(&town.settings.local_date(s.start))).collect();
    let apart = |s: &&FreeSlot| s.start >= within[0].end || s.counsellor != within[0].counsellor;
    let (taken, kept) = (within[0].clone(), within.iter().find(apart).expect("another").clone());
    let promised = |town: &mut Reception, slot: &FreeSlot| {
        let mut envelope = town.a.envelope(town.who, &Command::Book(book(&town.settings, slot)));
        let day = town.settings.local_date(slot.start);
        let leases = town.a.all::<Lease>(Entity::Lease);
        let of = leases.iter().filter(|l| l.granule.counsellor == slot.counsellor && l.granule.date == day);
        let meeting_half = |l: &&Lease| l.granule.end(&town.settings) >= slot.end;
        envelope.lease = of.filter(meeting_half).min_by_key(|l| l.granule.half).map(Lease::reference);
        assert!(envelope.lease.is_some());
        envelope
    };
    let (first, second) = (promised(&mut town, &taken), promised(&mut town, &kept));
    town.falls_silent().await;
    let store = &town.central.running.service().store;
    let gone =
        administration::take_back(store, town.a.id, &By::command_line(town.now())).await.expect("a desk");
    assert_eq!(gone, town.a.all::<Lease>(Entity::Lease).len(), "all that it held");
    let verdict = town.b.give(town.who, &Command::Book(book(&town.settings, &taken))).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "anybody's now: {verdict:?}");
    let done = town.a.sync(&[first, second]).await;
    let refused = refusal(&done[0].verdict);
    assert_eq!(refused.code, RefusalCode::LeaseRevoked);
    assert_eq!(refused.alternatives.len(), 3, "{refused:?}");
    assert!(matches!(done[1].verdict, Verdict::Accepted { .. }), "still free: {:?}", done[1]);
    // What was taken back is not given again; the end of each is noted.
    town.a.sync(&[]).await;
    assert!(town.a.all::<Lease>(Entity::Lease).is_empty());
    let mut tx = town.central.running.service().store.read().await.expect("a reader");
    let ends = store::lease_ends(&mut tx, &office_scope(&amiens())).await.expect("the ends");
    assert!(ends.len() == gone && ends.values().all(|(term, revoked)| (*term, *revoked) == (1, true)));
    drop(tx);
    town.end().await;
}

#[tokio::test]
async fn a_lease_ends_when_its_half_day_has_passed_and_only_then() {
    let mut town = Reception::new().await;
    let mut past = town.leases().into_iter().next().expect("a lease");
    past.granule.date -= TimeDelta::days(7);
    let service = town.central.running.service();
    let mut tx = service.store.write().await.expect("a writer");
    let mut feed =
        store::Feed::lock(&mut tx, &office_scope(&amiens())).await.expect("a lock").expect("a feed");
    store::put_lease(&mut tx, &mut feed, &past).await.expect("written");
    service.commit(tx, &feed).await.expect("committed");
    town.b.sync(&[]).await;
    let before = town.leases().len();
    town.falls_silent().await;
    town.b.sync(&[]).await;
    assert_eq!(town.leases().len(), before, "silence ends nothing");
    town.a.sync(&[]).await;
    town.b.sync(&[]).await;
    assert_eq!(town.leases().len(), before - 1, "the past one has ended at the holder's exchange");
    town.end().await;
}

#[tokio::test]
async fn a_director_takes_half_days_back_and_nobody_else_does() {
    let mut town = Reception::new().await;
    let (slot, _) = town.slots();
    let day = town.settings.local_date(slot.start);
    let wanted: Vec<String> = town
        .leases()
        .iter()
        .filter(|l| l.granule.counsellor == slot.counsellor && l.granule.date == day)
        .map(Lease::reference)
        .collect();
    assert_eq!(wanted.len(), 2, "a day has two halves");
    let before = town.leases().len();
    let ask = async |desk: &Desk, actor: PersonId| {
        let body = RevokeRequest { actor, leases: wanted.clone() };
        let url = format!("{}/v1/leases/revoke", desk.url);
        desk.http.post(url).bearer_auth(&desk.token).json(&body).send().await.expect("an answer")
    };
    let refused = problem(ask(&town.b, town.who).await).await;
    assert_eq!((refused.status, refused.code.as_str()), (403, "not_allowed"));
    for taken in [2, 0] {
        let done: Revoked = ask(&town.b, director(&town.settings)).await.json().await.expect("an answer");
        assert_eq!(done.revoked, taken, "each once");
    }
    town.b.sync(&[]).await;
    assert_eq!(town.leases().len(), before - 2);
    let verdict = town.b.give(town.who, &Command::Book(book(&town.settings, &slot))).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "anybody's now: {verdict:?}");
    town.end().await;
}
