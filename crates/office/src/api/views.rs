//! From the domain's values to what a screen shows, for one person at one moment.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use passerelle_domain::appointment::{Appointment, Companion, HistoryEntry, HistoryFact, Status};
use passerelle_domain::availability::SessionSeats;
use passerelle_domain::client::{Client, Relation, phone_digits};
use passerelle_domain::enquiry::{Author, Enquiry, EnquiryStatus, Message};
use passerelle_domain::ids::{AppointmentId, ClientId, KindId, PersonId, SiteId};
use passerelle_domain::office::{AppointmentKind, KindColour, OfficeSettings};
use passerelle_domain::people::{Person, Role};
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::session::{is_planned_session, key_of};
use passerelle_protocol::sync::Entity;

use super::dto::{
    ApiError, AppointmentView, ClientMatch, ClientRef, CompanionView, ContactView, EnquiryRow, HistoryView,
    KindView, MessageView, PersonRef, SeatsView, SlotView, Standing,
};
use crate::desk::{Desk, NoActor};
use crate::store::{ConflictRow, Unsure};

/// Who looks, when, and what is needed to show documents as they stand.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The office's settings.
    pub settings: Arc<OfficeSettings>,
    /// Who looks.
    pub person: Person,
    /// When.
    pub now: DateTime<Utc>,
    /// Documents of which a command waits to be sent.
    pub unsent: HashSet<String>,
    /// Appointments that central has not shown back.
    pub appointments_unconfirmed: HashSet<String>,
    /// Enquiries likewise.
    pub enquiries_unconfirmed: HashSet<String>,
    /// Clients likewise.
    pub clients_unconfirmed: HashSet<String>,
    /// Entries of the waiting list likewise.
    pub waiting_unconfirmed: HashSet<String>,
    /// Conflicts that wait for a person, the nearest meeting first.
    pub open_conflicts: Vec<ConflictRow>,
    conflict_of: HashMap<AppointmentId, String>,
    /// Meetings that wait for central's word; none at a desk without a central.
    unsure: Unsure,
}

impl Viewer {
    /// Loads it.
    ///
    /// # Errors
    /// `not_ready` without settings, `nobody_signed_in`, `not_allowed` for who sees no file; else the database's.
    pub async fn load(desk: &Desk) -> Result<Self, ApiError> {
        let (_, person) = desk.actor().await?.map_err(|no| match no {
            NoActor::NotReady => ApiError::new("not_ready"),
            NoActor::NobodySignedIn => ApiError::new("nobody_signed_in"),
        })?;
        let settings = desk.settings().await?.ok_or_else(|| ApiError::new("not_ready"))?;
        if person.role == Role::AcademyAdmin {
            return Err(ApiError::new("not_allowed"));
        }
        let store = desk.store();
        let mut open_conflicts = store.conflicts(false).await?;
        open_conflicts.retain(|c| super::conflicts::told_to(c, &person));
        let conflict_of =
            open_conflicts.iter().filter_map(|c| c.mine.as_ref().map(|m| (m.id, c.id.clone()))).collect();
        Ok(Self {
            settings,
            person,
            now: desk.now(),
            unsent: store.unsent().await?,
            appointments_unconfirmed: store.unconfirmed(Entity::Appointment).await?,
            enquiries_unconfirmed: store.unconfirmed(Entity::Enquiry).await?,
            clients_unconfirmed: store.unconfirmed(Entity::Client).await?,
            waiting_unconfirmed: store.unconfirmed(Entity::WaitingEntry).await?,
            unsure: store.unsure().await?,
            open_conflicts,
            conflict_of,
        })
    }

