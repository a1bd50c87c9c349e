//! When the next exchange is due. After a failure that is a state of the database: whatever ends the process, what waits
//! in the outbox is tried again when its time comes.

use chrono::{DateTime, TimeDelta, Utc};
use rand::RngCore;

use super::central::SyncError;
use super::engine::{after, between};
use super::steps::SyncReport;
use crate::store::{Store, StoreError, meta_keys as k};

/// Decorrelated jitter between these bounds, so that desks coming back together do not stay together.
const FIRST_S: f64 = 2.0;
const LONGEST_S: f64 = 300.0;
/// A `Retry-After` beyond this is not believed.
const LONGEST_BUSY_S: u32 = 3_600;

/// The timer.
#[derive(Debug)]
pub(super) struct Timer {
    due: Option<DateTime<Utc>>,
    patience_s: f64,
    failing: bool,
    /// Whether the database holds it, as after a failure.
    stored: bool,
}

impl Timer {
    /// Takes the timer up where it was: due at once, unless a failure has set it later. A stored instant further off than
    /// any pause was set by a clock that was wrong, and no wrong clock keeps this desk from its work.
    pub(super) async fn taken_up(store: &Store, now: DateTime<Utc>) -> Result<Self, StoreError> {
        if !store.protections().durable_timer {
            return Ok(Self { due: None, patience_s: FIRST_S, failing: false, stored: false });
        }
        let failing = store.meta(k::OFFLINE_SINCE).await?.is_some();
        let stored = store.meta_instant(k::NEXT_TRY).await?;
        let latest = now + TimeDelta::seconds(LONGEST_S as i64);
        let due = stored.unwrap_or(now).clamp(now, latest);
        let patience = store.meta(k::PATIENCE).await?.and_then(|p| p.parse().ok());
        let patience_s =
            patience.filter(|p: &f64| p.is_finite()).unwrap_or(FIRST_S).clamp(FIRST_S, LONGEST_S);
        Ok(Self { due: Some(due), patience_s, failing, stored: true })
    }

    pub(super) fn due(&self) -> Option<DateTime<Utc>> {
        self.due
    }

    pub(super) fn is_failing(&self) -> bool {
        self.failing
    }

    pub(super) fn call(&mut self, now: DateTime<Utc>) {
        self.due = Some(self.due.map_or(now, |due| due.min(now)));
    }

    /// Sets the timer after an exchange: the poll that central asked for, or growing patience.
    pub(super) async fn set(
        &mut self,
        store: &Store,
        outcome: Result<&SyncReport, &SyncError>,
        now: DateTime<Utc>,
        chance: &mut (dyn RngCore + Send),
    ) -> Result<(), StoreError> {
        let error = match outcome {
            Ok(report) => {
                self.due = Some(after(now, f64::from(report.poll_after_s.max(1))));
                (self.patience_s, self.failing) = (FIRST_S, false);
                if self.stored {
                    store.set_meta(&[(k::NEXT_TRY, None), (k::PATIENCE, None)]).await?;
                    self.stored = false;
                }
                return Ok(());
            }
            Err(error) => error,
        };
        let pause = between(chance, FIRST_S, (self.patience_s * 3.0).clamp(FIRST_S + 0.1, LONGEST_S));
        (self.patience_s, self.failing) = (pause, true);
        let pause = match error {
            // Central knows better when; the jitter keeps desks apart that were told the same.
            SyncError::Busy { after_s: Some(after), .. } => f64::from((*after).min(LONGEST_BUSY_S)) + pause,
            _ => pause,
        };
        let due = after(now, pause);
        (self.due, self.stored) = (Some(due), true);
        if !store.protections().durable_timer {
            return Ok(());
        }
        let (at, patience) = (due.to_rfc3339(), self.patience_s.to_string());
        store.set_meta(&[(k::NEXT_TRY, Some(&at)), (k::PATIENCE, Some(&patience))]).await
    }
}
