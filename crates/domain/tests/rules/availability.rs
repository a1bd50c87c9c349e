//! From an office's documents to the engine: two counsellors who hold a meeting together, and an office far away.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Indian::Reunion;
use passerelle_domain::OfficeState;
use passerelle_domain::availability::{Search, Wanted, agenda, alternatives, free_slots, warnings};
use passerelle_domain::command::{Book, Command};
use passerelle_domain::ids::{AbsenceId, OpeningId, PersonId};
use passerelle_domain::office::Absence;
use passerelle_domain::slots::{AgendaIndex, CivilBlock, Frequency, Recurrence, Window, openings_on};
use uuid::Uuid;

use crate::small_office::{
    DUPONT, INTERVIEW, MAIN, MARTIN, SHORT, ZONE, appointment_id, at, booking, ok, reception, state, when,
};

fn away(counsellor: PersonId, start: NaiveDateTime, end: NaiveDateTime) -> Absence {
    Absence {
        id: AbsenceId(Uuid::from_u128(77)),
        counsellor,
        start,
        end,
        rule: None,
        except: Vec::new(),
        label: "Formation".into(),
        detail: None,
        removed: false,
    }
}

fn with_absence(absence: Absence) -> OfficeState {
    let mut state = state();
    Arc::make_mut(&mut state.settings).absences.insert(absence.id, absence);
    state
}

fn day(day: u32) -> NaiveDate {
    at(day, 0, 0).date()
}

fn starts(state: &OfficeState, search: &Search, now: DateTime<Utc>) -> Vec<String> {
    let zone = state.settings.office.zone;
    free_slots(&state.settings, [], search, now, |_| true)
        .iter()
        .map(|slot| slot.start.with_timezone(&zone).format("%H:%M").to_string())
        .collect()
}

fn wanted(start: DateTime<Utc>) -> Wanted {
    Wanted {
        kind: SHORT,
        counsellor: DUPONT,
        second: Some(MARTIN),
        site: MAIN,
        start,
        minutes: 20,
        room: None,
        client: None,
        moving: None,
    }
}

#[test]
fn a_meeting_held_by_two_is_offered_when_both_are_free() {
    // Tuesday the 24th: both receive at the main site from 9 to 12 and from 14 to 17, Martin is away until 10:05.
    let state = with_absence(away(MARTIN, at(24, 8, 0), at(24, 10, 5)));
    let search = Search {
        counsellors: Some(vec![DUPONT]),
        second: Some(MARTIN),
        sites: Some(vec![MAIN]),
        ..Search::staff(INTERVIEW, day(24), day(24))
    };
    let together = starts(&state, &search, when(23, 7, 0));
    assert_eq!(together, ["10:05", "10:50", "14:00", "14:45", "15:30", "16:15"]);
    let alone = Search { second: None, ..search.clone() };
    assert_eq!(starts(&state, &alone, when(23, 7, 0))[0], "09:00", "Dupont alone is free before");
    let with_herself = Search { second: Some(DUPONT), ..search };
    assert_eq!(starts(&state, &with_herself, when(23, 7, 0)), Vec::<String>::new());
}

#[test]
fn a_warning_says_whose_time_it_is() {
    let state = with_absence(away(MARTIN, at(24, 8, 0), at(24, 10, 0)));
    let now = when(23, 7, 0);
    let said = warnings(&state.settings, &[], &wanted(when(24, 9, 0)), now);
    let said: Vec<_> = said.iter().map(|w| (w.code, w.who, w.about.as_deref())).collect();
    assert_eq!(said, [("absence", Some(MARTIN), Some("Formation"))]);
    let said = warnings(&state.settings, &[], &wanted(when(24, 12, 30)), now);
    let said: Vec<_> = said.iter().map(|w| (w.code, w.who)).collect();
    assert_eq!(said, [("outside_opening", None), ("outside_opening", Some(MARTIN))]);
    assert_eq!(warnings(&state.settings, &[], &wanted(when(24, 10, 0)), now), vec![]);
}

#[test]
fn two_who_cannot_are_offered_other_times_of_the_two() {
    let state = with_absence(away(MARTIN, at(24, 8, 0), at(24, 17, 0)));
    let given = alternatives(&state.settings, &[], &wanted(when(24, 9, 0)), when(23, 7, 0), 3);
    assert!(!given.same_person.is_empty(), "the two have other days");
    for slot in given.first(6) {
        assert_ne!(slot.start.with_timezone(&ZONE).date_naive(), day(24), "Martin is away: {slot:?}");
        assert_ne!(slot.counsellor, MARTIN, "the second one does not become the first as well");
    }
}

