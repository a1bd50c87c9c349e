//! What a family sees and does by its own link: how far its question is, which meetings are proposed, and its answer.
//!
//! It decides nothing by itself: what is free comes from the search that the desks use, and every answer is a command
//! that the rules decide, as the family's.

mod answer;
mod slots;
mod view;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_domain::OfficeState;
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::command::Needs;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::ids::{AppointmentId, EnquiryId, Uai};
use passerelle_domain::office::OfficeSettings;

pub use answer::{Answered, answer};
pub use slots::slots;
pub use view::view;

use crate::secret;
use crate::service::{Service, office_of};
use crate::store::{self, StoreError, Tx};

/// What a link leads to.
struct Found {
    reference: String,
    scope: String,
    settings: Arc<OfficeSettings>,
    /// The enquiry itself, or the one that goes on when it was merged.
    enquiry: Enquiry,
    /// All the enquiries on the way to it: what was proposed for any of them is this family's.
    chain: Vec<EnquiryId>,
    /// The meeting, once there is one.
    appointment: Option<Appointment>,
    /// What is proposed and can still be taken, in order of time.
    proposals: Vec<Appointment>,
}

/// Where a link leads, before anything is read there.
struct LinkPlace {
    reference: String,
    scope: String,
    office: Uai,
    enquiry: EnquiryId,
}

/// The place behind a link whose key is its own.
async fn place(service: &Service, tx: &mut Tx, link: &str) -> Result<Option<LinkPlace>, StoreError> {
    let Some((reference, key)) = link.rsplit_once('-') else { return Ok(None) };
    let Some((scope, id)) = tx.enquiry_by_reference(reference).await? else { return Ok(None) };
    if !secret::same(key, &secret::family_key(&service.store.meta.family_secret, &id)) {
        return Ok(None);
    }
    let (Some(office), Ok(enquiry)) = (office_of(&scope), id.parse::<EnquiryId>()) else { return Ok(None) };
    Ok(Some(LinkPlace { reference: reference.to_owned(), scope, office, enquiry }))
}

/// What is behind `AMI-7F3K2-<key>`; `None` when there is no such enquiry or the key is not its own, which must look
/// the same from outside.
async fn find(service: &Service, conn: &mut Tx, link: &str) -> Result<Option<Found>, StoreError> {
    let Some(LinkPlace { reference, scope, office, enquiry: id }) = place(service, conn, link).await? else {
        return Ok(None);
    };
    let Some(settings) = service.store.settings(conn, &office).await? else { return Ok(None) };
    let needs = Needs { enquiries: vec![id], proposals: true, ..Needs::default() };
    let state = store::load_state(conn, &scope, Arc::clone(&settings), &needs).await?;
    let Some(enquiry) = state.enquiry_that_goes_on(id).cloned() else { return Ok(None) };
    let appointment = match enquiry.appointment {
        Some(id) => one(conn, &scope, Arc::clone(&settings), id).await?,
        None => None,
    };
    let proposals = open_proposals(&state, service.now());
    let chain = state.enquiries.keys().copied().collect();
    Ok(Some(Found { reference, scope, settings, enquiry, chain, appointment, proposals }))
}

async fn one(
    conn: &mut Tx,
    scope: &str,
    settings: Arc<OfficeSettings>,
    id: AppointmentId,
) -> Result<Option<Appointment>, StoreError> {
    let needs = Needs { appointments: vec![id], ..Needs::default() };
    let mut state = store::load_state(conn, scope, settings, &needs).await?;
    Ok(state.appointments.remove(&id).map(Arc::unwrap_or_clone))
}

/// An hour that has passed ends a proposal, whether or not it has been marked yet.
fn open_proposals(state: &OfficeState, now: DateTime<Utc>) -> Vec<Appointment> {
    let open = |a: &&Appointment| {
        a.status == Status::Held
            && a.enquiry.is_some_and(|e| state.enquiries.contains_key(&e))
            && a.held_until.unwrap_or(a.start).min(a.start) > now
    };
    let mut proposals: Vec<Appointment> = state.appointments.values().filter(open).cloned().collect();
    proposals.sort_by_key(|a| (a.start, a.id));
    proposals
}
