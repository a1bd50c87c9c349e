//! Départements, their académie and the zone of its school holidays (public facts of the school year 2026-27).

/// The three zones that share their school holidays in metropolitan France.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SchoolZone {
    /// Zone A.
    A,
    /// Zone B.
    B,
    /// Zone C.
    C,
}

/// An académie: the district of a rector.
#[derive(Debug, PartialEq, Eq)]
pub struct Academy {
    /// Code of the ministry (`20` is Amiens).
    pub code: &'static str,
    /// Its name without article.
    pub name: &'static str,
    /// None in Corsica and overseas, which have calendars of their own.
    pub school_zone: Option<SchoolZone>,
    /// Codes of its départements.
    pub departments: &'static [&'static str],
}

impl Academy {
    /// "académie d'Amiens", "académie de Lille", with the typographic apostrophe.
    pub fn full_name(&self) -> String {
        let elides = self.name.starts_with(['A', 'E', 'I', 'O', 'U', 'É', 'Î']);
        format!("académie {}{}", if elides { "d’" } else { "de " }, self.name)
    }
}

/// A département, or what stands for one overseas.
#[derive(Debug, PartialEq, Eq)]
pub struct Department {
    /// `01` to `95`, `2A`, `2B`, `971` and on.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
}

impl Department {
    /// The académie that it belongs to; none for the lands without inhabitants.
    pub fn academy(&self) -> Option<&'static Academy> {
        ACADEMIES.iter().find(|academy| academy.departments.contains(&self.code))
    }

    /// The zone of its school holidays.
    pub fn school_zone(&self) -> Option<SchoolZone> {
        self.academy().and_then(|academy| academy.school_zone)
    }

    /// Whether Good Friday and 26 December are holidays here (local law of Alsace and Moselle).
    pub fn alsace_moselle(&self) -> bool {
        matches!(self.code, "57" | "67" | "68")
    }
}

/// Every département, in the order of the codes.
pub fn departments() -> &'static [Department] {
    DEPARTMENTS
}

/// Every académie.
pub fn academies() -> &'static [Academy] {
    ACADEMIES
}

/// The département with this code (`80`, `2A`, `974`; `20` is no département any more).
pub fn department(code: &str) -> Option<&'static Department> {
    DEPARTMENTS.iter().find(|department| department.code == code)
}

const fn academy(
    code: &'static str,
    name: &'static str,
    school_zone: Option<SchoolZone>,
    departments: &'static [&'static str],
) -> Academy {
    Academy { code, name, school_zone, departments }
}

const A: Option<SchoolZone> = Some(SchoolZone::A);
const B: Option<SchoolZone> = Some(SchoolZone::B);
const C: Option<SchoolZone> = Some(SchoolZone::C);

const ACADEMIES: &[Academy] = &[
    academy("01", "Paris", C, &["75"]),
    academy("02", "Aix-Marseille", B, &["04", "05", "13", "84"]),
    academy("03", "Besançon", A, &["25", "39", "70", "90"]),
    academy("04", "Bordeaux", A, &["24", "33", "40", "47", "64"]),
    academy("06", "Clermont-Ferrand", A, &["03", "15", "43", "63"]),
    academy("07", "Dijon", A, &["21", "58", "71", "89"]),
    academy("08", "Grenoble", A, &["07", "26", "38", "73", "74"]),
    academy("09", "Lille", B, &["59", "62"]),
    academy("10", "Lyon", A, &["01", "42", "69"]),
    academy("11", "Montpellier", C, &["11", "30", "34", "48", "66"]),
    academy("12", "Nancy-Metz", B, &["54", "55", "57", "88"]),
    academy("13", "Poitiers", A, &["16", "17", "79", "86"]),
    academy("14", "Rennes", B, &["22", "29", "35", "56"]),
    academy("15", "Strasbourg", B, &["67", "68"]),
    academy("16", "Toulouse", C, &["09", "12", "31", "32", "46", "65", "81", "82"]),
    academy("17", "Nantes", B, &["44", "49", "53", "72", "85"]),
    academy("18", "Orléans-Tours", B, &["18", "28", "36", "37", "41", "45"]),
    academy("19", "Reims", B, &["08", "10", "51", "52"]),
    academy("20", "Amiens", B, &["02", "60", "80"]),
    academy("22", "Limoges", A, &["19", "23", "87"]),
    academy("23", "Nice", B, &["06", "83"]),
    academy("24", "Créteil", C, &["77", "93", "94"]),
    academy("25", "Versailles", C, &["78", "91", "92", "95"]),
    academy("27", "Corse", None, &["2A", "2B"]),
    academy("28", "La Réunion", None, &["974"]),
    academy("31", "Martinique", None, &["972"]),
    academy("32", "Guadeloupe", None, &["971"]),
    academy("33", "Guyane", None, &["973"]),
    academy("40", "Nouvelle-Calédonie", None, &["988"]),
    academy("41", "Polynésie française", None, &["987"]),
    academy("42", "Wallis et Futuna", None, &["986"]),
    academy("43", "Mayotte", None, &["976"]),
    academy("44", "Saint-Pierre-et-Miquelon", None, &["975"]),
    academy("70", "Normandie", B, &["14", "27", "50", "61", "76"]),
    academy("77", "Saint-Barthélemy", None, &["977"]),
    academy("78", "Saint-Martin", None, &["978"]),
];

const fn named(code: &'static str, name: &'static str) -> Department {
    Department { code, name }
}

