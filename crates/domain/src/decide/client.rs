//! Clients.

use chrono::{DateTime, Utc};

use crate::client::Client;
use crate::event::Event;
use crate::people::Actor;
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;

fn check(state: &OfficeState, client: &Client, now: DateTime<Utc>) -> Result<(), Refusal> {
    let fields = client.check(state.settings.local_date(now));
    if fields.is_empty() {
        return Ok(());
    }
    Err(super::wrong_fields(fields))
}

pub(super) fn create(
    state: &OfficeState,
    client: &Client,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    if state.clients.contains_key(&client.id) {
        return Err(RefusalCode::IdInUse.into());
    }
    check(state, client, now)?;
    Ok(vec![Event::ClientSaved(Box::new(client.clone()))])
}

pub(super) fn update(
    state: &OfficeState,
    client: &Client,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let before = state.clients.get(&client.id).ok_or(RefusalCode::NotFound)?;
    check(state, client, now)?;
    if before == client {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ClientSaved(Box::new(client.clone()))])
}
