//! The demonstration: twelve offices of the académie d'Amiens with staff, clients, enquiries and agendas, and an
//! extract of a catalogue. Everything is written for it or invented; only names of towns, schools and diplomas are
//! real, because they are public.
//!
//! [`build()`] is a function of the day that it is shown on: the same day gives the same demonstration, to the
//! identifier, on every machine. Desks and central may so start from the same state without exchanging it.

mod agenda;
mod amiens;
pub mod catalogue;
pub mod catalogue_files;
mod clients;
mod content;
pub mod copies;
mod enquiries;
mod ids;
pub mod national;
mod random;
mod settings;
mod text;
mod waiting;

use chrono::{DateTime, Datelike, Duration, DurationRound, NaiveDate, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::client::Client;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::office::{Office, OfficeSettings, instant};
use passerelle_domain::routing::{Catchment, OfficePoint};
use passerelle_domain::waiting::WaitingEntry;

pub use catalogue::catalogue;

use agenda::{Agenda, Wanted};
use clients::{Families, Somebody};
use content::{Names, OfficeText, ThreadText};
use enquiries::{Draft, Stand, Writing};
use random::Random;

/// The demonstration on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Demo {
    /// The day that it calls today.
    pub anchor: NaiveDate,
    /// The moment that it shows: states of meetings and arrivals of enquiries are those of then.
    pub now: DateTime<Utc>,
    /// The offices, Amiens first.
    pub offices: Vec<DemoOffice>,
    /// Homes that belong to an office which is not the nearest.
    pub catchments: Vec<Catchment>,
}

/// One office with everything in it.
#[derive(Debug, Clone, PartialEq)]
pub struct DemoOffice {
    /// Short key: `amiens`, `saint-quentin`.
    pub key: String,
    /// The office, its places, staff, kinds, openings and absences.
    pub settings: OfficeSettings,
    /// People on record.
    pub clients: Vec<Client>,
    /// Enquiries, oldest first.
    pub enquiries: Vec<Enquiry>,
    /// Appointments, by start.
    pub appointments: Vec<Appointment>,
    /// The waiting list.
    pub waiting: Vec<WaitingEntry>,
}

/// The twelve offices, Amiens first.
#[must_use]
pub fn offices(zone: Tz) -> Vec<Office> {
    content::offices().iter().map(|text| settings::office(text, zone)).collect()
}

/// Builds the demonstration for a day, in the zone of the offices, as it stands at 10:22.
#[must_use]
pub fn build(anchor: NaiveDate, zone: Tz) -> Demo {
    let shown = anchor.and_hms_opt(10, 22, 0).unwrap_or_default();
    build_at(instant(shown, zone).unwrap_or_else(|_| shown.and_utc()), zone)
}

/// Builds the demonstration as it stands at a moment: what is over has taken place, nobody has come to what is ahead,
/// new enquiries came within the last two hours.
#[must_use]
pub fn build_at(now: DateTime<Utc>, zone: Tz) -> Demo {
    // People come and write at whole minutes.
    let now = now.duration_trunc(TimeDelta::minutes(1)).unwrap_or(now);
    let anchor = now.with_timezone(&zone).date_naive();
    let texts = content::offices();
    let names = Names::load();
    let threads = content::threads();
    let points: Vec<OfficePoint> = offices(zone)
        .into_iter()
        .map(|office| OfficePoint { uai: office.uai, name: office.name, position: office.position })
        .collect();
    let catchments = catchments(&texts, &points);
    let world = World {
        anchor,
        now,
        zone,
        names: &names,
        threads: &threads,
        points: &points,
        catchments: &catchments,
    };
    let offices = texts.iter().enumerate().map(|(rank, text)| world.office(rank, text)).collect();
    Demo { anchor, now, offices, catchments }
}

/// A rule for each home that an office serves and that lies nearer to another.
fn catchments(texts: &[OfficeText], points: &[OfficePoint]) -> Vec<Catchment> {
    let geography = passerelle_catalogue::geography::Geography::load();
    let mut catchments = Vec::new();
    for (text, point) in texts.iter().zip(points) {
        for postal_code in &text.postal_codes {
            let home = geography.locate(postal_code).ok().flatten().map(|place| place.position);
            let nearest = passerelle_domain::routing::rank(postal_code, home, points, &[]);
            if nearest.first().is_some_and(|first| first.uai != point.uai) {
                catchments.push(Catchment { postal_code: postal_code.clone(), office: point.uai.clone() });
            }
        }
    }
    catchments
}

/// What all offices share while they are built.
struct World<'a> {
    anchor: NaiveDate,
    now: DateTime<Utc>,
    zone: Tz,
    names: &'a Names,
    threads: &'a [ThreadText],
    points: &'a [OfficePoint],
    catchments: &'a [Catchment],
}

