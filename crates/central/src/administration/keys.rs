//! The keys with which administrators work over HTTP.

use super::kept::AdminKey;
use super::noted::{Action, By, note};
use super::{AdminError, line};
use crate::secret;
use crate::store::Store;

/// Longest name of a key, in characters.
const NAME_MAX: usize = 60;
/// How a key begins: whoever finds one somewhere sees what it is.
const BEGINS: &str = "pka_";

/// Makes a key, and says it: it is kept nowhere. 256 random bits, so that its hash alone need be kept, and nobody tries.
///
/// # Errors
/// [`AdminError`]; then there is none.
pub async fn make_key(store: &Store, name: &str, by: &By) -> Result<String, AdminError> {
    let name = name.trim();
    line("name", name, NAME_MAX)?;
    let key = format!("{BEGINS}{}", secret::hex(&secret::random::<32>()?));
    let mut tx = store.write().await?;
    if !tx.add_admin_key(name, &secret::hash(&key), by.at).await? {
        return Err(AdminError::KeyExists(name.to_owned()));
    }
    note(&mut tx, by, Action::MakeKey, None, Some(name.to_owned())).await?;
    tx.commit().await?;
    Ok(key)
}

/// All keys, also those that are worth nothing any more.
///
/// # Errors
/// [`AdminError`] of the store.
pub async fn keys(store: &Store) -> Result<Vec<AdminKey>, AdminError> {
    Ok(store.read().await?.admin_keys().await?)
}

/// Ends a key, at once.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn revoke_key(store: &Store, name: &str, by: &By) -> Result<(), AdminError> {
    let mut tx = store.write().await?;
    if !tx.revoke_admin_key(name, by.at).await? {
        return Err(AdminError::NoKey(name.to_owned()));
    }
    note(&mut tx, by, Action::RevokeKey, None, Some(name.to_owned())).await?;
    tx.commit().await?;
    Ok(())
}
