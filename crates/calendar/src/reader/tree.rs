//! From content lines to components: the nesting is repaired, then `ical` builds the tree.
//!
//! `ical` recurses with the nesting, refuses a calendar for one component it does not know, takes at most ten
//! values a parameter, and trims lines and leading colons. So it is given a text that this file has made: only
//! known components, each where it belongs (four levels at most), parameters quoted anew, and each value between
//! two sentinels that [`bare`] takes off again.

use ical::IcalParser;
use ical::parser::ical::component::IcalCalendar;

use super::octets::ContentLine;
use super::refusal::ReadError;

/// Deepest nesting followed; components below are left out without keeping their names.
const MAX_DEPTH: usize = 8;
/// `ical` reads ten values of a parameter and takes an eleventh for the property's value.
const MAX_PARAMETER_VALUES: usize = 9;
/// Most content lines of a file: each costs some 200 octets of memory once it is a property of the tree.
const MAX_LINES: usize = 1_000_000;
/// Put before and after each value. Not white space, so `ical` keeps it and all between.
const SENTINEL: char = '\u{1}';

/// The calendars of a file and what was left out of them.
pub(super) struct Built {
    pub calendars: Vec<IcalCalendar>,
    /// Line where each event begins, in the order of the events through all calendars.
    pub event_lines: Vec<usize>,
    pub ignored_components: usize,
    pub ignored_lines: usize,
}

/// The value as the file has it.
pub(super) fn bare(value: &str) -> &str {
    let value = value.strip_prefix(SENTINEL).unwrap_or(value);
    value.strip_suffix(SENTINEL).unwrap_or(value)
}

/// Components that `ical` knows inside another.
fn belongs(component: &str, parent: Option<&str>) -> bool {
    match component {
        "VCALENDAR" => parent.is_none(),
        "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY" | "VTIMEZONE" => parent == Some("VCALENDAR"),
        "VALARM" => matches!(parent, Some("VEVENT" | "VTODO")),
        "STANDARD" | "DAYLIGHT" => parent == Some("VTIMEZONE"),
        _ => false,
    }
}

/// How deep a component that a file repeats stands; beginning one ends whatever was left open at that depth.
fn level(component: &str) -> Option<usize> {
    match component {
        "VCALENDAR" => Some(0),
        "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY" | "VTIMEZONE" => Some(1),
        _ => None,
    }
}

#[derive(Default)]
struct Repair {
    text: String,
    /// Components that are open and written to `text`.
    open: Vec<String>,
    /// Components that are open inside the last of `open` and left out.
    left_out: Vec<String>,
    event_lines: Vec<usize>,
    ignored_components: usize,
    ignored_lines: usize,
    version_1: bool,
    version_2: bool,
}

impl Repair {
    fn begin(&mut self, component: String, number: usize) {
        // An END is missing: nothing that holds others is ever inside another of its level.
        if let Some(level) = level(&component)
            && self.open.len() >= level
        {
            self.left_out.clear();
            self.close_to(level);
        }
        // Events without their calendar (a file cut or copied in part) are given one.
        if component == "VEVENT" && self.open.is_empty() {
            self.text.push_str("BEGIN:VCALENDAR\n");
            self.open.push("VCALENDAR".to_owned());
        }
        let parent = self.open.last().map(String::as_str);
        if self.left_out.is_empty() && belongs(&component, parent) {
            if component == "VEVENT" {
                self.event_lines.push(number);
            }
            self.text.push_str("BEGIN:");
            self.text.push_str(&component);
            self.text.push('\n');
            self.open.push(component);
            return;
        }
        self.ignored_components += 1;
        if self.left_out.len() < MAX_DEPTH {
            self.left_out.push(component);
        }
    }

    fn end(&mut self, component: &str) {
        if let Some(at) = self.left_out.iter().rposition(|open| open == component) {
            self.left_out.truncate(at);
        } else if let Some(at) = self.open.iter().rposition(|open| open == component) {
            self.left_out.clear();
            self.close_to(at);
        } else {
            self.ignored_lines += 1;
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            if let Some(component) = self.open.pop() {
                self.text.push_str("END:");
                self.text.push_str(&component);
                self.text.push('\n');
            }
        }
    }

