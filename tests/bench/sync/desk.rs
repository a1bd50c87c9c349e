//! Real desks with their own database files: the first synchronisation of a whole office, ten thousand changes, ten
//! thousand commands that wait, and a poll to which nothing has happened.

use std::path::{Path, PathBuf};
use std::time::Instant;

use chrono::{DateTime, Utc};
use passerelle_domain::command::Command;
use passerelle_domain::ids::Uai;
use passerelle_domain::people::{Actor, Role};
use passerelle_office::clock::Clock;
use passerelle_office::desk::Desk;
use passerelle_office::store::Step;
use passerelle_office::sync::SyncReport;

use crate::prepared::{BOOKINGS, Prepared, copied};
use crate::served::Central;

/// How many commands a desk is given at a time while it is made ready.
const AT_ONCE: usize = 100;

/// What an exchange took.
pub struct Taken {
    pub seconds: f64,
    pub report: SyncReport,
}

/// A new desk, before its first exchange.
pub async fn enrolled(prepared: &Prepared, base: &str, name: &str) -> Desk {
    let code = format!("DEMO-{}", prepared.office);
    let profile = prepared.folder.join(name);
    let _ = std::fs::remove_dir_all(&profile);
    passerelle_office::sync::enrol(&profile, base, &code, name, Clock::starting_at(prepared.now))
        .await
        .expect("the desk is enrolled")
}

/// One whole exchange.
pub async fn exchange(desk: &Desk) -> Taken {
    let begun = Instant::now();
    let report = passerelle_office::sync::once(desk).await.expect("an exchange");
    Taken { seconds: begun.elapsed().as_secs_f64(), report }
}

/// A desk that has booked everything while it was cut off, and central as it was before: each run begins with copies.
pub struct Waiting {
    profile: PathBuf,
    central: PathBuf,
    port: u16,
}

impl Waiting {
    pub async fn make(prepared: &Prepared) -> Self {
        let database = prepared.sqlite("waited");
        let central = Central::start(&database, prepared.now, 0);
        let desk = enrolled(prepared, &central.url, "waiting").await;
        exchange(&desk).await;
        let port = central.port();
        drop(central);
        book(&desk, prepared).await;
        desk.store().close().await;
        let path = database.trim_start_matches("sqlite:").into();
        Self { profile: prepared.folder.join("waiting"), central: path, port }
    }

    /// It comes back: seconds until everything is decided and it stands where central stands.
    pub async fn converge(&self, prepared: &Prepared, office: &Uai) -> Taken {
        let database = copied(&self.central, &prepared.folder.join("again.db"));
        let central = Central::start(&format!("sqlite:{}", database.display()), prepared.now, self.port);
        crate::push::caught_up(prepared, &central.url, 99).await;
        let profile = prepared.folder.join("again");
        let _ = std::fs::remove_dir_all(&profile);
        copy_folder(&self.profile, &profile);
        let desk = Desk::open(&profile, Clock::starting_at(prepared.now)).await.expect("the profile opens");
        let taken = exchange(&desk).await;
        let (pending, conflicts) = (taken.report.pending, taken.report.conflicts);
        assert_eq!((pending, conflicts, taken.report.accepted), (0, 0, BOOKINGS as u32), "all is decided");
        let scope = passerelle_protocol::sync::office_scope(office);
        let head = prepared.heads.iter().find(|(s, _)| *s == scope).map_or(0, |(_, head)| *head);
        let here = desk.store().cursors().await.expect("cursors")[&scope];
        assert_eq!(here, head + BOOKINGS as u64, "it stands where central stands");
        desk.store().close().await;
        drop(central);
        taken
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            copied(&entry.path(), &target);
        }
    }
}

/// Gives all the bookings to a desk, which decides, writes and queues each.
async fn book(desk: &Desk, prepared: &Prepared) {
    let settings = desk.settings().await.expect("the database").expect("settings");
    let person = settings.people.values().find(|p| p.role == Role::Receptionist).expect("reception").id;
    let number = desk.desk_id().expect("enrolled");
    let actor = Actor::Staff { person, role: Role::Receptionist, desk: number };
    for given in prepared.bookings.chunks(AT_ONCE) {
        let commands: Vec<Command> =
            given.iter().map(|g| serde_json::from_value(g.command.clone()).expect("a command")).collect();
        let now: DateTime<Utc> = given.last().map_or(prepared.now, |g| g.at);
        let step = Step { actor: actor.clone(), now, commands, undoable: false };
        desk.store().execute(&step).await.expect("booked");
    }
}
