//! The desk's database: one writer, many readers, every change one transaction.
//!
//! Two layers lie over one another. What central has said is the base; what this desk has done since and central has not
//! shown back is the overlay. The tables hold the sum of both, so that every query is simple and the triggers guard what
//! people see. `overlay` keeps the base of each document that the overlay covers. An answer of central changes the base under
//! the overlay (`advance`); where that concerns a command that still waits, a rebase takes the overlay off, applies central's
//! changes, and decides the pending commands again on top (`overlay`). Either is one transaction.
//!
//! The alternative, two sets of tables and a union in every query, costs each read what this costs one sync.

mod advance;
mod agenda;
mod arrival;
mod clients;
mod colleagues;
mod conflicts;
mod documents;
mod drafts;
mod error;
mod execute;
mod incarnation;
mod inverse;
mod lease;
mod meta;
mod open;
mod order;
mod outbox;
mod overlay;
mod preparation;
mod protections;
mod rebase;
mod refetch;
mod settings;
mod slice;
mod snapshot;
mod soundness;
mod text;
mod trace;
mod undo;
mod waiting;
mod writing;

pub use agenda::AppointmentScan;
pub use clients::Traces;
pub use colleagues::{OtherEpoch, Sign};
pub use conflicts::ConflictRow;
pub use documents::{EnquiryScan, parse_doc};
pub use error::{Result, StoreError};
pub use execute::{About, ExecuteError, Executed, Step};
pub use lease::Unsure;
pub use meta::{Enrolment, keys as meta_keys};
pub use open::{Store, profile_database};
pub use outbox::OutboxRow;
#[doc(hidden)]
pub use protections::Protections;
pub use rebase::Rebased;
pub use snapshot::{CatchingUp, Gone, Kept};
pub use text::{fold, search_expression};
pub use undo::{UndoRow, UndoState};
