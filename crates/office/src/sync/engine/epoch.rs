//! The question after a change of epoch: central may have gone back to an earlier state, and is asked what it still knows
//! of the commands that it acknowledged.

use std::collections::BTreeMap;

use passerelle_protocol::sync::{MAX_ASKED, SyncRequest, SyncResponse};

use super::{Engine, Exchange, Phase};
use crate::store::{Store, StoreError};
use crate::sync::central::SyncError;
use crate::sync::steps::{Ask, Step};

impl Exchange {
    /// Central may have gone back to an earlier state: it is asked which of the acknowledged commands it knows.
    /// `whole`: everything begins anew even if it knows them all, because numbers or epochs do not meet any more.
    pub(super) async fn ask_what_is_known(
        &mut self,
        store: &Store,
        whole: bool,
    ) -> Result<Option<Step>, SyncError> {
        self.asked = true;
        self.phase = Phase::Asking { told: 0, now: 0, unknown: Vec::new(), epoch: None, whole };
        Ok(Some(Step::Send(Ask::Exchange(Box::new(self.question(store).await?)))))
    }

    /// Which of these do you not know? Nothing else is asked or sent with it.
    pub(super) async fn question(&mut self, store: &Store) -> Result<SyncRequest, StoreError> {
        let mut asked = Vec::new();
        if let Phase::Asking { told, now, .. } = &mut self.phase {
            if store.protections().epoch_question {
                asked = store.acknowledged(*told).await?;
            }
            *now = asked.len();
        }
        (self.sent, self.first) = (0, None);
        Ok(SyncRequest {
            v: passerelle_protocol::VERSION,
            replica: self.replica(),
            epoch: String::new(),
            pending: u64::from(store.pending().await?),
            commands: Vec::new(),
            cursors: BTreeMap::new(),
            marks: BTreeMap::new(),
            limit: 0,
            asked: Some(asked),
            leases: true,
            colleagues: Vec::new(),
        })
    }

    /// The answer to that question: what is not known there is sent again, under a new name, and all that central has is
    /// read again. Where it knows everything, and numbers and epochs meet, nothing is to be done.
    pub(super) async fn enter_epoch(
        &mut self,
        engine: &mut Engine,
        store: &Store,
        answer: SyncResponse,
    ) -> Result<Option<Step>, SyncError> {
        // A central that does not understand the question leaves nothing to go by.
        let Some(more) = answer.unknown else {
            return Err(SyncError::SetBack { expected: answer.expected_next, next: self.first.unwrap_or(0) });
        };
        let scopes = self.scopes();
        let Phase::Asking { told, now, unknown, epoch, whole } = &mut self.phase else { return Ok(None) };
        // Restored once more between two questions: what it said before holds no longer.
        if epoch.as_ref().is_some_and(|epoch| *epoch != answer.epoch) {
            return Err(SyncError::SetBack { expected: answer.expected_next, next: 0 });
        }
        *epoch = Some(answer.epoch.clone());
        unknown.extend(more);
        *told += *now;
        if *now == MAX_ASKED {
            return Ok(Some(Step::Send(Ask::Exchange(Box::new(self.question(store).await?)))));
        }
        if *whole || !unknown.is_empty() {
            let inc = engine.new_incarnation();
            let again = store.enter_epoch(&answer.epoch, &inc, unknown, &scopes).await?;
            tracing::warn!(sent_again = again, "central does not know all that it did");
        }
        self.phase = Phase::Ordinary;
        self.send(store).await
    }
}
