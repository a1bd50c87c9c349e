//! Appointments and the machine of their states.

use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::client::Relation;
use crate::ids::{
    AppointmentId, ClientId, EnquiryId, GuardianId, KindId, PersonId, RoomId, SiteId, WaitingId,
};
use crate::office::instant;
use crate::people::{Actor, Role};
use crate::session::SessionKey;

/// State of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Proposé: held for a family until an hour that it says.
    Held,
    /// Confirmé.
    Booked,
    /// Arrivé.
    Arrived,
    /// Honoré.
    Attended,
    /// Absent.
    NoShow,
    /// Excusé: the family told us.
    Excused,
    /// Annulé: by the office, with a reason.
    Cancelled,
    /// Refusé: the family did not take the proposal.
    Declined,
    /// Expiré: nobody answered the proposal in time.
    Expired,
}

impl Status {
    /// All of them, in the order of the machine.
    pub const ALL: [Self; 9] = [
        Self::Held,
        Self::Booked,
        Self::Arrived,
        Self::Attended,
        Self::NoShow,
        Self::Excused,
        Self::Cancelled,
        Self::Declined,
        Self::Expired,
    ];

    /// Whether it takes its time from counsellor, room and client. The others free it at once.
    #[must_use]
    pub const fn blocks(self) -> bool {
        matches!(self, Self::Held | Self::Booked | Self::Arrived | Self::Attended | Self::NoShow)
    }

    /// The name on the wire and on the command line.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Booked => "booked",
            Self::Arrived => "arrived",
            Self::Attended => "attended",
            Self::NoShow => "no_show",
            Self::Excused => "excused",
            Self::Cancelled => "cancelled",
            Self::Declined => "declined",
            Self::Expired => "expired",
        }
    }

    /// The inverse of [`Status::key`].
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// Somebody who comes (or came) to a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Companion {
    /// Relation to the client.
    pub relation: Relation,
    /// Which guardian, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<GuardianId>,
    /// Whether this person came; `None` until said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came: Option<bool>,
}

/// What happened to an appointment, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryEntry {
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// By whom; `None` is the family or the service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// What.
    pub what: HistoryFact,
}

/// What a step of a meeting's life changes: what somebody saw who takes a step back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenMeeting {
    /// State.
    pub status: Status,
    /// Start, UTC.
    pub start: DateTime<Utc>,
    /// End, UTC, excluded.
    pub end: DateTime<Utc>,
    /// With whom.
    pub counsellor: PersonId,
    /// Together with whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<PersonId>,
    /// Where.
    pub site: SiteId,
}

/// The fact of a history entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum HistoryFact {
    /// It was made, in this state.
    Created {
        /// First state.
        status: Status,
    },
    /// It was moved; these are the old times.
    Moved {
        /// Old start.
        start: DateTime<Utc>,
        /// Old end.
        end: DateTime<Utc>,
        /// Old counsellor.
        counsellor: PersonId,
        /// The old second one, when two held it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second: Option<PersonId>,
    },
    /// Its state changed.
    Status {
        /// Before.
        from: Status,
        /// After.
        to: Status,
        /// Why; mandatory for a cancellation.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Somebody booked over a rule and said why.
    Overridden {
        /// The reason.
        reason: String,
    },
    /// Two records of one person became one, or two again; this was the record before.
    Client {
        /// Before.
        from: ClientId,
    },
}

