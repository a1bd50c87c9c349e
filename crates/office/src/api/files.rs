//! Files that a person asks for: where they are written, and what they never replace.

use std::ffi::OsStr;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde_json::json;

use super::dto::{ApiError, FolderRequest, FolderShown, WrittenFolder};
use super::print;
use crate::desk::Desk;

/// What a file is. It replaces one of its own form and no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// iCalendar.
    Calendar,
    /// PDF.
    Pdf,
}

impl Form {
    const fn start(self) -> &'static [u8] {
        match self {
            Self::Calendar => b"BEGIN:VCALENDAR",
            Self::Pdf => b"%PDF-",
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Pdf => "pdf",
        }
    }

    fn is_that_of(self, path: &Path) -> bool {
        let mut start = vec![0_u8; self.start().len()];
        let begins = std::fs::File::open(path).and_then(|mut f| f.read_exact(&mut start)).is_ok();
        begins && start.eq_ignore_ascii_case(self.start())
    }
}

/// The folder of calendar files in a profile.
#[must_use]
pub fn calendars(profile: &Path) -> PathBuf {
    profile.join("exports")
}

/// `files.show_folder`: the page says which of the desk's own folders, never a path.
///
/// # Errors
/// None today: a folder that nothing was written into is not shown, and its place is said.
pub async fn show_folder(desk: &Desk, request: FolderRequest) -> Result<FolderShown, ApiError> {
    let folder = match request.of {
        WrittenFolder::Prints => print::folder(desk.profile()),
        WrittenFolder::Calendars => calendars(desk.profile()),
    };
    let shown = folder.is_dir() && desk.show(&folder).await;
    Ok(FolderShown { folder: folder.display().to_string(), shown })
}

/// Where to write: the file that was said, a name of ours in the folder that was said, or in `folder`.
pub fn target(out: Option<&str>, folder: &Path, name: &str) -> PathBuf {
    match out.filter(|o| !o.trim().is_empty()).map(Path::new) {
        Some(folder) if folder.is_dir() => folder.join(name),
        Some(file) => file.to_owned(),
        None => folder.join(name),
    }
}

/// Writes a file that a person named, off the thread that answers.
///
/// # Errors
/// `file_exists` when something of another form stands there, `file_read_only` when it may not be changed, `file` when it
/// cannot be written, `disk_full`.
pub async fn write(path: PathBuf, bytes: Vec<u8>, form: Form) -> Result<PathBuf, ApiError> {
    blocking(move || replace(&path, &bytes, form, false)).await
}

/// Writes a PDF into a folder of the profile that nobody else on the computer may read, where it stays for `kept`; what
/// was put there before that is removed. Where the name is taken by a file that a viewer holds fast, it has a number.
///
/// # Errors
/// As [`write`].
pub async fn write_for_a_while(
    folder: PathBuf,
    name: String,
    bytes: Vec<u8>,
    kept: Duration,
) -> Result<PathBuf, ApiError> {
    blocking(move || {
        make_private(&folder).map_err(|e| failed(&folder, &e))?;
        forget(&folder, kept);
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
        let mut last = None;
        for number in 1..=9 {
            let name = if number == 1 { name.clone() } else { format!("{stem}-{number}.{extension}") };
            match replace(&folder.join(name), &bytes, Form::Pdf, true) {
                // Windows keeps a file that is open from being replaced.
                Err(e) if cfg!(windows) && e.code == "file" => last = Some(e),
                written => return written,
            }
        }
        Err(last.unwrap_or_else(|| ApiError::new("internal")))
    })
    .await
}

/// Removes what was written into a folder longer ago than `kept`. What cannot be removed is tried again the next time.
pub fn forget(folder: &Path, kept: Duration) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    let now = SystemTime::now();
    for entry in entries.flatten() {
        let written = entry.metadata().and_then(|m| m.modified());
        let old = written.is_ok_and(|w| now.duration_since(w).is_ok_and(|age| age > kept));
        if old && let Err(error) = std::fs::remove_file(entry.path()) {
            tracing::debug!(%error, file = %entry.path().display(), "an old file stays");
        }
    }
}

async fn blocking(
    work: impl FnOnce() -> Result<PathBuf, ApiError> + Send + 'static,
) -> Result<PathBuf, ApiError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|e| ApiError { detail: Some(e.to_string()), ..ApiError::new("internal") })?
}

