//! The invitation letter (convocation): one page, folded in three for an envelope with a window.
//!
//! It says who is expected, when, where and by whom, and what to do when one cannot come. It never says why: of the
//! kind, only the name that the public is offered, and not even that when the enquiry is sensitive.

#[cfg(test)]
mod tests;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::client::{Client, ClientCategory, Guardian, Relation};
use passerelle_domain::office::{AppointmentKind, Office, Room, Site};
use passerelle_domain::people::{Person, Role, Title};

use super::facts;
use super::paper::{Block, Density, Fixed, LETTER_MARGIN, Paper, Part, Style, Text};
use super::words;
use crate::api::views::minutes_of_day;

/// Who asked online, while no client is on record yet.
#[derive(Debug, Clone, Copy)]
pub struct Requester<'a> {
    /// As they signed.
    pub name: &'a str,
    /// Postal code of the home.
    pub postal_code: &'a str,
}

/// What a letter is made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The office that writes.
    pub office: &'a Office,
    /// Where the meeting is.
    pub site: &'a Site,
    /// The meeting.
    pub appointment: &'a Appointment,
    /// Its kind.
    pub kind: &'a AppointmentKind,
    /// With whom.
    pub counsellor: &'a Person,
    /// Together with whom, when two hold it.
    pub second: Option<&'a Person>,
    /// In which room.
    pub room: Option<&'a Room>,
    /// For whom.
    pub client: Option<&'a Client>,
    /// Who asked.
    pub requester: Option<Requester<'a>>,
    /// The town of a postal code, when there is only one.
    pub town: Option<&'a str>,
    /// The enquiry is sensitive: not even the kind is named.
    pub sensitive: bool,
    /// When the letter is made, on the office's clock.
    pub made: DateTime<Tz>,
}

/// The letter, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Office: name, then address, phone and mail.
    pub from: Vec<String>,
    /// Lines of the window.
    pub to: Vec<String>,
    /// "Amiens, le 23 novembre 2026".
    pub dated: String,
    /// "Convocation", or what a proposal is called.
    pub title: String,
    /// First sentence.
    pub opening: String,
    /// What, and its value; the first is the date.
    pub facts: Vec<(&'static str, String)>,
    /// Paragraphs below.
    pub paragraphs: Vec<String>,
    /// The last line, small.
    pub privacy: String,
}

impl Letter {
    /// Writes the letter; nothing when nobody is expected: the meeting does not take place, or is for no one.
    #[must_use]
    pub fn new(source: Source<'_>) -> Option<Self> {
        let a = source.appointment;
        if !matches!(a.status, Status::Held | Status::Booked | Status::Arrived) {
            return None;
        }
        let held = a.status == Status::Held;
        let local = a.start.with_timezone(&a.zone);
        let about = about(&source, local.date_naive())?;
        let office = &source.office.name;
        let opening = match (&about.minor, held) {
            (true, false) => format!("Nous confirmons le rendez-vous {} :", of(&about.name)),
            (true, true) => format!("Nous proposons un rendez-vous pour {} :", about.name),
            (false, false) => format!("Nous confirmons votre rendez-vous au {office} :"),
            (false, true) => format!("Nous vous proposons un rendez-vous au {office} :"),
        };
        Some(Self {
            from: letterhead(source.office),
            to: about.address,
            dated: format!("{}, le {}", source.office.town, words::day_without_weekday(source.made.date_naive())),
            title: if held { "Proposition de rendez-vous".into() } else { "Convocation".into() },
            opening: french(&opening),
            facts: known(&source, local),
            paragraphs: paragraphs(&source, held),
            privacy: "Ces informations servent à organiser le rendez-vous. Le centre les garde pendant l’année \
                      scolaire en cours et la suivante. Vous pouvez les consulter et les faire rectifier en vous \
                      adressant au centre."
                .to_owned(),
        })
    }
}

/// For whom, and to whom the letter goes.
struct About {
    name: String,
    minor: bool,
    address: Vec<String>,
}

fn about(source: &Source<'_>, on: NaiveDate) -> Option<About> {
    let Some(client) = source.client else {
        let requester = source.requester?;
        let mut address = vec![requester.name.to_owned()];
        address.extend(town_line(Some(requester.postal_code), source.town));
        return Some(About { name: requester.name.to_owned(), minor: false, address });
    };
    let name = client.full_name();
    let minor = is_minor(client, on);
    let mut address = match client.guardians.first().filter(|_| minor) {
        Some(guardian) => vec![addressed(guardian), format!("pour {name}")],
        None if minor => vec![format!("Aux responsables {}", of(&name))],
        None => vec![name.clone()],
    };
    address.extend(town_line(client.postal_code.as_deref(), source.town));
    Some(About { name, minor, address })
}

