//! Clients with their families. All are invented; phones lie in the ranges that Arcep keeps for fiction, mail
//! addresses under a domain that is kept for examples.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};
use passerelle_domain::client::{Client, ClientCategory, Guardian, Relation};

use crate::content::{Names, OfficeText, ThreadText};
use crate::ids::id;
use crate::random::Random;
use crate::text::{apostrophes, ascii};

/// A client, and what the words about them need to know.
#[derive(Debug, Clone)]
pub(crate) struct Somebody {
    pub client: Client,
    pub feminine: bool,
}

/// Makes the clients of one office, no two with the same name.
pub(crate) struct Families<'a> {
    text: &'a OfficeText,
    names: &'a Names,
    anchor: NaiveDate,
    random: Random,
    taken: BTreeSet<String>,
    made: usize,
    phones: usize,
}

const CLASSES: [(ClientCategory, &[&str], usize); 8] = [
    (ClientCategory::MiddleSchool, &["3e", "3e", "3e", "4e", "3e prépa-métiers"], 30),
    (
        ClientCategory::HighSchool,
        &[
            "2de GT",
            "2de GT",
            "1re G",
            "1re T, STMG",
            "1re T, ST2S",
            "Tle G",
            "Tle G",
            "Tle T, STI2D",
            "Tle pro",
            "2de pro",
        ],
        40,
    ),
    (ClientCategory::Student, &["L1", "BUT 1", "BTS 1", "L2", "BUT 2"], 9),
    (ClientCategory::Apprentice, &["CAP 1", "CAP 2", "BP 1"], 4),
    (ClientCategory::Adult, &[""], 8),
    (ClientCategory::Dropout, &["", "17 ans, sans solution"], 4),
    (ClientCategory::Allophone, &["UPE2A"], 4),
    (ClientCategory::OutOfSchool, &["CNED"], 1),
];

impl<'a> Families<'a> {
    pub(crate) fn new(text: &'a OfficeText, names: &'a Names, anchor: NaiveDate) -> Self {
        let random = Random::new(&format!("{}/families", text.key));
        // Each office has its own stretch of numbers, so that nobody of one rings at another.
        let phones = (text.number % 97) as usize * 100;
        Self { text, names, anchor, random, taken: BTreeSet::new(), made: 0, phones }
    }

    /// A client to whom a thread can belong.
    pub(crate) fn for_thread(&mut self, thread: &ThreadText) -> Somebody {
        let feminine = thread.feminine.unwrap_or_else(|| self.random.percent(52));
        let class_level = thread.class_level.clone();
        self.somebody(None, feminine, thread.category, class_level, Some(thread.relation))
    }

    /// Any client.
    pub(crate) fn anybody(&mut self) -> Somebody {
        let feminine = self.random.percent(52);
        let mut share = self.random.below(CLASSES.iter().map(|(_, _, share)| share).sum());
        let (category, classes, _) = CLASSES
            .iter()
            .find(|(_, _, part)| {
                let found = share < *part;
                share = share.saturating_sub(*part);
                found
            })
            .unwrap_or(&CLASSES[0]);
        let class_level = Some(self.random.pick(classes).to_owned()).filter(|class| !class.is_empty());
        self.somebody(None, feminine, *category, class_level, None)
    }

    /// A client with a given name, family name and class.
    pub(crate) fn named(
        &mut self,
        given: &str,
        family: &str,
        feminine: bool,
        category: ClientCategory,
        class_level: &str,
        with: Option<Relation>,
    ) -> Somebody {
        let class_level = Some(class_level.to_owned()).filter(|class| !class.is_empty());
        self.somebody(Some((given, family)), feminine, category, class_level, with)
    }

    fn somebody(
        &mut self,
        name: Option<(&str, &str)>,
        feminine: bool,
        category: ClientCategory,
        class_level: Option<String>,
        with: Option<Relation>,
    ) -> Somebody {
        let (given_name, family_name) = match name {
            Some((given, family)) => (given.to_owned(), family.to_owned()),
            None => self.name(feminine),
        };
        self.taken.insert(format!("{given_name} {family_name}"));
        self.made += 1;
        let class = class_level.clone().unwrap_or_default();
        let minor = !matches!(category, ClientCategory::Adult | ClientCategory::Student);
        let postal_code = self.random.pick(&self.text.postal_codes);
        let own_phone = category != ClientCategory::MiddleSchool || self.random.percent(40);
        let phone = own_phone.then(|| self.phone());
        let address = format!("{}.{}@example.fr", ascii(&given_name), ascii(&family_name));
        let mail = (own_phone && self.random.percent(80)).then_some(address);
        let guardians = match (minor, with) {
            (true, relation) => self.guardians(&family_name, relation),
            (false, Some(relation @ (Relation::Mother | Relation::Father))) => {
                vec![self.guardian(&family_name, relation)]
            }
            (false, _) => Vec::new(),
        };
        let client = Client {
            id: id(&format!("{}/client/{}", self.text.key, self.made)),
            given_name,
            family_name: apostrophes(&family_name),
            birth_date: Some(self.birth_date(category, &class)),
            category: Some(category),
            school: self.school(category, &class),
            class_level: class_level.map(|class| apostrophes(&class)),
            postal_code: Some(postal_code),
            phone,
            mail,
            guardians,
            referent: None,
            merged_into: None,
            merge: None,
            also_known: Vec::new(),
            removed: false,
        };
        Somebody { client, feminine }
    }

