//! What waits to be sent, or to come back.

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, PersonId};
use passerelle_protocol::sync::Envelope;

use super::documents::{parse_doc, to_doc};
use super::error::Result;
use super::execute::About;
use super::meta::keys;
use super::open::Store;

/// Version of the commands' arguments that this build writes.
pub(super) const COMMAND_VERSION: u32 = 1;

/// A line of the outbox.
#[derive(Debug, Clone)]
pub struct OutboxRow {
    /// Command id.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// By whom.
    pub actor: Option<PersonId>,
    /// About whom.
    pub about: About,
    /// It no longer holds over central's present state.
    pub doubtful: bool,
}

impl Store {
    /// How many commands central has not acknowledged.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn pending(&self) -> Result<u32> {
        Ok(sqlx::query_scalar("SELECT count(*) FROM outbox WHERE state IN ('pending', 'held')")
            .fetch_one(&self.readers)
            .await?)
    }

    /// The outbox, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn outbox(&self) -> Result<Vec<OutboxRow>> {
        type Row = (String, String, String, String, String, Option<String>);
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, kind, at, actor, about, doubtful FROM outbox WHERE state <> 'acknowledged' ORDER BY seq",
        )
        .fetch_all(&self.readers)
        .await?;
        rows.into_iter()
            .map(|(id, kind, at, actor, about, doubtful)| {
                let at = DateTime::parse_from_rfc3339(&at).map(|t| t.with_timezone(&Utc)).unwrap_or_default();
                let about = parse_doc(&about, "about")?;
                Ok(OutboxRow { id, kind, at, actor: actor.parse().ok(), about, doubtful: doubtful.is_some() })
            })
            .collect()
    }

    /// Whether there are commands that central has not seen, as far as this desk knows.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn any_unseen(&self) -> Result<bool> {
        Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM outbox WHERE state = 'pending')")
            .fetch_one(&self.readers)
            .await?)
    }

    /// The next commands to send: those that central has not seen, in order, then those that it holds, to ask what became
    /// of them. Held ones never stand before the others. `before`: none that has this number or a later one.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn to_send(&self, limit: usize, before: Option<u64>) -> Result<Vec<Envelope>> {
        // Each by its own end of an index: a long outbox is not to be sorted for each request.
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT * FROM (SELECT seq, id, actor, at, depends, lease, vouch, command FROM outbox
                            WHERE state = 'pending' AND seq < ?2 ORDER BY seq LIMIT ?1)
             UNION ALL
             SELECT * FROM (SELECT seq, id, actor, at, depends, lease, vouch, command FROM outbox
                            WHERE state = 'held' ORDER BY seq LIMIT ?1)
             LIMIT ?1",
        )
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .bind(before.and_then(|before| i64::try_from(before).ok()).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        envelopes(rows)
    }

    /// Notes that central may have decided these commands, which are sent now or were sent and not answered. Those of them
    /// of which it was not known before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn may_be_decided(&self, sent: &[CommandId]) -> Result<Vec<CommandId>> {
        let noted: Vec<String> = sqlx::query_scalar(
            "UPDATE outbox SET perhaps_decided = 1
             WHERE perhaps_decided = 0 AND id IN (SELECT value FROM json_each(?)) RETURNING id",
        )
        .bind(to_doc(&sent, "commands")?)
        .fetch_all(&self.writer)
        .await?;
        noted.iter().map(|id| Ok(CommandId(uuid_of(id)?))).collect()
    }

    /// The contrary: central has not decided these, as far as they still wait for it. What it holds it may yet decide.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn are_undecided(&self, sent: &[CommandId]) -> Result<()> {
        sqlx::query(
            "UPDATE outbox SET perhaps_decided = 0
             WHERE perhaps_decided = 1 AND state = 'pending' AND id IN (SELECT value FROM json_each(?))",
        )
        .bind(to_doc(&sent, "commands")?)
        .execute(&self.writer)
        .await?;
        Ok(())
    }

    /// The same of all that waits and for which no colleague has given its word: a process before this one may have sent it.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn all_may_be_decided(&self) -> Result<()> {
        let ids: Vec<String> = sqlx::query_scalar(
            "SELECT id FROM outbox WHERE state = 'pending' AND vouch IS NULL AND perhaps_decided = 0",
        )
        .fetch_all(&self.readers)
        .await?;
        // Mostly there is none: then nobody is kept waiting.
        if ids.is_empty() {
            return Ok(());
        }
        let ids = ids.iter().map(|id| Ok(CommandId(uuid_of(id)?))).collect::<Result<Vec<_>>>()?;
        self.may_be_decided(&ids).await.map(drop)
    }

    /// Up to which command of this incarnation what waits was put into quarantine; 0 when none was.
    async fn put_aside_up_to(&self) -> Result<i64> {
        let (Some(told), Some(inc)) = (self.meta(keys::PUT_ASIDE).await?, self.meta(keys::INC).await?) else {
            return Ok(0);
        };
        Ok(told
            .rsplit_once('/')
            .filter(|(of, _)| *of == inc)
            .and_then(|(_, seq)| seq.parse().ok())
            .unwrap_or(0))
    }

    /// The next commands to put into quarantine, in order: those that central has not decided and that are not there yet.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn to_put_aside(&self, limit: usize) -> Result<Vec<Envelope>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT seq, id, actor, at, depends, lease, vouch, command FROM outbox
             WHERE state IN ('pending', 'held') AND seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(self.put_aside_up_to().await?)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        envelopes(rows)
    }

    /// Notes that what waits up to this command of this incarnation is in quarantine. It stays here as it is.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn note_put_aside(&self, inc: &str, seq: u64) -> Result<()> {
        self.set_meta(&[(keys::PUT_ASIDE, Some(&format!("{inc}/{seq}")))]).await
    }

    /// How many commands of the outbox are in quarantine.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn put_aside(&self) -> Result<u32> {
        let up_to = self.put_aside_up_to().await?;
        if up_to == 0 {
            return Ok(0);
        }
        Ok(sqlx::query_scalar("SELECT count(*) FROM outbox WHERE state IN ('pending', 'held') AND seq <= ?")
            .bind(up_to)
            .fetch_one(&self.readers)
            .await?)
    }
}

