//! What is written can be read again: commands, refusals and documents.

use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::pins::PreparationSheet;
use passerelle_domain::waiting::WaitingEntry;
use passerelle_domain::{Command, Refusal, RefusalCode, decide};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::random::{actor, command, happening};
use crate::sequences::run;
use crate::small_office::{settings, when};

fn again<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(
    value: &T,
) -> Result<Value, TestCaseError> {
    let json = serde_json::to_value(value).expect("plain data");
    let text = serde_json::to_string(value).expect("plain data");
    prop_assert_eq!(&serde_json::from_str::<T>(&text).expect("what was written"), value, "{}", text);
    // A newer build may have written more: what is unknown is passed over.
    let mut newer = json.clone();
    if let Some(object) = newer.as_object_mut() {
        object.insert("added_later".into(), Value::Bool(true));
        prop_assert_eq!(&serde_json::from_value::<T>(newer).expect("a field more"), value);
    }
    Ok(json)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn every_command_comes_back(command in command(), actor in actor()) {
        let json = again::<Command>(&command)?;
        prop_assert_eq!(json["kind"].as_str(), Some(command.kind()), "the kind on the wire");
        prop_assert!(json.as_object().is_some_and(|o| o.len() == 2 && o.contains_key("args")), "{}", json);
        again(&actor)?;
    }

    #[test]
    fn every_document_and_refusal_comes_back(happenings in proptest::collection::vec(happening(), 1..40)) {
        let (state, now, _) = run(&happenings)?;
        for a in state.appointments.values() { again::<Appointment>(a)?; }
        for e in state.enquiries.values() { again::<Enquiry>(e)?; }
        for c in state.clients.values() { again::<Client>(c)?; }
        for w in state.waiting.values() { again::<WaitingEntry>(w)?; }
        for s in state.sheets.values() { again::<PreparationSheet>(s)?; }
        for h in &happenings {
            if let Err(refusal) = decide(&state, &h.command, &h.actor, now) {
                let json = again::<Refusal>(&refusal)?;
                prop_assert_eq!(json["code"].as_str(), Some(refusal.code.key()));
            }
        }
    }
}

#[test]
fn settings_come_back() {
    again::<OfficeSettings>(&settings()).expect("settings");
}

#[test]
fn every_code_and_state_has_its_name() {
    use RefusalCode as C;
    let codes = [
        C::SlotTaken,
        C::RoomTaken,
        C::ClientBusy,
        C::CapacityFull,
        C::Duplicate,
        C::SkippedTime,
        C::BadDuration,
        C::ResourceUnavailable,
        C::NotFound,
        C::StaleRev,
        C::DependencyRefused,
        C::EnquiryAlreadyConverted,
        C::EnquiryClaimed,
        C::EnquiryNotOpen,
        C::NotAllowed,
        C::NoSuchStep,
        C::TooEarly,
        C::TooLate,
        C::ReasonMissing,
        C::InvalidFields,
        C::IdInUse,
        C::ClientMerged,
        C::ClientInUse,
        C::MergeOverlap,
        C::AnsweredSince,
        C::TooManyPins,
    ];
    for code in codes {
        assert_eq!(serde_json::to_value(code).expect("a code"), Value::from(code.key()));
        let full = Refusal { alternatives: vec![], ..Refusal::new(code).limit(when(24, 9, 0)) };
        again(&full).expect("a refusal");
    }
    for status in passerelle_domain::appointment::Status::ALL {
        assert_eq!(serde_json::to_value(status).expect("a state"), Value::from(status.key()));
        assert_eq!(passerelle_domain::appointment::Status::from_key(status.key()), Some(status));
    }
}
