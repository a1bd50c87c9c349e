//! The inbox and the people on record.

use serde_json::{Value, json};

use super::*;

#[tokio::test]
async fn reception_sees_who_asks_a_sensitive_question_and_not_what() {
    let office = Office::open().await;
    office.act_as(Role::Counsellor).await;
    let all: EnquiryList = office.ask("enquiries.list", json!({ "view": "all", "limit": 2000 })).await;
    assert!(all.rows.iter().all(|r| !r.hidden), "counsellors read the questions");

    office.act_as(Role::Receptionist).await;
    let seen: EnquiryList = office.ask("enquiries.list", json!({ "view": "all", "limit": 2000 })).await;
    let hidden = seen.rows.iter().find(|r| r.hidden).expect("a sensitive enquiry");
    let open = all.rows.iter().find(|r| r.id == hidden.id).expect("the same one");
    assert_eq!((hidden.subject.as_str(), hidden.name.as_str()), ("", open.name.as_str()));
    let view: EnquiryView = office.ask("enquiries.get", json!({ "id": hidden.id })).await;
    assert!(view.thread.is_empty() && view.row.subject.is_empty());
    let everything = serde_json::to_string(&view).expect("JSON");
    assert!(!everything.contains(&open.subject), "the question is nowhere in the answer");

    // It is found by who asks, not by what.
    let by = async |query: String| {
        let args = json!({ "view": "all", "query": query });
        let found: EnquiryList = office.ask("enquiries.list", args).await;
        found.rows.iter().any(|r| r.id == hidden.id)
    };
    let word = open.subject.split(' ').max_by_key(|w| w.len()).expect("a word").to_owned();
    assert!(by(open.name.clone()).await, "by name");
    assert!(!by(word.clone()).await, "by the word {word:?} of the subject");
    let palette: Vec<PaletteItem> = office.ask("palette.search", json!({ "query": word })).await;
    assert!(palette.iter().all(|i| i.id.as_deref() != Some(&hidden.id)), "nor in the palette");
    office.act_as(Role::Director).await;
    assert!(!by(word).await, "its words are in no index, whoever searches");
    assert!(by(open.name.clone()).await, "the director finds it by who asks");
}

#[tokio::test]
async fn the_inbox_is_sorted_by_what_is_due_and_wakes_what_was_snoozed() {
    let office = Office::open().await;
    let todo: EnquiryList = office.ask("enquiries.list", json!({})).await;
    assert!(todo.rows.is_sorted_by_key(|r| r.due_at), "oldest due first");
    let states = ["new", "claimed", "waiting_internal", "snoozed"];
    assert!(todo.rows.iter().all(|r| states.contains(&r.status.as_str())));
    assert_eq!(usize::try_from(todo.todo), Ok(todo.rows.len()));
    let waiting: EnquiryList = office.ask("enquiries.list", json!({ "view": "waiting" })).await;
    assert_eq!(usize::try_from(waiting.waiting), Ok(waiting.rows.len()));
    assert!(waiting.rows.iter().all(|r| r.snoozed_until.is_none_or(|t| t > office.desk.now())));

    let first = &todo.rows[0];
    let soon = office.desk.now() + chrono::Duration::seconds(2);
    let _: Done = office.ask("enquiries.snooze", json!({ "id": first.id, "until": soon })).await;
    let without: EnquiryList = office.ask("enquiries.list", json!({})).await;
    assert!(without.rows.iter().all(|r| r.id != first.id), "out of sight");
    assert_eq!((without.todo, without.waiting), (todo.todo - 1, todo.waiting + 1));
    tokio::time::sleep(std::time::Duration::from_millis(3_100)).await;
    let again: EnquiryList = office.ask("enquiries.list", json!({})).await;
    assert!(again.rows.iter().any(|r| r.id == first.id), "its hour has come");
    assert_eq!(again.todo, todo.todo);
    assert_eq!(office.refused("enquiries.list", json!({ "view": "elsewhere" })).await, "bad_status");
}

#[tokio::test]
async fn clients_are_found_without_accents_by_number_and_by_birth_date() {
    let office = Office::open().await;
    let search =
        |query: &'static str| office.ask::<Vec<ClientMatch>>("clients.search", json!({ "query": query }));
    let twins = search("benai").await;
    assert_eq!(twins.len(), 2, "both of them");
    assert_eq!(twins[0].matched, [(0, 5)], "Bénaï");
    assert!(twins[0].duplicate.is_empty());
    assert_eq!(twins[1].duplicate, ["same_birth_date", "same_guardian"], "said once, and as twins");

    let yasmine = search("YASMINE benaissa").await.into_iter().next().expect("Yasmine");
    let born = yasmine.birth_date.expect("a birth date");
    for typed in
        [born.format("%d/%m/%Y"), born.format("%-d/%-m/%Y"), born.format("%Y-%m-%d"), born.format("%d %m %Y")]
    {
        let typed = typed.to_string();
        let found: Vec<ClientMatch> = office.ask("clients.search", json!({ "query": typed })).await;
        assert!(found.iter().any(|c| c.id == yasmine.id), "{typed}");
    }
    let phone = yasmine.contact.as_ref().expect("a number").phone.clone();
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    for typed in [phone.clone(), digits.clone(), format!("+33{}", &digits[1..]), phone[..9].to_owned()] {
        let found: Vec<ClientMatch> = office.ask("clients.search", json!({ "query": typed })).await;
        assert!(found.iter().any(|c| c.id == yasmine.id), "{typed}");
    }
    assert!(search("\" OR *").await.is_empty(), "nothing typed is syntax");
    assert!(search("").await.is_empty());
}

