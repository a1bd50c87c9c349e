//! Programmes: diplomas under their public names, and those that schools name themselves, composed; as a table and as
//! sheets.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::line::{write_heads, write_line, xml};
use super::names::{rows, split};
use super::occupations::Occupation;
use super::{BASE, Making, days, finish};
use crate::random::Random;

const NAMED: &str = include_str!("../../content/national/programmes.txt");
const SCHOOLS: &str = include_str!("../../content/national/schools.txt");
const SUBJECTS: &str = include_str!("../../content/national/subjects.txt");

/// What programmes of one kind have in common.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) acronym: &'static str,
    pub(super) label: &'static str,
    before: &'static str,
    pub(super) level: &'static str,
    pub(super) duration: &'static str,
    nature: &'static str,
    watched: &'static str,
    /// Kinds of institution that offer it, separated by spaces.
    pub(super) kinds: &'static str,
}

const fn own(
    name: &'static str,
    label: &'static str,
    before: &'static str,
    level: &'static str,
    duration: &'static str,
    nature: &'static str,
    kinds: &'static str,
) -> Section {
    Section { name, acronym: "", label, before, level, duration, nature, watched: "", kinds }
}

/// What schools of their own give, with their own name behind it.
const SCHOOL: [Section; 5] = [
    own("school", "formation d'école spécialisée", "bachelor", "bac + 3", "3 ans", "R", "special"),
    own("school", "formation d'école spécialisée", "responsable", "bac + 3", "1 an", "R", "special"),
    own("school", "formation d'école spécialisée", "manager", "bac + 5", "2 ans", "R", "special"),
    own("school", "formation d'école spécialisée", "chargé de projet", "bac + 2", "2 ans", "E", "special"),
    own("school", "mastère spécialisé", "mastère spé.", "bac + 6", "1 an", "G", "special"),
];
const ENGINEER: Section =
    own("ing", "diplôme d'ingénieur", "diplôme d'ingénieur", "bac + 5", "3 ans", "I", "ing");
const OF_UNIVERSITY: Section = own("du", "diplôme d'université", "DU", "bac + 3", "1 an", "U", "ufr");

/// A programme.
#[derive(Debug, Clone)]
pub(super) struct Programme {
    pub(super) id: usize,
    pub(super) name: String,
    pub(super) field: usize,
    pub(super) section: Section,
    /// The one group of schools that gives it.
    pub(super) group: Option<usize>,
}

/// Groups of private schools: name, fields.
pub(super) fn groups() -> Vec<(&'static str, Vec<&'static str>)> {
    rows(SCHOOLS)
        .filter_map(|row| Some((*row.first()?, row.get(1)?.split_whitespace().collect::<Vec<_>>())))
        .collect()
}

/// Towns of the engineering schools; a school has several places.
pub(super) const ENGINEERS: [&str; 30] = [
    "Amiens",
    "Angers",
    "Avignon",
    "Bayonne",
    "Besançon",
    "Bourges",
    "Brest",
    "Caen",
    "Chambéry",
    "Clermont-Ferrand",
    "Dijon",
    "Dunkerque",
    "La Rochelle",
    "Laval",
    "Le Havre",
    "Le Mans",
    "Limoges",
    "Lorient",
    "Metz",
    "Mulhouse",
    "Nîmes",
    "Orléans",
    "Pau",
    "Perpignan",
    "Poitiers",
    "Reims",
    "Saint-Étienne",
    "Toulon",
    "Troyes",
    "Valenciennes",
];

