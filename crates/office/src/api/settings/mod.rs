//! Settings: reading them, and saving what was changed. Previews, single days, re-planning and holidays have files of
//! their own.

mod hits;
mod holidays;
mod occurrences;
mod preview;
mod replan;
mod usage;

use passerelle_domain::office::SiteKind;
use passerelle_domain::people::Role;
use passerelle_domain::{Command, Refusal, RefusalCode};
use passerelle_protocol::sync::Entity;
use serde_json::json;

use super::NoArgs;
use super::act::{self, Subject};
use super::dto::{ApiError, Done, SettingsChanges, SettingsView};
use super::views::{Viewer, counsellors_in_order};
use crate::desk::Desk;

pub use holidays::holidays;
pub(super) use occurrences::school_holiday;
pub use occurrences::{occurrences, plan_occurrence};
pub use preview::preview;
pub use replan::replan;
pub use usage::usage;

/// What somebody may change; reception may not look either.
fn may(viewer: &Viewer) -> Result<&'static str, ApiError> {
    match viewer.person.role {
        Role::Director => Ok("all"),
        Role::Counsellor => Ok("own_absences"),
        Role::Receptionist | Role::AcademyAdmin => Err(Refusal::new(RefusalCode::NotAllowed).into()),
    }
}

/// `settings.get`.
///
/// # Errors
/// `not_allowed` for reception; the database's.
pub async fn get(desk: &Desk, _: NoArgs) -> Result<SettingsView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let may = may(&viewer)?;
    let all = may == "all";
    let s = &viewer.settings;
    let me = viewer.person.id;
    let mut sites: Vec<_> = s.sites.values().cloned().collect();
    sites.sort_by_key(|s| (s.kind != SiteKind::Main, crate::store::fold(&s.name), s.id));
    let mut rooms: Vec<_> = s.rooms.values().cloned().collect();
    let place = |id| sites.iter().position(|s| s.id == id);
    rooms.sort_by_key(|r| (place(r.site), r.rank, crate::store::fold(&r.name), r.id));
    let mut kinds: Vec<_> = s.kinds.values().cloned().collect();
    kinds.sort_by_key(|k| (!k.active, k.rank, k.id));
    let mut openings: Vec<_> = s.openings.values().filter(|o| all || o.counsellor == me).cloned().collect();
    openings.sort_by_key(|o| (o.counsellor, o.first_day, o.id));
    let mut absences: Vec<_> = s.absences.values().filter(|a| all || a.counsellor == me).cloned().collect();
    absences.sort_by_key(|a| (a.start, a.id));
    Ok(SettingsView {
        may: may.to_owned(),
        office: s.office_document(),
        sites,
        rooms,
        kinds,
        openings,
        absences,
        staff: counsellors_in_order(s)
            .into_iter()
            .filter(|p| all || p.id == me)
            .map(|p| viewer.person(p.id))
            .collect(),
        school_zone: s.office.schools_zone(),
        pending: pending(desk).await?,
        today: viewer.today(),
    })
}

/// The documents of the settings that central has not confirmed.
async fn pending(desk: &Desk) -> Result<Vec<String>, ApiError> {
    let mut ids = Vec::new();
    for entity in [Entity::Office, Entity::Site, Entity::Room, Entity::Kind, Entity::Opening, Entity::Absence]
    {
        ids.extend(desk.store().unconfirmed(entity).await?);
    }
    ids.sort_unstable();
    Ok(ids)
}

/// `settings.save`.
///
/// # Errors
/// `not_allowed`, `stale_rev`, `invalid_fields`; `meetings_hit` (params: how many, and how many of them need a decision)
/// when meetings to come would lose their ground and nobody said what becomes of them; else the database's.
pub async fn save(desk: &Desk, args: SettingsChanges) -> Result<Done, ApiError> {
    let viewer = Viewer::load(desk).await?;
    may(&viewer)?;
    let command = Command::SaveSettings { changes: args.changes };
    // First what is wrong with it: who is hit by something impossible does not matter.
    preview::judge(desk, &viewer, &command).await?;
    if let Command::SaveSettings { changes } = &command {
        let found = hits::of(desk, &viewer, changes).await?;
        let must = found.list.iter().filter(|h| hits::must_decide(h)).count();
        if must > 0 || (!found.list.is_empty() && !args.accept_hits) {
            return Err(
                ApiError::new("meetings_hit").with(json!({ "count": found.list.len(), "must_decide": must }))
            );
        }
    }
    act::run(desk, vec![command], true, Subject::default()).await
}
