//! The day sheet of the desk: everybody who comes, on one page.
//!
//! It is for the hour when computers are down, and stands beside the counsellors' own sheets. It keeps the shape that
//! reception has before its eyes all day: counsellors side by side in the order of the grid's columns, each day from
//! morning to evening. A family says whom it comes to see, since the letter and the reminder name the counsellor; who
//! phones for a place asks for a day of somebody; a counsellor who falls ill is one list of numbers to call. One list of
//! all by the hour answers a single question better, who is due now, and for it the hours of every list stand in bold in
//! one column. It would need the counsellor's name on every line, which is the room that phone numbers take here, and
//! would spread each absence over the whole page.
//!
//! A day says as much as fits on one page. What goes first is white, then empty lines for places that are still free
//! (they become one line a counsellor), then what one can do without, and last all but the initial of a given name that
//! would need a second line; never a family name, a number, an hour, or that a meeting is not certain. Twelve counsellors with twelve meetings each are one page; three columns hold some 160 lines. Beyond
//! that the list has a second page.

use std::collections::BTreeMap;

use super::page::{gone_text, nobody, paper};
use super::{DayLine, DaySheet, Meeting, PersonDay, Session, Visit, What};
use crate::print::paper::{
    Block, Density, Entry, Fixed, Form, List, Lists, Look, Paper, Part, SHEET_MARGIN, Style, Text, Tick,
};
use crate::print::words;

/// Between two facts; a line ends after it, never before.
const PARTED: &str = "\u{a0}· ";
const HEADING: Style = Style::strong(12.0);
const HOUR: Style = Style::strong(10.0);
const NAME: Style = Style::strong(10.0);
const GIVEN: Style = Style::plain(10.0);
const PHONE: Style = Style::plain(9.8);
const SMALL: Style = Style::soft(8.6);
const SAID: Style = Style::strong(8.6);

/// How much of each line is said, and in how many columns.
#[derive(Debug, Clone, Copy)]
struct Way {
    columns: usize,
    /// A place that is free is an empty line in its hour, to write on; else all of a counsellor's are one line.
    free_in_place: bool,
    /// Class, companions and the like have a line of their own; else they are there where the name leaves room.
    under: bool,
    /// Who is expected at a session, by name.
    participants: bool,
    /// Given names in full, even where their initials would spare a line.
    whole_names: bool,
    /// A counsellor's list may go on in the next column.
    split: bool,
    densities: &'static [Density],
}

const fn density(letters: f32, height: f32) -> Density {
    Density { letters, height }
}

const WAYS: [Way; 6] = [
    Way {
        columns: 2,
        free_in_place: true,
        under: true,
        participants: true,
        whole_names: true,
        split: false,
        densities: &[density(1.0, 1.1), density(1.0, 1.0), density(0.96, 0.9), density(0.92, 0.8)],
    },
    Way {
        columns: 2,
        free_in_place: false,
        under: true,
        participants: true,
        whole_names: true,
        split: false,
        densities: &[density(0.96, 0.9), density(0.92, 0.8)],
    },
    Way {
        columns: 3,
        free_in_place: false,
        under: true,
        participants: true,
        whole_names: true,
        split: false,
        densities: &[density(0.9, 0.85), density(0.86, 0.75)],
    },
    Way {
        columns: 3,
        free_in_place: false,
        under: false,
        participants: true,
        whole_names: true,
        split: false,
        densities: &[
            density(0.92, 1.0),
            density(0.88, 0.85),
            density(0.86, 0.75),
            density(0.84, 0.65),
            density(0.82, 0.65),
            density(0.82, 0.58),
            density(0.8, 0.52),
        ],
    },
    Way {
        columns: 3,
        free_in_place: false,
        under: false,
        participants: false,
        whole_names: true,
        split: false,
        densities: &[density(0.84, 0.65), density(0.82, 0.58), density(0.8, 0.52), density(0.78, 0.45)],
    },
    // Names are 7.6 points high at the least.
    Way {
        columns: 3,
        free_in_place: false,
        under: false,
        participants: false,
        whole_names: false,
        split: true,
        densities: &[density(0.8, 0.5), density(0.76, 0.35)],
    },
];