/// What the inbox of Amiens shows, in order: subject of the thread and who asks.
const PINNED: [(&str, Option<&str>); 7] = [
    ("Choix des vœux, médecine ou biologie", Some("Inès Benchekroun")),
    ("Affectation en lycée hors secteur", None),
    ("A quitté son CAP cuisine en octobre", Some("Kévin Tassart")),
    ("Différence entre STMG et ST2S", Some("Lou-Ann Przybylski")),
    ("Documentation, inscription au CNED", Some("Sylvie Caron")),
    ("Réorientation au second semestre", Some("Mathis Boulanger")),
    ("Bilan d'orientation et troubles dys", None),
];

impl World<'_> {
    fn office(&self, rank: usize, text: &OfficeText) -> DemoOffice {
        let (mut settings, keys) = settings::settings(text, self.anchor, self.zone);
        let first = rank == 0;
        let shown = enquiries::working_day(&settings, self.anchor);
        if first {
            amiens::arrange(&mut settings, &keys, shown);
        }

        let mut families = Families::new(text, self.names, self.anchor);
        let mut people: Vec<Somebody> = if first { amiens::people(&mut families, &keys) } else { Vec::new() };
        // Those whom the day shown knows by name have the meetings that it gives them, and no others.
        let named = people.len();
        let mut drafts = self.drafts(rank, text, &people);
        for draft in drafts.iter_mut().filter(|draft| draft.client.is_none()) {
            // Whoever is met is on record; of the others about half are.
            let known = matches!(draft.stand, Stand::Converted | Stand::WaitingInternal);
            if known && people.len() < text.clients {
                draft.client = Some(people.len());
                people.push(families.for_thread(&draft.thread));
            }
        }
        while people.len() < text.clients {
            people.push(families.anybody());
        }

        let mut agenda = Agenda::new(&settings, &keys, self.now);
        if first {
            let now = self.now.with_timezone(&self.zone).naive_local();
            amiens::meetings(&mut agenda, &keys, shown, &people, &people[named..], now);
        }
        self.one_session(&mut agenda, &settings, &keys, &people[named..]);
        let apart: &[NaiveDate] = if first { std::slice::from_ref(&shown) } else { &[] };
        agenda.fill(self.anchor, &people[named..], apart);
        let mut appointments = agenda.appointments;
        appointments.sort_by_key(|a| (a.start, a.id));

        let answers = content::answers();
        let mut writing = Writing {
            text,
            settings: &settings,
            keys: &keys,
            names: self.names,
            answers: &answers,
            offices: self.points,
            catchments: self.catchments,
            now: self.now,
            random: Random::new(&format!("{}/enquiries", text.key)),
        };
        let enquiries = writing.write(&drafts, &people, &mut appointments);
        let clients: Vec<Client> = people.into_iter().map(|somebody| somebody.client).collect();
        let waiting = if first { waiting::list(&keys, &clients, self.now) } else { Vec::new() };
        DemoOffice { key: text.key.clone(), settings, clients, enquiries, appointments, waiting }
    }

    /// A group session on a Wednesday afternoon to come, when pupils are free and nobody is on duty at a school.
    fn one_session(
        &self,
        agenda: &mut Agenda<'_>,
        settings: &OfficeSettings,
        keys: &settings::Keys,
        people: &[Somebody],
    ) {
        let wednesday = |day: &NaiveDate| {
            day.weekday() == Weekday::Wed && !passerelle_domain::due::is_closed(settings, *day)
        };
        let date = (self.anchor + Duration::days(5)).iter_days().take(28).find(wednesday);
        let (Some(date), Some(&counsellor)) = (date, keys.counsellors.get(3)) else { return };
        let wanted = Wanted {
            kind: "atelier",
            counsellor,
            site: keys.main,
            date,
            start: 14 * 60,
            minutes: 90,
            status: Status::Booked,
            client: None,
            with: &[],
        };
        agenda.session(&wanted, people, 5, 0);
    }

    /// Which threads this office has, and where they stand. No thread comes twice in one office.
    fn drafts(&self, rank: usize, text: &OfficeText, people: &[Somebody]) -> Vec<Draft> {
        let mut order: Vec<usize> = (0..self.threads.len()).collect();
        Random::new(&format!("{}/threads", text.key)).shuffle(&mut order);
        let mut drafts = Vec::new();
        if rank == 0 {
            for (subject, who) in PINNED {
                let Some(at) = order.iter().position(|&at| self.threads[at].subject == subject) else {
                    continue;
                };
                let thread = self.threads[order.remove(at)].clone();
                let client =
                    people.iter().position(|somebody| Some(somebody.client.full_name().as_str()) == who);
                drafts.push(Draft { thread, stand: Stand::New, client });
            }
        }
        let rest = text.enquiries.saturating_sub(drafts.len());
        drafts.extend(order.into_iter().take(rest).map(|at| Draft {
            thread: self.threads[at].clone(),
            stand: Stand::New,
            client: None,
        }));
        for (draft, stand) in drafts.iter_mut().zip(enquiries::stands(text.enquiries)) {
            draft.stand = stand;
        }
        drafts
    }
}
