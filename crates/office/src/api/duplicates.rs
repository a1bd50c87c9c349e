//! Whether two records may be the same person. It only ever says "perhaps": twins share a birthday, a surname and a
//! mother, families share a mail, so a person decides.

use chrono::NaiveDate;
use passerelle_domain::client::{Client, Guardian, phone_digits};

use crate::store::fold;

/// What two records have in common.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Common {
    birth_date: bool,
    phone: bool,
    mail: bool,
    guardian: bool,
    name: bool,
}

/// Why `b` may be the same person as `a`, most telling first; empty when nothing says so.
///
/// "same_name" is the same given and family name as they sound. A record with the same birth date and surname but another
/// given name is listed without it: twins, or one child whose name was misheard.
#[must_use]
pub fn reasons(a: &Client, b: &Client) -> Vec<&'static str> {
    Traits::of(a).reasons(&Traits::of(b))
}

/// What of a record is compared, made ready once: a list of sixty is nearly two thousand pairs.
#[derive(Debug, Clone)]
pub struct Traits {
    birth_date: Option<NaiveDate>,
    family: String,
    given: String,
    /// Own number, digits alone.
    phone: Option<String>,
    /// Own address.
    mail: Option<String>,
    guardians: Vec<GuardianTraits>,
}

#[derive(Debug, Clone)]
struct GuardianTraits {
    family: String,
    given: String,
    phone: Option<String>,
    mail: Option<String>,
}

fn digits(phone: Option<&String>) -> Option<String> {
    phone.map(|p| phone_digits(p)).filter(|d| d.len() >= 8)
}

fn address(mail: Option<&String>) -> Option<String> {
    mail.map(|m| m.trim().to_lowercase()).filter(|m| !m.is_empty())
}

impl Traits {
    /// Those of a record.
    #[must_use]
    pub fn of(client: &Client) -> Self {
        let guardian = |g: &Guardian| GuardianTraits {
            family: sound(&g.family_name),
            given: sound(&g.given_name),
            phone: digits(g.phone.as_ref()),
            mail: address(g.mail.as_ref()),
        };
        Self {
            birth_date: client.birth_date,
            family: sound(&client.family_name),
            given: sound(&client.given_name),
            phone: digits(client.phone.as_ref()),
            mail: address(client.mail.as_ref()),
            guardians: client.guardians.iter().map(guardian).collect(),
        }
    }

    /// As [`reasons`].
    #[must_use]
    pub fn reasons(&self, other: &Self) -> Vec<&'static str> {
        let common = self.compare(other);
        let contact = common.phone || common.mail || common.guardian;
        let same_family = same(&self.family, &other.family);
        let births_differ =
            self.birth_date.zip(other.birth_date).is_some_and(|(ours, theirs)| ours != theirs);
        let perhaps =
            (common.name && (!births_differ || contact)) || (common.birth_date && (same_family || contact));
        if !perhaps {
            return Vec::new();
        }
        let all = [
            (common.birth_date, "same_birth_date"),
            (common.phone, "same_phone"),
            (common.mail, "same_mail"),
            (common.guardian, "same_guardian"),
            (common.name, "same_name"),
        ];
        all.into_iter().filter(|(yes, _)| *yes).map(|(_, code)| code).collect()
    }

    fn compare(&self, other: &Self) -> Common {
        let guardian = |g: &GuardianTraits, h: &GuardianTraits| {
            let name = same(&g.given, &h.given) && same(&g.family, &h.family);
            name || same_known(&g.phone, &h.phone) || same_known(&g.mail, &h.mail)
        };
        // A number that is the pupil's own on one record and a parent's on the other is still the same number.
        let pairs = [(self, other), (other, self)];
        let phone = pairs.iter().any(|(own, them)| {
            let theirs = || std::iter::once(&them.phone).chain(them.guardians.iter().map(|g| &g.phone));
            theirs().any(|p| same_known(&own.phone, p))
        });
        let mail = pairs.iter().any(|(own, them)| {
            let theirs = || std::iter::once(&them.mail).chain(them.guardians.iter().map(|g| &g.mail));
            theirs().any(|m| same_known(&own.mail, m))
        });
        Common {
            birth_date: self.birth_date.is_some() && self.birth_date == other.birth_date,
            phone,
            mail,
            guardian: self.guardians.iter().any(|g| other.guardians.iter().any(|h| guardian(g, h))),
            name: self.same_person_name(other),
        }
    }

    /// Given and family name sound the same, in order or exchanged (a form filled in the wrong way round).
    fn same_person_name(&self, other: &Self) -> bool {
        let straight = same(&self.family, &other.family) && same(&self.given, &other.given);
        let exchanged = same(&self.family, &other.given) && same(&self.given, &other.family);
        straight || exchanged
    }
}

