//! What a desk and central hold, document by document, read from their files; and any order of work ends the same on both.

use std::collections::BTreeMap;
use std::path::Path;

use passerelle_office::desk::Desk;
use passerelle_office::{store, sync};
use passerelle_tests::dice::Dice;
use serde_json::{Value, json};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};

use crate::parts::{AMIENS, Town, call, draft, free_slots};

/// By sort and id: revision and document.
pub type Documents = BTreeMap<(String, String), (i64, Value)>;

async fn read(file: &Path, sql: &'static str) -> Documents {
    let options = SqliteConnectOptions::new().filename(file);
    let pool = SqlitePool::connect_with(options).await.expect("the file opens");
    let rows: Vec<(String, String, i64, String)> =
        sqlx::query_as(sql).fetch_all(&pool).await.expect("documents");
    pool.close().await;
    let value = |doc: String| serde_json::from_str(&doc).expect("JSON");
    rows.into_iter().map(|(entity, id, rev, doc)| ((entity, id), (rev, value(doc)))).collect()
}

/// Clients, enquiries and meetings of Amiens at central.
pub async fn at_central(town: &Town) -> Documents {
    assert_eq!(AMIENS, "0801234G", "the office that the query below names");
    read(
        &town.folder.path().join("central.db"),
        "SELECT entity, id, rev, doc FROM document
           WHERE scope = 'office:0801234G' AND entity IN ('client', 'enquiry')
         UNION ALL SELECT 'appointment', id, rev, doc FROM appointment WHERE scope = 'office:0801234G'",
    )
    .await
}

/// The same at a desk, its overlay included.
pub async fn at_desk(desk: &Desk) -> Documents {
    read(
        &store::profile_database(desk.profile()),
        "SELECT 'client', id, rev, doc FROM client UNION ALL SELECT 'enquiry', id, rev, doc FROM enquiry
         UNION ALL SELECT 'appointment', id, rev, doc FROM appointment",
    )
    .await
}

/// One thing that somebody does; a rule of the desk may refuse it, which is as good.
pub async fn something(
    desk: &Desk,
    dice: &mut Dice,
    kind: &str,
    slots: &[Value],
    enquiries: &[Value],
    made: &mut Vec<Value>,
) {
    let slot = &slots[dice.below(slots.len())];
    let enquiry = &enquiries[dice.below(enquiries.len())];
    let any = |dice: &mut Dice| made.get(dice.below(made.len().max(1))).cloned().unwrap_or(Value::Null);
    let (name, args) = match dice.below(8) {
        0 | 1 => ("appointments.book", draft(kind, slot, "Au hasard")),
        2 => {
            let mut booking = draft(kind, slot, "De la demande");
            booking["enquiry"] = enquiry.clone();
            ("appointments.book", booking)
        }
        3 => {
            let (counsellor, site) = (&slot["counsellor"]["id"], &slot["site"]);
            let args =
                json!({ "id": any(dice), "start": slot["local"], "counsellor": counsellor, "site": site });
            ("appointments.move", args)
        }
        4 => {
            ("appointments.set_status", json!({ "id": any(dice), "status": "cancelled", "reason": "Essai" }))
        }
        5 => ("enquiries.claim", json!({ "id": enquiry, "take_over": dice.below(2) == 0 })),
        6 => {
            let (local, counsellor, site) = (&slot["local"], &slot["counsellor"]["id"], &slot["site"]);
            let proposals = json!([{ "local": local, "counsellor": counsellor, "site": site }]);
            (
                "enquiries.answer",
                json!({ "id": enquiry, "text": "Voici.", "kind": kind, "proposals": proposals }),
            )
        }
        _ => ("undo.last", json!({})),
    };
    if let Ok(done) = passerelle_office::api::call(desk, name, args).await
        && let Some(id) = done["appointment"]["id"].as_str()
    {
        made.push(json!(id));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn any_order_of_work_at_two_desks_ends_with_what_central_has() {
    let town = Town::start().await;
    let desks = [town.desk("a").await, town.desk("b").await];
    let mut conflicts = 0;
    for seed in 1..=5_u64 {
        let mut dice = Dice::new(seed);
        // Few places and few enquiries, so that the two get into each other's way.
        let (kind, slots) = free_slots(&desks[0], 5).await;
        let list = call(&desks[0], "enquiries.list", json!({ "view": "all" })).await;
        let rows = list["rows"].as_array().expect("enquiries");
        let enquiries: Vec<Value> = rows.iter().take(3).map(|r| r["id"].clone()).collect();
        let mut made = Vec::new();
        for _ in 0..40 {
            let desk = &desks[dice.below(2)];
            if dice.below(5) > 0 {
                something(desk, &mut dice, &kind, &slots, &enquiries, &mut made).await;
            } else {
                let page = [1, 3, 1000][dice.below(3)];
                let report = sync::once_in_pages(desk, page).await.expect("an exchange");
                conflicts += report.refused;
                assert_eq!(report.pending, 0, "seed {seed}: {report:?}");
            }
        }
        for desk in desks.iter().chain(&desks) {
            conflicts += sync::once(desk).await.expect("an exchange").refused;
        }
        let central = at_central(&town).await;
        for (desk, name) in desks.iter().zip(["a", "b"]) {
            let here = at_desk(desk).await;
            assert_eq!(here.len(), central.len(), "seed {seed}: as many documents at {name} as at central");
            for (key, document) in &central {
                assert_eq!(here.get(key), Some(document), "seed {seed}: {key:?} at {name}");
            }
        }
    }
    assert!(conflicts > 0, "the two desks never got into each other's way: the runs prove nothing");
}
