//! Writes and reads an agenda of 10,000 full events and prints how long each takes.
//!
//! `cargo run --release -p passerelle-calendar --example agenda_speed`

use std::error::Error;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use passerelle_calendar::{Alarm, CalendarEvent, Geo, Uid, When, read, write_agenda};
use uuid::Uuid;

fn main() -> Result<(), Box<dyn Error>> {
    let stamp: DateTime<Utc> = "2026-11-23T08:00:00Z".parse()?;
    let mut events = Vec::new();
    for n in 0..10_000u32 {
        let start = stamp + TimeDelta::minutes(30 * i64::from(n));
        let when =
            When::timed(start, start + TimeDelta::minutes(30), Tz::Europe__Paris).ok_or("out of range")?;
        events.push(CalendarEvent {
            sequence: n % 4,
            created: Some(stamp),
            last_modified: Some(stamp),
            description:
                "Pièces à apporter : les trois derniers bulletins, le carnet de correspondance ; une pièce \
                          d'identité.\n\nEn cas d'empêchement, prévenez le CIO au 03 00 00 00 00."
                    .to_owned(),
            location: "CIO d'Amiens, 70 boulevard de Saint-Quentin, 80000 Amiens".to_owned(),
            geo: Geo::new(49.878_912, 2.302_451),
            url: Some(format!("https://rdv.example.fr/r/{n}")),
            alarm: Some(Alarm { minutes_before: 60 }),
            categories: vec!["Orientation".to_owned()],
            ..CalendarEvent::new(Uid::own(Uuid::from_u128(n.into())), when)
        });
    }
    for _ in 0..3 {
        let begun = Instant::now();
        let file = write_agenda("Agenda", &events, stamp);
        let written = begun.elapsed();
        let begun = Instant::now();
        let found = read(file.as_bytes())?;
        println!(
            "{} events, {} octets: written in {written:?}, read in {:?}",
            found.events.len(),
            file.len(),
            begun.elapsed()
        );
    }
    Ok(())
}