    /// The civil date at the office.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        self.settings.local_date(self.now)
    }

    /// The open conflict that an appointment is in.
    #[must_use]
    pub fn conflict_of(&self, id: AppointmentId) -> Option<&str> {
        self.conflict_of.get(&id).map(String::as_str)
    }

    /// Whether the question must stay hidden from this person.
    #[must_use]
    pub fn hides(&self, enquiry: &Enquiry) -> bool {
        enquiry.sensitive && !matches!(self.person.role, Role::Counsellor | Role::Director)
    }

    /// A person by name.
    #[must_use]
    pub fn person(&self, id: PersonId) -> PersonRef {
        let name = self.settings.people.get(&id).map_or_else(|| "—".to_owned(), Person::short_name);
        PersonRef { id: id.to_string(), name }
    }

    /// The name of a person, when it is one of the office.
    #[must_use]
    pub fn name_of(&self, id: PersonId) -> Option<String> {
        self.settings.people.get(&id).map(Person::short_name)
    }

    /// A found client with the name of the counsellor who follows them.
    #[must_use]
    pub fn with_referent(&self, found: ClientMatch, client: &Client) -> ClientMatch {
        ClientMatch { referent: client.referent.map(|r| self.person(r)), ..found }
    }

    /// A kind of appointment.
    #[must_use]
    pub fn kind(&self, id: KindId) -> KindView {
        match self.settings.kinds.get(&id) {
            Some(kind) => kind_view(kind),
            None => KindView {
                id: id.to_string(),
                name: "—".to_owned(),
                duration_min: 0,
                capacity: 1,
                colour: KindColour::Grey,
            },
        }
    }

    /// The name of a site that is not the main one.
    #[must_use]
    pub fn site_name(&self, id: SiteId) -> Option<String> {
        let main = self.settings.main_site().map(|s| s.id);
        if main == Some(id) { None } else { self.settings.site(id).map(|s| s.name.clone()) }
    }

    /// A free slot.
    #[must_use]
    pub fn slot(&self, slot: &FreeSlot) -> SlotView {
        let zone = self.settings.zone_of(slot.site);
        SlotView {
            start: slot.start,
            end: slot.end,
            zone: zone.name().to_owned(),
            local: slot.start.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string(),
            counsellor: self.person(slot.counsellor),
            site: slot.site.to_string(),
            site_name: self.site_name(slot.site),
            room: slot.room.map(|r| r.to_string()),
            second: None,
            seats: None,
        }
    }

    /// A planned group session with a seat left.
    #[must_use]
    pub fn session(&self, session: &SessionSeats) -> SlotView {
        let seats = SeatsView { left: session.left(), of: session.capacity };
        let second = session.second.map(|p| self.person(p));
        SlotView { second, seats: Some(seats), ..self.slot(&session.slot) }
    }

    /// Whether its time has passed and nobody said what became of it.
    #[must_use]
    pub fn status_missing(&self, a: &Appointment) -> bool {
        // A planned group session is nobody who could have come.
        matches!(a.status, Status::Booked | Status::Arrived)
            && a.end <= self.now
            && !is_planned_session(&self.settings, a)
    }

    /// How sure a meeting is.
    #[must_use]
    pub fn standing(&self, a: &Appointment) -> Standing {
        let its = |c: &&ConflictRow| c.mine.as_ref().is_some_and(|m| m.id == a.id);
        let refused = self.open_conflicts.iter().filter(its).any(|c| c.refusal.code.wants_alternatives());
        match self.unsure.of(a.id).filter(|_| a.status.blocks()) {
            _ if refused => Standing::ToReplace,
            Some(true) => Standing::Guaranteed,
            Some(false) => Standing::Reserved,
            None => Standing::Confirmed,
        }
    }

    /// A meeting, without its history.
    #[must_use]
    pub fn appointment(&self, a: &Appointment, client: Option<&Client>) -> AppointmentView {
        let (from_min, to_min) = minutes_of_day(a.start, a.end, a.zone);
        let id = a.id.to_string();
        let conflict = self.conflict_of.get(&a.id).cloned();
        let sync = if conflict.is_some() {
            "conflict"
        } else if self.unsent.contains(&id) {
            "local"
        } else if self.appointments_unconfirmed.contains(&id) {
            "sent"
        } else {
            "acknowledged"
        };
        AppointmentView {
            start: a.start,
            end: a.end,
            zone: a.zone.name().to_owned(),
            date: a.start.with_timezone(&a.zone).date_naive(),
            from_min,
            to_min,
            kind: self.kind(a.kind),
            counsellor: self.person(a.counsellor),
            second: a.second.map(|p| self.person(p)),
            session: key_of(&self.settings, a).map(|key| key.to_string()),
            seat: !is_planned_session(&self.settings, a),
            site: a.site.to_string(),
            site_name: self.site_name(a.site),
            room: a.room.map(|r| r.to_string()),
            room_name: a.room.and_then(|r| self.settings.room(r)).map(|r| r.name.clone()),
            status: if a.overdue(self.now) { Status::Expired } else { a.status },
            held_until: a.held_until,
            client: client.map(client_ref),
            companions: a.companions.iter().map(companion).collect(),
            enquiry: a.enquiry.map(|e| e.to_string()),
            arrived_at: a.arrived_at,
            override_reason: a.override_reason.clone(),
            version: a.version,
            sync: sync.to_owned(),
            standing: self.standing(a),
            status_missing: self.status_missing(a),
            conflict,
            history: Vec::new(),
            id,
        }
    }

    /// A meeting with its client, read from the store.
    ///
    /// # Errors
    /// The database's.
    pub async fn appointment_with_client(
        &self,
        desk: &Desk,
        a: &Appointment,
    ) -> Result<AppointmentView, ApiError> {
        let client = match a.client {
            Some(id) => desk.store().client(id).await?,
            None => None,
        };
        Ok(self.appointment(a, client.as_ref()))
    }

    /// Meetings with their clients, read in one query.
    ///
    /// # Errors
    /// The database's.
    pub async fn appointments(
        &self,
        desk: &Desk,
        meetings: &[Appointment],
    ) -> Result<Vec<AppointmentView>, ApiError> {
        let ids: Vec<ClientId> = meetings.iter().filter_map(|a| a.client).collect();
        let clients = desk.store().clients_by_ids(&ids).await?;
        let of = |a: &Appointment| a.client.and_then(|id| clients.get(&id));
        Ok(meetings.iter().map(|a| self.appointment(a, of(a))).collect())
    }

    /// A meeting as a refused command meant it: always drawn as a conflict.
    #[must_use]
    pub fn refused(&self, a: &Appointment, conflict: &str, client: Option<&Client>) -> AppointmentView {
        AppointmentView {
            sync: "conflict".to_owned(),
            standing: Standing::ToReplace,
            conflict: Some(conflict.to_owned()),
            status_missing: false,
            ..self.appointment(a, client)
        }
    }

    /// A meeting with what happened to it.
    #[must_use]
    pub fn appointment_with_history(&self, a: &Appointment, client: Option<&Client>) -> AppointmentView {
        let history = a.history.iter().map(|h| self.history(h)).collect();
        AppointmentView { history, ..self.appointment(a, client) }
    }

    fn history(&self, entry: &HistoryEntry) -> HistoryView {
        let mut view = HistoryView {
            at: entry.at,
            by: entry.by.and_then(|p| self.name_of(p)),
            what: String::new(),
            status: None,
            from_start: None,
            from_counsellor: None,
            from_second: None,
            reason: None,
        };
        let what = match &entry.what {
            HistoryFact::Created { status } => {
                view.status = Some(*status);
                "created"
            }
            HistoryFact::Moved { start, counsellor, second, .. } => {
                view.from_start = Some(*start);
                view.from_counsellor = self.name_of(*counsellor);
                view.from_second = second.and_then(|p| self.name_of(p));
                "moved"
            }
            HistoryFact::Status { to, reason, .. } => {
                view.status = Some(*to);
                view.reason.clone_from(reason);
                "status"
            }
            HistoryFact::Client { .. } => "client",
            HistoryFact::Overridden { reason } => {
                view.reason = Some(reason.clone());
                "overridden"
            }
        };
        what.clone_into(&mut view.what);
        view
    }

    /// A line of the inbox; the question is left out for who may not read it.
    #[must_use]
    pub fn enquiry_row(&self, e: &Enquiry) -> EnquiryRow {
        let hidden = self.hides(e);
        let id = e.id.to_string();
        EnquiryRow {
            reference: e.reference.clone(),
            channel: e.channel,
            name: e.requester.name.clone(),
            relation: e.requester.relation,
            subject: if hidden { String::new() } else { e.subject.clone() },
            class_level: e.requester.class_level.clone(),
            category: e.requester.category,
            status: e.status.key().to_owned(),
            received_at: e.received_at,
            due_at: e.due_at,
            snoozed_until: match e.status {
                EnquiryStatus::Snoozed { until } => Some(until),
                _ => None,
            },
            owner: e.owner.map(|o| self.person(o)),
            mine: e.owner == Some(self.person.id),
            pending: self.enquiries_unconfirmed.contains(&id),
            hidden,
            id,
        }
    }

    /// A message of a thread.
    #[must_use]
    pub fn message(&self, m: &Message) -> MessageView {
        let (from, name) = match &m.author {
            Author::Family { name } => ("family", name.clone()),
            Author::OnlineService => ("online_service", String::new()),
            Author::Staff { person } => ("staff", self.person(*person).name),
        };
        MessageView {
            id: m.id.to_string(),
            at: m.at,
            from: from.to_owned(),
            name,
            text: m.text.clone(),
            internal: m.internal,
            withdrawn: m.withdrawn_at,
        }
    }
}

