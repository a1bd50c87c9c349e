//! Rows of the tables, whether CSV or JSON: cells known by the slug of their column.

use std::hash::Hasher;
use std::sync::LazyLock;

use chrono::NaiveDate;
use passerelle_domain::office::Position;
use rustc_hash::{FxHashMap, FxHasher};
use unicode_normalization::UnicodeNormalization;

use crate::geography::{self, PostalCode};
use crate::model::{Domain, clean};

/// Label of a column as the publisher's JSON writes it: lower case without accents, apostrophes, parentheses, `°`, `/`
/// and `.`; blanks become `_`.
#[must_use]
pub fn slug(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    for c in label.trim_matches(|c: char| c == '\u{feff}' || c.is_whitespace()).nfd() {
        match c {
            '\u{300}'..='\u{36f}' | '\'' | '’' | '(' | ')' | '°' | '/' | '.' => {}
            c if c.is_whitespace() => out.push('_'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// The columns of a table, by slug.
#[derive(Debug, Clone, Default)]
pub struct Columns(FxHashMap<String, usize>);

impl Columns {
    /// Of the labels of a header, or of the keys of an object.
    pub fn new<'a>(labels: impl IntoIterator<Item = &'a str>) -> Self {
        let mut columns = FxHashMap::default();
        for (number, label) in labels.into_iter().enumerate() {
            columns.entry(slug(label)).or_insert(number);
        }
        Self(columns)
    }

    /// Where the column stands.
    #[must_use]
    pub fn get(&self, slug: &str) -> Option<usize> {
        self.0.get(slug).copied()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Adds a column that was not seen before, and says where it stands.
    pub fn add(&mut self, slug: String) -> usize {
        let next = self.0.len();
        *self.0.entry(slug).or_insert(next)
    }

    /// The slugs, in no order.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// A row.
#[derive(Debug, Clone, Copy)]
pub struct Cells<'a> {
    columns: &'a Columns,
    values: Values<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Values<'a> {
    Csv(&'a csv::StringRecord),
    Json(&'a [String]),
}

impl<'a> Cells<'a> {
    /// A line of a CSV file.
    #[must_use]
    pub fn of_csv(columns: &'a Columns, record: &'a csv::StringRecord) -> Self {
        Self { columns, values: Values::Csv(record) }
    }

    /// An object of a JSON file, its values in the order of the columns.
    #[must_use]
    pub fn of_json(columns: &'a Columns, values: &'a [String]) -> Self {
        Self { columns, values: Values::Json(values) }
    }

    /// Its columns.
    #[must_use]
    pub fn columns(&self) -> &'a Columns {
        self.columns
    }

    /// As written, blanks around removed; empty where the column is missing.
    #[must_use]
    pub fn raw(&self, slug: &str) -> &'a str {
        let Some(at) = self.columns.get(slug) else { return "" };
        let value = self.at(at);
        // Nearly every cell begins and ends with a letter or a digit: nothing to look for then.
        match (value.as_bytes().first(), value.as_bytes().last()) {
            (Some(first), Some(last)) if first.is_ascii_graphic() && last.is_ascii_graphic() => value,
            _ => value.trim_matches(|c: char| c.is_whitespace()),
        }
    }

    /// The first cell whose column begins so: a label that holds the year changes with it.
    #[must_use]
    pub fn starting_with(&self, prefix: &str) -> Option<&'a str> {
        let column = self.columns.slugs().find(|slug| slug.starts_with(prefix))?;
        Some(self.raw(column))
    }

    /// A number that rows with the same words in the columns at these places share, and hardly any other.
    #[must_use]
    pub fn same(&self, places: &[usize]) -> u64 {
        let mut hasher = FxHasher::default();
        for place in places {
            let cell = self.at(*place);
            hasher.write(cell.as_bytes());
            hasher.write_usize(cell.len());
        }
        hasher.finish()
    }

    fn at(&self, place: usize) -> &'a str {
        let value = match self.values {
            Values::Csv(record) => record.get(place),
            Values::Json(values) => values.get(place).map(String::as_str),
        };
        value.unwrap_or_default()
    }

    /// Its words with single blanks.
    #[must_use]
    pub fn text(&self, slug: &str) -> String {
        clean(self.raw(slug))
    }

    /// Items separated by `|`, whatever blanks stand around it.
    #[must_use]
    pub fn list(&self, slug: &str) -> Vec<String> {
        list(self.raw(slug))
    }

    /// `domaine/sous-domaine` items.
    #[must_use]
    pub fn domains(&self, slug: &str) -> Vec<Domain> {
        domains(self.raw(slug))
    }

    /// A day as `dd/mm/yyyy` or `yyyy-mm-dd`.
    #[must_use]
    pub fn date(&self, slug: &str) -> Option<NaiveDate> {
        date(self.raw(slug))
    }

    /// Position from two columns of degrees.
    #[must_use]
    pub fn position(&self, lat: &str, lon: &str) -> Option<Position> {
        position(self.raw(lat), self.raw(lon))
    }
}

/// Items separated by `|`.
#[must_use]
pub fn list(cell: &str) -> Vec<String> {
    cell.split('|').map(clean).filter(|item| !item.is_empty()).collect()
}

/// `domaine/sous-domaine` items separated by `|`; both parts hold commas, neither holds a slash.
#[must_use]
pub fn domains(cell: &str) -> Vec<Domain> {
    let mut all: Vec<Domain> = Vec::new();
    for item in list(cell) {
        let (domain, subdomain) = item.split_once('/').unwrap_or(("", &item));
        let one = Domain { domain: clean(domain), subdomain: clean(subdomain), id: String::new() };
        if !all.contains(&one) {
            all.push(one);
        }
    }
    all
}

/// A day as `dd/mm/yyyy` or ISO.
#[must_use]
pub fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    // Ten characters: "03/06/20" is what is left of a day in a file that was cut, and no year 20.
    if text.len() < 10 {
        return None;
    }
    // A day in every row: read by hand where it is written as it should be.
    if let [d, e, b'/', m, n, b'/', year @ ..] = text.as_bytes()
        && let (Some(day), Some(month)) = (digits(&[*d, *e]), digits(&[*m, *n]))
        && let (4, Some(year)) = (year.len(), digits(year))
    {
        return NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
    }
    NaiveDate::parse_from_str(text, "%d/%m/%Y")
        .or_else(|_| NaiveDate::parse_from_str(text.get(..10).unwrap_or(text), "%Y-%m-%d"))
        .ok()
}

/// The number that a few bytes write, if they are digits and nothing else.
fn digits(bytes: &[u8]) -> Option<u32> {
    bytes
        .iter()
        .try_fold(0, |number, byte| byte.is_ascii_digit().then(|| number * 10 + u32::from(byte - b'0')))
}

/// Degrees with a point or a comma; nothing where one is missing, beyond the globe, or both are zero, which is how
/// tables say that they do not know.
#[must_use]
pub fn position(lat: &str, lon: &str) -> Option<Position> {
    let degrees = |text: &str| text.trim().replace(',', ".").parse::<f64>().ok().filter(|d| d.is_finite());
    let (lat, lon) = (degrees(lat)?, degrees(lon)?);
    let on_the_globe = lat.abs() <= 90.0 && lon.abs() <= 180.0 && (lat != 0.0 || lon != 0.0);
    on_the_globe.then_some(Position { lat, lon })
}

/// Prefixes of the identifiers that redirect addresses end with.
const PREFIXES: &[&str] = &["FOR", "MET", "ENS", "INFO", "AF"];

/// The identifier at the end of an address, or alone in a cell: `FOR.1152`. Of any other form, none.
#[must_use]
pub fn identifier(cell: &str) -> Option<String> {
    let last = cell.trim().trim_end_matches('/').rsplit('/').next()?;
    let last = last.split(['?', '#']).next()?.trim();
    let (prefix, number) = last.split_once('.')?;
    let prefix = PREFIXES.iter().find(|known| known.eq_ignore_ascii_case(prefix))?;
    let digits = !number.is_empty() && number.len() <= 9 && number.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| [prefix, ".", number].concat())
}

