//! Releases of the catalogue, and the key that signs them.

use super::{StoreError, Tx};

/// Name of the fact: the seed of the Ed25519 key that signs manifests, hexadecimal.
const KEY: &str = "catalogue_key";

/// A published release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Release {
    /// Rises with every release.
    pub number: u64,
    /// Its name.
    pub release: String,
    /// The manifest, to the byte.
    pub manifest: String,
    /// Its signature, hexadecimal.
    pub signature: String,
}

/// The seed of the signing key, hexadecimal, if there is one yet.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn catalogue_key(tx: &mut Tx) -> Result<Option<String>, StoreError> {
    tx.fact(KEY).await
}

/// Keeps the seed of the signing key; one that is there stays.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn keep_catalogue_key(tx: &mut Tx, seed: &str) -> Result<(), StoreError> {
    tx.keep_fact(KEY, seed).await
}
