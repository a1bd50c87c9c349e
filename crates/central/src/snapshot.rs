//! All documents of a scope, part by part ([`passerelle_protocol::snapshot`]).
//!
//! A file exported at one moment was the alternative: somebody must keep it until the last part is fetched, every service
//! must have it, and a slow desk holds a state of the database for an hour. Here each part is read when it is asked for,
//! from whichever database is at hand and is not behind the first, a standby before the main one ([`crate::replica`]); what
//! changes meanwhile is in the feed.

use passerelle_protocol::snapshot::{SnapshotPart, SnapshotQuery, SnapshotRow};
use passerelle_protocol::sync::{DIRECTORY, Entity, MAX_BODY, office_scope};

use crate::service::Service;
use crate::store::{Desk, SortedDocument, StoreError, Tx, as_document};

/// Documents that are read at once.
const STRETCH: usize = 200;

/// Why there is no part.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Neither the directory nor the desk's own office.
    #[error("not a scope of this desk")]
    NotYours,
    /// `after` is nothing that a part has said.
    #[error("no part begins there")]
    NoSuchPlace,
    /// The store could not do its work, or is behind where the reading began ([`StoreError::Busy`]).
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How far a reading is. Documents are read first, in the order of sort and id, then appointments.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Documents { entity: String, id: String },
    Appointments { id: String },
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('/').map(str::to_owned);
        match (parts.next()?.as_str(), parts.next(), parts.next(), parts.next()) {
            ("document", Some(entity), Some(id), None) => Some(Self::Documents { entity, id }),
            ("appointment", Some(id), None, None) => Some(Self::Appointments { id }),
            _ => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Documents { entity, id } => format!("document/{entity}/{id}"),
            Self::Appointments { id } => format!("appointment/{id}"),
        }
    }

    async fn stretch(&self, tx: &mut Tx, scope: &str) -> Result<Vec<SortedDocument>, StoreError> {
        match self {
            Self::Documents { entity, id } => tx.documents_after(scope, (entity, id), STRETCH).await,
            Self::Appointments { id } => tx.appointments_after(scope, id, STRETCH).await,
        }
    }

    fn after(&self, row: &SortedDocument) -> Self {
        match self {
            Self::Documents { .. } => Self::Documents { entity: row.entity.clone(), id: row.id.clone() },
            Self::Appointments { .. } => Self::Appointments { id: row.id.clone() },
        }
    }
}

/// The part that a desk asks for.
///
/// # Errors
/// [`SnapshotError`].
pub async fn part(
    service: &Service,
    desk: &Desk,
    wanted: &SnapshotQuery,
) -> Result<SnapshotPart, SnapshotError> {
    let scope = wanted.scope.as_str();
    if scope != office_scope(&desk.office) && scope != DIRECTORY {
        return Err(SnapshotError::NotYours);
    }
    let begin = || Place::Documents { entity: String::new(), id: String::new() };
    let asked = Asked {
        scope,
        place: match &wanted.after {
            Some(after) => Place::parse(after).ok_or(SnapshotError::NoSuchPlace)?,
            None => begin(),
        },
        seq: wanted.seq,
        most: wanted.limit.map_or(usize::MAX, |limit| limit.max(1) as usize),
    };
    if let Some(replica) = &service.replica
        && let Some(begun) = replica.begin(service, scope, wanted.seq).await
    {
        let (head, last) = (begun.head, begun.last());
        if let Some(part) = replica.finish(last, read(service, begun.tx, asked.clone(), head)).await {
            service.metrics.part_read("replica");
            return Ok(part);
        }
    }
    let mut tx = service.store.read().await?;
    let head = tx.feed(scope).await?.ok_or(SnapshotError::NotYours)?.head;
    // Documents older than where the reading began would be completed by a feed that does not have their changes.
    if wanted.seq.is_some_and(|seq| head < seq) {
        return Err(StoreError::Busy.into());
    }
    let part = read(service, tx, asked, head).await?;
    service.metrics.part_read("main");
    Ok(part)
}

/// What is asked for.
#[derive(Debug, Clone)]
struct Asked<'a> {
    scope: &'a str,
    place: Place,
    /// Where the reading began; it begins with this part when nothing is said.
    seq: Option<u64>,
    most: usize,
}

/// Reads a part from a state of the database in which the feed ends at `head`.
async fn read(
    service: &Service,
    mut tx: Tx,
    asked: Asked<'_>,
    head: u64,
) -> Result<SnapshotPart, StoreError> {
    let Asked { scope, mut place, seq, most } = asked;
    let total = service.tallies.at(&mut tx, scope, head).await?.or_else(|| service.tallies.last(scope));
    let (mut rows, mut room) = (Vec::new(), MAX_BODY);
    let next = 'read: loop {
        let stretch = place.stretch(&mut tx, scope).await?;
        let last = stretch.len() < STRETCH;
        for row in stretch {
            if rows.len() == most || (!rows.is_empty() && row.doc.len() > room) {
                break 'read Some(place.text());
            }
            room = room.saturating_sub(row.doc.len());
            place = place.after(&row);
            rows.push(told(row)?);
        }
        match place {
            Place::Documents { .. } if last => place = Place::Appointments { id: String::new() },
            Place::Appointments { .. } if last => break None,
            _ => {}
        }
    };
    Ok(SnapshotPart {
        epoch: service.store.meta.epoch.clone(),
        scope: scope.to_owned(),
        seq: seq.unwrap_or(head),
        // How far a desk is: somebody who asked later may have passed the number, and what he knows is near enough.
        total: total.map_or(0, |check| check.tally.count),
        rows,
        next,
    })
}

fn told(row: SortedDocument) -> Result<SnapshotRow, StoreError> {
    let doc = as_document(&row.entity, &row.id, row.doc)?;
    Ok(SnapshotRow { entity: Entity::from_key(&row.entity), id: row.id, rev: row.rev, doc })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_and_nothing_else_is_one() {
        for place in [
            Place::Documents { entity: "client".into(), id: "0192".into() },
            Place::Appointments { id: "0192".into() },
            Place::Appointments { id: String::new() },
        ] {
            assert_eq!(Place::parse(&place.text()), Some(place));
        }
        for text in ["", "document", "document/client", "appointment/a/b", "feed/3", "document/a/b/c"] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }
}
