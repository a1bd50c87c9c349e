//! What is done with enquiries.

use chrono::{DateTime, Duration, Utc};
use passerelle_domain::client::Relation;
use passerelle_domain::command::{Answer, Book, Command, OpenEnquiry};
use passerelle_domain::enquiry::{Author, Channel, Closing, Message, Requester};
use passerelle_domain::ids::{AppointmentId, ClientId, EnquiryId, KindId, MessageId};
use serde::Deserialize;
use uuid::Uuid;

use super::IdArgs;
use super::act::{self, Subject, civil, id, optional_id, place};
use super::dto::{ApiError, Done, SlotChoice};
use crate::desk::Desk;

fn about(which: EnquiryId) -> Subject {
    Subject { id: Some(which.to_string()), ..Subject::default() }
}

async fn one(
    desk: &Desk,
    text: &str,
    undoable: bool,
    command: impl FnOnce(EnquiryId) -> Command,
) -> Result<Done, ApiError> {
    let which: EnquiryId = id(text, "enquiry")?;
    act::run(desk, vec![command(which)], undoable, about(which)).await
}

/// Arguments of `enquiries.claim`.
#[derive(Debug, Clone, Deserialize)]
pub struct ClaimArgs {
    /// Enquiry id.
    pub id: String,
    /// Take it over from a colleague.
    #[serde(default)]
    pub take_over: bool,
}

/// `enquiries.claim`.
///
/// # Errors
/// `enquiry_claimed` with who has it; the database's.
pub async fn claim(desk: &Desk, args: ClaimArgs) -> Result<Done, ApiError> {
    // Opening claims: that is no step that a person would look for among those to take back; taking over is.
    one(desk, &args.id, args.take_over, |id| Command::ClaimEnquiry { id, take_over: args.take_over }).await
}

/// `enquiries.release`.
///
/// # Errors
/// A refusal, or the database's.
pub async fn release(desk: &Desk, args: IdArgs) -> Result<Done, ApiError> {
    one(desk, &args.id, true, |id| Command::ReleaseEnquiry { id }).await
}

/// Arguments of `enquiries.close`.
#[derive(Debug, Clone, Deserialize)]
pub struct CloseArgs {
    /// Enquiry id.
    pub id: String,
    /// How it ended for somebody who stood at the counter.
    #[serde(default)]
    pub how: Option<Closing>,
}

/// `enquiries.close`.
///
/// # Errors
/// A refusal, or the database's.
pub async fn close(desk: &Desk, args: CloseArgs) -> Result<Done, ApiError> {
    one(desk, &args.id, true, |id| Command::CloseEnquiry { id, how: args.how }).await
}

/// `enquiries.reopen`.
///
/// # Errors
/// A refusal, or the database's.
pub async fn reopen(desk: &Desk, args: IdArgs) -> Result<Done, ApiError> {
    one(desk, &args.id, true, |id| Command::ReopenEnquiry { id }).await
}

/// Arguments of `enquiries.snooze`.
#[derive(Debug, Clone, Deserialize)]
pub struct SnoozeArgs {
    /// Enquiry id.
    pub id: String,
    /// It comes back then.
    pub until: DateTime<Utc>,
}

/// `enquiries.snooze`.
///
/// # Errors
/// A refusal, or the database's.
pub async fn snooze(desk: &Desk, args: SnoozeArgs) -> Result<Done, ApiError> {
    one(desk, &args.id, true, |id| Command::SnoozeEnquiry { id, until: args.until }).await
}

/// Arguments of `enquiries.merge`.
#[derive(Debug, Clone, Deserialize)]
pub struct MergeArgs {
    /// The one that ends.
    pub id: String,
    /// The one that goes on.
    pub into: String,
}

/// `enquiries.merge`.
///
/// # Errors
/// A refusal, or the database's.
pub async fn merge(desk: &Desk, args: MergeArgs) -> Result<Done, ApiError> {
    let into: EnquiryId = id(&args.into, "enquiry")?;
    one(desk, &args.id, true, |id| Command::MergeEnquiry { id, into }).await
}

/// Arguments of `enquiries.identify`.
#[derive(Debug, Clone, Deserialize)]
pub struct IdentifyArgs {
    /// Enquiry id.
    pub id: String,
    /// Client id.
    pub client: String,
}

/// `enquiries.identify`.
///
/// # Errors
/// A refusal, or the database's.
pub async fn identify(desk: &Desk, args: IdentifyArgs) -> Result<Done, ApiError> {
    let client: ClientId = id(&args.client, "client")?;
    one(desk, &args.id, true, |id| Command::IdentifyClient { id, client }).await
}

/// Arguments of `enquiries.note`.
#[derive(Debug, Clone, Deserialize)]
pub struct NoteArgs {
    /// Enquiry id.
    pub id: String,
    /// What it says.
    pub text: String,
}

/// `enquiries.note`.
///
/// # Errors
/// A refusal, or the database's.
pub async fn note(desk: &Desk, args: NoteArgs) -> Result<Done, ApiError> {
    let message = MessageId(Uuid::now_v7());
    one(desk, &args.id, true, |id| Command::NoteEnquiry { id, message, text: args.text }).await
}

