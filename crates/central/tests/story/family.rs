//! A family and its own link: it takes a proposal, moves its meeting, excuses itself; by the rules and the search of
//! the desks, and never where somebody else is.

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::Command;
use passerelle_domain::appointment::Status;
use passerelle_domain::command::Book;
use passerelle_domain::enquiry::EnquiryStatus;
use passerelle_domain::ids::EnquiryId;
use passerelle_domain::office::OfficeSettings;
use passerelle_domain::refusal::FreeSlot;
use passerelle_protocol::intake::{FamilySlots, FamilyStatus, FamilyView};
use passerelle_protocol::problem::Problem;
use passerelle_protocol::sync::{Entity, Verdict};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::office::{
    Central, Desk, amiens, book, enquiry, first_kind, now, post_enquiry, problem, receptionist,
};

struct Family {
    link: String,
    enquiry: EnquiryId,
}

impl Family {
    async fn ask(central: &Central, key: &str) -> Self {
        let (status, receipt) = post_enquiry(central, key, &enquiry("80090")).await;
        assert_eq!(status, StatusCode::CREATED, "{receipt}");
        let text = |name: &str| receipt[name].as_str().expect("a text").to_owned();
        Self { link: central.url(&text("link")), enquiry: text("id").parse().expect("an id") }
    }

    async fn view(&self) -> FamilyView {
        reqwest::get(&self.link).await.expect("an answer").json().await.expect("a view")
    }

    async fn slots(&self) -> FamilySlots {
        let url = format!("{}/slots", self.link);
        reqwest::get(url).await.expect("an answer").json().await.expect("slots")
    }

    async fn send(&self, body: &Value) -> reqwest::Response {
        let url = format!("{}/answer", self.link);
        reqwest::Client::new().post(url).json(body).send().await.expect("an answer")
    }

    async fn done(&self, body: &Value) -> FamilyView {
        let answer = self.send(body).await;
        let (status, text) = (answer.status(), answer.text().await.expect("a text"));
        assert_eq!(status, StatusCode::OK, "{body}: {text}");
        serde_json::from_str(&text).expect("a view")
    }

    async fn refused(&self, body: &Value) -> Problem {
        let answer = self.send(body).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "{body}");
        let problem = problem(answer).await;
        assert!(problem.detail.contains("Rien n’a été changé"), "{}", problem.detail);
        assert!(problem.detail.contains("CIO"), "it says whom to ask: {}", problem.detail);
        problem
    }
}

fn choice(action: &str, place: &impl serde::Serialize) -> Value {
    let mut body = serde_json::to_value(place).expect("a place");
    body["action"] = json!(action);
    body
}

fn accepted(verdict: &Verdict) {
    assert!(matches!(verdict, Verdict::Accepted { .. }), "{verdict:?}");
}

fn for_family(settings: &OfficeSettings, slot: &FreeSlot, family: &Family) -> Book {
    Book { enquiry: Some(family.enquiry), ..book(settings, slot) }
}

/// Free slots that begin so many hours from now or later.
fn later(desk: &Desk, settings: &OfficeSettings, hours: i64) -> Vec<FreeSlot> {
    desk.free(settings).into_iter().filter(|s| s.start >= now() + Duration::hours(hours)).collect()
}

/// A family whose meeting is booked at the first free place so many hours from now.
async fn booked(central: &Central, desk: &mut Desk, settings: &OfficeSettings, hours: i64) -> Family {
    let family = Family::ask(central, &format!("booked-{hours}")).await;
    desk.sync(&[]).await;
    let slot = later(desk, settings, hours).remove(0);
    let verdict =
        desk.give(receptionist(settings), &Command::Book(for_family(settings, &slot, &family))).await;
    accepted(&verdict);
    family
}

#[tokio::test]
async fn one_proposal_is_taken_and_the_others_are_free_again() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    let family = Family::ask(&central, "k").await;
    let other = Family::ask(&central, "other").await;
    desk.sync(&[]).await;
    let free = later(&desk, &settings, 48);
    let mut held = Vec::new();
    for slot in [&free[0], &free[8]] {
        let hold = for_family(&settings, slot, &family);
        held.push(hold.id);
        accepted(&desk.give(receptionist(&settings), &Command::Hold(hold)).await);
    }
    let view = family.view().await;
    let shown: Vec<_> = view.proposals.iter().map(|p| (p.id, p.appointment.start)).collect();
    assert_eq!(shown, [(held[0], free[0].start), (held[1], free[8].start)], "both, in order of time");
    assert!(view.proposals.iter().all(|p| p.held_until > now() && !p.appointment.address.is_empty()));
    let take = json!({"action": "accept", "proposal": held[1]});
    assert_eq!(other.refused(&take).await.code, "not_found", "another family's proposal does not exist");

    let view = family.done(&take).await;
    assert_eq!((view.status, view.proposals.len()), (FamilyStatus::Appointment, 0));
    let meeting = view.appointment.clone().expect("a meeting");
    assert_eq!((meeting.status, meeting.start), (Status::Booked, free[8].start));
    assert_eq!(family.done(&take).await, view, "sent again, it changes nothing more");
    let code = family.refused(&json!({"action": "accept", "proposal": held[0]})).await.code;
    assert_eq!(code, "no_such_step", "what was free again cannot be taken any more");
    desk.sync(&[]).await;
    let status = |id| desk.appointments().iter().find(|a| a.id == id).map(|a| a.status);
    assert_eq!((status(held[0]), status(held[1])), (Some(Status::Declined), Some(Status::Booked)));
    assert!(desk.free(&settings).contains(&free[0]), "the desks offer it to somebody else");
    central.assert_sound().await;
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_meeting_moves_to_every_place_that_is_shown_and_to_no_other() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    let family = booked(&central, &mut desk, &settings, 24 * 6).await;
    let shown = family.slots().await;
    assert!(shown.slots.len() > 20, "there is a choice: {}", shown.slots.len());
    let kind = &settings.kinds[&first_kind(&settings)];
    let earliest = now() + Duration::minutes(i64::from(kind.min_notice_min));
    assert!(shown.slots.iter().all(|s| s.place.start >= earliest), "the notice binds the public");
    if let Some(days) = kind.horizon_days {
        let last = settings.local_date(now()) + Duration::days(i64::from(days));
        assert!(
            shown.slots.iter().all(|s| settings.local_date(s.place.start) <= last),
            "and so does the horizon"
        );
    }
    let length = shown.slots[0].end - shown.slots[0].place.start;
    // Nearer than two days it could not be moved any more.
    let far: Vec<_> = shown.slots.iter().filter(|s| s.place.start > now() + Duration::hours(49)).collect();
    for slot in far.iter().rev().step_by(7) {
        let view = family.done(&choice("move", &slot.place)).await;
        let meeting = view.appointment.expect("a meeting");
        assert_eq!((meeting.start, meeting.end - meeting.start), (slot.place.start, length));
        assert_eq!(meeting.status, Status::Booked);
    }
    // Seven minutes beside a slot there may be room, but families are received at whole slots.
    let mut odd = far[far.len() / 2].place.clone();
    odd.start += Duration::minutes(7);
    assert_eq!(family.refused(&choice("move", &odd)).await.code, "slot_taken");
    central.assert_sound().await;
    central.running.shutdown().await;
}

