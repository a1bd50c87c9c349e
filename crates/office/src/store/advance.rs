//! The short way of an answer: the base moves on under the overlay. Most of what central says is what this desk has told it
//! before. Commands that wait are decided again only when something else was said of what they were decided on; whether it
//! was is told by their traces ([`super::trace`]). The long way (`overlay`) ends with the same, and is taken whenever
//! anything here is not as it always is.
//!
//! One thing is not the same: of a document that a waiting command has written, the moments noted in it stay those of this
//! desk until the last such command has come back.

use std::collections::{BTreeMap, BTreeSet};

use passerelle_protocol::sync::{Change, CommandResult, Entity, Verdict};
use sqlx::{Acquire, Sqlite, Transaction};

use super::documents::{get, parse_doc, remove, set_rev, to_doc};
use super::error::{Result, StoreError};
use super::trace::{key, mark, relations, stretch};
use super::writing::{Writing, restate_meetings};

type Tx<'t> = Transaction<'t, Sqlite>;

/// The mark of no document.
const NONE: i64 = 0;

/// The commands that leave the outbox with an answer, and what they had written.
#[derive(Debug, Default)]
pub(super) struct Left {
    /// Number of the last.
    last: Option<i64>,
    /// By number and document, its mark.
    wrote: BTreeMap<(i64, String), i64>,
}

impl Left {
    /// Those that an answer refuses; before they leave the outbox.
    pub async fn refused(&mut self, tx: &mut Tx<'_>, results: &[CommandResult]) -> Result<()> {
        let refused = results.iter().filter(|r| matches!(r.verdict, Verdict::Refused { .. }));
        let ids: Vec<String> = refused.map(|r| r.id.to_string()).collect();
        if ids.is_empty() { Ok(()) } else { self.add(tx, &to_doc(&ids, "commands")?).await }
    }

    /// Acknowledged commands all of whose changes have arrived: they leave the outbox.
    pub async fn visible(&mut self, tx: &mut Tx<'_>, cursors: &BTreeMap<String, u64>) -> Result<()> {
        let rows: Vec<(String, String)> =
            sqlx::query_as("SELECT id, visible_at FROM outbox WHERE state = 'acknowledged'")
                .fetch_all(&mut **tx)
                .await?;
        let mut ids = Vec::new();
        for (id, visible_at) in rows {
            let at: BTreeMap<String, u64> = parse_doc(&visible_at, "verdict")?;
            if at.iter().all(|(scope, seq)| cursors.get(scope).is_some_and(|here| here >= seq)) {
                ids.push(id);
            }
        }
        if ids.is_empty() {
            return Ok(());
        }
        let ids = to_doc(&ids, "commands")?;
        self.add(tx, &ids).await?;
        self.leave(tx, &ids).await
    }

    /// Commands that an answer accepts and all of whose changes are here with it: they leave the outbox. How many of them
    /// central had not accepted before.
    pub async fn arrived(&mut self, tx: &mut Tx<'_>, ids: &str) -> Result<u32> {
        self.add(tx, ids).await?;
        let fresh: u32 = sqlx::query_scalar(
            "SELECT count(*) FROM json_each(?) i JOIN outbox o ON o.id = i.value WHERE o.state <> 'acknowledged'",
        )
        .bind(ids)
        .fetch_one(&mut **tx)
        .await?;
        self.leave(tx, ids).await?;
        Ok(fresh)
    }

    async fn leave(&self, tx: &mut Tx<'_>, ids: &str) -> Result<()> {
        sqlx::query("DELETE FROM outbox WHERE id IN (SELECT value FROM json_each(?))")
            .bind(ids)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }

    async fn add(&mut self, tx: &mut Tx<'_>, ids: &str) -> Result<()> {
        // As one list: each row would go from one thread to another.
        let rows: String = sqlx::query_scalar(
            "SELECT json_group_array(json_array(o.seq, t.key, t.wrote)) FROM json_each(?) i
               JOIN outbox o ON o.id = i.value
               LEFT JOIN trace t ON t.command = o.id AND t.wrote IS NOT NULL",
        )
        .bind(ids)
        .fetch_one(&mut **tx)
        .await?;
        let rows: Vec<(i64, Option<String>, Option<i64>)> = parse_doc(&rows, "traces")?;
        for (seq, key, wrote) in rows {
            self.last = self.last.max(Some(seq));
            self.wrote.extend(key.zip(wrote).map(|(key, mark)| ((seq, key), mark)));
        }
        Ok(())
    }

    /// What the last of them to write each document left of it.
    fn marks(&self) -> BTreeMap<&str, i64> {
        self.wrote.iter().map(|((_, key), mark)| (key.as_str(), *mark)).collect()
    }
}

/// A document of which central has said something, or that a command which has left had written.
struct Moved {
    entity: Entity,
    id: String,
    /// What central says of it now: revision and text.
    base: Option<(i64, String)>,
    /// It lies under the overlay.
    covered: bool,
    /// It says something else than those that have left had made of it.
    other: bool,
}

/// What commands may have been decided on and is not as it was.
#[derive(Default)]
struct Stirred {
    settings: bool,
    keys: BTreeSet<String>,
    stretches: Vec<(i64, i64)>,
}

/// Moves the base on to what the changes say. False when commands that wait are to be decided again; nothing is changed
/// then. `acknowledged` is the number of the last command that was acknowledged just now.
pub(super) async fn advance(
    tx: &mut Tx<'_>,
    changes: &[&Change],
    left: &Left,
    acknowledged: Option<i64>,
) -> Result<bool> {
    if !keeps_order(tx, left, acknowledged).await? {
        return Ok(false);
    }
    let mut one = tx.begin().await?;
    match move_on(&mut one, changes, left).await {
        Ok(true) => {
            one.commit().await?;
            Ok(true)
        }
        // Two of central's meetings stand in each other's way while the one has moved and the other has not, or one in
        // the way of what this desk keeps.
        Ok(false) | Err(StoreError::Overlap(_)) => {
            one.rollback().await?;
            Ok(false)
        }
        Err(other) => Err(other),
    }
}

/// Whether those that have left, or are acknowledged now, were decided before all that stay: then none that stays was
/// decided without seeing them. Held ones stay behind, and so may refused ones go before acknowledged ones that have not
/// all arrived.
async fn keeps_order(tx: &mut Tx<'_>, left: &Left, acknowledged: Option<i64>) -> Result<bool> {
    let (first, first_unseen, untraced, covers): (Option<i64>, Option<i64>, bool, bool) = sqlx::query_as(
        "SELECT (SELECT min(seq) FROM outbox),
                (SELECT min(first) FROM (SELECT min(seq) AS first FROM outbox WHERE state = 'pending'
                                         UNION ALL SELECT min(seq) FROM outbox WHERE state = 'held')),
                EXISTS (SELECT 1 FROM outbox WHERE traced = 0), EXISTS (SELECT 1 FROM overlay)",
    )
    .fetch_one(&mut **tx)
    .await?;
    let before = |last: Option<i64>, first: Option<i64>| match (last, first) {
        (Some(last), Some(first)) => last < first,
        _ => true,
    };
    // With nothing to keep, the long way is the shorter one.
    let keeps = first.is_some() || covers;
    Ok(keeps && !untraced && before(left.last, first) && before(acknowledged, first_unseen))
}

