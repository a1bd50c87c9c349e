//! The catalogue's own file: SQLite, built beside the one in service, then only read.
//!
//! A folder holds files `catalogue-<release>.sqlite` and a small file that names the one in service ([`Folder`]). An
//! import never touches the file in service: it writes another, makes sure of it and then changes the pointer, one
//! rename. Files are never renamed or written while somebody may have them open.

mod cards;
mod documents;
mod folder;
mod given;
mod open;
mod places;
mod record;
mod standing;
mod write;

pub use cards::Card;
pub use documents::{Records, Whole};
pub use folder::{Folder, InService};
pub use given::{Given, GivenAt};
pub use open::{Catalogue, OpenError};
pub use places::Place;
pub use record::{Linked, Links, OfferingLink, Record, Shown};
pub use standing::Standing;
pub(crate) use write::{
    Batch, EntryRow, Finished, Gathering, LinkRow, OfferingRow, PartRow, SourceRow, Writer, batches,
    on_a_thread,
};

/// Number of the format of the file. Another number is another program's: the import is made again.
pub const FORMAT: &str = "1";

/// Tables of a new file.
const SCHEMA: &str = include_str!("../../../../migrations/catalogue/schema.sql");
/// Indexes, once it is full.
const INDEXES: &str = include_str!("../../../../migrations/catalogue/indexes.sql");

/// Names of the table `meta`.
pub(crate) mod meta {
    /// [`super::FORMAT`].
    pub const FORMAT: &str = "format";
    /// Release.
    pub const RELEASE: &str = "release";
    /// Records that can be found.
    pub const RECORDS: &str = "records";
    /// Links whose end is in no file.
    pub const DANGLING: &str = "dangling";
}
