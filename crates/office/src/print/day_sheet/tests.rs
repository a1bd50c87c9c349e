mod desk;

use serde_json::{Value, json};

use super::*;
use crate::print::draw;
use crate::print::paper::Paper;
use crate::print::sight::{laid, moment, text};

const DAY: &str = "2026-11-24";

fn office() -> Office {
    serde_json::from_value(json!({
        "uai": "0801327H", "name": "CIO d’Amiens", "town": "Amiens", "address": "12 rue de la Passerelle, 80090 Amiens",
        "postal_code": "80090", "phone": "0353011240", "mail": "cio.amiens@example.fr", "zone": "Europe/Paris",
        "hours": [], "answer_within_min": { "chat": 120, "mail": 480, "phone": 240, "walk_in": 60 }, "hold_min": 60,
    }))
    .expect("an office")
}

fn open(from: u16, to: u16) -> Value {
    json!({ "from_min": from, "to_min": to, "site": "main", "site_name": null, "school": false, "duty": false })
}

/// A counsellor who receives from 8:30 to 12:30 and from 13:30 to 18:00.
fn column(n: usize) -> Value {
    json!({
        "id": format!("c{n}"), "kind": "counsellor", "name": format!("Mme Leroy{n}"),
        "place": format!("Bureau {n}"), "free": 0, "open": [open(510, 750), open(810, 1080)], "absences": [],
    })
}

fn block(counsellor: usize, from: u16, family: &str, given: &str) -> Value {
    let start = format!("{DAY}T{:02}:{:02}:00Z", from / 60, from % 60);
    json!({
        "id": format!("a{counsellor}-{from}-{family}"), "start": start, "end": start, "zone": "UTC", "date": DAY,
        "from_min": from, "to_min": from + 45,
        "kind": { "id": "k", "name": "Entretien d’orientation", "duration_min": 45, "capacity": 1, "colour": "green" },
        "counsellor": { "id": format!("c{counsellor}"), "name": format!("Mme Leroy{counsellor}") }, "second": null,
        "session": null, "seat": true,
        "site": "main", "site_name": null, "room": null, "room_name": null, "status": "booked", "held_until": null,
        "client": {
            "id": format!("p-{family}"), "name": format!("{given} {family}"), "given_name": given, "family_name": family,
            "class_level": "Tle G", "phone": "0612401855",
        },
        "companions": [{ "relation": "mother", "guardian": null, "came": null }],
        "enquiry": null, "arrived_at": null, "override_reason": null, "version": 1, "sync": "acknowledged",
        "standing": "confirmed",
        "status_missing": false, "conflict": null, "history": [],
    })
}

fn view(columns: Vec<Value>, blocks: Vec<Value>) -> DayView {
    serde_json::from_value(json!({
        "date": DAY, "zone": "Europe/Paris", "from_min": 510, "to_min": 1080, "closed": null,
        "columns": columns, "blocks": blocks, "waiting": [], "received": [], "walk_ins": [], "missing": [],
        "todo": { "conflicts": 0, "calls_tomorrow": 0, "tomorrow": null },
    }))
    .expect("a day")
}

fn sheet_with(view: &DayView, free: &[FreeLine], counsellor: Option<&str>) -> DaySheet {
    let contact = |n: &str| {
        (n.to_owned(), serde_json::from_value(json!({ "relation": "mother", "phone": "0612401855" })))
    };
    let contacts = view
        .blocks
        .iter()
        .filter_map(|b| b.client.as_ref())
        .map(|c| contact(&c.id))
        .map(|(id, c)| (id, c.expect("a contact")))
        .collect();
    let (office, made) = (office(), moment().with_timezone(&chrono_tz::Europe::Paris));
    DaySheet::new(Source { view, office: &office, contacts: &contacts, free, counsellor, made })
}

fn sheet(view: &DayView) -> DaySheet {
    sheet_with(view, &[], None)
}

