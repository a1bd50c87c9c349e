//! What decisions change, held back until it is written all at once.
//!
//! A booking alone is a dozen statements; two hundred of one request, written together, are a dozen as well. Numbers are
//! given at once, so that a verdict can say them; revisions when it is written, from what the database has. What the
//! database itself refuses is found only then: whoever writes together must be able to begin again one by one.

use std::collections::{BTreeMap, BTreeSet};

use passerelle_domain::event::Touched;
use passerelle_domain::{Event, OfficeState};
use passerelle_protocol::sync::Entity;

use super::appointments::Columns;
use super::feed::{Feed, text};
use super::reading::Reading;
use super::rows::{AppointmentRow, ChangeRow, DocumentRow, ReadChange};
use super::{StoreError, Tx};

/// Changes of a feed in their order.
#[derive(Debug, Default)]
pub struct Writing {
    changes: Vec<Change>,
    /// Meetings that the database has not: their revisions need not be asked for.
    new: BTreeSet<String>,
    /// Short references of enquiries, and whose they are.
    references: Vec<(String, String)>,
}

/// One document after one change.
#[derive(Debug)]
struct Change {
    seq: u64,
    entity: Entity,
    id: String,
    doc: String,
    columns: Option<Columns>,
}

impl Writing {
    /// Takes in what a decision changes: the office as it was read changes at once, its rows when they are written.
    ///
    /// # Errors
    /// [`StoreError`] when a document cannot be written as JSON.
    pub fn take(
        &mut self,
        reading: &mut Reading,
        feed: &mut Feed,
        events: &[Event],
    ) -> Result<(), StoreError> {
        let mut touched: Vec<Touched> = Vec::new();
        for event in events {
            for one in event.touches() {
                if !touched.contains(&one) {
                    touched.push(one);
                }
            }
            reading.whole.evolve(event);
        }
        for one in touched {
            if let (true, Touched::Appointment(key)) = (reading.made(one), one) {
                self.new.insert(key.to_string());
            }
            self.document(&reading.whole, feed, one)?;
        }
        Ok(())
    }

    /// Takes in one document as it stands in an office; nothing when it is not there.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be written as JSON.
    pub fn document(&mut self, whole: &OfficeState, feed: &mut Feed, one: Touched) -> Result<(), StoreError> {
        let mut columns = None;
        let (entity, id, doc) = match one {
            Touched::Appointment(key) => {
                let (entity, id) = (Entity::Appointment, key.to_string());
                let Some(a) = whole.appointments.get(&key) else { return Ok(()) };
                columns = Some(Columns::of(&whole.settings, a));
                (entity, id.clone(), text(entity, &id, a)?)
            }
            Touched::Enquiry(key) => {
                let (entity, id) = (Entity::Enquiry, key.to_string());
                let Some(e) = whole.enquiries.get(&key) else { return Ok(()) };
                self.references.push((e.reference.clone(), id.clone()));
                (entity, id.clone(), text(entity, &id, e)?)
            }
            Touched::Client(key) => {
                let (entity, id) = (Entity::Client, key.to_string());
                let Some(c) = whole.clients.get(&key) else { return Ok(()) };
                (entity, id.clone(), text(entity, &id, c)?)
            }
            Touched::Waiting(key) => {
                let (entity, id) = (Entity::WaitingEntry, key.to_string());
                let Some(w) = whole.waiting.get(&key) else { return Ok(()) };
                (entity, id.clone(), text(entity, &id, w)?)
            }
            Touched::Preparation(key) => {
                let (entity, id) = (Entity::PreparationSheet, key.to_string());
                let Some(s) = whole.sheets.get(&key) else { return Ok(()) };
                (entity, id.clone(), text(entity, &id, s)?)
            }
            Touched::Setting(key) => {
                let (entity, id) = (Entity::of_setting(key), whole.settings.document_id(key));
                let Some(setting) = whole.settings.document(key) else { return Ok(()) };
                let doc = setting
                    .serialize_document(serde_json::value::Serializer)
                    .map_err(|e| StoreError::document(entity.key(), &id, &e))?;
                (entity, id.clone(), text(entity, &id, &doc)?)
            }
        };
        self.changes.push(Change { seq: feed.number(entity), entity, id, doc, columns });
        Ok(())
    }

