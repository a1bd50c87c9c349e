//! A desk without central on its fullest day, for tests alone: the demonstration office of Amiens with twelve
//! counsellors, every place of today taken and the weeks after it nearly so. The screens are looked at with it.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Context;
use chrono::{DateTime, Days, Duration, NaiveDate, Utc};
use chrono_tz::Europe::Paris;
use clap::Parser;
use passerelle_demo::DemoOffice;
use passerelle_domain::appointment::{Appointment, HistoryEntry, HistoryFact, Status};
use passerelle_domain::availability::{self, Search};
use passerelle_domain::ids::{AppointmentId, ClientId, OpeningId, PersonId};
use passerelle_domain::people::{Person, Role, Title};
use passerelle_domain::refusal::FreeSlot;
use passerelle_office::clock::Clock;
use uuid::Uuid;

#[derive(Parser)]
struct Options {
    /// The profile to make.
    #[arg(long)]
    profile: PathBuf,
    /// The instant that the desk's clock starts at.
    #[arg(long)]
    now: DateTime<Utc>,
    /// How many weeks are filled.
    #[arg(long, default_value_t = 6)]
    weeks: u64,
}

/// Those who join the six: one name as long as they come.
const COLLEAGUES: [(Title, &str, &str); 6] = [
    (Title::Mme, "Fatoumata", "Aït-Benhaddou"),
    (Title::M, "Yann", "Le Goff"),
    (Title::Mme, "Marie-Bernadette", "Vandenbroucke-Ramanantsoa"),
    (Title::M, "Émile", "Œuvrard"),
    (Title::Mme, "Inès", "Da Silva"),
    (Title::M, "Hugo", "Bo"),
];

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let mut demo = passerelle_demo::build_at(options.now, Paris);
    let office = demo.offices.first_mut().context("the demonstration has an office")?;
    let today = options.now.with_timezone(&Paris).date_naive();
    double_the_staff(office);
    fill(office, today, options.weeks, options.now)?;
    let office = office.clone();
    let count = office.appointments.len();
    passerelle_office::demo::fill(&options.profile, &demo, &office, Clock::starting_at(options.now)).await?;
    println!("{}", serde_json::json!({ "appointments": count }));
    Ok(())
}

/// The identifier of what is made after something: the same at each run.
fn after(original: Uuid) -> Uuid {
    Uuid::from_u128(original.as_u128() ^ 1)
}

/// Each counsellor gets a colleague with the same hours, in the next rooms.
fn double_the_staff(office: &mut DemoOffice) {
    let settings = &mut office.settings;
    let mut counsellors: Vec<Person> =
        settings.people.values().filter(|p| p.role == Role::Counsellor).cloned().collect();
    counsellors.sort_by_key(|p| p.usual_place.clone());
    for ((place, person), (title, given, family)) in counsellors.iter().enumerate().zip(COLLEAGUES) {
        let id = PersonId(after(person.id.0));
        let colleague = Person {
            id,
            login: format!("collegue{place}"),
            title,
            given_name: given.to_owned(),
            family_name: family.to_owned(),
            usual_place: Some(format!("Bureau {}", place + 7)),
            ..person.clone()
        };
        settings.people.insert(id, colleague);
        let theirs: Vec<_> =
            settings.openings.values().filter(|o| o.counsellor == person.id).cloned().collect();
        for mut opening in theirs {
            opening.id = OpeningId(after(opening.id.0));
            opening.counsellor = id;
            settings.openings.insert(opening.id, opening);
        }
    }
}

/// Puts a meeting into every place of today, and into all but one in seven of the days after it.
fn fill(office: &mut DemoOffice, today: NaiveDate, weeks: u64, now: DateTime<Utc>) -> anyhow::Result<()> {
    let kind = office.settings.kinds.values().find(|k| k.key == "entretien").context("the usual kind")?.id;
    let last = today.checked_add_days(Days::new(7 * weeks)).context("a day")?;
    let search = Search::staff(kind, today, last);
    // Searched from before the day began: what has passed of it is full too.
    let since = now - Duration::days(1);
    let slots = availability::free_slots(&office.settings, &office.appointments, &search, since, |_| true);
    let mut busy = Busy::new();
    for a in &office.appointments {
        busy.extend(a.client.map(|client| (client, a.start, a.end)));
    }
    for (number, slot) in slots.iter().enumerate() {
        let on_day = slot.start.with_timezone(&Paris).date_naive();
        if on_day > today && number.is_multiple_of(7) {
            continue;
        }
        let client = free_client(office, &mut busy, slot, number);
        let made = meeting(office, slot, number, now);
        office.appointments.push(Appointment { kind, client, ..made });
    }
    office.appointments.sort_by_key(|a| (a.start, a.id));
    Ok(())
}

/// Who is met, from when, until when.
type Busy = Vec<(ClientId, DateTime<Utc>, DateTime<Utc>)>;

/// Somebody who is with nobody else at that hour: people take turns.
fn free_client(office: &DemoOffice, busy: &mut Busy, slot: &FreeSlot, number: usize) -> Option<ClientId> {
    let taken: BTreeSet<ClientId> =
        busy.iter().filter(|(_, start, end)| *start < slot.end && slot.start < *end).map(|b| b.0).collect();
    let count = office.clients.len();
    let turn = office.clients.iter().cycle().skip(number % count.max(1)).take(count);
    let client = turn.map(|c| c.id).find(|id| !taken.contains(id))?;
    busy.push((client, slot.start, slot.end));
    Some(client)
}

fn meeting(office: &DemoOffice, slot: &FreeSlot, number: usize, now: DateTime<Utc>) -> Appointment {
    let status = match (slot.end <= now, slot.start <= now) {
        (true, _) if number.is_multiple_of(9) => Status::Booked,
        (true, _) if number.is_multiple_of(11) => Status::NoShow,
        (true, _) => Status::Attended,
        (false, true) => Status::Arrived,
        (false, false) if number.is_multiple_of(8) => Status::Held,
        (false, false) => Status::Booked,
    };
    let first = if status == Status::Held { Status::Held } else { Status::Booked };
    let at = now - Duration::days(6);
    let mut history = vec![HistoryEntry { at, by: None, what: HistoryFact::Created { status: first } }];
    let mut version = 1;
    if status != first {
        let what = HistoryFact::Status { from: first, to: status, reason: None };
        history.push(HistoryEntry { at: slot.start, by: None, what });
        version = 2;
    }
    Appointment {
        id: AppointmentId(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number as u128)),
        kind: passerelle_domain::ids::KindId(Uuid::nil()),
        counsellor: slot.counsellor,
        site: slot.site,
        room: slot.room,
        start: slot.start,
        end: slot.end,
        zone: office.settings.zone_of(slot.site),
        buffer_after_min: 0,
        status,
        held_until: (status == Status::Held).then(|| slot.start - Duration::hours(1)),
        client: None,
        second: None,
        session: None,
        companions: Vec::new(),
        enquiry: None,
        waiting: None,
        arrived_at: (status == Status::Arrived).then(|| slot.start - Duration::minutes(4)),
        override_reason: None,
        version,
        history,
    }
}
