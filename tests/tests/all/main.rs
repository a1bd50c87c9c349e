//! What crosses crates, in one binary: the rules of the workspace itself, and desk and central over real HTTP.

// The functions around the tests are tests too: what they expect and do not find is the failure.
#![allow(clippy::expect_used, clippy::panic, missing_docs)]

mod architecture;
mod colleagues;
mod epoch;
mod exchange;
mod force;
mod forgotten;
mod killed;
mod leases;
mod licences;
mod line;
mod look;
mod migrations;
mod overlay;
mod parts;
mod people;
mod pins;
mod profile;
mod quarantine;
mod race;
mod recovery;
mod releases;
mod replicas;
mod settings;
mod simulation;
mod snapshots;
mod source;
mod waiting;
mod weather;
mod workspace;
