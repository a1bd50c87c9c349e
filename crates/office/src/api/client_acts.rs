//! Saving clients, with the checks of the form.

use chrono::NaiveDate;
use passerelle_domain::client::{Client, FieldError, Guardian, Relation};
use passerelle_domain::command::{ClientUpdate, Command};
use passerelle_domain::ids::{ClientId, GuardianId};
use passerelle_domain::{Refusal, RefusalCode};
use serde::Serialize;
use ts_rs::TS;
use uuid::Uuid;

use super::act::{self, Subject, id, optional_id};
use super::dto::{ApiError, ClientDraft, ClientMatch, Done};
use crate::desk::Desk;

/// `clients.check`.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ClientCheck {
    /// Wrong fields.
    #[ts(type = "Array<FieldError>")]
    pub fields: Vec<FieldError>,
    /// Records that look like the same person.
    pub duplicates: Vec<ClientMatch>,
}

fn trimmed(text: Option<&str>) -> Option<String> {
    text.map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned)
}

/// A birth date as typed: `2009-03-04`, `04/03/2009`, `4/3/09`, `04032009`, `4 3 2009`.
fn birth_date(text: &str) -> Result<NaiveDate, FieldError> {
    let wrong = |code: &str| FieldError { field: "birth_date".into(), code: code.into() };
    let parts: Vec<&str> = text.split(['-', '/', '.', ' ']).filter(|p| !p.is_empty()).collect();
    let number = |t: &str| t.parse::<i32>().map_err(|_| wrong("date"));
    let (y, m, d) = match parts.as_slice() {
        [y, m, d] if y.len() == 4 => (number(y)?, number(m)?, number(d)?),
        [d, m, y] => (number(y)?, number(m)?, number(d)?),
        [one] if one.len() == 8 && one.is_ascii() => {
            (number(&one[4..])?, number(&one[2..4])?, number(&one[..2])?)
        }
        _ => return Err(wrong("date")),
    };
    // Two digits are a year of this century unless that lies well in the future.
    let y = match y {
        0..=40 => 2000 + y,
        41..=99 => 1900 + y,
        y => y,
    };
    let (Ok(month), Ok(day)) = (u32::try_from(m), u32::try_from(d)) else { return Err(wrong("date")) };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return Err(wrong("date"));
    }
    NaiveDate::from_ymd_opt(y, month, day).ok_or_else(|| wrong("no_such_day"))
}

/// The client that a form describes. `base` keeps what the form does not show.
pub(super) fn client_of(draft: &ClientDraft, base: Option<&Client>) -> Result<Client, ApiError> {
    let mut fields = Vec::new();
    let born = match trimmed(draft.birth_date.as_deref()).map(|t| birth_date(&t)) {
        None => None,
        Some(Ok(date)) => Some(date),
        Some(Err(wrong)) => {
            fields.push(wrong);
            None
        }
    };
    if !fields.is_empty() {
        return Err(Refusal { fields, ..Refusal::new(RefusalCode::InvalidFields) }.into());
    }
    let guardians = draft
        .guardians
        .iter()
        .filter(|g| {
            !(g.family_name.trim().is_empty()
                && g.given_name.trim().is_empty()
                && g.phone.is_none()
                && g.mail.is_none())
        })
        .map(|g| {
            let known: Option<GuardianId> = optional_id(g.id.as_deref(), "guardian")?;
            Ok(Guardian {
                id: known.unwrap_or_else(|| GuardianId(Uuid::now_v7())),
                relation: g.relation.unwrap_or(Relation::Other),
                given_name: g.given_name.trim().to_owned(),
                family_name: g.family_name.trim().to_owned(),
                phone: trimmed(g.phone.as_deref()),
                mail: trimmed(g.mail.as_deref()),
            })
        })
        .collect::<Result<Vec<_>, ApiError>>()?;
    Ok(Client {
        id: base.map_or_else(|| ClientId(Uuid::now_v7()), |b| b.id),
        family_name: draft.family_name.trim().to_owned(),
        given_name: draft.given_name.trim().to_owned(),
        birth_date: born,
        category: draft.category,
        class_level: trimmed(draft.class_level.as_deref()),
        school: trimmed(draft.school.as_deref()),
        postal_code: trimmed(draft.postal_code.as_deref()),
        phone: trimmed(draft.phone.as_deref()),
        mail: trimmed(draft.mail.as_deref()),
        guardians,
        referent: match draft.referent.as_deref() {
            Some(text) => optional_id(Some(text), "person")?,
            None => base.and_then(|b| b.referent),
        },
        merged_into: base.and_then(|b| b.merged_into),
        merge: base.and_then(|b| b.merge.clone()),
        also_known: base.map(|b| b.also_known.clone()).unwrap_or_default(),
        removed: base.is_some_and(|b| b.removed),
    })
}

async fn base(desk: &Desk, draft: &ClientDraft) -> Result<Option<Client>, ApiError> {
    let Some(text) = draft.id.as_deref() else { return Ok(None) };
    let which: ClientId = id(text, "client")?;
    desk.store().client(which).await?.map(Some).ok_or_else(|| ApiError::not_found("client"))
}

/// `clients.check`: while typing.
///
/// # Errors
/// The database's.
pub async fn check(desk: &Desk, draft: ClientDraft) -> Result<ClientCheck, ApiError> {
    let base = base(desk, &draft).await?;
    let (client, mut fields) = match client_of(&draft, base.as_ref()) {
        Ok(client) => (client, Vec::new()),
        Err(e) => {
            let wrong = e.params.get("fields").cloned().unwrap_or_default();
            let blank = ClientDraft { birth_date: None, ..draft.clone() };
            (client_of(&blank, base.as_ref())?, serde_json::from_value(wrong).unwrap_or_default())
        }
    };
    let settings = act::settings(desk).await?;
    fields.extend(client.check(settings.local_date(desk.now())));
    let duplicates = super::clients::duplicates_of(desk, &client).await?;
    Ok(ClientCheck { fields, duplicates })
}

/// `clients.save`: creates, or changes when an id is given.
///
/// # Errors
/// `invalid_fields` with each of them; the database's.
pub async fn save(desk: &Desk, draft: ClientDraft) -> Result<Done, ApiError> {
    let base = base(desk, &draft).await?;
    let client = client_of(&draft, base.as_ref())?;
    let subject = Subject { id: Some(client.id.to_string()), ..Subject::default() };
    let command = match base {
        Some(seen) => {
            let seen = Some(Box::new(seen));
            Command::UpdateClient(Box::new(ClientUpdate { client, seen, unless_touched: false }))
        }
        None => Command::CreateClient(Box::new(client)),
    };
    act::run(desk, vec![command], true, subject).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birth_dates_as_people_type_them() {
        let day = NaiveDate::from_ymd_opt(2009, 3, 4);
        for typed in ["04/03/2009", "4/3/09", "2009-03-04", "04032009", "4 3 2009", "4.3.2009"] {
            assert_eq!(birth_date(typed).ok(), day, "{typed}");
        }
        let code = |t: &str| birth_date(t).err().map(|e| e.code);
        assert_eq!(code("31/02/2010").as_deref(), Some("no_such_day"));
        assert_eq!(code("31/13/2010").as_deref(), Some("date"));
        assert_eq!(code("hier").as_deref(), Some("date"));
        assert_eq!(code("éééé").as_deref(), Some("date"), "eight bytes that are not ASCII");
    }
}
