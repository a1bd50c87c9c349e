//! The waiting list: who is on it, which places became free, whom to call for one, and what came of a call.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use passerelle_domain::appointment::{Appointment, HistoryFact};
use passerelle_domain::availability::{self, Wanted};
use passerelle_domain::client::Client;
use passerelle_domain::command::{Command, Place};
use passerelle_domain::ids::{CallId, ClientId, KindId, PersonId, SiteId, WaitingId};
use passerelle_domain::office::instant;
use passerelle_domain::session;
use passerelle_domain::waiting::{
    CallOutcome, Called, Candidate, CloseReason, FreedPlace, NewWaiting, Offered, Reason, WaitingEntry,
    WaitingStatus, Wish, rank,
};
use serde::Deserialize;
use uuid::Uuid;

use super::act::{self, Subject, civil, id, optional_id};
use super::dto::{
    ApiError, CallLine, CallList, CallView, Done, FreedList, FreedPlaceView, PlaceQuery, SlotView,
    WaitingDraft, WaitingEntryView, WaitingListView, WaitingQuery,
};
use super::views::{Viewer, client_match, contacts};
use super::{IdArgs, NoArgs, client_acts};
use crate::desk::Desk;

/// A place that became free longer ago is no news: those who wait were called, or do not want it.
const FREED_SINCE: Duration = Duration::days(7);
/// Places shown at a time.
const FREED_SHOWN: usize = 6;
/// Places looked at closely: each costs a look at its day.
const FREED_TRIED: usize = 40;
/// What makes a place that nobody holds no place to give away.
const NO_PLACE: [&str; 6] = ["absence", "closure", "duty", "holiday", "outside_opening", "past"];

/// The people of some entries. A record that was merged is shown as the one that goes on.
async fn people(desk: &Desk, entries: &[WaitingEntry]) -> Result<HashMap<ClientId, Client>, ApiError> {
    let ids: Vec<ClientId> = entries.iter().map(|e| e.client).collect();
    let mut found = desk.store().clients_by_ids(&ids).await?;
    let merged: Vec<(ClientId, ClientId)> =
        found.values().filter_map(|c| c.merged_into.map(|into| (c.id, into))).collect();
    let into: Vec<ClientId> = merged.iter().map(|(_, into)| *into).collect();
    let goes_on = desk.store().clients_by_ids(&into).await?;
    for (was, into) in merged {
        if let Some(client) = goes_on.get(&into) {
            found.insert(was, client.clone());
        }
    }
    Ok(found)
}

fn view(viewer: &Viewer, entry: &WaitingEntry, client: &Client) -> WaitingEntryView {
    let wish = &entry.wish;
    let mut calls: Vec<CallView> = entry
        .calls
        .iter()
        .map(|c| CallView {
            at: c.at,
            by: c.by.and_then(|p| viewer.name_of(p)),
            outcome: c.outcome.key().to_owned(),
        })
        .collect();
    calls.reverse();
    let id = entry.id.to_string();
    WaitingEntryView {
        client: viewer.with_referent(client_match(client, None), client),
        contacts: contacts(client),
        kind: viewer.kind(wish.kind),
        counsellor: wish.counsellor.map(|c| viewer.person(c)),
        site: wish.site.map(|s| s.to_string()),
        site_name: wish.site.and_then(|s| viewer.settings.sites.get(&s)).map(|s| s.name.clone()),
        weekdays: wish.weekdays.clone(),
        after_min: wish.after_min,
        before_min: wish.before_min,
        until: wish.until,
        urgent: wish.urgent,
        note: wish.note.clone(),
        since: entry.since,
        calls,
        state: entry.status.key().to_owned(),
        appointment: match entry.status {
            WaitingStatus::Booked { appointment } => Some(appointment.to_string()),
            _ => None,
        },
        reason: match entry.status {
            WaitingStatus::Closed { reason } => Some(reason.key().to_owned()),
            _ => None,
        },
        pending: viewer.waiting_unconfirmed.contains(&id),
        id,
    }
}

