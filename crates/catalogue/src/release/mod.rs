//! Releases: a catalogue as packs that travel, and a catalogue made of packs that arrived.
//!
//! A pack is rows ([`lines`]) compressed by zstd: a full one has all of a release, a delta what is put and removed since
//! the release before it. Rows are known by keys that stay the same from release to release, so that what did not change
//! is in no delta. A release is known by the number of its rows and a sum of them that does not depend on their order:
//! whether a desk came to it by the full pack or by eight deltas, it has the same rows.
//!
//! What a desk imported itself (datasets that are not central's) stays beside the release and is not counted in it.

mod install;
mod lines;
mod make;
mod pack;

pub use install::{InstallError, Wanted, install};
pub use make::{Made, MakeError, make};
pub use pack::PackError;
