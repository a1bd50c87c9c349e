//! What the academy's administrator does: offices, people, enrolment codes.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveTime, Utc};
use passerelle_catalogue::geography::Geography;
use passerelle_domain::OfficeState;
use passerelle_domain::event::Touched;
use passerelle_domain::ids::{DeskId, KindId, PersonId, SiteId, Uai};
use passerelle_domain::office::{
    AnswerTimes, AppointmentKind, HolidayZone, KindColour, Office, OfficeHours, OfficeSettings, Site,
    SiteKind,
};
use passerelle_domain::people::Person;
use passerelle_protocol::sync::{DIRECTORY, DirectoryOffice, Entity, office_scope};
use uuid::Uuid;

use crate::leases;
use crate::secret::{self, NoRandomness};
use crate::store::{self, Feed, Store, StoreError, Tx};

/// How long an enrolment code is good.
pub const CODE_MIN: i64 = 15;

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
    #[error("le nom court « {0} » est déjà pris dans ce CIO")]
    LoginTaken(String),
    /// Not a short name.
    #[error(
        "« {0} » n’est pas un nom court : il faut de 1 à 40 lettres minuscules sans accent, chiffres, points ou tirets"
    )]
    BadLogin(String),
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
pub async fn add_office(store: &Store, new: NewOffice) -> Result<(), AdminError> {
    let mut tx = store.write().await?;
    let uai = new.uai.clone();
    let feed = write_office(&mut tx, &OfficeState::new(Arc::new(first_settings(new)))).await?;
    let Some(feed) = feed else { return Err(AdminError::OfficeExists(uai)) };
    feed.save(&mut tx).await?;
    tx.commit().await?;
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

/// The offices, with how many desks each has.
///
/// # Errors
/// [`AdminError`] of the store.
pub async fn offices(store: &Store) -> Result<Vec<(DirectoryOffice, usize)>, AdminError> {
    let mut tx = store.read().await?;
    let mut list = Vec::new();
    for office in store::directory(&mut tx).await? {
        let desks = tx.desks_of(&office.uai).await?.iter().filter(|d| !d.revoked).count();
        list.push((office, desks));
    }
    Ok(list)
}

/// Adds a member of the staff to an office.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn add_user(store: &Store, uai: &Uai, person: &Person) -> Result<(), AdminError> {
    let login = &person.login;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-');
    if login.is_empty() || login.len() > 40 || !login.bytes().all(plain) {
        return Err(AdminError::BadLogin(login.clone()));
    }
    let mut tx = store.write().await?;
    let none = || AdminError::NoOffice(uai.clone());
    let mut feed = Feed::lock(&mut tx, &office_scope(uai)).await?.ok_or_else(none)?;
    let settings = store.settings(&mut tx, uai).await?.ok_or_else(none)?;
    if settings.people.values().any(|p| &p.login == login) {
        return Err(AdminError::LoginTaken(login.clone()));
    }
    store::put_document(&mut tx, &mut feed, Entity::Person, &person.id.to_string(), person).await?;
    feed.save(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// A new person's id.
#[must_use]
pub fn person_id() -> PersonId {
    PersonId(Uuid::now_v7())
}

/// A code with which one desk of this office can be enrolled once, within 15 minutes.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn desk_code(store: &Store, uai: &Uai, now: DateTime<Utc>) -> Result<String, AdminError> {
    let mut tx = store.write().await?;
    let code = new_code(&mut tx, uai, now).await?;
    tx.commit().await?;
    Ok(code)
}

/// The same for the machine that comes in the place of another, which is trusted no longer from now on: it is broken, lost
/// or sold, and what it may still send is not taken.
///
/// # Errors
/// [`AdminError`]; then nothing was written, and the old one is trusted still.
pub async fn replace_desk(
    store: &Store,
    uai: &Uai,
    old: DeskId,
    now: DateTime<Utc>,
) -> Result<String, AdminError> {
    let mut tx = store.write().await?;
    if tx.desk(old).await?.is_none_or(|desk| &desk.office != uai) {
        return Err(AdminError::NoDesk);
    }
    let feed = let_go(&mut tx, old, now).await?.0;
    feed.save(&mut tx).await?;
    tx.revoke(old, now).await?;
    let code = new_code(&mut tx, uai, now).await?;
    tx.commit().await?;
    Ok(code)
}

async fn new_code(tx: &mut Tx, uai: &Uai, now: DateTime<Utc>) -> Result<String, AdminError> {
    if tx.feed(&office_scope(uai)).await?.is_none() {
        return Err(AdminError::NoOffice(uai.clone()));
    }
    // 50 bits, good for one use within a quarter of an hour.
    let signs = secret::base32(&secret::random::<10>()?);
    let code = format!("{}-{}", &signs[..5], &signs[5..]);
    let expires = now + Duration::minutes(CODE_MIN);
    tx.add_code(&secret::hash(&normal_code(&code)), uai, expires).await?;
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
pub async fn revoke_desk(store: &Store, desk: DeskId, now: DateTime<Utc>) -> Result<(), AdminError> {
    let mut tx = store.write().await?;
    let feed = let_go(&mut tx, desk, now).await?.0;
    tx.revoke(desk, now).await?;
    feed.save(&mut tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes back all that a desk holds, in this transaction; the caller saves the feed.
async fn let_go(tx: &mut Tx, desk: DeskId, now: DateTime<Utc>) -> Result<(Feed, usize), AdminError> {
    let known = tx.desk(desk).await?.ok_or(AdminError::NoDesk)?;
    let mut feed = locked(tx, &office_scope(&known.office)).await?;
    let taken = leases::take_back(tx, &mut feed, |lease| lease.holder == desk, None, now).await?;
    Ok((feed, taken))
}

/// Takes back all that a desk holds: it is broken, or lost. What it has promised and not yet sent may have to be placed
/// elsewhere. How many half-days they were.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn take_back(store: &Store, desk: DeskId, now: DateTime<Utc>) -> Result<usize, AdminError> {
    let mut tx = store.write().await?;
    let (feed, taken) = let_go(&mut tx, desk, now).await?;
    feed.save(&mut tx).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Makes a desk the reception of its office, or no longer: it holds the next days from its next exchange on. What it holds
/// it keeps until that has passed.
///
/// # Errors
/// [`AdminError`]; then nothing was written.
pub async fn set_reception(store: &Store, desk: DeskId, on: bool) -> Result<(), AdminError> {
    let mut tx = store.write().await?;
    if !tx.set_reception(desk, on).await? {
        return Err(AdminError::NoDesk);
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
