//! Every step between two states, for every actor, at each hour that matters.

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::appointment::Status;
use passerelle_domain::command::Command;
use passerelle_domain::people::Actor;
use passerelle_domain::{OfficeState, RefusalCode, decide};

use crate::small_office::{
    admin, appointment_id, director, dupont, martin, meeting, reception, set, state, when,
};

/// `Y` done, `=` nothing to do, `-` no such step, `n` not allowed, `e` too early, `l` too late. Rows and columns in the
/// order held, booked, arrived, attended, no_show, excused, cancelled, declined, expired.
type Table = [&'static str; 9];

struct Row {
    who: &'static str,
    actor: Actor,
    /// Minutes from the start of the meeting (the 24th, 14:00).
    now_min: i64,
    /// When its state was reached, minutes from the start.
    since_min: i64,
    /// When a proposal ends, minutes from the start.
    held_until_min: i64,
    table: Table,
}

fn one(row: &Row, from: Status, to: Status, reason: Option<&str>) -> char {
    let start = when(24, 14, 0);
    let after = |m: i64| start + Duration::minutes(m);
    let mut state: OfficeState = state();
    let subject = meeting(1, from, after(row.since_min), after(row.held_until_min));
    state.appointments.insert(subject.id, subject);
    let mut step = set(1, to);
    step.reason = reason.map(str::to_owned);
    let now: DateTime<Utc> = after(row.now_min);
    match decide(&state, &Command::SetStatus(step), &row.actor, now) {
        Ok(events) if events.is_empty() => '=',
        Ok(events) => {
            let version = state.appointments[&appointment_id(1)].version;
            state.evolve_all(&events);
            let reached = &state.appointments[&appointment_id(1)];
            assert_eq!((reached.status, reached.version), (to, version + 1), "{} {from:?} {to:?}", row.who);
            'Y'
        }
        Err(r) => match r.code {
            RefusalCode::NoSuchStep => '-',
            RefusalCode::NotAllowed => 'n',
            RefusalCode::TooEarly => 'e',
            RefusalCode::TooLate => 'l',
            RefusalCode::ReasonMissing => 'r',
            other => panic!("{} {from:?} {to:?}: {other:?}", row.who),
        },
    }
}

const AFTER: Table = [
    "=Y----YYY",
    "-=YYYYY--",
    "-Y=Y--Y--",
    "-YY=Y----",
    "-YYY=Y---",
    "-Y---=---",
    "-Y----=--",
    "-------=-",
    "--------=",
];
const HALF_AN_HOUR_BEFORE: Table = [
    "=Y----YYY",
    "-=YYeYY--",
    "-Y=Y--Y--",
    "-YY=e----",
    "-YYY=Y---",
    "-Y---=---",
    "-Y----=--",
    "-------=-",
    "--------=",
];
const THE_DAY_BEFORE: Table = [
    "=Y----YYe",
    "-=eeeYY--",
    "-Y=e--Y--",
    "-Ye=e----",
    "-Yee=Y---",
    "-Y---=---",
    "-Y----=--",
    "-------=-",
    "--------=",
];
const RECEPTION_NEXT_DAY: Table = [
    "=Y----YYY",
    "-=YYYYY--",
    "-Y=Y--Y--",
    "-ll=l----",
    "-lll=l---",
    "-l---=---",
    "-l----=--",
    "-------=-",
    "--------=",
];
const NOT_ONES_OWN: Table = [
    "=n----nnn",
    "-=nnnnn--",
    "-n=n--n--",
    "-nn=n----",
    "-nnn=n---",
    "-n---=---",
    "-n----=--",
    "-------=-",
    "--------=",
];
const NOTHING: Table = ["nnnnnnnnn"; 9];
const FAMILY_IN_TIME: Table = [
    "=Y----nYn",
    "-=nnnYn--",
    "-n=n--n--",
    "-nn=n----",
    "-nnn=n---",
    "-n---=---",
    "-n----=--",
    "-------=-",
    "--------=",
];
const FAMILY_LATE: Table = [
    "=l----nYn",
    "-=nnnln--",
    "-n=n--n--",
    "-nn=n----",
    "-nnn=n---",
    "-n---=---",
    "-n----=--",
    "-------=-",
    "--------=",
];
const SYSTEM_IN_TIME: Table = [
    "=n----nne",
    "-=nnnnn--",
    "-n=n--n--",
    "-nn=n----",
    "-nnn=n---",
    "-n---=---",
    "-n----=--",
    "-------=-",
    "--------=",
];
const SYSTEM_AFTER: Table = [
    "=n----nnY",
    "-=nnnnn--",
    "-n=n--n--",
    "-nn=n----",
    "-nnn=n---",
    "-n---=---",
    "-n----=--",
    "-------=-",
    "--------=",
];

#[test]
fn every_step_of_everybody_at_every_hour() {
    let day = 24 * 60;
    let row = |who, actor, now_min, table| Row {
        who,
        actor,
        now_min,
        since_min: now_min,
        held_until_min: -60,
        table,
    };
    let mut rows = vec![
        row("academy admin", admin(), 20, NOTHING),
        row("another counsellor", martin(), 20, NOT_ONES_OWN),
        row("another counsellor, long before", martin(), -2 * day, NOT_ONES_OWN),
        row("family, exactly 4 h before", Actor::Family, -240, FAMILY_IN_TIME),
        row(
            "family, 3 h 59 before",
            Actor::Family,
            -239,
            [
                "=Y----nYn",
                "-=nnnln--",
                "-n=n--n--",
                "-nn=n----",
                "-nnn=n---",
                "-n---=---",
                "-n----=--",
                "-------=-",
                "--------=",
            ],
        ),
        row("family, when the proposal ends", Actor::Family, -60, FAMILY_LATE),
        row("family, after", Actor::Family, 20, FAMILY_LATE),
        row("system, before the proposal ends", Actor::System, -61, SYSTEM_IN_TIME),
        row("system, when the proposal ends", Actor::System, -60, SYSTEM_AFTER),
        Row { since_min: -day, ..row("reception, the next day", reception(), 20, RECEPTION_NEXT_DAY) },
        Row { since_min: -day, ..row("own counsellor, the next day", dupont(), 20, AFTER) },
        Row { since_min: -day, ..row("director, the next day", director(), 20, AFTER) },
    ];
    for (who, actor) in [("reception", reception()), ("own counsellor", dupont()), ("director", director())] {
        rows.push(row(who, actor.clone(), 15, AFTER));
        rows.push(row(who, actor.clone(), -30, HALF_AN_HOUR_BEFORE));
        rows.push(row(who, actor.clone(), -day, THE_DAY_BEFORE));
    }
    let mut wrong = Vec::new();
    for row in &rows {
        for (from, expected) in Status::ALL.into_iter().zip(row.table) {
            for (to, expected) in Status::ALL.into_iter().zip(expected.chars()) {
                let got = one(row, from, to, Some("Fermeture"));
                if got != expected {
                    wrong.push(format!(
                        "{} at {} min: {from:?} → {to:?}: {got}, expected {expected}",
                        row.who, row.now_min
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_hours_are_exact() {
    let minute = |actor: Actor, now_min, from, to| {
        one(
            &Row { who: "", actor, now_min, since_min: now_min, held_until_min: -60, table: NOTHING },
            from,
            to,
            None,
        )
    };
    assert_eq!(minute(reception(), -61, Status::Booked, Status::Arrived), 'e', "an hour and a minute before");
    assert_eq!(minute(reception(), -60, Status::Booked, Status::Arrived), 'Y', "an hour before");
    assert_eq!(minute(reception(), 14, Status::Booked, Status::NoShow), 'e', "14 minutes after the start");
    assert_eq!(minute(reception(), 15, Status::Booked, Status::NoShow), 'Y', "15 minutes after the start");
}

#[test]
fn a_cancellation_says_why() {
    let row = |actor| Row { who: "", actor, now_min: -60, since_min: -60, held_until_min: 0, table: NOTHING };
    for actor in [reception(), dupont(), director()] {
        for from in [Status::Held, Status::Booked, Status::Arrived] {
            for blank in [None, Some(""), Some(" \n\t\u{a0}")] {
                assert_eq!(
                    one(&row(actor.clone()), from, Status::Cancelled, blank),
                    'r',
                    "{from:?} {blank:?}"
                );
            }
        }
    }
}
