//! Reading that cannot be made to take all the memory: a record has a greatest length, and what comes out of an archive
//! a greatest size and ratio.

use std::cell::Cell;
use std::io::{self, BufRead, Read};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Bytes that one record may have. The longest of the sheets of 25/06/2024 has 33 kB.
pub const RECORD: u64 = 2 << 20;
/// Bytes that one file may have, unpacked. The sheets of programmes of 25/06/2024 have 15 MB.
pub const FILE: u64 = 1 << 30;
/// How many times its packed size a file in an archive may have; sheets unpack to 11 times theirs.
pub const RATIO: u64 = 200;
/// Files that an import takes.
pub const FILES: usize = 20_000;
/// Folders within folders.
pub const DEPTH: usize = 8;

/// Why reading stopped where nothing was wrong with the disk. Carried inside an [`io::Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Beyond {
    /// A record passes [`RECORD`].
    #[error("a record is too long")]
    Record,
    /// A file passes [`FILE`].
    #[error("a file is too long")]
    File,
    /// An archive passes [`RATIO`].
    #[error("an archive unpacks to too much")]
    Ratio,
    /// Somebody asked to stop.
    #[error("stopped")]
    Stopped,
}

impl Beyond {
    /// The bound that an error of reading is about, however many libraries have wrapped it.
    #[must_use]
    pub fn of(error: &(dyn std::error::Error + 'static)) -> Option<Self> {
        let mut next = Some(error);
        while let Some(error) = next {
            if let Some(beyond) = error.downcast_ref::<Self>() {
                return Some(*beyond);
            }
            if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
                && let Some(beyond) = Self::of(inner)
            {
                return Some(beyond);
            }
            next = error.source();
        }
        None
    }
}

/// What a reader and the parser above it both see: the parser says where a record begins, the reader counts.
#[derive(Debug, Clone, Default)]
pub struct Gauge(Rc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    record: Cell<u64>,
    total: Cell<u64>,
    quotes: Cell<u64>,
    last: Cell<u8>,
}

impl Gauge {
    /// A record ends here. What is already in a buffer belongs to the next one and is not counted: a bound, not a sum.
    pub fn next_record(&self) {
        self.0.record.set(0);
    }

    /// Bytes read since the start.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.total.get()
    }

    /// Whether as many quotes were opened as closed.
    #[must_use]
    pub fn quotes_are_closed(&self) -> bool {
        self.0.quotes.get().is_multiple_of(2)
    }

    /// Whether the last byte ended a line.
    #[must_use]
    pub fn ends_with_a_line(&self) -> bool {
        self.0.last.get() == b'\n'
    }
}

/// A reader with bounds.
pub struct Bounded<R> {
    inner: R,
    gauge: Gauge,
    stop: Arc<AtomicBool>,
    packed: Option<u64>,
}

impl<R: Read> Bounded<R> {
    /// Reads `inner`; `packed` is how many bytes it has in its archive, where it lies in one.
    pub fn new(inner: R, packed: Option<u64>, stop: Arc<AtomicBool>) -> Self {
        Self { inner, gauge: Gauge::default(), stop, packed }
    }

    /// What it counts.
    #[must_use]
    pub fn gauge(&self) -> Gauge {
        self.gauge.clone()
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let counts = &self.gauge.0;
        let beyond = |why: Beyond| Err(io::Error::other(why));
        if self.stop.load(Ordering::Relaxed) {
            return beyond(Beyond::Stopped);
        }
        if counts.record.get() > RECORD {
            return beyond(Beyond::Record);
        }
        if counts.total.get() > FILE {
            return beyond(Beyond::File);
        }
        // A small file may well be all blanks: the ratio counts from a megabyte on.
        if self.packed.is_some_and(|packed| counts.total.get() > packed.saturating_mul(RATIO).max(1 << 20)) {
            return beyond(Beyond::Ratio);
        }
        let read = self.inner.read(buffer)?;
        counts.record.set(counts.record.get() + read as u64);
        counts.total.set(counts.total.get() + read as u64);
        let quotes = memchr::memchr_iter(b'"', &buffer[..read]).count();
        counts.quotes.set(counts.quotes.get() + quotes as u64);
        if let Some(last) = buffer[..read].last() {
            counts.last.set(*last);
        }
        Ok(read)
    }
}

/// Passes over the mark of byte order that many exports begin with.
pub fn skip_bom(reader: &mut impl BufRead) -> io::Result<()> {
    if reader.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        reader.consume(3);
    }
    Ok(())
}
