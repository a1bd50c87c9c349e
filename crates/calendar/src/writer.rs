//! Files to download: one appointment, or an agenda.
//!
//! Neither has a METHOD, an ORGANIZER or an ATTENDEE: they are records for one's own calendar, not messages.
//! With a METHOD, programs want an organizer and some refuse the file; with an organizer, others offer to accept
//! or decline.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Timelike, Utc};
use chrono_tz::Tz;

use crate::escape::escape_into;
use crate::event::{CalendarEvent, Class, PRIVATE_SUMMARY, Status, Transparency, Uid, When};
use crate::fold::fold_into;
use crate::text;
use crate::vtimezone::{french_zone, french_zones};

/// Who wrote the file. Without a version, so that the same events give the same octets after an update.
pub const PRODID: &str = "-//Passerelle//Agenda des CIO//FR";

/// The file of one appointment. `stamp` is the instant of writing (DTSTAMP).
///
/// It has no calendar name: given one, a program makes a new calendar instead of adding the appointment.
pub fn write_appointment(event: &CalendarEvent, stamp: DateTime<Utc>) -> String {
    write_calendar(None, vec![event.as_written()], stamp)
}

/// The file of an agenda, under the name that the receiving program shows. `stamp` is the instant of writing.
///
/// Events come out by start, then by identity, whatever the order given. Of two with the same identity the later
/// version stays. Cancelled events stay too, so that a calendar which has them learns of it.
pub fn write_agenda(name: &str, events: &[CalendarEvent], stamp: DateTime<Utc>) -> String {
    let mut latest: BTreeMap<Uid, CalendarEvent> = BTreeMap::new();
    for event in events.iter().map(CalendarEvent::as_written) {
        match latest.get(&event.uid) {
            Some(kept) if version(kept) >= version(&event) => {}
            _ => {
                latest.insert(event.uid.clone(), event);
            }
        }
    }
    let mut events: Vec<_> = latest.into_values().collect();
    // The sort is stable and the map was in the order of identities.
    events.sort_by_key(|event| match event.when {
        When::Timed { start, .. } => start.naive_utc(),
        When::Days { first, .. } => first.and_time(chrono::NaiveTime::MIN),
    });
    let name = text::single_line(name);
    write_calendar(Some(if name.is_empty() { PRIVATE_SUMMARY } else { &name }), events, stamp)
}

fn version(event: &CalendarEvent) -> (u32, Option<DateTime<Utc>>) {
    (event.sequence, event.last_modified)
}

/// Writes events that are in their written form already.
fn write_calendar(name: Option<&str>, events: Vec<CalendarEvent>, stamp: DateTime<Utc>) -> String {
    let mut file = Lines::with_capacity(events.len() * 640 + 1024);
    file.raw("BEGIN", "VCALENDAR");
    file.raw("VERSION", "2.0");
    file.raw("PRODID", PRODID);
    file.raw("CALSCALE", "GREGORIAN");
    if let Some(name) = name {
        file.text("NAME", name);
        file.text("X-WR-CALNAME", name);
    }
    let used: BTreeSet<&str> = events
        .iter()
        .filter_map(|event| match event.when {
            When::Timed { zone, .. } => Some(zone.name()),
            When::Days { .. } => None,
        })
        .collect();
    for zone in french_zones().iter().filter(|zone| used.contains(zone.tz.name())) {
        file.out.push_str(zone.component());
    }
    for event in &events {
        file.event(event, stamp);
    }
    file.raw("END", "VCALENDAR");
    file.out
}

/// The file being written, and the line being built.
struct Lines {
    out: String,
    line: String,
}

impl Lines {
    fn with_capacity(octets: usize) -> Self {
        Self { out: String::with_capacity(octets), line: String::with_capacity(256) }
    }

    /// A property whose value has no character that could end a line or needs escaping.
    fn raw(&mut self, name: &str, value: impl std::fmt::Display) {
        self.line.clear();
        // Writing to a String cannot fail.
        let _ = write!(self.line, "{name}:{value}");
        fold_into(&mut self.out, &self.line);
    }