#[tokio::test]
async fn a_place_that_was_taken_meanwhile_is_refused_with_others() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    let family = booked(&central, &mut desk, &settings, 24 * 6).await;
    let before = family.view().await;
    let wanted = family.slots().await.slots.remove(0);
    desk.sync(&[]).await;
    let same = |s: &&FreeSlot| (s.start, s.counsellor) == (wanted.place.start, wanted.place.counsellor);
    let slot = desk.free(&settings).iter().find(same).cloned().expect("the desk offers it as well");
    accepted(&desk.give(receptionist(&settings), &Command::Book(book(&settings, &slot))).await);
    let refusal = family.refused(&choice("move", &wanted.place)).await;
    assert_eq!((refusal.code.as_str(), refusal.alternatives.len()), ("slot_taken", 3));
    assert_eq!(family.view().await, before, "a refused answer changes nothing");
    let view = family.done(&choice("move", &refusal.alternatives[0].place)).await;
    assert_eq!(view.appointment.map(|a| a.start), Some(refusal.alternatives[0].place.start));
    central.assert_sound().await;
    central.running.shutdown().await;
}

#[tokio::test]
async fn too_late_is_said_with_the_hour_and_the_phone() {
    let central = Central::start().await;
    let settings = central.settings(&amiens()).await;
    let mut desk = central.desk(&amiens()).await;
    let family = booked(&central, &mut desk, &settings, 20).await;
    let start: DateTime<Utc> = family.view().await.appointment.expect("a meeting").start;
    assert!(start - now() < Duration::days(2), "the meeting is soon");
    let shown = family.slots().await;
    assert_eq!((shown.slots.len(), shown.until), (0, Some(start - Duration::days(2))), "nothing to choose");
    let far = later(&desk, &settings, 24 * 7).remove(0);
    let place = json!({"action": "move", "start": far.start, "counsellor": far.counsellor, "site": far.site});
    let refusal = family.refused(&place).await;
    assert_eq!((refusal.code.as_str(), refusal.alternatives.len()), ("too_late", 0));
    assert!(refusal.detail.contains("depuis le"), "{}", refusal.detail);

    let view = family.done(&json!({"action": "excuse"})).await;
    assert_eq!((view.status, view.appointment), (FamilyStatus::InProgress, None), "it is the owner's again");
    desk.sync(&[]).await;
    let asked: passerelle_domain::enquiry::Enquiry =
        desk.document(Entity::Enquiry, &family.enquiry.to_string()).expect("the enquiry");
    assert!(!matches!(asked.status, EnquiryStatus::Converted), "{:?}", asked.status);
    let excused = desk.appointments().into_iter().find(|a| a.enquiry == Some(family.enquiry));
    assert_eq!(excused.map(|a| a.status), Some(Status::Excused));

    let soon = booked(&central, &mut desk, &settings, 1).await;
    let start = soon.view().await.appointment.expect("a meeting").start;
    assert!(start - now() < Duration::hours(4), "this one is today");
    assert_eq!(soon.refused(&json!({"action": "excuse"})).await.code, "too_late");
    central.running.shutdown().await;
}

#[tokio::test]
async fn nothing_is_behind_a_link_that_is_not_whole() {
    let central = Central::start().await;
    let family = Family::ask(&central, "k").await;
    let cut = &family.link[..family.link.len() - 1];
    for wrong in [format!("{cut}-"), format!("{cut}!"), cut.to_owned()] {
        let slots = reqwest::get(format!("{wrong}/slots")).await.expect("an answer").status();
        let http = reqwest::Client::new();
        let answer = http.post(format!("{wrong}/answer")).json(&json!({"action": "excuse"})).send().await;
        let answer = answer.expect("an answer").status();
        assert_eq!((slots, answer), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND), "{wrong}");
    }
    for bad in [json!({"action": "cancel"}), json!({"action": "move"}), json!([])] {
        let answer = family.send(&bad).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{bad}");
        problem(answer).await;
    }
    let code = family.refused(&json!({"action": "excuse"})).await.code;
    assert_eq!(code, "not_found", "there is no meeting yet");
    central.running.shutdown().await;
}
