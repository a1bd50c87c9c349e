//! What a command of the outbox was decided on, and what it wrote: kept beside it, so that an answer of central is known to
//! concern it or not.
//!
//! A trace names everything that [`load_state`](super::slice::load_state) has looked at, found or not. What it does not
//! name can change in any way, and the command is decided as before.

use std::collections::{BTreeMap, BTreeSet};

use passerelle_domain::OfficeState;
use passerelle_domain::appointment::Appointment;
use passerelle_domain::command::Needs;
use passerelle_domain::enquiry::{Enquiry, EnquiryStatus};
use passerelle_domain::ids::ClientId;
use passerelle_domain::waiting::WaitingEntry;
use passerelle_protocol::sync::Entity;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sqlx::{Sqlite, Transaction};

use super::documents::{parse_doc, to_doc};
use super::error::Result;

type Tx<'t> = Transaction<'t, Sqlite>;

/// A document that a command writes: sort, identifier, text.
pub(super) type Written = (Entity, String, String);

/// The name of a document in a trace.
pub(super) fn key(entity: Entity, id: &str) -> String {
    format!("{}:{id}", entity.key())
}

/// The trace of one command.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Trace {
    /// Documents and relations; the mark of those that it wrote.
    keys: BTreeMap<String, Option<i64>>,
    /// Stretches of time, seconds since 1970-01-01 UTC.
    stretches: BTreeSet<(i64, i64)>,
}

impl Trace {
    /// Of a command that needed this and was decided over this state.
    pub fn of(needs: &Needs, state: &OfficeState) -> Self {
        // Each field is named: what a command comes to need is to be followed here too.
        let Needs {
            appointments,
            enquiries: _,
            clients,
            of_clients,
            waiting,
            waiting_beside,
            window,
            window_of_appointments,
            proposals,
            holds: _,
            sessions: _,
            sheets,
        } = needs;
        let mut trace = Self::default();
        trace.stretches.extend(window.map(|(from, to)| (from.timestamp(), to.timestamp())));
        for id in appointments {
            trace.look(Entity::Appointment, &id.to_string());
            if *sheets {
                trace.look(Entity::PreparationSheet, &id.to_string());
            }
            if let Some(a) = state.appointments.get(id).filter(|_| *window_of_appointments) {
                trace.stretches.insert(place(a));
            }
        }
        // `enquiries`, with those that `holds` and `sessions` lead to.
        for id in needs.enquiries_with(&state.settings, &state.appointments) {
            trace.look(Entity::Enquiry, &id.to_string());
        }
        for enquiry in state.enquiries.values() {
            trace.look(Entity::Enquiry, &enquiry.id.to_string());
            if let EnquiryStatus::Merged { into } = enquiry.status {
                trace.look(Entity::Enquiry, &into.to_string());
            }
            if *proposals {
                trace.follow("of_enquiry", &enquiry.id.to_string());
            }
        }
        for id in clients {
            trace.look(Entity::Client, &id.to_string());
        }
        for client in state.clients.values() {
            trace.look(Entity::Client, &client.id.to_string());
            if let Some(into) = client.merged_into {
                trace.look(Entity::Client, &into.to_string());
            }
        }
        let mut owners: Vec<ClientId> = of_clients.clone();
        while let Some(id) = owners.pop() {
            trace.look(Entity::Client, &id.to_string());
            if trace.follow("of_client", &id.to_string()) {
                owners.extend(state.clients.get(&id).and_then(|c| c.merged_into));
            }
        }
        for id in waiting.iter().chain(state.appointments.values().filter_map(|a| a.waiting.as_ref())) {
            trace.look(Entity::WaitingEntry, &id.to_string());
        }
        let mut waits = clients.clone();
        for entry in state.waiting.values() {
            trace.look(Entity::WaitingEntry, &entry.id.to_string());
            trace.look(Entity::Client, &entry.client.to_string());
            waits.push(entry.client);
        }
        for id in waits.iter().filter(|_| *waiting_beside) {
            trace.follow("waiting_of", &id.to_string());
        }
        trace
    }

    fn look(&mut self, entity: Entity, id: &str) {
        self.keys.entry(key(entity, id)).or_default();
    }

    /// Whether it was not followed before.
    fn follow(&mut self, relation: &str, id: &str) -> bool {
        self.keys.insert(format!("{relation}:{id}"), None).is_none()
    }

