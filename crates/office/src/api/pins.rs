//! `catalogue.pin`, `catalogue.unpin`, `catalogue.pins`, `catalogue.pin_places`.
//!
//! Who may read a preparation is asked here, in the one place through which the screen and the command line get it:
//! reception is given none of it, and of what is done to one hears nothing, neither in the history nor in the outbox nor
//! among the conflicts.

mod places;

use std::collections::HashMap;

use passerelle_catalogue::file::{Shown, Standing};
use passerelle_domain::appointment::Appointment;
use passerelle_domain::client::Client;
use passerelle_domain::command::Command;
use passerelle_domain::enquiry::{Enquiry, EnquiryStatus};
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId, PersonId};
use passerelle_domain::people::{Person, Role};
use passerelle_domain::pins::{
    NOTE_MAX, NewPin, PINS_MAX, Pin, PinPlace, PreparationSheet, RecordKind, TITLE_MAX,
};
use passerelle_domain::{Refusal, RefusalCode};
use serde_json::json;

use super::act::{self, Subject};
use super::views::Viewer;
use super::{catalogue, dto};
use crate::desk::Desk;
use dto::{ApiError, Done, PinRequest, PinTo, Pins, PinsRequest, UnpinRequest};
pub use places::places;

/// How many merges in a row are followed from an enquiry to the one that goes on.
const MERGES: usize = 40;

/// Whether somebody may be told that something was done: what is done to a preparation is the counsellors' to know, and
/// of whoever did it.
pub(super) fn told_to(person: &Person, preparation: bool, by: Option<PersonId>) -> bool {
    !preparation || person.role == Role::Counsellor || by == Some(person.id)
}

/// Whether a command is about a preparation.
pub(super) fn is_preparation(command: &Command) -> bool {
    match command {
        Command::Pin { on, .. } | Command::Unpin { on, .. } => matches!(on, PinPlace::Appointment(_)),
        _ => false,
    }
}

fn place(to: &PinTo) -> Result<PinPlace, ApiError> {
    Ok(match to {
        PinTo::Enquiry(id) => PinPlace::Enquiry(act::id(id, "enquiry")?),
        PinTo::Appointment(id) => PinPlace::Appointment(act::id(id, "appointment")?),
    })
}

/// `catalogue.pin`: a record, with what the catalogue in service says of it now. What is pinned already is not pinned a
/// second time.
///
/// # Errors
/// `record_unknown`, `text_too_long` {most}, `too_many_pins` {most}; `not_allowed` where the actor may not read what is
/// pinned, with `instead` {enquiry} when they may pin to the enquiry of that meeting; `not_found`; those of the catalogue.
pub async fn pin(desk: &Desk, request: PinRequest) -> Result<Done, ApiError> {
    let on = place(&request.to)?;
    let note = request.note.as_deref().map(str::trim).filter(|note| !note.is_empty()).map(str::to_owned);
    if note.as_ref().is_some_and(|note| note.chars().count() > NOTE_MAX) {
        return Err(too_long());
    }
    // Before the catalogue is asked: who may not is told so, whatever the record.
    match on {
        PinPlace::Enquiry(id) => drop(readable(desk, &Viewer::load(desk).await?, id).await?),
        PinPlace::Appointment(id) => drop(allowed(desk, id).await?),
    }
    let described = match catalogue::ready(desk).await {
        Ok(indexed) => Ok(indexed.catalogue.record(&request.record).await?.map(described)),
        Err(unready) => Err(unready),
    };
    let new = match described {
        Ok(Some(new)) => new,
        // What is pinned there, or to the enquiry of the meeting, says by itself what it is.
        none => match (pinned_near(desk, on, &request.record).await?, none) {
            (Some(pin), _) => NewPin { again: None, ..pin.again(None) },
            (None, Err(unready)) => return Err(unready),
            (None, Ok(_)) => {
                return Err(ApiError::new("record_unknown").with(json!({ "record": request.record })));
            }
        },
    };
    let pin = Box::new(NewPin { note, ..new });
    match act::run(desk, vec![Command::Pin { on, pin }], true, Subject::default()).await {
        Err(error) => Err(with_most(error)),
        done => done,
    }
}

