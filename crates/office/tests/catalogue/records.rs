//! A record with what it is linked to.

use std::ffi::OsString;
use std::sync::Mutex;

use passerelle_office::api::dto::{CatalogueRecord, PageOpened};

use super::*;

impl Office {
    async fn first(&self, text: &str, kind: &str) -> String {
        let answer = self.search(json!({ "text": text, "kinds": [kind] })).await;
        answer.groups[0].hits[0].id.clone()
    }

    async fn record(&self, args: Value) -> Option<CatalogueRecord> {
        self.ask("catalogue.get", args).await
    }
}

#[tokio::test]
async fn a_programme_says_where_it_is_given_nearest_first() {
    let office = Office::open().await;
    let id = office.first("BTS comptabilité et gestion", "programme").await;
    let record =
        office.record(json!({ "id": id, "near": "80090 Amiens", "places": 5 })).await.expect("a record");
    let far: Vec<f64> = record.places.iter().filter_map(|place| place.distance_km).collect();
    assert!(far.len() == record.places.len() && far.is_sorted(), "{far:?}");
    assert!(record.places_total as usize >= record.places.len());
    for place in &record.places {
        let (east, north) = place.offset_km.expect("a place on the little map");
        let (drawn, told) = (east.hypot(north), place.distance_km.expect("a distance"));
        assert!((drawn - told).abs() < told * 0.01 + 0.1, "{drawn} km drawn, {told} km told");
    }
    assert!(record.facts.iter().any(|fact| fact.key == "duration"), "{:?}", record.facts);
    assert!(record.occupations.iter().all(|link| link.known), "the links of the demonstration are whole");
    assert_eq!(record.sources.len(), 1);
    assert_eq!(record.sources[0].publisher, "Passerelle", "the demonstration is not passed off as Onisep's");
}

#[tokio::test]
async fn open_days_to_come_are_told_soonest_first() {
    let office = Office::open().await;
    let today = office.desk.now().date_naive();
    let schools = office.search(json!({ "kinds": ["institution"], "limit": 200 })).await;
    let mut told = 0;
    for hit in &schools.groups[0].hits {
        let record = office.record(json!({ "id": hit.id })).await.expect("a record");
        let days: Vec<_> = record.open_days.iter().filter_map(|day| day.from).collect();
        assert!(days.is_sorted() && days.iter().all(|day| *day >= today), "{days:?}");
        told += days.len();
    }
    assert!(told >= 40, "{told} open days");
}

#[tokio::test]
async fn links_lead_back() {
    let office = Office::open().await;
    let id = office.first("boulanger", "occupation").await;
    let occupation = office.record(json!({ "id": id })).await.expect("an occupation");
    assert!(!occupation.programmes.is_empty());
    for link in &occupation.programmes {
        let programme = office.record(json!({ "id": link.id })).await.expect("a programme");
        assert!(programme.occupations.iter().any(|back| back.id == id), "{} does not lead back", link.label);
    }
    let answer = office.first("Quelles formations pour être garagiste", "faq").await;
    let question = office.record(json!({ "id": answer })).await.expect("a question");
    assert!(question.answer.is_some_and(|markdown| markdown.len() > 40));
}

#[tokio::test]
async fn an_offering_is_shown_at_its_place() {
    let office = Office::open().await;
    let id = office.first("bts tourisme amiens", "offering").await;
    assert!(id.contains('@'), "{id}");
    let record = office.record(json!({ "id": id, "near": "80000" })).await.expect("an offering");
    assert_eq!((record.kind.as_str(), record.places.len()), ("offering", 1));
    assert!(record.places[0].place.contains("Amiens"));
    assert!(record.distance_km.is_some_and(|km| km < 5.0));
    assert_eq!(office.record(json!({ "id": "AF.9000052@ENS.1" })).await, None, "not at another place");
}

#[tokio::test]
async fn the_official_page_of_a_record_is_shown_by_the_browser_and_nothing_else_is() {
    let office = Office::open().await;
    let id = office.first("BTS comptabilité et gestion", "programme").await;
    let address = office.record(json!({ "id": id })).await.and_then(|record| record.url).expect("a page");
    let page = |id: &str| json!({ "id": id });
    let nowhere: Option<PageOpened> = office.ask("catalogue.open_page", page(&id)).await;
    let said = PageOpened { url: address.clone(), opened: false };
    assert_eq!(nowhere, Some(said), "without a browser the address is said");

    static ASKED: Mutex<Vec<OsString>> = Mutex::new(Vec::new());
    office.desk.show_with(|what| {
        ASKED.lock().expect("nobody else").push(what.to_owned());
        true
    });
    let shown: Option<PageOpened> = office.ask("catalogue.open_page", page(&id)).await;
    assert!(shown.is_some_and(|page| page.opened));
    for other in ["https://www.exemple.fr/", "FOR.1", ""] {
        let nothing: Option<PageOpened> = office.ask("catalogue.open_page", page(other)).await;
        assert_eq!(nothing, None, "{other:?} is no record");
    }
    assert_eq!(*ASKED.lock().expect("nobody else"), [OsString::from(address)], "only that page");
}

#[tokio::test]
async fn what_does_not_exist_is_nothing() {
    let office = Office::open().await;
    assert_eq!(office.record(json!({ "id": "FOR.1" })).await, None);
    assert_eq!(office.record(json!({ "id": "" })).await, None);
}
