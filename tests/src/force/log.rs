//! What a power cut does to the log of a database beside what `kill -9` does: the machine forgets what it had not written.
//!
//! A killed process loses nothing of what it had given to the system. A power cut takes what the disk was not asked to
//! keep. SQLite asks for that at each commit (`synchronous=FULL`) and only then says in the log's index (`mxFrame`)
//! that the commit is there, so that the index, as a killed process leaves it, says to the byte what must survive:
//!
//! - [`Loss::Unsynced`] takes or spoils only what stands behind that, and leaves a half-written end there when nothing
//!   stands behind it. Nothing that was acknowledged may be lost: it is what a power cut does to a disk that keeps its word.
//! - [`Loss::Synced`] cuts the log anywhere behind what is in the database file already: a disk that had said that it has
//!   written and had not. That loses acknowledged work by definition; what is shown with it is that a desk or central that
//!   has fallen back finds its way again, and that nothing is doubled by it.
//!
//! The index itself goes in both: it is no file that a database relies on.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use crate::dice::Dice;

/// Bytes of the head of a log, and of the head of each page in it (SQLite, "Database File Format", section 4.1).
const LOG_HEAD: u64 = 32;
const PAGE_HEAD: u64 = 24;
/// Where the index says what the log holds ("WAL-mode File Format", sections 2.1 and 2.2), in the byte order of the
/// machine; the salts are copied from the log as they are.
const COMMITTED_AT: usize = 16;
const SALTS_AT: usize = 32;
const IN_THE_FILE_AT: usize = 96;
const ON_ITS_WAY_AT: usize = 128;
/// Where the head of the log has them.
const PAGE_SIZE_IN_LOG_AT: usize = 8;
const SALTS_IN_LOG_AT: usize = 16;

/// What is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Loss {
    /// What the disk was not asked to keep.
    Unsynced,
    /// Some of what it was asked to keep.
    Synced,
}

/// What a log holds, in bytes from its beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    /// Up to here the database file has it, or a checkpoint has begun to write it there.
    in_the_file: u64,
    /// Up to here it was committed and synced.
    synced: u64,
    /// Its whole length.
    length: u64,
    /// A page with its head.
    frame: u64,
}

fn four(bytes: &[u8], at: usize) -> Option<[u8; 4]> {
    bytes.get(at..at + 4)?.try_into().ok()
}

/// Reads it from the log and its index. Where the index is of another log than the one in the file (it was begun anew, and
/// nothing was written to it yet), all that is in the file is in the database already and counts as synced.
fn held(log: &[u8], index: &[u8]) -> Option<Held> {
    let length = log.len() as u64;
    let page = u32::from_be_bytes(four(log, PAGE_SIZE_IN_LOG_AT)?);
    let frame = PAGE_HEAD + u64::from(page);
    let number = |at| four(index, at).map(u32::from_ne_bytes).map(u64::from);
    let same = log.get(SALTS_IN_LOG_AT..SALTS_IN_LOG_AT + 8)? == index.get(SALTS_AT..SALTS_AT + 8)?;
    let committed = number(COMMITTED_AT)?;
    if !same || committed == 0 {
        return Some(Held { in_the_file: length, synced: length, length, frame });
    }
    let at = |frames: u64| LOG_HEAD + frames * frame;
    let written = number(IN_THE_FILE_AT)?.max(number(ON_ITS_WAY_AT)?);
    Some(Held { in_the_file: at(written.min(committed)), synced: at(committed), length, frame })
}

/// A file beside a database.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Does it to the log of a database whose process was killed. `false` when there is no log, or nothing in it to lose.
///
/// # Errors
/// Those of the disk; a log that is shorter than what was synced.
pub(super) fn tear(database: &Path, loss: Loss, dice: &mut Dice) -> Result<bool> {
    let (log, index) = (beside(database, "-wal"), beside(database, "-shm"));
    let (Ok(mut bytes), Ok(said)) = (std::fs::read(&log), std::fs::read(&index)) else { return Ok(false) };
    let Some(held) = held(&bytes, &said) else { return Ok(false) };
    ensure!(
        held.synced <= held.length,
        "the log of {} is shorter than it must be: {held:?}",
        database.display()
    );
    let torn = match loss {
        Loss::Unsynced => spoil(&mut bytes, held, dice),
        Loss::Synced => cut(&mut bytes, held, dice),
    };
    if torn {
        std::fs::write(&log, &bytes).context("the log")?;
        std::fs::remove_file(&index).context("its index")?;
    }
    Ok(torn)
}

