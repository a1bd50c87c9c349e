//! Commands of the office's other desks, known by its own network while central is out of reach.
//!
//! The relay gives each command of the office a number, in the order in which it hears of them; every desk puts them over
//! central's word in that order and decides each with the same rules, so that all come to the same agenda. What central has
//! decided leaves this order: its changes come by the feed.

use std::collections::BTreeMap;

use passerelle_domain::ids::{CommandId, DeskId};
use passerelle_protocol::colleagues::{MAX_ORDER, MAX_SHARED, Own, Place, ShareRequest, ShareResponse};
use passerelle_protocol::sync::{Envelope, MAX_ASKED, MAX_COMMAND, SyncResponse};
use sqlx::{Sqlite, Transaction};

use super::documents::to_doc;
use super::error::Result;
use super::meta::{keys, set};
use super::open::Store;
use super::order::answer;
use super::outbox::uuid_of;
use super::overlay::{put_on, take_off};
use super::protections::Protections;

type Tx<'t> = Transaction<'t, Sqlite>;

/// What central has not decided within so long, by its own clock, is not shown any longer: its desk has it still.
const LEFT_AFTER_S: i64 = 86_400;

/// How a holder's word is signed: over a command and the leases that it names.
pub type Sign<'s> = &'s (dyn Fn(&Envelope, &str) -> String + Sync);

/// A desk that the relay answers stands in another epoch of central: their bases have nothing to do with one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherEpoch;

