//! Enquiries: threads given to people of one office, from those that came this morning to those closed weeks ago.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, Duration, NaiveDate, Timelike, Utc};
use passerelle_catalogue::geography::Geography;
use passerelle_domain::appointment::{Appointment, Status};
use passerelle_domain::client::{ClientCategory, Relation};
use passerelle_domain::due::first_answer;
use passerelle_domain::enquiry::{Author, Channel, Enquiry, EnquiryStatus, Message, Origin, Requester};
use passerelle_domain::ids::PersonId;
use passerelle_domain::office::{OfficeSettings, instant};
use passerelle_domain::routing::{Catchment, OfficePoint, route};

use crate::clients::Somebody;
use crate::content::{Names, OfficeText, ThreadText, Voice};
use crate::ids::{id, reference};
use crate::random::Random;
use crate::settings::Keys;
use crate::text::{Words, apostrophes, ascii, french};

/// Where an enquiry stands, before it has dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stand {
    New,
    Claimed,
    WaitingClient,
    WaitingInternal,
    Snoozed,
    Converted,
    Answered,
    Closed,
}

/// A thread, where it stands, and the client that it belongs to where the office knows one.
#[derive(Debug, Clone)]
pub(crate) struct Draft {
    pub thread: ThreadText,
    pub stand: Stand,
    pub client: Option<usize>,
}

/// Which enquiries of an office stand where: out of every `total`, the first are new.
pub(crate) fn stands(total: usize) -> Vec<Stand> {
    let shares = if total >= 60 {
        [
            (Stand::New, 6),
            (Stand::Claimed, 1),
            (Stand::WaitingClient, 8),
            (Stand::WaitingInternal, 2),
            (Stand::Snoozed, 2),
        ]
    } else {
        [
            (Stand::New, 4),
            (Stand::Claimed, 1),
            (Stand::WaitingClient, 3),
            (Stand::WaitingInternal, 1),
            (Stand::Snoozed, 1),
        ]
    };
    let mut stands: Vec<Stand> = shares.iter().flat_map(|(stand, times)| vec![*stand; *times]).collect();
    let rest = total.saturating_sub(stands.len());
    for n in 0..rest {
        stands.push(match n * 20 / rest.max(1) {
            0..=8 => Stand::Converted,
            9..=14 => Stand::Answered,
            _ => Stand::Closed,
        });
    }
    stands
}

/// Makes the enquiries of one office.
pub(crate) struct Writing<'a> {
    pub text: &'a OfficeText,
    pub settings: &'a OfficeSettings,
    pub keys: &'a Keys,
    pub names: &'a Names,
    pub answers: &'a BTreeMap<&'static str, Vec<&'static str>>,
    pub offices: &'a [OfficePoint],
    pub catchments: &'a [Catchment],
    pub now: DateTime<Utc>,
    pub random: Random,
}

