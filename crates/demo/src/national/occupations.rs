//! Occupations: those of the demonstration and those of `content/national/occupations.txt`, as a table with a row for
//! each publication and as sheets.

use std::io::{self, Write};

use super::line::{write_heads, write_line, xml};
use super::names::split;
use super::programmes::Programme;
use super::{BASE, Making, codes, days, finish};
use crate::random::Random;

const DEMONSTRATION: &str = include_str!("../../content/catalogue/occupations.txt");
const OTHERS: &str = include_str!("../../content/national/occupations.txt");

/// An occupation.
#[derive(Debug, Clone)]
pub(super) struct Occupation {
    pub(super) id: usize,
    pub(super) masculine: &'static str,
    pub(super) feminine: &'static str,
    pub(super) field: usize,
    /// Key of its least level: `-`, `c`, `b`, years after the bac.
    pub(super) level: char,
    rome: &'static str,
    /// Masculine and feminine of another name.
    other: Option<(&'static str, &'static str)>,
}

/// As many as wanted; those of the demonstration always.
pub(super) fn list(making: &Making<'_>) -> Vec<Occupation> {
    let field = |key: &str| making.fields.number(key).unwrap_or_default();
    let mut all: Vec<Occupation> = (super::names::rows(DEMONSTRATION))
        .filter_map(|row| {
            let [_, masculine, feminine, key, level, _] = row[..] else { return None };
            let level = match level {
                "CAP ou équivalent" => 'c',
                "bac ou équivalent" => 'b',
                _ => level.chars().find(char::is_ascii_digit).unwrap_or('-'),
            };
            Some(Occupation { id: 0, masculine, feminine, field: field(key), level, rome: "", other: None })
        })
        .collect();
    let first = all.len();
    let mut key = "";
    for line in OTHERS.lines() {
        if let Some(head) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            key = head;
        }
        let [masculine, feminine, level, rome, other] = split(line, '|')[..] else { continue };
        if line.starts_with('#') {
            continue;
        }
        all.push(Occupation {
            id: 0,
            masculine,
            feminine: if feminine == "=" { masculine } else { feminine },
            field: field(key),
            level: level.chars().next().unwrap_or('-'),
            rome,
            other: other.split_once(" / "),
        });
    }
    // The same order for every seed: an identifier is the same occupation in all of them.
    Random::new("national/occupations").shuffle(&mut all[first..]);
    all.truncate(making.counts.occupations);
    for (number, occupation) in all.iter_mut().enumerate() {
        occupation.id = BASE + number;
    }
    all
}

/// Identifier and label of the least level of studies.
fn level(key: char) -> (&'static str, &'static str) {
    match key {
        'c' => ("REF.413", "CAP ou équivalent"),
        'b' => ("REF.412", "Bac ou équivalent"),
        '1' => ("REF.420", "Bac + 1"),
        '2' => ("REF.411", "Bac + 2"),
        '3' => ("REF.421", "Bac + 3"),
        '4' => ("REF.422", "Bac + 4"),
        '5' => ("REF.410", "Bac + 5"),
        '6' => ("REF.423", "Bac + 6"),
        '7' => ("REF.424", "Bac + 7"),
        '8' => ("REF.425", "Bac + 8"),
        '9' => ("REF.426", "Bac + 9 et plus"),
        _ => ("REF.414", "sans diplôme"),
    }
}

impl Occupation {
    /// "maçon / maçonne", or the one name of both.
    pub(super) fn both(&self) -> String {
        both(self.masculine, self.feminine)
    }

    /// The page that identifies it.
    fn page(&self) -> String {
        format!("https://www.onisep.fr/http/redirection/metier/slug/MET.{}", self.id)
    }
}

fn both(masculine: &str, feminine: &str) -> String {
    if masculine == feminine { masculine.to_owned() } else { format!("{masculine} / {feminine}") }
}

const HEADS: &str = "libellé métier;lien site onisep.fr;nom publication;collection;année;gencod;GFE;code ROME;\
                     libellé ROME;lien ROME;domaine/sous-domaine;date création;date de modification";

