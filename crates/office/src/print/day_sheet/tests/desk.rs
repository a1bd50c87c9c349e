//! The page of the desk.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::print::layout::{Item, Laid};

/// Each meeting has a number of its own, so that it can be counted on the page.
fn sheet_of(view: &DayView, free: &[FreeLine]) -> DaySheet {
    let mut sheet = sheet_with(view, free, None);
    let mut next = 0;
    for line in sheet.people.iter_mut().flat_map(|p| &mut p.lines) {
        if let What::Meeting(m) = &mut line.what {
            m.phone = Some((number(next), "mère"));
            next += 1;
        }
    }
    sheet
}

fn number(n: usize) -> String {
    words::phone(&format!("06399{n:05}"))
}

fn all(laid: &Laid) -> String {
    (0..laid.pages.len()).map(|n| text(laid, n)).collect::<Vec<_>>().join("|")
}

/// The smallest letters of names and numbers, points.
fn smallest(laid: &Laid, words: &str) -> f32 {
    let items = laid.pages.iter().flat_map(|p| &p.marks).flat_map(|m| &m.items);
    let sizes = items.filter_map(|i| match i {
        Item::Letters(_, _, piece) if piece.text.starts_with(words) => Some(piece.style.size),
        _ => None,
    });
    sizes.fold(f32::MAX, f32::min)
}

#[test]
fn twelve_counsellors_with_twelve_meetings_each_are_one_page() {
    let day = view((1..=12).map(column).collect(), (1..=12).flat_map(full).collect());
    let list = laid(&for_the_desk(&sheet_of(&day, &[])));
    assert_eq!(list.pages.len(), 1);
    let page = all(&list);
    let mut from = 0;
    for counsellor in 1..=12 {
        let heading = format!("Mme Leroy{counsellor}Bureau {counsellor} ·");
        let at = page.find(&heading).expect("a list of each");
        assert!(at >= from, "in the order of the columns");
        from = at;
        for meeting in 0..12 {
            let name = format!("Benali{counsellor}x{meeting} ");
            let at = page.find(&name).expect("everybody is there");
            assert!(at > from, "{name} is in the list of {heading}");
            from = at;
            assert_eq!(page.matches(&name).count(), 1, "{name} is there once");
        }
    }
    for n in 0..144 {
        assert_eq!(page.matches(&number(n).replace('\u{202f}', " ")).count(), 1, "number {n}");
    }
    assert!(smallest(&list, "Benali") >= 7.5, "{} points", smallest(&list, "Benali"));
    assert!(!page.contains("page 1 sur"), "one page has no number");
}

#[test]
fn a_short_day_has_empty_lines_and_says_all_that_is_known() {
    let free: Vec<FreeLine> = (0..3).map(|n| free("c1", 810 + 45 * n, true)).collect();
    let mut held = block(1, 600, "Masson", "Théo");
    held["status"] = json!("held");
    let day = view(vec![column(1), column(2)], vec![block(1, 510, "Leroy", "Zoé"), held]);
    let page = all(&laid(&for_the_desk(&sheet_of(&day, &free))));
    for words in [
        "Mardi 24 novembre 2026|",
        "|Mme Leroy1Bureau 1 · 2 rendez-vous|",
        "|8:30– 9:15|Leroy Zoé",
        "sa mère · Tle G",
        "06 39 90 00 00",
        "proposé, sans réponse · sa mère",
        "|13:30– 14:15|libre|",
        "Sans autre mention : entretien d’orientation.",
        "2 rendez-vous|3 créneaux libres",
    ] {
        assert!(page.contains(words), "{words:?} is on the page: {page}");
    }
    assert!(!page.contains("Mme Leroy2"), "who sees nobody has no list: {page}");
}