/// A row of the outbox as it is sent.
pub(super) type Row = (i64, String, String, String, String, Option<String>, Option<String>, String);

/// As many of these rows as a request may have, as they travel.
pub(super) fn envelopes(rows: Vec<Row>) -> Result<Vec<Envelope>> {
    let mut bytes = 0;
    let mut out = Vec::new();
    for (seq, id, actor, at, depends, lease, vouch, command) in rows {
        bytes += command.len() + 300;
        // A request stays well under its limit; what is left goes with the next one.
        if bytes > passerelle_protocol::sync::MAX_BODY / 2 && !out.is_empty() {
            break;
        }
        let at = DateTime::parse_from_rfc3339(&at).map(|t| t.with_timezone(&Utc)).unwrap_or_default();
        out.push(Envelope {
            id: uuid_of(&id)?.into(),
            seq: u64::try_from(seq).unwrap_or(0),
            v: COMMAND_VERSION,
            actor: uuid_of(&actor)?.into(),
            at,
            depends: parse_doc(&depends, "depends")?,
            lease,
            vouch: vouch.map(|vouch| parse_doc(&vouch, "vouch")).transpose()?,
            command: parse_doc(&command, "command")?,
        });
    }
    Ok(out)
}

/// A stored id. One that cannot be read stops the sending rather than leaving a gap in the sequence.
pub(super) fn uuid_of(text: &str) -> Result<uuid::Uuid> {
    parse_doc(&format!("\"{text}\""), "id")
}
