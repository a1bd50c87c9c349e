//! Printed pages.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// `print.day_sheet` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DaySheetRequest {
    /// The day; the next working day when absent.
    pub date: Option<NaiveDate>,
    /// Only this counsellor; else everybody who sees somebody.
    pub counsellor: Option<String>,
    /// One list of everybody in the order of time, instead of a page a counsellor.
    pub desk: bool,
    /// File to write; one in the profile, for some days, when absent.
    pub out: Option<String>,
}

/// `print.letter` and `print.sign_in` arguments.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PrintRequest {
    /// The appointment; for a group session, that of any participant.
    pub id: String,
    /// File to write; one in the profile, for some days, when absent.
    pub out: Option<String>,
}

/// A PDF that was written.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct PrintedFile {
    /// Where it is.
    pub file: String,
    /// How many pages it has.
    pub pages: u32,
    /// The program that shows PDF was asked to open it.
    pub shown: bool,
    /// The day of the sheet, or of the meeting.
    pub date: NaiveDate,
}

/// A folder of the profile into which the desk writes for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WrittenFolder {
    /// Printed pages.
    Prints,
    /// Calendar entries.
    Calendars,
}

/// Asks for a folder to be shown.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, TS)]
pub struct FolderRequest {
    /// Which.
    pub of: WrittenFolder,
}

/// A folder, shown or not.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct FolderShown {
    /// Where it is.
    pub folder: String,
    /// The program that shows folders was asked to open it.
    pub shown: bool,
}