impl Store {
    /// What this desk says to the relay.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn share_request(&self, desk: DeskId) -> Result<ShareRequest> {
        let mut tx = self.readers.begin().await?;
        let commands = untold(&mut tx).await?;
        let has: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM colleague UNION ALL SELECT id FROM outbox WHERE number IS NOT NULL",
        )
        .fetch_all(&mut *tx)
        .await?;
        let waiting: Vec<(String, i64, bool)> = sqlx::query_as(
            "SELECT id, seq, perhaps_decided FROM outbox WHERE state IN ('pending', 'held') ORDER BY seq LIMIT ?",
        )
        .bind(i64::try_from(MAX_ORDER).unwrap_or(i64::MAX))
        .fetch_all(&mut *tx)
        .await?;
        let own = |(id, seq, perhaps_decided): &(String, i64, bool)| {
            let (id, seq) = (CommandId(uuid_of(id)?), u64::try_from(*seq).unwrap_or(0));
            Ok(Own { id, seq, perhaps_decided: *perhaps_decided })
        };
        let epoch: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(keys::EPOCH)
            .fetch_optional(&mut *tx)
            .await?;
        Ok(ShareRequest {
            v: passerelle_protocol::VERSION,
            desk,
            epoch: epoch.unwrap_or_default(),
            commands,
            has: has.iter().map(|id| Ok(CommandId(uuid_of(id)?))).collect::<Result<_>>()?,
            own: waiting.iter().map(own).collect::<Result<_>>()?,
        })
    }

    /// Takes what a colleague says: its new commands come last in the order, after all that was given here. `me` is this
    /// desk, the relay. The answer, and whether anything changed here.
    ///
    /// # Errors
    /// Those of the database; nothing is changed then.
    pub async fn take_shared(
        &self,
        me: DeskId,
        request: &ShareRequest,
        desks: u32,
        sign: Sign<'_>,
    ) -> Result<Result<(ShareResponse, bool), OtherEpoch>> {
        let mut tx = self.begin().await?;
        let epoch: String = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(keys::EPOCH)
            .fetch_optional(&mut *tx)
            .await?
            .unwrap_or_default();
        if request.epoch != epoch {
            return Ok(Err(OtherEpoch));
        }
        let mut last: i64 = sqlx::query_scalar::<_, String>("SELECT value FROM meta WHERE key = ?")
            .bind(keys::LAST_NUMBER)
            .fetch_optional(&mut *tx)
            .await?
            .and_then(|last| last.parse().ok())
            .unwrap_or(0);
        let before = last;
        let (own, others): (i64, i64) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM outbox WHERE number IS NOT NULL), (SELECT count(*) FROM colleague)",
        )
        .fetch_one(&mut *tx)
        .await?;
        // An order that goes into one message.
        let end = last + i64::try_from(MAX_ORDER).unwrap_or(i64::MAX) - own - others;
        // What was given here was decided over all that has a number, and before what comes now.
        let own_ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM outbox WHERE state IN ('pending', 'held') AND number IS NULL ORDER BY seq LIMIT ?",
        )
        .bind((end - last).max(0))
        .fetch_all(&mut *tx)
        .await?;
        for id in own_ids {
            last += 1;
            sqlx::query("UPDATE outbox SET number = ? WHERE id = ?")
                .bind(last)
                .bind(id)
                .execute(&mut *tx)
                .await?;
        }
        let mut came = false;
        for envelope in &request.commands {
            if last >= end {
                break;
            }
            let kept = insert(&mut tx, envelope, request.desk, last + 1, true).await?;
            if kept {
                (last, came) = (last + 1, true);
            }
        }
        came |= as_they_stand(&mut tx, request).await?;
        if last > before {
            set(&mut tx, keys::LAST_NUMBER, &last.to_string()).await?;
        }
        if came {
            decide_again(&mut tx, self.protections).await?;
        }
        let answer = answer(&mut tx, me, request, epoch, desks, sign).await?;
        tx.commit().await?;
        Ok(Ok((answer, came)))
    }

    /// Takes the relay's answer: whether anything is other than before.
    ///
    /// # Errors
    /// Those of the database; nothing is changed then.
    pub async fn apply_shared(&self, me: DeskId, answer: &ShareResponse) -> Result<bool> {
        let mut tx = self.begin().await?;
        let epoch: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
            .bind(keys::EPOCH)
            .fetch_optional(&mut *tx)
            .await?;
        // Central was heard meanwhile, and is another.
        if epoch.unwrap_or_default() != answer.epoch {
            return Ok(false);
        }
        let mut changed = false;
        let numbers: BTreeMap<CommandId, u64> =
            answer.order.iter().map(|place| (place.id, place.number)).collect();
        for shared in answer.commands.iter().filter(|shared| shared.desk != me) {
            let Some(number) = numbers.get(&shared.envelope.id) else { continue };
            let number = i64::try_from(*number).unwrap_or(i64::MAX);
            // Whoever had that number is told another one below.
            make_room(&mut tx, number, &shared.envelope.id).await?;
            changed |= insert(&mut tx, &shared.envelope, shared.desk, number, false).await?;
        }
        for place in &answer.order {
            changed |= put_in_place(&mut tx, place).await?;
        }
        changed |= out_of_order(&mut tx, &answer.order).await?;
        if changed {
            decide_again(&mut tx, self.protections).await?;
            tx.commit().await?;
        }
        Ok(changed)
    }

    /// The commands of colleagues that central is asked after, in their order.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn of_colleagues(&self) -> Result<Vec<CommandId>> {
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM colleague ORDER BY number LIMIT ?")
            .bind(i64::try_from(MAX_ASKED).unwrap_or(i64::MAX))
            .fetch_all(&self.readers)
            .await?;
        ids.iter().map(|id| Ok(CommandId(uuid_of(id)?))).collect()
    }

    /// For how many commands of colleagues, not yet decided by central, this desk keeps the place: it does not give back
    /// the half-days meanwhile.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn vouched_for(&self) -> Result<u32> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM colleague WHERE promised IS NOT NULL")
            .fetch_one(&self.readers)
            .await?)
    }

    /// The first command of this desk, by its number in the outbox, that comes after one of a colleague which central has
    /// not decided as far as is known here.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn behind_a_colleague(&self) -> Result<Option<u64>> {
        let first: Option<i64> =
            sqlx::query_scalar("SELECT min(number) FROM colleague").fetch_one(&self.readers).await?;
        let Some(first) = first else { return Ok(None) };
        let seq: Option<i64> =
            sqlx::query_scalar("SELECT min(seq) FROM outbox WHERE state = 'pending' AND number > ?")
                .bind(first)
                .fetch_one(&self.readers)
                .await?;
        Ok(seq.and_then(|seq| u64::try_from(seq).ok()))
    }
}

