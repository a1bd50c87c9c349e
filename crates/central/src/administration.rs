//! What the academy's administrator does: offices, people, enrolment codes. The command line and `/v1/admin` say the same
//! with these functions, and what is done is noted with who did it ([`By`]).

pub mod kept;
mod keys;
mod lists;
mod noted;

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveTime, Utc};
use passerelle_catalogue::geography::Geography;
use passerelle_domain::OfficeState;
use passerelle_domain::client::{FieldError, NAME_MAX, is_mail, is_phone};
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{DeskId, KindId, PersonId, SiteId, Uai};
use passerelle_domain::office::{
    AnswerTimes, AppointmentKind, HolidayZone, KindColour, Office, OfficeHours, OfficeSettings, Site,
    SiteKind,
};
use passerelle_domain::people::Person;
use passerelle_protocol::sync::{DIRECTORY, DirectoryOffice, Entity, office_scope};
use serde::Serialize;
use uuid::Uuid;

pub use keys::{keys, make_key, revoke_key};
pub use lists::{DeskRow, OfficeRow, PersonRow, catalogue, desks, office, offices, people};
pub use noted::{Action, By, Noted, PAGE, audit, note};

use crate::leases;
use crate::secret::{self, NoRandomness};
use crate::store::{self, Desk, Feed, Passing, Store, StoreError, Tx};

/// How long an enrolment code is good.
pub const CODE_MIN: i64 = 15;
/// Longest postal address of an office, in characters.
const ADDRESS_MAX: usize = 300;

/// Why an administrator's wish cannot be done. The texts are for a person.
#[derive(Debug, thiserror::Error)]
pub enum AdminError {
    /// The office is there already.
    #[error("le CIO {0} existe déjà")]
    OfficeExists(Uai),
    /// There is no such office.
    #[error("aucun CIO n’a le code {0} ; « passerelle-central office list » donne la liste")]
    NoOffice(Uai),
    /// Somebody of this office has the short name.
    #[error("le nom court « {} » est déjà pris dans ce CIO", .0.login)]
    LoginTaken(Box<PersonRow>),
    /// Not a short name.
    #[error(
        "« {0} » n’est pas un nom court : il faut de 1 à 40 lettres minuscules sans accent, chiffres, points ou tirets"
    )]
    BadLogin(String),
    /// The office cannot be placed.
    #[error("le code postal « {0} » n’existe pas : le CIO ne peut pas être situé")]
    UnknownPostalCode(String),
    /// What was given cannot be taken so.
    #[error("« {} » : {}", .0.field, in_words(&.0.code))]
    Invalid(FieldError),
    /// There is, or was, a key of this name.
    #[error("une clé « {0} » existe ou a existé ; donnez-lui un autre nom")]
    KeyExists(String),
    /// There is no such key.
    #[error("aucune clé ne s’appelle « {0} » ; « passerelle-central admin list » donne la liste")]
    NoKey(String),
    /// There is no such desk.
    #[error("aucun poste n’a cet identifiant")]
    NoDesk,
    /// No randomness for a code.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The store could not do its work.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Passing for AdminError {
    fn passes(&self) -> bool {
        matches!(self, Self::Store(error) if error.passes())
    }
}

/// What a code of [`FieldError`] means here.
fn in_words(code: &str) -> &'static str {
    match code {
        "required" => "ce champ doit être rempli",
        "too_long" => "ce texte est trop long",
        "phone" => "ce n’est pas un numéro de téléphone",
        "mail" => "ce n’est pas une adresse mél",
        _ => "ce champ ne peut pas être lu",
    }
}

/// A text of one line, not empty, of at most so many characters.
fn line(field: &str, text: &str, most: usize) -> Result<(), AdminError> {
    let code = match text {
        _ if text.trim().is_empty() => "required",
        _ if text.chars().count() > most => "too_long",
        _ if text.chars().any(char::is_control) => "out_of_range",
        _ => return Ok(()),
    };
    Err(AdminError::Invalid(FieldError { field: field.into(), code: code.into() }))
}

