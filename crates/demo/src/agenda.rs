//! Appointments of one office: a believable pattern over the weeks around the anchor. Nothing here is put where the
//! rules of the domain would refuse it: a meeting goes into an opening, past no absence, over no other meeting.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Utc};
use passerelle_domain::appointment::{Appointment, Companion, HistoryEntry, HistoryFact, Status};
use passerelle_domain::client::{ClientCategory, Relation};
use passerelle_domain::ids::{ClientId, PersonId, SiteId};
use passerelle_domain::office::{OfficeSettings, Opening, instant};
use passerelle_domain::school_holidays::school_holiday_on;
use passerelle_domain::session::SessionKey;

use crate::clients::Somebody;
use crate::ids::id;
use crate::random::Random;
use crate::settings::Keys;

/// How far back and ahead the agenda is filled, in days.
const BACK: u64 = 42;
const AHEAD: u64 = 25;
/// A client is not seen twice within this many days.
const APART: i64 = 4;

/// A meeting to put down.
#[derive(Debug, Clone)]
pub(crate) struct Wanted<'a> {
    pub kind: &'a str,
    pub counsellor: PersonId,
    pub site: SiteId,
    pub date: NaiveDate,
    /// Minutes from midnight at the site.
    pub start: u16,
    pub minutes: u16,
    pub status: Status,
    pub client: Option<&'a Somebody>,
    pub with: &'a [Relation],
}

/// The appointments of one office while they are being made.
pub(crate) struct Agenda<'a> {
    settings: &'a OfficeSettings,
    keys: &'a Keys,
    now: DateTime<Utc>,
    random: Random,
    /// Made so far.
    pub appointments: Vec<Appointment>,
    /// Days on which each client has a meeting.
    seen: BTreeMap<ClientId, Vec<NaiveDate>>,
}

impl<'a> Agenda<'a> {
    pub(crate) fn new(settings: &'a OfficeSettings, keys: &'a Keys, now: DateTime<Utc>) -> Self {
        let random = Random::new(&format!("{}/agenda", keys.key));
        Self { settings, keys, now, random, appointments: Vec::new(), seen: BTreeMap::new() }
    }

    /// Puts a meeting down; false, and nothing done, where the rules would refuse it.
    pub(crate) fn put(&mut self, wanted: &Wanted<'_>) -> bool {
        let zone = self.settings.zone_of(wanted.site);
        let civil = |minutes: u16| {
            wanted.date.and_hms_opt(0, 0, 0).map(|day| day + Duration::minutes(minutes.into()))
        };
        let (Some(from), Some(to)) = (civil(wanted.start), civil(wanted.start + wanted.minutes)) else {
            return false;
        };
        let (Ok(start), Ok(end)) = (instant(from, zone), instant(to, zone)) else { return false };
        let kind = self.keys.kind(wanted.kind);
        let settings = self.settings.kinds.get(&kind);
        let room = settings.and_then(|kind| kind.room_kind.as_ref()).map(|_| self.keys.hall);
        let session = settings.is_some_and(|kind| kind.capacity > 1);
        let client = wanted.client.map(|somebody| somebody.client.id);
        let created_at = self.created_at(start);
        let by = self.random.pick_or(&self.keys.receptionists, wanted.counsellor);
        let number = self.appointments.len();
        let offered = matches!(wanted.status, Status::Held | Status::Expired);
        let first = if offered { Status::Held } else { Status::Booked };
        let mut appointment = Appointment {
            id: id(&format!(
                "{}/appointment/{}/{number}",
                self.keys.key,
                self.now.with_timezone(&self.settings.office.zone).date_naive()
            )),
            kind,
            counsellor: wanted.counsellor,
            second: None,
            site: wanted.site,
            room,
            start,
            end,
            zone,
            buffer_after_min: 0,
            status: wanted.status,
            held_until: offered.then(|| self.held_until(start, wanted.status)),
            session: None,
            client,
            companions: wanted.client.map(|somebody| companions(somebody, wanted)).unwrap_or_default(),
            enquiry: None,
            waiting: None,
            arrived_at: None,
            override_reason: None,
            version: 1,
            history: vec![HistoryEntry {
                at: created_at,
                by: Some(by),
                what: HistoryFact::Created { status: first },
            }],
        };
        if session {
            let place = |a: &Appointment| (a.kind, a.counsellor, a.start);
            let joined = self.appointments.iter().find(|other| place(other) == place(&appointment));
            appointment.session = joined
                .and_then(|other| other.session.clone())
                .or_else(|| Some(SessionKey::begun_by(appointment.id, 1)));
        }
        self.follow(&mut appointment, by);
        let clashes = self.appointments.iter().any(|other| {
            let same_session = session && other.kind == kind && other.start == start;
            other.overlaps(&appointment)
                && ((client.is_some() && other.client == client)
                    || (!same_session && other.counsellor == appointment.counsellor)
                    || (!same_session && room.is_some() && other.room == room))
        });
        if clashes {
            return false;
        }
        if let Some(client) = client {
            self.seen.entry(client).or_default().push(wanted.date);
        }
        self.appointments.push(appointment);
        true
    }

