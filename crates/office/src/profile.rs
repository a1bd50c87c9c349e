//! Where a desk keeps its data when nobody says it: the window and the command line must find the same place.

use std::ffi::OsString;
use std::path::PathBuf;

/// The platform gives no place for the data of a user.
#[derive(Debug, thiserror::Error)]
#[error("no place for the data of this user is known: say one with --profile")]
pub struct NoDefaultProfile;

/// The default profile folder of this user. It need not exist.
///
/// # Errors
/// [`NoDefaultProfile`] when the environment names neither a data folder nor a home.
pub fn default_profile() -> Result<PathBuf, NoDefaultProfile> {
    place(|name| std::env::var_os(name)).ok_or(NoDefaultProfile)
}

/// Windows: local, because a database must not roam. Elsewhere: the XDG base directory specification.
fn place(read: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
    let folder = |name: &str| read(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let (data, name) = if cfg!(windows) {
        (folder("LOCALAPPDATA")?, "Passerelle")
    } else {
        (folder("XDG_DATA_HOME").or_else(|| Some(folder("HOME")?.join(".local/share")))?, "passerelle")
    };
    Some(data.join(name))
}

#[cfg(all(test, not(windows)))]
mod tests {
    use super::*;

    fn with(set: &'static [(&str, &str)]) -> Option<PathBuf> {
        place(|name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value)))
    }

    #[test]
    fn the_data_folder_wins_over_the_home() {
        assert_eq!(with(&[("HOME", "/home/a")]), Some(PathBuf::from("/home/a/.local/share/passerelle")));
        assert_eq!(
            with(&[("HOME", "/home/a"), ("XDG_DATA_HOME", "/data")]),
            Some(PathBuf::from("/data/passerelle"))
        );
    }

    #[test]
    fn a_relative_place_is_none() {
        assert_eq!(with(&[("XDG_DATA_HOME", "data")]), None, "the specification says to ignore it");
        assert_eq!(with(&[]), None);
    }
}
