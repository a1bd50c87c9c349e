//! The waiting list: who may be put on it, what takes them off and on again, and whom to call first.

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::RefusalCode as C;
use passerelle_domain::appointment::Status;
use passerelle_domain::command::{Book, Command, SetStatus};
use passerelle_domain::ids::ClientId;
use passerelle_domain::waiting::{
    CALLS_MAX, Call, CallOutcome, Called, Candidate, CloseReason, FreedPlace, NewWaiting, Offered,
    RECENT_CALL, Ranked, Reason, WaitingEntry, WaitingStatus, Wish, fits, rank,
};
use proptest::prelude::*;

use crate::random::{call, place, wish};
use crate::small_office::{
    DUPONT, INTERVIEW, MARTIN, RECEPTION, RETIRED, SCHOOL, SHORT, WORKSHOP, at, booking, call_id, client,
    client_id, code, director, dupont, ok, place as place_of, reception, set, settings, state, waiting,
    waiting_id, when,
};

fn now() -> DateTime<Utc> {
    when(23, 10, 0)
}

/// A client asks for an interview.
pub fn wants(n: u128) -> NewWaiting {
    NewWaiting { id: waiting_id(n), client: client_id(n), wish: Wish::any(INTERVIEW) }
}

pub fn called(n: u128, outcome: CallOutcome) -> Called {
    Called { call: call_id(n), outcome, offered: None }
}

fn add(new: NewWaiting) -> Command {
    Command::AddWaiting(Box::new(new))
}

fn for_waiting(n: u128, waiting: u128) -> Command {
    let client = Some(client_id(waiting));
    Command::Book(Book {
        client,
        waiting: Some(waiting_id(waiting)),
        ..booking(n, DUPONT, at(26, 8 + n as u32, 0))
    })
}

fn status(state: &passerelle_domain::OfficeState, n: u128) -> WaitingStatus {
    state.waiting[&waiting_id(n)].status.clone()
}

#[test]
fn somebody_waits_once_for_a_kind_and_by_a_wish_that_makes_sense() {
    let mut state = state();
    ok(&mut state, &add(wants(0)), &reception(), now());
    assert_eq!(state.waiting[&waiting_id(0)].since, now());
    let again = NewWaiting { id: waiting_id(5), ..wants(0) };
    assert_eq!(code(&state, &add(again.clone()), &reception(), now()), C::WaitsAlready);
    assert_eq!(code(&state, &add(wants(0)), &reception(), now()), C::IdInUse);
    let other = NewWaiting { wish: Wish::any(SHORT), ..again };
    ok(&mut state, &add(other), &dupont(), now());
    let both = Command::UpdateWaiting { id: waiting_id(5), wish: Box::new(Wish::any(INTERVIEW)) };
    assert_eq!(code(&state, &both, &reception(), now()), C::WaitsAlready, "not by a change of wish either");
    let nobody = NewWaiting { client: client_id(99), ..wants(1) };
    assert_eq!(code(&state, &add(nobody), &reception(), now()), C::NotFound);
    let yesterday = Some(at(22, 0, 0).date());
    let wrong = [
        Wish { weekdays: vec![7], ..Wish::any(INTERVIEW) },
        Wish { after_min: Some(1_440), ..Wish::any(INTERVIEW) },
        Wish { after_min: Some(600), before_min: Some(600), ..Wish::any(INTERVIEW) },
        Wish { until: yesterday, ..Wish::any(INTERVIEW) },
        Wish { note: "x".repeat(501), ..Wish::any(INTERVIEW) },
        Wish { counsellor: Some(RECEPTION), ..Wish::any(INTERVIEW) },
        Wish { site: Some(passerelle_domain::ids::SiteId(uuid::Uuid::nil())), ..Wish::any(INTERVIEW) },
        Wish::any(RETIRED),
    ];
    for wish in wrong {
        let said = add(NewWaiting { wish: wish.clone(), ..wants(1) });
        assert_eq!(code(&state, &said, &reception(), now()), C::InvalidFields, "{wish:?}");
    }
}

