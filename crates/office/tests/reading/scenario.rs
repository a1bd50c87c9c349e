//! `passerelle slots --scenario`: written scenarios, without any profile.

use std::process::{Command, Output};

use serde_json::{Value, json};

fn run(scenarios: &Value, json: bool) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("scenarios.json");
    std::fs::write(&file, scenarios.to_string()).expect("the file is written");
    let mut command = Command::new(env!("CARGO_BIN_EXE_passerelle"));
    command.arg("slots").arg("--scenario").arg(&file).args(json.then_some("--json"));
    command.env("PASSERELLE_PROFILE", folder.path().join("none")).output().expect("the command line runs")
}

fn morning(id: &str) -> Value {
    json!({
        "id": id, "now": "2026-09-01T08:00:00+02:00", "sites": { "P": {} },
        "openings": [{ "counsellor": "A", "site": "P", "first_day": "2026-09-08", "blocks": [["09:00", "11:00"]] }],
        "query": { "from": "2026-09-08", "to": "2026-09-08" }
    })
}

#[test]
fn one_scenario_and_an_array_give_the_same_form() {
    let slots = json!(["2026-09-08T09:00+02:00 A@P", "2026-09-08T10:00+02:00 A@P"]);
    for (given, expected) in [
        (morning("one"), json!([{ "id": "one", "slots": slots }])),
        (
            json!([morning("a"), morning("b")]),
            json!([{ "id": "a", "slots": slots }, { "id": "b", "slots": slots }]),
        ),
    ] {
        let out = run(&given, true);
        assert_eq!(out.status.code(), Some(0), "{}", String::from_utf8_lossy(&out.stderr));
        assert_eq!(serde_json::from_slice::<Value>(&out.stdout).expect("JSON alone"), expected);
    }
}

#[test]
fn a_malformed_scenario_does_not_keep_the_others_from_their_answer() {
    let mut bad_time = morning("bad time");
    bad_time["openings"][0]["blocks"][0][0] = json!("25:00");
    let mut bad_form = morning("bad form");
    bad_form["query"] = json!(7);
    let all = json!([morning("first"), bad_time, bad_form, "nothing", morning("last")]);
    let out = run(&all, true);
    assert_eq!(out.status.code(), Some(3), "a part of the input is bad");
    let said: Value = serde_json::from_slice(&out.stdout).expect("JSON alone");
    for (at, id) in [(0, "first"), (4, "last")] {
        assert_eq!(said[at]["id"], id);
        assert_eq!(said[at]["slots"].as_array().map(Vec::len), Some(2), "{said}");
        assert!(said[at].get("error").is_none(), "{said}");
    }
    assert_eq!(said[1]["error"]["field"], "openings[0].blocks[0]", "{said}");
    assert_eq!(said[1]["error"]["index"], 1);
    for at in [2, 3] {
        assert!(said[at]["error"]["problem"].as_str().is_some_and(|text| text.len() > 10), "{said}");
    }
    let text = String::from_utf8(run(&all, false).stdout).expect("text");
    assert!(text.contains("last\n  2026-09-08T09:00+02:00 A@P"), "{text}");
    assert!(text.contains("scénario 2 : openings[0].blocks[0]"), "{text}");
}

#[test]
fn one_malformed_scenario_is_bad_input_with_its_place() {
    let out = run(&json!({ "id": "x", "query": { "from": "2026-09-08", "to": "2026-09-08" } }), true);
    assert_eq!(out.status.code(), Some(3));
    let said: Value = serde_json::from_slice(&out.stdout).expect("JSON alone");
    assert_eq!(said["code"], "bad_scenario");
    assert!(said["message"].as_str().is_some_and(|text| text.contains("`now`")), "{said}");
}
