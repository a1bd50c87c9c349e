//! One person on record twice: how two records become one without losing anything, and two again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::client::{Client, Guardian, phone_digits};
use crate::ids::{AppointmentId, ClientId, EnquiryId, GuardianId};

/// A field of which only one of two differing values can go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientField {
    /// Family name.
    FamilyName,
    /// Given name.
    GivenName,
    /// Birth date.
    BirthDate,
    /// Which public.
    Category,
    /// Class in words.
    ClassLevel,
    /// School in words.
    School,
    /// Postal code of the home.
    PostalCode,
    /// Own phone.
    Phone,
    /// Own mail.
    Mail,
}

/// What a person was called on a record that no longer says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlsoKnown {
    /// The record that said it.
    pub of: ClientId,
    /// Family name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub family_name: String,
    /// Given name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub given_name: String,
    /// Birth date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<NaiveDate>,
    /// Numbers as written: the person's own, then those of guardians.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Mail addresses: the person's own, then those of guardians.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mails: Vec<String>,
}

/// What a merge changed: kept with the record that ended, so that both can be as they were.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientMerge {
    /// The fields of which this record's value was taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub take: Vec<ClientField>,
    /// The record that goes on, before.
    pub target_before: Box<Client>,
    /// And after.
    pub target_after: Box<Client>,
    /// The meetings that went over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub appointments: Vec<AppointmentId>,
    /// The enquiries that went over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub enquiries: Vec<EnquiryId>,
    /// Guardians found on both: this record's, and the one that goes on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guardians: Vec<(GuardianId, GuardianId)>,
}

/// Two records made one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Combined {
    /// The record that goes on.
    pub client: Client,
    /// Guardians found on both: the other's, and the one that goes on.
    pub guardians: Vec<(GuardianId, GuardianId)>,
}

/// Letters alone, without accents, in lower case: enough to see that two spellings of a name are one.
fn plain(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => out.push('a'),
            'ç' => out.push('c'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'ñ' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => out.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            // A combining mark, a hyphen, an apostrophe, a space: not part of how a name is told.
            c if c.is_alphanumeric() && !('\u{300}'..='\u{36f}').contains(&c) => out.push(c),
            _ => {}
        }
    }
    out
}

fn same_phone(a: Option<&String>, b: Option<&String>) -> bool {
    let digits = |p: Option<&String>| p.map(|p| phone_digits(p)).filter(|d| !d.is_empty());
    digits(a).is_some_and(|d| digits(b) == Some(d))
}

fn same_mail(a: Option<&String>, b: Option<&String>) -> bool {
    let plain = |m: Option<&String>| m.map(|m| m.trim().to_lowercase()).filter(|m| !m.is_empty());
    plain(a).is_some_and(|m| plain(b) == Some(m))
}

/// Whether two guardians are one person. A whole family may share a number and a mail, so names that differ are two
/// people whatever else they share; where one of the names was not said, the number or the mail decides.
#[must_use]
pub fn same_guardian(a: &Guardian, b: &Guardian) -> bool {
    let (given, family) =
        ((plain(&a.given_name), plain(&b.given_name)), (plain(&a.family_name), plain(&b.family_name)));
    if !given.0.is_empty() && !given.1.is_empty() {
        return given.0 == given.1 && family.0 == family.1;
    }
    let reached =
        same_phone(a.phone.as_ref(), b.phone.as_ref()) || same_mail(a.mail.as_ref(), b.mail.as_ref());
    reached && a.relation == b.relation && family.0 == family.1
}

fn filled(own: &Option<String>, other: &Option<String>) -> Option<String> {
    own.clone().or_else(|| other.clone())
}

