use passerelle_domain::office::Position;
use serde_json::json;

use super::*;
use crate::print::layout::{Item, mm};
use crate::print::sight::{laid, moment, text};

/// Everything that a letter can be made from.
struct Case {
    office: Office,
    site: Site,
    appointment: Appointment,
    kind: AppointmentKind,
    counsellor: Person,
    second: Option<Person>,
    client: Option<Client>,
    requester: bool,
    sensitive: bool,
}

const ID: &str = "0190a000-0000-7000-8000-000000000001";

fn case() -> Case {
    let office = json!({
        "uai": "0801327H", "name": "CIO d’Amiens", "town": "Amiens", "address": "12 rue de la Passerelle, 80090 Amiens",
        "postal_code": "80090", "phone": "0353011240", "mail": "cio.amiens@example.fr", "zone": "Europe/Paris",
        "hours": [], "answer_within_min": { "chat": 120, "mail": 480, "phone": 240, "walk_in": 60 }, "hold_min": 60,
    });
    let site = json!({
        "id": ID, "name": "CIO d’Amiens", "kind": "main", "address": "12 rue de la Passerelle, 80090 Amiens",
        "zone": "Europe/Paris",
    });
    let appointment = json!({
        "id": ID, "kind": ID, "counsellor": ID, "site": ID, "start": "2026-11-24T13:30:00Z",
        "end": "2026-11-24T14:15:00Z", "zone": "Europe/Paris", "status": "booked", "client": ID, "version": 1,
        "history": [],
    });
    let kind = json!({
        "id": ID, "key": "entretien", "name": "Entretien d’orientation", "duration_min": 45, "capacity": 1,
        "horizon_days": 60, "active": true,
    });
    let counsellor = json!({
        "id": ID, "login": "dupont", "title": Title::Mme, "given_name": "Claire", "family_name": "Dupont",
        "role": "counsellor", "usual_place": "Bureau 1", "active": true,
    });
    let client = json!({
        "id": ID, "family_name": "Benchekroun", "given_name": "Inès", "birth_date": "2009-03-04",
        "postal_code": "80000",
        "guardians": [{ "id": ID, "relation": "mother", "given_name": "Samira", "family_name": "Benchekroun" }],
    });
    Case {
        office: serde_json::from_value(office).expect("the office as it is stored"),
        site: serde_json::from_value(site).expect("the site as it is stored"),
        appointment: serde_json::from_value(appointment).expect("the meeting as it is stored"),
        kind: serde_json::from_value(kind).expect("the kind as it is stored"),
        counsellor: serde_json::from_value(counsellor).expect("the person as it is stored"),
        second: None,
        client: Some(serde_json::from_value(client).expect("the client as it is stored")),
        requester: false,
        sensitive: false,
    }
}

impl Case {
    fn letter(&self) -> Option<Letter> {
        Letter::new(Source {
            office: &self.office,
            site: &self.site,
            appointment: &self.appointment,
            kind: &self.kind,
            counsellor: &self.counsellor,
            second: self.second.as_ref(),
            room: None,
            client: self.client.as_ref(),
            requester: self.requester.then_some(Requester { name: "Sylvie Caron", postal_code: "80100" }),
            town: Some("Amiens"),
            sensitive: self.sensitive,
            made: moment().with_timezone(&self.office.zone),
        })
    }

    fn client(&mut self) -> &mut Client {
        self.client.as_mut().expect("a client")
    }

    /// The page, checked: one, nothing cut.
    fn page(&self) -> String {
        let pages = laid(&paper(&self.letter().expect("a letter")));
        assert_eq!(pages.pages.len(), 1, "a letter is one page");
        text(&pages, 0)
    }
}

fn value<'l>(letter: &'l Letter, name: &str) -> Option<&'l str> {
    letter.facts.iter().find(|(n, _)| *n == name).map(|(_, v)| v.as_str())
}

