//! A disk without room, for one process: a bound on the length of the files that it writes (`RLIMIT_FSIZE`), set while it
//! runs and taken off again.
//!
//! A small file system would be the thing itself, and needs rights that a build machine does not give. The bound is harder:
//! on a full disk what is there may be written over, under the bound nothing beyond it. A write across it ends short, as
//! on a disk whose last blocks it takes, and the next one fails.

use std::path::Path;
use std::process::Command;

use anyhow::{Result, ensure};

use crate::dice::Dice;

/// A program that is told of the bound by an error and not by a signal: what ignores it before it is started goes on so.
pub(super) fn told_by_errors(program: &Path) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; exec \"$@\"", "sh"]).arg(program);
    command
}

/// A bound, bytes: at the beginning, in the middle or just behind the end of what the log of a database takes now.
pub(super) fn some(database: &Path, dice: &mut Dice) -> u64 {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let length = std::fs::metadata(log).map_or(0, |m| m.len());
    let most = usize::try_from(length).unwrap_or(0) + 16_384;
    dice.below(most) as u64
}

/// Sets it for a process that runs, or takes it off.
///
/// # Errors
/// When it cannot be set: util-linux lacks, or the process has ended.
pub(super) fn bound(process: u32, bytes: Option<u64>) -> Result<()> {
    let soft = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
    let said = Command::new("prlimit")
        .args(["--pid", &process.to_string(), &format!("--fsize={soft}:")])
        .output()?;
    ensure!(said.status.success(), "prlimit: {}", String::from_utf8_lossy(&said.stderr));
    Ok(())
}
