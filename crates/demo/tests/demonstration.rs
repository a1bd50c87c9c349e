//! What must hold of the demonstration, whatever the day on which it is shown.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, Timelike};
use chrono_tz::Europe::Paris;
use passerelle_catalogue::geography::Geography;
use passerelle_demo::{Demo, DemoOffice, build, build_at, offices};
use passerelle_domain::appointment::{Appointment, HistoryFact, Status};
use passerelle_domain::client::phone_digits;
use passerelle_domain::enquiry::{Channel, EnquiryStatus};
use passerelle_domain::ids::Uai;
use passerelle_domain::office::instant;
use passerelle_domain::people::Role;

#[expect(clippy::expect_used, reason = "dates written in these tests")]
fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).expect("a date")
}

/// A Monday, a Wednesday, a Friday, a Saturday, a public holiday, a day in the school holidays.
fn demos() -> impl Iterator<Item = Demo> {
    [
        day(2026, 11, 23),
        day(2026, 12, 2),
        day(2027, 1, 15),
        day(2026, 11, 28),
        day(2026, 11, 11),
        day(2027, 2, 24),
    ]
    .into_iter()
    .map(|anchor| build(anchor, Paris))
    .chain([at(0, 40), at(7, 30), at(13, 5), at(17, 50), at(23, 30)])
}

/// A Tuesday at other hours than the one that is shown.
#[expect(clippy::expect_used, reason = "hours written in these tests")]
fn at(hour: u32, minute: u32) -> Demo {
    let civil = day(2026, 11, 24).and_hms_opt(hour, minute, 0).expect("an hour");
    build_at(instant(civil, Paris).expect("an hour that exists"), Paris)
}

fn shown() -> Demo {
    build(day(2026, 11, 23), Paris)
}

#[test]
fn counts() {
    for demo in demos() {
        assert_eq!(demo.offices.len(), 12);
        for office in &demo.offices {
            let of = |role| office.settings.people.values().filter(|person| person.role == role).count();
            assert_eq!(of(Role::Counsellor), 6, "{}", office.key);
            assert_eq!(of(Role::Director), 1, "{}", office.key);
            assert!(of(Role::Receptionist) >= 1, "{}", office.key);
            let logins: BTreeSet<&str> = office.settings.people.values().map(|p| p.login.as_str()).collect();
            assert_eq!(logins.len(), office.settings.people.len(), "logins of {} are distinct", office.key);
        }
        assert_eq!(demo.offices.iter().map(|o| o.enquiries.len()).sum::<usize>(), 400);
        assert_eq!(demo.offices.iter().map(|o| o.clients.len()).sum::<usize>(), 300);
    }
}

#[test]
fn the_same_day_gives_the_same_demonstration_and_another_day_another() {
    assert_eq!(shown(), shown());
    let other = build(day(2026, 11, 24), Paris);
    assert_eq!(shown().offices[0].settings.office, other.offices[0].settings.office);
    assert_ne!(shown().offices[0].appointments, other.offices[0].appointments);
}

#[test]
fn identifiers_are_distinct() {
    let demo = shown();
    let mut seen = BTreeSet::new();
    let mut references = BTreeSet::new();
    for office in &demo.offices {
        let s = &office.settings;
        let all = (s.people.keys().map(|id| id.0))
            .chain(s.sites.keys().map(|id| id.0))
            .chain(s.rooms.keys().map(|id| id.0))
            .chain(s.kinds.keys().map(|id| id.0))
            .chain(s.openings.keys().map(|id| id.0))
            .chain(s.absences.keys().map(|id| id.0))
            .chain(office.clients.iter().map(|c| c.id.0))
            .chain(office.clients.iter().flat_map(|c| c.guardians.iter().map(|g| g.id.0)))
            .chain(office.appointments.iter().map(|a| a.id.0))
            .chain(office.enquiries.iter().map(|e| e.id.0))
            .chain(office.enquiries.iter().flat_map(|e| e.thread.iter().map(|m| m.id.0)));
        for id in all {
            assert!(seen.insert(id), "{id} names two things, one in {}", office.key);
        }
        for enquiry in &office.enquiries {
            assert!(references.insert(enquiry.reference.clone()), "{} twice", enquiry.reference);
        }
    }
    assert_eq!(references.len(), 400);
}

