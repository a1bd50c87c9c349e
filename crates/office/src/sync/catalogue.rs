//! The catalogue that central publishes: asked for from time to time, fetched in the background, verified, put into
//! service.
//!
//! A manifest is believed when the key that central gave first has signed it, and when its number is not below that of
//! the release in service. Packs are known by the hash of their bytes; what was fetched of one before the line broke is
//! kept, and the rest asked for. Desks spread over a day: each has its own hour, by its identifier.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use ed25519_dalek::{Signature, VerifyingKey};
use passerelle_catalogue::import::{Progress, Stage};
use passerelle_catalogue::release::{InstallError, Wanted, install};
use passerelle_domain::ids::DeskId;
use passerelle_protocol::catalogue::{Manifest, Pack, SignedManifest};
use sha2::{Digest, Sha256};

use super::central::{Central, SyncError, hex, unhex};
use crate::catalogue::{Ended, Installed};
use crate::desk::Desk;
use crate::store::{StoreError, meta_keys as k};

/// Between two questions for a newer release: 5,000 desks ask some five times a second.
const ASK: Duration = Duration::from_secs(15 * 60);
/// The same in a demonstration, where somebody is watching.
const ASK_DEMO: Duration = Duration::from_secs(20);
/// After a failure.
const AGAIN: Duration = Duration::from_secs(120);
/// Desks take a release within so many seconds of its publication.
const SPREAD_S: u64 = 24 * 3_600;
/// No pack is so large.
const LARGEST: u64 = 1 << 30;