/// What is said of a new office.
#[derive(Debug, Clone)]
pub struct NewOffice {
    /// Key.
    pub uai: Uai,
    /// "CIO d’Amiens".
    pub name: String,
    /// Town.
    pub town: String,
    /// Postal address in one line.
    pub address: String,
    /// Postal code; the place of the office is found from it.
    pub postal_code: String,
    /// Phone of the reception.
    pub phone: Option<String>,
    /// Mail of the office.
    pub mail: Option<String>,
}

/// The settings with which an office begins: itself as the only place, ordinary hours, one kind of appointment.
fn first_settings(new: NewOffice) -> OfficeSettings {
    let position = Geography::load().locate(&new.postal_code).ok().flatten().map(|l| l.position);
    let time = |h, m| NaiveTime::from_hms_opt(h, m, 0).unwrap_or_default();
    let halves = [(time(9, 0), time(12, 0)), (time(13, 30), time(17, 0))];
    let hours =
        (0..5).flat_map(|weekday| halves.map(|(from, to)| OfficeHours { weekday, from, to })).collect();
    let site = Site {
        id: SiteId(Uuid::now_v7()),
        name: new.name.clone(),
        kind: SiteKind::Main,
        address: new.address.clone(),
        zone: chrono_tz::Europe::Paris,
        holidays: HolidayZone::default(),
        closures: Vec::new(),
        removed: false,
    };
    let kind = AppointmentKind {
        id: KindId(Uuid::now_v7()),
        key: "entretien".into(),
        name: "Entretien d’orientation".into(),
        duration_min: 45,
        buffer_after_min: 0,
        min_notice_min: 24 * 60,
        horizon_days: Some(60),
        room_kind: None,
        capacity: 1,
        rank: 0,
        active: true,
        colour: KindColour::default(),
        before: None,
        after: None,
        online: false,
    };
    let mut settings = OfficeSettings::new(Office {
        uai: new.uai,
        name: new.name,
        town: new.town,
        address: new.address,
        postal_code: new.postal_code,
        position,
        phone: new.phone,
        mail: new.mail,
        zone: chrono_tz::Europe::Paris,
        hours,
        answer_within_min: AnswerTimes::default(),
        hold_min: 48 * 60,
        school_zone: None,
    });
    settings.sites.insert(site.id, site);
    settings.kinds.insert(kind.id, kind);
    settings
}

/// Adds an office with its first settings.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn add_office(store: &Store, new: NewOffice, by: &By) -> Result<(), AdminError> {
    check(&new)?;
    let mut tx = store.write().await?;
    let uai = new.uai.clone();
    let feed = write_office(&mut tx, &OfficeState::new(Arc::new(first_settings(new)))).await?;
    let Some(feed) = feed else { return Err(AdminError::OfficeExists(uai)) };
    feed.save(&mut tx).await?;
    note(&mut tx, by, Action::AddOffice, Some(&uai), None).await?;
    tx.commit().await?;
    Ok(())
}

fn check(new: &NewOffice) -> Result<(), AdminError> {
    line("name", &new.name, NAME_MAX)?;
    line("town", &new.town, NAME_MAX)?;
    line("address", &new.address, ADDRESS_MAX)?;
    let wrong =
        |field: &str| Err(AdminError::Invalid(FieldError { field: field.into(), code: field.into() }));
    if new.phone.as_deref().is_some_and(|phone| !is_phone(phone)) {
        return wrong("phone");
    }
    if new.mail.as_deref().is_some_and(|mail| !is_mail(mail)) {
        return wrong("mail");
    }
    if !matches!(Geography::load().locate(&new.postal_code), Ok(Some(_))) {
        return Err(AdminError::UnknownPostalCode(new.postal_code.clone()));
    }
    Ok(())
}

