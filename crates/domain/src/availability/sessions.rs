//! Planned group sessions in which somebody can still have a seat.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::Search;
use crate::appointment::Appointment;
use crate::ids::PersonId;
use crate::office::OfficeSettings;
use crate::refusal::FreeSlot;
use crate::session::{self, SessionKey};

/// A session that takes place, with its seats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionSeats {
    /// When, where and with whom.
    pub slot: FreeSlot,
    /// The second counsellor, when two hold it.
    pub second: Option<PersonId>,
    /// How many seats are given.
    pub taken: u32,
    /// How many there are.
    pub capacity: u32,
}

impl SessionSeats {
    /// Seats that nobody has.
    #[must_use]
    pub const fn left(&self) -> u32 {
        self.capacity.saturating_sub(self.taken)
    }
}

/// The sessions that these meetings make, in order of start.
pub fn sessions<'a>(
    settings: &OfficeSettings,
    appointments: impl IntoIterator<Item = &'a Appointment>,
    now: DateTime<Utc>,
) -> Vec<SessionSeats> {
    let mut found: BTreeMap<SessionKey, SessionSeats> = BTreeMap::new();
    for a in appointments.into_iter().filter(|a| a.takes_time(now)) {
        let Some(key) = session::key_of(settings, a) else { continue };
        let capacity = settings.kinds.get(&a.kind).map_or(1, |k| k.capacity);
        let seats = found.entry(key).or_insert_with(|| SessionSeats {
            slot: FreeSlot {
                start: a.start,
                end: a.end,
                counsellor: a.counsellor,
                site: a.site,
                room: a.room,
            },
            second: a.second,
            taken: 0,
            capacity,
        });
        seats.taken += u32::from(a.takes_seat());
    }
    let mut all: Vec<SessionSeats> = found.into_values().collect();
    all.sort_by_key(|s| (s.slot.start, s.slot.site, s.slot.counsellor));
    all
}

/// The sessions of a search that have not begun and have a seat left, in order of start. `appointments` are those of
/// [`super::days_to_load`], all kinds.
pub fn sessions_with_seats<'a>(
    settings: &OfficeSettings,
    appointments: impl IntoIterator<Item = &'a Appointment>,
    wanted: &Search,
    now: DateTime<Utc>,
    mut keep: impl FnMut(&FreeSlot) -> bool,
) -> Vec<SessionSeats> {
    let of_kind = appointments.into_iter().filter(|a| a.kind == wanted.kind);
    let mut all = sessions(settings, of_kind, now);
    all.retain(|s| {
        let date = s.slot.start.with_timezone(&settings.zone_of(s.slot.site)).date_naive();
        let holds = |who: &PersonId| s.slot.counsellor == *who || s.second == Some(*who);
        s.left() > 0
            && s.slot.start >= now
            && (wanted.from..=wanted.to).contains(&date)
            && wanted.counsellors.as_ref().is_none_or(|some| some.iter().any(holds))
            && wanted.second.is_none_or(|second| holds(&second))
            && wanted.sites.as_ref().is_none_or(|some| some.contains(&s.slot.site))
            && keep(&s.slot)
    });
    all.truncate(wanted.limit.unwrap_or(usize::MAX));
    all
}
