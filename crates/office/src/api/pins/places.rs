//! `catalogue.pin_places`: what a record can be pinned to.

use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::pins::PreparationSheet;

use super::client_name;
use crate::api::clients::{self, SearchArgs};
use crate::api::dto::{ApiError, PinPlace, PinPlacesQuery, PinTo};
use crate::api::views::{Viewer, day_bounds};
use crate::api::{act, enquiries, matching};
use crate::desk::Desk;
use crate::store::{AppointmentScan, EnquiryScan};

/// Meetings and enquiries that are listed, at most so many of each.
const LISTED: usize = 10;
/// Meetings of one person that are read to find those: some are over or given up.
const READ: u32 = 60;
/// People of that name, and meetings of each.
const PEOPLE: u32 = 8;
const MEETINGS_OF_EACH: u32 = 6;
/// Enquiries that are looked through for a name.
const LOOKED_THROUGH: u32 = 2_000;
/// States of an enquiry that somebody has yet to end.
const OPEN: [&str; 5] = ["new", "claimed", "waiting_internal", "waiting_client", "snoozed"];

/// `catalogue.pin_places`. Without a name: the reader's own meetings of today and to come, the enquiries that they hold.
/// With one: everybody's that it fits, the reader's own first.
///
/// # Errors
/// The database's.
pub async fn places(desk: &Desk, args: PinPlacesQuery) -> Result<Vec<PinPlace>, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let typed = args.text.trim();
    let mut places = meetings(desk, &viewer, typed).await?;
    for enquiry in open_enquiries(desk, &viewer, typed).await? {
        places.push(of_enquiry(desk, enquiry).await?);
    }
    Ok(places)
}

async fn meetings(desk: &Desk, viewer: &Viewer, typed: &str) -> Result<Vec<PinPlace>, ApiError> {
    let (today, _) = day_bounds(viewer.today(), viewer.settings.office.zone);
    let mut found = if typed.is_empty() {
        let scan = AppointmentScan {
            from: Some(today),
            counsellor: Some(viewer.person.id.to_string()),
            limit: READ,
            ..AppointmentScan::default()
        };
        desk.store().appointments_listed(&scan).await?
    } else {
        let search = SearchArgs { query: typed.to_owned(), limit: Some(PEOPLE) };
        let mut found = Vec::new();
        for client in clients::search(desk, search).await? {
            let id = act::id(&client.id, "client")?;
            found.extend(desk.store().appointments_of_client(id, MEETINGS_OF_EACH).await?);
        }
        found
    };
    let may = |a: &Appointment| PreparationSheet::open_to(a, viewer.person.id, viewer.person.role);
    found.retain(|a| a.start >= today && a.client.is_some() && a.takes_time(viewer.now) && may(a));
    found.sort_by_key(|a| (!a.is_with(viewer.person.id), a.start, a.id));
    found.truncate(LISTED);
    let ids: Vec<_> = found.iter().filter_map(|a| a.client).collect();
    let known = desk.store().clients_by_ids(&ids).await?;
    let places = found.iter().filter_map(|a| {
        Some(PinPlace {
            to: PinTo::Appointment(a.id.to_string()),
            label: a.client.and_then(|c| known.get(&c)).map(Client::full_name)?,
            start: Some(a.start),
            zone: Some(a.zone.name().to_owned()),
            counsellor: viewer.name_of(a.counsellor),
            channel: None,
            received_at: None,
        })
    });
    Ok(places.collect())
}

async fn open_enquiries(desk: &Desk, viewer: &Viewer, typed: &str) -> Result<Vec<Enquiry>, ApiError> {
    let mine = typed.is_empty();
    let scan = EnquiryScan {
        statuses: OPEN.to_vec(),
        owner: mine.then(|| viewer.person.id.to_string()),
        query: None,
        woken_at: None,
        newest_first: true,
        limit: if mine { READ } else { LOOKED_THROUGH },
    };
    let mut found = desk.store().enquiries(&scan).await?;
    found.retain(|e| !viewer.hides(e) && (mine || matching::answers(&enquiries::public_words(e), typed)));
    found.sort_by_key(|e| e.owner != Some(viewer.person.id));
    found.truncate(LISTED);
    Ok(found)
}

async fn of_enquiry(desk: &Desk, enquiry: Enquiry) -> Result<PinPlace, ApiError> {
    let label = match client_name(desk, enquiry.client).await? {
        Some(name) => name,
        None => enquiry.requester.name,
    };
    Ok(PinPlace {
        to: PinTo::Enquiry(enquiry.id.to_string()),
        label,
        start: None,
        zone: None,
        counsellor: None,
        channel: Some(enquiry.channel),
        received_at: Some(enquiry.received_at),
    })
}