#[test]
fn free_places_of_a_full_day_are_one_line_a_counsellor() {
    let blocks = (1..=12).flat_map(|c| full(c).take(9)).collect();
    let free: Vec<FreeLine> = (1..=12)
        .flat_map(|c| [900, 945, 1035].map(|from| free(&format!("c{c}"), from, true)))
        .chain([super::free("c1", 990, false)])
        .collect();
    let list = laid(&for_the_desk(&sheet_of(&view((1..=12).map(column).collect(), blocks), &free)));
    assert_eq!(list.pages.len(), 1);
    let page = all(&list);
    assert_eq!(page.matches("|Libre|15:00 – 16:30, 17:15 – 18:00|").count(), 12, "{page}");
    assert!(!page.contains("16:30 – 17:15"), "nobody books at a school from the desk: {page}");
}

#[test]
fn bands_say_until_when_and_a_place_once() {
    let mut away = column(1);
    away["open"] = json!([
        { "from_min": 510, "to_min": 750, "site": "s", "site_name": "Lycée La Hotoie", "school": true, "duty": true },
        open(810, 1080),
    ]);
    away["absences"] =
        json!([{ "from_min": 900, "to_min": 960, "label": "Formation", "detail": "Rectorat" }]);
    let mut there = block(1, 555, "Nowak", "Thi-Mai");
    there["site_name"] = json!("Lycée La Hotoie");
    let mut excused = block(1, 855, "Petit", "Léo");
    excused["status"] = json!("excused");
    let day = view(vec![away], vec![there, excused]);
    let page = all(&laid(&for_the_desk(&sheet_of(&day, &[]))));
    for words in [
        "Permanence jusqu’à 12:30 · Lycée La Hotoie",
        "Absence jusqu’à 16:00 · Formation · Rectorat",
        "Ne viennent pas : 14:15 Léo Petit (excusé, Mme Leroy1)",
    ] {
        assert!(page.contains(words), "{words:?}: {page}");
    }
    assert_eq!(page.matches("La Hotoie").count(), 1, "the band says where: {page}");
    assert!(!page.contains("Pas d’accueil"), "a pause is white: {page}");
}

#[test]
fn who_comes_to_two_counsellors_is_awaited_once() {
    let mut both = block(1, 840, "Traoré", "Awa");
    both["second"] = json!({ "id": "c2", "name": "Mme Leroy2" });
    let page = all(&laid(&for_the_desk(&sheet_of(&view(vec![column(1), column(2)], vec![both]), &[]))));
    assert_eq!(page.matches("Traoré").count(), 1, "{page}");
    assert!(page.contains("avec Mme Leroy2") && page.contains("Avec Mme Leroy1 jusqu’à 14:45"), "{page}");
    assert!(page.contains("|1 rendez-vous|"), "it counts once: {page}");
}

#[test]
fn given_names_become_initials_before_a_second_page_does() {
    let of = |rows: u16| {
        let blocks = (1..=12).flat_map(move |c| {
            (0..rows).map(move |n| block(c, 480 + 15 * n, &format!("Roy{c}x{n}"), "Marie-Charlotte Inès"))
        });
        laid(&for_the_desk(&sheet_of(&view((1..=12).map(column).collect(), blocks.collect()), &[])))
    };
    let tight = of(15);
    assert_eq!(tight.pages.len(), 1);
    assert!(all(&tight).contains("M.-C. I."), "{}", all(&tight));
    assert!(all(&of(4)).contains("Marie-Charlotte Inès"));
    // More than a page: both have everything, with a heading that says so.
    let long = of(20);
    assert_eq!(long.pages.len(), 2);
    let (first, second) = (text(&long, 0), text(&long, 1));
    assert!(second.contains("Feuille de l’accueil, mardi 24 novembre 2026 (suite)"), "{second}");
    assert!(first.contains("page 1 sur 2") && second.contains("page 2 sur 2"));
    let page = format!("{first}{second}");
    for n in 0..240 {
        assert_eq!(page.matches(&number(n).replace('\u{202f}', " ")).count(), 1, "number {n}");
    }
}