    /// What happened after it was made: states follow each other as the machine lets them, with their hours.
    fn follow(&mut self, a: &mut Appointment, by: PersonId) {
        let created = a.history[0].at;
        // Some were moved once, by a week, well before they took place.
        if a.held_until.is_none() && self.random.percent(5) {
            let old = Duration::days(7);
            let what = HistoryFact::Moved {
                start: a.start + old,
                end: a.end + old,
                counsellor: a.counsellor,
                second: None,
            };
            a.history.push(HistoryEntry { at: created + Duration::minutes(95), by: Some(by), what });
            a.version += 1;
        }
        let late = Duration::minutes(self.random.between(1, 12));
        let since = a.history.last().map_or(created, |entry| entry.at);
        let told = since + (self.now.min(a.start) - since) / 2;
        let steps: Vec<(Status, DateTime<Utc>, Option<&str>)> = match a.status {
            Status::Attended => {
                vec![(Status::Arrived, a.start - late, None), (Status::Attended, a.end, None)]
            }
            // Somebody who waits for a meeting to come has been here for a quarter of an hour.
            Status::Arrived => {
                vec![(Status::Arrived, (a.start - late).min(self.now - Duration::minutes(17)), None)]
            }
            Status::NoShow => vec![(Status::NoShow, a.start + Duration::minutes(15) + late, None)],
            Status::Excused => vec![(Status::Excused, told, Some("Empêchement de la famille"))],
            Status::Cancelled => vec![(Status::Cancelled, told, Some("Absence imprévue du conseiller"))],
            Status::Expired => vec![(Status::Expired, a.held_until.unwrap_or(told), None)],
            _ => Vec::new(),
        };
        let mut from = if a.held_until.is_some() { Status::Held } else { Status::Booked };
        for (to, at, reason) in steps {
            if to == Status::Arrived {
                a.arrived_at = Some(at);
            }
            let what = HistoryFact::Status { from, to, reason: reason.map(str::to_owned) };
            a.history.push(HistoryEntry { at, by: Some(by), what });
            a.version += 1;
            from = to;
        }
    }

    /// Some days before the meeting and before now, at an hour when somebody is at the desk.
    fn created_at(&mut self, start: DateTime<Utc>) -> DateTime<Utc> {
        let before = start.min(self.now) - Duration::days(self.random.between(2, 16));
        let zone = self.settings.office.zone;
        let mut day = before.with_timezone(&zone).date_naive();
        while day.weekday().number_from_monday() > 5 {
            day = day - Days::new(1);
        }
        let minutes = self.random.between(9 * 60, 12 * 60);
        let civil = day.and_hms_opt(0, 0, 0).unwrap_or_default() + Duration::minutes(minutes);
        instant(civil, zone).unwrap_or(before)
    }

