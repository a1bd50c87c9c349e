//! The palette, calendar files, and errors.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::SlotView;

/// `palette.search`: one line of the palette.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PaletteItem {
    /// "slot", "day", "next", "client", "person", "enquiry", "catalogue".
    pub kind: String,
    /// Id, when it has one.
    pub id: Option<String>,
    /// What is shown, in words, for clients and enquiries; other kinds are worded on the screen from the fields.
    pub title: String,
    /// Second text.
    pub detail: Option<String>,
    /// A day.
    pub date: Option<NaiveDate>,
    /// A slot.
    pub slot: Option<SlotView>,
    /// How many meetings (of a day).
    pub count: Option<u32>,
    /// Matched character ranges of the title.
    pub matched: Vec<(u16, u16)>,
}

/// `calendar.export` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CalendarRequest {
    /// One appointment, or…
    pub appointment: Option<String>,
    /// …an agenda: from this day…
    pub from: Option<NaiveDate>,
    /// …to this one, included…
    pub to: Option<NaiveDate>,
    /// …of one counsellor.
    pub counsellor: Option<String>,
    /// Names and kinds in the text; otherwise "Rendez-vous CIO".
    pub with_names: bool,
    /// File to write; a name in the downloads folder is made when absent.
    pub out: Option<String>,
}

/// `calendar.export`.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct CalendarFile {
    /// How many events.
    pub events: u32,
    /// Where it was written.
    pub file: String,
}

/// How an error crosses: no Rust text reaches the screen.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ApiError {
    /// Stable code.
    pub code: String,
    /// What the text needs.
    #[ts(type = "unknown")]
    pub params: serde_json::Value,
    /// Trying again may help.
    pub retry: bool,
    /// For the log and for support; in English, never shown as the message.
    pub detail: Option<String>,
}
