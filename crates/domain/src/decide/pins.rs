//! Records of the catalogue: pinned, and taken off.

use chrono::{DateTime, Utc};

use super::enquiry::find;
use crate::enquiry::Enquiry;
use crate::event::Event;
use crate::ids::AppointmentId;
use crate::people::{Actor, Role};
use crate::pins::{NOTE_MAX, NewPin, PINS_MAX, Pin, PinPlace, PreparationSheet};
use crate::refusal::{Refusal, RefusalCode};
use crate::state::OfficeState;

/// Where something is pinned, once it is known that the actor may: a merged enquiry stands for the one that goes on.
fn place<'s>(state: &'s OfficeState, on: PinPlace, actor: &Actor) -> Result<(PinPlace, &'s [Pin]), Refusal> {
    super::staff(actor)?;
    match on {
        PinPlace::Enquiry(id) => {
            find(state, id)?;
            let enquiry = state.enquiry_that_goes_on(id).ok_or(RefusalCode::NotFound)?;
            // Who may not read the question may not say what fits it either.
            if hidden(enquiry, actor) {
                return Err(RefusalCode::NotAllowed.into());
            }
            Ok((PinPlace::Enquiry(enquiry.id), &enquiry.pins))
        }
        PinPlace::Appointment(id) => {
            meeting_open_to(state, id, actor)?;
            Ok((on, state.sheets.get(&id).map_or(&[], |s| s.pins.as_slice())))
        }
    }
}

fn hidden(enquiry: &Enquiry, actor: &Actor) -> bool {
    enquiry.sensitive && !matches!(actor.role(), Some(Role::Counsellor | Role::Director))
}

fn meeting_open_to(state: &OfficeState, id: AppointmentId, actor: &Actor) -> Result<(), Refusal> {
    let Actor::Staff { person, role, .. } = actor else { return Err(RefusalCode::NotAllowed.into()) };
    // The role first: who may read no preparation does not learn here which meetings there are.
    if !PreparationSheet::read_by(*role) {
        return Err(RefusalCode::NotAllowed.into());
    }
    let appointment = state.appointments.get(&id).ok_or(RefusalCode::NotFound)?;
    if PreparationSheet::open_to(appointment, *person, *role) {
        Ok(())
    } else {
        Err(RefusalCode::NotAllowed.into())
    }
}

fn said(text: Option<&String>) -> Option<String> {
    text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty())
}

/// The note of a pin with one more: each on lines of its own, in the order in which they were said, and none twice.
fn with_note(old: Option<&String>, new: Option<String>) -> Option<String> {
    let (Some(old), Some(new)) = (old, &new) else { return old.cloned().or(new) };
    let said = format!("\n{old}\n").contains(&format!("\n{new}\n"));
    Some(if said { old.clone() } else { format!("{old}\n{new}") })
}

/// Pinning twice is nothing; a note that comes later, perhaps from a desk that was offline, is added and replaces none.
pub(super) fn pin(
    state: &OfficeState,
    on: PinPlace,
    new: &NewPin,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<Vec<Event>, Refusal> {
    let (on, pins) = place(state, on, actor)?;
    let fields = new.check();
    if !fields.is_empty() {
        return Err(super::wrong_fields(fields));
    }
    let note = said(new.note.as_ref());
    if let Some(there) = pins.iter().find(|p| p.record == new.record) {
        let note = with_note(there.note.as_ref(), note);
        if note == there.note {
            return Ok(Vec::new());
        }
        if note.as_ref().is_some_and(|n| n.chars().count() > NOTE_MAX) {
            return Err(super::wrong_field("note", "too_long"));
        }
        let pin = Box::new(Pin { note, ..there.clone() });
        return Ok(vec![Event::Pinned { on, pin, next: None }]);
    }
    if pins.len() >= PINS_MAX {
        return Err(RefusalCode::TooManyPins.into());
    }
    let (by, at) = match &new.again {
        // Who pinned it is somebody of this office, and it was not later than now.
        Some(before) => {
            let known = before.by.filter(|p| state.settings.people.contains_key(p));
            (known.or_else(|| actor.person()), before.at.min(now))
        }
        None => (actor.person(), now),
    };
    let pin = Pin {
        record: new.record.clone(),
        kind: new.kind,
        title: new.title.trim().to_owned(),
        subtitle: said(new.subtitle.as_ref()),
        note,
        by,
        at,
    };
    let next = new.again.as_ref().and_then(|before| before.next.clone());
    Ok(vec![Event::Pinned { on, pin: Box::new(pin), next }])
}

pub(super) fn unpin(
    state: &OfficeState,
    on: PinPlace,
    record: &str,
    actor: &Actor,
) -> Result<Vec<Event>, Refusal> {
    let (on, pins) = place(state, on, actor)?;
    if pins.iter().all(|p| p.record != record) {
        return Ok(Vec::new());
    }
    Ok(vec![Event::Unpinned { on, record: record.to_owned() }])
}
