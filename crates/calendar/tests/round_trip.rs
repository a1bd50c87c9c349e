//! What is written is read back the same, by our reader and by `ical` alone; whatever the texts.

#![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use passerelle_calendar::{
    Alarm, CalendarEvent, Class, Geo, PRIVATE_SUMMARY, Status, Transparency, Uid, When, french_zones, read,
    write_agenda, write_appointment,
};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use uuid::Uuid;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn stamp() -> DateTime<Utc> {
    at("2026-11-23T08:00:00Z")
}

fn timed(id: u128, start: &str, minutes: i64) -> CalendarEvent {
    let start = at(start);
    let when = When::timed(start, start + TimeDelta::minutes(minutes), Tz::Europe__Paris).unwrap();
    CalendarEvent::new(Uid::own(Uuid::from_u128(id)), when)
}

fn full() -> CalendarEvent {
    CalendarEvent {
        sequence: 3,
        created: Some(at("2026-11-02T09:12:44.25Z")),
        last_modified: Some(at("2026-11-20T15:30:00Z")),
        description: "Pièces à apporter : les trois derniers bulletins, le carnet de correspondance ; \
                      une pièce d'identité.\r\n\r\nEn cas d'empêchement, prévenez le CIO au 03 00 00 00 00."
            .to_owned(),
        location: "CIO d'Amiens, 70 boulevard de Saint-Quentin, 80000 Amiens".to_owned(),
        geo: Geo::new(49.878_912, 2.302_451),
        url: Some("https://rdv.example.fr/r/7Kq2?langue=fr".to_owned()),
        alarm: Some(Alarm { minutes_before: 60 }),
        categories: vec!["Orientation".to_owned(), "Parcoursup, 3e".to_owned()],
        ..timed(0x1234, "2026-11-24T08:30:00Z", 45)
    }
}

#[test]
fn the_file_of_an_appointment() {
    let file = write_appointment(&full(), stamp());
    assert!(file.ends_with("END:VCALENDAR\r\n"));
    assert_eq!(file.matches('\n').count(), file.matches("\r\n").count(), "CRLF only");
    assert_eq!(file.matches('\r').count(), file.matches("\r\n").count(), "CRLF only");
    insta::assert_snapshot!("appointment", file.replace("\r\n", "\n"));
}

#[test]
fn the_file_of_an_agenda() {
    let cancelled =
        CalendarEvent { status: Status::Cancelled, sequence: 2, ..timed(2, "2026-11-25T13:00:00Z", 30) };
    let overseas = CalendarEvent {
        when: When::timed(at("2026-11-24T12:00:00Z"), at("2026-11-24T12:45:00Z"), Tz::America__Guadeloupe)
            .unwrap(),
        ..timed(3, "2026-11-24T12:00:00Z", 45)
    };
    let day = NaiveDate::from_ymd_opt(2026, 12, 21).unwrap();
    let mut closure =
        CalendarEvent::new(Uid::own(Uuid::from_u128(4)), When::days(day, day + TimeDelta::days(4)).unwrap());
    closure.summary = "CIO fermé".to_owned();
    let file = write_agenda("Agenda de Mme Lefèvre ; CIO d'Amiens", &[closure, cancelled, overseas], stamp());
    insta::assert_snapshot!("agenda", file.replace("\r\n", "\n"));
}

#[test]
fn a_download_is_a_record_not_a_message() {
    let file = write_appointment(&full(), stamp());
    for absent in ["METHOD", "ORGANIZER", "ATTENDEE", "X-WR-CALNAME", "\r\nNAME"] {
        assert!(!file.contains(absent), "{absent}");
    }
    for once in
        ["VERSION:2.0", "PRODID:", "CALSCALE:GREGORIAN", "BEGIN:VTIMEZONE", "BEGIN:VEVENT", "SEQUENCE:3"]
    {
        assert_eq!(file.matches(once).count(), 1, "{once}");
    }
}

#[test]
fn nothing_names_anybody_by_default() {
    let event = CalendarEvent { summary: String::new(), ..timed(1, "2026-11-24T08:30:00Z", 45) };
    assert_eq!(
        read(write_appointment(&event, stamp()).as_bytes()).unwrap().events[0].event.summary,
        PRIVATE_SUMMARY
    );
    assert_eq!(timed(1, "2026-11-24T08:30:00Z", 45).class, Class::Private);
}

