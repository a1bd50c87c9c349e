//! What must hold: some of it at every moment, the rest once everybody has heard everything.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{bail, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use passerelle_domain::Command;
use passerelle_domain::command::{Book, Move, SetStatus};
use passerelle_domain::ids::CommandId;
use passerelle_office::store::Store;
use passerelle_protocol::sync::{DIRECTORY, Verdict, office_scope};
use sqlx::sqlite::SqliteConnection;

use super::central::{Centre, beside};
use super::desk::Post;

/// A command that somebody has given.
#[derive(Debug, Clone)]
pub struct Given {
    /// At which desk.
    pub post: usize,
    /// What.
    pub command: Command,
    /// The desk held the place of what it booked.
    pub promised: bool,
    /// Not it itself, but the reception of its office, by the office's own network.
    pub vouched: bool,
}

/// By sort and id: revision and document.
type Documents = BTreeMap<(String, String), (i64, String)>;

/// Pairs of meetings that share a person or a room at one time; the same columns on both sides but for the session's.
fn overlaps(session: &str) -> String {
    format!(
        "SELECT count(*) FROM appointment a JOIN appointment b ON a.id < b.id AND a.start_s < b.end_s
             AND b.start_s < a.end_s AND a.blocking = 1 AND b.blocking = 1 AND a.overridden = 0 AND b.overridden = 0
         WHERE a.client = b.client OR ((a.counsellor = b.counsellor OR a.room = b.room)
             AND (a.{session} IS NULL OR b.{session} IS NULL OR a.{session} <> b.{session}))"
    )
}

/// What holds at a desk at every moment. After a restoration of central what other desks had made is not there until they
/// have sent it again: a command may refer to it all the same.
///
/// # Errors
/// What does not hold.
pub async fn at_a_desk(store: &Store, central_was_restored: bool) -> anyhow::Result<()> {
    let sql = format!(
        "SELECT ({}), (SELECT count(*) FROM rebasing),
           (SELECT o.id FROM outbox o WHERE o.kind = 'appointment.book' AND o.doubtful IS NULL
              AND NOT EXISTS (SELECT 1 FROM appointment a WHERE a.id = json_extract(o.command, '$.args.id'))),
           (SELECT o.id FROM outbox o WHERE o.doubtful = 'not_found'
              AND NOT EXISTS (SELECT 1 FROM client r WHERE r.merged = 1
                AND r.id IN (json_extract(o.command, '$.args.id'), json_extract(o.command, '$.args.client')))
              AND NOT EXISTS (SELECT 1 FROM outbox e
              WHERE e.seq < o.seq AND e.doubtful IS NOT NULL AND (e.state <> 'acknowledged'
                OR e.doubtful IN ('slot_taken', 'room_taken', 'client_busy', 'capacity_full', 'duplicate')))
              AND NOT EXISTS (SELECT 1 FROM colleague e
              WHERE e.doubtful IN ('slot_taken', 'room_taken', 'client_busy', 'capacity_full', 'duplicate')
                AND json_extract(e.command, '$.args.id') = json_extract(o.command, '$.args.id'))
              AND NOT EXISTS (SELECT 1 FROM conflict c WHERE json_extract(c.command, '$.args.id') IN
                (json_extract(o.command, '$.args.id'), json_extract(o.command, '$.args.client'),
                 json_extract(o.command, '$.args.enquiry')))),
           (SELECT count(*) FROM outbox WHERE doubtful IS NOT NULL)",
        overlaps("session")
    );
    type Found = (i64, i64, Option<String>, Option<String>, i64);
    let (twice, rebasing, gone, lost, doubtful): Found =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_one(store.readers()).await?;
    ensure!(twice == 0, "{twice} pairs of meetings overlap");
    ensure!(rebasing == 0, "a rebase never ended");
    if let Some(id) = gone {
        bail!("the meeting that {id} booked has left the agenda while the command was on its way");
    }
    if doubtful > 0 {
        gave_way(store).await?;
    }
    // What waits refers to what this desk was shown, or to what was refused and is shown as that, or to what gave way as
    // below, here or as a colleague made it, or to a record that its author has taken back. Nothing is ever deleted: if it
    // is not there any more, it has been taken off the screen while its command was on its way.
    if let Some(id) = lost
        && !central_was_restored
    {
        bail!(
            "the command {id} refers to what has left the desk while it was on its way: {:?}",
            waits(store).await?
        );
    }
    Ok(())
}

