//! One day of an opening changed, moved or removed; and the days said in words are the days of the engine.

use chrono::{Datelike, NaiveDate, Weekday};
use passerelle_domain::availability::agenda;
use passerelle_domain::ids::{OpeningId, SiteId};
use passerelle_domain::office::{
    CivilBlock, Frequency, NthWeekday, OfficeSettings, Opening, OpeningOverride, Recurrence,
};
use passerelle_domain::settings::occurrences::{NewPlace, change_following, change_one, of_opening};
use passerelle_domain::slots::{AgendaIndex, Window, openings_on};
use proptest::prelude::*;
use proptest::sample::select;

use crate::small_office::{DUPONT, MAIN, SCHOOL, settings, uuid};

fn date(m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, m, d).expect("a date")
}

const MORNING: CivilBlock = CivilBlock { from: 540, to: 720 };
const NOON: CivilBlock = CivilBlock { from: 700, to: 780 };
const EVENING: CivilBlock = CivilBlock { from: 1_020, to: 1_140 };

fn weekly(days: &[Weekday]) -> Opening {
    Opening {
        id: OpeningId(uuid(10, 90)),
        counsellor: DUPONT,
        site: MAIN,
        first_day: date(1, 4),
        blocks: vec![MORNING],
        rule: Some(Recurrence::weekly(days.iter().copied())),
        except: Vec::new(),
        overrides: Vec::new(),
        works_on_off_days: false,
        label: None,
        term_only: false,
        duty: false,
        removed: false,
    }
}

/// Only that opening is left in the office.
fn alone(openings: &[Opening]) -> OfficeSettings {
    let mut s = settings();
    s.openings.clear();
    s.absences.clear();
    for o in openings {
        s.put(passerelle_domain::settings::Setting::Opening(o.clone()));
    }
    s
}

/// Day, from, to, site, as the list says it: what takes place.
fn said(openings: &[Opening], from: NaiveDate, to: NaiveDate) -> Vec<(NaiveDate, u16, u16, SiteId)> {
    let s = alone(openings);
    let mut all: Vec<_> = openings
        .iter()
        .filter(|o| !o.removed)
        .flat_map(|o| of_opening(&s, o, from, to))
        .filter(|o| o.suppressed.is_none())
        .flat_map(|o| o.blocks.clone().into_iter().map(move |b| (o.date, b.from, b.to, o.site)))
        .collect();
    all.sort();
    all
}

fn to(date: NaiveDate, blocks: &[CivilBlock]) -> NewPlace {
    NewPlace { date, blocks: blocks.to_vec(), site: None }
}

#[test]
fn one_day_moves_and_the_others_stay() {
    let mondays = weekly(&[Weekday::Mon]);
    let (from, until) = (date(3, 8), date(3, 28));
    let moved = change_one(&mondays, date(3, 15), Some(&to(date(3, 17), &[EVENING]))).expect("there");
    assert_eq!(
        said(std::slice::from_ref(&moved), from, until),
        [(date(3, 8), 540, 720, MAIN), (date(3, 17), 1_020, 1_140, MAIN), (date(3, 22), 540, 720, MAIN),]
    );
    // Back again.
    let back = change_one(&moved, date(3, 17), Some(&to(date(3, 15), &[MORNING]))).expect("there");
    assert_eq!(said(&[back], from, until), said(std::slice::from_ref(&mondays), from, until));
    let gone = change_one(&mondays, date(3, 15), None).expect("there");
    assert_eq!(said(std::slice::from_ref(&gone), from, until).len(), 2);
    assert!(change_one(&gone, date(3, 15), None).is_none(), "nothing is left there to change");
    assert!(change_one(&mondays, date(3, 16), None).is_none(), "nothing on a Tuesday");
    assert!(
        change_one(&mondays, date(3, 15), Some(&to(date(1, 1), &[MORNING]))).is_none(),
        "before it began"
    );
}

