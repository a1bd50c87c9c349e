//! Actions de formation: a programme at an institution, with enough of both to name them when they are in no other file.

use super::institutions::{status, uai};
use super::need;
use crate::model::{Institution, Level, Offering, Programme, clean};
use crate::readers::cells::{Cells, academy, address, department, identifier, postal_code};
use crate::readers::item::{Item, Read, Row, Told};

pub(super) const COLUMNS: &[&str] = &[
    "action_de_formation_af_identifiant_onisep",
    "formation_for_libelle",
    "for_url_et_id_onisep",
    "for_indexation_domaine_web_onisep",
    "for_type",
    "for_nature_du_certificat",
    "for_url_referentiel",
    "for_niveau_de_sortie",
    "lieu_denseignement_ens_libelle",
    "ens_url_et_id_onisep",
    "ens_code_uai",
    "ens_statut",
    "ens_adresse",
    "ens_code_postal",
    "ens_commune",
    "ens_departement",
    "ens_academie",
    "ens_region",
    "ens_latitude",
    "ens_longitude",
    "ens_n_telephone",
    "ens_site_web",
    "ens_hebergement",
    "ens_accessibilite",
    "af_duree_cycle_standard",
    "af_modalites_scolarite",
    "af_elements_denseignement",
    "af_cout_scolarite",
    "af_modalites_accueil",
    "af_page_web",
    "af_date_de_creation",
    "af_date_de_modification",
];

/// Where the columns that describe the programme stand in [`COLUMNS`], and those that describe the institution.
const OF_PROGRAMME: std::ops::Range<usize> = 1..8;
const OF_INSTITUTION: std::ops::Range<usize> = 8..24;

pub(super) fn read(cells: &Cells<'_>, told: &mut Told) -> Row {
    let cell = cells.raw("action_de_formation_af_identifiant_onisep");
    let id = need(identifier(cell).filter(|id| id.starts_with("AF.")), "l’identifiant AF", cell)?;
    let cell = cells.raw("for_url_et_id_onisep");
    let programme = need(identifier(cell).filter(|id| id.starts_with("FOR.")), "l’identifiant FOR", cell)?;
    let cell = cells.raw("ens_url_et_id_onisep");
    let place = |id: &String| id.starts_with("ENS.") || id.starts_with("INFO.");
    let institution = need(identifier(cell).filter(place), "l’identifiant ENS", cell)?;
    let offering = Offering {
        id,
        programme: programme.clone(),
        institution: institution.clone(),
        duration: cells.text("af_duree_cycle_standard"),
        attendance: cells.list("af_modalites_scolarite"),
        elements: cells.list("af_elements_denseignement"),
        subjects: Vec::new(),
        cost: cells.text("af_cout_scolarite"),
        welcome: cells.text("af_modalites_accueil"),
        url: address(cells.raw("af_page_web")),
    };
    let mut read = Read::one(Item::Offering(Box::new(offering)), cells.date("af_date_de_modification"));
    let words = told.programmes.number(cells, &COLUMNS[OF_PROGRAMME]);
    if let Some(level) = told.programmes.get(words) {
        read.items.push(Item::ProgrammeAgain(*level));
    } else {
        let name = cells.text("formation_for_libelle");
        if !name.is_empty() {
            let part = programme_of(cells, name);
            told.programmes.insert(words, part.level);
            read.items.push(Item::Programme(programme, Box::new(part)));
        }
    }
    let words = told.institutions.number(cells, &COLUMNS[OF_INSTITUTION]);
    if let Some(left_out) = told.institutions.get(words) {
        read.left_out.extend(left_out);
    } else {
        let name = cells.text("lieu_denseignement_ens_libelle");
        if !name.is_empty() {
            let (part, left_out) = institution_of(cells, name);
            told.institutions.insert(words, left_out);
            read.items.push(Item::Institution(institution, Box::new(part)));
            read.left_out.extend(left_out);
        }
    }
    Ok(read)
}

fn programme_of(cells: &Cells<'_>, name: String) -> Programme {
    let level_label = cells.text("for_niveau_de_sortie");
    Programme {
        name,
        type_name: cells.text("for_type"),
        level: Level::parse(&level_label),
        level_label,
        certificates: cells.list("for_nature_du_certificat"),
        domains: cells.domains("for_indexation_domaine_web_onisep"),
        reference_url: address(cells.raw("for_url_referentiel")),
        url: address(cells.raw("for_url_et_id_onisep")),
        ..Programme::default()
    }
}

fn institution_of(cells: &Cells<'_>, name: String) -> (Institution, Option<&'static str>) {
    let (uai, left_out) = uai(cells.raw("ens_code_uai"));
    let postal_code = postal_code(cells.raw("ens_code_postal"));
    let department = department(cells.raw("ens_departement"), &postal_code);
    let institution = Institution {
        name,
        uai,
        status: status(cells.raw("ens_statut")),
        address: clean(cells.raw("ens_adresse")),
        commune: cells.text("ens_commune"),
        academy: academy(cells.raw("ens_academie"), &department),
        region: cells.text("ens_region"),
        position: cells.position("ens_latitude", "ens_longitude"),
        phone: cells.text("ens_n_telephone"),
        website: address(cells.raw("ens_site_web")),
        boarding: cells.text("ens_hebergement"),
        accessibility: cells.text("ens_accessibilite"),
        url: address(cells.raw("ens_url_et_id_onisep")),
        postal_code,
        department,
        ..Institution::default()
    };
    (institution, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_compared_is_all_that_is_read() {
        assert_eq!(COLUMNS[OF_PROGRAMME][0], "formation_for_libelle");
        assert_eq!(COLUMNS[OF_PROGRAMME].last(), Some(&"for_niveau_de_sortie"));
        assert_eq!(COLUMNS[OF_INSTITUTION][0], "lieu_denseignement_ens_libelle");
        assert_eq!(COLUMNS[OF_INSTITUTION].last(), Some(&"ens_accessibilite"));
    }
}