/// What is on its way, in order: number, identifier, command, state and doubt.
async fn waits(store: &Store) -> anyhow::Result<Vec<(i64, String, String, String, Option<String>)>> {
    Ok(sqlx::query_as("SELECT seq, id, command, state, doubtful FROM outbox ORDER BY seq")
        .fetch_all(store.readers())
        .await?)
}

/// A meeting that was booked here is in the agenda from then on, whatever is on its way. It leaves it only when another one
/// has come into its place; and then that one is there, unless somebody has moved it away since. That may be so for one that central has accepted too: between two
/// pages of a feed what is shown is what central knew at that place, and what was in the way then was there.
async fn gave_way(store: &Store) -> anyhow::Result<()> {
    // A later command, of this desk or of a colleague, may have moved away what was in the way.
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT o.id, o.command FROM outbox o
         WHERE o.kind = 'appointment.book' AND o.doubtful IN ('slot_taken', 'room_taken', 'client_busy', 'duplicate')
           AND NOT EXISTS (SELECT 1 FROM outbox l WHERE l.seq > o.seq
             AND l.kind IN ('appointment.move', 'appointment.set_status'))
           AND NOT EXISTS (SELECT 1 FROM colleague l WHERE (l.number IS NULL OR l.number > o.number)
             AND json_extract(l.command, '$.kind') IN ('appointment.move', 'appointment.set_status'))",
    )
    .fetch_all(store.readers())
    .await?;
    for (id, command) in rows {
        let Command::Book(booking) = serde_json::from_str(&command)? else { continue };
        let Some(start) = booking.place.start.and_local_timezone(booking.place.zone).earliest() else {
            continue;
        };
        let from = start.timestamp();
        let in_the_way: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM appointment WHERE blocking = 1 AND start_s < ?2 AND end_s > ?1
               AND (counsellor = ?3 OR client = ?4 OR (room IS NOT NULL AND room = ?5))",
        )
        .bind(from)
        .bind(from + i64::from(booking.place.minutes) * 60)
        .bind(booking.place.counsellor.to_string())
        .bind(booking.client.map(|client| client.to_string()))
        .bind(booking.place.room.map(|room| room.to_string()))
        .fetch_one(store.readers())
        .await?;
        if in_the_way == 0 {
            bail!(
                "the meeting that {id} booked has left the agenda, and nothing is in its place: {:?}",
                waits(store).await?
            );
        }
    }
    Ok(())
}

/// What holds at central at every moment.
///
/// # Errors
/// What does not hold.
pub async fn at_central(db: &mut SqliteConnection) -> anyhow::Result<()> {
    let sql = sqlx::AssertSqlSafe(overlaps("session_key"));
    let twice: i64 = sqlx::query_scalar(sql).fetch_one(&mut *db).await?;
    ensure!(twice == 0, "{twice} pairs of meetings overlap at central");
    let gaps: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM feed f WHERE f.head <> (SELECT count(*) FROM change c WHERE c.scope = f.scope)
             OR f.head <> (SELECT coalesce(max(c.seq), 0) FROM change c WHERE c.scope = f.scope)",
    )
    .fetch_one(&mut *db)
    .await?;
    ensure!(gaps == 0, "{gaps} feeds have a gap");
    // Every step of a meeting is a command's: what was executed twice would make more steps than were accepted.
    let (steps, accepted, twice): (i64, i64, i64) = sqlx::query_as(
        "SELECT (SELECT coalesce(sum(rev), 0) FROM appointment),
           (SELECT count(*) FROM command WHERE kind GLOB 'appointment.*' AND verdict ->> '$.status' = 'accepted'),
           (SELECT count(*) FROM (SELECT 1 FROM document d, json_each(d.doc, '$.thread') m
              WHERE d.entity = 'enquiry' GROUP BY d.id, m.value ->> '$.id' HAVING count(*) > 1))",
    )
    .fetch_one(&mut *db)
    .await?;
    ensure!(
        steps <= accepted,
        "{accepted} commands have made {steps} steps of meetings: one was executed twice"
    );
    ensure!(twice == 0, "{twice} notes were written twice");
    Ok(())
}