#[test]
fn a_day_moved_onto_another_of_the_same_opening_joins_it() {
    let mondays = weekly(&[Weekday::Mon]);
    let joined = change_one(&mondays, date(3, 15), Some(&to(date(3, 22), &[NOON]))).expect("there");
    assert_eq!(
        said(&[joined], date(3, 8), date(3, 28)),
        [(date(3, 8), 540, 720, MAIN), (date(3, 22), 540, 780, MAIN)]
    );
    let elsewhere = NewPlace { site: Some(SCHOOL), ..to(date(3, 22), &[EVENING]) };
    assert!(
        change_one(&mondays, date(3, 15), Some(&elsewhere)).is_none(),
        "two places at once in one opening"
    );
}

#[test]
fn a_single_day_is_moved_as_a_whole() {
    let once = Opening { rule: None, first_day: date(3, 15), ..weekly(&[]) };
    let moved = change_one(&once, date(3, 15), Some(&to(date(3, 12), &[EVENING]))).expect("there");
    assert_eq!((moved.first_day, moved.blocks.as_slice()), (date(3, 12), &[EVENING][..]));
    assert!(moved.overrides.is_empty() && moved.except.is_empty());
    assert!(change_one(&once, date(3, 15), None).expect("there").removed);
}

#[test]
fn from_a_day_on_only_its_weekday_changes() {
    let both = weekly(&[Weekday::Mon, Weekday::Thu]);
    let ids = [OpeningId(uuid(10, 91)), OpeningId(uuid(10, 92))];
    let made = change_following(&both, date(3, 15), Some(&to(date(3, 16), &[EVENING])), &ids).expect("there");
    assert_eq!(made.len(), 3, "ended, the Thursdays, the Tuesdays");
    assert_eq!(
        said(&made, date(3, 8), date(3, 25)),
        [
            (date(3, 8), 540, 720, MAIN),
            (date(3, 11), 540, 720, MAIN),
            (date(3, 16), 1_020, 1_140, MAIN),
            (date(3, 18), 540, 720, MAIN),
            (date(3, 23), 1_020, 1_140, MAIN),
            (date(3, 25), 540, 720, MAIN),
        ]
    );
    let ended = change_following(&both, date(3, 15), None, &ids).expect("there");
    assert_eq!(
        said(&ended, date(3, 8), date(3, 25)).iter().map(|o| o.0.weekday()).collect::<Vec<_>>(),
        [Weekday::Mon, Weekday::Thu, Weekday::Thu, Weekday::Thu]
    );
}

#[test]
fn from_the_first_day_on_the_old_opening_ends_before_it_began() {
    let mondays = weekly(&[Weekday::Mon]);
    let ids = [OpeningId(uuid(10, 91)), OpeningId(uuid(10, 92))];
    let made =
        change_following(&mondays, date(1, 4), Some(&to(date(1, 5), &[MORNING])), &ids).expect("there");
    assert!(made[0].removed);
    assert!(said(&made, date(1, 1), date(1, 31)).iter().all(|o| o.0.weekday() == Weekday::Tue));
}

#[test]
fn the_third_tuesday_becomes_the_second_thursday() {
    let rule = Recurrence {
        frequency: Frequency::Monthly,
        nth_weekday: Some(NthWeekday { nth: 3, weekday: Weekday::Tue }),
        weekdays: Vec::new(),
        ..Recurrence::weekly([])
    };
    let monthly = Opening { rule: Some(rule), ..weekly(&[]) };
    let ids = [OpeningId(uuid(10, 91))];
    let made =
        change_following(&monthly, date(3, 16), Some(&to(date(3, 11), &[MORNING])), &ids).expect("there");
    let days: Vec<NaiveDate> = said(&made, date(2, 1), date(5, 31)).iter().map(|o| o.0).collect();
    assert_eq!(days, [date(2, 16), date(3, 11), date(4, 8), date(5, 13)]);
}