async fn move_on(tx: &mut Tx<'_>, changes: &[&Change], left: &Left) -> Result<bool> {
    let marks = left.marks();
    let mut stirred = Stirred::default();
    let moved = compare(tx, changes, &marks, &mut stirred).await?;
    if concerns_any(tx, &stirred).await? {
        return Ok(false);
    }
    let written = still_written(tx, &moved).await?;
    sqlx::query("INSERT INTO rebasing (one) VALUES (1)").execute(&mut **tx).await?;
    // Meetings that go elsewhere leave first, so that each finds its place free.
    for m in moved.iter().filter(|m| m.other && m.entity == Entity::Appointment) {
        remove(tx, m.entity, &m.id).await?;
    }
    let (settings, others): (Vec<&Moved>, Vec<&Moved>) = moved.iter().partition(|m| m.entity.is_setting());
    // A kind for more people, or for fewer, changes the rows of its meetings.
    let same_kinds = settings.is_empty();
    let mut writing = Writing::default();
    let mut restated: Vec<(&str, i64, &str)> = Vec::new();
    let mut uncovered: Vec<(&str, &str)> = Vec::new();
    for m in settings.into_iter().chain(others) {
        let name = key(m.entity, &m.id);
        if written.contains(&name) {
            m.write_below(tx).await?;
            continue;
        }
        if same_kinds && let Some((rev, doc)) = m.base.as_ref().filter(|_| m.is_here_as_said(&marks, &name)) {
            restated.push((&m.id, *rev, doc));
            uncovered.extend(m.covered.then(|| (m.entity.key(), m.id.as_str())));
            continue;
        }
        match &m.base {
            Some((rev, doc)) => writing.put(tx, m.entity, &m.id, *rev, doc).await?,
            None => writing.remove(tx, m.entity, &m.id).await?,
        }
        uncovered.extend(m.covered.then(|| (m.entity.key(), m.id.as_str())));
    }
    writing.finish(tx).await?;
    restate_meetings(tx, &restated).await?;
    sqlx::query(
        "DELETE FROM overlay WHERE (entity, id) IN
           (SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))",
    )
    .bind(to_doc(&uncovered, "names")?)
    .execute(&mut **tx)
    .await?;
    sqlx::query("DELETE FROM rebasing").execute(&mut **tx).await?;
    Ok(true)
}

/// The documents that move, each as central says it now, and what is not as it was because of them.
async fn compare(
    tx: &mut Tx<'_>,
    changes: &[&Change],
    marks: &BTreeMap<&str, i64>,
    stirred: &mut Stirred,
) -> Result<Vec<Moved>> {
    // Of each document only what was said last.
    let mut said: BTreeMap<(&'static str, &str), Option<&Change>> = BTreeMap::new();
    for name in marks.keys() {
        if let Some((entity, id)) = name.split_once(':') {
            said.insert((Entity::from_key(entity).key(), id), None);
        }
    }
    said.extend(changes.iter().map(|c| ((c.entity.key(), c.id.as_str()), Some(*c))));
    let names: Vec<&(&str, &str)> = said.keys().collect();
    let rows: Vec<(String, String, i64, Option<String>)> = sqlx::query_as(
        "SELECT o.entity, o.id, o.rev, o.doc FROM json_each(?) n
         JOIN overlay o ON o.entity = json_extract(n.value, '$[0]') AND o.id = json_extract(n.value, '$[1]')",
    )
    .bind(to_doc(&names, "names")?)
    .fetch_all(&mut **tx)
    .await?;
    let covered: BTreeMap<(String, String), Option<(i64, String)>> =
        rows.into_iter().map(|(entity, id, rev, doc)| ((entity, id), doc.map(|doc| (rev, doc)))).collect();
    let mut moved = Vec::with_capacity(said.len());
    for ((name, id), change) in said {
        let entity = Entity::from_key(name);
        let under = covered.get(&(name.to_owned(), id.to_owned()));
        let before = match under {
            Some(base) => base.clone(),
            None => get(tx, entity, id).await?,
        };
        let base = match change {
            None => before.clone(),
            Some(Change { doc: Some(doc), rev, .. }) => {
                Some((i64::try_from(*rev).unwrap_or(i64::MAX), doc.text().to_owned()))
            }
            Some(_) => None,
        };
        let mark_of =
            |doc: &Option<(i64, String)>| doc.as_ref().map_or(Ok(NONE), |(_, doc)| mark(entity, doc));
        let known = match marks.get(key(entity, id).as_str()) {
            Some(mark) => *mark,
            None => mark_of(&before)?,
        };
        let other = known != mark_of(&base)?;
        if other {
            let above = if under.is_some() { get(tx, entity, id).await? } else { None };
            let texts = [&before, &base, &above].into_iter().flatten().map(|(_, doc)| doc.as_str());
            stirred.stir(entity, id, texts)?;
        }
        moved.push(Moved { entity, id: id.to_owned(), base, covered: under.is_some(), other });
    }
    Ok(moved)
}

impl Stirred {
    fn stir<'d>(&mut self, entity: Entity, id: &str, docs: impl Iterator<Item = &'d str>) -> Result<()> {
        self.settings |= entity.is_setting();
        self.keys.insert(key(entity, id));
        for doc in docs {
            self.keys.extend(relations(entity, doc)?);
            self.stretches.extend(stretch(entity, doc)?);
        }
        Ok(())
    }

    /// Stretches that touch as one.
    fn joined(&self) -> Vec<(i64, i64)> {
        let mut sorted = self.stretches.clone();
        sorted.sort_unstable();
        let mut joined: Vec<(i64, i64)> = Vec::new();
        for (from, to) in sorted {
            match joined.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ => joined.push((from, to)),
            }
        }
        joined
    }
}