fn described(shown: Shown) -> NewPin {
    let cut = |text: &str| text.chars().take(TITLE_MAX).collect::<String>();
    NewPin {
        kind: RecordKind::from_key(&shown.kind),
        title: cut(if shown.title.trim().is_empty() { &shown.id } else { &shown.title }),
        subtitle: Some(cut(&shown.subtitle)).filter(|text| !text.trim().is_empty()),
        note: None,
        again: None,
        record: shown.id,
    }
}

fn too_long() -> ApiError {
    ApiError::new("text_too_long").with(json!({ "most": NOTE_MAX }))
}

/// A refusal with the bound that it is about.
fn with_most(mut error: ApiError) -> ApiError {
    match error.code.as_str() {
        "too_many_pins" => {
            if let Some(params) = error.params.as_object_mut() {
                params.insert("most".to_owned(), json!(PINS_MAX));
            }
            error
        }
        // There is no room for this note beside those of others.
        "invalid_fields" if error.params["fields"][0]["field"] == "note" => too_long(),
        _ => error,
    }
}

/// `catalogue.unpin`: needs no catalogue, for what is pinned may be in none.
///
/// # Errors
/// `not_allowed`, `not_found`; the database's.
pub async fn unpin(desk: &Desk, request: UnpinRequest) -> Result<Done, ApiError> {
    let command = Command::Unpin { on: place(&request.to)?, record: request.record };
    act::run(desk, vec![command], true, Subject::default()).await
}

/// `catalogue.pins`.
///
/// # Errors
/// `not_allowed` for whoever may not read the question or the preparation; `not_found`; the database's.
pub async fn pins(desk: &Desk, request: PinsRequest) -> Result<Pins, ApiError> {
    let viewer = Viewer::load(desk).await?;
    match place(&request.to)? {
        PinPlace::Enquiry(id) => of_enquiry(desk, &viewer, id).await,
        PinPlace::Appointment(id) => of_meeting(desk, &viewer, id).await,
    }
}

async fn of_enquiry(desk: &Desk, viewer: &Viewer, id: EnquiryId) -> Result<Pins, ApiError> {
    let enquiry = readable(desk, viewer, id).await?;
    let name = match client_name(desk, enquiry.client).await? {
        Some(name) => name,
        None if enquiry.requester.name.trim().is_empty() => enquiry.reference.clone(),
        None => enquiry.requester.name.clone(),
    };
    Ok(Pins {
        r#for: name,
        pins: shown(desk, viewer, &enquiry.pins).await?,
        of_enquiry: Vec::new(),
        may_pin: true,
        most: most(),
    })
}

async fn of_meeting(desk: &Desk, viewer: &Viewer, id: AppointmentId) -> Result<Pins, ApiError> {
    let meeting = allowed(desk, id).await?;
    let sheet = desk.store().preparation(id).await?;
    let own = sheet.map_or_else(Vec::new, |sheet| sheet.pins);
    let enquiry = match meeting.enquiry {
        Some(id) => goes_on(desk, id).await?.filter(|e| !viewer.hides(e)),
        None => None,
    };
    // What stands in both is read once, with what was said of it for this meeting.
    let asked = enquiry.as_ref().map_or(&[][..], |e| &e.pins);
    let asked: Vec<Pin> =
        asked.iter().filter(|pin| own.iter().all(|mine| mine.record != pin.record)).cloned().collect();
    let name = match client_name(desk, meeting.client).await? {
        Some(name) => name,
        None => enquiry.map(|e| e.requester.name).unwrap_or_default(),
    };
    Ok(Pins {
        r#for: name,
        pins: shown(desk, viewer, &own).await?,
        of_enquiry: shown(desk, viewer, &asked).await?,
        may_pin: true,
        most: most(),
    })
}

fn most() -> u32 {
    u32::try_from(PINS_MAX).unwrap_or(u32::MAX)
}

/// The enquiry, when the reader may read its question.
async fn readable(desk: &Desk, viewer: &Viewer, id: EnquiryId) -> Result<Enquiry, ApiError> {
    let enquiry = goes_on(desk, id).await?.ok_or_else(|| ApiError::not_found("enquiry"))?;
    if viewer.hides(&enquiry) {
        return Err(Refusal::new(RefusalCode::NotAllowed).into());
    }
    Ok(enquiry)
}

