//! Records of the catalogue pinned at two desks: central decides them by the same rules and every desk sees the same.

use passerelle_domain::Command;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::people::Role;
use passerelle_domain::pins::{NewPin, PinPlace, PreparationSheet, RecordKind};
use passerelle_domain::refusal::RefusalCode;
use passerelle_protocol::sync::{Entity, Verdict};

use crate::office::{Central, amiens, book, enquiry, post_enquiry, receptionist};

fn pin(on: PinPlace, record: &str, note: Option<&str>) -> Command {
    let pin = NewPin {
        record: record.into(),
        kind: RecordKind::Occupation,
        title: "Mécanicien automobile".into(),
        subtitle: None,
        note: note.map(str::to_owned),
        again: None,
    };
    Command::Pin { on, pin: Box::new(pin) }
}

fn code(verdict: &Verdict) -> RefusalCode {
    match verdict {
        Verdict::Refused { refusal } => refusal.code,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[tokio::test]
async fn two_desks_that_pinned_apart_agree_in_the_end() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let reception = receptionist(&settings);
    let counsellor = settings.people.values().find(|p| p.role == Role::Counsellor).expect("a counsellor").id;
    let (mut a, mut b) = (central.desk(&amiens()).await, central.desk(&amiens()).await);
    a.sync(&[]).await;
    let (_, receipt) = post_enquiry(&central, "k1", &enquiry("80090")).await;
    let id = receipt["id"].as_str().expect("an id").to_owned();
    a.sync(&[]).await;
    b.sync(&[]).await;
    let mut wanted = book(&settings, &a.free(&settings)[0]);
    wanted.enquiry = Some(id.parse().expect("an id"));
    let accepted = |v: &Verdict| assert!(matches!(v, Verdict::Accepted { .. }), "{v:?}");
    accepted(&a.give(reception, &Command::Book(wanted.clone())).await);
    b.sync(&[]).await;

    // Both were offline: what they did arrives one after the other, each with what it knew.
    let meeting = PinPlace::Appointment(wanted.id);
    let question = PinPlace::Enquiry(id.parse().expect("an id"));
    let first: Vec<_> = [pin(meeting, "MET.7", Some("à voir avec la mère")), pin(question, "FOR.1", None)]
        .iter()
        .map(|c| a.envelope(counsellor, c))
        .collect();
    let second: Vec<_> =
        [pin(meeting, "MET.7", None), pin(meeting, "MET.8", None), pin(question, "FOR.1", None)]
            .iter()
            .map(|c| b.envelope(counsellor, c))
            .collect();
    for result in a.sync(&first).await.iter().chain(&b.sync(&second).await) {
        accepted(&result.verdict);
    }
    // Nobody at reception, whatever their desk sent.
    let refused = a.give(reception, &pin(meeting, "MET.9", None)).await;
    assert_eq!(code(&refused), RefusalCode::NotAllowed);
    accepted(&b.give(counsellor, &pin(meeting, "MET.7", Some("avec le père"))).await);
    accepted(&b.give(counsellor, &Command::Unpin { on: meeting, record: "MET.8".into() }).await);
    a.sync(&[]).await;
    assert_eq!(a.documents, b.documents, "both desks hold the same");
    let sheet: PreparationSheet =
        a.document(Entity::PreparationSheet, &wanted.id.to_string()).expect("the preparation");
    let pins: Vec<_> = sheet.pins.iter().map(|p| (p.record.as_str(), p.note.as_deref(), p.by)).collect();
    assert_eq!(pins, [("MET.7", Some("à voir avec la mère\navec le père"), Some(counsellor))]);
    let asked: Enquiry = a.document(Entity::Enquiry, &id).expect("the enquiry");
    assert_eq!(asked.pins.len(), 1, "pinned at both desks, there once: {:?}", asked.pins);
    central.assert_sound().await;
    central.running.shutdown().await;
}
