//! The part of the office that one decision sees.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_domain::OfficeState;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::command::Needs;
use passerelle_domain::enquiry::{Enquiry, EnquiryStatus};
use passerelle_domain::ids::{ClientId, EnquiryId};
use passerelle_domain::office::OfficeSettings;
use passerelle_protocol::sync::Entity;
use sqlx::{Sqlite, Transaction};

use super::documents::{get, overlapping, parse_doc};
use super::error::Result;

type Tx<'t> = Transaction<'t, Sqlite>;

/// Loads what a command needs to be decided.
pub(super) async fn load_state(
    tx: &mut Tx<'_>,
    settings: Arc<OfficeSettings>,
    needs: &Needs,
) -> Result<OfficeState> {
    let mut state = OfficeState::new(settings);
    let mut windows: Vec<(DateTime<Utc>, DateTime<Utc>)> = needs.window.into_iter().collect();
    for id in &needs.appointments {
        if let Some((_, doc)) = get(tx, Entity::Appointment, &id.to_string()).await? {
            let a: Appointment = parse_doc(&doc, "appointment")?;
            if needs.window_of_appointments {
                windows.push((a.start, a.end));
            }
            state.appointments.insert(a.id, a);
        }
    }
    // Records that were merged stand for the one that goes on.
    let mut clients: Vec<ClientId> = needs.clients.iter().chain(&needs.of_clients).copied().collect();
    let mut of_clients: Vec<ClientId> = needs.of_clients.clone();
    while let Some(id) = clients.pop() {
        if state.clients.contains_key(&id) {
            continue;
        }
        let Some((_, doc)) = get(tx, Entity::Client, &id.to_string()).await? else { continue };
        let c: Client = parse_doc(&doc, "client")?;
        if let Some(into) = c.merged_into {
            clients.push(into);
            if of_clients.contains(&id) && !of_clients.contains(&into) {
                of_clients.push(into);
            }
        }
        state.clients.insert(id, c);
    }
    let mut theirs: Vec<EnquiryId> = Vec::new();
    for client in of_clients {
        let docs: Vec<String> =
            sqlx::query_scalar("SELECT doc FROM appointment WHERE client = ? ORDER BY id")
                .bind(client.to_string())
                .fetch_all(&mut **tx)
                .await?;
        for doc in docs {
            let a: Appointment = parse_doc(&doc, "appointment")?;
            state.appointments.insert_new(a);
        }
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM enquiry WHERE client = ? ORDER BY id")
            .bind(client.to_string())
            .fetch_all(&mut **tx)
            .await?;
        theirs.extend(ids.iter().filter_map(|id| id.parse::<EnquiryId>().ok()));
    }
    for (from, to) in windows {
        for a in overlapping(&mut *tx, from, to).await? {
            state.appointments.insert_new(a);
        }
    }
    // An appointment's enquiry changes with it, and what is said of a merged one goes to the one that goes on.
    let mut wanted: Vec<EnquiryId> = needs.enquiries_with(&state.settings, &state.appointments);
    wanted.extend(theirs);
    while let Some(id) = wanted.pop() {
        if state.enquiries.contains_key(&id) {
            continue;
        }
        if let Some((_, doc)) = get(tx, Entity::Enquiry, &id.to_string()).await? {
            let e: Enquiry = parse_doc(&doc, "enquiry")?;
            if let EnquiryStatus::Merged { into } = e.status {
                wanted.push(into);
            }
            state.enquiries.insert(id, e);
        }
    }
    if needs.proposals {
        let loaded: Vec<EnquiryId> = state.enquiries.keys().copied().collect();
        for id in loaded {
            let docs: Vec<String> =
                sqlx::query_scalar("SELECT doc FROM appointment WHERE enquiry = ? AND status = 'held'")
                    .bind(id.to_string())
                    .fetch_all(&mut **tx)
                    .await?;
            for doc in docs {
                let a: Appointment = parse_doc(&doc, "appointment")?;
                state.appointments.insert_new(a);
            }
        }
    }
    // What happens to a meeting takes somebody off the waiting list or puts them on it again.
    let linked = state.appointments.values().filter_map(|a| a.waiting).collect();
    super::waiting::load(tx, &mut state, needs, linked).await?;
    super::preparation::load(tx, &mut state, needs).await?;
    Ok(state)
}