/// Under 18 on the day of the meeting; without a date of birth, who goes to school or has somebody to answer for them.
fn is_minor(client: &Client, on: NaiveDate) -> bool {
    if let Some(born) = client.birth_date {
        return on.years_since(born).is_some_and(|y| y < 18);
    }
    match client.category {
        Some(ClientCategory::MiddleSchool | ClientCategory::HighSchool) => true,
        Some(ClientCategory::Adult | ClientCategory::Student) => false,
        _ => !client.guardians.is_empty(),
    }
}

fn addressed(guardian: &Guardian) -> String {
    let title = match guardian.relation {
        Relation::Mother => "Mme ",
        Relation::Father => "M. ",
        Relation::Own | Relation::Other => "",
    };
    format!("{title}{} {}", guardian.given_name, guardian.family_name)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

/// Room and a line to write the street on (no street is on record), then code and town as the post wants them.
fn town_line(postal_code: Option<&str>, town: Option<&str>) -> Vec<String> {
    let Some(code) = postal_code.filter(|c| !c.is_empty()) else { return Vec::new() };
    let town = town.map(str::to_uppercase).unwrap_or_default();
    vec![String::new(), ".".repeat(56), format!("{code} {town}").trim_end().to_owned()]
}

fn letterhead(office: &Office) -> Vec<String> {
    let mut lines = vec![office.name.clone(), office.address.clone()];
    lines.extend(office.phone.as_ref().map(|p| format!("Tél.\u{a0}: {}", words::phone(p))));
    lines.extend(office.mail.clone());
    lines
}

fn known(source: &Source<'_>, local: DateTime<Tz>) -> Vec<(&'static str, String)> {
    let a = source.appointment;
    let (from, to) = minutes_of_day(a.start, a.end, a.zone);
    let mut when = format!("{} à {}", words::day(local.date_naive()), words::hour(from));
    if a.zone != source.office.zone {
        when.push_str(" (heure du lieu)");
    }
    let mut facts =
        vec![("Date", when), ("Durée", format!("environ {}", words::duration(to.saturating_sub(from))))];
    if source.kind.horizon_days != Some(0) && !source.sensitive {
        facts.push(("Objet", source.kind.name.clone()));
    }
    let with = std::iter::once(source.counsellor).chain(source.second).map(named).collect::<Vec<_>>();
    facts.push(("Avec", with.join(" et ")));
    if source.kind.online {
        facts.push((
            "Lieu",
            "à distance, par téléphone ou en vidéo : ne vous déplacez pas".replace(" :", "\u{a0}:"),
        ));
        return facts;
    }
    let site = source.site;
    let mut place = if site.address.contains(&site.name) {
        site.address.clone()
    } else {
        format!("{}, {}", site.name, site.address)
    };
    let own = source.counsellor.usual_place.as_deref().filter(|_| site.name == source.office.name);
    if let Some(room) = source.room.map(|r| r.name.as_str()).or(own) {
        place.push_str(&format!("\n{room}"));
    }
    facts.push(("Lieu", place));
    facts
}

fn named(person: &Person) -> String {
    let post = match (person.role, person.title) {
        (Role::Counsellor, _) => ", psychologue de l’Éducation nationale",
        (Role::Director, Title::Mme) => ", directrice du centre",
        (Role::Director, Title::M) => ", directeur du centre",
        _ => "",
    };
    format!("{}{post}", person.short_name())
}

fn paragraphs(source: &Source<'_>, held: bool) -> Vec<String> {
    let office = source.office;
    let mut reach: Vec<String> = Vec::new();
    reach.extend(office.phone.as_ref().map(|p| format!("par téléphone au {}", words::phone(p))));
    reach.extend(office.mail.as_ref().map(|m| format!("par courriel à {m}")));
    let reach = if reach.is_empty() { "en passant à l’accueil".to_owned() } else { reach.join(" ou ") };
    let mut paragraphs = Vec::new();
    if let Some(until) = source.appointment.held_until.filter(|_| held) {
        let until = words::moment(until.with_timezone(&source.appointment.zone));
        paragraphs.push(format!(
            "Ce créneau est retenu pour vous jusqu’au {until}. Confirmez-le d’ici là, {reach}."
        ));
    }
    if !source.sensitive {
        paragraphs.push(instructions(source.kind));
    }
    paragraphs.push(format!(
        "Si vous ne pouvez pas venir, prévenez-nous dès que possible, {reach} : nous conviendrons d’un autre jour, et la place servira à quelqu’un d’autre."
    ));
    paragraphs.push("Nous vous prions d’agréer, Madame, Monsieur, nos salutations distinguées.".to_owned());
    paragraphs.iter().map(|p| french(p)).collect()
}

/// What the office tells families of this kind of meeting; the letter itself is worth bringing in any case.
fn instructions(kind: &AppointmentKind) -> String {
    let said = kind.before.as_deref().map(str::trim).filter(|b| !b.is_empty());
    match said {
        None if kind.online => "Le centre vous contactera à l’heure dite.".to_owned(),
        Some(said) if kind.online => said.to_owned(),
        Some(said) if said.ends_with(['.', '!', '?', ')']) => {
            format!("{said} Apportez aussi cette convocation.")
        }
        Some(said) => format!("{said}. Apportez aussi cette convocation."),
        None => "À apporter : cette convocation.".to_owned(),
    }
}

/// "de Léa", "d’Inès".
fn of(name: &str) -> String {
    let vowel =
        name.chars().next().is_some_and(|c| "aeiouàâäéèêëîïôöùûüœæ".contains(&c.to_lowercase().to_string()));
    if vowel { format!("d’{name}") } else { format!("de {name}") }
}

/// No line begins with a colon.
fn french(text: &str) -> String {
    text.replace(" :", "\u{a0}:")
}

/// One page, whatever the length of what is to be brought.
const DENSITIES: &[Density] = &[
    Density { letters: 1.0, height: 1.0 },
    Density { letters: 0.94, height: 0.8 },
    Density { letters: 0.86, height: 0.6 },
    Density { letters: 0.76, height: 0.4 },
    Density { letters: 0.64, height: 0.2 },
];

/// Folded at 99 and 198 mm, the second fifth of the page is what windows of both usual heights show, wherever the sheet
/// slides in its envelope: 100 to 190 mm from the left, 55 to 79 mm from the top. Nothing else is printed there.
const WINDOW: (f32, f32, f32) = (106.0, 55.0, 84.0);
const WINDOW_LEADING: f32 = 11.3;

/// The letter on paper.
#[must_use]
pub fn paper(letter: &Letter) -> Paper {
    let body = Style::plain(11.0);
    let mut head = letter.from.iter();
    let mut from: Vec<Text> = head.next().map(|n| Text::new(n, Style::strong(13.0))).into_iter().collect();
    from.extend(head.map(|l| Text::new(l, Style::plain(9.5))));
    // Long names stay on one line: the window shows few.
    let longest = letter.to.iter().map(|l| l.chars().count()).max().unwrap_or(0);
    let size = if longest > 40 { 9.0 } else { 10.5 };
    let to = letter.to.iter().map(|l| Text::new(l, Style::plain(size))).collect();
    let (left, top, width) = WINDOW;
    let mut blocks = vec![
        Block::Fixed(Fixed { left: LETTER_MARGIN, top: 16.0, width: 80.0, leading: 14.0, texts: from }),
        Block::Fixed(Fixed { left, top, width, leading: WINDOW_LEADING, texts: to }),
        Block::Fixed(Fixed {
            left,
            top: 93.0,
            width,
            leading: 13.0,
            texts: vec![Text::new(&letter.dated, Style::plain(10.5))],
        }),
        Block::Fold(99.0),
        Block::Fold(198.0),
        Block::Down(107.0),
        Block::Heading(1, Text::new(&letter.title, Style::strong(17.0))),
        Block::Space(4.0),
        Block::Paragraph(Text::new("Madame, Monsieur,", body)),
        Block::Space(2.5),
        Block::Paragraph(Text::new(&letter.opening, body)),
        Block::Space(3.0),
        Block::Table(facts::table("Le rendez-vous", &letter.facts, 12.0)),
        Block::Space(5.0),
    ];
    for paragraph in &letter.paragraphs {
        blocks.push(Block::Paragraph(Text::new(paragraph, body)));
        blocks.push(Block::Space(3.5));
    }
    let name = letter.from.first().cloned().unwrap_or_default();
    blocks.push(Block::Paragraph(Text::new(format!("Pour le {name}"), body).to_the_right()));
    Paper {
        title: letter.title.clone(),
        parts: vec![Part::of(letter.title.clone(), LETTER_MARGIN, blocks, DENSITIES)],
        foot: letter.privacy.clone(),
    }
}
