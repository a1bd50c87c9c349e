//! The central service: intake of enquiries and their routing, enrolment of desks, arbitration of their commands, and
//! the feed of changes that keeps every desk of an office at the same state.
//!
//! It decides with the same [`passerelle_domain::decide()`] as the desks, one command after the other, in order, under
//! the lock of the office's feed, those of one request in one transaction. See [`arbitration`].

pub mod administration;
pub mod arbitration;
mod background;
pub mod cli;
pub mod clock;
mod demo;
pub mod exchange;
mod family;
pub mod gate;
pub mod held;
mod http;
mod intake;
pub mod known;
pub mod leases;
pub mod load;
pub mod metrics;
mod notifier;
pub mod publish;
mod push;
mod quarantine;
pub mod replica;
pub mod retention;
pub mod secret;
pub mod server;
pub mod service;
pub mod snapshot;
pub mod store;
mod tally;
mod together;

pub use server::{Config, Running, StartError, spawn};
