//! The rules of the trade, pure: no I/O, no clock, no async. The desk decides at once with them, and central decides
//! again with the same function in its own transaction. `now` and every id are passed in.

pub mod appointment;
pub mod availability;
pub mod client;
pub mod command;
pub mod decide;
pub mod due;
pub mod enquiry;
pub mod event;
pub mod holidays;
pub mod ids;
pub mod lease;
pub mod meetings;
pub mod merging;
pub mod needs;
pub mod office;
pub mod people;
pub mod pins;
pub mod refusal;
pub mod routing;
pub mod school_holidays;
pub mod session;
pub mod settings;
pub mod slots;
pub mod state;
pub mod waiting;

pub use command::Command;
pub use decide::decide;
pub use event::Event;
pub use refusal::{Refusal, RefusalCode};
pub use state::OfficeState;