#[test]
fn a_booking_takes_off_the_list_and_its_end_gives_back_with_the_time_waited() {
    let mut state = state();
    ok(&mut state, &add(wants(0)), &reception(), now());
    let foreign = Command::Book(Book {
        client: Some(client_id(1)),
        waiting: Some(waiting_id(0)),
        ..booking(1, DUPONT, at(26, 9, 0))
    });
    assert_eq!(code(&state, &foreign, &reception(), now()), C::InvalidFields, "the meeting is theirs");
    ok(&mut state, &for_waiting(1, 0), &reception(), now());
    let booked = WaitingStatus::Booked { appointment: crate::small_office::appointment_id(1) };
    assert_eq!(status(&state, 0), booked);
    assert_eq!(code(&state, &for_waiting(2, 0), &reception(), now()), C::NotWaiting, "once");
    let update = Command::UpdateWaiting { id: waiting_id(0), wish: Box::new(Wish::any(SHORT)) };
    assert_eq!(code(&state, &update, &reception(), now()), C::NotWaiting);
    let later = now() + Duration::hours(3);
    for end in [Status::Cancelled, Status::Excused] {
        let step = SetStatus { reason: Some("Malade".into()), ..set(1, end) };
        ok(&mut state, &Command::SetStatus(step), &director(), later);
        assert_eq!(status(&state, 0), WaitingStatus::Waiting, "{end:?} gives back");
        assert_eq!(state.waiting[&waiting_id(0)].since, now(), "and nothing of the time waited is lost");
        ok(&mut state, &Command::SetStatus(set(1, Status::Booked)), &director(), later);
        assert_eq!(status(&state, 0), booked, "and coming back takes off again");
    }
}

#[test]
fn a_proposal_takes_off_the_list_when_it_is_accepted_and_not_before() {
    let mut state = state();
    ok(&mut state, &add(wants(0)), &reception(), now());
    let Command::Book(book) = for_waiting(1, 0) else { panic!("a booking") };
    ok(&mut state, &Command::Hold(book), &reception(), now());
    assert_eq!(status(&state, 0), WaitingStatus::Waiting);
    ok(&mut state, &Command::SetStatus(set(1, Status::Booked)), &reception(), now());
    assert!(matches!(status(&state, 0), WaitingStatus::Booked { .. }), "{:?}", status(&state, 0));
}

#[test]
fn a_record_that_was_merged_is_booked_under_the_one_that_goes_on() {
    let mut state = state();
    ok(&mut state, &add(wants(0)), &reception(), now());
    state.clients.insert(
        client_id(0),
        passerelle_domain::client::Client { merged_into: Some(client_id(1)), ..client(0) },
    );
    let book = Command::Book(Book {
        client: Some(client_id(1)),
        waiting: Some(waiting_id(0)),
        ..booking(1, DUPONT, at(26, 9, 0))
    });
    ok(&mut state, &book, &reception(), now());
    assert!(matches!(status(&state, 0), WaitingStatus::Booked { .. }));
}

#[test]
fn calls_are_noted_once_with_who_and_when_and_a_mistake_can_be_taken_back() {
    let mut state = state();
    ok(&mut state, &add(wants(0)), &reception(), now());
    let noted = |n| Command::CallWaiting { id: waiting_id(0), call: called(n, CallOutcome::NoAnswer) };
    ok(&mut state, &noted(1), &reception(), now());
    assert!(ok(&mut state, &noted(1), &reception(), now()).is_empty(), "said twice, noted once");
    let call = state.waiting[&waiting_id(0)].calls[0].clone();
    assert_eq!((call.at, call.by, call.outcome), (now(), Some(RECEPTION), CallOutcome::NoAnswer));
    for n in 2..=CALLS_MAX as u128 + 3 {
        ok(&mut state, &noted(n), &reception(), now());
    }
    let calls = &state.waiting[&waiting_id(0)].calls;
    assert_eq!((calls.len(), calls[0].id), (CALLS_MAX, call_id(4)), "the oldest go first");
    let back = Command::UncallWaiting { id: waiting_id(0), call: call_id(4) };
    ok(&mut state, &back, &reception(), now());
    assert!(ok(&mut state, &back, &reception(), now()).is_empty());
    let close = Command::CloseWaiting { id: waiting_id(0), reason: CloseReason::Unreachable };
    ok(&mut state, &close, &reception(), now());
    assert_eq!(code(&state, &noted(90), &reception(), now()), C::NotWaiting);
    ok(&mut state, &Command::ReopenWaiting { id: waiting_id(0) }, &reception(), now());
    assert_eq!(status(&state, 0), WaitingStatus::Waiting);
}