/// Writes a whole new office: its settings, clients, enquiries, appointments with their preparations and waiting list,
/// and its entry in the directory. The caller saves the feed and commits. `None` when the office is there already: of
/// two who add it at the same moment the second waits for the first and finds it.
///
/// # Errors
/// [`StoreError`] of the database.
pub async fn write_office(tx: &mut Tx, office: &OfficeState) -> Result<Option<Feed>, StoreError> {
    let uai = &office.settings.office.uai;
    let scope = office_scope(uai);
    if !tx.create_feed(&scope).await? {
        return Ok(None);
    }
    let mut feed = locked(tx, &scope).await?;
    for (entity, id, doc) in store::settings_documents(&office.settings)? {
        store::put_document(tx, &mut feed, entity, &id, &doc).await?;
    }
    let mut touched: Vec<Touched> = office.clients.keys().map(|id| Touched::Client(*id)).collect();
    touched.extend(office.enquiries.keys().map(|id| Touched::Enquiry(*id)));
    touched.extend(office.appointments.keys().map(|id| Touched::Appointment(*id)));
    touched.extend(office.waiting.keys().map(|id| Touched::Waiting(*id)));
    touched.extend(office.sheets.keys().map(|id| Touched::Preparation(*id)));
    store::write_touched(tx, &mut feed, office, &touched).await?;
    let entry = directory_office(&office.settings.office);
    tx.create_feed(DIRECTORY).await?;
    let mut directory = locked(tx, DIRECTORY).await?;
    store::put_directory(tx, &mut directory, Entity::DirectoryOffice, uai.as_str(), &entry).await?;
    directory.save(tx).await?;
    Ok(Some(feed))
}

/// A feed that was made just before.
async fn locked(tx: &mut Tx, scope: &str) -> Result<Feed, StoreError> {
    Feed::lock(tx, scope).await?.ok_or_else(|| StoreError::Damaged(format!("the feed {scope} is missing")))
}

/// What everybody may know of an office.
fn directory_office(office: &Office) -> DirectoryOffice {
    DirectoryOffice {
        uai: office.uai.clone(),
        name: office.name.clone(),
        town: office.town.clone(),
        phone: office.phone.clone(),
        position: office.position,
        next_slots: Vec::new(),
    }
}

/// Adds a member of the staff to an office.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn add_user(store: &Store, uai: &Uai, person: &Person, by: &By) -> Result<(), AdminError> {
    let login = &person.login;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
    if login.is_empty() || login.len() > 40 || !login.bytes().all(plain) {
        return Err(AdminError::BadLogin(login.clone()));
    }
    line("given_name", &person.given_name, NAME_MAX)?;
    line("family_name", &person.family_name, NAME_MAX)?;
    let mut tx = store.write().await?;
    let none = || AdminError::NoOffice(uai.clone());
    let mut feed = Feed::lock(&mut tx, &office_scope(uai)).await?.ok_or_else(none)?;
    let settings = store.settings(&mut tx, uai).await?.ok_or_else(none)?;
    if let Some(there) = settings.people.values().find(|p| &p.login == login) {
        return Err(AdminError::LoginTaken(Box::new(there.into())));
    }
    store::put_document(&mut tx, &mut feed, Entity::Person, &person.id.to_string(), person).await?;
    feed.save(&mut tx).await?;
    note(&mut tx, by, Action::AddPerson, Some(uai), Some(person.id.to_string())).await?;
    tx.commit().await?;
    Ok(())
}

/// A new person's id.
#[must_use]
pub fn person_id() -> PersonId {
    PersonId(Uuid::now_v7())
}

/// A code that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeGiven {
    /// To be typed at the desk.
    pub code: String,
    /// For which office.
    pub office: Uai,
    /// For so many seconds.
    pub expires_in_s: i64,
    /// The desk in whose place the new one comes.
    pub replaces: Option<DeskId>,
}

impl CodeGiven {
    /// A code that was given just now.
    #[must_use]
    pub const fn new(code: String, office: Uai, replaces: Option<DeskId>) -> Self {
        Self { code, office, expires_in_s: CODE_MIN * 60, replaces }
    }
}

/// A code with which one desk of this office can be enrolled once, within 15 minutes.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn desk_code(store: &Store, uai: &Uai, by: impl Into<By>) -> Result<String, AdminError> {
    let mut tx = store.write().await?;
    let code = new_code(&mut tx, uai, &by.into()).await?;
    tx.commit().await?;
    Ok(code)
}