    /// Until six in the evening, today or tomorrow, or shortly before the meeting; what has expired ended before now.
    fn held_until(&self, start: DateTime<Utc>, status: Status) -> DateTime<Utc> {
        if status == Status::Expired {
            return start.min(self.now) - Duration::hours(2);
        }
        let zone = self.settings.office.zone;
        let today = self.now.with_timezone(&zone).date_naive();
        let soon = self.now + Duration::minutes(20);
        (0..2)
            .filter_map(|ahead| instant((today + Days::new(ahead)).and_hms_opt(18, 0, 0)?, zone).ok())
            .find(|six| *six > soon && *six < start)
            .unwrap_or_else(|| (start - Duration::hours(2)).max(soon))
    }

    /// Fills the weeks around `anchor`, but for the days in `apart`, which somebody else fills.
    pub(crate) fn fill(&mut self, anchor: NaiveDate, clients: &[Somebody], apart: &[NaiveDate]) {
        let days = (anchor - Days::new(BACK)).iter_days().take((BACK + AHEAD + 1) as usize);
        let mut days: Vec<NaiveDate> = days.filter(|date| !apart.contains(date)).collect();
        // Clients are few and seen seldom: the days that are looked at first choose first.
        days.sort_by_key(|date| ((*date - anchor).num_days().abs(), *date));
        for date in days {
            let distance = (date - anchor).num_days();
            // The week itself is nearly full, the next one half, and later ones begin.
            let density = match distance {
                -42..=-8 => 5,
                -7..=-1 => 32,
                0..=6 => 36,
                7..=13 => 18,
                _ => 10,
            };
            // An office with few clients on record has fewer meetings: the same density would see each every day.
            let density = if clients.len() < 60 { density / 4 + 2 } else { density };
            for opening in self.openings_on(date) {
                self.fill_opening(&opening, date, density, clients);
            }
        }
    }

    fn fill_opening(&mut self, opening: &Opening, date: NaiveDate, density: usize, clients: &[Somebody]) {
        for block in &opening.blocks {
            let mut at = block.from;
            while at + 45 <= block.to {
                if !self.random.percent(density) {
                    at += 45;
                    continue;
                }
                let Some(somebody) = self.client_for(date, clients) else { break };
                let (kind, minutes) = self.kind_for(somebody);
                let minutes = if at + minutes > block.to { 45 } else { minutes };
                let status = self.status_for(date, at);
                let with = self.with(somebody);
                let wanted = Wanted {
                    kind: if minutes == 45 { "entretien" } else { kind },
                    counsellor: opening.counsellor,
                    site: opening.site,
                    date,
                    start: at,
                    minutes,
                    status,
                    client: Some(somebody),
                    with: &with,
                };
                if self.free(opening.counsellor, date, at, at + minutes) {
                    self.put(&wanted);
                }
                at += minutes;
            }
        }
    }

    /// A group session: one appointment a participant, all with the same counsellor, room and time.
    pub(crate) fn session(&mut self, wanted: &Wanted<'_>, clients: &[Somebody], seats: usize, absent: usize) {
        let mut put = 0;
        while put < seats {
            let Some(somebody) = self.client_for(wanted.date, clients) else { break };
            let status = match wanted.status {
                Status::Attended if put < absent => Status::NoShow,
                status => status,
            };
            if !self.put(&Wanted { client: Some(somebody), status, ..wanted.clone() }) {
                break;
            }
            put += 1;
        }
    }

