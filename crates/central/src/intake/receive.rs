//! Receives a checked enquiry: routing, due time and reference are said once, in the transaction that writes it.

use chrono::{DateTime, Utc};
use passerelle_catalogue::geography::Geography;
use passerelle_domain::enquiry::{Author, Enquiry, EnquiryStatus, Message, Origin, Requester, Routing};
use passerelle_domain::ids::{EnquiryId, MessageId};
use passerelle_domain::people::Actor;
use passerelle_domain::routing::{OfficePoint, route};
use passerelle_domain::{Command, Refusal, due};
use passerelle_protocol::intake::{EnquiryReceipt, NewAuthor, NewEnquiry};
use passerelle_protocol::sync::{DirectoryOffice, office_scope};
use serde::Serialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::reference;
use crate::arbitration;
use crate::secret::{self, NoRandomness};
use crate::service::Service;
use crate::store::{self, Answered, Feed, Passing, StoreError, Tx, again};

/// Characters of a subject that is taken from the first message.
const SUBJECT_FROM_TEXT: usize = 80;
/// Attempts to find a free reference.
const REFERENCE_ATTEMPTS: usize = 10;

/// An enquiry that is now at its office.
#[derive(Debug)]
pub struct Received {
    /// What the family gets.
    pub receipt: EnquiryReceipt,
    /// False when the same content came with the same key before.
    pub new: bool,
}

/// Why an enquiry was not received.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The key was used for other content.
    #[error("the idempotency key was used for other content")]
    KeyInUse,
    /// Nobody knows where the home is.
    #[error("the postal code is not known")]
    UnknownPostalCode,
    /// No office is there to receive it.
    #[error("no office receives enquiries")]
    NoOffice,
    /// The rules refuse it.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// No randomness for a reference.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The store could not do its work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Passing for IntakeError {
    fn passes(&self) -> bool {
        matches!(self, Self::Store(error) if error.passes())
    }
}

fn unreadable(why: &serde_json::Error) -> StoreError {
    StoreError::Document { entity: "idempotency".into(), id: String::new(), why: why.to_string() }
}

fn json(what: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(what).map_err(|e| unreadable(&e))
}

/// Receives an enquiry once for each key.
///
/// # Errors
/// [`IntakeError`]; then nothing was written.
pub async fn receive(service: &Service, key: &str, new: &NewEnquiry) -> Result<Received, IntakeError> {
    let body_hash = secret::hex(&Sha256::digest(json(new)?));
    again(|| once(service, key, new, &body_hash)).await
}

/// One attempt.
async fn once(
    service: &Service,
    key: &str,
    new: &NewEnquiry,
    body_hash: &str,
) -> Result<Received, IntakeError> {
    let now = service.now();
    let mut tx = service.store.write().await?;
    if let Some(before) = before(&mut tx, key, body_hash).await? {
        return Ok(before);
    }
    let (routing, office) = choose(&mut tx, &new.requester.postal_code).await?;
    let scope = office_scope(&office.uai);
    let mut feed = Feed::lock(&mut tx, &scope).await?.ok_or(IntakeError::NoOffice)?;
    // Again under the lock: of two requests with one key the second finds the answer of the first. When they go to
    // different offices the database refuses the second key, and the next attempt finds it.
    if let Some(before) = before(&mut tx, key, body_hash).await? {
        return Ok(before);
    }
    let settings = service.store.settings(&mut tx, &office.uai).await?.ok_or(IntakeError::NoOffice)?;
    let due_at = due::first_answer(&settings, new.channel, now);
    let reference = free_reference(&mut tx, &office.town).await?;
    let enquiry = enquiry(new, reference, routing, due_at, now);
    let receipt = EnquiryReceipt {
        id: enquiry.id,
        reference: enquiry.reference.clone(),
        office: office.uai.clone(),
        office_name: office.name,
        distance_km: enquiry.routing.distance_km,
        due_at,
        link: link(service, &enquiry),
    };
    let id = enquiry.id;
    let command = Command::ReceiveEnquiry(Box::new(enquiry));
    let done = arbitration::execute(&mut tx, &mut feed, &settings, &command, &Actor::System, now).await?;
    done.map_err(IntakeError::Refused)?;
    // Another office may have given the same reference to somebody at this very moment.
    if tx.enquiry_by_reference(&receipt.reference).await? != Some((scope, id.to_string())) {
        return Err(StoreError::Busy.into());
    }
    let answer = Answered { body_hash: body_hash.to_owned(), response: json(&receipt)? };
    tx.keep_answer(key, &answer, now).await?;
    service.commit(tx, &feed).await?;
    tracing::info!(office = %office.uai, enquiry = %id, channel = new.channel.key(), "enquiry received");
    Ok(Received { receipt, new: true })
}