/// As many as wanted, diplomas under public names first.
pub(super) fn list(making: &Making<'_>) -> Vec<Programme> {
    let mut all = Vec::new();
    let mut known = BTreeSet::new();
    let mut push = |name: String, field: &str, section: Section, group: Option<usize>| {
        let Some(field) = making.fields.number(field) else { return };
        if all.len() < making.counts.programmes && known.insert(name.clone()) {
            all.push(Programme { id: BASE + all.len(), name, field, section, group });
        }
    };
    named(&mut push);
    let subjects: Vec<(&str, Vec<&str>)> = SUBJECTS
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once(':').map(|(field, names)| (field, split(names, ';'))))
        .collect();
    for (group, town) in ENGINEERS.iter().enumerate() {
        for (rank, (field, names)) in subjects.iter().enumerate() {
            let technical =
                ["num", "sciences", "bat", "elec", "meca", "indus", "agri", "enviro"].contains(field);
            let Some(name) = names.get((group + rank) % names.len().max(1)).filter(|_| technical) else {
                continue;
            };
            let of = if town.starts_with(['A', 'O']) { "d'" } else { "de " };
            let title = format!("{} de l'École d'ingénieurs {of}{town} spécialité {name}", ENGINEER.before);
            push(title, field, ENGINEER, Some(group));
        }
    }
    for section in SCHOOL {
        for (group, (school, fields)) in groups().into_iter().enumerate() {
            for (field, names) in subjects.iter().filter(|(field, _)| fields.contains(field)) {
                for name in names {
                    push(format!("{} {name} ({school})", section.before), field, section, Some(group));
                }
            }
        }
    }
    for rank in 0.. {
        // As many diplomas of universities as lack.
        let before = OF_UNIVERSITY.before;
        let mut any = false;
        for (field, names) in &subjects {
            if let Some(name) = names.get(rank % names.len().max(1)) {
                let about =
                    making.fields.number(field).and_then(|field| making.fields.0[field].parts.get(rank / 8));
                let Some(about) = about else { continue };
                push(format!("{before} {name}, approche {about}"), field, OF_UNIVERSITY, None);
                any = true;
            }
        }
        if !any {
            break;
        }
    }
    for year in 1.. {
        let left = making.counts.programmes.saturating_sub(all.len());
        if left == 0 {
            break;
        }
        let more: Vec<Programme> = (all.iter())
            .filter(|programme| programme.section.name == "school")
            .take(left)
            .enumerate()
            .map(|(rank, programme)| Programme {
                id: BASE + all.len() + rank,
                name: format!("{}, parcours international {year}", programme.name),
                ..programme.clone()
            })
            .collect();
        if more.is_empty() {
            break;
        }
        all.extend(more);
    }
    all
}

fn named(push: &mut impl FnMut(String, &str, Section, Option<usize>)) {
    let mut section = None;
    for line in NAMED.lines().filter(|line| !line.starts_with('#')) {
        if let Some(head) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            let cells = split(head, '|');
            let [name, acronym, label, before, level, duration, nature, watched, kinds] = cells[..] else {
                continue;
            };
            section = Some(Section { name, acronym, label, before, level, duration, nature, watched, kinds });
            continue;
        }
        let (Some(section), Some((field, names))) = (section, line.split_once(':')) else { continue };
        for name in split(names, ';') {
            // "diplôme d'État d'infirmier", "CAP boulanger"; some names say their kind themselves.
            let title = if section.before.is_empty() {
                name.to_owned()
            } else {
                format!("{} {name}", section.before)
            };
            push(title, field, section, None);
        }
    }
}

impl Programme {
    /// Whether it is taught after the bac.
    pub(super) fn higher(&self) -> bool {
        let school = ["seconde", "1re", "3e", "CAP ou équivalent", "bac ou équivalent"];
        !school.contains(&self.section.level) && self.section.name != "mc" && self.section.name != "fcil"
    }

