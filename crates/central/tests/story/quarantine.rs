//! What a desk had not sent when it was trusted no longer, and what a director says of it.

use std::sync::Arc;

use ed25519_dalek::{Signer, SigningKey};
use passerelle_central::administration::{self, By};
use passerelle_domain::Command;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::command::Book;
use passerelle_domain::ids::{ClientId, PersonId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::refusal::RefusalCode;
use passerelle_protocol::enrol::quarantine::{
    QuarantineList, QuarantineRequest, QuarantineResponse, SettleRequest, Settled, Settling, Which,
};
use passerelle_protocol::sync::{Entity, Envelope, Verdict};
use uuid::Uuid;

use crate::office::{
    Central, Desk, abbeville, amiens, book, director, hex, now, problem, receptionist, signing_key,
};

/// An office with a desk that is trusted no longer and one that is.
struct Office {
    central: Central,
    settings: Arc<OfficeSettings>,
    who: PersonId,
    director: PersonId,
    gone: Desk,
    here: Desk,
}

impl Office {
    async fn new() -> Self {
        let central = Central::start().await;
        let settings = central.settings(&amiens()).await;
        let (who, director) = (receptionist(&settings), director(&settings));
        let (mut gone, mut here) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
        gone.sync(&[]).await;
        here.sync(&[]).await;
        Self { central, settings, who, director, gone, here }
    }

    async fn revoke(&self) {
        let by = By::command_line(now());
        let store = &self.central.running.service().store;
        administration::revoke_desk(store, self.gone.id, &by).await.expect("revoked");
    }

    /// A booking of the n-th free slot, as the desk that goes would give it.
    fn booking(&mut self, n: usize) -> (Envelope, Book) {
        let slot = self.gone.free(&self.settings)[n].clone();
        let booking = book(&self.settings, &slot);
        (self.gone.envelope(self.who, &Command::Book(booking.clone())), booking)
    }

    async fn ask(&self, request: &QuarantineRequest) -> reqwest::Response {
        let url = self.central.url("/v1/quarantine");
        self.gone.http.post(url).json(request).send().await.expect("an answer")
    }

    async fn nonce(&self) -> String {
        let answer = self.ask(&self.request(None, None, &[])).await;
        assert_eq!(answer.status().as_u16(), 200);
        match answer.json().await.expect("an answer") {
            QuarantineResponse::Challenge { nonce } => nonce,
            other @ QuarantineResponse::Kept { .. } => panic!("expected a nonce, got {other:?}"),
        }
    }

    fn request(
        &self,
        nonce: Option<String>,
        signature: Option<String>,
        commands: &[Envelope],
    ) -> QuarantineRequest {
        QuarantineRequest { desk: self.gone.id, nonce, signature, commands: commands.to_vec() }
    }

    /// Puts commands aside, signed with a key.
    async fn put(&self, key: &SigningKey, commands: &[Envelope]) -> reqwest::Response {
        let nonce = self.nonce().await;
        let signature = hex(&key.sign(nonce.as_bytes()).to_bytes());
        self.ask(&self.request(Some(nonce), Some(signature), commands)).await
    }

    /// The same with the desk's own key: how many wait.
    async fn put_own(&self, commands: &[Envelope]) -> u32 {
        let answer = self.put(&self.gone.key, commands).await;
        let (status, text) = (answer.status().as_u16(), answer.text().await.expect("a text"));
        assert_eq!(status, 200, "{text}");
        match serde_json::from_str(&text).expect("an answer") {
            QuarantineResponse::Kept { waiting } => waiting,
            other @ QuarantineResponse::Challenge { .. } => panic!("expected a receipt, got {other:?}"),
        }
    }

    async fn list(&self) -> QuarantineList {
        list(&self.here, self.director).await.json().await.expect("a list")
    }

    async fn settle(&self, settling: Settling, commands: &[&Envelope]) -> Settled {
        let commands = commands.iter().map(|e| Which { desk: self.gone.id, id: e.id }).collect();
        let answer = settle(&self.here, &SettleRequest { actor: self.director, settling, commands }).await;
        let (status, text) = (answer.status().as_u16(), answer.text().await.expect("a text"));
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).expect("an answer")
    }

    async fn acts(&self) -> Vec<String> {
        let store = &self.central.running.service().store;
        let noted = administration::audit(store, None, 200).await.expect("the audit");
        let acts = noted.entries.into_iter().map(|e| e.action);
        acts.filter(|action| action.starts_with("quarantine")).collect()
    }
}