/// The same sound, and one at all.
fn same(a: &str, b: &str) -> bool {
    !a.is_empty() && a == b
}

fn same_known(a: &Option<String>, b: &Option<String>) -> bool {
    a.is_some() && a == b
}

/// Why a record may be the person that a contact is about: `names` are the names given, `phone` and `mail` those left
/// for the answer.
#[must_use]
pub fn reasons_of_contact(
    client: &Client,
    names: &[String],
    phone: Option<&str>,
    mail: Option<&str>,
) -> Vec<&'static str> {
    let digits = phone.map(phone_digits).filter(|d| d.len() >= 8);
    let phones = client.phone.iter().chain(client.guardians.iter().filter_map(|g| g.phone.as_ref()));
    let same_phone = digits.is_some_and(|d| phones.map(|p| phone_digits(p)).any(|p| p == d));
    let mail = mail.map(|m| m.trim().to_lowercase()).filter(|m| !m.is_empty());
    let mails = client.mail.iter().chain(client.guardians.iter().filter_map(|g| g.mail.as_ref()));
    let same_mail = mail.is_some_and(|m| mails.map(|x| x.trim().to_lowercase()).any(|x| x == m));
    let called = |full: &str| names.iter().any(|n| same_words(n, full));
    let same_name = called(&client.full_name());
    let guardian = client
        .guardians
        .iter()
        .any(|g| !g.given_name.trim().is_empty() && called(&format!("{} {}", g.given_name, g.family_name)));
    let all = [
        (same_phone, "same_phone"),
        (same_mail, "same_mail"),
        (guardian, "same_guardian"),
        (same_name, "same_name"),
    ];
    all.into_iter().filter(|(yes, _)| *yes).map(|(_, code)| code).collect()
}

/// The same words in any order, titles left out.
fn same_words(a: &str, b: &str) -> bool {
    let words = |text: &str| {
        let folded = fold(text);
        let mut words: Vec<String> =
            folded.split(' ').filter(|w| !is_title(w)).map(sound).filter(|w| !w.is_empty()).collect();
        words.sort_unstable();
        words
    };
    let (a, b) = (words(a), words(b));
    a.len() > 1 && a == b
}

/// Civil titles, folded.
#[must_use]
pub fn is_title(word: &str) -> bool {
    matches!(word, "m" | "mr" | "mme" | "mlle" | "monsieur" | "madame" | "mademoiselle" | "dr")
}

