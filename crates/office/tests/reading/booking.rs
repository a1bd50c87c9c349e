//! Booking through the desk's commands: two counsellors, group sessions, proposals, warnings, and taking back.

use passerelle_domain::appointment::Status;
use passerelle_office::api::dto::{CalendarFile, CheckView};

use super::*;

const TUESDAY: &str = "2026-11-24";

impl Office {
    /// Free places of a kind from Tuesday on, with whoever is asked for.
    async fn next(&self, kind: &str, more: Value) -> Vec<SlotView> {
        let mut query = json!({ "kind": self.kind(kind).await.to_string(), "from": TUESDAY, "limit": 40 });
        for (key, value) in more.as_object().expect("fields") {
            query[key] = value.clone();
        }
        let found: NextSlots = self.ask("agenda.next", query).await;
        found.slots
    }

    async fn draft(&self, kind: &str, slot: &SlotView) -> Value {
        json!({ "kind": self.kind(kind).await.to_string(), "counsellor": slot.counsellor.id, "start": slot.local,
                "site": slot.site })
    }

    async fn on(&self, date: &str) -> Vec<AppointmentView> {
        let day: DayView = self.ask("agenda.day", json!({ "date": date })).await;
        day.blocks
    }

    /// The same profile at another hour.
    async fn later(self, now: &str) -> Self {
        let profile = self.desk.profile().to_owned();
        self.desk.store().close().await;
        let person = self.desk.actor().await.ok();
        drop(person);
        let now: DateTime<Utc> = now.parse().expect("an instant");
        let desk = Desk::open(&profile, Clock::starting_at(now)).await.expect("it opens again");
        Self { desk, folder: self.folder }
    }
}

#[tokio::test]
async fn a_meeting_of_two_is_in_both_agendas_and_moves_as_one() {
    let office = Office::open().await;
    let haddad = office.person("Haddad").await;
    let slots = office.next("entretien", json!({ "second": haddad })).await;
    assert!(
        !slots.is_empty() && slots.iter().all(|s| s.counsellor.id != haddad),
        "with a colleague, never alone"
    );
    let mut draft = office.draft("entretien", &slots[0]).await;
    draft["second"] = json!(haddad);
    let done: Done = office.ask("appointments.book", draft.clone()).await;
    let made = done.appointment.expect("the meeting");
    assert_eq!(made.second.as_ref().map(|p| p.name.as_str()), Some("M. Haddad"));
    // Neither of them is free then, and both agendas have it.
    for who in [&haddad, &made.counsellor.id] {
        let free = office.next("entretien", json!({ "counsellor": who })).await;
        assert!(free.iter().all(|s| s.local != slots[0].local), "{who} is offered twice");
        let request = json!({ "counsellor": who, "from": made.date, "to": made.date, "with_names": true });
        let file: CalendarFile = office.ask("calendar.export", request).await;
        let text = std::fs::read_to_string(file.file).expect("the file").replace("\r\n ", "");
        assert!(text.contains(&made.id) && text.contains("et M. Haddad"), "{who}: {text}");
    }
    let refused = call(
        &office.desk,
        "agenda.check",
        json!({
            "kind": draft["kind"], "counsellor": haddad, "start": slots[0].local, "site": slots[0].site,
        }),
    );
    let check: CheckView = serde_json::from_value(refused.await.expect("a check")).expect("its form");
    let refusal = check.refusal.expect("he is taken");
    assert_eq!(
        (refusal.code.as_str(), refusal.person.map(|p| p.name)),
        ("slot_taken", Some("M. Haddad".into()))
    );
    // Put into the other one's column it is still held by the same two; its length is its own.
    let free = office.next("entretien", json!({ "second": haddad, "counsellor": made.counsellor.id })).await;
    let to = json!({ "id": made.id, "start": free[0].local, "counsellor": haddad, "site": free[0].site });
    let done: Done = office.ask("appointments.move", to).await;
    let moved = done.appointment.expect("the meeting");
    assert_eq!(
        (&moved.counsellor.id, moved.second.map(|p| p.id)),
        (&haddad, Some(made.counsellor.id.clone()))
    );
    assert_eq!(moved.to_min - moved.from_min, made.to_min - made.from_min);
    let _: Done = office.ask("undo.last", json!({})).await;
    let back: AppointmentView = office.ask("appointments.get", json!({ "id": made.id })).await;
    assert_eq!((back.start, &back.counsellor.id), (made.start, &made.counsellor.id));
    assert_eq!(back.second.map(|p| p.id), Some(haddad));
}

