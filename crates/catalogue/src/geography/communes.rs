//! The communes of France: found by postal code, by INSEE code, by name.

use std::sync::LazyLock;

use passerelle_domain::office::Position;

use super::departments::{Department, department};
use super::postal_code::{PostalCode, PostalCodeError};
use super::precision::Precision;

const COMMUNES: &str = include_str!("../../geography/communes.csv");

/// The three cities whose arrondissements are listed beside them: a postal code there means the arrondissement,
/// not the middle of the city.
const CITIES_OF_ARRONDISSEMENTS: [&str; 3] = ["13055", "69123", "75056"];

/// A commune, or a municipal arrondissement of Paris, Lyon or Marseille.
#[derive(Debug, Clone, PartialEq)]
pub struct Commune {
    /// INSEE code (`80021`, `2A004`).
    pub insee: &'static str,
    /// Its official name.
    pub name: &'static str,
    /// Code of its département (`80`, `2A`, `974`).
    pub department: &'static str,
    /// Inhabitants, 0 where unknown.
    pub population: u32,
    /// Where it is; a handful of uninhabited lands have no position.
    pub position: Option<Position>,
    /// How good the position is; none without a position.
    pub precision: Option<Precision>,
    postal_codes: &'static str,
}

impl Commune {
    /// Its postal codes, in order.
    pub fn postal_codes(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.postal_codes.split_ascii_whitespace()
    }

    fn parse(line: &'static str) -> Option<Self> {
        let (insee, rest) = line.split_once(';')?;
        let (name, rest) = rest.split_once(';')?;
        let (postal_codes, rest) = rest.split_once(';')?;
        let (department, rest) = rest.split_once(';')?;
        let (population, rest) = rest.split_once(';')?;
        let (lat, rest) = rest.split_once(';')?;
        let (lon, precision) = rest.split_once(';')?;
        let position = degrees(lat).zip(degrees(lon)).map(|(lat, lon)| Position { lat, lon });
        Some(Self {
            insee,
            name,
            department,
            population: population.parse().ok()?,
            position,
            precision: Precision::parse(precision),
            postal_codes,
        })
    }
}

/// Degrees written with four decimals. Reading them as ten-thousandths halves the time of the whole load, against
/// the general parser, which has exponents and the last bit to get right.
fn degrees(text: &str) -> Option<f64> {
    let mut value: i32 = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => value = value.checked_mul(10)?.checked_add(i32::from(byte - b'0'))?,
            b'-' | b'.' => {}
            _ => return None,
        }
    }
    let value = f64::from(value) / 10_000.0;
    match text.as_bytes() {
        [] => None,
        [b'-', ..] => Some(-value),
        _ => Some(value),
    }
}

/// Where a postal code is.
#[derive(Debug, Clone, PartialEq)]
pub struct Location {
    /// The centre of its communes, weighted by population.
    pub position: Position,
    /// At least half of the people of this postal code live in communes placed this well or better.
    pub precision: Precision,
    /// The communes, the most populous first.
    pub communes: Vec<&'static Commune>,
}

/// Every commune of France, indexed.
#[derive(Debug)]
pub struct Geography {
    communes: Vec<Commune>,
    /// (postal code, index of the commune), sorted.
    by_postal_code: Vec<(u32, u32)>,
    /// Folded names in the order of `communes`, made when somebody first types a name.
    folded: LazyLock<Vec<Box<str>>>,
}

static GEOGRAPHY: LazyLock<Geography> = LazyLock::new(Geography::parse);

