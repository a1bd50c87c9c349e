//! Which programme is given where: what the index is told of offerings. There are hundreds of thousands, of few
//! programmes at few institutions; so each has a few numbers here instead of its texts.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::OpenError;
use super::record::parse;

/// Offerings that are not gone, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Given {
    ids: String,
    rows: Vec<Row>,
    programmes: Names,
    institutions: Names,
    attendances: Vec<Vec<String>>,
    by_attendance: FxHashMap<Vec<String>, u32>,
    /// Attendances by their JSON, as an offering is kept.
    by_json: FxHashMap<Box<str>, u32>,
}

#[derive(Debug, Clone, Copy)]
struct Row {
    id_ends: usize,
    programme: u32,
    institution: u32,
    attendance: u32,
}

/// All that is read of an [`Offering`](crate::model::Offering) here.
#[derive(Deserialize)]
struct Attended {
    #[serde(default)]
    attendance: Vec<String>,
}

/// One offering; numbers count from zero in the order in which things are first named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenAt<'a> {
    /// `AF.n`; the same may stand at several institutions.
    pub id: &'a str,
    /// Number of its programme in [`Given::programmes`].
    pub programme: usize,
    /// Number of its institution in [`Given::institutions`].
    pub institution: usize,
    /// Number of how it is attended in [`Given::attendances`].
    pub attendance: usize,
}

/// Identifiers, numbered as they come.
#[derive(Debug, Clone, Default)]
struct Names {
    all: Vec<Box<str>>,
    numbers: FxHashMap<Box<str>, u32>,
}

impl Names {
    fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.all.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }
}

impl Given {
    /// Adds one.
    pub(crate) fn add(&mut self, id: &str, programme: &str, institution: &str, attendance: &[String]) {
        let attendance = self.attended(attendance);
        self.push(id, programme, institution, attendance);
    }

    /// Adds one, whose attendance is written as JSON.
    pub(super) fn add_written(
        &mut self,
        id: &str,
        programme: &str,
        institution: &str,
        attendance: &str,
    ) -> Result<(), OpenError> {
        let number = match self.by_json.get(attendance) {
            Some(number) => *number,
            None => {
                let read: Vec<String> = parse(id, attendance)?;
                let number = self.attended(&read);
                self.by_json.insert(attendance.into(), number);
                number
            }
        };
        self.push(id, programme, institution, number);
        Ok(())
    }

    /// Adds one that is kept from another file, with its record as it lies there.
    pub(crate) fn add_kept(
        &mut self,
        id: &str,
        programme: &str,
        institution: &str,
        body: &str,
    ) -> Result<(), OpenError> {
        let Attended { attendance } = parse(id, body)?;
        self.add(id, programme, institution, &attendance);
        Ok(())
    }

    fn attended(&mut self, attendance: &[String]) -> u32 {
        if let Some(number) = self.by_attendance.get(attendance) {
            return *number;
        }
        let number = self.attendances.len() as u32;
        self.attendances.push(attendance.to_vec());
        self.by_attendance.insert(attendance.to_vec(), number);
        number
    }

    fn push(&mut self, id: &str, programme: &str, institution: &str, attendance: u32) {
        self.ids.push_str(id);
        self.rows.push(Row {
            id_ends: self.ids.len(),
            programme: self.programmes.number(programme),
            institution: self.institutions.number(institution),
            attendance,
        });
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = GivenAt<'_>> {
        let mut begun = 0;
        self.rows.iter().map(move |row| GivenAt {
            id: &self.ids[std::mem::replace(&mut begun, row.id_ends)..row.id_ends],
            programme: row.programme as usize,
            institution: row.institution as usize,
            attendance: row.attendance as usize,
        })
    }

    /// Identifiers of the programmes that are given somewhere.
    #[must_use]
    pub fn programmes(&self) -> &[Box<str>] {
        &self.programmes.all
    }

    /// Identifiers of the institutions where something is given.
    #[must_use]
    pub fn institutions(&self) -> &[Box<str>] {
        &self.institutions.all
    }

    /// The ways in which offerings are attended.
    #[must_use]
    pub fn attendances(&self) -> &[Vec<String>] {
        &self.attendances
    }
}
