//! The rules of the trade, from outside: tables of steps, the main path, and what holds for any sequence of commands.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod availability;
mod enquiries;
mod groups;
mod meetings;
mod pairs;
mod people;
mod pins;
mod random;
mod scenario;
mod search;
mod sequences;
mod settings;
mod settings_days;
mod small_office;
mod steps;
mod time;
mod waiting;
mod wire;