/// The commands that a desk's disk or central's holds.
///
/// # Errors
/// Those of the databases.
pub async fn on_a_disk(posts: &[Post], centre: &Centre) -> anyhow::Result<BTreeSet<CommandId>> {
    let mut held = BTreeSet::new();
    for post in posts {
        held.extend(post.held().await?);
    }
    let mut db = beside(centre.path()).await?;
    let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM command").fetch_all(&mut db).await?;
    held.extend(ids.iter().filter_map(|id| id.parse::<CommandId>().ok()));
    Ok(held)
}

/// What holds once everybody has heard everything.
///
/// # Errors
/// What does not hold.
pub async fn at_rest(
    posts: &[Post],
    centre: &Centre,
    given: &BTreeMap<CommandId, Given>,
) -> anyhow::Result<()> {
    let broken = centre.broken().await?;
    ensure!(broken.is_empty(), "central finds its own rules broken: {broken:?}");
    let mut db = beside(centre.path()).await?;
    let verdicts = verdicts(&mut db).await?;
    for (number, post) in posts.iter().enumerate() {
        let Some(store) = &post.store else { bail!("desk {number} is off") };
        replica(number, post, store, &mut db).await?;
    }
    for (id, given) in given {
        match verdicts.get(id) {
            // A restored central has forgotten that it refused it; the desk has not, and somebody sees it there.
            None => ensure!(
                is_shown(id, given, posts).await? || stands(&given.command, &mut db).await?,
                "{id} of desk {} has no verdict, and nobody is shown one",
                given.post
            ),
            Some(Verdict::Held) => bail!("{id} is held, though its kind is known"),
            Some(Verdict::Accepted { .. }) => accepted(id, &given.command, &mut db).await?,
            Some(Verdict::Refused { .. }) => shown(id, given, posts).await?,
        }
    }
    // Each change of a meeting is a line of its history: one that was decided over what no longer was would lack a line.
    let lacking: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM appointment WHERE rev <> json_array_length(doc, '$.history')",
    )
    .fetch_one(&mut db)
    .await?;
    ensure!(lacking == 0, "{lacking} meetings have lost a step that was accepted");
    Ok(())
}

