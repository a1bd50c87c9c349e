//! Reading of calendars, own and foreign.
//!
//! Four steps, each in its file: [`octets`] turns octets into content lines with their numbers, [`tree`] repairs
//! their nesting and lets `ical` build components, [`value`] reads dates, durations and lists, and this file
//! makes events of them. What cannot be used is counted or refused one by one; one bad event does not lose the
//! others. No file makes it panic, and time and memory grow with the size of the file alone.

mod octets;
mod refusal;
mod tree;
mod value;

use chrono::{DateTime, Days, Utc};
use ical::parser::ical::component::{IcalAlarm, IcalCalendar, IcalEvent};
use ical::property::Property;
use uuid::Uuid;

use crate::escape::{unescape, unescape_list};
use crate::event::{Alarm, CalendarEvent, Class, Status, Transparency, Uid, When};
pub use refusal::{ReadError, Reason, RefusedEvent};
use value::Moment;

/// Largest file read, in octets.
pub const MAX_OCTETS: usize = 20 * 1024 * 1024;

/// An event and what the file says about the record rather than about the meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadEvent {
    /// The event.
    pub event: CalendarEvent,
    /// DTSTAMP: with the same SEQUENCE, the later one is the newer version (RFC 5546 section 2.1.5).
    pub stamp: Option<DateTime<Utc>>,
    /// Line of the file where the event begins, from 1.
    pub line: usize,
}

/// What was read of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadCalendar {
    /// NAME or X-WR-CALNAME of the first calendar that has one.
    pub name: Option<String>,
    /// METHOD, upper-case: the file is a message then, not a record.
    pub method: Option<String>,
    /// The events, in the order of the file.
    pub events: Vec<ReadEvent>,
    /// The events that could not be used, each with its line and the reason.
    pub refused: Vec<RefusedEvent>,
    /// Components that were left out (tasks, journals, unknown ones).
    pub ignored_components: usize,
    /// Lines that are no property, or belong nowhere.
    pub ignored_lines: usize,
}

/// Reads a calendar file.
pub fn read(file: &[u8]) -> Result<ReadCalendar, ReadError> {
    if file.len() > MAX_OCTETS {
        return Err(ReadError::TooLarge { octets: file.len() });
    }
    let plain = octets::plain(file);
    let built = tree::build(octets::content_lines(&plain)).map_err(|error| match error {
        ReadError::NotACalendar => what_else(&plain),
        error => error,
    })?;
    let mut read = ReadCalendar {
        ignored_lines: built.ignored_lines,
        ignored_components: built.ignored_components,
        ..ReadCalendar::default()
    };
    let mut event_lines = built.event_lines.into_iter();
    for calendar in &built.calendars {
        read.add(calendar, &mut event_lines);
    }
    Ok(read)
}

/// What a file without a calendar is, as far as a better message goes.
fn what_else(file: &[u8]) -> ReadError {
    // Blanks are left out, so that `<!DOCTYPE html>` has one form.
    let graphic = file.iter().filter(|b| b.is_ascii_graphic());
    let start: Vec<u8> = graphic.take(16).map(u8::to_ascii_lowercase).collect();
    if start.is_empty() {
        return ReadError::Empty;
    }
    let is_page = [&b"<!doctypehtml"[..], b"<html", b"<head"].iter().any(|sign| start.starts_with(sign));
    if is_page { ReadError::WebPage } else { ReadError::NotACalendar }
}

impl ReadCalendar {
    fn add(&mut self, calendar: &IcalCalendar, lines: &mut impl Iterator<Item = usize>) {
        let of_calendar = |name| text(&calendar.properties, name).filter(|value| !value.is_empty());
        self.name = self.name.take().or_else(|| of_calendar("NAME")).or_else(|| of_calendar("X-WR-CALNAME"));
        self.method =
            self.method.take().or_else(|| of_calendar("METHOD").map(|m| m.trim().to_ascii_uppercase()));
        self.ignored_components += calendar.todos.len() + calendar.journals.len() + calendar.free_busys.len();
        for component in &calendar.events {
            let line = lines.next().unwrap_or_default();
            match read_event(component) {
                Ok((event, stamp)) => self.events.push(ReadEvent { event, stamp, line }),
                Err(reason) => {
                    let uid = text(&component.properties, "UID");
                    let summary = text(&component.properties, "SUMMARY");
                    self.refused.push(RefusedEvent { line, uid, summary, reason });
                }
            }
        }
    }
}

