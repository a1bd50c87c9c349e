//! Finding and reading clients.

use chrono::NaiveDate;
use passerelle_domain::client::{Client, Guardian, phone_digits};
use passerelle_domain::ids::ClientId;
use serde::Deserialize;

use super::IdArgs;
use super::act::id;
use super::dto::{ApiError, ClientMatch, ClientView, GuardianView};
use super::views::{Viewer, client_match};
use super::{duplicates, matching, when};
use crate::desk::Desk;
use crate::store::Traces;

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
    for (i, one) in found.iter_mut().enumerate() {
        one.matched = matching::ranges(&shown_name(&clients[i]), &args.query);
        // Beside one another in the list, doubles and twins are said on the later line.
        let earlier = clients[..i].iter().map(|c| duplicates::reasons(c, &clients[i]));
        let reasons = earlier.max_by_key(Vec::len).unwrap_or_default();
        one.duplicate = reasons.into_iter().map(str::to_owned).collect();
    }
    Ok(found)
}

/// "Family, Given", as lists show it.
#[must_use]
pub fn shown_name(client: &Client) -> String {
    format!("{}, {}", client.family_name, client.given_name)
}

/// What was typed, in the forms in which dates and numbers are stored.
fn as_stored(typed: &str, today: NaiveDate) -> String {
    let numeric = |t: &str| {
        t.chars().any(|c| c.is_ascii_digit())
            && t.chars().all(|c| c.is_ascii_digit() || " .-+()/".contains(c))
    };
    let typed = typed.trim();
    if numeric(typed) && (typed.starts_with('+') || typed.starts_with("00")) {
        return phone_digits(typed);
    }
    let word = |w: &str| match when::birth_date(w, today) {
        Some(date) => date.format("%d%m%Y").to_string(),
        None => w.to_owned(),
    };
    typed.split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

async fn matches(desk: &Desk, viewer: &Viewer, clients: &[Client]) -> Result<Vec<ClientMatch>, ApiError> {
    let ids: Vec<ClientId> = clients.iter().map(|c| c.id).collect();
    let next = desk.store().next_meetings(&ids, viewer.now).await?;
    Ok(clients.iter().map(|c| client_match(c, next.get(&c.id).copied())).collect())
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
        appointments: meetings.iter().map(|a| viewer.appointment(a, Some(client))).collect(),
        enquiries: enquiries.iter().map(|e| viewer.enquiry_row(e)).collect(),
        duplicates: duplicates_for(desk, viewer, client).await?,
        pending: viewer.clients_unconfirmed.contains(&client.id.to_string()),
    })
}

fn guardian(g: &Guardian) -> GuardianView {
    GuardianView {
        id: g.id.to_string(),
        relation: g.relation,
        given_name: g.given_name.clone(),
        family_name: g.family_name.clone(),
        phone: g.phone.clone(),
        mail: g.mail.clone(),
    }
}
