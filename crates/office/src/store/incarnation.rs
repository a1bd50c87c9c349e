//! New names for this database: when it is a copy of one that went on elsewhere, and when central itself has gone back.
//!
//! With a new incarnation commands are numbered from 1 again. Their identifiers stay: whatever central has of them it
//! answers with the verdict that it gave.

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, DeskId};
use passerelle_protocol::sync::{ACKNOWLEDGED_DAYS, MAX_ASKED};
use sqlx::{Sqlite, Transaction};

use super::documents::to_doc;
use super::error::Result;
use super::meta::{keys, set};
use super::open::Store;
use super::outbox::uuid_of;

type Tx<'t> = Transaction<'t, Sqlite>;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

impl Store {
    /// This database is a copy of one that went on elsewhere: a new incarnation, whose commands are numbered from 1.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn new_incarnation(&self, inc: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        rename(&mut tx, inc).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Central knows this desk under another number from now on: a new incarnation with it.
    ///
    /// # Errors
    /// Those of the database; nothing is changed then.
    pub async fn take_number(&self, desk: DeskId, inc: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        rename(&mut tx, inc).await?;
        set(&mut tx, keys::DESK, &desk.to_string()).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The commands that central has acknowledged and that are kept, oldest first, at most [`MAX_ASKED`] after so many:
    /// what a restored central is asked after.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn acknowledged(&self, after: usize) -> Result<Vec<CommandId>> {
        let ids: Vec<String> = sqlx::query_scalar("SELECT id FROM acknowledged ORDER BY n LIMIT ? OFFSET ?")
            .bind(i64::try_from(MAX_ASKED).unwrap_or(i64::MAX))
            .bind(i64::try_from(after).unwrap_or(i64::MAX))
            .fetch_all(&self.readers)
            .await?;
        ids.iter().map(|id| Ok(CommandId(uuid_of(id)?))).collect()
    }

    /// Central has another epoch, and does not know these acknowledged commands: they are sent again, before all that
    /// waits, in the order in which they were acknowledged; and central's word is read again from its beginning.
    ///
    /// # Errors
    /// Those of the database; nothing is changed then.
    pub async fn enter_epoch(
        &self,
        epoch: &str,
        inc: &str,
        unknown: &[CommandId],
        scopes: &[String],
    ) -> Result<u32> {
        let mut tx = self.begin().await?;
        let unknown: Vec<String> = unknown.iter().map(ToString::to_string).collect();
        let unknown = to_doc(&unknown, "commands")?;
        // Those whose changes have not all arrived are in the outbox still: they go on from there, among the others.
        sqlx::query(
            "DELETE FROM outbox WHERE state = 'acknowledged' AND id IN
               (SELECT a.id FROM acknowledged a JOIN json_each(?) u ON u.value = a.id)",
        )
        .bind(&unknown)
        .execute(&mut *tx)
        .await?;
        // Numbers below every other: they come first, and `rename` numbers all from 1.
        let again = sqlx::query(
            "INSERT INTO outbox (seq, id, kind, at, actor, role, depends, command, about, places, lease, state)
             SELECT (SELECT min(0, coalesce(min(seq), 0)) FROM outbox) - (SELECT max(n) + 1 FROM acknowledged) + a.n,
                    a.id, a.kind, a.at, a.actor, a.role, a.depends, a.command, a.about, a.places, a.lease, 'pending'
             FROM acknowledged a JOIN json_each(?) u ON u.value = a.id
             WHERE a.id NOT IN (SELECT id FROM outbox)",
        )
        .bind(&unknown)
        .execute(&mut *tx)
        .await?;
        sqlx::query("DELETE FROM acknowledged WHERE id IN (SELECT value FROM json_each(?))")
            .bind(&unknown)
            .execute(&mut *tx)
            .await?;
        rename(&mut tx, inc).await?;
        set(&mut tx, keys::EPOCH, epoch).await?;
        for scope in scopes {
            super::refetch::begin(&mut tx, scope).await?;
        }
        tx.commit().await?;
        Ok(u32::try_from(again.rows_affected()).unwrap_or(u32::MAX))
    }
}

/// Keeps the commands of the outbox that central has just accepted (JSON: a list of lists that begin with an id); those
/// kept long enough go. Their age is told by central's clock: this desk's own decides nothing.
pub(super) async fn keep_acknowledged(
    tx: &mut Tx<'_>,
    accepted: &str,
    server_time: DateTime<Utc>,
) -> Result<()> {
    sqlx::query("DELETE FROM acknowledged WHERE until_s < ?")
        .bind(server_time.timestamp())
        .execute(&mut **tx)
        .await?;
    sqlx::query(
        "INSERT INTO acknowledged (id, kind, at, actor, role, depends, command, about, places, lease, until_s)
         SELECT o.id, o.kind, o.at, o.actor, o.role, o.depends, o.command, o.about, o.places, o.lease, ?1
         FROM json_each(?2) a JOIN outbox o ON o.id = json_extract(a.value, '$[0]')
         WHERE TRUE ORDER BY a.key ON CONFLICT (id) DO NOTHING",
    )
    .bind(server_time.timestamp() + ACKNOWLEDGED_DAYS * DAY_S)
    .bind(accepted)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn rename(tx: &mut Tx<'_>, inc: &str) -> Result<()> {
    // Of the acknowledged ones only the order matters: all move below the new numbers, far enough that no row takes the
    // number of one that has not moved yet.
    sqlx::query(
        "UPDATE outbox SET seq = seq - (SELECT max(max(seq) + 1, max(seq) - min(seq) + 1) FROM outbox)",
    )
    .execute(&mut **tx)
    .await?;
    // What central holds is sent again under its new number, in its turn.
    sqlx::query("UPDATE outbox SET state = 'pending' WHERE state = 'held'").execute(&mut **tx).await?;
    let rows: Vec<i64> = sqlx::query_scalar("SELECT seq FROM outbox WHERE state = 'pending' ORDER BY seq")
        .fetch_all(&mut **tx)
        .await?;
    let mut last = 0;
    for seq in rows {
        last += 1;
        sqlx::query("UPDATE outbox SET seq = ? WHERE seq = ?")
            .bind(last)
            .bind(seq)
            .execute(&mut **tx)
            .await?;
    }
    set(tx, keys::LAST_SEQ, &last.to_string()).await?;
    set(tx, keys::INC, inc).await?;
    Ok(())
}
