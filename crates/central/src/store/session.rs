//! What a database must be able to do: a transaction as the store's own code uses it.
//!
//! Each trait is one subject, and each database implements it in a file of that subject, with its own SQL. Nothing here
//! decides anything: what is read and written, and in which order, is in the files beside this one, once for all
//! databases. Documents cross as the JSON text that was stored, to the byte.

use std::fmt::Debug;
use std::ops::{Deref, DerefMut};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, DeskId, Uai};
use passerelle_protocol::colleagues::Colleague;
use passerelle_protocol::sync::Check;

use crate::administration::kept::Administering;
use crate::quarantine::kept::Quarantining;

use super::rows::{
    AppointmentRow, ChangeRow, CommandRow, DocumentRow, FeedNumbers, Identified, ReadChange, RevisionRow,
    SortedDocument, Stored,
};
use super::{Answered, CodeUse, Desk, Finding, Leasing, Release, StoreError};

/// Feeds and their changes.
#[async_trait]
pub trait Feeds {
    /// Makes a feed, empty; `false` when there is one of this name.
    async fn create_feed(&mut self, scope: &str) -> Result<bool, StoreError>;
    /// Locks a feed until the end of the transaction: whoever else wants it waits.
    async fn lock_feed(&mut self, scope: &str) -> Result<Option<FeedNumbers>, StoreError>;
    /// Where a feed stands, and the mark of the change at a number.
    async fn feed_at(
        &mut self,
        scope: &str,
        seq: u64,
    ) -> Result<Option<(FeedNumbers, Option<i64>)>, StoreError>;
    /// Where a feed stands.
    async fn feed(&mut self, scope: &str) -> Result<Option<FeedNumbers>, StoreError>;
    /// Writes where a feed stands; its floor stays as it is.
    async fn save_feed(&mut self, scope: &str, numbers: FeedNumbers) -> Result<(), StoreError>;
    /// All feeds with their heads, in the order of their names.
    async fn heads(&mut self) -> Result<Vec<(String, u64)>, StoreError>;
    /// Adds a change, with a mark of its own.
    async fn add_change(&mut self, scope: &str, change: &ChangeRow) -> Result<(), StoreError>;
    /// Adds changes, in order, with one mark.
    async fn add_changes(&mut self, scope: &str, changes: &[ChangeRow], mark: i64) -> Result<(), StoreError>;
    /// Changes after a number, in order, at most so many.
    async fn changes(&mut self, scope: &str, after: u64, most: usize) -> Result<Vec<ReadChange>, StoreError>;
    /// The same without the documents, which are long.
    async fn revisions(
        &mut self,
        scope: &str,
        after: u64,
        most: usize,
    ) -> Result<Vec<RevisionRow>, StoreError>;
    /// The mark of the change at this number.
    async fn mark(&mut self, scope: &str, seq: u64) -> Result<Option<i64>, StoreError>;
}
/// What is read whole, and what is forgotten.
#[async_trait]
pub trait Keeping {
    /// Documents other than appointments after this sort and id, in that order, at most so many.
    async fn documents_after(
        &mut self,
        scope: &str,
        after: (&str, &str),
        most: usize,
    ) -> Result<Vec<SortedDocument>, StoreError>;
    /// Appointments after this id, in that order, at most so many.
    async fn appointments_after(
        &mut self,
        scope: &str,
        after: &str,
        most: usize,
    ) -> Result<Vec<SortedDocument>, StoreError>;
    /// The floor of a feed, with what a whole replica held there.
    async fn floor(&mut self, scope: &str) -> Result<Check, StoreError>;
    /// Whether any feed has moved since its last mark, or has none.
    async fn has_moved(&mut self) -> Result<bool, StoreError>;
    /// Marks how far each feed is that has moved since its last mark.
    async fn mark_feeds(&mut self, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Feeds with changes of before an instant: how far each was then.
    async fn marked(&mut self, before: DateTime<Utc>) -> Result<Vec<(String, u64)>, StoreError>;
    /// Forgets the changes up to a number, and the marks up to it.
    async fn forget_changes(&mut self, scope: &str, floor: &Check) -> Result<(), StoreError>;
    /// Commands that were decided before an instant, at most so many.
    async fn decided_before(&mut self, before: DateTime<Utc>, most: usize)
    -> Result<Vec<String>, StoreError>;
    /// Commands of desks that are trusted, that came before an instant and have no verdict, or before a later one where another incarnation of their desk
    /// has spoken since: desk, incarnation and envelope, JSON; in the order in which each incarnation has given them, at most
    /// so many.
    async fn held_before(
        &mut self,
        before: DateTime<Utc>,
        forgotten: DateTime<Utc>,
        most: usize,
    ) -> Result<Vec<(String, String, String)>, StoreError>;
    /// Forgets commands with their verdicts.
    async fn forget_commands(&mut self, ids: &[String]) -> Result<(), StoreError>;
}

/// Documents other than appointments.
#[async_trait]
pub trait Documents {
    /// Revision and text of one.
    async fn document_text(
        &mut self,
        scope: &str,
        entity: &str,
        id: &str,
    ) -> Result<Option<(u64, String)>, StoreError>;
    /// How often one has changed.
    async fn document_rev(&mut self, scope: &str, entity: &str, id: &str) -> Result<Option<u64>, StoreError>;
    /// How often each of these has changed; those that are not there are left out.
    async fn document_revs(
        &mut self,
        scope: &str,
        entity: &str,
        ids: &[String],
    ) -> Result<Vec<(String, u64)>, StoreError>;
    /// Those of a sort that are among these.
    async fn documents_among(
        &mut self,
        scope: &str,
        entity: &str,
        ids: &[String],
    ) -> Result<Vec<Stored>, StoreError>;
    /// All of a sort, in the order of their ids.
    async fn documents_of(&mut self, scope: &str, entity: &str) -> Result<Vec<Identified>, StoreError>;
    /// Whether there is any of a sort.
    async fn has_documents(&mut self, scope: &str, entity: &str) -> Result<bool, StoreError>;
    /// What an office's settings are made of beside the office: sort, id and text of each.
    async fn settings_texts(&mut self, scope: &str) -> Result<Vec<(String, String, String)>, StoreError>;
    /// Writes one, whether or not it was there.
    async fn keep_document(&mut self, row: &DocumentRow<'_>) -> Result<(), StoreError>;
    /// Writes several, each once, whether or not they were there.
    async fn keep_documents(&mut self, rows: &[DocumentRow<'_>]) -> Result<(), StoreError>;
    /// What a client still waits for.
    async fn waiting_of(&mut self, scope: &str, client: &str) -> Result<Vec<Identified>, StoreError>;
    /// Ids of a client's enquiries, in order.
    async fn enquiries_of(&mut self, scope: &str, client: &str) -> Result<Vec<String>, StoreError>;
}

/// Appointments.
#[async_trait]
pub trait Appointments {
    /// One.
    async fn appointment_text(&mut self, scope: &str, id: &str) -> Result<Option<String>, StoreError>;
    /// How often each of these has changed; those that are not there are left out.
    async fn appointment_revs(
        &mut self,
        scope: &str,
        ids: &[String],
    ) -> Result<Vec<(String, u64)>, StoreError>;
    /// Those that are among these.
    async fn appointments_among(&mut self, scope: &str, ids: &[String]) -> Result<Vec<Stored>, StoreError>;
    /// How often one has changed.
    async fn appointment_rev(&mut self, scope: &str, id: &str) -> Result<Option<u64>, StoreError>;
    /// Those that touch stretches of time, from and to in Unix seconds; one that touches two may come twice.
    async fn touching(
        &mut self,
        scope: &str,
        stretches: &[(i64, i64)],
    ) -> Result<Vec<Identified>, StoreError>;
    /// What is still proposed for an enquiry.
    async fn proposed(&mut self, scope: &str, enquiry: &str) -> Result<Vec<Identified>, StoreError>;
    /// All of a client, in the order of their ids.
    async fn of_client(&mut self, scope: &str, client: &str) -> Result<Vec<Identified>, StoreError>;
    /// Proposals whose hour has passed: scope and id, oldest first, at most so many.
    async fn overdue_holds(
        &mut self,
        now: DateTime<Utc>,
        most: u32,
    ) -> Result<Vec<(String, String)>, StoreError>;
    /// Writes one: a new one when its revision is 1. The database refuses what overlaps: [`StoreError::Overlap`].
    async fn keep_appointment(&mut self, row: &AppointmentRow<'_>) -> Result<(), StoreError>;
    /// Writes new ones, in order. The same refusals.
    async fn add_appointments(&mut self, rows: &[AppointmentRow<'_>]) -> Result<(), StoreError>;
}

/// Commands, and how far each incarnation of a desk has come.
#[async_trait]
pub trait Commands {
    /// The desk that sent a command, and its verdict as JSON; `None` when it was never seen.
    async fn verdict(&mut self, id: CommandId) -> Result<Option<(String, String)>, StoreError>;
    /// The same of those that are among these, each with its id.
    async fn verdicts(&mut self, ids: &[CommandId]) -> Result<Vec<(CommandId, String, String)>, StoreError>;
    /// The verdicts of those of these that are not held, each with its id: commands of the desks of this office alone.
    async fn verdicts_in(
        &mut self,
        office: &Uai,
        ids: &[CommandId],
    ) -> Result<Vec<(CommandId, String)>, StoreError>;
    /// The last `seq` that this incarnation has used; 0 when it is new.
    async fn last_seq(&mut self, desk: DeskId, inc: &str) -> Result<u64, StoreError>;
    /// Says that this incarnation has used `seq`.
    async fn advance(&mut self, desk: DeskId, inc: &str, seq: u64) -> Result<(), StoreError>;
    /// Keeps a command with its verdict. An id that is there is refused.
    async fn keep_command(&mut self, row: &CommandRow<'_>) -> Result<(), StoreError>;
    /// Keeps several.
    async fn keep_commands(&mut self, rows: &[CommandRow<'_>]) -> Result<(), StoreError>;
    /// Gives a command that was held its verdict, JSON.
    async fn settle_command(&mut self, id: CommandId, verdict: &str) -> Result<(), StoreError>;
}

/// Desks, the codes that enrol them, the nonces that they sign and the tokens that they get. Secrets come in as hashes.
#[async_trait]
pub trait Desks {
    /// One desk.
    async fn desk(&mut self, id: DeskId) -> Result<Option<Desk>, StoreError>;
    /// The desks of an office, in the order of their enrolment.
    async fn desks_of(&mut self, office: &Uai) -> Result<Vec<Desk>, StoreError>;
    /// The desks of an office that are trusted, as they know each other, in the order of their enrolment.
    async fn colleagues(&mut self, office: &Uai) -> Result<Vec<Colleague>, StoreError>;
    /// Keeps where a desk says that it listens.
    async fn note_listens(&mut self, id: DeskId, listens: &[String]) -> Result<(), StoreError>;
    /// Enrols a desk.
    async fn add_desk(&mut self, desk: &Desk, now: DateTime<Utc>) -> Result<(), StoreError>;
    /// Trusts a desk no longer; its tokens end at once. `false` when there is no such desk.
    async fn revoke(&mut self, id: DeskId, now: DateTime<Utc>) -> Result<bool, StoreError>;
    /// How many desks are trusted no longer.
    async fn revoked(&mut self) -> Result<u64, StoreError>;
    /// Keeps an enrolment code.
    async fn add_code(&mut self, hash: &str, office: &Uai, expires: DateTime<Utc>) -> Result<(), StoreError>;
    /// Uses an enrolment code. Of two who use it at the same moment one has it.
    async fn take_code(&mut self, hash: &str, now: DateTime<Utc>) -> Result<CodeUse, StoreError>;
    /// Keeps a nonce that a desk is to sign; those that nobody signed in time go.
    async fn add_nonce(
        &mut self,
        hash: &str,
        desk: DeskId,
        now: DateTime<Utc>,
        expires: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// Uses a nonce: whether this desk was given it and it still holds. It never holds again.
    async fn take_nonce(&mut self, hash: &str, desk: DeskId, now: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Keeps a token; those that have ended go.
    async fn add_token(
        &mut self,
        hash: &str,
        desk: DeskId,
        now: DateTime<Utc>,
        expires: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// The desk that holds a token, and when the token ends; `None` when it has ended or never was.
    async fn desk_of_token(
        &mut self,
        hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(Desk, DateTime<Utc>)>, StoreError>;
}

/// What the intake keeps.
#[async_trait]
pub trait Intake {
    /// The answer that a key was given before.
    async fn answered(&mut self, key: &str) -> Result<Option<Answered>, StoreError>;
    /// Keeps an answer under its key.
    async fn keep_answer(
        &mut self,
        key: &str,
        answer: &Answered,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError>;
    /// Whether any answer is older than an instant: asked before anything is locked for nothing.
    async fn has_old_answers(&mut self, before: DateTime<Utc>) -> Result<bool, StoreError>;
    /// Forgets answers older than an instant; gives their number.
    async fn forget_answers(&mut self, before: DateTime<Utc>) -> Result<u64, StoreError>;
    /// Whether nobody has this reference yet.
    async fn reference_is_free(&mut self, reference: &str) -> Result<bool, StoreError>;
    /// Scope and id of the enquiry with this reference.
    async fn enquiry_by_reference(&mut self, reference: &str)
    -> Result<Option<(String, String)>, StoreError>;
    /// Gives a reference to an enquiry. First come, first served: one that is taken stays.
    async fn keep_reference(&mut self, reference: &str, scope: &str, enquiry: &str)
    -> Result<(), StoreError>;
}

/// Releases of the catalogue: their manifests and their packs.
#[async_trait]
pub trait Releases {
    /// The newest release.
    async fn newest_release(&mut self) -> Result<Option<Release>, StoreError>;
    /// Adds a release. A number or a name that is taken is refused, and a number below the newest.
    async fn add_release(&mut self, release: &Release, at: DateTime<Utc>) -> Result<(), StoreError>;
    /// Keeps a pack. The same bytes are kept once; what a bad disk made of them is mended.
    async fn add_blob(&mut self, sha256: &str, bytes: &[u8]) -> Result<(), StoreError>;
    /// Bytes of a pack from this one on, and how many it has in all; none if there is no such pack.
    async fn blob(&mut self, sha256: &str, from: u64) -> Result<Option<(Vec<u8>, u64)>, StoreError>;
    /// Forgets packs that are not among these.
    async fn forget_blobs(&mut self, kept: &[String]) -> Result<(), StoreError>;
}

/// The database itself.
#[async_trait]
pub trait Whole {
    /// A fact about the database.
    async fn fact(&mut self, key: &str) -> Result<Option<String>, StoreError>;
    /// Keeps a fact; one that is there stays.
    async fn keep_fact(&mut self, key: &str, value: &str) -> Result<(), StoreError>;
    /// Changes a fact.
    async fn change_fact(&mut self, key: &str, value: &str) -> Result<(), StoreError>;
    /// Looks through the whole database: whether it is whole, then its rules.
    async fn inspect(&mut self) -> Result<Vec<Finding>, StoreError>;
}

/// A transaction. Dropped before its commit it leaves nothing behind.
#[async_trait]
pub trait Session:
    Feeds
    + Keeping
    + Documents
    + Appointments
    + Commands
    + Desks
    + Leasing
    + Administering
    + Quarantining
    + Intake
    + Releases
    + Whole
    + Debug
    + Send
{
    /// A point to which [`Session::back`] goes back. There is one at a time.
    async fn savepoint(&mut self) -> Result<(), StoreError>;
    /// Forgets the point; what was done since stays.
    async fn keep(&mut self) -> Result<(), StoreError>;
    /// Takes back all that was done since the point, and forgets it.
    async fn back(&mut self) -> Result<(), StoreError>;
    /// Makes it all durable.
    async fn commit(self: Box<Self>) -> Result<(), StoreError>;
}

/// A transaction of one database or the other; nothing of it stays unless it is committed.
#[derive(Debug)]
pub struct Tx(pub(super) Box<dyn Session>);

impl Tx {
    /// Makes it all durable.
    ///
    /// # Errors
    /// [`StoreError`] of the database; then nothing was written.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.0.commit().await
    }
}

impl Deref for Tx {
    type Target = dyn Session;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut *self.0
    }
}
