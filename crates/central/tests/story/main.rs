//! Stories of central over real HTTP, on real files, with the demonstration data.

// What a test does not expect may end it.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod access;
mod administration;
mod arbitration;
mod background;
mod backup;
mod colleagues;
mod command_line;
mod database;
mod family;
mod heads;
mod intake;
mod interleaving;
mod killed;
mod leases;
mod limits;
mod office;
mod openapi;
mod operation;
mod overlap;
mod pins;
mod process;
mod quarantine;
mod restored;
mod snapshots;
mod two_desks;
