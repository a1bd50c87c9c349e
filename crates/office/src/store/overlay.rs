//! The overlay taken off and put on again: every command that waits, this desk's own and those that it knows of colleagues,
//! is decided anew over what central says.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_domain::command::Command;
use passerelle_domain::ids::{DeskId, PersonId};
use passerelle_domain::lease::Promise;
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::people::Actor;
use passerelle_domain::{Refusal, decide};
use passerelle_protocol::sync::Entity;
use sqlx::{Acquire, Sqlite, Transaction};

use super::documents::{parse_doc, remove};
use super::error::{Result, StoreError};
use super::execute::{touched_docs, write_docs};
use super::lease::promise;
use super::meta::keys;
use super::protections::Protections;
use super::slice::load_state;
use super::trace::Trace;
use super::writing::Writing;

type Tx<'t> = Transaction<'t, Sqlite>;

struct Pending {
    id: String,
    whose: Whose,
    /// The desk that gave it.
    desk: Option<DeskId>,
    /// Central has accepted it.
    acknowledged: bool,
    /// Its place in the order of the office, if it has one.
    number: Option<i64>,
    /// Its own number at its desk.
    seq: i64,
    command: Command,
    actor: Actor,
    at: DateTime<Utc>,
}

/// Who gave a command that waits.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Somebody at this desk.
    Own,
    /// Somebody at another one; it was this desk that put it into the order of the office, or it was not.
    Colleague { relayed: bool },
}

/// Takes the overlay off: every covered document is as central last said. From here until the marker is removed what is
/// written is central's word.
pub(super) async fn take_off(tx: &mut Tx<'_>) -> Result<()> {
    sqlx::query("INSERT INTO rebasing (one) VALUES (1)").execute(&mut **tx).await?;
    let covered: Vec<(String, String, i64, Option<String>)> =
        sqlx::query_as("SELECT entity, id, rev, doc FROM overlay").fetch_all(&mut **tx).await?;
    let (settings, others): (Vec<_>, Vec<_>) =
        covered.into_iter().partition(|(entity, ..)| entity_of(entity).is_setting());
    let mut writing = Writing::default();
    // A meeting is written by the kind that it is of: settings are there at every moment, and first.
    for (entity, id, rev, doc) in &settings {
        match doc {
            Some(doc) => writing.put(tx, entity_of(entity), id, *rev, doc).await?,
            None => writing.remove(tx, entity_of(entity), id).await?,
        }
    }
    for (entity, id, ..) in &others {
        remove(tx, entity_of(entity), id).await?;
    }
    for (entity, id, rev, doc) in &others {
        if let Some(doc) = doc {
            writing.put(tx, entity_of(entity), id, *rev, doc).await?;
        }
    }
    writing.finish(tx).await?;
    sqlx::query("DELETE FROM overlay").execute(&mut **tx).await?;
    Ok(())
}

fn entity_of(key: &str) -> Entity {
    Entity::from_key(key)
}

/// Puts the overlay on again: acknowledged commands first, then those that have a place in the order of the office, then
/// the others, each decided anew over what central says.
pub(super) async fn put_on(tx: &mut Tx<'_>, protections: Protections) -> Result<()> {
    let Some(settings) = super::settings::load(&mut **tx).await? else { return Ok(()) };
    let mut settings = Arc::new(settings);
    let pending = pending(tx, &settings, protections).await?;
    let shares = pending.iter().any(|p| p.whose != Whose::Own);
    // What central has accepted may rest on a colleague's command whose changes have not arrived: it is tried once more
    // when such a one has been put on, before what was given here after it.
    let mut again: Vec<Pending> = Vec::new();
    let mut news = false;
    for p in pending {
        if news && !p.acknowledged && (p.whose == Whose::Own || p.number.is_none()) {
            try_again(tx, &mut settings, &mut again).await?;
            news = false;
        }
        let holds = put(tx, &mut settings, &p).await?;
        news |= holds && p.whose != Whose::Own;
        if !holds && p.acknowledged && shares {
            again.push(p);
        }
    }
    if news {
        try_again(tx, &mut settings, &mut again).await?;
    }
    Ok(())
}

/// Puts on what did not hold before; what does not hold now stays.
async fn try_again(
    tx: &mut Tx<'_>,
    settings: &mut Arc<OfficeSettings>,
    again: &mut Vec<Pending>,
) -> Result<()> {
    for p in std::mem::take(again) {
        if !put(tx, settings, &p).await? {
            again.push(p);
        }
    }
    Ok(())
}

