//! Printed pages: the day sheet, the invitation letter, the sign-in sheet of a group session.
//!
//! Each begins as a description without any measure ([`day_sheet`], [`letter`], [`sign_in`]), made from the very view
//! that the screen draws: what is on paper is what was on the screen. The description becomes a [`paper::Paper`], blocks
//! and tables in order; [`layout`] puts them in their place; [`pdf`] draws them. Only the last knows that there is PDF.
//!
//! Everything on these pages is booking data: who, when, where, what kind. No question and no note is ever printed.

pub mod day_sheet;
mod facts;
mod font;
pub mod layout;
pub mod letter;
pub mod paper;
mod pdf;
#[cfg(test)]
mod sight;
pub mod sign_in;
pub mod words;

use chrono::{DateTime, Utc};

use self::font::Fonts;
use self::paper::Paper;

/// A document, drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The PDF.
    pub bytes: Vec<u8>,
    /// How many pages it has.
    pub pages: usize,
}

/// Why a document could not be drawn: a fault of the program, never of what is printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// A font that comes with the program cannot be read.
    #[error("a font of the program cannot be read")]
    Font,
    /// The document breaks a rule of PDF.
    #[error("not a correct PDF: {0}")]
    Pdf(String),
}

/// Draws a document. `at` is written into it as the moment at which it was made.
///
/// # Errors
/// [`PrintError`].
pub fn draw(paper: &Paper, at: DateTime<Utc>) -> Result<Printed, PrintError> {
    let fonts = Fonts::get()?;
    let laid = layout::lay_out(paper, fonts);
    let bytes = pdf::draw(&laid, &paper.title, at, fonts)?;
    Ok(Printed { bytes, pages: laid.pages.len() })
}
