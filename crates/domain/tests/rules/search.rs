//! Search, form and commit are of one mind: what is found can be booked, and nobody warns of it.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveDate};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::{
    Search, Wanted, alternatives, alternatives_days, days_to_load, free_slots, warnings,
};
use passerelle_domain::command::{Book, Command, Place};
use passerelle_domain::ids::{ClientId, KindId, PersonId};
use passerelle_domain::refusal::FreeSlot;
use passerelle_domain::slots::Mode;
use passerelle_domain::{OfficeState, RefusalCode, decide};
use proptest::prelude::*;
use proptest::sample::select;

use crate::random::happening;
use crate::sequences::run;
use crate::small_office::{
    DUPONT, GONE, INTERVIEW, MAIN, RECEPTION, RETIRED, SHORT, WORKSHOP, ZONE, appointment_id, at, booking,
    client_id, code, moved, ok, place, reception, set, state, when,
};

fn date(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("a date")
}

fn place_of(slot: &FreeSlot) -> Place {
    Place {
        counsellor: slot.counsellor,
        second: None,
        site: slot.site,
        room: slot.room,
        start: slot.start.with_timezone(&ZONE).naive_local(),
        zone: ZONE,
        minutes: u32::try_from((slot.end - slot.start).num_minutes()).expect("a length"),
    }
}

fn book(kind: KindId, client: Option<ClientId>, place: Place) -> Command {
    Command::Book(Book { kind, client, place, ..booking(99, DUPONT, at(24, 9, 0)) })
}

fn found(state: &OfficeState, kind: KindId, mode: Mode, now: chrono::DateTime<chrono::Utc>) -> Vec<FreeSlot> {
    let search = Search { mode, ..Search::staff(kind, date(23), date(27)) };
    free_slots(&state.settings, state.appointments.values(), &search, now, |_| true)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    #[test]
    fn every_free_slot_can_be_booked_without_a_warning(
        happenings in proptest::collection::vec(happening(), 1..50),
        kind in select(vec![INTERVIEW, SHORT, WORKSHOP]),
        mode in select(vec![Mode::Chained, Mode::Grid { step_min: 15 }]),
    ) {
        let (state, now, _) = run(&happenings)?;
        let all: Vec<&Appointment> = state.appointments.values().collect();
        for slot in found(&state, kind, mode, now) {
            prop_assert!(slot.start >= now, "in the past: {slot:?}");
            for room in [slot.room, None] {
                let there = Place { room, ..place_of(&slot) };
                let decided = decide(&state, &book(kind, None, there), &reception(), now);
                prop_assert!(decided.is_ok(), "{slot:?} was found and refused: {decided:?}");
            }
            let wanted = Wanted {
                kind,
                counsellor: slot.counsellor,
                second: None,
                site: slot.site,
                start: slot.start,
                minutes: place_of(&slot).minutes,
                room: slot.room,
                client: None,
                moving: None,
            };
            prop_assert_eq!(warnings(&state.settings, &all, &wanted, now), vec![], "warned of {:?}", slot);
        }
    }

    #[test]
    fn alternatives_can_be_booked_and_are_others(
        happenings in proptest::collection::vec(happening(), 1..50),
        kind in select(vec![INTERVIEW, SHORT]),
        counsellor in select(vec![crate::small_office::DUPONT, crate::small_office::MARTIN]),
        (day, hour, minutes) in (24u32..27, 9u32..17, select(vec![20u32, 45, 90])),
        client in proptest::option::of((0u128..4).prop_map(client_id)),
        moving in proptest::option::of((0u128..10).prop_map(appointment_id)),
        n in 0usize..4,
    ) {
        let (state, now, _) = run(&happenings)?;
        let moving = moving.filter(|m| state.appointments.get(m).is_some_and(|a| {
            matches!(a.status, passerelle_domain::appointment::Status::Held | passerelle_domain::appointment::Status::Booked)
        }));
        let (kind, client) = moving.map_or((kind, client), |m| (state.appointments[&m].kind, state.appointments[&m].client));
        // The screen has the record that goes on, and none that was taken back.
        let client = client.and_then(|c| state.client_that_goes_on(c)).map(|c| c.id);
        let start = when(day, hour, 0);
        let wanted = Wanted { kind, counsellor, second: None, site: MAIN, start, minutes, room: None, client, moving };
        let (first, last) = alternatives_days(&state.settings, start, now);
        let (from, to) = days_to_load(first, last);
        let near: Vec<&Appointment> =
            state.appointments.values().filter(|a| a.start < to && from < a.end).collect();
        let given = alternatives(&state.settings, &near, &wanted, now, n);
        for (same, group) in [(true, &given.same_person), (false, &given.colleagues)] {
            prop_assert!(group.len() <= n, "at most {n}: {group:?}");
            prop_assert!(group.is_sorted_by_key(|s| s.start), "in order of time: {group:?}");
            let times: BTreeSet<_> = group.iter().map(|s| (s.start, s.counsellor, s.site)).collect();
            prop_assert_eq!(times.len(), group.len(), "each once: {:?}", group);
            for slot in group {
                prop_assert_eq!(slot.counsellor == counsellor, same);
                prop_assert!(!(same && slot.start == start && slot.end == start + Duration::minutes(minutes.into())));
                prop_assert_eq!(slot.end - slot.start, Duration::minutes(minutes.into()), "the length that was asked for");
                let command = match moving {
                    Some(m) => Command::Move(moved(&state, m.0.as_u128() & 0xff, place_of(slot))),
                    None => book(kind, client, place_of(slot)),
                };
                let decided = decide(&state, &command, &reception(), now);
                prop_assert!(decided.is_ok(), "{slot:?} was offered and refused: {decided:?}");
            }
        }
        prop_assert!(given.first(n).len() <= n);
    }

    /// Freed time is free at once: after a cancellation the slot is found again.
    #[test]
    fn what_is_cancelled_is_found_again(pick in any::<prop::sample::Index>()) {
        let mut state = state();
        let now = when(23, 7, 0);
        let before = found(&state, INTERVIEW, Mode::Chained, now);
        let slot = pick.get(&before).clone();
        let mut command = book(INTERVIEW, None, place_of(&slot));
        if let Command::Book(b) = &mut command { b.id = appointment_id(1); }
        ok(&mut state, &command, &reception(), now);
        let taken = found(&state, INTERVIEW, Mode::Chained, now);
        let same_time = |s: &&FreeSlot| (s.start, s.counsellor) == (slot.start, slot.counsellor);
        prop_assert!(taken.iter().find(same_time).is_none(), "a taken slot is offered");
        let mut cancel = set(1, passerelle_domain::appointment::Status::Cancelled);
        cancel.reason = Some("Réunion".into());
        ok(&mut state, &Command::SetStatus(cancel), &reception(), now);
        prop_assert_eq!(found(&state, INTERVIEW, Mode::Chained, now), before);
    }
}

#[test]
fn who_cannot_receive_and_what_is_no_longer_offered_is_not_found() {
    let state = state();
    let now = when(23, 7, 0);
    let with: BTreeSet<PersonId> =
        found(&state, INTERVIEW, Mode::Chained, now).iter().map(|s| s.counsellor).collect();
    assert!(with.contains(&DUPONT) && !with.contains(&RECEPTION) && !with.contains(&GONE), "{with:?}");
    assert_eq!(found(&state, RETIRED, Mode::Chained, now), vec![], "a retired kind");
    let retired = book(RETIRED, None, place(DUPONT, at(24, 9, 0), 30));
    assert_eq!(code(&state, &retired, &reception(), now), RefusalCode::ResourceUnavailable);
}
