//! The extract of the demonstration as files, in the formats that are published: a desk imports them as it imports the
//! real ones.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::{Datelike, Days, NaiveDate, Weekday};
use passerelle_catalogue::geography::{Geography, department};
use passerelle_catalogue::import::Origin;

use crate::catalogue::{DemoCatalogue, FAQ, Institution, Occupation, Offering, Programme};
use crate::national::{HEADS_OF_INSTITUTIONS, HEADS_OF_OFFERINGS, write_heads, write_line, xml};

/// Saturdays after the day of the demonstration on which somebody opens its doors.
const OPEN_SATURDAYS: u64 = 14;

/// Writes the extract into a folder, which is made if it lacks. Open days are on the Saturdays after `anchor`.
///
/// # Errors
/// What the disk refuses.
pub fn write(folder: &Path, anchor: NaiveDate) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let catalogue = crate::catalogue();
    sheets_of_occupations(&mut file(folder, "fiches-metiers.xml")?, &catalogue)?;
    sheets_of_programmes(&mut file(folder, "fiches-formations.xml")?, &catalogue)?;
    for secondary in [true, false] {
        let name = if secondary { "structures-secondaire.csv" } else { "structures-superieur.csv" };
        institutions(&mut file(folder, name)?, &catalogue, anchor, secondary)?;
        let name = if secondary { "actions-lycee.csv" } else { "actions-superieur.csv" };
        offerings(&mut file(folder, name)?, &catalogue, secondary)?;
    }
    fs::write(folder.join("questions.md"), FAQ)
}

/// Who tells what is in these files: not the publisher whose formats they have.
#[must_use]
pub fn origin() -> Origin {
    Origin {
        title: "Extrait du catalogue pour la démonstration".to_owned(),
        publisher: "Passerelle".to_owned(),
        licence: "Apache-2.0".to_owned(),
    }
}

fn file(folder: &Path, name: &str) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::new(File::create(folder.join(name))?))
}

fn element(tag: &str, text: &str) -> String {
    format!("<{tag}>{}</{tag}>", xml(text))
}

fn html(tag: &str, paragraph: &str) -> String {
    if paragraph.is_empty() {
        return format!("<{tag}/>");
    }
    format!("<{tag}><![CDATA[<p>{}</p>]]></{tag}>", xml(paragraph))
}

fn both(occupation: &Occupation) -> String {
    let (masculine, feminine) = (&occupation.masculine, &occupation.feminine);
    if masculine == feminine { masculine.clone() } else { format!("{masculine} / {feminine}") }
}

fn name_of(occupation: &Occupation) -> String {
    [
        element("nom_metier", &both(occupation)),
        element("libelle_feminin", &occupation.feminine),
        element("libelle_masculin", &occupation.masculine),
    ]
    .concat()
}

/// Identifier of a level in the publisher's thesaurus.
fn reference(level: &str) -> &'static str {
    match level {
        "3e" => "REF.406",
        "CAP ou équivalent" => "REF.413",
        "bac ou équivalent" => "REF.412",
        "bac + 1" => "REF.420",
        "bac + 2" => "REF.411",
        "bac + 3" => "REF.421",
        "bac + 4" => "REF.422",
        "bac + 5" => "REF.410",
        "bac + 6" => "REF.423",
        "bac + 7" => "REF.424",
        "bac + 8" => "REF.425",
        "bac + 9 et plus" => "REF.426",
        _ => "REF.415",
    }
}

fn level(tag: &str, level: &str) -> String {
    let inside = [element("id", reference(level)), element("libelle", level)].concat();
    format!("<{tag}>{inside}</{tag}>")
}

fn domain(field: &str) -> String {
    let inside = [element("id", "T-DEMO.1"), element("libelle", field)].concat();
    format!("<sous_domaines_web><sous_domaine_web>{inside}</sous_domaine_web></sous_domaines_web>")
}

