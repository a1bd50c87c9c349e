//! Files in the real shapes, and imports of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use passerelle_catalogue::file::{Catalogue, Folder};
use passerelle_catalogue::import::{ImportError, Order, Report, import};

/// Columns of Idéo-Formations, as the publisher labels them.
pub const PROGRAMMES: &str = "\u{feff}\"code NSF\";\"code scolarité\";\"sigle type formation\";\"libellé type formation\";\"libellé formation principal\";\"sigle formation\";durée;\"niveau de sortie indicatif\";\"code RNCP\";\"niveau de certification\";\"libellé niveau de certification\";tutelle;\"URL et ID Onisep\";domaine/sous-domaine;\"date création\";\"date de modification\"\n";

/// Columns of the actions de formation.
pub const OFFERINGS: &str = "\u{feff}\"Action de Formation (AF) identifiant Onisep\";\"Formation (FOR) libellé\";\"FOR URL et ID Onisep\";\"FOR indexation domaine web Onisep\";\"FOR type\";\"FOR nature du certificat\";\"FOR URL référentiel\";\"FOR niveau de sortie\";\"Lieu d'enseignement (ENS) libellé\";\"ENS URL et ID Onisep\";\"ENS code UAI\";\"ENS statut\";\"ENS adresse\";\"ENS code postal\";\"ENS commune\";\"ENS département\";\"ENS académie\";\"ENS région\";\"ENS latitude\";\"ENS longitude\";\"ENS n° téléphone\";\"ENS site web\";\"ENS hébergement\";\"ENS accessibilité\";\"AF durée cycle standard\";\"AF modalités scolarité\";\"AF éléments d'enseignement\";\"AF coût scolarité\";\"AF modalités accueil\";\"AF page web\";\"AF date de création\";\"AF date de modification\"\n";

/// Columns of the structures d'enseignement supérieur.
pub const HIGHER: &str = "\u{feff}\"code UAI\";\"n° SIRET\";\"type d'établissement\";nom;sigle;statut;tutelle;\"université de rattachement libellé et UAI\";\"université de rattachement ID et URL Onisep\";\"établissements liés libellés\";\"établissements liés URL et ID Onisep\";\"boîte postale\";adresse;CP;commune;\"commune (COG)\";cedex;téléphone;arrondissement;département;académie;région;\"région (COG)\";\"longitude (X)\";\"latitude (Y)\";\"journées portes ouvertes\";\"URL et ID Onisep\";\"date création\";\"date de modification\"\n";

/// Columns of the Annuaire that are read.
pub const DIRECTORY: &str = "\u{feff}Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;Adresse_2;Adresse_3;Code postal;Code_commune;Nom_commune;Code_departement;Telephone;Fax;Web;Mail;SIREN_SIRET;Nombre_d_eleves;Fiche_onisep;Type_contrat_prive;Libelle_academie;Libelle_region;latitude;longitude;date_maj_ligne;etat;ministere_tutelle;code_nature;libelle_nature\r\n";

/// A row of Idéo-Formations.
pub fn programme(id: u32, name: &str) -> String {
    format!(
        "326;32032609;BTS;\"brevet de technicien supérieur\";\"{name}\";;\"2 ans\";\"bac + 2\";35340;3;\"niveau 5\";\"non renseigné\";https://www.onisep.fr/http/redirection/formation/slug/FOR.{id};\"informatique, Internet/informatique (généralités)\";06/06/2020;03/06/2026\n"
    )
}

/// A row of the actions de formation.
pub fn offering(af: u32, programme: u32, institution: u32, level: &str) -> String {
    format!(
        "AF.{af};\"formation {programme}\";https://www.onisep.fr/http/redirection/formation/slug/FOR.{programme};\"sciences/mathématiques| informatique, Internet/bases de données\";\"type\";\"Diplôme national\";;\"{level}\";\"Lieu {institution}\";https://www.onisep.fr/http/redirection/etablissement/slug/ENS.{institution};;public;\"1 rue Haute, BP 12\";8200;Sedan;Ardennes;Reims;\"Grand Est\";49.70;4.94;\"03 24 00 00 00\";;;;\"2 ans\";\"temps plein\";;\"780 euros en 2026 (390 euros par an)\";;;06/06/2020;03/06/2026\n"
    )
}

/// A row of the structures d'enseignement supérieur.
pub fn higher(id: u32, uai: &str, name: &str) -> String {
    format!(
        "{uai};19753742600011;\"école d'ingénieurs\";\"{name}\";EDI;public;\"Ministère\";;;;;\"BP 1\";\"54 boulevard Raspail\";75006;Paris;75100;\"Cedex 06\";\"01 49 54 25 25\";06;\"75 - Paris\";Paris;Ile-de-France;11;2.32703;48.8504;\"le 31/01/2026 de 09h00 à 16h30\";https://www.onisep.fr/http/redirection/etablissement/slug/ENS.{id};06/06/2020;28/11/2025\n"
    )
}

/// A folder for files and one for catalogues.
pub struct Place {
    /// The first.
    pub files: tempfile::TempDir,
    /// The second.
    pub folder: Folder,
    _catalogues: tempfile::TempDir,
}

impl Place {
    /// Both empty.
    pub fn new() -> Self {
        let catalogues = tempfile::tempdir().expect("a folder");
        Self {
            files: tempfile::tempdir().expect("a folder"),
            folder: Folder::new(catalogues.path()),
            _catalogues: catalogues,
        }
    }

    /// Writes a file.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.files.path().join(name);
        fs::write(&path, content).expect("written");
        path
    }

    /// Imports these paths.
    pub async fn import(&self, release: &str, paths: &[&Path]) -> Result<Report, ImportError> {
        let order = Order {
            paths: paths.iter().map(|p| p.to_path_buf()).collect(),
            folder: self.folder.clone(),
            release: release.to_owned(),
            origin: None,
        };
        import(order, |_| {}, Arc::new(AtomicBool::new(false))).await
    }

    /// Opens what is in service.
    pub async fn catalogue(&self) -> Catalogue {
        Catalogue::open(&self.folder).await.expect("opens").expect("one is in service")
    }
}

/// The real data, where it lies beside the project.
pub fn shared(inside: &str) -> Option<PathBuf> {
    let data = std::env::var_os("PASSERELLE_SHARED_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = data.join(inside);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}