#[test]
fn offices_are_valid_and_placed() {
    let list = offices(Paris);
    assert_eq!(list.len(), 12);
    assert_eq!((list[0].name.as_str(), list[0].uai.as_str()), ("CIO d’Amiens", "0801234G"));
    for office in &list {
        assert_eq!(Uai::parse(office.uai.as_str()), Ok(office.uai.clone()));
        assert!(office.position.is_some(), "{} has no place", office.name);
    }
}

fn same_session(office: &DemoOffice, a: &Appointment, b: &Appointment) -> bool {
    let capacity = office.settings.kinds[&a.kind].capacity;
    capacity > 1 && a.kind == b.kind && a.start == b.start && a.counsellor == b.counsellor
}

#[test]
fn nobody_and_no_room_is_in_two_meetings_at_once() {
    for demo in demos() {
        for office in &demo.offices {
            for (n, a) in office.appointments.iter().enumerate() {
                for b in office.appointments[n + 1..].iter().filter(|b| a.overlaps(b)) {
                    assert!(
                        a.client.is_none() || a.client != b.client,
                        "client twice at {} in {}",
                        a.start,
                        office.key
                    );
                    if !same_session(office, a, b) {
                        assert_ne!(
                            a.counsellor, b.counsellor,
                            "counsellor twice at {} in {}",
                            a.start, office.key
                        );
                        assert!(
                            a.room.is_none() || a.room != b.room,
                            "room twice at {} in {}",
                            a.start,
                            office.key
                        );
                    }
                }
            }
            let mut seats: BTreeMap<_, u32> = BTreeMap::new();
            for a in office.appointments.iter().filter(|a| a.status.blocks()) {
                let taken = seats.entry((a.kind, a.start, a.counsellor)).or_default();
                *taken += 1;
                assert!(*taken <= office.settings.kinds[&a.kind].capacity);
            }
        }
    }
}

#[test]
fn meetings_lie_in_openings_and_past_no_absence() {
    for demo in demos() {
        for office in &demo.offices {
            for a in &office.appointments {
                let (from, to) = (
                    a.start.with_timezone(&a.zone).naive_local(),
                    a.end.with_timezone(&a.zone).naive_local(),
                );
                let minutes = |t: chrono::NaiveDateTime| (t.hour() * 60 + t.minute()) as u16;
                let inside = office.settings.openings.values().any(|o| {
                    let comes = match &o.rule {
                        Some(rule) => {
                            rule.weekdays.contains(&from.weekday()) && !o.except.contains(&from.date())
                        }
                        None => o.first_day == from.date(),
                    };
                    comes
                        && o.counsellor == a.counsellor
                        && o.site == a.site
                        && o.blocks.iter().any(|b| b.from <= minutes(from) && minutes(to) <= b.to)
                });
                assert!(inside, "{} in {} lies in no opening", from, office.key);
                for absence in office.settings.absences.values().filter(|x| x.counsellor == a.counsellor) {
                    assert!(
                        absence.end <= from || to <= absence.start,
                        "{} in {} is in an absence",
                        from,
                        office.key
                    );
                }
            }
        }
    }
}

#[test]
fn states_agree_with_the_hour_and_with_their_history() {
    for demo in demos() {
        for office in &demo.offices {
            for a in &office.appointments {
                match a.status {
                    Status::Attended => assert!(a.end <= demo.now, "attended and not over: {}", a.start),
                    Status::NoShow => assert!(a.start + chrono::Duration::minutes(15) <= demo.now),
                    Status::Arrived => assert!(a.start - chrono::Duration::hours(1) <= demo.now),
                    Status::Held => {
                        assert!(a.start > demo.now && a.held_until.expect("a hold ends") > demo.now);
                    }
                    _ => {}
                }
                let mut status = None;
                let mut at = a.history[0].at;
                for entry in &a.history {
                    assert!(entry.at >= at, "history of {} runs backwards", a.start);
                    assert!(entry.at <= demo.now, "history of {} knows the future", a.start);
                    at = entry.at;
                    match &entry.what {
                        HistoryFact::Created { status: first } => status = Some(*first),
                        HistoryFact::Status { from, to, reason } => {
                            assert_eq!(status, Some(*from));
                            assert!(
                                *to != Status::Cancelled || reason.is_some(),
                                "cancelled without a reason"
                            );
                            status = Some(*to);
                        }
                        _ => {}
                    }
                }
                assert_eq!(status, Some(a.status));
                assert_eq!(a.version as usize, a.history.len());
            }
        }
    }
}

