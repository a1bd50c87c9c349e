//! What a whole replica of each feed holds: number and sum, reckoned from the feed itself and kept in memory, so that a
//! desk can be told with each answer what it should have, without a query when nothing has changed. What was forgotten of a
//! feed is in the sum that was kept with its floor.
//!
//! Columns of the feed's row were the alternative: one place more that every writer must keep right, and a migration that
//! cannot reckon the sum in SQL. Here a node reads each change once after its start.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use passerelle_protocol::sync::{Change, Check, Tally};

use crate::store::{StoreError, Tx};

/// Changes that are read at once.
const STRETCH: usize = 5_000;

/// The sums of all feeds, as far as each was read.
#[derive(Debug, Default)]
pub struct Tallies(Mutex<HashMap<String, Check>>);

impl Tallies {
    /// The sum at this position of a feed, which is at most its head in this transaction; `None` for one that has been
    /// passed already by somebody who asked later.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn at(&self, tx: &mut Tx, scope: &str, seq: u64) -> Result<Option<Check>, StoreError> {
        self.after(tx, scope, seq, &[]).await
    }

    /// The same when changes before this position have been read, without gaps, in this transaction: they are not read again.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn after(
        &self,
        tx: &mut Tx,
        scope: &str,
        seq: u64,
        read: &[Change],
    ) -> Result<Option<Check>, StoreError> {
        let mut check = self.known(scope);
        if check.seq > seq {
            return Ok(None);
        }
        let from = check.seq;
        for change in read {
            if change.seq == check.seq + 1 {
                take(&mut check, change.seq, &change.id, change.rev, change.doc.is_none());
            }
        }
        if !advance(&mut check, tx, scope, seq).await? {
            // What comes next is forgotten: reading begins at the floor.
            check = tx.floor(scope).await?;
            if check.seq > seq || !advance(&mut check, tx, scope, seq).await? {
                return Ok(None);
            }
        }
        if check.seq > from {
            self.keep(scope, &check);
        }
        Ok(Some(check))
    }

    /// The sum that was last asked for, wherever that was; `None` when none was.
    pub(crate) fn last(&self, scope: &str) -> Option<Check> {
        let check = self.known(scope);
        (check.seq > 0).then_some(check)
    }

    fn known(&self, scope: &str) -> Check {
        // A poisoned lock only says that another thread stopped while it held a map that is always whole.
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(scope).cloned().unwrap_or(Check { seq: 0, tally: Tally::default() })
    }

    fn keep(&self, scope: &str, check: &Check) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.get(scope).map_or(0, |c| c.seq);
        if check.seq > known {
            all.insert(scope.to_owned(), check.clone());
        }
    }
}

/// Takes a sum on to a later position of the feed; `false` when a change in between is not there.
///
/// # Errors
/// [`StoreError`] of the database.
pub(crate) async fn advance(
    check: &mut Check,
    tx: &mut Tx,
    scope: &str,
    to: u64,
) -> Result<bool, StoreError> {
    while check.seq < to {
        let rows = tx.revisions(scope, check.seq, STRETCH).await?;
        if rows.first().is_none_or(|row| row.seq != check.seq + 1) {
            return Ok(false);
        }
        for row in rows.iter().take_while(|row| row.seq <= to) {
            take(check, row.seq, &row.id, row.rev, row.gone);
        }
    }
    Ok(true)
}

/// Takes a sum over one change, the next.
fn take(check: &mut Check, seq: u64, id: &str, rev: u64, gone: bool) {
    if rev > 1 {
        check.tally.remove(id, rev - 1);
    }
    if !gone {
        check.tally.add(id, rev);
    }
    check.seq = seq;
}
