//! A file that gets its name once it is whole.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use super::BackupError;

/// What is being written, under another name. Dropped before [`Partial::finish`] it leaves nothing.
#[derive(Debug)]
pub(super) struct Partial {
    path: PathBuf,
    name: PathBuf,
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

impl Partial {
    /// Begins an empty file that only its owner may read; neither it nor the name that it is to have may be there.
    pub fn create(name: &Path) -> Result<(Self, File), BackupError> {
        if name.symlink_metadata().is_ok() {
            return Err(BackupError::Exists(name.to_owned()));
        }
        let path = beside(name, ".partial");
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(|e| BackupError::of_file(&path, &e))?;
        Ok((Self { path, name: name.to_owned() }, file))
    }

    /// Where it is until then.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes it durable and gives it its name; gives its size.
    pub fn finish(self) -> Result<u64, BackupError> {
        let fail = |e: std::io::Error| BackupError::of_file(&self.name, &e);
        let file = OpenOptions::new().read(true).write(true).open(&self.path).map_err(fail)?;
        file.sync_all().map_err(fail)?;
        let bytes = file.metadata().map_err(fail)?.len();
        // Two names for a moment: unlike a change of the name, this never takes the place of a file that came meanwhile.
        match std::fs::hard_link(&self.path, &self.name) {
            Ok(()) => {}
            Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => return Err(fail(e)),
            // Some file systems have no second names.
            Err(_) => std::fs::rename(&self.path, &self.name).map_err(fail)?,
        }
        // The name is durable when its folder is. Windows cannot open one, and does it by itself.
        #[cfg(unix)]
        if let Some(folder) = self.name.parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(fail)?;
        }
        Ok(bytes)
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        for suffix in ["", "-wal", "-shm", "-journal"] {
            // What is not there need not go.
            let _ = std::fs::remove_file(beside(&self.path, suffix));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_file_has_its_name_when_it_is_whole_and_takes_nobodys() {
        let folder = tempfile::tempdir().expect("a folder");
        let name = folder.path().join("a");
        let (partial, mut file) = Partial::create(&name).expect("begun");
        file.write_all(b"abc").expect("written");
        assert!(!name.exists(), "not yet");
        let other = Partial::create(&name);
        assert!(matches!(other, Err(BackupError::Exists(_))), "two write the same: {other:?}");
        assert_eq!(partial.finish().expect("whole"), 3);
        assert_eq!(std::fs::read(&name).expect("there"), b"abc");
        let again = Partial::create(&name);
        assert!(matches!(again, Err(BackupError::Exists(_))), "{again:?}");

        let late = folder.path().join("b");
        let (partial, _) = Partial::create(&late).expect("begun");
        std::fs::write(&late, "somebody else’s").expect("written");
        assert!(matches!(partial.finish(), Err(BackupError::Exists(_))));
        assert_eq!(std::fs::read(&late).expect("there"), "somebody else’s".as_bytes());
        drop(Partial::create(&folder.path().join("c")).expect("begun"));
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing half is left");
    }
}
