//! The rows of tables in one file: zstd (RFC 8878, with its checksum) around lines of JSON and the bytes of `COPY`.
//!
//! The first line says what it is. Then each table: a line with its name and columns, any number of blocks, each a line
//! with its length and then its bytes, and a line with the number of its rows. The last line says that it is the last: a
//! file that was cut is not taken for a whole one.

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Read, Write};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Bytes of a block, at most.
const BLOCK: usize = 1 << 20;
/// A line is shorter, or is none of ours.
const LONGEST_LINE: u64 = 1 << 16;
/// Level 3 is zstd's own default: most of the gain at little cost.
const LEVEL: i32 = 3;

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// What it is: the form of this file (1), the last migration of the database, when it was taken.
    PasserelleBackup { form: u32, schema: i64, at: DateTime<Utc> },
    /// A table begins.
    Table { name: String, columns: Vec<String> },
    /// So many bytes of it follow.
    Block { bytes: usize },
    /// It ends.
    Rows { rows: u64 },
    /// Everything ends.
    End { tables: usize },
}

/// A file being written.
pub(super) struct Writer {
    out: zstd::Encoder<'static, BufWriter<File>>,
    block: Vec<u8>,
}

impl Writer {
    pub fn new(file: File) -> std::io::Result<Self> {
        let mut out = zstd::Encoder::new(BufWriter::new(file), LEVEL)?;
        out.include_checksum(true)?;
        Ok(Self { out, block: Vec::with_capacity(BLOCK) })
    }

    /// A line that is no block.
    pub fn line(&mut self, line: &Line) -> std::io::Result<()> {
        self.flush()?;
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }

    /// Bytes of the table that was begun.
    pub fn rows(&mut self, mut bytes: &[u8]) -> std::io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(BLOCK - self.block.len()));
            self.block.extend_from_slice(now);
            bytes = later;
            if self.block.len() == BLOCK {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        if !self.block.is_empty() {
            serde_json::to_writer(&mut self.out, &Line::Block { bytes: self.block.len() })?;
            self.out.write_all(b"\n")?;
            self.out.write_all(&self.block)?;
            self.block.clear();
        }
        Ok(())
    }

    /// The last line; everything is with the system then.
    pub fn end(mut self, tables: usize) -> std::io::Result<()> {
        self.line(&Line::End { tables })?;
        self.out.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        Ok(())
    }
}

/// A file being read.
pub(super) struct Reader {
    from: BufReader<zstd::Decoder<'static, BufReader<File>>>,
}

fn unreadable(why: impl ToString) -> std::io::Error {
    std::io::Error::new(std::io::ErrorKind::InvalidData, why.to_string())
}

impl Reader {
    pub fn new(file: File) -> std::io::Result<Self> {
        Ok(Self { from: BufReader::new(zstd::Decoder::new(file)?) })
    }

    /// The next line. An end without a last line is an error.
    pub fn line(&mut self) -> std::io::Result<Line> {
        let mut line = Vec::new();
        (&mut self.from).take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Err(unreadable("elle est coupée"));
        }
        serde_json::from_slice(&line).map_err(unreadable)
    }

    /// The bytes of a block.
    pub fn block(&mut self, bytes: usize) -> std::io::Result<Vec<u8>> {
        if bytes > BLOCK {
            return Err(unreadable("un bloc trop long"));
        }
        let mut block = vec![0; bytes];
        self.from.read_exact(&mut block).map_err(|_| unreadable("elle est coupée"))?;
        Ok(block)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_what_was_cut_or_changed_is_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        let mut writer = Writer::new(File::create(&path).expect("a file")).expect("a writer");
        let table = Line::Table { name: "t".into(), columns: vec!["a".into()] };
        let long: Vec<u8> = (0..BLOCK * 2 + 7).map(|i| u8::try_from(i % 251).unwrap_or(0)).collect();
        writer.line(&table).expect("written");
        for part in long.chunks(100_003) {
            writer.rows(part).expect("written");
        }
        writer.line(&Line::Rows { rows: 1 }).expect("written");
        writer.end(1).expect("ended");
        let whole = std::fs::read(&path).expect("bytes");

        let read = |bytes: &[u8]| -> std::io::Result<(Vec<Line>, Vec<u8>)> {
            let path = folder.path().join("b");
            std::fs::write(&path, bytes)?;
            let mut reader = Reader::new(File::open(&path)?)?;
            let (mut lines, mut rows) = (Vec::new(), Vec::new());
            loop {
                match reader.line()? {
                    Line::Block { bytes } => rows.extend(reader.block(bytes)?),
                    line => lines.push(line),
                }
                if matches!(lines.last(), Some(Line::End { .. })) {
                    return Ok((lines, rows));
                }
            }
        };
        let (lines, rows) = read(&whole).expect("read");
        assert_eq!(lines, [table, Line::Rows { rows: 1 }, Line::End { tables: 1 }]);
        assert!(rows == long, "the same bytes");
        for cut in [1, whole.len() / 3, whole.len() - 5] {
            read(&whole[..cut]).expect_err("a part is not the whole");
        }
    }
}
