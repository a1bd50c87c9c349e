//! The reading commands on a real profile: the demonstration office of Amiens on Monday 23 November 2026, 10:22.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use passerelle_domain::people::Role;
use passerelle_domain::{Refusal, RefusalCode};
use passerelle_office::api::agenda::{SlotSearch, slots};
use passerelle_office::api::call;
use passerelle_office::api::dto::{
    AppointmentView, CentreView, ClientMatch, ClientView, ConflictView, DayView, Done, EnquiryList,
    EnquiryView, NextSlots, PaletteItem, SlotView,
};
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::{demo, store};
use passerelle_protocol::sync::{CommandResult, SyncResponse, Verdict};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

struct Office {
    desk: Desk,
    folder: TempDir,
}

impl Office {
    async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let now: DateTime<Utc> = "2026-11-23T09:22:00Z".parse().expect("an instant");
        let desk = demo::init(&folder.path().join("profile"), None, Clock::starting_at(now)).await;
        Self { desk: desk.expect("a demonstration desk"), folder }
    }

    async fn ask<T: DeserializeOwned>(&self, name: &str, args: Value) -> T {
        let out = call(&self.desk, name, args).await.expect(name);
        serde_json::from_value(out).expect("the form of the answer")
    }

    async fn refused(&self, name: &str, args: Value) -> String {
        call(&self.desk, name, args).await.expect_err("an error").code
    }

    async fn act_as(&self, role: Role) {
        let settings = self.desk.settings().await.expect("settings").expect("an office");
        let person = settings.people.values().find(|p| p.role == role).expect("somebody of that role");
        self.desk.act_as(person.id);
    }

    async fn person(&self, family: &str) -> String {
        let settings = self.desk.settings().await.expect("settings").expect("an office");
        settings.people.values().find(|p| p.family_name == family).expect(family).id.to_string()
    }

    async fn kind(&self, key: &str) -> passerelle_domain::ids::KindId {
        let settings = self.desk.settings().await.expect("settings").expect("an office");
        settings.kinds.values().find(|k| k.key == key).expect(key).id
    }

    /// The only client whose name this is.
    async fn client(&self, query: &str) -> ClientMatch {
        let found: Vec<ClientMatch> = self.ask("clients.search", json!({ "query": query })).await;
        found.into_iter().next().expect(query)
    }

    /// Central's answer that refuses every waiting command.
    async fn refuse_all(&self, refusal: Refusal) {
        let store = self.desk.store();
        let sent = store.to_send(10).await.expect("the outbox");
        let results = sent.iter().map(|c| CommandResult {
            id: c.id,
            seq: c.seq,
            verdict: Verdict::Refused { refusal: refusal.clone() },
        });
        let answer = SyncResponse {
            epoch: String::new(),
            inc: self.desk.enrolment().expect("an enrolment").inc.clone(),
            server_time: self.desk.now(),
            results: results.collect(),
            expected_next: 0,
            changes: Vec::new(),
            cursors: BTreeMap::new(),
            has_more: false,
            poll_after_s: 0,
        };
        store.apply(&answer, true, self.desk.now()).await.expect("an answer that can be applied");
    }
}

fn name(a: &AppointmentView) -> &str {
    a.client.as_ref().map_or("", |c| c.name.as_str())
}

