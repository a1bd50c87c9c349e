//! Clients.

use chrono::{DateTime, Utc};

use crate::client::{Client, FieldError};
use crate::command::ClientUpdate;
use crate::event::Event;
use crate::merging::{rebased, touched_since};
use crate::people::{Actor, Person};
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;

fn check(state: &OfficeState, client: &Client, now: DateTime<Utc>) -> Result<(), Refusal> {
    let mut fields = client.check(state.settings.local_date(now));
    // A colleague who has left stays where they stand; nobody is newly given to them.
    let kept = state.clients.get(&client.id).is_some_and(|before| before.referent == client.referent);
    let receives = |id| state.settings.people.get(&id).is_some_and(Person::receives);
    if !kept && client.referent.is_some_and(|id| !receives(id)) {
        fields.push(FieldError { field: "referent".into(), code: "unknown".into() });
    }
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
    // A new record has no past.
    let new =
        Client { merged_into: None, merge: None, also_known: Vec::new(), removed: false, ..client.clone() };
    Ok(vec![Event::ClientSaved(Box::new(new))])
}

pub(super) fn update(
    state: &OfficeState,
    update: &ClientUpdate,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let wanted = &update.client;
    let before = state.clients.get(&wanted.id).filter(|c| !c.removed).ok_or(RefusalCode::NotFound)?;
    if before.merged_into.is_some() {
        return Err(RefusalCode::ClientMerged.into());
    }
    let seen = update.seen.as_deref().unwrap_or(before);
    if update.unless_touched && touched_since(seen, wanted, before) {
        return Err(RefusalCode::StaleRev.into());
    }
    let after = rebased(seen, wanted, before);
    check(state, &after, now)?;
    if *before == after {
        return Ok(Vec::new());
    }
    Ok(vec![Event::ClientSaved(Box::new(after))])
}
