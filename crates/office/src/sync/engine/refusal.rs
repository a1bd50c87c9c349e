//! What an exchange does about a refusal: each remedy once in a row.

use super::look::Looks;
use super::{Engine, Exchange, Phase};
use crate::store::Store;
use crate::sync::central::SyncError;
use crate::sync::steps::{Ask, Step};

impl Exchange {
    /// What helps against a refusal, if anything does.
    pub(super) async fn after_refusal(
        &mut self,
        engine: &mut Engine,
        store: &Store,
        error: SyncError,
    ) -> Result<Option<Step>, SyncError> {
        let SyncError::Refused(problem) = &error else { return Err(error) };
        match (problem.status, problem.code.as_str()) {
            // This database is a copy of one that went on elsewhere: it takes a new name, and sends again what waits.
            (_, "lineage_conflict") if !self.renamed && store.protections().incarnation => {
                self.renamed = true;
                store.new_incarnation(&engine.new_incarnation()).await?;
                self.send(store).await
            }
            // Central was restored: it may not know any more what it has acknowledged.
            (_, "epoch_changed") if !self.asked => self.ask_what_is_known(store, true).await,
            // Away for longer than changes are kept: all that waits here stays, and goes on when the rest has been read.
            (410, _) if !self.expired => {
                self.expired = true;
                store.read_again(&self.scopes()).await?;
                self.send(store).await
            }
            // Central is older and cannot be asked that.
            (404, _) if self.looked => {
                engine.looks = Looks::never();
                self.send(store).await
            }
            // Central is older and has no snapshots. Its feeds reach back to their beginning.
            (404, _) if self.part.is_some() => {
                store.read_feeds_instead().await?;
                self.send(store).await
            }
            (401, _) if !self.renewed => {
                self.renewed = true;
                Ok(Some(Step::Renew(match self.phase {
                    Phase::Ordinary => self.ask(store).await?,
                    Phase::Asking { .. } => Ask::Exchange(Box::new(self.question(store).await?)),
                })))
            }
            // Central, or a proxy before it, takes less at a time.
            (413, _) if self.sent > 1 => {
                self.most = self.sent / 2;
                self.send(store).await
            }
            _ => Err(error),
        }
    }
}
