//! The Annuaire de l'éducation: primary schools, offices of information and guidance, services. CRLF at the ends of
//! lines, quotes only where they must be, phones in two spellings, dates of the ISO.

use std::io::{self, Write};

use super::codes::{Uais, siret};
use super::institutions::placed;
use super::line::BOM;
use super::names::{Called, web};
use super::{BASE, Making, finish};

const HEADS: &str = "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;\
    Adresse_2;Adresse_3;Code postal;Code_commune;Nom_commune;Code_departement;Code_academie;Code_region;\
    Ecole_maternelle;Ecole_elementaire;Voie_generale;Voie_technologique;Voie_professionnelle;Telephone;Fax;Web;Mail;\
    Restauration;Hebergement;ULIS;Apprentissage;Segpa;Section_arts;Section_cinema;Section_theatre;Section_sport;\
    Section_internationale;Section_europeenne;Lycee_Agricole;Lycee_militaire;Lycee_des_metiers;Post_BAC;\
    Appartenance_Education_Prioritaire;GRETA;SIREN_SIRET;Nombre_d_eleves;Fiche_onisep;position;Type_contrat_prive;\
    Libelle_departement;Libelle_academie;Libelle_region;coordonnee_X;coordonnee_Y;epsg;nom_circonscription;latitude;\
    longitude;precision_localisation;date_ouverture;date_maj_ligne;etat;ministere_tutelle;\
    etablissement_multi_lignes;rpi_concentre;rpi_disperse;code_nature;libelle_nature;Code_type_contrat_prive;PIAL;\
    etablissement_mere;type_rattachement_etablissement_mere;code_bassin_formation;libelle_bassin_formation";

/// One row in so many is an office: 430 of the country's.
const OFFICES: usize = 126;

/// What a row is.
struct Sort {
    label: &'static str,
    nature: &'static str,
    nature_label: &'static str,
}

/// Writes it.
pub(super) fn write(making: &Making<'_>, uais: &mut Uais) -> io::Result<()> {
    let mut random = making.random("directory");
    let called = Called::load();
    let columns: Vec<&str> = HEADS.split(';').collect();
    let at = |name: &str| columns.iter().position(|column| *column == name).unwrap_or_default();
    let mut out = making.file("fr-en-annuaire-education.csv")?;
    write!(out, "{BOM}{HEADS}\r\n")?;
    let mut cells = vec![String::new(); columns.len()];
    for rank in 0..making.counts.directory {
        let office = rank % OFFICES == 0;
        let (place, uai) = placed(making.places, uais, office, &mut random);
        let private = !office && random.percent(12);
        let service = !office && random.below(60) == 0;
        let infants = random.percent(30);
        let of = if place.town.starts_with(['A', 'E', 'I', 'O', 'U', 'É', 'Î']) { "d'" } else { "de " };
        let (sort, name) = if office {
            let of = if random.percent(90) { of } else { "" };
            (
                Sort {
                    label: "Information et orientation",
                    nature: "841",
                    nature_label: "CENTRE D INFORMATION ET D ORIENTATION",
                },
                format!("Centre d'information et d'orientation {of}{}", place.town),
            )
        } else if service {
            (
                Sort {
                    label: "Service Administratif",
                    nature: "809",
                    nature_label: "INSPECTION DE L EDUCATION NATIONALE",
                },
                format!("Circonscription d'inspection du 1er degré {of}{}", place.town),
            )
        } else if infants {
            let named = random.pick(&called.small);
            (
                Sort { label: "Ecole", nature: "101", nature_label: "ECOLE MATERNELLE" },
                format!("Ecole maternelle {named}"),
            )
        } else {
            let named = if private { random.pick(&called.saints) } else { random.pick(&called.people) };
            let public = if private { "privée " } else { "" };
            (
                Sort { label: "Ecole", nature: "151", nature_label: "ECOLE DE NIVEAU ELEMENTAIRE" },
                format!("Ecole élémentaire {public}{named}"),
            )
        };
        cells.iter_mut().for_each(String::clear);
        let phone = place.phone(&mut random);
        let phone = if random.percent(70) { phone.replace(' ', "") } else { phone };
        let (lat, lon) = place.near(&mut random);
        let host = format!("ac-{}.example", web(place.academy));
        let mail = match office {
            true => format!("cio.{}@{host}", web(place.town)),
            false => format!("ecole.{uai}@{host}"),
        };
        let code = format!("{:0>3}", place.commune.department);
        let sheet = match (office, rank / OFFICES % 4) {
            (false, _) => String::new(),
            (true, 0) => format!(
                "https://www.onisep.fr/http/redirection/organisme_information/slug/ENS.{}",
                BASE + 800_000 + rank
            ),
            _ => format!(
                "https://www.onisep.fr/http/redirection/organisme_information/slug/INFO.{}",
                BASE + rank
            ),
        };
        let opened = format!(
            "{}-{:02}-{:02}",
            random.between(1_950, 2_022),
            random.between(1, 12),
            random.between(1, 28)
        );
        let is = |yes: bool| if yes { "1" } else { "0" }.to_owned();
        for (column, value) in [
            ("Nom_etablissement", name),
            ("Type_etablissement", sort.label.to_owned()),
            ("Statut_public_prive", if private { "Privé" } else { "Public" }.to_owned()),
            ("Adresse_1", called.address(&mut random)),
            ("Code postal", place.postal_code(&mut random).to_owned()),
            ("Code_commune", place.commune.insee.to_owned()),
            ("Nom_commune", place.commune.name.to_owned()),
            ("Code_departement", code),
            ("Code_academie", place.academy_code.to_owned()),
            ("Code_region", place.region_code.to_owned()),
            ("Ecole_maternelle", if office || service { String::new() } else { is(infants) }),
            ("Ecole_elementaire", if office || service { String::new() } else { is(!infants) }),
            ("Telephone", phone),
            ("Web", if office { format!("https://cio-{}.example/", web(place.town)) } else { String::new() }),
            ("Mail", mail),
            ("SIREN_SIRET", siret(&mut random)),
            ("Nombre_d_eleves", if office { String::new() } else { random.between(18, 320).to_string() }),
            ("Fiche_onisep", sheet),
            ("position", format!("{lat}, {lon}")),
            ("Type_contrat_prive", "SANS OBJET".to_owned()),
            ("Libelle_departement", place.department.to_owned()),
            ("Libelle_academie", place.academy.to_owned()),
            ("Libelle_region", place.region.to_owned()),
            ("epsg", "EPSG:2154".to_owned()),
            ("latitude", lat),
            ("longitude", lon),
            ("precision_localisation", "Numéro de rue".to_owned()),
            ("date_ouverture", opened),
            ("date_maj_ligne", "2026-06-08".to_owned()),
            ("etat", "OUVERT".to_owned()),
            ("ministere_tutelle", "MINISTERE DE L'EDUCATION NATIONALE".to_owned()),
            ("etablissement_multi_lignes", "0".to_owned()),
            ("code_nature", sort.nature.to_owned()),
            ("libelle_nature", sort.nature_label.to_owned()),
            ("Code_type_contrat_prive", "99".to_owned()),
        ] {
            cells[at(column)] = value;
        }
        cells[0] = uai;
        for (rank, cell) in cells.iter().enumerate() {
            let end = if rank + 1 == columns.len() { "\r\n" } else { ";" };
            write!(out, "{cell}{end}")?;
        }
    }
    finish(out)
}