/// Rendez-vous.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// The same for its whole life.
    pub id: AppointmentId,
    /// Motif.
    pub kind: KindId,
    /// With whom.
    pub counsellor: PersonId,
    /// Together with whom: the second of two counsellors who hold it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub second: Option<PersonId>,
    /// Where.
    pub site: SiteId,
    /// In which room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<RoomId>,
    /// Start, UTC.
    pub start: DateTime<Utc>,
    /// End, UTC, excluded.
    pub end: DateTime<Utc>,
    /// The site's zone: what the family reads is the civil time in it.
    pub zone: Tz,
    /// Minutes kept free after it.
    #[serde(default)]
    pub buffer_after_min: u32,
    /// State.
    pub status: Status,
    /// A proposal ends then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_until: Option<DateTime<Utc>>,
    /// Which group session it belongs to; `None` for every other kind, and for those made before sessions had a name
    /// ([`crate::session::key_of`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionKey>,
    /// For whom; a proposal made from an enquiry may not know yet, and a planned group session has nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<ClientId>,
    /// Who comes along.
    #[serde(default)]
    pub companions: Vec<Companion>,
    /// The enquiry that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enquiry: Option<EnquiryId>,
    /// The entry of the waiting list that it answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<WaitingId>,
    /// When the client came to the counter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrived_at: Option<DateTime<Utc>>,
    /// Reason for which a rule was set aside; such a meeting may overlap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<String>,
    /// Raised by each move and each change of state; SEQUENCE in calendars (RFC 5545, 3.8.7.4).
    pub version: u32,
    /// Oldest first.
    pub history: Vec<HistoryEntry>,
}

impl Appointment {
    /// Whether both take time and share some of it. Touching is not overlapping.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.status.blocks() && other.status.blocks() && self.start < other.end && other.start < self.end
    }

    /// Whether it is a proposal whose hour has passed. It binds nobody any more, also while nobody has been able to say
    /// so: central, which ends it, may be out of reach.
    #[must_use]
    pub fn overdue(&self, now: DateTime<Utc>) -> bool {
        self.status == Status::Held && self.held_until.is_some_and(|until| until <= now)
    }

    /// Whether it takes its time at this moment: its state does, and it is no proposal whose hour has passed.
    #[must_use]
    pub fn takes_time(&self, now: DateTime<Utc>) -> bool {
        self.status.blocks() && !self.overdue(now)
    }

    /// Who holds it: one counsellor, or two.
    pub fn counsellors(&self) -> impl Iterator<Item = PersonId> {
        std::iter::once(self.counsellor).chain(self.second)
    }

    /// Whether this person holds it, alone or with a colleague.
    #[must_use]
    pub fn is_with(&self, person: PersonId) -> bool {
        self.counsellor == person || self.second == Some(person)
    }

    /// Somebody who holds both, when there is one.
    #[must_use]
    pub fn counsellor_shared_with(&self, other: &Self) -> Option<PersonId> {
        self.counsellors().find(|person| other.is_with(*person))
    }

    /// In a group session: whether it is somebody's seat, and not the planned session itself.
    #[must_use]
    pub const fn takes_seat(&self) -> bool {
        self.client.is_some() || self.enquiry.is_some()
    }

    /// What a step back compares with the present.
    #[must_use]
    pub fn seen(&self) -> SeenMeeting {
        SeenMeeting {
            status: self.status,
            start: self.start,
            end: self.end,
            counsellor: self.counsellor,
            second: self.second,
            site: self.site,
        }
    }

    /// Minutes from start to end.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        (self.end - self.start).num_minutes()
    }
}

/// Why a state may not follow another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatusRefusal {
    /// The machine has no such step.
    #[error("no such step")]
    NoSuchStep,
    /// Not before this instant.
    #[error("not before {0}")]
    TooEarly(DateTime<Utc>),
    /// No longer: the limit has passed.
    #[error("not after {0}")]
    TooLate(DateTime<Utc>),
    /// This person may not.
    #[error("not allowed")]
    NotAllowed,
    /// A reason is mandatory.
    #[error("a reason is mandatory")]
    ReasonMissing,
}

/// How long before its start a client may be marked as arrived.
pub const ARRIVAL_OPENS: Duration = Duration::hours(1);
/// How long after its start somebody may be said not to have come.
pub const NO_SHOW_AFTER: Duration = Duration::minutes(15);
/// A family may move its meeting until so long before its start.
pub const FAMILY_MOVES_UNTIL: Duration = Duration::days(2);
/// A family may excuse itself until so long before the start.
pub const FAMILY_EXCUSES_UNTIL: Duration = Duration::hours(4);