#[tokio::test]
async fn what_has_come_between_the_check_and_the_commit_is_said_once() {
    let office = Office::open().await;
    let slots = office.next("entretien", json!({})).await;
    let client = office.client("verhaeghe").await.id;
    let day = &slots[0].local[..10];
    let mut draft = office.draft("entretien", &slots[0]).await;
    draft["client"] = json!(client);
    let check: CheckView = office.ask("agenda.check", draft.clone()).await;
    assert_eq!((check.possible, check.warnings), (true, vec![]), "nothing stands against it yet");
    // A colleague books the same person for the same reason on that day.
    let other =
        slots.iter().find(|s| s.local.starts_with(day) && s.start >= slots[0].end).expect("another hour");
    let mut between = office.draft("entretien", other).await;
    between["client"] = json!(client);
    let _: Done = office.ask("appointments.book", between).await;
    let asked = call(&office.desk, "appointments.book", draft.clone()).await.expect_err("a warning");
    assert_eq!(asked.code, "confirm_warnings");
    assert_eq!(asked.params["warnings"][0]["code"], "same_kind_same_day");
    draft["seen_warnings"] = json!(["same_kind_same_day"]);
    let _: Done = office.ask("appointments.book", draft).await;
}

#[tokio::test]
async fn what_no_confirmation_helps_against_is_said_instead_of_asking_for_one() {
    let office = Office::open().await;
    let slots = office.next("entretien", json!({})).await;
    let mut draft = office.draft("entretien", &slots[0]).await;
    draft["client"] = json!(office.client("verhaeghe").await.id);
    let _: Done = office.ask("appointments.book", draft.clone()).await;
    // The very same again: that the kind is the same on the same day is true, and beside the point.
    let refused = call(&office.desk, "appointments.book", draft.clone()).await.expect_err("a duplicate");
    assert_eq!(refused.code, "duplicate");
    draft["override_reason"] = json!("Il le faut");
    let refused = call(&office.desk, "appointments.book", draft).await.expect_err("no reason helps");
    assert_eq!(refused.code, "duplicate");
}

#[tokio::test]
async fn a_meeting_that_moves_keeps_its_length_and_never_blocks_itself() {
    let office = Office::open().await;
    let slots = office.next("entretien", json!({})).await;
    let mut draft = office.draft("entretien", &slots[0]).await;
    draft["minutes"] = json!(30);
    let done: Done = office.ask("appointments.book", draft).await;
    let made = done.appointment.expect("the meeting");
    let minute = made.from_min + 15;
    let start = format!("{}T{:02}:{:02}", made.date, minute / 60, minute % 60);
    let to = json!({ "id": made.id, "start": start });
    let check: CheckView = office.ask("agenda.check_move", to.clone()).await;
    assert_eq!((check.possible, check.warnings), (true, vec![]), "its own old time is in nobody's way");
    let done: Done = office.ask("appointments.move", to).await;
    let moved = done.appointment.expect("the meeting");
    assert_eq!((moved.from_min, moved.to_min - moved.from_min), (minute, 30));
}