/// Five digits: the zero that some files lose is put back. As written where it is no French code.
#[must_use]
pub fn postal_code(cell: &str) -> String {
    PostalCode::parse(cell).map_or_else(|_| clean(cell), |code| code.to_string())
}

/// The key letter aside, an address with nothing to run: only `http` and `https`.
#[must_use]
pub fn address(cell: &str) -> String {
    let cell = cell.trim();
    let begins = |scheme: &str| {
        cell.as_bytes().get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
    };
    let web = cell.is_char_boundary(8) && (begins("http://") || begins("https://"));
    if web && !cell.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return cell.to_owned();
    }
    let bare = cell.contains('.') && !cell.contains([':', ' ', '@']);
    if bare { format!("http://{cell}") } else { String::new() }
}

/// Code of a département out of `75 - Paris`, `Territoire-de-Belfort`, `035`, `02A`; by the postal code where the cell
/// says nothing that is known.
#[must_use]
pub fn department(cell: &str, postal_code: &str) -> String {
    let known = |code: &str| geography::department(code).map(|d| d.code.to_owned());
    let cell = cell.trim();
    let head = cell.split(" - ").next().unwrap_or_default().trim().to_ascii_uppercase();
    let padded = head.strip_prefix('0').filter(|rest| rest.len() == 2);
    if let Some(code) = known(&head).or_else(|| padded.and_then(known)) {
        return code;
    }
    // Folded once: a row each for a hundred names was a fifth of an import.
    static BY_NAME: LazyLock<FxHashMap<String, &str>> =
        LazyLock::new(|| geography::departments().iter().map(|d| (folded(d.name), d.code)).collect());
    let by_name = BY_NAME.get(&folded(cell)).map(|code| (*code).to_owned());
    by_name
        .or_else(|| PostalCode::parse(postal_code).ok().and_then(|code| known(&code.department_code())))
        .unwrap_or_default()
}

