//! The day sheet on paper, a page for each counsellor.

use super::{DayLine, DaySheet, Meeting, PersonDay, Session, Visit, What};
use crate::print::paper::{
    Block, Cell, Column, Density, Fixed, Look, Paper, Part, Row, SHEET_MARGIN, Style, Table, Text, Tick,
};
use crate::print::words;

/// A counsellor's page is roomy while the day is short, and close before it becomes two.
const DENSITIES: &[Density] = &[
    Density { letters: 1.0, height: 1.0 },
    Density { letters: 0.95, height: 0.85 },
    Density { letters: 0.9, height: 0.72 },
];

const MEETING_HEIGHT: f32 = 13.0;
const FREE_HEIGHT: f32 = 11.5;
const BAND_HEIGHT: f32 = 7.0;
/// Who comes to a permanence is written beside it.
const DUTY_HEIGHT: f32 = 11.5;

const HOUR: Style = Style::strong(11.0);
const NAME: Style = Style::strong(10.5);
const WORDS: Style = Style::plain(9.5);
const SMALL: Style = Style::soft(8.5);

/// One page a counsellor.
#[must_use]
pub fn by_counsellor(sheet: &DaySheet) -> Paper {
    let alone = sheet.people.len() == 1;
    let people: Vec<&PersonDay> = sheet.people.iter().filter(|p| alone || p.sees_people()).collect();
    let parts = if people.is_empty() {
        vec![nobody(sheet)]
    } else {
        people.into_iter().map(|p| counsellor(sheet, p)).collect()
    };
    paper(sheet, parts)
}

/// Pages of a day, with the foot that says what becomes of them.
pub(super) fn paper(sheet: &DaySheet, parts: Vec<Part>) -> Paper {
    Paper {
        title: format!("Feuille du jour, {}, {}", words::day(sheet.date), sheet.office),
        parts,
        foot: format!(
            "{} · imprimé le {} · données personnelles : à détruire en fin de journée",
            sheet.office, sheet.made
        )
        .replace(" :", "\u{a0}:"),
    }
}

fn counsellor(sheet: &DaySheet, person: &PersonDay) -> Part {
    let name = format!("{}, {}", person.name, words::day(sheet.date));
    let mut blocks = head(sheet, &person.name, person.place.as_deref());
    blocks.push(totals(person));
    if person.lines.is_empty() {
        blocks.push(Block::Space(4.0));
        blocks.push(Block::Paragraph(Text::new("Pas d’accueil ce jour-là.", Style::plain(12.0))));
    } else {
        blocks.push(Block::Table(Table {
            summary: format!("Rendez-vous de {name}"),
            columns: columns(&[
                ("Heure", 18.0),
                ("Nom et classe", 49.0),
                ("Motif et lieu", 40.0),
                ("Vient avec", 19.5),
                ("Téléphone", 29.0),
            ]),
            rows: person.lines.iter().map(row).collect(),
        }));
    }
    blocks.extend(gone_text(person.gone.iter().map(|g| (g, None))));
    blocks.push(Block::Notes("Notes".to_owned()));
    Part::of(name, SHEET_MARGIN, blocks, DENSITIES)
}

/// The page of a day on which nobody comes and nobody could.
pub(super) fn nobody(sheet: &DaySheet) -> Part {
    let mut blocks = head(sheet, "Accueil", None);
    blocks.push(Block::Space(4.0));
    blocks.push(Block::Paragraph(Text::new("Aucun rendez-vous ce jour-là.", Style::plain(12.0))));
    blocks.push(Block::Notes("Notes".to_owned()));
    Part::of(format!("Feuille du jour, {}", words::day(sheet.date)), SHEET_MARGIN, blocks, DENSITIES)
}

fn head(sheet: &DaySheet, whose: &str, place: Option<&str>) -> Vec<Block> {
    let mut line = words::capital(&words::day(sheet.date));
    if let Some(place) = place {
        line.push_str(" · ");
        line.push_str(place);
    }
    let mut blocks = vec![
        Block::Paragraph(Text::new(format!("Feuille du jour · {}", sheet.office), Style::soft(9.0))),
        Block::Heading(1, Text::new(whose, Style::strong(19.0))),
        Block::Paragraph(Text::new(line, Style::plain(12.0))),
    ];
    if let Some(closed) = &sheet.closed {
        let words = Text::new("Centre fermé\u{a0}: ", Style::strong(11.0)).and(closed, Style::plain(11.0));
        blocks.extend([Block::Space(1.5), Block::Paragraph(words)]);
    }
    blocks.push(Block::Space(3.0));
    blocks
}

/// On the right of the head.
fn totals(person: &PersonDay) -> Block {
    let meetings = words::count(person.meetings(), "rendez-vous", "rendez-vous");
    let free = words::count(person.free(), "créneau libre", "créneaux libres");
    let texts = vec![
        Text::new(meetings, Style::strong(12.0)).to_the_right(),
        Text::new(free, Style::plain(10.0)).to_the_right(),
    ];
    Block::Fixed(Fixed { left: 148.0, top: 16.5, width: 50.0, leading: 16.0, texts })
}

fn columns(titled: &[(&str, f32)]) -> Vec<Column> {
    let ticks = ["Arrivé", "Vu", "Absent"].map(|t| (t, 10.5));
    let column = |(n, (title, width)): (usize, (&str, f32))| Column {
        title: title.to_owned(),
        width,
        names_row: n == 0,
        ticked: n >= titled.len(),
    };
    titled.iter().copied().chain(ticks).enumerate().map(column).collect()
}

