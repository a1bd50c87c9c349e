//! `/v1/enquiries/{ref}`: a family's own view, where its meeting may be moved to, and its answer.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;
use passerelle_domain::{Refusal, RefusalCode};
use passerelle_protocol::intake::FamilyAnswer;

use super::problem::ApiError;
use super::{Answer, Shared, body};
use crate::family::{self, Answered};

fn nothing_there() -> ApiError {
    ApiError::not_found("demande inconnue ou lien incomplet")
}

/// What a family sees by its link; any other reference finds nothing.
pub async fn show(State(service): Shared, headers: HeaderMap, Path(link): Path<String>) -> Answer {
    let view = family::view(&service, &link).await?.ok_or_else(nothing_there)?;
    body::answer(&headers, StatusCode::OK, &view)
}

/// Where it may move its meeting to.
pub async fn slots(State(service): Shared, headers: HeaderMap, Path(link): Path<String>) -> Answer {
    let slots = family::slots(&service, &link).await?.ok_or_else(nothing_there)?;
    body::answer(&headers, StatusCode::OK, &slots)
}

/// What it decides: 200 with the view as it then is, 409 when the rules refuse.
pub async fn answer(
    State(service): Shared,
    headers: HeaderMap,
    Path(link): Path<String>,
    body: Body,
) -> Answer {
    let decided: FamilyAnswer = body::json(&headers, body).await?;
    match family::answer(&service, &link, &decided).await?.ok_or_else(nothing_there)? {
        Answered::Done(view) => body::answer(&headers, StatusCode::OK, &view),
        Answered::Refused { refusal, alternatives, phone, zone } => {
            let detail = said(&refusal, phone.as_deref(), zone);
            Err(ApiError::new(StatusCode::CONFLICT, refusal.code.key(), detail)
                .fields(refusal.fields)
                .alternatives(alternatives))
        }
    }
}

/// Why not, for a parent, and what can be done instead.
fn said(refusal: &Refusal, phone: Option<&str>, zone: Tz) -> String {
    let why = match (refusal.code, refusal.limit) {
        (RefusalCode::TooLate, Some(limit)) => {
            format!("Ce n’est plus possible en ligne depuis le {}.", in_words(limit, zone))
        }
        (RefusalCode::TooLate, None) => "Ce n’est plus possible en ligne.".to_owned(),
        (RefusalCode::TooEarly, _) => "Cette date est trop lointaine pour être choisie en ligne.".to_owned(),
        (RefusalCode::EnquiryAlreadyConverted, _) => "Vous avez déjà choisi un autre rendez-vous.".to_owned(),
        (RefusalCode::NotFound | RefusalCode::NoSuchStep, _) => {
            "Ce rendez-vous ou cette proposition n’est plus en cours.".to_owned()
        }
        (code, _) if code.wants_alternatives() => {
            "Ce créneau n’est plus libre. Choisissez-en un autre.".to_owned()
        }
        _ => "Ce changement n’est pas possible en ligne.".to_owned(),
    };
    match phone {
        Some(phone) => format!("{why} Rien n’a été changé. Le CIO vous répond au {phone}."),
        None => format!("{why} Rien n’a été changé. Adressez-vous au CIO."),
    }
}

/// "mardi 24 novembre, 14 h 30".
fn in_words(at: DateTime<Utc>, zone: Tz) -> String {
    const DAYS: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
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
    let local = at.with_timezone(&zone);
    let day = DAYS[local.weekday().num_days_from_monday() as usize];
    let month = MONTHS[local.month0() as usize];
    let minutes = if local.minute() == 0 { String::new() } else { format!(" {:02}", local.minute()) };
    format!("{day} {} {month}, {} h{minutes}", local.day(), local.hour())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_since_when_and_whom_to_call() {
        let limit = "2026-11-24T13:30:00Z".parse().expect("an instant");
        let refusal = Refusal::new(RefusalCode::TooLate).limit(limit);
        assert_eq!(
            said(&refusal, Some("03 22 00 00 00"), chrono_tz::Europe::Paris),
            "Ce n’est plus possible en ligne depuis le mardi 24 novembre, 14 h 30. Rien n’a été changé. \
             Le CIO vous répond au 03 22 00 00 00."
        );
        let reunion = in_words(limit, chrono_tz::Indian::Reunion);
        assert_eq!(reunion, "mardi 24 novembre, 17 h 30", "in the zone of the place");
    }
}
