//! Idéo-Formations initiales en France.

use super::need;
use crate::model::{Level, Programme};
use crate::readers::cells::{Cells, address, identifier};
use crate::readers::item::{Item, Read, Row};

pub(super) const COLUMNS: &[&str] = &[
    "code_nsf",
    "code_scolarite",
    "sigle_type_formation",
    "libelle_type_formation",
    "libelle_formation_principal",
    "sigle_formation",
    "duree",
    "niveau_de_sortie_indicatif",
    "code_rncp",
    "niveau_de_certification",
    "libelle_niveau_de_certification",
    "tutelle",
    "url_et_id_onisep",
    "domainesous-domaine",
    "date_creation",
    "date_de_modification",
];

pub(super) fn read(cells: &Cells<'_>) -> Row {
    let cell = cells.raw("url_et_id_onisep");
    let id = need(identifier(cell).filter(|id| id.starts_with("FOR.")), "l’identifiant FOR", cell)?;
    let name = cells.text("libelle_formation_principal");
    if name.is_empty() {
        return Err(format!("le libellé de {id} manque"));
    }
    let level_label = cells.text("niveau_de_sortie_indicatif");
    let authority = cells.text("tutelle");
    let programme = Programme {
        name,
        acronym: cells.text("sigle_formation"),
        type_name: cells.text("libelle_type_formation"),
        type_acronym: cells.text("sigle_type_formation"),
        duration: cells.text("duree"),
        level: Level::parse(&level_label),
        level_label,
        certification: cells.text("libelle_niveau_de_certification"),
        rncp: cells.text("code_rncp"),
        nsf: cells.list("code_nsf"),
        school_code: cells.text("code_scolarite"),
        authority: if authority == "non renseigné" { String::new() } else { authority },
        domains: cells.domains("domainesous-domaine"),
        url: address(cell),
        ..Programme::default()
    };
    Ok(Read::one(Item::Programme(id, Box::new(programme)), cells.date("date_de_modification")))
}
