//! Changing the settings: who may, what is refused, what a repetition "in term only" and a permanence do to the search.

use chrono::{NaiveDate, Weekday};
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::availability::{self, Search, Wanted, duty_between, free_slots, hits, warnings};
use passerelle_domain::ids::{AbsenceId, OpeningId};
use passerelle_domain::office::{
    Absence, AppointmentKind, CivilBlock, OfficeSettings, Opening, Recurrence, Room, Site, SiteKind,
    TravelTime,
};
use passerelle_domain::people::Actor;
use passerelle_domain::settings::{Change, Setting, SettingKey};
use passerelle_domain::{Command, OfficeState, Refusal, RefusalCode, decide};

use crate::small_office::{
    DIRECTOR, DUPONT, INTERVIEW, MAIN, MARTIN, RECEPTION, ROOM_A, SCHOOL, SHORT, WORKSHOP, at, director,
    dupont, martin, reception, state, uuid, when,
};

/// Monday 23 November 2026, 8:00 in Paris.
fn now() -> chrono::DateTime<chrono::Utc> {
    when(23, 8, 0)
}

fn change(whole: &OfficeSettings, to: Setting) -> Change {
    Change { seen: whole.document(to.key()), to }
}

fn save(state: &OfficeState, actor: &Actor, changes: Vec<Change>) -> Result<OfficeState, Refusal> {
    let events = decide(state, &Command::SaveSettings { changes }, actor, now())?;
    let mut after = state.clone();
    after.evolve_all(&events);
    Ok(after)
}

fn one(state: &OfficeState, actor: &Actor, to: Setting) -> Result<OfficeState, Refusal> {
    save(state, actor, vec![change(&state.settings, to)])
}

/// "0.blocks.1.to order" of each wrong field.
fn wrong(result: Result<OfficeState, Refusal>) -> Vec<String> {
    let refusal = result.expect_err("a refusal");
    assert_eq!(refusal.code, RefusalCode::InvalidFields, "{refusal:?}");
    refusal.fields.iter().map(|f| format!("{} {}", f.field, f.code)).collect()
}

fn absence(n: u128, counsellor: passerelle_domain::ids::PersonId) -> Absence {
    Absence {
        id: AbsenceId(uuid(11, n)),
        counsellor,
        start: at(25, 9, 0),
        end: at(25, 12, 0),
        rule: None,
        except: Vec::new(),
        label: "Formation".into(),
        detail: None,
        removed: false,
    }
}

fn opening(state: &OfficeState, n: u128) -> Opening {
    state.settings.openings[&OpeningId(uuid(10, n))].clone()
}

#[test]
fn a_director_may_all_a_counsellor_their_own_absences_reception_nothing() {
    let state = state();
    let refused = |r: Result<OfficeState, Refusal>| r.map(drop).map_err(|e| e.code);
    let not_allowed = Err(RefusalCode::NotAllowed);
    let own = || Setting::Absence(absence(50, DUPONT));
    assert_eq!(refused(one(&state, &director(), own())), Ok(()));
    assert_eq!(refused(one(&state, &dupont(), own())), Ok(()), "one's own absence");
    assert_eq!(refused(one(&state, &martin(), own())), not_allowed, "a colleague's");
    assert_eq!(refused(one(&state, &reception(), own())), not_allowed);
    assert_eq!(refused(one(&state, &Actor::Family, own())), not_allowed);
    assert_eq!(refused(one(&state, &Actor::System, own())), not_allowed);
    let kind = Setting::Kind(state.settings.kinds[&INTERVIEW].clone());
    assert_eq!(refused(one(&state, &dupont(), kind)), not_allowed, "a kind is the director's");
    // Somebody's absence cannot be made one's own.
    let theirs = state.settings.absences.values().next().expect("an absence").clone();
    let mine = Absence { counsellor: MARTIN, ..theirs };
    assert_eq!(refused(one(&state, &martin(), Setting::Absence(mine))), not_allowed);
    // One change that may not be refuses all.
    let both =
        vec![change(&state.settings, own()), change(&state.settings, Setting::Absence(absence(51, MARTIN)))];
    assert_eq!(refused(save(&state, &dupont(), both)), not_allowed);
}

#[test]
fn several_people_are_absent_in_one_command_and_come_back_in_one() {
    let state = state();
    let changes: Vec<Change> = [DUPONT, MARTIN, DIRECTOR]
        .iter()
        .zip(60..)
        .map(|(who, n)| change(&state.settings, Setting::Absence(absence(n, *who))))
        .collect();
    let after = save(&state, &director(), changes.clone()).expect("accepted");
    assert_eq!(after.settings.absences.len(), state.settings.absences.len() + 3);
    let back = save(&after, &director(), changes.iter().rev().map(Change::inverse).collect());
    let back = back.expect("taken back");
    assert_eq!(back.settings.absences, state.settings.absences, "as before");
    assert_eq!(back.settings.withdrawn.absences.len(), 3, "nothing is deleted");
}