/// An interview of 45 minutes with Dupont at the main site, on Thursday the 26th at 9:30.
fn freed() -> FreedPlace {
    FreedPlace { kind: INTERVIEW, place: place_of(DUPONT, at(26, 9, 30), 45) }
}

fn candidate(entry: WaitingEntry) -> Candidate {
    Candidate { entry, referent: None, busy: false }
}

#[test]
fn a_place_fits_by_kind_length_person_site_day_and_hours() {
    let with = |wish: Wish| WaitingEntry { wish, ..waiting(0) };
    let any = || Wish::any(INTERVIEW);
    let day = |d| Some(at(d, 0, 0).date());
    for (what, wish, fit) in [
        ("anything", any(), true),
        ("this counsellor", Wish { counsellor: Some(DUPONT), ..any() }, true),
        ("another", Wish { counsellor: Some(MARTIN), ..any() }, false),
        ("another site", Wish { site: Some(SCHOOL), ..any() }, false),
        ("Thursdays", Wish { weekdays: vec![3], ..any() }, true),
        ("Wednesdays", Wish { weekdays: vec![2], ..any() }, false),
        ("from that minute", Wish { after_min: Some(9 * 60 + 30), ..any() }, true),
        ("a minute later", Wish { after_min: Some(9 * 60 + 31), ..any() }, false),
        ("over by 10:15", Wish { before_min: Some(10 * 60 + 15), ..any() }, true),
        ("over by 10:14", Wish { before_min: Some(10 * 60 + 14), ..any() }, false),
        ("that day at the latest", Wish { until: day(26), ..any() }, true),
        ("the day before at the latest", Wish { until: day(25), ..any() }, false),
        ("a shorter kind", Wish::any(SHORT), true),
        ("over by 9:50, twenty minutes", Wish { before_min: Some(9 * 60 + 50), ..Wish::any(SHORT) }, true),
        ("a session", Wish::any(WORKSHOP), false),
        ("a kind no longer offered", Wish::any(RETIRED), false),
    ] {
        assert_eq!(fits(&settings(), &freed(), &with(wish)), fit, "{what}");
    }
    let closed =
        WaitingEntry { status: WaitingStatus::Closed { reason: CloseReason::Mistake }, ..waiting(0) };
    assert!(!fits(&settings(), &freed(), &closed), "who waits no longer");
    let session = FreedPlace { kind: WORKSHOP, place: place_of(DUPONT, at(26, 9, 30), 60) };
    assert!(!fits(&settings(), &session, &with(any())), "a seat of a session is nothing else");
    assert!(fits(&settings(), &session, &with(Wish::any(WORKSHOP))));
    let short = FreedPlace { kind: SHORT, place: place_of(DUPONT, at(26, 9, 30), 20) };
    assert!(!fits(&settings(), &short, &with(any())), "forty-five minutes in twenty");
}

#[test]
fn the_order_is_that_in_which_reception_would_call() {
    let since = |n: i64| when(20, 9, 0) - Duration::days(n);
    let entry = |n: u128, days: i64, wish: Wish| WaitingEntry { since: since(days), wish, ..waiting(n) };
    let any = || Wish::any(INTERVIEW);
    let noted = |outcome, at, offered| Call { id: call_id(1), at, by: None, outcome, offered };
    let this = Some(Offered { counsellor: DUPONT, start: at(26, 9, 30) });
    let mut unanswered = entry(6, 40, Wish { urgent: true, ..any() });
    unanswered.calls = vec![noted(CallOutcome::NoAnswer, now() - Duration::minutes(5), None)];
    let mut long_ago = entry(3, 9, any());
    long_ago.calls = vec![noted(CallOutcome::LeftMessage, now() - RECENT_CALL, None)];
    let mut declined = entry(7, 50, any());
    declined.calls = vec![noted(CallOutcome::Declined, now() - Duration::days(1), this)];
    let mut declined_other = entry(4, 8, any());
    declined_other.calls = vec![noted(CallOutcome::Declined, now() - Duration::minutes(1), None)];
    let all = [
        Candidate { busy: true, ..candidate(entry(8, 60, Wish { urgent: true, ..any() })) },
        candidate(declined),
        candidate(unanswered),
        candidate(entry(5, 30, Wish::any(SHORT))),
        candidate(declined_other),
        candidate(long_ago),
        Candidate { referent: Some(DUPONT), ..candidate(entry(2, 1, any())) },
        candidate(entry(1, 2, Wish { counsellor: Some(DUPONT), ..any() })),
        candidate(entry(0, 0, Wish { urgent: true, ..any() })),
    ];
    let ranked = rank(&settings(), &freed(), &all, now());
    let order: Vec<u128> = ranked.iter().map(|r| r.id.0.as_u128() & 0xff).collect();
    assert_eq!(order, (0..9).collect::<Vec<_>>(), "{ranked:?}");
    let reasons = |n: usize| ranked[n].reasons.clone();
    assert_eq!(reasons(0), [Reason::Urgent, Reason::ExactKind]);
    assert_eq!(reasons(2), [Reason::Referent, Reason::ExactKind]);
    assert_eq!(reasons(5), [Reason::OtherKind]);
    assert_eq!(reasons(6), [Reason::Urgent, Reason::ExactKind, Reason::CalledRecently]);
    assert_eq!(reasons(7), [Reason::ExactKind, Reason::DeclinedThis]);
}

fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let one = (
        wish(),
        0i64..40,
        proptest::collection::vec((call(), 0i64..300), 0..3),
        proptest::option::of(proptest::sample::select(vec![DUPONT, MARTIN])),
        any::<bool>(),
        prop::bool::weighted(0.9),
    );
    proptest::collection::vec(one, 0..14).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(n, (wish, hours, calls, referent, busy, waits))| {
                let calls = calls
                    .into_iter()
                    .map(|(c, min)| Call {
                        id: c.call,
                        at: now() - Duration::minutes(min),
                        by: None,
                        outcome: c.outcome,
                        offered: c.offered,
                    })
                    .collect();
                let closed = WaitingStatus::Closed { reason: CloseReason::Elsewhere };
                let entry = WaitingEntry {
                    id: waiting_id(n as u128),
                    client: ClientId(uuid::Uuid::from_u128(n as u128)),
                    wish,
                    since: when(20, 9, 0) - Duration::hours(hours / 4),
                    calls,
                    status: if waits { WaitingStatus::Waiting } else { closed },
                };
                Candidate { entry, referent, busy }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn nobody_who_fits_is_dropped_and_the_order_is_one_whatever_the_input_was(
        all in candidates(),
        mixed in any::<u64>(),
        place in place(),
        kind in proptest::sample::select(vec![INTERVIEW, SHORT, WORKSHOP]),
    ) {
        let settings = settings();
        let freed = FreedPlace { kind, place };
        let ranked = rank(&settings, &freed, &all, now());
        let mut ids: Vec<_> = ranked.iter().map(|r| r.id).collect();
        ids.sort();
        let fitting: Vec<_> =
            all.iter().filter(|c| fits(&settings, &freed, &c.entry)).map(|c| c.entry.id).collect();
        prop_assert_eq!(ids, fitting, "who is called is who fits");
        let mut other = all.clone();
        let mut seed = mixed;
        for i in (1..other.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            other.swap(i, (seed >> 33) as usize % (i + 1));
        }
        prop_assert_eq!(&rank(&settings, &freed, &other, now()), &ranked, "the order of the input");
        // Total and consistent: any two stand in the same order alone as among all.
        for pair in ranked.windows(2) {
            let two: Vec<Candidate> =
                all.iter().filter(|c| pair.iter().any(|r| r.id == c.entry.id)).cloned().collect();
            prop_assert_eq!(&rank(&settings, &freed, &two, now())[..], pair);
        }
        for Ranked { reasons, .. } in &ranked {
            prop_assert!(!reasons.is_empty(), "each has a reason that can be said");
        }
    }

    #[test]
    fn among_equals_who_waits_longer_is_called_first(days in proptest::collection::vec(0i64..60, 1..12)) {
        let all: Vec<Candidate> = days
            .iter()
            .enumerate()
            .map(|(n, d)| candidate(WaitingEntry { since: when(20, 9, 0) - Duration::days(*d), ..waiting(n as u128) }))
            .collect();
        let ranked = rank(&settings(), &freed(), &all, now());
        let since = |r: &Ranked| all.iter().find(|c| c.entry.id == r.id).expect("one of them").entry.since;
        prop_assert!(ranked.windows(2).all(|w| since(&w[0]) <= since(&w[1])), "{ranked:?}");
    }
}