#[tokio::test]
async fn the_day_shows_who_receives_where_and_who_waits() {
    let office = Office::open().await;
    let day: DayView = office.ask("agenda.day", json!({ "date": "2026-11-23" })).await;
    let names: Vec<&str> = day.columns.iter().map(|c| c.name.as_str()).collect();
    let expected =
        ["Mme Dupont", "M. Haddad", "Mme Leroy", "M. Martin", "Mme Nguyen", "Mme Vasseur", "Salle A"];
    assert_eq!(names, expected, "counsellors by office, then the room of the group sessions");
    assert_eq!((day.from_min, day.to_min, day.closed.as_deref()), (510, 1080, None));

    let martin = &day.columns[3];
    let duty = martin.open.first().expect("an opening");
    assert!(duty.school, "a morning at a school is drawn as duty");
    assert_eq!(duty.site_name.as_deref(), Some("Lycée Robert-de-Luzarches"));
    assert_eq!((duty.from_min, duty.to_min), (510, 750));
    assert!(!martin.open[1].school && martin.open[1].site_name.is_none(), "the afternoon is at the office");
    let training = &day.columns[4].absences;
    assert_eq!(training.len(), 1);
    assert_eq!(
        (training[0].label.as_str(), training[0].from_min, training[0].to_min),
        ("Formation", 510, 750)
    );
    assert_eq!(training[0].detail.as_deref(), Some("Rectorat, journée Psy-EN"));
    assert_eq!(day.columns[6].place.as_deref(), Some("18 places"));

    let sofiane = day.blocks.iter().find(|a| name(a) == "Sofiane Aït-Ahmed").expect("his meeting");
    assert!(sofiane.status_missing, "it ended at 10:15 and nobody said how");
    assert!(day.blocks.iter().filter(|a| a.status_missing).all(|a| a.end <= office.desk.now()));
    let waiting: Vec<&str> = day.waiting.iter().map(|w| w.name.as_str()).collect();
    assert_eq!(waiting, ["Mehdi Benali"], "who has begun a meeting is with the counsellor");
    assert_eq!(day.todo.tomorrow.map(|d| d.to_string()).as_deref(), Some("2026-11-24"));
    assert!(day.missing.iter().all(|m| m.start < day.blocks[0].start), "only of earlier days");
    let free: u32 = day.columns[..6].iter().map(|c| c.free).sum();
    assert!(free > 0, "the afternoon is not full");

    let yesterday: DayView = office.ask("agenda.day", json!({ "date": "2026-11-20" })).await;
    assert!(yesterday.columns.iter().all(|c| c.free == 0), "nothing is free in the past");
    assert!(yesterday.waiting.is_empty(), "the waiting room is of today");
    let armistice: DayView = office.ask("agenda.day", json!({ "date": "2026-11-11" })).await;
    assert_eq!(armistice.closed.as_deref(), Some("Armistice de 1918"));
    assert!(armistice.columns.iter().all(|c| c.open.is_empty()));
    assert_eq!(office.refused("agenda.day", json!({ "date": "9999-01-01" })).await, "bad_date");
}

#[tokio::test]
async fn the_numbers_of_free_places_are_those_of_the_search() {
    let office = Office::open().await;
    let day: DayView = office.ask("agenda.day", json!({ "date": "2026-11-25" })).await;
    let date = "2026-11-25".parse().expect("a date");
    let kind = office.kind("court").await;
    let search = SlotSearch { kind, from: date, to: date, counsellor: None, site: None, grid_min: None };
    let found = slots(&office.desk, search).await.expect("slots");
    for column in day.columns.iter().filter(|c| c.kind == "counsellor") {
        let mine = found.iter().filter(|s| s.counsellor.id == column.id).count();
        assert_eq!(usize::try_from(column.free), Ok(mine), "{}", column.name);
    }
}

#[tokio::test]
async fn the_next_slots_stop_early_and_are_the_first_of_all() {
    let office = Office::open().await;
    let kind = office.kind("entretien").await;
    let (from, to) = ("2026-11-23".parse().expect("a date"), "2027-01-10".parse().expect("a date"));
    let search = SlotSearch { kind, from, to, counsellor: None, site: None, grid_min: None };
    let all = slots(&office.desk, search).await.expect("slots");
    let args = json!({ "kind": kind.to_string(), "limit": 400, "days": 48 });
    let next: NextSlots = office.ask("agenda.next", args).await;
    assert_eq!(next.slots.len(), 400, "more than one step of the search is needed");
    assert_eq!(next.slots, all[..400]);

    let leroy = office.person("Leroy").await;
    let args = json!({ "counsellor": leroy, "weekdays": [2], "after_min": 840, "limit": 3 });
    let late: NextSlots = office.ask("agenda.next", args).await;
    assert_eq!(late.slots.len(), 3);
    for slot in &late.slots {
        assert_eq!(slot.counsellor.id, leroy);
        let start =
            chrono::NaiveDateTime::parse_from_str(&slot.local, "%Y-%m-%dT%H:%M").expect("a civil start");
        assert_eq!(chrono::Datelike::weekday(&start), chrono::Weekday::Wed, "{}", slot.local);
        assert!(chrono::Timelike::hour(&start) >= 14, "{}", slot.local);
    }
    assert_eq!(office.refused("agenda.next", json!({ "kind": "nope" })).await, "not_found");
}