    /// A property of type TEXT.
    fn text(&mut self, name: &str, value: &str) {
        self.line.clear();
        self.line.push_str(name);
        self.line.push(':');
        escape_into(&mut self.line, value);
        fold_into(&mut self.out, &self.line);
    }

    fn event(&mut self, event: &CalendarEvent, stamp: DateTime<Utc>) {
        self.raw("BEGIN", "VEVENT");
        self.text("UID", event.uid.as_str());
        self.raw("DTSTAMP", utc(stamp));
        if let Some(created) = event.created {
            self.raw("CREATED", utc(created));
        }
        if let Some(last_modified) = event.last_modified {
            self.raw("LAST-MODIFIED", utc(last_modified));
        }
        self.raw("SEQUENCE", event.sequence);
        self.when(event.when);
        self.text("SUMMARY", &event.summary);
        if !event.description.is_empty() {
            self.text("DESCRIPTION", &event.description);
        }
        if !event.location.is_empty() {
            self.text("LOCATION", &event.location);
        }
        if let Some(geo) = event.geo {
            // The semicolon of GEO is part of its form, not of a text: it stays raw.
            self.raw("GEO", format_args!("{:.6};{:.6}", geo.latitude(), geo.longitude()));
        }
        if let Some(url) = &event.url {
            self.raw("URL", url);
        }
        if !event.categories.is_empty() {
            self.line.clear();
            self.line.push_str("CATEGORIES:");
            for (at, category) in event.categories.iter().enumerate() {
                if at > 0 {
                    self.line.push(',');
                }
                escape_into(&mut self.line, category);
            }
            fold_into(&mut self.out, &self.line);
        }
        self.raw(
            "STATUS",
            match event.status {
                Status::Tentative => "TENTATIVE",
                Status::Confirmed => "CONFIRMED",
                Status::Cancelled => "CANCELLED",
            },
        );
        self.raw(
            "CLASS",
            match event.class {
                Class::Public => "PUBLIC",
                Class::Private => "PRIVATE",
                Class::Confidential => "CONFIDENTIAL",
            },
        );
        self.raw(
            "TRANSP",
            match event.transparency {
                Transparency::Opaque => "OPAQUE",
                Transparency::Transparent => "TRANSPARENT",
            },
        );
        if let Some(alarm) = event.alarm {
            self.raw("BEGIN", "VALARM");
            self.raw("ACTION", "DISPLAY");
            self.raw("TRIGGER", format_args!("-PT{}M", alarm.minutes_before));
            self.text("DESCRIPTION", &event.summary);
            self.raw("END", "VALARM");
        }
        self.raw("END", "VEVENT");
    }

    fn when(&mut self, when: When) {
        match when {
            When::Timed { start, end, zone } => {
                self.instant("DTSTART", start, zone);
                self.instant("DTEND", end, zone);
            }
            When::Days { first, last } => {
                self.raw("DTSTART;VALUE=DATE", date(first));
                // The end of a file is the day after the last one; years stop at 9998, so there is one.
                self.raw("DTEND;VALUE=DATE", date(last.checked_add_days(Days::new(1)).unwrap_or(last)));
            }
        }
    }

    fn instant(&mut self, name: &str, at: DateTime<Utc>, zone: Tz) {
        match french_zone(zone) {
            Some(french) => {
                let at = at.with_timezone(&french.tz).naive_local();
                // Unquoted: the names have none of the characters that need quotes, and some programs
                // do not find a quoted zone.
                self.line.clear();
                let _ = write!(self.line, "{name};TZID={}:{}", zone.name(), local(at));
                fold_into(&mut self.out, &self.line);
            }
            None => self.raw(name, utc(at)),
        }
    }
}

/// RFC 5545 section 3.3.5, form 2: UTC.
fn utc(at: DateTime<Utc>) -> String {
    let mut text = local(at.naive_utc());
    text.push('Z');
    text
}

/// RFC 5545 section 3.3.5, forms 1 and 3. By hand: patterns of chrono cost more than the rest of the event.
fn local(at: NaiveDateTime) -> String {
    let mut text = date(at.date());
    let _ = write!(text, "T{:02}{:02}{:02}", at.hour(), at.minute(), at.second());
    text
}

fn date(day: NaiveDate) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}
