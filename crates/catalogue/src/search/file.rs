//! The index as a file beside the catalogue: what is read back is what was saved, or refused with its reason.
//!
//! `PSRINDEX`, number of the format, stemmer, release of the catalogue, length of the parts, the parts compressed by
//! zstd. The parts stand one after the other, each with its length before it; numbers are little-endian, of lists of
//! numbers the low bytes stand first, then the higher ones, and where numbers rise it is the steps that are kept: both
//! halve what zstd leaves. The last four bytes of the file are the CRC-32 of all before them.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::{
    column::{Column, Facet},
    lexicon::Lexicon,
    place::Places,
    postings::{Parts, Postings},
    segment::Segment,
    stem,
};

const MAGIC: &[u8; 8] = b"PSRINDEX";
/// Changes whenever the parts do, or what is reckoned of the texts.
const FORMAT: u32 = 2;
/// Of zstd: beyond it, a tenth is gained for thrice the time.
const LEVEL: i32 = 3;
/// No index is so large, and no file that says so is believed.
const LARGEST: u64 = 2 << 30;

/// Why a saved index is not used. In each case the index is made again from the catalogue.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It cannot be read or written.
    #[error("{path}: {cause}")]
    Disk {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// It is something else.
    #[error("{0} is no index of the catalogue")]
    NotAnIndex(PathBuf),
    /// It was made by another release of the program, or of another release of the catalogue.
    #[error("{path} was made for another {what}: {found} instead of {expected}")]
    Other {
        /// The file.
        path: PathBuf,
        /// `format`, `stemmer` or `catalogue`.
        what: &'static str,
        /// What the file says.
        found: String,
        /// What is wanted.
        expected: String,
    },
    /// It was cut or changed.
    #[error("{0} is damaged")]
    Damaged(PathBuf),
}

/// Saves the index beside what was there, then puts it in its place.
pub(crate) fn save(segment: &Segment, path: &Path) -> Result<(), FileError> {
    let disk = |cause| FileError::Disk { path: path.to_owned(), cause };
    let bytes = bytes(segment).map_err(disk)?;
    let mut beside = path.as_os_str().to_owned();
    beside.push(".new");
    let written = fs::File::create(&beside).and_then(|mut file| {
        file.write_all(&bytes)?;
        file.sync_all()
    });
    written.and_then(|()| fs::rename(&beside, path)).map_err(disk)
}

/// Reads the index of this release of the catalogue.
pub(crate) fn load(path: &Path, catalogue: &str) -> Result<Segment, FileError> {
    let bytes = fs::read(path).map_err(|cause| FileError::Disk { path: path.to_owned(), cause })?;
    read(&bytes, path, catalogue)
}

pub(crate) fn bytes(segment: &Segment) -> io::Result<Vec<u8>> {
    let mut out = Out(Vec::with_capacity(32 << 20));
    out.bytes(segment.ids.as_bytes());
    out.rising(&segment.id_starts);
    out.lexicon(&segment.words);
    out.numbers(&segment.group_of);
    out.lexicon(&segment.groups);
    out.postings(&segment.strong);
    out.postings(&segment.weak);
    out.numbers(&segment.names_of);
    out.rising(&segment.name_starts);
    out.numbers(&segment.names);
    out.lexicon(&segment.codes);
    out.postings(&segment.coded);
    for column in &segment.columns {
        out.lexicon(&column.values);
        out.rising(&column.set_starts);
        out.shorts(&column.set_values);
        out.shorts(&column.set_of);
    }
    let coordinates: Vec<u32> = segment.places.points.iter().flatten().map(|c| c.to_bits()).collect();
    out.numbers(&coordinates);
    out.rising(&segment.places.starts);
    out.numbers(&segment.places.of);
    let parts = out.0;

    let mut out = Out(Vec::with_capacity(parts.len() / 2));
    out.0.extend_from_slice(MAGIC);
    out.0.extend_from_slice(&FORMAT.to_le_bytes());
    out.bytes(stem::VERSION.as_bytes());
    out.bytes(segment.catalogue.as_bytes());
    out.0.extend_from_slice(&(parts.len() as u64).to_le_bytes());
    out.0.extend(zstd::bulk::compress(&parts, LEVEL)?);
    let sum = crc32fast::hash(&out.0);
    out.0.extend_from_slice(&sum.to_le_bytes());
    Ok(out.0)
}

pub(crate) fn read(bytes: &[u8], path: &Path, catalogue: &str) -> Result<Segment, FileError> {
    let damaged = || FileError::Damaged(path.to_owned());
    let rest = bytes.strip_prefix(MAGIC).ok_or_else(|| FileError::NotAnIndex(path.to_owned()))?;
    let (format, _) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let format = u32::from_le_bytes(*format);
    let other = |what, found: String, expected: String| {
        Err(FileError::Other { path: path.to_owned(), what, found, expected })
    };
    // Another format may end otherwise, so it is told apart before the sum is.
    if format != FORMAT {
        return other("format", format.to_string(), FORMAT.to_string());
    }
    let (body, sum) = bytes.split_last_chunk::<4>().ok_or_else(damaged)?;
    if crc32fast::hash(body) != u32::from_le_bytes(*sum) {
        return Err(damaged());
    }
    let mut file = In(body.get(MAGIC.len() + 4..).ok_or_else(damaged)?);
    let stemmer = file.text().ok_or_else(damaged)?;
    if stemmer != stem::VERSION {
        return other("stemmer", stemmer, stem::VERSION.to_owned());
    }
    let made_of = file.text().ok_or_else(damaged)?;
    if made_of != catalogue {
        return other("catalogue", made_of, catalogue.to_owned());
    }
    let (length, compressed) = file.0.split_first_chunk::<8>().ok_or_else(damaged)?;
    let length = Some(u64::from_le_bytes(*length)).filter(|length| *length <= LARGEST);
    let length = length.and_then(|length| usize::try_from(length).ok()).ok_or_else(damaged)?;
    let parts = zstd::bulk::decompress(compressed, length).map_err(|_| damaged())?;
    let mut file = In(&parts);
    segment(&mut file, made_of).filter(|_| file.0.is_empty()).and_then(Segment::ready).ok_or_else(damaged)
}