#[tokio::test]
async fn reception_sees_who_asks_a_sensitive_question_and_not_what() {
    let office = Office::open().await;
    office.act_as(Role::Counsellor).await;
    let all: EnquiryList = office.ask("enquiries.list", json!({ "view": "all", "limit": 2000 })).await;
    assert!(all.rows.iter().all(|r| !r.hidden), "counsellors read the questions");

    office.act_as(Role::Receptionist).await;
    let seen: EnquiryList = office.ask("enquiries.list", json!({ "view": "all", "limit": 2000 })).await;
    let hidden = seen.rows.iter().find(|r| r.hidden).expect("a sensitive enquiry");
    let open = all.rows.iter().find(|r| r.id == hidden.id).expect("the same one");
    assert_eq!((hidden.subject.as_str(), hidden.name.as_str()), ("", open.name.as_str()));
    let view: EnquiryView = office.ask("enquiries.get", json!({ "id": hidden.id })).await;
    assert!(view.thread.is_empty() && view.row.subject.is_empty());
    let everything = serde_json::to_string(&view).expect("JSON");
    assert!(!everything.contains(&open.subject), "the question is nowhere in the answer");

    // It is found by who asks, not by what.
    let by = async |query: String| {
        let args = json!({ "view": "all", "query": query });
        let found: EnquiryList = office.ask("enquiries.list", args).await;
        found.rows.iter().any(|r| r.id == hidden.id)
    };
    let word = open.subject.split(' ').max_by_key(|w| w.len()).expect("a word").to_owned();
    assert!(by(open.name.clone()).await, "by name");
    assert!(!by(word.clone()).await, "by the word {word:?} of the subject");
    let palette: Vec<PaletteItem> = office.ask("palette.search", json!({ "query": word })).await;
    assert!(palette.iter().all(|i| i.id.as_deref() != Some(&hidden.id)), "nor in the palette");
    office.act_as(Role::Director).await;
    assert!(by(word).await, "the director finds it");
}

#[tokio::test]
async fn the_inbox_is_sorted_by_what_is_due_and_wakes_what_was_snoozed() {
    let office = Office::open().await;
    let todo: EnquiryList = office.ask("enquiries.list", json!({})).await;
    assert!(todo.rows.is_sorted_by_key(|r| r.due_at), "oldest due first");
    let states = ["new", "claimed", "waiting_internal", "snoozed"];
    assert!(todo.rows.iter().all(|r| states.contains(&r.status.as_str())));
    assert_eq!(usize::try_from(todo.todo), Ok(todo.rows.len()));
    let waiting: EnquiryList = office.ask("enquiries.list", json!({ "view": "waiting" })).await;
    assert_eq!(usize::try_from(waiting.waiting), Ok(waiting.rows.len()));
    assert!(waiting.rows.iter().all(|r| r.snoozed_until.is_none_or(|t| t > office.desk.now())));

    let first = &todo.rows[0];
    let soon = office.desk.now() + chrono::Duration::seconds(2);
    let _: Done = office.ask("enquiries.snooze", json!({ "id": first.id, "until": soon })).await;
    let without: EnquiryList = office.ask("enquiries.list", json!({})).await;
    assert!(without.rows.iter().all(|r| r.id != first.id), "out of sight");
    assert_eq!((without.todo, without.waiting), (todo.todo - 1, todo.waiting + 1));
    tokio::time::sleep(std::time::Duration::from_millis(3_100)).await;
    let again: EnquiryList = office.ask("enquiries.list", json!({})).await;
    assert!(again.rows.iter().any(|r| r.id == first.id), "its hour has come");
    assert_eq!(again.todo, todo.todo);
    assert_eq!(office.refused("enquiries.list", json!({ "view": "elsewhere" })).await, "bad_status");
}

