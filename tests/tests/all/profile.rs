//! Profiles in every bad state that a machine can bring them into: a clear word, and nothing lost.

use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::store::{Store, StoreError, profile_database};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::parts::{call, draft, free_slots, refused, then};

async fn demo(profile: &Path) -> Desk {
    passerelle_office::demo::init(profile, None, Clock::starting_at(then()))
        .await
        .expect("a demonstration profile")
}

async fn counts(desk: &Desk) -> (i64, i64, i64) {
    let one = async |table: &str| -> i64 {
        let sql = format!("SELECT count(*) FROM {table}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(desk.store().readers()).await.expect("a count")
    };
    (one("appointment").await, one("client").await, one("outbox").await)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_without_central_works_and_says_so() {
    let folder = TempDir::new().expect("a folder");
    let desk = demo(&folder.path().join("p")).await;
    let status = call(&desk, "status.get", json!({})).await;
    assert_eq!(status["online"], Value::Null, "it has no central: neither online nor offline");
    let (kind, slots) = free_slots(&desk, 1).await;
    call(&desk, "appointments.book", draft(&kind, &slots[0], "Léa")).await;
    let error = passerelle_office::sync::once(&desk).await.expect_err("nothing to exchange with");
    assert_eq!(error.code(), "alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_profile_of_a_newer_version_is_refused_and_left_as_it_is() {
    let folder = TempDir::new().expect("a folder");
    let profile = folder.path().join("p");
    let desk = demo(&profile).await;
    desk.store().close().await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(profile_database(&profile));
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("the file opens");
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&pool)
    .await
    .expect("a migration of the future");
    pool.close().await;
    let before = std::fs::read(profile_database(&profile)).expect("the file");
    let error = Store::open(&profile).await.expect_err("a newer profile is refused");
    assert!(matches!(error, StoreError::Newer { found: 9999, .. }), "said as what it is: {error}");
    let after = std::fs::read(profile_database(&profile)).expect("the file");
    assert!(before == after, "nothing in the file was touched");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_database_is_said_and_not_repaired_in_silence() {
    let folder = TempDir::new().expect("a folder");
    let profile = folder.path().join("p");
    demo(&profile).await.store().close().await;
    let path = profile_database(&profile);
    // The header: not a database any more.
    let whole = std::fs::read(&path).expect("the file");
    std::fs::write(&path, [b"garbage!".as_slice(), &whole[8..]].concat()).expect("written");
    let error = Store::open(&profile).await.expect_err("a damaged file is refused");
    assert!(
        matches!(&error, StoreError::Damaged { path: p, .. } if *p == path),
        "it names the file: {error}"
    );
    // Pages in the middle: found by the check, and by whoever reads them.
    std::fs::write(&path, &whole).expect("written");
    let mut file = std::fs::OpenOptions::new().read(true).write(true).open(&path).expect("the file");
    let middle = (whole.len() as u64 / 2) & !4095;
    file.seek(SeekFrom::Start(middle)).expect("a seek");
    let mut page = vec![0; 40_960];
    file.read_exact(&mut page).expect("a page");
    page.iter_mut().for_each(|b| *b ^= 0x5a);
    file.seek(SeekFrom::Start(middle)).expect("a seek");
    file.write_all(&page).expect("a damaged page");
    drop(file);
    let complaints = match Store::open(&profile).await {
        Err(StoreError::Damaged { .. }) => vec!["refused".to_owned()],
        Err(other) => panic!("a damaged file is said to be damaged, not: {other}"),
        Ok(store) => match store.integrity().await {
            Ok(lines) => lines,
            Err(StoreError::Damaged { .. }) => vec!["refused".to_owned()],
            Err(other) => panic!("a damaged file is said to be damaged, not: {other}"),
        },
    };
    assert!(!complaints.is_empty(), "the check finds the damage");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_a_booking_and_loses_nothing() {
    let folder = TempDir::new().expect("a folder");
    let desk = demo(&folder.path().join("p")).await;
    let (kind, slots) = free_slots(&desk, 40).await;
    let before = counts(&desk).await;
    // The real SQLITE_FULL: the file may not grow beyond the pages that it has.
    let pages: i64 =
        sqlx::query_scalar("PRAGMA page_count").fetch_one(desk.store().readers()).await.expect("pages");
    desk.store().limit_pages(pages).await.expect("a limit");
    let mut done = 0;
    let mut error = None;
    for (i, slot) in slots.iter().enumerate() {
        match passerelle_office::api::call(
            &desk,
            "appointments.book",
            draft(&kind, slot, &format!("Plein {i}")),
        )
        .await
        {
            Ok(_) => done += 1,
            Err(e) => {
                error = Some(e);
                break;
            }
        }
    }
    let error = error.expect("forty bookings do not fit into the last page");
    assert_eq!(error.code, "disk_full", "{error}");
    assert!(error.retry, "making room helps");
    let after = counts(&desk).await;
    assert_eq!(after, (before.0 + done, before.1 + done, before.2 + 2 * done), "whole bookings or nothing");
    // Room again: it goes on.
    desk.store().limit_pages(i64::from(u32::MAX) - 1).await.expect("no limit");
    let slot = &slots[usize::try_from(done).expect("a count")];
    call(&desk, "appointments.book", draft(&kind, slot, "Encore")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_itself_refuses_two_meetings_at_once() {
    let folder = TempDir::new().expect("a folder");
    let profile = folder.path().join("p");
    let desk = demo(&profile).await;
    let (kind, slots) = free_slots(&desk, 1).await;
    let done = call(&desk, "appointments.book", draft(&kind, &slots[0], "Première")).await;
    desk.store().close().await;
    // The rules are passed by: bare SQL on the file.
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(profile_database(&profile));
    let pool = sqlx::SqlitePool::connect_with(options).await.expect("the file opens");
    let id = done["appointment"]["id"].as_str().expect("an id");
    let copy = sqlx::query(
        "INSERT INTO appointment (id, rev, kind, counsellor, site, start_s, end_s, status, doc)
         SELECT 'another', 0, kind, counsellor, site, start_s + 60, end_s + 60, 'booked', doc
         FROM appointment WHERE id = ?",
    )
    .bind(id)
    .execute(&pool)
    .await;
    let said = copy.expect_err("the trigger refuses").to_string();
    assert!(said.contains("overlap:counsellor"), "{said}");
    let deleted = sqlx::query("DELETE FROM appointment WHERE id = ?").bind(id).execute(&pool).await;
    let said = deleted.expect_err("nothing deletes an appointment").to_string();
    assert!(said.contains("never deleted"), "{said}");
    sqlx::query("UPDATE appointment SET status = 'cancelled' WHERE id = ?")
        .bind(id)
        .execute(&pool)
        .await
        .expect("freed");
    sqlx::query(
        "INSERT INTO appointment (id, rev, kind, counsellor, site, start_s, end_s, status, doc)
         SELECT 'another', 0, kind, counsellor, site, start_s, end_s, 'booked', doc
         FROM appointment WHERE id = ?",
    )
    .bind(id)
    .execute(&pool)
    .await
    .expect("freed time is free at once");
}

#[tokio::test(flavor = "multi_thread")]
async fn unseen_warnings_stop_a_booking_once() {
    let folder = TempDir::new().expect("a folder");
    let desk = demo(&folder.path().join("p")).await;
    let (kind, slots) = free_slots(&desk, 1).await;
    let mut night = draft(&kind, &slots[0], "Tard");
    let day = slots[0]["local"].as_str().expect("a time").split('T').next().expect("a day").to_owned();
    night["start"] = json!(format!("{day}T21:00"));
    let (code, params) = refused(&desk, "appointments.book", night.clone()).await;
    assert_eq!(code, "confirm_warnings");
    assert_eq!(params["warnings"][0]["code"], "outside_opening", "{params}");
    night["seen_warnings"] = json!(["outside_opening"]);
    call(&desk, "appointments.book", night).await;
}
