//! Records of the catalogue, pinned and taken off, on a question and on a meeting.

use passerelle_domain::Command;
use passerelle_domain::command::{Book, Place};
use passerelle_domain::ids::EnquiryId;
use passerelle_domain::pins::{NewPin, PinPlace, RecordKind};
use uuid::Uuid;

use super::{Case, Office, question};

fn pin(on: PinPlace, record: &str, note: Option<&str>) -> Command {
    let pin = NewPin {
        record: record.into(),
        kind: RecordKind::Programme,
        title: "CAP Maintenance des véhicules".into(),
        subtitle: None,
        note: note.map(str::to_owned),
        again: None,
    };
    Command::Pin { on, pin: Box::new(pin) }
}

pub(super) fn cases(office: &Office, n: &mut u32) -> Vec<Case> {
    let at = office.now();
    let mut cases = Vec::new();
    let mut case = |name, prepared, given| cases.push(Case { name, prepared, given: vec![given], at });
    // The director prepares the meetings that they hold themselves.
    let counsellor = office.actor.person().expect("somebody at the desk");
    let mut meeting = || {
        *n += 1;
        Book { place: Place { counsellor, ..office.place(*n) }, ..office.book(*n) }
    };
    let (asked, book) = (EnquiryId(Uuid::now_v7()), meeting());
    let places = [
        (PinPlace::Enquiry(asked), question(asked, "L-FICHES", at)),
        (PinPlace::Appointment(book.id), Command::Book(book)),
    ];
    for (on, made) in places {
        case("pinned", vec![made], pin(on, "FOR.1", None));
        case("pinned beside another", vec![pin(on, "FOR.2", None)], pin(on, "MET.7", Some("la préférée")));
        case("a reason added", vec![], pin(on, "FOR.2", Some("à voir avec la mère")));
        let unpin = Command::Unpin { on, record: "FOR.2".into() };
        case("taken off from before another", vec![pin(on, "FOR.3", None)], unpin);
    }
    cases
}