#[tokio::test]
async fn clients_are_found_without_accents_by_number_and_by_birth_date() {
    let office = Office::open().await;
    let search =
        |query: &'static str| office.ask::<Vec<ClientMatch>>("clients.search", json!({ "query": query }));
    let twins = search("benai").await;
    assert_eq!(twins.len(), 2, "both of them");
    assert_eq!(twins[0].matched, [(0, 5)], "Bénaï");
    assert!(twins[0].duplicate.is_empty());
    assert_eq!(twins[1].duplicate, ["same_birth_date", "same_guardian"], "said once, and as twins");

    let yasmine = search("YASMINE benaissa").await.into_iter().next().expect("Yasmine");
    let born = yasmine.birth_date.expect("a birth date");
    for typed in
        [born.format("%d/%m/%Y"), born.format("%-d/%-m/%Y"), born.format("%Y-%m-%d"), born.format("%d %m %Y")]
    {
        let typed = typed.to_string();
        let found: Vec<ClientMatch> = office.ask("clients.search", json!({ "query": typed })).await;
        assert!(found.iter().any(|c| c.id == yasmine.id), "{typed}");
    }
    let phone = yasmine.contact.as_ref().expect("a number").phone.clone();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    for typed in [phone.clone(), digits.clone(), format!("+33{}", &digits[1..]), phone[..9].to_owned()] {
        let found: Vec<ClientMatch> = office.ask("clients.search", json!({ "query": typed })).await;
        assert!(found.iter().any(|c| c.id == yasmine.id), "{typed}");
    }
    assert!(search("\" OR *").await.is_empty(), "nothing typed is syntax");
    assert!(search("").await.is_empty());
}

#[tokio::test]
async fn twins_and_doubles_are_shown_beside_a_client() {
    let office = Office::open().await;
    let yasmine = office.client("yasmine benaissa").await;
    let view: ClientView = office.ask("clients.get", json!({ "id": yasmine.id })).await;
    let twin = view.duplicates.first().expect("her brother");
    assert_eq!((twin.given_name.as_str(), twin.duplicate.len()), ("Yassine", 2));
    let double = office.client("ines benchekroun").await;
    let view: ClientView = office.ask("clients.get", json!({ "id": double.id })).await;
    let other = view.duplicates.first().expect("the same girl, twice");
    assert!(other.duplicate.contains(&"same_name".to_owned()), "{:?}", other.duplicate);
    assert!(other.duplicate.contains(&"same_phone".to_owned()), "{:?}", other.duplicate);

    // While a form is filled in, before anything is stored.
    let form =
        json!({ "family_name": "benaissa", "given_name": "Yasmina", "birth_date": yasmine.birth_date });
    let checked: Value = office.ask("clients.check", form).await;
    let found = checked["duplicates"].as_array().expect("a list");
    assert_eq!(found.len(), 2, "both twins may be meant: {found:?}");
    assert_eq!(office.refused("clients.get", json!({ "id": "nobody" })).await, "not_found");
}

#[tokio::test]
async fn an_enquiry_shows_its_client_its_places_and_the_centres_around() {
    let office = Office::open().await;
    let list: EnquiryList =
        office.ask("enquiries.list", json!({ "view": "all", "query": "inès benchekroun" })).await;
    let id = list.rows.first().expect("her question").id.clone();
    let view: EnquiryView = office.ask("enquiries.get", json!({ "id": id })).await;
    assert_eq!(view.postal_code, "80090");
    assert_eq!(view.communes, ["Amiens"]);
    assert!(!view.thread.is_empty());
    let client = view.client.expect("she is known");
    assert!(!view.candidates.is_empty(), "and is there twice");
    assert!(view.candidates.iter().all(|c| c.id != client.id));

    let centres: Vec<CentreView> = office.ask("enquiries.centres", json!({ "id": id })).await;
    assert_eq!(centres.len(), 3);
    assert!(centres[0].own && !centres[0].slots.is_empty(), "the office itself, with what is free");
    assert!(centres[1].distance_km > Some(10.0), "then those farther off");

    // A mother whom nobody has linked yet, known by her number.
    let pupil = office.client("mehdi benali").await;
    let pupil: ClientView = office.ask("clients.get", json!({ "id": pupil.id })).await;
    let mother = pupil.guardians.first().expect("a guardian");
    let note = json!({
        "channel": "phone", "subject": "Rappel", "text": "Elle rappelle demain.", "relation": "mother",
        "name": format!("Mme {} {}", mother.given_name, mother.family_name), "postal_code": "80000",
        "phone": mother.phone, "sensitive": false,
    });
    let done: Done = office.ask("enquiries.open", note).await;
    let view: EnquiryView = office.ask("enquiries.get", json!({ "id": done.id })).await;
    let first = view.candidates.first().expect("her son");
    assert_eq!(first.id, pupil.id);
    assert!(first.duplicate.contains(&"same_guardian".to_owned()), "{:?}", first.duplicate);
    assert!(view.row.pending, "it waits to be sent");
    assert!(!view.claim_provisional, "nobody has claimed it");
    let _: Done = office.ask("enquiries.claim", json!({ "id": view.row.id })).await;
    let view: EnquiryView = office.ask("enquiries.get", json!({ "id": view.row.id })).await;
    assert!(view.row.mine && view.claim_provisional, "central has not heard of it");

    // A note on an enquiry whose claim central knows makes nothing uncertain.
    let list: EnquiryList = office.ask("enquiries.list", json!({ "status": "claimed" })).await;
    let known = list.rows.iter().find(|r| !r.pending).expect("an enquiry claimed before");
    let _: Done = office.ask("enquiries.note", json!({ "id": known.id, "text": "Rappeler jeudi." })).await;
    let noted: EnquiryView = office.ask("enquiries.get", json!({ "id": known.id })).await;
    assert!(noted.row.pending && !noted.claim_provisional);
    assert!(noted.thread.last().is_some_and(|m| m.internal), "the note is shown as one");
}