/// Writes the table: an occupation comes once for each publication that speaks of it.
pub(super) fn write_table(making: &Making<'_>, occupations: &[Occupation]) -> io::Result<()> {
    let mut random = making.random("occupations/table");
    let mut file = making.file("ideo-metiers.csv")?;
    write_heads(&mut file, HEADS)?;
    let extra = making.counts.occupation_rows.saturating_sub(occupations.len());
    // The further rows stand among the others, as in the real file.
    let count = occupations.len().max(1);
    let rows = occupations.iter().enumerate().flat_map(|(rank, occupation)| {
        let again = (rank * extra / count..(rank + 1) * extra / count)
            .filter_map(move |_| occupations.get(rank * 7 % count));
        std::iter::once(occupation).chain(again)
    });
    for occupation in rows {
        let field = &making.fields.0[occupation.field];
        let published = random.percent(65);
        let title = format!("Les métiers : {}", field.domain);
        let year = random.between(2_017, 2_026).to_string();
        let gencod = codes::isbn(occupation.field * 40 + random.below(40));
        let gfe = format!("GFE {} : {}", char::from(b'A' + (occupation.field % 20) as u8), field.domain);
        let romes: Vec<&str> = occupation.rome.split_whitespace().collect();
        let links: Vec<String> = (romes.iter())
            .map(|rome| format!("https://candidat.francetravail.fr/metierscope/fiche-metier/{rome}"))
            .collect();
        let (made, changed) = days(&mut random);
        let name = occupation.both();
        let cells = [
            name.as_str(),
            &occupation.page(),
            if published { &title } else { "" },
            if published { "Parcours" } else { "pas de publication Onisep spécifique" },
            if published { &year } else { "" },
            if published { &gencod } else { "" },
            &gfe,
            &romes.join(" | "),
            if romes.is_empty() { "" } else { field.parts[0] },
            &links.join(" | "),
            &making.fields.domains(occupation.field, &name, "| "),
            &made,
            &changed,
        ];
        write_line(&mut file, cells)?;
    }
    finish(file)
}

/// Elements of a name: the short form of both genders, and each.
fn name_elements(masculine: &str, feminine: &str) -> String {
    format!(
        "<nom_metier>{}</nom_metier><libelle_feminin>{}</libelle_feminin><libelle_masculin>{}</libelle_masculin>",
        xml(&both(masculine, feminine)),
        xml(feminine),
        xml(masculine)
    )
}

impl Occupation {
    /// As a programme's sheet has it.
    pub(super) fn write_linked(&self, out: &mut impl Write) -> io::Result<()> {
        write!(
            out,
            "<metier><id>MET.{}</id>{}{}</metier>",
            self.id,
            name_elements(self.masculine, self.feminine),
            self.synonyms()
        )
    }

    fn synonyms(&self) -> String {
        match self.other {
            Some((masculine, feminine)) => {
                let name = name_elements(masculine, feminine);
                format!("<synonymes><synonyme>{name}</synonyme></synonymes>")
            }
            None => "<synonymes/>".to_owned(),
        }
    }
}

/// Writes the sheets.
pub(super) fn write_sheets(
    making: &Making<'_>,
    occupations: &[Occupation],
    programmes: &[Programme],
) -> io::Result<()> {
    let mut random = making.random("occupations/sheets");
    let mut file = making.file("Onisep_Ideo_Fiches_Metiers_29082026.xml")?;
    file.write_all(
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><metiers xmlns:exsl=\"http://exslt.org/common\">\n",
    )?;
    for occupation in occupations {
        write_sheet(&mut file, making, occupation, occupations, programmes, &mut random)?;
    }
    file.write_all(b"</metiers>\n")?;
    finish(file)
}

