//! Nomenclature of domaines and sous-domaines.

use crate::model::Domain;
use crate::readers::cells::Cells;
use crate::readers::item::{Item, Read, Row};

pub(super) const COLUMNS: &[&str] = &["domaine_onisep", "sous-domaine_onisep"];

pub(super) fn read(cells: &Cells<'_>) -> Row {
    let domain = Domain {
        domain: cells.text("domaine_onisep"),
        subdomain: cells.text("sous-domaine_onisep"),
        id: String::new(),
    };
    if domain.domain.is_empty() || domain.subdomain.is_empty() {
        return Err("le domaine ou le sous-domaine manque".to_owned());
    }
    Ok(Read::one(Item::Domain(domain), None))
}
