//! What desk and central say to each other: `POST /v1/sync`, `POST /v1/desks`, `POST /v1/token`, the intake, and the
//! distribution of the catalogue.
//!
//! Versions of the wire form, newest first. A field is only ever added; unknown fields are ignored on reading.
//! - 1 (2026-11): `/v1/colleagues` and what desks of an office say to each other; `vouch` of a command, `colleagues` and
//!   `decided` of an exchange. Older sides leave them out.
//! - 1 (2026-11): `/v1/quarantine`, for a desk that is trusted no longer. An older central answers 404; there it keeps all.
//! - 1 (2026-11): leases are documents of the feed; `lease` of a command, `leases` of a request.
//! - 1 (2026-11): `marks` beside cursors. An older desk sends none, an older central does not look at them.
//! - 1 (2026-11): `GET /v1/heads`, for a desk that has nothing to send. Without it a desk exchanges.
//! - 1 (2026-11): snapshots in parts; a feed no longer reaches back to its beginning (`cursor_expired`).
//! - 1 (2026-11): `asked` and `unknown` after a change of epoch, `check` of each scope. Older sides leave them out.
//! - 1 (2026-11): commands with ids and verdicts, a gapless sequence per scope, cursors.

pub mod catalogue;
pub mod colleagues;
mod document;
pub mod enrol;
pub mod heads;
pub mod intake;
pub mod lease;
pub mod problem;
pub mod snapshot;
pub mod sync;
mod tally;

pub use document::Document;

/// Version of the wire form that this build writes.
pub const VERSION: u32 = 1;
