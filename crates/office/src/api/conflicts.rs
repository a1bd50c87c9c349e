//! Reading conflicts: what was meant here, what central has instead, what is free.

use passerelle_domain::appointment::{Appointment, HistoryFact};
use passerelle_domain::availability::{Alternatives, Wanted};
use passerelle_domain::client::Client;
use passerelle_domain::people::Person;
use serde::Deserialize;

use super::act::{self, OFFERED};
use super::dto::{ApiError, ConflictSide, ConflictView};
use super::pins;
use super::views::{Viewer, contact};
use crate::desk::Desk;
use crate::store::ConflictRow;

/// Arguments of `conflicts.list`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ListArgs {
    /// "open" (default) or "settled".
    pub state: Option<String>,
}

/// `conflicts.list`: open ones by the nearest meeting, settled ones newest first.
///
/// # Errors
/// `bad_status`; the database's.
pub async fn list(desk: &Desk, args: ListArgs) -> Result<Vec<ConflictView>, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let rows = match args.state.as_deref() {
        None | Some("open") => viewer.open_conflicts.clone(),
        Some("settled") => {
            let mut settled = desk.store().conflicts(true).await?;
            settled.retain(|c| told_to(c, &viewer.person));
            settled
        }
        Some(other) => {
            return Err(ApiError::new("bad_status").with(serde_json::json!({ "value": other })));
        }
    };
    let mut views = Vec::with_capacity(rows.len());
    for row in &rows {
        views.push(view(desk, &viewer, row).await?);
    }
    Ok(views)
}

/// Whether somebody may be told of it; see [`pins::told_to`].
pub(super) fn told_to(row: &ConflictRow, person: &Person) -> bool {
    pins::told_to(person, pins::is_preparation(&row.command), row.actor)
}

/// How many wait for whoever is at the desk.
pub(super) async fn count(desk: &Desk) -> Result<u32, ApiError> {
    let Ok((_, person)) = desk.actor().await? else { return Ok(desk.store().conflict_count().await?) };
    let open = desk.store().conflicts(false).await?;
    Ok(u32::try_from(open.iter().filter(|c| told_to(c, &person)).count()).unwrap_or(u32::MAX))
}

async fn view(desk: &Desk, viewer: &Viewer, row: &ConflictRow) -> Result<ConflictView, ApiError> {
    let client = match row.mine.as_ref().and_then(|m| m.client) {
        Some(id) => desk.store().client(id).await?,
        None => None,
    };
    let in_the_way = in_the_way(desk, row).await?;
    let open = row.settled.is_none();
    let free = match &row.mine {
        Some(mine) if open => alternatives(desk, row, mine).await?,
        _ => Alternatives::default(),
    };
    Ok(ConflictView {
        id: row.id.clone(),
        code: row.refusal.code.key().to_owned(),
        state: if open { "open" } else { "settled" }.to_owned(),
        at: row.at,
        kind: row.command.kind().to_owned(),
        mine: Some(mine(viewer, row, client.as_ref())),
        theirs: theirs(desk, viewer, row, in_the_way.as_ref()).await?,
        same_person: free.same_person.iter().map(|s| viewer.slot(s)).collect(),
        colleagues: free.colleagues.iter().map(|s| viewer.slot(s)).collect(),
        phone: client.as_ref().and_then(contact).map(|c| c.phone),
        settled: row.settled.clone(),
    })
}

fn mine(viewer: &Viewer, row: &ConflictRow, client: Option<&Client>) -> ConflictSide {
    ConflictSide {
        appointment: row.mine.as_ref().map(|m| viewer.refused(m, &row.id, client)),
        by: row.actor.and_then(|p| viewer.name_of(p)),
        at: Some(row.given_at),
        offline: row.offline,
    }
}

/// The meeting that central named, else one that stands here at the same time with the same person, room or client.
async fn in_the_way(desk: &Desk, row: &ConflictRow) -> Result<Option<Appointment>, ApiError> {
    if let Some(id) = row.refusal.with
        && let Some(a) = desk.store().appointment(id).await?
    {
        return Ok(Some(a));
    }
    let Some(mine) = row.mine.as_ref().filter(|_| row.refusal.code.wants_alternatives()) else {
        return Ok(None);
    };
    let near = desk.store().appointments_between(mine.start, mine.end).await?;
    let clashes = |a: &Appointment| {
        a.id != mine.id
            && a.overlaps(mine)
            && (a.counsellor == mine.counsellor
                || (a.room.is_some() && a.room == mine.room)
                || (a.client.is_some() && a.client == mine.client))
    };
    Ok(near.into_iter().find(clashes))
}

async fn theirs(
    desk: &Desk,
    viewer: &Viewer,
    row: &ConflictRow,
    in_the_way: Option<&Appointment>,
) -> Result<Option<ConflictSide>, ApiError> {
    let Some(a) = in_the_way else {
        // A claim that somebody else has: there is a person and no meeting.
        let by = row.refusal.person.and_then(|p| viewer.name_of(p));
        return Ok(by.map(|by| ConflictSide { appointment: None, by: Some(by), at: None, offline: false }));
    };
    // Whoever put it there: the last who made or moved it, or brought it back.
    let placed = a.history.iter().rev().find(|h| match &h.what {
        HistoryFact::Created { .. } | HistoryFact::Moved { .. } => true,
        HistoryFact::Status { from, to, .. } => !from.blocks() && to.blocks(),
        HistoryFact::Overridden { .. } | HistoryFact::Client { .. } => false,
    });
    Ok(Some(ConflictSide {
        appointment: Some(viewer.appointment_with_client(desk, a).await?),
        by: placed.and_then(|h| h.by).and_then(|p| viewer.name_of(p)),
        at: placed.map(|h| h.at),
        offline: false,
    }))
}

async fn alternatives(desk: &Desk, row: &ConflictRow, mine: &Appointment) -> Result<Alternatives, ApiError> {
    if !row.command.kind().starts_with("appointment.") {
        return Ok(Alternatives::default());
    }
    let wanted = Wanted {
        kind: mine.kind,
        counsellor: mine.counsellor,
        second: mine.second,
        site: mine.site,
        start: mine.start,
        minutes: u32::try_from(mine.minutes()).unwrap_or(0),
        room: mine.room,
        client: mine.client,
        moving: Some(mine.id),
    };
    act::alternatives(desk, &wanted, OFFERED).await
}