fn segment(file: &mut In<'_>, catalogue: String) -> Option<Segment> {
    let ids = file.text()?;
    let id_starts = file.rising()?;
    let documents = id_starts.len().checked_sub(1)?;
    let words = file.lexicon()?;
    let group_of = file.numbers()?;
    let groups = file.lexicon()?;
    let strong = file.postings(documents)?;
    let weak = file.postings(documents)?;
    let names_of = file.numbers()?;
    if names_of.len() != documents {
        return None;
    }
    let name_starts = file.rising()?;
    let names = file.numbers()?;
    let codes = file.lexicon()?;
    let coded = file.postings(documents)?;
    let mut columns = Vec::with_capacity(Facet::ALL.len());
    for _ in Facet::ALL {
        columns.push(Column::from_parts(file.lexicon()?, file.rising()?, file.shorts()?, file.shorts()?)?);
    }
    let coordinates = file.numbers()?;
    let (points, []) = coordinates.as_chunks::<3>() else { return None };
    let points = points.iter().map(|point| point.map(f32::from_bits)).collect();
    let places = Places::from_parts(points, file.rising()?, file.numbers()?)?;
    Some(Segment {
        catalogue,
        ids,
        id_starts,
        words,
        group_of,
        groups,
        strong,
        weak,
        names_of,
        name_starts,
        names,
        codes,
        coded,
        columns,
        places,
        ..Segment::default()
    })
}

struct Out(Vec<u8>);

impl Out {
    fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        self.0.extend_from_slice(bytes);
    }

    /// The low bytes of all, then the higher ones, which are mostly zero.
    fn planes<const N: usize>(&mut self, numbers: impl ExactSizeIterator<Item = [u8; N]> + Clone) {
        self.0.extend_from_slice(&((numbers.len() * N) as u64).to_le_bytes());
        for plane in 0..N {
            self.0.extend(numbers.clone().map(|number| number[plane]));
        }
    }

    fn numbers(&mut self, numbers: &[u32]) {
        self.planes(numbers.iter().map(|number| number.to_le_bytes()));
    }

    /// Numbers that mostly rise, by their steps.
    fn rising(&mut self, numbers: &[u32]) {
        let before = |at: usize| if at == 0 { 0 } else { numbers[at - 1] };
        self.planes((0..numbers.len()).map(|at| numbers[at].wrapping_sub(before(at)).to_le_bytes()));
    }

    fn shorts(&mut self, numbers: &[u16]) {
        self.planes(numbers.iter().map(|number| number.to_le_bytes()));
    }

    fn longs(&mut self, numbers: &[u64]) {
        self.0.extend_from_slice(&(numbers.len() as u64 * 8).to_le_bytes());
        self.0.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    }

    fn lexicon(&mut self, lexicon: &Lexicon) {
        let (text, starts) = lexicon.parts();
        self.bytes(text.as_bytes());
        self.rising(starts);
    }

    fn postings(&mut self, postings: &Postings) {
        let (starts, sparse, dense_lists, dense) = postings.parts();
        self.rising(starts);
        self.rising(sparse);
        self.rising(dense_lists);
        self.longs(dense);
    }
}

/// What is left to read.
struct In<'a>(&'a [u8]);

impl<'a> In<'a> {
    fn bytes(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<8>()?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
        let (bytes, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<String> {
        std::str::from_utf8(self.bytes()?).ok().map(str::to_owned)
    }

    /// The planes of a list of numbers.
    fn planes<const N: usize>(&mut self) -> Option<[&'a [u8]; N]> {
        let bytes = self.bytes()?;
        let count = bytes.len().checked_div(N).filter(|count| count * N == bytes.len())?;
        Some(std::array::from_fn(|plane| &bytes[plane * count..(plane + 1) * count]))
    }

    fn numbers(&mut self) -> Option<Vec<u32>> {
        let [a, b, c, d] = self.planes()?;
        let numbers = a.iter().zip(b).zip(c.iter().zip(d));
        Some(numbers.map(|((a, b), (c, d))| u32::from_le_bytes([*a, *b, *c, *d])).collect())
    }

    fn rising(&mut self) -> Option<Vec<u32>> {
        let mut numbers = self.numbers()?;
        let mut last = 0u32;
        for number in &mut numbers {
            last = last.wrapping_add(*number);
            *number = last;
        }
        Some(numbers)
    }

    fn shorts(&mut self) -> Option<Vec<u16>> {
        let [a, b] = self.planes()?;
        Some(a.iter().zip(b).map(|(a, b)| u16::from_le_bytes([*a, *b])).collect())
    }

    fn longs(&mut self) -> Option<Vec<u64>> {
        let (numbers, []) = self.bytes()?.as_chunks::<8>() else { return None };
        Some(numbers.iter().map(|number| u64::from_le_bytes(*number)).collect())
    }

    fn lexicon(&mut self) -> Option<Lexicon> {
        Lexicon::from_parts(self.text()?, self.rising()?)
    }

    fn postings(&mut self, documents: usize) -> Option<Postings> {
        let parts = Parts {
            starts: self.rising()?,
            sparse: self.rising()?,
            dense_lists: self.rising()?,
            dense: self.longs()?,
        };
        Postings::from_parts(documents, parts)
    }
}
