//! What a desk and central find out about each other: what each holds, and what a restored central does not know any more.

use passerelle_central::spawn;
use passerelle_central::store::backup;
use passerelle_domain::Command;
use passerelle_protocol::sync::{DIRECTORY, SyncResponse, Tally, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::database::Own;
use crate::office::{
    Central, Desk, abbeville, amiens, book, config, enquiry, post_enquiry, problem, receptionist,
};

/// What the replica of this desk holds of a scope.
fn tally(desk: &Desk, of: &str) -> Tally {
    let mut tally = Tally::default();
    for ((scope, _, id), (rev, _)) in &desk.documents {
        if scope == of {
            tally.add(id, *rev);
        }
    }
    tally
}

fn assert_checked(desk: &Desk, answer: &SyncResponse) {
    for scope in [desk.scope(), DIRECTORY.to_owned()] {
        let check = answer.check.get(&scope).unwrap_or_else(|| panic!("{scope} is checked: {answer:?}"));
        assert_eq!(check.seq, desk.cursors[&scope], "the check is for the end of the feed");
        assert_eq!(check.tally, tally(desk, &scope), "what the feed of {scope} has told");
    }
}

#[tokio::test]
async fn at_the_end_of_a_feed_central_says_what_a_whole_replica_holds() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let (mut desk, mut other) = (central.desk(&amiens()).await, central.desk(&abbeville()).await);
    let first = desk.exchange(&[], 7).await;
    assert!(first.has_more && first.check.is_empty(), "in the middle of a feed nothing can be compared");
    desk.sync(&[]).await;
    let answer = desk.exchange(&[], 1000).await;
    assert_checked(&desk, &answer);
    assert!(answer.check[&desk.scope()].tally.count > 50, "the demonstration is no small office");
    // What changes is counted at its new revision, once; another office's work is not counted.
    let slots = desk.free(&settings);
    let booking = book(&settings, &slots[0]);
    let (enquiry, _) = post_enquiry(&central, "k1", &enquiry("80090")).await;
    assert_eq!(enquiry, StatusCode::CREATED);
    desk.give(who, &Command::Book(booking)).await;
    other.sync(&[]).await;
    let changed = desk.exchange(&[], 1000).await;
    assert_checked(&desk, &changed);
    assert_ne!(changed.check[&desk.scope()], answer.check[&desk.scope()]);
    let answer = other.exchange(&[], 1000).await;
    assert_checked(&other, &answer);
    // Reckoned anew by a service that starts, it is the same; the directory may have moved on in a round of its own.
    let database = central.database;
    central.running.shutdown().await;
    let running = spawn(config(&database.location())).await.expect("a service");
    desk.url = running.url();
    desk.renew().await;
    let anew = desk.exchange(&[], 1000).await;
    assert_checked(&desk, &anew);
    assert_eq!(anew.check[&desk.scope()], changed.check[&desk.scope()]);
    running.shutdown().await;
}

#[tokio::test]
async fn of_the_commands_asked_after_only_the_desks_own_are_known() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let (mut a, mut b) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    a.sync(&[]).await;
    let slots = a.free(&settings);
    let own = a.envelope(who, &Command::Book(book(&settings, &slots[0])));
    let refused = a.envelope(who, &Command::Book(book(&settings, &slots[0])));
    a.sync(&[own.clone(), refused.clone()]).await;
    b.sync(&[]).await;
    let never = b.envelope(who, &Command::Book(book(&settings, &slots[1])));
    let question = |desk: &Desk, ids: &[_]| {
        let mut request = desk.request(&[], 0);
        request.epoch = String::new();
        request.asked = Some(ids.to_vec());
        request
    };
    let ids = [own.id, refused.id, never.id];
    let answer: SyncResponse = a.post(&question(&a, &ids)).await.json().await.expect("an answer");
    let told = "a desk that asks believes them accepted: of one that is refused it must hear so";
    assert_eq!(answer.unknown, Some(vec![refused.id, never.id]), "{told}");
    let answer: SyncResponse = b.post(&question(&b, &ids)).await.json().await.expect("an answer");
    assert_eq!(answer.unknown, Some(ids.to_vec()), "of another desk's commands nothing is said");
    let answer = a.exchange(&[], 1000).await;
    assert_eq!(answer.unknown, None, "who does not ask is not answered");
    let many = vec![own.id; passerelle_protocol::sync::MAX_ASKED + 1];
    let answer = a.post(&question(&a, &many)).await;
    assert_eq!(problem(answer).await.code, "too_many_commands");
    central.running.shutdown().await;
}

