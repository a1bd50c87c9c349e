//! How far a question is, without a name in it.

use passerelle_domain::appointment::Appointment;
use passerelle_domain::enquiry::EnquiryStatus;
use passerelle_domain::office::OfficeSettings;
use passerelle_protocol::intake::{
    FamilyAppointment, FamilyOffice, FamilyProposal, FamilyStatus, FamilyView,
};

use super::{Found, find};
use crate::service::Service;
use crate::store::StoreError;

/// The view behind a link; `None` when there is nothing behind it.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn view(service: &Service, link: &str) -> Result<Option<FamilyView>, StoreError> {
    let mut tx = service.store.read().await?;
    Ok(find(service, &mut tx, link).await?.map(|found| of(&found)))
}

/// What is shown of it.
pub(super) fn of(found: &Found) -> FamilyView {
    let Found { reference, settings, enquiry, appointment, proposals, .. } = found;
    let office = &settings.office;
    FamilyView {
        reference: reference.clone(),
        status: status(&enquiry.status),
        received_at: enquiry.received_at,
        due_at: enquiry.due_at,
        office: FamilyOffice {
            uai: office.uai.clone(),
            name: office.name.clone(),
            address: office.address.clone(),
            phone: office.phone.clone(),
        },
        appointment: appointment.as_ref().map(|a| meeting(settings, a)),
        proposals: proposals
            .iter()
            .map(|a| FamilyProposal {
                id: a.id,
                appointment: meeting(settings, a),
                held_until: a.held_until.unwrap_or(a.start).min(a.start),
            })
            .collect(),
    }
}

fn meeting(settings: &OfficeSettings, a: &Appointment) -> FamilyAppointment {
    let site = settings.site(a.site);
    FamilyAppointment {
        status: a.status,
        start: a.start,
        end: a.end,
        zone: a.zone,
        site: site.map(|s| s.name.clone()).unwrap_or_default(),
        address: site.map(|s| s.address.clone()).unwrap_or_default(),
    }
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
