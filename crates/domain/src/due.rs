//! When a first answer is due: minutes that run in office hours only, on a clock that knows closures and holidays.

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, NaiveDateTime, Utc};

use crate::enquiry::Channel;
use crate::office::{Office, OfficeSettings, instant};

/// How far ahead a day with office hours is looked for before the clock of the wall is taken instead.
const LOOK_AHEAD_DAYS: u64 = 400;

/// The instant by which the office should have answered, said once at arrival and never changed.
///
/// An office without any hours counts on the clock of the wall.
#[must_use]
pub fn first_answer(settings: &OfficeSettings, channel: Channel, received: DateTime<Utc>) -> DateTime<Utc> {
    let times = settings.office.answer_within_min;
    let minutes = match channel {
        Channel::Chat => times.chat,
        Channel::Mail => times.mail,
        Channel::Phone => times.phone,
        Channel::WalkIn => times.walk_in,
    };
    let mut left = Duration::minutes(i64::from(minutes));
    let local = received.with_timezone(&settings.office.zone).naive_local();
    let closed = |day: NaiveDate| is_closed(settings, day);
    for ahead in 0..LOOK_AHEAD_DAYS {
        let Some(day) = local.date().checked_add_days(Days::new(ahead)) else { break };
        if closed(day) {
            continue;
        }
        for (from, to) in stretches(&settings.office, day) {
            let from = from.max(local);
            if from >= to {
                continue;
            }
            if to - from >= left {
                return reached(from + left, settings).max(received);
            }
            left -= to - from;
        }
    }
    received + left
}

/// The instant of a civil time; one that the clock skips is reached when it goes on, and one that comes twice the first
/// time (so that what arrives in the second is due at once, not before it arrived: the caller sees to that).
fn reached(local: NaiveDateTime, settings: &OfficeSettings) -> DateTime<Utc> {
    let zone = settings.office.zone;
    instant(local, zone)
        .or_else(|_| instant(local + Duration::hours(1), zone))
        .unwrap_or_else(|_| local.and_utc())
}

/// The stretches of office hours of one day, in order; where two overlap, the time counts once.
fn stretches(office: &Office, day: NaiveDate) -> Vec<(NaiveDateTime, NaiveDateTime)> {
    let weekday = u8::try_from(day.weekday().num_days_from_monday()).unwrap_or(0);
    let mut hours: Vec<_> = office
        .hours
        .iter()
        .filter(|h| h.weekday == weekday)
        .map(|h| (day.and_time(h.from), day.and_time(h.to)))
        .collect();
    hours.sort_unstable();
    let mut until = NaiveDateTime::MIN;
    for (from, to) in &mut hours {
        *from = (*from).max(until);
        until = until.max(*to);
    }
    hours
}

/// Whether the main site is closed that day: its own closures and the public holidays that it keeps.
#[must_use]
pub fn is_closed(settings: &OfficeSettings, day: NaiveDate) -> bool {
    settings.main_site().is_some_and(|site| {
        site.closures.contains(&day) || crate::holidays::holiday_on(day, site.holidays).is_some()
    })
}