impl Geography {
    /// The embedded geography, parsed on the first call (some ten milliseconds) and shared afterwards.
    pub fn load() -> &'static Geography {
        &GEOGRAPHY
    }

    fn parse() -> Geography {
        let communes: Vec<Commune> = COMMUNES.lines().skip(1).filter_map(Commune::parse).collect();
        let mut by_postal_code = Vec::with_capacity(communes.len() + 4096);
        for (index, commune) in communes.iter().enumerate() {
            if CITIES_OF_ARRONDISSEMENTS.contains(&commune.insee) {
                continue;
            }
            by_postal_code.extend(
                commune.postal_codes().filter_map(|code| code.parse().ok()).map(|code| (code, index as u32)),
            );
        }
        by_postal_code.sort_unstable();
        Geography { communes, by_postal_code, folded: LazyLock::new(fold_all) }
    }

    /// Every commune, in the order of INSEE codes.
    pub fn communes(&self) -> &[Commune] {
        &self.communes
    }

    /// The commune with this INSEE code.
    pub fn commune(&self, insee: &str) -> Option<&Commune> {
        let index = self.communes.binary_search_by(|commune| commune.insee.cmp(insee)).ok()?;
        self.communes.get(index)
    }

    /// The communes of a postal code, the most populous first; empty when nobody has it.
    pub fn by_postal_code(&'static self, code: PostalCode) -> Vec<&'static Commune> {
        let first = self.by_postal_code.partition_point(|&(known, _)| known < code.number());
        let mut found: Vec<&Commune> = self.by_postal_code[first..]
            .iter()
            .take_while(|&&(known, _)| known == code.number())
            .filter_map(|&(_, index)| self.communes.get(index as usize))
            .collect();
        found.sort_by_key(|commune| (std::cmp::Reverse(commune.population), commune.insee));
        found
    }

    /// Where a postal code is, as typed. `Ok(None)` is a well-formed code that no located commune has.
    pub fn locate(&'static self, postal_code: &str) -> Result<Option<Location>, PostalCodeError> {
        Ok(self.locate_code(PostalCode::parse(postal_code)?))
    }

    /// Where a postal code is.
    pub fn locate_code(&'static self, code: PostalCode) -> Option<Location> {
        let communes = self.by_postal_code(code);
        let mut placed: Vec<(Precision, Position, f64)> = communes
            .iter()
            .filter_map(|c| Some((c.precision?, c.position?, f64::from(c.population.max(1)))))
            .collect();
        let total: f64 = placed.iter().map(|(_, _, weight)| weight).sum();
        let lat = placed.iter().map(|(_, p, weight)| p.lat * weight).sum::<f64>() / total;
        let lon = placed.iter().map(|(_, p, weight)| p.lon * weight).sum::<f64>() / total;
        placed.sort_by_key(|(precision, ..)| *precision);
        let mut seen = 0.0;
        let precision = placed.iter().find_map(|(precision, _, weight)| {
            seen += weight;
            (seen * 2.0 >= total).then_some(*precision)
        })?;
        Some(Location { position: Position { lat, lon }, precision, communes })
    }

    /// The département of a postal code: that of its most populous commune, or else what its digits tell.
    pub fn department_of(&'static self, code: PostalCode) -> Option<&'static Department> {
        match self.by_postal_code(code).first() {
            Some(commune) => department(commune.department),
            None => department(&code.department_code()),
        }
    }

    /// Communes whose name begins with `typed`, or has a word that does, accents, case and hyphens ignored;
    /// names that begin so first, then by population. `st` is read `saint`.
    pub fn search(&self, typed: &str, limit: usize) -> Vec<&Commune> {
        let wanted = fold(typed);
        if wanted.is_empty() {
            return Vec::new();
        }
        let inside = format!(" {wanted}");
        let mut found: Vec<(bool, &Commune)> = self
            .folded
            .iter()
            .zip(&self.communes)
            .filter_map(|(name, commune)| {
                let begins = name.starts_with(&wanted);
                (begins || name.contains(&inside)).then_some((!begins, commune))
            })
            .collect();
        found.sort_by_key(|(later, c)| (*later, std::cmp::Reverse(c.population), c.insee));
        found.into_iter().take(limit).map(|(_, commune)| commune).collect()
    }
}

fn fold_all() -> Vec<Box<str>> {
    Geography::load().communes.iter().map(|commune| fold(commune.name).into_boxed_str()).collect()
}

/// Lower case, no accents, words separated by one space, `st` and `ste` written out.
fn fold(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => letters.push('a'),
            'ç' => letters.push('c'),
            'è' | 'é' | 'ê' | 'ë' => letters.push('e'),
            'ì' | 'í' | 'î' | 'ï' => letters.push('i'),
            'ñ' => letters.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => letters.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => letters.push('u'),
            'ý' | 'ÿ' => letters.push('y'),
            'œ' => letters.push_str("oe"),
            'æ' => letters.push_str("ae"),
            // Combining marks of decomposed text: the letter before them is kept.
            '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => letters.push(c),
            _ => letters.push(' '),
        }
    }
    let words: Vec<&str> = letters
        .split_ascii_whitespace()
        .map(|word| match word {
            "st" => "saint",
            "ste" => "sainte",
            word => word,
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests;
