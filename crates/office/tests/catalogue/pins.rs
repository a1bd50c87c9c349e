//! Pinned records at a desk: who sees which, and what is left of them when the catalogue changes.

use passerelle_domain::Command;
use passerelle_domain::command::{Book, Place};
use passerelle_domain::ids::{AppointmentId, EnquiryId};
use passerelle_domain::pins::{NewPin, PINS_MAX, PinPlace as Spot, RecordKind};
use passerelle_office::api::dto::{
    CatalogueRecord, Done, OutboxItem, PinPlace, PinTo, Pins, StatusView, UndoItem,
};
use passerelle_office::store::Step;

use super::*;

impl Office {
    /// A meeting of whoever is at the desk, in a January in which nothing is booked yet.
    async fn a_meeting(&self, enquiry: Option<&Value>) -> Value {
        let (actor, person) = self.desk.actor().await.expect("the database").expect("somebody at the desk");
        let settings = self.desk.settings().await.expect("settings").expect("an office");
        let site = settings.main_site().expect("a site").id;
        let kind = settings.kinds.values().find(|k| k.active && k.capacity == 1).expect("a kind").id;
        let id = AppointmentId(uuid::Uuid::now_v7());
        let start = chrono::NaiveDate::from_ymd_opt(2027, 1, 12).and_then(|d| d.and_hms_opt(10, 0, 0));
        let known: Vec<Value> = self.ask("clients.search", json!({ "query": "Diallo" })).await;
        let book = Book {
            id,
            kind,
            place: Place {
                counsellor: person.id,
                second: None,
                site,
                room: None,
                start: start.expect("a time"),
                zone: settings.zone_of(site),
                minutes: 45,
            },
            client: Some(
                known[0]["id"]
                    .as_str()
                    .expect("an id")
                    .parse()
                    .map(passerelle_domain::ids::ClientId)
                    .expect("an id"),
            ),
            companions: Vec::new(),
            enquiry: enquiry
                .map(|to| EnquiryId(to["enquiry"].as_str().expect("an id").parse().expect("an id"))),
            waiting: None,
            held_until: None,
            override_reason: Some("Pour l’essai".into()),
        };
        self.give(actor, Command::Book(book)).await;
        json!({ "appointment": id })
    }

    async fn give(&self, actor: passerelle_domain::people::Actor, command: Command) {
        let step = Step { actor, now: self.desk.now(), commands: vec![command], undoable: true };
        self.desk.store().execute(&step).await.expect("it is done");
    }

    async fn a_question(&self, sensitive: bool) -> Value {
        let asked = json!({ "channel": "phone", "subject": "Un stage", "text": "Comment trouver un stage ?",
            "name": "Mme Épingle", "relation": "mother", "postal_code": "80000", "sensitive": sensitive });
        let done: Done = self.ask("enquiries.open", asked).await;
        json!({ "enquiry": done.id })
    }

    async fn pins(&self, to: &Value) -> Pins {
        self.ask("catalogue.pins", json!({ "to": to })).await
    }

    async fn pin(&self, to: &Value, record: &str) -> Done {
        self.ask("catalogue.pin", with(to, record)).await
    }

    async fn places(&self, text: &str) -> Vec<PinPlace> {
        self.ask("catalogue.pin_places", json!({ "text": text })).await
    }

    async fn id_of(&self, text: &str, kind: &str) -> String {
        self.search(json!({ "text": text, "kinds": [kind] })).await.groups[0].hits[0].id.clone()
    }
}

fn with(to: &Value, record: &str) -> Value {
    json!({ "to": to, "record": record })
}

fn records(pins: &[passerelle_office::api::dto::Pin]) -> Vec<&str> {
    pins.iter().map(|pin| pin.record.as_str()).collect()
}