/// Arguments of `enquiries.answer`.
#[derive(Debug, Clone, Deserialize)]
pub struct AnswerArgs {
    /// Enquiry id.
    pub id: String,
    /// What the family reads.
    pub text: String,
    /// Slots to hold and to propose.
    #[serde(default)]
    pub proposals: Vec<SlotChoice>,
    /// Kind of the proposed meetings; the first one when absent.
    #[serde(default)]
    pub kind: Option<String>,
    /// An answer of the family is expected; by default when slots are proposed.
    #[serde(default)]
    pub expects_reply: Option<bool>,
}

/// `enquiries.answer`: the slots are held and the answer written in one transaction; one slot that is taken refuses all.
///
/// # Errors
/// A refusal with alternatives, or the database's.
pub async fn answer(desk: &Desk, args: AnswerArgs) -> Result<Done, ApiError> {
    let which: EnquiryId = id(&args.id, "enquiry")?;
    let settings = act::settings(desk).await?;
    let kind = match optional_id::<KindId>(args.kind.as_deref(), "kind")? {
        Some(kind) => settings.kinds.get(&kind),
        None => {
            settings.kinds.values().filter(|k| k.active && k.capacity == 1).min_by_key(|k| (k.rank, k.id))
        }
    };
    let client = desk.store().enquiry(which).await?.and_then(|e| e.client);
    let mut commands = Vec::new();
    let mut subject = about(which);
    let mut proposed = Vec::new();
    for slot in &args.proposals {
        let kind = kind.ok_or_else(|| ApiError::not_found("kind"))?;
        let (counsellor, site) = (id(&slot.counsellor, "counsellor")?, Some(id(&slot.site, "site")?));
        let place = place(&settings, (counsellor, None), civil(&slot.local)?, site, None, kind.duration_min)?;
        let held = AppointmentId(Uuid::now_v7());
        if subject.wanted.is_none() {
            let start = passerelle_domain::office::instant(place.start, place.zone);
            subject.wanted = start.ok().map(|start| passerelle_domain::availability::Wanted {
                kind: kind.id,
                counsellor,
                second: None,
                site: place.site,
                start,
                minutes: place.minutes,
                room: None,
                client,
                moving: None,
            });
        }
        commands.push(Command::Hold(Book {
            id: held,
            kind: kind.id,
            place,
            client: None,
            companions: Vec::new(),
            enquiry: Some(which),
            waiting: None,
            held_until: Some(desk.now() + Duration::minutes(i64::from(settings.office.hold_min))),
            override_reason: None,
        }));
        proposed.push(held);
    }
    let expects_reply = args.expects_reply.unwrap_or(!proposed.is_empty());
    let message = MessageId(Uuid::now_v7());
    commands.push(Command::AnswerEnquiry(Answer {
        id: which,
        message,
        text: args.text,
        proposed,
        expects_reply,
    }));
    let done = act::run(desk, commands, true, subject).await?;
    // The answer is written: a draft that stays behind is no reason to say that it was not, and to have it sent twice.
    if let Err(e) = desk.store().set_draft(&format!("answer:{which}"), "", desk.now()).await {
        tracing::warn!(code = e.code(), "the draft of an answer could not be removed");
    }
    Ok(done)
}

/// Arguments of `enquiries.open`.
#[derive(Debug, Clone, Deserialize)]
pub struct OpenArgs {
    /// phone or walk_in.
    pub channel: Channel,
    /// First words.
    pub subject: String,
    /// What was said.
    pub text: String,
    /// Who asks.
    pub name: String,
    /// What they are to the young person.
    pub relation: Relation,
    /// Home.
    #[serde(default)]
    pub postal_code: String,
    /// Phone.
    #[serde(default)]
    pub phone: Option<String>,
    /// Mail.
    #[serde(default)]
    pub mail: Option<String>,
    /// Class in words.
    #[serde(default)]
    pub class_level: Option<String>,
    /// Client id, when known.
    #[serde(default)]
    pub client: Option<String>,
    /// Hide it from reception.
    #[serde(default)]
    pub sensitive: bool,
}

/// Letters and digits that nobody confuses on the phone.
const ALPHABET: &[u8; 31] = b"23456789ABCDEFGHJKLMNPQRSTUVWXY";

/// A short reference from an id: readable on the phone, unique enough within one office.
pub(super) fn reference(id: Uuid) -> String {
    let mut n = id.as_u128();
    let mut out = String::from("L-");
    for _ in 0..6 {
        out.push(char::from(ALPHABET[(n % 31) as usize]));
        n /= 31;
    }
    out
}

/// `enquiries.open`: a question by phone or at the counter.
///
/// # Errors
/// Wrong fields, or the database's.
pub async fn open(desk: &Desk, args: OpenArgs) -> Result<Done, ApiError> {
    let which = EnquiryId(Uuid::now_v7());
    let some = |t: Option<String>| t.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
    let message = Message {
        id: MessageId(Uuid::now_v7()),
        at: desk.now(),
        author: Author::Family { name: args.name.clone() },
        text: args.text,
        internal: false,
        proposed: Vec::new(),
        withdrawn_at: None,
    };
    let requester = Requester {
        name: args.name,
        relation: args.relation,
        about: None,
        mail: some(args.mail),
        phone: some(args.phone),
        category: None,
        class_level: some(args.class_level),
        school: None,
        postal_code: args.postal_code,
    };
    let open = OpenEnquiry {
        id: which,
        reference: reference(which.0),
        channel: args.channel,
        subject: args.subject,
        requester,
        message,
        sensitive: args.sensitive,
        client: optional_id(args.client.as_deref(), "client")?,
    };
    act::run(desk, vec![Command::OpenEnquiry(Box::new(open))], true, about(which)).await
}