    /// What the certificate is.
    pub(super) fn nature(&self) -> &'static str {
        match self.section.nature {
            "D" => "Diplôme national ou diplôme d'État",
            "T" => "Titre professionnel (Ministère chargé de l'Emploi)",
            "L" => "Formation d'initiative locale",
            "I" => "Titre habilité par la Commission des titres d'ingénieur",
            "R" => "Formation inscrite au RNCP",
            "G" => "Label de la Conférence des grandes écoles",
            "U" => "Diplôme d'université (DU)",
            "P" => "Préparation sans certificat",
            _ => "Certificat délivré par l'école",
        }
    }

    fn watched(&self) -> &'static str {
        match self.section.watched {
            "EN" => "Ministère chargé de l'Éducation nationale",
            "AG" => "Ministère chargé de l'Agriculture",
            "TR" => "Ministère chargé du Travail",
            "SP" => "Ministère chargé des sports",
            "ES" => "Ministère de l'Enseignement supérieur et de la Recherche",
            "SA" | "SO" => "Ministère des Solidarités et de la Santé",
            _ => "non renseigné",
        }
    }

    /// The page that identifies it.
    pub(super) fn page(&self) -> String {
        format!("https://www.onisep.fr/http/redirection/formation/slug/FOR.{}", self.id)
    }

    /// The publisher's inverted code of the certification, its label, and the number in the register.
    fn certification(&self) -> (&'static str, &'static str, String) {
        let (code, label) = match self.section.level {
            _ if matches!(self.section.nature, "E" | "U" | "P" | "L" | "G") => ("0", "non inscrit au RNCP"),
            "CAP ou équivalent" => ("5", "niveau 3"),
            "bac ou équivalent" | "bac + 1" => ("4", "niveau 4"),
            "bac + 2" => ("3", "niveau 5"),
            "bac + 3" => ("2", "niveau 6"),
            "bac + 5" => ("1", "niveau 7"),
            _ => ("0", "non inscrit au RNCP"),
        };
        let number = if code == "0" { String::new() } else { format!("{}", 90_000 + self.id % 10_000) };
        (code, label, number)
    }

    fn code(&self) -> String {
        if self.id.is_multiple_of(9) { String::new() } else { format!("99{:06}", self.id % 1_000_000) }
    }
}

const HEADS: &str = "code NSF;code scolarité;sigle type formation;libellé type formation;libellé formation principal;\
                     sigle formation;durée;niveau de sortie indicatif;code RNCP;niveau de certification;\
                     libellé niveau de certification;tutelle;URL et ID Onisep;domaine/sous-domaine;date création;\
                     date de modification";

/// Writes the table.
pub(super) fn write_table(making: &Making<'_>, programmes: &[Programme]) -> io::Result<()> {
    let mut random = making.random("programmes/table");
    let mut file = making.file("ideo-formations.csv")?;
    write_heads(&mut file, HEADS)?;
    for programme in programmes {
        let section = &programme.section;
        let (code, label, register) = programme.certification();
        let nsf = nsf(programme, &mut random);
        let (made, changed) = days(&mut random);
        let cells = [
            nsf.as_str(),
            &programme.code(),
            section.acronym,
            section.label,
            &programme.name,
            "",
            section.duration,
            section.level,
            &register,
            code,
            label,
            programme.watched(),
            &programme.page(),
            &making.fields.domains(programme.field, &programme.name, " | "),
            &made,
            &changed,
        ];
        write_line(&mut file, cells)?;
    }
    finish(file)
}

fn nsf(programme: &Programme, random: &mut Random) -> String {
    let code = 100 + programme.field * 8 % 246;
    match random.below(10) {
        0 => format!("{code} | {}", code + 1),
        1 => String::new(),
        _ => code.to_string(),
    }
}

/// Identifier and label of the level that it leads to.
fn level(label: &str) -> (&'static str, &'static str) {
    match label {
        "3e" => ("REF.406", "3e"),
        "CAP ou équivalent" => ("REF.413", "CAP ou équivalent"),
        "bac ou équivalent" => ("REF.412", "Bac ou équivalent"),
        "bac + 1" => ("REF.420", "Bac + 1"),
        "bac + 2" => ("REF.411", "Bac + 2"),
        "bac + 3" => ("REF.421", "Bac + 3"),
        "bac + 5" => ("REF.410", "Bac + 5"),
        "bac + 6" => ("REF.423", "Bac + 6"),
        _ => ("REF.415", "autre formation"),
    }
}

/// Writes the sheets of as many as have one, spread over all.
pub(super) fn write_sheets(
    making: &Making<'_>,
    programmes: &[Programme],
    occupations: &[Occupation],
) -> io::Result<()> {
    let mut random = making.random("programmes/sheets");
    let mut file = making.file("Onisep_Ideo_Fiches_Formations_29082026.xml")?;
    file.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><formations xmlns:exsl=\"http://exslt.org/common\">\n",
    )?;
    for sheet in 0..making.counts.programme_sheets {
        let programme = &programmes[sheet * programmes.len() / making.counts.programme_sheets];
        write_sheet(&mut file, making, programme, occupations, &mut random)?;
    }
    file.write_all(b"</formations>\n")?;
    finish(file)
}