#[test]
fn what_somebody_else_changed_since_is_not_overwritten() {
    let state = state();
    let mine = Setting::Kind(AppointmentKind { duration_min: 50, ..state.settings.kinds[&SHORT].clone() });
    let theirs = Setting::Kind(AppointmentKind { duration_min: 30, ..state.settings.kinds[&SHORT].clone() });
    let (mine, theirs) = (change(&state.settings, mine), change(&state.settings, theirs));
    let after = save(&state, &director(), vec![theirs.clone()]).expect("accepted");
    let refusal = save(&after, &director(), vec![mine.clone()]).expect_err("stale");
    assert_eq!(refusal.code, RefusalCode::StaleRev);
    // The same change twice is the same change: nothing happens, and it is no error.
    let events = decide(&after, &Command::SaveSettings { changes: vec![theirs] }, &director(), now());
    assert_eq!(events, Ok(Vec::new()));
    // A new document whose id is taken by another.
    let taken = Change { seen: None, to: mine.to };
    assert_eq!(save(&state, &director(), vec![taken]).expect_err("taken").code, RefusalCode::StaleRev);
}

#[test]
fn wrong_fields_are_named_one_by_one() {
    let state = state();
    let s = &state.settings;
    let kind = AppointmentKind {
        name: " ".into(),
        key: "Entretien long".into(),
        duration_min: 4,
        buffer_after_min: 500,
        horizon_days: Some(1_000),
        room_kind: Some(String::new()),
        before: Some("x".repeat(2_001)),
        ..s.kinds[&SHORT].clone()
    };
    assert_eq!(
        wrong(one(&state, &director(), Setting::Kind(kind))),
        [
            "0.name required",
            "0.key out_of_range",
            "0.duration_min out_of_range",
            "0.buffer_after_min out_of_range",
            "0.horizon_days out_of_range",
            "0.room_kind required",
            "0.before too_long",
        ]
    );
    let bad = Opening {
        counsellor: RECEPTION,
        blocks: vec![
            CivilBlock { from: 540, to: 600 },
            CivilBlock { from: 590, to: 580 },
            CivilBlock { from: 700, to: 1_500 },
        ],
        ..opening(&state, 0)
    };
    assert_eq!(
        wrong(one(&state, &director(), Setting::Opening(bad))),
        [
            "0.counsellor unknown",
            "0.blocks.1.to order",
            "0.blocks.1.from order",
            "0.blocks.2.to out_of_range",
        ]
    );
    let never =
        Recurrence { until: NaiveDate::from_ymd_opt(2026, 9, 2), ..Recurrence::weekly([Weekday::Sun]) };
    let none = Opening { rule: Some(never), ..opening(&state, 0) };
    assert_eq!(wrong(one(&state, &director(), Setting::Opening(none))), ["0.rule no_date"]);
    let ended =
        Recurrence { until: NaiveDate::from_ymd_opt(2026, 8, 31), ..Recurrence::weekly([Weekday::Mon]) };
    let ended = Opening { rule: Some(ended), ..opening(&state, 0) };
    assert_eq!(wrong(one(&state, &director(), Setting::Opening(ended))), ["0.rule.until order"]);
    let backwards = Absence { end: at(25, 8, 0), label: String::new(), ..absence(70, DUPONT) };
    assert_eq!(
        wrong(one(&state, &director(), Setting::Absence(backwards))),
        ["0.label required", "0.end order"]
    );
    let room = Room {
        seats: 0,
        name: s.rooms.values().nth(1).expect("two").name.clone(),
        ..s.rooms[&ROOM_A].clone()
    };
    assert!(
        wrong(one(&state, &director(), Setting::Room(room))).contains(&"0.seats out_of_range".to_owned())
    );
    let mut office = s.office_document();
    office.travel = vec![
        TravelTime { a: MAIN, b: SCHOOL, minutes: 10 },
        TravelTime { a: SCHOOL, b: MAIN, minutes: 20 },
        TravelTime { a: MAIN, b: MAIN, minutes: 900 },
    ];
    office.office.phone = Some("12".into());
    office.office.zone = chrono_tz::Indian::Reunion;
    assert_eq!(
        wrong(one(&state, &director(), Setting::Office(Box::new(office)))),
        [
            "0.zone fixed",
            "0.phone phone",
            "0.travel.1.b in_use",
            "0.travel.2.minutes out_of_range",
            "0.travel.2.b unknown",
        ]
    );
    assert_eq!(wrong(save(&state, &director(), Vec::new())), ["changes required"]);
}