/// Makes one record of two: what `target` does not know is filled in from `other`, what both know and differs is
/// `target`'s unless `take` names the field, guardians are united, and every name, number, mail and birth date that
/// does not go on is kept as [`AlsoKnown`].
#[must_use]
pub fn combine(target: &Client, other: &Client, take: &[ClientField]) -> Combined {
    let mut client = target.clone();
    macro_rules! choose {
        ($($field:ident: $name:ident),*) => {$(
            if other.$field.is_some() && (client.$field.is_none() || take.contains(&ClientField::$name)) {
                client.$field.clone_from(&other.$field);
            }
        )*};
    }
    choose!(birth_date: BirthDate, category: Category, class_level: ClassLevel, school: School,
        postal_code: PostalCode, phone: Phone, mail: Mail);
    for (own, theirs, field) in [
        (&mut client.family_name, &other.family_name, ClientField::FamilyName),
        (&mut client.given_name, &other.given_name, ClientField::GivenName),
    ] {
        if !theirs.trim().is_empty() && (own.trim().is_empty() || take.contains(&field)) {
            own.clone_from(theirs);
        }
    }
    client.referent = client.referent.or(other.referent);
    let mut guardians = Vec::new();
    for theirs in &other.guardians {
        match client.guardians.iter_mut().find(|own| own.id == theirs.id || same_guardian(own, theirs)) {
            Some(own) => {
                if own.given_name.trim().is_empty() {
                    own.given_name.clone_from(&theirs.given_name);
                }
                own.phone = filled(&own.phone, &theirs.phone);
                own.mail = filled(&own.mail, &theirs.mail);
                guardians.push((theirs.id, own.id));
            }
            None => client.guardians.push(theirs.clone()),
        }
    }
    let told: Vec<AlsoKnown> = [target, other].iter().filter_map(|c| left_behind(c, &client)).collect();
    for known in other.also_known.iter().cloned().chain(told) {
        if !client.also_known.contains(&known) {
            client.also_known.push(known);
        }
    }
    Combined { client, guardians }
}

/// What `was` says by which people look for somebody and `now` no longer says.
fn left_behind(was: &Client, now: &Client) -> Option<AlsoKnown> {
    let names_differ = plain(&was.family_name) != plain(&now.family_name)
        || plain(&was.given_name) != plain(&now.given_name);
    let spelled = was.family_name != now.family_name || was.given_name != now.given_name;
    let own = |c: &Client| -> (Vec<String>, Vec<String>) {
        let phones = c.phone.iter().chain(c.guardians.iter().filter_map(|g| g.phone.as_ref()));
        let mails = c.mail.iter().chain(c.guardians.iter().filter_map(|g| g.mail.as_ref()));
        (phones.cloned().collect(), mails.cloned().collect())
    };
    let ((phones, mails), (kept_phones, kept_mails)) = (own(was), own(now));
    let missing = |had: Vec<String>, kept: &[String], same: fn(Option<&String>, Option<&String>) -> bool| {
        let mut out: Vec<String> = Vec::new();
        for one in had {
            if !kept.iter().chain(&out).any(|k| same(Some(k), Some(&one))) {
                out.push(one);
            }
        }
        out
    };
    let known = AlsoKnown {
        of: was.id,
        family_name: if names_differ || spelled { was.family_name.clone() } else { String::new() },
        given_name: if names_differ || spelled { was.given_name.clone() } else { String::new() },
        birth_date: was.birth_date.filter(|born| now.birth_date != Some(*born)),
        phones: missing(phones, &kept_phones, same_phone),
        mails: missing(mails, &kept_mails, same_mail),
    };
    let says_something = !known.family_name.is_empty()
        || !known.given_name.is_empty()
        || known.birth_date.is_some()
        || !known.phones.is_empty()
        || !known.mails.is_empty();
    says_something.then_some(known)
}

