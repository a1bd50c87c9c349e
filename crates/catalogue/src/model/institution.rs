//! An institution: a school, a university, an office of guidance.

use passerelle_domain::office::Position;
use serde::{Deserialize, Serialize};

use super::{Absorb, Fill, Link, OpenDay, union};

/// Établissement, lieu d'enseignement, CIO (`ENS.n`, `INFO.n`, or a UAI alone).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Institution {
    /// Name.
    pub name: String,
    /// Acronym.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub acronym: String,
    /// UAI with a sound key, upper case; empty when it has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub uai: String,
    /// SIRET, digits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub siret: String,
    /// Type ("lycée professionnel").
    #[serde(skip_serializing_if = "String::is_empty")]
    pub type_name: String,
    /// `public`, `privé`, `privé sous contrat`, `privé hors contrat`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub status: String,
    /// Ministry in charge.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub authority: String,
    /// Whether it is a CIO.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub guidance_office: bool,
    /// Street.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Post-office box.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub box_number: String,
    /// Five digits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// Commune, as published.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub commune: String,
    /// Code of the commune; that of an arrondissement where Onisep says `75100` and the arrondissement beside it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub insee: String,
    /// "Cedex 09".
    #[serde(skip_serializing_if = "String::is_empty")]
    pub cedex: String,
    /// Code of the département (`80`, `2A`, `974`).
    #[serde(skip_serializing_if = "String::is_empty")]
    pub department: String,
    /// Name of the académie.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub academy: String,
    /// Name of the région.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub region: String,
    /// WGS84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
    /// Telephone, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// Fax, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fax: String,
    /// Mail.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub mail: String,
    /// Its own site.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub website: String,
    /// Boarding, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub boarding: String,
    /// Access for people with disabilities, as written.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub accessibility: String,
    /// Languages taught.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// Open days.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open_days: Vec<OpenDay>,
    /// University that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub university: Option<Link>,
    /// Institutions tied to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Link>,
    /// Other places under the same UAI.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub annexes: Vec<Annex>,
    /// Pupils, as counted by the Annuaire.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pupils: Option<u32>,
    /// Said by the Annuaire when it is about to close.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// Page of Onisep.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// Another place under the same UAI.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Annex {
    /// Name.
    pub name: String,
    /// Street.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// Five digits.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    /// Commune.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub commune: String,
    /// WGS84.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<Position>,
}

impl Institution {
    /// What stands under its name: type, commune and département, status.
    #[must_use]
    pub fn subtitle(&self) -> String {
        let department = crate::geography::department(&self.department).map_or("", |d| d.name);
        // Paris, La Réunion: the name twice says nothing more.
        let place = match (self.commune.as_str(), department) {
            (commune, "") => commune.to_owned(),
            (commune, department) if commune.starts_with(department) => commune.to_owned(),
            ("", department) => department.to_owned(),
            (commune, department) => format!("{commune}, {department}"),
        };
        let words = [self.type_name.as_str(), &place, &self.status];
        let known: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
        known.join(" · ")
    }

    /// As a further place of the institution that has its UAI.
    #[must_use]
    pub fn into_annex(self) -> Annex {
        Annex {
            name: self.name,
            address: self.address,
            postal_code: self.postal_code,
            commune: self.commune,
            position: self.position,
        }
    }
}

impl Absorb for Institution {
    fn absorb(&mut self, other: Self) {
        self.name.fill(other.name);
        self.acronym.fill(other.acronym);
        self.uai.fill(other.uai);
        self.siret.fill(other.siret);
        self.type_name.fill(other.type_name);
        // "privé" says less than "privé sous contrat".
        if self.status.is_empty() || (self.status == "privé" && other.status.starts_with("privé ")) {
            self.status = other.status;
        }
        self.authority.fill(other.authority);
        self.guidance_office |= other.guidance_office;
        // The parts of an address belong together: half of one and half of another is nobody's.
        if self.address.is_empty() && (self.postal_code.is_empty() || self.postal_code == other.postal_code) {
            self.address = other.address;
            self.box_number.fill(other.box_number);
            self.cedex.fill(other.cedex);
        }
        self.postal_code.fill(other.postal_code);
        self.commune.fill(other.commune);
        self.insee.fill(other.insee);
        self.department.fill(other.department);
        self.academy.fill(other.academy);
        self.region.fill(other.region);
        self.position.fill(other.position);
        self.phone.fill(other.phone);
        self.fax.fill(other.fax);
        self.mail.fill(other.mail);
        self.website.fill(other.website);
        self.boarding.fill(other.boarding);
        self.accessibility.fill(other.accessibility);
        union(&mut self.languages, other.languages);
        union(&mut self.open_days, other.open_days);
        self.university.fill(other.university);
        union(&mut self.related, other.related);
        union(&mut self.annexes, other.annexes);
        self.pupils.fill(other.pupils);
        self.state.fill(other.state);
        self.url.fill(other.url);
    }
}
