//! The palette, calendar files, places, soundness.

use serde_json::{Value, json};

use super::*;

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
