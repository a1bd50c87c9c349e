//! The day sheet (feuille du jour): who comes when, to whom and where, with empty lines where somebody may still come.
//!
//! It is made from [`DayView`], the description that the screen draws its grid from. What is free is what the slot
//! engine says.

mod desk;
mod page;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use passerelle_domain::appointment::Status;
use passerelle_domain::client::Relation;
use passerelle_domain::office::Office;

pub use self::desk::for_the_desk;
pub use self::page::by_counsellor;
use super::words;
use crate::api::dto::{AppointmentView, ContactView, DayColumn, DayView, Standing};

/// A place in which somebody may still come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FreeLine {
    /// Counsellor id.
    pub counsellor: String,
    /// Minutes since midnight.
    pub from_min: u16,
    /// Excluded.
    pub to_min: u16,
    /// At the office or one of its annexes, where families are received; else at a school.
    pub at_office: bool,
}

/// What a sheet is made from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The day as the screen draws it.
    pub view: &'a DayView,
    /// The office.
    pub office: &'a Office,
    /// Whom to call, by client id.
    pub contacts: &'a BTreeMap<String, ContactView>,
    /// What is free.
    pub free: &'a [FreeLine],
    /// Only this counsellor.
    pub counsellor: Option<&'a str>,
    /// When the sheet is made, on the office's clock.
    pub made: DateTime<Tz>,
}

/// The sheet of a day.
#[derive(Debug, Clone, PartialEq)]
pub struct DaySheet {
    /// The day.
    pub date: NaiveDate,
    /// "CIO d’Amiens".
    pub office: String,
    /// Why the office is closed.
    pub closed: Option<String>,
    /// "lundi 23 novembre 2026 à 10 h 22".
    pub made: String,
    /// In the order of the columns.
    pub people: Vec<PersonDay>,
}

/// The day of one counsellor.
#[derive(Debug, Clone, PartialEq)]
pub struct PersonDay {
    /// "Mme Dupont".
    pub name: String,
    /// "Bureau 1".
    pub place: Option<String>,
    /// In the order of time.
    pub lines: Vec<DayLine>,
    /// Meetings that do not take place, so that nobody waits for them: hour, name, state.
    pub gone: Vec<(u16, String, &'static str)>,
}

/// A line of the day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayLine {
    /// Minutes since midnight, on the clock of the place.
    pub from_min: u16,
    /// Excluded.
    pub to_min: u16,
    /// What it is.
    pub what: What,
}

/// What a line is.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// A meeting.
    Meeting(Meeting),
    /// A group session.
    Session(Session),
    /// Room for somebody who may still come; true where families are received.
    Free(bool),
    /// An absence: label and second line.
    Absence(String, Option<String>),
    /// Reception of another sort than appointments at the office: where, when it is elsewhere, and whether it is a
    /// permanence, to which people come without an appointment.
    Reception(Option<String>, bool),
    /// Nobody is received between two openings.
    Pause,
}

/// A meeting with somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// "Benchekroun", or what is known instead.
    pub family_name: String,
    /// "Inès".
    pub given_name: String,
    /// Class.
    pub class_level: Option<String>,
    /// Kind.
    pub kind: String,
    /// Room and site, when they are not the counsellor's own.
    pub place: Option<String>,
    /// "sa mère".
    pub companions: String,
    /// Number and whose it is.
    pub phone: Option<(String, &'static str)>,
    /// What is known beyond "confirmed": "proposé, sans réponse", "arrivé".
    pub state: Option<&'static str>,
    /// What was known of the visit when the sheet was made.
    pub visit: Visit,
    /// Who holds it too.
    pub colleague: Option<Colleague>,
}

/// How far a visit had come: what is ticked already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visit {
    /// Nobody has said anything yet.
    Awaited,
    /// Has arrived.
    Arrived,
    /// Has been seen.
    Seen,
    /// Did not come.
    Missed,
}

/// Who holds it too, when two counsellors do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// "M. Haddad".
    pub name: String,
    /// The meeting is on the colleague's line of a common list, and not on one's own as well.
    pub has_the_line: bool,
}

