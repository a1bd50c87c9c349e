//! The folder of catalogues and the pointer to the one in service.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

/// Name of the pointer.
const POINTER: &str = "catalogue.json";
/// Name of the lock that one import holds at a time.
const LOCK: &str = "import.lock";

/// What the pointer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InService {
    /// Name of the file, in the same folder.
    pub file: String,
    /// Its release.
    pub release: String,
    /// Records in it that can be found.
    pub records: u64,
    /// Bytes of the file: another length is another file, or one that was cut.
    pub bytes: u64,
}

/// A folder of catalogues.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// This folder, which need not exist yet.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Its path.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// What is in service; nothing before the first import.
    pub fn in_service(&self) -> io::Result<Option<InService>> {
        let text = match fs::read(self.0.join(POINTER)) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(e),
        };
        let garbled = |what: String| {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{POINTER} cannot be used ({what}); importing the catalogue again makes it anew"),
            )
        };
        let pointer: InService = serde_json::from_slice(&text).map_err(|e| garbled(e.to_string()))?;
        // The pointer names a file beside it and nothing else.
        if pointer.file.contains(['/', '\\']) {
            return Err(garbled("it leads out of its folder".to_owned()));
        }
        Ok(Some(pointer))
    }

    /// Where a file of it lies.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// A name that no file has: the same release may be built twice in one second.
    pub(crate) fn free_name(&self, release: &str) -> String {
        let mut name = format!("catalogue-{release}.sqlite");
        let mut number = 2;
        while self.file(&name).exists() {
            name = format!("catalogue-{release}-{number}.sqlite");
            number += 1;
        }
        name
    }

    /// Makes the folder, takes the lock that one import holds, and removes what an import that was cut left. None when
    /// another import is at work. The lock ends with the file that is returned, or with the process.
    pub(crate) fn begin(&self) -> io::Result<Option<File>> {
        fs::create_dir_all(&self.0)?;
        let lock = File::options().create(true).truncate(false).write(true).open(self.0.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => return Ok(None),
            Err(fs::TryLockError::Error(e)) => return Err(e),
        }
        self.sweep()?;
        Ok(Some(lock))
    }

    /// Puts a finished file into service: it is on the disk before the pointer names it, and the pointer is changed by
    /// one rename.
    pub(crate) fn put_in_service(&self, pointer: &InService) -> io::Result<()> {
        // Opened for writing: Windows flushes no other.
        File::options().write(true).open(self.file(&pointer.file))?.sync_all()?;
        let beside = self.0.join(format!("{POINTER}.new"));
        let mut file = File::create(&beside)?;
        file.write_all(&serde_json::to_vec_pretty(pointer).map_err(io::Error::other)?)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, self.0.join(POINTER))?;
        #[cfg(unix)]
        File::open(&self.0)?.sync_all()?;
        Ok(())
    }

    /// Removes catalogues that are not in service. One that somebody still reads cannot be removed on Windows: the next
    /// import tries again.
    pub(crate) fn sweep(&self) -> io::Result<()> {
        let kept = match self.in_service() {
            Ok(pointer) => pointer.map(|pointer| pointer.file),
            // Which file it named is not known: nothing is removed before the next import has named one.
            Err(e) if e.kind() == io::ErrorKind::InvalidData => return Ok(()),
            Err(e) => return Err(e),
        };
        for entry in fs::read_dir(&self.0)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let ours = name.starts_with("catalogue-") && name.contains(".sqlite");
            if ours && kept.as_ref().is_none_or(|kept| !name.starts_with(kept.as_str())) {
                let _ = fs::remove_file(entry.path());
            }
        }
        Ok(())
    }
}