#[test]
fn every_link_resolves() {
    for demo in demos() {
        for office in &demo.offices {
            let s = &office.settings;
            let clients: BTreeMap<_, _> = office.clients.iter().map(|c| (c.id, c)).collect();
            let appointments: BTreeMap<_, _> = office.appointments.iter().map(|a| (a.id, a)).collect();
            let enquiries: BTreeMap<_, _> = office.enquiries.iter().map(|e| (e.id, e)).collect();
            for a in &office.appointments {
                assert!(s.sites.contains_key(&a.site) && s.kinds.contains_key(&a.kind));
                assert!(s.people[&a.counsellor].role == Role::Counsellor);
                assert!(a.room.is_none_or(|room| s.rooms[&room].site == a.site));
                if let Some(client) = a.client {
                    for companion in a.companions.iter().filter_map(|c| c.guardian) {
                        assert!(clients[&client].guardians.iter().any(|g| g.id == companion));
                    }
                }
                if let Some(enquiry) = a.enquiry {
                    assert_eq!(enquiries[&enquiry].appointment, Some(a.id));
                }
            }
            for e in &office.enquiries {
                assert!(e.owner.is_none_or(|owner| s.people.contains_key(&owner)));
                assert!(e.client.is_none_or(|client| clients.contains_key(&client)));
                assert_eq!(e.owner.is_none(), e.status == EnquiryStatus::New, "{}", e.subject);
                assert_eq!(e.appointment.is_some(), e.status == EnquiryStatus::Converted, "{}", e.subject);
                if let Some(a) = e.appointment {
                    assert_eq!(appointments[&a].enquiry, Some(e.id));
                    assert_eq!(appointments[&a].client, e.client, "{}", e.subject);
                }
                assert_eq!(e.routing.office, s.office.uai, "{} from {}", e.subject, e.requester.postal_code);
                assert!(e.received_at < demo.now && e.due_at > e.received_at);
                assert!(
                    e.requester.mail.is_some() || e.requester.phone.is_some(),
                    "nobody can answer {}",
                    e.subject
                );
                assert!(e.thread.is_sorted_by_key(|message| message.at), "{}", e.subject);
                assert!(e.thread.iter().all(|message| message.at <= demo.now), "{}", e.subject);
            }
            let today = demo.anchor;
            for c in &office.clients {
                assert_eq!(c.check(today), [], "{}", c.full_name());
            }
        }
    }
}

#[test]
fn the_day_shown_is_busy() {
    let demo = shown();
    let amiens = &demo.offices[0];
    let today: Vec<&Appointment> = amiens
        .appointments
        .iter()
        .filter(|a| a.start.with_timezone(&a.zone).date_naive() == demo.anchor)
        .collect();
    assert!((33..=45).contains(&today.len()), "{} meetings", today.len());
    for status in [
        Status::Held,
        Status::Booked,
        Status::Arrived,
        Status::Attended,
        Status::NoShow,
        Status::Excused,
        Status::Cancelled,
    ] {
        assert!(today.iter().any(|a| a.status == status), "no meeting is {status:?}");
    }
    let missing = today.iter().filter(|a| a.status == Status::Booked && a.end < demo.now).count();
    assert_eq!(missing, 1, "one meeting waits for its status");
    let waiting = today.iter().filter(|a| a.status == Status::Arrived && a.start > demo.now).count();
    assert_eq!(waiting, 1, "Mehdi Benali waits");
    let absences = amiens.settings.absences.values().filter(|x| x.start.date() == demo.anchor).count();
    assert_eq!(absences, 2);
    let duty =
        amiens.settings.openings.values().filter(|o| o.first_day == demo.anchor && o.label.is_some()).count();
    assert_eq!(duty, 1);
    let new =
        amiens.enquiries.iter().filter(|e| matches!(e.status, EnquiryStatus::New | EnquiryStatus::Claimed));
    assert_eq!(new.count(), 7);
    for weekday in 0..5 {
        let date = demo.anchor + chrono::Days::new(weekday);
        let on = |a: &&Appointment| a.start.with_timezone(&a.zone).date_naive() == date;
        assert!(amiens.appointments.iter().filter(on).count() >= 10, "{date} is empty");
    }
}

