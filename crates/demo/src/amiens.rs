//! The day that the demonstration shows: Amiens in the middle of a busy morning, with every state that a meeting can
//! have, somebody in the waiting room, an absence, a morning of duty at a lycée, two group sessions.

use chrono::{Duration, NaiveDate, NaiveDateTime};
use passerelle_domain::appointment::Status;
use passerelle_domain::client::{ClientCategory, Relation};
use passerelle_domain::office::{OfficeSettings, Opening};
use passerelle_domain::slots::CivilBlock;

use crate::agenda::{Agenda, Wanted};
use crate::clients::{Families, Somebody};
use crate::ids::id;
use crate::settings::{Keys, MORNING, absence};

use ClientCategory::{Adult, Apprentice, Dropout, HighSchool, MiddleSchool, Student};
use Relation::{Father, Mother, Other};
use Status::{Arrived, Attended, Booked, Cancelled, Excused, Expired, Held, NoShow};

/// Counsellor, hour, minute, length, state; who, a girl or woman, public, class; who comes along.
type Line = (
    usize,
    u16,
    u16,
    u16,
    Status,
    (&'static str, &'static str, bool, ClientCategory, &'static str),
    &'static [Relation],
);

const DAY: [Line; 27] = [
    (0, 8, 30, 45, Attended, ("Yanis", "Belkacem", false, HighSchool, "2de GT"), &[]),
    (0, 9, 15, 45, Attended, ("Léa", "Fontaine", true, MiddleSchool, "3e"), &[Mother]),
    (0, 10, 15, 45, Arrived, ("Inès", "Marchetti", true, HighSchool, "Tle G"), &[]),
    (0, 11, 0, 45, Booked, ("Hugo", "Lemaire", false, MiddleSchool, "3e"), &[Father]),
    (0, 13, 30, 45, Booked, ("Aminata", "Diallo", true, HighSchool, "1re G"), &[]),
    (0, 15, 0, 45, Held, ("Rose", "Carpentier", true, HighSchool, "Tle G"), &[]),
    (0, 16, 0, 30, Booked, ("Lucas", "Thuillier", false, Student, "BTS 1"), &[]),
    (1, 9, 0, 45, NoShow, ("Théo", "Masson", false, HighSchool, "Tle G"), &[]),
    (1, 10, 30, 45, Arrived, ("Mehdi", "Benali", false, MiddleSchool, "3e"), &[Mother]),
    (1, 11, 15, 45, Booked, ("Camille", "Lefèvre", true, HighSchool, "2de GT"), &[]),
    (1, 15, 30, 45, Excused, ("Léo", "Petit", false, MiddleSchool, "3e"), &[Mother]),
    (1, 16, 15, 45, Booked, ("Clara", "Verhaeghe", true, HighSchool, "1re T, STMG"), &[Other]),
    (2, 8, 30, 45, Attended, ("Noé", "Quentin", false, MiddleSchool, "4e"), &[Mother, Father]),
    (2, 9, 30, 45, Booked, ("Sofiane", "Aït-Ahmed", false, HighSchool, "Tle G"), &[]),
    (
        2,
        10,
        30,
        45,
        Booked,
        ("Marie-Charlotte", "Vandenbussche-Ramanantsoa", true, HighSchool, "Tle G"),
        &[Mother],
    ),
    (2, 11, 30, 45, Booked, ("Zoé", "Caron", true, MiddleSchool, "3e"), &[Mother]),
    (2, 13, 30, 45, Booked, ("Gabriel", "Roussel", false, Dropout, ""), &[]),
    (2, 15, 45, 45, Booked, ("Nolan", "Petit", false, HighSchool, "1re G"), &[]),
    (3, 16, 0, 45, Booked, ("Ilyès", "Khelifi", false, MiddleSchool, "3e"), &[Father]),
    (4, 13, 30, 45, Booked, ("Manon", "Delattre", true, HighSchool, "2de GT"), &[]),
    (4, 14, 30, 45, Booked, ("Enzo", "Gaudry", false, MiddleSchool, "3e"), &[Mother]),
    (4, 15, 30, 45, Booked, ("Lina", "Ferreira", true, HighSchool, "Tle G"), &[]),
    (5, 10, 30, 45, Cancelled, ("Emma", "Morel", true, HighSchool, "1re G"), &[]),
    (5, 11, 45, 30, Booked, ("Jules", "Obry", false, Student, "BUT 2"), &[]),
    (5, 13, 30, 45, Booked, ("Nora", "Slimani", true, HighSchool, "1re G"), &[]),
    (5, 14, 15, 45, Booked, ("Adèle", "Wattiez", true, HighSchool, "Tle G"), &[]),
    (5, 15, 0, 45, Held, ("Tom", "Verdier", false, MiddleSchool, "3e"), &[Mother]),
];

/// People on record who have no meeting that day: those seen lately, a pair of twins, a record made twice.
const ON_RECORD: [(&str, &str, bool, ClientCategory, &str); 13] = [
    ("Paul", "Hennion", false, Adult, ""),
    ("Awa", "Traoré", true, ClientCategory::Allophone, "UPE2A"),
    ("Sarah", "Amrani", true, HighSchool, "1re G"),
    ("Yasmine", "Bénaïssa", true, HighSchool, "2de GT"),
    ("Yassine", "Bénaïssa", false, HighSchool, "2de GT"),
    ("Inès", "Benchekroun", true, HighSchool, "Tle G, maths et SVT"),
    ("Ines", "Benchekroun", true, HighSchool, "Tle G"),
    ("Kévin", "Tassart", false, Dropout, "17 ans, sans solution"),
    ("Lou-Ann", "Przybylski", true, HighSchool, "2de GT"),
    ("Mathis", "Boulanger", false, Student, "BUT 1"),
    ("Omar", "Saïdi", false, Adult, ""),
    ("Sylvie", "Caron", true, Adult, ""),
    ("Bryan", "De La Rochefoucauld-Montbel", false, Apprentice, "CAP 2, pâtisserie"),
];

/// The people of the day, in its order, then those on record.
pub(crate) fn people(families: &mut Families<'_>, keys: &Keys) -> Vec<Somebody> {
    let mut people: Vec<Somebody> = DAY
        .iter()
        .map(|(rank, _, _, _, status, (given, family, feminine, category, class), with)| {
            let mut somebody =
                families.named(given, family, *feminine, *category, class, with.first().copied());
            // Whoever is in the middle of something here is followed by the one who does it.
            if matches!(status, Attended | Arrived) {
                somebody.client.referent = keys.counsellors.get(*rank).copied();
            }
            somebody
        })
        .collect();
    for (given, family, feminine, category, class) in ON_RECORD {
        people.push(families.named(given, family, feminine, category, class, Some(Mother)));
    }
    // Twins share their birthday and their mother; the same girl recorded twice shares her phone.
    if let (Some(first), Some(second)) =
        (position(&people, "Yasmine Bénaïssa"), position(&people, "Yassine Bénaïssa"))
    {
        let twin = people[first].client.clone();
        let other = &mut people[second].client;
        other.birth_date = twin.birth_date;
        other.school = twin.school;
        other.postal_code = twin.postal_code;
        other.guardians = twin
            .guardians
            .into_iter()
            .map(|guardian| passerelle_domain::client::Guardian {
                id: id(&format!("twin/{}", guardian.id)),
                ..guardian
            })
            .collect();
    }
    if let (Some(first), Some(second)) =
        (position(&people, "Inès Benchekroun"), position(&people, "Ines Benchekroun"))
    {
        let known = people[first].client.clone();
        let double = &mut people[second].client;
        double.phone = known.phone;
        double.birth_date = known.birth_date;
        double.mail = None;
        double.guardians = Vec::new();
    }
    people
}

fn position(people: &[Somebody], name: &str) -> Option<usize> {
    people.iter().position(|somebody| somebody.client.full_name() == name)
}

/// Replaces the weekly pattern on the day shown, which may be any working day, and adds its absences.
pub(crate) fn arrange(settings: &mut OfficeSettings, keys: &Keys, day: NaiveDate) {
    for opening in settings.openings.values_mut() {
        opening.except.push(day);
    }
    const AFTERNOON: CivilBlock = CivilBlock { from: 13 * 60 + 30, to: 17 * 60 + 30 };
    for (rank, &counsellor) in keys.counsellors.iter().enumerate() {
        for block in [MORNING, AFTERNOON] {
            let duty = rank == 3 && block == MORNING;
            let opening = Opening {
                id: id(&format!("{}/opening/{counsellor}/{day}/{}", keys.key, block.from)),
                counsellor,
                site: if duty { keys.schools.first().copied().unwrap_or(keys.main) } else { keys.main },
                first_day: day,
                blocks: vec![block],
                rule: None,
                except: Vec::new(),
                overrides: Vec::new(),
                works_on_off_days: false,
                label: duty.then(|| "Permanence".into()),
                term_only: false,
                duty: false,
                removed: false,
            };
            settings.openings.insert(opening.id, opening);
        }
    }
    // The pattern's own absences of that day would hide what is shown.
    settings.absences.retain(|_, absence| absence.start.date() != day);
    let planned = [
        (4, (8 * 60 + 30, 12 * 60 + 30), "Formation", "Rectorat, journée Psy-EN"),
        (1, (13 * 60 + 30, 15 * 60 + 30), "Conseil de classe", "Collège César-Franck"),
    ];
    for (rank, hours, label, detail) in planned {
        let absence = absence(keys, keys.counsellors[rank], day, hours, label, Some(detail));
        settings.absences.insert(absence.id, absence);
    }
}

/// The state that a meeting has at another moment than the one it was written for: nobody has come to what is still
/// ahead, and what is over has taken place. One meeting keeps waiting for somebody to say how it went.
fn state_at(
    written: Status,
    start: NaiveDateTime,
    end: NaiveDateTime,
    now: NaiveDateTime,
    shown: NaiveDateTime,
) -> Status {
    match written {
        Attended if end > now => Booked,
        NoShow if start + Duration::minutes(30) > now => Booked,
        Arrived if end <= now => Attended,
        Arrived if start - Duration::minutes(30) > now => Booked,
        Booked if end <= now && end > shown => Attended,
        Held if start - Duration::hours(1) <= now => Expired,
        status => status,
    }
}

/// Puts the meetings of the day down as they stand at `now`, civil time of the office.
pub(crate) fn meetings(
    agenda: &mut Agenda<'_>,
    keys: &Keys,
    day: NaiveDate,
    people: &[Somebody],
    all: &[Somebody],
    now: NaiveDateTime,
) {
    let midnight = day.and_hms_opt(0, 0, 0).unwrap_or_default();
    let shown = midnight + Duration::minutes(10 * 60 + 22);
    let state = |status: Status, start: u16, minutes: u16| {
        let start = midnight + Duration::minutes(start.into());
        state_at(status, start, start + Duration::minutes(minutes.into()), now, shown)
    };
    for ((rank, hour, minute, minutes, status, _, with), somebody) in DAY.iter().zip(people) {
        agenda.put(&Wanted {
            kind: if *minutes == 30 { "court" } else { "entretien" },
            counsellor: keys.counsellors[*rank],
            site: keys.main,
            date: day,
            start: hour * 60 + minute,
            minutes: *minutes,
            status: state(*status, hour * 60 + minute, *minutes),
            client: Some(somebody),
            with,
        });
    }
    let session = |kind, rank: usize, start, status| Wanted {
        kind,
        counsellor: keys.counsellors[rank],
        site: keys.main,
        date: day,
        start,
        minutes: 90,
        status,
        client: None,
        with: &[],
    };
    agenda.session(&session("stage", 5, 8 * 60 + 45, state(Attended, 8 * 60 + 45, 90)), all, 6, 1);
    agenda.session(&session("atelier", 3, 14 * 60, state(Booked, 14 * 60, 90)), all, 5, 0);
    agenda
        .put(&Wanted { minutes: 60, ..session("reunion", 0, 16 * 60 + 30, state(Booked, 16 * 60 + 30, 60)) });
}