#[test]
fn the_repeated_hour_is_written_in_utc() {
    // 02:30 comes twice on 25 October 2026; each of the two is told apart by UTC alone.
    for start in ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"] {
        let file = write_appointment(&timed(1, start, 20), stamp());
        assert!(file.contains(&format!("DTSTART:{}\r\n", start.replace(['-', ':'], ""))), "{file}");
        assert!(!file.contains("VTIMEZONE"), "none unused");
    }
    let across = write_appointment(&timed(1, "2026-10-24T21:00:00Z", 24 * 60), stamp());
    assert!(across.contains("DTSTART;TZID=Europe/Paris:20261024T230000\r\n"), "{across}");
    assert!(across.contains("DTEND;TZID=Europe/Paris:20261025T220000\r\n"), "{across}");
}

#[test]
fn zones_without_a_constant_are_written_in_utc() {
    let when = When::timed(at("2026-11-24T08:00:00Z"), at("2026-11-24T09:00:00Z"), Tz::Asia__Tokyo).unwrap();
    let file = write_appointment(&CalendarEvent::new(Uid::own(Uuid::from_u128(1)), when), stamp());
    assert!(file.contains("DTSTART:20261124T080000Z\r\n") && !file.contains("TZID"), "{file}");
}

#[test]
fn an_agenda_is_in_order_and_keeps_the_latest_version() {
    let older = timed(1, "2026-11-24T08:30:00Z", 45);
    let newer = CalendarEvent { sequence: 1, ..timed(1, "2026-11-26T08:30:00Z", 45) };
    let other = timed(2, "2026-11-25T08:30:00Z", 45);
    let one = write_agenda("Agenda", &[newer.clone(), other.clone(), older.clone()], stamp());
    let two = write_agenda("Agenda", &[older, newer.clone(), other.clone()], stamp());
    assert_eq!(one, two);
    let events: Vec<_> = read(one.as_bytes()).unwrap().events.into_iter().map(|e| e.event).collect();
    assert_eq!(events, [other, newer]);
}

/// `ical` without our reader in front: most programs read as simply, and must see the same fields.
#[test]
fn ical_alone_reads_the_same_fields() {
    let event = full();
    let file = write_agenda("Agenda", &[event.clone(), timed(9, "2026-11-26T08:30:00Z", 45)], stamp());
    let calendars: Vec<_> = ical::IcalParser::new(file.as_bytes()).collect::<Result<_, _>>().unwrap();
    let [calendar] = calendars.as_slice() else { panic!("one calendar, not {}", calendars.len()) };
    assert_eq!(calendar.timezones.len(), 1);
    assert_eq!(calendar.timezones[0].transitions.len(), 2);
    assert_eq!(calendar.events.len(), 2);
    let field = |name: &str| {
        let found: Vec<_> = calendar.events[0].properties.iter().filter(|p| p.name == name).collect();
        assert_eq!(found.len(), 1, "{name}");
        found[0].value.clone().unwrap_or_default()
    };
    assert_eq!(field("UID"), event.uid.as_str());
    assert_eq!(field("DTSTART"), "20261124T093000");
    assert_eq!(field("DTEND"), "20261124T101500");
    assert_eq!(field("SEQUENCE"), "3");
    assert_eq!(field("STATUS"), "CONFIRMED");
    assert_eq!(field("GEO"), "49.878912;2.302451");
    assert_eq!(
        field("DESCRIPTION"),
        "Pièces à apporter : les trois derniers bulletins\\, le carnet de correspondance \\; une pièce d'identité.\
         \\n\\nEn cas d'empêchement\\, prévenez le CIO au 03 00 00 00 00."
    );
    assert_eq!(calendar.events[0].alarms.len(), 1);
}

