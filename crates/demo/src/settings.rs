//! Offices and all that changes seldom in them: staff, places, kinds of appointment, the weekly pattern, absences.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use passerelle_catalogue::geography::Geography;
use passerelle_domain::ids::{KindId, PersonId, RoomId, SiteId, Uai};
use passerelle_domain::office::{
    Absence, AnswerTimes, AppointmentKind, HolidayZone, KindColour, Office, OfficeHours, OfficeSettings,
    Opening, Room, Site, SiteKind,
};
use passerelle_domain::people::{Person, Role, Title};
use passerelle_domain::slots::{CivilBlock, Recurrence};

use crate::content::OfficeText;
use crate::ids::id;
use crate::text::{apostrophes, ascii};

/// Morning and afternoon at the office, in minutes from midnight.
pub(crate) const MORNING: CivilBlock = CivilBlock { from: 8 * 60 + 30, to: 12 * 60 + 30 };
const AFTERNOON: CivilBlock = CivilBlock { from: 13 * 60 + 30, to: 17 * 60 + 30 };
const LATE: CivilBlock = CivilBlock { from: 13 * 60 + 30, to: 18 * 60 };
/// Duty in a school ends with the last lesson before lunch.
const SCHOOL_MORNING: CivilBlock = CivilBlock { from: 8 * 60 + 30, to: 12 * 60 + 15 };

const WEEK: [Weekday; 5] = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri];

/// The ids of one office, in the order of its text.
#[derive(Debug, Clone)]
pub(crate) struct Keys {
    pub key: String,
    pub counsellors: Vec<PersonId>,
    pub receptionists: Vec<PersonId>,
    pub main: SiteId,
    pub schools: Vec<SiteId>,
    pub hall: RoomId,
}

impl Keys {
    pub(crate) fn kind(&self, key: &str) -> KindId {
        id(&format!("{}/kind/{key}", self.key))
    }
}

/// The office itself.
pub(crate) fn office(text: &OfficeText, zone: Tz) -> Office {
    let located = Geography::load().locate(&text.postal_code).ok().flatten();
    let hours = (0..5).flat_map(|weekday| {
        let hours = move |from, to| OfficeHours { weekday, from: time(from), to: time(to) };
        let evening = if weekday == 2 { LATE } else { AFTERNOON };
        [hours(MORNING.from, MORNING.to), hours(evening.from, evening.to)]
    });
    Office {
        uai: Uai::from_number(text.number),
        name: apostrophes(&format!("CIO {}", text.of)),
        town: text.town.clone(),
        address: apostrophes(&format!("{}, {} {}", text.street, text.postal_code, text.town)),
        postal_code: text.postal_code.clone(),
        position: located.map(|location| location.position),
        phone: Some(text.phone.clone()),
        mail: Some(format!("cio.{}@example.fr", text.key)),
        zone,
        hours: hours.collect(),
        answer_within_min: AnswerTimes::default(),
        hold_min: 24 * 60,
        school_zone: None,
    }
}

fn time(minutes: u16) -> NaiveTime {
    NaiveTime::from_num_seconds_from_midnight_opt(u32::from(minutes) * 60, 0).unwrap_or_default()
}

