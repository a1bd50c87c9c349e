//! Reading the inbox: the list, one enquiry with all that belongs to it, the centres near a home.

use passerelle_catalogue::geography::{Geography, PostalCode};
use passerelle_domain::appointment::Status;
use passerelle_domain::availability::{self, Search};
use passerelle_domain::client::Relation;
use passerelle_domain::enquiry::Enquiry;
use passerelle_domain::ids::KindId;
use passerelle_domain::routing::{OfficePoint, rank};
use passerelle_protocol::sync::{DirectoryOffice, DirectorySlot};
use serde::Deserialize;

use super::IdArgs;
use super::act::{id, optional_id};
use super::dto::{
    ApiError, CentreView, ClientMatch, EnquiryFilter, EnquiryList, EnquiryView, NearestQuery, NearestView,
    PersonRef, SlotView,
};
use super::search::{days_ahead, free_slots};
use super::views::{Viewer, kinds_in_order};
use super::{clients, duplicates, matching};
use crate::desk::Desk;
use crate::store::{EnquiryScan, Traces};

/// States of each view; a snoozed one whose hour has come is to be treated again.
const TODO: [&str; 3] = ["new", "claimed", "waiting_internal"];
const WAITING: [&str; 2] = ["waiting_client", "snoozed"];
const CLOSED: [&str; 5] = ["converted", "answered", "closed", "merged", "spam"];

const LIST_LIMIT: u32 = 200;
/// Centres shown beside an enquiry, and slots of each.
const CENTRES: usize = 3;
const CENTRE_SLOTS: usize = 3;
/// Days ahead in which a centre's slots are looked for.
const CENTRE_DAYS: u16 = 60;

/// `enquiries.list`.
///
/// # Errors
/// `bad_status` for a view or a state that does not exist; the database's.
pub async fn list(desk: &Desk, filter: EnquiryFilter) -> Result<EnquiryList, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let bad = |value: &str| ApiError::new("bad_status").with(serde_json::json!({ "value": value }));
    let view = filter.view.as_deref().unwrap_or(if filter.status.is_some() { "all" } else { "todo" });
    let states: &[&'static str] = match view {
        "todo" => &TODO,
        "waiting" => &WAITING,
        "closed" => &CLOSED,
        "all" => &[],
        other => return Err(bad(other)),
    };
    let statuses = match filter.status.as_deref() {
        Some(wanted) => {
            let known = TODO.iter().chain(&WAITING).chain(&CLOSED).find(|s| **s == wanted);
            vec![*known.ok_or_else(|| bad(wanted))?]
        }
        None => states.to_vec(),
    };
    let query = filter.query.filter(|q| !q.trim().is_empty());
    let limit = filter.limit.unwrap_or(LIST_LIMIT).clamp(1, 2_000);
    let scan = EnquiryScan {
        statuses,
        owner: filter.mine.then(|| viewer.person.id.to_string()),
        query: query.clone(),
        woken_at: (view == "todo" && filter.status.is_none()).then_some(viewer.now),
        newest_first: view == "closed",
        // Those that drop out below were found by words that this reader may not read; a few more make up for them.
        limit: if query.is_some() { limit.saturating_mul(2) } else { limit },
    };
    let mut found = desk.store().enquiries(&scan).await?;
    if view == "waiting" {
        found.retain(|e| !woken(e, &viewer));
    }
    if let Some(query) = &query {
        found.retain(|e| !viewer.hides(e) || matching::answers(&public_words(e), query));
    }
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));

    let counts = desk.store().enquiry_counts().await?;
    let woken = desk.store().woken_enquiries(viewer.now).await?;
    let count = |states: &[&str]| -> u32 {
        counts.iter().filter(|(s, _)| states.contains(&s.as_str())).map(|(_, n)| n).sum()
    };
    Ok(EnquiryList {
        rows: found.iter().map(|e| viewer.enquiry_row(e)).collect(),
        todo: count(&TODO) + woken,
        waiting: count(&WAITING).saturating_sub(woken),
        closed: count(&CLOSED),
    })
}

fn woken(enquiry: &Enquiry, viewer: &Viewer) -> bool {
    use passerelle_domain::enquiry::EnquiryStatus;
    matches!(enquiry.status, EnquiryStatus::Snoozed { until } if until <= viewer.now)
}

/// What reception may find a sensitive enquiry by: who asks, never what.
pub(super) fn public_words(e: &Enquiry) -> String {
    let who = [Some(e.reference.as_str()), Some(e.requester.name.as_str()), e.requester.about.as_deref()];
    let phone = e.requester.phone.as_deref().map(passerelle_domain::client::phone_digits);
    let mut words = who.into_iter().flatten().collect::<Vec<_>>().join(" ");
    if let Some(phone) = phone {
        words.push(' ');
        words.push_str(&phone);
    }
    words
}

