//! The commands of one request decided together: in order, each with its own verdict, in one transaction.
//!
//! A desk learns nothing of a command before the answer to its whole request, so nothing is gained by making each of them
//! durable alone: all verdicts are before any is told. A transaction for each costs a flush of the disk for each, and asks
//! the same questions two hundred times. What is decided sees what was decided before it; what cannot be decided at the
//! moment leaves nothing of the request behind, and the desk sends it again.
//!
//! The rules find an overlap first. Where the database finds one that they let through, it is not known which of the
//! commands is to be refused: nothing is written, and they are decided one by one ([`crate::push`]).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use passerelle_domain::command::Needs;
use passerelle_domain::ids::CommandId;
use passerelle_domain::{Refusal, RefusalCode};
use passerelle_protocol::sync::{CommandResult, Envelope, Verdict, office_scope};

use crate::arbitration::{self, Done, Read};
use crate::leases::Leases;
use crate::push::{PushError, log};
use crate::service::Service;
use crate::store::{self, Decided, Desk, Feed, ReadChange, Reading, StoreError, StoredVerdict, Tx, Writing};

/// What became of them.
#[derive(Debug)]
pub struct Together {
    /// Verdicts, in the order of the commands; fewer than commands when one left a gap, or was not to be decided.
    pub results: Vec<CommandResult>,
    /// The last number that the incarnation has used.
    pub last: u64,
    /// What they have added to the feed of the office, as it would be read.
    pub added: Vec<ReadChange>,
    /// The number of an unknown command that was used already: those after it were not looked at.
    pub used: Option<u64>,
}

/// An office while a request is decided.
struct Office<'a> {
    desk: &'a Desk,
    reading: Reading,
    writing: Writing,
    feed: Feed,
    known: BTreeMap<CommandId, StoredVerdict>,
    leases: Leases,
}

