//! The steps of an appointment's life, and what they mean for the enquiry that it answers.

use chrono::{DateTime, Utc};

use super::appointment::{after as once, check_companions, decline_others, reason_given};
use super::clash::{clash, end_overdue, refuse_clash};
use crate::appointment::{Appointment, Companion, SeenMeeting, Status, StatusRefusal, check_step};
use crate::command::SetStatus;
use crate::enquiry::{Enquiry, EnquiryStatus};
use crate::event::Event;
use crate::ids::AppointmentId;
use crate::people::Actor;
use crate::refusal::{Refusal, RefusalCode};
use crate::session;
use crate::state::OfficeState;

pub(super) fn set_status(
    state: &OfficeState,
    s: &SetStatus,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let current = state.appointments.get(&s.id).ok_or(RefusalCode::NotFound)?;
    still_as_seen(current, s.seen.as_ref())?;
    if s.arrived_at.is_some_and(|at| at > now) {
        return Err(super::wrong_field("arrived_at", "in_the_future"));
    }
    if current.status == s.status {
        // Said twice: nothing more to do, and nothing to refuse.
        return Ok(Vec::new());
    }
    check_step(current, s.status, s.reason.as_deref(), actor, now).map_err(|why| match why {
        StatusRefusal::NoSuchStep => RefusalCode::NoSuchStep.into(),
        StatusRefusal::TooEarly(at) => Refusal::new(RefusalCode::TooEarly).limit(at),
        StatusRefusal::TooLate(at) => Refusal::new(RefusalCode::TooLate).limit(at),
        StatusRefusal::NotAllowed => RefusalCode::NotAllowed.into(),
        StatusRefusal::ReasonMissing => RefusalCode::ReasonMissing.into(),
    })?;
    let reason = reason_given("reason", s.reason.as_ref())?;
    let mut named = None;
    if let Some(client) = s.client {
        super::staff(actor)?;
        // A record that was merged meanwhile stands for the one that goes on.
        let client = state.client_that_goes_on(client).ok_or(RefusalCode::NotFound)?.id;
        named = Some(client);
        // A step says for whom a meeting is when nobody knew; it does not give it to somebody else.
        if current.client.is_some_and(|known| known != client) {
            return Err(super::wrong_field("client", "already_known"));
        }
    }
    let mut after = current.clone();
    after.status = s.status;
    after.client = named.or(after.client);
    let link = current.enquiry.and_then(|id| Some((id, state.enquiry_that_goes_on(id)?)));
    let mut events = Vec::new();
    let converts = link.filter(|_| converts(current, after.status));
    if let Some((own, enquiry)) = converts {
        match enquiry.appointment.filter(|a| *a != s.id) {
            // Two proposals of one enquiry are never both taken.
            Some(other) if current.status == Status::Held => {
                return Err(Refusal::new(RefusalCode::EnquiryAlreadyConverted).with(other));
            }
            // A meeting that comes back leaves the enquiry with the one that took its place.
            Some(_) => {}
            None => events = decline_others(state, &[own, enquiry.id], s.id, actor, now),
        }
    }
    ends_with_people_in_it(state, current, after.status, now)?;
    let comes_back = !current.status.blocks() && after.status.blocks();
    if comes_back {
        // As a new booking: the reason once given to set a rule aside was about what stood there then.
        let before = once(state, &events);
        if let Some(refusal) = clash(&before, &after, now) {
            return Err(refusal);
        }
        let ended = end_overdue(&before, &after, now);
        events.extend(ended);
    } else if after.status.blocks() && after.client != current.client {
        let before = once(state, &events);
        refuse_clash(&before, &after, now)?;
        let ended = end_overdue(&before, &after, now);
        events.extend(ended);
    }
    events.push(Event::AppointmentStatus {
        id: s.id,
        to: s.status,
        reason,
        client: named,
        arrived_at: s.arrived_at,
        by: actor.person(),
        at: now,
    });
    if let Some((_, enquiry)) = converts
        && enquiry.appointment.is_none_or(|a| a == s.id)
    {
        let (id, client) = (enquiry.id, after.client);
        events.push(Event::EnquiryConverted { id, appointment: s.id, client, by: actor.person() });
    }
    if let Some((_, enquiry)) = link
        && goes_back(state, current, after.status, enquiry)
    {
        events.push(Event::EnquiryGivenBack { id: enquiry.id });
    }
    Ok(events)
}

/// A planned group session is nobody who could come or stay away; and it gives back counsellors and room only once nobody
/// is expected to it.
fn ends_with_people_in_it(
    state: &OfficeState,
    current: &Appointment,
    to: Status,
    now: DateTime<Utc>,
) -> Result<(), Refusal> {
    if !session::is_planned_session(&state.settings, current) {
        return Ok(());
    }
    let nobody = matches!(to, Status::Arrived | Status::Attended | Status::NoShow | Status::Excused);
    let left = || {
        session::key_of(&state.settings, current)
            .is_some_and(|key| session::members(state, &key).any(|a| a.id != current.id && a.takes_time(now)))
    };
    if nobody || (!to.blocks() && left()) {
        return Err(RefusalCode::NoSuchStep.into());
    }
    Ok(())
}

/// A step back is for the meeting as the step left it.
pub(super) fn still_as_seen(current: &Appointment, seen: Option<&SeenMeeting>) -> Result<(), Refusal> {
    if seen.is_some_and(|seen| *seen != current.seen()) {
        return Err(Refusal::new(RefusalCode::StaleRev).with(current.id));
    }
    Ok(())
}

/// A proposal that is taken, or an ended meeting that comes back, answers its enquiry.
pub(super) const fn converts(before: &Appointment, to: Status) -> bool {
    matches!((before.status, to), (Status::Held | Status::Cancelled | Status::Excused, Status::Booked))
}

/// Whether the enquiry is its owner's again: its meeting will not take place, or nothing that was proposed is left.
pub(super) fn goes_back(state: &OfficeState, before: &Appointment, to: Status, enquiry: &Enquiry) -> bool {
    match to {
        Status::Cancelled | Status::Excused if enquiry.appointment == Some(before.id) => true,
        Status::Cancelled | Status::Declined | Status::Expired if before.status == Status::Held => {
            let left = state.appointments.values().any(|a| {
                a.id != before.id
                    && a.status == Status::Held
                    && a.enquiry
                        .and_then(|e| state.enquiry_that_goes_on(e))
                        .is_some_and(|e| e.id == enquiry.id)
            });
            !left && enquiry.appointment.is_none() && enquiry.status == EnquiryStatus::WaitingClient
        }
        _ => false,
    }
}

pub(super) fn set_companions(
    state: &OfficeState,
    id: AppointmentId,
    companions: &[Companion],
    seen: Option<&[Companion]>,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    super::staff(actor)?;
    let current = state.appointments.get(&id).ok_or(RefusalCode::NotFound)?;
    check_companions(companions)?;
    if seen.is_some_and(|seen| seen != current.companions) {
        return Err(Refusal::new(RefusalCode::StaleRev).with(id));
    }
    if current.companions == companions {
        return Ok(Vec::new());
    }
    Ok(vec![Event::AppointmentCompanions { id, companions: companions.to_vec() }])
}
