//! The day, the next places, lists, and what central refused.

use serde_json::json;

use super::*;

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
    // The list has it in its place too, for that counsellor alone; asked for a state, it has none.
    let listed = |more: serde_json::Value| {
        let mut args = json!({ "from": date, "to": date });
        args.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        let office = &office;
        let id = mine.id.clone();
        async move {
            let found: Vec<AppointmentView> = office.ask("appointments.list", args).await;
            assert!(found.is_sorted_by_key(|a| a.start));
            found.iter().filter(|a| a.id == id && a.sync == "conflict").count()
        }
    };
    assert_eq!(listed(json!({})).await, 1);
    assert_eq!(listed(json!({ "counsellor": leroy })).await, 1);
    assert_eq!(listed(json!({ "counsellor": office.person("Haddad").await })).await, 0);
    assert_eq!(listed(json!({ "status": "booked" })).await, 0);

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