async fn book(office: &Office, counsellor: &str, start: &str, client: &str) -> AppointmentView {
    let args = json!({
        "kind": office.kind("entretien").await.to_string(), "counsellor": counsellor, "start": start,
        "client": client, "seen_warnings": ["outside_opening", "same_kind_same_day", "gap_too_short"],
    });
    let done: Done = office.ask("appointments.book", args).await;
    done.appointment.expect("the meeting")
}

#[tokio::test]
async fn a_refused_booking_is_a_card_with_both_sides_and_six_places() {
    let office = Office::open().await;
    let leroy = office.person("Leroy").await;
    let day: DayView = office.ask("agenda.day", json!({ "date": "2026-11-25" })).await;
    let theirs =
        day.blocks.iter().find(|a| a.counsellor.id == leroy).expect("a meeting on Wednesday").clone();
    let nora = office.client("nora slimani").await;
    let args = json!({ "counsellor": leroy, "from": "2026-11-25", "limit": 1 });
    let free: NextSlots = office.ask("agenda.next", args).await;
    let slot: &SlotView = free.slots.first().expect("a free place");
    let mine = book(&office, &leroy, &slot.local, &nora.id).await;
    assert_eq!(mine.sync, "local");

    let with = theirs.id.parse().expect("an id");
    office.refuse_all(Refusal::new(RefusalCode::SlotTaken).with(with)).await;
    let conflicts: Vec<ConflictView> = office.ask("conflicts.list", json!({})).await;
    let [card] = conflicts.as_slice() else { panic!("one conflict, not {}", conflicts.len()) };
    assert_eq!(
        (card.code.as_str(), card.kind.as_str(), card.state.as_str()),
        ("slot_taken", "appointment.book", "open")
    );
    let here = card.mine.as_ref().expect("my side");
    assert!(here.offline && here.by.is_some());
    let meant = here.appointment.as_ref().expect("what was meant");
    assert_eq!(
        (meant.id.as_str(), meant.sync.as_str(), name(meant)),
        (mine.id.as_str(), "conflict", "Nora Slimani")
    );
    let there = card.theirs.as_ref().and_then(|t| t.appointment.as_ref()).expect("their side");
    assert_eq!(there.id, theirs.id);
    assert_eq!((card.same_person.len(), card.colleagues.len()), (3, 3));
    assert!(card.same_person.iter().all(|s| s.counsellor.id == leroy));
    assert!(card.colleagues.iter().all(|s| s.counsellor.id != leroy));
    assert_eq!(card.phone, nora.contact.map(|c| c.phone), "whom to call");

    // It is drawn where it was meant, though it is no meeting any more.
    let date = meant.date;
    let day: DayView = office.ask("agenda.day", json!({ "date": date })).await;
    let drawn: Vec<_> = day.blocks.iter().filter(|a| a.id == mine.id).collect();
    assert_eq!(drawn.len(), 1);
    assert_eq!((drawn[0].sync.as_str(), drawn[0].conflict.as_deref()), ("conflict", Some(card.id.as_str())));
    assert_eq!(day.todo.conflicts, 1);
    let shown: AppointmentView = office.ask("appointments.get", json!({ "id": mine.id })).await;
    assert_eq!(shown.sync, "conflict");

    let _: Done = office.ask("conflicts.resolve", json!({ "id": card.id, "take": "theirs" })).await;
    let open: Vec<ConflictView> = office.ask("conflicts.list", json!({})).await;
    assert!(open.is_empty());
    let settled: Vec<ConflictView> = office.ask("conflicts.list", json!({ "state": "settled" })).await;
    assert_eq!((settled[0].state.as_str(), settled[0].settled.as_deref()), ("settled", Some("theirs")));
    let day: DayView = office.ask("agenda.day", json!({ "date": date })).await;
    assert!(day.blocks.iter().all(|a| a.id != mine.id), "it is drawn no more");
}

