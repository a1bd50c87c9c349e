//! Random scenarios of the written form, dense in what is hard: changes of the clock, holidays, midnights, two
//! sites, touching times.

use chrono::{Days, NaiveDate};
use passerelle_domain::slots::scenario::{
    AbsenceForm, AppointmentForm, ExternalForm, KindForm, OpeningForm, OverrideForm, QueryForm,
    RecurrenceForm, RoomForm, Scenario, SiteForm,
};
use proptest::collection::vec;
use proptest::option::{self, weighted};
use proptest::prelude::*;
use proptest::sample::select;

/// Mondays and other days near which something happens.
const ANCHORS: [&str; 9] = [
    "2026-09-07",
    "2026-03-27",
    "2026-10-23",
    "2027-03-25",
    "2026-04-30",
    "2026-12-22",
    "2024-02-27",
    "1999-10-29",
    "2096-03-23",
];

fn counsellor() -> impl Strategy<Value = String> {
    select(vec!["A", "B"]).prop_map(str::to_owned)
}

fn site() -> impl Strategy<Value = String> {
    select(vec!["P", "P", "L"]).prop_map(str::to_owned)
}

fn day(anchor: NaiveDate, before: i64, after: i64) -> impl Strategy<Value = String> {
    (-before..=after).prop_map(move |days| (anchor + chrono::TimeDelta::days(days)).to_string())
}

/// Minutes of a day: office hours mostly, the hours of the clock's change often, any minute sometimes.
fn minute() -> impl Strategy<Value = i64> {
    prop_oneof![
        5 => (96_i64..228).prop_map(|fifth| fifth * 5),
        2 => (0_i64..20).prop_map(|quarter| quarter * 15),
        1 => 0_i64..1_440,
        1 => select(vec![0_i64, 1_410, 1_380, 1_425]),
    ]
}