const FAMILIES: [&str; 9] = [
    "Bo",
    "Benali",
    "Œuvrard",
    "De La Rochefoucauld-Montbel",
    "Vandenbussche-Ramanantsoa",
    "Aït-Ahmed",
    "Nguyễn",
    "Randriamampianina-Lefebvre",
    "Wolfeschlegelsteinhausenbergerdorff",
];
const GIVEN: [&str; 5] = ["", "Zoé", "Marie-Charlotte", "Éléonore Joséphine", "İbrahim"];
const STATES: [&str; 7] = ["booked", "held", "arrived", "attended", "no_show", "excused", "cancelled"];

/// The same throws for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }

    fn minutes(&mut self, first: u16, step: u16, steps: usize) -> u16 {
        first + step * u16::try_from(self.below(steps)).expect("few steps")
    }

    fn any_of(&mut self, words: &[&'static str]) -> &'static str {
        words[self.below(words.len())]
    }

    fn day(&mut self, meetings: usize) -> (DayView, Vec<FreeLine>) {
        let mut blocks = BTreeMap::new();
        for _ in 0..meetings {
            let (counsellor, from) = (1 + self.below(14), self.minutes(480, 15, 38));
            let mut one = block(counsellor, from, self.any_of(&FAMILIES), self.any_of(&GIVEN));
            one["status"] = json!(self.any_of(&STATES));
            if self.below(3) == 0 {
                one["kind"]["name"] = json!("Bilan d’orientation approfondi et de réorientation");
                one["room_name"] = json!("Grande salle du deuxième étage");
            }
            blocks.insert((counsellor, from), one);
        }
        let columns = (1..=14).map(|n| {
            let mut one = column(n);
            if self.below(3) == 0 {
                let from = self.minutes(510, 60, 8);
                one["absences"] = json!([
                    { "from_min": from, "to_min": from + 60, "label": "Formation", "detail": "Rectorat" }
                ]);
            }
            one
        });
        let view = view(columns.collect(), blocks.into_values().collect());
        let places: BTreeSet<(usize, u16)> =
            (0..self.below(40)).map(|_| (1 + self.below(14), self.minutes(480, 45, 12))).collect();
        (view, places.iter().map(|(c, from)| free(&format!("c{c}"), *from, true)).collect())
    }
}

/// Whatever a day is made of: nothing is over something else or beyond the edge ([`laid`] looks), and each meeting that
/// takes place has its line, its family name whole and its number whole, once.
#[test]
fn any_day_is_whole() {
    for seed in 0..16 {
        let mut dice = Dice(seed);
        let meetings = dice.below(150);
        let (view, free) = dice.day(meetings);
        let sheet = sheet_of(&view, &free);
        let list = laid(&for_the_desk(&sheet));
        // A name may end one line and begin the next.
        let page = all(&list).replace('|', "");
        let lines = sheet.people.iter().flat_map(|p| &p.lines);
        let held: Vec<&Meeting> =
            lines.filter_map(|l| if let What::Meeting(m) = &l.what { Some(m) } else { None }).collect();
        for n in 0..held.len() {
            let number = number(n).replace('\u{202f}', " ");
            assert_eq!(page.matches(&number).count(), 1, "seed {seed}: {number}");
        }
        let gone: Vec<&str> = sheet.people.iter().flat_map(|p| &p.gone).map(|g| g.1.as_str()).collect();
        for family in FAMILIES {
            let expected = held.iter().filter(|m| m.family_name == family).count()
                + gone.iter().filter(|g| g.contains(family)).count();
            assert_eq!(page.matches(family).count(), expected, "seed {seed}: {family} in {page}");
        }
        let ticked = held.iter().filter(|m| matches!(m.visit, Visit::Arrived | Visit::Seen)).count();
        let marks = list.pages.iter().flat_map(|p| &p.marks);
        assert_eq!(marks.filter(|m| m.reads_as == Some("☑")).count(), ticked, "seed {seed}");
        if held.len() < 70 {
            assert_eq!(list.pages.len(), 1, "seed {seed}: {} meetings", held.len());
        }
    }
}
