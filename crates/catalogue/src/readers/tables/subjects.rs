//! What lycées teach beside the common subjects: options of the 2de, spécialités of the 1re. Rows are offerings of two
//! programmes, whose names the files do not repeat.

use super::institutions::uai;
use super::need;
use crate::model::{Institution, Offering, Subject, clean};
use crate::readers::cells::{Cells, Columns, academy, address, department, identifier, postal_code};
use crate::readers::item::{Item, Read, Row};

/// Classe de 2de générale et technologique.
pub(super) const SECOND: &str = "FOR.1152";
/// Classe de 1re générale.
pub(super) const FIRST: &str = "FOR.2255";

pub(super) const COLUMNS: &[&str] = &[
    "identifiant_action_de_formation",
    "identifiant_et_fiche_onisep_lieu_de_cours",
    "uai_lieu_de_cours",
    "libelle_lieu_de_cours",
    "adresse_lieu_de_cours",
    "boite_postale_lieu_de_cours",
    "code_postal_lieu_de_cours",
    "commune_lieu_de_cours",
    "departement_lieu_de_cours",
    "region_lieu_de_cours",
    "academie_lieu_de_cours",
    "af_date_creation",
    "af_date_de_modification",
];

/// The label of the column of subjects says which class it is about.
pub(super) fn which(columns: &Columns) -> super::Table {
    let first = columns
        .slugs()
        .any(|c| c.starts_with("enseignements") && (c.contains("1re") || c.contains("special")));
    if first { super::Table::FirstYearSubjects } else { super::Table::SecondYearSubjects }
}

/// A column whose label holds the year and changes with it.
fn taught<'a>(cells: &Cells<'a>) -> &'a str {
    cells.starting_with("enseignements").unwrap_or_default()
}

pub(super) fn read(cells: &Cells<'_>, programme: &str) -> Row {
    let cell = cells.raw("identifiant_action_de_formation");
    let id = need(identifier(cell).filter(|id| id.starts_with("AF.")), "l’identifiant AF", cell)?;
    let cell = cells.raw("identifiant_et_fiche_onisep_lieu_de_cours");
    let institution = need(identifier(cell).filter(|id| id.starts_with("ENS.")), "l’identifiant ENS", cell)?;
    let offering = Offering {
        id,
        programme: programme.to_owned(),
        institution: institution.clone(),
        subjects: subjects(taught(cells)),
        ..Offering::default()
    };
    let mut read = Read::one(Item::Offering(Box::new(offering)), cells.date("af_date_de_modification"));
    let name = cells.text("libelle_lieu_de_cours");
    if !name.is_empty() {
        let (uai, left_out) = uai(cells.raw("uai_lieu_de_cours"));
        read.left_out.extend(left_out);
        let postal_code = postal_code(cells.raw("code_postal_lieu_de_cours"));
        let department = department(cells.raw("departement_lieu_de_cours"), &postal_code);
        let part = Institution {
            name,
            uai,
            address: cells.text("adresse_lieu_de_cours"),
            box_number: cells.text("boite_postale_lieu_de_cours"),
            commune: cells.text("commune_lieu_de_cours"),
            academy: academy(cells.raw("academie_lieu_de_cours"), &department),
            region: cells.text("region_lieu_de_cours"),
            url: address(cell),
            postal_code,
            department,
            ..Institution::default()
        };
        read.items.push(Item::Institution(institution, Box::new(part)));
    }
    Ok(read)
}

/// "Arts : théâtre / LV1 : anglais, allemand / Italien": a group may hold several.
fn subjects(cell: &str) -> Vec<Subject> {
    let mut all = Vec::new();
    for item in cell.split(" / ").map(clean).filter(|item| !item.is_empty()) {
        match item.split_once(" : ") {
            Some((group, names)) if group.starts_with("LV") => {
                let names = names.split(',').map(clean).filter(|n| !n.is_empty());
                all.extend(names.map(|name| Subject { group: group.to_owned(), name }));
            }
            Some((group, name)) => all.push(Subject { group: group.to_owned(), name: name.to_owned() }),
            None => all.push(Subject { group: String::new(), name: item }),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_subjects_are_opened() {
        let all = subjects("Arts : théâtre / LV1 : anglais, allemand / Écologie, agronomie, territoires");
        let shown: Vec<String> = all.iter().map(|s| format!("{}:{}", s.group, s.name)).collect();
        assert_eq!(
            shown,
            ["Arts:théâtre", "LV1:anglais", "LV1:allemand", ":Écologie, agronomie, territoires"]
        );
    }
}