/// The same for the machine that comes in the place of another, which is trusted no longer from now on: it is broken, lost
/// or sold, and what it may still send is not taken.
///
/// # Errors
/// [`AdminError`]; then nothing was written, and the old one is trusted still.
pub async fn replace_desk(store: &Store, uai: &Uai, old: DeskId, by: &By) -> Result<String, AdminError> {
    let mut tx = store.write().await?;
    if tx.desk(old).await?.is_none_or(|desk| &desk.office != uai) {
        return Err(AdminError::NoDesk);
    }
    end_trust(&mut tx, old, by).await?;
    let code = new_code(&mut tx, uai, by).await?;
    tx.commit().await?;
    Ok(code)
}

async fn new_code(tx: &mut Tx, uai: &Uai, by: &By) -> Result<String, AdminError> {
    if tx.feed(&office_scope(uai)).await?.is_none() {
        return Err(AdminError::NoOffice(uai.clone()));
    }
    // 50 bits, good for one use within a quarter of an hour.
    let signs = secret::base32(&secret::random::<10>()?);
    let code = format!("{}-{}", &signs[..5], &signs[5..]);
    let expires = by.at + Duration::minutes(CODE_MIN);
    tx.add_code(&secret::hash(&normal_code(&code)), uai, expires).await?;
    note(tx, by, Action::GiveCode, Some(uai), None).await?;
    Ok(code)
}

/// A code as people type it, made the same: case, blanks and dashes do not matter, nor O for 0, nor I and L for 1.
#[must_use]
pub fn normal_code(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        })
        .collect()
}

/// Ends the trust in a desk.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn revoke_desk(store: &Store, desk: DeskId, by: &By) -> Result<(), AdminError> {
    let mut tx = store.write().await?;
    end_trust(&mut tx, desk, by).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends the trust in a desk, in this transaction. One that has ended is noted once.
async fn end_trust(tx: &mut Tx, desk: DeskId, by: &By) -> Result<(), AdminError> {
    let (known, feed, _) = let_go(tx, desk, by.at).await?;
    feed.save(tx).await?;
    tx.revoke(desk, by.at).await?;
    if !known.revoked {
        note(tx, by, Action::RevokeDesk, Some(&known.office), Some(desk.to_string())).await?;
    }
    Ok(())
}

/// Takes back all that a desk holds, in this transaction; the caller saves the feed.
async fn let_go(tx: &mut Tx, desk: DeskId, now: DateTime<Utc>) -> Result<(Desk, Feed, usize), AdminError> {
    let known = tx.desk(desk).await?.ok_or(AdminError::NoDesk)?;
    let mut feed = locked(tx, &office_scope(&known.office)).await?;
    let taken = leases::take_back(tx, &mut feed, |lease| lease.holder == desk, None, now).await?;
    Ok((known, feed, taken))
}

/// Takes back all that a desk holds: it is broken, or lost. What it has promised and not yet sent may have to be placed
/// elsewhere. How many half-days they were.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn take_back(store: &Store, desk: DeskId, by: &By) -> Result<usize, AdminError> {
    let mut tx = store.write().await?;
    let (known, feed, taken) = let_go(&mut tx, desk, by.at).await?;
    feed.save(&mut tx).await?;
    note(&mut tx, by, Action::TakeBack, Some(&known.office), Some(desk.to_string())).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Makes a desk the reception of its office, or no longer: it holds the next days from its next exchange on. What it holds
/// it keeps until that has passed.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn set_reception(store: &Store, desk: DeskId, on: bool, by: &By) -> Result<(), AdminError> {
    let mut tx = store.write().await?;
    let known = tx.desk(desk).await?.ok_or(AdminError::NoDesk)?;
    if known.reception != on {
        tx.set_reception(desk, on).await?;
        let action = if on { Action::MakeReception } else { Action::EndReception };
        note(&mut tx, by, action, Some(&known.office), Some(desk.to_string())).await?;
    }
    tx.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_forgiving() {
        assert_eq!(normal_code(" ab3oi-lxyz9 "), "AB3011XYZ9");
    }
}