/// Everything but clients, enquiries and appointments. `anchor` is the day that the demonstration calls today.
pub(crate) fn settings(text: &OfficeText, anchor: NaiveDate, zone: Tz) -> (OfficeSettings, Keys) {
    let mut settings = OfficeSettings::new(office(text, zone));
    settings.travel_min = 30;
    let people = |role: Role, names: &[String], settings: &mut OfficeSettings| -> Vec<PersonId> {
        names
            .iter()
            .enumerate()
            .map(|(rank, name)| {
                let place = (role == Role::Counsellor).then(|| format!("Bureau {}", rank + 1));
                let person = person(&text.key, name, role, place);
                let id = person.id;
                settings.people.insert(id, person);
                id
            })
            .collect()
    };
    people(Role::Director, std::slice::from_ref(&text.director), &mut settings);
    let receptionists = people(Role::Receptionist, &text.receptionists, &mut settings);
    let counsellors = people(Role::Counsellor, &text.counsellors, &mut settings);

    let site = |key: &str, name: &str, kind: SiteKind, address: String| Site {
        id: id(&format!("{}/site/{key}", text.key)),
        name: apostrophes(name),
        kind,
        address: apostrophes(&address),
        zone,
        holidays: HolidayZone::Metropole,
        removed: false,
        closures: Vec::new(),
    };
    let main = site("main", &settings.office.name, SiteKind::Main, settings.office.address.clone());
    let annexe = text
        .annexe
        .as_ref()
        .map(|name| site("annexe", name, SiteKind::Annexe, text.annexe_street.clone().unwrap_or_default()));
    let schools: Vec<Site> = text
        .schools
        .iter()
        .chain(&text.middle_schools)
        .map(|name| site(&ascii(name), name, SiteKind::School, text.town.clone()))
        .collect();
    let keys = Keys {
        key: text.key.clone(),
        counsellors,
        receptionists,
        main: main.id,
        schools: schools.iter().map(|site| site.id).collect(),
        hall: id(&format!("{}/room/salle-a", text.key)),
    };
    let hall = Room {
        id: keys.hall,
        site: main.id,
        name: "Salle A".into(),
        kind: "collectif".into(),
        rank: 0,
        seats: 18,
        removed: false,
    };
    settings.rooms.insert(hall.id, hall);
    let annexe_id = annexe.as_ref().map(|site| site.id);
    for site in [main].into_iter().chain(annexe).chain(schools) {
        settings.sites.insert(site.id, site);
    }
    for kind in kinds(&keys) {
        settings.kinds.insert(kind.id, kind);
    }
    for opening in openings(&keys, annexe_id, anchor) {
        settings.openings.insert(opening.id, opening);
    }
    for absence in absences(&keys, anchor) {
        settings.absences.insert(absence.id, absence);
    }
    (settings, keys)
}

fn person(office: &str, name: &str, role: Role, usual_place: Option<String>) -> Person {
    let (title, rest) = name.split_once(' ').unwrap_or(("Mme", name));
    let (given, family) = rest.split_once(' ').unwrap_or((rest, ""));
    Person {
        id: id(&format!("{office}/person/{name}")),
        login: ascii(family),
        title: if title == "M." { Title::M } else { Title::Mme },
        given_name: given.into(),
        family_name: apostrophes(family),
        role,
        usual_place,
        active: true,
    }
}

fn kinds(keys: &Keys) -> Vec<AppointmentKind> {
    let kind = |rank: i32, key: &str, name: &str, duration_min, buffer_after_min, capacity| AppointmentKind {
        id: keys.kind(key),
        key: key.into(),
        name: apostrophes(name),
        duration_min,
        buffer_after_min,
        min_notice_min: if capacity > 1 { 24 * 60 } else { 4 * 60 },
        horizon_days: Some(60),
        room_kind: (capacity > 1).then(|| "collectif".into()),
        capacity,
        rank,
        active: true,
        colour: KindColour::default(),
        before: None,
        after: None,
        online: false,
    };
    let mut kinds = vec![
        kind(0, "entretien", "Entretien d'orientation", 45, 0, 1),
        kind(1, "court", "Entretien court", 30, 0, 1),
        kind(2, "bilan", "Bilan d'orientation", 60, 0, 1),
        kind(3, "allophone", "Accueil allophone", 60, 0, 1),
        kind(4, "atelier", "Atelier Parcoursup", 90, 0, 12),
        kind(5, "stage", "Atelier stage de 3e", 90, 0, 12),
        kind(6, "reunion", "Réunion d'équipe", 60, 0, 1),
    ];
    // The team meets in the room, and the public is never offered a meeting of it.
    if let Some(meeting) = kinds.last_mut() {
        meeting.room_kind = Some("collectif".into());
        meeting.horizon_days = Some(0);
    }
    let colours = [
        KindColour::Green,
        KindColour::Blue,
        KindColour::Violet,
        KindColour::Olive,
        KindColour::Ochre,
        KindColour::Magenta,
        KindColour::Grey,
    ];
    for (kind, colour) in kinds.iter_mut().zip(colours) {
        kind.colour = colour;
    }
    kinds
}

/// Half-days in schools (and at the annexe) of each counsellor: weekday, morning or not, which place.
#[derive(Clone, Copy)]
enum Out {
    School(usize),
    Annexe,
}

