//! Tests across crates.

pub mod dice;
pub mod force;
pub mod sim;