    /// It has written these.
    pub fn wrote(&mut self, documents: &[Written]) -> Result<()> {
        for (entity, id, doc) in documents {
            self.keys.insert(key(*entity, id), Some(mark(*entity, doc)?));
        }
        Ok(())
    }

    /// It wanted to write these, and the database refused: where they would stand.
    pub fn wanted(&mut self, documents: &[Written]) -> Result<()> {
        for (entity, id, doc) in documents {
            self.look(*entity, id);
            for relation in relations(*entity, doc)? {
                self.keys.entry(relation).or_default();
            }
            self.stretches.extend(stretch(*entity, doc)?);
        }
        Ok(())
    }

    /// Keeps it in the place of the one before.
    pub async fn keep(&self, tx: &mut Tx<'_>, command: &str) -> Result<()> {
        for sql in ["DELETE FROM trace WHERE command = ?", "DELETE FROM trace_time WHERE command = ?"] {
            sqlx::query(sql).bind(command).execute(&mut **tx).await?;
        }
        sqlx::query("INSERT INTO trace (key, command, wrote) SELECT key, ?1, value FROM json_each(?2)")
            .bind(command)
            .bind(to_doc(&self.keys, "trace")?)
            .execute(&mut **tx)
            .await?;
        if !self.stretches.is_empty() {
            sqlx::query(
                "INSERT INTO trace_time (command, from_s, to_s)
                 SELECT ?1, json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?2)",
            )
            .bind(command)
            .bind(to_doc(&self.stretches, "trace")?)
            .execute(&mut **tx)
            .await?;
        }
        sqlx::query("UPDATE outbox SET traced = 1 WHERE id = ? AND traced = 0")
            .bind(command)
            .execute(&mut **tx)
            .await?;
        Ok(())
    }
}

fn place(a: &Appointment) -> (i64, i64) {
    (a.start.timestamp(), a.end.timestamp())
}

/// The time that a document takes, if it is of a sort that takes any.
pub(super) fn stretch(entity: Entity, doc: &str) -> Result<Option<(i64, i64)>> {
    Ok(match entity {
        Entity::Appointment => Some(place(&parse_doc(doc, "appointment")?)),
        _ => None,
    })
}

/// The relations in which a document stands, as traces name them.
pub(super) fn relations(entity: Entity, doc: &str) -> Result<Vec<String>> {
    let of_client = |id: Option<ClientId>| id.map(|id| format!("of_client:{id}"));
    Ok(match entity {
        Entity::Appointment => {
            let a: Appointment = parse_doc(doc, "appointment")?;
            let of_enquiry = a.enquiry.map(|id| format!("of_enquiry:{id}"));
            of_client(a.client).into_iter().chain(of_enquiry).collect()
        }
        Entity::Enquiry => {
            let e: Enquiry = parse_doc(doc, "enquiry")?;
            of_client(e.client).into_iter().collect()
        }
        Entity::WaitingEntry => {
            let w: WaitingEntry = parse_doc(doc, "waiting_entry")?;
            vec![format!("waiting_of:{}", w.client)]
        }
        _ => Vec::new(),
    })
}

/// Moments at which somebody did something: this desk notes its own, central the one at which it decided, and which of the
/// two it is changes nothing in what follows. Whether there is one does.
const NOTED: [&str; 7] = ["at", "arrived_at", "claimed_at", "withdrawn_at", "received_at", "due_at", "since"];

/// A number for what a document says, apart from the moments that are noted in it: two that say the same have the same.
/// Never 0, which is the mark of no document.
pub(super) fn mark(entity: Entity, doc: &str) -> Result<i64> {
    let mut value: Value = parse_doc(doc, entity.key())?;
    // Of the settings every word counts.
    if !entity.is_setting() {
        forget_moments(&mut value);
    }
    // The order in which its fields were written does not matter.
    value.sort_all_objects();
    let digest = Sha256::digest(to_doc(&value, entity.key())?);
    let (bytes, _) = digest.split_at(8);
    let number = bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte));
    Ok(number.max(1).cast_signed())
}

fn forget_moments(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if NOTED.contains(&name.as_str()) && field.is_string() {
                    *field = Value::Bool(true);
                } else {
                    forget_moments(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(forget_moments),
        _ => {}
    }
}