/// Decides one command and puts what it writes over what is there; whether it holds.
async fn put(tx: &mut Tx<'_>, settings: &mut Arc<OfficeSettings>, p: &Pending) -> Result<bool> {
    let needs = p.command.needs();
    let state = load_state(tx, settings.clone(), &needs).await?;
    let mut trace = Trace::of(&needs, &state);
    let mut holds = false;
    match decide(&state, &p.command, &p.actor, p.at) {
        Ok(events) => {
            let before = (p.whose != Whose::Own).then(|| state.clone());
            let mut after = state;
            after.evolve_all(&events);
            let documents = touched_docs(&after, &events)?;
            let promise = match &before {
                Some(before) => Some(promise(tx, p.desk, before, &after, &events, p.at).await?),
                None => None,
            };
            // A savepoint: when the trigger refuses the second of two documents, the first must go too.
            let mut one = tx.begin().await?;
            match write_docs(&mut one, &documents).await {
                Ok(()) => {
                    one.commit().await?;
                    trace.wrote(&documents)?;
                    // What a command sets holds for those that were given after it.
                    *settings = Arc::clone(&after.settings);
                    mark_doubtful(tx, p, None).await?;
                    if let Some(promise) = promise {
                        keep_promise(tx, p, &promise).await?;
                    }
                    holds = true;
                }
                Err(StoreError::Overlap(_)) => {
                    one.rollback().await?;
                    trace.wanted(&documents)?;
                    mark_doubtful(tx, p, Some("slot_taken")).await?;
                }
                Err(other) => return Err(other),
            }
        }
        // Central has the last word: it is sent all the same, and its refusal becomes a conflict with alternatives.
        Err(Refusal { code, .. }) => mark_doubtful(tx, p, Some(code.key())).await?,
    }
    trace.keep(tx, &p.id).await?;
    Ok(holds)
}

async fn mark_doubtful(tx: &mut Tx<'_>, p: &Pending, code: Option<&str>) -> Result<()> {
    let sql = match p.whose {
        // Over what the relay knows it may not hold, though it does here.
        Whose::Own => {
            "UPDATE outbox SET doubtful = coalesce(?1, relay_doubt)
             WHERE id = ?2 AND doubtful IS NOT coalesce(?1, relay_doubt)"
        }
        Whose::Colleague { .. } => "UPDATE colleague SET doubtful = ?1 WHERE id = ?2 AND doubtful IS NOT ?1",
    };
    sqlx::query(sql).bind(code).bind(&p.id).execute(&mut **tx).await?;
    Ok(())
}

/// Notes what a colleague's command places, and that this desk keeps the place where it was asked to put the command into
/// the order and holds the half-day. What was once promised stays so.
async fn keep_promise(tx: &mut Tx<'_>, p: &Pending, promise: &Promise) -> Result<()> {
    let relayed = p.whose == Whose::Colleague { relayed: true };
    let leases = match promise {
        Promise::Kept(leases) if relayed => Some(leases),
        Promise::Kept(_) | Promise::Nothing | Promise::Open => None,
    };
    sqlx::query("UPDATE colleague SET places = ?, promised = coalesce(promised, ?) WHERE id = ?")
        .bind(*promise != Promise::Nothing)
        .bind(leases)
        .bind(&p.id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn pending(
    tx: &mut Tx<'_>,
    settings: &OfficeSettings,
    protections: Protections,
) -> Result<Vec<Pending>> {
    type Row = (String, Option<String>, bool, bool, Option<i64>, i64, String, String, Option<String>, String);
    let own: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
        .bind(keys::DESK)
        .fetch_optional(&mut **tx)
        .await?;
    let own: Option<DeskId> = own.and_then(|d| d.parse().ok());
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT id, NULL, 0, state = 'acknowledged', number, seq, command, actor, role, at FROM outbox
         UNION ALL
         SELECT id, desk, relayed, 0, number, seq, command, actor, NULL, at FROM colleague",
    )
    .fetch_all(&mut **tx)
    .await?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, desk, relayed, acknowledged, number, seq, command, actor, role, at) in rows {
        let whose = if desk.is_some() { Whose::Colleague { relayed } } else { Whose::Own };
        let command: Command = match (parse_doc(&command, "command"), whose) {
            (Ok(command), _) => command,
            // A colleague's desk may be of a later version: central will know what it means.
            (Err(_), Whose::Colleague { .. }) => continue,
            (Err(error), Whose::Own) => return Err(error),
        };
        let at = DateTime::parse_from_rfc3339(&at).map(|t| t.with_timezone(&Utc)).unwrap_or_default();
        let person: Option<PersonId> = actor.parse().ok();
        let role = match role {
            Some(role) if person.is_some() => Some(parse_doc(&role, "role")?),
            Some(_) => None,
            None => person.and_then(|id| settings.people.get(&id)).filter(|p| p.active).map(|p| p.role),
        };
        let desk = desk.map_or(own, |desk| desk.parse().ok());
        let actor = match (person, role, desk) {
            (Some(person), Some(role), Some(desk)) => Actor::Staff { person, role, desk },
            _ => Actor::System,
        };
        // Nobody who works here gave it, as far as is known here.
        if whose != Whose::Own && actor == Actor::System {
            continue;
        }
        out.push(Pending { id, whose, desk, acknowledged, number, seq, command, actor, at });
    }
    if !protections.office_order {
        // Each desk as it would alone: what it heard from others, then its own.
        for p in &mut out {
            p.number = None;
            p.seq = if p.whose == Whose::Own { p.seq } else { 0 };
        }
    }
    put_in_order(&mut out, protections.overlay_order);
    Ok(out)
}

