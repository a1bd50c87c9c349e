//! The slot search on random scenarios: against a plain second search, and against the promises of the engine.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reference;
mod scenarios;

use chrono::{DateTime, Utc};
use passerelle_domain::slots::scenario::Scenario;
use passerelle_domain::slots::{Candidate, Slot, check, openings_on, search};
use proptest::prelude::*;

fn scenario() -> impl Strategy<Value = Scenario> {
    scenarios::anchor().prop_flat_map(scenarios::scenario)
}

fn found(scenario: &Scenario) -> Vec<Slot<String>> {
    scenario.prepare().unwrap().search().unwrap()
}

fn json(scenario: &Scenario) -> String {
    serde_json::to_string(scenario).unwrap()
}

fn as_candidate(scenario: &Scenario, slot: &Slot<String>) -> Candidate<String> {
    Candidate {
        counsellor: slot.counsellor.clone(),
        second: scenario.query.together.clone(),
        site: slot.site.clone(),
        start: slot.start,
        end: Some(slot.end),
        room: None,
        reschedule_of: scenario.query.reschedule_of.clone(),
    }
}

/// Scenarios of each property: as many as `PROPTEST_CASES` says, for a long run.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(400)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_searches_that_share_nothing_agree(scenario in scenario()) {
        let expected = reference::slots(&scenario);
        let found = scenario.run().map_err(|error| TestCaseError::fail(format!("{error}: {}", json(&scenario))))?;
        prop_assert_eq!(found, expected, "{}", json(&scenario));
    }

    #[test]
    fn every_slot_found_can_be_booked(scenario in scenario()) {
        let prepared = scenario.prepare().unwrap();
        for slot in prepared.search().unwrap() {
            let candidate = as_candidate(&scenario, &slot);
            let checked = check(&prepared.index, &prepared.kind, &candidate, prepared.now, true).unwrap();
            prop_assert_eq!(&checked.findings, &Vec::new(), "{:?} in {}", slot, json(&scenario));
            prop_assert_eq!(checked.room, slot.room);
            prop_assert_eq!(checked.end, slot.end);
        }
    }

    /// And the other way round: on the finest grid, what is not found has a finding.
    #[test]
    fn what_the_check_accepts_is_found(mut scenario in scenario(), offsets in prop::collection::vec(0_i64..2_000, 20)) {
        scenario.query.mode = Some("grid".to_owned());
        scenario.query.step_min = Some(1);
        scenario.query.counsellors = None;
        scenario.query.sites = None;
        // One date: a meeting over the last midnight of a question is not one of its answers.
        scenario.query.to = scenario.query.from.clone();
        let prepared = scenario.prepare().unwrap();
        let slots = prepared.search().unwrap();
        let day = scenario.query.from.parse::<chrono::NaiveDate>().unwrap();
        let plan = openings_on(&prepared.index, day).unwrap();
        for (block, offset) in plan.open.iter().cycle().zip(offsets) {
            if scenario.query.together.as_ref() == Some(&block.counsellor) {
                continue;
            }
            let start = block.start + chrono::TimeDelta::minutes(offset % 400);
            let candidate = Candidate {
                counsellor: block.counsellor.clone(),
                second: scenario.query.together.clone(),
                site: block.site.clone(),
                start,
                end: None,
                room: None,
                reschedule_of: scenario.query.reschedule_of.clone(),
            };
            let Ok(checked) = check(&prepared.index, &prepared.kind, &candidate, prepared.now, true) else { continue };
            let opening_of = |who: &String| plan.open.iter().any(|open| {
                open.counsellor == *who
                    && open.site == block.site
                    && (open.start..open.end).contains(&start)
                    && checked.end <= open.end
            });
            let of_day = opening_of(&block.counsellor) && candidate.second.as_ref().is_none_or(opening_of);
            let is_found = slots.iter().any(|slot| {
                slot.start == start && slot.counsellor == candidate.counsellor && slot.site == candidate.site
            });
            prop_assert_eq!(
                is_found,
                checked.findings.is_empty() && of_day,
                "{:?} {:?} in {}", candidate, checked.findings, json(&scenario)
            );
        }
    }

    #[test]
    fn a_new_absence_never_adds_a_slot_on_a_grid(
        (mut scenario, absence) in scenarios::anchor()
            .prop_flat_map(|anchor| (scenarios::scenario(anchor), scenarios::absence(anchor)))
    ) {
        scenario.query.mode = Some("grid".to_owned());
        let before = found(&scenario);
        scenario.absences.push(absence);
        for slot in found(&scenario) {
            prop_assert!(before.contains(&slot), "{:?} in {}", slot, json(&scenario));
        }
    }

    #[test]
    fn the_order_of_rows_never_matters(scenario in scenario(), seed in any::<u64>()) {
        let mut shuffled = scenario.clone();
        let mut state = seed | 1;
        let mut next = move |bound: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % bound as u64) as usize
        };
        fn shuffle<T>(rows: &mut [T], next: &mut impl FnMut(usize) -> usize) {
            for last in (1..rows.len()).rev() {
                rows.swap(last, next(last + 1));
            }
        }
        shuffle(&mut shuffled.openings, &mut next);
        for opening in &mut shuffled.openings {
            shuffle(&mut opening.blocks, &mut next);
            shuffle(&mut opening.overrides, &mut next);
            shuffle(&mut opening.exdates, &mut next);
        }
        shuffle(&mut shuffled.absences, &mut next);
        shuffle(&mut shuffled.external, &mut next);
        shuffle(&mut shuffled.appointments, &mut next);
        shuffle(&mut shuffled.rooms, &mut next);
        prop_assert_eq!(scenario.run().unwrap(), shuffled.run().unwrap(), "{}", json(&scenario));
    }

    #[test]
    fn chained_slots_of_a_counsellor_at_a_site_never_overlap_and_the_order_is_total(mut scenario in scenario()) {
        let slots = found(&scenario);
        prop_assert!(slots.is_sorted_by(|a, b| a < b), "{}", json(&scenario));
        scenario.query.mode = None;
        let slots = found(&scenario);
        for (at, slot) in slots.iter().enumerate() {
            let same = |other: &&Slot<String>| other.counsellor == slot.counsellor && other.site == slot.site;
            if let Some(next) = slots[at + 1..].iter().find(same) {
                prop_assert!(slot.end <= next.start, "{:?} {:?} in {}", slot, next, json(&scenario));
            }
        }
    }

    #[test]
    fn a_limit_gives_the_first_slots_and_a_part_of_the_dates_gives_a_part(scenario in scenario(), limit in 0_usize..30) {
        let prepared = scenario.prepare().unwrap();
        let all = prepared.search().unwrap();
        let mut query = prepared.query.clone();
        query.limit = Some(limit);
        let first = search(&prepared.index, &prepared.kind, &query, prepared.now).unwrap();
        prop_assert_eq!(&first[..], &all[..limit.min(all.len())]);
        // The index may cover more than the question, and the answer is the same.
        let mut wider = scenario.clone();
        wider.query.from = (prepared.query.from - chrono::Days::new(20)).to_string();
        wider.query.to = (prepared.query.to + chrono::Days::new(20)).to_string();
        let wide = wider.prepare().unwrap();
        prop_assert_eq!(search(&wide.index, &prepared.kind, &prepared.query, prepared.now).unwrap(), all);
    }

    /// Whatever the numbers, an answer or an error, never a panic.
    #[test]
    fn odd_numbers_end(
        mut scenario in scenario(),
        numbers in prop::collection::vec(prop_oneof![Just(0), Just(-1), Just(i64::MAX), Just(i64::MIN), 1_i64..100_000], 8),
    ) {
        scenario.appointment_kind.duration_min = Some(numbers[0]);
        scenario.appointment_kind.buffer_after_min = numbers[1];
        scenario.appointment_kind.min_notice_min = numbers[2].max(0) % 20_000;
        scenario.appointment_kind.horizon_days = Some(numbers[3]);
        scenario.query.step_min = Some(numbers[4]);
        scenario.travel_min = numbers[5].clamp(-1, 3_000);
        if let Some(rule) = scenario.openings.iter_mut().find_map(|opening| opening.rrule.as_mut()) {
            rule.interval = Some(numbers[6]);
        }
        for row in &mut scenario.appointments {
            row.buffer_after_min = numbers[7] % 2_000;
        }
        let _ = scenario.run();
    }
}

/// A slot's own type keeps the order of the fields that the order of slots needs.
#[test]
fn slots_are_ordered_by_start_site_counsellor_room() {
    let at = |second| DateTime::<Utc>::from_timestamp(second, 0).unwrap();
    let slot = |second, site: &str, counsellor: &str, room: Option<&str>| Slot {
        start: at(second),
        site: site.to_owned(),
        counsellor: counsellor.to_owned(),
        room: room.map(str::to_owned),
        end: at(3_600),
    };
    let ordered = [
        slot(0, "L", "B", None),
        slot(0, "P", "A", Some("1")),
        slot(0, "P", "A", Some("2")),
        slot(0, "P", "B", Some("1")),
        slot(60, "A", "A", None),
    ];
    assert!(ordered.is_sorted());
}
