//! Written cases: each holds a scenario and the slots that it must give, in order.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use passerelle_domain::slots::scenario::Scenario;

fn run_all(document: &str) -> usize {
    let cases: Vec<serde_json::Value> = serde_json::from_str(document).unwrap();
    let mut failures = Vec::new();
    for case in &cases {
        let expected: Vec<String> = serde_json::from_value(case["expect"].clone()).unwrap();
        let scenario: Scenario = serde_json::from_value(case.clone()).unwrap();
        let found = scenario.run().unwrap_or_else(|error| vec![format!("error: {error}")]);
        if found != expected {
            let (id, title) = (&case["id"], &case["title"]);
            failures.push(format!("{id} {title}\n  expected {expected:#?}\n  found    {found:#?}"));
        }
    }
    assert!(failures.is_empty(), "{} of {} cases:\n{}", failures.len(), cases.len(), failures.join("\n"));
    cases.len()
}

#[test]
fn the_cases_of_the_project_pass() {
    assert!(run_all(include_str!("fixtures/slots.json")) >= 30);
}

#[test]
fn the_given_cases_pass() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/cases/slots/cases.json");
    match std::fs::read_to_string(path) {
        Ok(document) => assert!(run_all(&document) >= 30),
        Err(error) => eprintln!("skipped: the given cases are not here ({error})"),
    }
}
