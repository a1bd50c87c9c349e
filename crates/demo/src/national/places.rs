//! Where the invented institutions stand: communes of France drawn by their people, with what Onisep writes of them.

use passerelle_catalogue::geography::{Commune, Geography, Position, department};

use crate::random::Random;

/// A commune with its names as Onisep spells them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) commune: &'static Commune,
    /// Name of the commune: an arrondissement says its city.
    pub(super) town: &'static str,
    /// Name of the département, apostrophes straight.
    pub(super) department: &'static str,
    pub(super) academy: &'static str,
    pub(super) academy_code: &'static str,
    pub(super) region: &'static str,
    pub(super) region_code: &'static str,
    pub(super) position: Position,
}

impl Place {
    fn new(commune: &'static Commune) -> Option<Place> {
        let named = department(commune.department)?;
        let academy = named.academy()?;
        let (region, region_code) = region(named.code)?;
        // Together, as the files have them.
        let far = region == OVERSEAS;
        Some(Place {
            commune,
            town: if commune.name.ends_with(" Arrondissement") { city(commune) } else { commune.name },
            department: spelled(named.name),
            academy: if far { "Collectivités d'Outre Mer" } else { academy.name },
            academy_code: academy.code,
            region,
            region_code,
            position: commune.position?,
        })
    }

    /// Code of the commune in Onisep's column: Paris is 75100.
    pub(super) fn cog(&self) -> &'static str {
        match self.commune.department {
            "75" => "75100",
            _ => match self.town {
                "Lyon" => "69123",
                "Marseille" => "13055",
                _ => self.commune.insee,
            },
        }
    }

    /// Two digits of a municipal arrondissement, empty elsewhere.
    pub(super) fn arrondissement(&self) -> String {
        if self.town == self.commune.name {
            return String::new();
        }
        // "Lyon 3e Arrondissement".
        let number: String = self.commune.name.chars().filter(char::is_ascii_digit).collect();
        format!("{number:0>2}")
    }

    /// A postal code of the commune.
    pub(super) fn postal_code(&self, random: &mut Random) -> &'static str {
        let codes: Vec<&'static str> = self.commune.postal_codes().collect();
        random.pick(&codes)
    }

    /// A point within a kilometre or so, as many digits as the files have.
    pub(super) fn near(&self, random: &mut Random) -> (String, String) {
        let shift = |random: &mut Random| random.between(-9_000, 9_000) as f64 / 1e6;
        let (lat, lon) = (self.position.lat + shift(random), self.position.lon + shift(random));
        if random.percent(60) {
            (format!("{lat:.4}"), format!("{lon:.5}"))
        } else {
            (format!("{lat:.10}"), format!("{lon:.10}"))
        }
    }

    /// A telephone number of those kept for fiction.
    pub(super) fn phone(&self, random: &mut Random) -> String {
        let head = match self.region_code {
            "11" => "01 99 00",
            "24" | "28" | "52" | "53" | "01" | "02" | "03" | "04" | "06" | "00" => "02 61 91",
            "27" | "32" | "44" => "03 53 01",
            "84" | "93" | "94" => "04 65 71",
            _ => "05 36 49",
        };
        format!("{head} {:02} {:02}", random.below(100), random.below(100))
    }
}

fn city(commune: &Commune) -> &'static str {
    match commune.department {
        "75" => "Paris",
        "69" => "Lyon",
        _ => "Marseille",
    }
}

const OVERSEAS: &str = "Collectivités d'outre-mer";