#[tokio::test]
async fn a_refused_move_marks_the_meeting_where_it_stands_and_where_it_was_meant() {
    let office = Office::open().await;
    let day: DayView = office.ask("agenda.day", json!({ "date": "2026-11-25" })).await;
    let movable = |a: &&AppointmentView| a.kind.capacity == 1 && a.client.is_some();
    let a = day.blocks.iter().find(movable).expect("a meeting").clone();
    let from = json!({ "kind": a.kind.id, "counsellor": a.counsellor.id, "from": "2026-11-26", "limit": 1 });
    let free: NextSlots = office.ask("agenda.next", from).await;
    let slot = free.slots.first().expect("a place");
    let args = json!({ "id": a.id, "start": slot.local, "seen_warnings": ["same_kind_same_day", "gap_too_short", "travel"] });
    let moved: Done = office.ask("appointments.move", args).await;
    let to = moved.appointment.expect("the meeting").date;
    office.refuse_all(Refusal::new(RefusalCode::SlotTaken)).await;

    let before: DayView = office.ask("agenda.day", json!({ "date": "2026-11-25" })).await;
    let stands = before.blocks.iter().find(|b| b.id == a.id).expect("it is back where it was");
    assert_eq!((stands.start, stands.sync.as_str()), (a.start, "conflict"));
    let meant: DayView = office.ask("agenda.day", json!({ "date": to })).await;
    let drawn = meant.blocks.iter().find(|b| b.id == a.id).expect("and drawn where it was meant");
    assert_eq!((drawn.start, drawn.sync.as_str()), (slot.start, "conflict"));
}

#[tokio::test]
async fn the_palette_reads_people_days_and_hours() {
    let office = Office::open().await;
    let martin = office.person("Martin").await;
    let search =
        |query: &'static str| office.ask::<Vec<PaletteItem>>("palette.search", json!({ "query": query }));
    let found = search("mart lun 14h").await;
    let slot = found.first().and_then(|i| i.slot.as_ref()).expect("the first line is a place");
    assert_eq!((found[0].kind.as_str(), slot.local.as_str()), ("slot", "2026-11-30T14:00"));
    assert_eq!(slot.counsellor.id, martin);
    let day = found.iter().find(|i| i.kind == "day").expect("the day");
    assert_eq!(day.date.map(|d| d.to_string()).as_deref(), Some("2026-11-30"));
    assert!(day.count.is_some());
    let next = found.iter().find(|i| i.kind == "next").expect("the next place of M. Martin");
    assert_eq!(next.slot.as_ref().map(|s| s.counsellor.id.as_str()), Some(martin.as_str()));
    let person = found.iter().find(|i| i.kind == "person").expect("M. Martin himself");
    assert_eq!((person.title.as_str(), person.matched.as_slice()), ("M. Martin", [(3, 7)].as_slice()));

    // Monday morning he is on duty at a school until 12:15; at 12:20 nothing is open.
    assert!(search("martin lun 12:20").await.iter().all(|i| i.kind != "slot"));
    let clients = search("benai").await;
    let yasmine = clients.iter().find(|i| i.kind == "client").expect("a client");
    assert_eq!(
        (yasmine.title.as_str(), yasmine.matched.as_slice()),
        ("Bénaïssa, Yasmine", [(0, 5)].as_slice())
    );
    let at = search("@mart lun").await;
    assert!(at.iter().all(|i| i.kind != "day" && i.kind != "slot"), "@ asks for people alone");
    assert!(
        search(">imprimer").await.is_empty()
            && search("#bts").await.is_empty()
            && search(" ").await.is_empty()
    );
    let anybody = search("demain 9h15").await;
    assert!(anybody.iter().any(|i| i.kind == "slot"), "an hour alone is a place with anybody");
}

