//! The files that the catalogue is made of, one reader a format.
//!
//! [`sources`] finds the files, in folders and archives; [`recognise`] says what each is by what is in it; the readers
//! stream their rows through bounds that no hostile file passes ([`bounds`]). A row that is wrong is left out with its
//! reason; a file that cannot be read to its end is a [`Fault`], and stops the import: what a half-read file lacks would
//! look as if it had disappeared.

pub mod bounds;
mod cells;
mod csv_rows;
mod fault;
mod item;
mod json_rows;
pub mod questions;
mod recognise;
mod sheets;
pub mod sources;
mod tables;
mod xml_records;

use std::io::Read;

use bounds::Bounded;

pub use cells::{Cells, Columns, slug};
pub use fault::{Fault, FaultKind, Reject};
pub use item::{Item, Read as ReadRow, Row};
pub use recognise::{Format, HEAD, NotRead, recognise};
pub use tables::Table;

use crate::model::Dataset;

impl Format {
    /// In which order files are read: what others refer to first, so that an institution has its identifier before the
    /// Annuaire tells of its UAI.
    #[must_use]
    pub fn order(self) -> u8 {
        match self {
            Self::Csv(Table::Domains) | Self::Json(Table::Domains) => 0,
            Self::Csv(Table::Occupations) | Self::Json(Table::Occupations) => 1,
            Self::OccupationSheets => 2,
            Self::Csv(Table::Programmes) | Self::Json(Table::Programmes) => 3,
            Self::ProgrammeSheets => 4,
            Self::Questions => 5,
            Self::Csv(Table::SecondaryInstitutions) | Self::Json(Table::SecondaryInstitutions) => 6,
            Self::Csv(Table::HigherInstitutions) | Self::Json(Table::HigherInstitutions) => 7,
            Self::Csv(Table::Offerings) | Self::Json(Table::Offerings) => 8,
            Self::Csv(Table::SecondYearSubjects | Table::FirstYearSubjects)
            | Self::Json(Table::SecondYearSubjects | Table::FirstYearSubjects) => 9,
            Self::Csv(Table::Directory) | Self::Json(Table::Directory) => 10,
        }
    }

    /// The dataset, once all is read: offerings of both universes have the same columns (see [`Table::dataset`]).
    #[must_use]
    pub fn dataset(self, secondary: bool) -> Dataset {
        match self {
            Self::Csv(table) | Self::Json(table) => table.dataset(secondary),
            Self::ProgrammeSheets => Dataset::ProgrammeSheets,
            Self::OccupationSheets => Dataset::OccupationSheets,
            Self::Questions => Dataset::Questions,
        }
    }
}

/// Reads all of `source`, gives each row to `each` with its line, and says which collection of questions it was, if it
/// was one.
pub fn read<R: Read>(
    format: Format,
    source: Bounded<R>,
    file: &str,
    each: &mut dyn FnMut(u64, Row) -> Result<(), Fault>,
) -> Result<Option<questions::Collection>, Fault> {
    match format {
        Format::Csv(table) => csv_rows::read(source, file, table, each).map(|()| None),
        Format::Json(table) => json_rows::read(source, file, table, each).map(|()| None),
        Format::ProgrammeSheets => xml_records::read(source, file, sheets::programme, each).map(|()| None),
        Format::OccupationSheets => xml_records::read(source, file, sheets::occupation, each).map(|()| None),
        Format::Questions => questions::read(source, file, each).map(Some),
    }
}