#[tokio::test]
async fn twins_and_doubles_are_shown_beside_a_client() {
    let office = Office::open().await;
    let yasmine = office.client("yasmine benaissa").await;
    let view: ClientView = office.ask("clients.get", json!({ "id": yasmine.id })).await;
    let twin = view.duplicates.first().expect("her brother");
    assert_eq!((twin.given_name.as_str(), twin.duplicate.len()), ("Yassine", 2));
    let double = office.client("ines benchekroun").await;
    let view: ClientView = office.ask("clients.get", json!({ "id": double.id })).await;
    let other = view.duplicates.first().expect("the same girl, twice");
    assert!(other.duplicate.contains(&"same_name".to_owned()), "{:?}", other.duplicate);
    assert!(other.duplicate.contains(&"same_phone".to_owned()), "{:?}", other.duplicate);

    // While a form is filled in, before anything is stored.
    let form =
        json!({ "family_name": "benaissa", "given_name": "Yasmina", "birth_date": yasmine.birth_date });
    let checked: Value = office.ask("clients.check", form).await;
    let found = checked["duplicates"].as_array().expect("a list");
    assert_eq!(found.len(), 2, "both twins may be meant: {found:?}");
    assert_eq!(office.refused("clients.get", json!({ "id": "nobody" })).await, "not_found");
}

#[tokio::test]
async fn an_enquiry_shows_its_client_its_places_and_the_centres_around() {
    let office = Office::open().await;
    let list: EnquiryList =
        office.ask("enquiries.list", json!({ "view": "all", "query": "inès benchekroun" })).await;
    let id = list.rows.first().expect("her question").id.clone();
    let view: EnquiryView = office.ask("enquiries.get", json!({ "id": id })).await;
    assert_eq!(view.postal_code, "80090");
    assert_eq!(view.communes, ["Amiens"]);
    assert!(!view.thread.is_empty());
    let client = view.client.expect("she is known");
    assert!(!view.candidates.is_empty(), "and is there twice");
    assert!(view.candidates.iter().all(|c| c.id != client.id));

    let centres: Vec<CentreView> = office.ask("enquiries.centres", json!({ "id": id })).await;
    assert_eq!(centres.len(), 3);
    assert!(centres[0].own && !centres[0].slots.is_empty(), "the office itself, with what is free");
    assert!(centres[1].distance_km > Some(10.0), "then those farther off");

    // A mother whom nobody has linked yet, known by her number.
    let pupil = office.client("mehdi benali").await;
    let pupil: ClientView = office.ask("clients.get", json!({ "id": pupil.id })).await;
    let mother = pupil.guardians.first().expect("a guardian");
    let note = json!({
        "channel": "phone", "subject": "Rappel", "text": "Elle rappelle demain.", "relation": "mother",
        "name": format!("Mme {} {}", mother.given_name, mother.family_name), "postal_code": "80000",
        "phone": mother.phone, "sensitive": false,
    });
    let done: Done = office.ask("enquiries.open", note).await;
    let view: EnquiryView = office.ask("enquiries.get", json!({ "id": done.id })).await;
    let first = view.candidates.first().expect("her son");
    assert_eq!(first.id, pupil.id);
    assert!(first.duplicate.contains(&"same_guardian".to_owned()), "{:?}", first.duplicate);
    assert!(view.row.pending, "it waits to be sent");
    assert!(!view.claim_provisional, "nobody has claimed it");
    let _: Done = office.ask("enquiries.claim", json!({ "id": view.row.id })).await;
    let view: EnquiryView = office.ask("enquiries.get", json!({ "id": view.row.id })).await;
    assert!(view.row.mine && view.claim_provisional, "central has not heard of it");

    // A note on an enquiry whose claim central knows makes nothing uncertain.
    let list: EnquiryList = office.ask("enquiries.list", json!({ "status": "claimed" })).await;
    let known = list.rows.iter().find(|r| !r.pending).expect("an enquiry claimed before");
    let _: Done = office.ask("enquiries.note", json!({ "id": known.id, "text": "Rappeler jeudi." })).await;
    let noted: EnquiryView = office.ask("enquiries.get", json!({ "id": known.id })).await;
    assert!(noted.row.pending && !noted.claim_provisional);
    assert!(noted.thread.last().is_some_and(|m| m.internal), "the note is shown as one");
}