/// All counsellors on one page.
#[must_use]
pub fn for_the_desk(sheet: &DaySheet) -> Paper {
    let people: Vec<&PersonDay> =
        sheet.people.iter().filter(|p| p.lines.iter().any(|l| on_the_list(&l.what))).collect();
    let gone: Vec<_> =
        sheet.people.iter().flat_map(|p| p.gone.iter().map(move |g| (g, Some(p.name.as_str())))).collect();
    if people.is_empty() && gone.is_empty() {
        return paper(sheet, vec![nobody(sheet)]);
    }
    let usual = usual_kind(&people);
    let form = |way: Way| {
        // One counsellor alone has the width of the page.
        let columns = way.columns.min(people.len()).max(1);
        let lists = people.iter().map(|p| list(sheet, p, way, usual)).collect();
        let mut blocks = head(sheet, &people, usual);
        blocks.push(Block::Lists(Lists { columns, split: way.split, lists }));
        let mut gone = gone.clone();
        gone.sort();
        blocks.extend(gone_text(gone.into_iter()));
        blocks.push(Block::Notes("Notes".to_owned()));
        Form { blocks, densities: way.densities }
    };
    let name = format!("Feuille de l’accueil, {}", words::day(sheet.date));
    let part = Part { name, margin: SHEET_MARGIN, forms: WAYS.into_iter().map(form).collect() };
    paper(sheet, vec![part])
}

/// Nobody books at a school from the desk, and a pause is only white.
const fn on_the_list(what: &What) -> bool {
    !matches!(what, What::Pause | What::Free(false))
}

/// The kind that most meetings have: it is said once.
fn usual_kind<'p>(people: &[&'p PersonDay]) -> Option<&'p str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for line in people.iter().flat_map(|p| &p.lines) {
        if let What::Meeting(m) = &line.what
            && !m.kind.is_empty()
        {
            *counts.entry(&m.kind).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(_, n)| *n).map(|(kind, _)| kind)
}

fn head(sheet: &DaySheet, people: &[&PersonDay], usual: Option<&str>) -> Vec<Block> {
    let meetings: usize = people
        .iter()
        .flat_map(|p| &p.lines)
        .filter(|l| matches!(l.what, What::Meeting(_) | What::Session(_)))
        .filter(|l| l.colleague().is_none_or(|c| !c.has_the_line))
        .count();
    let free: usize = people.iter().map(|p| p.free()).sum();
    let counts = vec![
        Text::new(words::count(meetings, "rendez-vous", "rendez-vous"), Style::strong(11.0)).to_the_right(),
        Text::new(words::count(free, "créneau libre", "créneaux libres"), Style::plain(9.5)).to_the_right(),
    ];
    let date = words::capital(&words::day(sheet.date));
    let mut how = "Cochez à l’arrivée.".to_owned();
    if let Some(usual) = usual {
        how.push_str(&format!(" Sans autre mention\u{a0}: {}.", usual.to_lowercase()));
    }
    let mut blocks = vec![
        Block::Paragraph(Text::new(format!("Feuille de l’accueil · {}", sheet.office), Style::soft(9.0))),
        Block::Heading(1, Text::new(date, Style::strong(17.0))),
        Block::Paragraph(Text::new(how, Style::soft(8.6))),
        Block::Fixed(Fixed { left: 138.0, top: 14.5, width: 60.0, leading: 14.0, texts: counts }),
    ];
    if let Some(closed) = &sheet.closed {
        let words = Text::new("Centre fermé\u{a0}: ", Style::strong(11.0)).and(closed, Style::plain(11.0));
        blocks.extend([Block::Space(1.5), Block::Paragraph(words)]);
    }
    blocks.push(Block::Space(4.0));
    blocks
}

fn list(sheet: &DaySheet, person: &PersonDay, way: Way, usual: Option<&str>) -> List {
    let mut entries = Vec::new();
    let mut apart = false;
    for line in &person.lines {
        if line.what == What::Pause {
            apart = !entries.is_empty();
        }
        let made = entry(line, person, way, usual);
        if let Some(made) = made {
            entries.push(Entry { apart: std::mem::take(&mut apart), ..made });
        }
    }
    if !way.free_in_place {
        entries.extend(free(person));
    }
    let mut beside = person.place.clone().unwrap_or_default();
    let meetings = person.meetings();
    if meetings > 0 {
        let parted = if beside.is_empty() { "" } else { PARTED };
        beside.push_str(&format!("{parted}{}", words::count(meetings, "rendez-vous", "rendez-vous")));
    }
    List {
        summary: format!("Rendez-vous de {}, {}", person.name, words::day(sheet.date)),
        heading: Text::new(&person.name, HEADING),
        beside: Text::new(beside, SMALL).to_the_right(),
        entries,
    }
}