#[test]
fn what_others_need_stays() {
    let state = state();
    let s = &state.settings;
    let without = |site| Setting::Site(Site { removed: true, ..s.sites[&site].clone() });
    assert_eq!(wrong(one(&state, &director(), without(SCHOOL))), ["0.removed in_use"], "an opening is there");
    let school_openings: Vec<Change> = s
        .openings
        .values()
        .filter(|o| o.site == SCHOOL)
        .map(|o| change(s, Setting::Opening(o.clone()).withdrawn()))
        .collect();
    let with = |site| school_openings.iter().cloned().chain([change(s, without(site))]).collect::<Vec<_>>();
    let after = save(&state, &director(), with(SCHOOL)).expect("with its openings");
    assert!(!after.settings.sites.contains_key(&SCHOOL));
    assert_eq!(after.settings.site(SCHOOL).map(|s| s.name.as_str()), Some("School"), "it keeps its name");
    let main = Setting::Site(Site { kind: SiteKind::Annexe, ..s.sites[&MAIN].clone() });
    assert_eq!(wrong(one(&state, &director(), main)), ["sites required"], "a main site is needed");
    let all_resting = s
        .kinds
        .values()
        .map(|k| change(s, Setting::Kind(AppointmentKind { active: false, ..k.clone() })))
        .collect();
    assert_eq!(wrong(save(&state, &director(), all_resting)), ["kinds required"]);
    for (id, capacity) in [(WORKSHOP, 1), (INTERVIEW, 8)] {
        let kind = Setting::Kind(AppointmentKind { capacity, ..s.kinds[&id].clone() });
        assert_eq!(wrong(one(&state, &director(), kind)), ["0.capacity fixed"]);
    }
    let larger = Setting::Kind(AppointmentKind { capacity: 20, ..s.kinds[&WORKSHOP].clone() });
    assert!(one(&state, &director(), larger).is_ok(), "a group may grow");
}

#[test]
fn a_withdrawn_document_counts_nowhere() {
    let state = state();
    let after = one(&state, &director(), Setting::Opening(opening(&state, 0)).withdrawn()).expect("accepted");
    let search = Search::staff(SHORT, day(24), day(24));
    let found = |s: &OfficeSettings| free_slots(s, [], &search, now(), |f| f.counsellor == DUPONT).len();
    assert!(found(&state.settings) > 0, "there was something");
    assert_eq!(found(&after.settings), 0, "nothing is offered in an opening that was taken out");
    let key = SettingKey::Opening(OpeningId(uuid(10, 0)));
    assert!(after.settings.document(key).is_some(), "and it is still there to be put back");
}

fn day(d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, d).expect("a date")
}

#[test]
fn in_term_only_nothing_is_offered_in_the_holidays_of_the_zone() {
    let state = state();
    let term = Setting::Opening(Opening { term_only: true, ..opening(&state, 0) });
    let after = one(&state, &director(), term).expect("accepted");
    let date = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a date");
    let mut search = Search::staff(SHORT, date(2027, 2, 15), date(2027, 3, 12));
    search.counsellors = Some(vec![DUPONT]);
    let days = |s: &OfficeSettings| {
        let mut days: Vec<NaiveDate> = free_slots(s, [], &search, now(), |_| true)
            .iter()
            .map(|f| f.start.with_timezone(&s.office.zone).date_naive())
            .collect();
        days.dedup();
        days
    };
    // Amiens is of zone B: winter holidays from 20 February to 7 March 2027.
    let off = |d: &NaiveDate| (date(2027, 2, 20)..=date(2027, 3, 7)).contains(d);
    assert!(days(&state.settings).iter().any(off), "an ordinary opening goes on");
    let kept = days(&after.settings);
    assert!(!kept.iter().any(off), "{kept:?}");
    assert_eq!(kept.len(), 10, "the week before and the week after: {kept:?}");
    // A day set apart by hand was meant.
    let mut by_hand = opening(&after, 0);
    by_hand.overrides.push(passerelle_domain::office::OpeningOverride {
        date: date(2027, 2, 24),
        blocks: vec![CivilBlock { from: 540, to: 720 }],
        site: None,
    });
    let after = one(&after, &director(), Setting::Opening(by_hand)).expect("accepted");
    assert!(days(&after.settings).contains(&date(2027, 2, 24)));
    // Another zone has other weeks.
    let mut office = after.settings.office_document();
    office.office.school_zone = Some(passerelle_domain::school_holidays::SchoolZone::C);
    let after = one(&after, &director(), Setting::Office(Box::new(office))).expect("accepted");
    let moved = days(&after.settings);
    assert!(moved.contains(&date(2027, 2, 23)) && !moved.contains(&date(2027, 2, 19)), "{moved:?}");
}

