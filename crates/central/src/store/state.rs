//! The part of an office that one decision sees, and what a decision writes back.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::OfficeState;
use passerelle_domain::client::Client;
use passerelle_domain::command::Needs;
use passerelle_domain::enquiry::{Enquiry, EnquiryStatus};
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{ClientId, EnquiryId, WaitingId};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::pins::PreparationSheet;
use passerelle_domain::waiting::WaitingEntry;
use passerelle_protocol::sync::Entity;

use super::feed::Feed;
use super::{StoreError, Tx, appointments, document, put_document};

/// How far around a meeting that comes back others can matter to it.
const AROUND: Duration = Duration::hours(24);

/// Loads what a command needs to see.
///
/// # Errors
/// [`StoreError`] of the database, or when a document cannot be read.
pub async fn load_state(
    tx: &mut Tx,
    scope: &str,
    settings: Arc<OfficeSettings>,
    needs: &Needs,
) -> Result<OfficeState, StoreError> {
    let mut state = OfficeState::new(settings);
    let mut windows: Vec<_> = needs.window.into_iter().collect();
    for id in &needs.appointments {
        if let Some(a) = appointments::one(tx, scope, *id).await? {
            if needs.window_of_appointments {
                windows.push((a.start - AROUND, a.end + AROUND));
            }
            state.appointments.insert(a.id, a);
        }
    }
    if needs.sheets {
        for id in &needs.appointments {
            let key = id.to_string();
            let sheet = document::<PreparationSheet>(tx, scope, Entity::PreparationSheet, &key).await?;
            state.sheets.extend(sheet.map(|s| (*id, s.doc)));
        }
    }
    let mut clients: BTreeSet<ClientId> = needs.clients.iter().copied().collect();
    let mut owners: BTreeSet<ClientId> = needs.of_clients.iter().copied().collect();
    let mut of_clients = owners.clone();
    // Records that were merged stand for the one that goes on.
    while let Some(id) = clients.pop_first().or_else(|| owners.pop_first()) {
        let known = state.clients.get(&id).and_then(|c: &Client| c.merged_into);
        let found = match known {
            Some(into) => Some(into),
            None => match document::<Client>(tx, scope, Entity::Client, &id.to_string()).await? {
                Some(c) => {
                    let into = c.doc.merged_into;
                    state.clients.insert(id, c.doc);
                    into
                }
                None => None,
            },
        };
        if let Some(into) = found {
            if of_clients.contains(&id) && of_clients.insert(into) {
                owners.insert(into);
            }
            if !state.clients.contains_key(&into) {
                clients.insert(into);
            }
        }
    }
    let mut theirs = Vec::new();
    for client in &of_clients {
        for a in appointments::of_client(tx, scope, *client).await? {
            state.appointments.insert(a.id, a);
        }
        theirs.extend(enquiries_of(tx, scope, *client).await?);
    }
    for (from, to) in windows {
        for a in appointments::touching(tx, scope, from, to).await? {
            state.appointments.insert(a.id, a);
        }
    }
    // What happens to a meeting may convert its enquiry or give it back.
    let linked = needs.enquiries_with(&state.settings, &state.appointments);
    let mut enquiries: BTreeSet<EnquiryId> = linked.into_iter().chain(theirs).collect();
    while let Some(id) = enquiries.pop_first() {
        if state.enquiries.contains_key(&id) {
            continue;
        }
        if let Some(e) = document::<Enquiry>(tx, scope, Entity::Enquiry, &id.to_string()).await? {
            // What is said of a merged one goes to the one that goes on.
            if let EnquiryStatus::Merged { into } = e.doc.status {
                enquiries.insert(into);
            }
            state.enquiries.insert(id, e.doc);
        }
    }
    if needs.proposals {
        for id in state.enquiries.keys() {
            for a in appointments::proposed(tx, scope, *id).await? {
                state.appointments.insert(a.id, a);
            }
        }
    }
    // What happens to a meeting takes somebody off the waiting list or puts them on it again.
    let mut waiting: BTreeSet<WaitingId> = needs.waiting.iter().copied().collect();
    waiting.extend(state.appointments.values().filter_map(|a| a.waiting));
    let mut waits: BTreeSet<ClientId> = needs.clients.iter().copied().collect();
    for id in waiting {
        let entry = document::<WaitingEntry>(tx, scope, Entity::WaitingEntry, &id.to_string()).await?;
        if let Some(w) = entry {
            waits.insert(w.doc.client);
            state.waiting.insert(id, w.doc);
        }
    }
    for client in waits {
        if needs.waiting_beside {
            for w in waiting_of(tx, scope, client).await? {
                state.waiting.insert(w.id, w);
            }
        }
        if let Some(c) = document(tx, scope, Entity::Client, &client.to_string()).await? {
            state.clients.entry(client).or_insert(c.doc);
        }
    }
    Ok(state)
}

