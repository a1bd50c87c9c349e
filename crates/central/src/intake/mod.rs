//! The intake: an enquiry is checked field by field, routed to an office and received there, once for each
//! idempotency key.

mod fields;
mod receive;
mod reference;

pub use fields::{checked, explained};
pub use receive::{IntakeError, receive};
