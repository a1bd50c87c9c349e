//! The office that is measured: the demonstration's Amiens made as large as an office is planned to be, with meetings
//! that its own search found, so that none overlaps another. The same at every run.

use chrono::{DateTime, Days, NaiveDate, Utc};
use passerelle_demo::DemoOffice;
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::availability::{Search, free_slots};
use passerelle_domain::client::Client;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::ids::{
    AbsenceId, AppointmentId, ClientId, EnquiryId, KindId, OpeningId, PersonId, RoomId,
};
use passerelle_domain::office::{OfficeSettings, OpeningOverride, Room};
use passerelle_domain::people::Role;
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::slots::{CivilBlock, Recurrence, occurrences};
use uuid::Uuid;

/// The sizes of product.md, "Sizes to plan for".
pub const COUNSELLORS: usize = 12;
pub const CLIENTS: usize = 30_000;
pub const PAST: usize = 60_000;
pub const FUTURE: usize = 2_000;
pub const ENQUIRIES: usize = 10_000;
/// Weeks over which the coming meetings are spread.
pub const WEEKS: u64 = 26;
const ROOMS: u128 = 10;
const ROOM_KIND: &str = "entretien";

/// A plain generator: the benches compare runs, so each run must have the same office.
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub const fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

/// Another id, always the same one.
fn other(id: Uuid, n: u128) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ (n << 64))
}

/// The demonstration's office as it stands at `now`, with twelve counsellors, rooms for their interviews and a few
/// irregular weeks.
pub struct BigOffice {
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    pub settings: OfficeSettings,
    /// An interview of 45 minutes in a room.
    pub kind: KindId,
    pub template: Appointment,
    pub demo: DemoOffice,
}

impl BigOffice {
    pub fn build(now: DateTime<Utc>) -> Self {
        let mut demo = passerelle_demo::build_at(now, chrono_tz::Europe::Paris);
        let demo = demo.offices.swap_remove(0);
        let mut settings = demo.settings.clone();
        let today = settings.local_date(now);
        double(&mut settings, today);
        let kind = settings.kinds.values().min_by_key(|k| (k.rank, k.id)).map(|k| k.id).expect("a kind");
        let main = settings.main_site().expect("a site").id;
        let hall = settings.rooms.values().find(|r| r.site == main).expect("a room").clone();
        for n in 1..=ROOMS {
            let id = RoomId(other(main.0, n));
            let kind = ROOM_KIND.to_owned();
            let room =
                Room { id, kind, name: format!("Bureau {n}"), rank: n as i32, seats: 4, ..hall.clone() };
            settings.rooms.insert(id, room);
        }
        settings.kinds.get_mut(&kind).expect("the kind").room_kind = Some(ROOM_KIND.to_owned());
        let template = demo.appointments.iter().find(|a| a.kind == kind && a.client.is_some());
        let template = template.expect("the demonstration has interviews").clone();
        Self { now, today, settings, kind, template, demo }
    }

    /// `count` meetings at random among all that are free on the weeks before or after today.
    pub fn meetings(&self, count: usize, seed: u64, from: NaiveDate, to: NaiveDate) -> Vec<Appointment> {
        let mut random = Random::new(seed);
        let then = from.and_time(chrono::NaiveTime::MIN).and_utc() - chrono::TimeDelta::days(1);
        let there = &self.demo.appointments;
        let mut free = free_slots(&self.settings, there, &Search::staff(self.kind, from, to), then, |_| true);
        let mut chosen: Vec<FreeSlot> = Vec::with_capacity(count);
        let mut rooms: std::collections::BTreeMap<DateTime<Utc>, Vec<(DateTime<Utc>, RoomId)>> =
            Default::default();
        while chosen.len() < count && !free.is_empty() {
            let mut slot = free.swap_remove(random.below(free.len()));
            // Each was offered the first free room: with the others taken, the next one.
            if slot.room.is_some() {
                let near = rooms.range(slot.start - chrono::TimeDelta::hours(2)..slot.end);
                let taken: Vec<RoomId> = near
                    .flat_map(|(_, at)| at)
                    .filter(|(end, _)| *end > slot.start)
                    .map(|(_, room)| *room)
                    .collect();
                let rank = |room: &&Room| (room.rank, room.id);
                let rooms_here = self.settings.rooms.values().filter(|r| r.kind == ROOM_KIND);
                let Some(room) = rooms_here.filter(|r| !taken.contains(&r.id)).min_by_key(rank) else {
                    continue;
                };
                slot.room = Some(room.id);
                rooms.entry(slot.start).or_default().push((slot.end, room.id));
            }
            chosen.push(slot);
        }
        chosen.sort_by_key(|s| (s.start, s.counsellor));
        chosen.iter().enumerate().map(|(n, slot)| self.meeting(slot, seed, n)).collect()
    }

    fn meeting(&self, slot: &FreeSlot, seed: u64, n: usize) -> Appointment {
        let over = slot.end < self.now;
        let status = match (over, n % 10) {
            (false, _) => Status::Booked,
            (true, 0) => Status::NoShow,
            (true, 1) => Status::Cancelled,
            (true, _) => Status::Attended,
        };
        let client = Some(client_id(n % CLIENTS));
        Appointment {
            id: AppointmentId(random_id(seed, n)),
            kind: self.kind,
            counsellor: slot.counsellor,
            site: slot.site,
            room: slot.room,
            start: slot.start,
            end: slot.end,
            status,
            client,
            companions: Vec::new(),
            enquiry: None,
            waiting: None,
            arrived_at: None,
            held_until: None,
            override_reason: None,
            ..self.template.clone()
        }
    }