const DEPARTMENTS: &[Department] = &[
    named("01", "Ain"),
    named("02", "Aisne"),
    named("03", "Allier"),
    named("04", "Alpes-de-Haute-Provence"),
    named("05", "Hautes-Alpes"),
    named("06", "Alpes-Maritimes"),
    named("07", "Ardèche"),
    named("08", "Ardennes"),
    named("09", "Ariège"),
    named("10", "Aube"),
    named("11", "Aude"),
    named("12", "Aveyron"),
    named("13", "Bouches-du-Rhône"),
    named("14", "Calvados"),
    named("15", "Cantal"),
    named("16", "Charente"),
    named("17", "Charente-Maritime"),
    named("18", "Cher"),
    named("19", "Corrèze"),
    named("21", "Côte-d’Or"),
    named("22", "Côtes-d’Armor"),
    named("23", "Creuse"),
    named("24", "Dordogne"),
    named("25", "Doubs"),
    named("26", "Drôme"),
    named("27", "Eure"),
    named("28", "Eure-et-Loir"),
    named("29", "Finistère"),
    named("2A", "Corse-du-Sud"),
    named("2B", "Haute-Corse"),
    named("30", "Gard"),
    named("31", "Haute-Garonne"),
    named("32", "Gers"),
    named("33", "Gironde"),
    named("34", "Hérault"),
    named("35", "Ille-et-Vilaine"),
    named("36", "Indre"),
    named("37", "Indre-et-Loire"),
    named("38", "Isère"),
    named("39", "Jura"),
    named("40", "Landes"),
    named("41", "Loir-et-Cher"),
    named("42", "Loire"),
    named("43", "Haute-Loire"),
    named("44", "Loire-Atlantique"),
    named("45", "Loiret"),
    named("46", "Lot"),
    named("47", "Lot-et-Garonne"),
    named("48", "Lozère"),
    named("49", "Maine-et-Loire"),
    named("50", "Manche"),
    named("51", "Marne"),
    named("52", "Haute-Marne"),
    named("53", "Mayenne"),
    named("54", "Meurthe-et-Moselle"),
    named("55", "Meuse"),
    named("56", "Morbihan"),
    named("57", "Moselle"),
    named("58", "Nièvre"),
    named("59", "Nord"),
    named("60", "Oise"),
    named("61", "Orne"),
    named("62", "Pas-de-Calais"),
    named("63", "Puy-de-Dôme"),
    named("64", "Pyrénées-Atlantiques"),
    named("65", "Hautes-Pyrénées"),
    named("66", "Pyrénées-Orientales"),
    named("67", "Bas-Rhin"),
    named("68", "Haut-Rhin"),
    named("69", "Rhône"),
    named("70", "Haute-Saône"),
    named("71", "Saône-et-Loire"),
    named("72", "Sarthe"),
    named("73", "Savoie"),
    named("74", "Haute-Savoie"),
    named("75", "Paris"),
    named("76", "Seine-Maritime"),
    named("77", "Seine-et-Marne"),
    named("78", "Yvelines"),
    named("79", "Deux-Sèvres"),
    named("80", "Somme"),
    named("81", "Tarn"),
    named("82", "Tarn-et-Garonne"),
    named("83", "Var"),
    named("84", "Vaucluse"),
    named("85", "Vendée"),
    named("86", "Vienne"),
    named("87", "Haute-Vienne"),
    named("88", "Vosges"),
    named("89", "Yonne"),
    named("90", "Territoire de Belfort"),
    named("91", "Essonne"),
    named("92", "Hauts-de-Seine"),
    named("93", "Seine-Saint-Denis"),
    named("94", "Val-de-Marne"),
    named("95", "Val-d’Oise"),
    named("971", "Guadeloupe"),
    named("972", "Martinique"),
    named("973", "Guyane"),
    named("974", "La Réunion"),
    named("975", "Saint-Pierre-et-Miquelon"),
    named("976", "Mayotte"),
    named("977", "Saint-Barthélemy"),
    named("978", "Saint-Martin"),
    named("984", "Terres australes et antarctiques françaises"),
    named("986", "Wallis et Futuna"),
    named("987", "Polynésie française"),
    named("988", "Nouvelle-Calédonie"),
    named("989", "Île de Clipperton"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_inhabited_departement_has_one_academie() {
        for department in departments() {
            let owners = academies().iter().filter(|a| a.departments.contains(&department.code)).count();
            let expected = if matches!(department.code, "984" | "989") { 0 } else { 1 };
            assert_eq!(owners, expected, "{} {}", department.code, department.name);
        }
        for code in academies().iter().flat_map(|academy| academy.departments) {
            assert!(department(code).is_some(), "{code} is named by an académie and is unknown");
        }
        assert_eq!(departments().len(), 109);
    }

    #[test]
    fn the_zones_are_those_of_the_calendar() {
        for (code, name, zone) in [
            ("80", "académie d’Amiens", B),
            ("02", "académie d’Amiens", B),
            ("60", "académie d’Amiens", B),
            ("59", "académie de Lille", B),
            ("76", "académie de Normandie", B),
            ("45", "académie d’Orléans-Tours", B),
            ("33", "académie de Bordeaux", A),
            ("75", "académie de Paris", C),
            ("2A", "académie de Corse", None),
            ("974", "académie de La Réunion", None),
        ] {
            let department = department(code).expect(code);
            assert_eq!(department.academy().expect(code).full_name(), name);
            assert_eq!(department.school_zone(), zone, "{code}");
        }
        assert!(department("67").expect("Bas-Rhin").alsace_moselle());
        assert!(!department("80").expect("Somme").alsace_moselle());
        assert_eq!(department("20"), None);
    }
}