/// What waits here of this desk's own commands and has no place in the order, oldest first.
async fn untold(tx: &mut Tx<'_>) -> Result<Vec<Envelope>> {
    let rows = sqlx::query_as(
        "SELECT seq, id, actor, at, depends, lease, vouch, command FROM outbox
         WHERE state IN ('pending', 'held') AND number IS NULL ORDER BY seq LIMIT ?",
    )
    .bind(i64::try_from(MAX_SHARED).unwrap_or(i64::MAX))
    .fetch_all(&mut **tx)
    .await?;
    super::outbox::envelopes(rows)
}

/// Keeps a colleague's command; false when it is known here already, as this desk's own or as a colleague's, and when
/// central would not take it.
async fn insert(
    tx: &mut Tx<'_>,
    envelope: &Envelope,
    desk: DeskId,
    number: i64,
    relayed: bool,
) -> Result<bool> {
    let id = envelope.id.to_string();
    let command = to_doc(&envelope.command, "command")?;
    // Central would not take it.
    if command.len() > MAX_COMMAND {
        return Ok(false);
    }
    let known: bool = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM outbox WHERE id = ?1) OR EXISTS (SELECT 1 FROM acknowledged WHERE id = ?1)
             OR EXISTS (SELECT 1 FROM conflict WHERE id = ?1) OR EXISTS (SELECT 1 FROM colleague WHERE id = ?1)
             OR EXISTS (SELECT 1 FROM colleague_decided WHERE id = ?1)",
    )
    .bind(&id)
    .fetch_one(&mut **tx)
    .await?;
    if known {
        return Ok(false);
    }
    sqlx::query(
        "INSERT INTO colleague (id, desk, seq, v, at, actor, depends, lease, command, number, relayed)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(id)
    .bind(desk.to_string())
    .bind(i64::try_from(envelope.seq).unwrap_or(i64::MAX))
    .bind(envelope.v)
    .bind(envelope.at.to_rfc3339())
    .bind(envelope.actor.to_string())
    .bind(to_doc(&envelope.depends, "depends")?)
    .bind(&envelope.lease)
    .bind(command)
    .bind(number)
    .bind(relayed)
    .execute(&mut **tx)
    .await?;
    Ok(true)
}

/// Notes how the commands of the desk that asks stand there now; whether anything is other than before.
async fn as_they_stand(tx: &mut Tx<'_>, request: &ShareRequest) -> Result<bool> {
    let noted = sqlx::query(
        "UPDATE colleague SET seq = o.value ->> '$.seq', perhaps_decided = coalesce(o.value ->> '$.perhaps_decided', 0)
         FROM json_each(?) o
         WHERE colleague.id = o.value ->> '$.id' AND colleague.desk = ?
           AND (seq <> o.value ->> '$.seq' OR perhaps_decided <> coalesce(o.value ->> '$.perhaps_decided', 0))",
    )
    .bind(to_doc(&request.own, "commands")?)
    .bind(request.desk.to_string())
    .execute(&mut **tx)
    .await?;
    Ok(noted.rows_affected() > 0)
}

