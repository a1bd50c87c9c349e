use super::*;

fn base() -> serde_json::Value {
    serde_json::json!({
        "now": "2026-09-01T08:00:00+02:00",
        "sites": {"P": {}},
        "openings": [{"counsellor": "A", "site": "P", "first_day": "2026-09-08", "blocks": [["09:00", "11:00"]]}],
        "query": {"from": "2026-09-08", "to": "2026-09-08"}
    })
}

fn run(document: serde_json::Value) -> Result<Vec<String>, ScenarioError> {
    serde_json::from_value::<Scenario>(document).unwrap().run()
}

#[test]
fn a_scenario_gives_its_slots_in_the_time_of_the_site() {
    assert_eq!(run(base()).unwrap(), ["2026-09-08T09:00+02:00 A@P", "2026-09-08T10:00+02:00 A@P"]);
    let error = serde_json::from_str::<Scenario>(r#"{"query": {"from": "x", "to": "y"}}"#).unwrap_err();
    assert!(error.to_string().contains("`now`"), "{error}");
}

/// Every malformed document is an error that names its field.
#[test]
fn what_is_wrong_is_named() {
    let block = |from: &str, to: &str| serde_json::json!([{"counsellor": "A", "site": "P", "first_day": "2026-09-08", "blocks": [[from, to]]}]);
    let rule = |rrule: serde_json::Value| serde_json::json!([{"counsellor": "A", "site": "P", "first_day": "2026-09-08", "blocks": [], "rrule": rrule}]);
    let meeting = |change: serde_json::Value| {
        let mut meeting = serde_json::json!({"id": "r", "counsellor": "A", "status": "booked",
            "start": "2026-09-08T09:00", "end": "2026-09-08T10:00"});
        meeting.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        serde_json::json!([meeting])
    };
    let absence =
        |start: &str, end: &str| serde_json::json!([{"counsellor": "A", "start": start, "end": end}]);
    let query = |change: serde_json::Value| {
        let mut query = serde_json::json!({"from": "2026-09-08", "to": "2026-09-08"});
        query.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        query
    };
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let cases = [
        ("now", json(r#""2026-09-01 08:00""#), "now"),
        ("now", json(r#""+99999-09-01T08:00:00Z""#), "now"),
        ("sites", json(r#"{"P": {"tz": "Europe/Lutece"}}"#), "sites.P.tz"),
        ("sites", json(r#"{"P": {"holiday_zone": "mars"}}"#), "sites.P.holiday_zone"),
        ("sites", json(r#"{"P": {"closures": ["2026-09-08", "2026-02-30"]}}"#), "sites.P.closures[1]"),
        ("sites", json(r#"{"Q": {}}"#), "openings[0].site"),
        ("openings", block("11:00", "09:00"), "openings[0].blocks[0]"),
        ("openings", block("9h", "11:00"), "openings[0].blocks[0]"),
        ("openings", block("09:00", "24:01"), "openings[0].blocks[0]"),
        ("openings", block("09:60", "11:00"), "openings[0].blocks[0]"),
        ("openings", rule(json(r#"{"freq": "YEARLY"}"#)), "openings[0].rrule.freq"),
        ("openings", rule(json(r#"{"freq": "DAILY", "interval": 0}"#)), "openings[0].rrule.interval"),
        (
            "openings",
            rule(json(r#"{"freq": "WEEKLY", "byday": ["MO", "LU"]}"#)),
            "openings[0].rrule.byday[1]",
        ),
        (
            "openings",
            rule(json(r#"{"freq": "MONTHLY", "bynthday": [0, "MO"]}"#)),
            "openings[0].rrule.bynthday",
        ),
        (
            "openings",
            rule(json(r#"{"freq": "MONTHLY", "bynthday": [-128, "MO"]}"#)),
            "openings[0].rrule.bynthday",
        ),
        (
            "openings",
            rule(json(r#"{"freq": "WEEKLY", "bynthday": [1, "MO"]}"#)),
            "openings[0].rrule.bynthday",
        ),
        ("openings", rule(json(r#"{"freq": "DAILY", "until": "demain"}"#)), "openings[0].rrule.until"),
        ("absences", absence("2026-09-08T10:00", "2026-09-08T09:00"), "absences[0].end"),
        ("absences", absence("08/09/2026", "2026-09-08T09:00"), "absences[0].start"),
        ("external", json(r#"[{"counsellor": "A", "start": "2026-09-08T25:00"}]"#), "external[0].start"),
        ("appointments", meeting(json(r#"{"end": "2026-09-08T08:00"}"#)), "appointments[0].end"),
        ("appointments", meeting(json(r#"{"status": "maybe"}"#)), "appointments[0].status"),
        ("appointments", meeting(json(r#"{"site": "Q"}"#)), "appointments[0].site"),
        ("appointments", meeting(json(r#"{"buffer_after_min": -5}"#)), "appointments[0].buffer_after_min"),
        ("rooms", json(r#"[{"id": "S", "site": "Q", "kind": "k"}]"#), "rooms[0].site"),
        (
            "rooms",
            json(r#"[{"id": "S", "site": "P", "kind": "k"}, {"id": "S", "site": "P", "kind": "k"}]"#),
            "rooms[1].id",
        ),
        ("travel_min", json("-1"), "travel_min"),
        ("appointment_kind", json(r#"{"duration_min": 0}"#), "appointment_kind.duration_min"),
        ("appointment_kind", json(r#"{"duration_min": -30}"#), "appointment_kind.duration_min"),
        ("appointment_kind", json(r#"{"buffer_after_min": -1}"#), "appointment_kind.buffer_after_min"),
        ("appointment_kind", json(r#"{"min_notice_min": -1}"#), "appointment_kind.min_notice_min"),
        ("appointment_kind", json(r#"{"horizon_days": -1}"#), "appointment_kind.horizon_days"),
        ("query", query(json(r#"{"from": "2026-13-01"}"#)), "query.from"),
        ("query", query(json(r#"{"to": "2026-09-07"}"#)), "query.to"),
        ("query", query(json(r#"{"to": "2096-09-07"}"#)), "query.to"),
        ("query", query(json(r#"{"step_min": 0, "mode": "grid"}"#)), "query.step_min"),
        ("query", query(json(r#"{"step_min": -15, "mode": "grid"}"#)), "query.step_min"),
        ("query", query(json(r#"{"mode": "free"}"#)), "query.mode"),
        ("query", query(json(r#"{"sites": ["P", "Q"]}"#)), "query.sites[1]"),
        ("query", query(json(r#"{"reschedule_of": "r9"}"#)), "query.reschedule_of"),
    ];
    for (field, value, named) in cases {
        let mut document = base();
        document[field] = value.clone();
        let error = run(document).expect_err(&format!("{field} = {value}"));
        assert_eq!(error.field, named, "{error}");
    }
}

#[test]
fn a_question_with_millions_of_answers_is_refused() {
    let mut document = base();
    document["openings"][0]["blocks"] = serde_json::json!([["00:00", "24:00"]]);
    document["openings"][0]["rrule"] = serde_json::json!({"freq": "DAILY"});
    document["openings"][0]["works_on_off_days"] = true.into();
    document["query"] =
        serde_json::json!({"from": "2026-09-08", "to": "2036-01-01", "mode": "grid", "step_min": 1});
    assert_eq!(run(document).unwrap_err().field, "query");
}

#[test]
fn moments_are_read_with_and_without_offset() {
    for (start, end) in [
        ("2026-09-08T09:00", "2026-09-08T10:00"),
        ("2026-09-08 09:00:00", "2026-09-08T10:00:00"),
        ("2026-09-08T07:00:00Z", "2026-09-08T10:00:00+02:00"),
        ("2026-09-08T07:00Z", "2026-09-08T10:00+02:00"),
    ] {
        let mut document = base();
        document["external"] = serde_json::json!([{"counsellor": "A", "start": start, "end": end}]);
        assert_eq!(run(document).unwrap(), ["2026-09-08T10:00+02:00 A@P"], "{start} {end}");
    }
}

/// Two counsellors together: what their free runs have in common, a chain from where it begins; a meeting that both
/// hold takes the time of both, and gives it back to both when it moves.
#[test]
fn two_counsellors_together() {
    let opening = |who: &str, from: &str, to: &str| serde_json::json!({"counsellor": who, "site": "P", "first_day": "2026-09-08", "blocks": [[from, to]]});
    let mut document = base();
    document["openings"] = serde_json::json!([
        opening("A", "09:00", "12:00"),
        opening("B", "09:20", "12:00"),
        opening("C", "13:00", "14:00"),
    ]);
    document["appointments"] = serde_json::json!([{"id": "r", "counsellor": "B", "second": "A", "status": "booked",
        "start": "2026-09-08T10:30", "end": "2026-09-08T11:00"}]);
    document["query"]["together"] = "B".into();
    let with_b = ["2026-09-08T09:20+02:00 A@P", "2026-09-08T11:00+02:00 A@P"];
    assert_eq!(run(document.clone()).unwrap(), with_b, "B does not meet B, and C is never free with B");
    document["query"]["reschedule_of"] = "r".into();
    let kept = ["09:20", "09:50", "10:20", "10:50", "11:20"].map(|at| format!("2026-09-08T{at}+02:00 A@P"));
    assert_eq!(run(document.clone()).unwrap(), kept, "it blocks neither of the two");
    document["query"]["together"] = serde_json::Value::Null;
    let alone = run(document).unwrap();
    assert_eq!(alone.iter().filter(|slot| slot.contains("A@P")).count(), 6, "{alone:?}");
}