    /// The meetings to come.
    pub fn future(&self, seed: u64) -> Vec<Appointment> {
        self.meetings(FUTURE, seed, self.today, self.today + Days::new(WEEKS * 7))
    }

    /// The meetings of the past, as many years back as it takes.
    pub fn past(&self) -> Vec<Appointment> {
        let mut all = Vec::with_capacity(PAST);
        let mut to = self.today - Days::new(1);
        for year in 1.. {
            let from = to - Days::new(364);
            let left = PAST - all.len();
            all.extend(self.meetings(left.min(9_000), 1_000 + year, from, to));
            to = from - Days::new(1);
            if all.len() >= PAST {
                break;
            }
        }
        all
    }

    /// Young people of the office.
    pub fn clients(&self) -> Vec<Client> {
        let known = &self.demo.clients;
        let born = NaiveDate::from_ymd_opt(2004, 1, 1).expect("a date");
        (0..CLIENTS)
            .map(|n| {
                let (family, given) = (&known[n % known.len()], &known[(n / known.len() + n) % known.len()]);
                Client {
                    id: client_id(n),
                    family_name: family.family_name.clone(),
                    given_name: given.given_name.clone(),
                    birth_date: Some(born + Days::new((n as u64 * 7919) % 3_600)),
                    phone: Some(format!(
                        "06 {:02} {:02} {:02} {:02}",
                        n % 97,
                        n / 97 % 97,
                        n % 89,
                        n / 89 % 89
                    )),
                    ..family.clone()
                }
            })
            .collect()
    }

    /// Questions, most of them answered long ago.
    pub fn enquiries(&self) -> Vec<Enquiry> {
        let known = &self.demo.enquiries;
        (0..ENQUIRIES)
            .map(|n| {
                let like = &known[n % known.len()];
                let age = chrono::TimeDelta::hours((n / known.len() * 200) as i64);
                let fresh = n < known.len();
                Enquiry {
                    id: EnquiryId(random_id(u64::MAX, n)),
                    reference: format!("{n:07}"),
                    received_at: like.received_at - age,
                    due_at: like.due_at - age,
                    status: if fresh {
                        like.status.clone()
                    } else {
                        passerelle_domain::enquiry::EnquiryStatus::Closed
                    },
                    client: None,
                    appointment: None,
                    ..like.clone()
                }
            })
            .collect()
    }
}

pub fn client_id(n: usize) -> ClientId {
    ClientId(random_id(u64::MAX - 1, n))
}

/// An id that looks like any other, and is the same at every run: what travels is as hard to compress as in life. The
/// steps are those of SplitMix64.
fn random_id(sort: u64, n: usize) -> Uuid {
    let mixed = |at: u64| {
        let z = at.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let at = mixed(sort).wrapping_add(2 * n as u64);
    uuid::Builder::from_random_bytes((u128::from(mixed(at)) << 64 | u128::from(mixed(at + 1))).to_be_bytes())
        .into_uuid()
}

/// Twice the counsellors, each copy with the openings and absences of somebody of the demonstration; rules that began
/// long ago, some of them with weeks that differ.
fn double(settings: &mut OfficeSettings, today: NaiveDate) {
    let first_day = NaiveDate::from_ymd_opt(2012, 9, 3).expect("a date");
    let counsellors: Vec<PersonId> =
        settings.people.values().filter(|p| p.role == Role::Counsellor).map(|p| p.id).collect();
    for id in &counsellors {
        let mut copy = settings.people[id].clone();
        copy.id = PersonId(other(id.0, 1));
        copy.login.push('2');
        settings.people.insert(copy.id, copy);
    }
    for (n, opening) in settings.openings.clone().into_values().enumerate() {
        for twin in 0..2_u128 {
            let mut opening = opening.clone();
            opening.id = OpeningId(other(opening.id.0, twin));
            opening.counsellor = PersonId(other(opening.counsellor.0, twin));
            if opening.rule.is_some() {
                opening.first_day = first_day;
            }
            // Of the coming dates, one without it and one that begins later.
            let until = today + Days::new(WEEKS * 7);
            let mut coming = occurrences(opening.first_day, opening.rule.as_ref(), today, until);
            coming.retain(|day| !opening.except.contains(day));
            if coming.len() > 1 {
                opening.except.push(coming[n % coming.len()]);
                let later = |b: &CivilBlock| CivilBlock { from: b.from + 60, to: b.to };
                let blocks = opening.blocks.iter().map(later).collect();
                let date = coming[(n + 7) % coming.len()];
                opening.overrides.push(OpeningOverride { date, blocks, site: None });
            }
            settings.openings.insert(opening.id, opening);
        }
    }
    for (n, absence) in settings.absences.clone().into_values().enumerate() {
        let mut absence = absence;
        absence.id = AbsenceId(other(absence.id.0, 1));
        absence.counsellor = PersonId(other(absence.counsellor.0, 1));
        // A training day or a council that comes back.
        absence.rule = (n % 2 == 0).then(|| Recurrence::weekly([chrono::Datelike::weekday(&absence.start)]));
        settings.absences.insert(absence.id, absence);
    }
    let receiving = settings.people.values().filter(|p| p.role == Role::Counsellor).count();
    assert_eq!(receiving, COUNSELLORS, "an office of the planned size");
}
