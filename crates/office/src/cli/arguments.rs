//! Reading what was typed: dates, instants, and the names of people, kinds and places in any of their forms.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use passerelle_domain::appointment::Status;
use passerelle_domain::availability::site_at;
use passerelle_domain::ids::{KindId, PersonId, SiteId};
use passerelle_domain::office::OfficeSettings;
use passerelle_office::api;
use passerelle_office::api::dto::ApiError;
use passerelle_office::desk::Desk;
use passerelle_office::store::fold;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::failure::Failure;
use super::words;

/// Gives a command of the one list.
pub async fn call<T: DeserializeOwned>(desk: &Desk, name: &str, args: Value) -> Result<T, Failure> {
    let out = api::call(desk, name, args).await?;
    serde_json::from_value(out).map_err(|e| Failure::internal(&e))
}

/// The office's settings.
pub async fn settings(desk: &Desk) -> Result<Arc<OfficeSettings>, Failure> {
    let settings = desk.settings().await?;
    settings.ok_or_else(|| ApiError::new("not_ready").into())
}

/// A date, `YYYY-MM-DD`.
pub fn date(option: &str, text: &str) -> Result<NaiveDate, Failure> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| {
        Failure::input(
            "bad_date",
            format!(
                "{option} : « {text} » n’est pas une date. Écrivez l’année, le mois et le jour : 2026-11-24."
            ),
        )
    })
}

/// A date that may be absent.
pub fn optional_date(option: &str, text: Option<&str>) -> Result<Option<NaiveDate>, Failure> {
    text.map(|t| date(option, t)).transpose()
}

/// An instant with its offset.
pub fn instant(option: &str, text: &str) -> Result<DateTime<Utc>, Failure> {
    DateTime::parse_from_rfc3339(text).map(|t| t.with_timezone(&Utc)).map_err(|_| {
        Failure::input(
            "bad_time",
            format!("{option} : « {text} » n’est pas un instant. Écrivez 2026-11-24T09:00:00+01:00."),
        )
    })
}

/// A start: an instant with its offset, or the hour on the clock of the place.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    /// With offset.
    Instant(DateTime<Utc>),
    /// On the wall.
    Local(NaiveDateTime),
}

/// Reads a start.
pub fn start(option: &str, text: &str) -> Result<Start, Failure> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Ok(Start::Instant(at.with_timezone(&Utc)));
    }
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"];
    let local = forms.iter().find_map(|f| NaiveDateTime::parse_from_str(text, f).ok());
    local.map(Start::Local).ok_or_else(|| {
        Failure::input(
            "bad_time",
            format!(
                "{option} : « {text} » n’est pas une heure. Écrivez 2026-11-24T09:00 (heure du lieu) ou 2026-11-24T09:00:00+01:00."
            ),
        )
    })
}

impl Start {
    /// Civil time where the meeting is: at the site that was said, else where the counsellor is at that time.
    pub fn at(self, settings: &OfficeSettings, counsellor: PersonId, site: Option<SiteId>) -> NaiveDateTime {
        match self {
            Self::Local(local) => local,
            Self::Instant(at) => {
                let there = at.with_timezone(&settings.office.zone).naive_local();
                let site = site.or_else(|| site_at(settings, counsellor, there));
                let zone = site.map_or(settings.office.zone, |s| settings.zone_of(s));
                at.with_timezone(&zone).naive_local()
            }
        }
    }
}

/// The form in which commands take a civil start.
pub fn local_text(local: NaiveDateTime) -> String {
    local.format("%Y-%m-%dT%H:%M").to_string()
}

/// Finds one thing by id, by key, or by words of its name; nothing and several are both said.
fn find<T: Copy>(
    what: (&str, &str),
    option: &str,
    typed: &str,
    all: impl Iterator<Item = (T, String, Vec<String>, String)>,
) -> Result<T, Failure> {
    let wanted = fold(typed);
    let all: Vec<_> = all.collect();
    let exact = |(_, id, keys, name): &&(T, String, Vec<String>, String)| {
        id.eq_ignore_ascii_case(typed.trim()) || keys.iter().chain([name]).any(|k| fold(k) == wanted)
    };
    let begins = |(_, _, keys, name): &&(T, String, Vec<String>, String)| {
        let name = format!("{} {}", fold(name), keys.iter().map(|k| fold(k)).collect::<Vec<_>>().join(" "));
        let words: Vec<&str> = name.split(' ').collect();
        !wanted.is_empty() && wanted.split(' ').all(|w| words.iter().any(|n| n.starts_with(w)))
    };
    let mut found: Vec<_> = all.iter().filter(exact).collect();
    if found.is_empty() {
        found = all.iter().filter(begins).collect();
    }
    let (one, code) = what;
    match found.as_slice() {
        [(id, ..)] => Ok(*id),
        [] => {
            let known: Vec<&str> =
                all.iter().filter_map(|(_, _, keys, _)| keys.first()).map(String::as_str).collect();
            let known =
                if known.is_empty() { String::new() } else { format!(" Connus : {}.", known.join(", ")) };
            Err(Failure::input(code, format!("{option} : « {typed} » ne correspond à aucun {one}.{known}")))
        }
        several => {
            let names: Vec<&str> = several.iter().map(|(.., name)| name.as_str()).collect();
            let names = names.join(", ");
            Err(Failure::input(code, format!("{option} : « {typed} » peut être {names}. Précisez.")))
        }
    }
}