impl Writing<'_> {
    /// The enquiries of these drafts; converted ones are linked with an appointment of their client, both ways.
    pub(crate) fn write(
        &mut self,
        drafts: &[Draft],
        clients: &[Somebody],
        appointments: &mut [Appointment],
    ) -> Vec<Enquiry> {
        let mut taken = BTreeSet::new();
        let mut enquiries: Vec<Enquiry> = drafts
            .iter()
            .enumerate()
            .map(|(number, draft)| self.enquiry(number, draft, clients, appointments, &mut taken))
            .collect();
        enquiries.sort_by_key(|enquiry| (enquiry.received_at, enquiry.id));
        enquiries
    }

    fn enquiry(
        &mut self,
        number: usize,
        draft: &Draft,
        clients: &[Somebody],
        appointments: &mut [Appointment],
        taken: &mut BTreeSet<usize>,
    ) -> Enquiry {
        let path = format!(
            "{}/enquiry/{}/{number}",
            self.text.key,
            self.now.with_timezone(&self.settings.office.zone).date_naive()
        );
        let thread = &draft.thread;
        let somebody = draft.client.and_then(|at| clients.get(at));
        // A thread that led to a meeting needs one; without, it was simply answered.
        let booked = somebody.filter(|_| draft.stand == Stand::Converted).and_then(|somebody| {
            appointments.iter().enumerate().position(|(at, a)| {
                let stands =
                    matches!(a.status, Status::Booked | Status::Attended | Status::Arrived | Status::Held);
                stands && a.client == Some(somebody.client.id) && a.enquiry.is_none() && !taken.contains(&at)
            })
        });
        let stand = match (draft.stand, booked) {
            (Stand::Converted, None) => Stand::Answered,
            (stand, _) => stand,
        };
        let made =
            booked.and_then(|at| appointments.get(at)).and_then(|a| a.history.first()).map(|entry| entry.at);
        let received_at = self.received_at(number, stand, thread, made);
        let (requester, words) = self.requester(thread, somebody);
        let owner = self.owner(stand, booked.and_then(|at| appointments.get(at)));
        let author = match thread.channel {
            Channel::Chat => short(&requester.name),
            _ => requester.name.clone(),
        };
        let origin = if thread.channel == Channel::WalkIn { Origin::Office } else { Origin::Online };
        let mut messages = self.messages(&path, thread, &words, &author, received_at, origin);
        self.follow(&path, stand, &words, &author, owner, made, &mut messages);

        let position =
            Geography::load().locate(&requester.postal_code).ok().flatten().map(|place| place.position);
        let routing = route(&requester.postal_code, position, self.offices, self.catchments, None);
        let routing = routing.unwrap_or(passerelle_domain::enquiry::Routing {
            office: self.settings.office.uai.clone(),
            distance_km: None,
            reason: passerelle_domain::enquiry::RoutingReason::Chosen,
        });
        let enquiry = Enquiry {
            id: id(&path),
            reference: reference(&path),
            channel: thread.channel,
            origin,
            received_at,
            subject: french(&thread.subject),
            requester,
            consent: true,
            sensitive: thread.sensitive,
            thread: messages,
            status: match stand {
                Stand::New => EnquiryStatus::New,
                Stand::Claimed => EnquiryStatus::Claimed,
                Stand::WaitingClient => EnquiryStatus::WaitingClient,
                Stand::WaitingInternal => EnquiryStatus::WaitingInternal,
                Stand::Snoozed => EnquiryStatus::Snoozed { until: self.now + Duration::days(3) },
                Stand::Converted => EnquiryStatus::Converted,
                Stand::Answered => EnquiryStatus::Answered,
                Stand::Closed => EnquiryStatus::Closed,
            },
            owner,
            claimed_at_desk: None,
            claimed_at: owner
                .map(|_| (received_at + Duration::minutes(50)).min(self.now - Duration::minutes(4))),
            due_at: first_answer(self.settings, thread.channel, received_at),
            client: somebody.map(|somebody| somebody.client.id),
            appointment: booked.and_then(|at| appointments.get(at)).map(|a| a.id),
            closing: None,
            pins: Vec::new(),
            routing,
            merge: None,
        };
        if let Some((at, a)) = booked.and_then(|at| Some((at, appointments.get_mut(at)?))) {
            a.enquiry = Some(enquiry.id);
            taken.insert(at);
        }
        enquiry
    }

    /// When it came: what is new came since yesterday evening, what waits some days ago, what is done before that.
    fn received_at(
        &mut self,
        number: usize,
        stand: Stand,
        thread: &ThreadText,
        made: Option<DateTime<Utc>>,
    ) -> DateTime<Utc> {
        let minutes = |random: &mut Random, low, high| Duration::minutes(random.between(low, high));
        let random = &mut self.random;
        match (stand, made) {
            // One chat last evening, the others this morning since half past eight.
            (Stand::New | Stand::Claimed, _) if number == 0 => self.now - minutes(random, 15 * 60, 16 * 60),
            (Stand::New | Stand::Claimed, _) => self.now - minutes(random, 8, 105),
            (Stand::Converted, Some(made)) => {
                let day = made - Duration::days(random.between(1, 3));
                self.at_an_hour(day, thread).min(made - Duration::hours(1))
            }
            (Stand::WaitingClient | Stand::WaitingInternal | Stand::Snoozed, _) => {
                let day = self.now - Duration::days(random.between(2, 9));
                self.at_an_hour(day, thread)
            }
            _ => {
                let day = self.now - Duration::days(random.between(10, 75));
                self.at_an_hour(day, thread)
            }
        }
    }

    /// People chat in the evening and on Sundays, call when the line is open, come when the door is.
    fn at_an_hour(&mut self, day: DateTime<Utc>, thread: &ThreadText) -> DateTime<Utc> {
        let zone = self.settings.office.zone;
        let mut date = day.with_timezone(&zone).date_naive();
        let online = matches!(thread.channel, Channel::Chat | Channel::Mail);
        let evening = thread.lines.first().is_some_and(|(_, text)| text.to_lowercase().contains("bonsoir"));
        while !online && date.weekday().number_from_monday() > 5 {
            date = date - Days::new(1);
        }
        let (low, high) = match (online, evening) {
            (true, true) => (18 * 60 + 20, 21 * 60 + 40),
            (true, false) => (8 * 60, 18 * 60 + 30),
            (false, _) => (8 * 60 + 40, 17 * 60),
        };
        let minutes = self.random.between(low, high);
        instant(date.and_hms_opt(0, 0, 0).unwrap_or_default() + Duration::minutes(minutes), zone)
            .unwrap_or(day)
    }

    /// That moment if somebody is at work then, else the next morning of a working day.
    fn in_hours(&mut self, at: DateTime<Utc>) -> DateTime<Utc> {
        let zone = self.settings.office.zone;
        let local = at.with_timezone(&zone).naive_local();
        if (9..17).contains(&local.hour()) && working_day(self.settings, local.date()) == local.date() {
            return at;
        }
        let tomorrow = if local.hour() < 9 { local.date() } else { local.date() + Days::new(1) };
        let minutes = self.random.between(9 * 60, 11 * 60 + 30);
        let morning = working_day(self.settings, tomorrow).and_hms_opt(0, 0, 0).unwrap_or_default();
        instant(morning + Duration::minutes(minutes), zone).unwrap_or(at)
    }

    fn requester(&mut self, thread: &ThreadText, somebody: Option<&Somebody>) -> (Requester, Words) {
        let feminine =
            somebody.map(|s| s.feminine).or(thread.feminine).unwrap_or_else(|| self.random.percent(50));
        let girl_or_boy = if feminine { "girls" } else { "boys" };
        let given_name = match somebody {
            Some(somebody) => somebody.client.given_name.clone(),
            None => self.random.pick(self.names.of(girl_or_boy)),
        };
        let family = match somebody {
            Some(somebody) => somebody.client.family_name.clone(),
            None => apostrophes(&self.random.pick(self.names.of("families"))),
        };
        let guardian = somebody
            .and_then(|s| s.client.guardians.iter().find(|guardian| guardian.relation == thread.relation));
        let writer_feminine = match thread.relation {
            Relation::Own => feminine,
            _ => thread.writer_feminine.unwrap_or_else(|| self.random.percent(60)),
        };
        let name = match (thread.relation, guardian) {
            (Relation::Own, _) => format!("{given_name} {family}"),
            (_, Some(guardian)) => format!("{} {}", guardian.given_name, guardian.family_name),
            (relation, None) => {
                let given =
                    self.random.pick(self.names.of(if writer_feminine { "mothers" } else { "fathers" }));
                let other = apostrophes(&self.random.pick(self.names.of("families")));
                format!("{given} {}", if relation == Relation::Other { &other } else { &family })
            }
        };
        let postal_code = somebody
            .and_then(|s| s.client.postal_code.clone())
            .unwrap_or_else(|| self.random.pick(&self.text.postal_codes));
        let town = Geography::load().locate(&postal_code).ok().flatten();
        let town = town.and_then(|place| Some(place.communes.first()?.name)).unwrap_or(&self.text.town);
        let known = |mail: Option<&String>, phone: Option<&String>| (mail.cloned(), phone.cloned());
        let (mail, phone) = match (thread.relation, somebody, guardian) {
            (Relation::Own, Some(s), _) => known(s.client.mail.as_ref(), s.client.phone.as_ref()),
            (_, _, Some(guardian)) => known(guardian.mail.as_ref(), guardian.phone.as_ref()),
            _ => (None, None),
        };
        let address = || format!("{}@example.fr", ascii(&name).replacen('-', ".", 1));
        // There is always one way to answer: the one by which they came, at least.
        let by_phone = matches!(thread.channel, Channel::Phone | Channel::WalkIn);
        let mail = mail.or_else(|| (!by_phone || self.random.percent(30)).then(address));
        let phone = phone.or_else(|| (by_phone || self.random.percent(35)).then(|| self.phone()));
        let high_school = apostrophes(&self.random.pick(&self.text.schools));
        let middle_school = apostrophes(&self.random.pick(&self.text.middle_schools));
        let school = somebody.and_then(|s| s.client.school.clone()).or(match thread.category {
            ClientCategory::MiddleSchool => Some(middle_school.clone()),
            ClientCategory::HighSchool => Some(high_school.clone()),
            _ => None,
        });
        let words = Words {
            middle_school: school.clone().filter(|s| s.starts_with("Collège")).unwrap_or(middle_school),
            high_school: school.clone().filter(|s| s.starts_with("Lycée")).unwrap_or(high_school),
            given_name: given_name.clone(),
            feminine,
            writer: name.clone(),
            writer_feminine,
            town: town.to_owned(),
        };
        let requester = Requester {
            name,
            relation: thread.relation,
            about: (thread.relation != Relation::Own).then_some(given_name),
            mail,
            phone,
            category: Some(thread.category),
            class_level: thread.class_level.as_deref().map(apostrophes),
            school,
            postal_code,
        };
        (requester, words)
    }

    fn phone(&mut self) -> String {
        let number = self.random.below(10_000);
        format!("06 39 98 {:02} {:02}", number / 100, number % 100)
    }

    fn owner(&mut self, stand: Stand, appointment: Option<&Appointment>) -> Option<PersonId> {
        match stand {
            Stand::New => None,
            Stand::Claimed => self.keys.receptionists.first().copied(),
            Stand::Converted => appointment.map(|a| a.counsellor),
            _ => {
                let at = self.random.below(self.keys.counsellors.len() + 1);
                // Reception answers one in seven itself.
                self.keys.counsellors.get(at).or(self.keys.receptionists.first()).copied()
            }
        }
    }

    fn messages(
        &mut self,
        path: &str,
        thread: &ThreadText,
        words: &Words,
        author: &str,
        received_at: DateTime<Utc>,
        origin: Origin,
    ) -> Vec<Message> {
        // A chat took place before it was handed over: its last line is the arrival.
        let pauses: Vec<i64> = thread.lines.iter().skip(1).map(|_| self.random.between(1, 5)).collect();
        let mut at = received_at - Duration::minutes(pauses.iter().sum());
        let mut pauses = pauses.into_iter();
        thread
            .lines
            .iter()
            .enumerate()
            .map(|(number, (voice, pattern))| {
                let text = words.fill(pattern);
                let (author, text) = match voice {
                    // Young people type as they type: their spaces are left alone.
                    Voice::Family if thread.channel == Channel::Chat => {
                        (Author::Family { name: author.to_owned() }, apostrophes(&text))
                    }
                    Voice::Family => (Author::Family { name: author.to_owned() }, french(&text)),
                    Voice::Note if origin == Origin::Office => match self.keys.receptionists.first() {
                        Some(&person) => (Author::Staff { person }, french(&text)),
                        None => (Author::OnlineService, french(&text)),
                    },
                    Voice::Service | Voice::Note => (Author::OnlineService, french(&text)),
                };
                let message = Message {
                    id: id(&format!("{path}/message/{number}")),
                    at,
                    author,
                    text,
                    internal: false,
                    proposed: Vec::new(),
                    withdrawn_at: None,
                };
                at += Duration::minutes(pauses.next().unwrap_or(0));
                message
            })
            .collect()
    }

    /// What the office wrote afterwards.
    #[expect(clippy::too_many_arguments, reason = "all of them are what a message is made of")]
    fn follow(
        &mut self,
        path: &str,
        stand: Stand,
        words: &Words,
        author: &str,
        owner: Option<PersonId>,
        made: Option<DateTime<Utc>>,
        messages: &mut Vec<Message>,
    ) {
        let Some(person) = owner else { return };
        let Some(last) = messages.last().map(|message| message.at) else { return };
        let signature = self.settings.people.get(&person).map(passerelle_domain::people::Person::short_name);
        let given = words.writer.split(' ').next().unwrap_or_default().to_owned();
        let mut add = |writing: &mut Self, section: &str, hours: i64, author: Author, internal: bool| {
            let pattern =
                writing.answers.get(section).map(|texts| writing.random.pick(texts)).unwrap_or_default();
            let text =
                pattern.replace("{a_qui}", &given).replace("{signature}", signature.as_deref().unwrap_or(""));
            let at = match (section, made) {
                ("converted", Some(made)) => made,
                // The family writes at any hour, the office when it is open.
                ("thanks", _) => last + Duration::hours(hours),
                _ => writing.in_hours(last + Duration::hours(hours)),
            };
            // One message follows the other, and none is written after now.
            let before = messages.last().map_or(last, |message| message.at);
            let at =
                at.max(before + Duration::minutes(7)).min(writing.now - Duration::minutes(3)).max(before);
            let number = messages.len();
            messages.push(Message {
                id: id(&format!("{path}/message/{number}")),
                at,
                author,
                text: french(&text),
                internal,
                proposed: Vec::new(),
                withdrawn_at: None,
            });
        };
        let staff = || Author::Staff { person };
        let family = || Author::Family { name: author.to_owned() };
        match stand {
            Stand::New | Stand::Claimed => {}
            Stand::WaitingClient => add(self, "proposal", 3, staff(), false),
            Stand::WaitingInternal | Stand::Snoozed => add(self, "internal", 2, staff(), true),
            Stand::Converted => add(self, "converted", 4, staff(), false),
            Stand::Answered => add(self, "answer", 5, staff(), false),
            Stand::Closed => {
                if self.random.percent(40) {
                    add(self, "internal", 2, staff(), true);
                }
                add(self, "answer", 5, staff(), false);
                if self.random.percent(65) {
                    add(self, "thanks", 26, family(), false);
                }
            }
        }
    }
}

/// "Inès Benchekroun" is "Inès B." in a chat.
fn short(name: &str) -> String {
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
    match family.chars().next() {
        Some(initial) => format!("{given} {initial}."),
        None => given.to_owned(),
    }
}

/// The weekday on which the office is looked at: the anchor, or the next working day.
pub(crate) fn working_day(settings: &OfficeSettings, anchor: NaiveDate) -> NaiveDate {
    let works = |day: &NaiveDate| {
        day.weekday().number_from_monday() <= 5 && !passerelle_domain::due::is_closed(settings, *day)
    };
    anchor.iter_days().take(15).find(works).unwrap_or(anchor)
}