/// A kind of appointment.
#[must_use]
pub fn kind_view(kind: &AppointmentKind) -> KindView {
    KindView {
        id: kind.id.to_string(),
        name: kind.name.clone(),
        duration_min: kind.duration_min,
        capacity: kind.capacity,
        colour: kind.colour,
    }
}

/// Kinds that can be booked, in order.
#[must_use]
pub fn kinds_in_order(settings: &OfficeSettings) -> Vec<&AppointmentKind> {
    let mut kinds: Vec<_> = settings.kinds.values().filter(|k| k.active).collect();
    kinds.sort_by_key(|k| (k.rank, k.id));
    kinds
}

/// Whether a kind is the usual meeting: not what the public is never offered (no horizon), nor what needs a special room.
#[must_use]
pub fn is_usual(kind: &AppointmentKind) -> bool {
    kind.capacity <= 1 && kind.room_kind.is_none() && kind.horizon_days != Some(0)
}

/// Those who receive, in the order of the columns: by usual place ("Bureau 2" before "Bureau 10"), then by name.
#[must_use]
pub fn counsellors_in_order(settings: &OfficeSettings) -> Vec<&Person> {
    let receives = |p: &&Person| {
        p.active
            && (p.role == Role::Counsellor
                || settings.openings.values().any(|o| o.counsellor == p.id && p.role != Role::AcademyAdmin))
    };
    let mut people: Vec<_> = settings.people.values().filter(receives).collect();
    let place = |p: &Person| {
        let text = p.usual_place.clone().unwrap_or_default();
        let number: String = text.chars().filter(char::is_ascii_digit).collect();
        (p.usual_place.is_none(), number.parse::<u32>().unwrap_or(u32::MAX), text)
    };
    people.sort_by_cached_key(|p| {
        (place(p), crate::store::fold(&p.family_name), crate::store::fold(&p.given_name), p.id)
    });
    people
}

