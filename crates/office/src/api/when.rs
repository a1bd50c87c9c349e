//! Days and hours as they are said at a counter: "lun 14h", "demain", "lundi 30", "25/11", "25 nov 9h30", "+7".

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::store::fold;

const WEEKDAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
const MONTHS: [&str; 12] = [
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
];

/// A date without its year is the next one, unless it was so few days ago: somebody looks back.
const LOOK_BACK_DAYS: u64 = 90;
/// "lundi 30" is looked for so many days ahead; a given weekday and number come together at least that often.
const LOOK_AHEAD_DAYS: usize = 800;

/// What of a text is a day or an hour, and what is left of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct When {
    /// The day.
    pub day: Option<NaiveDate>,
    /// Minutes since midnight.
    pub minute: Option<u16>,
    /// The other words, as typed.
    pub rest: Vec<String>,
}

/// Reads a text; `today` is the civil date at the office.
#[must_use]
pub fn read(text: &str, today: NaiveDate) -> When {
    let typed: Vec<&str> =
        text.split([' ', ',', '\u{a0}', '\u{202f}', '\t']).filter(|w| !w.is_empty()).collect();
    let words: Vec<String> = typed.iter().map(|w| plain(w)).collect();
    let mut when = When::default();
    let mut at = 0;
    while at < words.len() {
        let left = &words[at..];
        if when.minute.is_none()
            && let Some((minute, used)) = hour(left)
        {
            when.minute = Some(minute);
            at += used;
        } else if when.day.is_none()
            && let Some((day, used)) = date(left, today)
        {
            when.day = Some(day);
            at += used;
        } else {
            when.rest.push(typed[at].to_owned());
            at += 1;
        }
    }
    // Small words between a day and an hour say nothing by themselves.
    let said = when.day.is_some() || when.minute.is_some();
    when.rest.retain(|w| !(said && matches!(plain(w).as_str(), "le" | "a" | "vers" | "du" | "au")));
    // A lone number is a day of the month when nothing else is said.
    if when.day.is_none()
        && let [only] = when.rest.as_slice()
        && let Some(day) = plain(only).parse().ok().and_then(|n| next_numbered(n, today))
    {
        when.day = Some(day);
        when.rest.clear();
    }
    when
}