fn write_sheet(
    out: &mut impl Write,
    making: &Making<'_>,
    occupation: &Occupation,
    occupations: &[Occupation],
    programmes: &[Programme],
    random: &mut Random,
) -> io::Result<()> {
    let field = &making.fields.0[occupation.field];
    let (masculine, feminine) = (occupation.masculine, occupation.feminine);
    let mut acts = field.acts.clone();
    random.shuffle(&mut acts);
    let first = acts.first().copied().unwrap_or_default();
    let last = acts.last().copied().unwrap_or_default();
    let list: String = acts.iter().map(|act| format!("<li>{}</li>", xml(act))).collect();
    let (reference, studies) = level(occupation.level);
    writeln!(out, "    <metier>\n        <identifiant>MET.{}</identifiant>", occupation.id)?;
    writeln!(out, "        {}", name_elements(masculine, feminine))?;
    writeln!(out, "        {}", occupation.synonyms())?;
    let romes: String =
        occupation.rome.split_whitespace().map(|rome| format!("<romeV3>{rome}</romeV3>")).collect();
    writeln!(out, "        <romesV3>{romes}</romesV3>")?;
    let text = |out: &mut dyn Write, tag: &str, html: String| {
        writeln!(out, "        <{tag}><![CDATA[\n            {html}]]></{tag}>")
    };
    text(out, "competences", format!("<h5>Des qualités</h5><p>Il faut {}.</p>", xml(field.takes)))?;
    text(
        out,
        "condition_travail",
        format!("<h5>Où</h5><p>On travaille {}\u{a0}: les horaires varient.</p>", xml(field.place)),
    )?;
    text(out, "nature_travail", format!("<h5>Au quotidien</h5><ul>{list}</ul>"))?;
    text(out, "acces_metier", format!("<p>Niveau d'accès\u{a0}: {}.</p>", studies.to_lowercase()))?;
    text(
        out,
        "vie_professionnelle",
        "<h3>Salaire</h3><p>Il dépend du lieu, du statut et de l'expérience.</p><h3>Évolution</h3>\
             <p>Avec l'expérience, on peut encadrer une équipe ou former les débutants.</p>"
            .to_owned(),
    )?;
    text(
        out,
        "accroche_metier",
        format!(
            "<p>{}, {}\u{a0}: tel est le quotidien du métier de {}.</p>",
            xml(first),
            xml(last),
            xml(masculine)
        ),
    )?;
    writeln!(
        out,
        "        <formats_courts><format_court><type>Dico des métiers</type><libelle>{}</libelle><descriptif>\
         <![CDATA[<p>{}.</p>]]></descriptif></format_court></formats_courts>",
        xml(&occupation.both()),
        xml(first)
    )?;
    writeln!(out, "        <statuts><statut><id>T-ITM.9</id><libelle>salarié</libelle></statut></statuts>")?;
    let near =
        (occupations.iter()).filter(|other| other.field == occupation.field && other.id != occupation.id);
    let near: String = (near.skip(occupation.id % 5).take(4))
        .map(|other| {
            format!(
                "<metier_associe><id>MET.{}</id><libelle>{}</libelle></metier_associe>",
                other.id,
                xml(&other.both())
            )
        })
        .collect();
    writeln!(out, "        <metiers_associes>{near}</metiers_associes>")?;
    writeln!(
        out,
        "        <niveau_acces_min><id>{reference}</id><libelle>{studies}</libelle></niveau_acces_min>"
    )?;
    let mut paths: Vec<String> = (programmes.iter())
        .filter(|programme| programme.field == occupation.field && programme.section.name != "school")
        .skip(random.below(7))
        .step_by(3)
        .take(6)
        .map(|programme| (programme.id, programme.name.clone()))
        // Some links go nowhere, as some of the real ones do.
        .chain(
            random.percent(20).then(|| (BASE + 900_000 + occupation.id % 1_000, "diplôme retiré".to_owned())),
        )
        .map(|(id, name)| {
            let name = xml(&name);
            format!(
                "<formation_min_requise><id>FOR.{id}</id><libelle>{name}</libelle></formation_min_requise>"
            )
        })
        .collect();
    paths.dedup();
    writeln!(out, "        <formations_min_requise>{}</formations_min_requise>", paths.concat())?;
    writeln!(out, "        <publications/>\n        <sources_numeriques/>")?;
    writeln!(
        out,
        "        <secteurs_activite><metier_transverse/><secteur_activite><id>T-IDEO2.{}</id><libelle>{}</libelle>\
         </secteur_activite></secteurs_activite>",
        880_000 + occupation.field,
        xml(field.domain)
    )?;
    writeln!(
        out,
        "        <centres_interet><centre_interet><id>T-IDEO2.{}</id><libelle>j'aimerais {}</libelle>\
         </centre_interet></centres_interet>\n    </metier>",
        881_000 + occupation.field,
        xml(first)
    )
}
