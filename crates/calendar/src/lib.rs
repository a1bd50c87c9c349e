//! iCalendar (RFC 5545): a writer that every calendar program accepts, and a reader that survives every file.
//!
//! The crate does no I/O and reads no clock: a writer is given the instant of writing and returns text, a reader
//! is given octets. It knows nothing of appointments either; whoever calls it turns an appointment into the
//! neutral [`CalendarEvent`].
//!
//! * [`write_appointment`] and [`write_agenda`] write files to download.
//! * [`read`] reads a file, own or foreign. The `ical` crate builds the tree, but only behind our own octet
//!   reader and before our own unescaping: left alone it drops spaces at folds, takes invalid UTF-8 for the end
//!   of the file and refuses a whole calendar for one unknown component.

mod escape;
mod event;
mod fold;
pub mod reader;
mod text;
mod vtimezone;
mod writer;

pub use event::{Alarm, CalendarEvent, Class, Geo, PRIVATE_SUMMARY, Status, Transparency, Uid, When};
pub use reader::{ReadCalendar, ReadError, ReadEvent, read};
pub use vtimezone::{FrenchZone, french_zone, french_zones};
pub use writer::{PRODID, write_agenda, write_appointment};
