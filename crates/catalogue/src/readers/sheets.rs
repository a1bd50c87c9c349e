//! The XML sheets of programmes and of occupations.

use super::cells::{address, identifier};
use super::item::{Item, Read, Row};
use super::xml_records::Node;
use crate::model::{
    Domain, FurtherStudies, GenderedName, Level, Link, Occupation, Programme, Publication, Rome, Source,
    clean, of_html,
};
use chrono::NaiveDate;

/// A `formation`.
pub fn programme(node: &Node) -> Row {
    if node.name != "formation" {
        return Err(format!("« {} » n’est pas une fiche de formation", node.name));
    }
    let id = known(node, "FOR.")?;
    let name = clean(node.text_of("libelle_complet"));
    if name.is_empty() {
        return Err(format!("le libellé de {id} manque"));
    }
    let kind = node.child("type_Formation");
    let level_label = node.child("niveau_etudes").map(|n| clean(n.text_of("libelle"))).unwrap_or_default();
    let reference = node.child("niveau_etudes").map(|n| n.text_of("id")).unwrap_or_default();
    // "niveau 7 (bac + 5)": the tables write the first half alone.
    let certification = clean(node.text_of("niveau_certification").split('(').next().unwrap_or_default());
    let programme = Programme {
        name,
        acronym: clean(node.text_of("sigle")),
        type_name: kind.map(|k| clean(k.text_of("type_formation_libelle"))).unwrap_or_default(),
        type_acronym: kind.map(|k| clean(k.text_of("type_formation_sigle"))).unwrap_or_default(),
        duration: clean(node.text_of("duree_formation")),
        level: Level::of_reference(reference).or_else(|| Level::parse(&level_label)),
        level_label,
        certification,
        nsf: node
            .child("nsf_discipline")
            .map(|n| clean(n.text_of("NSF_discipline_code")))
            .filter(|code| !code.is_empty())
            .into_iter()
            .collect(),
        school_code: clean(node.text_of("code_scolarite")),
        authority: clean(node.text_of("sous_tutelle")),
        certificates: node
            .each("nature_certificat", "libelle_nature_certificat")
            .map(|n| clean(&n.text))
            .filter(|n| !n.is_empty())
            .collect(),
        domains: node.each("sous_domaines_web", "sous_domaine_web").filter_map(subdomain).collect(),
        description: of_html(node.text_of("descriptif_format_court")),
        access: of_html(node.text_of("descriptif_acces")),
        expectations: of_html(node.text_of("attendus")),
        further: of_html(node.text_of("descriptif_poursuite_etudes")),
        further_studies: node.each("poursuites_etudes", "poursuite_etudes").filter_map(further).collect(),
        subjects: node
            .each("element_enseignement", "element_enseignement_libelle")
            .map(|n| clean(&n.text))
            .filter(|n| !n.is_empty())
            .collect(),
        occupations: node.each("metiers_formation", "metier").filter_map(|n| link(n, "nom_metier")).collect(),
        publications: publications(node),
        sources: node
            .each("sources_numeriques", "source")
            .map(|n| source(n).url)
            .filter(|u| !u.is_empty())
            .collect(),
        reference_url: address(node.text_of("url")),
        ..Programme::default()
    };
    Ok(Read::one(Item::Programme(id, Box::new(programme)), changed(node)))
}