fn free(counsellor: &str, from_min: u16, at_office: bool) -> FreeLine {
    FreeLine { counsellor: counsellor.to_owned(), from_min, to_min: from_min + 45, at_office }
}

/// 12 meetings from 8:30 on, as close as they can be before 18:00.
fn full(counsellor: usize) -> impl Iterator<Item = Value> {
    (0..12u16).map(move |n| {
        let from = if n < 5 { 510 + 45 * n } else { 810 + 40 * (n - 5) };
        block(counsellor, from, &format!("Benali{counsellor}x{n}"), "Inès-Éloïse")
    })
}

#[test]
fn a_full_day_of_twelve_counsellors_is_twelve_pages() {
    let columns = (1..=12).map(column).collect();
    let view = view(columns, (1..=12).flat_map(full).collect());
    let sheet = sheet(&view);
    let pages = laid(&by_counsellor(&sheet));
    assert_eq!(pages.pages.len(), 12, "a normal full day is one page");
    for n in 1..=12 {
        let seen = text(&pages, n - 1);
        for meeting in 0..12 {
            let name = format!("Benali{n}x{meeting}, Inès-Éloïse");
            assert!(seen.contains(&name), "{name} is on page {n}: {seen}");
        }
        assert!(!seen.contains("page 1 sur"), "one page has no number");
    }
}

#[test]
fn lines_are_in_the_order_of_time_and_say_only_who_when_where() {
    let mut away = column(1);
    away["open"] = json!([
        { "from_min": 510, "to_min": 750, "site": "s", "site_name": "Lycée Robert-de-Luzarches", "school": true, "duty": true },
        open(810, 1080),
    ]);
    away["absences"] =
        json!([{ "from_min": 900, "to_min": 960, "label": "Formation", "detail": "Rectorat" }]);
    let mut held = block(1, 970, "Masson", "Théo");
    held["status"] = json!("held");
    held["client"] = Value::Null;
    held["enquiry"] = json!("e1");
    let mut excused = block(1, 855, "Petit", "Léo");
    excused["status"] = json!("excused");
    let mut refused = block(1, 1020, "Traoré", "Awa");
    refused["conflict"] = json!("x");
    let day = view(vec![away], vec![refused, held, block(1, 810, "Leroy", "Zoé"), excused]);
    let sheet = sheet_with(&day, &[free("c1", 855, true), free("c1", 510, false)], None);
    let person = &sheet.people[0];
    let seen: Vec<(u16, &str)> = person
        .lines
        .iter()
        .map(|l| {
            let what = match &l.what {
                What::Meeting(m) => m.family_name.as_str(),
                What::Session(_) => "session",
                What::Free(_) => "libre",
                What::Absence(label, _) => label,
                What::Reception(site, _) => site.as_deref().unwrap_or("permanence"),
                What::Pause => "pause",
            };
            (l.from_min, what)
        })
        .collect();
    let expected = [
        (510, "Lycée Robert-de-Luzarches"),
        (510, "libre"),
        (750, "pause"),
        (810, "Leroy"),
        (855, "libre"),
        (900, "Formation"),
        (970, "Nom à demander"),
        (1020, "Traoré"),
    ];
    assert_eq!(seen, expected);
    assert_eq!(person.gone, [(855, "Léo Petit".to_owned(), "excusé")], "nobody waits for them");
    assert_eq!((person.meetings(), person.free()), (3, 1), "what a school fills is not the desk's to give");

    let page = text(&laid(&by_counsellor(&sheet)), 0);
    for words in [
        "Mardi 24 novembre 2026 · Bureau 1",
        "3 rendez-vous",
        "1 créneau libre",
        "Permanence · Lycée Robert-de-Luzarches",
        "Absence · Formation · Rectorat",
        "Leroy, Zoé",
        "Tle G",
        "sa mère",
        "06 12 40 18 55",
        "mère",
        "proposé, sans réponse",
        "conflit à régler",
        "Ne viennent pas : 14:15 Léo Petit (excusé)",
        "imprimé le lundi 23 novembre 2026 à 10 h 22",
    ] {
        assert!(page.to_lowercase().contains(&words.to_lowercase()), "{words:?} is on the page: {page}");
    }
}