/// What one person changed (`seen` became `wanted`), applied to what the record is by now: a field that was not touched
/// keeps what somebody else wrote meanwhile. Identity and merges are never changed this way.
#[must_use]
pub fn rebased(seen: &Client, wanted: &Client, current: &Client) -> Client {
    let mut out = current.clone();
    macro_rules! changed {
        ($($field:ident),*) => {$(
            if wanted.$field != seen.$field {
                out.$field.clone_from(&wanted.$field);
            }
        )*};
    }
    changed!(
        family_name,
        given_name,
        birth_date,
        category,
        class_level,
        school,
        postal_code,
        phone,
        mail,
        referent
    );
    if wanted.guardians != seen.guardians {
        out.guardians = rebased_guardians(&seen.guardians, &wanted.guardians, &current.guardians);
    }
    out
}

fn rebased_guardians(seen: &[Guardian], wanted: &[Guardian], current: &[Guardian]) -> Vec<Guardian> {
    let find = |all: &[Guardian], id: GuardianId| all.iter().find(|g| g.id == id).cloned();
    let mut out: Vec<Guardian> = Vec::new();
    for one in wanted {
        match (find(seen, one.id), find(current, one.id)) {
            // Not touched here: as it is by now, or gone by now.
            (Some(before), now) if before == *one => out.extend(now),
            _ => out.push(one.clone()),
        }
    }
    // Added by somebody else meanwhile.
    for one in current {
        if find(seen, one.id).is_none() && find(&out, one.id).is_none() {
            out.push(one.clone());
        }
    }
    out
}

/// Whether somebody has changed since `seen` what going to `wanted` would change too.
#[must_use]
pub fn touched_since(seen: &Client, wanted: &Client, current: &Client) -> bool {
    macro_rules! any {
        ($($field:ident),*) => {
            $((wanted.$field != seen.$field && current.$field != seen.$field))||*
        };
    }
    any!(
        family_name,
        given_name,
        birth_date,
        category,
        class_level,
        school,
        postal_code,
        phone,
        mail,
        guardians,
        referent
    )
}

