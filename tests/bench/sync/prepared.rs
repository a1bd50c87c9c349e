//! What the measures begin with: central's databases with an office of the planned sizes, and what is to be booked there.
//! Made once; each run takes a copy.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Days, TimeDelta, Utc};
use passerelle_central::store::{self, Feed, Location, Store};
use passerelle_central::{Config, spawn};
use passerelle_domain::OfficeState;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{PersonId, Uai};
use passerelle_domain::people::Role;
use passerelle_protocol::sync::{DIRECTORY, office_scope};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::{NoContext, Timestamp, Uuid};

use crate::office::{BigOffice, CLIENTS, ENQUIRIES, FUTURE, PAST, Random, client_id};
use crate::server::{self, Server};
use crate::wire::Given;

/// How many meetings are booked in one run.
pub const BOOKINGS: usize = 10_000;
/// A desk that books for a long time without central books at most so far ahead of the day that it is.
const AHEAD_DAYS: i64 = 21;
/// PostgreSQL as an administrator leaves it, but for more connections; every commit waits for the disk.
const SETTINGS: [&str; 4] =
    ["max_connections=200", "shared_buffers=256MB", "max_wal_size=2GB", "log_min_messages=error"];

pub struct Prepared {
    pub now: DateTime<Utc>,
    pub office: Uai,
    /// Who gives the commands.
    pub reception: PersonId,
    pub bookings: Vec<Given>,
    pub somebody: Client,
    /// The ends of the feeds that a desk of this office reads.
    pub heads: Vec<(String, u64)>,
    pub folder: PathBuf,
    /// How often everything is measured.
    pub runs: usize,
    postgres: Option<Server>,
}

impl Prepared {
    /// With PostgreSQL or without: it takes longest to make ready.
    pub async fn make(folder: &Path, runs: usize, with_server: bool) -> Self {
        let now = "2026-11-23T05:00:00Z".parse().expect("an instant");
        crate::say("making an office of the planned size");
        let mut big = BigOffice::build(now);
        let office = big.settings.office.uai.clone();
        let future = big.future(7);
        big.demo.appointments.extend(future.iter().cloned());
        let bookings = bookings(&big);
        let reception =
            big.settings.people.values().find(|p| p.role == Role::Receptionist).expect("reception").id;
        let somebody = big.clients().swap_remove(0);
        let postgres = with_server.then(|| server::start(&SETTINGS));
        let mut locations = vec![sqlite_url(&folder.join("filled.db"))];
        if let Some(server) = &postgres {
            tell(server, "CREATE DATABASE filled").await;
            locations.push(server.url("filled"));
        }
        let state = state(&big, future);
        let mut heads = Vec::new();
        for location in locations {
            let begun = Instant::now();
            heads = fill(&location, now, &state).await;
            let on = location.split(':').next().unwrap_or_default();
            crate::say(&format!("{on} filled in {:.1} s", begun.elapsed().as_secs_f64()));
        }
        let ours = [office_scope(&office), DIRECTORY.to_owned()];
        heads.retain(|(scope, _)| ours.contains(scope));
        Self { now, office, reception, bookings, somebody, heads, folder: folder.to_owned(), runs, postgres }
    }

    /// A copy of central's SQLite file under this name, on the disk.
    pub fn sqlite(&self, name: &str) -> String {
        sqlite_url(&copied(&self.folder.join("filled.db"), &self.folder.join(format!("{name}.db"))))
    }

    /// A copy of central's database on the server.
    pub async fn postgres(&self, name: &str) -> String {
        let server = self.postgres.as_ref().expect("a server was asked for");
        tell(server, &format!("DROP DATABASE IF EXISTS {name}")).await;
        tell(server, &format!("CREATE DATABASE {name} TEMPLATE filled")).await;
        tell(server, "CHECKPOINT").await;
        server.url(name)
    }
}

/// The address of a file.
pub fn sqlite_url(path: &Path) -> String {
    format!("sqlite:{}", path.display())
}

/// Copies a file that nobody has open, and waits for the disk.
pub fn copied(from: &Path, to: &Path) -> PathBuf {
    for old in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{old}", to.display()));
    }
    std::fs::copy(from, to).expect("a copy");
    std::fs::File::open(to).and_then(|file| file.sync_all()).expect("on the disk");
    to.to_owned()
}

async fn tell(server: &Server, sql: &str) {
    let mut conn = PgConnection::connect(&server.url("postgres")).await.expect("a connection");
    sqlx::query(AssertSqlSafe(sql)).execute(&mut conn).await.unwrap_or_else(|e| panic!("{sql}: {e}"));
}

