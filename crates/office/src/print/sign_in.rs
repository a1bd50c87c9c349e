//! The sign-in sheet (feuille d'émargement) of a group session: a line for each who is expected, and empty ones up to
//! the number of seats.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;

use super::facts;
use super::paper::{Block, Cell, Column, Density, Look, Paper, Part, Row, SHEET_MARGIN, Style, Table, Text};
use super::words;

/// Somebody who is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// "Benchekroun".
    pub family_name: String,
    /// "Inès".
    pub given_name: String,
    /// Class.
    pub class_level: Option<String>,
}

/// The sheet of one session.
#[derive(Debug, Clone, PartialEq)]
pub struct SignIn {
    /// "CIO d’Amiens".
    pub office: String,
    /// "Atelier Parcoursup".
    pub kind: String,
    /// The day, at the place of the session.
    pub date: NaiveDate,
    /// Minutes since midnight.
    pub from_min: u16,
    /// Excluded.
    pub to_min: u16,
    /// "Mme Vasseur".
    pub counsellor: String,
    /// Room and site.
    pub place: String,
    /// Who is expected.
    pub expected: Vec<Participant>,
    /// Seats.
    pub capacity: u32,
    /// When the sheet is made, on the office's clock.
    pub made: DateTime<Tz>,
}

/// Twelve seats and more on one page; more still on several.
const DENSITIES: &[Density] = &[
    Density { letters: 1.0, height: 1.0 },
    Density { letters: 0.95, height: 0.85 },
    Density { letters: 0.9, height: 0.72 },
];
/// A signature needs that much.
const LINE: f32 = 13.5;

/// The sheet on paper. Names are in the order of the alphabet, whatever the order of booking.
#[must_use]
pub fn paper(sheet: &SignIn) -> Paper {
    let name = format!("{}, {}", sheet.kind, words::day(sheet.date));
    let mut expected: Vec<&Participant> = sheet.expected.iter().collect();
    expected.sort_by_cached_key(|p| (crate::store::fold(&p.family_name), crate::store::fold(&p.given_name)));
    let seats = usize::try_from(sheet.capacity).unwrap_or(0).max(expected.len());
    let lines = expected.iter().map(|p| Some(*p)).chain(std::iter::repeat(None)).take(seats);
    let hours = format!("{} – {}", words::hour(sheet.from_min), words::hour(sheet.to_min));
    let known = [
        ("Date", format!("{}, {hours}", words::day(sheet.date))),
        ("Avec", sheet.counsellor.clone()),
        ("Lieu", sheet.place.clone()),
        ("Inscrits", format!("{} sur {}", expected.len(), sheet.capacity)),
    ];
    let column =
        |title: &str, width, names_row| Column { title: title.to_owned(), width, names_row, ticked: false };
    let blocks = vec![
        Block::Paragraph(Text::new(format!("Feuille d’émargement · {}", sheet.office), Style::soft(9.0))),
        Block::Heading(1, Text::new(&sheet.kind, Style::strong(19.0))),
        Block::Space(2.0),
        Block::Table(facts::table("La séance", &known, 11.5)),
        Block::Space(5.0),
        Block::Table(Table {
            summary: format!("Participants, {name}"),
            columns: vec![
                column("N°", 10.0, false),
                column("Nom et prénom", 68.0, true),
                column("Classe", 34.0, false),
                column("Signature", 74.0, false),
            ],
            rows: lines.enumerate().map(|(n, p)| line(n + 1, p)).collect(),
        }),
        Block::Space(6.0),
        Block::Paragraph(Text::new(format!("Signature de {}\u{a0}:", sheet.counsellor), Style::plain(10.0))),
    ];
    Paper {
        title: format!("Feuille d’émargement, {name}"),
        parts: vec![Part::of(name, SHEET_MARGIN, blocks, DENSITIES)],
        foot: format!("{} · imprimé le {}", sheet.office, words::moment(sheet.made)),
    }
}

fn line(number: usize, who: Option<&Participant>) -> Row {
    let name = who.map_or_else(Cell::empty, |p| {
        let text = Text::new(&p.family_name, Style::strong(11.0));
        Cell::of(if p.given_name.is_empty() {
            text
        } else {
            text.and(format!(", {}", p.given_name), Style::plain(11.0))
        })
    });
    let class = who.and_then(|p| p.class_level.as_ref());
    Row {
        look: Look::Plain,
        height: LINE,
        cells: vec![
            Cell::of(Text::new(number.to_string(), Style::soft(9.5))),
            name,
            class.map_or_else(Cell::empty, |c| Cell::of(Text::new(c, Style::plain(10.0)))),
            Cell::empty(),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::print::sight::{laid, moment, text};

    fn sheet(names: &[&str], capacity: u32) -> SignIn {
        let expected = names.iter().map(|family| Participant {
            family_name: (*family).to_owned(),
            given_name: "Léa".to_owned(),
            class_level: Some("Tle G".to_owned()),
        });
        SignIn {
            office: "CIO d’Amiens".to_owned(),
            kind: "Atelier Parcoursup".to_owned(),
            date: "2026-11-24".parse().expect("a day"),
            from_min: 840,
            to_min: 930,
            counsellor: "Mme Vasseur".to_owned(),
            place: "Salle A, CIO d’Amiens".to_owned(),
            expected: expected.collect(),
            capacity,
            made: moment().with_timezone(&chrono_tz::Europe::Paris),
        }
    }

    #[test]
    fn everybody_has_a_line_and_every_seat_too() {
        let pages = laid(&paper(&sheet(&["Zola", "Éluard", "Abadie"], 12)));
        assert_eq!(pages.pages.len(), 1);
        let page = text(&pages, 0);
        let names = ["Abadie, Léa", "Éluard, Léa", "Zola, Léa"].map(|n| page.find(n).expect(n));
        assert!(names.is_sorted(), "in the order of the alphabet, accents aside: {page}");
        assert!(page.contains("|12|"), "twelve lines: {page}");
        assert!(!page.contains("|13|"), "and no more: {page}");
        for words in ["mardi 24 novembre 2026, 14 h – 15 h 30", "3 sur 12", "Signature de Mme Vasseur :"] {
            assert!(page.contains(words), "{words:?}: {page}");
        }
    }

    #[test]
    fn more_people_than_seats_all_have_a_line() {
        let names: Vec<String> = (0..40).map(|n| format!("Nom{n:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let pages = laid(&paper(&sheet(&names, 30)));
        assert_eq!(pages.pages.len(), 2);
        let all = text(&pages, 0) + &text(&pages, 1);
        assert!(names.iter().all(|n| all.contains(n)), "nobody is left out: {all}");
        assert_eq!(all.matches("Nom et prénom").count(), 2, "titles come again");
    }
}