#[tokio::test]
async fn what_a_restored_central_lost_is_asked_for_sent_again_and_decided_once() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let slots = desk.free(&settings);
    let mut sent = Vec::new();
    let mut booked = Vec::new();
    for slot in slots.iter().step_by(3).take(5) {
        let booking = book(&settings, slot);
        booked.push(booking.id);
        sent.push(desk.envelope(who, &Command::Book(booking)));
    }
    assert!(desk.sync(&sent[..2]).await.iter().all(|r| matches!(r.verdict, Verdict::Accepted { .. })));
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("central.backup");
    backup::backup(&central.database.location(), &file).await.expect("a backup");
    assert!(desk.sync(&sent[2..]).await.iter().all(|r| matches!(r.verdict, Verdict::Accepted { .. })));
    central.running.shutdown().await;

    let other = Own::empty().await;
    let epoch = backup::restore(&other.location(), &file).await.expect("a database");
    let running = spawn(config(&other.location())).await.expect("a service");
    desk.url = running.url();
    desk.renew().await;
    let answer = desk.post(&desk.request(&sent[4..], 1000)).await;
    assert_eq!(problem(answer).await.code, "epoch_changed", "nothing is decided for who knows another epoch");
    let mut question = desk.request(&[], 0);
    question.cursors.clear();
    (question.epoch, question.asked) = (String::new(), Some(sent.iter().map(|e| e.id).collect()));
    let answer: SyncResponse = desk.post(&question).await.json().await.expect("an answer");
    let lost: Vec<_> = sent[2..].iter().map(|e| e.id).collect();
    assert_eq!((answer.epoch.as_str(), answer.unknown), (epoch.as_str(), Some(lost)));
    // Under a new name, all of it from the beginning; two of them twice.
    (desk.inc, desk.epoch) = ("anew".to_owned(), epoch);
    desk.cursors.clear();
    desk.documents.clear();
    let mut again = sent[2..].to_vec();
    for (seq, envelope) in (1..).zip(&mut again) {
        envelope.seq = seq;
    }
    for commands in [&again[..2], &again[..]] {
        let results = desk.sync(commands).await;
        assert!(results.iter().all(|r| matches!(r.verdict, Verdict::Accepted { .. })), "{results:?}");
    }
    let all = desk.appointments();
    for id in booked {
        assert_eq!(all.iter().filter(|a| a.id == id).count(), 1, "{id} is there once");
        let rev = desk.documents.iter().find(|((.., d), _)| *d == id.to_string()).map(|(_, (rev, _))| *rev);
        assert_eq!(rev, Some(1), "and was made once");
    }
    let answer = desk.exchange(&[], 1000).await;
    assert_checked(&desk, &answer);
    let service = running.service();
    let mut tx = service.store.read().await.expect("a reader");
    assert!(tx.inspect().await.expect("an inspection").iter().all(|f| f.broken == 0));
    drop(tx);
    running.shutdown().await;
}

#[tokio::test]
async fn a_desk_of_the_version_before_is_served() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let booking = book(&settings, &desk.free(&settings)[0]);
    let envelope = desk.envelope(receptionist(&settings), &Command::Book(booking));
    // To the letter what such a desk writes: neither questions, nor anything for sums.
    let request = json!({
        "v": 1, "replica": { "desk": desk.id, "inc": desk.inc }, "epoch": desk.epoch, "pending": 1,
        "commands": [envelope], "cursors": desk.cursors, "limit": 1000
    });
    let url = format!("{}/v1/sync", desk.url);
    let answer = desk.http.post(url).bearer_auth(&desk.token).json(&request).send().await.expect("sent");
    assert_eq!(answer.status(), StatusCode::OK);
    let answer: Value = answer.json().await.expect("JSON");
    assert_eq!(answer["results"][0]["status"], "accepted", "{answer}");
    assert_eq!(answer["unknown"], Value::Null, "what was not asked is not in the answer");
    for read in
        ["epoch", "inc", "server_time", "expected_next", "changes", "cursors", "has_more", "poll_after_s"]
    {
        assert!(!answer[read].is_null(), "it reads {read}: {answer}");
    }
    central.running.shutdown().await;
}
