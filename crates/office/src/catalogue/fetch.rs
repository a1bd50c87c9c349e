//! The official downloads: fetched when somebody asks for them, and from nowhere else than what is listed here or said.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use passerelle_catalogue::import::{Progress, Stage};

/// Onisep's anonymous downloads: `<base>/<identifier>/<identifier>.csv`, and `.zip` for the sheets.
pub const ONISEP: &str = "https://api.opendata.onisep.fr/downloads";
/// The whole Annuaire de l’éducation as CSV.
pub const DIRECTORY: &str =
    "https://data.education.gouv.fr/api/explore/v2.1/catalog/datasets/fr-en-annuaire-education/exports/csv";

/// Onisep's datasets, by the identifier that they have on opendata.onisep.fr.
const DATASETS: [(&str, &str, &str); 11] = [
    ("formations", "5fa591127f501", "csv"),
    ("metiers", "5fa5949243f97", "csv"),
    ("structures-secondaire", "5fa5816ac6a6e", "csv"),
    ("structures-superieur", "5fa586da5c4b6", "csv"),
    ("actions-lycee", "605340ddc19a9", "csv"),
    ("actions-superieur", "605344579a7d7", "csv"),
    ("fiches-formations", "5fe07a9ecc960", "zip"),
    ("fiches-metiers", "5fe0808a2da6f", "zip"),
    ("domaines", "5fa58d750a60c", "csv"),
    ("enseignements-2de", "60113c3d5fee0", "csv"),
    ("specialites-1re", "60113f395cce6", "csv"),
];

/// No file of theirs is so large.
const LARGEST: u64 = 1 << 30;
const CONNECT: Duration = Duration::from_secs(10);
/// A server that says nothing for so long is given up.
const SILENCE: Duration = Duration::from_secs(60);

/// A file to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Official {
    /// What it is called here.
    pub name: String,
    /// Where it is.
    pub url: String,
    extension: &'static str,
}

/// A file that could not be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// What it is called here.
    pub name: String,
    /// Where it should have been.
    pub url: String,
    /// Why not.
    pub reason: String,
}

/// Everything that is published, at these addresses.
#[must_use]
pub fn official(onisep: &str, directory: &str) -> Vec<Official> {
    let base = onisep.trim_end_matches('/');
    let of_onisep = DATASETS.iter().map(|(name, id, extension)| Official {
        name: (*name).to_owned(),
        url: format!("{base}/{id}/{id}.{extension}"),
        extension,
    });
    let annuaire = Official { name: "annuaire".to_owned(), url: directory.to_owned(), extension: "csv" };
    of_onisep.chain([annuaire]).collect()
}

/// Fetches files into a folder, one after the other. What cannot be fetched stops none of the others.
///
/// # Errors
/// What the disk refuses.
pub async fn fetch(
    wanted: &[Official],
    folder: &Path,
    progress: &(dyn Fn(Progress) + Send + Sync),
    stop: &AtomicBool,
) -> std::io::Result<(Vec<PathBuf>, Vec<Missed>)> {
    std::fs::create_dir_all(folder)?;
    let client = reqwest::Client::builder()
        .connect_timeout(CONNECT)
        .read_timeout(SILENCE)
        .redirect(reqwest::redirect::Policy::limited(5))
        .user_agent(concat!("passerelle/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(std::io::Error::other)?;
    let (mut got, mut missed) = (Vec::new(), Vec::new());
    for file in wanted {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let path = folder.join(format!("{}.{}", file.name, file.extension));
        match one(&client, file, &path, progress, stop).await {
            Ok(()) => got.push(path),
            Err(Failed::Disk(error)) => return Err(error),
            Err(Failed::Line(reason)) => {
                missed.push(Missed { name: file.name.clone(), url: file.url.clone(), reason });
            }
        }
    }
    Ok((got, missed))
}

enum Failed {
    Disk(std::io::Error),
    Line(String),
}

impl From<std::io::Error> for Failed {
    fn from(error: std::io::Error) -> Self {
        Self::Disk(error)
    }
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        Self::Line(crate::sync::reason(&error))
    }
}

async fn one(
    client: &reqwest::Client,
    file: &Official,
    path: &Path,
    progress: &(dyn Fn(Progress) + Send + Sync),
    stop: &AtomicBool,
) -> Result<(), Failed> {
    let mut answer = client.get(&file.url).send().await?;
    if !answer.status().is_success() {
        return Err(Failed::Line(format!("le serveur répond {}", answer.status())));
    }
    let total = answer.content_length().unwrap_or_default();
    let mut done = 0;
    let mut out = std::fs::File::create(path)?;
    let mut told: Option<Instant> = None;
    while let Some(bytes) = answer.chunk().await? {
        done += bytes.len() as u64;
        if done > LARGEST {
            return Err(Failed::Line("le fichier est plus grand que tout ce qui est publié".to_owned()));
        }
        if stop.load(Ordering::Relaxed) {
            return Err(Failed::Line("le téléchargement a été arrêté".to_owned()));
        }
        out.write_all(&bytes)?;
        if told.is_none_or(|told| told.elapsed() > Duration::from_millis(200)) {
            told = Some(Instant::now());
            progress(Progress {
                stage: Stage::Downloading,
                file: file.name.clone(),
                done,
                total: total.max(done),
                rows: 0,
            });
        }
    }
    if done < total {
        return Err(Failed::Line(format!("la ligne a été coupée après {done} octets sur {total}")));
    }
    Ok(out.sync_all()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_are_those_that_are_published() {
        let all = official(ONISEP, DIRECTORY);
        assert_eq!(all.len(), 12);
        assert_eq!(all[0].url, "https://api.opendata.onisep.fr/downloads/5fa591127f501/5fa591127f501.csv");
        assert!(all.iter().any(|file| file.url.ends_with("/5fe0808a2da6f.zip")));
        let elsewhere = official("http://127.0.0.1:1/x/", "http://127.0.0.1:1/a.csv");
        assert_eq!(elsewhere[1].url, "http://127.0.0.1:1/x/5fa5949243f97/5fa5949243f97.csv");
    }
}
