//! Journées portes ouvertes: a small grammar inside a cell, and the text itself where it is not kept to.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use super::clean;

/// One open day, or several in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OpenDay {
    /// First day; none when the text could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveDate>,
    /// Last day, the same for one alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
    /// Opens at, civil time of the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub opens: Option<NaiveTime>,
    /// Closes at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closes: Option<NaiveTime>,
    /// Held online.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub online: bool,
    /// What stands in parentheses.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub comment: String,
    /// Page with more.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// As written.
    pub written: String,
}

/// Reads a cell: items separated by `|`, each `le dd/mm/yyyy` or `du … au …`, then optionally `de HHhMM à HHhMM`,
/// `en virtuel`, `(comment)`, `voir URL`. What keeps to nothing of this is kept as it was written.
#[must_use]
pub fn open_days(cell: &str) -> Vec<OpenDay> {
    split_outside_parentheses(cell)
        .into_iter()
        .map(|item| clean(&item))
        .filter(|item| !item.is_empty())
        .map(|item| read(&item).unwrap_or_else(|| OpenDay { written: item.clone(), ..OpenDay::default() }))
        .collect()
}

/// A comment may hold the separator.
fn split_outside_parentheses(cell: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut depth = 0usize;
    let closes = cell.matches('(').count() == cell.matches(')').count();
    for c in cell.chars() {
        match c {
            '(' if closes => depth += 1,
            ')' if closes => depth = depth.saturating_sub(1),
            '|' if depth == 0 => {
                items.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = items.last_mut() {
            last.push(c);
        }
    }
    items
}

fn read(item: &str) -> Option<OpenDay> {
    let mut day = OpenDay { written: item.to_owned(), ..OpenDay::default() };
    let mut rest = item;
    if let Some(after) = rest.strip_prefix("le ") {
        let (date, after) = take_date(after)?;
        (day.from, day.to) = (Some(date), Some(date));
        rest = after;
    } else {
        let (from, after) = take_date(rest.strip_prefix("du ")?)?;
        let (to, after) = take_date(after.trim_start().strip_prefix("au ")?)?;
        if to < from {
            return None;
        }
        (day.from, day.to) = (Some(from), Some(to));
        rest = after;
    }
    rest = rest.trim_start();
    if let Some(after) = rest.strip_prefix("de ") {
        let (opens, after) = take_time(after)?;
        let (closes, after) = take_time(after.trim_start().strip_prefix("à ")?)?;
        (day.opens, day.closes) = (Some(opens), Some(closes));
        rest = after.trim_start();
    }
    if let Some(after) = rest.strip_prefix("en virtuel") {
        day.online = true;
        rest = after.trim_start();
    }
    if rest.starts_with('(') {
        let end = match rest.find(" voir http") {
            Some(voir) => rest[..voir].rfind(')')?,
            None => rest.rfind(')')?,
        };
        day.comment = rest[1..end].trim().to_owned();
        rest = rest[end + 1..].trim_start();
    }
    if let Some(after) = rest.strip_prefix("voir ") {
        day.url = after.trim().to_owned();
        rest = "";
    }
    rest.is_empty().then_some(day)
}

/// `dd/mm/yyyy` at the start, and what follows.
fn take_date(text: &str) -> Option<(NaiveDate, &str)> {
    let text = text.trim_start();
    let date = text.get(..10)?;
    Some((NaiveDate::parse_from_str(date, "%d/%m/%Y").ok()?, text.get(10..)?))
}

/// `9h`, `09h30`, and what follows.
fn take_time(text: &str) -> Option<(NaiveTime, &str)> {
    let (hour, after) = text.split_once('h')?;
    let digits = after.bytes().take_while(u8::is_ascii_digit).count().min(2);
    let minute = if digits == 0 { 0 } else { after.get(..digits)?.parse().ok()? };
    Some((NaiveTime::from_hms_opt(hour.trim().parse().ok()?, minute, 0)?, after.get(digits..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(y, m, d)
    }

    #[test]
    fn the_grammar_is_read_whole() {
        let days = open_days(
            "le 31/01/2026 de 09h00 à 16h30 | du 05/02/2026 au 07/02/2026 de 9h à 12h en virtuel (sur rendez-vous | places comptées) voir https://exemple.fr/jpo|le 07/03/2026",
        );
        assert_eq!(days.len(), 3, "{days:#?}");
        assert_eq!((days[0].from, days[0].to), (day(2026, 1, 31), day(2026, 1, 31)));
        assert_eq!(days[0].opens, NaiveTime::from_hms_opt(9, 0, 0));
        assert_eq!(days[0].closes, NaiveTime::from_hms_opt(16, 30, 0));
        assert_eq!((days[1].from, days[1].to), (day(2026, 2, 5), day(2026, 2, 7)));
        assert!(days[1].online);
        assert_eq!(days[1].comment, "sur rendez-vous | places comptées");
        assert_eq!(days[1].url, "https://exemple.fr/jpo");
        assert_eq!((days[2].from, days[2].opens), (day(2026, 3, 7), None));
    }

    #[test]
    fn what_keeps_to_no_grammar_is_kept_as_written() {
        for text in [
            "tous les mercredis, sur rendez-vous",
            "le 31/02/2026",
            "du 07/02/2026 au 05/02/2026",
            "le 31/01/2026 de 25h à 26h",
            "le 31/01/2026 (non fermée",
            "le 3é/01/2026",
        ] {
            let days = open_days(text);
            assert_eq!(days.len(), 1, "{text}");
            assert_eq!((days[0].from, days[0].written.as_str()), (None, text));
        }
        assert!(open_days(" | ").is_empty());
    }
}