#[tokio::test]
async fn a_session_is_filled_moved_and_cancelled_and_each_is_taken_back_as_one() {
    let office = Office::open().await;
    let slots = office.next("atelier", json!({})).await;
    let free = slots.iter().find(|s| s.seats.is_none()).expect("a free hour").clone();
    let plan = office.draft("atelier", &free).await;
    let check: CheckView = office.ask("agenda.check", plan.clone()).await;
    assert_eq!((check.possible, check.session), (true, None));
    let done: Done = office.ask("appointments.book", plan.clone()).await;
    let planned = done.appointment.expect("the session");
    assert!(!planned.seat && planned.session.is_some() && planned.room.is_some(), "{planned:?}");
    let offered = office.next("atelier", json!({})).await;
    let seats = offered.iter().find(|s| s.start == planned.start).and_then(|s| s.seats).expect("its seats");
    assert_eq!((seats.left, seats.of), (12, 12));
    let first_free = offered.iter().position(|s| s.seats.is_none());
    assert!(offered.iter().rposition(|s| s.seats.is_some()) < first_free, "seats before free time");
    // Whoever is still to be chosen is somebody who comes.
    let check: CheckView = office.ask("agenda.check", plan.clone()).await;
    assert_eq!((check.possible, check.session.map(|s| s.left)), (true, Some(12)), "{:?}", check.refusal);
    for name in ["verhaeghe", "benali", "lefevre"] {
        let mut seat = plan.clone();
        seat["client"] = json!(office.client(name).await.id);
        seat["seen_warnings"] = json!(["same_kind_same_day"]);
        let _: Done = office.ask("appointments.book", seat).await;
    }
    let mut twice = plan;
    twice["client"] = json!(office.client("benali").await.id);
    twice["override_reason"] = json!("Encore");
    assert_eq!(office.refused("appointments.book", twice).await, "duplicate", "no reason helps against it");
    let session = planned.session.clone();
    let of = |blocks: Vec<AppointmentView>| {
        blocks.into_iter().filter(|b| b.session == session).collect::<Vec<_>>()
    };
    let date = planned.date.to_string();
    let sitting = of(office.on(&date).await);
    assert_eq!(sitting.len(), 4, "the session and three who come");
    // A quarter of an hour later: it overlaps itself.
    let minute = planned.from_min + 15;
    let start = format!("{date}T{:02}:{:02}", minute / 60, minute % 60);
    let somebody = sitting.iter().find(|b| b.seat).expect("somebody");
    let to =
        json!({ "id": somebody.id, "start": start, "seen_warnings": ["gap_too_short", "outside_opening"] });
    let _: Done = office.ask("sessions.move", to).await;
    assert!(of(office.on(&date).await).iter().all(|b| b.from_min == minute), "all or nobody");
    let _: Done = office.ask("undo.last", json!({})).await;
    assert!(of(office.on(&date).await).iter().all(|b| b.from_min == planned.from_min), "taken back as one");
    assert_eq!(
        office.refused("sessions.cancel", json!({ "id": planned.id, "reason": " " })).await,
        "reason_missing"
    );
    let _: Done = office.ask("sessions.cancel", json!({ "id": planned.id, "reason": "Grève" })).await;
    assert!(of(office.on(&date).await).iter().all(|b| b.status == Status::Cancelled));
    let again: Vec<SlotView> = office.next("atelier", json!({})).await;
    assert!(again.iter().any(|s| s.seats.is_none() && s.start == planned.start), "its hour is free at once");
    let _: Done = office.ask("undo.last", json!({})).await;
    assert!(of(office.on(&date).await).iter().all(|b| b.status == Status::Booked));
}

#[tokio::test]
async fn a_proposal_past_its_hour_is_free_at_a_desk_that_reaches_nobody() {
    let office = Office::open().await;
    let slot = office.next("entretien", json!({})).await.remove(0);
    let mut draft = office.draft("entretien", &slot).await;
    draft["held_until"] = json!("2026-11-23T11:00:00Z");
    let done: Done = office.ask("appointments.hold", draft.clone()).await;
    let held = done.appointment.expect("the proposal");
    assert_eq!(
        (held.status, held.held_until.map(|t| t.to_rfc3339())),
        (Status::Held, Some("2026-11-23T11:00:00+00:00".into()))
    );
    draft["held_until"] = json!(null);
    assert_eq!(office.refused("appointments.book", draft.clone()).await, "slot_taken");
    let office = office.later("2026-11-23T11:00:01Z").await;
    office.act_as(Role::Receptionist).await;
    let shown: AppointmentView = office.ask("appointments.get", json!({ "id": held.id })).await;
    assert_eq!(shown.status, Status::Expired, "though nobody has said so");
    let free = office.next("entretien", json!({ "counsellor": slot.counsellor.id })).await;
    assert_eq!(free[0].local, slot.local, "its hour is offered");
    let _: Done = office.ask("appointments.book", draft).await;
    let ended: AppointmentView = office.ask("appointments.get", json!({ "id": held.id })).await;
    let last = ended.history.last().expect("what happened");
    assert_eq!((ended.status, last.status, last.by.clone()), (Status::Expired, Some(Status::Expired), None));
}
