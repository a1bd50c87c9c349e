//! What is there: offices, people, desks, the catalogue.

use passerelle_domain::ids::{DeskId, PersonId, Uai};
use passerelle_domain::people::{Person, Role, Title};
use passerelle_protocol::catalogue::Manifest;
use passerelle_protocol::sync::DirectoryOffice;
use serde::Serialize;

use super::AdminError;
use crate::store::{self, Desk, Store, StoreError, Tx};

/// An office as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OfficeRow {
    /// Key.
    pub uai: Uai,
    /// "CIO d’Amiens".
    pub name: String,
    /// Town.
    pub town: String,
    /// How many desks are trusted there.
    pub desks: usize,
}

/// A member of the staff as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PersonRow {
    /// Key.
    pub person: PersonId,
    /// Short name.
    pub login: String,
    /// Mme or M.
    pub title: Title,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// What this person may do.
    pub role: Role,
    /// False once the person has left.
    pub active: bool,
}

impl From<&Person> for PersonRow {
    fn from(person: &Person) -> Self {
        Self {
            person: person.id,
            login: person.login.clone(),
            title: person.title,
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            role: person.role,
            active: person.active,
        }
    }
}

/// A desk as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeskRow {
    /// Key.
    pub desk: DeskId,
    /// "Accueil".
    pub name: String,
    /// No longer trusted.
    pub revoked: bool,
    /// It holds the next days of its office.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reception: bool,
}

impl From<&Desk> for DeskRow {
    fn from(desk: &Desk) -> Self {
        Self { desk: desk.id, name: desk.name.clone(), revoked: desk.revoked, reception: desk.reception }
    }
}

async fn row(tx: &mut Tx, office: DirectoryOffice) -> Result<OfficeRow, StoreError> {
    let desks = tx.desks_of(&office.uai).await?.iter().filter(|d| !d.revoked).count();
    Ok(OfficeRow { uai: office.uai, name: office.name, town: office.town, desks })
}

/// The offices.
///
/// # Errors
/// [`AdminError`] of the store.
pub async fn offices(store: &Store) -> Result<Vec<OfficeRow>, AdminError> {
    let mut tx = store.read().await?;
    let mut list = Vec::new();
    for office in store::directory(&mut tx).await? {
        list.push(row(&mut tx, office).await?);
    }
    Ok(list)
}

/// One office.
///
/// # Errors
/// [`AdminError`].
pub async fn office(store: &Store, uai: &Uai) -> Result<OfficeRow, AdminError> {
    let mut tx = store.read().await?;
    let found = store::directory(&mut tx).await?.into_iter().find(|office| &office.uai == uai);
    let office = found.ok_or_else(|| AdminError::NoOffice(uai.clone()))?;
    Ok(row(&mut tx, office).await?)
}

/// The people of an office, also those who have left, by their short names.
///
/// # Errors
/// [`AdminError`].
pub async fn people(store: &Store, uai: &Uai) -> Result<Vec<PersonRow>, AdminError> {
    let mut tx = store.read().await?;
    let settings = store.settings(&mut tx, uai).await?.ok_or_else(|| AdminError::NoOffice(uai.clone()))?;
    let mut people: Vec<PersonRow> = settings.people.values().map(PersonRow::from).collect();
    people.sort_by(|a, b| a.login.cmp(&b.login));
    Ok(people)
}

/// The desks of an office, also those that are trusted no longer, in the order of their enrolment; none of an office that
/// is not there.
///
/// # Errors
/// [`AdminError`] of the store.
pub async fn desks(store: &Store, uai: &Uai) -> Result<Vec<DeskRow>, AdminError> {
    Ok(store.read().await?.desks_of(uai).await?.iter().map(DeskRow::from).collect())
}

/// The release of the catalogue that desks take; nothing before one was published.
///
/// # Errors
/// [`AdminError`] of the store.
pub async fn catalogue(store: &Store) -> Result<Option<Manifest>, AdminError> {
    let Some(release) = store.read().await?.newest_release().await? else { return Ok(None) };
    let manifest = serde_json::from_str(&release.manifest).map_err(|e| StoreError::Damaged(e.to_string()))?;
    Ok(Some(manifest))
}