    /// Writes everything. The caller saves the feed and commits. What stands in the feed then, as it would be read.
    ///
    /// # Errors
    /// [`StoreError::Overlap`] when the database finds a double booking; other errors of the database.
    pub async fn write(self, tx: &mut Tx, scope: &str) -> Result<Vec<ReadChange>, StoreError> {
        if self.changes.is_empty() {
            return Ok(Vec::new());
        }
        let before = self.revisions(tx, scope).await?;
        let mut revs = before.clone();
        let mut rows = Vec::with_capacity(self.changes.len());
        // Each document once, as its last change has left it, in the order of those.
        let mut last: BTreeMap<(Entity, &str), (u64, &Change)> = BTreeMap::new();
        for change in &self.changes {
            let rev = revs.entry((change.entity, change.id.clone())).or_insert(0);
            *rev += 1;
            rows.push(ChangeRow {
                seq: change.seq,
                entity: change.entity.key().to_owned(),
                id: change.id.clone(),
                rev: *rev,
                doc: Some(change.doc.clone()),
            });
            last.insert((change.entity, &change.id), (*rev, change));
        }
        let mark = rand::random();
        tx.add_changes(scope, &rows, mark).await?;
        let mut last: Vec<(u64, &Change)> = last.into_values().collect();
        last.sort_unstable_by_key(|(_, change)| change.seq);
        let (mut documents, mut appointments) = (Vec::new(), Vec::new());
        for (rev, change) in last {
            let (id, seq, doc) = (change.id.as_str(), change.seq, change.doc.as_str());
            match &change.columns {
                Some(columns) => {
                    let new = !before.contains_key(&(change.entity, change.id.clone()));
                    appointments.push((new, columns.row(scope, id, rev, seq, doc)));
                }
                None => {
                    documents.push(DocumentRow { scope, entity: change.entity.key(), id, rev, seq, doc });
                }
            }
        }
        if !documents.is_empty() {
            tx.keep_documents(&documents).await?;
        }
        write_appointments(tx, appointments).await?;
        for (reference, enquiry) in &self.references {
            // First come, first served: a reference made at a desk never takes over another one's.
            tx.keep_reference(reference, scope, enquiry).await?;
        }
        Ok(rows.into_iter().map(|row| ReadChange { row, mark: Some(mark) }).collect())
    }

    /// How often each document had changed before.
    async fn revisions(
        &self,
        tx: &mut Tx,
        scope: &str,
    ) -> Result<BTreeMap<(Entity, String), u64>, StoreError> {
        let mut ids: BTreeMap<Entity, Vec<String>> = BTreeMap::new();
        for change in &self.changes {
            if change.entity != Entity::Appointment || !self.new.contains(&change.id) {
                ids.entry(change.entity).or_default().push(change.id.clone());
            }
        }
        let mut revs = BTreeMap::new();
        for (entity, ids) in ids {
            let rows = match entity {
                Entity::Appointment => tx.appointment_revs(scope, &ids).await?,
                _ => tx.document_revs(scope, entity.key(), &ids).await?,
            };
            revs.extend(rows.into_iter().map(|(id, rev)| ((entity, id), rev)));
        }
        Ok(revs)
    }
}

/// In order: a meeting that has left its place is written before the one that took it.
async fn write_appointments(
    tx: &mut Tx,
    mut rows: Vec<(bool, AppointmentRow<'_>)>,
) -> Result<(), StoreError> {
    while let Some((new, _)) = rows.first() {
        let new = *new;
        let alike = rows.iter().take_while(|(other, _)| *other == new).count();
        let run: Vec<AppointmentRow<'_>> = rows.drain(..alike).map(|(_, row)| row).collect();
        if new {
            tx.add_appointments(&run).await?;
        } else {
            for row in &run {
                tx.keep_appointment(row).await?;
            }
        }
    }
    Ok(())
}
