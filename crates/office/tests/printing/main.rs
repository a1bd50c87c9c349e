//! Printed pages of a real profile, read back by other people's programs (poppler): the demonstration office of Amiens on
//! Monday 23 November 2026, 10:22.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod command_line;
mod reader;

use std::path::Path;

use chrono::{DateTime, Utc};
use passerelle_domain::people::Role;
use passerelle_office::api::call;
use passerelle_office::api::dto::{AppointmentView, DayView, PrintedFile};
use passerelle_office::clock::Clock;
use passerelle_office::demo;
use passerelle_office::desk::Desk;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

use reader::Reader;

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

    async fn day(&self, date: &str) -> DayView {
        self.ask("agenda.day", json!({ "date": date })).await
    }
}

/// Those who are expected on a day: name and start on the clock.
fn expected(day: &DayView) -> impl Iterator<Item = &AppointmentView> {
    day.blocks.iter().filter(|b| b.status.blocks() && b.client.is_some())
}

#[tokio::test]
async fn the_sheet_of_tomorrow_is_private_tagged_and_complete() {
    let office = Office::open().await;
    let printed: PrintedFile = office.ask("print.day_sheet", json!({})).await;
    assert_eq!(printed.date.to_string(), "2026-11-24", "the next working day");
    assert!(!printed.shown, "nobody said how files are shown here");
    let prints = office.desk.profile().join("prints");
    let prints = std::fs::canonicalize(prints).expect("the folder of printed pages");
    let file = std::path::Path::new(&printed.file);
    assert_eq!(file, prints.join("feuille-du-jour-2026-11-24.pdf"), "no name of a person in it");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode =
            |p: &std::path::Path| std::fs::metadata(p).expect("it is there").permissions().mode() & 0o777;
        assert_eq!((mode(file), mode(&prints)), (0o600, 0o700), "nobody else may read it");
    }

    let Some(reader) = Reader::of(file) else { return };
    reader.is_sound(printed.pages);
    let text = reader.text();
    let day = office.day("2026-11-24").await;
    assert!(expected(&day).count() > 10, "there is something to print");
    for block in expected(&day) {
        let client = block.client.as_ref().expect("a client");
        for name in [&client.family_name, &client.given_name] {
            assert!(reader::plain(&text).contains(&reader::plain(name)), "{name} is on the sheet: {text}");
        }
    }
    let pages = reader.pages();
    assert_eq!(pages.len(), printed.pages as usize);
    for page in &pages {
        assert!(page.contains("Mardi 24 novembre 2026"), "each page says its day: {page}");
        let hours: Vec<u16> = page.lines().filter_map(reader::hour).collect();
        assert!(hours.len() > 3 && hours.is_sorted(), "in the order of time: {hours:?} {page}");
    }
    let again: PrintedFile = office.ask("print.day_sheet", json!({ "date": "2026-11-24" })).await;
    assert_eq!(again.file, printed.file, "printed again, it takes the place of the first");
}

#[tokio::test]
async fn one_list_for_the_desk_and_one_page_for_a_counsellor() {
    let office = Office::open().await;
    let list: PrintedFile =
        office.ask("print.day_sheet", json!({ "date": "2026-11-23", "desk": true })).await;
    assert!(list.file.ends_with("feuille-accueil-2026-11-23.pdf"), "{}", list.file);
    assert_eq!(list.pages, 1, "the desk has one page");
    let day = office.day("2026-11-23").await;
    let haddad = day.columns.iter().find(|c| c.name == "M. Haddad").expect("M. Haddad");
    let one: PrintedFile =
        office.ask("print.day_sheet", json!({ "date": "2026-11-23", "counsellor": haddad.id })).await;
    assert!(one.file.ends_with("feuille-du-jour-2026-11-23-conseiller-2.pdf"), "no name: {}", one.file);
    assert_eq!(one.pages, 1);
    let nobody = json!({ "counsellor": "0190a000-0000-7000-8000-000000000001" });
    assert_eq!(office.refused("print.day_sheet", nobody).await, "not_found");
    assert_eq!(office.refused("print.day_sheet", json!({ "date": "9999-01-01" })).await, "bad_date");

    let (Some(list), Some(one)) = (Reader::of(list.file.as_ref()), Reader::of(one.file.as_ref())) else {
        return;
    };
    let text = reader::plain(&list.text());
    for block in expected(&day) {
        let client = block.client.as_ref().expect("a client");
        assert!(text.contains(&reader::plain(&client.family_name)), "{} is on the list", client.name);
    }
    let absence = reader::plain("Absence jusqu’à 15:30 · Conseil de classe");
    assert!(text.contains(&absence), "absences are bands: {text}");
    let page = one.text();
    assert!(page.contains("M. Haddad") && !page.contains("Mme Dupont"), "only what is his: {page}");
    assert!(page.contains("Absence") && page.contains("Conseil de classe"), "{page}");
    assert!(
        page.contains("Ne viennent pas") && page.contains("Léo Petit"),
        "who is excused is not waited for: {page}"
    );
    one.is_sound(1);
    list.is_sound(1);
}

