//! Changing the settings: by the director, or by a counsellor for absences of their own.

use crate::client::FieldError;
use crate::event::Event;
use crate::office::OfficeSettings;
use crate::people::{Actor, Role};
use crate::refusal::{Refusal, RefusalCode};
use crate::settings::{CHANGES_MAX, Change, Setting, check, check_office};
use crate::state::OfficeState;

/// Whether this person may make this change.
fn may(actor: &Actor, change: &Change) -> bool {
    match actor {
        Actor::Staff { role: Role::Director, .. } => true,
        Actor::Staff { role: Role::Counsellor, person, .. } => {
            let own = |s: &Setting| matches!(s, Setting::Absence(a) if a.counsellor == *person);
            own(&change.to) && change.seen.as_ref().is_none_or(own)
        }
        Actor::Staff { .. } | Actor::Family | Actor::System => false,
    }
}

pub(super) fn save(state: &OfficeState, changes: &[Change], actor: &Actor) -> Result<Vec<Event>, Refusal> {
    if !changes.iter().all(|c| may(actor, c)) {
        return Err(RefusalCode::NotAllowed.into());
    }
    if changes.is_empty() {
        return Err(super::wrong_field("changes", "required"));
    }
    if changes.len() > CHANGES_MAX {
        return Err(super::wrong_field("changes", "too_many"));
    }
    let before = &*state.settings;
    let mut after = OfficeSettings::clone(before);
    let mut events = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let key = change.to.key();
        if change.seen.as_ref().is_some_and(|s| s.key() != key)
            || changes[..at].iter().any(|c| c.to.key() == key)
        {
            return Err(super::wrong_field(&format!("{at}.id"), "in_use"));
        }
        let present = before.document(key);
        if present.as_ref() == Some(&change.to) {
            // Somebody had the same thought: there is nothing left to do.
            continue;
        }
        if present != change.seen {
            return Err(RefusalCode::StaleRev.into());
        }
        after.put(change.to.clone());
        events.push(Event::SettingSaved(Box::new(change.to.clone())));
    }
    // Against what all of them together make: a room and its site may come in one go.
    let mut wrong: Vec<FieldError> = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let found = check(before, &after, &change.to);
        wrong.extend(found.into_iter().map(|e| FieldError { field: format!("{at}.{}", e.field), ..e }));
    }
    if wrong.is_empty() && !events.is_empty() {
        wrong = check_office(before, &after);
    }
    if wrong.is_empty() { Ok(events) } else { Err(super::wrong_fields(wrong)) }
}
