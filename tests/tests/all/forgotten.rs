//! A desk that central does not know any more, because central was set back to a time before the desk was enrolled: it is
//! told so, works on, and is enrolled again with all that it has.

use passerelle_central::store::{Location, backup};
use passerelle_domain::ids::Uai;
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::store::StoreError;
use passerelle_office::sync::{self, SyncError};
use serde_json::{Value, json};

use crate::parts::{AMIENS, Town, call, draft, free_slots, then};
use crate::replicas::{at_central, at_desk};

async fn enrol(town: &Town, name: &str, office: &str) -> Result<Desk, SyncError> {
    let code = format!("DEMO-{office}");
    sync::enrol(&town.profile(name), &town.url, &code, name, Clock::starting_at(then())).await
}

async fn booked(desk: &Desk, kind: &str, slot: &Value, name: &str) -> String {
    let done = call(desk, "appointments.book", draft(kind, slot, name)).await;
    done["appointment"]["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_enrolled_after_the_backup_is_enrolled_again_and_gives_back_what_it_did() {
    let mut town = Town::start().await;
    let a = town.desk("a").await;
    let file = town.folder.path().join("central.backup");
    let database = Location::from(town.folder.path().join("central.db"));
    backup::backup(&database, &file).await.expect("a backup");

    let b = town.desk("b").await;
    let (kind, slots) = free_slots(&b, 4).await;
    let mut meetings = vec![booked(&b, &kind, &slots[0], "Reçue").await];
    sync::once(&b).await.expect("an exchange");
    sync::once(&a).await.expect("an exchange");
    meetings.push(booked(&b, &kind, &slots[1], "En attente").await);

    let port = town.stop().await;
    std::fs::remove_file(town.folder.path().join("central.db")).expect("the disk broke");
    backup::restore(&database, &file).await.expect("restored");
    town.resume(port).await;

    let said = sync::once(&b).await.expect_err("it is not known there");
    assert_eq!(said.code(), "desk_unknown");
    assert_eq!(b.connection().offline_code.as_deref(), Some("desk_unknown"));
    meetings.push(booked(&b, &kind, &slots[2], "Entre-temps").await);
    let before = b.enrolment().expect("enrolled");
    b.store().close().await;

    // A code of another office is good for nothing here.
    let abbeville = Uai::from_number(809_101);
    let other = enrol(&town, "b", abbeville.as_str()).await.expect_err("another office");
    assert_eq!(other.code(), "other_office", "{other}");
    let b = enrol(&town, "b", AMIENS).await.expect("enrolled again");
    let after = b.enrolment().expect("enrolled");
    assert_eq!((&after.office, &after.key), (&before.office, &before.key));
    assert_ne!((after.desk, &after.inc), (before.desk, &before.inc));
    let report = sync::once(&b).await.expect("an exchange");
    // Each booking takes somebody down first.
    assert_eq!((report.accepted, report.refused, report.pending), (6, 0, 0), "{report:?}");
    sync::once(&a).await.expect("an exchange");
    let central = at_central(&town).await;
    for desk in [&a, &b] {
        assert_eq!(at_desk(desk).await, central);
    }
    for id in &meetings {
        assert_eq!(central.keys().filter(|(_, d)| d == id).count(), 1, "{id} is there once");
    }
    // A restart knows the new number.
    b.store().close().await;
    let b = crate::parts::reopen(&town.profile("b")).await;
    let report = sync::once(&b).await.expect("an exchange");
    assert_eq!((report.pushed, report.pulled), (0, 0), "{report:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_its_central_knows_or_cannot_be_asked_about_stays_as_it_is() {
    let mut town = Town::start().await;
    let a = town.desk("a").await;
    let before = a.enrolment().expect("enrolled");
    a.store().close().await;
    let exists = |e: &SyncError| matches!(e, SyncError::Store(StoreError::ProfileExists(_)));
    let known = enrol(&town, "a", AMIENS).await.expect_err("it is known");
    assert!(exists(&known), "{known}");
    let port = town.stop().await;
    let unheard = enrol(&town, "a", AMIENS).await.expect_err("nobody answers");
    assert_eq!(unheard.code(), "unreachable", "{unheard}");
    town.resume(port).await;
    let url = std::mem::replace(&mut town.url, "http://127.0.0.1:9".into());
    let elsewhere = enrol(&town, "a", AMIENS).await.expect_err("another central");
    assert!(exists(&elsewhere), "{elsewhere}");
    town.url = url;
    let a = crate::parts::reopen(&town.profile("a")).await;
    let after = a.enrolment().expect("enrolled");
    assert_eq!((after.desk, &after.inc), (before.desk, &before.inc));
    call(&a, "status.get", json!({})).await;
    sync::once(&a).await.expect("an exchange");
}