/// `waiting.list`.
///
/// # Errors
/// `not_found` for an id that is none; the database's.
pub async fn list(desk: &Desk, args: WaitingQuery) -> Result<WaitingListView, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let entries = match optional_id::<ClientId>(args.client.as_deref(), "client")? {
        Some(client) => desk.store().waiting_of_client(client).await?,
        None => desk.store().waiting_list().await?,
    };
    let people = people(desk, &entries).await?;
    let views = entries.iter().filter_map(|e| Some(view(&viewer, e, people.get(&e.client)?)));
    Ok(WaitingListView { entries: views.collect() })
}

/// A freed place at an instant, with the meetings around it.
struct Looked {
    freed: FreedPlace,
    start: DateTime<Utc>,
    around: Vec<Appointment>,
}

impl Looked {
    async fn at(desk: &Desk, freed: FreedPlace) -> Result<Option<Self>, ApiError> {
        let Ok(start) = instant(freed.place.start, freed.place.zone) else { return Ok(None) };
        let around = act::around(desk, start, freed.place.minutes).await?;
        Ok(Some(Self { freed, start, around }))
    }

    fn end(&self) -> DateTime<Utc> {
        self.start + Duration::minutes(i64::from(self.freed.place.minutes))
    }

    /// Meetings that take time at that hour.
    fn there(&self) -> impl Iterator<Item = &Appointment> {
        self.around.iter().filter(|a| a.status.blocks() && a.start < self.end() && self.start < a.end)
    }

    /// Whether it can be given away: ahead, inside an opening, and the counsellor has nobody then, or the session that
    /// stands there has a seat left.
    fn free(&self, viewer: &Viewer) -> bool {
        let place = &self.freed.place;
        let refs: Vec<&Appointment> = self.around.iter().collect();
        let wanted = Wanted {
            kind: self.freed.kind,
            counsellor: place.counsellor,
            site: place.site,
            start: self.start,
            minutes: place.minutes,
            room: None,
            client: None,
            moving: None,
            second: None,
        };
        let mine = || self.there().filter(|a| a.is_with(place.counsellor));
        let session = (self.freed.kind, self.start, self.end());
        self.start > viewer.now
            && (mine().next().is_none() || session::has_seat_left(&viewer.settings, session, mine()))
            && !availability::warnings(&viewer.settings, &refs, &wanted, viewer.now)
                .iter()
                .any(|w| NO_PLACE.contains(&w.code))
    }

    fn candidates(&self, entries: &[WaitingEntry], people: &HashMap<ClientId, Client>) -> Vec<Candidate> {
        let busy: BTreeSet<ClientId> = self.there().filter_map(|a| a.client).collect();
        entries
            .iter()
            .filter_map(|entry| {
                let client = people.get(&entry.client)?;
                let busy = busy.contains(&client.id) || busy.contains(&entry.client);
                Some(Candidate { entry: entry.clone(), referent: client.referent, busy })
            })
            .collect()
    }

    fn slot(&self, viewer: &Viewer) -> SlotView {
        let place = &self.freed.place;
        viewer.slot(&passerelle_domain::refusal::FreeSlot {
            start: self.start,
            end: self.end(),
            counsellor: place.counsellor,
            site: place.site,
            room: None,
        })
    }
}

fn callable(reasons: &[Reason]) -> bool {
    !reasons.iter().any(|r| matches!(r, Reason::Busy | Reason::DeclinedThis))
}

/// `waiting.calls`: whom to call for a place, in order, and why.
///
/// # Errors
/// `bad_time`, `not_found` for an unknown kind; the database's.
pub async fn calls(desk: &Desk, args: PlaceQuery) -> Result<CallList, ApiError> {
    let viewer = Viewer::load(desk).await?;
    let kind: KindId = id(&args.kind, "kind")?;
    let usual = viewer.settings.kinds.get(&kind).ok_or_else(|| ApiError::not_found("kind"))?.duration_min;
    let counsellor: PersonId = id(&args.counsellor, "counsellor")?;
    let site: Option<SiteId> = optional_id(args.site.as_deref(), "site")?;
    let minutes = args.minutes.unwrap_or(usual);
    let place = act::place(&viewer.settings, (counsellor, None), civil(&args.start)?, site, None, minutes)?;
    let skipped = || ApiError::new("skipped_time");
    let looked = Looked::at(desk, FreedPlace { kind, place }).await?.ok_or_else(skipped)?;
    let entries = desk.store().waiting_list().await?;
    let people = people(desk, &entries).await?;
    let ranked = rank(&viewer.settings, &looked.freed, &looked.candidates(&entries, &people), viewer.now);
    let by_id: HashMap<WaitingId, &WaitingEntry> = entries.iter().map(|e| (e.id, e)).collect();
    let lines = ranked.iter().filter_map(|r| {
        let entry = by_id.get(&r.id)?;
        Some(CallLine {
            entry: view(&viewer, entry, people.get(&entry.client)?),
            reasons: r.reasons.iter().map(|r| r.key().to_owned()).collect(),
            callable: callable(&r.reasons),
        })
    });
    Ok(CallList {
        lines: lines.collect(),
        slot: looked.slot(&viewer),
        minutes,
        kind: viewer.kind(kind),
        free: looked.free(&viewer),
    })
}