fn sheets_of_occupations(out: &mut impl Write, catalogue: &DemoCatalogue) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?><metiers>"#)?;
    for occupation in &catalogue.occupations {
        let beside: String = catalogue
            .occupations
            .iter()
            .filter(|other| other.field == occupation.field && other.id != occupation.id)
            .take(5)
            .map(|other| [element("id", &other.id), element("libelle", &both(other))].concat())
            .map(|other| format!("<metier_associe>{other}</metier_associe>"))
            .collect();
        let paths: String = catalogue
            .programmes
            .iter()
            .filter(|programme| occupation.programmes.contains(&programme.id))
            .map(|programme| [element("id", &programme.id), element("libelle", &programme.name)].concat())
            .map(|programme| format!("<formation_min_requise>{programme}</formation_min_requise>"))
            .collect();
        let sector = [element("id", "T-DEMO.2"), element("libelle", &occupation.field)].concat();
        let parts = [
            element("identifiant", &occupation.id),
            name_of(occupation),
            "<synonymes/><romesV3/>".to_owned(),
            html("accroche_metier", &occupation.description),
            level("niveau_acces_min", &occupation.level),
            format!("<metiers_associes>{beside}</metiers_associes>"),
            format!("<formations_min_requise>{paths}</formations_min_requise>"),
            format!("<secteurs_activite><secteur_activite>{sector}</secteur_activite></secteurs_activite>"),
        ];
        writeln!(out, "<metier>{}</metier>", parts.concat())?;
    }
    writeln!(out, "</metiers>")?;
    out.flush()
}

