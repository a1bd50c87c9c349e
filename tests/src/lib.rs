//! Tests across crates.

pub mod force;
