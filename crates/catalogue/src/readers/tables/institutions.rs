//! Structures d'enseignement, secondaire and supérieur: the same columns but for the languages, and the accent of
//! "téléphone", which slugs do not have.

use passerelle_domain::ids::Uai;

use super::need;
use crate::model::{Institution, Link, clean, open_days};
use crate::readers::cells::{Cells, academy, address, department, identifier, list, postal_code};
use crate::readers::item::{Item, Read, Row};

pub(super) const SECONDARY: &[&str] = &[
    "code_uai",
    "n_siret",
    "type_detablissement",
    "nom",
    "sigle",
    "statut",
    "tutelle",
    "universite_de_rattachement_libelle_et_uai",
    "universite_de_rattachement_id_et_url_onisep",
    "etablissements_lies_libelles",
    "etablissements_lies_url_et_id_onisep",
    "boite_postale",
    "adresse",
    "cp",
    "commune",
    "commune_cog",
    "cedex",
    "telephone",
    "arrondissement",
    "departement",
    "academie",
    "region",
    "region_cog",
    "longitude_x",
    "latitude_y",
    "journees_portes_ouvertes",
    "url_et_id_onisep",
    "date_creation",
    "date_de_modification",
    "langues_enseignees",
];

pub(super) const HIGHER: &[&str] = SECONDARY.split_at(29).0;

pub(super) fn read(cells: &Cells<'_>) -> Row {
    let cell = cells.raw("url_et_id_onisep");
    let known = |id: &String| id.starts_with("ENS.") || id.starts_with("INFO.");
    let id = need(identifier(cell).filter(known), "l’identifiant ENS", cell)?;
    let name = cells.text("nom");
    if name.is_empty() {
        return Err(format!("le nom de {id} manque"));
    }
    let (uai, left_out) = uai(cells.raw("code_uai"));
    let postal_code = postal_code(cells.raw("cp"));
    let department = department(cells.raw("departement"), &postal_code);
    let university = cells.text("universite_de_rattachement_libelle_et_uai");
    let university_id = identifier(cells.raw("universite_de_rattachement_id_et_url_onisep"));
    let institution = Institution {
        name,
        acronym: cells.text("sigle"),
        uai,
        siret: cells.text("n_siret"),
        type_name: cells.text("type_detablissement"),
        status: status(cells.raw("statut")),
        authority: cells.text("tutelle"),
        address: cells.text("adresse"),
        box_number: cells.text("boite_postale"),
        commune: cells.text("commune"),
        insee: insee(cells.raw("commune_cog"), cells.raw("arrondissement")),
        cedex: cells.text("cedex"),
        academy: academy(cells.raw("academie"), &department),
        region: cells.text("region"),
        position: cells.position("latitude_y", "longitude_x"),
        phone: cells.text("telephone"),
        languages: cells.raw("langues_enseignees").split(',').map(clean).filter(|l| !l.is_empty()).collect(),
        open_days: open_days(cells.raw("journees_portes_ouvertes")),
        university: (!university.is_empty())
            .then(|| Link { id: university_id.unwrap_or_default(), label: university }),
        related: related(
            cells.raw("etablissements_lies_libelles"),
            cells.raw("etablissements_lies_url_et_id_onisep"),
        ),
        url: address(cell),
        postal_code,
        department,
        ..Institution::default()
    };
    let mut read =
        Read::one(Item::Institution(id, Box::new(institution)), cells.date("date_de_modification"));
    read.left_out.extend(left_out);
    Ok(read)
}

/// A UAI with a sound key in capitals, or nothing, with what is to be said of it.
pub(super) fn uai(cell: &str) -> (String, Option<&'static str>) {
    if cell.is_empty() {
        return (String::new(), None);
    }
    match Uai::parse(cell) {
        Ok(uai) => (uai.as_str().to_owned(), None),
        Err(_) => (String::new(), Some("code UAI dont la clé ou la forme est fausse, ignoré")),
    }
}

/// The status in lower case, as all files but the Annuaire write it.
pub(super) fn status(cell: &str) -> String {
    clean(cell).to_lowercase()
}

/// Onisep gives the three cities with arrondissements codes of its own (Paris is `75100`) and the arrondissement beside.
fn insee(cell: &str, arrondissement: &str) -> String {
    let number: u32 = arrondissement.parse().unwrap_or_default();
    match (cell, number) {
        ("75100" | "75056", 1..=20) => format!("751{number:02}"),
        ("75100", _) => "75056".to_owned(),
        ("69123" | "69380", 1..=9) => format!("6938{number}"),
        ("13055" | "13200", 1..=16) => format!("132{number:02}"),
        _ => clean(cell),
    }
}

/// Two parallel lists; where they are not as long as one another, names alone can be trusted.
fn related(labels: &str, addresses: &str) -> Vec<Link> {
    let labels = list(labels);
    let ids: Vec<Option<String>> = list(addresses).iter().map(|a| identifier(a)).collect();
    let parallel = labels.len() == ids.len();
    let link = |(n, label)| Link {
        id: ids.get(n).filter(|_| parallel).cloned().flatten().unwrap_or_default(),
        label,
    };
    labels.into_iter().enumerate().map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_paris_is_that_of_its_arrondissement() {
        assert_eq!(insee("75100", "06"), "75106");
        assert_eq!(insee("75100", "20"), "75120");
        assert_eq!(insee("75100", ""), "75056");
        assert_eq!(insee("34301", ""), "34301");
        assert_eq!(insee("31555", "04"), "31555", "Toulouse has none");
    }

    #[test]
    fn a_uai_is_checked_by_its_key() {
        assert_eq!(uai("0341523w").0, "0341523W");
        assert_eq!(uai(""), (String::new(), None));
        assert!(uai("0341523X").1.is_some());
    }

    #[test]
    fn lists_of_unlike_length_keep_the_names() {
        assert_eq!(related("A à B (59) | C à D (59)", "x/ENS.1 | x/ENS.2")[1].id, "ENS.2");
        assert_eq!(related("A | B", "x/ENS.1")[0].id, "");
    }
}
