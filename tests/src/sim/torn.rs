//! A log that the disk had not written to its end when the power went: it ends at any byte.

use std::path::Path;

use super::template::log_of;
use crate::dice::Dice;

/// Bytes of the head of a log, and of the head of each page in it (SQLite, "Database File Format", section 4.1).
const LOG_HEAD: u64 = 32;
const PAGE_HEAD: u64 = 24;
/// Where the index of the log says how many of its pages are in the database file already ("WAL-mode File Format",
/// section 2.2: `nBackfill`). It is written in the byte order of the machine.
const IN_THE_FILE_AT: usize = 96;

/// Cuts the log of a copied database at some byte. Not within what is in the file already: SQLite has waited for the disk
/// before it took over from the log. `false` when there is nothing to cut.
///
/// # Errors
/// Those of the disk.
pub fn tear(live: &Path, copy: &Path, dice: &mut Dice) -> anyhow::Result<bool> {
    let log = log_of(copy);
    let Ok(bytes) = std::fs::read(&log) else { return Ok(false) };
    let Some(page) = bytes.get(8..12).and_then(|b| b.try_into().ok()).map(u32::from_be_bytes) else {
        return Ok(false);
    };
    let mut index = live.as_os_str().to_owned();
    index.push("-shm");
    let in_the_file = std::fs::read(index)
        .ok()
        .and_then(|index| {
            Some(u32::from_ne_bytes(index.get(IN_THE_FILE_AT..IN_THE_FILE_AT + 4)?.try_into().ok()?))
        })
        .unwrap_or(0);
    let first = LOG_HEAD + u64::from(in_the_file) * (PAGE_HEAD + u64::from(page));
    let length = bytes.len() as u64;
    if first >= length {
        return Ok(false);
    }
    // Mostly the last few pages; sometimes all of it.
    let most = usize::try_from(length - first)?;
    let lost = 1 + if dice.permille(700) { dice.below(most.min(40_000)) } else { dice.below(most) };
    let left = length - lost.min(most) as u64;
    std::fs::OpenOptions::new().write(true).open(&log)?.set_len(left)?;
    Ok(true)
}