#[tokio::test]
async fn a_calendar_file_names_nobody_unless_asked_and_touches_nothing_else() {
    let office = Office::open().await;
    let day: DayView = office.ask("agenda.day", json!({ "date": "2026-11-24" })).await;
    let a = day.blocks.iter().find(|a| a.client.is_some()).expect("a meeting").clone();
    let client = a.client.clone().expect("a client");
    let read = |out: &Value| std::fs::read_to_string(out["file"].as_str().expect("a path")).expect("a file");

    let out: Value = office.ask("calendar.export", json!({ "appointment": a.id })).await;
    let file = read(&out);
    assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.contains("SUMMARY:Rendez-vous CIO\r\n"));
    assert!(!file.contains(&client.family_name) && !file.contains(&a.kind.name), "neither name nor motive");
    assert!(file.contains(&format!("UID:{}@passerelle.cio", a.id)), "the same identity for ever");
    assert!(file.contains(&format!("SEQUENCE:{}\r\n", a.version)));
    assert!(out["file"].as_str().is_some_and(|f| f.contains("exports")), "in the profile by default");

    let path = office.folder.path().join("agenda.ics");
    let args = json!({ "from": "2026-11-23", "to": "2026-11-27", "with_names": true, "out": path });
    let out: Value = office.ask("calendar.export", args.clone()).await;
    let file = read(&out).replace("\r\n ", "");
    assert!(file.contains(&client.family_name), "names on request");
    let events = u64::try_from(file.matches("BEGIN:VEVENT").count()).expect("a number");
    assert_eq!(out["events"].as_u64(), Some(events));
    let _: Value = office.ask("calendar.export", args).await;

    let other = office.folder.path().join("lettre.txt");
    std::fs::write(&other, "Chère madame,").expect("a file");
    assert_eq!(office.refused("calendar.export", json!({ "out": other })).await, "file_exists");
    assert_eq!(std::fs::read_to_string(&other).expect("the letter"), "Chère madame,");
    let backwards = json!({ "from": "2026-11-27", "to": "2026-11-23" });
    assert_eq!(office.refused("calendar.export", backwards).await, "bad_dates");
    let left: Vec<_> = std::fs::read_dir(office.folder.path()).expect("a folder").flatten().collect();
    assert_eq!(left.len(), 3, "profile, calendar and letter, and nothing half written: {left:?}");
}

#[tokio::test]
async fn lists_bind_by_day_person_and_state() {
    let office = Office::open().await;
    let haddad = office.person("Haddad").await;
    let args = json!({ "from": "2026-11-23", "to": "2026-11-23", "counsellor": haddad });
    let found: Vec<AppointmentView> = office.ask("appointments.list", args).await;
    assert!(!found.is_empty() && found.iter().all(|a| a.counsellor.id == haddad));
    assert!(found.iter().all(|a| a.date.to_string() == "2026-11-23"));
    let args = json!({ "from": "2026-11-01", "to": "2026-11-23", "status": "no_show" });
    let missed: Vec<AppointmentView> = office.ask("appointments.list", args).await;
    assert!(missed.iter().any(|a| name(a) == "Théo Masson"));
    let coming: Vec<AppointmentView> = office.ask("appointments.list", json!({})).await;
    assert!(coming.iter().all(|a| a.date.to_string().as_str() >= "2026-11-23"), "from today on");
    assert_eq!(office.refused("appointments.list", json!({ "status": "gone" })).await, "bad_status");
    let theo: AppointmentView = office.ask("appointments.get", json!({ "id": missed[0].id })).await;
    assert!(!theo.history.is_empty(), "one meeting comes with its history");
}

#[tokio::test]
async fn communes_by_code_and_by_name() {
    let office = Office::open().await;
    let found = office.ask::<Value>("places.communes", json!({ "query": "80090" })).await;
    assert_eq!(found, json!([{ "postal_code": "80090", "name": "Amiens" }]));
    let found = office.ask::<Value>("places.communes", json!({ "query": "abbev" })).await;
    assert_eq!(found[0]["name"], "Abbeville");
    assert_eq!(office.ask::<Value>("places.communes", json!({ "query": "8" })).await, json!([]));
}

#[tokio::test]
async fn the_demonstration_is_sound_and_readers_change_nothing() {
    let office = Office::open().await;
    let store: &store::Store = office.desk.store();
    assert_eq!(store.soundness().await.expect("a check"), Vec::<String>::new());
    assert_eq!(store.integrity().await.expect("a check"), Vec::<String>::new());
    let _: DayView = office.ask("agenda.day", json!({ "date": "2026-11-23" })).await;
    assert_eq!(store.pending().await.expect("the outbox"), 0);
}
