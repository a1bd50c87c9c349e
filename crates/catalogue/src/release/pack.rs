//! The form of a pack: zstd over lines, a head before them and their number behind them.

use std::io::{self, BufRead, BufReader, Read, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Number of the form.
const FORM: u32 = 1;
/// Of zstd: packs are made a few times a year and fetched by thousands.
const LEVEL: i32 = 12;
/// No row is so long.
const LONGEST: u64 = 16 << 20;

/// Why a pack cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// The disk, or bytes that are no zstd.
    #[error("the pack cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Not one of ours, or of another form.
    #[error("{0} is no pack that this program reads")]
    Form(String),
    /// It ends before its end, or a line is none.
    #[error("the pack is damaged: {0}")]
    Damaged(String),
}

/// What stands before the lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Head {
    /// [`FORM`].
    passerelle_pack: u32,
    /// The release that it makes.
    pub release: String,
    /// The release that it is put over; none for a full one.
    pub from: Option<String>,
}

impl Head {
    pub(super) fn new(release: &str, from: Option<&str>) -> Self {
        Self { passerelle_pack: FORM, release: release.to_owned(), from: from.map(str::to_owned) }
    }
}

/// What stands behind the lines.
#[derive(Debug, Serialize, Deserialize)]
struct Foot {
    lines: u64,
}

/// The sum of rows: of each the first half of its SHA-256, added. It does not depend on their order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum(u128);

impl Sum {
    /// That of one row.
    pub(super) fn of(text: &str) -> Self {
        let digest = Sha256::digest(text.as_bytes());
        let mut half = [0; 16];
        half.copy_from_slice(&digest[..16]);
        Self(u128::from_le_bytes(half))
    }

    /// With another row.
    pub(super) fn add(&mut self, text: &str) {
        self.0 = self.0.wrapping_add(Self::of(text).0);
    }

    /// As it is written: 32 hexadecimal digits.
    pub(super) fn written(self) -> String {
        format!("{:032x}", self.0)
    }
}

/// A pack being written.
pub(super) struct Packing<W: Write> {
    out: zstd::stream::write::Encoder<'static, W>,
    lines: u64,
}

impl<W: Write> Packing<W> {
    pub(super) fn begin(out: W, head: &Head) -> io::Result<Self> {
        let mut out = zstd::stream::write::Encoder::new(out, LEVEL)?;
        out.include_checksum(true)?;
        serde_json::to_writer(&mut out, head)?;
        out.write_all(b"\n")?;
        Ok(Self { out, lines: 0 })
    }

    /// A row that is put: its line.
    pub(super) fn put(&mut self, text: &str) -> io::Result<()> {
        self.lines += 1;
        self.out.write_all(text.as_bytes())?;
        self.out.write_all(b"\n")
    }

    /// A row that is removed: its key.
    pub(super) fn remove(&mut self, key: &str) -> io::Result<()> {
        let text = serde_json::to_string(key)?;
        self.put(&text)
    }

    pub(super) fn end(mut self) -> io::Result<W> {
        let foot = Foot { lines: self.lines };
        serde_json::to_writer(&mut self.out, &foot)?;
        self.out.write_all(b"\n")?;
        self.out.finish()
    }
}

/// What a line of a pack says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// A row, by its key.
    Put(String, String),
    /// A row that is removed.
    Remove(String),
}

/// A pack being read.
pub(super) struct Unpacking<R: Read> {
    lines: BufReader<zstd::stream::read::Decoder<'static, BufReader<R>>>,
    /// What stands before the lines.
    pub head: Head,
    read: u64,
    ended: bool,
}

