//! Real parts for the tests: a central on loopback with the demonstration, desks enrolled with it.

use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use passerelle_central::server::{Config, Running, spawn};
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use serde_json::{Value, json};
use tempfile::TempDir;

/// The demonstration office of Amiens.
pub const AMIENS: &str = "0801234G";

/// Monday 23 November 2026, 10:22 in Paris: the moment that the demonstration is written for.
pub fn then() -> DateTime<Utc> {
    "2026-11-23T09:22:00Z".parse().expect("an instant")
}

/// A folder with a central and its desks.
pub struct Town {
    pub folder: TempDir,
    pub central: Option<Running>,
    pub url: String,
    /// After how many seconds desks ask without being called; the demonstration's two when not said.
    pub poll_s: Option<u32>,
}

impl Town {
    /// Starts central.
    pub async fn start() -> Self {
        Self::start_with_poll(None).await
    }

    /// The same, with another time between two questions of a desk.
    pub async fn start_with_poll(poll_s: Option<u32>) -> Self {
        let folder = TempDir::new().expect("a folder");
        let mut town = Self { folder, central: None, url: String::new(), poll_s };
        town.resume(0).await;
        town
    }

    /// Starts central again, on the same address.
    pub async fn resume(&mut self, port: u16) {
        let config = Config {
            database: self.folder.path().join("central.db").into(),
            listen: ([127, 0, 0, 1], port).into(),
            demo: true,
            now: Some(then()),
            poll_s: self.poll_s,
            read_replica: None,
        };
        let running = spawn(config).await.expect("central starts");
        self.url = format!("http://{}", running.addr);
        self.central = Some(running);
    }

    /// Stops central; gives the port, to start it there again.
    pub async fn stop(&mut self) -> u16 {
        let running = self.central.take().expect("central runs");
        let port = running.addr.port();
        running.shutdown().await;
        port
    }

    /// A profile folder.
    pub fn profile(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Enrols a desk of Amiens and synchronises it once.
    pub async fn desk(&self, name: &str) -> Desk {
        let code = format!("DEMO-{AMIENS}");
        let clock = Clock::starting_at(then());
        let desk = passerelle_office::sync::enrol(&self.profile(name), &self.url, &code, name, clock)
            .await
            .expect("the desk is enrolled");
        passerelle_office::sync::once(&desk).await.expect("the first exchange");
        desk
    }
}

/// Opens a profile again, as after a restart.
pub async fn reopen(profile: &Path) -> Desk {
    Desk::open(profile, Clock::starting_at(then())).await.expect("the profile opens")
}

/// Gives a command and expects it to be done.
pub async fn call(desk: &Desk, name: &str, args: Value) -> Value {
    match passerelle_office::api::call(desk, name, args.clone()).await {
        Ok(out) => out,
        Err(e) => panic!("{name} {args}: {e} {}", e.params),
    }
}

/// Gives a command and expects a refusal: gives its code and params.
pub async fn refused(desk: &Desk, name: &str, args: Value) -> (String, Value) {
    match passerelle_office::api::call(desk, name, args.clone()).await {
        Ok(out) => panic!("{name} {args} should be refused, but gave {out}"),
        Err(e) => (e.code, e.params),
    }
}

/// The first free slots of the first kind, and that kind's id.
pub async fn free_slots(desk: &Desk, n: u16) -> (String, Vec<Value>) {
    let session = call(desk, "session.get", json!({})).await;
    let kind = session["office"]["kinds"][0]["id"].as_str().expect("a kind").to_owned();
    let next = call(desk, "agenda.next", json!({ "kind": kind, "limit": n, "from": "2026-11-24" })).await;
    let slots = next["slots"].as_array().expect("slots").clone();
    assert_eq!(slots.len(), usize::from(n), "the demonstration has {n} free slots");
    (kind, slots)
}

/// A booking of a slot for somebody new.
pub fn draft(kind: &str, slot: &Value, given_name: &str) -> Value {
    json!({
        "kind": kind, "counsellor": slot["counsellor"]["id"], "start": slot["local"], "site": slot["site"],
        "new_client": { "family_name": "Essai", "given_name": given_name, "birth_date": "04/03/2010" },
    })
}