/// The record that went on, as it is once `ended` is apart from it again: what the merge brought leaves, what was
/// written since stays.
#[must_use]
pub fn separated(current: &Client, merge: &ClientMerge) -> Client {
    let mut out = rebased(&merge.target_after, &merge.target_before, current);
    out.also_known.retain(|known| {
        merge.target_before.also_known.contains(known) || !merge.target_after.also_known.contains(known)
    });
    out
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::client::Relation;

    fn client(n: u128, given: &str, family: &str) -> Client {
        Client {
            id: ClientId(Uuid::from_u128(n)),
            family_name: family.into(),
            given_name: given.into(),
            birth_date: None,
            category: None,
            class_level: None,
            school: None,
            postal_code: None,
            phone: None,
            mail: None,
            guardians: Vec::new(),
            referent: None,
            merged_into: None,
            merge: None,
            also_known: Vec::new(),
            removed: false,
        }
    }

    fn guardian(n: u128, relation: Relation, given: &str, family: &str, phone: &str) -> Guardian {
        Guardian {
            id: GuardianId(Uuid::from_u128(n)),
            relation,
            given_name: given.into(),
            family_name: family.into(),
            phone: Some(phone.into()).filter(|p: &String| !p.is_empty()),
            mail: None,
        }
    }

    fn merge_of(target: &Client, other: &Client, take: &[ClientField]) -> ClientMerge {
        let combined = combine(target, other, take);
        ClientMerge {
            take: take.to_vec(),
            target_before: Box::new(target.clone()),
            target_after: Box::new(combined.client),
            appointments: Vec::new(),
            enquiries: Vec::new(),
            guardians: combined.guardians,
        }
    }

    #[test]
    fn what_is_missing_is_filled_in_and_what_differs_is_chosen() {
        let a = Client { school: Some("Lycée Louis-Thuillier".into()), ..client(1, "Inès", "Benchekroun") };
        let b = Client {
            phone: Some("06 12 40 18 55".into()),
            school: Some("Lycée La Hotoie".into()),
            ..client(2, "Ines", "Ben Chekroune")
        };
        let kept = combine(&a, &b, &[]).client;
        assert_eq!((kept.school, kept.phone), (a.school.clone(), b.phone.clone()));
        assert_eq!(kept.also_known.len(), 1, "her other name is not lost");
        assert_eq!(kept.also_known[0].family_name, "Ben Chekroune");
        let taken = combine(&a, &b, &[ClientField::School, ClientField::FamilyName]).client;
        assert_eq!((taken.school, taken.family_name.as_str()), (b.school, "Ben Chekroune"));
        assert_eq!(taken.also_known[0].family_name, "Benchekroun", "nor the one that was given up");
    }

    #[test]
    fn guardians_are_united_when_they_are_one_person_and_not_because_a_number_is_shared() {
        let mut a = client(1, "Inès", "Bénaïssa");
        let mut b = client(2, "Inès", "Benaissa");
        a.guardians = vec![
            guardian(1, Relation::Mother, "Samira", "Bénaïssa", "06 12 40 18 55"),
            guardian(2, Relation::Father, "Karim", "Bénaïssa", "03 22 00 00 00"),
        ];
        b.guardians = vec![
            guardian(3, Relation::Mother, "", "Benaissa", "+33 6 12 40 18 55"),
            guardian(4, Relation::Other, "Leïla", "Haddad", "03 22 00 00 00"),
            guardian(5, Relation::Father, "karim", "BENAISSA", "07 00 00 00 01"),
        ];
        let both = combine(&a, &b, &[]);
        let names: Vec<&str> = both.client.guardians.iter().map(|g| g.given_name.as_str()).collect();
        assert_eq!(names, ["Samira", "Karim", "Leïla"], "an aunt who shares the number is somebody else");
        let id = |n| GuardianId(Uuid::from_u128(n));
        assert_eq!(both.guardians, [(id(3), id(1)), (id(5), id(2))]);
        assert_eq!(
            both.client.also_known[0].phones,
            ["07 00 00 00 01"],
            "his other number still finds the record"
        );
    }

    #[test]
    fn apart_again_each_is_as_it_was_and_what_was_written_since_stays() {
        let mut a = client(1, "Inès", "Benchekroun");
        a.guardians = vec![guardian(1, Relation::Mother, "Nadia", "Benchekroun", "")];
        let mut b = Client { phone: Some("06 47 20 91 33".into()), ..client(2, "Ines", "Ben Chekroune") };
        b.guardians = vec![
            guardian(2, Relation::Mother, "Nadia", "Benchekroun", "06 00 00 00 01"),
            guardian(3, Relation::Father, "Ali", "Benchekroun", "06 00 00 00 02"),
        ];
        let merge = merge_of(&a, &b, &[ClientField::FamilyName]);
        assert_eq!(separated(&merge.target_after, &merge), a, "nothing happened in between");
        let mut since = (*merge.target_after).clone();
        since.class_level = Some("Tle G".into());
        since.guardians.push(guardian(9, Relation::Other, "Éva", "Petit", ""));
        let apart = separated(&since, &merge);
        assert_eq!(apart.class_level.as_deref(), Some("Tle G"));
        let ids: Vec<u128> = apart.guardians.iter().map(|g| g.id.0.as_u128()).collect();
        assert_eq!(ids, [1, 9]);
        assert_eq!(
            (apart.family_name.as_str(), apart.phone, apart.also_known),
            ("Benchekroun", None, Vec::new())
        );
    }

    #[test]
    fn two_people_who_change_different_fields_both_keep_their_change() {
        let seen = client(1, "Léa", "Delahaye");
        let wanted = Client { phone: Some("06 00 00 00 01".into()), ..seen.clone() };
        let current = Client { school: Some("Collège".into()), ..seen.clone() };
        let both = rebased(&seen, &wanted, &current);
        assert_eq!((both.phone, both.school), (wanted.phone.clone(), current.school.clone()));
        assert!(!touched_since(&seen, &wanted, &current));
        assert!(touched_since(&seen, &wanted, &Client { phone: Some("07".into()), ..seen.clone() }));
    }
}
