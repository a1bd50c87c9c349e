//! The meetings that a change of the settings hits, with the places where they could go.

use std::sync::Arc;

use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::{self, Hit, Wanted};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::settings::Change;

use super::super::act::OFFERED;
use super::super::dto::{ApiError, HitView};
use super::super::views::{Viewer, contact};
use crate::desk::Desk;

/// For so many meetings other places are looked for at once; who has more begins with the first ones.
const PROPOSED_FOR: usize = 60;

/// What is hit, and what it was judged by.
pub(super) struct Found {
    pub(super) list: Vec<Hit>,
    pub(super) after: Arc<OfficeSettings>,
    /// All meetings to come, in order of start.
    pub(super) meetings: Vec<Appointment>,
}

/// Whether somebody has to say what becomes of it: nobody is received while absent or closed. A meeting outside the
/// openings was put there by a person, or can stay there.
pub(super) fn must_decide(hit: &Hit) -> bool {
    hit.why.iter().any(|w| matches!(*w, "absence" | "closure" | "holiday"))
}

/// The meetings that these changes hit.
pub(super) async fn of(desk: &Desk, viewer: &Viewer, changes: &[Change]) -> Result<Found, ApiError> {
    let before = &viewer.settings;
    let mut after = OfficeSettings::clone(before);
    for change in changes {
        after.put(change.to.clone());
    }
    let far = viewer.now + chrono::Duration::days(3 * 366);
    let meetings = desk.store().appointments_between(viewer.now, far).await?;
    let refs: Vec<&Appointment> = meetings.iter().collect();
    let list = availability::hits(before, &after, &refs, viewer.now);
    Ok(Found { list, after: Arc::new(after), meetings })
}

/// As shown: whom to call, and where each could go once the change is made.
pub(super) async fn views(desk: &Desk, viewer: &Viewer, found: &Found) -> Result<Vec<HitView>, ApiError> {
    let of = |hit: &Hit| found.meetings.iter().find(|a| a.id == hit.appointment);
    let clients: Vec<_> = found.list.iter().filter_map(|h| of(h)?.client).collect();
    let clients = desk.store().clients_by_ids(&clients).await?;
    let refs: Vec<&Appointment> = found.meetings.iter().collect();
    let mut out = Vec::with_capacity(found.list.len());
    for (at, hit) in found.list.iter().enumerate() {
        let Some(a) = of(hit) else { continue };
        let client = a.client.and_then(|id| clients.get(&id));
        let (same_person, colleagues) = if at < PROPOSED_FOR {
            let wanted = Wanted {
                kind: a.kind,
                counsellor: a.counsellor,
                second: a.second,
                site: a.site,
                start: a.start,
                minutes: u32::try_from(a.minutes()).unwrap_or(0),
                room: None,
                client: a.client,
                moving: Some(a.id),
            };
            let (from, to) = availability::alternatives_days(&found.after, wanted.start, viewer.now);
            let (from, to) = availability::days_to_load(from, to);
            let near: Vec<&Appointment> =
                refs.iter().copied().filter(|a| a.start < to && from < a.end).collect();
            let free = availability::alternatives(&found.after, &near, &wanted, viewer.now, OFFERED);
            let view = |slots: &[passerelle_domain::refusal::FreeSlot]| {
                slots.iter().map(|s| viewer.slot(s)).collect::<Vec<_>>()
            };
            (view(&free.same_person), view(&free.colleagues))
        } else {
            (Vec::new(), Vec::new())
        };
        out.push(HitView {
            appointment: viewer.appointment(a, client),
            contact: client.and_then(contact),
            why: hit.why.iter().map(|w| (*w).to_owned()).collect(),
            must_decide: must_decide(hit),
            same_person,
            colleagues,
        });
    }
    Ok(out)
}