/// What one person still waits for.
async fn waiting_of(tx: &mut Tx, scope: &str, client: ClientId) -> Result<Vec<WaitingEntry>, StoreError> {
    tx.waiting_of(scope, &client.to_string())
        .await?
        .iter()
        .map(|(id, doc)| {
            serde_json::from_str(doc).map_err(|e| StoreError::document(Entity::WaitingEntry.key(), id, &e))
        })
        .collect()
}

/// The enquiries of a client, by the index on what the document says.
async fn enquiries_of(tx: &mut Tx, scope: &str, client: ClientId) -> Result<Vec<EnquiryId>, StoreError> {
    let ids = tx.enquiries_of(scope, &client.to_string()).await?;
    Ok(ids.iter().filter_map(|id| id.parse().ok()).collect())
}

/// All appointments that touch a stretch of time, to search free slots in it.
///
/// # Errors
/// [`StoreError`] of the database, or when a document cannot be read.
pub async fn agenda_state(
    tx: &mut Tx,
    scope: &str,
    settings: Arc<OfficeSettings>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<OfficeState, StoreError> {
    let needs = Needs { window: Some((from, to)), ..Needs::default() };
    load_state(tx, scope, settings, &needs).await
}

/// Writes the documents that events have touched, each with its change to the feed.
///
/// # Errors
/// [`StoreError::Overlap`] when the database finds a double booking; other errors of the database.
pub async fn write_touched(
    tx: &mut Tx,
    feed: &mut Feed,
    state: &OfficeState,
    touched: &[Touched],
) -> Result<(), StoreError> {
    for one in touched {
        match one {
            Touched::Appointment(id) => {
                if let Some(a) = state.appointments.get(id) {
                    appointments::put(tx, feed, &state.settings, a).await?;
                }
            }
            Touched::Enquiry(id) => {
                if let Some(e) = state.enquiries.get(id) {
                    put_document(tx, feed, Entity::Enquiry, &id.to_string(), e).await?;
                    // First come, first served: a reference made at a desk never takes over another one's.
                    tx.keep_reference(&e.reference, feed.scope(), &id.to_string()).await?;
                }
            }
            Touched::Client(id) => {
                if let Some(c) = state.clients.get(id) {
                    put_document(tx, feed, Entity::Client, &id.to_string(), c).await?;
                }
            }
            Touched::Setting(key) => {
                if let Some(setting) = state.settings.document(*key) {
                    let (entity, id) = (Entity::of_setting(*key), state.settings.document_id(*key));
                    let doc = setting
                        .serialize_document(serde_json::value::Serializer)
                        .map_err(|e| StoreError::document(entity.key(), &id, &e))?;
                    put_document(tx, feed, entity, &id, &doc).await?;
                }
            }
            Touched::Preparation(id) => {
                if let Some(s) = state.sheets.get(id) {
                    put_document(tx, feed, Entity::PreparationSheet, &id.to_string(), s).await?;
                }
            }
            Touched::Waiting(id) => {
                if let Some(w) = state.waiting.get(id) {
                    put_document(tx, feed, Entity::WaitingEntry, &id.to_string(), w).await?;
                }
            }
        }
    }
    Ok(())
}
