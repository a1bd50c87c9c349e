//! The intake: every wrong field is named, every enquiry arrives once, at the right office.

use passerelle_domain::enquiry::{Enquiry, MESSAGE_MAX, RoutingReason, THREAD_MAX};
use passerelle_protocol::intake::{FamilyStatus, FamilyView};
use passerelle_protocol::sync::{DIRECTORY, Entity};
use serde_json::{Value, json};

use crate::office::{Central, amiens, enquiry, post_enquiry};

/// A good enquiry with one place changed.
fn with(pointer: &str, value: Value) -> Value {
    let mut body = enquiry("80090");
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    body.pointer_mut(parent).expect("a place")[name] = value;
    body
}

#[tokio::test]
async fn each_wrong_field_is_named() {
    let central = Central::start().await;
    let message = json!({"from": "family", "text": "Bonjour"});
    let table: Vec<(Value, &[(&str, &str)])> = vec![
        (json!([]), &[("", "type")]),
        (with("/channel", json!("walk_in")), &[("channel", "not_online")]),
        (with("/channel", json!("fax")), &[("channel", "unknown_value")]),
        (with("/channel", Value::Null), &[("channel", "required")]),
        (with("/consent", json!(false)), &[("consent", "must_be_true")]),
        (with("/consent", json!("oui")), &[("consent", "type")]),
        (with("/sensitive", json!(1)), &[("sensitive", "type")]),
        (with("/subject", json!("x".repeat(201))), &[("subject", "too_long")]),
        (with("/requester", json!("Inès")), &[("requester", "type")]),
        (with("/requester/name", json!("  ")), &[("requester.name", "required")]),
        (with("/requester/name", json!("n".repeat(121))), &[("requester.name", "too_long")]),
        (with("/requester/relation", json!("aunt")), &[("requester.relation", "unknown_value")]),
        (with("/requester/mail", json!("ines")), &[("requester.mail", "mail")]),
        (with("/requester/mail", Value::Null), &[("requester.mail", "mail_or_phone")]),
        (with("/requester/mail", json!(3)), &[("requester.mail", "type")]),
        (with("/requester/phone", json!("12")), &[("requester.phone", "phone")]),
        (with("/requester/category", json!("pupil")), &[("requester.category", "unknown_value")]),
        (with("/requester/postal_code", json!("8009")), &[("requester.postal_code", "postal_code")]),
        (with("/requester/postal_code", json!(80090)), &[("requester.postal_code", "type")]),
        (with("/messages", json!([])), &[("messages", "required")]),
        (with("/messages", json!(vec![message; THREAD_MAX + 1])), &[("messages", "too_many")]),
        (with("/messages/0/text", json!(" \n ")), &[("messages.0.text", "required")]),
        (with("/messages/0/text", json!("é".repeat(MESSAGE_MAX + 1))), &[("messages.0.text", "too_long")]),
        (with("/messages/0/from", json!("staff")), &[("messages.0.from", "unknown_value")]),
        (with("/messages/0/at", json!("hier")), &[("messages.0.at", "unknown_value")]),
        (
            json!({"requester": {}, "messages": [{}]}),
            &[
                ("channel", "required"),
                ("requester.name", "required"),
                ("requester.relation", "required"),
                ("requester.mail", "mail_or_phone"),
                ("requester.postal_code", "required"),
                ("messages.0.from", "required"),
                ("messages.0.text", "required"),
                ("consent", "required"),
            ],
        ),
    ];
    for (body, expected) in table {
        let (status, problem) = post_enquiry(&central, "k", &body).await;
        let found: Vec<(&str, &str)> = problem["fields"]
            .as_array()
            .expect("fields")
            .iter()
            .map(|f| (f["field"].as_str().expect("a field"), f["code"].as_str().expect("a code")))
            .collect();
        assert_eq!((status.as_u16(), problem["code"].as_str()), (422, Some("invalid_enquiry")), "{problem}");
        assert_eq!(found, expected);
        for (field, _) in expected {
            let detail = problem["detail"].as_str().expect("a text");
            assert!(detail.contains(field), "{detail} names {field}");
        }
    }
    // Nothing of all that has used the key.
    let (status, _) = post_enquiry(&central, "k", &enquiry("80090")).await;
    assert_eq!(status.as_u16(), 201);
    central.running.shutdown().await;
}

