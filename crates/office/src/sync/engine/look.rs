//! The short question of a desk that has nothing to send: has anything happened since? Central answers it from memory, and
//! mostly with no more than "no".

use chrono::{DateTime, TimeDelta, Utc};
use passerelle_protocol::heads::{Ends, tag};
use passerelle_protocol::sync::MAX_CHANGES;

use super::{Engine, Exchange};
use crate::store::{Store, StoreError, meta_keys as k};
use crate::sync::central::SyncError;
use crate::sync::steps::{Ask, Step, SyncReport};

/// A desk that looks exchanges at least this often all the same: sums are compared then, and its clock with central's.
const WHOLE_EVERY: TimeDelta = TimeDelta::minutes(10);

/// What is known of exchanges, so that a look can stand for one.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// The last one that was whole and succeeded: when it ended, and after how many seconds central wanted to be asked.
    whole: Option<(DateTime<Utc>, u32)>,
    /// This central cannot be asked.
    never: bool,
}

impl Looks {
    pub(super) const fn never() -> Self {
        Self { whole: None, never: true }
    }

    pub(super) fn note(&mut self, exchange: &Exchange, report: &SyncReport, now: DateTime<Utc>) {
        if !exchange.looked {
            self.whole = Some((now, report.poll_after_s));
        }
    }

    fn suffices(&self, now: DateTime<Utc>) -> bool {
        // A clock that was set back meanwhile says nothing about how long ago it was.
        !self.never && self.whole.is_some_and(|(at, _)| at <= now && now - at < WHOLE_EVERY)
    }
}

impl Engine {
    /// Begins with the short question, where it is enough: nothing waits here, and the last exchange is not long ago.
    /// `None` where it is not: [`Engine::begin`].
    ///
    /// # Errors
    /// [`SyncError::Alone`] without a central; those of the database.
    pub async fn look(&mut self, store: &Store, now: DateTime<Utc>) -> Result<Option<Ask>, SyncError> {
        if self.timer.is_failing() || !self.looks.suffices(now) || something_waits(store).await? {
            return Ok(None);
        }
        let mut exchange = Exchange::of(store.enrolment().await?.ok_or(SyncError::Alone)?, MAX_CHANGES);
        exchange.looked = true;
        let epoch = store.meta(k::EPOCH).await?.unwrap_or_default();
        let ends = Ends { heads: store.cursors().await?, marks: store.marks().await? };
        let ask = Ask::Look(tag(&epoch, &exchange.enrolment.office, &ends));
        self.exchange = Some(exchange);
        Ok(Some(ask))
    }
}

/// What only an exchange can move on.
async fn something_waits(store: &Store) -> Result<bool, StoreError> {
    Ok(store.pending().await? > 0
        || store.any_unseen().await?
        || !store.refetching().await?.is_empty()
        || store.next_part().await?.is_some()
        || !store.of_colleagues().await?.is_empty())
}

impl Exchange {
    /// Nothing has happened: that is the whole exchange.
    pub(super) fn all_is_here(&mut self, looks: &Looks) -> Option<Step> {
        self.report.poll_after_s = looks.whole.map_or(0, |(_, poll_after_s)| poll_after_s);
        None
    }
}