#[test]
fn it_says_who_when_where_and_with_whom() {
    let page = case().page();
    for words in [
        "CIO d’Amiens|12 rue de la Passerelle, 80090 Amiens|Tél. : 03 53 01 12 40|cio.amiens@example.fr",
        "Mme Samira Benchekroun|pour Inès Benchekroun",
        "80000 AMIENS",
        "Amiens, le 23 novembre 2026",
        "Convocation",
        "Nous confirmons le rendez-vous d’Inès Benchekroun :",
        "mardi 24 novembre 2026 à 14 h 30",
        "environ 45 min",
        "Entretien d’orientation",
        "Mme Dupont, psychologue de l’Éducation nationale",
        "CIO d’Amiens, 12 rue de la Passerelle, 80090 Amiens",
        "Bureau 1",
        "À apporter : cette convocation.",
        "par téléphone au 03 53 01 12 40",
        "Le centre les garde pendant l’année scolaire en cours et la suivante.",
    ] {
        let flat = page.replace(['|', ' '], "");
        assert!(flat.contains(&words.replace(['|', ' '], "")), "{words:?} is on the page: {page}");
    }
}

#[test]
fn it_goes_to_who_answers_for_a_minor_and_else_to_oneself() {
    let first = |case: &Case| case.letter().expect("a letter").to[0].clone();
    let mut case = case();
    assert_eq!(first(&case), "Mme Samira Benchekroun");
    case.client().birth_date = "2008-11-24".parse().ok();
    assert_eq!(first(&case), "Inès Benchekroun", "18 on the day of the meeting");
    assert!(case.letter().expect("a letter").opening.contains("votre rendez-vous"));
    case.client().birth_date = "2008-11-25".parse().ok();
    assert_eq!(first(&case), "Mme Samira Benchekroun", "18 on the day after");
    case.client().guardians[0].relation = Relation::Father;
    case.client().guardians[0].given_name = String::new();
    assert_eq!(first(&case), "M. Benchekroun");
    case.client().guardians.clear();
    assert_eq!(first(&case), "Aux responsables d’Inès Benchekroun");
    case.client().birth_date = None;
    assert_eq!(first(&case), "Inès Benchekroun", "nobody is said to answer for her");
    case.client().category = Some(ClientCategory::MiddleSchool);
    assert_eq!(first(&case), "Aux responsables d’Inès Benchekroun");
    case.client().category = Some(ClientCategory::Adult);
    assert_eq!(first(&case), "Inès Benchekroun");
    case.client = None;
    case.requester = true;
    assert_eq!(first(&case), "Sylvie Caron", "who asked online, while nobody is on record");
}

#[test]
fn it_never_says_why() {
    let mut case = case();
    case.appointment.override_reason = Some("la mère insiste".to_owned());
    case.sensitive = true;
    let letter = case.letter().expect("a letter");
    assert_eq!(value(&letter, "Objet"), None, "of a sensitive enquiry not even the kind");
    assert!(!case.page().contains("Entretien"), "nowhere on the page");
    assert!(!case.page().contains("insiste"));
    case.sensitive = false;
    assert_eq!(value(&case.letter().expect("a letter"), "Objet"), Some("Entretien d’orientation"));
    case.kind.horizon_days = Some(0);
    assert_eq!(
        value(&case.letter().expect("a letter"), "Objet"),
        None,
        "the public is never offered that kind"
    );
}

#[test]
fn it_says_what_the_office_asks_families_to_bring() {
    let mut case = case();
    case.kind.before = Some("Apportez vos bulletins de l’année".to_owned());
    assert!(case.page().contains("Apportez vos bulletins de l’année. Apportez aussi cette convocation."));
    case.sensitive = true;
    assert!(!case.page().contains("bulletins"), "what to bring would say what kind it is");
    case.sensitive = false;
    case.kind.before = Some("Apportez tout ce qui peut servir. ".repeat(60));
    let page = case.page();
    assert!(page.contains("Pour le CIO d’Amiens"), "still one page, to its end: {page}");
}

#[test]
fn both_counsellors_are_named() {
    let mut case = case();
    let colleague = Person { title: Title::M, family_name: "Haddad".to_owned(), ..case.counsellor.clone() };
    case.second = Some(colleague);
    let with =
        "Mme Dupont, psychologue de l’Éducation nationale et M. Haddad, psychologue de l’Éducation nationale";
    assert_eq!(value(&case.letter().expect("a letter"), "Avec"), Some(with));
    case.page();
}

#[test]
fn who_is_met_at_a_distance_is_sent_nowhere() {
    let mut case = case();
    case.kind.online = true;
    let page = case.page();
    assert!(page.contains("ne vous déplacez pas"), "{page}");
    assert!(!page.contains("Bureau 1") && !page.contains("Apportez"), "{page}");
}