/// Acknowledged commands in their own order, then the others by their places in the order of the office. What was given
/// at one desk stays in the order in which it was given there: what has no place yet, or has lost its place because central
/// was restored to a moment before it, comes before what was given after it.
fn put_in_order(all: &mut [Pending], acknowledged_first: bool) {
    all.sort_by_key(|p| (p.seq, p.number));
    let mut following: BTreeMap<(bool, Option<DeskId>), i64> = BTreeMap::new();
    for p in all.iter_mut().rev().filter(|p| !p.acknowledged) {
        let following = following.entry((p.whose == Whose::Own, p.desk)).or_insert(i64::MAX);
        *following = p.number.map_or(*following, |number| number.min(*following));
        p.number = (*following < i64::MAX).then_some(*following);
    }
    all.sort_by_key(|p| {
        let turn = if p.acknowledged == acknowledged_first { 0 } else { 1 };
        let number = if p.acknowledged { 0 } else { p.number.unwrap_or(i64::MAX) };
        (turn, number, p.seq)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(id: &str, acknowledged: bool, seq: i64, number: Option<i64>) -> Pending {
        let whose = if seq == 0 { Whose::Colleague { relayed: false } } else { Whose::Own };
        let command = Command::UnmergeClient { id: uuid::Uuid::nil().into() };
        let at = DateTime::default();
        Pending {
            id: id.into(),
            whose,
            desk: None,
            acknowledged,
            number,
            seq,
            command,
            actor: Actor::System,
            at,
        }
    }

    fn order(mut all: Vec<Pending>) -> String {
        put_in_order(&mut all, true);
        all.iter().map(|p| p.id.as_str()).collect()
    }

    #[test]
    fn without_colleagues_what_is_acknowledged_comes_first_and_all_else_as_it_was_given() {
        let own = |id, acknowledged, seq| waits(id, acknowledged, seq, None);
        assert_eq!(order(vec![own("c", false, 3), own("a", true, -2), own("b", false, 1)]), "abc");
        assert_eq!(order(vec![own("h", false, 1), own("a", true, 2)]), "ah", "a held one stays behind");
    }

    #[test]
    fn colleagues_commands_stand_between_by_their_number() {
        let all = vec![
            waits("d", false, 3, None),
            waits("b", false, 0, Some(5)),
            waits("a", false, 1, Some(4)),
            waits("c", false, 2, Some(6)),
        ];
        assert_eq!(order(all), "abcd");
    }

    #[test]
    fn what_was_given_here_is_never_turned_round() {
        // The relay has forgotten the first: central has decided it, and nobody here knows.
        let all =
            vec![waits("a", false, 1, None), waits("b", false, 2, Some(7)), waits("x", false, 0, Some(6))];
        assert_eq!(order(all), "xab");
        let all =
            vec![waits("a", false, 1, Some(9)), waits("b", false, 2, Some(7)), waits("x", false, 0, Some(8))];
        assert_eq!(order(all), "abx", "another relay has numbered the first");
        let all = vec![waits("b", true, 2, Some(7)), waits("a", true, 1, None)];
        assert_eq!(order(all), "ab");
    }

    #[test]
    fn what_a_colleague_gave_is_not_turned_round_either() {
        let of = |desk: u128, id, seq, number| Pending {
            whose: Whose::Colleague { relayed: false },
            desk: Some(DeskId(uuid::Uuid::from_u128(desk))),
            ..waits(id, false, seq, Some(number))
        };
        // Central has forgotten the first, which is told again.
        let all = vec![of(1, "b", 2, 1), of(2, "x", 9, 3), of(1, "a", 1, 4)];
        assert_eq!(order(all), "abx");
    }
}
