//! Writes sample calendars and what is in them, for programs in other languages to read and compare.
//!
//! `cargo run -p passerelle-calendar --example peers_sample -- DIR` makes, for each sample, `NAME.ics` and
//! `NAME.json` (the fields of each event as they went in, instants in UTC). `tests/calendar-peers/run.sh` does
//! the rest.

use std::error::Error;
use std::path::Path;

use chrono::{DateTime, NaiveDate, SecondsFormat, TimeDelta, Utc};
use chrono_tz::Tz;
use passerelle_calendar::{
    Alarm, CalendarEvent, Class, Geo, Status, Transparency, Uid, When, french_zones, write_agenda,
    write_appointment,
};
use serde_json::{Value, json};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let folder = std::env::args_os().nth(1).ok_or("usage: peers_sample DIR")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let stamp: DateTime<Utc> = "2026-11-23T08:00:00Z".parse()?;

    let one = appointment()?;
    save(folder, "appointment", &write_appointment(&one, stamp), None, &[one])?;

    let events = agenda()?;
    let name = "Agenda de Mme Lefèvre ; CIO d'Amiens, site « Nord »";
    save(folder, "agenda", &write_agenda(name, &events, stamp), Some(name), &events)?;

    let events = around_the_changes()?;
    save(
        folder,
        "changes",
        &write_agenda("Changements d'heure", &events, stamp),
        Some("Changements d'heure"),
        &events,
    )?;

    let events = overseas()?;
    save(folder, "overseas", &write_agenda("Outre-mer", &events, stamp), Some("Outre-mer"), &events)?;

    let events = folds()?;
    save(folder, "folds", &write_agenda("Plis", &events, stamp), Some("Plis"), &events)
}

fn timed(id: u128, start: &str, minutes: i64, zone: Tz) -> Outcome<CalendarEvent> {
    let start: DateTime<Utc> = start.parse()?;
    let when = When::timed(start, start + TimeDelta::minutes(minutes), zone).ok_or("a time out of range")?;
    Ok(CalendarEvent::new(Uid::own(Uuid::from_u128(id)), when))
}

fn paris(id: u128, start: &str, minutes: i64) -> Outcome<CalendarEvent> {
    timed(id, start, minutes, Tz::Europe__Paris)
}

fn appointment() -> Outcome<CalendarEvent> {
    Ok(CalendarEvent {
        sequence: 2,
        created: Some("2026-11-02T09:12:44Z".parse()?),
        last_modified: Some("2026-11-20T15:30:00Z".parse()?),
        description:
            "Pièces à apporter : les trois derniers bulletins, le carnet de correspondance ; une pièce \
                      d'identité.\n\nEn cas d'empêchement, prévenez le CIO au 03 00 00 00 00.\nÀ bientôt !"
                .to_owned(),
        location: "CIO d'Amiens, 70 boulevard de Saint-Quentin, 80000 Amiens".to_owned(),
        geo: Geo::new(49.878_912, 2.302_451),
        url: Some("https://rdv.example.fr/r/7Kq2?langue=fr&site=1;2".to_owned()),
        alarm: Some(Alarm { minutes_before: 60 }),
        categories: vec!["Orientation".to_owned(), "Première prise de contact".to_owned()],
        ..paris(1, "2026-11-24T08:30:00Z", 45)?
    })
}

fn agenda() -> Outcome<Vec<CalendarEvent>> {
    let day = NaiveDate::from_ymd_opt(2026, 12, 21).ok_or("a day out of range")?;
    let whole_days = When::days(day, day + TimeDelta::days(4)).ok_or("days out of range")?;
    Ok(vec![
        appointment()?,
        CalendarEvent {
            status: Status::Cancelled,
            sequence: 3,
            summary: "Rendez-vous CIO (annulé)".to_owned(),
            ..paris(2, "2026-11-25T13:00:00Z", 30)?
        },
        CalendarEvent {
            status: Status::Tentative,
            summary: "Élodie Dupont, mère ; dossier C:\\new\\été : « Bac \"pro\" » ^n".to_owned(),
            description: "ATTENDEE:mailto:x@example.fr\nEND:VEVENT\n\\n n'est pas un retour".to_owned(),
            class: Class::Confidential,
            ..paris(3, "2026-11-26T09:00:00Z", 20)?
        },
        CalendarEvent {
            summary: "CIO fermé".to_owned(),
            class: Class::Public,
            ..CalendarEvent::new(Uid::own(Uuid::from_u128(4)), whole_days)
        },
        CalendarEvent {
            summary:
                "Permanence au lycée 👩🏽‍🏫 Ma\u{a0}: 8\u{202f}h, e\u{301}te\u{301}, œuvre, naïf, 中文, עברית"
                    .to_owned(),
            transparency: Transparency::Transparent,
            ..paris(5, "2026-11-27T07:00:00Z", 240)?
        },
    ])
}

