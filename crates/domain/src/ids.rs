//! Identifiers. Each kind has its own type, so that a client can never be passed where an enquiry is meant.
//! New ones are UUIDv7 made at the desk (they sort by creation); the domain itself never makes any.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> { Uuid::parse_str(s).map(Self) }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
    )+};
}

id! {
    /// A meeting; the same from proposal to archive, and the base of its calendar UID.
    AppointmentId,
    /// A question that a young person or a parent asked.
    EnquiryId,
    /// One message of an enquiry's thread.
    MessageId,
    /// A young person or adult who is advised.
    ClientId,
    /// A person responsible for a client.
    GuardianId,
    /// Somebody who works at an office.
    PersonId,
    /// A place where an office receives: its own rooms, an annexe, a school.
    SiteId,
    /// A room of a site.
    RoomId,
    /// A kind of appointment.
    KindId,
    /// A recurring opening of a counsellor.
    OpeningId,
    /// An absence of a counsellor.
    AbsenceId,
    /// Somebody's place on the waiting list.
    WaitingId,
    /// One attempt to reach somebody of the waiting list.
    CallId,
    /// A workstation enrolled at central.
    DeskId,
    /// A command; unique for ever, so that it acts once however often it is sent.
    CommandId,
}

/// UAI of an institution or office: seven digits and a key letter.
///
/// The letter is `"ABCDEFGHJKLMNPRSTUVWXYZ"[digits mod 23]` (checked on the ministry's own directory).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uai(String);

/// Why a text is not a UAI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UaiError {
    /// Not seven digits followed by a letter.
    #[error("{0:?} n’est pas un code UAI : il faut sept chiffres et une lettre, comme 0801234A")]
    Shape(String),
    /// The letter does not agree with the digits.
    #[error("le code UAI {given} a une lettre de contrôle fausse : on attend {expected}")]
    Key {
        /// What was given.
        given: String,
        /// The letter that belongs to the digits.
        expected: char,
    },
}

const UAI_KEYS: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

impl Uai {
    /// Checks form and key; lower case is accepted and raised.
    ///
    /// # Errors
    /// [`UaiError`] when the form or the key letter is wrong.
    pub fn parse(text: &str) -> Result<Self, UaiError> {
        let up = text.trim().to_ascii_uppercase();
        let shape = || UaiError::Shape(text.to_owned());
        if up.len() != 8 || !up.is_ascii() {
            return Err(shape());
        }
        let (digits, letter) = up.split_at(7);
        if !digits.bytes().all(|b| b.is_ascii_digit()) || !letter.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(shape());
        }
        let number: u32 = digits.parse().map_err(|_| shape())?;
        let expected = char::from(UAI_KEYS[(number % 23) as usize]);
        if !letter.starts_with(expected) {
            return Err(UaiError::Key { given: up, expected });
        }
        Ok(Self(up))
    }

    /// The UAI with this number: computes the key letter.
    #[must_use]
    pub fn from_number(number: u32) -> Self {
        let number = number % 10_000_000;
        Self(format!("{number:07}{}", char::from(UAI_KEYS[(number % 23) as usize])))
    }

    /// The eight characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Uai {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Uai {
    type Err = UaiError;
    fn from_str(s: &str) -> Result<Self, Self::Err> {
        Self::parse(s)
    }
}

impl TryFrom<String> for Uai {
    type Error = UaiError;
    fn try_from(s: String) -> Result<Self, Self::Error> {
        Self::parse(&s)
    }
}

impl From<Uai> for String {
    fn from(u: Uai) -> Self {
        u.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uai_is_checked_by_its_key() {
        let right = Uai::from_number(801_234);
        assert_eq!(Uai::parse(right.as_str()), Ok(right.clone()));
        assert_eq!(Uai::parse(&right.as_str().to_lowercase()), Ok(right.clone()), "lower case is accepted");
        let wrong = if right.as_str().ends_with('A') { "0801234B" } else { "0801234A" };
        assert!(matches!(Uai::parse(wrong), Err(UaiError::Key { .. })), "{wrong} has a wrong key");
        for bad in ["", "080123", "08012345", "0801234é", "ABCDEFGH", "0801234AA"] {
            assert!(matches!(Uai::parse(bad), Err(UaiError::Shape(_))), "{bad:?} has not the form of a UAI");
        }
    }
}
