//! Fills an empty database with the demonstration.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Europe::Paris;
use passerelle_domain::OfficeState;
use passerelle_protocol::sync::{DIRECTORY, Entity};

use crate::administration::write_office;
use crate::store::{self, Feed, Store, StoreError};

/// Why the demonstration is not shown.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database holds something else, which a demonstration must not be mixed with.
    #[error("cette base contient de vraies données : --demo ne s’emploie que sur une base neuve")]
    RealData,
    /// The store could not do its work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes the demonstration as it stands at that moment into an empty database; what is there from an earlier start is kept.
///
/// Each office is one transaction. The mark of a demonstration comes first and catchments last, so that a start that was
/// cut short is taken up where it stopped.
pub async fn fill(store: &mut Store, now: DateTime<Utc>) -> Result<(), DemoError> {
    let mut tx = store.write().await?;
    let there = store::offices(&mut tx).await?;
    if !store.meta.demo {
        // Another service may have begun to fill it since this one opened it.
        if !there.is_empty() && !store::marked_demo(&mut tx).await? {
            return Err(DemoError::RealData);
        }
        store.mark_demo(&mut tx).await?;
        tx.commit().await?;
    }
    let done = {
        let mut tx = store.read().await?;
        tx.feed(DIRECTORY).await?.is_some() && store::has_catchments(&mut tx).await?
    };
    if done {
        return Ok(());
    }
    let demo = passerelle_demo::build_at(now, Paris);
    for office in demo.offices {
        let uai = office.settings.office.uai.clone();
        if there.contains(&uai) {
            continue;
        }
        let state = state_of(office);
        let mut tx = store.write().await?;
        let Some(feed) = write_office(&mut tx, &state).await? else { continue };
        feed.save(&mut tx).await?;
        tx.commit().await?;
        tracing::debug!(office = %uai, changes = feed.head(), "demonstration office written");
    }
    let mut tx = store.write().await?;
    tx.create_feed(DIRECTORY).await?;
    if let Some(mut feed) = Feed::lock(&mut tx, DIRECTORY).await? {
        for rule in demo.catchments {
            store::put_directory(&mut tx, &mut feed, Entity::Catchment, &rule.postal_code, &rule).await?;
        }
        feed.save(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// An office of the demonstration as central holds one.
pub fn state_of(office: passerelle_demo::DemoOffice) -> OfficeState {
    OfficeState {
        appointments: office.appointments.into_iter().map(|a| (a.id, a)).collect(),
        enquiries: office.enquiries.into_iter().map(|e| (e.id, e)).collect(),
        clients: office.clients.into_iter().map(|c| (c.id, c)).collect(),
        waiting: office.waiting.into_iter().map(|w| (w.id, w)).collect(),
        ..OfficeState::new(Arc::new(office.settings))
    }
}
