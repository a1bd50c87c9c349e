//! Where a family may move its meeting to.

use std::sync::Arc;

use chrono::{DateTime, Days, Utc};
use passerelle_domain::appointment::{Appointment, FAMILY_MOVES_UNTIL, Status};
use passerelle_domain::availability::{self, Search};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::Person;
use passerelle_domain::refusal::FreeSlot;
use passerelle_protocol::intake::{FamilyPlace, FamilySlot, FamilySlots};

use super::{Found, find};
use crate::leases::Leases;
use crate::service::Service;
use crate::store::{self, StoreError, Tx};

/// Civil days ahead in which a family chooses, unless the kind's own horizon is nearer.
const DAYS_AHEAD: u64 = 60;
/// Places that are shown at most: more is no choice.
const MOST: usize = 60;

/// The free places behind a link; `None` when there is nothing behind it.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn slots(service: &Service, link: &str) -> Result<Option<FamilySlots>, StoreError> {
    let mut tx = service.store.read().await?;
    let Some(found) = find(service, &mut tx, link).await? else { return Ok(None) };
    let now = service.now();
    let movable = found.appointment.as_ref().filter(|a| a.status == Status::Booked);
    let Some(meeting) = movable else { return Ok(Some(FamilySlots { slots: Vec::new(), until: None })) };
    let until = meeting.start - FAMILY_MOVES_UNTIL;
    let slots = if now > until { Vec::new() } else { free(&mut tx, &found, meeting, MOST, now).await? };
    Ok(Some(FamilySlots { slots, until: Some(until) }))
}

/// The first `most` places to which the rules would let the family move its meeting.
pub(super) async fn free(
    conn: &mut Tx,
    found: &Found,
    meeting: &Appointment,
    most: usize,
    now: DateTime<Utc>,
) -> Result<Vec<FamilySlot>, StoreError> {
    let settings = &found.settings;
    let today = settings.local_date(now);
    let last = today.checked_add_days(Days::new(DAYS_AHEAD)).unwrap_or(today);
    let (from, to) = availability::days_to_load(today, last);
    let state = store::agenda_state(conn, &found.scope, Arc::clone(settings), from, to).await?;
    let mut search = Search::staff(meeting.kind, today, last);
    search.second = meeting.second;
    search.sites = Some(availability::receiving_sites(settings, Some(meeting.site)));
    search.moving = Some(meeting.id);
    search.public = true;
    search.limit = Some(most);
    // Where it is already is no place to move to; and the client may be with somebody else then.
    let keep = |s: &FreeSlot| {
        (s.start, s.counsellor) != (meeting.start, meeting.counsellor)
            && !state.appointments.values().any(|a| {
                a.id != meeting.id
                    && a.client.is_some()
                    && a.client == meeting.client
                    && a.status.blocks()
                    && a.start < s.end
                    && s.start < a.end
            })
    };
    // The meeting that moves is looked for by the engine even when it lies beyond the days that were read.
    let others = state.appointments.values().filter(|a| a.id != meeting.id).chain([meeting]);
    // A family waits for no desk: what one holds is not offered.
    let leases = Leases::read(conn, &settings.office.uai).await?;
    let open = leases.closed(settings, None, now);
    let keep = |s: &FreeSlot| keep(s) && !leases.keeps(settings, None, s, now);
    let slots = availability::free_slots(&open, others, &search, now, keep);
    Ok(slots.iter().map(|slot| shown(settings, slot)).collect())
}

fn shown(settings: &OfficeSettings, slot: &FreeSlot) -> FamilySlot {
    let site = settings.sites.get(&slot.site);
    FamilySlot {
        place: FamilyPlace { start: slot.start, counsellor: slot.counsellor, site: slot.site },
        end: slot.end,
        zone: settings.zone_of(slot.site),
        with: settings.people.get(&slot.counsellor).map(Person::short_name).unwrap_or_default(),
        site_name: site.map(|s| s.name.clone()).unwrap_or_default(),
        address: site.map(|s| s.address.clone()).unwrap_or_default(),
    }
}