/// Both changes of the clock, before, after and across each, midnight, and the hour that comes twice.
fn around_the_changes() -> Outcome<Vec<CalendarEvent>> {
    let starts = [
        ("2026-03-28T22:30:00Z", 60),
        ("2026-03-29T00:30:00Z", 60),
        ("2026-03-29T01:00:00Z", 30),
        ("2026-03-30T07:00:00Z", 45),
        ("2026-07-03T07:00:00Z", 45),
        ("2026-10-24T22:30:00Z", 60),
        ("2026-10-24T23:30:00Z", 60),
        ("2026-10-25T00:30:00Z", 20),
        ("2026-10-25T01:30:00Z", 20),
        ("2026-10-25T02:00:00Z", 30),
        ("2026-10-24T21:00:00Z", 1440),
        ("2026-12-31T22:30:00Z", 60),
        ("2049-07-01T08:00:00Z", 30),
    ];
    starts.iter().zip(100..).map(|(&(start, minutes), id)| paris(id, start, minutes)).collect()
}

fn overseas() -> Outcome<Vec<CalendarEvent>> {
    let mut events = Vec::new();
    for (zone, id) in french_zones().iter().zip(200..) {
        events.push(timed(2 * id, "2026-07-03T14:00:00Z", 30, zone.tz)?);
        events.push(timed(2 * id + 1, "2026-12-03T14:00:00Z", 30, zone.tz)?);
    }
    Ok(events)
}

/// Texts of every length around the fold, so that it falls on each kind of character.
fn folds() -> Outcome<Vec<CalendarEvent>> {
    let text = "carnet de correspondance, été ; 👩🏽‍🏫 a b c d e f g \\ œuvre";
    (0..90usize)
        .map(|n| {
            let text = format!("{}{text} {text}", "x".repeat(n));
            Ok(CalendarEvent {
                summary: text.clone(),
                description: format!("{text}\n{text}"),
                location: text,
                ..paris(1000 + n as u128, "2026-11-24T08:30:00Z", 45)?
            })
        })
        .collect()
}

fn save(
    folder: &Path,
    sample: &str,
    file: &str,
    name: Option<&str>,
    events: &[CalendarEvent],
) -> Outcome<()> {
    std::fs::write(folder.join(format!("{sample}.ics")), file)?;
    let expected = json!({ "name": name, "events": events.iter().map(expected).collect::<Vec<_>>() });
    std::fs::write(folder.join(format!("{sample}.json")), serde_json::to_vec_pretty(&expected)?)?;
    Ok(())
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn expected(event: &CalendarEvent) -> Value {
    let (all_day, start, end) = match event.when {
        When::Timed { start, end, .. } => (false, instant(start), instant(end)),
        When::Days { first, last } => (true, first.to_string(), (last + TimeDelta::days(1)).to_string()),
    };
    json!({
        "uid": event.uid.as_str(),
        "sequence": event.sequence,
        "created": event.created.map(instant),
        "last_modified": event.last_modified.map(instant),
        "all_day": all_day,
        "start": start,
        "end": end,
        "summary": event.summary,
        "description": event.description,
        "location": event.location,
        "geo": event.geo.map(|geo| [geo.latitude(), geo.longitude()]),
        "url": event.url,
        "categories": event.categories,
        "status": match event.status {
            Status::Tentative => "TENTATIVE",
            Status::Confirmed => "CONFIRMED",
            Status::Cancelled => "CANCELLED",
        },
        "class": match event.class {
            Class::Public => "PUBLIC",
            Class::Private => "PRIVATE",
            Class::Confidential => "CONFIDENTIAL",
        },
        "transparency": match event.transparency {
            Transparency::Opaque => "OPAQUE",
            Transparency::Transparent => "TRANSPARENT",
        },
        "alarm_minutes": event.alarm.map(|alarm| alarm.minutes_before),
    })
}
