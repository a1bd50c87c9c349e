//! What a family sees by its own link.

use passerelle_domain::appointment::Appointment;
use passerelle_domain::command::Needs;
use passerelle_domain::enquiry::{Enquiry, EnquiryStatus};
use passerelle_protocol::intake::{FamilyAppointment, FamilyOffice, FamilyStatus, FamilyView};
use passerelle_protocol::sync::Entity;

use crate::secret;
use crate::service::{Service, office_of};
use crate::store::{self, StoreError};

/// How many mergers are followed: people merge twice, a circle would never end.
const MERGERS: usize = 8;

/// The view behind `AMI-7F3K2-<key>`; `None` when there is no such enquiry or the key is not its own, which must look
/// the same from outside.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn view(service: &Service, link: &str) -> Result<Option<FamilyView>, StoreError> {
    let Some((reference, key)) = link.rsplit_once('-') else { return Ok(None) };
    let mut tx = service.store.read().await?;
    let Some((scope, id)) = store::enquiry_by_reference(&mut tx, reference).await? else { return Ok(None) };
    if !secret::same(key, &secret::family_key(&service.store.meta.family_secret, &id)) {
        return Ok(None);
    }
    let Some(office) = office_of(&scope) else { return Ok(None) };
    let Some(settings) = service.store.settings(&mut tx, &office).await? else { return Ok(None) };
    let mut next = id;
    let mut found: Option<Enquiry> = None;
    for _ in 0..MERGERS {
        let Some(enquiry) = store::document::<Enquiry>(&mut tx, &scope, Entity::Enquiry, &next).await? else {
            break;
        };
        let merged = match &enquiry.doc.status {
            EnquiryStatus::Merged { into } => Some(into.to_string()),
            _ => None,
        };
        found = Some(enquiry.doc);
        match merged {
            Some(into) => next = into,
            None => break,
        }
    }
    let Some(enquiry) = found else { return Ok(None) };
    let mut appointment = None;
    if let Some(id) = enquiry.appointment {
        let needs = Needs { appointments: vec![id], ..Needs::default() };
        let mut state = store::load_state(&mut tx, &scope, settings.clone(), &needs).await?;
        appointment = state.appointments.remove(&id);
    }
    let office = FamilyOffice {
        uai: settings.office.uai.clone(),
        name: settings.office.name.clone(),
        address: settings.office.address.clone(),
        phone: settings.office.phone.clone(),
    };
    let meeting = |a: Appointment| {
        let site = settings.sites.get(&a.site);
        FamilyAppointment {
            status: a.status,
            start: a.start,
            end: a.end,
            zone: a.zone,
            site: site.map(|s| s.name.clone()).unwrap_or_default(),
            address: site.map(|s| s.address.clone()).unwrap_or_default(),
        }
    };
    Ok(Some(FamilyView {
        reference: reference.to_owned(),
        status: status(&enquiry.status),
        received_at: enquiry.received_at,
        due_at: enquiry.due_at,
        office,
        appointment: appointment.map(meeting),
    }))
}

/// A family does not see how an office sorts its work.
const fn status(of: &EnquiryStatus) -> FamilyStatus {
    match of {
        EnquiryStatus::New => FamilyStatus::Received,
        EnquiryStatus::Claimed
        | EnquiryStatus::WaitingInternal
        | EnquiryStatus::Snoozed { .. }
        | EnquiryStatus::Merged { .. } => FamilyStatus::InProgress,
        EnquiryStatus::WaitingClient => FamilyStatus::WaitingForYou,
        EnquiryStatus::Converted => FamilyStatus::Appointment,
        EnquiryStatus::Answered => FamilyStatus::Answered,
        EnquiryStatus::Closed | EnquiryStatus::Spam => FamilyStatus::Closed,
    }
}