#[test]
fn a_proposal_says_until_when_and_what_is_over_has_no_letter() {
    let mut case = case();
    case.appointment.status = Status::Held;
    case.appointment.held_until = "2026-11-23T17:00:00Z".parse().ok();
    let page = case.page();
    assert!(page.contains("Proposition de rendez-vous"), "{page}");
    let flat = page.replace('|', "");
    assert!(
        flat.contains("retenu pour vous jusqu’au lundi 23 novembre 2026 à 18 h. Confirmez-le d’ici là"),
        "{page}"
    );
    for status in Status::ALL {
        case.appointment.status = status;
        let expected = matches!(status, Status::Held | Status::Booked | Status::Arrived);
        assert_eq!(case.letter().is_some(), expected, "{status:?}");
    }
    case.appointment.status = Status::Booked;
    case.client = None;
    assert!(case.letter().is_none(), "a meeting of nobody");
}

#[test]
fn hours_are_those_of_the_place_even_over_a_change_of_clocks() {
    let mut case = case();
    // The clocks went back in the night before.
    case.appointment.start = "2026-10-26T08:00:00Z".parse().expect("an instant");
    case.appointment.end = "2026-10-26T08:45:00Z".parse().expect("an instant");
    assert_eq!(
        value(&case.letter().expect("a letter"), "Date"),
        Some("lundi 26\u{a0}octobre 2026 à 9\u{a0}h")
    );
    case.site.zone = chrono_tz::Indian::Reunion;
    case.appointment.zone = chrono_tz::Indian::Reunion;
    let letter = case.letter().expect("a letter");
    assert_eq!(
        value(&letter, "Date"),
        Some("lundi 26\u{a0}octobre 2026 à 12\u{a0}h (heure du lieu)"),
        "another clock than the office's is said"
    );
    case.office.zone = chrono_tz::Indian::Reunion;
    case.office.position = Some(Position { lat: -20.9, lon: 55.4 });
    let letter = case.letter().expect("a letter");
    assert_eq!(value(&letter, "Date"), Some("lundi 26\u{a0}octobre 2026 à 12\u{a0}h"));
    assert_eq!(letter.dated, "Amiens, le 23\u{a0}novembre 2026");
}

#[test]
fn the_address_and_nothing_else_is_in_the_window() {
    for long in [false, true] {
        let mut case = case();
        if long {
            case.client().guardians[0].family_name = "Vandenbussche-Ramanantsoa".to_owned();
            case.client().guardians[0].given_name = "Marie-Antoinette".to_owned();
            case.client().given_name = "Marie-Charlotte".to_owned();
            case.client().family_name = "Vandenbussche-Ramanantsoa".to_owned();
            case.office.address =
                "Cité administrative, bâtiment C, 12 bis rue de la Passerelle, 80090 Amiens".to_owned();
        }
        let pages = laid(&paper(&case.letter().expect("a letter")));
        let mut seen = String::new();
        for item in pages.pages[0].marks.iter().flat_map(|m| &m.items) {
            let Item::Letters(x, base, piece) = item else { continue };
            // What a window of either height can show, wherever the sheet slides.
            let could_show = x + piece.width > mm(90.0) && *base > mm(44.0) && *base < mm(90.0);
            if !could_show {
                continue;
            }
            let always_shown = *x >= mm(100.0)
                && x + piece.width <= mm(190.5)
                && base - piece.style.size >= mm(54.0)
                && *base <= mm(79.0);
            assert!(always_shown, "{piece:?} at {x} {base} may be hidden");
            seen.push_str(&piece.text);
        }
        assert!(seen.contains("80000 AMIENS") && seen.contains("pour "), "{seen}");
    }
}

#[test]
fn it_stays_on_one_page_with_much_to_say() {
    let mut case = case();
    case.site.name = "Annexe ".repeat(17);
    case.site.address = "rue des Longues-Maisons-de-la-Vallée ".repeat(8);
    case.kind.name = "Accompagnement ".repeat(8);
    case.office.mail = Some(format!("{}@ac-amiens.example.fr", "accueil.".repeat(14)));
    let page = case.page();
    assert!(page.contains("Pour le CIO d’Amiens"), "the end is there: {page}");
}