#[tokio::test]
async fn nothing_of_a_question_is_ever_printed() {
    let office = Office::open().await;
    let settings = office.desk.settings().await.expect("settings").expect("an office");
    let counsellor = settings.people.values().find(|p| p.role == Role::Counsellor).expect("a counsellor");
    let clients: Vec<passerelle_office::api::dto::ClientMatch> =
        office.ask("clients.search", json!({ "query": "Benali" })).await;
    let client = &clients.first().expect("Benali").id;
    let secret = "violences dans la famille";
    let opened: passerelle_office::api::dto::Done = office
        .ask(
            "enquiries.open",
            json!({
                "channel": "phone", "subject": format!("Sujet : {secret}"), "text": format!("Question : {secret}"),
                "name": "Nadia Benali", "relation": "mother", "postal_code": "80000", "client": client, "sensitive": true,
            }),
        )
        .await;
    let enquiry = opened.id.expect("the enquiry");
    let next: passerelle_office::api::dto::NextSlots = office
        .ask(
            "agenda.next",
            json!({ "counsellor": counsellor.id.to_string(), "from": "2026-11-26", "limit": 1 }),
        )
        .await;
    let slot = next.slots.first().expect("a free slot");
    let kind = settings.kinds.values().find(|k| k.key == "entretien").expect("a kind");
    let booked: passerelle_office::api::dto::Done = office
        .ask(
            "appointments.book",
            json!({
                "kind": kind.id.to_string(), "counsellor": counsellor.id.to_string(), "start": slot.local,
                "client": client, "enquiry": enquiry,
                "seen_warnings": ["same_kind_same_day", "travel", "gap_too_short", "outside_opening"],
            }),
        )
        .await;
    let meeting = booked.appointment.expect("the meeting");
    for (name, args) in [
        ("print.letter", json!({ "id": meeting.id })),
        ("print.day_sheet", json!({ "date": meeting.date })),
        ("print.day_sheet", json!({ "date": meeting.date, "desk": true })),
    ] {
        let printed: PrintedFile = office.ask(name, args).await;
        let Some(reader) = Reader::of(printed.file.as_ref()) else { return };
        let text = reader.text();
        assert!(text.contains("Benali"), "{name} has the meeting: {text}");
        for word in ["violence", "famille", "Sujet", "Question"] {
            assert!(!text.contains(word), "{name} says {word:?}: {text}");
        }
        if name == "print.letter" {
            assert!(!text.contains("Entretien"), "not even the kind, in the post: {text}");
        }
    }
}

#[tokio::test]
async fn letter_and_sign_in_sheet_are_one_sound_page() {
    let office = Office::open().await;
    let day = office.day("2026-11-23").await;
    let of = |name: &str| {
        let is = |b: &&AppointmentView| b.client.as_ref().is_some_and(|c| c.name.starts_with(name));
        day.blocks.iter().find(is).expect(name).clone()
    };
    let long = of("Marie-Charlotte Vandenbussche-Ramanantsoa");
    let letter: PrintedFile = office.ask("print.letter", json!({ "id": long.id })).await;
    let name = std::path::Path::new(&letter.file).file_name().expect("a name").to_string_lossy().into_owned();
    assert!(name.starts_with("convocation-2026-11-23-10h30-"), "{name}");
    let workshop = day.blocks.iter().find(|b| b.kind.capacity > 1).expect("a workshop");
    let sign_in: PrintedFile = office.ask("print.sign_in", json!({ "id": workshop.id })).await;
    assert_eq!(office.refused("print.sign_in", json!({ "id": long.id })).await, "no_session");
    let excused = day.blocks.iter().find(|b| !b.status.blocks()).expect("somebody excused");
    assert_eq!(office.refused("print.letter", json!({ "id": excused.id })).await, "nobody_expected");
    let unknown = json!({ "id": "0190a000-0000-7000-8000-000000000001" });
    assert_eq!(office.refused("print.letter", unknown).await, "not_found");

    let Some(reader) = Reader::of(letter.file.as_ref()) else { return };
    reader.is_sound(1);
    let text = reader.text();
    for words in
        ["Marie-Charlotte", "lundi 23 novembre 2026 à 10 h 30", "psychologue de l’Éducation nationale"]
    {
        assert!(reader::plain(&text).contains(&reader::plain(words)), "{words:?}: {text}");
    }
    let Some(reader) = Reader::of(sign_in.file.as_ref()) else { return };
    reader.is_sound(1);
    let text = reader.text();
    let together = day.blocks.iter().filter(|b| b.kind.id == workshop.kind.id && b.start == workshop.start);
    for block in together.filter(|b| b.status.blocks()) {
        let client = block.client.as_ref().expect("a participant");
        assert!(text.contains(&client.family_name), "{}: {text}", client.name);
    }
    assert!(text.contains("12"), "a line for every seat: {text}");
}

#[tokio::test]
async fn a_desk_shows_what_it_prints_when_it_can() {
    let office = Office::open().await;
    office.desk.show_with(|file| {
        let file = Path::new(file);
        file.extension().is_some_and(|e| e == "pdf") && file.exists()
    });
    let printed: PrintedFile = office.ask("print.day_sheet", json!({})).await;
    assert!(printed.shown, "the file was there when it was to be shown");
    let out = office.folder.path().join("a.pdf");
    let printed: PrintedFile = office.ask("print.day_sheet", json!({ "out": out })).await;
    assert!(!printed.shown, "what is written elsewhere is not shown");
}