/// Another command than this one that has this number is put behind all others; its own number comes with the same answer.
async fn make_room(tx: &mut Tx<'_>, number: i64, id: &CommandId) -> Result<()> {
    sqlx::query(
        "UPDATE colleague SET number = (SELECT max(number) FROM colleague) + 1 WHERE number = ? AND id <> ?",
    )
    .bind(number)
    .bind(id.to_string())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Gives a command that is known here its place, with what the relay says of it; whether anything is other than before.
async fn put_in_place(tx: &mut Tx<'_>, place: &Place) -> Result<bool> {
    let id = place.id.to_string();
    let number = i64::try_from(place.number).unwrap_or(i64::MAX);
    let vouch = place.vouch.as_ref().map(|vouch| to_doc(vouch, "vouch")).transpose()?;
    let own = sqlx::query(
        "UPDATE outbox SET number = ?2, vouch = coalesce(?3, vouch), relay_doubt = ?4
         WHERE id = ?1 AND (number IS NOT ?2 OR vouch IS NOT coalesce(?3, vouch) OR relay_doubt IS NOT ?4)",
    )
    .bind(&id)
    .bind(number)
    .bind(&vouch)
    .bind(&place.doubtful)
    .execute(&mut **tx)
    .await?;
    if own.rows_affected() > 0 {
        return Ok(true);
    }
    make_room(tx, number, &place.id).await?;
    let colleague = sqlx::query(
        "UPDATE colleague SET number = ?2, vouch = coalesce(?3, vouch), perhaps_decided = ?4, seq = coalesce(?5, seq)
         WHERE id = ?1 AND (number <> ?2 OR vouch IS NOT coalesce(?3, vouch) OR perhaps_decided <> ?4
           OR seq <> coalesce(?5, seq))",
    )
    .bind(&id)
    .bind(number)
    .bind(&vouch)
    .bind(place.perhaps_decided)
    .bind(i64::try_from(place.seq).ok().filter(|seq| *seq > 0))
    .execute(&mut **tx)
    .await?;
    Ok(colleague.rows_affected() > 0)
}

/// A command of this desk that the relay does not have is told it again: another desk is the relay now, or its disk was
/// lost. Or central has decided it, which is not known here yet.
async fn out_of_order(tx: &mut Tx<'_>, order: &[Place]) -> Result<bool> {
    let ids: Vec<String> = order.iter().map(|place| place.id.to_string()).collect();
    let out = sqlx::query(
        "UPDATE outbox SET number = NULL WHERE number IS NOT NULL AND state IN ('pending', 'held')
           AND id NOT IN (SELECT value FROM json_each(?))",
    )
    .bind(to_doc(&ids, "commands")?)
    .execute(&mut **tx)
    .await?;
    Ok(out.rows_affected() > 0)
}

/// Everything that waits is decided again, in the order of the office.
async fn decide_again(tx: &mut Tx<'_>, protections: Protections) -> Result<()> {
    take_off(tx).await?;
    sqlx::query("DELETE FROM rebasing").execute(&mut **tx).await?;
    put_on(tx, protections).await
}

/// What an answer of central means for the commands of colleagues: those that it has decided leave, when all of what they
/// changed is in this answer or was in one before; and so do those that nobody has sent it for a day. How many left.
pub(super) async fn decided(tx: &mut Tx<'_>, answer: &SyncResponse, reading: bool) -> Result<u64> {
    let now = answer.server_time.timestamp();
    sqlx::query("UPDATE colleague SET asked_s = ? WHERE asked_s IS NULL")
        .bind(now)
        .execute(&mut **tx)
        .await?;
    let mut gone = sqlx::query("DELETE FROM colleague WHERE asked_s < ?")
        .bind(now - LEFT_AFTER_S)
        .execute(&mut **tx)
        .await?
        .rows_affected();
    if !reading && !answer.decided.is_empty() {
        let ids: Vec<String> = answer.decided.iter().map(ToString::to_string).collect();
        sqlx::query("DELETE FROM colleague_decided WHERE until_s < ?").bind(now).execute(&mut **tx).await?;
        sqlx::query(
            "INSERT INTO colleague_decided (id, until_s) SELECT value, ? FROM json_each(?) WHERE TRUE
             ON CONFLICT (id) DO NOTHING",
        )
        .bind(now + 2 * LEFT_AFTER_S)
        .bind(to_doc(&ids, "commands")?)
        .execute(&mut **tx)
        .await?;
        gone += sqlx::query("DELETE FROM colleague WHERE id IN (SELECT value FROM json_each(?))")
            .bind(to_doc(&ids, "commands")?)
            .execute(&mut **tx)
            .await?
            .rows_affected();
    }
    Ok(gone)
}

/// Whether any command of a colleague lies over central's word here.
pub(super) async fn any(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM colleague)").fetch_one(&mut **tx).await?)
}