#[tokio::test]
async fn an_enquiry_arrives_once_for_each_key() {
    let central = Central::start().await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    let before = desk.enquiries().len();
    let body = enquiry("80090");
    let posts: Vec<_> = (0..8).map(|_| post_enquiry(&central, "one", &body)).collect();
    let answers = futures_util::future::join_all(posts).await;
    let new = answers.iter().filter(|(status, _)| status.as_u16() == 201).count();
    assert_eq!(new, 1, "one of eight at the same moment is new: {answers:?}");
    assert!(answers.iter().all(|(_, receipt)| receipt == &answers[0].1), "all have the same receipt");
    // The same content in other words is the same; other content is not.
    let mut spaced = body.clone();
    spaced["requester"]["name"] = json!("  Inès B. ");
    assert_eq!(post_enquiry(&central, "one", &spaced).await.0.as_u16(), 200);
    let (status, problem) = post_enquiry(&central, "one", &with("/consent", json!(true)).clone()).await;
    assert_eq!((status.as_u16(), &problem), (200, &answers[0].1));
    let (status, problem) = post_enquiry(&central, "one", &with("/subject", json!("Autre"))).await;
    assert_eq!((status.as_u16(), problem["code"].as_str()), (409, Some("idempotency_key_in_use")));
    let long = "k".repeat(201);
    for bad in ["", &long, "a b"] {
        let (status, problem) = post_enquiry(&central, bad, &body).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (400, Some("idempotency_key_required")));
    }
    desk.sync(&[]).await;
    assert_eq!(desk.enquiries().len(), before + 1, "one enquiry at the office");
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_home_finds_its_office() {
    let central = Central::start().await;
    let mut desk = central.desk(&amiens()).await;
    desk.sync(&[]).await;
    for (postal_code, town) in
        [("80090", "Amiens"), ("80100", "Abbeville"), ("02100", "Saint-Quentin"), ("60000", "Beauvais")]
    {
        let (status, receipt) = post_enquiry(&central, postal_code, &enquiry(postal_code)).await;
        assert_eq!(status.as_u16(), 201);
        assert!(
            receipt["office_name"].as_str().is_some_and(|n| n.ends_with(town)),
            "{postal_code}: {receipt}"
        );
        assert!(receipt["distance_km"].as_f64().is_some_and(|km| km < 10.0), "{receipt}");
    }
    // A catchment wins over the nearest.
    let rule = desk
        .documents
        .iter()
        .find(|((scope, entity, _), _)| scope == DIRECTORY && *entity == Entity::Catchment)
        .map(|(_, (_, doc))| doc.clone())
        .expect("the demonstration has catchments");
    let home = rule["postal_code"].as_str().expect("a postal code");
    let (status, receipt) = post_enquiry(&central, "catchment", &enquiry(home)).await;
    assert_eq!((status.as_u16(), &receipt["office"]), (201, &rule["office"]), "the rule of {home} wins");
    for unknown in ["80999", "00000", "99999"] {
        let (status, problem) = post_enquiry(&central, unknown, &enquiry(unknown)).await;
        assert_eq!((status.as_u16(), problem["code"].as_str()), (422, Some("unknown_postal_code")));
        assert!(problem["detail"].as_str().is_some_and(|d| d.contains("Vérifiez")), "it says what to do");
    }
    central.running.shutdown().await;
}

#[tokio::test]
async fn what_arrives_is_what_was_sent_and_the_family_sees_its_own_alone() {
    let central = Central::start().await;
    let mut desk = central.desk(&amiens()).await;
    let mut body = enquiry("80090");
    let markup = "<script>alert(1)</script>\u{0}\r\nJ’ai « 15 » ans";
    body["messages"] = json!([
        {"from": "online_service", "at": "2026-11-23T08:00:00Z", "text": "Bonjour, que cherchez-vous ?"},
        {"from": "family", "at": "2031-01-01T00:00:00Z", "text": markup}
    ]);
    body["sensitive"] = json!(true);
    let (_, receipt) = post_enquiry(&central, "k", &body).await;
    desk.sync(&[]).await;
    let arrived: Enquiry =
        desk.document(Entity::Enquiry, receipt["id"].as_str().expect("an id")).expect("it");
    assert_eq!(arrived.thread[1].text, "<script>alert(1)</script>\nJ’ai « 15 » ans", "text stays text");
    assert_eq!(arrived.thread[1].at, arrived.received_at, "a clock of 2031 is not believed");
    assert_eq!((arrived.routing.reason, arrived.sensitive), (RoutingReason::Nearest, true));
    assert!(arrived.due_at > arrived.received_at);
    assert_eq!(arrived.subject, "<script>alert(1)</script>", "the family's first line");

    let get = async |path: &str| reqwest::get(central.url(path)).await.expect("an answer");
    let link = receipt["link"].as_str().expect("a link");
    let view: FamilyView = get(link).await.json().await.expect("a view");
    assert_eq!((view.status, view.office.uai.clone()), (FamilyStatus::Received, amiens()));
    let short = arrived.reference.clone();
    let wrong = format!("{}0", &link[..link.len() - 1]);
    let wronger = format!("{}1", &link[..link.len() - 1]);
    let guesses = [format!("/v1/enquiries/{short}"), format!("/v1/enquiries/{short}-"), wrong, wronger];
    for guess in guesses.iter().filter(|g| g.as_str() != link) {
        assert_eq!(get(guess).await.status().as_u16(), 404, "{guess} shows nothing");
    }
    central.running.shutdown().await;
}
