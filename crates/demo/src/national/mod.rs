//! A catalogue of the size of the country's, in the very formats that are published, made anew and always the same:
//! what the import, the search and the load tests are measured on.
//!
//! Names of diplomas, occupations and communes are real, because they are public; institutions, numbers, texts and
//! links are invented. Identifiers begin at eight million, UAIs stand in ranges that are not in use, SIRETs fail their
//! check, telephone numbers are those kept for fiction, addresses of pages end in `.example`.

mod codes;
mod directory;
mod institutions;
mod line;
mod names;
mod occupations;
mod offerings;
mod places;
mod programmes;
mod questions;
mod teaching;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use crate::random::Random;

pub(crate) use institutions::HEADS as HEADS_OF_INSTITUTIONS;
pub(crate) use line::{write_heads, write_line, xml};
pub(crate) use offerings::HEADS as HEADS_OF_OFFERINGS;

use institutions::Institutions;
use names::Fields;
use places::Places;

/// First number of the identifiers.
const BASE: usize = 8_000_000;

/// How much of everything there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Programmes, one row each.
    pub programmes: usize,
    /// Programmes that have a sheet.
    pub programme_sheets: usize,
    /// Occupations, each with its sheet.
    pub occupations: usize,
    /// Rows of occupations: one for each publication, so that identifiers come again.
    pub occupation_rows: usize,
    /// Institutions of secondary education.
    pub secondary: usize,
    /// Institutions of higher education.
    pub higher: usize,
    /// Primary schools, offices and services: the rows of the Annuaire, none of them among the institutions above.
    pub directory: usize,
    /// Programmes at a place, up to the bac.
    pub school_offerings: usize,
    /// Programmes at a place, after the bac.
    pub higher_offerings: usize,
    /// Questions and answers.
    pub questions: usize,
    /// Rows of the subjects of the second class of lycée.
    pub second_subjects: usize,
    /// Rows of the subjects of the first class of lycée.
    pub first_subjects: usize,
}

impl Counts {
    /// The counts at a scale: 1.0 is the country. Names of programmes and occupations shrink less than places do, so
    /// that a small catalogue has some of every kind.
    #[must_use]
    pub fn at(scale: f64) -> Counts {
        let scaled = |full: usize, least: usize| ((full as f64 * scale).round() as usize).max(least);
        let occupations = scaled(600, 120);
        Counts {
            programmes: scaled(5_900, 1_500),
            programme_sheets: scaled(2_164, 200),
            occupations,
            occupation_rows: occupations + occupations * 2 / 3,
            secondary: scaled(15_293, 200),
            higher: scaled(8_985, 120),
            directory: scaled(54_322, 100),
            school_offerings: scaled(150_000, 500),
            higher_offerings: scaled(80_000, 300),
            questions: scaled(1_000, 150),
            second_subjects: scaled(2_682, 20),
            first_subjects: scaled(2_452, 20),
        }
    }

    /// Institutions of all files.
    #[must_use]
    pub fn institutions(&self) -> usize {
        self.secondary + self.higher + self.directory
    }

    /// Programmes at a place.
    #[must_use]
    pub fn offerings(&self) -> usize {
        self.school_offerings + self.higher_offerings
    }
}

/// Where and from what a file is made.
struct Making<'a> {
    folder: &'a Path,
    seed: u64,
    counts: Counts,
    fields: &'a Fields,
    places: &'a Places,
}

impl Making<'_> {
    /// A sequence of its own for each purpose.
    fn random(&self, purpose: &str) -> Random {
        Random::new(&format!("national/{}/{purpose}", self.seed))
    }

    /// A new file of the folder.
    fn file(&self, name: &str) -> io::Result<BufWriter<File>> {
        Ok(BufWriter::with_capacity(1 << 16, File::create(self.folder.join(name))?))
    }
}

/// Writes the catalogue into a folder, which is made if it lacks: the same scale and seed give the same bytes on every
/// machine. Files stream; what is held is the list of institutions of secondary and higher education, a few
/// megabytes.
///
/// # Errors
/// What the disk refuses.
pub fn write(folder: &Path, scale: f64, seed: u64) -> io::Result<Counts> {
    fs::create_dir_all(folder)?;
    let counts = Counts::at(scale);
    let fields = Fields::load();
    let places = Places::load();
    let making = Making { folder, seed, counts, fields: &fields, places: &places };

    let occupations = occupations::list(&making);
    let programmes = programmes::list(&making);
    names::write_domains(&making)?;
    occupations::write_table(&making, &occupations)?;
    occupations::write_sheets(&making, &occupations, &programmes)?;
    programmes::write_table(&making, &programmes)?;
    programmes::write_sheets(&making, &programmes, &occupations)?;
    let mut uais = codes::Uais::default();
    let institutions = Institutions::make(&making, &mut uais);
    institutions.write_tables(&making)?;
    offerings::write(&making, &programmes, &institutions)?;
    teaching::write(&making, &institutions)?;
    directory::write(&making, &mut uais)?;
    questions::write(&making, &occupations, &programmes)?;
    Ok(counts)
}

/// Two days in the form of the files: made in the migration of June 2020 or since, changed later.
fn days(random: &mut Random) -> (String, String) {
    let day = |days: i64| {
        let base = chrono::NaiveDate::from_ymd_opt(2020, 6, 6).unwrap_or_default();
        (base + chrono::Duration::days(days)).format("%d/%m/%Y").to_string()
    };
    let made = if random.percent(70) { 0 } else { random.between(1, 2_200) };
    (day(made), day(random.between(made, 2_270)))
}

/// The end of a file: a full disk must not pass for success.
fn finish(mut file: BufWriter<File>) -> io::Result<()> {
    file.flush()
}
