//! One person's week, the load of many days, what was never said of past meetings.

use passerelle_office::api::dto::{LoadHalf, LoadView, OpenStretch, WeekView};
use serde_json::json;

use super::*;

#[tokio::test]
async fn a_week_is_the_same_columns_as_its_days() {
    let office = Office::open().await;
    for family in ["Dupont", "Martin", "Nguyen"] {
        let person = office.person(family).await;
        let week: WeekView =
            office.ask("agenda.week", json!({ "date": "2026-11-26", "counsellor": person })).await;
        let dates: Vec<String> = week.days.iter().map(|d| d.date.to_string()).collect();
        assert_eq!(dates, ["2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]);
        assert_eq!(week.counsellor.id, person);
        for one in &week.days {
            let day: DayView = office.ask("agenda.day", json!({ "date": one.date })).await;
            let column = day.columns.iter().find(|c| c.id == person).expect("the person's column");
            let same =
                |a: &dyn std::fmt::Debug, b: &dyn std::fmt::Debug| format!("{a:?}") == format!("{b:?}");
            assert!(same(column, &one.column), "{family} on {}: {column:?} and {:?}", one.date, one.column);
            let theirs: Vec<&str> =
                day.blocks.iter().filter(|a| a.counsellor.id == person).map(|a| a.id.as_str()).collect();
            let mine: Vec<&str> = one.blocks.iter().map(|a| a.id.as_str()).collect();
            assert_eq!(mine, theirs, "{family} on {}", one.date);
            assert!(week.from_min <= day.from_min.max(510) && week.to_min >= 1080);
        }
        assert!(week.days.iter().any(|d| !d.blocks.is_empty()), "{family} meets somebody in the week");
    }
    let dupont = office.person("Dupont").await;
    let args = json!({ "date": "2026-11-09", "counsellor": dupont });
    let armistice: WeekView = office.ask("agenda.week", args).await;
    assert_eq!(armistice.days[2].closed.as_deref(), Some("Armistice de 1918"));
    assert!(armistice.days[2].column.open.is_empty());
    let receptionist = office.person("Rivière").await;
    let args = json!({ "date": "2026-11-09", "counsellor": receptionist });
    assert_eq!(office.refused("agenda.week", args).await, "not_found", "who does not receive has no week");
    let args = json!({ "date": "9999-01-01", "counsellor": dupont });
    assert_eq!(office.refused("agenda.week", args).await, "bad_date");
}

#[tokio::test]
async fn the_load_counts_what_the_days_show() {
    let office = Office::open().await;
    let load: LoadView = office.ask("agenda.load", json!({ "from": "2026-11-16", "to": "2026-12-20" })).await;
    assert_eq!(load.days.len(), 35, "every civil day, closed or not");
    let mut seen = LoadHalf::default();
    for day in &load.days {
        assert_eq!(day.people.len(), load.people.len());
        let grid: DayView = office.ask("agenda.day", json!({ "date": day.date })).await;
        assert_eq!((&day.closed, &day.holiday), (&grid.closed, &grid.holiday), "{}", day.date);
        for (person, of) in load.people.iter().zip(&day.people) {
            let column = grid.columns.iter().find(|c| c.id == person.id).expect("a column");
            let halves = [&of.morning, &of.afternoon];
            let what = format!("{} on {}", person.name, day.date);
            assert_eq!(halves.iter().map(|h| h.free).sum::<u32>(), column.free, "free places, {what}");
            let open: u16 = column.open.iter().map(|o| o.to_min - o.from_min).sum();
            let counted: u16 = halves.iter().map(|h| h.open_min + h.school_min + h.absent_min).sum();
            assert_eq!(counted, open, "minutes of opening, {what}");
            let at_school = |o: &&OpenStretch| o.school;
            let duty: u16 = column.open.iter().filter(at_school).map(|o| o.to_min - o.from_min).sum();
            let lost: u16 = halves.iter().map(|h| h.absent_min).sum();
            let school: u16 = halves.iter().map(|h| h.school_min).sum();
            assert!(school <= duty && duty <= school + lost, "duty at schools, {what}: {school} of {duty}");
            let blocks = ["held", "booked", "arrived", "attended", "no_show"];
            let mine: Vec<&AppointmentView> = grid
                .blocks
                .iter()
                .filter(|a| a.counsellor.id == person.id && blocks.contains(&a.status.key()))
                .collect();
            let single = mine.iter().filter(|a| a.kind.capacity == 1).count();
            let sessions: std::collections::BTreeSet<_> =
                mine.iter().filter(|a| a.kind.capacity > 1).map(|a| (a.start, &a.kind.id)).collect();
            let booked: u32 = halves.iter().map(|h| h.booked).sum();
            assert_eq!(usize::try_from(booked), Ok(single + sessions.len()), "meetings, {what}");
            let missing = mine.iter().filter(|a| a.status_missing).count();
            assert_eq!(
                usize::try_from(halves.iter().map(|h| h.missing).sum::<u32>()),
                Ok(missing),
                "statuses that lack, {what}"
            );
            for half in halves {
                seen.absent_min += half.absent_min;
                seen.school_min = seen.school_min.max(half.school_min);
                seen.free += half.free;
                seen.booked += half.booked;
                seen.missing += half.missing;
                if half.site_name.is_some() {
                    seen.site_name.clone_from(&half.site_name);
                }
            }
        }
    }
    assert!(
        seen.absent_min > 0 && seen.school_min > 0 && seen.free > 0 && seen.booked > 0 && seen.missing > 0,
        "{seen:?}"
    );
    assert!(seen.site_name.is_some(), "half-days at a school say where");
    let holidays = load.days.iter().filter(|d| d.holiday.is_some()).count();
    assert_eq!(holidays, 2, "Christmas holidays begin on the last Saturday");
    for (from, to) in [("2026-11-09", "2026-12-21"), ("2026-11-09", "2026-11-08")] {
        assert_eq!(office.refused("agenda.load", json!({ "from": from, "to": to })).await, "bad_dates");
    }
}

#[tokio::test]
async fn what_was_never_said_is_asked_oldest_first_and_goes_once_said() {
    let office = Office::open().await;
    let missing: Vec<AppointmentView> = office.ask("agenda.missing", json!({})).await;
    assert!(missing.iter().any(|a| name(a) == "Sofiane Aït-Ahmed"), "of this morning");
    assert!(missing.iter().any(|a| a.date.to_string().as_str() < "2026-11-23"), "and of the days before");
    assert!(missing.is_sorted_by_key(|a| a.start) && missing.iter().all(|a| a.status_missing));
    let day: DayView = office.ask("agenda.day", json!({ "date": "2026-11-23" })).await;
    let today = day.blocks.iter().filter(|a| a.status_missing).count();
    assert_eq!(missing.len(), today + day.missing.len(), "the same as what the desk says is to be done");
    assert_eq!(day.todo.closes_min, Some(17 * 60 + 30));
    let first = &missing[0];
    let _: Done =
        office.ask("appointments.set_status", json!({ "id": first.id, "status": "attended" })).await;
    let rest: Vec<AppointmentView> = office.ask("agenda.missing", json!({})).await;
    assert_eq!(rest.len(), missing.len() - 1);
    assert!(rest.iter().all(|a| a.id != first.id));
}