#[test]
fn who_comes_to_a_session_shares_its_line() {
    let people = ["Zola", "Abadie", "Éluard"].map(|family| {
        let mut one = block(1, 840, family, "Léa");
        one["kind"] = json!({ "id": "g", "name": "Atelier Parcoursup", "duration_min": 90, "capacity": 12, "colour": "blue" });
        one["room_name"] = json!("Salle A");
        one["session"] = json!("s1");
        one
    });
    let day = view(vec![column(1)], people.to_vec());
    let sheet = sheet(&day);
    let sessions: Vec<&Session> = sheet.people[0]
        .lines
        .iter()
        .filter_map(|l| if let What::Session(s) = &l.what { Some(s) } else { None })
        .collect();
    assert_eq!(sessions.len(), 1);
    assert_eq!(
        sessions[0].names,
        ["Abadie\u{a0}Léa", "Éluard\u{a0}Léa", "Zola\u{a0}Léa"],
        "accents do not matter"
    );
    let page = text(&laid(&by_counsellor(&sheet)), 0);
    assert!(page.contains("Atelier Parcoursup · Salle A · 3 inscrits sur 12"), "{page}");
}

#[test]
fn a_permanence_at_the_office_is_a_band_too() {
    let mut column = column(1);
    column["open"][0]["duty"] = json!(true);
    let sheet = sheet(&view(vec![column], vec![block(1, 810, "Leroy", "Zoé")]));
    assert_eq!(sheet.people[0].lines[0].what, What::Reception(None, true));
    let page = text(&laid(&by_counsellor(&sheet)), 0);
    assert!(page.contains("Permanence · accueil sans rendez-vous"), "{page}");
}

#[test]
fn a_meeting_of_two_is_on_both_pages() {
    let mut both = block(1, 840, "Traoré", "Awa");
    both["second"] = json!({ "id": "c2", "name": "Mme Leroy2" });
    let sheet = sheet(&view(vec![column(1), column(2)], vec![both]));
    let pages = laid(&by_counsellor(&sheet));
    for (page, colleague) in [(0, "avec Mme Leroy2"), (1, "avec Mme Leroy1")] {
        let seen = text(&pages, page);
        assert!(seen.contains("Traoré, Awa") && seen.contains(colleague), "{seen}");
    }
}

#[test]
fn long_names_break_and_nothing_is_lost() {
    let mut long = block(1, 510, "Vandenbussche-Ramanantsoa", "Marie-Antoinette Éléonore Joséphine");
    long["kind"]["name"] =
        json!("Accompagnement à la construction du projet d’orientation et de réorientation");
    long["room_name"] = json!("Grande salle de réunion du deuxième étage");
    let mut worst = block(1, 600, &"W".repeat(120), &"M".repeat(120));
    worst["client"]["class_level"] = json!("Q".repeat(120));
    let day = view(vec![column(1)], vec![long, worst]);
    let sheet = sheet(&day);
    for paper in [by_counsellor(&sheet), for_the_desk(&sheet)] {
        let pages = laid(&paper);
        assert_eq!(pages.pages.len(), 1);
        let page = text(&pages, 0).replace(['|', ','], "");
        for words in ["Vandenbussche-Ramanantsoa Marie-Antoinette Éléonore Joséphine", "deuxième étage"]
        {
            assert!(page.contains(words), "{words:?}: {page}");
        }
        assert_eq!(page.matches('W').count(), 120, "every letter is there");
    }
}