#[test]
fn in_the_evening_the_day_is_over() {
    let demo = at(23, 30);
    let amiens = &demo.offices[0];
    let today = |a: &&Appointment| a.start.with_timezone(&a.zone).date_naive() == demo.anchor;
    let of = |status| amiens.appointments.iter().filter(today).filter(|a| a.status == status).count();
    assert_eq!(
        (of(Status::Booked), of(Status::Held), of(Status::Arrived)),
        (1, 0, 0),
        "one status is missing"
    );
    assert_eq!(of(Status::Expired), 2);
    assert!(of(Status::Attended) > 25, "{}", of(Status::Attended));
}

#[test]
fn no_office_shows_a_question_twice_and_channels_are_mixed() {
    let demo = shown();
    for office in &demo.offices {
        let subjects: BTreeSet<&str> = office.enquiries.iter().map(|e| e.subject.as_str()).collect();
        assert_eq!(subjects.len(), office.enquiries.len(), "{}", office.key);
    }
    let share =
        |channel| demo.offices.iter().flat_map(|o| &o.enquiries).filter(|e| e.channel == channel).count();
    assert!((180..=240).contains(&share(Channel::Chat)), "{} chats", share(Channel::Chat));
    assert!((110..=180).contains(&share(Channel::Mail)), "{} mails", share(Channel::Mail));
    assert!(share(Channel::Phone) >= 20, "{} calls", share(Channel::Phone));
}

#[test]
fn every_home_is_placed() {
    for demo in demos().take(1) {
        for office in &demo.offices {
            let codes = office.clients.iter().filter_map(|c| c.postal_code.as_deref());
            for code in codes.chain(office.enquiries.iter().map(|e| e.requester.postal_code.as_str())) {
                assert!(Geography::load().locate(code).expect("well formed").is_some(), "{code} is nowhere");
            }
        }
        assert!(!demo.catchments.is_empty(), "a catchment rule is shown");
    }
}

/// The ranges that Arcep keeps for works of fiction.
fn is_fiction(phone: &str) -> bool {
    ["019900", "026191", "035301", "046571", "053649", "063998"]
        .iter()
        .any(|p| phone_digits(phone).starts_with(p))
}

#[test]
fn no_phone_and_no_mail_can_belong_to_anybody() {
    for office in &shown().offices {
        let guardians = || office.clients.iter().flat_map(|c| &c.guardians);
        let phones = (office.settings.office.phone.iter())
            .chain(office.clients.iter().filter_map(|c| c.phone.as_ref()))
            .chain(guardians().filter_map(|g| g.phone.as_ref()))
            .chain(office.enquiries.iter().filter_map(|e| e.requester.phone.as_ref()));
        for phone in phones {
            assert!(is_fiction(phone), "{phone} may ring somewhere");
        }
        let mails = (office.settings.office.mail.iter())
            .chain(office.clients.iter().filter_map(|c| c.mail.as_ref()))
            .chain(guardians().filter_map(|g| g.mail.as_ref()))
            .chain(office.enquiries.iter().filter_map(|e| e.requester.mail.as_ref()));
        for mail in mails {
            assert!(mail.ends_with("@example.fr") && mail.is_ascii(), "{mail} may reach somebody");
        }
        // Numbers typed inside a text are looked for too.
        for text in office.enquiries.iter().flat_map(|e| &e.thread).map(|message| &message.text) {
            let digits = text
                .split(|c: char| !c.is_ascii_digit() && c != ' ')
                .any(|run| phone_digits(run).len() >= 10);
            assert!(!digits, "a number in {text}");
        }
    }
}

#[test]
fn texts_are_clean() {
    let demo = shown();
    for office in &demo.offices {
        let labels = office.settings.absences.values().map(|a| &a.label);
        let sites = office.settings.sites.values().flat_map(|s| [&s.name, &s.address]);
        let subjects = office.enquiries.iter().map(|e| &e.subject);
        let messages = office.enquiries.iter().flat_map(|e| &e.thread).map(|message| &message.text);
        let names = office.clients.iter().flat_map(|c| [&c.family_name, &c.given_name]);
        for text in labels.chain(sites).chain(subjects).chain(messages).chain(names) {
            assert!(!text.contains("  "), "two spaces: {text}");
            assert!(!text.contains('\''), "a straight apostrophe: {text}");
            assert!(!text.contains(['{', '}']), "a pattern was not filled: {text}");
            assert!(!text.contains("de A") && !text.contains(" de É"), "a missing elision: {text}");
            assert_eq!(text.trim(), text);
            assert!(!text.is_empty());
        }
    }
}
