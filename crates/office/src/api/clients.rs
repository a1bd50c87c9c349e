//! Finding and reading clients.

use chrono::NaiveDate;
use passerelle_domain::client::{Client, Guardian, phone_digits};
use passerelle_domain::ids::ClientId;
use passerelle_domain::merging::AlsoKnown;
use serde::Deserialize;

use super::IdArgs;
use super::act::id;
use super::dto::{AlsoKnownView, ApiError, ClientMatch, ClientView, GuardianView};
use super::duplicates::{self, Traits, is_title};
use super::views::{Viewer, client_match};
use super::{matching, when};
use crate::desk::Desk;
use crate::store::{Traces, fold};

/// Arguments of `clients.search`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct SearchArgs {
    /// Words of a name, a phone number, a birth date, a school.
    pub query: String,
    /// At most so many (default 20).
    pub limit: Option<u32>,
}

const SEARCH_LIMIT: u32 = 20;
/// Meetings and enquiries shown with a client.
const SHOWN: u32 = 100;

/// `clients.search`.
///
/// # Errors
/// The database's.
pub async fn search(desk: &Desk, args: SearchArgs) -> Result<Vec<ClientMatch>, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let limit = args.limit.unwrap_or(SEARCH_LIMIT).clamp(1, 200);
    let typed = as_stored(&args.query, viewer.today());
    let clients = desk.store().clients_matching(&typed, limit).await?;
    let mut found = matches(desk, &viewer, &clients).await?;
    let traits: Vec<Traits> = clients.iter().map(Traits::of).collect();
    for (i, one) in found.iter_mut().enumerate() {
        one.matched = matching::ranges(&shown_name(&clients[i]), &args.query);
        one.also = other_name(&clients[i], &typed);
        // Beside one another in the list, doubles and twins are said on the later line.
        let earlier = traits[..i].iter().map(|c| c.reasons(&traits[i]));
        let reasons = earlier.max_by_key(Vec::len).unwrap_or_default();
        one.duplicate = reasons.into_iter().map(str::to_owned).collect();
    }
    Ok(found)
}

/// The name of a merged record that was typed, when the one that is shown is another.
fn other_name(client: &Client, typed: &str) -> Option<String> {
    if matching::answers(&client.full_name(), typed) {
        return None;
    }
    let names =
        client.also_known.iter().map(|k| format!("{} {}", k.given_name, k.family_name).trim().to_owned());
    names.filter(|n| !n.is_empty()).find(|name| matching::answers(name, typed))
}

/// "Family, Given", as lists show it.
#[must_use]
pub fn shown_name(client: &Client) -> String {
    format!("{}, {}", client.family_name, client.given_name)
}

/// Months by the beginning of their folded names, as they are said and shortened.
const MONTHS: [&str; 12] =
    ["janv", "fev", "mars", "avr", "mai", "juin", "juil", "aout", "sept", "oct", "nov", "dec"];

/// What was typed, in the forms in which dates and numbers are stored; a civil title says nothing of a name.
fn as_stored(typed: &str, today: NaiveDate) -> String {
    let numeric = |t: &str| {
        t.chars().any(|c| c.is_ascii_digit())
            && t.chars().all(|c| c.is_ascii_digit() || " .-+()/\u{a0}\u{202f}".contains(c))
    };
    let typed = typed.trim();
    if numeric(typed) && (typed.starts_with('+') || typed.starts_with("00")) {
        return phone_digits(typed);
    }
    let words: Vec<&str> = typed.split_whitespace().collect();
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some(date) = words.get(at..at + 3).and_then(|three| spelled_date(three, today)) {
            out.push(date.format("%d%m%Y").to_string());
            at += 3;
            continue;
        }
        let word = words[at];
        at += 1;
        match when::birth_date(word, today) {
            Some(date) => out.push(date.format("%d%m%Y").to_string()),
            None if words.len() > 1 && is_title(&fold(word)) && fold(word).len() > 1 => {}
            None => out.push(word.to_owned()),
        }
    }
    out.join(" ")
}

