//! Every command and its way back, on a real profile: do, undo, and all stands as before but for history and versions.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod cases;
mod later;

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, Utc};
use passerelle_domain::Command;
use passerelle_domain::command::{Book, Place};
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId, KindId, PersonId, SiteId};
use passerelle_domain::office::{OfficeSettings, instant};
use passerelle_domain::people::{Actor, Role};
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::store::{ExecuteError, Executed, Step, profile_database};
use serde_json::Value;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool};
use tempfile::TempDir;
use uuid::Uuid;

/// The demonstration office of Amiens, with what the cases are about.
pub(crate) struct Office {
    pub desk: Desk,
    pub actor: Actor,
    pub kind: KindId,
    pub counsellor: PersonId,
    pub colleague: PersonId,
    pub site: SiteId,
    pub clients: Vec<ClientId>,
    pub enquiries: Vec<EnquiryId>,
    pub settings: std::sync::Arc<OfficeSettings>,
    _folder: TempDir,
}

impl Office {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let now: DateTime<Utc> = "2026-11-23T09:22:00Z".parse().expect("an instant");
        let profile = folder.path().join("profile");
        let desk = passerelle_office::demo::init(&profile, None, Clock::starting_at(now)).await;
        let desk = desk.expect("a demonstration desk");
        let settings = desk.settings().await.expect("settings").expect("an office");
        let of = |role| settings.people.values().filter(move |p| p.role == role && p.active);
        desk.act_as(of(Role::Director).next().expect("a director").id);
        let (actor, _) = desk.actor().await.expect("the database").expect("somebody at the desk");
        let mut counsellors = of(Role::Counsellor).map(|p| p.id);
        let kind = settings.kinds.values().find(|k| k.active && k.capacity == 1).expect("a kind").id;
        let site = settings.main_site().expect("a site").id;
        let (counsellor, colleague) = (counsellors.next().expect("one"), counsellors.next().expect("two"));
        let documents = documents(&desk).await;
        let clients = documents.iter().filter(|(sort, _)| sort == "client");
        let clients = clients
            .map(|(_, d)| ClientId(d["id"].as_str().expect("an id").parse().expect("an id")))
            .collect();
        let enquiries = new_enquiries(&desk, &actor).await;
        Self { desk, actor, kind, counsellor, colleague, site, clients, enquiries, settings, _folder: folder }
    }

    /// Ten o'clock on the nth day of a January in which nothing is booked yet.
    pub(crate) fn time(&self, n: u32) -> NaiveDateTime {
        let first = NaiveDate::from_ymd_opt(2027, 1, 1).expect("a date");
        (first + Duration::days(i64::from(n))).and_hms_opt(10, 0, 0).expect("a time")
    }

    pub(crate) fn start(&self, n: u32) -> DateTime<Utc> {
        instant(self.time(n), self.zone()).expect("a time")
    }

    fn zone(&self) -> chrono_tz::Tz {
        self.settings.zone_of(self.site)
    }

    pub(crate) fn place(&self, n: u32) -> Place {
        Place {
            counsellor: self.counsellor,
            second: None,
            site: self.site,
            room: None,
            start: self.time(n),
            zone: self.zone(),
            minutes: 45,
        }
    }

    pub(crate) fn book(&self, n: u32) -> Book {
        Book {
            id: AppointmentId(Uuid::now_v7()),
            kind: self.kind,
            place: self.place(n),
            client: Some(self.clients[0]),
            companions: Vec::new(),
            enquiry: None,
            waiting: None,
            held_until: None,
            override_reason: None,
        }
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.desk.now()
    }

    pub(crate) async fn give(&self, commands: Vec<Command>, now: DateTime<Utc>) -> Executed {
        let said = format!("{commands:?}");
        let step = Step { actor: self.actor.clone(), now, commands, undoable: true };
        self.desk.store().execute(&step).await.unwrap_or_else(|e| panic!("{said}: {e:?}"))
    }

    /// Takes back the newest step, or this one.
    pub(crate) async fn undo(&self, which: Option<&str>, now: DateTime<Utc>) -> Result<bool, ExecuteError> {
        let step = Step { actor: self.actor.clone(), now, commands: Vec::new(), undoable: false };
        Ok(self.desk.store().undo(&step, which).await?.is_some())
    }

    /// The state of each step of the history, newest first.
    pub(crate) async fn history(&self, now: DateTime<Utc>) -> Vec<passerelle_office::store::UndoRow> {
        let step = Step { actor: self.actor.clone(), now, commands: Vec::new(), undoable: false };
        self.desk.store().undoable(&step, 200).await.expect("the history")
    }
}

