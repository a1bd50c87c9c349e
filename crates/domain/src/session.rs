//! Group sessions: several meetings of one kind, each with a client and a state of its own, that share counsellors, room
//! and time.
//!
//! A session may be planned before anybody is known to come: that is a meeting of the kind without a client and without
//! an enquiry. It takes counsellors and room, and no seat. Whoever comes later joins it by place and time.
//!
//! What belongs together is said by a key that each of its meetings carries, and not by place and time: while a session
//! moves by a quarter of an hour its meetings are written one after the other, and none of them may stand in the way of
//! another one then, neither in a database nor in the feed that a desk follows.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::appointment::Appointment;
use crate::ids::{AppointmentId, KindId};
use crate::office::OfficeSettings;
use crate::state::OfficeState;

/// Names a session for its whole life.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionKey(String);

impl SessionKey {
    /// The name of a session that this meeting begins with this version of it: whoever leaves a session alone begins
    /// another one, with another name than the one that goes on.
    #[must_use]
    pub fn begun_by(id: AppointmentId, version: u32) -> Self {
        Self(format!("{id}/{version}"))
    }

    /// As stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether meetings of this kind are group sessions.
#[must_use]
pub fn is_group(settings: &OfficeSettings, a: &Appointment) -> bool {
    settings.kinds.get(&a.kind).is_some_and(|k| k.capacity > 1)
}

/// The session that a meeting belongs to; `None` when it is no group. Meetings made before sessions had a name are told
/// apart by kind, counsellor and start, as they were then.
#[must_use]
pub fn key_of(settings: &OfficeSettings, a: &Appointment) -> Option<SessionKey> {
    key_of_kind(a, a.session.is_none() && is_group(settings, a))
}

/// As [`key_of`], where the kind is known to be of groups or not.
#[must_use]
pub fn key_of_kind(a: &Appointment, group: bool) -> Option<SessionKey> {
    let by_place = || SessionKey(format!("{}/{}/{}", a.kind, a.counsellor, a.start.timestamp()));
    a.session.clone().or_else(|| group.then(by_place))
}

/// All meetings of a session that are loaded, whatever their state, in order of id.
pub fn members<'s>(state: &'s OfficeState, key: &'s SessionKey) -> impl Iterator<Item = &'s Appointment> {
    state.appointments.values().filter(move |a| key_of(&state.settings, a).as_ref() == Some(key))
}

/// Whether a meeting is the session itself, planned, and not somebody who comes to it.
#[must_use]
pub fn is_planned_session(settings: &OfficeSettings, a: &Appointment) -> bool {
    !a.takes_seat() && key_of(settings, a).is_some()
}

/// Whether all that a counsellor has at an hour is one session of this kind, at this very time, with a seat left.
pub fn has_seat_left<'s>(
    settings: &OfficeSettings,
    (kind, start, end): (KindId, DateTime<Utc>, DateTime<Utc>),
    there: impl Iterator<Item = &'s Appointment>,
) -> bool {
    let capacity = settings.kinds.get(&kind).map_or(1, |k| k.capacity);
    let (mut meetings, mut taken) = (0_u32, 0_u32);
    for a in there {
        if (a.kind, a.start, a.end) != (kind, start, end) {
            return false;
        }
        meetings += 1;
        taken += u32::from(a.takes_seat());
    }
    capacity > 1 && meetings > 0 && taken < capacity
}

/// The meeting whose session one of the same kind at the same place and time joins; the same one whoever asks.
pub fn joined<'s>(
    state: &'s OfficeState,
    wanted: &Appointment,
    now: DateTime<Utc>,
) -> Option<&'s Appointment> {
    if !is_group(&state.settings, wanted) {
        return None;
    }
    let place = |a: &Appointment| (a.kind, a.counsellor, a.site, a.start, a.end);
    let mut there = state
        .appointments
        .values()
        .filter(|a| a.id != wanted.id && a.takes_time(now) && place(a) == place(wanted));
    // The planned session says what holds for all of it.
    let first = there.next()?;
    Some(std::iter::once(first).chain(there).find(|a| !a.takes_seat()).unwrap_or(first))
}
