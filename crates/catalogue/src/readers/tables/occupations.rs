//! Idéo-Métiers Onisep: one row a publication, so that an occupation comes several times.

use super::need;
use crate::model::{GenderedName, Occupation, Publication, Rome};
use crate::readers::cells::{Cells, address, identifier};
use crate::readers::item::{Item, Read, Row};

pub(super) const COLUMNS: &[&str] = &[
    "libelle_metier",
    "lien_site_onisepfr",
    "nom_publication",
    "collection",
    "annee",
    "gencod",
    "gfe",
    "code_rome",
    "libelle_rome",
    "lien_rome",
    "domainesous-domaine",
    "date_creation",
    "date_de_modification",
];

pub(super) fn read(cells: &Cells<'_>) -> Row {
    let cell = cells.raw("lien_site_onisepfr");
    let id = need(identifier(cell).filter(|id| id.starts_with("MET.")), "l’identifiant MET", cell)?;
    let written = cells.text("libelle_metier");
    if written.is_empty() {
        return Err(format!("le libellé de {id} manque"));
    }
    let labels = cells.list("libelle_rome");
    let rome = cells.list("code_rome").into_iter().enumerate();
    let rome =
        rome.map(|(n, code)| Rome { code, label: labels.get(n).cloned().unwrap_or_default() }).collect();
    let title = cells.text("nom_publication");
    let publications = if title.is_empty() {
        Vec::new()
    } else {
        vec![Publication {
            title,
            collection: cells.text("collection"),
            year: cells.text("annee"),
            isbn: cells.text("gencod"),
        }]
    };
    let occupation = Occupation {
        name: GenderedName::of_pair(&written),
        field: cells.text("gfe"),
        rome,
        domains: cells.domains("domainesous-domaine"),
        publications,
        url: address(cell),
        ..Occupation::default()
    };
    Ok(Read::one(Item::Occupation(id, Box::new(occupation)), cells.date("date_de_modification")))
}