fn write_sheet(
    out: &mut impl Write,
    making: &Making<'_>,
    programme: &Programme,
    occupations: &[Occupation],
    random: &mut Random,
) -> io::Result<()> {
    let (section, field) = (&programme.section, &making.fields.0[programme.field]);
    let element = |out: &mut dyn Write, tag: &str, text: &str| {
        if text.is_empty() {
            writeln!(out, "        <{tag}/>")
        } else {
            writeln!(out, "        <{tag}>{}</{tag}>", xml(text))
        }
    };
    let long = |out: &mut dyn Write, tag: &str, html: &str| {
        writeln!(out, "        <{tag}><![CDATA[\n            {html}]]></{tag}>")
    };
    writeln!(out, "    <formation>\n        <identifiant>FOR.{}</identifiant>", programme.id)?;
    element(out, "code_scolarite", &programme.code())?;
    element(out, "libelle_complet", &programme.name)?;
    for empty in ["sigle", "libelle_generique", "libelle_specifique", "type_option"] {
        element(out, empty, "")?;
    }
    writeln!(
        out,
        "        <type_Formation><type_formation_sigle>{}</type_formation_sigle><type_formation_libelle_court>{}\
         </type_formation_libelle_court><type_formation_libelle>{}</type_formation_libelle></type_Formation>",
        xml(section.acronym),
        xml(&section.acronym.to_uppercase()),
        xml(section.label)
    )?;
    element(out, "duree_formation", section.duration)?;
    let acts: Vec<String> = field.acts.iter().map(|act| format!("<li>{}</li>", xml(act))).collect();
    if random.percent(60) {
        long(
            out,
            "descriptif_format_court",
            &format!("<p>On apprend à\u{a0}:</p><ul>{}</ul>", acts.concat()),
        )?;
        long(out, "descriptif_acces", "<p>L'admission se fait sur dossier, souvent après un entretien.</p>")?;
    } else {
        element(out, "descriptif_format_court", "")?;
        element(out, "descriptif_acces", "")?;
    }
    element(out, "url", "")?;
    writeln!(
        out,
        "        <nsf_discipline><NSF_discipline_code>{}</NSF_discipline_code><NSF_discipline_libelle>{}\
         </NSF_discipline_libelle></nsf_discipline>",
        100 + programme.field * 8 % 246,
        xml(field.domain)
    )?;
    element(out, "nsf_fonction", "")?;
    element(out, "niveau_certification", programme.certification().1)?;
    let (reference, label) = level(section.level);
    writeln!(out, "        <niveau_etudes><id>{reference}</id><libelle>{label}</libelle></niveau_etudes>")?;
    for empty in ["niv_code", "annee_premiere_session", "annee_derniere_session"] {
        element(out, empty, "")?;
    }
    writeln!(
        out,
        "        <nature_certificat><libelle_nature_certificat>{}</libelle_nature_certificat></nature_certificat>",
        xml(programme.nature())
    )?;
    long(out, "attendus", &format!("<p>Ce qui est attendu\u{a0}: {}.</p>", xml(field.takes)))?;
    element(out, "element_enseignement", "")?;
    element(out, "sous_tutelle", programme.watched())?;
    element(out, "descriptif_poursuite_etudes", "")?;
    element(out, "poursuites_etudes", "")?;
    write!(out, "        <metiers_formation>")?;
    let same = occupations.iter().filter(|occupation| occupation.field == programme.field);
    for occupation in same.skip(random.below(4)).take(1 + random.below(6)) {
        occupation.write_linked(out)?;
    }
    writeln!(out, "</metiers_formation>\n        <publications/>\n        <sources_numeriques/>")?;
    writeln!(
        out,
        "        <sous_domaines_web><sous_domaine_web><id>T-IDEO2.{}</id><libelle>{}</libelle></sous_domaine_web>\
         </sous_domaines_web>",
        882_000 + programme.field,
        xml(field.parts.first().copied().unwrap_or_default())
    )?;
    let (made, changed) = days(random);
    element(out, "creation_date", &made)?;
    element(out, "modification_date", &changed)?;
    writeln!(out, "    </formation>")
}
