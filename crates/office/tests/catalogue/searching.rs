//! Searching: what a receptionist types while somebody speaks.

use passerelle_office::api::dto::{CatalogueAnswer, EnquiryList, EnquiryView};

use super::*;

fn group<'a>(answer: &'a CatalogueAnswer, kind: &str) -> Vec<&'a CatalogueHit> {
    answer.groups.iter().filter(|group| group.kind == kind).flat_map(|group| &group.hits).collect()
}

#[tokio::test]
async fn results_come_by_kind_with_what_was_asked_marked() {
    let office = Office::open().await;
    let answer = office.search(json!({ "text": "boulanger" })).await;
    let kinds: Vec<&str> = answer.groups.iter().map(|group| group.kind.as_str()).collect();
    assert_eq!(kinds[..2], ["programme", "occupation"], "the kinds in the order of the screen");
    let occupation = group(&answer, "occupation")[0];
    assert_eq!(title(occupation), "boulanger / boulangère");
    let marked: Vec<&str> =
        occupation.title.iter().filter(|piece| piece.hit).map(|piece| piece.text.as_str()).collect();
    assert_eq!(marked, ["boulanger", "boulangère"], "both genders answer");
    assert!(!occupation.snippet.is_empty(), "an occupation says what one does");
    let total: u32 = answer.groups.iter().map(|group| group.total).sum();
    assert_eq!(total, answer.total, "each hit is in one group");
}

#[tokio::test]
async fn facets_count_what_choosing_them_gives() {
    let office = Office::open().await;
    let all = office.search(json!({ "text": "maintenance" })).await;
    let mut chosen = 0;
    for facet in &all.facets {
        for value in facet.values.iter().filter(|value| value.value != "offering") {
            let narrowed =
                office.search(json!({ "text": "maintenance", facet.property.as_str(): [value.value] })).await;
            assert_eq!(narrowed.total, value.hits, "{} = {}", facet.property, value.value);
            chosen += 1;
        }
    }
    assert!(chosen > 10, "only {chosen} values of properties");
}

#[tokio::test]
async fn distances_are_those_of_the_nearest_place() {
    let office = Office::open().await;
    let answer = office
        .search(json!({ "text": "bts", "kinds": ["programme"], "near": "80090 Amiens", "order": "distance" }))
        .await;
    assert_eq!(answer.near.as_deref(), Some("80090 Amiens"));
    let far: Vec<f64> = group(&answer, "programme").iter().filter_map(|hit| hit.distance_km).collect();
    assert!(far.len() > 5 && far.is_sorted(), "nearest first: {far:?}");
    assert!(far[0] < 5.0, "some BTS is given at Amiens: {far:?}");
    let near = office
        .search(json!({ "text": "bts", "kinds": ["programme"], "near": "80090", "within_km": 10 }))
        .await;
    assert!(near.total > 0 && near.total < answer.total, "{} of {}", near.total, answer.total);
    let lost = office.search(json!({ "text": "bts", "near": "99999" })).await;
    assert_eq!((lost.near, lost.total > 0), (None, true), "an unknown place is said and hides nothing");
}

#[tokio::test]
async fn a_place_in_the_question_finds_what_is_given_there() {
    let office = Office::open().await;
    let answer = office.search(json!({ "text": "bts tourisme amiens" })).await;
    assert!(!answer.relaxed);
    let first = group(&answer, "offering").into_iter().next().expect("an offering");
    assert_eq!(title(first), "BTS tourisme");
    assert!(first.subtitle.contains("Amiens"), "{}", first.subtitle);
}

#[tokio::test]
async fn typing_errors_and_synonyms_say_what_led_there() {
    let office = Office::open().await;
    let answer = office.search(json!({ "text": "garagiste" })).await;
    let hit = group(&answer, "occupation")[0];
    assert_eq!(title(hit), "mécanicien automobile / mécanicienne automobile");
    assert!(hit.why.iter().any(|why| why.asked == "garagiste" && why.how == "synonym"), "{:?}", hit.why);
    let nonsense = office.search(json!({ "text": "qsdfghjklm wxcvbn" })).await;
    assert_eq!(nonsense.unknown, ["qsdfghjklm", "wxcvbn"]);
}

#[tokio::test]
async fn one_kind_is_read_page_by_page() {
    let office = Office::open().await;
    let mut seen = Vec::new();
    loop {
        let page =
            office.search(json!({ "kinds": ["institution"], "offset": seen.len(), "limit": 40 })).await;
        let hits = group(&page, "institution");
        if hits.is_empty() {
            assert_eq!(seen.len(), 150, "every institution of the demonstration");
            break;
        }
        seen.extend(hits.into_iter().map(|hit| hit.id.clone()));
    }
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len(), "no record comes twice");
}

#[tokio::test]
async fn what_fits_an_enquiry_is_found_and_hidden_with_it() {
    let office = Office::open().await;
    office.act_as(Role::Counsellor).await;
    let list: EnquiryList = office.ask("enquiries.list", json!({})).await;
    let mut fitting = 0;
    for row in &list.rows {
        let answer: CatalogueAnswer = office.ask("catalogue.suggest", json!({ "enquiry": row.id })).await;
        if row.hidden {
            assert_eq!(answer.total, 0, "what is hidden must not show by what fits it");
        }
        fitting += usize::from(!answer.groups.is_empty());
        let said = answer.groups.iter().flat_map(|group| &group.hits).all(|hit| !hit.why.is_empty());
        assert!(said, "each hit says which words led there");
    }
    assert!(fitting * 2 > list.rows.len(), "{fitting} of {} enquiries have something", list.rows.len());
    office.act_as(Role::Receptionist).await;
    let list: EnquiryList = office.ask("enquiries.list", json!({})).await;
    for row in list.rows.iter().filter(|row| row.hidden) {
        let view: EnquiryView = office.ask("enquiries.get", json!({ "id": row.id })).await;
        assert!(view.thread.is_empty());
        let answer: CatalogueAnswer = office.ask("catalogue.suggest", json!({ "enquiry": row.id })).await;
        assert_eq!((answer.total, answer.groups.len()), (0, 0));
    }
}

#[tokio::test]
async fn a_kind_that_does_not_exist_is_refused() {
    let office = Office::open().await;
    let refused = office.refused("catalogue.search", json!({ "kinds": ["école"] })).await;
    assert_eq!(refused.code, "bad_arguments");
}