/// An absence is written in the time of its office: 8:00 in Saint-Denis is 5:00 in Paris.
#[test]
fn an_absence_is_in_the_time_of_its_office() {
    let mut state = with_absence(away(DUPONT, at(24, 8, 0), at(24, 12, 0)));
    let settings = Arc::make_mut(&mut state.settings);
    settings.office.zone = Reunion;
    for site in settings.sites.values_mut() {
        site.zone = Reunion;
    }
    let search = Search {
        counsellors: Some(vec![DUPONT]),
        sites: Some(vec![MAIN]),
        ..Search::staff(SHORT, day(24), day(24))
    };
    let free = starts(&state, &search, when(22, 7, 0));
    assert_eq!(free, ["14:00", "14:30", "15:00", "15:30", "16:00", "16:30"], "the morning alone is taken");

    // A whole day off, from midnight to midnight over there, is drawn whole and on no other day.
    let whole = away(DUPONT, at(24, 0, 0), at(25, 0, 0));
    Arc::make_mut(&mut state.settings).absences.insert(whole.id, whole);
    let window = Window::new(day(23), day(25)).unwrap();
    let index = AgendaIndex::build(&agenda(&state.settings, [], when(23, 8, 0)), window).unwrap();
    let drawn = |date| {
        let midnight =
            |date: NaiveDate| date.and_time(chrono::NaiveTime::MIN).and_local_timezone(Reunion).unwrap();
        let (from, to) = (midnight(date), midnight(date + chrono::Days::new(1)));
        let plan = openings_on(&index, date).unwrap();
        let mine = plan.absent.iter().filter(|a| a.counsellor == DUPONT.0);
        let of_day = mine.map(|a| (a.start.max(from.to_utc()), a.end.min(to.to_utc())));
        of_day.filter(|(start, end)| start < end).map(|(start, end)| (end - start).num_hours()).sum::<i64>()
    };
    assert_eq!([23, 24, 25].map(|n| drawn(day(n))), [0, 24, 0]);
}

/// With a limit the first days are looked at first; what is found is what a search of all days finds first, even where
/// an opening lasts over every midnight.
#[test]
fn the_first_slots_of_a_search_are_the_first_of_all() {
    let by_day = state();
    let mut day_and_night = state();
    let settings = Arc::make_mut(&mut day_and_night.settings);
    let mut always = settings.openings.values().next().unwrap().clone();
    always.id = OpeningId(Uuid::from_u128(78));
    always.blocks = vec![CivilBlock { from: 0, to: 24 * 60 }];
    always.rule = Some(Recurrence { frequency: Frequency::Daily, ..Recurrence::weekly([]) });
    settings.openings.insert(always.id, always);
    let now = when(23, 7, 0);
    for (state, kind) in
        [(&by_day, INTERVIEW), (&by_day, SHORT), (&day_and_night, INTERVIEW), (&day_and_night, SHORT)]
    {
        let wanted = Search::staff(kind, day(20), day(20) + chrono::Days::new(40));
        let find =
            |limit| free_slots(&state.settings, [], &Search { limit, ..wanted.clone() }, now, |_| true);
        let all = find(None);
        assert!(all.len() > 300, "{} slots", all.len());
        for limit in [0, 1, 2, 50, 150, 299, 2_000] {
            assert_eq!(find(Some(limit)), all[..limit.min(all.len())], "the first {limit}");
        }
    }
}

/// A meeting far away can come near: it is known, and keeps its length.
#[test]
fn a_meeting_of_another_month_can_be_moved_to_the_next_free_place() {
    let mut state = state();
    let now = when(23, 7, 0);
    let far = at(24, 9, 0) + chrono::Days::new(56);
    ok(&mut state, &Command::Book(Book { kind: SHORT, ..booking(1, DUPONT, far) }), &reception(), now);
    let made = &state.appointments[&appointment_id(1)];
    let (limit, moving) = (Some(1), Some(made.id));
    let search =
        Search { limit, moving, ..Search::staff(INTERVIEW, day(23), day(23) + chrono::Days::new(90)) };
    let found = free_slots(&state.settings, state.appointments.values(), &search, now, |_| true);
    assert_eq!(found.len(), 1, "the next free place");
    assert_eq!(found[0].end - found[0].start, made.end - made.start, "with the length of the meeting");
}
