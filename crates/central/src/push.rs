//! The commands of one request, in order, each answered with its verdict: together ([`crate::together`]), or each in a
//! transaction of its own where the database refuses what the rules let through.

use std::collections::BTreeMap;

use passerelle_domain::{OfficeState, Refusal, RefusalCode};
use passerelle_protocol::sync::{CommandResult, Envelope, Verdict, office_scope};

use crate::arbitration::{self, Done, Read};
use crate::leases::Leases;
use crate::service::{Protections, Service};
use crate::store::{self, Decided, Desk, Feed, Passing, ReadChange, StoreError, Tx, again};
use crate::together::together;

/// Between looking and deciding, where the simulator has taken the lock away.
const LOOKED: std::time::Duration = std::time::Duration::from_millis(5);

/// What became of the commands of a request.
#[derive(Debug)]
pub struct Pushed {
    /// Verdicts, in the order of the commands; fewer than commands when one left a gap.
    pub results: Vec<CommandResult>,
    /// The next `seq` of this incarnation.
    pub expected_next: u64,
    /// What they have added to the feed of the office, where that is known: it need not be read.
    pub added: Vec<ReadChange>,
}

/// Why a request of commands was stopped.
#[derive(Debug, thiserror::Error)]
pub enum PushError {
    /// An unknown command bears a number that this incarnation has used: two copies of one database speak.
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

impl Passing for PushError {
    fn passes(&self) -> bool {
        matches!(self, Self::Store(error) if error.passes())
    }
}

/// Decides the commands in order until the end or the first gap.
///
/// # Errors
/// [`PushError`]; what was decided before stays decided, and its verdicts are given when it is sent again.
pub async fn push(
    service: &Service,
    desk: &Desk,
    inc: &str,
    commands: &[Envelope],
) -> Result<Pushed, PushError> {
    // What the simulator switches off is in the way that decides one by one.
    if !commands.is_empty()
        && service.protections == Protections::default()
        && let Some(done) = again(|| together(service, desk, inc, commands)).await?
    {
        return match done.used {
            Some(seq) => Err(PushError::Lineage { seq, last: done.last }),
            None => Ok(Pushed { results: done.results, expected_next: done.last + 1, added: done.added }),
        };
    }
    let mut results = Vec::with_capacity(commands.len());
    for envelope in commands {
        match again(|| one(service, desk, inc, envelope)).await? {
            Some(verdict) => results.push(CommandResult { id: envelope.id, seq: envelope.seq, verdict }),
            None => break,
        }
    }
    let mut tx = service.store.read().await?;
    let last = tx.last_seq(desk.id, inc).await?;
    Ok(Pushed { results, expected_next: last + 1, added: Vec::new() })
}

/// Decides one command; `None` when commands before it are missing.
async fn one(
    service: &Service,
    desk: &Desk,
    inc: &str,
    envelope: &Envelope,
) -> Result<Option<Verdict>, PushError> {
    let scope = office_scope(&desk.office);
    let early = match service.protections.office_lock {
        true => None,
        false => {
            let seen = look(service, desk, envelope).await?;
            // Long enough that others who came at the same moment have looked too: the simulator is to see the same each time.
            tokio::time::sleep(LOOKED).await;
            seen
        }
    };
    let mut tx = service.store.write().await?;
    let mut feed = Feed::lock(&mut tx, &scope).await?.ok_or(PushError::NoOffice)?;
    let last = tx.last_seq(desk.id, inc).await?;
    let known = match service.protections.id_check {
        true => store::known(&mut tx, envelope.id).await?,
        false if envelope.seq <= last => {
            return Ok(Some(Verdict::Accepted { at: BTreeMap::new() }));
        }
        false => None,
    };
    if envelope.seq > last + 1 {
        return Ok(None);
    }
    let held = known.as_ref().is_some_and(|stored| stored.waits_for(desk.id));
    if let Some(stored) = known.filter(|_| !held) {
        // A known command has its verdict, for ever; a copy that renumbered its outbox still uses its number up.
        if envelope.seq == last + 1 {
            tx.advance(desk.id, inc, envelope.seq).await?;
            tx.commit().await?;
        }
        let own = stored.desk == desk.id.to_string();
        // Another desk's command of the same id is not this one; what it was told is not for this desk.
        let foreign = || Verdict::Refused { refusal: RefusalCode::IdInUse.into() };
        return Ok(Some(if own { stored.verdict } else { foreign() }));
    }
    if envelope.seq <= last && !held {
        return Err(PushError::Lineage { seq: envelope.seq, last });
    }
    let verdict = decide(service, &mut tx, &mut feed, desk, envelope, early).await?;
    let now = service.now();
    // The incarnation first: the verdict's row names it.
    if envelope.seq > last {
        tx.advance(desk.id, inc, envelope.seq).await?;
    }
    if held {
        // An earlier build held it. Still not understood, it stays as it is.
        if verdict != Verdict::Held {
            store::settle(&mut tx, envelope.id, &verdict).await?;
        }
        service.commit(tx, &feed).await?;
        log(desk, envelope, &verdict);
        return Ok(Some(verdict));
    }
    let decided = Decided { desk: desk.id, inc, office: &desk.office, at: now };
    store::keep(&mut tx, decided, envelope, &verdict).await?;
    service.commit(tx, &feed).await?;
    log(desk, envelope, &verdict);
    Ok(Some(verdict))
}

async fn decide(
    service: &Service,
    conn: &mut Tx,
    feed: &mut Feed,
    desk: &Desk,
    envelope: &Envelope,
    early: Option<OfficeState>,
) -> Result<Verdict, PushError> {
    let refused = |refusal: Refusal| Ok(Verdict::Refused { refusal });
    let mut waits = false;
    for id in &envelope.depends {
        match store::known(conn, *id).await?.map(|s| s.verdict) {
            Some(Verdict::Refused { .. }) => return refused(RefusalCode::DependencyRefused.into()),
            Some(Verdict::Held) => waits = true,
            // One that was never seen is left to the rules: they look at the state, not at its history.
            Some(Verdict::Accepted { .. }) | None => {}
        }
    }
    let command = match arbitration::read(envelope) {
        Read::Command(command) if !waits => command,
        Read::Command(_) | Read::Newer => return Ok(Verdict::Held),
        Read::Refused(refusal) => return refused(refusal),
    };
    let settings = service.store.settings(conn, &desk.office).await?.ok_or(PushError::NoOffice)?;
    let Some(actor) = arbitration::staff(&settings, envelope.actor, desk.id) else {
        return refused(RefusalCode::NotAllowed.into());
    };
    let now = service.now();
    let state = match early {
        Some(state) => state,
        None => store::load_state(conn, feed.scope(), settings, &command.needs()).await?,
    };
    let mut leases = Leases::read(conn, &desk.office).await?.asked_every(service.poll_s);
    if service.protections.holder_word {
        leases.hear(conn, desk, envelope).await?;
    }
    match arbitration::execute_over(conn, feed, state, &command, &actor, &mut leases, now).await? {
        Done::Accepted => {
            Ok(Verdict::Accepted { at: BTreeMap::from([(feed.scope().to_owned(), feed.head())]) })
        }
        Done::Refused(refusal) => {
            let code = leases.code(conn, desk, envelope, refusal.code).await?;
            refused(Refusal { code, ..refusal })
        }
        Done::Waits => Ok(Verdict::Held),
    }
}

/// What a command needs to see, read without the lock: only where the simulator has taken the lock away.
async fn look(service: &Service, desk: &Desk, envelope: &Envelope) -> Result<Option<OfficeState>, PushError> {
    let Read::Command(command) = arbitration::read(envelope) else { return Ok(None) };
    let mut tx = service.store.read().await?;
    let Some(settings) = service.store.settings(&mut tx, &desk.office).await? else { return Ok(None) };
    let scope = office_scope(&desk.office);
    Ok(Some(store::load_state(&mut tx, &scope, settings, &command.needs()).await?))
}

/// Ids and codes only: neither names nor what anybody wrote.
pub(crate) fn log(desk: &Desk, envelope: &Envelope, verdict: &Verdict) {
    let said = match verdict {
        Verdict::Accepted { .. } => "accepted",
        Verdict::Refused { refusal } => refusal.code.key(),
        Verdict::Held => "held",
    };
    tracing::info!(office = %desk.office, desk = %desk.id, command = %envelope.id, seq = envelope.seq, verdict = said);
}
