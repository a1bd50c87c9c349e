//! Dates, hours and numbers as French writes them on paper.

use chrono::{DateTime, Datelike, NaiveDate, Timelike};
use chrono_tz::Tz;
use passerelle_domain::client::Relation;

const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// "mardi 24 novembre 2026", "mardi 1er décembre 2026".
#[must_use]
pub fn day(date: NaiveDate) -> String {
    let weekday = WEEKDAYS[date.weekday().num_days_from_monday() as usize % 7];
    let first = if date.day() == 1 { "er" } else { "" };
    format!("{weekday} {}{first}\u{a0}{} {}", date.day(), MONTHS[date.month0() as usize % 12], date.year())
}

/// "24 novembre 2026".
#[must_use]
pub fn day_without_weekday(date: NaiveDate) -> String {
    let whole = day(date);
    whole.split_once(' ').map_or_else(|| whole.clone(), |(_, rest)| rest.to_owned())
}

/// "14 h 30", "9 h", from minutes since midnight: for sentences.
#[must_use]
pub fn hour(minute: u16) -> String {
    match (minute / 60, minute % 60) {
        (hour, 0) => format!("{hour}\u{a0}h"),
        (hour, rest) => format!("{hour}\u{a0}h\u{a0}{rest:02}"),
    }
}

/// "9:05", from minutes since midnight: for columns.
#[must_use]
pub fn clock(minute: u16) -> String {
    format!("{}:{:02}", minute / 60, minute % 60)
}

/// "45 min", "1 h 30".
#[must_use]
pub fn duration(minutes: u16) -> String {
    if minutes < 60 { format!("{minutes}\u{a0}min") } else { hour(minutes) }
}

/// "lundi 23 novembre 2026 à 10 h 22", on the clock of a place.
#[must_use]
pub fn moment(at: DateTime<Tz>) -> String {
    let minute = u16::try_from(at.hour() * 60 + at.minute()).unwrap_or(0);
    format!("{} à {}", day(at.date_naive()), hour(minute))
}

/// "06 12 40 18 55" from any way of writing a French number; another number as it was written.
#[must_use]
pub fn phone(number: &str) -> String {
    let digits: String = number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    let national = digits.strip_prefix("+33").or_else(|| digits.strip_prefix("0033"));
    let national =
        national.map_or_else(|| digits.clone(), |rest| format!("0{}", rest.trim_start_matches('0')));
    if national.len() != 10 || !national.starts_with('0') || !national.bytes().all(|b| b.is_ascii_digit()) {
        return number.trim().replace(' ', "\u{202f}");
    }
    let pairs: Vec<String> = (0..5).map(|n| national[2 * n..2 * n + 2].to_owned()).collect();
    pairs.join("\u{202f}")
}

/// "1 rendez-vous", "3 places": French counts zero as one.
#[must_use]
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{n}\u{a0}{}", if n < 2 { one } else { many })
}

/// "sa mère", "son père et un proche", "ses parents"; nothing for who comes alone.
#[must_use]
pub fn companions(relations: &[Relation]) -> String {
    let has = |r| relations.contains(&r);
    let mut words: Vec<String> = match (has(Relation::Mother), has(Relation::Father)) {
        (true, true) => vec!["ses parents".to_owned()],
        (true, false) => vec!["sa mère".to_owned()],
        (false, true) => vec!["son père".to_owned()],
        (false, false) => Vec::new(),
    };
    match relations.iter().filter(|r| **r == Relation::Other).count() {
        0 => {}
        1 => words.push("un proche".to_owned()),
        others => words.push(format!("{others}\u{a0}proches")),
    }
    words.join(" et ")
}

/// Whose number it is, beside the number: "mère", "père", "proche"; nothing for one's own.
#[must_use]
pub const fn whose(relation: Relation) -> &'static str {
    match relation {
        Relation::Own => "",
        Relation::Mother => "mère",
        Relation::Father => "père",
        Relation::Other => "proche",
    }
}

/// The first letter large: the beginning of a line.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_hours_are_in_words() {
        let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert_eq!(day(date("2026-11-24")), "mardi 24\u{a0}novembre 2026");
        assert_eq!(day(date("2026-12-01")), "mardi 1er\u{a0}décembre 2026");
        assert_eq!(day_without_weekday(date("2027-08-05")), "5\u{a0}août 2027");
        assert_eq!(hour(14 * 60 + 30), "14\u{a0}h\u{a0}30");
        assert_eq!(hour(9 * 60), "9\u{a0}h");
        assert_eq!(hour(9 * 60 + 5), "9\u{a0}h\u{a0}05");
        assert_eq!(
            (clock(545), duration(45), duration(90)),
            ("9:05".into(), "45\u{a0}min".into(), "1\u{a0}h\u{a0}30".into())
        );
        assert_eq!(capital("élève"), "Élève");
    }

    #[test]
    fn phones_are_in_pairs_and_foreign_ones_as_written() {
        for typed in
            ["0612401855", "06 12 40 18 55", "+33612401855", "0033 6 12 40 18 55", "+33 (0)6.12.40.18.55"]
        {
            assert_eq!(phone(typed), "06\u{202f}12\u{202f}40\u{202f}18\u{202f}55", "{typed}");
        }
        assert_eq!(phone("+32 2 555 12 12"), "+32\u{202f}2\u{202f}555\u{202f}12\u{202f}12");
        assert_eq!(phone("poste 12"), "poste\u{202f}12");
        assert_eq!(phone(""), "");
    }

    #[test]
    fn who_comes_along_is_said_as_people_say_it() {
        use Relation::{Father, Mother, Other, Own};
        for (relations, words) in [
            (vec![], ""),
            (vec![Own], ""),
            (vec![Mother], "sa mère"),
            (vec![Father, Mother], "ses parents"),
            (vec![Mother, Other], "sa mère et un proche"),
            (vec![Other, Other], "2\u{a0}proches"),
        ] {
            assert_eq!(companions(&relations), words, "{relations:?}");
        }
    }
}