/// Why a release is not taken. The catalogue in service stays.
#[derive(Debug, thiserror::Error)]
pub enum ReleaseError {
    /// Central cannot be asked, or not to the end.
    #[error(transparent)]
    Sync(#[from] SyncError),
    /// Nobody that this desk knows has signed it.
    #[error("the manifest is not signed by the key that this desk knows")]
    Signature,
    /// It is older than what is in service.
    #[error("release {0} is older than the one in service")]
    Older(String),
    /// What arrived is not what was announced.
    #[error("a pack is not what its manifest says: {0}")]
    Corrupt(String),
    /// It cannot be put into service.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// The disk.
    #[error("the pack cannot be written: {0}")]
    Io(#[from] std::io::Error),
    /// Somebody asked to stop.
    #[error("it was stopped")]
    Stopped,
    /// It was begun and did not come to its end; the whole reason is kept for the screens.
    #[error("it was not taken: {0}")]
    NotTaken(String),
}

impl From<StoreError> for ReleaseError {
    fn from(error: StoreError) -> Self {
        Self::Sync(error.into())
    }
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// Nothing is published, or nothing newer.
    UpToDate,
    /// A newer one will be taken at this desk's hour.
    Later(DateTime<Utc>),
    /// It is in service.
    InService(String),
    /// An import is at work; afterwards.
    Busy,
}

/// Asks and takes until the process ends.
pub(super) async fn follow(desk: &Desk) {
    loop {
        let demo = desk.enrolment().is_some_and(|e| e.demo);
        let usual = if demo { ASK_DEMO } else { ASK };
        let pause = match take(desk, false).await {
            Ok(Taken::Later(at)) => (at - desk.now()).to_std().unwrap_or(usual).min(usual),
            Ok(_) => usual,
            // Whoever else notices that there is no central ends the loop.
            Err(ReleaseError::Sync(SyncError::Alone)) => ASK,
            Err(error) => {
                tracing::info!(%error, "no release of the catalogue was taken");
                AGAIN.min(usual)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = desk.catalogue().asked_for() => {
                // What somebody asks for is not put off, and its failure is shown where it was asked. That of a job
                // that was begun is kept already.
                match take(desk, true).await {
                    Ok(_) | Err(ReleaseError::NotTaken(_)) => {}
                    Err(error) => {
                        desk.catalogue().refused(error);
                        desk.tell(["catalogue"]);
                    }
                }
            }
        }
    }
}

/// Asks central for a newer release and takes it: at once when somebody asks, when there is none in service or in a
/// demonstration, else at this desk's hour.
///
/// # Errors
/// [`ReleaseError`]
pub async fn take(desk: &Desk, asked: bool) -> Result<Taken, ReleaseError> {
    let enrolment = desk.store().enrolment().await?.ok_or(SyncError::Alone)?;
    let (mut central, mut token) = desk.access().open(&enrolment).await?;
    let folder = desk.catalogue().folder().clone();
    let pointer = folder.in_service().ok().flatten();
    let in_service = pointer.as_ref().map(|pointer| pointer.release.as_str());
    let signed = match central.manifest(&token, in_service).await {
        Err(SyncError::Refused(problem)) if problem.status == 401 => {
            desk.access().forget_token().await;
            (central, token) = desk.access().open(&enrolment).await?;
            central.manifest(&token, in_service).await?
        }
        signed => signed?,
    };
    let Some(signed) = signed else { return Ok(Taken::UpToDate) };
    let manifest = believed(desk, &signed).await?;
    if in_service == Some(manifest.release.as_str()) {
        return Ok(Taken::UpToDate);
    }
    let taken: u64 = desk.store().meta(k::CATALOGUE_NUMBER).await?.and_then(|n| n.parse().ok()).unwrap_or(0);
    if manifest.number < taken {
        return Err(ReleaseError::Older(manifest.release));
    }
    // It was taken; what this desk imported over it since stays, unless somebody asks for the release itself.
    if manifest.number == taken && pointer.is_some() && !asked {
        return Ok(Taken::UpToDate);
    }
    let due = manifest.published_at + hour_of(enrolment.desk);
    if !asked && !enrolment.demo && pointer.is_some() && due > desk.now() {
        return Ok(Taken::Later(due));
    }
    let teller = desk.clone();
    let Ok(running) = desk.catalogue().start(move || teller.tell(["catalogue"])) else {
        return Ok(Taken::Busy);
    };
    let begun = std::time::Instant::now();
    let done =
        fetch_and_install(desk, &central, &token, &manifest, in_service, &running.stop, running.note()).await;
    if done.is_ok() {
        let number = manifest.number.to_string();
        desk.store().set_meta(&[(k::CATALOGUE_NUMBER, Some(&number))]).await?;
    }
    let ended = match done {
        Ok(()) => Ok(Installed {
            release: manifest.release.clone(),
            records: manifest.records,
            rows: manifest.rows,
            seconds: begun.elapsed().as_secs_f64(),
        }),
        Err(error) => Err(error),
    };
    let code = ended.as_ref().map(|_| ()).map_err(ToString::to_string);
    desk.catalogue().end(Ended::Release(ended)).await;
    match code {
        Ok(()) => Ok(Taken::InService(manifest.release)),
        Err(reason) => Err(ReleaseError::NotTaken(reason)),
    }
}

/// How long after the publication this desk's hour is.
fn hour_of(desk: DeskId) -> TimeDelta {
    let mut hasher = DefaultHasher::new();
    desk.hash(&mut hasher);
    TimeDelta::seconds(i64::try_from(hasher.finish() % SPREAD_S).unwrap_or_default())
}

/// The manifest, if it is signed by the key that this desk was given first.
async fn believed(desk: &Desk, signed: &SignedManifest) -> Result<Manifest, ReleaseError> {
    let known = desk.store().meta(k::CATALOGUE_KEY).await?;
    let key = known.clone().unwrap_or_else(|| signed.key.clone());
    let verifying = unhex(&key).and_then(|bytes| VerifyingKey::from_bytes(&bytes).ok());
    let signature = signature(&signed.signature);
    let good = verifying
        .zip(signature)
        .is_some_and(|(key, signature)| key.verify_strict(signed.manifest.as_bytes(), &signature).is_ok());
    if !good {
        return Err(ReleaseError::Signature);
    }
    if known.is_none() {
        desk.store().set_meta(&[(k::CATALOGUE_KEY, Some(&key))]).await?;
    }
    serde_json::from_str(&signed.manifest)
        .map_err(|e| SyncError::NotCentral(format!("a manifest that is none: {e}")).into())
}

fn signature(text: &str) -> Option<Signature> {
    let (first, second) = text.split_at_checked(64)?;
    let mut bytes = [0; 64];
    bytes[..32].copy_from_slice(&unhex(first)?);
    bytes[32..].copy_from_slice(&unhex(second)?);
    Some(Signature::from_bytes(&bytes))
}

type Note = Arc<dyn Fn(Progress) + Send + Sync>;

async fn fetch_and_install(
    desk: &Desk,
    central: &Central,
    token: &str,
    manifest: &Manifest,
    in_service: Option<&str>,
    stop: &Arc<AtomicBool>,
    note: Note,
) -> Result<(), ReleaseError> {
    let folder = desk.catalogue().folder().clone();
    let incoming = folder.path().join("incoming");
    std::fs::create_dir_all(&incoming)?;
    let chosen = manifest.packs_from(in_service);
    let by_deltas = chosen.first().is_some_and(|pack| **pack != manifest.full);
    forget_others(&incoming, manifest)?;
    let wanted = |packs| Wanted {
        release: manifest.release.clone(),
        rows: manifest.rows,
        sum: manifest.sum.clone(),
        datasets: manifest.datasets.clone(),
        packs,
    };
    let packs = fetch(central, token, &incoming, &chosen, stop, &note).await?;
    let done = match install(&folder, &wanted(packs), note.clone(), stop).await {
        // What is in service is not quite the release that the deltas are made for: the full pack mends it.
        Err(InstallError::NotTheRelease | InstallError::Chain { .. } | InstallError::Open(_))
            if by_deltas =>
        {
            let packs = fetch(central, token, &incoming, &[&manifest.full], stop, &note).await?;
            install(&folder, &wanted(packs), note, stop).await
        }
        done => done,
    };
    match done {
        Ok(_) => {
            let _ = std::fs::remove_dir_all(&incoming);
            Ok(())
        }
        Err(InstallError::Stopped) => Err(ReleaseError::Stopped),
        Err(error @ (InstallError::Pack(_) | InstallError::NotTheRelease)) => {
            // Signed as they are they will not become better: fetched anew the next time.
            let _ = std::fs::remove_dir_all(&incoming);
            Err(error.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// Removes what was fetched of releases that are not offered any more.
fn forget_others(incoming: &Path, manifest: &Manifest) -> std::io::Result<()> {
    let offered = |name: &str| {
        let all = manifest.deltas.iter().map(|delta| &delta.pack).chain([&manifest.full]);
        all.into_iter().any(|pack| name.starts_with(&pack.sha256))
    };
    for entry in std::fs::read_dir(incoming)?.flatten() {
        if !offered(&entry.file_name().to_string_lossy()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
    Ok(())
}

/// Fetches packs, each from where it broke off, and verifies them.
async fn fetch(
    central: &Central,
    token: &str,
    incoming: &Path,
    packs: &[&Pack],
    stop: &AtomicBool,
    note: &Note,
) -> Result<Vec<PathBuf>, ReleaseError> {
    let total: u64 = packs.iter().map(|pack| pack.bytes).sum();
    if total > LARGEST {
        return Err(ReleaseError::Corrupt(format!("{total} bytes are announced")));
    }
    let mut before = 0;
    let mut paths = Vec::new();
    for pack in packs {
        if pack.sha256.len() != 64 || !pack.sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ReleaseError::Corrupt("a pack without a hash".to_owned()));
        }
        let path = incoming.join(format!("{}.pack", pack.sha256));
        if !path.exists() {
            let part = incoming.join(format!("{}.part", pack.sha256));
            let said = |done: u64| {
                let done = before + done;
                let file = String::new();
                note(Progress { stage: Stage::Downloading, file, done, total, rows: 0 });
            };
            fetch_one(central, token, pack, &part, stop, &said).await?;
            if hash_of(part.clone()).await? != pack.sha256 {
                std::fs::remove_file(&part)?;
                return Err(ReleaseError::Corrupt(format!("the hash of {} is another", pack.sha256)));
            }
            std::fs::rename(&part, &path)?;
        }
        before += pack.bytes;
        paths.push(path);
    }
    Ok(paths)
}

async fn fetch_one(
    central: &Central,
    token: &str,
    pack: &Pack,
    part: &Path,
    stop: &AtomicBool,
    said: &(dyn Fn(u64) + Send + Sync),
) -> Result<(), ReleaseError> {
    let mut done = std::fs::metadata(part).map_or(0, |file| file.len());
    if done > pack.bytes {
        std::fs::remove_file(part)?;
        done = 0;
    }
    if done == pack.bytes {
        return Ok(());
    }
    let (mut answer, from) = central.blob(token, &pack.sha256, done).await?;
    let mut file = std::fs::File::options().create(true).append(true).open(part)?;
    if from != done {
        file.set_len(0)?;
        done = 0;
    }
    said(done);
    let mut told = std::time::Instant::now();
    while let Some(bytes) = answer.next().await? {
        if stop.load(Ordering::Relaxed) {
            return Err(ReleaseError::Stopped);
        }
        done += bytes.len() as u64;
        if done > pack.bytes {
            drop(file);
            std::fs::remove_file(part)?;
            return Err(ReleaseError::Corrupt(format!("{} is longer than announced", pack.sha256)));
        }
        file.write_all(&bytes)?;
        if told.elapsed() > Duration::from_millis(200) {
            told = std::time::Instant::now();
            said(done);
        }
    }
    file.sync_all()?;
    if done < pack.bytes {
        return Err(SyncError::Unreachable(format!("the line ended after {done} bytes")).into());
    }
    Ok(())
}

async fn hash_of(path: PathBuf) -> std::io::Result<String> {
    let work = move || {
        let mut file = std::fs::File::open(path)?;
        let mut hasher = Sha256::new();
        std::io::copy(&mut file, &mut hasher)?;
        Ok(hex(&hasher.finalize()))
    };
    tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
}
