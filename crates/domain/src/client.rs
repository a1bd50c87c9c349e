//! Clients and their guardians.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::ids::{ClientId, GuardianId, PersonId};
use crate::merging::{AlsoKnown, ClientMerge};

/// Which public a client belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientCategory {
    /// Collégien.
    MiddleSchool,
    /// Lycéen.
    HighSchool,
    /// Étudiant.
    Student,
    /// Apprenti.
    Apprentice,
    /// Adulte.
    Adult,
    /// Non scolarisé.
    OutOfSchool,
    /// Décrocheur.
    Dropout,
    /// Allophone.
    Allophone,
}

/// Relation of a guardian, or of anybody who writes or comes with a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The young person.
    #[serde(rename = "self")]
    Own,
    /// Mère.
    Mother,
    /// Père.
    Father,
    /// Anybody else: tuteur, éducatrice, tante…
    Other,
}

/// Responsable légal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guardian {
    /// Stable id.
    pub id: GuardianId,
    /// Relation to the client.
    pub relation: Relation,
    /// Given name; may be empty when only the family name was said.
    #[serde(default)]
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Phone as written by a person, spaces kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Mail. A mail shared by a whole family is normal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
}

/// Usager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    /// Stable id.
    pub id: ClientId,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Date of birth, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// Which public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<ClientCategory>,
    /// Class in words: "Tle G, maths et SVT".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_level: Option<String>,
    /// School in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school: Option<String>,
    /// Postal code of the home.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Own phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Own mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<String>,
    /// Guardians, in the order in which they are to be called.
    #[serde(default)]
    pub guardians: Vec<Guardian>,
    /// The counsellor who follows this person: offered first, never imposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referent: Option<PersonId>,
    /// Set when this record was merged into another one; it stays readable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<ClientId>,
    /// What the merge changed, kept with the record that ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<Box<ClientMerge>>,
    /// Under which other names and numbers this person was on record; searching for them finds this record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_known: Vec<AlsoKnown>,
    /// Made by mistake and taken back: nothing refers to it, no list shows it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

/// What is wrong with a client form, field by field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Which field ("birth_date", "guardians.0.phone").
    pub field: String,
    /// Stable code of what is wrong ("required", "in_the_future", "too_old", "too_long", "too_many", "in_use", "phone",
    /// "mail", "postal_code", "out_of_range", "already_known").
    pub code: String,
}

/// Longest text that a name or a short field may have, in characters.
pub const NAME_MAX: usize = 120;

/// Most guardians of one client.
pub const GUARDIANS_MAX: usize = 20;

/// Longest phone number as written, in characters.
const PHONE_MAX: usize = 40;

impl Client {
    /// "Inès Benchekroun".
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }

    /// Checks the fields as a form does. `today` is the civil date at the office.
    #[must_use]
    pub fn check(&self, today: NaiveDate) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut add =
            |field: &str, code: &str| errors.push(FieldError { field: field.into(), code: code.into() });
        for (field, value) in [("family_name", &self.family_name), ("given_name", &self.given_name)] {
            if value.trim().is_empty() {
                add(field, "required");
            } else if value.chars().count() > NAME_MAX {
                add(field, "too_long");
            }
        }
        if let Some(born) = self.birth_date {
            if born > today {
                add("birth_date", "in_the_future");
            } else if today.years_since(born).is_none_or(|y| y > 110) {
                add("birth_date", "too_old");
            }
        }
        for (field, text) in [("class_level", &self.class_level), ("school", &self.school)] {
            if text.as_ref().is_some_and(|t| t.chars().count() > NAME_MAX) {
                add(field, "too_long");
            }
        }
        if self.phone.as_deref().is_some_and(|p| !is_phone(p)) {
            add("phone", "phone");
        }
        if self.mail.as_deref().is_some_and(|m| !is_mail(m)) {
            add("mail", "mail");
        }
        if self.postal_code.as_deref().is_some_and(|p| !is_postal_code(p)) {
            add("postal_code", "postal_code");
        }
        if self.guardians.len() > GUARDIANS_MAX {
            add("guardians", "too_many");
        }
        for (i, guardian) in self.guardians.iter().enumerate() {
            if self.guardians[..i].iter().any(|g| g.id == guardian.id) {
                add(&format!("guardians.{i}.id"), "in_use");
            }
            if guardian.family_name.trim().is_empty() {
                add(&format!("guardians.{i}.family_name"), "required");
            }
            for (field, text) in
                [("family_name", &guardian.family_name), ("given_name", &guardian.given_name)]
            {
                if text.chars().count() > NAME_MAX {
                    add(&format!("guardians.{i}.{field}"), "too_long");
                }
            }
            if guardian.phone.as_deref().is_some_and(|p| !is_phone(p)) {
                add(&format!("guardians.{i}.phone"), "phone");
            }
            if guardian.mail.as_deref().is_some_and(|m| !is_mail(m)) {
                add(&format!("guardians.{i}.mail"), "mail");
            }
        }
        errors
    }
}

/// The digits of a phone number, national form: "+33 6 39 98 01 02" and "06.39.98.01.02" are the same.
#[must_use]
pub fn phone_digits(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let plus = phone.trim_start().starts_with('+') || digits.starts_with("0033");
    let national =
        digits.strip_prefix("0033").or_else(|| if plus { digits.strip_prefix("33") } else { None });
    match national {
        Some(rest) => format!("0{}", rest.strip_prefix('0').unwrap_or(rest)),
        None => digits,
    }
}

/// Ten digits beginning with 0 in the national form, or any other country's number of 8 to 15 digits written with `+`.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let allowed = text.chars().all(|c| c.is_ascii_digit() || " .-+()\u{a0}\u{202f}".contains(c));
    let digits = phone_digits(text);
    allowed
        && text.chars().count() <= PHONE_MAX
        && ((digits.len() == 10 && digits.starts_with('0'))
            || (text.trim_start().starts_with('+') && (8..=15).contains(&digits.len())))
}

/// One `@`, something before it, a dot in what follows, no white space. The true test of an address is a mail.
#[must_use]
pub fn is_mail(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && !local.contains('@')
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && text.len() <= 254
        && !text.chars().any(char::is_whitespace)
}

/// Five digits.
#[must_use]
pub fn is_postal_code(text: &str) -> bool {
    text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_are_compared_by_their_digits() {
        for same in
            ["06 39 98 01 02", "06.39.98.01.02", "+33 6 39 98 01 02", "0033639980102", "+33 (0)6 39 98 01 02"]
        {
            assert_eq!(phone_digits(same), "0639980102", "{same}");
            assert!(is_phone(same), "{same} is a phone number");
        }
        for bad in ["", "12", "06 39 98 01", "six heures", "+1"] {
            assert!(!is_phone(bad), "{bad:?} is not a phone number");
        }
        assert!(is_phone("+32 470 12 34 56"), "a Belgian number is accepted");
    }

    #[test]
    fn mail_addresses() {
        for good in ["a@b.fr", "prenom.nom+cio@ac-amiens.example.fr"] {
            assert!(is_mail(good), "{good}");
        }
        for bad in ["", "a", "a@b", "@b.fr", "a@@b.fr", "a b@c.fr", "a@b.fr.", "a@.fr"] {
            assert!(!is_mail(bad), "{bad:?}");
        }
    }
}
