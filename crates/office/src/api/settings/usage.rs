//! What leans on each document of the settings.

use chrono::Duration;

use super::super::NoArgs;
use super::super::dto::{ApiError, SettingsUsage};
use super::super::views::Viewer;
use super::may;
use crate::desk::Desk;

/// Nobody books further ahead.
const AHEAD_DAYS: i64 = 3 * 366;

/// `settings.usage`.
///
/// # Errors
/// `not_allowed` for reception; the database's.
pub async fn usage(desk: &Desk, _: NoArgs) -> Result<SettingsUsage, ApiError> {
    let viewer = Viewer::load(desk).await?;
    may(&viewer)?;
    let far = viewer.now + Duration::days(AHEAD_DAYS);
    let mut usage = SettingsUsage::default();
    for a in desk.store().appointments_between(viewer.now, far).await? {
        if a.end <= viewer.now || !a.status.blocks() {
            continue;
        }
        *usage.kinds.entry(a.kind.to_string()).or_default() += 1;
        *usage.sites.entry(a.site.to_string()).or_default() += 1;
        if let Some(room) = a.room {
            *usage.rooms.entry(room.to_string()).or_default() += 1;
        }
    }
    Ok(usage)
}
