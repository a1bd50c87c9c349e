//! The part of an office that one decision sees, and what a decision writes back.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_domain::OfficeState;
use passerelle_domain::command::Needs;
use passerelle_domain::event::Touched;
use passerelle_domain::office::OfficeSettings;

use super::feed::Feed;
use super::reading::Reading;
use super::writing::Writing;
use super::{StoreError, Tx};

/// Loads what a command needs to see.
///
/// # Errors
/// [`StoreError`] of the database, or when a document cannot be read.
pub async fn load_state(
    tx: &mut Tx,
    scope: &str,
    settings: Arc<OfficeSettings>,
    needs: &Needs,
) -> Result<OfficeState, StoreError> {
    let mut reading = Reading::of(scope, settings);
    reading.load(tx, needs).await?;
    Ok(reading.whole)
}

/// All appointments that touch a stretch of time, to search free slots in it.
///
/// # Errors
/// [`StoreError`] of the database, or when a document cannot be read.
pub async fn agenda_state(
    tx: &mut Tx,
    scope: &str,
    settings: Arc<OfficeSettings>,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<OfficeState, StoreError> {
    let needs = Needs { window: Some((from, to)), ..Needs::default() };
    load_state(tx, scope, settings, &needs).await
}

/// Writes the documents that events have touched, each with its change to the feed.
///
/// # Errors
/// [`StoreError::Overlap`] when the database finds a double booking; other errors of the database.
pub async fn write_touched(
    tx: &mut Tx,
    feed: &mut Feed,
    state: &OfficeState,
    touched: &[Touched],
) -> Result<(), StoreError> {
    let mut writing = Writing::default();
    for one in touched {
        writing.document(state, feed, *one)?;
    }
    writing.write(tx, feed.scope()).await.map(drop)
}