/// A line of the table.
fn row(line: &DayLine) -> Row {
    let hours = Text::new(words::clock(line.from_min), HOUR)
        .and(format!(" –\u{a0}{}", words::clock(line.to_min)), SMALL);
    let mut cells = vec![Cell::of(hours)];
    let (look, height, rest) = match &line.what {
        What::Meeting(m) => (Look::Plain, MEETING_HEIGHT, meeting(m)),
        What::Session(s) => (Look::Plain, MEETING_HEIGHT, session(s)),
        What::Free(_) => (Look::Plain, FREE_HEIGHT, free()),
        What::Absence(label, detail) => {
            let text = Text::new("Absence", NAME).and(" · ", WORDS).and(label, WORDS);
            let text = match detail {
                Some(detail) => text.and(format!(" · {detail}"), SMALL),
                None => text,
            };
            (Look::Hatched, BAND_HEIGHT, vec![Cell::Texts(vec![text], REST)])
        }
        What::Reception(site, duty) => {
            let site = site.as_deref();
            let (text, height) = if *duty {
                let place = site.unwrap_or("accueil sans rendez-vous");
                (Text::new("Permanence", NAME).and(format!(" · {place}"), WORDS), DUTY_HEIGHT)
            } else {
                (Text::new(site.unwrap_or_default(), NAME), BAND_HEIGHT)
            };
            (Look::Grey, height, vec![Cell::Texts(vec![text], REST)])
        }
        What::Pause => {
            (Look::Grey, BAND_HEIGHT, vec![Cell::Texts(vec![Text::new("Pas d’accueil", SMALL)], REST)])
        }
    };
    cells.extend(rest);
    Row { look, height, cells }
}

/// Columns after the hour: name, kind, companions, phone, and three to tick.
const REST: usize = 7;

/// Arrived, seen, absent.
fn ticks(visit: Visit) -> [Cell; 3] {
    let so = [matches!(visit, Visit::Arrived | Visit::Seen), visit == Visit::Seen, visit == Visit::Missed];
    so.map(|so| Cell::Tick(Tick::when(so)))
}

fn meeting(m: &Meeting) -> Vec<Cell> {
    let mut name = Text::new(m.family_name.clone(), NAME);
    if !m.given_name.is_empty() {
        name = name.and(format!(", {}", m.given_name), Style::plain(NAME.size));
    }
    let mut who = vec![name];
    let state = Style::strong(SMALL.size);
    who.extend(match (&m.class_level, m.state) {
        (Some(class), Some(known)) => Some(Text::new(format!("{class} · "), SMALL).and(known, state)),
        (Some(class), None) => Some(Text::new(class, SMALL)),
        (None, Some(known)) => Some(Text::new(words::capital(known), state)),
        (None, None) => None,
    });
    let mut kind = vec![Text::new(m.kind.clone(), WORDS)];
    kind.extend(m.place.as_ref().map(|p| Text::new(p, SMALL)));
    kind.extend(m.colleague.as_ref().map(|c| Text::new(format!("avec {}", c.name), SMALL)));
    let phone = m.phone.iter().flat_map(|(number, whose)| {
        let whose = (!whose.is_empty()).then(|| Text::new(*whose, SMALL));
        [Some(Text::new(number, WORDS)), whose].into_iter().flatten()
    });
    let mut cells = vec![
        Cell::Texts(who, 1),
        Cell::Texts(kind, 1),
        Cell::of(Text::new(m.companions.clone(), WORDS)),
        Cell::Texts(phone.collect(), 1),
    ];
    cells.extend(ticks(m.visit));
    cells
}

fn session(s: &Session) -> Vec<Cell> {
    let expected = format!("{} sur {}", words::count(s.names.len(), "inscrit", "inscrits"), s.capacity);
    let mut place = s.place.as_ref().map(|p| format!(" · {p}")).unwrap_or_default();
    if let Some(colleague) = s.colleague.as_ref() {
        place.push_str(&format!(" · avec {}", colleague.name));
    }
    let mut texts = vec![Text::new(&s.kind, NAME).and(format!("{place} · {expected}"), WORDS)];
    if !s.names.is_empty() {
        texts.push(Text::new(s.names.join(", "), WORDS));
    }
    texts.push(Text::new("Présences sur la feuille d’émargement.", SMALL));
    vec![Cell::Texts(texts, REST)]
}

fn free() -> Vec<Cell> {
    let mut cells = vec![Cell::empty(), Cell::empty(), Cell::empty(), Cell::empty()];
    cells.extend(ticks(Visit::Awaited));
    cells
}

/// "Annulés ou excusés : 9:00 Théo Masson (excusé)", so that nobody waits for them.
pub(super) fn gone_text<'g>(
    gone: impl Iterator<Item = (&'g (u16, String, &'static str), Option<&'g str>)>,
) -> Vec<Block> {
    let said: Vec<String> = gone
        .map(|((from, name, state), with)| {
            let with = with.map(|w| format!(", {w}")).unwrap_or_default();
            format!("{} {name} ({state}{with})", words::clock(*from))
        })
        .collect();
    if said.is_empty() {
        return Vec::new();
    }
    let text = Text::new("Ne viennent pas\u{a0}: ", Style::strong(9.0))
        .and(said.join(" ; ").replace(" ;", "\u{202f};"), Style::plain(9.0));
    vec![Block::Space(2.0), Block::Paragraph(text)]
}
