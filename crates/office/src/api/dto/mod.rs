//! What crosses to the screen and to the command line's `--json`. TypeScript types are generated from here.
//!
//! Instants are RFC 3339 in UTC, with the zone beside them where a civil time is shown; dates are `YYYY-MM-DD`.
//! Names are already written as they are shown ("Mme Dupont"); words that depend on the language stay on the screen.

mod agenda;
mod booking;
mod catalogue;
mod clients;
mod conflicts;
mod enquiries;
mod lookups;
mod overview;
mod pins;
mod print;
mod session;
mod settings;
mod undo;
mod waiting;

pub use agenda::*;
pub use booking::*;
pub use catalogue::*;
pub use clients::*;
pub use conflicts::*;
pub use enquiries::*;
pub use lookups::*;
pub use overview::*;
pub use pins::*;
pub use print::*;
pub use session::*;
pub use settings::*;
pub use undo::*;
pub use waiting::*;