/// Texts with everything that ever broke a calendar file.
fn nasty() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\n".to_owned()),
        Just("\n".to_owned()),
        Just("\r".to_owned()),
        Just("\\n".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\u{85}".to_owned()),
        Just("\u{0}".to_owned()),
        Just("\u{a0}".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\t".to_owned()),
        Just(" ".to_owned()),
        Just("            ".to_owned()),
        Just("\r\nATTENDEE:mailto:x@example.fr\r\n".to_owned()),
        Just("\nEND:VEVENT\nBEGIN:VEVENT\n".to_owned()),
        Just("👩🏽‍🏫 é e\u{301} œuvre".to_owned()),
        "[\\\\;,:\"^=]{1,3}",
        "[a-zé]{1,12}",
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    // 1970 to 2100, and often the nights of the changes.
    prop_oneof![
        (0i64..4_102_444_800).prop_map(|s| DateTime::from_timestamp(s, 123).unwrap()),
        (0i64..6 * 3600).prop_map(|s| at("2026-10-24T22:00:00Z") + TimeDelta::seconds(s)),
        (0i64..6 * 3600).prop_map(|s| at("2027-03-27T22:00:00Z") + TimeDelta::seconds(s)),
    ]
}

fn moments() -> impl Strategy<Value = When> {
    let zones: Vec<Tz> = french_zones().iter().map(|z| z.tz).chain([Tz::UTC, Tz::Asia__Tokyo]).collect();
    prop_oneof![
        4 => (instants(), 1i64..100_000, proptest::sample::select(zones)).prop_map(|(start, seconds, zone)| {
            When::timed(start, start + TimeDelta::seconds(seconds), zone).unwrap()
        }),
        1 => (instants(), 0i64..40).prop_map(|(start, days)| {
            let first = start.date_naive();
            When::days(first, first + TimeDelta::days(days)).unwrap()
        }),
    ]
}

fn events() -> impl Strategy<Value = CalendarEvent> {
    let statuses = [Status::Tentative, Status::Confirmed, Status::Cancelled];
    let classes = [Class::Public, Class::Private, Class::Confidential];
    let busy = [Transparency::Opaque, Transparency::Transparent];
    let texts =
        (nasty(), nasty(), nasty(), proptest::option::of(nasty()), proptest::collection::vec(nasty(), 0..4));
    let marks = (
        proptest::sample::select(statuses.to_vec()),
        proptest::sample::select(classes.to_vec()),
        proptest::sample::select(busy.to_vec()),
        proptest::option::of(any::<u32>().prop_map(|minutes_before| Alarm { minutes_before })),
        proptest::option::of(
            (-90.0..=90.0, -180.0..=180.0).prop_map(|(lat, lon)| Geo::new(lat, lon).unwrap()),
        ),
    );
    let uids = prop_oneof![
        any::<u128>().prop_map(|id| Uid::own(Uuid::from_u128(id))),
        nasty().prop_filter_map("blank", |text| Uid::foreign(&text)),
    ];
    let stamps = (proptest::option::of(instants()), proptest::option::of(instants()));
    (uids, any::<u32>(), stamps, moments(), texts, marks).prop_map(
        |(uid, sequence, stamps, when, texts, marks)| CalendarEvent {
            uid,
            sequence,
            created: stamps.0,
            last_modified: stamps.1,
            when,
            summary: texts.0,
            description: texts.1,
            location: texts.2,
            url: texts.3.map(|t| format!("https://example.fr/{t}")),
            categories: texts.4,
            status: marks.0,
            class: marks.1,
            transparency: marks.2,
            alarm: marks.3,
            geo: marks.4,
        },
    )
}

/// Names of the properties that a file of this event must have, in order.
fn expected_names(event: &CalendarEvent) -> Vec<&'static str> {
    let e = event.as_written();
    let optional = |present: bool, name| present.then_some(name);
    let zoned = matches!(e.when, When::Timed { zone, .. } if zone != Tz::UTC);
    [
        Some("BEGIN"),
        Some("VERSION"),
        Some("PRODID"),
        Some("CALSCALE"),
        optional(zoned, "(zone)"),
        Some("BEGIN"),
        Some("UID"),
        Some("DTSTAMP"),
        optional(e.created.is_some(), "CREATED"),
        optional(e.last_modified.is_some(), "LAST-MODIFIED"),
        Some("SEQUENCE"),
        Some("DTSTART"),
        Some("DTEND"),
        Some("SUMMARY"),
        optional(!e.description.is_empty(), "DESCRIPTION"),
        optional(!e.location.is_empty(), "LOCATION"),
        optional(e.geo.is_some(), "GEO"),
        optional(e.url.is_some(), "URL"),
        optional(!e.categories.is_empty(), "CATEGORIES"),
        Some("STATUS"),
        Some("CLASS"),
        Some("TRANSP"),
    ]
    .into_iter()
    .flatten()
    .chain(
        e.alarm
            .is_some()
            .then_some(["BEGIN", "ACTION", "TRIGGER", "DESCRIPTION", "END"])
            .into_iter()
            .flatten(),
    )
    .chain(["END", "END"])
    .collect()
}