/// A date in three words: "4 3 2009", "4 mars 2009", "1er sept. 09".
fn spelled_date(words: &[&str], today: NaiveDate) -> Option<NaiveDate> {
    let [day, month, year] = words else { return None };
    let short = |t: &str| (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    let day = day.strip_suffix("er").unwrap_or(day);
    let whole = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let name = fold(month);
    let named = MONTHS.iter().zip(1..).find(|(m, _)| name.starts_with(**m)).map(|(_, n)| n);
    let month = match named {
        Some(n) if whole || short(year) => n,
        // Three groups of two digits are the beginning of a phone number.
        None if whole && short(month) => month.parse().ok()?,
        _ => return None,
    };
    if !short(day) {
        return None;
    }
    when::birth_date(&format!("{day}/{month}/{year}"), today)
}

async fn matches(desk: &Desk, viewer: &Viewer, clients: &[Client]) -> Result<Vec<ClientMatch>, ApiError> {
    let ids: Vec<ClientId> = clients.iter().map(|c| c.id).collect();
    let next = desk.store().next_meetings(&ids, viewer.now).await?;
    let found = |c: &Client| viewer.with_referent(client_match(c, next.get(&c.id).copied()), c);
    Ok(clients.iter().map(found).collect())
}

/// Records that may be the same person as this one, which need not be stored yet; the likeliest first.
///
/// # Errors
/// The database's.
pub async fn duplicates_of(desk: &Desk, client: &Client) -> Result<Vec<ClientMatch>, ApiError> {
    let viewer = Viewer::load(desk).await?;
    duplicates_for(desk, &viewer, client).await
}

pub(super) async fn duplicates_for(
    desk: &Desk,
    viewer: &Viewer,
    client: &Client,
) -> Result<Vec<ClientMatch>, ApiError> {
    let near = desk.store().clients_sharing(&Traces::of(client)).await?;
    let judged = near.into_iter().filter(|c| c.id != client.id).map(|c| {
        let reasons = duplicates::reasons(client, &c);
        (c, reasons)
    });
    with_reasons(desk, viewer, judged.collect()).await
}

/// Those of `judged` for which something speaks, most reasons first.
pub(super) async fn with_reasons(
    desk: &Desk,
    viewer: &Viewer,
    mut judged: Vec<(Client, Vec<&'static str>)>,
) -> Result<Vec<ClientMatch>, ApiError> {
    judged.retain(|(_, reasons)| !reasons.is_empty());
    judged.sort_by_key(|(_, reasons)| std::cmp::Reverse(reasons.len()));
    let (clients, reasons): (Vec<Client>, Vec<_>) = judged.into_iter().unzip();
    let mut found = matches(desk, viewer, &clients).await?;
    for (one, reasons) in found.iter_mut().zip(reasons) {
        one.duplicate = reasons.into_iter().map(str::to_owned).collect();
    }
    Ok(found)
}

/// `clients.get`. A record that was merged shows the one that it was merged into.
///
/// # Errors
/// `not_found`; the database's.
pub async fn get(desk: &Desk, args: IdArgs) -> Result<ClientView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let missing = || ApiError::not_found("client");
    let mut client = desk.store().client(id(&args.id, "client")?).await?.ok_or_else(missing)?;
    // One step is the rule; a few more are followed, and a circle ends.
    for _ in 0..4 {
        let Some(into) = client.merged_into else { break };
        let Some(next) = desk.store().client(into).await? else { break };
        client = next;
    }
    view(desk, &viewer, &client).await
}

pub(super) async fn view(desk: &Desk, viewer: &Viewer, client: &Client) -> Result<ClientView, ApiError> {
    let meetings = desk.store().appointments_of_client(client.id, SHOWN).await?;
    let enquiries = desk.store().enquiries_of_client(client.id, SHOWN).await?;
    let today = viewer.today();
    Ok(ClientView {
        id: client.id.to_string(),
        family_name: client.family_name.clone(),
        given_name: client.given_name.clone(),
        birth_date: client.birth_date,
        age: client.birth_date.and_then(|born| today.years_since(born)),
        category: client.category,
        class_level: client.class_level.clone(),
        school: client.school.clone(),
        postal_code: client.postal_code.clone(),
        phone: client.phone.clone(),
        mail: client.mail.clone(),
        guardians: client.guardians.iter().map(guardian).collect(),
        referent: client.referent.map(|r| viewer.person(r)),
        appointments: meetings.iter().map(|a| viewer.appointment(a, Some(client))).collect(),
        enquiries: enquiries.iter().map(|e| viewer.enquiry_row(e)).collect(),
        duplicates: duplicates_for(desk, viewer, client).await?,
        also_known: client.also_known.iter().map(|k| also_known(client, k)).collect(),
        pending: viewer.clients_unconfirmed.contains(&client.id.to_string()),
    })
}

fn also_known(client: &Client, known: &AlsoKnown) -> AlsoKnownView {
    let name = format!("{} {}", known.given_name, known.family_name).trim().to_owned();
    AlsoKnownView {
        record: (known.of != client.id).then(|| known.of.to_string()),
        name: Some(name).filter(|n| !n.is_empty()),
        birth_date: known.birth_date,
        phones: known.phones.clone(),
        mails: known.mails.clone(),
    }
}

pub(super) fn guardian(g: &Guardian) -> GuardianView {
    GuardianView {
        id: g.id.to_string(),
        relation: g.relation,
        given_name: g.given_name.clone(),
        family_name: g.family_name.clone(),
        phone: g.phone.clone(),
        mail: g.mail.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_numbers_and_titles_as_people_type_them() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
        for typed in
            ["04/03/2009", "4/3/09", "4 3 2009", "4 mars 2009", "4 MARS 09", "2009-03-04", "04.03.2009"]
        {
            assert_eq!(as_stored(typed, today), "04032009", "{typed}");
        }
        assert_eq!(as_stored("1er sept. 2010", today), "01092010");
        assert_eq!(as_stored("léa 4 mars 2009 delahaye", today), "léa 04032009 delahaye");
        assert_eq!(as_stored("06 12 09", today), "06 12 09", "the beginning of a number");
        assert_eq!(as_stored("+33 6 39 98 01 02", today), "0639980102");
        assert_eq!(as_stored("Mme Delahaye", today), "Delahaye");
        assert_eq!(as_stored("mars", today), "mars", "a name too");
        assert_eq!(as_stored("m", today), "m");
    }
}