/// Onisep's name and the code of the region of a département.
fn region(department: &str) -> Option<(&'static str, &'static str)> {
    Some(match department {
        "75" | "77" | "78" | "91" | "92" | "93" | "94" | "95" => ("Ile-de-France", "11"),
        "18" | "28" | "36" | "37" | "41" | "45" => ("Centre-Val de Loire", "24"),
        "21" | "25" | "39" | "58" | "70" | "71" | "89" | "90" => ("Bourgogne-Franche-Comté", "27"),
        "14" | "27" | "50" | "61" | "76" => ("Normandie", "28"),
        "02" | "59" | "60" | "62" | "80" => ("Hauts-de-France", "32"),
        "08" | "10" | "51" | "52" | "54" | "55" | "57" | "67" | "68" | "88" => ("Grand Est", "44"),
        "44" | "49" | "53" | "72" | "85" => ("Pays de la Loire", "52"),
        "22" | "29" | "35" | "56" => ("Bretagne", "53"),
        "16" | "17" | "19" | "23" | "24" | "33" | "40" | "47" | "64" | "79" | "86" | "87" => {
            ("Nouvelle-Aquitaine", "75")
        }
        "09" | "11" | "12" | "30" | "31" | "32" | "34" | "46" | "48" | "65" | "66" | "81" | "82" => {
            ("Occitanie", "76")
        }
        "01" | "03" | "07" | "15" | "26" | "38" | "42" | "43" | "63" | "69" | "73" | "74" => {
            ("Auvergne-Rhône-Alpes", "84")
        }
        "04" | "05" | "06" | "13" | "83" | "84" => ("Provence-Alpes-Côte d'Azur", "93"),
        "2A" | "2B" => ("Corse", "94"),
        "971" => ("Guadeloupe", "01"),
        "972" => ("Martinique", "02"),
        "973" => ("Guyane", "03"),
        "974" => ("La Réunion", "04"),
        "976" => ("Mayotte", "06"),
        "975" | "977" | "978" | "986" | "987" | "988" => (OVERSEAS, "00"),
        _ => return None,
    })
}

/// The name of a département as Onisep has it: straight apostrophes, a hyphen more in Belfort's.
fn spelled(name: &'static str) -> &'static str {
    match name {
        "Côte-d’Or" => "Côte-d'Or",
        "Côtes-d’Armor" => "Côtes-d'Armor",
        "Val-d’Oise" => "Val-d'Oise",
        "Territoire de Belfort" => "Territoire-de-Belfort",
        _ => name,
    }
}

/// Communes to draw from.
pub(super) struct Places {
    all: Vec<Place>,
    /// Sums of weights so far: of villages as of towns, and of towns alone.
    everywhere: Vec<u64>,
    towns: Vec<u64>,
}

impl Places {
    pub(super) fn load() -> Places {
        let split = ["75056", "69123", "13055"];
        let all: Vec<Place> = (Geography::load().communes().iter())
            .filter(|commune| !split.contains(&commune.insee) && commune.postal_codes().next().is_some())
            .filter_map(Place::new)
            .collect();
        let sums = |weight: fn(u64) -> u64| {
            let add = |sum: &mut u64, place: &Place| {
                *sum += weight(u64::from(place.commune.population));
                Some(*sum)
            };
            all.iter().scan(0, add).collect()
        };
        let everywhere = sums(|people| 1_000 + people);
        let towns = sums(|people| if people < 2_500 { 0 } else { people });
        Places { all, everywhere, towns }
    }

    /// A commune: small ones have their share.
    pub(super) fn anywhere(&self, random: &mut Random) -> &Place {
        self.draw(&self.everywhere, random)
    }

    /// A town of 2,500 people and more, by their number.
    pub(super) fn town(&self, random: &mut Random) -> &Place {
        self.draw(&self.towns, random)
    }

    fn draw(&self, sums: &[u64], random: &mut Random) -> &Place {
        let total = sums.last().copied().unwrap_or(1).max(1);
        let drawn = random.next() % total;
        let at = sums.partition_point(|&sum| sum <= drawn).min(self.all.len().saturating_sub(1));
        &self.all[at]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_spelled_as_the_files_spell_them() {
        let places = Places::load();
        let find = |insee: &str| *places.all.iter().find(|place| place.commune.insee == insee).unwrap();
        let paris = find("75120");
        assert_eq!((paris.town, paris.cog(), paris.arrondissement().as_str()), ("Paris", "75100", "20"));
        assert_eq!(find("75101").arrondissement(), "01");
        assert_eq!((find("69383").town, find("69383").arrondissement().as_str()), ("Lyon", "03"));
        assert_eq!(find("90010").department, "Territoire-de-Belfort");
        assert_eq!(find("98735").academy, "Collectivités d'Outre Mer");
        assert!(places.all.iter().all(|place| !place.department.contains('’')));
        assert!(places.all.len() > 34_000, "{}", places.all.len());
    }

    #[test]
    fn towns_are_drawn_by_their_people() {
        let places = Places::load();
        let mut random = Random::new("places");
        let drawn: Vec<u32> = (0..2_000).map(|_| places.town(&mut random).commune.population).collect();
        assert!(drawn.iter().all(|&people| people >= 2_500));
        let villages = (0..2_000).filter(|_| places.anywhere(&mut random).commune.population < 2_500).count();
        assert!((600..1_600).contains(&villages), "{villages} villages of 2,000");
    }
}
