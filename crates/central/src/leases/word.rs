//! The word of a desk that holds half-days, that it keeps the place of another desk's command there.

use passerelle_domain::ids::DeskId;
use passerelle_domain::lease::{self, Lease};
use passerelle_protocol::colleagues::{Vouch, vouched};
use passerelle_protocol::sync::Envelope;

use super::Leases;
use crate::store::{Desk, StoreError, Tx};

/// What a vouch is worth for the command that came with it.
#[derive(Debug, Default)]
pub(super) enum Word {
    /// Nobody had to know.
    #[default]
    Unheard,
    /// As if it were not there.
    Worthless,
    /// The holder's own: under these leases nothing of it is in the way.
    Given { by: DeskId, leases: String },
}

impl Word {
    /// Whether this lease is kept for the command.
    pub fn keeps(&self, lease: &Lease) -> bool {
        match self {
            Self::Unheard | Self::Worthless => false,
            Self::Given { by, leases } => lease.holder == *by && names(leases, lease),
        }
    }
}

/// Whether a lease is among those that are named.
fn names(named: &str, lease: &Lease) -> bool {
    let id = lease.granule.to_string();
    lease::references(named).any(|(of, term)| of == id && term == lease.term)
}

impl Leases {
    /// Hears what a holder says of the command that is decided next; what was said of the one before it is forgotten.
    ///
    /// # Errors
    /// [`StoreError`] of the database.
    pub async fn hear(&mut self, tx: &mut Tx, desk: &Desk, envelope: &Envelope) -> Result<(), StoreError> {
        self.word = Word::Unheard;
        let Some(vouch) = &envelope.vouch else { return Ok(()) };
        // A signature costs more than all the rest: it is looked at only where it changes something.
        let about = |lease: &Lease| lease.holder == vouch.by && names(&vouch.leases, lease);
        if self.rows.iter().any(|row| about(&row.lease)) {
            self.is_word(tx, desk, envelope, vouch).await?;
        }
        Ok(())
    }

    /// Whether a vouch is the word of another trusted desk of this desk's office about this very command.
    pub(super) async fn is_word(
        &mut self,
        tx: &mut Tx,
        desk: &Desk,
        envelope: &Envelope,
        vouch: &Vouch,
    ) -> Result<bool, StoreError> {
        match &self.word {
            Word::Given { .. } => return Ok(true),
            Word::Worthless => return Ok(false),
            Word::Unheard => {}
        }
        if self.desks.is_empty() {
            self.desks = tx.desks_of(&desk.office).await?;
        }
        let by = self.desks.iter().find(|d| d.id == vouch.by && d.id != desk.id && !d.revoked);
        let good = by.is_some_and(|by| by.signed(&vouched(envelope, &vouch.leases), &vouch.signature));
        self.word = match good {
            true => Word::Given { by: vouch.by, leases: vouch.leases.clone() },
            false => {
                tracing::warn!(desk = %desk.id, command = %envelope.id, by = %vouch.by, "a vouch that is none");
                Word::Worthless
            }
        };
        Ok(good)
    }
}
