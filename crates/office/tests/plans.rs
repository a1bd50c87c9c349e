//! What the desk asks its database while people wait is looked up, never searched through: the statements that the
//! commands really run are listened to, and SQLite says how it would answer each.
//!
//! A test binary of its own: listening is for the whole process.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use passerelle_office::api::call;
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::store::profile_database;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Tables that grow with the years.
const LARGE: [&str; 5] = ["appointment", "client", "enquiry", "overlay", "undo"];

/// The statements seen so far.
#[derive(Clone, Default)]
struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl Visit for Statements {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.record_str(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        // A short statement stands whole in the summary.
        let sql = value.trim();
        if matches!(field.name(), "summary" | "db.statement") && !sql.is_empty() && !sql.ends_with('…') {
            self.0.lock().expect("a lock").insert(sql.to_owned());
        }
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            event.record(&mut self.clone());
        }
    }
}

async fn ask(desk: &Desk, name: &str, args: Value) -> Value {
    match call(desk, name, args.clone()).await {
        Ok(out) => out,
        Err(error) => panic!("{name} {args}: {error} {}", error.params),
    }
}

/// A morning at the desk.
async fn work(desk: &Desk) {
    let session = ask(desk, "session.get", json!({})).await;
    let kind = session["office"]["kinds"][0]["id"].clone();
    for (name, args) in [
        ("status.get", json!({})),
        ("agenda.day", json!({ "date": "2026-11-24" })),
        ("agenda.load", json!({ "from": "2026-11-01", "to": "2026-11-30" })),
        ("agenda.missing", json!({})),
        ("appointments.list", json!({ "from": "2026-11-23", "to": "2026-11-27" })),
        ("waiting.list", json!({})),
        ("waiting.freed", json!({})),
        ("outbox.list", json!({})),
        ("undo.list", json!({})),
        ("enquiries.list", json!({})),
        ("conflicts.list", json!({})),
        ("palette.search", json!({ "query": "mar" })),
    ] {
        ask(desk, name, args).await;
    }
    let found = ask(desk, "clients.search", json!({ "query": "mar" })).await;
    ask(desk, "clients.search", json!({ "query": "06 12" })).await;
    ask(desk, "clients.search", json!({ "query": "2010" })).await;
    ask(desk, "clients.get", json!({ "id": found[0]["id"] })).await;
    let next = ask(desk, "agenda.next", json!({ "kind": kind, "limit": 4, "from": "2026-11-24" })).await;
    let slot = |n: usize| next["slots"][n].clone();
    let counsellor = slot(0)["counsellor"]["id"].clone();
    ask(desk, "agenda.week", json!({ "date": "2026-11-24", "counsellor": counsellor })).await;
    let booking = json!({
        "kind": kind, "counsellor": slot(0)["counsellor"]["id"], "start": slot(0)["local"], "site": slot(0)["site"],
        "new_client": { "family_name": "Essai", "given_name": "Plan", "birth_date": "04/03/2010" },
    });
    let done = ask(desk, "appointments.book", booking).await;
    let id = done["appointment"]["id"].clone();
    ask(desk, "appointments.get", json!({ "id": id })).await;
    ask(
        desk,
        "appointments.move",
        json!({ "id": id, "start": slot(2)["local"], "counsellor": slot(2)["counsellor"]["id"] }),
    )
    .await;
    ask(desk, "undo.last", json!({})).await;
    let open = ask(desk, "enquiries.list", json!({})).await;
    let id = open["rows"][0]["id"].clone();
    ask(desk, "enquiries.get", json!({ "id": id })).await;
    ask(desk, "enquiries.centres", json!({ "id": id })).await;
}

/// What may be gone through whole, with the reason.
const ALLOWED: [(&str, &str); 1] = [
    // One number a state, from the index alone: no enquiry is read.
    (
        "SELECT status, count(*) FROM enquiry GROUP BY status",
        "SCAN enquiry USING COVERING INDEX enquiry_by_due",
    ),
];

/// The steps of a plan that go through a large table, unless they walk it in the order of the answer and stop when
/// there is enough.
fn whole_tables(sql: &str, plan: &[String]) -> Vec<String> {
    let ordered =
        sql.contains(" LIMIT ") && !plan.iter().any(|step| step.contains("TEMP B-TREE FOR ORDER BY"));
    let large = |step: &&String| {
        let name = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
        name.is_some_and(|name| LARGE.contains(&name) || aliases(sql, name))
    };
    let walked = plan.iter().filter(large).filter(|_| !ordered);
    walked.filter(|step| !ALLOWED.contains(&(sql, step.as_str()))).cloned().collect()
}

/// Whether a name stands for a large table in this statement.
fn aliases(sql: &str, name: &str) -> bool {
    LARGE.iter().any(|table| {
        sql.contains(&format!("{table} {name} ")) || sql.contains(&format!("{table} AS {name} "))
    })
}

#[test]
fn a_walk_through_a_large_table_is_seen() {
    let step = |text: &str| vec![text.to_owned()];
    let seen = |sql, plan: &[String]| !whole_tables(sql, plan).is_empty();
    assert!(seen("SELECT doc FROM client WHERE doc LIKE ?", &step("SCAN client")));
    assert!(seen(
        "SELECT c.doc FROM client c WHERE c.doc LIKE ? LIMIT 3 ",
        &[step("SCAN c"), step("USE TEMP B-TREE FOR ORDER BY")].concat()
    ));
    assert!(!seen("SELECT doc FROM client ORDER BY n DESC LIMIT ?", &step("SCAN client")));
    assert!(!seen("SELECT doc FROM client WHERE id = ?", &step("SEARCH client USING INDEX x (id=?)")));
    assert!(!seen("SELECT value FROM json_each(?) j ", &step("SCAN j VIRTUAL TABLE INDEX 1:")));
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_grows_is_gone_through_while_people_wait() {
    let heard = Statements::default();
    // The desk's own statements, whichever thread runs them.
    let subscriber = tracing_subscriber::registry().with(heard.clone());
    tracing::subscriber::set_global_default(subscriber).expect("the only listener");
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("profile");
    let now = "2026-11-23T09:22:00Z".parse().expect("an instant");
    let desk = passerelle_office::demo::init(&profile, None, Clock::starting_at(now)).await.expect("a desk");
    heard.0.lock().expect("a lock").clear();
    work(&desk).await;
    desk.store().close().await;
    let statements = heard.0.lock().expect("a lock").clone();
    let about = |word: &str| statements.iter().filter(|sql| sql.contains(word)).count();
    assert!(about("appointment") > 5 && about("client") > 3, "the desk was not heard: {statements:#?}");

    let url = format!("sqlite:{}", profile_database(&profile).display());
    let mut db = SqliteConnection::connect(&url).await.expect("a connection");
    let mut slow = Vec::new();
    for sql in statements
        .iter()
        .filter(|sql| ["SELECT", "INSERT", "UPDATE", "WITH"].iter().any(|w| sql.starts_with(w)))
    {
        let plan: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}")))
                .fetch_all(&mut db)
                .await
                .unwrap_or_else(|e| panic!("{sql}: {e}"));
        let plan: Vec<String> = plan.into_iter().map(|(.., step)| step).collect();
        slow.extend(whole_tables(sql, &plan).into_iter().map(|step| format!("{step}\n    {sql}")));
    }
    assert!(slow.is_empty(), "gone through whole:\n{}", slow.join("\n"));
}