fn read_event(component: &IcalEvent) -> Result<(CalendarEvent, Option<DateTime<Utc>>), Reason> {
    let properties = &component.properties;
    let has = |name| properties.iter().any(|p| p.name == name);
    if has("RRULE") || has("RDATE") || has("RECURRENCE-ID") {
        return Err(Reason::Recurring);
    }
    let uid = text(properties, "UID")
        .as_deref()
        .and_then(Uid::foreign)
        .unwrap_or_else(|| uid_of_content(properties));
    let mut event = CalendarEvent::new(uid, read_when(properties)?);
    event.sequence = raw(properties, "SEQUENCE").and_then(|v| v.trim().parse().ok()).unwrap_or(0);
    event.created = stamp(properties, "CREATED");
    event.last_modified = stamp(properties, "LAST-MODIFIED");
    event.summary = text(properties, "SUMMARY").unwrap_or_default();
    event.description = text(properties, "DESCRIPTION").unwrap_or_default();
    event.location = text(properties, "LOCATION").unwrap_or_default();
    event.geo = raw(properties, "GEO").and_then(value::geo);
    event.url = raw(properties, "URL").map(str::trim).filter(|url| !url.is_empty()).map(str::to_owned);
    event.status = match keyword(properties, "STATUS").as_deref() {
        Some("CANCELLED") => Status::Cancelled,
        Some("TENTATIVE") => Status::Tentative,
        _ => Status::Confirmed,
    };
    event.class = match keyword(properties, "CLASS").as_deref() {
        None | Some("PUBLIC") => Class::Public,
        Some("CONFIDENTIAL") => Class::Confidential,
        Some(_) => Class::Private,
    };
    event.transparency = match keyword(properties, "TRANSP").as_deref() {
        Some("TRANSPARENT") => Transparency::Transparent,
        _ => Transparency::Opaque,
    };
    event.alarm = component.alarms.iter().find_map(read_alarm);
    let lists = properties.iter().filter(|p| p.name == "CATEGORIES").filter_map(|p| p.value.as_deref());
    event.categories =
        lists.flat_map(|v| unescape_list(tree::bare(v))).filter(|c| !c.trim().is_empty()).collect();
    Ok((event, stamp(properties, "DTSTAMP")))
}

fn read_when(properties: &[Property]) -> Result<When, Reason> {
    let start = properties.iter().find(|p| p.name == "DTSTART").ok_or(Reason::NoStart)?;
    let start = value::moment(start)?;
    let end = properties.iter().find(|p| p.name == "DTEND").map(value::moment).transpose()?;
    let duration = match raw(properties, "DURATION") {
        Some(text) => Some(value::duration(text).ok_or(Reason::BadTime)?),
        None => None,
    };
    match (start, end) {
        (Moment::Day(first), Some(Moment::Day(after))) => {
            // Some programs write the last day itself; a day that ends when it begins is that day.
            let last = if after > first { after.pred_opt() } else { Some(after) };
            last.and_then(|last| When::days(first, last)).ok_or(Reason::EndsBeforeStart)
        }
        (Moment::Day(first), None) => {
            let days = duration.map_or(1, |d| d.num_days()).max(1).unsigned_abs();
            let last = first.checked_add_days(Days::new(days - 1)).ok_or(Reason::BadTime)?;
            When::days(first, last).ok_or(Reason::BadTime)
        }
        (Moment::Instant(start, zone), Some(Moment::Instant(end, _))) => {
            if end == start {
                return Err(Reason::NoDuration);
            }
            When::timed(start, end, zone).ok_or(Reason::EndsBeforeStart)
        }
        (Moment::Instant(start, zone), None) => {
            let length = duration.filter(|d| !d.is_zero()).ok_or(Reason::NoDuration)?;
            let end = start.checked_add_signed(length).ok_or(Reason::BadTime)?;
            When::timed(start, end, zone).ok_or(Reason::EndsBeforeStart)
        }
        (Moment::Day(_), Some(Moment::Instant(..))) | (Moment::Instant(..), Some(Moment::Day(_))) => {
            Err(Reason::BadTime)
        }
    }
}

/// The reminder, when it is one relative to the start and not after it.
fn read_alarm(alarm: &IcalAlarm) -> Option<Alarm> {
    let trigger = alarm.properties.iter().find(|p| p.name == "TRIGGER")?;
    let related = value::parameter(trigger, "RELATED");
    if related.is_some_and(|r| !r.eq_ignore_ascii_case("START")) {
        return None;
    }
    let offset = value::duration(tree::bare(trigger.value.as_deref()?))?;
    let minutes = offset.num_minutes().checked_neg()?;
    Some(Alarm { minutes_before: u32::try_from(minutes).ok()? })
}

/// An identity for an event that has none: the same for the same content, whatever the order of its lines and
/// the instant of writing, so that importing a file twice does not double it.
fn uid_of_content(properties: &[Property]) -> Uid {
    const NAMESPACE: Uuid = Uuid::from_u128(0x8f1c_6c0e_5d43_4f5b_9a39_2e1d_7f60_b7a4);
    let mut lines: Vec<String> = properties
        .iter()
        .filter(|p| p.name != "DTSTAMP")
        .map(|p| format!("{}\u{0}{:?}\u{0}{}", p.name, p.params, p.value.as_deref().unwrap_or_default()))
        .collect();
    lines.sort_unstable();
    Uid::imported(Uuid::new_v5(&NAMESPACE, lines.join("\u{0}").as_bytes()))
}

fn raw<'p>(properties: &'p [Property], name: &str) -> Option<&'p str> {
    properties.iter().find(|p| p.name == name)?.value.as_deref().map(tree::bare)
}

fn text(properties: &[Property], name: &str) -> Option<String> {
    raw(properties, name).map(unescape)
}

fn keyword(properties: &[Property], name: &str) -> Option<String> {
    raw(properties, name).map(|value| value.trim().to_ascii_uppercase())
}

fn stamp(properties: &[Property], name: &str) -> Option<DateTime<Utc>> {
    match value::moment(properties.iter().find(|p| p.name == name)?) {
        Ok(Moment::Instant(at, _)) => Some(at),
        _ => None,
    }
}
