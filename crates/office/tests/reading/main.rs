//! The reading commands on a real profile: the demonstration office of Amiens on Monday 23 November 2026, 10:22.

#![expect(clippy::expect_used, reason = "a test that cannot go on says so")]

mod agenda;
mod booking;
mod elsewhere;
mod guards;
mod overview;
mod people;
mod scenario;

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use passerelle_domain::people::Role;
use passerelle_domain::{Refusal, RefusalCode};
use passerelle_office::api::agenda::{SlotSearch, slots};
use passerelle_office::api::call;
use passerelle_office::api::dto::{
    AppointmentView, CentreView, ClientMatch, ClientView, ConflictView, DayView, Done, EnquiryList,
    EnquiryView, NextSlots, PaletteItem, SlotView,
};
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::{demo, store};
use passerelle_protocol::sync::{CommandResult, SyncResponse, Verdict};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

struct Office {
    desk: Desk,
    folder: TempDir,
}

impl Office {
    async fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let now: DateTime<Utc> = "2026-11-23T09:22:00Z".parse().expect("an instant");
        let desk = demo::init(&folder.path().join("profile"), None, Clock::starting_at(now)).await;
        Self { desk: desk.expect("a demonstration desk"), folder }
    }

    async fn ask<T: DeserializeOwned>(&self, name: &str, args: Value) -> T {
        let out = call(&self.desk, name, args).await.expect(name);
        serde_json::from_value(out).expect("the form of the answer")
    }

    async fn refused(&self, name: &str, args: Value) -> String {
        call(&self.desk, name, args).await.expect_err("an error").code
    }

    async fn act_as(&self, role: Role) {
        let settings = self.desk.settings().await.expect("settings").expect("an office");
        let person = settings.people.values().find(|p| p.role == role).expect("somebody of that role");
        self.desk.act_as(person.id);
    }

    async fn person(&self, family: &str) -> String {
        let settings = self.desk.settings().await.expect("settings").expect("an office");
        settings.people.values().find(|p| p.family_name == family).expect(family).id.to_string()
    }

    async fn kind(&self, key: &str) -> passerelle_domain::ids::KindId {
        let settings = self.desk.settings().await.expect("settings").expect("an office");
        settings.kinds.values().find(|k| k.key == key).expect(key).id
    }

    /// The only client whose name this is.
    async fn client(&self, query: &str) -> ClientMatch {
        let found: Vec<ClientMatch> = self.ask("clients.search", json!({ "query": query })).await;
        found.into_iter().next().expect(query)
    }

    /// Central's answer that refuses every waiting command.
    async fn refuse_all(&self, refusal: Refusal) {
        let store = self.desk.store();
        let sent = store.to_send(10, None).await.expect("the outbox");
        let results = sent.iter().map(|c| CommandResult {
            id: c.id,
            seq: c.seq,
            verdict: Verdict::Refused { refusal: refusal.clone() },
        });
        let answer = SyncResponse {
            epoch: String::new(),
            inc: self.desk.enrolment().expect("an enrolment").inc.clone(),
            server_time: self.desk.now(),
            results: results.collect(),
            expected_next: 0,
            changes: Vec::new(),
            cursors: BTreeMap::new(),
            marks: BTreeMap::new(),
            has_more: false,
            poll_after_s: 0,
            unknown: None,
            check: BTreeMap::new(),
            decided: Vec::new(),
        };
        store.apply(&answer, true, self.desk.now()).await.expect("an answer that can be applied");
    }
}

fn name(a: &AppointmentView) -> &str {
    a.client.as_ref().map_or("", |c| c.name.as_str())
}