    fn property(&mut self, line: &ContentLine) {
        if self.open.is_empty() {
            self.ignored_lines += 1;
            return;
        }
        if !self.left_out.is_empty() {
            return;
        }
        if line.name == "VERSION" && self.open.len() == 1 {
            let first = line.value.trim() == "1.0";
            self.version_1 |= first;
            self.version_2 |= !first;
        }
        self.text.push_str(&line.name);
        for (name, values) in &line.parameters {
            self.text.push(';');
            self.text.push_str(name);
            for (at, value) in values.iter().take(MAX_PARAMETER_VALUES).enumerate() {
                self.text.push_str(if at == 0 { "=\"" } else { ",\"" });
                // A quote can stand in an unquoted value of a foreign file only.
                self.text.extend(value.chars().map(|c| if c == '"' { '’' } else { c }));
                self.text.push('"');
            }
        }
        self.text.push(':');
        self.text.push(SENTINEL);
        self.text.push_str(&line.value);
        self.text.push(SENTINEL);
        self.text.push('\n');
    }
}

/// Builds the components of a file from its content lines, `None` for a line that is none.
pub(super) fn build(lines: impl Iterator<Item = Option<ContentLine>>) -> Result<Built, ReadError> {
    let mut repair = Repair::default();
    for (count, line) in lines.enumerate() {
        if count >= MAX_LINES {
            return Err(ReadError::TooManyLines);
        }
        let Some(line) = line else {
            repair.ignored_lines += 1;
            continue;
        };
        match line.name.as_str() {
            "BEGIN" => repair.begin(line.value.trim().to_ascii_uppercase(), line.number),
            "END" => repair.end(&line.value.trim().to_ascii_uppercase()),
            _ => repair.property(&line),
        }
    }
    repair.close_to(0);
    if repair.version_1 && !repair.version_2 {
        return Err(ReadError::VCalendar1);
    }
    if repair.text.is_empty() {
        return Err(ReadError::NotACalendar);
    }
    let calendars: Result<Vec<_>, _> = IcalParser::new(repair.text.as_bytes()).collect();
    Ok(Built {
        // The text is made for this parser, so an error would be a fault here; the file is refused, not the run.
        calendars: calendars.map_err(|_| ReadError::NotACalendar)?,
        event_lines: repair.event_lines,
        ignored_components: repair.ignored_components,
        ignored_lines: repair.ignored_lines,
    })
}

#[cfg(test)]
mod tests {
    use super::super::octets::content_lines;
    use super::*;

    fn built(text: &str) -> Built {
        build(content_lines(text.as_bytes())).unwrap()
    }

    #[test]
    fn missing_and_stray_ends_are_repaired() {
        let found = built(
            "BEGIN:VCALENDAR\nEND:VTODO\nBEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nBEGIN:VEVENT\nUID:2\nEND:VCALENDAR\nBEGIN:VCALENDAR\nBEGIN:VEVENT",
        );
        assert_eq!(found.calendars.iter().map(|c| c.events.len()).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(found.event_lines, [3, 6, 10]);
        assert_eq!(found.ignored_lines, 1);
    }

    #[test]
    fn events_without_their_calendar_are_given_one() {
        let found = built("BEGIN:VEVENT\nUID:1\nEND:VEVENT\nBEGIN:VEVENT\nUID:2\nEND:VEVENT\n");
        assert_eq!(found.calendars.iter().map(|c| c.events.len()).collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn unknown_components_are_left_out_with_what_they_hold() {
        let found = built(
            "BEGIN:VCALENDAR\nBEGIN:X-A\nBEGIN:X-B\nUID:0\nEND:X-B\nEND:X-A\nBEGIN:VEVENT\nBEGIN:PARTICIPANT\nUID:9\nEND:PARTICIPANT\nUID:1\nEND:VEVENT\nEND:VCALENDAR",
        );
        assert_eq!(found.ignored_components, 3);
        let event = &found.calendars[0].events[0];
        assert_eq!(event.properties.len(), 1);
        assert_eq!(event.properties[0].value.as_deref().map(bare), Some("1"));
    }

    #[test]
    fn values_pass_through_whole() {
        for value in ["", " ", "::a", "\u{a0}x\u{a0}", "\u{1}", "a;b:c,d\"", "\u{85}"] {
            let found = built(&format!(
                "BEGIN:VCALENDAR\nX;P=\"a:b\",c\"d,1,2,3,4,5,6,7,8,9,10:{value}\nEND:VCALENDAR"
            ));
            let property = &found.calendars[0].properties[0];
            assert_eq!(property.value.as_deref().map(bare), Some(value));
            assert_eq!(property.params.as_ref().unwrap()[0].1.len(), 9);
            assert_eq!(property.params.as_ref().unwrap()[0].1[0], "a:b");
        }
    }

    #[test]
    fn deep_nesting_neither_recurses_nor_grows() {
        let deep = format!("BEGIN:VCALENDAR\n{}BEGIN:VEVENT\nUID:1\n", "BEGIN:X\n".repeat(100_000));
        let found = built(&deep);
        assert_eq!(found.calendars[0].events.len(), 1);
        assert_eq!(found.ignored_components, 100_000);
    }
}
