//! One exchange with a desk, whatever carried it: commands up, verdicts and changes down.

use std::collections::BTreeMap;

use passerelle_domain::ids::CommandId;
use passerelle_protocol::sync::{
    Change, Check, DIRECTORY, MAX_ASKED, MAX_BODY, MAX_CHANGES, MAX_COMMANDS, SyncRequest, SyncResponse,
    Verdict, office_scope,
};

use crate::leases;
use crate::push::{PushError, push};
use crate::service::Service;
use crate::store::{self, Desk, ReadChange, StoreError, StoredVerdict};

/// Longest name of an incarnation.
const INC_MAX: usize = 64;

/// Why an exchange is refused as a whole. What was decided of it before stays decided.
#[derive(Debug, thiserror::Error)]
pub enum ExchangeError {
    /// The request names another desk than the one whose token it bears.
    #[error("the token belongs to another desk")]
    WrongDesk,
    /// Not a name of an incarnation.
    #[error("an incarnation has 1 to {INC_MAX} visible ASCII characters")]
    BadIncarnation,
    /// More commands, or more questions after commands, than a request may have.
    #[error("more than {MAX_COMMANDS} commands, or more than {MAX_ASKED} asked after")]
    TooMany,
    /// This database was restored or made anew since the desk was told its epoch, or knows less than the desk.
    #[error("the epoch has changed")]
    EpochChanged,
    /// Changes after the desk's cursor are forgotten: it takes a snapshot.
    #[error("changes after the desk's cursor are forgotten")]
    CursorExpired,
    /// An unknown command bears a number that its incarnation has used.
    #[error("an unknown command bears the number {seq}, but {last} was used already")]
    Lineage {
        /// Its number.
        seq: u64,
        /// The last used.
        last: u64,
    },
    /// The desk's office is gone.
    #[error("the desk's office is not known")]
    NoOffice,
    /// The store could not do its work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ExchangeError {
    /// The HTTP status, which is part of what a desk is told however it is told.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::WrongDesk | Self::NoOffice => 403,
            Self::BadIncarnation => 400,
            Self::TooMany => 413,
            Self::EpochChanged | Self::Lineage { .. } => 409,
            Self::CursorExpired => 410,
            Self::Store(StoreError::Busy | StoreError::DiskFull) => 503,
            Self::Store(_) => 500,
        }
    }

    /// The stable code of the problem document.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongDesk => "wrong_desk",
            Self::BadIncarnation => "malformed_body",
            Self::TooMany => "too_many_commands",
            Self::EpochChanged => "epoch_changed",
            Self::CursorExpired => "cursor_expired",
            Self::Lineage { .. } => "lineage_conflict",
            Self::NoOffice => "office_unknown",
            Self::Store(StoreError::Busy) => "busy",
            Self::Store(StoreError::DiskFull) => "disk_full",
            Self::Store(_) => "internal",
        }
    }
}

impl From<PushError> for ExchangeError {
    fn from(error: PushError) -> Self {
        match error {
            PushError::Lineage { seq, last } => Self::Lineage { seq, last },
            PushError::NoOffice => Self::NoOffice,
            PushError::Store(error) => Self::Store(error),
        }
    }
}

/// The whole exchange. Each command is durable before its verdict is in the answer.
///
/// # Errors
/// [`ExchangeError`]; what was decided before stays decided, and its verdicts are given when it is sent again.
pub async fn exchange(
    service: &Service,
    desk: &Desk,
    request: &SyncRequest,
) -> Result<SyncResponse, ExchangeError> {
    refuse_foreign(service, desk, request)?;
    let mut pushed = push(service, desk, &request.replica.inc, &request.commands).await?;
    leases::after_commands(service, desk, request, &pushed.results).await?;
    if !request.leases {
        for result in &mut pushed.results {
            if let Verdict::Refused { refusal } = &mut result.verdict {
                refusal.code = leases::known_code(refusal.code);
            }
        }
    }
    let unknown = match &request.asked {
        Some(asked) => Some(unknown(service, desk, asked).await?),
        None => None,
    };
    // Before the feed is read: what an accepted one changed is in it then.
    let known = match request.colleagues.is_empty() {
        true => BTreeMap::new(),
        false => {
            let mut tx = service.store.read().await?;
            store::decided_in(&mut tx, &desk.office, &request.colleagues).await?
        }
    };
    let pulled = pull(service, desk, request, pushed.added).await?;
    let told = |id: &&CommandId| known.get(id).is_some_and(|verdict| pulled.tells(verdict));
    let decided = request.colleagues.iter().filter(told).copied().collect();
    Ok(SyncResponse {
        epoch: service.store.meta.epoch.clone(),
        inc: request.replica.inc.clone(),
        server_time: service.now(),
        results: pushed.results,
        expected_next: pushed.expected_next,
        changes: pulled.changes,
        cursors: pulled.cursors,
        marks: pulled.marks,
        has_more: pulled.has_more,
        poll_after_s: service.poll_s,
        unknown,
        decided,
        check: pulled.check,
    })
}

