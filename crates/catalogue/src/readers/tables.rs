//! The tables: which columns each has, and what a row of it says. One description for CSV and JSON.

mod directory;
mod institutions;
mod nomenclature;
mod occupations;
mod offerings;
mod programmes;
mod subjects;

use super::cells::{Cells, Columns};
use super::item::{Row, Told};
use crate::model::Dataset;

/// A table whose columns are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Table {
    /// Idéo-Formations.
    Programmes,
    /// Idéo-Métiers.
    Occupations,
    /// Structures d'enseignement secondaire.
    SecondaryInstitutions,
    /// Structures d'enseignement supérieur.
    HigherInstitutions,
    /// Actions de formation of either universe: the columns are the same, the rows tell which (see
    /// [`Table::dataset`]).
    Offerings,
    /// Enseignements optionnels de 2de.
    SecondYearSubjects,
    /// Spécialités de 1re.
    FirstYearSubjects,
    /// Nomenclature of domaines.
    Domains,
    /// Annuaire de l'éducation.
    Directory,
}

impl Table {
    const ALL: [Self; 9] = [
        Self::Programmes,
        Self::Occupations,
        Self::SecondaryInstitutions,
        Self::HigherInstitutions,
        Self::Offerings,
        Self::SecondYearSubjects,
        Self::FirstYearSubjects,
        Self::Domains,
        Self::Directory,
    ];

    /// The table whose columns these mostly are: more than half of what it has, or a quarter with those that nothing goes
    /// without; the more the better. A file with other columns beside them, or without some of them, is still that table.
    #[must_use]
    pub fn recognise(columns: &Columns) -> Option<Self> {
        if columns.slugs().any(|c| c == "identifiant_action_de_formation") {
            return Some(subjects::which(columns));
        }
        let score = |table: &Self| {
            let known = table.columns().iter().filter(|c| columns.get(c).is_some()).count();
            (known * 1000) / table.columns().len().max(1)
        };
        let best =
            Self::ALL.into_iter().map(|table| (score(&table), table)).max_by_key(|(score, _)| *score)?;
        let (score, mut table) = best;
        if matches!(table, Self::SecondaryInstitutions | Self::HigherInstitutions) {
            table = match columns.get("langues_enseignees") {
                Some(_) => Self::SecondaryInstitutions,
                None => Self::HigherInstitutions,
            };
        }
        let has_needed = table.needed().iter().all(|c| columns.get(c).is_some());
        (score > 500 || (has_needed && score >= 250)).then_some(table)
    }

    /// The columns that it is known to have.
    #[must_use]
    pub fn columns(self) -> &'static [&'static str] {
        match self {
            Self::Programmes => programmes::COLUMNS,
            Self::Occupations => occupations::COLUMNS,
            Self::SecondaryInstitutions => institutions::SECONDARY,
            Self::HigherInstitutions => institutions::HIGHER,
            Self::Offerings => offerings::COLUMNS,
            Self::SecondYearSubjects | Self::FirstYearSubjects => subjects::COLUMNS,
            Self::Domains => nomenclature::COLUMNS,
            Self::Directory => directory::COLUMNS,
        }
    }

    /// Whether it is known to have this column. Of the Annuaire, which has seventy, only those that are read are listed;
    /// the others are not worth a word.
    #[must_use]
    pub fn reads(self, column: &str) -> bool {
        let subjects = matches!(self, Self::SecondYearSubjects | Self::FirstYearSubjects);
        self == Self::Directory
            || self.columns().contains(&column)
            || (subjects && column.starts_with("enseignements"))
    }

    /// The columns that nothing goes without.
    #[must_use]
    pub fn needed(self) -> &'static [&'static str] {
        match self {
            Self::Programmes => &["url_et_id_onisep", "libelle_formation_principal"],
            Self::Occupations => &["libelle_metier", "lien_site_onisepfr"],
            Self::SecondaryInstitutions | Self::HigherInstitutions => &["nom", "url_et_id_onisep"],
            Self::Offerings => {
                &["action_de_formation_af_identifiant_onisep", "for_url_et_id_onisep", "ens_url_et_id_onisep"]
            }
            Self::SecondYearSubjects | Self::FirstYearSubjects => {
                &["identifiant_action_de_formation", "identifiant_et_fiche_onisep_lieu_de_cours"]
            }
            Self::Domains => &["domaine_onisep", "sous-domaine_onisep"],
            Self::Directory => &["identifiant_de_l_etablissement", "nom_etablissement"],
        }
    }

    /// What a row says. `told` is what the rows of its file before it said.
    pub fn read(self, cells: &Cells<'_>, told: &mut Told) -> Row {
        match self {
            Self::Programmes => programmes::read(cells),
            Self::Occupations => occupations::read(cells),
            Self::SecondaryInstitutions | Self::HigherInstitutions => institutions::read(cells),
            Self::Offerings => offerings::read(cells, told),
            Self::SecondYearSubjects => subjects::read(cells, subjects::SECOND),
            Self::FirstYearSubjects => subjects::read(cells, subjects::FIRST),
            Self::Domains => nomenclature::read(cells),
            Self::Directory => directory::read(cells),
        }
    }

    /// The dataset. Of offerings, `secondary` says whether most rows lead no further than the baccalauréat.
    #[must_use]
    pub fn dataset(self, secondary: bool) -> Dataset {
        match self {
            Self::Programmes => Dataset::Programmes,
            Self::Occupations => Dataset::Occupations,
            Self::SecondaryInstitutions => Dataset::SecondaryInstitutions,
            Self::HigherInstitutions => Dataset::HigherInstitutions,
            Self::Offerings if secondary => Dataset::SecondaryOfferings,
            Self::Offerings => Dataset::HigherOfferings,
            Self::SecondYearSubjects => Dataset::SecondYearSubjects,
            Self::FirstYearSubjects => Dataset::FirstYearSubjects,
            Self::Domains => Dataset::Domains,
            Self::Directory => Dataset::Directory,
        }
    }
}

/// Refuses a row that lacks what it is known by.
fn need(value: Option<String>, what: &str, cell: &str) -> Result<String, String> {
    value.ok_or_else(|| {
        if cell.is_empty() {
            format!("{what} manque")
        } else {
            format!("{what} n’est pas lisible : « {} »", shortened(cell))
        }
    })
}

/// The first words of a cell, to be quoted.
fn shortened(cell: &str) -> String {
    let mut short: String = cell.chars().take(60).collect();
    if short.len() < cell.len() {
        short.push('…');
    }
    short
}
