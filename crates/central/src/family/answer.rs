//! What a family decides: an ordinary command, decided by the rules under the lock of the office's feed.

use chrono::{DateTime, Utc};
use passerelle_domain::appointment::{Appointment, FAMILY_MOVES_UNTIL, Status};
use passerelle_domain::command::{Move, Place, SetStatus};
use passerelle_domain::people::Actor;
use passerelle_domain::{Command, Refusal, RefusalCode};
use passerelle_protocol::intake::{FamilyAnswer, FamilyPlace, FamilySlot, FamilyView};

use super::{Found, find, one, place, slots, view};
use crate::arbitration;
use crate::service::Service;
use crate::store::{Feed, StoreError, Tx, again};

/// Places that a refusal names.
const ALTERNATIVES: usize = 3;

/// What became of an answer.
#[derive(Debug)]
pub enum Answered {
    /// Done, or done before: how it stands now.
    Done(Box<FamilyView>),
    /// The rules refuse it; nothing has changed.
    Refused {
        /// Why.
        refusal: Refusal,
        /// Where the meeting could be moved to instead.
        alternatives: Vec<FamilySlot>,
        /// The office's phone, for all that cannot be done here.
        phone: Option<String>,
        /// The zone in which the family reads the hours.
        zone: chrono_tz::Tz,
    },
}

/// Carries out what a family decides; `None` when there is nothing behind the link.
///
/// # Errors
/// [`StoreError`] of the database; then nothing was changed.
pub async fn answer(
    service: &Service,
    link: &str,
    answer: &FamilyAnswer,
) -> Result<Option<Answered>, StoreError> {
    again(|| once(service, link, answer)).await
}

/// One attempt.
async fn once(service: &Service, link: &str, answer: &FamilyAnswer) -> Result<Option<Answered>, StoreError> {
    let mut tx = service.store.write().await?;
    let Some(place) = place(service, &mut tx, link).await? else { return Ok(None) };
    // Before anything is read that is decided on.
    let Some(mut feed) = Feed::lock(&mut tx, &place.scope).await? else { return Ok(None) };
    let Some(found) = find(service, &mut tx, link).await? else { return Ok(None) };
    let now = service.now();
    let outcome = match command(&mut tx, &found, answer, now).await? {
        Ok(command) => {
            let settings = &found.settings;
            arbitration::execute(&mut tx, &mut feed, settings, &command, &Actor::Family, now).await?
        }
        Err(refusal) => Err(refusal),
    };
    if let Err(refusal) = outcome {
        let meeting = found.appointment.as_ref().filter(|_| matches!(answer, FamilyAnswer::Move(_)));
        // What the staff could book is not what a family may choose.
        let alternatives = match meeting.filter(|_| refusal.code.wants_alternatives()) {
            Some(meeting) => slots::free(&mut tx, &found, meeting, ALTERNATIVES, now).await?,
            None => Vec::new(),
        };
        let phone = found.settings.office.phone.clone();
        let zone = meeting.map_or(found.settings.office.zone, |m| m.zone);
        return Ok(Some(Answered::Refused { refusal, alternatives, phone, zone }));
    }
    let after = find(service, &mut tx, link).await?.unwrap_or(found);
    service.commit(tx, &feed).await?;
    tracing::info!(scope = feed.scope(), enquiry = %after.enquiry.id, "a family answered");
    Ok(Some(Answered::Done(Box::new(view::of(&after)))))
}

/// The command that an answer means. A proposal or a meeting that is not this family's does not exist for it.
async fn command(
    conn: &mut Tx,
    found: &Found,
    answer: &FamilyAnswer,
    now: DateTime<Utc>,
) -> Result<Result<Command, Refusal>, StoreError> {
    let status = |id, status| Ok(Command::SetStatus(SetStatus::to(id, status)));
    let (proposal, to) = match answer {
        FamilyAnswer::Accept { proposal } => (*proposal, Status::Booked),
        FamilyAnswer::Decline { proposal } => (*proposal, Status::Declined),
        FamilyAnswer::Move(place) => {
            let Some(meeting) = &found.appointment else { return Ok(Err(RefusalCode::NotFound.into())) };
            // The rules know what is free; that families are received at whole slots only the search knows. When it is
            // too late, or the meeting is there already, the rules have the word.
            let there = (place.start, place.counsellor, place.site)
                == (meeting.start, meeting.counsellor, meeting.site);
            let chooses = now <= meeting.start - FAMILY_MOVES_UNTIL && !there;
            if chooses
                && !slots::free(conn, found, meeting, usize::MAX, now)
                    .await?
                    .iter()
                    .any(|s| s.place == *place)
            {
                return Ok(Err(RefusalCode::SlotTaken.into()));
            }
            return Ok(Ok(moved(found, meeting, place)));
        }
        FamilyAnswer::Excuse => {
            return Ok(match &found.appointment {
                Some(meeting) => status(meeting.id, Status::Excused),
                None => Err(RefusalCode::NotFound.into()),
            });
        }
    };
    // An answer that is sent again finds its proposal answered: the rules then have nothing to do.
    let made = one(conn, &found.scope, found.settings.clone(), proposal).await?;
    let own = |a: &Appointment| a.enquiry.is_some_and(|e| found.chain.contains(&e));
    Ok(match made.filter(own) {
        Some(a) => status(a.id, to),
        None => Err(RefusalCode::NotFound.into()),
    })
}

fn moved(found: &Found, meeting: &Appointment, to: &FamilyPlace) -> Command {
    let zone = found.settings.zone_of(to.site);
    let place = Place {
        counsellor: to.counsellor,
        // Whoever holds it with the first one goes on doing so.
        second: meeting.second,
        site: to.site,
        room: None,
        start: to.start.with_timezone(&zone).naive_local(),
        zone,
        minutes: u32::try_from(meeting.minutes()).unwrap_or(0),
    };
    Command::Move(Move {
        id: meeting.id,
        place,
        seen_version: meeting.version,
        override_reason: None,
        seen: None,
    })
}