fn failed(path: &Path, error: &std::io::Error) -> ApiError {
    let code = match error.kind() {
        ErrorKind::StorageFull => "disk_full",
        _ => "file",
    };
    ApiError {
        retry: true,
        detail: Some(error.to_string()),
        ..ApiError::new(code).with(json!({ "file": path.display().to_string() }))
    }
}

/// Writes beside the target and moves it there, so that no half of a file is ever seen. What is of another form is left
/// alone, and so is what its owner closed to changes: moving over it would pass by that.
fn replace(path: &Path, bytes: &[u8], form: Form, private: bool) -> Result<PathBuf, ApiError> {
    let said = |code: &str| {
        let params = json!({ "file": path.display().to_string(), "form": form.name() });
        Err(ApiError::new(code).with(params))
    };
    if let Ok(there) = std::fs::metadata(path) {
        if there.permissions().readonly() {
            return said("file_read_only");
        }
        if !form.is_that_of(path) {
            return said("file_exists");
        }
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|e| failed(path, &e))?;
    let name = path.file_name().unwrap_or(OsStr::new("passerelle")).to_string_lossy().into_owned();
    let beside = folder.join(format!(".{name}.{}.part", std::process::id()));
    let written = create(&beside, private)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path));
    if let Err(e) = written {
        let _ = std::fs::remove_file(&beside);
        return Err(failed(path, &e));
    }
    Ok(std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()))
}

#[cfg(unix)]
fn create(path: &Path, private: bool) -> std::io::Result<std::fs::File> {
    use std::os::unix::fs::OpenOptionsExt;
    let mode = if private { 0o600 } else { 0o666 };
    std::fs::OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path)
}

/// The profile of a user is closed to the others of the computer by its own rules.
#[cfg(not(unix))]
fn create(path: &Path, _private: bool) -> std::io::Result<std::fs::File> {
    std::fs::File::create(path)
}

#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: Duration = Duration::from_secs(7 * 86_400);

    #[tokio::test]
    async fn a_file_replaces_one_of_its_form_and_no_other() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.pdf");
        std::fs::write(&path, "mes notes").expect("a file");
        let refused = write(path.clone(), b"%PDF-1.7".to_vec(), Form::Pdf).await.expect_err("a refusal");
        assert_eq!((refused.code.as_str(), refused.params["form"].as_str()), ("file_exists", Some("pdf")));
        assert_eq!(std::fs::read_to_string(&path).expect("the file"), "mes notes", "it was not touched");

        std::fs::write(&path, "%PDF-1.4 old").expect("a file");
        let mut closed = std::fs::metadata(&path).expect("the file").permissions();
        closed.set_readonly(true);
        std::fs::set_permissions(&path, closed).expect("a closed file");
        let refused = write(path.clone(), b"%PDF-1.7".to_vec(), Form::Pdf).await.expect_err("a refusal");
        assert_eq!(refused.code, "file_read_only");
        assert_eq!(std::fs::read_to_string(&path).expect("the file"), "%PDF-1.4 old", "it was not touched");

        let other = folder.path().join("b.pdf");
        std::fs::write(&other, "%PDF-1.4 old").expect("a file");
        write(other.clone(), b"%PDF-1.7 new".to_vec(), Form::Pdf).await.expect("its own form is replaced");
        assert_eq!(std::fs::read_to_string(&other).expect("the file"), "%PDF-1.7 new");
        let left = std::fs::read_dir(folder.path()).expect("the folder").count();
        assert_eq!(left, 2, "nothing is left beside them");
    }

    #[tokio::test]
    async fn pages_in_the_profile_are_private_and_go_after_their_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let prints = folder.path().join("prints");
        let keep =
            |name: &str| write_for_a_while(prints.clone(), name.to_owned(), b"%PDF-1.7".to_vec(), WEEK);
        let old = keep("old.pdf").await.expect("a page");
        let recent = keep("recent.pdf").await.expect("a page");
        let back = |path: &Path, days: u64| {
            let file = std::fs::File::options().write(true).open(path).expect("the page");
            file.set_modified(SystemTime::now() - Duration::from_secs(days * 86_400)).expect("another time");
        };
        back(&old, 8);
        back(&recent, 6);
        let new = keep("new.pdf").await.expect("a page");
        assert!(!old.exists(), "after its time it is removed");
        assert!(recent.exists() && new.exists(), "the others stay");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |p: &Path| std::fs::metadata(p).expect("it is there").permissions().mode() & 0o777;
            assert_eq!((mode(&new), mode(&prints)), (0o600, 0o700), "nobody else may read them");
        }
    }
}
