//! All that the desk of an office does, without any window: the local store, synchronisation, and one function for each
//! command that a screen or the command line can give.

pub mod api;
pub mod catalogue;
pub mod clock;
pub mod demo;
pub mod desk;
pub mod print;
pub mod profile;
pub mod store;
pub mod sync;
