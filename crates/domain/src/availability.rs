//! The bridge from an office's documents to the slot engine: search, booking check and alternatives all pass here.

use chrono::{DateTime, Utc};

use crate::ids::{AppointmentId, RoomId, SiteId};
use crate::state::OfficeState;

/// The first room of a kind that is free for the whole time, by rank, then id.
#[must_use]
pub fn free_room(
    state: &OfficeState,
    site: SiteId,
    kind: &str,
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    moving: Option<AppointmentId>,
) -> Option<RoomId> {
    let mut rooms: Vec<_> =
        state.settings.rooms.values().filter(|r| r.site == site && r.kind == kind).collect();
    rooms.sort_by_key(|r| (r.rank, r.id));
    let taken = |room: RoomId| {
        state.appointments.values().any(|a| {
            a.room == Some(room)
                && Some(a.id) != moving
                && a.status.blocks()
                && a.start < end
                && start < a.end
        })
    };
    rooms.into_iter().map(|r| r.id).find(|r| !taken(*r))
}
