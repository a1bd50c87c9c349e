//! The overlay taken off and put on again: every command that waits is decided anew over what central says.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use passerelle_domain::command::Command;
use passerelle_domain::people::Actor;
use passerelle_domain::{Refusal, decide};
use passerelle_protocol::sync::Entity;
use sqlx::{Acquire, Sqlite, Transaction};

use super::documents::{parse_doc, remove};
use super::error::{Result, StoreError};
use super::execute::{touched_docs, write_docs};
use super::meta::keys;
use super::slice::load_state;
use super::trace::Trace;
use super::writing::Writing;

type Tx<'t> = Transaction<'t, Sqlite>;

struct Pending {
    id: String,
    command: Command,
    actor: Actor,
    at: DateTime<Utc>,
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

/// Puts the overlay on again: acknowledged commands first, then pending ones, each decided anew over what central says.
pub(super) async fn put_on(tx: &mut Tx<'_>, acknowledged_first: bool) -> Result<()> {
    let Some(settings) = super::settings::load(&mut **tx).await? else { return Ok(()) };
    let mut settings = Arc::new(settings);
    for p in pending(tx, acknowledged_first).await? {
        let needs = p.command.needs();
        let state = load_state(tx, settings.clone(), &needs).await?;
        let mut trace = Trace::of(&needs, &state);
        match decide(&state, &p.command, &p.actor, p.at) {
            Ok(events) => {
                let mut after = state;
                after.evolve_all(&events);
                let documents = touched_docs(&after, &events)?;
                // A savepoint: when the trigger refuses the second of two documents, the first must go too.
                let mut one = tx.begin().await?;
                match write_docs(&mut one, &documents).await {
                    Ok(()) => {
                        one.commit().await?;
                        trace.wrote(&documents)?;
                        // What a command sets holds for those that were given after it.
                        settings = Arc::clone(&after.settings);
                        mark_doubtful(tx, &p.id, None).await?;
                    }
                    Err(StoreError::Overlap(_)) => {
                        one.rollback().await?;
                        trace.wanted(&documents)?;
                        mark_doubtful(tx, &p.id, Some("slot_taken")).await?;
                    }
                    Err(other) => return Err(other),
                }
            }
            // Central has the last word: it is sent all the same, and its refusal becomes a conflict with alternatives.
            Err(Refusal { code, .. }) => mark_doubtful(tx, &p.id, Some(code.key())).await?,
        }
        trace.keep(tx, &p.id).await?;
    }
    Ok(())
}

async fn mark_doubtful(tx: &mut Tx<'_>, id: &str, code: Option<&str>) -> Result<()> {
    sqlx::query("UPDATE outbox SET doubtful = ?1 WHERE id = ?2 AND doubtful IS NOT ?1")
        .bind(code)
        .bind(id)
        .execute(&mut **tx)
        .await?;
    Ok(())
}

async fn pending(tx: &mut Tx<'_>, acknowledged_first: bool) -> Result<Vec<Pending>> {
    let desk: Option<String> = sqlx::query_scalar("SELECT value FROM meta WHERE key = ?")
        .bind(keys::DESK)
        .fetch_optional(&mut **tx)
        .await?;
    let desk = desk.and_then(|d| d.parse().ok());
    let rows: Vec<(String, String, String, String, String)> = sqlx::query_as(
        "SELECT id, command, actor, role, at FROM outbox ORDER BY (state <> 'acknowledged') = ?, seq",
    )
    .bind(acknowledged_first)
    .fetch_all(&mut **tx)
    .await?;
    let mut out = Vec::with_capacity(rows.len());
    for (id, command, actor, role, at) in rows {
        let command: Command = parse_doc(&command, "command")?;
        let at = DateTime::parse_from_rfc3339(&at).map(|t| t.with_timezone(&Utc)).unwrap_or_default();
        let actor = match (actor.parse().ok(), desk) {
            (Some(person), Some(desk)) => Actor::Staff { person, role: parse_doc(&role, "role")?, desk },
            _ => Actor::System,
        };
        out.push(Pending { id, command, actor, at });
    }
    Ok(out)
}