fn state(big: &BigOffice, future: Vec<Appointment>) -> OfficeState {
    let past = big.past();
    assert_eq!((past.len(), future.len()), (PAST, FUTURE), "the planned sizes");
    OfficeState {
        appointments: past.into_iter().chain(future).map(|a| (a.id, a)).collect(),
        enquiries: big.enquiries().into_iter().map(|e| (e.id, e)).collect(),
        clients: big.clients().into_iter().map(|c| (c.id, c)).collect(),
        ..OfficeState::new(Arc::new(big.settings.clone()))
    }
}

/// The demonstration, with its first office made as large as one is planned to be; the ends of all feeds.
async fn fill(url: &str, now: DateTime<Utc>, state: &OfficeState) -> Vec<(String, u64)> {
    let location = &Location::parse(url).expect("a database");
    let config = Config {
        database: location.clone(),
        listen: ([127, 0, 0, 1], 0).into(),
        demo: true,
        now: Some(now),
        poll_s: None,
        read_replica: None,
    };
    spawn(config).await.expect("central starts").shutdown().await;
    let store = store::open(location, false).await.expect("the database");
    enlarge(&store, url, state).await.expect("the office is written");
    let heads = store.read().await.expect("a reader").heads().await.expect("heads");
    store.close().await;
    heads
}

/// Counts what is in the tables of a server, as it does by itself from time to time.
async fn analyse(url: &str) {
    if url.starts_with("postgres") {
        let mut conn = PgConnection::connect(url).await.expect("a connection");
        sqlx::query("ANALYZE").execute(&mut conn).await.expect("counted");
    }
}

async fn enlarge(store: &Store, url: &str, state: &OfficeState) -> Result<(), store::StoreError> {
    let mut tx = store.write().await?;
    let scope = office_scope(&state.settings.office.uai);
    let mut feed = Feed::lock(&mut tx, &scope).await?.expect("the demonstration's office");
    for (entity, id, doc) in store::settings_documents(&state.settings)? {
        store::put_document(&mut tx, &mut feed, entity, &id, &doc).await?;
    }
    let mut touched: Vec<Touched> = state.clients.keys().map(|id| Touched::Client(*id)).collect();
    touched.extend(state.enquiries.keys().map(|id| Touched::Enquiry(*id)));
    touched.extend(state.appointments.keys().map(|id| Touched::Appointment(*id)));
    assert_eq!(touched.len(), CLIENTS + ENQUIRIES + PAST + FUTURE);
    feed.save(&mut tx).await?;
    tx.commit().await?;
    // In parts, and told to the planner of the server between them: it would read whole tables of which it knows nothing.
    for (n, part) in touched.chunks(1_000).enumerate() {
        let mut tx = store.write().await?;
        let mut feed = Feed::lock(&mut tx, &scope).await?.expect("the office");
        store::write_touched(&mut tx, &mut feed, state, part).await?;
        feed.save(&mut tx).await?;
        tx.commit().await?;
        if n % 8 == 0 {
            analyse(url).await;
        }
    }
    Ok(())
}

/// What a reception books that is cut off for more than a year: each meeting within three weeks of the moment that it is
/// booked at, all of them possible, each with somebody else.
fn bookings(big: &BigOffice) -> Vec<Given> {
    let from = big.today + Days::new(1);
    let mut slots = big.meetings(BOOKINGS, 77, from, from + Days::new(7 * 80));
    assert_eq!(slots.len(), BOOKINGS, "free slots");
    let mut random = Random::new(5);
    slots.sort_by_cached_key(|a| {
        a.start - TimeDelta::minutes(random.below(AHEAD_DAYS as usize * 1_440) as i64)
    });
    slots
        .iter()
        .enumerate()
        .map(|(n, slot)| {
            // A pace that no reception keeps up: every forty seconds somebody is booked.
            let at = big.now + TimeDelta::seconds(40 * n as i64);
            let command = json!({ "kind": "appointment.book", "args": {
                "id": v7(at), "kind": slot.kind, "counsellor": slot.counsellor, "site": slot.site,
                "start": slot.start.with_timezone(&slot.zone).naive_local(), "zone": slot.zone,
                // Nobody who has a meeting already.
                "minutes": slot.minutes(), "client": client_id(FUTURE + n),
            }});
            Given { id: v7(at), at, command }
        })
        .collect()
}

/// An id as desks make them.
fn v7(at: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(at.timestamp()).expect("after 1970");
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, at.timestamp_subsec_nanos()))
}
