//! Synchronisation with central: enrolment, the engine that decides what is sent and what an answer means, and the loop
//! that carries it over HTTP.

mod access;
mod catalogue;
mod central;
mod colleagues;
mod engine;
mod enrol;
mod exchange;
mod leases;
mod line;
mod listen;
mod packed;
mod quarantine;
mod steps;
mod timer;
mod worker;

pub use access::Access;
pub use catalogue::{ReleaseError, Taken, take as take_release};
pub use central::SyncError;
pub use colleagues::{Heard, learn_now as learn_colleagues, listen as listen_to_colleagues, once as share};
pub use engine::Engine;
pub use enrol::enrol;
pub(crate) use enrol::{new_incarnation, random_key};
pub use exchange::{once, once_in_pages, poll};
pub use leases::revoke;
pub(crate) use line::reason;
pub use quarantine::{quarantine, settle};
pub use steps::{Answer, Ask, Step, SyncReport};
pub use worker::run;
