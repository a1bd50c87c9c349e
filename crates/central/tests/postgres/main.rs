//! Stories of central on PostgreSQL: the same as on SQLite, to the letter, and what is of a server alone.

// What a test does not expect may end it.
#![allow(clippy::unwrap_used, clippy::expect_used)]
#![cfg(unix)]

mod database;
mod differential;
mod hammer;
mod nodes;
mod opening;
mod replica;
mod server;
mod standby;
mod together;

#[path = "../story/access.rs"]
mod access;
#[path = "../story/administration.rs"]
mod administration;
#[path = "../story/arbitration.rs"]
mod arbitration;
#[path = "../story/background.rs"]
mod background;
#[path = "../story/backup.rs"]
mod backup;
#[path = "../story/colleagues.rs"]
mod colleagues;
#[path = "../story/family.rs"]
mod family;
#[path = "../story/heads.rs"]
mod heads;
#[path = "../story/intake.rs"]
mod intake;
#[path = "../story/interleaving.rs"]
mod interleaving;
#[path = "../story/killed.rs"]
mod killed;
#[path = "../story/leases.rs"]
mod leases;
#[path = "../story/limits.rs"]
mod limits;
#[path = "../story/office.rs"]
mod office;
#[path = "../story/openapi.rs"]
mod openapi;
#[path = "../story/operation.rs"]
mod operation;
#[path = "../story/overlap.rs"]
mod overlap;
#[path = "../story/pins.rs"]
mod pins;
#[path = "../story/process.rs"]
mod process;
#[path = "../story/quarantine.rs"]
mod quarantine;
#[path = "../story/restored.rs"]
mod restored;
#[path = "../story/snapshots.rs"]
mod snapshots;
#[path = "../story/two_desks.rs"]
mod two_desks;
