//! The demonstration under the domain's own eyes: the search finds free slots in it, and the check that warns people
//! before they book has nothing to say against its meetings to come.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};
use chrono_tz::Europe::Paris;
use passerelle_demo::{DemoOffice, build};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::availability::{Search, Wanted, free_slots, warnings};
use passerelle_domain::ids::KindId;

#[expect(clippy::expect_used, reason = "kinds that every office has")]
fn kind(office: &DemoOffice, key: &str) -> KindId {
    office.settings.kinds.values().find(|kind| kind.key == key).expect("a kind").id
}

#[test]
fn nothing_speaks_against_the_meetings_to_come() {
    let demo = build(NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date"), Paris);
    let mut checked = 0;
    for office in &demo.offices {
        for a in office.appointments.iter().filter(|a| a.status.blocks() && a.start > demo.now) {
            // In a group session the others of the session are no obstacle.
            if office.settings.kinds[&a.kind].capacity > 1 {
                continue;
            }
            let near: Vec<&Appointment> =
                office.appointments.iter().filter(|b| (b.start - a.start).num_days().abs() <= 2).collect();
            let wanted = Wanted {
                kind: a.kind,
                counsellor: a.counsellor,
                second: None,
                site: a.site,
                start: a.start,
                minutes: u32::try_from(a.minutes()).expect("a length"),
                room: a.room,
                client: a.client,
                moving: Some(a.id),
            };
            assert_eq!(
                warnings(&office.settings, &near, &wanted, demo.now),
                [],
                "{} in {}",
                a.start,
                office.key
            );
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked} meetings checked");
}

#[test]
fn every_office_has_free_slots_in_the_coming_week() {
    let demo = build(NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date"), Paris);
    for office in &demo.offices {
        let search = Search::staff(kind(office, "entretien"), demo.anchor, demo.anchor + Days::new(7));
        let slots = free_slots(&office.settings, &office.appointments, &search, demo.now, |_| true);
        let who: BTreeSet<_> = slots.iter().map(|slot| slot.counsellor).collect();
        let days: BTreeSet<_> =
            slots.iter().map(|slot| slot.start.with_timezone(&Paris).date_naive()).collect();
        assert_eq!(who.len(), 6, "{}: somebody has no free slot", office.key);
        assert!(days.len() >= 5, "{}: free slots on {days:?}", office.key);
        let session = Search::staff(kind(office, "atelier"), demo.anchor, demo.anchor + Days::new(7));
        let rooms = free_slots(&office.settings, &office.appointments, &session, demo.now, |_| true);
        assert!(rooms.iter().any(|slot| slot.room.is_some()), "{}: no room for a group", office.key);
    }
}