fn some_opening() -> impl Strategy<Value = Opening> {
    let rule = (
        select(vec![Frequency::Daily, Frequency::Weekly, Frequency::Monthly]),
        1u32..4,
        prop::collection::vec(select(vec![Weekday::Mon, Weekday::Wed, Weekday::Sat]), 0..3),
        prop::option::of((-2i8..4).prop_map(|nth| NthWeekday { nth, weekday: Weekday::Thu })),
    )
        .prop_map(|(frequency, interval, weekdays, nth)| Recurrence {
            frequency,
            interval: interval.try_into().expect("at least one"),
            nth_weekday: nth.filter(|_| frequency == Frequency::Monthly),
            weekdays,
            until: None,
        });
    let days = prop::collection::vec((0u64..120).prop_map(|n| date(2, 1) + chrono::Days::new(n)), 0..6);
    let overrides = prop::collection::vec((0u64..120, any::<bool>()), 0..5).prop_map(|all| {
        let mut all: Vec<OpeningOverride> = all
            .into_iter()
            .map(|(n, school)| OpeningOverride {
                date: date(2, 1) + chrono::Days::new(n),
                blocks: vec![EVENING],
                site: school.then_some(SCHOOL),
            })
            .collect();
        all.sort_by_key(|o| o.date);
        all.dedup_by_key(|o| o.date);
        all
    });
    (prop::option::weighted(0.9, rule), days, overrides, any::<bool>(), any::<bool>()).prop_map(
        |(rule, except, overrides, term_only, works_on_off_days)| Opening {
            rule,
            except,
            overrides,
            term_only,
            works_on_off_days,
            ..weekly(&[])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// What is said in words before saving is what the engine then opens.
    #[test]
    fn the_days_said_are_the_days_of_the_engine(opening in some_opening(), closed in prop::option::of(0u64..120)) {
        let (from, until) = (date(2, 1), date(5, 31));
        let mut s = alone(std::slice::from_ref(&opening));
        if let Some(n) = closed {
            s.sites.get_mut(&MAIN).expect("the main site").closures.push(from + chrono::Days::new(n));
        }
        let index = AgendaIndex::build(&agenda(&s, [], chrono::DateTime::<chrono::Utc>::MIN_UTC), Window::new(from, until).expect("a window")).expect("rows");
        let mut theirs: Vec<(NaiveDate, SiteId)> = from
            .iter_days()
            .take_while(|d| *d <= until)
            .flat_map(|d| openings_on(&index, d).expect("a day").open.into_iter().map(move |o| (d, SiteId(o.site))))
            .collect();
        let mut ours: Vec<(NaiveDate, SiteId)> = of_opening(&s, &opening, from, until)
            .into_iter()
            .filter(|o| o.suppressed.is_none())
            .map(|o| (o.date, o.site))
            .collect();
        theirs.sort();
        ours.sort();
        prop_assert_eq!(ours, theirs);
    }

    /// Whatever is done to one day, no other day changes, and the day itself is as asked.
    #[test]
    fn no_other_day_changes(opening in some_opening(), pick in any::<prop::sample::Index>(), target in 0u64..90) {
        let (from, until) = (date(2, 1), date(6, 30));
        let before = said(std::slice::from_ref(&opening), from, until);
        prop_assume!(!before.is_empty());
        let day = pick.get(&before).0;
        let new_day = date(2, 1) + chrono::Days::new(target);
        let asked = to(new_day, &[CivilBlock { from: 60, to: 120 }]);
        if let Some(after) = change_one(&opening, day, Some(&asked)) {
            let after = said(std::slice::from_ref(&after), from, until);
            let other = |o: &&(NaiveDate, u16, u16, SiteId)| o.0 != day && o.0 != new_day;
            prop_assert_eq!(
                before.iter().filter(other).collect::<Vec<_>>(),
                after.iter().filter(other).collect::<Vec<_>>()
            );
            if new_day != day {
                prop_assert!(!after.iter().any(|o| o.0 == day), "{day} is still there: {after:?}");
            }
        }
        let removed = change_one(&opening, day, None).expect("it is there");
        let removed = said(&[removed], from, until);
        let expected: Vec<_> = before.iter().filter(|o| o.0 != day).copied().collect();
        prop_assert_eq!(removed, expected);
    }
}