/// The places that a meeting left behind, each with when it did: its own when it ended, earlier ones when it was moved.
fn left_behind(viewer: &Viewer, a: &Appointment) -> Vec<(FreedPlace, DateTime<Utc>)> {
    let settings = &viewer.settings;
    let recent = |at: DateTime<Utc>| viewer.now - at < FREED_SINCE;
    let place = |counsellor: PersonId, start: DateTime<Utc>, end: DateTime<Utc>, site: Option<SiteId>| {
        let local = start.with_timezone(&a.zone).naive_local();
        let site = site.or_else(|| availability::site_at(settings, counsellor, local)).unwrap_or(a.site);
        let minutes = u32::try_from((end - start).num_minutes()).unwrap_or(0);
        let zone = settings.zone_of(site);
        let start = start.with_timezone(&zone).naive_local();
        FreedPlace {
            kind: a.kind,
            place: Place { counsellor, second: None, site, room: None, start, zone, minutes },
        }
    };
    let mut places = Vec::new();
    for entry in a.history.iter().filter(|h| recent(h.at)) {
        match entry.what {
            HistoryFact::Moved { start, end, counsellor, .. } if start > viewer.now => {
                places.push((place(counsellor, start, end, None), entry.at));
            }
            HistoryFact::Status { to, .. } if to == a.status && !to.blocks() && a.start > viewer.now => {
                places.push((place(a.counsellor, a.start, a.end, Some(a.site)), entry.at));
            }
            _ => {}
        }
    }
    places
}

/// `waiting.freed`: places ahead that became free lately, whoever made them so (this desk, another one, a family, the hour
/// of a proposal), and that somebody waits for.
///
/// # Errors
/// The database's.
pub async fn freed(desk: &Desk, _: NoArgs) -> Result<FreedList, ApiError> {
    let entries = desk.store().waiting_list().await?;
    let waiting = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    if entries.is_empty() {
        return Ok(FreedList { places: Vec::new(), waiting });
    }
    let viewer = Viewer::load(desk).await?;
    let people = people(desk, &entries).await?;
    let mut left: Vec<(FreedPlace, DateTime<Utc>)> = desk
        .store()
        .appointments_left(viewer.now)
        .await?
        .iter()
        .flat_map(|a| left_behind(&viewer, a))
        .collect();
    // The same place twice (booked again and cancelled again) is one place, free since the last time.
    left.sort_by_key(|(f, at)| (f.place.start, f.place.counsellor, std::cmp::Reverse(*at)));
    left.dedup_by_key(|(f, _)| (f.place.start, f.place.counsellor));
    let anybody = |(f, _): &(FreedPlace, DateTime<Utc>)| {
        entries.iter().any(|e| passerelle_domain::waiting::fits(&viewer.settings, f, e))
    };
    left.retain(anybody);
    let mut places = Vec::new();
    for (freed, freed_at) in left.into_iter().take(FREED_TRIED) {
        let Some(looked) = Looked::at(desk, freed).await?.filter(|l| l.free(&viewer)) else { continue };
        let candidates = looked.candidates(&entries, &people);
        let ranked = rank(&viewer.settings, &looked.freed, &candidates, viewer.now);
        let mut able = ranked.iter().filter(|r| callable(&r.reasons));
        let Some(first) = able.next() else { continue };
        let name = |id: WaitingId| {
            let client = entries.iter().find(|e| e.id == id).and_then(|e| people.get(&e.client));
            client.map(Client::full_name).unwrap_or_default()
        };
        places.push(FreedPlaceView {
            count: 1 + u32::try_from(able.count()).unwrap_or(0),
            first: name(first.id),
            minutes: looked.freed.place.minutes,
            kind: viewer.kind(looked.freed.kind),
            slot: looked.slot(&viewer),
            freed_at,
        });
        if places.len() == FREED_SHOWN {
            break;
        }
    }
    Ok(FreedList { places, waiting })
}