#[test]
fn a_permanence_is_drawn_takes_time_and_is_never_offered() {
    let state = state();
    let duty = Opening {
        id: OpeningId(uuid(10, 40)),
        duty: true,
        blocks: vec![CivilBlock { from: 10 * 60, to: 11 * 60 }],
        rule: Some(Recurrence::weekly([Weekday::Tue])),
        label: Some("Permanence".into()),
        ..opening(&state, 0)
    };
    let after = one(&state, &director(), Setting::Opening(duty.clone())).expect("accepted");
    let s = &after.settings;
    let drawn = duty_between(s, day(23), day(29));
    assert_eq!(drawn.len(), 1, "{drawn:?}");
    assert_eq!(
        (drawn[0].counsellor, drawn[0].start, drawn[0].end),
        (DUPONT, when(24, 10, 0), when(24, 11, 0))
    );
    let mut search = Search::staff(SHORT, day(24), day(24));
    search.counsellors = Some(vec![DUPONT]);
    search.mode = passerelle_domain::slots::Mode::Grid { step_min: 5 };
    let found = free_slots(s, [], &search, now(), |_| true);
    assert!(!found.is_empty());
    for slot in &found {
        assert!(
            slot.end <= when(24, 10, 0) || slot.start >= when(24, 11, 0),
            "{slot:?} is in the permanence"
        );
    }
    // Alone, it offers nothing at all.
    let alone = after.settings.openings.keys().filter(|id| **id != duty.id).copied().collect::<Vec<_>>();
    let mut only = OfficeSettings::clone(s);
    for id in alone {
        only.openings.remove(&id);
    }
    assert!(free_slots(&only, [], &search, now(), |_| true).is_empty());
    // Somebody who books there all the same is told, and nothing is refused.
    let wanted = Wanted {
        kind: SHORT,
        counsellor: DUPONT,
        second: None,
        site: MAIN,
        start: when(24, 10, 20),
        minutes: 20,
        room: None,
        client: None,
        moving: None,
    };
    let codes: Vec<&str> = warnings(s, &[], &wanted, now()).iter().map(|w| w.code).collect();
    assert_eq!(codes, ["duty"]);
    assert_eq!(availability::site_at(s, DUPONT, at(24, 10, 30)), Some(MAIN));
}

#[test]
fn travel_between_two_sites_has_its_own_time() {
    let state = state();
    let mut office = state.settings.office_document();
    office.travel = vec![TravelTime { a: SCHOOL, b: MAIN, minutes: 5 }];
    let after = one(&state, &director(), Setting::Office(Box::new(office))).expect("accepted");
    let rows = availability::agenda(&after.settings, [], chrono::DateTime::<chrono::Utc>::MIN_UTC);
    assert_eq!((rows.travel.default_min, rows.travel.pairs.as_slice()), (30, &[(SCHOOL.0, MAIN.0, 5)][..]));
}

#[test]
fn hits_are_what_a_change_takes_the_ground_from() {
    let mut state = state();
    let book = |n: u128, d, h| Appointment {
        kind: SHORT,
        counsellor: DUPONT,
        start: when(d, h, 0),
        end: when(d, h, 20),
        ..crate::small_office::meeting(n, Status::Booked, now(), now())
    };
    for a in [book(1, 24, 9), book(2, 25, 10), book(3, 25, 14)] {
        state.appointments.insert(a.id, a);
    }
    let meetings: Vec<_> = state.appointments.values().collect();
    let judge = |after: &OfficeState| {
        hits(&state.settings, &after.settings, &meetings, now())
            .into_iter()
            .map(|h| (h.appointment, h.why))
            .collect::<Vec<_>>()
    };
    let id = crate::small_office::appointment_id;
    let away = one(&state, &director(), Setting::Absence(absence(80, DUPONT))).expect("accepted");
    assert_eq!(judge(&away), [(id(2), vec!["absence"])], "Wednesday from 9 to 12");
    let mut closed = state.settings.sites[&MAIN].clone();
    closed.closures.push(day(25));
    let closed = one(&state, &director(), Setting::Site(closed)).expect("accepted");
    assert_eq!(judge(&closed), [(id(2), vec!["closure"]), (id(3), vec!["closure"])]);
    let shorter = Opening { blocks: vec![CivilBlock { from: 540, to: 600 }], ..opening(&state, 0) };
    let shorter = one(&state, &director(), Setting::Opening(shorter)).expect("accepted");
    assert_eq!(judge(&shorter), [(id(2), vec!["outside_opening"]), (id(3), vec!["outside_opening"])]);
    assert_eq!(judge(&state), [], "no change hits nobody");
}