/// Longest reason, in characters.
pub const REASON_MAX: usize = 1_000;
/// Most people who come along.
pub const COMPANIONS_MAX: usize = 20;

/// The midnight that ends the civil day of an instant; where the clock skips it, the instant itself.
fn end_of_day(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let next = at.with_timezone(&zone).date_naive().checked_add_days(Days::new(1));
    next.and_then(|day| instant(day.and_time(NaiveTime::MIN), zone).ok()).unwrap_or(at)
}

/// Checks one step of the machine: its existence, its hour, the right of the actor. Availability is checked elsewhere
/// (`excused`/`cancelled` → `booked` passes the same check as a new booking).
///
/// # Errors
/// [`StatusRefusal`], with the instant from or until which it is possible.
pub fn check_step(
    appointment: &Appointment,
    to: Status,
    reason: Option<&str>,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(), StatusRefusal> {
    use Status::{Arrived, Attended, Booked, Cancelled, Declined, Excused, Expired, Held, NoShow};
    use StatusRefusal as R;
    let from = appointment.status;
    let reopens = matches!(from, Attended | NoShow | Excused | Cancelled);
    let exists = match (from, to) {
        (Held, Booked | Declined | Expired | Cancelled)
        | (Booked, Arrived | Attended | NoShow | Excused | Cancelled)
        | (Arrived, Attended | Booked | Cancelled)
        | (Excused | Cancelled, Booked)
        | (NoShow | Attended, Booked) => true,
        // A mark put on the wrong line, or somebody who came after all.
        (NoShow, Arrived | Attended | Excused) | (Attended, Arrived | NoShow) => true,
        _ => false,
    };
    if !exists {
        return Err(R::NoSuchStep);
    }
    match actor {
        Actor::System if matches!((from, to), (Held, Expired)) => {}
        Actor::System => return Err(R::NotAllowed),
        Actor::Family => match (from, to) {
            (Held, Declined) => {}
            (Held, Booked) => {
                // Also while nobody has marked it as expired yet.
                let limit = appointment.held_until.map_or(appointment.start, |u| u.min(appointment.start));
                if now >= limit {
                    return Err(R::TooLate(limit));
                }
            }
            (Booked, Excused) => {
                let limit = appointment.start - FAMILY_EXCUSES_UNTIL;
                if now > limit {
                    return Err(R::TooLate(limit));
                }
            }
            _ => return Err(R::NotAllowed),
        },
        Actor::Staff { person, role, .. } => {
            let own = appointment.is_with(*person);
            match role {
                Role::Director => {}
                Role::Counsellor if own => {}
                Role::Receptionist => {
                    if reopens {
                        let day = |t: DateTime<Utc>| t.with_timezone(&appointment.zone).date_naive();
                        let ended = appointment.history.iter().rev().find_map(|h| match h.what {
                            HistoryFact::Status { to, .. } if to == from => Some(h.at),
                            _ => None,
                        });
                        let ended = ended.unwrap_or(appointment.end);
                        if day(ended) != day(now) {
                            return Err(R::TooLate(end_of_day(ended, appointment.zone)));
                        }
                    }
                }
                Role::Counsellor | Role::AcademyAdmin => return Err(R::NotAllowed),
            }
        }
    }
    match to {
        Arrived | Attended => {
            let opens = appointment.start - ARRIVAL_OPENS;
            if now < opens {
                return Err(R::TooEarly(opens));
            }
        }
        NoShow => {
            let opens = appointment.start + NO_SHOW_AFTER;
            if now < opens {
                return Err(R::TooEarly(opens));
            }
        }
        Expired => {
            if let Some(until) = appointment.held_until
                && now < until
            {
                return Err(R::TooEarly(until));
            }
        }
        Cancelled if reason.is_none_or(|r| r.trim().is_empty()) => return Err(R::ReasonMissing),
        _ => {}
    }
    Ok(())
}