/// How a name sounds, roughly, so that "Mathis" and "Matis", "Lefebvre" and "Lefèvre", "Ayoub" and "Aïoub" meet. Vowels
/// that tell names of twins apart (Louis and Louise, Léo and Léa) are kept.
fn sound(name: &str) -> String {
    let folded = fold(name).replace("ph", "f").replace("bv", "v");
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        let c = match c {
            'h' | ' ' => continue,
            'y' => 'i',
            other => other,
        };
        if out.ends_with(c) {
            continue;
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use passerelle_domain::client::Relation;
    use uuid::Uuid;

    use super::*;

    fn client(given: &str, family: &str, born: Option<&str>) -> Client {
        Client {
            id: Uuid::now_v7().into(),
            family_name: family.into(),
            given_name: given.into(),
            birth_date: born.map(|b| b.parse::<NaiveDate>().expect("a date")),
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

    fn guardian(given: &str, family: &str, phone: &str, mail: Option<&str>) -> Guardian {
        Guardian {
            id: Uuid::now_v7().into(),
            relation: Relation::Mother,
            given_name: given.into(),
            family_name: family.into(),
            phone: Some(phone.into()),
            mail: mail.map(Into::into),
        }
    }

    #[test]
    fn twins_share_birthday_and_mother_but_not_the_name() {
        let mut a = client("Yasmine", "Bénaïssa", Some("2009-03-04"));
        let mut b = client("Yassine", "Bénaïssa", Some("2009-03-04"));
        a.guardians.push(guardian("Samira", "Bénaïssa", "06 12 40 18 55", None));
        b.guardians.push(guardian("", "Benaissa", "+33 6 12 40 18 55", None));
        assert_eq!(reasons(&a, &b), ["same_birth_date", "same_guardian"], "shown, and not as the same name");
        assert_eq!(reasons(&a, &b), reasons(&b, &a), "whoever is looked at first");
    }

    #[test]
    fn the_same_girl_written_twice_is_found_without_accents_and_with_the_number_of_her_mother() {
        let mut a = client("Inès", "Benchekroun", Some("2009-05-17"));
        let mut b = client("Ines", "BENCHEKROUN", None);
        assert_eq!(reasons(&a, &b), ["same_name"], "one without a birth date may be the same");
        a.phone = Some("06 47 20 91 33".into());
        b.guardians.push(guardian("Nadia", "Benchekroun", "0647209133", None));
        assert_eq!(reasons(&a, &b), ["same_phone", "same_name"]);
        let exchanged = client("Benchekroun", "Inès", None);
        assert_eq!(reasons(&a, &exchanged), ["same_name"], "a form filled in the wrong way round");
    }

    #[test]
    fn namesakes_and_brothers_with_a_family_mail_are_not_doubles() {
        let a = client("Lucas", "Martin", Some("2009-05-17"));
        let b = client("Lucas", "Martin", Some("2011-01-02"));
        assert!(reasons(&a, &b).is_empty(), "another birth date is another Lucas Martin");
        let mut big = client("Hugo", "Lemaire", Some("2008-01-01"));
        let mut small = client("Léo", "Lemaire", Some("2011-06-06"));
        for c in [&mut big, &mut small] {
            c.mail = Some("famille.lemaire@example.fr".into());
            c.guardians.push(guardian(
                "Anne",
                "Lemaire",
                "06 00 00 00 01",
                Some("famille.lemaire@example.fr"),
            ));
        }
        assert!(reasons(&big, &small).is_empty(), "a shared family mail is normal");
        let mut elsewhere = client("Lucas", "Martin", Some("2011-01-02"));
        elsewhere.phone = Some("0611223344".into());
        let mut typed = a.clone();
        typed.phone = Some("06 11 22 33 44".into());
        assert_eq!(reasons(&typed, &elsewhere), ["same_phone", "same_name"], "a mistyped birth date");
    }

    #[test]
    fn names_meet_by_their_sound_but_twins_names_do_not() {
        for (a, b) in [("Mathis", "Matis"), ("Lefebvre", "Lefèvre"), ("Sophie", "Sofie"), ("Noah", "Noa")] {
            assert!(same(&sound(a), &sound(b)), "{a} and {b}");
        }
        for (a, b) in [("Louis", "Louise"), ("Léo", "Léa"), ("Yasmine", "Yassine"), ("", "")] {
            assert!(!same(&sound(a), &sound(b)), "{a} and {b}");
        }
    }

    #[test]
    fn a_contact_is_about_the_pupil_or_a_parent() {
        let mut c = client("Léa", "Delahaye", None);
        c.guardians.push(guardian("Corinne", "Delahaye", "06 39 98 18 55", Some("Corinne@example.fr")));
        let names = ["Mme Corinne Delahaye".to_owned()];
        let found = reasons_of_contact(&c, &names, Some("+33639981855"), Some("corinne@example.fr"));
        assert_eq!(found, ["same_phone", "same_mail", "same_guardian"]);
        let own = ["Delahaye Lea".to_owned()];
        assert_eq!(reasons_of_contact(&c, &own, None, None), ["same_name"]);
        assert!(reasons_of_contact(&c, &["Delahaye".to_owned()], None, None).is_empty(), "a surname alone");
    }
}