/// What was booked under a lease was not given to anybody else, whatever happened to the desk or its line. Not of a desk that
/// goes on from a copy, which does not know what it has given back since; not where what was to make room was itself
/// refused; and not of an hour that has passed, which is nobody's any more.
///
/// # Errors
/// What does not hold.
pub async fn promises(
    posts: &[Post],
    centre: &Centre,
    given: &BTreeMap<CommandId, Given>,
    now: DateTime<Utc>,
) -> anyhow::Result<()> {
    use passerelle_domain::RefusalCode as Code;
    let mut db = beside(centre.path()).await?;
    let verdicts = verdicts(&mut db).await?;
    let code = |id: &CommandId| match verdicts.get(id) {
        Some(Verdict::Refused { refusal }) => Some(refusal.code),
        _ => None,
    };
    let rows: Vec<(String, i64)> =
        sqlx::query_as("SELECT id, received_at FROM command").fetch_all(&mut db).await?;
    let decided: BTreeMap<CommandId, i64> =
        rows.iter().map(|(id, at)| Ok((id.parse()?, *at))).collect::<anyhow::Result<_>>()?;
    let makes_room = |g: &Given| matches!(g.command, Command::Move(_) | Command::SetStatus(_));
    for (id, one) in given.iter().filter(|(_, g)| g.promised) {
        let (Command::Book(Book { place, .. }) | Command::Move(Move { place, .. })) = &one.command else {
            continue;
        };
        let when = decided.get(id).and_then(|at| DateTime::from_timestamp(*at, 0)).unwrap_or(now);
        // Local time is one or two hours later than UTC here.
        let passed = place.start.and_utc() < when + TimeDelta::hours(3);
        let office = |post: usize| posts.get(post).map(|post| post.office);
        // What the reception vouches for rests on what each of its colleagues has told it.
        let concerned = |post: usize| {
            post == one.post || (one.vouched && office(post).is_some() && office(post) == office(one.post))
        };
        let unsure = (0..posts.len()).any(|post| concerned(post) && posts[post].was_restored)
            || (code(id) != Some(Code::SlotLeased)
                && given.iter().any(|(id, g)| concerned(g.post) && makes_room(g) && code(id).is_some()));
        let lost = matches!(
            code(id),
            Some(Code::SlotTaken | Code::RoomTaken | Code::SlotLeased | Code::LeaseRevoked)
        );
        ensure!(
            !lost || passed || unsure,
            "the {} {id} of desk {} was promised, and refused: {:?}",
            one.command.kind(),
            one.post,
            code(id)
        );
    }
    Ok(())
}

async fn verdicts(db: &mut SqliteConnection) -> anyhow::Result<BTreeMap<CommandId, Verdict>> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT id, verdict FROM command").fetch_all(&mut *db).await?;
    rows.iter().map(|(id, verdict)| Ok((id.parse()?, serde_json::from_str(verdict)?))).collect()
}

/// A desk holds what central holds of its office and of the directory, and nothing else; nothing waits.
async fn replica(number: usize, post: &Post, store: &Store, db: &mut SqliteConnection) -> anyhow::Result<()> {
    for table in ["outbox", "overlay", "colleague", "refetched", "arrived"] {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let left: i64 = sqlx::query_scalar(sql).fetch_one(store.readers()).await?;
        ensure!(left == 0, "{left} rows are left in {table} of desk {number}");
    }
    let rows: Vec<(String, String, i64, String)> = sqlx::query_as(
        "SELECT 'client', id, rev, doc FROM client UNION ALL SELECT 'enquiry', id, rev, doc FROM enquiry
         UNION ALL SELECT 'appointment', id, rev, doc FROM appointment
         UNION ALL SELECT 'waiting_entry', id, rev, doc FROM waiting
         UNION ALL SELECT 'preparation_sheet', appointment, rev, doc FROM preparation
         UNION ALL SELECT 'lease', id, rev, doc FROM lease
         UNION ALL SELECT entity, id, rev, doc FROM setting",
    )
    .fetch_all(store.readers())
    .await?;
    let here = documents(rows)?;
    let office = office_scope(&post.desk.enrolled.office);
    let rows: Vec<(String, String, i64, String)> = sqlx::query_as(
        "SELECT entity, id, rev, doc FROM document WHERE scope IN (?1, ?2)
         UNION ALL SELECT 'appointment', id, rev, doc FROM appointment WHERE scope = ?1",
    )
    .bind(&office)
    .bind(DIRECTORY)
    .fetch_all(&mut *db)
    .await?;
    let there = documents(rows)?;
    for (key, document) in &there {
        match here.get(key) {
            None => bail!("desk {number} has no {key:?}, which central has"),
            Some(found) if found != document => {
                bail!("{key:?} is another at desk {number}: {found:?}, {document:?}")
            }
            Some(_) => {}
        }
    }
    let more: Vec<_> = here.keys().filter(|key| !there.contains_key(*key)).collect();
    ensure!(more.is_empty(), "desk {number} has what its office does not have: {more:?}");
    Ok(())
}