/// A line; nothing where it is said elsewhere or not at all.
fn entry(line: &DayLine, person: &PersonDay, way: Way, usual: Option<&str>) -> Option<Entry> {
    let hour = Text::new(words::clock(line.from_min), HOUR);
    let until = Text::new(format!("–\u{a0}{}", words::clock(line.to_min)), SMALL);
    let (meeting_height, band_height) = if way.under { (9.6, 6.4) } else { (6.4, 5.6) };
    let band = |look, words: Text| Entry {
        look,
        height: band_height,
        apart: false,
        tick: None,
        hour: vec![hour.clone()],
        words: vec![words],
        shorter: None,
        if_room: Vec::new(),
        right: Vec::new(),
    };
    let up_to = format!(" jusqu’à {}", words::clock(line.to_min));
    Some(match &line.what {
        What::Meeting(_) | What::Session(_) if line.colleague().is_some_and(|c| c.has_the_line) => {
            let other = line.colleague().map(|c| c.name.clone()).unwrap_or_default();
            band(Look::Plain, Text::new(format!("Avec {other}{up_to}"), Style::plain(NAME.size)))
        }
        What::Meeting(m) => Entry {
            height: meeting_height,
            hour: if way.under { vec![hour, until] } else { vec![hour] },
            ..meeting(m, line, person, way, usual)
        },
        What::Session(s) => Entry { height: meeting_height, ..band(Look::Plain, session(s, &up_to, way)) },
        What::Free(true) if way.free_in_place => Entry {
            height: meeting_height,
            tick: Some(Tick::Empty),
            hour: vec![hour.clone(), until],
            ..band(Look::Plain, Text::new("libre", SMALL))
        },
        What::Free(_) | What::Pause => return None,
        What::Absence(label, detail) => {
            let mut text = Text::new("Absence", NAME)
                .and(up_to, GIVEN)
                .and(format!("{PARTED}{label}"), Style::plain(8.6));
            if let Some(detail) = detail {
                text = text.and(format!("{PARTED}{detail}"), SMALL);
            }
            band(Look::Hatched, text)
        }
        What::Reception(site, true) => {
            let site = site.as_deref().unwrap_or("accueil sans rendez-vous");
            let text = Text::new("Permanence", NAME)
                .and(up_to, GIVEN)
                .and(format!("{PARTED}{site}"), Style::plain(8.6));
            band(Look::Grey, text)
        }
        What::Reception(site, false) => {
            band(Look::Grey, Text::new(site.as_deref().unwrap_or_default(), NAME).and(up_to, GIVEN))
        }
    })
}