/// Whether any command that waits was decided on something of this. All are on the settings.
async fn concerns_any(tx: &mut Tx<'_>, stirred: &Stirred) -> Result<bool> {
    if stirred.keys.is_empty() {
        return Ok(false);
    }
    Ok(sqlx::query_scalar(
        "SELECT (?1 AND EXISTS (SELECT 1 FROM outbox))
             OR EXISTS (SELECT 1 FROM json_each(?2) k JOIN trace t ON t.key = k.value)
             OR EXISTS (SELECT 1 FROM json_each(?3) s JOIN trace_time t
                          ON t.from_s < json_extract(s.value, '$[1]') AND t.to_s > json_extract(s.value, '$[0]'))",
    )
    .bind(stirred.settings)
    .bind(to_doc(&stirred.keys, "keys")?)
    .bind(to_doc(&stirred.joined(), "stretches")?)
    .fetch_one(&mut **tx)
    .await?)
}

/// Those of the documents that a command which waits has written: they stay as that one left them.
async fn still_written(tx: &mut Tx<'_>, moved: &[Moved]) -> Result<BTreeSet<String>> {
    let keys: Vec<String> = moved.iter().filter(|m| m.covered).map(|m| key(m.entity, &m.id)).collect();
    let rows: Vec<String> = sqlx::query_scalar(
        "SELECT DISTINCT t.key FROM json_each(?) k JOIN trace t ON t.key = k.value WHERE t.wrote IS NOT NULL",
    )
    .bind(to_doc(&keys, "keys")?)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().collect())
}

impl Moved {
    /// A meeting whose row is what central says now but for revision and noted moments, which no column has.
    fn is_here_as_said(&self, marks: &BTreeMap<&str, i64>, name: &str) -> bool {
        self.entity == Entity::Appointment && !self.other && (!self.covered || marks.contains_key(name))
    }

    /// A command that waits has written it: it stays as that one left it, over what central says now.
    async fn write_below(&self, tx: &mut Tx<'_>) -> Result<()> {
        let (entity, id) = (self.entity, self.id.as_str());
        let (rev, doc) = self.base.as_ref().map_or((0, None), |(rev, doc)| (*rev, Some(doc)));
        sqlx::query("UPDATE overlay SET rev = ?, doc = ? WHERE entity = ? AND id = ?")
            .bind(rev)
            .bind(doc)
            .bind(entity.key())
            .bind(id)
            .execute(&mut **tx)
            .await?;
        set_rev(tx, entity, id, rev).await
    }
}