/// What was answered to this key before.
async fn before(tx: &mut Tx, key: &str, body_hash: &str) -> Result<Option<Received>, IntakeError> {
    let Some(before) = tx.answered(key).await? else { return Ok(None) };
    if before.body_hash != body_hash {
        return Err(IntakeError::KeyInUse);
    }
    let receipt = serde_json::from_str(&before.response).map_err(|e| unreadable(&e))?;
    Ok(Some(Received { receipt, new: false }))
}

/// The path of the family's own view.
fn link(service: &Service, enquiry: &Enquiry) -> String {
    let key = secret::family_key(&service.store.meta.family_secret, &enquiry.id.to_string());
    format!("/v1/enquiries/{}-{key}", enquiry.reference)
}

/// The office that receives an enquiry from this home: the catchment's, else the nearest. A home that cannot be placed
/// is an error, not a guess: the family can correct its postal code, an office far away cannot.
async fn choose(tx: &mut Tx, postal_code: &str) -> Result<(Routing, DirectoryOffice), IntakeError> {
    let catchment = store::catchment(tx, postal_code).await?;
    let home = Geography::load().locate(postal_code).ok().flatten().map(|l| l.position);
    if catchment.is_none() && home.is_none() {
        return Err(IntakeError::UnknownPostalCode);
    }
    let offices = store::directory(tx).await?;
    let points: Vec<OfficePoint> = offices
        .iter()
        .map(|o| OfficePoint { uai: o.uai.clone(), name: o.name.clone(), position: o.position })
        .collect();
    let mut routing =
        route(postal_code, home, &points, catchment.as_slice(), None).ok_or(IntakeError::NoOffice)?;
    // Postal areas are kilometres wide: more digits would say more than is known.
    routing.distance_km = routing.distance_km.map(|km| (km * 10.0).round() / 10.0);
    let office = offices.into_iter().find(|o| o.uai == routing.office).ok_or(IntakeError::NoOffice)?;
    Ok((routing, office))
}

async fn free_reference(tx: &mut Tx, town: &str) -> Result<String, IntakeError> {
    for _ in 0..REFERENCE_ATTEMPTS {
        let reference = reference::new(town)?;
        if tx.reference_is_free(&reference).await? {
            return Ok(reference);
        }
    }
    Err(NoRandomness.into())
}

fn enquiry(
    new: &NewEnquiry,
    reference: String,
    routing: Routing,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Enquiry {
    let r = &new.requester;
    let thread: Vec<Message> = new
        .messages
        .iter()
        .map(|m| Message {
            id: MessageId(Uuid::now_v7()),
            // A message cannot have been written after it arrived, whatever the sender's clock says.
            at: m.at.map_or(now, |at| at.min(now)),
            author: match m.from {
                NewAuthor::Family => Author::Family { name: r.name.clone() },
                NewAuthor::OnlineService => Author::OnlineService,
            },
            text: m.text.clone(),
            internal: false,
            proposed: Vec::new(),
            withdrawn_at: None,
        })
        .collect();
    let subject = new.subject.clone().unwrap_or_else(|| {
        let family = new.messages.iter().find(|m| m.from == NewAuthor::Family).or(new.messages.first());
        first_words(family.map_or("", |m| &m.text))
    });
    Enquiry {
        id: EnquiryId(Uuid::now_v7()),
        reference,
        channel: new.channel,
        origin: Origin::Online,
        received_at: now,
        subject,
        requester: Requester {
            name: r.name.clone(),
            relation: r.relation,
            about: r.about.clone(),
            mail: r.mail.clone(),
            phone: r.phone.clone(),
            category: r.category,
            class_level: r.class_level.clone(),
            school: r.school.clone(),
            postal_code: r.postal_code.clone(),
        },
        consent: true,
        sensitive: new.sensitive,
        thread,
        status: EnquiryStatus::New,
        owner: None,
        claimed_at_desk: None,
        claimed_at: None,
        due_at,
        client: None,
        appointment: None,
        closing: None,
        pins: Vec::new(),
        routing,
        merge: None,
    }
}

/// The first line of a text, cut after a word when it is long.
fn first_words(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default().trim();
    if line.chars().count() <= SUBJECT_FROM_TEXT {
        return line.to_owned();
    }
    let cut: String = line.chars().take(SUBJECT_FROM_TEXT).collect();
    let words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{}…", words.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_the_first_words_of_the_question() {
        assert_eq!(first_words("Bonjour\nje voudrais"), "Bonjour");
        let long =
            "Je suis en terminale et je voudrais savoir comment on devient sage-femme après le bac, merci";
        let subject = first_words(long);
        assert!(subject.ends_with('…') && subject.chars().count() <= SUBJECT_FROM_TEXT + 1, "{subject}");
        assert!(long.starts_with(subject.trim_end_matches('…')), "{subject} is a beginning");
        assert_eq!(first_words(&"é".repeat(100)).chars().count(), SUBJECT_FROM_TEXT + 1, "one long word");
    }
}
