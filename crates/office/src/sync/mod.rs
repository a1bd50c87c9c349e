//! Synchronisation with central: enrolment, one exchange, and the loop that goes on by itself.

mod catalogue;
mod central;
mod enrol;
mod exchange;
mod listen;
mod worker;

pub use catalogue::{ReleaseError, Taken, take as take_release};
pub use central::SyncError;
pub(crate) use central::reason;
pub use enrol::enrol;
pub(crate) use enrol::{new_incarnation, random_key};
pub use exchange::{SyncReport, once, once_in_pages};
pub use worker::run;