/// A whole date with its year: `4/3/2009`, `04.03.09`, `2009-03-04`. Two digits are the last hundred years.
#[must_use]
pub fn birth_date(word: &str, today: NaiveDate) -> Option<NaiveDate> {
    if let Ok(date) = NaiveDate::parse_from_str(word, "%Y-%m-%d") {
        return (word.len() == 10).then_some(date);
    }
    let (day, month, year) = numbers(word)?;
    let year = match year? {
        short @ 0..=99 => {
            let this_century = today.year() - today.year().rem_euclid(100) + short;
            if this_century > today.year() { this_century - 100 } else { this_century }
        }
        long => long,
    };
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Lower case without accents; signs that dates and hours are written with are kept.
fn plain(word: &str) -> String {
    let mut out = String::new();
    for c in word.chars() {
        match c {
            '/' | ':' | '.' | '+' | '-' => out.push(c),
            c => out.push_str(&fold(&c.to_string())),
        }
    }
    out
}

/// "14h", "14h30", "9:05", "14 h 30", "midi"; how many words it took.
fn hour(words: &[String]) -> Option<(u16, usize)> {
    let first = words.first()?;
    if first == "midi" {
        return Some((12 * 60, 1));
    }
    let minutes = |hours: &str, minutes: &str| -> Option<u16> {
        let digits = |t: &str| (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
        if !digits(hours) || !(minutes.is_empty() || (digits(minutes) && minutes.len() == 2)) {
            return None;
        }
        let (h, m): (u16, u16) =
            (hours.parse().ok()?, if minutes.is_empty() { 0 } else { minutes.parse().ok()? });
        (h < 24 && m < 60).then_some(h * 60 + m)
    };
    if let Some((hours, rest)) = first.split_once('h') {
        // "14h 30": the minutes stand apart.
        if rest.is_empty()
            && let Some(minute) = words.get(1).and_then(|m| minutes(hours, m))
        {
            return Some((minute, 2));
        }
        return Some((minutes(hours, rest)?, 1));
    }
    if let Some((hours, rest)) = first.split_once(':') {
        return (rest.len() == 2).then(|| minutes(hours, rest)).flatten().map(|m| (m, 1));
    }
    if words.get(1).map(String::as_str) == Some("h") {
        if let Some(minute) = words.get(2).filter(|m| m.len() == 2).and_then(|m| minutes(first, m)) {
            return Some((minute, 3));
        }
        return Some((minutes(first, "")?, 2));
    }
    None
}

/// A date at the beginning of the words; how many it took.
fn date(words: &[String], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let first = words.first()?.as_str();
    let second = words.get(1).map(String::as_str);
    let days = |n: u64| today.checked_add_days(Days::new(n));
    match (first, second) {
        ("aujourdhui" | "aujourd" | "auj" | "auj.", _) => return Some((today, 1)),
        ("demain", _) => return Some((days(1)?, 1)),
        ("hier", _) => return Some((today.pred_opt()?, 1)),
        ("apres-demain", _) => return Some((days(2)?, 1)),
        ("apres", Some("demain")) => return Some((days(2)?, 2)),
        ("le", Some(_)) => {
            let (day, used) = date(&words[1..], today).or_else(|| {
                // "le 25"
                Some((next_numbered(number(words.get(1)?)?, today)?, 1))
            })?;
            return Some((day, used + 1));
        }
        _ => {}
    }
    if let Some(shift) = first.strip_prefix(['+', '-']) {
        let n: u64 = shift.parse().ok().filter(|_| shift.len() <= 3)?;
        let day = if first.starts_with('-') { today.checked_sub_days(Days::new(n))? } else { days(n)? };
        return Some((day, 1));
    }
    if first.len() == 10
        && let Ok(day) = NaiveDate::parse_from_str(first, "%Y-%m-%d")
    {
        return Some((day, 1));
    }
    if let Some((day, month, year)) = numbers(first) {
        let year = year.map(|y| if y < 100 { 2000 + y } else { y });
        return Some((dated(day, month, year, today)?, 1));
    }
    if let Some(weekday) = index_of(&WEEKDAYS, first) {
        if let Some((day, used)) = numbered(&words[1..], today) {
            return Some((day, used + 1));
        }
        // "lun 14 h" is an hour, "lundi 30" a day.
        if let Some(n) = words.get(1).and_then(|w| number(w)).filter(|_| hour(&words[1..]).is_none()) {
            return Some((next_weekday_numbered(weekday, n, today)?, 2));
        }
        // A weekday alone is one to come: on a Monday "lundi" is in a week.
        let ahead = (weekday + 7 - u64::from(today.weekday().num_days_from_monday())) % 7;
        let used = if matches!(second, Some("prochain" | "pro")) { 2 } else { 1 };
        return Some((days(if ahead == 0 { 7 } else { ahead })?, used));
    }
    numbered(words, today)
}

/// "25 nov", "1er decembre 2026".
fn numbered(words: &[String], today: NaiveDate) -> Option<(NaiveDate, usize)> {
    let day = number(words.first()?)?;
    let month = index_of(&MONTHS, words.get(1)?)?;
    let month = u32::try_from(month).ok()? + 1;
    let year = words.get(2).filter(|y| y.len() == 4).and_then(|y| y.parse::<i32>().ok());
    let used = if year.is_some() { 3 } else { 2 };
    Some((dated(day, month, year, today)?, used))
}

fn number(word: &str) -> Option<u32> {
    let digits = word.strip_suffix("er").unwrap_or(word);
    (digits.len() <= 2).then(|| digits.parse().ok()).flatten().filter(|n| (1..=31).contains(n))
}

/// Day, month and perhaps year, with `/`, `.` or `-` between them.
fn numbers(word: &str) -> Option<(u32, u32, Option<i32>)> {
    let parts: Vec<&str> = word.split(['/', '.', '-']).collect();
    let digits = |t: &&str| !t.is_empty() && t.len() <= 4 && t.bytes().all(|b| b.is_ascii_digit());
    if !(2..=3).contains(&parts.len())
        || !parts.iter().all(digits)
        || parts[0].len() > 2
        || parts[1].len() > 2
    {
        return None;
    }
    let year = match parts.get(2) {
        Some(year) if year.len() == 2 || year.len() == 4 => Some(year.parse().ok()?),
        Some(_) => return None,
        None => None,
    };
    Some((parts[0].parse().ok()?, parts[1].parse().ok()?, year))
}

/// A weekday or month by its beginning, three letters at least.
fn index_of(names: &[&str], word: &str) -> Option<u64> {
    let start = word.trim_end_matches('.');
    if start.len() < 3 {
        return None;
    }
    names.iter().position(|n| n.starts_with(start)).and_then(|i| u64::try_from(i).ok())
}

fn dated(day: u32, month: u32, year: Option<i32>, today: NaiveDate) -> Option<NaiveDate> {
    if let Some(year) = year {
        return NaiveDate::from_ymd_opt(year, month, day);
    }
    let earliest = today.checked_sub_days(Days::new(LOOK_BACK_DAYS))?;
    // 29 February may be four years off, or eight.
    (0..=8).filter_map(|n| NaiveDate::from_ymd_opt(today.year() + n, month, day)).find(|d| *d >= earliest)
}

fn next_numbered(day: u32, today: NaiveDate) -> Option<NaiveDate> {
    if !(1..=31).contains(&day) {
        return None;
    }
    let first = today.with_day(1)?;
    (0..=2).filter_map(|n| first.checked_add_months(Months::new(n))?.with_day(day)).find(|d| *d >= today)
}

fn next_weekday_numbered(weekday: u64, day: u32, today: NaiveDate) -> Option<NaiveDate> {
    today
        .iter_days()
        .take(LOOK_AHEAD_DAYS)
        .find(|d| d.day() == day && u64::from(d.weekday().num_days_from_monday()) == weekday)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// Monday.
    fn today() -> NaiveDate {
        day("2026-11-23")
    }

    #[test]
    fn days_are_read_as_they_are_said() {
        for (typed, expected) in [
            ("aujourd’hui", "2026-11-23"),
            ("demain", "2026-11-24"),
            ("après-demain", "2026-11-25"),
            ("après demain", "2026-11-25"),
            ("hier", "2026-11-22"),
            ("mar", "2026-11-24"),
            ("mar.", "2026-11-24"),
            ("lun", "2026-11-30"),
            ("lundi prochain", "2026-11-30"),
            ("lundi 30", "2026-11-30"),
            ("lundi 7", "2026-12-07"),
            ("mer 25 nov", "2026-11-25"),
            ("25/11", "2026-11-25"),
            ("25/11/2026", "2026-11-25"),
            ("25.11.26", "2026-11-25"),
            ("2026-11-25", "2026-11-25"),
            ("25 nov", "2026-11-25"),
            ("le 25 novembre", "2026-11-25"),
            ("1er décembre", "2026-12-01"),
            ("le 1er", "2026-12-01"),
            ("30", "2026-11-30"),
            ("5", "2026-12-05"),
            ("+7", "2026-11-30"),
            ("-1", "2026-11-22"),
            ("15 janv", "2027-01-15"),
            ("10/10", "2026-10-10"),
            ("1/6", "2027-06-01"),
            ("29/2", "2028-02-29"),
            ("3 mars 2027", "2027-03-03"),
        ] {
            let read = read(typed, today());
            assert_eq!(read.day, Some(day(expected)), "{typed}");
            assert!(read.rest.is_empty(), "{typed} leaves {:?}", read.rest);
        }
    }

    #[test]
    fn hours_are_read_and_the_rest_is_a_name() {
        for (typed, on, minute, rest) in [
            ("mart lun 14h", Some("2026-11-30"), Some(840), vec!["mart"]),
            ("lun 14 h 30 Martin", Some("2026-11-30"), Some(870), vec!["Martin"]),
            ("mer 9:05", Some("2026-11-25"), Some(545), vec![]),
            ("demain à 14h30", Some("2026-11-24"), Some(870), vec![]),
            ("jeu. 26 nov., 16h45", Some("2026-11-26"), Some(1005), vec![]),
            ("midi", None, Some(720), vec![]),
            ("14h", None, Some(840), vec![]),
            ("8 h", None, Some(480), vec![]),
            ("Le Goff demain", Some("2026-11-24"), None, vec!["Goff"]),
        ] {
            let read = read(typed, today());
            assert_eq!(read.day, on.map(day), "{typed}");
            assert_eq!(read.minute, minute, "{typed}");
            assert_eq!(read.rest, rest, "{typed}");
        }
    }

    #[test]
    fn what_is_no_date_stays_a_word() {
        for typed in
            ["mart", "25h", "12:7", "31/31", "0", "2de GT", "06 12 40 18 55", "", "le", "+1234", "30/2/2027"]
        {
            let read = read(typed, today());
            assert_eq!((read.day, read.minute), (None, None), "{typed}");
        }
    }

    #[test]
    fn birth_dates_need_their_year() {
        assert_eq!(birth_date("4/3/2009", today()), Some(day("2009-03-04")));
        assert_eq!(birth_date("04.03.09", today()), Some(day("2009-03-04")));
        assert_eq!(birth_date("04/03/78", today()), Some(day("1978-03-04")));
        assert_eq!(birth_date("2009-03-04", today()), Some(day("2009-03-04")));
        assert_eq!(birth_date("31/02/2010", today()), None);
        assert_eq!(birth_date("04/03", today()), None);
        assert_eq!(birth_date("0612401855", today()), None);
    }
}
