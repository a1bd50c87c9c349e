//! Who is in the waiting room: with a meeting, without one, and for the counsellor at this desk.

use chrono::Duration;
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::client::Client;
use passerelle_domain::enquiry::Channel;
use passerelle_domain::ids::ClientId;
use passerelle_domain::people::Role;

use super::dto::{ApiError, ArrivalView, WaitingView, WalkInView};
use super::views::{Viewer, client_match, day_bounds};
use crate::desk::Desk;

/// Somebody who has just come is not with the counsellor at the same moment, even when their hour has begun.
const ON_THE_WAY: Duration = Duration::minutes(5);

/// Whether somebody who has come is taken to be with the counsellor: their hour has begun, and the counsellor is not still
/// with somebody else whose meeting began earlier. Nothing else says so, because "received" is said at the end.
fn with_counsellor<'m>(
    viewer: &Viewer,
    a: &Appointment,
    mut others: impl Iterator<Item = &'m Appointment>,
) -> bool {
    a.start <= viewer.now
        && a.arrived_at.is_none_or(|at| at < a.start || viewer.now - at >= ON_THE_WAY)
        && !others.any(|b| {
            b.status == Status::Arrived
                && b.counsellor_shared_with(a).is_some()
                && (b.start, b.id) < (a.start, a.id)
                && b.end > viewer.now
        })
}

/// Who has come and waits, longest first; then who is taken to be with the counsellor, in order of their hour.
pub(super) fn arrived<'c>(
    viewer: &Viewer,
    meetings: &[(Appointment, Option<String>)],
    client_of: impl Fn(&Appointment) -> Option<&'c Client>,
) -> (Vec<WaitingView>, Vec<WaitingView>) {
    let all = || meetings.iter().map(|(a, _)| a);
    let (received, waiting): (Vec<&Appointment>, Vec<&Appointment>) =
        all().filter(|a| a.status == Status::Arrived).partition(|a| with_counsellor(viewer, a, all()));
    let view = |a: &Appointment| WaitingView {
        appointment: a.id.to_string(),
        name: client_of(a).map(Client::full_name).unwrap_or_default(),
        companions: viewer.appointment(a, None).companions,
        since: a.arrived_at.unwrap_or(a.start),
        counsellor: viewer.person(a.counsellor),
        second: a.second.map(|p| viewer.person(p)),
        start: a.start,
    };
    let mut waiting: Vec<WaitingView> = waiting.into_iter().map(view).collect();
    waiting.sort_by(|a, b| (a.since, a.start, &a.appointment).cmp(&(b.since, b.start, &b.appointment)));
    let mut received: Vec<WaitingView> = received.into_iter().map(view).collect();
    received.sort_by(|a, b| (a.start, &a.appointment).cmp(&(b.start, &b.appointment)));
    (waiting, received)
}

/// Who came today without an appointment and has not been received, longest wait first. Reception is not told a question
/// that was marked sensitive.
pub(super) async fn walk_ins(desk: &Desk, viewer: &Viewer) -> Result<Vec<WalkInView>, ApiError> {
    let (from, to) = day_bounds(viewer.today(), viewer.settings.office.zone);
    let mut enquiries = desk.store().enquiries_unanswered_between(from, to).await?;
    enquiries.retain(|e| e.channel == Channel::WalkIn);
    let ids: Vec<ClientId> = enquiries.iter().filter_map(|e| e.client).collect();
    let clients = desk.store().clients_by_ids(&ids).await?;
    Ok(enquiries
        .iter()
        .map(|e| {
            let row = viewer.enquiry_row(e);
            let known = e.client.and_then(|c| clients.get(&c));
            WalkInView {
                enquiry: row.id,
                name: row.name,
                since: e.received_at,
                subject: row.subject,
                hidden: row.hidden,
                client: known.map(|c| viewer.with_referent(client_match(c, None), c)),
                pending: row.pending,
            }
        })
        .collect())
}

/// Who has come for the person at this desk and waits, longest first: nobody's for reception, which sees them all.
pub(super) async fn arrivals(desk: &Desk) -> Result<Vec<ArrivalView>, ApiError> {
    let Some(person) = desk.user().await? else { return Ok(Vec::new()) };
    if !matches!(person.role, Role::Counsellor | Role::Director) {
        return Ok(Vec::new());
    }
    let viewer = Viewer::load(desk).await?;
    let (from, to) = day_bounds(viewer.today(), viewer.settings.office.zone);
    let mut meetings = desk.store().appointments_between(from, to).await?;
    meetings.retain(|a| {
        (a.counsellor == person.id || a.second == Some(person.id)) && a.status == Status::Arrived
    });
    if meetings.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<ClientId> = meetings.iter().filter_map(|a| a.client).collect();
    let clients = desk.store().clients_by_ids(&ids).await?;
    let mut arrivals: Vec<ArrivalView> = meetings
        .iter()
        .filter(|a| !with_counsellor(&viewer, a, meetings.iter()))
        .map(|a| ArrivalView {
            appointment: a.id.to_string(),
            name: a.client.and_then(|c| clients.get(&c)).map(short).unwrap_or_default(),
            start: a.start,
            since: a.arrived_at.unwrap_or(a.start),
        })
        .collect();
    arrivals.sort_by(|a, b| (a.since, a.start, &a.appointment).cmp(&(b.since, b.start, &b.appointment)));
    Ok(arrivals)
}

/// "Inès M.": whoever looks over the shoulder learns no more than the room hears.
fn short(client: &Client) -> String {
    match (client.given_name.trim(), client.family_name.trim().chars().next()) {
        ("", _) => client.family_name.trim().to_owned(),
        (given, Some(initial)) => format!("{given} {initial}."),
        (given, None) => given.to_owned(),
    }
}