fn clock(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn block() -> impl Strategy<Value = [String; 2]> {
    (minute(), prop_oneof![4 => 15_i64..300, 1 => Just(1_440_i64)])
        .prop_map(|(from, length)| [clock(from), clock((from + length).min(1_440))])
}

fn recurrence(anchor: NaiveDate) -> impl Strategy<Value = RecurrenceForm> {
    let weekday = || select(vec!["MO", "TU", "WE", "TH", "FR", "SA", "SU"]).prop_map(str::to_owned);
    let interval = || option::of(1_i64..4);
    let form = |freq: &str, interval, byday, bynthday| RecurrenceForm {
        freq: freq.to_owned(),
        interval,
        byday,
        bynthday,
        until: None,
    };
    let rule = prop_oneof![
        2 => interval().prop_map(move |n| form("DAILY", n, Vec::new(), None)),
        4 => (interval(), vec(weekday(), 0..5)).prop_map(move |(n, days)| form("WEEKLY", n, days, None)),
        2 => (option::of(1_i64..3), select(vec![1_i64, 2, 4, 5, -1, -2, -5]), weekday())
            .prop_map(move |(n, nth, day)| form("MONTHLY", n, Vec::new(), Some((nth, day)))),
        1 => option::of(1_i64..3).prop_map(move |n| form("MONTHLY", n, Vec::new(), None)),
    ];
    (rule, weighted(0.3, day(anchor, 5, 12))).prop_map(|(rule, until)| RecurrenceForm { until, ..rule })
}

fn opening(anchor: NaiveDate) -> impl Strategy<Value = OpeningForm> {
    let change = (day(anchor, 2, 8), vec(block(), 0..3), weighted(0.4, site()))
        .prop_map(|(date, blocks, site)| OverrideForm { date, blocks, site });
    (
        (counsellor(), site(), day(anchor, 70, 6), vec(block(), 1..4), weighted(0.85, recurrence(anchor))),
        (vec(day(anchor, 2, 8), 0..3), vec(change, 0..3), any::<bool>()),
    )
        .prop_map(
            |((counsellor, site, first_day, blocks, rrule), (exdates, overrides, works_on_off_days))| {
                OpeningForm {
                    counsellor,
                    site,
                    first_day,
                    blocks,
                    rrule,
                    exdates,
                    overrides,
                    works_on_off_days,
                }
            },
        )
}

/// Start and end as written, the end not before the start.
fn times(anchor: NaiveDate, longest: i64) -> impl Strategy<Value = (String, String)> {
    (-3_i64..9, minute(), 1..longest).prop_map(move |(days, from, length)| {
        let start = anchor.and_time(chrono::NaiveTime::MIN)
            + chrono::TimeDelta::days(days)
            + chrono::TimeDelta::minutes(from);
        let text = |at: chrono::NaiveDateTime| at.format("%Y-%m-%dT%H:%M").to_string();
        (text(start), text(start + chrono::TimeDelta::minutes(length)))
    })
}

fn appointments(anchor: NaiveDate) -> impl Strategy<Value = Vec<AppointmentForm>> {
    let status = select(vec![
        "booked",
        "booked",
        "booked",
        "held",
        "arrived",
        "attended",
        "no_show",
        "excused",
        "cancelled",
        "declined",
        "expired",
    ]);
    let one = (
        (counsellor(), weighted(0.15, counsellor())),
        weighted(0.8, site()),
        times(anchor, 150),
        status,
        select(vec![0_i64, 0, 5, 20]),
        weighted(0.5, select(vec!["S1", "S2", "S3", "S4"])),
    );
    vec(one, 0..8).prop_map(|rows| {
        let row = |(at, ((counsellor, second), site, (start, end), status, buffer_after_min, room)): (
            usize,
            ((_, _), _, (_, _), &str, _, Option<&str>),
        )| {
            AppointmentForm {
                id: format!("r{at}"),
                counsellor,
                second,
                site,
                start,
                end,
                status: status.to_owned(),
                buffer_after_min,
                room: room.map(str::to_owned),
            }
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

fn rooms() -> impl Strategy<Value = Vec<RoomForm>> {
    vec((site(), select(vec!["k", "k", "other"]), 0_i64..3), 0..5).prop_map(|rows| {
        let row = |(at, (site, kind, rank)): (usize, (String, &str, i64))| RoomForm {
            id: format!("S{}", at + 1),
            site,
            kind: kind.to_owned(),
            rank,
        };
        rows.into_iter().enumerate().map(row).collect()
    })
}

fn kind() -> impl Strategy<Value = KindForm> {
    (
        select(vec![15_i64, 20, 30, 45, 50, 60, 90]),
        select(vec![0_i64, 0, 5, 10, 45]),
        select(vec![0_i64, 0, 60, 1_440]),
        weighted(0.3, 0_i64..9),
        weighted(0.3, Just("k".to_owned())),
    )
        .prop_map(|(duration_min, buffer_after_min, min_notice_min, horizon_days, room_kind)| KindForm {
            duration_min: Some(duration_min),
            buffer_after_min,
            min_notice_min,
            horizon_days,
            room_kind,
        })
}

fn query(anchor: NaiveDate) -> impl Strategy<Value = QueryForm> {
    (
        0_u64..3,
        0_u64..6,
        any::<bool>(),
        select(vec![5_i64, 15, 30, 40, 50, 60]),
        weighted(0.15, vec(counsellor(), 1..3)),
        weighted(0.15, counsellor()),
        weighted(0.15, vec(site(), 1..2)),
    )
        .prop_map(move |(skip, length, grid, step, counsellors, together, sites)| {
            let from = anchor + Days::new(skip);
            QueryForm {
                from: from.to_string(),
                to: (from + Days::new(length)).to_string(),
                mode: grid.then(|| "grid".to_owned()),
                step_min: Some(step),
                counsellors,
                together,
                sites,
                reschedule_of: None,
            }
        })
}

fn sites(anchor: NaiveDate) -> impl Strategy<Value = Vec<SiteForm>> {
    let one = (
        weighted(0.15, select(vec!["Indian/Reunion", "America/Martinique", "Europe/Paris"])),
        weighted(0.3, select(vec!["metropole", "alsace-moselle"])),
        vec(day(anchor, 0, 8), 0..2),
    )
        .prop_map(|(tz, holiday_zone, closures)| SiteForm {
            tz: tz.map(str::to_owned),
            holiday_zone: holiday_zone.map(str::to_owned),
            closures,
        });
    vec(one, 2)
}

pub fn absence(anchor: NaiveDate) -> impl Strategy<Value = AbsenceForm> {
    (counsellor(), times(anchor, 400), weighted(0.4, recurrence(anchor)), vec(day(anchor, 2, 8), 0..2))
        .prop_map(|(counsellor, (start, end), rrule, exdates)| AbsenceForm {
            counsellor,
            start,
            end,
            rrule,
            exdates,
        })
}

fn external(anchor: NaiveDate) -> impl Strategy<Value = ExternalForm> {
    (
        counsellor(),
        times(anchor, 200),
        weighted(0.8, Just(())),
        weighted(0.3, select(vec!["OPAQUE", "TRANSPARENT"])),
        weighted(0.3, select(vec!["CONFIRMED", "CANCELLED"])),
    )
        .prop_map(|(counsellor, (start, end), ends, transp, status)| ExternalForm {
            counsellor,
            start,
            end: ends.map(|()| end),
            transp: transp.map(str::to_owned),
            status: status.map(str::to_owned),
        })
}

/// A date near which something happens, or any from 1990 to 2100, or one near a change of the clock of any of these
/// years: the last Sundays of March, of September (until 1995) and of October.
pub fn anchor() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
    let days = (NaiveDate::from_ymd_opt(2100, 12, 20).unwrap() - first).num_days().unsigned_abs();
    let change = (1990_i32..=2100, select(vec![3_u32, 9, 10]), 0_u64..9).prop_map(|(year, month, before)| {
        NaiveDate::from_ymd_opt(year, month, 31).or_else(|| NaiveDate::from_ymd_opt(year, month, 30)).unwrap()
            - Days::new(before)
    });
    prop_oneof![
        2 => select(ANCHORS.to_vec()).prop_map(|text| text.parse().unwrap()),
        1 => (0..days).prop_map(move |after| first + Days::new(after)),
        1 => change,
    ]
}

/// A whole scenario around a date.
pub fn scenario(anchor: NaiveDate) -> impl Strategy<Value = Scenario> {
    let rows = (
        vec(opening(anchor), 1..6),
        vec(absence(anchor), 0..4),
        vec(external(anchor), 0..4),
        appointments(anchor),
        rooms(),
    );
    let now = (-2_880_i64..4_000).prop_map(move |minutes| {
        let midnight = anchor.and_time(chrono::NaiveTime::MIN).and_utc();
        (midnight + chrono::TimeDelta::minutes(minutes)).to_rfc3339()
    });
    let frame = (
        now,
        sites(anchor),
        kind(),
        select(vec![0_i64, 0, 15, 30]),
        query(anchor),
        weighted(0.2, 0..8_usize),
    );
    (rows, frame).prop_map(
        |(
            (openings, absences, external, appointments, rooms),
            (now, sites, kind, travel_min, mut query, moved),
        )| {
            // A meeting that the change of the clock turned around has no length to keep.
            let movable = |row: &&AppointmentForm| minutes(&row.start) < 120 || minutes(&row.start) >= 180;
            let moved = moved.and_then(|at| appointments.get(at)).filter(movable);
            query.reschedule_of = moved.map(|row| row.id.clone());
            Scenario {
                id: String::new(),
                now,
                sites: ["P", "L"].map(str::to_owned).into_iter().zip(sites).collect(),
                appointment_kind: kind,
                openings,
                absences,
                external,
                appointments,
                rooms,
                travel_min,
                query,
            }
        },
    )
}

/// Minutes since midnight of a written moment.
fn minutes(moment: &str) -> i64 {
    let time = moment.split_once('T').unwrap().1;
    time[..2].parse::<i64>().unwrap() * 60 + time[3..].parse::<i64>().unwrap()
}