async fn list(desk: &Desk, actor: PersonId) -> reqwest::Response {
    let url = format!("{}/v1/quarantine?actor={actor}", desk.url);
    desk.http.get(url).bearer_auth(&desk.token).send().await.expect("an answer")
}

async fn settle(desk: &Desk, request: &SettleRequest) -> reqwest::Response {
    let url = format!("{}/v1/quarantine/settle", desk.url);
    desk.http.post(url).bearer_auth(&desk.token).json(request).send().await.expect("an answer")
}

#[tokio::test]
async fn what_was_not_sent_waits_for_a_director_and_is_then_decided_as_any_other() {
    let mut office = Office::new().await;
    let (first, booked) = office.booking(0);
    let (second, other) = office.booking(1);
    let (third, left) = office.booking(2);
    office.revoke().await;
    let refused = office.gone.post(&office.gone.request(std::slice::from_ref(&first), 10)).await;
    assert_eq!(problem(refused).await.code, "desk_revoked");

    let all = [first.clone(), second.clone(), third.clone()];
    for _ in 0..2 {
        assert_eq!(office.put_own(&all).await, 3, "each once, however often it is sent");
    }
    let before = office.here.cursors[&office.here.scope()];
    office.here.sync(&[]).await;
    let told = office.here.cursors[&office.here.scope()];
    assert_eq!(before, told, "nothing is decided by being kept");

    let seen = office.list().await;
    assert!(!seen.more);
    assert_eq!(seen.commands.iter().map(|c| c.id).collect::<Vec<_>>(), all.clone().map(|e| e.id));
    let one = &seen.commands[0];
    assert_eq!((&*one.kind, &*one.desk_name, one.actor), ("appointment.book", "Accueil", office.who));
    let place = one.place.as_ref().expect("a place");
    assert_eq!((place.counsellor, place.start), (booked.place.counsellor, booked.place.start));

    // One released, one discarded; the third place was given away meanwhile.
    let done = office.settle(Settling::Release, &[&second]).await;
    assert!(matches!(done.released[..], [ref one] if matches!(one.verdict, Verdict::Accepted { .. })));
    office.here.sync(&[]).await;
    let there = |desk: &Desk, id: &str| desk.document::<Appointment>(Entity::Appointment, id).is_some();
    assert!(there(&office.here, &other.id.to_string()), "it is in the feed as any other");
    assert_eq!(office.settle(Settling::Discard, &[&first]).await.discarded, 1);
    assert!(!there(&office.here, &booked.id.to_string()));
    let taken = Book { id: passerelle_domain::ids::AppointmentId(Uuid::now_v7()), ..left.clone() };
    let given = office.here.give(office.who, &Command::Book(taken)).await;
    assert!(matches!(given, Verdict::Accepted { .. }), "{given:?}");
    let done = office.settle(Settling::Release, &[&third]).await;
    let Verdict::Refused { refusal } = &done.released[0].verdict else { panic!("{done:?}") };
    assert_eq!(refusal.code, RefusalCode::SlotTaken);
    let seen = office.list().await;
    assert_eq!(seen.commands.len(), 1, "what was refused is still shown");
    assert_eq!(seen.commands[0].refusal.as_ref().map(|r| r.code), Some(RefusalCode::SlotTaken));
    assert_eq!(office.settle(Settling::Discard, &[&third]).await.discarded, 1);
    assert!(office.list().await.commands.is_empty());

    // Nothing happens again, whoever repeats what.
    assert_eq!(office.put_own(&all).await, 0);
    for settling in [Settling::Release, Settling::Discard] {
        let done = office.settle(settling, &[&first, &second, &third]).await;
        assert_eq!((done.released.len(), done.discarded), (0, 0));
    }
    assert_eq!(
        office.acts().await,
        ["quarantine.discard", "quarantine.release", "quarantine.discard", "quarantine.release"]
    );
    office.central.assert_sound().await;
    office.central.running.shutdown().await;
}

#[tokio::test]
async fn what_a_command_depends_on_is_released_with_it_in_order() {
    let mut office = Office::new().await;
    let someone = Client {
        id: ClientId(Uuid::now_v7()),
        ..office.here.clients().into_iter().next().expect("a client of the demonstration")
    };
    let someone = Client { given_name: "Nouvelle".into(), family_name: "Venue".into(), ..someone };
    let record = office.gone.envelope(office.who, &Command::CreateClient(Box::new(someone.clone())));
    let (mut meeting, _) = office.booking(0);
    meeting.depends = vec![record.id];
    meeting.command["args"]["client"] = serde_json::json!(someone.id);
    office.revoke().await;
    office.put_own(&[record.clone(), meeting.clone()]).await;
    let seen = office.list().await;
    assert_eq!(seen.commands[1].name.as_deref(), Some("Nouvelle Venue"), "nobody else knows the name yet");
    let done = office.settle(Settling::Release, &[&meeting]).await;
    let ids: Vec<_> = done.released.iter().map(|r| r.which.id).collect();
    assert_eq!(ids, [record.id, meeting.id]);
    assert!(done.released.iter().all(|r| matches!(r.verdict, Verdict::Accepted { .. })), "{done:?}");
    office.central.assert_sound().await;
    office.central.running.shutdown().await;
}

