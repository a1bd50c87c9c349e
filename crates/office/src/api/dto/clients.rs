//! Clients: forms, records, matches.

use chrono::{DateTime, NaiveDate, Utc};
use passerelle_domain::client::{ClientCategory, Relation};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::agenda::AppointmentView;
use super::booking::RefusalView;
use super::enquiries::EnquiryRow;
use super::session::PersonRef;

/// A client by id and name.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ClientRef {
    /// Id.
    pub id: String,
    /// "Inès Benchekroun".
    pub name: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Class in words.
    pub class_level: Option<String>,
    /// Phone to call: the client's, else the first guardian's.
    pub phone: Option<String>,
}

/// A client form.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ClientDraft {
    /// Id, when an existing one is changed.
    pub id: Option<String>,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date, `YYYY-MM-DD` or as typed `31/02/2010`.
    pub birth_date: Option<String>,
    /// Public.
    #[ts(type = "ClientCategory | null")]
    pub category: Option<ClientCategory>,
    /// Class.
    pub class_level: Option<String>,
    /// School.
    pub school: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Mail.
    pub mail: Option<String>,
    /// Guardians.
    pub guardians: Vec<GuardianDraft>,
    /// Id of the counsellor who follows this person; empty for nobody, absent to leave it as it is.
    pub referent: Option<String>,
}

/// A guardian of a form.
#[derive(Debug, Clone, Default, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct GuardianDraft {
    /// Id, when an existing one is changed.
    pub id: Option<String>,
    /// Relation.
    #[ts(type = "Relation | null")]
    pub relation: Option<Relation>,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Phone.
    pub phone: Option<String>,
    /// Mail.
    pub mail: Option<String>,
}

/// A client in full.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ClientView {
    /// Id.
    pub id: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Age in years today.
    pub age: Option<u32>,
    /// Public.
    #[ts(type = "ClientCategory | null")]
    pub category: Option<ClientCategory>,
    /// Class.
    pub class_level: Option<String>,
    /// School.
    pub school: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Mail.
    pub mail: Option<String>,
    /// Guardians.
    pub guardians: Vec<GuardianView>,
    /// The counsellor who follows this person.
    pub referent: Option<PersonRef>,
    /// Past and coming meetings, newest first.
    pub appointments: Vec<AppointmentView>,
    /// Enquiries, newest first.
    pub enquiries: Vec<EnquiryRow>,
    /// Records that look like the same person.
    pub duplicates: Vec<ClientMatch>,
    /// What this person was called on records that were merged into this one.
    pub also_known: Vec<AlsoKnownView>,
    /// Not yet sent.
    pub pending: bool,
}

/// Under which other names and numbers somebody was on record.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct AlsoKnownView {
    /// The merged record, if it can be taken apart again; none for what this record itself once said.
    pub record: Option<String>,
    /// "Inès Ben Chekroune"; none when the name is the same.
    pub name: Option<String>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Numbers.
    pub phones: Vec<String>,
    /// Mail addresses.
    pub mails: Vec<String>,
}

/// `clients.compare`: two records side by side, and what making them one would do.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ClientComparison {
    /// The record that would end.
    pub ended: ClientView,
    /// The one that would go on.
    pub target: ClientView,
    /// Its guardians afterwards.
    pub guardians: Vec<GuardianView>,
    /// Meetings that would go over…
    pub appointments: u32,
    /// …of which so many are still to come.
    pub upcoming: u32,
    /// Enquiries that would go over.
    pub enquiries: u32,
    /// Why it cannot be done, with the meeting in the way.
    pub refusal: Option<RefusalView>,
}

/// A guardian.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct GuardianView {
    /// Id.
    pub id: String,
    /// Relation.
    #[ts(type = "Relation")]
    pub relation: Relation,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Phone.
    pub phone: Option<String>,
    /// Mail.
    pub mail: Option<String>,
}

/// A found client.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ClientMatch {
    /// Id.
    pub id: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Class.
    pub class_level: Option<String>,
    /// School.
    pub school: Option<String>,
    /// Whom to call ("mère 06 39 98 18 55").
    pub contact: Option<ContactView>,
    /// Parts of the shown name that matched, as character ranges `[from, to)` of "Family, Given".
    pub matched: Vec<(u16, u16)>,
    /// The name of a merged record that what was typed answers, when the shown one does not.
    pub also: Option<String>,
    /// Why it may be a duplicate: "same_birth_date", "same_phone", "same_mail", "same_guardian", "same_name".
    pub duplicate: Vec<String>,
    /// Next meeting.
    pub next: Option<DateTime<Utc>>,
    /// The counsellor who follows this person.
    pub referent: Option<PersonRef>,
    /// Postal code of the home.
    pub postal_code: Option<String>,
}

/// A number to call.
#[derive(Debug, Clone, Serialize, Deserialize, TS)]
pub struct ContactView {
    /// Whose.
    #[ts(type = "Relation")]
    pub relation: Relation,
    /// Number.
    pub phone: String,
}