/// `enquiries.get`.
///
/// # Errors
/// `not_found`; the database's.
pub async fn get(desk: &Desk, args: IdArgs) -> Result<EnquiryView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let e = enquiry(desk, &args.id).await?;
    let row = viewer.enquiry_row(&e);
    let client = match e.client {
        Some(client) => desk.store().client(client).await?,
        None => None,
    };
    let candidates = match &client {
        Some(client) => clients::duplicates_for(desk, &viewer, client).await?,
        None => candidates(desk, &viewer, &e).await?,
    };
    let client = match &client {
        Some(client) => Some(clients::view(desk, &viewer, client).await?),
        None => None,
    };
    let meetings = desk.store().appointments_of_enquiry(e.id).await?;
    let shown = viewer.appointments(desk, &meetings).await?;
    let appointment = match e.appointment {
        Some(became) => {
            let became = became.to_string();
            match shown.iter().find(|a| a.id == became) {
                Some(a) => Some(a.clone()),
                None => appointment(desk, &viewer, &became).await?,
            }
        }
        None => None,
    };
    let hidden = row.hidden;
    Ok(EnquiryView {
        claim_provisional: e.owner.is_some() && desk.store().claim_unsent(e.id).await?,
        thread: if hidden { Vec::new() } else { e.thread.iter().map(|m| viewer.message(m)).collect() },
        mail: e.requester.mail.clone(),
        phone: e.requester.phone.clone(),
        about: e.requester.about.clone(),
        school: e.requester.school.clone(),
        communes: communes(&e.requester.postal_code),
        postal_code: e.requester.postal_code.clone(),
        routing: e.routing.reason,
        distance_km: e.routing.distance_km,
        claimed_at: e.claimed_at,
        client,
        candidates,
        appointment,
        proposals: shown.into_iter().filter(|a| a.status == Status::Held).collect(),
        row,
    })
}

async fn enquiry(desk: &Desk, text: &str) -> Result<Enquiry, ApiError> {
    let missing = || ApiError::not_found("enquiry");
    desk.store().enquiry(id(text, "enquiry")?).await?.ok_or_else(missing)
}

async fn appointment(
    desk: &Desk,
    viewer: &Viewer,
    text: &str,
) -> Result<Option<super::dto::AppointmentView>, ApiError> {
    match desk.store().appointment(id(text, "appointment")?).await? {
        Some(a) => Ok(Some(viewer.appointment_with_client(desk, &a).await?)),
        None => Ok(None),
    }
}

/// Clients that the question may be about: by the number or address left for the answer, by the names given.
async fn candidates(desk: &Desk, viewer: &Viewer, e: &Enquiry) -> Result<Vec<ClientMatch>, ApiError> {
    let who = &e.requester;
    let mut names = vec![without_title(&who.name)];
    if who.relation != Relation::Own
        && let (Some(about), Some(family)) = (&who.about, names[0].split(' ').next_back())
    {
        names.push(format!("{about} {family}"));
    }
    let traces = Traces {
        names: names.clone(),
        birth_date: None,
        phones: who.phone.iter().map(|p| passerelle_domain::client::phone_digits(p)).collect(),
        mails: who.mail.iter().cloned().collect(),
    };
    let near = desk.store().clients_sharing(&traces).await?;
    let judged = near.into_iter().map(|c| {
        let reasons = duplicates::reasons_of_contact(&c, &names, who.phone.as_deref(), who.mail.as_deref());
        (c, reasons)
    });
    clients::with_reasons(desk, viewer, judged.collect()).await
}

fn without_title(name: &str) -> String {
    let is_title = |w: &&str| duplicates::is_title(&crate::store::fold(w));
    name.split_whitespace().filter(|w| !is_title(w)).collect::<Vec<_>>().join(" ")
}

/// Names of the communes of a postal code, the most populous first.
fn communes(postal_code: &str) -> Vec<String> {
    match PostalCode::parse(postal_code) {
        Ok(code) => Geography::load().by_postal_code(code).iter().map(|c| c.name.to_owned()).collect(),
        Err(_) => Vec::new(),
    }
}

/// Arguments of `enquiries.centres`.
#[derive(Debug, Clone, Deserialize)]
pub struct CentresArgs {
    /// Enquiry id.
    pub id: String,
    /// Kind id; the first kind when absent.
    #[serde(default)]
    pub kind: Option<String>,
}

/// `enquiries.centres`: the nearest centres with what is free there; this desk's own is always among them.
///
/// # Errors
/// `not_found`; the database's.
pub async fn centres(desk: &Desk, args: CentresArgs) -> Result<Vec<CentreView>, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let e = enquiry(desk, &args.id).await?;
    let kind = optional_id(args.kind.as_deref(), "kind")?;
    nearest(desk, &viewer, &e.requester.postal_code, kind, CENTRES).await
}

