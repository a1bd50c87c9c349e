//! A desk with demonstration data and no central: everything works, nothing is sent.

use std::path::Path;
use std::sync::Arc;

use chrono_tz::Europe::Paris;
use passerelle_catalogue::import::{ImportError, Order, import};
use passerelle_demo::{Demo, DemoOffice};
use passerelle_domain::ids::{DeskId, Uai};
use passerelle_protocol::Document;
use passerelle_protocol::sync::{Change, DIRECTORY, DirectoryOffice, Entity, SyncResponse, office_scope};
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use crate::catalogue::release_name;
use crate::clock::Clock;
use crate::desk::Desk;
use crate::store::{Enrolment, StoreError};

/// Why there is no demonstration desk.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// No demonstration office has this key.
    #[error("no demonstration office {0}")]
    UnknownOffice(Uai),
    /// The database could not.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes a profile filled with one demonstration office (Amiens unless said), as of the clock's day.
///
/// # Errors
/// [`DemoError`].
pub async fn init(profile: &Path, office: Option<&Uai>, clock: Clock) -> Result<Desk, DemoError> {
    let demo = passerelle_demo::build_at(clock.now(), Paris);
    let chosen =
        demo.offices.iter().find(|o| office.is_none_or(|u| *u == o.settings.office.uai)).ok_or_else(
            || DemoError::UnknownOffice(office.cloned().unwrap_or_else(|| Uai::from_number(0))),
        )?;
    fill(profile, &demo, chosen, clock).await
}

/// Gives a desk the catalogue of the demonstration, imported from files as any other is. A catalogue that is there
/// already stays.
///
/// # Errors
/// Those of an import.
pub async fn carry_catalogue(desk: &Desk) -> Result<(), ImportError> {
    let folder = desk.catalogue().folder().clone();
    if folder.in_service()?.is_some() {
        return Ok(());
    }
    let files = folder.path().join("demonstration");
    let written = {
        let (files, today) = (files.clone(), desk.now().with_timezone(&Paris).date_naive());
        tokio::task::spawn_blocking(move || passerelle_demo::catalogue_files::write(&files, today)).await
    };
    written.map_err(std::io::Error::other)??;
    let order = Order {
        paths: vec![files.clone()],
        folder,
        release: release_name(desk.now()),
        origin: Some(passerelle_demo::catalogue_files::origin()),
    };
    let done = import(order, |_| (), Arc::default()).await;
    // What was written is in the catalogue now, or of no use.
    let _ = std::fs::remove_dir_all(&files);
    done.map(|_| ())
}

/// Makes a profile filled with one office of a demonstration.
///
/// # Errors
/// Those of the database.
pub async fn fill(profile: &Path, demo: &Demo, chosen: &DemoOffice, clock: Clock) -> Result<Desk, DemoError> {
    let desk = Desk::create(profile, clock).await?;
    let inc = crate::sync::new_incarnation();
    let key = crate::sync::random_key().iter().map(|b| format!("{b:02x}")).collect();
    let enrolment = Enrolment {
        desk: DeskId(Uuid::now_v7()),
        office: chosen.settings.office.uai.clone(),
        central: None,
        key,
        demo: true,
        inc: inc.clone(),
        epoch: String::new(),
    };
    desk.enrol(enrolment).await?;
    let changes = changes(demo, chosen)?;
    let answer = SyncResponse {
        epoch: String::new(),
        inc,
        server_time: clock.now(),
        results: Vec::new(),
        expected_next: 1,
        changes,
        cursors: std::collections::BTreeMap::new(),
        marks: std::collections::BTreeMap::new(),
        has_more: false,
        poll_after_s: 0,
        unknown: None,
        check: std::collections::BTreeMap::new(),
        decided: Vec::new(),
    };
    desk.store().apply(&answer, false, clock.now()).await?;
    Ok(desk)
}

struct Feed {
    scope: String,
    changes: Vec<Change>,
}

impl Feed {
    fn add(&mut self, entity: Entity, id: impl ToString, doc: &impl Serialize) -> Result<(), StoreError> {
        let doc =
            Document::of(doc).map_err(|source| StoreError::Document { entity: "demonstration", source })?;
        self.changes.push(Change {
            scope: self.scope.clone(),
            seq: self.changes.len() as u64 + 1,
            entity,
            id: id.to_string(),
            rev: 1,
            doc: Some(doc),
        });
        Ok(())
    }
}

/// The feeds that a central with the same data would send.
fn changes(demo: &Demo, office: &DemoOffice) -> Result<Vec<Change>, StoreError> {
    let s = &office.settings;
    let mut feed = Feed { scope: office_scope(&s.office.uai), changes: Vec::new() };
    let mut main = serde_json::to_value(&s.office)
        .map_err(|source| StoreError::Document { entity: "office", source })?;
    main["travel_min"] = json!(s.travel_min);
    feed.add(Entity::Office, &s.office.uai, &main)?;
    for site in s.sites.values() {
        feed.add(Entity::Site, site.id, site)?;
    }
    for room in s.rooms.values() {
        feed.add(Entity::Room, room.id, room)?;
    }
    for person in s.people.values() {
        feed.add(Entity::Person, person.id, person)?;
    }
    for kind in s.kinds.values() {
        feed.add(Entity::Kind, kind.id, kind)?;
    }
    for opening in s.openings.values() {
        feed.add(Entity::Opening, opening.id, opening)?;
    }
    for absence in s.absences.values() {
        feed.add(Entity::Absence, absence.id, absence)?;
    }
    for client in &office.clients {
        feed.add(Entity::Client, client.id, client)?;
    }
    for enquiry in &office.enquiries {
        feed.add(Entity::Enquiry, enquiry.id, enquiry)?;
    }
    for appointment in &office.appointments {
        feed.add(Entity::Appointment, appointment.id, appointment)?;
    }
    for entry in &office.waiting {
        feed.add(Entity::WaitingEntry, entry.id, entry)?;
    }
    let mut directory = Feed { scope: DIRECTORY.to_owned(), changes: Vec::new() };
    for other in &demo.offices {
        let o = &other.settings.office;
        directory.add(
            Entity::DirectoryOffice,
            &o.uai,
            &DirectoryOffice {
                uai: o.uai.clone(),
                name: o.name.clone(),
                town: o.town.clone(),
                phone: o.phone.clone(),
                position: o.position,
                next_slots: Vec::new(),
            },
        )?;
    }
    for rule in &demo.catchments {
        directory.add(Entity::Catchment, &rule.postal_code, rule)?;
    }
    feed.changes.extend(directory.changes);
    Ok(feed.changes)
}