fn sheets_of_programmes(out: &mut impl Write, catalogue: &DemoCatalogue) -> io::Result<()> {
    writeln!(out, r#"<?xml version="1.0" encoding="UTF-8"?><formations>"#)?;
    for programme in &catalogue.programmes {
        let leads: String = catalogue
            .occupations
            .iter()
            .filter(|occupation| programme.occupations.contains(&occupation.id))
            .map(|one| format!("<metier>{}{}<synonymes/></metier>", element("id", &one.id), name_of(one)))
            .collect();
        let kind = [
            element("type_formation_sigle", short(&programme.programme_type)),
            element("type_formation_libelle_court", &programme.programme_type),
            element("type_formation_libelle", &programme.programme_type),
        ];
        let parts = [
            element("identifiant", &programme.id),
            element("libelle_complet", &programme.name),
            format!("<type_Formation>{}</type_Formation>", kind.concat()),
            element("duree_formation", &programme.duration),
            html("descriptif_format_court", &programme.description),
            level("niveau_etudes", &programme.level),
            format!("<metiers_formation>{leads}</metiers_formation>"),
            domain(&programme.field),
        ];
        writeln!(out, "<formation>{}</formation>", parts.concat())?;
    }
    writeln!(out, "</formations>")?;
    out.flush()
}

/// The acronym of a kind of diploma, where its name is one.
fn short(kind: &str) -> &str {
    if kind.chars().all(|c| c.is_uppercase()) { kind } else { "" }
}

/// Whether it belongs to the schools up to the bac.
fn is_secondary(institution: &Institution) -> bool {
    let higher = ["université", "institut", "école"];
    !higher.iter().any(|word| institution.institution_type.starts_with(word))
}

fn page(kind: &str, id: &str) -> String {
    format!("https://www.onisep.fr/http/redirection/{kind}/slug/{id}")
}

/// A line with these cells under these heads, and nothing under the others.
fn line(out: &mut impl Write, heads: &str, cells: &[(&str, &str)]) -> io::Result<()> {
    let under = |head: &str| cells.iter().find(|(known, _)| *known == head).map_or("", |(_, cell)| *cell);
    write_line(out, heads.split(';').map(under))
}

fn institutions(
    out: &mut impl Write,
    catalogue: &DemoCatalogue,
    anchor: NaiveDate,
    secondary: bool,
) -> io::Result<()> {
    let heads = HEADS_OF_INSTITUTIONS[usize::from(!secondary)];
    write_heads(out, heads)?;
    let listed = catalogue.institutions.iter().enumerate();
    for (rank, institution) in listed.filter(|(_, institution)| is_secondary(institution) == secondary) {
        let place = Place::of(institution);
        let open = if rank % 3 == 0 { open_day(anchor, rank) } else { String::new() };
        line(
            out,
            heads,
            &[
                ("type d'établissement", &institution.institution_type),
                ("nom", &institution.name),
                ("statut", &institution.status),
                ("CP", &institution.postal_code),
                ("commune", &institution.town),
                ("commune (COG)", &place.insee),
                ("département", &place.department),
                ("académie", &place.academy),
                ("longitude (X)", &place.lon),
                ("latitude (Y)", &place.lat),
                ("journées portes ouvertes", &open),
                ("URL et ID Onisep", &page("etablissement", &institution.id)),
            ],
        )?;
    }
    out.flush()
}

/// In the grammar of the files.
fn open_day(anchor: NaiveDate, rank: usize) -> String {
    let to_saturday = (6 + 7 - u64::from(anchor.weekday().num_days_from_sunday())) % 7;
    let weeks = 1 + rank as u64 / 3 % OPEN_SATURDAYS;
    let day = anchor.checked_add_days(Days::new(to_saturday + 7 * weeks)).unwrap_or(anchor);
    debug_assert_eq!(day.weekday(), Weekday::Sat);
    let hours = ["de 09h30 à 16h30", "de 09h00 à 12h30", "de 13h30 à 17h00"][rank % 3];
    format!("le {} {hours}", day.format("%d/%m/%Y"))
}

/// Where an institution is, in the words of the files.
struct Place {
    insee: String,
    department: String,
    academy: String,
    lat: String,
    lon: String,
}

impl Place {
    fn of(institution: &Institution) -> Self {
        let known = department(&institution.department);
        let communes = Geography::load().locate(&institution.postal_code).ok().flatten();
        let commune = communes
            .iter()
            .flat_map(|place| &place.communes)
            .find(|commune| crate::text::french(commune.name) == institution.town);
        let degrees = |part: fn(passerelle_catalogue::geography::Position) -> f64| {
            institution.position.map_or_else(String::new, |position| part(position).to_string())
        };
        Self {
            insee: commune.map_or_else(String::new, |commune| commune.insee.to_owned()),
            department: known.map_or_else(String::new, |d| format!("{} - {}", d.code, d.name)),
            academy: known.and_then(|d| d.academy()).map_or_else(String::new, |a| a.name.to_owned()),
            lat: degrees(|position| position.lat),
            lon: degrees(|position| position.lon),
        }
    }
}

fn offerings(out: &mut impl Write, catalogue: &DemoCatalogue, secondary: bool) -> io::Result<()> {
    write_heads(out, HEADS_OF_OFFERINGS)?;
    let ends = |offering: &Offering| -> Option<(&Programme, &Institution)> {
        let programme = catalogue.programmes.iter().find(|p| p.id == offering.programme)?;
        let institution = catalogue.institutions.iter().find(|i| i.id == offering.institution)?;
        Some((programme, institution))
    };
    let up_to_bac = |programme: &Programme| matches!(reference(&programme.level), "REF.413" | "REF.412");
    for offering in &catalogue.offerings {
        let Some((programme, institution)) = ends(offering).filter(|(p, _)| up_to_bac(p) == secondary) else {
            continue;
        };
        let attendance = if offering.apprenticeship {
            "en apprentissage, cours en présentiel"
        } else {
            "temps plein, cours en présentiel"
        };
        line(
            out,
            HEADS_OF_OFFERINGS,
            &[
                ("Action de Formation (AF) identifiant Onisep", &offering.id),
                ("Formation (FOR) libellé", &programme.name),
                ("FOR URL et ID Onisep", &page("formation", &programme.id)),
                ("FOR type", &programme.programme_type),
                ("FOR niveau de sortie", &programme.level),
                ("Lieu d'enseignement (ENS) libellé", &institution.name),
                ("ENS URL et ID Onisep", &page("etablissement", &institution.id)),
                ("ENS statut", &institution.status),
                ("ENS code postal", &institution.postal_code),
                ("ENS commune", &institution.town),
                ("AF durée cycle standard", &programme.duration),
                ("AF modalités scolarité", attendance),
            ],
        )?;
    }
    out.flush()
}