/// Nothing is decided for a request that is not this desk's, of this epoch, within the bounds.
fn refuse_foreign(service: &Service, desk: &Desk, request: &SyncRequest) -> Result<(), ExchangeError> {
    if request.replica.desk != desk.id {
        return Err(ExchangeError::WrongDesk);
    }
    let inc = &request.replica.inc;
    if inc.is_empty() || inc.len() > INC_MAX || !inc.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(ExchangeError::BadIncarnation);
    }
    let asked = request.asked.as_ref().map_or(0, Vec::len);
    if request.commands.len() > MAX_COMMANDS || asked.max(request.colleagues.len()) > MAX_ASKED {
        return Err(ExchangeError::TooMany);
    }
    if !request.epoch.is_empty() && request.epoch != service.store.meta.epoch {
        return Err(ExchangeError::EpochChanged);
    }
    Ok(())
}

/// Which of a desk's commands this database has not accepted: it was restored to a moment before them.
async fn unknown(service: &Service, desk: &Desk, asked: &[CommandId]) -> Result<Vec<CommandId>, StoreError> {
    let mut tx = service.store.read().await?;
    let own = desk.id.to_string();
    let mut unknown = Vec::new();
    for id in asked {
        // Of another desk's command of the same id nothing is said: this desk's own is not known. One that was decided again
        // after a restoration, and refused, is not what the desk believes: sent again it gets that verdict.
        let accepted = |stored: &StoredVerdict| matches!(stored.verdict, Verdict::Accepted { .. });
        if store::known(&mut tx, *id).await?.is_none_or(|s| s.desk != own || !accepted(&s)) {
            unknown.push(*id);
        }
    }
    Ok(unknown)
}

struct Pulled {
    changes: Vec<Change>,
    cursors: BTreeMap<String, u64>,
    marks: BTreeMap<String, String>,
    check: BTreeMap<String, Check>,
    has_more: bool,
}

impl Pulled {
    /// Whether a desk that has applied these pages knows all that a verdict stands for: the rest comes with a later page.
    fn tells(&self, verdict: &Verdict) -> bool {
        match verdict {
            Verdict::Accepted { at } => {
                at.iter().all(|(scope, seq)| self.cursors.get(scope).is_some_and(|read| read >= seq))
            }
            Verdict::Refused { .. } => true,
            Verdict::Held => false,
        }
    }
}

/// The next changes of the desk's own office, then of the directory, from one state of the database. Cursors of other
/// scopes are not looked at: nothing of another office ever leaves.
async fn pull(
    service: &Service,
    desk: &Desk,
    request: &SyncRequest,
    added: Vec<ReadChange>,
) -> Result<Pulled, ExchangeError> {
    let mut tx = service.store.read().await?;
    let mut pulled = Pulled {
        changes: Vec::new(),
        cursors: BTreeMap::new(),
        marks: BTreeMap::new(),
        check: BTreeMap::new(),
        has_more: false,
    };
    let limit = request.limit.min(MAX_CHANGES);
    let mut room = MAX_BODY;
    for (scope, added) in [(office_scope(&desk.office), added), (DIRECTORY.to_owned(), Vec::new())] {
        let cursor = request.cursors.get(&scope).copied().unwrap_or(0);
        let left = limit.saturating_sub(u32::try_from(pulled.changes.len()).unwrap_or(limit));
        let Some(page) = store::page(&mut tx, &scope, cursor, left, room, added).await? else { continue };
        // This database was set back, and nobody gave it a new epoch: what it does not know any more is asked all the same.
        if cursor > page.head {
            return Err(ExchangeError::EpochChanged);
        }
        if cursor < page.floor {
            return Err(ExchangeError::CursorExpired);
        }
        // It was set back, and has come to that number again by another way.
        if let (Some(said), Some(known)) = (request.marks.get(&scope), &page.here)
            && said != known
        {
            return Err(ExchangeError::EpochChanged);
        }
        if let Some(mark) = page.there {
            pulled.marks.insert(scope.clone(), mark);
        }
        pulled.has_more |= page.cursor < page.head;
        // A desk can compare only where it has read everything.
        if page.cursor == page.head
            && let Some(check) = service.tallies.after(&mut tx, &scope, page.head, &page.changes).await?
        {
            pulled.check.insert(scope.clone(), check);
        }
        room = room.saturating_sub(page.bytes);
        pulled.changes.extend(page.changes);
        pulled.cursors.insert(scope, page.cursor);
    }
    Ok(pulled)
}