/// What a disk may make of what it was not asked for: nothing, a part, other bytes, or what was not in order.
fn spoil(bytes: &mut Vec<u8>, held: Held, dice: &mut Dice) -> bool {
    let (synced, frame) = (size(held.synced), size(held.frame));
    if bytes.len() == synced {
        // Nothing stands behind it: somebody was about to write a page more, of which the first part was written. An
        // earlier page of this log, so that only its sum says that it does not belong here.
        let pages = (synced.saturating_sub(size(LOG_HEAD))) / frame;
        if pages == 0 {
            return false;
        }
        let from = size(LOG_HEAD) + dice.below(pages) * frame;
        let page = bytes.get(from..from + frame).map(<[u8]>::to_vec).unwrap_or_default();
        bytes.extend(page);
    }
    let behind = bytes.len() - synced;
    let at = synced + dice.below(behind);
    match dice.below(3) {
        // It ends at any byte.
        0 => bytes.truncate(at),
        // The file has its length, and what stands there was never written.
        1 => bytes[at..].fill(0),
        // A sector of the wrong bytes.
        _ => bytes[at..].iter_mut().take(512).for_each(|byte| *byte ^= 0xA5),
    }
    true
}

/// Cuts at any byte that is not in the database file: mostly the last few pages, sometimes all of it.
fn cut(bytes: &mut Vec<u8>, held: Held, dice: &mut Dice) -> bool {
    let most = size(held.synced.saturating_sub(held.in_the_file));
    if most == 0 {
        return false;
    }
    let lost = 1 + if dice.permille(700) { dice.below(most.min(60_000)) } else { dice.below(most) };
    bytes.truncate(size(held.synced) - lost.min(most));
    true
}

fn size(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use sqlx::sqlite::{
        SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
    };

    use super::*;

    async fn open(file: &Path) -> SqlitePool {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full);
        SqlitePoolOptions::new().max_connections(1).connect_with(options).await.expect("a database")
    }

    /// A database whose log holds so many rows, as a killed process leaves it.
    async fn left(folder: &Path, rows: i64, checkpoint: bool) -> PathBuf {
        let live = folder.join("live.db");
        let pool = open(&live).await;
        sqlx::query("CREATE TABLE t (n INTEGER, filler TEXT)").execute(&pool).await.expect("a table");
        for n in 0..rows {
            if checkpoint && n == rows / 2 {
                sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&pool).await.expect("a checkpoint");
            }
            let row = sqlx::query("INSERT INTO t VALUES (?, ?)").bind(n).bind("x".repeat(3_000));
            row.execute(&pool).await.expect("a row");
        }
        let copy = folder.join("left.db");
        for ending in ["", "-wal", "-shm"] {
            std::fs::copy(beside(&live, ending), beside(&copy, ending)).expect("a copy");
        }
        pool.close().await;
        copy
    }

    async fn rows(file: &Path) -> (i64, i64) {
        let pool = open(file).await;
        let sound: String =
            sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&pool).await.expect("a check");
        assert_eq!(sound, "ok");
        let found = sqlx::query_as("SELECT count(*), coalesce(max(n), -1) FROM t").fetch_one(&pool).await;
        pool.close().await;
        found.expect("rows")
    }

    #[tokio::test]
    async fn what_was_synced_survives_whatever_stands_behind_it() {
        for seed in 0..24 {
            let folder = tempfile::tempdir().expect("a folder");
            let file = left(folder.path(), 20, seed % 2 == 0).await;
            let mut dice = Dice::new(seed);
            assert!(tear(&file, Loss::Unsynced, &mut dice).expect("torn"), "seed {seed}");
            assert_eq!(rows(&file).await, (20, 19), "seed {seed}");
        }
    }

    #[tokio::test]
    async fn what_a_lying_disk_loses_is_the_end_and_the_rest_is_whole() {
        let mut lost = 0;
        for seed in 0..24 {
            let folder = tempfile::tempdir().expect("a folder");
            let file = left(folder.path(), 20, true).await;
            let mut dice = Dice::new(seed);
            assert!(tear(&file, Loss::Synced, &mut dice).expect("torn"), "seed {seed}");
            let (count, last) = rows(&file).await;
            assert!((10..20).contains(&count), "{count} rows, seed {seed}");
            assert_eq!(count, last + 1, "seed {seed}: the first ones, without a gap");
            lost += 20 - count;
        }
        assert!(lost > 24, "only {lost} rows lost");
    }
}