/// As values: how a document is written is nobody's business.
fn documents(rows: Vec<(String, String, i64, String)>) -> anyhow::Result<Documents> {
    rows.into_iter()
        .map(|(entity, id, rev, doc)| {
            let value: serde_json::Value = serde_json::from_str(&doc)?;
            Ok(((entity, id), (rev, value.to_string())))
        })
        .collect()
}

/// What was accepted is there, once.
async fn accepted(id: &CommandId, command: &Command, db: &mut SqliteConnection) -> anyhow::Result<()> {
    let meeting = match command {
        Command::Book(b) => b.id,
        Command::Move(m) => m.id,
        Command::SetStatus(s) => s.id,
        Command::NoteEnquiry { id: enquiry, message, .. } => {
            let times: i64 = sqlx::query_scalar(
                "SELECT count(*) FROM document d, json_each(d.doc, '$.thread') m
                 WHERE d.entity = 'enquiry' AND d.id = ? AND json_extract(m.value, '$.id') = ?",
            )
            .bind(enquiry.to_string())
            .bind(message.to_string())
            .fetch_one(&mut *db)
            .await?;
            ensure!(times == 1, "the accepted note {id} is there {times} times");
            return Ok(());
        }
        Command::CreateClient(c) => {
            let times: i64 =
                sqlx::query_scalar("SELECT count(*) FROM document WHERE entity = 'client' AND id = ?")
                    .bind(c.id.to_string())
                    .fetch_one(&mut *db)
                    .await?;
            ensure!(times == 1, "the accepted client of {id} is there {times} times");
            return Ok(());
        }
        _ => return Ok(()),
    };
    let times: i64 = sqlx::query_scalar("SELECT count(*) FROM appointment WHERE id = ?")
        .bind(meeting.to_string())
        .fetch_one(&mut *db)
        .await?;
    ensure!(times == 1, "the meeting of the accepted {} {id} is there {times} times", command.kind());
    Ok(())
}

/// Whether central has the step that was asked for from somebody else. Then a command that was accepted had nothing to
/// change; and where the log of central loses that verdict, with no change at all, there is nothing to notice it by.
async fn stands(command: &Command, db: &mut SqliteConnection) -> anyhow::Result<bool> {
    let Command::SetStatus(SetStatus { id, status, .. }) = command else { return Ok(false) };
    let times: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM appointment a, json_each(a.doc, '$.history') h
         WHERE a.id = ? AND json_extract(h.value, '$.what.to') = ?",
    )
    .bind(id.to_string())
    .bind(serde_json::to_value(status)?.as_str())
    .fetch_one(&mut *db)
    .await?;
    Ok(times > 0)
}

/// What was refused is shown to somebody, at the desk where it was given.
async fn shown(id: &CommandId, given: &Given, posts: &[Post]) -> anyhow::Result<()> {
    // A desk that was restored from a copy made before has never heard of it; central has.
    let forgotten = posts.get(given.post).is_some_and(|post| !post.remembers(id));
    ensure!(
        forgotten || is_shown(id, given, posts).await?,
        "the refused {} {id} is not shown at desk {}",
        given.command.kind(),
        given.post
    );
    Ok(())
}

async fn is_shown(id: &CommandId, given: &Given, posts: &[Post]) -> anyhow::Result<bool> {
    let Some(store) = posts.get(given.post).and_then(|p| p.store.as_ref()) else { return Ok(false) };
    let shown: i64 = sqlx::query_scalar("SELECT count(*) FROM conflict WHERE id = ?")
        .bind(id.to_string())
        .fetch_one(store.readers())
        .await?;
    Ok(shown == 1)
}