/// A group session.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Kind.
    pub kind: String,
    /// Room and site.
    pub place: Option<String>,
    /// Who is expected, by family name.
    pub names: Vec<String>,
    /// Seats.
    pub capacity: u32,
    /// Who holds it too.
    pub colleague: Option<Colleague>,
}

impl DaySheet {
    /// Makes the sheet. Who neither sees anybody nor could is left out, unless asked for alone.
    #[must_use]
    pub fn new(source: Source<'_>) -> Self {
        let asked = |c: &&DayColumn| source.counsellor.is_none_or(|wanted| wanted == c.id);
        let columns = source.view.columns.iter().filter(|c| c.kind == "counsellor").filter(asked);
        let mut people: Vec<PersonDay> = columns.map(|c| person(&source, c)).collect();
        if source.counsellor.is_none() {
            people.retain(|p| !p.lines.is_empty() || !p.gone.is_empty());
        }
        Self {
            date: source.view.date,
            office: source.office.name.clone(),
            closed: source.view.closed.clone(),
            made: words::moment(source.made),
            people,
        }
    }
}

impl DayLine {
    /// Who holds it too, when two counsellors do.
    #[must_use]
    pub const fn colleague(&self) -> Option<&Colleague> {
        match &self.what {
            What::Meeting(m) => m.colleague.as_ref(),
            What::Session(s) => s.colleague.as_ref(),
            _ => None,
        }
    }
}

impl PersonDay {
    /// Meetings and sessions, those with a colleague too.
    #[must_use]
    pub fn meetings(&self) -> usize {
        self.lines.iter().filter(|l| matches!(l.what, What::Meeting(_) | What::Session(_))).count()
    }

    /// Places where families are received and nobody is booked.
    #[must_use]
    pub fn free(&self) -> usize {
        self.lines.iter().filter(|l| l.what == What::Free(true)).count()
    }

    /// Whether a page of one's own has a use: somebody comes, or could.
    #[must_use]
    pub fn sees_people(&self) -> bool {
        self.lines.iter().any(|l| matches!(l.what, What::Meeting(_) | What::Session(_) | What::Free(_)))
    }
}