fn meeting(m: &Meeting, line: &DayLine, person: &PersonDay, way: Way, usual: Option<&str>) -> Entry {
    let colleague = m.colleague.as_ref().map(|c| format!("avec {}", c.name));
    // The band around it has said where.
    let place = m.place.clone().filter(|p| !is_within(person, line, p));
    let kind = (usual != Some(m.kind.as_str()) && !m.kind.is_empty()).then(|| m.kind.clone());
    let known = matches!(m.visit, Visit::Arrived | Visit::Seen);
    let state = m.state.map(str::to_owned);
    let said = state.clone().filter(|_| !known).into_iter().chain(colleague);
    let rest = [place, kind, Some(m.companions.clone()), m.class_level.clone(), state.filter(|_| known)];
    let rest: Vec<String> = rest.into_iter().flatten().filter(|r| !r.is_empty()).collect();
    let (number, whose) = m.phone.clone().unwrap_or_default();
    let mut right = vec![Text::new(number, PHONE).to_the_right()];
    let mut words = vec![name(m, &m.given_name)];
    let mut shorter = (!way.whole_names).then(|| name(m, &initials(&m.given_name)));
    let mut if_room = Vec::new();
    if way.under {
        let mut under = Text::default();
        for part in said {
            let parted = if under.spans.is_empty() { "" } else { PARTED };
            under = under.and(format!("{parted}{part}"), SAID);
        }
        for part in rest {
            let parted = if under.spans.is_empty() { "" } else { PARTED };
            under = under.and(format!("{parted}{part}"), SMALL);
        }
        if !under.spans.is_empty() {
            words.push(under);
        }
        if !whose.is_empty() {
            right.push(Text::new(whose, SMALL).to_the_right());
        }
    } else {
        for part in said {
            // "Proposé" says it where there is no room for that nobody has answered.
            let part = part.split(',').next().unwrap_or_default();
            for name in words.iter_mut().chain(&mut shorter) {
                // The sign ends the line that it follows: a line never begins with it.
                if let Some(last) = name.spans.last_mut() {
                    last.text.push_str(PARTED.trim_end());
                }
                *name = std::mem::take(name).and(format!(" {part}"), SAID);
            }
        }
        if_room.extend(rest.into_iter().map(|part| Text::new(format!("{PARTED}{part}"), SMALL)));
    }
    if m.phone.is_none() {
        right.clear();
    }
    Entry {
        look: Look::Plain,
        height: 0.0,
        apart: false,
        // A meeting of the staff, whose name is its kind, is not waited for at the desk.
        tick: (!m.kind.is_empty()).then(|| Tick::when(known)),
        hour: Vec::new(),
        words,
        shorter: shorter.map(|s| vec![s]),
        if_room,
        right,
    }
}

fn name(m: &Meeting, given: &str) -> Text {
    let name = Text::new(m.family_name.clone(), NAME);
    if given.is_empty() { name } else { name.and(format!(" {}", given.replace(' ', "\u{a0}")), GIVEN) }
}

/// "M.-C." of Marie-Charlotte, "J. P." of Jean Pierre.
fn initials(given: &str) -> String {
    let mut out = String::new();
    let mut begins = true;
    for c in given.chars() {
        let parts = c == '-' || c.is_whitespace();
        if parts && !begins {
            out.push(c);
        } else if begins && !parts {
            out.push(c);
            out.push('.');
        }
        begins = parts;
    }
    out
}

/// Whether a line lies in a reception at the same place, which is said above it.
fn is_within(person: &PersonDay, line: &DayLine, place: &str) -> bool {
    person.lines.iter().any(|around| {
        matches!(&around.what, What::Reception(Some(site), _) if site == place)
            && around.from_min <= line.from_min
            && line.to_min <= around.to_min
    })
}

fn session(s: &Session, up_to: &str, way: Way) -> Text {
    let expected =
        format!("{}\u{a0}sur\u{a0}{}", words::count(s.names.len(), "inscrit", "inscrits"), s.capacity);
    let mut facts = format!("{up_to}{PARTED}{expected}");
    for fact in s.place.iter().chain(s.colleague.as_ref().map(|c| &c.name)) {
        facts.push_str(&format!("{PARTED}{fact}"));
    }
    let text = Text::new(&s.kind, NAME).and(facts, Style::plain(8.6));
    if way.participants && !s.names.is_empty() {
        text.and(format!("\n{}", s.names.join(", ")), SMALL)
    } else {
        text
    }
}

/// "Libre 9:00 – 10:30, 14:15 – 15:00": places that follow one another are one.
fn free(person: &PersonDay) -> Option<Entry> {
    let mut stretches: Vec<(u16, u16)> = Vec::new();
    for line in person.lines.iter().filter(|l| l.what == What::Free(true)) {
        match stretches.last_mut() {
            Some((_, until)) if *until >= line.from_min => *until = line.to_min.max(*until),
            _ => stretches.push((line.from_min, line.to_min)),
        }
    }
    let said: Vec<String> = stretches
        .into_iter()
        .map(|(from, to)| format!("{}\u{a0}–\u{a0}{}", words::clock(from), words::clock(to)))
        .collect();
    (!said.is_empty()).then(|| Entry {
        look: Look::Plain,
        height: 5.6,
        apart: false,
        tick: None,
        hour: vec![Text::new("Libre", HOUR)],
        words: vec![Text::new(said.join(", "), GIVEN)],
        shorter: None,
        if_room: Vec::new(),
        right: Vec::new(),
    })
}