/// A `metier`.
pub fn occupation(node: &Node) -> Row {
    if node.name != "metier" {
        return Err(format!("« {} » n’est pas une fiche de métier", node.name));
    }
    let id = known(node, "MET.")?;
    let name = gendered(node);
    if name.written.is_empty() {
        return Err(format!("le nom de {id} manque"));
    }
    let reference = node.child("niveau_acces_min").map(|n| n.text_of("id")).unwrap_or_default();
    // The "Dico des métiers" text is the same with the studies below it; the other is the short one.
    let short = node.each("formats_courts", "format_court");
    let summary = short.min_by_key(|n| n.text_of("type") == "Dico des métiers");
    let occupation = Occupation {
        name,
        synonyms: node
            .each("synonymes", "synonyme")
            .map(gendered)
            .filter(|n| !n.written.is_empty())
            .collect(),
        rome: node
            .each("romesV3", "romeV3")
            .map(|n| Rome { code: clean(&n.text), label: String::new() })
            .filter(|r| !r.code.is_empty())
            .collect(),
        level: Level::of_reference(reference),
        hook: of_html(node.text_of("accroche_metier")),
        summary: summary.map(|n| of_html(n.text_of("descriptif"))).unwrap_or_default(),
        work: of_html(node.text_of("nature_travail")),
        conditions: of_html(node.text_of("condition_travail")),
        skills: of_html(node.text_of("competences")),
        access: of_html(node.text_of("acces_metier")),
        career: of_html(node.text_of("vie_professionnelle")),
        statuses: node.each("statuts", "statut").filter_map(|n| link(n, "libelle")).collect(),
        sectors: node
            .each("secteurs_activite", "secteur_activite")
            .filter_map(|n| link(n, "libelle"))
            .collect(),
        interests: node
            .each("centres_interet", "centre_interet")
            .filter_map(|n| link(n, "libelle"))
            .collect(),
        related: node.each("metiers_associes", "metier_associe").filter_map(|n| link(n, "libelle")).collect(),
        programmes: node
            .each("formations_min_requise", "formation_min_requise")
            .filter_map(|n| link(n, "libelle"))
            .collect(),
        publications: publications(node),
        sources: node
            .each("sources_numeriques", "source")
            .map(source)
            .filter(|s| !s.url.is_empty())
            .collect(),
        ..Occupation::default()
    };
    Ok(Read::one(Item::Occupation(id, Box::new(occupation)), changed(node)))
}

fn known(node: &Node, prefix: &str) -> Result<String, String> {
    let written = node.text_of("identifiant");
    identifier(written).filter(|id| id.starts_with(prefix)).ok_or_else(|| {
        if written.is_empty() {
            "l’identifiant manque".to_owned()
        } else {
            format!("l’identifiant « {written} » n’est pas lisible")
        }
    })
}

fn changed(node: &Node) -> Option<NaiveDate> {
    super::cells::date(node.text_of("modification_date"))
}

fn gendered(node: &Node) -> GenderedName {
    let name = GenderedName {
        written: clean(node.text_of("nom_metier")),
        masculine: clean(node.text_of("libelle_masculin")),
        feminine: clean(node.text_of("libelle_feminin")),
    };
    name.in_full()
}

/// A link whose name is in the child `label`; the element itself has the words in some releases.
fn link(node: &Node, label: &str) -> Option<Link> {
    let mut name = clean(node.text_of(label));
    if name.is_empty() {
        name = clean(&node.text);
    }
    let id = clean(node.text_of("id"));
    (!name.is_empty() || !id.is_empty()).then_some(Link { id, label: name })
}

/// Sheets name the sous-domaine with its identifier, and not the domaine: a slash in it separates both where it is
/// written.
fn subdomain(node: &Node) -> Option<Domain> {
    let label = clean(node.text_of("libelle"));
    let (domain, subdomain) = label.split_once('/').unwrap_or(("", &label));
    (!label.is_empty()).then(|| Domain {
        domain: clean(domain),
        subdomain: clean(subdomain),
        id: clean(node.text_of("id")),
    })
}

fn further(node: &Node) -> Option<FurtherStudies> {
    let names = node.children.iter().filter(|n| n.name == "formation_poursuite_Etudes");
    let programmes: Vec<String> = names.map(|n| clean(&n.text)).filter(|n| !n.is_empty()).collect();
    let type_name = clean(node.text_of("type_Poursuite"));
    (!type_name.is_empty() || !programmes.is_empty()).then_some(FurtherStudies { type_name, programmes })
}

fn publications(node: &Node) -> Vec<Publication> {
    let publication = |n: &Node| Publication {
        title: clean(n.text_of("titre_publication")),
        collection: clean(n.text_of("collection")),
        year: clean(n.text_of("annee")),
        isbn: clean(n.text_of("code_librairie")),
    };
    node.each("publications", "publication").map(publication).filter(|p| !p.title.is_empty()).collect()
}

fn source(node: &Node) -> Source {
    let url = if node.child("valeur").is_some() { node.text_of("valeur") } else { node.text.trim() };
    Source { url: address(url), comment: clean(node.text_of("commentaire")) }
}
