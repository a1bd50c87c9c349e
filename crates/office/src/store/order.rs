//! The order of the office as it stands at the relay: what a colleague that asks is told.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use passerelle_domain::ids::{CommandId, DeskId};
use passerelle_protocol::colleagues::{
    MAX_MESSAGE, MAX_SHARED, Place, ShareRequest, ShareResponse, Shared, Vouch,
};
use passerelle_protocol::sync::Envelope;
use sqlx::{Sqlite, Transaction};

use super::colleagues::Sign;
use super::documents::{parse_doc, to_doc};
use super::error::Result;
use super::outbox::uuid_of;

type Tx<'t> = Transaction<'t, Sqlite>;

/// The order as it stands here, and what the one who asks has not of it.
pub(super) async fn answer(
    tx: &mut Tx<'_>,
    me: DeskId,
    request: &ShareRequest,
    epoch: String,
    desks: u32,
    sign: Sign<'_>,
) -> Result<ShareResponse> {
    let has: BTreeSet<CommandId> =
        request.has.iter().chain(request.commands.iter().map(|e| &e.id)).copied().collect();
    let mut response =
        ShareResponse { epoch, order: Vec::new(), commands: Vec::new(), has_more: false, desks };
    let mut bytes = 0;
    for InOrder { number, desk, envelope, keeps, doubtful, perhaps_decided } in order(tx).await? {
        let shared = Shared { desk: desk.unwrap_or(me), envelope };
        let id = shared.envelope.id;
        let vouch = keeps.filter(|_| doubtful.is_none()).map(|leases| {
            let signature = sign(&shared.envelope, &leases);
            Vouch { by: me, leases, signature }
        });
        response.order.push(Place { id, number, seq: shared.envelope.seq, vouch, doubtful, perhaps_decided });
        if has.contains(&id) || response.has_more {
            continue;
        }
        bytes += to_doc(&shared.envelope.command, "command")?.len() + 500;
        if response.commands.len() == MAX_SHARED || bytes > MAX_MESSAGE / 2 {
            response.has_more = true;
            continue;
        }
        response.commands.push(shared);
    }
    Ok(response)
}

/// A command in the order.
struct InOrder {
    number: u64,
    /// The colleague's desk; none for a command of this one.
    desk: Option<DeskId>,
    envelope: Envelope,
    /// The leases under which this desk keeps its place.
    keeps: Option<String>,
    doubtful: Option<String>,
    perhaps_decided: bool,
}

async fn order(tx: &mut Tx<'_>) -> Result<Vec<InOrder>> {
    type Row = (
        i64,
        Option<String>,
        String,
        i64,
        u32,
        String,
        String,
        String,
        Option<String>,
        String,
        Option<String>,
        Option<String>,
        bool,
    );
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT number, NULL, id, seq, 1, at, actor, depends, lease, command, lease, doubtful,
             perhaps_decided FROM outbox
           WHERE number IS NOT NULL AND state IN ('pending', 'held')
         UNION ALL
         SELECT number, desk, id, seq, v, at, actor, depends, lease, command, promised, doubtful,
             perhaps_decided FROM colleague
         ORDER BY 1",
    )
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter()
        .map(
            |(
                number,
                desk,
                id,
                seq,
                v,
                at,
                actor,
                depends,
                lease,
                command,
                keeps,
                doubtful,
                perhaps_decided,
            )| {
                let at = DateTime::parse_from_rfc3339(&at).map(|t| t.with_timezone(&Utc)).unwrap_or_default();
                Ok(InOrder {
                    number: u64::try_from(number).unwrap_or(0),
                    desk: desk.map(|desk| uuid_of(&desk)).transpose()?.map(Into::into),
                    envelope: Envelope {
                        id: CommandId(uuid_of(&id)?),
                        seq: u64::try_from(seq).unwrap_or(0),
                        v,
                        actor: uuid_of(&actor)?.into(),
                        at,
                        depends: parse_doc(&depends, "depends")?,
                        lease,
                        vouch: None,
                        command: parse_doc(&command, "command")?,
                    },
                    keeps,
                    doubtful,
                    perhaps_decided,
                })
            },
        )
        .collect()
}