/// Whom to call about a client: the client, else the first guardian with a number.
#[must_use]
pub fn contact(client: &Client) -> Option<ContactView> {
    contacts(client).into_iter().next()
}

/// All numbers of a client, in the order in which to call them; a number that two people share once.
#[must_use]
pub fn contacts(client: &Client) -> Vec<ContactView> {
    let own = client.phone.iter().map(|phone| (Relation::Own, phone));
    let guardians = client.guardians.iter().filter_map(|g| g.phone.as_ref().map(|p| (g.relation, p)));
    let mut seen = HashSet::new();
    own.chain(guardians)
        .filter(|(_, phone)| seen.insert(phone_digits(phone)))
        .map(|(relation, phone)| ContactView { relation, phone: phone.clone() })
        .collect()
}

/// A client by id and name.
#[must_use]
pub fn client_ref(client: &Client) -> ClientRef {
    ClientRef {
        id: client.id.to_string(),
        name: client.full_name(),
        given_name: client.given_name.clone(),
        family_name: client.family_name.clone(),
        class_level: client.class_level.clone(),
        phone: contact(client).map(|c| c.phone),
    }
}

/// A found client; what matched and why it may be a double are the caller's to add.
#[must_use]
pub fn client_match(client: &Client, next: Option<DateTime<Utc>>) -> ClientMatch {
    ClientMatch {
        id: client.id.to_string(),
        family_name: client.family_name.clone(),
        given_name: client.given_name.clone(),
        birth_date: client.birth_date,
        class_level: client.class_level.clone(),
        school: client.school.clone(),
        contact: contact(client),
        matched: Vec::new(),
        also: None,
        duplicate: Vec::new(),
        next,
        referent: None,
        postal_code: client.postal_code.clone(),
    }
}

fn companion(c: &Companion) -> CompanionView {
    CompanionView { relation: c.relation, guardian: c.guardian.map(|g| g.to_string()), came: c.came }
}

/// Minutes since the civil midnight of the start; an end on another day is midnight.
#[must_use]
pub fn minutes_of_day(start: DateTime<Utc>, end: DateTime<Utc>, zone: Tz) -> (u16, u16) {
    let (start, end) = (start.with_timezone(&zone), end.with_timezone(&zone));
    let minute = |t: &DateTime<Tz>| u16::try_from(t.hour() * 60 + t.minute()).unwrap_or(0);
    let to = if end.date_naive() == start.date_naive() { minute(&end) } else { 24 * 60 };
    (minute(&start), to)
}

/// The instants between which a civil day lies in a zone.
#[must_use]
pub fn day_bounds(date: NaiveDate, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
    let midnight = |d: NaiveDate| {
        passerelle_domain::office::instant(d.and_time(chrono::NaiveTime::MIN), zone)
            .unwrap_or_else(|_| d.and_time(chrono::NaiveTime::MIN).and_utc())
    };
    (midnight(date), midnight(date.succ_opt().unwrap_or(date)))
}