/// Somebody of the staff, by login, name or id.
pub fn person(settings: &OfficeSettings, option: &str, typed: &str) -> Result<PersonId, Failure> {
    let people = settings.people.values().filter(|p| p.active).map(|p| {
        let full = format!("{} {}", p.given_name, p.family_name);
        (p.id, p.id.to_string(), vec![p.login.clone(), p.family_name.clone(), p.short_name()], full)
    });
    find(("membre du personnel", "unknown_person"), option, typed, people)
}

/// A kind of appointment, by key, name or id.
pub fn kind(settings: &OfficeSettings, option: &str, typed: &str) -> Result<KindId, Failure> {
    let kinds = settings.kinds.values().filter(|k| k.active);
    let kinds = kinds.map(|k| (k.id, k.id.to_string(), vec![k.key.clone()], k.name.clone()));
    find(("motif", "unknown_kind"), option, typed, kinds)
}

/// A site, by name or id.
pub fn site(settings: &OfficeSettings, option: &str, typed: &str) -> Result<SiteId, Failure> {
    let sites = settings.sites.values();
    let sites = sites.map(|s| (s.id, s.id.to_string(), vec![s.name.clone()], s.name.clone()));
    find(("lieu", "unknown_site"), option, typed, sites)
}

/// A state, by its key or its French name.
pub fn status(option: &str, typed: &str) -> Result<Status, Failure> {
    let wanted = fold(typed);
    let known = |s: &Status| fold(s.key()) == wanted || fold(words::status(*s)) == wanted;
    Status::ALL.into_iter().find(known).ok_or_else(|| {
        let all: Vec<&str> = Status::ALL.iter().map(|s| s.key()).collect();
        let all = all.join(", ");
        Failure::input("bad_status", format!("{option} : « {typed} » n’est pas un état. Connus : {all}."))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> OfficeSettings {
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
        let demo = passerelle_demo::build(day, chrono_tz::Europe::Paris);
        demo.offices.into_iter().next().expect("an office").settings
    }

    #[test]
    fn people_and_kinds_are_known_by_all_their_names() {
        let s = settings();
        let leroy = s.people.values().find(|p| p.login == "leroy").expect("Mme Leroy");
        for typed in ["leroy", "LEROY", "Mme Leroy", "sylvie leroy", "Sylvie", "lero", &leroy.id.to_string()]
        {
            assert_eq!(person(&s, "--as", typed).ok(), Some(leroy.id), "{typed}");
        }
        for typed in ["", "zorro", "leroy zorro"] {
            assert!(person(&s, "--as", typed).is_err(), "{typed:?}");
        }
        let interview = s.kinds.values().find(|k| k.key == "entretien").expect("a kind");
        // The key is exact, though another kind begins with the same word.
        for typed in ["entretien", "Entretien d'orientation", "ENTRETIEN ORIENTATION"] {
            assert_eq!(kind(&s, "--kind", typed).ok(), Some(interview.id), "{typed}");
        }
        assert!(kind(&s, "--kind", "atelier").is_ok(), "a key wins over names that begin so");
        assert!(kind(&s, "--kind", "entr").is_err(), "several kinds begin so");
    }

    #[test]
    fn a_start_is_the_hour_of_the_place_with_or_without_its_offset() {
        let s = settings();
        let leroy = person(&s, "--counsellor", "leroy").expect("Mme Leroy");
        for typed in [
            "2026-11-24T09:00",
            "2026-11-24 09:00",
            "2026-11-24T09:00:00+01:00",
            "2026-11-24T08:00:00Z",
            "2026-11-24T03:00:00-05:00",
        ] {
            let local = start("--start", typed).expect("a start").at(&s, leroy, None);
            assert_eq!(local_text(local), "2026-11-24T09:00", "{typed}");
        }
        for typed in ["", "demain", "2026-11-24", "2026-11-24T25:00", "24/11/2026 9:00"] {
            assert!(start("--start", typed).is_err(), "{typed:?}");
        }
    }

    #[test]
    fn states_are_known_in_both_languages() {
        for (typed, expected) in [
            ("no_show", Status::NoShow),
            ("absent", Status::NoShow),
            ("Annulé", Status::Cancelled),
            ("held", Status::Held),
        ] {
            assert_eq!(status("--status", typed).ok(), Some(expected), "{typed}");
        }
        assert!(status("--status", "parti").is_err());
    }
}