/// Forty questions by phone, which nobody has answered yet.
async fn new_enquiries(desk: &Desk, actor: &Actor) -> Vec<EnquiryId> {
    let mut made = Vec::new();
    for n in 0..40 {
        let id = EnquiryId(Uuid::now_v7());
        let open = cases::question(id, &format!("L-{n}"), desk.now());
        let step = Step { actor: actor.clone(), now: desk.now(), commands: vec![open], undoable: false };
        desk.store().execute(&step).await.expect("a question");
        made.push(id);
    }
    made
}

/// All documents as they stand at the desk.
pub(crate) async fn documents(desk: &Desk) -> Vec<(String, Value)> {
    let options = SqliteConnectOptions::new().filename(profile_database(desk.profile())).read_only(true);
    let pool = SqlitePool::connect_with(options).await.expect("the file opens");
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT 'client', doc FROM client UNION ALL SELECT 'enquiry', doc FROM enquiry
         UNION ALL SELECT 'appointment', doc FROM appointment
         UNION ALL SELECT 'waiting', doc FROM waiting
         UNION ALL SELECT 'preparation', json_set(doc, '$.id', appointment) FROM preparation
         UNION ALL SELECT 'absence', doc FROM setting WHERE entity = 'absence'",
    )
    .fetch_all(&pool)
    .await
    .expect("documents");
    pool.close().await;
    rows.into_iter().map(|(sort, doc)| (sort, serde_json::from_str(&doc).expect("JSON"))).collect()
}

/// What counts of the documents: not history and versions, which only grow; not what was made and taken back since
/// (cancelled meetings, withdrawn messages and records, enquiries closed, wishes taken off the list); a proposal by its place and hour, for it
/// comes back under another id. `known` are the ids that were there before.
pub(crate) async fn standing(desk: &Desk, known: &BTreeSet<String>) -> BTreeSet<String> {
    let ended = |d: &Value| ["cancelled", "declined", "expired"].iter().any(|s| d["status"] == **s);
    let mut out = BTreeSet::new();
    for (sort, mut doc) in documents(desk).await {
        let id = doc["id"].as_str().expect("an id").to_owned();
        let there = known.is_empty() || known.contains(&id);
        match sort.as_str() {
            "appointment" if ended(&doc) && !there => continue,
            "client" if doc["removed"] == true && !there => continue,
            "preparation" if doc["pins"].is_null() && doc["shared"].is_null() => continue,
            "enquiry" | "waiting" if doc["state"] == "closed" && !there => continue,
            _ => {}
        }
        let fields = doc.as_object_mut().expect("an object");
        fields.remove("history");
        fields.remove("version");
        if fields.get("status").is_some_and(|s| s == "held") {
            fields.remove("id");
        }
        if let Some(thread) = fields.get_mut("thread").and_then(Value::as_array_mut) {
            thread.retain(|m| m["withdrawn_at"].is_null());
        }
        out.insert(format!("{sort} {doc}"));
    }
    out
}

/// The ids that are there.
pub(crate) async fn ids(desk: &Desk) -> BTreeSet<String> {
    documents(desk).await.iter().filter_map(|(_, d)| d["id"].as_str().map(str::to_owned)).collect()
}
