//! The files that paths lead to: themselves, what is in folders, what is in archives.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use zip::ZipArchive;

use super::bounds::{Beyond, Bounded, DEPTH, FILE, FILES};
use super::fault::{Fault, FaultKind};
use super::recognise::{Format, HEAD, notes, recognise};

/// A file whose format is known.
#[derive(Debug, Clone)]
pub struct Source {
    /// What it is called in messages: its path, and its name in the archive.
    pub name: String,
    /// What it is.
    pub format: Format,
    /// Bytes, unpacked, as far as they are known: for a bar.
    pub bytes: u64,
    /// What its columns lack or have beside those that are known, in French.
    pub notes: Vec<String>,
    path: PathBuf,
    entry: Option<usize>,
}

/// What paths lead to.
#[derive(Debug, Default)]
pub struct Found {
    /// Files that will be read, in the order in which they must be.
    pub sources: Vec<Source>,
    /// Files that are no catalogue, with the reason.
    pub others: Vec<Fault>,
}

/// Looks at all that `paths` lead to. A path that does not exist, an archive that cannot be opened and a text that is in
/// another encoding are faults; a file that is something else is said in `others`.
pub fn find(paths: &[PathBuf], stop: &Arc<AtomicBool>) -> Result<Found, Fault> {
    let mut found = Found::default();
    let mut seen = 0;
    for path in paths {
        walk(path, 0, &mut seen, stop, &mut found)?;
    }
    found.sources.sort_by_key(|source| source.format.order());
    Ok(found)
}

fn walk(
    path: &Path,
    depth: usize,
    seen: &mut usize,
    stop: &Arc<AtomicBool>,
    found: &mut Found,
) -> Result<(), Fault> {
    let name = path.display().to_string();
    let unreadable = |e: io::Error| Fault::of(&e, &name, FaultKind::Unreadable);
    if stop.load(Ordering::Relaxed) {
        return Err(Fault::of(&Beyond::Stopped, &name, FaultKind::Stopped));
    }
    *seen += 1;
    if *seen > FILES || depth > DEPTH {
        let reason = format!("plus de {FILES} fichiers, ou de {DEPTH} dossiers les uns dans les autres");
        return Err(Fault::new(FaultKind::TooMany, &name, reason));
    }
    let metadata = fs::metadata(path).map_err(|e| match e.kind() {
        io::ErrorKind::NotFound => {
            Fault::new(FaultKind::Unreadable, &name, "ce fichier ou ce dossier n’existe pas")
        }
        _ => unreadable(e),
    })?;
    if metadata.is_dir() {
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            // A link may lead back to where it lies; hidden files are the system's.
            let is_link = entry.file_type().map_err(unreadable)?.is_symlink();
            if !is_link && !entry.file_name().to_string_lossy().starts_with('.') {
                inside.push(entry.path());
            }
        }
        inside.sort();
        return inside.iter().try_for_each(|path| walk(path, depth + 1, seen, stop, found));
    }
    if !metadata.is_file() {
        return Err(Fault::new(FaultKind::Unreadable, &name, "ce n’est ni un fichier ni un dossier"));
    }
    let mut file = File::open(path).map_err(unreadable)?;
    let head = head(&mut file).map_err(unreadable)?;
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return archive(path, &name, seen, found);
    }
    keep(
        found,
        depth == 0,
        &head,
        Source {
            name,
            format: Format::Questions,
            bytes: metadata.len(),
            notes: Vec::new(),
            path: path.to_owned(),
            entry: None,
        },
    )
}

fn archive(path: &Path, name: &str, seen: &mut usize, found: &mut Found) -> Result<(), Fault> {
    let broken = |e: zip::result::ZipError| Fault::of(&e, name, FaultKind::Archive);
    let file = File::open(path).map_err(|e| Fault::of(&e, name, FaultKind::Unreadable))?;
    let mut archive = ZipArchive::new(file).map_err(broken)?;
    *seen += archive.len();
    if *seen > FILES {
        return Err(Fault::new(
            FaultKind::TooMany,
            name,
            format!("l’archive contient plus de {FILES} fichiers"),
        ));
    }
    for number in 0..archive.len() {
        let mut entry = archive.by_index(number).map_err(|e| match e {
            zip::result::ZipError::UnsupportedArchive(why) => Fault::new(
                FaultKind::Archive,
                name,
                format!("l’archive est chiffrée ou compressée d’une façon qui n’est pas lue ({why})"),
            ),
            other => broken(other),
        })?;
        if entry.is_dir() {
            continue;
        }
        // Names in archives are only shown: nothing is ever written under them.
        let inner = format!(
            "{name} › {}",
            entry.name().map_err(broken)?.chars().filter(|c| !c.is_control()).take(200).collect::<String>()
        );
        if entry.size() > FILE {
            return Err(Fault::new(
                FaultKind::Bomb,
                &inner,
                format!("le fichier déplié dépasserait {} Go", FILE >> 30),
            ));
        }
        let bytes = entry.size();
        let head = head(&mut entry).map_err(|e| Fault::of(&e, &inner, FaultKind::Archive))?;
        if head.starts_with(b"PK\x03\x04") {
            found.others.push(Fault::new(
                FaultKind::Unsupported,
                &inner,
                "une archive dans une archive n’est pas lue : dépliez-la d’abord",
            ));
            continue;
        }
        keep(
            found,
            false,
            &head,
            Source {
                name: inner,
                format: Format::Questions,
                bytes,
                notes: Vec::new(),
                path: path.to_owned(),
                entry: Some(number),
            },
        )?;
    }
    Ok(())
}

/// Keeps it, or says why not. What was named by the person must be readable; what only lies beside it need not be a
/// catalogue, but a table in another encoding is one that would be missed.
fn keep(found: &mut Found, named: bool, head: &[u8], source: Source) -> Result<(), Fault> {
    match recognise(head) {
        Ok(format) => found.sources.push(Source { format, notes: notes(head, format), ..source }),
        Err((kind, reason)) => {
            let fault = Fault::new(kind, &source.name, reason);
            if named || matches!(kind, FaultKind::Encoding | FaultKind::Entities | FaultKind::MissingColumn) {
                return Err(fault);
            }
            found.others.push(fault);
        }
    }
    Ok(())
}

fn head(reader: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    reader.take(HEAD as u64).read_to_end(&mut head)?;
    Ok(head)
}

impl Source {
    /// Opens it and gives it to `read` behind its bounds.
    pub fn with<T>(
        &self,
        stop: &Arc<AtomicBool>,
        read: impl FnOnce(Bounded<Box<dyn Read + '_>>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let file = File::open(&self.path).map_err(|e| Fault::of(&e, &self.name, FaultKind::Unreadable))?;
        let Some(number) = self.entry else {
            return read(Bounded::new(Box::new(file), None, stop.clone()));
        };
        let broken = |e: zip::result::ZipError| Fault::of(&e, &self.name, FaultKind::Archive);
        let mut archive = ZipArchive::new(file).map_err(broken)?;
        let entry = archive.by_index(number).map_err(broken)?;
        let packed = entry.compressed_size();
        read(Bounded::new(Box::new(entry), Some(packed), stop.clone()))
    }
}