impl<R: Read> Unpacking<R> {
    /// `name` is what it is called when it is none.
    pub(super) fn begin(bytes: R, name: &str) -> Result<Self, PackError> {
        let mut lines = BufReader::with_capacity(1 << 17, zstd::stream::read::Decoder::new(bytes)?);
        let mut first = String::new();
        let form = |_| PackError::Form(name.to_owned());
        (&mut lines).take(LONGEST).read_line(&mut first).map_err(|_| PackError::Form(name.to_owned()))?;
        let head: Head = serde_json::from_str(&first).map_err(form)?;
        if head.passerelle_pack != FORM {
            return Err(PackError::Form(name.to_owned()));
        }
        Ok(Self { lines, head, read: 0, ended: false })
    }

    /// The next line; none at the end, which is there.
    pub(super) fn next(&mut self) -> Result<Option<Said>, PackError> {
        if self.ended {
            return Ok(None);
        }
        let mut text = String::new();
        let read = (&mut self.lines).take(LONGEST).read_line(&mut text)?;
        if read == 0 || !text.ends_with('\n') {
            return Err(PackError::Damaged(format!("it ends after {} rows", self.read)));
        }
        text.pop();
        if text.starts_with('{') {
            let foot: Foot = serde_json::from_str(&text).map_err(|e| PackError::Damaged(e.to_string()))?;
            if foot.lines != self.read {
                return Err(PackError::Damaged(format!("{} rows of {}", self.read, foot.lines)));
            }
            // The checksum of zstd stands behind the last line: it is only looked at when reading goes on to the end.
            if self.lines.read(&mut [0])? != 0 {
                return Err(PackError::Damaged("something stands behind its end".to_owned()));
            }
            self.ended = true;
            return Ok(None);
        }
        self.read += 1;
        let damaged = |e: serde_json::Error| PackError::Damaged(format!("row {}: {e}", self.read));
        if text.starts_with('"') {
            return Ok(Some(Said::Remove(serde_json::from_str(&text).map_err(damaged)?)));
        }
        Ok(Some(Said::Put(key_of(&text).map_err(damaged)?, text)))
    }
}

/// The key of a line: the first of its values.
fn key_of(text: &str) -> serde_json::Result<String> {
    let inside = text.strip_prefix('[').unwrap_or(text);
    let mut values = serde_json::Deserializer::from_str(inside).into_iter::<String>();
    values.next().unwrap_or_else(|| Err(serde::de::Error::custom("a row without a key")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed() -> Vec<u8> {
        let mut packing = Packing::begin(Vec::new(), &Head::new("r2", Some("r1"))).expect("a pack");
        packing.put(r#"["e FOR.1","FOR.1","été"]"#).expect("a row");
        packing.remove("e FOR.2").expect("a row");
        packing.end().expect("an end")
    }

    #[test]
    fn what_is_packed_comes_out() {
        let bytes = packed();
        let mut reading = Unpacking::begin(&bytes[..], "it").expect("a pack");
        assert_eq!((reading.head.release.as_str(), reading.head.from.as_deref()), ("r2", Some("r1")));
        let first = reading.next().expect("a row");
        assert_eq!(first, Some(Said::Put("e FOR.1".into(), r#"["e FOR.1","FOR.1","été"]"#.into())));
        assert_eq!(reading.next().expect("a row"), Some(Said::Remove("e FOR.2".into())));
        assert_eq!(reading.next().expect("the end"), None);
    }

    #[test]
    fn a_pack_that_is_cut_anywhere_is_refused() {
        let bytes = packed();
        for length in 0..bytes.len() {
            let read = || -> Result<(), PackError> {
                let mut reading = Unpacking::begin(&bytes[..length], "it")?;
                while reading.next()?.is_some() {}
                Ok(())
            };
            assert!(read().is_err(), "{length} of {} bytes passed for the whole", bytes.len());
        }
    }

    #[test]
    fn a_sum_does_not_depend_on_the_order() {
        let (mut one, mut other) = (Sum::default(), Sum::default());
        ["a", "b", "c"].iter().for_each(|text| one.add(text));
        ["c", "a", "b"].iter().for_each(|text| other.add(text));
        assert_eq!(one.written(), other.written());
        other.add("a");
        assert_ne!(one, other);
    }
}