#[tokio::test]
async fn a_preparation_is_closed_to_reception_wherever_it_asks() {
    let office = Office::open().await;
    office.act_as(Role::Counsellor).await;
    let asked = office.a_question(false).await;
    let meeting = office.a_meeting(Some(&asked)).await;
    let id = office.id_of("boulanger", "occupation").await;
    assert!(office.pin(&meeting, &id).await.undoable);
    assert!(office.pin(&meeting, &id).await.commands.is_empty(), "pinned already");
    let read = office.pins(&meeting).await;
    assert_eq!((records(&read.pins), read.pins[0].state.as_str()), (vec![id.as_str()], "known"));
    assert_eq!((read.may_pin, read.most as usize), (true, PINS_MAX));
    assert!(read.r#for.contains("Diallo"), "{}", read.r#for);
    let title = read.pins[0].title.clone();
    let told = |list: &[UndoItem]| list.iter().any(|item| item.kind == "catalogue.pin");
    let steps: Vec<UndoItem> = office.ask("undo.list", json!({})).await;
    assert!(told(&steps));
    let sent: Vec<OutboxItem> = office.ask("outbox.list", json!({})).await;
    assert!(sent.iter().any(|item| item.kind == "catalogue.pin"), "{sent:?}");
    let there = PinTo::Appointment(meeting["appointment"].as_str().expect("an id").into());
    assert!(office.places("Diallo").await.iter().any(|place| place.to == there));
    let own = office.places("").await;
    assert!(own.iter().any(|place| place.start.is_some()), "meetings of the counsellor at the desk: {own:?}");

    office.act_as(Role::Receptionist).await;
    for name in ["catalogue.pins", "catalogue.pin", "catalogue.unpin"] {
        assert_eq!(office.refused(name, with(&meeting, &id)).await.code, "not_allowed", "{name}");
        assert_eq!(
            office.refused(name, with(&meeting, "FOR.1")).await.code,
            "not_allowed",
            "{name}, any record"
        );
    }
    let refused = office.refused("catalogue.pin", with(&meeting, &id)).await;
    assert_eq!(refused.params["instead"], asked, "what is possible: {}", refused.params);
    assert_eq!(office.refused("undo.step", json!({ "id": steps[0].id })).await.code, "not_allowed");
    assert!(!told(&office.ask::<Vec<UndoItem>>("undo.list", json!({})).await));
    let sent: Vec<OutboxItem> = office.ask("outbox.list", json!({})).await;
    assert!(sent.iter().all(|item| item.kind != "catalogue.pin"), "{sent:?}");
    for text in ["", "Diallo", "Épingle"] {
        let places = office.places(text).await;
        assert!(places.iter().all(|place| matches!(place.to, PinTo::Enquiry(_))), "{text}: {places:?}");
    }
    // Whatever else reception can read says nothing of it.
    let day = json!({ "date": "2027-01-12" });
    let one = json!({ "id": meeting["appointment"] });
    for (name, args) in [
        ("agenda.day", day.clone()),
        ("appointments.get", one.clone()),
        ("appointments.list", json!({ "from": "2027-01-12", "to": "2027-01-12" })),
        ("palette.search", json!({ "query": "Diallo" })),
        ("conflicts.list", json!({})),
        ("clients.search", json!({ "query": "Diallo" })),
        ("enquiries.get", json!({ "id": asked["enquiry"] })),
    ] {
        let said = call(&office.desk, name, args).await.expect(name).to_string();
        assert!(!said.contains(&format!("\"{id}\"")) && !said.contains("\"pins\""), "{name}: {title}");
    }
    for (name, args) in
        [("calendar.export", meeting.clone()), ("print.day_sheet", day), ("print.letter", one)]
    {
        let written = call(&office.desk, name, args).await.expect(name);
        let file = fs::read(written["file"].as_str().expect("a file")).expect("the file");
        assert!(!String::from_utf8_lossy(&file).contains(&id), "{name}");
    }

    office.act_as(Role::Director).await;
    assert_eq!(office.refused("catalogue.pins", json!({ "to": meeting })).await.code, "not_allowed");
    let own = office.a_meeting(None).await;
    office.pin(&own, &id).await;
    assert_eq!(office.pins(&own).await.pins.len(), 1, "a director who receives prepares too");
}

#[tokio::test]
async fn what_is_pinned_to_a_question_is_as_visible_as_the_question() {
    let office = Office::open().await;
    office.act_as(Role::Counsellor).await;
    let id = office.id_of("boulanger", "occupation").await;
    for (sensitive, seen) in [(false, true), (true, false)] {
        office.act_as(Role::Counsellor).await;
        let asked = office.a_question(sensitive).await;
        office.pin(&asked, &id).await;
        office.act_as(Role::Receptionist).await;
        let read = call(&office.desk, "catalogue.pins", json!({ "to": asked })).await;
        assert_eq!(read.is_ok(), seen, "sensitive: {sensitive}");
        for record in [id.as_str(), "FOR.1"] {
            let code = call(&office.desk, "catalogue.pin", with(&asked, record)).await.err().map(|e| e.code);
            assert_eq!(code.as_deref() == Some("not_allowed"), !seen, "{record}: {code:?}");
        }
        let listed = office.places("Épingle").await;
        let there = PinTo::Enquiry(asked["enquiry"].as_str().expect("an id").into());
        assert_eq!(listed.iter().any(|place| place.to == there), seen, "{listed:?}");
        let whole = call(&office.desk, "enquiries.get", json!({ "id": asked["enquiry"] })).await.expect("it");
        assert!(!whole.to_string().contains(&format!("\"{id}\"")), "told where it is asked for alone");
    }
}

#[tokio::test]
async fn pins_of_the_question_stand_beside_those_of_its_meeting_and_come_back_when_undone() {
    let office = Office::open().await;
    office.act_as(Role::Counsellor).await;
    let (job, course) =
        (office.id_of("boulanger", "occupation").await, office.id_of("cuisine", "programme").await);
    let asked = office.a_question(false).await;
    office.pin(&asked, &job).await;
    let noted = json!({ "to": asked, "record": course, "note": " à voir avec la mère " });
    let _: Done = office.ask("catalogue.pin", noted).await;
    let _: Done = office.ask("catalogue.unpin", with(&asked, &job)).await;
    assert_eq!(records(&office.pins(&asked).await.pins), [course.as_str()]);
    let done: Done = office.ask("undo.last", json!({})).await;
    assert_eq!(done.undone.expect("a step").kind, "catalogue.unpin");
    let read = office.pins(&asked).await;
    assert_eq!(records(&read.pins), [job.as_str(), course.as_str()], "where it stood");
    assert_eq!(read.pins[1].note.as_deref(), Some("à voir avec la mère"));
    assert_eq!(read.r#for, "Mme Épingle");
    let status: StatusView = office.ask("status.get", json!({})).await;
    assert_eq!(status.conflicts, 0);

    let meeting = office.a_meeting(Some(&asked)).await;
    office.pin(&meeting, &job).await;
    let read = office.pins(&meeting).await;
    let both = (records(&read.pins), records(&read.of_enquiry));
    assert_eq!(both, (vec![job.as_str()], vec![course.as_str()]), "each once, none copied");
    let long = json!({ "to": meeting, "record": job, "note": "é".repeat(301) });
    let refused = office.refused("catalogue.pin", long).await;
    assert_eq!((refused.code.as_str(), &refused.params["most"]), ("text_too_long", &json!(300)));
    // Forty, then no more.
    let others = office.search(json!({ "kinds": ["institution"], "limit": PINS_MAX })).await;
    for hit in others.groups[0].hits.iter().take(PINS_MAX - 1) {
        office.pin(&meeting, &hit.id).await;
    }
    let refused = office.refused("catalogue.pin", with(&meeting, &course)).await;
    assert_eq!((refused.code.as_str(), &refused.params["most"]), ("too_many_pins", &json!(PINS_MAX)));
}

#[tokio::test]
async fn a_pin_is_read_where_the_catalogue_has_no_such_record() {
    let office = Office::open().await;
    office.act_as(Role::Counsellor).await;
    let asked = office.a_question(false).await;
    let id = office.id_of("boulanger", "occupation").await;
    office.pin(&asked, &id).await;
    let refused = office.refused("catalogue.pin", with(&asked, "FOR.99999999")).await;
    assert_eq!(
        (refused.code.as_str(), &refused.params["record"]),
        ("record_unknown", &json!("FOR.99999999"))
    );
    let pin = NewPin {
        record: "FOR.99999999".into(),
        kind: RecordKind::Programme,
        title: "BTS d’ailleurs".into(),
        subtitle: None,
        note: Some("à voir avec la mère".into()),
        again: None,
    };
    let on = Spot::Enquiry(EnquiryId(asked["enquiry"].as_str().expect("an id").parse().expect("an id")));
    let (actor, _) = office.desk.actor().await.expect("the database").expect("somebody");
    office.give(actor, Command::Pin { on, pin: Box::new(pin) }).await;
    let read = office.pins(&asked).await;
    let last = &read.pins[1];
    assert_eq!(
        (last.state.as_str(), last.title.as_str(), last.subtitle.as_str()),
        ("absent", "BTS d’ailleurs", "")
    );
    assert_eq!(last.note.as_deref(), Some("à voir avec la mère"));
    // It can be carried over to the meeting as it is.
    let meeting = office.a_meeting(Some(&asked)).await;
    office.pin(&meeting, "FOR.99999999").await;
    assert_eq!(office.pins(&meeting).await.pins[0].title, "BTS d’ailleurs");
    // And on a desk without any catalogue.
    let bare = Office::bare().await;
    bare.act_as(Role::Counsellor).await;
    let nothing = bare.a_question(false).await;
    assert_eq!(bare.refused("catalogue.pin", with(&nothing, "FOR.1")).await.code, "catalogue_none");
    assert!(bare.pins(&nothing).await.pins.is_empty());
}

#[tokio::test]
async fn a_record_that_left_a_release_is_told_and_opens() {
    let office = Office::open().await;
    office.act_as(Role::Counsellor).await;
    let file = office.folder.path().join("questions.md");
    let import = async |questions: &[(&str, &str)]| {
        let mut text = "---\npasserelle-faq: 1\ncollection: essai\npublisher: Le centre\nlicence: Licence Ouverte 2.0\n---\n".to_owned();
        for (id, question) in questions {
            text.push_str(&format!("---\nid: {id}\nquestion: {question}\n---\nOui.\n"));
        }
        fs::write(&file, text).expect("a file");
        let _: CatalogueStatus = office.ask("catalogue.import", json!({ "paths": [file] })).await;
        let status = office.settled().await;
        assert!(status.last.as_ref().is_some_and(|last| last.failed.is_none()), "{:?}", status.last);
        office.desk.catalogue().ready().await.expect("a catalogue");
        status.release
    };
    import(&[("stage", "Où trouver un stage d’essai ?"), ("bus", "Quel bus mène au centre ?")]).await;
    let id = office.id_of("stage d’essai", "faq").await;
    let asked = office.a_question(false).await;
    office.pin(&asked, &id).await;
    assert_eq!(office.pins(&asked).await.pins[0].state, "known");
    let release = import(&[("bus", "Quel bus mène au centre ?")]).await;
    let pin = office.pins(&asked).await.pins.remove(0);
    assert_eq!((pin.state.as_str(), &pin.gone_since), ("gone", &release), "{pin:?}");
    assert_eq!(pin.title, "Où trouver un stage d’essai ?");
    let opened: CatalogueRecord = office.ask("catalogue.get", json!({ "id": id })).await;
    assert_eq!((opened.title, opened.gone_since), (pin.title, release));
}
