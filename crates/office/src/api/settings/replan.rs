//! An absence or a closure together with what becomes of each meeting that it hits: one step, taken back as one.

use passerelle_domain::appointment::Appointment;
use passerelle_domain::appointment::Status;
use passerelle_domain::command::{Move, Place, SetStatus};
use passerelle_domain::session::is_planned_session;
use passerelle_domain::{Command, Refusal, RefusalCode};
use serde_json::json;

use super::super::act::{self, Subject, civil, id};
use super::super::dto::{ApiError, Done, Replan, ReplanDecision};
use super::super::views::Viewer;
use super::{hits, may, preview};
use crate::desk::Desk;

/// `settings.replan`.
///
/// # Errors
/// `decisions_missing` (params: the meetings) when a meeting that is hit has no decision: nothing is cancelled, and
/// nothing kept, without a word; `reason_missing`; a refusal when a chosen place was taken meanwhile; the database's.
/// Nothing is written then.
pub async fn replan(desk: &Desk, args: Replan) -> Result<Done, ApiError> {
    let viewer = Viewer::load(desk).await?;
    may(&viewer)?;
    let save = Command::SaveSettings { changes: args.changes.clone() };
    preview::judge(desk, &viewer, &save).await?;
    let found = hits::of(desk, &viewer, &args.changes).await?;
    let decided = |id: &str| args.decisions.iter().any(|d| d.appointment == id);
    let missing: Vec<String> =
        found.list.iter().map(|h| h.appointment.to_string()).filter(|id| !decided(id)).collect();
    if !missing.is_empty() {
        return Err(ApiError::new("decisions_missing").with(json!({ "appointments": missing })));
    }
    let mut commands = vec![(false, save)];
    for decision in &args.decisions {
        let meeting = found
            .meetings
            .iter()
            .find(|a| a.id.to_string() == decision.appointment)
            .ok_or_else(|| ApiError::not_found("appointment"))?;
        commands.push((is_planned_session(&viewer.settings, meeting), command(&viewer, meeting, decision)?));
    }
    // A planned group session goes last: not from under those who come to it.
    commands.sort_by_key(|(planned, _)| *planned);
    let commands = commands.into_iter().map(|(_, command)| command).collect();
    act::run(desk, commands, true, Subject::default()).await
}

fn command(viewer: &Viewer, a: &Appointment, decision: &ReplanDecision) -> Result<Command, ApiError> {
    let reason = || {
        let given = decision.reason.as_deref().map(str::trim).filter(|r| !r.is_empty());
        given.map(str::to_owned).ok_or_else(|| ApiError::from(Refusal::new(RefusalCode::ReasonMissing)))
    };
    let minutes = u32::try_from(a.minutes()).unwrap_or(0);
    let moved = |place, override_reason| {
        Command::Move(Move { id: a.id, place, seen_version: a.version, override_reason, seen: None })
    };
    Ok(match decision.take.as_str() {
        "move" => {
            let slot = decision.slot.as_ref().ok_or_else(|| ApiError::bad_arguments("slot is missing"))?;
            let (counsellor, site) = (id(&slot.counsellor, "counsellor")?, id(&slot.site, "site")?);
            let start = civil(&slot.local)?;
            let second = a.second.filter(|second| *second != counsellor);
            moved(act::place(&viewer.settings, (counsellor, second), start, Some(site), None, minutes)?, None)
        }
        "cancel" => Command::SetStatus(SetStatus {
            reason: Some(reason()?),
            ..SetStatus::to(a.id, Status::Cancelled)
        }),
        // It stays where it is, and the reason stays with it.
        "keep" => {
            let place = Place {
                counsellor: a.counsellor,
                second: a.second,
                site: a.site,
                room: a.room,
                start: a.start.with_timezone(&a.zone).naive_local(),
                zone: a.zone,
                minutes,
            };
            moved(place, Some(reason()?))
        }
        other => return Err(ApiError::bad_arguments(format!("take: {other:?}"))),
    })
}
