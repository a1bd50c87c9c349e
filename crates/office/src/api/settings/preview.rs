//! What a change of the settings would do, said before it is saved: wrong fields, the next five days, who is hit.

use std::sync::Arc;

use chrono::{Days, NaiveDate};
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::settings::{Change, Setting};
use passerelle_domain::{Command, Refusal, RefusalCode, decide};

use super::super::act;
use super::super::dto::{ApiError, NextDates, OccurrenceView, SettingsChanges, SettingsPreview};
use super::super::views::Viewer;
use super::{hits, may, occurrences};
use crate::desk::Desk;

/// How many of the next days are said.
const SAID: usize = 5;
/// How far ahead they are looked for, days.
const LOOK_AHEAD: u64 = 3 * 366;

/// Decides without writing.
///
/// # Errors
/// The refusal, or the database's.
pub(super) async fn judge(desk: &Desk, viewer: &Viewer, command: &Command) -> Result<(), ApiError> {
    let (actor, _) = act::actor(desk).await?;
    let state = passerelle_domain::OfficeState::new(Arc::clone(&viewer.settings));
    decide(&state, command, &actor, viewer.now).map(drop).map_err(ApiError::from)
}

/// `settings.preview`. A change that is wrong or stale says so in the answer and is no error.
///
/// # Errors
/// `not_allowed`; the database's.
pub async fn preview(desk: &Desk, args: SettingsChanges) -> Result<SettingsPreview, ApiError> {
    let viewer = Viewer::load(desk).await?;
    may(&viewer)?;
    of(desk, &viewer, &args.changes).await
}

pub(super) async fn of(
    desk: &Desk,
    viewer: &Viewer,
    changes: &[Change],
) -> Result<SettingsPreview, ApiError> {
    let (actor, _) = act::actor(desk).await?;
    let state = passerelle_domain::OfficeState::new(Arc::clone(&viewer.settings));
    let command = Command::SaveSettings { changes: changes.to_vec() };
    let (mut fields, mut stale) = (Vec::new(), false);
    match decide(&state, &command, &actor, viewer.now) {
        Ok(_) => {}
        Err(Refusal { code: RefusalCode::InvalidFields, fields: wrong, .. }) => fields = wrong,
        Err(Refusal { code: RefusalCode::StaleRev, .. }) => stale = true,
        Err(other) => return Err(other.into()),
    }
    let mut after = OfficeSettings::clone(&viewer.settings);
    for change in changes {
        after.put(change.to.clone());
    }
    let sound = |at: usize| !fields.iter().any(|f| f.field.starts_with(&format!("{at}.")));
    let next = changes
        .iter()
        .enumerate()
        .filter(|(at, _)| sound(*at))
        .filter_map(|(_, c)| next_dates(viewer, &after, &c.to))
        .collect();
    let hits = if fields.is_empty() && !stale {
        hits::views(desk, viewer, &hits::of(desk, viewer, changes).await?).await?
    } else {
        Vec::new()
    };
    Ok(SettingsPreview { fields, stale, next, hits })
}

/// The next days of an opening or an absence; nothing for other documents and for what is withdrawn.
fn next_dates(viewer: &Viewer, after: &OfficeSettings, setting: &Setting) -> Option<NextDates> {
    let today = viewer.today();
    let last = |first: NaiveDate| first.checked_add_days(Days::new(LOOK_AHEAD)).unwrap_or(first);
    let (id, mut dates): (String, Vec<OccurrenceView>) = match setting {
        Setting::Opening(o) if !o.removed => {
            let from = today.max(o.first_day);
            let days = occurrences::of_opening(viewer, after, o, from, last(from));
            (o.id.to_string(), days)
        }
        Setting::Absence(a) if !a.removed => {
            let from = today.max(a.start.date());
            (a.id.to_string(), occurrences::of_absence(viewer, a, from, last(from)))
        }
        _ => return None,
    };
    let ends = dates.len() <= SAID;
    dates.truncate(SAID);
    Some(NextDates { id, dates, ends })
}