#[test]
fn what_is_known_of_a_visit_is_ticked() {
    let of = |from, family: &str, status: &str| {
        let mut one = block(1, from, family, "Léa");
        one["status"] = json!(status);
        one
    };
    let day = view(
        vec![column(1)],
        vec![
            of(510, "Awaité", "booked"),
            of(555, "Arrivé", "arrived"),
            of(600, "Vu", "attended"),
            of(645, "Manqué", "no_show"),
        ],
    );
    let sheet = sheet(&day);
    let boxes = |paper: &Paper| -> String {
        let pages = laid(paper);
        pages.pages.iter().flat_map(|p| &p.marks).filter_map(|m| m.reads_as).collect()
    };
    assert_eq!(boxes(&by_counsellor(&sheet)), "☐☐☐☑☐☐☑☑☐☐☐☑", "arrived, seen, absent");
    assert_eq!(boxes(&for_the_desk(&sheet)), "☐☑☑☐", "arrived");
}

#[test]
fn an_empty_or_closed_day_is_one_page() {
    let nobody = view(vec![column(1), column(2)], Vec::new());
    let pages = laid(&by_counsellor(&sheet(&nobody)));
    assert_eq!(pages.pages.len(), 1, "nobody has a page for nothing");
    assert!(text(&pages, 0).contains("Aucun rendez-vous ce jour-là."));
    let asked = laid(&by_counsellor(&sheet_with(&nobody, &[], Some("c2"))));
    assert!(text(&asked, 0).contains("Mme Leroy2"), "who was asked for has a page");

    let mut closed = view(Vec::new(), Vec::new());
    closed.closed = Some("Armistice de 1918".to_owned());
    for paper in [by_counsellor(&sheet(&closed)), for_the_desk(&sheet(&closed))] {
        let pages = laid(&paper);
        assert_eq!(pages.pages.len(), 1);
        assert!(text(&pages, 0).contains("Centre fermé : Armistice de 1918"));
    }
    let room = sheet_with(&nobody, &[free("c1", 510, true)], None);
    let pages = laid(&by_counsellor(&room));
    assert_eq!(pages.pages.len(), 1, "who could see somebody has a page, the other has none");
    assert!(text(&pages, 0).contains("1 créneau libre"));
}

#[test]
fn a_day_beyond_a_page_goes_on_with_its_titles() {
    let day = view(
        vec![column(1)],
        (0..40).map(|n| block(1, 480 + 15 * n, &format!("Nom{n:02}"), "Léa")).collect(),
    );
    let pages = laid(&by_counsellor(&sheet(&day)));
    let count = pages.pages.len();
    assert_eq!(count, 2);
    let all: String = (0..count).map(|n| text(&pages, n)).collect();
    assert!((0..40).all(|n| all.contains(&format!("Nom{n:02}"))), "nothing is lost between two pages");
    assert!(text(&pages, 1).contains("(suite)") && text(&pages, 1).contains("page 2 sur 2"));
}

#[test]
fn the_same_sheet_has_the_same_bytes() {
    let day = view(vec![column(1), column(2)], full(1).chain(full(2)).collect());
    let paper = by_counsellor(&sheet(&day));
    let first = draw(&paper, moment()).expect("a PDF");
    for _ in 0..3 {
        assert_eq!(draw(&paper, moment()).expect("a PDF"), first);
    }
    let later = draw(&paper, moment() + chrono::Duration::hours(1)).expect("a PDF");
    assert_ne!(later.bytes, first.bytes, "the moment is written into it");
}

#[test]
fn what_central_has_not_confirmed_says_how_sure_it_is() {
    let of = |from, family: &str, standing: &str| {
        let mut one = block(1, from, family, "Zoé");
        one["standing"] = json!(standing);
        one
    };
    let all = [(540, "confirmed"), (600, "guaranteed"), (660, "reserved"), (810, "to_replace")];
    let day =
        view(vec![column(1)], all.into_iter().map(|(from, standing)| of(from, "Leroy", standing)).collect());
    let sheet = sheet_with(&day, &[], None);
    let states: Vec<Option<&str>> = sheet.people[0]
        .lines
        .iter()
        .filter_map(|line| match &line.what {
            What::Meeting(meeting) => Some(meeting.state),
            _ => None,
        })
        .collect();
    assert_eq!(states, [None, Some("garanti"), Some("sous réserve"), Some("à replacer")]);
}