/// The meeting, when whoever is at the desk may read its preparation.
async fn allowed(desk: &Desk, id: AppointmentId) -> Result<Appointment, ApiError> {
    let (_, person) = act::actor(desk).await?;
    let meeting = desk.store().appointment(id).await?;
    // Whether there is such a meeting is no secret: everybody in the office reads the agenda.
    let meeting = meeting.ok_or_else(|| ApiError::not_found("appointment"))?;
    if PreparationSheet::open_to(&meeting, person.id, person.role) {
        return Ok(meeting);
    }
    let mut refused: ApiError = Refusal::new(RefusalCode::NotAllowed).into();
    if let Some(id) = meeting.enquiry
        && let Some(enquiry) = goes_on(desk, id).await?
        && !Viewer::load(desk).await?.hides(&enquiry)
        && let Some(params) = refused.params.as_object_mut()
    {
        params.insert("instead".to_owned(), json!({ "enquiry": enquiry.id }));
    }
    Err(refused)
}

/// The enquiry itself, or the one that goes on when it was merged.
async fn goes_on(desk: &Desk, id: EnquiryId) -> Result<Option<Enquiry>, ApiError> {
    let mut found = desk.store().enquiry(id).await?;
    // Merges never close a circle; documents that were written elsewhere might.
    for _ in 0..MERGES {
        match found.as_ref().map(|e| &e.status) {
            Some(EnquiryStatus::Merged { into }) => found = desk.store().enquiry(*into).await?,
            _ => break,
        }
    }
    Ok(found)
}

async fn client_name(desk: &Desk, client: Option<ClientId>) -> Result<Option<String>, ApiError> {
    Ok(match client {
        Some(id) => desk.store().client(id).await?.as_ref().map(Client::full_name),
        None => None,
    })
}

/// The pin of a record in this place, or in the enquiry that the meeting came from.
async fn pinned_near(desk: &Desk, on: PinPlace, record: &str) -> Result<Option<Pin>, ApiError> {
    let (own, enquiry) = match on {
        PinPlace::Enquiry(id) => (Vec::new(), Some(id)),
        PinPlace::Appointment(id) => {
            let sheet = desk.store().preparation(id).await?;
            let meeting = desk.store().appointment(id).await?;
            (sheet.map_or_else(Vec::new, |s| s.pins), meeting.and_then(|a| a.enquiry))
        }
    };
    let asked = match enquiry {
        Some(id) => goes_on(desk, id).await?.map_or_else(Vec::new, |e| e.pins),
        None => Vec::new(),
    };
    Ok(own.into_iter().chain(asked).find(|pin| pin.record == record))
}

/// Pins with what this desk's catalogue says of each now. Nothing waits for a catalogue.
async fn shown(desk: &Desk, viewer: &Viewer, pins: &[Pin]) -> Result<Vec<dto::Pin>, ApiError> {
    let ids: Vec<&str> = pins.iter().map(|pin| pin.record.as_str()).collect();
    let standing = match desk.catalogue().now() {
        _ if ids.is_empty() => Some(HashMap::new()),
        Some(Ok(indexed)) => Some(indexed.catalogue.standing(&ids).await?),
        // There is none here, or none that can be read: nothing opens.
        Some(Err(_)) => Some(HashMap::new()),
        None => {
            let desk = desk.clone();
            tokio::spawn(async move {
                let _ = desk.catalogue().ready().await;
                desk.tell(["pins"]);
            });
            None
        }
    };
    let state = |record: &str| match &standing {
        None => ("known", None),
        Some(known) => match known.get(record) {
            Some(Standing::Current) => ("known", None),
            Some(Standing::Gone(since)) => ("gone", Some(since.clone())),
            None => ("absent", None),
        },
    };
    let shown = pins.iter().map(|pin| {
        let (state, gone_since) = state(&pin.record);
        dto::Pin {
            record: pin.record.clone(),
            kind: pin.kind.key().to_owned(),
            title: pin.title.clone(),
            subtitle: pin.subtitle.clone().unwrap_or_default(),
            note: pin.note.clone(),
            by: pin.by.and_then(|by| viewer.name_of(by)).unwrap_or_else(|| "—".to_owned()),
            at: pin.at,
            state: state.to_owned(),
            gone_since,
        }
    });
    Ok(shown.collect())
}