fn about(which: WaitingId) -> Subject {
    Subject { id: Some(which.to_string()), ..Subject::default() }
}

/// `waiting.save`: puts somebody on the list, or changes the wish when an id is given.
///
/// # Errors
/// `invalid_fields`, `waits_already`, `not_waiting`; the database's.
pub async fn save(desk: &Desk, draft: WaitingDraft) -> Result<Done, ApiError> {
    let wish = Wish {
        kind: id(&draft.kind, "kind")?,
        counsellor: optional_id(draft.counsellor.as_deref(), "counsellor")?,
        site: optional_id(draft.site.as_deref(), "site")?,
        weekdays: draft.weekdays,
        after_min: draft.after_min,
        before_min: draft.before_min,
        until: draft.until,
        urgent: draft.urgent,
        note: draft.note,
    };
    if let Some(id) = optional_id::<WaitingId>(draft.id.as_deref(), "waiting")? {
        let change = Command::UpdateWaiting { id, wish: Box::new(wish) };
        return act::run(desk, vec![change], true, about(id)).await;
    }
    let which = WaitingId(Uuid::now_v7());
    let mut commands = Vec::with_capacity(2);
    let client = match &draft.new_client {
        Some(new) => {
            let made = client_acts::client_of(new, None)?;
            let client = made.id;
            commands.push(Command::CreateClient(Box::new(made)));
            client
        }
        None => id(draft.client.as_deref().unwrap_or_default(), "client")?,
    };
    commands.push(Command::AddWaiting(Box::new(NewWaiting { id: which, client, wish })));
    act::run(desk, commands, true, about(which)).await
}

/// Arguments of `waiting.call`.
#[derive(Debug, Clone, Deserialize)]
pub struct CallArgs {
    /// Entry id.
    pub id: String,
    /// How it went.
    pub outcome: CallOutcome,
    /// Counsellor id of the place that was offered.
    #[serde(default)]
    pub counsellor: Option<String>,
    /// Its civil start.
    #[serde(default)]
    pub start: Option<String>,
}

/// `waiting.call`: notes how a call went.
///
/// # Errors
/// `not_waiting`; the database's.
pub async fn call(desk: &Desk, args: CallArgs) -> Result<Done, ApiError> {
    let which: WaitingId = id(&args.id, "waiting")?;
    let counsellor: Option<PersonId> = optional_id(args.counsellor.as_deref(), "counsellor")?;
    let start: Option<NaiveDateTime> = args.start.as_deref().map(civil).transpose()?;
    let offered = counsellor.zip(start).map(|(counsellor, start)| Offered { counsellor, start });
    let called = Called { call: CallId(Uuid::now_v7()), outcome: args.outcome, offered };
    act::run(desk, vec![Command::CallWaiting { id: which, call: called }], true, about(which)).await
}

/// Arguments of `waiting.close`.
#[derive(Debug, Clone, Deserialize)]
pub struct CloseArgs {
    /// Entry id.
    pub id: String,
    /// Why.
    pub reason: CloseReason,
}

/// `waiting.close`.
///
/// # Errors
/// `not_waiting`; the database's.
pub async fn close(desk: &Desk, args: CloseArgs) -> Result<Done, ApiError> {
    let which: WaitingId = id(&args.id, "waiting")?;
    act::run(desk, vec![Command::CloseWaiting { id: which, reason: args.reason }], true, about(which)).await
}

/// `waiting.reopen`.
///
/// # Errors
/// `not_waiting` when there is a meeting, `waits_already`; the database's.
pub async fn reopen(desk: &Desk, args: IdArgs) -> Result<Done, ApiError> {
    let which: WaitingId = id(&args.id, "waiting")?;
    act::run(desk, vec![Command::ReopenWaiting { id: which }], true, about(which)).await
}
