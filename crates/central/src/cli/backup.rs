//! `backup`, `restore`, `epoch`.

use std::path::Path;

use serde_json::json;

use super::{Failure, Said, said};
use crate::store::backup::{self, Backup};
use crate::store::{Location, Store};

/// `backup FILE`.
pub(super) async fn backup(location: &Location, file: &Path) -> Result<Option<Said>, Failure> {
    let Backup { bytes, schema } = backup::backup(location, file).await?;
    let text = format!("{} : {bytes} octets (schéma {schema})", file.display());
    said(json!({ "file": file, "bytes": bytes, "schema": schema }), text)
}

/// `restore FILE`.
pub(super) async fn restore(location: &Location, file: &Path) -> Result<Option<Said>, Failure> {
    let epoch = backup::restore(location, file).await?;
    let text = format!(
        "base restaurée dans {location} (époque {epoch}, schéma {}) ; les postes demandent d’eux-mêmes ce qu’elle ne \
         sait plus et le renvoient",
        location.schema()
    );
    said(json!({ "epoch": epoch, "schema": location.schema() }), text)
}

/// `epoch`: a service that runs goes on with the one that it was started with.
pub(super) async fn epoch(store: &Store, new: bool) -> Result<Option<Said>, Failure> {
    let epoch = if new { backup::new_epoch(store.write().await?).await? } else { store.meta.epoch.clone() };
    said(json!({ "epoch": epoch }), epoch.clone())
}
