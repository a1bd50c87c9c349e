//! More offices than the demonstration has, for trying a central at the size of a country: each is one of the twelve with
//! identifiers of its own, so that all of it holds together as it does there.

use passerelle_domain::enquiry::{Enquiry, EnquiryStatus};
use passerelle_domain::ids::Uai;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::DemoOffice;
use crate::ids;

/// The first number of a UAI that no department has: 99 is nobody's.
const FIRST_UAI: u32 = 9_900_001;

/// One of the offices once more, as the office of this number. The same seed and number give the same office.
///
/// # Errors
/// When a document cannot be read again after it was written, which would be a mistake in its type.
pub fn copy(office: &DemoOffice, seed: u64, number: u32) -> Result<DemoOffice, serde_json::Error> {
    let uai = Uai::from_number(FIRST_UAI + number);
    let other = Other {
        was: office.settings.office.uai.as_str(),
        is: uai.as_str(),
        own: ids::id(&format!("copy {seed} {number}")),
    };
    let mut settings: passerelle_domain::office::OfficeSettings = other.of(&office.settings)?;
    settings.office.name = format!("{} ({number})", settings.office.name);
    let mut enquiries: Vec<Enquiry> = other.of(&office.enquiries)?;
    for (n, enquiry) in enquiries.iter_mut().enumerate() {
        enquiry.reference = ids::reference(&format!("copy {seed} {number} {n}"));
    }
    Ok(DemoOffice {
        key: format!("{}-{number}", office.key),
        settings,
        clients: other.of(&office.clients)?,
        enquiries,
        appointments: other.of(&office.appointments)?,
        waiting: other.of(&office.waiting)?,
    })
}

/// So many questions more for an office, each like one that it has and nobody has taken up.
///
/// # Errors
/// As [`copy`].
pub fn questions(office: &DemoOffice, seed: u64, count: usize) -> Result<Vec<Enquiry>, serde_json::Error> {
    let uai = office.settings.office.uai.as_str();
    let new: Vec<&Enquiry> = office.enquiries.iter().filter(|e| e.status == EnquiryStatus::New).collect();
    let like = |n: usize| new.get(n % new.len().max(1)).copied();
    (0..count)
        .map_while(|n| Some((n, like(n)?)))
        .map(|(n, enquiry)| {
            let own = ids::id(&format!("question {seed} {uai} {n}"));
            let mut question: Enquiry = Other { was: uai, is: uai, own }.of(enquiry)?;
            question.reference = ids::reference(&format!("question {seed} {uai} {n}"));
            question.client = None;
            Ok(question)
        })
        .collect()
}

/// What becomes of the names in a document.
struct Other<'a> {
    was: &'a str,
    is: &'a str,
    /// Space of the new identifiers.
    own: Uuid,
}

impl Other<'_> {
    fn of<T: Serialize, U: DeserializeOwned>(&self, documents: &T) -> Result<U, serde_json::Error> {
        let mut value = serde_json::to_value(documents)?;
        self.change(&mut value);
        serde_json::from_value(value)
    }

    fn change(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(other) = self.name(text) {
                    *text = other;
                }
            }
            Value::Array(all) => all.iter_mut().for_each(|one| self.change(one)),
            Value::Object(fields) => {
                let before = std::mem::take(fields);
                for (name, mut value) in before {
                    self.change(&mut value);
                    fields.insert(self.name(&name).unwrap_or(name), value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The other name of an identifier or of the office; nothing for any other text.
    fn name(&self, text: &str) -> Option<String> {
        if text == self.was {
            return Some(self.is.to_owned());
        }
        // Keys of sessions are made of identifiers and numbers.
        let mut any = false;
        let parts = text.split('/').map(|part| match self.id(part) {
            Some(id) => {
                any = true;
                Some(id.to_string())
            }
            None => part.bytes().all(|b| b.is_ascii_digit()).then(|| part.to_owned()),
        });
        let joined = parts.collect::<Option<Vec<_>>>()?.join("/");
        any.then_some(joined)
    }

    fn id(&self, text: &str) -> Option<Uuid> {
        // Hyphenated only: other forms are words that somebody wrote.
        let id = (text.len() == 36).then(|| Uuid::parse_str(text).ok()).flatten()?;
        Some(Uuid::new_v5(&self.own, id.as_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_copy_holds_together_and_shares_nothing_with_its_model() {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
        let demo = crate::build(day, chrono_tz::Europe::Paris);
        let model = &demo.offices[0];
        let one = copy(model, 7, 0).expect("a copy");
        assert_eq!(copy(model, 7, 0).expect("a copy"), one, "the same each time");
        let ids = |office: &DemoOffice| -> BTreeSet<String> {
            let clients = office.clients.iter().map(|c| c.id.to_string());
            let enquiries = office.enquiries.iter().flat_map(|e| [e.id.to_string(), e.reference.clone()]);
            let appointments = office.appointments.iter().map(|a| a.id.to_string());
            let people = office.settings.people.keys().map(ToString::to_string);
            clients.chain(enquiries).chain(appointments).chain(people).collect()
        };
        let other = copy(model, 7, 1).expect("another");
        assert_eq!(ids(&one).len(), ids(model).len());
        assert!(ids(&one).is_disjoint(&ids(model)) && ids(&one).is_disjoint(&ids(&other)));
        assert!(ids(&copy(model, 8, 0).expect("another seed")).is_disjoint(&ids(&one)));
        assert_ne!(one.settings.office.uai, model.settings.office.uai);
        let people: BTreeSet<_> = one.clients.iter().map(|c| c.id).collect();
        for appointment in &one.appointments {
            assert!(one.settings.people.contains_key(&appointment.counsellor), "its own counsellor");
            assert!(one.settings.kinds.contains_key(&appointment.kind), "its own kind");
            assert!(appointment.client.is_none_or(|client| people.contains(&client)), "its own people");
        }
        let sessions = |office: &DemoOffice| -> BTreeSet<String> {
            office.appointments.iter().filter_map(|a| Some(a.session.as_ref()?.as_str().to_owned())).collect()
        };
        assert!(!sessions(model).is_empty(), "the model has sessions");
        assert!(
            sessions(&one).is_disjoint(&sessions(model)) && sessions(&one).is_disjoint(&sessions(&other))
        );
        let texts = serde_json::to_string(&one.enquiries).expect("JSON");
        assert!(!texts.contains(model.settings.office.uai.as_str()), "nowhere its model's code");

        let more = questions(&one, 7, 100).expect("questions");
        assert_eq!(more.len(), 100);
        let references: BTreeSet<_> = more.iter().chain(&one.enquiries).map(|e| &e.reference).collect();
        assert_eq!(references.len(), 100 + one.enquiries.len(), "no reference twice");
    }
}
