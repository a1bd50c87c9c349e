//! The main path: an enquiry arrives, one desk books it, the other sees it and cannot book the same slot.

use passerelle_domain::Command;
use passerelle_domain::appointment::Status;
use passerelle_domain::enquiry::{Enquiry, EnquiryStatus};
use passerelle_domain::refusal::RefusalCode;
use passerelle_protocol::sync::{CommandResult, Entity, Verdict};
use reqwest::StatusCode;

use crate::office::{Central, abbeville, amiens, book, enquiry, post_enquiry, receptionist};

#[tokio::test]
async fn an_enquiry_becomes_a_meeting_that_the_other_desk_sees_and_cannot_take() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let (mut a, mut b) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    a.sync(&[]).await;
    b.sync(&[]).await;
    assert_eq!(a.documents, b.documents, "two desks of one office know the same");

    let (status, receipt) = post_enquiry(&central, "k1", &enquiry("80090")).await;
    assert_eq!((status, receipt["office"].as_str()), (StatusCode::CREATED, Some(amiens().as_str())));
    let id = receipt["id"].as_str().expect("an id").to_owned();
    for desk in [&mut a, &mut b] {
        desk.sync(&[]).await;
        let arrived: Enquiry = desk.document(Entity::Enquiry, &id).expect("the enquiry is at the desk");
        assert_eq!(arrived.status, EnquiryStatus::New);
        assert_eq!(arrived.subject, "Bonjour,", "the subject is the first line");
    }

    let slot = a.free(&settings).remove(0);
    let mut wanted = book(&settings, &slot);
    wanted.enquiry = Some(id.parse().expect("an id"));
    let verdict = a.give(who, &Command::Book(wanted.clone())).await;
    let Verdict::Accepted { at } = verdict else { panic!("expected an acceptance, got {verdict:?}") };
    assert_eq!(at.get(&a.scope()), a.cursors.get(&a.scope()), "the verdict names the change that shows it");

    let before = b.free(&settings);
    let same = book(&settings, &slot);
    let verdict = b.give(who, &Command::Book(same)).await;
    let Verdict::Refused { refusal } = verdict else { panic!("expected a refusal, got {verdict:?}") };
    assert_eq!(refusal.code, RefusalCode::SlotTaken);
    assert_eq!(refusal.with, Some(wanted.id), "it names the meeting in the way");
    assert_eq!(refusal.alternatives.len(), 3, "three free places are named: {:?}", refusal.alternatives);
    let now_free = b.free(&settings);
    for other in &refusal.alternatives {
        assert_eq!(other.counsellor, slot.counsellor, "the same counsellor first");
        assert!(now_free.contains(other), "{other:?} is free");
    }
    assert!(before.len() > now_free.len(), "b has seen a's booking");
    let seen: Enquiry = b.document(Entity::Enquiry, &id).expect("the enquiry");
    assert_eq!((seen.status, seen.appointment), (EnquiryStatus::Converted, Some(wanted.id)));
    let meeting = b.appointments().into_iter().find(|m| m.id == wanted.id).expect("the meeting");
    assert_eq!((meeting.status, meeting.start), (Status::Booked, slot.start));

    let instead = book(&settings, &refusal.alternatives[0]);
    let verdict = b.give(who, &Command::Book(instead)).await;
    assert!(matches!(verdict, Verdict::Accepted { .. }), "an alternative can be booked: {verdict:?}");
    a.sync(&[]).await;
    assert_eq!(a.documents, b.documents, "both sides agree");
    central.assert_sound().await;
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_command_sent_three_times_acts_once() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let booking = book(&settings, &desk.free(&settings)[0]);
    let envelope = desk.envelope(receptionist(&settings), &Command::Book(booking.clone()));
    let first = desk.sync(std::slice::from_ref(&envelope)).await;
    let head = desk.cursors[&desk.scope()];
    for _ in 0..2 {
        let again = desk.exchange(std::slice::from_ref(&envelope), 1000).await;
        assert_eq!(again.results, first, "the stored verdict, word for word");
        assert_eq!(again.expected_next, 2, "its number is used once");
    }
    assert_eq!(desk.cursors[&desk.scope()], head, "nothing more has changed");
    let made = desk.appointments().iter().filter(|a| a.id == booking.id).count();
    assert_eq!(made, 1, "one meeting");
    central.running.shutdown().await;
}

