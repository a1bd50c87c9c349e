//! A central at the size of a country, for trying: synthetic offices, desks and questions, the same for the same seed.

use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use ed25519_dalek::SigningKey;
use passerelle_demo::copies;
use passerelle_domain::ids::{DeskId, Uai};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::administration::write_office;
use crate::demo::{self, DemoError};
use crate::secret;
use crate::store::{Desk, Store, StoreError};

/// How much is made.
#[derive(Debug, Clone, Copy)]
pub struct Wanted {
    /// Offices beside the twelve of the demonstration.
    pub offices: u32,
    /// Desks, shared out among these offices.
    pub desks: u32,
    /// Questions beside those that each office of the demonstration has, shared out too.
    pub enquiries: u32,
    /// What all is drawn from.
    pub seed: u64,
}

/// What was made. What was there already from the same seed is not made again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    /// Offices.
    pub offices: u32,
    /// Desks.
    pub desks: u32,
    /// Questions.
    pub enquiries: u32,
}

/// Why nothing more is made.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Not a database of a demonstration.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The store could not do its work.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A document of the demonstration cannot be copied.
    #[error("un document de la démonstration ne peut pas être recopié : {0}")]
    Copy(#[from] serde_json::Error),
}

/// Between two words of how far it is.
const WORD: Duration = Duration::from_secs(3);

/// Fills a database: the demonstration first, then what is wanted. Only a new database or one of a demonstration, for
/// these desks' keys are known to whoever knows the seed. An office is one transaction; begun again, it goes on.
///
/// # Errors
/// [`LoadError`]; the offices written before stay.
pub async fn load(
    store: &mut Store,
    wanted: Wanted,
    now: DateTime<Utc>,
    mut far: impl FnMut(u32),
) -> Result<Made, LoadError> {
    demo::fill(store, now).await?;
    let models = passerelle_demo::build_at(now, Paris).offices;
    let mut made = Made::default();
    let mut said = Instant::now();
    for number in 0..wanted.offices {
        let model = &models[number as usize % models.len()];
        let mut office = copies::copy(model, wanted.seed, number)?;
        let questions = share(wanted.enquiries, wanted.offices, number);
        let more = copies::questions(&office, wanted.seed, questions as usize)?;
        let count = u32::try_from(more.len()).unwrap_or(u32::MAX);
        office.enquiries.extend(more);
        let uai = office.settings.office.uai.clone();
        let state = demo::state_of(office);
        let mut tx = store.write().await?;
        if let Some(feed) = write_office(&mut tx, &state).await? {
            let desks = share(wanted.desks, wanted.offices, number);
            for rank in 0..desks {
                tx.add_desk(&desk(wanted.seed, &uai, rank), now).await?;
            }
            feed.save(&mut tx).await?;
            tx.commit().await?;
            made.offices += 1;
            made.desks += desks;
            made.enquiries += count;
        }
        if said.elapsed() > WORD {
            said = Instant::now();
            far(number + 1);
        }
    }
    Ok(made)
}

/// The part of this number: as even as whole numbers allow.
fn share(all: u32, among: u32, number: u32) -> u32 {
    all / among.max(1) + u32::from(number < all % among.max(1))
}

/// A desk whose key is drawn from the seed: whoever tries a central can speak for it.
fn desk(seed: u64, office: &Uai, rank: u32) -> Desk {
    let name = format!("{seed} {office} {rank}");
    let key = signing_key(seed, office, rank);
    Desk {
        id: DeskId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())),
        office: office.clone(),
        name: format!("Poste {}", rank + 1),
        public_key: secret::hex(key.verifying_key().as_bytes()),
        revoked: false,
        reception: false,
        heard: None,
        granted: None,
    }
}

/// The key of a desk that was made so: SHA-256 of its seed, office and rank.
#[must_use]
pub fn signing_key(seed: u64, office: &Uai, rank: u32) -> SigningKey {
    SigningKey::from_bytes(&Sha256::digest(format!("load {seed} {office} {rank}")).into())
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn everything_is_shared_out() {
        for (all, among) in [(10, 3), (3, 10), (0, 5), (5_000, 488)] {
            let parts: Vec<u32> = (0..among).map(|n| share(all, among, n)).collect();
            assert_eq!(parts.iter().sum::<u32>(), all);
            assert!(parts.iter().max().zip(parts.iter().min()).is_some_and(|(a, b)| a - b <= 1));
        }
        assert_eq!(share(5, 0, 0), 5, "nobody divides by nothing");
    }
}