/// Fewer cases than usual, since each is a whole file; PROPTEST_CASES asks for more.
fn config() -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: asked.unwrap_or(64),
        failure_persistence: Some(Box::new(FileFailurePersistence::WithSource("regressions"))),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_written_is_read(event in events()) {
        let written = event.as_written();
        prop_assert_eq!(&written.as_written(), &written, "as_written is idempotent");
        let file = write_appointment(&event, stamp());
        let found = read(file.as_bytes()).unwrap();
        prop_assert!(found.refused.is_empty() && found.ignored_lines == 0 && found.ignored_components == 0, "{:?}", found);
        prop_assert_eq!(found.events.len(), 1);
        prop_assert_eq!(&found.events[0].event, &written);
        prop_assert_eq!(found.events[0].stamp, Some(stamp()));
        prop_assert_eq!(write_appointment(&found.events[0].event, stamp()), file, "export, import, export");
    }

    #[test]
    fn no_text_adds_a_property_or_breaks_a_line(event in events()) {
        let file = write_appointment(&event, stamp());
        prop_assert!(file.starts_with("BEGIN:VCALENDAR\r\n") && file.ends_with("\r\n"));
        for line in file.strip_suffix("\r\n").unwrap().split("\r\n") {
            prop_assert!(line.len() <= 75, "{} octets: {line:?}", line.len());
            prop_assert!(!line.trim().is_empty(), "a blank line");
            prop_assert!(!line.chars().any(char::is_control), "{line:?}");
        }
        let unfolded = file.replace("\r\n ", "");
        let mut names = Vec::new();
        let mut in_zone = false;
        for line in unfolded.split_terminator("\r\n") {
            match line {
                "BEGIN:VTIMEZONE" => (in_zone, names) = (true, { names.push("(zone)"); names }),
                "END:VTIMEZONE" => in_zone = false,
                line if !in_zone => names.push(&line[..line.find([':', ';']).unwrap()]),
                _ => {}
            }
        }
        prop_assert_eq!(names, expected_names(&event));
    }

    #[test]
    fn an_agenda_is_read_back(mut list in proptest::collection::vec(events(), 0..6), name in nasty()) {
        for (n, event) in list.iter_mut().enumerate() {
            event.uid = Uid::own(Uuid::from_u128(n as u128));
        }
        let found = read(write_agenda(&name, &list, stamp()).as_bytes()).unwrap();
        let mut read_back: Vec<_> = found.events.into_iter().map(|e| e.event).collect();
        read_back.sort_by(|a, b| a.uid.cmp(&b.uid));
        prop_assert_eq!(read_back, list.iter().map(CalendarEvent::as_written).collect::<Vec<_>>());
    }

    #[test]
    fn clean_texts_are_not_changed(text in "[A-Za-zÀ-ÿ][ A-Za-zÀ-ÿœ0-9,;:'’\\\\\"()!?€🙂-]{0,200}[a-z.]") {
        let event = CalendarEvent {
            summary: text.clone(),
            description: format!("{text}\n\n{text}"),
            location: text.clone(),
            ..timed(1, "2026-11-24T08:30:00Z", 45)
        };
        let found = read(write_appointment(&event, stamp()).as_bytes()).unwrap();
        // Runs of more than 16 blanks are the one thing that may be cut.
        prop_assume!(!text.contains("                 "));
        prop_assert_eq!(&found.events[0].event, &event);
    }

    #[test]
    fn any_octets_are_survived(octets in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = read(&octets);
    }

    #[test]
    fn a_damaged_file_is_survived(event in events(), cut in any::<prop::sample::Index>(), put in "\\PC{0,3}|\r|\n|:|\"|;|BEGIN:VEVENT\r\n") {
        let file = write_appointment(&event, stamp()).into_bytes();
        let at = cut.index(file.len());
        let damaged = [&file[..at], put.as_bytes(), &file[(at + 1).min(file.len())..]].concat();
        if let Ok(found) = read(&damaged) {
            prop_assert!(found.events.len() + found.refused.len() <= 2);
        }
        let _ = read(&file[..at]);
    }
}