#[tokio::test]
async fn nothing_of_another_office_is_ever_sent() {
    let central = Central::start().await;
    let (mut here, mut there) = (central.desk(&amiens()).await, central.desk(&abbeville()).await);
    here.sync(&[]).await;
    // A cursor of another office's scope asks for what must not come; `apply` refuses any foreign scope.
    there.cursors.insert(here.scope(), 0);
    there.sync(&[]).await;
    assert_eq!(there.cursors.get(&here.scope()), Some(&0), "that scope is not spoken of");
    let ours: Vec<_> = here.enquiries().iter().map(|e| e.id).collect();
    assert!(there.enquiries().iter().all(|e| !ours.contains(&e.id)), "no enquiry of Amiens in Abbeville");
    assert!(!there.enquiries().is_empty(), "its own are there");
    // Nor can it act on what it may have heard of.
    let settings = central.settings(&abbeville()).await;
    let close = Command::CloseEnquiry { id: ours[0], how: None };
    let verdict = there.give(receptionist(&settings), &close).await;
    assert!(
        matches!(&verdict, Verdict::Refused { refusal } if refusal.code == RefusalCode::NotFound),
        "{verdict:?}"
    );
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_feed_is_read_page_by_page() {
    let central = Central::start().await;
    let (mut small, mut large) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    let mut pages = 0;
    loop {
        let page = small.exchange(&[], 7).await;
        assert!(page.changes.len() <= 7, "a page is no longer than wanted");
        pages += 1;
        if !page.has_more {
            break;
        }
        assert_eq!(page.changes.len(), 7, "a page is full as long as there is more");
    }
    assert!(pages > 10, "{pages} pages were too few to prove anything");
    large.sync(&[]).await;
    assert_eq!(small.documents, large.documents, "the same comes out");
    central.running.shutdown().await;
}

#[tokio::test]
async fn what_a_request_has_added_is_told_as_it_is_read() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let who = receptionist(&settings);
    let (mut gives, mut reads) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    let mut behind = central.desk(&amiens()).await;
    for desk in [&mut gives, &mut reads, &mut behind] {
        desk.sync(&[]).await;
    }
    let free = gives.free(&settings);
    let after = |end| free.iter().find(|slot| slot.start >= end).expect("a later place");
    let later = after(free[0].end);
    let last = after(later.end);
    let commands: Vec<_> = [&free[0], later]
        .into_iter()
        .map(|slot| gives.envelope(who, &Command::Book(book(&settings, slot))))
        .collect();

    let told = gives.exchange(&commands, 1000).await;
    let accepted = |r: &CommandResult| matches!(r.verdict, Verdict::Accepted { .. });
    assert!(told.results.iter().all(accepted), "{:?}", told.results);
    assert!(told.changes.len() >= 2 && !told.has_more, "{} changes", told.changes.len());
    let read = reads.exchange(&[], 1000).await;
    assert_eq!(told.changes, read.changes, "to the letter");
    assert_eq!((&told.cursors, &told.marks, &told.check), (&read.cursors, &read.marks, &read.check));

    let one = behind.envelope(who, &Command::Book(book(&settings, last)));
    let first = behind.exchange(&[one], 1).await;
    assert_eq!(first.changes, told.changes[..1], "who is behind is told what comes first");
    assert!(first.has_more, "and that there is more");
    behind.sync(&[]).await;
    reads.sync(&[]).await;
    assert_eq!(behind.documents, reads.documents, "all come to the same");
    central.running.shutdown().await;
}
