//! The labelled history, and taking back.

use serde::Deserialize;

use super::act::{self, Subject};
use super::dto::{ApiError, Done, UndoItem};
use super::views::Viewer;
use super::{IdArgs, NoArgs, pins};
use crate::desk::Desk;
use crate::store::{Step, UndoRow, UndoState};

/// Steps listed unless asked otherwise.
const LISTED: u32 = 60;

async fn step(desk: &Desk) -> Result<Step, ApiError> {
    let (actor, _) = act::actor(desk).await?;
    Ok(Step { actor, now: desk.now(), commands: Vec::new(), undoable: false })
}

fn item(viewer: &Viewer, step: &Step, row: UndoRow) -> UndoItem {
    let (state, why) = match &row.state {
        UndoState::Ready => ("ready", None),
        UndoState::Undone => ("undone", None),
        UndoState::Void => ("void", None),
        UndoState::Blocked(refusal) => ("blocked", Some(refusal.code.key().to_owned())),
    };
    UndoItem {
        id: row.id,
        kind: row.kind,
        at: row.at,
        by: row.actor.and_then(|p| viewer.name_of(p)),
        mine: row.actor.is_some() && row.actor == step.actor.person(),
        about: row.about.who,
        other: row.about.other,
        start: row.about.start,
        zone: row.about.zone,
        counsellor: row.about.counsellor,
        status: row.about.status,
        state: state.to_owned(),
        why,
    }
}

async fn take_back(desk: &Desk, which: Option<&str>) -> Result<Done, ApiError> {
    let step = step(desk).await?;
    match desk.store().undo(&step, which).await {
        Ok(None) => Err(ApiError::new("nothing_to_undo")),
        Ok(Some((done, row))) => {
            let undone = item(&Viewer::load(desk).await?, &step, row);
            Ok(Done { undone: Some(undone), ..act::finish(desk, Ok(done), Subject::default()).await? })
        }
        Err(e) => act::finish(desk, Err(e), Subject::default()).await,
    }
}

/// `undo.last`: takes back the last step of the acting person.
///
/// # Errors
/// `nothing_to_undo`, a refusal when something stands in the way since, or the database's.
pub async fn last(desk: &Desk, _: NoArgs) -> Result<Done, ApiError> {
    take_back(desk, None).await
}

/// `undo.step`: takes back an older step, whoever of this desk did it; the rules decide as for any other command.
///
/// # Errors
/// `nothing_to_undo` when it was taken back already or never was; a refusal; the database's.
pub async fn one(desk: &Desk, args: IdArgs) -> Result<Done, ApiError> {
    take_back(desk, Some(&args.id)).await
}

/// Arguments of `undo.list`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ListArgs {
    /// At most so many (default 60).
    pub limit: Option<u32>,
}

/// `undo.list`: what was done at this desk, newest first.
///
/// # Errors
/// The database's.
pub async fn list(desk: &Desk, args: ListArgs) -> Result<Vec<UndoItem>, ApiError> {
    let step = step(desk).await?;
    let viewer = Viewer::load(desk).await?;
    let rows = desk.store().undoable(&step, args.limit.unwrap_or(LISTED).clamp(1, 200)).await?;
    let told = |row: &UndoRow| pins::told_to(&viewer.person, row.about.preparation, row.actor);
    Ok(rows.into_iter().filter(told).map(|row| item(&viewer, &step, row)).collect())
}