    fn openings_on(&self, date: NaiveDate) -> Vec<Opening> {
        let open = |opening: &&Opening| {
            let comes = match &opening.rule {
                Some(rule) => date >= opening.first_day && rule.weekdays.contains(&date.weekday()),
                None => date == opening.first_day,
            };
            let site = self.settings.sites.get(&opening.site);
            let closed = site.is_none_or(|site| {
                site.closures.contains(&date)
                    || passerelle_domain::holidays::holiday_on(date, site.holidays).is_some()
            });
            let no_school = opening.term_only
                && self
                    .settings
                    .office
                    .schools_zone()
                    .is_some_and(|zone| school_holiday_on(date, zone).is_some());
            comes && !no_school && !closed && !opening.except.contains(&date)
        };
        let mut openings: Vec<Opening> = self.settings.openings.values().filter(open).cloned().collect();
        // Identifiers are hashes: put back an order that a reader can follow.
        let rank = |person: PersonId| self.keys.counsellors.iter().position(|known| *known == person);
        openings.sort_by_key(|o| (o.blocks.first().map(|block| block.from), rank(o.counsellor)));
        openings
    }

    fn free(&self, counsellor: PersonId, date: NaiveDate, from: u16, to: u16) -> bool {
        let Some(midnight) = date.and_hms_opt(0, 0, 0) else { return false };
        let (from, to) = (midnight + Duration::minutes(from.into()), midnight + Duration::minutes(to.into()));
        !self.settings.absences.values().any(|a| a.counsellor == counsellor && a.start < to && from < a.end)
    }

    /// A client who is not seen around that day, if there is one.
    fn client_for<'c>(&mut self, date: NaiveDate, clients: &'c [Somebody]) -> Option<&'c Somebody> {
        (0..60).map(|_| self.random.below(clients.len())).find_map(|at| {
            let somebody = clients.get(at)?;
            let days = self.seen.get(&somebody.client.id).map_or(&[][..], Vec::as_slice);
            days.iter().all(|day| (*day - date).num_days().abs() > APART).then_some(somebody)
        })
    }

    fn kind_for(&mut self, somebody: &Somebody) -> (&'static str, u16) {
        match somebody.client.category {
            Some(ClientCategory::Allophone) => ("allophone", 60),
            Some(ClientCategory::Adult) if self.random.percent(50) => ("bilan", 60),
            _ => match self.random.below(10) {
                0 | 1 => ("court", 30),
                2 => ("bilan", 60),
                _ => ("entretien", 45),
            },
        }
    }

    fn status_for(&mut self, date: NaiveDate, start: u16) -> Status {
        let zone = self.settings.office.zone;
        let now = self.now.with_timezone(&zone).naive_local();
        let start = date.and_hms_opt(0, 0, 0).unwrap_or_default() + Duration::minutes(start.into());
        let draw = self.random.below(100);
        if start + Duration::minutes(60) < now {
            match draw {
                0..=83 => Status::Attended,
                84..=91 => Status::NoShow,
                92..=95 => Status::Excused,
                96..=98 => Status::Cancelled,
                // Somebody forgot to say how it went.
                _ => Status::Booked,
            }
        } else if start < now {
            Status::Booked
        } else {
            match draw {
                0..=6 if start > now + Duration::hours(3) => Status::Held,
                7..=9 => Status::Excused,
                10 | 11 => Status::Cancelled,
                _ => Status::Booked,
            }
        }
    }

    fn with(&mut self, somebody: &Somebody) -> Vec<Relation> {
        let mut with: Vec<Relation> =
            somebody.client.guardians.iter().map(|guardian| guardian.relation).collect();
        with.truncate(match self.random.below(10) {
            0..=4 => 1,
            5 => 2,
            _ => 0,
        });
        with
    }
}

fn companions(somebody: &Somebody, wanted: &Wanted<'_>) -> Vec<Companion> {
    let came = match wanted.status {
        Status::Attended | Status::Arrived => Some(true),
        Status::NoShow => Some(false),
        _ => None,
    };
    let guardian = |relation| somebody.client.guardians.iter().find(|g| g.relation == relation).map(|g| g.id);
    wanted.with.iter().map(|&relation| Companion { relation, guardian: guardian(relation), came }).collect()
}
