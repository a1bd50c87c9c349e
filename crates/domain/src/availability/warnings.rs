//! What a person should see before the last step, and what binds the public.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{Wanted, agenda_between, is_duty, kind_rules};
use crate::appointment::Appointment;
use crate::ids::{AppointmentId, PersonId, SiteId};
use crate::office::{AppointmentKind, OfficeSettings};
use crate::refusal::{Refusal, RefusalCode};
use crate::slots::{
    AgendaIndex, BusyCause, Candidate, ClosedReason, Finding, KindRules, Overlap, Window, check,
};

/// Something that a person may know better; it never refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// "past", "absence", "outside_opening", "duty", "external", "travel", "gap_too_short", "holiday", "closure",
    /// "same_kind_same_day", "room_seats".
    pub code: &'static str,
    /// The name of a holiday, of an absence, of another site.
    pub about: Option<String>,
    /// From, UTC.
    pub from: Option<DateTime<Utc>>,
    /// To, UTC.
    pub to: Option<DateTime<Utc>>,
    /// The second counsellor, when it is their time that is in question; `None`: the first one's, or nobody's.
    pub who: Option<PersonId>,
}

/// Everything that a person should see before the last step. `appointments` are those of that day and its neighbours.
/// What is impossible is not among them: that is [`crate::decide()`]'s to say.
#[must_use]
pub fn warnings(
    settings: &OfficeSettings,
    appointments: &[&Appointment],
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Vec<Warning> {
    let plain = |code| Warning { code, about: None, from: None, to: None, who: None };
    let second = |who: Uuid| Some(PersonId(who)).filter(|who| *who != wanted.counsellor);
    let mut out = Vec::new();
    let Some(kind) = settings.kinds.get(&wanted.kind) else { return out };
    let day = wanted.start.with_timezone(&settings.zone_of(wanted.site)).date_naive();
    for finding in findings(settings, appointments, wanted, kind, now, false).unwrap_or_default() {
        let (from, to) = match &finding {
            Finding::Busy { start, end, .. } => (Some(*start), Some(*end)),
            _ => (None, None),
        };
        let warning = match finding {
            Finding::Past => plain("past"),
            Finding::OutsideOpening { who } => Warning { who: second(who), ..plain("outside_opening") },
            Finding::Closed { reason, .. } => match reason {
                ClosedReason::PublicHoliday(holiday) => {
                    Warning { about: Some(holiday.french_name().to_owned()), ..plain("holiday") }
                }
                ClosedReason::Closure => plain("closure"),
            },
            Finding::Busy { who, cause, overlap, .. } => {
                let whose = PersonId(who);
                let Some((code, about)) =
                    busy_warning(settings, appointments, wanted, whose, &cause, overlap)
                else {
                    continue;
                };
                Warning { code, about, from, to, who: second(who) }
            }
            Finding::Notice { .. }
            | Finding::Horizon { .. }
            | Finding::NoRoom
            | Finding::RoomTaken { .. }
            | Finding::UnsuitableRoom { .. } => continue,
        };
        if !out.contains(&warning) {
            out.push(warning);
        }
    }
    // A closed day is outside every opening: said once.
    if out.iter().any(|w| w.code == "holiday" || w.code == "closure") {
        out.retain(|w| w.code != "outside_opening");
    }
    out.extend(too_few_seats(settings, appointments, wanted, kind, now));
    let same_day = |a: &&&Appointment| {
        a.client.is_some()
            && a.client == wanted.client
            && a.kind == wanted.kind
            && Some(a.id) != wanted.moving
            && a.takes_time(now)
            && a.start.with_timezone(&a.zone).date_naive() == day
    };
    if let Some(a) = appointments.iter().find(same_day) {
        out.push(Warning { from: Some(a.start), to: Some(a.end), ..plain("same_kind_same_day") });
    }
    out
}

/// A group session in a room with fewer seats than it will have people: all of them when it is planned, one more when
/// somebody joins.
fn too_few_seats(
    settings: &OfficeSettings,
    appointments: &[&Appointment],
    wanted: &Wanted,
    kind: &AppointmentKind,
    now: DateTime<Utc>,
) -> Option<Warning> {
    if kind.capacity <= 1 {
        return None;
    }
    let others = appointments.iter().copied().filter(|a| a.kind == kind.id && Some(a.id) != wanted.moving);
    let there = super::sessions(settings, others, now).into_iter().find(|s| {
        (s.slot.counsellor, s.slot.site, s.slot.start) == (wanted.counsellor, wanted.site, wanted.start)
    });
    let mut suitable: Vec<_> = settings
        .rooms
        .values()
        .filter(|r| r.site == wanted.site && Some(&r.kind) == kind.room_kind.as_ref())
        .collect();
    suitable.sort_by_key(|r| (r.rank, r.id));
    let room = match there.as_ref().map_or(wanted.room, |s| s.slot.room) {
        Some(room) => settings.rooms.get(&room)?,
        None => suitable.into_iter().next()?,
    };
    let people = there.map_or(kind.capacity, |there| there.taken + 1);
    let about = format!("{}, {} place{}", room.name, room.seats, if room.seats > 1 { "s" } else { "" });
    (people > room.seats).then_some(Warning {
        code: "room_seats",
        about: Some(about),
        from: None,
        to: None,
        who: None,
    })
}

/// What the engine objects to; rooms are not asked about. `None` when it cannot say anything of such a place.
fn findings(
    settings: &OfficeSettings,
    appointments: &[&Appointment],
    wanted: &Wanted,
    kind: &AppointmentKind,
    now: DateTime<Utc>,
    public: bool,
) -> Option<Vec<Finding<Uuid>>> {
    let day = wanted.start.with_timezone(&settings.zone_of(wanted.site)).date_naive();
    let others = appointments.iter().copied().filter(|a| Some(a.id) != wanted.moving);
    let rows = agenda_between(settings, others, (day, day), now);
    let index = AgendaIndex::build(&rows, Window::new(day, day).ok()?).ok()?;
    let candidate = Candidate {
        counsellor: wanted.counsellor.0,
        second: wanted.second.map(|second| second.0),
        site: wanted.site.0,
        start: wanted.start,
        end: Some(wanted.start + Duration::minutes(i64::from(wanted.minutes))),
        room: None,
        reschedule_of: None,
    };
    let rules = KindRules { room_kind: None, ..kind_rules(kind, Some(wanted.minutes)) };
    check(&index, &rules, &candidate, now, public).ok().map(|c| c.findings)
}

/// Why a family may not put its meeting there: only what the public search offers is open to it, with the notice and
/// the horizon that never bind the staff. `None` when it may; rooms are chosen elsewhere.
#[must_use]
pub fn public_refusal(
    settings: &OfficeSettings,
    appointments: &[&Appointment],
    wanted: &Wanted,
    now: DateTime<Utc>,
) -> Option<Refusal> {
    let Some(kind) = settings.kinds.get(&wanted.kind) else {
        return Some(RefusalCode::ResourceUnavailable.into());
    };
    let Some(found) = findings(settings, appointments, wanted, kind, now, true) else {
        return Some(RefusalCode::ResourceUnavailable.into());
    };
    let with = found.iter().find_map(|f| match f {
        Finding::Busy { cause: BusyCause::Appointment(id), .. } if !is_duty(*id) => Some(AppointmentId(*id)),
        _ => None,
    });
    found.first().map(|first| match first {
        Finding::Past => Refusal::new(RefusalCode::TooLate).limit(now),
        Finding::Notice { earliest } => Refusal::new(RefusalCode::TooLate).limit(*earliest),
        Finding::Horizon { .. } => RefusalCode::TooEarly.into(),
        // To a family, a time outside the openings and a time that is taken are the same: not free.
        _ => Refusal { with, ..Refusal::new(RefusalCode::SlotTaken) },
    })
}

/// The warning about a busy time; `None` when it is an overlap with a meeting, which is refused, not warned about.
fn busy_warning(
    settings: &OfficeSettings,
    appointments: &[&Appointment],
    wanted: &Wanted,
    whose: PersonId,
    cause: &BusyCause<Uuid>,
    overlap: Overlap,
) -> Option<(&'static str, Option<String>)> {
    let site_name = |id: Uuid| settings.site(SiteId(id)).map(|s| s.name.clone());
    Some(match cause {
        BusyCause::Absence => {
            let zone = settings.office.zone;
            let local = |t: DateTime<Utc>| t.with_timezone(&zone).naive_local();
            let (from, to) =
                (local(wanted.start), local(wanted.start + Duration::minutes(i64::from(wanted.minutes))));
            let label = settings
                .absences
                .values()
                .filter(|a| a.counsellor == whose)
                .find(|a| a.rule.is_some() || (a.start < to && from < a.end))
                .map(|a| a.label.clone());
            ("absence", label)
        }
        BusyCause::External => ("external", None),
        BusyCause::Appointment(id) if is_duty(*id) => match overlap {
            Overlap::Meeting => ("duty", None),
            Overlap::Travel => ("travel", None),
            Overlap::Buffer => ("gap_too_short", None),
        },
        BusyCause::Appointment(id) => match overlap {
            Overlap::Meeting => return None,
            Overlap::Travel => {
                let other = appointments.iter().find(|a| a.id.0 == *id).and_then(|a| site_name(a.site.0));
                ("travel", other)
            }
            _ => ("gap_too_short", None),
        },
        BusyCause::OpeningElsewhere(site) => ("travel", site_name(*site)),
    })
}