const PATTERN: [&[(usize, bool, Out)]; 6] = [
    &[(1, true, Out::School(0)), (3, false, Out::School(0))],
    &[(1, false, Out::School(1)), (4, true, Out::School(1)), (3, true, Out::School(1))],
    &[(3, true, Out::School(2)), (4, false, Out::School(2))],
    &[(0, true, Out::School(0)), (3, false, Out::School(3)), (4, true, Out::School(3))],
    &[(1, true, Out::School(4)), (2, true, Out::Annexe), (2, false, Out::Annexe)],
    &[(1, false, Out::School(5)), (4, true, Out::School(5))],
];

fn openings(keys: &Keys, annexe: Option<SiteId>, anchor: NaiveDate) -> Vec<Opening> {
    let monday = anchor - Days::new(u64::from(anchor.weekday().num_days_from_monday()));
    let first_day = monday - Days::new(7 * 26);
    let mut openings = Vec::new();
    for (rank, (&counsellor, out)) in keys.counsellors.iter().zip(PATTERN).enumerate() {
        for (day, weekday) in WEEK.into_iter().enumerate() {
            for morning in [true, false] {
                let away =
                    out.iter().find(|(d, m, _)| (*d, *m) == (day, morning)).map(|(_, _, place)| *place);
                let place = match away {
                    Some(Out::School(n)) => keys.schools.get(n % keys.schools.len().max(1)).copied(),
                    Some(Out::Annexe) => annexe,
                    None => None,
                };
                let at_school = place.is_some() && place != annexe;
                let block = match (morning, weekday) {
                    (true, _) if at_school => SCHOOL_MORNING,
                    (true, _) => MORNING,
                    (false, Weekday::Wed) if place.is_none() && rank % 3 == 0 => LATE,
                    (false, _) => AFTERNOON,
                };
                let half = if morning { "am" } else { "pm" };
                openings.push(Opening {
                    id: id(&format!("{}/opening/{counsellor}/{day}/{half}", keys.key)),
                    counsellor,
                    site: place.unwrap_or(keys.main),
                    first_day: first_day + Days::new(day as u64),
                    blocks: vec![block],
                    rule: Some(Recurrence::weekly([weekday])),
                    except: Vec::new(),
                    overrides: Vec::new(),
                    works_on_off_days: false,
                    label: at_school.then(|| "Permanence".into()),
                    term_only: at_school,
                    duty: false,
                    removed: false,
                });
            }
        }
    }
    openings
}

/// Absences around the anchor: a training day, class councils, leave. Amiens gets those of the day shown apart.
fn absences(keys: &Keys, anchor: NaiveDate) -> Vec<Absence> {
    let monday = anchor - Days::new(u64::from(anchor.weekday().num_days_from_monday()));
    /// Rank of the counsellor, day from Monday, from, to, what, and a second line.
    type Planned = (usize, u64, u16, u16, &'static str, Option<&'static str>);
    let planned: [Planned; 5] = [
        (4, 8, 8 * 60 + 30, 17 * 60 + 30, "Congé", None),
        (2, 3, 15 * 60 + 30, 17 * 60 + 30, "Conseil de classe", Some("2de GT")),
        (1, 10, 13 * 60 + 30, 16 * 60, "Conseil de classe", Some("Tle")),
        (5, 14, 8 * 60 + 30, 12 * 60 + 30, "Formation", Some("Rectorat, journée Psy-EN")),
        (0, 4, 16 * 60, 17 * 60 + 30, "Réunion de bassin", None),
    ];
    planned
        .into_iter()
        .filter_map(|(rank, day, from, to, label, detail)| {
            let date = monday + Days::new(day);
            Some(absence(keys, *keys.counsellors.get(rank)?, date, (from, to), label, detail))
        })
        .collect()
}

/// One absence of one day.
pub(crate) fn absence(
    keys: &Keys,
    counsellor: PersonId,
    date: NaiveDate,
    (from, to): (u16, u16),
    label: &str,
    detail: Option<&str>,
) -> Absence {
    Absence {
        id: id(&format!("{}/absence/{counsellor}/{date}/{from}", keys.key)),
        counsellor,
        start: date.and_time(time(from)),
        end: date.and_time(time(to)),
        rule: None,
        except: Vec::new(),
        label: label.into(),
        detail: detail.map(apostrophes),
        removed: false,
    }
}
