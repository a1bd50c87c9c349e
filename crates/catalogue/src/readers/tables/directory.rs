//! Annuaire de l'éducation: every school with its position, and the CIOs.

use passerelle_domain::ids::Uai;

use super::institutions::status;
use crate::model::{Institution, clean};
use crate::readers::cells::{Cells, academy, address, department, identifier, position, postal_code};
use crate::readers::item::{Item, Read, Row};

/// Those that are read, under the names of the CSV file.
pub(super) const COLUMNS: &[&str] = &[
    "identifiant_de_l_etablissement",
    "nom_etablissement",
    "type_etablissement",
    "statut_public_prive",
    "adresse_1",
    "adresse_2",
    "adresse_3",
    "code_postal",
    "code_commune",
    "nom_commune",
    "code_departement",
    "telephone",
    "fax",
    "web",
    "mail",
    "siren_siret",
    "nombre_d_eleves",
    "fiche_onisep",
    "type_contrat_prive",
    "libelle_academie",
    "libelle_region",
    "latitude",
    "longitude",
    "date_maj_ligne",
    "etat",
    "ministere_tutelle",
    "code_nature",
    "libelle_nature",
];

/// `code_nature` of a centre d'information et d'orientation.
const GUIDANCE_OFFICE: &str = "841";

pub(super) fn read(cells: &Cells<'_>) -> Row {
    let cell = cells.raw("identifiant_de_l_etablissement");
    if cell.is_empty() {
        return Err("le code UAI manque".to_owned());
    }
    let uai = Uai::parse(cell)
        .map_err(|_| format!("le code UAI « {} » est faux (clé ou forme)", super::shortened(cell)))?;
    let name = cells.text("nom_etablissement");
    if name.is_empty() {
        return Err(format!("le nom de {uai} manque"));
    }
    let postal = postal_code(cells.raw("code_postal"));
    let department = department(cells.raw("code_departement"), &postal);
    let lines = ["adresse_1", "adresse_2"].map(|line| cells.text(line));
    let [street, second] = lines;
    let boxed = ["BP ", "CS ", "TSA "].iter().any(|mark| second.to_uppercase().starts_with(mark));
    let nature = cells.text("libelle_nature");
    let kind = cells.text("type_etablissement");
    let guidance_office = cells.raw("code_nature") == GUIDANCE_OFFICE;
    let state = cells.text("etat");
    let institution = Institution {
        name,
        uai: uai.as_str().to_owned(),
        siret: cells.text("siren_siret"),
        type_name: type_name(&kind, &nature, guidance_office),
        status: contract(cells.raw("statut_public_prive"), cells.raw("type_contrat_prive")),
        authority: cells.text("ministere_tutelle"),
        guidance_office,
        address: match (boxed || second.is_empty(), street.is_empty()) {
            (true, _) => street,
            (false, true) => second.clone(),
            (false, false) => format!("{street}, {second}"),
        },
        box_number: if boxed { second } else { String::new() },
        commune: cells.text("nom_commune"),
        insee: cells.text("code_commune"),
        academy: academy(cells.raw("libelle_academie"), &department),
        region: cells.text("libelle_region"),
        position: cells.position("latitude", "longitude").or_else(|| {
            let (lat, lon) = cells.raw("position").split_once(',')?;
            position(lat, lon)
        }),
        phone: phone(cells.raw("telephone")),
        fax: phone(cells.raw("fax")),
        mail: clean(cells.raw("mail")),
        website: address(cells.raw("web")),
        pupils: cells.raw("nombre_d_eleves").parse().ok(),
        state: if state == "OUVERT" { String::new() } else { state.to_lowercase() },
        url: address(cells.raw("fiche_onisep")),
        postal_code: postal,
        department,
        ..Institution::default()
    };
    let id =
        identifier(cells.raw("fiche_onisep")).filter(|id| id.starts_with("ENS.") || id.starts_with("INFO."));
    Ok(Read::one(Item::Directory(id, Box::new(institution)), cells.date("date_maj_ligne")))
}

/// What it is: the nature says more than the type, but shouts.
fn type_name(kind: &str, nature: &str, guidance_office: bool) -> String {
    if guidance_office {
        return "centre d'information et d'orientation".to_owned();
    }
    match nature {
        "COLLEGE" => "collège".to_owned(),
        "LYCEE PROFESSIONNEL" => "lycée professionnel".to_owned(),
        "LYCEE POLYVALENT"
        | "LYCEE D ENSEIGNEMENT GENERAL"
        | "LYCEE ENSEIGNT GENERAL ET TECHNOLOGIQUE"
        | "LYCEE ENS GENERAL TECHNO PROF AGRICOLE" => "lycée général, technologique ou polyvalent".to_owned(),
        _ if kind.is_empty() => nature.to_lowercase(),
        _ => kind.to_lowercase(),
    }
}

/// Status with its contract, in the words of Onisep.
fn contract(status_cell: &str, contract: &str) -> String {
    match (status(status_cell).as_str(), clean(contract).as_str()) {
        ("privé", "HORS CONTRAT") => "privé hors contrat".to_owned(),
        ("privé", "SANS OBJET" | "") => "privé".to_owned(),
        ("privé", _) => "privé sous contrat".to_owned(),
        (other, _) => other.to_owned(),
    }
}

/// Ten digits in pairs, as people read them; anything else as it is written.
fn phone(cell: &str) -> String {
    let digits: Vec<char> = cell.chars().filter(char::is_ascii_digit).collect();
    let only = cell.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | '-'));
    if digits.len() == 10 && only {
        let pairs: Vec<String> = digits.chunks(2).map(|pair| pair.iter().collect()).collect();
        pairs.join(" ")
    } else {
        clean(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_number_is_read_in_pairs() {
        assert_eq!(phone("0299853802"), "02 99 85 38 02");
        assert_eq!(phone("02 99 56 04 43"), "02 99 56 04 43");
        assert_eq!(phone("+33 2 99 56 04 43"), "+33 2 99 56 04 43");
    }

    #[test]
    fn a_status_says_its_contract() {
        assert_eq!(contract("Public", "SANS OBJET"), "public");
        assert_eq!(contract("Privé", "CONTRAT D'ASSOCIATION TOUTES CLASSES"), "privé sous contrat");
        assert_eq!(contract("Privé", "HORS CONTRAT"), "privé hors contrat");
        assert_eq!(contract("", ""), "");
    }
}