/// Offices looked at when no number was asked for.
const NEAREST: u16 = 20;

/// `offices.nearest`: the offices around a home with what is free there next. This office's own slots are those of this
/// moment; the others' are what central last told the directory, and the answer says as of when.
///
/// # Errors
/// `not_found` for an unknown client; the database's.
pub async fn nearest_offices(desk: &Desk, query: NearestQuery) -> Result<NearestView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let home = match optional_id(query.client.as_deref(), "client")? {
        Some(client) => {
            let found = desk.store().client(client).await?;
            found.ok_or_else(|| ApiError::not_found("client"))?.postal_code
        }
        None => None,
    };
    let typed = query.postal_code.filter(|p| !p.trim().is_empty()).map(|p| p.trim().to_owned());
    let postal_code = typed.or(home).unwrap_or_else(|| viewer.settings.office.postal_code.clone());
    let kind = optional_id(query.kind.as_deref(), "kind")?;
    let limit = usize::from(query.limit.unwrap_or(NEAREST)).clamp(1, 100);
    let connection = desk.connection();
    Ok(NearestView {
        communes: communes(&postal_code),
        centres: nearest(desk, &viewer, &postal_code, kind, limit).await?,
        postal_code,
        as_of: connection.last_sync,
        online: connection.online,
    })
}

/// The `limit` nearest offices of a home, and this desk's own wherever it stands.
///
/// # Errors
/// The database's.
pub async fn nearest(
    desk: &Desk,
    viewer: &Viewer,
    postal_code: &str,
    kind: Option<KindId>,
    limit: usize,
) -> Result<Vec<CentreView>, ApiError> {
    let own = &viewer.settings.office;
    let mut directory = desk.store().directory().await?;
    if !directory.iter().any(|o| o.uai == own.uai) {
        directory.push(DirectoryOffice {
            uai: own.uai.clone(),
            name: own.name.clone(),
            town: own.town.clone(),
            phone: own.phone.clone(),
            position: own.position,
            next_slots: Vec::new(),
        });
    }
    let points: Vec<OfficePoint> = directory
        .iter()
        .map(|o| OfficePoint { uai: o.uai.clone(), name: o.name.clone(), position: o.position })
        .collect();
    let home = Geography::load().locate(postal_code).ok().flatten().map(|l| l.position);
    let ranked = rank(postal_code, home, &points, &desk.store().catchments().await?);
    let mut centres = Vec::new();
    for (place, office) in ranked.into_iter().enumerate() {
        let is_own = office.uai == own.uai;
        if place >= limit && !is_own {
            continue;
        }
        let entry = directory.iter().find(|o| o.uai == office.uai);
        let slots = if is_own {
            own_slots(desk, viewer, kind).await?
        } else {
            let later = |s: &&DirectorySlot| s.start > viewer.now;
            let slots = entry.iter().flat_map(|o| &o.next_slots).filter(later).take(CENTRE_SLOTS);
            slots.map(|s| elsewhere(viewer, s)).collect()
        };
        centres.push(CentreView {
            uai: office.uai.to_string(),
            name: office.name,
            distance_km: office.distance_km.map(|km| (km * 10.0).round() / 10.0),
            assigned: office.assigned,
            own: is_own,
            phone: entry.and_then(|o| o.phone.clone()),
            slots,
        });
    }
    Ok(centres)
}

async fn own_slots(desk: &Desk, viewer: &Viewer, kind: Option<KindId>) -> Result<Vec<SlotView>, ApiError> {
    let first = || kinds_in_order(&viewer.settings).first().map(|k| k.id);
    let Some(kind) = kind.or_else(first) else { return Ok(Vec::new()) };
    let today = viewer.today();
    let mut search = Search::staff(kind, today, days_ahead(today, CENTRE_DAYS));
    search.sites = Some(availability::receiving_sites(&viewer.settings, None));
    search.limit = Some(CENTRE_SLOTS);
    let slots = free_slots(desk, viewer, &search, |_| true).await?;
    Ok(slots.iter().map(|s| viewer.slot(s)).collect())
}

/// A slot of another office: it is shown, and asked for by phone; the directory's offices keep one clock.
fn elsewhere(viewer: &Viewer, slot: &DirectorySlot) -> SlotView {
    let zone = viewer.settings.office.zone;
    SlotView {
        start: slot.start,
        end: slot.end,
        zone: zone.name().to_owned(),
        local: slot.start.with_timezone(&zone).format("%Y-%m-%dT%H:%M").to_string(),
        counsellor: PersonRef { id: String::new(), name: slot.counsellor.clone() },
        site: String::new(),
        site_name: None,
        room: None,
        second: None,
        seats: None,
    }
}