/// Decides the commands of a request in order until the end or the first gap; `None` when the database refuses what the
/// rules let through, and nothing is decided.
///
/// # Errors
/// [`PushError::NoOffice`] and those of the store; then nothing is decided.
pub async fn together(
    service: &Service,
    desk: &Desk,
    inc: &str,
    commands: &[Envelope],
) -> Result<Option<Together>, PushError> {
    let scope = office_scope(&desk.office);
    // Before the office is locked: its other desks wait for what comes after.
    // Mostly a command depends on one beside it.
    let ids: BTreeSet<CommandId> =
        commands.iter().flat_map(|e| e.depends.iter().copied().chain([e.id])).collect();
    let ids: Vec<CommandId> = ids.into_iter().collect();
    let read: Vec<Read> = commands.iter().map(arbitration::read).collect();
    let mut tx = service.store.write().await?;
    let feed = Feed::lock(&mut tx, &scope).await?.ok_or(PushError::NoOffice)?;
    let before = tx.last_seq(desk.id, inc).await?;
    let known = store::known_among(&mut tx, &ids).await?;
    let settings =
        service.store.settings_at(&mut tx, &desk.office, &feed).await?.ok_or(PushError::NoOffice)?;
    let mut reading = Reading::of(&scope, settings);
    let needs: Vec<Needs> = commands
        .iter()
        .zip(&read)
        .filter(|(envelope, _)| match known.get(&envelope.id) {
            Some(stored) => stored.waits_for(desk.id),
            None => envelope.seq > before,
        })
        .filter_map(|(_, read)| match read {
            Read::Command(command) => Some(command.needs()),
            Read::Newer | Read::Refused(_) => None,
        })
        .collect();
    reading.load_all(&mut tx, &needs).await?;
    let leases = Leases::read(&mut tx, &desk.office).await?.asked_every(service.poll_s);
    let mut office = Office { desk, reading, writing: Writing::default(), feed, known, leases };
    let mut done =
        Together { results: Vec::with_capacity(commands.len()), last: before, added: Vec::new(), used: None };
    let mut decided: Vec<(&Envelope, Verdict)> = Vec::new();
    // What an earlier build held, and this one understands.
    let mut settled: Vec<(&Envelope, Verdict)> = Vec::new();
    let own = desk.id.to_string();
    for (envelope, read) in commands.iter().zip(read) {
        let (id, seq) = (envelope.id, envelope.seq);
        if seq > done.last + 1 {
            break;
        }
        if let Some(stored) = office.known.get(&id) {
            // A known command has its verdict, for ever; a copy that renumbered its outbox still uses its number up.
            done.last = done.last.max(seq);
            if stored.waits_for(desk.id) {
                let verdict = office.decide(&mut tx, envelope, read, service.now()).await?;
                if verdict != Verdict::Held {
                    office.known.insert(id, StoredVerdict { desk: own.clone(), verdict: verdict.clone() });
                    settled.push((envelope, verdict.clone()));
                }
                done.results.push(CommandResult { id, seq, verdict });
                continue;
            }
            // Another desk's command of the same id is not this one; what it was told is not for this desk.
            let foreign = || Verdict::Refused { refusal: RefusalCode::IdInUse.into() };
            let verdict = if stored.desk == own { stored.verdict.clone() } else { foreign() };
            done.results.push(CommandResult { id, seq, verdict });
            continue;
        }
        if seq <= done.last {
            done.used = Some(seq);
            break;
        }
        let verdict = office.decide(&mut tx, envelope, read, service.now()).await?;
        done.last = seq;
        office.known.insert(id, StoredVerdict { desk: own.clone(), verdict: verdict.clone() });
        done.results.push(CommandResult { id, seq, verdict: verdict.clone() });
        decided.push((envelope, verdict));
    }
    // A holder may be asked though nothing is decided.
    if done.last > before || !settled.is_empty() || office.feed.touched() {
        // The incarnation first: the verdicts' rows name it.
        if done.last > before {
            tx.advance(desk.id, inc, done.last).await?;
        }
        done.added = match office.writing.write(&mut tx, &scope).await {
            Err(StoreError::Overlap(_)) => return Ok(None),
            written => written?,
        };
        let whose = Decided { desk: desk.id, inc, office: &desk.office, at: service.now() };
        store::keep_all(&mut tx, whose, &decided).await?;
        for (envelope, verdict) in &settled {
            store::settle(&mut tx, envelope.id, verdict).await?;
        }
        service.commit(tx, &office.feed).await?;
    }
    for (envelope, verdict) in settled.iter().chain(&decided) {
        log(desk, envelope, verdict);
    }
    Ok(Some(done))
}

impl Office<'_> {
    async fn decide(
        &mut self,
        tx: &mut Tx,
        envelope: &Envelope,
        read: Read,
        now: DateTime<Utc>,
    ) -> Result<Verdict, StoreError> {
        let refused = |refusal: Refusal| Ok(Verdict::Refused { refusal });
        let verdicts = envelope.depends.iter().map(|id| self.known.get(id).map(|s| &s.verdict));
        let command = match arbitration::after(verdicts, read) {
            Read::Command(command) => command,
            Read::Newer => return Ok(Verdict::Held),
            Read::Refused(refusal) => return refused(refusal),
        };
        let Some(actor) = arbitration::staff(self.reading.settings(), envelope.actor, self.desk.id) else {
            return refused(RefusalCode::NotAllowed.into());
        };
        let (reading, writing, feed) = (&mut self.reading, &mut self.writing, &mut self.feed);
        let leases = &mut self.leases;
        leases.hear(tx, self.desk, envelope).await?;
        match arbitration::hold_back(tx, reading, writing, feed, (&command, &actor), leases, now).await? {
            Done::Accepted => {
                Ok(Verdict::Accepted { at: BTreeMap::from([(feed.scope().to_owned(), feed.head())]) })
            }
            Done::Refused(refusal) => {
                let code = leases.code(tx, self.desk, envelope, refusal.code).await?;
                refused(Refusal { code, ..refusal })
            }
            Done::Waits => Ok(Verdict::Held),
        }
    }
}