#[tokio::test]
async fn only_the_desk_itself_puts_aside_and_only_a_director_of_its_office_decides() {
    let mut office = Office::new().await;
    let (command, _) = office.booking(0);
    let commands = std::slice::from_ref(&command);
    let trusted = office.ask(&office.request(None, None, &[])).await;
    assert_eq!(problem(trusted).await.code, "desk_trusted");
    office.revoke().await;
    let thief = office.put(&signing_key(), commands).await;
    assert_eq!((thief.status().as_u16(), problem(thief).await.code.as_str()), (401, "bad_signature"));
    let nonce = office.nonce().await;
    let signature = Some(hex(&office.gone.key.sign(nonce.as_bytes()).to_bytes()));
    let once = office.request(Some(nonce), signature, commands);
    assert_eq!(office.ask(&once).await.status().as_u16(), 200);
    assert_eq!(problem(office.ask(&once).await).await.code, "bad_signature", "a nonce serves once");
    let unsigned = QuarantineRequest { signature: None, ..once.clone() };
    assert_eq!(problem(office.ask(&unsigned).await).await.code, "malformed_body");
    let stranger = QuarantineRequest {
        desk: passerelle_domain::ids::DeskId(Uuid::now_v7()),
        nonce: None,
        signature: None,
        commands: Vec::new(),
    };
    assert_eq!(problem(office.ask(&stranger).await).await.code, "desk_unknown");
    let many = vec![command.clone(); 201];
    assert_eq!(problem(office.put(&office.gone.key, &many).await).await.code, "too_many_commands");

    for actor in [office.who, PersonId(Uuid::now_v7())] {
        assert_eq!(problem(list(&office.here, actor).await).await.code, "not_allowed");
        let request = SettleRequest { actor, settling: Settling::Release, commands: Vec::new() };
        assert_eq!(problem(settle(&office.here, &request).await).await.code, "not_allowed");
    }
    assert_eq!(problem(list(&office.gone, office.director).await).await.code, "desk_revoked");
    // Another office sees nothing of it and settles nothing of it.
    let elsewhere = office.central.desk(&abbeville()).await;
    let their_director = director(&*office.central.settings(&abbeville()).await);
    let seen: QuarantineList = list(&elsewhere, their_director).await.json().await.expect("a list");
    assert!(seen.commands.is_empty());
    let which = vec![Which { desk: office.gone.id, id: command.id }];
    for settling in [Settling::Release, Settling::Discard] {
        let request = SettleRequest { actor: their_director, settling, commands: which.clone() };
        let done: Settled = settle(&elsewhere, &request).await.json().await.expect("an answer");
        assert_eq!((done.released.len(), done.discarded), (0, 0));
    }
    assert_eq!(office.list().await.commands.len(), 1, "it waits still");
    office.central.assert_sound().await;
    office.central.running.shutdown().await;
}

#[tokio::test]
async fn what_was_decided_before_is_not_kept_and_two_releases_at_once_decide_once() {
    let mut office = Office::new().await;
    let (known, _) = office.booking(0);
    let verdicts = office.gone.sync(std::slice::from_ref(&known)).await;
    assert!(matches!(verdicts[0].verdict, Verdict::Accepted { .. }));
    let (one, _) = office.booking(1);
    let (two, _) = office.booking(2);
    office.revoke().await;
    assert_eq!(office.put_own(&[known, one.clone(), two.clone()]).await, 2, "one is decided already");
    let (both, second) = ([&one, &two], [&two]);
    let (a, b) =
        tokio::join!(office.settle(Settling::Release, &both), office.settle(Settling::Release, &second));
    let all = a.released.iter().chain(&b.released);
    assert!(all.clone().count() >= 2);
    assert!(all.clone().all(|r| matches!(r.verdict, Verdict::Accepted { .. })), "{a:?} {b:?}");
    assert_eq!(office.acts().await.len(), 2, "each is noted once");
    office.central.assert_sound().await;
    office.central.running.shutdown().await;
}
