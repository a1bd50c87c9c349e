//! Publishing the catalogue: files become a release, its packs and its signed manifest.
//!
//! The files are imported over the release before, as at a desk, in a folder beside the database; when that folder is
//! lost it is made again from the last full pack. Packs, manifest and number are written in one transaction: a desk sees
//! all of a release or nothing of it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};
use ed25519_dalek::{Signer, SigningKey};
use passerelle_catalogue::file::{Catalogue, Folder, OpenError};
use passerelle_catalogue::import::{ImportError, Order, Origin, Progress, Report, import};
use passerelle_catalogue::release::{InstallError, MakeError, Wanted, install, make};
use passerelle_protocol::catalogue::{Delta, MAX_DELTAS, Manifest, Pack};
use sha2::{Digest, Sha256};

use crate::secret::{self, NoRandomness};
use crate::store::{self, Release, Store, StoreError};

/// What is to be published.
#[derive(Debug)]
pub struct Publication {
    /// Files, archives and folders of the formats that a desk imports.
    pub paths: Vec<PathBuf>,
    /// Where the catalogue is built.
    pub folder: PathBuf,
    /// Who tells all of it, when it is not who publishes files of these formats.
    pub origin: Option<Origin>,
}

/// Why nothing is published. What was published before stays.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The files.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// The release before cannot be made again from its pack.
    #[error("la version précédente ne peut pas être reprise : {0}")]
    Before(#[from] InstallError),
    /// The last pack lacks.
    #[error("le paquet de la version précédente manque dans la base")]
    NoPack,
    /// The packs.
    #[error(transparent)]
    Make(#[from] MakeError),
    /// The new catalogue cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The manifest.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// No key can be made.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The disk.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// Nothing changed since the release before.
    #[error("ces fichiers ne changent rien à la version en service ; aucune n’a été publiée")]
    Unchanged,
    /// Somebody else published meanwhile.
    #[error("une autre version a été publiée pendant ce temps ; recommencez")]
    Overtaken,
}

/// Publishes, and says what the import and the manifest say.
///
/// # Errors
/// [`PublishError`]; then nothing is published.
pub async fn publish(
    store: &Store,
    publication: Publication,
    now: DateTime<Utc>,
    progress: impl Fn(Progress) + Send + Sync + 'static,
    stop: Arc<AtomicBool>,
) -> Result<(Report, Manifest), PublishError> {
    let Publication { paths, folder, origin } = publication;
    let folder = Folder::new(folder);
    let before = last(store).await?;
    if let Some(before) = &before {
        take_up(&folder, before, &stop).await?;
    } else if folder.in_service().ok().flatten().is_some() {
        // A folder of another database: nothing of it was published here.
        std::fs::remove_dir_all(folder.path())?;
    }
    let number = before.as_ref().map_or(0, |before| before.manifest.number) + 1;
    let release = format!("{}-{number}", now.format("%Y%m%d"));
    let order = Order { paths, folder: folder.clone(), release: release.clone(), origin };
    let report = import(order, progress, stop).await?;
    let Some(catalogue) = Catalogue::open(&folder).await? else { return Err(PublishError::Unchanged) };
    let old = before.as_ref().map(|before| (before.manifest.release.as_str(), before.full.as_slice()));
    let made = make(&catalogue, &release, old).await?;
    catalogue.close().await;
    let full = Pack { sha256: hash(&made.full), bytes: made.full.len() as u64 };
    let mut deltas = before.as_ref().map(|before| before.manifest.deltas.clone()).unwrap_or_default();
    if let (Some(before), Some((delta, changed))) = (&before, &made.delta) {
        if *changed == 0 {
            return Err(PublishError::Unchanged);
        }
        deltas.push(Delta {
            from: before.manifest.release.clone(),
            to: release.clone(),
            pack: Pack { sha256: hash(delta), bytes: delta.len() as u64 },
        });
        let surplus = deltas.len().saturating_sub(MAX_DELTAS);
        deltas.drain(..surplus);
    }
    let manifest = Manifest {
        release,
        number,
        published_at: now,
        records: report.records,
        rows: made.rows,
        sum: made.sum,
        datasets: made.datasets,
        full,
        deltas,
    };
    let delta = made.delta.as_ref().map(|(bytes, _)| bytes.as_slice());
    write(store, &manifest, &made.full, delta, before.map(|before| before.manifest)).await?;
    Ok((report, manifest))
}

fn hash(bytes: &[u8]) -> String {
    secret::hex(&Sha256::digest(bytes))
}

/// The release before, with its full pack.
struct Last {
    manifest: Manifest,
    full: Vec<u8>,
}

async fn last(store: &Store) -> Result<Option<Last>, PublishError> {
    let mut tx = store.read().await?;
    let Some(release) = tx.newest_release().await? else { return Ok(None) };
    let manifest: Manifest = serde_json::from_str(&release.manifest)?;
    let pack = tx.blob(&manifest.full.sha256, 0).await?;
    let Some((full, _)) = pack.filter(|(bytes, _)| hash(bytes) == manifest.full.sha256) else {
        return Err(PublishError::NoPack);
    };
    Ok(Some(Last { manifest, full }))
}

/// Makes sure that the folder holds the release before.
async fn take_up(folder: &Folder, before: &Last, stop: &Arc<AtomicBool>) -> Result<(), PublishError> {
    let held = folder.in_service().ok().flatten().map(|pointer| pointer.release);
    if held.as_deref() == Some(before.manifest.release.as_str()) {
        return Ok(());
    }
    if folder.path().exists() {
        std::fs::remove_dir_all(folder.path())?;
    }
    std::fs::create_dir_all(folder.path())?;
    let pack = folder.path().join("before.pack");
    std::fs::write(&pack, &before.full)?;
    let wanted = Wanted {
        release: before.manifest.release.clone(),
        rows: before.manifest.rows,
        sum: before.manifest.sum.clone(),
        datasets: before.manifest.datasets.clone(),
        packs: vec![pack.clone()],
    };
    install(folder, &wanted, Arc::new(|_| ()), stop).await?;
    Ok(std::fs::remove_file(pack)?)
}

/// Signs the manifest and writes the release, all at once.
async fn write(
    store: &Store,
    manifest: &Manifest,
    full: &[u8],
    delta: Option<&[u8]>,
    before: Option<Manifest>,
) -> Result<(), PublishError> {
    let mut tx = store.write().await?;
    let newest = tx.newest_release().await?.map_or(0, |release| release.number);
    if newest + 1 != manifest.number {
        return Err(PublishError::Overtaken);
    }
    let seed = match store::catalogue_key(&mut tx).await? {
        Some(seed) => seed,
        None => {
            let seed = secret::hex(&secret::random::<32>()?);
            store::keep_catalogue_key(&mut tx, &seed).await?;
            seed
        }
    };
    let seed = secret::unhex::<32>(&seed)
        .ok_or_else(|| StoreError::Damaged("the key that signs the catalogue is none".to_owned()))?;
    let text = serde_json::to_string(manifest)?;
    let signature = secret::hex(&SigningKey::from_bytes(&seed).sign(text.as_bytes()).to_bytes());
    tx.add_blob(&manifest.full.sha256, full).await?;
    if let (Some(delta), Some(last)) = (delta, manifest.deltas.last()) {
        tx.add_blob(&last.pack.sha256, delta).await?;
    }
    // The packs of the release before stay for those who are fetching them now.
    let of = |manifest: &Manifest| {
        let deltas = manifest.deltas.iter().map(|delta| delta.pack.sha256.clone());
        deltas.chain([manifest.full.sha256.clone()]).collect::<Vec<_>>()
    };
    let kept: Vec<String> = of(manifest).into_iter().chain(before.iter().flat_map(of)).collect();
    tx.forget_blobs(&kept).await?;
    let release =
        Release { number: manifest.number, release: manifest.release.clone(), manifest: text, signature };
    match tx.add_release(&release, manifest.published_at).await {
        // Somebody else has taken the number since it was looked up.
        Err(StoreError::Busy) => return Err(PublishError::Overtaken),
        done => done?,
    }
    Ok(tx.commit().await?)
}