/// Name of the académie: that of the département where it is known, for the files spell it in several ways.
#[must_use]
pub fn academy(cell: &str, department: &str) -> String {
    geography::department(department)
        .and_then(geography::Department::academy)
        .map_or_else(|| clean(cell), |academy| academy.name.to_owned())
}

/// Letters alone, lower case, without accents: to compare names that files hyphenate as they like.
fn folded(name: &str) -> String {
    name.nfd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_the_publisher() {
        for (label, expected) in [
            ("\u{feff}domaine/sous-domaine", "domainesous-domaine"),
            ("n° SIRET", "n_siret"),
            ("type d'établissement", "type_detablissement"),
            ("lien site onisep.fr", "lien_site_onisepfr"),
            ("Lieu d'enseignement (ENS) libellé", "lieu_denseignement_ens_libelle"),
            ("longitude (X)", "longitude_x"),
            ("ENS n° téléphone", "ens_n_telephone"),
            ("Identifiant_de_l_etablissement", "identifiant_de_l_etablissement"),
            ("Code postal", "code_postal"),
        ] {
            assert_eq!(slug(label), expected);
        }
    }

    #[test]
    fn identifiers_are_found_at_the_end_of_addresses_old_and_new() {
        for (cell, id) in [
            ("https://www.onisep.fr/http/redirection/formation/slug/FOR.1152", Some("FOR.1152")),
            ("http://www.onisep.fr/http/redirections/metier/identifiant/MET.14/", Some("MET.14")),
            (
                "https://www.onisep.fr/http/redirection/organisme_information/slug/INFO.1081",
                Some("INFO.1081"),
            ),
            ("AF.69395", Some("AF.69395")),
            ("FOR.", None),
            ("FOR.12a", None),
            ("XYZ.12", None),
            ("", None),
        ] {
            assert_eq!(identifier(cell).as_deref(), id, "{cell}");
        }
    }

    #[test]
    fn departments_are_known_however_they_are_spelled() {
        for (cell, postal, code) in [
            ("75 - Paris", "", "75"),
            ("Paris", "", "75"),
            ("Territoire-de-Belfort", "", "90"),
            ("035", "", "35"),
            ("02A", "", "2A"),
            ("974", "", "974"),
            ("La Réunion", "", "974"),
            ("2A - Corse-du-Sud", "", "2A"),
            ("Côtes d'Armor", "", "22"),
            ("", "08200", "08"),
            ("Collectivités d'Outre Mer", "98713", "987"),
        ] {
            assert_eq!(department(cell, postal), code, "{cell} {postal}");
        }
    }

    #[test]
    fn lost_zeros_return_and_foreign_codes_stay() {
        assert_eq!(postal_code("8200"), "08200");
        assert_eq!(postal_code("06130"), "06130");
        assert_eq!(postal_code("B-1000"), "B-1000");
    }

    #[test]
    fn lists_are_split_whatever_the_blanks() {
        assert_eq!(list("a | b| c|d || "), ["a", "b", "c", "d"]);
        let domains = domains(
            "matières premières, fabrication, industries/matériaux| informatique, Internet/bases de données",
        );
        assert_eq!(domains[0].domain, "matières premières, fabrication, industries");
        assert_eq!(domains[1].subdomain, "bases de données");
    }

    #[test]
    fn a_position_is_on_the_globe_or_is_not() {
        assert!(position("-21.079258", "55.271909").is_some(), "overseas is somewhere too");
        assert!(position("48,85", "2,35").is_some());
        for (lat, lon) in
            [("", ""), ("0", "0"), ("48.8", ""), ("91", "2"), ("NaN", "2"), ("6776558.9", "332503.4")]
        {
            assert!(position(lat, lon).is_none(), "{lat} {lon}");
        }
    }

    #[test]
    fn an_address_cannot_run_anything() {
        assert_eq!(address("http://www.enac.fr/"), "http://www.enac.fr/");
        assert_eq!(address("www.enac.fr"), "http://www.enac.fr");
        for bad in ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "voir le site", ""] {
            assert_eq!(address(bad), "", "{bad}");
        }
    }
}