fn person(source: &Source<'_>, column: &DayColumn) -> PersonDay {
    let holds = |b: &&AppointmentView| {
        b.counsellor.id == column.id || b.second.as_ref().is_some_and(|s| s.id == column.id)
    };
    let mine: Vec<&AppointmentView> = source.view.blocks.iter().filter(holds).collect();
    let mut lines = stretches(column);
    let free = source.free.iter().filter(|f| f.counsellor == column.id);
    lines.extend(free.map(|f| DayLine {
        from_min: f.from_min,
        to_min: f.to_min,
        what: What::Free(f.at_office),
    }));
    let mut sessions = BTreeSet::new();
    for block in mine.iter().filter(|b| b.status.blocks()) {
        let colleague = colleague(block, &column.id);
        let what = match &block.session {
            // All who come to a session share one line.
            Some(key) if !sessions.insert(key) => continue,
            Some(_) => What::Session(Session { colleague, ..session(&mine, block) }),
            None => What::Meeting(Meeting { colleague, ..meeting(source, block) }),
        };
        lines.push(DayLine { from_min: block.from_min, to_min: block.to_min, what });
    }
    // What lasts stands before what happens in it.
    let band = |w: &What| !matches!(w, What::Absence(..) | What::Reception(..) | What::Pause);
    lines.sort_by_key(|l| (l.from_min, band(&l.what), l.to_min));
    let mut gone: Vec<(u16, String, &'static str)> = mine
        .iter()
        .filter_map(|b| {
            let state = match b.status {
                Status::Excused => "excusé",
                Status::Cancelled => "annulé",
                _ => return None,
            };
            Some((b.from_min, b.client.as_ref()?.name.clone(), state))
        })
        .collect();
    gone.sort();
    PersonDay { name: column.name.clone(), place: column.place.clone(), lines, gone }
}

/// Absences, receptions elsewhere, and pauses between two openings.
fn stretches(column: &DayColumn) -> Vec<DayLine> {
    let line = |from_min, to_min, what| DayLine { from_min, to_min, what };
    let mut lines: Vec<DayLine> = column
        .absences
        .iter()
        .map(|a| line(a.from_min, a.to_min, What::Absence(a.label.clone(), a.detail.clone())))
        .collect();
    let mut until: Option<u16> = None;
    for open in &column.open {
        if let Some(before) = until.filter(|b| *b < open.from_min) {
            lines.push(line(before, open.from_min, What::Pause));
        }
        until = Some(until.unwrap_or(0).max(open.to_min));
        let duty = open.duty || open.school;
        if duty || open.site_name.is_some() {
            let what = What::Reception(open.site_name.clone(), duty);
            lines.push(line(open.from_min, open.to_min, what));
        }
    }
    lines
}

fn meeting(source: &Source<'_>, block: &AppointmentView) -> Meeting {
    let client = block.client.as_ref();
    let contact = client.and_then(|c| source.contacts.get(&c.id));
    let relations: Vec<Relation> = block.companions.iter().map(|c| c.relation).collect();
    // A meeting of the staff has its kind for a name.
    let (family_name, kind) = match (client, &block.enquiry) {
        (Some(client), _) => (client.family_name.clone(), block.kind.name.clone()),
        (None, Some(_)) => ("Nom à demander".to_owned(), block.kind.name.clone()),
        (None, None) => (block.kind.name.clone(), String::new()),
    };
    Meeting {
        family_name,
        given_name: client.map(|c| c.given_name.clone()).unwrap_or_default(),
        class_level: client.and_then(|c| c.class_level.clone()).filter(|c| !c.trim().is_empty()),
        kind,
        place: place(block),
        companions: words::companions(&relations),
        phone: contact.map(|c| (words::phone(&c.phone), words::whose(c.relation))),
        state: state(block),
        visit: visit(block.status),
        colleague: None,
    }
}

fn colleague(block: &AppointmentView, column: &str) -> Option<Colleague> {
    let second = block.second.as_ref()?;
    let has_the_line = second.id == column;
    let other = if has_the_line { &block.counsellor } else { second };
    Some(Colleague { name: other.name.clone(), has_the_line })
}

fn session(mine: &[&AppointmentView], first: &AppointmentView) -> Session {
    let together =
        |b: &&&AppointmentView| b.kind.id == first.kind.id && b.start == first.start && b.status.blocks();
    let mut names: Vec<String> = mine
        .iter()
        .filter(together)
        .filter_map(|b| b.client.as_ref())
        .map(|c| format!("{}\u{a0}{}", c.family_name, c.given_name).trim().to_owned())
        .collect();
    names.sort_by_cached_key(|n| crate::store::fold(n));
    Session {
        kind: first.kind.name.clone(),
        place: place(first),
        names,
        capacity: first.kind.capacity,
        colleague: None,
    }
}

fn place(block: &AppointmentView) -> Option<String> {
    let parts: Vec<&str> =
        [&block.room_name, &block.site_name].into_iter().flatten().map(String::as_str).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

const fn visit(status: Status) -> Visit {
    match status {
        Status::Arrived => Visit::Arrived,
        Status::Attended => Visit::Seen,
        Status::NoShow => Visit::Missed,
        _ => Visit::Awaited,
    }
}

fn state(block: &AppointmentView) -> Option<&'static str> {
    match block.standing {
        Standing::ToReplace => return Some("à replacer"),
        _ if block.conflict.is_some() => return Some("conflit à régler"),
        Standing::Reserved if block.status == Status::Booked => return Some("sous réserve"),
        Standing::Guaranteed if block.status == Status::Booked => return Some("garanti"),
        _ => {}
    }
    match block.status {
        Status::Held => Some("proposé, sans réponse"),
        Status::Arrived => Some("arrivé"),
        Status::Attended => Some("reçu"),
        Status::NoShow => Some("absent"),
        _ => None,
    }
}
