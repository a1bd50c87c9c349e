//! When a first answer is due.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc};
use passerelle_domain::due::{first_answer, is_closed};
use passerelle_domain::enquiry::Channel;
use passerelle_domain::office::{AnswerTimes, OfficeHours, OfficeSettings};
use proptest::prelude::*;
use proptest::sample::select;

use crate::small_office::{MAIN, ZONE, settings, when};

const CHANNELS: [Channel; 4] = [Channel::Chat, Channel::Mail, Channel::Phone, Channel::WalkIn];

fn time(minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(minute / 60, minute % 60, 0).expect("a time of day")
}

/// Minutes of office hours between two instants, counted one by one: the slow way, to check the quick one.
fn counted(settings: &OfficeSettings, from: DateTime<Utc>, to: DateTime<Utc>) -> i64 {
    let mut minutes = 0;
    let mut at = from;
    while at < to {
        let local = at.with_timezone(&ZONE).naive_local();
        let weekday = u8::try_from(local.weekday().num_days_from_monday()).expect("a weekday");
        let inside = |h: &OfficeHours| h.weekday == weekday && h.from <= local.time() && local.time() < h.to;
        if settings.office.hours.iter().any(inside) && !is_closed(settings, local.date()) {
            minutes += 1;
        }
        at += Duration::minutes(1);
    }
    minutes
}

fn hours() -> impl Strategy<Value = Vec<OfficeHours>> {
    let one = (0u8..5, 6u32..20, 1u32..5).prop_map(|(weekday, from, length)| OfficeHours {
        weekday,
        from: time(from * 60),
        to: time((from + length).min(23) * 60),
    });
    proptest::collection::vec(one, 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_clock_runs_in_office_hours_alone(
        hours in hours(),
        // From the days before the clocks go back to those after the spring change.
        start in 0i64..(170 * 24 * 60),
        answer in 0u32..600,
        closures in proptest::collection::vec(0u64..200, 0..6),
    ) {
        let mut settings = settings();
        settings.office.hours = hours;
        settings.office.answer_within_min = AnswerTimes { chat: answer, mail: answer, phone: answer, walk_in: answer };
        let first = NaiveDate::from_ymd_opt(2026, 10, 20).expect("a date");
        let site = settings.sites.get_mut(&MAIN).expect("the main site");
        site.closures = closures.iter().filter_map(|d| first.checked_add_days(chrono::Days::new(*d))).collect();
        let received = first.and_time(NaiveTime::MIN).and_utc() + Duration::minutes(start);
        let due = first_answer(&settings, Channel::Mail, received);
        prop_assert!(due >= received, "due {due} before it was received {received}");
        let local = due.with_timezone(&ZONE).naive_local();
        prop_assert!(!is_closed(&settings, local.date()), "due on a closed day: {local}");
        let weekday = u8::try_from(local.weekday().num_days_from_monday()).expect("a weekday");
        // The end of a stretch is the last moment of it.
        let inside = |h: &OfficeHours| h.weekday == weekday && h.from <= local.time() && local.time() <= h.to;
        prop_assert!(settings.office.hours.iter().any(inside), "due outside office hours: {local}");
        prop_assert_eq!(counted(&settings, received, due), i64::from(answer), "received {}, due {}", received, due);
    }

    #[test]
    fn without_hours_the_wall_clock_serves(start in 0i64..500_000, channel in select(CHANNELS.to_vec())) {
        let mut settings = settings();
        settings.office.hours.clear();
        let received = when(1, 0, 0) + Duration::minutes(start);
        let times = settings.office.answer_within_min;
        let minutes = match channel {
            Channel::Chat => times.chat,
            Channel::Mail => times.mail,
            Channel::Phone => times.phone,
            Channel::WalkIn => times.walk_in,
        };
        prop_assert_eq!(first_answer(&settings, channel, received) - received, TimeDelta::minutes(minutes.into()));
    }

    /// Hours round the clock, in the nights in which the clocks change: never before it came.
    #[test]
    fn the_nights_of_the_clocks_lose_no_answer(minute in 0i64..(2 * 24 * 60), spring: bool, answer in 0u32..180) {
        let mut settings = settings();
        settings.office.hours =
            (0..7).map(|weekday| OfficeHours { weekday, from: time(0), to: time(23 * 60 + 59) }).collect();
        settings.office.answer_within_min.mail = answer;
        let (month, day) = if spring { (3, 28) } else { (10, 24) };
        let first = NaiveDate::from_ymd_opt(2026, month, day).expect("a date").and_time(NaiveTime::MIN).and_utc();
        let received = first + Duration::minutes(minute);
        let due = first_answer(&settings, Channel::Mail, received);
        prop_assert!(due >= received, "due {due} before it was received {received}");
        prop_assert!(due - received <= Duration::minutes(i64::from(answer) + 62), "due {due}, received {received}");
    }
}

#[test]
fn a_weekend_a_holiday_and_a_closure_do_not_count() {
    let mut settings = settings();
    let due = |s: &OfficeSettings, channel, received| {
        let due = first_answer(s, channel, received).with_timezone(&ZONE);
        (due.day(), due.hour(), due.minute())
    };
    // Friday the 20th, 17:00: half an hour is left of it; Monday from 8:30.
    assert_eq!(due(&settings, Channel::Chat, when(20, 17, 0)), (23, 10, 0), "two hours over a weekend");
    assert_eq!(due(&settings, Channel::WalkIn, when(24, 11, 30)), (24, 14, 0), "an hour over lunch");
    // 11 November is a public holiday.
    assert_eq!(due(&settings, Channel::WalkIn, when(10, 17, 30)), (12, 9, 30), "over the armistice");
    settings.sites.get_mut(&MAIN).expect("the site").closures =
        NaiveDate::from_ymd_opt(2026, 11, 24).into_iter().collect();
    assert_eq!(due(&settings, Channel::WalkIn, when(23, 17, 30)), (25, 9, 30), "over a closure of the 24th");
    let all: BTreeSet<_> = CHANNELS.map(|c| due(&settings, c, when(25, 8, 30))).into();
    assert_eq!(all.len(), 4, "each channel has its own time: {all:?}");
}