    fn name(&mut self, feminine: bool) -> (String, String) {
        // Enough tries for every office: there are 20,000 pairs.
        for _ in 0..200 {
            let given = self.random.pick(self.names.of(if feminine { "girls" } else { "boys" }));
            let section = if self.random.percent(4) { "long" } else { "families" };
            let family = self.random.pick(self.names.of(section));
            let family = match family.as_str() {
                "Da-Silva" => "Da Silva".to_owned(),
                "Di-Stefano" => "Di Stefano".to_owned(),
                _ => family,
            };
            if !self.taken.contains(&format!("{given} {family}")) {
                return (given, family);
            }
        }
        (format!("Camille {}", self.made), "Dubois".to_owned())
    }

    /// Mobile numbers that Arcep keeps for works of fiction: 06 39 98 00 00 to 06 39 98 99 99.
    fn phone(&mut self) -> String {
        self.phones += 1;
        let number = self.phones % 10_000;
        format!("06 39 98 {:02} {:02}", number / 100, number % 100)
    }

    fn guardians(&mut self, family: &str, first: Option<Relation>) -> Vec<Guardian> {
        let first = match first {
            Some(relation @ (Relation::Mother | Relation::Father | Relation::Other)) => relation,
            _ if self.random.percent(70) => Relation::Mother,
            _ => Relation::Father,
        };
        let mut guardians = vec![self.guardian(family, first)];
        if first != Relation::Other && self.random.percent(45) {
            let other = if first == Relation::Mother { Relation::Father } else { Relation::Mother };
            let mut second = self.guardian(family, other);
            if self.random.percent(50) {
                // A mail shared by the whole family, and often the phone of the home.
                second.mail = guardians[0].mail.clone();
                second.phone = guardians[0].phone.clone();
            }
            guardians.push(second);
        }
        guardians
    }

    fn guardian(&mut self, family: &str, relation: Relation) -> Guardian {
        let section = match relation {
            Relation::Father => "fathers",
            _ => "mothers",
        };
        let given_name = self.random.pick(self.names.of(section));
        // One family in six does not share its name with the child.
        let family_name = match relation {
            Relation::Other => self.random.pick(self.names.of("families")),
            _ if self.random.percent(16) => self.random.pick(self.names.of("families")),
            _ => family.to_owned(),
        };
        let mail = if self.random.percent(50) {
            format!("famille.{}@example.fr", ascii(family))
        } else {
            format!("{}.{}@example.fr", ascii(&given_name), ascii(&family_name))
        };
        Guardian {
            id: id(&format!("{}/guardian/{}/{given_name}", self.text.key, self.made)),
            relation,
            given_name,
            family_name: apostrophes(&family_name),
            phone: Some(self.phone()),
            mail: self.random.percent(85).then_some(mail),
        }
    }

    fn birth_date(&mut self, category: ClientCategory, class: &str) -> NaiveDate {
        let age = match category {
            ClientCategory::MiddleSchool if class.starts_with('4') => 13,
            ClientCategory::MiddleSchool => 14,
            ClientCategory::HighSchool if class.starts_with('2') => 15,
            ClientCategory::HighSchool if class.starts_with('1') => 16,
            ClientCategory::HighSchool => 17,
            ClientCategory::Student => 18 + self.random.between(0, 2),
            ClientCategory::Adult => self.random.between(24, 55),
            _ => 16 + self.random.between(0, 1),
        };
        // School years run by civil year of birth: those of one class were born from January to December.
        let school_year = if self.anchor.month() >= 9 { self.anchor.year() } else { self.anchor.year() - 1 };
        let first = NaiveDate::from_ymd_opt(school_year - age as i32, 1, 1).unwrap_or(self.anchor);
        first + Days::new(self.random.below(365) as u64)
    }

    fn school(&mut self, category: ClientCategory, class: &str) -> Option<String> {
        const COLLEGES: [&str; 4] =
            ["Université de Picardie Jules-Verne", "IUT d’Amiens", "IUT de l’Aisne", "IUT de l’Oise"];
        const CENTRES: [&str; 3] = ["CFA du bâtiment", "CFA des métiers", "CFA agricole"];
        match category {
            ClientCategory::MiddleSchool => Some(apostrophes(&self.random.pick(&self.text.middle_schools))),
            ClientCategory::HighSchool => Some(apostrophes(&self.random.pick(&self.text.schools))),
            ClientCategory::Student if class.starts_with("BTS") => {
                Some(apostrophes(&self.random.pick(&self.text.schools)))
            }
            ClientCategory::Student if class.starts_with("BUT") => {
                Some(self.random.pick(&COLLEGES[1..]).to_owned())
            }
            ClientCategory::Student => Some(COLLEGES[0].to_owned()),
            ClientCategory::Apprentice => Some(self.random.pick(&CENTRES).to_owned()),
            ClientCategory::Allophone => Some(apostrophes(&self.random.pick(&self.text.middle_schools))),
            _ => None,
        }
    }
}
